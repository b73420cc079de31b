//! What surrounds an iteration: how a fit starts, and least squares.

mod initialization;
mod levenberg_marquardt;

pub use initialization::choose_points;
pub use levenberg_marquardt::{LeastSquares, LevenbergMarquardt, NormalEquations, Outcome};
