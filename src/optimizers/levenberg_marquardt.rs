//! Least squares by Levenberg (1944) and Marquardt (1963): Gauss–Newton steps, damped until they lower the cost.

use nalgebra::{DMatrix, DVector};
use serde::{Deserialize, Serialize};
use tsify::Tsify;

/// A cost and its Gauss–Newton model at some parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct NormalEquations {
    /// Σ r², the sum of the squared residuals.
    pub cost: f64,
    /// Jᵀ r: half of the cost's gradient.
    pub gradient: DVector<f64>,
    /// Jᵀ J.
    pub matrix: DMatrix<f64>,
}

/// A sum of squares to be made small.
pub trait LeastSquares {
    /// Σ r² at the parameters; not finite where they are outside of what the problem allows.
    fn cost(&mut self, parameters: &[f64]) -> f64;

    /// The cost with Jᵀ r and Jᵀ J at the parameters.
    fn normal_equations(&mut self, parameters: &[f64]) -> NormalEquations;

    /// Draws the end of a step from `_parameters` in, to where the linear model of the residuals can still be believed and
    /// the parameters may be, as an amplitude to at least 0; a short step from allowed parameters stays as it is. By
    /// default all steps do.
    fn restrain(&self, _parameters: &[f64], _moved: &mut [f64]) {}
}

/// What a step came to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Outcome {
    /// The cost fell to this.
    Improved(f64),
    /// No step lowers the cost: the parameters are where they were, at a minimum to the last digits.
    Stalled,
}

/// The damping, and how it changes: all that a method carries from one step to the next.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, Tsify)]
pub struct LevenbergMarquardt {
    /// λ: steps solve (Jᵀ J + λ diag(Jᵀ J)) δ = −Jᵀ r.
    pub damping: f64,
}

const FIRST_DAMPING: f64 = 1e-3;
const SMALLEST_DAMPING: f64 = 1e-12;
const LARGEST_DAMPING: f64 = 1e12;
/// λ is multiplied by this after a step that does not lower the cost, each time by twice as much.
const RISE: f64 = 4.0;
/// λ is divided by at most this after a step that does.
const FALL: f64 = 5.0;
/// What rounding alone changes in a sum of squares, relatively.
const ROUNDING: f64 = 4.0 * f64::EPSILON;

impl Default for LevenbergMarquardt {
    fn default() -> Self {
        Self { damping: FIRST_DAMPING }
    }
}

impl LevenbergMarquardt {
    /// Moves the parameters by one step that lowers the cost, with as much damping as that takes. How the damping follows
    /// from the share of the promised fall that a step keeps: Nielsen, IMM-REP-1999-05, eq. 2.4.
    pub fn step(&mut self, problem: &mut dyn LeastSquares, parameters: &mut [f64]) -> Outcome {
        let NormalEquations { cost, gradient, matrix } = problem.normal_equations(parameters);
        // A parameter without influence still needs a diagonal.
        let smallest = f64::EPSILON * matrix.diagonal().amax().max(f64::MIN_POSITIVE);
        let scale = matrix.diagonal().map(|value| value.max(smallest));
        let mut rise = RISE;
        while self.damping <= LARGEST_DAMPING {
            let mut damped = matrix.clone();
            for i in 0..damped.nrows() {
                damped[(i, i)] += self.damping * scale[i];
            }
            if let Some(factor) = damped.cholesky() {
                let step = factor.solve(&gradient);
                let mut moved: Vec<f64> =
                    parameters.iter().zip(step.iter()).map(|(value, step)| value - step).collect();
                problem.restrain(parameters, &mut moved);
                let step = DVector::from_fn(moved.len(), |i, _| parameters[i] - moved[i]);
                let promised = 2.0 * gradient.dot(&step) - step.dot(&(&matrix * &step));
                if promised.abs() <= ROUNDING * cost {
                    break;
                }
                let lower = problem.cost(&moved);
                if lower < cost - ROUNDING * cost {
                    parameters.copy_from_slice(&moved);
                    let kept = (2.0 * (cost - lower) / promised.max(cost - lower) - 1.0).max(-1.0);
                    self.damping =
                        (self.damping * (1.0 - kept * kept * kept).clamp(1.0 / FALL, 2.0)).max(SMALLEST_DAMPING);
                    return Outcome::Improved(lower);
                }
            }
            self.damping *= rise;
            rise *= 2.0;
        }
        self.damping = FIRST_DAMPING;
        Outcome::Stalled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rosenbrock's valley as residuals: 10 (y − x²) and 1 − x.
    struct Valley;

    impl LeastSquares for Valley {
        fn cost(&mut self, p: &[f64]) -> f64 {
            100.0 * (p[1] - p[0] * p[0]).powi(2) + (1.0 - p[0]).powi(2)
        }

        fn normal_equations(&mut self, p: &[f64]) -> NormalEquations {
            let residuals = DVector::from_vec(vec![10.0 * (p[1] - p[0] * p[0]), 1.0 - p[0]]);
            let jacobian = DMatrix::from_row_slice(2, 2, &[-20.0 * p[0], 10.0, -1.0, 0.0]);
            NormalEquations {
                cost: residuals.norm_squared(),
                gradient: jacobian.tr_mul(&residuals),
                matrix: jacobian.tr_mul(&jacobian),
            }
        }
    }

    #[test]
    fn a_curved_valley_is_followed_to_its_end() {
        let mut parameters = [-1.2, 1.0];
        let mut method = LevenbergMarquardt::default();
        let mut last = f64::INFINITY;
        for _ in 0..100 {
            match method.step(&mut Valley, &mut parameters) {
                Outcome::Improved(cost) => {
                    assert!(cost < last);
                    last = cost;
                }
                Outcome::Stalled => break,
            }
        }
        assert!((parameters[0] - 1.0).abs() < 1e-8 && (parameters[1] - 1.0).abs() < 1e-8, "{parameters:?}");
        assert_eq!(method.step(&mut Valley, &mut [1.0, 1.0]), Outcome::Stalled);
    }
}
