//! Amplitudes, centres and factors, and how a factor becomes a covariance.

use nalgebra::{SMatrix, SVector};

use crate::numeric::spd::Factor;
use crate::settings::FactorShape;

/// How a factor A gives a covariance Σ, or is one.
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
            FactorShape::Covariance => (factor + factor.transpose()) * 0.5,
            FactorShape::Upper | FactorShape::UpperEverywhere => factor.upper_triangle(),
        }
    }

    /// Σ = A Aᵀ + εI; for [`FactorShape::UpperEverywhere`] U Uᵀ with D ε added to every entry, for
    /// [`FactorShape::Covariance`] the symmetric part of A, which may be no covariance at all.
    #[must_use]
    pub fn covariance<const D: usize>(&self, factor: &SMatrix<f64, D, D>) -> SMatrix<f64, D, D> {
        let counted = self.counted(factor);
        let floor = match self.shape {
            FactorShape::Covariance => return counted,
            FactorShape::UpperEverywhere => SMatrix::from_element(D as f64 * self.epsilon),
            FactorShape::Full | FactorShape::Upper => SMatrix::identity() * self.epsilon,
        };
        counted * counted.transpose() + floor
    }

    /// The root R of Σ = R Rᵀ, from a QR decomposition of [A, √ε I]ᵀ: forming Σ would cost half of the digits. `None`
    /// where Σ is not positive definite and finite. Where A is Σ, by Cholesky.
    #[must_use]
    pub fn root<const D: usize>(&self, factor: &SMatrix<f64, D, D>) -> Option<Factor<D>> {
        if self.shape == FactorShape::Covariance {
            return Factor::from_covariance(&self.counted(factor));
        }
        Factor::from_lower(self.decompose(factor)?.upper.transpose())
    }

    /// R⁻¹ and R⁻¹ A, or ½ R⁻¹ where A is Σ; `None` where [`CovarianceForm::root`] is.
    #[must_use]
    pub fn whitening<const D: usize>(&self, factor: &SMatrix<f64, D, D>) -> Option<Whitening<D>> {
        if self.shape == FactorShape::Covariance {
            let matrix = *self.root(factor)?.whitening();
            return Some(Whitening { matrix, factor: matrix * 0.5 });
        }
        let Decomposition { upper, shares } = self.decompose(factor)?;
        let root = Factor::from_lower(upper.transpose())?;
        Some(Whitening { matrix: *root.whitening(), factor: shares })
    }

    /// The QR decomposition of [A, √ε I]ᵀ; `None` where it is singular.
    fn decompose<const D: usize>(&self, factor: &SMatrix<f64, D, D>) -> Option<Decomposition<D>> {
        let counted = self.counted(factor);
        let unit = |d: usize, value: f64| {
            let mut row = SVector::zeros();
            row[d] = value;
            row
        };
        let mut decomposition = Decomposition::new();
        for j in 0..D {
            decomposition.add(counted.column(j).into_owned(), unit(j, 1.0));
        }
        match self.shape {
            FactorShape::UpperEverywhere => {
                decomposition.add(SVector::repeat(libm::sqrt(D as f64 * self.epsilon)), SVector::zeros());
            }
            // Σ itself has no factor to decompose.
            FactorShape::Full | FactorShape::Upper | FactorShape::Covariance => {
                for d in 0..D {
                    decomposition.add(unit(d, libm::sqrt(self.epsilon)), SVector::zeros());
                }
            }
        }
        // The rounding of nearly equal columns leaves a diagonal of this size where there should be none.
        let lost = f64::EPSILON * decomposition.upper.amax();
        decomposition.upper.diagonal().iter().all(|&value| value > lost).then_some(decomposition)
    }

    /// Whether Σ is positive definite and finite.
    #[must_use]
    pub fn is_definite<const D: usize>(&self, factor: &SMatrix<f64, D, D>) -> bool {
        self.root(factor).is_some()
    }

    /// The A whose covariance is as near to Σ as it gets: Σ itself where that is what A is, else
    /// [`CovarianceForm::factor_of`]. `None` where Σ is not positive definite.
    #[must_use]
    pub fn parameter_of<const D: usize>(&self, covariance: &SMatrix<f64, D, D>) -> Option<SMatrix<f64, D, D>> {
        match self.shape {
            FactorShape::Covariance => self.is_definite(covariance).then_some(*covariance),
            FactorShape::Full | FactorShape::Upper | FactorShape::UpperEverywhere => Self::factor_of(covariance),
        }
    }

    /// An upper triangular factor A with A Aᵀ + εI as near to a covariance as it gets: A Aᵀ = Σ. `None` where Σ is not
    /// positive definite.
    #[must_use]
    pub fn factor_of<const D: usize>(covariance: &SMatrix<f64, D, D>) -> Option<SMatrix<f64, D, D>> {
        // Turned around, an upper triangle is a lower one.
        let turn = |matrix: &SMatrix<f64, D, D>| SMatrix::from_fn(|i, j| matrix[(D - 1 - i, D - 1 - j)]);
        Some(turn(Factor::from_covariance(&turn(covariance))?.lower()))
    }
}

/// What offsets and factors are multiplied by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Whitening<const D: usize> {
    /// R⁻¹, lower triangular.
    pub matrix: SMatrix<f64, D, D>,
    /// What R⁻ᵀ u uᵀ is multiplied by for the derivative of −½ |u|² by A. R⁻¹ A, a block of the decomposition's orthogonal
    /// matrix: multiplied out it would lose the digits that a nearly singular R⁻¹ has too many of. Where A is Σ, ½ R⁻¹.
    pub factor: SMatrix<f64, D, D>,
}

/// A QR decomposition that grows row by row, by Givens rotations.
struct Decomposition<const D: usize> {
    /// U, with Uᵀ U the sum of the outer products of the rows so far. Its diagonal is at or above 0.
    upper: SMatrix<f64, D, D>,
    /// What each row of U has of some rows: their part of Qᵀ.
    shares: SMatrix<f64, D, D>,
}

impl<const D: usize> Decomposition<D> {
    fn new() -> Self {
        Self { upper: SMatrix::zeros(), shares: SMatrix::zeros() }
    }

    /// Adds a row; `share` is a unit vector for a row whose part of Qᵀ is wanted, else 0.
    fn add(&mut self, mut row: SVector<f64, D>, mut share: SVector<f64, D>) {
        for d in 0..D {
            if row[d] == 0.0 {
                continue;
            }
            let length = libm::sqrt(self.upper[(d, d)] * self.upper[(d, d)] + row[d] * row[d]);
            if length == 0.0 {
                // Squares that vanish belong to numbers that are as good as 0.
                continue;
            }
            let (cosine, sine) = (self.upper[(d, d)] / length, row[d] / length);
            let rotate = |above: &mut f64, below: &mut f64| {
                (*above, *below) = (cosine * *above + sine * *below, cosine * *below - sine * *above);
            };
            for j in d..D {
                rotate(&mut self.upper[(d, j)], &mut row[j]);
            }
            for j in 0..D {
                rotate(&mut self.shares[(d, j)], &mut share[j]);
            }
        }
    }
}

/// The parameters of a sum of K Gaussians in D dimensions.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameters<const D: usize> {
    /// K amplitudes a, in the units of the targets.
    pub amplitudes: Vec<f64>,
    /// K centres μ.
    pub means: Vec<SVector<f64, D>>,
    /// K factors A of the covariances, or the covariances themselves.
    pub factors: Vec<SMatrix<f64, D, D>>,
}

impl<const D: usize> Parameters<D> {
    /// All zero, for K components: the shape of a gradient.
    #[must_use]
    pub fn zeros(components: usize) -> Self {
        Self {
            amplitudes: vec![0.0; components],
            means: vec![SVector::zeros(); components],
            factors: vec![SMatrix::zeros(); components],
        }
    }

    /// The number of components.
    #[must_use]
    pub fn components(&self) -> usize {
        self.amplitudes.len()
    }

    /// Takes over the numbers of parameters of as many components, without allocating.
    pub fn copy_from(&mut self, other: &Self) {
        self.amplitudes.clone_from(&other.amplitudes);
        self.means.clone_from(&other.means);
        self.factors.clone_from(&other.factors);
    }

    /// Numbers that K components have: K amplitudes, K·D coordinates and K·D² entries of factors.
    #[must_use]
    pub fn length(components: usize) -> usize {
        components * (1 + D + D * D)
    }

    /// Where component `k`'s numbers are in the flat order that [`Parameters::write`] has.
    pub(crate) fn places(components: usize, k: usize) -> impl Iterator<Item = usize> {
        let (means, factors) = (components, components * (1 + D));
        let means = means + k * D..means + (k + 1) * D;
        let factors = factors + k * D * D..factors + (k + 1) * D * D;
        std::iter::once(k).chain(means).chain(factors)
    }

    /// Writes all numbers into a flat array: amplitudes, then centres, then factors column by column.
    pub fn write(&self, values: &mut Vec<f64>) {
        values.clear();
        values.extend_from_slice(&self.amplitudes);
        values.extend(self.means.iter().flat_map(|mean| mean.iter()));
        values.extend(self.factors.iter().flat_map(|factor| factor.iter()));
    }

    /// Takes numbers in the order of [`Parameters::write`]; there are [`Parameters::length`] of them.
    pub fn read(&mut self, values: &[f64]) {
        let (amplitudes, values) = values.split_at(self.components());
        let (means, factors) = values.split_at(self.components() * D);
        self.amplitudes.copy_from_slice(amplitudes);
        for (mean, values) in self.means.iter_mut().zip(means.chunks_exact(D)) {
            mean.copy_from_slice(values);
        }
        for (factor, values) in self.factors.iter_mut().zip(factors.chunks_exact(D * D)) {
            factor.copy_from_slice(values);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nalgebra::matrix;

    const SHAPES: [FactorShape; 3] = [FactorShape::Full, FactorShape::Upper, FactorShape::UpperEverywhere];

    #[test]
    fn roots_are_those_of_the_covariances() {
        let factor = matrix![1.0, -2.0, 0.3; 0.7, 0.1, 5.0; -0.2, 1.5, 0.4];
        for shape in SHAPES {
            for epsilon in [0.0, 1e-6, 0.5] {
                let form = CovarianceForm { shape, epsilon };
                let root = form.root(&factor).unwrap();
                assert!((root.covariance() - form.covariance(&factor)).amax() < 1e-13, "{shape:?} {epsilon}");
                let whitening = form.whitening(&factor).unwrap();
                assert!((root.lower() * whitening.matrix - SMatrix::identity()).amax() < 1e-13);
                assert!((root.lower() * whitening.factor - form.counted(&factor)).amax() < 1e-13);
                assert!(
                    root.lower().upper_triangle().lower_triangle() == SMatrix::from_diagonal(&root.lower().diagonal())
                );
            }
        }
        // ε on every entry: U Uᵀ + 2ε is written out here.
        let form = CovarianceForm { shape: FactorShape::UpperEverywhere, epsilon: 0.25 };
        let expected = matrix![1.0 + 4.0 + 0.5, -2.0 * 0.1 + 0.5; -2.0 * 0.1 + 0.5, 0.01 + 0.5];
        assert!((form.covariance(&matrix![1.0, -2.0; 9.0, 0.1]) - expected).amax() < 1e-15);
    }

    #[test]
    fn a_singular_factor_has_a_root_where_epsilon_is_above_0() {
        let singular = matrix![1.0, 2.0; 0.5, 1.0];
        let form = |epsilon| CovarianceForm { shape: FactorShape::Full, epsilon };
        let root = form(1e-6).root(&singular).unwrap();
        // det(A Aᵀ + εI) = ε (tr A Aᵀ + ε) for a singular A.
        let determinant = (1e-6 * (6.25 + 1e-6f64)).sqrt();
        assert!((root.lower().determinant() / determinant - 1.0).abs() < 1e-9);
        assert!(form(0.0).root(&singular).is_none());
        assert!(form(0.0).root(&SMatrix::<f64, 2, 2>::zeros()).is_none());
        assert!(form(1e-6).root(&SMatrix::<f64, 2, 2>::zeros()).is_some());
        for bad in [f64::NAN, f64::INFINITY] {
            assert!(form(1e-6).root(&matrix![1.0, bad; 0.0, 1.0]).is_none());
        }
    }

    #[test]
    fn nearly_singular_whitenings_keep_their_digits() {
        // A = a eᵀ with a = (2, 3): R⁻¹ a = (2/r, √ε·3/(r √s)) with r = √(4 + ε) and s = 13 + ε.
        let (a, epsilon) = (matrix![2.0, 0.0; 3.0, 0.0], 1e-10f64);
        let whitening = CovarianceForm { shape: FactorShape::Full, epsilon }.whitening(&a).unwrap();
        let (r, s) = ((4.0 + epsilon).sqrt(), 13.0 + epsilon);
        let expected = [2.0 / r, epsilon.sqrt() * 3.0 / (r * s.sqrt())];
        for (d, expected) in expected.into_iter().enumerate() {
            assert!((whitening.factor[(d, 0)] / expected - 1.0).abs() < 1e-10, "{}", whitening.factor);
        }
    }

    #[test]
    fn covariances_have_upper_factors() {
        let covariance = matrix![4.0, 2.0, 0.4; 2.0, 3.0, -0.5; 0.4, -0.5, 1.0];
        let factor = CovarianceForm::factor_of(&covariance).unwrap();
        assert!((factor * factor.transpose() - covariance).amax() < 1e-14);
        assert_eq!(factor, factor.upper_triangle());
        assert!(CovarianceForm::factor_of(&matrix![1.0, 2.0; 2.0, 1.0]).is_none());
    }

    #[test]
    fn what_is_trained_may_be_the_covariance() {
        let form = CovarianceForm { shape: FactorShape::Covariance, epsilon: 0.5 };
        let lopsided = matrix![4.0, 3.0, 0.4; 1.0, 3.0, -0.5; 0.4, -0.5, 1.0];
        let covariance = matrix![4.0, 2.0, 0.4; 2.0, 3.0, -0.5; 0.4, -0.5, 1.0];
        assert_eq!(form.covariance(&lopsided), covariance, "the symmetric part, and no ε");
        let root = form.root(&lopsided).unwrap();
        assert!((root.covariance() - covariance).amax() < 1e-14);
        let whitening = form.whitening(&lopsided).unwrap();
        assert!((root.lower() * whitening.matrix - SMatrix::identity()).amax() < 1e-14);
        assert_eq!(whitening.factor, whitening.matrix * 0.5);
        assert_eq!(form.parameter_of(&covariance), Some(covariance));
        let full = CovarianceForm { shape: FactorShape::Full, epsilon: 0.0 };
        assert_eq!(full.parameter_of(&covariance), CovarianceForm::factor_of(&covariance));
        for broken in [matrix![1.0, 2.0; 2.0, 1.0], matrix![-1.0, 0.0; 0.0, 1.0], matrix![0.0, 0.0; 0.0, 1.0]] {
            assert!(!form.is_definite(&broken) && form.whitening(&broken).is_none());
            assert_eq!(form.parameter_of(&broken), None);
        }
        for bad in [f64::NAN, f64::INFINITY] {
            assert!(!form.is_definite(&matrix![1.0, 0.0; 0.0, bad]));
            assert!(!form.is_definite(&matrix![1.0, bad; 0.0, 1.0]));
        }
    }

    #[test]
    fn flat_parameters_come_back() {
        let parameters = Parameters::<2> {
            amplitudes: vec![1.0, 2.0],
            means: vec![SVector::from([3.0, 4.0]), SVector::from([5.0, 6.0])],
            factors: vec![matrix![7.0, 8.0; 9.0, 10.0], matrix![11.0, 12.0; 13.0, 14.0]],
        };
        let mut values = Vec::new();
        parameters.write(&mut values);
        assert_eq!(values.len(), Parameters::<2>::length(2));
        let mut other = Parameters::zeros(2);
        other.read(&values);
        assert_eq!(other, parameters);
        let second: Vec<f64> = Parameters::<2>::places(2, 1).map(|place| values[place]).collect();
        assert_eq!(second, [2.0, 5.0, 6.0, 11.0, 13.0, 12.0, 14.0]);
    }
}
