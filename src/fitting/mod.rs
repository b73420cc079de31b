//! What surrounds an iteration: how a fit starts, and least squares.

mod bump_least_squares;
mod initialization;
mod levenberg_marquardt;

pub use bump_least_squares::BumpLeastSquares;
pub use initialization::choose_points;
pub use levenberg_marquardt::{LeastSquares, LevenbergMarquardt, NormalEquations, Outcome};
