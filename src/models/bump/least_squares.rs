//! The bumps as least squares over all their samples.

use super::{NormalSums, Sample, normal_sums, sum_of_squares};
use crate::numeric::scalar::Real;
use crate::optimizers::{LeastSquares, NormalEquations};
use crate::settings::BumpForm;

/// A bump layer's residuals over whole rows of entries. Meant for the forms that are smooth: safe, squared and Gaussian.
pub struct BumpLeastSquares<'a, R> {
    /// The form.
    pub form: BumpForm,
    /// Whole rows of entries.
    pub entries: &'a [Sample<R>],
}

impl<R: Real> LeastSquares for BumpLeastSquares<'_, R> {
    fn cost(&mut self, parameters: &[f64]) -> f64 {
        // A bump needs a positive σ: a step that leaves none is damped.
        let allowed = self.form == BumpForm::Gaussian || parameters.iter().all(|&sigma| sigma > 0.0);
        if allowed { sum_of_squares(self.form, parameters, self.entries) } else { f64::INFINITY }
    }

    fn normal_equations(&mut self, parameters: &[f64]) -> NormalEquations {
        let NormalSums { squares, gradient, matrix } = normal_sums(self.form, parameters, self.entries);
        NormalEquations { cost: squares, gradient, matrix }
    }
}
