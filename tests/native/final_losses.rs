//! What whole fits come to, natively: `tests/reference/final_losses.json`, which the end-to-end tests hold against the page.
//! `REWRITE_GENERATED=1 cargo test --test native final_losses` writes it anew.

use std::path::Path;

use gaussian_playground::experiment::Experiment;
use gaussian_playground::settings::{Choice, ExperimentName, Value};
use serde_json::{Value as Json, json};

/// Name, core experiment and settings of each fit, all on the CPU.
fn fits() -> Vec<(&'static str, ExperimentName, Json)> {
    let sum = ExperimentName::SumOfGaussians;
    vec![
        ("the source's method", sum, json!({ "batchSize": 2048, "epochs": 300, "amplitudeL1": 0, "spread": 0 })),
        ("with both regularizers", sum, json!({ "batchSize": 2048, "epochs": 300 })),
        ("residual peaks", sum, json!({ "optimizer": "residual-peaks", "components": 8 })),
        ("least squares", sum, json!({ "optimizer": "levenberg-marquardt", "initialization": "kmeans", "epochs": 60 })),
        ("two cities", sum, json!({ "dataset": "two-cities", "optimizer": "levenberg-marquardt" })),
        ("compositions", sum, json!({ "dataset": "compositions", "batchSize": 2048, "epochs": 100 })),
        ("bump", ExperimentName::Bump, json!({ "form": "safe", "range": 1, "epochs": 2, "points": 20000 })),
    ]
}

fn value(json: &Json) -> Value {
    match json {
        Json::Bool(on) => Value::Switch(*on),
        Json::Number(number) => Value::Number(number.as_f64().unwrap()),
        Json::String(text) => Value::Text(text.clone()),
        other => unreachable!("{other} is no setting"),
    }
}

fn fitted(name: ExperimentName, settings: &Json) -> Json {
    let mut experiment = Experiment::new(name).unwrap();
    let mut changes = vec![("backend".to_owned(), Value::Text("cpu".to_owned()))];
    changes.extend(settings.as_object().unwrap().iter().map(|(name, json)| (name.clone(), value(json))));
    // As a link is opened: the data set first.
    let configured = experiment.open(&changes, &[], &[]);
    assert!(configured.notices.is_empty(), "{:?}", configured.notices);
    while experiment.report().state == "running" {
        experiment.step(1_000);
    }
    let report = experiment.report();
    let number = |value: Option<f64>| value.filter(|value| value.is_finite());
    json!({
        "iteration": report.iteration,
        "objective": number(Some(report.objective.value)),
        "test": number(report.measure("test")),
        "safe": number(report.measure("sigma-safe")),
    })
}

#[test]
fn final_losses_are_those_on_file() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/final_losses.json");
    let found: Vec<Json> = fits()
        .into_iter()
        .map(|(name, experiment, settings)| {
            let result = fitted(experiment, &settings);
            json!({ "name": name, "experiment": experiment.option().value, "settings": settings, "result": result })
        })
        .collect();
    if std::env::var_os("REWRITE_GENERATED").is_some() {
        std::fs::write(&path, serde_json::to_string_pretty(&found).unwrap() + "\n").unwrap();
        return;
    }
    let expected: Vec<Json> = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(&expected) {
        assert_eq!((&found["name"], &found["settings"]), (&expected["name"], &expected["settings"]));
        for key in ["objective", "test", "safe"] {
            let (Some(a), Some(b)) = (found["result"][key].as_f64(), expected["result"][key].as_f64()) else {
                assert_eq!(found["result"][key], expected["result"][key], "{key} of {}", found["name"]);
                continue;
            };
            assert!((a - b).abs() <= 1e-6 * b.abs() + 1e-12, "{key} of {}: {a} against {b}", found["name"]);
        }
    }
}
