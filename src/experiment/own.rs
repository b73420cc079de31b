//! The visitor's own data: tables read from text, and points given as numbers.

use super::open::{check_columns, own_data};
use super::suggestions::on_own_data;
use super::{Configured, Data, Experiment, PointTable};
use crate::dataset::{Axis, ColumnCheck, Table, TableSummary};
use crate::error::Error;
use crate::settings::{ExperimentName, Value};

impl Experiment {
    /// Reads a table that the visitor gave. Nothing changes until its columns are chosen.
    ///
    /// # Errors
    /// What [`Table::read`] gives.
    pub fn read_table(&mut self, text: &str, name: &str) -> Result<TableSummary, Error> {
        let table = Table::read(text, name)?;
        let summary = table.summary();
        self.table = Some(table);
        Ok(summary)
    }

    /// What choosing these columns of the table last read, and another of weights, would give.
    ///
    /// # Errors
    /// [`Error::NoOwnData`], [`Error::ColumnChoice`] or [`Error::TakesNoWeights`].
    pub fn check_columns(&self, columns: &[usize], weight: Option<usize>) -> Result<ColumnCheck, Error> {
        check_columns(&self.settings, columns.len(), weight.is_some())?;
        self.table.as_ref().ok_or(Error::NoOwnData)?.check(columns, weight)
    }

    /// Fits the chosen columns of the table last read, each row counted as often as its weight says where there is a column for
    /// it; rows with problems are dropped.
    ///
    /// # Errors
    /// [`Error::NoOwnData`], [`Error::ColumnChoice`], [`Error::TakesNoWeights`] or what
    /// [`Dataset::new`](crate::dataset::Dataset::new), [`Dataset::with_weights`](crate::dataset::Dataset::with_weights) and the
    /// fit give.
    pub fn use_columns(&mut self, columns: &[usize], weight: Option<usize>) -> Result<Configured, Error> {
        let table = self.table.as_ref().ok_or(Error::NoOwnData)?;
        check_columns(&self.settings, columns.len(), weight.is_some())?;
        let check = table.check(columns, weight)?;
        let numbers = table.weighted_numbers(columns, weight)?;
        let axes = columns.iter().map(|&column| Axis::unitless(table.column_name(column))).collect();
        let lacking = if weight.is_some() { "without numbers or with a weight below 0" } else { "without numbers" };
        let note = match check.problem_count {
            0 => String::new(),
            1 => format!("1 row {lacking} was left out."),
            count => format!("{count} rows {lacking} were left out."),
        };
        let data = own_data(&self.settings, table.name(), axes, numbers, &note)?;
        let configured = self.use_own(data)?;
        self.table = None;
        Ok(configured)
    }

    /// Fits points given as numbers: row by row, one number a column name; `weight` says which of the columns, counted from 0,
    /// holds how often each point counts.
    ///
    /// # Errors
    /// What [`Dataset::new`](crate::dataset::Dataset::new), [`Dataset::with_weights`](crate::dataset::Dataset::with_weights) and
    /// the fit give; [`Error::ColumnCount`], [`Error::ColumnChoice`] or [`Error::TakesNoWeights`].
    pub fn set_points(
        &mut self,
        values: Vec<f64>,
        columns: &[String],
        weight: Option<usize>,
    ) -> Result<Configured, Error> {
        let data = self.data_of_points(values, columns, weight)?;
        self.use_own(data)
    }

    /// Like [`Experiment::on_the_processor`], with the visitor's own data at hand for settings that name them.
    ///
    /// # Errors
    /// Those of [`Experiment::set_points`] and [`Experiment::begin`].
    pub fn on_the_processor_with_points(
        name: ExperimentName,
        changes: &[(String, Value)],
        points: PointTable,
    ) -> Result<Self, Error> {
        let mut experiment = Self::on_the_processor(name, &[])?;
        experiment.own = Some(experiment.data_of_points(points.values, &points.columns, points.weight)?);
        let changes: Vec<_> = changes.iter().filter(|(name, _)| name != "backend").cloned().collect();
        experiment.begin(&changes)?;
        Ok(experiment)
    }

    fn data_of_points(&self, values: Vec<f64>, columns: &[String], weight: Option<usize>) -> Result<Data, Error> {
        let is_weight = |column: usize| weight == Some(column);
        if weight.is_some_and(|weight| weight >= columns.len()) {
            return Err(Error::ColumnChoice);
        }
        check_columns(&self.settings, columns.len() - usize::from(weight.is_some()), weight.is_some())?;
        let names = columns.iter().enumerate().filter(|(column, _)| !is_weight(*column));
        let axes = names.map(|(_, name)| Axis::unitless(name)).collect();
        let numbers = if weight.is_none() {
            (values, None)
        } else if values.len().is_multiple_of(columns.len()) {
            let pick = |weights: bool| {
                let places = values.iter().enumerate().filter(move |(i, _)| is_weight(i % columns.len()) == weights);
                places.map(|(_, value)| *value).collect()
            };
            (pick(false), Some(pick(true)))
        } else {
            return Err(Error::Shape { length: values.len(), dimension: columns.len() });
        };
        own_data(&self.settings, "Your points", axes, numbers, "")
    }

    pub(super) fn use_own(&mut self, data: Data) -> Result<Configured, Error> {
        let (settings, notices) = on_own_data(&self.settings, data.count());
        let moment = self.moment(true);
        let configured = self.adopt(settings, data.clone(), notices)?;
        self.own = Some(data);
        self.editing.drop();
        self.editing.truth.moved = false;
        self.editing.remember(moment);
        Ok(configured)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::ExperimentName;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn weights_are_a_column_of_their_own_and_bad_ones_are_named() {
        let mut experiment = Experiment::new(ExperimentName::EmMixture).unwrap();
        let columns = names(&["x", "n", "y"]);
        let rows = vec![1.0, 2.0, 5.0, 2.0, 0.0, 6.0, 3.0, 1.0, 9.0];
        experiment.set_points(rows.clone(), &columns, Some(1)).unwrap();
        let Data::Points(points) = experiment.data() else { panic!("points") };
        assert_eq!(
            (points.values(), points.weights()),
            (&[1.0, 5.0, 2.0, 6.0, 3.0, 9.0][..], Some(&[2.0, 0.0, 1.0][..]))
        );
        assert_eq!(points.axes().iter().map(|axis| axis.label.as_str()).collect::<Vec<_>>(), ["x", "y"]);
        let refused = |experiment: &mut Experiment, place: usize, value: f64| {
            let mut rows = rows.clone();
            rows[place] = value;
            experiment.set_points(rows, &columns, Some(1)).unwrap_err()
        };
        assert_eq!(refused(&mut experiment, 4, -1.0), Error::Weight { point: 2 });
        assert_eq!(refused(&mut experiment, 7, f64::NAN), Error::Weight { point: 3 });
        assert_eq!(refused(&mut experiment, 7, 0.0), Error::OnePoint);
        assert_eq!(experiment.set_points(rows[1..].to_vec(), &columns, Some(1)).unwrap_err().code(), "shape");
        assert_eq!(experiment.set_points(rows.clone(), &columns, Some(3)).unwrap_err(), Error::ColumnChoice);
        assert_eq!(experiment.set_points(rows.clone(), &columns, None).unwrap_err().code(), "column-choice");
        experiment.read_table("x,n\n1,2\n2,-3\n4,1\n", "test").unwrap();
        assert_eq!(experiment.check_columns(&[0], Some(1)).unwrap().problem_count, 1);
        experiment.use_columns(&[0], Some(1)).unwrap();
        assert_eq!(experiment.data().note(), "1 row without numbers or with a weight below 0 was left out.");
        assert_eq!(experiment.report().dataset.points, 2);
        for name in [ExperimentName::SumOfGaussians, ExperimentName::BayesianMixture] {
            let error = Experiment::new(name).unwrap().set_points(rows.clone(), &columns, Some(1)).unwrap_err();
            assert_eq!(error, Error::TakesNoWeights);
        }
    }
}
