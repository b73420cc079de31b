//! Data in the plane: density, points, ellipses.

use std::f64::consts::TAU;

use web_sys::OffscreenCanvasRenderingContext2d;

use crate::experiment::{Component, ComponentStatus, Mixture};

use super::area::Area;
use super::canvas::{Align, Canvas, circle, polyline};
use super::color::PALETTE_SIZE;
use super::ellipse::Ellipse;
use super::frame::Frame;
use super::hold::Layout;
use super::scale::Scale;
use super::trail::Trail;

/// CSS pixels between the places where the density is worked out.
const FIELD_STEP: f64 = 6.0;
/// Dashes of where a component goes next.
const NEXT_DASH: &[f64] = &[3.0, 4.0];

/// Where a field is worked out: the corners of equal cells over an area.
pub struct Field {
    columns: usize,
    rows: usize,
}

impl Field {
    /// The field for an area of this size, in CSS pixels.
    #[must_use]
    pub fn new(width: f64, height: f64) -> Self {
        Self::of_step(width, height, FIELD_STEP)
    }

    /// The field for an area of this size with its corners so far apart, in CSS pixels.
    #[must_use]
    pub fn of_step(width: f64, height: f64, step: f64) -> Self {
        let cells = |length: f64| (libm::ceil(length / step) as usize).max(1);
        Self { columns: cells(width) + 1, rows: cells(height) + 1 }
    }

    /// The field with so many cells across and down.
    #[must_use]
    pub fn of_cells(across: usize, down: usize) -> Self {
        Self { columns: across.max(1) + 1, rows: down.max(1) + 1 }
    }

    /// Columns and rows of corners.
    #[must_use]
    pub fn shape(&self) -> (usize, usize) {
        (self.columns, self.rows)
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

    /// Where the corners of an area, in CSS pixels, are in the units of the data: of each column, and of each row from the top.
    #[must_use]
    pub fn places(&self, area: Area, x: &Scale, y: &Scale) -> (Vec<f64>, Vec<f64>) {
        let place = |index: usize, count: usize, length: f64| index as f64 / (count - 1) as f64 * length;
        (
            (0..self.columns).map(|column| x.value(area.left + place(column, self.columns, area.width))).collect(),
            (0..self.rows).map(|row| y.value(area.top + place(row, self.rows, area.height))).collect(),
        )
    }

    /// The density at each corner, on a scale from 0 to 1 on which `typical`, the log-density of the middle point of the
    /// data, is 0.63. A component that collapses makes its own place darkest and leaves the rest as it was.
    pub fn shades(&self, fit: &mut dyn Mixture, canvas: &Canvas, x: &Scale, y: &Scale, typical: f64) -> Vec<f32> {
        let (columns, rows) = self.places(canvas.area(), x, y);
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

/// Traces an ellipse at so many standard deviations.
pub fn trace(context: &OffscreenCanvasRenderingContext2d, ellipse: &Ellipse, deviations: f64) {
    let ((x, y), (a, b)) = (ellipse.centre, ellipse.radii);
    context.move_to(x + a * deviations * libm::cos(ellipse.angle), y + a * deviations * libm::sin(ellipse.angle));
    // Radii are finite and at least 0.
    let _ = context.ellipse(x, y, a * deviations, b * deviations, ellipse.angle, 0.0, TAU);
}

/// Draws ellipses at one and two standard deviations, the paths of the means, the means, and what the frame marks.
pub fn draw_components(
    canvas: &Canvas,
    components: &[Component],
    next: &[Component],
    trail: &Trail,
    frame: &Frame<'_>,
    (x, y): (&Scale, &Scale),
) {
    if frame.layers.ellipses {
        draw_ellipses(canvas, components, (x, y), frame.layers.heat);
        for (k, component) in next.iter().enumerate().filter(|(_, one)| takes_part(one)) {
            let ellipse = Ellipse::new(component, x, y);
            canvas
                .stroke(&canvas.theme.component(k).css(1.0), 1.25, NEXT_DASH, |context| trace(context, &ellipse, 1.0));
        }
    }
    if frame.layers.paths {
        draw_paths(canvas, components, trail, frame.iteration, (x, y));
    }
    for (k, component) in components.iter().enumerate() {
        draw_centre(canvas, k, component, x.pixel(component.mean[0]), y.pixel(component.mean[1]));
    }
    frame.draw_marks(canvas, &Layout::Plane(*x, *y), components);
}

/// Whether a component has points and a density.
pub fn takes_part(component: &Component) -> bool {
    !matches!(component.status, ComponentStatus::Empty | ComponentStatus::Off)
}

/// The line pattern of each component: none where its colour tells it from all others that take part.
fn patterns(canvas: &Canvas, components: &[Component]) -> Vec<&'static [f64]> {
    let mut alike = [0usize; PALETTE_SIZE];
    for (k, _) in components.iter().enumerate().filter(|(_, one)| takes_part(one)) {
        alike[canvas.theme.slot(k)] += 1;
    }
    (0..components.len()).map(|k| if alike[canvas.theme.slot(k)] > 1 { dash(k) } else { &[] }).collect()
}

/// Over a map of the density many would hide it: then they are thin and at one standard deviation.
fn draw_ellipses(canvas: &Canvas, components: &[Component], (x, y): (&Scale, &Scale), over_map: bool) {
    let crowded = over_map && components.iter().filter(|one| takes_part(one)).count() > 2 * PALETTE_SIZE;
    if crowded {
        for (k, component) in components.iter().enumerate().filter(|(_, one)| takes_part(one)) {
            let ellipse = Ellipse::new(component, x, y);
            let color = canvas.theme.component(k).css(1.0);
            canvas.stroke_with_halo(&color, 1.25, &[], |context| trace(context, &ellipse, 1.0));
        }
        return;
    }
    let patterns = patterns(canvas, components);
    for (k, component) in components.iter().enumerate().filter(|(_, one)| takes_part(one)) {
        let ellipse = Ellipse::new(component, x, y);
        let color = canvas.theme.component(k).css(1.0);
        for (deviations, width) in [(2.0, 1.25), (1.0, 2.25)] {
            let trace = |context: &OffscreenCanvasRenderingContext2d| trace(context, &ellipse, deviations);
            if canvas.theme.needs_outline(k) {
                canvas.stroke(&canvas.theme.ink.css(0.55), width + 1.5, &[], trace);
                canvas.stroke(&color, width, patterns[k], trace);
            } else {
                canvas.stroke_with_halo(&color, width, patterns[k], trace);
            }
        }
    }
}

fn draw_paths(canvas: &Canvas, components: &[Component], trail: &Trail, iteration: usize, (x, y): (&Scale, &Scale)) {
    for k in (0..components.len()).filter(|&k| components[k].status != ComponentStatus::Off) {
        let path: Vec<(f64, f64)> = trail.path(k, iteration).map(|mean| (x.pixel(mean[0]), y.pixel(mean[1]))).collect();
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
}

/// Traces a cross whose arms reach so far along both axes.
pub fn cross(context: &OffscreenCanvasRenderingContext2d, x: f64, y: f64, reach: f64) {
    polyline(context, [(x - reach, y - reach), (x + reach, y + reach)].into_iter());
    polyline(context, [(x - reach, y + reach), (x + reach, y - reach)].into_iter());
}

fn distance(a: (f64, f64), b: (f64, f64)) -> f64 {
    libm::hypot(a.0 - b.0, a.1 - b.1)
}

/// Draws a component's mean: a dot, or a grey cross with a word for one that lost its points.
pub fn draw_centre(canvas: &Canvas, k: usize, component: &Component, x: f64, y: f64) {
    let off = &canvas.theme.off.css(1.0);
    if component.status == ComponentStatus::Off {
        canvas.stroke(off, 1.25, &[], |context| cross(context, x, y, 2.5));
        return;
    }
    if component.status == ComponentStatus::Empty {
        canvas.stroke_with_halo(off, 1.5, &[], |context| cross(context, x, y, 5.0));
        canvas.text("empty", x + 10.0, y, Align::Left, canvas.theme.quiet);
        return;
    }
    canvas.dot(x, y, 5.0, canvas.theme.component(k));
    if component.status == ComponentStatus::Collapsed {
        canvas.stroke(&canvas.theme.ink.css(1.0), 1.25, &[], |context| circle(context, x, y, 8.5));
        canvas.text("collapsed", x + 13.0, y, Align::Left, canvas.theme.ink);
    }
}
