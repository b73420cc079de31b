//! Small symmetric positive-definite matrices, kept as their lower-triangular roots: Σ = R Rᵀ.
//!
//! Roots are updated without forming Σ, so that nearly singular covariances keep half of the digits that squaring
//! would cost.

use nalgebra::{DMatrix, SMatrix, SVector};

/// A covariance Σ as its lower-triangular root.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Factor<const D: usize> {
    /// R, with a positive diagonal.
    lower: SMatrix<f64, D, D>,
    /// R⁻¹.
    whitening: SMatrix<f64, D, D>,
}

impl<const D: usize> Factor<D> {
    /// Takes a lower-triangular root; `None` unless its diagonal is positive and all of it and of its inverse finite.
    #[must_use]
    pub fn from_lower(lower: SMatrix<f64, D, D>) -> Option<Self> {
        if !lower.diagonal().iter().all(|&value| value > 0.0) {
            return None;
        }
        let whitening = lower.solve_lower_triangular(&SMatrix::identity())?;
        let finite = lower.iter().chain(whitening.iter()).all(|value| value.is_finite());
        finite.then_some(Self { lower, whitening })
    }

    /// Takes the inverse of a root, R⁻¹, lower triangular; `None` unless its diagonal is positive and all of it and of its
    /// inverse finite.
    #[must_use]
    pub fn from_whitening(whitening: SMatrix<f64, D, D>) -> Option<Self> {
        let Self { lower: whitening, whitening: lower } = Self::from_lower(whitening)?;
        Some(Self { lower, whitening })
    }

    /// Factors a symmetric matrix; `None` unless it is positive definite and finite.
    #[must_use]
    pub fn from_covariance(covariance: &SMatrix<f64, D, D>) -> Option<Self> {
        Self::from_lower(covariance.cholesky()?.unpack())
    }

    /// The root of a diagonal covariance.
    #[must_use]
    pub fn from_variances(variances: [f64; D]) -> Option<Self> {
        Self::from_lower(SMatrix::from_fn(|i, j| if i == j { libm::sqrt(variances[i]) } else { 0.0 }))
    }

    /// R: lower triangular, with a positive diagonal.
    #[must_use]
    pub fn lower(&self) -> &SMatrix<f64, D, D> {
        &self.lower
    }

    /// R⁻¹, which whitens offsets: u = R⁻¹ (x − μ).
    #[must_use]
    pub fn whitening(&self) -> &SMatrix<f64, D, D> {
        &self.whitening
    }

    /// Σ = R Rᵀ.
    #[must_use]
    pub fn covariance(&self) -> SMatrix<f64, D, D> {
        self.lower * self.lower.transpose()
    }

    /// ln √det Σ.
    #[must_use]
    pub fn log_sqrt_determinant(&self) -> f64 {
        self.lower.diagonal().iter().map(|&value| libm::log(value)).sum()
    }

    /// The root of R S Rᵀ for a symmetric positive semi-definite S, with every eigenvalue of the product raised to at
    /// least `minimum`, and whether one had to be. Among covariances with such eigenvalues it is the
    /// likeliest, so that EM with this floor never loses likelihood.
    ///
    /// `None` where the product is not finite, or is singular while `minimum` is 0.
    #[must_use]
    pub fn rescaled(&self, s: &SMatrix<f64, D, D>, minimum: f64) -> Option<(Self, bool)> {
        if s.iter().any(|value| !value.is_finite()) {
            return None;
        }
        if let Some(root) = s.cholesky()
            && let Some(factor) = Self::from_lower(self.lower * root.unpack())
            // The smallest singular value is at least 1/‖R⁻¹‖: usually enough to know that the floor is far.
            && (minimum <= 0.0 || factor.whitening.norm_squared() * minimum <= 1.0)
        {
            return Some((factor, false));
        }
        let mut root = orthogonalized(s);
        for mut column in root.column_iter_mut() {
            let norm = column.norm();
            if norm > 0.0 {
                column /= libm::sqrt(norm);
            }
        }
        let mut root = orthogonalized(&(self.lower * root));
        let raised = raise_columns(&mut root, libm::sqrt(minimum));
        let root = DMatrix::from_column_slice(D, D, root.as_slice());
        let mut lower = SMatrix::<f64, D, D>::from_column_slice(root.transpose().qr().r().transpose().as_slice());
        for mut column in lower.column_iter_mut() {
            if column.iter().find(|value| **value != 0.0).is_some_and(|&first| first < 0.0) {
                column.neg_mut();
            }
        }
        Some((Self::from_lower(lower)?, raised))
    }
}

/// L, lower triangular with a diagonal of at least 0, and the orthogonal Q of M = Q L: the QR decomposition of M with its
/// columns in reverse order. `None` where M is not finite.
#[must_use]
pub fn lower_and_rotation<const D: usize>(
    matrix: &SMatrix<f64, D, D>,
) -> Option<(SMatrix<f64, D, D>, SMatrix<f64, D, D>)> {
    if matrix.iter().any(|value| !value.is_finite()) {
        return None;
    }
    let (q, r) = DMatrix::from_fn(D, D, |i, j| matrix[(i, D - 1 - j)]).qr().unpack();
    let mut lower = SMatrix::<f64, D, D>::from_fn(|i, j| if j <= i { r[(D - 1 - i, D - 1 - j)] } else { 0.0 });
    let mut rotation = SMatrix::<f64, D, D>::from_fn(|i, j| q[(i, D - 1 - j)]);
    for d in 0..D {
        if lower[(d, d)] < 0.0 {
            lower.row_mut(d).neg_mut();
            rotation.column_mut(d).neg_mut();
        }
    }
    Some((lower, rotation))
}

/// Most sweeps of rotations; three columns are orthogonal to the last digit after about six.
const SWEEPS: usize = 30;

/// B V for the rotation V that makes its columns orthogonal, by one-sided Jacobi rotations (Hestenes 1958): their
/// lengths are the singular values of B, small ones to as many digits as large ones. The columns of a
/// symmetric positive semi-definite matrix become its eigenvectors, each as long as its eigenvalue.
fn orthogonalized<const D: usize>(matrix: &SMatrix<f64, D, D>) -> SMatrix<f64, D, D> {
    let mut columns = *matrix;
    for _ in 0..SWEEPS {
        let mut rotated = false;
        for a in 0..D {
            for b in a + 1..D {
                let (x, y) = (columns.column(a).into_owned(), columns.column(b).into_owned());
                let (xx, yy, xy) = (x.norm_squared(), y.norm_squared(), x.dot(&y));
                if xy.abs() <= f64::EPSILON * libm::sqrt(xx) * libm::sqrt(yy) {
                    continue;
                }
                rotated = true;
                let zeta = (yy - xx) / (2.0 * xy);
                let tangent = zeta.signum() / (zeta.abs() + libm::sqrt(1.0 + zeta * zeta));
                let cosine = 1.0 / libm::sqrt(1.0 + tangent * tangent);
                columns.set_column(a, &((x - y * tangent) * cosine));
                columns.set_column(b, &((x * tangent + y) * cosine));
            }
        }
        if !rotated {
            break;
        }
    }
    columns
}

/// Lengthens orthogonal columns to at least `shortest`; returns whether one had to be. A column that is too short to
/// have a direction of its own takes one across the others.
fn raise_columns<const D: usize>(columns: &mut SMatrix<f64, D, D>, shortest: f64) -> bool {
    let mut order: [usize; D] = std::array::from_fn(|index| index);
    order.sort_by(|&a, &b| columns.column(b).norm().total_cmp(&columns.column(a).norm()));
    let mut raised = false;
    for place in 0..D {
        let column = columns.column(order[place]).into_owned();
        if column.norm() >= shortest {
            continue;
        }
        raised = true;
        let across = |mut vector: SVector<f64, D>| {
            for &longer in &order[..place] {
                let direction = columns.column(longer).normalize();
                vector -= direction * direction.dot(&vector);
            }
            vector.try_normalize(1e-3)
        };
        let unit = |axis: usize| SVector::from_fn(|i, _| if i == axis { 1.0 } else { 0.0 });
        let own = column.try_normalize(f64::MIN_POSITIVE).and_then(across);
        if let Some(direction) = own.or_else(|| (0..D).find_map(|axis| across(unit(axis)))) {
            columns.set_column(order[place], &(direction * shortest));
        }
    }
    raised
}

#[cfg(test)]
mod tests {
    use super::*;
    use nalgebra::{matrix, vector};

    #[test]
    fn factor_whitens() {
        let covariance = matrix![4.0, 2.0, 0.4; 2.0, 3.0, -0.5; 0.4, -0.5, 1.0];
        let factor = Factor::from_covariance(&covariance).unwrap();
        assert!((factor.covariance() - covariance).amax() < 1e-14);
        assert!((factor.whitening * factor.lower - SMatrix::identity()).amax() < 1e-14);
        assert!((factor.log_sqrt_determinant() - 0.5 * covariance.determinant().ln()).abs() < 1e-14);
    }

    #[test]
    fn factor_refuses_what_is_not_positive_definite() {
        assert!(Factor::from_covariance(&matrix![1.0, 2.0; 2.0, 1.0]).is_none());
        assert!(Factor::from_covariance(&matrix![0.0]).is_none());
        assert!(Factor::from_covariance(&matrix![f64::NAN, 0.0; 0.0, 1.0]).is_none());
        assert!(Factor::from_covariance(&matrix![f64::INFINITY]).is_none());
        assert!(Factor::from_variances([1.0, -1.0]).is_none());
    }

    #[test]
    fn a_matrix_is_a_rotation_of_a_lower_triangle() {
        for matrix in [
            matrix![2.0, -1.0, 0.5; 0.3, 4.0, -2.0; 1.0, 1.0, 1e-9],
            matrix![0.0, 0.0, 1.0; 0.0, -1.0, 0.0; 1.0, 0.0, 0.0],
            matrix![1.0, 2.0, 3.0; 2.0, 4.0, 6.0; 0.0, 1.0, 1.0],
        ] {
            let (lower, rotation) = lower_and_rotation(&matrix).unwrap();
            assert!((rotation * lower - matrix).amax() < 1e-14);
            assert!((rotation * rotation.transpose() - SMatrix::identity()).amax() < 1e-15);
            assert!(lower.diagonal().iter().all(|&value| value >= 0.0));
            assert_eq!((lower[(0, 1)], lower[(0, 2)], lower[(1, 2)]), (0.0, 0.0, 0.0));
        }
        assert!(lower_and_rotation(&matrix![f64::INFINITY]).is_none());
        let factor = Factor::from_whitening(matrix![2.0, 0.0; 1.0, 4.0]).unwrap();
        assert!((factor.lower * matrix![2.0, 0.0; 1.0, 4.0] - SMatrix::identity()).amax() < 1e-15);
        assert!(Factor::from_whitening(matrix![0.0]).is_none());
    }

    #[test]
    fn rescaling_multiplies_roots() {
        let factor = Factor::from_covariance(&matrix![4.0, 2.0; 2.0, 3.0]).unwrap();
        let s = matrix![0.5, 0.1; 0.1, 2.0];
        let (rescaled, raised) = factor.rescaled(&s, 1e-6).unwrap();
        assert!(!raised);
        assert!((rescaled.covariance() - factor.lower * s * factor.lower.transpose()).amax() < 1e-14);
    }

    #[test]
    fn eigenvalues_are_raised_and_eigenvectors_kept() {
        let direction = vector![0.6, 0.8];
        let across = vector![-0.8, 0.6];
        let start = Factor::from_covariance(&matrix![4.0, 2.0; 2.0, 3.0]).unwrap();
        for tiny in [1e-9, 0.0] {
            let wanted = direction * direction.transpose() * 5.0 + across * across.transpose() * tiny;
            let s = start.whitening * wanted * start.whitening.transpose();
            let (factor, raised) = start.rescaled(&((s + s.transpose()) * 0.5), 1e-3).unwrap();
            assert!(raised);
            let expected = direction * direction.transpose() * 5.0 + across * across.transpose() * 1e-3;
            assert!((factor.covariance() - expected).amax() < 1e-14, "{}", factor.covariance());
            assert!(factor.lower.diagonal().iter().all(|&value| value > 0.0) && factor.lower[(0, 1)] == 0.0);
        }
    }

    #[test]
    fn a_point_has_no_covariance_without_a_floor() {
        let factor = Factor::<2>::from_variances([1.0, 1.0]).unwrap();
        assert!(factor.rescaled(&SMatrix::zeros(), 0.0).is_none());
        let (floored, raised) = factor.rescaled(&SMatrix::zeros(), 0.25).unwrap();
        assert!(raised && (floored.covariance() - SMatrix::identity() * 0.25).amax() < 1e-15);
        assert!(factor.rescaled(&SMatrix::from_element(f64::NAN), 0.25).is_none());
    }
}
