//! What is true and samples on a line, moved by hand.

use gaussian_playground::dataset::Regression;
use gaussian_playground::experiment::{Configured, Data, Experiment, Placed, Tool, Touch};
use gaussian_playground::settings::{ExperimentName, Value};

use crate::common::fits::{number, text};

fn sum(changes: &[(String, Value)]) -> Experiment {
    let mut experiment = Experiment::new(ExperimentName::SumOfGaussians).unwrap();
    experiment.configure(&[text("backend", "cpu"), number("points", 200.0)]).unwrap();
    experiment.configure(changes).unwrap();
    experiment
}

fn samples(experiment: &Experiment) -> Regression {
    match experiment.data() {
        Data::Samples(samples) => (**samples).clone(),
        other => panic!("{other:?}"),
    }
}

fn at(mean: &[f64]) -> Placed {
    Placed { weight: None, mean: mean.to_vec(), covariance: Vec::new() }
}

/// The sum of the true Gaussians in the plane, by the formula.
fn height(data: &Regression, x: f64, y: f64) -> f64 {
    let one = |one: &gaussian_playground::dataset::TrueGaussian| {
        let (dx, dy) = (x - one.mean[0], y - one.mean[1]);
        let [a, b, _, d] = one.covariance[..] else { panic!("in the plane") };
        let square = (d * dx * dx - 2.0 * b * dx * dy + a * dy * dy) / (a * d - b * b);
        one.amplitude * (-0.5 * square).exp()
    };
    data.truth().iter().map(one).sum()
}

#[test]
fn data_are_drawn_again_from_where_a_true_gaussian_was_moved() {
    let mut experiment = sum(&[]);
    experiment.step(10);
    let before = samples(&experiment);
    assert!(experiment.truth().is_none());
    experiment.move_truth(1, &at(&[0.0, 0.0])).unwrap();
    experiment.move_truth(1, &at(&[1.5, -2.0])).unwrap();
    // While it is held, it is drawn there and the fit stands still.
    assert_eq!(experiment.truth_shown()[1].mean, [1.5, -2.0]);
    assert!(samples(&experiment) == before && experiment.truth().is_none());
    experiment.step(5);
    experiment.half_step();
    assert!(!experiment.run_for(1.0));
    assert_eq!(experiment.report().iteration, 10);
    assert!(!experiment.report().dataset.drawn, "no points are in hand");
    let released = experiment.release_truth().unwrap().unwrap();
    assert!(released.restarted && released.notices.is_empty());
    assert_eq!(released.settings.get("dataset"), Some(Value::Text("four-gaussians".to_owned())));
    let after = samples(&experiment);
    assert_eq!((experiment.report().iteration, experiment.report().recovered.len()), (0, 4));
    assert_eq!((&after.train().inputs, &after.test().inputs), (&before.train().inputs, &before.test().inputs));
    assert_eq!((&after.truth()[1].mean[..], &after.truth()[0]), (&[1.5, -2.0][..], &before.truth()[0]));
    assert!(after.note().contains("moved by hand"), "{}", after.note());
    for part in [after.train(), after.test()] {
        for (input, target) in part.inputs.chunks_exact(2).zip(&part.targets) {
            assert!((height(&after, input[0], input[1]) - target).abs() < 1e-9);
        }
    }
    let truth = experiment.truth().unwrap();
    assert_eq!((truth.len(), truth[1].weight), (4, Some(before.truth()[1].amplitude)));
    assert_eq!(truth[1].covariance, before.truth()[1].covariance);
    experiment.step(3);
    assert_eq!(experiment.report().iteration, 3);
    // To take it and put it back is nothing, and so is to let go of nothing.
    experiment.move_truth(1, &at(&[1.5, -2.0])).unwrap();
    assert!(experiment.release_truth().unwrap().is_none() && experiment.release_truth().unwrap().is_none());
    assert_eq!(experiment.report().iteration, 3);
}

#[test]
fn noise_is_the_same_draws_and_a_reset_keeps_what_was_moved() {
    let noise = |data: &Regression| -> Vec<f64> {
        let train = data.train();
        train.inputs.chunks_exact(2).zip(&train.targets).map(|(x, y)| y - height(data, x[0], x[1])).collect()
    };
    let mut experiment = sum(&[number("noise", 10.0)]);
    let before = noise(&samples(&experiment));
    experiment.move_truth(0, &Placed { weight: Some(7.0), ..at(&[3.0, 3.0]) }).unwrap();
    experiment.release_truth().unwrap().unwrap();
    let after = noise(&samples(&experiment));
    let scale = after[0] / before[0];
    assert!(before.iter().zip(&after).all(|(a, b)| (a * scale - b).abs() < 1e-9 * scale.abs()), "{scale}");
    experiment.step(4);
    experiment.reset().unwrap();
    assert_eq!((experiment.report().iteration, experiment.truth().unwrap()[0].weight), (0, Some(7.0)));
}

#[test]
fn moves_are_undone_and_done_again() {
    let mut experiment = sum(&[]);
    let first = samples(&experiment);
    experiment.move_truth(2, &Placed { covariance: vec![4.0, 1.0, 1.0, 2.0], ..at(&[-1.0, 2.0]) }).unwrap();
    experiment.release_truth().unwrap();
    let second = samples(&experiment);
    assert_eq!(second.truth()[2].covariance, [4.0, 1.0, 1.0, 2.0]);
    experiment.move_truth(0, &at(&[5.0, 5.0])).unwrap();
    experiment.release_truth().unwrap();
    let third = samples(&experiment);
    assert!(experiment.report().dataset.undoable);
    let (undone, stays) = experiment.undo().unwrap();
    assert!(undone.restarted && stays && samples(&experiment) == second && experiment.truth().is_some());
    experiment.undo().unwrap();
    assert!(samples(&experiment) == first && experiment.truth().is_none());
    assert!(!experiment.report().dataset.undoable);
    experiment.redo().unwrap();
    experiment.redo().unwrap();
    assert!(samples(&experiment) == third && experiment.truth().is_some());
}

#[test]
fn other_truths_forget_what_was_moved() {
    let moved = || {
        let mut experiment = sum(&[]);
        experiment.move_truth(0, &at(&[5.0, 5.0])).unwrap();
        experiment.release_truth().unwrap();
        experiment
    };
    for kept in [number("noise", 3.0), number("points", 90.0), number("components", 3.0), number("learningRate", 0.1)] {
        let mut experiment = moved();
        experiment.configure(std::slice::from_ref(&kept)).unwrap();
        assert_eq!(samples(&experiment).truth()[0].mean, [5.0, 5.0], "{kept:?}");
        assert_eq!(experiment.truth().unwrap()[0].mean, [5.0, 5.0], "{kept:?}");
    }
    for other in [
        number("dataSeed", 3.0),
        number("domain", 5.0),
        number("trueGaussians", 3.0),
        text("dataset", "two-cities"),
        text("dataset", "four-gaussians"),
    ] {
        let mut experiment = moved();
        experiment.configure(std::slice::from_ref(&other)).unwrap();
        assert!(experiment.truth().is_none(), "{other:?}");
        let expected = sum(std::slice::from_ref(&other));
        assert_eq!(samples(&experiment).truth(), samples(&expected).truth(), "{other:?}");
        experiment.undo().unwrap();
        assert_eq!(experiment.truth().unwrap()[0].mean, [5.0, 5.0], "{other:?}: it can be had back");
    }
    let mut experiment = moved();
    experiment.begin(&[]).unwrap();
    assert!(experiment.truth().is_none() && samples(&experiment).truth()[0].mean != [5.0, 5.0]);
    let mut experiment = moved();
    experiment.open(&[], &[], &[]);
    assert!(experiment.truth().is_none());
    let mut experiment = moved();
    let columns = ["x", "y", "z"].map(str::to_owned);
    experiment.set_points(vec![0.0, 0.0, 1.0, 1.0, 2.0, 3.0, 4.0, 1.0, 2.0], &columns, None).unwrap();
    assert!(experiment.truth().is_none() && !experiment.can_move_truth());
    assert_eq!(experiment.move_truth(0, &at(&[1.0, 1.0])).unwrap_err().code(), "immovable");
    // What is in hand goes with the data that it was of.
    let mut experiment = moved();
    experiment.move_truth(1, &at(&[1.0, 1.0])).unwrap();
    experiment.configure(&[number("dataSeed", 4.0)]).unwrap();
    assert!(experiment.release_truth().unwrap().is_none());
    experiment.step(2);
    assert_eq!(experiment.report().iteration, 2);
}

#[test]
fn what_is_no_gaussian_is_refused() {
    let mut experiment = sum(&[]);
    let before = samples(&experiment);
    for (number, placed) in [
        (4, at(&[0.0, 0.0])),
        (0, at(&[0.0])),
        (0, at(&[f64::NAN, 0.0])),
        (0, Placed { weight: Some(f64::INFINITY), ..at(&[0.0, 0.0]) }),
        (0, Placed { covariance: vec![1.0, 1.0, 1.0, 1.0], ..at(&[0.0, 0.0]) }),
        (0, Placed { covariance: vec![1.0, 2.0, 2.0, 1.0], ..at(&[0.0, 0.0]) }),
    ] {
        let error = experiment.move_truth(number, &placed).unwrap_err().to_string();
        assert!(error.contains("true Gaussian"), "{error}");
    }
    // A height that no precision holds is found out when it is let go.
    for weight in [1e300, f64::MAX] {
        let far = Placed { weight: Some(weight), ..at(&[0.0, 0.0]) };
        experiment.move_truth(0, &far).unwrap();
        assert!(experiment.release_truth().is_err());
        assert!(samples(&experiment) == before && experiment.truth().is_none());
    }
    experiment.step(1);
    assert_eq!(experiment.report().iteration, 1);
    assert!(Experiment::new(ExperimentName::EmMixture).unwrap().move_truth(0, &at(&[0.0, 0.0])).is_err());
}

#[test]
fn links_bring_moved_truths_along() {
    for dataset in ["four-gaussians", "two-cities", "compositions"] {
        let mut here = sum(&[text("dataset", dataset), number("noise", 2.0)]);
        let mut one = here.truth_shown()[0].mean.clone();
        one[0] += 0.75;
        here.move_truth(0, &Placed { weight: Some(1.25), ..at(&one) }).unwrap();
        here.release_truth().unwrap();
        here.step(20);
        let mut there = Experiment::new(ExperimentName::SumOfGaussians).unwrap();
        let settings = crate::common::links::all_of(here.settings());
        let opened = there.open_with_truth(&settings, &[], &[], &here.truth().unwrap());
        assert!(opened.notices.is_empty(), "{:?}", opened.notices);
        assert!(samples(&there) == samples(&here) && there.truth() == here.truth(), "{dataset}");
        there.step(20);
        assert!(there.snapshot() == here.snapshot(), "{dataset}");
    }
    let mut there = Experiment::new(ExperimentName::SumOfGaussians).unwrap();
    let four: Vec<Placed> = vec![at(&[f64::NAN, 1.0]), at(&[2.0, 2.0])];
    let opened = there.open_with_truth(&[number("points", 200.0)], &[], &[], &four);
    assert!(opened.notices.len() == 1 && opened.notices[0].contains("true Gaussian 1"), "{:?}", opened.notices);
    assert_eq!(there.truth().unwrap()[1].mean, [2.0, 2.0]);
    let many = vec![at(&[1.0, 1.0]); 9];
    assert_eq!(there.open_with_truth(&[number("points", 200.0)], &[], &[], &many).notices.len(), 1);
    let tall = [Placed { weight: Some(1e300), ..at(&[1.0, 1.0]) }];
    assert_eq!(there.open_with_truth(&[number("points", 200.0)], &[], &[], &tall).notices.len(), 1);
    assert!(there.truth().is_none());
    let mut mixture = Experiment::new(ExperimentName::EmMixture).unwrap();
    assert_eq!(mixture.open_with_truth(&[], &[], &[], &many).notices.len(), 1);
}

/// One pixel is a hundredth of a unit along both axes.
fn touch(x: f64, y: f64, radius: f64) -> Touch {
    Touch { position: vec![x, y], units: vec![0.01, 0.01], radius }
}

fn stroke(experiment: &mut Experiment, tool: Tool, touches: &[Touch]) -> Configured {
    experiment.begin_stroke(tool).unwrap();
    touches.iter().for_each(|touch| experiment.stroke(touch));
    experiment.end_stroke().unwrap()
}

fn cities() -> Experiment {
    let mut experiment = Experiment::new(ExperimentName::SumOfGaussians).unwrap();
    experiment.configure(&[text("dataset", "two-cities"), text("backend", "cpu")]).unwrap();
    experiment
}

fn rows(experiment: &Experiment) -> Vec<f64> {
    samples(experiment).rows()
}

#[test]
fn a_store_follows_the_pointer_and_the_truth_stays_known() {
    let mut experiment = cities();
    experiment.step(7);
    let before = samples(&experiment);
    assert!(experiment.report().dataset.editable);
    let (x, y) = (before.train().inputs[3], before.train().targets[3]);
    experiment.begin_stroke(Tool::Drag).unwrap();
    experiment.stroke(&touch(x + 0.05, y, 0.0));
    experiment.stroke(&touch(x + 1.0, y + 2.0, 0.0));
    // It is drawn live, while the fit stands still.
    let (_, edited) = experiment.shown();
    let shown = edited.unwrap().points;
    assert_eq!((shown.dimension, &shown.values[6..8]), (2, &[x + 1.0, y + 2.0][..]));
    experiment.step(3);
    assert_eq!(experiment.report().iteration, 7);
    assert!(!experiment.can_move_truth());
    let configured = experiment.end_stroke().unwrap();
    assert!(configured.restarted && configured.notices.is_empty(), "{:?}", configured.notices);
    let after = samples(&experiment);
    assert_eq!((after.train().count(), after.test().count()), (10, 0));
    let changed: Vec<usize> = (0..10).filter(|&i| after.train().targets[i] != before.train().targets[i]).collect();
    assert_eq!((changed, after.train().inputs[3], after.train().targets[3]), (vec![3], x + 1.0, y + 2.0));
    assert_eq!((after.axes(), after.target()), (before.axes(), before.target()));
    assert_eq!(after.truth(), before.truth());
    assert!(after.note().contains("no longer exactly"), "{}", after.note());
    let report = experiment.report();
    assert_eq!((report.dataset.name, report.dataset.label.as_str()), ("own", "Two cities, edited"));
    assert!(report.dataset.drawn && report.dataset.undoable && report.dataset.editable);
    assert_eq!(report.recovered.len(), 2);
    // The truth behind samples of one's own is known, and is no longer what they are drawn from.
    assert!(!experiment.can_move_truth() && experiment.truth().is_none());
    experiment.step(50);
    assert_eq!(experiment.report().iteration, 50);
    let (undone, stays) = experiment.undo().unwrap();
    assert!(undone.restarted && stays && samples(&experiment) == before);
    assert_eq!(experiment.report().dataset.name, "two-cities");
    experiment.redo().unwrap();
    assert!(samples(&experiment) == after && experiment.report().dataset.drawn);
}

#[test]
fn stores_are_added_sprayed_and_erased() {
    let mut experiment = cities();
    stroke(&mut experiment, Tool::Add, &[touch(20.0, 3.0, 0.0), touch(20.03, 3.0, 0.0), touch(20.0, 3.12, 0.0)]);
    let added = rows(&experiment)[20..].to_vec();
    assert_eq!((added.len(), &added[..2], added[2]), (6, &[20.0, 3.0][..], 20.0));
    assert!((added[3] - 3.06).abs() < 1e-9 && (added[5] - 3.12).abs() < 1e-9, "along both axes: {added:?}");
    stroke(&mut experiment, Tool::Spray, &[touch(30.0, 9.0, 50.0)]);
    let sprayed = rows(&experiment)[26..].to_vec();
    assert_eq!(sprayed.len(), 10);
    assert!(sprayed.chunks(2).all(|one| libm::hypot(one[0] - 30.0, one[1] - 9.0) <= 0.5));
    assert!(sprayed.chunks(2).any(|one| one[1] != 9.0));
    stroke(&mut experiment, Tool::Erase, &[touch(20.0, 3.0, 2.0), touch(30.0, 9.0, 60.0)]);
    assert_eq!(rows(&experiment).len(), 24, "the other two that were added stay");
    assert_eq!(experiment.report().dataset.points, 12);
    // Places that are none, and those without a height, are passed over.
    let odd = [touch(f64::NAN, 1.0, 3.0), Touch { position: vec![1.0], units: vec![0.01], radius: 0.0 }];
    assert!(!stroke(&mut experiment, Tool::Add, &odd).restarted);
}

#[test]
fn too_few_samples_say_what_is_missing() {
    let mut experiment = cities();
    let all = Touch { position: vec![0.0, 0.0], units: vec![1.0, 1.0], radius: 900.0 };
    let configured = stroke(&mut experiment, Tool::Erase, &[all]);
    assert_eq!((configured.restarted, configured.notices.len()), (false, 1));
    let report = experiment.report();
    assert_eq!((report.dataset.points, report.dataset.label.as_str()), (0, "Drawn by hand"));
    assert_eq!(report.message, "There are no points. Add two different ones to begin.");
    assert!(report.state != "running" && !experiment.run_for(1.0));
    let add = |experiment: &mut Experiment, x: f64, y: f64| {
        stroke(experiment, Tool::Add, &[touch(x, y, 0.0)]);
        experiment.report().dataset.missing
    };
    assert_eq!(add(&mut experiment, 1.0, 2.0), "Two different points are the least; add one more.");
    assert_eq!(add(&mut experiment, 1.0, 2.0), "All points are at one place; add one somewhere else.");
    assert_eq!(experiment.samples_to_grab(), [1.0, 2.0, 1.0, 2.0], "what waits can be taken hold of");
    assert_eq!(add(&mut experiment, 1.0, 3.0), "", "another height is another place");
    let report = experiment.report();
    assert_eq!(
        (report.state, report.dataset.points, report.recovered.len()),
        ("running", 3, 0),
        "nothing is left of it"
    );
    experiment.step(3);
    assert!(experiment.report().objective.value.is_finite());
    let far = stroke(&mut experiment, Tool::Add, &[touch(1.0, 1e300, 0.0)]);
    assert!(!far.restarted && experiment.report().dataset.missing.contains("precision"));
}

#[test]
fn samples_are_taken_hold_of_one_by_one_where_they_are_few() {
    let mut experiment = cities();
    let before = rows(&experiment);
    assert_eq!(experiment.samples_to_grab(), before);
    experiment.hold_sample(4).unwrap();
    // To press is not to move.
    let released = experiment.end_stroke().unwrap();
    assert!(!released.restarted && released.notices.is_empty() && !experiment.report().dataset.drawn);
    experiment.hold_sample(4).unwrap();
    experiment.stroke(&touch(-3.0, 8.0, 0.0));
    experiment.stroke(&touch(-2.0, 7.0, 0.0));
    assert!(experiment.end_stroke().unwrap().restarted);
    let after = rows(&experiment);
    assert_eq!((&after[8..10], &after[..8], &after[10..]), (&[-2.0, 7.0][..], &before[..8], &before[10..]));
    experiment.hold_sample(99).unwrap();
    experiment.stroke(&touch(0.0, 0.0, 0.0));
    assert!(!experiment.end_stroke().unwrap().restarted);
    for (points, some) in [(400.0, true), (401.0, false)] {
        experiment.configure(&[text("dataset", "two-cities"), number("points", points)]).unwrap();
        assert_eq!(!experiment.samples_to_grab().is_empty(), some, "{points}");
    }
    assert!(sum(&[]).samples_to_grab().is_empty(), "not in the plane");
    assert!(Experiment::new(ExperimentName::Bump).unwrap().samples_to_grab().is_empty());
    assert!(Experiment::new(ExperimentName::EmMixture).unwrap().samples_to_grab().is_empty());
}

#[test]
fn samples_of_ones_own_come_back_as_a_table() {
    let mut here = cities();
    stroke(&mut here, Tool::Spray, &vec![touch(2.0, 4.0, 90.0); 12]);
    // Every tenth of seventy is held back, in its place.
    assert_eq!((samples(&here).train().count(), samples(&here).test().count()), (63, 7));
    stroke(&mut here, Tool::Add, &[touch(5.0, 5.0, 0.0)]);
    let table = here.points();
    assert_eq!(
        (table.columns.clone(), table.values.len(), table.weight),
        (vec!["Place (km)".to_owned(), "Visitors (thousand)".to_owned()], 142, None)
    );
    assert_eq!(table.values[140..], [5.0, 5.0]);
    let mut there = Experiment::new(ExperimentName::SumOfGaussians).unwrap();
    there.set_points(table.values.clone(), &table.columns, None).unwrap();
    assert_eq!(there.points().values, table.values);
    let known = [samples(&here).truth().len(), samples(&there).truth().len()];
    assert_eq!(known, [2, 0], "what is true does not come over");
    let settings = crate::common::links::all_of(here.settings());
    there.open(&settings, &[], &[]);
    here.step(20);
    there.step(20);
    assert!(here.snapshot() == there.snapshot());
    // One that is held back is moved like the others.
    let (held_back, mut expected) = (samples(&here).test().inputs[1], table.values.clone());
    assert_eq!(here.samples_to_grab()[2 * 19], held_back);
    here.hold_sample(19).unwrap();
    here.stroke(&touch(-7.0, 1.0, 0.0));
    here.end_stroke().unwrap();
    expected[38..40].copy_from_slice(&[-7.0, 1.0]);
    assert_eq!(here.points().values, expected);
}
