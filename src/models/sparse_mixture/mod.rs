//! A mixture whose weights are driven to zero: gradient descent on the log-likelihood with a penalty that empties components.
//!
//! From the KeOps tutorial "Fitting a Gaussian Mixture Model": W = softmax(w), Σ_j⁻¹ = A_j A_jᵀ for any invertible A_j, and
//!
//! cost = −(1/N) Σ_i ln Σ_j W_j (2π)^(−D/2) √det(A_j A_jᵀ) exp(−½ (x_i − μ_j)ᵀ A_j A_jᵀ (x_i − μ_j)) + (s/M) Σ_j √W_j.

mod objective;
mod parameters;
mod update;

pub use objective::{Gradient, Objective, Penalty, cost_offset, kernels, objective};
pub use parameters::{Parameters, Precision};
pub use update::Update;
