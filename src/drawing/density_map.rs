//! The density of a mixture in the plane: as a map for itself, from nothing to its most, and as lines of equal log-density.

use crate::experiment::{Component, ComponentStatus, Mixture};
use crate::settings::Layers;

use super::area::Area;
use super::canvas::{Align, Canvas, Words};
use super::color::{Oklab, Ramp, Rgb};
use super::figures::color_bar;
use super::figures::contours::{Contours, Line};
use super::frame::Frame;
use super::hairlines::Hairlines;
use super::labels::Placer;
use super::plane::Field;
use super::raster::Raster;
use super::scale::Scale;
use super::viewport::Viewport;

/// Columns and rows that the density is worked out at: 200, as in the tutorial's picture, but no nearer than so many CSS pixels.
const FINEST: (usize, f64) = (200, 2.0);
/// The same for the range of the data, whose least log-density the lines hang on.
const COARSE: usize = 60;
/// Lines above log-density 0, and as many below.
const LEVELS: i32 = 20;
/// Where the lines have faded out.
const FADED: f64 = 46.0;
/// How wide the lines are, in CSS pixels.
const LINE: f64 = 1.0;
/// The colour bar: from the canvas's right and lower edges, its height, and the smallest canvas that has one.
const BAR: Bar = Bar { right: 53.0, bottom: 55.0, height: 96.0, least: (480.0, 300.0) };
/// The least weight that is written at a centre.
const LABELLED: f64 = 0.05;
/// Labels: their height, how far they are from the centre, and the side that is best: to the right.
const LABEL: (f64, f64, usize) = (14.0, 9.0, 4);

struct Bar {
    right: f64,
    bottom: f64,
    height: f64,
    least: (f64, f64),
}

/// What a map hangs on: the components, the scales and the size of the canvas.
type Seen = (Vec<Component>, Scale, Scale, (f64, f64));

/// The density over the canvas.
struct Map {
    field: Field,
    /// ln of the density at each corner.
    logarithms: Vec<f32>,
    /// The density's most.
    most: f64,
    /// The lines, each with its log-density; worked out when they are asked for.
    lines: Option<Vec<(f64, Vec<Line>)>>,
}

/// The density of one data set, kept while fit and view stay as they are.
#[derive(Default)]
pub struct DensityMap {
    map: Option<(Seen, Map)>,
    /// The step from line to line, of the components that it was worked out for.
    step: Option<(Vec<Component>, f64)>,
    /// At which side of its centre each component's label is.
    sides: Vec<Option<usize>>,
    hairlines: Hairlines,
}

impl DensityMap {
    /// Paints what the layers ask for behind the points: the density where `heat` says so, and the lines.
    pub fn paint(
        &mut self,
        raster: &mut Raster,
        canvas: &Canvas,
        layers: &Layers,
        (fit, components): (&mut dyn Mixture, &[Component]),
        (viewport, x, y): (&Viewport, &Scale, &Scale),
    ) {
        let heat = layers.heat && layers.density;
        if !(heat || layers.contours) {
            return;
        }
        let seen = (components.to_vec(), *x, *y, canvas.size());
        if self.map.as_ref().is_none_or(|(before, _)| *before != seen) {
            let map = Map::new(fit, canvas, x, y);
            self.map = Some((seen, map));
        }
        let ramp = &canvas.theme.reds;
        if let Some((_, map)) = self.map.as_ref().filter(|_| heat) {
            map.paint(raster, ramp);
        }
        if layers.contours {
            let step = self.step(fit, components, viewport, layers.heat);
            let color = if layers.heat { canvas.theme.contour } else { canvas.theme.off };
            if let Some((_, map)) = &mut self.map {
                map.paint_lines(raster, &mut self.hairlines, canvas, (step, color));
            }
        }
        // Over the lines, which would look like marks on it.
        if let Some(area) = bar_area(canvas).filter(|_| heat) {
            color_bar::paint(raster, area, canvas.pixel_ratio(), ramp);
        }
    }

    /// The log-density from one line to the next: a twentieth of the largest over the range of the data. Where the density is looked
    /// at for itself it is that, as in the tutorial; elsewhere narrow Gaussians would leave no line in sight.
    fn step(&mut self, fit: &mut dyn Mixture, components: &[Component], viewport: &Viewport, exact: bool) -> f64 {
        if let Some((_, step)) = self.step.as_ref().filter(|(before, _)| before == components) {
            return *step;
        }
        let (x, y) = viewport.home_square(COARSE as f64);
        let count = COARSE * COARSE;
        let place = |i: usize, axis: usize| {
            if axis == 0 { x.value((i % COARSE) as f64 + 0.5) } else { y.value((i / COARSE) as f64 + 0.5) }
        };
        let mut largest: f64 = 0.0;
        fit.log_densities_at(count, &place, &mut |_, log_density| {
            if log_density.is_finite() {
                largest = largest.max(log_density.abs());
            }
        });
        let largest = if exact { largest } else { largest.min(2.0 * FADED) };
        let step = (largest / f64::from(LEVELS)).max(1e-3);
        self.step = Some((components.to_vec(), step));
        step
    }

    /// Draws what stands over the points: the colour bar's numerals, and the weight of each large component beside its centre.
    pub fn draw_over(
        &mut self,
        canvas: &Canvas,
        frame: &Frame<'_>,
        components: &[Component],
        (x, y): (&Scale, &Scale),
    ) {
        if let (Some(area), Some((_, map))) = (bar_area(canvas).filter(|_| frame.layers.density), &self.map) {
            color_bar::draw(canvas, area, (0.0, map.most));
            canvas.text("density", area.right() + 4.0, area.top - 15.0, Align::Centre, canvas.theme.quiet);
        }
        let mut placer = Placer::new(canvas.area());
        self.sides.resize(components.len(), None);
        let on = |one: &Component| one.status == ComponentStatus::Active && one.weight.is_finite();
        let centre = |one: &Component| (x.pixel(one.mean[0]), y.pixel(one.mean[1]));
        for one in components.iter().filter(|one| on(one)) {
            placer.mark(centre(one), 6.0);
        }
        let mut labelled: Vec<usize> =
            (0..components.len()).filter(|&k| on(&components[k]) && components[k].weight >= LABELLED).collect();
        labelled.sort_by(|&a, &b| components[b].weight.total_cmp(&components[a].weight));
        for k in labelled {
            let text = format!("{:.2}", components[k].weight);
            let words = [Words { text, bold: true, color: canvas.theme.ink }];
            let size = (canvas.width_of(&words), LABEL.0);
            let before = self.sides[k].or(Some(LABEL.2));
            let placed = placer.place(centre(&components[k]), LABEL.1, size, before);
            self.sides[k] = placed.map(|(_, side)| side);
            if let Some((area, _)) = placed {
                canvas.words(&words, area.left, area.top + 0.5 * area.height);
            }
        }
    }
}

/// Where the colour bar is, where there is room for one.
fn bar_area(canvas: &Canvas) -> Option<Area> {
    let (width, height) = canvas.size();
    (width >= BAR.least.0 && height >= BAR.least.1).then_some(Area {
        left: width - BAR.right,
        top: height - BAR.bottom - BAR.height,
        width: color_bar::WIDTH,
        height: BAR.height,
    })
}

impl Map {
    fn new(fit: &mut dyn Mixture, canvas: &Canvas, x: &Scale, y: &Scale) -> Self {
        let cells = |length: f64| ((length / FINEST.1) as usize).clamp(2, FINEST.0);
        let field = Field::of_cells(cells(canvas.width()), cells(canvas.height()));
        let (columns, rows) = field.places(canvas.area(), x, y);
        let place =
            |i: usize, axis: usize| if axis == 0 { columns[i % columns.len()] } else { rows[i / columns.len()] };
        let mut logarithms = vec![f32::NEG_INFINITY; columns.len() * rows.len()];
        fit.log_densities_at(logarithms.len(), &place, &mut |i, log_density| logarithms[i] = log_density as f32);
        let most = logarithms.iter().copied().filter(|one| one.is_finite()).fold(f32::NEG_INFINITY, f32::max);
        Self { field, logarithms, most: libm::exp(f64::from(most)), lines: None }
    }

    fn paint(&self, raster: &mut Raster, ramp: &Ramp) {
        let most = self.most as f32;
        let shade = |logarithm: &f32| {
            // Most places have next to none.
            let shade = if *logarithm > FAINTEST { libm::expf(*logarithm) / most } else { 0.0 };
            if shade.is_finite() { shade.clamp(0.0, 1.0) } else { 0.0 }
        };
        let shades: Vec<f32> = self.logarithms.iter().map(shade).collect();
        raster.paint_field(raster.whole(), &shades, self.field.shape(), ramp);
    }

    /// Lines fade into the page until their log-density is `-FADED`.
    fn paint_lines(
        &mut self,
        raster: &mut Raster,
        hairlines: &mut Hairlines,
        canvas: &Canvas,
        (step, color): (f64, Rgb),
    ) {
        hairlines.resize(raster);
        let shape = self.field.shape();
        let logarithms = &self.logarithms;
        let lines = self.lines.get_or_insert_with(|| {
            let mut contours = Contours::new(logarithms, shape);
            levels(step).map(|level| (level, contours.lines(level as f32))).collect()
        });
        let across = raster.width() as f32 / (shape.0 - 1) as f32;
        let down = raster.height() as f32 / (shape.1 - 1) as f32;
        let width = (LINE * canvas.pixel_ratio()) as f32;
        for (level, lines) in lines {
            for (from, to) in lines.iter().flat_map(Line::pieces) {
                hairlines.add((from.0 * across, from.1 * down), (to.0 * across, to.1 * down), width);
            }
            let share = (1.0 + *level / FADED).clamp(0.0, 1.0) as f32;
            hairlines.paint(raster, Oklab::from(canvas.theme.page).mixed(color.into(), share).into());
        }
    }
}

/// Below this log-density a shade is nothing, whatever its most is.
const FAINTEST: f32 = -60.0;

/// The log-densities of lines that can be seen, rising: the higher are painted over the lower.
fn levels(step: f64) -> impl Iterator<Item = f64> {
    (-LEVELS..=LEVELS).map(move |number| f64::from(number) * step).filter(|level| *level > -FADED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_even_and_fade_out() {
        let found: Vec<f64> = levels(5.0).collect();
        // Of 41 from −100 to 100 those above −46.
        assert_eq!((found.len(), found[0], found[1], found[found.len() - 1]), (30, -45.0, -40.0, 100.0));
        assert_eq!(levels(2.0).count(), 41);
    }
}
