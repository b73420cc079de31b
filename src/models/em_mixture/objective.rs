//! The E-step: the log-likelihood and the sums that the update needs.

use std::f64::consts::TAU;

use super::parameters::Parameters;
use crate::moments::{Component, ComponentMoments, Moments, PlainMoments, Points, Workspace, moments, plain_moments};
use crate::numeric::lanes::Lanes;

/// What the E-step finds at some parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct Expectation<const D: usize> {
    /// The sums, one entry a component; `None` for one that took no part because its weight is 0.
    pub components: Vec<Option<ComponentMoments<D>>>,
    /// ln p(data), the sum over the points.
    pub log_likelihood: f64,
}

/// The mixture's components as the sum over the points takes them, with their indices. Those of weight 0 are left
/// out; without `mixing_weights` all take part, with the weight 1/K.
#[must_use]
pub fn kernels<const D: usize>(parameters: &Parameters<D>, mixing_weights: bool) -> Vec<(usize, Component<D>)> {
    let equal = 1.0 / parameters.components() as f64;
    (0..parameters.components())
        .filter_map(|k| {
            let weight = if mixing_weights { parameters.weights[k] } else { equal };
            let factor = &parameters.factors[k];
            let normalization = 0.5 * D as f64 * libm::log(TAU) + factor.log_sqrt_determinant();
            (weight > 0.0).then(|| {
                let log_scale = libm::log(weight) - normalization;
                (k, Component { mean: parameters.means[k], whitening: *factor.whitening(), log_scale })
            })
        })
        .collect()
}

/// Sums over the points at `parameters`.
pub fn expectation<L: Lanes, const D: usize>(
    points: &Points<L, D>,
    parameters: &Parameters<D>,
    mixing_weights: bool,
    workspace: &mut Workspace<L>,
) -> Expectation<D> {
    let (indices, components): (Vec<_>, Vec<_>) = kernels(parameters, mixing_weights).into_iter().unzip();
    gathered(parameters.components(), indices, moments(points, &components, workspace))
}

/// Like [`expectation`], by densities instead of their logarithms, with the points whose densities are all 0: where there are any, the
/// sums are of no use.
pub fn plain_expectation<L: Lanes, const D: usize>(
    points: &Points<L, D>,
    parameters: &Parameters<D>,
    mixing_weights: bool,
) -> (Expectation<D>, Vec<usize>) {
    let (indices, components): (Vec<_>, Vec<_>) = kernels(parameters, mixing_weights).into_iter().unzip();
    let PlainMoments { moments, vanished } = plain_moments(points, &components);
    (gathered(parameters.components(), indices, moments), vanished)
}

/// The sums of the components that took part, each in its place among all.
fn gathered<const D: usize>(components: usize, indices: Vec<usize>, moments: Moments<D>) -> Expectation<D> {
    let mut all = vec![None; components];
    for (k, sums) in indices.into_iter().zip(moments.components) {
        all[k] = Some(sums);
    }
    Expectation { components: all, log_likelihood: moments.log_density }
}

/// Bayesian information criterion (Schwarz 1978), lower is better: −2 ln L + p ln N for p free parameters and N points, or
/// weights that sum to N.
#[must_use]
pub fn bic(log_likelihood: f64, parameters: usize, points: f64) -> f64 {
    parameters as f64 * libm::log(points) - 2.0 * log_likelihood
}

/// Akaike information criterion (Akaike 1974), lower is better: −2 ln L + 2 p for p free parameters.
#[must_use]
pub fn aic(log_likelihood: f64, parameters: usize) -> f64 {
    2.0 * parameters as f64 - 2.0 * log_likelihood
}
