//! What the visitor's hand does on the canvas: panning, zooming, dragging components and what is true.

use js_sys::{Array, Float64Array};
use tsify::Tsify;
use wasm_bindgen::prelude::*;

use super::timeline::PlacedComponents;
use super::{Js, Playground, from_js, to_js, to_js_error};
use crate::drawing::Grab;
use crate::error::Error;
use crate::experiment::{Configured, Tool};

/// How far from a mouse pointer a component may be to be grabbed, in CSS pixels.
const REACH: f64 = 12.0;

#[wasm_bindgen]
impl Playground {
    /// Moves what is shown of the data by so many CSS pixels to the right and down.
    pub fn pan(&mut self, dx: f64, dy: f64) {
        let size = self.scene.plot_size(&self.canvas);
        if let (Some(size), Some(viewport)) = (size, self.scene.viewport()) {
            viewport.pan(size, dx, dy);
        }
    }

    /// Magnifies what is shown of the data, so many times, about a place in CSS pixels.
    pub fn zoom(&mut self, factor: f64, x: f64, y: f64) {
        let size = self.scene.plot_size(&self.canvas).filter(|size| x < size.0 && y < size.1);
        if let (Some(size), Some(viewport)) = (size, self.scene.viewport()) {
            viewport.zoom(size, factor, x, y);
        }
    }

    /// Shows all of the data again.
    #[wasm_bindgen(js_name = resetView)]
    pub fn reset_view(&mut self) {
        if let Some(viewport) = self.scene.viewport() {
            viewport.reset();
        }
    }

    /// What the visitor chose to see, in the units of the data: from x0 to x1 and from y0 to y1 (0 and 1 for data on a line);
    /// `undefined` while all of the data are shown.
    pub fn view(&mut self) -> Option<Float64Array> {
        let view = self.scene.viewport()?.view()?;
        Some(Float64Array::from(&view[..]))
    }

    /// Shows what `view` gave, or all of the data; what are not four numbers in order is ignored.
    #[wasm_bindgen(js_name = setView)]
    pub fn set_view(&mut self, view: Option<Float64Array>) {
        let Some(viewport) = self.scene.viewport() else { return };
        match view.map(|view| view.to_vec()) {
            None => viewport.reset(),
            Some(view) => {
                if let Ok(view) = <[f64; 4]>::try_from(view) {
                    viewport.set(view);
                }
            }
        }
    }

    /// Tells it whether the fit is paused: where components go next is drawn then.
    #[wasm_bindgen(js_name = setPaused)]
    pub fn set_paused(&mut self, paused: bool) {
        self.scene.set_paused(paused);
    }

    /// What a press at a place (in CSS pixels) would drag; the handles of a component or true Gaussian are drawn from then on, and
    /// none are where there is nothing.
    ///
    /// # Errors
    /// None: what is found is plain data.
    pub fn hover(&mut self, x: f64, y: f64) -> Result<Option<<Grab as Tsify>::JsType>, JsValue> {
        self.scene.hover(&self.canvas, &mut self.experiment, x, y).as_ref().map(to_js).transpose()
    }

    /// Makes the points of a component, counted from 0, stand out from the others; `undefined` for no more.
    #[wasm_bindgen(js_name = lookAt)]
    pub fn look_at(&mut self, component: Option<usize>) {
        self.scene.look_at(component);
    }

    /// Takes hold of what is within reach of a place, in CSS pixels; the reach is 12 unless given.
    ///
    /// # Errors
    /// None: what is found is plain data.
    pub fn grab(&mut self, x: f64, y: f64, reach: Option<f64>) -> Result<Option<<Grab as Tsify>::JsType>, JsValue> {
        let reach = reach.unwrap_or(REACH);
        self.scene.grab(&self.canvas, &mut self.experiment, (x, y), reach).as_ref().map(to_js).transpose()
    }

    /// Drags what is held to a place, in CSS pixels. Of a component, the fit goes on from there; while a true Gaussian or a sample is
    /// dragged it waits.
    ///
    /// # Errors
    /// An `Error` with a `code` where the model has no such place for it; it stays where it was then.
    pub fn drag(&mut self, x: f64, y: f64) -> Result<(), JsValue> {
        self.scene.drag(&self.canvas, &mut self.experiment, x, y).map_err(|error| to_js_error(&error))
    }

    /// Lets go of what is held. Where that was a true Gaussian which has moved, the data are drawn again from it; where it was a
    /// sample, it is part of the visitor's own data; the fit starts anew then, and this says what that came to.
    ///
    /// # Errors
    /// An `Error` with a `code` where no data can be drawn from it; all is as it was before then.
    pub fn release(&mut self) -> Result<Option<<Configured as Tsify>::JsType>, JsValue> {
        let released = self.scene.release(&mut self.experiment).map_err(|error| to_js_error(&error))?;
        released.map(|configured| self.edited(Ok((configured, true)))).transpose()
    }

    /// The true Gaussians where they were moved by hand, their weight being their amplitude; `undefined` where they are those that
    /// the settings draw.
    ///
    /// # Errors
    /// None: Gaussians are plain data.
    pub fn truth(&self) -> Result<Option<PlacedComponents>, JsValue> {
        let Some(truth) = self.experiment.truth() else { return Ok(None) };
        let objects = truth.iter().map(|one| to_js(one).map(JsValue::from)).collect::<Result<Array, _>>()?;
        Ok(Some(JsValue::from(objects).unchecked_into()))
    }

    /// Begins to edit the points: `add`, `spray`, `erase` or `drag`.
    ///
    /// # Errors
    /// An `Error` with a `code`, where the experiment has no points to edit.
    #[wasm_bindgen(js_name = beginStroke)]
    pub fn begin_stroke(&mut self, tool: <Tool as Tsify>::JsType) -> Result<(), JsValue> {
        let tool: Tool = from_js(tool.into())?;
        self.experiment.begin_stroke(tool).map_err(|error| to_js_error(&error))
    }

    /// Goes on with the stroke to a place, all in CSS pixels; the radius is that of what is sprayed or erased.
    pub fn stroke(&mut self, x: f64, y: f64, radius: f64) {
        if let Some(touch) = self.scene.touch(&self.canvas, (x, y), radius) {
            self.experiment.stroke(&touch);
        }
    }

    /// Ends the stroke: the fit starts anew on the points. Where they cannot be fitted, the last fit stays and a notice says what
    /// is missing.
    ///
    /// # Errors
    /// None that the page could do something about.
    #[wasm_bindgen(js_name = endStroke)]
    pub fn end_stroke(&mut self) -> Js<Configured> {
        let configured = self.experiment.end_stroke();
        self.edited(configured.map(|configured| (configured, true)))
    }

    /// Goes back on the last stroke, opened table or choice of a data set; nothing happens where there is none.
    ///
    /// # Errors
    /// None that the page could do something about.
    pub fn undo(&mut self) -> Js<Configured> {
        let configured = self.experiment.undo();
        self.edited(configured)
    }

    /// Does again what `undo` went back on.
    ///
    /// # Errors
    /// None that the page could do something about.
    pub fn redo(&mut self) -> Js<Configured> {
        let configured = self.experiment.redo();
        self.edited(configured)
    }

    /// Follows a change of the points with the scene, whose view stays where the points are those of one picture.
    fn edited(&mut self, configured: Result<(Configured, bool), Error>) -> Js<Configured> {
        let (configured, stays) = configured.map_err(|error| to_js_error(&error))?;
        if !self.scene.draws(self.experiment.data()) {
            self.scene.follow(&mut self.experiment, stays);
        }
        self.configured(Ok(configured))
    }
}
