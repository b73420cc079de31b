//! The recovery experiment, and Jᵀ r and Jᵀ J of a sum of Gaussians against central differences.

use crate::common::recovery;

use gaussian_playground::models::sum_of_gaussians::{GaussianSum, parameter_count};
use gaussian_playground::optimizers::LeastSquares;
use nalgebra::Vector2;
use proptest::prelude::*;

/// What all problems together come to.
struct Totals {
    recovered: usize,
    strict: usize,
    exact: usize,
}

fn totals(noise: f64) -> Totals {
    let mut totals = Totals { recovered: 0, strict: 0, exact: 0 };
    for problem in recovery::problems() {
        let parameters = recovery::fit(&problem.sample(0, noise));
        let count = problem.count(&parameters);
        assert_eq!(problem.found(&parameters), count.recovered, "the page counts as the file does");
        totals.recovered += count.recovered.iter().filter(|recovered| **recovered).count();
        totals.strict += count.strict;
        totals.exact += usize::from(count.components == problem.truth.len());
    }
    totals
}

#[test]
fn every_gaussian_is_found() {
    let Totals { recovered, strict, exact } = totals(0.0);
    assert_eq!((recovered, strict), (80, 80));
    assert!(exact >= 19, "{exact}");
}

/// What is nearly right, nearly wrong, and beside the point.
#[test]
fn the_page_counts_found_ones_as_the_file_does() {
    let (mut found, mut all) = (0, 0);
    let mut random = recovery::RandomState::new(11);
    for problem in recovery::problems() {
        for _ in 0..20 {
            let mut between = |low: f64, high: f64| low + (high - low) * random.uniform();
            let mut components = Vec::new();
            for one in &problem.truth {
                let root = one.covariance.cholesky().expect("a true covariance").l();
                let offset = root * Vector2::new(between(-0.3, 0.3), between(-0.3, 0.3));
                let amplitude = one.amplitude * between(0.7, 1.3);
                components.push(recovery::Gaussian { amplitude, mean: one.mean + offset, covariance: one.covariance });
            }
            components.push(recovery::Gaussian { amplitude: between(0.0, 0.1), ..components[0] });
            components.pop_if(|_| between(0.0, 1.0) < 0.5);
            let parameters = recovery::parameters(&components);
            let expected = problem.count(&parameters).recovered;
            assert_eq!(problem.found(&parameters), expected, "problem {}", problem.seed);
            found += expected.iter().filter(|found| **found).count();
            all += expected.len();
        }
    }
    assert!(3 * found > all && 3 * found < 2 * all, "{found} of {all}");
}

#[test]
fn nearly_every_gaussian_is_found_under_noise() {
    let found = totals(0.01).recovered;
    assert!(found >= 78, "{found}");
}

#[test]
fn most_gaussians_are_found_under_heavy_noise() {
    let found = totals(0.05).recovered;
    assert!(found >= 70, "{found}");
}

/// ŷ by the formula that the documentation of [`GaussianSum`] gives for its flat parameters.
fn prediction<const D: usize>(flat: &[f64], x: &[f64]) -> f64 {
    let component = |values: &[f64]| {
        let mut squared = 0.0;
        let mut shear = 1 + 2 * D;
        for i in 0..D {
            let mut u = x[i] - values[1 + i];
            for j in 0..i {
                u += values[shear] * (x[j] - values[1 + j]);
                shear += 1;
            }
            squared += (u * values[1 + D + i].exp()).powi(2);
        }
        values[0] * (-0.5 * squared).exp()
    };
    flat.chunks_exact(parameter_count(D)).map(component).sum()
}

fn check<const D: usize>(inputs: &[f64], targets: &[f64], flat: &[f64]) -> Result<(), TestCaseError> {
    let count = inputs.len() / D;
    let mut sum = GaussianSum::<D>::new(inputs, &targets[..count], false);
    let found = sum.normal_equations(flat);
    let frame = *sum.frame();
    let point = |i: usize| -> Vec<f64> { (0..D).map(|d| inputs[i * D + d] - frame[d]).collect() };
    let residuals: Vec<f64> = (0..count).map(|i| prediction::<D>(flat, &point(i)) - targets[i]).collect();
    let cost: f64 = residuals.iter().map(|r| r * r).sum();
    prop_assert!((found.cost - cost).abs() <= 1e-9 * (1.0 + cost), "{} against {cost}", found.cost);
    prop_assert!((sum.cost(flat) - cost).abs() <= 1e-9 * (1.0 + cost));
    const STEP: f64 = 1e-5;
    let slope = |i: usize, p: usize| {
        let at = |change: f64| {
            let mut moved = flat.to_vec();
            moved[p] += change;
            prediction::<D>(&moved, &point(i))
        };
        (at(STEP) - at(-STEP)) / (2.0 * STEP)
    };
    let jacobian: Vec<Vec<f64>> = (0..count).map(|i| (0..flat.len()).map(|p| slope(i, p)).collect()).collect();
    let size = jacobian.iter().flatten().fold(1.0f64, |size, value| size.max(value.abs()));
    for p in 0..flat.len() {
        let gradient: f64 = (0..count).map(|i| jacobian[i][p] * residuals[i]).sum();
        let tolerance = 1e-7 * count as f64 * size;
        prop_assert!((found.gradient[p] - gradient).abs() <= tolerance, "{p}: {} {gradient}", found.gradient[p]);
        for q in 0..flat.len() {
            let product: f64 = (0..count).map(|i| jacobian[i][p] * jacobian[i][q]).sum();
            let entry = found.matrix[(p, q)];
            prop_assert!((entry - product).abs() <= tolerance * size, "({p}, {q}): {entry} against {product}");
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn derivatives_agree_with_central_differences(
        dimension in 1usize..=3,
        components in 1usize..=4,
        // Around the sizes of a vector and of a box.
        count in prop_oneof![1usize..=5, 60usize..=70, 120usize..=140],
        numbers in proptest::collection::vec(-1.0..1.0f64, 4 * 10 + 140 * 4),
    ) {
        let size = parameter_count(dimension);
        let flat = &numbers[..components * size];
        let (inputs, targets) = numbers[40..].split_at(140 * 3);
        let inputs: Vec<f64> = inputs[..count * dimension].iter().map(|x| 3.0 * x).collect();
        match dimension {
            1 => check::<1>(&inputs, targets, flat)?,
            2 => check::<2>(&inputs, targets, flat)?,
            _ => check::<3>(&inputs, targets, flat)?,
        }
    }
}

/// Amplitude and spread of found Gaussians in one and three dimensions.
#[test]
fn one_and_three_dimensions_are_fitted_too() {
    use gaussian_playground::fitting::{ResidualPeaks, ResidualPeaksOptions};
    let mut random = recovery::RandomState::new(3);
    let line: Vec<f64> = (0..500).map(|_| 10.0 * random.uniform()).collect();
    let bump = |a: f64, squared: f64| a * libm::exp(-0.5 * squared);
    let targets: Vec<f64> =
        line.iter().map(|x| bump(2.0, (x - 3.0).powi(2)) + bump(0.7, ((x - 6.0) / 0.5).powi(2))).collect();
    let mut fit = ResidualPeaks::<1>::new(&line, &targets, ResidualPeaksOptions::default());
    fit.fit_to_end();
    let found = fit.parameters(&recovery::FORM);
    let mut sorted: Vec<(f64, f64, f64)> =
        (0..found.components()).map(|k| (found.means[k][0], found.amplitudes[k], found.factors[k][0])).collect();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    assert_eq!(sorted.len(), 2);
    for (found, expected) in sorted.iter().zip([(3.0, 2.0, 1.0), (6.0, 0.7, 0.5)]) {
        let error = (found.0 - expected.0).abs() + (found.1 - expected.1).abs() + (found.2.abs() - expected.2).abs();
        assert!(error < 1e-6, "{found:?}");
    }

    let cube: Vec<f64> = (0..3 * 2_000).map(|_| 4.0 * random.uniform()).collect();
    let target = |x: &[f64]| {
        let squared =
            |centre: [f64; 3], spread: f64| (0..3).map(|d| ((x[d] - centre[d]) / spread).powi(2)).sum::<f64>();
        bump(1.0, squared([1.0, 1.0, 2.0], 0.6)) + bump(3.0, squared([3.0, 2.0, 1.0], 0.4))
    };
    let targets: Vec<f64> = cube.chunks_exact(3).map(target).collect();
    let mut fit = ResidualPeaks::<3>::new(&cube, &targets, ResidualPeaksOptions::default());
    fit.fit_to_end();
    assert_eq!(fit.components(), 2);
    assert!(fit.mean_squared_error() < 1e-12, "{}", fit.mean_squared_error());
}
