//! Points in, from anywhere: shipped files, generators, tables that the visitor gives.

pub mod generators;
mod recipes;
mod regression;
mod table;

pub use recipes::{Recipe, recipe};
pub use regression::{Regression, Samples, TrueGaussian};
pub use table::{ColumnCheck, Problem, Table, TableColumn, TableSummary};

use serde::Serialize;
use tsify::Tsify;

use crate::error::Error;

/// The name of a coordinate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Tsify)]
pub struct Axis {
    /// What it measures.
    pub label: String,
    /// In what, or empty.
    pub unit: String,
}

impl Axis {
    /// An axis without a unit.
    #[must_use]
    pub fn unitless(label: &str) -> Self {
        Self { label: label.to_owned(), unit: String::new() }
    }
}

/// Checked points: at least two, finite, not all equal, in one to three dimensions.
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset {
    label: String,
    axes: Vec<Axis>,
    /// Row-major, in the visitor's units.
    values: Vec<f64>,
    /// What a visitor should know about how these points came about.
    note: String,
    /// Who measured them, for shipped data.
    source: String,
}

impl Dataset {
    /// Checks and takes points: `values` is row-major, one number an axis.
    ///
    /// # Errors
    /// [`Error::Shape`], [`Error::EmptyData`], [`Error::OnePoint`], [`Error::NonFinite`] or [`Error::AllEqual`].
    pub fn new(label: &str, axes: Vec<Axis>, values: Vec<f64>) -> Result<Self, Error> {
        let dimension = axes.len();
        if !(1..=3).contains(&dimension) || !values.len().is_multiple_of(dimension) {
            return Err(Error::Shape { length: values.len(), dimension });
        }
        match values.len() / dimension {
            0 => return Err(Error::EmptyData),
            1 => return Err(Error::OnePoint),
            _ => {}
        }
        if let Some(position) = values.iter().position(|value| !value.is_finite()) {
            return Err(Error::NonFinite { point: position / dimension + 1 });
        }
        if values.chunks_exact(dimension).all(|point| point == &values[..dimension]) {
            return Err(Error::AllEqual);
        }
        Ok(Self { label: label.to_owned(), axes, values, note: String::new(), source: String::new() })
    }

    /// Adds what the page says about the points.
    #[must_use]
    pub fn described(mut self, note: &str, source: &str) -> Self {
        note.clone_into(&mut self.note);
        source.clone_into(&mut self.source);
        self
    }

    /// What the page calls it.
    #[must_use]
    pub fn label(&self) -> &str {
        &self.label
    }

    /// One axis a coordinate.
    #[must_use]
    pub fn axes(&self) -> &[Axis] {
        &self.axes
    }

    /// How the points came about, or empty.
    #[must_use]
    pub fn note(&self) -> &str {
        &self.note
    }

    /// Who measured them, or empty.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Coordinates a point has.
    #[must_use]
    pub fn dimension(&self) -> usize {
        self.axes.len()
    }

    /// Points there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.values.len() / self.dimension()
    }

    /// All coordinates, row by row, in the visitor's units.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// Coordinate `axis` of point `index`.
    #[must_use]
    pub fn coordinate(&self, index: usize, axis: usize) -> f64 {
        self.values[index * self.dimension() + axis]
    }

    /// The mean of each coordinate.
    #[must_use]
    pub fn mean(&self) -> Vec<f64> {
        let count = self.count() as f64;
        (0..self.dimension())
            .map(|axis| {
                // Divided before it is summed, so that no data set of finite numbers overflows.
                let rough: f64 = (0..self.count()).map(|i| self.coordinate(i, axis) / count).sum();
                rough + (0..self.count()).map(|i| (self.coordinate(i, axis) - rough) / count).sum::<f64>()
            })
            .collect()
    }

    /// The covariance matrix (dividing by the number of points), row by row.
    #[must_use]
    pub fn covariance(&self) -> Vec<f64> {
        let (dimension, mean) = (self.dimension(), self.mean());
        let mut sums = vec![0.0; dimension * dimension];
        for point in self.values.chunks_exact(dimension) {
            for a in 0..dimension {
                for b in 0..dimension {
                    sums[a * dimension + b] += (point[a] - mean[a]) * (point[b] - mean[b]);
                }
            }
        }
        sums.iter().map(|sum| sum / self.count() as f64).collect()
    }

    /// The smallest and largest value of a coordinate.
    #[must_use]
    pub fn range(&self, axis: usize) -> (f64, f64) {
        self.values
            .iter()
            .skip(axis)
            .step_by(self.dimension())
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &value| (low.min(value), high.max(value)))
    }

    /// Refuses data whose distances from the mean, or their squares, a precision cannot hold; `largest` is the limit, and
    /// its inverse the limit for distances that are too small.
    ///
    /// # Errors
    /// [`Error::Spread`].
    pub fn check_spread(&self, largest: f64, precision: &'static str) -> Result<(), Error> {
        let mean = self.mean();
        let spread = self
            .values
            .iter()
            .enumerate()
            .map(|(i, value)| (value - mean[i % self.dimension()]).abs())
            .fold(0.0, f64::max);
        if spread.is_finite() && spread <= largest && spread >= 1.0 / largest {
            Ok(())
        } else {
            Err(Error::Spread { spread, precision })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plane() -> Vec<Axis> {
        vec![Axis::unitless("x"), Axis::unitless("y")]
    }

    #[test]
    fn statistics_are_those_of_the_points() {
        let data = Dataset::new("test", plane(), vec![1.0, 10.0, 3.0, 10.0, 5.0, 16.0]).unwrap();
        assert_eq!(data.mean(), [3.0, 12.0]);
        let expected = [8.0 / 3.0, 4.0, 4.0, 8.0];
        assert!(data.covariance().iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-14));
        assert_eq!(data.range(1), (10.0, 16.0));
    }

    #[test]
    fn unusable_points_are_refused() {
        let refused = |values: &[f64]| Dataset::new("test", plane(), values.to_vec()).unwrap_err();
        assert_eq!(refused(&[]), Error::EmptyData);
        assert_eq!(refused(&[1.0, 2.0]), Error::OnePoint);
        assert_eq!(refused(&[1.0, 2.0, 3.0]), Error::Shape { length: 3, dimension: 2 });
        assert_eq!(refused(&[1.0, 2.0, 1.0, 2.0, 1.0, 2.0]), Error::AllEqual);
        assert_eq!(refused(&[1.0, 2.0, f64::NAN, 2.0]), Error::NonFinite { point: 2 });
        assert_eq!(refused(&[1.0, f64::INFINITY, 3.0, 2.0]), Error::NonFinite { point: 1 });
    }

    #[test]
    fn spread_outside_the_precision_is_refused() {
        let data = |scale: f64| Dataset::new("test", plane(), vec![0.0, 0.0, scale, scale]).unwrap();
        assert!(data(1.0).check_spread(1e30, "single").is_ok());
        assert!(data(1e35).check_spread(1e30, "single").is_err());
        assert!(data(1e-35).check_spread(1e30, "single").is_err());
        assert!(data(1e308).check_spread(1e150, "double").is_err());
    }
}
