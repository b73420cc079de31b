//! The programs that run on the device, put together from their parts.

use std::fmt::Write;

/// Components that a fit on the device may have: one invocation each in its update.
pub const MOST_COMPONENTS: usize = 64;

/// Invocations of a workgroup, in every program.
pub const WORKGROUP: usize = 256;

/// What the programs bind, by number.
pub mod binding {
    /// The model's settings.
    pub const SETTINGS: u32 = 0;
    /// Where a dispatch begins.
    pub const PIECE: u32 = 1;
    /// How the fit stands.
    pub const CONTROL: u32 = 2;
    /// Parameters and all that belongs to them.
    pub const STATE: u32 = 3;
    /// Components as the sums take them.
    pub const COMPONENTS: u32 = 4;
    /// Sums of workgroups.
    pub const PARTIALS: u32 = 5;
    /// Sums of all points.
    pub const SUMS: u32 = 6;
    /// What was recorded.
    pub const HISTORY: u32 = 7;
    /// The first coordinate; the others follow.
    pub const COLUMNS: u32 = 8;
    /// Weights or targets.
    pub const VALUES: u32 = 11;
    /// The order that samples are taken in.
    pub const ORDER: u32 = 12;
}

/// A model that runs on the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Model {
    /// A mixture by EM.
    EmMixture,
    /// A sum of Gaussians by a first-order optimizer.
    SumOfGaussians,
    /// A mixture by gradient descent, with a penalty that empties components.
    SparseMixture,
    /// The forms of a bump, by gradient.
    Bump,
}

/// Which program: one text for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Source {
    /// The model.
    pub model: Model,
    /// Coordinates of a point, 1 to 3.
    pub dimension: usize,
    /// Whether each point has a value: a weight or a target.
    pub valued: bool,
    /// Whether samples are taken in an uploaded order.
    pub ordered: bool,
}

/// Which points a kernel binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passed {
    /// None.
    Nothing,
    /// A batch, in the uploaded order where there is one.
    Batch,
    /// A whole set, as it is.
    All,
}

/// A kernel of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name in the text.
    pub name: &'static str,
    /// What it binds, but for the points.
    pub bindings: &'static [u32],
    /// Which points it binds.
    pub points: Passed,
}

use binding::{COMPONENTS, CONTROL, HISTORY, PARTIALS, PIECE, SETTINGS, STATE, SUMS};

const SUM: Entry =
    Entry { name: "sum", bindings: &[SETTINGS, PIECE, CONTROL, COMPONENTS, PARTIALS], points: Passed::Batch };
const REDUCE: Entry = Entry { name: "reduce", bindings: &[SETTINGS, CONTROL, PARTIALS, SUMS], points: Passed::Nothing };

const EM_MIXTURE: &[Entry] = &[
    SUM,
    REDUCE,
    Entry { name: "update", bindings: &[SETTINGS, CONTROL, STATE, COMPONENTS, SUMS, HISTORY], points: Passed::Nothing },
    Entry { name: "finish", bindings: &[SETTINGS, CONTROL, STATE, COMPONENTS, HISTORY], points: Passed::Nothing },
];

const SUM_OF_GAUSSIANS: &[Entry] = &[
    SUM,
    REDUCE,
    Entry {
        name: "update",
        bindings: &[SETTINGS, CONTROL, STATE, COMPONENTS, PARTIALS, SUMS],
        points: Passed::Nothing,
    },
    Entry { name: "squares", bindings: SUM.bindings, points: Passed::All },
    Entry { name: "squares_held_back", bindings: SUM.bindings, points: Passed::All },
    Entry { name: "record", bindings: &[SETTINGS, CONTROL, STATE, PARTIALS, HISTORY], points: Passed::Nothing },
];

const SPARSE_MIXTURE: &[Entry] = &[
    SUM,
    REDUCE,
    Entry { name: "update", bindings: &[SETTINGS, CONTROL, STATE, COMPONENTS, SUMS, HISTORY], points: Passed::Nothing },
    Entry { name: "finish", bindings: &[SETTINGS, CONTROL, STATE, SUMS, HISTORY], points: Passed::Nothing },
];

/// Bumps have sums of their own, which their update adds up by itself.
const BUMP: &[Entry] = &[
    Entry { name: "sum", bindings: &[SETTINGS, PIECE, CONTROL, STATE, PARTIALS], points: Passed::Batch },
    Entry { name: "update", bindings: &[SETTINGS, CONTROL, STATE, PARTIALS, HISTORY], points: Passed::Nothing },
];

impl Source {
    /// The kernels of the program.
    #[must_use]
    pub fn entries(&self) -> &'static [Entry] {
        match self.model {
            Model::EmMixture => EM_MIXTURE,
            Model::SumOfGaussians => SUM_OF_GAUSSIANS,
            Model::SparseMixture => SPARSE_MIXTURE,
            Model::Bump => BUMP,
        }
    }

    /// What a kernel binds, all told.
    #[must_use]
    pub fn bindings(&self, entry: &Entry) -> Vec<u32> {
        let mut all = entry.bindings.to_vec();
        if entry.points != Passed::Nothing {
            all.extend((0..self.dimension as u32).map(|axis| binding::COLUMNS + axis));
            all.extend(self.valued.then_some(binding::VALUES));
            all.extend((self.ordered && entry.points == Passed::Batch).then_some(binding::ORDER));
        }
        all
    }

    /// Workgroups that it takes to reduce the sums of so many components and the objective.
    #[must_use]
    pub fn reducing(&self, components: usize) -> usize {
        (components * self.sums()).div_ceil(WORKGROUP / 32) + 1
    }

    /// Sums a component: its mass, first and second moments.
    #[must_use]
    pub fn sums(&self) -> usize {
        1 + self.dimension + self.dimension * (self.dimension + 1) / 2
    }

    /// Numbers a row of the history: the iteration and the three of the objective's sum, then what the model adds. Bumps add to the
    /// iteration as many as they have parameters.
    #[must_use]
    pub fn row(&self) -> usize {
        match self.model {
            Model::EmMixture => 4,
            Model::SparseMixture => 6,
            Model::SumOfGaussians => 9,
            Model::Bump => 1,
        }
    }

    /// The text. `enable` adds the line that browsers ask for before subgroups may be used; without `subgroups` sums over a
    /// workgroup go by way of its memory.
    #[must_use]
    pub fn text(&self, subgroups: bool, enable: bool) -> String {
        let mut text = String::new();
        if subgroups && enable {
            text.push_str("enable subgroups;\n");
        }
        let Self { model, dimension, valued, ordered } = *self;
        let residual = match model {
            Model::EmMixture | Model::SparseMixture | Model::Bump => false,
            Model::SumOfGaussians => true,
        };
        // Writing to a string does not fail.
        let _ = writeln!(text, "const D: u32 = {dimension}u;");
        let _ = writeln!(text, "const SUMS: u32 = {}u;", self.sums());
        let _ = writeln!(text, "const ROW: u32 = {}u;", self.row());
        let _ = writeln!(text, "const COMPONENTS: u32 = {MOST_COMPONENTS}u;");
        let _ = writeln!(text, "const RESIDUAL: bool = {residual};");
        let _ = writeln!(text, "const ORDERED: bool = {ordered};");
        for (axis, name) in ["xs", "ys", "zs"].iter().enumerate().take(dimension) {
            let number = binding::COLUMNS + axis as u32;
            let _ = writeln!(text, "@group(0) @binding({number}) var<storage, read> {name}: array<f32>;");
        }
        let value = if valued {
            let number = binding::VALUES;
            let _ = writeln!(text, "@group(0) @binding({number}) var<storage, read> values: array<f32>;");
            "values[i]"
        } else {
            "1.0"
        };
        let index = if ordered {
            let number = binding::ORDER;
            let _ = writeln!(text, "@group(0) @binding({number}) var<storage, read> order: array<u32>;");
            "order[i]"
        } else {
            "i"
        };
        let point = ["xs[i], 0.0, 0.0", "xs[i], ys[i], 0.0", "xs[i], ys[i], zs[i]"][dimension - 1];
        let _ = writeln!(text, "fn index_of(i: u32) -> u32 {{ return {index}; }}");
        let _ = writeln!(text, "fn value_of(i: u32) -> f32 {{ return {value}; }}");
        let _ = writeln!(text, "fn point_of(i: u32) -> vec3<f32> {{ return vec3<f32>({point}); }}");
        text.push_str(include_str!("common.wgsl"));
        text.push_str(include_str!("../numeric/lanes.wgsl"));
        text.push_str(if subgroups { include_str!("subgroups.wgsl") } else { include_str!("workgroup.wgsl") });
        match model {
            Model::EmMixture => {
                text.push_str(include_str!("../numeric/spd.wgsl"));
                text.push_str(include_str!("../moments/gpu.wgsl"));
                text.push_str(include_str!("../models/em_mixture/update.wgsl"));
            }
            Model::SumOfGaussians => {
                text.push_str(include_str!("../numeric/spd.wgsl"));
                text.push_str(include_str!("../moments/gpu.wgsl"));
                text.push_str(include_str!("../moments/squares.wgsl"));
                text.push_str(include_str!("../optimizers/step.wgsl"));
                text.push_str(include_str!("../models/sum_of_gaussians/parameters.wgsl"));
                text.push_str(include_str!("../models/sum_of_gaussians/objective.wgsl"));
                text.push_str(include_str!("../models/sum_of_gaussians/update.wgsl"));
            }
            Model::SparseMixture => {
                text.push_str(include_str!("../numeric/spd.wgsl"));
                text.push_str(include_str!("../optimizers/step.wgsl"));
                text.push_str(include_str!("../moments/gpu.wgsl"));
                text.push_str(include_str!("../models/sparse_mixture/update.wgsl"));
            }
            Model::Bump => {
                text.push_str(include_str!("../optimizers/step.wgsl"));
                text.push_str(include_str!("../models/bump/gpu.wgsl"));
                text.push_str(include_str!("../models/bump/update.wgsl"));
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every program there is.
    fn sources() -> impl Iterator<Item = Source> {
        let bump = |ordered| Source { model: Model::Bump, dimension: 1, valued: true, ordered };
        let of_gaussians =
            [Model::EmMixture, Model::SparseMixture, Model::SumOfGaussians].into_iter().flat_map(|model| {
                (1..=3).flat_map(move |dimension| {
                    [(false, false), (true, false), (true, true)].map(|(valued, ordered)| Source {
                        model,
                        dimension,
                        valued,
                        ordered,
                    })
                })
            });
        of_gaussians.chain([false, true].map(bump))
    }

    #[test]
    fn every_shader_is_valid_and_binds_what_its_entries_say() {
        use naga::valid::{Capabilities, ValidationFlags, Validator};
        let mut count = 0;
        for source in sources() {
            for subgroups in [false, true] {
                let text = source.text(subgroups, false);
                let module = naga::front::wgsl::parse_str(&text)
                    .unwrap_or_else(|error| panic!("{source:?}: {}", error.emit_to_string(&text)));
                let capabilities = if subgroups { Capabilities::SUBGROUP } else { Capabilities::empty() };
                let mut validator = Validator::new(ValidationFlags::all(), capabilities);
                let info = validator
                    .validate(&module)
                    .unwrap_or_else(|error| panic!("{source:?}: {}", error.emit_to_string(&text)));
                assert_eq!(module.entry_points.len(), source.entries().len());
                for entry in source.entries() {
                    let place = module.entry_points.iter().position(|point| point.name == entry.name);
                    let used = info.get_entry_point(place.expect(entry.name));
                    let mut bound: Vec<u32> = module
                        .global_variables
                        .iter()
                        .filter(|(handle, _)| !used[*handle].is_empty())
                        .filter_map(|(_, variable)| variable.binding.map(|binding| binding.binding))
                        .collect();
                    bound.sort_unstable();
                    let mut said = source.bindings(entry);
                    said.sort_unstable();
                    assert_eq!(bound, said, "{source:?} {}", entry.name);
                    let storage = said.iter().filter(|&&binding| binding > binding::PIECE).count();
                    assert!(storage <= 8, "the default limits allow eight storage buffers");
                }
                count += 1;
            }
        }
        assert!(count > 0);
    }
}
