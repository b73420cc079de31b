//! The sparse mixture on the device.

use gaussian_playground::dataset::{Dataset, recipe};
use gaussian_playground::experiment::{Backend, Fit, FitState, History, SparseMixtureFit, SparseMixtureSnapshot};
use gaussian_playground::settings::{BackendChoice, DatasetName, GradientRule, SparseMixtureSettings, Standardization};
use wide::f32x4;

use super::em_mixture::clouds;
use super::{assert_close, device, finish, iterate, iterate_here, iterate_with};

type SparseFit<const D: usize> = SparseMixtureFit<f32x4, D>;

fn settings(components: u32) -> SparseMixtureSettings {
    SparseMixtureSettings {
        components,
        standardize: Standardization::UnitSquare,
        initial_factor: 5.0,
        ..SparseMixtureSettings::default()
    }
}

/// Points of which every fourth weighs nothing.
fn weighted<const D: usize>(count: usize) -> Dataset {
    let weights = (0..count).map(|i| f64::from(i as u32 % 4)).collect();
    clouds::<D>(count).with_weights(weights).expect("the weights are usable")
}

/// Every row of the history: the numbers within `tolerance`, and the components that are on but for one that is about to go.
#[track_caller]
fn assert_same_history<const D: usize>(what: &str, found: &SparseFit<D>, expected: &SparseFit<D>, tolerance: f64) {
    let (found, expected) = (found.history(), expected.history());
    assert_eq!(found.iterations, expected.iterations, "{what}");
    for (iteration, (found, expected)) in found.rows.iter().zip(&expected.rows).enumerate() {
        assert_close(&format!("{what}, iteration {iteration}"), &found[..3], &expected[..3], tolerance);
        assert!((found[3] - expected[3]).abs() <= 1.0, "{what}: {} instead of {} are on", found[3], expected[3]);
    }
}

/// Parameters after 10 iterations, with both ways to add up, and costs after `iterations` with one, on the device and here.
async fn agree<const D: usize>(data: &Dataset, settings: &SparseMixtureSettings, iterations: usize) {
    for subgroups in [false, true] {
        let gpu = device(subgroups).await;
        let open = || SparseFit::<D>::new(data, settings).expect("the fit opens");
        let (mut here, mut there) = (open(), open());
        let what = format!("D {D}, M {}, {:?}", settings.components, settings.optimizer);
        iterate_here(&mut here, 10);
        iterate(&mut there, &gpu, 10).await;
        assert_close(&what, &there.parameters().flat(), &here.parameters().flat(), 1e-3);
        assert_close(&what, &there.objective().gradient.flat(), &here.objective().gradient.flat(), 1e-3);
        if iterations > 10 && subgroups {
            iterate_here(&mut here, iterations - 10);
            iterate(&mut there, &gpu, iterations - 10).await;
        }
        assert_same_history(&what, &there, &here, 5e-3);
        assert_close(&what, &[there.cost()], &[there.objective().cost(settings.constant)], 1e-5);
    }
}

pub async fn sparse_mixture_agrees_in_every_dimension_and_number_of_components() {
    agree::<1>(&clouds::<1>(701), &settings(1), 100).await;
    // Only ten iterations of many components: with more, here too single precision and double lead elsewhere.
    agree::<1>(&clouds::<1>(701), &settings(64), 10).await;
    agree::<2>(&clouds::<2>(703), &settings(7), 100).await;
    agree::<2>(&clouds::<2>(703), &settings(30), 10).await;
    agree::<3>(&clouds::<3>(1_007), &settings(1), 100).await;
    agree::<3>(&clouds::<3>(1_007), &settings(7), 30).await;
}

pub async fn sparse_mixture_agrees_for_every_optimizer() {
    for (optimizer, learning_rate) in [(GradientRule::Momentum, 1e-3), (GradientRule::Sgd, 1e-2)] {
        let settings = SparseMixtureSettings { optimizer, learning_rate, ..settings(7) };
        agree::<2>(&clouds::<2>(703), &settings, 30).await;
    }
}

pub async fn sparse_mixture_heeds_weights() {
    agree::<2>(&weighted::<2>(603), &settings(7), 30).await;
}

pub async fn sparse_mixture_fits_the_spiral_as_it_comes() {
    let data = recipe(DatasetName::Spiral).expect("there is a spiral").make("Spiral", 3);
    let settings = SparseMixtureSettings { iterations: 100, ..SparseMixtureSettings::default() };
    let gpu = device(true).await;
    let open = || SparseFit::<2>::new(&data, &settings).expect("the fit opens");
    let (mut here, mut there) = (open(), open());
    iterate_here(&mut here, 100);
    iterate(&mut there, &gpu, 1_000).await;
    assert_eq!((there.state(), there.iteration()), (&FitState::Exhausted, 100));
    assert_same_history("the spiral", &there, &here, 5e-3);
    assert!(there.history().rows[100][3] <= 12.0, "components are turned off: {:?}", there.history().last());
}

pub async fn sparse_mixture_takes_over_settings_while_it_runs() {
    let gpu = device(false).await;
    let data = clouds::<2>(703);
    let before = settings(7);
    let after = SparseMixtureSettings { sparsity: 2.0, learning_rate: 0.02, off_below: 0.1, ..before.clone() };
    let open = || SparseFit::<2>::new(&data, &before).expect("the fit opens");
    let (mut here, mut there) = (open(), open());
    let mut backend = Backend::new(Some(BackendChoice::Gpu));
    backend.connect(gpu.clone());
    iterate_here(&mut here, 10);
    iterate_with(&mut backend, &mut there, &gpu, 10).await;
    here.adjust(&after);
    there.adjust(&after);
    // Without asking for the gradient: its cost is right before anything is summed here.
    assert_same_history("after the change", &there, &here, 1e-3);
    backend.adjust(&mut there);
    iterate_here(&mut here, 10);
    iterate_with(&mut backend, &mut there, &gpu, 10).await;
    assert_same_history("ten iterations on", &there, &here, 1e-3);
    assert_close("ten iterations on", &there.parameters().flat(), &here.parameters().flat(), 1e-3);
    // The same where the processor goes on: what it knew of the old sparsity is gone.
    let again = SparseMixtureSettings { sparsity: 30.0, ..after };
    for fit in [&mut here, &mut there] {
        fit.adjust(&again);
        iterate_here(fit, 3);
    }
    assert_same_history("on the processor", &there, &here, 1e-3);
}

pub async fn sparse_mixture_goes_on_from_a_snapshot_of_the_device() {
    let gpu = device(true).await;
    let data = weighted::<3>(603);
    for (optimizer, learning_rate) in [(GradientRule::Adam, 0.1), (GradientRule::Momentum, 1e-3)] {
        let settings = SparseMixtureSettings { optimizer, learning_rate, ..settings(7) };
        let open = || SparseFit::<3>::new(&data, &settings).expect("the fit opens");
        let mut there = open();
        iterate(&mut there, &gpu, 20).await;
        let snapshot = there.snapshot();
        assert_eq!(snapshot.optimizer.step, 20);
        let mut here = open();
        here.restore(&snapshot).expect("the snapshot is one of this fit");
        assert_eq!(here.snapshot(), snapshot);
        iterate_here(&mut here, 10);
        let mut fallen_back = open();
        iterate(&mut fallen_back, &gpu, 20).await;
        iterate_here(&mut fallen_back, 10);
        // But for the last digits of the curves: the penalty comes from the device or, for the last row of a readback, from here.
        assert_same_history("fallen back", &fallen_back, &here, 1e-6);
        let without_curves =
            |fit: &SparseFit<3>| SparseMixtureSnapshot { history: History::default(), ..fit.snapshot() };
        let message = "a fit that falls back goes on as from its snapshot";
        assert!(without_curves(&fallen_back) == without_curves(&here), "{message}");
        iterate(&mut there, &gpu, 10).await;
        assert_same_history("from a snapshot", &there, &here, 1e-3);
        assert_close("from a snapshot", &there.parameters().flat(), &here.parameters().flat(), 1e-3);
    }
}

pub async fn sparse_mixture_that_diverges_says_so() {
    let gpu = device(false).await;
    let data = clouds::<2>(300);
    let settings = SparseMixtureSettings {
        optimizer: GradientRule::Sgd,
        learning_rate: 1_000.0,
        iterations: 10_000,
        ..settings(7)
    };
    let open = || SparseFit::<2>::new(&data, &settings).expect("the fit opens");
    let (mut here, mut there) = (open(), open());
    iterate_here(&mut here, 10_000);
    let mut backend = Backend::new(Some(BackendChoice::Gpu));
    backend.connect(gpu.clone());
    finish(&mut backend, &mut there, 10_000).await;
    assert_eq!(gpu.failure(), None);
    assert_eq!(backend.take_notice(), "", "the device did not fail, the fit did");
    let (FitState::Failed(expected), FitState::Failed(found)) = (here.state(), there.state()) else {
        panic!("they go on: {:?} here, {:?} there", here.state(), there.state());
    };
    for (sentence, fit) in [(expected, &here), (found, &there)] {
        assert!(sentence.contains(&format!("After iteration {}", fit.iteration())), "{sentence}");
        assert!(sentence.ends_with("clear the gradients."), "{sentence}");
        assert!(fit.cost().is_finite() && fit.parameters().not_finite().is_none());
        assert!(fit.history().rows.iter().flatten().all(|value| value.is_finite()));
        assert_eq!(fit.history().rows.len(), fit.iteration() + 1);
    }
    assert!(here.iteration().abs_diff(there.iteration()) <= 1, "{expected} {found}");
    // It tries again with a shorter step, from where it stopped.
    there.adjust(&SparseMixtureSettings { learning_rate: 1e-6, ..settings });
    assert_eq!(*there.state(), FitState::Running);
}

pub async fn sparse_mixture_says_what_keeps_it_from_the_device() {
    let data = clouds::<2>(300);
    let mut literal =
        SparseFit::<2>::new(&data, &SparseMixtureSettings { clear_gradients: false, ..settings(7) }).expect("it opens");
    let mut double = SparseMixtureFit::<wide::f64x2, 2>::new(&data, &settings(7)).expect("it opens");
    let mut many =
        SparseFit::<2>::new(&data, &SparseMixtureSettings { components: 65, ..settings(7) }).expect("it opens");
    let fits: [(&mut dyn Fit, &str); 3] =
        [(&mut literal, "never cleared"), (&mut double, "Double precision"), (&mut many, "More than 64")];
    for (fit, part) in fits {
        let reason = fit.on_device().err().expect("it stays on the processor");
        assert!(reason.contains(part) && reason.ends_with('.'), "{reason}");
    }
}
