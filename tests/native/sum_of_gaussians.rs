//! Gradients of the sum of Gaussians against central differences, on random parameters.

use gaussian_playground::models::sum_of_gaussians::{CovarianceForm, Objective, Parameters, Penalties};
use gaussian_playground::moments::Samples;
use gaussian_playground::settings::FactorShape;
use nalgebra::{SMatrix, SVector};
use proptest::prelude::*;
use wide::f64x2;

/// Numbers for the largest case, of which each takes what it needs.
#[derive(Clone, Debug)]
struct Numbers {
    points: Vec<f64>,
    targets: Vec<f64>,
    amplitudes: Vec<f64>,
    means: Vec<f64>,
    factors: Vec<f64>,
}

fn numbers() -> impl Strategy<Value = Numbers> {
    let draw = |range: std::ops::Range<f64>, count: usize| proptest::collection::vec(range, count);
    (draw(-3.0..3.0, 60), draw(-2.0..2.0, 20), draw(-2.0..2.0, 4), draw(-3.0..3.0, 12), draw(-1.5..1.5, 36)).prop_map(
        |(points, targets, amplitudes, means, factors)| Numbers { points, targets, amplitudes, means, factors },
    )
}

fn check<const D: usize>(
    numbers: &Numbers,
    components: usize,
    form: CovarianceForm,
    penalties: Penalties,
    removed: Option<usize>,
) -> Result<(), TestCaseError> {
    let samples = Samples::<f64x2, D>::new(20, |i, d| numbers.points[i * D + d], |i| numbers.targets[i]);
    // Where Σ itself is trained it has to be one, up to a part that is not symmetric and does not count.
    let naive = form.shape == FactorShape::Covariance;
    let lopsided = SMatrix::<f64, D, D>::from_fn(|i, j| 0.3 * (i as f64 - j as f64));
    let mut parameters = Parameters::<D> {
        amplitudes: numbers.amplitudes[..components].to_vec(),
        means: numbers.means.chunks_exact(D).take(components).map(SVector::from_column_slice).collect(),
        factors: numbers
            .factors
            .chunks_exact(D * D)
            .take(components)
            .map(|values| SMatrix::from_column_slice(values) + SMatrix::identity())
            .map(|factor: SMatrix<f64, D, D>| if naive { factor * factor.transpose() + lopsided } else { factor })
            .collect(),
    };
    let mut active = vec![true; components];
    if let Some(removed) = removed.filter(|&k| k < components && components > 1) {
        active[removed] = false;
        parameters.amplitudes[removed] = 0.0;
    }
    // Differences need room around kinks, and widths that they do not jump over.
    let narrow =
        parameters.factors.iter().any(|factor| form.root(factor).is_none_or(|root| root.whitening().amax() > 20.0));
    let kink = parameters.amplitudes.iter().zip(&active).any(|(value, active)| *active && value.abs() < 1e-3);
    let near = (0..components).any(|i| (0..i).any(|j| (parameters.means[i] - parameters.means[j]).norm() < 0.05));
    prop_assume!(!narrow && !kink && !near);

    let mut objective = Objective::<f64x2, D>::new(form, penalties);
    let mut gradient = Parameters::zeros(components);
    let loss = objective.gradient(&samples, 0..20, &parameters, &active, &mut gradient).unwrap();
    prop_assert_eq!(loss, objective.loss(&samples, &parameters, &active).unwrap());
    let (mut values, mut slopes) = (Vec::new(), Vec::new());
    parameters.write(&mut values);
    gradient.write(&mut slopes);
    let step = 1e-5;
    for place in 0..values.len() {
        let mut moved = parameters.clone();
        let mut at = |offset: f64| {
            let mut values = values.clone();
            values[place] += offset;
            moved.read(&values);
            objective.loss(&samples, &moved, &active).unwrap().total()
        };
        // Fourth order, so that curvature does not limit the comparison.
        let difference = (8.0 * (at(step) - at(-step)) - (at(2.0 * step) - at(-2.0 * step))) / (12.0 * step);
        let frozen = place < components && !active[place];
        let expected = if frozen { 0.0 } else { difference };
        prop_assert!(
            (slopes[place] - expected).abs() < 1e-6 * (1.0 + loss.total()),
            "{place}: {} instead of {expected}",
            slopes[place]
        );
    }
    for factor in &gradient.factors {
        prop_assert!(!naive || (factor - factor.transpose()).amax() < 1e-12 * (1.0 + factor.amax()));
        prop_assert!(naive || form.shape == FactorShape::Full || *factor == factor.upper_triangle());
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, max_global_rejects: 100_000, ..ProptestConfig::default() })]

    #[test]
    fn gradients_are_those_of_central_differences(
        numbers in numbers(),
        dimension in 1usize..=3,
        components in 1usize..=4,
        shape in prop_oneof![
            Just(FactorShape::Full),
            Just(FactorShape::Upper),
            Just(FactorShape::UpperEverywhere),
            Just(FactorShape::Covariance),
        ],
        epsilon in prop_oneof![Just(0.0), Just(1e-6), Just(0.1)],
        amplitude_l1 in prop_oneof![Just(0.0), 0.0..1.0f64],
        spread in prop_oneof![Just(0.0), 0.0..3.0f64],
        removed in proptest::option::of(0usize..4),
    ) {
        let form = CovarianceForm { shape, epsilon };
        let penalties = Penalties { amplitude_l1, spread };
        match dimension {
            1 => check::<1>(&numbers, components, form, penalties, removed)?,
            2 => check::<2>(&numbers, components, form, penalties, removed)?,
            _ => check::<3>(&numbers, components, form, penalties, removed)?,
        }
    }
}
