//! A sum of Gaussians: over the plane each glows in its own colour where it adds to the prediction, on a line its curve stands
//! under the prediction's. The Gaussians that the data were made of are dashed.

use std::rc::Rc;

use wasm_bindgen::JsValue;
use web_sys::OffscreenCanvasRenderingContext2d;

use crate::dataset::Regression;
use crate::experiment::{Component, ComponentStatus, Surface, Touch};

use super::axes::{self, INSETS};
use super::canvas::{Align, Canvas, circle, polyline};
use super::color::{Oklab, Rgb};
use super::ellipse::Ellipse;
use super::frame::Frame;
use super::hold::Layout;
use super::plane::{self, Field};
use super::raster::Raster;
use super::scale::{Scale, label};
use super::trail::Trail;
use super::viewport::Viewport;

/// CSS pixels between the points of a curve.
const CURVE_STEP: f64 = 2.0;
/// Most samples drawn on a line.
const SHOWN_SAMPLES: usize = 2_000;
/// How strong a colour gets where a Gaussian makes up all of the prediction, 0 to 1.
const GLOW: f32 = 0.72;
/// Dashes of what is true.
const TRUE_DASH: &[f64] = &[4.0, 4.0];
/// Labels nearer than this to one already there are left out, in CSS pixels.
const LABEL_ROOM: (f64, f64) = (40.0, 14.0);

/// What the drawing of one data set needs between frames.
pub struct SurfaceScene {
    data: Rc<Regression>,
    /// The ranges of the inputs, then that of the targets.
    ranges: Vec<(f64, f64)>,
    truth: Vec<Component>,
    /// What is shown of the inputs.
    pub viewport: Viewport,
    /// Samples on a line, row by row: the input, then the target.
    rows: Vec<f64>,
    /// What heights over a line meant when it was last drawn.
    heights: Option<Scale>,
    trail: Trail,
    raster: Raster,
}

impl SurfaceScene {
    /// The scene of samples with one or two inputs.
    #[must_use]
    pub fn new(data: &Rc<Regression>) -> Self {
        let train = data.train();
        let range = |values: &mut dyn Iterator<Item = f64>| {
            values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)))
        };
        let dimension = data.dimension();
        let inputs = (0..dimension).map(|axis| range(&mut train.inputs.iter().copied().skip(axis).step_by(dimension)));
        let rows = if dimension == 1 { data.rows() } else { Vec::new() };
        let held_back = rows.iter().copied().skip(1).step_by(2);
        let targets = range(&mut train.targets.iter().copied().chain(held_back));
        let ranges: Vec<_> = inputs.chain([targets]).map(ordered).collect();
        let truth = data.truth().iter().map(Component::from).collect();
        Self {
            data: Rc::clone(data),
            viewport: Viewport::new(ranges[..dimension].iter().copied().map(axes::widened).collect()),
            ranges,
            truth,
            rows,
            heights: None,
            trail: Trail::default(),
            raster: Raster::default(),
        }
    }

    /// Draws the true Gaussians here, where they are in the visitor's hand.
    pub fn show_truth(&mut self, truth: &[Component]) {
        self.truth = truth.to_vec();
    }

    /// Forgets the paths of the centres.
    pub fn restart(&mut self) {
        self.trail.clear();
    }

    /// Forgets the paths of the centres after an iteration.
    pub fn branch(&mut self, iteration: usize) {
        self.trail.branch(iteration);
    }

    /// Where the components are.
    #[must_use]
    pub fn layout(&self, size: (f64, f64)) -> Layout {
        if self.data.dimension() == 1 {
            let base = self.heights.map_or(0.0, |y| y.pixel(0.0));
            return Layout::Line { x: self.viewport.line(size.0), base, step: 0.0 };
        }
        let (x, y) = self.viewport.plane(size);
        Layout::Plane(x, y)
    }

    /// The scales of inputs and targets over a line that has been drawn.
    #[must_use]
    pub fn line(&self, size: (f64, f64)) -> Option<(Scale, Scale)> {
        self.heights.map(|y| (self.viewport.line(size.0), y))
    }

    /// A place on the canvas as a stroke of samples on a line takes it, with its radius, in CSS pixels.
    #[must_use]
    pub fn touch(&self, size: (f64, f64), (px, py): (f64, f64), radius: f64) -> Option<Touch> {
        let (x, y) = self.line(size)?;
        let units = [&x, &y].map(|scale| 1.0 / scale.pixels_per_unit().abs()).to_vec();
        Some(Touch { position: vec![x.value(px), y.value(py)], units, radius })
    }

    /// Draws the state of the fit.
    ///
    /// # Errors
    /// The browser's, where it is out of memory.
    pub fn draw(&mut self, canvas: &Canvas, frame: &Frame<'_>, fit: &mut dyn Surface) -> Result<(), JsValue> {
        let components = fit.components();
        self.trail.record(frame.iteration, &components);
        if self.data.dimension() == 1 {
            self.draw_line(canvas, frame, fit, &components)
        } else {
            self.draw_plane(canvas, frame, &components)
        }
    }

    fn draw_plane(&mut self, canvas: &Canvas, frame: &Frame<'_>, components: &[Component]) -> Result<(), JsValue> {
        let (x, y) = self.viewport.plane(canvas.size());
        let field = Field::new(canvas.width(), canvas.height());
        let (highest, page) = (self.ranges[2].1.max(f64::MIN_POSITIVE), Oklab::from(canvas.theme.page));
        let kernels: Vec<Kernel> = components.iter().enumerate().map(|(k, one)| Kernel::new(one, canvas, k)).collect();
        let (columns, rows) = field.places(canvas, &x, &y);
        let mut raster = std::mem::take(&mut self.raster);
        canvas.fit(&mut raster);
        if frame.layers.prediction {
            let places = rows.iter().flat_map(|&py| columns.iter().map(move |&px| (px, py)));
            let colors: Vec<_> = places.map(|(px, py)| glow(&kernels, px, py, highest, page).0).collect();
            raster.paint_colors(&colors, field.columns(), field.rows());
        } else {
            raster.fill(canvas.theme.page);
        }
        canvas.cover(&raster)?;
        self.raster = raster;
        draw_corners(canvas, &x, &y, self.ranges[0], self.ranges[1]);
        axes::draw_horizontal(canvas, &x, &axes::title(&self.data.axes()[0]));
        axes::draw_vertical(canvas, &y, &axes::title(&self.data.axes()[1]));
        plane::draw_components(canvas, components, &[], &self.trail, frame, (&x, &y));
        if frame.layers.truth {
            self.draw_truth(canvas, &x, &y);
        }
        self.draw_amplitudes(canvas, components, &x, &y);
        Ok(())
    }

    /// The true Gaussians: dashed at one and two standard deviations, with a cross at the centre.
    fn draw_truth(&self, canvas: &Canvas, x: &Scale, y: &Scale) {
        let ink = canvas.theme.ink.css(0.85);
        for one in &self.truth {
            let ellipse = Ellipse::new(one, x, y);
            for deviations in [1.0, 2.0] {
                canvas.stroke(&ink, 1.25, TRUE_DASH, |context| plane::trace(context, &ellipse, deviations));
            }
            let (cx, cy) = ellipse.centre;
            canvas.stroke_with_halo(&ink, 1.75, &[], |context| plane::cross(context, cx, cy, 5.0));
        }
    }

    /// The learned amplitudes beside their centres, the largest first; one that would cover another is left out.
    fn draw_amplitudes(&self, canvas: &Canvas, components: &[Component], x: &Scale, y: &Scale) {
        let mut shown: Vec<(f64, f64)> = Vec::new();
        let mut order: Vec<&Component> =
            components.iter().filter(|one| one.status == ComponentStatus::Active).collect();
        order.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()));
        for one in order {
            let (px, py) = (x.pixel(one.mean[0]) + 12.0, y.pixel(one.mean[1]) + 12.0);
            let free = |&(ox, oy): &(f64, f64)| (ox - px).abs() > LABEL_ROOM.0 || (oy - py).abs() > LABEL_ROOM.1;
            let inside = px > 0.0 && px < canvas.width() - LABEL_ROOM.0 && py > 0.0 && py < canvas.height() - INSETS[3];
            if inside && shown.iter().all(free) {
                canvas.text(&label(one.weight, 0.01), px, py, Align::Left, canvas.theme.ink);
                shown.push((px, py));
            }
        }
    }

    fn draw_line(
        &mut self,
        canvas: &Canvas,
        frame: &Frame<'_>,
        fit: &mut dyn Surface,
        components: &[Component],
    ) -> Result<(), JsValue> {
        let [_, top, _, bottom] = INSETS;
        let x = self.viewport.line(canvas.width());
        let places: Vec<f64> =
            (0..=libm::ceil(canvas.width() / CURVE_STEP) as usize).map(|i| x.value(i as f64 * CURVE_STEP)).collect();
        let mut prediction = vec![0.0; places.len()];
        fit.predict(places.len(), &|i, _| places[i], &mut |i, value| prediction[i] = value);
        let (low, high) = self.ranges[1];
        let truth = |place: f64| self.truth.iter().map(|one| height(one, place)).sum::<f64>();
        let (low, high) = places
            .iter()
            .map(|&place| truth(place))
            .fold((low, high), |(low, high), value| (low.min(value), high.max(value)));
        // A wild prediction may leave the picture; the data and what is true may not.
        let room = high - low;
        let seen = prediction.iter().filter(|value| value.is_finite());
        let (least, most) = seen.fold((low, high), |(least, most), &value| {
            (least.min(value.max(low - room)), most.max(value.min(high + room)))
        });
        let y = Scale::new(axes::widened((least.min(0.0), most)), ((canvas.height() - bottom).max(top + 1.0), top));
        let mut raster = std::mem::take(&mut self.raster);
        canvas.fit(&mut raster);
        raster.fill(canvas.theme.page);
        canvas.cover(&raster)?;
        self.raster = raster;
        let zero = y.pixel(0.0);
        self.heights = Some(y);
        let curve = |heights: &dyn Fn(f64) -> f64| -> Vec<(f64, f64)> {
            places.iter().map(|&place| (x.pixel(place), y.pixel(heights(place)))).collect()
        };
        let drawn = |one: &Component| frame.layers.ellipses && one.status != ComponentStatus::Off;
        for (k, component) in components.iter().enumerate().filter(|(_, one)| drawn(one)) {
            let color = canvas.theme.component(k);
            let path = curve(&|place| height(component, place));
            let ends = [path[path.len() - 1].0, path[0].0].map(|end| (end, zero));
            canvas.fill(&color.css(0.14), |context| polyline(context, path.iter().copied().chain(ends)));
            canvas.stroke(&color.css(1.0), 1.5, plane::dash(k), |context| polyline(context, path.iter().copied()));
        }
        for one in self.truth.iter().filter(|_| frame.layers.truth) {
            let path = curve(&|place| height(one, place));
            canvas.stroke(&canvas.theme.quiet.css(1.0), 1.25, TRUE_DASH, |context| {
                polyline(context, path.iter().copied());
            });
        }
        for one in self.truth.iter().filter(|_| frame.layers.truth) {
            let place = x.pixel(one.mean[0]);
            canvas.stroke_with_halo(&canvas.theme.quiet.css(1.0), 1.75, &[], |context| {
                plane::cross(context, place, zero, 5.0);
            });
        }
        let sum: Vec<(f64, f64)> =
            places.iter().zip(&prediction).map(|(&place, &value)| (x.pixel(place), y.pixel(value))).collect();
        if frame.layers.prediction {
            canvas.stroke(&canvas.theme.ink.css(1.0), 2.0, &[], |context| polyline(context, sum.iter().copied()));
        }
        let rows = frame.samples.map_or(&self.rows[..], |samples| samples.values);
        let count = rows.len() / 2;
        let (radius, opacity) = if count <= 100 { (4.0, 1.0) } else { (1.6, 0.45) };
        let ink = canvas.theme.ink.css(opacity);
        let every = count.div_ceil(SHOWN_SAMPLES).max(1);
        // In the hand, all are alike.
        let holds_back = |row: usize| frame.samples.is_none() && self.data.holds_back(row);
        let circles = |context: &OffscreenCanvasRenderingContext2d, held_back: bool, radius: f64| {
            for row in (0..count).step_by(every).filter(|&row| holds_back(row) == held_back) {
                circle(context, x.pixel(rows[2 * row]), y.pixel(rows[2 * row + 1]), radius);
            }
        };
        canvas.fill(&ink, |context| circles(context, false, radius));
        // Those that are not fitted to are rings.
        canvas.stroke(&ink, 1.0, &[], |context| circles(context, true, radius - 0.5));
        axes::draw_horizontal(canvas, &x, &axes::title(&self.data.axes()[0]));
        axes::draw_vertical(canvas, &y, &axes::title(self.data.target()));
        for (k, component) in components.iter().enumerate() {
            let place = component.mean[0];
            plane::draw_centre(canvas, k, component, x.pixel(place), zero);
        }
        frame.draw_marks(canvas, &Layout::Line { x, base: zero, step: 0.0 }, components);
        Ok(())
    }
}

/// A range whose ends differ.
fn ordered((low, high): (f64, f64)) -> (f64, f64) {
    if high > low { (low, high) } else { (low - 0.5, high + 0.5) }
}

/// The height of a Gaussian on a line.
fn height(component: &Component, place: f64) -> f64 {
    let distance = place - component.mean[0];
    component.weight * libm::exp(-0.5 * distance * distance / component.covariance[0])
}

/// A Gaussian in the plane as the glow needs it.
struct Kernel {
    amplitude: f64,
    mean: [f64; 2],
    /// Σ⁻¹: xx, xy, yy.
    precision: [f64; 3],
    color: Oklab,
}

impl Kernel {
    fn new(component: &Component, canvas: &Canvas, k: usize) -> Self {
        let [xx, xy, _, yy] = component.covariance[..] else { unreachable!("a component in the plane has four") };
        let determinant = (xx * yy - xy * xy).max(f64::MIN_POSITIVE);
        let color = if component.status == ComponentStatus::Off { canvas.theme.off } else { canvas.theme.component(k) };
        Self {
            amplitude: component.weight,
            mean: [component.mean[0], component.mean[1]],
            precision: [yy / determinant, -xy / determinant, xx / determinant],
            color: color.into(),
        }
    }

    fn height(&self, x: f64, y: f64) -> f64 {
        let (dx, dy) = (x - self.mean[0], y - self.mean[1]);
        let [xx, xy, yy] = self.precision;
        self.amplitude * libm::exp(-0.5 * (xx * dx * dx + 2.0 * xy * dx * dy + yy * dy * dy))
    }
}

/// The colour at a place: the Gaussians' colours mixed by what each adds, stronger the more they add up to.
fn glow(kernels: &[Kernel], x: f64, y: f64, highest: f64, page: Oklab) -> Rgb {
    let (mut total, mut mixed) = (0.0f32, [0.0f32; 3]);
    for kernel in kernels {
        let part = kernel.height(x, y).abs() as f32;
        if part > 0.0 && part.is_finite() {
            total += part;
            for (sum, channel) in mixed.iter_mut().zip(kernel.color.0) {
                *sum += part * channel;
            }
        }
    }
    if total <= 0.0 || !total.is_finite() {
        return page.into();
    }
    let strength = GLOW * (1.0 - libm::expf(-2.0 * total / highest as f32));
    page.mixed(Oklab(mixed.map(|sum| sum / total)), strength).into()
}

/// Marks the corners of the domain.
fn draw_corners(canvas: &Canvas, x: &Scale, y: &Scale, across: (f64, f64), up: (f64, f64)) {
    const ARM: f64 = 10.0;
    for (cx, dx) in [(x.pixel(across.0), ARM), (x.pixel(across.1), -ARM)] {
        for (cy, dy) in [(y.pixel(up.0), -ARM), (y.pixel(up.1), ARM)] {
            canvas.stroke(&canvas.theme.line.css(1.0), 1.0, &[], |context| {
                polyline(context, [(cx + dx, cy), (cx, cy), (cx, cy + dy)].into_iter());
            });
        }
    }
}
