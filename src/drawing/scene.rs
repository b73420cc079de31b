//! What is on the canvas: the picture that suits the experiment.

use wasm_bindgen::JsValue;

use crate::experiment::{Data, Experiment, PointInfo, View};

use super::bump_scene::BumpScene;
use super::canvas::Canvas;
use super::mixture_scene::MixtureScene;
use super::surface_scene::SurfaceScene;
use super::sweep_scene::SweepScene;

/// What the drawing of one experiment's data needs between frames.
pub struct Scene {
    data: Data,
    /// `None` only where data and view do not belong together.
    picture: Option<Picture>,
}

enum Picture {
    Mixture(MixtureScene),
    Surface(SurfaceScene),
    Bumps(BumpScene),
    Sweep(SweepScene),
}

impl Picture {
    fn new(data: &Data, view: &View) -> Option<Self> {
        match (view, data) {
            (View::Mixture(_), Data::Points(points)) => Some(Self::Mixture(MixtureScene::new(points))),
            (View::Surface(_), Data::Samples(samples)) => Some(Self::Surface(SurfaceScene::new(samples))),
            (View::Bumps(_), Data::Samples(samples)) => Some(Self::Bumps(BumpScene::new(samples))),
            (View::Sweep(_), _) => Some(Self::Sweep(SweepScene::default())),
            _ => None,
        }
    }
}

impl Scene {
    /// The scene of an experiment.
    #[must_use]
    pub fn new(experiment: &mut Experiment) -> Self {
        let data = experiment.data().clone();
        let picture = Picture::new(&data, &experiment.fit().view());
        Self { data, picture }
    }

    /// The data that it draws.
    #[must_use]
    pub fn data(&self) -> &Data {
        &self.data
    }

    /// Forgets the paths of the centres.
    pub fn restart(&mut self) {
        match &mut self.picture {
            Some(Picture::Mixture(scene)) => scene.restart(),
            Some(Picture::Surface(scene)) => scene.restart(),
            Some(Picture::Bumps(_) | Picture::Sweep(_)) | None => {}
        }
    }

    /// Draws the state of the fit.
    ///
    /// # Errors
    /// The browser's, where it is out of memory.
    pub fn draw(&mut self, canvas: &Canvas, experiment: &mut Experiment) -> Result<(), JsValue> {
        let iteration = experiment.fit().iteration();
        match (&mut self.picture, experiment.fit().view()) {
            (Some(Picture::Mixture(scene)), View::Mixture(mixture)) => scene.draw(canvas, iteration, mixture),
            (Some(Picture::Surface(scene)), View::Surface(surface)) => scene.draw(canvas, iteration, surface),
            (Some(Picture::Bumps(scene)), View::Bumps(bumps)) => scene.draw(canvas, bumps),
            (Some(Picture::Sweep(scene)), View::Sweep(sweep)) => scene.draw(canvas, sweep),
            _ => Ok(()),
        }
    }

    /// The point nearest to a place on the canvas, if one is within reach.
    pub fn point_at(&self, canvas: &Canvas, experiment: &mut Experiment, x: f64, y: f64) -> Option<PointInfo> {
        match (&self.picture, experiment.fit().view()) {
            (Some(Picture::Mixture(scene)), View::Mixture(mixture)) => scene.point_at(canvas, mixture, x, y),
            _ => None,
        }
    }
}
