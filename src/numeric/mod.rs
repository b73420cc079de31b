//! Assignments, SIMD lanes, small symmetric positive-definite matrices, special functions and seeded random streams.

pub mod assignment;
pub mod lanes;
pub mod random;
pub mod scalar;
pub mod spd;
pub mod special;
