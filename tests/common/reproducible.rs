//! The same seed and settings give the same bits.

use gaussian_playground::experiment::Experiment;
use gaussian_playground::settings::ExperimentName;

use super::fits::{em_snapshot, experiment, number, points_of, text};

/// FNV-1a over the bits of the numbers.
fn hash<'a>(numbers: impl IntoIterator<Item = &'a f64>) -> u64 {
    numbers
        .into_iter()
        .flat_map(|number| number.to_bits().to_le_bytes())
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Every data set, with the hash of its points and, in WebAssembly, of the parameters after 100 iterations.
const HASHES: [(&str, u64, u64); 12] = [
    ("old-faithful", 0x4441_54e4_8a9d_ee05, 0xaefb_a2d0_74a1_bd16),
    ("three-blobs", 0xbb52_9231_e761_e560, 0x1813_fc43_c43d_e079),
    ("galaxies", 0x79ed_4dc8_5449_b866, 0x1d01_995d_74ac_560f),
    ("penguins", 0xe29c_fa79_1b80_bc55, 0xd492_5457_ec7c_392d),
    ("anisotropic", 0x1812_340a_4d67_6ee0, 0xd335_4c06_cae4_e8e4),
    ("uneven-sizes", 0xf975_bdb3_d514_ac54, 0x18af_7dcf_240f_ed31),
    ("parallel-cigars", 0x37ff_efda_9b64_6ff5, 0x0c8a_e8ac_8f96_dc1b),
    ("noise", 0xd7b4_ff70_520a_c2fe, 0x9e16_fe5a_ffd2_5dcf),
    ("two-moons", 0xb32c_91af_a0e7_0531, 0x75bb_f901_ccf5_8128),
    ("rings", 0x50ba_ab34_4681_01ec, 0x254e_31e3_34fe_9aad),
    ("three-clusters", 0xbf04_9d3e_07b3_fc88, 0x7c7e_f8b5_62dc_a631),
    ("spiral", 0x063b_b4ee_abc3_f9bb, 0x62ab_4d00_2661_3a9b),
];

fn opened(dataset: &str) -> Experiment {
    experiment(&[text("dataset", dataset), number("tolerance", 0.0)])
}

pub fn recipes_make_the_same_data_everywhere() {
    let found = HASHES.map(|(name, _, _)| (name, hash(points_of(&opened(name)).values())));
    assert_eq!(found, HASHES.map(|(name, data, _)| (name, data)), "{found:#x?}");
    let other = experiment(&[text("dataset", "three-blobs"), number("dataSeed", 4.0)]);
    assert_ne!(hash(points_of(&other).values()), HASHES[1].1, "another seed draws other points");
}

/// Only in WebAssembly, where every browser computes alike; native code may round elsewhere.
pub fn parameters_after_a_hundred_iterations_are_the_same_bits() {
    let found = HASHES.map(|(name, _, _)| {
        let mut experiment = opened(name);
        experiment.step(100);
        let snapshot = em_snapshot(&experiment);
        assert_eq!(snapshot.history.len(), 101, "{name}");
        (name, hash(snapshot.weights.iter().chain(&snapshot.means).chain(&snapshot.factors)))
    });
    assert_eq!(found, HASHES.map(|(name, _, parameters)| (name, parameters)), "{found:#x?}");
}

/// Every experiment at its defaults, with the hash of its records after so many iterations.
const PLAYED: [(ExperimentName, usize, u64); 6] = [
    (ExperimentName::SumOfGaussians, 1_000, 0xf2d2_8719_1536_3fb8),
    (ExperimentName::Bump, 500, 0xbc89_e2b4_b7a5_ca65),
    (ExperimentName::BumpSweep, 4, 0xe603_0f1a_8949_60ca),
    (ExperimentName::EmMixture, 10, 0x7cc1_1aae_8796_9703),
    (ExperimentName::SparseMixture, 20, 0xccbe_70a0_7aa7_b1ac),
    (ExperimentName::BayesianMixture, 20, 0x48f4_b726_4d99_02d4),
];

/// Only in WebAssembly, like the hashes above: what is recorded follows from data, starts, batches, samples and steps.
pub fn every_experiment_plays_in_the_same_bits() {
    let found = PLAYED.map(|(name, iterations, _)| {
        let mut experiment = Experiment::new(name).unwrap();
        experiment.step(iterations);
        assert_eq!(experiment.fit().iteration(), iterations, "{name:?}");
        (name, iterations, hash(&experiment.fit().records(0).values))
    });
    assert_eq!(found, PLAYED, "{found:#x?}");
}
