//! The data of an experiment, whichever kind its model takes.

use std::rc::Rc;

use crate::dataset::{Axis, Dataset, Regression};

/// Points, or points with a target each.
#[derive(Clone, Debug)]
pub enum Data {
    /// What mixtures are fitted to.
    Points(Rc<Dataset>),
    /// What predictions are fitted to.
    Samples(Rc<Regression>),
    /// The fit draws its own.
    Drawn,
}

/// Points as a drawing takes them.
#[derive(Clone, Copy, Debug)]
pub struct PointsShown<'a> {
    /// Row-major, in the units of the data; they may be any numbers.
    pub values: &'a [f64],
    /// One a point; `None` where all count once.
    pub weights: Option<&'a [f64]>,
    /// Coordinates a point has.
    pub dimension: usize,
}

/// Points while a visitor edits them.
#[derive(Clone, Copy, Debug)]
pub struct Edited<'a> {
    /// As they are now.
    pub points: PointsShown<'a>,
    /// Another number, above 0, after each change.
    pub version: u64,
}

impl PointsShown<'_> {
    /// Points there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.values.len() / self.dimension
    }

    /// Coordinate `axis` of point `index`.
    #[must_use]
    pub fn coordinate(&self, index: usize, axis: usize) -> f64 {
        self.values[index * self.dimension + axis]
    }
}

impl<'a> From<&'a Dataset> for PointsShown<'a> {
    fn from(dataset: &'a Dataset) -> Self {
        Self { values: dataset.values(), weights: dataset.weights(), dimension: dataset.dimension() }
    }
}

impl Data {
    /// Whether it is the same data, not only equal.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Points(one), Self::Points(other)) => Rc::ptr_eq(one, other),
            (Self::Samples(one), Self::Samples(other)) => Rc::ptr_eq(one, other),
            (Self::Drawn, Self::Drawn) => true,
            _ => false,
        }
    }

    /// What the page calls it.
    #[must_use]
    pub fn label(&self) -> &str {
        match self {
            Self::Points(points) => points.label(),
            Self::Samples(samples) => samples.label(),
            Self::Drawn => "Drawn anew for each fit",
        }
    }

    /// Points there are to fit to.
    #[must_use]
    pub fn count(&self) -> usize {
        match self {
            Self::Points(points) => points.count(),
            Self::Samples(samples) => samples.train().count(),
            Self::Drawn => 0,
        }
    }

    /// One axis a column, that of the targets last.
    #[must_use]
    pub fn axes(&self) -> Vec<Axis> {
        match self {
            Self::Points(points) => points.axes().to_vec(),
            Self::Samples(samples) => samples.axes().iter().chain([samples.target()]).cloned().collect(),
            Self::Drawn => Vec::new(),
        }
    }

    /// How the points came about, or empty.
    #[must_use]
    pub fn note(&self) -> &str {
        match self {
            Self::Points(points) => points.note(),
            Self::Samples(samples) => samples.note(),
            Self::Drawn => "Each σ has points of its own, drawn evenly between −1 and 1.",
        }
    }

    /// Who measured them, or empty.
    #[must_use]
    pub fn source(&self) -> &str {
        match self {
            Self::Points(points) => points.source(),
            Self::Samples(_) | Self::Drawn => "",
        }
    }
}
