//! The forms of the bump layer on the graphics processor: how their state goes there and comes back.

use super::bump_fit::{BumpFit, Moment};
use super::bump_learner::{FormSnapshot, FormState};
use super::on_device::{OnDevice, Taken, Words};
use crate::gpu::{Columns, Epochs, Model, Problem, Readout, Source, Step, workgroups};
use crate::models::bump::parameters_of;
use crate::numeric::scalar::Real;
use crate::optimizers::OptimizerState;
use crate::settings::BumpForm;

/// Sets of parameters that the device takes.
const MOST_SETS: usize = 4;

/// The parameters of a set, those of the form as asked apart: it never moves.
const PARAMETERS: usize = 7;

/// Parameters that the device keeps.
const MOST: usize = MOST_SETS * PARAMETERS;

/// Forms that can learn.
const LEARNING: usize = 5;

/// Where each part of the state begins: parameters and what rounding took off them, the optimizer's two moments and their unit, its
/// steps a form, whether a form learns, and the iterations since the last record.
const RESTS: usize = MOST;
const FIRST: usize = 2 * MOST;
const SECOND: usize = 3 * MOST;
const UNITS: usize = 4 * MOST;
const STEPS: usize = 5 * MOST;
const LEARNS: usize = STEPS + LEARNING;
const SINCE: usize = LEARNS + LEARNING;
const STATE: usize = SINCE + 1;

/// The unit of moments that would overflow in units of 1 when they are squared: 2⁶⁴.
const LARGE_UNIT: f32 = 18_446_744_073_709_551_616.0;

/// The place of a form among those that can learn, as the device has them; `None` for the form as asked.
fn place_of(form: BumpForm) -> Option<usize> {
    match form {
        BumpForm::Asked => None,
        BumpForm::SingleWhere => Some(0),
        BumpForm::DoubleWhere => Some(1),
        BumpForm::Safe => Some(2),
        BumpForm::Squared => Some(3),
        BumpForm::Gaussian => Some(4),
    }
}

/// Where the device has a form's parameters, in the form's own order: set by set.
fn slots(form: BumpForm, place: usize, count: usize) -> impl Iterator<Item = usize> {
    let length = parameters_of(form);
    (0..count).map(move |i| i / length * PARAMETERS + place + i % length)
}

/// The forms as the device keeps them, `since` iterations after the last record.
fn state(forms: &[FormSnapshot], since: usize) -> Vec<f32> {
    // Counts are kept bit by bit: large ones are no single-precision numbers.
    let count = |value: u32| f32::from_bits(value);
    let mut all = vec![0.0; STATE];
    for form in forms {
        let Some(place) = place_of(form.form) else { continue };
        let optimizer = &form.optimizer;
        for (i, slot) in slots(form.form, place, form.parameters.len()).enumerate() {
            let value = form.parameters[i];
            all[slot] = value as f32;
            all[RESTS + slot] = (value - f64::from(all[slot])) as f32;
            let large = optimizer.second[i] > 1e30;
            all[UNITS + slot] = if large { LARGE_UNIT } else { 1.0 };
            let unit = f64::from(all[UNITS + slot]);
            all[FIRST + slot] = (optimizer.first[i] / unit) as f32;
            all[SECOND + slot] = (optimizer.second[i] / (unit * unit)) as f32;
        }
        all[STEPS + place] = count(optimizer.step);
        all[LEARNS + place] = count(u32::from(form.state == FormState::Running));
    }
    all[SINCE] = count(u32::try_from(since).unwrap_or(u32::MAX));
    all
}

/// How a form stands by the device's state; those that did not learn stand as they stood.
fn after(form: FormSnapshot, state: &[f32]) -> FormSnapshot {
    let Some(place) = place_of(form.form).filter(|_| form.state == FormState::Running) else { return form };
    let wide = |at: usize| f64::from(state[at]);
    let slots: Vec<usize> = slots(form.form, place, form.parameters.len()).collect();
    let all = |number: &dyn Fn(usize) -> f64| slots.iter().map(|&slot| number(slot)).collect::<Vec<f64>>();
    let unit = |slot: usize| wide(UNITS + slot);
    let parameters = all(&|slot| wide(slot) + wide(RESTS + slot));
    let optimizer = OptimizerState {
        step: state[STEPS + place].to_bits(),
        first: all(&|slot| wide(FIRST + slot) * unit(slot)),
        second: all(&|slot| wide(SECOND + slot) * unit(slot) * unit(slot)),
    };
    let learns = state[LEARNS + place].to_bits() != 0;
    let state = if learns { FormState::Running } else { FormState::Vanished };
    FormSnapshot { parameters, optimizer, state, ..form }
}

/// The forms' parameters in a row of the device's history, which begins with the iteration.
fn moment(row: &[i32], forms: &[FormSnapshot], base: usize) -> Option<Moment> {
    let (&iteration, numbers) = row.split_first()?;
    let parameters = forms.iter().map(|form| match place_of(form.form) {
        Some(place) => slots(form.form, place, form.parameters.len())
            .map(|slot| f64::from(f32::from_bits(numbers[slot] as u32)))
            .collect(),
        None => form.parameters.clone(),
    });
    Some(Moment { iteration: base + usize::try_from(iteration).ok()?, parameters: parameters.collect() })
}

impl<R: Real> BumpFit<R> {
    /// Why this fit cannot run on the device, as a sentence.
    pub(super) fn obstacle(&self) -> Option<&'static str> {
        if R::PRECISION == "double" {
            return Some("Double precision runs on the processor: WebGPU has none.");
        }
        if self.rule().is_none() {
            return Some("Levenberg–Marquardt runs on the processor: it needs double precision, which WebGPU has not.");
        }
        if self.is_wild() {
            return Some(
                "Targets beyond single precision are left to the processor: shaders may assume that there are none.",
            );
        }
        (self.sets() > MOST_SETS || self.features() > MOST_SETS)
            .then_some("More than four features run on the processor.")
    }

    fn sets(&self) -> usize {
        self.parameters(BumpForm::Safe).sets()
    }

    /// Entries of a batch.
    fn entries_a_batch(&self) -> usize {
        self.batches().size() * self.features()
    }
}

impl<R: Real> OnDevice for BumpFit<R> {
    fn problem(&mut self) -> Problem {
        let batches = self.batches();
        let column = |part: usize| batches.entries().iter().map(|entry| entry[part].wide() as f32).collect();
        let points = Columns { coordinates: vec![column(0)], values: Some(column(1)) };
        let (epoch, position) = batches.place();
        let (rows, batch, iterations) = (batches.rows(), batches.size(), batches.per_epoch());
        let order = batches.order();
        // A batch of all rows is the same in any order.
        let ordered = iterations > 1;
        let order = move |epoch: u64| {
            let epoch = u32::try_from(epoch).unwrap_or(u32::MAX);
            order(epoch).into_iter().map(|row| u32::try_from(row).unwrap_or(u32::MAX)).collect()
        };
        let groups = workgroups(self.entries_a_batch());
        let numbers = self.sets() * PARAMETERS;
        let source = Source { model: Model::Bump, dimension: 1, valued: true, ordered };
        Problem {
            source,
            settings: self.settings(),
            optimizer_step: 0,
            points: vec![points],
            state: state(&self.forms(), self.iteration() % self.interval()),
            components: Vec::new(),
            // The last row says whether a sum broke.
            partials: (numbers + 1) * groups,
            sums: 0,
            row: source.row() + numbers,
            opening: Vec::new(),
            iteration: vec![Step::pass("sum", groups, self.pairs(), 0), Step::small("update", 1)],
            finish: Vec::new(),
            epochs: Some(Epochs {
                iterations,
                done: position / batch,
                epoch: u64::from(epoch),
                order: if ordered { Some(Box::new(order)) } else { None },
                samples: rows,
                batch,
                closing: Vec::new(),
            }),
        }
    }

    fn settings(&self) -> Vec<u32> {
        let batches = self.batches();
        let words = Words::default()
            .count(BumpForm::Gaussian as usize + 1)
            .count(batches.rows())
            .count(batches.size())
            .count(workgroups(self.entries_a_batch()))
            .real(0.0)
            .real(0.0)
            .real(0.0)
            .real(0.0)
            .count(self.features())
            .count(self.sets())
            .count(self.interval())
            .count(0);
        match self.rule() {
            Some(rule) => words.optimizer(rule, self.learning_rate()).finish(),
            None => words.finish(),
        }
    }

    fn take_over(&mut self, readout: &Readout, base: usize) -> Taken {
        let before = self.forms();
        if readout.state.len() != STATE {
            return Taken::Refused;
        }
        let iteration = base + readout.iterations;
        let last = self.iteration();
        let moments: Vec<Moment> = readout
            .history
            .iter()
            .filter_map(|row| moment(row, &before, base))
            .filter(|moment| moment.iteration > last && moment.iteration <= iteration)
            .collect();
        let forms: Vec<FormSnapshot> = before.into_iter().map(|form| after(form, &readout.state)).collect();
        Taken::when(self.follow(&forms, &moments, iteration))
    }

    fn pairs(&self) -> f64 {
        (self.entries_a_batch() * (LEARNING + 1)) as f64
    }

    fn iterations_left(&self) -> usize {
        self.iterations_to_come()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_come_back_as_they_went() {
        let form = |form: BumpForm, count: usize, first: f64, second: f64| FormSnapshot {
            form,
            parameters: (0..count).map(|i| 0.1 + i as f64).collect(),
            optimizer: OptimizerState { step: 1 << 30, first: vec![first; count], second: vec![second; count] },
            damping: 0.0,
            cost: None,
            state: FormState::Running,
        };
        // A gradient just below where a bump overflows has a square that single precision cannot hold.
        for before in [
            form(BumpForm::DoubleWhere, 4, 1e25, 1e50),
            form(BumpForm::Squared, 1, -0.25, 1e-9),
            form(BumpForm::Gaussian, 12, 0.5, 2.0),
            FormSnapshot { state: FormState::Vanished, ..form(BumpForm::Safe, 1, 0.1, 0.1) },
            form(BumpForm::Asked, 4, 0.0, 0.0),
        ] {
            let state = state(std::slice::from_ref(&before), 3);
            assert!(state.len() == STATE && state.iter().all(|number| number.is_finite()));
            assert_eq!(state[SINCE].to_bits(), 3);
            let found = after(before.clone(), &state);
            assert_eq!((found.state, found.optimizer.step), (before.state, before.optimizer.step));
            let close = |found: &[f64], expected: &[f64], tolerance: f64| {
                found.len() == expected.len()
                    && found.iter().zip(expected).all(|(a, b)| (a - b).abs() <= tolerance * b.abs())
            };
            // Parameters keep twice the digits.
            assert!(close(&found.parameters, &before.parameters, 1e-14), "{:?}", found.parameters);
            assert!(close(&found.optimizer.first, &before.optimizer.first, 1e-7));
            assert!(close(&found.optimizer.second, &before.optimizer.second, 1e-7));
        }
    }
}
