//! Troubles that a fit can be in, as they show in its numbers: said in a sentence, each with a way out.

use serde::Serialize;
use tsify::Tsify;

use super::metric::Metric;
use super::{Component, ComponentStatus, Configured, Data, Experiment, Fit, FitState, View};
use crate::error::Error;
use crate::gpu::now;
use crate::settings::{BayesianMethod, BumpOptimizer, FactorShape, Settings, SumOfGaussiansOptimizer, Value};

/// Iterations, and milliseconds, from one look at a running fit to the next.
const EVERY_ITERATIONS: usize = 10;
const EVERY: f64 = 100.0;

/// Troubles that are shown at once: the most important.
const MOST: usize = 2;

/// A standard deviation below this part of the data's, in some direction, is a collapse where few points are the component's own.
const NARROW: f64 = 1e-3;

/// A centre farther than this from every sample, in its standard deviations, has no gradient: the kernel is below 2 · 10⁻⁸ there.
const FAR: f64 = 6.0;

/// Samples that are looked at for that, at most.
const MOST_SAMPLES: usize = 50_000;

/// Components with more than this in common, as their Bhattacharyya coefficient (1 where they are the same), count as one.
const SAME: f64 = 0.98;

/// Components of less weight than this have no duplicate.
const LIGHT: f64 = 0.02;

/// Recorded rows after which a fit that has not moved is slow, and over which one that rests does not change.
const ROWS: usize = 20;

/// What a fit that has not moved has moved by less, in standard deviations of the data and as a part of its objective.
const UNMOVED: f64 = 1e-3;

/// What is wrong; the most important first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum TroubleKind {
    /// The next iteration has no finite parameters.
    Failed,
    /// Points have been lost to rounding.
    Underflow,
    /// The objective is beyond all that it gained, and rises.
    Diverging,
    /// A component has collapsed onto a point.
    Collapsed,
    /// A component is so far from all samples that it has no gradient.
    Lost,
    /// No point is a component's own.
    Empty,
    /// Two components are at the same place.
    Duplicate,
    /// The learning rate is too small to move anything.
    Slow,
}

impl TroubleKind {
    const ALL: [(Self, &'static str); 8] = [
        (Self::Failed, "failed"),
        (Self::Underflow, "underflow"),
        (Self::Diverging, "diverging"),
        (Self::Collapsed, "collapsed"),
        (Self::Lost, "lost"),
        (Self::Empty, "empty"),
        (Self::Duplicate, "duplicate"),
        (Self::Slow, "slow"),
    ];

    /// The word that marks it on the canvas; empty where there is nothing to mark.
    #[must_use]
    pub fn mark(self) -> &'static str {
        match self {
            Self::Failed | Self::Underflow => "stopped",
            Self::Diverging => "diverged",
            Self::Collapsed => "collapsed",
            Self::Lost => "too far",
            Self::Empty => "empty",
            Self::Duplicate => "same points",
            Self::Slow => "",
        }
    }

    /// The kind of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, other)| *other == name).map(|(kind, _)| *kind)
    }
}

/// Something that keeps a fit from getting better.
#[derive(Clone, Debug, PartialEq, Serialize, Tsify)]
pub struct Trouble {
    /// What is wrong.
    pub kind: TroubleKind,
    /// The components that it is about, counted from 0; that which the fix moves comes first.
    pub components: Vec<usize>,
    /// What is wrong, as a sentence; components are counted from 1.
    pub sentence: String,
    /// The words of the button that puts it right; empty where there is none.
    pub fix: &'static str,
}

const HALVE: &str = "Go back and halve the learning rate";
const FACTOR: &str = "Train a factor of Σ and start anew";
const FILTER: &str = "Filter the targets and start anew";
const CLEAR: &str = "Clear the gradients and start anew";
const WITH_LOGS: &str = "Take logarithms and start anew";
const TENFOLD: &str = "Ten times the learning rate";
const TO_WORST: &str = "Move it to the worst-explained point";
const TO_ERROR: &str = "Move it to the largest error";
const ONE_TO_WORST: &str = "Move one to the worst-explained point";
const ONE_TO_ERROR: &str = "Move one to the largest error";

/// Keeps an eye on a fit.
#[derive(Debug, Default)]
pub struct Watch {
    /// The data's standard deviation along each axis.
    spread: Vec<f64>,
    /// The sum of the points' weights.
    weight: f64,
    /// The numbers that a slow fit does not move, at the start.
    start: Vec<f64>,
    /// Rows of the history that have been seen, with the objective of the first and the lowest.
    rows: usize,
    first: f64,
    lowest: f64,
    /// The learning rate last seen, and the rows there were when it became that.
    rate: Option<f64>,
    since: usize,
    /// The iteration and time of the last look, and whether the fit had stopped; `None` where something has happened since.
    looked: Option<(usize, f64, bool)>,
    found: Vec<Trouble>,
}

/// Whether steps follow a gradient, as long as a learning rate says.
fn follows_gradient(settings: &Settings) -> bool {
    match settings {
        Settings::SumOfGaussians(settings) => matches!(
            settings.optimizer,
            SumOfGaussiansOptimizer::Adam | SumOfGaussiansOptimizer::Momentum | SumOfGaussiansOptimizer::Sgd
        ),
        Settings::SparseMixture(_) => true,
        Settings::BayesianMixture(settings) => settings.method == BayesianMethod::Sampled,
        Settings::Bump(settings) => settings.optimizer != BumpOptimizer::LevenbergMarquardt,
        // Each fit of a sweep is over too soon.
        Settings::BumpSweep(_) | Settings::EmMixture(_) => false,
    }
}

/// Whether Σ itself is trained, which nothing keeps positive definite.
fn trains_covariances(settings: &Settings) -> bool {
    matches!(settings, Settings::SumOfGaussians(settings) if settings.factor_shape == FactorShape::Covariance)
}

fn learning_rate(settings: &Settings) -> Option<f64> {
    match settings.get("learningRate") {
        Some(Value::Number(rate)) if follows_gradient(settings) => Some(rate),
        _ => None,
    }
}

/// The numbers that a fit moves, each divided by the scale of what it measures.
fn numbers(fit: &mut dyn Fit, spread: &[f64]) -> Vec<f64> {
    let components = fit.view().components();
    if components.is_empty() {
        return fit.measures().iter().filter(|one| one.name.starts_with("sigma")).map(|one| one.value).collect();
    }
    let of = |component: &Component| {
        let dimension = component.mean.len();
        let scale = |d: usize| spread.get(d).copied().unwrap_or(1.0);
        let means = (0..dimension).map(|d| component.mean[d] / scale(d));
        let deviations = (0..dimension).map(|d| libm::sqrt(component.covariance[d * (dimension + 1)]) / scale(d));
        std::iter::once(component.weight).chain(means).chain(deviations).collect::<Vec<_>>()
    };
    components.iter().flat_map(of).collect()
}

/// The Bhattacharyya coefficient of two Gaussians, 0 to 1; 0 where one has no density.
fn in_common(a: &Component, b: &Component) -> f64 {
    let dimension = a.mean.len();
    let between: Vec<f64> = a.covariance.iter().zip(&b.covariance).map(|(a, b)| 0.5 * (a + b)).collect();
    let metric = |covariance: &[f64]| Metric::new(covariance, dimension);
    let (Some(one), Some(other), Some(between)) = (metric(&a.covariance), metric(&b.covariance), metric(&between))
    else {
        return 0.0;
    };
    let distance = between.square(|d| a.mean[d] - b.mean[d]) / 8.0;
    libm::exp(-distance - between.log_root() + 0.5 * (one.log_root() + other.log_root()))
}

impl Watch {
    /// Begins with a fit at its start.
    pub fn new(fit: &mut dyn Fit, data: &Data, settings: &Settings) -> Self {
        let (values, dimension, weight) = match data {
            Data::Points(points) => (points.values(), points.dimension(), points.total_weight()),
            Data::Samples(samples) => {
                (samples.train().inputs.as_slice(), samples.dimension(), samples.train().count() as f64)
            }
            Data::Drawn => (&[][..], 1, 0.0),
        };
        let count = (values.len() / dimension).max(1) as f64;
        let column = |axis: usize| values.iter().skip(axis).step_by(dimension);
        let spread: Vec<f64> = (0..dimension)
            .map(|axis| {
                let mean = column(axis).map(|value| value / count).sum::<f64>();
                let variance = column(axis).map(|value| (value - mean) * (value - mean) / count).sum::<f64>();
                // A column without spread is measured as it is.
                if variance > 0.0 { libm::sqrt(variance) } else { 1.0 }
            })
            .collect();
        let start = numbers(fit, &spread);
        Self { spread, weight, start, rate: learning_rate(settings), ..Self::default() }
    }

    /// Something has happened that may have changed everything but the start.
    pub fn disturb(&mut self) {
        self.looked = None;
    }

    /// The fit is at another iteration, or goes another way: the rows are to be read again.
    pub fn reread(&mut self) {
        self.rows = 0;
        self.since = 0;
        self.looked = None;
    }

    /// What is wrong with a fit now; looks at it when the last look is some time ago.
    pub fn look(&mut self, fit: &mut dyn Fit, data: &Data, settings: &Settings) -> &[Trouble] {
        let (iteration, time) = (fit.iteration(), now());
        let stopped = *fit.state() != FitState::Running;
        let fresh = self.looked.is_some_and(|(last, at, had_stopped)| {
            let soon = iteration > last && iteration < last + EVERY_ITERATIONS && time < at + EVERY;
            stopped == had_stopped && (iteration == last || (soon && !stopped))
        });
        if !fresh {
            self.looked = Some((iteration, time, stopped));
            let mut found = self.find(fit, data, settings);
            found.sort_by_key(|trouble| trouble.kind);
            found.truncate(MOST);
            self.found = found;
        }
        &self.found
    }

    fn find(&mut self, fit: &mut dyn Fit, data: &Data, settings: &Settings) -> Vec<Trouble> {
        let recent = self.read_rows(fit);
        let rate = learning_rate(settings);
        if rate != self.rate {
            (self.rate, self.since) = (rate, self.rows);
        }
        let mut found = Vec::new();
        found.extend(self.blown_up(fit, settings, &recent));
        let (is_sum, weight) = (matches!(fit.view(), View::Surface(_)), self.weight);
        let components = fit.view().components();
        for (k, component) in components.iter().enumerate() {
            let one = |kind, sentence, fix| Trouble { kind, components: vec![k], sentence, fix };
            let name = format!("omponent {}", k + 1);
            if is_sum {
                if self.is_lost(component, data, settings) {
                    let sentence = format!("C{name} is too far from all points to feel any of them.");
                    found.push(one(TroubleKind::Lost, sentence, TO_ERROR));
                }
            } else if component.status == ComponentStatus::Empty {
                found.push(one(TroubleKind::Empty, format!("No point belongs to c{name} any more."), TO_WORST));
            } else if self.has_collapsed(component, weight) {
                let sentence = format!("C{name} has collapsed onto a single spot.");
                found.push(one(TroubleKind::Collapsed, sentence, TO_WORST));
            }
        }
        if self.rests(fit, &recent) {
            let words = if is_sum { ONE_TO_ERROR } else { ONE_TO_WORST };
            let fix = if matches!(settings, Settings::SumOfGaussians(settings) if settings.optimizer == SumOfGaussiansOptimizer::ResidualPeaks)
            {
                ""
            } else {
                words
            };
            found.extend(duplicates(&components, fix));
        }
        found.extend(self.slow(fit, &recent));
        found
    }

    /// Takes in new rows; returns the objective in the last of them.
    fn read_rows(&mut self, fit: &dyn Fit) -> Vec<f64> {
        let width = fit.curves().len() + 1;
        let end = fit.records(usize::MAX).end;
        if end < self.rows {
            (self.rows, self.since) = (0, 0);
        }
        let objectives =
            |from: usize| fit.records(from).values.chunks_exact(width).map(|row| row[1]).collect::<Vec<f64>>();
        for objective in objectives(self.rows) {
            if self.rows == 0 {
                (self.first, self.lowest) = (objective, objective);
            }
            self.rows += 1;
            self.lowest = self.lowest.min(objective);
        }
        objectives(end.saturating_sub(ROWS))
    }

    fn blown_up(&self, fit: &mut dyn Fit, settings: &Settings, recent: &[f64]) -> Option<Trouble> {
        let fix = match settings {
            Settings::SparseMixture(settings) if !settings.clear_gradients => CLEAR,
            Settings::Bump(settings) if !settings.filter_targets => FILTER,
            _ if follows_gradient(settings) => HALVE,
            _ => "",
        };
        if let (FitState::Failed(reason), true) = (fit.state(), trains_covariances(settings)) {
            // The first sentence says which component; the second, what the button does.
            let sentence = reason.split_once(". ").map_or(reason.clone(), |(first, _)| format!("{first}."));
            return Some(Trouble { kind: TroubleKind::Failed, components: Vec::new(), sentence, fix: FACTOR });
        }
        let vanished = matches!(fit.view(), View::Mixture(mixture) if !mixture.vanished_points().is_empty());
        if let (FitState::Failed(sentence), true) = (fit.state(), vanished) {
            let (components, sentence) = (Vec::new(), sentence.clone());
            return Some(Trouble { kind: TroubleKind::Underflow, components, sentence, fix: WITH_LOGS });
        }
        if let FitState::Failed(reason) = fit.state() {
            let first = reason.split_once(". ").map_or(reason.clone(), |(first, _)| format!("{first}."));
            let sentence = match settings {
                // It says which parameter, and when.
                Settings::SparseMixture(settings) if !settings.clear_gradients => {
                    format!("{first} Each step took the sum of all gradients so far.")
                }
                Settings::SparseMixture(_) => first,
                Settings::Bump(_) => "No form of the bump learns any more.".to_owned(),
                _ => format!("After iteration {} the parameters are no longer finite numbers.", fit.iteration()),
            };
            return Some(Trouble { kind: TroubleKind::Failed, components: Vec::new(), sentence, fix });
        }
        let [.., before, earlier, last] = recent else { return None };
        let scale = 0.2 * self.first.abs().max(self.lowest.abs());
        let beyond = last - self.lowest > (self.first - self.lowest).max(scale);
        (follows_gradient(settings) && beyond && last > before && last > earlier).then(|| Trouble {
            kind: TroubleKind::Diverging,
            components: Vec::new(),
            sentence: "The steps are too long: the fit is worse than it was at its start.".to_owned(),
            fix,
        })
    }

    fn has_collapsed(&self, component: &Component, weight: f64) -> bool {
        if component.status != ComponentStatus::Active {
            return component.status == ComponentStatus::Collapsed;
        }
        let dimension = component.mean.len();
        let own = component.weight * weight;
        let scale = self.spread.iter().copied().fold(f64::INFINITY, f64::min);
        let narrow = 1.0 / (NARROW * scale * NARROW * scale);
        own < 2.0 * (dimension as f64 + 1.0)
            && Metric::new(&component.covariance, dimension).is_none_or(|metric| metric.inverse_trace() > narrow)
    }

    /// Whether no sample is near enough to a component of a sum.
    fn is_lost(&self, component: &Component, data: &Data, settings: &Settings) -> bool {
        let Settings::SumOfGaussians(settings) = settings else { return false };
        let removed = component.status == ComponentStatus::Off && settings.prune_every > 0;
        let (Data::Samples(samples), false) =
            (data, removed || settings.optimizer == SumOfGaussiansOptimizer::ResidualPeaks)
        else {
            return false;
        };
        let dimension = samples.dimension();
        let Some(metric) = Metric::new(&component.covariance, dimension) else {
            // One that has no density from the start is out of force, which another trouble says.
            return component.status == ComponentStatus::Active;
        };
        let stride = samples.train().count().div_ceil(MOST_SAMPLES).max(1);
        let mut rows = samples.train().inputs.chunks_exact(dimension).step_by(stride);
        rows.all(|row| metric.square(|d| row[d] - component.mean[d]) > FAR * FAR)
    }

    /// Whether little happens any more.
    fn rests(&self, fit: &dyn Fit, recent: &[f64]) -> bool {
        if *fit.state() != FitState::Running {
            return true;
        }
        let highest = recent.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let lowest = recent.iter().copied().fold(f64::INFINITY, f64::min);
        let last = recent.last().copied().unwrap_or(f64::NAN);
        recent.len() == ROWS && highest - lowest < UNMOVED * (last - self.first).abs()
    }

    fn slow(&self, fit: &mut dyn Fit, recent: &[f64]) -> Option<Trouble> {
        self.rate?;
        let last = *recent.last()?;
        if *fit.state() != FitState::Running
            || self.rows < self.since + ROWS
            || (last - self.first).abs() >= UNMOVED * self.first.abs()
        {
            return None;
        }
        let present = numbers(fit, &self.spread);
        let still = present.len() == self.start.len()
            && present.iter().zip(&self.start).all(|(a, b)| (a - b).abs() < UNMOVED * b.abs().max(1.0));
        still.then(|| Trouble {
            kind: TroubleKind::Slow,
            components: Vec::new(),
            sentence: "The learning rate is too small: nothing has moved since the start.".to_owned(),
            fix: TENFOLD,
        })
    }
}

/// Components at the same place, the lighter one first; each is told of once.
fn duplicates(components: &[Component], fix: &'static str) -> Vec<Trouble> {
    let largest = components.iter().map(|component| component.weight.abs()).fold(0.0, f64::max).max(1.0);
    let heavy = |component: &Component| {
        component.weight.abs() > LIGHT * largest
            && matches!(component.status, ComponentStatus::Active | ComponentStatus::Collapsed)
    };
    let mut found: Vec<Trouble> = Vec::new();
    for (b, other) in components.iter().enumerate().filter(|(_, component)| heavy(component)) {
        for (a, one) in components[..b].iter().enumerate().filter(|(_, component)| heavy(component)) {
            let told = found.iter().any(|trouble| trouble.components.contains(&a) || trouble.components.contains(&b));
            let same_sign = one.weight > 0.0 && other.weight > 0.0 || one.weight < 0.0 && other.weight < 0.0;
            if told || !same_sign || in_common(one, other) <= SAME {
                continue;
            }
            let lighter = if one.weight.abs() < other.weight.abs() { [a, b] } else { [b, a] };
            found.push(Trouble {
                kind: TroubleKind::Duplicate,
                components: lighter.to_vec(),
                sentence: format!("Components {} and {} sit on the same points.", a + 1, b + 1),
                fix,
            });
        }
    }
    found
}

impl Experiment {
    /// Does what the button of a trouble says: `kind` is that of the trouble, `component`, counted from 0, one that it is about.
    ///
    /// # Errors
    /// [`Error::Argument`] for an unknown kind, or what moving the component or changing the setting gives.
    pub fn repair(&mut self, kind: &str, component: usize) -> Result<Configured, Error> {
        let Some(kind) = TroubleKind::named(kind) else {
            return Err(Error::Argument { reason: format!("there is no trouble “{kind}”") });
        };
        let rate = learning_rate(&self.settings);
        match (kind, rate) {
            (TroubleKind::Underflow, _) => self.configure(&[("logs".to_owned(), Value::Switch(true))]),
            (TroubleKind::Failed | TroubleKind::Diverging, _) if matches!(&self.settings, Settings::SparseMixture(settings) if !settings.clear_gradients) => {
                self.configure(&[("clearGradients".to_owned(), Value::Switch(true))])
            }
            (TroubleKind::Failed | TroubleKind::Diverging, _) if matches!(&self.settings, Settings::Bump(settings) if !settings.filter_targets) => {
                self.configure(&[("filterTargets".to_owned(), Value::Switch(true))])
            }
            (TroubleKind::Failed, _) if trains_covariances(&self.settings) => {
                let text = |name: &str, value: &str| (name.to_owned(), Value::Text(value.to_owned()));
                self.configure(&[text("factorShape", "full"), text("factorStart", "identity")])
            }
            (TroubleKind::Failed | TroubleKind::Diverging, Some(rate)) => {
                // The last finite parameters are seldom good ones.
                if let Some(iteration) = self.timeline.lowest() {
                    self.seek(iteration);
                }
                self.set_rate(rate / 2.0)
            }
            (TroubleKind::Slow, Some(rate)) => {
                let usual = learning_rate(&self.normal()).unwrap_or(rate);
                self.set_rate(if rate > 0.0 { rate * 10.0 } else { usual })
            }
            (TroubleKind::Failed | TroubleKind::Diverging | TroubleKind::Slow, None) => {
                Err(Error::Argument { reason: "this fit has no learning rate".to_owned() })
            }
            (TroubleKind::Duplicate, _) => {
                let pair = self
                    .troubles()
                    .into_iter()
                    .find(|trouble| trouble.kind == TroubleKind::Duplicate && trouble.components.contains(&component));
                self.move_to_worst(pair.map_or(component, |pair| pair.components[0]))?;
                Ok(self.configured(Vec::new(), false))
            }
            (TroubleKind::Collapsed | TroubleKind::Lost | TroubleKind::Empty, _) => {
                self.move_to_worst(component)?;
                Ok(self.configured(Vec::new(), false))
            }
        }
    }

    fn set_rate(&mut self, rate: f64) -> Result<Configured, Error> {
        let configured = self.configure(&[("learningRate".to_owned(), Value::Number(rate))])?;
        self.timeline.changed_settings = true;
        Ok(configured)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn component(weight: f64, mean: [f64; 2], covariance: [f64; 4]) -> Component {
        Component { weight, mean: mean.to_vec(), covariance: covariance.to_vec(), status: ComponentStatus::Active }
    }

    #[test]
    fn the_coefficient_is_that_of_the_formula() {
        let a = component(0.5, [0.0, 0.0], [1.0, 0.0, 0.0, 1.0]);
        assert!((in_common(&a, &a) - 1.0).abs() < 1e-15);
        // A shift by Δ: exp(−Δ²/8).
        let b = component(0.5, [1.0, 0.0], [1.0, 0.0, 0.0, 1.0]);
        assert!((in_common(&a, &b) - (-0.125f64).exp()).abs() < 1e-15);
        // Scaled variances: each axis √(2 √s / (1 + s)).
        let c = component(0.5, [0.0, 0.0], [4.0, 0.0, 0.0, 4.0]);
        assert!((in_common(&a, &c) - 2.0 * 2.0 / 5.0).abs() < 1e-15);
        let d = component(0.5, [0.0, 0.0], [2.0, 1.0, 1.0, 2.0]);
        let e = component(0.5, [1.0, 1.0], [2.0, 1.0, 1.0, 2.0]);
        // Along the long axis, of variance 3: Δ² = 2.
        assert!((in_common(&d, &e) - (-2.0f64 / 3.0 / 8.0).exp()).abs() < 1e-15);
        assert_eq!(in_common(&a, &component(0.5, [0.0, 0.0], [0.0; 4])), 0.0);
    }

    #[test]
    fn duplicates_are_heavy_and_of_one_sign() {
        let at = |weight: f64, x: f64| component(weight, [x, 0.0], [1.0, 0.0, 0.0, 1.0]);
        let found = duplicates(&[at(0.3, 0.0), at(0.01, 0.0), at(0.2, 0.1), at(0.49, 5.0)], "");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].components, [2, 0]);
        assert_eq!(found[0].sentence, "Components 1 and 3 sit on the same points.");
        assert!(duplicates(&[at(3.0, 0.0), at(-3.0, 0.0)], "").is_empty());
        assert_eq!(duplicates(&[at(-3.0, 0.0), at(-3.0, 0.0)], "").len(), 1);
    }

    #[test]
    fn kinds_have_their_names() {
        for (kind, name) in TroubleKind::ALL {
            assert_eq!(TroubleKind::named(name), Some(kind));
        }
        assert_eq!(TroubleKind::named("none"), None);
    }
}
