//! Data in the plane: density, points, ellipses.

use crate::experiment::{Component, ComponentStatus, Mixture};

use super::canvas::{Align, Canvas, circle, polyline};
use super::color::PALETTE_SIZE;
use super::ellipse::Ellipse;
use super::scale::Scale;
use super::trail::Trail;

/// CSS pixels between the places where the density is worked out.
const FIELD_STEP: f64 = 6.0;

/// Where the density is worked out: the corners of equal cells over the whole canvas.
pub struct Field {
    columns: usize,
    rows: usize,
}

impl Field {
    /// The field for a canvas of this size.
    #[must_use]
    pub fn new(width: f64, height: f64) -> Self {
        let cells = |length: f64| (libm::ceil(length / FIELD_STEP) as usize).max(1);
        Self { columns: cells(width) + 1, rows: cells(height) + 1 }
    }

    /// Columns of corners.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Rows of corners.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The density at each corner, on a scale from 0 to 1 on which `typical`, the log-density of the middle point of the
    /// data, is 0.63. A component that collapses makes its own place darkest and leaves the rest as it was.
    pub fn shades(&self, fit: &mut dyn Mixture, canvas: &Canvas, x: &Scale, y: &Scale, typical: f64) -> Vec<f32> {
        let place = |index: usize, count: usize, length: f64| index as f64 / (count - 1) as f64 * length;
        let columns: Vec<f64> =
            (0..self.columns).map(|column| x.value(place(column, self.columns, canvas.width()))).collect();
        let rows: Vec<f64> = (0..self.rows).map(|row| y.value(place(row, self.rows, canvas.height()))).collect();
        let mut shades = vec![0.0; self.columns * self.rows];
        let position =
            |i: usize, axis: usize| if axis == 0 { columns[i % self.columns] } else { rows[i / self.columns] };
        fit.visit_at(shades.len(), &position, &mut |i, log_density, _| {
            shades[i] = 1.0 - libm::expf(-libm::expf((log_density - typical).min(4.0) as f32));
        });
        shades
    }
}

/// The line pattern of component `k`: colours repeat after seven, patterns then tell components apart.
pub fn dash(k: usize) -> &'static [f64] {
    match k / PALETTE_SIZE {
        0 => &[],
        1 => &[9.0, 5.0],
        _ => &[2.0, 5.0],
    }
}

/// Draws ellipses at one and two standard deviations, the paths of the means and the means.
pub fn draw_components(canvas: &Canvas, components: &[Component], trail: &Trail, x: &Scale, y: &Scale) {
    for (k, component) in components.iter().enumerate().filter(|(_, one)| one.status != ComponentStatus::Empty) {
        let ellipse = Ellipse::new(component, x, y);
        let color = canvas.theme.component(k).css(1.0);
        for (deviations, width) in [(2.0, 1.25), (1.0, 2.25)] {
            let trace = |context: &web_sys::OffscreenCanvasRenderingContext2d| {
                let (a, b) = (ellipse.radii.0 * deviations, ellipse.radii.1 * deviations);
                // Radii are finite and at least 0.
                let _ = context.ellipse(
                    ellipse.centre.0,
                    ellipse.centre.1,
                    a,
                    b,
                    ellipse.angle,
                    0.0,
                    std::f64::consts::TAU,
                );
            };
            if canvas.theme.needs_outline(k) {
                canvas.stroke(&canvas.theme.ink.css(0.55), width + 1.5, &[], trace);
                canvas.stroke(&color, width, dash(k), trace);
            } else {
                canvas.stroke_with_halo(&color, width, dash(k), trace);
            }
        }
    }
    for k in 0..components.len() {
        let path: Vec<(f64, f64)> = trail.path(k).map(|mean| (x.pixel(mean[0]), y.pixel(mean[1]))).collect();
        let color = canvas.theme.component(k).css(1.0);
        if path.len() > 1 {
            canvas.stroke_with_halo(&color, 1.5, &[], |context| polyline(context, path.iter().copied()));
            // Dots only while they can be told apart.
            if path.len() <= 40 {
                let (inner, last) = (&path[1..path.len() - 1], path[path.len() - 1]);
                canvas.fill(&color, |context| {
                    for &(px, py) in inner.iter().filter(|place| distance(**place, last) > 7.0) {
                        circle(context, px, py, 2.0);
                    }
                });
            }
            canvas.fill(&canvas.theme.page.css(1.0), |context| circle(context, path[0].0, path[0].1, 3.0));
            canvas.stroke(&color, 1.5, &[], |context| circle(context, path[0].0, path[0].1, 3.0));
        }
    }
    for (k, component) in components.iter().enumerate() {
        draw_centre(canvas, k, component, x.pixel(component.mean[0]), y.pixel(component.mean[1]));
    }
}

fn distance(a: (f64, f64), b: (f64, f64)) -> f64 {
    libm::hypot(a.0 - b.0, a.1 - b.1)
}

/// Draws a component's mean: a dot, or a grey cross with a word for one that lost its points.
pub fn draw_centre(canvas: &Canvas, k: usize, component: &Component, x: f64, y: f64) {
    if component.status == ComponentStatus::Empty {
        canvas.stroke_with_halo(&canvas.theme.off.css(1.0), 1.5, &[], |context| {
            polyline(context, [(x - 5.0, y - 5.0), (x + 5.0, y + 5.0)].into_iter());
            polyline(context, [(x - 5.0, y + 5.0), (x + 5.0, y - 5.0)].into_iter());
        });
        canvas.text("empty", x + 10.0, y, Align::Left, canvas.theme.quiet);
        return;
    }
    canvas.dot(x, y, 5.0, canvas.theme.component(k));
    if component.status == ComponentStatus::Collapsed {
        canvas.stroke(&canvas.theme.ink.css(1.0), 1.25, &[], |context| circle(context, x, y, 8.5));
        canvas.text("collapsed", x + 13.0, y, Align::Left, canvas.theme.ink);
    }
}
