//! Going back to earlier iterations, and on from there.

use gaussian_playground::experiment::{Experiment, Placed, Snapshot};
use gaussian_playground::settings::{ExperimentName, Value};

use super::fits::{number, text};

/// A way to fit each model, with the iterations to go and its settings, which do not stop it before unless it must.
pub fn ways() -> Vec<(&'static str, Experiment, usize)> {
    let open = |name, changes: &[(String, Value)]| {
        let mut experiment = Experiment::new(name).unwrap();
        experiment.configure(changes).unwrap();
        experiment
    };
    let sum = |optimizer: &str, most: usize| {
        let changes = [text("optimizer", optimizer), number("batchSize", 2_048.0), text("backend", "cpu")];
        (open(ExperimentName::SumOfGaussians, &changes), most)
    };
    let em = open(ExperimentName::EmMixture, &[text("dataset", "three-blobs"), number("tolerance", 0.0)]);
    let small = [text("dataset", "old-faithful"), number("components", 6.0)];
    let ascent = [text("method", "coordinate-ascent"), number("tolerance", 0.0)];
    let ways = [
        ("em", (em, 200)),
        ("sparse", (open(ExperimentName::SparseMixture, &small), 200)),
        ("sampled", (open(ExperimentName::BayesianMixture, &[number("batchSize", 100.0)]), 200)),
        ("ascent", (open(ExperimentName::BayesianMixture, &ascent), 200)),
        ("adam", sum("adam", 200)),
        ("least squares", sum("levenberg-marquardt", 200)),
        ("peaks", sum("residual-peaks", 200)),
        ("bump", (open(ExperimentName::Bump, &[number("points", 5_000.0)]), 200)),
        ("sweep", (open(ExperimentName::BumpSweep, &[number("points", 500.0)]), 60)),
    ];
    ways.into_iter()
        .map(|(name, (mut experiment, most))| {
            experiment.configure(&[text("backend", "cpu")]).ok();
            (name, experiment, most)
        })
        .collect()
}

/// Goes on until nothing is to be done.
pub fn arrive(experiment: &mut Experiment) {
    while experiment.is_busy() {
        experiment.poll();
    }
}

pub fn go_to(experiment: &mut Experiment, iteration: usize) {
    experiment.seek(iteration);
    arrive(experiment);
    assert_eq!(experiment.report().iteration, iteration);
}

/// The snapshots after each iteration up to the end.
fn played(experiment: &mut Experiment, most: usize) -> Vec<Snapshot> {
    let mut snapshots = vec![experiment.snapshot()];
    for _ in 0..most {
        experiment.step(1);
        if experiment.report().iteration == snapshots.len() {
            snapshots.push(experiment.snapshot());
        }
    }
    snapshots
}

pub fn every_fit_plays_backwards_and_on_in_the_same_bits() {
    for (name, mut experiment, most) in ways() {
        let snapshots = played(&mut experiment, most);
        let end = snapshots.len() - 1;
        assert!(end > 10, "{name} stopped after {end}");
        let after = experiment.report();
        assert_eq!((after.latest, after.iteration), (end, end), "{name}");
        let kept = after.moments;
        assert!(kept[0] == 0 && *kept.last().unwrap() == end && kept.len() <= 129, "{name}: {kept:?}");
        let between = (1..end).rev().find(|iteration| !kept.contains(iteration));
        let places = [Some(kept[kept.len() / 3]), between, between.map(|_| end / 2 + 1), Some(1), Some(0)];
        for place in places.into_iter().flatten() {
            go_to(&mut experiment, place);
            assert!(experiment.snapshot() == snapshots[place], "{name} at {place}");
            let report = experiment.report();
            assert_eq!(report.latest, end, "{name}: the future is not forgotten");
            assert!(report.moments.contains(&end) && report.history.is_empty(), "{name}");
            // To look ahead again and on the way to look back.
            go_to(&mut experiment, end);
            assert!(experiment.snapshot() == snapshots[end], "{name}: to the end from {place}");
            assert_eq!(experiment.report().state, after.state, "{name}");
        }
        experiment.step_back();
        experiment.step_back();
        arrive(&mut experiment);
        assert!(experiment.snapshot() == snapshots[end - 2], "{name}: two back");
        go_to(&mut experiment, end / 3);
        let rows = experiment.fit().records(0).end;
        experiment.step(end - end / 3);
        let report = experiment.report();
        assert!(experiment.snapshot() == snapshots[end], "{name}: played on");
        assert_eq!(report.history_start, rows, "{name}: what was after is replaced");
        assert_eq!(report.iteration, end);
    }
}

pub fn a_seek_goes_on_in_slices() {
    let mut experiment = Experiment::new(ExperimentName::SumOfGaussians).unwrap();
    experiment.configure(&[text("backend", "cpu")]).unwrap();
    experiment.step(20_000);
    let kept = experiment.report().moments;
    let place = (1..20_000).rev().find(|iteration| !kept.contains(iteration)).unwrap();
    experiment.seek(place);
    assert!(experiment.is_busy() && experiment.report().seeking);
    // Iterations that are asked for on the way are done where it ends.
    experiment.step(3);
    arrive(&mut experiment);
    let report = experiment.report();
    assert_eq!((report.iteration, report.latest, report.seeking), (place + 3, place + 3, false));
    experiment.seek(usize::MAX);
    arrive(&mut experiment);
    assert_eq!(experiment.report().iteration, place + 3, "no further than it has been");
}

pub fn settings_and_edits_in_between_are_heeded() {
    let mut experiment = Experiment::new(ExperimentName::SparseMixture).unwrap();
    experiment
        .configure(&[text("dataset", "old-faithful"), number("components", 6.0), text("backend", "cpu")])
        .unwrap();
    let rate = |experiment: &Experiment| experiment.settings().get("learningRate");
    let mut snapshots = vec![experiment.snapshot()];
    for iteration in 1..=300 {
        experiment.step(1);
        if iteration == 41 {
            experiment.configure(&[number("learningRate", 0.03), number("sparsity", 5.0)]).unwrap();
        }
        if iteration == 151 {
            experiment.configure(&[number("learningRate", 0.01)]).unwrap();
        }
        snapshots.push(experiment.snapshot());
    }
    experiment.report();
    for place in [40, 41, 42, 150, 151, 152, 300, 30] {
        go_to(&mut experiment, place);
        assert!(experiment.snapshot() == snapshots[place], "{place}");
        let expected = if place < 41 {
            0.1
        } else if place < 151 {
            0.03
        } else {
            0.01
        };
        assert_eq!(rate(&experiment), Some(Value::Number(expected)), "{place}");
    }
    go_to(&mut experiment, 300);
    let changes = experiment.live_changes();
    assert_eq!(changes.iter().map(|change| change.iteration).collect::<Vec<_>>(), [0, 0, 41, 41, 151]);
    // To look back brings the settings, and the report tells so once.
    experiment.seek(100);
    arrive(&mut experiment);
    assert!(experiment.report().settings.is_some() && experiment.report().settings.is_none());
    experiment.step(1);
    assert_eq!(experiment.live_changes().last().unwrap().iteration, 41, "what came after is forgotten");
    // A change while looking back is the beginning of another way.
    go_to(&mut experiment, 60);
    let rows = experiment.fit().records(0).end;
    experiment.configure(&[number("learningRate", 0.2)]).unwrap();
    let report = experiment.report();
    assert_eq!((report.latest, report.history_start), (60, rows - 1));
    experiment.configure(&[number("seed", 4.0)]).unwrap();
    let report = experiment.report();
    assert_eq!((report.latest, report.moments, report.history_start), (0, vec![0], 0));
    assert!(experiment.live_changes().is_empty());
}

/// Where a fit stops is a setting too, and no part of EM's snapshots.
pub fn what_stops_a_fit_comes_back_with_the_moment() {
    let mut experiment = Experiment::new(ExperimentName::EmMixture).unwrap();
    experiment.configure(&[number("tolerance", 0.0), text("backend", "cpu")]).unwrap();
    experiment.step(200);
    experiment.configure(&[number("tolerance", 1.0)]).unwrap();
    assert_eq!(experiment.report().state, "converged");
    go_to(&mut experiment, 133);
    assert_eq!(experiment.report().state, "running");
    go_to(&mut experiment, 200);
    assert_eq!(experiment.report().state, "converged");
    experiment.reset().unwrap();
    assert_eq!(experiment.report().moments, [0]);
}

pub fn a_failed_fit_can_be_looked_into() {
    let mut experiment = Experiment::new(ExperimentName::BayesianMixture).unwrap();
    experiment.configure(&[text("positivity", "free"), number("learningRate", 0.05)]).unwrap();
    experiment.step(3_000);
    let failed = experiment.report();
    assert_eq!(failed.state, "failed");
    go_to(&mut experiment, 0);
    assert_eq!(experiment.report().state, "running");
    go_to(&mut experiment, failed.iteration);
    let again = experiment.report();
    assert_eq!((again.state, again.message), ("failed", failed.message));
}

pub fn moments_of_ten_thousand_iterations_are_few() {
    let mut experiment = Experiment::new(ExperimentName::EmMixture).unwrap();
    let changes = [number("tolerance", 0.0), number("maxIterations", 100_000.0), text("backend", "cpu")];
    experiment.configure(&changes).unwrap();
    let mut points = Vec::new();
    for i in 0..40 {
        points.push(f64::from(i % 7) + f64::from(i / 20) * 9.0);
    }
    experiment.set_points(points, &["x".to_owned()], None).unwrap();
    for thousand in 1..=10 {
        experiment.step(1_000);
        let moments = experiment.report().moments;
        assert!(moments.len() <= 130, "{}", moments.len());
        assert_eq!((moments[0], *moments.last().unwrap()), (0, thousand * 1_000));
    }
    // Dragging a component about all the while adds few more.
    for _ in 0..1_000 {
        let component = experiment.report().components[0].clone();
        let placed = Placed { weight: Some(component.weight), mean: component.mean, covariance: component.covariance };
        experiment.place(0, &placed).unwrap();
        experiment.step(1);
    }
    let report = experiment.report();
    assert!(report.moments.len() <= 386 && report.edited, "{}", report.moments.len());
    experiment.seek(10_001);
    arrive(&mut experiment);
    let reached = experiment.report().iteration;
    assert!(reached <= 10_001, "an edit that is forgotten is not passed");
}
