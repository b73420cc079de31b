//! What a visitor runs: data, a model, its fit and the fit's history, behind one interface.

mod agreement;
mod backend;
mod bayesian_lanes;
mod bayesian_mixture_fit;
mod bayesian_priors;
mod bayesian_reports;
mod bump_fit;
mod bump_learner;
mod bump_on_device;
mod colors;
mod comparison;
mod data;
mod editing;
mod em_fit;
mod em_on_device;
mod fit;
mod history;
mod in_hand;
mod links;
mod metric;
mod moments_kept;
mod on_device;
mod open;
mod own;
mod placing;
mod probe;
mod report;
mod run;
mod sparse_mixture_fit;
mod sparse_on_device;
mod suggestions;
mod sum_of_gaussians_engine;
mod sum_of_gaussians_fit;
mod sum_of_gaussians_options;
mod sum_on_device;
mod sweep_fit;
mod tables;
mod timeline;
mod trouble;
mod truth;
mod words;

pub use backend::{Backend, Place};
pub use bayesian_mixture_fit::{BayesianMixtureFit, BayesianMixtureSnapshot, MethodSnapshot, SCORE_DRAWS};
pub use bump_fit::{BumpFit, BumpSnapshot};
pub use bump_learner::{FormSnapshot, FormState};
pub use colors::{PALETTE_SIZE, colors_of};
pub use comparison::{ComparisonCell, ComparisonPlan, Condition};
pub use data::{Data, Edited, PointsShown};
pub use em_fit::{EmFit, EmOptions, EmSnapshot};
pub use fit::{
    Beat, BumpCurve, BumpShape, Bumps, CurveKind, Fit, Mixture, PosteriorShown, Records, Snapshot, Surface, Sweep,
    View, VisitPoint,
};
pub use history::History;
pub use in_hand::{Tool, Touch};
pub use on_device::{OnDevice, Taken};
pub use probe::{Probe, Rates, Size};
pub use report::{
    Component, ComponentStatus, Configured, DatasetReport, FitState, Measure, Milestone, Placed, PointInfo, Report,
    Swapped,
};
pub use run::Experiment;
pub use sparse_mixture_fit::{SparseMixtureFit, SparseMixtureSnapshot};
pub use sum_of_gaussians_engine::EngineSnapshot;
pub use sum_of_gaussians_fit::{SumOfGaussiansFit, SumOfGaussiansSnapshot};
pub use sum_of_gaussians_options::{Method, SumOfGaussiansOptions};
pub use sweep_fit::{SweepFit, SweepResult, SweepSnapshot};
pub use tables::{Cell, ParameterTable, PointTable};
pub use timeline::LiveChange;
pub use trouble::{Trouble, TroubleKind};
