//! Settings of the `sparse-mixture` experiment.

use super::{BackendChoice, Kind, Precision, Standardization, choices, mixture_settings};

choices! {
    /// Which constant the cost has; the fit is the same with both.
    pub enum CostConstant {
        /// That of the formula: minus the mean log-likelihood, plus the penalty.
        Formula = "formula", "Formula";
        /// Lower by (D/2) ln π, as the tutorial's code computes it.
        Tutorial = "tutorial", "Tutorial’s code";
    }
}

choices! {
    /// How a gradient becomes a step.
    pub enum GradientRule {
        /// Adam as PyTorch has it, β₁ = 0.9, β₂ = 0.999, ε = 1e-8.
        Adam = "adam", "Adam";
        /// Gradient descent that keeps nine tenths of its last step.
        Momentum = "momentum", "Momentum";
        /// Plain gradient descent.
        Sgd = "sgd", "SGD";
    }
}

mixture_settings! {
    dataset: "spiral", points: 10_000, paths: false, seed_help: "Draws other points of the same kind.";
    /// Settings of a sparse mixture by gradient descent and of the data that it is fitted to.
    pub struct SparseMixtureSettings {
        standardize as "standardize": Standardization {
            group: Data, label: "Standardize", unit: "", restarts: true, lead: false,
            kind: Kind::choice::<Standardization>("none"),
            help: "Unit square: each column goes from 0 to 1, for which the start is made. Unit variance: one factor for all columns. Per column: each gets the variance 1.",
        }
        components as "components": u32 {
            group: Model, label: "Components", unit: "", restarts: true, lead: false,
            kind: Kind::Integer { min: 1, max: 64, default: 30 },
            help: "How many Gaussians there are at the start; the penalty turns off those that are not needed.",
        }
        sparsity as "sparsity": f64 {
            group: Model, label: "Sparsity", unit: "", restarts: false, lead: true,
            kind: Kind::logarithmic_or_zero(0.1, 1_000.0, 20.0),
            help: "How much a Gaussian costs: the higher, the fewer are left; 0 keeps all that help.",
        }
        off_below as "offBelow": f64 {
            group: Model, label: "Off below", unit: "", restarts: false, lead: false,
            kind: Kind::logarithmic(1e-6, 0.5, 0.001),
            help: "A Gaussian whose weight is below this counts as off; the fit itself keeps it.",
            seldom: true,
        }
        seed as "seed": u32 {
            group: Fit, label: "Seed", unit: "", restarts: true, lead: false,
            kind: Kind::Seed { default: 8 },
            help: "Chooses the starting centres. Another seed may end elsewhere.",
        }
        initial_factor as "initialFactor": f64 {
            group: Fit, label: "Starting factor", unit: "", restarts: true, lead: false,
            kind: Kind::logarithmic(1e-3, 1e4, 15.0),
            help: "One over the standard deviation of every Gaussian at the start, in the units of the standardized data: A is this times the identity.",
            seldom: true,
        }
        optimizer as "optimizer": GradientRule {
            group: Fit, label: "Optimizer", unit: "", restarts: true, lead: false,
            kind: Kind::choice::<GradientRule>("adam"),
            help: "How a gradient becomes a step: Adam, momentum of 0.9, or plain gradient descent.",
        }
        learning_rate as "learningRate": f64 {
            group: Fit, label: "Learning rate", unit: "", restarts: false, lead: false,
            kind: Kind::logarithmic(1e-6, 1_000.0, 0.1),
            help: "The length of a step. Too long a step makes the fit jump about or diverge.",
        }
        clear_gradients as "clearGradients": bool {
            group: Fit, label: "Clear gradients", unit: "", restarts: true, lead: false,
            kind: Kind::Switch { default: true },
            help: "Off runs the tutorial’s published text, which has lost a line: each step takes the sum of all gradients so far, until a weight is 0 and the gradient not a number.",
        }
        iterations as "iterations": u32 {
            group: Fit, label: "Iterations", unit: "", restarts: false, lead: false,
            kind: Kind::Integer { min: 1, max: 100_000, default: 500 },
            help: "Stops after this many iterations.",
        }
        constant as "constant": CostConstant {
            group: Fit, label: "Cost", unit: "", restarts: false, lead: false,
            kind: Kind::choice::<CostConstant>("formula"),
            help: "The tutorial’s code leaves a constant out of the cost, which is then lower by ln π in the plane; the fit is the same.",
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
            help: "Single is the faster; double is the reference, and what gradients that are never cleared are summed in.",
            seldom: true,
        }
        speed as "speed": u32 {
            group: Transport, label: "Speed", unit: "a second", restarts: false, lead: false,
            kind: Kind::Integer { min: 1, max: 61, default: 30 },
            help: "Iterations a second; 61 is as fast as it goes.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::{DatasetName, Value};

    #[test]
    fn defaults_are_the_tutorials_and_within_their_own_ranges() {
        let defaults = SparseMixtureSettings::default();
        assert_eq!((defaults.components, defaults.sparsity, defaults.learning_rate), (30, 20.0, 0.1));
        assert_eq!(defaults.dataset, DatasetName::Spiral);
        for setting in SparseMixtureSettings::SCHEMA {
            let default = match setting.kind {
                Kind::Integer { default, .. } | Kind::Seed { default } => Value::Number(f64::from(default)),
                Kind::Number { default, .. } => Value::Number(default),
                Kind::Choice { default, .. } => Value::Text(default.to_owned()),
                Kind::Switch { default } => Value::Switch(default),
            };
            let mut settings = defaults.clone();
            assert_eq!(settings.set(setting.name, &default), Ok(None), "{}", setting.name);
            assert_eq!(settings, defaults, "{}", setting.name);
        }
        assert_eq!(SparseMixtureSettings::SCHEMA.iter().filter(|setting| setting.lead).count(), 1);
    }

    #[test]
    fn what_the_running_fit_takes_over_does_not_restart() {
        let start = SparseMixtureSettings::default();
        let mut changed = start.clone();
        for name in ["sparsity", "learningRate", "iterations", "offBelow", "speed"] {
            changed.set(name, &Value::Number(0.25)).unwrap();
        }
        changed.set("constant", &Value::Text("tutorial".to_owned())).unwrap();
        assert!(!changed.restarts_from(&start));
        for (name, value) in
            [("clearGradients", Value::Switch(false)), ("standardize", Value::Text("per-column".to_owned()))]
        {
            let mut changed = start.clone();
            changed.set(name, &value).unwrap();
            assert!(changed.restarts_from(&start), "{name}");
        }
    }
}
