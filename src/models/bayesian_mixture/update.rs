//! Gradient steps that keep positive what must be.

use super::parameters::{Gradient, Posterior, flat_order};
use crate::numeric::special::{inverse_softplus, softplus};
use crate::optimizers::{Optimizer, OptimizerState, Rule};
use crate::settings::Positivity;

/// What scales, shapes, rates and counts are kept at or above.
pub const SMALLEST: f64 = 1e-6;

/// A posterior under Adam (Keras's form).
///
/// With softplus, a positive parameter is 1e-6 + ln(1 + eʳ) and Adam moves r: the derivative by r is that by the
/// parameter times 1/(1 + e^−r).
#[derive(Clone, Debug)]
pub struct Descent {
    positivity: Positivity,
    components: usize,
    dimension: usize,
    /// What Adam moves: the posterior in flat order, with softplus the r of its positive ones.
    moved: Vec<f64>,
    optimizer: Optimizer,
}

impl Descent {
    /// Starts at a posterior.
    #[must_use]
    pub fn new(posterior: &Posterior, positivity: Positivity, learning_rate: f64) -> Self {
        let mut moved = posterior.to_flat();
        if positivity == Positivity::Softplus {
            for value in &mut moved[posterior.locs.len()..] {
                *value = inverse_softplus((*value - SMALLEST).max(f64::MIN_POSITIVE));
            }
        }
        let optimizer = Optimizer::new(Rule::ADAM_KERAS, learning_rate, moved.len());
        let (components, dimension) = (posterior.components(), posterior.dimension());
        Self { positivity, components, dimension, moved, optimizer }
    }

    /// The posterior at which it stands.
    #[must_use]
    pub fn posterior(&self) -> Posterior {
        let mut flat = self.moved.clone();
        if self.positivity == Positivity::Softplus {
            for value in &mut flat[self.components * self.dimension..] {
                *value = SMALLEST + softplus(*value);
            }
        }
        Posterior::from_flat(&flat, self.components, self.dimension)
    }

    /// One step against the gradient by the posterior's parameters.
    pub fn step(&mut self, gradient: &Gradient) {
        let free = self.components * self.dimension;
        let mut gradient = gradient.to_flat();
        if self.positivity == Positivity::Softplus {
            for (slope, value) in gradient[free..].iter_mut().zip(&self.moved[free..]) {
                *slope /= 1.0 + libm::exp(-value);
            }
        }
        self.optimizer.step(&mut self.moved, &gradient);
        if self.positivity == Positivity::Projection {
            for value in &mut self.moved[free..] {
                // A NaN stays one: the fit must see it.
                if *value < SMALLEST {
                    *value = SMALLEST;
                }
            }
        }
    }

    /// Goes to another posterior, and forgets what Adam has learned of some components.
    pub fn move_to(&mut self, posterior: &Posterior, components: &[usize]) {
        let other = Self::new(posterior, self.positivity, self.learning_rate());
        let before = self.posterior().to_flat();
        let block = self.components * self.dimension;
        for (i, value) in posterior.to_flat().into_iter().enumerate() {
            // What stays keeps its digits, which softplus would cost.
            if value != before[i] {
                self.moved[i] = other.moved[i];
            }
            let component = if i < 4 * block { i % block / self.dimension } else { i - 4 * block };
            if components.contains(&component) {
                self.optimizer.forget(i);
            }
        }
    }

    /// Gives components other labels, with all that the optimizer has learned of them: component k is then what component
    /// `order[k]` was.
    pub fn relabel(&mut self, order: &[usize]) {
        let places = flat_order(order, self.dimension);
        let moved = |values: &[f64]| places.iter().map(|&place| values[place]).collect::<Vec<f64>>();
        let OptimizerState { step, first, second } = self.optimizer.state();
        let state = OptimizerState { step: *step, first: moved(first), second: moved(second) };
        self.moved = moved(&self.moved);
        let restored = self.optimizer.restore(&state);
        debug_assert!(restored, "a state in another order is a state");
    }

    /// Takes another learning rate from the next step on.
    pub fn set_learning_rate(&mut self, learning_rate: f64) {
        self.optimizer.learning_rate = learning_rate;
    }

    /// Scales every step.
    #[must_use]
    pub fn learning_rate(&self) -> f64 {
        self.optimizer.learning_rate
    }

    /// What the next step depends on, but for the learning rate: what Adam moves, and its state.
    #[must_use]
    pub fn state(&self) -> (&[f64], &OptimizerState) {
        (&self.moved, self.optimizer.state())
    }

    /// Goes back to a state; `false`, and nothing changes, where it is not one of these parameters.
    #[must_use]
    pub fn restore(&mut self, moved: &[f64], state: &OptimizerState) -> bool {
        if moved.len() != self.moved.len() || moved.iter().any(|value| !value.is_finite()) {
            return false;
        }
        let before = std::mem::replace(&mut self.moved, moved.to_vec());
        if self.posterior().unusable().is_none() && self.optimizer.restore(state) {
            return true;
        }
        self.moved = before;
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positive_parameters_stay_positive() {
        for positivity in [Positivity::Projection, Positivity::Softplus] {
            let start = Posterior::start(2, 2, 1);
            let mut descent = Descent::new(&start, positivity, 0.5);
            let error: f64 =
                descent.posterior().to_flat().iter().zip(start.to_flat()).map(|(a, b)| (a - b).abs()).sum();
            assert!(error < 1e-12);
            for _ in 0..2_000 {
                descent.step(&Gradient::filled(2, 2, 1.0));
            }
            let posterior = descent.posterior();
            assert_eq!(posterior.unusable(), None);
            assert!(posterior.scales.iter().all(|scale| (SMALLEST..1e-4).contains(scale)), "{posterior:?}");
            assert!(posterior.locs.iter().all(|&loc| loc < -100.0), "means move freely");
        }
        let mut free = Descent::new(&Posterior::start(2, 2, 1), Positivity::Free, 0.5);
        for _ in 0..50 {
            free.step(&Gradient::filled(2, 2, 1.0));
        }
        assert!(free.posterior().unusable().is_some());
    }

    #[test]
    fn what_is_learned_goes_with_the_labels() {
        let gradient = Posterior::start(3, 2, 9);
        let order = [2, 0, 1];
        for positivity in [Positivity::Projection, Positivity::Softplus] {
            let mut plain = Descent::new(&Posterior::start(3, 2, 1), positivity, 0.01);
            let mut other = plain.clone();
            plain.step(&gradient);
            other.step(&gradient);
            other.relabel(&order);
            plain.step(&gradient);
            other.step(&gradient.relabelled(&order));
            assert_eq!(other.posterior(), plain.posterior().relabelled(&order));
            assert_ne!(other.posterior(), plain.posterior());
        }
    }

    #[test]
    fn softplus_takes_the_chain_rule() {
        // A small plain step on r moves the parameter by the slope of softplus.
        let start = Posterior::filled(1, 1, 0.3);
        let mut descent = Descent::new(&start, Positivity::Softplus, 1e-6);
        let before = descent.moved.clone();
        let mut gradient = Gradient::filled(1, 1, 0.0);
        gradient.alpha[0] = 1.0;
        descent.step(&gradient);
        let step = descent.moved[2] - before[2];
        let change = descent.posterior().alpha[0] - start.alpha[0];
        let slope = 1.0 - libm::exp(-(0.3 - SMALLEST));
        assert!((change / step - slope).abs() < 1e-5, "{}", change / step);
        // What Adam saw is the slope by r: its mean after one step is a tenth of it.
        assert!((descent.state().1.first[2] - 0.1 * slope).abs() < 1e-12);
    }
}
