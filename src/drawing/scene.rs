//! What is on the canvas: the picture that suits the experiment.

use wasm_bindgen::JsValue;

use crate::experiment::{Data, Experiment, PointInfo, View};

use super::canvas::Canvas;
use super::mixture_scene::MixtureScene;

/// What the drawing of one experiment's data needs between frames.
pub struct Scene {
    data: Data,
    picture: Picture,
}

enum Picture {
    Mixture(MixtureScene),
}

impl Scene {
    /// The scene of an experiment.
    #[must_use]
    pub fn new(experiment: &Experiment) -> Self {
        let data = experiment.data().clone();
        let picture = match &data {
            Data::Points(dataset) => Picture::Mixture(MixtureScene::new(dataset)),
            Data::Samples(_) => unreachable!("mixtures take points"),
        };
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
            Picture::Mixture(scene) => scene.restart(),
        }
    }

    /// Draws the state of the fit.
    ///
    /// # Errors
    /// The browser's, where it is out of memory.
    pub fn draw(&mut self, canvas: &Canvas, experiment: &mut Experiment) -> Result<(), JsValue> {
        let iteration = experiment.fit().iteration();
        match (&mut self.picture, experiment.fit().view()) {
            (Picture::Mixture(scene), View::Mixture(mixture)) => scene.draw(canvas, iteration, mixture),
        }
    }

    /// The point nearest to a place on the canvas, if one is within reach.
    pub fn point_at(&self, canvas: &Canvas, experiment: &mut Experiment, x: f64, y: f64) -> Option<PointInfo> {
        match (&self.picture, experiment.fit().view()) {
            (Picture::Mixture(scene), View::Mixture(mixture)) => scene.point_at(canvas, mixture, x, y),
        }
    }
}
