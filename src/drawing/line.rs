//! Data on a line: a histogram, the curve of the mixture and those of its parts.

use crate::experiment::{Component, ComponentStatus, Mixture, PointsShown};

use super::canvas::{Canvas, polyline};
use super::color::Rgb;
use super::hold::{Handles, Layout};
use super::plane::{dash, draw_centre};
use super::scale::{Scale, label, round_step};

/// CSS pixels between the points of a curve.
const CURVE_STEP: f64 = 2.0;
/// Most bins.
const LARGEST_BIN_COUNT: usize = 400;

/// More points than this are ordered by some of them.
const ORDERED: usize = 20_000;

/// Counts of points, each as often as its weight says, in equal bins with round ends.
pub struct Histogram {
    /// The left end of the first bin.
    start: f64,
    width: f64,
    counts: Vec<f64>,
}

impl Histogram {
    /// Bins half as wide as by the rule of Freedman & Diaconis (1981), rounded up to a round width: the curves smooth
    /// enough.
    #[must_use]
    pub fn new(points: &PointsShown<'_>) -> Self {
        let every = points.count().div_ceil(ORDERED).max(1);
        let mut some: Vec<f64> = points.values.iter().copied().step_by(every).collect();
        some.sort_by(f64::total_cmp);
        let (low, high) = range(points.values);
        let spread = high - low;
        let quartiles = some[some.len() * 3 / 4] - some[some.len() / 4];
        let rule = quartiles / libm::cbrt(points.count() as f64);
        let least = spread / LARGEST_BIN_COUNT as f64;
        // Where half of the points are equal the quartiles say nothing.
        let width = round_step(if rule > least { rule.min(spread / 4.0) } else { spread / 30.0 });
        Self { start: 0.0, width, counts: Vec::new() }.recounted(points)
    }

    /// Other points in bins of the same width.
    #[must_use]
    pub fn recounted(&self, points: &PointsShown<'_>) -> Self {
        let ((low, high), width) = (range(points.values), self.width);
        if points.values.is_empty() {
            return Self { start: self.start, width, counts: vec![0.0] };
        }
        let start = libm::floor(low / width) * width;
        let mut counts = vec![0.0; (((high - start) / width) as usize + 1).min(2 * LARGEST_BIN_COUNT)];
        let last = counts.len() - 1;
        for (i, value) in points.values.iter().enumerate() {
            let weight = points.weights.map_or(1.0, |weights| weights[i]);
            counts[(((value - start) / width) as usize).min(last)] += weight;
        }
        Self { start, width, counts }
    }

    /// The most points in a bin; at least 1, so that there is something to draw by.
    #[must_use]
    pub fn highest(&self) -> f64 {
        self.counts.iter().copied().fold(1.0, f64::max)
    }

    /// How many points a bin of density 1 would hold: it turns densities into heights.
    #[must_use]
    pub fn points_per_density(&self) -> f64 {
        self.width * self.counts.iter().sum::<f64>()
    }

    /// What heights mean: `Points per 1,000 km/s`.
    #[must_use]
    pub fn title(&self, unit: &str) -> String {
        let width = label(self.width, self.width);
        if unit.is_empty() { format!("Points per {width}") } else { format!("Points per {width} {unit}") }
    }

    /// Draws the bars.
    pub fn draw(&self, canvas: &Canvas, x: &Scale, y: &Scale) {
        let color = canvas.theme.density[96].css(1.0);
        canvas.fill(&color, |context| {
            for (bin, &count) in self.counts.iter().enumerate().filter(|(_, count)| **count > 0.0) {
                let left = x.pixel(self.start + bin as f64 * self.width);
                let right = x.pixel(self.start + (bin + 1) as f64 * self.width);
                // A gap of a pixel, unless the bars are hardly wider.
                let gap = if right - left > 3.0 { 1.0 } else { 0.0 };
                context.rect(left, y.pixel(count), right - left - gap, y.pixel(0.0) - y.pixel(count));
            }
        });
    }
}

/// Density curves: the mixture's, then one a component with its weight in it. All have the same places.
pub struct Curves {
    places: Vec<f64>,
    /// One curve a row, as heights in points a bin.
    heights: Vec<Vec<f64>>,
}

impl Curves {
    /// Works the curves out over the canvas's width.
    pub fn new(
        fit: &mut dyn Mixture,
        canvas: &Canvas,
        x: &Scale,
        histogram: &Histogram,
        components: &[Component],
    ) -> Self {
        let count = libm::ceil(canvas.width() / CURVE_STEP) as usize + 1;
        let mut places: Vec<f64> = (0..count).map(|i| x.value(i as f64 * CURVE_STEP)).collect();
        // The tops of narrow components would fall between.
        places.extend(components.iter().map(|component| component.mean[0]));
        places.sort_by(f64::total_cmp);
        let mut heights = vec![vec![0.0; places.len()]; components.len() + 1];
        let scale = histogram.points_per_density();
        fit.visit_at(places.len(), &|i, _| places[i], &mut |i, log_density, shares| {
            let height = libm::exp(log_density) * scale;
            heights[0][i] = height;
            for (curve, share) in heights[1..].iter_mut().zip(shares) {
                curve[i] = height * share;
            }
        });
        Self { places, heights }
    }

    /// The highest place of the mixture's curve.
    #[must_use]
    pub fn highest(&self) -> f64 {
        self.heights[0].iter().copied().fold(0.0, f64::max)
    }

    /// Draws the parts with their areas, then the whole.
    pub fn draw(&self, canvas: &Canvas, x: &Scale, y: &Scale) {
        let trace = |heights: &[f64]| -> Vec<(f64, f64)> {
            self.places.iter().zip(heights).map(|(&place, &height)| (x.pixel(place), y.pixel(height))).collect()
        };
        // Where a curve has all but vanished, its line would only underline the axis.
        let vanished = |place: &(f64, f64)| y.pixel(0.0) - place.1 < 0.4;
        let stroke = |path: &[(f64, f64)], color: Rgb, width: f64, dash: &[f64]| {
            canvas.stroke(&color.css(1.0), width, dash, |context| {
                for run in path.split(vanished) {
                    polyline(context, run.iter().copied());
                }
            });
        };
        for (k, heights) in self.heights[1..].iter().enumerate() {
            let (path, color) = (trace(heights), canvas.theme.component(k));
            let ends = [path[path.len() - 1].0, path[0].0].map(|end| (end, y.pixel(0.0)));
            canvas.fill(&color.css(0.14), |context| polyline(context, path.iter().copied().chain(ends)));
            stroke(&path, color, 1.5, dash(k));
        }
        // Over the parts: where one makes up the whole, its fill still tells which.
        stroke(&trace(&self.heights[0]), canvas.theme.ink, 1.75, &[]);
    }
}

fn range(values: &[f64]) -> (f64, f64) {
    values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &value| (low.min(value), high.max(value)))
}

/// Draws each component's mean, on a line below the curves, with `bars` of one and two standard deviations.
pub fn draw_components(canvas: &Canvas, components: &[Component], layout: &Layout, bars: bool) {
    for (k, component) in components.iter().enumerate() {
        let Handles { centre: (x, y), ends } = Handles::new(layout, k, component);
        if bars && component.status != ComponentStatus::Empty {
            let color = canvas.theme.component(k).css(1.0);
            for (deviations, width) in [(2.0, 1.25), (1.0, 3.0)] {
                let path = ends.iter().map(|end| (x + deviations * (end.0 - x), y));
                canvas.stroke(&color, width, &[], |context| polyline(context, path.clone()));
            }
        }
        draw_centre(canvas, k, component, x, y);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn histogram(values: &[f64]) -> Histogram {
        Histogram::new(&PointsShown { values, weights: None, dimension: 1 })
    }

    #[test]
    fn every_point_is_in_a_bin() {
        for values in [
            (0..1000).map(|i| f64::from(i * i)).collect::<Vec<_>>(),
            vec![0.0; 900].into_iter().chain([1.0]).collect(),
            vec![1e9, 1e9 + 1.0],
            vec![-1e-12, 0.0, 1e-12],
            vec![-5.0, 1e6],
        ] {
            let histogram = histogram(&values);
            assert_eq!(histogram.counts.iter().sum::<f64>(), values.len() as f64, "{values:?}");
            assert!(histogram.counts.len() <= 2 * LARGEST_BIN_COUNT);
            assert!(histogram.highest() >= 1.0);
        }
    }

    #[test]
    fn bins_keep_their_width_for_other_points_and_heed_weights() {
        let before = histogram(&[0.0, 1.0, 2.0, 30.0]);
        let shown = |values: &'static [f64], weights| PointsShown { values, weights, dimension: 1 };
        let after = before.recounted(&shown(&[-50.0, 1.0, 1.5], Some(&[1.0, 2.0, 0.5])));
        assert_eq!(after.width, before.width);
        assert_eq!((after.counts.iter().sum::<f64>(), after.highest()), (3.5, 2.5));
        let none = before.recounted(&shown(&[], None));
        assert_eq!((none.points_per_density(), none.highest()), (0.0, 1.0));
    }

    #[test]
    fn bins_have_round_widths() {
        let histogram = histogram(&(0..500).map(|i| f64::from(i) * 0.37).collect::<Vec<_>>());
        assert_eq!(histogram.width, 20.0);
        assert_eq!(histogram.start, 0.0);
        assert_eq!(histogram.title("km"), "Points per 20 km");
    }
}
