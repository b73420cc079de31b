//! A step against the gradient.

use super::parameters::{CovarianceForm, Parameters};
use crate::numeric::lanes::Lanes;
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

/// The first parameter that a fit cannot go on from, in words: one that is not finite or so large that its squares leave
/// the lanes' precision, or a factor whose covariance is singular. `None` where all are usable; the loss and its
/// gradient are then finite.
#[must_use]
pub fn unusable<L: Lanes, const D: usize>(
    parameters: &Parameters<D>,
    active: &[bool],
    form: &CovarianceForm,
) -> Option<String> {
    let largest_amplitude = libm::sqrt(L::LARGEST) / parameters.components() as f64;
    (0..parameters.components()).filter(|&k| active[k]).find_map(|k| {
        let component = k + 1;
        let mean = parameters.means[k].amax();
        if parameters.amplitudes[k].is_nan() || parameters.amplitudes[k].abs() > largest_amplitude {
            return Some(format!("the amplitude of component {component}"));
        }
        if !parameters.means[k].iter().all(|value| value.abs() <= L::LARGEST) {
            return Some(format!("the centre of component {component}"));
        }
        match form.root(&parameters.factors[k]) {
            None => Some(format!("the factor of component {component}")),
            Some(root) if root.lower().amax() > L::LARGEST || root.whitening().amax() * mean.max(1.0) > L::LARGEST => {
                Some(format!("the factor of component {component}"))
            }
            Some(_) => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::FactorShape;
    use nalgebra::{SMatrix, SVector, matrix};
    use wide::{f32x4, f64x2};

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

    #[test]
    fn unusable_parameters_are_named() {
        let form = |epsilon| CovarianceForm { shape: FactorShape::Full, epsilon };
        let named = |change: &dyn Fn(&mut Parameters<2>), epsilon| {
            let mut parameters = two();
            change(&mut parameters);
            unusable::<f32x4, 2>(&parameters, &[true, true], &form(epsilon))
        };
        assert_eq!(named(&|_| {}, 1e-6), None);
        for bad in [f64::NAN, f64::INFINITY, 1e30] {
            assert_eq!(named(&|p| p.amplitudes[1] = bad, 1e-6).unwrap(), "the amplitude of component 2");
            assert_eq!(named(&|p| p.means[0][1] = bad * 10.0, 1e-6).unwrap(), "the centre of component 1");
            assert_eq!(named(&|p| p.factors[1][(1, 0)] = bad * 10.0, 1e-6).unwrap(), "the factor of component 2");
        }
        let singular = |p: &mut Parameters<2>| p.factors[0] = matrix![1.0, 2.0; 0.5, 1.0];
        assert_eq!(named(&singular, 1e-6), None);
        assert_eq!(named(&singular, 0.0).unwrap(), "the factor of component 1");
        let mut parameters = two();
        parameters.amplitudes[1] = 1e20;
        assert_eq!(unusable::<f64x2, 2>(&parameters, &[true, true], &form(1e-6)), None, "double holds more");
        parameters.amplitudes[1] = f64::NAN;
        assert_eq!(unusable::<f64x2, 2>(&parameters, &[true, false], &form(1e-6)), None, "it is out of use");
    }
}
