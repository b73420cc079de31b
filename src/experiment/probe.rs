//! How fast this machine is: what the choice between processor and graphics processor rests on.

use wide::f32x4;

use super::em_fit::EmFit;
use super::on_device::OnDevice;
use crate::dataset::{Axis, Dataset};
use crate::error::Error;
use crate::gpu::{Gpu, Run, now};
use crate::numeric::random::{Purpose, Stream};
use crate::settings::{EmMixtureSettings, Initialization};

/// What iterations cost on this machine.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rates {
    /// Pairs of point and component a millisecond on the processor.
    pub cpu: f64,
    /// The same on the graphics processor.
    pub gpu: f64,
    /// Milliseconds that an iteration takes there whatever its size.
    pub overhead: f64,
}

impl Rates {
    /// How many times faster an iteration of so many pairs is on the graphics processor.
    #[must_use]
    pub fn gain(&self, pairs: f64) -> f64 {
        (pairs / self.cpu) / (self.overhead + pairs / self.gpu)
    }

    /// The pairs from which on the graphics processor is faster; infinite where it never is.
    #[must_use]
    pub fn crossover(&self) -> f64 {
        let saved = 1.0 / self.cpu - 1.0 / self.gpu;
        if saved > 0.0 { self.overhead / saved } else { f64::INFINITY }
    }
}

/// How many points and components a timed fit has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Points.
    pub points: usize,
    /// Components.
    pub components: u32,
}

/// A fit that is nothing but overhead.
const SMALL: Size = Size { points: 256, components: 2 };

/// Iterations that are timed, after one that is not.
const SMALL_ITERATIONS: usize = 64;
const LARGE_ITERATIONS: usize = 8;

/// Times a small and a large fit on the device, bit by bit: each [`Probe::poll`] returns at once.
pub struct Probe {
    gpu: Gpu,
    large: Size,
    stage: Stage,
    cpu: f64,
    overhead: f64,
}

enum Stage {
    /// A first iteration compiles and allocates; it is not timed.
    Warming(Run, bool),
    Timing(Run, bool, f64),
    Done,
}

/// Points without structure, and where a fit to them starts.
fn fit(Size { points, components }: Size) -> Result<EmFit<f32x4, 2>, Error> {
    let mut stream = Stream::new(1, Purpose::Data);
    let values = (0..2 * points).map(|_| stream.uniform()).collect();
    let data = Dataset::new("Timing", vec![Axis::unitless("x"), Axis::unitless("y")], values)?;
    let settings = EmMixtureSettings {
        components,
        initialization: Initialization::Points,
        tolerance: 0.0,
        ..EmMixtureSettings::default()
    };
    EmFit::new(&data, &settings)
}

fn open(gpu: &Gpu, size: Size) -> Option<(Run, EmFit<f32x4, 2>)> {
    let mut fit = fit(size).ok()?;
    let mut run = Run::new(gpu, fit.problem()).ok()?;
    run.want(1);
    run.advance();
    Some((run, fit))
}

impl Probe {
    /// A fit that keeps a large device busy for long enough to be timed, and a small one for a few hundredths of a second.
    pub const LARGE: Size = Size { points: 1 << 18, components: 16 };

    /// Starts; `None` where the device refuses.
    #[must_use]
    pub fn new(gpu: &Gpu, large: Size) -> Option<Self> {
        let (run, _) = open(gpu, SMALL)?;
        Some(Self { gpu: gpu.clone(), large, stage: Stage::Warming(run, false), cpu: f64::NAN, overhead: f64::NAN })
    }

    /// The rates, once they are known.
    ///
    /// # Errors
    /// Why the device failed, as the end of a sentence.
    pub fn poll(&mut self) -> Result<Option<Rates>, String> {
        if let Stage::Warming(run, _) | Stage::Timing(run, ..) = &mut self.stage {
            run.poll()?;
            run.advance();
            if run.is_busy() {
                return Ok(None);
            }
        }
        let refused = || "it did not take a test".to_owned();
        match std::mem::replace(&mut self.stage, Stage::Done) {
            Stage::Warming(mut run, large) => {
                run.want(if large { LARGE_ITERATIONS } else { SMALL_ITERATIONS });
                let begun = now();
                run.advance();
                self.stage = Stage::Timing(run, large, begun);
                Ok(None)
            }
            Stage::Timing(run, false, begun) => {
                self.overhead = (run.last_done() - begun) / SMALL_ITERATIONS as f64;
                let (run, mut fit) = open(&self.gpu, self.large).ok_or_else(refused)?;
                let begun = now();
                fit.step();
                self.cpu = fit.pairs() / (now() - begun).max(1e-3);
                self.stage = Stage::Warming(run, true);
                Ok(None)
            }
            Stage::Timing(run, true, begun) => {
                let pairs = self.large.points as f64 * f64::from(self.large.components);
                let each = (run.last_done() - begun) / LARGE_ITERATIONS as f64 - self.overhead;
                Ok(Some(Rates { cpu: self.cpu, gpu: pairs / each.max(1e-4), overhead: self.overhead.max(1e-4) }))
            }
            Stage::Done => Err(refused()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_crossover_is_where_neither_is_faster() {
        let rates = Rates { cpu: 2e5, gpu: 1e8, overhead: 0.02 };
        let crossover = rates.crossover();
        assert!((rates.gain(crossover) - 1.0).abs() < 1e-9);
        assert!(rates.gain(10.0 * crossover) > 1.0 && rates.gain(0.1 * crossover) < 1.0);
        let slow = Rates { gpu: 1e5, ..rates };
        assert_eq!(slow.crossover(), f64::INFINITY);
        assert!(slow.gain(1e12) < 1.0);
    }
}
