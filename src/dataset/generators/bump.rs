//! Samples of a bump, as the answer's `generate_data` draws them.

use crate::dataset::{Axis, Regression, Samples};
use crate::error::Error;
use crate::numeric::random::{Purpose, Stream};
use crate::settings::{BumpSettings, BumpTarget};

/// What targets that overflow become where they are kept: infinite in single precision, and their squares in double.
pub const LARGEST_TARGET: f64 = 1e300;

/// What to draw.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BumpData {
    /// The bump behind the targets.
    pub target: BumpTarget,
    /// Its σ for the first feature; the k-th of F has the part (F + 1 − k)/F of it.
    pub sigma: f64,
    /// Inputs are drawn from U(−range, range).
    pub range: f64,
    /// Rows.
    pub points: usize,
    /// Columns; their entries follow one another row by row.
    pub features: usize,
    /// Whether inputs go through tanh before the bump.
    pub tanh: bool,
    /// Whether rows are drawn again whose target is beyond what `f32` can hold; else it is at most [`LARGEST_TARGET`].
    pub filter: bool,
    /// Of the stream of inputs.
    pub seed: u64,
}

impl BumpData {
    /// What the settings say.
    #[must_use]
    pub fn new(settings: &BumpSettings) -> Self {
        Self {
            target: settings.target,
            sigma: settings.true_sigma,
            range: settings.range,
            points: settings.points as usize,
            features: settings.features as usize,
            tanh: settings.tanh,
            filter: settings.filter_targets,
            seed: u64::from(settings.data_seed),
        }
    }

    /// The σ of a feature, counted from 0.
    #[must_use]
    pub fn sigma_of(&self, feature: usize) -> f64 {
        self.sigma * (self.features - feature) as f64 / self.features as f64
    }

    /// Draws entries, and counts the rows with a target beyond what `f32` can hold, whether they were drawn again or kept: for
    /// σ > 1 the source's bump overflows next to |x| = √σ.
    #[must_use]
    pub fn draw(&self) -> (Samples, usize) {
        let mut stream = Stream::new(self.seed, Purpose::Data);
        let mut samples = Samples::default();
        let mut wild = 0;
        while samples.targets.len() < self.points * self.features {
            let start = samples.targets.len();
            for feature in 0..self.features {
                let x = self.range * (2.0 * stream.uniform() - 1.0);
                let x = if self.tanh { libm::tanh(x) } else { x };
                samples.inputs.push(x);
                samples.targets.push(value(self.target, self.sigma_of(feature), x));
            }
            if samples.targets[start..].iter().any(|&y| y.is_nan() || y > f64::from(f32::MAX)) {
                wild += 1;
                if self.filter {
                    samples.inputs.truncate(start);
                    samples.targets.truncate(start);
                } else {
                    // What is not a number either becomes the largest, too.
                    samples.targets[start..].iter_mut().for_each(|y| *y = y.min(LARGEST_TARGET));
                }
            }
        }
        (samples, wild)
    }
}

/// The bump itself.
fn value(target: BumpTarget, sigma: f64, x: f64) -> f64 {
    let square = x * x;
    let inside = match target {
        BumpTarget::Source | BumpTarget::Squared => x.abs() < sigma,
        BumpTarget::Corrected => square < sigma,
    };
    match target {
        _ if !inside => 0.0,
        BumpTarget::Squared => libm::exp(-(sigma * sigma) / (sigma * sigma - square)),
        _ => libm::exp(-sigma / (sigma - square)),
    }
}

/// Draws the samples that settings ask for: one input column, all of them to train on. With F features, entry i is of feature
/// i mod F.
///
/// # Errors
/// None for settings within their ranges; the type is that of [`Regression::new`].
pub fn bump(settings: &BumpSettings) -> Result<Regression, Error> {
    let (samples, wild) = BumpData::new(settings).draw();
    let then = if settings.tanh { ", then put through tanh" } else { "" };
    let mut note = format!("Inputs drawn evenly from −{0} to {0}{then}, targets from a bump.", settings.range);
    match (wild, settings.filter_targets) {
        (0, _) => {}
        (1, true) => note += " One row was drawn again: its target overflowed.",
        (count, true) => note += &format!(" {count} rows were drawn again: their targets overflowed."),
        (1, false) => note += " One row was kept although its target is too large for single precision.",
        (count, false) => {
            note += &format!(" {count} rows were kept although their targets are too large for single precision.");
        }
    }
    let axes = vec![Axis::unitless("x")];
    let regression = Regression::new("Bump", axes, Axis::unitless("f"), samples, Samples::default())?;
    Ok(regression.described(&note, Vec::new()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_those_of_the_source() {
        let data = bump(&BumpSettings::default()).unwrap();
        let Samples { inputs, targets } = data.train();
        assert_eq!((inputs.len(), targets.len()), (100_000, 100_000));
        assert!(inputs.iter().all(|x| x.abs() <= 0.1));
        let spread = inputs.iter().map(|x| x * x).sum::<f64>() / 1e5;
        // Five standard errors of the second moment of U(−0.1, 0.1).
        assert!((spread - 0.01 / 3.0).abs() < 5.0 * 0.01 * (4.0f64 / 45.0 / 1e5).sqrt(), "{spread}");
        assert!(inputs.iter().zip(targets).all(|(x, y)| (y - (-0.5 / (0.5 - x * x)).exp()).abs() < 1e-15));
    }

    #[test]
    fn targets_end_where_their_bump_does() {
        let at = |target, x| value(target, 0.5, x);
        for (target, edge) in
            [(BumpTarget::Source, 0.5), (BumpTarget::Corrected, 0.5f64.sqrt()), (BumpTarget::Squared, 0.5)]
        {
            assert_eq!(at(target, edge + 1e-12), 0.0);
            assert_eq!(at(target, -edge - 1e-12), 0.0);
            assert!(at(target, 0.9 * edge) > 0.0);
        }
        assert!(at(BumpTarget::Source, 0.499_999) > 0.1, "the source's condition cuts it off");
    }

    #[test]
    fn overflowing_targets_are_drawn_again_and_said() {
        let settings = BumpSettings { true_sigma: 2.0, range: 4.0, points: 10_000, ..BumpSettings::default() };
        let data = bump(&settings).unwrap();
        assert_eq!(data.train().count(), 10_000);
        assert!(data.note().contains("drawn again"), "{}", data.note());
        assert!(data.train().targets.iter().all(|&y| y <= f64::from(f32::MAX)));
        let corrected = BumpSettings { target: BumpTarget::Corrected, ..settings };
        assert!(!bump(&corrected).unwrap().note().contains("drawn again"));
    }

    #[test]
    fn overflowing_targets_are_kept_where_nobody_filters_them() {
        let filtered = BumpSettings { true_sigma: 2.0, range: 4.0, points: 10_000, ..BumpSettings::default() };
        let kept = BumpSettings { filter_targets: false, ..filtered.clone() };
        let (samples, wild) = BumpData::new(&kept).draw();
        let beyond: Vec<f64> = samples.targets.iter().copied().filter(|&y| y > f64::from(f32::MAX)).collect();
        assert!(wild > 0 && beyond.len() == wild && beyond.iter().all(|&y| y <= LARGEST_TARGET), "{wild}");
        let data = bump(&kept).unwrap();
        assert_eq!(data.train(), &samples);
        assert!(data.note().contains(&format!("{wild} rows were kept")), "{}", data.note());
        // The others are those that are drawn with a filter, up to the places of what it takes away.
        let (other, redrawn) = BumpData::new(&filtered).draw();
        assert!(redrawn >= wild && !bump(&filtered).unwrap().note().contains("kept"));
        let tame = samples.targets.iter().filter(|&&y| y <= f64::from(f32::MAX));
        assert!(tame.zip(&other.targets).all(|(a, b)| a == b));
        let usual = BumpSettings::default();
        let unfiltered = BumpSettings { filter_targets: false, ..usual.clone() };
        assert_eq!(bump(&usual).unwrap(), bump(&unfiltered).unwrap(), "there is nothing to filter");
    }

    #[test]
    fn tanh_keeps_inputs_where_nothing_overflows() {
        let plain = BumpSettings { true_sigma: 2.0, range: 4.0, points: 10_000, ..BumpSettings::default() };
        let plain = BumpSettings { target: BumpTarget::Corrected, ..plain };
        let settings = BumpSettings { tanh: true, ..plain.clone() };
        let (data, raw) = (bump(&settings).unwrap(), bump(&plain).unwrap());
        assert!(data.train().inputs.iter().zip(&raw.train().inputs).all(|(x, raw)| *x == libm::tanh(*raw)));
        assert!(data.train().inputs.iter().zip(&data.train().targets).all(|(x, y)| *y == value(plain.target, 2.0, *x)));
        assert!(data.note().contains("tanh"), "{}", data.note());
        let source = BumpSettings { target: BumpTarget::Source, filter_targets: false, ..settings };
        assert_eq!(BumpData::new(&source).draw().1, 0);
    }

    #[test]
    fn features_have_their_own_sigma_and_rows_stay_whole() {
        let settings = BumpSettings { features: 4, points: 500, range: 1.0, ..BumpSettings::default() };
        let data = bump(&settings).unwrap();
        assert_eq!(data.train().count(), 2_000);
        for (i, (&x, &y)) in data.train().inputs.iter().zip(&data.train().targets).enumerate() {
            assert_eq!(y, value(BumpTarget::Source, 0.5 * (4 - i % 4) as f64 / 4.0, x));
        }
    }
}
