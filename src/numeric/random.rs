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
    /// The order of the points in an epoch's batches.
    Batches = 3,
    /// Samples that a fit takes from what it fits.
    Samples = 4,
    /// Draws from a posterior, to score it.
    Posterior = 5,
    /// Noise on the targets of generated data sets.
    TargetNoise = 6,
    /// Points drawn from a fitted model.
    ModelSamples = 7,
    /// Points that a visitor sprays.
    Spray = 8,
}

/// A stream of random numbers that depends on its seed and purpose only, and with [`Stream::at`] on an iteration and a point.
pub struct Stream {
    generator: ChaCha8Rng,
    /// The second of a pair of normal numbers, until it is asked for.
    spare: Option<f64>,
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
        Self::keyed(seed, number, 0, purpose as u64)
    }

    /// Opens the stream of one iteration and point. However many numbers one of them takes, the others get theirs unchanged.
    #[must_use]
    pub fn at(seed: u64, purpose: Purpose, iteration: u64, point: u32) -> Self {
        // The mark keeps these keys apart from those of numbered streams.
        Self::keyed(seed, iteration, 1, purpose as u64 | u64::from(point) << 32)
    }

    fn keyed(seed: u64, number: u64, mark: u8, stream: u64) -> Self {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        key[8..16].copy_from_slice(&number.to_le_bytes());
        key[16] = mark;
        let mut generator = ChaCha8Rng::from_seed(key);
        generator.set_stream(stream);
        Self { generator, spare: None }
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

    /// As [`Stream::normal`], but both numbers of each transform are given, one after the other: half of the work.
    pub fn paired_normal(&mut self) -> f64 {
        if let Some(spare) = self.spare.take() {
            return spare;
        }
        let radius = libm::sqrt(-2.0 * libm::log(1.0 - self.uniform()));
        let (sine, cosine) = libm::sincos(std::f64::consts::TAU * self.uniform());
        self.spare = Some(radius * sine);
        radius * cosine
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

/// The Gamma distribution of one shape and rate 1, by the method of Marsaglia & Tsang (2000, ACM Transactions on
/// Mathematical Software 26, 363–372). Made once for a shape, then drawn from many times.
#[derive(Clone, Copy, Debug)]
pub struct Gamma {
    /// d = α − 1/3 and c = 1/√(9d), of α + 1 where α < 1.
    d: f64,
    c: f64,
    /// 1/α where α < 1.
    boost: Option<f64>,
}

impl Gamma {
    /// The distribution of shape α > 0. With a NaN or a negative shape the draws are NaN.
    #[must_use]
    pub fn new(shape: f64) -> Self {
        let small = shape < 1.0;
        let d = if small { shape + 1.0 } else { shape } - 1.0 / 3.0;
        Self { d, c: 1.0 / libm::sqrt(9.0 * d), boost: small.then(|| 1.0 / shape) }
    }

    /// The logarithm of a draw and the draw. For small shapes the draw may underflow to 0; its logarithm does not.
    pub fn draw(&self, stream: &mut Stream) -> (f64, f64) {
        // Also keeps the loop from running for ever.
        if self.c.is_nan() || self.boost.is_some_and(|boost| boost < 0.0) {
            return (f64::NAN, f64::NAN);
        }
        let sample = loop {
            let x = stream.paired_normal();
            let root = 1.0 + self.c * x;
            if root <= 0.0 {
                continue;
            }
            let v = root * root * root;
            let u = 1.0 - stream.uniform();
            let square = x * x;
            if u < 1.0 - 0.0331 * square * square || libm::log(u) < 0.5 * square + self.d * (1.0 - v + libm::log(v)) {
                break self.d * v;
            }
        };
        let log_sample = libm::log(sample);
        match self.boost {
            None => (log_sample, sample),
            // Gamma(α) = Gamma(α + 1) · U^(1/α).
            Some(boost) => {
                let log_sample = log_sample + boost * libm::log(1.0 - stream.uniform());
                (log_sample, libm::exp(log_sample))
            }
        }
    }
}

/// Turns logarithms of Gamma draws, one a concentration, into the logarithms of a draw from the Dirichlet distribution.
pub fn normalize_logarithms(logarithms: &mut [f64]) {
    let largest = logarithms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = logarithms.iter().map(|logarithm| libm::exp(logarithm - largest)).sum();
    let log_sum = libm::log(sum);
    for logarithm in logarithms {
        *logarithm = (*logarithm - largest) - log_sum;
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

    #[test]
    fn points_have_streams_of_their_own() {
        let first = |iteration, point| Stream::at(7, Purpose::Samples, iteration, point).uniform();
        let mut all: Vec<u64> =
            (0..20).flat_map(|iteration| (0..20).map(move |point| first(iteration, point).to_bits())).collect();
        all.push(Stream::new(7, Purpose::Samples).uniform().to_bits());
        all.push(Stream::at(7, Purpose::Batches, 0, 0).uniform().to_bits());
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 402);
        assert_eq!(first(3, 4), first(3, 4));
    }

    #[test]
    fn gamma_draws_are_uniform_in_their_own_distribution() {
        for (seed, shape) in [0.05, 0.5, 0.99, 1.0, 2.0, 5.0, 500.0].into_iter().enumerate() {
            let gamma = Gamma::new(shape);
            let mut stream = Stream::new(seed as u64, Purpose::Data);
            let count = 100_000;
            let mut places: Vec<f64> = (0..count)
                .map(|_| {
                    let (log_sample, sample) = gamma.draw(&mut stream);
                    assert!((libm::exp(log_sample) - sample).abs() <= 1e-12 * sample);
                    crate::numeric::special::incomplete_gamma(shape, sample).0
                })
                .collect();
            places.sort_by(f64::total_cmp);
            // Kolmogorov and Smirnov's distance: beyond 1.95/√n one time in a thousand.
            let distance = places
                .iter()
                .enumerate()
                .map(|(i, place)| (place - (i as f64 + 0.5) / f64::from(count)).abs())
                .fold(0.0, f64::max);
            assert!(distance < 1.95 / f64::from(count).sqrt(), "{shape}: {distance}");
        }
        assert!(Gamma::new(f64::NAN).draw(&mut Stream::new(0, Purpose::Data)).0.is_nan());
        assert!(Gamma::new(-3.0).draw(&mut Stream::new(0, Purpose::Data)).0.is_nan());
        assert!(Gamma::new(1e-6).draw(&mut Stream::new(0, Purpose::Data)).0.is_finite());
    }

    #[test]
    fn paired_normals_are_normal() {
        let mut stream = Stream::new(2, Purpose::Data);
        let draws: Vec<f64> = (0..100_000).map(|_| stream.paired_normal()).collect();
        let mean = |f: &dyn Fn(usize) -> f64| (0..draws.len() - 1).map(f).sum::<f64>() / draws.len() as f64;
        assert!(mean(&|i| draws[i]).abs() < 0.016);
        assert!((mean(&|i| draws[i] * draws[i]) - 1.0).abs() < 0.023);
        assert!(mean(&|i| draws[i] * draws[i + 1]).abs() < 0.016);
    }

    #[test]
    fn logarithms_of_weights_sum_to_one() {
        let mut logarithms = [-3000.0, -3001.0, -9000.0];
        normalize_logarithms(&mut logarithms);
        let sum: f64 = logarithms.iter().map(|&logarithm| libm::exp(logarithm)).sum();
        assert!((sum - 1.0).abs() < 1e-15 && (logarithms[2] + 6000.3).abs() < 0.1);
    }
}
