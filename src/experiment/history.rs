//! The curves of a fit.

use serde::{Deserialize, Serialize};
use tsify::Tsify;

/// The curves of a fit: some numbers for each recorded iteration. Fits to all points at once record every iteration, fits in
/// batches the end of each epoch; iteration 0 always comes first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Tsify)]
pub struct History {
    /// The iterations, rising.
    pub iterations: Vec<u32>,
    /// One row of numbers an iteration, in the order of the model's curves; the first is what the fit lowers or raises.
    pub rows: Vec<Vec<f64>>,
}

impl History {
    /// Adds the numbers of an iteration, or replaces them where it is recorded already.
    pub fn record(&mut self, iteration: usize, row: Vec<f64>) {
        let iteration = u32::try_from(iteration).unwrap_or(u32::MAX);
        if self.iterations.last() == Some(&iteration) {
            self.rows.pop();
            self.iterations.pop();
        }
        self.iterations.push(iteration);
        self.rows.push(row);
    }

    /// The numbers last recorded.
    #[must_use]
    pub fn last(&self) -> Option<&[f64]> {
        self.rows.last().map(Vec::as_slice)
    }
}
