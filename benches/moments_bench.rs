//! Native side of the moments benchmark: EM iterations on 100,000 points with 16 components of full covariance.
//!
//! ```text
//! cargo run --release --example moments_bench -- ITERATIONS [--write-data FILE]
//! ```
//!
//! Prints one line of JSON with the pairs (point × component) a second. With `--write-data` it also writes the points as
//! little-endian f64, row by row, and beside them as JSON the parameters of iteration 0.

use std::process::ExitCode;
use std::time::Instant;

use gaussian_playground::experiment::{Experiment, FitState};
use gaussian_playground::numeric::random::{Purpose, Stream};
use gaussian_playground::settings::{ExperimentName, Value};

const POINTS: usize = 100_000;
const COMPONENTS: usize = 16;

/// Points of sixteen overlapping Gaussians.
fn points() -> Vec<f64> {
    let mut stream = Stream::new(1, Purpose::Data);
    let centres: Vec<[f64; 2]> = (0..COMPONENTS).map(|_| [10.0 * stream.uniform(), 10.0 * stream.uniform()]).collect();
    (0..POINTS)
        .flat_map(|i| {
            let [x, y] = centres[i % COMPONENTS];
            [x + stream.normal(), y + 0.7 * stream.normal()]
        })
        .collect()
}

fn start(points: Vec<f64>) -> Result<Experiment, gaussian_playground::error::Error> {
    let mut experiment = Experiment::new(ExperimentName::EmMixture)?;
    experiment.set_points(points, &["x".to_owned(), "y".to_owned()], None)?;
    let number = |name: &str, value: f64| (name.to_owned(), Value::Number(value));
    experiment.configure(&[
        number("components", COMPONENTS as f64),
        number("tolerance", 0.0),
        number("maxIterations", 100_000.0),
    ])?;
    Ok(experiment)
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some(iterations) = arguments.first().and_then(|text| text.parse::<usize>().ok()) else {
        eprintln!("usage: moments_bench ITERATIONS [--write-data FILE]");
        return ExitCode::FAILURE;
    };
    let points = points();
    if let [_, flag, file] = &arguments[..]
        && flag == "--write-data"
    {
        let mut experiment = start(points.clone()).expect("the points can be fitted");
        let components = experiment.fit().view().components();
        let parameters = serde_json::json!({
            "weights": components.iter().map(|one| one.weight).collect::<Vec<_>>(),
            "means": components.iter().map(|one| &one.mean).collect::<Vec<_>>(),
            "covariances": components.iter().map(|one| &one.covariance).collect::<Vec<_>>(),
        });
        let bytes: Vec<u8> = points.iter().flat_map(|value| value.to_le_bytes()).collect();
        std::fs::write(file, bytes).expect("the data can be written");
        std::fs::write(format!("{file}.json"), parameters.to_string()).expect("the parameters can be written");
    }
    let mut experiment = start(points).expect("the points can be fitted");
    let begin = Instant::now();
    experiment.step(iterations);
    let elapsed = begin.elapsed().as_secs_f64();
    assert_eq!(*experiment.fit().state(), FitState::Running, "every iteration was done");
    let pairs = (POINTS * COMPONENTS * iterations) as f64;
    let checksum = experiment.report().objective.value;
    println!("{}", serde_json::json!({ "pairs_per_second": pairs / elapsed, "checksum": checksum }));
    ExitCode::SUCCESS
}
