//! The negative evidence lower bound by epoch: itself with its first part above, the three divergences below.

use super::super::loss::{Curve, thinned};
use super::inner;
use crate::drawing::area::Area;
use crate::drawing::axes::snapped;
use crate::drawing::canvas::{Align, Canvas, Words, polyline};
use crate::drawing::color::Rgb;
use crate::drawing::labels::Placer;
use crate::drawing::scale::{Scale, label};
use crate::experiment::History;

/// What a large figure leaves to its numerals.
const LEFT: f64 = 40.0;
const BELOW: f64 = 30.0;
/// The upper plot's part of the height.
const UPPER: f64 = 0.58;
const LABEL_HEIGHT: f64 = 15.0;
/// The line patterns of the three divergences, which have the colour of penalties in common.
const DASHES: [&[f64]; 3] = [&[], &[5.0, 3.0], &[1.5, 3.0]];
/// The names at the ends of the curves.
const NAMES: [&str; 5] = ["negative ELBO", "− log-likelihood", "KL of means", "KL of precisions", "KL of weights"];

/// The curves of a history, by epoch.
#[derive(Clone, Debug, PartialEq)]
pub struct Curves {
    curves: [Curve; 5],
    epochs: f64,
}

impl Curves {
    /// The curves of a history whose rows are the negative ELBO and its four parts; an epoch is `steps` iterations. There are at
    /// most about two values a pixel of a figure so `wide`.
    #[must_use]
    pub fn new(history: &History, steps: usize, wide: f64) -> Self {
        let epoch = |iteration: u32| f64::from(iteration) / steps.max(1) as f64;
        let epochs = history.iterations.last().map_or(0.0, |&last| epoch(last)).max(1.0);
        let curve = |column: usize| {
            let all = history.iterations.iter().zip(&history.rows);
            let places = all.filter_map(|(&at, row)| Some((epoch(at), row.get(column).copied()?)));
            thinned(places.filter(|place| place.1.is_finite()), epochs / wide.max(1.0))
        };
        Self { curves: std::array::from_fn(curve), epochs }
    }

    /// The range of some of the curves. A start is often so far above all else that it would flatten the rest: it comes in from
    /// above.
    fn range(&self, which: std::ops::Range<usize>, from_zero: bool) -> (f64, f64) {
        let values = |from: f64| {
            let curves = &self.curves[which.clone()];
            curves.iter().flatten().filter(move |place| place.0 >= from).map(|place| place.1)
        };
        let low = values(0.0).fold(f64::INFINITY, f64::min);
        let settled = values(0.04 * self.epochs).fold(f64::NEG_INFINITY, f64::max);
        let high = if settled > f64::NEG_INFINITY { settled } else { values(0.0).fold(low, f64::max) };
        if !low.is_finite() || !high.is_finite() {
            return (0.0, 1.0);
        }
        let low = if from_zero { low.min(0.0) } else { low };
        let room = (0.06 * (high - low)).max(1e-6 * high.abs()).max(1e-9);
        (if from_zero { low } else { low - room }, high + room)
    }
}

/// Draws the figure; a large one with axes, of which that of the epochs has a name, and a name at each curve's end.
pub fn draw(canvas: &Canvas, area: Area, curves: &Curves, large: Option<&str>) {
    let (epoch_name, large) = (large.unwrap_or_default(), large.is_some());
    let whole = inner(area, large);
    let whole = if large { whole.less([LEFT - 12.0, 0.0, 0.0, BELOW]) } else { whole };
    let gap = if large { 30.0 } else { 5.0 };
    let height = UPPER * (whole.height - gap);
    let upper = Area { height, ..whole };
    let lower = Area { top: upper.bottom() + gap, height: whole.height - gap - height, ..whole };
    draw_plot(canvas, upper, curves, 0..2, large);
    draw_plot(canvas, lower, curves, 2..5, large);
    if large {
        let theme = &canvas.theme;
        canvas.text("a point", area.left + 8.0, upper.top - 12.0, Align::Left, theme.quiet);
        canvas.text(
            "divergences from the priors, a point",
            area.left + 8.0,
            lower.top - 14.0,
            Align::Left,
            theme.quiet,
        );
        let x = Scale::new((0.0, curves.epochs), (whole.left, whole.right()));
        for (value, text) in x.ticks(x.range(), 70.0).into_iter().filter(|tick| libm::floor(tick.0) >= tick.0) {
            let pixel = snapped(x.pixel(value));
            canvas.stroke(&theme.line.css(1.0), 1.0, &[], |context| {
                polyline(context, [(pixel, lower.bottom()), (pixel, lower.bottom() + 4.0)].into_iter());
            });
            canvas.text(&text, pixel.min(whole.right() - 12.0), lower.bottom() + 13.0, Align::Centre, theme.quiet);
        }
        canvas.text(epoch_name, whole.right(), lower.bottom() + 28.0, Align::Right, theme.quiet);
    }
}

fn draw_plot(canvas: &Canvas, plot: Area, curves: &Curves, which: std::ops::Range<usize>, large: bool) {
    let theme = &canvas.theme;
    let first = which.start == 0;
    let x = Scale::new((0.0, curves.epochs), (plot.left, plot.right()));
    let y = Scale::new(curves.range(which.clone(), !first), (plot.bottom(), plot.top));
    if large {
        for (value, text) in y.ticks(y.range(), 36.0) {
            let pixel = snapped(y.pixel(value));
            canvas.stroke(&theme.line.css(0.6), 1.0, &[], |context| {
                polyline(context, [(plot.left, pixel), (plot.right(), pixel)].into_iter());
            });
            canvas.text(&text, plot.left - LEFT + 8.0, pixel, Align::Left, theme.quiet);
        }
    }
    canvas.stroke(&theme.line.css(1.0), 1.0, &[], |context| {
        polyline(context, [(plot.left, snapped(plot.bottom())), (plot.right(), snapped(plot.bottom()))].into_iter());
    });
    let style = |index: usize| -> (Rgb, f64, &[f64]) {
        match index {
            0 => (theme.ink, if large { 2.0 } else { 1.5 }, &[]),
            1 => (theme.quiet, 1.25, &[]),
            _ => (theme.quiet, if large { 1.5 } else { 1.0 }, DASHES[index - 2]),
        }
    };
    let mut placer = Placer::new(plot);
    canvas.within(plot, || {
        for index in which.clone().rev() {
            let (color, width, dash) = style(index);
            let path: Vec<(f64, f64)> =
                curves.curves[index].iter().map(|&(epoch, value)| (x.pixel(epoch), y.pixel(value))).collect();
            for &place in path.iter().rev().take_while(|place| place.0 > plot.right() - 150.0) {
                placer.mark(place, 2.0);
            }
            canvas.stroke(&color.css(1.0), width, dash, |context| polyline(context, path.iter().copied()));
        }
    });
    if !large {
        return;
    }
    for index in which {
        let Some(&(epoch, value)) = curves.curves[index].last() else { continue };
        let decimals = if first { 1e-3 } else { 1e-4 };
        let line = [
            Words { text: format!("{} ", NAMES[index]), bold: false, color: style(index).0 },
            Words { text: label(value, decimals), bold: true, color: theme.ink },
        ];
        let size = (canvas.width_of(&line), LABEL_HEIGHT);
        let anchor = (x.pixel(epoch), y.pixel(value).clamp(plot.top, plot.bottom()));
        if let Some((place, _)) = placer.place(anchor, 6.0, size, None) {
            canvas.words(&line, place.left, place.top + 0.5 * LABEL_HEIGHT);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn epochs_count_and_a_far_start_does_not_flatten_the_rest() {
        let mut history = History::default();
        for epoch in 0..=100usize {
            let likelihood = if epoch == 0 { 50.0 } else { 4.0 + 1.0 / epoch as f64 };
            history.record(6 * epoch, vec![likelihood + 0.03, likelihood, 0.01, 0.015, 0.005]);
        }
        let curves = Curves::new(&history, 6, 400.0);
        assert_eq!(curves.epochs, 100.0);
        assert_eq!(curves.curves[0].last(), Some(&(100.0, 4.01 + 0.03)));
        let (low, high) = curves.range(0..2, false);
        assert!(low > 3.9 && high < 5.0, "{low} {high}");
        assert_eq!(curves.range(2..5, true).0, 0.0);
        let none = Curves::new(&History::default(), 1, 100.0);
        assert_eq!(none.range(0..2, false), (0.0, 1.0));
    }
}
