//! A step against the gradient.

use super::parameters::Parameters;
use crate::optimizers::{Optimizer, OptimizerState, Rule};

/// An optimizer over the parameters of a sum of K Gaussians, with the constraint on the amplitudes.
pub struct Update<const D: usize> {
    optimizer: Optimizer,
    components: usize,
    values: Vec<f64>,
    slopes: Vec<f64>,
    /// The optimizer's state before the last step.
    before: OptimizerState,
}

impl<const D: usize> Update<D> {
    /// Starts for K components.
    #[must_use]
    pub fn new(rule: Rule, learning_rate: f64, components: usize) -> Self {
        let optimizer = Optimizer::new(rule, learning_rate, Parameters::<D>::length(components));
        Self { optimizer, components, values: Vec::new(), slopes: Vec::new(), before: OptimizerState::default() }
    }

    /// Moves the parameters one step against the gradient; then, if amplitudes are to be `non_negative`, those below 0 are
    /// set to 0, as Keras's `NonNeg` does. Parameters whose gradient is 0 and that are forgotten stay.
    pub fn step(&mut self, parameters: &mut Parameters<D>, gradient: &Parameters<D>, non_negative: bool) {
        let OptimizerState { step, first, second } = self.optimizer.state();
        self.before.step = *step;
        self.before.first.clone_from(first);
        self.before.second.clone_from(second);
        parameters.write(&mut self.values);
        gradient.write(&mut self.slopes);
        self.optimizer.step(&mut self.values, &self.slopes);
        parameters.read(&self.values);
        if non_negative {
            for amplitude in &mut parameters.amplitudes {
                // Not `max`, which would turn NaN into 0.
                if *amplitude < 0.0 {
                    *amplitude = 0.0;
                }
            }
        }
    }

    /// Takes the last step back: what was not finite is forgotten.
    pub fn undo(&mut self) {
        let restored = self.optimizer.restore(&self.before);
        debug_assert!(restored, "the state before a step is finite");
    }

    /// Changes the learning rate from here on.
    pub fn set_learning_rate(&mut self, learning_rate: f64) {
        self.optimizer.learning_rate = learning_rate;
    }

    /// Forgets what the optimizer learned of component `k`.
    pub fn forget(&mut self, k: usize) {
        for place in Parameters::<D>::places(self.components, k) {
            self.optimizer.forget(place);
        }
    }

    /// What the next step depends on.
    #[must_use]
    pub fn state(&self) -> &OptimizerState {
        self.optimizer.state()
    }

    /// Goes back to a state; `false`, and nothing changes, where it does not fit.
    #[must_use]
    pub fn restore(&mut self, state: &OptimizerState) -> bool {
        self.optimizer.restore(state)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nalgebra::{SMatrix, SVector};

    fn two() -> Parameters<2> {
        Parameters {
            amplitudes: vec![1.0, 0.001],
            means: vec![SVector::from([0.0, 0.0]), SVector::from([5.0, 5.0])],
            factors: vec![SMatrix::identity(); 2],
        }
    }

    #[test]
    fn amplitudes_are_projected_and_nan_is_not() {
        let mut gradient = Parameters::zeros(2);
        gradient.amplitudes = vec![-1.0, 1.0];
        for (non_negative, expected) in [(true, [1.1, 0.0]), (false, [1.1, 0.001 - 0.1])] {
            let mut parameters = two();
            Update::new(Rule::Sgd, 0.1, 2).step(&mut parameters, &gradient, non_negative);
            assert_eq!(parameters.amplitudes, expected);
            assert_eq!(parameters.means, two().means);
        }
        gradient.amplitudes[1] = f64::NAN;
        let mut parameters = two();
        Update::new(Rule::Sgd, 0.1, 2).step(&mut parameters, &gradient, true);
        assert!(parameters.amplitudes[1].is_nan());
    }

    #[test]
    fn a_forgotten_component_stays() {
        let mut update = Update::new(Rule::ADAM_KERAS, 0.1, 2);
        let mut parameters = two();
        let mut gradient = two();
        update.step(&mut parameters, &gradient, true);
        update.forget(1);
        (gradient.amplitudes[1], gradient.means[1], gradient.factors[1]) = (0.0, SVector::zeros(), SMatrix::zeros());
        let before = parameters.clone();
        update.step(&mut parameters, &gradient, true);
        let same = (0..2).map(|k| {
            parameters.amplitudes[k] == before.amplitudes[k]
                && parameters.means[k] == before.means[k]
                && parameters.factors[k] == before.factors[k]
        });
        assert_eq!(same.collect::<Vec<_>>(), [false, true]);
    }
}
