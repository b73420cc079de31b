//! A mixture being fitted by EM, on the lanes of one precision and in one dimension.

mod interface;
mod starts;

use std::f64::consts::TAU;

use nalgebra::{SMatrix, SVector};

use serde::{Deserialize, Serialize};
use tsify::Tsify;

use super::{FitState, Mixture, VisitPoint};
use crate::dataset::Dataset;
use crate::error::Error;
use crate::fitting::{Candidate, Criterion};
use crate::models::em_mixture::{
    self, ComponentState, Expectation, MaximizationOptions, Parameters, expectation, kernels, maximization,
};
use crate::moments::{Points, Workspace, visit_responsibilities};
use crate::numeric::lanes::Lanes;
use crate::settings::{CovarianceType, EmMixtureSettings, Iteration};

/// The part of the data's mean variance below which no component may shrink, unless a setting says otherwise.
const AUTOMATIC_MINIMUM_VARIANCE: f64 = 1e-6;

/// How a mixture is fitted.
#[derive(Clone, Debug, PartialEq)]
pub struct EmOptions {
    /// The shape of the covariances.
    pub covariance_type: CovarianceType,
    /// Which iteration.
    pub iteration: Iteration,
    /// Whether points are shared out by the logarithms of densities, which no distance rounds to nothing.
    pub logs: bool,
    /// Added to each variance after each update, in squared units of the data.
    pub regularization: f64,
    /// Smallest variance in any direction, in squared units of the data; 0 for none.
    pub minimum_variance: f64,
    /// Stops when the objective changes by less; 0 never stops.
    pub tolerance: f64,
    /// Stops after this many iterations.
    pub max_iterations: usize,
}

impl EmOptions {
    /// The options that settings ask for, with the automatic floor worked out for these data.
    #[must_use]
    pub fn new(settings: &EmMixtureSettings, dataset: &Dataset) -> Self {
        let covariance = dataset.covariance();
        let dimension = dataset.dimension();
        let mean_variance =
            (0..dimension).map(|axis| covariance[axis * (dimension + 1)]).sum::<f64>() / dimension as f64;
        let automatic = AUTOMATIC_MINIMUM_VARIANCE * mean_variance;
        Self {
            covariance_type: settings.covariance_type,
            iteration: settings.iteration,
            logs: settings.logs,
            regularization: settings.regularization,
            minimum_variance: if settings.minimum_variance > 0.0 { settings.minimum_variance } else { automatic },
            tolerance: settings.tolerance,
            max_iterations: settings.max_iterations as usize,
        }
    }
}

/// All that the next iteration depends on, in the frame of the fit: restored, a fit goes on bit for bit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Tsify)]
pub struct EmSnapshot {
    /// K weights.
    pub weights: Vec<f64>,
    /// K×D means, minus the mean of the data.
    pub means: Vec<f64>,
    /// K×D×D roots of the covariances, column by column.
    pub factors: Vec<f64>,
    /// K states.
    pub states: Vec<ComponentState>,
    /// The objective after each iteration so far.
    pub history: Vec<f64>,
    /// By how much the last iteration changed what the stopping rule watches; absent before the first.
    pub change: Option<f64>,
}

/// An iteration of which only the M-step is done.
struct Pending<const D: usize> {
    /// The parameters before it, by which the points are still shared out.
    before: Parameters<D>,
    /// What the stopping rule watched there.
    watched: f64,
}

/// A fit of K Gaussians to N points in D dimensions.
pub struct EmFit<L, const D: usize> {
    /// The points whose weight is above 0.
    points: Points<L, D>,
    /// All points, where some of them have the weight 0.
    all_points: Option<Points<L, D>>,
    /// Where in the data the points are whose weight is above 0, where some have another.
    present: Option<Vec<usize>>,
    /// The points of the data that the last E-step could not share out: all densities there are 0. Only without logarithms.
    vanished: Vec<usize>,
    /// The sum of the weights.
    total_weight: f64,
    /// The data's mean: what was taken off the points before they were rounded to the lanes.
    frame: SVector<f64, D>,
    covariance: SMatrix<f64, D, D>,
    options: EmOptions,
    parameters: Parameters<D>,
    /// What an M-step has left, until the E-step at `parameters` is done.
    pending: Option<Pending<D>>,
    /// The E-step at `parameters`, or at those before while an E-step is pending: its sums are what the next update takes. `None`
    /// after iterations on the graphics processor, until they are asked for here.
    expectation: Option<Expectation<D>>,
    /// ln p(data) at the parameters of the last E-step.
    log_likelihood: f64,
    /// What the graphics processor takes off each point's log-density.
    reference: f64,
    history: Vec<f64>,
    /// By how much the last iteration changed what the stopping rule watches.
    change: Option<f64>,
    state: FitState,
    workspace: Workspace<L>,
}

impl<L: Lanes, const D: usize> EmFit<L, D> {
    /// Starts at given parameters: weights (K), means (K, D) and covariances (K, D, D) in the units of the data.
    ///
    /// # Errors
    /// [`Error::Shape`] where the data have another dimension, [`Error::Spread`], or what [`Parameters::new`] gives.
    pub fn from_parameters(
        dataset: &Dataset,
        weights: Vec<f64>,
        means: Vec<SVector<f64, D>>,
        covariances: &[SMatrix<f64, D, D>],
        options: EmOptions,
    ) -> Result<Self, Error> {
        let parameters = Parameters::new(weights, means, covariances)?;
        Self::check(dataset)?;
        Self::open(dataset, parameters, options)
    }

    /// Whether data of this dimension and spread can be fitted on these lanes.
    fn check(dataset: &Dataset) -> Result<(), Error> {
        if dataset.dimension() != D {
            return Err(Error::Shape { length: dataset.values().len(), dimension: D });
        }
        dataset.check_spread(L::LARGEST, L::PRECISION)
    }

    /// Opens a fit to checked data; the means are in the units of the data.
    fn open(dataset: &Dataset, mut parameters: Parameters<D>, options: EmOptions) -> Result<Self, Error> {
        let frame = SVector::from_column_slice(&dataset.mean());
        let coordinate = |i: usize, axis: usize| dataset.coordinate(i, axis) - frame[axis];
        let present: Vec<usize> = dataset.present().collect();
        let points =
            Points::weighted(present.len(), |i, axis| coordinate(present[i], axis), |i| dataset.weight(present[i]));
        let all_points = (present.len() < dataset.count()).then(|| Points::new(dataset.count(), coordinate));
        let present = all_points.is_some().then_some(present);
        let total_weight = dataset.total_weight();
        for mean in &mut parameters.means {
            *mean -= frame;
        }
        let mut workspace = Workspace::default();
        let mixing = em_mixture::uses_mixing_weights(options.iteration);
        let (expectation, vanished) = shared_out(&points, &parameters, mixing, options.logs, &mut workspace);
        if !expectation.log_likelihood.is_finite() {
            return Err(Error::NonFiniteObjective);
        }
        let mut fit = Self {
            history: vec![expectation.log_likelihood / total_weight],
            covariance: SMatrix::from_row_slice(&dataset.covariance()),
            points,
            all_points,
            present,
            vanished: Vec::new(),
            total_weight,
            frame,
            options,
            parameters,
            pending: None,
            log_likelihood: expectation.log_likelihood,
            expectation: Some(expectation),
            reference: 0.0,
            change: None,
            state: FitState::Running,
            workspace,
        };
        fit.vanished = fit.in_the_data(vanished);
        fit.state = fit.next_state();
        Ok(fit)
    }

    /// Where in the data points of the fit are.
    fn in_the_data(&self, mut points: Vec<usize>) -> Vec<usize> {
        if let Some(present) = &self.present {
            points.iter_mut().for_each(|point| *point = present[*point]);
        }
        points
    }

    /// The parameters, means in the units of the data.
    #[must_use]
    pub fn parameters(&self) -> Parameters<D> {
        let mut parameters = self.parameters.clone();
        for mean in &mut parameters.means {
            *mean += self.frame;
        }
        parameters
    }

    fn mixing_weights(&self) -> bool {
        em_mixture::uses_mixing_weights(self.options.iteration)
    }

    /// What the stopping rule watches at the present parameters: their objective, or for the notebook's iteration
    /// [`EmFit::cost`].
    fn watched(&self, objective: f64) -> f64 {
        match self.options.iteration {
            Iteration::Em => objective,
            Iteration::EqualWeights => self.cost(),
        }
    }

    /// The mean log-likelihood a point, at the present parameters.
    fn mean_log_likelihood(&self) -> f64 {
        self.log_likelihood / self.total_weight
    }

    /// ln p(data): the sum over the points, each times its weight.
    #[must_use]
    pub fn log_likelihood(&self) -> f64 {
        self.log_likelihood
    }

    /// The fit as information criteria see it.
    #[must_use]
    pub fn candidate(&self) -> Candidate {
        Candidate {
            components: self.parameters.components(),
            log_likelihood: self.log_likelihood(),
            parameters: self.parameter_count(),
            points: self.total_weight,
        }
    }

    /// Bayesian information criterion, lower is better.
    #[must_use]
    pub fn bic(&self) -> f64 {
        self.candidate().score(Criterion::Bic)
    }

    /// Akaike's information criterion, lower is better.
    #[must_use]
    pub fn aic(&self) -> f64 {
        self.candidate().score(Criterion::Aic)
    }

    /// All responsibilities, one row a point and one column a component; rows sum to 1. To look at them one by one,
    /// without this array, there is [`Mixture::visit_points`].
    #[must_use]
    pub fn responsibilities(&mut self) -> Vec<f64> {
        let mut all = Vec::new();
        self.visit_points(&mut |_, _, shares| all.extend_from_slice(shares));
        all
    }

    /// The notebook's own cost: the mean of ln N(x | μ_k, Σ_k) over points and components, without weights. It follows
    /// from the data's mean (the origin of the frame) and covariance.
    #[must_use]
    pub fn cost(&self) -> f64 {
        let parameters = &self.parameters;
        let term = |k: usize| {
            let factor = &parameters.factors[k];
            let spread = (factor.whitening() * self.covariance * factor.whitening().transpose()).trace();
            let offset = (factor.whitening() * parameters.means[k]).norm_squared();
            -0.5 * (D as f64 * libm::log(TAU) + spread + offset) - factor.log_sqrt_determinant()
        };
        (0..parameters.components()).map(term).sum::<f64>() / parameters.components() as f64
    }

    /// Whether to go on, by how much the last iteration changed and how many there were.
    fn next_state(&self) -> FitState {
        if !self.vanished.is_empty() {
            FitState::Failed(self.vanished_in_words())
        } else if self.change.is_some_and(|change| change.abs() < self.options.tolerance) {
            FitState::Converged
        } else if self.history.len() > self.options.max_iterations {
            FitState::Exhausted
        } else {
            FitState::Running
        }
    }

    /// Which points no component has a share of, as a sentence.
    fn vanished_in_words(&self) -> String {
        let first = self.vanished[0];
        let points = self.all_points.as_ref().unwrap_or(&self.points);
        let place = (points.point(first) + self.frame).iter().map(|value| format!("{value:.1}")).collect::<Vec<_>>();
        let (where_, precision) = (place.join(", ").replace('-', "−"), L::PRECISION);
        match self.vanished.len() {
            1 => format!("One point, at {where_}, has all densities 0 in {precision} precision: its shares are 0/0."),
            many => format!(
                "{many} points, one of them at {where_}, have all densities 0 in {precision} precision: their shares are 0/0."
            ),
        }
    }

    /// Takes parameters over with the E-step at them, unless their log-likelihood is not finite; returns the objective.
    fn adopt(&mut self, parameters: Parameters<D>) -> Result<f64, Error> {
        let (mixing, logs) = (self.mixing_weights(), self.options.logs);
        let (expectation, vanished) = shared_out(&self.points, &parameters, mixing, logs, &mut self.workspace);
        if !expectation.log_likelihood.is_finite() {
            return Err(Error::NonFiniteObjective);
        }
        self.vanished = self.in_the_data(vanished);
        self.parameters = parameters;
        self.pending = None;
        self.log_likelihood = expectation.log_likelihood;
        self.expectation = Some(expectation);
        Ok(self.mean_log_likelihood())
    }

    /// Where the M-step goes from the last E-step.
    fn maximized(&mut self) -> Result<Parameters<D>, Error> {
        let options = MaximizationOptions {
            covariance_type: self.options.covariance_type,
            iteration: self.options.iteration,
            regularization: self.options.regularization,
            minimum_variance: self.options.minimum_variance,
            frame: self.frame,
        };
        let (mixing, logs) = (self.mixing_weights(), self.options.logs);
        let (points, parameters, workspace) = (&self.points, &self.parameters, &mut self.workspace);
        let present = self.expectation.get_or_insert_with(|| shared_out(points, parameters, mixing, logs, workspace).0);
        maximization(parameters, present, &options)
    }

    /// The M-step, or what keeps it from finite parameters.
    fn maximize(&mut self) -> Result<(), Error> {
        let parameters = self.maximized()?;
        let watched = self.watched(*self.history.last().unwrap_or(&f64::NAN));
        let before = std::mem::replace(&mut self.parameters, parameters);
        self.pending = Some(Pending { before, watched });
        Ok(())
    }

    /// The E-step that ends an iteration, or what keeps it from a finite likelihood: then the fit is where it was before.
    fn expect(&mut self) -> Result<(), Error> {
        let Some(Pending { before, watched }) = self.pending.take() else { return Ok(()) };
        let parameters = std::mem::replace(&mut self.parameters, before);
        let objective = self.adopt(parameters)?;
        self.change = Some(self.watched(objective) - watched);
        self.history.push(objective);
        self.state = self.next_state();
        Ok(())
    }

    /// One iteration, or what is left of it.
    fn advance(&mut self) -> Result<(), Error> {
        if self.pending.is_none() {
            self.maximize()?;
        }
        self.expect()
    }

    /// Takes over parameters that were found elsewhere, with the objectives on the way there by their iterations; `false`, and
    /// nothing changes, where they do not make one history.
    pub(super) fn follow(
        &mut self,
        parameters: Parameters<D>,
        objectives: impl Iterator<Item = (usize, f64)>,
        iteration: usize,
        converged: bool,
    ) -> bool {
        let before = self.history.len();
        for (number, objective) in objectives.filter(|&(number, _)| number <= iteration) {
            if number == self.history.len() && objective.is_finite() {
                self.history.push(objective);
            }
        }
        if self.history.len() != iteration + 1 || iteration + 1 < before {
            self.history.truncate(before);
            return false;
        }
        if iteration + 1 > before {
            self.parameters = parameters;
            (self.expectation, self.pending) = (None, None);
            self.log_likelihood = self.history[iteration] * self.total_weight;
            self.change = Some(self.history[iteration] - self.history[iteration - 1]);
        }
        self.state = if converged { FitState::Converged } else { self.next_state() };
        true
    }

    /// What the fit is done by.
    pub(super) fn options(&self) -> &EmOptions {
        &self.options
    }

    /// The points whose weight is above 0.
    pub(super) fn points(&self) -> &Points<L, D> {
        &self.points
    }

    /// The sum of the points' weights.
    pub(super) fn total_weight(&self) -> f64 {
        self.total_weight
    }

    /// The parameters, means in the frame of the fit.
    pub(super) fn parameters_in_frame(&self) -> &Parameters<D> {
        &self.parameters
    }

    /// What the graphics processor takes off each point's log-density: the objective when the fit went there.
    pub(super) fn reference(&self) -> f64 {
        self.reference
    }

    /// Makes the present objective the reference.
    pub(super) fn set_reference(&mut self) {
        self.reference = self.mean_log_likelihood();
    }

    /// The parameters by which the points are shared out.
    fn shared_out_by(&self) -> &Parameters<D> {
        self.pending.as_ref().map_or(&self.parameters, |pending| &pending.before)
    }

    /// Visits places given in the frame, or the points as they are shared out.
    fn visit(&mut self, points: Option<&Points<L, D>>, visit: VisitPoint<'_>) {
        let parameters = if points.is_some() { &self.parameters } else { self.shared_out_by() };
        let (indices, components): (Vec<_>, Vec<_>) = kernels(parameters, self.mixing_weights()).into_iter().unzip();
        let mut all = vec![0.0; self.parameters.components()];
        let points = points.or(self.all_points.as_ref()).unwrap_or(&self.points);
        visit_responsibilities(points, &components, &mut self.workspace, &mut |point, log_density, shares| {
            for (&k, &share) in indices.iter().zip(shares) {
                all[k] = share;
            }
            visit(point, log_density, &all);
        });
    }
}

/// The E-step, and the points that it could not share out: without logarithms, those whose densities are all 0. The log-likelihood
/// is then that by logarithms, and the sums are of no use.
fn shared_out<L: Lanes, const D: usize>(
    points: &Points<L, D>,
    parameters: &Parameters<D>,
    mixing: bool,
    logs: bool,
    workspace: &mut Workspace<L>,
) -> (Expectation<D>, Vec<usize>) {
    if !logs {
        let (plain, vanished) = em_mixture::plain_expectation(points, parameters, mixing);
        if vanished.is_empty() {
            return (plain, vanished);
        }
        return (expectation(points, parameters, mixing, workspace), vanished);
    }
    (expectation(points, parameters, mixing, workspace), Vec::new())
}

impl<L: Lanes, const D: usize> EmFit<L, D> {
    /// Does one iteration, or the E-step that is left of one, unless the fit has stopped.
    pub fn step(&mut self) {
        if self.state == FitState::Running
            && let Err(error) = self.advance()
        {
            self.state = FitState::Failed(error.to_string());
        }
    }

    /// Does an M-step, or the E-step after it, unless the fit has stopped. Between them the components stand where they have
    /// moved to, and the points are shared out as before.
    pub fn half_step(&mut self) {
        if self.state == FitState::Running
            && let Err(error) = if self.pending.is_some() { self.expect() } else { self.maximize() }
        {
            self.state = FitState::Failed(error.to_string());
        }
    }

    /// Whether it goes on, and if not, why.
    #[must_use]
    pub fn state(&self) -> &FitState {
        &self.state
    }

    /// Changes when to stop, for the running fit too: one that had stopped goes on if it no longer should have.
    pub fn set_stopping(&mut self, tolerance: f64, max_iterations: usize) {
        self.options.tolerance = tolerance;
        self.options.max_iterations = max_iterations;
        if !matches!(self.state, FitState::Failed(_)) {
            self.state = self.next_state();
        }
    }

    /// The mean log-likelihood a point after each iteration, from iteration 0: never empty.
    #[must_use]
    pub fn history(&self) -> &[f64] {
        &self.history
    }

    /// Free parameters, as BIC counts them.
    #[must_use]
    pub fn parameter_count(&self) -> usize {
        em_mixture::parameter_count(self.options.covariance_type, self.parameters.components(), D)
    }
}
