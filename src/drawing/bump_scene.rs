//! Bumps side by side: one panel a form, with the data under its curve.

use std::rc::Rc;

use wasm_bindgen::JsValue;

use crate::dataset::Regression;
use crate::experiment::{BumpCurve, Bumps};

use super::canvas::{Align, Canvas, circle, polyline};
use super::raster::Raster;
use super::scale::Scale;

/// Samples drawn in each panel.
const SHOWN_SAMPLES: usize = 300;
/// CSS pixels between the points of a curve.
const CURVE_STEP: f64 = 1.0;
/// Narrower panels than this are put below one another.
const NARROWEST_PANEL: f64 = 170.0;
/// Room in a panel for its words above and its numerals below and beside.
const WORDS: f64 = 58.0;
const NUMERALS: f64 = 26.0;
const MARGIN: f64 = 14.0;

/// Panels show x at least this far, also where data are near 0 only: a bump is seen by where it ends.
const LEAST_REACH: f64 = 1.0;
/// The top of a bump is at 1/e; targets of the source's definition may be without bounds.
const LEAST_HEIGHT: f64 = 0.4;
const MOST_HEIGHT: f64 = 1.5;

/// What the drawing of one data set needs between frames.
pub struct BumpScene {
    /// Some samples: input and target.
    samples: Vec<(f64, f64)>,
    across: (f64, f64),
    highest: f64,
    raster: Raster,
}

impl BumpScene {
    /// The scene of samples with one input each.
    #[must_use]
    pub fn new(data: &Rc<Regression>) -> Self {
        let (train, dimension) = (data.train(), data.dimension());
        let every = train.count().div_ceil(SHOWN_SAMPLES).max(1);
        let samples: Vec<(f64, f64)> =
            (0..train.count()).step_by(every).map(|i| (train.inputs[i * dimension], train.targets[i])).collect();
        let reach = train.inputs.iter().fold(0.0f64, |reach, x| reach.max(x.abs()));
        let highest = samples.iter().fold(0.0f64, |highest, sample| highest.max(sample.1));
        let reach = reach.max(LEAST_REACH);
        Self {
            samples,
            across: (-reach, reach),
            highest: highest.clamp(LEAST_HEIGHT, MOST_HEIGHT),
            raster: Raster::default(),
        }
    }

    /// Draws the state of the fit.
    ///
    /// # Errors
    /// The browser's, where it is out of memory.
    pub fn draw(&mut self, canvas: &Canvas, fit: &mut dyn Bumps) -> Result<(), JsValue> {
        canvas.fit(&mut self.raster);
        self.raster.fill(canvas.theme.page);
        canvas.cover(&self.raster)?;
        let curves = fit.forms();
        let columns = columns(canvas.width(), curves.len());
        let rows = curves.len().div_ceil(columns);
        let (width, height) = (canvas.width() / columns as f64, canvas.height() / rows as f64);
        for (form, curve) in curves.iter().enumerate() {
            let (left, top) = ((form % columns) as f64 * width, (form / columns) as f64 * height);
            self.draw_panel(canvas, fit, form, curve, (left, top, width, height));
        }
        Ok(())
    }

    fn draw_panel(
        &self,
        canvas: &Canvas,
        fit: &dyn Bumps,
        form: usize,
        curve: &BumpCurve,
        (left, top, width, height): (f64, f64, f64, f64),
    ) {
        let (theme, right, bottom) = (&canvas.theme, left + width - MARGIN, top + height - NUMERALS);
        let left = left + MARGIN;
        let x = Scale::new(self.across, (left, right.max(left + 1.0)));
        let y = Scale::new((0.0, 1.25 * self.highest), (bottom.max(top + WORDS + 1.0), top + WORDS));
        canvas.heading(curve.label, left, top + 20.0, Align::Left, theme.ink);
        let standing = if curve.failed { theme.bad } else { theme.ink };
        canvas.text(&curve.learned, right, top + 20.0, Align::Right, standing);
        canvas.text(&curve.note, left, top + 38.0, Align::Left, if curve.failed { theme.bad } else { theme.quiet });
        canvas.fill(&theme.ink.css(0.35), |context| {
            for &(input, target) in &self.samples {
                circle(context, x.pixel(input), y.pixel(target), 1.5);
            }
        });
        let (color, steps) = (theme.component(form), ((right - left) / CURVE_STEP) as usize);
        let roof = y.pixel(1.25 * self.highest);
        let pixels: Vec<f64> = (0..=steps).map(|step| left + step as f64 * CURVE_STEP).collect();
        let places: Vec<f64> = pixels.iter().map(|&pixel| x.value(pixel)).collect();
        let heights = fit.predict(form, &places);
        let path: Vec<(f64, f64)> = pixels
            .into_iter()
            .zip(heights)
            // What overflows leaves through the top of its panel.
            .map(|(pixel, value)| (pixel, if value.is_finite() { y.pixel(value).max(roof) } else { roof }))
            .collect();
        canvas.stroke_with_halo(&color.css(1.0), 2.0, &[], |context| polyline(context, path.iter().copied()));
        canvas.stroke(&theme.line.css(1.0), 1.0, &[], |context| {
            polyline(context, [(left, y.pixel(0.0)), (right, y.pixel(0.0))].into_iter());
        });
        for (value, label) in x.ticks((left, right), 56.0) {
            canvas.text(&label, x.pixel(value), bottom + 12.0, Align::Centre, theme.quiet);
        }
    }
}

/// Panels beside one another.
fn columns(width: f64, panels: usize) -> usize {
    let most = ((width / NARROWEST_PANEL) as usize).clamp(1, 3);
    most.min(panels.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panels_share_the_width() {
        assert_eq!(columns(824.0, 5), 3);
        assert_eq!(columns(390.0, 5), 2);
        assert_eq!(columns(824.0, 1), 1);
        assert_eq!(columns(10.0, 0), 1);
    }
}
