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

/// One Gaussian of those that targets were made of, or points were drawn from.
#[derive(Clone, Debug, PartialEq)]
pub struct TrueGaussian {
    /// Its height, in the units of the targets; where points were drawn from it, its share of them.
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
    /// Whether the test samples are rows of the table that the others are from.
    table: bool,
}

/// With fewer rows of a table than this, all are fitted to.
const FEWEST_TO_HOLD_BACK: usize = 50;

/// Whether a row of a table is held back for testing, where some are.
fn is_held_back(row: usize) -> bool {
    row % 10 == 9
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
        Ok(Self {
            label: label.to_owned(),
            axes,
            target,
            train,
            test,
            truth: Vec::new(),
            note: String::new(),
            table: false,
        })
    }

    /// Takes the rows of a table, whose last column is the target; every tenth is held back for testing where there are at least 50.
    /// `axes` name all columns.
    ///
    /// # Errors
    /// Those of [`Regression::new`].
    pub fn from_rows(label: &str, mut axes: Vec<Axis>, values: &[f64]) -> Result<Self, Error> {
        let columns = axes.len();
        let target = axes.pop().ok_or(Error::EmptyData)?;
        let (mut train, mut test) = (Samples::default(), Samples::default());
        let holds_back = values.len() / columns >= FEWEST_TO_HOLD_BACK;
        for (row, numbers) in values.chunks_exact(columns).enumerate() {
            let samples = if holds_back && is_held_back(row) { &mut test } else { &mut train };
            samples.inputs.extend_from_slice(&numbers[..columns - 1]);
            samples.targets.push(numbers[columns - 1]);
        }
        Ok(Self { table: true, ..Self::new(label, axes, target, train, test)? })
    }

    /// The samples fitted to, row by row, the target last; of a table, with those that are held back in their places.
    #[must_use]
    pub fn rows(&self) -> Vec<f64> {
        let total = self.train.count() + if self.table { self.test.count() } else { 0 };
        let mut values = Vec::with_capacity(total * (self.dimension() + 1));
        let mut next = [0, 0];
        for row in 0..total {
            let held_back = self.holds_back(row);
            let place = &mut next[usize::from(held_back)];
            self.write_sample(if held_back { &self.test } else { &self.train }, *place, &mut values);
            *place += 1;
        }
        values
    }

    /// Whether the test samples are rows among those that [`Regression::rows`] gives, not draws of their own.
    #[must_use]
    pub fn is_table(&self) -> bool {
        self.table
    }

    /// Whether one of these rows is held back.
    #[must_use]
    pub fn holds_back(&self, row: usize) -> bool {
        self.table && self.test.count() > 0 && is_held_back(row)
    }

    fn write_sample(&self, samples: &Samples, place: usize, values: &mut Vec<f64>) {
        let dimension = self.dimension();
        values.extend_from_slice(&samples.inputs[place * dimension..(place + 1) * dimension]);
        values.push(samples.targets[place]);
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
    fn tables_come_back_row_by_row() {
        let axes = || vec![Axis::unitless("x"), Axis::unitless("y")];
        for (rows, held_back) in [(1, 0), (49, 0), (50, 5), (65, 6)] {
            let values: Vec<f64> = (0..2 * rows).map(|i| f64::from(i as u32)).collect();
            let table = Regression::from_rows("test", axes(), &values).unwrap();
            assert_eq!((table.rows(), table.test().count(), table.is_table()), (values, held_back, true));
            let told = (0..rows).filter(|&row| table.holds_back(row)).count();
            assert_eq!((told, table.train().count()), (held_back, rows - held_back));
        }
        let drawn = line(&[1.0, 2.0], &[3.0, 4.0]).unwrap();
        assert_eq!((drawn.rows(), drawn.is_table()), (vec![1.0, 3.0, 2.0, 4.0], false));
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
