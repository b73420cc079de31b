//! Choices that several experiments have.

use super::choices;

choices! {
    /// Where the points come from.
    pub enum DatasetName {
        /// Eruptions of the Old Faithful geyser.
        OldFaithful = "old-faithful", "Old Faithful";
        /// Velocities of galaxies.
        Galaxies = "galaxies", "Galaxies";
        /// Bills and flippers of penguins.
        Penguins = "penguins", "Penguins";
        /// Three diagonal Gaussians, drawn from a seed.
        ThreeBlobs = "three-blobs", "Three blobs";
        /// Three unit Gaussians, drawn from a seed.
        ThreeClusters = "three-clusters", "Three clusters";
        /// Three Gaussians with one slanted covariance, drawn from a seed.
        Anisotropic = "anisotropic", "Anisotropic";
        /// A large, a middling and a small Gaussian, drawn from a seed.
        UnevenSizes = "uneven-sizes", "Uneven sizes";
        /// Long thin Gaussians side by side, drawn from a seed.
        ParallelCigars = "parallel-cigars", "Parallel cigars";
        /// Three Gaussians among uniform noise, with outliers, drawn from a seed.
        Noise = "noise", "Uniform noise";
        /// Two interlocking half circles with noise, drawn from a seed.
        TwoMoons = "two-moons", "Two moons";
        /// Two circles about one centre with noise, drawn from a seed.
        Rings = "rings", "Rings";
        /// A spiral with noise, drawn from a seed.
        Spiral = "spiral", "Spiral";
        /// The visitor's.
        Own = "own", "Your own";
    }
}

choices! {
    /// The lanes that sums run on.
    pub enum Precision {
        /// f32, folded into f64.
        Single = "single", "Single";
        /// f64 throughout.
        Double = "double", "Double";
    }
}

choices! {
    /// What iterations run on.
    pub enum BackendChoice {
        /// Whichever is faster.
        Auto = "auto", "Auto";
        /// The processor's SIMD lanes.
        Cpu = "cpu", "CPU";
        /// WebGPU, an imitation in software included.
        Gpu = "gpu", "GPU";
    }
}

/// Declares the settings of a mixture: the rows that all mixtures have, with defaults that are the source's, about those of its
/// own.
macro_rules! mixture_settings {
    (
        dataset: $dataset:literal, points: $points:literal, paths: $paths:literal, seed_help: $seed_help:literal;
        $(#[$doc:meta])* pub struct $name:ident { $($rows:tt)* }
    ) => {
        $crate::settings::settings! {
            $(#[$doc])*
            pub struct $name {
                dataset as "dataset": $crate::settings::DatasetName {
                    group: Data, label: "Data set", unit: "", restarts: true, lead: false,
                    kind: $crate::settings::Kind::choice::<$crate::settings::DatasetName>($dataset),
                    help: "The points that the mixture is fitted to.",
                }
                points as "points": u32 {
                    group: Data, label: "Points", unit: "", restarts: true, lead: false,
                    kind: $crate::settings::Kind::Integer { min: 100, max: 1_000_000, default: $points },
                    help: "How many points are drawn.",
                    only: "dataset" = [
                        "three-blobs", "three-clusters", "anisotropic", "uneven-sizes", "parallel-cigars", "noise",
                        "two-moons", "rings", "spiral"
                    ],
                }
                noise as "noise": f64 {
                    group: Data, label: "Noise", unit: "", restarts: true, lead: false,
                    kind: $crate::settings::Kind::linear(0.0, 0.2, 0.02),
                    help: "How far the points are from the spiral: a standard deviation along each axis.",
                    only: "dataset" = ["spiral"],
                }
                data_seed as "dataSeed": u32 {
                    group: Data, label: "Data seed", unit: "", restarts: true, lead: false,
                    kind: $crate::settings::Kind::Seed { default: 3 },
                    help: $seed_help,
                    only: "dataset" = [
                        "three-blobs", "three-clusters", "anisotropic", "uneven-sizes", "parallel-cigars", "noise",
                        "two-moons", "rings", "spiral"
                    ],
                }
                $($rows)*
                show_density as "showDensity": bool {
                    group: View, label: "Density", unit: "", restarts: false, lead: false,
                    kind: $crate::settings::Kind::Switch { default: true },
                    help: "Draws the density of the mixture: as shades behind the points, or as curves over a line.",
                }
                show_points as "showPoints": bool {
                    group: View, label: "Points", unit: "", restarts: false, lead: false,
                    kind: $crate::settings::Kind::Switch { default: true },
                    help: "Draws the points, in the mixed colours of the Gaussians that they may have come from.",
                }
                show_ellipses as "showEllipses": bool {
                    group: View, label: "Ellipses, 1σ and 2σ", unit: "", restarts: false, lead: false,
                    kind: $crate::settings::Kind::Switch { default: true },
                    help: "Draws each Gaussian at one and two standard deviations.",
                }
                show_paths as "showPaths": bool {
                    group: View, label: "Paths", unit: "", restarts: false, lead: false,
                    kind: $crate::settings::Kind::Switch { default: $paths },
                    help: "Draws the way that each mean has come.",
                }
                show_truth as "showTruth": bool {
                    group: View, label: "Truth", unit: "", restarts: false, lead: false,
                    kind: $crate::settings::Kind::Switch { default: true },
                    help: "Draws the Gaussians that the points were drawn from, dashed, and says which were found; only where they are known.",
                    only: "dataset" = [
                        "three-blobs", "three-clusters", "anisotropic", "uneven-sizes", "parallel-cigars", "noise"
                    ],
                }
            }
        }

        impl $name {
            /// What is drawn.
            #[must_use]
            pub fn layers(&self) -> $crate::settings::Layers {
                $crate::settings::Layers {
                    density: self.show_density,
                    points: self.show_points,
                    ellipses: self.show_ellipses,
                    paths: self.show_paths,
                    truth: self.show_truth,
                    ..$crate::settings::Layers::default()
                }
            }
        }
    };
}
pub(crate) use mixture_settings;
