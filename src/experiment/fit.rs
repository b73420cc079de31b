//! What every fit can do, and what the drawings and tables see of it.

use serde::{Deserialize, Serialize};
use tsify::Tsify;

use super::moments_kept::Rows;
use super::on_device::OnDevice;
use super::{
    BayesianMixtureSnapshot, BumpSnapshot, Component, EmSnapshot, FitState, FormSnapshot, History, Measure,
    MethodSnapshot, ParameterTable, Placed, SparseMixtureSnapshot, SumOfGaussiansSnapshot, SweepSnapshot,
};
use crate::dataset::Axis;
use crate::error::Error;
use crate::models::bayesian_mixture::Posterior;
use crate::models::bump::Landmarks;
use crate::settings::Settings;

/// A fit in progress, whatever its model, dimension and precision.
pub trait Fit {
    /// Does one iteration, unless the fit has stopped.
    fn step(&mut self);

    /// Does the next beat of an iteration, where the model has two; else all of it.
    fn half_step(&mut self) {
        self.step();
    }

    /// The next beat, where the model has two.
    fn beat(&self) -> Option<Beat> {
        None
    }

    /// Whether it goes on, and if not, why.
    fn state(&self) -> &FitState;

    /// Why it stopped, as a sentence; empty while it goes on.
    fn message(&self) -> String;

    /// Iterations done.
    fn iteration(&self) -> usize;

    /// The names of the curves to draw; the first is what the fit lowers or raises.
    fn curves(&self) -> &'static [&'static str];

    /// How each of them is drawn. By themselves, the first is what it is about and the others go with it.
    fn curve_kinds(&self) -> Vec<CurveKind> {
        let others = self.curves().len().saturating_sub(1);
        std::iter::once(CurveKind::Main).chain(std::iter::repeat_n(CurveKind::Coloured, others)).collect()
    }

    /// The iterations whose components are kept to be looked at, rising.
    fn milestones(&self) -> &'static [usize] {
        &[]
    }

    /// The components in the units of the data, at a milestone.
    fn pictured(&self) -> Vec<Component> {
        Vec::new()
    }

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
    /// Those of [`Fit::place_all`]; nothing has changed then.
    fn place(&mut self, component: usize, placed: &Placed) -> Result<(), Error> {
        self.place_all(&[(component, placed)])
    }

    /// Puts several components, counted from 0, in place at once: weights that are given are given to all of them together.
    ///
    /// # Errors
    /// [`Error::NoSuchComponent`], [`Error::Immovable`] for models without components, or what the parameters break; nothing
    /// has changed then.
    fn place_all(&mut self, _placed: &[(usize, &Placed)]) -> Result<(), Error> {
        Err(Error::Immovable { reason: "There are no Gaussians here that could be moved." })
    }

    /// Exchanges the labels of two components, counted from 0, with all that the fit has learned of them. Returns the model's
    /// score before and after.
    ///
    /// # Errors
    /// [`Error::NoSuchComponent`], [`Error::Immovable`] for models whose labels cannot be exchanged, or what priors break; nothing
    /// has changed then.
    fn swap(&mut self, _one: usize, _other: usize) -> Result<(f64, f64), Error> {
        Err(Error::Immovable { reason: "The labels cannot be exchanged here." })
    }

    /// What there is to draw.
    fn view(&mut self) -> View<'_>;

    /// What was learned, in full precision, with the data's axes for its columns' names.
    fn parameter_table(&mut self, axes: &[Axis]) -> ParameterTable {
        let view = self.view();
        let weight = if matches!(view, View::Surface(_)) { "amplitude" } else { "weight" };
        ParameterTable::of_components(&view.components(), weight, axes)
    }

    /// The fit as the graphics processor takes it.
    ///
    /// # Errors
    /// Why it runs on the processor, as a sentence.
    fn on_device(&mut self) -> Result<&mut dyn OnDevice, &'static str>;
}

/// How a curve is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum CurveKind {
    /// What the fit lowers or raises: in ink.
    Main,
    /// A part of it, or what goes with it: in grey.
    Part,
    /// A part of it that is a price or a penalty: in grey and dashed.
    Price,
    /// One of several that are alike: each in a colour of its own.
    Coloured,
}

/// One of the two beats of an iteration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum Beat {
    /// Each point is shared out among the components.
    E,
    /// Each component moves to its points.
    M,
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

    /// The points, by their places in the data, that the fit has lost to rounding: no component has a share of them.
    fn vanished_points(&self) -> &[usize] {
        &[]
    }

    /// Visits `count` places of which `position(i, d)` is coordinate d, in the units of the data, with the log-density there: for
    /// pictures, which have many and ask for no responsibilities.
    fn log_densities_at(
        &mut self,
        count: usize,
        position: &dyn Fn(usize, usize) -> f64,
        visit: &mut dyn FnMut(usize, f64),
    ) {
        self.visit_at(count, position, &mut |i, log_density, _| visit(i, log_density));
    }

    /// Where the next M-step would take the components; empty where the model has none, where an E-step comes first, and where
    /// the fit has stopped.
    fn next_components(&mut self) -> Vec<Component> {
        Vec::new()
    }

    /// The distribution over mixtures of which the components are the means; `None` where there is none.
    fn posterior_shown(&self) -> Option<PosteriorShown<'_>> {
        None
    }

    /// A number that changes with the labels of the components: paths of two labellings do not belong together.
    fn labelling(&self) -> u32 {
        0
    }
}

/// A distribution over mixtures, in the units of the data.
#[derive(Clone, Debug)]
pub struct PosteriorShown<'a> {
    /// Its factors.
    pub posterior: Posterior,
    /// The priors, in the same form.
    pub priors: Posterior,
    /// The negative ELBO a point, then its parts: − log-likelihood, and KL of means, precisions and weights.
    pub history: &'a History,
    /// Iterations an epoch.
    pub steps_an_epoch: usize,
    /// What an epoch is called: with all points in each iteration it is a pass.
    pub epoch_name: &'static str,
}

/// A prediction over a line, the plane or space, and the Gaussians that it is made of.
pub trait Surface {
    /// The Gaussians in the units of the data; their weight is their amplitude.
    fn components(&self) -> Vec<Component>;

    /// Visits `count` places of which `position(i, d)` is coordinate d, in the units of the data, with the prediction there.
    fn predict(&mut self, count: usize, position: &dyn Fn(usize, usize) -> f64, visit: &mut dyn FnMut(usize, f64));

    /// The errors so far: the loss, the mean squared error, and that on samples that are held back.
    fn history(&self) -> &History;

    /// Iterations an epoch.
    fn steps_an_epoch(&self) -> usize;
}

/// One form of a bump, as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct BumpCurve {
    /// Its name on the page.
    pub label: &'static str,
    /// How it stands, in a word or two with its σ: `stays at 0.064`.
    pub learned: String,
    /// Further numbers or words; mostly empty.
    pub note: String,
    /// What happens to this form and why, as one short sentence.
    pub why: &'static str,
    /// Whether something went wrong.
    pub failed: bool,
    /// Whether it has learned what there is to learn.
    pub done: bool,
    /// How many sets of parameters it has: one, or one a feature.
    pub sets: usize,
    /// What the derivative is called: `∂f/∂σ`.
    pub slope: &'static str,
}

/// A set of parameters of a form, at some places.
#[derive(Clone, Debug, PartialEq)]
pub struct BumpShape {
    /// What it predicts; not finite where it overflows.
    pub values: Vec<f64>,
    /// The derivative with respect to σ, or to b of a Gaussian; `None` where there is none. As the form's gradient has it:
    /// infinite or not a number where that is.
    pub slopes: Option<Vec<f64>>,
    /// Its σ; `None` for a Gaussian.
    pub sigma: Option<f64>,
    /// Where it ends and where it breaks.
    pub landmarks: Landmarks,
}

/// Bumps of several forms, side by side.
pub trait Bumps {
    /// The forms in the page's order.
    fn forms(&self) -> Vec<BumpCurve>;

    /// Columns of the input, which the samples hold row by row.
    fn features(&self) -> usize;

    /// Set `set` of form `form`, both counted from 0, at some places; with this σ instead of its own where one is given and the
    /// form has one.
    fn shape(&self, form: usize, set: usize, sigma: Option<f64>, places: &[f64]) -> BumpShape;
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

impl Snapshot {
    /// The curves, but for EM's, whose rows are counted by their iterations.
    fn history(&mut self) -> Result<&mut History, &mut Vec<f64>> {
        match self {
            Self::BayesianMixture(snapshot) => Ok(&mut snapshot.history),
            Self::Bump(snapshot) => Ok(&mut snapshot.history),
            Self::BumpSweep(snapshot) => Ok(&mut snapshot.history),
            Self::EmMixture(snapshot) => Err(&mut snapshot.history),
            Self::SparseMixture(snapshot) => Ok(&mut snapshot.history),
            Self::SumOfGaussians(snapshot) => Ok(&mut snapshot.history),
        }
    }

    /// Takes the curves out.
    pub(super) fn take_rows(&mut self) -> Rows {
        match self.history() {
            Ok(history) => Rows::of(&std::mem::take(history)),
            Err(objectives) => {
                let values = std::mem::take(objectives);
                Rows { iterations: (0..).take(values.len()).collect(), values, width: 1 }
            }
        }
    }

    /// Puts curves back that were taken out.
    pub(super) fn give_rows(&mut self, rows: &Rows) {
        match self.history() {
            Ok(history) => *history = rows.history(),
            Err(objectives) => objectives.clone_from(&rows.values),
        }
    }

    /// About how many numbers it holds besides its curves.
    pub(super) fn numbers(&self) -> usize {
        let form = |form: &FormSnapshot| 3 * form.parameters.len() + 8;
        match self {
            Self::BayesianMixture(snapshot) => match &snapshot.method {
                MethodSnapshot::Sampled { parameters, .. } => 3 * parameters.len(),
                MethodSnapshot::CoordinateAscent { parameters, .. } => parameters.len(),
            },
            Self::Bump(snapshot) => snapshot.forms.iter().map(form).sum(),
            Self::BumpSweep(snapshot) => form(&snapshot.learner) + 5 * snapshot.results.len(),
            Self::EmMixture(snapshot) => snapshot.weights.len() + snapshot.means.len() + snapshot.factors.len(),
            Self::SparseMixture(snapshot) => 4 * snapshot.parameters.len(),
            // Residual peaks keep their best round and the one before a trial beside the present one.
            Self::SumOfGaussians(snapshot) => {
                4 * (snapshot.amplitudes.len() + snapshot.means.len() + snapshot.factors.len())
            }
        }
    }
}
