//! Colour bars: a thin strip of a ramp with round numerals beside it.

use crate::drawing::area::Area;
use crate::drawing::axes::snapped;
use crate::drawing::canvas::{Align, Canvas, polyline};
use crate::drawing::color::Ramp;
use crate::drawing::raster::Raster;
use crate::drawing::scale::Scale;

/// How wide a bar is, in CSS pixels.
pub const WIDTH: f64 = 6.0;
/// From the bar to its numerals, and to the minus sign of those below 0.
const GAP: f64 = 7.0;
const MINUS_GAP: f64 = 3.0;
/// CSS pixels between numerals, at least, and a part of the bar's height.
const SPACING: f64 = 24.0;
const SPACING_PART: f64 = 0.12;

/// Paints a bar whose top is the most.
pub fn paint(raster: &mut Raster, area: Area, pixel_ratio: f64, ramp: &Ramp) {
    let region = raster.region(area, pixel_ratio);
    raster.paint_field(region, &[1.0, 1.0, 0.0, 0.0], (2, 2), ramp);
}

/// Where a value of a range is along a bar, and which numerals stand there.
fn numerals(area: Area, range: (f64, f64)) -> Vec<(f64, String)> {
    let scale = Scale::new(range, (area.bottom(), area.top));
    let spacing = SPACING.max(SPACING_PART * area.height).min(0.49 * area.height);
    let ticks = scale.ticks(scale.range(), spacing);
    ticks.into_iter().map(|(value, label)| (scale.pixel(value), compact(value, label))).collect()
}

/// A round number in less room: `0.002` as `2e−3`.
#[must_use]
pub fn compact(value: f64, label: String) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let decimals = label.split_once('.').map_or("", |(_, decimals)| decimals);
    // With more digits than one it would not become shorter.
    let single = decimals.trim_matches('0').len() == 1 && value.abs() < 0.1;
    if decimals.len() >= 3 && single { format!("{value:.0e}").replace('-', "−") } else { label }
}

/// Draws the numerals of a bar beside it and a fine line around it, for where it begins with the page's colour.
pub fn draw(canvas: &Canvas, area: Area, range: (f64, f64)) {
    let theme = &canvas.theme;
    canvas.stroke(&theme.line.css(1.0), 1.0, &[], |context| {
        let (left, right) = (snapped(area.left) - 1.0, snapped(area.right()));
        let (top, bottom) = (snapped(area.top) - 1.0, snapped(area.bottom()));
        polyline(context, [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)].into_iter());
    });
    for (y, label) in numerals(area, range) {
        let gap = if label.starts_with('−') { MINUS_GAP } else { GAP };
        canvas.text(&label, area.right() + gap, y.clamp(area.top + 4.0, area.bottom() - 4.0), Align::Left, theme.quiet);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerals_are_round_and_not_too_near() {
        let bar = |height: f64, range| numerals(Area { left: 0.0, top: 10.0, width: WIDTH, height }, range);
        assert_eq!(
            bar(104.0, (0.0, 4.2)).iter().map(|one| one.1.as_str()).collect::<Vec<_>>(),
            ["0", "1", "2", "3", "4"]
        );
        let signed = bar(104.0, (-0.5, 0.5));
        assert!(signed.iter().any(|one| one.1 == "0"), "{signed:?}");
        assert!(bar(104.0, (-0.001, 0.001)).iter().any(|one| one.1 == "−1e−3"));
        let fine = bar(560.0, (0.0, 0.045));
        assert!(fine.windows(2).all(|two| two[0].1 != two[1].1), "{fine:?}");
        assert!(bar(560.0, (0.0, 1.0)).len() <= 6, "{:?}", bar(560.0, (0.0, 1.0)));
        for (height, range) in [(104.0, (0.0, 4.2)), (30.0, (-1.0, 1.0)), (300.0, (0.0, 1e-3))] {
            let found = bar(height, range);
            assert!(found.len() >= 2, "{found:?}");
            assert!(found.windows(2).all(|two| two[0].0 - two[1].0 >= 12.0), "{found:?}");
            assert!(found.iter().all(|one| one.0 >= 9.9 && one.0 <= 10.1 + height));
        }
    }
}
