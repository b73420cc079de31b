//! The main view of a mixture: what is drawn in which order, and which point is where.

use std::rc::Rc;

use wasm_bindgen::JsValue;

use crate::dataset::Dataset;
use crate::experiment::{Component, Mixture, PointInfo};
use crate::numeric::random::{Purpose, Stream};

use super::axes::{self, INSETS, widened};
use super::canvas::Canvas;
use super::color::{Oklab, Rgb};
use super::line::{self, Curves, Histogram};
use super::plane::{self, Field};
use super::raster::Raster;
use super::scale::Scale;
use super::trail::Trail;

/// How far from the pointer a point may be, in CSS pixels.
const POINTER_REACH: f64 = 12.0;
/// Where the points of one-dimensional data stand above the bottom, in CSS pixels.
const RUG_HEIGHT: f64 = 56.0;
/// Where the components of one-dimensional data stand above the bottom.
const BARS_HEIGHT: f64 = 78.0;
/// Where the curves of one-dimensional data stand above the bottom.
const CURVES_HEIGHT: f64 = 96.0;

/// What the drawing of one data set needs between frames.
pub struct MixtureScene {
    dataset: Rc<Dataset>,
    /// The order in which points are drawn: none always on top.
    order: Vec<usize>,
    histogram: Option<Histogram>,
    trail: Trail,
    /// The pixels of the last frame, kept for their memory.
    raster: Raster,
}

impl MixtureScene {
    /// The scene of a data set in one or two dimensions.
    #[must_use]
    pub fn new(dataset: &Rc<Dataset>) -> Self {
        Self {
            order: Stream::new(0, Purpose::Drawing).permutation(dataset.count()),
            histogram: (dataset.dimension() == 1).then(|| Histogram::new(dataset)),
            dataset: Rc::clone(dataset),
            trail: Trail::default(),
            raster: Raster::default(),
        }
    }

    /// Forgets the paths of the means.
    pub fn restart(&mut self) {
        self.trail.clear();
    }

    /// Draws the state of the fit.
    ///
    /// # Errors
    /// The browser's, where it is out of memory.
    pub fn draw(&mut self, canvas: &Canvas, iteration: usize, fit: &mut dyn Mixture) -> Result<(), JsValue> {
        let components = fit.components();
        self.trail.record(iteration, &components);
        let (colors, typical) = self.point_colors(canvas, fit, components.len());
        if self.dataset.dimension() == 1 {
            self.draw_line(canvas, fit, &components, &colors)
        } else {
            self.draw_plane(canvas, fit, &components, &colors, typical)
        }
    }

    /// The colour of each point, its components' mixed by responsibility, and the log-density of the middle point.
    fn point_colors(&self, canvas: &Canvas, fit: &mut dyn Mixture, components: usize) -> (Vec<Rgb>, f64) {
        let palette: Vec<[f32; 3]> = (0..components).map(|k| Oklab::from(canvas.theme.component(k)).0).collect();
        let mut colors = Vec::with_capacity(self.dataset.count());
        let mut log_densities = Vec::with_capacity(self.dataset.count());
        fit.blend_points(&palette, &mut |_, log_density, mixed| {
            colors.push(Oklab(mixed).into());
            log_densities.push(log_density);
        });
        let middle = log_densities.len() / 2;
        let typical = *log_densities.select_nth_unstable_by(middle, f64::total_cmp).1;
        (colors, typical)
    }

    fn draw_plane(
        &mut self,
        canvas: &Canvas,
        fit: &mut dyn Mixture,
        components: &[Component],
        colors: &[Rgb],
        typical: f64,
    ) -> Result<(), JsValue> {
        let (x, y) = self.plane_scales(canvas);
        let field = Field::new(canvas.width(), canvas.height());
        let shades = field.shades(fit, canvas, &x, &y, typical);
        let mut raster = std::mem::take(&mut self.raster);
        canvas.fit(&mut raster);
        raster.paint_field(&shades, field.columns(), field.rows(), &canvas.theme.density);
        self.paint_points(canvas, colors, &mut raster);
        canvas.cover(&raster)?;
        self.raster = raster;
        axes::draw_horizontal(canvas, &x, &axes::title(&self.dataset.axes()[0]));
        axes::draw_vertical(canvas, &y, &axes::title(&self.dataset.axes()[1]));
        plane::draw_components(canvas, components, &self.trail, &x, &y);
        Ok(())
    }

    fn draw_line(
        &mut self,
        canvas: &Canvas,
        fit: &mut dyn Mixture,
        components: &[Component],
        colors: &[Rgb],
    ) -> Result<(), JsValue> {
        let Some(histogram) = &self.histogram else { return Ok(()) };
        let x = self.line_scale(canvas);
        let curves = Curves::new(fit, canvas, &x, histogram, components);
        // A spike may leave the picture; bars and usual curves may not.
        let most = histogram.highest() as f64;
        let y = Scale::new(
            (0.0, 1.08 * curves.highest().clamp(most, 2.0 * most)),
            (canvas.height() - CURVES_HEIGHT, INSETS[1]),
        );
        let mut raster = std::mem::take(&mut self.raster);
        canvas.fit(&mut raster);
        raster.fill(canvas.theme.page);
        self.paint_points(canvas, colors, &mut raster);
        canvas.cover(&raster)?;
        self.raster = raster;
        histogram.draw(canvas, &x, &y);
        let axis = &self.dataset.axes()[0];
        axes::draw_horizontal(canvas, &x, &axes::title(axis));
        axes::draw_vertical(canvas, &y, &histogram.title(&axis.unit));
        curves.draw(canvas, &x, &y);
        line::draw_components(canvas, components, &x, canvas.height() - BARS_HEIGHT);
        Ok(())
    }

    /// Paints every point where [`MixtureScene::place`] has it.
    fn paint_points(&self, canvas: &Canvas, colors: &[Rgb], raster: &mut Raster) {
        let (place, ratio) = (self.place(canvas), canvas.pixel_ratio());
        let (radius, opacity) = point_size(self.dataset.count());
        let discs = self.order.iter().map(|&i| {
            let (x, y) = place(i);
            ((x * ratio) as f32, (y * ratio) as f32, colors[i])
        });
        raster.paint_discs((radius * ratio) as f32, opacity, discs);
    }

    fn plane_scales(&self, canvas: &Canvas) -> (Scale, Scale) {
        plane::equal_scales(canvas, self.dataset.range(0), self.dataset.range(1))
    }

    fn line_scale(&self, canvas: &Canvas) -> Scale {
        let [left, _, right, _] = INSETS;
        Scale::new(widened(self.dataset.range(0)), (left, (canvas.width() - right).max(left + 1.0)))
    }

    /// Where point `i` is drawn, in CSS pixels.
    fn place(&self, canvas: &Canvas) -> impl Fn(usize) -> (f64, f64) {
        let plane = self.dataset.dimension() == 2;
        let (x, y) = if plane {
            self.plane_scales(canvas)
        } else {
            (self.line_scale(canvas), Scale::new((0.0, 1.0), (0.0, 1.0)))
        };
        let rug = canvas.height() - RUG_HEIGHT;
        move |i| {
            (x.pixel(self.dataset.coordinate(i, 0)), if plane { y.pixel(self.dataset.coordinate(i, 1)) } else { rug })
        }
    }

    /// The point nearest to a place on the canvas, if one is within reach.
    pub fn point_at(&self, canvas: &Canvas, fit: &mut dyn Mixture, x: f64, y: f64) -> Option<PointInfo> {
        let place = self.place(canvas);
        let distance = |i: usize| {
            let (px, py) = place(i);
            libm::hypot(px - x, py - y)
        };
        let index = (0..self.dataset.count())
            .map(|i| (distance(i), i))
            .filter(|(distance, _)| *distance <= POINTER_REACH)
            .min_by(|a, b| a.0.total_cmp(&b.0))?
            .1;
        let position: Vec<f64> =
            (0..self.dataset.dimension()).map(|axis| self.dataset.coordinate(index, axis)).collect();
        let (x, y) = place(index);
        let (mut responsibilities, mut log_density) = (Vec::new(), f64::NEG_INFINITY);
        fit.visit_at(1, &|_, axis| position[axis], &mut |_, value, shares| {
            log_density = value;
            responsibilities = shares.to_vec();
        });
        Some(PointInfo { index, position, x, y, responsibilities, log_density })
    }
}

/// Radius in CSS pixels and opacity of points: smaller and fainter the more there are.
fn point_size(count: usize) -> (f64, f32) {
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
