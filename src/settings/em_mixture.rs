//! Settings of the `em-mixture` experiment.

use super::{BackendChoice, Kind, Precision, choices, mixture_settings};

choices! {
    /// The shape of the covariances, as in scikit-learn.
    pub enum CovarianceType {
        /// Each component has its own covariance matrix.
        Full = "full", "Full";
        /// All share one covariance matrix.
        Tied = "tied", "Tied";
        /// Each has its own variance along each axis.
        Diagonal = "diagonal", "Diagonal";
        /// Each has one variance.
        Spherical = "spherical", "Spherical";
    }
}

choices! {
    /// How the starting means are chosen.
    pub enum Initialization {
        /// Different points of the data, all equally likely.
        Points = "points", "Points";
        /// Points far from one another are likelier (Arthur & Vassilvitskii 2007).
        KmeansPlusPlus = "kmeans++", "k-means++";
        /// The centres of k-means, started by k-means++ (Lloyd 1982).
        Kmeans = "kmeans", "k-means";
    }
}

choices! {
    /// Which iteration is run.
    pub enum Iteration {
        /// The textbook's EM.
        Em = "em", "EM";
        /// The source notebook's, without mixing weights in the E-step.
        EqualWeights = "equal-weights", "No weights";
    }
}

mixture_settings! {
    dataset: "old-faithful", points: 2_000, paths: true, contours: false, seed_help: "Draws other points of the same kind.";
    /// Settings of a Gaussian mixture by EM and of the data that it is fitted to.
    pub struct EmMixtureSettings {
        components as "components": u32 {
            group: Model, label: "Components", unit: "", restarts: true, lead: true,
            kind: Kind::Integer { min: 1, max: 16, default: 2 },
            help: "How many Gaussians share the points.",
        }
        covariance_type as "covarianceType": CovarianceType {
            group: Model, label: "Covariance", unit: "", restarts: true, lead: false,
            kind: Kind::choice::<CovarianceType>("full"),
            help: "Full: any ellipse. Tied: one ellipse for all. Diagonal: along the axes. Spherical: circles.",
        }
        initialization as "initialization": Initialization {
            group: Fit, label: "Start", unit: "", restarts: true, lead: false,
            kind: Kind::choice::<Initialization>("points"),
            help: "Starting means: points of the data at random, spread out by k-means++, or the centres that k-means finds.",
        }
        seed as "seed": u32 {
            group: Fit, label: "Seed", unit: "", restarts: true, lead: false,
            kind: Kind::Seed { default: 11 },
            help: "Chooses the starting means. Another seed may end elsewhere.",
        }
        restarts as "nInit": u32 {
            group: Fit, label: "Restarts", unit: "", restarts: true, lead: false,
            kind: Kind::Integer { min: 1, max: 50, default: 1 },
            help: "How many starts to try: each is fitted ahead, unseen, and the one of the highest likelihood is then played from its beginning; one with a collapsed Gaussian only where all have one.",
        }
        iteration as "iteration": Iteration {
            group: Fit, label: "E-step", unit: "", restarts: true, lead: false,
            kind: Kind::choice::<Iteration>("em"),
            help: "EM weighs each Gaussian by its share of the points; the source’s notebook forgets to.",
        }
        tolerance as "tolerance": f64 {
            group: Fit, label: "Stop below", unit: "", restarts: false, lead: false,
            kind: Kind::logarithmic_or_zero(1e-12, 1.0, 1e-6),
            help: "Stops when the log-likelihood a point changes by less than this in one iteration; 0 never stops.",
        }
        max_iterations as "maxIterations": u32 {
            group: Fit, label: "Most iterations", unit: "", restarts: false, lead: false,
            kind: Kind::Integer { min: 1, max: 100_000, default: 1_000 },
            help: "Stops after this many iterations in any case.",
            seldom: true,
        }
        logs as "logs": bool {
            group: Fit, label: "Log-sum-exp", unit: "", restarts: true, lead: false,
            kind: Kind::Switch { default: true },
            help: "Shares points out by logarithms of densities. Off, by the densities themselves: far from every Gaussian all of them are rounded to 0, and 0/0 is no share.",
            seldom: true,
        }
        initial_variance as "initialVariance": f64 {
            group: Fit, label: "Starting variance", unit: "", restarts: true, lead: false,
            kind: Kind::logarithmic_or_zero(1e-12, 1e12, 0.0),
            help: "Variance of every Gaussian at the start, in squared units of the data; 0 takes the data’s own covariance.",
            seldom: true,
        }
        minimum_variance as "minimumVariance": f64 {
            group: Fit, label: "Minimum variance", unit: "", restarts: true, lead: false,
            kind: Kind::logarithmic_or_zero(1e-12, 1e12, 0.0),
            help: "No Gaussian gets narrower than this, in squared units of the data; 0 takes a millionth of the data’s mean variance.",
            seldom: true,
        }
        regularization as "regularization": f64 {
            group: Fit, label: "Regularization", unit: "", restarts: true, lead: false,
            kind: Kind::logarithmic_or_zero(1e-12, 1e12, 0.0),
            help: "Added to every variance after each iteration, like scikit-learn’s reg_covar; the likelihood may then fall.",
            seldom: true,
        }
        backend as "backend": BackendChoice {
            group: Fit, label: "Runs on", unit: "", restarts: false, lead: false,
            kind: Kind::choice::<BackendChoice>("auto"),
            help: "Auto takes the graphics processor where it is faster. Only runs on the CPU are the same everywhere, bit for bit.",
        }
        precision as "precision": Precision {
            group: Fit, label: "Precision", unit: "", restarts: true, lead: false,
            kind: Kind::choice::<Precision>("single"),
            help: "Single is the faster; double is the reference.",
            seldom: true,
        }
        speed as "speed": u32 {
            group: Transport, label: "Speed", unit: "a second", restarts: false, lead: false,
            kind: Kind::Integer { min: 1, max: 61, default: 4 },
            help: "Iterations a second; 61 is as fast as it goes.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use crate::settings::{DatasetName, Value};

    #[test]
    fn defaults_are_within_their_own_ranges() {
        let defaults = EmMixtureSettings::default();
        assert_eq!(defaults.components, 2);
        assert_eq!(defaults.dataset, DatasetName::OldFaithful);
        for setting in EmMixtureSettings::SCHEMA {
            let default = match setting.kind {
                Kind::Integer { default, .. } | Kind::Seed { default } => Value::Number(f64::from(default)),
                Kind::Number { default, .. } => Value::Number(default),
                Kind::Choice { default, .. } | Kind::List { default, .. } => Value::Text(default.to_owned()),
                Kind::Switch { default } => Value::Switch(default),
            };
            let mut settings = defaults.clone();
            assert_eq!(settings.set(setting.name, &default), Ok(None), "{}", setting.name);
            assert_eq!(settings, defaults, "{}", setting.name);
        }
    }

    #[test]
    fn values_out_of_range_are_clamped_with_a_notice() {
        let mut settings = EmMixtureSettings::default();
        let notice = settings.set("components", &Value::Number(99.0)).unwrap().unwrap();
        assert_eq!(settings.components, 16);
        assert!(notice.contains("99") && notice.contains("16"), "{notice}");
        assert!(settings.set("components", &Value::Text("3".to_owned())).unwrap().is_none());
        assert_eq!(settings.components, 3);
        assert!(settings.set("components", &Value::Number(2.5)).unwrap().is_some());
        assert!(settings.set("tolerance", &Value::Number(0.0)).unwrap().is_none());
        assert!(settings.set("tolerance", &Value::Number(-1.0)).unwrap().is_some());
        assert!(settings.set("seed", &Value::Number(f64::INFINITY)).unwrap().is_some());
    }

    #[test]
    fn values_of_the_wrong_kind_are_refused() {
        let mut settings = EmMixtureSettings::default();
        for (name, value) in [
            ("components", Value::Text("many".to_owned())),
            ("components", Value::Number(f64::NAN)),
            ("components", Value::Switch(true)),
            ("covarianceType", Value::Text("round".to_owned())),
            ("nonsense", Value::Number(1.0)),
        ] {
            assert!(matches!(settings.set(name, &value), Err(Error::Setting { .. })), "{name}");
        }
        assert_eq!(settings, EmMixtureSettings::default());
    }

    #[test]
    fn only_some_settings_restart() {
        let start = EmMixtureSettings::default();
        let mut changed = start.clone();
        changed.set("tolerance", &Value::Number(0.1)).unwrap();
        assert!(!changed.restarts_from(&start));
        changed.set("seed", &Value::Number(5.0)).unwrap();
        assert!(changed.restarts_from(&start));
    }
}
