//! A sum of Gaussians: y(x) = Σ_k a_k exp(−½ (x − μ_k)ᵀ Σ_k⁻¹ (x − μ_k)), fitted to targets by least squares.

mod least_squares;
mod parameters;

pub(crate) use least_squares::covariance;
pub use least_squares::{GaussianSum, parameter_count};
pub use parameters::{CovarianceForm, Parameters};
