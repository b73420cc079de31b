//! What takes long or draws at random, natively only.

use std::fmt::Write;

use gaussian_playground::dataset::{Axis, Dataset};
use gaussian_playground::experiment::{Experiment, FitState, SparseMixtureFit};
use gaussian_playground::models::sparse_mixture::{Parameters, Penalty, Precision, objective};
use gaussian_playground::moments::{Points, Workspace};
use gaussian_playground::settings::{CostConstant, ExperimentName, SparseMixtureSettings, Value};
use proptest::prelude::*;
use wide::{f32x4, f64x2};

use crate::common::fits::number;

/// The tutorial's own points.
fn source_spiral() -> Dataset {
    let values = include_str!("../reference/source_spiral.csv")
        .lines()
        .skip(1)
        .flat_map(|line| line.split(',').map(|cell| cell.parse::<f64>().unwrap()))
        .collect();
    Dataset::new("spiral", vec![Axis::unitless("x"), Axis::unitless("y")], values).unwrap()
}

/// The cost at iteration 500 with the tutorial's constant, and how many components are on.
fn end(data: &Dataset, seed: u32) -> (f64, f64) {
    let settings = SparseMixtureSettings { seed, constant: CostConstant::Tutorial, ..SparseMixtureSettings::default() };
    let mut fit = SparseMixtureFit::<f32x4, 2>::new(data, &settings).unwrap();
    while *fit.state() == FitState::Running {
        fit.step();
    }
    assert_eq!((fit.state(), fit.iteration()), (&FitState::Exhausted, 500));
    let last = fit.history().last().unwrap();
    (last[0], last[3])
}

/// The source's claim: the median of 20 seeds is at most −1.50.
#[test]
fn the_spiral_is_fitted_as_well_as_by_the_tutorial() {
    let data = source_spiral();
    assert_eq!(data.count(), 10_000);
    let halves: Vec<Vec<(u32, (f64, f64))>> = std::thread::scope(|scope| {
        let data = &data;
        let workers: Vec<_> = [0, 1]
            .map(|half| {
                scope.spawn(move || (0..10).map(|i| 2 * i + half).map(|seed| (seed, end(data, seed))).collect())
            })
            .into_iter()
            .collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).collect()
    });
    let mut ends: Vec<(u32, (f64, f64))> = halves.into_iter().flatten().collect();
    ends.sort_by(|a, b| a.1.0.total_cmp(&b.1.0));
    let mut line = String::new();
    for (seed, (cost, on)) in &ends {
        write!(line, " {cost:.3} (seed {seed}, {on} on)").unwrap();
    }
    println!("{line}");
    let median = 0.5 * (ends[9].1.0 + ends[10].1.0);
    assert!(median <= -1.50, "the median is {median}:{line}");
    assert!(ends.iter().all(|(_, (_, on))| (2.0..=8.0).contains(on)), "few are left:{line}");
}

/// The gradient against central differences of the cost, number by number.
fn check_gradient<const D: usize>(
    numbers: &[f64],
    components: usize,
    sparsity: f64,
    places: &[f64],
    weights: &[f64],
) -> Result<(), TestCaseError> {
    let count = weights.len();
    let points = Points::<f64x2, D>::weighted(count, |i, axis| places[i * 3 + axis], |i| weights[i]);
    let total: f64 = weights.iter().sum();
    let mut workspace = Workspace::default();
    let penalty = Penalty { sparsity, vanishing: 0.0 };
    let mut at = |flat: &[f64]| {
        let parameters = Parameters::<D>::from_flat(flat).unwrap();
        let precisions = parameters.precisions().ok()?;
        Some(objective(&points, total, &parameters, &precisions, penalty, &mut workspace))
    };
    let flat = &numbers[..components * (1 + D * D + D)];
    // Factors near to singular bend the cost too sharply for differences.
    let precisions = Parameters::<D>::from_flat(flat).unwrap().precisions();
    let far_from_singular = |precisions: &[Precision<D>]| precisions.iter().all(|one| one.root.lower().amax() < 20.0);
    prop_assume!(precisions.is_ok_and(|precisions| far_from_singular(&precisions)));
    let gradient = at(flat).unwrap().gradient.flat();
    let scale = gradient.iter().fold(1.0f64, |scale, value| scale.max(value.abs()));
    for place in 0..flat.len() {
        let step = 1e-5;
        let mut cost = |offset: f64| {
            let mut moved = flat.to_vec();
            moved[place] += offset;
            at(&moved).map(|objective| objective.cost(CostConstant::Formula))
        };
        let (Some(above), Some(below)) = (cost(step), cost(-step)) else { continue };
        let difference = (above - below) / (2.0 * step);
        let error = (gradient[place] - difference).abs();
        prop_assert!(error < 1e-6 * scale, "number {place}: {} instead of {difference}", gradient[place]);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn gradients_are_those_of_the_cost(
        dimension in 1usize..=3,
        components in 1usize..=5,
        numbers in proptest::collection::vec(-2.0..2.0f64, 5 * 13),
        sparsity in prop_oneof![Just(0.0), 0.1..30.0f64],
        places in proptest::collection::vec(-2.0..2.0f64, 12 * 3),
        weights in proptest::collection::vec(0.1..3.0f64, 12),
    ) {
        match dimension {
            1 => check_gradient::<1>(&numbers, components, sparsity, &places, &weights)?,
            2 => check_gradient::<2>(&numbers, components, sparsity, &places, &weights)?,
            _ => check_gradient::<3>(&numbers, components, sparsity, &places, &weights)?,
        }
    }
}

/// A sparse experiment on few points that never leaves the processor.
fn small(changes: &[(String, Value)]) -> Experiment {
    let mut experiment = Experiment::on_the_processor(ExperimentName::SparseMixture, &[]).unwrap();
    experiment.configure(&[number("points", 300.0)]).unwrap();
    experiment.configure(changes).unwrap();
    experiment
}

fn reached(experiment: &mut Experiment) -> Vec<usize> {
    experiment.report().milestones.iter().map(|milestone| milestone.iteration).collect()
}

/// The milestones' components are those of exactly their iterations, however fast the fit goes, and forgotten where it takes
/// another way.
#[test]
fn milestones_are_kept_whatever_the_speed() {
    let mut fast = small(&[]);
    assert_eq!(reached(&mut fast), [0]);
    while fast.report().state == "running" {
        fast.run_for(50.0);
    }
    assert_eq!(reached(&mut fast), [0, 10, 100, 150, 250, 500]);
    for iteration in [0, 10, 100, 150, 250, 500] {
        let mut slow = small(&[]);
        slow.step(iteration);
        assert_eq!(slow.report().iteration, iteration);
        assert_eq!(fast.components_at(iteration), slow.report().components, "{iteration}");
        assert!(fast.report().moments.contains(&iteration));
    }
    assert!(fast.components_at(11).is_empty());
    // To look back forgets nothing; another sparsity from there does.
    fast.seek(120);
    while fast.is_busy() {
        fast.poll();
    }
    assert_eq!(reached(&mut fast).len(), 6);
    let before = fast.report().milestones;
    fast.configure(&[number("sparsity", 100.0)]).unwrap();
    assert_eq!(reached(&mut fast), [0, 10, 100]);
    fast.step(30);
    let after = fast.report().milestones;
    assert_eq!(after.len(), 4);
    assert_eq!(before[..3], after[..3]);
    assert_ne!(before[3].version, after[3].version);
    fast.reset().unwrap();
    assert_eq!(reached(&mut fast), [0]);
}

/// The tutorial's start: as many round blobs, as wide and of the same weight.
#[test]
fn the_start_is_the_tutorials() {
    let mut experiment = small(&[]);
    let components = experiment.report().components;
    assert_eq!(components.len(), 30);
    for one in components {
        assert!((one.weight - 1.0 / 30.0).abs() < 1e-12);
        let variance = 1.0 / 225.0;
        for (entry, expected) in one.covariance.iter().zip([variance, 0.0, 0.0, variance]) {
            assert!((entry - expected).abs() < 1e-12, "{:?}", one.covariance);
        }
        assert!(one.mean.iter().all(|place| (0.0..1.0).contains(place)));
    }
}

/// A fit at its end goes on for a while with another sparsity, and with nothing else.
#[test]
fn another_sparsity_lets_a_fit_go_on() {
    let mut experiment = small(&[number("iterations", 60.0)]);
    experiment.step(100);
    assert_eq!(experiment.report().state, "exhausted");
    let same = experiment.configure(&[number("sparsity", 20.0)]).unwrap();
    assert!(same.notices.is_empty() && experiment.report().state == "exhausted");
    let other = experiment.configure(&[number("sparsity", 80.0)]).unwrap();
    assert!(!other.restarted && other.notices[0].contains("310"), "{:?}", other.notices);
    assert_eq!(experiment.report().state, "running");
    assert!(experiment.configure(&[number("sparsity", 70.0)]).unwrap().notices.is_empty());
    experiment.step(1_000);
    let report = experiment.report();
    assert_eq!((report.iteration, report.state), (310, "exhausted"));
    // Played again from its link it goes the same way.
    let live = experiment.live_changes();
    assert!(live.iter().any(|change| change.name == "iterations" && change.iteration == 60), "{live:?}");
}
