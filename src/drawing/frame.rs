//! What a drawing is told besides the state of the fit.

use crate::experiment::{Component, ComponentStatus, PointsShown};
use crate::fitting::Recovered;
use crate::settings::Layers;

use super::canvas::{Align, Canvas, circle};
use super::color::Rgb;
use super::hold::{Handles, Layout};

/// The words for a fit that cannot go on as it is: they stand at the top and not at a component.
const AT_TOP: [&str; 2] = ["diverged", "stopped"];

/// What one drawing shows, and what it marks.
pub struct Frame<'a> {
    /// The present iteration.
    pub iteration: usize,
    /// What is drawn.
    pub layers: Layers,
    /// Whether the fit is paused: where components go next is drawn then.
    pub paused: bool,
    /// The component that is drawn with its handles.
    pub handled: Option<usize>,
    /// The true Gaussian that is.
    pub handled_truth: Option<&'a Component>,
    /// The component whose points stand out, because it is pointed at.
    pub looked_at: Option<usize>,
    /// Whether what has handles is being dragged.
    pub held: bool,
    /// Components in trouble, each with a word for it.
    pub marks: &'a [(usize, &'a str)],
    /// Samples on a line while they are in the visitor's hand, each an input and its target.
    pub samples: Option<PointsShown<'a>>,
    /// What has become of each true Gaussian, where those are known; its colour is that of its component.
    pub recovered: &'a [Recovered],
}

impl Frame<'_> {
    /// Draws rings and words at components in trouble, and the handles of the one in hand.
    pub fn draw_marks(&self, canvas: &Canvas, layout: &Layout, components: &[Component]) {
        let (ink, page) = (canvas.theme.ink, canvas.theme.page);
        let draw_handles = |handles: &Handles, color: Rgb| {
            for &(x, y) in &handles.ends {
                canvas.fill(&page.css(1.0), |context| circle(context, x, y, 4.5));
                canvas.stroke(&color.css(1.0), 1.5, &[], |context| circle(context, x, y, 4.0));
            }
            if self.held {
                let (x, y) = handles.centre;
                canvas.stroke_with_halo(&ink.css(1.0), 1.5, &[], |context| circle(context, x, y, 9.5));
            }
        };
        if let Some((k, component)) = self.handled.and_then(|k| Some((k, components.get(k)?))) {
            draw_handles(&Handles::new(layout, k, component), canvas.theme.component(k));
        }
        if let Some(one) = self.handled_truth {
            draw_handles(&Handles::new(layout, 0, one), ink);
        }
        for &(k, word) in self.marks {
            let Some(component) = components.get(k) else { continue };
            // Its centre already says so.
            let said = match component.status {
                ComponentStatus::Collapsed => "collapsed",
                ComponentStatus::Empty => "empty",
                ComponentStatus::Active | ComponentStatus::Off => "",
            };
            if word == said {
                continue;
            }
            let (x, y) = Handles::new(layout, k, component).centre;
            canvas.stroke_with_halo(&canvas.theme.bad.css(1.0), 1.5, &[], |context| circle(context, x, y, 8.5));
            if !AT_TOP.contains(&word) {
                canvas.text(word, x + 13.0, y, Align::Left, canvas.theme.bad);
            }
        }
        self.draw_diverged(canvas);
    }

    /// Says at the top that a fit cannot go on as it is, where it cannot.
    pub fn draw_diverged(&self, canvas: &Canvas) {
        if let Some((_, word)) = self.marks.iter().find(|(_, word)| AT_TOP.contains(word)) {
            canvas.heading(word, 0.5 * canvas.width(), 20.0, Align::Centre, canvas.theme.bad);
        }
    }
}
