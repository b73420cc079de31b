//! Experiments as links and attributes give them: whatever they hold, something opens.

use super::bayesian_priors::unused_lists;
use super::open::{dataset_name, open_data};
use super::placing::check;
use super::suggestions::{follow_domain, normal, suggested};
use super::timeline::is_live;
use super::{Configured, Data, Experiment, LiveChange, Placed};
use crate::error::Error;
use crate::settings::{Settings, Value};

/// Changes of a running fit that are heeded, at most.
const MOST_CHANGES: usize = 10_000;

/// Sets one setting; what cannot be is left as it is, with a notice.
fn set(settings: &mut Settings, name: &str, value: &Value, notices: &mut Vec<String>) {
    set_or_say(|| settings.set(name, value), notices);
}

/// Takes in what setting one setting came to.
pub(super) fn set_or_say(set: impl FnOnce() -> Result<Option<String>, Error>, notices: &mut Vec<String>) {
    match set() {
        Ok(notice) => notices.extend(notice),
        Err(error) => notices.push(format!("{error} It was ignored.")),
    }
}

impl Experiment {
    /// Opens what a link asks for: settings by name, from the defaults as [`Experiment::begin`] does; `live` changes of them for when
    /// the fit reaches their iterations; components, counted from 0, `placed` at iteration 0. What is unknown or cannot be is
    /// left out or brought into its range, with a notice.
    pub fn open(&mut self, changes: &[(String, Value)], live: &[LiveChange], placed: &[Placed]) -> Configured {
        self.open_with_truth(changes, live, placed, &[])
    }

    /// As [`Experiment::open`], with the true Gaussians moved: those in the list, from the first on.
    pub fn open_with_truth(
        &mut self,
        changes: &[(String, Value)],
        live: &[LiveChange],
        placed: &[Placed],
        truth: &[Placed],
    ) -> Configured {
        let mut notices = Vec::new();
        let mut settings = self.defaults();
        let (before, start) = (dataset_name(&settings), settings.clone());
        for (name, value) in changes.iter().filter(|(name, _)| name == "dataset") {
            set(&mut settings, name, value, &mut notices);
        }
        if dataset_name(&settings) != before {
            settings = suggested(&settings);
        }
        for (name, value) in changes.iter().filter(|(name, _)| name != "dataset") {
            set(&mut settings, name, value, &mut notices);
        }
        follow_domain(&mut settings, &start, changes);
        let live = usable(live, &mut settings, &mut notices);
        self.start_somehow(settings, &mut notices);
        self.editing.drop();
        self.editing.truth.moved = false;
        self.start_with_truth(truth, &mut notices);
        notices.extend(unused_lists(&self.settings, self.data.axes().len()));
        self.timeline.schedule(live);
        self.place_at_start(placed, &mut notices);
        self.backend.choose(self.settings.backend(), false);
        self.configured(notices, true)
    }

    /// Starts with the settings, or with what of them can be started.
    fn start_somehow(&mut self, mut settings: Settings, notices: &mut Vec<String>) {
        let data = open_data(&settings, self.own.as_ref()).unwrap_or_else(|error| {
            notices.push(format!("{error} Until then, this is the usual data set."));
            settings = self.defaults();
            // The data that every experiment opens with are always there.
            open_data(&settings, None).unwrap_or_else(|_| self.data.clone())
        });
        if let Err(error) = self.start_with_fewer(settings, data.clone(), notices) {
            notices.push(format!("{error} The usual settings were taken instead."));
            let mut usual = self.defaults();
            let _ = usual.set("dataset", &Value::Text(dataset_name(&self.settings).to_owned()));
            let usual = normal(&usual);
            let data = open_data(&usual, self.own.as_ref()).unwrap_or(data);
            if self.start_with_fewer(usual, data, notices).is_err() {
                // What was there before still is.
                let (settings, data) = (self.settings.clone(), self.data.clone());
                let _ = self.start(settings, data);
            }
        }
    }

    /// Starts, with fewer components where there are not enough points.
    fn start_with_fewer(&mut self, mut settings: Settings, data: Data, notices: &mut Vec<String>) -> Result<(), Error> {
        match self.start(settings.clone(), data.clone()) {
            Err(Error::TooManyComponents { components, points }) if points > 0 => {
                settings.set("components", &Value::Number(points as f64))?;
                notices.push(format!("There are only {points} points, so {components} components became {points}."));
                self.start(settings, data)
            }
            done => done,
        }
    }

    fn place_at_start(&mut self, placed: &[Placed], notices: &mut Vec<String>) {
        let components = self.fit.view().components();
        let dimension = components.first().map_or(0, |component| component.mean.len());
        for (k, placed) in placed.iter().enumerate() {
            match check(k, components.len(), dimension, placed) {
                Ok(()) => self.placed.push((k, placed.clone())),
                Err(error) => {
                    notices.push(format!("{error} Its place was ignored."));
                    if k >= components.len() {
                        break;
                    }
                }
            }
        }
        if let Err(error) = self.put_in_place() {
            notices.push(format!("{error} The places of the components were ignored."));
            self.placed.clear();
        }
    }
}

/// The changes that can be made while the fit runs; those at iteration 0 are made in `settings`.
fn usable(live: &[LiveChange], settings: &mut Settings, notices: &mut Vec<String>) -> Vec<LiveChange> {
    let mut kept = Vec::new();
    for change in live.iter().take(MOST_CHANGES) {
        let LiveChange { iteration, name, value } = change;
        if !settings.schema().iter().any(|setting| setting.name == name && is_live(setting)) {
            notices.push(format!("{name} is no setting that acts on a running fit. Its change was ignored."));
        } else if *iteration == 0 {
            set(settings, name, value, notices);
        } else {
            match settings.clone().set(name, value) {
                Ok(notice) => {
                    notices.extend(notice);
                    kept.push(change.clone());
                }
                Err(error) => notices.push(format!("{error} Its change at iteration {iteration} was ignored.")),
            }
        }
    }
    kept
}
