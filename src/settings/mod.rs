//! The settings: each declared once, here, and everything else made from the table.
//!
//! The macro `settings!` turns a declaration into a struct with checked fields and into the [`Setting`] table from which the
//! page builds its controls. Values that come from outside go through [`Value`]: out of range they are clamped with a
//! notice, of the wrong kind they are refused.

mod bayesian_mixture;
mod bump;
mod comparison;
#[cfg(test)]
mod documentation;
mod em_mixture;
mod experiments;
#[cfg(test)]
mod imagined;
mod layers;
mod schema;
mod shared;
mod sparse_mixture;
mod standardization;
mod sum_of_gaussians;

pub use bayesian_mixture::{BayesianFigure, BayesianMethod, BayesianMixtureSettings, LabelOrder, Positivity};
pub use bump::{BumpForm, BumpOptimizer, BumpSettings, BumpTarget, SweepMethod, SweepSettings};
pub use comparison::{ComparisonSettings, ComparisonSize};
pub use em_mixture::{CovarianceType, EmMixtureSettings, Initialization, Iteration};
pub use experiments::{ExperimentName, Settings};
pub use layers::Layers;
pub use schema::{Choice, ChoiceOption, Group, Kind, NumberList, Only, Scale, Setting, Value};
pub use shared::{BackendChoice, DatasetName, PointColors, Precision};
pub use sparse_mixture::{CostConstant, GradientRule, SparseMixtureSettings};
pub use standardization::Standardization;
pub use sum_of_gaussians::{
    FactorShape, FactorStart, SumFigure, SumOfGaussiansDataset, SumOfGaussiansInitialization, SumOfGaussiansOptimizer,
    SumOfGaussiansSettings,
};

#[cfg(test)]
pub(crate) use schema::Field;
pub(crate) use schema::{choices, settings};
pub(crate) use shared::mixture_settings;
