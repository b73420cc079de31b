//! The `em-mixture` experiment: settings, data and the fit that they make.

use std::rc::Rc;

use wide::{f32x4, f64x2};

use super::{Configured, DatasetReport, EmFit, Fit, FitState, Report, Snapshot};
use crate::dataset::{Axis, ColumnCheck, Dataset, Table, TableSummary, recipe};
use crate::error::Error;
use crate::models::em_mixture::bic;
use crate::settings::{
    Choice, CovarianceType, DatasetName, EmMixtureSettings, Initialization, Iteration, Precision, Value,
};

/// Why sums run where they do.
const BACKEND_REASON: &str = "Sums run on the processor’s SIMD lanes, one thread.";

/// Data, settings and the fit of one to the other. A change that cannot be made leaves all as it was.
pub struct Experiment {
    settings: EmMixtureSettings,
    dataset: Rc<Dataset>,
    own: Option<Rc<Dataset>>,
    /// The table last read, until the visitor has chosen its columns.
    table: Option<Table>,
    fit: Box<dyn Fit>,
    /// How much of the history has been reported.
    reported: usize,
}

impl Experiment {
    /// Opens the default experiment.
    ///
    /// # Errors
    /// None for the playground's own data; the type is that of every way to start a fit.
    pub fn new() -> Result<Self, Error> {
        let settings = EmMixtureSettings::default();
        let dataset = make(&settings, None)?;
        let fit = open_fit(&dataset, &settings)?;
        Ok(Self { settings, dataset, own: None, table: None, fit, reported: 0 })
    }

    /// The settings in force.
    #[must_use]
    pub fn settings(&self) -> &EmMixtureSettings {
        &self.settings
    }

    /// The points.
    #[must_use]
    pub fn dataset(&self) -> &Rc<Dataset> {
        &self.dataset
    }

    /// The fit.
    pub fn fit(&mut self) -> &mut dyn Fit {
        &mut *self.fit
    }

    /// Changes settings by name. A change of the data set brings that set's usual model settings, unless the
    /// same change names them too.
    ///
    /// # Errors
    /// [`Error::Setting`] for an unknown name or a value of the wrong kind, or what starting the fit gives.
    pub fn configure(&mut self, changes: &[(String, Value)]) -> Result<Configured, Error> {
        let mut settings = self.settings.clone();
        let mut notices = Vec::new();
        for (name, value) in changes.iter().filter(|(name, _)| name == "dataset") {
            notices.extend(settings.set(name, value)?);
            if settings.dataset != self.settings.dataset {
                settings = suggested(&settings);
            }
        }
        for (name, value) in changes.iter().filter(|(name, _)| name != "dataset") {
            notices.extend(settings.set(name, value)?);
        }
        let same_data = settings.dataset == self.settings.dataset && settings.data_seed == self.settings.data_seed;
        let dataset = if same_data { Rc::clone(&self.dataset) } else { make(&settings, self.own.as_ref())? };
        self.adopt(settings, dataset, notices)
    }

    /// Takes settings and data into force together, or neither.
    fn adopt(
        &mut self,
        settings: EmMixtureSettings,
        dataset: Rc<Dataset>,
        notices: Vec<String>,
    ) -> Result<Configured, Error> {
        let restarted = settings.restarts_from(&self.settings) || !Rc::ptr_eq(&dataset, &self.dataset);
        if restarted {
            self.fit = open_fit(&dataset, &settings)?;
            self.reported = 0;
        } else {
            self.fit.set_stopping(settings.tolerance, settings.max_iterations as usize);
        }
        self.settings = settings;
        self.dataset = dataset;
        Ok(Configured { settings: self.settings.clone(), notices, restarted })
    }

    /// Starts the fit again at iteration 0.
    ///
    /// # Errors
    /// None that the present fit did not already pass; the type is that of every way to start a fit.
    pub fn reset(&mut self) -> Result<(), Error> {
        self.fit = open_fit(&self.dataset, &self.settings)?;
        self.reported = 0;
        Ok(())
    }

    /// Does up to `iterations` iterations; fewer where the fit stops.
    pub fn step(&mut self, iterations: usize) {
        for _ in 0..iterations {
            if *self.fit.state() != FitState::Running {
                break;
            }
            self.fit.step();
        }
    }

    /// Moves a component to the worst-explained point.
    ///
    /// # Errors
    /// [`Error::NoSuchComponent`].
    pub fn move_to_worst(&mut self, component: usize) -> Result<(), Error> {
        self.fit.move_to_worst(component)?;
        // The objective of the present iteration has changed.
        self.reported = self.reported.min(self.fit.history().len() - 1);
        Ok(())
    }

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

    /// What choosing these columns of the table last read would give.
    ///
    /// # Errors
    /// [`Error::NoOwnData`] or [`Error::ColumnChoice`].
    pub fn check_columns(&self, columns: &[usize]) -> Result<ColumnCheck, Error> {
        self.table.as_ref().ok_or(Error::NoOwnData)?.check(columns)
    }

    /// Fits the chosen columns of the table last read; rows with problems are dropped.
    ///
    /// # Errors
    /// [`Error::NoOwnData`], [`Error::ColumnChoice`] or what [`Dataset::new`] and the fit give.
    pub fn use_columns(&mut self, columns: &[usize]) -> Result<Configured, Error> {
        let table = self.table.as_ref().ok_or(Error::NoOwnData)?;
        let check = table.check(columns)?;
        let values = table.numbers(columns)?;
        let axes = columns.iter().map(|&column| Axis::unitless(table.column_name(column))).collect();
        let note = match check.problem_count {
            0 => String::new(),
            1 => "1 row without numbers was left out.".to_owned(),
            count => format!("{count} rows without numbers were left out."),
        };
        let dataset = Dataset::new(table.name(), axes, values)?.described(&note, "");
        let configured = self.use_own(dataset)?;
        self.table = None;
        Ok(configured)
    }

    /// Fits points given as numbers: row by row, one number a column name.
    ///
    /// # Errors
    /// What [`Dataset::new`] and the fit give; [`Error::Shape`] for more than two columns, which the page cannot draw.
    pub fn set_points(&mut self, values: Vec<f64>, columns: &[String]) -> Result<Configured, Error> {
        if columns.len() > 2 {
            return Err(Error::Shape { length: values.len(), dimension: columns.len() });
        }
        let axes = columns.iter().map(|name| Axis::unitless(name)).collect();
        self.use_own(Dataset::new("Your points", axes, values)?)
    }

    fn use_own(&mut self, dataset: Dataset) -> Result<Configured, Error> {
        let mut settings = self.settings.clone();
        settings.dataset = DatasetName::Own;
        let mut notices = Vec::new();
        if self.settings.dataset != DatasetName::Own {
            settings = suggested(&settings);
            settings.components = self.settings.components;
        }
        let points = u32::try_from(dataset.count()).unwrap_or(u32::MAX);
        if settings.components > points {
            notices.push(format!(
                "There are only {points} points, so {} components became {points}.",
                settings.components
            ));
            settings.components = points;
        }
        let dataset = Rc::new(dataset);
        let configured = self.adopt(settings, Rc::clone(&dataset), notices)?;
        self.own = Some(dataset);
        Ok(configured)
    }

    /// Where the fit is. History holds what is new since the last report.
    pub fn report(&mut self) -> Report {
        let history = self.fit.history();
        let iteration = history.len() - 1;
        let objective = history[iteration];
        let count = self.dataset.total_weight();
        let state = self.fit.state();
        let message = match state {
            FitState::Running => String::new(),
            FitState::Converged => {
                format!("The last iteration changed it by less than {}.", scientific(self.settings.tolerance))
            }
            FitState::Exhausted => {
                format!("It did the {} iterations that it may. Allow more to go on.", self.settings.max_iterations)
            }
            FitState::Failed(reason) => reason.clone(),
        };
        let report = Report {
            dataset: DatasetReport {
                name: self.settings.dataset.option().value,
                label: self.dataset.label().to_owned(),
                points: self.dataset.count(),
                axes: self.dataset.axes().to_vec(),
                note: self.dataset.note().to_owned(),
                source: self.dataset.source().to_owned(),
            },
            iteration,
            objective,
            total: objective * count,
            bic: bic(objective * count, self.fit.parameter_count(), count),
            state: state.name(),
            message,
            backend: "cpu",
            backend_reason: BACKEND_REASON,
            history_start: self.reported,
            history: history[self.reported..].to_vec(),
            components: self.fit.components(),
        };
        self.reported = history.len();
        report
    }

    /// All that the next iteration depends on, but for data and settings.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        self.fit.snapshot()
    }

    /// Goes back to a snapshot of a fit to the same data with the same settings.
    ///
    /// # Errors
    /// [`Error::ForeignSnapshot`].
    pub fn restore(&mut self, snapshot: &Snapshot) -> Result<(), Error> {
        self.fit.restore(snapshot)?;
        self.reported = 0;
        Ok(())
    }
}

/// A small number as people write it: 10⁻⁶, 2.5 · 10⁻³.
fn scientific(value: f64) -> String {
    let text = format!("{value:e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let power = exponent.chars().map(|c| match c {
        '-' => '⁻',
        digit => ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'][digit.to_digit(10).unwrap_or(0) as usize],
    });
    let power: String = power.collect();
    if digits == "1" { format!("10{power}") } else { format!("{digits} · 10{power}") }
}

/// Makes the data that settings name.
fn make(settings: &EmMixtureSettings, own: Option<&Rc<Dataset>>) -> Result<Rc<Dataset>, Error> {
    match recipe(settings.dataset) {
        Some(recipe) => Ok(Rc::new(recipe.make(settings.dataset.option().label, settings.data_seed))),
        None => own.cloned().ok_or(Error::NoOwnData),
    }
}

/// The settings with the model that suits their data set: for the source's own data, the source's.
fn suggested(settings: &EmMixtureSettings) -> EmMixtureSettings {
    let defaults = EmMixtureSettings::default();
    let settings = EmMixtureSettings {
        components: defaults.components,
        covariance_type: defaults.covariance_type,
        initialization: defaults.initialization,
        iteration: Iteration::Em,
        initial_variance: 0.0,
        minimum_variance: 0.0,
        regularization: 0.0,
        ..settings.clone()
    };
    match settings.dataset {
        DatasetName::ThreeBlobs => EmMixtureSettings {
            components: 3,
            covariance_type: CovarianceType::Diagonal,
            initial_variance: 1.0,
            minimum_variance: 1e-6,
            ..settings
        },
        DatasetName::Galaxies => {
            EmMixtureSettings { components: 3, initialization: Initialization::KmeansPlusPlus, ..settings }
        }
        DatasetName::Penguins => EmMixtureSettings { components: 3, ..settings },
        DatasetName::ThreeClusters => EmMixtureSettings { components: 3, ..settings },
        DatasetName::Spiral => {
            EmMixtureSettings { components: 10, initialization: Initialization::KmeansPlusPlus, ..settings }
        }
        DatasetName::OldFaithful | DatasetName::Own => settings,
    }
}

/// Starts a fit in the precision of the settings and the dimension of the data.
fn open_fit(dataset: &Dataset, settings: &EmMixtureSettings) -> Result<Box<dyn Fit>, Error> {
    Ok(match (settings.precision, dataset.dimension()) {
        (Precision::Single, 1) => Box::new(EmFit::<f32x4, 1>::new(dataset, settings)?),
        (Precision::Single, 2) => Box::new(EmFit::<f32x4, 2>::new(dataset, settings)?),
        (Precision::Single, _) => Box::new(EmFit::<f32x4, 3>::new(dataset, settings)?),
        (Precision::Double, 1) => Box::new(EmFit::<f64x2, 1>::new(dataset, settings)?),
        (Precision::Double, 2) => Box::new(EmFit::<f64x2, 2>::new(dataset, settings)?),
        (Precision::Double, _) => Box::new(EmFit::<f64x2, 3>::new(dataset, settings)?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_numbers_are_written_with_powers() {
        assert_eq!(scientific(1e-6), "10⁻⁶");
        assert_eq!(scientific(2.5e-13), "2.5 · 10⁻¹³");
    }
}
