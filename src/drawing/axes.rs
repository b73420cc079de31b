//! Axes: numerals inside the canvas, short ticks at its edge, titles with units.

use crate::dataset::Axis;

use super::canvas::{Align, Canvas};
use super::scale::Scale;

/// Room that the axes take from the plot, in CSS pixels: left, top, right, bottom.
pub const INSETS: [f64; 4] = [44.0, 24.0, 20.0, 44.0];

const TICK: f64 = 4.0;
const FROM_EDGE: f64 = 8.0;

/// What an axis measures, with its unit.
#[must_use]
pub fn title(axis: &Axis) -> String {
    if axis.unit.is_empty() { axis.label.clone() } else { format!("{}, {}", axis.label, axis.unit) }
}

/// A range with room around it.
#[must_use]
pub fn widened((low, high): (f64, f64)) -> (f64, f64) {
    // A column may be constant where the other is not.
    let room = if high > low { 0.06 * (high - low) } else { 0.5 * high.abs().max(1.0) };
    (low - room, high + room)
}

/// Draws the axis along the bottom of a plot that begins at the canvas's corner and has this size, in CSS pixels.
pub fn draw_horizontal(canvas: &Canvas, (width, bottom): (f64, f64), scale: &Scale, title: &str) {
    let theme = &canvas.theme;
    canvas.text(title, width - FROM_EDGE, bottom - 28.0, Align::Right, theme.quiet);
    for (value, label) in scale.ticks((INSETS[0], width - INSETS[2]), 70.0) {
        let x = scale.pixel(value);
        canvas.stroke(&theme.line.css(1.0), 1.0, &[], |context| {
            context.move_to(snapped(x), bottom);
            context.line_to(snapped(x), bottom - TICK);
        });
        canvas.text(&label, x, bottom - FROM_EDGE - 5.0, Align::Centre, theme.quiet);
    }
}

/// Draws the axis along the left of such a plot.
pub fn draw_vertical(canvas: &Canvas, (_, height): (f64, f64), scale: &Scale, title: &str) {
    let theme = &canvas.theme;
    for (value, label) in scale.ticks((height - INSETS[3], INSETS[1]), 56.0) {
        let y = scale.pixel(value);
        canvas.stroke(&theme.line.css(1.0), 1.0, &[], |context| {
            context.move_to(0.0, snapped(y));
            context.line_to(TICK, snapped(y));
        });
        canvas.text(&label, FROM_EDGE, y, Align::Left, theme.quiet);
    }
    canvas.text(title, FROM_EDGE, 12.0, Align::Left, theme.quiet);
}

/// The middle of a pixel, so that thin lines are sharp.
pub fn snapped(place: f64) -> f64 {
    libm::floor(place) + 0.5
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constant_columns_get_room() {
        assert_eq!(widened((5.0, 5.0)), (2.5, 7.5));
        assert_eq!(widened((0.0, 0.0)), (-0.5, 0.5));
    }
}
