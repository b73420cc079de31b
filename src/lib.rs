//! Watch Gaussians being fitted to data.
//!
//! Every fit is two beats: a sum over the points, then an update of the parameters. The modules are in the order in which
//! they build on one another; a module uses only those above it.

pub mod dataset;
pub mod error;
pub mod experiment;
pub mod fitting;
pub mod models;
pub mod moments;
pub mod numeric;
pub mod settings;
