//! Settings of the `bump`, `gaussian-bump` and `bump-sweep` experiments.

use super::{BackendChoice, Kind, Precision, choices, settings};

choices! {
    /// The forms of the bump layer; all train side by side, and one is in front.
    pub enum BumpForm {
        /// exp(−1/(1 − x²)) where x < σ, else 0: σ is only compared with x, so it has no gradient.
        Asked = "asked", "As asked";
        /// exp(−σ/(σ − x²)) where |x| < σ, by one `where`: its gradient is NaN once the unused branch is not finite.
        SingleWhere = "single-where", "Single where";
        /// The same with a safe input in the unused branch: overflows between √σ and σ.
        DoubleWhere = "double-where", "Double where";
        /// exp(−σ/(σ − x²)) where |x| < √σ.
        Safe = "safe", "Safe";
        /// exp(−σ²/(σ² − x²)) where |x| < σ.
        Squared = "squared", "Squared";
        /// a exp(−b (x − c)²).
        Gaussian = "gaussian", "Gaussian";
    }
}

choices! {
    /// The bump that targets are made of.
    pub enum BumpTarget {
        /// exp(−σ/(σ − x²)) where |x| < σ: the source's condition.
        Source = "source", "|x| < σ";
        /// exp(−σ/(σ − x²)) where |x| < √σ: the bump's own support.
        Corrected = "corrected", "|x| < √σ";
        /// exp(−σ²/(σ² − x²)) where |x| < σ.
        Squared = "squared", "Squared";
    }
}

choices! {
    /// How the parameters of a bump are moved.
    pub enum BumpOptimizer {
        /// Adam in Keras's form, one batch a step.
        Adam = "adam", "Adam";
        /// Gradient descent that keeps 0.9 of the last step, one batch a step.
        Momentum = "momentum", "Momentum";
        /// Plain gradient descent, one batch a step.
        Sgd = "sgd", "SGD";
        /// Least squares over all points a step.
        LevenbergMarquardt = "levenberg-marquardt", "Levenberg–M.";
    }
}

choices! {
    /// How the sweep fits each σ.
    pub enum SweepMethod {
        /// The source's: Adam, 3 epochs below σ = 1, 5 below 5, else 10.
        BySigma = "by-sigma", "3, 5, 10 epochs";
        /// Adam, 3 epochs for every σ.
        Three = "three", "3 epochs";
        /// Least squares with the safe form.
        LevenbergMarquardt = "levenberg-marquardt", "Levenberg–M.";
    }
}

settings! {
    /// Settings of the bump layer and of the data that it is fitted to.
    pub struct BumpSettings {
        form as "form": BumpForm {
            group: Model, label: "Form", unit: "", restarts: false, lead: true,
            kind: Kind::choice::<BumpForm>("double-where"),
            help: "The form in front; all of them train side by side on the same batches.",
        }
        true_sigma as "trueSigma": f64 {
            group: Data, label: "True σ", unit: "", restarts: true, lead: false,
            kind: Kind::logarithmic(0.01, 10.0, 0.5),
            help: "The σ that the targets are made of; feature k of F has the part (F + 1 − k)/F of it.",
        }
        range as "range": f64 {
            group: Data, label: "Range of x", unit: "", restarts: true, lead: false,
            kind: Kind::logarithmic(0.01, 10.0, 0.1),
            help: "Inputs are drawn evenly between minus this and this; beyond 1 the source’s layer overflows.",
        }
        target as "target": BumpTarget {
            group: Data, label: "Targets", unit: "", restarts: true, lead: false,
            kind: Kind::choice::<BumpTarget>("source"),
            help: "Where the bump behind the targets ends: the source’s condition, the bump’s own support, or the squared form.",
        }
        tanh as "tanh": bool {
            group: Data, label: "tanh in front", unit: "", restarts: true, lead: false,
            kind: Kind::Switch { default: false },
            help: "Inputs go through tanh first: between −1 and 1 no bump overflows.",
        }
        filter_targets as "filterTargets": bool {
            group: Data, label: "Filter targets", unit: "", restarts: true, lead: false,
            kind: Kind::Switch { default: true },
            help: "Rows whose target is too large for single precision are drawn again; where they are kept, they stop every form.",
        }
        points as "points": u32 {
            group: Data, label: "Points", unit: "", restarts: true, lead: false,
            kind: Kind::Integer { min: 100, max: 1_000_000, default: 100_000 },
            help: "How many inputs are drawn.",
            seldom: true,
        }
        data_seed as "dataSeed": u32 {
            group: Data, label: "Data seed", unit: "", restarts: true, lead: false,
            kind: Kind::Seed { default: 3 },
            help: "Draws other inputs.",
        }
        features as "features": u32 {
            group: Data, label: "Features", unit: "", restarts: true, lead: false,
            kind: Kind::Integer { min: 1, max: 4, default: 1 },
            help: "Columns of the input; the layer gives one output for each.",
            seldom: true,
        }
        per_feature as "perFeature": bool {
            group: Model, label: "One bump a feature", unit: "", restarts: true, lead: false,
            kind: Kind::Switch { default: false },
            help: "Each feature learns parameters of its own instead of sharing one set.",
            seldom: true,
        }
        start_below as "startBelow": f64 {
            group: Fit, label: "Start σ below", unit: "", restarts: true, lead: false,
            kind: Kind::logarithmic(0.001, 10.0, 0.1),
            help: "σ starts anywhere between 0 and this; that of the form as asked between −√3 and √3.",
            seldom: true,
        }
        seed as "seed": u32 {
            group: Fit, label: "Seed", unit: "", restarts: true, lead: false,
            kind: Kind::Seed { default: 11 },
            help: "Draws the starting σ and shuffles the batches.",
        }
        optimizer as "optimizer": BumpOptimizer {
            group: Fit, label: "Optimizer", unit: "", restarts: true, lead: false,
            kind: Kind::choice::<BumpOptimizer>("adam"),
            help: "Adam, momentum and SGD take one batch a step; Levenberg–Marquardt takes all points.",
        }
        learning_rate as "learningRate": f64 {
            group: Fit, label: "Learning rate", unit: "", restarts: false, lead: false,
            kind: Kind::logarithmic(1e-6, 1e6, 1e-3),
            help: "How far one step goes; Levenberg–Marquardt finds that by itself.",
            only: "optimizer" = ["adam", "momentum", "sgd"],
        }
        batch_size as "batchSize": u32 {
            group: Fit, label: "Batch", unit: "", restarts: true, lead: false,
            kind: Kind::Integer { min: 1, max: 100_000, default: 32 },
            help: "Points a step; they are shuffled anew each epoch.",
            only: "optimizer" = ["adam", "momentum", "sgd"],
        }
        epochs as "epochs": u32 {
            group: Fit, label: "Epochs", unit: "", restarts: false, lead: false,
            kind: Kind::Integer { min: 1, max: 1_000, default: 5 },
            help: "How often the fit goes through all points; Levenberg–Marquardt may do 20 steps an epoch.",
        }
        backend as "backend": BackendChoice {
            group: Fit, label: "Runs on", unit: "", restarts: false, lead: false,
            kind: Kind::choice::<BackendChoice>("auto"),
            help: "Auto takes the graphics processor where it is faster. Only runs on the CPU are the same everywhere, bit for bit.",
        }
        precision as "precision": Precision {
            group: Fit, label: "Precision", unit: "", restarts: true, lead: false,
            kind: Kind::choice::<Precision>("single"),
            help: "Single is what the source’s layer computes in, with its overflows; double is the reference.",
            seldom: true,
        }
        speed as "speed": u32 {
            group: Transport, label: "Speed", unit: "a second", restarts: false, lead: false,
            kind: Kind::Integer { min: 1, max: 10_001, default: 1_000 },
            help: "Steps a second; 10,001 is as fast as it goes.",
        }
        look_at as "lookAt": f64 {
            group: View, label: "σ to look at", unit: "", restarts: false, lead: false,
            kind: Kind::linear(0.0, 5.0, 0.0),
            help: "Draws every form at this σ; at 0 each is drawn at the σ that it has learned.",
        }
    }
}

settings! {
    /// Settings of the sweep: σ = 0.1, 0.2 … 9.9, one fit each, on x between −1 and 1.
    pub struct SweepSettings {
        method as "method": SweepMethod {
            group: Fit, label: "Each σ by", unit: "", restarts: true, lead: true,
            kind: Kind::choice::<SweepMethod>("by-sigma"),
            help: "Large σ need more epochs; Levenberg–Marquardt needs a few steps for any.",
        }
        points as "points": u32 {
            group: Data, label: "Points", unit: "", restarts: true, lead: false,
            kind: Kind::Integer { min: 100, max: 1_000_000, default: 100_000 },
            help: "How many inputs are drawn for each σ.",
            seldom: true,
        }
        data_seed as "dataSeed": u32 {
            group: Data, label: "Data seed", unit: "", restarts: true, lead: false,
            kind: Kind::Seed { default: 3 },
            help: "Draws other inputs.",
        }
        seed as "seed": u32 {
            group: Fit, label: "Seed", unit: "", restarts: true, lead: false,
            kind: Kind::Seed { default: 11 },
            help: "Draws the starting σ and shuffles the batches.",
        }
        learning_rate as "learningRate": f64 {
            group: Fit, label: "Learning rate", unit: "", restarts: false, lead: false,
            kind: Kind::logarithmic(1e-6, 1e6, 1e-3),
            help: "How far one step of Adam goes.",
            only: "method" = ["by-sigma", "three"],
        }
        batch_size as "batchSize": u32 {
            group: Fit, label: "Batch", unit: "", restarts: true, lead: false,
            kind: Kind::Integer { min: 1, max: 100_000, default: 32 },
            help: "Points a step; they are shuffled anew each epoch.",
            only: "method" = ["by-sigma", "three"],
        }
        precision as "precision": Precision {
            group: Fit, label: "Precision", unit: "", restarts: true, lead: false,
            kind: Kind::choice::<Precision>("single"),
            help: "Single is what the source’s layer computes in; double is the reference.",
            seldom: true,
        }
        speed as "speed": u32 {
            group: Transport, label: "Speed", unit: "a second", restarts: false, lead: false,
            kind: Kind::Integer { min: 1, max: 1_001, default: 1_001 },
            help: "Epochs a second; 1,001 is as fast as it goes.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::{Setting, Value};

    fn default_value(setting: &Setting) -> Value {
        match setting.kind {
            Kind::Integer { default, .. } | Kind::Seed { default } => Value::Number(f64::from(default)),
            Kind::Number { default, .. } => Value::Number(default),
            Kind::Choice { default, .. } | Kind::List { default, .. } => Value::Text(default.to_owned()),
            Kind::Switch { default } => Value::Switch(default),
        }
    }

    #[test]
    fn defaults_are_the_sources_and_within_their_own_ranges() {
        let defaults = BumpSettings::default();
        assert_eq!((defaults.true_sigma, defaults.range, defaults.points), (0.5, 0.1, 100_000));
        assert_eq!((defaults.learning_rate, defaults.batch_size, defaults.epochs), (1e-3, 32, 5));
        for setting in BumpSettings::SCHEMA {
            let mut settings = defaults.clone();
            assert_eq!(settings.set(setting.name, &default_value(setting)), Ok(None), "{}", setting.name);
            assert_eq!(settings, defaults, "{}", setting.name);
        }
        let defaults = SweepSettings::default();
        for setting in SweepSettings::SCHEMA {
            let mut settings = defaults.clone();
            assert_eq!(settings.set(setting.name, &default_value(setting)), Ok(None), "{}", setting.name);
            assert_eq!(settings, defaults, "{}", setting.name);
        }
    }

    #[test]
    fn front_learning_rate_and_epochs_act_on_the_running_fit() {
        let start = BumpSettings::default();
        let mut changed = start.clone();
        for (name, value) in [
            ("form", Value::Text("safe".to_owned())),
            ("learningRate", Value::Number(0.1)),
            ("epochs", Value::Number(9.0)),
            ("speed", Value::Number(5.0)),
        ] {
            changed.set(name, &value).unwrap();
        }
        assert!(!changed.restarts_from(&start));
        changed.set("range", &Value::Number(4.0)).unwrap();
        assert!(changed.restarts_from(&start));
    }
}
