//! Settings of the comparison: many fits of a sum of Gaussians, each penalty with and without the other.

use super::{Kind, choices, settings};

choices! {
    /// How many fits a comparison takes.
    pub enum ComparisonSize {
        /// 2, 4, 8 and 16 components, two data sets, one start, 200 epochs.
        Quick = "quick", "Quick";
        /// The source's grid: 2 to 32 components, eight data sets, four starts, 1,000 epochs.
        Full = "full", "Full";
        /// What the other settings say.
        Custom = "custom", "Custom";
    }
}

settings! {
    /// Settings of a comparison. Those of its size count only where that is [`ComparisonSize::Custom`].
    pub struct ComparisonSettings {
        size as "size": ComparisonSize {
            group: Model, label: "Size", unit: "", restarts: true, lead: true,
            kind: Kind::choice::<ComparisonSize>("quick"),
            help: "Quick: up to 16 components, 2 data sets, 1 start, 200 epochs. Full is the source’s grid: up to 32, 8, 4 and 1,000.",
        }
        true_gaussians as "trueGaussians": u32 {
            group: Data, label: "True Gaussians", unit: "", restarts: true, lead: false,
            kind: Kind::Integer { min: 1, max: 12, default: 4 },
            help: "How many Gaussians the targets of each data set are made of.",
        }
        most_components as "mostComponents": u32 {
            group: Model, label: "Components up to", unit: "", restarts: true, lead: false,
            kind: Kind::Integer { min: 2, max: 32, default: 32 },
            help: "Fits have 2, 4, 8, 12, 16, 24 and 32 components, as far as this.",
            only: "size" = ["custom"],
        }
        data_sets as "dataSets": u32 {
            group: Data, label: "Data sets", unit: "", restarts: true, lead: false,
            kind: Kind::Integer { min: 1, max: 32, default: 2 },
            help: "How many data sets are drawn, each with true Gaussians of its own.",
            only: "size" = ["custom"],
        }
        starts as "starts": u32 {
            group: Fit, label: "Starts", unit: "", restarts: true, lead: false,
            kind: Kind::Integer { min: 1, max: 16, default: 1 },
            help: "How often each fit starts, from other centres each time.",
            only: "size" = ["custom"],
        }
        epochs as "epochs": u32 {
            group: Fit, label: "Epochs", unit: "", restarts: true, lead: false,
            kind: Kind::Integer { min: 1, max: 100_000, default: 200 },
            help: "Passes over the points that each fit does.",
            only: "size" = ["custom"],
        }
        points as "points": u32 {
            group: Data, label: "Points", unit: "", restarts: true, lead: false,
            kind: Kind::Integer { min: 2, max: 1_000_000, default: 10_000 },
            help: "How many points each data set has to be fitted to; those to test on are others.",
        }
        noise as "noise": f64 {
            group: Data, label: "Noise", unit: "%", restarts: true, lead: false,
            kind: Kind::linear(0.0, 100.0, 0.0),
            help: "Standard deviation of the noise on the targets, in percent of that of the targets.",
        }
        data_seed as "dataSeed": u32 {
            group: Data, label: "Data seed", unit: "", restarts: true, lead: false,
            kind: Kind::Seed { default: 1 },
            help: "Draws the first data set; the others take the seeds that follow.",
        }
        seed as "seed": u32 {
            group: Fit, label: "Seed", unit: "", restarts: true, lead: false,
            kind: Kind::Seed { default: 1 },
            help: "Draws the first start, the same under every condition; the others take the seeds that follow.",
        }
        amplitude_l1 as "amplitudeL1": f64 {
            group: Fit, label: "Amplitude penalty", unit: "", restarts: true, lead: false,
            kind: Kind::logarithmic_or_zero(1e-6, 10.0, 0.1),
            help: "Times the sum of the amplitudes, under the conditions that have it.",
        }
        spread as "spread": f64 {
            group: Fit, label: "Spread penalty", unit: "", restarts: true, lead: false,
            kind: Kind::logarithmic_or_zero(1e-3, 1e3, 1.0),
            help: "Divided by the mean distance between centres, under the conditions that have it.",
        }
        learning_rate as "learningRate": f64 {
            group: Fit, label: "Learning rate", unit: "", restarts: true, lead: false,
            kind: Kind::logarithmic_or_zero(1e-6, 1e3, 1e-3),
            help: "Scales every step of Adam.",
        }
        batch_size as "batchSize": u32 {
            group: Fit, label: "Batch", unit: "points", restarts: true, lead: false,
            kind: Kind::Integer { min: 1, max: 65_536, default: 2_048 },
            help: "Points a step, as in the authors’ script.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::{Setting, SumOfGaussiansSettings, Value};

    #[test]
    fn defaults_are_those_of_the_source_and_within_their_own_ranges() {
        let defaults = ComparisonSettings::default();
        assert_eq!((defaults.batch_size, defaults.points, defaults.true_gaussians), (2_048, 10_000, 4));
        assert_eq!((defaults.amplitude_l1, defaults.spread, defaults.learning_rate), (0.1, 1.0, 1e-3));
        for setting in ComparisonSettings::SCHEMA {
            let mut settings = defaults.clone();
            let value = defaults.get(setting.name).unwrap();
            assert_eq!(settings.set(setting.name, &value), Ok(None), "{}", setting.name);
            assert_eq!(settings, defaults, "{}", setting.name);
        }
    }

    #[test]
    fn what_a_fit_has_too_is_in_its_range() {
        let mut fit = SumOfGaussiansSettings::default();
        let of_both = |row: &&Setting| SumOfGaussiansSettings::default().get(row.name).is_some();
        let rows = ComparisonSettings::SCHEMA.iter().filter(of_both);
        let mut shared = 0;
        for row in rows {
            let ends: Vec<f64> = match row.kind {
                Kind::Integer { min, max, .. } => vec![f64::from(min), f64::from(max)],
                Kind::Number { min, max, .. } => vec![min, max],
                Kind::Seed { .. } => vec![0.0, f64::from(u32::MAX)],
                Kind::Choice { .. } | Kind::Switch { .. } | Kind::List { .. } => panic!("{}", row.name),
            };
            for end in ends {
                assert_eq!(fit.set(row.name, &Value::Number(end)), Ok(None), "{}", row.name);
            }
            shared += 1;
        }
        assert_eq!(shared, 10);
    }
}
