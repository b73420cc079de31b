//! A Bayesian mixture: its density, its posteriors and its bound, one of them large and the others small beside it.

use std::rc::Rc;

use wasm_bindgen::JsValue;

use crate::dataset::Dataset;
use crate::experiment::{Edited, Mixture, PosteriorShown};
use crate::settings::{BayesianFigure, Choice, Layers};

use super::area::Area;
use super::axes::{self, widened};
use super::canvas::Canvas;
use super::figures::layout::{Arrangement, Figure};
use super::figures::posterior::{bound, density, draw_title, factors, means};
use super::figures::{draw_caption, outline};
use super::frame::Frame;
use super::mixture_scene::MixtureScene;
use super::raster::Raster;

/// What the drawing of one data set needs between frames.
pub struct PosteriorScene {
    /// The density with the points, where that is the large figure.
    pub mixture: MixtureScene,
    /// The ranges of the data, with room about them.
    ranges: Vec<(f64, f64)>,
    /// What the axes of the data are called.
    axes: Vec<String>,
    /// What was drawn: the pointer is over that.
    layers: Layers,
    raster: Raster,
}

impl PosteriorScene {
    /// The scene of a data set in one or two dimensions.
    #[must_use]
    pub fn new(dataset: &Rc<Dataset>) -> Self {
        Self {
            mixture: MixtureScene::new(dataset),
            ranges: (0..dataset.dimension()).map(|axis| widened(dataset.range(axis))).collect(),
            axes: dataset.axes().iter().map(axes::title).collect(),
            layers: Layers::default(),
            raster: Raster::default(),
        }
    }

    fn arrangement(size: (f64, f64), layers: &Layers) -> Arrangement<BayesianFigure> {
        Arrangement::new(size, layers.bayesian_figure, layers.figures)
    }

    /// The size of the large figure, which begins at the canvas's corner, in CSS pixels.
    #[must_use]
    pub fn size(&self, canvas: (f64, f64)) -> (f64, f64) {
        Self::arrangement(canvas, &self.layers).large
    }

    /// Whether the large figure lies over the data, so that it can be panned and zoomed.
    #[must_use]
    pub fn is_over_data(&self) -> bool {
        self.layers.bayesian_figure == BayesianFigure::Density
    }

    /// The small figures.
    #[must_use]
    pub fn figures(canvas: (f64, f64), layers: &Layers) -> Vec<Figure> {
        Self::arrangement(canvas, layers).figures(|figure| figure.option().label)
    }

    /// Draws the state of the fit.
    ///
    /// # Errors
    /// The browser's, where it is out of memory.
    pub fn draw(
        &mut self,
        canvas: &Canvas,
        frame: &Frame<'_>,
        fit: &mut dyn Mixture,
        edited: Option<Edited<'_>>,
    ) -> Result<(), JsValue> {
        self.layers = frame.layers;
        let arranged = Self::arrangement(canvas.size(), &frame.layers);
        let large = frame.layers.bayesian_figure;
        let (width, height) = arranged.large;
        if large == BayesianFigure::Density {
            self.mixture.draw(&canvas.part(arranged.large), frame, fit, edited)?;
            // What of it reaches beyond its edge is cut off, and what was here before.
            let page = canvas.theme.page.css(1.0);
            canvas.fill(&page, |context| {
                context.rect(width, 0.0, canvas.width() - width, canvas.height());
                context.rect(0.0, height, canvas.width(), canvas.height() - height);
            });
        } else {
            self.mixture.note(frame.iteration, fit);
            let mut raster = std::mem::take(&mut self.raster);
            canvas.fit(&mut raster);
            raster.fill(canvas.theme.page);
            for (_, area) in arranged.small.iter().filter(|(figure, _)| *figure == BayesianFigure::Density) {
                density::paint(canvas, &mut raster, *area, &self.ranges, fit);
            }
            canvas.cover(&raster)?;
            self.raster = raster;
            let area = Area { left: 0.0, top: 0.0, width, height };
            self.draw_figure(canvas, fit, (large, area), true);
            frame.draw_diverged(canvas);
        }
        for &(figure, area) in &arranged.small {
            let label = figure.option().label;
            let short = if figure == BayesianFigure::Deviations { "Deviations" } else { label };
            let short = if figure == BayesianFigure::Bound { "ELBO" } else { short };
            draw_caption(canvas, area, arranged.caption, (label, short));
            self.draw_figure(canvas, fit, (figure, area), false);
            outline(canvas, area);
        }
        Ok(())
    }

    fn draw_figure(&self, canvas: &Canvas, fit: &mut dyn Mixture, (figure, area): (BayesianFigure, Area), large: bool) {
        if figure == BayesianFigure::Density {
            density::draw(canvas, area, &self.ranges, fit);
            return;
        }
        let Some(shown) = fit.posterior_shown() else { return };
        let PosteriorShown { posterior, priors, history, steps_an_epoch, epoch_name } = &shown;
        let title = |words: &str| {
            if large {
                draw_title(canvas, figure.option().label, words);
            }
        };
        match figure {
            BayesianFigure::Density => {}
            BayesianFigure::Means => {
                title("q(μ) at ½ to 2½ standard deviations, each magnified about its own place");
                means::draw(canvas, area, posterior, large);
            }
            BayesianFigure::Deviations => {
                title("p(σ) from q(σ⁻²); grey: the prior");
                factors::draw_deviations(canvas, area, (posterior, priors), &self.axes, large);
            }
            BayesianFigure::Weights => {
                title("the margins of q(θ); grey: the prior");
                factors::draw_weights(canvas, area, (posterior, priors), large);
            }
            BayesianFigure::Bound => {
                title("what the fit makes small, with its parts");
                let curves = bound::Curves::new(history, *steps_an_epoch, area.width);
                bound::draw(canvas, area, &curves, large.then_some(*epoch_name));
            }
        }
    }
}
