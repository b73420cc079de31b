//! What JavaScript sees of a fit's past, of its future and of what it learned.

use js_sys::{Array, Float64Array, Object, Reflect};
use serde::de::DeserializeOwned;
use tsify::Tsify;
use wasm_bindgen::prelude::*;

use super::thumbnail::Components;
use super::{Js, Playground, SettingsChange, from_js, to_js, to_js_error};
use crate::error::Error;
use crate::experiment::{Configured, LiveChange, ParameterTable, Placed, PointTable, Swapped};
use crate::settings::Value;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = "/** A component to put in place: its share of the points or its amplitude, its mean (D numbers) and its covariance (D×D, row by row). */
export type PlacedComponent = Placed;
/** Data row by row, a number a column. */
export interface PointColumns {
  columns: string[];
  values: Float64Array;
  /** The column that says how often each point counts, where there is one. */
  weight?: number;
}";

#[wasm_bindgen]
extern "C" {
    /// Changes of settings.
    #[wasm_bindgen(typescript_type = "LiveChange[]")]
    pub type LiveChanges;
    /// Components to put in place, in their order.
    #[wasm_bindgen(typescript_type = "PlacedComponent[]")]
    pub type PlacedComponents;
    /// Data row by row.
    #[wasm_bindgen(typescript_type = "PointColumns")]
    pub type PointColumns;
}

/// A table of points as JavaScript gives it.
///
/// # Errors
/// An `Error` with a `code` where it is none.
pub fn point_table(points: &PointColumns) -> Result<PointTable, JsValue> {
    let field = |name: &str| Reflect::get(points.as_ref(), &name.into());
    let values: Float64Array = field("values")?.dyn_into().map_err(|_| {
        to_js_error(&Error::Argument { reason: "the values of the points are no Float64Array".to_owned() })
    })?;
    Ok(PointTable { columns: from_js(field("columns")?)?, values: values.to_vec(), weight: from_js(field("weight")?)? })
}

/// The entries of an array that can be read; a notice for each of the others.
fn readable<T: DeserializeOwned>(array: JsValue, what: &str, notices: &mut Vec<String>) -> Vec<T> {
    let entries = if array.is_undefined() || array.is_null() { Array::new() } else { Array::from(&array) };
    let mut read = Vec::new();
    for (number, entry) in entries.iter().enumerate() {
        match serde_wasm_bindgen::from_value(entry) {
            Ok(entry) => read.push(entry),
            Err(_) => notices.push(format!("{what} {} cannot be read. It was ignored.", number + 1)),
        }
    }
    read
}

#[wasm_bindgen]
impl Playground {
    /// Opens what a link or attributes ask for, from the defaults as `begin` does: settings by name, changes of them for when the
    /// fit reaches their iterations, components put in place at iteration 0, and the true Gaussians where they were moved. What is
    /// unknown or cannot be is left out or brought into its range, with a notice.
    ///
    /// # Errors
    /// None: whatever is asked for, something opens.
    pub fn open(
        &mut self,
        change: SettingsChange,
        live: LiveChanges,
        placed: PlacedComponents,
        truth: Option<PlacedComponents>,
    ) -> Js<Configured> {
        let mut notices = Vec::new();
        let mut settings = Vec::new();
        let given = if change.is_object() { Object::entries(change.unchecked_ref()) } else { Array::new() };
        for entry in given.iter() {
            let (name, value) =
                (Array::from(&entry).get(0).as_string().unwrap_or_default(), Array::from(&entry).get(1));
            match serde_wasm_bindgen::from_value::<Value>(value) {
                Ok(value) => settings.push((name, value)),
                Err(_) => notices.push(format!("The value of {name} cannot be read. It was ignored.")),
            }
        }
        let live: Vec<LiveChange> = readable(live.into(), "Change", &mut notices);
        let placed: Vec<Placed> = readable(placed.into(), "Component", &mut notices);
        let truth: Vec<Placed> = readable(truth.into(), "True Gaussian", &mut notices);
        let mut configured = self.experiment.open_with_truth(&settings, &live, &placed, &truth);
        configured.notices.splice(0..0, notices);
        self.configured(Ok(configured))
    }

    /// Does the next beat of an iteration: EM's E-step or M-step; of other models a whole iteration.
    #[wasm_bindgen(js_name = halfStep)]
    pub fn half_step(&mut self) {
        self.experiment.half_step();
    }

    /// Goes to the iteration before the present one; see `seek`.
    #[wasm_bindgen(js_name = stepBack)]
    pub fn step_back(&mut self) {
        self.experiment.step_back();
    }

    /// Goes to an iteration between the first and the `latest` that a report names. The way there may take some calls of `poll` or
    /// `run`; `busy` says so. What comes after is forgotten when the fit takes a new step.
    pub fn seek(&mut self, iteration: f64) {
        self.experiment.seek(iteration.max(0.0) as usize);
    }

    /// The components, in the units of the data, at a milestone that a report names; none elsewhere.
    ///
    /// # Errors
    /// None: components are plain data.
    #[wasm_bindgen(js_name = componentsAt)]
    pub fn components_at(&self, iteration: usize) -> Result<Components, JsValue> {
        let components = self.experiment.components_at(iteration);
        let objects = components.iter().map(|one| to_js(one).map(JsValue::from)).collect::<Result<Array, _>>()?;
        Ok(JsValue::from(objects).unchecked_into())
    }

    /// Changes of settings made while the fit ran. What a changed setting was at the start comes first, as a change at iteration 0.
    ///
    /// # Errors
    /// None: changes are plain data.
    #[wasm_bindgen(js_name = liveChanges)]
    pub fn live_changes(&self) -> Result<LiveChanges, JsValue> {
        let changes = self.experiment.live_changes();
        let objects = changes.iter().map(|change| to_js(change).map(JsValue::from)).collect::<Result<Array, _>>()?;
        Ok(JsValue::from(objects).unchecked_into())
    }

    /// Puts a component, counted from 0, in place.
    ///
    /// # Errors
    /// An `Error` where there is no such component or it cannot be there; nothing has changed then.
    #[wasm_bindgen(js_name = placeComponent)]
    pub fn place_component(&mut self, component: usize, placed: <Placed as Tsify>::JsType) -> Result<(), JsValue> {
        let placed: Placed = from_js(placed.into())?;
        self.experiment.place(component, &placed).map_err(|error| to_js_error(&error))
    }

    /// Exchanges the labels of two components, counted from 0.
    ///
    /// # Errors
    /// An `Error` where there are no such components or their labels cannot be exchanged; nothing has changed then.
    pub fn swap(&mut self, one: usize, other: usize) -> Js<Swapped> {
        to_js(&self.experiment.swap(one, other).map_err(|error| to_js_error(&error))?)
    }

    /// Gives one component, counted from 0, a part from 0 to 1 of the weight that it and another have together.
    ///
    /// # Errors
    /// An `Error` where there are no such components or they cannot be moved; nothing has changed then.
    #[wasm_bindgen(js_name = shareWeight)]
    pub fn share_weight(&mut self, one: usize, other: usize, part: f64) -> Result<(), JsValue> {
        self.experiment.share_weight(one, other, part).map_err(|error| to_js_error(&error))
    }

    /// Draws points from the fitted mixture, 1 to 1,000,000, and makes them the data.
    ///
    /// # Errors
    /// An `Error` with a `code` where the model is no distribution or cannot be fitted to them; nothing has changed then.
    pub fn sample(&mut self, count: f64) -> Js<Configured> {
        // Casting keeps a count within its type, and makes nothing of what is no number.
        let configured = self.experiment.sample(count as u32);
        self.configured(configured)
    }

    /// Does what the button of a trouble says: its kind, and one of its components, counted from 0, or 0 where it has none.
    ///
    /// # Errors
    /// An `Error` with a `code` where it cannot be done.
    pub fn repair(&mut self, kind: &str, component: usize) -> Js<Configured> {
        let configured = self.experiment.repair(kind, component);
        self.configured(configured)
    }

    /// What was learned, in full precision.
    ///
    /// # Errors
    /// None: tables are plain data.
    pub fn parameters(&mut self) -> Js<ParameterTable> {
        to_js(&self.experiment.parameters())
    }

    /// The data in the visitor's units, row by row: coordinates and the weight where points have one, or inputs and the target.
    ///
    /// # Errors
    /// None: tables are plain data.
    pub fn points(&self) -> Result<PointColumns, JsValue> {
        let PointTable { columns, values, weight } = self.experiment.points();
        let object = Object::new();
        let columns: Array = columns.iter().map(JsValue::from).collect();
        Reflect::set(&object, &"columns".into(), &columns)?;
        Reflect::set(&object, &"values".into(), &Float64Array::from(values.as_slice()))?;
        if let Some(weight) = weight {
            Reflect::set(&object, &"weight".into(), &(weight as f64).into())?;
        }
        Ok(object.unchecked_into())
    }
}
