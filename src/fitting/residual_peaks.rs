//! Residual peaks: a sum of Gaussians from the data alone, the number of components unknown.
//!
//! One Gaussian at a time is added where the smoothed residual is largest, at several scales and along lines through the
//! largest residuals; all are refitted by Levenberg–Marquardt; it stops at the noise floor. Then components are left out on
//! trial, and dropped for good where the others make up for them. Where the fit got stuck with structure in its residual, it
//! starts anew from its strongest components, shaken, and the best of all rounds counts.

use nalgebra::{SMatrix, SVector};
use serde::{Deserialize, Serialize};
use tsify::Tsify;
use wide::f64x2;

use crate::error::Error;
use crate::models::sum_of_gaussians::{CovarianceForm, GaussianSum, Parameters, covariance, parameter_count};
use crate::numeric::lanes::Lanes;
use crate::numeric::random::{Purpose, Stream};
use crate::optimizers::{LeastSquares, LevenbergMarquardt, Outcome};

/// The noise's standard deviation is taken to be at least this part of the targets' root mean square: that of single precision.
const FLOOR: f64 = 1e-7;
/// Standard deviations, and the distances of centres from the mean of the points, are kept below so many extents of the points.
const LARGEST_SPREAD: f64 = 3.0;
const FARTHEST_CENTRE: f64 = 2.0;
/// An addition starts from so many peaks of the smoothed residual, at different scales, and from so many needles.
const PEAKS_TRIED: usize = 3;
const NEEDLES_TRIED: usize = 2;
/// Steps in which a new component alone adapts to the residual.
const LOCAL_STEPS: usize = 6;
/// Needles are looked for between so many points with the largest residuals, and are this much narrower than the points' spacing.
const EXTREMES: usize = 12;
const NEEDLE: f64 = 0.1;
/// A refit ends after two steps that each lower the cost by less than this part, or after so many steps unless the last was big.
const REFIT: Patience = Patience { fall: 2e-2, steps: 25 };
const POLISH: Patience = Patience { fall: 1e-4, steps: 60 };
/// What counts as a big step.
const BIG_FALL: f64 = 0.3;
/// At the floor, a step that lowers the cost by less than this part is the last.
const FALL_AT_FLOOR: f64 = 0.9;
/// Largest part of a Gaussian's amplitude to be neglected while its residual is large.
const ROUGH: f64 = 1e-5;
const ROUGH_LOCALLY: f64 = 1e-4;
/// A component is left out on trial only where the linear model lets the cost rise by at most this many times what is allowed.
const WORTH_TRYING: f64 = 1e3;
/// A fit without noise is exact: a component that matters less than this part of the targets' sum of squares might be there to
/// mend a wrong one.
const WEAK: f64 = 1e-4;
const NOISELESS: f64 = 1e-8;
/// Components that matter more than this part are kept for a new round.
const STRONG: f64 = 1e-3;
/// Most further rounds, while structure is left and when there is none but a weak component is.
const ROUNDS: u32 = 10;
const ROUNDS_AT_FLOOR: u32 = 3;
/// How a kept component is shaken: its centre by so many of its standard deviations, their logarithms by this.
const SHAKEN_CENTRE: f64 = 0.5;
const SHAKEN_SPREAD: f64 = 0.3;

/// When a refit ends.
struct Patience {
    fall: f64,
    steps: u32,
}

/// How residual peaks are fitted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ResidualPeaksOptions {
    /// Most components while fitting.
    pub max_components: usize,
    /// Whether amplitudes stay at 0 or above.
    pub non_negative: bool,
}

impl Default for ResidualPeaksOptions {
    fn default() -> Self {
        Self { max_components: 8, non_negative: true }
    }
}

/// What the next step does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Stage {
    /// Adds a component.
    Add,
    /// Fits all components.
    Refit {
        /// Steps so far.
        steps: u32,
        /// Steps in a row that lowered the cost little.
        slow: u32,
        /// Whether this is the long refit before components are left out.
        polish: bool,
    },
    /// Fits with one component left out on trial.
    Drop {
        /// The parameters with all components.
        saved: Vec<f64>,
        /// Their cost.
        saved_cost: f64,
        /// Components to leave out, in this order.
        order: Vec<u32>,
        /// Place in the order of the one that is left out.
        next: u32,
        /// Steps so far.
        steps: u32,
        /// Steps in a row that lowered the cost little.
        slow: u32,
    },
    /// Nothing.
    Finished,
}

/// The best end of a round.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Tsify)]
pub struct BestRound {
    /// N ln(cost / N) + p ln N for p parameters (BIC); the lowest wins.
    pub score: f64,
    /// Its parameters.
    pub parameters: Vec<f64>,
    /// Its cost.
    pub cost: f64,
    /// Whether it ran out of components while its residual still had structure.
    pub unexplained: bool,
}

/// All that the next step depends on besides data and options: restored, a fit goes on bit for bit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Tsify)]
pub struct ResidualPeaksState {
    /// Flat parameters, as [`GaussianSum`] has them.
    pub parameters: Vec<f64>,
    /// Levenberg–Marquardt's damping.
    pub damping: f64,
    /// Σ r² at the parameters.
    pub cost: f64,
    /// What comes next.
    pub stage: Stage,
    /// Rounds that ended.
    pub rounds: u32,
    /// Most components in this round.
    pub limit: u32,
    /// Whether the round ran out of components while its residual still had structure.
    pub unexplained: bool,
    /// The best round so far; absent in the first.
    pub best: Option<BestRound>,
}

/// A fit by residual peaks in D dimensions, step by step.
pub struct ResidualPeaks<const D: usize> {
    sum: GaussianSum<D>,
    options: ResidualPeaksOptions,
    /// Σ y².
    energy: f64,
    /// The smallest variance that the noise is taken to have.
    floor: f64,
    low: [f64; D],
    edges: [f64; D],
    flat: Vec<f64>,
    method: LevenbergMarquardt,
    cost: f64,
    stage: Stage,
    rounds: u32,
    limit: usize,
    unexplained: bool,
    best: Option<BestRound>,
}

impl<const D: usize> ResidualPeaks<D> {
    /// Starts without components. Inputs are row-major, N×D, in the visitor's units, with a target each; all are finite.
    ///
    /// Targets that are all 0 end with no component. There are never more than N/p components for p numbers each, but one.
    #[must_use]
    pub fn new(inputs: &[f64], targets: &[f64], options: ResidualPeaksOptions) -> Self {
        let mut sum = GaussianSum::new(inputs, targets, options.non_negative);
        sum.keep_within(LARGEST_SPREAD, FARTHEST_CENTRE);
        let energy = sum.cost(&[]);
        let (low, high) = sum.bounds();
        let edges = std::array::from_fn(|d| (high[d] - low[d]).max(1e-3 * sum.extent()));
        let determined = (sum.count() / parameter_count(D)).max(1);
        let options = ResidualPeaksOptions { max_components: options.max_components.min(determined), ..options };
        Self {
            options,
            energy,
            floor: FLOOR * FLOOR * energy / sum.count().max(1) as f64,
            low,
            edges,
            sum,
            flat: Vec::new(),
            method: LevenbergMarquardt::default(),
            cost: energy,
            stage: Stage::Add,
            rounds: 0,
            limit: options.max_components,
            unexplained: false,
            best: None,
        }
    }

    /// From here on amplitudes stay at 0 or above, or may be negative.
    pub fn set_non_negative(&mut self, non_negative: bool) {
        self.options.non_negative = non_negative;
        self.sum.set_non_negative(non_negative);
    }

    /// Components there are at present.
    #[must_use]
    pub fn components(&self) -> usize {
        self.flat.len() / parameter_count(D)
    }

    /// The model at present, centres in the visitor's units.
    #[must_use]
    pub fn parameters(&self, form: &CovarianceForm) -> Parameters<D> {
        self.sum.parameters(&self.flat, form)
    }

    /// The mean of the squared residuals at present.
    #[must_use]
    pub fn mean_squared_error(&self) -> f64 {
        self.cost / self.sum.count().max(1) as f64
    }

    /// Whether all is done.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.stage == Stage::Finished
    }

    /// What the next step does.
    #[must_use]
    pub fn stage(&self) -> &Stage {
        &self.stage
    }

    /// Steps until all is done: some tens to hundreds.
    pub fn fit_to_end(&mut self) {
        while !self.is_finished() {
            self.step();
        }
    }

    /// One visible move: an addition, a component left out, or a step of Levenberg–Marquardt.
    pub fn step(&mut self) {
        self.sum.neglect_below(0.0);
        self.stage = match std::mem::replace(&mut self.stage, Stage::Finished) {
            Stage::Finished => Stage::Finished,
            Stage::Add => self.add(),
            Stage::Refit { steps, slow, polish } => self.refit(steps, slow, polish),
            Stage::Drop { saved, saved_cost, order, next, steps, slow } => {
                let allowed = self.allowed_cost(&saved, saved_cost);
                let going = if self.cost <= allowed { None } else { self.advance(steps, slow, &REFIT) };
                if self.cost <= allowed {
                    // Refit, and see what else is superfluous.
                    self.start_polish()
                } else if let Some((steps, slow)) = going {
                    Stage::Drop { saved, saved_cost, order, next, steps, slow }
                } else {
                    self.leave_out(saved, saved_cost, order, next + 1)
                }
            }
        };
    }

    /// All that the next step depends on.
    #[must_use]
    pub fn state(&self) -> ResidualPeaksState {
        ResidualPeaksState {
            parameters: self.flat.clone(),
            damping: self.method.damping,
            cost: self.cost,
            stage: self.stage.clone(),
            rounds: self.rounds,
            limit: self.limit as u32,
            unexplained: self.unexplained,
            best: self.best.clone(),
        }
    }

    /// Goes back to a state of a fit to the same data with the same options.
    ///
    /// # Errors
    /// [`Error::ForeignSnapshot`], and nothing changes.
    pub fn restore(&mut self, state: &ResidualPeaksState) -> Result<(), Error> {
        let usable = |flat: &[f64], cost: f64| {
            flat.len().is_multiple_of(parameter_count(D))
                && flat.len() / parameter_count(D) <= self.options.max_components
                && self.sum.allowed(flat)
                && cost.is_finite()
                && cost >= 0.0
        };
        let stage = match &state.stage {
            Stage::Drop { saved, saved_cost, order, .. } => {
                let components = saved.len() / parameter_count(D);
                usable(saved, *saved_cost) && order.iter().all(|&k| (k as usize) < components)
            }
            _ => true,
        };
        let best = state.best.as_ref().is_none_or(|best| usable(&best.parameters, best.cost) && best.score.is_finite());
        let limit = (state.limit as usize) <= self.options.max_components;
        if !(usable(&state.parameters, state.cost)
            && state.damping.is_finite()
            && state.damping > 0.0
            && stage
            && best
            && limit)
        {
            return Err(Error::ForeignSnapshot);
        }
        self.flat.clone_from(&state.parameters);
        self.method = LevenbergMarquardt { damping: state.damping };
        self.cost = state.cost;
        self.stage.clone_from(&state.stage);
        self.rounds = state.rounds;
        self.limit = state.limit as usize;
        self.unexplained = state.unexplained;
        self.best.clone_from(&state.best);
        Ok(())
    }

    /// The edge of a cell that holds half a point on average.
    fn spacing(&self) -> f64 {
        let log_volume: f64 = self.edges.iter().map(|&edge| libm::log(edge)).sum();
        libm::exp((log_volume - libm::log(2.0 * self.sum.count().max(1) as f64)) / D as f64)
    }

    /// What a component must lower the cost by, in variances of the noise: as BIC has it.
    fn threshold(&self) -> f64 {
        parameter_count(D) as f64 * libm::log(self.sum.count().max(3) as f64)
    }

    /// Whether the residual is no more than rounding.
    fn at_floor(&self) -> bool {
        self.cost <= self.floor * self.sum.count() as f64
    }

    /// Adds the best candidate, unless it only fits noise or no more components are allowed.
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

    /// The long refit before components are left out.
    fn start_polish(&mut self) -> Stage {
        if self.flat.is_empty() {
            self.take_best();
            return Stage::Finished;
        }
        self.method = LevenbergMarquardt::default();
        Stage::Refit { steps: 0, slow: 0, polish: true }
    }

    /// One step of Levenberg–Marquardt; the counts with which to go on, if so.
    fn advance(&mut self, steps: u32, slow: u32, patience: &Patience) -> Option<(u32, u32)> {
        let before = self.cost;
        // Rough at first: nothing that small matters beside the residual.
        self.sum.neglect_below(ROUGH.min(1e-3 * libm::sqrt(before / self.energy)));
        match self.method.step(&mut self.sum, &mut self.flat) {
            Outcome::Stalled => None,
            Outcome::Improved(cost) => {
                self.cost = cost;
                let fall = (before - cost) / before;
                let slow = if fall < patience.fall { slow + 1 } else { 0 };
                let limit = if fall > BIG_FALL { 2 * patience.steps } else { patience.steps };
                let floor = self.at_floor() && fall < FALL_AT_FLOOR;
                (slow < 2 && steps + 1 < limit && !floor).then_some((steps + 1, slow))
            }
        }
    }

    fn refit(&mut self, steps: u32, slow: u32, polish: bool) -> Stage {
        if let Some((steps, slow)) = self.advance(steps, slow, if polish { &POLISH } else { &REFIT }) {
            return Stage::Refit { steps, slow, polish };
        }
        if !polish {
            return Stage::Add;
        }
        let order = self.by_contribution();
        self.leave_out(self.flat.clone(), self.cost, order, 0)
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
        let rises = self.rises();
        rises.into_iter().filter(|(rise, _)| *rise <= WORTH_TRYING * allowed).map(|(_, k)| k).collect()
    }

    /// The most that the cost may be without a component for it to be superfluous.
    fn allowed_cost(&self, saved: &[f64], saved_cost: f64) -> f64 {
        let free = self.sum.count().saturating_sub(saved.len()).max(1) as f64;
        let sigma2 = (saved_cost / free).max(self.floor);
        saved_cost.max(self.floor * self.sum.count() as f64) + self.threshold() * sigma2
    }

    /// Leaves the next component out on trial; with none left, the round ends.
    fn leave_out(&mut self, saved: Vec<f64>, saved_cost: f64, order: Vec<u32>, next: u32) -> Stage {
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

    /// Keeps the best round, and finishes with it unless another round might do better.
    fn end_round(&mut self) -> Stage {
        let count = self.sum.count() as f64;
        let score =
            count * libm::log((self.cost / count).max(self.floor)) + self.flat.len() as f64 * libm::log(count.max(3.0));
        if self.best.as_ref().is_none_or(|best| score < best.score) {
            self.best = Some(BestRound {
                score,
                parameters: self.flat.clone(),
                cost: self.cost,
                unexplained: self.unexplained,
            });
        }
        self.rounds += 1;
        let (end, end_cost) = (std::mem::take(&mut self.flat), self.cost);
        let unexplained = self.take_best();
        let most = if unexplained {
            ROUNDS
        } else if self.cost > NOISELESS * self.energy {
            0
        } else if self.weakest() < WEAK * self.energy {
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

    /// Goes to the best round; whether it left structure unexplained.
    fn take_best(&mut self) -> bool {
        let Some(best) = &self.best else { return false };
        self.flat.clone_from(&best.parameters);
        self.cost = best.cost;
        best.unexplained
    }

    /// How much the cost would rise without the component that matters least.
    fn weakest(&mut self) -> f64 {
        self.rises().iter().fold(f64::INFINITY, |least, rise| least.min(rise.0))
    }

    /// Starts a round from the strongest components, shaken; which and how depends on the number of the round alone.
    fn kick(&mut self) -> Stage {
        let size = parameter_count(D);
        let mut stream = Stream::new(u64::from(self.rounds), Purpose::Initialization);
        let mut rises = self.rises();
        rises.reverse();
        let strong = rises.iter().filter(|rise| rise.0 > STRONG * self.energy).count();
        let kept = (strong + stream.index(3)).saturating_sub(1).clamp(1, self.components().max(1));
        let mut flat = Vec::new();
        for &(_, k) in rises.iter().take(kept) {
            let mut values = self.flat[k as usize * size..(k as usize + 1) * size].to_vec();
            let covariance = covariance::<D>(&values);
            for d in 0..D {
                values[1 + d] += SHAKEN_CENTRE * libm::sqrt(covariance[(d, d)]) * stream.normal();
                values[1 + D + d] += SHAKEN_SPREAD * stream.normal();
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
        let mut sizes: Vec<f64> = (0..self.sum.count()).map(|i| at(residuals, i).abs()).collect();
        if sizes.is_empty() {
            return 0.0;
        }
        let middle = sizes.len() / 2;
        let (_, median, _) = sizes.select_nth_unstable_by(middle, f64::total_cmp);
        // The median of |z| for a standard normal z.
        let deviation = *median / 0.674_489_750_196_082;
        (deviation * deviation).max(self.floor)
    }

    /// The component that lowers the cost most after it alone has adapted to the residual, and by how much.
    fn best_candidate(&mut self, residuals: Vec<f64x2>) -> Option<(Vec<f64>, f64)> {
        let mut starts: Vec<Vec<f64>> = self
            .peaks(&residuals)
            .into_iter()
            .take(PEAKS_TRIED)
            .filter_map(|peak| {
                let covariance = SMatrix::identity() * (peak.scale * peak.scale);
                GaussianSum::<D>::component(peak.amplitude, &peak.place, &covariance)
            })
            .collect();
        let extremes = self.extremes(&residuals);
        let targets = self.sum.replace_targets(residuals);
        starts.extend(self.needles(&extremes));
        self.sum.neglect_below(ROUGH_LOCALLY);
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
            let residual = at(residuals, i);
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

    /// Where a round Gaussian explains most of the residual, at each scale, best first: the residual is summed in the cells of a
    /// grid and smoothed, and a Gaussian e lowers the cost by (Σ e r)² / Σ e².
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
                sums[cell] += at(residuals, i);
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

/// One of the numbers that lie two a vector.
fn at(values: &[f64x2], index: usize) -> f64 {
    values[index / <f64x2 as Lanes>::WIDTH].lane(index % <f64x2 as Lanes>::WIDTH)
}

/// A round Gaussian to start from.
struct Peak<const D: usize> {
    /// By how much it lowers the cost.
    gain: f64,
    amplitude: f64,
    place: SVector<f64, D>,
    scale: f64,
}

/// The flat parameters without component k.
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
