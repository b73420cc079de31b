//! Where the figures of an experiment are on the canvas: a large one, and the others small, in a strip beside or below it.

use serde::Serialize;
use tsify::Tsify;

use crate::drawing::area::Area;
use crate::settings::Choice;

/// The side of a small figure, in CSS pixels: as large as there is room for, and none are shown where there is less.
const SIDES: (f64, f64) = (40.0, 104.0);
/// On canvases narrower than this the strip is below the large figure.
const NARROW: f64 = 560.0;
/// Between a small figure's caption and the figure before it.
const GAP: f64 = 3.0;
/// How high the caption of a small figure is.
const CAPTION: f64 = 18.0;
/// Between the large figure and a strip beside it.
const BESIDE: f64 = 12.0;
/// Room at the right of a strip for colour bars and numerals.
const NUMERALS: f64 = 42.0;
/// Around and between the small figures of a strip below.
const MARGIN: f64 = 8.0;
/// A large figure lower than this is not worth having a strip below it.
const LOWEST: f64 = 150.0;

/// A small figure on the canvas, which can be pressed to make it the large one.
#[derive(Clone, Debug, PartialEq, Serialize, Tsify)]
pub struct Figure {
    /// The value that the setting `figure` has where this one is large.
    pub name: &'static str,
    /// What the page calls it.
    pub label: String,
    /// Its left edge in CSS pixels, its caption included.
    pub x: f64,
    /// Its upper edge.
    pub y: f64,
    /// How wide it is.
    pub width: f64,
    /// How high it is.
    pub height: f64,
}

/// Where each figure is.
#[derive(Clone, Debug, PartialEq)]
pub struct Arrangement<F> {
    /// The large figure begins at the canvas's corner and has this width and height, in CSS pixels.
    pub large: (f64, f64),
    /// The small ones without their captions, in the settings' order; none where there is no room.
    pub small: Vec<(F, Area)>,
    /// Whether there is room for numerals at the right of the small ones.
    pub numerals: bool,
    /// How high captions are.
    pub caption: f64,
}

impl<F: Choice> Arrangement<F> {
    /// The figures on a canvas of this size, in CSS pixels; only the large one unless there is a `strip`.
    #[must_use]
    pub fn new((width, height): (f64, f64), large: F, strip: bool) -> Self {
        let alone = Self { large: (width, height), small: Vec::new(), numerals: false, caption: CAPTION };
        let others: Vec<F> = F::ALL.iter().copied().filter(|&figure| figure != large).collect();
        if !strip {
            return alone;
        }
        let count = others.len() as f64;
        if width >= NARROW {
            let side = libm::floor((height - count * CAPTION - (count - 1.0) * GAP) / count).min(SIDES.1);
            let left = libm::floor(width - NUMERALS - side);
            if side < SIDES.0 {
                return alone;
            }
            let top = |i: usize| CAPTION + i as f64 * (side + GAP + CAPTION);
            let area = |i: usize| Area { left, top: top(i), width: side, height: side };
            let small = others.iter().enumerate().map(|(i, &figure)| (figure, area(i))).collect();
            return Self { large: (left - BESIDE, height), small, numerals: true, caption: CAPTION };
        }
        let side = libm::floor((width - (count + 1.0) * MARGIN) / count).min(SIDES.1);
        let rest = height - CAPTION - side - MARGIN;
        if side < SIDES.0 || rest < LOWEST {
            return alone;
        }
        let pitch = side + MARGIN;
        let first = libm::floor(0.5 * (width - count * pitch + MARGIN));
        let area = |i: usize| Area { left: first + i as f64 * pitch, top: rest + CAPTION, width: side, height: side };
        let small = others.iter().enumerate().map(|(i, &figure)| (figure, area(i))).collect();
        Self { large: (width, rest), small, numerals: false, caption: CAPTION }
    }

    /// The small figures for the page, their captions, which `label` gives, included.
    #[must_use]
    pub fn figures(&self, label: impl Fn(F) -> &'static str) -> Vec<Figure> {
        let figure = |&(figure, area): &(F, Area)| Figure {
            name: figure.option().value,
            label: label(figure).to_owned(),
            x: area.left,
            y: area.top - self.caption,
            width: area.width,
            height: area.height + self.caption,
        };
        self.small.iter().map(figure).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::{BayesianFigure, SumFigure};

    fn check<F: Choice>(size: (f64, f64), large: F) -> Arrangement<F> {
        let arranged = Arrangement::new(size, large, true);
        let canvas = Area { left: 0.0, top: 0.0, width: size.0, height: size.1 };
        let around = Area { left: 0.0, top: 0.0, width: arranged.large.0, height: arranged.large.1 };
        assert!(around.right() <= canvas.right() && around.bottom() <= canvas.bottom());
        let figures = arranged.figures(|figure| figure.option().label);
        let whole =
            |figure: &Figure| Area { left: figure.x, top: figure.y, width: figure.width, height: figure.height };
        for (i, one) in figures.iter().map(whole).enumerate() {
            assert!(one.left >= 0.0 && one.top >= 0.0 && one.right() <= canvas.right(), "{size:?} {one:?}");
            assert!(one.bottom() <= canvas.bottom() && one.shared_with(&around) == 0.0, "{size:?} {one:?}");
            assert!(figures[..i].iter().map(whole).all(|other| one.shared_with(&other) == 0.0), "{size:?}");
        }
        assert!(figures.iter().all(|figure| figure.name != large.option().value));
        arranged
    }

    #[test]
    fn five_small_figures_are_beside_the_large_one() {
        for &large in SumFigure::ALL {
            let arranged = check((824.0, 624.0), large);
            assert_eq!((arranged.large, arranged.small.len()), ((666.0, 624.0), 5));
            assert_eq!(arranged.small[0].1, Area { left: 678.0, top: 18.0, width: 104.0, height: 104.0 });
        }
        let short = check((680.0, 400.0), SumFigure::Loss);
        assert!(short.small[4].1.width < 70.0 && short.numerals);
    }

    #[test]
    fn they_are_below_on_a_phone_and_nowhere_without_room() {
        let phone = check((390.0, 368.0), SumFigure::Gaussians);
        assert_eq!((phone.large.0, phone.small.len(), phone.numerals), (390.0, 5, false));
        assert!(phone.large.1 > 260.0);
        check((559.0, 700.0), SumFigure::Truth);
        for size in [(824.0, 200.0), (240.0, 300.0), (390.0, 200.0), (1.0, 1.0)] {
            let arranged = check(size, SumFigure::Gaussians);
            assert_eq!((arranged.large, arranged.small.len()), (size, 0));
        }
        let alone = Arrangement::new((824.0, 624.0), SumFigure::Gaussians, false);
        assert_eq!((alone.large, alone.small.len()), ((824.0, 624.0), 0));
    }

    #[test]
    fn figures_of_another_experiment_share_the_room() {
        for &large in BayesianFigure::ALL {
            let arranged = check((824.0, 624.0), large);
            assert_eq!((arranged.large, arranged.small.len()), ((666.0, 624.0), 4));
            assert_eq!(check((390.0, 368.0), large).small.len(), 4);
        }
    }
}
