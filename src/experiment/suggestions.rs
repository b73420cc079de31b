//! What a data set brings along: the settings that suit it.

use super::open::dataset_name;
use crate::dataset::generators::sum_of_gaussians;
use crate::dataset::recipe;
use crate::settings::{
    BayesianMixtureSettings, CovarianceType, DatasetName, EmMixtureSettings, Initialization, Iteration, Settings,
    SparseMixtureSettings, Standardization, SumOfGaussiansDataset, SumOfGaussiansSettings, Value,
};

/// The settings with those that suit their data set: for the source's own data, the source's.
pub fn suggested(settings: &Settings) -> Settings {
    match settings {
        Settings::Bump(_) | Settings::BumpSweep(_) => settings.clone(),
        Settings::EmMixture(settings) => Settings::EmMixture(em_mixture(settings)),
        Settings::SparseMixture(settings) => Settings::SparseMixture(sparse_mixture(settings)),
        Settings::BayesianMixture(settings) => Settings::BayesianMixture(bayesian_mixture(settings)),
        Settings::SumOfGaussians(settings) => Settings::SumOfGaussians(on_a_sum(settings)),
    }
}

/// The defaults with what suits the data set of `settings`, and its domain.
pub fn normal(settings: &Settings) -> Settings {
    let mut defaults = Settings::new(settings.experiment());
    // The bumps draw their own data and refuse to name a set.
    let _ = defaults.set("dataset", &Value::Text(dataset_name(settings).to_owned()));
    let mut normal = suggested(&defaults);
    if let (Settings::SumOfGaussians(normal), Settings::SumOfGaussians(settings)) = (&mut normal, settings) {
        [normal.centers_min, normal.centers_max] = centres_box(settings);
    }
    normal
}

/// Lets the box that centres start in follow a domain that has changed, but for those of its ends that the same changes name.
pub fn follow_domain(settings: &mut Settings, before: &Settings, changes: &[(String, Value)]) {
    let (Settings::SumOfGaussians(settings), Settings::SumOfGaussians(before)) = (settings, before) else { return };
    if settings.domain == before.domain {
        return;
    }
    let [low, high] = centres_box(settings);
    let named = |end: &str| changes.iter().any(|(name, _)| name == end);
    if !named("centersMin") {
        settings.centers_min = low;
    }
    if !named("centersMax") {
        settings.centers_max = high;
    }
}

/// The ends of the box that centres start in, along each axis: that of the inputs, where a seed draws them.
fn centres_box(settings: &SumOfGaussiansSettings) -> [f64; 2] {
    let domain = match settings.dataset {
        SumOfGaussiansDataset::FourGaussians => settings.domain,
        _ => SumOfGaussiansSettings::default().domain,
    };
    [-domain, domain]
}

/// The settings for data of the visitor's own with this many points, and what had to be changed, as sentences. The number of
/// components stays where the points suffice.
pub fn on_own_data(settings: &Settings, points: usize) -> (Settings, Vec<String>) {
    let settings = match settings {
        Settings::Bump(_) | Settings::BumpSweep(_) => settings.clone(),
        Settings::EmMixture(settings) => {
            let mut own = EmMixtureSettings { dataset: DatasetName::Own, ..settings.clone() };
            if settings.dataset != DatasetName::Own {
                own = EmMixtureSettings { components: settings.components, ..em_mixture(&own) };
            }
            Settings::EmMixture(own)
        }
        Settings::SparseMixture(settings) => {
            let mut own = SparseMixtureSettings { dataset: DatasetName::Own, ..settings.clone() };
            if settings.dataset != DatasetName::Own {
                own = sparse_mixture(&own);
            }
            Settings::SparseMixture(own)
        }
        Settings::BayesianMixture(settings) => {
            let mut own = BayesianMixtureSettings { dataset: DatasetName::Own, ..settings.clone() };
            if settings.dataset != DatasetName::Own {
                own = BayesianMixtureSettings { components: settings.components, ..bayesian_mixture(&own) };
            }
            Settings::BayesianMixture(own)
        }
        // More Gaussians than points is a fit that works; a start at points says so itself.
        Settings::SumOfGaussians(settings) => {
            let own = SumOfGaussiansSettings { dataset: SumOfGaussiansDataset::Own, ..settings.clone() };
            Settings::SumOfGaussians(own)
        }
    };
    with_enough_points(settings, points)
}

/// The settings with no more components than there are points, and what had to be changed, as sentences.
pub fn with_enough_points(mut settings: Settings, points: usize) -> (Settings, Vec<String>) {
    let points = u32::try_from(points).unwrap_or(u32::MAX);
    let mut notices = Vec::new();
    if let Some(components) = components(&mut settings).filter(|components| **components > points) {
        notices.push(format!("There are only {points} points, so {components} components became {points}."));
        *components = points;
    }
    (settings, notices)
}

/// How many components a mixture has.
pub fn components(settings: &mut Settings) -> Option<&mut u32> {
    match settings {
        Settings::EmMixture(settings) => Some(&mut settings.components),
        Settings::SparseMixture(settings) => Some(&mut settings.components),
        Settings::BayesianMixture(settings) => Some(&mut settings.components),
        Settings::Bump(_) | Settings::BumpSweep(_) | Settings::SumOfGaussians(_) => None,
    }
}

/// How many points the source of a data set draws, or else a model's default.
fn source_points(dataset: DatasetName, default: u32) -> u32 {
    recipe(dataset).and_then(|recipe| u32::try_from(recipe.count()?).ok()).unwrap_or(default)
}

fn em_mixture(settings: &EmMixtureSettings) -> EmMixtureSettings {
    let defaults = EmMixtureSettings::default();
    let settings = EmMixtureSettings {
        points: source_points(settings.dataset, defaults.points),
        noise: defaults.noise,
        components: defaults.components,
        covariance_type: defaults.covariance_type,
        initialization: defaults.initialization,
        iteration: Iteration::Em,
        initial_variance: 0.0,
        minimum_variance: 0.0,
        regularization: 0.0,
        ..settings.clone()
    };
    match settings.dataset {
        DatasetName::ThreeBlobs => EmMixtureSettings {
            components: 3,
            covariance_type: CovarianceType::Diagonal,
            initial_variance: 1.0,
            minimum_variance: 1e-6,
            ..settings
        },
        DatasetName::Galaxies => {
            EmMixtureSettings { components: 3, initialization: Initialization::KmeansPlusPlus, ..settings }
        }
        DatasetName::Penguins
        | DatasetName::ThreeClusters
        | DatasetName::Anisotropic
        | DatasetName::UnevenSizes
        | DatasetName::ParallelCigars => EmMixtureSettings { components: 3, ..settings },
        // The noise takes one, too.
        DatasetName::Noise => EmMixtureSettings { components: 4, ..settings },
        DatasetName::TwoMoons => {
            EmMixtureSettings { components: 8, initialization: Initialization::KmeansPlusPlus, ..settings }
        }
        DatasetName::Rings => {
            EmMixtureSettings { components: 12, initialization: Initialization::KmeansPlusPlus, ..settings }
        }
        DatasetName::Spiral => {
            EmMixtureSettings { components: 10, initialization: Initialization::KmeansPlusPlus, ..settings }
        }
        DatasetName::OldFaithful | DatasetName::Own => settings,
    }
}

/// The source's start is made for the unit square, where other data are put.
fn sparse_mixture(settings: &SparseMixtureSettings) -> SparseMixtureSettings {
    let standardize = match settings.dataset {
        DatasetName::Spiral => Standardization::None,
        _ => Standardization::UnitSquare,
    };
    let defaults = SparseMixtureSettings::default();
    let points = source_points(settings.dataset, defaults.points);
    SparseMixtureSettings { points, noise: defaults.noise, standardize, ..settings.clone() }
}

/// The source's priors, starts and learning rate are for its own data: others are brought to their scale, column by column,
/// since one factor for all would leave a narrow column narrower than the prior allows.
fn bayesian_mixture(settings: &BayesianMixtureSettings) -> BayesianMixtureSettings {
    let defaults = BayesianMixtureSettings::default();
    let (standardize, learning_rate) = match settings.dataset {
        DatasetName::ThreeClusters => (defaults.standardize, defaults.learning_rate),
        _ => (Standardization::PerColumn, 1e-2),
    };
    let points = source_points(settings.dataset, defaults.points);
    // Its Gaussians lie along the axes: what is bent or slanted takes several.
    let components = match settings.dataset {
        DatasetName::Noise => 4,
        DatasetName::Anisotropic => 6,
        DatasetName::TwoMoons | DatasetName::ParallelCigars => 8,
        DatasetName::Rings => 12,
        DatasetName::Own => settings.components,
        _ => defaults.components,
    };
    BayesianMixtureSettings {
        points,
        noise: defaults.noise,
        standardize,
        components,
        learning_rate,
        ..settings.clone()
    }
}

/// What one-dimensional problems need is less than what the source's plane does.
fn on_a_sum(settings: &SumOfGaussiansSettings) -> SumOfGaussiansSettings {
    let defaults = SumOfGaussiansSettings::default();
    let components = match settings.dataset {
        SumOfGaussiansDataset::TwoCities | SumOfGaussiansDataset::Compositions => 2,
        SumOfGaussiansDataset::FourGaussians | SumOfGaussiansDataset::Own => defaults.components,
    };
    // Ten stores are one step an epoch: the source's rate would take very many.
    let (learning_rate, epochs) = match settings.dataset {
        SumOfGaussiansDataset::TwoCities => (2e-2, 3_000),
        _ => (defaults.learning_rate, defaults.epochs),
    };
    let drawn = sum_of_gaussians::count(settings.dataset).and_then(|count| u32::try_from(count).ok());
    let points = drawn.unwrap_or(defaults.points);
    let [centers_min, centers_max] = centres_box(settings);
    SumOfGaussiansSettings { points, components, learning_rate, epochs, centers_min, centers_max, ..settings.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::ExperimentName;

    #[test]
    fn drawn_sets_have_the_points_of_their_sources() {
        let points = |dataset: &str| {
            let mut settings = Settings::new(ExperimentName::EmMixture);
            settings.set("dataset", &Value::Text(dataset.to_owned())).unwrap();
            match normal(&settings) {
                Settings::EmMixture(normal) => (normal.points, normal.noise),
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(
            ["three-blobs", "three-clusters", "spiral"].map(points).map(|found| found.0),
            [2_000, 3_000, 10_000]
        );
        assert_eq!(points("galaxies"), (2_000, 0.02));
        let sum = SumOfGaussiansSettings { dataset: SumOfGaussiansDataset::TwoCities, ..Default::default() };
        assert_eq!(on_a_sum(&sum).points, 10);
    }

    #[test]
    fn the_box_of_centres_follows_the_domain() {
        let of = |domain: f64, dataset| SumOfGaussiansSettings { domain, dataset, ..Default::default() };
        let ends = |settings: &Settings| {
            let Settings::SumOfGaussians(settings) = settings else { panic!() };
            (settings.centers_min, settings.centers_max)
        };
        let wide = Settings::SumOfGaussians(of(20.0, SumOfGaussiansDataset::FourGaussians));
        assert_eq!(ends(&normal(&wide)), (-20.0, 20.0));
        assert_eq!(normal(&wide).get("domain"), Some(Value::Number(8.0)), "links have to name it");
        assert_eq!(ends(&suggested(&wide)), (-20.0, 20.0));
        let line = Settings::SumOfGaussians(of(20.0, SumOfGaussiansDataset::TwoCities));
        assert_eq!((ends(&normal(&line)), ends(&suggested(&line))), ((-8.0, 8.0), (-8.0, 8.0)));
        let changes = [("centersMax".to_owned(), Value::Number(3.0))];
        let usual = Settings::new(ExperimentName::SumOfGaussians);
        for (changes, expected) in [(&[][..], (-20.0, 20.0)), (&changes[..], (-20.0, 8.0))] {
            let mut settings = wide.clone();
            follow_domain(&mut settings, &usual, changes);
            assert_eq!(ends(&settings), expected);
        }
        let mut settings = wide.clone();
        follow_domain(&mut settings, &wide, &[]);
        assert_eq!(settings, wide, "nothing follows a domain that stays");
    }

    #[test]
    fn other_data_than_the_sources_are_standardized() {
        let bayesian = |dataset| {
            let settings = BayesianMixtureSettings { dataset, ..Default::default() };
            match suggested(&Settings::BayesianMixture(settings)) {
                Settings::BayesianMixture(suggested) => (suggested.standardize, suggested.learning_rate),
                other => panic!("{other:?}"),
            }
        };
        let sparse = |dataset| {
            let settings = SparseMixtureSettings { dataset, ..Default::default() };
            match suggested(&Settings::SparseMixture(settings)) {
                Settings::SparseMixture(suggested) => suggested.standardize,
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(bayesian(DatasetName::ThreeClusters), (Standardization::None, 1e-3));
        assert_eq!(sparse(DatasetName::Spiral), Standardization::None);
        for other in [DatasetName::OldFaithful, DatasetName::Galaxies, DatasetName::Own] {
            assert_eq!(bayesian(other), (Standardization::PerColumn, 1e-2));
            assert_eq!(sparse(other), Standardization::UnitSquare);
        }
    }
}
