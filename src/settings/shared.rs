//! Choices that several experiments have.

use super::choices;

choices! {
    /// Where the points come from.
    pub enum DatasetName {
        /// Eruptions of the Old Faithful geyser.
        OldFaithful = "old-faithful", "Old Faithful";
        /// Three diagonal Gaussians, drawn from a seed.
        ThreeBlobs = "three-blobs", "Three blobs";
        /// Velocities of galaxies.
        Galaxies = "galaxies", "Galaxies";
        /// Bills and flippers of penguins.
        Penguins = "penguins", "Penguins";
        /// A spiral with noise, drawn from a seed.
        Spiral = "spiral", "Spiral";
        /// Three unit Gaussians, drawn from a seed.
        ThreeClusters = "three-clusters", "Three clusters";
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
