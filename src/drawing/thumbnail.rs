//! Small pictures of a mixture, whatever its fit is at now: at an earlier iteration, from another start, with other settings.

use std::f64::consts::TAU;

use wasm_bindgen::JsValue;

use crate::dataset::Dataset;
use crate::experiment::{Component, ComponentStatus};
use crate::numeric::random::{Purpose, Stream};

use super::axes::widened;
use super::canvas::{Canvas, polyline};
use super::color::{PALETTE_SIZE, Ramp};
use super::ellipse::Ellipse;
use super::plane::{Field, trace};
use super::raster::Raster;
use super::scale::Scale;
use super::viewport::Viewport;

/// CSS pixels between the places where the density is worked out.
const STEP: f64 = 2.0;
/// From the picture's edges to the range of the data, in CSS pixels.
const MARGIN: f64 = 2.0;
/// Most points drawn.
const SHOWN_POINTS: usize = 400;
/// Radius of a point in CSS pixels, and its opacity.
const POINT: (f64, f32) = (0.8, 0.45);

/// What stands behind the ellipses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// The density, from nothing to its most.
    Density,
    /// Some of the points.
    Points,
}

impl Style {
    /// The style of a name: `density` or `points`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "density" => Some(Self::Density),
            "points" => Some(Self::Points),
            _ => None,
        }
    }
}

/// A Gaussian of which the density is wanted.
struct Bell {
    mean: Vec<f64>,
    /// Of the precision: xx, xy and yy; of data on a line the first alone.
    precision: [f64; 3],
    /// Its weight over its volume.
    height: f64,
}

impl Bell {
    /// `None` where it has no density: it has collapsed, or its weight is nothing.
    fn new(component: &Component) -> Option<Self> {
        let (determinant, precision) = match component.covariance[..] {
            [variance] => (variance, [1.0 / variance, 0.0, 0.0]),
            [xx, xy, _, yy] => {
                let determinant = xx * yy - xy * xy;
                (determinant, [yy / determinant, -xy / determinant, xx / determinant])
            }
            _ => return None,
        };
        let volume = libm::sqrt(determinant) * libm::pow(TAU, 0.5 * component.mean.len() as f64);
        let height = component.weight / volume;
        (determinant > 0.0 && height.is_finite() && height > 0.0).then(|| Self {
            mean: component.mean.clone(),
            precision,
            height,
        })
    }

    fn at(&self, place: &[f64]) -> f64 {
        let across = place[0] - self.mean[0];
        let up = if self.mean.len() > 1 { place[1] - self.mean[1] } else { 0.0 };
        let [xx, xy, yy] = self.precision;
        self.height * libm::exp(-0.5 * (xx * across * across + 2.0 * xy * across * up + yy * up * up))
    }
}

/// The density of components at a place, in the units of the data.
fn density(bells: &[Bell], place: &[f64]) -> f64 {
    bells.iter().map(|bell| bell.at(place)).sum()
}

/// Draws components over the whole range of the data, in one or two dimensions, on a canvas of its own.
///
/// # Errors
/// The browser's, where it is out of memory.
pub fn draw(
    canvas: &Canvas,
    dataset: &Dataset,
    components: &[Component],
    (style, ramp): (Style, &Ramp),
) -> Result<(), JsValue> {
    let mut raster = Raster::default();
    canvas.fit(&mut raster);
    raster.fill(canvas.theme.page);
    let viewport = Viewport::new((0..dataset.dimension()).map(|axis| widened(dataset.range(axis))).collect());
    let bells: Vec<Bell> = components.iter().filter_map(Bell::new).collect();
    if dataset.dimension() == 1 {
        let x = viewport.line_within(canvas.width(), MARGIN);
        canvas.cover(&raster)?;
        draw_curves(canvas, &bells, components, &x);
        return Ok(());
    }
    let (x, y) = viewport.plane_within(canvas.size(), [MARGIN; 4]);
    match style {
        Style::Density => paint_density(canvas, &mut raster, &bells, (&x, &y), ramp),
        Style::Points => paint_points(canvas, &mut raster, dataset, (&x, &y)),
    }
    canvas.cover(&raster)?;
    draw_ellipses(canvas, components, (&x, &y), style);
    Ok(())
}

fn paint_density(canvas: &Canvas, raster: &mut Raster, bells: &[Bell], (x, y): (&Scale, &Scale), ramp: &Ramp) {
    let field = Field::of_step(canvas.width(), canvas.height(), STEP);
    let (columns, rows) = field.places(canvas.area(), x, y);
    let values: Vec<f64> =
        rows.iter().flat_map(|&up| columns.iter().map(move |&across| density(bells, &[across, up]))).collect();
    let most = values.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
    let shades: Vec<f32> = values.into_iter().map(|value| (value / most) as f32).collect();
    raster.paint_field(raster.whole(), &shades, field.shape(), ramp);
}

fn paint_points(canvas: &Canvas, raster: &mut Raster, dataset: &Dataset, (x, y): (&Scale, &Scale)) {
    let ratio = canvas.pixel_ratio();
    let some = Stream::new(0, Purpose::Drawing).distinct_indices(dataset.count().min(SHOWN_POINTS), dataset.count());
    let discs = some.into_iter().map(|i| {
        let (px, py) = (x.pixel(dataset.coordinate(i, 0)), y.pixel(dataset.coordinate(i, 1)));
        ((px * ratio) as f32, (py * ratio) as f32, (POINT.0 * ratio) as f32, canvas.theme.off)
    });
    raster.paint_discs(POINT.1, discs);
}

/// Components at one standard deviation. Where there are more than colours, those would tell nothing.
fn draw_ellipses(canvas: &Canvas, components: &[Component], (x, y): (&Scale, &Scale), style: Style) {
    let on = |one: &Component| !matches!(one.status, ComponentStatus::Empty | ComponentStatus::Off);
    let many = components.iter().filter(|one| on(one)).count() > PALETTE_SIZE;
    for (k, component) in components.iter().enumerate().filter(|(_, one)| on(one)) {
        let ellipse = Ellipse::new(component, x, y);
        let color = if many { canvas.theme.ink.css(0.5) } else { canvas.theme.component(k).css(1.0) };
        let width = if many { 0.75 } else { 1.25 };
        if style == Style::Points && !many {
            canvas.stroke_with_halo(&color, width, &[], |context| trace(context, &ellipse, 1.0));
        } else {
            canvas.stroke(&color, width, &[], |context| trace(context, &ellipse, 1.0));
        }
    }
}

/// Of data on a line: the density, and under it that of each component.
fn draw_curves(canvas: &Canvas, bells: &[Bell], components: &[Component], x: &Scale) {
    let places: Vec<f64> = (0..=canvas.width() as usize).map(|pixel| pixel as f64).collect();
    let most = places.iter().map(|&px| density(bells, &[x.value(px)])).fold(f64::MIN_POSITIVE, f64::max);
    let y = Scale::new((0.0, 1.08 * most), (canvas.height() - 1.0, MARGIN));
    let curve = |bells: &[Bell], color: &str, width: f64| {
        canvas.stroke(color, width, &[], |context| {
            polyline(context, places.iter().map(|&px| (px, y.pixel(density(bells, &[x.value(px)])))));
        });
    };
    for (k, component) in components.iter().enumerate() {
        if let Some(bell) = Bell::new(component) {
            curve(&[bell], &canvas.theme.component(k).css(1.0), 1.0);
        }
    }
    curve(bells, &canvas.theme.ink.css(1.0), 1.25);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn component(weight: f64, mean: &[f64], covariance: &[f64]) -> Component {
        Component { weight, mean: mean.to_vec(), covariance: covariance.to_vec(), status: ComponentStatus::Active }
    }

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-12 * b.abs()
    }

    #[test]
    fn densities_are_those_of_gaussians() {
        let round = Bell::new(&component(0.5, &[1.0, 2.0], &[0.25, 0.0, 0.0, 0.25])).unwrap();
        assert!(close(round.at(&[1.0, 2.0]), 0.5 / (TAU * 0.25)));
        assert!(close(round.at(&[1.5, 2.0]), 0.5 / (TAU * 0.25) * libm::exp(-0.5)));
        let tilted = Bell::new(&component(1.0, &[0.0, 0.0], &[2.0, 1.0, 1.0, 1.0])).unwrap();
        // The precision is (1, −1; −1, 2), the determinant 1.
        assert!(close(tilted.at(&[1.0, 2.0]), libm::exp(-0.5 * (1.0 - 4.0 + 8.0)) / TAU));
        let line = Bell::new(&component(1.0, &[3.0], &[4.0])).unwrap();
        assert!(close(line.at(&[5.0]), libm::exp(-0.5) / libm::sqrt(TAU * 4.0)));
    }

    #[test]
    fn what_has_no_density_is_left_out() {
        for (weight, covariance) in
            [(0.0, [1.0, 0.0, 0.0, 1.0]), (1.0, [1.0, 1.0, 1.0, 1.0]), (1.0, [f64::NAN, 0.0, 0.0, 1.0])]
        {
            assert!(Bell::new(&component(weight, &[0.0, 0.0], &covariance)).is_none(), "{weight} {covariance:?}");
        }
        assert!(Bell::new(&component(1.0, &[0.0; 3], &[0.0; 9])).is_none());
    }

    #[test]
    fn styles_have_their_names() {
        assert_eq!(Style::named("density"), Some(Style::Density));
        assert_eq!(Style::named("points"), Some(Style::Points));
        assert_eq!(Style::named("dots"), None);
    }
}
