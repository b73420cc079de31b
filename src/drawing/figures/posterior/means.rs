//! The joint posterior of each mean: a panel a component, each about its own place and magnified as much as that takes, with a bar
//! that says how much.

use super::inner;
use crate::drawing::area::Area;
use crate::drawing::axes::snapped;
use crate::drawing::canvas::{Align, Canvas, Words, circle, polyline};
use crate::drawing::ellipse::Ellipse;
use crate::drawing::plane;
use crate::drawing::scale::{Scale, label, round_step};
use crate::experiment::{Component, ComponentStatus};
use crate::models::bayesian_mixture::Posterior;

/// Half a panel shows so many standard deviations.
const REACH: f64 = 3.4;
/// Contours at so many.
const LEVELS: [f64; 5] = [2.5, 2.0, 1.5, 1.0, 0.5];
/// A panel's caption, in CSS pixels.
const CAPTION: f64 = 18.0;

/// Columns and rows for so many panels in an area, so that they are as large as can be.
fn grid(count: usize, (width, height): (f64, f64)) -> (usize, usize) {
    let side = |columns: usize| {
        let rows = count.div_ceil(columns);
        (width / columns as f64).min(height / rows as f64)
    };
    let columns = (1..=count.max(1)).max_by(|&a, &b| side(a).total_cmp(&side(b)).then(b.cmp(&a))).unwrap_or(1);
    (columns, count.div_ceil(columns))
}

/// Draws a panel for each component.
pub fn draw(canvas: &Canvas, area: Area, posterior: &Posterior, large: bool) {
    let whole = inner(area, large);
    let (columns, rows) = grid(posterior.components(), whole.size());
    let gap = if large { 12.0 } else { 2.0 };
    let width = (whole.width - gap * (columns - 1) as f64) / columns as f64;
    let height = (whole.height - gap * (rows - 1) as f64) / rows as f64;
    for k in 0..posterior.components() {
        let (column, row) = ((k % columns) as f64, (k / columns) as f64);
        let panel =
            Area { left: whole.left + column * (width + gap), top: whole.top + row * (height + gap), width, height };
        draw_panel(canvas, panel, posterior, k, large);
    }
}

/// How a mean and its spread are written: `1.994 ± 0.033`.
fn written(mean: f64, spread: f64) -> String {
    let step = libm::pow(10.0, libm::floor(libm::log10(spread.max(1e-12))) - 1.0);
    format!("{} ± {}", label(mean, step), label(spread, step))
}

fn draw_panel(canvas: &Canvas, panel: Area, posterior: &Posterior, k: usize, large: bool) {
    let theme = &canvas.theme;
    let dimension = posterior.dimension();
    let at = |d: usize| (posterior.locs[k * dimension + d], posterior.scales[k * dimension + d]);
    let plot = if large { panel.less([0.0, CAPTION * dimension.min(2) as f64, 0.0, 0.0]) } else { panel };
    let (spread, (middle_x, middle_y)) = match dimension {
        1 => (at(0).1, (at(0).0, 0.0)),
        _ => (at(0).1.max(at(1).1), (at(0).0, at(1).0)),
    };
    let half = 0.5 * plot.width.min(plot.height);
    let unit = REACH * spread / half;
    let centre = (plot.left + 0.5 * plot.width, plot.top + 0.5 * plot.height);
    let x =
        Scale::new((middle_x - unit * 0.5 * plot.width, middle_x + unit * 0.5 * plot.width), (plot.left, plot.right()));
    let color = theme.component(k);
    if large {
        canvas.fill(&theme.density[16].css(1.0), |context| context.rect(plot.left, plot.top, plot.width, plot.height));
    }
    canvas.within(plot, || {
        if dimension == 1 {
            draw_bell(canvas, plot, &x, at(0), k);
            return;
        }
        let y = Scale::new(
            (middle_y - unit * 0.5 * plot.height, middle_y + unit * 0.5 * plot.height),
            (plot.bottom(), plot.top),
        );
        let covariance = vec![at(0).1 * at(0).1, 0.0, 0.0, at(1).1 * at(1).1];
        let mean = vec![middle_x, middle_y];
        let status = ComponentStatus::Active;
        let ellipse = Ellipse::new(&Component { weight: 1.0, mean, covariance, status }, &x, &y);
        for level in LEVELS {
            canvas.fill(&color.css(0.14), |context| plane::trace(context, &ellipse, level));
            if large {
                let width = if (level - 1.0).abs() < 1e-9 { 2.0 } else { 1.0 };
                canvas.stroke(&color.css(0.9), width, &[], |context| plane::trace(context, &ellipse, level));
            }
        }
        if theme.needs_outline(k) {
            canvas.stroke(&theme.ink.css(0.55), 1.0, &[], |context| plane::trace(context, &ellipse, 1.0));
        }
        canvas.fill(&color.css(1.0), |context| circle(context, centre.0, centre.1, if large { 3.0 } else { 1.5 }));
    });
    if large {
        draw_words(canvas, panel, plot, (&x, spread), k, &(0..dimension.min(2)).map(at).collect::<Vec<_>>());
    }
}

/// The posterior of a mean on a line.
fn draw_bell(canvas: &Canvas, plot: Area, x: &Scale, (mean, spread): (f64, f64), k: usize) {
    let color = canvas.theme.component(k);
    let base = plot.bottom() - 0.08 * plot.height;
    let path: Vec<(f64, f64)> = (0..=libm::ceil(plot.width) as usize)
        .map(|i| {
            let px = plot.left + i as f64;
            let away = (x.value(px) - mean) / spread;
            (px, base - 0.8 * plot.height * libm::exp(-0.5 * away * away))
        })
        .collect();
    let ends = [(plot.right(), base), (plot.left, base)];
    canvas.fill(&color.css(0.2), |context| polyline(context, path.iter().copied().chain(ends)));
    canvas.stroke(&color.css(1.0), 1.75, &[], |context| polyline(context, path.iter().copied()));
}

/// The component's number with its mean and spread along each axis, and a bar of a round length.
fn draw_words(canvas: &Canvas, panel: Area, plot: Area, (x, spread): (&Scale, f64), k: usize, axes: &[(f64, f64)]) {
    let theme = &canvas.theme;
    canvas.fill(&theme.component(k).css(1.0), |context| circle(context, panel.left + 5.0, panel.top + 8.0, 4.0));
    for (row, &(mean, spread)) in axes.iter().enumerate() {
        let text = written(mean, spread);
        let number = if row == 0 { format!("{}  ", k + 1) } else { String::new() };
        let line =
            [Words { text: number, bold: true, color: theme.ink }, Words { text, bold: false, color: theme.quiet }];
        let left = panel.left + if row == 0 { 14.0 } else { 26.0 };
        canvas.words(&line, left, panel.top + 8.0 + row as f64 * (CAPTION - 2.0));
    }
    let length = round_step(spread);
    let pixels = length * x.pixels_per_unit();
    if pixels > 0.6 * plot.width {
        return;
    }
    let (left, level) = (plot.left + 10.0, snapped(plot.bottom() - 10.0));
    canvas.stroke_with_halo(&theme.ink.css(1.0), 1.5, &[], |context| {
        polyline(context, [(left, level), (left + pixels, level)].into_iter());
    });
    canvas.text(&label(length, length), left, level - 10.0, Align::Left, theme.ink);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panels_fill_what_room_there_is() {
        assert_eq!(grid(3, (640.0, 560.0)), (2, 2));
        assert_eq!(grid(1, (640.0, 560.0)), (1, 1));
        assert_eq!(grid(3, (900.0, 200.0)), (3, 1));
        assert_eq!(grid(3, (100.0, 400.0)), (1, 3));
        for count in 1..=16 {
            let (columns, rows) = grid(count, (104.0, 104.0));
            assert!(columns * rows >= count && columns * (rows - 1) < count);
        }
    }

    #[test]
    fn a_mean_has_the_digits_that_its_spread_allows() {
        assert_eq!(written(1.99406, 0.03294), "1.994 ± 0.033");
        assert_eq!(written(-2.0, 0.5), "−2.00 ± 0.50");
        assert_eq!(written(20_828.0, 310.0), "20,828 ± 310");
    }
}
