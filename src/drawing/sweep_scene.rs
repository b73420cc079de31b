//! What was learned against what is true, one dot a bump.

use wasm_bindgen::JsValue;

use crate::dataset::Axis;
use crate::experiment::Sweep;

use super::axes::{self, INSETS};
use super::canvas::{Canvas, circle, polyline};
use super::raster::Raster;
use super::scale::Scale;

/// A learned σ further off than this counts as missed.
const CLOSE: f64 = 0.01;

/// What the drawing of a sweep needs between frames.
#[derive(Default)]
pub struct SweepScene {
    raster: Raster,
}

impl SweepScene {
    /// Draws the results so far.
    ///
    /// # Errors
    /// The browser's, where it is out of memory.
    pub fn draw(&mut self, canvas: &Canvas, fit: &mut dyn Sweep) -> Result<(), JsValue> {
        canvas.fit(&mut self.raster);
        self.raster.fill(canvas.theme.page);
        canvas.cover(&self.raster)?;
        let [left, top, right, bottom] = INSETS;
        let whole = axes::widened((0.0, fit.end()));
        let x = Scale::new(whole, (left, (canvas.width() - right).max(left + 1.0)));
        let y = Scale::new(whole, ((canvas.height() - bottom).max(top + 1.0), top));
        axes::draw_horizontal(canvas, canvas.size(), &x, &axes::title(&Axis::unitless("True σ")));
        axes::draw_vertical(canvas, canvas.size(), &y, &axes::title(&Axis::unitless("Learned σ")));
        canvas.stroke(&canvas.theme.line.css(1.0), 1.25, &[], |context| {
            polyline(context, [0.0, fit.end()].map(|end| (x.pixel(end), y.pixel(end))).into_iter());
        });
        for (truth, learned) in fit.results().into_iter().filter(|result| result.1.is_finite()) {
            let color = if (truth - learned).abs() <= CLOSE { canvas.theme.component(0) } else { canvas.theme.bad };
            canvas.fill(&color.css(1.0), |context| circle(context, x.pixel(truth), y.pixel(learned), 3.0));
        }
        Ok(())
    }
}
