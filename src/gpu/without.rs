//! What stands in for the device in builds without one: nothing of it can be had.

use std::convert::Infallible;

use super::{Absence, Problem, Readout, Times};

/// What to ask for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// Whether subgroups may be used where the adapter has them.
    pub subgroups: bool,
}

/// A device; there is none.
#[derive(Clone)]
pub struct Gpu(Infallible);

impl Gpu {
    /// Finds no device.
    ///
    /// # Errors
    /// [`Absence::NotBuilt`].
    #[expect(clippy::unused_async, reason = "elsewhere there is a device to wait for")]
    pub async fn request(_request: Request) -> Result<Self, Absence> {
        Err(Absence::NotBuilt)
    }

    /// What the adapter calls itself.
    #[must_use]
    pub fn name(&self) -> &str {
        match self.0 {}
    }

    /// Whether the adapter is a program that imitates a graphics processor.
    #[must_use]
    pub fn is_software(&self) -> bool {
        match self.0 {}
    }

    /// Whether sums over a workgroup go by subgroups.
    #[must_use]
    pub fn has_subgroups(&self) -> bool {
        match self.0 {}
    }

    /// Dispatches submitted so far.
    #[must_use]
    pub fn dispatches(&self) -> u64 {
        match self.0 {}
    }

    /// Buffers that are alive.
    #[must_use]
    pub fn live_buffers(&self) -> usize {
        match self.0 {}
    }

    /// Why it can no longer be used.
    #[must_use]
    pub fn failure(&self) -> Option<String> {
        match self.0 {}
    }
}

/// A fit under way on a device; there is none.
pub struct Run(Infallible);

impl Run {
    /// Uploads a problem.
    ///
    /// # Errors
    /// Why it does not fit.
    pub fn new(gpu: &Gpu, _problem: Problem) -> Result<Self, String> {
        match gpu.0 {}
    }

    /// Changes the settings.
    pub fn set_settings(&self, _settings: &[u32]) {
        match self.0 {}
    }

    /// How many iterations are to be begun.
    pub fn want(&mut self, _iterations: usize) {
        match self.0 {}
    }

    /// Iterations asked for and not begun.
    #[must_use]
    pub fn wanted(&self) -> usize {
        match self.0 {}
    }

    /// Iterations begun since the upload.
    #[must_use]
    pub fn begun(&self) -> usize {
        match self.0 {}
    }

    /// Whether the device has stopped.
    #[must_use]
    pub fn has_stopped(&self) -> bool {
        match self.0 {}
    }

    /// Times every dispatch from here on.
    pub fn time_kernels(&mut self) {
        match self.0 {}
    }

    /// What was timed.
    #[must_use]
    pub fn times(&self) -> Option<&Times> {
        match self.0 {}
    }

    /// When the last submission was done.
    #[must_use]
    pub fn last_done(&self) -> f64 {
        match self.0 {}
    }

    /// Whether something is on its way.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        match self.0 {}
    }

    /// Submits what is wanted.
    pub fn advance(&mut self) {
        match self.0 {}
    }

    /// What has come back.
    ///
    /// # Errors
    /// Why the device failed.
    pub fn poll(&mut self) -> Result<Option<Readout>, String> {
        match self.0 {}
    }
}
