//! A Bayesian Gaussian mixture with axis-aligned components, fitted by variational inference.
//!
//! The model is that of the post "Bayesian Gaussian mixture modeling with stochastic variational inference": in component k
//! and dimension d, points are Normal with mean μ and precision τ = σ⁻², and the weights θ sum to 1. Priors are μ ~ Normal,
//! τ ~ Gamma(shape, rate), θ ~ Dirichlet. The posterior is taken to be of the same kind, each factor by itself: q(μ) =
//! Normal(locs, scales), q(τ) = Gamma(alpha, beta), q(θ) = Dirichlet(counts).
//!
//! Two ways lead to it. The sampled one is the source's: gradients of KL/N − the mean log-likelihood with one posterior
//! sample a data point, through implicit reparameterization (Figurnov, Mohamed & Mnih 2018), and Adam. Coordinate ascent
//! sets one factor after the other to its optimum (Bishop 2006, section 10.2). Both are scored by [`negative_elbo`].

mod coordinate_ascent;
mod densities;
mod objective;
mod parameters;
mod update;

pub use coordinate_ascent::{Expectation, ascend, expectation};
pub use densities::{deviation_density, gamma_quantile, weight_density};
pub use objective::{
    Divergences, Draw, GammaDivergence, LogLikelihood, NormalDivergence, components_at_means, dirichlet_divergence,
    divergences, gamma_divergence, log_likelihood_at_means, log_likelihood_of_draw, negative_elbo, normal_divergence,
    sampled_log_likelihood,
};
pub use parameters::{Gradient, Posterior, Priors, flat_order};
pub use update::{Descent, SMALLEST};
