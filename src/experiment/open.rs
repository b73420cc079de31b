//! How settings become data, and both a fit.

use std::rc::Rc;

use wide::{f32x4, f64x2};

use super::{BayesianMixtureFit, BumpFit, Data, EmFit, Fit, SparseMixtureFit, SumOfGaussiansFit, SweepFit};
use crate::dataset::generators::{BumpData, SumOfGaussiansData};
use crate::dataset::{Axis, Dataset, Regression, TrueGaussian, WeightedNumbers, generators, recipe};
use crate::error::Error;
use crate::settings::{Choice, DatasetName, Precision, Settings};

/// What the points of a mixture are made from.
#[derive(Clone, Copy, Debug, PartialEq)]
struct MixtureData {
    name: DatasetName,
    seed: u32,
    points: u32,
    noise: f64,
}

/// What the points of a mixture are made from; `None` for the other models.
fn mixture_data(settings: &Settings) -> Option<MixtureData> {
    macro_rules! of {
        ($settings:expr) => {
            Some(MixtureData {
                name: $settings.dataset,
                seed: $settings.data_seed,
                points: $settings.points,
                noise: $settings.noise,
            })
        };
    }
    match settings {
        Settings::EmMixture(settings) => of!(settings),
        Settings::SparseMixture(settings) => of!(settings),
        Settings::BayesianMixture(settings) => of!(settings),
        Settings::Bump(_) | Settings::BumpSweep(_) | Settings::SumOfGaussians(_) => None,
    }
}

/// The data set that settings name, as the page names it.
pub fn dataset_name(settings: &Settings) -> &'static str {
    match (settings, mixture_data(settings)) {
        (_, Some(data)) => data.name.option().value,
        (Settings::SumOfGaussians(settings), _) => settings.dataset.option().value,
        _ => "drawn",
    }
}

/// Whether the two settings, of one experiment, make the same data.
pub fn same_data(one: &Settings, other: &Settings) -> bool {
    match (one, other) {
        (Settings::Bump(one), Settings::Bump(other)) => BumpData::new(one) == BumpData::new(other),
        (Settings::BumpSweep(_), Settings::BumpSweep(_)) => true,
        (Settings::SumOfGaussians(one), Settings::SumOfGaussians(other)) => {
            SumOfGaussiansData::new(one) == SumOfGaussiansData::new(other)
        }
        _ => mixture_data(one).is_some() && mixture_data(one) == mixture_data(other),
    }
}

/// Whether the two settings draw their samples from the same true Gaussians.
pub fn same_truth(one: &Settings, other: &Settings) -> bool {
    match (one, other) {
        (Settings::SumOfGaussians(one), Settings::SumOfGaussians(other)) => {
            SumOfGaussiansData::new(one).has_the_truth_of(&SumOfGaussiansData::new(other))
        }
        _ => false,
    }
}

/// Makes the data that settings name, from other true Gaussians than their own.
///
/// # Errors
/// [`Error::NoOwnData`] where none are drawn, or what [`SumOfGaussiansData::draw_from`] gives.
pub fn data_of_truth(settings: &Settings, truth: Vec<TrueGaussian>) -> Result<Data, Error> {
    let Settings::SumOfGaussians(settings) = settings else { return Err(Error::NoOwnData) };
    let made = SumOfGaussiansData::new(settings).draw_from(truth).ok_or(Error::NoOwnData)??;
    Ok(Data::Samples(Rc::new(made)))
}

/// Makes the data that settings name.
///
/// # Errors
/// [`Error::NoOwnData`].
pub fn open_data(settings: &Settings, own: Option<&Data>) -> Result<Data, Error> {
    match settings {
        Settings::Bump(settings) => Ok(Data::Samples(Rc::new(generators::bump(settings)?))),
        Settings::BumpSweep(_) => Ok(Data::Drawn),
        Settings::SumOfGaussians(settings) => samples(SumOfGaussiansData::new(settings).draw(), own),
        _ => mixture_data(settings).map_or(Err(Error::NoOwnData), |data| points(data, own)),
    }
}

fn points(MixtureData { name, seed, points, noise }: MixtureData, own: Option<&Data>) -> Result<Data, Error> {
    match recipe(name) {
        Some(recipe) => Ok(Data::Points(Rc::new(recipe.draw(name.option().label, seed, points as usize, noise)))),
        None => own.cloned().ok_or(Error::NoOwnData),
    }
}

fn samples(made: Option<Regression>, own: Option<&Data>) -> Result<Data, Error> {
    made.map(|made| Data::Samples(Rc::new(made))).or_else(|| own.cloned()).ok_or(Error::NoOwnData)
}

/// Refuses columns that an experiment cannot take: so many, and one of weights.
///
/// # Errors
/// [`Error::ColumnCount`], [`Error::TakesNoWeights`] or [`Error::DrawsItsOwnData`].
pub fn check_columns(settings: &Settings, count: usize, weighted: bool) -> Result<(), Error> {
    if weighted && matches!(settings, Settings::SumOfGaussians(_) | Settings::BayesianMixture(_)) {
        return Err(Error::TakesNoWeights);
    }
    let (allowed, wanted, meaning) = match settings {
        Settings::Bump(_) | Settings::BumpSweep(_) => return Err(Error::DrawsItsOwnData),
        Settings::EmMixture(_) | Settings::SparseMixture(_) | Settings::BayesianMixture(_) => {
            (1..=2, "one or two", "the coordinates of the points")
        }
        Settings::SumOfGaussians(_) => (2..=3, "two or three", "one or two inputs, and last what is to be predicted"),
    };
    if allowed.contains(&count) { Ok(()) } else { Err(Error::ColumnCount { wanted, meaning }) }
}

/// The visitor's numbers, row by row, as the data that an experiment takes; a model that predicts takes the last column for the
/// target.
///
/// # Errors
/// What [`Dataset::new`] and [`Dataset::with_weights`] give; [`Error::TakesNoWeights`].
pub fn own_data(
    settings: &Settings,
    label: &str,
    axes: Vec<Axis>,
    (values, weights): WeightedNumbers,
    note: &str,
) -> Result<Data, Error> {
    match settings {
        Settings::Bump(_) | Settings::BumpSweep(_) => Err(Error::DrawsItsOwnData),
        Settings::SumOfGaussians(_) | Settings::BayesianMixture(_) if weights.is_some() => Err(Error::TakesNoWeights),
        Settings::EmMixture(_) | Settings::SparseMixture(_) | Settings::BayesianMixture(_) => {
            let data = Dataset::new(label, axes, values)?.described(note, "");
            Ok(Data::Points(Rc::new(match weights {
                Some(weights) => data.with_weights(weights)?,
                None => data,
            })))
        }
        Settings::SumOfGaussians(_) => {
            let samples = Regression::from_rows(label, axes, &values)?.described(note, Vec::new());
            Ok(Data::Samples(Rc::new(samples)))
        }
    }
}

/// Calls a fit's constructor for a precision and a dimension.
macro_rules! on_lanes {
    ($fit:ident, $precision:expr, $dimension:expr, $data:expr, $settings:expr) => {
        Ok(match ($precision, $dimension) {
            (Precision::Single, 1) => Box::new($fit::<f32x4, 1>::new($data, $settings)?) as Box<dyn Fit>,
            (Precision::Single, 2) => Box::new($fit::<f32x4, 2>::new($data, $settings)?),
            (Precision::Double, 1) => Box::new($fit::<f64x2, 1>::new($data, $settings)?),
            (Precision::Double, 2) => Box::new($fit::<f64x2, 2>::new($data, $settings)?),
            // The canvas has no third axis, and 3-D fits would make the module a third larger.
            _ => {
                let meaning = "the coordinates, of which the canvas can draw two";
                return Err(Error::ColumnCount { wanted: "one or two", meaning });
            }
        })
    };
}

/// Starts the fit of an experiment in the precision of its settings and the dimension of its data.
///
/// # Errors
/// What starting the fit gives.
pub fn open_fit(data: &Data, settings: &Settings) -> Result<Box<dyn Fit>, Error> {
    match (settings, data) {
        (Settings::EmMixture(settings), Data::Points(data)) => {
            on_lanes!(EmFit, settings.precision, data.dimension(), data, settings)
        }
        (Settings::Bump(settings), Data::Samples(data)) => Ok(match settings.precision {
            Precision::Single => Box::new(BumpFit::<f32>::new(data, settings)?),
            Precision::Double => Box::new(BumpFit::<f64>::new(data, settings)?),
        }),
        (Settings::BumpSweep(settings), Data::Drawn) => Ok(match settings.precision {
            Precision::Single => Box::new(SweepFit::<f32>::new(settings)?),
            Precision::Double => Box::new(SweepFit::<f64>::new(settings)?),
        }),
        (Settings::SparseMixture(settings), Data::Points(data)) => {
            on_lanes!(SparseMixtureFit, settings.precision, data.dimension(), data, settings)
        }
        (Settings::BayesianMixture(settings), Data::Points(data)) => {
            Ok(Box::new(BayesianMixtureFit::new(data, settings)?))
        }
        (Settings::SumOfGaussians(settings), Data::Samples(data)) => {
            on_lanes!(SumOfGaussiansFit, settings.precision, data.dimension(), data, settings)
        }
        _ => Err(Error::NoOwnData),
    }
}
