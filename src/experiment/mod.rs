//! What a visitor runs: data, a model, its fit and the fit's history, behind one interface.

mod bayesian_mixture_fit;
mod em_fit;
mod history;
mod report;
mod run;

pub use bayesian_mixture_fit::{BayesianMixtureFit, BayesianMixtureSnapshot, MethodSnapshot, SCORE_DRAWS};
pub use em_fit::{EmFit, EmOptions};
pub use history::History;
pub use report::{Component, Configured, DatasetReport, FitState, PointInfo, Report};
pub use run::Experiment;

use serde::{Deserialize, Serialize};
use tsify::Tsify;

use crate::error::Error;
use crate::models::em_mixture::ComponentState;

/// Receives, for one point, its index, its log-density (natural logarithm, in the units of the data) and its
/// responsibilities, one a component.
pub type VisitPoint<'a> = &'a mut dyn FnMut(usize, f64, &[f64]);

/// A fit in progress, whatever its dimension and precision.
pub trait Fit {
    /// Does one iteration, unless the fit has stopped.
    fn step(&mut self);

    /// Whether it goes on, and if not, why.
    fn state(&self) -> &FitState;

    /// Changes when to stop, for the running fit too: one that had stopped goes on if it no longer should have.
    fn set_stopping(&mut self, tolerance: f64, max_iterations: usize);

    /// The mean log-likelihood a point after each iteration, from iteration 0: never empty.
    fn history(&self) -> &[f64];

    /// The components in the units of the data.
    fn components(&self) -> Vec<Component>;

    /// Free parameters, as BIC counts them.
    fn parameter_count(&self) -> usize;

    /// Visits every point of the data, in order.
    fn visit_points(&mut self, visit: VisitPoint<'_>);

    /// Visits every point of the data, in order, with its log-density and the mean of the components' `values`, weighted by
    /// its responsibilities.
    fn blend_points(&mut self, values: &[[f32; 3]], visit: &mut dyn FnMut(usize, f64, [f32; 3]));

    /// Visits `count` places of which `position(i, d)` is coordinate d, in the units of the data.
    fn visit_at(&mut self, count: usize, position: &dyn Fn(usize, usize) -> f64, visit: VisitPoint<'_>);

    /// Moves a component to the point that the mixture explains worst, with weight 1/K and the data's covariance, and
    /// goes on from there.
    ///
    /// # Errors
    /// [`Error::NoSuchComponent`].
    fn move_to_worst(&mut self, component: usize) -> Result<(), Error>;

    /// All that the next iteration depends on.
    fn snapshot(&self) -> Snapshot;

    /// Goes back to a snapshot of a fit to the same data with the same settings.
    ///
    /// # Errors
    /// [`Error::ForeignSnapshot`].
    fn restore(&mut self, snapshot: &Snapshot) -> Result<(), Error>;
}

/// All that the next iteration depends on, in the frame of the fit: restored, a fit goes on bit for bit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Tsify)]
pub struct Snapshot {
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
