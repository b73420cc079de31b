//! What every fit can do, and what the drawings and tables see of it.

use serde::{Deserialize, Serialize};
use tsify::Tsify;

use super::on_device::OnDevice;
use super::{
    BayesianMixtureSnapshot, BumpSnapshot, Component, EmSnapshot, FitState, History, Measure, Placed,
    SparseMixtureSnapshot, SumOfGaussiansSnapshot, SweepSnapshot,
};
use crate::error::Error;
use crate::settings::Settings;

/// A fit in progress, whatever its model, dimension and precision.
pub trait Fit {
    /// Does one iteration, unless the fit has stopped.
    fn step(&mut self);

    /// Whether it goes on, and if not, why.
    fn state(&self) -> &FitState;

    /// Why it stopped, as a sentence; empty while it goes on.
    fn message(&self) -> String;

    /// Iterations done.
    fn iteration(&self) -> usize;

    /// The names of the curves to draw; the first is what the fit lowers or raises.
    fn curves(&self) -> &'static [&'static str];

    /// What has been recorded from row `from` on; there is always a row 0.
    fn records(&self, from: usize) -> Records;

    /// The number to watch, at the present parameters.
    fn objective(&mut self) -> Measure;

    /// Further numbers, at the present parameters.
    fn measures(&mut self) -> Vec<Measure>;

    /// Takes over settings that act on the running fit; one that had stopped goes on if it no longer should have.
    fn adjust(&mut self, settings: &Settings);

    /// All that the next iteration depends on, but for the data.
    fn snapshot(&self) -> Snapshot;

    /// Goes back to a snapshot of a fit to the same data with the same settings.
    ///
    /// # Errors
    /// [`Error::ForeignSnapshot`].
    fn restore(&mut self, snapshot: &Snapshot) -> Result<(), Error>;

    /// Writes into settings those that act on a running fit and that a restored snapshot has brought into force; EM's only
    /// say when to stop and are no part of one.
    fn write_in_force(&self, _settings: &mut Settings) {}

    /// Puts a component, counted from 0, where the visitor wants it, as nearly as the model's shape of covariances allows, and
    /// goes on from there.
    ///
    /// # Errors
    /// [`Error::NoSuchComponent`], [`Error::Immovable`] for models without components, or what the parameters break.
    fn place(&mut self, _component: usize, _placed: &Placed) -> Result<(), Error> {
        Err(Error::Immovable)
    }

    /// What there is to draw.
    fn view(&mut self) -> View<'_>;

    /// The fit as the graphics processor takes it.
    ///
    /// # Errors
    /// Why it runs on the processor, as a sentence.
    fn on_device(&mut self) -> Result<&mut dyn OnDevice, &'static str>;
}

/// The part of [`Fit`] that a fit with a [`History`] of its own has word for word: its inherent methods, under the trait's
/// names, and the first so many of its curves.
macro_rules! fit_by_inherent_methods {
    ($experiment:ident, $drawn:expr) => {
        fn step(&mut self) {
            self.step();
        }

        fn state(&self) -> &FitState {
            self.state()
        }

        fn iteration(&self) -> usize {
            self.iteration()
        }

        fn curves(&self) -> &'static [&'static str] {
            &Self::CURVES[..$drawn]
        }

        fn records(&self, from: usize) -> Records {
            Records::of(self.history(), from, $drawn)
        }

        fn adjust(&mut self, settings: &Settings) {
            if let Settings::$experiment(settings) = settings {
                self.adjust(settings);
            }
        }

        fn snapshot(&self) -> Snapshot {
            Snapshot::$experiment(self.snapshot())
        }

        fn restore(&mut self, snapshot: &Snapshot) -> Result<(), Error> {
            match snapshot {
                Snapshot::$experiment(snapshot) => self.restore(snapshot),
                _ => Err(Error::ForeignSnapshot),
            }
        }
    };
}
pub(crate) use fit_by_inherent_methods;

/// Rows of recorded numbers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Records {
    /// Rows in all, those before the first one here included.
    pub end: usize,
    /// Row by row: the iteration, then one number a curve.
    pub values: Vec<f64>,
}

impl Records {
    /// The rows of a history from `from` on, with the first `curves` of their numbers.
    #[must_use]
    pub fn of(history: &History, from: usize, curves: usize) -> Self {
        let row = |row: usize| (history.iterations[row] as usize, history.rows[row][..curves].to_vec());
        Self::rows(from, history.rows.len(), row)
    }

    /// Rows `from`..`end`, each given as its iteration and numbers.
    pub fn rows(from: usize, end: usize, row: impl Fn(usize) -> (usize, Vec<f64>)) -> Self {
        let flat = |(iteration, numbers): (usize, Vec<f64>)| std::iter::once(iteration as f64).chain(numbers);
        Self { end, values: (from..end).map(row).flat_map(flat).collect() }
    }
}

/// Receives, for one point, its index, its log-density (natural logarithm, in the units of the data) and its
/// responsibilities, one a component.
pub type VisitPoint<'a> = &'a mut dyn FnMut(usize, f64, &[f64]);

/// What a fit shows.
pub enum View<'a> {
    /// Points and the Gaussians that share them.
    Mixture(&'a mut dyn Mixture),
    /// A prediction over a line or the plane, and the Gaussians that it is made of.
    Surface(&'a mut dyn Surface),
    /// Bumps of several forms, side by side.
    Bumps(&'a mut dyn Bumps),
    /// One bump after the other.
    Sweep(&'a mut dyn Sweep),
}

impl View<'_> {
    /// What a component's weight is called.
    #[must_use]
    pub fn weight_name(&self) -> &'static str {
        if matches!(self, Self::Surface(_)) { "Amp." } else { "Weight" }
    }

    /// The components in the units of the data; none where the model has no such thing.
    #[must_use]
    pub fn components(&self) -> Vec<Component> {
        match self {
            Self::Mixture(mixture) => mixture.components(),
            Self::Surface(surface) => surface.components(),
            Self::Bumps(_) | Self::Sweep(_) => Vec::new(),
        }
    }
}

/// A mixture of Gaussians over the points of a data set.
pub trait Mixture {
    /// The components in the units of the data.
    fn components(&self) -> Vec<Component>;

    /// Visits every point of the data, in order.
    fn visit_points(&mut self, visit: VisitPoint<'_>);

    /// Visits every point of the data, in order, with its log-density and the mean of the components' `values`, weighted by
    /// its responsibilities.
    fn blend_points(&mut self, values: &[[f32; 3]], visit: &mut dyn FnMut(usize, f64, [f32; 3]));

    /// Visits `count` places of which `position(i, d)` is coordinate d, in the units of the data.
    fn visit_at(&mut self, count: usize, position: &dyn Fn(usize, usize) -> f64, visit: VisitPoint<'_>);

    /// The components after the next iteration, where the method knows them without doing it; else none.
    fn next_components(&mut self) -> Vec<Component> {
        Vec::new()
    }

    /// Moves a component to the point that the mixture explains worst, with weight 1/K and the data's covariance, and
    /// goes on from there.
    ///
    /// # Errors
    /// [`Error::NoSuchComponent`], or [`Error::Immovable`] for models that cannot.
    fn move_to_worst(&mut self, _component: usize) -> Result<(), Error> {
        Err(Error::Immovable)
    }
}

/// A prediction over a line, the plane or space, and the Gaussians that it is made of.
pub trait Surface {
    /// The Gaussians in the units of the data; their weight is their amplitude.
    fn components(&self) -> Vec<Component>;

    /// Visits `count` places of which `position(i, d)` is coordinate d, in the units of the data, with the prediction there.
    fn predict(&mut self, count: usize, position: &dyn Fn(usize, usize) -> f64, visit: &mut dyn FnMut(usize, f64));
}

/// One form of a bump, as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct BumpCurve {
    /// Its name on the page.
    pub label: &'static str,
    /// What it has learned, in words: `σ 0.500`.
    pub learned: String,
    /// What became of it, as a short sentence; empty while all is well.
    pub note: String,
    /// Whether something went wrong.
    pub failed: bool,
}

/// Bumps of several forms, side by side.
pub trait Bumps {
    /// The forms in the page's order.
    fn forms(&self) -> Vec<BumpCurve>;

    /// What form `form` predicts at some places; not finite where it overflows.
    fn predict(&self, form: usize, places: &[f64]) -> Vec<f64>;
}

/// One bump after the other.
pub trait Sweep {
    /// The true σ and what was learned, for each bump fitted so far.
    fn results(&self) -> Vec<(f64, f64)>;

    /// The largest true σ to come.
    fn end(&self) -> f64;
}

/// All that the next iteration depends on, but for the data: restored, a fit goes on bit for bit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum Snapshot {
    /// Of a Bayesian mixture.
    BayesianMixture(BayesianMixtureSnapshot),
    /// Of the forms of a bump.
    Bump(BumpSnapshot),
    /// Of a sweep over bumps.
    BumpSweep(SweepSnapshot),
    /// Of a mixture by EM.
    EmMixture(EmSnapshot),
    /// Of a sparse mixture.
    SparseMixture(SparseMixtureSnapshot),
    /// Of a sum of Gaussians.
    SumOfGaussians(SumOfGaussiansSnapshot),
}
