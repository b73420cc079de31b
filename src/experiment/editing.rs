//! Editing the data by hand: strokes that add, spray, erase and drag points, and going back on what was done.
//!
//! While a stroke goes on, its points are drawn and the fit stays as it is; when it ends, the fit starts anew on them. Where they
//! cannot be fitted, because they are too few or all equal, they stay in the visitor's hand, and the last fit waits.

use std::collections::VecDeque;
use std::rc::Rc;

use super::in_hand::{Points, Stroke, Tool, Touch};
use super::suggestions::{components, with_enough_points};
use super::truth::TruthInHand;
use super::{Configured, Data, Edited, Experiment, View};
use crate::error::Error;
use crate::settings::{Group, Settings, Value};

/// Samples on a line that can be taken hold of, at most.
const MOST_GRABBED: usize = 400;
/// Moments to go back to, and the memory that their points may take, in bytes.
const MOST_MOMENTS: usize = 100;
const MOST_MEMORY: usize = 128 << 20;

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
            Data::Points(points) => {
                let numbers = points.values().len() + points.weights().map_or(0, <[f64]>::len);
                8 * numbers + 4 * points.labels().map_or(0, <[u32]>::len)
            }
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
        Some((points.count(), points.label()))
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
        self.check_editable().is_ok()
    }

    /// Points can be, and samples on a line: there, a place on the canvas is one.
    fn check_editable(&self) -> Result<(), Error> {
        match &self.data {
            Data::Points(_) => Ok(()),
            Data::Samples(_) | Data::Drawn if !matches!(self.settings, Settings::SumOfGaussians(_)) => {
                Err(Error::DrawsItsOwnData)
            }
            Data::Samples(samples) if samples.dimension() > 1 => Err(Error::PointsHaveTargets),
            Data::Samples(_) => Ok(()),
            Data::Drawn => Err(Error::DrawsItsOwnData),
        }
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
        self.check_editable()?;
        let points = self.editing.stroke.take().and_then(|stroke| stroke.points);
        self.editing.strokes += 1;
        let mut stroke = Stroke::new(tool, self.editing.strokes);
        stroke.points = points;
        self.editing.stroke = Some(stroke);
        Ok(())
    }

    /// Samples on a line that can be taken hold of one by one, row by row: the input, then the target. None where there are more
    /// than 400: among so many, a hand would hit one wherever it wants to move the view.
    #[must_use]
    pub fn samples_to_grab(&self) -> Vec<f64> {
        let Data::Samples(samples) = &self.data else { return Vec::new() };
        if !self.is_editable() {
            return Vec::new();
        }
        let rows = self.editing.edited().map_or_else(|| samples.rows(), |edited| edited.points.values.to_vec());
        if rows.len() / 2 > MOST_GRABBED { Vec::new() } else { rows }
    }

    /// Takes hold of one of these samples: a stroke that drags it, wherever it begins.
    ///
    /// # Errors
    /// Those of [`Experiment::begin_stroke`].
    pub fn hold_sample(&mut self, row: usize) -> Result<(), Error> {
        self.begin_stroke(Tool::Drag)?;
        if let Some(stroke) = &mut self.editing.stroke {
            stroke.hold(row);
        }
        Ok(())
    }

    /// Goes on with the stroke; nothing happens where there is none. Places that are not finite are passed over.
    pub fn stroke(&mut self, touch: &Touch) {
        let Some(mut stroke) = self.editing.stroke.take() else { return };
        // Of a sample, the target too.
        if let Some(touch) = touch.usable(self.data.axes().len()) {
            // Copied once a stroke: for a million points that takes some milliseconds.
            let mut points = stroke.points.take().unwrap_or_else(|| {
                self.editing.version += 1;
                match &self.editing.pending {
                    Some(pending) => pending.points.clone(),
                    None => Points::of(&self.data),
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
        points.are_those_of(&self.data)
    }

    fn unchanged(&self, notices: Vec<String>) -> Result<Configured, Error> {
        Ok(Configured { settings: self.settings.clone(), normal: self.normal(), notices, restarted: false })
    }

    /// Starts the fit anew on points of the visitor's hand, with the settings in force.
    fn fit_to(&mut self, points: &Points) -> Result<Configured, Error> {
        let data = points.data()?;
        let present = match &data {
            Data::Points(points) => points.present().count(),
            Data::Samples(_) | Data::Drawn => data.count(),
        };
        let mut settings = self.settings.clone();
        settings.set("dataset", &Value::Text("own".to_owned()))?;
        let (settings, notices, reduced) = self.editing.with_enough_points(settings, present);
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
    use super::super::in_hand::{DRAWN, SPRAYED};
    use super::*;
    use crate::dataset::{Axis, Dataset};
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
            // In the plane; on a line they are.
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
