//! EM by densities instead of their logarithms, starts with collapsed Gaussians, and fits in the background.

use gaussian_playground::dataset::{Axis, Dataset};
use gaussian_playground::experiment::{ComponentStatus, EmFit, Experiment, FitState, Mixture, Report, TroubleKind};
use gaussian_playground::settings::{CovarianceType, EmMixtureSettings, ExperimentName, Iteration, Value};
use wide::{f32x4, f64x2};

use crate::common::fits::{number, text};

fn em(changes: &[(String, Value)]) -> Experiment {
    let mut experiment = Experiment::new(ExperimentName::EmMixture).unwrap();
    experiment.configure(&[text("backend", "cpu")]).unwrap();
    experiment.configure(changes).unwrap();
    experiment
}

fn ended(experiment: &mut Experiment) -> Report {
    experiment.step(2_000);
    experiment.report()
}

fn switch(name: &str, on: bool) -> (String, Value) {
    (name.to_owned(), Value::Switch(on))
}

#[test]
fn near_enough_to_all_points_densities_come_to_the_same_end() {
    let with = ended(&mut em(&[text("dataset", "three-blobs")]));
    let without = ended(&mut em(&[text("dataset", "three-blobs"), switch("logs", false)]));
    assert_eq!((with.state, without.state), ("converged", "converged"));
    assert_eq!(with.iteration, without.iteration);
    assert!((with.objective.value - without.objective.value).abs() < 1e-6);
}

/// Three narrow Gaussians in two of the three blobs.
fn narrow() -> Vec<(String, Value)> {
    vec![text("dataset", "three-blobs"), number("initialVariance", 0.1), switch("logs", false)]
}

#[test]
fn far_points_have_no_densities_and_logarithms_put_that_right() {
    let mut experiment = em(&narrow());
    let report = ended(&mut experiment);
    assert_eq!((report.state, report.iteration), ("failed", 0));
    assert!(report.objective.value.is_finite(), "it is that by logarithms");
    let lost = experiment.mixture().unwrap().vanished_points().to_vec();
    assert!(lost.len() > 100 && lost.len() < 1_000, "{}", lost.len());
    let [trouble] = &report.troubles[..] else { panic!("{:?}", report.troubles) };
    assert_eq!(trouble.kind, TroubleKind::Underflow);
    assert!(trouble.sentence.starts_with(&format!("{} points", lost.len())), "{}", trouble.sentence);
    assert!(trouble.sentence.contains("single precision"), "{}", trouble.sentence);
    // Just those points have a density below 10⁻³⁸.
    let mut logarithms = Vec::new();
    experiment.mixture().unwrap().visit_points(&mut |_, log_density, _| logarithms.push(log_density));
    let least = f64::from(f32::MIN_POSITIVE).ln();
    for (point, &logarithm) in logarithms.iter().enumerate() {
        let near = (logarithm - least).abs() < 3.0;
        assert!(near || lost.contains(&point) == (logarithm < least), "{point}: {logarithm}");
    }
    let configured = experiment.repair("underflow", 0).unwrap();
    assert!(configured.restarted);
    let report = ended(&mut experiment);
    assert_eq!(report.state, "converged");
    assert!(report.troubles.is_empty(), "{:?}", report.troubles);
}

#[test]
fn double_precision_reaches_further() {
    let mut experiment = em(&[narrow(), vec![text("precision", "double")]].concat());
    let report = ended(&mut experiment);
    assert_eq!(report.state, "converged");
    assert!((report.objective.value + 3.5353).abs() < 1e-3, "{}", report.objective.value);
}

#[test]
fn points_that_count_for_nothing_are_not_lost_and_places_are_those_of_the_data() {
    let values: Vec<f64> = (0..60).map(|i| f64::from(i % 7) * 0.1).chain([1e3, 2e3]).collect();
    let mut weights = vec![1.0; 62];
    (weights[3], weights[60]) = (0.0, 0.0);
    let data = Dataset::new("far", vec![Axis::unitless("x")], values).unwrap().with_weights(weights).unwrap();
    let settings =
        EmMixtureSettings { components: 1, initial_variance: 1.0, logs: false, ..EmMixtureSettings::default() };
    let fit = EmFit::<f32x4, 1>::new(&data, &settings).unwrap();
    assert_eq!(fit.vanished_points(), [61]);
    let FitState::Failed(sentence) = fit.state() else { panic!("{:?}", fit.state()) };
    assert!(sentence.starts_with("One point, at 2000.0,"), "{sentence}");
}

#[test]
fn a_start_that_collapses_is_kept_only_where_all_do() {
    // Thirty points on one spot in a cloud: a Gaussian that finds the spot is likelier than any other.
    let cloud = (0..200).map(|i| [f64::from(i % 20), f64::from(i / 20) * 1.3]);
    let values: Vec<f64> = cloud.chain([[9.5, 5.5]; 30]).flatten().collect();
    let data = Dataset::new("spot", vec![Axis::unitless("x"), Axis::unitless("y")], values).unwrap();
    let settings = |restarts| EmMixtureSettings {
        components: 3,
        covariance_type: CovarianceType::Full,
        restarts,
        ..EmMixtureSettings::default()
    };
    let collapsed =
        |fit: &EmFit<f64x2, 2>| fit.components().iter().any(|component| component.status == ComponentStatus::Collapsed);
    let alone: Vec<(bool, f64)> = (0..40)
        .map(|seed| {
            let fit = EmFit::<f64x2, 2>::fitted(&data, &EmMixtureSettings { seed, ..settings(1) }).unwrap();
            (collapsed(&fit), fit.log_likelihood())
        })
        .collect();
    let best =
        |wanted: bool| alone.iter().filter(|one| one.0 == wanted).map(|one| one.1).fold(f64::NEG_INFINITY, f64::max);
    assert!(best(true) > best(false) + 5.0, "the collapsed are the likelier ones: {alone:?}");
    assert!(alone.iter().filter(|one| !one.0).count() > 3, "{alone:?}");
    let fit = EmFit::<f64x2, 2>::fitted(&data, &settings(40)).unwrap();
    assert!(!collapsed(&fit));
}

#[test]
fn the_sources_value_is_told_where_its_iteration_runs_and_is_no_likelihood() {
    let source = ended(&mut em(&[
        text("dataset", "three-blobs"),
        text("iteration", "equal-weights"),
        number("tolerance", 1e-5),
    ]));
    assert_eq!(source.state, "converged");
    let cost = source.measure("cost").unwrap();
    assert!((cost - source.objective.value).abs() > 10.0, "{cost} and {}", source.objective.value);
    assert_eq!(ended(&mut em(&[])).measure("cost"), None);
    let settings = EmMixtureSettings { iteration: Iteration::EqualWeights, ..EmMixtureSettings::default() };
    assert!(settings.logs);
}

#[test]
fn a_fit_in_the_background_is_that_of_the_page_on_own_points_too() {
    let mut page = em(&[]);
    let rows: Vec<f64> = (0..120).map(|i| f64::from(i * i % 37) + if i % 3 == 0 { 40.0 } else { 0.0 }).collect();
    page.set_points(rows, &["x".to_owned(), "y".to_owned()], None).unwrap();
    let changes = [number("components", 3.0), text("covarianceType", "tied"), number("nInit", 5.0)];
    page.configure(&changes).unwrap();
    let points = page.points();
    let mut settings = vec![text("dataset", "own")];
    settings.extend(changes);
    let mut background =
        Experiment::on_the_processor_with_points(ExperimentName::EmMixture, &settings, points).unwrap();
    let (there, here) = (ended(&mut background), ended(&mut page));
    assert_eq!(there.dataset.points, 60);
    assert_eq!(there.measure("bic").map(f64::to_bits), here.measure("bic").map(f64::to_bits));
    assert_eq!(there.components, here.components);
}
