//! What surrounds an iteration: how a fit starts, pruning, and least squares.

mod centres;
mod initialization;
mod kmeans;
mod levenberg_marquardt;
mod pruning;

pub use centres::starting_centres;
pub use initialization::starting_means;
pub use kmeans::{kmeans, kmeans_plus_plus};
pub use levenberg_marquardt::{LeastSquares, LevenbergMarquardt, NormalEquations, Outcome};
pub use pruning::least_contributing;
