//! How settings become data, and both a fit.

use std::rc::Rc;

use wide::{f32x4, f64x2};

use super::{Data, EmFit, Fit};
use crate::dataset::{Axis, Dataset, recipe};
use crate::error::Error;
use crate::settings::{Choice, DatasetName, Precision, Settings};

/// The data set that settings name, as the page names it.
pub fn dataset_name(settings: &Settings) -> &'static str {
    match settings {
        Settings::EmMixture(settings) => settings.dataset.option().value,
    }
}

/// Whether the two settings make the same data.
pub fn same_data(one: &Settings, other: &Settings) -> bool {
    match (one, other) {
        (Settings::EmMixture(one), Settings::EmMixture(other)) => {
            one.dataset == other.dataset && one.data_seed == other.data_seed
        }
    }
}

/// Makes the data that settings name.
///
/// # Errors
/// [`Error::NoOwnData`].
pub fn open_data(settings: &Settings, own: Option<&Data>) -> Result<Data, Error> {
    match settings {
        Settings::EmMixture(settings) => points(settings.dataset, settings.data_seed, own),
    }
}

fn points(name: DatasetName, seed: u32, own: Option<&Data>) -> Result<Data, Error> {
    match recipe(name) {
        Some(recipe) => Ok(Data::Points(Rc::new(recipe.make(name.option().label, seed)))),
        None => own.cloned().ok_or(Error::NoOwnData),
    }
}

/// Refuses a number of columns that an experiment cannot take.
///
/// # Errors
/// [`Error::ColumnCount`].
pub fn check_column_count(settings: &Settings, count: usize) -> Result<(), Error> {
    let (allowed, wanted, meaning) = match settings {
        Settings::EmMixture(_) => (1..=2, "one or two", "the coordinates of the points"),
    };
    if allowed.contains(&count) { Ok(()) } else { Err(Error::ColumnCount { wanted, meaning }) }
}

/// The visitor's numbers, row by row, as the data that an experiment takes; a model that predicts takes the last column for the
/// target.
///
/// # Errors
/// What [`Dataset::new`] gives.
pub fn own_data(
    settings: &Settings,
    label: &str,
    axes: Vec<Axis>,
    values: Vec<f64>,
    note: &str,
) -> Result<Data, Error> {
    match settings {
        Settings::EmMixture(_) => Ok(Data::Points(Rc::new(Dataset::new(label, axes, values)?.described(note, "")))),
    }
}

/// Starts the fit of an experiment in the precision of its settings and the dimension of its data.
///
/// # Errors
/// What starting the fit gives.
pub fn open_fit(data: &Data, settings: &Settings) -> Result<Box<dyn Fit>, Error> {
    match (settings, data) {
        (Settings::EmMixture(settings), Data::Points(dataset)) => em_mixture(dataset, settings),
        _ => Err(Error::NoOwnData),
    }
}

/// Calls a fit's constructor for a precision and a dimension.
macro_rules! on_lanes {
    ($fit:ident, $precision:expr, $dimension:expr, $data:expr, $settings:expr) => {
        Ok(match ($precision, $dimension) {
            (Precision::Single, 1) => Box::new($fit::<f32x4, 1>::new($data, $settings)?) as Box<dyn Fit>,
            (Precision::Single, 2) => Box::new($fit::<f32x4, 2>::new($data, $settings)?),
            (Precision::Single, _) => Box::new($fit::<f32x4, 3>::new($data, $settings)?),
            (Precision::Double, 1) => Box::new($fit::<f64x2, 1>::new($data, $settings)?),
            (Precision::Double, 2) => Box::new($fit::<f64x2, 2>::new($data, $settings)?),
            (Precision::Double, _) => Box::new($fit::<f64x2, 3>::new($data, $settings)?),
        })
    };
}

fn em_mixture(dataset: &Dataset, settings: &crate::settings::EmMixtureSettings) -> Result<Box<dyn Fit>, Error> {
    on_lanes!(EmFit, settings.precision, dataset.dimension(), dataset, settings)
}
