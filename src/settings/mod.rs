//! The settings: each declared once, here, and everything else made from the table.
//!
//! The macro `settings!` turns a declaration into a struct with checked fields and into the [`Setting`] table from which the
//! page builds its controls. Values that come from outside go through [`Value`]: out of range they are clamped with a
//! notice, of the wrong kind they are refused.

mod bayesian_mixture;
mod em_mixture;
mod schema;
mod sum_of_gaussians;

pub use bayesian_mixture::{BayesianMethod, BayesianMixtureSettings, Positivity};
pub use em_mixture::{CovarianceType, DatasetName, EmMixtureSettings, Initialization, Iteration, Precision};
pub use schema::{Choice, ChoiceOption, Group, Kind, Scale, Setting, Value};
pub use sum_of_gaussians::FactorShape;

pub(crate) use schema::{choices, settings};
