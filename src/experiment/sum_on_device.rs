//! A sum of Gaussians on the graphics processor: how its state goes there and comes back.

use nalgebra::{SMatrix, SVector};

use super::FitState;
use super::on_device::{DOUBLE_PRECISION, MANY_COMPONENTS, NUMBERS, OnDevice, Taken, Words, kernel, padded};
use super::sum_of_gaussians_engine::order;
use super::sum_of_gaussians_fit::SumOfGaussiansFit;
use super::sum_of_gaussians_options::Method;
use crate::error::Error;
use crate::gpu::{Columns, Epochs, MOST_COMPONENTS, Model, Problem, Readout, Source, Step, exact, workgroups};
use crate::models::sum_of_gaussians::Parameters;
use crate::moments::Samples;
use crate::numeric::lanes::Lanes;
use crate::optimizers::{OptimizerState, Rule};
use crate::settings::FactorShape;

/// Numbers that the program has for the parameters of a Gaussian: centre and amplitude, then the columns of the factor.
const PARAMETERS: usize = 16;

/// Numbers that it keeps for a Gaussian: the parameters, what the optimizer carries for them, and whether there is one.
const GAUSSIAN: usize = 3 * PARAMETERS + 4;

/// Parameters, or as many numbers that belong to them, as the device keeps them.
fn write<const D: usize>(parameters: &Parameters<D>, k: usize) -> [f32; PARAMETERS] {
    let mut numbers = [0.0; PARAMETERS];
    numbers[..3].copy_from_slice(&padded(parameters.means[k].iter().copied(), 0.0));
    numbers[3] = parameters.amplitudes[k] as f32;
    for (column, place) in parameters.factors[k].column_iter().zip(numbers[4..].chunks_exact_mut(4)) {
        place[..3].copy_from_slice(&padded(column.iter().copied(), 0.0));
    }
    numbers
}

/// What [`write`] has written, of all components; `part` is 0 for the parameters, 1 and 2 for what the optimizer carries.
fn read<const D: usize>(state: &[f32], part: usize) -> Parameters<D> {
    let mut all = Parameters::zeros(0);
    for gaussian in state.chunks_exact(GAUSSIAN) {
        let wide = |place: usize| f64::from(gaussian[part * PARAMETERS + place]);
        all.amplitudes.push(wide(3));
        all.means.push(SVector::from_fn(|d, _| wide(d)));
        all.factors.push(SMatrix::from_fn(|i, j| wide(4 + 4 * j + i)));
    }
    all
}

fn columns<L: Lanes, const D: usize>(samples: &Samples<L, D>) -> Columns {
    Columns { coordinates: samples.points().columns(), values: Some(samples.targets()) }
}

impl<L: Lanes, const D: usize> SumOfGaussiansFit<L, D> {
    /// Why this fit cannot run on the device, as a sentence.
    pub(super) fn obstacle(&self) -> Option<&'static str> {
        match self.options.method {
            Method::LevenbergMarquardt => {
                Some("Levenberg–Marquardt runs on the processor: its steps need double precision, which WebGPU lacks.")
            }
            Method::ResidualPeaks { .. } => Some(
                "Residual peaks run on the processor: their steps are small and need double precision, which WebGPU lacks.",
            ),
            Method::Gradient(_) if self.options.form.shape == FactorShape::Covariance => {
                Some("Σ itself is trained on the processor: the graphics processor keeps to factors of covariances.")
            }
            Method::Gradient(_) if L::PRECISION == "double" => Some(DOUBLE_PRECISION),
            Method::Gradient(_) => (self.parameters.components() > MOST_COMPONENTS).then_some(MANY_COMPONENTS),
        }
    }

    /// The first-order rule; fits that have none do not go to the device.
    fn rule(&self) -> Rule {
        match self.options.method {
            Method::Gradient(rule) => rule,
            Method::LevenbergMarquardt | Method::ResidualPeaks { .. } => Rule::Sgd,
        }
    }

    /// Samples a step.
    fn batch(&self) -> usize {
        self.options.batch_size.min(self.train.count())
    }

    /// Points that are held back.
    fn held_back(&self) -> usize {
        self.test.as_ref().map_or(0, Samples::count)
    }

    /// Workgroups that a pass over all samples, or over those that are held back, is divided among.
    fn evaluation_workgroups(&self) -> usize {
        workgroups(self.train.count().max(self.held_back()))
    }

    /// Samples of the present epoch that are done.
    fn samples_done(&self) -> usize {
        self.engine.batches().map_or(0, |batches| batches.place())
    }

    /// The iteration after which a component is removed next.
    fn next_pruning(&self) -> Option<usize> {
        let every = self.options.prune_every;
        let left = self.active.iter().filter(|&&active| active).count();
        (every > 0 && left > self.options.prune_to).then(|| (self.iteration / every + 1) * every)
    }

    /// The parameters with what the optimizer carries for them, as the device keeps them.
    fn gaussians(&self) -> Vec<f32> {
        let components = self.parameters.components();
        let [mut first, mut second] = [Parameters::<D>::zeros(components), Parameters::zeros(components)];
        if let Some(batches) = self.engine.batches() {
            first.read(&batches.optimizer().first);
            second.read(&batches.optimizer().second);
        }
        let numbers = |k: usize| {
            let exists = if self.active[k] { 1.0 } else { 0.0 };
            [write(&self.parameters, k), write(&first, k), write(&second, k)]
                .into_iter()
                .flatten()
                .chain([exists, 0.0, 0.0, 0.0])
        };
        (0..components).flat_map(numbers).collect()
    }

    /// The components as the sums take them.
    fn kernels(&self) -> Vec<f32> {
        let kernel_of = |k: usize| -> [f32; NUMBERS] {
            let Parameters { amplitudes, means, factors } = &self.parameters;
            // Only a component that was removed may have none.
            let whitening =
                self.options.form.whitening(&factors[k]).map_or_else(SMatrix::identity, |found| found.matrix);
            kernel(&means[k], &whitening, amplitudes[k])
        };
        (0..self.parameters.components()).flat_map(kernel_of).collect()
    }

    /// Takes over the curves from `readout`, as far as they go.
    fn follow_history(&mut self, readout: &Readout, base: usize) {
        let (count, held_back) = (self.train.count() as f64, self.held_back() as f64);
        for row in &readout.history {
            let iteration = base + usize::try_from(row[0]).unwrap_or(0);
            let wide = |word: i32| f64::from(f32::from_bits(word as u32));
            let mse = exact(&row[1..4]) / count;
            let loss = mse + wide(row[7]) + wide(row[8]);
            let test = if held_back > 0.0 && wide(row[6]) > 0.0 { exact(&row[4..7]) / held_back } else { f64::NAN };
            let known = self.history.iterations.last().map_or(0, |&last| last as usize);
            if loss.is_finite() && iteration > known && iteration <= self.iteration {
                self.history.record(iteration, vec![loss, mse, test]);
            }
        }
    }

    /// What the processor does after the step of an iteration: it prunes where it is time to, and records the end of an
    /// epoch. Returns whether a component was removed.
    fn settle_iteration(&mut self, prunes: bool) -> Result<bool, Error> {
        let before = self.active.clone();
        if prunes {
            self.prune()?;
        }
        let removed = self.active != before;
        let recorded = self.history.iterations.last().is_some_and(|&last| last as usize == self.iteration);
        // What was recorded there was recorded before the removal.
        if self.samples_done() == 0 && (removed || !recorded) {
            self.record()?;
        }
        Ok(removed)
    }
}

impl<L: Lanes, const D: usize> OnDevice for SumOfGaussiansFit<L, D> {
    fn problem(&mut self) -> Problem {
        let (components, count, batch) = (self.parameters.components(), self.train.count(), self.batch());
        let source = Source { model: Model::SumOfGaussians, dimension: D, valued: true, ordered: batch < count };
        let (groups, evaluation) = (workgroups(batch), self.evaluation_workgroups());
        let rows = components * source.sums();
        let pass = |entry, points, count| Step::pass(entry, evaluation, (count * components) as f64, points);
        let mut closing = vec![pass("squares", 0, count)];
        if self.test.is_some() {
            closing.push(pass("squares_held_back", 1, self.held_back()));
        }
        closing.push(Step::small("record", 1));
        let mut iteration = vec![Step::pass("sum", groups, (batch * components) as f64, 0)];
        if groups > 1 {
            iteration.push(Step::small("reduce", source.reducing(components)));
        }
        iteration.push(Step::small("update", 1));
        let seed = self.options.seed;
        let ordered = move |epoch: u64| -> Vec<u32> {
            // There are fewer samples than a u32 counts: the device takes no more.
            order(seed, epoch, count).into_iter().map(|place| place as u32).collect()
        };
        Problem {
            source,
            settings: self.settings(),
            optimizer_step: self.engine.batches().map_or(0, |batches| batches.optimizer().step),
            points: std::iter::once(&self.train).chain(&self.test).map(columns).collect(),
            state: self.gaussians(),
            components: self.kernels(),
            partials: ((rows + 1) * groups).max(2 * evaluation),
            sums: rows,
            row: source.row(),
            opening: Vec::new(),
            iteration,
            finish: Vec::new(),
            epochs: Some(Epochs {
                iterations: count.div_ceil(batch),
                done: self.samples_done() / batch,
                epoch: u64::from(self.epoch()),
                order: source.ordered.then(|| Box::new(ordered) as Box<dyn Fn(u64) -> Vec<u32>>),
                samples: count,
                batch,
                closing,
            }),
        }
    }

    fn settings(&self) -> Vec<u32> {
        let options = &self.options;
        let (shape, floor) = match options.form.shape {
            // Σ itself does not go to the device.
            FactorShape::Full | FactorShape::Covariance => (0, options.form.epsilon),
            FactorShape::Upper => (1, options.form.epsilon),
            FactorShape::UpperEverywhere => (2, D as f64 * options.form.epsilon),
        };
        Words::default()
            .count(self.parameters.components())
            .count(self.train.count())
            .count(self.batch())
            .count(workgroups(self.batch()))
            // A mixture's reference, tolerance, scale and weight.
            .real(0.0)
            .real(0.0)
            .real(0.0)
            .real(0.0)
            .optimizer(self.rule(), options.learning_rate)
            .real(options.penalties.amplitude_l1)
            .real(options.penalties.spread)
            .real(libm::sqrt(floor))
            .count(shape)
            .count(usize::from(options.non_negative))
            .count(self.held_back())
            .count(self.evaluation_workgroups())
            .finish()
    }

    fn take_over(&mut self, readout: &Readout, base: usize) -> Taken {
        let iteration = base + readout.iterations;
        let (batch, count) = (self.batch(), self.train.count());
        let pruning = self.next_pruning();
        if pruning.is_some_and(|next| next < iteration) {
            // It was to prune on the way, which it did not yet know when these iterations were begun.
            return Taken::Changed;
        }
        let parameters = read::<D>(&readout.state, 0);
        let mut optimizer = OptimizerState { step: readout.optimizer_step, first: Vec::new(), second: Vec::new() };
        read::<D>(&readout.state, 1).write(&mut optimizer.first);
        read::<D>(&readout.state, 2).write(&mut optimizer.second);
        let fits = parameters.components() == self.parameters.components()
            && self.objective.unusable(&parameters, &self.active).is_none();
        let (Some(steps), true) = (iteration.checked_sub(self.iteration), fits) else { return Taken::Refused };
        let followed = self.engine.batches_mut().is_some_and(|batches| batches.follow(steps, &optimizer, batch, count));
        if !followed {
            return Taken::Refused;
        }
        self.parameters = parameters;
        self.iteration = iteration;
        self.follow_history(readout, base);
        let removed = if steps > 0 { self.settle_iteration(pruning == Some(iteration)) } else { Ok(false) };
        match removed {
            Ok(removed) => {
                self.state = self.next_state();
                if removed { Taken::Changed } else { Taken::Followed }
            }
            Err(error) => {
                self.state = FitState::Failed(error.to_string());
                Taken::Changed
            }
        }
    }

    fn pairs(&self) -> f64 {
        (self.batch() * self.parameters.components()) as f64
    }

    fn iterations_left(&self) -> usize {
        let batch = self.batch();
        let epochs = self.options.epochs.saturating_sub(self.epoch()) as usize;
        let all = epochs.saturating_mul(self.train.count().div_ceil(batch));
        let left = all.saturating_sub(self.samples_done() / batch);
        self.next_pruning().map_or(left, |next| left.min(next - self.iteration))
    }
}
