//! Settings of the `sum-of-gaussians` experiment.

use super::choices;

choices! {
    /// Which entries of a factor A count, and where ε goes.
    pub enum FactorShape {
        /// Σ = A Aᵀ + εI.
        Full = "full", "Full";
        /// Σ = U Uᵀ + εI with U the upper triangle of A.
        Upper = "upper", "Upper triangle";
        /// Σ = U Uᵀ with D ε added to every entry: what the authors' code computes where it means εI.
        UpperEverywhere = "upper-everywhere", "Authors’ quirk";
    }
}
