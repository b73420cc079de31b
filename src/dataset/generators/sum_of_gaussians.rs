//! Samples whose targets are sums of known Gaussians.

use nalgebra::{DMatrix, DVector};

use crate::dataset::{Axis, Regression, Samples, TrueGaussian};
use crate::error::Error;
use crate::numeric::random::{Purpose, Stream};
use crate::settings::{SumOfGaussiansDataset, SumOfGaussiansSettings};

/// Half of the side of the box that inputs are drawn from, about the origin, unless another is asked for.
const HALF_SIDE: f64 = 8.0;
/// Gaussians that the source's problem has.
const GAUSSIANS: usize = 4;
const TRAIN_COUNT: usize = 10_000;
const TEST_COUNT: usize = 256;
const STORES: usize = 10;

/// Streams of one seed: what is true, what is fitted to and what is held back do not change one another.
const TRUTH: u64 = 0;
const TRAIN: u64 = 1;
const TEST: u64 = 2;

/// Makes the samples of this name; `None` for the visitor's own. `noise` is the standard deviation of the noise on the
/// targets, fitted to or held back, in percent of that of the training targets; it changes nothing else.
///
/// - `four-gaussians`: the source's problem (`comparison_experiment.py`): four Gaussians with centres from U(−8, 8)², covariances
///   U Uᵀ for U the upper triangle of entries from N(2, 1), and amplitudes from U(0, 5); 10,000 and 256 points, uniform in
///   [−8, 8]².
/// - `two-cities`: two Gaussians on a line, and ten stores that know how many visitors they have; 256 further
///   places to test on.
/// - `compositions`: exp(−x²/2) at 10,000 and 256 points, uniform in [−8, 8].
#[must_use]
pub fn make(dataset: SumOfGaussiansDataset, seed: u32, noise: f64) -> Option<Regression> {
    let points = count(dataset)?;
    SumOfGaussiansData { dataset, seed, noise, points, gaussians: GAUSSIANS, domain: HALF_SIDE }.draw()
}

/// How many points to fit to the source draws; `None` for the visitor's own.
#[must_use]
pub fn count(dataset: SumOfGaussiansDataset) -> Option<usize> {
    match dataset {
        SumOfGaussiansDataset::FourGaussians | SumOfGaussiansDataset::Compositions => Some(TRAIN_COUNT),
        SumOfGaussiansDataset::TwoCities => Some(STORES),
        SumOfGaussiansDataset::Own => None,
    }
}

/// What to draw.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SumOfGaussiansData {
    /// Which of the problems.
    pub dataset: SumOfGaussiansDataset,
    /// Of the streams of truth, points and noise.
    pub seed: u32,
    /// The standard deviation of the noise on the targets, in percent of that of the training targets.
    pub noise: f64,
    /// Points to fit to, at least one.
    pub points: usize,
    /// True Gaussians, at least one; only `four-gaussians` heeds it.
    pub gaussians: usize,
    /// Inputs and true centres are drawn from [−domain, domain] along each axis; only `four-gaussians` heeds it.
    pub domain: f64,
}

impl SumOfGaussiansData {
    /// What the settings say. What their data set does not heed is as usual, so that equal data are equal here.
    #[must_use]
    pub fn new(settings: &SumOfGaussiansSettings) -> Self {
        let heeds = settings.dataset == SumOfGaussiansDataset::FourGaussians;
        Self {
            dataset: settings.dataset,
            seed: settings.data_seed,
            noise: settings.noise,
            points: settings.points as usize,
            gaussians: if heeds { settings.true_gaussians as usize } else { GAUSSIANS },
            domain: if heeds { settings.domain } else { HALF_SIDE },
        }
    }

    /// Whether the true Gaussians are those of the other, whatever points are drawn from them.
    #[must_use]
    pub fn has_the_truth_of(&self, other: &Self) -> bool {
        Self { points: other.points, noise: other.noise, ..*self } == *other
    }

    /// Draws the samples, as [`make`] says; `None` for the visitor's own.
    #[must_use]
    pub fn draw(&self) -> Option<Regression> {
        Some(self.draw_of(None)?.expect("draws are finite"))
    }

    /// The samples of other true Gaussians, of the same dimension: at the same inputs, with the same draws of the noise. `None` for
    /// the visitor's own.
    ///
    /// # Errors
    /// [`Error::NonFiniteTarget`] where the Gaussians are that large.
    pub fn draw_from(&self, truth: Vec<TrueGaussian>) -> Option<Result<Regression, Error>> {
        self.draw_of(Some(truth))
    }

    fn draw_of(&self, moved: Option<Vec<TrueGaussian>>) -> Option<Result<Regression, Error>> {
        let seed = u64::from(self.seed);
        let mut stream = Stream::numbered(seed, Purpose::Data, TRUTH);
        let plane = || vec![Axis::unitless("x₁"), Axis::unitless("x₂")];
        let (label, note, axes, target, truth) = match self.dataset {
            SumOfGaussiansDataset::FourGaussians => {
                let truth = gaussians_in_a_square(&mut stream, self.gaussians, self.domain);
                (self.label(), self.note(), plane(), Axis::unitless("y"), truth)
            }
            SumOfGaussiansDataset::TwoCities => (
                "Two cities".to_owned(),
                "Stores on a line know how many visitors they have, but not from which of two cities.".to_owned(),
                vec![Axis { label: "Place".to_owned(), unit: "km".to_owned() }],
                Axis { label: "Visitors".to_owned(), unit: "thousand".to_owned() },
                two_cities(&mut stream),
            ),
            SumOfGaussiansDataset::Compositions => (
                "Compositions".to_owned(),
                "One Gaussian, which two can share in many ways.".to_owned(),
                vec![Axis::unitless("x")],
                Axis::unitless("y"),
                vec![TrueGaussian { amplitude: 1.0, mean: vec![0.0], covariance: vec![1.0] }],
            ),
            SumOfGaussiansDataset::Own => return None,
        };
        let note = if moved.is_some() { format!("{note} The true Gaussians were moved by hand.") } else { note };
        let truth = moved.unwrap_or(truth);
        let dimension = axes.len();
        let draw = |count: usize, number: u64| {
            let mut stream = Stream::numbered(seed, Purpose::Data, number);
            (0..count * dimension).map(|_| between(&mut stream, -self.domain, self.domain)).collect::<Vec<f64>>()
        };
        let mut train = targets(draw(self.points, TRAIN), &truth);
        let mut test = targets(draw(TEST_COUNT, TEST), &truth);
        let deviation = self.noise / 100.0 * standard_deviation(&train.targets);
        if deviation > 0.0 {
            let mut stream = Stream::new(seed, Purpose::TargetNoise);
            for target in train.targets.iter_mut().chain(&mut test.targets) {
                *target += deviation * stream.normal();
            }
        }
        Some(Regression::new(&label, axes, target, train, test).map(|made| made.described(&note, truth)))
    }

    /// How many Gaussians there are, as a word.
    fn number(&self) -> String {
        const WORDS: [&str; 12] =
            ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
        let word = self.gaussians.checked_sub(1).and_then(|place| WORDS.get(place));
        word.map_or_else(|| self.gaussians.to_string(), |word| (*word).to_owned())
    }

    fn label(&self) -> String {
        let number = self.number();
        let (first, rest) = number.split_at(1);
        let plural = if self.gaussians == 1 { "" } else { "s" };
        format!("{}{rest} Gaussian{plural}", first.to_uppercase())
    }

    fn note(&self) -> String {
        if self.gaussians == 1 {
            "Points in a square, each with the value of one random Gaussian there.".to_owned()
        } else {
            format!("Points in a square, each with the sum of {} random Gaussians there.", self.number())
        }
    }
}

fn between(stream: &mut Stream, low: f64, high: f64) -> f64 {
    low + (high - low) * stream.uniform()
}

/// The source's random Gaussians, one drawn after the other: fewer are the first of more.
fn gaussians_in_a_square(stream: &mut Stream, count: usize, domain: f64) -> Vec<TrueGaussian> {
    (0..count)
        .map(|_| {
            let mean = vec![between(stream, -domain, domain), between(stream, -domain, domain)];
            let [a, b, c] = [(); 3].map(|()| 2.0 + stream.normal());
            let covariance = vec![a * a + b * b, b * c, b * c, c * c];
            TrueGaussian { amplitude: between(stream, 0.0, 5.0), mean, covariance }
        })
        .collect()
}

/// One city left and one right of the middle, so that there are always two to find.
fn two_cities(stream: &mut Stream) -> Vec<TrueGaussian> {
    [-1.0, 1.0]
        .into_iter()
        .map(|side| {
            let mean = side * between(stream, 2.0, 5.0);
            let deviation = between(stream, 1.0, 2.0);
            TrueGaussian {
                amplitude: between(stream, 1.0, 5.0),
                mean: vec![mean],
                covariance: vec![deviation * deviation],
            }
        })
        .collect()
}

/// Inputs with the sum of the true Gaussians as targets.
fn targets(inputs: Vec<f64>, truth: &[TrueGaussian]) -> Samples {
    let Some(dimension) = truth.first().map(|one| one.mean.len()) else {
        return Samples::default();
    };
    let factors: Vec<_> = truth
        .iter()
        .filter_map(|one| Some((one, DMatrix::from_row_slice(dimension, dimension, &one.covariance).cholesky()?)))
        .collect();
    let targets = inputs
        .chunks_exact(dimension)
        .map(|input| {
            let at = |one: &TrueGaussian| DVector::from_fn(dimension, |d, _| input[d] - one.mean[d]);
            let value = |(one, factor): &(&TrueGaussian, nalgebra::Cholesky<f64, nalgebra::Dyn>)| {
                let offset = at(one);
                one.amplitude * libm::exp(-0.5 * offset.dot(&factor.solve(&offset)))
            };
            factors.iter().map(value).sum()
        })
        .collect();
    Samples { inputs, targets }
}

fn standard_deviation(values: &[f64]) -> f64 {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    libm::sqrt(values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / count)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [SumOfGaussiansDataset; 3] =
        [SumOfGaussiansDataset::FourGaussians, SumOfGaussiansDataset::TwoCities, SumOfGaussiansDataset::Compositions];

    #[test]
    fn counts_and_truths_are_those_of_the_design() {
        for (name, (count, dimension, gaussians)) in NAMES.into_iter().zip([(10_000, 2, 4), (10, 1, 2), (10_000, 1, 1)])
        {
            for seed in 0..20 {
                let data = make(name, seed, 0.0).unwrap();
                assert_eq!((data.train().count(), data.test().count()), (count, 256));
                assert_eq!((data.dimension(), data.truth().len()), (dimension, gaussians));
                assert!(data.train().inputs.iter().all(|x| x.abs() <= 8.0));
                assert!(data.truth().iter().all(|one| one.amplitude >= 0.0));
            }
        }
        assert!(make(SumOfGaussiansDataset::Own, 1, 0.0).is_none());
        let settings =
            SumOfGaussiansSettings { dataset: SumOfGaussiansDataset::TwoCities, points: 500, ..Default::default() };
        let more = SumOfGaussiansData::new(&settings).draw().unwrap();
        assert_eq!((more.train().count(), more.test().count()), (500, 256));
        assert_eq!(more.truth(), make(SumOfGaussiansDataset::TwoCities, 1, 0.0).unwrap().truth());
    }

    #[test]
    fn gaussians_and_domain_are_those_asked_for() {
        let drawn = |true_gaussians, domain| {
            let settings = SumOfGaussiansSettings { true_gaussians, domain, ..Default::default() };
            SumOfGaussiansData::new(&settings).draw().unwrap()
        };
        let usual = drawn(4, 8.0);
        assert_eq!(Some(&usual), make(SumOfGaussiansDataset::FourGaussians, 1, 0.0).as_ref());
        let many = drawn(12, 8.0);
        assert_eq!((many.truth().len(), many.label()), (12, "Twelve Gaussians"));
        assert_eq!(&many.truth()[..4], usual.truth(), "more Gaussians leave the first ones where they are");
        assert_eq!(many.train().inputs, usual.train().inputs);
        assert!(drawn(1, 8.0).note().contains("one random Gaussian there"));
        for domain in [1.0, 2.0, 100.0] {
            let data = drawn(4, domain);
            let largest = |values: &[f64]| values.iter().fold(0.0f64, |largest, value| largest.max(value.abs()));
            // Of 20,000 even draws, all but never is the largest below 99.9 % of the bound.
            let found = largest(&data.train().inputs) / domain;
            assert!((0.999..=1.0).contains(&found) && largest(&data.test().inputs) <= domain, "{domain}: {found}");
            for (one, other) in data.truth().iter().zip(usual.truth()) {
                let scaled = |(a, b): (&f64, &f64)| (a / domain - b / 8.0).abs() < 1e-12;
                assert!(one.mean.iter().zip(&other.mean).all(scaled));
                assert_eq!((one.amplitude, &one.covariance), (other.amplitude, &other.covariance));
            }
        }
        // Where they do not count, they change nothing.
        let line = SumOfGaussiansSettings { dataset: SumOfGaussiansDataset::Compositions, ..Default::default() };
        let other = SumOfGaussiansSettings { true_gaussians: 7, domain: 2.0, ..line.clone() };
        assert_eq!(SumOfGaussiansData::new(&line), SumOfGaussiansData::new(&other));
    }

    #[test]
    fn targets_are_the_sum_of_the_truth() {
        let data = make(SumOfGaussiansDataset::FourGaussians, 7, 0.0).unwrap();
        for i in [0, 17, 9_999] {
            let (x, y) = (data.train().inputs[2 * i], data.train().inputs[2 * i + 1]);
            let sum: f64 = data
                .truth()
                .iter()
                .map(|one| {
                    let (dx, dy) = (x - one.mean[0], y - one.mean[1]);
                    let [a, b, _, d] = one.covariance[..] else { unreachable!() };
                    let square = (d * dx * dx - 2.0 * b * dx * dy + a * dy * dy) / (a * d - b * b);
                    one.amplitude * (-0.5 * square).exp()
                })
                .sum();
            assert!((data.train().targets[i] - sum).abs() < 1e-10 * (1.0 + sum));
        }
        let line = make(SumOfGaussiansDataset::Compositions, 7, 0.0).unwrap();
        let x = line.train().inputs[3];
        assert!((line.train().targets[3] - (-0.5 * x * x).exp()).abs() < 1e-15);
    }

    /// FNV-1a over the bits of the numbers.
    fn hash(data: &Regression) -> u64 {
        let numbers = [data.train(), data.test()].into_iter().flat_map(|part| part.inputs.iter().chain(&part.targets));
        numbers
            .flat_map(|number| number.to_bits().to_le_bytes())
            .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
    }

    #[test]
    fn draws_are_those_of_the_past() {
        // Links name a seed and count on what it drew when they were made.
        let found = NAMES.map(|name| hash(&make(name, 1, 5.0).unwrap()));
        assert_eq!(found, [0xbf10_1e72_397a_82fe, 0xef54_ca9a_ce97_178d, 0xb557_65a8_e731_e984], "{found:#x?}");
    }

    #[test]
    fn noise_has_its_size_and_changes_nothing_else() {
        for name in NAMES {
            assert_ne!(make(name, 1, 0.0).unwrap().train().inputs, make(name, 2, 0.0).unwrap().train().inputs);
        }
        let clean = make(SumOfGaussiansDataset::FourGaussians, 3, 0.0).unwrap();
        let noisy = make(SumOfGaussiansDataset::FourGaussians, 3, 5.0).unwrap();
        assert_eq!(clean.train().inputs, noisy.train().inputs);
        assert_eq!(clean.truth(), noisy.truth());
        let noise: Vec<f64> = noisy.train().targets.iter().zip(&clean.train().targets).map(|(a, b)| a - b).collect();
        let ratio = standard_deviation(&noise) / standard_deviation(&clean.train().targets);
        // Five standard errors of a standard deviation from 10,000 draws.
        assert!((ratio / 0.05 - 1.0).abs() < 5.0 / 20_000f64.sqrt(), "{ratio}");
    }
}
