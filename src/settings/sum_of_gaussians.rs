//! Settings of the `sum-of-gaussians` experiment and its one-dimensional relatives.

use super::{BackendChoice, Kind, Layers, Precision, choices, settings};

choices! {
    /// Which entries of a factor A count, and where ε goes.
    pub enum FactorShape {
        /// Σ = A Aᵀ + εI.
        Full = "full", "Full";
        /// Σ = U Uᵀ + εI with U the upper triangle of A.
        Upper = "upper", "Upper triangle";
        /// Σ = U Uᵀ with D ε added to every entry: what the authors' code computes where it means εI.
        UpperEverywhere = "upper-everywhere", "Authors’ quirk";
        /// Σ = A, symmetric part: the naive layer. Nothing keeps it positive definite.
        Covariance = "covariance", "Σ itself";
    }
}

choices! {
    /// Where the factors start, and the amplitudes with them.
    pub enum FactorStart {
        /// A = I, or a root of the inputs' covariance for the visitor's own data; amplitudes 1.
        Identity = "identity", "Identity";
        /// Keras's default for arrays of shape (K, D, D) and (K).
        Glorot = "glorot", "Glorot";
    }
}

choices! {
    /// Where the samples come from.
    pub enum SumOfGaussiansDataset {
        /// The source's random problem: four Gaussians in a square, drawn from a seed.
        FourGaussians = "four-gaussians", "Four Gaussians";
        /// Two cities on a line and ten stores that know their visitors only.
        TwoCities = "two-cities", "Two cities";
        /// One Gaussian on a line, for two to share.
        Compositions = "compositions", "Compositions";
        /// The visitor's.
        Own = "own", "Your own";
    }
}

choices! {
    /// Where the centres start.
    pub enum SumOfGaussiansInitialization {
        /// Uniformly in a box.
        Box = "box", "Box";
        /// Keras's default, near the origin wherever the data are.
        Glorot = "glorot", "Glorot";
        /// Different points of the data, all equally likely.
        Points = "points", "Points";
        /// Points with large targets that are far from one another.
        KmeansPlusPlus = "kmeans++", "k-means++";
        /// The centres of k-means, each point weighted by max(y, 0).
        Kmeans = "kmeans", "k-means";
        /// The centres of k-means of the inputs alone, as the source literally says.
        KmeansUnweighted = "kmeans-unweighted", "k-means, plain";
    }
}

choices! {
    /// How the parameters are moved.
    pub enum SumOfGaussiansOptimizer {
        /// Adam in Keras's form, one batch a step.
        Adam = "adam", "Adam";
        /// Gradient descent that keeps 0.9 of the last step, one batch a step.
        Momentum = "momentum", "Momentum";
        /// Plain gradient descent, one batch a step.
        Sgd = "sgd", "SGD";
        /// Least squares over all points a step.
        LevenbergMarquardt = "levenberg-marquardt", "Levenberg–M.";
        /// One Gaussian after another where the residual is largest, with least squares in between.
        ResidualPeaks = "residual-peaks", "Residual peaks";
    }
}

choices! {
    /// The figures of a sum of Gaussians in the plane: one is large, the others are small beside it.
    pub enum SumFigure {
        /// What was learned, glowing, with its contours, and the true Gaussians dashed.
        Gaussians = "gaussians", "Gaussians";
        /// What the targets were made of; where nobody knows, the targets.
        Truth = "truth", "Truth";
        /// What the sum predicts.
        Prediction = "prediction", "Prediction";
        /// What it predicts less what is true; where nobody knows, less the targets.
        Difference = "difference", "Difference";
        /// Where the centres were, epoch by epoch.
        Centres = "centres", "Centres by epoch";
        /// The errors and the penalties, epoch by epoch.
        Loss = "loss", "Loss";
    }
}

settings! {
    /// Settings of a sum of Gaussians and of the data that it is fitted to.
    pub struct SumOfGaussiansSettings {
        dataset as "dataset": SumOfGaussiansDataset {
            group: Data, label: "Data set", unit: "", restarts: true, lead: false,
            kind: Kind::choice::<SumOfGaussiansDataset>("four-gaussians"),
            help: "The samples that the sum is fitted to.",
        }
        points as "points": u32 {
            group: Data, label: "Points", unit: "", restarts: true, lead: false,
            kind: Kind::Integer { min: 2, max: 1_000_000, default: 10_000 },
            help: "How many points are drawn to be fitted to; those to test on are others.",
            only: "dataset" = ["four-gaussians", "two-cities", "compositions"],
        }
        true_gaussians as "trueGaussians": u32 {
            group: Data, label: "True Gaussians", unit: "", restarts: true, lead: false,
            kind: Kind::Integer { min: 1, max: 12, default: 4 },
            help: "How many Gaussians the targets are made of; fewer are the first of more.",
            only: "dataset" = ["four-gaussians"],
        }
        domain as "domain": f64 {
            group: Data, label: "Domain ±", unit: "", restarts: true, lead: false,
            kind: Kind::logarithmic(1.0, 100.0, 8.0),
            help: "Points and true centres lie between minus this and this, along both axes; the Gaussians keep their widths.",
            only: "dataset" = ["four-gaussians"],
        }
        data_seed as "dataSeed": u32 {
            group: Data, label: "Data seed", unit: "", restarts: true, lead: false,
            kind: Kind::Seed { default: 1 },
            help: "Draws other true Gaussians and other points.",
            only: "dataset" = ["four-gaussians", "two-cities", "compositions"],
        }
        noise as "noise": f64 {
            group: Data, label: "Noise", unit: "%", restarts: true, lead: false,
            kind: Kind::linear(0.0, 100.0, 0.0),
            help: "Standard deviation of the noise on the targets, in percent of that of the targets.",
            only: "dataset" = ["four-gaussians", "two-cities", "compositions"],
        }
        components as "components": u32 {
            group: Model, label: "Components", unit: "", restarts: true, lead: true,
            kind: Kind::Integer { min: 1, max: 32, default: 6 },
            help: "How many Gaussians you let it use; residual peaks take as many as they need, up to this.",
        }
        factor_shape as "factorShape": FactorShape {
            group: Model, label: "Factor", unit: "", restarts: true, lead: false,
            kind: Kind::choice::<FactorShape>("full"),
            help: "Covariances are A·Aᵀ + εI. Full: all of A. Upper: its upper triangle. The authors’ code adds ε to every entry. Σ itself may stop being a covariance.",
        }
        epsilon as "epsilon": f64 {
            group: Model, label: "ε", unit: "", restarts: true, lead: false,
            kind: Kind::logarithmic_or_zero(1e-12, 1.0, 1e-6),
            help: "Keeps covariances invertible, in squared units of the inputs.",
            seldom: true,
            only: "factorShape" = ["full", "upper", "upper-everywhere"],
        }
        initialization as "initialization": SumOfGaussiansInitialization {
            group: Fit, label: "Start", unit: "", restarts: true, lead: false,
            kind: Kind::choice::<SumOfGaussiansInitialization>("box"),
            help: "Starting centres: in a box, near the origin as Keras has it, at points of the data, or by k-means.",
            only: "optimizer" = ["adam", "momentum", "sgd", "levenberg-marquardt"],
        }
        factor_start as "factorStart": FactorStart {
            group: Fit, label: "Widths start", unit: "", restarts: true, lead: false,
            kind: Kind::choice::<FactorStart>("identity"),
            help: "Identity: circles of width 1 and amplitudes of 1. Glorot: at random, as Keras has it where nobody says otherwise.",
            seldom: true,
            only: "optimizer" = ["adam", "momentum", "sgd", "levenberg-marquardt"],
        }
        seed as "seed": u32 {
            group: Fit, label: "Seed", unit: "", restarts: true, lead: false,
            kind: Kind::Seed { default: 1 },
            help: "Draws the starting centres and the order of the points in each epoch.",
            only: "optimizer" = ["adam", "momentum", "sgd", "levenberg-marquardt"],
        }
        centers_min as "centersMin": f64 {
            group: Fit, label: "Centres from", unit: "", restarts: true, lead: false,
            kind: Kind::linear(-1e6, 1e6, -8.0),
            help: "Lower end of the box in which centres start; it follows the domain, and with your own data it is the data’s box.",
            seldom: true,
            only: "initialization" = ["box"],
        }
        centers_max as "centersMax": f64 {
            group: Fit, label: "Centres to", unit: "", restarts: true, lead: false,
            kind: Kind::linear(-1e6, 1e6, 8.0),
            help: "Upper end of the box in which centres start; it follows the domain, and with your own data it is the data’s box.",
            seldom: true,
            only: "initialization" = ["box"],
        }
        optimizer as "optimizer": SumOfGaussiansOptimizer {
            group: Fit, label: "Optimizer", unit: "", restarts: true, lead: false,
            kind: Kind::choice::<SumOfGaussiansOptimizer>("adam"),
            help: "Adam, momentum and SGD follow the gradient of one batch after another. Levenberg–Marquardt takes all points. Residual peaks start from nothing and add one Gaussian at a time.",
        }
        learning_rate as "learningRate": f64 {
            group: Fit, label: "Learning rate", unit: "", restarts: false, lead: false,
            kind: Kind::logarithmic_or_zero(1e-6, 1e3, 1e-3),
            help: "Scales every step; too large a rate diverges.",
            only: "optimizer" = ["adam", "momentum", "sgd"],
        }
        amplitude_l1 as "amplitudeL1": f64 {
            group: Fit, label: "Amplitude penalty", unit: "", restarts: false, lead: false,
            kind: Kind::logarithmic_or_zero(1e-6, 10.0, 1e-3),
            help: "Times the sum of the amplitudes: pushes those that are not needed to 0.",
            only: "optimizer" = ["adam", "momentum", "sgd"],
        }
        spread as "spread": f64 {
            group: Fit, label: "Spread penalty", unit: "", restarts: false, lead: false,
            kind: Kind::logarithmic_or_zero(1e-3, 1e3, 1.0),
            help: "Divided by the mean distance between centres: pushes them apart.",
            only: "optimizer" = ["adam", "momentum", "sgd"],
        }
        non_negative as "nonNegative": bool {
            group: Fit, label: "Amplitudes ≥ 0", unit: "", restarts: false, lead: false,
            kind: Kind::Switch { default: true },
            help: "Sets amplitudes below 0 to 0 after each step.",
        }
        batch_size as "batchSize": u32 {
            group: Fit, label: "Batch", unit: "points", restarts: true, lead: false,
            kind: Kind::Integer { min: 1, max: 65_536, default: 32 },
            help: "Points a step; each epoch takes all of them once, in a new order.",
            only: "optimizer" = ["adam", "momentum", "sgd"],
        }
        epochs as "epochs": u32 {
            group: Fit, label: "Epochs", unit: "", restarts: false, lead: false,
            kind: Kind::Integer { min: 1, max: 100_000, default: 1_000 },
            help: "Stops after this many passes over the points; least squares take one a step.",
        }
        prune_every as "pruneEvery": u32 {
            group: Fit, label: "Prune every", unit: "steps", restarts: false, lead: false,
            kind: Kind::Integer { min: 0, max: 10_000_000, default: 0 },
            help: "Removes the Gaussian that is missed least after every so many steps; 0 never does.",
            seldom: true,
            only: "optimizer" = ["adam", "momentum", "sgd", "levenberg-marquardt"],
        }
        prune_to as "pruneTo": u32 {
            group: Fit, label: "Prune to", unit: "", restarts: false, lead: false,
            kind: Kind::Integer { min: 1, max: 32, default: 4 },
            help: "Stops pruning when this many Gaussians are left.",
            seldom: true,
            only: "optimizer" = ["adam", "momentum", "sgd", "levenberg-marquardt"],
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
            kind: Kind::Integer { min: 1, max: 10_001, default: 10_001 },
            help: "Steps a second; 10,001 is as fast as it goes.",
        }
        show_prediction as "showPrediction": bool {
            group: View, label: "Prediction", unit: "", restarts: false, lead: false,
            kind: Kind::Switch { default: true },
            help: "Draws what the Gaussians add up to: a glow in their colours, or a curve over a line.",
            only: "figure" = ["gaussians"],
        }
        show_ellipses as "showEllipses": bool {
            group: View, label: "Contours", unit: "", restarts: false, lead: false,
            kind: Kind::Switch { default: true },
            help: "Draws each Gaussian’s contours at half a standard deviation to two and a half; over a line, its curve.",
            only: "figure" = ["gaussians"],
        }
        show_truth as "showTruth": bool {
            group: View, label: "Truth", unit: "", restarts: false, lead: false,
            kind: Kind::Switch { default: true },
            help: "Draws the Gaussians that the targets were made of, dashed, where they are known.",
        }
        show_paths as "showPaths": bool {
            group: View, label: "Paths", unit: "", restarts: false, lead: false,
            // The figure of the centres shows them already.
            kind: Kind::Switch { default: false },
            help: "Draws the way that each centre has come.",
            only: "figure" = ["gaussians"],
        }
        figure as "figure": SumFigure {
            group: View, label: "Large figure", unit: "", restarts: false, lead: false,
            kind: Kind::choice::<SumFigure>("gaussians"),
            help: "Which figure is the large one; a press on a small one swaps them.",
            only: "dataset" = ["four-gaussians", "own"],
        }
        squared_difference as "squaredDifference": bool {
            group: View, label: "Difference squared", unit: "", restarts: false, lead: false,
            kind: Kind::Switch { default: false },
            help: "Draws the square of the difference, as the authors did; else what is too high and what too low.",
            only: "figure" = ["difference"],
        }
        show_figures as "showFigures": bool {
            group: View, label: "Small figures", unit: "", restarts: false, lead: false,
            kind: Kind::Switch { default: true },
            help: "Draws the other figures small beside the large one.",
            only: "dataset" = ["four-gaussians", "own"],
        }
    }
}

impl SumOfGaussiansSettings {
    /// What is drawn.
    #[must_use]
    pub fn layers(&self) -> Layers {
        Layers {
            prediction: self.show_prediction,
            ellipses: self.show_ellipses,
            truth: self.show_truth,
            paths: self.show_paths,
            figure: self.figure,
            squared_difference: self.squared_difference,
            figures: self.show_figures,
            ..Layers::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Value;

    #[test]
    fn defaults_are_those_of_the_source_and_within_their_own_ranges() {
        let defaults = SumOfGaussiansSettings::default();
        assert_eq!((defaults.components, defaults.batch_size, defaults.epochs), (6, 32, 1_000));
        assert_eq!((defaults.learning_rate, defaults.amplitude_l1, defaults.spread), (1e-3, 1e-3, 1.0));
        assert_eq!((defaults.centers_min, defaults.centers_max, defaults.epsilon), (-8.0, 8.0, 1e-6));
        for setting in SumOfGaussiansSettings::SCHEMA {
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
    fn rates_penalties_and_pruning_act_on_the_running_fit() {
        let start = SumOfGaussiansSettings::default();
        for name in ["learningRate", "amplitudeL1", "spread", "epochs", "pruneEvery", "pruneTo", "speed"] {
            let mut changed = start.clone();
            changed.set(name, &Value::Number(2.0)).unwrap();
            assert_ne!(changed, start, "{name}");
            assert!(!changed.restarts_from(&start), "{name}");
        }
        let mut changed = start.clone();
        changed.set("batchSize", &Value::Number(2_048.0)).unwrap();
        assert!(changed.restarts_from(&start));
    }
}
