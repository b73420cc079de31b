//! Amplitudes, centres and factors, and how a factor becomes a covariance.

use nalgebra::{DMatrix, SMatrix, SVector};

use crate::numeric::spd::Factor;
use crate::settings::FactorShape;

/// How a factor A gives a covariance Σ.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CovarianceForm {
    /// Which entries of A count, and where ε goes.
    pub shape: FactorShape,
    /// Keeps Σ invertible, in squared units of the data.
    pub epsilon: f64,
}

impl CovarianceForm {
    /// The part of A that counts.
    #[must_use]
    pub fn counted<const D: usize>(&self, factor: &SMatrix<f64, D, D>) -> SMatrix<f64, D, D> {
        match self.shape {
            FactorShape::Full => *factor,
            FactorShape::Upper | FactorShape::UpperEverywhere => factor.upper_triangle(),
        }
    }

    /// Σ = A Aᵀ + εI; for [`FactorShape::UpperEverywhere`] U Uᵀ with D ε added to every entry.
    #[must_use]
    pub fn covariance<const D: usize>(&self, factor: &SMatrix<f64, D, D>) -> SMatrix<f64, D, D> {
        let counted = self.counted(factor);
        let floor = match self.shape {
            FactorShape::UpperEverywhere => SMatrix::from_element(D as f64 * self.epsilon),
            FactorShape::Full | FactorShape::Upper => SMatrix::identity() * self.epsilon,
        };
        counted * counted.transpose() + floor
    }

    /// The root R of Σ = R Rᵀ, from a QR decomposition of [A, √ε I]ᵀ: forming Σ would cost half of the digits. `None`
    /// where Σ is not positive definite and finite.
    #[must_use]
    pub fn root<const D: usize>(&self, factor: &SMatrix<f64, D, D>) -> Option<Factor<D>> {
        let counted = self.counted(factor);
        let floor: SMatrix<f64, D, D> = match self.shape {
            // All columns but one are 0: √(D ε) in every entry of the first.
            FactorShape::UpperEverywhere => {
                SMatrix::from_fn(|_, j| if j == 0 { libm::sqrt(D as f64 * self.epsilon) } else { 0.0 })
            }
            FactorShape::Full | FactorShape::Upper => SMatrix::identity() * libm::sqrt(self.epsilon),
        };
        let stacked = DMatrix::from_fn(2 * D, D, |i, j| if i < D { counted[(j, i)] } else { floor[(j, i - D)] });
        if stacked.iter().any(|value| !value.is_finite()) {
            return None;
        }
        let mut lower = SMatrix::<f64, D, D>::from_column_slice(stacked.qr().r().transpose().as_slice());
        for d in 0..D {
            if lower[(d, d)] < 0.0 {
                lower.column_mut(d).neg_mut();
            }
        }
        Factor::from_lower(lower)
    }
}

/// The parameters of a sum of K Gaussians in D dimensions.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameters<const D: usize> {
    /// K amplitudes a, in the units of the targets.
    pub amplitudes: Vec<f64>,
    /// K centres μ.
    pub means: Vec<SVector<f64, D>>,
    /// K factors A of the covariances.
    pub factors: Vec<SMatrix<f64, D, D>>,
}

impl<const D: usize> Parameters<D> {
    /// The number of components.
    #[must_use]
    pub fn components(&self) -> usize {
        self.amplitudes.len()
    }
}
