//! EM on weighted points, from several starts and with an unknown number of components.

use gaussian_playground::dataset::{Axis, Dataset, recipe};
use gaussian_playground::error::Error;
use gaussian_playground::experiment::{ComponentStatus, EmFit, EmOptions, FitState, Mixture};
use gaussian_playground::fitting::Criterion;
use gaussian_playground::models::em_mixture::Parameters;
use gaussian_playground::numeric::lanes::Lanes;
use gaussian_playground::settings::{
    CovarianceType, DatasetName, EmMixtureSettings, Initialization, Iteration, Precision,
};
use nalgebra::{SMatrix, SVector};
use wide::{f32x4, f64x2};

const TYPES: [CovarianceType; 4] =
    [CovarianceType::Full, CovarianceType::Tied, CovarianceType::Diagonal, CovarianceType::Spherical];

fn made(name: DatasetName) -> Dataset {
    recipe(name).unwrap().make("test", 3)
}

fn plane(values: Vec<f64>) -> Dataset {
    Dataset::new("test", vec![Axis::unitless("x"), Axis::unitless("y")], values).unwrap()
}

/// Thirty iterations from a start that does not depend on the points.
fn run<L: Lanes>(data: &Dataset, covariance_type: CovarianceType, iteration: Iteration) -> EmFit<L, 2> {
    let options = EmOptions {
        covariance_type,
        iteration,
        logs: true,
        regularization: 0.0,
        minimum_variance: 1e-6,
        tolerance: 0.0,
        max_iterations: 1_000,
    };
    let means = [[2.0, 55.0], [3.5, 70.0], [4.5, 85.0]].map(SVector::from).to_vec();
    let covariances = [SMatrix::from([[1.0, 0.0], [0.0, 150.0]]); 3];
    let mut fit = EmFit::from_parameters(data, vec![0.3, 0.3, 0.4], means, &covariances, options).unwrap();
    for _ in 0..30 {
        fit.step();
    }
    assert_eq!(*fit.state(), FitState::Running);
    fit
}

/// The largest relative difference of two fits: objectives, weights, means, covariances.
fn difference<L: Lanes>(a: &EmFit<L, 2>, b: &EmFit<L, 2>) -> f64 {
    let flat = |fit: &EmFit<L, 2>| {
        let Parameters { weights, means, factors, .. } = fit.parameters();
        let means = means.iter().flat_map(|mean| mean.iter().copied().collect::<Vec<_>>());
        let covariances = factors.iter().flat_map(|factor| factor.covariance().iter().copied().collect::<Vec<_>>());
        let scores = [fit.log_likelihood(), fit.bic(), fit.aic(), fit.cost()];
        let mut all = fit.history().to_vec();
        all.extend(weights.into_iter().chain(means).chain(covariances).chain(scores));
        all
    };
    flat(a).iter().zip(flat(b)).map(|(a, b)| (a - b).abs() / b.abs().max(0.1)).fold(0.0, f64::max)
}

/// Zero weight is as good as absent, two is as good as twice there.
pub fn weights_repeat_points_or_leave_them_out() {
    fn check<L: Lanes>(tolerance: f64) {
        let whole = made(DatasetName::OldFaithful);
        let points: Vec<&[f64]> = whole.values().chunks_exact(2).collect();
        let times: Vec<usize> = (0..points.len()).map(|i| i * 7 % 4).collect();
        let weights: Vec<f64> = times.iter().map(|&times| times as f64).collect();
        let weighted = whole.clone().with_weights(weights).unwrap();
        let repeated: Vec<f64> = points
            .iter()
            .zip(&times)
            .flat_map(|(point, &times)| std::iter::repeat_n(*point, times))
            .flatten()
            .copied()
            .collect();
        let repeated = plane(repeated);
        let holes = (0..points.len()).map(|i| if i % 3 == 1 { 0.0 } else { 1.0 }).collect();
        let holed = whole.clone().with_weights(holes).unwrap();
        let kept: Vec<f64> =
            points.iter().enumerate().filter(|(i, _)| i % 3 != 1).flat_map(|(_, point)| *point).copied().collect();
        let kept = plane(kept);
        for covariance_type in TYPES {
            for iteration in [Iteration::Em, Iteration::EqualWeights] {
                let [weighted, repeated, holed, kept, plain] = [&weighted, &repeated, &holed, &kept, &whole]
                    .map(|data| run::<L>(data, covariance_type, iteration));
                let error = difference(&weighted, &repeated);
                assert!(error < tolerance, "{covariance_type:?} {iteration:?}: {error:e}");
                assert!(difference(&weighted, &plain) > 1e-3, "weights change the fit");
                assert_eq!(difference(&holed, &kept), 0.0, "{covariance_type:?} {iteration:?}");
                let (mut holed, mut kept) = (holed, kept);
                let all = holed.responsibilities();
                let seen: Vec<f64> = all
                    .chunks_exact(3)
                    .enumerate()
                    .filter(|(i, _)| i % 3 != 1)
                    .flat_map(|(_, row)| row)
                    .copied()
                    .collect();
                assert_eq!(all.len(), 3 * points.len(), "absent points are still coloured");
                let error = seen.iter().zip(kept.responsibilities()).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
                assert!(error < tolerance, "{error:e}");
            }
        }
    }
    check::<f64x2>(1e-12);
    check::<f32x4>(1e-4);
}

/// The source's settings for its own data.
fn source_settings(iteration: Iteration, seed: u32) -> EmMixtureSettings {
    EmMixtureSettings {
        dataset: DatasetName::ThreeBlobs,
        components: 3,
        covariance_type: CovarianceType::Diagonal,
        initialization: Initialization::Points,
        seed,
        iteration,
        tolerance: 1e-5,
        initial_variance: 1.0,
        minimum_variance: 1e-6,
        ..EmMixtureSettings::default()
    }
}

/// The blobs as they were drawn: weight, mean, variances.
const BLOBS: [(f64, [f64; 2], [f64; 2]); 3] =
    [(0.25, [2.5, 2.5], [1.2, 0.8]), (0.25, [7.5, 7.5], [0.75, 0.5]), (0.5, [8.0, 1.5], [0.6, 0.8])];

/// How many blobs have a component of their own: means within 0.15, variances within 15 %, weights within 0.03.
fn recovered<L: Lanes>(fit: &EmFit<L, 2>) -> usize {
    let parameters = fit.parameters();
    let close = |k: usize, (weight, mean, variances): (f64, [f64; 2], [f64; 2])| {
        let covariance = parameters.factors[k].covariance();
        (parameters.weights[k] - weight).abs() < 0.03
            && (0..2).all(|axis| (parameters.means[k][axis] - mean[axis]).abs() < 0.15)
            && (0..2).all(|axis| (covariance[(axis, axis)] / variances[axis] - 1.0).abs() < 0.15)
    };
    BLOBS.iter().filter(|&&blob| (0..parameters.components()).any(|k| close(k, blob))).count()
}

pub fn the_sources_blobs_are_recovered() {
    for iteration in [Iteration::Em, Iteration::EqualWeights] {
        for data_seed in 0..5 {
            let data = recipe(DatasetName::ThreeBlobs).unwrap().make("test", data_seed);
            let settings = EmMixtureSettings { restarts: 10, ..source_settings(iteration, 1) };
            let fit = EmFit::<f32x4, 2>::fitted(&data, &settings).unwrap();
            assert_eq!(recovered(&fit), 3, "{iteration:?} on data {data_seed}: {:?}", fit.parameters());
        }
    }
}

/// Its claim: mean ln p above −3.6 from 20 starts of 20. That number belongs to a draw of the data (others end between −3.58
/// and −3.66 at best), and on most draws one start in twenty puts two components into one blob, which shows.
pub fn the_sources_iteration_recovers_from_nearly_every_start() {
    for (data_seed, at_least) in [(4, 20), (3, 18)] {
        let data = recipe(DatasetName::ThreeBlobs).unwrap().make("test", data_seed);
        let mut good = 0;
        for seed in 0..20 {
            let fit = EmFit::<f32x4, 2>::fitted(&data, &source_settings(Iteration::EqualWeights, seed)).unwrap();
            let end = *fit.history().last().unwrap();
            assert_eq!(*fit.state(), FitState::Converged);
            assert_eq!(end > -3.6, recovered(&fit) == 3, "seed {seed} ends at {end}");
            good += usize::from(end > -3.6);
        }
        assert!(good >= at_least, "{good} of 20 starts on data {data_seed}");
    }
}

pub fn restarts_really_re_seed_and_keep_the_best() {
    // More components than species: single starts end in many places.
    let data = made(DatasetName::Penguins);
    let settings = |restarts, seed| EmMixtureSettings {
        components: 5,
        restarts,
        seed,
        precision: Precision::Double,
        ..EmMixtureSettings::default()
    };
    let end = |fit: &EmFit<f64x2, 2>| *fit.history().last().unwrap();
    let mut better = 0;
    for seed in 0..10 {
        let one = EmFit::<f64x2, 2>::fitted(&data, &settings(1, seed)).unwrap();
        let many = EmFit::<f64x2, 2>::fitted(&data, &settings(10, seed)).unwrap();
        // The first of the starts is that of a single one; one that collapses comes after all others.
        let collapsed = one.components().iter().any(|component| component.status == ComponentStatus::Collapsed);
        assert!(end(&many) >= end(&one) || collapsed, "seed {seed}");
        better += usize::from(end(&many) > end(&one) + 1e-3 || collapsed);
        // What is played is the start of the best, from its iteration 0 to the same end.
        let mut played = EmFit::<f64x2, 2>::new(&data, &settings(10, seed)).unwrap();
        assert_eq!(played.history().len(), 1);
        while *played.state() == FitState::Running {
            played.step();
        }
        assert_eq!(played.history(), many.history());
    }
    assert!(better >= 5, "ten starts were better than one for {better} of 10 seeds");
}

pub fn information_criteria_find_the_number_of_components() {
    let settings = EmMixtureSettings { restarts: 10, ..EmMixtureSettings::default() };
    let faithful = made(DatasetName::OldFaithful);
    let selection = EmFit::<f32x4, 2>::select(&faithful, &settings, 1..=5, Criterion::Bic).unwrap();
    assert_eq!(selection.components, 2, "{:?}", selection.candidates);
    assert_eq!(selection.candidates.len(), 5);
    assert_eq!(format!("{:.1}", selection.fit.bic()), "2322.2");
    for covariance_type in [CovarianceType::Full, CovarianceType::Diagonal] {
        let settings = EmMixtureSettings { restarts: 5, covariance_type, ..EmMixtureSettings::default() };
        let blobs = made(DatasetName::ThreeBlobs);
        let selection = EmFit::<f32x4, 2>::select(&blobs, &settings, 1..=5, Criterion::Bic).unwrap();
        assert_eq!(selection.components, 3, "{:?}", selection.candidates);
        assert_eq!(recovered(&selection.fit), 3);
    }
    let error = EmFit::<f32x4, 2>::select(&faithful, &settings, 0..=3, Criterion::Aic).err().unwrap();
    assert_eq!(error.code(), "setting");
    let error = EmFit::<f32x4, 2>::select(&faithful, &settings, 270..=300, Criterion::Aic).err();
    assert_eq!(error, Some(Error::TooManyComponents { components: 273, points: 272 }));
}

pub fn unusable_weights_get_a_sentence() {
    let data = || plane((0..20).map(f64::from).collect());
    for (weights, code) in [
        (vec![1.0; 9], "weight-count"),
        (vec![-1.0; 10], "weight"),
        (vec![f64::NAN; 10], "weight"),
        (vec![0.0; 10], "no-weight"),
    ] {
        let error = data().with_weights(weights).unwrap_err();
        assert_eq!(error.code(), code);
        assert!(error.to_string().ends_with('.'), "{error}");
    }
    let settings = EmMixtureSettings { components: 3, ..EmMixtureSettings::default() };
    let two = data().with_weights((0..10).map(|i| if i < 2 { 1.0 } else { 0.0 }).collect()).unwrap();
    assert_eq!(
        EmFit::<f32x4, 2>::new(&two, &settings).err(),
        Some(Error::TooManyComponents { components: 3, points: 2 })
    );
    for scale in [1e-40, 1e-29, 1e-12, 1e12, 1e29, 1e40] {
        let scaled = data().with_weights(vec![scale; 10]).unwrap();
        match EmFit::<f32x4, 2>::fitted(&scaled, &settings) {
            Ok(fit) => {
                let plain = EmFit::<f32x4, 2>::fitted(&data(), &settings).unwrap();
                let (end, expected) = (*fit.history().last().unwrap(), *plain.history().last().unwrap());
                assert!((end - expected).abs() < 1e-4, "{scale:e}: {end} instead of {expected}");
            }
            Err(error) => assert_eq!(error.code(), "weight-spread", "{scale:e}"),
        }
    }
}
