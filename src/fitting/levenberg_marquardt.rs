//! Least squares by Levenberg (1944) and Marquardt (1963): Gauss–Newton steps, damped until they lower the cost.

use nalgebra::{DMatrix, DVector};

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
}

/// What a step came to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Outcome {
    /// The cost fell to this.
    Improved(f64),
    /// No step lowers the cost: the parameters are where they were, at a minimum to the last digits.
    Stalled,
}

/// The damping, and how it changes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LevenbergMarquardt {
    /// λ: steps solve (Jᵀ J + λ diag(Jᵀ J)) δ = −Jᵀ r.
    pub damping: f64,
}

const FIRST_DAMPING: f64 = 1e-3;
const SMALLEST_DAMPING: f64 = 1e-12;
const LARGEST_DAMPING: f64 = 1e12;
/// λ is divided by this after a step that lowers the cost, and multiplied by its square after one that does not.
const DAMPING_FACTOR: f64 = 3.0;

impl Default for LevenbergMarquardt {
    fn default() -> Self {
        Self { damping: FIRST_DAMPING }
    }
}

impl LevenbergMarquardt {
    /// Moves the parameters by one step that lowers the cost, with as much damping as that takes.
    pub fn step(&mut self, problem: &mut dyn LeastSquares, parameters: &mut [f64]) -> Outcome {
        let NormalEquations { cost, gradient, matrix } = problem.normal_equations(parameters);
        // A parameter without influence still needs a diagonal.
        let smallest = f64::EPSILON * matrix.diagonal().amax().max(f64::MIN_POSITIVE);
        while self.damping <= LARGEST_DAMPING {
            let mut damped = matrix.clone();
            for i in 0..damped.nrows() {
                damped[(i, i)] += self.damping * matrix[(i, i)].max(smallest);
            }
            if let Some(factor) = damped.cholesky() {
                let step = factor.solve(&gradient);
                let moved: Vec<f64> = parameters.iter().zip(step.iter()).map(|(value, step)| value - step).collect();
                let lower = problem.cost(&moved);
                if lower < cost {
                    parameters.copy_from_slice(&moved);
                    self.damping = (self.damping / DAMPING_FACTOR).max(SMALLEST_DAMPING);
                    return Outcome::Improved(lower);
                }
            }
            self.damping *= DAMPING_FACTOR * DAMPING_FACTOR;
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
