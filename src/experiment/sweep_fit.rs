//! The sweep: σ = 0.1, 0.2 … 9.9, one fit after the other.

use serde::{Deserialize, Serialize};
use tsify::Tsify;

use super::bump_learner::{FormSnapshot, FormState, Learner};
use super::fit::fit_by_inherent_methods;
use super::on_device::OnDevice;
use super::{Cell, Fit, FitState, History, Measure, ParameterTable, Records, Snapshot, Sweep, View};
use crate::dataset::Axis;
use crate::dataset::generators::BumpData;
use crate::error::Error;
use crate::models::bump::{Batches, Parameters};
use crate::numeric::random::{Purpose, Stream};
use crate::numeric::scalar::Real;
use crate::settings::{BumpForm, BumpOptimizer, BumpTarget, Settings, SweepMethod, SweepSettings};

/// The fits of a sweep.
const FITS: usize = 99;

/// The last of them.
const LAST_SIGMA: f64 = 9.9;

/// A learned σ no further off than this counts as found.
const CLOSE: f64 = 0.01;

/// σ starts below this.
const START_BELOW: f64 = 0.1;

/// Steps that least squares may do for one σ.
const LEAST_SQUARES_STEPS: u32 = 100;

/// What one fit came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Tsify)]
pub struct SweepResult {
    /// The σ that the targets were made of.
    pub true_sigma: f64,
    /// The σ that was learned, or the last finite one.
    pub learned: f64,
    /// Why it was not learned; empty where the fit went to its end.
    pub message: String,
}

/// The present fit of a sweep.
struct Present<R> {
    learner: Learner,
    batches: Batches<R>,
}

/// Fits to samples of one σ after the other, each as the source does it: fresh inputs, a fresh start, the form with two
/// `where`. Least squares takes the safe form and targets with the bump's own support instead.
pub struct SweepFit<R> {
    settings: SweepSettings,
    present: Present<R>,
    /// Epochs, or steps of least squares, done for the present σ.
    done: u32,
    results: Vec<SweepResult>,
    iteration: usize,
    history: History,
    state: FitState,
}

/// All that the next iteration depends on: restored, a sweep goes on bit for bit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Tsify)]
pub struct SweepSnapshot {
    /// Iterations done.
    pub iteration: u32,
    /// Epochs, or steps of least squares, done for the present σ.
    pub done: u32,
    /// The learning rate in force.
    pub learning_rate: f64,
    /// The present fit.
    pub learner: FormSnapshot,
    /// What the fits so far came to.
    pub results: Vec<SweepResult>,
    /// The curves so far.
    pub history: History,
}

/// The true σ of a fit, counted from 0.
fn true_sigma(index: usize) -> f64 {
    0.1 + 0.1 * index as f64
}

/// Draws the data and the start of a fit, counted from 0.
fn open<R: Real>(settings: &SweepSettings, index: usize) -> Present<R> {
    let stream_of = |seed: u32| u64::from(seed) | (index as u64 + 1) << 32;
    let (form, target, optimizer) = match settings.method {
        SweepMethod::LevenbergMarquardt => (BumpForm::Safe, BumpTarget::Corrected, BumpOptimizer::LevenbergMarquardt),
        SweepMethod::BySigma | SweepMethod::Three => (BumpForm::DoubleWhere, BumpTarget::Source, BumpOptimizer::Adam),
    };
    let data = BumpData {
        target,
        sigma: true_sigma(index),
        range: 1.0,
        points: settings.points as usize,
        features: 1,
        tanh: false,
        filter: true,
        seed: stream_of(settings.data_seed),
    };
    let (samples, _) = data.draw();
    let entries = samples.inputs.iter().zip(&samples.targets).map(|(&x, &y)| [R::of(x), R::of(y)]).collect();
    let mut stream = Stream::new(stream_of(settings.seed), Purpose::Initialization);
    let parameters = Parameters::draw(form, 1, START_BELOW, &mut stream);
    Present {
        learner: Learner::new(parameters, optimizer, settings.learning_rate),
        batches: Batches::new(entries, 1, settings.batch_size.max(1) as usize, settings.seed),
    }
}

impl<R: Real> SweepFit<R> {
    /// The columns of the history: how far the learned σ is from the true one, and both. Iteration 0 holds the first start; each
    /// row after it one finished fit.
    pub const CURVES: &'static [&'static str] = &["error", "true", "learned"];

    /// Opens the first fit.
    ///
    /// # Errors
    /// None for settings within their ranges; the type is that of every way to start a fit.
    pub fn new(settings: &SweepSettings) -> Result<Self, Error> {
        let mut sweep = Self {
            settings: settings.clone(),
            present: open(settings, 0),
            done: 0,
            results: Vec::new(),
            iteration: 0,
            history: History::default(),
            state: FitState::Running,
        };
        sweep.record(true_sigma(0), sweep.sigma());
        Ok(sweep)
    }

    /// One epoch of the present fit, or one step of least squares. After its last, the next fit is opened.
    pub fn step(&mut self) {
        if self.state != FitState::Running {
            return;
        }
        let Present { learner, batches } = &mut self.present;
        if self.settings.method == SweepMethod::LevenbergMarquardt {
            learner.step(batches.entries(), self.done as usize);
        } else {
            let before = self.done as usize * batches.per_epoch();
            for step in 0..batches.per_epoch() {
                learner.step(batches.advance(), before + step);
            }
        }
        self.iteration += 1;
        self.done += 1;
        if self.done >= self.allowed() || *self.present.learner.state() != FormState::Running {
            self.finish();
        }
    }

    /// Whether the sweep goes on; after the last fit it is exhausted.
    #[must_use]
    pub fn state(&self) -> &FitState {
        &self.state
    }

    /// Epochs, or steps of least squares, done over all fits.
    #[must_use]
    pub fn iteration(&self) -> usize {
        self.iteration
    }

    /// The curves named by [`SweepFit::CURVES`].
    #[must_use]
    pub fn history(&self) -> &History {
        &self.history
    }

    /// The finished fits, σ rising.
    #[must_use]
    pub fn results(&self) -> &[SweepResult] {
        &self.results
    }

    /// The fits there are to do.
    #[must_use]
    pub fn fits(&self) -> usize {
        FITS
    }

    /// The true σ and that of the present fit; of the last one, when all are done.
    #[must_use]
    pub fn present(&self) -> (f64, f64) {
        (true_sigma(self.index()), self.sigma())
    }

    /// Takes over the learning rate.
    pub fn adjust(&mut self, settings: &SweepSettings) {
        self.settings.learning_rate = settings.learning_rate;
        self.settings.speed = settings.speed;
        self.present.learner.set_learning_rate(settings.learning_rate);
    }

    /// All that the next iteration depends on.
    #[must_use]
    pub fn snapshot(&self) -> SweepSnapshot {
        SweepSnapshot {
            iteration: u32::try_from(self.iteration).unwrap_or(u32::MAX),
            done: self.done,
            learning_rate: self.settings.learning_rate,
            learner: self.present.learner.snapshot(),
            results: self.results.clone(),
            history: self.history.clone(),
        }
    }

    /// Goes back to a snapshot of a sweep with the same settings; the learning rate becomes that of the snapshot.
    ///
    /// # Errors
    /// [`Error::ForeignSnapshot`], and nothing changes.
    pub fn restore(&mut self, snapshot: &SweepSnapshot) -> Result<(), Error> {
        let SweepSnapshot { iteration, done, learning_rate, learner, results, history } = snapshot;
        let usable = results.len() <= FITS
            && results.iter().all(|result| result.learned.is_finite())
            && history.rows.len() == history.iterations.len()
            && history.rows.len() == results.len() + 1
            && history.rows.iter().all(|row| row.len() == 3 && row.iter().all(|value| value.is_finite()))
            && learning_rate.is_finite()
            && *learning_rate > 0.0;
        if !usable {
            return Err(Error::ForeignSnapshot);
        }
        let mut settings = self.settings.clone();
        settings.learning_rate = *learning_rate;
        let mut present = open(&settings, results.len().min(FITS - 1));
        present.learner.restore(learner)?;
        if settings.method != SweepMethod::LevenbergMarquardt && !present.batches.go_to((*done, 0)) {
            return Err(Error::ForeignSnapshot);
        }
        self.settings = settings;
        self.present = present;
        self.iteration = *iteration as usize;
        self.done = *done;
        self.results.clone_from(results);
        self.history.clone_from(history);
        self.state = if self.results.len() == FITS { FitState::Exhausted } else { FitState::Running };
        Ok(())
    }

    fn index(&self) -> usize {
        self.results.len().min(FITS - 1)
    }

    fn sigma(&self) -> f64 {
        self.present.learner.parameters().values[0]
    }

    /// Epochs, or steps of least squares, that the present fit may do.
    fn allowed(&self) -> u32 {
        let sigma = true_sigma(self.index());
        match self.settings.method {
            SweepMethod::BySigma if sigma < 1.0 => 3,
            SweepMethod::BySigma if sigma < 5.0 => 5,
            SweepMethod::BySigma => 10,
            SweepMethod::Three => 3,
            SweepMethod::LevenbergMarquardt => LEAST_SQUARES_STEPS,
        }
    }

    fn record(&mut self, true_sigma: f64, learned: f64) {
        self.history.record(self.iteration, vec![(learned - true_sigma).abs(), true_sigma, learned]);
    }

    /// Notes what the present fit came to, and opens the next.
    fn finish(&mut self) {
        let (true_sigma, learned) = self.present();
        let message = self.present.learner.state().sentence().to_owned();
        self.results.push(SweepResult { true_sigma, learned, message });
        self.record(true_sigma, learned);
        if self.results.len() == FITS {
            self.state = FitState::Exhausted;
        } else {
            self.done = 0;
            self.present = open(&self.settings, self.results.len());
        }
    }
}

impl<R: Real> Fit for SweepFit<R> {
    fit_by_inherent_methods!(BumpSweep, 1);

    fn message(&self) -> String {
        match self.state() {
            FitState::Running => String::new(),
            FitState::Converged | FitState::Exhausted => {
                let close = self.results.iter().filter(|one| (one.learned - one.true_sigma).abs() <= CLOSE).count();
                format!("{close} of {} are within {CLOSE}.", self.results.len())
            }
            FitState::Failed(reason) => reason.clone(),
        }
    }

    fn objective(&mut self) -> Measure {
        let worst = self.results.iter().map(|one| (one.learned - one.true_sigma).abs()).fold(0.0, f64::max);
        Measure::new("objective", "Worst error", worst, 4)
            .help("The largest distance of a learned σ from the true one.")
    }

    fn measures(&mut self) -> Vec<Measure> {
        let (truth, learned) = self.present();
        vec![
            Measure::new("fitted", "Widths learned", self.results.len() as f64, 0),
            Measure::new("true", "True σ now", truth, 1),
            Measure::new("learned", "Learned σ now", learned, 4),
        ]
    }

    fn write_in_force(&self, settings: &mut Settings) {
        if let Settings::BumpSweep(settings) = settings {
            settings.learning_rate = self.settings.learning_rate;
        }
    }

    fn view(&mut self) -> View<'_> {
        View::Sweep(self)
    }

    fn parameter_table(&mut self, _axes: &[Axis]) -> ParameterTable {
        let columns = ["true σ", "learned σ", "note"].map(str::to_owned).to_vec();
        let row = |true_sigma: f64, learned: f64, note: &str| vec![true_sigma.into(), learned.into(), note.into()];
        let mut rows: Vec<Vec<Cell>> =
            self.results.iter().map(|one| row(one.true_sigma, one.learned, &one.message)).collect();
        if self.results.len() < FITS {
            let (true_sigma, learned) = self.present();
            rows.push(row(true_sigma, learned, "still learning"));
        }
        ParameterTable { columns, rows }
    }

    fn on_device(&mut self) -> Result<&mut dyn OnDevice, &'static str> {
        Err(
            "The sweep runs on the processor: its steps are smaller than what it costs to start one on the graphics processor.",
        )
    }
}

impl<R: Real> Sweep for SweepFit<R> {
    fn results(&self) -> Vec<(f64, f64)> {
        self.results.iter().map(|one| (one.true_sigma, one.learned)).collect()
    }

    fn end(&self) -> f64 {
        LAST_SIGMA
    }
}
