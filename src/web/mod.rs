//! What JavaScript sees: one class that owns an experiment and its canvas, in a Worker.

mod comparison;
mod headless;
mod thumbnail;
mod timeline;

use std::collections::BTreeMap;

use js_sys::{Float64Array, Reflect};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tsify::Tsify;
use wasm_bindgen::prelude::*;
use web_sys::OffscreenCanvas;

use crate::dataset::{ColumnCheck, TableSummary};
use crate::drawing::{Canvas, Figure, Palette, Scene, Theme};
use crate::error::Error;
use crate::experiment::{Configured, Experiment, PointInfo, Report, Snapshot};
use crate::settings::{Choice, ExperimentName, Setting, Settings, Value};

mod hand;

/// An `Error` with a stable `code` and a sentence.
fn to_js_error(error: &Error) -> JsValue {
    let object = js_sys::Error::new(&error.to_string());
    // Setting a property of a fresh object does not fail.
    let _ = Reflect::set(&object, &"code".into(), &error.code().into());
    if let Some(fix) = Fix::of(error).and_then(|fix| to_js(&fix).ok()) {
        let _ = Reflect::set(&object, &"fix".into(), fix.as_ref());
    }
    object.into()
}

/// What would put an error right: the words of a button, and the settings that it changes.
#[derive(Serialize, Tsify)]
struct Fix {
    label: String,
    #[tsify(type = "SettingsChange")]
    change: BTreeMap<&'static str, f64>,
}

impl Fix {
    fn of(error: &Error) -> Option<Self> {
        match *error {
            Error::TooManyComponents { points, .. } if points > 0 => Some(Self {
                label: if points == 1 { "Use 1 component".to_owned() } else { format!("Use {points} components") },
                change: BTreeMap::from([("components", points as f64)]),
            }),
            _ => None,
        }
    }
}

/// A value as plain objects and arrays, typed as its TypeScript declaration.
fn to_js<T: Serialize + Tsify>(value: &T) -> Result<T::JsType, JsValue>
where
    T::JsType: JsCast,
{
    Ok(value.serialize(&serde_wasm_bindgen::Serializer::json_compatible())?.unchecked_into())
}

fn from_js<T: DeserializeOwned>(value: JsValue) -> Result<T, JsValue> {
    serde_wasm_bindgen::from_value(value).map_err(|error| to_js_error(&Error::Argument { reason: error.to_string() }))
}

type Js<T> = Result<<T as Tsify>::JsType, JsValue>;

/// Settings to change, by name.
fn changes(change: SettingsChange) -> Result<Vec<(String, Value)>, JsValue> {
    let change: BTreeMap<String, Value> = from_js(change.into())?;
    Ok(change.into_iter().collect())
}

/// A table of settings.
fn table(settings: &[Setting]) -> Result<SettingTable, JsValue> {
    Ok(settings.serialize(&serde_wasm_bindgen::Serializer::json_compatible())?.unchecked_into())
}

/// A report, its history as a typed array.
fn report_to_js(report: &Report) -> Js<Report> {
    let object = to_js(report)?;
    Reflect::set(object.as_ref(), &"history".into(), &Float64Array::from(report.history.as_slice()))?;
    Ok(object)
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = "/** The settings to change, by name. */
export type SettingsChange = Record<string, string | number | boolean>;";

#[wasm_bindgen]
extern "C" {
    /// The settings to change, by name.
    #[wasm_bindgen(typescript_type = "SettingsChange")]
    pub type SettingsChange;
    /// The table of settings.
    #[wasm_bindgen(typescript_type = "Setting[]")]
    pub type SettingTable;
}

/// An experiment by its name.
fn experiment_named(name: &str) -> Result<ExperimentName, Error> {
    let position = ExperimentName::OPTIONS.iter().position(|option| option.value == name);
    position.map(|position| ExperimentName::ALL[position]).ok_or_else(|| Error::NoSuchExperiment {
        name: name.to_owned(),
        names: ExperimentName::OPTIONS.iter().map(|option| option.value).collect::<Vec<_>>().join(", "),
    })
}

/// Every setting of an experiment, in the page's order.
///
/// # Errors
/// An `Error` with a `code`, where there is no such experiment.
#[wasm_bindgen]
pub fn schema(experiment: &str) -> Result<SettingTable, JsValue> {
    let name = experiment_named(experiment).map_err(|error| to_js_error(&error))?;
    table(Settings::new(name).schema())
}

/// A fit and the canvas that it plays on.
#[wasm_bindgen]
pub struct Playground {
    experiment: Experiment,
    canvas: Canvas,
    scene: Scene,
}

#[wasm_bindgen]
impl Playground {
    /// Opens an experiment on a canvas.
    ///
    /// # Errors
    /// An `Error` with a `code`, where there is no such experiment; the browser's, where it gives no 2-D context.
    #[wasm_bindgen(constructor)]
    pub fn new(
        canvas: OffscreenCanvas,
        experiment: &str,
        palette: <Palette as Tsify>::JsType,
    ) -> Result<Playground, JsValue> {
        let palette: Palette = from_js(palette.into())?;
        let mut experiment =
            experiment_named(experiment).and_then(Experiment::new).map_err(|error| to_js_error(&error))?;
        let scene = Scene::new(&mut experiment);
        Ok(Self { experiment, canvas: Canvas::new(canvas, Theme::new(&palette))?, scene })
    }

    /// The settings in force.
    ///
    /// # Errors
    /// None: settings are plain data.
    pub fn settings(&self) -> Js<Settings> {
        to_js(self.experiment.settings())
    }

    /// Changes settings by name; a change of the data set brings that set's usual model settings.
    ///
    /// # Errors
    /// An `Error` with a `code`; nothing has changed then.
    pub fn configure(&mut self, change: SettingsChange) -> Js<Configured> {
        let configured = self.experiment.configure(&changes(change)?);
        self.configured(configured)
    }

    /// Starts over from the defaults with some settings changed by name; only the speed stays.
    ///
    /// # Errors
    /// An `Error` with a `code`; nothing has changed then.
    pub fn begin(&mut self, change: SettingsChange) -> Js<Configured> {
        let configured = self.experiment.begin(&changes(change)?);
        self.configured(configured)
    }

    /// The settings that are usual for the data in force.
    ///
    /// # Errors
    /// None: settings are plain data.
    pub fn normal(&self) -> Js<Settings> {
        to_js(&self.experiment.normal())
    }

    /// Follows a change of data or settings with the scene.
    fn configured(&mut self, configured: Result<Configured, Error>) -> Js<Configured> {
        let configured = configured.map_err(|error| to_js_error(&error))?;
        if !self.scene.draws(self.experiment.data()) {
            self.scene.follow(&mut self.experiment, false);
        } else if configured.restarted {
            self.scene.restart();
            self.scene.note(&mut self.experiment);
        }
        to_js(&configured)
    }

    /// Resizes the canvas: CSS pixels, and device pixels a CSS pixel.
    pub fn resize(&mut self, width: f64, height: f64, pixel_ratio: f64) {
        self.canvas.resize(width, height, pixel_ratio);
    }

    /// Changes the colours.
    ///
    /// # Errors
    /// An `Error` where one is missing.
    #[wasm_bindgen(js_name = setPalette)]
    pub fn set_palette(&mut self, palette: <Palette as Tsify>::JsType) -> Result<(), JsValue> {
        let palette: Palette = from_js(palette.into())?;
        self.canvas.theme = Theme::new(&palette);
        Ok(())
    }

    /// Starts the fit again at iteration 0.
    ///
    /// # Errors
    /// None that the present fit did not already pass.
    pub fn reset(&mut self) -> Result<(), JsValue> {
        self.scene.restart();
        let reset = self.experiment.reset().map_err(|error| to_js_error(&error));
        self.scene.note(&mut self.experiment);
        reset
    }

    /// Does up to `iterations` iterations; fewer where the fit stops.
    pub fn step(&mut self, iterations: u32) {
        self.experiment.step(iterations as usize);
    }

    /// Iterates for about `budget` milliseconds, at least once unless the fit has stopped; returns whether the fit has moved. On the
    /// graphics processor it only sees to it that the device has work.
    pub fn run(&mut self, budget: f64) -> bool {
        self.experiment.run_for(budget)
    }

    /// Begins no more iterations; those that the graphics processor is at still come.
    pub fn halt(&mut self) {
        self.experiment.halt();
    }

    /// Takes in what has come back from the graphics processor; returns whether the fit has moved.
    pub fn poll(&mut self) -> bool {
        self.experiment.poll()
    }

    /// Whether `poll` has more to do: iterations to bring, or a device to open and to measure.
    #[wasm_bindgen(getter)]
    pub fn busy(&self) -> bool {
        self.experiment.is_busy()
    }

    /// Whether iterations were asked for that have not been done.
    #[wasm_bindgen(getter)]
    pub fn behind(&self) -> bool {
        self.experiment.is_behind()
    }

    /// Draws the state of the fit.
    ///
    /// # Errors
    /// The browser's, where it is out of memory.
    pub fn draw(&mut self) -> Result<(), JsValue> {
        self.canvas.theme.slots = self.experiment.colors();
        self.scene.draw(&self.canvas, &mut self.experiment)
    }

    /// The small figures on the canvas, which can be pressed to make one of them the large one; empty where there are none. A
    /// press sets `figure` to its `name`.
    ///
    /// # Errors
    /// None: figures are plain data.
    pub fn figures(&self) -> Result<Vec<<Figure as Tsify>::JsType>, JsValue> {
        self.scene.figures(&self.canvas, &self.experiment).iter().map(to_js).collect()
    }

    /// Where the fit is. `history` holds what is new since the last report.
    ///
    /// # Errors
    /// None: reports are plain data.
    pub fn report(&mut self) -> Js<Report> {
        report_to_js(&self.experiment.report())
    }

    /// Moves a component, counted from 0, to the point that a mixture explains worst, or that a sum of Gaussians misses most.
    ///
    /// # Errors
    /// An `Error` where there is no such component or it cannot be moved.
    #[wasm_bindgen(js_name = moveToWorst)]
    pub fn move_to_worst(&mut self, component: usize) -> Result<(), JsValue> {
        self.experiment.move_to_worst(component).map_err(|error| to_js_error(&error))
    }

    /// The point within 12 CSS pixels of a place, if there is one.
    ///
    /// # Errors
    /// None: points are plain data.
    #[wasm_bindgen(js_name = pointAt)]
    pub fn point_at(&mut self, x: f64, y: f64) -> Result<Option<<PointInfo as Tsify>::JsType>, JsValue> {
        let found = self.scene.point_at(&self.canvas, &mut self.experiment, x, y);
        found.as_ref().map(to_js).transpose()
    }

    /// Reads a table from text. Nothing changes until its columns are chosen.
    ///
    /// # Errors
    /// An `Error` with a `code` and a sentence on what is wrong with it.
    #[wasm_bindgen(js_name = readTable)]
    pub fn read_table(&mut self, text: &str, name: &str) -> Js<TableSummary> {
        to_js(&self.experiment.read_table(text, name).map_err(|error| to_js_error(&error))?)
    }

    /// What choosing these columns (counted from 0) of the table last read, and another of weights, would give.
    ///
    /// # Errors
    /// An `Error` with a `code`, where the table has no such columns or the experiment takes no weights.
    #[wasm_bindgen(js_name = checkColumns)]
    pub fn check_columns(&self, columns: Vec<usize>, weight: Option<usize>) -> Js<ColumnCheck> {
        to_js(&self.experiment.check_columns(&columns, weight).map_err(|error| to_js_error(&error))?)
    }

    /// Fits the chosen columns of the table last read, each row counted as often as its weight says where there is a column for
    /// it; rows with problems are dropped.
    ///
    /// # Errors
    /// An `Error` with a `code`; the former data are fitted on then.
    #[wasm_bindgen(js_name = useColumns)]
    pub fn use_columns(&mut self, columns: Vec<usize>, weight: Option<usize>) -> Js<Configured> {
        let configured = self.experiment.use_columns(&columns, weight);
        self.configured(configured)
    }

    /// Fits points given as numbers: row by row, one number a column name; `weight` says which of the columns, counted from 0,
    /// holds how often each point counts.
    ///
    /// # Errors
    /// An `Error` with a `code`; the former data are fitted on then.
    #[wasm_bindgen(js_name = setPoints)]
    pub fn set_points(&mut self, points: &Float64Array, columns: Vec<String>, weight: Option<usize>) -> Js<Configured> {
        let configured = self.experiment.set_points(points.to_vec(), &columns, weight);
        self.configured(configured)
    }

    /// All that the next iteration depends on, but for data and settings.
    ///
    /// # Errors
    /// None: snapshots are plain data.
    pub fn snapshot(&self) -> Js<Snapshot> {
        to_js(&self.experiment.snapshot())
    }

    /// Goes back to a snapshot of a fit to the same data with the same settings.
    ///
    /// # Errors
    /// An `Error` where it belongs to another fit.
    pub fn restore(&mut self, snapshot: <Snapshot as Tsify>::JsType) -> Result<(), JsValue> {
        let snapshot: Snapshot = from_js(snapshot.into())?;
        self.scene.restart();
        self.experiment.restore(&snapshot).map_err(|error| to_js_error(&error))
    }
}
