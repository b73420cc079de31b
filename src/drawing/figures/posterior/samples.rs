//! Draws from the posterior of each component, as a ribbon of thin ellipses or curves.

use super::super::super::canvas::{Canvas, polyline};
use super::super::super::ellipse::Ellipse;
use super::super::super::plane;
use super::super::super::scale::Scale;
use crate::experiment::{Component, ComponentStatus, Mixture};
use crate::models::bayesian_mixture::{Posterior, gamma_quantile};
use crate::numeric::random::{Purpose, Stream};

/// Draws a component.
const DRAWS: usize = 40;
/// Of so many components together no more are drawn.
const MOST: usize = 320;
const OPACITY: f64 = 0.22;
const WIDTH: f64 = 0.75;
/// CSS pixels between the points of a curve.
const STEP: f64 = 3.0;

/// Gaussians drawn from the posterior of component `k`. The normal numbers behind them are always the same: as the posterior
/// moves they move along, rather than flicker. Weights are the posterior's means.
fn drawn(posterior: &Posterior, k: usize, draws: usize) -> Vec<Component> {
    let dimension = posterior.dimension();
    let weight = posterior.weights()[k];
    let mut stream = Stream::numbered(0, Purpose::Drawing, 1 + k as u64);
    (0..draws)
        .map(|_| {
            let mut mean = vec![0.0; dimension];
            let mut covariance = vec![0.0; dimension * dimension];
            for d in 0..dimension {
                let i = k * dimension + d;
                mean[d] = posterior.locs[i] + posterior.scales[i] * stream.normal();
                covariance[d * (dimension + 1)] =
                    posterior.beta[i] / gamma_quantile(posterior.alpha[i], stream.normal());
            }
            Component { weight, mean, covariance, status: ComponentStatus::Active }
        })
        .collect()
}

/// Those of all components; a variance that is too large to be drawn is left out.
fn all(fit: &dyn Mixture) -> Vec<(usize, Component)> {
    let Some(shown) = fit.posterior_shown() else { return Vec::new() };
    let components = shown.posterior.components();
    let draws = DRAWS.min(MOST / components.max(1)).max(1);
    let one = |k: usize| drawn(&shown.posterior, k, draws).into_iter().map(move |drawn| (k, drawn));
    let usable = |(_, one): &(usize, Component)| one.covariance.iter().all(|value| value.is_finite());
    (0..components).flat_map(one).filter(usable).collect()
}

/// Draws them over the plane, at one standard deviation.
pub fn draw_ellipses(canvas: &Canvas, fit: &dyn Mixture, (x, y): (&Scale, &Scale)) {
    for (k, one) in all(fit) {
        let ellipse = Ellipse::new(&one, x, y);
        let color = canvas.theme.component(k).css(OPACITY);
        canvas.stroke(&color, WIDTH, &[], |context| plane::trace(context, &ellipse, 1.0));
    }
}

/// Draws them over a line as curves, whose heights are `scale` times their densities.
pub fn draw_curves(canvas: &Canvas, fit: &dyn Mixture, (x, y): (&Scale, &Scale), scale: f64) {
    let count = libm::ceil(canvas.width() / STEP) as usize;
    for (k, one) in all(fit) {
        let (mean, variance) = (one.mean[0], one.covariance[0]);
        let height = scale * one.weight / libm::sqrt(std::f64::consts::TAU * variance);
        let path = (0..=count).map(|i| {
            let px = i as f64 * STEP;
            let away = x.value(px) - mean;
            (px, y.pixel(height * libm::exp(-0.5 * away * away / variance)))
        });
        let color = canvas.theme.component(k).css(OPACITY);
        let floor = y.pixel(0.0) - 0.4;
        let places: Vec<(f64, f64)> = path.collect();
        canvas.stroke(&color, WIDTH, &[], |context| {
            for run in places.split(|place| place.1 > floor) {
                polyline(context, run.iter().copied());
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_those_of_the_posterior_and_move_with_it() {
        let mut posterior = Posterior::start(2, 2, 3);
        let draws = drawn(&posterior, 1, 2_000);
        assert_eq!(draws[..40], drawn(&posterior, 1, 40)[..], "the same from frame to frame");
        let mean = |values: &mut dyn Iterator<Item = f64>| values.sum::<f64>() / 2_000.0;
        let precision = mean(&mut draws.iter().map(|one| 1.0 / one.covariance[3]));
        assert!((precision / (posterior.alpha[3] / posterior.beta[3]) - 1.0).abs() < 0.04, "{precision}");
        let place = mean(&mut draws.iter().map(|one| one.mean[0]));
        assert!((place - posterior.locs[2]).abs() < 4.0 * posterior.scales[2] / 2_000f64.sqrt());
        // A small step of the posterior is a small step of each draw.
        posterior.alpha.iter_mut().for_each(|alpha| *alpha *= 1.001);
        for (before, after) in draws.iter().zip(drawn(&posterior, 1, 2_000)) {
            assert!((after.covariance[0] / before.covariance[0] - 1.0).abs() < 0.01);
        }
    }
}
