//! Where the centres were, epoch by epoch: an arrow at the start, a circle at the end, crosses at the true centres.

use super::gaussians::{TRUE_DASH, true_color};
use super::{Pane, TrueOne};
use crate::drawing::canvas::{Canvas, Words, circle, polyline};
use crate::drawing::color::Rgb;
use crate::drawing::ellipse::Ellipse;
use crate::drawing::plane;
use crate::drawing::scale::{label, round_step};
use crate::drawing::trail::Trail;
use crate::experiment::{Component, ComponentStatus};

/// About so many markers a path, at most.
const MARKERS: f64 = 20.0;
/// A path shorter than this has no direction, in CSS pixels.
const SHORTEST: f64 = 3.0;

/// What the paths are of.
pub struct Paths<'a> {
    /// Where the centres were.
    pub trail: &'a Trail,
    /// The present iteration.
    pub iteration: usize,
    /// Iterations an epoch.
    pub steps: usize,
    /// The learned Gaussians.
    pub components: &'a [Component],
    /// The true ones.
    pub truth: &'a [TrueOne],
}

/// Draws the paths of the centres.
pub fn draw(canvas: &Canvas, pane: &Pane, paths: &Paths<'_>) {
    let (theme, components) = (&canvas.theme, paths.components);
    let every = marker_step(paths.iteration as f64 / paths.steps as f64);
    let (off, on): (Vec<usize>, Vec<usize>) =
        (0..components.len()).partition(|&k| components[k].status == ComponentStatus::Off);
    for one in paths.truth.iter().filter(|_| pane.large) {
        let ellipse = Ellipse::new(&one.component, &pane.x, &pane.y);
        let color = true_color(canvas, one).css(0.4);
        canvas.stroke(&color, 1.0, TRUE_DASH, |context| plane::trace(context, &ellipse, 1.0));
    }
    for (k, color) in off.into_iter().map(|k| (k, theme.off)).chain(on.into_iter().map(|k| (k, theme.component(k)))) {
        let path: Vec<(usize, (f64, f64))> =
            paths.trail.timed(k, paths.iteration).map(|(iteration, mean)| (iteration, pane.pixel(mean))).collect();
        draw_path(canvas, pane.large, color, &path, every * paths.steps as f64);
    }
    for one in paths.truth {
        let (x, y) = pane.pixel(&one.component.mean);
        let (reach, width) = if pane.large { (5.5, 2.0) } else { (3.0, 1.25) };
        canvas.stroke_with_halo(&theme.ink.css(1.0), width, &[], |context| plane::cross(context, x, y, reach));
    }
    if pane.large {
        let words = match every {
            1.0 => "a marker every epoch".to_owned(),
            every => format!("a marker every {} epochs", label(every, 1.0)),
        };
        let line = [
            Words { text: "Centres by epoch".to_owned(), bold: true, color: theme.ink },
            Words { text: format!("  {words}"), bold: false, color: theme.quiet },
        ];
        canvas.words(&line, pane.area.left + 84.0, 12.0);
    }
}

/// Epochs between markers after so many epochs: a round number.
fn marker_step(epochs: f64) -> f64 {
    round_step((epochs / MARKERS).max(1.0))
}

fn draw_path(canvas: &Canvas, large: bool, color: Rgb, path: &[(usize, (f64, f64))], every: f64) {
    let Some(&(_, end)) = path.last() else { return };
    let (stroke, css) = (if large { 1.5 } else { 1.0 }, color.css(1.0));
    let line = || path.iter().map(|place| place.1);
    canvas.stroke_with_halo(&color.css(0.7), stroke, &[], |context| polyline(context, line()));
    let radius = if large { 2.5 } else { 1.0 };
    let ring = if large { 5.0 } else { 2.5 };
    canvas.fill(&css, |context| {
        for (x, y) in markers(path, every).into_iter().filter(|&place| distance(place, end) > ring) {
            circle(context, x, y, radius);
        }
    });
    let start = path[0].1;
    if let Some((_, to)) = path.iter().find(|place| distance(place.1, start) >= SHORTEST) {
        let (length, half) = if large { (11.0, 4.5) } else { (5.0, 2.5) };
        let away = distance(*to, start);
        let (dx, dy) = ((to.0 - start.0) / away, (to.1 - start.1) / away);
        let corner = |side: f64| (start.0 - side * half * dy, start.1 + side * half * dx);
        let tip = (start.0 + length * dx, start.1 + length * dy);
        let arrow = |context: &web_sys::OffscreenCanvasRenderingContext2d| {
            polyline(context, [corner(1.0), tip, corner(-1.0), corner(1.0)].into_iter());
        };
        canvas.stroke(&canvas.theme.page.css(1.0), 2.0, &[], arrow);
        canvas.fill(&css, arrow);
    }
    canvas.stroke_with_halo(&css, if large { 2.0 } else { 1.25 }, &[], |context| circle(context, end.0, end.1, ring));
}

fn distance(a: (f64, f64), b: (f64, f64)) -> f64 {
    libm::hypot(a.0 - b.0, a.1 - b.1)
}

/// Where a path was at each multiple of `every` iterations after its first, from the places that are known: between two it is
/// taken to be straight.
fn markers(path: &[(usize, (f64, f64))], every: f64) -> Vec<(f64, f64)> {
    let mut found = Vec::new();
    for two in path.windows(2) {
        let ((from, a), (to, b)) = (two[0], two[1]);
        let (from, to) = (from as f64, to as f64);
        let mut at = (libm::floor(from / every) + 1.0) * every;
        while at <= to {
            let share = (at - from) / (to - from);
            found.push((a.0 + share * (b.0 - a.0), a.1 + share * (b.1 - a.1)));
            at += every;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_are_at_round_epochs() {
        assert_eq!([0.0, 7.0, 20.0, 21.0, 150.0, 1_000.0].map(marker_step), [1.0, 1.0, 1.0, 2.0, 10.0, 50.0]);
        let path: Vec<(usize, (f64, f64))> =
            [0, 3, 4, 11, 30].map(|iteration| (iteration, (iteration as f64, 2.0 * iteration as f64))).to_vec();
        let found = markers(&path, 5.0);
        assert_eq!(found, [5.0, 10.0, 15.0, 20.0, 25.0, 30.0].map(|at| (at, 2.0 * at)));
        assert!(markers(&path[..1], 5.0).is_empty());
    }
}
