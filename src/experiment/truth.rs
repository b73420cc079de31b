//! The Gaussians that targets were made of, beside what the fit makes of them.

use super::{Component, Data, Experiment, View};
use crate::fitting::{Bell, Recovered, recovered};

impl<'a> From<&'a Component> for Bell<'a> {
    fn from(component: &'a Component) -> Self {
        Self { amplitude: component.weight, mean: &component.mean, covariance: &component.covariance }
    }
}

impl Experiment {
    /// What has become of each true Gaussian, in the order of the data's truth; empty where nobody knows it.
    pub fn recovered(&mut self) -> Vec<Recovered> {
        let (View::Surface(surface), Data::Samples(samples)) = (self.fit.view(), &self.data) else { return Vec::new() };
        if samples.truth().is_empty() {
            return Vec::new();
        }
        let components = surface.components();
        recovered(samples.truth(), &components.iter().map(Bell::from).collect::<Vec<_>>())
    }
}
