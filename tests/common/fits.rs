//! Fits as a visitor runs them.

use gaussian_playground::dataset::Dataset;
use gaussian_playground::error::Error;
use gaussian_playground::experiment::{ComponentStatus, Data, EmSnapshot, Experiment, Report, Snapshot};
use gaussian_playground::settings::{ExperimentName, Settings, Value};

pub fn text(name: &str, value: &str) -> (String, Value) {
    (name.to_owned(), Value::Text(value.to_owned()))
}

pub fn number(name: &str, value: f64) -> (String, Value) {
    (name.to_owned(), Value::Number(value))
}

/// The default experiment with some settings changed.
pub fn experiment(changes: &[(String, Value)]) -> Experiment {
    let mut experiment = Experiment::new(ExperimentName::EmMixture).unwrap();
    experiment.configure(changes).unwrap();
    experiment
}

/// Own points on a line or in the plane.
fn own(points: &[f64], dimension: usize, changes: &[(String, Value)]) -> Result<Experiment, Error> {
    let mut experiment = Experiment::new(ExperimentName::EmMixture)?;
    let names: Vec<String> = ["x", "y"].into_iter().take(dimension).map(str::to_owned).collect();
    experiment.set_points(points.to_vec(), &names, None)?;
    experiment.configure(changes)?;
    Ok(experiment)
}

/// The points of a mixture.
pub fn points_of(experiment: &Experiment) -> &Dataset {
    match experiment.data() {
        Data::Points(points) => points,
        _ => panic!("a mixture has points"),
    }
}

/// The state of an EM fit.
pub fn em_snapshot(experiment: &Experiment) -> EmSnapshot {
    match experiment.snapshot() {
        Snapshot::EmMixture(snapshot) => snapshot,
        other => panic!("not of EM: {other:?}"),
    }
}

fn components_of(settings: &Settings) -> u32 {
    match settings {
        Settings::EmMixture(settings) => settings.components,
        other => panic!("not of EM: {other:?}"),
    }
}

/// Runs until it stops.
fn finish(experiment: &mut Experiment) -> Report {
    experiment.step(100_000);
    experiment.report()
}

fn responsibilities(experiment: &mut Experiment) -> Vec<f64> {
    let mut all = Vec::new();
    experiment.mixture().unwrap().visit_points(&mut |_, _, shares| all.extend_from_slice(shares));
    all
}

/// Total log-likelihood and BIC of two full components, as scikit-learn finds them, in both precisions and from both kinds
/// of start.
pub fn old_faithful_ends_where_the_literature_says() {
    for precision in ["single", "double"] {
        for start in ["points", "kmeans++"] {
            for seed in 0..10 {
                let mut experiment = experiment(&[
                    text("precision", precision),
                    text("initialization", start),
                    number("seed", f64::from(seed)),
                ]);
                let report = finish(&mut experiment);
                assert_eq!(report.state, "converged");
                assert_eq!(
                    format!("{:.2}", report.measure("total").unwrap()),
                    "-1130.26",
                    "{precision} {start} {seed}"
                );
                assert_eq!(format!("{:.1}", report.measure("bic").unwrap()), "2322.2");
            }
        }
    }
}

/// Large offsets cost no digits, and nothing is scaled behind the visitor's back.
pub fn shifted_and_scaled_data_get_the_same_responsibilities() {
    for (name, dimension) in [("old-faithful", 2), ("three-blobs", 2), ("galaxies", 1)] {
        for covariance_type in ["full", "tied", "diagonal", "spherical"] {
            let plain = experiment(&[text("dataset", name)]);
            let points = points_of(&plain).values().to_vec();
            let mean_variance = {
                let covariance = points_of(&plain).covariance();
                (0..dimension).map(|axis| covariance[axis * (dimension + 1)]).sum::<f64>() / dimension as f64
            };
            let floor = 1e-6 * mean_variance;
            let run = |points: &[f64], floor: f64| {
                let mut experiment = own(
                    points,
                    dimension,
                    &[
                        number("components", 3.0),
                        text("covarianceType", covariance_type),
                        number("minimumVariance", floor),
                        number("tolerance", 0.0),
                        number("maxIterations", 30.0),
                    ],
                )
                .unwrap();
                finish(&mut experiment);
                responsibilities(&mut experiment)
            };
            let reference = run(&points, floor);
            let shifted = run(&points.iter().map(|x| x + 1e6).collect::<Vec<_>>(), floor);
            let scaled = run(&points.iter().map(|x| x * 1e-3).collect::<Vec<_>>(), floor * 1e-6);
            for (what, found) in [("shifted", shifted), ("scaled", scaled)] {
                let worst = found.iter().zip(&reference).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
                assert!(worst <= 1e-4, "{name} {covariance_type} {what}: {worst:e}");
            }
        }
    }
}

/// Twenty points in a heap and one far away: the component that takes the lone point has no spread of its own.
fn heap_and_lone_point() -> Vec<f64> {
    let mut points: Vec<f64> =
        (0..20).flat_map(|i| [f64::from(i % 5) * 0.3, f64::from(i / 5) * 0.4 + f64::from(i % 3) * 0.1]).collect();
    points.extend([50.0, -40.0]);
    points
}

pub fn a_collapsed_component_is_held_and_marked() {
    for covariance_type in ["full", "diagonal", "spherical"] {
        for precision in ["single", "double"] {
            let collapsed = (0..20).find_map(|seed| {
                let mut experiment = own(
                    &heap_and_lone_point(),
                    2,
                    &[
                        text("covarianceType", covariance_type),
                        text("precision", precision),
                        number("minimumVariance", 1e-4),
                        number("seed", f64::from(seed)),
                    ],
                )
                .unwrap();
                let report = finish(&mut experiment);
                assert!(report.objective.value.is_finite(), "{}", report.message);
                assert_ne!(report.state, "failed");
                let one = report.components.iter().find(|one| one.status == ComponentStatus::Collapsed)?.clone();
                Some(one)
            });
            let one = collapsed.expect("a start of twenty puts a component onto the lone point");
            assert!((one.mean[0] - 50.0).abs() < 1e-3 && (one.mean[1] + 40.0).abs() < 1e-3);
            assert!((one.covariance[0] / 1e-4 - 1.0).abs() < 1e-6, "{:?}", one.covariance);
            assert!((one.covariance[3] / 1e-4 - 1.0).abs() < 1e-6, "{:?}", one.covariance);
        }
    }
}

pub fn an_empty_component_keeps_its_place_until_it_is_moved() {
    // A component at the gap between two far, tight groups starts narrow: all its responsibilities underflow.
    let mut points: Vec<f64> = (0..50).flat_map(|i| [f64::from(i) * 1e-3, 1e4 + f64::from(i) * 1e-3]).collect();
    points.push(5e3);
    let mut experiment = own(&points, 1, &[number("components", 2.0), number("minimumVariance", 1e-6)]).unwrap();
    finish(&mut experiment);
    let mut snapshot = em_snapshot(&experiment);
    let place = snapshot.means[1];
    snapshot.means[1] = 3e3;
    snapshot.factors[1] = 1e-3;
    experiment.configure(&[number("tolerance", 0.0), number("maxIterations", 5_000.0)]).unwrap();
    experiment.restore(&Snapshot::EmMixture(snapshot)).unwrap();
    let before = experiment.report();
    experiment.step(1);
    let after = experiment.report();
    assert_eq!(after.components[1].status, ComponentStatus::Empty, "{:?} from {place}", after.components);
    assert_eq!(after.components[1].weight, 0.0);
    assert_eq!(after.components[1].mean, before.components[1].mean);
    assert_eq!(after.components[1].covariance, before.components[1].covariance);
    experiment.step(5);
    assert_eq!(experiment.report().components[1].status, ComponentStatus::Empty, "it stays empty by itself");
    assert!(experiment.move_to_worst(7).is_err());

    // The worst-explained point is where the density of the rest is lowest.
    let mut worst = (f64::INFINITY, 0);
    experiment.mixture().unwrap().visit_points(&mut |i, log_density, _| {
        if log_density < worst.0 {
            worst = (log_density, i);
        }
    });
    experiment.move_to_worst(1).unwrap();
    let moved = experiment.report();
    assert!((moved.components[1].mean[0] - points[worst.1]).abs() < 1e-3);
    assert!((moved.components[1].weight - 0.5).abs() < 1e-12);
    assert_eq!(moved.state, "running");
    experiment.step(20);
    let revived = experiment.report();
    assert_ne!(revived.components[1].status, ComponentStatus::Empty);
    assert!(revived.components[1].weight > 0.0);
}

pub fn bad_points_and_settings_get_a_sentence_and_change_nothing() {
    let mut experiment = experiment(&[number("seed", 5.0)]);
    experiment.step(4);
    let settings = experiment.settings().clone();
    let snapshot = experiment.snapshot();
    let names = ["x".to_owned(), "y".to_owned()];
    for (points, code) in [
        (vec![], "empty-data"),
        (vec![1.0, 2.0], "one-point"),
        (vec![1.0, 2.0, 3.0], "shape"),
        (vec![4.0; 20], "all-equal"),
        (vec![1.0, 2.0, f64::NAN, 3.0], "non-finite-point"),
        (vec![1.0, 2.0, 3.0, f64::NEG_INFINITY], "non-finite-point"),
        (vec![0.0, 0.0, 1e200, 1.0], "spread"),
        (vec![0.0, 0.0, 1e-200, 1e-200], "spread"),
        (vec![-1e308, 0.0, 1e308, 1.0, 1e308, 2.0], "spread"),
    ] {
        let error = experiment.set_points(points, &names, None).unwrap_err();
        assert_eq!(error.code(), code);
        assert!(error.to_string().ends_with('.'), "{error}");
    }
    assert_eq!(experiment.configure(&[text("dataset", "own")]).unwrap_err(), Error::NoOwnData);
    for change in [text("components", "many"), text("dataset", "nothing"), number("nonsense", 1.0)] {
        assert_eq!(experiment.configure(&[number("seed", 9.0), change]).unwrap_err().code(), "setting");
    }
    for garbage in ["", "a,b\n", "\u{0}\u{1}\u{2}\u{3}", "red\ngreen\nblue\n"] {
        assert!(experiment.read_table(garbage, "file.csv").is_err());
    }
    assert_eq!(*experiment.settings(), settings);
    assert_eq!(experiment.snapshot(), snapshot, "the fit goes on where it was");

    // More components than points: refused when asked for, lowered with a notice when the data change.
    let five: Vec<f64> = [1.0, 2.0, 3.0, 4.0, 9.0].to_vec();
    experiment.configure(&[number("components", 16.0)]).unwrap();
    let configured = experiment.set_points(five, &names[..1], None).unwrap();
    assert_eq!(components_of(&configured.settings), 5);
    assert!(configured.notices.iter().any(|notice| notice.contains("only 5 points")), "{:?}", configured.notices);
    assert_eq!(
        experiment.configure(&[number("components", 6.0)]).unwrap_err(),
        Error::TooManyComponents { components: 6, points: 5 }
    );
    assert_eq!(components_of(experiment.settings()), 5);
    let report = finish(&mut experiment);
    assert!(report.objective.value.is_finite());
}

pub fn stopping_rules_act_on_the_running_fit() {
    let mut experiment = experiment(&[number("tolerance", 1.0)]);
    assert_eq!(finish(&mut experiment).state, "converged");
    let configured = experiment.configure(&[number("tolerance", 0.0), number("maxIterations", 40.0)]).unwrap();
    assert!(!configured.restarted);
    let report = finish(&mut experiment);
    assert_eq!((report.state, report.iteration), ("exhausted", 40));
    assert!(report.message.contains("40"), "{}", report.message);
    experiment.configure(&[number("maxIterations", 50.0)]).unwrap();
    assert_eq!(finish(&mut experiment).iteration, 50);
    // What does not concern stopping leaves a finished fit finished, and a looser tolerance ends one that runs.
    experiment.configure(&[number("speed", 61.0)]).unwrap();
    assert_eq!(experiment.report().state, "exhausted");
    experiment.configure(&[number("maxIterations", 90.0), number("tolerance", 1.0)]).unwrap();
    let report = experiment.report();
    assert_eq!((report.state, report.iteration), ("converged", 50));
    assert!(experiment.report().history.is_empty(), "nothing is new");
}

pub fn a_restored_snapshot_goes_on_bit_for_bit() {
    for precision in ["single", "double"] {
        let changes = [text("dataset", "three-blobs"), text("precision", precision), number("tolerance", 0.0)];
        let mut straight = experiment(&changes);
        straight.step(100);
        let middle = straight.snapshot();
        straight.step(100);
        let mut resumed = experiment(&changes);
        resumed.step(3);
        resumed.restore(&middle).unwrap();
        resumed.step(100);
        assert_eq!(resumed.snapshot(), straight.snapshot());
        straight.configure(&[number("tolerance", 1.0)]).unwrap();
        let finished = straight.snapshot();
        resumed.configure(&[number("tolerance", 1.0)]).unwrap();
        resumed.reset().unwrap();
        resumed.restore(&finished).unwrap();
        assert_eq!(resumed.report().state, "converged", "a finished fit is finished when it comes back");
        resumed.configure(&[number("components", 4.0)]).unwrap();
        assert_eq!(resumed.restore(&middle).unwrap_err(), Error::ForeignSnapshot);
        let present = resumed.snapshot();
        let mut spoilt = em_snapshot(&resumed);
        spoilt.means[0] = f64::NAN;
        assert_eq!(resumed.restore(&Snapshot::EmMixture(spoilt)).unwrap_err(), Error::ForeignSnapshot);
        assert_eq!(resumed.snapshot(), present);
    }
}

pub fn a_restart_really_restarts() {
    let mut experiment = experiment(&[text("dataset", "galaxies")]);
    let (start, means) = (experiment.snapshot(), em_snapshot(&experiment).means);
    experiment.step(5);
    let configured = experiment.configure(&[number("seed", 12.0)]).unwrap();
    assert!(configured.restarted);
    assert_ne!(em_snapshot(&experiment).means, means, "another seed starts elsewhere");
    assert_eq!(experiment.report().history.len(), 2, "one row: the iteration and the objective");
    experiment.configure(&[number("seed", 11.0)]).unwrap();
    assert_eq!(experiment.snapshot(), start);
    experiment.step(5);
    experiment.reset().unwrap();
    assert_eq!(experiment.snapshot(), start);
}

pub fn every_covariance_type_has_its_shape() {
    for (name, dimension) in [("three-blobs", 2), ("galaxies", 1)] {
        for covariance_type in ["full", "tied", "diagonal", "spherical"] {
            let mut experiment = experiment(&[text("dataset", name), text("covarianceType", covariance_type)]);
            experiment.step(5);
            let report = experiment.report();
            let first = &report.components[0];
            assert_eq!(first.covariance.len(), dimension * dimension);
            for one in &report.components {
                if covariance_type == "tied" {
                    assert_eq!(one.covariance, first.covariance);
                }
                if dimension == 2 && ["diagonal", "spherical"].contains(&covariance_type) {
                    assert_eq!((one.covariance[1], one.covariance[2]), (0.0, 0.0));
                }
                if covariance_type == "spherical" {
                    assert_eq!(one.covariance[0], one.covariance[dimension * dimension - 1]);
                }
            }
            if dimension == 2 && covariance_type == "full" {
                assert!(report.components.iter().any(|one| one.covariance[1].abs() > 1e-3));
            }
        }
    }
}

pub fn own_tables_become_data() {
    let mut experiment = experiment(&[]);
    let summary = experiment.read_table("kind,a,b\nx,1,2\ny,2,NA\nx,3,5\ny,4,4\n", "mine.csv").unwrap();
    assert_eq!(summary.suggested, [1, 2]);
    let check = experiment.check_columns(&summary.suggested, None).unwrap();
    assert_eq!((check.kept, check.problems[0].line), (3, 3));
    assert_eq!(experiment.report().dataset.name, "old-faithful", "nothing changes before the choice");
    let configured = experiment.use_columns(&summary.suggested, None).unwrap();
    assert!(configured.restarted);
    let report = experiment.report();
    assert_eq!((report.dataset.name, report.dataset.label.as_str(), report.dataset.points), ("own", "mine.csv", 3));
    assert_eq!(report.dataset.axes[0].label, "a");
    assert!(report.dataset.note.contains("1 row"), "{}", report.dataset.note);
    // Own data stay at hand when another set is looked at.
    experiment.configure(&[text("dataset", "galaxies")]).unwrap();
    experiment.configure(&[text("dataset", "own")]).unwrap();
    assert_eq!(experiment.report().dataset.points, 3);
}
