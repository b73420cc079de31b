//! Points in the visitor's hand, and what a stroke does to them.

use std::rc::Rc;

use serde::{Deserialize, Serialize};
use tsify::Tsify;

use super::{Data, PointsShown};
use crate::dataset::{Axis, Dataset, Regression, TrueGaussian};
use crate::error::Error;
use crate::numeric::random::{Purpose, Stream};

/// Between points that one stroke adds, in CSS pixels.
const ADDED_EVERY: f64 = 6.0;
/// Points added at most by one movement.
const ADDED_AT_ONCE: usize = 200;
/// Points sprayed by one movement.
pub(super) const SPRAYED: usize = 5;
/// How far from the pointer a point may be to be dragged, in CSS pixels.
const DRAG_REACH: f64 = 12.0;
/// The largest radius of a stroke, in CSS pixels.
const LARGEST_RADIUS: f64 = 1_000.0;
/// The visitor adds no points beyond this many.
const MOST_POINTS: usize = 2_000_000;

/// What the points are called once nothing is left of those that there were.
pub(super) const DRAWN: &str = "Drawn by hand";

/// What the page says of samples that the hand has moved while the truth behind them is known.
const NO_LONGER_TRUE: &str = "Edited by hand: the targets are no longer exactly those of the true Gaussians.";

/// What a stroke does to the points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum Tool {
    /// Puts one where it is pressed, and further ones along the way.
    Add,
    /// Scatters some about the place.
    Spray,
    /// Removes those within the radius.
    Erase,
    /// Moves the one under the pointer.
    Drag,
}

/// Where a stroke is on the canvas.
#[derive(Clone, Debug, PartialEq)]
pub struct Touch {
    /// In the units of the data, one number an axis; of samples on a line, input and target.
    pub position: Vec<f64>,
    /// How many of those units a CSS pixel is, along each axis.
    pub units: Vec<f64>,
    /// In CSS pixels.
    pub radius: f64,
}

/// Points in the visitor's hand, or samples on a line: any number of them, also none.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Points {
    label: String,
    /// Of a sample, the second is that of the targets.
    axes: Vec<Axis>,
    values: Vec<f64>,
    weights: Option<Vec<f64>>,
    /// Of samples, the Gaussians that they were made of before they came into hand, where those are known.
    truth: Option<Vec<TrueGaussian>>,
}

impl Points {
    /// A copy, with room for some more.
    pub(super) fn of(data: &Data) -> Self {
        let label = match data.label() {
            label if label == DRAWN || label.ends_with(", edited") => label.to_owned(),
            label => format!("{label}, edited"),
        };
        let mut values = Vec::with_capacity((data.count() + 4_096) * data.axes().len());
        let (weights, truth) = match data {
            Data::Points(points) => {
                values.extend_from_slice(points.values());
                (points.weights().map(<[f64]>::to_vec), None)
            }
            Data::Samples(samples) => {
                values.extend(samples.rows());
                (None, Some(samples.truth().to_vec()))
            }
            Data::Drawn => (None, None),
        };
        Self { label, axes: data.axes(), values, weights, truth }
    }

    /// Whether they are those that a fit has.
    pub(super) fn are_those_of(&self, data: &Data) -> bool {
        match data {
            Data::Points(points) => points.values() == self.values && points.weights() == self.weights.as_deref(),
            Data::Samples(samples) => samples.rows() == self.values,
            Data::Drawn => false,
        }
    }

    /// What they are called.
    pub(super) fn label(&self) -> &str {
        &self.label
    }

    fn dimension(&self) -> usize {
        self.axes.len()
    }

    pub(super) fn count(&self) -> usize {
        self.values.len() / self.dimension()
    }

    pub(super) fn shown(&self) -> PointsShown<'_> {
        PointsShown { values: &self.values, weights: self.weights.as_deref(), dimension: self.dimension() }
    }

    /// Adds a point, whose weight is 1; says whether there was room.
    fn add(&mut self, position: &[f64]) -> bool {
        let room = self.count() < MOST_POINTS;
        if room {
            self.values.extend_from_slice(position);
            self.weights.iter_mut().for_each(|weights| weights.push(1.0));
        }
        room
    }

    /// Removes the points that are within so many CSS pixels; says whether there were any.
    fn erase(&mut self, touch: &Touch) -> bool {
        let (dimension, reach) = (self.dimension(), touch.radius * touch.radius);
        let mut erased = Vec::new();
        self.visit_distances(touch, |i, squared| {
            if squared <= reach {
                erased.push(i);
            }
        });
        remove(&mut self.values, &erased, dimension);
        if let Some(weights) = &mut self.weights {
            remove(weights, &erased, 1);
        }
        if self.values.is_empty() {
            DRAWN.clone_into(&mut self.label);
            self.truth.iter_mut().for_each(Vec::clear);
        }
        !erased.is_empty()
    }

    /// The point nearest to a touch, if one is within reach.
    fn nearest(&self, touch: &Touch) -> Option<usize> {
        let reach = touch.radius.max(DRAG_REACH);
        let mut best = (reach * reach, None);
        self.visit_distances(touch, |i, squared| {
            if squared < best.0 || (squared <= best.0 && best.1.is_none()) {
                best = (squared, Some(i));
            }
        });
        best.1
    }

    /// Visits all points with their squared distances in CSS pixels: of a million, in a few milliseconds.
    fn visit_distances(&self, touch: &Touch, mut visit: impl FnMut(usize, f64)) {
        let pixels = |axis: usize, value: f64| (value - touch.position[axis]) * (1.0 / touch.units[axis]);
        let square = |value: f64| value * value;
        match self.dimension() {
            1 => self.values.iter().enumerate().for_each(|(i, &x)| visit(i, square(pixels(0, x)))),
            _ => self
                .values
                .chunks_exact(2)
                .enumerate()
                .for_each(|(i, point)| visit(i, square(pixels(0, point[0])) + square(pixels(1, point[1])))),
        }
    }

    /// As data to fit to.
    pub(super) fn data(&self) -> Result<Data, Error> {
        let data = Dataset::new(&self.label, self.axes.clone(), self.values.clone())?;
        Ok(match (&self.truth, &self.weights) {
            // Two different ones are the least here, too.
            (Some(truth), _) => {
                let note = if truth.is_empty() { "" } else { NO_LONGER_TRUE };
                let samples = Regression::from_rows(&self.label, self.axes.clone(), &self.values)?;
                Data::Samples(Rc::new(samples.described(note, truth.clone())))
            }
            (None, Some(weights)) => Data::Points(Rc::new(data.with_weights(weights.clone())?)),
            (None, None) => Data::Points(Rc::new(data)),
        })
    }

    pub(super) fn bytes(&self) -> usize {
        8 * (self.values.len() + self.weights.as_ref().map_or(0, Vec::len))
    }
}

/// Removes rows of `width` numbers, given by their indices in order.
fn remove(values: &mut Vec<f64>, rows: &[usize], width: usize) {
    let total = values.len() / width;
    let Some(mut kept) = rows.first().copied() else { return };
    // The rows between two that go move together.
    for (place, &row) in rows.iter().enumerate() {
        let (from, to) = (row + 1, rows.get(place + 1).copied().unwrap_or(total));
        values.copy_within(from * width..to * width, kept * width);
        kept += to - from;
    }
    values.truncate(kept * width);
}

impl Touch {
    /// Itself with a radius that can be, for points with so many axes; `None` where it is no place among them.
    pub(super) fn usable(&self, axes: usize) -> Option<Self> {
        let finite = self.position.iter().chain(&self.units).all(|value| value.is_finite());
        let radius = if self.radius.is_nan() { 0.0 } else { self.radius.clamp(0.0, LARGEST_RADIUS) };
        let usable = finite && self.position.len() == axes && self.units.len() == axes;
        usable.then(|| Self { radius, ..self.clone() })
    }

    /// In CSS pixels.
    fn squared_distance(&self, point: &[f64]) -> f64 {
        let offset = |axis: usize| (point[axis] - self.position[axis]) / self.units[axis];
        (0..point.len()).map(|axis| offset(axis) * offset(axis)).sum()
    }

    /// The place so many CSS pixels further along each axis.
    fn moved(&self, by: impl Fn(usize) -> f64) -> Vec<f64> {
        self.position.iter().zip(&self.units).enumerate().map(|(axis, (x, unit))| x + by(axis) * unit).collect()
    }
}

/// A stroke that goes on.
pub(super) struct Stroke {
    tool: Tool,
    /// The points as the stroke leaves them; none before it has touched the canvas.
    pub(super) points: Option<Points>,
    /// Where a point was last added.
    last: Option<Vec<f64>>,
    /// Whether it has touched the canvas, and the point that is dragged since.
    pressed: bool,
    dragged: Option<usize>,
    stream: Stream,
}

impl Stroke {
    /// The stroke with this number, which draws what it sprays.
    pub(super) fn new(tool: Tool, number: u64) -> Self {
        let stream = Stream::numbered(0, Purpose::Spray, number);
        Self { tool, points: None, last: None, pressed: false, dragged: None, stream }
    }

    /// Drags the point in this row, wherever the canvas is touched.
    pub(super) fn hold(&mut self, row: usize) {
        (self.pressed, self.dragged) = (true, Some(row));
    }

    /// Goes on to a touch of these points; says whether it changed them.
    pub(super) fn go_on(&mut self, points: &mut Points, touch: &Touch) -> bool {
        match self.tool {
            Tool::Add => self.add(points, touch),
            Tool::Spray => {
                let dimension = points.dimension();
                let sprayed = (0..SPRAYED).filter(|_| {
                    let offset = inside(&mut self.stream, dimension);
                    points.add(&touch.moved(|axis| touch.radius * offset[axis]))
                });
                sprayed.count() > 0
            }
            Tool::Erase => points.erase(touch),
            Tool::Drag => {
                if !std::mem::replace(&mut self.pressed, true) {
                    self.dragged = points.nearest(touch);
                    return false;
                }
                let Some(index) = self.dragged else { return false };
                let dimension = points.dimension();
                let place = index * dimension..(index + 1) * dimension;
                let Some(point) = points.values.get_mut(place) else { return false };
                let moved = point != touch.position;
                point.copy_from_slice(&touch.position);
                moved
            }
        }
    }

    /// Adds a point where it is pressed, and one every few pixels on the way from there.
    fn add(&mut self, points: &mut Points, touch: &Touch) -> bool {
        let Some(last) = self.last.clone() else {
            self.last = Some(touch.position.clone());
            return points.add(&touch.position);
        };
        let length = libm::sqrt(touch.squared_distance(&last));
        let steps = ((length / ADDED_EVERY) as usize).min(ADDED_AT_ONCE);
        let mut added = false;
        for step in 1..=steps {
            let share = step as f64 * ADDED_EVERY / length;
            let place: Vec<f64> =
                last.iter().zip(&touch.position).map(|(from, to)| from + (to - from) * share).collect();
            added |= points.add(&place);
            self.last = Some(place);
        }
        added
    }
}

/// A place in the unit disc, or on a line between −1 and 1, all equally likely.
fn inside(stream: &mut Stream, dimension: usize) -> [f64; 2] {
    loop {
        let place = [2.0 * stream.uniform() - 1.0, if dimension > 1 { 2.0 * stream.uniform() - 1.0 } else { 0.0 }];
        if place[0] * place[0] + place[1] * place[1] <= 1.0 {
            return place;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_removed_wherever_they_are() {
        for gone in [&[][..], &[0], &[4], &[1, 2], &[0, 2, 4], &[0, 1, 2, 3, 4]] {
            let mut values: Vec<f64> = (0..10).map(f64::from).collect();
            remove(&mut values, gone, 2);
            let left: Vec<f64> = (0..10).filter(|i| !gone.contains(&(i / 2))).map(|i| f64::from(i as u32)).collect();
            assert_eq!(values, left, "{gone:?}");
        }
    }
}
