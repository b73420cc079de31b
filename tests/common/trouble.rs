//! Troubles are seen, said and put right.

use gaussian_playground::experiment::{Cell, Experiment, Placed, Snapshot, Trouble, TroubleKind};
use gaussian_playground::settings::{ExperimentName, Settings, Value};

use super::fits::{em_snapshot, experiment, number, points_of, text};

fn opened(name: ExperimentName, changes: &[(String, Value)]) -> Experiment {
    let mut experiment = Experiment::new(name).unwrap();
    experiment.configure(&[text("backend", "cpu")]).ok();
    experiment.configure(changes).unwrap();
    experiment
}

/// All troubles that reports tell of while the fit does so many iterations.
fn seen(experiment: &mut Experiment, iterations: usize, at_a_time: usize) -> Vec<Trouble> {
    let mut all: Vec<Trouble> = Vec::new();
    for _ in 0..iterations.div_ceil(at_a_time) {
        let report = experiment.report();
        assert!(report.troubles.len() <= 2);
        for trouble in report.troubles {
            if !all.contains(&trouble) {
                all.push(trouble);
            }
        }
        if report.state != "running" {
            break;
        }
        experiment.step(at_a_time);
    }
    all
}

/// The trouble of a kind, which the next report is to tell of.
fn told(experiment: &mut Experiment, kind: TroubleKind) -> Trouble {
    let report = experiment.report();
    let found = report.troubles.iter().find(|trouble| trouble.kind == kind);
    found.cloned().unwrap_or_else(|| panic!("{kind:?} is not in {:?} at {}", report.troubles, report.iteration))
}

/// Puts a trouble right: it is gone, and the fit goes on.
fn repaired(experiment: &mut Experiment, trouble: &Trouble) {
    assert!(trouble.sentence.ends_with('.') && !trouble.fix.is_empty(), "{trouble:?}");
    let name = match trouble.kind {
        TroubleKind::Failed => "failed",
        TroubleKind::Underflow => "underflow",
        TroubleKind::Diverging => "diverging",
        TroubleKind::Collapsed => "collapsed",
        TroubleKind::Lost => "lost",
        TroubleKind::Empty => "empty",
        TroubleKind::Duplicate => "duplicate",
        TroubleKind::Slow => "slow",
    };
    let component = trouble.components.last().copied().unwrap_or(0);
    let configured = experiment.repair(name, component).unwrap();
    assert_eq!(configured.settings, *experiment.settings());
    let report = experiment.report();
    assert!(report.troubles.iter().all(|other| other.kind != trouble.kind), "{:?}", report.troubles);
    assert_eq!(report.state, "running");
    experiment.step(5);
    let after = experiment.report();
    assert_eq!(after.iteration, report.iteration + 5);
    assert!(after.objective.value.is_finite());
}

/// Halves the learning rate until the fit goes on for so many iterations; returns how often.
fn calmed(experiment: &mut Experiment, iterations: usize) -> usize {
    for halved in 0..30 {
        let found = seen(experiment, iterations, 1);
        match found.iter().find(|trouble| trouble.kind <= TroubleKind::Diverging) {
            None => return halved,
            Some(trouble) => {
                experiment.repair(if trouble.kind == TroubleKind::Failed { "failed" } else { "diverging" }, 0).unwrap();
            }
        }
    }
    panic!("it never calms down");
}

fn rate(experiment: &Experiment) -> f64 {
    match experiment.settings().get("learningRate") {
        Some(Value::Number(rate)) => rate,
        other => panic!("{other:?}"),
    }
}

pub fn usual_fits_have_no_troubles() {
    let none = |name: &str, found: Vec<Trouble>| assert!(found.is_empty(), "{name}: {found:?}");
    for dataset in ["old-faithful", "three-blobs", "galaxies", "penguins", "three-clusters"] {
        none(dataset, seen(&mut opened(ExperimentName::EmMixture, &[text("dataset", dataset)]), 1_000, 1));
    }
    none("sparse", seen(&mut opened(ExperimentName::SparseMixture, &[]), 500, 5));
    none("bump", seen(&mut opened(ExperimentName::Bump, &[]), 20_000, 100));
    none("sweep", seen(&mut opened(ExperimentName::BumpSweep, &[number("points", 500.0)]), 1_000, 10));
    none("ascent", seen(&mut opened(ExperimentName::BayesianMixture, &[text("method", "coordinate-ascent")]), 100, 1));
    none("sampled", seen(&mut opened(ExperimentName::BayesianMixture, &[]), 600, 6));
    let sums = ExperimentName::SumOfGaussians;
    for dataset in ["two-cities", "compositions"] {
        none(dataset, seen(&mut opened(sums, &[text("dataset", dataset)]), 3_000, 20));
    }
    for optimizer in ["adam", "residual-peaks", "levenberg-marquardt"] {
        let found = seen(&mut opened(sums, &[text("optimizer", optimizer)]), 20_000, 100);
        // Six Gaussians for four leave some over.
        let surplus = |trouble: &Trouble| matches!(trouble.kind, TroubleKind::Duplicate | TroubleKind::Lost);
        assert!(found.iter().all(surplus), "{optimizer}: {found:?}");
        assert!(optimizer != "residual-peaks" || found.is_empty());
    }
}

pub fn a_fit_that_failed_goes_back_and_on() {
    let mut free = opened(ExperimentName::BayesianMixture, &[text("positivity", "free"), number("learningRate", 0.05)]);
    free.step(3_000);
    let trouble = told(&mut free, TroubleKind::Failed);
    let failed = free.report().iteration;
    assert_eq!(trouble.sentence, format!("After iteration {failed} the parameters are no longer finite numbers."));
    free.repair("failed", 0).unwrap();
    let back = free.report();
    assert!((rate(&free) - 0.025).abs() < 1e-12 && back.iteration <= failed && back.state == "running");
    assert!(back.troubles.is_empty() && back.settings.is_some());
    let halved = calmed(&mut free, 200);
    assert!(halved < 8, "halved {halved} times more");
    assert!(!free.report().edited, "links tell this by a change of the setting");
    assert_eq!(free.live_changes().last().map(|change| change.name.as_str()), Some("learningRate"));
}

pub fn targets_that_stop_every_bump_are_filtered() {
    let changes = [
        number("trueSigma", 2.0),
        number("range", 4.0),
        number("points", 10_000.0),
        ("filterTargets".to_owned(), Value::Switch(false)),
    ];
    let mut experiment = opened(ExperimentName::Bump, &changes);
    assert!(experiment.report().dataset.note.contains("were kept"));
    experiment.step(2_000);
    let trouble = told(&mut experiment, TroubleKind::Failed);
    assert!(trouble.fix.contains("Filter"), "{trouble:?}");
    assert!(experiment.report().message.ends_with("filter the targets."));
    let configured = experiment.repair("failed", 0).unwrap();
    assert_eq!(configured.settings.get("filterTargets"), Some(Value::Switch(true)));
    experiment.step(300);
    let report = experiment.report();
    assert_eq!((report.iteration, report.state), (300, "running"));
    assert!(report.dataset.note.contains("drawn again"));
    assert!(report.troubles.iter().all(|other| other.kind != TroubleKind::Failed), "{:?}", report.troubles);
}

/// The naive layer: of covariances trained themselves, from Keras's default, some are none.
pub fn a_fit_without_covariances_gets_factors() {
    let naive = [text("factorShape", "covariance"), text("factorStart", "glorot"), number("batchSize", 2_048.0)];
    let mut experiment = opened(ExperimentName::SumOfGaussians, &naive);
    let trouble = told(&mut experiment, TroubleKind::Failed);
    assert!(trouble.sentence.starts_with("Σ of component") && trouble.components.is_empty(), "{trouble:?}");
    assert_eq!(experiment.report().troubles.len(), 1, "nothing else is said of it");
    repaired(&mut experiment, &trouble);
    let value = |experiment: &Experiment, name: &str| experiment.settings().get(name);
    assert_eq!(value(&experiment, "factorShape"), Some(Value::Text("full".to_owned())));
    assert_eq!(value(&experiment, "factorStart"), Some(Value::Text("identity".to_owned())));
    // From identities the steps leave the covariances in time, which the next report says.
    let mut experiment = opened(
        ExperimentName::SumOfGaussians,
        &[text("factorShape", "covariance"), number("batchSize", 2_048.0), number("learningRate", 1e-2)],
    );
    experiment.step(2_000);
    let trouble = told(&mut experiment, TroubleKind::Failed);
    assert!(trouble.sentence.contains("would leave Σ of component"), "{trouble:?}");
    repaired(&mut experiment, &trouble);
}

pub fn a_fit_that_diverges_goes_back_to_where_it_was_best() {
    let changes = [
        text("dataset", "old-faithful"),
        number("components", 6.0),
        text("optimizer", "sgd"),
        number("iterations", 1e5),
    ];
    let mut sparse = opened(ExperimentName::SparseMixture, &changes);
    sparse.step(10);
    sparse.configure(&[number("learningRate", 30.0)]).unwrap();
    let mut trouble = None;
    for _ in 0..2_000 {
        sparse.step(1);
        let report = sparse.report();
        trouble = report.troubles.into_iter().find(|trouble| trouble.kind <= TroubleKind::Diverging);
        if trouble.is_some() {
            break;
        }
    }
    let trouble = trouble.expect("it diverges");
    let worst = sparse.report().objective.value;
    let kind = if trouble.kind == TroubleKind::Failed { "failed" } else { "diverging" };
    sparse.repair(kind, 0).unwrap();
    assert!((rate(&sparse) - 15.0).abs() < 1e-12);
    let back = sparse.report();
    assert!(back.objective.value < worst && back.troubles.is_empty() && back.state == "running");
    let halved = calmed(&mut sparse, 200);
    assert!(halved < 16, "halved {halved} times more");
    assert!(sparse.report().objective.value < back.objective.value);

    // Where gradients are never cleared, no learning rate is small enough.
    let mut literal =
        opened(ExperimentName::SparseMixture, &[Value::Switch(false)].map(|off| ("clearGradients".to_owned(), off)));
    let found = seen(&mut literal, 400, 1);
    let trouble = found.iter().find(|trouble| trouble.kind <= TroubleKind::Diverging).expect("it diverges");
    assert!(trouble.fix.starts_with("Clear the gradients"), "{trouble:?}");
    literal.repair("diverging", 0).unwrap();
    assert!(literal.report().troubles.is_empty() && literal.report().iteration == 0);
}

pub fn a_collapsed_component_is_moved() {
    let mut points: Vec<f64> =
        (0..40).flat_map(|i| [f64::from(i % 5) * 0.3, f64::from(i / 5) * 0.4 + f64::from(i % 3) * 0.1]).collect();
    points.extend([50.0, -40.0]);
    let found = (0..30).find_map(|seed| {
        let mut here = opened(ExperimentName::EmMixture, &[]);
        here.set_points(points.clone(), &["x".to_owned(), "y".to_owned()], None).unwrap();
        here.configure(&[number("seed", f64::from(seed)), number("components", 2.0)]).unwrap();
        here.step(1_000);
        let trouble = here.report().troubles.into_iter().find(|trouble| trouble.kind == TroubleKind::Collapsed)?;
        Some((here, trouble))
    });
    let (mut here, trouble) = found.expect("a start of thirty puts a component onto the lone point");
    assert!(trouble.sentence.starts_with(&format!("Component {}", trouble.components[0] + 1)));
    here.configure(&[number("tolerance", 0.0)]).unwrap();
    repaired(&mut here, &trouble);
    assert!(here.report().edited);
}

pub fn an_empty_component_is_moved() {
    let mut points: Vec<f64> = (0..50).flat_map(|i| [f64::from(i) * 1e-3, 1e4 + f64::from(i) * 1e-3]).collect();
    points.push(5e3);
    let mut here = opened(ExperimentName::EmMixture, &[]);
    here.set_points(points, &["x".to_owned()], None).unwrap();
    here.configure(&[number("components", 2.0), number("minimumVariance", 1e-6), number("tolerance", 0.0)]).unwrap();
    here.step(10);
    let mut snapshot = em_snapshot(&here);
    (snapshot.means[1], snapshot.factors[1]) = (3e3, 1e-3);
    here.restore(&Snapshot::EmMixture(snapshot)).unwrap();
    here.step(1);
    let trouble = told(&mut here, TroubleKind::Empty);
    assert_eq!(trouble.components, [1]);
    repaired(&mut here, &trouble);
}

pub fn a_lost_component_is_moved() {
    for optimizer in ["adam", "sgd", "levenberg-marquardt"] {
        let mut here = opened(ExperimentName::SumOfGaussians, &[text("optimizer", optimizer)]);
        here.step(2);
        let far = Placed { weight: None, mean: vec![500.0, -300.0], covariance: vec![1.0, 0.0, 0.0, 1.0] };
        here.place(2, &far).unwrap();
        let trouble = told(&mut here, TroubleKind::Lost);
        assert_eq!((trouble.components.as_slice(), trouble.sentence.contains("Component 3")), (&[2][..], true));
        repaired(&mut here, &trouble);
    }
}

pub fn one_of_two_components_at_one_place_is_moved() {
    let mut here = experiment(&[
        text("dataset", "three-blobs"),
        number("components", 3.0),
        number("tolerance", 1e-9),
        text("backend", "cpu"),
    ]);
    here.step(5);
    let component = here.report().components[0].clone();
    for k in [0, 2] {
        let weight = Some(if k == 0 { 0.35 } else { 0.3 });
        let placed = Placed { weight, mean: component.mean.clone(), covariance: component.covariance.clone() };
        here.place(k, &placed).unwrap();
    }
    assert!(here.report().troubles.is_empty(), "it is too early to say");
    here.step(1_000);
    let trouble = told(&mut here, TroubleKind::Duplicate);
    assert_eq!(trouble.sentence, "Components 1 and 3 sit on the same points.");
    assert_eq!(trouble.components[0], 2, "the lighter one moves");
    repaired(&mut here, &trouble);
    here.step(1_000);
    assert!(here.report().troubles.is_empty(), "{:?}", here.report().troubles);
}

pub fn a_learning_rate_that_moves_nothing_is_raised() {
    let small = [text("dataset", "old-faithful"), number("components", 4.0), number("learningRate", 1e-6)];
    let mut sparse = opened(ExperimentName::SparseMixture, &small);
    sparse.step(15);
    assert!(sparse.report().troubles.is_empty(), "it is too early to say");
    sparse.step(10);
    let trouble = told(&mut sparse, TroubleKind::Slow);
    repaired(&mut sparse, &trouble);
    assert!((rate(&sparse) - 1e-5).abs() < 1e-18);
    for _ in 0..3 {
        sparse.repair("slow", 0).unwrap();
    }
    sparse.step(60);
    assert!(sparse.report().troubles.is_empty());
    // Without any rate, it becomes the usual one.
    let mut sum = opened(ExperimentName::SumOfGaussians, &[number("learningRate", 0.0), number("batchSize", 65_536.0)]);
    sum.step(30);
    let trouble = told(&mut sum, TroubleKind::Slow);
    repaired(&mut sum, &trouble);
    assert!((rate(&sum) - 1e-3).abs() < 1e-18);
    assert!(sum.repair("nonsense", 0).is_err() && sum.repair("lost", 77).is_err());
}

pub fn drawn_points_are_those_of_the_fit() {
    let mut here = opened(ExperimentName::EmMixture, &[]);
    here.step(1_000);
    let before = here.report();
    let configured = here.sample(50_000).unwrap();
    assert!(configured.restarted && configured.notices.is_empty());
    let (drawn, report) = (points_of(&here).values().to_vec(), here.report());
    assert_eq!((report.dataset.label.as_str(), report.dataset.name), ("Drawn from the fit", "own"));
    assert_eq!((report.dataset.points, report.dataset.axes), (50_000, before.dataset.axes));
    assert_eq!(report.components.len(), before.components.len());
    let mean = |axis: usize| drawn.iter().skip(axis).step_by(2).sum::<f64>() / 50_000.0;
    for axis in 0..2 {
        let expected: f64 = before.components.iter().map(|one| one.weight * one.mean[axis]).sum();
        let spread = [1.2, 14.0][axis];
        assert!((mean(axis) - expected).abs() < 5.0 * spread / 50_000f64.sqrt(), "{} for {expected}", mean(axis));
    }
    // A fit to them ends where the first did.
    here.step(1_000);
    for component in &here.report().components {
        let near = before
            .components
            .iter()
            .any(|one| (one.weight - component.weight).abs() < 0.01 && (one.mean[0] - component.mean[0]).abs() < 0.02);
        assert!(near, "{component:?}");
    }
    let mut again = opened(ExperimentName::EmMixture, &[]);
    again.step(1_000);
    again.sample(50_000).unwrap();
    assert_eq!(points_of(&again).values(), drawn);
    assert!(again.sample(0).unwrap_err().code() == "one-point");
    assert!(again.sample(2).unwrap().notices.is_empty());
    for name in [ExperimentName::SumOfGaussians, ExperimentName::Bump, ExperimentName::BumpSweep] {
        assert_eq!(opened(name, &[]).sample(10).unwrap_err().code(), "no-distribution");
    }
}

pub fn tables_tell_all() {
    for (name, most, columns, rows) in [
        (ExperimentName::EmMixture, 5, 8, 2),
        (ExperimentName::SparseMixture, 2, 8, 30),
        (ExperimentName::BayesianMixture, 2, 15, 3),
        (ExperimentName::SumOfGaussians, 5, 8, 6),
        (ExperimentName::Bump, 30, 6, 6),
        (ExperimentName::BumpSweep, 4, 3, 2),
    ] {
        let mut here = opened(name, &[]);
        here.step(most);
        let table = here.parameters();
        assert_eq!((table.columns.len(), table.rows.len()), (columns, rows), "{name:?}: {:?}", table.columns);
        assert!(table.rows.iter().all(|row| row.len() == columns));
        let numbers =
            table.rows.iter().flatten().filter(|cell| matches!(cell, Cell::Number(value) if value.is_finite()));
        assert!(numbers.count() >= rows, "{name:?}");
        let points = here.points();
        assert!(points.columns.is_empty() == points.values.is_empty());
        if !points.columns.is_empty() {
            assert!(points.values.len().is_multiple_of(points.columns.len()), "{name:?}");
        }
        let first = |column: usize| table.rows[0][column].clone();
        if name == ExperimentName::EmMixture {
            let component = &here.report().components[0];
            let expected = [component.weight, component.mean[0], component.mean[1], component.covariance[0]];
            assert_eq!([2, 3, 4, 5].map(first), expected.map(Cell::Number));
            assert_eq!(table.columns[6], format!("covariance {}, {}", &table.columns[3][5..], &table.columns[4][5..]));
            assert_eq!(points.values, points_of(&here).values());
        }
    }
    // Own samples come back in their order, those that are held back included.
    let values: Vec<f64> = (0..200).map(|i| f64::from(i) * if i % 2 == 0 { 1.0 } else { 0.5 }).collect();
    let mut here = opened(ExperimentName::SumOfGaussians, &[]);
    here.set_points(values.clone(), &["x".to_owned(), "y".to_owned()], None).unwrap();
    assert_eq!(here.points().values, values);
    assert!(matches!(here.settings(), Settings::SumOfGaussians(_)));
}
