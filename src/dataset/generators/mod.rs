//! Samples drawn for the models that predict a number.

mod bump;

pub use bump::{BumpData, bump};
