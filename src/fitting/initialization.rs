//! Starting means: where in the data the components start.

use super::kmeans::{kmeans, kmeans_plus_plus};
use crate::dataset::Dataset;
use crate::numeric::random::Stream;
use crate::settings::Initialization;

/// The means of `components` components to start at, row by row in the units of the data; at least as many points have a
/// weight above 0. k-means and its start measure each column in its own standard deviations and heed the weights;
/// points at random are all equally likely, as long as they count at all.
#[must_use]
pub fn starting_means(dataset: &Dataset, components: usize, method: Initialization, stream: &mut Stream) -> Vec<f64> {
    let dimension = dataset.dimension();
    let places = |chosen: Vec<usize>| {
        chosen.into_iter().flat_map(|i| (0..dimension).map(move |axis| dataset.coordinate(i, axis))).collect()
    };
    match method {
        Initialization::Points => {
            let present: Vec<usize> = dataset.present().collect();
            let chosen = stream.distinct_indices(components, present.len());
            places(chosen.into_iter().map(|place| present[place]).collect())
        }
        Initialization::KmeansPlusPlus => {
            let Standardized { values, .. } = Standardized::new(dataset);
            places(kmeans_plus_plus(&values, dimension, dataset.weights(), components, stream))
        }
        Initialization::Kmeans => {
            let Standardized { mean, deviations, values } = Standardized::new(dataset);
            let centres = kmeans(&values, dimension, dataset.weights(), components, stream);
            centres
                .iter()
                .enumerate()
                .map(|(place, value)| mean[place % dimension] + value * deviations[place % dimension])
                .collect()
        }
    }
}

/// The data with each column's mean taken off and divided by its standard deviation; constant columns become 0.
struct Standardized {
    mean: Vec<f64>,
    deviations: Vec<f64>,
    /// Row by row.
    values: Vec<f64>,
}

impl Standardized {
    fn new(dataset: &Dataset) -> Self {
        let dimension = dataset.dimension();
        let (mean, covariance) = (dataset.mean(), dataset.covariance());
        let deviations: Vec<f64> = (0..dimension).map(|axis| libm::sqrt(covariance[axis * (dimension + 1)])).collect();
        let values = dataset
            .values()
            .iter()
            .enumerate()
            .map(|(place, value)| {
                let axis = place % dimension;
                if deviations[axis] > 0.0 { (value - mean[axis]) / deviations[axis] } else { 0.0 }
            })
            .collect();
        Self { mean, deviations, values }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Axis;
    use crate::numeric::random::Purpose;

    fn started(data: &Dataset, components: usize, method: Initialization, seed: u64) -> Vec<f64> {
        starting_means(data, components, method, &mut Stream::new(seed, Purpose::Initialization))
    }

    fn line(values: &[f64]) -> Dataset {
        Dataset::new("test", vec![Axis::unitless("x")], values.to_vec()).unwrap()
    }

    #[test]
    fn starts_are_distinct_points_and_depend_on_the_seed() {
        let data = line(&(0..100).map(f64::from).collect::<Vec<_>>());
        for method in [Initialization::Points, Initialization::KmeansPlusPlus, Initialization::Kmeans] {
            let mut means = started(&data, 16, method, 1);
            assert_ne!(means, started(&data, 16, method, 2));
            assert_eq!(means, started(&data, 16, method, 1));
            means.sort_by(f64::total_cmp);
            means.dedup();
            assert_eq!(means.len(), 16);
            assert!(method == Initialization::Kmeans || means.iter().all(|mean| data.values().contains(mean)));
        }
    }

    #[test]
    fn kmeans_and_its_start_spread_out() {
        // Three far groups: each must get one of the three starts, whatever the seed.
        let data = line(&[0.0, 0.1, 0.2, 1e6, 1e6 + 0.1, 1e6 + 0.2, 2e6, 2e6 + 0.1]);
        for method in [Initialization::KmeansPlusPlus, Initialization::Kmeans] {
            for seed in 0..50 {
                let means = started(&data, 3, method, seed);
                let mut groups: Vec<u32> = means.iter().map(|mean| (mean / 1e6) as u32).collect();
                groups.sort_unstable();
                assert_eq!(groups, [0, 1, 2]);
            }
        }
    }

    #[test]
    fn columns_of_any_range_count_alike() {
        let mut stream = Stream::new(2, Purpose::Data);
        let values: Vec<f64> = (0..120).map(|_| stream.normal()).collect();
        let scale = |place: usize| if place % 2 == 1 { 1024.0 } else { 1.0 };
        let scaled: Vec<f64> = values.iter().enumerate().map(|(place, value)| value * scale(place)).collect();
        let plane = |values| Dataset::new("test", vec![Axis::unitless("x"), Axis::unitless("y")], values).unwrap();
        let (plain, scaled) = (plane(values), plane(scaled));
        for method in [Initialization::KmeansPlusPlus, Initialization::Kmeans] {
            for seed in 0..20 {
                let found = started(&scaled, 4, method, seed);
                let expected = started(&plain, 4, method, seed);
                let close =
                    |(place, (a, b)): (usize, (&f64, &f64))| (a - b * scale(place)).abs() < 1e-12 * scale(place);
                assert!(found.iter().zip(&expected).enumerate().all(close), "{found:?} {expected:?}");
            }
        }
    }

    #[test]
    fn fewer_places_than_components_still_start() {
        let data = line(&[1.0, 1.0, 1.0, 2.0]);
        assert_eq!(started(&data, 4, Initialization::KmeansPlusPlus, 0).len(), 4);
        assert_eq!(started(&data, 4, Initialization::Kmeans, 0).len(), 4);
    }

    #[test]
    fn points_of_weight_zero_are_no_start() {
        let weights: Vec<f64> = (0..100).map(|i| f64::from(i % 3)).collect();
        let data = line(&(0..100).map(f64::from).collect::<Vec<_>>()).with_weights(weights).unwrap();
        for seed in 0..20 {
            for method in [Initialization::Points, Initialization::KmeansPlusPlus] {
                assert!(started(&data, 5, method, seed).iter().all(|mean| mean % 3.0 != 0.0));
            }
        }
        // All the weight on two far groups: so are the centres.
        let weights = (0..100).map(|i| if (40..60).contains(&i) { 0.0 } else { 1.0 }).collect();
        let data = line(&(0..100).map(f64::from).collect::<Vec<_>>()).with_weights(weights).unwrap();
        let mut means = started(&data, 2, Initialization::Kmeans, 0);
        means.sort_by(f64::total_cmp);
        assert!((means[0] - 19.5).abs() < 1e-9 && (means[1] - 79.5).abs() < 1e-9, "{means:?}");
    }
}
