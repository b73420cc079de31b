//! The main view of a mixture: what is drawn in which order, and which point is where.

use std::rc::Rc;

use wasm_bindgen::JsValue;

use crate::dataset::Dataset;
use crate::experiment::{Component, Edited, Mixture, PointInfo, PointsShown, Touch};
use crate::numeric::random::{Purpose, Stream};

use super::axes::{self, INSETS, widened};
use super::canvas::Canvas;
use super::cloud::{Bins, MANY};
use super::color::{Oklab, Rgb};
use super::density_map::DensityMap;
use super::discs::{draw_vanished, ink_point_size, paint_points, point_size};
use super::ellipse::Ellipse;
use super::figures::posterior::samples;
use super::figures::true_gaussians::TrueGaussians;
use super::figures::{Pane, TrueOne};
use super::frame::Frame;
use super::hold::Layout;
use super::line::{self, Curves, Histogram};
use super::plane::{self, Field};
use super::point_colors::Coloring;
use super::raster::Raster;
use super::scale::Scale;
use super::trail::Trail;
use super::viewport::Viewport;

/// How far from the pointer a point may be, in CSS pixels.
const POINTER_REACH: f64 = 12.0;
/// How far from the pointer an ellipse's line may be.
const LINE_REACH: f64 = 5.0;
/// Where the points of one-dimensional data stand above the bottom, in CSS pixels.
const RUG_HEIGHT: f64 = 56.0;
/// Where the components of one-dimensional data stand above the bottom.
const BARS_HEIGHT: f64 = 78.0;
/// Where the curves of one-dimensional data stand above the bottom.
const CURVES_HEIGHT: f64 = 96.0;
/// Points whose middle log-density stands for that of all, where they are many.
const SAMPLED: usize = 4_096;

/// What the drawing of one data set needs between frames.
pub struct MixtureScene {
    dataset: Rc<Dataset>,
    /// The order in which points are drawn, none always on top; where they are many, that of some.
    order: Vec<usize>,
    /// Of the points that had this version.
    histogram: Option<(u64, Histogram)>,
    /// What is shown of the data.
    pub viewport: Viewport,
    /// Many points in the plane, as they were last seen.
    cloud: Option<(Seen, Cloud)>,
    /// The density for itself, and its lines.
    density: DensityMap,
    /// The log-density of the middle point.
    typical: f64,
    trail: Trail,
    /// The Gaussians that the points were drawn from; none where nobody knows them.
    truth: Vec<Component>,
    true_gaussians: TrueGaussians,
    /// The pixels of the last frame, kept for their memory.
    raster: Raster,
}

/// What the look of many points hangs on: the version of the points, the scales and the size of the canvas.
type Seen = (u64, Scale, Scale, (f64, f64));

/// Many points.
enum Cloud {
    /// Few of them are in view: which.
    Near(Vec<usize>),
    /// Many are.
    Far(Bins),
}

/// The version of the points as the fit has them.
const FITTED: u64 = 0;

/// The points to draw, and their version.
fn shown<'a>(dataset: &'a Dataset, edited: Option<Edited<'a>>) -> (PointsShown<'a>, u64) {
    edited.map_or_else(|| (dataset.into(), FITTED), |edited| (edited.points, edited.version))
}

impl MixtureScene {
    /// The scene of a data set in one or two dimensions.
    #[must_use]
    pub fn new(dataset: &Rc<Dataset>) -> Self {
        Self {
            order: Stream::new(0, Purpose::Drawing).distinct_indices(dataset.count().min(MANY), dataset.count()),
            histogram: None,
            viewport: Viewport::new((0..dataset.dimension()).map(|axis| widened(dataset.range(axis))).collect()),
            cloud: None,
            density: DensityMap::default(),
            typical: 0.0,
            dataset: Rc::clone(dataset),
            trail: Trail::default(),
            truth: Vec::new(),
            true_gaussians: TrueGaussians::default(),
            raster: Raster::default(),
        }
    }

    /// Draws the Gaussians that the points were drawn from.
    pub fn show_truth(&mut self, truth: Vec<Component>) {
        self.truth = truth;
    }

    /// Forgets the paths of the means.
    pub fn restart(&mut self) {
        self.trail.clear();
    }

    /// Forgets the paths of the means after an iteration.
    pub fn branch(&mut self, iteration: usize) {
        self.trail.branch(iteration);
    }

    /// Notes where the means are at an iteration that is not drawn.
    pub fn note(&mut self, iteration: usize, fit: &dyn Mixture) {
        self.trail.record_labelled(iteration, &fit.components(), fit.labelling());
    }

    /// Draws the state of the fit, with the points as edited where they are being edited.
    ///
    /// # Errors
    /// The browser's, where it is out of memory.
    pub fn draw(
        &mut self,
        canvas: &Canvas,
        frame: &Frame<'_>,
        fit: &mut dyn Mixture,
        edited: Option<Edited<'_>>,
    ) -> Result<(), JsValue> {
        let components = fit.components();
        self.trail.record_labelled(frame.iteration, &components, fit.labelling());
        let dataset = Rc::clone(&self.dataset);
        let (points, version) = shown(&dataset, edited);
        let mut raster = std::mem::take(&mut self.raster);
        canvas.fit(&mut raster);
        if points.dimension == 1 {
            self.draw_line(canvas, frame, fit, &components, (&points, version), &mut raster)?;
        } else {
            self.draw_plane(canvas, frame, fit, &components, (&points, version), &mut raster)?;
        }
        self.raster = raster;
        Ok(())
    }

    fn draw_plane(
        &mut self,
        canvas: &Canvas,
        frame: &Frame<'_>,
        fit: &mut dyn Mixture,
        components: &[Component],
        (points, version): (&PointsShown<'_>, u64),
        raster: &mut Raster,
    ) -> Result<(), JsValue> {
        let (x, y) = self.viewport.plane(canvas.size());
        // Over a map of the density, colours of points would be lost; those of a component that is looked at stand out all the same.
        let heat = frame.layers.heat && frame.layers.density;
        let inked = heat && frame.looked_at.is_none();
        let coloring = if inked {
            Coloring::inked(canvas, components.len())
        } else {
            Coloring::new(canvas, components.len(), frame.layers.color_by, frame.looked_at)
        };
        let few = (points.count() <= MANY).then(|| match inked {
            true => vec![canvas.theme.ink; points.count()],
            false => self.colors(fit, points, version, &coloring),
        });
        if few.is_none() && !heat {
            self.typical = self.middle_of_some(fit, points);
        }
        if frame.layers.density && !heat {
            let field = Field::new(canvas.width(), canvas.height());
            let shades = field.shades(fit, canvas, &x, &y, self.typical);
            raster.paint_field(raster.whole(), &shades, (field.columns(), field.rows()), &canvas.theme.density);
        } else {
            raster.fill(canvas.theme.page);
        }
        let view = (&self.viewport, &x, &y);
        self.density.paint(raster, canvas, &frame.layers, (&mut *fit, components), view);
        let size = if heat { ink_point_size } else { point_size };
        if frame.layers.points {
            let place = |i: usize| (x.pixel(points.coordinate(i, 0)), y.pixel(points.coordinate(i, 1)));
            match few {
                Some(colors) => {
                    let order = self.order(points.count());
                    let discs = order.into_iter().map(|i| (i, place(i), colors[i]));
                    paint_points(canvas, raster, points, size(points.count()), discs);
                }
                None => match self.cloud(points, version, (&x, &y), canvas.size()) {
                    Cloud::Near(indices) => {
                        let colors = coloring.of_some(fit, points, indices);
                        let discs = indices.iter().zip(colors).map(|(&i, color)| (i, place(i), color));
                        paint_points(canvas, raster, points, size(indices.len()), discs);
                    }
                    Cloud::Far(bins) => {
                        let veil = bins.veil(fit, &x, &y, &coloring);
                        raster.paint_veil(&veil, bins.shape(), (super::cloud::BIN * canvas.pixel_ratio()) as f32);
                    }
                },
            }
        }
        canvas.cover(raster)?;
        axes::draw_horizontal(canvas, canvas.size(), &x, &axes::title(&self.dataset.axes()[0]));
        axes::draw_vertical(canvas, canvas.size(), &y, &axes::title(&self.dataset.axes()[1]));
        if frame.layers.points && version == FITTED {
            draw_vanished(canvas, fit.vanished_points(), |i| {
                (x.pixel(points.coordinate(i, 0)), y.pixel(points.coordinate(i, 1)))
            });
        }
        if frame.layers.samples {
            samples::draw_ellipses(canvas, fit, (&x, &y));
        }
        let next = if frame.paused { fit.next_components() } else { Vec::new() };
        plane::draw_components(canvas, components, &next, &self.trail, frame, (&x, &y));
        // Over the fitted ones, whose light edges would hide the dashes.
        if frame.layers.truth {
            let pane = Pane { area: canvas.area(), x, y, large: true };
            let truth = TrueOne::all(&self.truth, frame.recovered);
            self.true_gaussians.draw(canvas, &pane, &truth, components);
        }
        if frame.layers.heat {
            self.density.draw_over(canvas, frame, components, (&x, &y));
        }
        Ok(())
    }

    fn draw_line(
        &mut self,
        canvas: &Canvas,
        frame: &Frame<'_>,
        fit: &mut dyn Mixture,
        components: &[Component],
        (points, version): (&PointsShown<'_>, u64),
        raster: &mut Raster,
    ) -> Result<(), JsValue> {
        let x = self.viewport.line(canvas.width());
        let coloring = Coloring::new(canvas, components.len(), frame.layers.color_by, frame.looked_at);
        raster.fill(canvas.theme.page);
        if frame.layers.points {
            let rug = canvas.height() - RUG_HEIGHT;
            let order = self.order(points.count());
            let colors = if points.count() <= MANY {
                let colors = self.colors(fit, points, version, &coloring);
                order.iter().map(|&i| colors[i]).collect()
            } else {
                coloring.of_some(fit, points, &order)
            };
            let discs =
                order.into_iter().zip(colors).map(|(i, color)| (i, (x.pixel(points.coordinate(i, 0)), rug), color));
            paint_points(canvas, raster, points, point_size(points.count().min(MANY)), discs);
        }
        canvas.cover(raster)?;
        let axis = self.dataset.axes()[0].clone();
        let histogram = self.histogram(points, version);
        let curves = Curves::new(fit, canvas, &x, histogram, components);
        // A spike may leave the picture; bars and usual curves may not.
        let most = histogram.highest();
        let y = Scale::new(
            (0.0, 1.08 * curves.highest().clamp(most, 2.0 * most)),
            (canvas.height() - CURVES_HEIGHT, INSETS[1]),
        );
        if frame.layers.points {
            histogram.draw(canvas, &x, &y);
        }
        axes::draw_horizontal(canvas, canvas.size(), &x, &axes::title(&axis));
        axes::draw_vertical(canvas, canvas.size(), &y, &histogram.title(&axis.unit));
        if frame.layers.samples {
            samples::draw_curves(canvas, fit, (&x, &y), histogram.points_per_density());
        }
        if frame.layers.density {
            curves.draw(canvas, &x, &y);
        }
        if frame.layers.points && version == FITTED {
            let rug = canvas.height() - RUG_HEIGHT;
            draw_vanished(canvas, fit.vanished_points(), |i| (x.pixel(points.coordinate(i, 0)), rug));
        }
        let layout = self.layout(canvas.size(), components.len());
        line::draw_components(canvas, components, &layout, frame.layers.ellipses);
        frame.draw_marks(canvas, &layout, components);
        Ok(())
    }

    /// The colour of each of few points; notes the log-density of the middle point.
    fn colors(
        &mut self,
        fit: &mut dyn Mixture,
        points: &PointsShown<'_>,
        version: u64,
        coloring: &Coloring,
    ) -> Vec<Rgb> {
        let mut colors = Vec::with_capacity(points.count());
        let mut log_densities = Vec::with_capacity(points.count());
        let mut visit = |_: usize, log_density: f64, shares: &[f64]| {
            colors.push(coloring.color(shares));
            log_densities.push(log_density);
        };
        match coloring.means() {
            Some(values) if version == FITTED => fit.blend_points(values, &mut |_, log_density, mixed| {
                colors.push(Oklab(mixed).into());
                log_densities.push(log_density);
            }),
            None if version == FITTED => fit.visit_points(&mut visit),
            _ if points.count() > 0 => {
                fit.visit_at(points.count(), &|i, axis| points.coordinate(i, axis), &mut visit);
            }
            _ => {}
        }
        self.typical = middle(log_densities).unwrap_or(self.typical);
        colors
    }

    /// The log-density of the middle one of some of the points, always the same ones.
    fn middle_of_some(&self, fit: &mut dyn Mixture, points: &PointsShown<'_>) -> f64 {
        let some: Vec<usize> = self.order(points.count()).into_iter().take(SAMPLED).collect();
        let mut log_densities = Vec::with_capacity(some.len());
        let position = |i: usize, axis: usize| points.coordinate(some[i], axis);
        fit.visit_at(some.len(), &position, &mut |_, log_density, _| log_densities.push(log_density));
        middle(log_densities).unwrap_or(self.typical)
    }

    /// The order in which so many points are drawn; of many, some. The points that the visitor adds come last.
    fn order(&self, count: usize) -> Vec<usize> {
        let fitted = self.dataset.count();
        if count <= MANY && fitted > MANY {
            return (0..count).collect();
        }
        self.order.iter().copied().filter(|&i| i < count).chain(fitted..count.max(fitted)).collect()
    }

    /// Many points in the plane, looked at anew only where they or the view have changed.
    fn cloud(&mut self, points: &PointsShown<'_>, version: u64, (x, y): (&Scale, &Scale), size: (f64, f64)) -> &Cloud {
        let seen = (version, *x, *y, size);
        let cached = self.cloud.take().filter(|(before, _)| *before == seen);
        let cloud = cached.map_or_else(
            || {
                let bins = Bins::new(points, x, y, size);
                if bins.total() > MANY {
                    return Cloud::Far(bins);
                }
                let inside = |i: &usize| {
                    let (px, py) = (x.pixel(points.coordinate(*i, 0)), y.pixel(points.coordinate(*i, 1)));
                    px >= 0.0 && px <= size.0 && py >= 0.0 && py <= size.1
                };
                let near: Vec<usize> = (0..points.count()).filter(inside).collect();
                let order = Stream::new(0, Purpose::Drawing).permutation(near.len());
                Cloud::Near(order.into_iter().map(|i| near[i]).collect())
            },
            |(_, cloud)| cloud,
        );
        &self.cloud.insert((seen, cloud)).1
    }

    fn histogram(&mut self, points: &PointsShown<'_>, version: u64) -> &Histogram {
        let cached = self.histogram.take();
        let made = match cached {
            Some(cached) if cached.0 == version => cached,
            // Bins that change under the visitor's hand would be all that is seen.
            Some((_, former)) if version != FITTED => (version, former.recounted(points)),
            _ if version != FITTED => (version, Histogram::new(&(&*self.dataset).into()).recounted(points)),
            _ => (version, Histogram::new(points)),
        };
        &self.histogram.insert(made).1
    }

    /// Where the components are.
    #[must_use]
    pub fn layout(&self, size: (f64, f64), components: usize) -> Layout {
        if self.dataset.dimension() == 1 {
            // Bars lie one below the other, so that none hides another.
            let step = 4.0 / components.max(1) as f64;
            return Layout::Line { x: self.viewport.line(size.0), base: size.1 - BARS_HEIGHT, step };
        }
        let (x, y) = self.viewport.plane(size);
        Layout::Plane(x, y)
    }

    /// The component on whose ellipse at one or two standard deviations a place on the canvas is; where on several, the smallest.
    #[must_use]
    pub fn ellipse_at(&self, size: (f64, f64), components: &[Component], place: (f64, f64)) -> Option<usize> {
        if self.dataset.dimension() != 2 {
            return None;
        }
        let (x, y) = self.viewport.plane(size);
        let on =
            |ellipse: &Ellipse| [1.0, 2.0].iter().any(|&deviations| ellipse.is_near(place, deviations, LINE_REACH));
        let hit =
            components.iter().enumerate().filter(|(_, one)| plane::takes_part(one)).filter_map(|(k, component)| {
                let ellipse = Ellipse::new(component, &x, &y);
                on(&ellipse).then_some((k, ellipse.radii.0 * ellipse.radii.1))
            });
        hit.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(k, _)| k)
    }

    /// The point nearest to a place on the canvas, if one is within reach.
    pub fn point_at(
        &self,
        size: (f64, f64),
        fit: &mut dyn Mixture,
        edited: Option<Edited<'_>>,
        (x, y): (f64, f64),
    ) -> Option<PointInfo> {
        let (points, _) = shown(&self.dataset, edited);
        let pixels = Pixels::new(&self.viewport, points.dimension, size);
        let index = pixels.nearest(&points, (x, y), POINTER_REACH)?;
        let position: Vec<f64> = (0..points.dimension).map(|axis| points.coordinate(index, axis)).collect();
        let (x, y) = pixels.of(&position);
        let (mut responsibilities, mut log_density) = (Vec::new(), f64::NEG_INFINITY);
        fit.visit_at(1, &|_, axis| position[axis], &mut |_, value, shares| {
            log_density = value;
            responsibilities = shares.to_vec();
        });
        Some(PointInfo { index, position, x, y, responsibilities, log_density })
    }

    /// A place on the canvas as a stroke takes it, with its radius, in CSS pixels.
    #[must_use]
    pub fn touch(&self, size: (f64, f64), (x, y): (f64, f64), radius: f64) -> Touch {
        let Pixels { x: across, y: up, .. } = Pixels::new(&self.viewport, self.dataset.dimension(), size);
        let axes = || std::iter::once((across, x)).chain(up.map(|up| (up, y)));
        Touch {
            position: axes().map(|(scale, pixel)| scale.value(pixel)).collect(),
            units: axes().map(|(scale, _)| 1.0 / scale.pixels_per_unit().abs()).collect(),
            radius,
        }
    }
}

/// From the units of the data to CSS pixels and back; data on a line stand in a row.
struct Pixels {
    x: Scale,
    y: Option<Scale>,
    rug: f64,
}

impl Pixels {
    fn new(viewport: &Viewport, dimension: usize, size: (f64, f64)) -> Self {
        let rug = size.1 - RUG_HEIGHT;
        if dimension == 1 {
            return Self { x: viewport.line(size.0), y: None, rug };
        }
        let (x, y) = viewport.plane(size);
        Self { x, y: Some(y), rug }
    }

    fn of(&self, position: &[f64]) -> (f64, f64) {
        (self.x.pixel(position[0]), self.y.map_or(self.rug, |y| y.pixel(position[1])))
    }

    /// The point nearest to a place within reach. One pass over all of them: for a million that is some milliseconds.
    fn nearest(&self, points: &PointsShown<'_>, (x, y): (f64, f64), reach: f64) -> Option<usize> {
        let (slope, from) = (self.x.pixels_per_unit(), self.x.value(x));
        let across = |value: f64| {
            let distance = (value - from) * slope;
            distance * distance
        };
        let mut best = (reach * reach, None);
        let mut offer = |index: usize, squared: f64| {
            if squared < best.0 || (squared <= best.0 && best.1.is_none()) {
                best = (squared, Some(index));
            }
        };
        match self.y {
            None => {
                let down = (self.rug - y) * (self.rug - y);
                points.values.iter().enumerate().for_each(|(i, &value)| offer(i, across(value) + down));
            }
            Some(scale) => {
                let (steepness, level) = (scale.pixels_per_unit(), scale.value(y));
                for (i, point) in points.values.chunks_exact(2).enumerate() {
                    let down = (point[1] - level) * steepness;
                    offer(i, across(point[0]) + down * down);
                }
            }
        }
        best.1
    }
}

fn middle(mut values: Vec<f64>) -> Option<f64> {
    let middle = values.len() / 2;
    (!values.is_empty()).then(|| *values.select_nth_unstable_by(middle, f64::total_cmp).1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Axis;

    const SIZE: (f64, f64) = (824.0, 624.0);

    fn scene(count: usize, dimension: usize) -> MixtureScene {
        let mut stream = Stream::new(1, Purpose::Data);
        let values = (0..count * dimension).map(|_| stream.normal()).collect();
        let axes = (0..dimension).map(|_| Axis::unitless("x")).collect();
        MixtureScene::new(&Rc::new(Dataset::new("test", axes, values).unwrap()))
    }

    #[test]
    fn every_point_is_drawn_once_and_the_visitors_last() {
        let few = scene(50, 2);
        let mut order = few.order(50);
        assert_eq!(few.order(52)[50..], [50, 51]);
        assert_eq!(few.order(52)[..50], order);
        order.sort_unstable();
        assert_eq!(order, (0..50).collect::<Vec<_>>());
        assert_eq!(few.order(49).len(), 49);
        assert!(few.order(0).is_empty());
        let many = scene(MANY + 10, 1);
        assert_eq!(many.order(MANY + 10).len(), MANY);
        assert_eq!(many.order(MANY + 12)[MANY..], [MANY + 10, MANY + 11]);
        assert_eq!(many.order(300), (0..300).collect::<Vec<_>>(), "all that are left");
    }

    #[test]
    fn many_points_are_counted_until_few_are_in_view_and_only_then_anew() {
        let mut scene = scene(3 * MANY, 2);
        let dataset = Rc::clone(&scene.dataset);
        let points = PointsShown::from(&*dataset);
        let near = |scene: &mut MixtureScene, version: u64| {
            let (x, y) = scene.viewport.plane(SIZE);
            match scene.cloud(&points, version, (&x, &y), SIZE) {
                Cloud::Near(indices) => Some((indices.len(), indices.as_ptr() as usize)),
                Cloud::Far(_) => None,
            }
        };
        assert!(near(&mut scene, 1).is_none());
        scene.viewport.zoom(SIZE, 8.0, 412.0, 312.0);
        let (count, kept) = near(&mut scene, 1).unwrap();
        assert!(count > 1_000 && count <= MANY, "{count}");
        assert_eq!(near(&mut scene, 1), Some((count, kept)), "looked at anew");
        let seen = scene.cloud.as_ref().unwrap().0.0;
        near(&mut scene, 2);
        assert_ne!(scene.cloud.as_ref().unwrap().0.0, seen, "other points are not those");
    }

    #[test]
    fn the_nearest_point_within_reach_is_found() {
        let plane = scene(500, 2);
        let points = PointsShown::from(&*plane.dataset);
        let pixels = Pixels::new(&plane.viewport, 2, SIZE);
        for i in [0, 77, 499] {
            let (x, y) = pixels.of(&[points.coordinate(i, 0), points.coordinate(i, 1)]);
            assert_eq!(pixels.nearest(&points, (x + 0.01, y), 12.0), Some(i));
        }
        assert_eq!(pixels.nearest(&points, (-500.0, 0.0), 12.0), None);
        let line = scene(50, 1);
        let points = PointsShown::from(&*line.dataset);
        let pixels = Pixels::new(&line.viewport, 1, SIZE);
        let (x, y) = pixels.of(&[points.coordinate(7, 0)]);
        assert_eq!(pixels.nearest(&points, (x, y + 11.0), 12.0), Some(7));
        assert_eq!(pixels.nearest(&points, (x, y + 13.0), 12.0), None);
    }

    #[test]
    fn touches_are_in_the_units_of_the_data() {
        let plane = scene(50, 2);
        let (x, y) = plane.viewport.plane(SIZE);
        let touch = plane.touch(SIZE, (300.0, 200.0), 9.0);
        assert_eq!(touch.position, [x.value(300.0), y.value(200.0)]);
        assert!(touch.units.iter().all(|unit| *unit > 0.0) && touch.radius == 9.0);
        assert_eq!(scene(50, 1).touch(SIZE, (300.0, 200.0), 9.0).position.len(), 1);
    }
}
