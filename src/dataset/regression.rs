//! Points with a target each, for the models that predict a number.

use super::Axis;
use crate::error::Error;

/// Inputs with their targets.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Samples {
    /// Row-major, D numbers a sample, in the visitor's units.
    pub inputs: Vec<f64>,
    /// One number a sample.
    pub targets: Vec<f64>,
}

impl Samples {
    /// Samples there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.targets.len()
    }
}

/// One Gaussian of those that targets were made of.
#[derive(Clone, Debug, PartialEq)]
pub struct TrueGaussian {
    /// Its height, in the units of the targets.
    pub amplitude: f64,
    /// D numbers.
    pub mean: Vec<f64>,
    /// D×D numbers, row by row.
    pub covariance: Vec<f64>,
}

/// Checked samples to fit to and others to test on, in one to three dimensions.
#[derive(Clone, Debug, PartialEq)]
pub struct Regression {
    label: String,
    axes: Vec<Axis>,
    target: Axis,
    train: Samples,
    test: Samples,
    truth: Vec<TrueGaussian>,
    note: String,
}

impl Regression {
    /// Checks and takes samples; `axes` name the inputs' columns, one to three. There may be no test samples.
    ///
    /// # Errors
    /// [`Error::Shape`], [`Error::EmptyData`], [`Error::NonFinite`] or [`Error::NonFiniteTarget`].
    pub fn new(label: &str, axes: Vec<Axis>, target: Axis, train: Samples, test: Samples) -> Result<Self, Error> {
        let dimension = axes.len();
        for samples in [&train, &test] {
            if !(1..=3).contains(&dimension) || samples.inputs.len() != dimension * samples.targets.len() {
                return Err(Error::Shape { length: samples.inputs.len(), dimension });
            }
            if let Some(position) = samples.inputs.iter().position(|value| !value.is_finite()) {
                return Err(Error::NonFinite { point: position / dimension + 1 });
            }
            if let Some(position) = samples.targets.iter().position(|value| !value.is_finite()) {
                return Err(Error::NonFiniteTarget { point: position + 1 });
            }
        }
        if train.targets.is_empty() {
            return Err(Error::EmptyData);
        }
        Ok(Self { label: label.to_owned(), axes, target, train, test, truth: Vec::new(), note: String::new() })
    }

    /// Adds what the page says about the samples, and the Gaussians that they were made of where those are known.
    #[must_use]
    pub fn described(mut self, note: &str, truth: Vec<TrueGaussian>) -> Self {
        note.clone_into(&mut self.note);
        self.truth = truth;
        self
    }

    /// What the page calls it.
    #[must_use]
    pub fn label(&self) -> &str {
        &self.label
    }

    /// One axis an input column.
    #[must_use]
    pub fn axes(&self) -> &[Axis] {
        &self.axes
    }

    /// The axis of the targets.
    #[must_use]
    pub fn target(&self) -> &Axis {
        &self.target
    }

    /// Columns an input has.
    #[must_use]
    pub fn dimension(&self) -> usize {
        self.axes.len()
    }

    /// What is fitted to.
    #[must_use]
    pub fn train(&self) -> &Samples {
        &self.train
    }

    /// What is held back; may be empty.
    #[must_use]
    pub fn test(&self) -> &Samples {
        &self.test
    }

    /// The Gaussians behind the targets; empty where nobody knows.
    #[must_use]
    pub fn truth(&self) -> &[TrueGaussian] {
        &self.truth
    }

    /// How the samples came about, or empty.
    #[must_use]
    pub fn note(&self) -> &str {
        &self.note
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(inputs: &[f64], targets: &[f64]) -> Result<Regression, Error> {
        let train = Samples { inputs: inputs.to_vec(), targets: targets.to_vec() };
        Regression::new("test", vec![Axis::unitless("x")], Axis::unitless("y"), train, Samples::default())
    }

    #[test]
    fn unusable_samples_are_refused() {
        assert_eq!(line(&[1.0, 2.0], &[0.0, 0.0]).unwrap().train().count(), 2);
        assert_eq!(line(&[], &[]), Err(Error::EmptyData));
        assert_eq!(line(&[1.0, 2.0], &[0.0]), Err(Error::Shape { length: 2, dimension: 1 }));
        assert_eq!(line(&[1.0, f64::INFINITY], &[0.0, 0.0]), Err(Error::NonFinite { point: 2 }));
        assert_eq!(line(&[1.0, 2.0], &[0.0, f64::NAN]), Err(Error::NonFiniteTarget { point: 2 }));
    }
}
