//! Taking hold of components, of true Gaussians and of samples: where they can be taken, and what dragging one makes of it.

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
    /// What of it.
    pub kind: GrabKind,
    /// Which component, true Gaussian or sample, counted from 0.
    pub component: usize,
}

/// What can be dragged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum GrabKind {
    /// The mean of a component: all of it moves.
    Mean,
    /// The end of an axis of a component's ellipse at one standard deviation: it turns and stretches.
    Axis,
    /// The centre of a true Gaussian.
    Truth,
    /// The end of an axis of a true Gaussian's.
    TruthAxis,
    /// A sample on a line.
    Sample,
}

impl Grab {
    /// The component that it is of.
    #[must_use]
    pub fn component(self) -> Option<usize> {
        matches!(self.kind, GrabKind::Mean | GrabKind::Axis).then_some(self.component)
    }

    /// The true Gaussian that it is of.
    #[must_use]
    pub fn truth(self) -> Option<usize> {
        matches!(self.kind, GrabKind::Truth | GrabKind::TruthAxis).then_some(self.component)
    }
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

/// Something while it is dragged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Held {
    /// What is dragged.
    pub grab: Grab,
    /// From where it is to where the pointer took it.
    offset: (f64, f64),
    /// Half the length of the axis that stays, where one of an ellipse's is dragged.
    other: f64,
}

/// Looks for what is within reach of a place: components first, of these means before ends and those that take part before others;
/// then true Gaussians and samples; the nearest of a kind.
pub struct Search {
    place: (f64, f64),
    reach: f64,
    best: Option<((u8, f64), Held)>,
}

/// The rank of true Gaussians and of samples, below all of components.
const BEHIND: u8 = 3;

impl Search {
    /// About a place, all in CSS pixels.
    #[must_use]
    pub fn new(place: (f64, f64), reach: f64) -> Self {
        Self { place, reach, best: None }
    }

    /// What was found.
    #[must_use]
    pub fn found(self) -> Option<Held> {
        self.best.map(|(_, held)| held)
    }

    fn distance(&self, at: (f64, f64)) -> f64 {
        libm::hypot(at.0 - self.place.0, at.1 - self.place.1)
    }

    fn offer(&mut self, rank: u8, at: (f64, f64), grab: Grab, other: f64) {
        let score = (rank, self.distance(at));
        if score.1 <= self.reach && self.best.as_ref().is_none_or(|(least, _)| score < *least) {
            let offset = (self.place.0 - at.0, self.place.1 - at.1);
            self.best = Some((score, Held { grab, offset, other }));
        }
    }

    /// Among components. Ends count for the one that is `shown` with its handles only.
    pub fn components(&mut self, layout: &Layout, components: &[Component], shown: Option<usize>) {
        for (k, component) in components.iter().enumerate() {
            let handles = Handles::new(layout, k, component);
            let idle = u8::from(component.status == ComponentStatus::Off);
            let [centre, axis] = [GrabKind::Mean, GrabKind::Axis].map(|kind| Grab { kind, component: k });
            self.handles(&handles, centre, (shown == Some(k)).then_some(axis), [2 * idle, 0]);
        }
    }

    /// Among the true Gaussians, in the same way.
    pub fn truth(&mut self, layout: &Layout, truth: &[Component], shown: Option<usize>) {
        for (number, one) in truth.iter().enumerate() {
            // All on one line.
            let handles = Handles::new(layout, 0, one);
            let [centre, axis] = [GrabKind::Truth, GrabKind::TruthAxis].map(|kind| Grab { kind, component: number });
            self.handles(&handles, centre, (shown == Some(number)).then_some(axis), [BEHIND, BEHIND]);
        }
    }

    /// Among samples on a line, given row by row: the input, then the target.
    pub fn samples(&mut self, x: &Scale, y: &Scale, rows: &[f64]) {
        for (row, sample) in rows.chunks_exact(2).enumerate() {
            let grab = Grab { kind: GrabKind::Sample, component: row };
            self.offer(BEHIND, (x.pixel(sample[0]), y.pixel(sample[1])), grab, 0.0);
        }
    }

    fn handles(&mut self, handles: &Handles, centre: Grab, axis: Option<Grab>, [first, ends]: [u8; 2]) {
        let middle = handles.centre;
        // Where an ellipse is hardly larger than its centre's dot, its ends are reached from outside.
        self.offer(first, middle, centre, 0.0);
        let Some(axis) = axis else { return };
        for (index, &end) in handles.ends.iter().enumerate() {
            // The other axis, where there is one.
            let across = handles.ends.get((index + 2) % 4);
            let other = across.map_or(0.0, |other| libm::hypot(other.0 - middle.0, other.1 - middle.1));
            // An end that is nearer than the centre is meant.
            let rank = if self.distance(end) < self.distance(middle) { ends } else { ends + 1 };
            self.offer(rank, end, axis, other);
        }
    }
}

impl Held {
    /// Where it is drawn when the pointer is at `place`.
    #[must_use]
    pub fn moved(&self, place: (f64, f64)) -> (f64, f64) {
        (place.0 - self.offset.0, place.1 - self.offset.1)
    }

    /// Where the component or true Gaussian goes when the pointer is at `place`.
    #[must_use]
    pub fn placed(&self, layout: &Layout, component: &Component, place: (f64, f64)) -> Placed {
        let (px, py) = self.moved(place);
        let mut placed =
            Placed { weight: None, mean: component.mean.clone(), covariance: component.covariance.clone() };
        match (self.grab.kind, layout) {
            (GrabKind::Mean | GrabKind::Truth | GrabKind::Sample, Layout::Plane(x, y)) => {
                placed.mean = vec![x.value(px), y.value(py)]
            }
            (GrabKind::Mean | GrabKind::Truth | GrabKind::Sample, Layout::Line { x, .. }) => {
                placed.mean = vec![x.value(px)]
            }
            (GrabKind::Axis | GrabKind::TruthAxis, Layout::Line { x, .. }) => {
                let radius = (px - x.pixel(component.mean[0])).abs().max(SHORTEST) / x.pixels_per_unit();
                placed.covariance = vec![radius * radius];
            }
            (GrabKind::Axis | GrabKind::TruthAxis, Layout::Plane(x, y)) => {
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

    fn within_reach(
        layout: &Layout,
        components: &[Component],
        shown: Option<usize>,
        place: (f64, f64),
        reach: f64,
    ) -> Option<Held> {
        let mut search = Search::new(place, reach);
        search.components(layout, components, shown);
        search.found()
    }

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

    #[test]
    fn true_ones_come_after_components() {
        let found = |components: &[Component], truth: &[Component], shown, place| {
            let mut search = Search::new(place, 12.0);
            search.components(&plane(), components, None);
            search.truth(&plane(), truth, shown);
            search.found().map(|held| held.grab)
        };
        let grab = |kind, component| Some(Grab { kind, component });
        let component = |x: f64| component(&[x, 5.0], &[4.0, 0.0, 0.0, 1.0]);
        let mut one = [component(5.0)];
        let truth = [component(9.0), component(5.6)];
        assert_eq!(found(&one, &truth, None, (56.0, 50.0)), grab(GrabKind::Mean, 0), "though the true one is nearer");
        assert_eq!(found(&one, &truth, None, (63.0, 50.0)), grab(GrabKind::Truth, 1));
        one[0].status = ComponentStatus::Off;
        assert_eq!(found(&one, &truth, None, (56.0, 50.0)), grab(GrabKind::Mean, 0));
        assert_eq!(found(&one, &truth, None, (76.0, 50.0)), None, "no handles are shown");
        assert_eq!(found(&one, &truth, Some(1), (76.0, 50.0)), grab(GrabKind::TruthAxis, 1));
        assert_eq!(found(&one, &truth, Some(0), (76.0, 50.0)), grab(GrabKind::TruthAxis, 0));
        let mut search = Search::new((76.0, 50.0), 12.0);
        search.truth(&plane(), &truth, Some(1));
        // Straight up, three units long.
        let placed = search.found().unwrap().placed(&plane(), &truth[1], (56.0, 20.0));
        close(&placed.covariance, &[1.0, 0.0, 0.0, 9.0]);
        close(&placed.mean, &truth[1].mean);
    }

    #[test]
    fn true_ones_on_a_line_are_all_on_it() {
        let layout = Layout::Line { x: Scale::new((0.0, 10.0), (0.0, 100.0)), base: 40.0, step: 0.0 };
        let truth = [component(&[2.0], &[1.0]), component(&[5.0], &[4.0])];
        let held = |shown, place| {
            let mut search = Search::new(place, 12.0);
            search.truth(&layout, &truth, shown);
            search.found()
        };
        let centre = held(None, (51.0, 42.0)).unwrap();
        assert_eq!(centre.grab, Grab { kind: GrabKind::Truth, component: 1 });
        close(&centre.placed(&layout, &truth[1], (61.0, 90.0)).mean, &[6.0]);
        let end = held(Some(1), (71.0, 42.0)).unwrap();
        assert_eq!(end.grab, Grab { kind: GrabKind::TruthAxis, component: 1 });
        close(&end.placed(&layout, &truth[1], (81.0, 0.0)).covariance, &[9.0]);
    }

    #[test]
    fn samples_are_taken_where_they_are() {
        let (x, y) = (Scale::new((0.0, 10.0), (0.0, 100.0)), Scale::new((0.0, 10.0), (100.0, 0.0)));
        let line = Layout::Line { x, base: 100.0, step: 0.0 };
        let components = [component(&[2.0], &[1.0])];
        let held = |place| {
            let mut search = Search::new(place, 12.0);
            search.components(&line, &components, None);
            search.samples(&x, &y, &[2.0, 0.5, 4.0, 7.0, 4.5, 7.0]);
            search.found()
        };
        let sample = held((42.0, 33.0)).unwrap();
        assert_eq!(sample.grab, Grab { kind: GrabKind::Sample, component: 1 });
        assert_eq!((sample.grab.component(), sample.grab.truth()), (None, None));
        assert_eq!(sample.moved((92.0, 13.0)), (90.0, 10.0), "from where it was taken");
        assert_eq!(held((20.0, 97.0)).unwrap().grab, Grab { kind: GrabKind::Mean, component: 0 });
        assert!(held((70.0, 70.0)).is_none());
    }
}
