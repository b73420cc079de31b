//! Densities over a line: an axis below, curves above it.

use crate::drawing::area::Area;
use crate::drawing::axes::snapped;
use crate::drawing::canvas::{Align, Canvas, polyline};
use crate::drawing::color::Rgb;
use crate::drawing::plane::dash;
use crate::drawing::scale::Scale;

/// CSS pixels between the places of a curve.
const STEP: f64 = 1.0;
/// Room for numerals below the axis of a large plot, and above its curves.
const BELOW: f64 = 18.0;
const ABOVE: f64 = 22.0;

/// A density to be drawn.
pub struct Density<'a> {
    /// Its height at a place.
    pub height: Box<dyn Fn(f64) -> f64 + 'a>,
    /// Where it is highest, which may lie between two pixels.
    pub mode: f64,
    /// The component that it is of; `None` for a prior.
    pub component: Option<usize>,
}

/// Draws densities over a common axis, priors behind; a large plot has numerals, a title and a number at each peak.
pub fn draw(canvas: &Canvas, area: Area, (low, high): (f64, f64), densities: &[Density<'_>], large: Option<&str>) {
    let theme = &canvas.theme;
    let plot = area.less(if large.is_some() { [0.0, ABOVE, 0.0, BELOW] } else { [0.0, 2.0, 0.0, 2.0] });
    let x = Scale::new((low, high), (plot.left, plot.right()));
    let count = libm::ceil(plot.width / STEP) as usize;
    let trace = |density: &Density<'_>| -> Vec<(f64, f64)> {
        let even = (0..=count).map(|i| x.value(plot.left + i as f64 * STEP));
        let mut places: Vec<f64> = even.chain(Some(density.mode).filter(|mode| (low..=high).contains(mode))).collect();
        places.sort_by(f64::total_cmp);
        places.into_iter().map(|place| (place, (density.height)(place))).filter(|place| place.1.is_finite()).collect()
    };
    let curves: Vec<Vec<(f64, f64)>> = densities.iter().map(trace).collect();
    // What is learned sets the scale; a prior that is much higher is cut off.
    let highest_of = |learned: bool| {
        let chosen = curves.iter().zip(densities).filter(|(_, density)| density.component.is_some() == learned);
        chosen.flat_map(|(curve, _)| curve).map(|place| place.1).fold(0.0, f64::max)
    };
    let (learned, known) = (highest_of(true), highest_of(false));
    let highest = if learned > 0.0 { learned.max(known.min(1.5 * learned)) } else { known };
    let y = Scale::new((0.0, 1.04 * highest.max(f64::MIN_POSITIVE)), (plot.bottom(), plot.top));
    canvas.stroke(&theme.line.css(1.0), 1.0, &[], |context| {
        polyline(context, [(plot.left, snapped(plot.bottom())), (plot.right(), snapped(plot.bottom()))].into_iter());
    });
    canvas.within(Area { height: plot.height + 1.0, ..plot }, || {
        for learned in [false, true] {
            for (curve, density) in curves.iter().zip(densities) {
                if density.component.is_some() != learned {
                    continue;
                }
                let path: Vec<(f64, f64)> =
                    curve.iter().map(|&(place, value)| (x.pixel(place), y.pixel(value))).collect();
                draw_curve(canvas, &path, plot.bottom(), density.component, large.is_some());
            }
        }
    });
    let Some(title) = large else { return };
    for (value, label) in x.ticks(x.range(), 60.0) {
        let pixel = x.pixel(value);
        canvas.stroke(&theme.line.css(1.0), 1.0, &[], |context| {
            polyline(context, [(snapped(pixel), plot.bottom()), (snapped(pixel), plot.bottom() + 4.0)].into_iter());
        });
        let place = pixel.clamp(plot.left + 12.0, plot.right() - 12.0);
        canvas.text(&label, place, plot.bottom() + 11.0, Align::Centre, theme.quiet);
    }
    canvas.text(title, plot.right(), area.top + 7.0, Align::Right, theme.quiet);
    let mut taken: Vec<f64> = Vec::new();
    for (density, curve) in densities.iter().zip(&curves) {
        let Some(k) = density.component else { continue };
        let Some(top) = curve.iter().max_by(|a, b| a.1.total_cmp(&b.1)) else { continue };
        let (px, py) = (x.pixel(top.0), y.pixel(top.1));
        // Numbers of peaks that coincide stand beside one another.
        let shift = 10.0 * taken.iter().filter(|other| (*other - px).abs() < 9.0).count() as f64;
        taken.push(px);
        canvas.text(&format!("{}", k + 1), px + shift, py - 9.0, Align::Centre, theme.ink);
    }
}

fn draw_curve(canvas: &Canvas, path: &[(f64, f64)], base: f64, component: Option<usize>, large: bool) {
    let theme = &canvas.theme;
    let Some((first, last)) = path.first().zip(path.last()) else { return };
    let ends = [(last.0, base), (first.0, base)];
    let color: Rgb = component.map_or(theme.off, |k| theme.component(k));
    let opacity = if component.is_some() { 0.13 } else { 0.16 };
    canvas.fill(&color.css(opacity), |context| polyline(context, path.iter().copied().chain(ends)));
    let line = |color: &str, width: f64, pattern: &[f64]| {
        // Where a curve has all but vanished, its line would only underline the axis.
        canvas.stroke(color, width, pattern, |context| {
            for run in path.split(|place| base - place.1 < 0.4) {
                polyline(context, run.iter().copied());
            }
        });
    };
    match component {
        Some(k) => {
            if theme.needs_outline(k) {
                line(&theme.ink.css(0.55), if large { 3.25 } else { 2.25 }, &[]);
            }
            line(&color.css(1.0), if large { 2.0 } else { 1.25 }, dash(k));
        }
        None => line(&color.css(0.9), 1.0, &[]),
    }
}
