//! A 2-D canvas in CSS pixels, whatever the screen's density.

use std::f64::consts::TAU;

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::{Clamped, JsCast, JsValue};
use web_sys::{ImageData, OffscreenCanvas, OffscreenCanvasRenderingContext2d};

use super::area::Area;
use super::color::{Rgb, Theme};
use super::raster::Raster;

const FONT: &str = r#"11px -apple-system, "Segoe UI", Roboto, "Liberation Sans", system-ui, sans-serif"#;

const BOLD_FONT: &str = r#"600 11px -apple-system, "Segoe UI", Roboto, "Liberation Sans", system-ui, sans-serif"#;

const HEADING_FONT: &str = r#"600 15px -apple-system, "Segoe UI", Roboto, "Liberation Sans", system-ui, sans-serif"#;

/// A piece of a line of text.
#[derive(Clone, Debug, PartialEq)]
pub struct Words {
    /// What it says.
    pub text: String,
    /// Whether it is set in bold.
    pub bold: bool,
    /// Its colour.
    pub color: Rgb,
}

/// Where text stands relative to its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// It starts there.
    Left,
    /// Its middle is there.
    Centre,
    /// It ends there.
    Right,
}

/// A canvas with its size and theme.
pub struct Canvas {
    element: OffscreenCanvas,
    context: OffscreenCanvasRenderingContext2d,
    width: f64,
    height: f64,
    pixel_ratio: f64,
    /// The colours in use.
    pub theme: Theme,
}

impl Canvas {
    /// Takes an element over.
    ///
    /// # Errors
    /// The browser's, where it gives no 2-D context.
    pub fn new(element: OffscreenCanvas, theme: Theme) -> Result<Self, JsValue> {
        let options = Object::new();
        Reflect::set(&options, &"alpha".into(), &false.into())?;
        let context = element
            .get_context_with_context_options("2d", &options)?
            .ok_or_else(|| JsValue::from_str("This browser gives no 2-D canvas in a Worker."))?
            .unchecked_into();
        let (width, height) = (f64::from(element.width()), f64::from(element.height()));
        Ok(Self { element, context, width, height, pixel_ratio: 1.0, theme })
    }

    /// The part of it at its corner, so large in CSS pixels: what draws there takes it for the whole, and leaves the rest as it is
    /// but for lines that end beyond.
    #[must_use]
    pub fn part(&self, (width, height): (f64, f64)) -> Self {
        let (element, context, theme) = (self.element.clone(), self.context.clone(), self.theme.clone());
        Self { element, context, width, height, pixel_ratio: self.pixel_ratio, theme }
    }

    /// Resizes it to CSS pixels.
    pub fn resize(&mut self, width: f64, height: f64, pixel_ratio: f64) {
        self.width = width.clamp(1.0, 8192.0);
        self.height = height.clamp(1.0, 8192.0);
        self.pixel_ratio = pixel_ratio.clamp(0.5, 4.0);
        self.element.set_width(libm::round(self.width * self.pixel_ratio) as u32);
        self.element.set_height(libm::round(self.height * self.pixel_ratio) as u32);
    }

    /// Width and height in CSS pixels.
    #[must_use]
    pub fn size(&self) -> (f64, f64) {
        (self.width, self.height)
    }

    /// All of it.
    #[must_use]
    pub fn area(&self) -> Area {
        Area { left: 0.0, top: 0.0, width: self.width, height: self.height }
    }

    /// Width in CSS pixels.
    #[must_use]
    pub fn width(&self) -> f64 {
        self.width
    }

    /// Height in CSS pixels.
    #[must_use]
    pub fn height(&self) -> f64 {
        self.height
    }

    /// Device pixels a CSS pixel.
    #[must_use]
    pub fn pixel_ratio(&self) -> f64 {
        self.pixel_ratio
    }

    /// Makes a picture as large as the canvas, in device pixels.
    pub fn fit(&self, raster: &mut Raster) {
        let pixels = |length: f64| libm::round(length * self.pixel_ratio) as usize;
        raster.resize(pixels(self.width), pixels(self.height));
    }

    /// Covers the canvas with a picture; lines and text that follow are in CSS pixels.
    ///
    /// # Errors
    /// The browser's, where it is out of memory.
    pub fn cover(&self, raster: &Raster) -> Result<(), JsValue> {
        let image = ImageData::new_with_u8_clamped_array(Clamped(raster.bytes()), raster.width() as u32)?;
        self.context.put_image_data(&image, 0.0, 0.0)?;
        self.context.set_transform(self.pixel_ratio, 0.0, 0.0, self.pixel_ratio, 0.0, 0.0)?;
        self.context.set_line_join("round");
        self.context.set_line_cap("round");
        self.context.set_font(FONT);
        Ok(())
    }

    /// Strokes what `path` traces; `dash` is empty for a solid line.
    pub fn stroke(&self, color: &str, width: f64, dash: &[f64], path: impl Fn(&OffscreenCanvasRenderingContext2d)) {
        let pattern: Array = dash.iter().map(|&length| JsValue::from_f64(length)).collect();
        // Only numbers that are not finite are refused, and the patterns are ours.
        let _ = self.context.set_line_dash(&pattern);
        self.context.set_stroke_style_str(color);
        self.context.set_line_width(width);
        self.context.begin_path();
        path(&self.context);
        self.context.stroke();
    }

    /// Strokes with a halo of the page's colour, so that the line stays apart from what is under it.
    pub fn stroke_with_halo(
        &self,
        color: &str,
        width: f64,
        dash: &[f64],
        path: impl Fn(&OffscreenCanvasRenderingContext2d),
    ) {
        self.stroke(&self.theme.page.css(0.75), width + 2.5, &[], &path);
        self.stroke(color, width, dash, path);
    }

    /// Fills what `path` traces.
    pub fn fill(&self, color: &str, path: impl Fn(&OffscreenCanvasRenderingContext2d)) {
        self.context.set_fill_style_str(color);
        self.context.begin_path();
        path(&self.context);
        self.context.fill();
    }

    /// A dot with a ring in the page's colour.
    pub fn dot(&self, x: f64, y: f64, radius: f64, color: Rgb) {
        self.fill(&self.theme.page.css(1.0), |context| circle(context, x, y, radius + 2.0));
        self.fill(&color.css(1.0), |context| circle(context, x, y, radius));
    }

    /// Draws with everything outside of an area cut off.
    pub fn within(&self, area: Area, draw: impl FnOnce()) {
        self.context.save();
        self.context.begin_path();
        self.context.rect(area.left, area.top, area.width, area.height);
        self.context.clip();
        draw();
        self.context.restore();
    }

    /// How wide a line of text of 11 px is, in CSS pixels.
    #[must_use]
    pub fn width_of(&self, line: &[Words]) -> f64 {
        let width = |words: &Words| {
            self.context.set_font(if words.bold { BOLD_FONT } else { FONT });
            self.context.measure_text(&words.text).map_or(0.0, |measured| measured.width())
        };
        let width = line.iter().map(width).sum();
        self.context.set_font(FONT);
        width
    }

    /// A line of text of 11 px in several pieces, from `x` to the right, its vertical middle at `y`.
    pub fn words(&self, line: &[Words], x: f64, y: f64) {
        let mut x = x;
        for words in line {
            let width = self.width_of(std::slice::from_ref(words));
            self.context.set_font(if words.bold { BOLD_FONT } else { FONT });
            self.text(&words.text, x, y, Align::Left, words.color);
            x += width;
        }
        self.context.set_font(FONT);
    }

    /// Text of 11 px that runs upwards from a place, its middle there.
    pub fn upright(&self, text: &str, x: f64, y: f64, color: Rgb) {
        self.context.save();
        // Fails for no finite numbers.
        let _ = self.context.translate(x, y);
        let _ = self.context.rotate(-0.25 * TAU);
        self.text(text, 0.0, 0.0, Align::Centre, color);
        self.context.restore();
    }

    /// Text of 15 px, its vertical middle at `y`.
    pub fn heading(&self, text: &str, x: f64, y: f64, align: Align, color: Rgb) {
        self.context.set_font(HEADING_FONT);
        self.text(text, x, y, align, color);
        self.context.set_font(FONT);
    }

    /// Text of 11 px with a halo, its vertical middle at `y`.
    pub fn text(&self, text: &str, x: f64, y: f64, align: Align, color: Rgb) {
        self.context.set_text_baseline("middle");
        self.context.set_text_align(match align {
            Align::Left => "left",
            Align::Centre => "center",
            Align::Right => "right",
        });
        let _ = self.context.set_line_dash(&Array::new());
        self.context.set_line_width(3.0);
        self.context.set_stroke_style_str(&self.theme.page.css(1.0));
        // Drawing text fails for no finite place.
        let _ = self.context.stroke_text(text, x, y);
        self.context.set_fill_style_str(&color.css(1.0));
        let _ = self.context.fill_text(text, x, y);
    }
}

/// Traces a circle.
pub fn circle(context: &OffscreenCanvasRenderingContext2d, x: f64, y: f64, radius: f64) {
    context.move_to(x + radius, y);
    // Fails for negative radii only.
    let _ = context.arc(x, y, radius, 0.0, TAU);
}

/// Traces lines through points.
pub fn polyline(context: &OffscreenCanvasRenderingContext2d, points: impl Iterator<Item = (f64, f64)>) {
    for (index, (x, y)) in points.enumerate() {
        if index == 0 {
            context.move_to(x, y);
        } else {
            context.line_to(x, y);
        }
    }
}
