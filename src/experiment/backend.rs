//! What iterations run on, and why.

use std::cell::RefCell;
use std::rc::Rc;

use super::on_device::Taken;
use super::probe::{Probe, Rates};
use super::{Fit, FitState};
use crate::gpu::{Absence, Gpu, Request, Run, Stopped};
use crate::settings::BackendChoice;

/// How often in a row the device may ask for help before the fit stays on the processor.
const PATIENCE: u32 = 3;

/// The way to the device; whoever opens it leaves it here.
#[derive(Clone, Default)]
enum Link {
    #[default]
    Closed,
    Opening,
    Open(Gpu),
    Absent(Absence),
}

/// Does one iteration on the processor.
pub type Step<'a> = &'a mut dyn FnMut(&mut dyn Fit);

/// Where iterations run, with why, as sentences.
#[derive(Clone, Debug, PartialEq)]
pub enum Place {
    /// On the processor.
    Cpu(String),
    /// On the graphics processor.
    Gpu(String),
    /// Nowhere, until the device that was asked for has been found.
    Waiting(String),
}

/// Takes a fit to the device and back. The fit stays whole: what is read back goes into it, so that it can go on on the processor
/// from there at any time.
pub struct Backend {
    choice: Option<BackendChoice>,
    link: Rc<RefCell<Link>>,
    rates: Option<Rates>,
    probe: Option<Probe>,
    run: Option<Run>,
    /// The fit's iteration when the run began.
    base: usize,
    /// Why this fit is not to go to the device again.
    refused: Option<String>,
    /// Why the device is not to be used until the visitor asks for it.
    failure: Option<String>,
    /// Iterations asked for that have not been done.
    asked: usize,
    /// Whether a device was being opened or measured when that was last looked at.
    unsettled: bool,
    /// How often in a row the device stopped at once.
    helped: u32,
    notice: String,
}

impl Backend {
    /// Follows a choice; without one, everything runs on the processor.
    #[must_use]
    pub fn new(choice: Option<BackendChoice>) -> Self {
        Self {
            choice,
            link: Rc::default(),
            rates: None,
            probe: None,
            run: None,
            base: 0,
            refused: None,
            failure: None,
            asked: 0,
            unsettled: false,
            helped: 0,
            notice: String::new(),
        }
    }

    /// Takes a device that was opened elsewhere.
    pub fn connect(&mut self, gpu: Gpu) {
        *self.link.borrow_mut() = Link::Open(gpu);
        self.failure = None;
    }

    /// The device, where it is open.
    #[must_use]
    pub fn gpu(&self) -> Option<Gpu> {
        match &*self.link.borrow() {
            Link::Open(gpu) => Some(gpu.clone()),
            _ => None,
        }
    }

    /// Takes rates that were measured elsewhere.
    pub fn set_rates(&mut self, rates: Rates) {
        self.rates = Some(rates);
        self.probe = None;
    }

    /// The visitor's choice; to choose the device is to ask for a new one where the last has failed.
    pub fn choose(&mut self, choice: Option<BackendChoice>, asked: bool) {
        if asked && choice != Some(BackendChoice::Cpu) && (self.failure.is_some() || self.is_absent()) {
            self.failure = None;
            *self.link.borrow_mut() = Link::Closed;
        }
        if asked {
            self.refused = None;
            self.helped = 0;
        }
        self.choice = choice;
    }

    fn is_absent(&self) -> bool {
        matches!(&*self.link.borrow(), Link::Absent(_))
    }

    /// The fit is another, or stands elsewhere: what is on its way no longer counts.
    pub fn leave(&mut self) {
        self.run = None;
        self.asked = 0;
    }

    /// Another fit begins.
    pub fn restart(&mut self) {
        self.leave();
        self.refused = None;
        self.helped = 0;
    }

    /// The fit has other settings, but stands where it stood.
    pub fn adjust(&mut self, fit: &mut dyn Fit) {
        let Some(run) = &self.run else { return };
        match fit.on_device() {
            Ok(fit) if !run.has_stopped() => run.set_settings(&fit.settings()),
            _ => self.run = None,
        }
    }

    /// What happened to the device since the last call; empty where nothing did.
    #[must_use]
    pub fn take_notice(&mut self) -> String {
        std::mem::take(&mut self.notice)
    }

    /// Where the next iterations run. Opens and measures the device where that is needed, without waiting.
    pub fn place(&mut self, fit: &mut dyn Fit) -> Place {
        let pairs = match fit.on_device() {
            Ok(fit) => fit.pairs(),
            Err(reason) => return Place::Cpu(reason.to_owned()),
        };
        let Some(choice) = self.choice.filter(|&choice| choice != BackendChoice::Cpu) else {
            return Place::Cpu("You chose the processor: its SIMD lanes, one thread.".to_owned());
        };
        if let Some(reason) = self.refused.as_ref().or(self.failure.as_ref()) {
            return Place::Cpu(reason.clone());
        }
        let link = self.link.borrow().clone();
        let gpu = match link {
            Link::Closed => {
                self.open();
                return waiting(choice);
            }
            Link::Opening => return waiting(choice),
            Link::Absent(absence) => return Place::Cpu(absence.to_string()),
            Link::Open(gpu) => gpu,
        };
        if let Some(failure) = gpu.failure() {
            self.fail(&failure);
            return Place::Cpu(self.failure.clone().unwrap_or_default());
        }
        let name = match gpu.name() {
            "" => String::new(),
            name => format!(" ({name})"),
        };
        if choice == BackendChoice::Gpu {
            return Place::Gpu(if gpu.is_software() {
                format!("You chose the graphics processor; here a program imitates one{name}.")
            } else {
                format!("You chose the graphics processor{name}.")
            });
        }
        if gpu.is_software() {
            return Place::Cpu(format!(
                "The only graphics adapter is a program that imitates one{name}, which is slower."
            ));
        }
        match self.rates(&gpu) {
            None => Place::Cpu("How fast the graphics processor is, is being measured.".to_owned()),
            Some(rates) => chosen_by(rates, pairs, &name),
        }
    }

    /// The machine's rates; measured bit by bit where they are not known.
    fn rates(&mut self, gpu: &Gpu) -> Option<Rates> {
        if self.rates.is_some() {
            return self.rates;
        }
        if self.probe.is_none() {
            self.probe = Probe::new(gpu, Probe::LARGE);
        }
        match self.probe.as_mut().map(Probe::poll) {
            Some(Ok(rates)) => self.rates = rates,
            Some(Err(reason)) => self.fail(&reason),
            None => self.fail("it did not take a test"),
        }
        if self.rates.is_some() || self.failure.is_some() {
            self.probe = None;
        }
        self.rates
    }

    /// Asks for a device.
    fn open(&mut self) {
        *self.link.borrow_mut() = Link::Opening;
        let link = self.link.clone();
        let opening = async move {
            let found = match Gpu::request(Request::default()).await {
                Ok(gpu) => Link::Open(gpu),
                Err(absence) => Link::Absent(absence),
            };
            *link.borrow_mut() = found;
        };
        #[cfg(target_arch = "wasm32")]
        wasm_bindgen_futures::spawn_local(opening);
        #[cfg(not(target_arch = "wasm32"))]
        block_on(opening);
    }

    /// Gives the device up, with a notice.
    fn fail(&mut self, reason: &str) {
        let reason = reason.trim().trim_end_matches('.');
        let sentence = format!("The graphics processor failed: {reason}. The fit goes on on the processor.");
        self.notice = format!("{sentence} Nothing is lost; choose GPU to try again.");
        self.failure = Some(sentence);
        self.run = None;
        self.probe = None;
        *self.link.borrow_mut() = Link::Closed;
    }

    /// Asks for iterations, in addition to those that were asked for; [`Backend::poll`] sees to them.
    pub fn ask(&mut self, iterations: usize) {
        self.asked = self.asked.saturating_add(iterations);
    }

    /// Begins nothing more; what is on its way still comes.
    pub fn halt(&mut self) {
        self.asked = 0;
        if let Some(run) = &mut self.run {
            run.want(0);
        }
    }

    /// Whether iterations were asked for that have not been done.
    #[must_use]
    pub fn is_behind(&self, fit: &dyn Fit) -> bool {
        let under_way = self.run.as_ref().is_some_and(Run::is_busy);
        under_way || (self.asked > 0 && *fit.state() == FitState::Running)
    }

    /// Whether [`Backend::poll`] has more to do: iterations to bring, or a device to open and to measure.
    #[must_use]
    pub fn is_busy(&self, fit: &dyn Fit) -> bool {
        self.unsettled || self.is_unsettled() || self.is_behind(fit)
    }

    fn is_unsettled(&self) -> bool {
        matches!(&*self.link.borrow(), Link::Opening) || self.probe.is_some()
    }

    /// Takes in what has come back and submits what is asked for; without waiting. Returns whether there is something new: the fit
    /// has moved, or where it runs is known at last.
    pub fn poll(&mut self, fit: &mut dyn Fit) -> bool {
        self.poll_until(fit, None, &mut |fit| fit.step())
    }

    /// Like [`Backend::poll`], but iterations on the processor are done by `step`, and on the device none is begun that leads
    /// beyond iteration `until`.
    pub fn poll_until(&mut self, fit: &mut dyn Fit, until: Option<usize>, step: Step<'_>) -> bool {
        let mut moved = self.collect(fit, step);
        let unsettled = self.is_unsettled();
        moved |= self.unsettled && !unsettled;
        self.unsettled = unsettled;
        if self.probe.is_some()
            && let Some(gpu) = self.gpu()
        {
            // Whatever the fit and the choice have become, it is brought to its end.
            self.rates(&gpu);
        }
        if *fit.state() != FitState::Running {
            self.leave();
            return moved;
        }
        if self.asked == 0 {
            // Nothing more is begun, but an iteration of which a part is on its way is brought to its end.
            if let Some(run) = &mut self.run {
                run.want(0);
                run.advance();
            }
            return moved;
        }
        match self.place(fit) {
            Place::Waiting(_) => {}
            Place::Cpu(_) => {
                self.run = None;
                moved |= self.catch_up(fit, step);
            }
            Place::Gpu(_) => self.submit(fit, until),
        }
        moved
    }

    /// Iterations that were asked of the device, done on the processor, for about a frame.
    fn catch_up(&mut self, fit: &mut dyn Fit, step: Step<'_>) -> bool {
        let end = crate::gpu::now() + 10.0;
        let before = fit.iteration();
        while self.asked > 0 && *fit.state() == FitState::Running {
            step(fit);
            self.asked -= 1;
            if crate::gpu::now() >= end {
                break;
            }
        }
        fit.iteration() != before
    }

    fn submit(&mut self, fit: &mut dyn Fit, until: Option<usize>) {
        let iteration = fit.iteration();
        let allowed = until.map_or(usize::MAX, |until| until.saturating_sub(iteration));
        let Ok(fit) = fit.on_device() else { return };
        if self.run.as_ref().is_none_or(Run::has_stopped) {
            let gpu = self.gpu();
            let Some(gpu) = gpu else { return };
            self.base = iteration;
            match Run::new(&gpu, fit.problem()) {
                Ok(run) => self.run = Some(run),
                Err(reason) => {
                    self.notice.clone_from(&reason);
                    self.refused = Some(reason);
                    return;
                }
            }
        }
        let Some(run) = &mut self.run else { return };
        let under_way = (self.base + run.begun()).saturating_sub(iteration);
        run.want(self.asked.min(fit.iterations_left()).min(allowed).saturating_sub(under_way));
        run.advance();
    }

    /// Takes over what has come back.
    fn collect(&mut self, fit: &mut dyn Fit, step: Step<'_>) -> bool {
        let Some(run) = &mut self.run else { return false };
        let readout = match run.poll() {
            Ok(Some(readout)) => readout,
            Ok(None) => return false,
            Err(reason) => {
                self.fail(&reason);
                return false;
            }
        };
        let before = fit.iteration();
        let taken = fit.on_device().map_or(Taken::Refused, |fit| fit.take_over(&readout, self.base));
        let done = fit.iteration().saturating_sub(before);
        self.asked = self.asked.saturating_sub(done);
        match taken {
            Taken::Refused => {
                self.fail("it gave numbers that no fit can have");
                return false;
            }
            Taken::Changed => {
                self.run = None;
                return true;
            }
            Taken::Followed => {}
        }
        if readout.stopped == Stopped::Attention {
            self.run = None;
            // The processor knows what broke and says so, or takes the step that single precision could not.
            step(fit);
            self.asked = self.asked.saturating_sub(1);
            self.helped = if done > 1 { 1 } else { self.helped + 1 };
            if self.helped >= PATIENCE {
                self.refused = Some(
                    "The fit runs on the processor: it has come to where single precision on the graphics processor fails.".to_owned(),
                );
            }
            return true;
        }
        if done > 0 {
            self.helped = 0;
        }
        done > 0 || readout.stopped != Stopped::Running
    }
}

fn waiting(choice: BackendChoice) -> Place {
    let looking = "The graphics processor is being opened.".to_owned();
    if choice == BackendChoice::Gpu { Place::Waiting(looking) } else { Place::Cpu(looking) }
}

/// Where iterations of so many pairs are faster.
fn chosen_by(rates: Rates, pairs: f64, name: &str) -> Place {
    let gain = rates.gain(pairs);
    let crossover = rates.crossover();
    if gain > 1.0 {
        return Place::Gpu(format!(
            "The graphics processor{name} is about {gain:.1} times as fast here: an iteration is {} pairs of point and component.",
            amount(pairs)
        ));
    }
    Place::Cpu(if crossover.is_finite() {
        format!(
            "A small problem: {} pairs of point and component an iteration. From about {} on the graphics processor{name} would be faster.",
            amount(pairs),
            amount(crossover)
        )
    } else {
        format!("The processor’s SIMD lanes are faster than the graphics processor{name}.")
    })
}

/// A count in two digits.
fn amount(value: f64) -> String {
    match value {
        value if value >= 9.95e5 => format!("{:.1} million", value / 1e6),
        value if value >= 1e4 => format!("{:.0},000", value / 1e3),
        value => format!("{value:.0}"),
    }
}

/// Runs a future that has nothing to wait for.
#[cfg(not(target_arch = "wasm32"))]
fn block_on(future: impl Future<Output = ()>) {
    use std::task::{Context, Waker};

    let mut future = std::pin::pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    while future.as_mut().poll(&mut context).is_pending() {
        std::thread::yield_now();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_faster_of_the_two_is_taken_and_said_why() {
        let rates = Rates { cpu: 2e5, gpu: 1e8, overhead: 0.02 };
        let Place::Gpu(reason) = chosen_by(rates, 1e7, " (a card)") else { panic!() };
        assert!(
            reason.contains("(a card)") && reason.contains("times as fast") && reason.contains("10.0 million"),
            "{reason}"
        );
        let Place::Cpu(reason) = chosen_by(rates, 1_000.0, "") else { panic!() };
        assert!(
            reason.contains("small problem") && reason.contains("1000 pairs") && reason.contains("4008"),
            "{reason}"
        );
        let Place::Cpu(reason) = chosen_by(Rates { gpu: 1e4, ..rates }, 1e9, "") else { panic!() };
        assert!(reason.contains("lanes are faster"), "{reason}");
    }
}
