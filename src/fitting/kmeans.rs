//! k-means with its usual start, k-means++; points may be weighted.

use crate::numeric::random::Stream;

/// Most passes of Lloyd's algorithm, scikit-learn's default.
const MOST_PASSES: usize = 300;

/// Points, row by row, with a weight each.
struct Weighted<'a> {
    points: &'a [f64],
    dimension: usize,
    /// `None` where all count alike.
    weights: Option<&'a [f64]>,
}

impl<'a> Weighted<'a> {
    /// Weights that are all zero say nothing about the points, so they are left out of account.
    fn new(points: &'a [f64], dimension: usize, weights: Option<&'a [f64]>) -> Self {
        debug_assert!(weights.is_none_or(|weights| weights.len() * dimension == points.len()));
        let weights = weights.filter(|weights| weights.iter().any(|&weight| weight > 0.0));
        Self { points, dimension: dimension.max(1), weights }
    }

    fn count(&self) -> usize {
        self.points.len() / self.dimension
    }

    fn point(&self, index: usize) -> &[f64] {
        &self.points[index * self.dimension..][..self.dimension]
    }

    fn weight(&self, index: usize) -> f64 {
        self.weights.map_or(1.0, |weights| weights[index].max(0.0))
    }

    fn counts(&self, index: usize) -> bool {
        self.weight(index) > 0.0
    }
}

fn squared_distance(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum()
}

/// The first index at which the running sum of the `parts` passes a number drawn from 0 to their total; parts of 0 are
/// never drawn. `None` where all are 0, or where rounding leaves a rest behind the last.
fn draw(parts: impl Iterator<Item = f64> + Clone, stream: &mut Stream) -> Option<usize> {
    let total: f64 = parts.clone().sum();
    let mut rest = stream.uniform() * total;
    parts.enumerate().find_map(|(index, part)| {
        rest -= part;
        (part > 0.0 && rest < 0.0).then_some(index)
    })
}

/// The indices of `components` points to start at, by D² sampling (Arthur & Vassilvitskii 2007): the first is drawn with a
/// probability proportional to its weight, each further one to its weight times the squared distance from the nearest so far.
///
/// `points` are row-major, `dimension` numbers each; `weights`, one a point, are at least 0, and none means that all
/// are equal, as do weights that are all 0. Where fewer places differ than there are components, places repeat, and
/// with fewer points than components, points do.
#[must_use]
pub fn kmeans_plus_plus(
    points: &[f64],
    dimension: usize,
    weights: Option<&[f64]>,
    components: usize,
    stream: &mut Stream,
) -> Vec<usize> {
    let data = Weighted::new(points, dimension, weights);
    let count = data.count();
    if count == 0 || components == 0 {
        return Vec::new();
    }
    let any = |chosen: &[usize]| {
        let free = |i: &usize| !chosen.contains(i);
        (0..count).find(|i| free(i) && data.counts(*i)).or_else(|| (0..count).find(free)).unwrap_or(0)
    };
    let first = match data.weights {
        None => stream.index(count),
        Some(_) => draw((0..count).map(|i| data.weight(i)), stream).unwrap_or_else(|| any(&[])),
    };
    let mut chosen = vec![first];
    let mut nearest: Vec<f64> = (0..count).map(|i| squared_distance(data.point(i), data.point(first))).collect();
    while chosen.len() < components {
        let parts = nearest.iter().enumerate().map(|(i, distance)| distance * data.weight(i));
        let next = draw(parts, stream).unwrap_or_else(|| any(&chosen));
        for (i, distance) in nearest.iter_mut().enumerate() {
            *distance = distance.min(squared_distance(data.point(i), data.point(next)));
        }
        chosen.push(next);
    }
    chosen
}

/// The centres of `components` clusters, row by row, by Lloyd's algorithm (1982) from [`kmeans_plus_plus`], until no point
/// changes its cluster or after 300 passes.
///
/// Arguments are those of [`kmeans_plus_plus`]. Points of weight 0 do not count; weights that are all 0 are taken as
/// equal. A cluster that loses its points gets the one that adds most to the sum of squares elsewhere; where
/// every point sits on a centre already, it keeps its place.
#[must_use]
pub fn kmeans(
    points: &[f64],
    dimension: usize,
    weights: Option<&[f64]>,
    components: usize,
    stream: &mut Stream,
) -> Vec<f64> {
    let data = Weighted::new(points, dimension, weights);
    let counting: Vec<usize> = (0..data.count()).filter(|&i| data.counts(i)).collect();
    let mut centres: Vec<f64> = kmeans_plus_plus(points, dimension, weights, components, stream)
        .into_iter()
        .flat_map(|index| data.point(index).iter().copied())
        .collect();
    if centres.is_empty() {
        return centres;
    }
    let mut clusters = vec![usize::MAX; counting.len()];
    let mut distances = vec![0.0; counting.len()];
    for _ in 0..MOST_PASSES {
        let mut settled = true;
        let mut sizes = vec![0usize; components];
        for (place, &i) in counting.iter().enumerate() {
            let mut best = (f64::INFINITY, 0);
            for (k, centre) in centres.chunks_exact(data.dimension).enumerate() {
                let distance = squared_distance(data.point(i), centre);
                if distance < best.0 {
                    best = (distance, k);
                }
            }
            settled &= clusters[place] == best.1;
            (distances[place], clusters[place]) = best;
            sizes[best.1] += 1;
        }
        for k in 0..components {
            if sizes[k] > 0 {
                continue;
            }
            let costs = (0..counting.len()).map(|place| (distances[place] * data.weight(counting[place]), place));
            let costliest = costs
                .filter(|&(cost, place)| cost > 0.0 && sizes[clusters[place]] > 1)
                .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
            if let Some((_, place)) = costliest {
                sizes[clusters[place]] -= 1;
                (clusters[place], distances[place], sizes[k]) = (k, 0.0, 1);
                settled = false;
            }
        }
        if settled {
            break;
        }
        let mut masses = vec![0.0; components];
        let mut sums = vec![0.0; centres.len()];
        for (&i, &cluster) in counting.iter().zip(&clusters) {
            let weight = data.weight(i);
            masses[cluster] += weight;
            for (sum, value) in sums[cluster * data.dimension..].iter_mut().zip(data.point(i)) {
                *sum += weight * value;
            }
        }
        for (k, &mass) in masses.iter().enumerate() {
            if mass > 0.0 {
                for axis in 0..data.dimension {
                    centres[k * data.dimension + axis] = sums[k * data.dimension + axis] / mass;
                }
            }
        }
    }
    centres
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::random::Purpose;

    fn stream(seed: u64) -> Stream {
        Stream::new(seed, Purpose::Initialization)
    }

    /// Three groups of 40 points around (0, 0), (10, 0) and (0, 10).
    fn groups() -> Vec<f64> {
        let mut stream = Stream::new(1, Purpose::Data);
        [[0.0, 0.0], [10.0, 0.0], [0.0, 10.0]]
            .into_iter()
            .flat_map(|centre| std::iter::repeat_n(centre, 40))
            .flat_map(|centre| centre.map(|value| value + stream.normal()))
            .collect()
    }

    fn sorted(mut centres: Vec<f64>, dimension: usize) -> Vec<Vec<f64>> {
        let mut rows: Vec<Vec<f64>> = centres.chunks_exact_mut(dimension).map(|row| row.to_vec()).collect();
        rows.sort_by(|a, b| a.partial_cmp(b).unwrap());
        rows
    }

    #[test]
    fn centres_are_the_means_of_their_points() {
        let points = groups();
        let mean =
            |group: usize, axis: usize| (group * 40..group * 40 + 40).map(|i| points[i * 2 + axis]).sum::<f64>() / 40.0;
        let mut expected: Vec<Vec<f64>> = (0..3).map(|group| vec![mean(group, 0), mean(group, 1)]).collect();
        expected.sort_by(|a, b| a.partial_cmp(b).unwrap());
        for seed in 0..20 {
            let found = sorted(kmeans(&points, 2, None, 3, &mut stream(seed)), 2);
            let close = found.iter().flatten().zip(expected.iter().flatten()).all(|(a, b)| (a - b).abs() < 1e-12);
            assert!(close, "{found:?} {expected:?}");
        }
    }

    #[test]
    fn points_of_weight_zero_do_not_count_and_heavy_ones_pull() {
        let points = groups();
        // Without the last group, two centres have it all.
        let weights: Vec<f64> = (0..120).map(|i| if i < 80 { 1.0 } else { 0.0 }).collect();
        for seed in 0..20 {
            let chosen = kmeans_plus_plus(&points, 2, Some(&weights), 5, &mut stream(seed));
            assert!(chosen.iter().all(|&index| index < 80), "{chosen:?}");
            let found = sorted(kmeans(&points, 2, Some(&weights), 2, &mut stream(seed)), 2);
            assert!(found[0][0].abs() < 1.0 && (found[1][0] - 10.0).abs() < 1.0, "{found:?}");
        }
        let found = kmeans(&[0.0, 1.0], 1, Some(&[1.0, 3.0]), 1, &mut stream(0));
        assert_eq!(found, [0.75]);
        let none = vec![0.0; 120];
        assert_eq!(
            kmeans(&points, 2, Some(&none), 3, &mut stream(4)),
            kmeans(&points, 2, None, 3, &mut stream(4)),
            "all weights zero says nothing"
        );
    }

    #[test]
    fn heavier_points_are_drawn_more_often() {
        let points: Vec<f64> = (0..4).map(f64::from).collect();
        let weights = [0.0, 1.0, 2.0, 7.0];
        let mut drawn = [0u32; 4];
        for seed in 0..10_000 {
            drawn[kmeans_plus_plus(&points, 1, Some(&weights), 1, &mut stream(seed))[0]] += 1;
        }
        for (count, weight) in drawn.iter().zip(weights) {
            // Five standard errors of a binomial.
            let expected = weight * 1_000.0;
            let error = 5.0 * (expected * (1.0 - weight / 10.0)).sqrt();
            assert!((f64::from(*count) - expected).abs() <= error, "{drawn:?}");
        }
    }

    #[test]
    fn few_places_and_few_points_still_give_centres() {
        let found = kmeans(&[1.0, 1.0, 1.0, 2.0], 1, None, 4, &mut stream(0));
        assert_eq!(found.len(), 4);
        assert!(found.iter().all(|&value| value == 1.0 || value == 2.0), "{found:?}");
        assert_eq!(kmeans(&[1.0, 2.0], 1, None, 5, &mut stream(0)).len(), 5);
        assert!(kmeans(&[], 2, None, 3, &mut stream(0)).is_empty());
        assert!(kmeans(&[1.0], 1, None, 0, &mut stream(0)).is_empty());
    }

    #[test]
    fn a_cluster_without_points_gets_the_costliest() {
        // Whatever the seeds, four clusters of these eight points end with no empty one.
        let points = [0.0, 0.1, 0.2, 5.0, 5.1, 9.0, 9.1, 30.0];
        for seed in 0..200 {
            let mut found = kmeans(&points, 1, None, 4, &mut stream(seed));
            found.sort_by(f64::total_cmp);
            found.dedup();
            assert_eq!(found.len(), 4, "{found:?}");
        }
    }
}
