//! Weights, means and covariances.

use nalgebra::{SMatrix, SVector};
use serde::{Deserialize, Serialize};
use tsify::Tsify;

use crate::error::Error;
use crate::numeric::random::{Purpose, Stream};
use crate::numeric::spd::Factor;

/// How a component fares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum ComponentState {
    /// It answers for some points and has a spread of its own.
    Active,
    /// Its spread fell to the minimum variance, where it is held.
    Collapsed,
    /// No point is its own: weight 0, mean and covariance as they were.
    Empty,
}

/// The parameters of a mixture of K Gaussians in D dimensions, means in the frame of the points.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameters<const D: usize> {
    /// K weights that sum to 1.
    pub weights: Vec<f64>,
    /// K means.
    pub means: Vec<SVector<f64, D>>,
    /// K covariances as their roots; all the same where they are tied.
    pub factors: Vec<Factor<D>>,
    /// K states, as the last update left them.
    pub states: Vec<ComponentState>,
}

impl<const D: usize> Parameters<D> {
    /// Checks and takes starting parameters; covariances are D×D and symmetric.
    ///
    /// # Errors
    /// [`Error::Parameters`] where lengths differ or weights are not a distribution,
    /// [`Error::CollapsedCovariance`] where a covariance is not positive definite.
    pub fn new(
        weights: Vec<f64>,
        means: Vec<SVector<f64, D>>,
        covariances: &[SMatrix<f64, D, D>],
    ) -> Result<Self, Error> {
        let refuse = |reason: &str| Err(Error::Parameters { reason: reason.to_owned() });
        if weights.is_empty() || means.len() != weights.len() || covariances.len() != weights.len() {
            return refuse("there must be one weight, mean and covariance a component");
        }
        let sum: f64 = weights.iter().sum();
        if weights.iter().any(|&weight| weight.is_nan() || weight < 0.0) || (sum - 1.0).abs() > 1e-6 {
            return refuse("weights must be at least 0 and sum to 1");
        }
        if means.iter().any(|mean| mean.iter().any(|value| !value.is_finite())) {
            return refuse("means must be finite");
        }
        let factors = covariances
            .iter()
            .enumerate()
            .map(|(k, covariance)| {
                Factor::from_covariance(covariance).ok_or(Error::CollapsedCovariance { component: k + 1 })
            })
            .collect::<Result<_, _>>()?;
        let states = vec![ComponentState::Active; weights.len()];
        Ok(Self { weights, means, factors, states })
    }

    /// The number of components.
    #[must_use]
    pub fn components(&self) -> usize {
        self.weights.len()
    }

    /// Draws `count` points from the mixture, row by row, in the frame of the means.
    #[must_use]
    pub fn sample(&self, count: usize, seed: u64) -> Vec<f64> {
        let mut stream = Stream::new(seed, Purpose::ModelSamples);
        let last = self.weights.iter().rposition(|&weight| weight > 0.0).unwrap_or(0);
        let mut values = Vec::with_capacity(count * D);
        for _ in 0..count {
            let mut rest = stream.uniform();
            let chosen = self.weights.iter().position(|&weight| {
                rest -= weight;
                rest < 0.0
            });
            // Weights may sum to a little less than 1.
            let k = chosen.unwrap_or(last);
            let normal = SVector::from_fn(|_, _| stream.normal());
            values.extend((self.means[k] + self.factors[k].lower() * normal).iter());
        }
        values
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_have_the_moments_of_the_mixture() {
        let means = [SVector::from([1.0, -2.0]), SVector::from([4.0, 0.0]), SVector::from([9.0, 9.0])];
        let covariances = [[4.0, 1.2, 1.2, 1.0], [0.5, -0.3, -0.3, 0.8], [1.0, 0.0, 0.0, 1.0]];
        let covariances = covariances.map(|values| SMatrix::<f64, 2, 2>::from_row_slice(&values));
        let weights = vec![0.3, 0.7, 0.0];
        let mixture = Parameters::new(weights.clone(), means.to_vec(), &covariances).unwrap();
        let count = 200_000;
        let values = mixture.sample(count, 5);
        assert_eq!(values, mixture.sample(count, 5));
        assert_ne!(values[..10], mixture.sample(5, 6));
        let mean: SVector<f64, 2> = (0..3).map(|k| means[k] * weights[k]).sum();
        let second: SMatrix<f64, 2, 2> =
            (0..3).map(|k| (covariances[k] + (means[k] - mean) * (means[k] - mean).transpose()) * weights[k]).sum();
        let points: Vec<SVector<f64, 2>> =
            values.chunks_exact(2).map(|point| SVector::from_column_slice(point) - mean).collect();
        // Each moment within five of its own standard errors, as the draws show them.
        let check = |expected: f64, draw: &dyn Fn(&SVector<f64, 2>) -> f64| {
            let draws: Vec<f64> = points.iter().map(draw).collect();
            let found = draws.iter().sum::<f64>() / count as f64;
            let variance = draws.iter().map(|value| (value - found).powi(2)).sum::<f64>() / count as f64;
            let error = (variance / count as f64).sqrt();
            assert!((found - expected).abs() < 5.0 * error, "{found} instead of {expected} ± {error}");
        };
        for a in 0..2 {
            check(0.0, &|x| x[a]);
            for b in 0..=a {
                check(second[(a, b)], &|x| x[a] * x[b]);
            }
        }
    }

    #[test]
    fn bad_starts_are_refused() {
        let mean = SVector::from([0.0]);
        let one = SMatrix::from([[1.0]]);
        assert!(Parameters::new(vec![0.5], vec![mean], &[one]).is_err());
        assert!(Parameters::new(vec![1.0], vec![mean, mean], &[one]).is_err());
        assert!(Parameters::new(vec![1.0], vec![SVector::from([f64::NAN])], &[one]).is_err());
        assert_eq!(
            Parameters::new(vec![1.0], vec![mean], &[SMatrix::from([[0.0]])]),
            Err(Error::CollapsedCovariance { component: 1 })
        );
    }
}
