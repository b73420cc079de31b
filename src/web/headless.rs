//! A fit without a canvas, for a Worker that only computes.

use wasm_bindgen::prelude::*;

use super::timeline::{PointColumns, point_table};
use super::{Js, SettingsChange, changes, experiment_named, report_to_js, to_js_error};
use crate::experiment::{Experiment, FitState, Report};

/// A fit that nobody watches. It never uses the graphics processor.
#[wasm_bindgen]
pub struct Run {
    experiment: Experiment,
}

#[wasm_bindgen]
impl Run {
    /// Opens an experiment with its defaults but for some settings, changed by name, and with points for the settings that name the
    /// visitor's own data.
    ///
    /// # Errors
    /// An `Error` with a `code`, where there is no such experiment or setting, or the fit cannot start.
    #[wasm_bindgen(constructor)]
    pub fn new(experiment: &str, change: SettingsChange, points: Option<PointColumns>) -> Result<Run, JsValue> {
        let changes = changes(change)?;
        let points = points.map(|points| point_table(&points)).transpose()?;
        let opened = experiment_named(experiment).and_then(|name| match points {
            Some(points) => Experiment::on_the_processor_with_points(name, &changes, points),
            None => Experiment::on_the_processor(name, &changes),
        });
        Ok(Self { experiment: opened.map_err(|error| to_js_error(&error))? })
    }

    /// Iterates for about `budget` milliseconds, at least once unless the fit has stopped; returns `false` once it has.
    pub fn run(&mut self, budget: f64) -> bool {
        self.experiment.run_for(budget);
        *self.experiment.fit().state() == FitState::Running
    }

    /// Where the fit is. `history` holds what is new since the last report.
    ///
    /// # Errors
    /// None: reports are plain data.
    pub fn report(&mut self) -> Js<Report> {
        report_to_js(&self.experiment.report())
    }
}
