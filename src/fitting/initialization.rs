//! Starting means: which points of the data the components start at.

use crate::dataset::Dataset;
use crate::numeric::random::{Purpose, Stream};
use crate::settings::Initialization;

/// The indices of `components` points to start at; there are at least as many points.
#[must_use]
pub fn choose_points(dataset: &Dataset, components: usize, method: Initialization, seed: u32) -> Vec<usize> {
    let mut stream = Stream::new(u64::from(seed), Purpose::Initialization);
    match method {
        Initialization::Points => stream.distinct_indices(components, dataset.count()),
        Initialization::KmeansPlusPlus => kmeans_plus_plus(dataset, components, &mut stream),
    }
}

/// D² sampling (Arthur & Vassilvitskii 2007): each further point is drawn with a probability proportional to its squared
/// distance from the nearest one so far. Each column is measured in its own standard deviations.
fn kmeans_plus_plus(dataset: &Dataset, components: usize, stream: &mut Stream) -> Vec<usize> {
    let (count, dimension) = (dataset.count(), dataset.dimension());
    let covariance = dataset.covariance();
    let precisions: Vec<f64> = (0..dimension)
        .map(|axis| covariance[axis * dimension + axis])
        .map(|variance| if variance > 0.0 { 1.0 / variance } else { 0.0 })
        .collect();
    let squared_distance = |a: usize, b: usize| -> f64 {
        (0..dimension)
            .map(|axis| precisions[axis] * (dataset.coordinate(a, axis) - dataset.coordinate(b, axis)).powi(2))
            .sum()
    };
    let mut chosen = vec![stream.index(count)];
    let mut nearest: Vec<f64> = (0..count).map(|i| squared_distance(i, chosen[0])).collect();
    while chosen.len() < components {
        let total: f64 = nearest.iter().sum();
        let mut rest = stream.uniform() * total;
        // Rounding can leave a rest behind the last point; and where all points are taken, any other will do.
        let drawn = nearest.iter().position(|&distance| {
            rest -= distance;
            distance > 0.0 && rest < 0.0
        });
        let next = drawn.or_else(|| (0..count).find(|i| !chosen.contains(i))).unwrap_or(0);
        for (i, distance) in nearest.iter_mut().enumerate() {
            *distance = distance.min(squared_distance(i, next));
        }
        chosen.push(next);
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Axis;

    fn line(values: &[f64]) -> Dataset {
        Dataset::new("test", vec![Axis::unitless("x")], values.to_vec()).unwrap()
    }

    #[test]
    fn starts_are_distinct_points_and_depend_on_the_seed() {
        let data = line(&(0..100).map(f64::from).collect::<Vec<_>>());
        for method in [Initialization::Points, Initialization::KmeansPlusPlus] {
            let mut chosen = choose_points(&data, 16, method, 1);
            assert_ne!(chosen, choose_points(&data, 16, method, 2));
            assert_eq!(chosen, choose_points(&data, 16, method, 1));
            chosen.sort_unstable();
            chosen.dedup();
            assert_eq!(chosen.len(), 16);
        }
    }

    #[test]
    fn kmeans_plus_plus_spreads_out() {
        // Three far groups: each must get one of the three starts, whatever the seed.
        let data = line(&[0.0, 0.1, 0.2, 1e6, 1e6 + 0.1, 1e6 + 0.2, 2e6, 2e6 + 0.1]);
        for seed in 0..50 {
            let mut groups: Vec<u32> = choose_points(&data, 3, Initialization::KmeansPlusPlus, seed)
                .iter()
                .map(|&i| (data.coordinate(i, 0) / 1e6) as u32)
                .collect();
            groups.sort_unstable();
            assert_eq!(groups, [0, 1, 2]);
        }
    }

    #[test]
    fn fewer_places_than_components_still_start() {
        let data = line(&[1.0, 1.0, 1.0, 2.0]);
        assert_eq!(choose_points(&data, 4, Initialization::KmeansPlusPlus, 0).len(), 4);
    }
}
