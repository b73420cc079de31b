//! Data drawn from a seed: samples for the models that predict a number, and points in the plane for mixtures.

mod bump;
pub mod parts;
pub mod sum_of_gaussians;

pub use bump::{BumpData, bump};
pub use sum_of_gaussians::SumOfGaussiansData;
