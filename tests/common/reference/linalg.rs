//! Symmetric positive-definite matrices: `linalg.json`. One to three dimensions run through the fits' own roots; no model
//! has more, so larger ones run through nalgebra's dynamic Cholesky, which the least-squares solver uses.

use gaussian_playground::numeric::spd::Factor;
use nalgebra::{DMatrix, SMatrix, SVector};
use serde_json::Value;

use super::{Check, Precision, number, numbers, text};

/// What is compared of one matrix, row by row.
struct Decomposition {
    lower: Vec<f64>,
    lower_inverse: Vec<f64>,
    inverse: Vec<f64>,
    log_determinant: f64,
    solution: Vec<f64>,
    quadratic_form: f64,
}

/// Runs every case of the file.
pub fn run(file: &Value, _: Precision, check: &mut Check) {
    check.known_keys(file, &["description", "cases", "not_spd"]);
    for case in file["cases"].as_array().into_iter().flatten() {
        check.case(text(&case["name"]));
        run_case(case, check);
    }
    for case in file["not_spd"].as_array().into_iter().flatten() {
        check.case(text(&case["name"]));
        let matrix = numbers(&case["A"]);
        check.require(decompose(&matrix, &vec![0.0; columns(case)]).is_none(), "it was factored");
    }
}

fn columns(case: &Value) -> usize {
    numbers(&case["A"][0]).len()
}

fn run_case(case: &Value, check: &mut Check) {
    let dimension = columns(case);
    let tolerance = if number(&case["condition_number"]) > 1e6 { 3e-8 } else { 1e-9 };
    let Some(found) = decompose(&numbers(&case["A"]), &numbers(&case["b"])) else {
        return check.fail("it was not factored".to_owned());
    };
    check.compare("the root", &found.lower, &numbers(&case["cholesky_lower"]), tolerance);
    check.compare("the root's inverse", &found.lower_inverse, &numbers(&case["cholesky_inverse_lower"]), tolerance);
    check.compare("the inverse", &found.inverse, &numbers(&case["inverse"]), tolerance);
    let mut scalar =
        |what: &str, found: f64, key: &str| check.compare(what, &[found], &[number(&case[key])], tolerance);
    scalar("the determinant", libm::exp(found.log_determinant), "det");
    scalar("the quadratic form", found.quadratic_form, "quad_form");
    let log_tau = libm::log(std::f64::consts::TAU);
    let log_density = -0.5 * (dimension as f64 * log_tau + found.log_determinant + found.quadratic_form);
    scalar("the log-density", log_density, "log_normal_density_of_b_at_mean_0");
    // Absolutely, as the file's description says: where the determinant is 1, its logarithm has no digits to compare.
    check.note("the log-determinant", &[found.log_determinant], &[number(&case["logdet"])], 1.0, tolerance);
    check.compare("the solution", &found.solution, &numbers(&case["solve"]), tolerance);
}

fn decompose(matrix: &[f64], b: &[f64]) -> Option<Decomposition> {
    match b.len() {
        1 => decompose_small::<1>(matrix, b),
        2 => decompose_small::<2>(matrix, b),
        3 => decompose_small::<3>(matrix, b),
        _ => decompose_large(matrix, b),
    }
}

fn decompose_small<const D: usize>(matrix: &[f64], b: &[f64]) -> Option<Decomposition> {
    let factor = Factor::<D>::from_covariance(&SMatrix::from_row_slice(matrix))?;
    let whitening = *factor.whitening();
    let whitened = whitening * SVector::from_column_slice(b);
    let rows = |matrix: SMatrix<f64, D, D>| matrix.transpose().iter().copied().collect();
    Some(Decomposition {
        lower: rows(*factor.lower()),
        lower_inverse: rows(whitening),
        inverse: rows(whitening.transpose() * whitening),
        log_determinant: 2.0 * factor.log_sqrt_determinant(),
        solution: (whitening.transpose() * whitened).iter().copied().collect(),
        quadratic_form: whitened.norm_squared(),
    })
}

fn decompose_large(matrix: &[f64], b: &[f64]) -> Option<Decomposition> {
    let dimension = b.len();
    let factor = DMatrix::from_row_slice(dimension, dimension, matrix).cholesky()?;
    let lower = factor.l();
    let whitening = lower.solve_lower_triangular(&DMatrix::identity(dimension, dimension))?;
    let whitened = &whitening * DMatrix::from_column_slice(dimension, 1, b);
    let rows = |matrix: &DMatrix<f64>| matrix.transpose().iter().copied().collect();
    Some(Decomposition {
        lower: rows(&lower),
        lower_inverse: rows(&whitening),
        inverse: rows(&factor.inverse()),
        log_determinant: 2.0 * lower.diagonal().iter().map(|&value| libm::log(value)).sum::<f64>(),
        solution: factor.solve(&DMatrix::from_column_slice(dimension, 1, b)).iter().copied().collect(),
        quadratic_form: whitened.norm_squared(),
    })
}
