//! EM: `em_diag.json` and `em_full.json`.

use gaussian_playground::dataset::{Axis, Dataset};
use gaussian_playground::experiment::{EmFit, EmOptions, FitState, Mixture};
use gaussian_playground::models::em_mixture::{ComponentState, Parameters, aic, bic};
use gaussian_playground::numeric::lanes::Lanes;
use gaussian_playground::settings::{CovarianceType, Iteration};
use nalgebra::{SMatrix, SVector};
use serde_json::Value;
use wide::{f32x4, f64x2};

use super::{Check, Precision, numbers, text, tolerances};

/// Runs every case of a file.
pub fn run(file: &Value, precision: Precision, check: &mut Check) {
    check.known_keys(file, &["description", "seed_em_description", "data", "cases", "seed_em", "degenerate"]);
    for kind in ["cases", "seed_em", "degenerate"] {
        for case in file[kind].as_array().into_iter().flatten() {
            check.case(text(&case["name"]));
            let points = if kind == "degenerate" { &case["X"] } else { &file["data"][text(&case["data"])] };
            match (precision, columns(points)) {
                (Precision::Double, 1) => run_case::<f64x2, 1>(kind, case, points, check),
                (Precision::Double, 2) => run_case::<f64x2, 2>(kind, case, points, check),
                (Precision::Double, 3) => run_case::<f64x2, 3>(kind, case, points, check),
                (Precision::Single, 1) => run_case::<f32x4, 1>(kind, case, points, check),
                (Precision::Single, 2) => run_case::<f32x4, 2>(kind, case, points, check),
                (Precision::Single, 3) => run_case::<f32x4, 3>(kind, case, points, check),
                (_, dimension) => check.fail(format!("no fit in {dimension} dimensions")),
            }
        }
    }
}

fn columns(points: &Value) -> usize {
    numbers(&points[0]).len()
}

fn dataset<const D: usize>(points: &Value) -> Dataset {
    Dataset::new("reference", vec![Axis::unitless("x"); D], numbers(points)).expect("reference points are usable")
}

fn vectors<const D: usize>(values: &Value) -> Vec<SVector<f64, D>> {
    numbers(values).chunks_exact(D).map(SVector::from_column_slice).collect()
}

/// Covariance matrices of K components, from the shape that the file has for their type.
fn covariances<const D: usize>(
    covariance_type: CovarianceType,
    components: usize,
    values: &Value,
) -> Vec<SMatrix<f64, D, D>> {
    let numbers = numbers(values);
    match covariance_type {
        CovarianceType::Full => numbers.chunks_exact(D * D).map(SMatrix::from_row_slice).collect(),
        CovarianceType::Tied => vec![SMatrix::from_row_slice(&numbers); components],
        CovarianceType::Diagonal => {
            numbers.chunks_exact(D).map(|row| SMatrix::from_diagonal(&SVector::from_column_slice(row))).collect()
        }
        CovarianceType::Spherical => numbers.iter().map(|&variance| SMatrix::identity() * variance).collect(),
    }
}

fn covariance_type(case: &Value) -> Option<CovarianceType> {
    match text(&case["covariance_type"]) {
        "full" => Some(CovarianceType::Full),
        "tied" => Some(CovarianceType::Tied),
        "diag" => Some(CovarianceType::Diagonal),
        "spherical" => Some(CovarianceType::Spherical),
        _ => None,
    }
}

fn options(covariance_type: CovarianceType, regularization: f64, minimum_variance: f64) -> EmOptions {
    EmOptions {
        covariance_type,
        iteration: Iteration::Em,
        logs: true,
        regularization,
        minimum_variance,
        tolerance: 0.0,
        max_iterations: usize::MAX,
    }
}

fn start<L: Lanes, const D: usize>(case: &Value, points: &Value, options: EmOptions) -> EmFit<L, D> {
    let init = &case["init"];
    let weights = numbers(&init["weights"]);
    let covariances = covariances(options.covariance_type, weights.len(), &init["covariances"]);
    EmFit::from_parameters(&dataset::<D>(points), weights, vectors(&init["means"]), &covariances, options)
        .expect("reference parameters are usable")
}

fn compare_parameters<const D: usize>(
    check: &mut Check,
    when: &str,
    found: &Parameters<D>,
    expected: &Value,
    covariance_type: CovarianceType,
    tolerance: f64,
) {
    let means: Vec<f64> = found.means.iter().flat_map(|mean| mean.iter().copied()).collect();
    let stacked = |covariances: &[SMatrix<f64, D, D>]| -> Vec<f64> {
        covariances.iter().flat_map(|covariance| covariance.iter().copied()).collect()
    };
    let found_covariances: Vec<_> = found.factors.iter().map(|factor| factor.covariance()).collect();
    let key = if expected["covariances"].is_null() { "variances" } else { "covariances" };
    let expected_covariances = covariances::<D>(covariance_type, found.components(), &expected[key]);
    check.compare(&format!("weights {when}"), &found.weights, &numbers(&expected["weights"]), tolerance);
    check.compare(&format!("means {when}"), &means, &numbers(&expected["means"]), tolerance);
    check.compare(
        &format!("covariances {when}"),
        &stacked(&found_covariances),
        &stacked(&expected_covariances),
        tolerance,
    );
}

fn run_case<L: Lanes, const D: usize>(kind: &str, case: &Value, points: &Value, check: &mut Check) {
    match (kind, covariance_type(case)) {
        ("cases", Some(covariance_type)) => run_textbook::<L, D>(case, points, covariance_type, check),
        ("seed_em", None) => run_notebook::<L, D>(case, points, check),
        ("degenerate", Some(covariance_type)) => run_degenerate::<L, D>(case, points, covariance_type, check),
        _ => check.fail("an unknown kind of case".to_owned()),
    }
}

/// Runs a fit along a file's `mean_log_likelihood` and `snapshots`.
fn follow<L: Lanes, const D: usize>(
    fit: &mut EmFit<L, D>,
    reference: &Value,
    covariance_type: CovarianceType,
    check: &mut Check,
) {
    let tolerances = tolerances::<L>();
    let expected = numbers(&reference["mean_log_likelihood"]);
    let mut snapshots = 0;
    for iteration in 0..expected.len() {
        if iteration > 0 {
            fit.step();
        }
        let snapshot = &reference["snapshots"][iteration.to_string()];
        if !snapshot.is_null() {
            snapshots += 1;
            let when = format!("after {iteration}");
            compare_parameters(check, &when, &fit.parameters(), snapshot, covariance_type, tolerances.trajectory);
        }
    }
    check.require(
        snapshots > 0 && Some(snapshots) == reference["snapshots"].as_object().map(|all| all.len()),
        "not all snapshots were reached",
    );
    check.compare("log-likelihoods", fit.history(), &expected, tolerances.value);
}

fn run_textbook<L: Lanes, const D: usize>(
    case: &Value,
    points: &Value,
    covariance_type: CovarianceType,
    check: &mut Check,
) {
    let regularization = case["reg_covar"].as_f64().unwrap_or(f64::NAN);
    let mut fit = start::<L, D>(case, points, options(covariance_type, regularization, 0.0));
    follow(&mut fit, case, covariance_type, check);

    let tolerances = tolerances::<L>();
    let last = &case["final"];
    let shown = last["n_points"].as_u64().unwrap_or(0) as usize;
    let (mut log_densities, mut responsibilities) = (Vec::new(), Vec::new());
    fit.visit_points(&mut |index, log_density, shares| {
        if index < shown {
            log_densities.push(log_density);
            responsibilities.extend_from_slice(shares);
        }
    });
    check.compare("log-densities", &log_densities, &numbers(&last["log_prob"]), tolerances.value);
    let expected = numbers(&last["responsibilities"]);
    check.compare("responsibilities", &responsibilities, &expected, tolerances.trajectory);
    let count = dataset::<D>(points).total_weight();
    let total = fit.history().last().copied().unwrap_or(f64::NAN) * count;
    let parameters = fit.parameter_count();
    check.compare(
        "total, parameters, BIC, AIC",
        &[total, parameters as f64, bic(total, parameters, count), aic(total, parameters)],
        &["total_log_likelihood", "n_parameters", "bic", "aic"].map(|key| last[key].as_f64().unwrap_or(f64::NAN)),
        tolerances.value,
    );
    check.require(Some(parameters as u64) == last["n_parameters"].as_u64(), "the number of parameters differs");
}

/// The source notebook's iteration: no mixing weights in the E-step, its own cost.
fn run_notebook<L: Lanes, const D: usize>(case: &Value, points: &Value, check: &mut Check) {
    let tolerances = tolerances::<L>();
    let data = dataset::<D>(points);
    let components = case["K"].as_u64().unwrap_or(0) as usize;
    let variance = case["init_variance"].as_f64().unwrap_or(f64::NAN);
    let mut fit = EmFit::<L, D>::from_parameters(
        &data,
        vec![1.0 / components as f64; components],
        vectors(&case["init_means"]),
        &vec![SMatrix::identity() * variance; components],
        EmOptions { iteration: Iteration::EqualWeights, ..options(CovarianceType::Diagonal, 0.0, 1e-6) },
    )
    .expect("reference parameters are usable");
    let expected = numbers(&case["seed_cost"]);
    let (mut costs, mut weighted) = (Vec::new(), Vec::new());
    for iteration in 0..expected.len() {
        if iteration > 0 {
            fit.step();
        }
        costs.push(fit.cost());
        let parameters = fit.parameters();
        let covariances: Vec<_> = parameters.factors.iter().map(|factor| factor.covariance()).collect();
        let with_weights = EmFit::<L, D>::from_parameters(
            &data,
            parameters.weights.clone(),
            parameters.means.clone(),
            &covariances,
            options(CovarianceType::Diagonal, 0.0, 0.0),
        );
        weighted.extend(with_weights.map(|fit| fit.history()[0]));
        let snapshot = &case["snapshots"][iteration.to_string()];
        if !snapshot.is_null() {
            let when = format!("after {iteration}");
            let tolerance = tolerances.trajectory;
            compare_parameters(check, &when, &parameters, snapshot, CovarianceType::Diagonal, tolerance);
        }
    }
    // Along a trajectory, like the parameters that they are functions of.
    check.compare("costs", &costs, &expected, tolerances.trajectory);
    let uniform = numbers(&case["mean_log_likelihood_uniform"]);
    check.compare("log-likelihoods, equal weights", fit.history(), &uniform, tolerances.trajectory);
    let expected = numbers(&case["mean_log_likelihood_pi"]);
    check.compare("log-likelihoods, own weights", &weighted, &expected, tolerances.trajectory);
}

/// Components that collapse or lose all points: what the design says, where scikit-learn raises or returns noise.
fn run_degenerate<L: Lanes, const D: usize>(
    case: &Value,
    points: &Value,
    covariance_type: CovarianceType,
    check: &mut Check,
) {
    let tolerance = tolerances::<L>().trajectory;
    let regularization = case["reg_covar"].as_f64().unwrap_or(f64::NAN);
    let first = |values: &Value, count: usize| numbers(values).into_iter().take(count).collect::<Vec<_>>();
    let found_mean = |fit: &EmFit<L, D>, k: usize| fit.parameters().means[k].iter().copied().collect::<Vec<_>>();
    if !case["reference"].is_null() {
        let mut fit = start::<L, D>(case, points, options(covariance_type, regularization, 0.0));
        follow(&mut fit, &case["reference"], covariance_type, check);
    } else if text(&case["name"]).starts_with("empty_component") {
        // scikit-learn moves the component to the origin and gives it the regularization as variance. Here it keeps its
        // place and its covariance, with weight 0.
        let mut fit = start::<L, D>(case, points, options(covariance_type, regularization, 0.0));
        let before = fit.parameters();
        for _ in 0..50 {
            fit.step();
        }
        let after = fit.parameters();
        check.require(after.states == [ComponentState::Active, ComponentState::Empty], "it is not marked as empty");
        check.require(after.weights == [1.0, 0.0], "its weight is not 0");
        check.compare("the empty one's mean", &found_mean(&fit, 1), before.means[1].as_slice(), tolerance);
        check.require(after.factors[1] == before.factors[1], "its covariance changed");
        check.require(*fit.state() == FitState::Running, "the fit stopped");
        let expected = first(&case["sklearn_after_1_iteration"]["means"], D);
        check.compare("the other's mean", &found_mean(&fit, 0), &expected, tolerance);
    } else if text(&case["name"]).starts_with("collapse") {
        // scikit-learn raises, or returns rounding noise as the variance. Here the component rests on the floor…
        let minimum = 1e-6;
        let mut fit = start::<L, D>(case, points, options(covariance_type, regularization, minimum));
        for _ in 0..50 {
            fit.step();
        }
        let after = fit.parameters();
        check.require(
            after.states == [ComponentState::Active, ComponentState::Collapsed],
            "the collapsed component is not marked",
        );
        let floor: Vec<f64> = (SMatrix::<f64, D, D>::identity() * minimum).iter().copied().collect();
        check.compare("its covariance", after.factors[1].covariance().as_slice(), &floor, tolerance);
        check.compare("its mean", &found_mean(&fit, 1), &first(&case["X"][40], D), tolerance);
        check.require(*fit.state() == FitState::Running, "the fit stopped");
        check.require(fit.history().iter().all(|objective| objective.is_finite()), "an objective is not finite");
        if text(&case["sklearn"]["result"]) == "fits" {
            let expected = first(&case["sklearn"]["means"], D);
            check.compare("the other's mean", &found_mean(&fit, 0), &expected, tolerance);
        }
        // …and without one the fit stops at its last finite parameters and says which component it was. In single
        // precision rounding noise may keep the variance above zero, as it does in scikit-learn.
        let mut bare = start::<L, D>(case, points, options(covariance_type, regularization, 0.0));
        for _ in 0..50 {
            bare.step();
        }
        let finite = bare.parameters().factors.iter().all(|factor| factor.log_sqrt_determinant().is_finite());
        check.require(finite, "the parameters kept are not finite");
        if let FitState::Failed(reason) = bare.state() {
            check.require(reason.contains("component 2"), "the sentence does not name the component");
        } else {
            check.require(L::PRECISION == "single", "a fit without a floor did not stop");
        }
    } else {
        check.fail("an unknown kind of degenerate case".to_owned());
    }
}
