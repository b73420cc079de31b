//! The forms of the bump layer learning side by side, on the same data and batches.

use serde::{Deserialize, Serialize};
use tsify::Tsify;

use super::bump_learner::{FormSnapshot, FormState, Learner, rule_of};
use super::fit::fit_by_inherent_methods;
use super::on_device::OnDevice;
use super::{
    BumpCurve, BumpShape, Bumps, Cell, Fit, FitState, History, Measure, ParameterTable, Records, Snapshot, View,
};
use crate::dataset::{Axis, Regression};
use crate::error::Error;
use crate::models::bump::{Batches, Landmarks, Parameters, Sample, loss, predict, slopes, width_slopes};
use crate::numeric::random::{Purpose, Stream};
use crate::numeric::scalar::Real;
use crate::optimizers::Rule;
use crate::settings::{BumpForm, BumpSettings, Choice, Settings};

/// An epoch is recorded about so often: every 25 steps for 100,000 points in batches of 32.
const RECORDS_AN_EPOCH: usize = 125;

/// Rows that the recorded losses are taken over, spread evenly over the data: always the same, so that curves fall without
/// the batches' noise, and few, so that a record costs as much as the steps between two of them.
const LOSS_ROWS: usize = 1_000;

/// Steps over all points that least squares may do in place of an epoch.
const LEAST_SQUARES_STEPS: usize = 20;

/// The forms that have a σ.
const WITH_SIGMA: usize = 5;

/// The forms that learn, in the order of the settings.
const FORMS: &[BumpForm] = BumpForm::ALL;

/// A fit of every form to the same samples, in the precision `R`. A form whose parameters would no longer be finite stops at its
/// last finite iteration and says why, while the others go on.
pub struct BumpFit<R> {
    batches: Batches<R>,
    /// What recorded losses are taken over.
    loss_entries: Vec<Sample<R>>,
    range: (f64, f64),
    /// Whether there are targets beyond the precision: nobody has filtered them.
    wild: bool,
    features: usize,
    /// What moves the parameters by batches; without it, least squares over all points.
    rule: Option<Rule>,
    front: BumpForm,
    learning_rate: f64,
    epochs: u32,
    learners: Vec<Learner>,
    /// The losses last recorded, one a form.
    losses: Vec<f64>,
    iteration: usize,
    history: History,
    state: FitState,
}

/// The forms' parameters at an iteration that is to be recorded.
pub(super) struct Moment {
    pub iteration: usize,
    /// Form by form, in the order of the settings.
    pub parameters: Vec<Vec<f64>>,
}

/// All that the next iteration depends on, but for the samples: restored, a fit goes on bit for bit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Tsify)]
pub struct BumpSnapshot {
    /// Iterations done.
    pub iteration: u32,
    /// The epoch of the next batch, from 0.
    pub epoch: u32,
    /// The rows of that epoch that are done.
    pub position: u32,
    /// The learning rate in force.
    pub learning_rate: f64,
    /// The epochs that the fit may do.
    pub epochs: u32,
    /// The forms, in the order of the settings.
    pub forms: Vec<FormSnapshot>,
    /// The curves so far.
    pub history: History,
}

impl<R: Real> BumpFit<R> {
    /// The columns of the history: the mean squared error of the form in front, then of each form, then σ of each form that
    /// has one (of the first feature, where each has its own). An error that is not finite is recorded as infinite.
    ///
    /// Errors are means over the same 1,000 rows, spread evenly over the data, recorded 125 times an epoch and, for
    /// Levenberg–Marquardt, after each step. A form that has stopped keeps its last numbers.
    pub const CURVES: &'static [&'static str] = &[
        "mse",
        "asked",
        "single-where",
        "double-where",
        "safe",
        "squared",
        "gaussian",
        "sigma-asked",
        "sigma-single-where",
        "sigma-double-where",
        "sigma-safe",
        "sigma-squared",
    ];

    /// Starts every form on samples with one input column. With F features in the settings, entry i of the samples is of
    /// feature i mod F, and F entries are a row.
    ///
    /// Where nobody filters targets, those that the precision cannot hold are infinite and stop each form that meets them.
    ///
    /// # Errors
    /// [`Error::Shape`] where there are more input columns or the entries do not make whole rows, [`Error::Spread`] where the
    /// precision cannot hold an input, or a target that should have been filtered.
    pub fn new(data: &Regression, settings: &BumpSettings) -> Result<Self, Error> {
        let features = settings.features as usize;
        let samples = data.train();
        let shape = Error::Shape { length: samples.inputs.len(), dimension: features };
        if data.dimension() != 1 || features == 0 || !samples.count().is_multiple_of(features) {
            return Err(shape);
        }
        let refuse = |spread: f64| Err(Error::Spread { spread, precision: R::PRECISION });
        let mut entries = Vec::with_capacity(samples.count());
        let mut range = (f64::INFINITY, f64::NEG_INFINITY);
        let mut wild = false;
        for (&x, &y) in samples.inputs.iter().zip(&samples.targets) {
            if x.abs() > R::LARGEST {
                return refuse(x.abs());
            }
            let holds = R::of(y).finite();
            if !holds && settings.filter_targets {
                return refuse(y.abs());
            }
            wild |= !holds;
            range = (range.0.min(x), range.1.max(x));
            entries.push([R::of(x), R::of(y)]);
        }
        let rows = entries.len() / features;
        let every = rows.div_ceil(LOSS_ROWS);
        let loss_entries = entries.chunks_exact(features).step_by(every).flatten().copied().collect();
        let sets = if settings.per_feature { features } else { 1 };
        let learners: Vec<Learner> = FORMS
            .iter()
            .map(|&form| {
                // A stream for each: all that start below the same bound start at the same σ.
                let mut stream = Stream::new(u64::from(settings.seed), Purpose::Initialization);
                let parameters = Parameters::draw(form, sets, settings.start_below, &mut stream);
                Learner::new(parameters, settings.optimizer, settings.learning_rate)
            })
            .collect();
        let mut fit = Self {
            batches: Batches::new(entries, features, settings.batch_size.max(1) as usize, settings.seed),
            loss_entries,
            range,
            wild,
            features,
            rule: rule_of(settings.optimizer),
            front: settings.form,
            learning_rate: settings.learning_rate,
            epochs: settings.epochs,
            losses: vec![0.0; learners.len()],
            learners,
            iteration: 0,
            history: History::default(),
            state: FitState::Running,
        };
        fit.losses = fit.learners.iter().map(|learner| fit.loss_of(learner)).collect();
        fit.record();
        fit.state = fit.next_state();
        Ok(fit)
    }

    /// One iteration: each form that runs takes a step on the same batch, or on all points by least squares.
    pub fn step(&mut self) {
        if self.state != FitState::Running {
            return;
        }
        let entries = if self.is_full() { self.batches.entries() } else { self.batches.advance() };
        for learner in &mut self.learners {
            learner.step(entries, self.iteration);
        }
        self.iteration += 1;
        self.state = self.next_state();
        if self.iteration.is_multiple_of(self.interval()) || self.state != FitState::Running {
            self.record();
        }
    }

    /// Whether the fit goes on. It does while a form learns, whichever is in front.
    #[must_use]
    pub fn state(&self) -> &FitState {
        &self.state
    }

    /// Iterations done.
    #[must_use]
    pub fn iteration(&self) -> usize {
        self.iteration
    }

    /// The curves named by [`BumpFit::CURVES`].
    #[must_use]
    pub fn history(&self) -> &History {
        &self.history
    }

    /// Iterations an epoch.
    #[must_use]
    pub fn steps_an_epoch(&self) -> usize {
        if self.is_full() { LEAST_SQUARES_STEPS } else { self.batches.per_epoch() }
    }

    /// Takes over the form in front, the learning rate and the number of epochs.
    pub fn adjust(&mut self, settings: &BumpSettings) {
        self.epochs = settings.epochs;
        self.set_learning_rate(settings.learning_rate);
        if self.front != settings.form {
            self.front = settings.form;
            self.bring_to_front();
        }
        self.state = self.next_state();
    }

    /// The form in front.
    #[must_use]
    pub fn front(&self) -> BumpForm {
        self.front
    }

    /// How a form fares.
    #[must_use]
    pub fn form_state(&self, form: BumpForm) -> &FormState {
        self.learner(form).state()
    }

    /// The parameters of a form.
    #[must_use]
    pub fn parameters(&self, form: BumpForm) -> &Parameters {
        self.learner(form).parameters()
    }

    /// The forms that have a σ, with theirs: one number, or one a feature.
    #[must_use]
    pub fn sigmas(&self) -> Vec<(BumpForm, &[f64])> {
        FORMS[..WITH_SIGMA].iter().map(|&form| (form, self.parameters(form).values.as_slice())).collect()
    }

    /// The mean squared error of a form over all samples; infinite or NaN where a value overflows.
    #[must_use]
    pub fn mse(&self, form: BumpForm) -> f64 {
        loss(self.parameters(form), self.batches.entries())
    }

    /// A form's outputs at some inputs of one feature, counted from 0.
    #[must_use]
    pub fn predict(&self, form: BumpForm, feature: usize, inputs: &[f64]) -> Vec<f64> {
        predict::<R>(self.parameters(form), feature, inputs)
    }

    /// ∂f/∂σ of a form at some inputs of one feature, counted from 0; `None` for forms that have no such gradient.
    #[must_use]
    pub fn slopes(&self, form: BumpForm, feature: usize, inputs: &[f64]) -> Option<Vec<f64>> {
        slopes::<R>(self.parameters(form), feature, inputs)
    }

    /// The smallest and largest input.
    #[must_use]
    pub fn range(&self) -> (f64, f64) {
        self.range
    }

    /// Columns of the input, one output each.
    #[must_use]
    pub fn features(&self) -> usize {
        self.features
    }

    /// All that the next iteration depends on, but for the samples.
    #[must_use]
    pub fn snapshot(&self) -> BumpSnapshot {
        let (epoch, position) = self.batches.place();
        BumpSnapshot {
            iteration: u32::try_from(self.iteration).unwrap_or(u32::MAX),
            epoch,
            position: u32::try_from(position).unwrap_or(u32::MAX),
            learning_rate: self.learning_rate,
            epochs: self.epochs,
            forms: self.forms(),
            history: self.history.clone(),
        }
    }

    /// Goes back to a snapshot of a fit to the same samples with the same settings; learning rate and epochs become those of
    /// the snapshot.
    ///
    /// # Errors
    /// [`Error::ForeignSnapshot`], and nothing changes.
    pub fn restore(&mut self, snapshot: &BumpSnapshot) -> Result<(), Error> {
        let BumpSnapshot { iteration, epoch, position, learning_rate, epochs, forms, history } = snapshot;
        let (width, count) = (Self::CURVES.len(), history.iterations.len());
        let usable = forms.len() == self.learners.len()
            && count > 0
            && history.rows.len() == count
            && history.rows.iter().all(|row| row.len() == width && row.iter().all(|value| !value.is_nan()))
            && learning_rate.is_finite()
            && *learning_rate > 0.0;
        if !usable {
            return Err(Error::ForeignSnapshot);
        }
        let mut learners = self.learners.clone();
        for (learner, form) in learners.iter_mut().zip(forms) {
            learner.restore(form)?;
        }
        if !self.batches.go_to((*epoch, *position as usize)) {
            return Err(Error::ForeignSnapshot);
        }
        self.learners = learners;
        self.iteration = *iteration as usize;
        self.epochs = *epochs;
        self.set_learning_rate(*learning_rate);
        self.history.clone_from(history);
        self.losses = history.last().unwrap_or_default()[1..=self.learners.len()].to_vec();
        self.bring_to_front();
        self.state = self.next_state();
        Ok(())
    }

    /// Goes on to what was computed elsewhere: the state of each form after iteration `iteration`, and the parameters that they
    /// had at iterations to be recorded. `false`, and nothing changes, where these are no such states.
    pub(super) fn follow(&mut self, forms: &[FormSnapshot], moments: &[Moment], iteration: usize) -> bool {
        let Some(done) = iteration.checked_sub(self.iteration) else { return false };
        if done == 0 {
            return true;
        }
        let mut learners = self.learners.clone();
        let usable = learners.iter_mut().zip(forms).all(|(learner, form)| learner.restore(form).is_ok());
        let finite = |moment: &Moment| moment.parameters.iter().flatten().all(|value| value.is_finite());
        if !usable || !moments.iter().all(finite) {
            return false;
        }
        for moment in moments {
            for (learner, values) in self.learners.iter_mut().zip(&moment.parameters) {
                learner.move_to(values);
            }
            self.iteration = moment.iteration;
            self.record();
        }
        self.learners = learners;
        self.batches.skip(done);
        self.iteration = iteration;
        self.state = self.next_state();
        if self.state != FitState::Running {
            self.record();
        }
        true
    }

    /// The samples and where the next batch begins.
    pub(super) fn batches(&self) -> &Batches<R> {
        &self.batches
    }

    /// How every form stands, in the order of the settings.
    pub(super) fn forms(&self) -> Vec<FormSnapshot> {
        self.learners.iter().map(Learner::snapshot).collect()
    }

    /// What moves the parameters by batches; `None` for least squares.
    pub(super) fn rule(&self) -> Option<Rule> {
        self.rule
    }

    /// Whether there are targets beyond the precision.
    pub(super) fn is_wild(&self) -> bool {
        self.wild
    }

    pub(super) fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    /// Iterations until the epochs are done.
    pub(super) fn iterations_to_come(&self) -> usize {
        (self.epochs as usize * self.steps_an_epoch()).saturating_sub(self.iteration)
    }

    /// Whether a step takes all points.
    fn is_full(&self) -> bool {
        self.rule.is_none()
    }

    fn learner(&self, form: BumpForm) -> &Learner {
        let place = FORMS.iter().position(|&one| one == form);
        &self.learners[place.expect("every form learns")]
    }

    fn set_learning_rate(&mut self, learning_rate: f64) {
        self.learning_rate = learning_rate;
        for learner in &mut self.learners {
            learner.set_learning_rate(learning_rate);
        }
    }

    fn loss_of(&self, learner: &Learner) -> f64 {
        let mse = loss(learner.parameters(), &self.loss_entries);
        if mse.is_finite() { mse } else { f64::INFINITY }
    }

    /// Iterations between two records.
    pub(super) fn interval(&self) -> usize {
        if self.is_full() { 1 } else { (self.batches.per_epoch() / RECORDS_AN_EPOCH).max(1) }
    }

    fn front_index(&self) -> usize {
        FORMS.iter().position(|&form| form == self.front).unwrap_or(0)
    }

    fn record(&mut self) {
        for (place, learner) in self.learners.iter().enumerate() {
            // One that never moves keeps its loss.
            if *learner.state() != FormState::NoGradient {
                self.losses[place] = self.loss_of(learner);
            }
        }
        let sigmas = self.learners[..WITH_SIGMA].iter().map(|learner| learner.parameters().values[0]);
        let front = self.losses[self.front_index()];
        let row = std::iter::once(front).chain(self.losses.iter().copied()).chain(sigmas).collect();
        self.history.record(self.iteration, row);
    }

    /// Makes the first curve that of the form in front.
    fn bring_to_front(&mut self) {
        let place = 1 + self.front_index();
        for row in &mut self.history.rows {
            row[0] = row[place];
        }
    }

    fn next_state(&self) -> FitState {
        let states = || self.learners.iter().map(Learner::state);
        if states().any(|state| *state == FormState::Running) {
            return if self.iteration >= self.epochs as usize * self.steps_an_epoch() {
                FitState::Exhausted
            } else {
                FitState::Running
            };
        }
        if states().any(|state| *state == FormState::Converged) {
            return FitState::Converged;
        }
        let front = self.learner(self.front).state().sentence();
        let any = states().map(FormState::sentence).find(|sentence| !sentence.is_empty());
        FitState::Failed(if front.is_empty() { any.unwrap_or_default() } else { front }.to_owned())
    }
}

/// Numbers for a panel: one, or one a feature.
fn listed(name: &str, values: &[f64]) -> String {
    let numbers: Vec<String> = values.iter().map(|value| format!("{value:.3}").replace('-', "−")).collect();
    format!("{name} {}", numbers.join(", "))
}

impl<R: Real> Fit for BumpFit<R> {
    fit_by_inherent_methods!(Bump, 1);

    fn message(&self) -> String {
        match self.state() {
            FitState::Running => String::new(),
            FitState::Converged => "No form learns any more.".to_owned(),
            FitState::Exhausted => format!("It did the {} epochs that it may. Allow more to go on.", self.epochs),
            FitState::Failed(reason) => reason.clone(),
        }
    }

    fn objective(&mut self) -> Measure {
        let front = FORMS.iter().position(|form| *form == self.front).unwrap_or(0);
        Measure::new("objective", "MSE", self.losses[front], 6).help("Of the form in front, over a thousand points.")
    }

    fn measures(&mut self) -> Vec<Measure> {
        let labels = ["σ, as asked", "σ, single where", "σ, double where", "σ, safe", "σ, squared"];
        let names = ["sigma-asked", "sigma-single-where", "sigma-double-where", "sigma-safe", "sigma-squared"];
        let rows = self.sigmas().into_iter().zip(names.iter().zip(labels));
        rows.map(|((form, sigma), (name, label))| {
            let note = match self.form_state(form) {
                FormState::Failed(reason) => reason.clone(),
                _ => String::new(),
            };
            Measure::new(name, label, sigma[0], 4).help(note)
        })
        .collect()
    }

    fn write_in_force(&self, settings: &mut Settings) {
        if let Settings::Bump(settings) = settings {
            (settings.learning_rate, settings.epochs) = (self.learning_rate, self.epochs);
        }
    }

    fn view(&mut self) -> View<'_> {
        View::Bumps(self)
    }

    fn parameter_table(&mut self, _axes: &[Axis]) -> ParameterTable {
        let sets = self.parameters(BumpForm::Asked).values.len();
        let names: Vec<String> = ["σ", "a", "b", "c"]
            .into_iter()
            .flat_map(|name| {
                (1..=sets).map(move |set| if sets == 1 { name.to_owned() } else { format!("{name} of feature {set}") })
            })
            .collect();
        let row = |&form: &BumpForm| {
            let values = &self.parameters(form).values;
            let gaussian = form == BumpForm::Gaussian;
            let numbers = (0..4 * sets).map(|place| match (gaussian, place / sets, place % sets) {
                (false, 0, set) => values[set].into(),
                // A set of the Gaussian's is a, b and c.
                (true, number @ 1..4, set) => values[3 * set + number - 1].into(),
                _ => "".into(),
            });
            let head: [Cell; 2] = [form.option().label.into(), self.form_state(form).name().into()];
            head.into_iter().chain(numbers).collect()
        };
        let rows = FORMS.iter().map(row).collect();
        ParameterTable { columns: ["form", "state"].map(str::to_owned).into_iter().chain(names).collect(), rows }
    }

    fn on_device(&mut self) -> Result<&mut dyn OnDevice, &'static str> {
        match self.obstacle() {
            Some(obstacle) => Err(obstacle),
            None => Ok(self),
        }
    }
}

impl<R: Real> Bumps for BumpFit<R> {
    fn forms(&self) -> Vec<BumpCurve> {
        let curve = |&form: &BumpForm| {
            let values = &self.parameters(form).values;
            let gaussian = form == BumpForm::Gaussian;
            let (word, failed, done) = match self.form_state(form) {
                FormState::Running => ("σ", false, false),
                FormState::NoGradient => ("stays at", true, false),
                FormState::Vanished => ("fell to", true, false),
                FormState::Unsuited => ("not for least squares", false, false),
                FormState::Converged => ("learned", false, true),
                FormState::Failed(_) => ("stopped at", true, false),
            };
            // Three numbers are too long to stand beside the name.
            let (learned, note) = if gaussian {
                let word = if word == "σ" { "" } else { word };
                (word.to_owned(), listed("a, b, c", values))
            } else if word == "not for least squares" {
                (word.to_owned(), String::new())
            } else {
                // The forms that are made to fail have their reason below.
                let made_to = matches!(form, BumpForm::Asked | BumpForm::SingleWhere | BumpForm::DoubleWhere);
                let reason = if failed && !made_to { self.form_state(form).sentence() } else { "" };
                (listed(word, values), reason.to_owned())
            };
            let why = match form {
                BumpForm::Asked => "σ is only compared with x: it has no gradient and never moves.",
                BumpForm::SingleWhere => "The branch not taken divides by 0: 0·∞ in its gradient is NaN.",
                BumpForm::DoubleWhere => "Nothing breaks outside; but for σ > 1 it overflows between √σ and σ.",
                BumpForm::Safe => "It ends at √σ, before anything overflows: σ is learned.",
                BumpForm::Squared => "σ² − x² is 0 where the bump ends: nothing is left to overflow.",
                BumpForm::Gaussian => "A bell has no end: height a, width by b, centre c.",
            };
            BumpCurve {
                label: form.option().label,
                learned,
                note,
                why,
                failed,
                done,
                sets: self.parameters(form).sets(),
                slope: if gaussian { "∂f/∂b" } else { "∂f/∂σ" },
            }
        };
        FORMS.iter().map(curve).collect()
    }

    fn features(&self) -> usize {
        self.features
    }

    fn shape(&self, form: usize, set: usize, sigma: Option<f64>, places: &[f64]) -> BumpShape {
        let form = FORMS[form];
        let own = self.parameters(form);
        let other = sigma.map(|sigma| Parameters::new(form, own.sets(), sigma)).filter(|_| form != BumpForm::Gaussian);
        let parameters = other.as_ref().unwrap_or(own);
        let sigma = (form != BumpForm::Gaussian).then(|| parameters.set(set)[0]);
        BumpShape {
            values: predict::<R>(parameters, set, places),
            slopes: slopes::<R>(parameters, set, places).or_else(|| width_slopes::<R>(parameters, set, places)),
            sigma,
            landmarks: Landmarks::new(form, sigma.unwrap_or(0.0)),
        }
    }
}
