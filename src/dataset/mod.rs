//! Points in, from anywhere: shipped files, generators, tables that the visitor gives.

pub mod generators;

mod recipes;
mod regression;
mod standardization;
mod table;

pub use recipes::{Recipe, recipe};
pub use regression::{Regression, Samples, TrueGaussian};
pub use standardization::Placement;
pub use table::{ColumnCheck, Problem, Table, TableColumn, TableSummary, WeightedNumbers};

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
    /// One a point; `None` where all count once.
    weights: Option<Vec<f64>>,
    /// What a visitor should know about how these points came about.
    note: String,
    /// Who measured them, for shipped data.
    source: String,
    /// The Gaussians that they were drawn from.
    truth: Vec<TrueGaussian>,
    /// The group that each point is of; `None` where nobody knows.
    labels: Option<Vec<u32>>,
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
        Ok(Self {
            label: label.to_owned(),
            axes,
            values,
            weights: None,
            note: String::new(),
            source: String::new(),
            truth: Vec::new(),
            labels: None,
        })
    }

    /// Gives each point a weight of at least 0: a point of weight 0 is as good as absent, one of weight 2 counts as
    /// if it were there twice. Everything that is computed from the points heeds them.
    ///
    /// # Errors
    /// [`Error::WeightCount`], [`Error::Weight`], [`Error::NoWeight`], and [`Error::OnePoint`] or [`Error::AllEqual`] where those
    /// that are left are too few.
    pub fn with_weights(mut self, weights: Vec<f64>) -> Result<Self, Error> {
        if weights.len() != self.count() {
            return Err(Error::WeightCount { weights: weights.len(), points: self.count() });
        }
        let mut total = 0.0;
        for (i, &weight) in weights.iter().enumerate() {
            total += weight;
            // A sum that overflows would make all shares 0.
            if weight.is_nan() || weight < 0.0 || !total.is_finite() {
                return Err(Error::Weight { point: i + 1 });
            }
        }
        let mut present = self.values.chunks_exact(self.dimension()).zip(&weights).filter(|(_, weight)| **weight > 0.0);
        let (first, _) = present.next().ok_or(Error::NoWeight)?;
        let mut others = present.map(|(point, _)| point).peekable();
        if others.peek().is_none() {
            return Err(Error::OnePoint);
        }
        if others.all(|point| point == first) {
            return Err(Error::AllEqual);
        }
        self.weights = Some(weights);
        Ok(self)
    }

    /// Adds what the page says about the points.
    #[must_use]
    pub fn described(mut self, note: &str, source: &str) -> Self {
        note.clone_into(&mut self.note);
        source.clone_into(&mut self.source);
        self
    }

    /// Adds the Gaussians that the points were drawn from, their amplitude being their share of the points.
    #[must_use]
    pub fn drawn_from(mut self, truth: Vec<TrueGaussian>) -> Self {
        self.truth = truth;
        self
    }

    /// Adds which group each point is of, counted from 0: which Gaussian it was drawn from, or which species it is.
    ///
    /// # Errors
    /// [`Error::LabelCount`] where there is not one a point.
    pub fn with_labels(mut self, labels: Vec<u32>) -> Result<Self, Error> {
        if labels.len() != self.count() {
            return Err(Error::LabelCount { labels: labels.len(), points: self.count() });
        }
        self.labels = Some(labels);
        Ok(self)
    }

    /// The Gaussians that the points were drawn from, their amplitude being their share of the points: together 1, or less where
    /// some points were drawn from none. Empty where nobody knows, or where there are none.
    #[must_use]
    pub fn truth(&self) -> &[TrueGaussian] {
        &self.truth
    }

    /// The group that each point is of, counted from 0; `None` where nobody knows.
    #[must_use]
    pub fn labels(&self) -> Option<&[u32]> {
        self.labels.as_deref()
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

    /// One weight a point, or `None` where all count once.
    #[must_use]
    pub fn weights(&self) -> Option<&[f64]> {
        self.weights.as_deref()
    }

    /// The weight of point `index`.
    #[must_use]
    pub fn weight(&self, index: usize) -> f64 {
        self.weights.as_ref().map_or(1.0, |weights| weights[index])
    }

    /// The sum of the weights: how many points there are, counting each as often as its weight says.
    #[must_use]
    pub fn total_weight(&self) -> f64 {
        self.weights.as_ref().map_or(self.count() as f64, |weights| weights.iter().sum())
    }

    /// The points that count: those whose weight is above 0, in order.
    pub fn present(&self) -> impl Iterator<Item = usize> + Clone {
        (0..self.count()).filter(|&i| self.weight(i) > 0.0)
    }

    /// Coordinate `axis` of point `index`.
    #[must_use]
    pub fn coordinate(&self, index: usize, axis: usize) -> f64 {
        self.values[index * self.dimension() + axis]
    }

    /// The mean of each coordinate.
    #[must_use]
    pub fn mean(&self) -> Vec<f64> {
        let total = self.total_weight();
        // Divided before it is summed, so that no data set of finite numbers overflows.
        let share = |i: usize, value: f64| value / total * self.weight(i);
        (0..self.dimension())
            .map(|axis| {
                let rough: f64 = self.present().map(|i| share(i, self.coordinate(i, axis))).sum();
                rough + self.present().map(|i| share(i, self.coordinate(i, axis) - rough)).sum::<f64>()
            })
            .collect()
    }

    /// The covariance matrix (dividing by the number of points, or by the sum of the weights), row by row.
    #[must_use]
    pub fn covariance(&self) -> Vec<f64> {
        let (dimension, mean) = (self.dimension(), self.mean());
        let mut sums = vec![0.0; dimension * dimension];
        for i in self.present() {
            let offset = |axis: usize| self.coordinate(i, axis) - mean[axis];
            for a in 0..dimension {
                for b in 0..dimension {
                    // Times 1 changes no bit.
                    sums[a * dimension + b] += self.weight(i) * (offset(a) * offset(b));
                }
            }
        }
        let total = self.total_weight();
        sums.iter().map(|sum| sum / total).collect()
    }

    /// The smallest and largest value of a coordinate.
    #[must_use]
    pub fn range(&self, axis: usize) -> (f64, f64) {
        self.present()
            .map(|i| self.coordinate(i, axis))
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)))
    }

    /// Refuses data whose distances from the mean, or their squares, a precision cannot hold; `largest` is the limit, and
    /// its inverse the limit for distances that are too small. The largest weight has the same limits.
    ///
    /// # Errors
    /// [`Error::Spread`] or [`Error::WeightSpread`].
    pub fn check_spread(&self, largest: f64, precision: &'static str) -> Result<(), Error> {
        let weight = self.weights.iter().flatten().copied().fold(0.0, f64::max);
        if self.weights.is_some() && !(weight <= largest && weight >= 1.0 / largest) {
            return Err(Error::WeightSpread { largest: weight, precision });
        }
        let mean = self.mean();
        let spread = self
            .present()
            .flat_map(|i| (0..self.dimension()).map(move |axis| (i, axis)))
            .map(|(i, axis)| (self.coordinate(i, axis) - mean[axis]).abs())
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
    fn weights_count_points_as_often_as_they_say() {
        let points = vec![1.0, 10.0, 3.0, 10.0, 9e9, -7e9, 5.0, 16.0];
        let weighted = Dataset::new("test", plane(), points).unwrap().with_weights(vec![2.0, 1.0, 0.0, 3.0]).unwrap();
        let repeated = vec![1.0, 10.0, 1.0, 10.0, 3.0, 10.0, 5.0, 16.0, 5.0, 16.0, 5.0, 16.0];
        let repeated = Dataset::new("test", plane(), repeated).unwrap();
        let close = |a: Vec<f64>, b: Vec<f64>| a.iter().zip(&b).all(|(a, b)| (a - b).abs() < 1e-14 * b.abs().max(1.0));
        assert!(close(weighted.mean(), repeated.mean()));
        assert!(close(weighted.covariance(), repeated.covariance()));
        assert_eq!(weighted.total_weight(), 6.0);
        assert_eq!(weighted.range(0), (1.0, 5.0));
        assert_eq!(weighted.present().collect::<Vec<_>>(), [0, 1, 3]);
        assert!(weighted.check_spread(1e6, "single").is_ok(), "the absent point is far away, but absent");
    }

    #[test]
    fn unusable_weights_are_refused() {
        let data = || Dataset::new("test", plane(), vec![1.0, 2.0, 1.0, 2.0, 3.0, 4.0]).unwrap();
        let refused = |weights: &[f64]| data().with_weights(weights.to_vec()).unwrap_err();
        assert_eq!(refused(&[1.0, 1.0]), Error::WeightCount { weights: 2, points: 3 });
        assert_eq!(refused(&[1.0, -1e-300, 1.0]), Error::Weight { point: 2 });
        assert_eq!(refused(&[1.0, 1.0, f64::NAN]), Error::Weight { point: 3 });
        assert_eq!(refused(&[f64::INFINITY, 1.0, 1.0]), Error::Weight { point: 1 });
        assert_eq!(refused(&[1e308, 1e308, 1.0]), Error::Weight { point: 2 });
        assert_eq!(refused(&[0.0, 0.0, 0.0]), Error::NoWeight);
        assert_eq!(refused(&[0.0, 0.0, 1.0]), Error::OnePoint);
        assert_eq!(refused(&[2.0, 1.0, 0.0]), Error::AllEqual);
        let tiny = data().with_weights(vec![1e-200, 0.0, 1e-220]).unwrap();
        assert_eq!(
            tiny.check_spread(1e150, "double"),
            Err(Error::WeightSpread { largest: 1e-200, precision: "double" })
        );
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
