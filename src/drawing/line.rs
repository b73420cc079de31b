//! Data on a line: a histogram, the curve of the mixture and those of its parts.

use crate::dataset::Dataset;
use crate::experiment::{Component, ComponentStatus, Mixture};

use super::canvas::{Canvas, polyline};
use super::color::Rgb;
use super::plane::{dash, draw_centre};
use super::scale::{Scale, label, round_step};

/// CSS pixels between the points of a curve.
const CURVE_STEP: f64 = 2.0;
/// Most bins.
const LARGEST_BIN_COUNT: usize = 400;

/// Counts of points in equal bins with round ends.
pub struct Histogram {
    /// The left end of the first bin.
    start: f64,
    width: f64,
    counts: Vec<usize>,
}

impl Histogram {
    /// Bins half as wide as by the rule of Freedman & Diaconis (1981), rounded up to a round width: the curves smooth
    /// enough.
    #[must_use]
    pub fn new(dataset: &Dataset) -> Self {
        let mut values = dataset.values().to_vec();
        values.sort_by(f64::total_cmp);
        let count = values.len();
        let spread = values[count - 1] - values[0];
        let quartiles = values[count * 3 / 4] - values[count / 4];
        let rule = quartiles / libm::cbrt(count as f64);
        let least = spread / LARGEST_BIN_COUNT as f64;
        // Where half of the points are equal the quartiles say nothing.
        let width = round_step(if rule > least { rule.min(spread / 4.0) } else { spread / 30.0 });
        let start = libm::floor(values[0] / width) * width;
        let mut counts = vec![0; (((values[count - 1] - start) / width) as usize + 1).min(2 * LARGEST_BIN_COUNT)];
        let last = counts.len() - 1;
        for value in values {
            counts[(((value - start) / width) as usize).min(last)] += 1;
        }
        Self { start, width, counts }
    }

    /// The most points in a bin.
    #[must_use]
    pub fn highest(&self) -> usize {
        self.counts.iter().copied().max().unwrap_or(0)
    }

    /// How many points a bin of density 1 would hold: it turns densities into heights.
    #[must_use]
    pub fn points_per_density(&self) -> f64 {
        self.width * self.counts.iter().sum::<usize>() as f64
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
            for (bin, &count) in self.counts.iter().enumerate().filter(|(_, count)| **count > 0) {
                let left = x.pixel(self.start + bin as f64 * self.width);
                let right = x.pixel(self.start + (bin + 1) as f64 * self.width);
                // A gap of a pixel, unless the bars are hardly wider.
                let gap = if right - left > 3.0 { 1.0 } else { 0.0 };
                context.rect(left, y.pixel(count as f64), right - left - gap, y.pixel(0.0) - y.pixel(count as f64));
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

/// Draws each component's mean with bars of one and two standard deviations, on a line below the curves.
pub fn draw_components(canvas: &Canvas, components: &[Component], x: &Scale, base: f64) {
    for (k, component) in components.iter().enumerate() {
        let mean = component.mean[0];
        let deviation = libm::sqrt(component.covariance[0].max(0.0));
        // Bars lie one below the other, so that none hides another.
        let y = base + 4.0 * k as f64 / components.len() as f64;
        if component.status != ComponentStatus::Empty {
            let color = canvas.theme.component(k).css(1.0);
            for (deviations, width) in [(2.0, 1.25), (1.0, 3.0)] {
                let ends = [mean - deviations * deviation, mean + deviations * deviation].map(|end| x.pixel(end));
                canvas.stroke(&color, width, &[], |context| polyline(context, ends.map(|end| (end, y)).into_iter()));
            }
        }
        draw_centre(canvas, k, component, x.pixel(mean), y);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Axis;

    fn histogram(values: &[f64]) -> Histogram {
        Histogram::new(&Dataset::new("test", vec![Axis::unitless("x")], values.to_vec()).unwrap())
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
            assert_eq!(histogram.counts.iter().sum::<usize>(), values.len(), "{values:?}");
            assert!(histogram.counts.len() <= 2 * LARGEST_BIN_COUNT);
            assert!(histogram.highest() >= 1);
        }
    }

    #[test]
    fn bins_have_round_widths() {
        let histogram = histogram(&(0..500).map(|i| f64::from(i) * 0.37).collect::<Vec<_>>());
        assert_eq!(histogram.width, 20.0);
        assert_eq!(histogram.start, 0.0);
        assert_eq!(histogram.title("km"), "Points per 20 km");
    }
}
