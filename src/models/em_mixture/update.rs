//! The M-step: the parameters of highest expected log-likelihood.

use std::array::from_fn;

use nalgebra::{SMatrix, SVector};

use super::objective::Expectation;
use super::parameters::{ComponentState, Parameters};
use crate::error::Error;
use crate::numeric::spd::Factor;
use crate::settings::{CovarianceType, Iteration};

/// A component that answers for less than this part of one point, or of all points where their weights sum to less than 1, is
/// empty: in single precision, sums this small carry no information.
const EMPTY_MASS: f64 = 1e-30;

/// What the notebook adds to N_k before it divides.
const NOTEBOOK_COUNT_OFFSET: f64 = 1e-6;

/// A scatter is the small difference of two sums. Where it is below this part of them, rounding has taken so many of its
/// digits that the likelihood could fall: a collapse, unless a floor or a regularization makes up for it.
const LOST_TO_ROUNDING: f64 = 1e-10;

/// How the M-step shapes covariances.
#[derive(Clone, Copy, Debug)]
pub struct MaximizationOptions<const D: usize> {
    /// The shape that covariances have.
    pub covariance_type: CovarianceType,
    /// The textbook's iteration or the notebook's.
    pub iteration: Iteration,
    /// Added to each diagonal, in squared units of the data.
    pub regularization: f64,
    /// The smallest eigenvalue a covariance may have, in squared units of the data; 0 for none.
    pub minimum_variance: f64,
    /// What to add to the frame's coordinates to get the visitor's: the notebook's mean depends on the origin.
    pub frame: SVector<f64, D>,
}

/// A component's share of the M-step, before its covariance takes its shape.
struct Centred<const D: usize> {
    mass: f64,
    mean: SVector<f64, D>,
    /// The scatter about the new mean, whitened by the old root: Σ = R S Rᵀ.
    scatter: SMatrix<f64, D, D>,
    /// The mean square of the whitened offsets from the old mean, of which the scatter is what is left.
    square: f64,
}

/// Moves the mixture to the parameters that the E-step's sums give.
///
/// # Errors
/// [`Error::CollapsedCovariance`] where a covariance has no density and no floor to rest on. The parameters given
/// stay usable.
pub fn maximization<const D: usize>(
    parameters: &Parameters<D>,
    expectation: &Expectation<D>,
    options: &MaximizationOptions<D>,
) -> Result<Parameters<D>, Error> {
    let count_offset = match options.iteration {
        Iteration::Em => 0.0,
        Iteration::EqualWeights => NOTEBOOK_COUNT_OFFSET,
    };
    let all: f64 = expectation.components.iter().flatten().map(|sums| sums.mass).sum();
    let smallest_mass = EMPTY_MASS * all.min(1.0);
    let centred: Vec<Option<Centred<D>>> = expectation
        .components
        .iter()
        .zip(parameters.means.iter().zip(&parameters.factors))
        .map(|(sums, (&mean, factor))| {
            let sums = sums.as_ref().filter(|sums| sums.mass >= smallest_mass && sums.mass > 0.0)?;
            let divisor = sums.mass + count_offset;
            // How far the mean of the points is from the old one, and how far the new one moves.
            let offset = sums.first / sums.mass;
            let moved = (factor.lower() * sums.first - (mean + options.frame) * count_offset) / divisor;
            let missed = offset - factor.whitening() * moved;
            let scatter = sums.second / sums.mass - offset * offset.transpose()
                + if count_offset > 0.0 { missed * missed.transpose() } else { SMatrix::zeros() };
            let square = sums.second.trace() / sums.mass;
            Some(Centred { mass: sums.mass, mean: mean + moved, scatter: scatter * (sums.mass / divisor), square })
        })
        .collect();

    let total: f64 = centred.iter().flatten().map(|centred| centred.mass).sum();
    let mut updated = parameters.clone();
    for (k, centred) in centred.iter().enumerate() {
        updated.weights[k] = centred.as_ref().map_or(0.0, |centred| centred.mass / total);
        if let Some(centred) = centred {
            updated.means[k] = centred.mean;
        }
    }
    if options.covariance_type == CovarianceType::Tied {
        // All roots are the same, so the whitened scatters may be pooled.
        let share = |centred: &Centred<D>| centred.mass / total;
        let pooled = centred.iter().flatten().map(|centred| centred.scatter * share(centred)).sum();
        let square = centred.iter().flatten().map(|centred| centred.square * share(centred)).sum();
        let (factor, raised) = shape(&parameters.factors[0], &pooled, square, options)
            .ok_or(Error::CollapsedCovariance { component: 1 })?;
        updated.factors.fill(factor);
        for (state, centred) in updated.states.iter_mut().zip(&centred) {
            *state = state_of(centred.is_some(), raised);
        }
    } else {
        for (k, centred) in centred.iter().enumerate() {
            let mut raised = false;
            if let Some(centred) = centred {
                (updated.factors[k], raised) = shape(&parameters.factors[k], &centred.scatter, centred.square, options)
                    .ok_or(Error::CollapsedCovariance { component: k + 1 })?;
            }
            updated.states[k] = state_of(centred.is_some(), raised);
        }
    }
    Ok(updated)
}

fn state_of(has_points: bool, raised: bool) -> ComponentState {
    match (has_points, raised) {
        (false, _) => ComponentState::Empty,
        (true, true) => ComponentState::Collapsed,
        (true, false) => ComponentState::Active,
    }
}

/// The likeliest covariance of the wanted shape for the whitened scatter about the mean, and whether the floor
/// had to hold it.
fn shape<const D: usize>(
    factor: &Factor<D>,
    scatter: &SMatrix<f64, D, D>,
    square: f64,
    options: &MaximizationOptions<D>,
) -> Option<(Factor<D>, bool)> {
    let minimum = options.minimum_variance;
    if minimum <= 0.0 && options.regularization <= 0.0 {
        (scatter - SMatrix::identity() * (LOST_TO_ROUNDING * square)).cholesky()?;
    }
    let axis_aligned = |variances: [f64; D]| {
        let raised = variances.iter().any(|&variance| variance < minimum);
        Some((Factor::from_variances(variances.map(|variance| variance.max(minimum)))?, raised))
    };
    let covariance = || factor.lower() * scatter * factor.lower().transpose();
    match options.covariance_type {
        CovarianceType::Full | CovarianceType::Tied if options.regularization > 0.0 => {
            let regularized = covariance() + SMatrix::identity() * options.regularization;
            Factor::from_variances([1.0; D])?.rescaled(&regularized, minimum)
        }
        CovarianceType::Full | CovarianceType::Tied => factor.rescaled(scatter, minimum),
        CovarianceType::Diagonal => {
            let covariance = covariance();
            axis_aligned(from_fn(|d| covariance[(d, d)] + options.regularization))
        }
        CovarianceType::Spherical => axis_aligned([covariance().trace() / D as f64 + options.regularization; D]),
    }
}
