//! Iterations in two beats, and components put in place by hand.

use gaussian_playground::experiment::{Beat, Component, Experiment, Placed, Snapshot};
use gaussian_playground::settings::ExperimentName;

use super::fits::{experiment, number, text};
use super::rewind::ways;

fn shares(experiment: &mut Experiment) -> Vec<f64> {
    let mut all = Vec::new();
    experiment.mixture().unwrap().visit_points(&mut |_, _, shares| all.extend_from_slice(shares));
    all
}

fn density_at(experiment: &mut Experiment, place: [f64; 2]) -> f64 {
    let mut found = f64::NAN;
    experiment.mixture().unwrap().visit_at(1, &|_, axis| place[axis], &mut |_, density, _| found = density);
    found
}

pub fn half_steps_make_the_same_iterations() {
    for iteration in ["em", "equal-weights"] {
        let open = || experiment(&[text("iteration", iteration), number("tolerance", 0.0), text("backend", "cpu")]);
        let (mut halves, mut wholes) = (open(), open());
        for done in 0..20 {
            assert_eq!(halves.report().beat, Some(Beat::M));
            let (before, colours, snapshot) = (halves.report(), shares(&mut halves), halves.snapshot());
            halves.half_step();
            let between = halves.report();
            assert_eq!((between.beat, between.iteration), (Some(Beat::E), done));
            assert_ne!(between.components, before.components, "the components have moved");
            assert_eq!(shares(&mut halves), colours, "the points have not been shared out anew");
            assert!(halves.snapshot() == snapshot, "half an iteration is none");
            assert!(halves.mixture().unwrap().next_components().is_empty());
            wholes.step(1);
            assert_eq!(wholes.report().components, between.components);
            assert_eq!(density_at(&mut halves, [3.0, 70.0]), density_at(&mut wholes, [3.0, 70.0]));
            // A whole step ends the iteration too.
            if done % 2 == 0 {
                halves.half_step()
            } else {
                halves.step(1)
            }
            assert!(halves.snapshot() == wholes.snapshot(), "{iteration} {done}");
            assert_eq!(shares(&mut halves), shares(&mut wholes));
        }
        // Whatever else happens leaves no half iteration.
        halves.half_step();
        halves.step_back();
        assert_eq!((halves.report().beat, halves.report().iteration), (Some(Beat::M), 19));
        halves.half_step();
        let component = halves.report().components[0].clone();
        halves.place(0, &placed(&component)).unwrap();
        assert_eq!((halves.report().beat, halves.report().iteration), (Some(Beat::M), 20));
    }
    let mut other = Experiment::new(ExperimentName::BayesianMixture).unwrap();
    other.half_step();
    assert_eq!((other.report().beat, other.report().iteration), (None, 1));
}

pub fn the_next_components_are_those_of_the_next_step() {
    let mut experiment = experiment(&[text("backend", "cpu")]);
    experiment.step(3);
    let next = experiment.mixture().unwrap().next_components();
    experiment.step(1);
    assert_eq!(experiment.report().components, next);
    experiment.step(1_000);
    assert_eq!(experiment.report().state, "converged");
    assert!(experiment.mixture().unwrap().next_components().is_empty());
}

fn mean_density(experiment: &mut Experiment) -> f64 {
    let (mut sum, mut count) = (0.0, 0.0);
    experiment.mixture().unwrap().visit_points(&mut |_, density, _| (sum, count) = (sum + density, count + 1.0));
    sum / count
}

fn placed(component: &Component) -> Placed {
    Placed { weight: Some(component.weight), mean: component.mean.clone(), covariance: component.covariance.clone() }
}

fn assert_near(name: &str, found: &[Component], expected: &[Component]) {
    for (a, b) in found.iter().zip(expected) {
        let numbers = |one: &Component| [vec![one.weight], one.mean.clone(), one.covariance.clone()].concat();
        let scale = numbers(b).iter().fold(0.0f64, |largest, value| largest.max(value.abs()));
        for (a, b) in numbers(a).iter().zip(numbers(b)) {
            assert!((a - b).abs() <= 1e-6 * scale, "{name}: {a} instead of {b}");
        }
    }
}

pub fn fits_placed_where_another_is_are_as_good() {
    let em = |covariance: &str, standard: f64| {
        experiment(&[
            text("dataset", "three-blobs"),
            text("covarianceType", covariance),
            number("tolerance", 0.0),
            number("seed", standard),
            text("backend", "cpu"),
        ])
    };
    let mut all: Vec<(&str, Experiment)> = ways().into_iter().map(|(name, fit, _)| (name, fit)).collect();
    for covariance in ["full", "tied", "diagonal", "spherical"] {
        all.push((covariance, em(covariance, 3.0)));
    }
    for (name, mut here) in all {
        if ["peaks", "bump", "sweep"].contains(&name) {
            continue;
        }
        let start = here.snapshot();
        here.step(60);
        let (components, objective) = (here.report().components, here.report().objective.value);
        let expected = if here.mixture().is_some() { mean_density(&mut here) } else { objective };
        here.restore(&start).unwrap();
        let list: Vec<Placed> = components.iter().map(placed).collect();
        let list: Vec<(usize, &Placed)> = list.iter().enumerate().collect();
        here.fit().place_all(&list).unwrap();
        let after = here.report();
        assert_near(name, &after.components, &components);
        // What a posterior knows besides its means is no part of a component: densities are those at the means.
        let value = match here.mixture() {
            Some(_) => mean_density(&mut here),
            None => after.objective.value,
        };
        assert!((value - expected).abs() <= 1e-5 * expected.abs(), "{name}: {value} instead of {expected}");
        assert_eq!(after.state, "running");
        here.step(5);
        assert!(here.report().objective.value.is_finite(), "{name}");
    }
}

pub fn one_placed_component_is_where_it_was_put() {
    for (name, mut here, _) in ways() {
        if ["peaks", "bump", "sweep"].contains(&name) {
            continue;
        }
        here.step(20);
        let before = here.report();
        let mut one = placed(&before.components[1]);
        for (d, value) in one.mean.iter_mut().enumerate() {
            *value += libm::sqrt(one.covariance[d * 3]);
        }
        let there = before.components[1].covariance.clone();
        (one.covariance[1], one.covariance[2]) = (0.0, 0.0);
        one.covariance[0] = there[0] * 2.0;
        one.weight = Some(0.35);
        here.place(1, &one).unwrap();
        let after = here.report();
        let found = &after.components[1];
        let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-5 * b.abs().max(1e-3), "{name}: {a} instead of {b}");
        near(found.weight, 0.35);
        near(found.mean[0], one.mean[0]);
        near(found.mean[1], one.mean[1]);
        if name != "em" {
            near(found.covariance[0], one.covariance[0]);
        }
        assert!(after.edited && after.iteration == 20, "{name}");
        if before.weight_name == "Weight" {
            near(after.components.iter().map(|one| one.weight).sum(), 1.0);
        }
        // The row of the present iteration is reported again.
        assert!(!after.history.is_empty(), "{name}");
        // Without a weight and a covariance, only the place changes.
        let mean = before.components[0].mean.clone();
        here.place(1, &Placed { weight: None, mean, covariance: Vec::new() }).unwrap();
        near(here.report().components[1].weight, 0.35);
        near(here.report().components[1].mean[0], before.components[0].mean[0]);
        let placed = here.snapshot();
        here.step(10);
        here.seek(20);
        assert!(here.snapshot() == placed, "{name}: an edit is a moment to go back to");
        here.seek(19);
        while here.is_busy() {
            here.poll();
        }
        assert_eq!((here.report().iteration, here.report().edited), (19, false), "{name}");
    }
    // A fit that had converged goes on.
    let mut done = experiment(&[text("backend", "cpu")]);
    done.step(1_000);
    assert_eq!(done.report().state, "converged");
    let away = Placed { weight: Some(0.1), mean: vec![2.0, 90.0], covariance: Vec::new() };
    done.place(0, &away).unwrap();
    assert_eq!(done.report().state, "running");
}

pub fn what_cannot_be_placed_changes_nothing() {
    let good = |dimension: usize| Placed { weight: Some(0.5), mean: vec![0.0; dimension], covariance: Vec::new() };
    for (name, mut here, _) in ways() {
        here.step(3);
        let before: Snapshot = here.snapshot();
        let huge = Placed { mean: vec![1e300; 2], ..good(2) };
        let flat = Placed { covariance: vec![1.0, 2.0, 2.0, 1.0], ..good(2) };
        let nothing = Placed { mean: vec![f64::NAN; 2], ..good(2) };
        for (component, placed) in [(0, good(3)), (99, good(2)), (0, flat), (0, nothing), (0, good(0))] {
            let error = here.place(component, &placed).unwrap_err();
            assert!(error.to_string().ends_with('.'), "{error}");
        }
        // Far away is no error where the precision holds it.
        if here.place(0, &huge).is_err() {
            assert!(here.snapshot() == before, "{name}");
            assert!(!here.report().edited);
        }
    }
}

pub fn components_move_to_where_the_fit_is_worst() {
    for (name, mut here, _) in ways() {
        here.step(30);
        if ["peaks", "bump", "sweep"].contains(&name) {
            assert!(here.move_to_worst(0).is_err(), "{name}");
            continue;
        }
        let before = here.report();
        here.move_to_worst(1).unwrap();
        let after = here.report();
        assert_ne!(after.components[1].mean, before.components[1].mean, "{name}");
        here.step(20);
        assert!(here.report().objective.value.is_finite(), "{name}");
        assert!(here.move_to_worst(99).is_err());
    }
}
