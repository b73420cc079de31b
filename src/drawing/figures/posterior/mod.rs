//! The figures of a Bayesian mixture: what is known of its means, standard deviations and weights, and the bound.

pub mod bound;
pub mod density;
pub mod factors;
pub mod means;
mod plot;
pub mod samples;

use super::super::area::Area;
use super::super::canvas::{Canvas, Words};

/// A figure's name and what it shows, above it where it is large.
pub fn draw_title(canvas: &Canvas, name: &str, words: &str) {
    let line = [
        Words { text: name.to_owned(), bold: true, color: canvas.theme.ink },
        Words { text: format!("  {words}"), bold: false, color: canvas.theme.quiet },
    ];
    canvas.words(&line, 12.0, 16.0);
}

/// What a large figure leaves to its title and to what lies over the canvas, and a small one to its edge.
fn inner(area: Area, large: bool) -> Area {
    if large { area.less([12.0, 44.0, 12.0, 12.0]) } else { area.less([3.0, 3.0, 3.0, 3.0]) }
}
