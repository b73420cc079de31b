//! Experiments as links give them.

use gaussian_playground::experiment::{Experiment, LiveChange, Placed};
use gaussian_playground::settings::{ExperimentName, Settings, Value};

use super::fits::{number, text};
use super::rewind::{arrive, go_to, ways};

/// All settings, as a link holds them.
pub fn all_of(settings: &Settings) -> Vec<(String, Value)> {
    let named =
        settings.schema().iter().filter_map(|setting| Some((setting.name.to_owned(), settings.get(setting.name)?)));
    named.collect()
}

pub fn change(iteration: u32, name: &str, value: f64) -> LiveChange {
    LiveChange { iteration, name: name.to_owned(), value: Value::Number(value) }
}

pub fn a_link_with_changes_goes_the_same_way() {
    for (name, mut here, _) in ways() {
        let changed = match name {
            "em" | "ascent" => "tolerance",
            "peaks" | "least squares" => "epochs",
            _ => "learningRate",
        };
        let values = match changed {
            "tolerance" => [1e-12, 1e-11, 1e-12],
            "epochs" => [900.0, 700.0, 800.0],
            _ => [0.004, 0.002, 0.02],
        };
        here.configure(&[number(changed, values[0])]).unwrap();
        here.step(4);
        here.configure(&[number(changed, 3.0 * values[1])]).unwrap();
        here.configure(&[number(changed, values[1])]).unwrap();
        here.step(3);
        here.configure(&[number(changed, values[2])]).unwrap();
        here.step(5);
        let live = here.live_changes();
        let told: Vec<u32> = live.iter().map(|change| change.iteration).collect();
        assert_eq!(told, [0, 4, 7], "{name}: joined by iteration");

        let mut there = Experiment::new(here.settings().experiment()).unwrap();
        let opened = there.open(&all_of(here.settings()), &live, &[]);
        assert!(opened.notices.is_empty(), "{name}: {:?}", opened.notices);
        assert_eq!(there.settings().get(changed), Some(Value::Number(values[0])), "{name}");
        there.step(12);
        assert!(there.snapshot() == here.snapshot(), "{name}");
        assert_eq!(there.settings(), here.settings(), "{name}");
        assert_eq!(there.live_changes(), live, "{name}");
        assert!(there.report().settings.is_some(), "{name}: the page is told");
    }
}

pub fn scheduled_changes_survive_a_reset() {
    let mut here = Experiment::new(ExperimentName::SparseMixture).unwrap();
    let changes = [text("dataset", "old-faithful"), number("components", 6.0), text("backend", "cpu")];
    let live = [change(20, "learningRate", 0.02), change(40, "learningRate", 0.2), change(30, "sparsity", 3.0)];
    here.open(&changes, &live, &[]);
    here.step(60);
    let end = here.snapshot();
    let told: Vec<u32> = here.live_changes().iter().map(|change| change.iteration).collect();
    assert_eq!(told, [0, 0, 20, 30, 40]);
    go_to(&mut here, 35);
    assert_eq!(here.settings().get("learningRate"), Some(Value::Number(0.02)));
    assert_eq!(here.settings().get("sparsity"), Some(Value::Number(3.0)));
    here.reset().unwrap();
    assert_eq!(here.settings().get("learningRate"), Some(Value::Number(0.1)));
    assert!(here.report().settings.is_some());
    // What is to come is told too.
    assert_eq!(here.live_changes().len(), 5);
    here.step(60);
    assert!(here.snapshot() == end);
    arrive(&mut here);
    // A restart with other settings is the visitor's own.
    here.configure(&[number("seed", 3.0)]).unwrap();
    assert!(here.live_changes().is_empty());
    here.step(60);
    assert_eq!(here.settings().get("sparsity"), Some(Value::Number(3.0)));
}

pub fn a_link_that_cannot_be_opens_what_can() {
    let mut here = Experiment::new(ExperimentName::EmMixture).unwrap();
    here.set_points(vec![1.0, 2.0, 3.0, 9.0], &["x".to_owned()], None).unwrap();
    let placed = |x: f64| Placed { weight: Some(0.5), mean: vec![x], covariance: vec![0.5] };
    let asked = [
        text("dataset", "own"),
        number("components", 16.0),
        number("tolerance", 9.0),
        text("covarianceType", "round"),
        text("nonsense", "?"),
    ];
    let live = [
        change(5, "tolerance", 1e-3),
        change(5, "seed", 4.0),
        change(5, "nonsense", 4.0),
        LiveChange { iteration: 6, name: "tolerance".to_owned(), value: Value::Text("little".to_owned()) },
    ];
    let opened = here.open(&asked, &live, &[placed(1.0), placed(f64::NAN), placed(9.0)]);
    let said = opened.notices.join(" ");
    for words in
        ["only 4 points", "became 1", "round", "nonsense", "seed is no setting", "little", "mean of component 2"]
    {
        assert!(said.contains(words), "{words} in {said}");
    }
    let report = here.report();
    assert_eq!(report.components.len(), 4);
    assert!((report.components[2].mean[0] - 9.0).abs() < 1e-6 && report.edited);
    assert_eq!(here.live_changes().len(), 2);
    here.step(20);
    here.reset().unwrap();
    assert!((here.report().components[2].mean[0] - 9.0).abs() < 1e-6, "placed again");

    let mut fresh = Experiment::new(ExperimentName::EmMixture).unwrap();
    let opened = fresh.open(&[text("dataset", "own"), number("components", 3.0)], &[], &[placed(1.0), placed(2.0)]);
    assert!(opened.notices.iter().any(|notice| notice.contains("no data of your own")), "{:?}", opened.notices);
    assert_eq!(fresh.report().dataset.name, "old-faithful");
}
