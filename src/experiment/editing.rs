//! Points in the visitor's hand: strokes that add, spray, erase and drag them, and going back on what was done.
//!
//! While a stroke goes on, its points are drawn and the fit stays as it is; when it ends, the fit starts anew on them. Where they
//! cannot be fitted, because they are too few or all equal, they stay in the visitor's hand, and the last fit waits.

use std::collections::VecDeque;
use std::rc::Rc;

use serde::{Deserialize, Serialize};
use tsify::Tsify;

use super::suggestions::{components, with_enough_points};
use super::truth::TruthInHand;
use super::{Configured, Data, Edited, Experiment, PointsShown, View};
use crate::dataset::{Axis, Dataset};
use crate::error::Error;
use crate::numeric::random::{Purpose, Stream};
use crate::settings::{Group, Settings, Value};

/// Between points that one stroke adds, in CSS pixels.
const ADDED_EVERY: f64 = 6.0;
/// Points added at most by one movement.
const ADDED_AT_ONCE: usize = 200;
/// Points sprayed by one movement.
const SPRAYED: usize = 5;
/// How far from the pointer a point may be to be dragged, in CSS pixels.
const DRAG_REACH: f64 = 12.0;
/// The largest radius of a stroke, in CSS pixels.
const LARGEST_RADIUS: f64 = 1_000.0;
/// The visitor adds no points beyond this many.
const MOST_POINTS: usize = 2_000_000;
/// Moments to go back to, and the memory that their points may take, in bytes.
const MOST_MOMENTS: usize = 100;
const MOST_MEMORY: usize = 128 << 20;

/// What the points are called once nothing is left of those that there were.
const DRAWN: &str = "Drawn by hand";

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
    /// In the units of the data, one number an axis.
    pub position: Vec<f64>,
    /// How many of those units a CSS pixel is, along each axis.
    pub units: Vec<f64>,
    /// In CSS pixels.
    pub radius: f64,
}

/// Points in the visitor's hand: any number of them, also none.
#[derive(Clone, Debug, PartialEq)]
struct Points {
    label: String,
    axes: Vec<Axis>,
    values: Vec<f64>,
    weights: Option<Vec<f64>>,
}

impl Points {
    /// A copy, with room for some more.
    fn of(dataset: &Dataset) -> Self {
        let label = if dataset.label() == DRAWN || dataset.label().ends_with(", edited") {
            dataset.label().to_owned()
        } else {
            format!("{}, edited", dataset.label())
        };
        let mut values = Vec::with_capacity(dataset.values().len() + 4_096 * dataset.dimension());
        values.extend_from_slice(dataset.values());
        Self { label, axes: dataset.axes().to_vec(), values, weights: dataset.weights().map(<[f64]>::to_vec) }
    }

    fn dimension(&self) -> usize {
        self.axes.len()
    }

    fn count(&self) -> usize {
        self.values.len() / self.dimension()
    }

    fn shown(&self) -> PointsShown<'_> {
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
    fn dataset(&self) -> Result<Dataset, Error> {
        let data = Dataset::new(&self.label, self.axes.clone(), self.values.clone())?;
        match &self.weights {
            Some(weights) => data.with_weights(weights.clone()),
            None => Ok(data),
        }
    }

    fn bytes(&self) -> usize {
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
struct Stroke {
    tool: Tool,
    /// The points as the stroke leaves them; none before it has touched the canvas.
    points: Option<Points>,
    /// Where a point was last added.
    last: Option<Vec<f64>>,
    /// Whether it has touched the canvas, and the point that is dragged since.
    pressed: bool,
    dragged: Option<usize>,
    stream: Stream,
}

impl Stroke {
    /// Goes on to a touch of these points; says whether it changed them.
    fn go_on(&mut self, points: &mut Points, touch: &Touch) -> bool {
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
                let point = &mut points.values[index * dimension..][..dimension];
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

/// What can be gone back to.
#[derive(Clone)]
pub(super) struct Moment {
    settings: Settings,
    data: Data,
    own: Option<Data>,
    pending: Option<Rc<Pending>>,
    drawn: bool,
    /// Whether all settings come back with it; after a stroke only those of the data do.
    whole: bool,
    /// Whether the true Gaussians were moved by hand.
    moved: bool,
}

impl Moment {
    /// The memory of its points.
    fn bytes(&self) -> usize {
        let data = match &self.data {
            Data::Points(points) => 8 * (points.values().len() + points.weights().map_or(0, <[f64]>::len)),
            Data::Samples(samples) => {
                let bytes = |count: usize| 8 * count * (samples.dimension() + 1);
                bytes(samples.train().count()) + bytes(samples.test().count())
            }
            Data::Drawn => 0,
        };
        data + self.pending.as_ref().map_or(0, |pending| pending.points.bytes())
    }
}

/// Points that cannot be fitted as they are.
struct Pending {
    points: Points,
    /// What is missing, as a sentence.
    missing: String,
}

/// What the visitor's hand has done to the points.
#[derive(Default)]
pub(super) struct Editing {
    stroke: Option<Stroke>,
    pending: Option<Rc<Pending>>,
    /// The data that strokes last made.
    drawn: Option<Data>,
    undo: VecDeque<Moment>,
    redo: Vec<Moment>,
    /// Of the points as last drawn.
    version: u64,
    strokes: u64,
    /// How many components there were before there were too few points for them, and how many then.
    reduced: Option<(u32, u32)>,
    /// Beside the points, the Gaussians that they were made of.
    pub(super) truth: TruthInHand,
}

impl Editing {
    /// The points to draw where they are not those of the fit.
    fn edited(&self) -> Option<Edited<'_>> {
        let points = self.stroke.as_ref().and_then(|stroke| stroke.points.as_ref());
        let points = points.or_else(|| self.pending.as_ref().map(|pending| &pending.points))?;
        Some(Edited { points: points.shown(), version: self.version })
    }

    /// What is missing before the points can be fitted, as a sentence; empty where nothing is.
    pub(super) fn missing(&self) -> &str {
        self.pending.as_ref().map_or("", |pending| &pending.missing)
    }

    /// Whether points are in hand that are not those of the fit.
    pub(super) fn has_points(&self) -> bool {
        self.edited().is_some()
    }

    /// Whether something is in hand that is not what is fitted to: then the fit waits.
    pub(super) fn is_waiting(&self) -> bool {
        self.has_points() || self.truth.held.is_some()
    }

    /// How many points there are and what they are called, where they are not those of the fit.
    pub(super) fn points(&self) -> Option<(usize, &str)> {
        let points = self.stroke.as_ref().and_then(|stroke| stroke.points.as_ref());
        let points = points.or_else(|| self.pending.as_ref().map(|pending| &pending.points))?;
        Some((points.count(), &points.label))
    }

    /// Whether these data, or what is drawn instead, came from the visitor's hand.
    pub(super) fn is_drawn(&self, data: &Data) -> bool {
        self.has_points() || self.has_drawn(data)
    }

    fn has_drawn(&self, data: &Data) -> bool {
        self.drawn.as_ref().is_some_and(|drawn| drawn.is(data))
    }

    /// The settings with no more components than there are points, and as many as before there were too few points for them,
    /// unless the visitor has chosen otherwise since; with what had to be changed, as sentences, and what [`Editing::reduced`]
    /// comes to.
    fn with_enough_points(&self, mut settings: Settings, points: usize) -> (Settings, Vec<String>, Option<(u32, u32)>) {
        let wanted = components(&mut settings).map(|components| {
            if let Some((wanted, _)) = self.reduced.filter(|reduced| reduced.1 == *components) {
                *components = wanted;
            }
            *components
        });
        let (mut settings, notices) = with_enough_points(settings, points);
        let left = components(&mut settings).map(|components| *components);
        (settings, notices, wanted.zip(left).filter(|(wanted, left)| wanted != left))
    }

    pub(super) fn can_undo(&self) -> bool {
        !self.undo.is_empty()
    }

    pub(super) fn can_redo(&self) -> bool {
        !self.redo.is_empty()
    }

    /// Lets go of what is in hand.
    pub(super) fn drop(&mut self) {
        (self.stroke, self.pending, self.reduced) = (None, None, None);
        self.truth.held = None;
    }

    /// Notes what can be gone back to after a change.
    pub(super) fn remember(&mut self, before: Moment) {
        self.redo.clear();
        self.push(before);
    }

    fn push(&mut self, before: Moment) {
        self.undo.push_back(before);
        let memory = |moments: &VecDeque<Moment>| moments.iter().map(Moment::bytes).sum::<usize>();
        while self.undo.len() > MOST_MOMENTS || (self.undo.len() > 1 && memory(&self.undo) > MOST_MEMORY) {
            self.undo.pop_front();
        }
    }
}

/// What keeps points from being fitted, as a sentence to someone who is drawing them.
fn what_is_missing(error: &Error) -> String {
    match error {
        Error::EmptyData => "There are no points. Add two different ones to begin.".to_owned(),
        Error::OnePoint => "Two different points are the least; add one more.".to_owned(),
        Error::AllEqual => "All points are at one place; add one somewhere else.".to_owned(),
        other => other.to_string(),
    }
}

impl Experiment {
    /// The fit's view, and the points to draw where they are not those of the fit.
    pub fn shown(&mut self) -> (View<'_>, Option<Edited<'_>>) {
        (self.fit.view(), self.editing.edited())
    }

    /// Whether the points can be edited by hand.
    #[must_use]
    pub fn is_editable(&self) -> bool {
        matches!(self.data, Data::Points(_))
    }

    /// What can be gone back to from here; `whole` where all settings are to come back with it.
    pub(super) fn moment(&self, whole: bool) -> Moment {
        Moment {
            settings: self.settings.clone(),
            data: self.data.clone(),
            own: self.own.clone(),
            pending: self.editing.pending.clone(),
            drawn: self.editing.pending.is_some() || self.editing.has_drawn(&self.data),
            whole,
            moved: self.editing.truth.moved,
        }
    }

    /// Begins a stroke; one that goes on takes the other tool.
    ///
    /// # Errors
    /// [`Error::PointsHaveTargets`] or [`Error::DrawsItsOwnData`] where points cannot be edited by hand.
    pub fn begin_stroke(&mut self, tool: Tool) -> Result<(), Error> {
        match self.data {
            Data::Points(_) => {}
            Data::Samples(_) if matches!(self.settings, Settings::SumOfGaussians(_)) => {
                return Err(Error::PointsHaveTargets);
            }
            Data::Samples(_) | Data::Drawn => return Err(Error::DrawsItsOwnData),
        }
        let points = self.editing.stroke.take().and_then(|stroke| stroke.points);
        self.editing.strokes += 1;
        let stream = Stream::numbered(0, Purpose::Spray, self.editing.strokes);
        self.editing.stroke = Some(Stroke { tool, points, last: None, pressed: false, dragged: None, stream });
        Ok(())
    }

    /// Goes on with the stroke; nothing happens where there is none. Places that are not finite are passed over.
    pub fn stroke(&mut self, touch: &Touch) {
        let usable = touch.position.iter().chain(&touch.units).all(|value| value.is_finite());
        let (Data::Points(data), Some(mut stroke)) = (&self.data, self.editing.stroke.take()) else { return };
        if usable && touch.position.len() == data.dimension() && touch.units.len() == data.dimension() {
            let radius = if touch.radius.is_nan() { 0.0 } else { touch.radius.clamp(0.0, LARGEST_RADIUS) };
            let touch = Touch { radius, ..touch.clone() };
            // Copied once a stroke: for a million points that takes some milliseconds.
            let mut points = stroke.points.take().unwrap_or_else(|| {
                self.editing.version += 1;
                match &self.editing.pending {
                    Some(pending) => pending.points.clone(),
                    None => Points::of(data),
                }
            });
            if stroke.go_on(&mut points, &touch) {
                self.editing.version += 1;
            }
            stroke.points = Some(points);
        }
        self.editing.stroke = Some(stroke);
    }

    /// Ends the stroke and starts the fit anew on its points. Where they cannot be fitted, the last fit stays and a notice says
    /// what is missing.
    ///
    /// # Errors
    /// None: points that cannot be fitted are no error; the type is that of every way to start a fit.
    pub fn end_stroke(&mut self) -> Result<Configured, Error> {
        let before = self.moment(false);
        let Some(points) = self.editing.stroke.take().and_then(|stroke| stroke.points) else {
            return self.unchanged(Vec::new());
        };
        if self.editing.pending.as_ref().map_or_else(|| self.holds(&points), |pending| pending.points == points) {
            return self.unchanged(Vec::new());
        }
        match self.fit_to(&points) {
            Ok(configured) => {
                self.editing.remember(before);
                Ok(configured)
            }
            Err(error) => {
                let missing = what_is_missing(&error);
                self.editing.version += 1;
                self.editing.pending = Some(Rc::new(Pending { points, missing: missing.clone() }));
                self.editing.remember(before);
                self.unchanged(vec![missing])
            }
        }
    }

    /// Whether these are the points of the fit.
    fn holds(&self, points: &Points) -> bool {
        matches!(&self.data, Data::Points(data) if data.values() == points.values && data.weights() == points.weights.as_deref())
    }

    fn unchanged(&self, notices: Vec<String>) -> Result<Configured, Error> {
        Ok(Configured { settings: self.settings.clone(), normal: self.normal(), notices, restarted: false })
    }

    /// Starts the fit anew on points of the visitor's hand, with the settings in force.
    fn fit_to(&mut self, points: &Points) -> Result<Configured, Error> {
        let dataset = points.dataset()?;
        let mut settings = self.settings.clone();
        settings.set("dataset", &Value::Text("own".to_owned()))?;
        let (settings, notices, reduced) = self.editing.with_enough_points(settings, dataset.present().count());
        let data = Data::Points(Rc::new(dataset));
        let configured = self.adopt(settings, data.clone(), notices)?;
        self.editing.drop();
        self.editing.reduced = reduced;
        self.own = Some(data.clone());
        self.editing.drawn = Some(data);
        self.editing.truth.moved = false;
        Ok(configured)
    }

    /// Goes back on the last stroke, opened table or choice of a data set. Says also whether the view should stay: whether the
    /// points before and after are those of one picture.
    ///
    /// # Errors
    /// None that the data did not already pass; the type is that of every way to start a fit.
    pub fn undo(&mut self) -> Result<(Configured, bool), Error> {
        self.editing.stroke = None;
        let Some(moment) = self.editing.undo.pop_back() else { return Ok((self.unchanged(Vec::new())?, true)) };
        let now = self.moment(moment.whole);
        let returned = self.return_to(&moment)?;
        self.editing.redo.push(now);
        Ok(returned)
    }

    /// Does again what [`Experiment::undo`] went back on.
    ///
    /// # Errors
    /// The same.
    pub fn redo(&mut self) -> Result<(Configured, bool), Error> {
        self.editing.stroke = None;
        let Some(moment) = self.editing.redo.pop() else { return Ok((self.unchanged(Vec::new())?, true)) };
        let now = self.moment(moment.whole);
        let returned = self.return_to(&moment)?;
        self.editing.push(now);
        Ok(returned)
    }

    fn return_to(&mut self, moment: &Moment) -> Result<(Configured, bool), Error> {
        let mut settings = if moment.whole { moment.settings.clone() } else { self.settings.clone() };
        settings.take(&moment.settings, Group::Data);
        settings.keep_speed(&self.settings);
        if let Some(choice) = self.settings.backend() {
            settings.set_backend(choice);
        }
        settings.take(&self.settings, Group::View);
        let present = match &moment.data {
            Data::Points(points) => points.present().count(),
            Data::Samples(_) | Data::Drawn => usize::MAX,
        };
        let (settings, mut notices, reduced) = self.editing.with_enough_points(settings, present);
        notices.extend(moment.pending.as_ref().map(|pending| pending.missing.clone()));
        let configured = self.adopt(settings, moment.data.clone(), notices)?;
        self.own.clone_from(&moment.own);
        self.editing.drop();
        self.editing.reduced = reduced;
        self.editing.pending.clone_from(&moment.pending);
        self.editing.truth.moved = moment.moved;
        self.editing.drawn = moment.drawn.then(|| moment.data.clone());
        self.editing.version += 1;
        Ok((configured, !moment.whole))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::ExperimentName;

    /// One pixel is a hundredth of a unit.
    fn touch(x: f64, y: f64, radius: f64) -> Touch {
        Touch { position: vec![x, y], units: vec![0.01, 0.01], radius }
    }

    fn open(dataset: &str) -> Experiment {
        let mut experiment = Experiment::new(ExperimentName::EmMixture).unwrap();
        experiment.configure(&[("dataset".to_owned(), Value::Text(dataset.to_owned()))]).unwrap();
        experiment.editing = Editing::default();
        experiment
    }

    fn stroke(experiment: &mut Experiment, tool: Tool, touches: &[Touch]) -> Configured {
        experiment.begin_stroke(tool).unwrap();
        touches.iter().for_each(|touch| experiment.stroke(touch));
        experiment.end_stroke().unwrap()
    }

    fn values(experiment: &Experiment) -> Vec<f64> {
        match &experiment.data {
            Data::Points(points) => points.values().to_vec(),
            other => panic!("{other:?}"),
        }
    }

    fn erase_all(experiment: &mut Experiment) -> Configured {
        stroke(experiment, Tool::Erase, &[Touch { position: vec![0.0, 0.0], units: vec![1.0, 1.0], radius: 900.0 }])
    }

    #[test]
    fn a_preset_becomes_the_visitors_with_its_axes_and_model() {
        let mut experiment = open("three-blobs");
        let before = experiment.settings().clone();
        let configured = stroke(&mut experiment, Tool::Add, &[touch(20.0, 30.0, 0.0)]);
        assert!(configured.restarted && configured.notices.is_empty(), "{:?}", configured.notices);
        let report = experiment.report();
        assert_eq!((report.dataset.name, report.dataset.label.as_str()), ("own", "Three blobs, edited"));
        assert_eq!((report.dataset.points, report.dataset.drawn, report.dataset.editable), (2_001, true, true));
        assert_eq!(values(&experiment)[4_000..], [20.0, 30.0]);
        let mut same = experiment.settings().clone();
        same.set("dataset", &Value::Text("three-blobs".to_owned())).unwrap();
        assert_eq!(same, before, "the model is as it was");
        assert_eq!(experiment.fit().iteration(), 0);
    }

    #[test]
    fn strokes_add_along_the_way_spray_inside_and_erase_within() {
        let mut experiment = open("three-blobs");
        // Thirty pixels: one where it is pressed, and five on the way.
        let way = [touch(20.0, 0.0, 0.0), touch(20.03, 0.0, 0.0), touch(20.3, 0.0, 0.0)];
        stroke(&mut experiment, Tool::Add, &way);
        let added = values(&experiment)[4_000..].to_vec();
        let expected = [20.0, 20.06, 20.12, 20.18, 20.24, 20.3];
        assert_eq!(added.len(), 12);
        assert!(added.chunks(2).zip(expected).all(|(point, x)| (point[0] - x).abs() < 1e-9), "{added:?}");
        stroke(&mut experiment, Tool::Spray, &[touch(30.0, 40.0, 50.0), touch(30.0, 40.0, 50.0)]);
        let sprayed = values(&experiment)[4_012..].to_vec();
        assert_eq!(sprayed.len(), 2 * 2 * SPRAYED);
        assert!(sprayed.chunks(2).all(|point| libm::hypot(point[0] - 30.0, point[1] - 40.0) <= 0.5));
        assert!(sprayed.chunks(2).any(|point| libm::hypot(point[0] - 30.0, point[1] - 40.0) > 0.1));
        stroke(&mut experiment, Tool::Erase, &[touch(20.15, 0.0, 10.0)]);
        let left = values(&experiment)[4_000..4_004].to_vec();
        assert_eq!((left[0], left[2] > 20.2), (20.0, true), "those near are gone, the ends are not: {left:?}");
        assert_eq!(values(&experiment)[values(&experiment).len() - 20..], sprayed);
    }

    #[test]
    fn a_point_follows_the_pointer() {
        let mut experiment = open("three-blobs");
        let before = values(&experiment);
        let (x, y) = (before[20], before[21]);
        let configured =
            stroke(&mut experiment, Tool::Drag, &[touch(x, y, 0.0), touch(x + 1.0, y, 0.0), touch(-3.0, 7.5, 0.0)]);
        assert!(configured.restarted);
        let after = values(&experiment);
        let moved: Vec<usize> = (0..before.len()).filter(|&i| before[i] != after[i]).collect();
        assert_eq!((moved, &after[20..22]), (vec![20, 21], &[-3.0, 7.5][..]));
        // Where there is no point, nothing moves, and there is nothing to go back on.
        let undone = experiment.editing.undo.len();
        let configured = stroke(&mut experiment, Tool::Drag, &[touch(900.0, 0.0, 0.0), touch(0.0, 0.0, 0.0)]);
        assert_eq!((configured.restarted, experiment.editing.undo.len()), (false, undone));
    }

    #[test]
    fn no_points_one_point_and_equal_points_are_states_to_pass_through() {
        let mut experiment = open("three-blobs");
        let configured = erase_all(&mut experiment);
        assert_eq!((configured.restarted, configured.notices.len()), (false, 1));
        let report = experiment.report();
        assert_eq!((report.dataset.points, report.dataset.label.as_str()), (0, DRAWN));
        assert_eq!(report.message, "There are no points. Add two different ones to begin.");
        assert!(report.state != "running" && !experiment.run_for(1.0));
        let add = |experiment: &mut Experiment, x: f64| {
            stroke(experiment, Tool::Add, &[touch(x, 1.0, 0.0)]);
            experiment.report().dataset.missing
        };
        assert_eq!(add(&mut experiment, 1.0), "Two different points are the least; add one more.");
        assert_eq!(add(&mut experiment, 1.0), "All points are at one place; add one somewhere else.");
        let configured = stroke(&mut experiment, Tool::Add, &[touch(2.0, 5.0, 0.0)]);
        assert!(configured.restarted && configured.notices.is_empty());
        assert_eq!((experiment.report().state, values(&experiment).len()), ("running", 6));
        experiment.step(3);
        assert!(experiment.fit().iteration() > 0);
    }

    #[test]
    fn components_come_back_with_the_points() {
        let mut experiment = open("three-blobs");
        erase_all(&mut experiment);
        let configured = stroke(&mut experiment, Tool::Add, &[touch(0.0, 0.0, 0.0), touch(0.06, 0.0, 0.0)]);
        assert_eq!(configured.notices, ["There are only 2 points, so 3 components became 2."]);
        let configured = stroke(&mut experiment, Tool::Add, &[touch(3.0, 0.0, 0.0)]);
        assert!(configured.notices.is_empty());
        assert_eq!(experiment.report().components.len(), 3);
        let (undone, _) = experiment.undo().unwrap();
        assert_eq!((undone.notices.len(), experiment.report().components.len()), (1, 2));
        for _ in 0..2 {
            experiment.undo().unwrap();
        }
        assert_eq!((experiment.report().components.len(), experiment.report().dataset.points), (3, 2_000));
        // Other points have nothing to do with it.
        experiment.redo().unwrap();
        experiment.redo().unwrap();
        experiment.set_points(vec![1.0, 5.0, 2.0, 9.0, 4.0], &["x".to_owned()], None).unwrap();
        let touch = Touch { position: vec![3.0], units: vec![0.01], radius: 0.0 };
        stroke(&mut experiment, Tool::Add, &[touch]);
        assert_eq!(experiment.report().components.len(), 2);
    }

    #[test]
    fn strokes_are_undone_and_done_again_whole() {
        let mut experiment = open("old-faithful");
        let start = (values(&experiment), experiment.settings().clone());
        let report = experiment.report().dataset;
        assert_eq!((report.undoable, report.redoable, report.drawn), (false, false, false));
        stroke(&mut experiment, Tool::Spray, &[touch(3.0, 60.0, 20.0), touch(4.0, 60.0, 20.0)]);
        let one = values(&experiment);
        erase_all(&mut experiment);
        let (back, stays) = experiment.undo().unwrap();
        assert!(stays && !back.restarted && values(&experiment) == one, "the fit was still that of these points");
        assert!(experiment.report().dataset.missing.is_empty());
        experiment.configure(&[("tolerance".to_owned(), Value::Number(0.5))]).unwrap();
        experiment.undo().unwrap();
        assert_eq!(values(&experiment), start.0);
        let report = experiment.report().dataset;
        assert_eq!((report.name, report.label.as_str(), report.drawn), ("old-faithful", "Old Faithful", false));
        let mut settings = experiment.settings().clone();
        assert_ne!(settings, start.1, "the tolerance is the visitor's");
        settings.set("tolerance", &Value::Number(1e-6)).unwrap();
        assert_eq!(settings, start.1);
        assert!(!experiment.report().dataset.undoable);
        experiment.redo().unwrap();
        assert!(values(&experiment) == one && experiment.report().dataset.drawn);
        experiment.redo().unwrap();
        assert_eq!(experiment.report().dataset.points, 0);
        assert!(!experiment.redo().unwrap().0.restarted, "there is nothing more");
        // Another stroke leaves nothing to do again.
        experiment.undo().unwrap();
        stroke(&mut experiment, Tool::Add, &[touch(3.0, 60.0, 0.0)]);
        assert!(!experiment.report().dataset.redoable);
    }

    #[test]
    fn data_sets_and_tables_are_undone_with_their_settings() {
        let mut experiment = open("three-blobs");
        let blobs = experiment.settings().clone();
        experiment.set_points(vec![1.0, 5.0, 2.0, 9.0, 4.0], &["x".to_owned()], None).unwrap();
        experiment.configure(&[("dataset".to_owned(), Value::Text("galaxies".to_owned()))]).unwrap();
        let (_, stays) = experiment.undo().unwrap();
        assert_eq!((stays, values(&experiment)), (false, vec![1.0, 5.0, 2.0, 9.0, 4.0]));
        experiment.undo().unwrap();
        assert_eq!(experiment.settings(), &blobs);
        experiment.redo().unwrap();
        assert_eq!(values(&experiment).len(), 5);
        assert!(!experiment.report().dataset.drawn);
    }

    #[test]
    fn naming_a_data_set_lets_go_of_the_points_in_hand() {
        let mut experiment = open("three-blobs");
        erase_all(&mut experiment);
        experiment.configure(&[("components".to_owned(), Value::Number(4.0))]).unwrap();
        assert_eq!(experiment.report().dataset.points, 0, "other settings do not");
        experiment.configure(&[("dataset".to_owned(), Value::Text("three-blobs".to_owned()))]).unwrap();
        assert_eq!((experiment.report().dataset.points, experiment.report().state), (2_000, "running"));
        experiment.undo().unwrap();
        assert_eq!(experiment.report().dataset.points, 0);
        experiment.begin(&[]).unwrap();
        assert!(experiment.report().dataset.missing.is_empty());
    }

    #[test]
    fn weights_stay_with_their_points() {
        let mut experiment = open("old-faithful");
        let axes = vec![Axis::unitless("x"), Axis::unitless("y")];
        let data = Dataset::new("Stars", axes, vec![0.0, 0.0, 1.0, 1.0, 2.0, 3.0, 9.0, 9.0]).unwrap();
        let data = data.with_weights(vec![4.0, 3.0, 2.0, 5.0]).unwrap();
        experiment.data = Data::Points(Rc::new(data));
        stroke(&mut experiment, Tool::Erase, &[touch(1.0, 1.0, 5.0)]);
        stroke(&mut experiment, Tool::Add, &[touch(7.0, 1.0, 5.0)]);
        let Data::Points(points) = &experiment.data else { panic!("points") };
        assert_eq!((points.weights(), points.label()), (Some(&[4.0, 2.0, 5.0, 1.0][..]), "Stars, edited"));
    }

    #[test]
    fn places_that_are_no_places_are_passed_over_and_lines_take_x_only() {
        let mut experiment = open("galaxies");
        let before = values(&experiment);
        let odd = [f64::NAN, f64::INFINITY].map(|x| Touch { position: vec![x], units: vec![10.0], radius: 5.0 });
        assert!(!stroke(&mut experiment, Tool::Add, &odd).restarted);
        stroke(&mut experiment, Tool::Add, &[touch(1.0, 2.0, 0.0)]);
        assert_eq!(values(&experiment), before, "a touch of the plane is none of a line");
        let spray = Touch { position: vec![20_000.0], units: vec![10.0], radius: f64::NAN };
        stroke(&mut experiment, Tool::Spray, &[spray.clone(), Touch { radius: 30.0, ..spray }]);
        let sprayed = &values(&experiment)[before.len()..];
        assert_eq!(sprayed.len(), 2 * SPRAYED);
        assert!(sprayed.iter().all(|x| (x - 20_000.0).abs() <= 300.0));
        // Far away is no error: it only cannot be fitted.
        let far = Touch { position: vec![1e300], units: vec![1.0], radius: 0.0 };
        assert!(!stroke(&mut experiment, Tool::Add, &[far]).restarted);
        assert!(experiment.report().dataset.missing.contains("precision"));
    }

    #[test]
    fn only_points_without_targets_are_edited() {
        for (name, code) in [
            (ExperimentName::SumOfGaussians, "points-have-targets"),
            (ExperimentName::Bump, "draws-its-own-data"),
            (ExperimentName::BumpSweep, "draws-its-own-data"),
        ] {
            let mut experiment = Experiment::new(name).unwrap();
            assert_eq!(experiment.begin_stroke(Tool::Add).unwrap_err().code(), code);
            assert!(!experiment.report().dataset.editable);
            experiment.stroke(&touch(0.0, 0.0, 1.0));
            assert!(!experiment.end_stroke().unwrap().restarted);
        }
        for name in [ExperimentName::SparseMixture, ExperimentName::BayesianMixture] {
            let mut experiment = Experiment::new(name).unwrap();
            assert!(stroke(&mut experiment, Tool::Add, &[touch(0.5, 0.5, 1.0)]).restarted, "{name:?}");
        }
    }

    #[test]
    fn rows_are_removed_wherever_they_are() {
        for gone in [&[][..], &[0], &[4], &[1, 2], &[0, 2, 4], &[0, 1, 2, 3, 4]] {
            let mut values: Vec<f64> = (0..10).map(f64::from).collect();
            remove(&mut values, gone, 2);
            let left: Vec<f64> = (0..10).filter(|i| !gone.contains(&(i / 2))).map(|i| f64::from(i as u32)).collect();
            assert_eq!(values, left, "{gone:?}");
        }
    }

    #[test]
    fn what_can_be_undone_is_bounded() {
        let mut experiment = open("three-blobs");
        for i in 0..MOST_MOMENTS + 5 {
            stroke(&mut experiment, Tool::Add, &[touch(i as f64, 0.0, 0.0)]);
        }
        assert_eq!(experiment.editing.undo.len(), MOST_MOMENTS);
        let large = vec![0.5; MOST_MEMORY / 24];
        let axes = vec![Axis::unitless("x")];
        let large = Dataset::new("large", axes, large.into_iter().chain([1.0]).collect()).unwrap();
        let moment = Moment { data: Data::Points(Rc::new(large)), ..experiment.moment(false) };
        for _ in 0..4 {
            experiment.editing.remember(moment.clone());
        }
        assert_eq!(experiment.editing.undo.len(), 2);
    }
}
