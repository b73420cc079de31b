//! A sum of Gaussians: over the plane a large figure with small ones beside it, on a line the curves.

use std::rc::Rc;

use wasm_bindgen::JsValue;

use crate::dataset::Regression;
use crate::experiment::{Component, Surface, Touch};
use crate::settings::{Layers, SumFigure};

use super::area::Area;
use super::axes;
use super::canvas::{Align, Canvas, Words, polyline};
use super::figures::centres::{self, Paths};
use super::figures::curves::OverLine;
use super::figures::gaussians::{self, Gaussians};
use super::figures::heat_map::{self, HeatMaps};
use super::figures::layout::{Arrangement, Figure, caption};
use super::figures::loss::{self, Curves};
use super::figures::{Pane, TrueOne, color_bar};
use super::frame::Frame;
use super::hold::Layout;
use super::raster::Raster;
use super::scale::Scale;
use super::trail::Trail;
use super::viewport::Viewport;

/// From a small map to its colour bar.
const TO_BAR: f64 = 6.0;
/// Behind small figures that have no field of their own, on the way from the page to the density of points.
const GROUND: usize = 44;

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
    /// What was drawn: the pointer is over that.
    layers: Layers,
    trail: Trail,
    gaussians: Gaussians,
    /// `None` for samples on a line.
    maps: Option<HeatMaps>,
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
        let truth: Vec<Component> = data.truth().iter().map(Component::from).collect();
        Self {
            data: Rc::clone(data),
            viewport: Viewport::new(ranges[..dimension].iter().copied().map(axes::widened).collect()),
            maps: (dimension == 2).then(|| HeatMaps::new(data, &truth, [ranges[0], ranges[1]], ranges[2])),
            ranges,
            truth,
            rows,
            heights: None,
            layers: Layers::default(),
            trail: Trail::default(),
            gaussians: Gaussians::default(),
            raster: Raster::default(),
        }
    }

    /// Draws the true Gaussians here, where they are in the visitor's hand.
    pub fn show_truth(&mut self, truth: &[Component]) {
        if self.truth != truth {
            self.truth = truth.to_vec();
            if let Some(maps) = &mut self.maps {
                maps.set_truth(truth, self.ranges[2]);
            }
        }
    }

    /// Notes where the centres are at an iteration.
    pub fn note(&mut self, iteration: usize, components: &[Component]) {
        self.trail.record(iteration, components);
    }

    /// Forgets the paths of the centres.
    pub fn restart(&mut self) {
        self.trail.clear();
    }

    /// Forgets the paths of the centres after an iteration.
    pub fn branch(&mut self, iteration: usize) {
        self.trail.branch(iteration);
    }

    fn arrangement(&self, size: (f64, f64), layers: &Layers) -> Arrangement {
        Arrangement::new(size, layers.figure, layers.figures && self.data.dimension() == 2)
    }

    /// The size of the large figure, which begins at the canvas's corner, in CSS pixels; on a line, of the whole canvas.
    #[must_use]
    pub fn size(&self, canvas: (f64, f64)) -> (f64, f64) {
        if self.data.dimension() == 2 { self.arrangement(canvas, &self.layers).large } else { canvas }
    }

    /// Whether the large figure lies over the inputs, so that it can be panned and zoomed.
    #[must_use]
    pub fn is_over_inputs(&self) -> bool {
        self.data.dimension() == 1 || self.layers.figure != SumFigure::Loss
    }

    /// The small figures; none on a line.
    #[must_use]
    pub fn figures(&self, canvas: (f64, f64), layers: &Layers) -> Vec<Figure> {
        self.arrangement(canvas, layers).figures(layers.squared_difference, !self.truth.is_empty())
    }

    /// Where the components are; `None` where there are none to be taken hold of.
    #[must_use]
    pub fn layout(&self, size: (f64, f64)) -> Option<Layout> {
        if self.data.dimension() == 1 {
            let base = self.heights.map_or(0.0, |y| y.pixel(0.0));
            return Some(Layout::Line { x: self.viewport.line(size.0), base, step: 0.0 });
        }
        let (x, y) = self.viewport.plane(self.size(size));
        self.is_over_inputs().then_some(Layout::Plane(x, y))
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
        self.layers = frame.layers;
        let truth = TrueOne::all(&self.truth, frame.recovered);
        if self.data.dimension() == 1 {
            self.draw_line(canvas, frame, fit, (&components, &truth))
        } else {
            self.draw_plane(canvas, frame, fit, (&components, &truth))
        }
    }

    fn draw_line(
        &mut self,
        canvas: &Canvas,
        frame: &Frame<'_>,
        fit: &mut dyn Surface,
        (components, truth): (&[Component], &[TrueOne]),
    ) -> Result<(), JsValue> {
        canvas.fit(&mut self.raster);
        self.raster.fill(canvas.theme.page);
        canvas.cover(&self.raster)?;
        let x = self.viewport.line(canvas.width());
        let rows = frame.samples.map_or(&self.rows[..], |samples| samples.values);
        let over = OverLine { data: &self.data, rows, targets: self.ranges[1], components, truth, x };
        self.heights = Some(over.draw(canvas, frame, fit, &mut self.gaussians));
        Ok(())
    }

    fn draw_plane(
        &mut self,
        canvas: &Canvas,
        frame: &Frame<'_>,
        fit: &mut dyn Surface,
        (components, truth): (&[Component], &[TrueOne]),
    ) -> Result<(), JsValue> {
        let arranged = self.arrangement(canvas.size(), &frame.layers);
        let (x, y) = self.viewport.plane(arranged.large);
        let (width, height) = arranged.large;
        let large = Pane { area: Area { left: 0.0, top: 0.0, width, height }, x, y, large: true };
        let small = |area: Area| Pane::small(area, self.ranges[0], self.ranges[1]);
        let panes: Vec<(SumFigure, Pane)> = std::iter::once((frame.layers.figure, large))
            .chain(arranged.small.iter().map(|&(figure, area)| (figure, small(area))))
            .collect();
        let mut raster = std::mem::take(&mut self.raster);
        canvas.fit(&mut raster);
        raster.fill(canvas.theme.page);
        self.paint(canvas, frame, &panes, &mut raster, fit, components);
        let bars = self.bars(&arranged, frame.layers.squared_difference);
        for (figure, area, _) in &bars {
            let ramp = HeatMaps::ramp(&canvas.theme, *figure, frame.layers.squared_difference);
            color_bar::paint(&mut raster, *area, canvas.pixel_ratio(), ramp);
        }
        canvas.cover(&raster)?;
        self.raster = raster;
        for (figure, pane) in &panes {
            if pane.large {
                self.draw_large(canvas, frame, fit, (*figure, pane), (components, truth));
            } else {
                self.draw_small(canvas, frame, fit, (*figure, pane), (components, truth), &arranged);
            }
        }
        for (_, area, range) in bars {
            color_bar::draw(canvas, area, range);
        }
        Ok(())
    }

    /// Paints the fields of all figures.
    fn paint(
        &mut self,
        canvas: &Canvas,
        frame: &Frame<'_>,
        panes: &[(SumFigure, Pane)],
        raster: &mut Raster,
        fit: &mut dyn Surface,
        components: &[Component],
    ) {
        let Some(maps) = &mut self.maps else { return };
        maps.begin();
        let highest = self.ranges[2].1.max(f64::MIN_POSITIVE);
        for &(figure, ref pane) in panes {
            match figure {
                SumFigure::Gaussians => {
                    if frame.layers.prediction {
                        gaussians::paint(raster, canvas, pane, components, highest);
                    }
                }
                SumFigure::Truth | SumFigure::Prediction | SumFigure::Difference => {
                    if !pane.large {
                        ground(canvas, raster, pane.area);
                    }
                    maps.paint(raster, canvas, pane, (figure, frame.layers.squared_difference), fit);
                }
                SumFigure::Centres | SumFigure::Loss => {
                    if !pane.large {
                        ground(canvas, raster, pane.area);
                    }
                }
            }
        }
    }

    /// The colour bars of maps: which of them has it, where it is and what its ends stand for. Neighbours on one scale share one.
    fn bars(&self, arranged: &Arrangement, squared: bool) -> Vec<(SumFigure, Area, (f64, f64))> {
        let Some(maps) = &self.maps else { return Vec::new() };
        let mut bars: Vec<(SumFigure, Area, (f64, f64))> = Vec::new();
        let is_map = |figure| matches!(figure, SumFigure::Truth | SumFigure::Prediction | SumFigure::Difference);
        for &(figure, area) in arranged.small.iter().filter(|(figure, _)| arranged.numerals && is_map(*figure)) {
            match bars.last_mut() {
                Some((SumFigure::Truth, bar, _)) if figure == SumFigure::Prediction => {
                    bar.height = area.bottom() - bar.top;
                }
                _ => {
                    let bar = Area { left: area.right() + TO_BAR, width: color_bar::WIDTH, ..area };
                    bars.push((figure, bar, maps.bar_range(figure, squared)));
                }
            }
        }
        let large = self.layers.figure;
        if is_map(large) {
            let (x, y) = self.viewport.plane(arranged.large);
            let (width, height) = arranged.large;
            let pane = Pane { area: Area { left: 0.0, top: 0.0, width, height }, x, y, large: true };
            bars.push((large, heat_map::bar_area(&pane), maps.bar_range(large, squared)));
        }
        bars
    }

    fn draw_large(
        &mut self,
        canvas: &Canvas,
        frame: &Frame<'_>,
        fit: &mut dyn Surface,
        (figure, pane): (SumFigure, &Pane),
        (components, truth): (&[Component], &[TrueOne]),
    ) {
        let (known, squared, size) = (!self.truth.is_empty(), frame.layers.squared_difference, pane.area.size());
        if figure == SumFigure::Loss {
            let curves = Curves::new(fit.history(), fit.steps_an_epoch(), size.0);
            loss::draw_large(canvas, size, &curves);
            return;
        }
        let axes = || {
            axes::draw_horizontal(canvas, size, &pane.x, &axes::title(&self.data.axes()[0]));
            axes::draw_vertical(canvas, size, &pane.y, &axes::title(&self.data.axes()[1]));
        };
        match figure {
            SumFigure::Gaussians => {
                gaussians::draw_corners(canvas, pane, self.ranges[0], self.ranges[1]);
                axes();
                let (all, trail, scene) = ((components, truth), &self.trail, &mut self.gaussians);
                canvas.within(pane.area, || scene.draw(canvas, pane, frame, all, trail));
            }
            SumFigure::Centres => {
                gaussians::draw_corners(canvas, pane, self.ranges[0], self.ranges[1]);
                axes();
                let steps = fit.steps_an_epoch();
                let paths = Paths { trail: &self.trail, iteration: frame.iteration, steps, components, truth };
                canvas.within(pane.area, || {
                    centres::draw(canvas, pane, &paths);
                    frame.draw_marks(canvas, &Layout::Plane(pane.x, pane.y), components);
                });
            }
            _ => {
                axes();
                gaussians::draw_corners(canvas, pane, self.ranges[0], self.ranges[1]);
                let map = heat_map::map_area(pane);
                let words = match (figure, squared) {
                    (SumFigure::Difference, false) if known => "prediction − truth",
                    (SumFigure::Difference, true) if known => "(prediction − truth)²",
                    (SumFigure::Difference, false) => "prediction − target",
                    (SumFigure::Difference, true) => "(prediction − target)²",
                    _ => "",
                };
                let name = caption(figure, squared, known).0;
                let line = [
                    Words { text: name.to_owned(), bold: true, color: canvas.theme.ink },
                    Words { text: format!("  {words}"), bold: false, color: canvas.theme.quiet },
                ];
                canvas.words(&line, map.left + 40.0, 12.0);
                if figure == SumFigure::Difference && !squared {
                    let bar = heat_map::bar_area(pane);
                    canvas.text("too high", bar.right() + 20.0, bar.top - 10.0, Align::Right, canvas.theme.quiet);
                    canvas.text("too low", bar.right() + 20.0, bar.bottom() + 11.0, Align::Right, canvas.theme.quiet);
                }
                // What can be taken hold of can be seen.
                canvas.within(map, || {
                    if figure != SumFigure::Truth {
                        gaussians::draw_centres(canvas, pane, components);
                    }
                    if figure != SumFigure::Prediction && frame.layers.truth {
                        gaussians::draw_crosses(canvas, pane, truth);
                    }
                    frame.draw_marks(canvas, &Layout::Plane(pane.x, pane.y), components);
                });
            }
        }
    }

    fn draw_small(
        &mut self,
        canvas: &Canvas,
        frame: &Frame<'_>,
        fit: &mut dyn Surface,
        (figure, pane): (SumFigure, &Pane),
        (components, truth): (&[Component], &[TrueOne]),
        arranged: &Arrangement,
    ) {
        let (long, short) = caption(figure, frame.layers.squared_difference, !self.truth.is_empty());
        let words = |text: &str| [Words { text: text.to_owned(), bold: false, color: canvas.theme.quiet }];
        let name = if canvas.width_of(&words(long)) <= pane.area.width { long } else { short };
        let middle = pane.area.top - 0.5 * arranged.caption;
        canvas.text(name, pane.area.left, middle, Align::Left, canvas.theme.quiet);
        match figure {
            SumFigure::Gaussians => {
                let (trail, scene) = (&self.trail, &mut self.gaussians);
                canvas.within(pane.area, || scene.draw(canvas, pane, frame, (components, truth), trail));
                outline(canvas, pane.area);
            }
            SumFigure::Centres => {
                let steps = fit.steps_an_epoch();
                let paths = Paths { trail: &self.trail, iteration: frame.iteration, steps, components, truth };
                canvas.within(pane.area, || centres::draw(canvas, pane, &paths));
            }
            SumFigure::Loss => {
                let curves = Curves::new(fit.history(), fit.steps_an_epoch(), pane.area.width);
                loss::draw_small(canvas, pane.area, &curves, arranged.numerals);
            }
            // Where there is no difference there is the page: the figure must be seen all the same.
            SumFigure::Difference => outline(canvas, pane.area),
            SumFigure::Truth | SumFigure::Prediction => {}
        }
    }
}

/// A ground for a small figure that has no field.
fn ground(canvas: &Canvas, raster: &mut Raster, area: Area) {
    let region = raster.region(area, canvas.pixel_ratio());
    raster.paint_field(region, &[0.0; 4], (2, 2), &[canvas.theme.density[GROUND]; 256]);
}

/// A fine line around a small figure.
fn outline(canvas: &Canvas, area: Area) {
    canvas.stroke(&canvas.theme.line.css(0.6), 1.0, &[], |context| {
        let (left, top) = (axes::snapped(area.left), axes::snapped(area.top));
        let (right, bottom) = (axes::snapped(area.right()) - 1.0, axes::snapped(area.bottom()) - 1.0);
        polyline(context, [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)].into_iter());
    });
}

/// A range whose ends differ.
fn ordered((low, high): (f64, f64)) -> (f64, f64) {
    if high > low { (low, high) } else { (low - 0.5, high + 0.5) }
}
