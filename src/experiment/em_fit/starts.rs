//! Where a fit by EM starts: one start, the best of several, and the best number of components.

use std::ops::RangeInclusive;

use nalgebra::{SMatrix, SVector};

use super::{EmFit, EmOptions};
use crate::dataset::Dataset;
use crate::error::Error;
use crate::experiment::FitState;
use crate::fitting::{Best, Criterion, Selection, best_of, select, starting_means};
use crate::models::em_mixture::{ComponentState, Parameters};
use crate::numeric::lanes::Lanes;
use crate::numeric::random::{Purpose, Stream};
use crate::numeric::spd::Factor;
use crate::settings::{CovarianceType, EmMixtureSettings};

/// What all starts together may take when the best is looked for ahead of a fit, in points times components times
/// iterations: some seconds. Large data with many starts are compared after fewer iterations than they would do.
const LOOK_AHEAD: f64 = 1e9;

/// Taken off the score of a start with a collapsed component: more than log-likelihoods a point ever differ by.
const COLLAPSED: f64 = 1e9;

impl<L: Lanes, const D: usize> EmFit<L, D> {
    /// Starts in the data, as the settings say. Of several starts, each is fitted ahead, for at most as many iterations as
    /// keep the waiting short, and the one of the highest log-likelihood is opened, at its iteration 0.
    ///
    /// # Errors
    /// [`Error::TooManyComponents`], [`Error::Spread`] or what [`EmFit::from_parameters`] gives.
    pub fn new(dataset: &Dataset, settings: &EmMixtureSettings) -> Result<Self, Error> {
        if settings.restarts <= 1 {
            return Self::start(dataset, settings, 0);
        }
        let cost = f64::from(settings.restarts) * f64::from(settings.components) * dataset.count() as f64;
        let best = Self::best(dataset, settings, ((LOOK_AHEAD / cost) as usize).max(1))?;
        Self::start(dataset, settings, best.start)
    }

    /// The best of the starts that the settings ask for, each fitted until it stops.
    ///
    /// # Errors
    /// Those of [`EmFit::new`].
    pub fn fitted(dataset: &Dataset, settings: &EmMixtureSettings) -> Result<Self, Error> {
        Ok(Self::best(dataset, settings, usize::MAX)?.fit)
    }

    /// Fits each number of components of a range until it stops, from as many starts as the settings ask for, and keeps the one
    /// that the criterion prefers.
    ///
    /// # Errors
    /// Those of [`EmFit::new`], and [`Error::Setting`] for a range without a number of components.
    pub fn select(
        dataset: &Dataset,
        settings: &EmMixtureSettings,
        range: RangeInclusive<usize>,
        criterion: Criterion,
    ) -> Result<Selection<Self>, Error> {
        let unusable = || Error::Setting {
            name: "The range of components".to_owned(),
            value: format!("{} to {}", range.start(), range.end()),
            expected: "Give a range from at least 1 up.".to_owned(),
        };
        if *range.start() == 0 {
            return Err(unusable());
        }
        let selection = select(range.clone(), criterion, |components| {
            let components = u32::try_from(components).unwrap_or(u32::MAX);
            let fit = Self::fitted(dataset, &EmMixtureSettings { components, ..settings.clone() })?;
            Ok((fit.candidate(), fit))
        })?;
        selection.ok_or_else(unusable)
    }

    fn best(dataset: &Dataset, settings: &EmMixtureSettings, most: usize) -> Result<Best<Self>, Error> {
        best_of(settings.restarts as usize, |number| {
            let mut fit = Self::start(dataset, settings, number)?;
            for _ in 0..most {
                if fit.state != FitState::Running {
                    break;
                }
                fit.step();
            }
            Ok((fit.score(), fit))
        })
    }

    /// How good a start was. A component that collapsed without a floor had its likelihood on the way to infinity; on a floor, the
    /// floor says how high it got: such starts come after all others.
    fn score(&self) -> f64 {
        if matches!(self.state, FitState::Failed(_)) {
            return f64::NEG_INFINITY;
        }
        let collapsed = self.parameters.states.contains(&ComponentState::Collapsed);
        self.mean_log_likelihood() - if collapsed { COLLAPSED } else { 0.0 }
    }

    /// Opens start `number`, which has random numbers of its own.
    fn start(dataset: &Dataset, settings: &EmMixtureSettings, number: usize) -> Result<Self, Error> {
        let components = settings.components as usize;
        let present = dataset.present().count();
        if components > present {
            return Err(Error::TooManyComponents { components, points: present });
        }
        Self::check(dataset)?;
        let options = EmOptions::new(settings, dataset);
        let mut stream = Stream::numbered(u64::from(settings.seed), Purpose::Initialization, number as u64);
        let means = starting_means(dataset, components, settings.initialization, &mut stream)
            .chunks_exact(D)
            .map(SVector::from_column_slice)
            .collect();
        let covariance = if settings.initial_variance > 0.0 {
            SMatrix::identity() * settings.initial_variance
        } else {
            SMatrix::from_row_slice(&dataset.covariance())
        };
        let factor = starting_factor(&covariance, &options)?;
        let parameters = Parameters {
            weights: vec![1.0 / components as f64; components],
            means,
            factors: vec![factor; components],
            states: vec![ComponentState::Active; components],
        };
        Self::open(dataset, parameters, options)
    }
}

/// The root of a starting covariance in the shape of its type, held at the floor.
pub(super) fn starting_factor<const D: usize>(
    covariance: &SMatrix<f64, D, D>,
    options: &EmOptions,
) -> Result<Factor<D>, Error> {
    let shaped = match options.covariance_type {
        CovarianceType::Full | CovarianceType::Tied => *covariance,
        CovarianceType::Diagonal => SMatrix::from_diagonal(&covariance.diagonal()),
        CovarianceType::Spherical => SMatrix::identity() * (covariance.trace() / D as f64),
    };
    let unit = Factor::from_variances([1.0; D]);
    let (factor, _) = unit
        .and_then(|unit| unit.rescaled(&shaped, options.minimum_variance))
        .ok_or(Error::CollapsedCovariance { component: 1 })?;
    Ok(factor)
}
