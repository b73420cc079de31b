//! What surrounds an iteration: how a fit starts, how often, with how many components, and least squares.

mod initialization;
mod kmeans;
mod levenberg_marquardt;
mod model_selection;
mod restarts;

pub use initialization::starting_means;
pub use kmeans::{kmeans, kmeans_plus_plus};
pub use levenberg_marquardt::{LeastSquares, LevenbergMarquardt, NormalEquations, Outcome};
pub use model_selection::{Candidate, Criterion, Selection, select};
pub use restarts::{Best, best_of};
