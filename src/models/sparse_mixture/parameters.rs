//! Weight scores, centres and factors of the precisions.

use nalgebra::{SMatrix, SVector};

use crate::error::Error;
use crate::numeric::spd::{Factor, lower_and_rotation};

/// The parameters of a sparse mixture of M Gaussians in D dimensions, centres in the frame of the points.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameters<const D: usize> {
    /// M scores w; the weights are their softmax.
    pub scores: Vec<f64>,
    /// M factors A, any invertible matrices: A Aᵀ is the precision Σ⁻¹.
    pub factors: Vec<SMatrix<f64, D, D>>,
    /// M centres μ.
    pub means: Vec<SVector<f64, D>>,
}

/// The diagonal of a singular matrix's triangle may come out as large as this part of its largest entry.
const ROUNDING: f64 = 4.0 * f64::EPSILON;

/// A precision A Aᵀ as the sum over the points takes it.
///
/// The sum wants a lower-triangular whitening matrix. Aᵀ = Q L with Q orthogonal and L lower triangular gives it exactly:
/// |Aᵀ d|² = |L d|². So the sum stays as it is for every model and takes no more operations for a full A than for a
/// triangular one; that its offsets are turned by Qᵀ against Aᵀ d is undone in the gradient, once a component.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Precision<const D: usize> {
    /// L⁻¹, the root of the covariance (A Aᵀ)⁻¹; its whitening matrix is L.
    pub root: Factor<D>,
    /// Q.
    pub rotation: SMatrix<f64, D, D>,
}

impl<const D: usize> Precision<D> {
    /// Factors A Aᵀ; `None` where A is singular, to rounding or so nearly that its inverse is not finite.
    #[must_use]
    pub fn new(factor: &SMatrix<f64, D, D>) -> Option<Self> {
        let (lower, rotation) = lower_and_rotation(&factor.transpose())?;
        if lower.diagonal().amin() <= ROUNDING * factor.amax() {
            return None;
        }
        Some(Self { root: Factor::from_whitening(lower)?, rotation })
    }
}

impl<const D: usize> Parameters<D> {
    /// Checks and takes starting parameters, one score, factor and centre a component.
    ///
    /// # Errors
    /// [`Error::Parameters`] where lengths differ, a number is not finite or a factor is singular.
    pub fn new(scores: Vec<f64>, factors: Vec<SMatrix<f64, D, D>>, means: Vec<SVector<f64, D>>) -> Result<Self, Error> {
        let refuse = |reason: String| Err(Error::Parameters { reason });
        if scores.is_empty() || factors.len() != scores.len() || means.len() != scores.len() {
            return refuse("there must be one score, factor and centre a component".to_owned());
        }
        let parameters = Self { scores, factors, means };
        if let Some(name) = parameters.not_finite() {
            return refuse(format!("{name} is not finite"));
        }
        if let Some(k) = parameters.factors.iter().position(|factor| Precision::new(factor).is_none()) {
            return refuse(format!("the factor of component {} is singular", k + 1));
        }
        Ok(parameters)
    }

    /// The number of components.
    #[must_use]
    pub fn components(&self) -> usize {
        self.scores.len()
    }

    /// ln W: the logarithms of the weights, finite however small a weight is.
    #[must_use]
    pub fn log_weights(&self) -> Vec<f64> {
        let largest = self.scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = self.scores.iter().map(|score| libm::exp(score - largest)).sum();
        let log_sum = largest + libm::log(sum);
        self.scores.iter().map(|score| score - log_sum).collect()
    }

    /// W: the weights, which sum to 1.
    #[must_use]
    pub fn weights(&self) -> Vec<f64> {
        self.log_weights().into_iter().map(libm::exp).collect()
    }

    /// The precisions, factored, or the index of the first component whose factor is singular.
    ///
    /// # Errors
    /// That index.
    pub fn precisions(&self) -> Result<Vec<Precision<D>>, usize> {
        self.factors.iter().enumerate().map(|(k, factor)| Precision::new(factor).ok_or(k)).collect()
    }

    /// All numbers in one row: scores, factors column by column, centres.
    #[must_use]
    pub fn flat(&self) -> Vec<f64> {
        let factors = self.factors.iter().flat_map(|factor| factor.iter());
        self.scores.iter().chain(factors).chain(self.means.iter().flat_map(|mean| mean.iter())).copied().collect()
    }

    /// Where component `k`'s numbers are among those of [`Parameters::flat`].
    pub(crate) fn places(components: usize, k: usize) -> impl Iterator<Item = usize> {
        let (factors, means) = (components, components * (1 + D * D));
        let factors = factors + k * D * D..factors + (k + 1) * D * D;
        let means = means + k * D..means + (k + 1) * D;
        std::iter::once(k).chain(factors).chain(means)
    }

    /// Parameters from the numbers of [`Parameters::flat`]; `None` where their length is not that of whole components.
    #[must_use]
    pub fn from_flat(flat: &[f64]) -> Option<Self> {
        let components = flat.len() / (1 + D * D + D);
        if components == 0 || flat.len() != components * (1 + D * D + D) {
            return None;
        }
        let (scores, rest) = flat.split_at(components);
        let (factors, means) = rest.split_at(components * D * D);
        Some(Self {
            scores: scores.to_vec(),
            factors: factors.chunks_exact(D * D).map(SMatrix::from_column_slice).collect(),
            means: means.chunks_exact(D).map(SVector::from_column_slice).collect(),
        })
    }

    /// The name of the first parameter that is not finite.
    #[must_use]
    pub fn not_finite(&self) -> Option<String> {
        let of = |name: &str, k: usize| Some(format!("{name} of component {}", k + 1));
        if let Some(k) = self.scores.iter().position(|score| !score.is_finite()) {
            return of("the weight score", k);
        }
        if let Some(k) = self.factors.iter().position(|factor| factor.iter().any(|value| !value.is_finite())) {
            return of("the factor", k);
        }
        let k = self.means.iter().position(|mean| mean.iter().any(|value| !value.is_finite()))?;
        of("the centre", k)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nalgebra::matrix;

    #[test]
    fn a_precision_is_that_of_its_factor() {
        for factor in [matrix![15.0, 0.0; 0.0, 15.0], matrix![0.3, -2.0; 1.5, 4.0], matrix![-1.0, 1e3; 1e-3, 2.0]] {
            let precision = Precision::new(&factor).unwrap();
            let lower = precision.root.whitening();
            assert_eq!(lower[(0, 1)], 0.0);
            assert!((precision.rotation * lower - factor.transpose()).amax() < 1e-14 * factor.amax());
            assert!((precision.rotation.transpose() * precision.rotation - SMatrix::identity()).amax() < 1e-15);
            let expected = (factor * factor.transpose()).try_inverse().unwrap();
            assert!((precision.root.covariance() - expected).amax() < 1e-8 * expected.amax());
        }
        assert_eq!(Precision::new(&matrix![1.0, 2.0; 2.0, 4.0]), None);
        assert_eq!(Precision::new(&matrix![0.1, 0.3; 0.2, 0.6]), None, "singular but for rounding");
        assert_eq!(Precision::new(&matrix![0.0]), None);
        assert_eq!(Precision::new(&matrix![f64::NAN]), None);
    }

    #[test]
    fn weights_are_a_softmax_of_any_scores() {
        let parameters = |scores: Vec<f64>| Parameters {
            factors: vec![SMatrix::<f64, 1, 1>::identity(); scores.len()],
            means: vec![SVector::zeros(); scores.len()],
            scores,
        };
        let weights = parameters(vec![0.0, libm::log(3.0)]).weights();
        assert!((weights[0] - 0.25).abs() < 1e-15 && (weights[1] - 0.75).abs() < 1e-15);
        let extreme = parameters(vec![1e4, -1e4, 1e4]);
        assert_eq!(extreme.weights()[1], 0.0);
        assert!((extreme.weights()[0] - 0.5).abs() < 1e-12);
        assert!((extreme.log_weights()[1] + 2e4).abs() < 1.0);
    }

    #[test]
    fn bad_starts_are_refused() {
        let centre = SVector::from([0.0]);
        let new = |scores: &[f64], factors: &[f64]| {
            Parameters::new(
                scores.to_vec(),
                factors.iter().map(|&a| SMatrix::from([[a]])).collect(),
                vec![centre; scores.len()],
            )
        };
        assert!(new(&[1.0, 1.0], &[1.0, -3.0]).is_ok());
        for (scores, factors, sentence) in [
            (&[][..], &[][..], "one score"),
            (&[1.0], &[1.0, 2.0], "one score"),
            (&[1.0, f64::NAN], &[1.0, 1.0], "the weight score of component 2"),
            (&[1.0, 1.0], &[f64::INFINITY, 1.0], "the factor of component 1"),
            (&[1.0, 1.0], &[1.0, 0.0], "the factor of component 2 is singular"),
        ] {
            let error = new(scores, factors).unwrap_err();
            assert!(error.to_string().contains(sentence), "{error}");
        }
    }

    #[test]
    fn flat_numbers_come_back() {
        let parameters = Parameters::new(
            vec![1.0, 2.0],
            vec![matrix![1.0, 2.0; 3.0, 4.0], matrix![5.0, 6.0; 7.0, 9.0]],
            vec![SVector::from([0.1, 0.2]), SVector::from([0.3, 0.4])],
        )
        .unwrap();
        assert_eq!(Parameters::from_flat(&parameters.flat()), Some(parameters.clone()));
        assert_eq!(Parameters::<2>::from_flat(&parameters.flat()[1..]), None);
        assert_eq!(Parameters::<2>::from_flat(&[]), None);
    }
}
