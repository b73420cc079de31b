//! The bumps: `bump.json`. In double precision every number is an array of its own, so none hides behind a
//! larger one.

use gaussian_playground::models::bump::{Bump, double_where, gaussian, safe, single_where, squared};
use gaussian_playground::numeric::scalar::Real;
use serde_json::Value;

use super::{Check, Precision, text};

const POINT_KEYS: &[&str] = &[
    "x",
    "region",
    "singular",
    "seed",
    "fixed",
    "squared",
    "seed_overflow64",
    "seed_overflow32",
    "seed_gt1",
    "tf32_naive_grad_nan",
    "tf32_fixed",
];

/// Runs every point of every case; each is counted.
pub fn run(file: &Value, precision: Precision, check: &mut Check) {
    check.known_keys(file, &["description", "cases", "gaussian_bump"]);
    for case in file["cases"].as_array().into_iter().flatten() {
        check.known_keys(case, &["sigma", "sqrt_sigma", "points"]);
        let sigma = case["sigma"].as_f64().unwrap_or(f64::NAN);
        for point in case["points"].as_array().into_iter().flatten() {
            let x = point["x"].as_f64().unwrap_or(f64::NAN);
            check.case(&format!("σ = {sigma}, x = {x} ({})", text(&point["region"])));
            check.known_keys(point, POINT_KEYS);
            match precision {
                Precision::Double => in_double(sigma, x, point, check),
                Precision::Single => in_single(sigma, x, point, check),
            }
        }
        if precision == Precision::Single {
            arrays_in_single(sigma, case, check);
        }
    }
    let gaussians: Vec<&Value> = file["gaussian_bump"].as_array().into_iter().flatten().collect();
    for (i, case) in gaussians.iter().enumerate() {
        check.case(&format!("Gaussian {}", i + 1));
        check.known_keys(case, &["a", "b", "c", "x", "f", "df_da", "df_db", "df_dc", "df_dx"]);
        if precision == Precision::Double {
            gaussian_bumps::<f64>(&[case], 1e-9, check);
        }
    }
    if precision == Precision::Single {
        // As arrays: far from the centre a value of its own has no digits left in `f32`, or underflows.
        gaussian_bumps::<f32>(&gaussians, 1e-4, check);
    }
}

fn flag(point: &Value, name: &str) -> bool {
    point[name].as_bool().unwrap_or_default()
}

/// One number against the reference, in which `null` is what is not finite.
fn number(what: &str, found: f64, expected: &Value, tolerance: f64, check: &mut Check) {
    match expected.as_f64() {
        Some(expected) => check.compare(what, &[found], &[expected], tolerance),
        None => check.require(!found.is_finite(), &format!("{what} is {found}, where it should not be finite")),
    }
}

fn in_double(sigma: f64, x: f64, point: &Value, check: &mut Check) {
    let compare = |name: &str, bump: Bump<f64>, check: &mut Check| {
        let expected = &point[name];
        check.known_keys(expected, &["f", "df_dsigma", "df_dx", "log_f"]);
        for (what, found) in [("f", bump.value), ("df_dsigma", bump.d_sigma.unwrap_or(f64::NAN)), ("df_dx", bump.d_x)] {
            number(&format!("{name} {what}"), found, &expected[what], 1e-9, check);
        }
        // The logarithm is undefined outside of the support, in the reference also where x² = σ.
        if !expected["log_f"].is_null() || x.abs() > sigma.max(sigma.sqrt()) {
            number(&format!("{name} log_f"), bump.exponent, &expected["log_f"], 1e-9, check);
        }
    };
    let seed = double_where(sigma, x);
    compare("seed", seed, check);
    compare("fixed", safe(sigma, x), check);
    compare("squared", squared(sigma, x), check);

    // One `where` and two have the same values, and the same gradients in the support.
    let single = single_where(sigma, x);
    check.require(single.value.to_bits() == seed.value.to_bits(), "the two source forms differ in value");
    let inside = x.abs() < sigma;
    check.require(
        !inside || single.d_sigma.map(f64::to_bits) == seed.d_sigma.map(f64::to_bits),
        "the two source forms differ in the support",
    );

    let finite = |bump: &Bump<f64>, largest: f64| {
        [bump.value, bump.d_sigma.unwrap_or(f64::NAN), bump.d_x].iter().all(|value| value.abs() <= largest)
    };
    check.require(
        finite(&seed, f64::MAX) != flag(point, "seed_overflow64"),
        "seed_overflow64 is not where it should be",
    );
    check.require(
        finite(&seed, f64::from(f32::MAX)) != flag(point, "seed_overflow32"),
        "seed_overflow32 is not where it should be",
    );
    // Infinite is above 1 too.
    check.require((seed.value.abs() > 1.0) == flag(point, "seed_gt1"), "seed_gt1 is not where it should be");
    check.require((x * x == sigma) == flag(point, "singular"), "singular is not where it should be");
    if flag(point, "singular") {
        check.require(seed.value == 0.0 && safe(sigma, x).value == 0.0, "x² = σ does not give 0");
    }
    let region = if x.abs() == sigma {
        "edge_sigma"
    } else if seed.exponent.is_nan() && safe(sigma, x).exponent.is_nan() {
        "outside"
    } else if seed.exponent.is_nan() {
        "cut"
    } else if safe(sigma, x).exponent.is_nan() {
        "gap"
    } else {
        "inside"
    };
    check.require(region == text(&point["region"]), &format!("it is taken for {region}"));
}

/// What TensorFlow's own `f32` gives, operation by operation.
fn in_single(sigma: f64, x: f64, point: &Value, check: &mut Check) {
    let tolerance = 1e-4;
    let (sigma, x) = (sigma as f32, x as f32);
    let naive = single_where(sigma, x).d_sigma.map_or(f64::NAN, f64::from);
    check.require(naive.is_nan() == flag(point, "tf32_naive_grad_nan"), &format!("one where has the gradient {naive}"));
    check.known_keys(&point["tf32_fixed"], &["f", "grad"]);
    let guarded = double_where(sigma, x);
    number("two where, f", guarded.value.wide(), &point["tf32_fixed"]["f"], tolerance, check);
    number(
        "two where, gradient",
        guarded.d_sigma.map_or(f64::NAN, f64::from),
        &point["tf32_fixed"]["grad"],
        tolerance,
        check,
    );
    for (name, bump) in [("safe", safe(sigma, x)), ("squared", squared(sigma, x))] {
        let finite = bump.value.finite() && bump.d_x.finite() && bump.d_sigma.is_some_and(f32::finite);
        check.require(finite, &format!("{name} is not finite"));
        check.require((0.0..=1.0).contains(&bump.value), &format!("{name} is not between 0 and 1"));
    }
}

/// The corrected forms over all points of one σ: next to the edge `f32` has no digits left for a single point.
fn arrays_in_single(sigma: f64, case: &Value, check: &mut Check) {
    type Form = fn(f32, f32) -> Bump<f32>;
    for (name, form) in [("fixed", safe as Form), ("squared", squared)] {
        for what in ["f", "df_dsigma", "df_dx"] {
            let points = || case["points"].as_array().into_iter().flatten();
            let expected: Vec<f64> = points().filter_map(|point| point[name][what].as_f64()).collect();
            let found: Vec<f64> = points()
                .map(|point| {
                    let bump = form(sigma as f32, point["x"].as_f64().unwrap_or(f64::NAN) as f32);
                    f64::from(match what {
                        "f" => bump.value,
                        "df_dx" => bump.d_x,
                        _ => bump.d_sigma.unwrap_or(f32::NAN),
                    })
                })
                .collect();
            check.compare(&format!("{name} {what}, σ = {sigma}"), &found, &expected, 1e-4);
        }
    }
}

fn gaussian_bumps<R: Real>(cases: &[&Value], tolerance: f64, check: &mut Check) {
    let bumps: Vec<[f64; 5]> = cases
        .iter()
        .map(|case| {
            let field = |name: &str| R::of(case[name].as_f64().unwrap_or(f64::NAN));
            let bump = gaussian([field("a"), field("b"), field("c")], field("x"));
            [bump.value, bump.d_a, bump.d_b, bump.d_c, bump.d_x].map(R::wide)
        })
        .collect();
    for (place, what) in ["f", "df_da", "df_db", "df_dc", "df_dx"].into_iter().enumerate() {
        let found: Vec<f64> = bumps.iter().map(|bump| bump[place]).collect();
        let expected: Vec<f64> = cases.iter().map(|case| case[what].as_f64().unwrap_or(f64::NAN)).collect();
        check.compare(what, &found, &expected, tolerance);
    }
}
