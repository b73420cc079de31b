//! A sum of Gaussians being fitted, on the lanes of one precision and in one dimension.

use nalgebra::{SMatrix, SVector};
use serde::{Deserialize, Serialize};
use tsify::Tsify;

use super::fit::fit_by_inherent_methods;
use super::on_device::OnDevice;
use super::placing::{gaussian, raised};
use super::sum_of_gaussians_engine::{Engine, EngineSnapshot, Moved, Problem};
use super::sum_of_gaussians_options::{Method, SumOfGaussiansOptions, penalties};
use super::words;
use super::{Component, ComponentStatus, Fit, FitState, History, Measure, Placed, Records, Snapshot, Surface, View};
use crate::dataset::{self, Regression};
use crate::error::Error;
use crate::fitting::{glorot_widths, is_negligible, least_contributing, starting_centres};
use crate::models::sum_of_gaussians::{Objective, Parameters};
use crate::moments::{Points, Samples};
use crate::numeric::lanes::Lanes;
use crate::settings::{FactorShape, FactorStart, Settings, SumOfGaussiansDataset, SumOfGaussiansSettings};

/// All that the next iteration depends on, centres in the frame of the fit: restored, a fit goes on bit for bit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct SumOfGaussiansSnapshot {
    /// Iterations done.
    pub iteration: u32,
    /// K amplitudes.
    pub amplitudes: Vec<f64>,
    /// K×D centres.
    pub means: Vec<f64>,
    /// K×D×D factors, column by column.
    pub factors: Vec<f64>,
    /// K entries, `false` for components that were removed.
    pub active: Vec<bool>,
    /// What moves the parameters.
    pub engine: EngineSnapshot,
    /// The learning rate in force.
    pub learning_rate: f64,
    /// The L1 factor in force.
    pub amplitude_l1: f64,
    /// The spread factor in force.
    pub spread: f64,
    /// Whether amplitudes are held at or above 0.
    pub non_negative: bool,
    /// Epochs after which it stops.
    pub epochs: u32,
    /// Steps from one pruning to the next; 0 for none.
    pub prune_every: u32,
    /// Components that pruning leaves.
    pub prune_to: u32,
    /// The curves.
    pub history: History,
}

/// A fit of a sum of K Gaussians to N samples in D dimensions.
pub struct SumOfGaussiansFit<L, const D: usize> {
    pub(super) train: Samples<L, D>,
    /// `None` where nothing is held back.
    pub(super) test: Option<Samples<L, D>>,
    /// What was taken off all inputs before they were rounded to the lanes: their mean in single precision, nothing in
    /// double, where the difference of an input and a centre is more exact without.
    frame: SVector<f64, D>,
    pub(super) options: SumOfGaussiansOptions,
    pub(super) objective: Objective<L, D>,
    pub(super) parameters: Parameters<D>,
    /// `false` for components that were removed.
    pub(super) active: Vec<bool>,
    pub(super) engine: Engine<L, D>,
    pub(super) iteration: usize,
    pub(super) history: History,
    pub(super) state: FitState,
}

impl<L: Lanes, const D: usize> SumOfGaussiansFit<L, D> {
    /// The history's columns: the loss that is made small (mean squared error and penalties), the mean squared error on the
    /// training samples and on those held back; the last is not a number where there are none.
    pub const CURVES: &'static [&'static str] = &["loss", "mse", "test mse"];

    /// Starts as the settings say: amplitudes 1, A = I and centres by the chosen start. With the visitor's own data, A is a
    /// root of the inputs' covariance and the box is that of the inputs. Where A is Σ itself, a start at random may be none: such
    /// components are not active, and the fit has failed from the beginning.
    ///
    /// # Errors
    /// [`Error::Shape`] where the data have another dimension, [`Error::Spread`] where they leave the precision,
    /// [`Error::TooManyComponents`] from the start.
    pub fn new(data: &Regression, settings: &SumOfGaussiansSettings) -> Result<Self, Error> {
        let options = SumOfGaussiansOptions::new(settings);
        let statistics = Statistics::<D>::check::<L>(data)?;
        if let Method::ResidualPeaks { .. } = options.method {
            return Self::open(data, &statistics, (Parameters::zeros(0), Vec::new()), options);
        }
        let components = settings.components.max(1) as usize;
        let own = settings.dataset == SumOfGaussiansDataset::Own;
        let limits: Vec<(f64, f64)> = (0..D)
            .map(|axis| if own { statistics.range[axis] } else { (settings.centers_min, settings.centers_max) })
            .collect();
        let centres = starting_centres(data, components, settings.initialization, &limits, settings.seed)?;
        let (amplitudes, factors) = match settings.factor_start {
            FactorStart::Identity => {
                let own = own.then(|| options.form.parameter_of(&statistics.covariance)).flatten();
                (vec![1.0; components], vec![own.unwrap_or_else(SMatrix::identity); components])
            }
            FactorStart::Glorot => {
                let (amplitudes, factors) = glorot_widths(components, D, settings.seed);
                (amplitudes, factors.chunks_exact(D * D).map(SMatrix::from_row_slice).collect())
            }
        };
        let means = centres.chunks_exact(D).map(SVector::from_column_slice).collect();
        let form = options.form;
        let naive = form.shape == FactorShape::Covariance;
        let active = factors.iter().map(|factor| !naive || form.is_definite(factor)).collect();
        Self::open(data, &statistics, (Parameters { amplitudes, means, factors }, active), options)
    }

    /// Starts at given parameters, centres in the units of the data.
    ///
    /// # Errors
    /// [`Error::Shape`] where the data have another dimension, [`Error::Spread`] where they leave the precision,
    /// [`Error::Parameters`] where lengths differ or a parameter is unusable.
    pub fn from_parameters(
        data: &Regression,
        parameters: Parameters<D>,
        options: SumOfGaussiansOptions,
    ) -> Result<Self, Error> {
        let statistics = Statistics::<D>::check::<L>(data)?;
        let active = vec![true; parameters.components()];
        Self::open(data, &statistics, (parameters, active), options)
    }

    fn open(
        data: &Regression,
        statistics: &Statistics<D>,
        (mut parameters, active): (Parameters<D>, Vec<bool>),
        mut options: SumOfGaussiansOptions,
    ) -> Result<Self, Error> {
        let components = parameters.components();
        let refuse = |reason: String| Err(Error::Parameters { reason });
        let grows = matches!(options.method, Method::ResidualPeaks { .. });
        if (components == 0 && !grows) || parameters.means.len() != components || parameters.factors.len() != components
        {
            return refuse("there must be one amplitude, centre and factor a component".to_owned());
        }
        options.batch_size = options.batch_size.max(1);
        let frame = frame::<L, D>(&statistics.mean);
        for mean in &mut parameters.means {
            *mean -= frame;
        }
        let mut objective = Objective::new(options.form, options.penalties);
        if let Some(parameter) = objective.unusable(&parameters, &active) {
            return refuse(format!("{parameter} is not finite, too large, or gives a singular covariance"));
        }
        let samples = |samples: &dataset::Samples| {
            Samples::new(samples.count(), |i, axis| samples.inputs[i * D + axis] - frame[axis], |i| samples.targets[i])
        };
        let train = samples(data.train());
        let engine = Engine::new(data.train(), &options, components);
        let mut fit = Self {
            test: (data.test().count() > 0).then(|| samples(data.test())),
            train,
            frame,
            objective,
            options,
            parameters,
            active,
            engine,
            iteration: 0,
            history: History::default(),
            state: FitState::Running,
        };
        fit.record()?;
        fit.state = fit.next_state();
        Ok(fit)
    }

    /// One iteration: one step of the optimizer on one batch. Does nothing unless the fit runs.
    pub fn step(&mut self) {
        if self.state == FitState::Running
            && let Err(error) = self.advance()
        {
            self.state = FitState::Failed(error.to_string());
        }
    }

    fn advance(&mut self) -> Result<(), Error> {
        let mut problem = Problem {
            train: &self.train,
            objective: &mut self.objective,
            options: &self.options,
            frame: self.frame,
            iteration: self.iteration,
            active: &mut self.active,
            parameters: &mut self.parameters,
        };
        let Moved { record, settled } = self.engine.advance(&mut problem)?;
        self.iteration += 1;
        // A method that chooses its components by itself is not to lose any behind its back.
        let prunes = self.options.prune_every > 0 && !self.engine.grows();
        if prunes && self.iteration.is_multiple_of(self.options.prune_every) {
            self.prune()?;
        }
        if record || settled {
            self.record()?;
        }
        self.state = self.next_state();
        Ok(())
    }

    /// Removes the component that is missed least, unless few enough are left.
    pub(super) fn prune(&mut self) -> Result<(), Error> {
        if self.active.iter().filter(|&&active| active).count() <= self.options.prune_to {
            return Ok(());
        }
        let contributions = self.contributions()?;
        if let Some(k) = least_contributing(&contributions, self.options.prune_to) {
            self.active[k] = false;
            self.parameters.amplitudes[k] = 0.0;
            self.engine.forget(k);
        }
        Ok(())
    }

    /// By how much the training error would rise without each component; `None` for those that were removed.
    ///
    /// # Errors
    /// [`Error::CollapsedCovariance`] where a covariance has no root, which the parameters of a fit always have.
    pub fn contributions(&mut self) -> Result<Vec<Option<f64>>, Error> {
        self.objective.contributions(&self.train, &self.parameters, &self.active)
    }

    /// Adds the present iteration to the history.
    pub(super) fn record(&mut self) -> Result<(), Error> {
        let loss = self.objective.loss(&self.train, &self.parameters, &self.active)?;
        if !loss.total().is_finite() {
            return Err(Error::Diverged {
                iteration: self.iteration,
                parameter: "the loss".to_owned(),
                advice: "Lower the learning rate.",
            });
        }
        let test = match &self.test {
            Some(test) => self.objective.loss(test, &self.parameters, &self.active)?.mse,
            None => f64::NAN,
        };
        self.history.record(self.iteration, vec![loss.total(), loss.mse, test]);
        Ok(())
    }

    /// Components that have no density: a start at random of Σ itself left them without. They are not active. What pruning has
    /// removed had one.
    fn broken(&self) -> Vec<usize> {
        let form = self.options.form;
        let is_broken = |k: &usize| !self.active[*k] && !form.is_definite(&self.parameters.factors[*k]);
        let all = if form.shape == FactorShape::Covariance { self.active.len() } else { 0 };
        (0..all).filter(is_broken).collect()
    }

    /// Puts components where a visitor wants them: A Aᵀ + εI, or Σ itself, is as near to the covariance as it gets. What the
    /// optimizer has learned of them is forgotten.
    fn place_all(&mut self, placed: &[(usize, &Placed)]) -> Result<(), Error> {
        if self.engine.grows() {
            let reason = "Residual peaks chooses and places its Gaussians by itself. Choose another optimizer to move them by hand.";
            return Err(Error::Immovable { reason });
        }
        let (mut parameters, mut active) = (self.parameters.clone(), self.active.clone());
        let floor = self.options.form.covariance(&SMatrix::<f64, D, D>::zeros());
        for &(k, placed) in placed {
            let one = gaussian::<D>(k, parameters.components(), placed)?;
            parameters.means[k] = one.mean - self.frame;
            if let Some(covariance) = one.covariance {
                let least = LEAST_EIGENVALUE * covariance.trace();
                let form = self.options.form;
                parameters.factors[k] = form
                    .parameter_of(&raised(&(covariance - floor), least))
                    .ok_or(Error::CollapsedCovariance { component: k + 1 })?;
            }
            // One without a density has none elsewhere either.
            let naive = self.options.form.shape == FactorShape::Covariance;
            active[k] = !naive || self.options.form.is_definite(&parameters.factors[k]);
            if let Some(amplitude) = placed.weight {
                parameters.amplitudes[k] = if self.options.non_negative { amplitude.max(0.0) } else { amplitude };
            }
        }
        if let Some(parameter) = self.objective.unusable(&parameters, &active) {
            let reason = format!("{parameter} is not finite, too large, or gives a singular covariance");
            return Err(Error::Parameters { reason });
        }
        let before = std::mem::replace(&mut self.parameters, parameters);
        let active_before = std::mem::replace(&mut self.active, active);
        if let Err(error) = self.record() {
            (self.parameters, self.active) = (before, active_before);
            return Err(error);
        }
        for &(k, _) in placed {
            self.engine.forget(k);
        }
        self.state = self.next_state();
        Ok(())
    }

    pub(super) fn next_state(&self) -> FitState {
        let broken = self.broken();
        if !broken.is_empty() {
            FitState::Failed(Error::NoCovariance { components: words::components(&broken) }.to_string())
        } else if self.engine.settled() {
            FitState::Converged
        } else if self.engine.exhausted(&self.options) {
            FitState::Exhausted
        } else {
            FitState::Running
        }
    }

    /// Whether it goes on, and if not, why.
    #[must_use]
    pub fn state(&self) -> &FitState {
        &self.state
    }

    /// Steps done.
    #[must_use]
    pub fn iteration(&self) -> usize {
        self.iteration
    }

    /// Full passes over the training samples.
    #[must_use]
    pub fn epoch(&self) -> u32 {
        self.engine.epoch()
    }

    /// The curves [`Self::CURVES`], at iteration 0 and at the end of each epoch.
    #[must_use]
    pub fn history(&self) -> &History {
        &self.history
    }

    /// The parameters, centres in the units of the data.
    #[must_use]
    pub fn parameters(&self) -> Parameters<D> {
        let mut parameters = self.parameters.clone();
        for mean in &mut parameters.means {
            *mean += self.frame;
        }
        parameters
    }

    /// The covariance of each component, in squared units of the data.
    #[must_use]
    pub fn covariances(&self) -> Vec<SMatrix<f64, D, D>> {
        self.parameters.factors.iter().map(|factor| self.options.form.covariance(factor)).collect()
    }

    /// One entry a component: `false` for those that pruning removed.
    #[must_use]
    pub fn active(&self) -> &[bool] {
        &self.active
    }

    /// What is in force.
    #[must_use]
    pub fn options(&self) -> &SumOfGaussiansOptions {
        &self.options
    }

    /// Calls `visit(place, prediction)` for `count` places of which `position(i, d)` is coordinate d, both in the units of the
    /// data, in order.
    pub fn predict(&mut self, count: usize, position: impl Fn(usize, usize) -> f64, visit: &mut dyn FnMut(usize, f64)) {
        let points = Points::<L, D>::new(count, |i, axis| position(i, axis) - self.frame[axis]);
        let usable = self.objective.predict(&points, &self.parameters, &self.active, visit);
        debug_assert!(usable.is_ok(), "the parameters of a fit have covariances");
    }

    /// Takes over the settings that do not restart: learning rate, penalties, the constraint on amplitudes, pruning and the
    /// number of epochs. A fit that stopped goes on where the reason is gone; one that diverged tries again when any of
    /// what moves it has changed.
    pub fn adjust(&mut self, settings: &SumOfGaussiansSettings) {
        let before = self.options.clone();
        self.options.penalties = penalties(self.options.method, settings.amplitude_l1, settings.spread);
        self.options.non_negative = settings.non_negative;
        self.options.learning_rate = settings.learning_rate;
        self.options.epochs = settings.epochs;
        self.options.prune_every = settings.prune_every as usize;
        self.options.prune_to = settings.prune_to as usize;
        self.objective.penalties = self.options.penalties;
        self.engine.adjust(&self.options);
        let moved_otherwise = before.penalties != self.options.penalties
            || before.non_negative != self.options.non_negative
            || before.learning_rate != self.options.learning_rate;
        if self.iteration == 0 && before.penalties != self.options.penalties {
            // The loss at the start has changed; where it were not finite, the first step would say so.
            let _ = self.record();
        }
        if moved_otherwise || !matches!(self.state, FitState::Failed(_)) {
            self.state = self.next_state();
        }
    }

    /// All that the next iteration depends on.
    #[must_use]
    pub fn snapshot(&self) -> SumOfGaussiansSnapshot {
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        SumOfGaussiansSnapshot {
            iteration: count(self.iteration),
            amplitudes: self.parameters.amplitudes.clone(),
            means: self.parameters.means.iter().flat_map(|mean| mean.iter().copied()).collect(),
            factors: self.parameters.factors.iter().flat_map(|factor| factor.iter().copied()).collect(),
            active: self.active.clone(),
            engine: self.engine.snapshot(),
            learning_rate: self.options.learning_rate,
            amplitude_l1: self.options.penalties.amplitude_l1,
            spread: self.options.penalties.spread,
            non_negative: self.options.non_negative,
            epochs: self.options.epochs,
            prune_every: count(self.options.prune_every),
            prune_to: count(self.options.prune_to),
            history: self.history.clone(),
        }
    }

    /// Goes back to a snapshot of a fit to the same data with the same settings, but for those that act on the running
    /// fit: they are taken from the snapshot.
    ///
    /// # Errors
    /// [`Error::ForeignSnapshot`]; then nothing changes.
    pub fn restore(&mut self, snapshot: &SumOfGaussiansSnapshot) -> Result<(), Error> {
        let SumOfGaussiansSnapshot { amplitudes, means, factors, active, history, .. } = snapshot;
        let grows = self.engine.grows();
        // Of a start at random of Σ itself, none may be one.
        let naive = self.options.form.shape == FactorShape::Covariance;
        let components = if grows { amplitudes.len() } else { self.parameters.components() };
        let fitting = amplitudes.len() == components
            && means.len() == components * D
            && factors.len() == components * D * D
            && active.len() == components
            && (grows || naive || active.contains(&true))
            && !history.rows.is_empty()
            && history.rows.len() == history.iterations.len()
            && history
                .rows
                .iter()
                .all(|row| row.len() == Self::CURVES.len() && row.iter().take(2).all(|value| value.is_finite()));
        let in_force = [snapshot.learning_rate, snapshot.amplitude_l1, snapshot.spread];
        if !fitting || in_force.iter().any(|value| !value.is_finite() || *value < 0.0) {
            return Err(Error::ForeignSnapshot);
        }
        let parameters = Parameters {
            amplitudes: amplitudes.clone(),
            means: means.chunks_exact(D).map(SVector::from_column_slice).collect(),
            factors: factors.chunks_exact(D * D).map(SMatrix::from_column_slice).collect(),
        };
        let numbers = amplitudes.iter().chain(means).chain(factors);
        if numbers.into_iter().any(|value| !value.is_finite())
            || self.objective.unusable(&parameters, active).is_some()
            || !self.engine.restore(&snapshot.engine, &self.train, &self.options)
        {
            return Err(Error::ForeignSnapshot);
        }
        self.parameters = parameters;
        self.active.clone_from(active);
        self.iteration = snapshot.iteration as usize;
        self.history.clone_from(history);
        self.options.learning_rate = snapshot.learning_rate;
        self.options.penalties = penalties(self.options.method, snapshot.amplitude_l1, snapshot.spread);
        self.options.non_negative = snapshot.non_negative;
        self.options.epochs = snapshot.epochs;
        self.options.prune_every = snapshot.prune_every as usize;
        self.options.prune_to = snapshot.prune_to as usize;
        self.objective.penalties = self.options.penalties;
        self.engine.adjust(&self.options);
        self.state = self.next_state();
        Ok(())
    }
}

/// What is taken off inputs before they are rounded to the lanes, given their mean.
fn frame<L: Lanes, const D: usize>(mean: &SVector<f64, D>) -> SVector<f64, D> {
    if L::PRECISION == "single" { *mean } else { SVector::zeros() }
}

/// What a start needs to know of the training inputs.
struct Statistics<const D: usize> {
    mean: SVector<f64, D>,
    covariance: SMatrix<f64, D, D>,
    /// The smallest and largest value of each column.
    range: [(f64, f64); D],
}

impl<const D: usize> Statistics<D> {
    /// Refuses data of another dimension, and inputs and targets that the lanes cannot hold.
    fn check<L: Lanes>(data: &Regression) -> Result<Self, Error> {
        if data.dimension() != D {
            return Err(Error::Shape { length: data.train().inputs.len(), dimension: D });
        }
        let rows = || data.train().inputs.chunks_exact(D).map(SVector::<f64, D>::from_column_slice);
        let count = data.train().count() as f64;
        // Divided before it is summed, so that finite numbers do not overflow; then once more for the rounding.
        let rough: SVector<f64, D> = rows().map(|row| row / count).sum();
        let mean = rough + rows().map(|row| (row - rough) / count).sum::<SVector<f64, D>>();
        let precision = L::PRECISION;
        for samples in [data.train(), data.test()] {
            let spread =
                samples.inputs.iter().enumerate().map(|(i, value)| (value - mean[i % D]).abs()).fold(0.0, f64::max);
            if !mean.iter().all(|value| value.is_finite()) || spread > L::LARGEST {
                return Err(Error::Spread { spread, precision });
            }
            // Residuals are squared.
            let largest = samples.targets.iter().fold(0.0, |largest: f64, target| largest.max(target.abs()));
            if largest > libm::sqrt(L::LARGEST) {
                return Err(Error::Spread { spread: largest, precision });
            }
        }
        let covariance = rows().map(|row| (row - mean) * (row - mean).transpose() / count).sum();
        let range = std::array::from_fn(|axis| {
            rows()
                .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), row| (low.min(row[axis]), high.max(row[axis])))
        });
        Ok(Self { mean, covariance, range })
    }
}

/// The smallest eigenvalue of A Aᵀ for a component put in place by hand, as a part of its variances.
const LEAST_EIGENVALUE: f64 = 1e-12;

impl<L: Lanes, const D: usize> Fit for SumOfGaussiansFit<L, D> {
    fit_by_inherent_methods!(SumOfGaussians, 3);

    fn place_all(&mut self, placed: &[(usize, &Placed)]) -> Result<(), Error> {
        self.place_all(placed)
    }

    fn message(&self) -> String {
        match self.state() {
            FitState::Running => String::new(),
            FitState::Converged if self.engine.grows() => {
                format!("{} Gaussians explain what there is to explain.", self.parameters.components())
            }
            FitState::Converged => "No step makes the error smaller.".to_owned(),
            FitState::Exhausted => {
                format!("It did the {} epochs that it may. Allow more to go on.", self.options.epochs)
            }
            FitState::Failed(reason) => reason.clone(),
        }
    }

    fn objective(&mut self) -> Measure {
        let mse = self.history.last().map_or(f64::NAN, |row| row[1]);
        Measure::new("objective", "MSE", mse, 4).help("Mean squared error on the training points.")
    }

    fn measures(&mut self) -> Vec<Measure> {
        let row = self.history.last().unwrap_or(&[f64::NAN; 3]);
        let (loss, test) = (row[0], row[2]);
        let mut measures = vec![
            Measure::new("epoch", "Epoch", f64::from(self.epoch()), 0),
            Measure::new("loss", "Loss with penalties", loss, 4),
        ];
        if test.is_finite() {
            measures.push(
                Measure::new("test", "Test MSE", test, 4).help("Mean squared error on points that are held back."),
            );
        }
        measures
    }

    fn write_in_force(&self, settings: &mut Settings) {
        if let (Settings::SumOfGaussians(settings), options) = (settings, &self.options) {
            settings.learning_rate = options.learning_rate;
            if let Method::Gradient(_) = options.method {
                settings.amplitude_l1 = options.penalties.amplitude_l1;
                settings.spread = options.penalties.spread;
            }
            settings.non_negative = options.non_negative;
            settings.epochs = options.epochs;
            settings.prune_every = u32::try_from(options.prune_every).unwrap_or(u32::MAX);
            settings.prune_to = u32::try_from(options.prune_to).unwrap_or(u32::MAX);
        }
    }

    fn view(&mut self) -> View<'_> {
        View::Surface(self)
    }

    fn on_device(&mut self) -> Result<&mut dyn OnDevice, &'static str> {
        match self.obstacle() {
            Some(obstacle) => Err(obstacle),
            None => Ok(self),
        }
    }
}

impl<L: Lanes, const D: usize> Surface for SumOfGaussiansFit<L, D> {
    fn components(&self) -> Vec<Component> {
        let in_force = self.parameters.amplitudes.iter().zip(&self.active).filter(|(_, active)| **active);
        let largest = in_force.fold(0.0f64, |largest, (amplitude, _)| largest.max(amplitude.abs()));
        self.parameters()
            .means
            .iter()
            .zip(self.covariances())
            .enumerate()
            .map(|(k, (mean, covariance))| {
                // What is not in force adds nothing, whatever it was drawn with.
                let amplitude = if self.active[k] { self.parameters.amplitudes[k] } else { 0.0 };
                let off = !self.active[k] || is_negligible(amplitude, largest);
                Component {
                    weight: amplitude,
                    mean: mean.iter().copied().collect(),
                    // Symmetric, so columns are rows.
                    covariance: covariance.iter().copied().collect(),
                    status: if off { ComponentStatus::Off } else { ComponentStatus::Active },
                }
            })
            .collect()
    }

    fn predict(&mut self, count: usize, position: &dyn Fn(usize, usize) -> f64, visit: &mut dyn FnMut(usize, f64)) {
        self.predict(count, position, visit);
    }

    fn history(&self) -> &History {
        self.history()
    }

    fn steps_an_epoch(&self) -> usize {
        // The other engines take all samples at once.
        let batch = self.engine.batches().map_or(self.train.count(), |_| self.options.batch_size);
        self.train.count().div_ceil(batch.max(1)).max(1)
    }
}
