//! What was learned against what is true, one dot a bump.

use wasm_bindgen::JsValue;

use crate::dataset::Axis;
use crate::experiment::Sweep;

use super::axes::{self, INSETS};
use super::canvas::{Align, Canvas, Words, circle, polyline};
use super::raster::Raster;
use super::scale::{Scale, label};

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
        let end = fit.end();
        let (turn_x, turn_y) = (x.pixel(0.86 * end), y.pixel(0.86 * end));
        canvas.text("learned = true", turn_x - 10.0, turn_y - 4.0, Align::Right, canvas.theme.quiet);
        let results = fit.results();
        for &(truth, learned) in results.iter().filter(|result| result.1.is_finite()) {
            let (place, height) = (x.pixel(truth), y.pixel(learned));
            let color = if is_close(truth, learned) { canvas.theme.component(0) } else { canvas.theme.bad };
            // What is off hangs from where it should be.
            if !is_close(truth, learned) {
                canvas.stroke(&color.css(0.3), 1.0, &[], |context| {
                    polyline(context, [(place, y.pixel(truth)), (place, height)].into_iter());
                });
            }
            canvas.fill(&color.css(1.0), |context| circle(context, place, height, 3.0));
        }
        if !results.is_empty() {
            let line = words(&results, canvas);
            canvas.words(&line, left + 16.0, top + 20.0);
        }
        Ok(())
    }
}

fn is_close(truth: f64, learned: f64) -> bool {
    (truth - learned).abs() <= CLOSE
}

/// How many were found so far, and the first that was not.
fn counted(results: &[(f64, f64)]) -> (String, String) {
    let close = results.iter().filter(|(truth, learned)| is_close(*truth, *learned)).count();
    let first = results.iter().find(|(truth, learned)| !is_close(*truth, *learned));
    let rest =
        first.map_or(String::new(), |(truth, _)| format!("; the first further off is σ = {}", label(*truth, 0.1)));
    (format!("{close} of {}", results.len()), format!(" within 0.01{rest}"))
}

fn words(results: &[(f64, f64)], canvas: &Canvas) -> [Words; 2] {
    let (count, rest) = counted(results);
    [
        Words { text: count, bold: true, color: canvas.theme.ink },
        Words { text: rest, bold: false, color: canvas.theme.quiet },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_found_is_counted() {
        let found = counted(&[(0.1, 0.1001), (0.2, 0.195), (3.2, 3.0), (3.3, f64::NAN)]);
        assert_eq!(found, ("2 of 4".to_owned(), " within 0.01; the first further off is σ = 3.2".to_owned()));
        assert_eq!(counted(&[(0.1, 0.1)]).1, " within 0.01");
    }
}
