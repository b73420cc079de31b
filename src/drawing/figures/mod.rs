//! The figures of a sum of Gaussians and of a Bayesian mixture: each large, or small in the strip beside the large one; and what
//! is true over a mixture.

pub mod centres;
pub mod color_bar;
pub mod contours;
pub mod curves;
pub mod gaussians;
pub mod heat_map;
pub mod kernel;
pub mod layout;
pub mod loss;
pub mod posterior;
pub mod true_gaussians;

use super::area::Area;
use super::axes::snapped;
use super::canvas::{Align, Canvas, Words, polyline};
use super::scale::Scale;

/// Where a figure over the plane is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pane {
    /// On the canvas, in CSS pixels.
    pub area: Area,
    /// Along the first input.
    pub x: Scale,
    /// Along the second input, upwards.
    pub y: Scale,
    /// Whether it is the large figure.
    pub large: bool,
}

impl Pane {
    /// A small figure of these ranges of the inputs.
    #[must_use]
    pub fn small(area: Area, across: (f64, f64), up: (f64, f64)) -> Self {
        let (x, y) = (Scale::new(across, (area.left, area.right())), Scale::new(up, (area.bottom(), area.top)));
        Self { area, x, y, large: false }
    }

    /// Where a place in the units of the data is, in CSS pixels.
    #[must_use]
    pub fn pixel(&self, place: &[f64]) -> (f64, f64) {
        (self.x.pixel(place[0]), self.y.pixel(place[1]))
    }
}

/// A fine line around a small figure.
pub fn outline(canvas: &Canvas, area: Area) {
    canvas.stroke(&canvas.theme.line.css(0.6), 1.0, &[], |context| {
        let (left, top) = (snapped(area.left), snapped(area.top));
        let (right, bottom) = (snapped(area.right()) - 1.0, snapped(area.bottom()) - 1.0);
        polyline(context, [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)].into_iter());
    });
}

/// Writes what a small figure is called above it, so high: the long name where there is room for it, else the short one.
pub fn draw_caption(canvas: &Canvas, area: Area, height: f64, (long, short): (&str, &str)) {
    let words = [Words { text: long.to_owned(), bold: false, color: canvas.theme.quiet }];
    let name = if canvas.width_of(&words) <= area.width { long } else { short };
    canvas.text(name, area.left, area.top - 0.5 * height, Align::Left, canvas.theme.quiet);
}

/// A true Gaussian as figures show it.
#[derive(Clone, Debug, PartialEq)]
pub struct TrueOne {
    /// Its parameters.
    pub component: crate::experiment::Component,
    /// What a fit has made of it.
    pub recovered: crate::fitting::Recovered,
}

impl TrueOne {
    /// True Gaussians with what a fit has made of each, as far as that is told.
    #[must_use]
    pub fn all(truth: &[crate::experiment::Component], recovered: &[crate::fitting::Recovered]) -> Vec<Self> {
        let pair = |(one, recovered): (&crate::experiment::Component, &crate::fitting::Recovered)| Self {
            component: one.clone(),
            recovered: recovered.clone(),
        };
        truth.iter().zip(recovered).map(pair).collect()
    }
}
