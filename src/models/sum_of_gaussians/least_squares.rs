//! The sum of squares of a sum of Gaussians, with Jᵀ r and Jᵀ J, for Levenberg–Marquardt.
//!
//! A Gaussian is local: the points are sorted into small boxes (the leaves of a k-d tree), and a component takes part only in
//! the boxes that it reaches. Within a box all columns of J lie in the L1 cache, the residual as the last one, so that one
//! product of that matrix with itself gives Jᵀ J, Jᵀ r and Σ r².

use std::array::from_fn;
use std::f64::consts::LOG2_E;

use nalgebra::{DMatrix, DVector, SMatrix, SVector};
use wide::f64x2;

use super::{CovarianceForm, Parameters};
use crate::numeric::lanes::Lanes;
use crate::numeric::spd::Factor;
use crate::optimizers::{LeastSquares, NormalEquations};
use crate::settings::FactorShape;

/// Vectors of points in a box.
const BOX: usize = 32;
/// Points in a vector.
const WIDTH: usize = <f64x2 as Lanes>::WIDTH;
/// Columns that are multiplied at a time: 3 × 3 sums stay in registers.
const TILE: usize = 3;
/// The part of its amplitude below which a Gaussian counts as 0, unless [`GaussianSum::neglect_below`] says otherwise.
const NEGLIGIBLE: f64 = 2e-12;
/// Standard deviations may be this much smaller or larger than the extent of the points.
const SMALLEST_SPREAD: f64 = 1e-8;
const LARGEST_SPREAD: f64 = 1e6;
/// Centres may be this many extents off the mean of the points.
const FARTHEST_CENTRE: f64 = 1e6;
/// In one step ln w changes by at most this, a centre by so many of its standard deviations, and a shear by as much as moves a
/// point at one standard deviation by so many.
const LONGEST_SCALING: f64 = 1.0;
const LONGEST_SHIFT: f64 = 2.0;
const LONGEST_TURN: f64 = 2.0;

/// Numbers that one component has in D dimensions: amplitude, centre, whitening.
#[must_use]
pub const fn parameter_count(dimension: usize) -> usize {
    1 + dimension + dimension * (dimension + 1) / 2
}

/// A box of points.
struct Leaf<const D: usize> {
    middle: [f64; D],
    /// Half of its edges.
    half: [f64; D],
    /// Σ y²: the cost where no component reaches.
    energy: f64,
}

/// One component as the sum sees it: u_i = w_i (d_i + Σ_{j<i} ℓ_ij d_j) with d = x − μ.
#[derive(Clone, Copy)]
struct Shape<const D: usize> {
    amplitude: f64,
    mean: [f64; D],
    scale: [f64; D],
    shear: [[f64; D]; D],
}

impl<const D: usize> Shape<D> {
    fn new(values: &[f64]) -> Self {
        let mut shear = [[0.0; D]; D];
        for i in 0..D {
            for j in 0..i {
                shear[i][j] = values[shear_place::<D>(i, j)];
            }
        }
        Self {
            amplitude: values[0],
            mean: from_fn(|d| values[1 + d]),
            scale: from_fn(|d| libm::exp(values[1 + D + d])),
            shear,
        }
    }

    /// Whether it comes near the box: |u| at the middle less the most that |u| can change within.
    fn reaches(&self, leaf: &Leaf<D>, reach: f64) -> bool {
        let (mut middle, mut change) = (0.0, 0.0);
        for i in 0..D {
            let (mut u, mut du) = (leaf.middle[i] - self.mean[i], leaf.half[i]);
            for j in 0..i {
                u += self.shear[i][j] * (leaf.middle[j] - self.mean[j]);
                du += self.shear[i][j].abs() * leaf.half[j];
            }
            // A row alone is far enough in many boxes beside a long narrow component.
            let (u, du) = (self.scale[i] * u, self.scale[i] * du);
            if u.abs() - du > reach {
                return false;
            }
            middle += u * u;
            change += du * du;
        }
        libm::sqrt(middle) - libm::sqrt(change) <= reach
    }
}

/// Where ℓ_ij is among a component's numbers, j < i.
const fn shear_place<const D: usize>(i: usize, j: usize) -> usize {
    1 + 2 * D + i * (i - 1) / 2 + j
}

/// Points with targets, to be fitted by a sum of K Gaussians in D dimensions.
///
/// Its parameters are flat, [`parameter_count`] numbers a component: amplitude a (units of the targets); centre μ (units of the
/// data, minus [`GaussianSum::frame`]); D logarithms ln w_i; the ℓ_ij with j < i, row by row. They whiten offsets by
/// u_i = w_i (d_i + Σ_j ℓ_ij d_j), so W = diag(w) L with a unit lower-triangular L, and Σ⁻¹ = Wᵀ W: any value is a
/// covariance, and a change of scale does not turn it.
pub struct GaussianSum<const D: usize> {
    frame: SVector<f64, D>,
    /// The largest edge of the box around all points; 1 where they are equal.
    extent: f64,
    coordinates: Vec<[f64x2; D]>,
    targets: Vec<f64x2>,
    leaves: Vec<Leaf<D>>,
    /// Which point lies where, for the points in the order of the boxes.
    order: Vec<u32>,
    non_negative: bool,
    /// In extents.
    largest_spread: f64,
    farthest_centre: f64,
    /// Whitened distance from its centre beyond which a Gaussian counts as 0.
    reach: f64,
    /// Columns of J within a box, the residual last.
    columns: Vec<[f64x2; BOX]>,
}

impl<const D: usize> GaussianSum<D> {
    /// Takes row-major inputs (N×D, visitor's units) with a target each; all are finite. With `non_negative` amplitudes stay
    /// at 0 or above.
    #[must_use]
    pub fn new(inputs: &[f64], targets: &[f64], non_negative: bool) -> Self {
        let count = targets.len().min(inputs.len() / D);
        let frame = SVector::from_fn(|d, _| (0..count).map(|i| inputs[i * D + d]).sum::<f64>() / count.max(1) as f64);
        let mut order: Vec<u32> = (0..count as u32).collect();
        sort_into_boxes::<D>(inputs, &mut order);
        let point = |place: usize| order[place.min(count.saturating_sub(1))] as usize;
        let vectors = count.div_ceil(WIDTH);
        let coordinates: Vec<[f64x2; D]> = (0..vectors)
            .map(|v| from_fn(|d| f64x2::from_lanes(|lane| inputs[point(v * WIDTH + lane) * D + d] - frame[d])))
            .collect();
        let aligned: Vec<f64x2> = (0..vectors)
            .map(|v| {
                let target = |place: usize| if place < count { targets[point(place)] } else { 0.0 };
                f64x2::from_lanes(|lane| target(v * WIDTH + lane))
            })
            .collect();
        let leaves: Vec<Leaf<D>> = coordinates.chunks(BOX).map(bounds).collect();
        let (low, high) = around(&leaves);
        let extent = (0..D).map(|d| high[d] - low[d]).fold(0.0, f64::max);
        let mut sum = Self {
            frame,
            extent: if extent > 0.0 && extent.is_finite() { extent } else { 1.0 },
            coordinates,
            targets: Vec::new(),
            leaves,
            order,
            non_negative,
            largest_spread: LARGEST_SPREAD,
            farthest_centre: FARTHEST_CENTRE,
            reach: 0.0,
            columns: Vec::new(),
        };
        sum.neglect_below(NEGLIGIBLE);
        sum.replace_targets(aligned);
        sum
    }

    /// From here on standard deviations and the distance of a centre from the mean of the points stay below so many extents of
    /// the points; by default 10⁶.
    pub fn keep_within(&mut self, spread: f64, centre: f64) {
        self.largest_spread = spread;
        self.farthest_centre = centre;
    }

    /// From here on a Gaussian counts as 0 where it is below this part of its amplitude, which is at least 2e-12.
    pub fn neglect_below(&mut self, part: f64) {
        self.reach = libm::sqrt(-2.0 * libm::log(part.clamp(NEGLIGIBLE, 0.1)));
    }

    /// From here on amplitudes stay at 0 or above, or may be negative.
    pub fn set_non_negative(&mut self, non_negative: bool) {
        self.non_negative = non_negative;
    }

    /// Points there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.order.len()
    }

    /// The mean of the inputs, which is taken off the centres.
    #[must_use]
    pub fn frame(&self) -> &SVector<f64, D> {
        &self.frame
    }

    /// The largest edge of the box around all points, in their units; 1 where they are all equal.
    #[must_use]
    pub fn extent(&self) -> f64 {
        self.extent
    }

    /// The lowest and highest coordinates, minus the frame; infinite where there are no points.
    pub(crate) fn bounds(&self) -> ([f64; D], [f64; D]) {
        around(&self.leaves)
    }

    /// Flat parameters of a model; `None` where a covariance is not positive definite and finite.
    #[must_use]
    pub fn flatten(&self, parameters: &Parameters<D>, form: &CovarianceForm) -> Option<Vec<f64>> {
        let mut flat = Vec::with_capacity(parameters.components() * parameter_count(D));
        for k in 0..parameters.components() {
            let whitening = *form.root(&parameters.factors[k])?.whitening();
            flat.push(parameters.amplitudes[k]);
            flat.extend((0..D).map(|d| parameters.means[k][d] - self.frame[d]));
            flat.extend((0..D).map(|d| libm::log(whitening[(d, d)])));
            for i in 0..D {
                flat.extend((0..i).map(|j| whitening[(i, j)] / whitening[(i, i)]));
            }
        }
        flat.iter().all(|value| value.is_finite()).then_some(flat)
    }

    /// The model of flat parameters, its factors upper triangular. Where a variance is below the form's ε, which no factor
    /// can undo, the factor gives a variance of at most 2 ε.
    #[must_use]
    pub fn parameters(&self, flat: &[f64], form: &CovarianceForm) -> Parameters<D> {
        let components = flat.chunks_exact(parameter_count(D));
        let mut parameters = Parameters { amplitudes: Vec::new(), means: Vec::new(), factors: Vec::new() };
        for values in components {
            parameters.amplitudes.push(values[0]);
            parameters.means.push(self.frame + SVector::from_fn(|d, _| values[1 + d]));
            parameters.factors.push(upper_factor(&covariance::<D>(values), form));
        }
        parameters
    }

    /// One component's flat parameters: `covariance` in squared units of the data, `mean` minus the frame. `None` where the
    /// covariance is not positive definite.
    pub(crate) fn component(
        amplitude: f64,
        mean: &SVector<f64, D>,
        covariance: &SMatrix<f64, D, D>,
    ) -> Option<Vec<f64>> {
        let whitening = *Factor::from_covariance(covariance)?.whitening();
        let mut flat = vec![amplitude];
        flat.extend(mean.iter());
        flat.extend((0..D).map(|d| libm::log(whitening[(d, d)])));
        for i in 0..D {
            flat.extend((0..i).map(|j| whitening[(i, j)] / whitening[(i, i)]));
        }
        Some(flat)
    }

    /// y − ŷ, in the order of the boxes, two a vector; 0 in the padding.
    pub(crate) fn residuals(&self, flat: &[f64]) -> Vec<f64x2> {
        let shapes = shapes::<D>(flat);
        let mut residuals = self.targets.clone();
        for (b, leaf) in self.leaves.iter().enumerate() {
            let start = b * BOX;
            let end = (start + BOX).min(self.coordinates.len());
            for shape in shapes.iter().filter(|shape| shape.reaches(leaf, self.reach)) {
                let kernel = Kernel::new(shape);
                for (residual, point) in residuals[start..end].iter_mut().zip(&self.coordinates[start..end]) {
                    *residual -= kernel.value(*point);
                }
            }
        }
        self.clear_padding(&mut residuals);
        residuals
    }

    /// Σ e y and Σ e² for the kernel e of one component: with the amplitude Σ e y / Σ e² it lowers the cost by
    /// (Σ e y)² / Σ e².
    pub(crate) fn projection(&self, values: &[f64]) -> (f64, f64) {
        let shape = Shape::<D>::new(values);
        let kernel = Kernel::new(&Shape { amplitude: 1.0, ..shape });
        let (mut product, mut square) = (f64x2::ZERO, f64x2::ZERO);
        for b in (0..self.leaves.len()).filter(|&b| shape.reaches(&self.leaves[b], self.reach)) {
            let range = b * BOX..((b + 1) * BOX).min(self.coordinates.len());
            for (point, target) in self.coordinates[range.clone()].iter().zip(&self.targets[range]) {
                let value = kernel.value(*point);
                product += value * *target;
                square += value * value;
            }
        }
        (product.sum(), square.sum())
    }

    /// Puts other targets, in the order of the boxes, in the place of the present ones, which it returns.
    pub(crate) fn replace_targets(&mut self, targets: Vec<f64x2>) -> Vec<f64x2> {
        for (leaf, targets) in self.leaves.iter_mut().zip(targets.chunks(BOX)) {
            let mut energy = f64x2::ZERO;
            for target in targets {
                energy += *target * *target;
            }
            leaf.energy = energy.sum();
        }
        std::mem::replace(&mut self.targets, targets)
    }

    /// Coordinate d of the point at a place in the order of the boxes, minus the frame.
    pub(crate) fn coordinate(&self, place: usize, d: usize) -> f64 {
        self.coordinates[place / WIDTH][d].lane(place % WIDTH)
    }

    fn clear_padding(&self, values: &mut [f64x2]) {
        if !self.order.len().is_multiple_of(WIDTH)
            && let Some(last) = values.last_mut()
        {
            *last *= f64x2::new([1.0, 0.0]);
        }
    }

    /// Whether parameters are finite and within the bounds.
    pub(crate) fn allowed(&self, flat: &[f64]) -> bool {
        let largest_scale = libm::log(1.0 / (SMALLEST_SPREAD * self.extent));
        let largest_variance = (self.largest_spread * self.extent) * (self.largest_spread * self.extent);
        flat.chunks_exact(parameter_count(D)).all(|values| {
            values.iter().all(|value| value.is_finite())
                && (!self.non_negative || values[0] >= 0.0)
                && values[1..=D].iter().all(|value| value.abs() <= self.farthest_centre * self.extent)
                && values[1 + D..=2 * D].iter().all(|&value| value <= largest_scale)
                && covariance::<D>(values).diagonal().iter().all(|&variance| variance <= largest_variance)
        })
    }
}

/// Σ of one component's flat parameters.
pub(crate) fn covariance<const D: usize>(values: &[f64]) -> SMatrix<f64, D, D> {
    // R = W⁻¹ = L⁻¹ diag(1/w).
    let unit = SMatrix::<f64, D, D>::from_fn(|i, j| match i.cmp(&j) {
        std::cmp::Ordering::Less => 0.0,
        std::cmp::Ordering::Equal => 1.0,
        std::cmp::Ordering::Greater => values[shear_place::<D>(i, j)],
    });
    let identity = SMatrix::<f64, D, D>::identity();
    let mut root = unit.solve_lower_triangular(&identity).unwrap_or(identity);
    for (d, mut column) in root.column_iter_mut().enumerate() {
        column *= libm::exp(-values[1 + D + d]);
    }
    root * root.transpose()
}

/// An upper-triangular A whose covariance by the form is Σ, or Σ where A is that.
fn upper_factor<const D: usize>(covariance: &SMatrix<f64, D, D>, form: &CovarianceForm) -> SMatrix<f64, D, D> {
    if form.shape == FactorShape::Covariance {
        return *covariance;
    }
    let rest = covariance - form.covariance(&SMatrix::zeros());
    // The lower root of the axes in reverse order is the upper root.
    let reversed = SMatrix::<f64, D, D>::from_fn(|i, j| rest[(D - 1 - i, D - 1 - j)]);
    let floor = f64::MIN_POSITIVE.max(1e-3 * form.epsilon);
    let lower = Factor::from_covariance(&reversed).or_else(|| {
        let unit = Factor::from_variances([1.0; D])?;
        unit.rescaled(&reversed, floor).map(|(factor, _)| factor)
    });
    lower.map_or_else(SMatrix::zeros, |factor| SMatrix::from_fn(|i, j| factor.lower()[(D - 1 - i, D - 1 - j)]))
}

fn shapes<const D: usize>(flat: &[f64]) -> Vec<Shape<D>> {
    flat.chunks_exact(parameter_count(D)).map(Shape::new).collect()
}

/// The lowest and highest coordinates in some boxes.
fn around<const D: usize>(leaves: &[Leaf<D>]) -> ([f64; D], [f64; D]) {
    let low = from_fn(|d| leaves.iter().map(|leaf| leaf.middle[d] - leaf.half[d]).fold(f64::INFINITY, f64::min));
    let high = from_fn(|d| leaves.iter().map(|leaf| leaf.middle[d] + leaf.half[d]).fold(f64::NEG_INFINITY, f64::max));
    (low, high)
}

/// The box around some points.
fn bounds<const D: usize>(points: &[[f64x2; D]]) -> Leaf<D> {
    let lanes = |d: usize| points.iter().flat_map(move |point| (0..WIDTH).map(move |lane| point[d].lane(lane)));
    let low: [f64; D] = from_fn(|d| lanes(d).fold(f64::INFINITY, f64::min));
    let high: [f64; D] = from_fn(|d| lanes(d).fold(f64::NEG_INFINITY, f64::max));
    Leaf { middle: from_fn(|d| 0.5 * (low[d] + high[d])), half: from_fn(|d| 0.5 * (high[d] - low[d])), energy: 0.0 }
}

/// Halves the points across their longest edge until each part fits a box; all boxes but the last are full.
fn sort_into_boxes<const D: usize>(inputs: &[f64], order: &mut [u32]) {
    let full = BOX * WIDTH;
    if order.len() <= full {
        return;
    }
    let value = |i: u32, d: usize| inputs[i as usize * D + d];
    let edge = |d: usize| {
        let (low, high) = order
            .iter()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &i| (low.min(value(i, d)), high.max(value(i, d))));
        high - low
    };
    let longest = (1..D).fold(0, |longest, d| if edge(d) > edge(longest) { d } else { longest });
    let half = order.len().div_ceil(full) / 2 * full;
    // Equal coordinates go by index, so that the order is the same everywhere.
    order.select_nth_unstable_by(half, |&a, &b| value(a, longest).total_cmp(&value(b, longest)).then(a.cmp(&b)));
    let (left, right) = order.split_at_mut(half);
    sort_into_boxes::<D>(inputs, left);
    sort_into_boxes::<D>(inputs, right);
}

/// A component's constants on every lane.
struct Kernel<const D: usize> {
    amplitude: f64x2,
    mean: [f64x2; D],
    scale: [f64x2; D],
    shear: [[f64x2; D]; D],
}

impl<const D: usize> Kernel<D> {
    fn new(shape: &Shape<D>) -> Self {
        Self {
            amplitude: f64x2::splat(shape.amplitude),
            mean: from_fn(|d| f64x2::splat(shape.mean[d])),
            scale: from_fn(|d| f64x2::splat(shape.scale[d])),
            shear: from_fn(|i| from_fn(|j| f64x2::splat(shape.shear[i][j]))),
        }
    }

    /// d and u.
    #[inline(always)]
    fn offsets(&self, point: [f64x2; D]) -> ([f64x2; D], [f64x2; D]) {
        // Plain loops: closures in the innermost code are not always inlined.
        let (mut d, mut u) = ([f64x2::ZERO; D], [f64x2::ZERO; D]);
        for i in 0..D {
            d[i] = point[i] - self.mean[i];
            let mut sum = d[i];
            for j in 0..i {
                sum += self.shear[i][j] * d[j];
            }
            u[i] = self.scale[i] * sum;
        }
        (d, u)
    }

    #[inline(always)]
    fn exponential(u: &[f64x2; D]) -> f64x2 {
        let mut squared = u[0] * u[0];
        for i in 1..D {
            squared += u[i] * u[i];
        }
        (squared * f64x2::splat(-0.5 * LOG2_E)).exp2_nonpositive()
    }

    #[inline(always)]
    fn value(&self, point: [f64x2; D]) -> f64x2 {
        let (_, u) = self.offsets(point);
        self.amplitude * Self::exponential(&u)
    }
}

impl<const D: usize> LeastSquares for GaussianSum<D> {
    fn cost(&mut self, flat: &[f64]) -> f64 {
        if !self.allowed(flat) {
            return f64::INFINITY;
        }
        let shapes = shapes::<D>(flat);
        let kernels: Vec<Kernel<D>> = shapes.iter().map(Kernel::new).collect();
        let mut residuals = [f64x2::ZERO; BOX];
        let mut total = 0.0;
        for (b, leaf) in self.leaves.iter().enumerate() {
            let start = b * BOX;
            let length = BOX.min(self.coordinates.len() - start);
            let points = &self.coordinates[start..start + length];
            let residuals = &mut residuals[..length];
            let mut touched = false;
            for (shape, kernel) in shapes.iter().zip(&kernels) {
                if shape.reaches(leaf, self.reach) {
                    if !touched {
                        residuals.copy_from_slice(&self.targets[start..start + length]);
                        touched = true;
                    }
                    for (residual, point) in residuals.iter_mut().zip(points) {
                        *residual -= kernel.value(*point);
                    }
                }
            }
            if touched {
                if b + 1 == self.leaves.len() {
                    self.clear_padding(residuals);
                }
                let mut sum = f64x2::ZERO;
                for residual in residuals.iter() {
                    sum += *residual * *residual;
                }
                total += sum.sum();
            } else {
                total += leaf.energy;
            }
        }
        total
    }

    fn normal_equations(&mut self, flat: &[f64]) -> NormalEquations {
        let size = parameter_count(D);
        let total = flat.len();
        let shapes = shapes::<D>(flat);
        let kernels: Vec<Kernel<D>> = shapes.iter().map(Kernel::new).collect();
        let mut columns = std::mem::take(&mut self.columns);
        // Row by row; the last row and column are those of the residual.
        let mut products = vec![0.0; (total + 1) * (total + 1)];
        let mut places: Vec<usize> = Vec::with_capacity(total + TILE);
        for (b, leaf) in self.leaves.iter().enumerate() {
            let start = b * BOX;
            let length = BOX.min(self.coordinates.len() - start);
            let points = &self.coordinates[start..start + length];
            places.clear();
            let mut residuals = [f64x2::ZERO; BOX];
            for (residual, target) in residuals.iter_mut().zip(&self.targets[start..start + length]) {
                *residual = f64x2::ZERO - *target;
            }
            for (k, (shape, kernel)) in shapes.iter().zip(&kernels).enumerate() {
                if shape.reaches(leaf, self.reach) {
                    let first = places.len();
                    places.extend(k * size..(k + 1) * size);
                    if columns.len() < places.len() + TILE {
                        columns.resize(places.len() + TILE, [f64x2::ZERO; BOX]);
                    }
                    fill_columns(kernel, points, &mut columns[first..places.len()], &mut residuals);
                }
            }
            if places.is_empty() {
                products[total * (total + 1) + total] += leaf.energy;
                continue;
            }
            columns[places.len()] = residuals;
            places.push(total);
            if b + 1 == self.leaves.len() {
                for column in &mut columns[..places.len()] {
                    self.clear_padding(&mut column[..length]);
                }
            }
            // Whatever an earlier box left in the columns that fill up the last tile is not added anywhere.
            add_products(&columns, &places, length, &mut products, total + 1);
        }
        self.columns = columns;
        let at = |i: usize, j: usize| products[i.min(j) * (total + 1) + i.max(j)];
        NormalEquations {
            cost: at(total, total),
            gradient: DVector::from_fn(total, |i, _| at(i, total)),
            matrix: DMatrix::from_fn(total, total, at),
        }
    }

    /// A Gaussian that a step makes much wider than the points loses its gradient and never comes back.
    fn restrain(&self, flat: &[f64], moved: &mut [f64]) {
        let size = parameter_count(D);
        for (from, to) in flat.chunks_exact(size).zip(moved.chunks_exact_mut(size)) {
            let shape = Shape::<D>::new(from);
            let mut largest: f64 = 0.0;
            for i in 0..D {
                let (mut u, mut turn) = (to[1 + i] - from[1 + i], 0.0);
                for j in 0..i {
                    u += shape.shear[i][j] * (to[1 + j] - from[1 + j]);
                    let place = shear_place::<D>(i, j);
                    // In standard deviations of i, at one standard deviation of j.
                    turn += ((to[place] - from[place]) * shape.scale[i] / shape.scale[j]).abs();
                }
                let change = (to[1 + D + i] - from[1 + D + i]).abs() / LONGEST_SCALING;
                largest = largest.max(change).max((shape.scale[i] * u).abs() / LONGEST_SHIFT).max(turn / LONGEST_TURN);
            }
            if largest > 1.0 {
                for (from, to) in from.iter().zip(to.iter_mut()) {
                    *to = from + (*to - from) / largest;
                }
            }
            if self.non_negative {
                to[0] = to[0].max(0.0);
            }
        }
    }
}

/// The columns of J of one component in one box, and its part of the residual ŷ − y.
#[inline(always)]
fn fill_columns<const D: usize>(
    kernel: &Kernel<D>,
    points: &[[f64x2; D]],
    columns: &mut [[f64x2; BOX]],
    residuals: &mut [f64x2; BOX],
) {
    assert!(points.len() <= BOX && columns.len() == parameter_count(D));
    for (v, point) in points.iter().enumerate() {
        let (d, u) = kernel.offsets(*point);
        let exponential = Kernel::<D>::exponential(&u);
        let value = kernel.amplitude * exponential;
        residuals[v] += value;
        columns[0][v] = exponential;
        // ∂ŷ/∂d_i by way of u_i.
        let mut slope = [f64x2::ZERO; D];
        for i in 0..D {
            slope[i] = value * u[i] * kernel.scale[i];
        }
        for j in 0..D {
            let mut sum = slope[j];
            for i in j + 1..D {
                sum += slope[i] * kernel.shear[i][j];
            }
            columns[1 + j][v] = sum;
            columns[1 + D + j][v] = f64x2::ZERO - value * u[j] * u[j];
            for i in j + 1..D {
                columns[shear_place::<D>(i, j)][v] = f64x2::ZERO - slope[i] * d[j];
            }
        }
    }
}

/// Adds the products of all pairs of columns to the upper triangle; `places` are rising.
fn add_products(columns: &[[f64x2; BOX]], places: &[usize], length: usize, products: &mut [f64], stride: usize) {
    let tiles = places.len().div_ceil(TILE);
    for row in 0..tiles {
        for column in row..tiles {
            let (row_columns, column_columns) = (&columns[row * TILE..], &columns[column * TILE..]);
            let [a, b, c] = [&row_columns[0][..length], &row_columns[1][..length], &row_columns[2][..length]];
            let [x, y, z] = [&column_columns[0][..length], &column_columns[1][..length], &column_columns[2][..length]];
            let mut sums = [[f64x2::ZERO; TILE]; TILE];
            for v in 0..length {
                let (left, right) = ([a[v], b[v], c[v]], [x[v], y[v], z[v]]);
                for i in 0..TILE {
                    for j in 0..TILE {
                        sums[i][j] += left[i] * right[j];
                    }
                }
            }
            for i in 0..TILE {
                for j in 0..TILE {
                    let (p, q) = (row * TILE + i, column * TILE + j);
                    if p <= q && q < places.len() {
                        products[places[p] * stride + places[q]] += sums[i][j].sum();
                    }
                }
            }
        }
    }
}
