//! What surrounds an iteration: how a fit starts, and least squares.

mod initialization;
mod residual_peaks;

pub use crate::optimizers::{LeastSquares, LevenbergMarquardt, NormalEquations, Outcome};
pub use initialization::choose_points;
pub use residual_peaks::{BestRound, ResidualPeaks, ResidualPeaksOptions, ResidualPeaksState, Stage};
