//! Taking hold of components: where they can be taken, and what dragging one makes of it.

use serde::Serialize;
use tsify::Tsify;

use crate::experiment::{Component, ComponentStatus, Placed};

use super::ellipse::Ellipse;
use super::scale::Scale;

/// No axis is dragged shorter than this, in CSS pixels.
const SHORTEST: f64 = 1.5;

/// What a press at a place would drag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Tsify)]
pub struct Grab {
    /// Its mean, or the end of an axis of its ellipse at one standard deviation.
    pub kind: GrabKind,
    /// Which component, counted from 0.
    pub component: usize,
}

/// A part of a component that can be dragged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum GrabKind {
    /// The mean: all of it moves.
    Mean,
    /// The end of an axis: it turns and stretches.
    Axis,
}

/// How a scene lays components out, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Layout {
    /// As ellipses.
    Plane(Scale, Scale),
    /// As bars, each so much lower than the one before.
    Line {
        /// Along the line.
        x: Scale,
        /// How high the first bar is.
        base: f64,
        /// How much lower each further one is.
        step: f64,
    },
}

/// Where a component can be taken hold of, in CSS pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct Handles {
    /// Its mean.
    pub centre: (f64, f64),
    /// The ends of its axes at one standard deviation, those of one axis after those of the other.
    pub ends: Vec<(f64, f64)>,
}

impl Handles {
    /// Where component `k` is.
    #[must_use]
    pub fn new(layout: &Layout, k: usize, component: &Component) -> Self {
        match layout {
            Layout::Plane(x, y) => {
                let ellipse = Ellipse::new(component, x, y);
                let (cx, cy) = ellipse.centre;
                let (cosine, sine) = (libm::cos(ellipse.angle), libm::sin(ellipse.angle));
                let (a, b) = ellipse.radii;
                let axes = [(a * cosine, a * sine), (-b * sine, b * cosine)];
                let ends = axes.iter().flat_map(|&(dx, dy)| [(cx + dx, cy + dy), (cx - dx, cy - dy)]).collect();
                Self { centre: ellipse.centre, ends }
            }
            Layout::Line { x, base, step } => {
                let height = base + step * k as f64;
                let (centre, radius) =
                    (x.pixel(component.mean[0]), libm::sqrt(component.covariance[0].max(0.0)) * x.pixels_per_unit());
                let ends = vec![(centre + radius, height), (centre - radius, height)];
                Self { centre: (centre, height), ends }
            }
        }
    }
}

/// A component while it is dragged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Held {
    /// What is dragged.
    pub grab: Grab,
    /// From where it is to where the pointer took it.
    offset: (f64, f64),
    /// Half the length of the axis that stays, where one of an ellipse's is dragged.
    other: f64,
}

/// What of some components is within reach of a place: means before ends, those that take part before others, the nearest first.
/// Ends count for the component that is `shown` with its handles only.
#[must_use]
pub fn within_reach(
    layout: &Layout,
    components: &[Component],
    shown: Option<usize>,
    place: (f64, f64),
    reach: f64,
) -> Option<Held> {
    let distance = |at: (f64, f64)| libm::hypot(at.0 - place.0, at.1 - place.1);
    let held = |kind: GrabKind, component: usize, at: (f64, f64), other: f64| Held {
        grab: Grab { kind, component },
        offset: (place.0 - at.0, place.1 - at.1),
        other,
    };
    let mut best: Option<((u8, f64), Held)> = None;
    let mut offer = |rank: u8, at: (f64, f64), found: Held| {
        let score = (rank, distance(at));
        if score.1 <= reach && best.as_ref().is_none_or(|(least, _)| score < *least) {
            best = Some((score, found));
        }
    };
    for (k, component) in components.iter().enumerate() {
        let handles = Handles::new(layout, k, component);
        let idle = u8::from(component.status == ComponentStatus::Off);
        // Where an ellipse is hardly larger than its centre's dot, its ends are reached from outside.
        offer(2 * idle, handles.centre, held(GrabKind::Mean, k, handles.centre, 0.0));
        if shown == Some(k) {
            for (index, &end) in handles.ends.iter().enumerate() {
                // The other axis, where there is one.
                let other = handles
                    .ends
                    .get((index + 2) % 4)
                    .map_or(0.0, |other| libm::hypot(other.0 - handles.centre.0, other.1 - handles.centre.1));
                // An end that is nearer than the centre is meant.
                let rank = if distance(end) < distance(handles.centre) { 0 } else { 1 };
                offer(rank, end, held(GrabKind::Axis, k, end, other));
            }
        }
    }
    best.map(|(_, held)| held)
}

impl Held {
    /// Where the component goes when the pointer is at `place`.
    #[must_use]
    pub fn placed(&self, layout: &Layout, component: &Component, place: (f64, f64)) -> Placed {
        let (px, py) = (place.0 - self.offset.0, place.1 - self.offset.1);
        let mut placed =
            Placed { weight: None, mean: component.mean.clone(), covariance: component.covariance.clone() };
        match (self.grab.kind, layout) {
            (GrabKind::Mean, Layout::Plane(x, y)) => placed.mean = vec![x.value(px), y.value(py)],
            (GrabKind::Mean, Layout::Line { x, .. }) => placed.mean = vec![x.value(px)],
            (GrabKind::Axis, Layout::Line { x, .. }) => {
                let radius = (px - x.pixel(component.mean[0])).abs().max(SHORTEST) / x.pixels_per_unit();
                placed.covariance = vec![radius * radius];
            }
            (GrabKind::Axis, Layout::Plane(x, y)) => {
                let (dx, dy) = (px - x.pixel(component.mean[0]), py - y.pixel(component.mean[1]));
                let length = libm::hypot(dx, dy);
                let (ux, uy) = if length > 0.0 { (dx / length, dy / length) } else { (1.0, 0.0) };
                let (a, b) = (length.max(SHORTEST), self.other.max(SHORTEST));
                let (sx, sy) = (x.pixels_per_unit(), y.pixels_per_unit());
                let xx = (a * a * ux * ux + b * b * uy * uy) / (sx * sx);
                let xy = (a * a - b * b) * ux * uy / (sx * sy);
                let yy = (a * a * uy * uy + b * b * ux * ux) / (sy * sy);
                placed.covariance = vec![xx, xy, xy, yy];
            }
        }
        placed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn component(mean: &[f64], covariance: &[f64]) -> Component {
        Component { weight: 0.5, mean: mean.to_vec(), covariance: covariance.to_vec(), status: ComponentStatus::Active }
    }

    /// Ten pixels a unit, upwards.
    fn plane() -> Layout {
        Layout::Plane(Scale::new((0.0, 10.0), (0.0, 100.0)), Scale::new((0.0, 10.0), (100.0, 0.0)))
    }

    fn close(found: &[f64], expected: &[f64]) {
        assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-9), "{found:?} {expected:?}");
    }

    #[test]
    fn a_mean_follows_the_pointer_from_where_it_was_taken() {
        let components = [component(&[5.0, 5.0], &[1.0, 0.0, 0.0, 1.0]), component(&[6.0, 5.0], &[1.0, 0.0, 0.0, 1.0])];
        let held = within_reach(&plane(), &components, None, (53.0, 48.0), 12.0).unwrap();
        assert_eq!(held.grab, Grab { kind: GrabKind::Mean, component: 0 });
        let placed = held.placed(&plane(), &components[0], (73.0, 28.0));
        close(&placed.mean, &[7.0, 7.0]);
        assert_eq!((placed.weight, &placed.covariance), (None, &components[0].covariance));
        assert!(within_reach(&plane(), &components, None, (40.0, 30.0), 12.0).is_none());
        assert!(within_reach(&plane(), &components, None, (40.0, 30.0), 30.0).is_some(), "a finger reaches further");
    }

    #[test]
    fn an_end_turns_and_stretches_and_the_other_axis_stays() {
        let components = [component(&[5.0, 5.0], &[4.0, 0.0, 0.0, 1.0])];
        assert!(within_reach(&plane(), &components, None, (70.0, 50.0), 12.0).is_none(), "no handles are shown");
        let held = within_reach(&plane(), &components, Some(0), (70.0, 50.0), 12.0).unwrap();
        assert_eq!(held.grab.kind, GrabKind::Axis);
        // Straight up, three units long.
        let placed = held.placed(&plane(), &components[0], (50.0, 20.0));
        close(&placed.covariance, &[1.0, 0.0, 0.0, 9.0]);
        // Halfway between right and up.
        let placed = held.placed(&plane(), &components[0], (50.0 + 20.0, 50.0 - 20.0));
        close(&placed.covariance, &[4.5, 3.5, 3.5, 4.5]);
        let placed = held.placed(&plane(), &components[0], (50.0, 50.0));
        assert!(placed.covariance[0] > 0.0, "{placed:?}");
    }

    #[test]
    fn bars_have_two_ends() {
        let layout = Layout::Line { x: Scale::new((0.0, 10.0), (0.0, 100.0)), base: 40.0, step: 2.0 };
        let components = [component(&[2.0], &[1.0]), component(&[5.0], &[4.0])];
        let held = within_reach(&layout, &components, Some(1), (31.0, 42.0), 12.0).unwrap();
        assert_eq!(held.grab, Grab { kind: GrabKind::Axis, component: 1 });
        close(&held.placed(&layout, &components[1], (21.0, 0.0)).covariance, &[9.0]);
        let held = within_reach(&layout, &components, None, (51.0, 42.0), 12.0).unwrap();
        close(&held.placed(&layout, &components[1], (61.0, 90.0)).mean, &[6.0]);
    }

    #[test]
    fn what_takes_part_comes_first() {
        let mut components =
            [component(&[5.0, 5.0], &[1.0, 0.0, 0.0, 1.0]), component(&[5.5, 5.0], &[1.0, 0.0, 0.0, 1.0])];
        components[0].status = ComponentStatus::Off;
        let held = within_reach(&plane(), &components, None, (50.0, 50.0), 12.0).unwrap();
        assert_eq!(held.grab.component, 1);
    }
}
