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
