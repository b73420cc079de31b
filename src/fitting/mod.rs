//! What surrounds an iteration: how a fit starts, how often, with how many components, pruning, and least squares.

mod bump_least_squares;
mod centres;
mod initialization;
mod kmeans;
mod levenberg_marquardt;
mod model_selection;
mod pruning;
mod restarts;

pub use bump_least_squares::BumpLeastSquares;
pub use centres::starting_centres;
pub use initialization::starting_means;
pub use kmeans::{kmeans, kmeans_plus_plus};
pub use levenberg_marquardt::{LeastSquares, LevenbergMarquardt, NormalEquations, Outcome};
pub use model_selection::{Candidate, Criterion, Selection, select};
pub use pruning::least_contributing;
pub use restarts::{Best, best_of};
