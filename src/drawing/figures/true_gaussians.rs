//! The Gaussians that points were drawn from, dashed over a mixture in the colours of those that they were found as.

use std::collections::BTreeMap;

use super::gaussians::{LABEL_HEIGHT, TRUE_DASH, true_color};
use super::{Pane, TrueOne};
use crate::drawing::canvas::{Canvas, Words};
use crate::drawing::ellipse::Ellipse;
use crate::drawing::labels::Placer;
use crate::drawing::plane;
use crate::experiment::Component;
use crate::fitting::RecoveryStatus;

/// From a centre to its word, in CSS pixels.
const TO_WORD: f64 = 11.0;
/// Words stay off so much about a centre.
const CENTRE: f64 = 7.0;
/// What words keep clear of at the edges: the axes.
const WORD_INSETS: [f64; 4] = [40.0, 22.0, 4.0, 34.0];

/// What their drawing needs between frames.
#[derive(Default)]
pub struct TrueGaussians {
    /// On which side of its centre each word stood.
    sides: BTreeMap<usize, usize>,
}

impl TrueGaussians {
    /// Draws ellipses at one and two standard deviations; those that no component is have a cross at the centre, and a word.
    pub fn draw(&mut self, canvas: &Canvas, pane: &Pane, truth: &[TrueOne], components: &[Component]) {
        for one in truth {
            let ellipse = Ellipse::new(&one.component, &pane.x, &pane.y);
            let color = true_color(canvas, one).css(1.0);
            for (deviations, width) in [(2.0, 1.25), (1.0, 1.5)] {
                canvas.stroke(&color, width, TRUE_DASH, |context| plane::trace(context, &ellipse, deviations));
            }
            // That of one that was found has a component's centre on it, which is to be taken hold of.
            if one.recovered.status == RecoveryStatus::Found {
                continue;
            }
            let (x, y) = pane.pixel(&one.component.mean);
            canvas.stroke_with_halo(&color, 1.5, &[], |context| plane::cross(context, x, y, 4.0));
        }
        self.draw_words(canvas, pane, truth, components);
    }

    fn draw_words(&mut self, canvas: &Canvas, pane: &Pane, truth: &[TrueOne], components: &[Component]) {
        let mut placer = Placer::new(pane.area.less(WORD_INSETS));
        for mean in components.iter().chain(truth.iter().map(|one| &one.component)).map(|one| &one.mean) {
            placer.mark(pane.pixel(mean), CENTRE);
        }
        let former = std::mem::take(&mut self.sides);
        for (number, one) in truth.iter().enumerate() {
            let text = match one.recovered.status {
                RecoveryStatus::Found => continue,
                RecoveryStatus::Split => format!("split in {}", one.recovered.components.len()),
                RecoveryStatus::Missed => "missed".to_owned(),
            };
            let line = [Words { text, bold: true, color: true_color(canvas, one) }];
            let size = (canvas.width_of(&line), LABEL_HEIGHT);
            let before = former.get(&number).copied();
            if let Some((area, side)) = placer.place(pane.pixel(&one.component.mean), TO_WORD, size, before) {
                canvas.words(&line, area.left, area.top + 0.5 * LABEL_HEIGHT);
                self.sides.insert(number, side);
            }
        }
    }
}
