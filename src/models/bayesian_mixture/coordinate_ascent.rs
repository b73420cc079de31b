//! Coordinate ascent: each factor of the posterior in turn goes to its optimum, in closed form (Bishop 2006, section 10.2,
//! for Gaussians along the axes with independent priors of mean and precision).

use nalgebra::SVector;

use super::objective::component;
use super::parameters::{Posterior, Priors};
use crate::moments::{Component, Moments, Points, Workspace, moments};
use crate::numeric::lanes::Lanes;
use crate::numeric::special::{digamma, digamma_difference};

/// The assignments at their optimum for some posterior, as the sums over the points that the other factors need.
#[derive(Clone, Debug, PartialEq)]
pub struct Expectation {
    /// Σ_i r, K numbers: points a component.
    pub masses: Vec<f64>,
    /// Σ_i r (x − m), K×D, about the posterior's locs m.
    pub first: Vec<f64>,
    /// Σ_i r (x − m)², K×D.
    pub second: Vec<f64>,
    /// Σ_i ln Σ_k e^q: without the divergences, the bound.
    pub log_density: f64,
}

/// The assignments' sums: responsibilities are the softmax of E ln θ + ½ Σ_d (E ln τ − ln 2π − E[τ] ((x − m)² + s²)).
pub fn expectation<L: Lanes, const D: usize>(
    points: &Points<L, D>,
    posterior: &Posterior,
    workspace: &mut Workspace<L>,
) -> Expectation {
    let total: f64 = posterior.counts.iter().sum();
    let components: Vec<Component<D>> = (0..posterior.components())
        .map(|k| {
            let row = k * D..(k + 1) * D;
            let log_weight = digamma_difference(posterior.counts[k], total);
            let mut log_scale = log_weight;
            let log_precisions: [f64; D] = std::array::from_fn(|d| {
                let i = k * D + d;
                let (alpha, beta) = (posterior.alpha[i], posterior.beta[i]);
                // Kernels carry ln E[τ]; what E ln τ lacks of it, and the spread of the mean, lower the scale.
                log_scale += 0.5
                    * (digamma(alpha) - libm::log(alpha) - alpha / beta * posterior.scales[i] * posterior.scales[i]);
                libm::log(alpha) - libm::log(beta)
            });
            component(log_scale, &posterior.locs[row], &log_precisions)
        })
        .collect();
    let Moments { components: sums, log_density } = moments(points, &components, workspace);
    let unwhitened = |power: i32| -> Vec<f64> {
        sums.iter()
            .zip(&components)
            .flat_map(|(sums, component)| {
                let sums: SVector<f64, D> = if power == 1 { sums.first } else { sums.second.diagonal() };
                (0..D).map(move |d| sums[d] / component.whitening[(d, d)].powi(power)).collect::<Vec<_>>()
            })
            .collect()
    };
    let (first, second) = (unwhitened(1), unwhitened(2));
    Expectation { masses: sums.iter().map(|sums| sums.mass).collect(), first, second, log_density }
}

/// The factors at their optimum for the assignments: q(θ), then q(μ), then q(τ) with the new q(μ). The bound, log-density
/// minus the divergences, does not fall from one posterior to the next.
#[must_use]
pub fn ascend(posterior: &Posterior, Priors(prior): &Priors, sums: &Expectation) -> Posterior {
    let dimension = posterior.dimension();
    let mut updated = posterior.clone();
    for (k, &mass) in sums.masses.iter().enumerate() {
        updated.counts[k] = prior.counts[k] + mass;
        for i in k * dimension..(k + 1) * dimension {
            let precision = posterior.alpha[i] / posterior.beta[i];
            let prior_precision = 1.0 / (prior.scales[i] * prior.scales[i]);
            let total = prior_precision + precision * mass;
            let moved = (prior_precision * (prior.locs[i] - posterior.locs[i]) + precision * sums.first[i]) / total;
            updated.locs[i] = posterior.locs[i] + moved;
            updated.scales[i] = 1.0 / libm::sqrt(total);
            // The sums about the old mean, shifted to the new one by way of the points' own.
            let scatter = if mass > 0.0 {
                let own = sums.first[i] / mass;
                let missed = own - moved;
                (sums.second[i] - own * sums.first[i]).max(0.0) + mass * missed * missed
            } else {
                0.0
            };
            updated.alpha[i] = prior.alpha[i] + 0.5 * mass;
            updated.beta[i] = prior.beta[i] + 0.5 * (scatter + mass / total);
        }
    }
    updated
}
