//! Watch Gaussians being fitted to data.
//!
//! Every fit is two beats: a sum over the points, then an update of the parameters. The modules are in the order in which
//! they build on one another; a module uses only those above it.

pub mod error;

pub mod numeric;

pub mod settings;

pub mod dataset;

pub mod optimizers;

pub mod moments;

pub mod models;

pub mod fitting;

pub mod gpu;

pub mod experiment;

pub mod drawing;

pub mod web;

/// The examples of the README, which are tested with the documentation's.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
