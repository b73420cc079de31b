//! What a Bayesian mixture works out over all points, on the lanes.

use wide::{f32x4, f64x2};

use super::VisitPoint;
use crate::models::bayesian_mixture::{
    Expectation, Posterior, Priors, components_at_means, expectation, negative_elbo,
};
use crate::moments::{Points, Workspace, blend, log_density, visit_responsibilities};
use crate::numeric::lanes::Lanes;
use crate::settings::Precision;

/// What runs on the lanes, whatever their precision and the dimension. Posteriors and places are in the frame.
pub(super) trait Lanewise {
    fn expectation(&mut self, posterior: &Posterior) -> Expectation;
    fn score(&mut self, posterior: &Posterior, priors: &Priors, seed: u64, draws: u32) -> f64;
    /// The mean log-likelihood a point at the posterior means.
    fn at_means(&mut self, posterior: &Posterior) -> f64;
    fn visit_points(&mut self, posterior: &Posterior, visit: VisitPoint<'_>);
    fn visit_at(
        &mut self,
        posterior: &Posterior,
        count: usize,
        position: &dyn Fn(usize, usize) -> f64,
        visit: VisitPoint<'_>,
    );
    fn blend_points(&mut self, posterior: &Posterior, values: &[[f32; 3]], visit: &mut dyn FnMut(usize, f64, [f32; 3]));
}

struct OnLanes<L, const D: usize> {
    points: Points<L, D>,
    workspace: Workspace<L>,
}

impl<L: Lanes, const D: usize> OnLanes<L, D> {
    fn boxed(points: &[f64]) -> Box<dyn Lanewise> {
        let points = Points::<L, D>::new(points.len() / D, |i, axis| points[i * D + axis]);
        Box::new(Self { points, workspace: Workspace::default() })
    }
}

/// Row-major points in the frame, on the lanes.
pub(super) fn lanewise(points: &[f64], dimension: usize, precision: Precision) -> Box<dyn Lanewise> {
    match (precision, dimension) {
        (Precision::Single, 1) => OnLanes::<f32x4, 1>::boxed(points),
        (Precision::Single, 2) => OnLanes::<f32x4, 2>::boxed(points),
        (Precision::Single, _) => OnLanes::<f32x4, 3>::boxed(points),
        (Precision::Double, 1) => OnLanes::<f64x2, 1>::boxed(points),
        (Precision::Double, 2) => OnLanes::<f64x2, 2>::boxed(points),
        (Precision::Double, _) => OnLanes::<f64x2, 3>::boxed(points),
    }
}

impl<L: Lanes, const D: usize> Lanewise for OnLanes<L, D> {
    fn expectation(&mut self, posterior: &Posterior) -> Expectation {
        expectation(&self.points, posterior, &mut self.workspace)
    }

    fn score(&mut self, posterior: &Posterior, priors: &Priors, seed: u64, draws: u32) -> f64 {
        negative_elbo(&self.points, posterior, priors, seed, draws, &mut self.workspace)
    }

    fn at_means(&mut self, posterior: &Posterior) -> f64 {
        let sum = log_density(&self.points, &components_at_means(posterior), &mut self.workspace);
        sum / self.points.count() as f64
    }

    fn visit_points(&mut self, posterior: &Posterior, visit: VisitPoint<'_>) {
        visit_responsibilities(&self.points, &components_at_means(posterior), &mut self.workspace, visit);
    }

    fn visit_at(
        &mut self,
        posterior: &Posterior,
        count: usize,
        position: &dyn Fn(usize, usize) -> f64,
        visit: VisitPoint<'_>,
    ) {
        let places = Points::<L, D>::new(count, position);
        visit_responsibilities(&places, &components_at_means(posterior), &mut self.workspace, visit);
    }

    fn blend_points(
        &mut self,
        posterior: &Posterior,
        values: &[[f32; 3]],
        visit: &mut dyn FnMut(usize, f64, [f32; 3]),
    ) {
        blend(&self.points, &components_at_means(posterior), values, &mut self.workspace, visit);
    }
}
