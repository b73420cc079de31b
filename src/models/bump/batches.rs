//! The samples of a fit, shuffled anew each epoch and handed out in batches.

use super::objective::Sample;
use crate::numeric::random::{Purpose, Stream};
use crate::numeric::scalar::Real;

/// Rows of entries, and where the present epoch is.
pub struct Batches<R> {
    /// The rows in their own order.
    entries: Vec<Sample<R>>,
    /// The rows in the order of the present epoch.
    shuffled: Vec<Sample<R>>,
    features: usize,
    size: usize,
    seed: u32,
    epoch: u32,
    /// Rows already handed out in this epoch.
    position: usize,
}

impl<R: Real> Batches<R> {
    /// Takes entries, row by row with `features` each, to be handed out `size` rows at a time. There is at least one row, and
    /// `size` is at least 1.
    #[must_use]
    pub fn new(entries: Vec<Sample<R>>, features: usize, size: usize, seed: u32) -> Self {
        let mut batches = Self { entries, shuffled: Vec::new(), features, size, seed, epoch: 0, position: 0 };
        batches.shuffle();
        batches
    }

    /// All entries, in their own order.
    #[must_use]
    pub fn entries(&self) -> &[Sample<R>] {
        &self.entries
    }

    /// Rows there are.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.entries.len() / self.features
    }

    /// Batches an epoch; the last may be smaller.
    #[must_use]
    pub fn per_epoch(&self) -> usize {
        self.rows().div_ceil(self.size)
    }

    /// The epoch, from 0, and the rows of it that are done: where the next batch starts.
    #[must_use]
    pub fn place(&self) -> (u32, usize) {
        if self.position == self.rows() { (self.epoch + 1, 0) } else { (self.epoch, self.position) }
    }

    /// Goes to a place; `false`, and nothing changes, where there is none such.
    #[must_use]
    pub fn go_to(&mut self, (epoch, position): (u32, usize)) -> bool {
        let usable = position < self.rows() && position.is_multiple_of(self.size);
        if usable {
            if epoch != self.epoch {
                self.epoch = epoch;
                self.shuffle();
            }
            self.position = position;
        }
        usable
    }

    /// Goes on by so many batches, as though they had been handed out.
    pub fn skip(&mut self, batches: usize) {
        let (epoch, position) = self.place();
        let done = position / self.size + batches;
        let epoch = epoch + u32::try_from(done / self.per_epoch()).unwrap_or(u32::MAX);
        let there = self.go_to((epoch, done % self.per_epoch() * self.size));
        debug_assert!(there, "whole batches lead to places");
    }

    /// The order of the rows in an epoch.
    pub fn order(&self) -> impl Fn(u32) -> Vec<usize> + use<R> {
        let (seed, rows) = (self.seed, self.rows());
        move |epoch| stream(seed, epoch).permutation(rows)
    }

    /// Rows a batch; the last of an epoch may have fewer.
    #[must_use]
    pub fn size(&self) -> usize {
        self.size.min(self.rows())
    }

    /// Hands out the next batch.
    pub fn advance(&mut self) -> &[Sample<R>] {
        if self.position == self.rows() {
            // Not before the batch is asked for: the last one of a fit needs no further order.
            self.epoch += 1;
            self.shuffle();
            self.position = 0;
        }
        let start = self.position;
        self.position = (start + self.size).min(self.rows());
        &self.shuffled[start * self.features..self.position * self.features]
    }

    fn shuffle(&mut self) {
        let mut stream = stream(self.seed, self.epoch);
        self.shuffled.clone_from(&self.entries);
        let rows = self.rows();
        if self.features == 1 {
            // The same draws and swaps as those of the permutation.
            for place in 0..rows {
                self.shuffled.swap(place, place + stream.index(rows - place));
            }
        } else {
            for (place, row) in stream.permutation(rows).into_iter().enumerate() {
                let (to, from) = (place * self.features, row * self.features);
                self.shuffled[to..to + self.features].copy_from_slice(&self.entries[from..from + self.features]);
            }
        }
    }
}

/// What orders are drawn from: it depends on the seed and the epoch alone, so any epoch can be gone to.
fn stream(seed: u32, epoch: u32) -> Stream {
    Stream::new(u64::from(seed) | u64::from(epoch) << 32, Purpose::Batches)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batches(rows: usize, features: usize) -> Batches<f64> {
        let entries = (0..rows * features).map(|i| [i as f64, -(i as f64)]).collect();
        Batches::new(entries, features, 4, 5)
    }

    #[test]
    fn an_epoch_hands_out_every_row_once_and_the_next_in_another_order() {
        for features in [1, 3] {
            let mut batches = batches(10, features);
            assert_eq!(batches.per_epoch(), 3);
            let mut epochs = Vec::new();
            for _ in 0..2 {
                let sizes: Vec<usize> = (0..3).map(|_| batches.advance().len() / features).collect();
                assert_eq!(sizes, [4, 4, 2]);
                let order: Vec<f64> = batches.shuffled.iter().map(|entry| entry[0]).collect();
                for row in order.chunks_exact(features) {
                    assert!(row.windows(2).all(|pair| pair[1] == pair[0] + 1.0), "rows stay whole: {row:?}");
                }
                let mut sorted = order.clone();
                sorted.sort_by(f64::total_cmp);
                assert_eq!(sorted, (0..10 * features).map(|i| i as f64).collect::<Vec<_>>());
                epochs.push(order);
            }
            assert_ne!(epochs[0], epochs[1]);
        }
    }

    #[test]
    fn the_order_is_that_of_the_batches() {
        for features in [1, 3] {
            let mut batches = batches(10, features);
            let order = batches.order();
            for epoch in 0..3 {
                for row in order(epoch).chunks(4) {
                    let found: Vec<usize> =
                        batches.advance().iter().step_by(features).map(|entry| entry[0] as usize / features).collect();
                    assert_eq!(found, row);
                }
            }
        }
    }

    #[test]
    fn batches_can_be_skipped() {
        for count in [0, 1, 2, 3, 7] {
            let (mut straight, mut skipped) = (batches(10, 1), batches(10, 1));
            for batches in [&mut straight, &mut skipped] {
                batches.advance();
            }
            for _ in 0..count {
                straight.advance();
            }
            skipped.skip(count);
            assert_eq!(skipped.place(), straight.place());
            assert_eq!(skipped.advance(), straight.advance());
        }
    }

    #[test]
    fn any_place_can_be_gone_to() {
        let mut straight = batches(10, 1);
        for _ in 0..3 {
            for _ in 0..2 {
                straight.advance();
            }
            let mut jumped = batches(10, 1);
            assert!(jumped.go_to(straight.place()));
            for _ in 0..5 {
                assert_eq!(jumped.advance(), straight.advance());
            }
        }
        let present = straight.place();
        assert!(!straight.go_to((0, 3)));
        assert!(!straight.go_to((0, 12)));
        assert_eq!(straight.place(), present);
    }
}
