//! Points as discs: as large as suits so many, and by their weights.

use crate::experiment::PointsShown;

use super::canvas::{Canvas, circle};
use super::color::Rgb;
use super::raster::Raster;

/// How much larger and smaller than usual a point's area may be, for its weight.
const AREAS: (f64, f64) = (0.15, 16.0);
/// Rings about points that were lost to rounding, at most: more would hide what they are about.
const MOST_RINGS: usize = 400;

/// Paints points as discs, each given by its index, its place in CSS pixels and its colour, with this radius and opacity. The
/// area of a point goes with its weight.
pub fn paint_points(
    canvas: &Canvas,
    raster: &mut Raster,
    points: &PointsShown<'_>,
    (radius, opacity): (f64, f32),
    discs: impl Iterator<Item = (usize, (f64, f64), Rgb)>,
) {
    let ratio = canvas.pixel_ratio();
    let mean = points.weights.map_or(1.0, |weights| weights.iter().sum::<f64>() / weights.len().max(1) as f64);
    let size = |i: usize| match points.weights {
        Some(weights) => radius * libm::sqrt((weights[i] / mean).clamp(AREAS.0, AREAS.1)),
        None => radius,
    };
    let discs =
        discs.map(|(i, (x, y), color)| ((x * ratio) as f32, (y * ratio) as f32, (size(i) * ratio) as f32, color));
    raster.paint_discs(opacity, discs);
}

/// Radius in CSS pixels and opacity of points: smaller and fainter the more there are.
pub fn point_size(count: usize) -> (f64, f32) {
    const SIZES: [(f64, f64, f64); 4] =
        [(300.0, 3.0, 0.82), (2_000.0, 2.25, 0.72), (10_000.0, 1.2, 0.5), (100_000.0, 0.7, 0.3)];
    let count = count as f64;
    let (first, last) = (SIZES[0], SIZES[SIZES.len() - 1]);
    if count <= first.0 {
        return (first.1, first.2 as f32);
    }
    for pair in SIZES.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        if count <= to.0 {
            let share = libm::log(count / from.0) / libm::log(to.0 / from.0);
            return (from.1 + (to.1 - from.1) * share, (from.2 + (to.2 - from.2) * share) as f32);
        }
    }
    (last.1, last.2 as f32)
}

/// The same of points over a map of the density: those of the tutorial's picture where they are as many.
pub fn ink_point_size(count: usize) -> (f64, f32) {
    let (radius, opacity) = point_size(count);
    (0.58 * radius, 0.68 * opacity)
}

/// Rings about the points that have been lost to rounding.
pub fn draw_vanished(canvas: &Canvas, points: &[usize], place: impl Fn(usize) -> (f64, f64)) {
    let every = points.len().div_ceil(MOST_RINGS).max(1);
    for &point in points.iter().step_by(every) {
        let (x, y) = place(point);
        canvas.stroke_with_halo(&canvas.theme.bad.css(1.0), 1.5, &[], |context| circle(context, x, y, 5.5));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_shrink_as_they_become_many() {
        let sizes = [1, 272, 300, 900, 2_000, 10_000, 50_000, 100_000, 10_000_000].map(point_size);
        assert!(sizes.windows(2).all(|pair| pair[0].0 >= pair[1].0 && pair[0].1 >= pair[1].1));
        assert_eq!(sizes[0].0, 3.0);
        assert_eq!(sizes[8].0, 0.7);
    }
}
