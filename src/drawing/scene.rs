//! What is on the canvas: the picture that suits the experiment.

use wasm_bindgen::JsValue;

use crate::error::Error;
use crate::experiment::{Component, Configured, Data, Experiment, PointInfo, Touch, View};

use super::bump_scene::BumpScene;
use super::canvas::Canvas;
use super::figures::layout::Figure;
use super::frame::Frame;
use super::hold::{Grab, GrabKind, Held, Layout, Search};
use super::mixture_scene::MixtureScene;
use super::surface_scene::SurfaceScene;
use super::sweep_scene::SweepScene;
use super::viewport::Viewport;

/// How far from the pointer a component's mean or handle may be to be shown with its handles, in CSS pixels.
const HOVER_REACH: f64 = 12.0;

/// What the drawing of one experiment's data needs between frames.
pub struct Scene {
    data: Data,
    /// `None` only where data and view do not belong together.
    picture: Option<Picture>,
    /// Whether the fit is paused.
    paused: bool,
    /// What is under the pointer.
    hovered: Option<Grab>,
    /// What is in the visitor's hand.
    held: Option<Held>,
}

enum Picture {
    Mixture(MixtureScene),
    Surface(SurfaceScene),
    Bumps(BumpScene),
    Sweep(SweepScene),
}

impl Picture {
    fn new(data: &Data, view: &View) -> Option<Self> {
        match (view, data) {
            (View::Mixture(_), Data::Points(points)) => Some(Self::Mixture(MixtureScene::new(points))),
            (View::Surface(_), Data::Samples(samples)) => Some(Self::Surface(SurfaceScene::new(samples))),
            (View::Bumps(_), Data::Samples(samples)) => Some(Self::Bumps(BumpScene::new(samples))),
            (View::Sweep(_), _) => Some(Self::Sweep(SweepScene::default())),
            _ => None,
        }
    }
}

impl Scene {
    /// The scene of an experiment.
    #[must_use]
    pub fn new(experiment: &mut Experiment) -> Self {
        let data = experiment.data().clone();
        let picture = Picture::new(&data, &experiment.fit().view());
        let mut scene = Self { data, picture, paused: false, hovered: None, held: None };
        scene.note(experiment);
        scene
    }

    /// Notes where the centres are, so that their paths begin where the fit does, which may be further when it is first drawn.
    pub fn note(&mut self, experiment: &mut Experiment) {
        let fit = experiment.fit();
        let iteration = fit.iteration();
        if let (Some(Picture::Surface(scene)), View::Surface(surface)) = (&mut self.picture, fit.view()) {
            scene.note(iteration, &surface.components());
        }
    }

    /// The small figures beside the large one, where there are some.
    #[must_use]
    pub fn figures(&self, canvas: &Canvas, experiment: &Experiment) -> Vec<Figure> {
        match &self.picture {
            Some(Picture::Surface(scene)) => scene.figures(canvas.size(), &experiment.settings().layers()),
            _ => Vec::new(),
        }
    }

    /// The size of what can be panned and zoomed, which begins at the canvas's corner, in CSS pixels; `None` for the pictures
    /// that always show all.
    #[must_use]
    pub fn plot_size(&self, canvas: &Canvas) -> Option<(f64, f64)> {
        match &self.picture {
            Some(Picture::Mixture(_)) => Some(canvas.size()),
            Some(Picture::Surface(scene)) => scene.is_over_inputs().then(|| scene.size(canvas.size())),
            Some(Picture::Bumps(_) | Picture::Sweep(_)) | None => None,
        }
    }

    /// Follows a change of the experiment's data; where the visitor has edited them, what is in view stays where it is.
    pub fn follow(&mut self, experiment: &mut Experiment, edited: bool) {
        let former = std::mem::replace(self, Self::new(experiment));
        self.paused = former.paused;
        if !edited {
            return;
        }
        match (former.picture, &mut self.picture) {
            (Some(Picture::Mixture(before)), Some(Picture::Mixture(now))) => now.viewport = before.viewport,
            (Some(Picture::Surface(before)), Some(Picture::Surface(now))) => now.viewport = before.viewport,
            _ => {}
        }
    }

    /// Whether these are the data that it draws.
    #[must_use]
    pub fn draws(&self, data: &Data) -> bool {
        self.data.is(data)
    }

    /// What is shown of the data; `None` for the pictures that always show all.
    pub fn viewport(&mut self) -> Option<&mut Viewport> {
        match &mut self.picture {
            Some(Picture::Mixture(scene)) => Some(&mut scene.viewport),
            Some(Picture::Surface(scene)) => Some(&mut scene.viewport),
            Some(Picture::Bumps(_) | Picture::Sweep(_)) | None => None,
        }
    }

    /// Tells it whether the fit is paused: where components go next is drawn then.
    pub fn set_paused(&mut self, paused: bool) {
        self.paused = paused;
    }

    /// Forgets the paths of the centres.
    pub fn restart(&mut self) {
        match &mut self.picture {
            Some(Picture::Mixture(scene)) => scene.restart(),
            Some(Picture::Surface(scene)) => scene.restart(),
            Some(Picture::Bumps(_) | Picture::Sweep(_)) | None => {}
        }
    }

    /// Forgets the paths of the centres after an iteration: the fit goes on otherwise from there.
    pub fn branch(&mut self, iteration: usize) {
        match &mut self.picture {
            Some(Picture::Mixture(scene)) => scene.branch(iteration),
            Some(Picture::Surface(scene)) => scene.branch(iteration),
            Some(Picture::Bumps(_) | Picture::Sweep(_)) | None => {}
        }
    }

    /// Draws the state of the fit, with a ring and a word at each component that is in trouble. That a fit diverged stands at
    /// the top.
    ///
    /// # Errors
    /// The browser's, where it is out of memory.
    pub fn draw(&mut self, canvas: &Canvas, experiment: &mut Experiment) -> Result<(), JsValue> {
        if !self.draws(experiment.data()) {
            self.follow(experiment, false);
        }
        if let Some(iteration) = experiment.take_branch() {
            self.branch(iteration);
        }
        let mut marks = Vec::new();
        for trouble in experiment.troubles() {
            match (trouble.kind.mark(), &trouble.components[..]) {
                ("", _) => {}
                // It is about no component.
                (word, []) => marks.push((usize::MAX, word)),
                (word, components) => marks.extend(components.iter().map(|&k| (k, word))),
            }
        }
        let handled = self.held.map(|held| held.grab).or(self.hovered);
        let layers = experiment.settings().layers();
        let truth: Vec<Component> = experiment.truth_shown().iter().map(Component::from).collect();
        let shown = handled.and_then(Grab::truth).filter(|_| layers.truth);
        let recovered = experiment.recovered();
        let iteration = experiment.fit().iteration();
        let look_at = experiment.settings().look_at();
        let (view, edited) = experiment.shown();
        let frame = Frame {
            iteration,
            layers,
            paused: self.paused,
            handled: handled.and_then(Grab::component),
            handled_truth: shown.and_then(|number| truth.get(number)),
            held: self.held.is_some(),
            marks: &marks,
            samples: edited.map(|edited| edited.points),
            recovered: &recovered,
        };
        match (&mut self.picture, view) {
            (Some(Picture::Mixture(scene)), View::Mixture(mixture)) => {
                scene.show_truth(truth.clone());
                scene.draw(canvas, &frame, mixture, edited)
            }
            (Some(Picture::Surface(scene)), View::Surface(surface)) => {
                scene.show_truth(&truth);
                scene.draw(canvas, &frame, surface)
            }
            (Some(Picture::Bumps(scene)), View::Bumps(bumps)) => scene.draw(canvas, bumps, look_at),
            (Some(Picture::Sweep(scene)), View::Sweep(sweep)) => scene.draw(canvas, sweep),
            _ => Ok(()),
        }
    }

    /// The point nearest to a place on the canvas, if one is within reach.
    pub fn point_at(&self, canvas: &Canvas, experiment: &mut Experiment, x: f64, y: f64) -> Option<PointInfo> {
        let (view, edited) = experiment.shown();
        match (&self.picture, view) {
            (Some(Picture::Mixture(scene)), View::Mixture(mixture)) => {
                scene.point_at(canvas.size(), mixture, edited, (x, y))
            }
            _ => None,
        }
    }

    /// A place on the canvas as a stroke takes it, with its radius, in CSS pixels; `None` for the pictures without points to edit.
    #[must_use]
    pub fn touch(&self, canvas: &Canvas, place: (f64, f64), radius: f64) -> Option<Touch> {
        match &self.picture {
            Some(Picture::Mixture(scene)) => Some(scene.touch(canvas.size(), place, radius)),
            Some(Picture::Surface(scene)) => scene.touch(canvas.size(), place, radius),
            Some(Picture::Bumps(_) | Picture::Sweep(_)) | None => None,
        }
    }

    /// Where so many components are; `None` for the pictures that have none.
    fn layout(&self, canvas: &Canvas, components: usize) -> Option<Layout> {
        match &self.picture {
            Some(Picture::Mixture(scene)) => Some(scene.layout(canvas.size(), components)),
            Some(Picture::Surface(scene)) => scene.layout(canvas.size()),
            Some(Picture::Bumps(_) | Picture::Sweep(_)) | None => None,
        }
    }

    /// What is within reach of a place, in CSS pixels; the handles of a component or true Gaussian are drawn from then on.
    pub fn hover(&mut self, canvas: &Canvas, experiment: &mut Experiment, x: f64, y: f64) -> Option<Grab> {
        self.hovered = self.find(canvas, experiment, (x, y), HOVER_REACH).map(|held| held.grab);
        self.hovered
    }

    /// Takes hold of what is within reach of a place, in CSS pixels, if there is something.
    pub fn grab(
        &mut self,
        canvas: &Canvas,
        experiment: &mut Experiment,
        (x, y): (f64, f64),
        reach: f64,
    ) -> Option<Grab> {
        experiment.forget_held_truth();
        self.held = self.find(canvas, experiment, (x, y), reach);
        let grab = self.held.map(|held| held.grab);
        self.hovered = grab.or(self.hovered);
        let held = match grab {
            Some(Grab { kind: GrabKind::Sample, component }) => experiment.hold_sample(component),
            _ => Ok(()),
        };
        debug_assert!(held.is_ok(), "samples that can be grabbed can be edited");
        grab
    }

    fn find(&self, canvas: &Canvas, experiment: &mut Experiment, place: (f64, f64), reach: f64) -> Option<Held> {
        let (width, height) = self.plot_size(canvas)?;
        // What lies beyond the large figure is cut off.
        if place.0 >= width || place.1 >= height {
            return None;
        }
        let components = experiment.fit().view().components();
        let layout = self.layout(canvas, components.len())?;
        let mut search = Search::new(place, reach);
        search.components(&layout, &components, self.hovered.and_then(Grab::component));
        if experiment.settings().layers().truth && experiment.can_move_truth() {
            let truth: Vec<Component> = experiment.truth_shown().iter().map(Component::from).collect();
            search.truth(&layout, &truth, self.hovered.and_then(Grab::truth));
        }
        if let Some(Picture::Surface(scene)) = &self.picture
            && let Some((x, y)) = scene.line(canvas.size())
        {
            search.samples(&x, &y, &experiment.samples_to_grab());
        }
        search.found()
    }

    /// Drags what is held to a place, in CSS pixels. Nothing happens where nothing is held.
    ///
    /// # Errors
    /// What [`Experiment::place`] and [`Experiment::move_truth`] give; it stays where it was then.
    pub fn drag(&mut self, canvas: &Canvas, experiment: &mut Experiment, x: f64, y: f64) -> Result<(), Error> {
        let Some(held) = self.held else { return Ok(()) };
        if held.grab.kind == GrabKind::Sample {
            if let Some(touch) = self.touch(canvas, held.moved((x, y)), 0.0) {
                experiment.stroke(&touch);
            }
            return Ok(());
        }
        let components = experiment.fit().view().components();
        let Some(layout) = self.layout(canvas, components.len()) else { return Ok(()) };
        if let Some(number) = held.grab.truth() {
            let truth = experiment.truth_shown().get(number).map(Component::from);
            return truth.map_or(Ok(()), |one| experiment.move_truth(number, &held.placed(&layout, &one, (x, y))));
        }
        if let Some(component) = components.get(held.grab.component) {
            experiment.place(held.grab.component, &held.placed(&layout, component, (x, y)))?;
            self.branch(experiment.fit().iteration());
        }
        Ok(())
    }

    /// Lets go of what is held. Where that was a true Gaussian or a sample which has moved, the data are new and the fit starts
    /// anew.
    ///
    /// # Errors
    /// What [`Experiment::release_truth`] gives; all is as it was before then.
    pub fn release(&mut self, experiment: &mut Experiment) -> Result<Option<Configured>, Error> {
        match self.held.take().map(|held| held.grab.kind) {
            Some(GrabKind::Truth | GrabKind::TruthAxis) => experiment.release_truth(),
            Some(GrabKind::Sample) => {
                let configured = experiment.end_stroke()?;
                Ok((configured.restarted || !configured.notices.is_empty()).then_some(configured))
            }
            Some(GrabKind::Mean | GrabKind::Axis) | None => Ok(None),
        }
    }
}
