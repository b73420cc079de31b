//! What is drawn.

use super::{BayesianFigure, PointColors, SumFigure};

/// The layers of a drawing: what a visitor may switch off or choose. A drawing without a layer ignores its switch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layers {
    /// A mixture's density behind the points.
    pub density: bool,
    /// The points.
    pub points: bool,
    /// Ellipses at one and two standard deviations; on a line, bars.
    pub ellipses: bool,
    /// The paths of the means.
    pub paths: bool,
    /// Lines of equal log-density of a mixture in the plane.
    pub contours: bool,
    /// Whether a mixture's density is looked at for itself, from nothing to its most, rather than behind coloured points.
    pub heat: bool,
    /// The prediction of a sum of Gaussians.
    pub prediction: bool,
    /// The Gaussians that targets were made of.
    pub truth: bool,
    /// The large figure of a sum of Gaussians in the plane.
    pub figure: SumFigure,
    /// The large figure of a Bayesian mixture.
    pub bayesian_figure: BayesianFigure,
    /// Draws from the posterior of a Bayesian mixture, behind its ellipses.
    pub samples: bool,
    /// Whether the difference of a sum of Gaussians is squared.
    pub squared_difference: bool,
    /// The other figures, small beside the large one.
    pub figures: bool,
    /// What the colours of a mixture's points say.
    pub color_by: PointColors,
}

impl Default for Layers {
    fn default() -> Self {
        Self {
            density: true,
            points: true,
            ellipses: true,
            paths: true,
            contours: false,
            heat: false,
            prediction: true,
            truth: true,
            figure: SumFigure::Gaussians,
            bayesian_figure: BayesianFigure::Density,
            samples: true,
            squared_difference: false,
            figures: true,
            color_by: PointColors::Share,
        }
    }
}
