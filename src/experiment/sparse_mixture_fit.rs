//! A sparse mixture being fitted by gradient descent, on the lanes of one precision and in one dimension.

use nalgebra::{SMatrix, SVector};
use serde::{Deserialize, Serialize};
use tsify::Tsify;
use wide::f64x2;

use super::fit::fit_by_inherent_methods;
use super::on_device::OnDevice;
use super::placing::{gaussian, given_weights, raised, reweigh};
use super::{
    Component, ComponentStatus, CurveKind, Fit, FitState, History, Measure, Mixture, Placed, Records, Snapshot, View,
    VisitPoint,
};
use crate::dataset::{Dataset, Placement};
use crate::error::Error;
use crate::models::sparse_mixture::{
    Objective, Parameters, Penalty, Precision, Update, cost_offset, kernels, objective,
};
use crate::moments::{Points, Workspace, blend, visit_responsibilities};
use crate::numeric::lanes::Lanes;
use crate::numeric::random::{Purpose, Stream};
use crate::numeric::spd::Factor;
use crate::optimizers::{OptimizerState, Rule};
use crate::settings::{CostConstant, DatasetName, GradientRule, Settings, SparseMixtureSettings, Standardization};

/// What to do about a fit that diverged.
const ADVICE: &str = "Lower the learning rate, and clear the gradients.";

/// The least weight that a component can be given: its score is finite.
const LEAST_WEIGHT: f64 = 1e-12;

/// Below these, a number is 0 in single and in double precision.
const SMALLEST_SINGLE: f64 = 7e-46;
const SMALLEST_DOUBLE: f64 = 5e-324;

/// What of the settings the running fit heeds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct InForce {
    pub sparsity: f64,
    pub off_below: f64,
    pub iterations: usize,
    constant: CostConstant,
}

/// What an iteration elsewhere came to, on the standardized data.
pub(super) struct Recorded {
    pub iteration: usize,
    pub mean_log_likelihood: f64,
    pub penalty: f64,
    /// Components on.
    pub on: usize,
}

impl InForce {
    fn new(settings: &SparseMixtureSettings) -> Self {
        Self {
            sparsity: settings.sparsity,
            off_below: settings.off_below,
            iterations: settings.iterations as usize,
            constant: settings.constant,
        }
    }
}

/// All that the next iteration depends on, but for data and settings that restart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct SparseMixtureSnapshot {
    /// M scores, M×D×D factors column by column and M×D centres, in the frame of the fit.
    pub parameters: Vec<f64>,
    /// The optimizer's state.
    pub optimizer: OptimizerState,
    /// The sum of all gradients so far; empty where they are cleared.
    pub accumulated: Vec<f64>,
    /// The learning rate in force.
    pub learning_rate: f64,
    /// The sparsity in force.
    pub sparsity: f64,
    /// The constant of the costs in the history.
    pub constant: CostConstant,
    /// The curves so far.
    pub history: History,
}

/// The points that cost and gradient are summed over.
struct Summed<L, const D: usize> {
    /// Those whose weight is above 0, on the fit's own lanes.
    points: Points<L, D>,
    workspace: Workspace<L>,
    /// The same in double precision, for a loop that never clears its gradients. It swings ever wider and makes a
    /// rounding a million times larger in a hundred iterations: points held in single precision alone move its cost
    /// by some percent.
    double: Option<(Points<f64x2, D>, Workspace<f64x2>)>,
    total_weight: f64,
}

impl<L: Lanes, const D: usize> Summed<L, D> {
    fn objective(&mut self, parameters: &Parameters<D>, precisions: &[Precision<D>], sparsity: f64) -> Objective<D> {
        let exact = Penalty { sparsity, vanishing: 0.0 };
        match &mut self.double {
            Some((points, workspace)) => {
                // That loop is the tutorial's text to the letter, and where a weight vanishes so does its derivative there.
                let vanishing = if L::PRECISION == "single" { SMALLEST_SINGLE } else { SMALLEST_DOUBLE };
                let literal = Penalty { vanishing, ..exact };
                objective(points, self.total_weight, parameters, precisions, literal, workspace)
            }
            None => objective(&self.points, self.total_weight, parameters, precisions, exact, &mut self.workspace),
        }
    }
}

/// A fit of M Gaussians to N points in D dimensions.
pub struct SparseMixtureFit<L, const D: usize> {
    summed: Summed<L, D>,
    /// All points, where some of them have the weight 0.
    all_points: Option<Points<L, D>>,
    placement: Placement,
    parameters: Parameters<D>,
    precisions: Vec<Precision<D>>,
    /// The mean log-likelihood a point at `parameters`, of the standardized data.
    mean_log_likelihood: f64,
    /// The penalty at `parameters`.
    penalty: f64,
    /// Cost and gradient at `parameters`: what the next update takes. `None` after iterations on the graphics processor, until
    /// they are asked for here.
    objective: Option<Objective<D>>,
    /// What the graphics processor takes off each point's log-density.
    reference: f64,
    update: Update,
    in_force: InForce,
    iteration: usize,
    history: History,
    state: FitState,
}

impl<L: Lanes, const D: usize> SparseMixtureFit<L, D> {
    /// The history's columns: the cost, on the data as standardized; its two parts, minus the mean log-likelihood a point, with
    /// the constant in force, and the price of the weights; the number of components that are on.
    pub const CURVES: &'static [&'static str] = &["cost", "− log-likelihood", "price of weights", "components on"];

    /// The iterations of which the tutorial has pictures.
    pub const MILESTONES: &'static [usize] = &[0, 10, 100, 150, 250, 500];

    /// Starts with equal weights, A a multiple of the identity and centres drawn uniformly: from the unit square for
    /// the spiral as it is and for data standardized to it, else from the data's box. All of it in standardized units.
    ///
    /// # Errors
    /// Those of [`SparseMixtureFit::from_parameters`].
    pub fn new(data: &Dataset, settings: &SparseMixtureSettings) -> Result<Self, Error> {
        if data.dimension() != D {
            return Err(Error::Shape { length: data.values().len(), dimension: D });
        }
        let placement = Placement::new::<L>(data, settings.standardize)?;
        let unit = match settings.standardize {
            Standardization::None => settings.dataset == DatasetName::Spiral,
            Standardization::UnitSquare => true,
            Standardization::UnitVariance | Standardization::PerColumn => false,
        };
        let ranges: [(f64, f64); D] = std::array::from_fn(|axis| {
            let (low, high) = data.range(axis);
            if unit { (0.0, 1.0) } else { (placement.standardized(low, axis), placement.standardized(high, axis)) }
        });
        let mut stream = Stream::new(u64::from(settings.seed), Purpose::Initialization);
        let components = settings.components as usize;
        let means = (0..components)
            .map(|_| {
                let mut mean = SVector::zeros();
                for (axis, (low, high)) in ranges.iter().enumerate() {
                    mean[axis] = low + stream.uniform() * (high - low);
                }
                mean
            })
            .collect();
        let factor = SMatrix::identity() * settings.initial_factor;
        let start = (vec![1.0; components], vec![factor; components], means);
        Self::open(data, settings, placement, start)
    }

    /// Starts at given parameters of the standardized data: M scores, factors and centres. The settings' own start
    /// and number of components play no part.
    ///
    /// # Errors
    /// [`Error::Shape`] where the data have another dimension, [`Error::Spread`], [`Error::Parameters`], or
    /// [`Error::NonFiniteObjective`] where the cost at the start is not finite.
    pub fn from_parameters(
        data: &Dataset,
        settings: &SparseMixtureSettings,
        scores: Vec<f64>,
        factors: Vec<SMatrix<f64, D, D>>,
        means: Vec<SVector<f64, D>>,
    ) -> Result<Self, Error> {
        if data.dimension() != D {
            return Err(Error::Shape { length: data.values().len(), dimension: D });
        }
        let placement = Placement::new::<L>(data, settings.standardize)?;
        Self::open(data, settings, placement, (scores, factors, means))
    }

    fn open(
        data: &Dataset,
        settings: &SparseMixtureSettings,
        placement: Placement,
        (scores, factors, means): (Vec<f64>, Vec<SMatrix<f64, D, D>>, Vec<SVector<f64, D>>),
    ) -> Result<Self, Error> {
        let frame = SVector::from_column_slice(placement.frame());
        let means = means.into_iter().map(|mean| mean - frame).collect();
        let parameters = Parameters::new(scores, factors, means)?;
        let precisions = parameters.precisions().map_err(|_| Error::NonFiniteObjective)?;
        let coordinate = |i: usize, axis: usize| placement.enter(data.coordinate(i, axis), axis);
        let present: Vec<usize> = data.present().collect();
        let weight = |i: usize| data.weight(present[i]);
        let all_points = (present.len() < data.count()).then(|| Points::new(data.count(), coordinate));
        let mut summed = Summed {
            points: Points::weighted(present.len(), |i, axis| coordinate(present[i], axis), weight),
            workspace: Workspace::default(),
            double: (!settings.clear_gradients).then(|| {
                let points = Points::weighted(present.len(), |i, axis| coordinate(present[i], axis), weight);
                (points, Workspace::default())
            }),
            total_weight: data.total_weight(),
        };
        let objective = summed.objective(&parameters, &precisions, settings.sparsity);
        if objective.not_finite().is_some() {
            return Err(Error::NonFiniteObjective);
        }
        let rule = match settings.optimizer {
            GradientRule::Adam => Rule::ADAM_PYTORCH,
            GradientRule::Momentum => Rule::MOMENTUM,
            GradientRule::Sgd => Rule::Sgd,
        };
        let count = parameters.flat().len();
        let mut fit = Self {
            summed,
            all_points,
            placement,
            parameters,
            precisions,
            mean_log_likelihood: objective.mean_log_likelihood,
            penalty: objective.penalty,
            objective: Some(objective),
            reference: 0.0,
            update: Update::new(rule, settings.learning_rate, count, settings.clear_gradients),
            in_force: InForce::new(settings),
            iteration: 0,
            history: History::default(),
            state: FitState::Running,
        };
        fit.record();
        fit.state = fit.next_state();
        Ok(fit)
    }

    /// One iteration: a step down the gradient, and cost and gradient where it leads.
    pub fn step(&mut self) {
        if self.state == FitState::Running
            && let Err(error) = self.advance()
        {
            self.state = FitState::Failed(error.to_string());
        }
    }

    fn advance(&mut self) -> Result<(), Error> {
        let mut update = self.update.clone();
        let parameters = update.step(&self.parameters.clone(), &self.objective().gradient);
        let diverged = |parameter: String| Error::Diverged { iteration: self.iteration, parameter, advice: ADVICE };
        if let Some(name) = parameters.not_finite() {
            return Err(diverged(name));
        }
        let precisions =
            parameters.precisions().map_err(|k| diverged(format!("the covariance of component {}", k + 1)))?;
        let objective = self.summed.objective(&parameters, &precisions, self.in_force.sparsity);
        if let Some(name) = objective.not_finite() {
            return Err(diverged(name));
        }
        (self.parameters, self.precisions, self.update) = (parameters, precisions, update);
        self.know(objective);
        self.iteration += 1;
        self.record();
        self.state = self.next_state();
        Ok(())
    }

    /// Takes in cost and gradient at the present parameters.
    fn know(&mut self, objective: Objective<D>) {
        (self.mean_log_likelihood, self.penalty) = (objective.mean_log_likelihood, objective.penalty);
        self.objective = Some(objective);
    }

    fn next_state(&self) -> FitState {
        if self.iteration >= self.in_force.iterations { FitState::Exhausted } else { FitState::Running }
    }

    fn record(&mut self) {
        let on = self.parameters.weights().iter().filter(|&&weight| weight >= self.in_force.off_below).count();
        let part = self.likelihood_part(self.mean_log_likelihood);
        self.history.record(self.iteration, vec![self.cost(), part, self.penalty, on as f64]);
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

    /// The curves so far, in the order of [`SparseMixtureFit::CURVES`]: every iteration.
    #[must_use]
    pub fn history(&self) -> &History {
        &self.history
    }

    /// Takes over the settings that do not restart. A change of sparsity changes the cost of the present iteration, one of the
    /// constant those of all. A diverged fit tries again where sparsity or learning rate changed.
    pub fn adjust(&mut self, settings: &SparseMixtureSettings) {
        let before = self.in_force;
        self.in_force = InForce::new(settings);
        if before.constant != self.in_force.constant {
            let change = cost_offset(self.in_force.constant, D) - cost_offset(before.constant, D);
            for row in &mut self.history.rows {
                row[0] += change;
                row[1] += change;
            }
        }
        let (sparser, faster) =
            (before.sparsity != self.in_force.sparsity, self.update.learning_rate() != settings.learning_rate);
        self.update.set_learning_rate(settings.learning_rate);
        if sparser && self.objective.is_some() {
            let objective = self.summed.objective(&self.parameters, &self.precisions, self.in_force.sparsity);
            self.know(objective);
        } else if sparser {
            self.penalty = self.penalty_at(&self.parameters);
        }
        self.record();
        if sparser || faster || !matches!(self.state, FitState::Failed(_)) {
            self.state = self.next_state();
        }
    }

    /// All that the next iteration depends on, but for data and settings that restart.
    #[must_use]
    pub fn snapshot(&self) -> SparseMixtureSnapshot {
        let (optimizer, accumulated) = self.update.state();
        SparseMixtureSnapshot {
            parameters: self.parameters.flat(),
            optimizer,
            accumulated,
            learning_rate: self.update.learning_rate(),
            sparsity: self.in_force.sparsity,
            constant: self.in_force.constant,
            history: self.history.clone(),
        }
    }

    /// Goes back to a snapshot of a fit to the same data with the same settings, but for those that do not restart: of them,
    /// learning rate, sparsity and constant become those of the snapshot.
    ///
    /// # Errors
    /// [`Error::ForeignSnapshot`].
    pub fn restore(&mut self, snapshot: &SparseMixtureSnapshot) -> Result<(), Error> {
        let foreign = || Error::ForeignSnapshot;
        let SparseMixtureSnapshot { parameters, optimizer, accumulated, learning_rate, sparsity, constant, history } =
            snapshot;
        let parameters = Parameters::<D>::from_flat(parameters).ok_or_else(foreign)?;
        let usable = parameters.components() == self.parameters.components()
            && parameters.not_finite().is_none()
            && learning_rate.is_finite()
            && sparsity.is_finite()
            && !history.rows.is_empty()
            && history.rows.len() == history.iterations.len()
            && history.rows.iter().all(|row| row.len() == Self::CURVES.len() && row.iter().all(|v| v.is_finite()));
        let iteration = *history.iterations.last().ok_or_else(foreign)?;
        let precisions = parameters.precisions().map_err(|_| Error::ForeignSnapshot)?;
        let objective = self.summed.objective(&parameters, &precisions, *sparsity);
        let mut update = self.update.clone();
        if !usable || objective.not_finite().is_some() || !update.restore(optimizer, accumulated) {
            return Err(Error::ForeignSnapshot);
        }
        update.set_learning_rate(*learning_rate);
        (self.parameters, self.precisions, self.update) = (parameters, precisions, update);
        self.know(objective);
        self.in_force.sparsity = *sparsity;
        self.in_force.constant = *constant;
        self.iteration = iteration as usize;
        self.history = history.clone();
        self.state = self.next_state();
        Ok(())
    }

    /// The parameters of the standardized data, centres included.
    #[must_use]
    pub fn parameters(&self) -> Parameters<D> {
        let mut parameters = self.parameters.clone();
        let frame = SVector::<f64, D>::from_column_slice(self.placement.frame());
        for mean in &mut parameters.means {
            *mean += frame;
        }
        parameters
    }

    /// Cost and gradient at the present parameters, on the standardized data.
    #[must_use]
    pub fn objective(&mut self) -> &Objective<D> {
        self.objective
            .get_or_insert_with(|| self.summed.objective(&self.parameters, &self.precisions, self.in_force.sparsity))
    }

    /// What the fit lowers, with the constant in force.
    #[must_use]
    pub fn cost(&self) -> f64 {
        self.cost_of(self.mean_log_likelihood, self.penalty)
    }

    fn cost_of(&self, mean_log_likelihood: f64, penalty: f64) -> f64 {
        -mean_log_likelihood + penalty + cost_offset(self.in_force.constant, D)
    }

    /// What of the cost is not the price of the weights: the constant is in it, so that the two sum to the cost.
    fn likelihood_part(&self, mean_log_likelihood: f64) -> f64 {
        -mean_log_likelihood + cost_offset(self.in_force.constant, D)
    }

    /// The penalty elsewhere, at the sparsity in force.
    fn penalty_at(&self, parameters: &Parameters<D>) -> f64 {
        Penalty { sparsity: self.in_force.sparsity, vanishing: 0.0 }.value(parameters)
    }

    /// The mean log-likelihood a point, in the units of the data.
    #[must_use]
    pub fn mean_log_likelihood(&self) -> f64 {
        self.mean_log_likelihood - self.placement.log_volume()
    }

    /// Takes over parameters and the optimizer's state that were found elsewhere, with what was recorded on the way there;
    /// `false`, and nothing changes, where they do not make one fit.
    pub(super) fn follow(
        &mut self,
        parameters: Parameters<D>,
        optimizer: &OptimizerState,
        records: impl Iterator<Item = Recorded>,
        iteration: usize,
    ) -> bool {
        let new: Vec<Recorded> =
            records.filter(|record| (self.iteration + 1..=iteration).contains(&record.iteration)).collect();
        let whole = new.len() + self.iteration == iteration
            && new.iter().zip(self.iteration + 1..).all(|(record, expected)| record.iteration == expected)
            && new.iter().all(|record| record.mean_log_likelihood.is_finite() && record.penalty.is_finite());
        let (Some(last), Ok(precisions)) = (new.last(), parameters.precisions()) else { return false };
        let mut update = self.update.clone();
        if !whole || parameters.not_finite().is_some() || !update.restore(optimizer, &[]) {
            return false;
        }
        for &Recorded { iteration, mean_log_likelihood, penalty, on } in &new {
            let cost = self.cost_of(mean_log_likelihood, penalty);
            let row = vec![cost, self.likelihood_part(mean_log_likelihood), penalty, on as f64];
            self.history.record(iteration, row);
        }
        (self.penalty, self.mean_log_likelihood) = (self.penalty_at(&parameters), last.mean_log_likelihood);
        (self.parameters, self.precisions, self.update, self.objective) = (parameters, precisions, update, None);
        self.iteration = iteration;
        // The settings in force may have changed since the last row was written.
        self.record();
        self.state = self.next_state();
        true
    }

    /// The points whose weight is above 0.
    pub(super) fn points(&self) -> &Points<L, D> {
        &self.summed.points
    }

    /// The sum of the points' weights.
    pub(super) fn total_weight(&self) -> f64 {
        self.summed.total_weight
    }

    /// Whether each step takes its own gradient alone.
    pub(super) fn clears_gradients(&self) -> bool {
        self.summed.double.is_none()
    }

    /// What the fit heeds of its settings.
    pub(super) fn in_force(&self) -> &InForce {
        &self.in_force
    }

    /// What turns gradients into steps.
    pub(super) fn update(&self) -> &Update {
        &self.update
    }

    /// The parameters, centres in the frame of the fit.
    pub(super) fn parameters_in_frame(&self) -> &Parameters<D> {
        &self.parameters
    }

    /// The precisions at the present parameters.
    pub(super) fn precisions(&self) -> &[Precision<D>] {
        &self.precisions
    }

    /// What the graphics processor takes off each point's log-density: their mean when the fit went there.
    pub(super) fn reference(&self) -> f64 {
        self.reference
    }

    /// Makes the present mean log-density the reference.
    pub(super) fn set_reference(&mut self) {
        self.reference = self.mean_log_likelihood;
    }

    /// The components in the units of the data. One whose weight is below the setting's threshold is
    /// [`ComponentStatus::Off`], but still fitted.
    #[must_use]
    pub fn components(&self) -> Vec<Component> {
        let weights = self.parameters.weights();
        let scale = SMatrix::<f64, D, D>::from_diagonal(&SVector::from_column_slice(self.placement.scale()));
        (0..weights.len())
            .map(|k| {
                let root = scale * self.precisions[k].root.lower();
                let mean = &self.parameters.means[k];
                let off = weights[k] < self.in_force.off_below;
                Component {
                    weight: weights[k],
                    mean: (0..D).map(|axis| self.placement.leave(mean[axis], axis)).collect(),
                    covariance: (root * root.transpose()).iter().copied().collect(),
                    status: if off { ComponentStatus::Off } else { ComponentStatus::Active },
                }
            })
            .collect()
    }

    /// Puts components where a visitor wants them: A is the root of their precision. What the optimizer has learned of them is
    /// forgotten.
    fn place_all(&mut self, placed: &[(usize, &Placed)]) -> Result<(), Error> {
        let mut parameters = self.parameters.clone();
        let components = parameters.components();
        let scale = SVector::<f64, D>::from_column_slice(self.placement.scale());
        for &(k, placed) in placed {
            let one = gaussian::<D>(k, components, placed)?;
            parameters.means[k] = SVector::from_fn(|axis, _| self.placement.enter(one.mean[axis], axis));
            if let Some(covariance) = one.covariance {
                let standardized = covariance.component_div(&(scale * scale.transpose()));
                let floored = raised(&standardized, LEAST_WEIGHT * standardized.trace());
                let root = Factor::from_covariance(&floored).ok_or(Error::CollapsedCovariance { component: k + 1 })?;
                // Σ⁻¹ = R⁻ᵀ R⁻¹.
                parameters.factors[k] = root.whitening().transpose();
            }
        }
        let given = given_weights(placed);
        if !given.is_empty() {
            let mut weights = parameters.weights();
            // The scores keep their level: only their differences matter.
            let level = parameters.scores[0] - parameters.log_weights()[0];
            reweigh(&mut weights, &given);
            parameters.scores = weights.iter().map(|weight| libm::log(weight.max(LEAST_WEIGHT)) + level).collect();
        }
        if parameters.not_finite().is_some() {
            return Err(Error::NonFiniteObjective);
        }
        let precisions = parameters.precisions().map_err(|k| Error::CollapsedCovariance { component: k + 1 })?;
        let objective = self.summed.objective(&parameters, &precisions, self.in_force.sparsity);
        if objective.not_finite().is_some() {
            return Err(Error::NonFiniteObjective);
        }
        (self.parameters, self.precisions) = (parameters, precisions);
        self.know(objective);
        for &(k, _) in placed {
            self.update.forget(Parameters::<D>::places(components, k));
        }
        self.record();
        self.state = self.next_state();
        Ok(())
    }

    /// Visits every point of the data, in order.
    pub fn visit_points(&mut self, visit: VisitPoint<'_>) {
        self.visit(None, visit);
    }

    /// Visits every point of the data, in order, with its log-density and the mean of the components' `values`, weighted by
    /// its responsibilities.
    pub fn blend_points(&mut self, values: &[[f32; 3]], visit: &mut dyn FnMut(usize, f64, [f32; 3])) {
        let components = kernels(&self.parameters, &self.precisions);
        let points = self.all_points.as_ref().unwrap_or(&self.summed.points);
        let log_volume = self.placement.log_volume();
        blend(points, &components, values, &mut self.summed.workspace, &mut |point, log_density, blend| {
            visit(point, log_density - log_volume, blend);
        });
    }

    /// Visits `count` places of which `position(i, d)` is coordinate d, in the units of the data.
    pub fn visit_at(&mut self, count: usize, position: &dyn Fn(usize, usize) -> f64, visit: VisitPoint<'_>) {
        let points = Points::new(count, |i, axis| self.placement.enter(position(i, axis), axis));
        self.visit(Some(&points), visit);
    }

    /// Visits `count` places like [`SparseMixtureFit::visit_at`], with the log-density alone.
    pub fn log_densities_at(
        &mut self,
        count: usize,
        position: &dyn Fn(usize, usize) -> f64,
        visit: &mut dyn FnMut(usize, f64),
    ) {
        let points = Points::new(count, |i, axis| self.placement.enter(position(i, axis), axis));
        let components = kernels(&self.parameters, &self.precisions);
        let log_volume = self.placement.log_volume();
        // Without values nothing is blended.
        blend(&points, &components, &[], &mut self.summed.workspace, &mut |point, log_density, _| {
            visit(point, log_density - log_volume);
        });
    }

    /// Visits places given in the frame.
    fn visit(&mut self, points: Option<&Points<L, D>>, visit: VisitPoint<'_>) {
        let components = kernels(&self.parameters, &self.precisions);
        let points = points.or(self.all_points.as_ref()).unwrap_or(&self.summed.points);
        let log_volume = self.placement.log_volume();
        visit_responsibilities(points, &components, &mut self.summed.workspace, &mut |point, log_density, shares| {
            visit(point, log_density - log_volume, shares);
        });
    }
}

impl<L: Lanes, const D: usize> Fit for SparseMixtureFit<L, D> {
    fit_by_inherent_methods!(SparseMixture, 3);

    fn curve_kinds(&self) -> Vec<CurveKind> {
        vec![CurveKind::Main, CurveKind::Part, CurveKind::Price]
    }

    fn milestones(&self) -> &'static [usize] {
        Self::MILESTONES
    }

    fn pictured(&self) -> Vec<Component> {
        self.components()
    }

    fn place_all(&mut self, placed: &[(usize, &Placed)]) -> Result<(), Error> {
        self.place_all(placed)
    }

    fn message(&self) -> String {
        match self.state() {
            FitState::Running | FitState::Converged => String::new(),
            FitState::Exhausted => {
                format!("It did the {} iterations that it may. Allow more to go on.", self.iteration())
            }
            FitState::Failed(reason) => reason.clone(),
        }
    }

    fn objective(&mut self) -> Measure {
        Measure::new("objective", "Cost", self.cost(), 3)
    }

    fn measures(&mut self) -> Vec<Measure> {
        let likelihood = self.mean_log_likelihood();
        let on = self.history().last().map_or(f64::NAN, |row| row[3]);
        vec![
            Measure::new("likelihood", "Log-likelihood a point", likelihood, 3),
            Measure::new("likelihoodPart", "− log-likelihood", self.likelihood_part(self.mean_log_likelihood), 2)
                .help("What of the cost says how badly the points are covered."),
            Measure::new("price", "Price of weights", self.penalty, 2)
                .help("What of the cost the weights come to: the rest is − log-likelihood."),
            Measure::new("on", "Gaussians on", on, 0).help("Gaussians whose weight is above the threshold."),
        ]
    }

    fn write_in_force(&self, settings: &mut Settings) {
        if let Settings::SparseMixture(settings) = settings {
            let InForce { sparsity, off_below, iterations, constant } = self.in_force;
            (settings.sparsity, settings.off_below, settings.constant) = (sparsity, off_below, constant);
            settings.iterations = u32::try_from(iterations).unwrap_or(u32::MAX);
            settings.learning_rate = self.update.learning_rate();
        }
    }

    fn view(&mut self) -> View<'_> {
        View::Mixture(self)
    }

    fn on_device(&mut self) -> Result<&mut dyn OnDevice, &'static str> {
        match self.obstacle() {
            Some(obstacle) => Err(obstacle),
            None => Ok(self),
        }
    }
}

impl<L: Lanes, const D: usize> Mixture for SparseMixtureFit<L, D> {
    fn components(&self) -> Vec<Component> {
        self.components()
    }

    fn visit_points(&mut self, visit: VisitPoint<'_>) {
        self.visit_points(visit);
    }

    fn blend_points(&mut self, values: &[[f32; 3]], visit: &mut dyn FnMut(usize, f64, [f32; 3])) {
        self.blend_points(values, visit);
    }

    fn visit_at(&mut self, count: usize, position: &dyn Fn(usize, usize) -> f64, visit: VisitPoint<'_>) {
        self.visit_at(count, position, visit);
    }

    fn log_densities_at(
        &mut self,
        count: usize,
        position: &dyn Fn(usize, usize) -> f64,
        visit: &mut dyn FnMut(usize, f64),
    ) {
        self.log_densities_at(count, position, visit);
    }
}
