//! The comparison as the page asks for it: its settings, and the fits that it takes.

use wasm_bindgen::prelude::*;

use super::{Js, SettingTable, SettingsChange, changes, table, to_js};
use crate::experiment::ComparisonPlan;
use crate::settings::ComparisonSettings;

/// Every setting of the comparison, in the page's order.
///
/// # Errors
/// None: the table is plain data.
#[wasm_bindgen(js_name = comparisonSchema)]
pub fn comparison_schema() -> Result<SettingTable, JsValue> {
    table(ComparisonSettings::SCHEMA)
}

/// The fits that a comparison takes, for the defaults with some settings changed by name. What is unknown is left out and what
/// is out of range is brought into it, with a notice.
///
/// # Errors
/// An `Error` with a `code`, where the argument is no object of settings.
#[wasm_bindgen(js_name = comparisonPlan)]
pub fn comparison_plan(change: SettingsChange) -> Js<ComparisonPlan> {
    to_js(&ComparisonPlan::new(&changes(change)?))
}
