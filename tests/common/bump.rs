//! The bump layer as a visitor runs it.

use gaussian_playground::dataset::generators::bump as draw;
use gaussian_playground::dataset::{Axis, Regression, Samples};
use gaussian_playground::error::Error;
use gaussian_playground::experiment::{BumpFit, FitState, FormState, SweepFit};
use gaussian_playground::numeric::scalar::Real;
use gaussian_playground::settings::{
    BumpForm, BumpOptimizer, BumpSettings, BumpTarget, Choice, SweepMethod, SweepSettings,
};

/// Opens a fit to the settings' own samples.
pub fn open<R: Real>(settings: &BumpSettings) -> BumpFit<R> {
    BumpFit::new(&draw(settings).unwrap(), settings).unwrap()
}

/// Runs until it stops.
pub fn finish<R: Real>(settings: &BumpSettings) -> BumpFit<R> {
    let mut fit = open(settings);
    while *fit.state() == FitState::Running {
        fit.step();
    }
    fit
}

fn sigma<R: Real>(fit: &BumpFit<R>, form: BumpForm) -> f64 {
    fit.parameters(form).values[0]
}

/// Few points, for what does not depend on their number.
fn small() -> BumpSettings {
    BumpSettings { points: 2_000, ..BumpSettings::default() }
}

/// The answer's own run: σ = 0.5 in 5 epochs, and the Gaussian on the same data.
pub fn sigma_is_learned_from_a_start_below_a_tenth() {
    for seed in [11, 12] {
        let settings = BumpSettings { seed, ..BumpSettings::default() };
        let start = open::<f32>(&settings);
        let fit = finish::<f32>(&settings);
        assert_eq!((fit.state(), fit.iteration()), (&FitState::Exhausted, 5 * 3_125));
        for form in [BumpForm::DoubleWhere, BumpForm::Safe] {
            assert!(sigma(&start, form) < 0.1);
            assert!((sigma(&fit, form) - 0.5).abs() < 1e-4, "{form:?} {seed}: {}", sigma(&fit, form));
            assert!(fit.mse(form) < 1e-14);
        }
        // On so narrow a range the squared form is the same but for σ².
        assert!((sigma(&fit, BumpForm::Squared) - 0.5f64.sqrt()).abs() < 0.02);
        assert!(fit.mse(BumpForm::Gaussian) < 6e-6, "{:e}", fit.mse(BumpForm::Gaussian));
        // 125 records an epoch, and iteration 0.
        assert_eq!(fit.history().iterations.len(), 626);
        assert_eq!(fit.history().iterations[..3], [0, 25, 50]);
        assert!(fit.history().rows.iter().all(|row| row.len() == BumpFit::<f32>::CURVES.len()));
    }
}

pub fn the_form_as_asked_never_moves() {
    for optimizer in
        [BumpOptimizer::Adam, BumpOptimizer::Momentum, BumpOptimizer::Sgd, BumpOptimizer::LevenbergMarquardt]
    {
        let mut negative = 0;
        for seed in 0..8 {
            let settings = BumpSettings { optimizer, seed, epochs: 1, range: 1.0, ..small() };
            let start = sigma(&open::<f32>(&settings), BumpForm::Asked);
            let fit = finish::<f32>(&settings);
            assert_eq!(sigma(&fit, BumpForm::Asked).to_bits(), start.to_bits());
            assert_eq!(*fit.form_state(BumpForm::Asked), FormState::NoGradient);
            assert!(fit.form_state(BumpForm::Asked).sentence().contains("no gradient"));
            assert_eq!(fit.slopes(BumpForm::Asked, 0, &[0.0]), None);
            // It starts anywhere in ±√3, and below 0 nothing takes it back.
            assert!(start.abs() < 3f64.sqrt());
            negative += usize::from(start < 0.0);
            assert_eq!(fit.predict(BumpForm::Asked, 0, &[start + 1e-3, -0.999]), [0.0, 0.0]);
        }
        assert!(negative > 0, "none of the starts is negative");
    }
}

pub fn one_where_ends_in_nan_and_the_others_go_on() {
    let settings = BumpSettings { range: 1.0, form: BumpForm::SingleWhere, epochs: 1, ..BumpSettings::default() };
    let fit = finish::<f32>(&settings);
    assert_eq!((fit.state(), fit.iteration()), (&FitState::Exhausted, 3_125), "the fit as a whole goes on");
    let FormState::Failed(reason) = fit.form_state(BumpForm::SingleWhere) else {
        panic!("{:?}", fit.form_state(BumpForm::SingleWhere));
    };
    assert!(reason.contains("Single where") && reason.contains("σ") && reason.contains("NaN"), "{reason}");
    assert!((0.0..0.5).contains(&sigma(&fit, BumpForm::SingleWhere)), "it keeps its last finite σ");
    assert!(fit.mse(BumpForm::SingleWhere).is_finite());
    assert!((sigma(&fit, BumpForm::DoubleWhere) - 0.5).abs() < 1e-2);
    // The values of both forms are the same: up to there they learned alike.
    let failed: usize = reason.split(' ').nth(2).and_then(|word| word.trim_end_matches(',').parse().ok()).unwrap();
    let mut again = open::<f32>(&settings);
    for _ in 0..failed {
        again.step();
    }
    assert_eq!(*again.form_state(BumpForm::SingleWhere), FormState::Running);
    assert_eq!(sigma(&again, BumpForm::SingleWhere), sigma(&again, BumpForm::DoubleWhere));
    again.step();
    assert_ne!(*again.form_state(BumpForm::SingleWhere), FormState::Running);
}

pub fn beyond_one_two_where_overflow_and_the_safe_form_learns() {
    for (true_sigma, epochs) in [(2.0, 3), (5.0, 5)] {
        let settings =
            BumpSettings { true_sigma, range: 4.0, target: BumpTarget::Corrected, epochs, ..BumpSettings::default() };
        let fit = finish::<f32>(&settings);
        assert_eq!(*fit.state(), FitState::Exhausted);
        let FormState::Failed(reason) = fit.form_state(BumpForm::DoubleWhere) else {
            panic!("{:?}", fit.form_state(BumpForm::DoubleWhere));
        };
        assert!(reason.contains("Double where") && reason.contains("√σ"), "{reason}");
        let stopped = sigma(&fit, BumpForm::DoubleWhere);
        assert!(stopped > 1.0 && stopped < 1.5, "it overflows once √σ < σ: {stopped}");
        // What overflows is shown: no crash, and no number made up.
        let gap = 1.000_01 * stopped.sqrt();
        assert_eq!(fit.predict(BumpForm::DoubleWhere, 0, &[gap]), [f64::INFINITY]);
        assert_eq!(fit.predict(BumpForm::Safe, 0, &[1.000_01 * true_sigma.sqrt()]), [0.0]);
        assert!((sigma(&fit, BumpForm::Safe) - true_sigma).abs() < 1e-4, "{}", sigma(&fit, BumpForm::Safe));
        assert!((sigma(&fit, BumpForm::Squared) - true_sigma.sqrt()).abs() < 1e-4);
    }
}

fn least_squares_in<R: Real>(tolerance: f64) {
    for (true_sigma, range) in [(0.5, 0.1), (0.5, 1.0), (5.0, 4.0)] {
        let settings = BumpSettings {
            true_sigma,
            range,
            points: 20_000,
            target: BumpTarget::Corrected,
            optimizer: BumpOptimizer::LevenbergMarquardt,
            ..BumpSettings::default()
        };
        let fit = finish::<R>(&settings);
        assert_eq!(*fit.state(), FitState::Converged);
        assert!(fit.iteration() <= 20, "{} steps", fit.iteration());
        assert!((sigma(&fit, BumpForm::Safe) - true_sigma).abs() < tolerance, "{}", sigma(&fit, BumpForm::Safe));
        assert!((sigma(&fit, BumpForm::Squared) - true_sigma.sqrt()).abs() < tolerance);
        for form in [BumpForm::SingleWhere, BumpForm::DoubleWhere] {
            assert_eq!(*fit.form_state(form), FormState::Unsuited);
        }
        // Each step lowers the error of the forms that it moves.
        for column in [4, 5, 6] {
            let errors: Vec<f64> = fit.history().rows.iter().map(|row| row[column]).collect();
            assert!(errors.last() < errors.first());
        }
    }
}

pub fn least_squares_finds_sigma_in_a_few_steps() {
    least_squares_in::<f32>(1e-5);
    least_squares_in::<f64>(1e-8);
}

pub fn each_feature_learns_its_own_sigma() {
    let settings = BumpSettings {
        features: 4,
        per_feature: true,
        points: 20_000,
        range: 1.0,
        target: BumpTarget::Corrected,
        ..BumpSettings::default()
    };
    let expected = [0.5, 0.375, 0.25, 0.125];
    for optimizer in [BumpOptimizer::Adam, BumpOptimizer::LevenbergMarquardt] {
        let fit = finish::<f32>(&BumpSettings { optimizer, ..settings.clone() });
        let found = &fit.parameters(BumpForm::Safe).values;
        assert_eq!(found.len(), 4);
        assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-4), "{optimizer:?}: {found:?}");
        assert_eq!(fit.parameters(BumpForm::Gaussian).values.len(), 12);
        let at = |feature| fit.predict(BumpForm::Safe, feature, &[0.3])[0];
        assert!((at(1) - (-0.375f64 / (0.375 - 0.09)).exp()).abs() < 1e-3);
        // One set for all columns ends between them.
        let shared = finish::<f32>(&BumpSettings { optimizer, per_feature: false, ..settings.clone() });
        let one = &shared.parameters(BumpForm::Safe).values;
        assert!(one.len() == 1 && one[0] > 0.125 && one[0] < 0.5 && shared.mse(BumpForm::Safe) > 1e-4, "{one:?}");
    }
}

pub fn a_restored_bump_fit_goes_on_bit_for_bit() {
    fn check<R: Real>(settings: &BumpSettings) {
        let mut straight = open::<R>(settings);
        let advance = |fit: &mut BumpFit<R>, steps: usize| (0..steps).for_each(|_| fit.step());
        advance(&mut straight, 100);
        let middle = straight.snapshot();
        advance(&mut straight, 100);
        let mut resumed = open::<R>(settings);
        advance(&mut resumed, 37);
        resumed.restore(&middle).unwrap();
        assert_eq!(resumed.snapshot(), middle);
        advance(&mut resumed, 100);
        assert_eq!(resumed.snapshot(), straight.snapshot(), "{settings:?}");
        assert_eq!(resumed.state(), straight.state());
        let bits = |fit: &BumpFit<R>| -> Vec<u64> {
            BumpForm::ALL
                .iter()
                .flat_map(|&form| fit.parameters(form).values.iter().map(|value| value.to_bits()))
                .collect()
        };
        assert_eq!(bits(&resumed), bits(&straight));
    }
    for optimizer in
        [BumpOptimizer::Adam, BumpOptimizer::Momentum, BumpOptimizer::Sgd, BumpOptimizer::LevenbergMarquardt]
    {
        // 63 batches an epoch, the last one smaller; at range 1 one form fails on the way.
        for (range, features, per_feature) in [(0.1, 1, false), (1.0, 1, false), (1.0, 3, true)] {
            let settings = BumpSettings { optimizer, range, features, per_feature, learning_rate: 1e-2, ..small() };
            check::<f32>(&settings);
            check::<f64>(&settings);
        }
    }
}

pub fn a_restored_sweep_goes_on_bit_for_bit() {
    for method in [SweepMethod::BySigma, SweepMethod::Three, SweepMethod::LevenbergMarquardt] {
        let settings = SweepSettings { method, points: 500, ..SweepSettings::default() };
        let mut straight = SweepFit::<f32>::new(&settings).unwrap();
        (0..100).for_each(|_| straight.step());
        let middle = straight.snapshot();
        (0..100).for_each(|_| straight.step());
        let mut resumed = SweepFit::<f32>::new(&settings).unwrap();
        (0..7).for_each(|_| resumed.step());
        resumed.restore(&middle).unwrap();
        assert_eq!(resumed.snapshot(), middle);
        (0..100).for_each(|_| resumed.step());
        assert_eq!(resumed.snapshot(), straight.snapshot());
        assert_eq!(resumed.iteration(), 200);
        let mut other = SweepFit::<f32>::new(&settings).unwrap();
        let mut spoilt = middle.clone();
        spoilt.learner.parameters[0] = f64::NAN;
        assert_eq!(other.restore(&spoilt), Err(Error::ForeignSnapshot));
        assert_eq!(other.iteration(), 0);
    }
}

pub fn foreign_bump_snapshots_are_refused() {
    let mut fit = open::<f32>(&small());
    (0..10).for_each(|_| fit.step());
    let own = fit.snapshot();
    let mut other = open::<f32>(&BumpSettings { per_feature: true, features: 2, ..small() });
    assert_eq!(other.restore(&own), Err(Error::ForeignSnapshot));
    let mut by_least_squares = open::<f32>(&BumpSettings { optimizer: BumpOptimizer::LevenbergMarquardt, ..small() });
    assert_eq!(by_least_squares.restore(&own), Err(Error::ForeignSnapshot));
    let spoilt: [fn(&mut gaussian_playground::experiment::BumpSnapshot); 7] = [
        |one| one.forms[2].parameters[0] = f64::NAN,
        |one| one.forms[3].optimizer.second[0] = f64::INFINITY,
        |one| one.forms.truncate(3),
        |one| one.history.rows.clear(),
        |one| one.history.rows[0].truncate(2),
        |one| one.position = 1_000_000,
        |one| one.learning_rate = f64::NAN,
    ];
    for spoil in spoilt {
        let mut snapshot = own.clone();
        spoil(&mut snapshot);
        assert_eq!(fit.restore(&snapshot), Err(Error::ForeignSnapshot));
        assert_eq!(fit.snapshot(), own, "nothing changes");
    }
}

pub fn settings_act_on_the_running_bump_fit() {
    let mut settings = BumpSettings { epochs: 1, range: 1.0, target: BumpTarget::Corrected, ..small() };
    let mut fit = finish::<f32>(&settings);
    assert_eq!((fit.state(), fit.iteration()), (&FitState::Exhausted, 63));
    settings.epochs = 2;
    settings.form = BumpForm::Gaussian;
    settings.learning_rate = 1e-5;
    let before = sigma(&fit, BumpForm::Safe);
    fit.adjust(&settings);
    assert_eq!(*fit.state(), FitState::Running, "it may do another epoch");
    // The first curve is that of the form in front.
    assert!(fit.history().rows.iter().all(|row| row[0] == row[6]));
    fit.step();
    assert!((sigma(&fit, BumpForm::Safe) - before).abs() < 1e-4, "the lower learning rate is in force");
    while *fit.state() == FitState::Running {
        fit.step();
    }
    assert_eq!(fit.iteration(), 126);
    settings.epochs = 1;
    fit.adjust(&settings);
    assert_eq!(*fit.state(), FitState::Exhausted);
}

/// A step that overshoots leaves σ = 0, where nothing has a gradient: said, and no panic.
pub fn sigma_driven_to_zero_stays_there() {
    // All targets 0: every bump shrinks.
    let inputs: Vec<f64> = (0..400).map(|i| (f64::from(i) - 199.5) / 4_000.0).collect();
    let targets = vec![0.0; inputs.len()];
    let data = regression(inputs, targets).unwrap();
    for optimizer in [BumpOptimizer::Sgd, BumpOptimizer::Momentum, BumpOptimizer::Adam] {
        let settings = BumpSettings { optimizer, learning_rate: 1e3, epochs: 3, ..BumpSettings::default() };
        for fit in [run::<f32>(&data, &settings).0, run::<f64>(&data, &settings).0] {
            for (form, value, state) in fit {
                if matches!(form, BumpForm::Safe | BumpForm::Squared | BumpForm::DoubleWhere) {
                    assert_eq!((value, &state), (0.0, &FormState::Vanished), "{form:?} {optimizer:?}");
                    assert!(state.sentence().contains('0'), "{}", state.sentence());
                }
            }
        }
        let (_, fit) = run::<f32>(&data, &settings);
        assert_eq!(fit.predict(BumpForm::Safe, 0, &[0.0, 0.1]), [0.0, 0.0]);
        assert_eq!(fit.slopes(BumpForm::Safe, 0, &[0.0, 0.1]), Some(vec![0.0, 0.0]));
        assert_eq!(fit.slopes(BumpForm::DoubleWhere, 0, &[0.0, 0.1]), Some(vec![0.0, 0.0]));
        assert_eq!(fit.slopes(BumpForm::Squared, 0, &[0.0, 0.1]), Some(vec![0.0, 0.0]));
        assert_eq!(fit.mse(BumpForm::Safe), 0.0);
    }
}

type Fared = Vec<(BumpForm, f64, FormState)>;

fn run<R: Real>(data: &Regression, settings: &BumpSettings) -> (Fared, BumpFit<R>) {
    let mut fit = BumpFit::<R>::new(data, settings).unwrap();
    while *fit.state() == FitState::Running {
        fit.step();
    }
    let fared = BumpForm::ALL.iter().map(|&form| (form, sigma(&fit, form), fit.form_state(form).clone())).collect();
    (fared, fit)
}

fn regression(inputs: Vec<f64>, targets: Vec<f64>) -> Result<Regression, Error> {
    let train = Samples { inputs, targets };
    Regression::new("test", vec![Axis::unitless("x")], Axis::unitless("f"), train, Samples::default())
}

pub fn a_diverging_bump_keeps_the_last_finite_parameters() {
    for optimizer in [BumpOptimizer::Adam, BumpOptimizer::Momentum, BumpOptimizer::Sgd] {
        for range in [0.1, 1.0, 4.0] {
            let settings = BumpSettings { optimizer, range, learning_rate: 1e6, epochs: 2, ..small() };
            let fit = finish::<f32>(&settings);
            assert_ne!(*fit.state(), FitState::Running);
            for &form in BumpForm::ALL {
                assert!(fit.parameters(form).values.iter().all(|value| (*value as f32).is_finite()), "{form:?}");
                if let FormState::Failed(reason) = fit.form_state(form) {
                    assert!(reason.starts_with("After iteration ") && reason.ends_with('.'), "{reason}");
                }
            }
            assert!(fit.history().rows.iter().flatten().all(|value| !value.is_nan()));
            assert!(fit.snapshot().forms.iter().all(|form| form.optimizer.first.iter().all(|value| value.is_finite())));
        }
    }
    // The Gaussian's height is not held by anything: each step multiplies its error by 1 − 2 · 1,000.
    let data = regression(vec![0.0; 64], vec![0.4; 64]).unwrap();
    let settings = BumpSettings { optimizer: BumpOptimizer::Sgd, learning_rate: 1e3, epochs: 100, ..small() };
    let (_, fit) = run::<f32>(&data, &settings);
    let FormState::Failed(reason) = fit.form_state(BumpForm::Gaussian) else {
        panic!("{:?}", fit.form_state(BumpForm::Gaussian));
    };
    assert!(reason.contains("Gaussian") && reason.contains("learning rate"), "{reason}");
}

pub fn bad_bump_samples_get_a_sentence() {
    assert_eq!(regression(vec![0.1, 0.2], vec![0.0, f64::NAN]), Err(Error::NonFiniteTarget { point: 2 }));
    assert_eq!(regression(vec![0.1, f64::NAN], vec![0.0, 0.0]), Err(Error::NonFinite { point: 2 }));
    let open = |inputs: &[f64], targets: &[f64], features| {
        let settings = BumpSettings { features, ..BumpSettings::default() };
        let data = regression(inputs.to_vec(), targets.to_vec()).unwrap();
        (BumpFit::<f32>::new(&data, &settings).err(), BumpFit::<f64>::new(&data, &settings).err())
    };
    let code = |error: Option<Error>| error.map(|error| error.code());
    let (single, double) = open(&[0.1, 0.2], &[0.0, 1e300], 1);
    assert_eq!((code(single), code(double)), (Some("spread"), None));
    let (single, double) = open(&[1e200, 0.2], &[0.0, 1.0], 1);
    assert_eq!((code(single), code(double)), (Some("spread"), Some("spread")));
    assert_eq!(code(open(&[0.1, 0.2, 0.3], &[0.0; 3], 2).0), Some("shape"));
    assert_eq!(open(&[0.0], &[0.0], 1), (None, None), "one sample can be fitted");
}

/// The source's fifth question: data must be filtered where σ > 1 and |x| may be, or every error is infinite.
pub fn targets_that_nobody_filters_stop_every_form() {
    fn check<R: Real>(settings: &BumpSettings) -> BumpFit<R> {
        let fit = finish::<R>(settings);
        for &form in BumpForm::ALL {
            assert!(fit.parameters(form).values.iter().all(|value| value.is_finite()), "{form:?}");
            assert_ne!(*fit.form_state(form), FormState::Converged, "{form:?}");
        }
        assert!(fit.history().rows.iter().flatten().all(|value| !value.is_nan()));
        // It is whole: it goes back and comes to the same end.
        let mut again = open::<R>(settings);
        again.restore(&fit.snapshot()).unwrap();
        assert_eq!((again.snapshot(), again.state()), (fit.snapshot(), fit.state()));
        fit
    }
    let wild =
        BumpSettings { true_sigma: 2.0, range: 4.0, points: 10_000, filter_targets: false, ..Default::default() };
    for (optimizer, features) in [
        (BumpOptimizer::Adam, 1),
        (BumpOptimizer::Adam, 2),
        (BumpOptimizer::Momentum, 1),
        (BumpOptimizer::Sgd, 1),
        (BumpOptimizer::LevenbergMarquardt, 1),
    ] {
        let settings = BumpSettings { optimizer, features, per_feature: features > 1, ..wild.clone() };
        let fit = check::<f32>(&settings);
        let FitState::Failed(reason) = fit.state() else { panic!("{optimizer:?}: {:?}", fit.state()) };
        assert!(!reason.is_empty());
        for form in [BumpForm::Safe, BumpForm::Squared, BumpForm::Gaussian] {
            let sentence = fit.form_state(form).sentence();
            // Long steps take the Gaussian away at a target that single precision just holds.
            let long = matches!(optimizer, BumpOptimizer::Momentum | BumpOptimizer::Sgd) && form == BumpForm::Gaussian;
            assert!(
                sentence.ends_with("filter the targets.") || long && sentence.contains("learning rate"),
                "{optimizer:?} {form:?}: {sentence}"
            );
        }
        check::<f64>(&settings);
        // Steps by batches go on with the filter. What it leaves may still be too large to be squared, as least squares do.
        let filtered = finish::<f32>(&BumpSettings { filter_targets: true, ..settings });
        let failed = matches!(filtered.form_state(BumpForm::Safe), FormState::Failed(_));
        assert!(!failed || optimizer == BumpOptimizer::LevenbergMarquardt, "{optimizer:?}");
    }
    // Asked for with tanh in front there is nothing to filter, and each form that can learn does.
    let squashed = finish::<f32>(&BumpSettings { tanh: true, points: 100_000, ..wild });
    assert_eq!(*squashed.state(), FitState::Exhausted);
    for form in [BumpForm::DoubleWhere, BumpForm::Safe] {
        assert_eq!(*squashed.form_state(form), FormState::Running, "{form:?}");
        assert!((sigma(&squashed, form) - 2.0).abs() < 1e-2, "{form:?}: {}", sigma(&squashed, form));
    }
}

pub fn bumps_are_fitted_to_targets_that_are_all_zero() {
    let inputs: Vec<f64> = (0..2_000).map(|i| (f64::from(i) - 999.5) / 1_000.0).collect();
    let data = regression(inputs, vec![0.0; 2_000]).unwrap();
    for optimizer in [BumpOptimizer::Adam, BumpOptimizer::LevenbergMarquardt] {
        let settings = BumpSettings { optimizer, epochs: 20, ..BumpSettings::default() };
        let (_, fit) = run::<f32>(&data, &settings);
        assert!(!matches!(fit.state(), FitState::Failed(_)), "{:?}", fit.state());
        for form in [BumpForm::Safe, BumpForm::Squared] {
            let row = |place: usize| fit.history().rows[place][1 + form as usize];
            assert!(row(fit.history().rows.len() - 1) < row(0), "{form:?} shrinks");
            assert!(sigma(&fit, form) >= 0.0);
        }
    }
}

pub fn a_sweep_over_few_points_goes_through() {
    let settings = SweepSettings { method: SweepMethod::LevenbergMarquardt, points: 1_000, ..SweepSettings::default() };
    let mut sweep = SweepFit::<f32>::new(&settings).unwrap();
    while *sweep.state() == FitState::Running {
        sweep.step();
    }
    assert_eq!((sweep.state(), sweep.results().len(), sweep.fits()), (&FitState::Exhausted, 99, 99));
    for (i, result) in sweep.results().iter().enumerate() {
        assert!((result.true_sigma - 0.1 * (i + 1) as f64).abs() < 1e-12);
        assert!((result.learned - result.true_sigma).abs() < 1e-4, "{result:?}");
        assert_eq!(result.message, "");
    }
    assert_eq!(sweep.history().rows.len(), 100);
    sweep.step();
    assert_eq!(sweep.results().len(), 99, "it is over");
    let end = sweep.snapshot();
    let mut again = SweepFit::<f32>::new(&settings).unwrap();
    again.restore(&end).unwrap();
    assert_eq!((again.state(), again.snapshot()), (&FitState::Exhausted, end));
}
