//! Errors and penalties, epoch by epoch: the errors on a logarithmic axis, the penalties on one of their own.

use super::color_bar::compact;
use crate::drawing::area::Area;
use crate::drawing::axes::snapped;
use crate::drawing::canvas::{Align, Canvas, Words, polyline};
use crate::drawing::color::Rgb;
use crate::drawing::labels::Placer;
use crate::drawing::scale::{Scale, label};
use crate::experiment::History;

/// What the large figure leaves to its axes.
const INSETS: [f64; 4] = [44.0, 52.0, 48.0, 44.0];
/// Dashes of the penalties.
const PENALTY_DASH: &[f64] = &[3.0, 3.0];
/// From the edge of the canvas to numerals.
const FROM_EDGE: f64 = 8.0;
/// Errors are shown over at most this factor.
const MOST_SPAN: f64 = 1e12;
/// How high a label is.
const LABEL_HEIGHT: f64 = 15.0;

/// A curve: epochs and values, rising in epochs.
pub(super) type Curve = Vec<(f64, f64)>;

/// The curves of a history.
#[derive(Clone, Debug, PartialEq)]
pub struct Curves {
    train: Curve,
    /// Empty where nothing is held back.
    test: Curve,
    /// What is added to the mean squared error; empty where nothing is.
    penalties: Curve,
    epochs: f64,
}

impl Curves {
    /// The curves of a history whose rows are the loss, the mean squared error and that on what is held back. An epoch is
    /// `steps` iterations. There are at most about two values a pixel of a figure so `wide`: of those that share one, the
    /// lowest and the highest.
    #[must_use]
    pub fn new(history: &History, steps: usize, wide: f64) -> Self {
        let last = history.iterations.last().map_or(0.0, |&iteration| f64::from(iteration)) / steps as f64;
        let epochs = last.max(1.0);
        let curve = |value: &dyn Fn(&[f64]) -> f64| -> Curve {
            let all = history.iterations.iter().zip(&history.rows).map(|(&iteration, row)| {
                (f64::from(iteration) / steps as f64, if row.len() < 3 { f64::NAN } else { value(row) })
            });
            thinned(all.filter(|place| place.1.is_finite()), epochs / wide.max(1.0))
        };
        let penalties = curve(&|row| row[0] - row[1]);
        // Sums in another order leave a rest.
        let any = penalties.iter().any(|place| place.1.abs() > 1e-9);
        Self {
            train: curve(&|row| row[1]),
            test: curve(&|row| row[2]),
            penalties: if any { penalties } else { Curve::new() },
            epochs,
        }
    }

    /// The range of the errors: positive, ends apart.
    fn errors(&self) -> (f64, f64) {
        let values = self.train.iter().chain(&self.test).map(|place| place.1).filter(|&value| value > 0.0);
        let (low, high) = values.fold((f64::INFINITY, 0.0f64), |(low, high), value| (low.min(value), high.max(value)));
        if high <= 0.0 {
            return (0.1, 1.0);
        }
        (low.max(high / MOST_SPAN) / 1.2, high * 1.2)
    }
}

/// Of the places in each stretch of `width`, the lowest, the highest and the last.
pub(super) fn thinned(places: impl Iterator<Item = (f64, f64)>, width: f64) -> Curve {
    let mut kept = Curve::new();
    let mut stretch: Option<(f64, [(f64, f64); 3])> = None;
    let flush = |kept: &mut Curve, [low, high, last]: [(f64, f64); 3]| {
        let (first, second) = if low.0 <= high.0 { (low, high) } else { (high, low) };
        for place in [first, second, last] {
            if kept.last() != Some(&place) {
                kept.push(place);
            }
        }
    };
    for place in places {
        let index = libm::floor(place.0 / width);
        match &mut stretch {
            Some((present, [low, high, last])) if *present == index => {
                if place.1 < low.1 {
                    *low = place;
                }
                if place.1 > high.1 {
                    *high = place;
                }
                *last = place;
            }
            _ => {
                if let Some((_, three)) = stretch.take() {
                    flush(&mut kept, three);
                }
                stretch = Some((index, [place; 3]));
            }
        }
    }
    if let Some((_, three)) = stretch {
        flush(&mut kept, three);
    }
    kept
}

/// A logarithmic axis.
struct LogScale(Scale);

impl LogScale {
    fn new((low, high): (f64, f64), pixels: (f64, f64)) -> Self {
        Self(Scale::new((libm::log10(low), libm::log10(high)), pixels))
    }

    fn pixel(&self, value: f64) -> f64 {
        // Nothing is at the lower end, from where it does not come back.
        if value > 0.0 { self.0.pixel(libm::log10(value)) } else { self.0.range().0 }
    }

    /// Round values, at most so many, with their labels.
    fn ticks(&self, most: usize) -> Vec<(f64, String)> {
        let (a, b) = self.0.range();
        let (low, high) = (libm::pow(10.0, self.0.value(a)), libm::pow(10.0, self.0.value(b)));
        let powers = libm::floor(libm::log10(low)) as i32..=libm::ceil(libm::log10(high)) as i32;
        let of = |factors: &[f64], every: i32| -> Vec<f64> {
            let powers = powers.clone().filter(|power| power.rem_euclid(every) == 0);
            let all =
                powers.flat_map(|power| factors.iter().map(move |factor| factor * libm::pow(10.0, f64::from(power))));
            all.filter(|&value| value >= low && value <= high).collect()
        };
        let dense: [(&[f64], i32); 6] =
            [(&[1.0, 2.0, 5.0], 1), (&[1.0, 3.0], 1), (&[1.0], 1), (&[1.0], 2), (&[1.0], 3), (&[1.0], 6)];
        let values = dense.into_iter().map(|(factors, every)| of(factors, every)).find(|values| values.len() <= most);
        let values = values.unwrap_or_default();
        if values.len() < 2 {
            // Within less than a power of ten, round steps are nearer.
            let even = Scale::new((low, high), (a, b)).ticks((a, b), (a - b).abs() / (most.max(2) as f64));
            let positive = even.into_iter().filter(|tick| tick.0 > 0.0);
            return positive.map(|(value, label)| (self.pixel(value), label)).collect();
        }
        let text = |value: f64| label(value, libm::pow(10.0, libm::floor(libm::log10(value) + 1e-9)));
        values.into_iter().map(|value| (self.pixel(value), text(value))).collect()
    }
}

/// Draws the figure small: the curves, and numerals at its right where there is room for them.
pub fn draw_small(canvas: &Canvas, area: Area, curves: &Curves, numerals: bool) {
    let theme = &canvas.theme;
    let inner = area.less([4.0, 6.0, 4.0, 8.0]);
    let x = Scale::new((0.0, curves.epochs), (inner.left, inner.right()));
    let y = LogScale::new(curves.errors(), (inner.bottom(), inner.top));
    let ticks = y.ticks(4);
    for (pixel, _) in &ticks {
        canvas.stroke(&theme.line.css(0.45), 1.0, &[], |context| {
            polyline(context, [(area.left, snapped(*pixel)), (area.right(), snapped(*pixel))].into_iter());
        });
    }
    canvas.within(area, || draw_curves(canvas, curves, &x, &y, inner, 1.25));
    if numerals {
        for (pixel, label) in ticks {
            // There is room for five characters.
            let label = if label.len() > 5 {
                label.parse().map_or(label.clone(), |value| compact(value, label))
            } else {
                label
            };
            canvas.text(&label, area.right() + 8.0, pixel, Align::Left, theme.quiet);
        }
    }
}

/// The axis of the penalties, from 0.
fn penalty_scale(curves: &Curves, area: Area) -> Scale {
    let highest = curves.penalties.iter().map(|place| place.1).fold(0.0, f64::max);
    let lowest = curves.penalties.iter().map(|place| place.1).fold(0.0, f64::min);
    Scale::new((lowest, if highest > lowest { 1.2 * highest } else { lowest + 1.0 }), (area.bottom(), area.top))
}

fn draw_curves(canvas: &Canvas, curves: &Curves, x: &Scale, y: &LogScale, area: Area, width: f64) {
    let theme = &canvas.theme;
    let penalty = penalty_scale(curves, area);
    let line = |curve: &Curve, height: &dyn Fn(f64) -> f64| -> Vec<(f64, f64)> {
        curve.iter().map(|&(epoch, value)| (x.pixel(epoch), height(value))).collect()
    };
    let penalties = line(&curves.penalties, &|value| penalty.pixel(value));
    canvas.stroke(&theme.quiet.css(1.0), 1.25, PENALTY_DASH, |context| polyline(context, penalties.iter().copied()));
    let train = line(&curves.train, &|value| y.pixel(value));
    let test = line(&curves.test, &|value| y.pixel(value));
    canvas.stroke(&theme.quiet.css(1.0), 1.25, &[], |context| polyline(context, train.iter().copied()));
    // What counts is how it does on what it has not seen.
    let front = if test.is_empty() { &train } else { &test };
    canvas.stroke(&theme.ink.css(1.0), width, &[], |context| polyline(context, front.iter().copied()));
}

/// Draws the figure large, on a canvas of which it takes this width and height, with axes and a label at each curve's end.
pub fn draw_large(canvas: &Canvas, (width, height): (f64, f64), curves: &Curves) {
    let theme = &canvas.theme;
    let area = Area { left: 0.0, top: 0.0, width, height }.less(INSETS);
    let x = Scale::new((0.0, curves.epochs), (area.left, area.right()));
    let y = LogScale::new(curves.errors(), (area.bottom(), area.top));
    for (pixel, label) in y.ticks((area.height / 40.0) as usize) {
        canvas.stroke(&theme.line.css(0.6), 1.0, &[], |context| {
            polyline(context, [(area.left, snapped(pixel)), (area.right(), snapped(pixel))].into_iter());
        });
        canvas.text(&label, FROM_EDGE, pixel, Align::Left, theme.quiet);
    }
    canvas.text("Mean squared error", FROM_EDGE, area.top - 14.0, Align::Left, theme.quiet);
    for (value, label) in x.ticks(x.range(), 70.0).into_iter().filter(|tick| libm::floor(tick.0) >= tick.0) {
        let pixel = snapped(x.pixel(value));
        canvas.stroke(&theme.line.css(1.0), 1.0, &[], |context| {
            polyline(context, [(pixel, area.bottom()), (pixel, area.bottom() + 4.0)].into_iter());
        });
        canvas.text(&label, pixel, area.bottom() + 14.0, Align::Centre, theme.quiet);
    }
    canvas.text("Epoch", area.right(), area.bottom() + 30.0, Align::Right, theme.quiet);
    let penalty = penalty_scale(curves, area);
    if !curves.penalties.is_empty() {
        for (value, label) in penalty.ticks(penalty.range(), 60.0) {
            let pixel = snapped(penalty.pixel(value));
            canvas.stroke(&theme.line.css(1.0), 1.0, &[], |context| {
                polyline(context, [(area.right(), pixel), (area.right() + 4.0, pixel)].into_iter());
            });
            canvas.text(&label, area.right() + 8.0, pixel, Align::Left, theme.quiet);
        }
        canvas.text("Penalties", width - FROM_EDGE, area.top - 14.0, Align::Right, theme.quiet);
    }
    draw_curves(canvas, curves, &x, &y, area, 2.0);
    let (of_error, of_penalty) = (|value| y.pixel(value), |value| penalty.pixel(value));
    let heights: [&dyn Fn(f64) -> f64; 2] = [&of_error, &of_penalty];
    let mut placer = Placer::new(area);
    // Labels stay off the ends of the curves.
    for (curve, height) in [(&curves.train, heights[0]), (&curves.test, heights[0]), (&curves.penalties, heights[1])] {
        for &(epoch, value) in curve.iter().rev().take_while(|place| x.pixel(place.0) > area.right() - 140.0) {
            placer.mark((x.pixel(epoch), height(value)), 2.0);
        }
    }
    let mut label = |curve: &Curve, name: &str, color: Rgb, height: &dyn Fn(f64) -> f64| {
        let Some(&(epoch, value)) = curve.last() else { return };
        let text = number(value);
        let line =
            [Words { text: format!("{name} "), bold: false, color }, Words { text, bold: true, color: theme.ink }];
        let size = (canvas.width_of(&line), LABEL_HEIGHT);
        if let Some((place, _)) = placer.place((x.pixel(epoch), height(value)), 6.0, size, None) {
            canvas.words(&line, place.left, place.top + 0.5 * LABEL_HEIGHT);
        }
    };
    label(&curves.test, "test MSE", theme.ink, &of_error);
    label(&curves.train, "train MSE", theme.quiet, &of_error);
    label(&curves.penalties, "penalties", theme.quiet, &of_penalty);
}

/// A number with three digits.
fn number(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    label(value, libm::pow(10.0, (libm::floor(libm::log10(value.abs())) - 2.0).clamp(-5.0, 0.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn history(rows: &[[f64; 3]]) -> History {
        let mut history = History::default();
        for (index, row) in rows.iter().enumerate() {
            history.record(10 * index, row.to_vec());
        }
        history
    }

    #[test]
    fn penalties_are_the_loss_less_the_error() {
        let curves = Curves::new(&history(&[[3.0, 2.0, 2.5], [2.0, 1.5, f64::NAN], [1.5, 1.25, 1.5]]), 10, 100.0);
        assert_eq!(curves.train, [(0.0, 2.0), (1.0, 1.5), (2.0, 1.25)]);
        assert_eq!(curves.test, [(0.0, 2.5), (2.0, 1.5)]);
        assert_eq!(curves.penalties, [(0.0, 1.0), (1.0, 0.5), (2.0, 0.25)]);
        let without = Curves::new(&history(&[[2.0, 2.0, 2.5], [1.5, 1.5, 2.0]]), 10, 100.0);
        assert!(without.penalties.is_empty());
        let (low, high) = curves.errors();
        assert!(low < 1.25 && high > 2.5);
        assert_eq!(Curves::new(&History::default(), 1, 100.0).errors(), (0.1, 1.0));
    }

    #[test]
    fn thinned_curves_keep_their_peaks_and_their_end() {
        let rows: Vec<(f64, f64)> = (0..10_000).map(|i| (f64::from(i), if i == 5_003 { 9.0 } else { 1.0 })).collect();
        let kept = thinned(rows.iter().copied(), 100.0);
        assert!(kept.len() <= 300, "{}", kept.len());
        assert!(kept.contains(&(5_003.0, 9.0)) && kept.last() == Some(&(9_999.0, 1.0)));
        assert!(kept.is_sorted_by(|a, b| a.0 < b.0));
    }

    #[test]
    fn logarithmic_ticks_are_round_and_few() {
        let labels = |low: f64, high: f64, most: usize| -> Vec<String> {
            LogScale::new((low, high), (100.0, 0.0)).ticks(most).into_iter().map(|tick| tick.1).collect()
        };
        assert_eq!(labels(0.08, 2.0, 5), ["0.1", "0.2", "0.5", "1", "2"]);
        assert_eq!(labels(0.08, 2.0, 4), ["0.1", "0.3", "1"]);
        assert_eq!(labels(1e-6, 2.0, 8).len(), 7);
        assert_eq!(labels(1e-6, 2.0, 4).len(), 4);
        let near = labels(0.39, 0.42, 5);
        assert!(near.len() >= 2 && near.len() <= 6, "{near:?}");
        assert_eq!(number(0.39571), "0.396");
        assert_eq!(number(0.0), "0");
    }
}
