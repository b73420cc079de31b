//! What moves the parameters of a sum of Gaussians from one iteration to the next.

use nalgebra::SVector;
use serde::{Deserialize, Serialize};
use tsify::Tsify;

use super::sum_of_gaussians_options::{Method, SumOfGaussiansOptions};
use crate::dataset;
use crate::error::Error;
use crate::fitting::{ResidualPeaks, ResidualPeaksOptions, ResidualPeaksState};
use crate::models::sum_of_gaussians::{GaussianSum, Objective, Parameters, Update};
use crate::moments::Samples;
use crate::numeric::lanes::Lanes;
use crate::numeric::random::{Purpose, Stream};
use crate::optimizers::{LevenbergMarquardt, OptimizerState, Outcome, Rule};

/// What an iteration did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moved {
    /// Whether the history records it.
    pub record: bool,
    /// Whether there is nothing left to do.
    pub settled: bool,
}

/// What moves the parameters: each engine has its own idea of an iteration.
pub enum Engine<L, const D: usize> {
    /// A first-order optimizer, one batch an iteration.
    Batches(Batches<L, D>),
    /// Levenberg–Marquardt over all samples, one step an iteration.
    LeastSquares(LeastSquares<D>),
    /// Residual peaks: one addition, removal or step of Levenberg–Marquardt an iteration.
    Peaks(Peaks<D>),
}

/// What the next iteration of an engine depends on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Tsify)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum EngineSnapshot {
    /// A first-order optimizer, one batch an iteration.
    Batches {
        /// What the optimizer carries.
        optimizer: OptimizerState,
        /// Full passes over the samples.
        epoch: u32,
        /// Samples of the present pass that are done.
        place: u32,
    },
    /// Levenberg–Marquardt.
    LeastSquares {
        /// λ.
        damping: f64,
        /// Steps done.
        steps: u32,
        /// Whether no step lowers the error.
        settled: bool,
    },
    /// Residual peaks.
    Peaks {
        /// Where they stand.
        state: ResidualPeaksState,
        /// Steps done.
        steps: u32,
    },
}

/// All that an engine works on.
pub struct Problem<'a, L, const D: usize> {
    /// What is fitted to.
    pub train: &'a Samples<L, D>,
    /// The loss and its gradient.
    pub objective: &'a mut Objective<L, D>,
    /// How it is fitted.
    pub options: &'a SumOfGaussiansOptions,
    /// The mean of the training inputs, which is taken off the centres.
    pub frame: SVector<f64, D>,
    /// Iterations done.
    pub iteration: usize,
    /// `false` for components that were removed.
    pub active: &'a mut Vec<bool>,
    /// What is moved.
    pub parameters: &'a mut Parameters<D>,
}

impl<L: Lanes, const D: usize> Engine<L, D> {
    /// The engine that the options ask for, with what it needs of its own.
    pub fn new(data: &dataset::Samples, options: &SumOfGaussiansOptions, components: usize) -> Self {
        match options.method {
            Method::Gradient(rule) => Self::Batches(Batches::new(options, rule, components)),
            Method::LevenbergMarquardt => Self::LeastSquares(LeastSquares {
                problem: GaussianSum::new(&data.inputs, &data.targets, options.non_negative),
                non_negative: options.non_negative,
                method: LevenbergMarquardt::default(),
                steps: 0,
                settled: false,
            }),
            Method::ResidualPeaks { components } => {
                let peaks = ResidualPeaksOptions { max_components: components, non_negative: options.non_negative };
                Self::Peaks(Peaks { peaks: ResidualPeaks::new(&data.inputs, &data.targets, peaks), steps: 0 })
            }
        }
    }

    /// Whether it chooses the number of components by itself.
    pub fn grows(&self) -> bool {
        matches!(self, Self::Peaks(_))
    }

    /// Moves the parameters by one iteration, or says what keeps them from finite ones and leaves them, and itself, where
    /// they were.
    pub fn advance(&mut self, problem: &mut Problem<'_, L, D>) -> Result<Moved, Error> {
        match self {
            Self::Batches(batches) => batches.advance(problem),
            Self::LeastSquares(least_squares) => least_squares.advance(problem),
            Self::Peaks(peaks) => peaks.advance(problem),
        }
    }

    /// Forgets what was learned of a component that is removed or put elsewhere.
    pub fn forget(&mut self, k: usize) {
        match self {
            Self::Batches(batches) => batches.update.forget(k),
            Self::LeastSquares(least_squares) => {
                (least_squares.method, least_squares.settled) = (LevenbergMarquardt::default(), false);
            }
            Self::Peaks(_) => {}
        }
    }

    /// Whether there is nothing left to do.
    pub fn settled(&self) -> bool {
        match self {
            Self::Batches(_) => false,
            Self::LeastSquares(least_squares) => least_squares.settled,
            Self::Peaks(peaks) => peaks.peaks.is_finished(),
        }
    }

    /// Whether it did all that it may.
    pub fn exhausted(&self, options: &SumOfGaussiansOptions) -> bool {
        self.epoch() >= options.epochs
    }

    /// Full passes over the samples.
    pub fn epoch(&self) -> u32 {
        match self {
            Self::Batches(batches) => batches.epoch,
            Self::LeastSquares(least_squares) => least_squares.steps,
            Self::Peaks(peaks) => peaks.steps,
        }
    }

    /// Where a first-order optimizer stands; `None` for other engines.
    pub fn batches(&self) -> Option<&Batches<L, D>> {
        match self {
            Self::Batches(batches) => Some(batches),
            Self::LeastSquares(_) | Self::Peaks(_) => None,
        }
    }

    /// A first-order optimizer, to be moved by what was done elsewhere; `None` for other engines.
    pub fn batches_mut(&mut self) -> Option<&mut Batches<L, D>> {
        match self {
            Self::Batches(batches) => Some(batches),
            Self::LeastSquares(_) | Self::Peaks(_) => None,
        }
    }

    /// Takes over options that act on the running fit.
    pub fn adjust(&mut self, options: &SumOfGaussiansOptions) {
        match self {
            Self::Batches(batches) => batches.update.set_learning_rate(options.learning_rate),
            Self::LeastSquares(engine) => {
                engine.settled &= engine.non_negative == options.non_negative;
                engine.non_negative = options.non_negative;
                engine.problem.set_non_negative(options.non_negative);
            }
            Self::Peaks(engine) => engine.peaks.set_non_negative(options.non_negative),
        }
    }

    /// What its next iteration depends on.
    pub fn snapshot(&self) -> EngineSnapshot {
        match self {
            Self::Batches(batches) => EngineSnapshot::Batches {
                optimizer: batches.update.state().clone(),
                epoch: batches.epoch,
                place: u32::try_from(batches.place).unwrap_or(u32::MAX),
            },
            Self::LeastSquares(LeastSquares { method, steps, settled, .. }) => {
                EngineSnapshot::LeastSquares { damping: method.damping, steps: *steps, settled: *settled }
            }
            Self::Peaks(Peaks { peaks, steps }) => EngineSnapshot::Peaks { state: peaks.state(), steps: *steps },
        }
    }

    /// Goes back to a snapshot; `false`, and nothing changes, where it does not fit.
    pub fn restore(
        &mut self,
        snapshot: &EngineSnapshot,
        train: &Samples<L, D>,
        options: &SumOfGaussiansOptions,
    ) -> bool {
        match (self, snapshot) {
            (Self::Batches(batches), EngineSnapshot::Batches { optimizer, epoch, place }) => {
                let place = *place as usize;
                let fits = place < train.count()
                    && place.is_multiple_of(options.batch_size.min(train.count()))
                    && batches.update.restore(optimizer);
                if fits {
                    (batches.epoch, batches.place) = (*epoch, place);
                }
                fits
            }
            (Self::LeastSquares(engine), EngineSnapshot::LeastSquares { damping, steps, settled }) => {
                let fits = damping.is_finite() && *damping > 0.0;
                if fits {
                    (engine.method.damping, engine.steps, engine.settled) = (*damping, *steps, *settled);
                }
                fits
            }
            (Self::Peaks(engine), EngineSnapshot::Peaks { state, steps }) => {
                let fits = engine.peaks.restore(state).is_ok();
                if fits {
                    engine.steps = *steps;
                }
                fits
            }
            _ => false,
        }
    }
}

/// Levenberg–Marquardt on the components that were not removed.
pub struct LeastSquares<const D: usize> {
    problem: GaussianSum<D>,
    /// Whether amplitudes are held at or above 0.
    non_negative: bool,
    method: LevenbergMarquardt,
    steps: u32,
    settled: bool,
}

impl<const D: usize> LeastSquares<D> {
    fn advance<L: Lanes>(&mut self, problem: &mut Problem<'_, L, D>) -> Result<Moved, Error> {
        let Problem { objective, options, frame, iteration, active, parameters, .. } = problem;
        let kept: Vec<usize> = (0..active.len()).filter(|&k| active[k]).collect();
        let part = Parameters {
            amplitudes: kept.iter().map(|&k| parameters.amplitudes[k]).collect(),
            means: kept.iter().map(|&k| parameters.means[k] + *frame).collect(),
            factors: kept.iter().map(|&k| parameters.factors[k]).collect(),
        };
        let diverged = |parameter: String| Error::Diverged { iteration: *iteration, parameter, advice: ADVICE };
        let Some(mut flat) = self.problem.flatten(&part, &options.form) else {
            return Err(diverged("a covariance".to_owned()));
        };
        if let Outcome::Improved(_) = self.method.step(&mut self.problem, &mut flat) {
            let moved = self.problem.parameters(&flat, &options.form);
            let mut all = (*parameters).clone();
            for (place, &k) in kept.iter().enumerate() {
                all.amplitudes[k] = moved.amplitudes[place];
                all.means[k] = moved.means[place] - *frame;
                all.factors[k] = moved.factors[place];
            }
            if let Some(parameter) = objective.unusable(&all, active) {
                return Err(diverged(parameter));
            }
            **parameters = all;
        } else {
            self.settled = true;
        }
        self.steps += 1;
        Ok(Moved { record: true, settled: self.settled })
    }
}

/// What to do about least squares that leave the finite numbers.
const ADVICE: &str = "Start at other centres, or raise ε.";

/// Residual peaks, whose components come and go.
pub struct Peaks<const D: usize> {
    peaks: ResidualPeaks<D>,
    steps: u32,
}

impl<const D: usize> Peaks<D> {
    fn advance<L: Lanes>(&mut self, problem: &mut Problem<'_, L, D>) -> Result<Moved, Error> {
        self.peaks.step();
        let mut parameters = self.peaks.parameters(&problem.options.form);
        for mean in &mut parameters.means {
            *mean -= problem.frame;
        }
        let active = vec![true; parameters.components()];
        if let Some(parameter) = problem.objective.unusable(&parameters, &active) {
            return Err(Error::Diverged { iteration: problem.iteration, parameter, advice: ADVICE });
        }
        *problem.parameters = parameters;
        *problem.active = active;
        self.steps += 1;
        Ok(Moved { record: true, settled: self.peaks.is_finished() })
    }
}

/// The order of the samples in an epoch, which depends on the seed and on its number alone.
pub fn order(seed: u32, epoch: u64, count: usize) -> Vec<usize> {
    Stream::numbered(u64::from(seed), Purpose::Batches, epoch).permutation(count)
}

/// A first-order optimizer that takes one batch of samples after another.
pub struct Batches<L, const D: usize> {
    update: Update<D>,
    gradient: Parameters<D>,
    /// The parameters before the last step.
    before: Parameters<D>,
    /// The samples in the order of an epoch, with its number; `None` before the first batch, and where one takes them all, in
    /// any order.
    shuffled: Option<(u32, Samples<L, D>)>,
    epoch: u32,
    /// Samples of this epoch that are done.
    place: usize,
}

impl<L: Lanes, const D: usize> Batches<L, D> {
    fn new(options: &SumOfGaussiansOptions, rule: Rule, components: usize) -> Self {
        Self {
            update: Update::new(rule, options.learning_rate, components),
            gradient: Parameters::zeros(components),
            before: Parameters::zeros(components),
            shuffled: None,
            epoch: 0,
            place: 0,
        }
    }

    /// Puts the samples into the order of the present epoch, unless they are.
    fn shuffle(&mut self, train: &Samples<L, D>, options: &SumOfGaussiansOptions) {
        let known = self.shuffled.as_ref().is_some_and(|(epoch, _)| *epoch == self.epoch);
        if options.batch_size < train.count() && !known {
            let order = order(options.seed, u64::from(self.epoch), train.count());
            self.shuffled = Some((self.epoch, train.reordered(&order)));
        }
    }

    /// What the optimizer carries.
    pub fn optimizer(&self) -> &OptimizerState {
        self.update.state()
    }

    /// Samples of this epoch that are done.
    pub fn place(&self) -> usize {
        self.place
    }

    /// Goes on by so many batches of `count` samples, which leave the optimizer in this state; `false`, and nothing changes,
    /// where the state is not one of an optimizer of these parameters.
    pub fn follow(&mut self, steps: usize, optimizer: &OptimizerState, batch: usize, count: usize) -> bool {
        if !self.update.restore(optimizer) {
            return false;
        }
        let iterations = count.div_ceil(batch);
        let done = self.place / batch + steps;
        let epochs = u32::try_from(done / iterations).unwrap_or(u32::MAX);
        self.epoch = self.epoch.saturating_add(epochs);
        self.place = done % iterations * batch;
        true
    }

    fn advance(&mut self, problem: &mut Problem<'_, L, D>) -> Result<Moved, Error> {
        let Problem { train, objective, options, iteration, active, parameters, .. } = problem;
        let end = (self.place + options.batch_size).min(train.count());
        self.shuffle(train, options);
        let samples = self.shuffled.as_ref().map_or(*train, |(_, samples)| samples);
        objective.gradient(samples, self.place..end, parameters, active, &mut self.gradient)?;
        self.before.copy_from(parameters);
        self.update.step(parameters, &self.gradient, options.non_negative);
        if let Some(parameter) = objective.unusable(parameters, active) {
            let indefinite = objective.indefinite(parameters, active);
            parameters.copy_from(&self.before);
            self.update.undo();
            if let Some(k) = indefinite {
                return Err(Error::LostCovariance { iteration: *iteration, component: k + 1 });
            }
            return Err(Error::Diverged { iteration: *iteration, parameter, advice: "Lower the learning rate." });
        }
        self.place = end;
        let record = end == train.count();
        if record {
            self.epoch += 1;
            self.place = 0;
        }
        Ok(Moved { record, settled: false })
    }
}
