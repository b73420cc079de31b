//! What the page is told.

use serde::{Deserialize, Serialize, Serializer};
use tsify::Tsify;

use super::{Beat, CurveKind, Trouble};
use crate::dataset::Axis;
use crate::fitting::Recovered;
use crate::models::em_mixture::ComponentState;
use crate::settings::Settings;

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

impl Report {
    /// The value of a further number.
    #[must_use]
    pub fn measure(&self, name: &str) -> Option<f64> {
        self.measures.iter().find(|measure| measure.name == name).map(|measure| measure.value)
    }
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

/// How a component fares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum ComponentStatus {
    /// It takes part.
    Active,
    /// Its spread fell to the minimum variance, where it is held.
    Collapsed,
    /// No point is its own.
    Empty,
    /// It was removed, or its weight is next to nothing.
    Off,
}

impl ComponentStatus {
    /// The status's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Collapsed => "collapsed",
            Self::Empty => "empty",
            Self::Off => "off",
        }
    }
}

impl From<ComponentState> for ComponentStatus {
    fn from(state: ComponentState) -> Self {
        match state {
            ComponentState::Active => Self::Active,
            ComponentState::Collapsed => Self::Collapsed,
            ComponentState::Empty => Self::Empty,
        }
    }
}

/// One component in the units of the data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Tsify)]
pub struct Component {
    /// Its share of the points, 0 to 1; in a sum of Gaussians its amplitude.
    pub weight: f64,
    /// D numbers.
    pub mean: Vec<f64>,
    /// D×D numbers, row by row.
    pub covariance: Vec<f64>,
    /// How it fares.
    pub status: ComponentStatus,
}

/// Where a visitor puts a component, in the units of the data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Tsify)]
pub struct Placed {
    /// Its share of the points, or its amplitude; stays where it is `None`.
    #[serde(default)]
    pub weight: Option<f64>,
    /// D numbers.
    pub mean: Vec<f64>,
    /// D×D numbers, row by row; stays where it is empty.
    #[serde(default)]
    pub covariance: Vec<f64>,
}

/// A number that the page shows.
#[derive(Clone, Debug, PartialEq, Serialize, Tsify)]
pub struct Measure {
    /// Its name for programs.
    pub name: &'static str,
    /// What the page calls it.
    pub label: &'static str,
    /// Its value.
    pub value: f64,
    /// Decimals to show.
    pub decimals: u8,
    /// Its unit, or empty.
    pub unit: &'static str,
    /// What it means or what happened to it, as a sentence; may be empty.
    pub help: String,
}

impl Measure {
    /// A number without unit and help.
    #[must_use]
    pub fn new(name: &'static str, label: &'static str, value: f64, decimals: u8) -> Self {
        Self { name, label, value, decimals, unit: "", help: String::new() }
    }

    /// Adds its unit.
    #[must_use]
    pub fn unit(mut self, unit: &'static str) -> Self {
        self.unit = unit;
        self
    }

    /// Adds what it means.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }
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
    /// Whether they can be edited by hand.
    pub editable: bool,
    /// Whether there is something to go back on.
    pub undoable: bool,
    /// Whether there is something to do again.
    pub redoable: bool,
    /// Whether they came from the visitor's hand.
    pub drawn: bool,
    /// What is missing before they can be fitted, as a sentence; empty where they are.
    pub missing: String,
}

/// Stands in for numbers that cross as a typed array, beside the object that declares them.
fn left_out<S: Serializer>(_: &[f64], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_unit()
}

/// An iteration whose components are kept to be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Tsify)]
pub struct Milestone {
    /// The iteration.
    pub iteration: usize,
    /// Another number where its components have changed.
    pub version: usize,
}

/// Where the fit is.
#[derive(Clone, Debug, PartialEq, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The data.
    pub dataset: DatasetReport,
    /// Iterations done.
    pub iteration: usize,
    /// The number to watch.
    pub objective: Measure,
    /// Further numbers.
    pub measures: Vec<Measure>,
    /// `running`, `converged`, `exhausted` or `failed`.
    #[tsify(type = "\"running\" | \"converged\" | \"exhausted\" | \"failed\"")]
    pub state: &'static str,
    /// Why it stopped, as a sentence; empty while it runs.
    pub message: String,
    /// What iterations run on: `cpu` or `gpu`.
    #[tsify(type = "\"cpu\" | \"gpu\"")]
    pub backend: &'static str,
    /// Why that, as sentences.
    pub backend_reason: String,
    /// What happened to the device since the last report; empty where nothing did.
    pub backend_notice: String,
    /// The names of the curves.
    pub curves: &'static [&'static str],
    /// How each curve is drawn.
    pub curve_kinds: Vec<CurveKind>,
    /// The row of the history at which `history` begins; 0 where the fit started anew.
    pub history_start: usize,
    /// The rows recorded since the last report: the iteration, then one number a curve.
    #[serde(serialize_with = "left_out")]
    #[tsify(type = "Float64Array")]
    pub history: Vec<f64>,
    /// What a component's weight is called.
    pub weight_name: &'static str,
    /// The components; none where the model has no such thing.
    pub components: Vec<Component>,
    /// The number of each component's colour: below 7, and for those of a mixture that take part another one each while there are enough.
    pub colors: Vec<usize>,
    /// What has become of each true Gaussian, where those are known; else empty. Of mixtures, amplitudes are weights.
    pub recovered: Vec<Recovered>,
    /// EM's next beat; absent for other models and where the fit has stopped.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional, type = "\"e\" | \"m\"")]
    pub beat: Option<Beat>,
    /// The furthest iteration that can be gone to.
    pub latest: usize,
    /// The iterations that can be gone to at once, rising; the others take some computing.
    pub moments: Vec<usize>,
    /// The milestones that the fit has been to, rising: their components are kept to be looked at.
    pub milestones: Vec<Milestone>,
    /// Whether the fit is on its way to another iteration.
    pub seeking: bool,
    /// Whether components were placed, moved or repaired by hand since iteration 0: then the settings do not tell where it stands.
    pub edited: bool,
    /// What keeps the fit from getting better: the two most important things, if any.
    pub troubles: Vec<Trouble>,
    /// The settings in force, where something else than a change of the visitor's has changed them since the last report.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub settings: Option<Settings>,
}

/// What a change of settings came to.
#[derive(Clone, Debug, PartialEq, Serialize, Tsify)]
pub struct Configured {
    /// The settings now in force.
    pub settings: Settings,
    /// The settings that are usual for the data in force.
    pub normal: Settings,
    /// What was changed on the way, as sentences.
    pub notices: Vec<String>,
    /// Whether the fit started anew.
    pub restarted: bool,
}

/// What came of an exchange of labels: the negative ELBO a point over the same draws.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Tsify)]
pub struct Swapped {
    /// Before it.
    pub before: f64,
    /// After it.
    pub after: f64,
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
