//! The bound that is fitted: divergences from the priors, and the expected log-likelihood.

use std::f64::consts::TAU;

use nalgebra::{SMatrix, SVector};

use super::parameters::{Gradient, Posterior, Priors};
use crate::moments::{Component, Points, Workspace, log_density};
use crate::numeric::lanes::Lanes;
use crate::numeric::random::{Gamma, Purpose, Stream, normalize_logarithms};
use crate::numeric::special::{ShapeDerivative, digamma_difference, ln_gamma_divergence, log_excess, trigamma};

/// KL(q‖p) of Normals, with its derivatives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NormalDivergence {
    /// The divergence.
    pub value: f64,
    /// By q's mean.
    pub loc: f64,
    /// By q's standard deviation.
    pub scale: f64,
    /// By p's mean.
    pub prior_loc: f64,
    /// By p's standard deviation.
    pub prior_scale: f64,
}

/// KL(Normal(loc, scale) ‖ Normal(prior_loc, prior_scale)) = ½ (e − ln(1 + e)) + ½ (Δ/s₀)² with 1 + e = (s/s₀)².
#[must_use]
pub fn normal_divergence(loc: f64, scale: f64, prior_loc: f64, prior_scale: f64) -> NormalDivergence {
    let offset = loc - prior_loc;
    let squares = (scale - prior_scale) * (scale + prior_scale);
    let prior_square = prior_scale * prior_scale;
    // Two logarithms where the ratio is far from 1: its excess would round.
    let e = squares / prior_square;
    let excess = if e < -0.5 { e - 2.0 * libm::log(scale / prior_scale) } else { log_excess(e) };
    NormalDivergence {
        value: 0.5 * (excess + offset * offset / prior_square),
        loc: offset / prior_square,
        scale: squares / (scale * prior_square),
        prior_loc: -offset / prior_square,
        prior_scale: -(squares + offset * offset) / (prior_square * prior_scale),
    }
}

/// KL(q‖p) of Gammas, with its derivatives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GammaDivergence {
    /// The divergence.
    pub value: f64,
    /// By q's shape.
    pub alpha: f64,
    /// By q's rate.
    pub beta: f64,
    /// By p's shape.
    pub prior_alpha: f64,
    /// By p's rate.
    pub prior_beta: f64,
}

/// KL(Gamma(α, β) ‖ Gamma(α₀, β₀)), shapes and rates: with r = β₀/β it is lnΓ(α₀) − lnΓ(α) − (α₀ − α) ψ(α) +
/// α₀ (r − 1 − ln r) + (α − α₀)(r − 1), in which nothing cancels where the two are close.
#[must_use]
pub fn gamma_divergence(alpha: f64, beta: f64, prior_alpha: f64, prior_beta: f64) -> GammaDivergence {
    let shapes = alpha - prior_alpha;
    let e = (prior_beta - beta) / beta;
    let excess = if e < -0.5 { e - libm::log(prior_beta / beta) } else { log_excess(e) };
    let log_ratio = if e.abs() > 0.5 { libm::log(prior_beta / beta) } else { libm::log1p(e) };
    GammaDivergence {
        value: ln_gamma_divergence(prior_alpha, alpha) + prior_alpha * excess + shapes * e,
        alpha: shapes * trigamma(alpha) + e,
        beta: (-prior_alpha * e - shapes * (prior_beta / beta)) / beta,
        prior_alpha: digamma_difference(prior_alpha, alpha) - log_ratio,
        prior_beta: (shapes * prior_beta + prior_alpha * (prior_beta - beta)) / (beta * prior_beta),
    }
}

/// KL(Dirichlet(c) ‖ Dirichlet(p)) with its derivatives by c and by p; both have the same length.
#[must_use]
pub fn dirichlet_divergence(counts: &[f64], prior: &[f64]) -> (f64, Vec<f64>, Vec<f64>) {
    let (total, prior_total): (f64, f64) = (counts.iter().sum(), prior.iter().sum());
    let value = counts.iter().zip(prior).map(|(&count, &prior)| ln_gamma_divergence(prior, count)).sum::<f64>()
        - ln_gamma_divergence(prior_total, total);
    let slope = |count: f64, prior: f64| (count - prior) * trigamma(count);
    let whole = slope(total, prior_total);
    let by_counts = counts.iter().zip(prior).map(|(&count, &prior)| slope(count, prior) - whole).collect();
    let whole = digamma_difference(prior_total, total);
    let by_prior = counts.iter().zip(prior).map(|(&count, &prior)| digamma_difference(prior, count) - whole).collect();
    (value, by_counts, by_prior)
}

/// The divergences of a posterior from its priors.
#[derive(Clone, Debug, PartialEq)]
pub struct Divergences {
    /// Of the means, summed over components and dimensions.
    pub means: f64,
    /// Of the precisions, summed likewise.
    pub precisions: f64,
    /// Of the weights.
    pub weights: f64,
    /// Of their sum, by the posterior's parameters.
    pub gradient: Gradient,
}

impl Divergences {
    /// KL(q‖p) of all parameters together.
    #[must_use]
    pub fn sum(&self) -> f64 {
        self.means + self.precisions + self.weights
    }
}

/// KL(q‖p) with its gradient.
#[must_use]
pub fn divergences(posterior: &Posterior, Priors(prior): &Priors) -> Divergences {
    let mut gradient = Gradient::filled(posterior.components(), posterior.dimension(), 0.0);
    let (mut means, mut precisions) = (0.0, 0.0);
    for i in 0..posterior.locs.len() {
        let normal = normal_divergence(posterior.locs[i], posterior.scales[i], prior.locs[i], prior.scales[i]);
        means += normal.value;
        gradient.locs[i] = normal.loc;
        gradient.scales[i] = normal.scale;
        let gamma = gamma_divergence(posterior.alpha[i], posterior.beta[i], prior.alpha[i], prior.beta[i]);
        precisions += gamma.value;
        gradient.alpha[i] = gamma.alpha;
        gradient.beta[i] = gamma.beta;
    }
    let (weights, by_counts, _) = dirichlet_divergence(&posterior.counts, &prior.counts);
    gradient.counts = by_counts;
    Divergences { means, precisions, weights, gradient }
}

/// A mean log-likelihood over some points.
#[derive(Clone, Debug, PartialEq)]
pub struct LogLikelihood {
    /// The mean over the points.
    pub mean: f64,
    /// Its gradient by the posterior's parameters.
    pub gradient: Gradient,
}

/// What a posterior sample is made of: numbers that depend on the posterior in no way that the gradient does not know.
#[derive(Clone, Debug, PartialEq)]
pub struct Draw {
    /// K×D standard normal numbers ε: μ = loc + scale ε.
    pub normals: Vec<f64>,
    /// K×D Gamma(α, 1) samples: τ = sample/β.
    pub gammas: Vec<f64>,
    /// Their logarithms, which do not underflow.
    pub log_gammas: Vec<f64>,
    /// d ln(sample)/dα of each.
    pub gamma_slopes: Vec<f64>,
    /// K Gamma(count, 1) samples: θ = sample/Σ samples.
    pub weights: Vec<f64>,
    /// Their logarithms.
    pub log_weights: Vec<f64>,
    /// d ln(sample)/dcount of each.
    pub weight_slopes: Vec<f64>,
}

impl Draw {
    /// Room for a draw.
    #[must_use]
    pub fn empty(components: usize, dimension: usize) -> Self {
        let block = vec![0.0; components * dimension];
        Self {
            normals: block.clone(),
            gammas: block.clone(),
            log_gammas: block.clone(),
            gamma_slopes: block,
            weights: vec![0.0; components],
            log_weights: vec![0.0; components],
            weight_slopes: vec![0.0; components],
        }
    }
}

/// The Gamma distributions of a posterior with their derivatives, made once for many draws.
struct Sampler {
    precisions: Vec<(Gamma, ShapeDerivative)>,
    weights: Vec<(Gamma, ShapeDerivative)>,
}

impl Sampler {
    fn new(posterior: &Posterior) -> Self {
        let prepare = |shapes: &[f64]| shapes.iter().map(|&s| (Gamma::new(s), ShapeDerivative::new(s))).collect();
        Self { precisions: prepare(&posterior.alpha), weights: prepare(&posterior.counts) }
    }

    /// Draws without the slopes.
    fn draw(&self, stream: &mut Stream, draw: &mut Draw) {
        for normal in &mut draw.normals {
            *normal = stream.paired_normal();
        }
        let Draw { gammas, log_gammas, weights, log_weights, .. } = draw;
        let places = gammas.iter_mut().zip(log_gammas).chain(weights.iter_mut().zip(log_weights));
        for ((gamma, _), (sample, log_sample)) in self.precisions.iter().chain(&self.weights).zip(places) {
            (*log_sample, *sample) = gamma.draw(stream);
        }
    }

    /// Adds the slopes to a draw.
    fn differentiate(&self, draw: &mut Draw) {
        let Draw { gammas, log_gammas, gamma_slopes, weights, log_weights, weight_slopes, .. } = draw;
        let samples = log_gammas.iter().zip(gammas).chain(log_weights.iter().zip(weights));
        let slopes = gamma_slopes.iter_mut().chain(weight_slopes);
        for (((_, derivative), (&log_sample, &mut sample)), slope) in
            self.precisions.iter().chain(&self.weights).zip(samples).zip(slopes)
        {
            *slope = derivative.at(log_sample, sample);
        }
    }
}

/// What is fixed while a batch goes by: the logarithms of the rates, and scratch.
struct Evaluation<'a> {
    posterior: &'a Posterior,
    log_beta: Vec<f64>,
    log_theta: Vec<f64>,
    scores: Vec<f64>,
    precisions: Vec<f64>,
    offsets: Vec<f64>,
}

impl<'a> Evaluation<'a> {
    fn new(posterior: &'a Posterior) -> Self {
        let size = posterior.locs.len();
        let components = posterior.components();
        Self {
            posterior,
            log_beta: posterior.beta.iter().map(|&beta| libm::log(beta)).collect(),
            log_theta: vec![0.0; components],
            scores: vec![0.0; components],
            precisions: vec![0.0; size],
            offsets: vec![0.0; size],
        }
    }

    /// ln Σ_k θ_k N(x; μ_k, τ_k⁻¹) at a draw; leaves the responsibilities in `scores`.
    fn log_likelihood(&mut self, draw: &Draw, point: &[f64]) -> f64 {
        let dimension = point.len();
        let constant = 0.5 * dimension as f64 * libm::log(TAU);
        self.log_theta.copy_from_slice(&draw.log_weights);
        normalize_logarithms(&mut self.log_theta);
        for (k, score) in self.scores.iter_mut().enumerate() {
            let mut sum = self.log_theta[k] - constant;
            for (d, &x) in point.iter().enumerate() {
                let i = k * dimension + d;
                let log_precision = draw.log_gammas[i] - self.log_beta[i];
                self.precisions[i] = draw.gammas[i] / self.posterior.beta[i];
                self.offsets[i] = x - self.posterior.locs[i] - self.posterior.scales[i] * draw.normals[i];
                sum += 0.5 * (log_precision - self.precisions[i] * self.offsets[i] * self.offsets[i]);
            }
            *score = sum;
        }
        let largest = self.scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let mut total = 0.0;
        for score in &mut self.scores {
            *score = libm::exp(*score - largest);
            total += *score;
        }
        for score in &mut self.scores {
            *score /= total;
        }
        largest + libm::log(total)
    }

    /// Adds the gradient at the draw and point last evaluated.
    fn add_gradient(&self, draw: &Draw, gradient: &mut Gradient) {
        let dimension = self.posterior.dimension();
        for (k, &share) in self.scores.iter().enumerate() {
            for i in k * dimension..(k + 1) * dimension {
                let pull = share * self.precisions[i] * self.offsets[i];
                gradient.locs[i] += pull;
                gradient.scales[i] += pull * draw.normals[i];
                let by_log_precision = 0.5 * (share - pull * self.offsets[i]);
                gradient.alpha[i] += by_log_precision * draw.gamma_slopes[i];
                gradient.beta[i] -= by_log_precision / self.posterior.beta[i];
            }
            // ∂ ln θ_k/∂ ln g_j = δ_kj − θ_j, and the responsibilities sum to 1.
            gradient.counts[k] += (share - libm::exp(self.log_theta[k])) * draw.weight_slopes[k];
        }
    }
}

/// ln Σ_k θ_k N(x; μ_k, τ_k⁻¹) of one point at one draw, with its gradient.
#[must_use]
pub fn log_likelihood_of_draw(posterior: &Posterior, draw: &Draw, point: &[f64]) -> LogLikelihood {
    let mut evaluation = Evaluation::new(posterior);
    let mut gradient = Gradient::filled(posterior.components(), posterior.dimension(), 0.0);
    let mean = evaluation.log_likelihood(draw, point);
    evaluation.add_gradient(draw, &mut gradient);
    LogLikelihood { mean, gradient }
}

fn scaled(mut gradient: Gradient, count: usize) -> Gradient {
    let Gradient { locs, scales, alpha, beta, counts } = &mut gradient;
    for value in [locs, scales, alpha, beta, counts].into_iter().flatten() {
        *value /= count as f64;
    }
    gradient
}

/// The mean log-likelihood of the points with the indices of a `batch`, one posterior sample a point, and its gradient
/// through the samples. `points` are row-major; samples depend on seed, iteration and the point's index only.
#[must_use]
pub fn sampled_log_likelihood(
    posterior: &Posterior,
    points: &[f64],
    batch: &[u32],
    seed: u64,
    iteration: u64,
) -> LogLikelihood {
    let (components, dimension) = (posterior.components(), posterior.dimension());
    let sampler = Sampler::new(posterior);
    let mut evaluation = Evaluation::new(posterior);
    let mut draw = Draw::empty(components, dimension);
    let mut gradient = Gradient::filled(components, dimension, 0.0);
    let mut sum = 0.0;
    for &index in batch {
        sampler.draw(&mut Stream::at(seed, Purpose::Samples, iteration, index), &mut draw);
        sampler.differentiate(&mut draw);
        let start = index as usize * dimension;
        sum += evaluation.log_likelihood(&draw, &points[start..start + dimension]);
        evaluation.add_gradient(&draw, &mut gradient);
    }
    LogLikelihood { mean: sum / batch.len() as f64, gradient: scaled(gradient, batch.len()) }
}

/// The log-likelihood of each point at the posterior means μ = locs, τ = alpha/beta, θ = counts/Σ counts, without sampling,
/// and their mean with its gradient. `points` are row-major.
#[must_use]
pub fn log_likelihood_at_means(posterior: &Posterior, points: &[f64]) -> (Vec<f64>, LogLikelihood) {
    let (components, dimension) = (posterior.components(), posterior.dimension());
    let logarithms = |values: &[f64]| values.iter().map(|&value| libm::log(value)).collect();
    let inverses = |values: &[f64]| values.iter().map(|value| 1.0 / value).collect();
    // The means are the draw whose Gamma samples are the shapes themselves.
    let draw = Draw {
        gammas: posterior.alpha.clone(),
        log_gammas: logarithms(&posterior.alpha),
        gamma_slopes: inverses(&posterior.alpha),
        log_weights: logarithms(&posterior.counts),
        weight_slopes: inverses(&posterior.counts),
        ..Draw::empty(components, dimension)
    };
    let mut evaluation = Evaluation::new(posterior);
    let mut gradient = Gradient::filled(components, dimension, 0.0);
    let each: Vec<f64> = points
        .chunks_exact(dimension)
        .map(|point| {
            let value = evaluation.log_likelihood(&draw, point);
            evaluation.add_gradient(&draw, &mut gradient);
            value
        })
        .collect();
    let mean = each.iter().sum::<f64>() / each.len() as f64;
    let gradient = scaled(gradient, each.len());
    (each, LogLikelihood { mean, gradient })
}

/// A component of the mixture as the sum over the points takes it; arrays of D numbers.
pub(super) fn component<const D: usize>(log_weight: f64, mean: &[f64], log_precisions: &[f64]) -> Component<D> {
    Component {
        mean: SVector::from_column_slice(mean),
        whitening: SMatrix::from_diagonal(&SVector::from_fn(|d, _| libm::exp(0.5 * log_precisions[d]))),
        log_scale: log_weight + 0.5 * (log_precisions.iter().sum::<f64>() - D as f64 * libm::log(TAU)),
    }
}

/// The mixture at the posterior means, as the source draws it.
#[must_use]
pub fn components_at_means<const D: usize>(posterior: &Posterior) -> Vec<Component<D>> {
    let weights = posterior.weights();
    (0..posterior.components())
        .map(|k| {
            let row = k * D..(k + 1) * D;
            let log_precisions: Vec<f64> =
                row.clone().map(|i| libm::log(posterior.alpha[i]) - libm::log(posterior.beta[i])).collect();
            component(libm::log(weights[k]), &posterior.locs[row], &log_precisions)
        })
        .collect()
}

/// The source's loss with the assignments summed out: KL/N − E_q[(1/N) Σ_i ln Σ_k θ_k N(x_i; μ_k, τ_k⁻¹)], a point. The
/// expectation is the mean over `draws` posterior draws (at least 1) that the seed gives, each evaluated on all points: its
/// standard error falls with the root of their number.
///
/// Components take their numbers in [`Posterior::canonical_order`] and not in that of their labels: two posteriors that differ
/// in their labels alone have the same score to the last bit, where their priors are the same.
#[must_use]
pub fn negative_elbo<L: Lanes, const D: usize>(
    points: &Points<L, D>,
    posterior: &Posterior,
    priors: &Priors,
    seed: u64,
    draws: u32,
    workspace: &mut Workspace<L>,
) -> f64 {
    let components = posterior.components();
    let order = posterior.canonical_order();
    let (posterior, priors) = (&posterior.relabelled(&order), &Priors(priors.0.relabelled(&order)));
    let sampler = Sampler::new(posterior);
    let mut draw = Draw::empty(components, D);
    let mut mixture = Vec::with_capacity(components);
    let log_beta: Vec<f64> = posterior.beta.iter().map(|&beta| libm::log(beta)).collect();
    let mut sum = 0.0;
    for index in 0..draws.max(1) {
        sampler.draw(&mut Stream::at(seed, Purpose::Posterior, 0, index), &mut draw);
        normalize_logarithms(&mut draw.log_weights);
        mixture.clear();
        for k in 0..components {
            let at = |d: usize| k * D + d;
            let mean: [f64; D] =
                std::array::from_fn(|d| posterior.locs[at(d)] + posterior.scales[at(d)] * draw.normals[at(d)]);
            let log_precisions: [f64; D] = std::array::from_fn(|d| draw.log_gammas[at(d)] - log_beta[at(d)]);
            mixture.push(component(draw.log_weights[k], &mean, &log_precisions));
        }
        sum += log_density(points, &mixture, workspace);
    }
    let count = points.count() as f64;
    divergences(posterior, priors).sum() / count - sum / (f64::from(draws.max(1)) * count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use wide::f64x2;

    const STEP: f64 = 1e-6;

    /// A posterior and a prior of random parameters.
    fn random(stream: &mut Stream) -> (Posterior, Priors, usize) {
        let (components, dimension) = (1 + stream.index(4), 1 + stream.index(3));
        let mut make = || {
            let mut posterior = Posterior::filled(components, dimension, 0.0);
            for loc in &mut posterior.locs {
                *loc = 2.0 * stream.normal();
            }
            let Posterior { scales, alpha, beta, counts, .. } = &mut posterior;
            for value in scales.iter_mut().chain(alpha).chain(beta).chain(counts) {
                *value = libm::exp(stream.normal());
            }
            posterior
        };
        let (posterior, prior) = (make(), Priors(make()));
        (posterior, prior, dimension)
    }

    /// Compares a gradient with central differences of `value`, which may itself move with the step.
    fn check(posterior: &Posterior, gradient: &Gradient, value: impl Fn(&Posterior, f64, usize) -> f64) {
        let (components, dimension) = (posterior.components(), posterior.dimension());
        let flat = posterior.to_flat();
        for (i, slope) in gradient.to_flat().into_iter().enumerate() {
            let at = |sign: f64| {
                let mut moved = flat.clone();
                moved[i] += sign * STEP * flat[i].abs();
                let change = moved[i] - flat[i];
                (value(&Posterior::from_flat(&moved, components, dimension), change, i), moved[i])
            };
            let ((low, from), (high, to)) = (at(-1.0), at(1.0));
            let expected = (high - low) / (to - from);
            // Rounding of the value over the step, and the step's own square.
            let allowed = 1e-15 * high.abs().max(1.0) * 30.0 / (to - from) + 1e-6 * slope.abs().max(1.0);
            assert!((slope - expected).abs() < allowed, "{}: {slope} {expected}", posterior.describe(i));
        }
    }

    #[test]
    fn divergences_have_their_gradients() {
        let mut stream = Stream::new(1, Purpose::Data);
        for _ in 0..100 {
            let (posterior, priors, _) = random(&mut stream);
            let found = divergences(&posterior, &priors);
            assert!(found.means >= 0.0 && found.precisions >= 0.0 && found.weights >= -1e-12);
            check(&posterior, &found.gradient, |posterior, _, _| divergences(posterior, &priors).sum());
            assert_eq!(divergences(&priors.0, &priors).sum(), 0.0);
        }
    }

    #[test]
    fn likelihoods_have_their_gradients() {
        let mut stream = Stream::new(2, Purpose::Data);
        for _ in 0..100 {
            let (posterior, _, dimension) = random(&mut stream);
            let size = posterior.locs.len();
            let point: Vec<f64> = (0..dimension).map(|_| 2.0 * stream.normal()).collect();
            let mut draw = Draw::empty(posterior.components(), dimension);
            let sampler = Sampler::new(&posterior);
            sampler.draw(&mut stream, &mut draw);
            sampler.differentiate(&mut draw);
            let found = log_likelihood_of_draw(&posterior, &draw, &point);
            // The noise is fixed: a Gamma sample moves with its shape along its slope.
            check(&posterior, &found.gradient, |posterior, change, i| {
                let mut draw = draw.clone();
                if (2 * size..3 * size).contains(&i) {
                    let i = i - 2 * size;
                    draw.log_gammas[i] += change * draw.gamma_slopes[i];
                    draw.gammas[i] = libm::exp(draw.log_gammas[i]);
                } else if i >= 4 * size {
                    draw.log_weights[i - 4 * size] += change * draw.weight_slopes[i - 4 * size];
                }
                log_likelihood_of_draw(posterior, &draw, &point).mean
            });
            let points: Vec<f64> = (0..5 * dimension).map(|_| 2.0 * stream.normal()).collect();
            let (each, found) = log_likelihood_at_means(&posterior, &points);
            assert_eq!(each.len(), 5);
            check(&posterior, &found.gradient, |posterior, _, _| log_likelihood_at_means(posterior, &points).1.mean);
        }
    }

    #[test]
    fn samples_of_a_point_depend_on_no_other() {
        let posterior = Posterior::start(3, 2, 4);
        let points: Vec<f64> = (0..20).map(f64::from).collect();
        let one = |batch: &[u32]| sampled_log_likelihood(&posterior, &points, batch, 9, 3).mean;
        assert!((one(&[7, 2]) - 0.5 * (one(&[7]) + one(&[2]))).abs() < 1e-12);
    }

    #[test]
    fn the_score_knows_no_labels_but_those_that_priors_give() {
        let posterior = Posterior::start(3, 1, 3);
        let points = Points::<f64x2, 1>::new(4, |i, _| [-1.0, 0.5, 2.0, 2.5][i]);
        let score = |posterior: &Posterior, priors: &Priors| {
            negative_elbo(&points, posterior, priors, 1, 50, &mut Workspace::default()).to_bits()
        };
        let swapped = posterior.relabelled(&[2, 0, 1]);
        let same = Priors::of_the_source(3, 1);
        assert_eq!(score(&posterior, &same), score(&swapped, &same));
        let mut different = same;
        different.0.locs[0] = 3.0;
        assert_ne!(score(&posterior, &different), score(&swapped, &different));
        let moved = Priors(different.0.relabelled(&[2, 0, 1]));
        assert_eq!(score(&posterior, &different), score(&swapped, &moved));
    }

    #[test]
    fn the_score_is_the_mean_of_sampled_losses() {
        let posterior = Posterior::start(2, 1, 3);
        let priors = Priors::of_the_source(2, 1);
        let data: Vec<f64> = vec![-1.0, 0.5, 2.0];
        let points = Points::<f64x2, 1>::new(3, |i, _| data[i]);
        let score = negative_elbo(&points, &posterior, &priors, 1, 20_000, &mut Workspace::default());
        let batch = [0, 1, 2];
        let repeats = 20_000;
        let sampled: f64 = (0..repeats)
            .map(|iteration| sampled_log_likelihood(&posterior, &data, &batch, 1, iteration).mean)
            .sum::<f64>()
            / repeats as f64;
        let expected = divergences(&posterior, &priors).sum() / 3.0 - sampled;
        assert!((score - expected).abs() < 0.05, "{score} {expected}");
    }
}
