//! One projected step against the gradient.

use super::objective::Loss;
use super::parameters::Parameters;
use crate::numeric::scalar::Real;
use crate::optimizers::Optimizer;

/// Optimizers square gradients: beyond this, their state would overflow.
const LARGEST_GRADIENT: f64 = 1e150;

/// What kept a step from finite parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// A value overflowed, and the loss with it.
    Loss,
    /// A target is beyond the precision, and the loss with it.
    Target,
    /// The loss is finite, but its gradient is not.
    Gradient,
    /// The step itself was too long for the precision.
    Step,
}

/// Moves the parameters one step of the optimizer against the gradient of `loss`, σ back to 0 where it got negative. Without a
/// gradient nothing moves.
///
/// # Errors
/// What broke, where a parameter would no longer be finite in the precision `R`: the parameters are then as they were.
pub fn descend<R: Real>(parameters: &mut Parameters, optimizer: &mut Optimizer, loss: &Loss<'_>) -> Result<(), Broken> {
    let Some(gradient) = loss.gradient else { return Ok(()) };
    if !gradient.iter().all(|slope| slope.abs() < LARGEST_GRADIENT) {
        return Err(if loss.mse.is_finite() { Broken::Gradient } else { Broken::Loss });
    }
    // A handful of numbers: cheaper to keep than to undo.
    let before = parameters.values.clone();
    optimizer.step(&mut parameters.values, gradient);
    // Checked before the projection, which would turn NaN into 0.
    if !parameters.values.iter().all(|&value| R::of(value).finite()) {
        parameters.values = before;
        return Err(Broken::Step);
    }
    parameters.project();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimizers::Rule;
    use crate::settings::BumpForm;

    fn step(gradient: Option<f64>, mse: f64, rate: f64) -> (Result<(), Broken>, f64) {
        let mut parameters = Parameters::new(BumpForm::Safe, 1, 0.5);
        let mut optimizer = Optimizer::new(Rule::Sgd, rate, 1);
        let gradient = gradient.map(|slope| [slope]);
        let loss = Loss { mse, gradient: gradient.as_ref().map(<[f64; 1]>::as_slice) };
        let outcome = descend::<f32>(&mut parameters, &mut optimizer, &loss);
        (outcome, parameters.values[0])
    }

    #[test]
    fn a_step_descends_projects_or_says_what_broke() {
        assert_eq!(step(Some(1.0), 1.0, 0.25), (Ok(()), 0.25));
        assert_eq!(step(Some(1.0), 1.0, 9.0), (Ok(()), 0.0));
        assert_eq!(step(None, f64::INFINITY, 1.0), (Ok(()), 0.5));
        assert_eq!(step(Some(f64::NAN), 1.0, 1.0), (Err(Broken::Gradient), 0.5));
        assert_eq!(step(Some(f64::INFINITY), f64::INFINITY, 1.0), (Err(Broken::Loss), 0.5));
        assert_eq!(step(Some(-1e30), 1.0, 1e30), (Err(Broken::Step), 0.5), "beyond f32");
    }
}
