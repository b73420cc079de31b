//! A fit by EM as the page sees it: what it shows, what is told of it, and how it is moved by hand and restored.

use nalgebra::{SMatrix, SVector};

use super::starts::starting_factor;
use super::{EmFit, EmOptions, EmSnapshot};
use crate::error::Error;
use crate::experiment::on_device::OnDevice;
use crate::experiment::placing::{gaussian, given_weights, reweigh};
use crate::experiment::words::scientific;
use crate::experiment::{
    Beat, Component, Fit, FitState, Measure, Mixture, Placed, Records, Snapshot, View, VisitPoint,
};
use crate::models::em_mixture::{ComponentState, Parameters, kernels};
use crate::moments::{Points, blend};
use crate::numeric::lanes::Lanes;
use crate::numeric::spd::Factor;
use crate::settings::{CovarianceType, Iteration, Settings};

impl<L: Lanes, const D: usize> Mixture for EmFit<L, D> {
    fn components(&self) -> Vec<Component> {
        self.described(&self.parameters)
    }

    fn next_components(&mut self) -> Vec<Component> {
        if self.pending.is_some() || self.state != FitState::Running {
            return Vec::new();
        }
        self.maximized().map(|next| self.described(&next)).unwrap_or_default()
    }

    fn visit_points(&mut self, visit: VisitPoint<'_>) {
        self.visit(None, visit);
    }

    fn blend_points(&mut self, values: &[[f32; 3]], visit: &mut dyn FnMut(usize, f64, [f32; 3])) {
        let (indices, components): (Vec<_>, Vec<_>) =
            kernels(self.shared_out_by(), self.mixing_weights()).into_iter().unzip();
        let values: Vec<[f32; 3]> = indices.into_iter().map(|k: usize| values[k]).collect();
        let points = self.all_points.as_ref().unwrap_or(&self.points);
        blend(points, &components, &values, &mut self.workspace, visit);
    }

    fn vanished_points(&self) -> &[usize] {
        &self.vanished
    }

    fn visit_at(&mut self, count: usize, position: &dyn Fn(usize, usize) -> f64, visit: VisitPoint<'_>) {
        let points = Points::new(count, |i, axis| position(i, axis) - self.frame[axis]);
        self.visit(Some(&points), visit);
    }
}

impl<L: Lanes, const D: usize> EmFit<L, D> {
    /// Components as the page is told of them.
    fn described(&self, parameters: &Parameters<D>) -> Vec<Component> {
        (0..parameters.components())
            .map(|k| Component {
                weight: parameters.weights[k],
                mean: (parameters.means[k] + self.frame).iter().copied().collect(),
                // Symmetric, so columns are rows.
                covariance: parameters.factors[k].covariance().iter().copied().collect(),
                status: parameters.states[k].into(),
            })
            .collect()
    }

    /// Puts components where a visitor wants them, in the shape of their type and held at the floor. A tied covariance is that of
    /// all; one of weight 0 gets 1/K unless it is given another.
    fn place_all(&mut self, placed: &[(usize, &Placed)]) -> Result<(), Error> {
        let components = self.parameters.components();
        let gaussians: Vec<(usize, SVector<f64, D>, Option<Factor<D>>)> = placed
            .iter()
            .map(|&(k, placed)| {
                let one = gaussian::<D>(k, components, placed)?;
                let factor =
                    one.covariance.map(|covariance| starting_factor(&covariance, &self.options)).transpose()?;
                Ok((k, one.mean - self.frame, factor))
            })
            .collect::<Result<_, Error>>()?;
        if self.pending.is_some() {
            self.step();
        }
        let mut parameters = self.parameters.clone();
        let mut weights = given_weights(placed);
        for (k, mean, factor) in gaussians {
            parameters.means[k] = mean;
            parameters.states[k] = ComponentState::Active;
            if let Some(factor) = factor {
                let tied = self.options.covariance_type == CovarianceType::Tied;
                let factors = &mut parameters.factors;
                factors[if tied { 0..components } else { k..k + 1 }].fill(factor);
            }
            if parameters.weights[k] == 0.0 && !weights.iter().any(|&(given, _)| given == k) {
                weights.push((k, 1.0 / components as f64));
            }
        }
        reweigh(&mut parameters.weights, &weights);
        let objective = self.adopt(parameters)?;
        if let Some(last) = self.history.last_mut() {
            *last = objective;
        }
        self.change = None;
        self.state = self.next_state();
        Ok(())
    }

    /// All that the next iteration depends on. Of one that is half done, it is what there was before.
    #[must_use]
    pub fn snapshot(&self) -> EmSnapshot {
        let Parameters { weights, means, factors, states } = self.shared_out_by();
        EmSnapshot {
            weights: weights.clone(),
            means: means.iter().flat_map(|mean| mean.iter().copied()).collect(),
            factors: factors.iter().flat_map(|factor| factor.lower().iter().copied()).collect(),
            states: states.clone(),
            history: self.history.clone(),
            change: self.change,
        }
    }

    /// Goes back to a snapshot of a fit to the same data with the same settings.
    ///
    /// # Errors
    /// [`Error::ForeignSnapshot`].
    pub fn restore(&mut self, snapshot: &EmSnapshot) -> Result<(), Error> {
        let components = self.parameters.components();
        let EmSnapshot { weights, means, factors, states, history, change } = snapshot;
        let fitting = weights.len() == components
            && states.len() == components
            && means.len() == components * D
            && factors.len() == components * D * D
            && !history.is_empty();
        // A factor checks itself.
        let finite = weights.iter().chain(means).chain(history).all(|value| value.is_finite());
        if !fitting || !finite {
            return Err(Error::ForeignSnapshot);
        }
        let factors: Option<Vec<_>> =
            factors.chunks_exact(D * D).map(|values| Factor::from_lower(SMatrix::from_column_slice(values))).collect();
        let parameters = Parameters {
            weights: weights.clone(),
            means: means.chunks_exact(D).map(SVector::from_column_slice).collect(),
            factors: factors.ok_or(Error::ForeignSnapshot)?,
            states: states.clone(),
        };
        self.adopt(parameters).map_err(|_| Error::ForeignSnapshot)?;
        self.history.clone_from(history);
        self.change = *change;
        self.state = self.next_state();
        Ok(())
    }
}

impl<L: Lanes, const D: usize> Fit for EmFit<L, D> {
    fn step(&mut self) {
        self.step();
    }

    fn half_step(&mut self) {
        self.half_step();
    }

    fn beat(&self) -> Option<Beat> {
        Some(if self.pending.is_some() { Beat::E } else { Beat::M })
    }

    fn place_all(&mut self, placed: &[(usize, &Placed)]) -> Result<(), Error> {
        self.place_all(placed)
    }

    fn state(&self) -> &FitState {
        self.state()
    }

    fn message(&self) -> String {
        let EmOptions { tolerance, max_iterations, .. } = self.options;
        match self.state() {
            FitState::Running => String::new(),
            FitState::Converged => format!("The last iteration changed it by less than {}.", scientific(tolerance)),
            FitState::Exhausted => {
                format!("It did the {max_iterations} iterations that it may. Allow more to go on.")
            }
            FitState::Failed(reason) => reason.clone(),
        }
    }

    fn iteration(&self) -> usize {
        self.history.len() - 1
    }

    fn curves(&self) -> &'static [&'static str] {
        &["log-likelihood"]
    }

    fn records(&self, from: usize) -> Records {
        Records::rows(from, self.history.len(), |row| (row, vec![self.history[row]]))
    }

    fn objective(&mut self) -> Measure {
        let value = self.history[self.history.len() - 1];
        Measure::new("objective", "Log-likelihood", value, 3).unit("a point")
    }

    fn measures(&mut self) -> Vec<Measure> {
        let mut measures = vec![
            Measure::new("total", "Log-likelihood, all points", self.log_likelihood(), 2),
            Measure::new("bic", "BIC, lower is better", self.bic(), 1)
                .help("Bayesian information criterion: compare numbers of components, lower is better."),
            Measure::new("aic", "AIC, lower is better", self.aic(), 1)
                .help("Akaike information criterion: compare numbers of components, lower is better."),
        ];
        if self.options.iteration == Iteration::EqualWeights {
            let help = "The mean of ln N over points and Gaussians, which the source watches and stops by. It is no likelihood: it can fall while the fit gets better.";
            measures.push(Measure::new("cost", "The source’s value, no likelihood", self.cost(), 4).help(help));
        }
        measures
    }

    fn adjust(&mut self, settings: &Settings) {
        if let Settings::EmMixture(settings) = settings {
            self.set_stopping(settings.tolerance, settings.max_iterations as usize);
        }
    }

    fn snapshot(&self) -> Snapshot {
        Snapshot::EmMixture(self.snapshot())
    }

    fn restore(&mut self, snapshot: &Snapshot) -> Result<(), Error> {
        match snapshot {
            Snapshot::EmMixture(snapshot) => self.restore(snapshot),
            _ => Err(Error::ForeignSnapshot),
        }
    }

    fn view(&mut self) -> View<'_> {
        View::Mixture(self)
    }

    fn on_device(&mut self) -> Result<&mut dyn OnDevice, &'static str> {
        match self.obstacle() {
            Some(obstacle) => Err(obstacle),
            None => Ok(self),
        }
    }
}
