//! Small pictures of mixtures for JavaScript.

use js_sys::Array;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;
use web_sys::OffscreenCanvas;

use super::{Playground, from_js, to_js_error};
use crate::drawing::Canvas;
use crate::drawing::thumbnail::{self, Style};
use crate::error::Error;
use crate::experiment::{Component, Data, colors_of};
use crate::settings::Settings;

#[wasm_bindgen]
extern "C" {
    /// Components as a report has them.
    #[wasm_bindgen(typescript_type = "Component[]")]
    pub type Components;
    /// What stands behind the ellipses.
    #[wasm_bindgen(typescript_type = "'density' | 'points'")]
    pub type ThumbnailStyle;
}

fn entries<T: DeserializeOwned>(array: &JsValue) -> Result<Vec<T>, JsValue> {
    Array::from(array).iter().map(from_js).collect()
}

fn refused(reason: &str) -> JsValue {
    to_js_error(&Error::Argument { reason: reason.to_owned() })
}

#[wasm_bindgen]
impl Playground {
    /// Draws components of a mixture, which need not be those of the present fit, over the whole range of the data: their
    /// ellipses at one standard deviation over their density or over some of the points; of data on a line their curves. The
    /// canvas is resized: CSS pixels, and device pixels a CSS pixel.
    ///
    /// # Errors
    /// An `Error` with a `code`, where the experiment is no mixture, or components or style cannot be read; the browser's, where
    /// it gives no 2-D context.
    pub fn thumbnail(
        &self,
        canvas: OffscreenCanvas,
        components: &Components,
        width: f64,
        height: f64,
        pixel_ratio: f64,
        style: &ThumbnailStyle,
    ) -> Result<(), JsValue> {
        let Data::Points(dataset) = self.experiment.data() else {
            return Err(refused("only mixtures have such pictures"));
        };
        let components: Vec<Component> = entries(components.as_ref())?;
        let name = style.as_string().unwrap_or_default();
        let style = Style::named(&name).ok_or_else(|| refused("the style is `density` or `points`"))?;
        let dimension = dataset.dimension();
        let fits = |one: &Component| one.mean.len() == dimension && one.covariance.len() == dimension * dimension;
        if !components.iter().all(fits) {
            return Err(refused("the components have another dimension than the data"));
        }
        let mut small = Canvas::new(canvas, self.canvas.theme.clone())?;
        small.resize(width, height, pixel_ratio);
        small.theme.slots = colors_of(&components);
        let theme = &small.theme;
        let sparse = matches!(self.experiment.settings(), Settings::SparseMixture(_));
        let ramp = if sparse { &theme.reds } else { &theme.density };
        thumbnail::draw(&small, dataset, &components, (style, ramp))
    }
}
