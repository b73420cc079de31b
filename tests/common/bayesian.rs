//! Bayesian mixtures as a visitor runs them.

use gaussian_playground::dataset::{Axis, Dataset, recipe};
use gaussian_playground::error::Error;
use gaussian_playground::experiment::{BayesianMixtureFit, Experiment, Fit, FitState};
use gaussian_playground::models::bayesian_mixture::{Posterior, Priors, SMALLEST};
use gaussian_playground::settings::{
    BayesianMethod, BayesianMixtureSettings, DatasetName, ExperimentName, LabelOrder, NumberList, Positivity,
    Precision, Standardization, Value,
};

const METHODS: [BayesianMethod; 2] = [BayesianMethod::Sampled, BayesianMethod::CoordinateAscent];

pub fn points(values: &[f64], dimension: usize) -> Dataset {
    Dataset::new("test", vec![Axis::unitless("x"); dimension], values.to_vec()).unwrap()
}

fn clusters() -> Dataset {
    recipe(DatasetName::ThreeClusters).unwrap().make("test", 3)
}

fn settings(method: BayesianMethod) -> BayesianMixtureSettings {
    BayesianMixtureSettings { method, tolerance: 0.0, ..BayesianMixtureSettings::default() }
}

fn run(fit: &mut BayesianMixtureFit, steps: usize) {
    for _ in 0..steps {
        fit.step();
    }
}

fn bits(fit: &BayesianMixtureFit) -> Vec<u64> {
    let rows = fit.history().rows.iter().flatten().copied();
    fit.posterior().to_flat().into_iter().chain(rows).map(f64::to_bits).collect()
}

pub fn restored_bayesian_mixtures_go_on_bit_for_bit() {
    let data = clusters();
    let sampled = |positivity| BayesianMixtureSettings {
        positivity,
        // Neither divides the number of points.
        batch_size: 70,
        learning_rate: 0.02,
        ..settings(BayesianMethod::Sampled)
    };
    let ascent = |precision| BayesianMixtureSettings { precision, ..settings(BayesianMethod::CoordinateAscent) };
    for settings in [
        sampled(Positivity::Projection),
        sampled(Positivity::Softplus),
        ascent(Precision::Single),
        ascent(Precision::Double),
    ] {
        let mut fit = BayesianMixtureFit::new(&data, &settings).unwrap();
        run(&mut fit, 100);
        let snapshot = fit.snapshot();
        run(&mut fit, 100);
        assert_eq!((fit.iteration(), fit.state()), (200, &FitState::Running));
        let end = bits(&fit);
        fit.restore(&snapshot).unwrap();
        assert_eq!(fit.iteration(), 100);
        assert_ne!(bits(&fit), end);
        run(&mut fit, 100);
        assert_eq!(bits(&fit), end, "{settings:?}");
        // And in a fit of its own.
        let mut other = BayesianMixtureFit::new(&data, &settings).unwrap();
        other.restore(&snapshot).unwrap();
        run(&mut other, 100);
        assert_eq!(bits(&other), end, "{settings:?}");
    }
}

pub fn foreign_snapshots_are_refused() {
    let data = clusters();
    for method in METHODS {
        let mut fit = BayesianMixtureFit::new(&data, &settings(method)).unwrap();
        run(&mut fit, 3);
        let before = bits(&fit);
        let mut others = vec![];
        for other in METHODS {
            for components in [3, 4] {
                if (other, components) != (method, 3) {
                    let settings = BayesianMixtureSettings { components, ..settings(other) };
                    others.push(BayesianMixtureFit::new(&data, &settings).unwrap().snapshot());
                }
            }
        }
        let mut broken = fit.snapshot();
        broken.history.rows[0][0] = f64::NAN;
        others.push(broken);
        for snapshot in others {
            assert_eq!(fit.restore(&snapshot), Err(Error::ForeignSnapshot));
            assert_eq!(bits(&fit), before);
        }
    }
}

/// Coordinate ascent's own bound, from random starts on random data, in one to three dimensions.
pub fn the_bound_never_falls() {
    use gaussian_playground::numeric::random::{Purpose, Stream};
    for seed in 0..60 {
        let mut stream = Stream::new(seed, Purpose::Data);
        let (dimension, count) = (1 + stream.index(3), 2 + stream.index(200));
        let spread = libm::exp(3.0 * stream.normal());
        let values: Vec<f64> = (0..count * dimension)
            .map(|i| spread * (stream.normal() + 4.0 * ((i / dimension) % 3) as f64) + 10.0)
            .collect();
        let settings = BayesianMixtureSettings {
            components: 1 + seed as u32 % 7,
            seed: seed as u32,
            precision: Precision::Double,
            prior_scale: libm::exp(stream.normal()),
            prior_concentration: libm::exp(2.0 * stream.normal()),
            prior_rate: libm::exp(2.0 * stream.normal()),
            prior_shape: libm::exp(2.0 * stream.normal()),
            ..settings(BayesianMethod::CoordinateAscent)
        };
        let mut fit = BayesianMixtureFit::new(&points(&values, dimension), &settings).unwrap();
        run(&mut fit, 60);
        assert_eq!(*fit.state(), FitState::Running, "{seed}");
        assert_eq!(fit.history().rows.len(), 61);
        for pair in fit.history().rows.windows(2) {
            let (before, after) = (pair[0][0], pair[1][0]);
            assert!(after <= before + 1e-12 * before.abs().max(1.0), "{seed}: {before} rose to {after}");
        }
        assert!(fit.history().rows[60][0] < fit.history().rows[0][0]);
    }
}

/// A Bayesian mixture needs no point for each component: those without any stay where their prior puts them.
pub fn more_components_than_points_rest_at_their_prior() {
    let data = points(&[0.0, 0.0, 1.0, 1.0, 5.0, 5.0], 2);
    for method in METHODS {
        let settings = BayesianMixtureSettings { components: 6, ..settings(method) };
        let mut fit = BayesianMixtureFit::new(&data, &settings).unwrap();
        run(&mut fit, 500);
        assert!(fit.posterior().check(2).is_ok());
        assert!(fit.score(200).is_finite());
        assert!(!matches!(fit.state(), FitState::Failed(_)), "{:?}", fit.state());
    }
    let settings = BayesianMixtureSettings { components: 6, ..settings(BayesianMethod::CoordinateAscent) };
    let mut fit = BayesianMixtureFit::new(&data, &settings).unwrap();
    run(&mut fit, 500);
    let total: f64 = fit.posterior().counts.iter().sum();
    assert!((total - (6.0 * 2.0 + 3.0)).abs() < 1e-5, "prior counts and points, {total}");
}

/// Points so close together that σ would go to 0 without a prior, and a single component: no spread is needed between them.
pub fn one_component_and_tight_points_stay_finite() {
    for values in [vec![3.0, 3.0, 3.0, 3.0 + 1e-9], vec![1e-20, 0.0, 2e-20, 5e-20]] {
        for method in METHODS {
            let settings = BayesianMixtureSettings {
                components: 1,
                learning_rate: 0.1,
                prior_shape: 1e-3,
                prior_rate: 1e-6,
                ..settings(method)
            };
            let mut fit = BayesianMixtureFit::new(&points(&values, 1), &settings).unwrap();
            run(&mut fit, 400);
            let posterior = fit.posterior();
            assert!(posterior.check(1).is_ok(), "{posterior:?}");
            assert!(posterior.beta[0] >= SMALLEST);
            assert!(fit.history().rows.iter().flatten().all(|value| value.is_finite()));
            assert!(!matches!(fit.state(), FitState::Failed(_)), "{:?}", fit.state());
        }
    }
}

/// Data far from the origin with the prior there: nothing but the place differs.
pub fn starts_and_priors_are_in_the_units_of_the_data() {
    let data = clusters();
    for method in METHODS {
        let settings = BayesianMixtureSettings { precision: Precision::Double, ..settings(method) };
        let mut fit = BayesianMixtureFit::new(&data, &settings).unwrap();
        let start = Posterior::start(3, 2, u64::from(settings.seed));
        let same = fit.posterior().to_flat().iter().zip(start.to_flat()).all(|(a, b)| (a - b).abs() < 1e-14);
        assert!(same, "starts are shifted");
        let shifted: Vec<f64> = data.values().iter().map(|value| value + 1000.0).collect();
        let mut moved = start;
        moved.locs.iter_mut().for_each(|loc| *loc += 1000.0);
        let priors = Priors::uniform(3, 2, (1000.0, 1.0), (5.0, 5.0), 2.0);
        let mut far = BayesianMixtureFit::from_parameters(&points(&shifted, 2), &settings, moved, priors).unwrap();
        run(&mut fit, 20);
        run(&mut far, 20);
        let (near, far) = (fit.posterior(), far.posterior());
        assert!(near.locs.iter().zip(&far.locs).all(|(a, b)| (a + 1000.0 - b).abs() < 1e-7));
        assert!(near.alpha.iter().zip(&far.alpha).all(|(a, b)| (a - b).abs() < 1e-7));
    }
}

const STANDARDIZED: [Standardization; 3] =
    [Standardization::UnitSquare, Standardization::UnitVariance, Standardization::PerColumn];

/// Data as standardized, with the origin and the factor of each column, computed here.
pub fn scaled_by_hand(data: &Dataset, standardize: Standardization) -> (Dataset, Vec<(f64, f64)>) {
    let dimension = data.dimension();
    let (mean, covariance) = (data.mean(), data.covariance());
    let variance = |axis: usize| covariance[axis * (dimension + 1)];
    let whole: f64 = (0..dimension).map(variance).sum();
    let columns: Vec<(f64, f64)> = (0..dimension)
        .map(|axis| {
            let (low, high) = data.range(axis);
            match standardize {
                Standardization::None => (0.0, 1.0),
                Standardization::UnitSquare => (low, high - low),
                Standardization::UnitVariance => (mean[axis], (whole / dimension as f64).sqrt()),
                Standardization::PerColumn => (mean[axis], variance(axis).sqrt()),
            }
        })
        .collect();
    let place = |(i, value): (usize, &f64)| (value - columns[i % dimension].0) / columns[i % dimension].1;
    let values = data.values().iter().enumerate().map(place).collect();
    (Dataset::new("test", data.axes().to_vec(), values).unwrap(), columns)
}

/// Old Faithful in its own units, its columns of very different width, in one to three dimensions.
fn faithful(dimension: usize) -> Dataset {
    let data = recipe(DatasetName::OldFaithful).unwrap().make("test", 3);
    let rows = data.values().chunks_exact(2).map(|point| [point[1], point[0], point[0] * point[1] - 900.0]);
    points(&rows.flat_map(|row| row[..dimension].to_vec()).collect::<Vec<_>>(), dimension)
}

/// A posterior or priors of scaled data, in the units of the data.
fn unscaled(mut posterior: Posterior, columns: &[(f64, f64)]) -> Posterior {
    for i in 0..posterior.locs.len() {
        let (origin, scale) = columns[i % columns.len()];
        posterior.locs[i] = origin + scale * posterior.locs[i];
        posterior.scales[i] *= scale;
        posterior.beta[i] *= scale * scale;
    }
    posterior
}

fn assert_close(found: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len());
    for (a, b) in found.iter().zip(expected) {
        assert!((a - b).abs() <= tolerance * b.abs().max(1.0), "{a} {b}");
    }
}

pub fn standardized_mixtures_are_those_of_scaled_data() {
    for (standardize, dimension) in STANDARDIZED.into_iter().zip([2, 3, 1]).chain([(Standardization::PerColumn, 2)]) {
        let data = faithful(dimension);
        let (scaled, columns) = scaled_by_hand(&data, standardize);
        let log_volume: f64 = columns.iter().map(|(_, scale)| scale.ln()).sum();
        for method in METHODS {
            let raw = BayesianMixtureSettings { learning_rate: 0.02, precision: Precision::Double, ..settings(method) };
            let mut plain = BayesianMixtureFit::new(&scaled, &raw).unwrap();
            let standardized = BayesianMixtureSettings { standardize, ..raw };
            let mut fit = BayesianMixtureFit::new(&data, &standardized).unwrap();
            run(&mut fit, 40);
            run(&mut plain, 40);
            let posterior = fit.posterior();
            assert_close(&posterior.to_flat(), &unscaled(plain.posterior(), &columns).to_flat(), 1e-9);
            for (found, expected) in fit.history().rows.iter().zip(&plain.history().rows) {
                let mut expected = expected.clone();
                expected[0] += log_volume;
                expected[1] += log_volume;
                assert_close(found, &expected, 1e-9);
            }
            assert_close(&[fit.score(50)], &[plain.score(50) + log_volume], 1e-9);

            // What a drawing sees is the density of the components in the units of the data.
            let components = fit.components();
            let density = |place: &[f64]| -> f64 {
                let normal = |mean: f64, variance: f64, x: f64| {
                    (-0.5 * (x - mean) * (x - mean) / variance).exp() / (std::f64::consts::TAU * variance).sqrt()
                };
                let one = |place: &[f64], k: usize| -> f64 {
                    let component = &components[k];
                    (0..dimension)
                        .map(|d| normal(component.mean[d], component.covariance[d * (dimension + 1)], place[d]))
                        .product()
                };
                (0..components.len()).map(|k| components[k].weight * one(place, k)).sum()
            };
            let mut seen = vec![];
            fit.visit_points(&mut |i, log_density, shares| {
                let expected = density(&data.values()[i * dimension..(i + 1) * dimension]).ln();
                assert_close(&[log_density], &[expected], 1e-9);
                seen.push((log_density, shares[0]));
            });
            assert_eq!(seen.len(), data.count());
            fit.visit_at(data.count(), &|i, axis| data.coordinate(i, axis), &mut |i, log_density, shares| {
                assert_close(&[log_density, shares[0]], &[seen[i].0, seen[i].1], 1e-12);
            });
            let colours = [[1.0; 3], [0.0; 3], [0.0; 3]];
            fit.blend_points(&colours, &mut |i, log_density, blend| {
                assert_close(&[log_density], &[seen[i].0], 1e-12);
                assert!((f64::from(blend[1]) - seen[i].1).abs() < 1e-6);
            });

            // And a snapshot goes on.
            let snapshot = fit.snapshot();
            run(&mut fit, 20);
            let end = bits(&fit);
            let mut other = BayesianMixtureFit::new(&data, &standardized).unwrap();
            other.restore(&snapshot).unwrap();
            run(&mut other, 20);
            assert_eq!(bits(&other), end);
        }
    }
}

/// Loss, bound and score of a standardized fit are those of the data as they are, under priors scaled to them.
pub fn a_standardized_bound_is_that_of_scaled_priors() {
    let data = faithful(2);
    for standardize in STANDARDIZED {
        let columns = scaled_by_hand(&data, standardize).1;
        let raw =
            BayesianMixtureSettings { precision: Precision::Double, ..settings(BayesianMethod::CoordinateAscent) };
        let start = unscaled(Posterior::start(3, 2, u64::from(raw.seed)), &columns);
        let priors = Priors(unscaled(Priors::of_the_source(3, 2).0, &columns));
        let mut plain = BayesianMixtureFit::from_parameters(&data, &raw, start, priors).unwrap();
        let mut fit = BayesianMixtureFit::new(&data, &BayesianMixtureSettings { standardize, ..raw }).unwrap();
        run(&mut fit, 40);
        run(&mut plain, 40);
        assert_close(&fit.posterior().to_flat(), &plain.posterior().to_flat(), 1e-8);
        for (found, expected) in fit.history().rows.iter().zip(&plain.history().rows) {
            assert_close(found, expected, 1e-9);
        }
        assert_close(&[fit.score(50)], &[plain.score(50)], 1e-9);
    }
}

pub fn constant_columns_and_wide_data_can_be_standardized() {
    let constant = points(&[0.0, 0.1, 5.0, 0.1, 6.0, 0.1, 9.0, 0.1], 2);
    let wide = points(&[-2e140, 1e140, 0.0, 3e140, 1e140, 0.0, 1.5e140, 1e139], 2);
    for standardize in STANDARDIZED {
        for method in METHODS {
            for data in [&constant, &wide] {
                let settings = BayesianMixtureSettings { standardize, components: 2, ..settings(method) };
                let mut fit = BayesianMixtureFit::new(data, &settings).unwrap();
                run(&mut fit, 50);
                assert!(!matches!(fit.state(), FitState::Failed(_)), "{:?}", fit.state());
                assert!(fit.posterior().check(2).is_ok(), "{:?}", fit.posterior());
                assert!(fit.score(20).is_finite());
                for component in fit.components() {
                    for axis in 0..2 {
                        let (low, high) = data.range(axis);
                        let room = 5.0 * (high - low).max(1.0);
                        assert!((low - room..=high + room).contains(&component.mean[axis]), "{component:?}");
                    }
                }
            }
            let endless = points(&[-1.7e308, 1.7e308], 1);
            let settings = BayesianMixtureSettings { standardize, ..settings(method) };
            assert!(matches!(BayesianMixtureFit::new(&endless, &settings), Err(Error::Spread { .. })));
        }
    }
}

pub fn unusable_parameters_get_a_sentence() {
    let data = clusters();
    let settings = settings(BayesianMethod::Sampled);
    let open = |start: Posterior, priors: Priors| {
        BayesianMixtureFit::from_parameters(&data, &settings, start, priors).map(|_| ()).unwrap_err()
    };
    let start = || Posterior::start(3, 2, 0);
    let mut nan = start();
    nan.beta[3] = f64::NAN;
    let error = open(nan, Priors::of_the_source(3, 2));
    assert_eq!(error.code(), "parameters");
    assert!(error.to_string().contains("the rate of the precision of component 2 in dimension 2"), "{error}");
    let mut negative = Priors::of_the_source(3, 2);
    negative.0.counts[0] = -1.0;
    assert!(open(start(), negative).to_string().contains("the count of component 1"));
    assert_eq!(open(start(), Priors::of_the_source(2, 2)).code(), "parameters");
    assert_eq!(open(Posterior::start(3, 1, 0), Priors::of_the_source(3, 2)).code(), "parameters");
    let huge = points(&[0.0, 1e200], 1);
    assert!(matches!(BayesianMixtureFit::new(&huge, &settings), Err(Error::Spread { .. })));
}

/// The source's learning rate of 0.05: without anything that keeps its parameters positive, as in the source, they turn
/// negative and the fit stops where all was still well; with either of the others it goes on.
pub fn a_learning_rate_that_diverges_stops_the_fit() {
    let data = clusters();
    let fit = |positivity, learning_rate| {
        let settings = BayesianMixtureSettings { positivity, learning_rate, ..settings(BayesianMethod::Sampled) };
        BayesianMixtureFit::new(&data, &settings).unwrap()
    };
    let mut free = fit(Positivity::Free, 0.05);
    run(&mut free, 3_000);
    let FitState::Failed(sentence) = free.state() else { panic!("{:?}", free.state()) };
    assert!(sentence.contains(" of component ") && sentence.contains("Lower the learning rate"), "{sentence}");
    assert!(sentence.starts_with(&format!("After iteration {}, ", free.iteration())), "{sentence}");
    assert!(free.posterior().check(2).is_ok() && free.score(50).is_finite());
    // A smaller rate takes it on from there.
    let adjusted = BayesianMixtureSettings {
        positivity: Positivity::Free,
        learning_rate: 1e-4,
        ..settings(BayesianMethod::Sampled)
    };
    let stopped = free.iteration();
    free.adjust(&adjusted);
    free.step();
    assert_eq!(free.iteration(), stopped + 1);

    for positivity in [Positivity::Projection, Positivity::Softplus] {
        let mut kept = fit(positivity, 0.05);
        run(&mut kept, 300);
        assert_eq!(*kept.state(), FitState::Running);
        // However large: steps of Adam are no larger than the rate, so that all stays a number or is noticed.
        let mut wild = fit(positivity, 1e200);
        run(&mut wild, 50);
        let FitState::Failed(sentence) = wild.state() else { panic!("{:?}", wild.state()) };
        assert!(sentence.contains("no longer a finite number"), "{sentence}");
        assert!(wild.posterior().to_flat().iter().all(|value| value.is_finite()));
    }
}

pub fn settings_act_on_the_running_bayesian_mixture() {
    let data = clusters();
    let mut fit =
        BayesianMixtureFit::new(&data, &BayesianMixtureSettings { epochs: 2, ..settings(BayesianMethod::Sampled) })
            .unwrap();
    run(&mut fit, 100);
    assert_eq!((fit.iteration(), fit.state()), (12, &FitState::Exhausted));
    assert_eq!(fit.history().iterations, [0, 6, 12]);
    fit.adjust(&BayesianMixtureSettings { epochs: 3, ..settings(BayesianMethod::Sampled) });
    run(&mut fit, 100);
    assert_eq!(fit.iteration(), 18);

    let with = |tolerance, max_iterations| BayesianMixtureSettings {
        tolerance,
        max_iterations,
        precision: Precision::Double,
        ..settings(BayesianMethod::CoordinateAscent)
    };
    let mut fit = BayesianMixtureFit::new(&data, &with(1e-7, 1_000)).unwrap();
    run(&mut fit, 1_000);
    assert_eq!(*fit.state(), FitState::Converged);
    let converged = fit.iteration();
    fit.adjust(&with(1e-10, 1_000));
    run(&mut fit, 1);
    assert_eq!(fit.iteration(), converged + 1);
    fit.adjust(&with(0.0, 5));
    assert_eq!(*fit.state(), FitState::Exhausted);

    // What a drawing needs.
    let weights: f64 = fit.components().iter().map(|component| component.weight).sum();
    assert!((weights - 1.0).abs() < 1e-12);
    let mut densities = vec![];
    fit.visit_at(2, &|i, _| [0.0, 100.0][i], &mut |_, density, shares| {
        assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        densities.push(density);
    });
    assert!(densities[0] > -10.0 && densities[1] < -1_000.0, "{densities:?}");
}

/// The negative ELBO is the sum of its parts, of both methods and standardized, too.
pub fn the_parts_add_up() {
    for method in METHODS {
        let settings = BayesianMixtureSettings { standardize: Standardization::UnitVariance, ..settings(method) };
        let mut fit = BayesianMixtureFit::new(&clusters(), &settings).unwrap();
        run(&mut fit, 12);
        assert_eq!(BayesianMixtureFit::CURVES.len(), 5);
        for row in &fit.history().rows {
            assert!((row[0] - row[1..].iter().sum::<f64>()).abs() < 1e-12, "{row:?}");
            // The weights start at their prior.
            assert!(row[2..4].iter().all(|part| *part > 0.0) && row[4] > -1e-12, "{row:?}");
        }
        if method == BayesianMethod::CoordinateAscent {
            // Near the optimum, what is drawn explains the points better than draws from the posterior do.
            run(&mut fit, 40);
            let likelihood = fit.history().last().unwrap()[1];
            assert!(fit.likelihood_at_means() > -likelihood, "{likelihood}");
        }
    }
}

fn swap(fit: &mut BayesianMixtureFit) -> (f64, f64) {
    Fit::swap(fit, 0, 2).unwrap()
}

/// Two components change their labels: all of them goes along, and no number that is shown changes a digit.
pub fn labels_can_be_swapped() {
    let data = clusters();
    for method in METHODS {
        let settings = BayesianMixtureSettings { learning_rate: 0.02, ..settings(method) };
        let mut fit = BayesianMixtureFit::new(&data, &settings).unwrap();
        run(&mut fit, 50);
        let (before, row) = (fit.posterior(), fit.history().last().unwrap().to_vec());
        let at_means = fit.likelihood_at_means();
        let (from, to) = swap(&mut fit);
        assert_eq!(from.to_bits(), to.to_bits());
        assert_eq!(fit.posterior(), before.relabelled(&[2, 1, 0]));
        assert_eq!(fit.history().last().unwrap(), row);
        assert!((fit.likelihood_at_means() - at_means).abs() < 1e-6);
        // It goes on from there, bit for bit the same after a snapshot, and back again it is where it was.
        let snapshot = fit.snapshot();
        run(&mut fit, 10);
        let end = bits(&fit);
        fit.restore(&snapshot).unwrap();
        run(&mut fit, 10);
        assert_eq!(bits(&fit), end);
        fit.restore(&snapshot).unwrap();
        swap(&mut fit);
        assert_eq!(fit.posterior(), before);
        assert!(Fit::swap(&mut fit, 0, 3).is_err());
    }
    // Coordinate ascent has no draws of its own: the swapped fit is the same fit but for rounding.
    let settings =
        BayesianMixtureSettings { precision: Precision::Double, ..self::settings(BayesianMethod::CoordinateAscent) };
    let mut fit = BayesianMixtureFit::new(&data, &settings).unwrap();
    let mut other = BayesianMixtureFit::new(&data, &settings).unwrap();
    run(&mut fit, 5);
    run(&mut other, 5);
    swap(&mut other);
    run(&mut fit, 20);
    run(&mut other, 20);
    assert_close(&other.posterior().to_flat(), &fit.posterior().relabelled(&[2, 1, 0]).to_flat(), 1e-9);
}

/// With priors of their own, components are no longer interchangeable: the score tells.
pub fn different_priors_tell_labels_apart() {
    let settings = BayesianMixtureSettings {
        prior_means: NumberList::new(&[-2.0, -4.0, 2.0, 0.0, -2.0, 4.0]),
        // A thousand points with a σ of 1 say as much as a scale of 0.03: this one says more, whatever the start.
        prior_scale: 0.01,
        ordering: LabelOrder::First,
        ..settings(BayesianMethod::CoordinateAscent)
    };
    let mut fit = BayesianMixtureFit::new(&clusters(), &settings).unwrap();
    run(&mut fit, 60);
    let locs = fit.posterior().locs;
    assert!(locs[1] < -3.0 && locs[3].abs() < 1.0 && locs[5] > 3.0, "each is where its prior is: {locs:?}");
    let rows = fit.history().last().unwrap()[0];
    let (before, after) = swap(&mut fit);
    assert!(after > before + 1e-3, "{before} {after}");
    assert!(fit.history().last().unwrap()[0] > rows + 1e-3);
    assert_ne!(fit.posterior().locs, locs, "no order puts them back");
}

pub fn an_order_is_kept() {
    let data = clusters();
    let x_sorted = |fit: &BayesianMixtureFit| fit.posterior().locs.chunks(2).map(|loc| loc[0]).is_sorted();
    for method in METHODS {
        let with = |ordering| BayesianMixtureSettings { ordering, learning_rate: 0.05, ..settings(method) };
        let mut fit = BayesianMixtureFit::new(&data, &with(LabelOrder::First)).unwrap();
        assert!(x_sorted(&fit));
        for _ in 0..200 {
            fit.step();
            assert!(x_sorted(&fit));
        }
        let (before, after) = swap(&mut fit);
        assert!(before.to_bits() == after.to_bits() && x_sorted(&fit), "the order puts them back");
        fit.adjust(&with(LabelOrder::Weight));
        assert!(fit.posterior().counts.iter().rev().is_sorted());
        fit.adjust(&with(LabelOrder::None));
        swap(&mut fit);
        assert!(!fit.posterior().counts.iter().rev().is_sorted());
    }
}

/// A swap is a step off the path, and the fit goes on from there; before it, all is as it was.
pub fn a_swap_is_an_edit_that_can_be_gone_back_behind() {
    let mut experiment = Experiment::new(ExperimentName::BayesianMixture).unwrap();
    experiment.step(30);
    let before = experiment.report().components;
    let swapped = experiment.swap(0, 1).unwrap();
    assert_eq!(swapped.before.to_bits(), swapped.after.to_bits());
    let report = experiment.report();
    assert!(report.edited);
    assert_eq!((&report.components[0], &report.components[1]), (&before[1], &before[0]));
    experiment.step(10);
    let after = experiment.report().components;
    experiment.seek(20);
    while experiment.is_busy() {
        experiment.poll();
    }
    assert!(!experiment.report().edited);
    experiment.seek(40);
    while experiment.is_busy() {
        experiment.poll();
    }
    assert_eq!(experiment.report().components, after);
    assert!(experiment.swap(0, 9).is_err());
}

/// Weight goes from one to another, and the rest keeps its own.
pub fn weight_can_be_shared_otherwise() {
    let mut experiment = Experiment::new(ExperimentName::BayesianMixture).unwrap();
    experiment.step(30);
    let weights = |experiment: &mut Experiment| -> Vec<f64> {
        experiment.report().components.iter().map(|component| component.weight).collect()
    };
    let before = weights(&mut experiment);
    experiment.share_weight(0, 2, 0.25).unwrap();
    let after = weights(&mut experiment);
    assert_close(&after, &[0.25 * (before[0] + before[2]), before[1], 0.75 * (before[0] + before[2])], 1e-9);
    assert!(experiment.share_weight(0, 7, 0.5).is_err());
}

/// Lists of priors come by name, and a wrong length gets a sentence and the common prior.
pub fn lists_of_priors_are_settings() {
    let mut experiment = Experiment::new(ExperimentName::BayesianMixture).unwrap();
    let set = |experiment: &mut Experiment, text: &str| {
        experiment.configure(&[("priorScales".to_owned(), Value::Text(text.to_owned()))])
    };
    let configured = set(&mut experiment, "2, 2, 0.1").unwrap();
    assert!(configured.restarted && configured.notices.is_empty(), "{:?}", configured.notices);
    assert_eq!(configured.settings.get("priorScales"), Some(Value::Text("2,2,0.1".to_owned())));
    let configured = set(&mut experiment, "2, 2").unwrap();
    assert!(configured.notices[0].starts_with("Prior scales: 2 numbers for 3 components"), "{:?}", configured.notices);
    let opened = experiment.open(&[("priorShapes".to_owned(), Value::Text("1,2".to_owned()))], &[], &[]);
    assert!(opened.notices[0].starts_with("Prior shapes: 2 numbers"), "{:?}", opened.notices);
    assert!(set(&mut experiment, "wide").is_err());
}
