//! The data sets that the playground brings along.

use std::f64::consts::TAU;

use super::table::Table;
use super::{Axis, Dataset};
use crate::numeric::random::{Purpose, Stream};
use crate::settings::DatasetName;

/// How one of the playground's own data sets is made.
pub enum Recipe {
    /// A shipped table and the columns of it that are fitted.
    File {
        /// The text of the table.
        text: &'static str,
        /// The columns taken, with what to call them.
        columns: &'static [(&'static str, &'static str, &'static str)],
        /// What the page says of it.
        note: &'static str,
        /// Who measured it.
        source: &'static str,
    },
    /// Points drawn from Gaussians.
    Blobs {
        /// The Gaussians, in the order in which they are drawn.
        blobs: &'static [Blob],
        /// What the page says of them.
        note: &'static str,
    },
    /// The sparse mixture's spiral.
    Spiral,
}

/// A diagonal Gaussian to draw points from.
pub struct Blob {
    count: usize,
    mean: [f64; 2],
    variances: [f64; 2],
}

/// The source notebook's three Gaussians.
const THREE_BLOBS: &[Blob] = &[
    Blob { count: 500, mean: [2.5, 2.5], variances: [1.2, 0.8] },
    Blob { count: 500, mean: [7.5, 7.5], variances: [0.75, 0.5] },
    Blob { count: 1000, mean: [8.0, 1.5], variances: [0.6, 0.8] },
];

/// The Bayesian source's three Gaussians.
const THREE_CLUSTERS: &[Blob] = &[
    Blob { count: 1000, mean: [2.0, 0.0], variances: [1.0, 1.0] },
    Blob { count: 1000, mean: [-2.0, -4.0], variances: [1.0, 1.0] },
    Blob { count: 1000, mean: [-2.0, 4.0], variances: [1.0, 1.0] },
];

/// Points on the source's spiral, and the standard deviation of the noise along each axis.
const SPIRAL_COUNT: usize = 10_000;
const SPIRAL_NOISE: f64 = 0.02;

/// How to make the data set of this name; `None` for the visitor's own.
#[must_use]
pub fn recipe(name: DatasetName) -> Option<Recipe> {
    match name {
        DatasetName::OldFaithful => Some(Recipe::File {
            text: include_str!("files/old_faithful.csv"),
            columns: &[("eruptions_min", "Eruption", "min"), ("waiting_min", "Waiting for the next", "min")],
            note: "Eruptions of a geyser: how long each lasted, and the wait until the next.",
            source: "Azzalini & Bowman 1990, R’s datasets::faithful",
        }),
        DatasetName::ThreeBlobs => Some(Recipe::Blobs {
            blobs: THREE_BLOBS,
            note: "Drawn from three Gaussians along the axes: a quarter of the points, a quarter and a half.",
        }),
        DatasetName::ThreeClusters => Some(Recipe::Blobs {
            blobs: THREE_CLUSTERS,
            note: "Drawn from three round Gaussians of variance 1, a third of the points each.",
        }),
        DatasetName::Spiral => Some(Recipe::Spiral),
        DatasetName::Galaxies => Some(Recipe::File {
            text: include_str!("files/galaxies.csv"),
            columns: &[("velocity_km_s", "Velocity", "km/s")],
            note: "How fast galaxies near the Corona Borealis recede.",
            source: "Postman et al. 1986 and Roeder 1990, R’s MASS::galaxies",
        }),
        DatasetName::Penguins => Some(Recipe::File {
            text: include_str!("files/penguins.csv"),
            columns: &[("bill_length_mm", "Bill length", "mm"), ("flipper_length_mm", "Flipper length", "mm")],
            note: "Penguins of three species.",
            source: "Horst, Hill & Gorman 2020, palmerpenguins, CC0",
        }),
        DatasetName::Own => None,
    }
}

impl Recipe {
    /// How many points the source draws; `None` for a shipped table.
    #[must_use]
    pub fn count(&self) -> Option<usize> {
        match self {
            Self::File { .. } => None,
            Self::Blobs { blobs, .. } => Some(blobs.iter().map(|blob| blob.count).sum()),
            Self::Spiral => Some(SPIRAL_COUNT),
        }
    }

    /// Makes the data set as its source does; only drawn points depend on the seed.
    #[must_use]
    pub fn make(&self, label: &str, seed: u32) -> Dataset {
        self.draw(label, seed, self.count().unwrap_or_default(), SPIRAL_NOISE)
    }

    /// Makes the data set with so many points, at least two, and with this standard deviation of the spiral's noise. A shipped
    /// table is as it is.
    #[must_use]
    pub fn draw(&self, label: &str, seed: u32, count: usize, spiral_noise: f64) -> Dataset {
        match self {
            Self::File { text, columns, note, source } => {
                let table = Table::read(text, label).expect("a shipped file is a table");
                let indices: Vec<usize> = columns
                    .iter()
                    .map(|(header, ..)| table.column(header).expect("a shipped file has the columns of its recipe"))
                    .collect();
                let axes = columns
                    .iter()
                    .map(|&(_, label, unit)| Axis { label: label.to_owned(), unit: unit.to_owned() })
                    .collect();
                let check = table.check(&indices, None).expect("a shipped file has the columns of its recipe");
                let values = table.numbers(&indices).expect("a shipped file has numbers");
                let mut note = (*note).to_owned();
                if check.problem_count > 0 {
                    let mut lines: Vec<_> = check.problems.iter().map(|problem| problem.line.to_string()).collect();
                    lines.dedup();
                    note += &format!(" Left out for missing values: lines {}.", lines.join(" and "));
                }
                Dataset::new(label, axes, values).expect("a shipped file has points").described(&note, source)
            }
            Self::Blobs { blobs, note } => {
                let mut stream = Stream::new(u64::from(seed), Purpose::Data);
                let values = blobs
                    .iter()
                    .zip(shared_out(count, blobs))
                    .flat_map(|(blob, count)| std::iter::repeat_n(blob, count))
                    .flat_map(|blob| {
                        let mut draw =
                            |axis: usize| blob.mean[axis] + libm::sqrt(blob.variances[axis]) * stream.normal();
                        [draw(0), draw(1)]
                    })
                    .collect();
                drawn(label, values, note)
            }
            Self::Spiral => {
                let mut stream = Stream::new(u64::from(seed), Purpose::Data);
                let values = (0..count)
                    .flat_map(|i| {
                        let t = TAU * i as f64 / count as f64;
                        let mut noise = || spiral_noise * stream.normal();
                        [0.5 + 0.4 * (t / 7.0) * libm::cos(t) + noise(), 0.5 + 0.3 * libm::sin(t) + noise()]
                    })
                    .collect();
                drawn(label, values, "A spiral in the unit square with a little noise.")
            }
        }
    }
}

/// Shares points out among the blobs, as the source's counts are to one another.
fn shared_out(count: usize, blobs: &[Blob]) -> Vec<usize> {
    let total: usize = blobs.iter().map(|blob| blob.count).sum();
    let (mut before, mut given) = (0, 0);
    blobs
        .iter()
        .map(|blob| {
            before += blob.count;
            // In 64 bits, also where addresses have 32.
            let share = (before as u64 * count as u64 / total as u64) as usize - given;
            given += share;
            share
        })
        .collect()
}

/// Drawn points in the plane.
fn drawn(label: &str, values: Vec<f64>, note: &str) -> Dataset {
    Dataset::new(label, vec![Axis::unitless("x"), Axis::unitless("y")], values)
        .expect("draws differ")
        .described(note, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(name: DatasetName) -> Dataset {
        recipe(name).unwrap().make("test", 3)
    }

    #[test]
    fn shipped_files_have_their_points() {
        assert_eq!(made(DatasetName::OldFaithful).count(), 272);
        assert_eq!(made(DatasetName::Galaxies).count(), 82);
        let penguins = made(DatasetName::Penguins);
        assert_eq!(penguins.count(), 342);
        assert!(penguins.note().contains("lines 5 and 273"), "{}", penguins.note());
        assert!(recipe(DatasetName::Own).is_none());
    }

    #[test]
    fn other_counts_keep_the_shares_and_other_noise_the_spiral() {
        assert_eq!(shared_out(2_000, THREE_BLOBS), [500, 500, 1_000]);
        assert_eq!(shared_out(101, THREE_BLOBS), [25, 25, 51]);
        assert_eq!(shared_out(1_000_000, THREE_CLUSTERS).iter().sum::<usize>(), 1_000_000);
        for name in [DatasetName::ThreeBlobs, DatasetName::ThreeClusters, DatasetName::Spiral] {
            let recipe = recipe(name).unwrap();
            assert_eq!(recipe.draw("test", 3, 700, 0.1).count(), 700);
            assert_eq!(recipe.draw("test", 3, recipe.count().unwrap(), 0.02), recipe.make("test", 3), "{name:?}");
        }
        let exact = recipe(DatasetName::Spiral).unwrap().draw("test", 3, 4, 0.0);
        assert!((exact.coordinate(0, 0) - 0.5).abs() < 1e-15 && (exact.coordinate(1, 1) - 0.8).abs() < 1e-15);
    }

    #[test]
    fn blobs_have_the_moments_of_the_recipe() {
        let data = made(DatasetName::ThreeBlobs);
        assert_eq!(data.count(), 2000);
        let mut start = 0;
        for blob in THREE_BLOBS {
            for axis in 0..2 {
                let draws: Vec<f64> = (start..start + blob.count).map(|i| data.coordinate(i, axis)).collect();
                let mean = draws.iter().sum::<f64>() / blob.count as f64;
                let error = (blob.variances[axis] / blob.count as f64).sqrt();
                assert!((mean - blob.mean[axis]).abs() < 5.0 * error);
                let variance = draws.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / blob.count as f64;
                let error = blob.variances[axis] * (2.0 / blob.count as f64).sqrt();
                assert!((variance - blob.variances[axis]).abs() < 5.0 * error);
            }
            start += blob.count;
        }
    }
}
