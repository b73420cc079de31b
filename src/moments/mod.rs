//! The sum over the points that every fit spends its time in.
//!
//! Each component k carries a whitening matrix W_k = R_k⁻¹ (with R_k R_kᵀ = Σ_k), a mean μ_k and a log-scale c_k. With
//! the whitened offset u = W_k (x_i − μ_k), the log-kernel q = c_k − ½|u|², the point weights v_i and a
//! weighting rule w, the sums are
//!
//! T0_k = Σ_i v w,  T1_k = Σ_i v w u,  T2_k = Σ_i v w u uᵀ,  F = Σ_i v f.
//!
//! There are two rules. By responsibility ([`moments()`]), w = softmax over k of q and f = ln Σ_k e^q: mixtures. By
//! residual ([`residual_moments`]), w = (ŷ − y) e^q with ŷ = Σ_k a_k e^q and f = (ŷ − y)²: sums of Gaussians, which
//! have a target y a point and an amplitude a_k a component.
//!
//! Whitened coordinates are not a taste: on near-singular components in single precision the form ½ dᵀ Σ⁻¹ d
//! is wrong by 0.1 where this one is wrong by 2e-5, and can even turn negative.

mod cpu;

pub use cpu::{
    PlainMoments, Points, ResidualWorkspace, Samples, Workspace, blend, contributions, log_density, moments,
    plain_moments, residual_moments, squared_residuals, visit_predictions, visit_responsibilities,
};

use nalgebra::{ArrayStorage, SMatrix, SVector};

/// One component as the sum sees it.
#[derive(Clone, Copy, Debug)]
pub struct Component<const D: usize> {
    /// μ, in the frame of the points.
    pub mean: SVector<f64, D>,
    /// W = R⁻¹, lower triangular.
    pub whitening: SMatrix<f64, D, D>,
    /// c, for a mixture ln(weight) − ln √det(2π Σ). Weighting by residual takes it as 0: its scale is the amplitude.
    pub log_scale: f64,
}

/// The sums of one component.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ComponentMoments<const D: usize> {
    /// T0: the weight of the points that it answers for, in points; by residual, in units of the targets.
    pub mass: f64,
    /// T1, in whitened units.
    pub first: SVector<f64, D>,
    /// T2, symmetric, in whitened units squared.
    pub second: SMatrix<f64, D, D>,
}

impl<const D: usize> ComponentMoments<D> {
    /// Sums of nothing.
    pub const ZERO: Self = Self {
        mass: 0.0,
        first: SVector::from_array_storage(ArrayStorage([[0.0; D]; 1])),
        second: SMatrix::from_array_storage(ArrayStorage([[0.0; D]; D])),
    };
}

/// The sums of all components, weighted by residual.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ResidualMoments<const D: usize> {
    /// One entry a component, in their order, without the amplitudes.
    pub components: Vec<ComponentMoments<D>>,
    /// F: the sum of the squared residuals.
    pub squared: f64,
}

/// The sums of all components.
#[derive(Clone, Debug, PartialEq)]
pub struct Moments<const D: usize> {
    /// One entry a component, in their order.
    pub components: Vec<ComponentMoments<D>>,
    /// F: the weighted sum of log-densities.
    pub log_density: f64,
}
