//! A sparse mixture on the graphics processor: how its state goes there and comes back.

use std::f64::consts::LN_2;

use super::on_device::{DOUBLE_PRECISION, MANY_COMPONENTS, OnDevice, Taken, Words, density, mixture_problem};
use super::sparse_mixture_fit::{Recorded, SparseMixtureFit};
use crate::gpu::{MOST_COMPONENTS, Model, Problem, Readout, exact};
use crate::models::sparse_mixture::Parameters;
use crate::numeric::lanes::Lanes;
use crate::optimizers::OptimizerState;

/// Numbers that the program has for a component's parameters: the factor's columns, each filled up to four, then centre and score.
const BLOCK: usize = 16;
const MEAN: usize = 12;
const SCORE: usize = 15;

/// A component's blocks: its parameters, and the two that the optimizer carries.
const BLOCKS: usize = 3;

/// Where the program has entry `entry` of a factor, counted column by column.
fn place<const D: usize>(entry: usize) -> usize {
    4 * (entry / D) + entry % D
}

/// One component's block of numbers that are in the order of [`Parameters::flat`]; the rest of the factor's diagonal is `fill`.
fn block<const D: usize>(flat: &[f64], components: usize, k: usize, fill: f32) -> [f32; BLOCK] {
    let (scores, rest) = flat.split_at(components);
    let (factors, means) = rest.split_at(components * D * D);
    let mut numbers = [0.0; BLOCK];
    for axis in D..3 {
        numbers[5 * axis] = fill;
    }
    for (entry, &value) in factors[k * D * D..][..D * D].iter().enumerate() {
        numbers[place::<D>(entry)] = value as f32;
    }
    for (axis, &value) in means[k * D..][..D].iter().enumerate() {
        numbers[MEAN + axis] = value as f32;
    }
    numbers[SCORE] = scores[k] as f32;
    numbers
}

/// Block `number` of all components, in the order of [`Parameters::flat`].
fn flat<const D: usize>(state: &[f32], components: usize, number: usize) -> Vec<f64> {
    let blocks = || state.chunks_exact(BLOCK).skip(number).step_by(BLOCKS).take(components);
    let scores = blocks().map(|block| block[SCORE]);
    let factors = blocks().flat_map(|block| (0..D * D).map(|entry| block[place::<D>(entry)]));
    let means = blocks().flat_map(|block| block[MEAN..][..D].iter().copied());
    scores.chain(factors).chain(means).map(f64::from).collect()
}

impl<L: Lanes, const D: usize> SparseMixtureFit<L, D> {
    /// Why this fit cannot run on the device, as a sentence.
    pub(super) fn obstacle(&self) -> Option<&'static str> {
        if L::PRECISION == "double" {
            return Some(DOUBLE_PRECISION);
        }
        if !self.clears_gradients() {
            return Some(
                "Gradients that are never cleared run on the processor: they make a rounding a million times larger, which needs double precision.",
            );
        }
        (self.parameters_in_frame().components() > MOST_COMPONENTS).then_some(MANY_COMPONENTS)
    }

    /// The components and what the optimizer carries for them, as the program has them: as they are, and once more in the place
    /// of those of one iteration ago.
    fn carried(&self) -> Vec<f32> {
        let components = self.parameters_in_frame().components();
        let (OptimizerState { first, second, .. }, _) = self.update().state();
        let parameters = self.parameters_in_frame().flat();
        let component = |k: usize| {
            [(&parameters, 1.0), (&first, 0.0), (&second, 0.0)]
                .map(|(flat, fill)| block::<D>(flat, components, k, fill))
        };
        let present: Vec<f32> = (0..components).flat_map(component).flatten().collect();
        present.repeat(2)
    }
}

impl<L: Lanes, const D: usize> OnDevice for SparseMixtureFit<L, D> {
    fn problem(&mut self) -> Problem {
        self.set_reference();
        let parameters = self.parameters_in_frame();
        let weights = parameters.log_weights().into_iter();
        let kernels = weights
            .enumerate()
            .map(|(k, weight)| density(&parameters.means[k], self.precisions()[k].root.whitening(), weight))
            .collect();
        let optimizer_step = self.update().state().0.step;
        let problem = mixture_problem(Model::SparseMixture, self.points(), self.settings(), self.carried(), kernels);
        Problem { optimizer_step, ..problem }
    }

    fn settings(&self) -> Vec<u32> {
        let in_force = self.in_force();
        let components = self.parameters_in_frame().components();
        let (count, reference, total) = (self.points().count(), self.reference(), self.total_weight());
        // Without a tolerance: it goes on for as many iterations as it may.
        Words::of_mixture(components, count, reference, 0.0, total)
            .optimizer(self.update().rule(), self.update().learning_rate())
            .real(in_force.sparsity)
            .real(in_force.off_below)
            .finish()
    }

    fn take_over(&mut self, readout: &Readout, base: usize) -> Taken {
        let iteration = base + readout.iterations;
        if iteration == self.iteration() {
            return Taken::Followed;
        }
        let components = self.parameters_in_frame().components();
        let numbers = |number| flat::<D>(&readout.state, components, number);
        let Some(parameters) = Parameters::from_flat(&numbers(0)) else { return Taken::Refused };
        let optimizer = OptimizerState { step: readout.optimizer_step, first: numbers(1), second: numbers(2) };
        let (reference, total_weight) = (self.reference(), self.total_weight());
        let records = readout.history.iter().filter_map(|row| {
            Some(Recorded {
                iteration: base + usize::try_from(row[0]).ok()?,
                mean_log_likelihood: reference + exact(&row[1..]) * LN_2 / total_weight,
                penalty: f64::from(f32::from_bits(row[4] as u32)),
                on: usize::try_from(row[5]).ok()?,
            })
        });
        Taken::when(self.follow(parameters, &optimizer, records, iteration))
    }

    fn pairs(&self) -> f64 {
        (self.points().count() * self.parameters_in_frame().components()) as f64
    }

    fn iterations_left(&self) -> usize {
        self.in_force().iterations.saturating_sub(self.iteration())
    }
}
