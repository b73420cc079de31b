//! A sum of Gaussians over a line: its curve, those of its parts, what is true, and the samples.

use std::rc::Rc;

use web_sys::OffscreenCanvasRenderingContext2d;

use super::TrueOne;
use super::gaussians::{Gaussians, LABEL_HEIGHT, Named, labels, true_color};
use crate::dataset::Regression;
use crate::drawing::area::Area;
use crate::drawing::axes::{self, INSETS};
use crate::drawing::canvas::{Align, Canvas, circle, polyline};
use crate::drawing::frame::Frame;
use crate::drawing::hold::Layout;
use crate::drawing::labels::Placer;
use crate::drawing::plane;
use crate::drawing::scale::Scale;
use crate::experiment::{Component, ComponentStatus, Surface};

/// CSS pixels between the points of a curve.
const CURVE_STEP: f64 = 2.0;
/// So few samples are drawn larger.
const FEW: usize = 100;
/// Most samples drawn.
const SHOWN_SAMPLES: usize = 2_000;
/// The line patterns of a part, and of a true one.
const PART_DASH: &[f64] = &[7.0, 4.0];
const TRUE_DASH: &[f64] = &[0.5, 4.0];
/// From a peak to its label, in CSS pixels.
const TO_LABEL: f64 = 7.0;
/// A curve's name stands where it falls to this part of its height.
const FLANK: f64 = 0.6;
/// The sum is named where it is at least so much above its largest part, in CSS pixels.
const APART: f64 = 14.0;

/// The height of a Gaussian on a line.
fn height(component: &Component, place: f64) -> f64 {
    let distance = place - component.mean[0];
    component.weight * libm::exp(-0.5 * distance * distance / component.covariance[0])
}

/// What is drawn over a line.
pub struct OverLine<'a> {
    /// The samples, for their axes and for those that are held back.
    pub data: &'a Rc<Regression>,
    /// The samples row by row, the input, then the target: those of `data`, or what is in the visitor's hand.
    pub rows: &'a [f64],
    /// The range of the targets.
    pub targets: (f64, f64),
    /// The learned Gaussians.
    pub components: &'a [Component],
    /// The true ones.
    pub truth: &'a [TrueOne],
    /// Along the line.
    pub x: Scale,
}

impl OverLine<'_> {
    /// Draws all of it on an empty canvas; returns what heights mean there.
    pub fn draw(&self, canvas: &Canvas, frame: &Frame<'_>, fit: &mut dyn Surface, names: &mut Gaussians) -> Scale {
        let Self { data, components, x, .. } = *self;
        let (theme, drawn_truth) = (&canvas.theme, if frame.layers.truth { self.truth } else { &[] });
        let places = self.places(canvas.width());
        let mut prediction = vec![0.0; places.len()];
        fit.predict(places.len(), &|i, _| places[i], &mut |i, value| prediction[i] = value);
        let y = self.heights(canvas.height(), &places, &prediction);
        let zero = y.pixel(0.0);
        let trace = |heights: &dyn Fn(f64) -> f64| -> Vec<(f64, f64)> {
            places.iter().map(|&place| (x.pixel(place), y.pixel(heights(place)))).collect()
        };
        // Where a curve has all but vanished, its line would only underline the axis.
        let stroke = |path: &[(f64, f64)], css: &str, width: f64, dash: &[f64]| {
            canvas.stroke(css, width, dash, |context| {
                for run in path.split(|place| (place.1 - zero).abs() < 0.4) {
                    polyline(context, run.iter().copied());
                }
            });
        };
        canvas.stroke(&theme.line.css(1.0), 1.0, &[], |context| {
            polyline(
                context,
                [(INSETS[0] - 12.0, axes::snapped(zero)), (canvas.width(), axes::snapped(zero))].into_iter(),
            );
        });
        let parts = || components.iter().enumerate().filter(|(_, one)| one.status != ComponentStatus::Off);
        // Curves end where the numerals of the heights begin.
        let plot = Area { left: 0.0, top: 0.0, width: canvas.width(), height: canvas.height() };
        let plot = plot.less([INSETS[0] - 10.0, 0.0, 0.0, 0.0]);
        let sum: Vec<(f64, f64)> =
            places.iter().zip(&prediction).map(|(&place, &value)| (x.pixel(place), y.pixel(value))).collect();
        canvas.within(plot, || {
            for (k, component) in parts().filter(|_| frame.layers.ellipses) {
                let (path, color) = (trace(&|place| height(component, place)), theme.component(k));
                let ends = [path[path.len() - 1].0, path[0].0].map(|end| (end, zero));
                canvas.fill(&color.css(0.13), |context| polyline(context, path.iter().copied().chain(ends)));
                if theme.needs_outline(k) {
                    stroke(&path, &theme.ink.css(0.55), 3.0, PART_DASH);
                }
                stroke(&path, &color.css(1.0), 1.75, PART_DASH);
            }
            for one in drawn_truth {
                stroke(
                    &trace(&|place| height(&one.component, place)),
                    &true_color(canvas, one).css(1.0),
                    2.25,
                    TRUE_DASH,
                );
            }
            if frame.layers.prediction {
                stroke(&sum, &theme.page.css(0.75), 4.5, &[]);
                stroke(&sum, &theme.ink.css(1.0), 2.0, &[]);
            }
        });
        self.draw_samples(canvas, &y, frame.samples.is_some());
        axes::draw_horizontal(canvas, canvas.size(), &x, &axes::title(&data.axes()[0]));
        axes::draw_vertical(canvas, canvas.size(), &y, &axes::title(data.target()));
        for (k, component) in components.iter().enumerate() {
            plane::draw_centre(canvas, k, component, x.pixel(component.mean[0]), zero);
        }
        for one in drawn_truth {
            let place = x.pixel(one.component.mean[0]);
            canvas.stroke_with_halo(&true_color(canvas, one).css(1.0), 1.75, &[], |context| {
                plane::cross(context, place, zero, 4.5);
            });
        }
        self.draw_labels(canvas, frame, &y, (&places, &prediction), names);
        frame.draw_marks(canvas, &Layout::Line { x, base: zero, step: 0.0 }, components);
        y
    }

    /// Where curves are worked out: evenly over the canvas, and at the tops of parts, which would fall between.
    fn places(&self, width: f64) -> Vec<f64> {
        let even = (0..=libm::ceil(width / CURVE_STEP) as usize).map(|i| self.x.value(i as f64 * CURVE_STEP));
        let all = self.components.iter().chain(self.truth.iter().map(|one| &one.component));
        let mut places: Vec<f64> = even.chain(all.map(|one| one.mean[0]).filter(|mean| mean.is_finite())).collect();
        places.sort_by(f64::total_cmp);
        places
    }

    /// The scale of heights: a wild prediction may leave the picture; the data and what is true may not.
    fn heights(&self, height_of_canvas: f64, places: &[f64], prediction: &[f64]) -> Scale {
        let [_, top, _, bottom] = INSETS;
        let truth = |place: f64| self.truth.iter().map(|one| height(&one.component, place)).sum::<f64>();
        let (low, high) = places
            .iter()
            .map(|&place| truth(place))
            .fold(self.targets, |(low, high), value| (low.min(value), high.max(value)));
        let room = high - low;
        let seen = prediction.iter().filter(|value| value.is_finite());
        let (least, most) = seen.fold((low, high), |(least, most), &value| {
            (least.min(value.max(low - room)), most.max(value.min(high + room)))
        });
        Scale::new(axes::widened((least.min(0.0), most)), ((height_of_canvas - bottom).max(top + 1.0), top))
    }

    /// Those that are held back are rings; `in_hand`, all are alike.
    fn draw_samples(&self, canvas: &Canvas, y: &Scale, in_hand: bool) {
        let (ink, count) = (canvas.theme.ink, self.rows.len() / 2);
        let every = count.div_ceil(SHOWN_SAMPLES).max(1);
        let few = count <= FEW;
        let (radius, opacity) = if few { (4.0, 1.0) } else { (1.6, 0.45) };
        let holds_back = |row: usize| !in_hand && self.data.holds_back(row);
        let circles = |context: &OffscreenCanvasRenderingContext2d, radius: f64, held_back: Option<bool>| {
            let rows = (0..count).step_by(every);
            for row in rows.filter(|&row| held_back.is_none_or(|held_back| holds_back(row) == held_back)) {
                circle(context, self.x.pixel(self.rows[2 * row]), y.pixel(self.rows[2 * row + 1]), radius);
            }
        };
        if few {
            canvas.fill(&canvas.theme.page.css(1.0), |context| circles(context, radius + 1.5, None));
        }
        canvas.fill(&ink.css(opacity), |context| circles(context, radius, Some(false)));
        canvas.stroke(&ink.css(opacity), 1.0, &[], |context| circles(context, radius - 0.5, Some(true)));
    }

    fn draw_labels(
        &self,
        canvas: &Canvas,
        frame: &Frame<'_>,
        y: &Scale,
        (places, prediction): (&[f64], &[f64]),
        names: &mut Gaussians,
    ) {
        let (theme, truth) = (&canvas.theme, if frame.layers.truth { self.truth } else { &[] });
        let [left, top, right, bottom] = INSETS;
        let bounds = Area { left: 0.0, top: 0.0, width: canvas.width(), height: canvas.height() };
        let mut placer = Placer::new(bounds.less([left, top - 12.0, right - 12.0, bottom - 8.0]));
        for row in self.rows.chunks_exact(2).filter(|_| self.rows.len() <= 2 * FEW) {
            placer.mark((self.x.pixel(row[0]), y.pixel(row[1])), 4.0);
        }
        // Nothing is to be written across the sum's own line.
        for (place, value) in places.iter().zip(prediction).step_by(4) {
            placer.mark((self.x.pixel(*place), y.pixel(*value)), 2.0);
        }
        let of = |named: Named| match named {
            Named::Component(k) => &self.components[k],
            Named::True(number) => &truth[number].component,
        };
        let anchor = |named: Named| {
            let one = of(named);
            (self.x.pixel(one.mean[0]), y.pixel(one.weight))
        };
        let mut shown = labels(canvas, self.components, truth);
        if !frame.layers.ellipses {
            shown.retain(|one| matches!(one.named, Named::True(_)));
        }
        names.place(canvas, &mut placer, shown, TO_LABEL, anchor);
        let mut name = |text: &str, at: (f64, f64), color| {
            let line = [crate::drawing::canvas::Words { text: text.to_owned(), bold: false, color }];
            let size = (canvas.width_of(&line), LABEL_HEIGHT);
            if let Some((area, _)) = placer.place(at, TO_LABEL + 2.0, size, None) {
                canvas.text(text, area.left, area.top + 0.5 * LABEL_HEIGHT, Align::Left, color);
            }
        };
        // One true curve is named for all of them.
        if let Some(one) = truth.iter().max_by(|a, b| a.component.weight.abs().total_cmp(&b.component.weight.abs())) {
            let component = &one.component;
            let away = libm::sqrt(-2.0 * libm::log(FLANK) * component.covariance[0].max(0.0));
            let place = component.mean[0] + away;
            name("true", (self.x.pixel(place), y.pixel(FLANK * component.weight)), true_color(canvas, one));
        }
        if frame.layers.prediction
            && let Some((place, value)) = self.where_apart(y, places, prediction)
        {
            name("sum", (self.x.pixel(place), y.pixel(value)), theme.ink);
        }
    }

    /// Where the sum is furthest above its largest part, if it is anywhere: there it is seen to be a sum.
    fn where_apart(&self, y: &Scale, places: &[f64], prediction: &[f64]) -> Option<(f64, f64)> {
        let largest = |place: f64| self.components.iter().map(|one| height(one, place)).fold(0.0, f64::max);
        let gaps = places.iter().zip(prediction).map(|(&place, &value)| (value - largest(place), place, value));
        let (gap, place, value) = gaps.filter(|gap| gap.0.is_finite()).max_by(|a, b| a.0.total_cmp(&b.0))?;
        (gap * y.pixels_per_unit().abs() >= APART).then_some((place, value))
    }
}
