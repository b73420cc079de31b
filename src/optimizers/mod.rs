//! Optimizers over a flat array of parameters: first-order rules, and Levenberg–Marquardt for sums of squares.

mod levenberg_marquardt;

pub use levenberg_marquardt::{LeastSquares, LevenbergMarquardt, NormalEquations, Outcome};

use serde::{Deserialize, Serialize};
use tsify::Tsify;

/// Where Adam's ε is added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AdamForm {
    /// p −= lr √(1 − β₂ᵗ) / (1 − β₁ᵗ) · m / (√v + ε): Keras.
    Keras,
    /// p −= lr m̂ / (√v̂ + ε): Kingma & Ba 2015, PyTorch.
    PyTorch,
}

/// How a gradient becomes a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rule {
    /// p −= lr g.
    Sgd,
    /// b = momentum · b − lr g, then p += b: Keras.
    Momentum {
        /// The part of the last step that is kept, 0 to 1.
        momentum: f64,
    },
    /// Adaptive moments (Kingma & Ba 2015).
    Adam {
        /// Where ε is added.
        form: AdamForm,
        /// Decay of the mean of the gradients.
        beta_1: f64,
        /// Decay of the mean of their squares.
        beta_2: f64,
        /// Keeps the division finite.
        epsilon: f64,
    },
}

impl Rule {
    /// Momentum that keeps nine tenths of the last step.
    pub const MOMENTUM: Self = Self::Momentum { momentum: 0.9 };
    /// Adam as Keras has it, ε = 1e-7.
    pub const ADAM_KERAS: Self = Self::Adam { form: AdamForm::Keras, beta_1: 0.9, beta_2: 0.999, epsilon: 1e-7 };
    /// Adam as PyTorch has it, ε = 1e-8.
    pub const ADAM_PYTORCH: Self = Self::Adam { form: AdamForm::PyTorch, beta_1: 0.9, beta_2: 0.999, epsilon: 1e-8 };
}

/// What an optimizer carries from one step to the next.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Tsify)]
pub struct OptimizerState {
    /// Steps done.
    pub step: u32,
    /// Means of the gradients, or with momentum the last step; one a parameter.
    pub first: Vec<f64>,
    /// Means of the squared gradients; one a parameter.
    pub second: Vec<f64>,
}

/// A rule with its learning rate and state.
#[derive(Clone, Debug, PartialEq)]
pub struct Optimizer {
    rule: Rule,
    /// Scales every step; may change between steps.
    pub learning_rate: f64,
    state: OptimizerState,
}

impl Optimizer {
    /// Starts for `count` parameters.
    #[must_use]
    pub fn new(rule: Rule, learning_rate: f64, count: usize) -> Self {
        let state = OptimizerState { step: 0, first: vec![0.0; count], second: vec![0.0; count] };
        Self { rule, learning_rate, state }
    }

    /// Moves the parameters one step against the gradient; both have the optimizer's length.
    pub fn step(&mut self, parameters: &mut [f64], gradient: &[f64]) {
        let OptimizerState { step, first, second } = &mut self.state;
        debug_assert!(parameters.len() == first.len() && gradient.len() == first.len());
        *step += 1;
        match self.rule {
            Rule::Sgd => {
                for (parameter, gradient) in parameters.iter_mut().zip(gradient) {
                    *parameter -= self.learning_rate * gradient;
                }
            }
            Rule::Momentum { momentum } => {
                for ((parameter, gradient), last) in parameters.iter_mut().zip(gradient).zip(first) {
                    *last = momentum * *last - self.learning_rate * gradient;
                    *parameter += *last;
                }
            }
            Rule::Adam { form, beta_1, beta_2, epsilon } => {
                let left_1 = 1.0 - libm::pow(beta_1, f64::from(*step));
                let left_2 = 1.0 - libm::pow(beta_2, f64::from(*step));
                let (rate, root) = match form {
                    AdamForm::Keras => (self.learning_rate * libm::sqrt(left_2) / left_1, 1.0),
                    AdamForm::PyTorch => (self.learning_rate / left_1, libm::sqrt(left_2)),
                };
                let moments = first.iter_mut().zip(second);
                for ((parameter, gradient), (mean, square)) in parameters.iter_mut().zip(gradient).zip(moments) {
                    *mean = beta_1 * *mean + (1.0 - beta_1) * gradient;
                    *square = beta_2 * *square + (1.0 - beta_2) * gradient * gradient;
                    *parameter -= rate * *mean / (libm::sqrt(*square) / root + epsilon);
                }
            }
        }
    }

    /// Forgets what was learned of one parameter: with a gradient of 0 from here on, it no longer moves.
    pub fn forget(&mut self, parameter: usize) {
        self.state.first[parameter] = 0.0;
        self.state.second[parameter] = 0.0;
    }

    /// How a gradient becomes a step.
    #[must_use]
    pub fn rule(&self) -> Rule {
        self.rule
    }

    /// What the next step depends on, but for the learning rate.
    #[must_use]
    pub fn state(&self) -> &OptimizerState {
        &self.state
    }

    /// Goes back to a state; `false`, and nothing changes, where it is not one of this many finite parameters.
    #[must_use]
    pub fn restore(&mut self, state: &OptimizerState) -> bool {
        let count = self.state.first.len();
        let usable = state.first.len() == count
            && state.second.len() == count
            && state.first.iter().chain(&state.second).all(|value| value.is_finite());
        if usable {
            self.state.clone_from(state);
        }
        usable
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Steps down (x − 3)² from 0.
    fn descend(rule: Rule, learning_rate: f64, steps: usize) -> f64 {
        let mut optimizer = Optimizer::new(rule, learning_rate, 1);
        let mut x = [0.0];
        for _ in 0..steps {
            let gradient = [2.0 * (x[0] - 3.0)];
            optimizer.step(&mut x, &gradient);
        }
        x[0]
    }

    #[test]
    fn every_rule_descends() {
        for (rule, rate) in [
            (Rule::Sgd, 0.1),
            (Rule::Momentum { momentum: 0.9 }, 0.01),
            (Rule::ADAM_KERAS, 0.05),
            (Rule::ADAM_PYTORCH, 0.05),
        ] {
            let end = descend(rule, rate, 2_000);
            assert!((end - 3.0).abs() < 1e-6, "{rule:?}: {end}");
        }
    }

    #[test]
    fn first_steps_are_those_of_the_formulas() {
        // g = −6: SGD moves by lr · 6; Adam's first step is lr · |g| / (|g| + ε), with Keras's ε larger by 1/√(1 − β₂).
        assert_eq!(descend(Rule::Sgd, 0.1, 1), 0.1 * 6.0);
        let keras = descend(Rule::ADAM_KERAS, 0.1, 1);
        assert!((keras - 0.1 * 6.0 / (6.0 + 1e-7 / 0.001f64.sqrt())).abs() < 1e-15, "{keras}");
        let torch = descend(Rule::ADAM_PYTORCH, 0.1, 1);
        assert!((torch - 0.1 * 6.0 / (6.0 + 1e-8)).abs() < 1e-15, "{torch}");
        // Momentum: 0.6, then 0.9 · 0.6 + 0.1 · 2 · 2.4.
        let second = descend(Rule::Momentum { momentum: 0.9 }, 0.1, 2);
        assert!((second - (0.6 + 0.54 + 0.48)).abs() < 1e-15, "{second}");
    }

    #[test]
    fn a_forgotten_parameter_stays() {
        let mut optimizer = Optimizer::new(Rule::ADAM_KERAS, 0.1, 2);
        let mut x = [0.0, 0.0];
        optimizer.step(&mut x, &[1.0, 1.0]);
        optimizer.forget(0);
        let before = x;
        optimizer.step(&mut x, &[0.0, 0.0]);
        assert_eq!(x[0], before[0]);
        assert_ne!(x[1], before[1]);
    }

    #[test]
    fn a_restored_state_goes_on_bit_for_bit() {
        let down = |optimizer: &mut Optimizer, x: &mut [f64; 1]| {
            let gradient = [2.0 * (x[0] - 3.0)];
            optimizer.step(x, &gradient);
        };
        let mut optimizer = Optimizer::new(Rule::ADAM_PYTORCH, 0.1, 1);
        let mut x = [0.0];
        for _ in 0..10 {
            down(&mut optimizer, &mut x);
        }
        let (state, at) = (optimizer.state().clone(), x);
        for _ in 0..10 {
            down(&mut optimizer, &mut x);
        }
        let mut other = Optimizer::new(Rule::ADAM_PYTORCH, 0.1, 1);
        assert!(other.restore(&state));
        let mut y = at;
        for _ in 0..10 {
            down(&mut other, &mut y);
        }
        assert_eq!(x, y);
        assert!(!other.restore(&OptimizerState::default()));
    }
}
