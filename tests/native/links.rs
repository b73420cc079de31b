//! Links with anything in them.

use gaussian_playground::experiment::{Experiment, LiveChange, Placed};
use gaussian_playground::settings::{Choice, ExperimentName, Kind, Settings, Value};
use proptest::prelude::*;

/// Numbers of every kind.
fn any_number() -> impl Strategy<Value = f64> {
    prop_oneof![
        any::<f64>(),
        -10.0..10.0f64,
        Just(f64::NAN),
        Just(f64::INFINITY),
        Just(f64::NEG_INFINITY),
        Just(0.0),
        Just(1e300),
        Just(-1e300),
        Just(1e-300),
    ]
}

fn any_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        any_number().prop_map(Value::Number),
        any::<bool>().prop_map(Value::Switch),
        ".{0,12}".prop_map(Value::Text),
    ]
}

fn any_placed() -> impl Strategy<Value = Placed> {
    let numbers = |most| prop::collection::vec(any_number(), 0..most);
    let fitting = (prop::option::of(any_number()), prop::collection::vec(any_number(), 2), numbers(5));
    let any = (prop::option::of(any_number()), numbers(4), numbers(10));
    prop_oneof![fitting, any].prop_map(|(weight, mean, covariance)| Placed { weight, mean, covariance })
}

/// A setting of an experiment by its number, or a name that there is not, with a value that there may be.
fn any_change(name: ExperimentName) -> impl Strategy<Value = (String, Value)> {
    let schema = Settings::new(name).schema();
    (0..schema.len() + 1, any_value(), any::<u32>(), any::<bool>()).prop_map(move |(index, value, pick, usual)| {
        let Some(setting) = schema.get(index) else { return ("nonsense".to_owned(), value) };
        let value = match setting.kind {
            Kind::Choice { options, .. } if usual => {
                Value::Text(options[pick as usize % options.len()].value.to_owned())
            }
            _ => value,
        };
        (setting.name.to_owned(), value)
    })
}

/// What one link may hold.
type Asked = (ExperimentName, Vec<(String, Value)>, Vec<(u32, (String, Value))>, Vec<Placed>);

fn any_link() -> impl Strategy<Value = Asked> {
    (0..ExperimentName::ALL.len()).prop_flat_map(|index| {
        let name = ExperimentName::ALL[index];
        let iteration = prop_oneof![0..6u32, any::<u32>()];
        (
            Just(name),
            prop::collection::vec(any_change(name), 0..8),
            prop::collection::vec((iteration, any_change(name)), 0..6),
            prop::collection::vec(any_placed(), 0..8),
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn links_open_whatever_they_hold((name, changes, live, placed) in any_link()) {
        // What takes long is not what is looked at.
        let slow = |name: &str| ["points", "components", "features", "nInit", "backend"].contains(&name);
        let changes: Vec<_> = changes.into_iter().filter(|(name, _)| !slow(name)).collect();
        let live: Vec<_> = live
            .into_iter()
            .map(|(iteration, (name, value))| LiveChange { iteration, name, value })
            .collect();
        let mut experiment = Experiment::new(name).unwrap();
        let opened = experiment.open(&changes, &live, &placed);
        prop_assert_eq!(&opened.settings, experiment.settings());
        experiment.step(4);
        experiment.half_step();
        let report = experiment.report();
        prop_assert!(report.objective.value.is_finite() || name == ExperimentName::Bump);
        experiment.seek(2);
        while experiment.is_busy() {
            experiment.poll();
        }
        experiment.reset().unwrap();
        // What was opened can be opened again.
        let again = experiment.live_changes();
        experiment.open(&changes, &again, &placed);
    }
}
