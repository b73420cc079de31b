//! An experiment as a visitor has it, on the device: what it says, and what happens when the device goes.

use gaussian_playground::experiment::{Experiment, LiveChange, Probe, Rates, Size};
use gaussian_playground::gpu::{Columns, Gpu, Request, Run};
use gaussian_playground::settings::{ExperimentName, Value};

use super::{assert_close, device, pause};

fn text(name: &str, value: &str) -> (String, Value) {
    (name.to_owned(), Value::Text(value.to_owned()))
}

fn number(name: &str, value: f64) -> (String, Value) {
    (name.to_owned(), Value::Number(value))
}

/// Waits until nothing is on its way.
async fn land(experiment: &mut Experiment) {
    while experiment.is_busy() {
        experiment.poll();
        pause().await;
    }
}

/// Three blobs, on the device that is given.
fn open(gpu: &Gpu) -> Experiment {
    let mut experiment = Experiment::new(ExperimentName::EmMixture).expect("the experiment opens");
    experiment.connect(gpu.clone());
    let change = [text("backend", "gpu"), text("dataset", "three-blobs"), number("tolerance", 0.0)];
    experiment.configure(&change).expect("the settings are known");
    experiment
}

pub async fn reports_say_what_runs_and_why() {
    let gpu = device(true).await;
    let mut experiment = open(&gpu);
    let before = gpu.dispatches();
    experiment.step(3);
    land(&mut experiment).await;
    let report = experiment.report();
    assert_eq!((report.backend, report.iteration), ("gpu", 3));
    assert!(report.backend_reason.contains("You chose the graphics processor"), "{}", report.backend_reason);
    assert!(gpu.dispatches() > before);
    let said = |experiment: &mut Experiment| {
        let report = experiment.report();
        assert_eq!(report.backend, "cpu");
        report.backend_reason
    };
    experiment.configure(&[text("precision", "double")]).expect("known");
    assert!(said(&mut experiment).contains("Double precision"));
    experiment.configure(&[text("precision", "single"), text("iteration", "equal-weights")]).expect("known");
    assert!(said(&mut experiment).contains("cannot tell when"));
    experiment.configure(&[text("iteration", "em"), text("backend", "cpu")]).expect("known");
    assert!(said(&mut experiment).contains("You chose the processor"));
    experiment.configure(&[text("backend", "auto")]).expect("known");
    if gpu.is_software() {
        assert!(said(&mut experiment).contains("imitates"));
    } else {
        experiment.set_rates(Rates { cpu: 2e5, gpu: 1e8, overhead: 0.02 });
        assert!(said(&mut experiment).contains("small problem"));
    }
    for name in [ExperimentName::BayesianMixture, ExperimentName::BumpSweep] {
        let mut experiment = Experiment::new(name).expect("the experiment opens");
        experiment.connect(gpu.clone());
        assert!(said(&mut experiment).contains("runs on the processor"));
    }
}

pub async fn a_fit_goes_on_here_when_the_device_is_lost() {
    let gpu = Gpu::request(Request::default()).await.expect("these tests need a device");
    let mut experiment = open(&gpu);
    let mut here = open(&gpu);
    here.configure(&[text("backend", "cpu")]).expect("known");
    here.step(40);
    // It is under way when the device goes, however long the first iteration takes.
    experiment.step(40);
    while experiment.is_busy() && experiment.fit().iteration() == 0 {
        experiment.poll();
        pause().await;
    }
    let reached = experiment.fit().iteration();
    assert!(reached > 0, "nothing came back");
    gpu.destroy();
    land(&mut experiment).await;
    let report = experiment.report();
    assert_eq!((report.backend, report.iteration), ("cpu", 40));
    assert!(report.backend_notice.contains("Nothing is lost"), "{}", report.backend_notice);
    assert!(report.backend_reason.contains("failed"), "{}", report.backend_reason);
    assert_eq!(experiment.report().backend_notice, "", "it is said once");
    assert_close("objective", &[report.objective.value], &[here.report().objective.value], 1e-5);
    assert_eq!(experiment.fit().records(0).end, 41, "no iteration is missing");

    // To ask for the device again is to get a new one.
    experiment.configure(&[text("backend", "gpu")]).expect("known");
    experiment.step(5);
    land(&mut experiment).await;
    let report = experiment.report();
    assert_eq!((report.backend, report.iteration, report.backend_notice.as_str()), ("gpu", 45, ""));
    let new = experiment.gpu().expect("a device is open");
    assert!(new.dispatches() > 0 && new.failure().is_none());
}

pub async fn links_change_settings_on_time_and_moments_can_be_gone_back_to() {
    let gpu = device(true).await;
    let play = |backend: &'static str| {
        let mut experiment = Experiment::new(ExperimentName::SparseMixture).expect("the experiment opens");
        experiment.connect(gpu.clone());
        let change = [text("backend", backend), text("dataset", "old-faithful"), number("components", 6.0)];
        let live = [(7, 0.02), (20, 0.05)].map(|(iteration, rate)| LiveChange {
            iteration,
            name: "learningRate".to_owned(),
            value: Value::Number(rate),
        });
        let opened = experiment.open(&change, &live, &[]);
        assert!(opened.notices.is_empty(), "{:?}", opened.notices);
        experiment.step(30);
        experiment
    };
    let mut there = play("gpu");
    land(&mut there).await;
    let mut here = play("cpu");
    let report = there.report();
    assert_eq!((report.backend, report.iteration, report.latest), ("gpu", 30, 30));
    let passed: Vec<usize> = report.milestones.iter().map(|milestone| milestone.iteration).collect();
    assert_eq!(passed, [0, 10], "none is passed over");
    for (found, expected) in there.components_at(10).iter().zip(here.components_at(10)) {
        assert_close("a milestone", &found.mean, &expected.mean, 1e-3);
    }
    let told: Vec<u32> = there.live_changes().iter().map(|change| change.iteration).collect();
    assert_eq!(told, [0, 7, 20], "each came exactly when it was asked for");
    assert_close("cost", &[report.objective.value], &[here.report().objective.value], 1e-4);
    there.seek(11);
    land(&mut there).await;
    assert_eq!((there.report().iteration, there.report().latest), (11, 30));
    assert_eq!(there.settings().get("learningRate"), Some(Value::Number(0.02)));
    there.step(4);
    land(&mut there).await;
    let report = there.report();
    assert_eq!((report.backend, report.iteration, report.latest), ("gpu", 15, 15), "it goes on there on the device");
}

pub async fn changes_leak_no_buffers() {
    let gpu = Gpu::request(Request::default()).await.expect("these tests need a device");
    let mut experiment = open(&gpu);
    let mut counts = Vec::new();
    let sets = ["three-blobs", "old-faithful", "galaxies"];
    for change in 0..200 {
        let changes = match change % 4 {
            0 => vec![text("dataset", sets[(change / 4) % 3])],
            1 => vec![number("components", f64::from(1 + (change as u32 / 4) % 5))],
            2 => vec![number("tolerance", 1e-9)],
            _ => vec![number("seed", f64::from(change as u32))],
        };
        experiment.configure(&changes).expect("known");
        experiment.step(1);
        // Some changes come while iterations are on their way.
        if change % 8 == 7 {
            land(&mut experiment).await;
            counts.push(gpu.live_buffers());
        } else {
            experiment.poll();
        }
    }
    // A set of points in one dimension needs a buffer less than one in two.
    let (least, most) = (counts.iter().min().copied(), counts.iter().max().copied());
    assert!(most.unwrap_or(0) <= least.unwrap_or(0) + 2, "{counts:?}");
    assert_eq!(experiment.report().backend, "gpu");
    drop(experiment);
    assert_eq!(gpu.live_buffers(), 0);
}

pub async fn too_many_points_are_refused_with_a_sentence() {
    let gpu = device(true).await;
    let mut experiment = open(&gpu);
    let mut problem = experiment.fit().on_device().expect("it runs on the device").problem();
    let most = gpu.most_points();
    problem.points = vec![Columns { coordinates: vec![vec![0.0; most + 1], Vec::new()], values: None }];
    let before = gpu.live_buffers();
    let Err(sentence) = Run::new(&gpu, problem) else { panic!("it was taken") };
    assert!(sentence.contains(&most.to_string()) && sentence.contains("run on the processor"), "{sentence}");
    assert_eq!(gpu.live_buffers(), before);
    assert_eq!(gpu.failure(), None);
}

pub async fn the_machine_is_measured() {
    let gpu = device(true).await;
    let mut probe = Probe::new(&gpu, Size { points: 8_192, components: 4 }).expect("it takes the first fit");
    let rates = loop {
        if let Some(rates) = probe.poll().expect("the device works") {
            break rates;
        }
        pause().await;
    };
    for number in [rates.cpu, rates.gpu, rates.overhead] {
        assert!(number.is_finite() && number > 0.0, "{rates:?}");
    }
    assert!(rates.gain(1.0) < 1.0, "a single pair is faster here");
}
