//! The posteriors of standard deviations and of weights as curves, their priors in grey behind them.

use super::inner;
use super::plot::{Density, draw};
use crate::drawing::area::Area;
use crate::drawing::canvas::Canvas;
use crate::models::bayesian_mixture::{Posterior, deviation_density, gamma_quantile, weight_density};

/// So many standard deviations of a Gamma on each side are shown of what is learned.
const TAIL: f64 = 2.5;
/// And of a prior, which may be as wide as it likes.
const PRIOR_TAIL: f64 = 1.5;

/// Draws the posterior of σ of each component, one plot an axis of the data, named by `axes`.
pub fn draw_deviations(
    canvas: &Canvas,
    area: Area,
    (posterior, priors): (&Posterior, &Posterior),
    axes: &[String],
    large: bool,
) {
    let dimension = posterior.dimension();
    let whole = inner(area, large);
    let gap = if large { 16.0 } else { 4.0 };
    let height = (whole.height - gap * (dimension - 1) as f64) / dimension as f64;
    let range = deviations_range(posterior, priors);
    for axis in 0..dimension {
        let plot = Area { top: whole.top + axis as f64 * (height + gap), height, ..whole };
        let name = axes.get(axis).map_or("", String::as_str);
        let title = format!("σ of {name}");
        draw(canvas, plot, range, &deviations(posterior, priors, axis), large.then_some(title.as_str()));
    }
}

/// From the smallest to the largest σ worth showing.
fn deviations_range(posterior: &Posterior, priors: &Posterior) -> (f64, f64) {
    let at = |factor: &Posterior, i: usize, tail: f64| {
        libm::sqrt(factor.beta[i] / gamma_quantile(factor.alpha[i], tail).max(f64::MIN_POSITIVE))
    };
    let high = |factor: &Posterior, tail: f64| {
        (0..factor.alpha.len()).map(|i| at(factor, i, -tail)).filter(|value| value.is_finite()).fold(0.0, f64::max)
    };
    // A wide prior is cut off where it would leave no room for what is learned.
    let learned = high(posterior, TAIL);
    let shown = learned.max(high(priors, PRIOR_TAIL).min(2.0 * learned));
    (0.0, if shown > 0.0 { 1.05 * shown } else { 1.0 })
}

fn deviations(posterior: &Posterior, priors: &Posterior, axis: usize) -> Vec<Density<'static>> {
    let dimension = posterior.dimension();
    let one = |factor: &Posterior, k: usize, component: Option<usize>| {
        let (alpha, beta) = (factor.alpha[k * dimension + axis], factor.beta[k * dimension + axis]);
        // The derivative of the logarithm, (2β/σ² − 2α − 1)/σ, is 0 there.
        let mode = libm::sqrt(2.0 * beta / (2.0 * alpha + 1.0));
        Density { height: Box::new(move |sigma| deviation_density(alpha, beta, sigma)), mode, component }
    };
    let all = 0..posterior.components();
    let known = distinct(all.clone(), |k| {
        let i = k * dimension + axis;
        (priors.alpha[i], priors.beta[i])
    });
    known.into_iter().map(|k| one(priors, k, None)).chain(all.map(|k| one(posterior, k, Some(k)))).collect()
}

/// Draws the posterior of each weight.
pub fn draw_weights(canvas: &Canvas, area: Area, (posterior, priors): (&Posterior, &Posterior), large: bool) {
    let densities = weights(posterior, priors);
    draw(canvas, inner(area, large), weights_range(posterior, priors), &densities, large.then_some("weight"));
}

/// From 0 to the largest weight worth showing.
fn weights_range(posterior: &Posterior, priors: &Posterior) -> (f64, f64) {
    let high = |factor: &Posterior, tail: f64| {
        let total: f64 = factor.counts.iter().sum();
        let one = |count: f64| {
            let mean = count / total;
            mean + tail * libm::sqrt(mean * (1.0 - mean) / (total + 1.0))
        };
        factor.counts.iter().map(|&count| one(count)).fold(0.0, f64::max)
    };
    let learned = high(posterior, 4.0);
    (0.0, learned.max(high(priors, 2.0).min(2.0 * learned)).min(1.0))
}

fn weights(posterior: &Posterior, priors: &Posterior) -> Vec<Density<'static>> {
    let one = |factor: &Posterior, k: usize, component: Option<usize>| {
        let (count, total) = (factor.counts[k], factor.counts.iter().sum::<f64>());
        let rest = total - count;
        let mode = if count > 1.0 && total > 2.0 { (count - 1.0) / (total - 2.0) } else { 0.0 };
        Density { height: Box::new(move |weight| weight_density(count, rest, weight)), mode, component }
    };
    let all = 0..posterior.components();
    let known = distinct(all.clone(), |k| (priors.counts[k], 0.0));
    known.into_iter().map(|k| one(priors, k, None)).chain(all.map(|k| one(posterior, k, Some(k)))).collect()
}

/// The first of each kind: equal priors are drawn once.
fn distinct(all: std::ops::Range<usize>, kind: impl Fn(usize) -> (f64, f64)) -> Vec<usize> {
    let mut found: Vec<usize> = Vec::new();
    for k in all {
        if found.iter().all(|&other| kind(other) != kind(k)) {
            found.push(k);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::bayesian_mixture::Priors;

    #[test]
    fn curves_are_highest_at_their_modes_and_within_their_range() {
        let posterior = Posterior::start(3, 2, 4);
        let priors = Priors::of_the_source(3, 2).0;
        for axis in 0..2 {
            let all = deviations(&posterior, &priors, axis);
            assert_eq!(all.iter().filter(|one| one.component.is_none()).count(), 1, "equal priors are one");
            let (low, high) = deviations_range(&posterior, &priors);
            for one in all.iter().chain(&weights(&posterior, &priors)) {
                let top = (one.height)(one.mode);
                assert!(top > (one.height)(0.99 * one.mode) && top > (one.height)(1.01 * one.mode));
                assert!((low..high).contains(&one.mode));
            }
        }
        let mut apart = priors.clone();
        apart.counts[1] = 9.0;
        assert_eq!(weights(&posterior, &apart).len(), 5);
        assert!(weights_range(&posterior, &apart).1 <= 1.0);
    }
}
