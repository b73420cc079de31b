//! Samples drawn for the models that predict a number.

mod bump;
pub mod sum_of_gaussians;

pub use bump::{BumpData, bump};
pub use sum_of_gaussians::SumOfGaussiansData;
