//! A Gaussian mixture fitted by expectation–maximization.
//!
//! Two iterations are offered. [`Iteration::Em`] is the textbook's (Dempster, Laird & Rubin 1977; Bishop 2006,
//! section 9.2). [`Iteration::EqualWeights`] is that of the post "Gaussian Mixture Models in PyTorch" and its notebook, which
//! leaves the mixing weights out of the E-step and divides by N_k + 10⁻⁶: exact EM, but for a mixture
//! whose weights are all equal.

mod objective;
mod parameters;
mod update;

pub use objective::{Expectation, aic, bic, expectation, kernels, plain_expectation};
pub use parameters::{ComponentState, Parameters};
pub use update::{MaximizationOptions, maximization};

use crate::settings::{CovarianceType, Iteration};

/// Free parameters of a mixture, as BIC and AIC count them: weights, means and covariances.
#[must_use]
pub fn parameter_count(covariance_type: CovarianceType, components: usize, dimension: usize) -> usize {
    let symmetric = dimension * (dimension + 1) / 2;
    let covariances = match covariance_type {
        CovarianceType::Full => components * symmetric,
        CovarianceType::Tied => symmetric,
        CovarianceType::Diagonal => components * dimension,
        CovarianceType::Spherical => components,
    };
    covariances + components * dimension + components - 1
}

/// Whether an iteration weighs components in its E-step.
#[must_use]
pub fn uses_mixing_weights(iteration: Iteration) -> bool {
    iteration == Iteration::Em
}
