//! What surrounds an iteration: how a fit starts, how often, with how many components; pruning; residual peaks; what a fit has
//! recovered.

mod centres;
mod initialization;
mod kmeans;
mod model_selection;
mod pruning;
mod rand_index;
mod recovery;
mod residual_peaks;
mod restarts;

pub use centres::{glorot_widths, starting_centres};
pub use initialization::starting_means;
pub use kmeans::{kmeans, kmeans_plus_plus};
pub use model_selection::{Candidate, Criterion, Selection, select};
pub use pruning::least_contributing;
pub use rand_index::{Contingency, largest};
pub use recovery::{Bell, NEGLIGIBLE, Recovered, RecoveryStatus, is_negligible, recovered, recovered_shares};
pub use residual_peaks::{BestRound, ResidualPeaks, ResidualPeaksOptions, ResidualPeaksState, Stage};
pub use restarts::{Best, best_of};
