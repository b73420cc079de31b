//! The experiments, and which settings each has.

use super::{
    BackendChoice, BayesianMixtureSettings, BumpSettings, EmMixtureSettings, Group, Layers, Setting,
    SparseMixtureSettings, SumOfGaussiansSettings, SweepSettings, Value, choices,
};
use crate::error::Error;

/// Declares the experiments: a name for each, and an enum that holds the settings of one.
macro_rules! experiments {
    ($($(#[$doc:meta])* $variant:ident($settings:ty) = $value:literal, $label:literal;)+) => {
        choices! {
            /// What a visitor can run.
            pub enum ExperimentName {
                $($(#[$doc])* $variant = $value, $label;)+
            }
        }

        /// The settings of one experiment.
        #[derive(Clone, Debug, PartialEq, serde::Serialize, tsify::Tsify)]
        #[serde(untagged)]
        pub enum Settings {
            $($(#[$doc])* $variant($settings),)+
        }

        impl Settings {
            /// The defaults of an experiment.
            #[must_use]
            pub fn new(experiment: ExperimentName) -> Self {
                match experiment {
                    $(ExperimentName::$variant => Self::$variant(<$settings>::default()),)+
                }
            }

            /// Which experiment they are of.
            #[must_use]
            pub fn experiment(&self) -> ExperimentName {
                match self {
                    $(Self::$variant(_) => ExperimentName::$variant,)+
                }
            }

            /// The experiment's table of settings: one row a setting, in the page's order.
            #[must_use]
            pub fn schema(&self) -> &'static [Setting] {
                match self {
                    $(Self::$variant(_) => <$settings>::SCHEMA,)+
                }
            }

            /// Sets one setting from outside; returns a notice where the value had to be clamped.
            ///
            /// # Errors
            /// [`Error::Setting`] for an unknown name or a value of the wrong kind.
            pub fn set(&mut self, name: &str, value: &Value) -> Result<Option<String>, Error> {
                match self {
                    $(Self::$variant(settings) => settings.set(name, value),)+
                }
            }

            /// The value of a setting, by its name.
            #[must_use]
            pub fn get(&self, name: &str) -> Option<Value> {
                match self {
                    $(Self::$variant(settings) => settings.get(name),)+
                }
            }

            /// Takes the speed over from settings of the same experiment.
            pub fn keep_speed(&mut self, other: &Self) {
                match (self, other) {
                    $((Self::$variant(settings), Self::$variant(other)) => settings.speed = other.speed,)+
                    _ => {}
                }
            }

            /// Takes over from settings of the same experiment those of one group.
            pub fn take(&mut self, other: &Self, group: Group) {
                match (self, other) {
                    $((Self::$variant(settings), Self::$variant(other)) => settings.take(other, group),)+
                    _ => {}
                }
            }

            /// Whether the two differ in a setting that restarts the fit.
            #[must_use]
            pub fn restarts_from(&self, other: &Self) -> bool {
                match (self, other) {
                    $((Self::$variant(settings), Self::$variant(other)) => settings.restarts_from(other),)+
                    _ => true,
                }
            }
        }
    };
}

experiments! {
    /// A sum of Gaussians, fitted to targets.
    SumOfGaussians(SumOfGaussiansSettings) = "sum-of-gaussians", "Sum of Gaussians";
    /// The bump layer in its forms, side by side.
    Bump(BumpSettings) = "bump", "Bump layer";
    /// One bump after the other.
    BumpSweep(SweepSettings) = "bump-sweep", "Bump sweep";
    /// A Gaussian mixture by EM.
    EmMixture(EmMixtureSettings) = "em-mixture", "EM mixture";
    /// A Gaussian mixture by gradient descent, with a price on each weight.
    SparseMixture(SparseMixtureSettings) = "sparse-mixture", "Sparse mixture";
    /// A Bayesian Gaussian mixture by variational inference.
    BayesianMixture(BayesianMixtureSettings) = "bayesian-mixture", "Bayesian mixture";
}

impl Settings {
    /// What iterations are to run on; `None` for experiments that always run on the processor.
    #[must_use]
    pub fn backend(&self) -> Option<BackendChoice> {
        match self {
            Self::SumOfGaussians(settings) => Some(settings.backend),
            Self::Bump(settings) => Some(settings.backend),
            Self::EmMixture(settings) => Some(settings.backend),
            Self::SparseMixture(settings) => Some(settings.backend),
            Self::BumpSweep(_) | Self::BayesianMixture(_) => None,
        }
    }

    /// What is drawn.
    #[must_use]
    pub fn layers(&self) -> Layers {
        match self {
            Self::SumOfGaussians(settings) => settings.layers(),
            Self::EmMixture(settings) => settings.layers(),
            Self::SparseMixture(settings) => settings.layers(),
            Self::BayesianMixture(settings) => settings.all_layers(),
            Self::Bump(_) | Self::BumpSweep(_) => Layers::default(),
        }
    }

    /// The σ at which bumps are drawn, where they are not drawn as they were learned.
    #[must_use]
    pub fn look_at(&self) -> Option<f64> {
        match self {
            Self::Bump(settings) => Some(settings.look_at).filter(|&sigma| sigma > 0.0),
            _ => None,
        }
    }

    /// Changes what iterations are to run on, where there is a choice.
    pub fn set_backend(&mut self, choice: BackendChoice) {
        match self {
            Self::SumOfGaussians(settings) => settings.backend = choice,
            Self::Bump(settings) => settings.backend = choice,
            Self::EmMixture(settings) => settings.backend = choice,
            Self::SparseMixture(settings) => settings.backend = choice,
            Self::BumpSweep(_) | Self::BayesianMixture(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::{Choice, Kind};

    #[test]
    fn every_layer_has_a_switch_that_restarts_nothing() {
        let mut switches = 0;
        for &name in ExperimentName::ALL {
            let start = Settings::new(name);
            // Thirty paths would hide what they lead to, and a sum of Gaussians has a figure of its own for them.
            let without = [ExperimentName::SparseMixture, ExperimentName::SumOfGaussians];
            let sparse = name == ExperimentName::SparseMixture;
            let usual = Layers { paths: !without.contains(&name), contours: sparse, heat: sparse, ..Layers::default() };
            assert_eq!(start.layers(), usual);
            for setting in start.schema().iter().filter(|setting| setting.group == Group::View) {
                let mut changed = start.clone();
                let other = match setting.kind {
                    Kind::Switch { default } => Value::Switch(!default),
                    Kind::Choice { options, default } => {
                        let other = options.iter().find(|option| option.value != default);
                        Value::Text(other.expect("there is a choice").value.to_owned())
                    }
                    Kind::Number { max, .. } => Value::Number(max),
                    Kind::Integer { max, .. } => Value::Number(f64::from(max)),
                    Kind::Seed { .. } | Kind::List { .. } => unreachable!("nothing is drawn at random or from a list"),
                };
                changed.set(setting.name, &other).unwrap();
                assert!(!changed.restarts_from(&start), "{}", setting.name);
                if let Kind::Switch { .. } | Kind::Choice { .. } = setting.kind {
                    assert_ne!(changed.layers(), start.layers(), "{}", setting.name);
                    switches += 1;
                }
            }
        }
        // Seven of each mixture, three more of the Bayesian one, seven of a sum of Gaussians.
        assert_eq!(switches, 3 * 7 + 3 + 7);
    }
}
