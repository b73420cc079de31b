//! How many components there are: what information criteria say on data whose answer is known, and where fits end.

use gaussian_playground::dataset::{Dataset, recipe};
use gaussian_playground::experiment::{EmFit, Experiment, FitState, SparseMixtureFit};
use gaussian_playground::fitting::{Criterion, RecoveryStatus};
use gaussian_playground::settings::{
    CovarianceType, DatasetName, EmMixtureSettings, ExperimentName, Initialization, SparseMixtureSettings, Value,
};
use wide::f32x4;

fn made(name: DatasetName, seed: u32) -> Dataset {
    recipe(name).unwrap().make("test", seed)
}

/// How many components BIC picks, from 1 to `most`, and with which BIC.
fn picked(data: &Dataset, most: usize, settings: &EmMixtureSettings) -> (usize, f64) {
    let selection = EmFit::<f32x4, 2>::select(data, settings, 1..=most, Criterion::Bic).unwrap();
    assert_eq!(selection.candidates.len(), most);
    (selection.components, selection.fit.bic())
}

fn of_ten(covariance_type: CovarianceType) -> EmMixtureSettings {
    EmMixtureSettings { restarts: 10, covariance_type, ..EmMixtureSettings::default() }
}

/// The reference: 2 components with a BIC of 2322.2.
#[test]
fn old_faithful_has_two_components_of_twelve() {
    let (components, bic) = picked(&made(DatasetName::OldFaithful, 3), 12, &of_ten(CovarianceType::Full));
    assert_eq!((components, format!("{bic:.1}").as_str()), (2, "2322.2"));
}

/// The reference: 3, full and diagonal.
#[test]
fn the_sources_blobs_are_three_of_twelve() {
    let data = made(DatasetName::ThreeBlobs, 3);
    for covariance_type in [CovarianceType::Full, CovarianceType::Diagonal] {
        let (components, bic) = picked(&data, 12, &of_ten(covariance_type));
        println!("{covariance_type:?}: {components} components, BIC {bic:.1}");
        assert_eq!(components, 3, "{covariance_type:?}");
    }
}

/// Weights, means and covariances of the optimum that scikit-learn 1.5 ends at, to its digits.
#[test]
fn old_faithful_ends_at_its_optimum() {
    let data = made(DatasetName::OldFaithful, 3);
    let settings = EmMixtureSettings { tolerance: 1e-10, ..of_ten(CovarianceType::Full) };
    let fit = EmFit::<wide::f64x2, 2>::fitted(&data, &settings).unwrap();
    assert_eq!(format!("{:.3}", fit.log_likelihood()), "-1130.264");
    let parameters = fit.parameters();
    let short = usize::from(parameters.means[0][0] > parameters.means[1][0]);
    let expected = [
        (0.3559, [2.0364, 54.4785], [0.0692, 0.4352, 33.6973]),
        (0.6441, [4.2897, 79.9681], [0.1700, 0.9406, 36.0462]),
    ];
    for (k, (weight, mean, covariance)) in [short, 1 - short].into_iter().zip(expected) {
        let found = parameters.factors[k].covariance();
        let close = |found: f64, expected: f64| {
            assert!((found - expected).abs() < 1e-4 * expected.max(1.0), "component {k}: {found}, not {expected}");
        };
        close(parameters.weights[k], weight);
        (0..2).for_each(|axis| close(parameters.means[k][axis], mean[axis]));
        close(found[(0, 0)], covariance[0]);
        close(found[(0, 1)], covariance[1]);
        close(found[(1, 1)], covariance[2]);
    }
}

/// What the data are made for: started at the centres of k-means, BIC picks another number than three of whatever draw; from points,
/// with restarts, it picks three.
#[test]
fn k_means_picks_the_wrong_number_of_cigars() {
    for seed in 0..8 {
        let data = made(DatasetName::ParallelCigars, seed);
        let from =
            |initialization, restarts| EmMixtureSettings { initialization, restarts, ..EmMixtureSettings::default() };
        let (wrong, high) = picked(&data, 6, &from(Initialization::Kmeans, 1));
        let (right, low) = picked(&data, 6, &from(Initialization::Points, 10));
        println!("data {seed}: k-means {wrong} (BIC {high:.0}), points {right} (BIC {low:.0})");
        assert_eq!(right, 3, "data {seed}");
        assert!(wrong != 3 && high > low + 10.0, "data {seed}: {wrong} with {high:.1}, 3 with {low:.1}");
        let kmeans = EmMixtureSettings { components: 3, ..from(Initialization::Kmeans, 1) };
        let fit = EmFit::<f32x4, 2>::fitted(&data, &kmeans).unwrap();
        assert!(fit.bic() > low + 10.0, "data {seed}: {:.1} against {low:.1}", fit.bic());
    }
}

/// Every set that was drawn from Gaussians is found again by EM with its usual number of components and ten starts.
#[test]
fn what_was_drawn_from_gaussians_is_found() {
    for (name, at_least) in [
        ("three-blobs", 0.99),
        ("three-clusters", 0.99),
        ("anisotropic", 0.98),
        ("uneven-sizes", 0.98),
        ("parallel-cigars", 0.97),
        ("noise", 0.85),
    ] {
        let changes = [("dataset".to_owned(), Value::Text(name.to_owned())), ("nInit".to_owned(), Value::Number(10.0))];
        let mut experiment = Experiment::on_the_processor(ExperimentName::EmMixture, &changes).unwrap();
        experiment.step(2_000);
        let report = experiment.report();
        assert_eq!(report.state, "converged", "{name}");
        let index = report.measure("adjustedRandIndex").unwrap();
        println!("{name}: {} iterations, adjusted Rand index {index:.4}", report.iteration);
        assert!(index >= at_least, "{name}: {index}");
        let found = report.recovered.iter().filter(|one| one.status == RecoveryStatus::Found).count();
        assert_eq!(found, 3, "{name}: {:?}", report.recovered);
    }
}

/// At its defaults: of thirty, five at most are left with a weight above 0.01.
#[test]
fn five_components_at_most_are_left_of_the_spiral() {
    let settings = SparseMixtureSettings::default();
    assert_eq!((settings.dataset, settings.sparsity), (DatasetName::Spiral, 20.0));
    let data = made(DatasetName::Spiral, settings.data_seed);
    let mut fit = SparseMixtureFit::<f32x4, 2>::new(&data, &settings).unwrap();
    while *fit.state() == FitState::Running {
        fit.step();
    }
    let on = fit.components().iter().filter(|component| component.weight > 0.01).count();
    println!("{on} of {} are on after {} iterations", settings.components, fit.iteration());
    assert!((2..=5).contains(&on), "{on}");
}
