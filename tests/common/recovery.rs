//! The recovery experiment: the problems of `sog_problems.json`, their data as numpy draws them, and how Gaussians count as
//! recovered. Used by tests and by `benches/recovery.rs`.

use gaussian_playground::dataset::TrueGaussian;
use gaussian_playground::fitting::{Bell, RecoveryStatus, ResidualPeaks, ResidualPeaksOptions, recovered};
use gaussian_playground::models::sum_of_gaussians::{CovarianceForm, Parameters};
use gaussian_playground::numeric::random::{Purpose, Stream};
use gaussian_playground::settings::FactorShape;
use nalgebra::{Matrix2, Vector2};
use serde_json::Value;

/// How covariances are read out: nothing is added to them.
pub const FORM: CovarianceForm = CovarianceForm { shape: FactorShape::Upper, epsilon: 0.0 };

/// Points of a problem.
pub const POINTS: usize = 10_000;

/// Points that are held back, drawn after them.
pub const TEST_POINTS: usize = 256;

/// Further samples of a problem's points are drawn with its own seed plus multiples of this.
const SAMPLE_STRIDE: u32 = 10_000_000;

/// numpy's `RandomState`: the Mersenne Twister MT19937 (Matsumoto & Nishimura 1998), seeded by `init_genrand`.
pub struct RandomState {
    state: [u32; 624],
    index: usize,
}

impl RandomState {
    pub fn new(seed: u32) -> Self {
        let mut state = [seed; 624];
        for i in 1..624 {
            let last = state[i - 1] ^ (state[i - 1] >> 30);
            state[i] = last.wrapping_mul(1_812_433_253).wrapping_add(i as u32);
        }
        Self { state, index: 624 }
    }

    fn next_u32(&mut self) -> u32 {
        if self.index == 624 {
            for i in 0..624 {
                let joined = (self.state[i] & 0x8000_0000) | (self.state[(i + 1) % 624] & 0x7fff_ffff);
                let twist = if joined & 1 == 1 { 0x9908_b0df } else { 0 };
                self.state[i] = self.state[(i + 397) % 624] ^ (joined >> 1) ^ twist;
            }
            self.index = 0;
        }
        let mut y = self.state[self.index];
        self.index += 1;
        y ^= y >> 11;
        y ^= (y << 7) & 0x9d2c_5680;
        y ^= (y << 15) & 0xefc6_0000;
        y ^ (y >> 18)
    }

    /// A double of 53 bits from [0, 1).
    pub fn uniform(&mut self) -> f64 {
        let (high, low) = (self.next_u32() >> 5, self.next_u32() >> 6);
        (f64::from(high) * 67_108_864.0 + f64::from(low)) / 9_007_199_254_740_992.0
    }
}

/// A problem: its true Gaussians.
pub struct Problem {
    pub seed: u32,
    pub data_seed: u32,
    pub truth: Vec<Gaussian>,
    /// The centres from which the sources' method starts six components; empty where the file has none.
    pub starts: Vec<Vector2<f64>>,
    /// The first inputs with their targets, where the file has them.
    pub first_points: Vec<([f64; 2], f64)>,
    /// The first inputs of those held back, where the file has them.
    pub first_test_inputs: Vec<f64>,
}

#[derive(Clone, Copy, Debug)]
pub struct Gaussian {
    pub amplitude: f64,
    pub mean: Vector2<f64>,
    pub covariance: Matrix2<f64>,
}

fn numbers(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(values) => values.iter().flat_map(numbers).collect(),
        _ => value.as_f64().into_iter().collect(),
    }
}

/// The problems of `tests/reference/` as they were when this was compiled.
pub fn problems() -> Vec<Problem> {
    read(include_str!("../reference/sog_problems.json")).expect("the file holds problems")
}

/// The problems of a file's text.
pub fn read(text: &str) -> Result<Vec<Problem>, String> {
    let file: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let problems = file["problems"].as_array().ok_or("it has no problems")?;
    problems.iter().map(|problem| read_problem(problem).ok_or_else(|| "a problem cannot be read".to_owned())).collect()
}

fn read_problem(value: &Value) -> Option<Problem> {
    let amplitudes = numbers(&value["amplitudes"]);
    let means = numbers(&value["means"]);
    let covariances = numbers(&value["covariances"]);
    let count = amplitudes.len();
    if count == 0 || means.len() != 2 * count || covariances.len() != 4 * count {
        return None;
    }
    let truth = (0..count)
        .map(|k| Gaussian {
            amplitude: amplitudes[k],
            mean: Vector2::from_column_slice(&means[2 * k..2 * k + 2]),
            covariance: Matrix2::from_row_slice(&covariances[4 * k..4 * k + 4]),
        })
        .collect();
    let first = &value["first_points"];
    let first_points = numbers(&first["X"]).chunks_exact(2).map(|x| [x[0], x[1]]).zip(numbers(&first["y"])).collect();
    let starts = numbers(&value["init_means_k6"]).chunks_exact(2).map(Vector2::from_column_slice).collect();
    let first_test_inputs = numbers(&first["X_test"]);
    let seed = |name: &str| value[name].as_u64().and_then(|seed| u32::try_from(seed).ok());
    Some(Problem { seed: seed("seed")?, data_seed: seed("data_seed")?, truth, starts, first_points, first_test_inputs })
}

/// The points of a problem with their targets.
pub struct Sample {
    /// N×2, row by row.
    pub inputs: Vec<f64>,
    pub targets: Vec<f64>,
}

/// The sum of the Gaussians at a place. One without extent is left out.
pub fn value(gaussians: &[Gaussian], x: [f64; 2]) -> f64 {
    let at = |gaussian: &Gaussian| {
        let offset = Vector2::from(x) - gaussian.mean;
        let squared = |precision: Matrix2<f64>| offset.dot(&(precision * offset));
        let height = |precision| gaussian.amplitude * libm::exp(-0.5 * squared(precision));
        gaussian.covariance.try_inverse().map_or(0.0, height)
    };
    gaussians.iter().map(at).sum()
}

impl Problem {
    /// Sample 0 is the file's own; `noise` is the standard deviation of what is added, in those of y.
    pub fn sample(&self, sample: u32, noise: f64) -> Sample {
        let seed = self.data_seed.wrapping_add(sample.wrapping_mul(SAMPLE_STRIDE));
        let Sample { inputs, mut targets } = self.draw(&mut RandomState::new(seed), POINTS);
        if noise > 0.0 {
            let count = targets.len() as f64;
            let mean = targets.iter().sum::<f64>() / count;
            let variance = targets.iter().map(|y| (y - mean) * (y - mean)).sum::<f64>() / count;
            let scale = noise * libm::sqrt(variance);
            let mut stream = Stream::new(u64::from(seed), Purpose::Data);
            for target in &mut targets {
                *target += scale * stream.normal();
            }
        }
        Sample { inputs, targets }
    }

    /// The points that are held back from a sample, without noise.
    pub fn test_sample(&self, sample: u32) -> Sample {
        let mut random = RandomState::new(self.data_seed.wrapping_add(sample.wrapping_mul(SAMPLE_STRIDE)));
        for _ in 0..2 * POINTS {
            random.uniform();
        }
        self.draw(&mut random, TEST_POINTS)
    }

    fn draw(&self, random: &mut RandomState, count: usize) -> Sample {
        let inputs: Vec<f64> = (0..2 * count).map(|_| f64::from((-8.0 + 16.0 * random.uniform()) as f32)).collect();
        let targets = inputs.chunks_exact(2).map(|x| value(&self.truth, [x[0], x[1]])).collect();
        Sample { inputs, targets }
    }

    /// Which of the true Gaussians the page calls found.
    pub fn found(&self, parameters: &Parameters<2>) -> Vec<bool> {
        let owned = |one: &Gaussian| TrueGaussian {
            amplitude: one.amplitude,
            mean: one.mean.iter().copied().collect(),
            covariance: one.covariance.iter().copied().collect(),
        };
        let (truth, components): (Vec<_>, Vec<_>) =
            (self.truth.iter().map(owned).collect(), gaussians(parameters).iter().map(owned).collect());
        let bells: Vec<Bell<'_>> = components.iter().map(Bell::from).collect();
        recovered(&truth, &bells).iter().map(|one| one.status == RecoveryStatus::Found).collect()
    }

    /// How many of the true Gaussians are found.
    pub fn count(&self, parameters: &Parameters<2>) -> Count {
        let found = gaussians(parameters);
        let candidates: Vec<Option<usize>> = self.truth.iter().map(|truth| nearest(truth, &found)).collect();
        let close = |truth: &Gaussian, k: usize| {
            distance(truth, &found[k]) <= 0.25 && (found[k].amplitude - truth.amplitude).abs() <= 0.2 * truth.amplitude
        };
        let pairs = || self.truth.iter().zip(&candidates);
        let recovered: Vec<bool> = pairs().map(|(truth, k)| k.is_some_and(|k| close(truth, k))).collect();
        let strict = pairs().zip(&recovered).filter(|((truth, candidate), recovered)| {
            let alone = candidates.iter().filter(|other| other == candidate).count() == 1;
            let similar = |k: usize| (found[k].covariance - truth.covariance).norm() <= 0.2 * truth.covariance.norm();
            **recovered && alone && candidate.is_some_and(similar)
        });
        let strict = strict.count();
        Count { recovered, strict, components: found.len() }
    }
}

pub struct Count {
    /// By the rule of the file, for each true Gaussian.
    pub recovered: Vec<bool>,
    /// How many of these are found by one component each, with the covariance within 20 % in the Frobenius norm.
    pub strict: usize,
    /// Components there are.
    pub components: usize,
}

fn distance(truth: &Gaussian, found: &Gaussian) -> f64 {
    let offset = found.mean - truth.mean;
    let precision = truth.covariance.try_inverse().expect("true covariances are invertible");
    libm::sqrt(offset.dot(&(precision * offset)))
}

fn gaussians(parameters: &Parameters<2>) -> Vec<Gaussian> {
    (0..parameters.components())
        .map(|k| Gaussian {
            amplitude: parameters.amplitudes[k],
            mean: parameters.means[k],
            covariance: FORM.covariance(&parameters.factors[k]),
        })
        .collect()
}

/// Parameters that are these Gaussians.
pub fn parameters(gaussians: &[Gaussian]) -> Parameters<2> {
    Parameters {
        amplitudes: gaussians.iter().map(|one| one.amplitude).collect(),
        means: gaussians.iter().map(|one| one.mean).collect(),
        factors: gaussians
            .iter()
            .map(|one| CovarianceForm::factor_of(&one.covariance).expect("a covariance"))
            .collect(),
    }
}

/// Of what the Gaussians predict.
pub fn mean_squared_error(parameters: &Parameters<2>, sample: &Sample) -> f64 {
    let found = gaussians(parameters);
    let squared = |(x, y): (&[f64], &f64)| {
        let residual = value(&found, [x[0], x[1]]) - y;
        residual * residual
    };
    sample.inputs.chunks_exact(2).zip(&sample.targets).map(squared).sum::<f64>() / sample.targets.len() as f64
}

/// The nearest of those whose amplitude is at least 5 % of the true one's.
fn nearest(truth: &Gaussian, found: &[Gaussian]) -> Option<usize> {
    (0..found.len())
        .filter(|&k| found[k].amplitude >= 0.05 * truth.amplitude)
        .min_by(|&a, &b| distance(truth, &found[a]).total_cmp(&distance(truth, &found[b])))
}

/// Fits a sample by residual peaks, from its points and targets alone.
pub fn fit(sample: &Sample) -> Parameters<2> {
    let mut fit = ResidualPeaks::<2>::new(&sample.inputs, &sample.targets, ResidualPeaksOptions::default());
    fit.fit_to_end();
    fit.parameters(&FORM)
}
