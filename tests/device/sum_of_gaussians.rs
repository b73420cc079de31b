//! Sums of Gaussians on the device.

use gaussian_playground::dataset::{Axis, Regression, Samples};
use gaussian_playground::experiment::{
    Backend, EngineSnapshot, Fit, FitState, Method, SumOfGaussiansFit, SumOfGaussiansOptions,
};
use gaussian_playground::gpu::Gpu;
use gaussian_playground::models::sum_of_gaussians::{CovarianceForm, Parameters, Penalties};
use gaussian_playground::numeric::random::{Purpose, Stream};
use gaussian_playground::optimizers::Rule;
use gaussian_playground::settings::{BackendChoice, FactorShape, Settings, SumOfGaussiansSettings};
use nalgebra::{SMatrix, SVector};
use wide::f32x4;

use super::{assert_close, device, iterate, iterate_here, pause};

type Sum<const D: usize> = SumOfGaussiansFit<f32x4, D>;

/// Three hills on a box about (10, …, 10), with noise.
fn hills<const D: usize>(count: usize, held_back: usize) -> Regression {
    let mut stream = Stream::new(count as u64, Purpose::Data);
    let centres: Vec<[f64; D]> = (0..3).map(|_| std::array::from_fn(|_| 7.0 + 6.0 * stream.uniform())).collect();
    let mut samples = |count: usize| {
        let mut samples = Samples::default();
        for _ in 0..count {
            let point: [f64; D] = std::array::from_fn(|_| 6.0 + 8.0 * stream.uniform());
            let hill = |centre: &[f64; D]| {
                let squared: f64 = point.iter().zip(centre).map(|(x, c)| (x - c) * (x - c)).sum();
                (-0.3 * squared).exp()
            };
            samples.inputs.extend(point);
            samples.targets.push(2.0 * centres.iter().map(hill).sum::<f64>() + 0.1 * stream.normal());
        }
        samples
    };
    let (train, test) = (samples(count), samples(held_back));
    let axes = ["x", "y", "z"][..D].iter().map(|name| Axis::unitless(name)).collect();
    Regression::new("Hills", axes, Axis::unitless("height"), train, test).expect("the data are usable")
}

/// Where a fit with so many components starts.
fn start<const D: usize>(components: usize) -> Parameters<D> {
    let mut stream = Stream::new(components as u64, Purpose::Initialization);
    let mut numbers = |low: f64, high: f64| low + (high - low) * stream.uniform();
    Parameters {
        amplitudes: (0..components).map(|_| numbers(0.2, 1.5)).collect(),
        means: (0..components).map(|_| SVector::from_fn(|_, _| numbers(6.0, 14.0))).collect(),
        factors: (0..components)
            .map(|_| SMatrix::from_fn(|i, j| if i == j { numbers(0.7, 1.5) } else { numbers(-0.4, 0.4) }))
            .collect(),
    }
}

fn options(rule: Rule, shape: FactorShape, batch_size: usize) -> SumOfGaussiansOptions {
    SumOfGaussiansOptions {
        form: CovarianceForm { shape, epsilon: 1e-2 },
        penalties: Penalties { amplitude_l1: 1e-2, spread: 0.5 },
        non_negative: true,
        method: Method::Gradient(rule),
        learning_rate: 1e-2,
        batch_size,
        epochs: 1_000,
        seed: 3,
        prune_every: 0,
        prune_to: 1,
    }
}

fn open<const D: usize>(data: &Regression, components: usize, options: &SumOfGaussiansOptions) -> Sum<D> {
    Sum::from_parameters(data, start(components), options.clone()).expect("the fit opens")
}

/// The parameters in one row.
fn numbers<const D: usize>(fit: &Sum<D>) -> Vec<f64> {
    let mut values = Vec::new();
    fit.parameters().write(&mut values);
    values
}

/// The mean squared error at the present parameters.
fn error<const D: usize>(fit: &mut Sum<D>, data: &Regression) -> f64 {
    let samples = data.train();
    let mut sum = 0.0;
    fit.predict(samples.count(), |i, d| samples.inputs[D * i + d], &mut |i, prediction| {
        sum += (prediction - samples.targets[i]) * (prediction - samples.targets[i]);
    });
    sum / samples.count() as f64
}

/// Whether the curves have the same rows: at the same iterations, with the same numbers, and none where there are none.
#[track_caller]
fn assert_same_curves<const D: usize>(what: &str, there: &Sum<D>, here: &Sum<D>, tolerance: f64) {
    assert_eq!(there.history().iterations, here.history().iterations, "{what}");
    for (found, expected) in there.history().rows.iter().zip(&here.history().rows) {
        let known = |row: &[f64]| row.iter().copied().filter(|value| value.is_finite()).collect::<Vec<_>>();
        assert_close(what, &known(found), &known(expected), tolerance);
    }
}

/// Goes on by so many iterations on the device.
async fn go_on(backend: &mut Backend, fit: &mut dyn Fit, iterations: usize) {
    backend.ask(iterations);
    while backend.is_busy(fit) {
        backend.poll(fit);
        pause().await;
    }
    assert_eq!(backend.take_notice(), "");
}

fn backend(gpu: &Gpu) -> Backend {
    let mut backend = Backend::new(Some(BackendChoice::Gpu));
    backend.connect(gpu.clone());
    backend
}

/// One step of SGD so long that the parameters become the gradient, which with A = I is made of one sum a number; on the device
/// and here.
async fn sums_agree<const D: usize>(components: usize, count: usize) {
    const RATE: f64 = 1e4;
    let data = hills::<D>(count, 0);
    let mut parameters = start::<D>(components);
    parameters.factors.fill(SMatrix::identity());
    let options = SumOfGaussiansOptions {
        penalties: Penalties::default(),
        non_negative: false,
        learning_rate: RATE,
        ..options(Rule::Sgd, FactorShape::Full, usize::MAX)
    };
    let options = SumOfGaussiansOptions { form: CovarianceForm { epsilon: 0.0, ..options.form }, ..options };
    let open = || Sum::<D>::from_parameters(&data, parameters.clone(), options.clone()).expect("the fit opens");
    let mut here = open();
    let before = numbers(&here);
    let slopes = |fit: &Sum<D>| -> Vec<f64> {
        numbers(fit).iter().zip(&before).map(|(after, before)| (before - after) / RATE).collect()
    };
    iterate_here(&mut here, 1);
    let expected = slopes(&here);

    // The same sums of absolute values.
    let mut predictions = vec![0.0; count];
    open().predict(count, |i, d| data.train().inputs[D * i + d], &mut |i, value| predictions[i] = value);
    let mut scale = Parameters::<D>::zeros(components);
    for (i, point) in data.train().inputs.chunks_exact(D).enumerate() {
        let residual = (predictions[i] - data.train().targets[i]).abs();
        for k in 0..components {
            let offset = SVector::from_column_slice(point) - parameters.means[k];
            let weight = 2.0 * residual * (-0.5 * offset.norm_squared()).exp() / count as f64;
            let height = parameters.amplitudes[k];
            scale.amplitudes[k] += weight;
            scale.means[k] += offset.abs() * (weight * height);
            scale.factors[k] += (offset * offset.transpose()).abs() * (weight * height);
        }
    }
    let mut scales = Vec::new();
    scale.write(&mut scales);
    for subgroups in [false, true] {
        let gpu = device(subgroups).await;
        let mut there = open();
        iterate(&mut there, &gpu, 1).await;
        for (place, ((found, expected), scale)) in slopes(&there).iter().zip(&expected).zip(&scales).enumerate() {
            let distance = (found - expected).abs();
            assert!(
                distance <= 1e-4 * scale + 1e-12,
                "D {D}, K {components}: sum {place} is {found} instead of {expected}, of {scale} in all"
            );
        }
    }
}

pub async fn sums_by_residual_agree() {
    sums_agree::<1>(1, 700).await;
    sums_agree::<1>(64, 1_500).await;
    sums_agree::<2>(6, 1_501).await;
    sums_agree::<2>(32, 300).await;
    sums_agree::<3>(64, 700).await;
}

/// Parameters after 10 iterations, the error after 100 and the curves up to there, on the device and here.
async fn agree<const D: usize>(data: &Regression, components: usize, options: &SumOfGaussiansOptions) {
    let what = format!("D {D}, K {components}, {:?}, batches of {}", options.form.shape, options.batch_size);
    let mut here = open::<D>(data, components, options);
    iterate_here(&mut here, 10);
    let after_10 = numbers(&here);
    iterate_here(&mut here, 90);
    for subgroups in [false, true] {
        let gpu = device(subgroups).await;
        let mut there = open::<D>(data, components, options);
        iterate(&mut there, &gpu, 10).await;
        assert_eq!(there.iteration(), 10);
        assert_close(&what, &numbers(&there), &after_10, 1e-3);
        iterate(&mut there, &gpu, 90).await;
        let (found, expected) = (error(&mut there, data), error(&mut here, data));
        assert!((found - expected).abs() <= 5e-3 * expected, "{what}: {found} instead of {expected}");
        assert_same_curves(&what, &there, &here, 5e-3);
        assert_eq!((there.iteration(), there.epoch()), (100, here.epoch()));
    }
}

pub async fn sums_of_gaussians_agree() {
    const ADAM: Rule = Rule::ADAM_KERAS;
    agree::<1>(&hills::<1>(500, 0), 6, &options(ADAM, FactorShape::Full, 32)).await;
    agree::<1>(&hills::<1>(300, 50), 6, &options(ADAM, FactorShape::Upper, 300)).await;
    agree::<2>(&hills::<2>(750, 301), 6, &options(ADAM, FactorShape::Upper, 100)).await;
    agree::<2>(&hills::<2>(250, 301), 64, &options(ADAM, FactorShape::Full, 65_536)).await;
    // Batches of two workgroups, of which the last has one sample in the second.
    agree::<3>(&hills::<3>(556, 700), 3, &options(ADAM, FactorShape::UpperEverywhere, 299)).await;
    agree::<3>(&hills::<3>(300, 20), 32, &options(ADAM, FactorShape::Full, 60)).await;
    agree::<3>(&hills::<3>(301, 0), 1, &options(Rule::ADAM_PYTORCH, FactorShape::Upper, 65_536)).await;
}

pub async fn sums_of_gaussians_heed_every_rule() {
    let data = hills::<2>(400, 100);
    for rule in [Rule::Sgd, Rule::MOMENTUM, Rule::ADAM_PYTORCH] {
        for non_negative in [false, true] {
            let options = SumOfGaussiansOptions { non_negative, ..options(rule, FactorShape::UpperEverywhere, 64) };
            agree::<2>(&data, 6, &options).await;
        }
    }
}

pub async fn pruning_leaves_the_same_components() {
    let data = hills::<2>(200, 50);
    let gpu = device(true).await;
    // Every third pruning is at the end of an epoch of 7 batches.
    let options =
        SumOfGaussiansOptions { prune_every: 14, prune_to: 3, ..options(Rule::ADAM_KERAS, FactorShape::Full, 32) };
    let (mut here, mut there) = (open::<2>(&data, 6, &options), open::<2>(&data, 6, &options));
    iterate_here(&mut here, 100);
    iterate(&mut there, &gpu, 100).await;
    assert_eq!(there.iteration(), 100);
    assert_eq!(here.active().iter().filter(|&&active| active).count(), 3);
    assert_eq!(there.active(), here.active());
    assert_same_curves("pruned", &there, &here, 5e-3);
    assert_close("pruned", &numbers(&there), &numbers(&here), 5e-3);
}

pub async fn pruning_may_begin_while_iterations_are_on_their_way() {
    let data = hills::<2>(200, 50);
    let gpu = device(true).await;
    let mut fit = open::<2>(&data, 6, &options(Rule::ADAM_KERAS, FactorShape::Full, 32));
    let mut backend = backend(&gpu);
    backend.ask(500);
    while fit.iteration() < 20 {
        backend.poll(&mut fit);
        pause().await;
    }
    let settings = SumOfGaussiansSettings { prune_every: 3, prune_to: 2, ..SumOfGaussiansSettings::default() };
    Fit::adjust(&mut fit, &Settings::SumOfGaussians(settings));
    backend.adjust(&mut fit);
    go_on(&mut backend, &mut fit, 0).await;
    assert_eq!(fit.iteration(), 500);
    assert_eq!(fit.active().iter().filter(|&&active| active).count(), 2);
    let snapshot = fit.snapshot();
    assert!((0..6).all(|k| snapshot.active[k] || snapshot.amplitudes[k] == 0.0));
}

pub async fn settings_act_on_sums_on_the_device() {
    let data = hills::<2>(400, 100);
    let gpu = device(false).await;
    let options = options(Rule::ADAM_KERAS, FactorShape::Full, 64);
    let (mut here, mut there) = (open::<2>(&data, 6, &options), open::<2>(&data, 6, &options));
    let mut backend = backend(&gpu);
    for (learning_rate, amplitude_l1, spread) in [(1e-2, 1e-2, 0.5), (3e-2, 0.3, 0.0), (1e-3, 0.0, 3.0)] {
        let settings =
            SumOfGaussiansSettings { learning_rate, amplitude_l1, spread, ..SumOfGaussiansSettings::default() };
        for fit in [&mut here, &mut there] {
            Fit::adjust(fit, &Settings::SumOfGaussians(settings.clone()));
        }
        backend.adjust(&mut there);
        iterate_here(&mut here, 15);
        go_on(&mut backend, &mut there, 15).await;
        assert_close("adjusted", &numbers(&there), &numbers(&here), 1e-3);
    }
    assert_same_curves("adjusted", &there, &here, 1e-3);
    // A fit that did its epochs goes on when it may do more.
    let mut epochs = |count: u32| {
        let settings = SumOfGaussiansSettings { epochs: count, ..SumOfGaussiansSettings::default() };
        Fit::adjust(&mut there, &Settings::SumOfGaussians(settings));
        backend.adjust(&mut there);
    };
    epochs(9);
    go_on(&mut backend, &mut there, 1_000).await;
    assert_eq!((there.state(), there.epoch(), there.iteration()), (&FitState::Exhausted, 9, 63));
    let mut epochs = |count: u32| {
        let settings = SumOfGaussiansSettings { epochs: count, ..SumOfGaussiansSettings::default() };
        Fit::adjust(&mut there, &Settings::SumOfGaussians(settings));
        backend.adjust(&mut there);
    };
    epochs(30);
    go_on(&mut backend, &mut there, 1_000).await;
    assert_eq!((there.state(), there.epoch(), there.iteration()), (&FitState::Exhausted, 30, 210));
    assert_eq!(there.history().iterations, (0..=30).map(|epoch| 7 * epoch).collect::<Vec<_>>());
}

pub async fn a_sum_goes_on_on_the_processor() {
    let data = hills::<2>(400, 100);
    let gpu = device(true).await;
    for rule in [Rule::ADAM_KERAS, Rule::MOMENTUM] {
        let options = options(rule, FactorShape::Full, 30);
        let open = || open::<2>(&data, 6, &options);
        let (mut straight, mut there, mut resumed) = (open(), open(), open());
        iterate_here(&mut straight, 47);
        iterate(&mut there, &gpu, 47).await;
        let snapshot = there.snapshot();
        let state = |fit: &Sum<2>| match fit.snapshot().engine {
            EngineSnapshot::Batches { optimizer, epoch, place } => (optimizer, epoch, place),
            other => panic!("{other:?}"),
        };
        let ((found, ..), (expected, ..)) = (state(&there), state(&straight));
        assert_eq!((found.step, state(&there).1, state(&there).2), (47, 3, 5 * 30));
        assert_eq!((expected.step, state(&straight).1, state(&straight).2), (47, 3, 5 * 30));
        assert_close("first moments", &found.first, &expected.first, 1e-3);
        assert_close("second moments", &found.second, &expected.second, 1e-3);
        resumed.restore(&snapshot).expect("the snapshot is of the same fit");
        assert_eq!(resumed.snapshot(), snapshot);
        for fit in [&mut straight, &mut there, &mut resumed] {
            iterate_here(fit, 53);
        }
        assert_eq!(resumed.snapshot(), there.snapshot());
        assert_close("resumed", &numbers(&resumed), &numbers(&straight), 5e-3);
        // And to the device again, in the middle of an epoch.
        iterate_here(&mut straight, 20);
        iterate(&mut resumed, &gpu, 20).await;
        assert_close("returned", &numbers(&resumed), &numbers(&straight), 5e-3);
        assert_same_curves("returned", &resumed, &straight, 5e-3);
    }
}

pub async fn divergent_sums_fail_on_the_device_as_on_the_processor() {
    let data = hills::<2>(400, 100);
    for subgroups in [false, true] {
        let gpu = device(subgroups).await;
        for batch in [64, 400] {
            let options = SumOfGaussiansOptions {
                learning_rate: 1e5,
                non_negative: false,
                ..options(Rule::Sgd, FactorShape::Full, batch)
            };
            let (mut here, mut there) = (open::<2>(&data, 6, &options), open::<2>(&data, 6, &options));
            iterate_here(&mut here, 1_000);
            iterate(&mut there, &gpu, 1_000).await;
            let (FitState::Failed(expected), FitState::Failed(found)) = (here.state(), there.state()) else {
                panic!("{:?} {:?}", here.state(), there.state())
            };
            // Rounding decides which component is the first to leave the finite numbers, and is named.
            let without_number = |text: &str| text.replace(|letter: char| letter.is_ascii_digit(), "");
            assert_eq!(without_number(found), without_number(expected));
            assert_eq!(there.iteration(), here.iteration());
            assert!(numbers(&there).iter().all(|value| value.is_finite()));
        }
    }
}
