//! What is done to the data before they are fitted, for every model that offers it.

use super::choices;

choices! {
    /// What is done to the data before they are fitted. What is shown stays in the units of the data.
    pub enum Standardization {
        /// Nothing.
        None = "none", "None";
        /// Each column is moved and scaled to go from 0 to 1.
        UnitSquare = "unit-square", "Unit square";
        /// All columns are moved to the mean 0 and scaled by one factor, so that their variances are 1 on average: what is
        /// round stays round.
        UnitVariance = "unit-variance", "Unit variance";
        /// Each column is moved to the mean 0 and scaled to the variance 1.
        PerColumn = "per-column", "Per column";
    }
}
