//! The part of the data's line or plane that the plot shows: all of the data, until the visitor pans or zooms.

use super::axes::INSETS;
use super::scale::Scale;

/// How far a view may zoom in and out, as a part of the automatic range.
const ZOOM: (f64, f64) = (1e-3, 1e3);
/// Both axes have the same scale, so that circles are round, where that leaves at most this part of the room unused.
const EQUAL_ASPECT_WASTE: f64 = 0.4;

/// A smallest and a largest value.
type Range = (f64, f64);

/// What the plot shows of the data, which need not be two-dimensional.
#[derive(Clone, Debug, PartialEq)]
pub struct Viewport {
    /// What it shows by itself: one range an axis, with room around the data.
    home: Vec<Range>,
    /// What the visitor chose instead.
    chosen: Option<Vec<Range>>,
}

impl Viewport {
    /// The automatic view: one range an axis, one or two of them, whose ends differ.
    #[must_use]
    pub fn new(home: Vec<Range>) -> Self {
        Self { home, chosen: None }
    }

    /// The horizontal scale on a canvas this wide, in CSS pixels: of data on a line.
    #[must_use]
    pub fn line(&self, width: f64) -> Scale {
        let [left, _, right, _] = INSETS;
        Scale::new(self.ranges()[0], (left, (width - right).max(left + 1.0)))
    }

    /// The scales on a canvas of this size, in CSS pixels: the same on both axes where that leaves little room unused.
    #[must_use]
    pub fn plane(&self, size: (f64, f64)) -> (Scale, Scale) {
        equal_scales(size, INSETS, self.ranges()[0], self.ranges()[1])
    }

    /// The horizontal scale of a picture without axes, so far from its edges, in CSS pixels.
    #[must_use]
    pub fn line_within(&self, width: f64, margin: f64) -> Scale {
        Scale::new(self.ranges()[0], (margin, (width - margin).max(margin + 1.0)))
    }

    /// The scales of a picture of this size with other insets than those of axes: left, top, right and bottom, in CSS pixels.
    #[must_use]
    pub fn plane_within(&self, size: (f64, f64), insets: [f64; 4]) -> (Scale, Scale) {
        equal_scales(size, insets, self.ranges()[0], self.ranges()[1])
    }

    /// The scales of the automatic view over a square so wide, of data in the plane.
    #[must_use]
    pub fn home_square(&self, side: f64) -> (Scale, Scale) {
        (Scale::new(self.home[0], (0.0, side)), Scale::new(self.home[1], (side, 0.0)))
    }

    fn ranges(&self) -> &[Range] {
        self.chosen.as_deref().unwrap_or(&self.home)
    }

    /// Moves what is shown by so many CSS pixels to the right and down.
    pub fn pan(&mut self, size: (f64, f64), dx: f64, dy: f64) {
        let moved = |scale: Scale, by: f64| {
            let (from, to) = scale.range();
            (scale.value(from - by), scale.value(to - by))
        };
        let ranges =
            self.scales(size).into_iter().zip([dx, dy]).map(|(scale, by)| moved(scale, by)).collect::<Vec<_>>();
        self.choose(&ranges);
    }

    /// Magnifies what is shown, so many times, about a place on the canvas, which stays where it is.
    pub fn zoom(&mut self, size: (f64, f64), factor: f64, x: f64, y: f64) {
        if !(factor.is_finite() && factor > 0.0) {
            return;
        }
        let scales = self.scales(size);
        let fits = self.home_scales(size);
        // One factor for all axes, so that circles stay round at the limits, too.
        let factor = scales.iter().zip(fits).fold(factor, |factor, (scale, home)| {
            let share = scale.length() / home.length();
            factor.clamp((share / ZOOM.1).min(1.0), (share / ZOOM.0).max(1.0))
        });
        let ranges: Vec<Range> = scales
            .into_iter()
            .zip([x, y])
            .map(|(scale, at)| {
                let ((from, to), place) = (scale.range(), scale.value(at));
                (place + (scale.value(from) - place) / factor, place + (scale.value(to) - place) / factor)
            })
            .collect();
        self.choose(&ranges);
    }

    /// Shows all of the data again.
    pub fn reset(&mut self) {
        self.chosen = None;
    }

    /// What the visitor chose, from left to right and from the bottom up, in the units of the data; for data on a line the
    /// heights are 0 and 1.
    #[must_use]
    pub fn view(&self) -> Option<[f64; 4]> {
        let ranges = self.chosen.as_ref()?;
        let (across, up) = (ranges[0], ranges.get(1).copied().unwrap_or((0.0, 1.0)));
        Some([across.0, across.1, up.0, up.1])
    }

    /// Shows these ranges, as [`Viewport::view`] gives them; numbers that are no ranges are ignored.
    pub fn set(&mut self, view: [f64; 4]) {
        let ranges = [(view[0], view[1]), (view[2], view[3])];
        self.choose(&ranges[..self.home.len()]);
    }

    /// Shows these ranges within the limits, unless they are no ranges.
    fn choose(&mut self, ranges: &[Range]) {
        let ordered = |range: &Range| range.0.is_finite() && range.1.is_finite() && range.0 < range.1;
        if !ranges.iter().all(ordered) {
            return;
        }
        let limited: Vec<Range> = ranges.iter().zip(&self.home).map(|(range, home)| limited(*range, *home)).collect();
        if limited.iter().all(ordered) {
            self.chosen = Some(limited);
        }
    }

    fn scales(&self, size: (f64, f64)) -> Vec<Scale> {
        if self.home.len() == 1 {
            return vec![self.line(size.0)];
        }
        let (x, y) = self.plane(size);
        vec![x, y]
    }

    fn home_scales(&self, size: (f64, f64)) -> Vec<Scale> {
        Self::new(self.home.clone()).scales(size)
    }
}

/// The range with its length, and how far away it is, held within what zooming may reach.
fn limited((low, high): Range, home: Range) -> Range {
    let (length, unit) = (high - low, home.1 - home.0);
    // A canvas of another shape shows a little more than the range.
    let held = length.clamp(0.5 * ZOOM.0 * unit, 4.0 * ZOOM.1 * unit);
    let (middle, centre) = (0.5 * low + 0.5 * high, 0.5 * home.0 + 0.5 * home.1);
    let near = middle.clamp(centre - ZOOM.1 * unit, centre + ZOOM.1 * unit);
    if held == length && near == middle { (low, high) } else { (near - 0.5 * held, near + 0.5 * held) }
}

/// Scales for the plane: the same on both axes where that leaves little room unused, so that circles are round.
fn equal_scales(
    (width, height): (f64, f64),
    [left, top, right, bottom]: [f64; 4],
    x: Range,
    y: Range,
) -> (Scale, Scale) {
    let (x_length, y_length) = (x.1 - x.0, y.1 - y.0);
    let (x_room, y_room) = ((width - left - right).max(1.0), (height - top - bottom).max(1.0));
    let units = (x_length / x_room, y_length / y_room);
    let unit = units.0.max(units.1);
    let (x, y) = if units.0.min(units.1) < (1.0 - EQUAL_ASPECT_WASTE) * unit {
        (x, y)
    } else {
        let around = |(low, high): Range, room: f64| {
            let middle = 0.5 * (low + high);
            (middle - 0.5 * unit * room, middle + 0.5 * unit * room)
        };
        (around(x, x_room), around(y, y_room))
    };
    (Scale::new(x, (left, left + x_room)), Scale::new(y, (top + y_room, top)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: (f64, f64) = (824.0, 624.0);

    fn plane() -> Viewport {
        Viewport::new(vec![(0.0, 10.0), (-4.0, 6.0)])
    }

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9 * (1.0 + b.abs())
    }

    #[test]
    fn a_place_stays_under_the_pointer() {
        let mut view = plane();
        assert_eq!(view.view(), None);
        let (x, y) = view.plane(SIZE);
        let before = (x.value(300.0), y.value(200.0));
        view.zoom(SIZE, 3.0, 300.0, 200.0);
        let (zoomed, up) = view.plane(SIZE);
        assert!(close(zoomed.value(300.0), before.0) && close(up.value(200.0), before.1));
        assert!(close(zoomed.pixels_per_unit(), 3.0 * x.pixels_per_unit()));
        view.pan(SIZE, 40.0, -30.0);
        let (panned, up) = view.plane(SIZE);
        assert!(close(panned.value(340.0), before.0) && close(up.value(170.0), before.1));
        let kept = view.view().unwrap();
        view.reset();
        assert_eq!(view.plane(SIZE), plane().plane(SIZE));
        view.set(kept);
        assert_eq!(view.plane(SIZE), (panned, up));
    }

    #[test]
    fn zooming_ends_at_a_thousand_and_a_thousandth() {
        for (factor, limit) in [(10.0, 1e3), (0.1, 1e-3)] {
            let mut view = plane();
            let home = view.plane(SIZE);
            for _ in 0..10 {
                view.zoom(SIZE, factor, 500.0, 100.0);
            }
            let (x, y) = view.plane(SIZE);
            assert!(close(x.pixels_per_unit() / home.0.pixels_per_unit(), limit), "{x:?}");
            assert!(close(x.pixels_per_unit(), -y.pixels_per_unit()), "circles stay round");
        }
    }

    #[test]
    fn what_is_no_view_is_ignored() {
        let mut view = plane();
        for bad in
            [[0.0, f64::NAN, 0.0, 1.0], [1.0, 0.0, 0.0, 1.0], [0.0, 1.0, 2.0, 2.0], [0.0, f64::INFINITY, 0.0, 1.0]]
        {
            view.set(bad);
            assert_eq!(view.view(), None, "{bad:?}");
        }
        view.zoom(SIZE, f64::NAN, 1.0, 1.0);
        view.zoom(SIZE, 0.0, 1.0, 1.0);
        view.zoom(SIZE, 2.0, f64::INFINITY, 1.0);
        view.pan(SIZE, f64::NAN, 0.0);
        assert_eq!(view.view(), None);
        // What is far away is brought back.
        view.set([1e300, 2e300, 0.0, 1.0]);
        let [low, high, ..] = view.view().unwrap();
        assert!(low > -1e5 && high < 1e5, "{low} {high}");
    }

    #[test]
    fn on_a_line_only_the_width_counts() {
        let mut view = Viewport::new(vec![(0.0, 10.0)]);
        view.set([2.0, 4.0, f64::NAN, 0.0]);
        assert_eq!(view.view(), Some([2.0, 4.0, 0.0, 1.0]));
        let before = view.line(SIZE.0).value(400.0);
        view.zoom(SIZE, 2.0, 400.0, -1e9);
        assert!(close(view.line(SIZE.0).value(400.0), before));
        assert!(close(view.line(SIZE.0).length(), 1.0));
    }
}
