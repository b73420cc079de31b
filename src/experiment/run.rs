//! An experiment: settings, data and the fit that they make.

use super::agreement::Agreement;
use super::backend::{Backend, Place};
use super::bayesian_priors::unused_lists;
use super::colors::{PALETTE_SIZE, colors_of};
use super::editing::Editing;
use super::open::{dataset_name, open_data, open_fit, same_data, same_truth};
use super::probe::Rates;
use super::suggestions::{follow_domain, go_on_with, normal, suggested};
use super::timeline::{LiveChange, Seek, Timeline};
use super::trouble::{Trouble, Watch};
use super::{
    Beat, Component, Configured, Data, DatasetReport, Fit, FitState, Mixture, Placed, Report, Snapshot, Swapped, View,
};
use crate::dataset::{Dataset, Table};
use crate::error::Error;
use crate::gpu::{Gpu, now};
use crate::settings::{BackendChoice, CovarianceType, ExperimentName, Settings, Value};

/// Milliseconds that going to another iteration takes of each call.
const SLICE: f64 = 10.0;

/// Settings on which the first curve depends at all iterations.
const OF_ALL_ROWS: [&str; 2] = ["constant", "form"];

/// Data, settings and the fit of one to the other. A change that cannot be made leaves all as it was.
pub struct Experiment {
    pub(super) settings: Settings,
    pub(super) data: Data,
    pub(super) own: Option<Data>,
    /// The table last read, until the visitor has chosen its columns.
    pub(super) table: Option<Table>,
    pub(super) fit: Box<dyn Fit>,
    pub(super) backend: Backend,
    /// How much of the history has been reported.
    pub(super) reported: usize,
    /// What the visitor's hand does to the points.
    pub(super) editing: Editing,
    /// Rows that the fit went back behind before they were reported, and where they begin.
    unsent: Option<(usize, Vec<f64>)>,
    pub(super) timeline: Timeline,
    /// Components that a link has put in place at iteration 0.
    pub(super) placed: Vec<(usize, Placed)>,
    watch: Watch,
    /// How often points were drawn from the fit.
    pub(super) samples_drawn: u64,
    /// How well the fit's groups agree with those of the data.
    pub(super) agreement: Agreement,
}

impl Experiment {
    /// Opens an experiment with its defaults.
    ///
    /// # Errors
    /// None for the playground's own data; the type is that of every way to start a fit.
    pub fn new(name: ExperimentName) -> Result<Self, Error> {
        let settings = Settings::new(name);
        let data = open_data(&settings, None)?;
        let mut fit = open_fit(&data, &settings)?;
        let backend = Backend::new(settings.backend());
        let timeline = Timeline::new(&*fit, &settings);
        let watch = Watch::new(&mut *fit, &data, &settings);
        Ok(Self {
            settings,
            data,
            own: None,
            table: None,
            fit,
            backend,
            reported: 0,
            editing: Editing::default(),
            unsent: None,
            timeline,
            placed: Vec::new(),
            watch,
            samples_drawn: 0,
            agreement: Agreement::default(),
        })
    }

    /// Opens an experiment that never leaves the processor: the defaults with some settings changed by name.
    ///
    /// # Errors
    /// Those of [`Experiment::begin`].
    pub fn on_the_processor(name: ExperimentName, changes: &[(String, Value)]) -> Result<Self, Error> {
        let mut experiment = Self::new(name)?;
        let asked = changes.iter().filter(|(name, _)| experiment.settings.backend().is_none() || name != "backend");
        let changes: Vec<_> = asked.cloned().collect();
        experiment.settings.set_backend(BackendChoice::Cpu);
        experiment.begin(&changes)?;
        Ok(experiment)
    }

    /// The settings in force.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// What is fitted to.
    #[must_use]
    pub fn data(&self) -> &Data {
        &self.data
    }

    /// The fit.
    pub fn fit(&mut self) -> &mut dyn Fit {
        &mut *self.fit
    }

    /// The fit as a mixture; `None` for the experiments that have none.
    pub fn mixture(&mut self) -> Option<&mut dyn Mixture> {
        match self.fit.view() {
            View::Mixture(mixture) => Some(mixture),
            View::Surface(_) | View::Bumps(_) | View::Sweep(_) => None,
        }
    }

    /// The settings that are usual for the data in force: the defaults, with what suits the data set.
    #[must_use]
    pub fn normal(&self) -> Settings {
        normal(&self.settings)
    }

    /// Changes settings by name. A change of the data set brings that set's usual model settings, unless the
    /// same change names them too.
    ///
    /// # Errors
    /// [`Error::Setting`] for an unknown name or a value of the wrong kind, or what starting the fit gives.
    pub fn configure(&mut self, changes: &[(String, Value)]) -> Result<Configured, Error> {
        // To name a data set is to let go of what the hand has made of it.
        let named = changes.iter().any(|(name, _)| name == "dataset");
        let stopped = (*self.fit.state() == FitState::Exhausted).then(|| self.fit.iteration());
        let more = stopped.and_then(|iteration| go_on_with(&self.settings, changes, iteration));
        let all = changes.iter().cloned().chain(more.clone()).collect::<Vec<_>>();
        let mut configured = self.change(self.settings.clone(), &all, !named)?;
        if let (Some((_, Value::Number(iterations))), false) = (more, configured.restarted) {
            configured
                .notices
                .push(format!("Another sparsity, another end: the fit may go on to iteration {iterations}."));
        }
        let asked = changes.iter().any(|(name, _)| name == "backend");
        self.backend.choose(self.settings.backend(), asked);
        Ok(configured)
    }

    /// Like [`Experiment::configure`], but from the defaults; only the speed and what runs the iterations stay.
    ///
    /// # Errors
    /// The same.
    pub fn begin(&mut self, changes: &[(String, Value)]) -> Result<Configured, Error> {
        let configured = self.change(self.defaults(), changes, false)?;
        self.editing.drop();
        self.backend.choose(self.settings.backend(), false);
        Ok(configured)
    }

    /// The defaults; only the speed and what runs the iterations stay.
    pub(super) fn defaults(&self) -> Settings {
        let mut settings = Settings::new(self.settings.experiment());
        settings.keep_speed(&self.settings);
        if let Some(choice) = self.settings.backend() {
            settings.set_backend(choice);
        }
        settings
    }

    /// Takes changed settings into force; true Gaussians that were moved by hand stay where they are, if they may.
    fn change(
        &mut self,
        mut settings: Settings,
        changes: &[(String, Value)],
        keeps_truth: bool,
    ) -> Result<Configured, Error> {
        let mut notices = Vec::new();
        let (before, start) = (dataset_name(&settings), settings.clone());
        for (name, value) in changes.iter().filter(|(name, _)| name == "dataset") {
            notices.extend(settings.set(name, value)?);
        }
        if dataset_name(&settings) != before {
            settings = suggested(&settings);
        }
        for (name, value) in changes.iter().filter(|(name, _)| name != "dataset") {
            notices.extend(settings.set(name, value)?);
        }
        follow_domain(&mut settings, &start, changes);
        let moved = self.editing.truth.moved;
        let keeps_truth = moved && keeps_truth && same_truth(&settings, &self.settings);
        let same = same_data(&settings, &self.settings) && keeps_truth == moved;
        let data = if same { self.data.clone() } else { self.draw_data(&settings, keeps_truth)? };
        let moment = self.moment(true);
        let chosen = dataset_name(&settings) != dataset_name(&self.settings);
        let named = changes.iter().any(|(name, _)| name == "dataset");
        let configured = self.adopt(settings, data, notices)?;
        self.editing.truth.moved = keeps_truth;
        // To name a data set is to let go of points in hand, even of those that were made from it.
        if !same || named {
            let waiting = self.editing.is_waiting();
            self.editing.drop();
            if chosen || waiting || keeps_truth != moved {
                self.editing.remember(moment);
            }
        }
        Ok(configured)
    }

    /// Takes settings and data into force together, or neither.
    pub(super) fn adopt(&mut self, settings: Settings, data: Data, notices: Vec<String>) -> Result<Configured, Error> {
        let restarted = settings.restarts_from(&self.settings) || !data.is(&self.data);
        let mut notices = notices;
        if restarted {
            notices.extend(unused_lists(&settings, data.axes().len()));
            self.start(settings, data)?;
        } else {
            self.adjust(&settings);
            self.settings = settings;
        }
        Ok(self.configured(notices, restarted))
    }

    /// What a change of settings came to.
    pub(super) fn configured(&self, notices: Vec<String>, restarted: bool) -> Configured {
        Configured { settings: self.settings.clone(), normal: self.normal(), notices, restarted }
    }

    /// Starts a fit of its own, without anything that a link asked for.
    pub(super) fn start(&mut self, settings: Settings, data: Data) -> Result<(), Error> {
        self.fit = open_fit(&data, &settings)?;
        (self.settings, self.data) = (settings, data);
        self.begin_reports();
        self.backend.restart();
        self.placed.clear();
        self.timeline.restart(&*self.fit, &self.settings);
        self.watch = Watch::new(&mut *self.fit, &self.data, &self.settings);
        Ok(())
    }

    /// Lets the running fit heed settings that do not restart it. Where they act on it, it goes another way from here: what
    /// came after, if it stood at an earlier moment, is forgotten.
    fn adjust(&mut self, settings: &Settings) {
        let acts = self.timeline.note(self.fit.iteration(), &self.settings, settings);
        if acts {
            self.branch();
        }
        self.fit.adjust(settings);
        self.backend.adjust(&mut *self.fit);
        self.watch.disturb();
        if acts {
            self.timeline.keep_change(&*self.fit, settings);
            // The objective of the present iteration may have changed.
            self.reported = self.reported.saturating_sub(1);
        }
        if OF_ALL_ROWS.iter().any(|name| settings.get(name) != self.settings.get(name)) {
            self.begin_reports();
        }
    }

    /// The next report begins with the first row.
    fn begin_reports(&mut self) {
        self.reported = 0;
        self.unsent = None;
    }

    /// From which iteration the fit has gone another way since this was last asked for.
    pub fn take_branch(&mut self) -> Option<usize> {
        self.timeline.branched.take()
    }

    /// Makes the present the end of what is known of the fit.
    fn branch(&mut self) {
        if self.timeline.branch(&*self.fit) {
            self.watch.reread();
            let rows = self.fit.records(usize::MAX).end;
            self.reported = rows.min(self.unsent.take().map_or(self.reported, |(start, _)| start));
        }
    }

    /// Starts the fit again at iteration 0, with what a link asked for.
    ///
    /// # Errors
    /// None that the present fit did not already pass; the type is that of every way to start a fit.
    pub fn reset(&mut self) -> Result<(), Error> {
        let settings = self.timeline.opening(&self.settings);
        self.fit = open_fit(&self.data, &settings)?;
        self.timeline.changed_settings |= settings != self.settings;
        self.settings = settings;
        self.begin_reports();
        self.backend.restart();
        self.timeline.replay(&*self.fit, &self.settings);
        self.watch = Watch::new(&mut *self.fit, &self.data, &self.settings);
        self.put_in_place()
    }

    /// Puts the components in place that a link has placed, at iteration 0.
    pub(super) fn put_in_place(&mut self) -> Result<(), Error> {
        if self.placed.is_empty() {
            return Ok(());
        }
        let placed: Vec<(usize, &Placed)> = self.placed.iter().map(|(k, placed)| (*k, placed)).collect();
        self.fit.place_all(&placed)?;
        self.edited();
        Ok(())
    }

    /// Does up to `iterations` iterations; fewer where the fit stops, and none while points are in the visitor's hand. On the
    /// graphics processor they are only begun: [`Experiment::poll`] brings what has come of them, until [`Experiment::is_busy`] says
    /// that all has. From an earlier moment the fit goes another way, and what came after is forgotten; on the way to one, it first
    /// gets there.
    pub fn step(&mut self, iterations: usize) {
        if self.editing.is_waiting() {
            return;
        }
        if let Some(seek) = &mut self.timeline.seeking {
            seek.then = seek.then.saturating_add(iterations);
            self.go_on(SLICE);
            return;
        }
        if iterations == 0 || *self.fit.state() != FitState::Running {
            return;
        }
        self.branch();
        if let Place::Cpu(_) = self.backend.place(&mut *self.fit) {
            self.backend.leave();
            for _ in 0..iterations {
                if *self.fit.state() != FitState::Running {
                    break;
                }
                self.timeline.step(&mut *self.fit, &mut self.settings);
            }
        } else {
            let finished = usize::from(self.finish_iteration());
            self.backend.ask(iterations - finished);
            self.poll_backend();
        }
    }

    /// Does the next beat of an iteration, where the model has two, on the processor; else a whole iteration.
    pub fn half_step(&mut self) {
        if self.editing.is_waiting() {
            return;
        }
        if self.fit.beat().is_none() || self.timeline.seeking.is_some() {
            self.step(1);
        } else if *self.fit.state() == FitState::Running {
            self.branch();
            self.backend.leave();
            self.timeline.half_step(&mut *self.fit, &mut self.settings);
        }
    }

    /// Ends an iteration that is half done, before the graphics processor goes on; returns whether there was one.
    fn finish_iteration(&mut self) -> bool {
        let half_done = self.fit.beat() == Some(Beat::E);
        if half_done {
            self.half_step();
        }
        half_done
    }

    /// Iterates for about `budget` milliseconds, at least once unless the fit has stopped. On the graphics processor it sees to it
    /// that the device always has work, and returns at once. Returns whether the fit has moved.
    pub fn run_for(&mut self, budget: f64) -> bool {
        if self.editing.is_waiting() {
            return false;
        }
        if self.timeline.seeking.is_some() {
            return self.go_on(budget);
        }
        if *self.fit.state() == FitState::Running {
            self.branch();
        }
        if let Place::Cpu(_) = self.backend.place(&mut *self.fit) {
            self.backend.leave();
            let end = now() + budget;
            loop {
                self.timeline.step(&mut *self.fit, &mut self.settings);
                if now() >= end || *self.fit.state() != FitState::Running {
                    return true;
                }
            }
        }
        self.finish_iteration();
        self.backend.ask(usize::MAX);
        self.poll_backend()
    }

    /// Goes on to where a seek ends, for about `budget` milliseconds, and from there by the iterations that were asked for.
    fn go_on(&mut self, budget: f64) -> bool {
        let end = now() + budget;
        while let Some(Seek { then, .. }) = self.timeline.seeking {
            self.timeline.advance(&mut *self.fit, &mut self.settings);
            if self.timeline.seeking.is_none() && then > 0 {
                self.step(then);
            }
            if now() >= end {
                break;
            }
        }
        true
    }

    /// Goes to an iteration that the fit has been to, or as far as that is known: to the nearest moment that is kept before it, and on
    /// from there on the processor, bit by bit with [`Experiment::poll`]. What comes after is not forgotten until the fit takes a new
    /// step.
    pub fn seek(&mut self, iteration: usize) {
        if !self.timeline.is_looking_back(&*self.fit) {
            let rows = self.fit.records(self.reported);
            if rows.end > self.reported {
                // What an earlier seek left is older.
                let (start, mut values) = self.unsent.take().unwrap_or((self.reported, Vec::new()));
                values.extend(rows.values);
                self.unsent = Some((start, values));
                self.reported = rows.end;
            }
        }
        self.backend.leave();
        self.timeline.seek(&mut *self.fit, &mut self.settings, iteration);
        self.watch.reread();
    }

    /// The components, in the units of the data, at a milestone that a report names; none elsewhere.
    #[must_use]
    pub fn components_at(&self, iteration: usize) -> &[Component] {
        self.timeline.components_at(iteration).unwrap_or_default()
    }

    /// Goes to the iteration before the present one.
    pub fn step_back(&mut self) {
        let present = self.timeline.seeking.map_or(self.fit.iteration(), |seek| seek.target);
        if let Some(before) = present.checked_sub(1) {
            self.seek(before);
        }
    }

    /// Changes of settings that act on the running fit, in their order, and what those settings were at the start: played with
    /// them, a fit goes the same way.
    #[must_use]
    pub fn live_changes(&self) -> Vec<LiveChange> {
        self.timeline.live_changes()
    }

    /// Begins no more iterations; those that the graphics processor is at still come.
    pub fn halt(&mut self) {
        if let Some(seek) = &mut self.timeline.seeking {
            seek.then = 0;
        }
        self.backend.halt();
    }

    /// Takes in what has come back from the graphics processor, and returns whether the fit has moved. Waits for nothing.
    pub fn poll(&mut self) -> bool {
        if self.timeline.seeking.is_some() { self.go_on(SLICE) } else { self.poll_backend() }
    }

    fn poll_backend(&mut self) -> bool {
        let Self { fit, settings, timeline, backend, .. } = self;
        let until = timeline.next_scheduled(&**fit);
        let moved = backend.poll_until(&mut **fit, until, &mut |fit| timeline.step(fit, settings));
        if timeline.arrived(&mut **fit, settings) {
            backend.adjust(&mut **fit);
        }
        moved
    }

    /// Whether [`Experiment::poll`] has more to do: a way to go, iterations to bring, or a device to open and to measure.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.timeline.seeking.is_some() || self.backend.is_busy(&*self.fit)
    }

    /// Whether iterations were asked for that have not been done.
    #[must_use]
    pub fn is_behind(&self) -> bool {
        self.timeline.seeking.is_some_and(|seek| seek.then > 0) || self.backend.is_behind(&*self.fit)
    }

    /// Uses a device that is open already.
    pub fn connect(&mut self, gpu: Gpu) {
        self.backend.connect(gpu);
    }

    /// The device, where one is open.
    #[must_use]
    pub fn gpu(&self) -> Option<Gpu> {
        self.backend.gpu()
    }

    /// Takes the machine's rates as known, instead of measuring them.
    pub fn set_rates(&mut self, rates: Rates) {
        self.backend.set_rates(rates);
    }

    /// Moves a component, counted from 0, to where the fit is worst: of a mixture to the point of lowest density, with weight 1/K; of
    /// a sum of Gaussians to the largest residual, with that for its amplitude.
    ///
    /// # Errors
    /// What [`Fit::place`] gives; nothing has changed then.
    pub fn move_to_worst(&mut self, component: usize) -> Result<(), Error> {
        let components = self.fit.view().components().len();
        if component >= components {
            return Err(Error::NoSuchComponent { component: component + 1, components });
        }
        let worst = self.worst_place(components);
        self.place(
            component,
            &worst.ok_or(Error::Immovable { reason: "There is no point that it could be moved to." })?,
        )
    }

    /// Where the fit is worst, as a place for one of its components.
    fn worst_place(&mut self, components: usize) -> Option<Placed> {
        let share = 1.0 / components as f64;
        match (self.fit.view(), &self.data) {
            (View::Mixture(mixture), Data::Points(points)) => {
                let mut worst = (f64::INFINITY, None);
                mixture.visit_points(&mut |i, log_density, _| {
                    if log_density < worst.0 && points.weight(i) > 0.0 {
                        worst = (log_density, Some(i));
                    }
                });
                let dimension = points.dimension();
                let mean = points.values()[worst.1? * dimension..].iter().take(dimension).copied().collect();
                let covariance = match &self.settings {
                    // The one that all have.
                    Settings::EmMixture(settings) if settings.covariance_type == CovarianceType::Tied => Vec::new(),
                    Settings::EmMixture(_) => points.covariance(),
                    // Gradients take long to make it smaller.
                    _ => points.covariance().into_iter().map(|value| value * share).collect(),
                };
                Some(Placed { weight: Some(share), mean, covariance })
            }
            (View::Surface(surface), Data::Samples(samples)) => {
                let (dimension, train) = (samples.dimension(), samples.train());
                let positive = self.settings.get("nonNegative") == Some(Value::Switch(true));
                let mut worst = (0.0, None);
                surface.predict(train.count(), &|i, axis| train.inputs[i * dimension + axis], &mut |i, prediction| {
                    let residual = train.targets[i] - prediction;
                    let size = if positive { residual } else { residual.abs() };
                    if size > worst.0 {
                        worst = (size, Some((i, residual)));
                    }
                });
                let (i, residual) = worst.1?;
                let inputs = Dataset::new("", samples.axes().to_vec(), train.inputs.clone()).ok()?;
                let covariance = inputs.covariance().into_iter().map(|value| value * share).collect();
                let mean = train.inputs[i * dimension..(i + 1) * dimension].to_vec();
                Some(Placed { weight: Some(residual), mean, covariance })
            }
            _ => None,
        }
    }

    /// Puts a component, counted from 0, where the visitor wants it; the fit goes on from there.
    ///
    /// # Errors
    /// What [`Fit::place`] gives; nothing has changed then.
    pub fn place(&mut self, component: usize, placed: &Placed) -> Result<(), Error> {
        self.fit.place(component, placed)?;
        self.edited();
        Ok(())
    }

    /// Exchanges the labels of two components, counted from 0; returns the score before and after.
    ///
    /// # Errors
    /// What [`Fit::swap`] gives; nothing has changed then.
    pub fn swap(&mut self, one: usize, other: usize) -> Result<Swapped, Error> {
        let (before, after) = self.fit.swap(one, other)?;
        self.edited();
        Ok(Swapped { before, after })
    }

    /// Gives component `one`, counted from 0, this part of the weight that it and component `other` have together, and `other` the
    /// rest.
    ///
    /// # Errors
    /// What [`Fit::place_all`] gives; nothing has changed then.
    pub fn share_weight(&mut self, one: usize, other: usize, part: f64) -> Result<(), Error> {
        let components = self.fit.view().components();
        let missing = |k: usize| Error::NoSuchComponent { component: k + 1, components: components.len() };
        let (Some(first), Some(second)) = (components.get(one), components.get(other)) else {
            return Err(missing(one.max(other)));
        };
        let both = first.weight + second.weight;
        let part = if part.is_nan() { 0.5 } else { part.clamp(0.0, 1.0) };
        let placed = |component: &Component, weight: f64| Placed {
            weight: Some(weight),
            mean: component.mean.clone(),
            covariance: Vec::new(),
        };
        let (first, second) = (placed(first, both * part), placed(second, both * (1.0 - part)));
        self.fit.place_all(&[(one, &first), (other, &second)])?;
        self.edited();
        Ok(())
    }

    /// Components are elsewhere: the fit goes another way from here.
    pub(super) fn edited(&mut self) {
        self.branch();
        self.backend.leave();
        self.watch.disturb();
        self.timeline.keep_edit(&*self.fit, &self.settings);
        // The objective of the present iteration has changed.
        self.reported = self.reported.saturating_sub(1);
    }

    /// Where the fit is. History holds what is new since the last report.
    pub fn report(&mut self) -> Report {
        let (state, message) = match self.editing.missing() {
            "" => (self.fit.state().name(), self.fit.message()),
            missing => (FitState::Exhausted.name(), missing.to_owned()),
        };
        let (backend, backend_reason) = match self.backend.place(&mut *self.fit) {
            Place::Cpu(reason) | Place::Waiting(reason) => ("cpu", reason),
            Place::Gpu(reason) => ("gpu", reason),
        };
        let (history_start, history) = self.news();
        let mut measures = self.fit.measures();
        measures.extend(self.adjusted_rand_index());
        let (points, label) = self.editing.points().unwrap_or((self.data.count(), self.data.label()));
        Report {
            dataset: DatasetReport {
                name: dataset_name(&self.settings),
                label: label.to_owned(),
                points,
                axes: self.data.axes(),
                note: self.data.note().to_owned(),
                source: self.data.source().to_owned(),
                editable: self.is_editable(),
                undoable: self.editing.can_undo(),
                redoable: self.editing.can_redo(),
                drawn: self.editing.is_drawn(&self.data),
                missing: self.editing.missing().to_owned(),
            },
            iteration: self.fit.iteration(),
            objective: self.fit.objective(),
            measures,
            state,
            message,
            backend,
            backend_reason,
            backend_notice: self.backend.take_notice(),
            curves: self.fit.curves(),
            curve_kinds: self.fit.curve_kinds(),
            history_start,
            history,
            weight_name: self.fit.view().weight_name(),
            colors: self.colors(),
            components: self.fit.view().components(),
            recovered: self.recovered(),
            beat: self.fit.beat().filter(|_| *self.fit.state() == FitState::Running),
            latest: self.timeline.latest(&*self.fit),
            moments: self.timeline.moments(&*self.fit),
            milestones: self.timeline.milestones(),
            seeking: self.timeline.seeking.is_some(),
            troubles: self.troubles(),
            edited: self.timeline.edited,
            settings: std::mem::take(&mut self.timeline.changed_settings).then(|| self.settings.clone()),
        }
    }

    /// What keeps the fit from getting better; nothing is said on the way to another iteration.
    #[must_use]
    pub fn troubles(&mut self) -> Vec<Trouble> {
        if self.timeline.seeking.is_some() {
            return Vec::new();
        }
        self.watch.look(&mut *self.fit, &self.data, &self.settings).to_vec()
    }

    /// Rows that have not been reported, and where they begin. To look back is no news: the rows that come after stay.
    fn news(&mut self) -> (usize, Vec<f64>) {
        let (start, mut values) = self.unsent.take().unwrap_or((self.reported, Vec::new()));
        if !self.timeline.is_looking_back(&*self.fit) {
            let records = self.fit.records(self.reported);
            values.extend(records.values);
            self.reported = records.end;
        }
        (start, values)
    }

    /// The number of each component's colour.
    pub fn colors(&mut self) -> Vec<usize> {
        match self.fit.view() {
            View::Mixture(mixture) => colors_of(&mixture.components()),
            // Those that were pruned keep their colours, and so do the others.
            view => (0..view.components().len()).map(|k| k % PALETTE_SIZE).collect(),
        }
    }

    /// All that the next iteration depends on, but for data and settings.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        self.fit.snapshot()
    }

    /// Goes back to a snapshot of a fit to the same data with the same settings, but for those that act on a running fit: they
    /// come with the snapshot. The moments before it are not known: after a restart of the Worker, it is the first to go back to.
    ///
    /// # Errors
    /// [`Error::ForeignSnapshot`].
    pub fn restore(&mut self, snapshot: &Snapshot) -> Result<(), Error> {
        self.fit.restore(snapshot)?;
        if self.timeline.skip_to(self.fit.iteration(), &mut self.settings) {
            // Not all of them are part of a snapshot.
            self.fit.adjust(&self.settings);
            self.fit.restore(snapshot)?;
        }
        self.backend.leave();
        self.fit.write_in_force(&mut self.settings);
        self.begin_reports();
        self.timeline.begin(&*self.fit, &self.settings);
        self.watch = Watch::new(&mut *self.fit, &self.data, &self.settings);
        Ok(())
    }
}
