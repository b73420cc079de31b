//! Bump layers: f(x) = exp(−σ/(σ − x²)) inside its support and 0 outside, with a σ that is to be learned from samples.
//!
//! The forms are those of the question "Implementing a trainable generalized Bump function layer in Keras/Tensorflow" and its
//! answers, with two corrections. All are evaluated in the precision of the fit, operation by operation as the source's
//! layer does it, because which of them overflow and which gradients are NaN is decided there. The bump sits at the origin,
//! so points are not shifted before they are rounded.

mod batches;
mod landmarks;
mod least_squares;
mod objective;
mod parameters;
mod update;

pub use batches::Batches;
pub use landmarks::Landmarks;
pub use least_squares::BumpLeastSquares;
pub use objective::{
    Bump, GaussianBump, Loss, NormalSums, Sample, asked, double_where, gaussian, loss, loss_and_gradient, normal_sums,
    predict, safe, single_where, slopes, squared, sum_of_squares, width_slopes,
};
pub use parameters::{Parameters, parameters_of};
pub use update::{Broken, descend};
