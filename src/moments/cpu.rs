//! The sum on SIMD lanes, one thread.
//!
//! Points go through in blocks whose responsibilities stay in the L1 cache; within a block each component is visited
//! once for its log-kernels, once for the exponentials and once for the sums, with its parameters and
//! accumulators in registers. The sums of a block are folded into double precision. Weighting by residual goes the same
//! way, with kernels in the place of responsibilities.

mod plain;

use std::array::from_fn;
use std::f64::consts::{LN_2, LOG2_E};
use std::ops::Range;

use nalgebra::SVector;

use super::{Component, ComponentMoments, Moments, ResidualMoments};
use crate::numeric::lanes::Lanes;

pub use plain::{PlainMoments, plain_moments};

/// Most vectors of points in a block.
const LARGEST_BLOCK: usize = 64;
/// Vectors in a cache line.
const LINE: usize = 4;
/// Vectors of responsibilities (points × components) that stay in the L1 cache: 24 KiB.
const CACHED_VECTORS: usize = 1536;

/// Points laid out for the lanes: whole vectors of them, one vector a coordinate.
pub struct Points<L, const D: usize> {
    coordinates: Vec<[L; D]>,
    /// The points' weights, and 0 for the padding of the last vector.
    weights: Vec<L>,
    count: usize,
}

impl<L: Lanes, const D: usize> Points<L, D> {
    /// Lays out `count` points; `coordinate(i, d)` is coordinate d of point i, in the frame of the fit.
    #[must_use]
    pub fn new(count: usize, coordinate: impl Fn(usize, usize) -> f64) -> Self {
        Self::weighted(count, coordinate, |_| 1.0)
    }

    /// Lays out `count` points, of which point i has the weight `weight(i)`, at least 0.
    #[must_use]
    pub fn weighted(count: usize, coordinate: impl Fn(usize, usize) -> f64, weight: impl Fn(usize) -> f64) -> Self {
        let vectors = count.div_ceil(L::WIDTH);
        let last = count.saturating_sub(1);
        let vector = |v: usize, d: usize| L::from_lanes(|lane| coordinate((v * L::WIDTH + lane).min(last), d));
        Self {
            coordinates: (0..vectors).map(|v| from_fn(|d| vector(v, d))).collect(),
            weights: (0..vectors)
                .map(|v| {
                    L::from_lanes(|lane| if v * L::WIDTH + lane < count { weight(v * L::WIDTH + lane) } else { 0.0 })
                })
                .collect(),
            count,
        }
    }

    /// The number of points.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }

    /// All points in single precision, one array a coordinate.
    #[must_use]
    pub fn columns(&self) -> Vec<Vec<f32>> {
        let column = |d: usize| {
            let value = |i: usize| self.coordinates[i / L::WIDTH][d].lane(i % L::WIDTH) as f32;
            (0..self.count).map(value).collect()
        };
        (0..D).map(column).collect()
    }

    /// The points' weights in single precision; `None` where all are 1.
    #[must_use]
    pub fn weights(&self) -> Option<Vec<f32>> {
        let weights = (0..self.count).map(|i| self.weights[i / L::WIDTH].lane(i % L::WIDTH) as f32);
        weights.clone().any(|weight| weight != 1.0).then(|| weights.collect())
    }

    /// Point `index`, as rounded to the lanes' precision.
    #[must_use]
    pub fn point(&self, index: usize) -> SVector<f64, D> {
        SVector::from_fn(|d, _| self.coordinates[index / L::WIDTH][d].lane(index % L::WIDTH))
    }
}

/// Points with a target each.
pub struct Samples<L, const D: usize> {
    points: Points<L, D>,
    targets: Vec<L>,
}

impl<L: Lanes, const D: usize> Samples<L, D> {
    /// Lays out `count` points as [`Points::new`] does; `target(i)` is what point i is to be predicted as.
    #[must_use]
    pub fn new(count: usize, coordinate: impl Fn(usize, usize) -> f64, target: impl Fn(usize) -> f64) -> Self {
        let last = count.saturating_sub(1);
        let targets = (0..count.div_ceil(L::WIDTH))
            .map(|v| L::from_lanes(|lane| target((v * L::WIDTH + lane).min(last))))
            .collect();
        Self { points: Points::new(count, coordinate), targets }
    }

    /// The same samples in another order: sample i of the result is sample `order[i]` of these.
    #[must_use]
    pub fn reordered(&self, order: &[usize]) -> Self {
        let coordinate = |i: usize, d: usize| self.points.coordinates[order[i] / L::WIDTH][d].lane(order[i] % L::WIDTH);
        Self::new(order.len(), coordinate, |i| self.target(order[i]))
    }

    /// The number of samples.
    #[must_use]
    pub fn count(&self) -> usize {
        self.points.count
    }

    /// The points without their targets.
    #[must_use]
    pub fn points(&self) -> &Points<L, D> {
        &self.points
    }

    /// All targets in single precision.
    #[must_use]
    pub fn targets(&self) -> Vec<f32> {
        (0..self.count()).map(|i| self.target(i) as f32).collect()
    }

    /// The target of sample `index`, as rounded to the lanes' precision.
    #[must_use]
    pub fn target(&self, index: usize) -> f64 {
        self.targets[index / L::WIDTH].lane(index % L::WIDTH)
    }
}

/// Scratch space of the sum, kept between calls so that an iteration allocates nothing large.
pub struct Workspace<L> {
    /// Log-kernels, then unnormalized responsibilities, of one block: component-major.
    scores: Vec<L>,
    /// The largest log-kernel of each point of the block.
    largest: Vec<L>,
    /// Sums over the components, then what each exponential is multiplied by.
    scale: Vec<L>,
}

impl<L> Default for Workspace<L> {
    fn default() -> Self {
        Self { scores: Vec::new(), largest: Vec::new(), scale: Vec::new() }
    }
}

/// A component's constants on every lane. Log-kernels are in base 2, and offsets are scaled so that the kernel
/// is c − |u|²: neither costs an operation.
struct Prepared<L, const D: usize> {
    mean: [L; D],
    whitening: [[L; D]; D],
    log_scale: L,
}

/// Σ⁻¹-distances enter the kernel as |scale · u|² with scale² = ½ log₂ e.
fn offset_scale() -> f64 {
    libm::sqrt(0.5 * LOG2_E)
}

impl<L: Lanes, const D: usize> Prepared<L, D> {
    fn new(component: &Component<D>) -> Self {
        Self {
            mean: from_fn(|i| L::broadcast(component.mean[i])),
            whitening: from_fn(|i| from_fn(|j| L::broadcast(component.whitening[(i, j)] * offset_scale()))),
            log_scale: L::broadcast(component.log_scale * LOG2_E),
        }
    }

    /// The scaled whitened offset of a vector of points.
    #[inline(always)]
    fn offset(&self, point: [L; D]) -> [L; D] {
        let difference: [L; D] = from_fn(|i| point[i] - self.mean[i]);
        from_fn(|i| {
            let mut sum = self.whitening[i][0] * difference[0];
            for j in 1..=i {
                sum += self.whitening[i][j] * difference[j];
            }
            sum
        })
    }

    #[inline(always)]
    fn squared_distance(&self, point: [L; D]) -> L {
        let offset = self.offset(point);
        let mut squared = offset[0] * offset[0];
        for u in &offset[1..] {
            squared += *u * *u;
        }
        squared
    }

    #[inline(always)]
    fn log_kernel(&self, point: [L; D]) -> L {
        self.log_scale - self.squared_distance(point)
    }

    /// A component for [`Prepared::kernel`].
    fn unscaled(component: &Component<D>) -> Self {
        Self {
            mean: from_fn(|i| L::broadcast(component.mean[i])),
            whitening: from_fn(|i| from_fn(|j| L::broadcast(component.whitening[(i, j)]))),
            log_scale: L::broadcast(0.0),
        }
    }

    /// e^(−½|u|²), for offsets that are not scaled.
    #[inline(always)]
    fn kernel(&self, point: [L; D]) -> L {
        (self.squared_distance(point) * L::broadcast(-0.5 * LOG2_E)).exp2_nonpositive()
    }

    /// Adds a block's sums for this component, with the weights `factors · scales` of its points.
    #[inline(always)]
    fn accumulate(&self, coordinates: &[[L; D]], factors: &[L], scales: &[L], total: &mut ComponentMoments<D>) {
        let mut mass = L::broadcast(0.0);
        let mut first = [L::broadcast(0.0); D];
        let mut second = [[L::broadcast(0.0); D]; D];
        for ((factor, scale), point) in factors.iter().zip(scales).zip(coordinates) {
            let weight = *factor * *scale;
            let offset = self.offset(*point);
            mass += weight;
            for a in 0..D {
                let weighted = weight * offset[a];
                first[a] += weighted;
                for b in 0..=a {
                    second[a][b] += weighted * offset[b];
                }
            }
        }
        total.mass += mass.sum();
        for a in 0..D {
            total.first[a] += first[a].sum();
            for b in 0..=a {
                total.second[(a, b)] += second[a][b].sum();
            }
        }
    }
}

/// Vectors of points in a block, for this many components.
fn block_size(components: usize) -> usize {
    (CACHED_VECTORS / components.max(1)).clamp(8, LARGEST_BLOCK)
}

/// A block of vectors after its responsibilities are known.
struct Block<'a, L, const D: usize> {
    coordinates: &'a [[L; D]],
    weights: &'a [L],
    /// e^(q − largest), component-major.
    exponentials: &'a [L],
    /// log₂ of the largest kernel.
    largest: &'a [L],
    /// Σ_k of the exponentials.
    sums: &'a mut [L],
}

/// Calls `consume(first vector, block)` for each block of the points, with its responsibilities.
#[inline(always)]
fn for_each_block<L: Lanes, const D: usize>(
    points: &Points<L, D>,
    components: &[Prepared<L, D>],
    workspace: &mut Workspace<L>,
    mut consume: impl FnMut(usize, Block<L, D>),
) {
    let size = block_size(components.len());
    workspace.scores.resize(size * components.len(), L::broadcast(0.0));
    workspace.largest.resize(size, L::broadcast(0.0));
    workspace.scale.resize(size, L::broadcast(0.0));
    let vectors = points.weights.len();
    for start in (0..vectors).step_by(size) {
        let length = size.min(vectors - start);
        let coordinates = &points.coordinates[start..start + length];
        let scores = &mut workspace.scores[..length * components.len()];
        let largest = &mut workspace.largest[..length];
        let sums = &mut workspace.scale[..length];
        largest.fill(L::broadcast(f64::NEG_INFINITY));
        sums.fill(L::broadcast(0.0));
        for (component, scores) in components.iter().zip(scores.chunks_exact_mut(length)) {
            for ((score, largest), point) in scores.iter_mut().zip(largest.iter_mut()).zip(coordinates) {
                *score = component.log_kernel(*point);
                *largest = largest.maximum(*score);
            }
        }
        // A cache line of points at a time, so that maxima and sums stay in registers.
        let mut j = 0;
        while j + LINE <= length {
            let maxima: [L; LINE] = from_fn(|t| largest[j + t]);
            let mut line = [L::broadcast(0.0); LINE];
            for scores in scores.chunks_exact_mut(length) {
                let scores = &mut scores[j..j + LINE];
                for t in 0..LINE {
                    scores[t] = (scores[t] - maxima[t]).exp2_nonpositive();
                    line[t] += scores[t];
                }
            }
            sums[j..j + LINE].copy_from_slice(&line);
            j += LINE;
        }
        for j in j..length {
            for scores in scores.chunks_exact_mut(length) {
                scores[j] = (scores[j] - largest[j]).exp2_nonpositive();
                sums[j] += scores[j];
            }
        }
        let weights = &points.weights[start..start + length];
        consume(start, Block { coordinates, weights, exponentials: scores, largest, sums });
    }
}

/// The sums over `points` for the mixture of `components`, weighted by responsibility.
///
/// A component whose weight is 0 is left out by the caller: its log-scale would be −∞.
pub fn moments<L: Lanes, const D: usize>(
    points: &Points<L, D>,
    components: &[Component<D>],
    workspace: &mut Workspace<L>,
) -> Moments<D> {
    let prepared: Vec<Prepared<L, D>> = components.iter().map(Prepared::new).collect();
    let mut total: Moments<D> =
        Moments { components: vec![ComponentMoments::ZERO; components.len()], log_density: 0.0 };
    for_each_block(points, &prepared, workspace, |_, block| {
        let mut log_density = L::broadcast(0.0);
        for ((sum, largest), weight) in block.sums.iter_mut().zip(block.largest).zip(block.weights) {
            log_density += *weight * (*largest + sum.log2_positive());
            *sum = *weight / *sum;
        }
        total.log_density += log_density.sum();
        let exponentials = block.exponentials.chunks_exact(block.sums.len());
        for ((component, exponentials), total) in prepared.iter().zip(exponentials).zip(&mut total.components) {
            component.accumulate(block.coordinates, exponentials, block.sums, total);
        }
    });
    total.log_density *= LN_2;
    for component in &mut total.components {
        component.first /= offset_scale();
        component.second /= offset_scale() * offset_scale();
        component.second.fill_upper_triangle_with_lower_triangle();
    }
    total
}

/// F alone: the weighted sum of log-densities over `points`.
pub fn log_density<L: Lanes, const D: usize>(
    points: &Points<L, D>,
    components: &[Component<D>],
    workspace: &mut Workspace<L>,
) -> f64 {
    let prepared: Vec<Prepared<L, D>> = components.iter().map(Prepared::new).collect();
    let mut total = 0.0;
    for_each_block(points, &prepared, workspace, |_, block| {
        let mut sum = L::broadcast(0.0);
        for ((exponentials, largest), weight) in block.sums.iter().zip(block.largest).zip(block.weights) {
            sum += *weight * (*largest + exponentials.log2_positive());
        }
        total += sum.sum();
    });
    total * LN_2
}

/// Calls `visit(point, log-density, responsibilities)` for every point, in order. Log-densities are natural
/// logarithms; the responsibilities of a point, one a component, sum to 1.
pub fn visit_responsibilities<L: Lanes, const D: usize>(
    points: &Points<L, D>,
    components: &[Component<D>],
    workspace: &mut Workspace<L>,
    visit: &mut dyn FnMut(usize, f64, &[f64]),
) {
    let prepared: Vec<Prepared<L, D>> = components.iter().map(Prepared::new).collect();
    let mut responsibilities = vec![0.0; components.len()];
    for_each_block(points, &prepared, workspace, |start, block| {
        let length = block.sums.len();
        for (j, (sum, largest)) in block.sums.iter().zip(block.largest).enumerate() {
            let log_density = *largest + sum.log2_positive();
            let remaining = points.count - (start + j) * L::WIDTH;
            for lane in 0..L::WIDTH.min(remaining) {
                let scale = 1.0 / sum.lane(lane);
                for (k, responsibility) in responsibilities.iter_mut().enumerate() {
                    *responsibility = block.exponentials[k * length + j].lane(lane) * scale;
                }
                visit((start + j) * L::WIDTH + lane, log_density.lane(lane) * LN_2, &responsibilities);
            }
        }
    });
}

/// Calls `visit(point, log-density, blend)` for every point, in order: the blend is the mean of the components' values,
/// weighted by the point's responsibilities.
pub fn blend<L: Lanes, const D: usize>(
    points: &Points<L, D>,
    components: &[Component<D>],
    values: &[[f32; 3]],
    workspace: &mut Workspace<L>,
    visit: &mut dyn FnMut(usize, f64, [f32; 3]),
) {
    let prepared: Vec<Prepared<L, D>> = components.iter().map(Prepared::new).collect();
    let values: Vec<[L; 3]> = values.iter().map(|value| value.map(|value| L::broadcast(f64::from(value)))).collect();
    let mut blends = vec![[L::broadcast(0.0); 3]; block_size(components.len())];
    for_each_block(points, &prepared, workspace, |start, block| {
        let blends = &mut blends[..block.sums.len()];
        blends.fill([L::broadcast(0.0); 3]);
        for (exponentials, value) in block.exponentials.chunks_exact(block.sums.len()).zip(&values) {
            for (blend, exponential) in blends.iter_mut().zip(exponentials) {
                for channel in 0..3 {
                    blend[channel] += *exponential * value[channel];
                }
            }
        }
        for (j, ((sum, largest), blend)) in block.sums.iter().zip(block.largest).zip(blends.iter()).enumerate() {
            let log_density = *largest + sum.log2_positive();
            let mean = blend.map(|channel| channel / *sum);
            let remaining = points.count - (start + j) * L::WIDTH;
            for lane in 0..L::WIDTH.min(remaining) {
                let mean = mean.map(|channel| channel.lane(lane) as f32);
                visit((start + j) * L::WIDTH + lane, log_density.lane(lane) * LN_2, mean);
            }
        }
    });
}

/// Scratch space of the sums weighted by residual, kept between calls so that a step on a small batch allocates nothing.
pub struct ResidualWorkspace<L, const D: usize> {
    prepared: Vec<Prepared<L, D>>,
    amplitudes: Vec<L>,
    /// Kernels of one block: component-major.
    kernels: Vec<L>,
    /// Predictions of the block's points, then their residuals.
    residuals: Vec<L>,
}

impl<L, const D: usize> Default for ResidualWorkspace<L, D> {
    fn default() -> Self {
        Self { prepared: Vec::new(), amplitudes: Vec::new(), kernels: Vec::new(), residuals: Vec::new() }
    }
}

/// A block of vectors after its kernels are known.
struct KernelBlock<'a, L, const D: usize> {
    /// Its first vector.
    start: usize,
    coordinates: &'a [[L; D]],
    components: &'a [Prepared<L, D>],
    amplitudes: &'a [L],
    /// Component-major.
    kernels: &'a [L],
    /// ŷ of each point, to be overwritten.
    predictions: &'a mut [L],
}

impl<L: Lanes, const D: usize> KernelBlock<'_, L, D> {
    /// Turns predictions into residuals, 0 for points outside of `range`; returns the sum of their squares.
    #[inline(always)]
    fn subtract_targets(&mut self, samples: &Samples<L, D>, range: &Range<usize>) -> f64 {
        let vectors = self.start..self.start + self.predictions.len();
        for (residual, target) in self.predictions.iter_mut().zip(&samples.targets[vectors.clone()]) {
            *residual = *residual - *target;
        }
        // Only the outermost vectors of a range hold points that are not in it.
        for v in [range.start / L::WIDTH, (range.end - 1) / L::WIDTH] {
            if vectors.contains(&v) {
                let residual = &mut self.predictions[v - vectors.start];
                *residual =
                    *residual * L::from_lanes(|lane| if range.contains(&(v * L::WIDTH + lane)) { 1.0 } else { 0.0 });
            }
        }
        let mut squared = L::broadcast(0.0);
        for residual in self.predictions.iter() {
            squared += *residual * *residual;
        }
        squared.sum()
    }
}

/// Calls `consume` for each block of the vectors that hold `range`, with kernels and predictions.
#[inline(always)]
fn for_each_kernel_block<L: Lanes, const D: usize>(
    points: &Points<L, D>,
    range: &Range<usize>,
    components: &[Component<D>],
    amplitudes: &[f64],
    workspace: &mut ResidualWorkspace<L, D>,
    mut consume: impl FnMut(KernelBlock<L, D>),
) {
    debug_assert!(range.end <= points.count && components.len() == amplitudes.len());
    if range.is_empty() {
        return;
    }
    let ResidualWorkspace { prepared, amplitudes: heights, kernels, residuals } = workspace;
    prepared.clear();
    prepared.extend(components.iter().map(Prepared::unscaled));
    heights.clear();
    heights.extend(amplitudes.iter().map(|&amplitude| L::broadcast(amplitude)));
    let (first, end) = (range.start / L::WIDTH, range.end.div_ceil(L::WIDTH));
    let size = block_size(components.len()).min(end - first);
    kernels.resize(size * components.len(), L::broadcast(0.0));
    residuals.resize(size, L::broadcast(0.0));
    for start in (first..end).step_by(size) {
        let length = size.min(end - start);
        let coordinates = &points.coordinates[start..start + length];
        let kernels = &mut kernels[..length * components.len()];
        let predictions = &mut residuals[..length];
        predictions.fill(L::broadcast(0.0));
        for ((component, height), kernels) in prepared.iter().zip(heights.iter()).zip(kernels.chunks_exact_mut(length))
        {
            for ((kernel, prediction), point) in kernels.iter_mut().zip(predictions.iter_mut()).zip(coordinates) {
                *kernel = component.kernel(*point);
                *prediction += *height * *kernel;
            }
        }
        consume(KernelBlock { start, coordinates, components: prepared, amplitudes: heights, kernels, predictions });
    }
}

/// The sums over the samples of `range` for the sum of Gaussians with these components and amplitudes, weighted by
/// residual × kernel. `total` is overwritten.
pub fn residual_moments<L: Lanes, const D: usize>(
    samples: &Samples<L, D>,
    range: Range<usize>,
    components: &[Component<D>],
    amplitudes: &[f64],
    workspace: &mut ResidualWorkspace<L, D>,
    total: &mut ResidualMoments<D>,
) {
    total.squared = 0.0;
    total.components.clear();
    total.components.resize(components.len(), ComponentMoments::ZERO);
    for_each_kernel_block(&samples.points, &range, components, amplitudes, workspace, |mut block| {
        total.squared += block.subtract_targets(samples, &range);
        let kernels = block.kernels.chunks_exact(block.predictions.len());
        for ((component, kernels), total) in block.components.iter().zip(kernels).zip(&mut total.components) {
            component.accumulate(block.coordinates, kernels, block.predictions, total);
        }
    });
    for component in &mut total.components {
        component.second.fill_upper_triangle_with_lower_triangle();
    }
}

/// The sum of the squared residuals alone, over the samples of `range`.
pub fn squared_residuals<L: Lanes, const D: usize>(
    samples: &Samples<L, D>,
    range: Range<usize>,
    components: &[Component<D>],
    amplitudes: &[f64],
    workspace: &mut ResidualWorkspace<L, D>,
) -> f64 {
    let mut squared = 0.0;
    for_each_kernel_block(&samples.points, &range, components, amplitudes, workspace, |mut block| {
        squared += block.subtract_targets(samples, &range);
    });
    squared
}

/// By how much the sum of the squared residuals over all samples would rise without each of the components: with r = ŷ − y
/// and g = a_k e^q it is Σ g (g − 2 r). Negative where the component does harm.
pub fn contributions<L: Lanes, const D: usize>(
    samples: &Samples<L, D>,
    components: &[Component<D>],
    amplitudes: &[f64],
    workspace: &mut ResidualWorkspace<L, D>,
) -> Vec<f64> {
    let mut rises = vec![0.0; components.len()];
    let range = 0..samples.count();
    for_each_kernel_block(&samples.points, &range, components, amplitudes, workspace, |mut block| {
        block.subtract_targets(samples, &range);
        let length = block.predictions.len();
        let weights = &samples.points.weights[block.start..block.start + length];
        let kernels = block.kernels.chunks_exact(length);
        for ((height, kernels), rise) in block.amplitudes.iter().zip(kernels).zip(&mut rises) {
            let mut sum = L::broadcast(0.0);
            for ((kernel, residual), weight) in kernels.iter().zip(block.predictions.iter()).zip(weights) {
                let value = *height * *kernel;
                sum += *weight * value * (value - (*residual + *residual));
            }
            *rise += sum.sum();
        }
    });
    rises
}

/// Calls `visit(point, prediction)` for every point, in order.
pub fn visit_predictions<L: Lanes, const D: usize>(
    points: &Points<L, D>,
    components: &[Component<D>],
    amplitudes: &[f64],
    workspace: &mut ResidualWorkspace<L, D>,
    visit: &mut dyn FnMut(usize, f64),
) {
    for_each_kernel_block(points, &(0..points.count), components, amplitudes, workspace, |block| {
        for (j, prediction) in block.predictions.iter().enumerate() {
            let index = (block.start + j) * L::WIDTH;
            for lane in 0..L::WIDTH.min(points.count - index) {
                visit(index + lane, prediction.lane(lane));
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::random::{Purpose, Stream};
    use nalgebra::SMatrix;
    use wide::{f32x4, f64x2};

    /// Random points and components, and the sums written down naively in double precision.
    fn check<L: Lanes, const D: usize>(count: usize, components: usize, tolerance: f64) {
        let mut stream = Stream::new(5 + count as u64, Purpose::Data);
        let data: Vec<[f64; D]> = (0..count).map(|_| from_fn(|_| 2.0 * stream.normal())).collect();
        let components: Vec<Component<D>> = (0..components)
            .map(|_| Component {
                mean: SVector::from_fn(|_, _| stream.normal()),
                whitening: SMatrix::from_fn(|i, j| match i.cmp(&j) {
                    std::cmp::Ordering::Greater => 0.3 * stream.normal(),
                    std::cmp::Ordering::Equal => 0.5 + stream.uniform(),
                    std::cmp::Ordering::Less => 0.0,
                }),
                log_scale: stream.normal(),
            })
            .collect();
        let points = Points::<L, D>::new(count, |i, d| data[i][d]);
        let sums = moments(&points, &components, &mut Workspace::default());
        assert_eq!(super::log_density(&points, &components, &mut Workspace::default()), sums.log_density);

        let mut log_density = 0.0;
        let mut masses = vec![0.0; components.len()];
        let mut firsts = vec![SVector::<f64, D>::zeros(); components.len()];
        let mut seconds = vec![SMatrix::<f64, D, D>::zeros(); components.len()];
        let mut posteriors = Vec::new();
        for (i, _) in data.iter().enumerate() {
            // The lanes' own rounding of the data is not what is under test.
            let x = points.point(i);
            let offsets: Vec<_> = components.iter().map(|c| c.whitening * (x - c.mean)).collect();
            let kernels: Vec<f64> =
                components.iter().zip(&offsets).map(|(c, u)| (c.log_scale - 0.5 * u.norm_squared()).exp()).collect();
            let density: f64 = kernels.iter().sum();
            log_density += density.ln();
            for k in 0..components.len() {
                let w = kernels[k] / density;
                masses[k] += w;
                firsts[k] += offsets[k] * w;
                seconds[k] += offsets[k] * offsets[k].transpose() * w;
            }
            posteriors.push((density.ln(), kernels.iter().map(|kernel| kernel / density).collect::<Vec<_>>()));
        }
        // Sums of signed terms are compared on the scale of the points' number times the spread of the offsets.
        let scale = tolerance * count as f64 * 10.0;
        assert!((sums.log_density - log_density).abs() < scale);
        for k in 0..components.len() {
            assert!((sums.components[k].mass - masses[k]).abs() < scale);
            assert!((sums.components[k].first - firsts[k]).amax() < scale);
            assert!((sums.components[k].second - seconds[k]).amax() < scale);
        }
        let mut visited = 0;
        visit_responsibilities(&points, &components, &mut Workspace::default(), &mut |i, log_density, shares| {
            assert_eq!(i, visited);
            visited += 1;
            assert!((log_density - posteriors[i].0).abs() < tolerance * 50.0);
            assert!(shares.iter().zip(&posteriors[i].1).all(|(a, b)| (a - b).abs() < tolerance * 50.0));
        });
        assert_eq!(visited, count);
        let values: Vec<[f32; 3]> = (0..components.len()).map(|k| [k as f32, 1.0, -0.5 * k as f32]).collect();
        blend(&points, &components, &values, &mut Workspace::default(), &mut |i, log_density, blend| {
            assert!((log_density - posteriors[i].0).abs() < tolerance * 50.0);
            let mean: f64 = posteriors[i].1.iter().enumerate().map(|(k, share)| k as f64 * share).sum();
            let expected = [mean, 1.0, -0.5 * mean];
            assert!(blend.iter().zip(expected).all(|(a, b)| (f64::from(*a) - b).abs() < 1e-5 + tolerance * 2e3));
            visited += 1;
        });
        assert_eq!(visited, 2 * count);
    }

    /// Random samples and components, and the sums weighted by residual over `range` written down naively.
    fn check_residuals<L: Lanes, const D: usize>(
        count: usize,
        range: Range<usize>,
        components: usize,
        workspace: &mut ResidualWorkspace<L, D>,
        tolerance: f64,
    ) {
        let mut stream = Stream::new(9 + count as u64, Purpose::Data);
        let data: Vec<[f64; D]> = (0..count).map(|_| from_fn(|_| 2.0 * stream.normal())).collect();
        let targets: Vec<f64> = (0..count).map(|_| stream.normal()).collect();
        let amplitudes: Vec<f64> = (0..components).map(|_| stream.normal()).collect();
        let components: Vec<Component<D>> = (0..components)
            .map(|_| Component {
                mean: SVector::from_fn(|_, _| stream.normal()),
                whitening: SMatrix::from_fn(|i, j| match i.cmp(&j) {
                    std::cmp::Ordering::Greater => 0.3 * stream.normal(),
                    std::cmp::Ordering::Equal => 0.5 + stream.uniform(),
                    std::cmp::Ordering::Less => 0.0,
                }),
                log_scale: 0.0,
            })
            .collect();
        let samples = Samples::<L, D>::new(count, |i, d| data[i][d], |i| targets[i]);
        let mut expected = ResidualMoments { components: vec![ComponentMoments::ZERO; components.len()], squared: 0.0 };
        let (mut predictions, mut squares_without) = (Vec::new(), vec![0.0; components.len()]);
        let mut all_squares = 0.0;
        for i in 0..count {
            let offsets: Vec<_> =
                components.iter().map(|c| c.whitening * (samples.points().point(i) - c.mean)).collect();
            let kernels: Vec<f64> = offsets.iter().map(|u| (-0.5 * u.norm_squared()).exp()).collect();
            let prediction: f64 = amplitudes.iter().zip(&kernels).map(|(a, kernel)| a * kernel).sum();
            let residual = prediction - samples.target(i);
            predictions.push(prediction);
            all_squares += residual.powi(2);
            for k in 0..components.len() {
                squares_without[k] += (residual - amplitudes[k] * kernels[k]).powi(2);
            }
            if !range.contains(&i) {
                continue;
            }
            expected.squared += residual.powi(2);
            for (k, sums) in expected.components.iter_mut().enumerate() {
                let w = residual * kernels[k];
                sums.mass += w;
                sums.first += offsets[k] * w;
                sums.second += offsets[k] * offsets[k].transpose() * w;
            }
        }
        let mut sums = ResidualMoments::default();
        residual_moments(&samples, range.clone(), &components, &amplitudes, workspace, &mut sums);
        let scale = tolerance * (range.len() * (1 + components.len())) as f64;
        assert!((sums.squared - expected.squared).abs() <= scale * 10.0, "{} {}", sums.squared, expected.squared);
        let alone = squared_residuals(&samples, range, &components, &amplitudes, workspace);
        assert_eq!(alone, sums.squared);
        assert_eq!(sums.components.len(), components.len());
        for (found, expected) in sums.components.iter().zip(&expected.components) {
            assert!((found.mass - expected.mass).abs() <= scale);
            assert!((found.first - expected.first).amax() <= scale);
            assert!((found.second - expected.second).amax() <= scale);
        }
        let mut visited = 0;
        visit_predictions(samples.points(), &components, &amplitudes, workspace, &mut |i, prediction| {
            assert_eq!(i, visited);
            visited += 1;
            assert!((prediction - predictions[i]).abs() < tolerance * (1 + components.len()) as f64);
        });
        assert_eq!(visited, count);
        let scale = tolerance * (count * (1 + components.len())) as f64 * 10.0;
        let rises = contributions(&samples, &components, &amplitudes, workspace);
        for (rise, without) in rises.iter().zip(&squares_without) {
            assert!((rise - (without - all_squares)).abs() <= scale, "{rise} {}", without - all_squares);
        }
    }

    #[test]
    fn residual_sums_agree_with_the_formula() {
        let mut single = ResidualWorkspace::<f32x4, 2>::default();
        let mut double = ResidualWorkspace::<f64x2, 3>::default();
        for components in [0, 1, 2, 6, 32] {
            for (count, range) in [
                (1, 0..1),
                (7, 0..7),
                (32, 0..32),
                (100, 30..60),
                (100, 31..33),
                (100, 33..34),
                (100, 96..100),
                (100, 50..50),
                (1000, 3..998),
            ] {
                check_residuals(count, range.clone(), components, &mut single, 4e-6);
                check_residuals(count, range.clone(), components, &mut double, 2e-14);
                check_residuals::<f32x4, 1>(count, range, components, &mut ResidualWorkspace::default(), 4e-6);
            }
        }
    }

    #[test]
    fn reordered_samples_keep_their_targets() {
        let samples = Samples::<f64x2, 1>::new(5, |i, _| i as f64, |i| 10.0 * i as f64);
        let reordered = samples.reordered(&[4, 0, 2, 1, 3]);
        let found: Vec<_> = (0..5).map(|i| (reordered.points().point(i)[0], reordered.target(i))).collect();
        assert_eq!(found, [(4.0, 40.0), (0.0, 0.0), (2.0, 20.0), (1.0, 10.0), (3.0, 30.0)]);
    }

    #[test]
    fn sums_agree_with_the_formula() {
        for components in [1, 2, 5, 16, 64] {
            for count in [1, 3, 4, 255, 256, 257, 1000] {
                check::<f32x4, 1>(count, components, 2e-6);
                check::<f32x4, 2>(count, components, 2e-6);
                check::<f32x4, 3>(count, components, 2e-6);
                check::<f64x2, 1>(count, components, 1e-14);
                check::<f64x2, 2>(count, components, 1e-14);
                check::<f64x2, 3>(count, components, 1e-14);
            }
        }
    }

    #[test]
    fn far_points_keep_a_finite_log_density() {
        // Every kernel of this point underflows: the largest is taken out first.
        let points = Points::<f32x4, 1>::new(1, |_, _| 1e4);
        let component =
            |mean: f64| Component { mean: SVector::from([mean]), whitening: SMatrix::from([[1.0]]), log_scale: 0.0 };
        let sums = moments(&points, &[component(0.0), component(1.0)], &mut Workspace::default());
        assert!((sums.log_density + 0.5 * 9_999.0f64.powi(2)).abs() < 10.0, "{}", sums.log_density);
        assert!((sums.components[1].mass - 1.0).abs() < 1e-6);
    }
}
