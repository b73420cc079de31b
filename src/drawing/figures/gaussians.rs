//! Learned Gaussians, glowing in their colours with contours at several levels, and the true ones, dashed in the colours of those
//! that they were found as.

use std::collections::BTreeMap;

use super::kernel::{Kernel, glow};
use super::{Pane, TrueOne};
use crate::drawing::canvas::{Canvas, Words, polyline};
use crate::drawing::color::{Oklab, Rgb};
use crate::drawing::ellipse::Ellipse;
use crate::drawing::frame::Frame;
use crate::drawing::labels::Placer;
use crate::drawing::plane::{self, Field};
use crate::drawing::raster::Raster;
use crate::drawing::scale::label;
use crate::drawing::trail::Trail;
use crate::experiment::{Component, ComponentStatus};
use crate::fitting::RecoveryStatus;

/// The standard deviations at which contours are drawn.
const LEVELS: [f64; 5] = [0.5, 1.0, 1.5, 2.0, 2.5];
/// How opaque the innermost contour is, and the outermost.
const OPACITY: (f64, f64) = (1.0, 0.28);
/// Dashes of what is true.
pub const TRUE_DASH: &[f64] = &[4.0, 4.0];
/// From a centre to its label, in CSS pixels.
const TO_LABEL: f64 = 11.0;
/// Labels stay off so much about a centre.
const CENTRE: f64 = 6.0;
/// How high a label is.
pub const LABEL_HEIGHT: f64 = 15.0;
/// What labels keep clear of at the edges of the figure: the axes.
const LABEL_INSETS: [f64; 4] = [40.0, 22.0, 4.0, 34.0];
/// CSS pixels between the places where the glow of a small figure is worked out.
const SMALL_STEP: f64 = 4.0;

/// Paints the glow, of which `highest` is about the highest value.
pub fn paint(raster: &mut Raster, canvas: &Canvas, pane: &Pane, components: &[Component], highest: f64) {
    let theme = &canvas.theme;
    let color = |k: usize, one: &Component| if is_off(one) { theme.off } else { theme.component(k) };
    let kernels: Vec<(Kernel, Oklab)> =
        components.iter().enumerate().map(|(k, one)| (one.into(), color(k, one).into())).collect();
    let (width, height) = pane.area.size();
    let field = if pane.large { Field::new(width, height) } else { Field::of_step(width, height, SMALL_STEP) };
    let (columns, rows) = field.places(pane.area, &pane.x, &pane.y);
    let page = Oklab::from(theme.page);
    let places = rows.iter().flat_map(|&y| columns.iter().map(move |&x| (x, y)));
    let colors: Vec<[u8; 3]> = places.map(|place| glow(&kernels, place, highest, page).0).collect();
    let region = raster.region(pane.area, canvas.pixel_ratio());
    raster.paint_colors(region, &colors, field.shape());
}

fn is_off(component: &Component) -> bool {
    component.status == ComponentStatus::Off
}

/// What the drawing of the Gaussians needs between frames.
#[derive(Default)]
pub struct Gaussians {
    /// On which side of its anchor each label stood: of components, and of true ones.
    sides: BTreeMap<Named, usize>,
}

/// What a label names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Named {
    /// A component, counted from 0.
    Component(usize),
    /// A true Gaussian, counted from 0.
    True(usize),
}

/// A label before it has its place.
pub struct Label {
    /// What it names.
    pub named: Named,
    /// Labels of more importance are placed first.
    pub importance: f64,
    /// What it says.
    pub line: Vec<Words>,
}

impl Gaussians {
    /// Draws contours, paths, centres, what is true, and labels; a small figure has contours only.
    pub fn draw(
        &mut self,
        canvas: &Canvas,
        pane: &Pane,
        frame: &Frame<'_>,
        (components, truth): (&[Component], &[TrueOne]),
        trail: &Trail,
    ) {
        let shown: &[TrueOne] = if frame.layers.truth { truth } else { &[] };
        if frame.layers.ellipses {
            draw_contours(canvas, pane, components);
        }
        draw_truth(canvas, pane, shown);
        if pane.large {
            let layers = crate::settings::Layers { ellipses: false, ..frame.layers };
            plane::draw_components(canvas, components, &[], trail, &Frame { layers, ..*frame }, (&pane.x, &pane.y));
            draw_crosses(canvas, pane, shown);
            self.draw_labels(canvas, pane, components, shown);
        }
    }

    fn draw_labels(&mut self, canvas: &Canvas, pane: &Pane, components: &[Component], truth: &[TrueOne]) {
        let mut placer = Placer::new(pane.area.less(LABEL_INSETS));
        let learned = components.iter().filter(|one| !is_off(one)).map(|one| &one.mean);
        for centre in learned.chain(truth.iter().map(|one| &one.component.mean)) {
            placer.mark(pane.pixel(centre), CENTRE);
        }
        let anchor = |named: Named| match named {
            Named::Component(k) => pane.pixel(&components[k].mean),
            Named::True(number) => pane.pixel(&truth[number].component.mean),
        };
        self.place(canvas, &mut placer, labels(canvas, components, truth), TO_LABEL, anchor);
    }

    /// Draws labels beside their anchors, as far as there is room for them.
    pub fn place(
        &mut self,
        canvas: &Canvas,
        placer: &mut Placer,
        mut labels: Vec<Label>,
        gap: f64,
        anchor: impl Fn(Named) -> (f64, f64),
    ) {
        labels.sort_by(|a, b| b.importance.total_cmp(&a.importance));
        let former = std::mem::take(&mut self.sides);
        for one in labels {
            let size = (canvas.width_of(&one.line), LABEL_HEIGHT);
            let before = former.get(&one.named).copied();
            if let Some((area, side)) = placer.place(anchor(one.named), gap, size, before) {
                canvas.words(&one.line, area.left, area.top + 0.5 * LABEL_HEIGHT);
                self.sides.insert(one.named, side);
            }
        }
    }
}

fn draw_contours(canvas: &Canvas, pane: &Pane, components: &[Component]) {
    let theme = &canvas.theme;
    // Those that matter are drawn over those that do not.
    let (off, on): (Vec<usize>, Vec<usize>) = (0..components.len()).partition(|&k| is_off(&components[k]));
    for k in off {
        let ellipse = Ellipse::new(&components[k], &pane.x, &pane.y);
        if components[k].weight != 0.0 {
            let width = if pane.large { 1.0 } else { 0.75 };
            canvas.stroke(&theme.off.css(0.75), width, &[], |context| plane::trace(context, &ellipse, 1.0));
        }
    }
    for k in on {
        let ellipse = Ellipse::new(&components[k], &pane.x, &pane.y);
        let color = theme.component(k);
        if !pane.large {
            canvas.stroke(&color.css(1.0), 1.0, &[], |context| plane::trace(context, &ellipse, 1.0));
            continue;
        }
        for (level, opacity) in LEVELS.into_iter().zip(opacities()) {
            let width = if level <= 1.0 { 1.75 } else { 1.4 };
            let trace = |context: &web_sys::OffscreenCanvasRenderingContext2d| plane::trace(context, &ellipse, level);
            if theme.needs_outline(k) {
                canvas.stroke(&theme.ink.css(0.55 * opacity), width + 1.25, &[], trace);
            }
            canvas.stroke(&color.css(opacity), width, plane::dash(k), trace);
        }
    }
}

/// How opaque each contour is, the innermost first.
fn opacities() -> impl Iterator<Item = f64> {
    let last = (LEVELS.len() - 1) as f64;
    (0..LEVELS.len()).map(move |index| OPACITY.0 + (OPACITY.1 - OPACITY.0) * index as f64 / last)
}

/// The colour of a true Gaussian: that of what it was found as, with as much ink in it, so that its dashes are seen.
#[must_use]
pub fn true_color(canvas: &Canvas, one: &TrueOne) -> Rgb {
    canvas.theme.inked(one.recovered.color)
}

fn draw_truth(canvas: &Canvas, pane: &Pane, truth: &[TrueOne]) {
    for one in truth {
        let ellipse = Ellipse::new(&one.component, &pane.x, &pane.y);
        let color = true_color(canvas, one).css(1.0);
        let (levels, width, dash): (&[f64], f64, &[f64]) =
            if pane.large { (&[1.0, 2.0], 1.5, TRUE_DASH) } else { (&[1.0], 0.9, &[2.0, 2.0]) };
        for &level in levels {
            canvas.stroke(&color, width, dash, |context| plane::trace(context, &ellipse, level));
        }
    }
}

/// Crosses at the true centres.
pub fn draw_crosses(canvas: &Canvas, pane: &Pane, truth: &[TrueOne]) {
    for one in truth {
        let (x, y) = pane.pixel(&one.component.mean);
        let color = true_color(canvas, one).css(1.0);
        canvas.stroke_with_halo(&color, 1.75, &[], |context| plane::cross(context, x, y, 5.0));
    }
}

/// Dots at the centres of those that are not negligible.
pub fn draw_centres(canvas: &Canvas, pane: &Pane, components: &[Component]) {
    for (k, one) in components.iter().enumerate().filter(|(_, one)| !is_off(one)) {
        let (x, y) = pane.pixel(&one.mean);
        canvas.dot(x, y, 3.5, canvas.theme.component(k));
    }
}

/// The labels: amplitudes at learned ones, with the true amplitude where one was found, and a word at those that were not.
#[must_use]
pub fn labels(canvas: &Canvas, components: &[Component], truth: &[TrueOne]) -> Vec<Label> {
    let theme = &canvas.theme;
    let amplitudes = components.iter().chain(truth.iter().map(|one| &one.component)).map(|one| one.weight.abs());
    let step = digits(amplitudes.filter(|size| size.is_finite()).fold(0.0, f64::max));
    let words = |text: String, bold: bool, color: Rgb| Words { text, bold, color };
    let mut found_as = vec![None; components.len()];
    let mut labels = Vec::new();
    for (number, one) in truth.iter().enumerate() {
        let recovered = &one.recovered;
        let of = format!(" of {}", label(recovered.true_amplitude, step));
        let color = true_color(canvas, one);
        let line = match recovered.status {
            RecoveryStatus::Found => {
                if let Some(place) = recovered.components.first().and_then(|&k| found_as.get_mut(k)) {
                    *place = Some(of);
                }
                continue;
            }
            RecoveryStatus::Split => vec![
                words(format!("split in {}", recovered.components.len()), true, color),
                words(format!(" {}{of}", label(recovered.amplitude, step)), false, theme.quiet),
            ],
            RecoveryStatus::Missed => vec![
                words("missed".to_owned(), true, color),
                words(format!(" amplitude {}", label(recovered.true_amplitude, step)), false, theme.quiet),
            ],
        };
        labels.push(Label { named: Named::True(number), importance: 2.0 * recovered.true_amplitude.abs(), line });
    }
    for (k, (one, of)) in components.iter().zip(found_as).enumerate().filter(|(_, (one, _))| !is_off(one)) {
        let mut line = vec![words(label(one.weight, step), true, theme.ink)];
        // A true one is news; the amplitude of one among many is not.
        let importance = if of.is_some() { 3.0 } else { 1.0 } * one.weight.abs();
        line.extend(of.map(|of| words(of, false, theme.quiet)));
        labels.push(Label { named: Named::Component(k), importance, line });
    }
    labels
}

/// The step of numbers that are to have three digits where they are so large.
fn digits(largest: f64) -> f64 {
    let power = libm::floor(libm::log10(largest.max(1e-9)));
    libm::pow(10.0, (power - 2.0).min(0.0))
}

/// Marks the corners of the domain.
pub fn draw_corners(canvas: &Canvas, pane: &Pane, across: (f64, f64), up: (f64, f64)) {
    const ARM: f64 = 10.0;
    for (cx, dx) in [(pane.x.pixel(across.0), ARM), (pane.x.pixel(across.1), -ARM)] {
        for (cy, dy) in [(pane.y.pixel(up.0), -ARM), (pane.y.pixel(up.1), ARM)] {
            canvas.stroke(&canvas.theme.line.css(1.0), 1.0, &[], |context| {
                polyline(context, [(cx + dx, cy), (cx, cy), (cx, cy + dy)].into_iter());
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contours_fade_outwards() {
        let opacities: Vec<f64> = opacities().collect();
        assert_eq!((opacities[0], opacities.len()), (1.0, LEVELS.len()));
        assert!((opacities[4] - 0.28).abs() < 1e-12 && opacities.is_sorted_by(|a, b| a > b), "{opacities:?}");
    }

    #[test]
    fn amplitudes_have_three_digits() {
        let text = |value: f64| label(value, digits(value));
        assert_eq!([4.309, 35.24, 0.1234, 12_345.6].map(text), ["4.31", "35.2", "0.123", "12,346"]);
    }
}
