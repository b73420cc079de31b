//! Heat maps: what is true, what is predicted, and the difference. Where nobody knows what is true, the targets and residuals
//! stand as coloured points.

use std::rc::Rc;

use super::kernel::{self, Kernel};
use super::{Pane, color_bar};
use crate::dataset::Regression;
use crate::drawing::area::Area;
use crate::drawing::canvas::Canvas;
use crate::drawing::color::{Ramp, Theme};
use crate::drawing::plane::Field;
use crate::drawing::raster::Raster;
use crate::drawing::scale::round_step;
use crate::experiment::{Component, Surface};
use crate::settings::SumFigure;

/// CSS pixels between the places where a field is worked out, in a small figure and in the large one.
const STEPS: (f64, f64) = (4.0, 5.0);
/// Most points drawn in a small figure and in the large one.
const SHOWN_POINTS: (usize, usize) = (1_500, 20_000);
/// What a large map leaves to the axes and to its bar.
const INSETS: [f64; 4] = [44.0, 24.0, 60.0, 44.0];
/// From a large map to its bar.
const TO_BAR: f64 = 10.0;
/// The part of residuals of points that the scale is to hold: a few may be far off.
const HELD: f64 = 0.99;
/// The scale of differences stays until they need less than this part of the next smaller one.
const MUCH_SMALLER: f64 = 0.8;

/// Where a field is worked out, in the units of the data.
#[derive(Clone, Debug, PartialEq)]
struct Grid {
    columns: Vec<f64>,
    rows: Vec<f64>,
}

impl Grid {
    fn new(pane: &Pane) -> Self {
        let area = map_area(pane);
        let step = if pane.large { STEPS.1 } else { STEPS.0 };
        let field = Field::of_step(area.width, area.height, step);
        let (columns, rows) = field.places(area, &pane.x, &pane.y);
        Self { columns, rows }
    }

    fn shape(&self) -> (usize, usize) {
        (self.columns.len(), self.rows.len())
    }

    fn count(&self) -> usize {
        self.columns.len() * self.rows.len()
    }

    fn place(&self, i: usize) -> (f64, f64) {
        (self.columns[i % self.columns.len()], self.rows[i / self.columns.len()])
    }
}

/// The part of a figure that a map covers.
#[must_use]
pub fn map_area(pane: &Pane) -> Area {
    if pane.large { pane.area.less(INSETS) } else { pane.area }
}

/// The bar of a large map.
#[must_use]
pub fn bar_area(pane: &Pane) -> Area {
    let map = map_area(pane);
    Area { left: map.right() + TO_BAR, width: color_bar::WIDTH, ..map }
}

/// The heat maps of one data set.
pub struct HeatMaps {
    data: Rc<Regression>,
    truth: Vec<Kernel>,
    /// The ranges of the inputs.
    domain: [(f64, f64); 2],
    /// The colour scale of what is true and of what is predicted.
    range: (f64, f64),
    /// The present end of the scale of differences.
    most: f64,
    /// What is true in the small figures and in the large one, while they stay as they are.
    true_fields: [Option<(Grid, Vec<f64>)>; 2],
    /// What is predicted there in this frame.
    predicted: [Option<Vec<f64>>; 2],
}

impl HeatMaps {
    /// The maps of samples in the plane, whose inputs and targets are in these ranges; the true Gaussians may be none.
    #[must_use]
    pub fn new(data: &Rc<Regression>, truth: &[Component], domain: [(f64, f64); 2], targets: (f64, f64)) -> Self {
        let mut maps = Self {
            data: Rc::clone(data),
            truth: Vec::new(),
            domain,
            range: targets,
            most: 0.0,
            true_fields: [None, None],
            predicted: [None, None],
        };
        maps.set_truth(truth, targets);
        maps
    }

    /// Takes over other true Gaussians.
    pub fn set_truth(&mut self, truth: &[Component], targets: (f64, f64)) {
        self.truth = truth.iter().map(Kernel::from).collect();
        self.true_fields = [None, None];
        self.range = if truth.is_empty() { targets } else { self.true_range(truth) };
    }

    /// Whether the true Gaussians are known.
    #[must_use]
    pub fn knows_truth(&self) -> bool {
        !self.truth.is_empty()
    }

    /// From 0, or from the lowest value, to the highest: at samples, and at the centres, which may lie between them.
    fn true_range(&self, truth: &[Component]) -> (f64, f64) {
        let inputs = &self.data.train().inputs;
        let every = (inputs.len() / 2).div_ceil(SHOWN_POINTS.0).max(1);
        let samples = inputs.chunks_exact(2).step_by(every).map(|place| (place[0], place[1]));
        let centres = truth.iter().map(|one| (one.mean[0], one.mean[1]));
        let heights = samples.chain(centres).map(|place| kernel::sum(&self.truth, place));
        let (low, high) = heights.fold((0.0f64, 0.0f64), |(low, high), height| (low.min(height), high.max(height)));
        if high > low { (low, high) } else { (0.0, 1.0) }
    }

    /// A new frame: what was predicted no longer holds.
    pub fn begin(&mut self) {
        self.predicted = [None, None];
    }

    /// The values at both ends of a map's colour bar.
    #[must_use]
    pub fn bar_range(&self, figure: SumFigure, squared: bool) -> (f64, f64) {
        match (figure, squared) {
            (SumFigure::Difference, true) => (0.0, self.most * self.most),
            (SumFigure::Difference, false) => (-self.most, self.most),
            _ => self.range,
        }
    }

    /// The colours of a map.
    #[must_use]
    pub fn ramp(theme: &Theme, figure: SumFigure, squared: bool) -> &Ramp {
        if figure == SumFigure::Difference && !squared { &theme.signed } else { &theme.viridis }
    }

    /// Paints a map.
    pub fn paint(
        &mut self,
        raster: &mut Raster,
        canvas: &Canvas,
        pane: &Pane,
        (figure, squared): (SumFigure, bool),
        fit: &mut dyn Surface,
    ) {
        let (ramp, domain) = (Self::ramp(&canvas.theme, figure, squared), self.domain);
        if figure != SumFigure::Prediction && !self.knows_truth() {
            self.paint_points(raster, canvas, pane, (figure, squared), fit);
            return;
        }
        let grid = Grid::new(pane);
        let values = match figure {
            SumFigure::Truth => self.true_values(pane, &grid).to_vec(),
            SumFigure::Prediction => self.predicted(pane, &grid, fit).to_vec(),
            _ => {
                let truth = self.true_values(pane, &grid).to_vec();
                let predicted = self.predicted(pane, &grid, fit);
                let differences: Vec<f64> = predicted.iter().zip(truth).map(|(one, other)| one - other).collect();
                // Beyond the samples anything may be predicted.
                let within = |i: usize| {
                    let (x, y) = grid.place(i);
                    x >= domain[0].0 && x <= domain[0].1 && y >= domain[1].0 && y <= domain[1].1
                };
                let inside = differences.iter().enumerate().filter(|&(i, value)| value.is_finite() && within(i));
                self.most = settled(self.most, inside.fold(0.0, |most, (_, value)| value.abs().max(most)));
                differences
            }
        };
        let shades: Vec<f32> = values.into_iter().map(|value| self.shade(value, (figure, squared))).collect();
        let region = raster.region(map_area(pane), canvas.pixel_ratio());
        raster.paint_field(region, &shades, grid.shape(), ramp);
    }

    /// Where a value is on the ramp of a figure, 0 to 1.
    fn shade(&self, value: f64, (figure, squared): (SumFigure, bool)) -> f32 {
        let value = if figure == SumFigure::Difference && squared { value * value } else { value };
        let (low, high) = self.bar_range(figure, squared);
        let shade = ((value - low) / (high - low)) as f32;
        // What is no number is nothing.
        if shade.is_nan() { 0.0 } else { shade.clamp(0.0, 1.0) }
    }

    fn true_values(&mut self, pane: &Pane, grid: &Grid) -> &[f64] {
        let cached = self.true_fields[usize::from(pane.large)].take().filter(|(before, _)| before == grid);
        let field = cached.unwrap_or_else(|| {
            let values = (0..grid.count()).map(|i| kernel::sum(&self.truth, grid.place(i))).collect();
            (grid.clone(), values)
        });
        &self.true_fields[usize::from(pane.large)].insert(field).1
    }

    /// What is predicted; both small maps that need it have the same places.
    fn predicted(&mut self, pane: &Pane, grid: &Grid, fit: &mut dyn Surface) -> &[f64] {
        self.predicted[usize::from(pane.large)].get_or_insert_with(|| {
            let mut values = vec![0.0; grid.count()];
            let position = |i: usize, axis: usize| if axis == 0 { grid.place(i).0 } else { grid.place(i).1 };
            fit.predict(values.len(), &position, &mut |i, value| values[i] = value);
            values
        })
    }

    /// Targets, or what the prediction differs from them by, as points in their colours.
    fn paint_points(
        &mut self,
        raster: &mut Raster,
        canvas: &Canvas,
        pane: &Pane,
        (figure, squared): (SumFigure, bool),
        fit: &mut dyn Surface,
    ) {
        let data = Rc::clone(&self.data);
        let train = data.train();
        let shown = if pane.large { SHOWN_POINTS.1 } else { SHOWN_POINTS.0 };
        let every = train.count().div_ceil(shown).max(1);
        let some: Vec<usize> = (0..train.count()).step_by(every).collect();
        let mut values: Vec<f64> = some.iter().map(|&i| train.targets[i]).collect();
        if figure == SumFigure::Difference {
            let position = |i: usize, axis: usize| train.inputs[2 * some[i] + axis];
            fit.predict(some.len(), &position, &mut |i, value| values[i] = value - values[i]);
            let mut sizes: Vec<f64> = values.iter().map(|value| value.abs()).filter(|size| size.is_finite()).collect();
            let place = (sizes.len() as f64 * HELD) as usize;
            let held = if sizes.is_empty() {
                0.0
            } else {
                let last = sizes.len() - 1;
                *sizes.select_nth_unstable_by(place.min(last), f64::total_cmp).1
            };
            self.most = settled(self.most, held);
        }
        let radius = match (pane.large, some.len()) {
            (false, _) => 1.3,
            (true, 0..=400) => 4.0,
            (true, 401..=3_000) => 2.75,
            (true, _) => 2.0,
        };
        let (ramp, ratio) = (Self::ramp(&canvas.theme, figure, squared), canvas.pixel_ratio());
        let area = map_area(pane).less([radius; 4]);
        let discs = some.iter().zip(&values).filter_map(|(&i, &value)| {
            let place = pane.pixel(&train.inputs[2 * i..2 * i + 2]);
            let color = ramp[libm::roundf(255.0 * self.shade(value, (figure, squared))) as usize];
            let (x, y) = ((place.0 * ratio) as f32, (place.1 * ratio) as f32);
            area.contains(place).then_some((x, y, (radius * ratio) as f32, color))
        });
        raster.paint_discs(1.0, discs);
    }
}

/// The end of a scale of differences that are at most so large: 1, 2 or 5 times a power of ten, so that its numerals change
/// seldom; a little less than before does not change it.
fn settled(before: f64, largest: f64) -> f64 {
    if largest.is_nan() || largest < 1e-12 {
        return if before > 0.0 { before } else { 1.0 };
    }
    let least = round_step(largest);
    let next = round_step(1.01 * least);
    if before > least && before <= next * 1.001 && largest > MUCH_SMALLER * least { before } else { least }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_of_differences_is_round_and_does_not_flicker() {
        let close = |a: f64, b: f64| assert!((a / b - 1.0).abs() < 1e-9, "{a} {b}");
        close(settled(0.0, 3.2), 5.0);
        close(settled(5.0, 1.9), 5.0);
        close(settled(5.0, 1.5), 2.0);
        close(settled(2.0, 2.1), 5.0);
        close(settled(100.0, 1.9), 2.0);
        close(settled(0.0, 0.0), 1.0);
        close(settled(0.5, 0.0), 0.5);
        close(settled(0.5, f64::NAN), 0.5);
        close(settled(1.0, 0.0071), 0.01);
    }

    #[test]
    fn shades_are_within_the_ramp() {
        let data = crate::dataset::Regression::new(
            "test",
            vec![crate::dataset::Axis::unitless("x"), crate::dataset::Axis::unitless("y")],
            crate::dataset::Axis::unitless("z"),
            crate::dataset::Samples { inputs: vec![0.0, 0.0, 1.0, 1.0], targets: vec![-1.0, 3.0] },
            crate::dataset::Samples::default(),
        );
        let mut maps = HeatMaps::new(&Rc::new(data.unwrap()), &[], [(0.0, 1.0); 2], (-1.0, 3.0));
        maps.most = 2.0;
        let signed = |value| maps.shade(value, (SumFigure::Difference, false));
        assert_eq!([-5.0, -2.0, 0.0, 1.0, 9.0].map(signed), [0.0, 0.0, 0.5, 0.75, 1.0]);
        let squared = |value| maps.shade(value, (SumFigure::Difference, true));
        assert_eq!([-1.0, 1.0, 2.0, f64::INFINITY, f64::NAN].map(squared), [0.25, 0.25, 1.0, 1.0, 0.0]);
        let target = |value| maps.shade(value, (SumFigure::Truth, false));
        assert_eq!([-1.0, 1.0, 3.0].map(target), [0.0, 0.5, 1.0]);
    }
}
