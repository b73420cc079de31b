//! Fits on the graphics processor, by WebGPU.
//!
//! A fit's state stays on the device: many iterations are one submission, after which a small part is read back. Everything
//! that names wgpu is in this module; without a backend (natively, unless built with the feature `native-gpu`) there is
//! [`Absence::NotBuilt`] in its place.

mod absence;
mod clock;
#[cfg(any(target_arch = "wasm32", feature = "native-gpu", test))]
mod pace;
mod problem;
mod source;

#[cfg(target_arch = "wasm32")]
mod browser;
#[cfg(any(target_arch = "wasm32", feature = "native-gpu"))]
mod device;
#[cfg(any(target_arch = "wasm32", feature = "native-gpu"))]
mod program;
#[cfg(any(target_arch = "wasm32", feature = "native-gpu"))]
mod run;

#[cfg(not(any(target_arch = "wasm32", feature = "native-gpu")))]
mod without;

pub use absence::Absence;
pub use clock::now;
pub use problem::{Columns, Epochs, MOST_WORKGROUPS, Problem, Readout, Step, Stopped, Times, exact, workgroups};
pub use source::{MOST_COMPONENTS, Model, Source};

#[cfg(any(target_arch = "wasm32", feature = "native-gpu"))]
pub use {
    device::{Gpu, Request},
    run::Run,
};

#[cfg(not(any(target_arch = "wasm32", feature = "native-gpu")))]
pub use without::{Gpu, Request, Run};
