//! Where a fit has been: the moments to go back to, and the settings that were changed on the way.

use serde::{Deserialize, Serialize};
use tsify::Tsify;

use super::moments_kept::{Kept, Marks};
use super::{Component, Fit, FitState, Milestone};
use crate::settings::{Group, Setting, Settings, Value};

/// A setting that was changed, or is to be, when the fit had done some iterations.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Tsify)]
pub struct LiveChange {
    /// After how many iterations.
    pub iteration: u32,
    /// The setting.
    pub name: String,
    /// Its value from there on.
    #[tsify(type = "string | number | boolean")]
    pub value: Value,
}

/// Whether a change of this setting moves a running fit otherwise: not speed, nor what the iterations run on, nor what is shown.
#[must_use]
pub fn is_live(setting: &Setting) -> bool {
    let of_the_fit = matches!(setting.group, Group::Data | Group::Model | Group::Fit);
    of_the_fit && !setting.restarts && setting.name != "backend"
}

/// Takes over the values of the settings that act on a running fit.
fn bring_back(settings: &mut Settings, from: &Settings) {
    for setting in settings.schema().iter().filter(|setting| is_live(setting)) {
        if let Some(value) = from.get(setting.name) {
            // A value that was in force is within its range.
            let _ = settings.set(setting.name, &value);
        }
    }
}

/// On the way to another iteration.
#[derive(Clone, Copy, Debug)]
pub struct Seek {
    /// Where it ends.
    pub target: usize,
    /// Iterations asked for meanwhile.
    pub then: usize,
}

/// What a milestone shows.
#[derive(Debug)]
struct Picture {
    milestone: Milestone,
    components: Vec<Component>,
}

/// The moments of a fit, how far it has been, and its changes of settings.
#[derive(Debug)]
pub struct Timeline {
    kept: Kept,
    /// What the milestones passed show, rising.
    pictures: Vec<Picture>,
    /// Pictures there have been.
    versions: usize,
    /// The furthest iteration; the fit stands at an earlier one while the visitor looks back.
    end: usize,
    /// The iteration after which the fit failed, while that is the furthest.
    failed: Option<usize>,
    pub seeking: Option<Seek>,
    /// What was in force when the fit started.
    opening: Settings,
    /// Changes that were made, in their order.
    made: Vec<LiveChange>,
    /// Changes that a link asks for and that have not been made yet.
    waiting: Vec<LiveChange>,
    /// All that the link asked for.
    scheduled: Vec<LiveChange>,
    /// Whether components have been changed by hand.
    pub edited: bool,
    /// Whether the settings were changed by something else than the visitor, until it is reported.
    pub changed_settings: bool,
    /// From where the fit has gone another way, until what is drawn of it has followed.
    pub branched: Option<usize>,
}

impl Timeline {
    /// Begins with a fit.
    pub fn new(fit: &dyn Fit, settings: &Settings) -> Self {
        let mut timeline = Self {
            kept: Kept::default(),
            pictures: Vec::new(),
            versions: 0,
            end: 0,
            failed: None,
            seeking: None,
            opening: settings.clone(),
            made: Vec::new(),
            waiting: Vec::new(),
            scheduled: Vec::new(),
            edited: false,
            changed_settings: false,
            branched: None,
        };
        timeline.begin(fit, settings);
        timeline
    }

    /// Begins anew with a fit and without changes.
    pub fn restart(&mut self, fit: &dyn Fit, settings: &Settings) {
        self.scheduled.clear();
        self.replay(fit, settings);
    }

    /// Begins anew with a fit; what the link asked for is to be done again.
    pub fn replay(&mut self, fit: &dyn Fit, settings: &Settings) {
        self.opening = settings.clone();
        self.waiting.clone_from(&self.scheduled);
        self.made.clear();
        self.begin(fit, settings);
    }

    /// The fit is where a snapshot from elsewhere has brought it: what was before is not known.
    pub fn begin(&mut self, fit: &dyn Fit, settings: &Settings) {
        self.kept.clear();
        self.pictures.clear();
        self.end = fit.iteration();
        let end = self.end;
        self.made.retain(|change| change.iteration as usize <= end);
        (self.failed, self.seeking, self.edited) = (None, None, false);
        self.keep(fit, settings, Marks::default());
    }

    /// Schedules the changes that a link asks for.
    pub fn schedule(&mut self, mut changes: Vec<LiveChange>) {
        changes.sort_by_key(|change| change.iteration);
        self.waiting.clone_from(&changes);
        self.scheduled = changes;
    }

    /// The settings that the fit is to start with when the link is played again.
    pub fn opening(&self, settings: &Settings) -> Settings {
        let mut opening = settings.clone();
        for change in &self.scheduled {
            if let Some(value) = self.opening.get(&change.name) {
                let _ = opening.set(&change.name, &value);
            }
        }
        opening
    }

    /// The changes made so far and those that a link asks for later on. What a changed setting was at the start comes
    /// first, as a change at iteration 0: with it, the list says all.
    pub fn live_changes(&self) -> Vec<LiveChange> {
        let all = || self.made.iter().chain(&self.waiting);
        let mut changes: Vec<LiveChange> = Vec::new();
        for change in all() {
            let told = |known: &LiveChange| known.iteration == 0 && known.name == change.name;
            if !all().any(told) && !changes.iter().any(told) {
                let value = self.opening.get(&change.name);
                changes.extend(value.map(|value| LiveChange { iteration: 0, name: change.name.clone(), value }));
            }
        }
        changes.extend(all().cloned());
        changes
    }

    /// Takes down what the visitor changes; `true` where it acts on the fit.
    pub fn note(&mut self, iteration: usize, before: &Settings, after: &Settings) -> bool {
        let mut acts = false;
        for setting in after.schema().iter().filter(|setting| is_live(setting)) {
            let value = after.get(setting.name);
            if let Some(value) = value.filter(|value| Some(value) != before.get(setting.name).as_ref()) {
                self.make(iteration, setting.name, value);
                acts = true;
            }
        }
        acts
    }

    /// Adds a change to those made; a former one of the same setting at the same iteration gives way.
    fn make(&mut self, iteration: usize, name: &str, value: Value) {
        let iteration = u32::try_from(iteration).unwrap_or(u32::MAX);
        self.made.retain(|change| change.iteration != iteration || change.name != name);
        self.made.push(LiveChange { iteration, name: name.to_owned(), value });
    }

    /// The next iteration that is not to be passed over: where a link asks for a change, or a milestone.
    pub fn next_scheduled(&self, fit: &dyn Fit) -> Option<usize> {
        let change = self.waiting.first().map(|change| change.iteration as usize);
        let milestone = fit.milestones().iter().copied().find(|&milestone| milestone > fit.iteration());
        change.into_iter().chain(milestone).min()
    }

    /// The milestones that the fit has been to.
    pub fn milestones(&self) -> Vec<Milestone> {
        self.pictures.iter().map(|picture| picture.milestone).collect()
    }

    /// The components at a milestone that the fit has been to.
    pub fn components_at(&self, iteration: usize) -> Option<&[Component]> {
        let found = self.pictures.iter().find(|picture| picture.milestone.iteration == iteration)?;
        Some(&found.components)
    }

    /// Takes down what a milestone shows.
    fn picture(&mut self, fit: &dyn Fit) {
        let (iteration, components) = (fit.iteration(), fit.pictured());
        let place = self.pictures.partition_point(|picture| picture.milestone.iteration < iteration);
        let known = self.pictures.get(place).filter(|picture| picture.milestone.iteration == iteration);
        if known.is_some_and(|picture| picture.components == components) {
            return;
        }
        if known.is_some() {
            self.pictures.remove(place);
        }
        self.versions += 1;
        let milestone = Milestone { iteration, version: self.versions };
        self.pictures.insert(place, Picture { milestone, components });
    }

    /// The furthest iteration.
    pub fn latest(&self, fit: &dyn Fit) -> usize {
        self.end.max(fit.iteration())
    }

    /// The iterations that are kept, that of the present included, rising.
    pub fn moments(&self, fit: &dyn Fit) -> Vec<usize> {
        let mut moments = self.kept.iterations();
        let latest = self.latest(fit);
        if moments.last() != Some(&latest) {
            moments.push(latest);
        }
        moments
    }

    /// The kept iteration at which the objective was lowest.
    pub fn lowest(&self) -> Option<usize> {
        self.kept.lowest()
    }

    /// Whether the fit stands at an earlier iteration than it has been to.
    pub fn is_looking_back(&self, fit: &dyn Fit) -> bool {
        self.seeking.is_some() || fit.iteration() < self.end
    }

    /// Makes the present the furthest: the fit goes another way from here. Returns whether there was a future to forget.
    pub fn branch(&mut self, fit: &dyn Fit) -> bool {
        let now = fit.iteration();
        if !self.is_looking_back(fit) {
            return false;
        }
        self.seeking = None;
        self.branched = Some(now);
        self.kept.cut(now);
        self.pictures.retain(|picture| picture.milestone.iteration <= now);
        self.made.retain(|change| change.iteration as usize <= now);
        (self.end, self.failed) = (now, None);
        true
    }

    fn keep(&mut self, fit: &dyn Fit, settings: &Settings, mut marks: Marks) {
        if fit.milestones().contains(&fit.iteration()) {
            self.picture(fit);
            marks.pinned = true;
        }
        let marks = Marks { edited_before: self.edited, ..marks };
        self.end = self.end.max(fit.iteration());
        self.failed = matches!(fit.state(), FitState::Failed(_)).then(|| fit.iteration());
        self.kept.keep(fit.iteration(), fit.snapshot(), settings, marks);
    }

    /// Keeps the present, where settings were changed by hand.
    pub fn keep_change(&mut self, fit: &dyn Fit, settings: &Settings) {
        self.keep(fit, settings, Marks { pinned: true, ..Marks::default() });
    }

    /// Keeps the present, where components were changed by hand.
    pub fn keep_edit(&mut self, fit: &dyn Fit, settings: &Settings) {
        self.edited = true;
        self.keep(fit, settings, Marks { pinned: true, edited: true, ..Marks::default() });
    }

    /// Follows the fit to where it has come by itself: keeps it where that is due, and makes the changes that a link asks
    /// for here. Returns whether there were any.
    pub fn arrived(&mut self, fit: &mut dyn Fit, settings: &mut Settings) -> bool {
        let now = fit.iteration();
        self.end = self.end.max(now);
        if matches!(fit.state(), FitState::Failed(_)) {
            self.failed = Some(now);
        }
        let due = self.waiting.partition_point(|change| change.iteration as usize <= now);
        if due > 0 {
            for LiveChange { name, value, .. } in self.waiting.drain(..due).collect::<Vec<_>>() {
                // Names and values were looked at when the link was opened.
                let _ = settings.set(&name, &value);
                self.make(now, &name, value);
            }
            fit.adjust(settings);
            self.changed_settings = true;
            self.keep_change(fit, settings);
        } else if self.kept.is_due(now) || self.is_new_milestone(fit) {
            self.keep(fit, settings, Marks::default());
        }
        due > 0
    }

    /// Whether the fit stands at a milestone that it has not been to.
    fn is_new_milestone(&self, fit: &dyn Fit) -> bool {
        let now = fit.iteration();
        fit.milestones().contains(&now) && self.components_at(now).is_none()
    }

    /// Puts settings that a link asked for up to an iteration into force, for a fit that is brought there from elsewhere.
    pub fn skip_to(&mut self, iteration: usize, settings: &mut Settings) -> bool {
        let due = self.waiting.partition_point(|change| change.iteration as usize <= iteration);
        for change in self.waiting.drain(..due) {
            let _ = settings.set(&change.name, &change.value);
            self.made.push(change);
        }
        due > 0
    }

    /// Goes to the nearest moment at or before an iteration; the way from there is [`Timeline::advance`]'s. Returns whether the
    /// fit is now where no step has brought it.
    pub fn seek(&mut self, fit: &mut dyn Fit, settings: &mut Settings, iteration: usize) -> bool {
        if !self.is_looking_back(fit) && fit.iteration() == self.end {
            // To come back to.
            self.keep(fit, settings, Marks::default());
        }
        let target = iteration.min(self.end);
        let Some(way) = self.kept.way_to(target) else { return false };
        let before = settings.clone();
        bring_back(settings, &way.settings);
        fit.adjust(settings);
        if fit.restore(&way.snapshot).is_err() {
            // Moments are of this very fit.
            return false;
        }
        self.changed_settings |= *settings != before;
        self.edited = way.edited;
        self.seeking = Some(Seek { target: way.to, then: 0 });
        self.settle(fit);
        true
    }

    /// Ends a seek that has arrived.
    fn settle(&mut self, fit: &mut dyn Fit) {
        let now = fit.iteration();
        let Some(seek) = self.seeking else { return };
        if self.failed == Some(now) {
            // What it failed at is not in the moment: it fails again.
            fit.step();
        }
        if now >= seek.target || *fit.state() != FitState::Running {
            self.seeking = None;
        }
    }

    /// One iteration of the fit's own, with what a link asks for before and after it.
    pub fn step(&mut self, fit: &mut dyn Fit, settings: &mut Settings) {
        self.arrived(fit, settings);
        fit.step();
        self.arrived(fit, settings);
    }

    /// The next beat of an iteration.
    pub fn half_step(&mut self, fit: &mut dyn Fit, settings: &mut Settings) {
        self.arrived(fit, settings);
        fit.half_step();
        self.arrived(fit, settings);
    }

    /// One iteration on the way to where a seek ends, as it was done before.
    pub fn advance(&mut self, fit: &mut dyn Fit, settings: &mut Settings) {
        fit.step();
        let now = fit.iteration();
        let made = self.made.iter().filter(|change| change.iteration as usize == now);
        let mut changed = false;
        for LiveChange { name, value, .. } in made {
            let _ = settings.set(name, value);
            changed = true;
        }
        if changed {
            fit.adjust(settings);
            self.changed_settings = true;
        }
        self.settle(fit);
    }
}
