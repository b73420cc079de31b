//! The shared checks as native code, and what takes long, draws at random or needs files. `browser.rs` and `worker.rs` run the
//! shared checks in WebAssembly.
//!
//! One program, because each has to compile every fit that it uses.
#![cfg(not(target_arch = "wasm32"))]

#[path = "../common/mod.rs"]
mod common;

mod assignment;
mod bayesian_mixture;
mod bump;
mod comparison;
mod em_mixture;
mod final_losses;
mod hand;
mod links;
mod recovery;
mod selection;
mod sparse_mixture;
mod sum_of_gaussians;
mod tables;

common::shared_checks!(test);
