//! σ of a bump, or height, inverse width and centre of a Gaussian one.

use crate::numeric::random::Stream;
use crate::settings::BumpForm;

/// How many parameters a form has for each set.
#[must_use]
pub fn parameters_of(form: BumpForm) -> usize {
    if form == BumpForm::Gaussian { 3 } else { 1 }
}

/// The parameters of a layer: one set for all features, or one a feature.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameters {
    form: BumpForm,
    /// The sets one after the other: σ each, or a, b and c.
    pub values: Vec<f64>,
}

impl Parameters {
    /// `sets` sets with the same start: σ, or for the Gaussian the source's a = b = 1, c = 0.
    #[must_use]
    pub fn new(form: BumpForm, sets: usize, sigma: f64) -> Self {
        let set: &[f64] = if form == BumpForm::Gaussian { &[1.0, 1.0, 0.0] } else { &[sigma] };
        Self { form, values: set.repeat(sets) }
    }

    /// Draws the starts of the sources: σ from U(−√3, √3) as asked (Glorot's uniform for one weight), from U(0, `below`) for
    /// the forms that answer. One number is drawn, whatever the form, so forms that open equal streams start together.
    #[must_use]
    pub fn draw(form: BumpForm, sets: usize, below: f64, stream: &mut Stream) -> Self {
        let uniform = stream.uniform();
        let sigma = match form {
            BumpForm::Asked => (2.0 * uniform - 1.0) * libm::sqrt(3.0),
            _ => below * uniform,
        };
        Self::new(form, sets, sigma)
    }

    /// Which form they are of.
    #[must_use]
    pub fn form(&self) -> BumpForm {
        self.form
    }

    /// How many sets there are.
    #[must_use]
    pub fn sets(&self) -> usize {
        self.values.len() / parameters_of(self.form)
    }

    /// The parameters of one set.
    #[must_use]
    pub fn set(&self, set: usize) -> &[f64] {
        let length = parameters_of(self.form);
        &self.values[set * length..(set + 1) * length]
    }

    /// Takes σ back to 0 where it is negative, as Keras's `NonNeg` does. The form as asked and the Gaussian are free.
    pub fn project(&mut self) {
        if self.is_projected() {
            for sigma in &mut self.values {
                *sigma = sigma.max(0.0);
            }
        }
    }

    /// Whether every bump has shrunk to nothing: σ = 0 gives 0 everywhere, with gradient 0, so it stays there.
    #[must_use]
    pub fn vanished(&self) -> bool {
        self.is_projected() && self.values.iter().all(|&sigma| sigma == 0.0)
    }

    fn is_projected(&self) -> bool {
        !matches!(self.form, BumpForm::Asked | BumpForm::Gaussian)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::random::Purpose;

    #[test]
    fn starts_are_those_of_the_sources() {
        for seed in 0..200 {
            let draw = |form, sets| Parameters::draw(form, sets, 0.1, &mut Stream::new(seed, Purpose::Initialization));
            let safe = draw(BumpForm::Safe, 1).values;
            assert!(safe[0] >= 0.0 && safe[0] < 0.1);
            assert_eq!(draw(BumpForm::SingleWhere, 3).values, safe.repeat(3));
            assert!(draw(BumpForm::Asked, 1).values[0].abs() <= libm::sqrt(3.0));
        }
        assert_eq!(Parameters::new(BumpForm::Gaussian, 2, 0.5).values, [1.0, 1.0, 0.0, 1.0, 1.0, 0.0]);
    }

    #[test]
    fn only_the_answers_forms_are_projected() {
        for (form, projected) in [(BumpForm::Asked, false), (BumpForm::Safe, true), (BumpForm::Squared, true)] {
            let mut parameters = Parameters::new(form, 2, -0.5);
            parameters.project();
            assert_eq!(parameters.values, if projected { [0.0; 2] } else { [-0.5; 2] });
            assert_eq!(parameters.vanished(), projected);
        }
    }
}
