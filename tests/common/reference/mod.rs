//! The reference vectors of `tests/reference/`, by the rules of their README: errors are norm-wise and relative for each
//! array; `double` is held to 1e-9, trajectories to 1e-7, `single` to 1e-4 and 1e-3.

mod bayesian;
mod bump;
mod em;
mod linalg;
mod sparse_mixture;
mod special;
mod sum_of_gaussians;

use std::fmt::Write;

use gaussian_playground::numeric::lanes::Lanes;
use serde_json::Value;

/// Which lanes a file is run on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    Double,
    Single,
}

const BOTH: &[Precision] = &[Precision::Double, Precision::Single];

/// For what is computed in double precision only.
const DOUBLE: &[Precision] = &[Precision::Double];

/// A file of cases and what runs them.
struct File {
    name: &'static str,
    /// Its text when this was compiled: a browser has no files.
    embedded: &'static str,
    precisions: &'static [Precision],
    run: fn(&Value, Precision, &mut Check),
}

macro_rules! file {
    ($name:literal, $precisions:expr, $run:path) => {
        File {
            name: $name,
            embedded: include_str!(concat!("../../reference/", $name)),
            precisions: $precisions,
            run: $run,
        }
    };
}

/// The files, in the order in which they are run.
const FILES: &[File] = &[
    file!("special_functions.json", DOUBLE, special::run),
    file!("linalg.json", DOUBLE, linalg::run),
    file!("bump.json", BOTH, bump::run),
    file!("em_diag.json", BOTH, em::run),
    file!("em_full.json", BOTH, em::run),
    file!("sog_forward_grad.json", BOTH, sum_of_gaussians::run),
    file!("sog_adam.json", BOTH, sum_of_gaussians::run),
    file!("keops_cost.json", BOTH, sparse_mixture::run),
    file!("svi.json", DOUBLE, bayesian::run),
];

/// What a run found.
#[derive(Default)]
pub struct Outcome {
    pub files: usize,
    pub cases: usize,
    pub skipped: usize,
    pub failures: Vec<String>,
    /// One line a file and precision.
    pub lines: String,
}

/// Runs every case of every file; `read` gives a file's text by its name.
pub fn run(read: impl Fn(&str) -> Result<String, String>) -> Outcome {
    let mut outcome = Outcome::default();
    for file in FILES {
        match read(file.name).and_then(|text| serde_json::from_str(&text).map_err(|error| error.to_string())) {
            Ok(value) => run_file(file, &value, &mut outcome),
            Err(error) => outcome.failures.push(format!("{}: {error}", file.name)),
        }
    }
    outcome
}

/// Runs the files as they were when this was compiled.
pub fn run_embedded() -> Outcome {
    let embedded = |name: &str| FILES.iter().find(|file| file.name == name).map(|file| file.embedded.to_owned());
    let outcome = run(|name| embedded(name).ok_or_else(|| "it is not embedded".to_owned()));
    assert_eq!(outcome.files, FILES.len());
    outcome
}

fn run_file(file: &File, value: &Value, outcome: &mut Outcome) {
    outcome.files += 1;
    for (place, &precision) in file.precisions.iter().enumerate() {
        let mut check = Check::new(file.name, precision);
        (file.run)(value, precision, &mut check);
        check.require(check.cases > 0, "it has no case");
        if place == 0 {
            outcome.cases += check.cases;
        }
        let Check { cases, worst, worst_at, failures, label, .. } = check;
        writeln!(outcome.lines, "{label}: {cases} cases, worst error {worst:.1e} ({worst_at})").unwrap();
        outcome.failures.extend(failures);
    }
}

/// Counts cases and collects errors.
pub struct Check {
    /// The file and precision.
    label: String,
    cases: usize,
    /// The case that is run.
    case: String,
    worst: f64,
    worst_at: String,
    failures: Vec<String>,
}

impl Check {
    fn new(file: &str, precision: Precision) -> Self {
        let label = format!("{file} {}", if precision == Precision::Double { "double" } else { "single" });
        Self { label, cases: 0, case: String::new(), worst: 0.0, worst_at: String::new(), failures: Vec::new() }
    }

    /// A new kind of case must not go by unnoticed.
    pub fn known_keys(&mut self, object: &Value, known: &[&str]) {
        for key in object.as_object().into_iter().flat_map(|object| object.keys()) {
            self.require(known.contains(&key.as_str()), &format!("“{key}” is an unknown kind of case"));
        }
    }

    /// Starts a case.
    pub fn case(&mut self, name: &str) {
        self.cases += 1;
        name.clone_into(&mut self.case);
    }

    pub fn fail(&mut self, what: String) {
        self.failures.push(format!("{} {}: {what}", self.label, self.case));
    }

    pub fn require(&mut self, holds: bool, what: &str) {
        if !holds {
            self.fail(what.to_owned());
        }
    }

    /// Norm-wise relative error of an array, held to a tolerance.
    pub fn compare(&mut self, what: &str, found: &[f64], expected: &[f64], tolerance: f64) {
        if found.len() != expected.len() {
            return self.fail(format!("{what} has {} numbers instead of {}", found.len(), expected.len()));
        }
        let norm = expected.iter().fold(0.0f64, |norm, value| norm.max(value.abs()));
        let scale = if norm < 1e-290 { 1.0 } else { norm };
        self.note(what, found, expected, scale, tolerance);
    }

    /// Largest difference divided by `scale`, held to a tolerance.
    pub fn note(&mut self, what: &str, found: &[f64], expected: &[f64], scale: f64, tolerance: f64) {
        let error = found.iter().zip(expected).map(|(a, b)| (a - b).abs() / scale).fold(0.0, |worst: f64, error| {
            // A NaN must not get lost in a maximum.
            if error.is_nan() { f64::INFINITY } else { worst.max(error) }
        });
        if error > self.worst {
            self.worst = error;
            self.worst_at = format!("{}, {what}", self.case);
        }
        if error > tolerance {
            self.fail(format!("{what} is off by {error:.2e}, tolerance {tolerance:.0e}"));
        }
    }
}

pub struct Tolerances {
    pub value: f64,
    pub trajectory: f64,
}

pub fn tolerances<L: Lanes>() -> Tolerances {
    if L::PRECISION == "double" {
        Tolerances { value: 1e-9, trajectory: 1e-7 }
    } else {
        Tolerances { value: 1e-4, trajectory: 1e-3 }
    }
}

pub fn text(value: &Value) -> &str {
    value.as_str().unwrap_or("")
}

/// All numbers of a nested array, row by row.
pub fn numbers(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(values) => values.iter().flat_map(numbers).collect(),
        Value::Number(number) => number.as_f64().into_iter().collect(),
        _ => Vec::new(),
    }
}

/// A number that is there.
pub fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or(f64::NAN)
}
