//! What was learned and what it was learned from, as tables.

use serde::Serialize;
use tsify::Tsify;

use super::metric::Metric;
use super::open::own_data;
use super::{Component, Configured, Data, Experiment, View};
use crate::dataset::Axis;
use crate::error::Error;
use crate::numeric::random::{Purpose, Stream};
use crate::settings::Value;

/// Points that can be drawn from a fit at once, at most.
const MOST_DRAWN: u32 = 1_000_000;

/// An entry of a table.
#[derive(Clone, Debug, PartialEq, Serialize, Tsify)]
#[serde(untagged)]
pub enum Cell {
    /// A number, in full precision.
    Number(f64),
    /// Words.
    Text(String),
}

impl From<f64> for Cell {
    fn from(value: f64) -> Self {
        Self::Number(value)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// What a fit has learned.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Tsify)]
pub struct ParameterTable {
    /// Its columns.
    pub columns: Vec<String>,
    /// Row by row, an entry a column.
    pub rows: Vec<Vec<Cell>>,
}

/// The data, row by row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PointTable {
    /// Its columns.
    pub columns: Vec<String>,
    /// Row by row, a number a column.
    pub values: Vec<f64>,
    /// The column that says how often each point counts, where there is one.
    pub weight: Option<usize>,
}

impl ParameterTable {
    /// Components, one a row: number, state, weight or amplitude, mean and the covariance's lower triangle.
    #[must_use]
    pub fn of_components(components: &[Component], weight: &str, axes: &[Axis]) -> Self {
        let name = |axis: usize| axes.get(axis).map_or("x", |axis| axis.label.as_str());
        let dimension = components.first().map_or(0, |component| component.mean.len());
        let mut columns = vec!["component".to_owned(), "state".to_owned(), weight.to_owned()];
        columns.extend((0..dimension).map(|axis| format!("mean {}", name(axis))));
        let pairs: Vec<(usize, usize)> = (0..dimension).flat_map(|i| (0..=i).map(move |j| (i, j))).collect();
        columns.extend(pairs.iter().map(|&(i, j)| {
            if i == j { format!("variance {}", name(i)) } else { format!("covariance {}, {}", name(j), name(i)) }
        }));
        let row = |(k, component): (usize, &Component)| {
            let covariances = pairs.iter().map(|&(i, j)| component.covariance[i * dimension + j]);
            let numbers = std::iter::once(component.weight).chain(component.mean.iter().copied()).chain(covariances);
            let head = [Cell::Number((k + 1) as f64), component.status.name().into()];
            head.into_iter().chain(numbers.map(Cell::Number)).collect()
        };
        Self { columns, rows: components.iter().enumerate().map(row).collect() }
    }

    /// Adds a column, with an entry a row.
    pub fn add(&mut self, name: String, entries: impl Iterator<Item = f64>) {
        self.columns.push(name);
        for (row, entry) in self.rows.iter_mut().zip(entries) {
            row.push(Cell::Number(entry));
        }
    }
}

/// A column's name with its unit.
fn titled(axis: &Axis) -> String {
    if axis.unit.is_empty() { axis.label.clone() } else { format!("{} ({})", axis.label, axis.unit) }
}

impl Experiment {
    /// What was learned, in the units of the data: a row a component, a form of the bump or a fit of the sweep.
    pub fn parameters(&mut self) -> ParameterTable {
        let axes = self.data.axes();
        self.fit.parameter_table(&axes)
    }

    /// The data in the units of the visitor: coordinates, and the weight where points have one; inputs and last the target. Samples
    /// that are held back for testing are in their place among data of the visitor's own, else behind the others.
    #[must_use]
    pub fn points(&self) -> PointTable {
        let mut columns: Vec<String> = self.data.axes().iter().map(titled).collect();
        match &self.data {
            Data::Points(points) => {
                let mut values = Vec::with_capacity(points.values().len());
                let weights = points.weights();
                for (i, point) in points.values().chunks_exact(points.dimension()).enumerate() {
                    values.extend_from_slice(point);
                    values.extend(weights.map(|weights| weights[i]));
                }
                let weight = weights.map(|_| columns.len());
                columns.extend(weight.map(|_| "weight".to_owned()));
                PointTable { columns, values, weight }
            }
            Data::Samples(samples) => {
                let (mut values, test) = (samples.rows(), samples.test());
                if !samples.is_table() {
                    for (input, target) in test.inputs.chunks_exact(samples.dimension()).zip(&test.targets) {
                        values.extend_from_slice(input);
                        values.push(*target);
                    }
                }
                PointTable { columns, values, weight: None }
            }
            Data::Drawn => PointTable::default(),
        }
    }

    /// Draws points from the fitted mixture and makes them the data; `count` is brought into 1 to a million, with a notice. The same
    /// seed gives the same points; drawn once more, others.
    ///
    /// # Errors
    /// [`Error::NoDistribution`] for models that are none, or what the points and the fit to them give.
    pub fn sample(&mut self, count: u32) -> Result<Configured, Error> {
        let components = match self.fit.view() {
            View::Mixture(mixture) => mixture.components(),
            View::Surface(_) | View::Bumps(_) | View::Sweep(_) => return Err(Error::NoDistribution),
        };
        let drawn = count.clamp(1, MOST_DRAWN);
        let seed = match self.settings.get("seed") {
            Some(Value::Number(seed)) => seed as u64,
            _ => 0,
        };
        let mut stream = Stream::numbered(seed, Purpose::ModelSamples, self.samples_drawn + 1);
        let values = draw(&components, drawn as usize, &mut stream);
        let iterations = self.fit.iteration();
        let note = format!("{drawn} points drawn from the fit after {iterations} iterations.");
        let data = own_data(&self.settings, "Drawn from the fit", self.data.axes(), (values, None), &note)?;
        let mut configured = self.use_own(data)?;
        self.samples_drawn += 1;
        if drawn != count {
            configured.notices.push(format!("1 to {MOST_DRAWN} points can be drawn, so {count} became {drawn}."));
        }
        Ok(configured)
    }
}

/// Points of a mixture, row by row.
fn draw(components: &[Component], count: usize, stream: &mut Stream) -> Vec<f64> {
    let dimension = components.first().map_or(0, |component| component.mean.len());
    let roots: Vec<Option<Metric>> =
        components.iter().map(|component| Metric::new(&component.covariance, dimension)).collect();
    let total: f64 = components.iter().map(|component| component.weight).sum();
    let last = components.iter().rposition(|component| component.weight > 0.0).unwrap_or(0);
    let mut values = Vec::with_capacity(count * dimension);
    for _ in 0..count {
        let mut rest = stream.uniform() * total;
        let chosen = components.iter().position(|component| {
            rest -= component.weight;
            rest < 0.0
        });
        let k = chosen.unwrap_or(last);
        let mut normal = [0.0; 3];
        normal[..dimension].fill_with(|| stream.normal());
        // Without a density, all points are at the mean.
        let offset = roots[k].as_ref().map_or([0.0; 3], |root| root.colour(normal));
        values.extend(components[k].mean.iter().zip(offset).map(|(mean, offset)| mean + offset));
    }
    values
}
