//! The models, one folder each, always with the same files: parameters, objective, update.

pub mod bayesian_mixture;
pub mod bump;
pub mod em_mixture;
pub mod sparse_mixture;
pub mod sum_of_gaussians;
