//! Moments of a fit that are kept, so that it can be played backwards.

use super::{History, Snapshot};
use crate::settings::Settings;

/// Moments that are kept at regular distances, at most.
const MOST_REGULAR: usize = 128;

/// Moments after a change by hand that are kept beside them, at most.
const MOST_PINNED: usize = 256;

/// Numbers that all moments together may hold: 32 MB.
const BUDGET: usize = 4 << 20;

/// The curves up to some iteration, flat: row by row in the order of their iterations.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    pub iterations: Vec<u32>,
    pub values: Vec<f64>,
    /// Numbers a row.
    pub width: usize,
}

impl Rows {
    /// The rows of a history.
    pub fn of(history: &History) -> Self {
        Self {
            iterations: history.iterations.clone(),
            values: history.rows.concat(),
            width: history.rows.first().map_or(0, Vec::len),
        }
    }

    /// The history that they are.
    pub fn history(&self) -> History {
        let rows = self.values.chunks_exact(self.width.max(1)).map(<[f64]>::to_vec).collect();
        History { iterations: self.iterations.clone(), rows }
    }

    /// Rows there are.
    pub fn count(&self) -> usize {
        self.iterations.len()
    }

    fn part(&self, from: usize, to: usize) -> Self {
        Self {
            iterations: self.iterations[from..to].to_vec(),
            values: self.values[from * self.width..to * self.width].to_vec(),
            width: self.width,
        }
    }

    fn truncate(&mut self, count: usize) {
        self.iterations.truncate(count);
        self.values.truncate(count * self.width);
    }

    fn extend(&mut self, other: &Self, from: usize) {
        self.width = other.width;
        self.iterations.extend_from_slice(&other.iterations[from..]);
        self.values.extend_from_slice(&other.values[from * other.width..]);
    }

    /// How many rows from the first on are the same, bit for bit.
    fn common(&self, other: &Self) -> usize {
        if self.width != other.width {
            return 0;
        }
        let rows = self.iterations.iter().zip(&other.iterations).take_while(|(a, b)| a == b).count();
        let bits = |value: &f64| value.to_bits();
        let numbers = self.values.iter().map(bits).zip(other.values.iter().map(bits)).take_while(|(a, b)| a == b);
        rows.min(numbers.count() / self.width.max(1))
    }

    fn numbers(&self) -> usize {
        self.iterations.len() / 2 + self.values.len()
    }
}

/// A fit as it was after an iteration.
#[derive(Clone, Debug)]
struct Moment {
    iteration: usize,
    /// What was in force.
    settings: Settings,
    /// Without its curves.
    snapshot: Snapshot,
    /// How many rows of its curves are those of [`Kept::curves`].
    shared: usize,
    /// The others.
    own: Rows,
    /// Whether something was changed by hand here, so that it is kept longer.
    pinned: bool,
    /// Whether components were changed by hand here: iterating from the moment before leads up to here, not further.
    edited: bool,
    /// Whether such a change between the moment before and this one has been forgotten: iterating does not lead here.
    gap: bool,
    /// Whether components have been changed by hand here or before.
    edited_before: bool,
}

impl Moment {
    fn numbers(&self) -> usize {
        self.snapshot.numbers() + self.own.numbers()
    }
}

/// What to do to be at an iteration.
#[derive(Clone, Debug, PartialEq)]
pub struct Way {
    /// Where the moment is that is to be restored.
    pub from: usize,
    /// Where to iterate to from there.
    pub to: usize,
    /// What was in force at the moment.
    pub settings: Settings,
    /// The moment.
    pub snapshot: Snapshot,
    /// Whether components had been changed by hand.
    pub edited: bool,
}

/// Moments in the order of their iterations: the first, those since at regular distances, and those at which something was
/// changed by hand.
///
/// The curves up to a moment are, as a rule, the beginning of those up to the last: they are kept once. So memory grows with the
/// iterations only as the curves do, and where that is much, moments are given up.
#[derive(Debug, Default)]
pub struct Kept {
    moments: Vec<Moment>,
    curves: Rows,
    /// The distance of regular moments; doubled when there are too many.
    every: usize,
}

impl Kept {
    /// Forgets all.
    pub fn clear(&mut self) {
        *self = Self { every: 1, ..Self::default() };
    }

    /// The iterations, rising.
    pub fn iterations(&self) -> Vec<usize> {
        self.moments.iter().map(|moment| moment.iteration).collect()
    }

    /// Whether a regular moment is due at an iteration.
    pub fn is_due(&self, iteration: usize) -> bool {
        self.moments.last().is_none_or(|last| iteration >= last.iteration + self.every)
    }

    /// Keeps the fit as it is after an iteration, after which there is no moment yet; one at the iteration itself gives way.
    pub fn keep(&mut self, iteration: usize, mut snapshot: Snapshot, settings: &Settings, marks: Marks) {
        self.cut(iteration);
        let rows = snapshot.take_rows();
        let shared = self.curves.common(&rows);
        let changed = self.curves.part(shared, self.curves.count());
        for moment in self.moments.iter_mut().filter(|moment| moment.shared > shared) {
            let mut own = changed.part(0, moment.shared - shared);
            own.extend(&moment.own, 0);
            (moment.own, moment.shared) = (own, shared);
        }
        self.curves.truncate(shared);
        self.curves.extend(&rows, shared);
        let before = self.moments.pop_if(|last| last.iteration == iteration);
        self.moments.push(Moment {
            iteration,
            settings: settings.clone(),
            snapshot,
            shared: rows.count(),
            own: Rows { width: rows.width, ..Rows::default() },
            pinned: marks.pinned || before.as_ref().is_some_and(|before| before.pinned),
            edited: marks.edited || before.as_ref().is_some_and(|before| before.edited),
            gap: before.is_some_and(|before| before.gap),
            edited_before: marks.edited_before,
        });
        self.thin();
    }

    /// Forgets what is after an iteration.
    pub fn cut(&mut self, iteration: usize) {
        self.moments.truncate(self.moments.partition_point(|moment| moment.iteration <= iteration));
    }

    /// How to get to an iteration: from the last moment at or before it, from the first where there is none. `None` where nothing
    /// is kept.
    pub fn way_to(&self, iteration: usize) -> Option<Way> {
        let index = self.moments.partition_point(|moment| moment.iteration <= iteration).saturating_sub(1);
        let moment = self.moments.get(index)?;
        // What was changed by hand and forgotten cannot be done again.
        let closed = self.moments.get(index + 1).is_some_and(|next| next.gap);
        Some(Way {
            from: moment.iteration,
            to: if closed { moment.iteration } else { iteration.max(moment.iteration) },
            settings: moment.settings.clone(),
            snapshot: self.whole(moment),
            edited: moment.edited_before,
        })
    }

    /// The iteration of the moment whose curve of the objective was lowest.
    pub fn lowest(&self) -> Option<usize> {
        let objective = |moment: &Moment| {
            let rows = if moment.own.count() > 0 { &moment.own } else { &self.curves };
            let count = if moment.own.count() > 0 { moment.own.count() } else { moment.shared };
            rows.values.get(count.checked_sub(1)? * rows.width).copied().filter(|value| value.is_finite())
        };
        let found = self.moments.iter().filter_map(|moment| Some((objective(moment)?, moment.iteration)));
        found.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, iteration)| iteration)
    }

    fn whole(&self, moment: &Moment) -> Snapshot {
        let mut rows = self.curves.part(0, moment.shared);
        rows.extend(&moment.own, 0);
        let mut snapshot = moment.snapshot.clone();
        snapshot.give_rows(&rows);
        snapshot
    }

    fn numbers(&self) -> usize {
        self.curves.numbers() + self.moments.iter().map(Moment::numbers).sum::<usize>()
    }

    /// Gives moments up until there are few and small enough; the first and the last stay.
    fn thin(&mut self) {
        while self.count(true) > MOST_PINNED {
            self.remove_first_pinned();
        }
        while self.count(false) > MOST_REGULAR {
            self.widen();
        }
        while self.numbers() > BUDGET && self.moments.len() > 2 {
            if self.count(false) > 4 { self.widen() } else { self.remove(1) }
        }
    }

    fn count(&self, pinned: bool) -> usize {
        self.moments.iter().filter(|moment| moment.pinned == pinned).count()
    }

    fn remove_first_pinned(&mut self) {
        let inner = 1..self.moments.len() - 1;
        if let Some(index) = inner.into_iter().find(|&index| self.moments[index].pinned) {
            self.remove(index);
        }
    }

    /// Doubles the distance of regular moments.
    fn widen(&mut self) {
        self.every *= 2;
        let mut last = self.moments[0].iteration;
        let mut index = 1;
        while index + 1 < self.moments.len() {
            let Moment { iteration, pinned, .. } = self.moments[index];
            if !pinned && iteration < last + self.every {
                self.remove(index);
                continue;
            }
            if !pinned {
                last = iteration;
            }
            index += 1;
        }
    }

    /// Forgets a moment that is neither the first nor the last.
    fn remove(&mut self, index: usize) {
        let removed = self.moments.remove(index);
        self.moments[index].gap |= removed.edited || removed.gap;
    }
}

/// What a moment is kept for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Marks {
    /// Something was changed by hand.
    pub pinned: bool,
    /// It was components.
    pub edited: bool,
    /// Components were changed by hand, here or before.
    pub edited_before: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::EmSnapshot;
    use crate::settings::ExperimentName;

    fn snapshot(history: &[f64]) -> Snapshot {
        Snapshot::EmMixture(EmSnapshot {
            weights: vec![history.len() as f64],
            means: vec![0.0],
            factors: vec![1.0],
            states: Vec::new(),
            history: history.to_vec(),
            change: None,
        })
    }

    fn kept_to(iterations: usize) -> (Kept, Vec<f64>) {
        let mut kept = Kept::default();
        kept.clear();
        let settings = Settings::new(ExperimentName::EmMixture);
        let mut history = Vec::new();
        for iteration in 0..=iterations {
            history.push(iteration as f64);
            if kept.is_due(iteration) {
                kept.keep(iteration, snapshot(&history), &settings, Marks::default());
            }
        }
        (kept, history)
    }

    #[test]
    fn moments_are_thinned_and_whole() {
        let (kept, history) = kept_to(10_000);
        let iterations = kept.iterations();
        assert_eq!(iterations[0], 0);
        assert!((MOST_REGULAR / 2..=MOST_REGULAR).contains(&iterations.len()), "{}", iterations.len());
        assert!(iterations.is_sorted() && *iterations.last().unwrap() > 9_800);
        for iteration in [0, 1, 5_000, 9_999, 10_000] {
            let way = kept.way_to(iteration).unwrap();
            assert!(way.from <= iteration && way.to == iteration && iteration - way.from < 2 * kept.every);
            assert_eq!(way.snapshot, snapshot(&history[..=way.from]));
        }
        // The curves are kept once.
        assert!(kept.numbers() < 10_000 * 3 + MOST_REGULAR * 8, "{}", kept.numbers());
    }

    #[test]
    fn curves_that_change_behind_are_kept_apart() {
        let (mut kept, mut history) = kept_to(40);
        let before = history.clone();
        for value in &mut history {
            *value += 0.5;
        }
        let settings = Settings::new(ExperimentName::EmMixture);
        kept.keep(40, snapshot(&history), &settings, Marks { pinned: true, ..Marks::default() });
        assert_eq!(kept.way_to(20).unwrap().snapshot, snapshot(&before[..=20]));
        assert_eq!(kept.way_to(40).unwrap().snapshot, snapshot(&history));
        history.push(7.0);
        kept.keep(41, snapshot(&history), &settings, Marks::default());
        assert_eq!(kept.way_to(20).unwrap().snapshot, snapshot(&before[..=20]));
        assert_eq!(kept.way_to(41).unwrap().snapshot, snapshot(&history));
        kept.cut(30);
        assert_eq!(kept.iterations(), (0..=30).collect::<Vec<_>>());
        assert_eq!(kept.way_to(99).unwrap().snapshot, snapshot(&before[..=30]));
    }

    #[test]
    fn forgotten_edits_are_not_iterated_over() {
        let (mut kept, mut history) = kept_to(0);
        let settings = Settings::new(ExperimentName::EmMixture);
        let marks = Marks { pinned: true, edited: true, edited_before: true };
        for iteration in 1..=600 {
            history.push(0.0);
            let marks = if iteration % 2 == 0 { marks } else { Marks::default() };
            kept.keep(iteration, snapshot(&history), &settings, marks);
        }
        let iterations = kept.iterations();
        assert!(iterations.len() <= MOST_PINNED + MOST_REGULAR + 1, "{}", iterations.len());
        for iteration in 0..=600 {
            let way = kept.way_to(iteration).unwrap();
            // Between where it starts and where it ends there was no edit.
            assert!((way.from + 1..=way.to).all(|passed| passed % 2 == 1), "{} to {}", way.from, way.to);
        }
    }

    #[test]
    fn large_moments_are_given_up_first() {
        let mut kept = Kept::default();
        kept.clear();
        let settings = Settings::new(ExperimentName::EmMixture);
        for iteration in 0..200 {
            let mut large = snapshot(&[0.0]);
            if let Snapshot::EmMixture(snapshot) = &mut large {
                snapshot.means = vec![0.0; 500_000];
            }
            kept.keep(iteration, large, &settings, Marks { pinned: iteration % 3 == 0, ..Marks::default() });
            assert!(kept.numbers() <= BUDGET);
        }
        let iterations = kept.iterations();
        assert_eq!((iterations[0], *iterations.last().unwrap()), (0, 199));
        assert!(iterations.len() > 4);
    }
}
