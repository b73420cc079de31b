//! Special functions: `special_functions.json`. ψ″, log P and log Q are needed by no model.

use gaussian_playground::numeric::special::{digamma, incomplete_gamma, ln_gamma, trigamma};
use serde_json::Value;

use super::{Check, Precision, number};

/// Of ln Γ and its derivatives, on the scale of max(1, |reference|).
const TOLERANCE: f64 = 1e-10;

/// Of P and Q.
const INCOMPLETE_TOLERANCE: f64 = 1e-9;

/// Runs every case of the file.
pub fn run(file: &Value, _: Precision, check: &mut Check) {
    check.known_keys(file, &["description", "gamma", "incomplete_gamma"]);
    for case in file["gamma"].as_array().into_iter().flatten() {
        let x = number(&case["x"]);
        check.case(&format!("x = {x}"));
        check.known_keys(case, &["x", "lgamma", "digamma", "trigamma", "tetragamma"]);
        for (name, found) in [("lgamma", ln_gamma(x)), ("digamma", digamma(x)), ("trigamma", trigamma(x))] {
            let expected = number(&case[name]);
            check.note(name, &[found], &[expected], expected.abs().max(1.0), TOLERANCE);
        }
    }
    for case in file["incomplete_gamma"].as_array().into_iter().flatten() {
        let (a, x) = (number(&case["a"]), number(&case["x"]));
        check.case(&format!("a = {a}, x = {x}"));
        check.known_keys(case, &["a", "x", "P", "Q", "logP", "logQ", "log_pdf"]);
        let (p, q) = incomplete_gamma(a, x);
        check.compare("P", &[p], &[number(&case["P"])], INCOMPLETE_TOLERANCE);
        check.compare("Q", &[q], &[number(&case["Q"])], INCOMPLETE_TOLERANCE);
        let log_pdf = number(&case["log_pdf"]);
        let found = (a - 1.0) * libm::log(x) - x - ln_gamma(a);
        check.note("log density", &[found], &[log_pdf], log_pdf.abs().max(1.0), TOLERANCE);
    }
}
