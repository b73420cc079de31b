//! The density at the posterior means, small.

use crate::drawing::area::Area;
use crate::drawing::canvas::{Canvas, circle, polyline};
use crate::drawing::ellipse::Ellipse;
use crate::drawing::plane::{self, Field};
use crate::drawing::raster::Raster;
use crate::drawing::scale::Scale;
use crate::experiment::Mixture;

/// CSS pixels between the corners of the field.
const STEP: f64 = 4.0;
/// What is half as likely as the likeliest place is this dark.
const HALF: f32 = 0.63;

/// The scales of the small figure: all of the data, one unit as long across as up.
fn scales(area: Area, ranges: &[(f64, f64)]) -> (Scale, Scale) {
    let (across, up) = (ranges[0], ranges.get(1).copied().unwrap_or((0.0, 1.0)));
    if ranges.len() < 2 {
        return (Scale::new(across, (area.left, area.right())), Scale::new(up, (area.bottom(), area.top)));
    }
    let unit = ((across.1 - across.0) / area.width).max((up.1 - up.0) / area.height);
    let about = |(low, high): (f64, f64), length: f64| {
        let (middle, half) = (0.5 * (low + high), 0.5 * unit * length);
        (middle - half, middle + half)
    };
    (
        Scale::new(about(across, area.width), (area.left, area.right())),
        Scale::new(about(up, area.height), (area.bottom(), area.top)),
    )
}

/// Paints the field over the plane.
pub fn paint(canvas: &Canvas, raster: &mut Raster, area: Area, ranges: &[(f64, f64)], fit: &mut dyn Mixture) {
    if ranges.len() < 2 {
        return;
    }
    let (x, y) = scales(area, ranges);
    let field = Field::of_step(area.width, area.height, STEP);
    let (columns, rows) = field.places(area, &x, &y);
    let mut values = vec![0.0f32; field.columns() * field.rows()];
    let position = |i: usize, axis: usize| if axis == 0 { columns[i % columns.len()] } else { rows[i / columns.len()] };
    fit.visit_at(values.len(), &position, &mut |i, log_density, _| values[i] = libm::exp(log_density) as f32);
    let highest = values.iter().copied().filter(|value| value.is_finite()).fold(f32::MIN_POSITIVE, f32::max);
    for value in &mut values {
        *value = 1.0 - libm::expf(-2.0 * HALF * *value / highest);
    }
    let region = raster.region(area, canvas.pixel_ratio());
    raster.paint_field(region, &values, field.shape(), &canvas.theme.density);
}

/// Draws the components over it; on a line, their curves.
pub fn draw(canvas: &Canvas, area: Area, ranges: &[(f64, f64)], fit: &dyn Mixture) {
    let components = fit.components();
    let (x, y) = scales(area, ranges);
    let theme = &canvas.theme;
    if ranges.len() < 2 {
        let height = |k: usize, place: f64| {
            let (mean, variance) = (components[k].mean[0], components[k].covariance[0]);
            let away = place - mean;
            components[k].weight / libm::sqrt(variance) * libm::exp(-0.5 * away * away / variance)
        };
        let highest = (0..components.len()).map(|k| height(k, components[k].mean[0])).fold(0.0, f64::max);
        for k in 0..components.len() {
            let path = (0..=libm::ceil(area.width) as usize).map(|i| {
                let px = area.left + i as f64;
                (px, area.bottom() - 3.0 - 0.9 * area.height * height(k, x.value(px)) / highest)
            });
            let path: Vec<(f64, f64)> = path.collect();
            canvas.within(area, || {
                canvas
                    .stroke(&theme.component(k).css(1.0), 1.25, &[], |context| polyline(context, path.iter().copied()));
            });
        }
        return;
    }
    canvas.within(area, || {
        for (k, component) in components.iter().enumerate() {
            let ellipse = Ellipse::new(component, &x, &y);
            let color = theme.component(k).css(1.0);
            canvas.stroke(&color, 1.25, &[], |context| plane::trace(context, &ellipse, 1.0));
            canvas.fill(&color, |context| circle(context, ellipse.centre.0, ellipse.centre.1, 1.75));
        }
    });
}
