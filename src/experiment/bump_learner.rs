//! One bump layer being fitted, by gradient or by least squares.

use serde::{Deserialize, Serialize};
use tsify::Tsify;

use crate::error::Error;
use crate::models::bump::{Broken, BumpLeastSquares, Parameters, Sample, descend, loss, loss_and_gradient};
use crate::numeric::scalar::Real;
use crate::optimizers::{LevenbergMarquardt, Optimizer, OptimizerState, Outcome, Rule};
use crate::settings::{BumpForm, BumpOptimizer, Choice};

/// Least squares stops where a step lowers the cost by less than this part of it, or moves the parameters by less than the
/// precision shows: the rounding of residuals would keep it going.
const SMALLEST_GAIN: f64 = 1e-9;

/// No step can follow a target beyond this; in single precision it is infinite.
const LARGEST_TARGET: f64 = 1e150;

/// How one of the forms fares; each stops on its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum FormState {
    /// It learns.
    Running,
    /// σ takes no part in its value: it never moves.
    NoGradient,
    /// σ is 0: its value and gradient are 0 everywhere, so it stays there.
    Vanished,
    /// Levenberg–Marquardt is for the smooth forms.
    Unsuited,
    /// No step of least squares lowers the cost any more.
    Converged,
    /// The next iteration has no finite parameters; those of the last are kept. The sentence says what broke.
    Failed(String),
}

impl FormState {
    /// The state's name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::NoGradient => "no-gradient",
            Self::Vanished => "vanished",
            Self::Unsuited => "unsuited",
            Self::Converged => "converged",
            Self::Failed(_) => "failed",
        }
    }

    /// Why it does not learn, as a sentence; empty where it does or has done.
    #[must_use]
    pub fn sentence(&self) -> &str {
        match self {
            Self::Running | Self::Converged => "",
            Self::NoGradient => "σ is only compared with x: it has no gradient and stays where it started.",
            Self::Vanished => {
                "σ fell to 0, where the bump is 0 everywhere and has no gradient. Start anew with a lower learning rate."
            }
            Self::Unsuited => "Levenberg–Marquardt needs a smooth bump. Choose Adam, momentum or SGD for this form.",
            Self::Failed(sentence) => sentence,
        }
    }
}

/// All that a form's next iteration depends on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Tsify)]
pub struct FormSnapshot {
    /// Which form.
    pub form: BumpForm,
    /// Its parameters, set by set.
    pub parameters: Vec<f64>,
    /// What its optimizer carries; empty for Levenberg–Marquardt.
    pub optimizer: OptimizerState,
    /// The damping of Levenberg–Marquardt; 0 for the others.
    pub damping: f64,
    /// Σ r² after its last step of least squares; absent before that, and for the others.
    pub cost: Option<f64>,
    /// How it fares.
    pub state: FormState,
}

/// What moves the parameters.
#[derive(Clone)]
enum Method {
    Descent(Optimizer),
    /// With the cost after the last step.
    LeastSquares(LevenbergMarquardt, Option<f64>),
}

/// The rule of first order that settings ask for; `None` for Levenberg–Marquardt.
pub fn rule_of(optimizer: BumpOptimizer) -> Option<Rule> {
    match optimizer {
        BumpOptimizer::Adam => Some(Rule::ADAM_KERAS),
        BumpOptimizer::Momentum => Some(Rule::MOMENTUM),
        BumpOptimizer::Sgd => Some(Rule::Sgd),
        BumpOptimizer::LevenbergMarquardt => None,
    }
}

/// A layer with what moves it.
#[derive(Clone)]
pub struct Learner {
    parameters: Parameters,
    method: Method,
    state: FormState,
    gradient: Vec<f64>,
}

impl Learner {
    pub fn new(parameters: Parameters, optimizer: BumpOptimizer, learning_rate: f64) -> Self {
        let count = parameters.values.len();
        let method = match rule_of(optimizer) {
            Some(rule) => Method::Descent(Optimizer::new(rule, learning_rate, count)),
            None => Method::LeastSquares(LevenbergMarquardt::default(), None),
        };
        let state = match (parameters.form(), &method) {
            (BumpForm::Asked, _) => FormState::NoGradient,
            (BumpForm::SingleWhere | BumpForm::DoubleWhere, Method::LeastSquares(..)) => FormState::Unsuited,
            _ if parameters.vanished() => FormState::Vanished,
            _ => FormState::Running,
        };
        Self { parameters, method, state, gradient: vec![0.0; count] }
    }

    pub fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// Puts other parameters in the place of the present ones; there are as many.
    pub fn move_to(&mut self, values: &[f64]) {
        self.parameters.values.copy_from_slice(values);
    }

    pub fn state(&self) -> &FormState {
        &self.state
    }

    pub fn set_learning_rate(&mut self, learning_rate: f64) {
        if let Method::Descent(optimizer) = &mut self.method {
            optimizer.learning_rate = learning_rate;
        }
    }

    /// One step on whole rows of entries, after `done` iterations; nothing happens unless it runs.
    pub fn step<R: Real>(&mut self, entries: &[Sample<R>], done: usize) {
        if self.state != FormState::Running {
            return;
        }
        let outcome = match &mut self.method {
            Method::Descent(optimizer) => {
                let loss = loss_and_gradient(&self.parameters, entries, &mut self.gradient);
                descend::<R>(&mut self.parameters, optimizer, &loss)
            }
            Method::LeastSquares(method, last) => {
                let mut problem = BumpLeastSquares { form: self.parameters.form(), entries };
                let before = self.parameters.values.clone();
                match method.step(&mut problem, &mut self.parameters.values) {
                    Outcome::Improved(cost) => {
                        let values = &self.parameters.values;
                        let largest = values.iter().fold(0.0f64, |largest, value| largest.max(value.abs()));
                        let still = values.iter().zip(&before).all(|(a, b)| (a - b).abs() <= R::EPSILON * largest);
                        if still || last.is_some_and(|last| last - cost <= SMALLEST_GAIN * last) {
                            self.state = FormState::Converged;
                        }
                        *last = Some(cost);
                        Ok(())
                    }
                    Outcome::Stalled if loss(&self.parameters, entries).is_finite() => {
                        self.state = FormState::Converged;
                        Ok(())
                    }
                    Outcome::Stalled => Err(Broken::Loss),
                }
            }
        };
        match outcome {
            Ok(()) if self.parameters.vanished() => self.state = FormState::Vanished,
            Ok(()) => {}
            Err(broken) => {
                let wild = entries.iter().any(|[_, target]| target.wide().abs() > LARGEST_TARGET);
                let broken = if wild { Broken::Target } else { broken };
                self.state = FormState::Failed(diverged(self.parameters.form(), broken, done).to_string());
            }
        }
    }

    pub fn snapshot(&self) -> FormSnapshot {
        let (optimizer, damping, cost) = match &self.method {
            Method::Descent(optimizer) => (optimizer.state().clone(), 0.0, None),
            Method::LeastSquares(method, cost) => (OptimizerState::default(), method.damping, *cost),
        };
        FormSnapshot {
            form: self.parameters.form(),
            parameters: self.parameters.values.clone(),
            optimizer,
            damping,
            cost,
            state: self.state.clone(),
        }
    }

    /// Goes back to a snapshot of the same form and method.
    pub fn restore(&mut self, snapshot: &FormSnapshot) -> Result<(), Error> {
        let FormSnapshot { form, parameters, optimizer, damping, cost, state } = snapshot;
        let usable = *form == self.parameters.form()
            && parameters.len() == self.parameters.values.len()
            && parameters.iter().all(|value| value.is_finite());
        let method_usable = match &mut self.method {
            _ if !usable => false,
            Method::Descent(own) => own.restore(optimizer),
            Method::LeastSquares(own, last) => {
                own.damping = *damping;
                *last = *cost;
                cost.is_none_or(f64::is_finite) && damping.is_finite() && *damping > 0.0
            }
        };
        if !method_usable {
            return Err(Error::ForeignSnapshot);
        }
        self.parameters.values.clone_from(parameters);
        self.state.clone_from(state);
        Ok(())
    }
}

/// The error of a form whose next parameters are not finite, `done` iterations being behind it.
fn diverged(form: BumpForm, broken: Broken, done: usize) -> Error {
    let what = if form == BumpForm::Gaussian { "a, b or c" } else { "σ" };
    let advice = match (form, broken) {
        (_, Broken::Target) => "A target is too large for the precision, and so is the error: filter the targets.",
        (BumpForm::SingleWhere, Broken::Gradient) => {
            "A branch that is not used is not finite and makes the gradient NaN: use the form “Double where” or “Safe”."
        }
        (BumpForm::SingleWhere | BumpForm::DoubleWhere, Broken::Loss | Broken::Gradient) => {
            "It overflows where |x| is just above √σ: use the form “Safe”, or inputs between −1 and 1."
        }
        _ => "Lower the learning rate and start anew.",
    };
    Error::Diverged { iteration: done, parameter: format!("{what} of the form “{}”", form.option().label), advice }
}
