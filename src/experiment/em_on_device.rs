//! EM on the graphics processor: how its state goes there and comes back.

use std::f64::consts::LN_2;

use nalgebra::{SMatrix, SVector};

use super::em_fit::EmFit;
use super::on_device::{
    DOUBLE_PRECISION, MANY_COMPONENTS, NUMBERS, OnDevice, Taken, Words, density, mixture_problem, padded, triangle,
};
use crate::gpu::{MOST_COMPONENTS, Model, Problem, Readout, Stopped, exact};
use crate::models::em_mixture::{ComponentState, Parameters};
use crate::numeric::lanes::Lanes;
use crate::numeric::spd::Factor;
use crate::settings::{CovarianceType, Iteration};

/// The Gaussians of a mixture as the device keeps them.
fn gaussians<const D: usize>(parameters: &Parameters<D>) -> Vec<f32> {
    let mut all = vec![0.0; 2 * MOST_COMPONENTS * NUMBERS];
    for (k, numbers) in all.chunks_exact_mut(NUMBERS).take(parameters.components()).enumerate() {
        let mean = padded(parameters.means[k].iter().copied(), 0.0);
        let (diagonal, below) = triangle(parameters.factors[k].lower());
        let fares = match parameters.states[k] {
            ComponentState::Active => 0.0,
            ComponentState::Collapsed => 1.0,
            ComponentState::Empty => 2.0,
        };
        numbers[..3].copy_from_slice(&mean);
        numbers[3] = parameters.weights[k] as f32;
        numbers[4..7].copy_from_slice(&diagonal);
        numbers[7] = fares;
        numbers[8..11].copy_from_slice(&below);
    }
    all
}

/// The mixture that the device's numbers stand for; `None` where one of them is not usable.
fn mixture<const D: usize>(state: &[f32], components: usize) -> Option<Parameters<D>> {
    let mut parameters = Parameters { weights: Vec::new(), means: Vec::new(), factors: Vec::new(), states: Vec::new() };
    for numbers in state.chunks_exact(NUMBERS).take(components) {
        let wide = |place: usize| f64::from(numbers[place]);
        let mean = SVector::<f64, D>::from_fn(|d, _| wide(d));
        let lower = SMatrix::from_fn(|i, j| match (i, j) {
            _ if i == j => wide(4 + i),
            (1, 0) => wide(8),
            (2, 0) => wide(9),
            (2, 1) => wide(10),
            _ => 0.0,
        });
        if !mean.iter().all(|value| value.is_finite()) || !wide(3).is_finite() {
            return None;
        }
        parameters.weights.push(wide(3));
        parameters.means.push(mean);
        parameters.factors.push(Factor::from_lower(lower)?);
        parameters.states.push(match numbers[7] {
            0.0 => ComponentState::Active,
            1.0 => ComponentState::Collapsed,
            _ => ComponentState::Empty,
        });
    }
    Some(parameters)
}

impl<L: Lanes, const D: usize> EmFit<L, D> {
    /// Why this fit cannot run on the device, as a sentence.
    pub(super) fn obstacle(&self) -> Option<&'static str> {
        if L::PRECISION == "double" {
            return Some(DOUBLE_PRECISION);
        }
        if self.options().iteration == Iteration::EqualWeights {
            return Some(
                "The post’s iteration runs on the processor: single precision on the device cannot tell when it is to stop.",
            );
        }
        if !self.options().logs {
            return Some("Without logarithms it runs on the processor: the device has only sums that take them.");
        }
        (self.parameters_in_frame().components() > MOST_COMPONENTS).then_some(MANY_COMPONENTS)
    }
}

impl<L: Lanes, const D: usize> OnDevice for EmFit<L, D> {
    fn problem(&mut self) -> Problem {
        self.set_reference();
        let parameters = self.parameters_in_frame();
        let kernel = |k: usize| {
            density(&parameters.means[k], parameters.factors[k].whitening(), libm::log(parameters.weights[k]))
        };
        let kernels = (0..parameters.components()).map(kernel).collect();
        mixture_problem(Model::EmMixture, self.points(), self.settings(), gaussians(parameters), kernels)
    }

    fn settings(&self) -> Vec<u32> {
        let options = self.options();
        let covariance_type = match options.covariance_type {
            CovarianceType::Full => 0,
            CovarianceType::Tied => 1,
            CovarianceType::Diagonal => 2,
            CovarianceType::Spherical => 3,
        };
        let components = self.parameters_in_frame().components();
        let (count, reference, total) = (self.points().count(), self.reference(), self.total_weight());
        Words::of_mixture(components, count, reference, options.tolerance, total)
            .count(covariance_type)
            .real(options.regularization)
            .real(options.minimum_variance)
            .finish()
    }

    fn take_over(&mut self, readout: &Readout, base: usize) -> Taken {
        let components = self.parameters_in_frame().components();
        let Some(parameters) = mixture(&readout.state, components) else { return Taken::Refused };
        let (reference, total_weight) = (self.reference(), self.total_weight());
        let objectives = readout.history.iter().filter_map(|row| {
            let iteration = base + usize::try_from(row[0]).ok()?;
            Some((iteration, reference + exact(&row[1..]) * LN_2 / total_weight))
        });
        let converged = readout.stopped == Stopped::Converged;
        Taken::when(self.follow(parameters, objectives, base + readout.iterations, converged))
    }

    fn pairs(&self) -> f64 {
        (self.points().count() * self.parameters_in_frame().components()) as f64
    }

    fn iterations_left(&self) -> usize {
        self.options().max_iterations.saturating_sub(self.history().len() - 1)
    }
}
