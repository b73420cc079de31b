//! What a fit has to offer to run on the graphics processor.

use std::f64::consts::{LN_2, LOG2_E, TAU};

use nalgebra::{SMatrix, SVector};

use crate::gpu::{Columns, Model, Problem, Readout, Source, Step, workgroups};
use crate::moments::Points;
use crate::numeric::lanes::Lanes;
use crate::optimizers::{AdamForm, Rule};

/// What became of numbers that were read back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// They are not those of a fit, which stands where it stood.
    Refused,
    /// The fit stands where the device does.
    Followed,
    /// The fit stands elsewhere: it has changed itself, and what is on its way no longer counts.
    Changed,
}

impl Taken {
    /// What became of numbers that the fit has followed or not.
    #[must_use]
    pub fn when(followed: bool) -> Self {
        if followed { Self::Followed } else { Self::Refused }
    }
}

/// A fit that can run on the device. Its present state goes there as a [`Problem`]; what is read back makes it go on as though it
/// had done the iterations itself.
pub trait OnDevice {
    /// The present state and all that the iterations to come need.
    fn problem(&mut self) -> Problem;

    /// The settings of the problem as they are now.
    fn settings(&self) -> Vec<u32>;

    /// Takes over what was read back from a problem that was made at iteration `base`.
    fn take_over(&mut self, readout: &Readout, base: usize) -> Taken;

    /// Pairs of point and component in an iteration.
    fn pairs(&self) -> f64;

    /// Iterations that may be done before the fit has to look for itself.
    fn iterations_left(&self) -> usize;
}

/// Why double precision does not run on the device.
pub const DOUBLE_PRECISION: &str = "Double precision runs on the processor: WebGPU has none.";

/// Why a fit of more components than [`crate::gpu::MOST_COMPONENTS`] does not.
pub const MANY_COMPONENTS: &str = "More than 64 components run on the processor.";

/// Settings word by word, in the order of the program's struct.
#[derive(Default)]
pub struct Words(Vec<u32>);

impl Words {
    /// The beginning of a mixture's settings, `FitSettings` in the programs: all points make a batch, and the objective is the mean
    /// log-likelihood a point.
    #[must_use]
    pub fn of_mixture(components: usize, points: usize, reference: f64, tolerance: f64, total_weight: f64) -> Self {
        Self::default()
            .count(components)
            .count(points)
            .count(points)
            .count(workgroups(points))
            .real(reference * LOG2_E)
            .real(tolerance)
            .real(LN_2 / total_weight)
            .real(total_weight)
    }

    /// Adds a number.
    #[must_use]
    pub fn real(mut self, value: f64) -> Self {
        self.0.push((value as f32).to_bits());
        self
    }

    /// Adds a count.
    #[must_use]
    pub fn count(mut self, value: usize) -> Self {
        self.0.push(u32::try_from(value).unwrap_or(u32::MAX));
        self
    }

    /// Adds an optimizer: the program's struct of that name.
    #[must_use]
    pub fn optimizer(self, rule: Rule, learning_rate: f64) -> Self {
        let (number, momentum, beta_1, beta_2, epsilon) = match rule {
            Rule::Sgd => (0, 0.0, 0.5, 0.5, 0.0),
            Rule::Momentum { momentum } => (1, momentum, 0.5, 0.5, 0.0),
            Rule::Adam { form: AdamForm::Keras, beta_1, beta_2, epsilon } => (2, 0.0, beta_1, beta_2, epsilon),
            Rule::Adam { form: AdamForm::PyTorch, beta_1, beta_2, epsilon } => (3, 0.0, beta_1, beta_2, epsilon),
        };
        self.count(number)
            .real(learning_rate)
            .real(momentum)
            .real(beta_1)
            .real(beta_2)
            .real(epsilon)
            .real(libm::log(beta_1))
            .real(libm::log(beta_2))
    }

    /// The words, filled up to whole vectors.
    #[must_use]
    pub fn finish(mut self) -> Vec<u32> {
        self.0.resize(self.0.len().next_multiple_of(4), 0);
        self.0
    }
}

/// A mixture as the device takes it over: sums before the first iteration, and then a step and the sums where it leads. The
/// `components` are as [`density`] gives them.
pub fn mixture_problem<L: Lanes, const D: usize>(
    model: Model,
    points: &Points<L, D>,
    settings: Vec<u32>,
    state: Vec<f32>,
    components: Vec<[f32; NUMBERS]>,
) -> Problem {
    let points = Columns { coordinates: points.columns(), values: points.weights() };
    let (count, groups) = (points.count(), workgroups(points.count()));
    let source = Source { model, dimension: D, valued: points.values.is_some(), ordered: false };
    let sums = components.len() * source.sums();
    let sum = Step::pass("sum", groups, (count * components.len()) as f64, 0);
    let reduce = Step::small("reduce", source.reducing(components.len()));
    Problem {
        source,
        settings,
        optimizer_step: 0,
        points: vec![points],
        state,
        components: components.concat(),
        partials: (sums + 1) * groups,
        sums,
        row: source.row(),
        opening: vec![sum, reduce],
        iteration: vec![Step::small("update", 1), sum, reduce],
        finish: vec![Step::small("finish", 1)],
        epochs: None,
    }
}

/// Numbers that the programs have for a Gaussian: three vectors of three, each followed by another number.
pub const NUMBERS: usize = 12;

/// Three numbers, filled up where there are fewer.
pub fn padded(values: impl Iterator<Item = f64>, fill: f32) -> [f32; 3] {
    let mut all = [fill; 3];
    for (place, value) in all.iter_mut().zip(values) {
        *place = value as f32;
    }
    all
}

/// The diagonal of a lower triangle, and its entries (1, 0), (2, 0), (2, 1).
pub fn triangle<const D: usize>(matrix: &SMatrix<f64, D, D>) -> ([f32; 3], [f32; 3]) {
    let entry = |(i, j): (usize, usize)| if i < D { matrix[(i, j)] } else { 0.0 };
    (padded((0..D).map(|d| matrix[(d, d)]), 1.0), padded([(1, 0), (2, 0), (2, 1)].map(entry).into_iter(), 0.0))
}

/// A component of a sum of Gaussians as the sums take it.
pub fn kernel<const D: usize>(
    mean: &SVector<f64, D>,
    whitening: &SMatrix<f64, D, D>,
    amplitude: f64,
) -> [f32; NUMBERS] {
    let mean = padded(mean.iter().copied(), 0.0);
    let (diagonal, below) = triangle(&(whitening * libm::sqrt(0.5 * LOG2_E)));
    let mut numbers = [0.0; NUMBERS];
    numbers[..3].copy_from_slice(&mean);
    numbers[4..7].copy_from_slice(&diagonal);
    numbers[7] = amplitude as f32;
    numbers[8..11].copy_from_slice(&below);
    numbers
}

/// A component of a mixture as the sums take it; −∞ as the logarithm of its weight stands for a component without points.
pub fn density<const D: usize>(
    mean: &SVector<f64, D>,
    whitening: &SMatrix<f64, D, D>,
    log_weight: f64,
) -> [f32; NUMBERS] {
    let mut numbers = kernel(mean, whitening, 0.0);
    // The determinant of the scaled whitening matrix as it was rounded: the two belong together.
    let logarithms: f64 = numbers[4..4 + D].iter().map(|&entry| libm::log2(f64::from(entry))).sum();
    let normalization = libm::log2(libm::sqrt(TAU)) + 0.5 * libm::log2(0.5 * LOG2_E);
    let log_scale = (log_weight * LOG2_E + logarithms - D as f64 * normalization).max(NOTHING);
    // In two parts: its rounding would be the same for all points, and would not even out.
    numbers[3] = log_scale as f32;
    numbers[11] = (log_scale - f64::from(numbers[3])) as f32;
    numbers
}

/// A log-scale that loses against all others.
const NOTHING: f64 = -1e30;
