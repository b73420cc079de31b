//! Bumps, natively: the whole sweep, and derivatives against central differences.

use gaussian_playground::experiment::{FitState, SweepFit};
use gaussian_playground::models::bump::{
    Parameters, double_where, gaussian, loss, loss_and_gradient, normal_sums, parameters_of, safe, squared,
};
use gaussian_playground::settings::{BumpForm, SweepMethod, SweepSettings};
use proptest::prelude::*;

/// The source's claim at the source's setting: 100,000 points, batches of 32, 3, 5 or 10 epochs; all within 0.01.
#[test]
fn the_sweep_learns_every_sigma() {
    let mut sweep = SweepFit::<f32>::new(&SweepSettings::default()).unwrap();
    while *sweep.state() == FitState::Running {
        sweep.step();
    }
    assert_eq!((sweep.results().len(), sweep.iteration()), (99, 9 * 3 + 40 * 5 + 50 * 10));
    let error = |place: usize| (sweep.results()[place].learned - sweep.results()[place].true_sigma).abs();
    let worst = (0..99).max_by(|&a, &b| error(a).total_cmp(&error(b))).unwrap();
    println!("worst of 99: {:?}", sweep.results()[worst]);
    assert!(error(worst) < 0.01, "{:?}", sweep.results()[worst]);
    assert!(sweep.results().iter().all(|result| result.message.is_empty()));
}

/// What the epochs are for: with 3 for all, large σ do not get there.
#[test]
fn three_epochs_are_too_few_for_a_large_sigma() {
    let settings = SweepSettings { method: SweepMethod::Three, points: 20_000, ..SweepSettings::default() };
    let mut sweep = SweepFit::<f32>::new(&settings).unwrap();
    while *sweep.state() == FitState::Running {
        sweep.step();
    }
    let last = sweep.results().last().unwrap();
    assert!(last.learned < 0.6 * last.true_sigma, "{last:?}");
}

/// (f(p + h) − f(p − h)) / 2h.
fn central(value: f64, step: f64, function: impl Fn(f64) -> f64) -> f64 {
    (function(value + step) - function(value - step)) / (2.0 * step)
}

fn close(found: f64, expected: f64, scale: f64) -> Result<(), TestCaseError> {
    prop_assert!((found - expected).abs() <= 1e-5 * scale, "{found} for {expected}");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn derivatives_are_those_of_the_values(sigma in 0.05..10.0f64, part in -0.9..0.9f64) {
        // Places within the support; steps in proportion to σ and to the distance over which the bump changes.
        let step = 1e-6 * sigma;
        let support = sigma.sqrt();
        let x = part * support;
        let bump = safe(sigma, x);
        close(bump.d_sigma.unwrap(), central(sigma, step, |sigma| safe(sigma, x).value), 1.0 / sigma)?;
        close(bump.d_x, central(x, 1e-6 * support, |x| safe(sigma, x).value), 1.0 / support)?;
        // The source's form is the same within both supports, and above 1 in the gap.
        for x in [part * support.min(sigma), if sigma > 1.2 { 0.5 * (support + sigma) } else { 0.0 }] {
            let bump = double_where(sigma, x);
            let scale = bump.value.max(1.0);
            close(bump.d_sigma.unwrap(), central(sigma, step, |sigma| double_where(sigma, x).value), scale * 100.0 / sigma)?;
            close(bump.d_x, central(x, step, |x| double_where(sigma, x).value), scale * 100.0 / sigma)?;
        }
        let x = part * sigma;
        let bump = squared(sigma, x);
        close(bump.d_sigma.unwrap(), central(sigma, step, |sigma| squared(sigma, x).value), 1.0 / sigma)?;
        close(bump.d_x, central(x, step, |x| squared(sigma, x).value), 1.0 / sigma)?;
    }

    #[test]
    fn derivatives_of_the_gaussian_are_those_of_its_values(
        a in -3.0..3.0f64, b in 0.0..4.0f64, c in -2.0..2.0f64, x in -3.0..3.0f64,
    ) {
        let bump = gaussian([a, b, c], x);
        let step = 1e-5;
        close(bump.d_a, central(a, step, |a| gaussian([a, b, c], x).value), 1.0)?;
        close(bump.d_b, central(b, step, |b| gaussian([a, b, c], x).value), 10.0)?;
        close(bump.d_c, central(c, step, |c| gaussian([a, b, c], x).value), 10.0)?;
        close(bump.d_x, central(x, step, |x| gaussian([a, b, c], x).value), 10.0)?;
    }

    #[test]
    fn gradients_of_the_loss_are_its_slopes(
        form in prop_oneof![Just(BumpForm::Safe), Just(BumpForm::Squared), Just(BumpForm::Gaussian)],
        sets in 1usize..4,
        samples in proptest::collection::vec((-1.2..1.2f64, -1.0..1.0f64), 12),
        values in proptest::collection::vec(0.3..1.5f64, 9),
    ) {
        let entries: Vec<[f64; 2]> = samples.iter().map(|&(x, y)| [x, y]).collect();
        let mut parameters = Parameters::new(form, sets, 1.0);
        let count = sets * parameters_of(form);
        parameters.values.copy_from_slice(&values[..count]);
        let mut gradient = vec![0.0; count];
        let found = loss_and_gradient(&parameters, &entries, &mut gradient);
        prop_assert!((found.mse - loss(&parameters, &entries)).abs() < 1e-14);
        let mse = found.mse;
        let gradient = found.gradient.unwrap();
        let sums = normal_sums(form, &parameters.values, &entries);
        for i in 0..count {
            let expected = central(parameters.values[i], 1e-5, |value| {
                let mut moved = parameters.clone();
                moved.values[i] = value;
                loss(&moved, &entries)
            });
            close(gradient[i], expected, 1.0)?;
            // Jᵀr is N/2 times the gradient of the mean.
            prop_assert!((sums.gradient[i] - gradient[i] * 6.0).abs() < 1e-12);
        }
        prop_assert!((sums.squares - mse * 12.0).abs() < 1e-12);
        // JᵀJ against the Jacobian by central differences.
        let length = parameters_of(form);
        for (i, j) in (0..count).flat_map(|i| (0..count).map(move |j| (i, j))) {
            let slope = |p: usize, entry: usize| {
                if entry % sets != p / length {
                    return 0.0;
                }
                let one = |value: f64| {
                    let mut set = parameters.set(p / length).to_vec();
                    set[p % length] = value;
                    let x = entries[entry][0];
                    match form {
                        BumpForm::Safe => safe(set[0], x).value,
                        BumpForm::Squared => squared(set[0], x).value,
                        _ => gaussian([set[0], set[1], set[2]], x).value,
                    }
                };
                central(parameters.values[p], 1e-5, one)
            };
            let expected: f64 = (0..entries.len()).map(|entry| slope(i, entry) * slope(j, entry)).sum();
            close(sums.matrix[(i, j)], expected, 100.0)?;
        }
    }
}
