//! The sum of Gaussians as a visitor fits it, and what bad input does to it.

use gaussian_playground::dataset::generators::sum_of_gaussians::make;
use gaussian_playground::dataset::{Axis, Regression, Samples};
use gaussian_playground::error::Error;
use gaussian_playground::experiment::{
    ComponentStatus, EngineSnapshot, Experiment, Fit, FitState, Method, Placed, SumOfGaussiansFit,
    SumOfGaussiansOptions,
};
use gaussian_playground::models::sum_of_gaussians::{CovarianceForm, Parameters, Penalties};
use gaussian_playground::numeric::lanes::Lanes;
use gaussian_playground::numeric::random::{Purpose, Stream};
use gaussian_playground::optimizers::Rule;
use gaussian_playground::settings::{
    ExperimentName, FactorShape, FactorStart, SumOfGaussiansDataset, SumOfGaussiansInitialization,
    SumOfGaussiansOptimizer, SumOfGaussiansSettings,
};
use nalgebra::{SMatrix, SVector};
use wide::{f32x4, f64x2};

use super::fits::text;

type Single = SumOfGaussiansFit<f32x4, 2>;
type Double = SumOfGaussiansFit<f64x2, 2>;

fn four() -> Regression {
    make(SumOfGaussiansDataset::FourGaussians, 1, 0.0).unwrap()
}

/// The first `count` training samples of the source's problem, and its test samples.
fn some(count: usize) -> Regression {
    let data = four();
    let train =
        Samples { inputs: data.train().inputs[..2 * count].to_vec(), targets: data.train().targets[..count].to_vec() };
    Regression::new("some", data.axes().to_vec(), data.target().clone(), train, data.test().clone()).unwrap()
}

fn plane(inputs: Vec<f64>, targets: Vec<f64>) -> Result<Regression, Error> {
    let axes = vec![Axis::unitless("x"), Axis::unitless("y")];
    Regression::new("own", axes, Axis::unitless("z"), Samples { inputs, targets }, Samples::default())
}

fn settings(change: impl Fn(&mut SumOfGaussiansSettings)) -> SumOfGaussiansSettings {
    let mut settings = SumOfGaussiansSettings::default();
    change(&mut settings);
    settings
}

fn finite<L: Lanes, const D: usize>(fit: &SumOfGaussiansFit<L, D>) -> bool {
    let parameters = fit.parameters();
    parameters.amplitudes.iter().all(|value| value.is_finite())
        && parameters.means.iter().all(|mean| mean.iter().all(|value| value.is_finite()))
        && parameters.factors.iter().all(|factor| factor.iter().all(|value| value.is_finite()))
        && fit.history().rows.iter().all(|row| row[0].is_finite() && row[1].is_finite())
}

/// Runs until it stops, at most so many steps; returns the sentence of a fit that failed.
fn fail<L: Lanes, const D: usize>(fit: &mut SumOfGaussiansFit<L, D>, steps: usize) -> String {
    for _ in 0..steps {
        fit.step();
    }
    match fit.state() {
        FitState::Failed(reason) => reason.clone(),
        state => panic!("it is {state:?} after {} iterations", fit.iteration()),
    }
}

pub fn every_optimizer_lowers_the_loss() {
    let data = some(2_000);
    for (optimizer, learning_rate) in [
        (SumOfGaussiansOptimizer::Adam, 1e-2),
        (SumOfGaussiansOptimizer::Momentum, 1e-3),
        (SumOfGaussiansOptimizer::Sgd, 1e-2),
    ] {
        let settings = settings(|s| {
            s.optimizer = optimizer;
            s.learning_rate = learning_rate;
            s.epochs = 20;
        });
        let mut fit = Single::new(&data, &settings).unwrap();
        let first = fit.history().last().unwrap().to_vec();
        while *fit.state() == FitState::Running {
            fit.step();
        }
        assert_eq!((fit.state(), fit.epoch(), fit.iteration()), (&FitState::Exhausted, 20, 20 * 63));
        assert_eq!(fit.history().iterations.len(), 21, "iteration 0 and the end of each epoch");
        assert_eq!(fit.history().iterations[2], 126);
        let last = fit.history().last().unwrap();
        assert!(last.iter().zip(&first).all(|(last, first)| *last < 0.9 * first), "{optimizer:?}: {first:?} {last:?}");
        // The loss is the error with the penalties on top.
        let parameters = fit.parameters();
        let penalty = 1e-3 * parameters.amplitudes.iter().map(|a| a.abs()).sum::<f64>();
        assert!(last[0] > last[1] + penalty && last[0] < last[1] + penalty + 1.0);
        assert!(parameters.amplitudes.iter().all(|&amplitude| amplitude >= 0.0));
    }
}

/// The history's errors are those of the predictions.
pub fn predictions_give_the_recorded_errors() {
    let data = some(500);
    let settings = settings(|s| s.epochs = 2);
    let mut fit = Double::new(&data, &settings).unwrap();
    for _ in 0..100 {
        fit.step();
    }
    let (mut train, mut test) = (0.0, 0.0);
    for (samples, sum) in [(data.train(), &mut train), (data.test(), &mut test)] {
        let mut seen = 0;
        fit.predict(samples.count(), |i, d| samples.inputs[2 * i + d], &mut |i, prediction| {
            assert_eq!(i, seen);
            seen += 1;
            *sum += (prediction - samples.targets[i]) * (prediction - samples.targets[i]) / samples.count() as f64;
        });
        assert_eq!(seen, samples.count());
    }
    let row = fit.history().last().unwrap();
    assert!((row[1] / train - 1.0).abs() < 1e-12 && (row[2] / test - 1.0).abs() < 1e-12, "{row:?} {train} {test}");
    // And the predictions are those of the formula.
    let (parameters, covariances) = (fit.parameters(), fit.covariances());
    fit.predict(1, |_, d| [1.0, -2.0][d], &mut |_, prediction| {
        let x = SVector::from([1.0, -2.0]);
        let sum: f64 = (0..6)
            .map(|k| {
                let offset = x - parameters.means[k];
                let solved = covariances[k].cholesky().unwrap().solve(&offset);
                parameters.amplitudes[k] * (-0.5 * offset.dot(&solved)).exp()
            })
            .sum();
        assert!((prediction - sum).abs() < 1e-12);
    });
}

fn run_on<L: Lanes>(settings: &SumOfGaussiansSettings, data: &Regression) {
    let mut straight = SumOfGaussiansFit::<L, 2>::new(data, settings).unwrap();
    let step = |fit: &mut SumOfGaussiansFit<L, 2>, count: usize| (0..count).for_each(|_| fit.step());
    step(&mut straight, 100);
    let middle = straight.snapshot();
    step(&mut straight, 100);
    assert_eq!(straight.iteration(), 200);
    let end = straight.snapshot();
    straight.restore(&middle).unwrap();
    assert_eq!(straight.snapshot(), middle);
    step(&mut straight, 100);
    assert_eq!(straight.snapshot(), end, "the same fit goes back");
    let mut resumed = SumOfGaussiansFit::<L, 2>::new(data, settings).unwrap();
    step(&mut resumed, 7);
    // What is in force comes with the snapshot.
    let mut other = settings.clone();
    (other.learning_rate, other.spread, other.amplitude_l1, other.non_negative) = (0.5, 2.0, 1.0, false);
    resumed.adjust(&other);
    let text = serde_json::to_string(&middle).unwrap();
    resumed.restore(&serde_json::from_str(&text).unwrap()).unwrap();
    step(&mut resumed, 100);
    assert_eq!(resumed.snapshot(), end, "another fit takes it over");
}

pub fn a_restored_sum_goes_on_bit_for_bit() {
    // 1,000 samples in batches of 30: iteration 100 is in the middle of an epoch, and 3 components are pruned by then.
    let data = some(1_000);
    for optimizer in [SumOfGaussiansOptimizer::Adam, SumOfGaussiansOptimizer::Momentum, SumOfGaussiansOptimizer::Sgd] {
        let settings = settings(|s| {
            s.optimizer = optimizer;
            s.learning_rate = 1e-3;
            s.batch_size = 30;
            s.prune_every = 30;
            s.prune_to = 2;
        });
        run_on::<f32x4>(&settings, &data);
        run_on::<f64x2>(&settings, &data);
    }
    run_on::<f32x4>(&settings(|s| s.batch_size = 65_536), &some(200));
}

pub fn foreign_snapshots_of_sums_are_refused() {
    let data = some(100);
    let mut fit = Single::new(&data, &settings(|_| {})).unwrap();
    (0..5).for_each(|_| fit.step());
    let good = fit.snapshot();
    let other = Single::new(&data, &settings(|s| s.components = 5)).unwrap().snapshot();
    let mut spoilt = vec![other];
    let mut spoil = |change: &dyn Fn(&mut gaussian_playground::experiment::SumOfGaussiansSnapshot)| {
        let mut snapshot = good.clone();
        change(&mut snapshot);
        spoilt.push(snapshot);
    };
    spoil(&|s| s.means[3] = f64::NAN);
    spoil(&|s| s.amplitudes[0] = 1e30);
    spoil(&|s| s.factors.truncate(3));
    spoil(&|s| s.active.fill(false));
    spoil(&|s| s.learning_rate = f64::INFINITY);
    spoil(&|s| s.history.rows.clear());
    spoil(&|s| s.history.rows[0][0] = f64::NAN);
    spoil(&|s| {
        let EngineSnapshot::Batches { place, .. } = &mut s.engine else { panic!("it goes by gradients") };
        *place = 7;
    });
    spoil(&|s| {
        let EngineSnapshot::Batches { place, .. } = &mut s.engine else { panic!("it goes by gradients") };
        *place = 320;
    });
    spoil(&|s| {
        let EngineSnapshot::Batches { optimizer, .. } = &mut s.engine else { panic!("it goes by gradients") };
        optimizer.first.pop();
    });
    for snapshot in spoilt {
        assert_eq!(fit.restore(&snapshot), Err(Error::ForeignSnapshot));
        assert_eq!(fit.snapshot(), good, "nothing changed");
    }
}

/// One parameter set, wide enough that its gradient tells which samples were in a batch.
fn one_wide(batch_size: usize, rule: Rule) -> SumOfGaussiansOptions {
    SumOfGaussiansOptions {
        form: CovarianceForm { shape: FactorShape::Full, epsilon: 1e-6 },
        penalties: Penalties::default(),
        non_negative: false,
        method: Method::Gradient(rule),
        learning_rate: 1.0,
        batch_size,
        epochs: 1_000,
        seed: 3,
        prune_every: 0,
        prune_to: 1,
    }
}

pub fn each_epoch_takes_each_sample_once_in_a_new_order() {
    // A Gaussian so wide that it is 1 everywhere, of amplitude 0 and held there by a tiny rate: its amplitude's gradient over a
    // batch is −2 · mean(y), which with targets 2^i names the samples of the batch.
    let count = 11;
    let inputs = (0..count).flat_map(|i| [f64::from(i) / 10.0, 0.0]).collect();
    let targets: Vec<f64> = (0..count).map(|i| f64::from(1 << i)).collect();
    let data = plane(inputs, targets).unwrap();
    let start = Parameters::<2> {
        amplitudes: vec![0.0],
        means: vec![SVector::zeros()],
        factors: vec![SMatrix::identity() * 1e12],
    };
    let rate = 2f64.powi(-60);
    let options = SumOfGaussiansOptions { learning_rate: rate, ..one_wide(4, Rule::Sgd) };
    let mut fit = Double::from_parameters(&data, start, options).unwrap();
    let mut orders = Vec::new();
    for epoch in 0..5 {
        let mut seen = Vec::new();
        for batch in 0..3 {
            let size = if batch == 2 { 3.0 } else { 4.0 };
            let before = fit.parameters().amplitudes[0];
            fit.step();
            let moved = fit.parameters().amplitudes[0] - before;
            let members = (moved / rate * size / 2.0).round() as u32;
            assert_eq!(members.count_ones(), size as u32, "{members:b}");
            seen.push(members);
        }
        assert_eq!(seen.iter().sum::<u32>(), (1 << count) - 1, "each sample once: {seen:?}");
        assert_eq!(fit.epoch(), epoch + 1);
        orders.push(seen);
    }
    orders.dedup();
    assert_eq!(orders.len(), 5, "each epoch has its own order");
}

pub fn pruning_removes_the_least_for_good() {
    // Three Gaussians, of which the second does nearly nothing and the third half of what the first does.
    let data = some(1_000);
    let truth: Vec<f64> = data
        .train()
        .inputs
        .chunks_exact(2)
        .map(|x| {
            let at = |centre: [f64; 2], height: f64| {
                height * (-0.5 * ((x[0] - centre[0]).powi(2) + (x[1] - centre[1]).powi(2))).exp()
            };
            at([-3.0, 0.0], 3.0) + at([4.0, 4.0], 0.02) + at([4.0, -4.0], 1.5)
        })
        .collect();
    let data = plane(data.train().inputs.clone(), truth).unwrap();
    let place = |x: f64, y: f64| SVector::from([x, y]);
    let start = Parameters::<2> {
        amplitudes: vec![3.0, 0.02, 1.5],
        means: vec![place(-3.0, 0.0), place(4.0, 4.0), place(4.0, -4.0)],
        factors: vec![SMatrix::identity(); 3],
    };
    let options = SumOfGaussiansOptions {
        learning_rate: 1e-4,
        prune_every: 10,
        prune_to: 1,
        penalties: Penalties { amplitude_l1: 1e-3, spread: 1.0 },
        ..one_wide(100, Rule::ADAM_KERAS)
    };
    let mut fit = Double::from_parameters(&data, start, options).unwrap();
    let contributions = fit.contributions().unwrap();
    // What a component adds is the mean square of itself where the fit is exact.
    let mse = fit.history().last().unwrap()[1];
    assert!(mse < 1e-9, "{mse}");
    assert!(contributions[0] > contributions[2] && contributions[2] > contributions[1], "{contributions:?}");
    let expected = std::f64::consts::PI * 9.0 / 256.0;
    assert!((contributions[0].unwrap() / expected - 1.0).abs() < 0.2, "{contributions:?} {expected}");
    (0..10).for_each(|_| fit.step());
    assert_eq!(fit.active(), [true, false, true]);
    let gone = fit.parameters();
    assert_eq!(gone.amplitudes[1], 0.0);
    let EngineSnapshot::Batches { optimizer, .. } = fit.snapshot().engine else { panic!("it goes by gradients") };
    assert_eq!((optimizer.first[1], optimizer.second[1], optimizer.first[5]), (0.0, 0.0, 0.0));
    assert_ne!(optimizer.first[0], 0.0);
    (0..9).for_each(|_| fit.step());
    let later = fit.parameters();
    assert_eq!((later.amplitudes[1], later.means[1], later.factors[1]), (0.0, gone.means[1], gone.factors[1]));
    assert_ne!(later.means[0], gone.means[0]);
    fit.step();
    assert_eq!(fit.active(), [true, false, false]);
    assert_eq!(fit.contributions().unwrap()[1..], [None, None]);
    (0..30).for_each(|_| fit.step());
    assert_eq!(fit.active(), [true, false, false], "one is left");
    assert!(fit.snapshot().active == fit.active() && finite(&fit));
}

fn check_divergence<L: Lanes>(data: &Regression, wild: &SumOfGaussiansSettings, flat: bool, named: &[&str]) {
    let mut fit = if flat {
        // So wide that only amplitudes feel the data: they swing ever further.
        let start = Parameters::<2> {
            amplitudes: vec![1.0; 2],
            means: vec![SVector::zeros(); 2],
            factors: vec![SMatrix::identity() * L::LARGEST.sqrt(); 2],
        };
        SumOfGaussiansFit::<L, 2>::from_parameters(data, start, SumOfGaussiansOptions::new(wild)).unwrap()
    } else {
        SumOfGaussiansFit::<L, 2>::new(data, wild).unwrap()
    };
    let reason = fail(&mut fit, 2_000);
    assert!(named.iter().any(|name| reason.contains(name)), "{reason}");
    assert!(reason.contains("Lower the learning rate."), "{reason}");
    assert!(reason.contains(&format!("iteration {},", fit.iteration())), "{reason}");
    assert!(finite(&fit));
    // It stays there, and goes on with a lower rate.
    let stopped = fit.snapshot();
    fit.step();
    assert_eq!(fit.snapshot(), stopped);
    fit.adjust(wild);
    assert!(matches!(fit.state(), FitState::Failed(_)), "nothing changed");
    fit.adjust(&SumOfGaussiansSettings { learning_rate: 1e-9, ..wild.clone() });
    assert_eq!(*fit.state(), FitState::Running);
    fit.step();
    assert_eq!(fit.iteration(), stopped.iteration as usize + 1);
    assert!(finite(&fit));
}

pub fn a_learning_rate_that_diverges_stops_at_the_last_finite_iteration() {
    let data = some(500);
    let any = ["the amplitude of component", "the centre of component", "the factor of component"];
    for (optimizer, learning_rate, flat, named) in [
        (SumOfGaussiansOptimizer::Sgd, 10.0, true, &any[..1]),
        (SumOfGaussiansOptimizer::Momentum, 10.0, true, &any[..1]),
        (SumOfGaussiansOptimizer::Adam, 1e200, false, &any[..]),
        (SumOfGaussiansOptimizer::Sgd, f64::MAX, false, &any[..]),
    ] {
        let wild = settings(|s| {
            s.optimizer = optimizer;
            s.learning_rate = learning_rate;
            s.non_negative = false;
            s.spread = 0.0;
        });
        check_divergence::<f32x4>(&data, &wild, flat, named);
        check_divergence::<f64x2>(&data, &wild, flat, named);
    }
    // The largest rates that the setting allows may lose the Gaussians, but never leave anything that is not finite.
    for optimizer in [SumOfGaussiansOptimizer::Adam, SumOfGaussiansOptimizer::Momentum, SumOfGaussiansOptimizer::Sgd] {
        let largest = settings(|s| {
            s.optimizer = optimizer;
            s.learning_rate = 1e3;
        });
        let mut fit = Single::new(&data, &largest).unwrap();
        (0..500).for_each(|_| fit.step());
        assert!(finite(&fit));
    }
}

pub fn rates_and_penalties_act_on_the_running_fit() {
    let data = some(200);
    let start = settings(|s| s.batch_size = 200);
    let mut fit = Double::new(&data, &start).unwrap();
    fit.step();
    let before = fit.parameters();
    fit.adjust(&SumOfGaussiansSettings { learning_rate: 0.0, ..start.clone() });
    fit.step();
    assert_eq!(fit.parameters(), before, "a rate of 0 moves nothing");
    let loss = fit.history().last().unwrap()[0];
    fit.adjust(&SumOfGaussiansSettings { learning_rate: 0.0, amplitude_l1: 1.0, spread: 100.0, ..start.clone() });
    fit.step();
    assert!(fit.history().last().unwrap()[0] > loss + 5.0, "larger penalties are in the loss");
    fit.adjust(&SumOfGaussiansSettings { epochs: 3, ..start.clone() });
    assert_eq!(*fit.state(), FitState::Exhausted);
    fit.adjust(&SumOfGaussiansSettings { epochs: 4, ..start });
    fit.step();
    assert_eq!((fit.state(), fit.iteration()), (&FitState::Exhausted, 4));
}

/// The spread penalty of one centre is 0, and that of coincident ones large but finite: they are pushed apart.
pub fn spread_of_one_and_of_coincident_centres_is_finite() {
    let data = some(200);
    let mut alone = Single::new(&data, &settings(|s| s.components = 1)).unwrap();
    (0..50).for_each(|_| alone.step());
    assert_eq!(*alone.state(), FitState::Running);
    let row = alone.history().last().unwrap();
    let l1 = 1e-3 * alone.history().rows[0].len() as f64;
    assert!(row[0] - row[1] <= l1, "only the L1 penalty is on top: {row:?}");

    let options = SumOfGaussiansOptions {
        learning_rate: 1e-2,
        penalties: Penalties { amplitude_l1: 1e-3, spread: 1.0 },
        ..one_wide(200, Rule::ADAM_KERAS)
    };
    let start = Parameters::<2> {
        amplitudes: vec![1.0; 3],
        means: vec![SVector::from([1.0, 1.0]); 3],
        factors: vec![SMatrix::identity(); 3],
    };
    fn check<L: Lanes>(data: &Regression, start: &Parameters<2>, options: &SumOfGaussiansOptions) {
        let mut fit = SumOfGaussiansFit::<L, 2>::from_parameters(data, start.clone(), options.clone()).unwrap();
        assert!(fit.history().last().unwrap()[0] > 1e8);
        (0..50).for_each(|_| fit.step());
        assert_eq!(*fit.state(), FitState::Running);
        assert!(finite(&fit));
        let means = fit.parameters().means;
        assert!((means[0] - means[2]).norm() > 0.1, "{means:?}");
        assert!(fit.history().last().unwrap()[0] < 100.0);
    }
    check::<f32x4>(&data, &start, &options);
    check::<f64x2>(&data, &start, &options);
}

/// With ε a singular A is as good as any; without, it is refused at the start.
pub fn singular_factors_need_an_epsilon() {
    let data = some(200);
    let start = Parameters::<2> {
        amplitudes: vec![1.0; 2],
        means: vec![SVector::from([1.0, 1.0]), SVector::from([-3.0, 2.0])],
        factors: vec![SMatrix::zeros(), SMatrix::from([[1.0, 2.0], [0.5, 1.0]])],
    };
    for shape in [FactorShape::Full, FactorShape::Upper, FactorShape::UpperEverywhere] {
        let options = |epsilon: f64| SumOfGaussiansOptions {
            form: CovarianceForm { shape, epsilon },
            learning_rate: 1e-3,
            ..one_wide(50, Rule::ADAM_KERAS)
        };
        if shape == FactorShape::UpperEverywhere {
            // Here ε adds a rank of one only: it does not save a factor of 0.
            let error = Single::from_parameters(&data, start.clone(), options(1e-6)).err().unwrap();
            assert_eq!(error.code(), "parameters");
            continue;
        }
        let mut fit = Single::from_parameters(&data, start.clone(), options(1e-6)).unwrap();
        (0..100).for_each(|_| fit.step());
        assert_eq!(*fit.state(), FitState::Running);
        assert!(finite(&fit));
        let error = Single::from_parameters(&data, start.clone(), options(0.0)).err().unwrap();
        assert_eq!(error.code(), "parameters");
        assert!(error.to_string().contains("the factor of component 1"), "{error}");
    }
    // A width driven to 0 stops the fit, which names the factor: SGD in one dimension, where the last step lands on 0.
    let line = Regression::new(
        "line",
        vec![Axis::unitless("x")],
        Axis::unitless("y"),
        Samples { inputs: vec![0.0, 1.0], targets: vec![1.0, 0.0] },
        Samples::default(),
    )
    .unwrap();
    let start = Parameters::<1> {
        amplitudes: vec![1.0],
        means: vec![SVector::from([0.0])],
        factors: vec![SMatrix::from([[1.0]])],
    };
    // ∂MSE/∂A = e^(−½) · e^(−½) at A = 1: a rate of 1/e⁻¹ takes A to 0.
    let options = |epsilon: f64, learning_rate: f64| SumOfGaussiansOptions {
        form: CovarianceForm { shape: FactorShape::Full, epsilon },
        learning_rate,
        ..one_wide(2, Rule::Sgd)
    };
    let gradient = {
        let mut fit = SumOfGaussiansFit::<f64x2, 1>::from_parameters(&line, start.clone(), options(0.0, 1.0)).unwrap();
        fit.step();
        1.0 - fit.parameters().factors[0][0]
    };
    assert!((gradient - (-1f64).exp()).abs() < 1e-12, "{gradient}");
    let rate = 1.0 / gradient;
    let mut fit = SumOfGaussiansFit::<f64x2, 1>::from_parameters(&line, start.clone(), options(0.0, rate)).unwrap();
    fit.step();
    match fit.state() {
        FitState::Failed(reason) => {
            assert!(reason.contains("the factor of component 1"), "{reason}");
            assert_eq!((fit.iteration(), fit.parameters().factors[0][0]), (0, 1.0));
        }
        // Where the rounding of the rate leaves a last digit, the width is tiny but there.
        _ => assert!(fit.parameters().factors[0][0].abs() < 1e-15),
    }
    let mut held = SumOfGaussiansFit::<f64x2, 1>::from_parameters(&line, start, options(1e-6, rate)).unwrap();
    (0..10).for_each(|_| held.step());
    assert_eq!(*held.state(), FitState::Running, "ε holds it");
}

pub fn unusable_samples_of_sums_are_refused() {
    let three = || plane(vec![0.0, 0.0, 1.0, 0.0, 0.0, 1.0], vec![1.0, 2.0, 3.0]).unwrap();
    for start in [
        SumOfGaussiansInitialization::Points,
        SumOfGaussiansInitialization::KmeansPlusPlus,
        SumOfGaussiansInitialization::Kmeans,
        SumOfGaussiansInitialization::KmeansUnweighted,
    ] {
        let error = Single::new(&three(), &settings(|s| s.initialization = start)).err().unwrap();
        assert_eq!(error, Error::TooManyComponents { components: 6, points: 3 });
    }
    for start in [SumOfGaussiansInitialization::Box, SumOfGaussiansInitialization::Glorot] {
        let mut fit = Single::new(&three(), &settings(|s| s.initialization = start)).unwrap();
        (0..100).for_each(|_| fit.step());
        assert!(*fit.state() == FitState::Running && finite(&fit));
        assert!(fit.history().last().unwrap()[2].is_nan(), "nothing is held back");
    }
    for bad in [f64::NAN, f64::INFINITY] {
        let error = plane(vec![0.0, 0.0, 1.0, 0.0], vec![1.0, bad]).unwrap_err();
        assert_eq!(error, Error::NonFiniteTarget { point: 2 });
    }
    let error = Single::new(&plane(vec![0.0, 0.0, 1.0, 0.0], vec![1.0, 1e20]).unwrap(), &settings(|_| {}));
    assert_eq!(error.err().unwrap().code(), "spread");
    let error = Single::new(&plane(vec![0.0, 0.0, 1e35, 0.0], vec![1.0, 1.0]).unwrap(), &settings(|_| {}));
    assert_eq!(error.err().unwrap().code(), "spread");
    let error = Double::new(&plane(vec![-1e308, 0.0, 1e308, 0.0], vec![1.0, 1.0]).unwrap(), &settings(|_| {}));
    assert_eq!(error.err().unwrap().code(), "spread");
    let error = SumOfGaussiansFit::<f32x4, 1>::new(&four(), &settings(|_| {})).err().unwrap();
    assert_eq!(error.code(), "shape");
    let one = plane(vec![1.0, 2.0], vec![3.0]).unwrap();
    let mut fit = Single::new(&one, &settings(|s| s.dataset = SumOfGaussiansDataset::Own)).unwrap();
    (0..100).for_each(|_| fit.step());
    assert!(*fit.state() == FitState::Running && finite(&fit));
}

/// The best that targets of 0 allow is amplitudes of 0, from every start.
pub fn targets_of_zero_are_fitted_by_nothing() {
    let mut stream = Stream::new(5, Purpose::Data);
    let inputs: Vec<f64> = (0..400).map(|_| 4.0 * stream.uniform()).collect();
    let data = plane(inputs, vec![0.0; 200]).unwrap();
    for start in [
        SumOfGaussiansInitialization::Box,
        SumOfGaussiansInitialization::Points,
        SumOfGaussiansInitialization::KmeansPlusPlus,
        SumOfGaussiansInitialization::Kmeans,
    ] {
        let settings = settings(|s| {
            s.dataset = SumOfGaussiansDataset::Own;
            s.initialization = start;
            s.learning_rate = 0.02;
            s.spread = 0.0;
            s.epochs = 60;
        });
        let mut fit = Single::new(&data, &settings).unwrap();
        while *fit.state() == FitState::Running {
            fit.step();
        }
        assert!(*fit.state() == FitState::Exhausted && finite(&fit));
        let row = fit.history().last().unwrap();
        assert!(row[1] < 1e-3, "{start:?} {row:?}");
    }
}

/// Own data start in their own box with their own covariance, wherever they are and however large.
pub fn own_data_start_where_they_are() {
    let data = some(500);
    let moved = |scale: f64, shift: f64| {
        let inputs = data.train().inputs.iter().map(|x| x * scale + shift).collect();
        plane(inputs, data.train().targets.clone()).unwrap()
    };
    let settings = settings(|s| {
        s.dataset = SumOfGaussiansDataset::Own;
        s.initialization = SumOfGaussiansInitialization::Kmeans;
        s.learning_rate = 0.0;
        s.amplitude_l1 = 0.0;
        s.spread = 0.0;
    });
    let mse = |data: &Regression| Single::new(data, &settings).unwrap().history().last().unwrap()[1];
    let reference = mse(&moved(1.0, 0.0));
    for (scale, shift) in [(1.0, 1e6), (1e3, 0.0), (1e-1, 5.0)] {
        let found = mse(&moved(scale, shift));
        assert!((found / reference - 1.0).abs() < 1e-3, "{scale} {shift}: {found} {reference}");
    }
}

/// A Gaussian that one component starts near is found, in every shape that can hold it.
pub fn one_gaussian_is_recovered() {
    let data = make(SumOfGaussiansDataset::Compositions, 1, 0.0).unwrap();
    for shape in [FactorShape::Full, FactorShape::Upper, FactorShape::UpperEverywhere] {
        let options = SumOfGaussiansOptions {
            form: CovarianceForm { shape, epsilon: 1e-6 },
            learning_rate: 1e-2,
            ..one_wide(512, Rule::ADAM_KERAS)
        };
        let start = Parameters::<1> {
            amplitudes: vec![0.5],
            means: vec![SVector::from([1.0])],
            factors: vec![SMatrix::from([[1.5]])],
        };
        let mut fit = SumOfGaussiansFit::<f32x4, 1>::from_parameters(&data, start, options).unwrap();
        (0..1_000).for_each(|_| fit.step());
        let found = fit.parameters();
        let values = [found.amplitudes[0] - 1.0, found.means[0][0], fit.covariances()[0][0] - 1.0];
        assert!(values.iter().all(|value| value.abs() < 1e-2), "{shape:?} {values:?}");
    }
}

fn by(optimizer: SumOfGaussiansOptimizer) -> SumOfGaussiansSettings {
    settings(|s| (s.optimizer, s.components) = (optimizer, 8))
}

/// Runs until it stops by itself.
fn settle<L: Lanes, const D: usize>(fit: &mut SumOfGaussiansFit<L, D>) {
    for _ in 0..1_000 {
        fit.step();
    }
    assert_eq!(*fit.state(), FitState::Converged, "after {} iterations", fit.iteration());
    assert!(finite(fit));
}

/// From the data alone: as many Gaussians as there are, each where it is.
pub fn residual_peaks_find_every_gaussian() {
    let data = four();
    let mut fit = Single::new(&data, &by(SumOfGaussiansOptimizer::ResidualPeaks)).unwrap();
    assert_eq!(fit.parameters().components(), 0, "it starts from nothing");
    settle(&mut fit);
    let (found, covariances) = (fit.parameters(), fit.covariances());
    assert_eq!(found.components(), data.truth().len());
    for truth in data.truth() {
        let mean = SVector::<f64, 2>::from_column_slice(&truth.mean);
        let covariance = SMatrix::<f64, 2, 2>::from_row_slice(&truth.covariance);
        let close = (0..found.components()).any(|k| {
            (found.means[k] - mean).norm() < 1e-4
                && (found.amplitudes[k] - truth.amplitude).abs() < 1e-4
                && (covariances[k] - covariance).norm() < 1e-3 * covariance.norm()
        });
        assert!(close, "{truth:?} is not among {found:?}");
    }
    assert!(fit.history().last().unwrap()[1] < 1e-9, "{:?}", fit.history().last());
}

/// One Gaussian on a line is found to the last digits, from a start beside it; penalties play no part.
pub fn least_squares_end_at_the_minimum() {
    let data = make(SumOfGaussiansDataset::Compositions, 1, 0.0).unwrap();
    let start =
        Parameters { amplitudes: vec![0.5], means: vec![SVector::from([1.0])], factors: vec![SMatrix::from([[1.5]])] };
    let options = SumOfGaussiansOptions::new(&settings(|s| {
        s.optimizer = SumOfGaussiansOptimizer::LevenbergMarquardt;
        s.amplitude_l1 = 10.0;
    }));
    let mut fit = SumOfGaussiansFit::<f64x2, 1>::from_parameters(&data, start, options).unwrap();
    settle(&mut fit);
    let found = fit.parameters();
    let values = [found.amplitudes[0] - 1.0, found.means[0][0], fit.covariances()[0][0] - 1.0];
    assert!(values.iter().all(|value| value.abs() < 1e-7), "{values:?}");
    let row = fit.history().last().unwrap();
    assert_eq!(row[0], row[1], "the loss is the error alone");
}

pub fn restored_least_squares_go_on_bit_for_bit() {
    let data = some(1_000);
    for (optimizer, iterations) in
        [(SumOfGaussiansOptimizer::LevenbergMarquardt, 10), (SumOfGaussiansOptimizer::ResidualPeaks, 20)]
    {
        // Pruning takes components from least squares, never from residual peaks, which choose their own.
        let settings = SumOfGaussiansSettings { prune_every: 4, prune_to: 3, ..by(optimizer) };
        let open = || Single::new(&data, &settings).unwrap();
        let step = |fit: &mut Single| (0..iterations).for_each(|_| fit.step());
        let mut straight = open();
        step(&mut straight);
        let middle = straight.snapshot();
        assert_eq!(straight.iteration(), iterations, "it has not stopped yet");
        step(&mut straight);
        let mut resumed = open();
        resumed.restore(&serde_json::from_str(&serde_json::to_string(&middle).unwrap()).unwrap()).unwrap();
        step(&mut resumed);
        assert_eq!(resumed.snapshot(), straight.snapshot(), "{optimizer:?}");
        assert_eq!(
            open().restore(&Single::new(&data, &SumOfGaussiansSettings::default()).unwrap().snapshot()),
            Err(Error::ForeignSnapshot)
        );
    }
}

/// Too few points, and targets that are all zero, end without harm.
pub fn least_squares_take_bad_input() {
    let few = plane(vec![0.0, 0.0, 1.0, 0.0, 0.0, 1.0], vec![1.0, 2.0, 3.0]).unwrap();
    let zero = plane(vec![0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 1.0, 1.0], vec![0.0; 4]).unwrap();
    for optimizer in [SumOfGaussiansOptimizer::LevenbergMarquardt, SumOfGaussiansOptimizer::ResidualPeaks] {
        for data in [&few, &zero] {
            let mut fit = Single::new(data, &settings(|s| s.optimizer = optimizer)).unwrap();
            let start = fit.history().rows[0][1];
            (0..200).for_each(|_| fit.step());
            assert!(finite(&fit), "{optimizer:?}");
            assert!(fit.history().last().unwrap()[1] <= start);
        }
    }
    let mut fit = Single::new(&zero, &by(SumOfGaussiansOptimizer::ResidualPeaks)).unwrap();
    settle(&mut fit);
    assert_eq!(fit.parameters().components(), 0, "there is nothing to find");
    fit.predict(1, |_, _| 0.5, &mut |_, value| assert_eq!(value, 0.0));
}

/// Whether amplitudes may be negative acts on running least squares.
pub fn amplitudes_of_least_squares_may_turn_negative() {
    let targets: Vec<f64> = (0..200).map(|i| -libm::exp(-0.5 * ((f64::from(i) - 100.0) / 20.0).powi(2))).collect();
    let train = Samples { inputs: (0..200).map(f64::from).collect(), targets };
    let data =
        Regression::new("dip", vec![Axis::unitless("x")], Axis::unitless("y"), train, Samples::default()).unwrap();
    let start = Parameters {
        amplitudes: vec![0.5],
        means: vec![SVector::from([90.0])],
        factors: vec![SMatrix::from([[25.0]])],
    };
    let held = settings(|s| s.optimizer = SumOfGaussiansOptimizer::LevenbergMarquardt);
    let options = SumOfGaussiansOptions::new(&held);
    let mut fit = SumOfGaussiansFit::<f64x2, 1>::from_parameters(&data, start, options).unwrap();
    (0..3).for_each(|_| fit.step());
    assert!(fit.parameters().amplitudes[0] >= 0.0);
    fit.adjust(&SumOfGaussiansSettings { non_negative: false, ..held });
    settle(&mut fit);
    assert!((fit.parameters().amplitudes[0] + 1.0).abs() < 1e-6, "{:?}", fit.parameters());
}

/// The naive layer of the source, from identities: steps take a covariance out of the positive definite matrices, where the fit
/// stops and says which.
pub fn covariances_trained_themselves_are_lost_on_the_way() {
    fn check<L: Lanes>(optimizer: SumOfGaussiansOptimizer, learning_rate: f64) {
        for seed in 1..=4 {
            let settings = settings(|settings| {
                settings.factor_shape = FactorShape::Covariance;
                (settings.optimizer, settings.learning_rate, settings.seed) = (optimizer, learning_rate, seed);
            });
            let data = some(2_000);
            let open = |settings: &SumOfGaussiansSettings| SumOfGaussiansFit::<L, 2>::new(&data, settings).unwrap();
            let mut fit = open(&settings);
            assert_eq!(*fit.state(), FitState::Running);
            let identity = SMatrix::<f64, 2, 2>::identity();
            assert!(fit.covariances().iter().all(|covariance| *covariance == identity), "Σ itself, without ε");
            let reason = fail(&mut fit, 2_000);
            let number: usize = reason
                .split_once("Σ of component ")
                .and_then(|(_, rest)| rest.split(' ').next()?.parse().ok())
                .unwrap_or_else(|| panic!("{reason}"));
            assert!((1..=6).contains(&number) && reason.contains("not positive definite"), "{reason}");
            assert!(reason.starts_with(&format!("After iteration {},", fit.iteration())), "{reason}");
            // It stands where all were covariances, and stays there.
            assert!(finite(&fit) && fit.active().iter().all(|&active| active));
            assert!(fit.covariances().iter().all(|covariance| covariance.cholesky().is_some()));
            let (before, iteration) = (fit.snapshot(), fit.iteration());
            fit.step();
            assert_eq!((fit.snapshot(), fit.iteration()), (before.clone(), iteration));
            let mut again = open(&settings);
            again.restore(&before).unwrap();
            again.step();
            assert_eq!(again.state(), fit.state(), "it fails at the same");
            // With a factor, steps as long take no covariance away.
            let mut safe = open(&SumOfGaussiansSettings { factor_shape: FactorShape::Full, ..settings });
            (0..2_000).for_each(|_| safe.step());
            match safe.state() {
                FitState::Failed(reason) => assert!(!reason.contains("positive definite"), "{reason}"),
                _ => assert_eq!(safe.iteration(), 2_000),
            }
        }
    }
    for (optimizer, learning_rate) in [(SumOfGaussiansOptimizer::Sgd, 30.0), (SumOfGaussiansOptimizer::Adam, 1e-2)] {
        check::<f32x4>(optimizer, learning_rate);
        check::<f64x2>(optimizer, learning_rate);
    }
}

/// Keras's default for the covariances of the naive layer: most are none, and the fit is over before it begins.
pub fn a_start_without_covariances_fails_and_harms_nothing() {
    let naive = |seed| {
        settings(|settings| {
            settings.factor_shape = FactorShape::Covariance;
            settings.factor_start = FactorStart::Glorot;
            settings.seed = seed;
        })
    };
    let data = some(500);
    let mut all_broken = 0;
    for seed in 1..=20 {
        for components in [1, 6] {
            let settings = SumOfGaussiansSettings { components, ..naive(seed) };
            let mut fit = Single::new(&data, &settings).unwrap();
            let broken: Vec<usize> =
                (0..components as usize).filter(|&k| fit.covariances()[k].cholesky().is_none()).collect();
            let active: Vec<bool> = (0..components as usize).map(|k| !broken.contains(&k)).collect();
            assert_eq!(fit.active(), active);
            if broken.is_empty() {
                assert_eq!(*fit.state(), FitState::Running);
                continue;
            }
            all_broken += usize::from(broken.len() == components as usize);
            let FitState::Failed(reason) = fit.state().clone() else { panic!("{:?}", fit.state()) };
            assert!(broken.iter().all(|k| reason.contains(&(k + 1).to_string())), "{broken:?}: {reason}");
            assert!(reason.contains("not positive definite from the start"), "{reason}");
            assert!(finite(&fit));
            // Nothing moves it, and it comes back from a snapshot as it was.
            let start = fit.snapshot();
            fit.step();
            fit.adjust(&SumOfGaussiansSettings { learning_rate: 1e-4, ..settings.clone() });
            fit.step();
            assert_eq!((fit.iteration(), fit.state()), (0, &FitState::Failed(reason.clone())));
            fit.restore(&start).unwrap();
            assert_eq!((fit.snapshot(), fit.state()), (start, &FitState::Failed(reason)));
            // What draws it gets finite numbers, and components that add nothing.
            fit.predict(3, |i, axis| (i + axis) as f64, &mut |_, prediction| assert!(prediction.is_finite()));
            let shown = fit.view().components();
            for &k in &broken {
                assert_eq!((shown[k].status, shown[k].weight), (ComponentStatus::Off, 0.0));
            }
        }
    }
    assert!(all_broken > 0, "no start has only broken ones");
    // As a visitor has it: started, reset, rewound, and left.
    let changes = [text("factorShape", "covariance"), text("factorStart", "glorot"), text("backend", "gpu")];
    let mut experiment = Experiment::new(ExperimentName::SumOfGaussians).unwrap();
    experiment.configure(&changes).unwrap();
    for _ in 0..2 {
        let report = experiment.report();
        assert_eq!((report.state, report.iteration, report.backend), ("failed", 0, "cpu"));
        assert!(report.objective.value.is_finite() && report.message.contains("component"), "{}", report.message);
        experiment.step(5);
        experiment.run_for(1.0);
        experiment.poll();
        experiment.seek(0);
        while experiment.is_busy() {
            experiment.poll();
        }
        let snapshot = experiment.snapshot();
        experiment.reset().unwrap();
        experiment.restore(&snapshot).unwrap();
    }
    assert_eq!(experiment.parameters().rows.len(), 6);
    for dataset in ["two-cities", "compositions"] {
        experiment.configure(&[text("dataset", dataset)]).unwrap();
        experiment.report();
    }
    let table = [0.0, 0.0, 1.0, 1.0, 0.0, 2.0, 0.0, 1.0, 3.0, 1.0, 1.0, 4.0];
    experiment.set_points(table.to_vec(), &["x", "y", "z"].map(str::to_owned), None).unwrap();
    experiment.report();
    experiment.configure(&[text("factorShape", "full"), text("factorStart", "identity")]).unwrap();
    assert_eq!(experiment.report().state, "running");
}

pub fn glorot_widths_are_those_of_keras() {
    let start = |components, factor_shape, seed| {
        let settings = settings(|settings| {
            settings.components = components;
            settings.factor_shape = factor_shape;
            settings.factor_start = FactorStart::Glorot;
            settings.seed = seed;
        });
        Double::new(&some(100), &settings).unwrap().parameters()
    };
    let (mut factors, mut amplitudes) = (Vec::new(), Vec::new());
    for seed in 0..50 {
        let found = start(24, FactorShape::Covariance, seed);
        factors.extend(found.factors.iter().flat_map(|factor| factor.iter().copied()));
        amplitudes.extend(found.amplitudes);
    }
    // VarianceScaling takes the first of three axes for a field: both fans of (24, 2, 2) are 48, of (24) they are 24.
    for (values, limit) in [(factors, (6.0f64 / 96.0).sqrt()), (amplitudes, (6.0f64 / 48.0).sqrt())] {
        let largest = values.iter().fold(0.0f64, |largest, value| largest.max(value.abs()));
        assert!(largest <= limit && largest > 0.99 * limit, "{largest} of {limit}");
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        assert!(mean.abs() < 5.0 * limit / (3.0 * values.len() as f64).sqrt(), "{mean}");
    }
    // The same numbers whatever they stand for, and the centres of every other start.
    let (covariances, full) = (start(6, FactorShape::Covariance, 3), start(6, FactorShape::Full, 3));
    assert_eq!(covariances, full);
    let usual = Double::new(&some(100), &settings(|settings| settings.seed = 3)).unwrap().parameters();
    assert_eq!((&full.means, &usual.factors), (&usual.means, &vec![SMatrix::identity(); 6]));
    assert_ne!(full.factors, start(6, FactorShape::Full, 4).factors);
}

/// A component put in place by hand gets its covariance as it is, and one that had none takes part from then on.
pub fn covariances_trained_themselves_can_be_placed() {
    let settings = settings(|settings| {
        settings.factor_shape = FactorShape::Covariance;
        settings.factor_start = FactorStart::Glorot;
        settings.components = 3;
    });
    let mut fit = Double::new(&some(500), &settings).unwrap();
    let placed =
        |covariance: &[f64]| Placed { weight: Some(2.0), mean: vec![1.0, -2.0], covariance: covariance.to_vec() };
    let wanted = [3.0, 1.0, 1.0, 2.0];
    for k in 0..3 {
        assert!(matches!(fit.state(), FitState::Failed(_)) || fit.active().iter().all(|&active| active));
        // Moved only, one without a covariance still has none.
        let active = fit.active().to_vec();
        fit.place(k, &placed(&[])).unwrap();
        assert_eq!(fit.active(), active);
        fit.place(k, &placed(&wanted)).unwrap();
        assert!(fit.active()[k]);
        assert!((fit.covariances()[k] - SMatrix::from_row_slice(&wanted)).amax() < 1e-12);
        assert!(fit.place(k, &placed(&[1.0, 2.0, 2.0, 1.0])).is_err());
    }
    assert_eq!(*fit.state(), FitState::Running);
    (0..20).for_each(|_| fit.step());
    assert_eq!((fit.state(), fit.iteration()), (&FitState::Running, 20));
    // Least squares have a root of their own, and give back what is trained.
    let settings = SumOfGaussiansSettings {
        optimizer: SumOfGaussiansOptimizer::LevenbergMarquardt,
        factor_start: FactorStart::Identity,
        ..settings
    };
    let mut fit = Double::new(&some(500), &settings).unwrap();
    (0..30).for_each(|_| fit.step());
    assert!(!matches!(fit.state(), FitState::Failed(_)), "{:?}", fit.state());
    let rows = &fit.history().rows;
    assert!(rows.last().unwrap()[1] < rows[0][1]);
    let parameters = fit.parameters();
    assert_eq!(
        fit.covariances(),
        parameters.factors.iter().map(|one| (one + one.transpose()) * 0.5).collect::<Vec<_>>()
    );
}
