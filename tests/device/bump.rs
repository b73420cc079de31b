//! The forms of the bump layer on the device.

use gaussian_playground::dataset::generators::bump;
use gaussian_playground::experiment::{Backend, BumpFit, Fit, FitState, FormState, History, Place};
use gaussian_playground::gpu::Gpu;
use gaussian_playground::settings::{
    BackendChoice, BumpForm, BumpOptimizer, BumpSettings, BumpTarget, Choice, Precision, Settings,
};

use super::{assert_close, device, iterate, iterate_here, pause};

/// Columns of the history: the error in front, that of each form, then the σs.
const ERRORS: usize = 1 + BumpForm::ALL.len();

fn settings() -> BumpSettings {
    BumpSettings { points: 1_311, range: 0.3, target: BumpTarget::Squared, start_below: 1.0, ..BumpSettings::default() }
}

fn open(settings: &BumpSettings) -> BumpFit<f32> {
    BumpFit::new(&bump(settings).expect("the samples are usable"), settings).expect("the fit opens")
}

/// All parameters in one row.
fn numbers(fit: &BumpFit<f32>) -> Vec<f64> {
    BumpForm::ALL.iter().flat_map(|&form| fit.parameters(form).values.clone()).collect()
}

#[track_caller]
fn assert_same_history(what: &str, found: &History, expected: &History) {
    assert_eq!(found.iterations, expected.iterations, "{what}");
    for (iteration, (found, expected)) in found.iterations.iter().zip(found.rows.iter().zip(&expected.rows)) {
        let what = format!("{what}, record {iteration}");
        for (place, (found, expected)) in found[..ERRORS].iter().zip(&expected[..ERRORS]).enumerate() {
            // Below 1e-8 an error is made of the predictions' own rounding.
            let close = found == expected || (found - expected).abs() <= 5e-3 * expected.max(1e-8);
            assert!(close, "{what}: error {place} is {found:e} instead of {expected:e}");
        }
        assert_close(&what, &found[ERRORS..], &expected[ERRORS..], 1e-3);
    }
}

/// All that there is to a fit, against the same on the processor.
#[track_caller]
fn assert_same(what: &str, there: &BumpFit<f32>, here: &BumpFit<f32>) {
    assert_close(what, &numbers(there), &numbers(here), 1e-3);
    for &form in BumpForm::ALL {
        assert_eq!(there.form_state(form), here.form_state(form), "{what}: {form:?}");
    }
    let (found, expected) = (there.snapshot(), here.snapshot());
    assert_eq!((found.iteration, found.epoch, found.position), (expected.iteration, expected.epoch, expected.position));
    for (found, expected) in found.forms.iter().zip(&expected.forms) {
        assert_eq!(found.optimizer.step, expected.optimizer.step, "{what}: {:?}", found.form);
    }
    assert_eq!(there.state(), here.state(), "{what}");
    assert_same_history(what, there.history(), here.history());
}

/// A fit after 10 and after `iterations`, on the device and here.
async fn agree(gpu: &Gpu, settings: &BumpSettings, iterations: usize) {
    let (mut here, mut there) = (open(settings), open(settings));
    let start = numbers(&here);
    for more in [10, iterations - 10] {
        iterate_here(&mut here, more);
        iterate(&mut there, gpu, more).await;
        let what = format!(
            "{:?}, {} features, per feature {}, batch {}, after {}",
            settings.optimizer,
            settings.features,
            settings.per_feature,
            settings.batch_size,
            here.iteration()
        );
        assert_same(&what, &there, &here);
    }
    // A rate at which little moves would prove little.
    let moved = numbers(&here).iter().zip(start).filter(|(end, start)| (*end - start).abs() > 2e-3).count();
    assert!(moved >= 5, "{:?}: only {moved} parameters moved", settings.optimizer);
}

pub async fn bumps_agree_for_every_optimizer() {
    for subgroups in [false, true] {
        let gpu = device(subgroups).await;
        for (optimizer, learning_rate) in
            [(BumpOptimizer::Adam, 2e-3), (BumpOptimizer::Momentum, 0.02), (BumpOptimizer::Sgd, 0.1)]
        {
            agree(&gpu, &BumpSettings { optimizer, learning_rate, ..settings() }, 100).await;
        }
    }
}

pub async fn bumps_agree_with_features_and_large_batches() {
    for subgroups in [false, true] {
        let gpu = device(subgroups).await;
        for (features, per_feature, batch_size, iterations) in
            [(1, false, 500, 100), (3, false, 32, 100), (3, true, 500, 30), (4, true, 100_000, 15)]
        {
            let settings =
                BumpSettings { features, per_feature, batch_size, learning_rate: 2e-3, epochs: 100, ..settings() };
            agree(&gpu, &settings, iterations).await;
        }
    }
}

pub async fn bumps_are_recorded_where_the_processor_records() {
    let gpu = device(true).await;
    // 261 batches an epoch: a record every other iteration. One that starts between two records, and one at the very end.
    let settings = BumpSettings { points: 8_350, epochs: 1, batch_size: 32, ..settings() };
    let (mut here, mut there) = (open(&settings), open(&settings));
    iterate_here(&mut there, 7);
    iterate_here(&mut here, 7);
    for iterations in [30, 1, 2, 10_000] {
        iterate_here(&mut here, iterations);
        iterate(&mut there, &gpu, iterations).await;
        assert_same("records", &there, &here);
    }
    assert_eq!((there.iteration(), there.state()), (261, &FitState::Exhausted));
    assert_eq!(there.history().iterations.last(), Some(&261));
}

/// The same fit after so many iterations, on the device and here.
async fn do_both(gpu: &Gpu, settings: &BumpSettings, iterations: usize) -> (BumpFit<f32>, BumpFit<f32>) {
    let (mut here, mut there) = (open(settings), open(settings));
    iterate_here(&mut here, iterations);
    iterate(&mut there, gpu, iterations).await;
    assert_eq!(there.iteration(), here.iteration());
    (there, here)
}

/// The iteration that a sentence names, and the rest of it.
fn split(sentence: &str) -> (i64, String) {
    let digits: String =
        sentence.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    (digits.parse().expect("the sentence names an iteration"), sentence.replacen(&digits, "", 1))
}

/// Each form fares as it does here; returns those that failed.
#[track_caller]
fn assert_same_fates(there: &BumpFit<f32>, here: &BumpFit<f32>) -> Vec<BumpForm> {
    let mut failed = Vec::new();
    for &form in BumpForm::ALL {
        match (there.form_state(form), here.form_state(form)) {
            (FormState::Failed(found), FormState::Failed(expected)) => {
                let ((found_at, found), (expected_at, expected)) = (split(found), split(expected));
                assert_eq!(found, expected);
                assert!(found_at.abs_diff(expected_at) <= 1, "{form:?}: {found_at} instead of {expected_at}");
                failed.push(form);
            }
            (found, expected) => {
                assert_eq!(found, expected, "{form:?}");
                let (found, expected) = (there.parameters(form), here.parameters(form));
                assert_close(&format!("{form:?}"), &found.values, &expected.values, 1e-3);
            }
        }
    }
    failed
}

pub async fn bumps_break_where_the_processors_break() {
    for subgroups in [false, true] {
        let gpu = device(subgroups).await;
        // For σ < 1 only the unused branch of the single where can overflow, just above √σ.
        let narrow = BumpSettings { range: 1.0, target: BumpTarget::Source, learning_rate: 1e-3, ..settings() };
        let (there, here) = do_both(&gpu, &narrow, 60).await;
        assert_eq!(assert_same_fates(&there, &here), [BumpForm::SingleWhere]);
        // For σ > 1 inputs between √σ and σ make the used branch overflow as well. In small batches that takes a while.
        let mut ends = Vec::new();
        for seed in 0..6 {
            let wide = BumpSettings {
                range: 2.0,
                true_sigma: 1.2,
                target: BumpTarget::Corrected,
                start_below: 2.0,
                batch_size: 4,
                seed,
                ..narrow.clone()
            };
            let (there, here) = do_both(&gpu, &wide, 60).await;
            ends.push(assert_same_fates(&there, &here));
            assert_eq!(*there.state(), FitState::Running, "the others go on");
        }
        assert!(ends.iter().any(|failed| failed.contains(&BumpForm::DoubleWhere)), "{ends:?}");
        assert!(ends.iter().any(|failed| !failed.contains(&BumpForm::DoubleWhere)), "{ends:?}");
    }
}

pub async fn bumps_vanish_where_the_processors_vanish() {
    let gpu = device(true).await;
    for per_feature in [false, true] {
        // Steps this long throw σ below 0; with a bump a feature, one after the other.
        let settings = BumpSettings {
            optimizer: BumpOptimizer::Sgd,
            learning_rate: 8.0,
            features: 2,
            per_feature,
            true_sigma: 0.1,
            ..settings()
        };
        let (there, here) = do_both(&gpu, &settings, 40).await;
        assert_same_fates(&there, &here);
        let vanished = BumpForm::ALL.iter().filter(|&&form| *there.form_state(form) == FormState::Vanished).count();
        assert!(vanished > 0, "nothing vanished");
        let steps =
            |fit: &BumpFit<f32>| fit.snapshot().forms.iter().map(|form| form.optimizer.step).collect::<Vec<_>>();
        assert_eq!(steps(&there), steps(&here), "a form that has vanished steps no more");
        assert!(steps(&there).iter().any(|&step| step > 0 && step < 40), "{:?}", steps(&there));
    }
}

pub async fn bumps_go_on_from_a_snapshot() {
    let gpu = device(true).await;
    let settings = settings();
    let (mut here, mut there) = (open(&settings), open(&settings));
    iterate_here(&mut here, 60);
    iterate(&mut there, &gpu, 60).await;
    let snapshot = there.snapshot();
    let mut restored = open(&settings);
    restored.restore(&snapshot).expect("it is of the same fit");
    assert_eq!(restored.snapshot(), snapshot);
    for fit in [&mut here, &mut there, &mut restored] {
        iterate_here(fit, 40);
    }
    assert_eq!(restored.snapshot(), there.snapshot(), "the snapshot holds all");
    assert_same("restored", &restored, &here);
}

pub async fn bumps_heed_the_learning_rate_while_they_run() {
    let gpu = device(true).await;
    let settings = settings();
    let faster = BumpSettings { learning_rate: 5e-3, ..settings.clone() };
    let (mut here, mut there) = (open(&settings), open(&settings));
    let mut backend = Backend::new(Some(BackendChoice::Gpu));
    backend.connect(gpu);
    for settings in [&settings, &faster] {
        here.adjust(settings);
        Fit::adjust(&mut there, &Settings::Bump(settings.clone()));
        backend.adjust(&mut there);
        iterate_here(&mut here, 20);
        backend.ask(20);
        while backend.is_busy(&there) {
            backend.poll(&mut there);
            pause().await;
        }
        assert_eq!(backend.take_notice(), "");
        assert!(matches!(backend.place(&mut there), Place::Gpu(_)), "fell back: {:?}", backend.place(&mut there));
        assert_same("learning rate", &there, &here);
    }
}

pub async fn bumps_that_need_more_digits_stay() {
    let least_squares = BumpSettings { optimizer: BumpOptimizer::LevenbergMarquardt, ..settings() };
    let reason = Fit::on_device(&mut open(&least_squares)).err().expect("it stays");
    assert!(reason.starts_with("Levenberg–Marquardt runs on the processor"), "{reason}");
    let double = BumpSettings { precision: Precision::Double, ..settings() };
    let data = bump(&double).expect("the samples are usable");
    let mut fit = BumpFit::<f64>::new(&data, &double).expect("the fit opens");
    let reason = Fit::on_device(&mut fit).err().expect("it stays");
    assert!(reason.starts_with("Double precision runs on the processor"), "{reason}");
}
