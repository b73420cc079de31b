//! EM on random data: the likelihood never falls.

use gaussian_playground::dataset::{Axis, Dataset};
use gaussian_playground::experiment::{EmFit, EmOptions, FitState};
use gaussian_playground::settings::{CovarianceType, Iteration};
use nalgebra::{SMatrix, SVector};
use proptest::prelude::*;
use wide::f64x2;

/// Points around a few random places, some of them repeated so that components collapse.
fn points(dimension: usize) -> impl Strategy<Value = Vec<f64>> {
    let place = proptest::collection::vec(-20.0..20.0f64, dimension);
    let group = (place, 0.0..3.0f64, 1usize..25, any::<u64>());
    proptest::collection::vec(group, 1..6).prop_map(move |groups| {
        let mut points = Vec::new();
        for (place, spread, count, seed) in groups {
            let mut state = seed;
            let mut noise = || {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (state >> 11) as f64 / (1u64 << 53) as f64 - 0.5
            };
            for _ in 0..count {
                points.extend(place.iter().map(|centre| centre + spread * noise()));
            }
        }
        points
    })
}

fn covariance_types() -> impl Strategy<Value = CovarianceType> {
    prop_oneof![
        Just(CovarianceType::Full),
        Just(CovarianceType::Tied),
        Just(CovarianceType::Diagonal),
        Just(CovarianceType::Spherical),
    ]
}

/// Whether the log-likelihood rises over every iteration, to the last digits of double precision.
fn check_rises<const D: usize>(
    points: Vec<f64>,
    components: usize,
    covariance_type: CovarianceType,
    floor: f64,
) -> Result<(), TestCaseError> {
    let Ok(dataset) = Dataset::new("random", vec![Axis::unitless("x"); D], points) else {
        return Ok(());
    };
    let mean_variance = (0..D).map(|axis| dataset.covariance()[axis * (D + 1)]).sum::<f64>() / D as f64;
    let options = EmOptions {
        covariance_type,
        iteration: Iteration::Em,
        logs: true,
        regularization: 0.0,
        minimum_variance: floor * mean_variance,
        tolerance: 0.0,
        max_iterations: 1_000,
    };
    let means = (0..components)
        .map(|k| SVector::from_fn(|axis, _| dataset.coordinate(k * 7 % dataset.count(), axis)))
        .collect();
    let covariances = vec![SMatrix::identity() * mean_variance; components];
    let weights = vec![1.0 / components as f64; components];
    let fit = EmFit::<f64x2, D>::from_parameters(&dataset, weights, means, &covariances, options);
    let Ok(mut fit) = fit else {
        return Err(TestCaseError::fail("the start is usable"));
    };
    for _ in 0..60 {
        fit.step();
    }
    prop_assert!(floor == 0.0 || *fit.state() == FitState::Running, "{:?}", fit.state());
    for pair in fit.history().windows(2) {
        let allowed = 1e-12 * pair[0].abs().max(1.0);
        prop_assert!(pair[1] >= pair[0] - allowed, "{} fell to {}", pair[0], pair[1]);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn the_likelihood_never_falls(
        (dimension, points) in (1usize..=3).prop_flat_map(|dimension| (Just(dimension), points(dimension))),
        components in 1usize..=8,
        covariance_type in covariance_types(),
        // No floor, the default one, and one that holds most components.
        floor in prop_oneof![Just(0.0), Just(1e-6), Just(0.05)],
    ) {
        match dimension {
            1 => check_rises::<1>(points, components, covariance_type, floor)?,
            2 => check_rises::<2>(points, components, covariance_type, floor)?,
            _ => check_rises::<3>(points, components, covariance_type, floor)?,
        }
    }
}
