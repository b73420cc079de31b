//! A sum of Gaussians: y(x) = Σ_k a_k exp(−½ (x − μ_k)ᵀ Σ_k⁻¹ (x − μ_k)), fitted to targets by least squares.
//!
//! After the post "SumOfGaussians layer with Keras 2.0" and its repository `zachmoshe.com-sog-layer`: covariances are
//! Σ = A Aᵀ + εI; the loss is the mean squared error, plus an L1 penalty on the amplitudes and the inverse of the mean
//! distance between centres; amplitudes may be held at or above 0.

mod least_squares;
mod objective;
mod parameters;
mod update;

pub(crate) use least_squares::covariance;
pub use least_squares::{GaussianSum, parameter_count};
pub use objective::{Loss, Objective, Penalties, amplitude_penalty, spread_penalty};
pub use parameters::{CovarianceForm, Parameters, Whitening};
pub use update::Update;
