//! The priors of a Bayesian mixture: one for all components, or one for each where the settings list them.

use crate::models::bayesian_mixture::Priors;
use crate::settings::{BayesianMixtureSettings, NumberList, Settings};

/// The priors that settings give for data of this dimension, and which lists were left aside because they are too short or too
/// long, as sentences.
#[must_use]
pub fn priors(settings: &BayesianMixtureSettings, dimension: usize) -> (Priors, Vec<String>) {
    let components = settings.components as usize;
    let mut priors = Priors::uniform(
        components,
        dimension,
        (settings.prior_mean, settings.prior_scale),
        (settings.prior_shape, settings.prior_rate),
        settings.prior_concentration,
    );
    let mut notices = Vec::new();
    let mut take = |name: &str, list: &NumberList, block: &mut [f64], of_axes: bool| {
        let numbers = list.numbers();
        let width = block.len() / components.max(1);
        if numbers.is_empty() {
            return;
        }
        if of_axes && numbers.len() == block.len() {
            block.copy_from_slice(&numbers);
        } else if numbers.len() == components {
            block.chunks_exact_mut(width).zip(numbers).for_each(|(own, number)| own.fill(number));
        } else {
            let (found, noun) = (numbers.len(), if numbers.len() == 1 { "number" } else { "numbers" });
            let wanted = match (components, of_axes && width > 1) {
                (1, false) => "1 component".to_owned(),
                (_, false) => format!("{components} components"),
                (_, true) => format!("{components} components, or {} with one for each axis", block.len()),
            };
            notices.push(format!("{name}: {found} {noun} for {wanted}, so all have the same prior."));
        }
    };
    let own = &mut priors.0;
    take("Prior means", &settings.prior_means, &mut own.locs, true);
    take("Prior scales", &settings.prior_scales, &mut own.scales, false);
    take("Prior shapes", &settings.prior_shapes, &mut own.alpha, false);
    take("Prior rates", &settings.prior_rates, &mut own.beta, false);
    take("Prior concentrations", &settings.prior_concentrations, &mut own.counts, false);
    (priors, notices)
}

/// What is to be said of the lists of an experiment's settings; nothing for models without.
#[must_use]
pub fn unused_lists(settings: &Settings, dimension: usize) -> Vec<String> {
    match settings {
        Settings::BayesianMixture(settings) => priors(settings, dimension).1,
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_give_each_component_its_prior_and_wrong_lengths_a_sentence() {
        let mut settings = BayesianMixtureSettings {
            prior_scales: NumberList::new(&[2.0, 2.0, 0.1]),
            prior_means: NumberList::new(&[-2.0, -4.0, 2.0, 0.0, -2.0, 4.0]),
            prior_concentrations: NumberList::new(&[9.0, 1.0, 1.0]),
            ..BayesianMixtureSettings::default()
        };
        let (found, notices) = priors(&settings, 2);
        assert_eq!(found.0.scales, [2.0, 2.0, 2.0, 2.0, 0.1, 0.1]);
        assert_eq!(found.0.locs, [-2.0, -4.0, 2.0, 0.0, -2.0, 4.0]);
        assert_eq!((found.0.counts, found.0.alpha), (vec![9.0, 1.0, 1.0], vec![5.0; 6]));
        assert!(notices.is_empty());
        settings.components = 2;
        let (found, notices) = priors(&settings, 2);
        assert!(found.are_interchangeable());
        assert_eq!(notices.len(), 3);
        assert_eq!(notices[1], "Prior scales: 3 numbers for 2 components, so all have the same prior.");
        assert_eq!(
            notices[0],
            "Prior means: 6 numbers for 2 components, or 4 with one for each axis, so all have the same prior."
        );
        // One a component goes for all axes.
        settings.prior_means = NumberList::new(&[-1.0, 1.0]);
        assert_eq!(priors(&settings, 2).0.0.locs, [-1.0, -1.0, 1.0, 1.0]);
    }
}
