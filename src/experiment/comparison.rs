//! The comparison: which fits of a sum of Gaussians it takes, and in which order.

use std::collections::BTreeMap;

use serde::Serialize;
use tsify::Tsify;

use super::links::set_or_say;
use crate::settings::{BackendChoice, Choice, ComparisonSettings, ComparisonSize, SumOfGaussiansDataset, Value};

/// The numbers of components that the source's script fits.
const COMPONENTS: [u32; 7] = [2, 4, 8, 12, 16, 24, 32];

/// The numbers of components of the quick size.
const QUICK: [u32; 4] = [2, 4, 8, 16];

/// Which penalties a fit has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Tsify)]
pub struct Condition {
    /// Its name in programs.
    pub name: &'static str,
    /// What the page calls it.
    pub label: &'static str,
    #[serde(skip)]
    amplitude_l1: bool,
    #[serde(skip)]
    spread: bool,
}

/// The source's conditions.
const CONDITIONS: [Condition; 4] = [
    Condition { name: "none", label: "No penalty", amplitude_l1: false, spread: false },
    Condition { name: "l1", label: "Amplitude penalty", amplitude_l1: true, spread: false },
    Condition { name: "spread", label: "Spread penalty", amplitude_l1: false, spread: true },
    Condition { name: "both", label: "Both penalties", amplitude_l1: true, spread: true },
];

/// One fit of a comparison.
#[derive(Clone, Debug, PartialEq, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct ComparisonCell {
    /// Which condition, counted from 0.
    pub condition: u32,
    /// Components that are fitted.
    pub components: u32,
    /// Which data set, counted from 0.
    pub data_set: u32,
    /// Which start, counted from 0.
    pub start: u32,
    /// What it costs: points × components × epochs.
    pub pairs: f64,
    /// The settings of `sum-of-gaussians` that differ from the defaults, and those that a comparison depends on.
    #[tsify(type = "Record<string, string | number | boolean>")]
    pub change: BTreeMap<&'static str, Value>,
}

/// What a comparison takes.
#[derive(Clone, Debug, PartialEq, Serialize, Tsify)]
pub struct ComparisonPlan {
    /// The settings in force.
    pub settings: ComparisonSettings,
    /// The settings as they usually are.
    pub normal: ComparisonSettings,
    /// What could not be taken as it was given, as sentences.
    pub notices: Vec<String>,
    /// Which penalties there are.
    pub conditions: Vec<Condition>,
    /// The fits, in an order in which each number of components gets a first result under every condition early.
    pub cells: Vec<ComparisonCell>,
    /// What all of them cost: pairs of point and component.
    pub pairs: f64,
}

/// How large a comparison is.
struct Grid {
    components: Vec<u32>,
    data_sets: u32,
    starts: u32,
    epochs: u32,
}

impl Grid {
    fn new(settings: &ComparisonSettings) -> Self {
        match settings.size {
            ComparisonSize::Quick => Self { components: QUICK.to_vec(), data_sets: 2, starts: 1, epochs: 200 },
            ComparisonSize::Full => Self { components: COMPONENTS.to_vec(), data_sets: 8, starts: 4, epochs: 1_000 },
            ComparisonSize::Custom => Self {
                components: COMPONENTS.into_iter().filter(|&count| count <= settings.most_components).collect(),
                data_sets: settings.data_sets,
                starts: settings.starts,
                epochs: settings.epochs,
            },
        }
    }
}

impl ComparisonPlan {
    /// The plan for the defaults with some settings changed by name. What is unknown is left out and what is out of range is
    /// brought into it, with a notice.
    #[must_use]
    pub fn new(changes: &[(String, Value)]) -> Self {
        let normal = ComparisonSettings::default();
        let (mut settings, mut notices) = (normal.clone(), Vec::new());
        for (name, value) in changes {
            set_or_say(|| settings.set(name, value), &mut notices);
        }
        let grid = Grid::new(&settings);
        let mut cells = Vec::new();
        for start in 0..grid.starts {
            for data_set in 0..grid.data_sets {
                for &components in &grid.components {
                    for condition in 0..CONDITIONS.len() as u32 {
                        cells.push(cell(&settings, grid.epochs, (condition, components, data_set, start)));
                    }
                }
            }
        }
        let pairs = cells.iter().map(|cell| cell.pairs).sum();
        Self { settings, normal, notices, conditions: CONDITIONS.to_vec(), cells, pairs }
    }
}

fn cell(
    settings: &ComparisonSettings,
    epochs: u32,
    (condition, components, data_set, start): (u32, u32, u32, u32),
) -> ComparisonCell {
    let Condition { amplitude_l1, spread, .. } = CONDITIONS[condition as usize];
    let count = |number: u32| Value::Number(f64::from(number));
    let factor = |in_force: bool, factor: f64| Value::Number(if in_force { factor } else { 0.0 });
    let name = |option: &'static crate::settings::ChoiceOption| Value::Text(option.value.to_owned());
    let change = BTreeMap::from([
        ("dataset", name(SumOfGaussiansDataset::FourGaussians.option())),
        ("trueGaussians", count(settings.true_gaussians)),
        ("points", count(settings.points)),
        ("noise", Value::Number(settings.noise)),
        ("dataSeed", count(settings.data_seed.wrapping_add(data_set))),
        ("components", count(components)),
        ("seed", count(settings.seed.wrapping_add(start))),
        ("learningRate", Value::Number(settings.learning_rate)),
        ("amplitudeL1", factor(amplitude_l1, settings.amplitude_l1)),
        ("spread", factor(spread, settings.spread)),
        ("batchSize", count(settings.batch_size)),
        ("epochs", count(epochs)),
        // One Worker a core leaves no device to share, and only the processor gives the same bits everywhere.
        ("backend", name(BackendChoice::Cpu.option())),
    ]);
    let pairs = f64::from(settings.points) * f64::from(components) * f64::from(epochs);
    ComparisonCell { condition, components, data_set, start, pairs, change }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::SumOfGaussiansSettings;

    fn plan(changes: &[(&str, Value)]) -> ComparisonPlan {
        let changes: Vec<_> = changes.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        ComparisonPlan::new(&changes)
    }

    fn size(name: &str) -> (&'static str, Value) {
        ("size", Value::Text(name.to_owned()))
    }

    fn settings(cell: &ComparisonCell) -> SumOfGaussiansSettings {
        let mut settings = SumOfGaussiansSettings::default();
        for (name, value) in &cell.change {
            assert_eq!(settings.set(name, value), Ok(None), "{name}");
        }
        settings
    }

    #[test]
    fn sizes_are_those_of_the_design() {
        let quick = plan(&[]);
        assert_eq!((quick.cells.len(), quick.pairs), (4 * 4 * 2, 4.0 * 2.0 * 30.0 * 1e4 * 200.0));
        let full = plan(&[size("full")]);
        assert_eq!((full.cells.len(), full.pairs), (4 * 7 * 8 * 4, 4.0 * 32.0 * 98.0 * 1e4 * 1e3));
        // Of another size, the rows that are not shown do not count.
        assert_eq!(plan(&[("epochs", Value::Number(3.0))]).pairs, quick.pairs);
        let custom = plan(&[
            size("custom"),
            ("epochs", Value::Number(3.0)),
            ("mostComponents", Value::Number(11.0)),
            ("points", Value::Number(100.0)),
        ]);
        let counts: Vec<u32> = custom.cells[..12].iter().map(|cell| cell.components).collect();
        assert_eq!(counts, [2, 2, 2, 2, 4, 4, 4, 4, 8, 8, 8, 8]);
        assert_eq!((custom.cells.len(), custom.pairs), (4 * 3 * 2, 4.0 * 2.0 * 14.0 * 100.0 * 3.0));
        assert_eq!(custom.cells.iter().map(|cell| cell.pairs).sum::<f64>(), custom.pairs);
    }

    #[test]
    fn every_number_of_components_gets_a_first_result_under_every_condition_first() {
        let full = plan(&[size("full")]);
        let place = |cell: &ComparisonCell| (cell.condition, cell.components);
        let first: Vec<_> = full.cells[..28].iter().map(place).collect();
        assert!(COMPONENTS.iter().all(|&count| (0..4).all(|condition| first.contains(&(condition, count)))));
        assert!(full.cells[..28].iter().all(|cell| (cell.data_set, cell.start) == (0, 0)));
        assert!(full.cells[28..].chunks(28).all(|round| round.iter().map(place).eq(first.iter().copied())));
        let round = |at: usize| (full.cells[28 * at].data_set, full.cells[28 * at].start);
        assert_eq!([round(1), round(7), round(8), round(31)], [(1, 0), (7, 0), (0, 1), (7, 3)]);
    }

    #[test]
    fn cells_have_the_settings_of_their_conditions_and_share_the_rest() {
        let quick = plan(&[("dataSeed", Value::Number(f64::from(u32::MAX))), ("seed", Value::Number(5.0))]);
        let found: Vec<_> = quick.cells[..4].iter().map(settings).collect();
        let penalties: Vec<_> = found.iter().map(|settings| (settings.amplitude_l1, settings.spread)).collect();
        assert_eq!(penalties, [(0.0, 0.0), (0.1, 0.0), (0.0, 1.0), (0.1, 1.0)]);
        for settings in &found {
            let rest = SumOfGaussiansSettings {
                components: 2,
                epochs: 200,
                batch_size: 2_048,
                data_seed: u32::MAX,
                seed: 5,
                backend: BackendChoice::Cpu,
                amplitude_l1: settings.amplitude_l1,
                spread: settings.spread,
                ..SumOfGaussiansSettings::default()
            };
            assert_eq!(*settings, rest);
        }
        let second = settings(&quick.cells[16]);
        assert_eq!((second.data_seed, second.seed), (0, 5), "seeds go round");
        assert_eq!(quick.conditions.iter().map(|one| one.name).collect::<Vec<_>>(), ["none", "l1", "spread", "both"]);
    }

    #[test]
    fn what_cannot_be_is_said_and_left_out() {
        let found = plan(&[
            ("trueGaussians", Value::Number(99.0)),
            ("spread", Value::Text("much".to_owned())),
            ("topping", Value::Number(1.0)),
            ("noise", Value::Number(5.0)),
        ]);
        assert_eq!((found.settings.true_gaussians, found.settings.spread, found.settings.noise), (12, 1.0, 5.0));
        assert_eq!(found.notices.len(), 3, "{:?}", found.notices);
        assert!(found.notices[1].ends_with("It was ignored.") && found.notices[2].contains("topping"));
        assert_eq!(found.normal, ComparisonSettings::default());
        assert_eq!(settings(&found.cells[0]).noise, 5.0);
    }
}
