//! Residual peaks and Levenberg–Marquardt on samples of all kinds.

use gaussian_playground::error::Error;
use gaussian_playground::fitting::{ResidualPeaks, ResidualPeaksOptions, ResidualPeaksState};
use gaussian_playground::models::sum_of_gaussians::{CovarianceForm, GaussianSum, Parameters};
use gaussian_playground::optimizers::{LeastSquares, LevenbergMarquardt, Outcome};
use gaussian_playground::settings::FactorShape;
use nalgebra::{matrix, vector};

use super::recovery::{self, FORM, POINTS, RandomState, TEST_POINTS};

pub fn points_are_those_of_numpy() {
    for problem in recovery::problems() {
        let sample = problem.sample(0, 0.0);
        assert_eq!(sample.targets.len(), POINTS);
        assert!(!problem.first_points.is_empty());
        for (i, (x, y)) in problem.first_points.iter().enumerate() {
            // Read from text, a number may be off in its last digit: in single precision it is exact.
            let drawn = [sample.inputs[2 * i] as f32, sample.inputs[2 * i + 1] as f32];
            assert_eq!(drawn, x.map(|value| value as f32), "problem {}", problem.seed);
            assert!((sample.targets[i] - y).abs() <= 1e-12 * y.abs(), "problem {}", problem.seed);
        }
        let drawn = problem.test_sample(0).inputs;
        assert_eq!(drawn.len(), 2 * TEST_POINTS);
        assert!(!problem.first_test_inputs.is_empty());
        for (drawn, x) in drawn.iter().zip(&problem.first_test_inputs) {
            assert_eq!(*drawn as f32, *x as f32, "problem {}", problem.seed);
        }
    }
}

/// A problem with a Gaussian that reaches six points: standard deviation 0.024 where points are 0.16 apart.
pub fn one_problem_is_recovered() {
    let problem = recovery::problems().into_iter().find(|problem| problem.seed == 2010).unwrap();
    let count = problem.count(&recovery::fit(&problem.sample(0, 0.0)));
    assert_eq!((count.recovered, count.strict, count.components), (vec![true; 4], 4, 4));
}

fn peaks(inputs: &[f64], targets: &[f64]) -> ResidualPeaks<2> {
    ResidualPeaks::new(inputs, targets, ResidualPeaksOptions::default())
}

/// Points in the unit square with targets by a rule.
fn square(count: usize, target: impl Fn(f64, f64) -> f64) -> (Vec<f64>, Vec<f64>) {
    let mut random = RandomState::new(7);
    let inputs: Vec<f64> = (0..2 * count).map(|_| random.uniform()).collect();
    let targets = inputs.chunks_exact(2).map(|x| target(x[0], x[1])).collect();
    (inputs, targets)
}

/// Bounds the work, too: nothing goes on for ever.
fn ends(name: &str, inputs: &[f64], targets: &[f64]) -> ResidualPeaks<2> {
    let mut fit = peaks(inputs, targets);
    for _ in 0..5_000 {
        fit.step();
        assert!(fit.components() <= 8 && fit.mean_squared_error().is_finite(), "{name}");
        if fit.is_finished() {
            break;
        }
    }
    assert!(fit.is_finished(), "{name}");
    let parameters = fit.parameters(&FORM);
    let factors = parameters.factors.iter().flat_map(|factor| factor.iter());
    let means = parameters.means.iter().flat_map(|mean| mean.iter());
    assert!(parameters.amplitudes.iter().chain(means).chain(factors).all(|value| value.is_finite()), "{name}");
    assert!(parameters.amplitudes.iter().all(|&amplitude| amplitude >= 0.0), "{name}");
    fit
}

pub fn poor_samples_end_without_harm() {
    let (inputs, zeros) = square(300, |_, _| 0.0);
    assert_eq!(ends("all targets zero", &inputs, &zeros).components(), 0);
    let (inputs, negative) = square(300, |x, _| -x);
    assert_eq!(ends("negative targets", &inputs, &negative).components(), 0);
    let (inputs, constant) = square(300, |_, _| 2.5);
    let fit = ends("constant targets", &inputs, &constant);
    assert!(fit.mean_squared_error() < 1e-2 * 2.5 * 2.5, "{}", fit.mean_squared_error());
    let (inputs, plane) = square(300, |x, y| 1e8 * (x - y));
    ends("a plane", &inputs, &plane);
    let (inputs, tiny) = square(300, |x, y| 1e-200 * (x + y));
    ends("targets whose squares underflow", &inputs, &tiny);
    ends("no points", &[], &[]);
    ends("one point", &[1.0, 2.0], &[3.0]);
    ends("three points", &[0.0, 0.0, 1.0, 0.0, 0.0, 1.0], &[1.0, 2.0, 3.0]);
    ends("equal points", &[1.0; 40], &(0..20).map(f64::from).collect::<Vec<_>>());
    let line: Vec<f64> = (0..200).flat_map(|i| [f64::from(i), 2.0 * f64::from(i)]).collect();
    let bump: Vec<f64> = (0..200).map(|i| 3.0 * libm::exp(-0.005 * f64::from((i - 90) * (i - 90)))).collect();
    assert!(ends("points on a line", &line, &bump).mean_squared_error() < 1e-6);
    let upright: Vec<f64> = (0..200).flat_map(|i| [4.0, f64::from(i)]).collect();
    assert!(ends("points on an axis", &upright, &bump).mean_squared_error() < 1e-6);
}

/// A given start: Levenberg–Marquardt alone.
fn descend(sum: &mut GaussianSum<2>, flat: &mut [f64], most: usize) -> f64 {
    let mut method = LevenbergMarquardt::default();
    let mut cost = sum.cost(flat);
    for _ in 0..most {
        match method.step(sum, flat) {
            Outcome::Improved(lower) => {
                assert!(lower < cost);
                cost = lower;
            }
            Outcome::Stalled => break,
        }
        assert!(flat.iter().all(|value| value.is_finite()) && method.damping.is_finite());
    }
    cost
}

pub fn poor_starts_descend_without_harm() {
    let form = CovarianceForm { shape: FactorShape::Full, epsilon: 1e-6 };
    let start = |components: usize, place: fn(usize) -> [f64; 2]| Parameters::<2> {
        amplitudes: vec![1.0; components],
        means: (0..components).map(|k| place(k).into()).collect(),
        factors: vec![matrix![0.2, 0.0; 0.0, 0.2]; components],
    };
    let (inputs, targets) = square(500, |x, y| libm::exp(-8.0 * (x - 0.5) * (x - 0.5) - 4.0 * y * y));
    let mut sum = GaussianSum::<2>::new(&inputs, &targets, true);
    let mut together = sum.flatten(&start(3, |_| [0.5, 0.5]), &form).unwrap();
    assert!(descend(&mut sum, &mut together, 200) < 1e-6, "coincident centres");
    let mut apart = sum.flatten(&start(2, |k| [50.0 * k as f64, 0.4]), &form);
    assert!(descend(&mut sum, apart.as_mut().unwrap(), 200).is_finite(), "a centre far from all points");

    let few = (&[0.1, 0.2, 0.5, 0.6, 0.9, 0.4], &[1.0, 2.0, 0.5]);
    let mut sum = GaussianSum::<2>::new(few.0, few.1, true);
    let mut six = sum.flatten(&start(6, |k| [0.1 * k as f64, 0.3]), &form).unwrap();
    assert!(descend(&mut sum, &mut six, 500) < 1e-12, "3 points for 6 components");

    let (inputs, zeros) = square(100, |_, _| 0.0);
    let mut sum = GaussianSum::<2>::new(&inputs, &zeros, true);
    let mut two = sum.flatten(&start(2, |k| [0.3 * k as f64, 0.3]), &form).unwrap();
    assert!(descend(&mut sum, &mut two, 500) < 1e-12, "all targets zero");
    assert!(sum.parameters(&two, &form).amplitudes.iter().all(|&amplitude| (0.0..1e-6).contains(&amplitude)));
    // A factor without a covariance is no start.
    let singular = Parameters { factors: vec![matrix![0.0, 0.0; 0.0, 0.0]], ..start(1, |_| [0.0, 0.0]) };
    assert!(sum.flatten(&singular, &FORM).is_none());
}

pub fn parameters_go_there_and_back() {
    let (inputs, targets) = square(50, |x, _| x);
    let sum = GaussianSum::<2>::new(&inputs, &targets, false);
    for shape in [FactorShape::Full, FactorShape::Upper, FactorShape::UpperEverywhere] {
        let form = CovarianceForm { shape, epsilon: 1e-3 };
        let parameters = Parameters::<2> {
            amplitudes: vec![2.0, -1.0],
            means: vec![vector![0.2, 0.3], vector![-4.0, 7.0]],
            factors: vec![matrix![0.5, 0.1; 0.0, 0.3], matrix![1.0, 2.0; 0.0, 0.1]],
        };
        let flat = sum.flatten(&parameters, &form).unwrap();
        let back = sum.parameters(&flat, &form);
        assert_eq!(back.amplitudes, parameters.amplitudes);
        for k in 0..2 {
            assert!((back.means[k] - parameters.means[k]).amax() < 1e-12);
            let difference = form.covariance(&back.factors[k]) - form.covariance(&parameters.factors[k]);
            assert!(difference.amax() < 1e-12, "{shape:?}: {difference}");
        }
    }
}

pub fn a_restored_fit_of_peaks_goes_on_bit_for_bit() {
    // Rounds, trials and all: two Gaussians that overlap, and a weak one.
    let (inputs, targets) = square(600, |x, y| {
        let bump = |a: f64, u: f64, v: f64, p: f64| a * libm::exp(-p * ((x - u) * (x - u) + (y - v) * (y - v)));
        bump(1.0, 0.4, 0.5, 8.0) + bump(0.8, 0.6, 0.5, 11.0) + bump(0.01, 0.1, 0.9, 90.0)
    });
    let mut fit = peaks(&inputs, &targets);
    let mut steps = 0;
    let mut states: Vec<ResidualPeaksState> = Vec::new();
    while !fit.is_finished() {
        if steps % 7 == 0 {
            states.push(fit.state());
        }
        fit.step();
        steps += 1;
    }
    let end = fit.state();
    assert!(end.parameters.len() >= 18, "{} parameters", end.parameters.len());
    for state in states {
        let mut other = peaks(&inputs, &targets);
        other.restore(&state).unwrap();
        assert_eq!(other.state(), state);
        other.fit_to_end();
        assert_eq!(other.state(), end);
    }
    let mut foreign = end.clone();
    foreign.parameters.pop();
    assert_eq!(fit.restore(&foreign), Err(Error::ForeignSnapshot));
    let mut foreign = end.clone();
    foreign.parameters[0] = f64::NAN;
    assert_eq!(fit.restore(&foreign), Err(Error::ForeignSnapshot));
    assert_eq!(fit.state(), end);
}
