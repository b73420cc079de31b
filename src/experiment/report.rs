//! What the page is told.

use serde::{Serialize, Serializer};
use tsify::Tsify;

use crate::dataset::Axis;
use crate::models::em_mixture::ComponentState;
use crate::settings::EmMixtureSettings;

/// Whether a fit goes on.
#[derive(Clone, Debug, PartialEq)]
pub enum FitState {
    /// It does.
    Running,
    /// The objective changed by less than the tolerance.
    Converged,
    /// It did as many iterations as it may.
    Exhausted,
    /// The next iteration has no finite parameters; those of the last are kept. The sentence says what broke.
    Failed(String),
}

impl FitState {
    /// The state's name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Converged => "converged",
            Self::Exhausted => "exhausted",
            Self::Failed(_) => "failed",
        }
    }
}

/// One component in the units of the data.
#[derive(Clone, Debug, PartialEq, Serialize, Tsify)]
pub struct Component {
    /// Its share of the points, 0 to 1.
    pub weight: f64,
    /// D numbers.
    pub mean: Vec<f64>,
    /// D×D numbers, row by row.
    pub covariance: Vec<f64>,
    /// How it fares.
    pub state: ComponentState,
}

/// What the page says of the data.
#[derive(Clone, Debug, PartialEq, Serialize, Tsify)]
pub struct DatasetReport {
    /// Its name in settings.
    pub name: &'static str,
    /// Its name on the page.
    pub label: String,
    /// How many points.
    pub points: usize,
    /// Its axes.
    pub axes: Vec<Axis>,
    /// How the points came about.
    pub note: String,
    /// Who measured them.
    pub source: String,
}

/// Stands in for numbers that cross as a typed array, beside the object that declares them.
fn left_out<S: Serializer>(_: &[f64], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_unit()
}

/// Where the fit is.
#[derive(Clone, Debug, PartialEq, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The data.
    pub dataset: DatasetReport,
    /// Iterations done.
    pub iteration: usize,
    /// Mean log-likelihood a point at the parameters shown.
    pub objective: f64,
    /// Total log-likelihood.
    pub total: f64,
    /// Bayesian information criterion: lower is better.
    pub bic: f64,
    /// `running`, `converged`, `exhausted` or `failed`.
    #[tsify(type = "\"running\" | \"converged\" | \"exhausted\" | \"failed\"")]
    pub state: &'static str,
    /// Why it stopped, as a sentence; empty while it runs.
    pub message: String,
    /// What runs the sums.
    #[tsify(type = "\"cpu\"")]
    pub backend: &'static str,
    /// Why that.
    pub backend_reason: &'static str,
    /// The iteration of the first number of `history`; 0 where the fit started anew.
    pub history_start: usize,
    /// The objective of each iteration since the last report.
    #[serde(serialize_with = "left_out")]
    #[tsify(type = "Float64Array")]
    pub history: Vec<f64>,
    /// The components.
    pub components: Vec<Component>,
}

/// What a change of settings came to.
#[derive(Clone, Debug, PartialEq, Serialize, Tsify)]
pub struct Configured {
    /// The settings now in force.
    pub settings: EmMixtureSettings,
    /// What was changed on the way, as sentences.
    pub notices: Vec<String>,
    /// Whether the fit started anew.
    pub restarted: bool,
}

/// The point under the pointer.
#[derive(Clone, Debug, PartialEq, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct PointInfo {
    /// Its row, counted from 0.
    pub index: usize,
    /// Its coordinates in the units of the data.
    pub position: Vec<f64>,
    /// Where it is drawn, in CSS pixels from the left.
    pub x: f64,
    /// Where it is drawn, in CSS pixels from the top.
    pub y: f64,
    /// What each component's share of it is.
    pub responsibilities: Vec<f64>,
    /// ln of the density there.
    pub log_density: f64,
}
