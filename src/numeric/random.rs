//! Seeded random streams: the same numbers natively and in every browser.
//!
//! One seed feeds several named streams of ChaCha8, so drawing more data never changes an initialization.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// What a stream of random numbers is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Generated data sets.
    Data = 0,
    /// Starting parameters of a fit.
    Initialization = 1,
    /// The order in which points are drawn on the canvas.
    Drawing = 2,
    /// Points drawn from a fitted model.
    ModelSamples = 7,
    /// Noise on the targets of generated data sets.
    TargetNoise = 4,
    /// The order of the points in an epoch's batches.
    Batches = 3,
}

/// A stream of random numbers that depends on its seed and purpose only.
pub struct Stream {
    generator: ChaCha8Rng,
}

impl Stream {
    /// Opens the stream of this `purpose` under this `seed`.
    #[must_use]
    pub fn new(seed: u64, purpose: Purpose) -> Self {
        Self::numbered(seed, purpose, 0)
    }

    /// Opens one of several streams of the same `purpose` under this `seed`, such as one a restart; number 0 is that of
    /// [`Stream::new`].
    #[must_use]
    pub fn numbered(seed: u64, purpose: Purpose, number: u64) -> Self {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        key[8..16].copy_from_slice(&number.to_le_bytes());
        let mut generator = ChaCha8Rng::from_seed(key);
        generator.set_stream(purpose as u64);
        Self { generator }
    }

    /// A number drawn uniformly from [0, 1), a multiple of 2⁻⁵³.
    pub fn uniform(&mut self) -> f64 {
        (self.generator.next_u64() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
    }

    /// An index drawn uniformly from 0..`count`; `count` is at least 1.
    pub fn index(&mut self, count: usize) -> usize {
        // The bias of this product is below count · 2⁻⁵³: no test could see it.
        ((self.uniform() * count as f64) as usize).min(count - 1)
    }

    /// A number from the standard normal distribution, by Box and Muller's transform. It is written out here,
    /// over `libm`, because the usual crates take the logarithm of the platform, which differs between
    /// native code and WebAssembly.
    pub fn normal(&mut self) -> f64 {
        let radius = libm::sqrt(-2.0 * libm::log(1.0 - self.uniform()));
        radius * libm::cos(std::f64::consts::TAU * self.uniform())
    }

    /// `count` different indices from 0..`total`, in the order drawn; `count` is at most `total`.
    pub fn distinct_indices(&mut self, count: usize, total: usize) -> Vec<usize> {
        let mut order = self.permutation_prefix(count, total);
        order.truncate(count);
        order
    }

    /// All of 0..`total` in random order.
    pub fn permutation(&mut self, total: usize) -> Vec<usize> {
        self.permutation_prefix(total, total)
    }

    /// 0..`total` with its first `count` places shuffled (Fisher and Yates).
    fn permutation_prefix(&mut self, count: usize, total: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..total).collect();
        for place in 0..count.min(total) {
            let other = place + self.index(total - place);
            order.swap(place, other);
        }
        order
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_depend_on_seed_and_purpose() {
        let first = |seed, purpose| Stream::new(seed, purpose).uniform();
        assert_eq!(first(7, Purpose::Data), first(7, Purpose::Data));
        assert_ne!(first(7, Purpose::Data), first(8, Purpose::Data));
        assert_ne!(first(7, Purpose::Data), first(7, Purpose::Initialization));
        let numbered = |number| Stream::numbered(7, Purpose::Data, number).uniform();
        assert_eq!(numbered(0), first(7, Purpose::Data));
        assert_ne!(numbered(1), numbered(0));
        assert_ne!(numbered(1), first(8, Purpose::Data));
    }

    #[test]
    fn normal_has_the_moments_of_a_normal() {
        let mut stream = Stream::new(1, Purpose::Data);
        let draws: Vec<f64> = (0..100_000).map(|_| stream.normal()).collect();
        let moment = |power| draws.iter().map(|x: &f64| x.powi(power)).sum::<f64>() / draws.len() as f64;
        // Five standard errors of each sample moment.
        for (power, expected, error) in [(1, 0.0, 1.0f64), (2, 1.0, 2.0), (3, 0.0, 15.0), (4, 3.0, 96.0)] {
            let tolerance = 5.0 * (error / draws.len() as f64).sqrt();
            assert!((moment(power) - expected).abs() < tolerance, "moment {power}: {}", moment(power));
        }
    }

    #[test]
    fn indices_are_distinct_and_complete() {
        let mut stream = Stream::new(3, Purpose::Initialization);
        let mut all = stream.permutation(50);
        all.sort_unstable();
        assert_eq!(all, (0..50).collect::<Vec<_>>());
        let mut some = stream.distinct_indices(10, 12);
        some.sort_unstable();
        some.dedup();
        assert_eq!(some.len(), 10);
        assert!(some.iter().all(|&index| index < 12));
    }
}
