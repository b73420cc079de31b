//! A sum of Gaussians from the data alone: add one Gaussian at a time where the residual is largest at some scale, refit all,
//! stop at the noise floor, then drop what contributes nothing.

use std::f64::consts::LN_2;

use nalgebra::{SMatrix, SVector};
use serde::{Deserialize, Serialize};
use tsify::Tsify;
use wide::f64x2;

use crate::models::sum_of_gaussians::{CovarianceForm, GaussianSum, Parameters, covariance, parameter_count};
use crate::numeric::lanes::Lanes;
use crate::numeric::random::{Purpose, Stream};
use crate::optimizers::{LeastSquares, LevenbergMarquardt, Outcome};

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ResidualPeaksOptions {
    pub max_components: usize,
    pub non_negative: bool,
}

impl Default for ResidualPeaksOptions {
    fn default() -> Self {
        Self { max_components: 8, non_negative: true }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Tsify)]
pub enum Stage {
    Add,
    Refit { steps: u32, slow: u32, polish: bool },
    Drop { saved: Vec<f64>, saved_cost: f64, order: Vec<u32>, next: u32, steps: u32, slow: u32 },
    Finished,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Tsify)]
pub struct ResidualPeaksState {
    pub parameters: Vec<f64>,
    pub damping: f64,
    pub cost: f64,
    pub stage: Stage,
    pub rounds: u32,
}

pub struct ResidualPeaks<const D: usize> {
    sum: GaussianSum<D>,
    options: ResidualPeaksOptions,
    floor: f64,
    flat: Vec<f64>,
    method: LevenbergMarquardt,
    cost: f64,
    stage: Stage,
    rounds: u32,
    energy: f64,
    low: [f64; D],
    edges: [f64; D],
    limit: usize,
    unexplained: bool,
    best: Option<Best>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Tsify)]
pub struct Best {
    pub score: f64,
    pub parameters: Vec<f64>,
    pub cost: f64,
}

const FLOOR: f64 = 1e-7;
const TRIED: usize = 3;
const LOCAL_STEPS: usize = 6;
const ROUNDS: u32 = 10;
const ROUNDS_AT_FLOOR: u32 = 3;
const ROUGH: f64 = 1e-5;
const WORTH_TRYING: f64 = 1e3;
const EXTREMES: usize = 12;
const NEEDLE: f64 = 0.1;
const NEEDLES_TRIED: usize = 2;

impl<const D: usize> ResidualPeaks<D> {
    pub fn new(inputs: &[f64], targets: &[f64], options: ResidualPeaksOptions) -> Self {
        let mut sum = GaussianSum::new(inputs, targets, options.non_negative);
        let cost = sum.cost(&[]);
        let count = sum.count().max(1) as f64;
        let (low, high) = sum.bounds();
        let edges = std::array::from_fn(|d| (high[d] - low[d]).max(1e-3 * sum.extent()));
        Self {
            floor: FLOOR * FLOOR * cost / count,
            sum,
            options,
            flat: Vec::new(),
            method: LevenbergMarquardt::default(),
            cost,
            stage: Stage::Add,
            rounds: 0,
            energy: cost,
            low,
            edges,
            limit: options.max_components,
            unexplained: false,
            best: None,
        }
    }

    pub fn debug(&self) -> String {
        let stage = match &self.stage {
            Stage::Drop { next, steps, .. } => format!("drop {next} {steps}"),
            other => format!("{other:?}"),
        };
        format!("round {} K {} rms {:.4e} {stage} damping {:.1e}", self.rounds, self.components(), self.rms(), self.method.damping)
    }

    pub fn rms(&self) -> f64 {
        libm::sqrt(self.cost / self.sum.count().max(1) as f64)
    }

    pub fn components(&self) -> usize {
        self.flat.len() / parameter_count(D)
    }

    pub fn parameters(&self, form: &CovarianceForm) -> Parameters<D> {
        self.sum.parameters(&self.flat, form)
    }

    pub fn is_finished(&self) -> bool {
        self.stage == Stage::Finished
    }

    pub fn fit_to_end(&mut self) {
        while !self.is_finished() {
            self.step();
        }
    }

    /// The edge of a cell that holds half a point on average.
    fn spacing(&self) -> f64 {
        let log_volume: f64 = self.edges.iter().map(|&edge| libm::log(edge)).sum();
        libm::exp((log_volume - libm::log(2.0 * self.sum.count().max(1) as f64)) / D as f64)
    }

    fn threshold(&self) -> f64 {
        parameter_count(D) as f64 * libm::log(self.sum.count().max(3) as f64)
    }

    fn at_floor(&self) -> bool {
        self.cost <= self.floor * self.sum.count() as f64
    }

    pub fn step(&mut self) {
        match std::mem::replace(&mut self.stage, Stage::Finished) {
            Stage::Finished => {}
            Stage::Add => self.stage = self.add(),
            Stage::Refit { steps, slow, polish } => self.stage = self.refit(steps, slow, polish),
            Stage::Drop { saved, saved_cost, order, next, steps, slow } => {
                self.stage = self.drop_step(saved, saved_cost, order, next, steps, slow);
            }
        }
    }

    fn add(&mut self) -> Stage {
        self.unexplained = false;
        if self.at_floor() {
            return self.start_polish();
        }
        let residuals = self.sum.residuals(&self.flat);
        let sigma2 = self.noise(&residuals);
        let Some((candidate, gain)) = self.best_candidate(residuals) else { return self.start_polish() };
        if gain < self.threshold() * sigma2 {
            return self.start_polish();
        }
        if self.components() >= self.limit {
            self.unexplained = true;
            return self.start_polish();
        }
        self.flat.extend(candidate);
        self.cost = self.sum.cost(&self.flat);
        self.method = LevenbergMarquardt::default();
        Stage::Refit { steps: 0, slow: 0, polish: false }
    }

    fn start_polish(&mut self) -> Stage {
        if self.flat.is_empty() {
            return Stage::Finished;
        }
        self.method = LevenbergMarquardt::default();
        Stage::Refit { steps: 0, slow: 0, polish: true }
    }

    /// One LM step; whether to go on.
    fn advance(&mut self, steps: u32, slow: u32, tolerance: f64, most: u32) -> Option<(u32, u32)> {
        let before = self.cost;
        // Rough at first: nothing that small matters beside the residual.
        self.sum.neglect_below(ROUGH.min(1e-3 * libm::sqrt(before / self.energy)));
        match self.method.step(&mut self.sum, &mut self.flat) {
            Outcome::Stalled => None,
            Outcome::Improved(cost) => {
                self.cost = cost;
                let fall = (before - cost) / before;
                let slow = if fall < tolerance { slow + 1 } else { 0 };
                let limit = if fall > 0.3 { 2 * most } else { most };
                let floor = self.at_floor() && fall < 0.9;
                (slow < 2 && steps + 1 < limit && !floor).then_some((steps + 1, slow))
            }
        }
    }

    fn refit(&mut self, steps: u32, slow: u32, polish: bool) -> Stage {
        let (tolerance, most) = if polish { (1e-4, 60) } else { (2e-2, 25) };
        if let Some((steps, slow)) = self.advance(steps, slow, tolerance, most) {
            return Stage::Refit { steps, slow, polish };
        }
        if !polish {
            return Stage::Add;
        }
        let order = self.by_contribution();
        self.next_drop(self.flat.clone(), self.cost, order, 0)
    }

    /// How much the cost would rise without each component if all others adapted by the linear model,
    /// a² / ((Jᵀ J)⁻¹)_aa; least first.
    fn rises(&mut self) -> Vec<(f64, u32)> {
        let equations = self.sum.normal_equations(&self.flat);
        let mut matrix = equations.matrix;
        for i in 0..matrix.nrows() {
            matrix[(i, i)] *= 1.0 + 1e-13;
            matrix[(i, i)] += f64::MIN_POSITIVE;
        }
        let inverse = matrix.cholesky().map(|factor| factor.inverse());
        let size = parameter_count(D);
        let rise = |k: usize| {
            let amplitude = self.flat[k * size];
            inverse.as_ref().map_or(0.0, |inverse| amplitude * amplitude / inverse[(k * size, k * size)])
        };
        let mut rises: Vec<(f64, u32)> = (0..self.components()).map(|k| (rise(k), k as u32)).collect();
        rises.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        rises
    }

    /// Components that may be superfluous, least needed first.
    fn by_contribution(&mut self) -> Vec<u32> {
        let allowed = self.allowed_cost(&self.flat, self.cost) - self.cost;
        let mut rises = self.rises();
        rises.retain(|(rise, _)| !(*rise > WORTH_TRYING * allowed));
        rises.into_iter().map(|(_, k)| k).collect()
    }

    fn allowed_cost(&self, saved: &[f64], saved_cost: f64) -> f64 {
        let free = self.sum.count().saturating_sub(saved.len()).max(1) as f64;
        let sigma2 = (saved_cost / free).max(self.floor);
        saved_cost.max(self.floor * self.sum.count() as f64) + self.threshold() * sigma2
    }

    fn next_drop(&mut self, saved: Vec<f64>, saved_cost: f64, order: Vec<u32>, next: u32) -> Stage {
        let Some(&k) = order.get(next as usize) else {
            self.flat = saved;
            self.cost = saved_cost;
            return self.end_round();
        };
        self.flat = without::<D>(&saved, k as usize);
        self.cost = self.sum.cost(&self.flat);
        self.method = LevenbergMarquardt::default();
        Stage::Drop { saved, saved_cost, order, next, steps: 0, slow: 0 }
    }

    fn drop_step(
        &mut self,
        saved: Vec<f64>,
        saved_cost: f64,
        order: Vec<u32>,
        next: u32,
        steps: u32,
        slow: u32,
    ) -> Stage {
        let allowed = self.allowed_cost(&saved, saved_cost);
        let going = if self.cost <= allowed { None } else { self.advance(steps, slow, 2e-2, 25) };
        if self.cost <= allowed {
            // Refit and see what else is superfluous.
            return self.start_polish();
        }
        match going {
            Some((steps, slow)) => Stage::Drop { saved, saved_cost, order, next, steps, slow },
            None => self.next_drop(saved, saved_cost, order, next + 1),
        }
    }

    fn end_round(&mut self) -> Stage {
        let count = self.sum.count() as f64;
        let score = count * libm::log((self.cost / count).max(self.floor)) + self.flat.len() as f64 * libm::log(count.max(3.0));
        if self.best.as_ref().is_none_or(|best| score < best.score) {
            self.best = Some(Best { score, parameters: self.flat.clone(), cost: self.cost });
        }
        self.rounds += 1;
        let (end, end_cost) = (std::mem::take(&mut self.flat), self.cost);
        if let Some(best) = &self.best {
            self.flat.clone_from(&best.parameters);
            self.cost = best.cost;
        }
        // Those of the best round are what counts, and of this one where it is the best.
        let most = if self.unexplained {
            ROUNDS
        } else if self.cost > 1e-8 * self.energy {
            0
        } else if self.weakest() < 1e-4 * self.energy {
            if self.at_floor() { ROUNDS_AT_FLOOR } else { ROUNDS }
        } else {
            0
        };
        if self.rounds > most {
            return Stage::Finished;
        }
        self.flat = end;
        self.cost = end_cost;
        self.kick()
    }

    fn weakest(&mut self) -> f64 {
        self.rises().iter().fold(f64::INFINITY, |least, rise| least.min(rise.0))
    }

    /// Starts anew from the strongest components, shaken.
    fn kick(&mut self) -> Stage {
        let size = parameter_count(D);
        let mut stream = Stream::new(u64::from(self.rounds), Purpose::Initialization);
        let mut rises = self.rises();
        rises.reverse();
        let strong = rises.iter().filter(|rise| rise.0 > 1e-3 * self.energy).count();
        let kept = (strong + stream.index(3)).saturating_sub(1).clamp(1, self.components().max(1));
        let mut flat = Vec::new();
        for &(_, k) in rises.iter().take(kept) {
            let mut values = self.flat[k as usize * size..(k as usize + 1) * size].to_vec();
            let root = covariance::<D>(&values);
            for d in 0..D {
                values[1 + d] += 0.5 * libm::sqrt(root[(d, d)]) * stream.normal();
                values[1 + D + d] += 0.3 * stream.normal();
            }
            flat.extend(values);
        }
        self.limit = (kept + 2).min(self.options.max_components);
        self.flat = flat;
        self.cost = self.sum.cost(&self.flat);
        self.method = LevenbergMarquardt::default();
        if !self.cost.is_finite() {
            self.flat.clear();
            self.cost = self.energy;
            return Stage::Add;
        }
        Stage::Refit { steps: 0, slow: 0, polish: false }
    }

    /// The variance of the noise, as if the residual were nothing else, by its median absolute deviation.
    fn noise(&self, residuals: &[f64x2]) -> f64 {
        let mut sizes: Vec<f64> =
            residuals.iter().flat_map(|r| (0..2).map(|lane| r.lane(lane).abs())).take(self.sum.count()).collect();
        if sizes.is_empty() {
            return 0.0;
        }
        let middle = sizes.len() / 2;
        let (_, median, _) = sizes.select_nth_unstable_by(middle, f64::total_cmp);
        let deviation = *median / 0.674_489_75;
        (deviation * deviation).max(self.floor)
    }

    fn best_candidate(&mut self, residuals: Vec<f64x2>) -> Option<(Vec<f64>, f64)> {
        let mut starts: Vec<Vec<f64>> = self
            .peaks(&residuals)
            .into_iter()
            .take(TRIED)
            .filter_map(|peak| {
                let covariance = SMatrix::identity() * (peak.scale * peak.scale);
                GaussianSum::<D>::component(peak.amplitude, &peak.place, &covariance)
            })
            .collect();
        let extremes = self.extremes(&residuals);
        let targets = self.sum.replace_targets(residuals);
        starts.extend(self.needles(&extremes));
        self.sum.neglect_below(1e-4);
        let before = self.sum.cost(&[]);
        let mut best: Option<(Vec<f64>, f64)> = None;
        for mut flat in starts {
            let mut method = LevenbergMarquardt::default();
            let mut cost = self.sum.cost(&flat);
            for _ in 0..LOCAL_STEPS {
                match method.step(&mut self.sum, &mut flat) {
                    Outcome::Improved(lower) => {
                        let slow = cost - lower < 1e-2 * (before - lower);
                        cost = lower;
                        if slow {
                            break;
                        }
                    }
                    Outcome::Stalled => break,
                }
            }
            let gain = before - cost;
            if gain > best.as_ref().map_or(0.0, |best| best.1) {
                best = Some((flat, gain));
            }
        }
        self.sum.replace_targets(targets);
        self.sum.neglect_below(0.0);
        best
    }

    /// Places of the points with the largest residuals.
    fn extremes(&self, residuals: &[f64x2]) -> Vec<usize> {
        let value = |i: usize| {
            let residual = residuals[i / 2].lane(i % 2);
            if self.options.non_negative { residual } else { residual.abs() }
        };
        let mut order: Vec<usize> = (0..self.sum.count()).collect();
        let most = EXTREMES.min(order.len());
        if most > 0 && most < order.len() {
            order.select_nth_unstable_by(most - 1, |&a, &b| value(b).total_cmp(&value(a)).then(a.cmp(&b)));
        }
        order.truncate(most);
        order.sort_unstable();
        order
    }

    /// Narrow Gaussians along the lines through two of the points, the best few: a needle with its few points looks
    /// like noise to every round kernel.
    fn needles(&self, points: &[usize]) -> Vec<Vec<f64>> {
        let place = |i: usize| SVector::<f64, D>::from_fn(|d, _| self.sum.coordinate(i, d));
        let width = NEEDLE * self.spacing();
        let mut found: Vec<(f64, Vec<f64>)> = Vec::new();
        for (index, &a) in points.iter().enumerate() {
            for &b in &points[..index] {
                let half = (place(a) - place(b)) * 0.5;
                let middle = (place(a) + place(b)) * 0.5;
                let covariance = SMatrix::identity() * (width * width) + half * half.transpose();
                let Some(mut flat) = GaussianSum::<D>::component(1.0, &middle, &covariance) else { continue };
                let (product, square) = self.sum.projection(&flat);
                if square > 0.0 && (product > 0.0 || !self.options.non_negative) {
                    flat[0] = product / square;
                    found.push((product * product / square, flat));
                }
            }
        }
        found.sort_by(|a, b| b.0.total_cmp(&a.0));
        found.into_iter().take(NEEDLES_TRIED).map(|(_, flat)| flat).collect()
    }

    /// Where the smoothed residual explains most, at each scale, best first.
    fn peaks(&self, residuals: &[f64x2]) -> Vec<Peak<D>> {
        let count = self.sum.count();
        let extent = self.sum.extent();
        let coordinate = |i: usize, d: usize| self.sum.coordinate(i, d);
        let (low, edges) = (self.low, self.edges);
        let mut scale = self.spacing();
        let mut peaks = Vec::new();
        while scale < 0.5 * extent {
            let cells: [usize; D] = std::array::from_fn(|d| (edges[d] / scale) as usize + 1);
            let total: usize = cells.iter().product();
            let (mut sums, mut weights) = (vec![0.0; total], vec![0.0; total]);
            for i in 0..count {
                let mut cell = 0;
                for d in 0..D {
                    cell = cell * cells[d] + (((coordinate(i, d) - low[d]) / scale) as usize).min(cells[d] - 1);
                }
                sums[cell] += residuals[i / 2].lane(i % 2);
                weights[cell] += 1.0;
            }
            smooth(&mut sums, &cells, 0.5);
            smooth(&mut weights, &cells, 1.0);
            let mut best = (0.0, 0);
            for (cell, (sum, weight)) in sums.iter().zip(&weights).enumerate() {
                let gain = sum * sum / weight.max(1e-3);
                if gain > best.0 && (*sum > 0.0 || !self.options.non_negative) {
                    best = (gain, cell);
                }
            }
            if best.0 > 0.0 {
                let mut rest = best.1;
                let mut place = SVector::<f64, D>::zeros();
                for d in (0..D).rev() {
                    place[d] = low[d] + ((rest % cells[d]) as f64 + 0.5) * scale;
                    rest /= cells[d];
                }
                peaks.push(Peak { gain: best.0, amplitude: sums[best.1] / weights[best.1].max(1e-3), place, scale });
            }
            scale *= 2.0;
        }
        peaks.sort_by(|a, b| b.gain.total_cmp(&a.gain));
        peaks
    }
}

struct Peak<const D: usize> {
    gain: f64,
    amplitude: f64,
    place: SVector<f64, D>,
    scale: f64,
}

fn without<const D: usize>(flat: &[f64], k: usize) -> Vec<f64> {
    let size = parameter_count(D);
    let mut rest = flat.to_vec();
    rest.drain(k * size..(k + 1) * size);
    rest
}

/// Convolves with e^(−power·t²), t in cells, along each axis.
fn smooth(values: &mut [f64], cells: &[usize], power: f64) {
    const RADIUS: usize = 3;
    let taps: [f64; RADIUS + 1] = std::array::from_fn(|t| libm::exp(-power * (t * t) as f64));
    let mut line = Vec::new();
    let mut stride = 1;
    for &length in cells.iter().rev() {
        for start in 0..values.len() {
            if start / stride % length != 0 {
                continue;
            }
            line.clear();
            line.extend((0..length).map(|i| values[start + i * stride]));
            for i in 0..length {
                let mut sum = taps[0] * line[i];
                for t in 1..=RADIUS {
                    if i >= t {
                        sum += taps[t] * line[i - t];
                    }
                    if i + t < length {
                        sum += taps[t] * line[i + t];
                    }
                }
                values[start + i * stride] = sum;
            }
        }
        stride *= length;
    }
}

const _: f64 = LN_2;
