//! The sparse mixture: `keops_cost.json`.

use gaussian_playground::dataset::{Axis, Dataset};
use gaussian_playground::experiment::{FitState, SparseMixtureFit};
use gaussian_playground::models::sparse_mixture::{Parameters, cost_offset};
use gaussian_playground::numeric::lanes::Lanes;
use gaussian_playground::settings::{CostConstant, SparseMixtureSettings};
use nalgebra::{SMatrix, SVector};
use serde_json::Value;
use wide::{f32x4, f64x2};

use super::{Check, Precision, numbers, text, tolerances};

/// Where the perturbed reference has drifted by more than this after 100 steps, single precision is held to the cost only.
const CHAOTIC: f64 = 1e-9;
const CHAOTIC_COST_TOLERANCE: f64 = 1e-2;

/// Runs every case of the file.
pub fn run(file: &Value, precision: Precision, check: &mut Check) {
    check.known_keys(file, &["description", "N", "M", "D", "x", "ln_pi", "cases"]);
    check.require(file["D"].as_u64() == Some(2), "it is not of the plane");
    let points = Dataset::new("reference", vec![Axis::unitless("x"); 2], numbers(&file["x"]));
    let points = points.expect("reference points are usable");
    let ln_pi = file["ln_pi"].as_f64().unwrap_or(f64::NAN);
    let found = -cost_offset(CostConstant::Tutorial, 2);
    check.require((found - ln_pi).abs() < 1e-15, "the tutorial's constant is not ln π");
    for case in file["cases"].as_array().into_iter().flatten() {
        check.case(text(&case["name"]));
        match precision {
            Precision::Double => run_case::<f64x2>(case, &points, check),
            Precision::Single => run_case::<f32x4>(case, &points, check),
        }
    }
}

fn start<L: Lanes>(case: &Value, points: &Dataset, settings: &SparseMixtureSettings) -> SparseMixtureFit<L, 2> {
    let factors = numbers(&case["A"]).chunks_exact(4).map(SMatrix::from_row_slice).collect();
    let means = numbers(&case["mu"]).chunks_exact(2).map(SVector::from_column_slice).collect();
    SparseMixtureFit::from_parameters(points, settings, numbers(&case["w"]), factors, means)
        .expect("reference parameters are usable")
}

fn by_rows(matrices: &[SMatrix<f64, 2, 2>]) -> Vec<f64> {
    matrices.iter().flat_map(|matrix| matrix.transpose().iter().copied().collect::<Vec<_>>()).collect()
}

fn flat(vectors: &[SVector<f64, 2>]) -> Vec<f64> {
    vectors.iter().flat_map(|vector| vector.iter().copied().collect::<Vec<_>>()).collect()
}

fn run_case<L: Lanes>(case: &Value, points: &Dataset, check: &mut Check) {
    let number = |key: &str| case[key].as_f64().unwrap_or(f64::NAN);
    let settings = SparseMixtureSettings { sparsity: number("sparsity"), ..SparseMixtureSettings::default() };
    let tolerance = tolerances::<L>().value;
    let mut fit = start::<L>(case, points, &settings);
    let objective = fit.objective();
    let mut compare = |what: &str, found: &[f64], expected: &[f64]| check.compare(what, found, expected, tolerance);
    compare("cost by the formula", &[objective.cost(CostConstant::Formula)], &[number("cost_formula")]);
    compare("cost by the tutorial", &[objective.cost(CostConstant::Tutorial)], &[number("cost_code")]);
    compare("log-likelihood", &[-objective.mean_log_likelihood], &[number("neg_mean_log_likelihood")]);
    compare("penalty", &[objective.penalty], &[number("sparsity_term")]);
    compare("gradient by w", &objective.gradient.scores, &numbers(&case["grad_w"]));
    compare("gradient by A", &by_rows(&objective.gradient.factors), &numbers(&case["grad_A"]));
    compare("gradient by mu", &flat(&objective.gradient.means), &numbers(&case["grad_mu"]));
    for trajectory in case["trajectories"].as_array().into_iter().flatten() {
        let settings = SparseMixtureSettings {
            learning_rate: trajectory["lr"].as_f64().unwrap_or(f64::NAN),
            clear_gradients: trajectory["zero_grad"].as_bool().unwrap_or(true),
            ..settings.clone()
        };
        follow(start::<L>(case, points, &settings), trajectory, check);
    }
}

/// Runs a fit along a trajectory's snapshots.
fn follow<L: Lanes>(mut fit: SparseMixtureFit<L, 2>, trajectory: &Value, check: &mut Check) {
    let sensitivity = trajectory["sensitivity"]["100"].as_f64().unwrap_or(f64::INFINITY);
    let cost_only = L::PRECISION == "single" && sensitivity > CHAOTIC;
    let snapshots = trajectory["snapshots"].as_object().map_or(0, serde_json::Map::len);
    let zero_grad = trajectory["zero_grad"].as_bool() == Some(true);
    let mut reached = 0;
    for step in 1..=100 {
        fit.step();
        let expected = &trajectory["snapshots"][step.to_string()];
        if expected.is_null() {
            continue;
        }
        reached += 1;
        let tolerance = if cost_only { CHAOTIC_COST_TOLERANCE } else { tolerances::<L>().trajectory };
        let when = format!("after {step}{}", if zero_grad { "" } else { ", gradients not cleared" });
        let Parameters { scores, factors, means } = fit.parameters();
        let cost = expected["cost_formula"].as_f64().unwrap_or(f64::NAN);
        check.compare(&format!("cost {when}"), &[fit.cost()], &[cost], tolerance);
        if !cost_only {
            check.compare(&format!("w {when}"), &scores, &numbers(&expected["w"]), tolerance);
            check.compare(&format!("A {when}"), &by_rows(&factors), &numbers(&expected["A"]), tolerance);
            check.compare(&format!("mu {when}"), &flat(&means), &numbers(&expected["mu"]), tolerance);
        }
    }
    check.require(*fit.state() == FitState::Running, "the fit stopped");
    check.require(reached == 3 && reached == snapshots, "not all snapshots were reached");
}
