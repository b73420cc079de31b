//! The figures of a sum of Gaussians: each large, or small in the strip beside the large one; and what is true over a mixture.

pub mod centres;
pub mod color_bar;
pub mod curves;
pub mod gaussians;
pub mod heat_map;
pub mod kernel;
pub mod layout;
pub mod loss;
pub mod true_gaussians;

use super::area::Area;
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
