//! How a sum of Gaussians is fitted: what its settings come to.

use crate::models::sum_of_gaussians::{CovarianceForm, Penalties};
use crate::optimizers::Rule;
use crate::settings::{SumOfGaussiansOptimizer, SumOfGaussiansSettings};

/// How the parameters are moved.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Method {
    /// By the gradient of one batch after another.
    Gradient(Rule),
    /// By Levenberg–Marquardt over all samples: it lowers the mean squared error alone, without penalties.
    LevenbergMarquardt,
    /// From nothing, one Gaussian after another where the residual is largest, with Levenberg–Marquardt in between; at most
    /// so many.
    ResidualPeaks {
        /// Most components while fitting.
        components: usize,
    },
}

/// How a sum of Gaussians is fitted.
#[derive(Clone, Debug, PartialEq)]
pub struct SumOfGaussiansOptions {
    /// How factors become covariances.
    pub form: CovarianceForm,
    /// What is added to the mean squared error.
    pub penalties: Penalties,
    /// Whether amplitudes below 0 are set to 0 after each step.
    pub non_negative: bool,
    /// How the parameters are moved.
    pub method: Method,
    /// Scales every step.
    pub learning_rate: f64,
    /// Samples a step; all of them where there are fewer.
    pub batch_size: usize,
    /// Stops after this many passes over the samples.
    pub epochs: u32,
    /// Draws the order of the samples in each epoch.
    pub seed: u32,
    /// Steps from one pruning to the next; 0 for none.
    pub prune_every: usize,
    /// Components that pruning leaves.
    pub prune_to: usize,
}

impl SumOfGaussiansOptions {
    /// The options that settings ask for. Penalties belong to gradients: the other methods lower the error alone.
    #[must_use]
    pub fn new(settings: &SumOfGaussiansSettings) -> Self {
        let method = match settings.optimizer {
            SumOfGaussiansOptimizer::Adam => Method::Gradient(Rule::ADAM_KERAS),
            SumOfGaussiansOptimizer::Momentum => Method::Gradient(Rule::MOMENTUM),
            SumOfGaussiansOptimizer::Sgd => Method::Gradient(Rule::Sgd),
            SumOfGaussiansOptimizer::LevenbergMarquardt => Method::LevenbergMarquardt,
            SumOfGaussiansOptimizer::ResidualPeaks => {
                Method::ResidualPeaks { components: settings.components.max(1) as usize }
            }
        };
        Self {
            form: CovarianceForm { shape: settings.factor_shape, epsilon: settings.epsilon },
            penalties: penalties(method, settings.amplitude_l1, settings.spread),
            non_negative: settings.non_negative,
            method,
            learning_rate: settings.learning_rate,
            batch_size: settings.batch_size.max(1) as usize,
            epochs: settings.epochs,
            seed: settings.seed,
            prune_every: settings.prune_every as usize,
            prune_to: settings.prune_to as usize,
        }
    }
}

/// The penalties in force under a method.
pub(super) fn penalties(method: Method, amplitude_l1: f64, spread: f64) -> Penalties {
    match method {
        Method::Gradient(_) => Penalties { amplitude_l1, spread },
        Method::LevenbergMarquardt | Method::ResidualPeaks { .. } => Penalties { amplitude_l1: 0.0, spread: 0.0 },
    }
}
