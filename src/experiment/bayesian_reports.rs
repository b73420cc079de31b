//! What the page is told and shown of a Bayesian mixture.

use super::bayesian_mixture_fit::{BayesianMixtureFit, Method, Options};
use super::fit::fit_by_inherent_methods;
use super::on_device::OnDevice;
use super::words::scientific;
use super::{
    Component, Fit, FitState, Measure, Mixture, ParameterTable, Placed, PosteriorShown, Records, Snapshot, View,
    VisitPoint,
};
use crate::dataset::Axis;
use crate::error::Error;
use crate::settings::Settings;

/// Draws for the score that ticks on the page; fewer where they would take more pairs of point and component than this.
const SHOWN_DRAWS: u32 = 100;
const SHOWN_PAIRS: f64 = 1e6;

impl BayesianMixtureFit {
    /// The score over as many draws as a frame has time for: each report asks for it anew, and large data must not hold one up.
    fn shown_score(&mut self) -> f64 {
        let pairs = self.count as f64 * self.priors.0.components() as f64;
        self.score(((SHOWN_PAIRS / pairs) as u32).clamp(1, SHOWN_DRAWS))
    }
}

impl Fit for BayesianMixtureFit {
    fit_by_inherent_methods!(BayesianMixture, 1);

    fn place_all(&mut self, placed: &[(usize, &Placed)]) -> Result<(), Error> {
        self.place_all(placed)
    }

    fn swap(&mut self, one: usize, other: usize) -> Result<(f64, f64), Error> {
        let components = self.priors.0.components();
        if let Some(missing) = [one, other].into_iter().find(|&k| k >= components) {
            return Err(Error::NoSuchComponent { component: missing + 1, components });
        }
        let before = self.shown_score();
        let mut order: Vec<usize> = (0..components).collect();
        order.swap(one, other);
        self.relabel(&order)?;
        // An order that is kept puts them back.
        self.put_in_order();
        Ok((before, self.shown_score()))
    }

    fn message(&self) -> String {
        let Options { epochs, tolerance, max_iterations, .. } = self.options;
        match (self.state(), &self.method) {
            (FitState::Running, _) => String::new(),
            (FitState::Converged, _) => {
                format!("The last pass raised the bound by less than {}.", scientific(tolerance))
            }
            (FitState::Exhausted, Method::Sampled(_)) => {
                format!("It did the {epochs} epochs that it may. Allow more to go on.")
            }
            (FitState::Exhausted, Method::CoordinateAscent { .. }) => {
                format!("It did the {max_iterations} passes that it may. Allow more to go on.")
            }
            (FitState::Failed(reason), _) => reason.clone(),
        }
    }

    fn objective(&mut self) -> Measure {
        let loss = self.history().last().map_or(f64::NAN, |row| row[0]);
        let help = match self.method {
            Method::Sampled(_) => {
                "Over the last epoch: with one draw from the posterior for each point it is a noisy estimate."
            }
            Method::CoordinateAscent { .. } => {
                "The bound that each pass lowers: the assignments have a distribution of their own, which makes it a little higher than the score."
            }
        };
        Measure::new("objective", "Negative ELBO", loss, 3).unit("a point").help(help)
    }

    fn measures(&mut self) -> Vec<Measure> {
        let row = self.history().last().unwrap_or(&[f64::NAN; 5]).to_vec();
        let at_means = self.likelihood_at_means();
        vec![
            Measure::new("score", "Score", self.shown_score(), 3)
                .help("The negative ELBO a point at this very moment, over up to a hundred draws from the posterior: the number that both methods share."),
            Measure::new("negativeLogLikelihood", "− log-likelihood", row[1], 3)
                .help("The first part of the negative ELBO: how badly draws from the posterior explain the points."),
            Measure::new("divergenceOfMeans", "KL of the means", row[2], 4)
                .help("How far the posterior of the means is from their prior, divided by the number of points."),
            Measure::new("divergenceOfPrecisions", "KL of the precisions", row[3], 4)
                .help("The same of the precisions 1/σ²."),
            Measure::new("divergenceOfWeights", "KL of the weights", row[4], 4).help("The same of the weights."),
            Measure::new("likelihoodAtMeans", "Log-likelihood at the means", at_means, 3)
                .help("Of the one mixture at the posterior means, which is drawn; not the mean over all mixtures that the posterior holds possible."),
        ]
    }

    fn write_in_force(&self, settings: &mut Settings) {
        if let Settings::BayesianMixture(settings) = settings {
            (settings.epochs, settings.tolerance) = (self.options.epochs, self.options.tolerance);
            settings.max_iterations = u32::try_from(self.options.max_iterations).unwrap_or(u32::MAX);
            if let Method::Sampled(sampled) = &self.method {
                settings.learning_rate = sampled.descent.learning_rate();
            }
        }
    }

    fn view(&mut self) -> View<'_> {
        View::Mixture(self)
    }

    fn parameter_table(&mut self, axes: &[Axis]) -> ParameterTable {
        let mut table = ParameterTable::of_components(&self.components(), "weight", axes);
        let posterior = self.posterior();
        let (components, dimension) = (posterior.components(), posterior.dimension());
        let blocks = [
            ("mean’s standard deviation", &posterior.scales),
            ("precision’s shape", &posterior.alpha),
            ("precision’s rate", &posterior.beta),
        ];
        for (what, block) in blocks {
            for axis in 0..dimension {
                let name = axes.get(axis).map_or("x", |axis| axis.label.as_str());
                table.add(format!("{what} {name}"), (0..components).map(|k| block[k * dimension + axis]));
            }
        }
        table.add("weight’s concentration".to_owned(), posterior.counts.iter().copied());
        table
    }

    fn on_device(&mut self) -> Result<&mut dyn OnDevice, &'static str> {
        Err(
            "The Bayesian mixture runs on the processor: its steps are small, and its special functions need more digits than WebGPU has.",
        )
    }
}

impl Mixture for BayesianMixtureFit {
    fn posterior_shown(&self) -> Option<PosteriorShown<'_>> {
        Some(PosteriorShown {
            posterior: self.posterior(),
            priors: self.in_units(self.priors.0.clone()),
            history: self.history(),
            steps_an_epoch: match self.method {
                Method::Sampled(_) => self.count.div_ceil(self.options.batch_size),
                Method::CoordinateAscent { .. } => 1,
            },
            epoch_name: if matches!(self.method, Method::Sampled(_)) { "Epoch" } else { "Pass" },
        })
    }

    fn labelling(&self) -> u32 {
        self.labelling
    }

    fn components(&self) -> Vec<Component> {
        self.components()
    }

    fn visit_points(&mut self, visit: VisitPoint<'_>) {
        self.visit_points(visit);
    }

    fn blend_points(&mut self, values: &[[f32; 3]], visit: &mut dyn FnMut(usize, f64, [f32; 3])) {
        self.blend_points(values, visit);
    }

    fn visit_at(&mut self, count: usize, position: &dyn Fn(usize, usize) -> f64, visit: VisitPoint<'_>) {
        self.visit_at(count, position, visit);
    }
}
