//! `sog_forward_grad.json` and `sog_adam.json`: predictions, the loss term by term with its gradients, and training by Adam.

use gaussian_playground::dataset::{self, Axis, Regression};
use gaussian_playground::experiment::{FitState, Method, SumOfGaussiansFit, SumOfGaussiansOptions};
use gaussian_playground::models::sum_of_gaussians::{
    CovarianceForm, Objective, Parameters, Penalties, amplitude_penalty, spread_penalty,
};
use gaussian_playground::moments::Samples;
use gaussian_playground::numeric::lanes::Lanes;
use gaussian_playground::optimizers::{AdamForm, Rule};
use gaussian_playground::settings::FactorShape;
use nalgebra::{SMatrix, SVector};
use serde_json::Value;
use wide::{f32x4, f64x2};

use super::{Check, Precision, numbers, text, tolerances};

/// What `single` is held to where the file's own float32 runs lose their digits.
const ILL_CONDITIONED_PREDICTION: f64 = 1e-3;
/// A trajectory whose `sensitivity` is above this is chaotic: `single` then compares the objective, within the second number.
const CHAOTIC: f64 = 1e-9;
const CHAOTIC_OBJECTIVE: f64 = 1e-2;

const KINDS: [&str; 9] =
    ["plain", "init", "near_singular", "singular", "far", "signed", "zero_amp", "coincident", "exact"];

pub fn run(file: &Value, precision: Precision, check: &mut Check) {
    check.known_keys(file, &["description", "tf_k1_note", "cases"]);
    for case in file["cases"].as_array().into_iter().flatten() {
        check.case(text(&case["name"]));
        match (case["D"].as_u64(), precision) {
            (Some(1), Precision::Single) => run_case::<f32x4, 1>(case, check),
            (Some(2), Precision::Single) => run_case::<f32x4, 2>(case, check),
            (Some(3), Precision::Single) => run_case::<f32x4, 3>(case, check),
            (Some(1), Precision::Double) => run_case::<f64x2, 1>(case, check),
            (Some(2), Precision::Double) => run_case::<f64x2, 2>(case, check),
            (Some(3), Precision::Double) => run_case::<f64x2, 3>(case, check),
            _ => check.fail("its dimension is not 1, 2 or 3".to_owned()),
        }
    }
}

fn run_case<L: Lanes, const D: usize>(case: &Value, check: &mut Check) {
    let shape = match text(&case["factor_mode"]) {
        "full_eye" => FactorShape::Full,
        "upper_eye" => FactorShape::Upper,
        "upper_allones" => FactorShape::UpperEverywhere,
        _ => return check.fail("an unknown factor mode".to_owned()),
    };
    let form = CovarianceForm { shape, epsilon: number(&case["eps"]) };
    if case["snapshots"].is_null() {
        forward::<L, D>(case, form, check);
    } else {
        train::<L, D>(case, form, check);
    }
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or(f64::NAN)
}

fn parameters<const D: usize>(case: &Value) -> Parameters<D> {
    Parameters {
        amplitudes: numbers(&case["amps"]),
        means: numbers(&case["means"]).chunks_exact(D).map(SVector::from_column_slice).collect(),
        factors: numbers(&case["A"]).chunks_exact(D * D).map(SMatrix::from_row_slice).collect(),
    }
}

fn flat_means<const D: usize>(means: &[SVector<f64, D>]) -> Vec<f64> {
    means.iter().flat_map(|mean| mean.iter().copied()).collect()
}

fn flat_factors<const D: usize>(factors: &[SMatrix<f64, D, D>]) -> Vec<f64> {
    factors.iter().flat_map(|factor| factor.transpose().iter().copied().collect::<Vec<_>>()).collect()
}

/// Prediction and loss at fixed parameters, with the points in the frame that a fit gives them.
fn forward<L: Lanes, const D: usize>(case: &Value, form: CovarianceForm, check: &mut Check) {
    let (inputs, targets) = (numbers(&case["X"]), numbers(&case["y"]));
    let count = targets.len();
    // As a fit has it: inputs lose their mean before they are rounded to single precision.
    let mut frame = SVector::<f64, D>::zeros();
    if L::PRECISION == "single" {
        frame +=
            inputs.chunks_exact(D).map(SVector::<f64, D>::from_column_slice).sum::<SVector<f64, D>>() / count as f64;
    }
    let samples = Samples::<L, D>::new(count, |i, d| inputs[i * D + d] - frame[d], |i| targets[i]);
    let mut parameters = parameters::<D>(case);
    for mean in &mut parameters.means {
        *mean -= frame;
    }
    let components = parameters.components();
    let active = vec![true; components];
    let kind = text(&case["kind"]);
    check.require(KINDS.contains(&kind), "an unknown kind of case");
    let ill_conditioned = L::PRECISION == "single" && ["near_singular", "singular", "exact"].contains(&kind);
    let tolerance = tolerances::<L>().value;

    let l1 = number(&case["l1"]);
    let mut objective = Objective::<L, D>::new(form, Penalties::default());
    let mut predictions = Vec::new();
    objective
        .predict(samples.points(), &parameters, &active, &mut |_, prediction| predictions.push(prediction))
        .expect("every covariance has a root");
    let within = if ill_conditioned { ILL_CONDITIONED_PREDICTION } else { tolerance };
    check.compare("prediction", &predictions, &numbers(&case["prediction"]), within);

    let mut gradient = Parameters::zeros(components);
    let loss = objective
        .gradient(&samples, 0..count, &parameters, &active, &mut gradient)
        .expect("every covariance has a root");
    let found = [
        ("gradient in amplitudes", gradient.amplitudes.clone(), "grad_amps"),
        ("gradient in centres", flat_means(&gradient.means), "grad_means"),
        ("gradient in factors", flat_factors(&gradient.factors), "grad_A"),
        ("mean squared error", vec![loss.mse], "mse"),
    ];
    for (what, found, key) in &found {
        if ill_conditioned {
            check.require(found.iter().all(|value| value.is_finite()), &format!("{what} is not finite"));
            check.require(found.len() == numbers(&case[*key]).len(), &format!("{what} has another length"));
        } else {
            check.compare(what, found, &numbers(&case[*key]), tolerance);
        }
    }

    // The penalties are sums in double precision whatever the lanes.
    let mut slopes = vec![0.0; components];
    let value = amplitude_penalty(&parameters.amplitudes, l1, Some(&mut slopes));
    check.compare("L1 penalty", &[value], &[number(&case["l1_value"])], tolerance);
    check.compare("its gradient", &slopes, &numbers(&case["l1_grad_amps"]), tolerance);
    let mut slopes = vec![SVector::zeros(); components];
    let value = spread_penalty(&parameters.means, &active, 1.0, Some(&mut slopes));
    if case["spread_value"].is_null() {
        check.require(components == 1 && value == 0.0, "a single centre has a spread");
        check.require(slopes == [SVector::<f64, D>::zeros()], "a single centre is pushed");
    } else {
        check.compare("spread penalty", &[value], &[number(&case["spread_value"])], tolerance);
        check.compare("its gradient", &flat_means(&slopes), &numbers(&case["spread_grad_means"]), tolerance);
    }

    objective.penalties = Penalties { amplitude_l1: l1, spread: 1.0 };
    let total = objective.loss(&samples, &parameters, &active).expect("every covariance has a root").total();
    if ill_conditioned {
        check.require(total.is_finite(), "the loss is not finite");
    } else {
        check.compare("loss", &[total], &[number(&case["total_loss"])], tolerance);
    }
    // The gradient of the loss is the sum of those of its terms.
    let mut all = Parameters::zeros(components);
    let with_penalties = objective.gradient(&samples, 0..count, &parameters, &active, &mut all);
    check.require(with_penalties.is_ok_and(|loss| loss.total() == total), "the two ways to the loss differ");
    let add = |a: &[f64], b: Vec<f64>| a.iter().zip(b).map(|(a, b)| a + b).collect::<Vec<_>>();
    let expected = add(&gradient.amplitudes, numbers(&case["l1_grad_amps"]));
    check.compare("gradient in amplitudes with penalties", &all.amplitudes, &expected, tolerance);
    let spread = if components == 1 { vec![0.0; D] } else { numbers(&case["spread_grad_means"]) };
    let expected = add(&flat_means(&gradient.means), spread);
    check.compare("gradient in centres with penalties", &flat_means(&all.means), &expected, tolerance);
}

/// A hundred steps of Adam on all points.
fn train<L: Lanes, const D: usize>(case: &Value, form: CovarianceForm, check: &mut Check) {
    let axes = vec![Axis::unitless("x"); D];
    let samples = dataset::Samples { inputs: numbers(&case["X"]), targets: numbers(&case["y"]) };
    let batch_size = samples.count();
    let data = Regression::new("reference", axes, Axis::unitless("y"), samples, dataset::Samples::default())
        .expect("reference points are usable");
    let spread = if case["spread"] == Value::Bool(true) { 1.0 } else { 0.0 };
    let options = SumOfGaussiansOptions {
        form,
        penalties: Penalties { amplitude_l1: number(&case["l1"]), spread },
        non_negative: true,
        method: Method::Gradient(Rule::Adam {
            form: AdamForm::Keras,
            beta_1: number(&case["beta1"]),
            beta_2: number(&case["beta2"]),
            epsilon: number(&case["eps_adam"]),
        }),
        learning_rate: number(&case["lr"]),
        batch_size,
        epochs: u32::MAX,
        seed: 0,
        prune_every: 0,
        prune_to: 1,
    };
    let mut fit = SumOfGaussiansFit::<L, D>::from_parameters(&data, parameters(case), options)
        .expect("reference parameters are usable");
    let tolerance = tolerances::<L>().trajectory;
    // Chaos is judged at the end of a trajectory.
    let chaotic = L::PRECISION == "single" && largest(&case["sensitivity"]["100"]) > CHAOTIC;
    let snapshots = case["snapshots"].as_object().map_or(0, |all| all.len());
    let mut seen = 0;
    for step in 1..=100 {
        fit.step();
        let snapshot = &case["snapshots"][step.to_string()];
        if snapshot.is_null() {
            continue;
        }
        seen += 1;
        let row = fit.history().last().map(<[f64]>::to_vec).unwrap_or_default();
        let objective = [("mse", 1), ("loss", 0)].map(|(key, column)| (key, row[column], number(&snapshot[key])));
        for (key, found, expected) in objective {
            let within = if chaotic { CHAOTIC_OBJECTIVE } else { tolerance };
            check.compare(&format!("{key} after {step}"), &[found], &[expected], within);
        }
        if !chaotic {
            let found = fit.parameters();
            let compare = |check: &mut Check, key: &str, found: &[f64]| {
                check.compare(&format!("{key} after {step}"), found, &numbers(&snapshot[key]), tolerance);
            };
            compare(check, "amps", &found.amplitudes);
            compare(check, "means", &flat_means(&found.means));
            compare(check, "A", &flat_factors(&found.factors));
        }
    }
    check.require(seen > 0 && seen == snapshots, "not all snapshots were reached");
    check.require(*fit.state() == FitState::Running, "the fit stopped");
}

/// The largest number in a value or in the values of an object; NaN where there is none.
fn largest(value: &Value) -> f64 {
    match value {
        Value::Object(all) => all.values().map(largest).fold(f64::NAN, f64::max),
        _ => numbers(value).into_iter().fold(f64::NAN, f64::max),
    }
}
