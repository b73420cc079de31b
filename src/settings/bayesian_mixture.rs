//! Settings of the `bayesian-mixture` experiment.

use super::{Kind, Precision, Standardization, choices, mixture_settings};

choices! {
    /// How the posterior is found.
    pub enum BayesianMethod {
        /// Stochastic gradients of a sampled bound, as in the source.
        Sampled = "sampled", "Sampled";
        /// One factor of the posterior after the other, in closed form.
        CoordinateAscent = "coordinate-ascent", "Coordinate ascent";
    }
}

choices! {
    /// What keeps scales, shapes, rates and counts positive under gradient steps.
    pub enum Positivity {
        /// After each step they are raised to at least 1e-6.
        Projection = "projection", "Projection";
        /// They are 1e-6 + ln(1 + eʳ), and the steps move r.
        Softplus = "softplus", "Softplus";
        /// Nothing, as in the source: one that turns negative ends the fit.
        Free = "free", "Source’s: nothing";
    }
}

mixture_settings! {
    dataset: "three-clusters", points: 3_000, paths: true, seed_help: "Draws other points of the same kind.";
    /// Settings of a Bayesian Gaussian mixture by variational inference and of the data that it is fitted to.
    pub struct BayesianMixtureSettings {
        standardize as "standardize": Standardization {
            group: Data, label: "Standardize", unit: "", restarts: true, lead: false,
            kind: Kind::choice::<Standardization>("none"),
            help: "Unit square: each column goes from 0 to 1. Unit variance: one factor for all columns. Per column: each gets the variance 1. The priors are then in those units.",
        }
        components as "components": u32 {
            group: Model, label: "Components", unit: "", restarts: true, lead: true,
            kind: Kind::Integer { min: 1, max: 16, default: 3 },
            help: "How many Gaussians share the points; those that the data do not need stay at the prior.",
        }
        prior_mean as "priorMean": f64 {
            group: Model, label: "Prior mean", unit: "", restarts: true, lead: false,
            kind: Kind::linear(-1e6, 1e6, 0.0),
            help: "Where the means are expected before any data, in the units of the data as standardized.",
            seldom: true,
        }
        prior_scale as "priorScale": f64 {
            group: Model, label: "Prior scale", unit: "", restarts: true, lead: false,
            kind: Kind::logarithmic(1e-6, 1e6, 1.0),
            help: "How far from the prior mean the means may be expected: a standard deviation, in the units of the data as standardized.",
        }
        prior_shape as "priorShape": f64 {
            group: Model, label: "Prior shape", unit: "", restarts: true, lead: false,
            kind: Kind::logarithmic(1e-3, 1e6, 5.0),
            help: "Shape of the Gamma prior of each precision 1/σ²; larger holds σ more tightly.",
            seldom: true,
        }
        prior_rate as "priorRate": f64 {
            group: Model, label: "Prior rate", unit: "", restarts: true, lead: false,
            kind: Kind::logarithmic(1e-6, 1e12, 5.0),
            help: "Rate of the Gamma prior of each precision, in squared units of the data as standardized; rate over shape is the variance expected.",
            seldom: true,
        }
        prior_concentration as "priorConcentration": f64 {
            group: Model, label: "Prior concentration", unit: "", restarts: true, lead: false,
            kind: Kind::logarithmic(1e-3, 1e6, 2.0),
            help: "Of the Dirichlet prior of the weights: below 1 it favours few Gaussians, above 1 equal shares.",
        }
        method as "method": BayesianMethod {
            group: Fit, label: "Method", unit: "", restarts: true, lead: false,
            kind: Kind::choice::<BayesianMethod>("sampled"),
            help: "Sampled: noisy gradients, as in the source. Coordinate ascent: exact updates, far fewer of them.",
        }
        seed as "seed": u32 {
            group: Fit, label: "Seed", unit: "", restarts: true, lead: false,
            kind: Kind::Seed { default: 11 },
            help: "Draws the starting values, the batches and the samples.",
        }
        positivity as "positivity": Positivity {
            group: Fit, label: "Kept positive by", unit: "", restarts: true, lead: false,
            kind: Kind::choice::<Positivity>("projection"),
            help: "What keeps scales, shapes, rates and counts positive while gradients move them; the source has nothing.",
            only: "method" = ["sampled"],
        }
        learning_rate as "learningRate": f64 {
            group: Fit, label: "Learning rate", unit: "", restarts: false, lead: false,
            kind: Kind::logarithmic(1e-6, 10.0, 1e-3),
            help: "Scales each of Adam’s steps; coordinate ascent needs none.",
            only: "method" = ["sampled"],
        }
        batch_size as "batchSize": u32 {
            group: Fit, label: "Batch size", unit: "points", restarts: true, lead: false,
            kind: Kind::Integer { min: 1, max: 100_000, default: 500 },
            help: "Points in each step of the sampled method; coordinate ascent takes all.",
            only: "method" = ["sampled"],
        }
        epochs as "epochs": u32 {
            group: Fit, label: "Epochs", unit: "", restarts: false, lead: false,
            kind: Kind::Integer { min: 1, max: 1_000_000, default: 1_000 },
            help: "The sampled method stops after going through all points this often.",
            only: "method" = ["sampled"],
        }
        tolerance as "tolerance": f64 {
            group: Fit, label: "Stop below", unit: "", restarts: false, lead: false,
            kind: Kind::logarithmic_or_zero(1e-14, 1.0, 1e-9),
            help: "Coordinate ascent stops when its bound a point rises by less than this in one pass; 0 never stops.",
            seldom: true,
            only: "method" = ["coordinate-ascent"],
        }
        max_iterations as "maxIterations": u32 {
            group: Fit, label: "Most passes", unit: "", restarts: false, lead: false,
            kind: Kind::Integer { min: 1, max: 100_000, default: 1_000 },
            help: "Coordinate ascent stops after this many passes in any case.",
            seldom: true,
            only: "method" = ["coordinate-ascent"],
        }
        precision as "precision": Precision {
            group: Fit, label: "Precision", unit: "", restarts: true, lead: false,
            kind: Kind::choice::<Precision>("single"),
            help: "Of coordinate ascent’s sums and of the score; single is the faster. Samples are always double.",
            seldom: true,
        }
        speed as "speed": u32 {
            group: Transport, label: "Speed", unit: "a second", restarts: false, lead: false,
            kind: Kind::Integer { min: 1, max: 61, default: 61 },
            help: "Iterations a second; 61 is as fast as it goes.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::{DatasetName, Value};

    #[test]
    fn defaults_are_those_of_the_source() {
        let settings = BayesianMixtureSettings::default();
        assert_eq!(settings.dataset, DatasetName::ThreeClusters);
        assert_eq!((settings.components, settings.batch_size, settings.epochs), (3, 500, 1_000));
        assert_eq!((settings.prior_mean, settings.prior_scale), (0.0, 1.0));
        assert_eq!((settings.prior_shape, settings.prior_rate, settings.prior_concentration), (5.0, 5.0, 2.0));
        assert_eq!((settings.learning_rate, settings.positivity), (1e-3, Positivity::Projection));
        assert_eq!(settings.standardize, Standardization::None);
    }

    #[test]
    fn what_depends_on_a_choice_names_one_that_there_is() {
        for setting in BayesianMixtureSettings::SCHEMA {
            let Some(only) = setting.only else { continue };
            for value in only.values {
                let mut settings = BayesianMixtureSettings::default();
                let set = settings.set(only.setting, &Value::Text((*value).to_owned()));
                assert_eq!(set, Ok(None), "{}", setting.name);
            }
        }
        let mut changed = BayesianMixtureSettings::default();
        changed.set("standardize", &Value::Text("unit-variance".to_owned())).unwrap();
        assert!(changed.restarts_from(&BayesianMixtureSettings::default()));
    }
}
