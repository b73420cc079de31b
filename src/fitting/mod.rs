//! What surrounds an iteration: how a fit starts, and least squares.

mod initialization;
mod kmeans;
mod levenberg_marquardt;

pub use initialization::starting_means;
pub use kmeans::{kmeans, kmeans_plus_plus};
pub use levenberg_marquardt::{LeastSquares, LevenbergMarquardt, NormalEquations, Outcome};
