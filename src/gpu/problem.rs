//! What a fit asks of the device, as plain numbers.

use super::source::Source;

/// Points, one array a coordinate, so that no binding holds more than one number a point.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Columns {
    /// D arrays.
    pub coordinates: Vec<Vec<f32>>,
    /// Weights or targets; `None` where all weigh 1.
    pub values: Option<Vec<f32>>,
}

impl Columns {
    /// Points there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.coordinates.first().map_or(0, Vec::len)
    }
}

/// One dispatch of a schedule.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// The kernel's name.
    pub entry: &'static str,
    /// Workgroups it takes.
    pub workgroups: u32,
    /// Pairs of point and component that it works on; the workgroups share them, and may do so in several submissions. 0 for what
    /// is not worth splitting.
    pub pairs: f64,
    /// Which points: those of [`Problem::points`] with this index.
    pub points: usize,
}

impl Step {
    /// A small dispatch, of one workgroup unless said otherwise.
    #[must_use]
    pub fn small(entry: &'static str, workgroups: usize) -> Self {
        Self { entry, workgroups: u32::try_from(workgroups).unwrap_or(u32::MAX), pairs: 0.0, points: 0 }
    }

    /// A pass over points.
    #[must_use]
    pub fn pass(entry: &'static str, workgroups: usize, pairs: f64, points: usize) -> Self {
        Self { pairs, points, ..Self::small(entry, workgroups) }
    }
}

/// Batches that make an epoch.
pub struct Epochs {
    /// Iterations an epoch.
    pub iterations: usize,
    /// The iterations of the present epoch that are done.
    pub done: usize,
    /// The present epoch.
    pub epoch: u64,
    /// The order of the samples in an epoch, or `None` where they keep their own.
    pub order: Option<Box<dyn Fn(u64) -> Vec<u32>>>,
    /// Samples an epoch.
    pub samples: usize,
    /// Samples a batch.
    pub batch: usize,
    /// What follows the last iteration of an epoch.
    pub closing: Vec<Step>,
}

/// A fit as the device takes it over.
pub struct Problem {
    /// Which program.
    pub source: Source,
    /// The model's settings, word by word.
    pub settings: Vec<u32>,
    /// Steps that the optimizer has done.
    pub optimizer_step: u32,
    /// Sets of points: those that are fitted to, then others.
    pub points: Vec<Columns>,
    /// Parameters and all that belongs to them.
    pub state: Vec<f32>,
    /// Components as the sums take them, twelve numbers each.
    pub components: Vec<f32>,
    /// Workgroups' sums to keep.
    pub partials: usize,
    /// Sums to keep.
    pub sums: usize,
    /// Numbers a row of the history.
    pub row: usize,
    /// Before the first iteration.
    pub opening: Vec<Step>,
    /// One iteration.
    pub iteration: Vec<Step>,
    /// At the end of each submission that completes an iteration.
    pub finish: Vec<Step>,
    /// Where iterations take batches.
    pub epochs: Option<Epochs>,
}

/// Workgroups that a pass over so many points is divided among.
#[must_use]
pub fn workgroups(points: usize) -> usize {
    points.div_ceil(super::source::WORKGROUP).clamp(1, MOST_WORKGROUPS)
}

/// Workgroups of a pass: enough to fill a large device, and few enough that adding up their sums costs little.
pub const MOST_WORKGROUPS: usize = 1024;

/// Why a fit on the device stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// It has not.
    Running,
    /// The objective changed by less than the tolerance.
    Converged,
    /// The next iteration needs double precision, or has no finite parameters.
    Attention,
}

/// What was read back after a submission.
#[derive(Clone, Debug, PartialEq)]
pub struct Readout {
    /// Iterations done since the state was uploaded.
    pub iterations: usize,
    /// Steps that the optimizer has done.
    pub optimizer_step: u32,
    /// Whether it goes on.
    pub stopped: Stopped,
    /// Parameters and all that belongs to them.
    pub state: Vec<f32>,
    /// What was recorded, row by row.
    pub history: Vec<Vec<i32>>,
}

/// How long the device took, in milliseconds by its own clock.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Times {
    /// Each kernel's name with its time, all its dispatches together.
    pub kernels: Vec<(&'static str, f64)>,
    /// From the first dispatch of each submission to the end of its last.
    pub span: f64,
    /// Iterations in all of this.
    pub iterations: usize,
}

impl Times {
    /// What the device spent between kernels.
    #[must_use]
    pub fn gaps(&self) -> f64 {
        self.span - self.kernels.iter().map(|(_, time)| time).sum::<f64>()
    }
}

/// An objective's sum as the device has it: (high + low) · unit.
#[must_use]
pub fn exact(words: &[i32]) -> f64 {
    (f64::from(words[0]) + f64::from(f32::from_bits(words[1] as u32))) * f64::from(f32::from_bits(words[2] as u32))
}
