//! The cost and its gradient.

use std::f64::consts::{PI, TAU};

use nalgebra::{SMatrix, SVector};

use super::parameters::{Parameters, Precision};
use crate::moments::{Component, Moments, Points, Workspace, moments};
use crate::numeric::lanes::Lanes;
use crate::settings::CostConstant;

/// The derivatives of the cost by all parameters, each entry of A on its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Gradient<const D: usize> {
    /// By the M scores.
    pub scores: Vec<f64>,
    /// By the M factors.
    pub factors: Vec<SMatrix<f64, D, D>>,
    /// By the M centres.
    pub means: Vec<SVector<f64, D>>,
}

impl<const D: usize> Gradient<D> {
    /// All numbers in one row, in the order of [`Parameters::flat`].
    #[must_use]
    pub fn flat(&self) -> Vec<f64> {
        let factors = self.factors.iter().flat_map(|factor| factor.iter());
        self.scores.iter().chain(factors).chain(self.means.iter().flat_map(|mean| mean.iter())).copied().collect()
    }
}

/// The term that empties components.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Penalty {
    /// s.
    pub sparsity: f64,
    /// A weight below this is taken as the 0 that softmax makes of it in ordinary arithmetic, where automatic differentiation of
    /// √W gives 0 · ∞: not a number. 0 for the derivative itself, which is finite everywhere.
    pub vanishing: f64,
}

impl Penalty {
    /// (s/M) Σ_j √W_j.
    #[must_use]
    pub fn value<const D: usize>(&self, parameters: &Parameters<D>) -> f64 {
        self.sparsity / parameters.components() as f64 * roots(parameters).iter().sum::<f64>()
    }
}

/// √W from the logarithm: it has digits where W itself underflows.
fn roots<const D: usize>(parameters: &Parameters<D>) -> Vec<f64> {
    parameters.log_weights().iter().map(|log_weight| libm::exp(0.5 * log_weight)).collect()
}

/// The cost at some parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct Objective<const D: usize> {
    /// (1/N) Σ_i ln p(x_i).
    pub mean_log_likelihood: f64,
    /// (s/M) Σ_j √W_j.
    pub penalty: f64,
    /// The gradient of the cost; the constant of the cost plays no part in it.
    pub gradient: Gradient<D>,
}

impl<const D: usize> Objective<D> {
    /// The cost, by the formula or with the constant of the tutorial's code.
    #[must_use]
    pub fn cost(&self, constant: CostConstant) -> f64 {
        -self.mean_log_likelihood + self.penalty + cost_offset(constant, D)
    }

    /// What is not a finite number: the cost, or the first derivative that is none.
    #[must_use]
    pub fn not_finite(&self) -> Option<String> {
        let Gradient { scores, factors, means } = self.gradient.clone();
        let name = Parameters { scores, factors, means }.not_finite();
        if self.mean_log_likelihood.is_finite() {
            name.map(|name| format!("the gradient by {name}"))
        } else {
            Some("the cost".to_owned())
        }
    }
}

/// What a constant adds to the cost. The tutorial's code has γ = A Aᵀ/2 where it needs the determinant of A Aᵀ, and no
/// (2π)^(−D/2): its likelihoods are π^(D/2) times the formula's, its cost lower by (D/2) ln π.
#[must_use]
pub fn cost_offset(constant: CostConstant, dimension: usize) -> f64 {
    match constant {
        CostConstant::Formula => 0.0,
        CostConstant::Tutorial => -0.5 * dimension as f64 * libm::log(PI),
    }
}

/// The mixture's components as the sum over the points takes them, all M of them.
#[must_use]
pub fn kernels<const D: usize>(parameters: &Parameters<D>, precisions: &[Precision<D>]) -> Vec<Component<D>> {
    let normalization = 0.5 * D as f64 * libm::log(TAU);
    let log_weights = parameters.log_weights();
    let parts = parameters.means.iter().zip(precisions).zip(log_weights);
    parts
        .map(|((&mean, precision), log_weight)| Component {
            mean,
            whitening: *precision.root.whitening(),
            log_scale: log_weight - normalization - precision.root.log_sqrt_determinant(),
        })
        .collect()
}

/// The cost and its gradient over points whose weights sum to `total_weight`; `precisions` are those of the parameters.
///
/// With the sums T0, T1, T2 in the coordinates L d = Qᵀ Aᵀ d: ∂μ = −Lᵀ T1/N, ∂A = −L⁻¹ (T0 I − T2) Qᵀ/N and
/// ∂w = W − T0/N + (s/2M)(√W − W Σ_j √W_j).
pub fn objective<L: Lanes, const D: usize>(
    points: &Points<L, D>,
    total_weight: f64,
    parameters: &Parameters<D>,
    precisions: &[Precision<D>],
    penalty: Penalty,
    workspace: &mut Workspace<L>,
) -> Objective<D> {
    let Moments { components: sums, log_density } = moments(points, &kernels(parameters, precisions), workspace);
    let share = penalty.sparsity / parameters.components() as f64;
    let roots = roots(parameters);
    let sum_of_roots: f64 = roots.iter().sum();
    let scores = roots
        .iter()
        .zip(&sums)
        .map(|(root, sums)| {
            let weight = root * root;
            if weight < penalty.vanishing {
                return f64::NAN;
            }
            weight - sums.mass / total_weight + 0.5 * share * (root - weight * sum_of_roots)
        })
        .collect();
    let means = precisions
        .iter()
        .zip(&sums)
        .map(|(precision, sums)| -(precision.root.whitening().transpose() * sums.first) / total_weight)
        .collect();
    let factors = precisions
        .iter()
        .zip(&sums)
        .map(|(precision, sums)| {
            let rest = sums.second - SMatrix::identity() * sums.mass;
            precision.root.lower() * rest * precision.rotation.transpose() / total_weight
        })
        .collect();
    Objective {
        mean_log_likelihood: log_density / total_weight,
        penalty: share * sum_of_roots,
        gradient: Gradient { scores, factors, means },
    }
}
