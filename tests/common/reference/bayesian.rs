//! The Bayesian mixture: `svi.json`.

use gaussian_playground::models::bayesian_mixture::{
    Posterior, Priors, dirichlet_divergence, divergences, gamma_divergence, log_likelihood_at_means, normal_divergence,
    sampled_log_likelihood,
};
use gaussian_playground::numeric::special::ShapeDerivative;
use serde_json::Value;

use super::{Check, Precision, number, numbers, text};

/// Runs every case of the file.
pub fn run(file: &Value, _: Precision, check: &mut Check) {
    check.known_keys(file, &["description", "kl_normal", "kl_gamma", "kl_dirichlet", "gamma_implicit", "elbo"]);
    run_divergences(file, check);
    for case in file["gamma_implicit"].as_array().into_iter().flatten() {
        run_gamma_implicit(case, check);
    }
    for case in file["elbo"].as_array().into_iter().flatten() {
        run_elbo(case, check);
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

/// Of divergences and of what is computed without sampling.
const TOLERANCE: f64 = 1e-9;

/// The file's zeros are what a 50-digit evaluation leaves of them.
const ROUNDED_ZERO: f64 = 1e-45;

fn settled(value: f64) -> f64 {
    if value.abs() < ROUNDED_ZERO { 0.0 } else { value }
}

/// How often each point gets a sample in a Monte-Carlo estimate.
const REPEATS: u64 = 4_000;

fn run_divergences(file: &Value, check: &mut Check) {
    for case in file["kl_normal"].as_array().into_iter().flatten() {
        let [loc, scale, prior_loc, prior_scale] =
            ["loc", "scale", "prior_loc", "prior_scale"].map(|key| number(&case[key]));
        check.case(&format!("Normal({loc}, {scale}) from Normal({prior_loc}, {prior_scale})"));
        let found = normal_divergence(loc, scale, prior_loc, prior_scale);
        compare_scalars(
            check,
            case,
            &["loc", "scale", "prior_loc", "prior_scale", "abs_cancel_64"],
            &[
                ("kl", found.value),
                ("dloc", found.loc),
                ("dscale", found.scale),
                ("dprior_loc", found.prior_loc),
                ("dprior_scale", found.prior_scale),
            ],
        );
    }
    for case in file["kl_gamma"].as_array().into_iter().flatten() {
        let [alpha, beta, prior_alpha, prior_beta] =
            ["alpha", "beta", "prior_alpha", "prior_beta"].map(|key| number(&case[key]));
        check.case(&format!("Gamma({alpha}, {beta}) from Gamma({prior_alpha}, {prior_beta})"));
        let found = gamma_divergence(alpha, beta, prior_alpha, prior_beta);
        compare_scalars(
            check,
            case,
            &["alpha", "beta", "prior_alpha", "prior_beta", "abs_cancel_64"],
            &[
                ("kl", found.value),
                ("dalpha", found.alpha),
                ("dbeta", found.beta),
                ("dprior_alpha", found.prior_alpha),
                ("dprior_beta", found.prior_beta),
            ],
        );
    }
    for case in file["kl_dirichlet"].as_array().into_iter().flatten() {
        let (counts, prior) = (numbers(&case["conc"]), numbers(&case["prior_conc"]));
        check.case(&format!("Dirichlet({counts:?}) from Dirichlet({prior:?})"));
        check.known_keys(case, &["conc", "prior_conc", "kl", "dconc", "dprior_conc", "abs_cancel_64"]);
        let (value, by_counts, by_prior) = dirichlet_divergence(&counts, &prior);
        check.compare("kl", &[value], &[number(&case["kl"])], TOLERANCE);
        check.compare("dconc", &by_counts, &numbers(&case["dconc"]), TOLERANCE);
        let expected: Vec<f64> = numbers(&case["dprior_conc"]).into_iter().map(settled).collect();
        check.compare("dprior_conc", &by_prior, &expected, TOLERANCE);
    }
}

/// Compares each value found with the case's of that name; all others of the case must be among its inputs.
fn compare_scalars(check: &mut Check, case: &Value, inputs: &[&str], found: &[(&str, f64)]) {
    let known: Vec<&str> = inputs.iter().copied().chain(found.iter().map(|(key, _)| *key)).collect();
    check.known_keys(case, &known);
    for (key, value) in found {
        check.compare(key, &[*value], &[settled(number(&case[*key]))], TOLERANCE);
    }
}

/// The five arrays of a posterior, or of a gradient.
fn posterior(value: &Value) -> Posterior {
    let [locs, scales, alpha, beta, counts] =
        ["locs", "scales", "alpha", "beta", "counts"].map(|key| numbers(&value[key]));
    Posterior { locs, scales, alpha, beta, counts }
}

fn run_elbo(case: &Value, check: &mut Check) {
    check.case(text(&case["name"]));
    check.known_keys(case, &["name", "K", "D", "n", "variational", "X", "no_sampling", "monte_carlo"]);
    let variational = posterior(&case["variational"]);
    let points = numbers(&case["X"]);
    let dimension = numbers(&case["X"][0]).len();
    check.require(variational.check(dimension).is_ok(), "the posterior is refused");
    let count = points.len() / dimension;
    let priors = Priors::of_the_source(variational.components(), dimension);
    let divergences = divergences(&variational, &priors);

    let expected = &case["no_sampling"];
    check.known_keys(
        expected,
        &[
            "log_likelihoods",
            "mean_log_likelihood",
            "mu_div",
            "sigma_div",
            "theta_div",
            "kl_sum",
            "loss_N_equals_n",
            "loss_N_3000",
            "grad_mean_ll",
            "grad_kl_sum",
            "tfp64_dev",
        ],
    );
    let (each, at_means) = log_likelihood_at_means(&variational, &points);
    check.compare("log-likelihoods", &each, &numbers(&expected["log_likelihoods"]), TOLERANCE);
    let loss = |points: f64| divergences.sum() / points - at_means.mean;
    for (key, found) in [
        ("mean_log_likelihood", at_means.mean),
        ("mu_div", divergences.means),
        ("sigma_div", divergences.precisions),
        ("theta_div", divergences.weights),
        ("kl_sum", divergences.sum()),
        ("loss_N_equals_n", loss(count as f64)),
        ("loss_N_3000", loss(3000.0)),
    ] {
        check.compare(key, &[found], &[number(&expected[key])], TOLERANCE);
    }
    for (key, found) in [("grad_mean_ll", &at_means.gradient), ("grad_kl_sum", &divergences.gradient)] {
        compare_blocks(check, key, found, &posterior(&expected[key]));
    }
    run_monte_carlo(&case["monte_carlo"], &variational, &points, divergences.sum() / count as f64, check);
}

fn compare_blocks(check: &mut Check, what: &str, found: &Posterior, expected: &Posterior) {
    for (name, (found, expected)) in
        ["locs", "scales", "alpha", "beta", "counts"].iter().zip(found.blocks().iter().zip(expected.blocks()))
    {
        check.compare(&format!("{what} by {name}"), found, expected, TOLERANCE);
    }
}

/// The mean of sampled values and gradients against the file's estimate: each within three standard errors of both.
fn run_monte_carlo(expected: &Value, variational: &Posterior, points: &[f64], divergence: f64, check: &mut Check) {
    check.known_keys(
        expected,
        &[
            "n_draws",
            "expected_mean_ll",
            "expected_mean_ll_se",
            "loss_N_equals_n",
            "grad_expected_mean_ll",
            "grad_expected_mean_ll_se",
            "score_check_max_z",
        ],
    );
    let batch: Vec<u32> = (0..points.len() as u32 / variational.dimension() as u32).collect();
    let size = variational.to_flat().len() + 1;
    let (mut sums, mut squares) = (vec![0.0; size], vec![0.0; size]);
    for repeat in 0..REPEATS {
        let sampled = sampled_log_likelihood(variational, points, &batch, 1, repeat);
        let flat = sampled.gradient.to_flat();
        for (i, value) in std::iter::once(sampled.mean).chain(flat).enumerate() {
            sums[i] += value;
            squares[i] += value * value;
        }
    }
    let repeats = REPEATS as f64;
    let mut values = vec![number(&expected["expected_mean_ll"])];
    values.extend(posterior(&expected["grad_expected_mean_ll"]).to_flat());
    let mut errors = vec![number(&expected["expected_mean_ll_se"])];
    errors.extend(posterior(&expected["grad_expected_mean_ll_se"]).to_flat());
    check.require(values.len() == size && errors.len() == size, "the estimate has another number of values");
    for i in 0..size {
        let mean = sums[i] / repeats;
        let variance = (squares[i] / repeats - mean * mean) / (repeats - 1.0);
        let combined = libm::sqrt(variance + errors[i] * errors[i]);
        let deviation = (mean - values[i]) / combined;
        let what = if i == 0 { "the value".to_owned() } else { variational.describe(i - 1) };
        if deviation.abs() > 3.0 || deviation.is_nan() {
            check.fail(format!("the sampled estimate of {what} is off by {deviation:.2} standard errors"));
        }
        // An error must be small enough to see a wrong factor.
        check.require(combined < 0.05 * values[0].abs().max(1.0), "the standard error says nothing");
        if i == 0 {
            let loss = number(&expected["loss_N_equals_n"]);
            check.require((divergence - mean - loss).abs() < 3.0 * combined, "the sampled loss is off");
        }
    }
}
