//! How well the groups that a mixture makes of the points agree with those that the points are of.

use super::{Beat, Component, Data, Experiment, FitState, Measure, View};
use crate::dataset::Dataset;
use crate::fitting::{Contingency, largest};

/// Points times components that are looked at while a fit runs: some milliseconds.
const AT_ONCE: usize = 200_000;

/// The adjusted Rand index as last worked out.
#[derive(Default)]
pub(super) struct Agreement {
    last: Option<(Seen, f64)>,
}

/// What it was worked out from: with the same components after the same beat, each point is where it was.
#[derive(PartialEq)]
struct Seen {
    data: *const Dataset,
    iteration: usize,
    beat: Option<Beat>,
    components: Vec<Component>,
    /// How many of the points were looked at.
    points: usize,
}

impl Experiment {
    /// The adjusted Rand index of the groups of the data and the nearest components of its points: those with the largest share of
    /// each. `None` where nobody knows the groups, or points are in the visitor's hand. While a fit to many points runs, some of
    /// them stand for all.
    pub(super) fn adjusted_rand_index(&mut self) -> Option<Measure> {
        let Data::Points(points) = &self.data else { return None };
        let labels = points.labels().filter(|_| !self.editing.has_points())?;
        let (iteration, beat) = (self.fit.iteration(), self.fit.beat());
        let rests = *self.fit.state() != FitState::Running;
        let View::Mixture(mixture) = self.fit.view() else { return None };
        let components = mixture.components();
        let affordable = (AT_ONCE / components.len().max(1)).max(1);
        let step = if rests { 1 } else { points.count().div_ceil(affordable) };
        let count = points.count().div_ceil(step);
        let seen = Seen { data: std::rc::Rc::as_ptr(points), iteration, beat, components, points: count };
        let value = match &self.agreement.last {
            Some((before, value)) if *before == seen => *value,
            _ => {
                let mut table = Contingency::new(seen.components.len());
                let mut note = |i: usize, shares: &[f64]| {
                    if let Some(cluster) = largest(shares) {
                        table.count(labels[i] as usize, cluster);
                    }
                };
                if step == 1 {
                    mixture.visit_points(&mut |i, _, shares| note(i, shares));
                } else {
                    let position = |i: usize, axis: usize| points.coordinate(i * step, axis);
                    mixture.visit_at(count, &position, &mut |i, _, shares| note(i * step, shares));
                }
                let value = table.adjusted_rand_index();
                self.agreement.last = Some((seen, value));
                value
            }
        };
        let mut help = "How well the nearest Gaussian of each point tells the groups that the points are of: 1 is perfect, 0 no better \
                        than chance (Hubert & Arabie 1985)."
            .to_owned();
        if step > 1 {
            help += &format!(" Of {count} of the points, until the fit has stopped.");
        }
        Some(Measure::new("adjustedRandIndex", "Adjusted Rand index", value, 3).help(help))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{Tool, Touch};
    use crate::settings::{ExperimentName, Value};

    fn open(changes: &[(&str, Value)]) -> Experiment {
        let changes: Vec<_> = changes.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        Experiment::on_the_processor(ExperimentName::EmMixture, &changes).unwrap()
    }

    fn text(value: &str) -> Value {
        Value::Text(value.to_owned())
    }

    fn index(experiment: &mut Experiment) -> Option<f64> {
        experiment.report().measure("adjustedRandIndex")
    }

    #[test]
    fn the_three_blobs_are_told_apart() {
        let mut experiment = open(&[("dataset", text("three-blobs")), ("nInit", Value::Number(10.0))]);
        let start = index(&mut experiment).unwrap();
        experiment.step(1_000);
        let end = index(&mut experiment).unwrap();
        assert!(end > 0.99 && end > start, "{start} to {end}");
        assert_eq!(experiment.report().recovered.len(), 3);
    }

    #[test]
    fn groups_are_forgotten_with_the_points_that_they_were_of() {
        let mut experiment = open(&[("dataset", text("three-blobs"))]);
        let touch = Touch { position: vec![5.0, 5.0], units: vec![0.01, 0.01], radius: 1.0 };
        experiment.begin_stroke(Tool::Add).unwrap();
        experiment.stroke(&touch);
        assert_eq!(index(&mut experiment), None, "in the hand");
        assert!(experiment.report().recovered.is_empty());
        experiment.end_stroke().unwrap();
        assert_eq!(index(&mut experiment), None, "let go of");
        assert!(experiment.report().recovered.is_empty());
        experiment.undo().unwrap();
        assert!(index(&mut experiment).is_some() && experiment.report().recovered.len() == 3);
        assert_eq!(index(&mut open(&[("dataset", text("old-faithful"))])), None);
    }

    #[test]
    fn species_have_groups_but_no_truth() {
        let mut experiment = open(&[("dataset", text("penguins")), ("nInit", Value::Number(5.0))]);
        experiment.step(1_000);
        assert!(index(&mut experiment).unwrap() > 0.8);
        assert!(experiment.report().recovered.is_empty());
    }

    #[test]
    fn some_of_many_points_stand_for_all_until_the_fit_has_stopped() {
        let mut experiment = open(&[
            ("dataset", text("three-blobs")),
            ("points", Value::Number(200_000.0)),
            ("tolerance", Value::Number(0.0)),
        ]);
        experiment.step(12);
        let words = |experiment: &mut Experiment| {
            let report = experiment.report();
            report.measures.into_iter().find(|measure| measure.name == "adjustedRandIndex").unwrap()
        };
        let some = words(&mut experiment);
        assert!(some.help.contains("Of 50000 of the points"), "{}", some.help);
        experiment.configure(&[("maxIterations".to_owned(), Value::Number(10.0))]).unwrap();
        let all = words(&mut experiment);
        assert!(!all.help.contains("of the points, until"), "{}", all.help);
        assert!((some.value - all.value).abs() < 0.02, "{} of {}", some.value, all.value);
    }

    #[test]
    fn half_steps_share_the_points_out_anew_after_the_second() {
        let mut experiment = open(&[("dataset", text("three-blobs"))]);
        let mut found = vec![index(&mut experiment)];
        for _ in 0..4 {
            experiment.half_step();
            found.push(index(&mut experiment));
        }
        assert_eq!((found[0], found[2]), (found[1], found[3]), "an M-step moves the components only");
        assert_ne!(found[0], found[2]);
    }
}
