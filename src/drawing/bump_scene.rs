//! Bumps side by side: one panel a form, with the function and the data above and its derivative with respect to σ below.

use std::rc::Rc;

use wasm_bindgen::JsValue;

use crate::dataset::Regression;
use crate::experiment::{BumpCurve, BumpShape, Bumps};

use super::area::Area;
use super::axes::snapped;
use super::canvas::{Align, Canvas, Words, circle, polyline};
use super::color::{Oklab, Rgb};
use super::raster::Raster;
use super::scale::{Scale, label};

/// Samples drawn in each panel.
const SHOWN_SAMPLES: usize = 300;
/// CSS pixels between the points of a curve.
const CURVE_STEP: f64 = 0.5;
/// Narrower panels than this are put below one another.
const NARROWEST_PANEL: f64 = 116.0;
/// In panels narrower than this, how a form stands is below its name; in those lower than that, there is no sentence.
const NARROW_PANEL: f64 = 200.0;
const LOW_PANEL: f64 = 210.0;
/// Between panels.
const MARGIN: f64 = 16.0;
/// Room above a panel's plots for its name, and for each line below it.
const NAME: f64 = 28.0;
const LINE: f64 = 14.0;
/// Room below the plots for numerals, and between the two for the name of the derivative.
const NUMERALS: f64 = 18.0;
const BETWEEN: f64 = 16.0;
/// The part of the plots' height that the function has.
const FUNCTION: f64 = 0.58;
/// Lines that a panel's sentence may take.
const LINES: usize = 3;

/// Panels show x at least this far, also where data are near 0 only: a bump is seen by where it ends.
const LEAST_REACH: f64 = 1.0;
/// Beyond where a bump ends, a part of its width is shown.
const BEYOND: f64 = 1.15;
/// Panels reach no more than so many times further than the data, whatever σ was learned.
const MOST_BEYOND: f64 = 4.0;
/// The top of a bump is at 1/e; what is higher is overflowing.
const HIGHEST: f64 = 0.4;
/// Above the highest value there is so much more room.
const HEADROOM: f64 = 1.18;
/// A band where a form has no bounds says so where it is at least so wide, in CSS pixels.
const BAND_WITH_WORDS: f64 = 13.0;
/// How far beyond a zero of the denominator it is looked whether the gradient is a number, as a part of the place.
const JUST_BEYOND: f64 = 1e-3;

/// What the drawing of one data set needs between frames.
pub struct BumpScene {
    /// Some samples: input and target, in the order of the rows, whose entries are one a feature.
    samples: Vec<(f64, f64)>,
    reach: f64,
    raster: Raster,
}

/// The shapes of one panel, drawn in its plots.
struct Panel<'a> {
    curve: &'a BumpCurve,
    color: Rgb,
    /// One a set of parameters, at the places of `pixels`.
    shapes: Vec<BumpShape>,
    pixels: Vec<f64>,
    x: Scale,
}

impl BumpScene {
    /// The scene of samples with one input each.
    #[must_use]
    pub fn new(data: &Rc<Regression>) -> Self {
        let train = data.train();
        let every = thinning(train.count());
        let samples: Vec<(f64, f64)> =
            (0..train.count()).step_by(every).map(|i| (train.inputs[i], train.targets[i])).collect();
        let reach = train.inputs.iter().fold(0.0f64, |reach, x| reach.max(x.abs())).max(LEAST_REACH);
        Self { samples, reach, raster: Raster::default() }
    }

    /// Draws the forms as they stand, or all of them at one σ.
    ///
    /// # Errors
    /// The browser's, where it is out of memory.
    pub fn draw(&mut self, canvas: &Canvas, fit: &mut dyn Bumps, look_at: Option<f64>) -> Result<(), JsValue> {
        canvas.fit(&mut self.raster);
        self.raster.fill(canvas.theme.page);
        canvas.cover(&self.raster)?;
        let curves = fit.forms();
        let reach = self.reach_of(&curves, fit, look_at);
        for (form, (curve, area)) in curves.iter().zip(panels(canvas.size(), curves.len())).enumerate() {
            let x = Scale::new((-reach, reach), (area.left, area.right()));
            let count = (area.width / CURVE_STEP) as usize;
            let pixels: Vec<f64> = (0..=count).map(|step| area.left + step as f64 * CURVE_STEP).collect();
            let places: Vec<f64> = pixels.iter().map(|&pixel| x.value(pixel)).collect();
            let shapes = (0..curve.sets).map(|set| fit.shape(form, set, look_at, &places)).collect();
            let panel = Panel { curve, color: canvas.theme.component(form), shapes, pixels, x };
            let broken = broken(fit, form, look_at);
            self.draw_panel(canvas, &panel, area, &broken, look_at, fit.features());
        }
        Ok(())
    }

    /// How far panels show x: the data, and where a bump ends, that is not out of all proportion.
    fn reach_of(&self, curves: &[BumpCurve], fit: &dyn Bumps, look_at: Option<f64>) -> f64 {
        let ends = curves.iter().enumerate().flat_map(|(form, curve)| (0..curve.sets).map(move |set| (form, set)));
        let sigmas = ends.filter_map(|(form, set)| fit.shape(form, set, look_at, &[]).sigma);
        let furthest =
            sigmas.filter(|sigma| sigma.is_finite()).map(|sigma| libm::sqrt(sigma.max(0.0))).fold(0.0, f64::max);
        let most = if look_at.is_some() { f64::INFINITY } else { MOST_BEYOND * self.reach };
        (BEYOND * furthest).clamp(self.reach, most)
    }

    fn draw_panel(
        &self,
        canvas: &Canvas,
        panel: &Panel<'_>,
        area: Area,
        broken: &[f64],
        look_at: Option<f64>,
        features: usize,
    ) {
        let (theme, curve) = (&canvas.theme, panel.curve);
        canvas.heading(curve.label, area.left, area.top + 12.0, Align::Left, theme.ink);
        let standing = match (curve.failed, curve.done) {
            (true, _) => theme.bad,
            (_, true) => theme.good,
            _ => theme.ink,
        };
        let (words, color) = match look_at.filter(|_| panel.shapes.iter().any(|shape| shape.sigma.is_some())) {
            Some(sigma) => (format!("at σ {}", label(sigma, 0.01)), theme.quiet),
            None => (curve.learned.clone(), standing),
        };
        let narrow = area.width < NARROW_PANEL;
        if narrow {
            canvas.text(&words, area.left, area.top + 29.0, Align::Left, color);
        } else {
            canvas.text(&words, area.right(), area.top + 13.0, Align::Right, color);
        }
        let text = |text: &str, color: Rgb| [Words { text: text.to_owned(), bold: false, color }];
        let wrap = |sentence: &str| wrapped(sentence, area.width, |line| canvas.width_of(&text(line, theme.quiet)));
        let mut lines: Vec<(String, Rgb)> = wrap(curve.why).into_iter().map(|line| (line, theme.quiet)).collect();
        let noted = if curve.failed { theme.bad } else { theme.quiet };
        lines.extend(wrap(&curve.note).into_iter().map(|line| (line, noted)));
        lines.truncate(if area.height < LOW_PANEL { 0 } else { LINES });
        let first = area.top + if narrow { 29.0 + LINE } else { 31.0 };
        for (index, (line, color)) in lines.iter().enumerate() {
            canvas.text(line, area.left, first + LINE * index as f64, Align::Left, *color);
        }
        // Plots begin at one height in all panels of a row, where there are two lines.
        let rows = match (lines.len(), narrow) {
            (0, _) => usize::from(narrow),
            (lines, _) => lines.max(2) + usize::from(narrow),
        };
        let plots = area.less([0.0, NAME + LINE * rows as f64, 0.0, NUMERALS]);
        let upper = (plots.height - BETWEEN) * FUNCTION;
        let function = Area { height: upper.max(1.0), ..plots };
        let derivative = plots.less([0.0, upper + BETWEEN, 0.0, 0.0]);
        self.draw_function(canvas, panel, function, features);
        draw_derivative(canvas, panel, derivative, broken);
        for (value, text) in panel.x.ticks(panel.x.range(), 56.0) {
            let pixel = panel.x.pixel(value);
            canvas.stroke(&theme.line.css(1.0), 1.0, &[], |context| {
                for plot in [function, derivative] {
                    polyline(
                        context,
                        [(snapped(pixel), plot.bottom()), (snapped(pixel), plot.bottom() - 3.0)].into_iter(),
                    );
                }
            });
            let inside = pixel.clamp(area.left + 8.0, area.right() - 8.0);
            canvas.text(&text, inside, plots.bottom() + 11.0, Align::Centre, theme.quiet);
        }
    }

    fn draw_function(&self, canvas: &Canvas, panel: &Panel<'_>, plot: Area, features: usize) {
        let y = Scale::new((0.0, HEADROOM * HIGHEST), (plot.bottom(), plot.top));
        draw_marks(canvas, panel, plot, |shape, place| nearest(panel, &shape.values, place));
        let theme = &canvas.theme;
        let shades = shades(canvas, panel.color, features);
        canvas.within(plot.less([0.0, 0.0, 0.0, -2.0]), || {
            for (feature, shade) in shades.iter().enumerate() {
                // Where one curve stands for all, points are grey; else each feature's are of its own shade.
                let color = if features == 1 { theme.ink.css(0.3) } else { shade.css(0.5) };
                canvas.fill(&color, |context| {
                    for &(input, target) in self.samples.iter().skip(feature).step_by(features) {
                        circle(context, panel.x.pixel(input), y.pixel(target.min(9.0 * HIGHEST)), 1.5);
                    }
                });
            }
        });
        draw_frame(canvas, plot, &y, "f");
        draw_curves(canvas, panel, plot, &y, |shape| Some(&shape.values));
    }
}

/// The panels on a canvas of this size, in the order of the forms.
fn panels((width, height): (f64, f64), count: usize) -> Vec<Area> {
    let columns = columns(width, count);
    let rows = count.div_ceil(columns).max(1);
    let (wide, high) = ((width + MARGIN) / columns as f64, height / rows as f64);
    let panel = |index: usize| Area {
        left: (index % columns) as f64 * wide,
        top: (index / columns) as f64 * high,
        width: (wide - MARGIN).max(1.0),
        height: high,
    };
    // A curve's stroke is not to be cut at the edge of the canvas.
    (0..count).map(|index| panel(index).less([1.0, 4.0, 1.0, 2.0])).collect()
}

/// Of so many entries every so-manieth is drawn: one more than a multiple of 12, so that with up to four features the entries
/// drawn are still one a feature, in order.
fn thinning(count: usize) -> usize {
    1 + 12 * (count.div_ceil(SHOWN_SAMPLES).max(1) - 1).div_ceil(12)
}

/// Panels beside one another.
fn columns(width: f64, panels: usize) -> usize {
    let most = ((width / NARROWEST_PANEL) as usize).clamp(1, 3);
    most.min(panels.max(1))
}

/// A sentence in lines no wider than `width`, as measured.
fn wrapped(sentence: &str, width: f64, measure: impl Fn(&str) -> f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in sentence.split_whitespace() {
        match lines.last_mut() {
            Some(line) if measure(&format!("{line} {word}")) <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// The shades of a colour for so many sets or features: the colour, and on the way to the ink.
fn shades(canvas: &Canvas, color: Rgb, count: usize) -> Vec<Rgb> {
    let share = |index: usize| 0.8 * index as f32 / count.max(2) as f32;
    let shade = |index: usize| Oklab::from(color).mixed(canvas.theme.ink.into(), share(index).min(0.8)).into();
    (0..count.max(1)).map(shade).collect()
}

/// The places just beyond the zeros of the denominator where the gradient is not a number.
fn broken(fit: &dyn Bumps, form: usize, look_at: Option<f64>) -> Vec<f64> {
    let singular = fit.shape(form, 0, look_at, &[]).landmarks.singular;
    let beyond: Vec<f64> = singular.iter().map(|place| place * (1.0 + JUST_BEYOND)).collect();
    let slopes = fit.shape(form, 0, look_at, &beyond).slopes.unwrap_or_default();
    singular.into_iter().zip(slopes).filter(|(_, slope)| slope.is_nan()).map(|(place, _)| place).collect()
}

/// The value at the pixel nearest to a place.
fn nearest(panel: &Panel<'_>, values: &[f64], place: f64) -> f64 {
    let first = panel.pixels[0];
    let index = ((panel.x.pixel(place) - first) / CURVE_STEP).clamp(0.0, (panel.pixels.len() - 1) as f64);
    values[index as usize]
}

/// Lines where forms end (dashed) and break (solid), and the bands between where they have no bounds, with their least value at
/// the outer end.
fn draw_marks(canvas: &Canvas, panel: &Panel<'_>, plot: Area, value: impl Fn(&BumpShape, f64) -> f64) {
    let theme = &canvas.theme;
    let inside = |place: f64| place > plot.left && place < plot.right();
    for shape in &panel.shapes {
        for &(low, high) in &shape.landmarks.wild {
            let (from, to) = (panel.x.pixel(low).max(plot.left), panel.x.pixel(high).min(plot.right()));
            if to <= from {
                continue;
            }
            canvas.fill(&theme.bad.css(0.1), |context| context.rect(from, plot.top, to - from, plot.height));
            if to - from >= BAND_WITH_WORDS {
                // The zero of the denominator is at the inner end; a step inside the outer one.
                let outer = if low < 0.0 { panel.x.value(from + 1.5) } else { panel.x.value(to - 1.5) };
                let middle = 0.5 * (from + to);
                let least = value(shape, outer).abs();
                // There is no derivative.
                if least.is_nan() {
                    continue;
                }
                let words = if least.is_finite() { format!("{} to ∞", short(least)) } else { "∞".to_owned() };
                canvas.upright(&words, middle, plot.top + 0.5 * plot.height + 8.0, theme.bad);
                let tip = plot.top + 6.0;
                canvas.stroke(&theme.bad.css(1.0), 1.5, &[], |context| {
                    polyline(context, [(middle, tip + 12.0), (middle, tip)].into_iter());
                    polyline(
                        context,
                        [(middle - 3.0, tip + 4.0), (middle, tip), (middle + 3.0, tip + 4.0)].into_iter(),
                    );
                });
            }
        }
        let line = |place: f64, dash: &[f64]| {
            let pixel = snapped(panel.x.pixel(place));
            if inside(pixel) {
                canvas.stroke(&theme.quiet.css(0.75), 1.0, dash, |context| {
                    polyline(context, [(pixel, plot.top), (pixel, plot.bottom())].into_iter());
                });
            }
        };
        shape.landmarks.singular.iter().for_each(|&place| line(place, &[]));
        shape.landmarks.ends.iter().for_each(|&place| line(place, &[3.0, 3.0]));
    }
    // Named once, at the right, where the two can be told apart.
    let Some(shape) = panel.shapes.first().filter(|_| plot.height > 70.0) else { return };
    let name = |places: &[f64], text: &str| {
        let pixel = places.last().map(|&place| panel.x.pixel(place)).filter(|&pixel| inside(pixel))?;
        Some((pixel, text.to_owned()))
    };
    let root = if shape.landmarks.singular.last() == Some(&1.0) && shape.sigma != Some(1.0) { "1" } else { "√σ" };
    let mut names: Vec<(f64, String)> =
        [name(&shape.landmarks.singular, root), name(&shape.landmarks.ends, "σ")].into_iter().flatten().collect();
    names.sort_by(|a, b| a.0.total_cmp(&b.0));
    match &names[..] {
        [(left, first), (right, second)] => {
            canvas.text(first, left - 4.0, plot.top + 6.0, Align::Right, theme.quiet);
            let (at, align) =
                if right + 12.0 > plot.right() { (right - 4.0, Align::Right) } else { (right + 4.0, Align::Left) };
            if align == Align::Left || right - left > 24.0 {
                canvas.text(second, at, plot.top + 6.0, align, theme.quiet);
            }
        }
        [(only, name)] => canvas.text(name, only - 4.0, plot.top + 6.0, Align::Right, theme.quiet),
        _ => {}
    }
}

/// A number of two digits or so.
fn short(value: f64) -> String {
    match value {
        value if value >= 1e4 => format!("{value:.0e}"),
        value if value >= 10.0 => label(value, 1.0),
        value => label(value, 0.1),
    }
}

/// The line at zero, round values at the left, and what is drawn.
fn draw_frame(canvas: &Canvas, plot: Area, y: &Scale, name: &str) {
    let theme = &canvas.theme;
    canvas.stroke(&theme.line.css(1.0), 1.0, &[], |context| {
        polyline(context, [(plot.left, snapped(y.pixel(0.0))), (plot.right(), snapped(y.pixel(0.0)))].into_iter());
    });
    // Away from the line at zero.
    let below = y.pixel(0.0) < plot.top + 0.5 * plot.height;
    canvas.text(name, plot.left, if below { plot.bottom() - 7.0 } else { plot.top + 4.0 }, Align::Left, theme.quiet);
    for (value, text) in y
        .ticks((plot.bottom() - if below { 18.0 } else { 0.0 }, plot.top + 18.0), 26.0)
        .into_iter()
        .filter(|tick| tick.0 != 0.0)
    {
        canvas.text(&text, plot.left, y.pixel(value), Align::Left, theme.quiet);
    }
}

fn draw_derivative(canvas: &Canvas, panel: &Panel<'_>, plot: Area, broken: &[f64]) {
    let theme = &canvas.theme;
    let (low, high) = slope_range(panel);
    let y = Scale::new((low, high), (plot.bottom(), plot.top));
    draw_marks(canvas, panel, plot, |shape, place| {
        shape.slopes.as_ref().map_or(f64::NAN, |slopes| nearest(panel, slopes, place))
    });
    if panel.shapes.iter().all(|shape| shape.slopes.is_none()) {
        let middle = 0.5 * (plot.left + plot.right());
        let words = if plot.width < NARROW_PANEL { "always 0" } else { "always 0: nothing to learn from" };
        canvas.text(panel.curve.slope, plot.left, plot.top + 4.0, Align::Left, theme.quiet);
        canvas.text(words, middle, plot.top + 0.5 * plot.height, Align::Centre, theme.quiet);
        canvas.stroke(&panel.color.css(1.0), 2.0, &[], |context| {
            polyline(context, [(plot.left, y.pixel(0.0)), (plot.right(), y.pixel(0.0))].into_iter());
        });
        return;
    }
    draw_frame(canvas, plot, &y, panel.curve.slope);
    draw_curves(canvas, panel, plot, &y, |shape| shape.slopes.as_ref());
    for &place in broken {
        let pixel = panel.x.pixel(place);
        if pixel < plot.left || pixel > plot.right() {
            continue;
        }
        canvas.stroke(&theme.bad.css(1.0), 1.75, &[], |context| {
            polyline(context, [(pixel, plot.top), (pixel, plot.bottom())].into_iter());
        });
        // On the outer side, unless it would leave the panel.
        let outward = if place < 0.0 { -1.0 } else { 1.0 };
        let fits = (pixel + 34.0 * outward).clamp(plot.left, plot.right()) == pixel + 34.0 * outward;
        let side = if fits { outward } else { -outward };
        let align = if side > 0.0 { Align::Left } else { Align::Right };
        canvas.text("NaN", pixel + 5.0 * side, plot.top + 0.5 * plot.height, align, theme.bad);
    }
}

/// The range of a panel's derivative where it has bounds, with 0 in it.
fn slope_range(panel: &Panel<'_>) -> (f64, f64) {
    let (mut low, mut high) = (0.0f64, 0.0f64);
    for shape in &panel.shapes {
        let wild = &shape.landmarks.wild;
        let bounded = |place: f64| !wild.iter().any(|&(from, to)| place > from && place < to);
        let slopes = shape.slopes.iter().flatten().zip(&panel.pixels);
        for (&slope, _) in slopes.filter(|(slope, pixel)| slope.is_finite() && bounded(panel.x.value(**pixel))) {
            (low, high) = (low.min(slope), high.max(slope));
        }
    }
    if low >= 0.0 && high <= 0.0 { (0.0, 1.0) } else { (HEADROOM * low, HEADROOM * high) }
}

/// Draws one curve a set: where it is not finite or leaves its plot, it is interrupted.
fn draw_curves(
    canvas: &Canvas,
    panel: &Panel<'_>,
    plot: Area,
    y: &Scale,
    values: impl Fn(&BumpShape) -> Option<&Vec<f64>>,
) {
    let shades = shades(canvas, panel.color, panel.shapes.len());
    canvas.within(plot.less([-1.0, 0.0, -1.0, -2.0]), || {
        for (shape, color) in panel.shapes.iter().zip(shades) {
            let Some(values) = values(shape) else { continue };
            // The bands say what happens there.
            let wild = |place: f64| shape.landmarks.wild.iter().any(|&(low, high)| place > low && place < high);
            let shown = |(&pixel, &value): (&f64, &f64)| if wild(panel.x.value(pixel)) { f64::NAN } else { value };
            let values: Vec<f64> = panel.pixels.iter().zip(values).map(shown).collect();
            for run in runs(&panel.pixels, &values, y, (plot.top - 40.0, plot.bottom() + 40.0)) {
                canvas.stroke_with_halo(&color.css(1.0), 2.0, &[], |context| polyline(context, run.iter().copied()));
            }
        }
    });
}

/// The stretches of a curve whose places, in CSS pixels, are finite and within so many pixels from above to below; each goes on
/// to the first place beyond, so that it leaves its plot.
fn runs(pixels: &[f64], values: &[f64], y: &Scale, (above, below): (f64, f64)) -> Vec<Vec<(f64, f64)>> {
    let mut all: Vec<Vec<(f64, f64)>> = vec![Vec::new()];
    let mut inside = false;
    let mut before: Option<(f64, f64)> = None;
    for (&pixel, &value) in pixels.iter().zip(values) {
        let height = y.pixel(value);
        let place = height.is_finite().then_some((pixel, height.clamp(above, below)));
        let now = place.is_some() && height > above && height < below;
        if now && !inside {
            all.push(before.into_iter().collect());
        }
        if let Some(place) = place.filter(|_| now || inside)
            && let Some(run) = all.last_mut()
        {
            run.push(place);
        }
        (inside, before) = (now, place);
    }
    all.retain(|run| run.len() > 1);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panels_share_the_width() {
        assert_eq!(columns(824.0, 6), 3);
        assert_eq!(columns(390.0, 6), 3);
        assert_eq!(columns(240.0, 6), 2);
        assert_eq!(columns(824.0, 1), 1);
        assert_eq!(columns(10.0, 0), 1);
        for (size, count) in [((824.0, 624.0), 6), ((390.0, 368.0), 6), ((600.0, 400.0), 1)] {
            let all = panels(size, count);
            assert_eq!(all.len(), count);
            for (i, one) in all.iter().enumerate() {
                assert!(all[..i].iter().all(|other| one.shared_with(other) == 0.0), "{size:?} {all:?}");
                assert!(one.right() <= size.0 && one.bottom() <= size.1, "{size:?} {all:?}");
            }
        }
    }

    #[test]
    fn what_is_drawn_of_the_samples_keeps_their_features() {
        for count in [1, 300, 301, 4_000, 100_000, 399_996] {
            let every = thinning(count);
            assert!(count.div_ceil(every) <= SHOWN_SAMPLES.max(1), "{count}");
            for features in 1..=4 {
                assert!((0..20).all(|j| (j * every) % features == j % features), "{count} {features}");
            }
        }
    }

    #[test]
    fn sentences_are_put_in_lines() {
        let measure = |line: &str| line.chars().count() as f64;
        assert_eq!(wrapped("one two three four", 9.0, measure), ["one two", "three", "four"]);
        assert_eq!(wrapped("unbreakable", 3.0, measure), ["unbreakable"]);
        assert!(wrapped("", 9.0, measure).is_empty());
    }

    #[test]
    fn curves_are_interrupted_where_they_have_no_bounds() {
        let y = Scale::new((0.0, 1.0), (100.0, 0.0));
        let pixels: Vec<f64> = (0..8).map(f64::from).collect();
        let values = [0.0, 0.5, 7.0, f64::INFINITY, f64::NAN, 9.0, 0.5, 0.0];
        let found = runs(&pixels, &values, &y, (-40.0, 140.0));
        // Each reaches as far as the edge of what is drawn.
        assert_eq!(found[0], [(0.0, 100.0), (1.0, 50.0), (2.0, -40.0)]);
        assert_eq!(found[1], [(5.0, -40.0), (6.0, 50.0), (7.0, 100.0)]);
        assert_eq!(found.len(), 2);
        assert!(runs(&pixels, &[f64::NAN; 8], &y, (0.0, 1.0)).is_empty());
    }
}
