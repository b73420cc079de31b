//! What the colours of a mixture's points say.

use crate::experiment::{Mixture, PointsShown};
use crate::settings::PointColors;

use super::canvas::Canvas;
use super::cloud::mixed;
use super::color::{Oklab, Rgb};

/// How far from the page points are that tell of nothing: undecided about nothing, or no points of the Gaussian looked at.
const PALE: f32 = 0.42;

/// How points are coloured by their responsibilities.
pub struct Coloring {
    by: PointColors,
    /// The components' colours.
    palette: Vec<[f32; 3]>,
    /// The component whose points stand out.
    looked_at: Option<usize>,
    pale: Oklab,
    strong: Oklab,
}

impl Coloring {
    /// The colours of so many components on a canvas; the points of one that is looked at stand out from the others.
    #[must_use]
    pub fn new(canvas: &Canvas, components: usize, by: PointColors, looked_at: Option<usize>) -> Self {
        let theme = &canvas.theme;
        Self {
            by,
            palette: (0..components).map(|k| Oklab::from(theme.component(k)).0).collect(),
            looked_at: looked_at.filter(|&k| k < components),
            pale: Oklab::from(theme.page).mixed(theme.off.into(), PALE),
            strong: theme.ink.into(),
        }
    }

    /// All points in the ink's colour, whatever their responsibilities.
    #[must_use]
    pub fn inked(canvas: &Canvas, components: usize) -> Self {
        let ink = Oklab::from(canvas.theme.ink);
        Self { palette: vec![ink.0; components], ..Self::new(canvas, components, PointColors::Share, None) }
    }

    /// The components' colours, where a point's is their mean by its responsibilities and nothing else.
    #[must_use]
    pub fn means(&self) -> Option<&[[f32; 3]]> {
        (self.by == PointColors::Share && self.looked_at.is_none()).then_some(&self.palette[..])
    }

    /// The colour of a point with these responsibilities, one a component.
    #[must_use]
    pub fn color(&self, shares: &[f64]) -> Rgb {
        let own = match self.by {
            PointColors::Share => mixed(&self.palette, shares),
            PointColors::Nearest => Oklab(self.palette[nearest(shares)]).into(),
            PointColors::Doubt => self.pale.mixed(self.strong, doubt(shares) as f32).into(),
        };
        match self.looked_at {
            Some(k) => self.pale.mixed(own.into(), shares[k] as f32).into(),
            None => own,
        }
    }

    /// The colours of some points.
    pub fn of_some(&self, fit: &mut dyn Mixture, points: &PointsShown<'_>, indices: &[usize]) -> Vec<Rgb> {
        let mut colors = Vec::with_capacity(indices.len());
        if !indices.is_empty() {
            let position = |i: usize, axis: usize| points.coordinate(indices[i], axis);
            fit.visit_at(indices.len(), &position, &mut |_, _, shares| colors.push(self.color(shares)));
        }
        colors
    }
}

/// The likeliest component.
fn nearest(shares: &[f64]) -> usize {
    (0..shares.len()).fold(0, |best, k| if shares[k] > shares[best] { k } else { best })
}

/// How undecided a point is between K components: the entropy of its responsibilities over ln K, 0 to 1.
fn doubt(shares: &[f64]) -> f64 {
    if shares.len() < 2 {
        return 0.0;
    }
    let entropy: f64 = shares.iter().filter(|&&share| share > 0.0).map(|&share| -share * libm::log(share)).sum();
    (entropy / libm::log(shares.len() as f64)).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubt_is_none_for_one_and_all_for_equal_shares() {
        assert_eq!(doubt(&[1.0]), 0.0);
        assert_eq!(doubt(&[0.0, 1.0, 0.0]), 0.0);
        assert!((doubt(&[0.25; 4]) - 1.0).abs() < 1e-12);
        assert!((doubt(&[0.5, 0.5, 0.0]) - libm::log(2.0) / libm::log(3.0)).abs() < 1e-12);
    }

    #[test]
    fn the_likeliest_is_the_first_of_equal_ones() {
        assert_eq!(nearest(&[0.2, 0.5, 0.3]), 1);
        assert_eq!(nearest(&[0.4, 0.4, 0.2]), 0);
    }

    fn coloring(by: PointColors, looked_at: Option<usize>) -> Coloring {
        let color = |value: [u8; 3]| Oklab::from(Rgb(value)).0;
        Coloring {
            by,
            palette: vec![color([0, 114, 178]), color([230, 159, 0])],
            looked_at,
            pale: Rgb([220, 220, 220]).into(),
            strong: Rgb([20, 20, 20]).into(),
        }
    }

    #[test]
    fn each_choice_has_its_colours() {
        let near = |a: Rgb, b: [u8; 3]| (0..3).all(|i| a.0[i].abs_diff(b[i]) <= 1);
        let shares = [0.6, 0.4];
        assert!(near(coloring(PointColors::Nearest, None).color(&shares), [0, 114, 178]));
        assert!(near(coloring(PointColors::Doubt, None).color(&[1.0, 0.0]), [220, 220, 220]));
        assert!(near(coloring(PointColors::Doubt, None).color(&[0.5, 0.5]), [20, 20, 20]));
        assert_eq!(
            coloring(PointColors::Share, None).color(&shares),
            mixed(&coloring(PointColors::Share, None).palette, &shares)
        );
        // The points of the others fade.
        assert!(near(coloring(PointColors::Share, Some(1)).color(&[1.0, 0.0]), [220, 220, 220]));
        assert!(near(coloring(PointColors::Share, Some(1)).color(&[0.0, 1.0]), [230, 159, 0]));
    }

    #[test]
    fn only_plain_shares_are_means() {
        assert!(coloring(PointColors::Share, None).means().is_some());
        assert!(coloring(PointColors::Share, Some(0)).means().is_none());
        assert!(coloring(PointColors::Nearest, None).means().is_none());
    }
}
