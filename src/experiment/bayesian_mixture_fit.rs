//! A Bayesian mixture being fitted, by samples or by coordinate ascent.

use serde::{Deserialize, Serialize};
use tsify::Tsify;
use wide::{f32x4, f64x2};

use super::bayesian_lanes::{Lanewise, lanewise};
use super::bayesian_priors::priors;
use super::placing::{check, given_weights, reweigh};
use super::{Component, ComponentStatus, FitState, History, Placed, VisitPoint};
use crate::dataset::{Dataset, Placement};
use crate::error::Error;
use crate::models::bayesian_mixture::{
    Descent, Divergences, Expectation, Posterior, Priors, SMALLEST, ascend, divergences, sampled_log_likelihood,
};
use crate::numeric::random::{Purpose, Stream};
use crate::optimizers::OptimizerState;
use crate::settings::{BayesianMethod, BayesianMixtureSettings, LabelOrder, Precision};

/// Posterior draws that a score is the mean of.
pub const SCORE_DRAWS: u32 = 20_000;
/// Points that the loss of components put in place by hand is taken over, at most: a visitor may drag them.
const PLACED_POINTS: usize = 5_000;

const ADVICE: &str = "Lower the learning rate, or keep the parameters positive by projection or softplus.";

/// A fit of a variational posterior over K Gaussians to N points in one to three dimensions.
///
/// An iteration of the sampled method is one step on one batch, of coordinate ascent one pass over all points. There may be
/// more components than points: the priors hold those that no point needs.
pub struct BayesianMixtureFit {
    /// Row-major, in the frame, in double precision: what the sampled method sees.
    points: Vec<f64>,
    pub(super) count: usize,
    placement: Placement,
    /// The same points on the lanes.
    lanes: Box<dyn Lanewise>,
    /// In the frame.
    pub(super) priors: Priors,
    pub(super) options: Options,
    pub(super) method: Method,
    iteration: usize,
    /// How often components got other labels.
    pub(super) labelling: u32,
    history: History,
    state: FitState,
}

/// The settings that act on the running fit, and the seed and batch size.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Options {
    seed: u64,
    pub(super) batch_size: usize,
    pub(super) epochs: u32,
    pub(super) tolerance: f64,
    pub(super) max_iterations: usize,
    ordering: LabelOrder,
}

impl Options {
    fn new(settings: &BayesianMixtureSettings) -> Self {
        Self {
            seed: u64::from(settings.seed),
            batch_size: settings.batch_size.max(1) as usize,
            epochs: settings.epochs,
            tolerance: settings.tolerance,
            max_iterations: settings.max_iterations as usize,
            ordering: settings.ordering,
        }
    }
}

/// What each method carries from one iteration to the next.
pub(super) enum Method {
    Sampled(Sampled),
    CoordinateAscent {
        posterior: Posterior,
        /// The assignments at the posterior.
        expectation: Expectation,
        /// By how much the last pass raised the bound a point.
        change: Option<f64>,
    },
}

pub(super) struct Sampled {
    pub(super) descent: Descent,
    epoch: u32,
    /// Points of this epoch that are done.
    position: usize,
    /// The points in the order of this epoch.
    order: Vec<u32>,
    /// Σ over the points of this epoch that are done: of negative log-likelihoods, and of divergences/N of means, precisions and
    /// weights.
    sums: [f64; 4],
}

impl BayesianMixtureFit {
    /// The history's columns: the negative ELBO a point, which is the sum of the others; the expected negative log-likelihood a
    /// point; KL/N of the means, of the precisions and of the weights.
    ///
    /// Of the sampled method a row is the mean over an epoch's batches, each at the parameters before its step; row 0 takes
    /// one sample a point at the start. Of coordinate ascent a row is one pass, and the first is its bound a point, negated
    /// (the second −(1/N) Σ_i ln Σ_k e^q).
    ///
    /// Likelihoods are those of the data in their own units, so that loss, bound and score are those of the same fit
    /// without standardization, its priors and start scaled to the data instead.
    pub const CURVES: &'static [&'static str] =
        &["negative ELBO", "− log-likelihood", "KL of means", "KL of precisions", "KL of weights"];

    /// Starts at the source's initial values, drawn from the seed, in the units of the data as standardized.
    ///
    /// # Errors
    /// [`Error::Spread`] for data that the precision cannot hold, or [`Error::NonFiniteObjective`].
    pub fn new(dataset: &Dataset, settings: &BayesianMixtureSettings) -> Result<Self, Error> {
        let (components, dimension) = (settings.components as usize, dataset.dimension());
        let (priors, _) = priors(settings, dimension);
        let start = Posterior::start(components, dimension, u64::from(settings.seed));
        Self::from_parameters(dataset, settings, start, priors)
    }

    /// Starts at a given posterior and with given priors, per component where they differ; both in the units of the data as
    /// standardized. The settings' number of components and priors are not looked at.
    ///
    /// # Errors
    /// [`Error::Parameters`] where the arrays do not fit the data or one another or a number is not what it may be, or what
    /// [`BayesianMixtureFit::new`] gives.
    pub fn from_parameters(
        dataset: &Dataset,
        settings: &BayesianMixtureSettings,
        start: Posterior,
        priors: Priors,
    ) -> Result<Self, Error> {
        let dimension = dataset.dimension();
        start.check(dimension)?;
        priors.0.check(dimension)?;
        if priors.0.components() != start.components() {
            return Err(Error::Parameters { reason: "there must be a prior for each component".to_owned() });
        }
        let count = dataset.count();
        let placement = match settings.precision {
            Precision::Single => Placement::new::<f32x4>(dataset, settings.standardize),
            Precision::Double => Placement::new::<f64x2>(dataset, settings.standardize),
        }?;
        let points: Vec<f64> =
            dataset.values().iter().enumerate().map(|(i, &value)| placement.enter(value, i % dimension)).collect();
        let lanes = lanewise(&points, dimension, settings.precision);
        let framed = |mut posterior: Posterior| {
            for (i, loc) in posterior.locs.iter_mut().enumerate() {
                *loc -= placement.frame()[i % dimension];
            }
            posterior
        };
        let (posterior, priors) = (framed(start), Priors(framed(priors.0)));
        let options = Options::new(settings);
        let method = match settings.method {
            BayesianMethod::Sampled => {
                let descent = Descent::new(&posterior, settings.positivity, settings.learning_rate);
                let order = Vec::new();
                Method::Sampled(Sampled { descent, epoch: 0, position: 0, order, sums: [0.0; 4] })
            }
            BayesianMethod::CoordinateAscent => Method::CoordinateAscent {
                expectation: Expectation { masses: vec![], first: vec![], second: vec![], log_density: 0.0 },
                posterior,
                change: None,
            },
        };
        let (history, state) = (History::default(), FitState::Running);
        let (iteration, labelling) = (0, 0);
        let mut fit =
            Self { points, count, placement, lanes, priors, options, method, iteration, labelling, history, state };
        let row = fit.first_row();
        if row.iter().any(|value| !value.is_finite()) {
            return Err(Error::NonFiniteObjective);
        }
        fit.history.record(0, row);
        fit.put_in_order();
        // At its start it has always had these labels.
        fit.labelling = 0;
        fit.state = fit.next_state();
        Ok(fit)
    }

    /// The history's row at the start.
    fn first_row(&mut self) -> Vec<f64> {
        let log_volume = self.placement.log_volume();
        match &mut self.method {
            Method::Sampled(sampled) => {
                let posterior = sampled.descent.posterior();
                let all: Vec<u32> = (0..self.count as u32).collect();
                sampled.order = epoch_order(&self.options, 0, self.count);
                let likelihood = sampled_log_likelihood(&posterior, &self.points, &all, self.options.seed, 0);
                row(parts(log_volume - likelihood.mean, &divergences(&posterior, &self.priors), self.count))
            }
            Method::CoordinateAscent { posterior, expectation, .. } => {
                *expectation = self.lanes.expectation(posterior);
                bound_row(posterior, &self.priors, expectation, self.count, log_volume)
            }
        }
    }

    /// Does one iteration, unless the fit has stopped.
    pub fn step(&mut self) {
        if self.state != FitState::Running {
            return;
        }
        let done = match self.method {
            Method::Sampled(_) => self.descend(),
            Method::CoordinateAscent { .. } => self.pass(),
        };
        self.put_in_order();
        self.state = match done {
            Ok(()) => self.next_state(),
            Err(error) => FitState::Failed(error.to_string()),
        };
    }

    fn diverged(&self, parameter: String) -> Error {
        Error::Diverged { iteration: self.iteration, parameter, advice: ADVICE }
    }

    /// One step on one batch. Nothing changes where the loss, a slope or a parameter after the step is not usable.
    fn descend(&mut self) -> Result<(), Error> {
        let Method::Sampled(sampled) = &self.method else { return Ok(()) };
        let posterior = sampled.descent.posterior();
        let end = (sampled.position + self.options.batch_size).min(self.count);
        let batch = &sampled.order[sampled.position..end];
        let iteration = self.iteration as u64 + 1;
        let likelihood = sampled_log_likelihood(&posterior, &self.points, batch, self.options.seed, iteration);
        let divergence = divergences(&posterior, &self.priors);
        let count = self.count as f64;
        // ∇(KL/N) − ∇(mean log-likelihood).
        let slopes: Vec<f64> = divergence
            .gradient
            .to_flat()
            .iter()
            .zip(likelihood.gradient.to_flat())
            .map(|(divergence, likelihood)| divergence / count - likelihood)
            .collect();
        if let Some(index) = slopes.iter().position(|slope| !slope.is_finite()) {
            return Err(self.diverged(format!("the gradient by {}", posterior.describe(index))));
        }
        let terms = parts(-likelihood.mean, &divergence, self.count);
        if !terms.iter().sum::<f64>().is_finite() {
            return Err(self.diverged("the loss".to_owned()));
        }
        let gradient = Posterior::from_flat(&slopes, posterior.components(), posterior.dimension());
        let mut descent = sampled.descent.clone();
        descent.step(&gradient);
        let next = descent.posterior();
        if let Some(index) = next.unusable() {
            let name = next.describe(index);
            // A parameter that turned negative is a number, but neither its density nor its divergence are.
            let finite = next.to_flat()[index].is_finite();
            return Err(self.diverged(if finite { format!("the divergence of {name}, now negative,") } else { name }));
        }
        let Method::Sampled(sampled) = &mut self.method else { return Ok(()) };
        sampled.descent = descent;
        self.iteration += 1;
        let share = (end - sampled.position) as f64 / count;
        for (sum, term) in sampled.sums.iter_mut().zip(terms) {
            *sum += share * term;
        }
        sampled.position = end;
        if end == self.count {
            let mut terms = std::mem::take(&mut sampled.sums);
            terms[0] += self.placement.log_volume();
            self.history.record(self.iteration, row(terms));
            sampled.epoch += 1;
            sampled.position = 0;
            sampled.order = epoch_order(&self.options, sampled.epoch, self.count);
        }
        Ok(())
    }

    /// One pass over all points.
    fn pass(&mut self) -> Result<(), Error> {
        let Method::CoordinateAscent { posterior, expectation, .. } = &self.method else { return Ok(()) };
        let next = ascend(posterior, &self.priors, expectation);
        if let Some(index) = next.unusable() {
            return Err(self.diverged(next.describe(index)));
        }
        let sums = self.lanes.expectation(&next);
        let after = bound_row(&next, &self.priors, &sums, self.count, self.placement.log_volume());
        if after.iter().any(|value| !value.is_finite()) {
            return Err(self.diverged("the bound".to_owned()));
        }
        let before = self.loss().unwrap_or(f64::NAN);
        self.method = Method::CoordinateAscent { posterior: next, expectation: sums, change: Some(before - after[0]) };
        self.iteration += 1;
        self.history.record(self.iteration, after);
        Ok(())
    }

    /// The loss last recorded.
    fn loss(&self) -> Option<f64> {
        self.history.last().and_then(|row| row.first()).copied()
    }

    fn next_state(&self) -> FitState {
        match &self.method {
            Method::Sampled(sampled) if sampled.epoch >= self.options.epochs => FitState::Exhausted,
            // A tolerance of 0 never stops, even where rounding lets the bound fall by a digit.
            Method::CoordinateAscent { change: Some(change), .. }
                if *change < self.options.tolerance && self.options.tolerance > 0.0 =>
            {
                FitState::Converged
            }
            Method::CoordinateAscent { .. } if self.iteration >= self.options.max_iterations => FitState::Exhausted,
            _ => FitState::Running,
        }
    }

    /// Whether it goes on, and if not, why.
    #[must_use]
    pub fn state(&self) -> &FitState {
        &self.state
    }

    /// Iterations done.
    #[must_use]
    pub fn iteration(&self) -> usize {
        self.iteration
    }

    /// The curves so far.
    #[must_use]
    pub fn history(&self) -> &History {
        &self.history
    }

    /// Takes over what acts on the running fit: learning rate, epochs, tolerance, the most passes and the
    /// order of the labels. A fit that had stopped
    /// goes on if it no longer should have; one that diverged does with another learning rate.
    pub fn adjust(&mut self, settings: &BayesianMixtureSettings) {
        let Options { epochs, tolerance, max_iterations, ordering, .. } = Options::new(settings);
        self.options = Options { epochs, tolerance, max_iterations, ordering, ..self.options.clone() };
        self.put_in_order();
        let mut retry = false;
        if let Method::Sampled(sampled) = &mut self.method {
            retry = sampled.descent.learning_rate() != settings.learning_rate;
            sampled.descent.set_learning_rate(settings.learning_rate);
        }
        if retry || !matches!(self.state, FitState::Failed(_)) {
            self.state = self.next_state();
        }
    }

    /// The posterior, in the frame.
    fn framed(&self) -> Posterior {
        match &self.method {
            Method::Sampled(sampled) => sampled.descent.posterior(),
            Method::CoordinateAscent { posterior, .. } => posterior.clone(),
        }
    }

    /// A posterior or priors of the frame, in the units of the data.
    pub(super) fn in_units(&self, mut posterior: Posterior) -> Posterior {
        let dimension = posterior.dimension();
        for i in 0..posterior.locs.len() {
            let axis = i % dimension;
            let scale = self.placement.scale()[axis];
            posterior.locs[i] = self.placement.leave(posterior.locs[i], axis);
            posterior.scales[i] *= scale;
            posterior.beta[i] *= scale * scale;
        }
        posterior
    }

    /// The posterior, in the units of the data.
    #[must_use]
    pub fn posterior(&self) -> Posterior {
        self.in_units(self.framed())
    }

    /// The mean log-likelihood a point of the mixture at the posterior means, in the units of the data.
    pub fn likelihood_at_means(&mut self) -> f64 {
        let posterior = self.framed();
        self.lanes.at_means(&posterior) - self.placement.log_volume()
    }

    /// Gives components other labels, with all that the fit knows of them: component k is then what component `order[k]` was.
    /// Priors stay with their labels. Where they are all the same, nothing but the labels changes; else the row of the
    /// history becomes that of the posterior under priors that are now others'.
    ///
    /// # Errors
    /// [`Error::NonFiniteObjective`], and nothing changes.
    pub(super) fn relabel(&mut self, order: &[usize]) -> Result<(), Error> {
        let posterior = self.framed().relabelled(order);
        if !self.priors.are_interchangeable() {
            let row = self.row_of(&posterior);
            if row.iter().any(|value| !value.is_finite()) {
                return Err(Error::NonFiniteObjective);
            }
            self.history.record(self.iteration, row);
        }
        match &mut self.method {
            Method::Sampled(sampled) => sampled.descent.relabel(order),
            Method::CoordinateAscent { posterior: own, expectation, .. } => {
                // Worked out again, as from a snapshot: in another order sums differ in their last digits.
                *expectation = self.lanes.expectation(&posterior);
                *own = posterior;
            }
        }
        self.labelling += 1;
        Ok(())
    }

    /// Gives components the labels that they are to have, unless priors of their own tell them apart already.
    pub(super) fn put_in_order(&mut self) {
        let ordering = self.options.ordering;
        if ordering == LabelOrder::None || !self.priors.are_interchangeable() {
            return;
        }
        let posterior = self.framed();
        let dimension = posterior.dimension();
        let mut order: Vec<usize> = (0..posterior.components()).collect();
        match ordering {
            LabelOrder::None => {}
            LabelOrder::First => {
                order.sort_by(|&a, &b| posterior.locs[a * dimension].total_cmp(&posterior.locs[b * dimension]));
            }
            LabelOrder::Weight => order.sort_by(|&a, &b| posterior.counts[b].total_cmp(&posterior.counts[a])),
        }
        if !order.is_sorted() {
            // Fails only where priors differ.
            let _ = self.relabel(&order);
        }
    }

    /// The history's row for some posterior, with a sample for each of some points where the method samples.
    fn row_of(&mut self, posterior: &Posterior) -> Vec<f64> {
        let log_volume = self.placement.log_volume();
        match self.method {
            Method::Sampled(_) => {
                let every = self.count.div_ceil(PLACED_POINTS);
                let some: Vec<u32> = (0..self.count as u32).step_by(every).collect();
                let iteration = self.iteration as u64;
                let likelihood = sampled_log_likelihood(posterior, &self.points, &some, self.options.seed, iteration);
                row(parts(log_volume - likelihood.mean, &divergences(posterior, &self.priors), self.count))
            }
            Method::CoordinateAscent { .. } => {
                let sums = self.lanes.expectation(posterior);
                bound_row(posterior, &self.priors, &sums, self.count, log_volume)
            }
        }
    }

    /// The negative ELBO a point with the assignments summed out, over this many posterior draws ([`SCORE_DRAWS`] to compare
    /// fits): the same draws for the same seed, whatever the method. The likelihood is that of the data in their own units.
    #[must_use]
    pub fn score(&mut self, draws: u32) -> f64 {
        let posterior = self.framed();
        self.lanes.score(&posterior, &self.priors, self.options.seed, draws) + self.placement.log_volume()
    }

    /// Puts components where a visitor wants them, at the posterior means: a covariance gives its variances, and the shapes of the
    /// precisions, the scales of the means and the sum of the counts stay. What the optimizer has learned of them is forgotten.
    pub(super) fn place_all(&mut self, placed: &[(usize, &Placed)]) -> Result<(), Error> {
        let mut posterior = self.framed();
        let (components, dimension) = (posterior.components(), posterior.dimension());
        for &(k, placed) in placed {
            check(k, components, dimension, placed)?;
            for (axis, i) in (k * dimension..(k + 1) * dimension).enumerate() {
                posterior.locs[i] = self.placement.enter(placed.mean[axis], axis);
                if let Some(variance) = placed.covariance.get(axis * (dimension + 1)) {
                    let scale = self.placement.scale()[axis];
                    posterior.beta[i] = (variance / (scale * scale) * posterior.alpha[i]).max(SMALLEST);
                }
            }
        }
        let given = given_weights(placed);
        if !given.is_empty() {
            let mut weights = posterior.weights();
            let total: f64 = posterior.counts.iter().sum();
            reweigh(&mut weights, &given);
            posterior.counts = weights.iter().map(|weight| (weight * total).max(SMALLEST)).collect();
        }
        if posterior.unusable().is_some() {
            return Err(Error::NonFiniteObjective);
        }
        let row = self.row_of(&posterior);
        if row.iter().any(|value| !value.is_finite()) {
            return Err(Error::NonFiniteObjective);
        }
        match &mut self.method {
            Method::Sampled(sampled) => {
                let moved: Vec<usize> = placed.iter().map(|&(k, _)| k).collect();
                sampled.descent.move_to(&posterior, &moved);
            }
            Method::CoordinateAscent { posterior: own, expectation, change } => {
                (*expectation, *change) = (self.lanes.expectation(&posterior), None);
                *own = posterior;
            }
        }
        self.history.record(self.iteration, row);
        self.put_in_order();
        self.state = self.next_state();
        Ok(())
    }

    /// The components at the posterior means, in the units of the data: weights counts/Σ counts, means locs, variances
    /// beta/alpha.
    #[must_use]
    pub fn components(&self) -> Vec<Component> {
        let posterior = self.posterior();
        let dimension = posterior.dimension();
        let weights = posterior.weights();
        (0..posterior.components())
            .map(|k| {
                let row = k * dimension..(k + 1) * dimension;
                let mut covariance = vec![0.0; dimension * dimension];
                for (d, i) in row.clone().enumerate() {
                    covariance[d * (dimension + 1)] = posterior.beta[i] / posterior.alpha[i];
                }
                Component {
                    weight: weights[k],
                    mean: posterior.locs[row].to_vec(),
                    covariance,
                    status: ComponentStatus::Active,
                }
            })
            .collect()
    }

    /// Visits every point of the data, in order, at the posterior means.
    pub fn visit_points(&mut self, visit: VisitPoint<'_>) {
        let (posterior, log_volume) = (self.framed(), self.placement.log_volume());
        self.lanes.visit_points(&posterior, &mut |point, log_density, shares| {
            visit(point, log_density - log_volume, shares);
        });
    }

    /// Visits every point of the data, in order, with its log-density at the posterior means and the mean of the components'
    /// `values`, weighted by its responsibilities.
    pub fn blend_points(&mut self, values: &[[f32; 3]], visit: &mut dyn FnMut(usize, f64, [f32; 3])) {
        let (posterior, log_volume) = (self.framed(), self.placement.log_volume());
        self.lanes.blend_points(&posterior, values, &mut |point, log_density, blend| {
            visit(point, log_density - log_volume, blend);
        });
    }

    /// Visits `count` places, of which `position(i, d)` is coordinate d in the units of the data, at the posterior means: the
    /// density that the source plots.
    pub fn visit_at(&mut self, count: usize, position: &dyn Fn(usize, usize) -> f64, visit: VisitPoint<'_>) {
        let (posterior, placement) = (self.framed(), &self.placement);
        let log_volume = placement.log_volume();
        let framed = |i: usize, axis: usize| placement.enter(position(i, axis), axis);
        self.lanes.visit_at(&posterior, count, &framed, &mut |place, log_density, shares| {
            visit(place, log_density - log_volume, shares);
        });
    }

    /// All that the next iteration depends on.
    #[must_use]
    pub fn snapshot(&self) -> BayesianMixtureSnapshot {
        let Options { epochs, tolerance, max_iterations, .. } = self.options;
        let method = match &self.method {
            Method::Sampled(Sampled { descent, epoch, position, sums, .. }) => {
                let (parameters, optimizer) = descent.state();
                MethodSnapshot::Sampled {
                    parameters: parameters.to_vec(),
                    optimizer: optimizer.clone(),
                    learning_rate: descent.learning_rate(),
                    epoch: *epoch,
                    position: *position,
                    sums: *sums,
                }
            }
            Method::CoordinateAscent { posterior, change, .. } => {
                MethodSnapshot::CoordinateAscent { parameters: posterior.to_flat(), change: *change }
            }
        };
        let (iteration, labelling, history) = (self.iteration, self.labelling, self.history.clone());
        BayesianMixtureSnapshot { method, iteration, labelling, epochs, tolerance, max_iterations, history }
    }

    /// Goes back to a snapshot of a fit to the same data with the same settings.
    ///
    /// # Errors
    /// [`Error::ForeignSnapshot`], and nothing changes.
    pub fn restore(&mut self, snapshot: &BayesianMixtureSnapshot) -> Result<(), Error> {
        let BayesianMixtureSnapshot { method, iteration, labelling, epochs, tolerance, max_iterations, history } =
            snapshot;
        let rows = &history.rows;
        let usable = !rows.is_empty()
            && rows.len() == history.iterations.len()
            && rows.iter().all(|row| row.len() == Self::CURVES.len() && row.iter().all(|value| value.is_finite()));
        if !usable {
            return Err(Error::ForeignSnapshot);
        }
        match (&mut self.method, method) {
            (
                Method::Sampled(sampled),
                MethodSnapshot::Sampled { parameters, optimizer, learning_rate, epoch, position, sums },
            ) => {
                let usable = *position < self.count
                    && learning_rate.is_finite()
                    && sums.iter().all(|sum| sum.is_finite())
                    && sampled.descent.restore(parameters, optimizer);
                if !usable {
                    return Err(Error::ForeignSnapshot);
                }
                sampled.descent.set_learning_rate(*learning_rate);
                sampled.epoch = *epoch;
                sampled.position = *position;
                sampled.sums = *sums;
                sampled.order = epoch_order(&self.options, *epoch, self.count);
            }
            (
                Method::CoordinateAscent { posterior, expectation, change },
                MethodSnapshot::CoordinateAscent { parameters, change: last },
            ) => {
                let (components, dimension) = (posterior.components(), posterior.dimension());
                if parameters.len() != 4 * components * dimension + components {
                    return Err(Error::ForeignSnapshot);
                }
                let restored = Posterior::from_flat(parameters, components, dimension);
                if restored.unusable().is_some() {
                    return Err(Error::ForeignSnapshot);
                }
                *expectation = self.lanes.expectation(&restored);
                *posterior = restored;
                *change = *last;
            }
            _ => return Err(Error::ForeignSnapshot),
        }
        self.options =
            Options { epochs: *epochs, tolerance: *tolerance, max_iterations: *max_iterations, ..self.options.clone() };
        (self.iteration, self.labelling) = (*iteration, *labelling);
        self.history = history.clone();
        self.state = self.next_state();
        Ok(())
    }
}

/// All that the next iteration depends on, in the frame of the fit: restored, a fit goes on bit for bit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Tsify)]
pub struct BayesianMixtureSnapshot {
    /// What depends on the method.
    pub method: MethodSnapshot,
    /// Iterations done.
    pub iteration: usize,
    /// How often components got other labels.
    pub labelling: u32,
    /// Epochs after which the sampled method stops.
    pub epochs: u32,
    /// Rise of the bound a point below which coordinate ascent stops.
    pub tolerance: f64,
    /// Passes after which coordinate ascent stops.
    pub max_iterations: usize,
    /// The curves.
    pub history: History,
}

/// The part of a snapshot that depends on the method.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Tsify)]
#[serde(tag = "name", rename_all = "kebab-case")]
pub enum MethodSnapshot {
    /// Of the sampled method.
    Sampled {
        /// What Adam moves.
        parameters: Vec<f64>,
        /// Adam's state.
        optimizer: OptimizerState,
        /// The learning rate in force.
        learning_rate: f64,
        /// Epochs done, which the order of the points follows from.
        epoch: u32,
        /// Points of the present epoch that are done.
        position: usize,
        /// Of the present epoch's row of the history, so far.
        sums: [f64; 4],
    },
    /// Of coordinate ascent.
    CoordinateAscent {
        /// The posterior: locs, scales, alpha, beta, counts.
        parameters: Vec<f64>,
        /// By how much the last pass raised the bound a point; absent before the first.
        change: Option<f64>,
    },
}

/// The parts of the negative ELBO a point.
fn parts(negative_log_likelihood: f64, divergences: &Divergences, count: usize) -> [f64; 4] {
    let Divergences { means, precisions, weights, .. } = divergences;
    let count = count as f64;
    [negative_log_likelihood, means / count, precisions / count, weights / count]
}

/// A row of the history: the negative ELBO a point, then its parts.
fn row(parts: [f64; 4]) -> Vec<f64> {
    let [likelihood, means, precisions, weights] = parts;
    vec![likelihood + (means + precisions + weights), likelihood, means, precisions, weights]
}

fn bound_row(
    posterior: &Posterior,
    priors: &Priors,
    expectation: &Expectation,
    count: usize,
    log_volume: f64,
) -> Vec<f64> {
    let likelihood = log_volume - expectation.log_density / count as f64;
    row(parts(likelihood, &divergences(posterior, priors), count))
}

/// The order of the points in an epoch.
fn epoch_order(options: &Options, epoch: u32, count: usize) -> Vec<u32> {
    let mut stream = Stream::at(options.seed, Purpose::Batches, u64::from(epoch), 0);
    stream.permutation(count).into_iter().map(|index| index as u32).collect()
}
