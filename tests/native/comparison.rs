//! The comparison: what its cells come to.

use gaussian_playground::dataset::generators::sum_of_gaussians::make;
use gaussian_playground::experiment::{ComparisonPlan, Experiment, FitState, SumOfGaussiansFit};
use gaussian_playground::settings::{
    BackendChoice, ExperimentName, Settings, SumOfGaussiansDataset, SumOfGaussiansSettings, Value,
};
use wide::f32x4;

use crate::common::fits::{number, text};

/// A run as the page's Workers do it.
fn run(change: Vec<(String, Value)>) -> Experiment {
    let mut experiment = Experiment::on_the_processor(ExperimentName::SumOfGaussians, &change).unwrap();
    while *experiment.fit().state() == FitState::Running {
        experiment.run_for(5.0);
    }
    experiment
}

#[test]
fn a_cell_is_the_fit_of_its_settings() {
    let plan = ComparisonPlan::new(&[
        text("size", "custom"),
        number("mostComponents", 4.0),
        number("epochs", 3.0),
        number("dataSets", 2.0),
    ]);
    assert_eq!((plan.notices.len(), plan.cells.len()), (0, 2 * 2 * 4));
    for (cell, (amplitude_l1, spread)) in plan.cells[12..].iter().zip([(0.0, 0.0), (0.1, 0.0), (0.0, 1.0), (0.1, 1.0)])
    {
        assert_eq!((cell.components, cell.data_set, cell.start), (4, 1, 0));
        let change = cell.change.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let mut found = run(change);
        let settings = SumOfGaussiansSettings {
            components: 4,
            data_seed: 2,
            batch_size: 2_048,
            epochs: 3,
            amplitude_l1,
            spread,
            ..SumOfGaussiansSettings::default()
        };
        let data = make(SumOfGaussiansDataset::FourGaussians, 2, 0.0).unwrap();
        let mut direct = SumOfGaussiansFit::<f32x4, 2>::new(&data, &settings).unwrap();
        while *direct.state() == FitState::Running {
            direct.step();
        }
        assert_eq!((direct.iteration(), direct.epoch()), (15, 3));
        let report = found.report();
        assert_eq!((report.iteration, report.state, report.backend), (15, "exhausted", "cpu"));
        let last = direct.history().last().unwrap();
        assert_eq!(report.measure("test").map(f64::to_bits), Some(last[2].to_bits()));
        assert_eq!(report.objective.value.to_bits(), last[1].to_bits());
        let rows: Vec<f64> = report.history.chunks_exact(4).flat_map(|row| row[1..].to_vec()).collect();
        assert_eq!(rows, direct.history().rows.concat());
    }
}

#[test]
fn a_run_without_a_canvas_stays_on_the_processor() {
    for name in [ExperimentName::SumOfGaussians, ExperimentName::Bump, ExperimentName::BumpSweep] {
        let run = Experiment::on_the_processor(name, &[number("seed", 3.0)]).unwrap();
        assert!(matches!(run.settings().backend(), None | Some(BackendChoice::Cpu)));
        assert_eq!(run.settings().get("seed"), Some(Value::Number(3.0)));
    }
    let asked = Experiment::on_the_processor(ExperimentName::Bump, &[text("backend", "gpu")]).unwrap();
    assert_eq!(asked.settings().backend(), Some(BackendChoice::Cpu));
    assert!(matches!(asked.settings(), Settings::Bump(_)));
    assert!(Experiment::on_the_processor(ExperimentName::BumpSweep, &[text("backend", "gpu")]).is_err());
}
