//! Checks that run natively and in the browser alike.
#![allow(dead_code, reason = "each test program uses the checks that concern it")]

pub mod fits;
pub mod reference;
pub mod reproducible;
