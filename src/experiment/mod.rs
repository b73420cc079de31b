//! What a visitor runs: data, a model, its fit and the fit's history, behind one interface.

mod backend;
mod bayesian_mixture_fit;
mod bump_fit;
mod bump_learner;
mod data;
mod em_fit;
mod em_on_device;
mod fit;
mod history;
mod on_device;
mod open;
mod probe;
mod report;
mod run;
mod sparse_mixture_fit;
mod suggestions;
mod sum_of_gaussians_engine;
mod sum_of_gaussians_fit;
mod sweep_fit;
mod words;

pub use backend::{Backend, Place};
pub use bayesian_mixture_fit::{BayesianMixtureFit, BayesianMixtureSnapshot, MethodSnapshot, SCORE_DRAWS};
pub use bump_fit::{BumpFit, BumpSnapshot};
pub use bump_learner::{FormSnapshot, FormState};
pub use data::Data;
pub use em_fit::{EmFit, EmOptions, EmSnapshot};
pub use fit::{BumpCurve, Bumps, Fit, Mixture, Records, Snapshot, Surface, Sweep, View, VisitPoint};
pub use history::History;
pub use on_device::OnDevice;
pub use probe::Rates;
pub use report::{Component, ComponentStatus, Configured, DatasetReport, FitState, Measure, PointInfo, Report};
pub use run::Experiment;
pub use sparse_mixture_fit::{SparseMixtureFit, SparseMixtureSnapshot};
pub use sum_of_gaussians_engine::{EngineSnapshot, Method};
pub use sum_of_gaussians_fit::{SumOfGaussiansFit, SumOfGaussiansOptions, SumOfGaussiansSnapshot};
pub use sweep_fit::{SweepFit, SweepResult, SweepSnapshot};
