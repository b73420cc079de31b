//! The Bayesian mixture: `svi.json`.

use gaussian_playground::numeric::special::ShapeDerivative;
use serde_json::Value;

use super::{Check, Precision, number};

/// Runs every case of the file.
pub fn run(file: &Value, _: Precision, check: &mut Check) {
    check.known_keys(file, &["description", "kl_normal", "kl_gamma", "kl_dirichlet", "gamma_implicit", "elbo"]);
    for case in file["gamma_implicit"].as_array().into_iter().flatten() {
        run_gamma_implicit(case, check);
    }
}

/// The derivative of a Gamma sample by its shape, and its logarithm's, held to 1e-10 each by itself.
fn run_gamma_implicit(case: &Value, check: &mut Check) {
    let (shape, sample) = (number(&case["alpha"]), number(&case["x"]));
    check.case(&format!("a Gamma sample at shape {shape}, p = {}", number(&case["p"])));
    check.known_keys(case, &["alpha", "x", "p", "dx_dalpha", "dlogx_dalpha", "torch_relerr", "tf_relerr"]);
    let found = ShapeDerivative::new(shape).of_log(libm::log(sample));
    for (what, found, key) in
        [("its derivative", found * sample, "dx_dalpha"), ("its logarithm's", found, "dlogx_dalpha")]
    {
        let expected = number(&case[key]);
        check.note(what, &[found], &[expected], expected.abs(), 1e-10);
    }
}
