//! One step of gradient descent.

use super::objective::Gradient;
use super::parameters::Parameters;
use crate::optimizers::{Optimizer, OptimizerState, Rule};

/// What turns gradients into steps.
#[derive(Clone, Debug, PartialEq)]
pub struct Update {
    optimizer: Optimizer,
    /// The sum of all gradients so far, for a loop that never clears them; else `None`.
    accumulated: Option<Vec<f64>>,
}

impl Update {
    /// Starts for `count` numbers. Without `clear_gradients` each step takes the sum of all gradients so far: PyTorch adds each
    /// gradient to the last ones, and the tutorial's published text has lost the line that clears them.
    #[must_use]
    pub fn new(rule: Rule, learning_rate: f64, count: usize, clear_gradients: bool) -> Self {
        let accumulated = (!clear_gradients).then(|| vec![0.0; count]);
        Self { optimizer: Optimizer::new(rule, learning_rate, count), accumulated }
    }

    /// The parameters one step down the gradient. They may not be finite.
    #[must_use]
    pub fn step<const D: usize>(&mut self, parameters: &Parameters<D>, gradient: &Gradient<D>) -> Parameters<D> {
        let mut flat = parameters.flat();
        let gradient = gradient.flat();
        match &mut self.accumulated {
            None => self.optimizer.step(&mut flat, &gradient),
            Some(sum) => {
                for (sum, value) in sum.iter_mut().zip(&gradient) {
                    *sum += value;
                }
                self.optimizer.step(&mut flat, sum);
            }
        }
        Parameters::from_flat(&flat).unwrap_or_else(|| parameters.clone())
    }

    /// How a gradient becomes a step.
    #[must_use]
    pub fn rule(&self) -> Rule {
        self.optimizer.rule()
    }

    /// The length of a step.
    #[must_use]
    pub fn learning_rate(&self) -> f64 {
        self.optimizer.learning_rate
    }

    /// Changes the length of the steps to come.
    pub fn set_learning_rate(&mut self, learning_rate: f64) {
        self.optimizer.learning_rate = learning_rate;
    }

    /// Forgets what was learned of some parameters.
    pub fn forget(&mut self, places: impl Iterator<Item = usize>) {
        for place in places {
            self.optimizer.forget(place);
            if let Some(sum) = &mut self.accumulated {
                sum[place] = 0.0;
            }
        }
    }

    /// What the next step depends on, but for the learning rate: the optimizer's state and the sum of the gradients, empty
    /// where they are cleared.
    #[must_use]
    pub fn state(&self) -> (OptimizerState, Vec<f64>) {
        (self.optimizer.state().clone(), self.accumulated.clone().unwrap_or_default())
    }

    /// Goes back to a state; `false`, and nothing changes, where it belongs to other parameters or another loop.
    #[must_use]
    pub fn restore(&mut self, optimizer: &OptimizerState, accumulated: &[f64]) -> bool {
        let length = self.accumulated.as_ref().map_or(0, Vec::len);
        let fitting = accumulated.len() == length && accumulated.iter().all(|value| value.is_finite());
        if !fitting || !self.optimizer.restore(optimizer) {
            return false;
        }
        if let Some(sum) = &mut self.accumulated {
            sum.copy_from_slice(accumulated);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nalgebra::{SMatrix, SVector};

    #[test]
    fn gradients_are_summed_only_where_they_are_not_cleared() {
        let parameters = Parameters::<1> {
            scores: vec![0.0],
            factors: vec![SMatrix::from([[1.0]])],
            means: vec![SVector::from([0.0])],
        };
        let gradient =
            Gradient { scores: vec![1.0], factors: vec![SMatrix::from([[0.5]])], means: vec![SVector::from([-1.0])] };
        let walk = |clear| {
            let mut update = Update::new(Rule::Sgd, 0.1, 3, clear);
            let mut at = parameters.clone();
            for _ in 0..3 {
                at = update.step(&at, &gradient);
            }
            (at, update)
        };
        // One, two, three gradients: six instead of three.
        let close = |at: &Parameters<1>, times: f64| {
            let expected = [-0.1 * times, 1.0 - 0.05 * times, 0.1 * times];
            at.flat().iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-15)
        };
        assert!(close(&walk(true).0, 3.0) && close(&walk(false).0, 6.0));
        let (_, literal) = walk(false);
        let (state, sum) = literal.state();
        assert_eq!(sum, [3.0, 1.5, -3.0]);
        let mut other = Update::new(Rule::Sgd, 0.1, 3, false);
        assert!(other.restore(&state, &sum) && other == literal);
        assert!(!other.restore(&state, &[]));
        assert!(!Update::new(Rule::Sgd, 0.1, 3, true).restore(&state, &sum));
    }
}
