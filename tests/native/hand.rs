//! What is true, moved by hand.

use gaussian_playground::dataset::Regression;
use gaussian_playground::experiment::{Data, Experiment, Placed};
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
