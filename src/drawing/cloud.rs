//! Points in the plane: each as a disc while they are few, and counted in small bins once they are many.

use wide::f32x4;

use crate::experiment::Mixture;
use crate::experiment::PointsShown;

use super::color::{Oklab, Rgb};
use super::point_colors::Coloring;
use super::scale::Scale;

/// More points than this are drawn as a density; as many of them stand for all where all would take too long.
pub const MANY: usize = 20_000;
/// The side of a bin, in CSS pixels.
pub const BIN: f64 = 3.0;
/// How opaque the bins are that hold most, and those that hold one point.
const OPACITY: (f32, f32) = (0.9, 0.12);
/// The share of the occupied bins that are not at full opacity.
const FULL: f64 = 0.99;

/// How many points there are in each bin of the canvas.
#[derive(Default)]
pub struct Bins {
    columns: usize,
    rows: usize,
    /// Row by row from the top, in points of mean weight.
    counts: Vec<f32>,
    /// Points on the canvas.
    total: usize,
    /// The bins with points in them.
    occupied: Vec<u32>,
    /// The count of full opacity.
    full: f32,
}

impl Bins {
    /// Counts the points on a canvas of this size, in CSS pixels.
    #[must_use]
    pub fn new(points: &PointsShown, x: &Scale, y: &Scale, (width, height): (f64, f64)) -> Self {
        let cells = |length: f64| (libm::ceil(length / BIN) as usize).max(1);
        let (columns, rows) = (cells(width), cells(height));
        let mut counts = vec![0.0f32; columns * rows];
        // In bins: slope and start of each scale.
        let line = |scale: &Scale| (scale.pixels_per_unit() / BIN, scale.value(0.0));
        let ((x_slope, x_start), (y_slope, y_start)) = (line(x), line(y));
        let mut total = 0;
        let mut add = |point: &[f64], weight: f32| {
            let (column, row) = ((point[0] - x_start) * x_slope, (point[1] - y_start) * y_slope);
            if column >= 0.0 && row >= 0.0 && column < columns as f64 && row < rows as f64 {
                counts[row as usize * columns + column as usize] += weight;
                total += 1;
            }
        };
        match points.weights {
            None => points.values.chunks_exact(2).for_each(|point| add(point, 1.0)),
            Some(weights) => {
                let mean = weights.iter().sum::<f64>() / weights.len().max(1) as f64;
                for (point, weight) in points.values.chunks_exact(2).zip(weights) {
                    add(point, (weight / mean) as f32);
                }
            }
        }
        let occupied: Vec<u32> = (0..counts.len() as u32).filter(|&bin| counts[bin as usize] > 0.0).collect();
        let mut held: Vec<f32> = occupied.iter().map(|&bin| counts[bin as usize]).collect();
        let place = (held.len() as f64 * FULL) as usize;
        let full = if held.is_empty() { 1.0 } else { *held.select_nth_unstable_by(place, f32::total_cmp).1 };
        Self { columns, rows, counts, total, occupied, full: full.max(1.0) }
    }

    /// How many points there are on the canvas.
    #[must_use]
    pub fn total(&self) -> usize {
        self.total
    }

    /// Columns and rows of bins.
    #[must_use]
    pub fn shape(&self) -> (usize, usize) {
        (self.columns, self.rows)
    }

    /// How opaque a bin is: by the logarithm of its count, so that neither the lone points nor the crowds are lost.
    fn opacity(&self, count: f32) -> f32 {
        let share = libm::logf(1.0 + count) / libm::logf(1.0 + self.full);
        (OPACITY.0 * share).clamp(OPACITY.1.min(OPACITY.0 * count), OPACITY.0)
    }

    /// Each bin's colour, by the responsibilities at its centre, times its opacity, and the opacity: red, green, blue up to
    /// 255, opacity up to 1.
    #[must_use]
    pub fn veil(&self, fit: &mut dyn Mixture, x: &Scale, y: &Scale, coloring: &Coloring) -> Vec<f32x4> {
        let mut veil = vec![f32x4::ZERO; self.counts.len()];
        let centre = |i: usize, axis: usize| {
            let bin = self.occupied[i] as usize;
            let (scale, index) = if axis == 0 { (x, bin % self.columns) } else { (y, bin / self.columns) };
            scale.value((index as f64 + 0.5) * BIN)
        };
        fit.visit_at(self.occupied.len(), &centre, &mut |i, _, shares| {
            let bin = self.occupied[i] as usize;
            let [r, g, b] = coloring.color(shares).0.map(f32::from);
            let opacity = self.opacity(self.counts[bin]);
            veil[bin] = f32x4::new([r * opacity, g * opacity, b * opacity, opacity]);
        });
        veil
    }
}

/// The components' colours, mixed by their shares.
#[must_use]
pub fn mixed(palette: &[[f32; 3]], shares: &[f64]) -> Rgb {
    let mut sum = [0.0f32; 3];
    for (color, &share) in palette.iter().zip(shares) {
        for (sum, channel) in sum.iter_mut().zip(color) {
            *sum += share as f32 * channel;
        }
    }
    Oklab(sum).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scales() -> (Scale, Scale) {
        (Scale::new((0.0, 10.0), (0.0, 300.0)), Scale::new((0.0, 10.0), (300.0, 0.0)))
    }

    #[test]
    fn each_point_is_in_its_bin_and_those_outside_in_none() {
        let values = [0.05, 9.95, 0.06, 9.96, 5.0, 5.01, -1.0, 5.0, 5.0, 11.0, f64::NAN, 1.0];
        let (x, y) = scales();
        let bins = Bins::new(&PointsShown { values: &values, weights: None, dimension: 2 }, &x, &y, (300.0, 300.0));
        assert_eq!(bins.shape(), (100, 100));
        assert_eq!((bins.occupied.len(), bins.counts.iter().sum::<f32>()), (2, 3.0));
        assert_eq!((bins.counts[0], bins.counts[49 * 100 + 50]), (2.0, 1.0));
    }

    #[test]
    fn weights_count_relative_to_their_mean() {
        let (x, y) = scales();
        let points = PointsShown { values: &[1.0, 1.0, 9.0, 9.0], weights: Some(&[30.0, 10.0]), dimension: 2 };
        let bins = Bins::new(&points, &x, &y, (300.0, 300.0));
        assert_eq!(bins.counts.iter().copied().filter(|count| *count > 0.0).collect::<Vec<_>>(), [0.5, 1.5]);
    }

    #[test]
    fn opacity_rises_less_than_the_count() {
        let bins = Bins { full: 200.0, ..Bins::default() };
        let opacities = [1.0, 2.0, 20.0, 200.0, 1e6].map(|count| bins.opacity(count));
        assert!(opacities.is_sorted() && opacities[0] > 0.1 && opacities[4] <= OPACITY.0, "{opacities:?}");
        assert!(bins.opacity(20.0) > 0.5 * bins.opacity(200.0), "a tenth of the points is more than half as opaque");
        assert_eq!(bins.opacity(0.0), 0.0);
    }
}
