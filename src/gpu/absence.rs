//! Why there is no device.

use thiserror::Error;

/// What stands between a fit and the graphics processor. Each sentence is for the visitor.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Absence {
    /// No `navigator.gpu`.
    #[error("This browser has no WebGPU. A current Chrome, Edge, Firefox or Safari may have it.")]
    NoWebGpu,
    /// No adapter.
    #[error("The browser has WebGPU, but found no graphics processor that it may use.")]
    NoAdapter,
    /// The adapter gave no device.
    #[error("The graphics processor could not be opened: {0}.")]
    Device(String),
    /// A native build without the feature `native-gpu`.
    #[error("This build has no WebGPU. Build with the feature native-gpu.")]
    NotBuilt,
}
