//! How many of the Gaussians behind `sog_problems.json` residual peaks finds, and how fast: the program of `npm run recovery`.
//!
//! ```text
//! cargo run --release --example recovery -- SETTINGS FILE
//! ```
//!
//! SETTINGS is JSON: `{ "noise": 0.01, "samples": 1, "method": "peaks" }`, FILE the problems. In WebAssembly `recovery.mjs` calls
//! the same functions one problem at a time.

#[path = "../tests/common/recovery.rs"]
#[allow(dead_code, reason = "tests use the rest")]
mod recovery;

use gaussian_playground::models::sum_of_gaussians::Parameters;
use recovery::{Problem, Sample};
use serde_json::{Value, json};
use wasm_bindgen::prelude::wasm_bindgen;

/// What to fit with. A method takes a sample and gives the Gaussians it ends with.
type Method = fn(&Sample) -> Parameters<2>;

/// The methods by the names that `--method` takes.
const METHODS: &[(&str, Method)] = &[("peaks", recovery::fit)];

/// A run: its problems, read once.
#[wasm_bindgen]
pub struct Run {
    problems: Vec<Problem>,
    noise: f64,
    method: Method,
    /// The sample that is to be fitted.
    sample: Option<(usize, Sample)>,
    /// The fit of that sample, to be counted.
    fitted: Option<Parameters<2>>,
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
        Ok(Self { problems: recovery::read(file)?, noise, method: method.1, sample: None, fitted: None })
    }

    /// Problems there are.
    #[must_use]
    pub fn problems(&self) -> usize {
        self.problems.len()
    }

    /// Draws the points of a problem; sample 0 is the file's own.
    pub fn draw(&mut self, problem: usize, sample: u32) {
        self.sample = Some((problem, self.problems[problem].sample(sample, self.noise)));
    }

    /// Fits the points last drawn: the part that is timed.
    pub fn fit(&mut self) {
        self.fitted = self.sample.as_ref().map(|(_, sample)| (self.method)(sample));
    }

    /// What was found, as JSON.
    #[must_use]
    pub fn count(&self) -> String {
        let (Some((problem, _)), Some(fitted)) = (&self.sample, &self.fitted) else {
            return Value::Null.to_string();
        };
        let problem = &self.problems[*problem];
        let count = problem.count(fitted);
        let recovered = count.recovered.iter().filter(|recovered| **recovered).count();
        json!({
            "seed": problem.seed,
            "true": problem.truth.len(),
            "recovered": recovered,
            "strict": count.strict,
            "components": count.components,
        })
        .to_string()
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
            let mut line: Value = serde_json::from_str(&run.count()).map_err(|error| error.to_string())?;
            line["sample"] = json!(sample);
            line["milliseconds"] = json!(milliseconds);
            println!("{line}");
        }
    }
    Ok(())
}
