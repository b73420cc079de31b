//! The data sets that the playground brings along.

use std::f64::consts::TAU;

use super::generators::parts::{self, Part};
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
        /// The column that says of which group each row is, where there is one.
        groups: Option<&'static str>,
        /// What the page says of it.
        note: &'static str,
        /// Who measured it.
        source: &'static str,
    },
    /// Points drawn part by part.
    Parts {
        /// The parts, in the order in which they are drawn.
        parts: &'static [Part],
        /// What the page says of them.
        note: &'static str,
    },
    /// The sparse mixture's spiral.
    Spiral,
}

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
            groups: None,
            note: "Eruptions of a geyser: how long each lasted, and the wait until the next.",
            source: "Azzalini & Bowman 1990, R’s datasets::faithful",
        }),
        DatasetName::ThreeBlobs => Some(Recipe::Parts {
            parts: parts::THREE_BLOBS,
            note: "Drawn from three Gaussians along the axes: a quarter of the points, a quarter and a half.",
        }),
        DatasetName::ThreeClusters => Some(Recipe::Parts {
            parts: parts::THREE_CLUSTERS,
            note: "Drawn from three round Gaussians of variance 1, a third of the points each.",
        }),
        DatasetName::Anisotropic => Some(Recipe::Parts {
            parts: parts::ANISOTROPIC,
            note: "Drawn from three Gaussians that are slanted alike, a third of the points each: what is near is not what belongs together.",
        }),
        DatasetName::UnevenSizes => Some(Recipe::Parts {
            parts: parts::UNEVEN_SIZES,
            note: "Drawn from three Gaussians: three quarters of the points widely spread, a fifth closer together, and a twentieth in one spot.",
        }),
        DatasetName::ParallelCigars => Some(Recipe::Parts {
            parts: parts::PARALLEL_CIGARS,
            note: "Drawn from three long thin Gaussians, as many points each: two close together, and a longer one that k-means cuts across instead of telling those two apart.",
        }),
        DatasetName::Noise => Some(Recipe::Parts {
            parts: parts::NOISE,
            note: "Drawn from three Gaussians with four fifths of the points, among uniform noise and a few points far out that belong to none.",
        }),
        DatasetName::TwoMoons => Some(Recipe::Parts {
            parts: parts::TWO_MOONS,
            note: "Two half circles with noise, one hooked into the other: no Gaussian has this shape, but several in a row do.",
        }),
        DatasetName::Rings => Some(Recipe::Parts {
            parts: parts::RINGS,
            note: "Two circles with noise about one centre: Gaussians follow each as a chain.",
        }),
        DatasetName::Spiral => Some(Recipe::Spiral),
        DatasetName::Galaxies => Some(Recipe::File {
            text: include_str!("files/galaxies.csv"),
            columns: &[("velocity_km_s", "Velocity", "km/s")],
            groups: None,
            note: "How fast galaxies near the Corona Borealis recede.",
            source: "Postman et al. 1986 and Roeder 1990, R’s MASS::galaxies",
        }),
        DatasetName::Penguins => Some(Recipe::File {
            text: include_str!("files/penguins.csv"),
            columns: &[("bill_length_mm", "Bill length", "mm"), ("flipper_length_mm", "Flipper length", "mm")],
            groups: Some("species"),
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
            Self::Parts { parts, .. } => Some(parts::total(parts)),
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
            Self::File { text, columns, groups, note, source } => {
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
                let data =
                    Dataset::new(label, axes, values).expect("a shipped file has points").described(&note, source);
                let Some(groups) = groups else { return data };
                let of = table.column(groups).expect("a shipped file has the columns of its recipe");
                let labels = table.groups(of, &indices).expect("a shipped file has the columns of its recipe");
                data.with_labels(labels).expect("as many rows were kept")
            }
            Self::Parts { parts, note } => {
                let values = parts::draw(parts, count, &mut Stream::new(u64::from(seed), Purpose::Data));
                let data = drawn(label, values, note).drawn_from(parts::truth(parts));
                data.with_labels(parts::labels(parts, count)).expect("one label a point is drawn")
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

/// Drawn points in the plane.
fn drawn(label: &str, values: Vec<f64>, note: &str) -> Dataset {
    Dataset::new(label, vec![Axis::unitless("x"), Axis::unitless("y")], values)
        .expect("draws differ")
        .described(note, "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Choice;

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
    fn other_counts_keep_the_kind_and_other_noise_the_spiral() {
        for name in DatasetName::ALL {
            let Some(recipe) = recipe(*name) else { continue };
            let Some(count) = recipe.count() else { continue };
            let made = recipe.make("test", 3);
            assert_eq!(made.count(), count, "{name:?}");
            assert_eq!(recipe.draw("test", 3, count, 0.02), made, "{name:?}");
            assert_ne!(recipe.make("test", 4), made, "{name:?}");
            let other = recipe.draw("test", 3, 700, 0.1);
            assert_eq!(other.count(), 700, "{name:?}");
            assert_eq!(other.truth(), made.truth(), "{name:?}");
        }
        let exact = recipe(DatasetName::Spiral).unwrap().draw("test", 3, 4, 0.0);
        assert!((exact.coordinate(0, 0) - 0.5).abs() < 1e-15 && (exact.coordinate(1, 1) - 0.8).abs() < 1e-15);
    }

    #[test]
    fn groups_and_truth_are_known_where_points_were_drawn_from_them() {
        let known = |name: DatasetName| {
            let data = made(name);
            let groups = data.labels().map_or(0, |labels| {
                assert_eq!(labels.len(), data.count());
                labels.iter().max().unwrap() + 1
            });
            let weight: f64 = data.truth().iter().map(|one| one.amplitude).sum();
            (groups, data.truth().len(), (weight * 1e6).round() / 1e6)
        };
        use DatasetName::{
            Anisotropic, Galaxies, Noise, OldFaithful, ParallelCigars, Penguins, Rings, Spiral, ThreeBlobs,
            ThreeClusters, TwoMoons, UnevenSizes,
        };
        for name in [OldFaithful, Galaxies, Spiral] {
            assert_eq!(known(name), (0, 0, 0.0), "{name:?}");
        }
        for name in [ThreeBlobs, ThreeClusters, Anisotropic, UnevenSizes, ParallelCigars] {
            assert_eq!(known(name), (3, 3, 1.0), "{name:?}");
        }
        assert_eq!(known(Noise), (4, 3, 0.8));
        assert_eq!([TwoMoons, Rings].map(known), [(2, 0, 0.0); 2]);
        let penguins = made(Penguins);
        let labels = penguins.labels().unwrap();
        let counts = [0, 1, 2].map(|species| labels.iter().filter(|label| **label == species).count());
        assert_eq!(counts, [151, 123, 68], "Adelie, Gentoo and Chinstrap, in the order of the file");
    }
}
