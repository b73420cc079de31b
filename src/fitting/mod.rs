//! What surrounds an iteration: how a fit starts.

mod initialization;

pub use initialization::choose_points;
