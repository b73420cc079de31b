//! How many of the Gaussians behind `sog_problems.json` a method finds, and how fast: the program of
//! `npm run recovery`.
//!
//! ```text
//! cargo run --release --example recovery -- SETTINGS FILE
//! ```
//!
//! SETTINGS is JSON, `{ "noise": 0.01, "samples": 1, "method": "adam", "batch": 32, "penalties": true, "epochs": 1000 }`,
//! FILE the problems. In WebAssembly `recovery.mjs` calls the same functions one problem at a time.

#[path = "../tests/common/recovery.rs"]
#[allow(dead_code, reason = "tests use the rest")]
mod recovery;

use gaussian_playground::dataset::{self, Axis, Regression};
use gaussian_playground::error::Error;
use gaussian_playground::experiment::{FitState, Method as Steps, SumOfGaussiansFit, SumOfGaussiansOptions};
use gaussian_playground::models::sum_of_gaussians::{CovarianceForm, Parameters, Penalties};
use gaussian_playground::optimizers::Rule;
use gaussian_playground::settings::FactorShape;
use nalgebra::Matrix2;
use recovery::{Problem, Sample};
use serde_json::{Value, json};
use wasm_bindgen::prelude::wasm_bindgen;
use wide::f32x4;

/// What the methods that start from the file's centres are told; residual peaks needs none of it.
struct Options {
    /// Samples a step of Adam.
    batch: usize,
    /// Whether Adam's loss has the sources' two penalties.
    penalties: bool,
    /// Passes over the samples at most.
    epochs: u32,
}

/// What a method ends with, and what stopped it if that was trouble.
struct Fitted {
    parameters: Parameters<2>,
    trouble: Option<String>,
}

/// What to fit with.
type Method = fn(&Problem, &Sample, &Options) -> Result<Fitted, Error>;

/// The methods by the names that `--method` takes.
const METHODS: &[(&str, Method)] =
    &[("peaks", residual_peaks), ("adam", adam), ("levenberg-marquardt", levenberg_marquardt)];

/// From the points alone.
fn residual_peaks(_: &Problem, sample: &Sample, _: &Options) -> Result<Fitted, Error> {
    Ok(Fitted { parameters: recovery::fit(sample), trouble: None })
}

/// The sources' method: Adam on batches, in single precision.
fn adam(problem: &Problem, sample: &Sample, options: &Options) -> Result<Fitted, Error> {
    let penalties =
        if options.penalties { Penalties { amplitude_l1: 1e-3, spread: 1.0 } } else { Penalties::default() };
    fit_six(problem, sample, options, Steps::Gradient(Rule::ADAM_KERAS), penalties)
}

/// Least squares over all points from the same starts.
fn levenberg_marquardt(problem: &Problem, sample: &Sample, options: &Options) -> Result<Fitted, Error> {
    fit_six(problem, sample, options, Steps::LevenbergMarquardt, Penalties::default())
}

/// The sources' six components: the file's centres, Σ = U Uᵀ + 1e-6 I with U upper triangular as in the authors' script, U = I,
/// amplitudes 1, held at or above 0.
fn fit_six(
    problem: &Problem,
    sample: &Sample,
    options: &Options,
    method: Steps,
    penalties: Penalties,
) -> Result<Fitted, Error> {
    let train = dataset::Samples { inputs: sample.inputs.clone(), targets: sample.targets.clone() };
    let axes = vec![Axis::unitless("x1"), Axis::unitless("x2")];
    let data = Regression::new("problem", axes, Axis::unitless("y"), train, dataset::Samples::default())?;
    let components = problem.starts.len();
    let start = Parameters {
        amplitudes: vec![1.0; components],
        means: problem.starts.clone(),
        factors: vec![Matrix2::identity(); components],
    };
    let options = SumOfGaussiansOptions {
        form: CovarianceForm { shape: FactorShape::Upper, epsilon: 1e-6 },
        penalties,
        non_negative: true,
        method,
        learning_rate: 1e-3,
        batch_size: options.batch,
        epochs: options.epochs,
        seed: problem.seed,
        prune_every: 0,
        prune_to: components,
    };
    let mut fit = SumOfGaussiansFit::<f32x4, 2>::from_parameters(&data, start, options)?;
    while *fit.state() == FitState::Running {
        fit.step();
    }
    let trouble = match fit.state() {
        FitState::Failed(reason) => Some(reason.clone()),
        _ => None,
    };
    // An amplitude that ended at 0 leaves nothing of its component.
    let found = fit.parameters();
    let covariances = fit.covariances();
    let mut parameters = Parameters { amplitudes: Vec::new(), means: Vec::new(), factors: Vec::new() };
    for k in (0..components).filter(|&k| found.amplitudes[k] != 0.0) {
        if let Some(factor) = CovarianceForm::factor_of(&covariances[k]) {
            parameters.amplitudes.push(found.amplitudes[k]);
            parameters.means.push(found.means[k]);
            parameters.factors.push(factor);
        }
    }
    Ok(Fitted { parameters, trouble })
}

/// A run: its problems, read once.
#[wasm_bindgen]
pub struct Run {
    problems: Vec<Problem>,
    noise: f64,
    method: Method,
    options: Options,
    /// The problem and the sample of it that is to be fitted.
    sample: Option<(usize, u32, Sample)>,
    /// The fit of that sample, to be counted.
    fitted: Option<Result<Fitted, Error>>,
}

#[wasm_bindgen]
impl Run {
    /// Reads problems; `settings` as above.
    ///
    /// # Errors
    /// A sentence where the file or the settings are not understood.
    #[wasm_bindgen(constructor)]
    pub fn new(settings: &str, file: &str) -> Result<Self, String> {
        let settings: Value = serde_json::from_str(settings).map_err(|error| error.to_string())?;
        let name = settings["method"].as_str().unwrap_or("peaks");
        let method = METHODS.iter().find(|(known, _)| *known == name).ok_or_else(|| {
            let known: Vec<&str> = METHODS.iter().map(|(known, _)| *known).collect();
            format!("There is no method “{name}”. Choose one of: {}.", known.join(", "))
        })?;
        let noise = settings["noise"].as_f64().unwrap_or(0.0);
        let whole = |name: &str, default: u32| {
            settings[name].as_u64().map_or(default, |number| u32::try_from(number).unwrap_or(u32::MAX))
        };
        let options = Options {
            batch: whole("batch", 2_048) as usize,
            penalties: settings["penalties"].as_bool().unwrap_or(false),
            epochs: whole("epochs", 1_000),
        };
        let problems = recovery::read(file)?;
        if name != "peaks" && problems.iter().any(|problem| problem.starts.is_empty()) {
            return Err(format!("“{name}” starts at the problems' init_means_k6, which the file lacks. Use “peaks”."));
        }
        Ok(Self { problems, noise, method: method.1, options, sample: None, fitted: None })
    }

    /// Problems there are.
    #[must_use]
    pub fn problems(&self) -> usize {
        self.problems.len()
    }

    /// Draws the points of a problem; sample 0 is the file's own.
    pub fn draw(&mut self, problem: usize, sample: u32) {
        self.sample = Some((problem, sample, self.problems[problem].sample(sample, self.noise)));
        self.fitted = None;
    }

    /// Fits the points last drawn: the part that is timed.
    pub fn fit(&mut self) {
        let fit = |(problem, _, sample): &(usize, u32, Sample)| {
            (self.method)(&self.problems[*problem], sample, &self.options)
        };
        self.fitted = self.sample.as_ref().map(fit);
    }

    /// What was found, as JSON.
    ///
    /// # Errors
    /// A sentence where the points cannot be fitted.
    pub fn count(&self) -> Result<String, String> {
        let (Some((problem, number, sample)), Some(fitted)) = (&self.sample, &self.fitted) else {
            return Ok(Value::Null.to_string());
        };
        let problem = &self.problems[*problem];
        let Fitted { parameters, trouble } = fitted.as_ref().map_err(Error::to_string)?;
        let count = problem.count(parameters);
        let recovered = count.recovered.iter().filter(|recovered| **recovered).count();
        let line = json!({
            "seed": problem.seed,
            "true": problem.truth.len(),
            "recovered": recovered,
            "strict": count.strict,
            "components": count.components,
            "train": recovery::mean_squared_error(parameters, sample),
            "test": recovery::mean_squared_error(parameters, &problem.test_sample(*number)),
            "trouble": trouble,
        });
        Ok(line.to_string())
    }
}

#[cfg(target_arch = "wasm32")]
fn main() {}

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [settings, file] = &arguments[..] else {
        eprintln!("usage: recovery SETTINGS FILE");
        return std::process::ExitCode::FAILURE;
    };
    match run(settings, file) {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            std::process::ExitCode::FAILURE
        }
    }
}

/// Prints a line of JSON a fit.
#[cfg(not(target_arch = "wasm32"))]
fn run(settings: &str, file: &str) -> Result<(), String> {
    let text = std::fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
    let mut run = Run::new(settings, &text)?;
    let settings: Value = serde_json::from_str(settings).map_err(|error| error.to_string())?;
    let samples = settings["samples"].as_u64().unwrap_or(0) as u32;
    for sample in 0..=samples {
        for problem in 0..run.problems() {
            run.draw(problem, sample);
            let begin = std::time::Instant::now();
            run.fit();
            let milliseconds = 1e3 * begin.elapsed().as_secs_f64();
            let mut line: Value = serde_json::from_str(&run.count()?).map_err(|error| error.to_string())?;
            line["sample"] = json!(sample);
            line["milliseconds"] = json!(milliseconds);
            println!("{line}");
        }
    }
    Ok(())
}
