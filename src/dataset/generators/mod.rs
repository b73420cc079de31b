//! Samples that are made from a seed.

pub mod sum_of_gaussians;
