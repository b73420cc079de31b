//! Starting centres of a sum of Gaussians: where among the samples its components start.

use super::kmeans::{kmeans, kmeans_plus_plus};
use crate::dataset::Regression;
use crate::error::Error;
use crate::numeric::random::{Purpose, Stream};
use crate::settings::SumOfGaussiansInitialization;

/// The centres of `components` components to start at, row by row in the units of the training inputs. `limits` are the ends
/// of the box, one pair a column.
///
/// - box: uniform in the box.
/// - Glorot (Glorot & Bengio 2010): uniform within ±√(6/(K + D)) of the origin, Keras's default for an array of shape (K, D).
/// - points: different training inputs, all equally likely.
/// - k-means++ and k-means: with each input weighted by max(y, 0); where fewer inputs than components have a positive
///   target, unweighted. Each column is measured in its own standard deviations.
/// - k-means, plain: unweighted.
///
/// # Errors
/// [`Error::TooManyComponents`] where centres are to be taken from fewer points.
pub fn starting_centres(
    data: &Regression,
    components: usize,
    method: SumOfGaussiansInitialization,
    limits: &[(f64, f64)],
    seed: u32,
) -> Result<Vec<f64>, Error> {
    let mut stream = Stream::new(u64::from(seed), Purpose::Initialization);
    let dimension = data.dimension();
    let samples = data.train();
    let uniform = |limits: &dyn Fn(usize) -> (f64, f64), stream: &mut Stream| {
        (0..components * dimension)
            .map(|place| {
                let (low, high) = limits(place % dimension);
                low + (high - low) * stream.uniform()
            })
            .collect()
    };
    let needs_points = !matches!(method, SumOfGaussiansInitialization::Box | SumOfGaussiansInitialization::Glorot);
    if needs_points && components > samples.count() {
        return Err(Error::TooManyComponents { components, points: samples.count() });
    }
    let places = |chosen: Vec<usize>| {
        chosen.into_iter().flat_map(|i| samples.inputs[i * dimension..(i + 1) * dimension].iter().copied()).collect()
    };
    let weights: Vec<f64> = samples.targets.iter().map(|&target| target.max(0.0)).collect();
    let weights = (weights.iter().filter(|&&weight| weight > 0.0).count() >= components).then_some(weights.as_slice());
    let deviations = deviations(&samples.inputs, dimension);
    let scaled = || -> Vec<f64> {
        samples.inputs.iter().enumerate().map(|(place, value)| value / deviations[place % dimension]).collect()
    };
    let unscaled = |centres: Vec<f64>| {
        centres.iter().enumerate().map(|(place, value)| value * deviations[place % dimension]).collect()
    };
    Ok(match method {
        SumOfGaussiansInitialization::Box => uniform(&|axis| limits[axis], &mut stream),
        SumOfGaussiansInitialization::Glorot => {
            let limit = libm::sqrt(6.0 / (components + dimension) as f64);
            uniform(&|_| (-limit, limit), &mut stream)
        }
        SumOfGaussiansInitialization::Points => places(stream.distinct_indices(components, samples.count())),
        SumOfGaussiansInitialization::KmeansPlusPlus => {
            places(kmeans_plus_plus(&scaled(), dimension, weights, components, &mut stream))
        }
        SumOfGaussiansInitialization::Kmeans => {
            unscaled(kmeans(&scaled(), dimension, weights, components, &mut stream))
        }
        SumOfGaussiansInitialization::KmeansUnweighted => {
            unscaled(kmeans(&scaled(), dimension, None, components, &mut stream))
        }
    })
}

/// Amplitudes and D×D factors of `components` components as Keras starts arrays of shape (K) and (K, D, D) by default (Glorot &
/// Bengio 2010, with the fans of `keras.initializers.VarianceScaling`): uniform within ±√(3/K) and ±√(3/(K D)). Factors come
/// row by row. The centres of the same seed are as they are without.
#[must_use]
pub fn glorot_widths(components: usize, dimension: usize, seed: u32) -> (Vec<f64>, Vec<f64>) {
    let mut stream = Stream::numbered(u64::from(seed), Purpose::Initialization, WIDTHS);
    let mut draw =
        |count: usize, limit: f64| -> Vec<f64> { (0..count).map(|_| limit * (2.0 * stream.uniform() - 1.0)).collect() };
    // A first axis of three counts as the field of a convolution: both fans are K D.
    let limit = |fan: usize| libm::sqrt(6.0 / (2 * fan) as f64);
    let amplitudes = draw(components, limit(components));
    (amplitudes, draw(components * dimension * dimension, limit(components * dimension)))
}

/// The stream of a start that is not the centres'.
const WIDTHS: u64 = 1;

/// The standard deviation of each column, 1 for a column that is constant.
fn deviations(inputs: &[f64], dimension: usize) -> Vec<f64> {
    let count = (inputs.len() / dimension) as f64;
    let column = |axis: usize| inputs.iter().skip(axis).step_by(dimension);
    (0..dimension)
        .map(|axis| {
            let mean = column(axis).map(|value| value / count).sum::<f64>();
            let variance = column(axis).map(|value| (value - mean) * (value - mean) / count).sum::<f64>();
            if variance > 0.0 && variance.is_finite() { libm::sqrt(variance) } else { 1.0 }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::{Axis, Samples};

    const POINT_BASED: [SumOfGaussiansInitialization; 4] = [
        SumOfGaussiansInitialization::Points,
        SumOfGaussiansInitialization::KmeansPlusPlus,
        SumOfGaussiansInitialization::Kmeans,
        SumOfGaussiansInitialization::KmeansUnweighted,
    ];

    /// A grid of 21 × 21 points on [−10, 10]² with a peak at (6, −4).
    fn peak(height: f64) -> Regression {
        let inputs: Vec<f64> = (0..441).flat_map(|i| [f64::from(i % 21) - 10.0, f64::from(i / 21) - 10.0]).collect();
        let targets = inputs
            .chunks_exact(2)
            .map(|x| height * libm::exp(-0.5 * ((x[0] - 6.0) * (x[0] - 6.0) + (x[1] + 4.0) * (x[1] + 4.0))))
            .collect();
        let axes = vec![Axis::unitless("x"), Axis::unitless("y")];
        let train = Samples { inputs, targets };
        Regression::new("test", axes, Axis::unitless("z"), train, Samples::default()).unwrap()
    }

    fn start(data: &Regression, components: usize, method: SumOfGaussiansInitialization, seed: u32) -> Vec<f64> {
        let centres = starting_centres(data, components, method, &[(-2.0, 3.0), (10.0, 11.0)], seed).unwrap();
        assert_eq!(centres.len(), components * 2);
        centres
    }

    #[test]
    fn boxes_hold_their_centres() {
        let data = peak(1.0);
        for seed in 0..50 {
            let centres = start(&data, 4, SumOfGaussiansInitialization::Box, seed);
            assert!(centres.chunks_exact(2).all(|c| (-2.0..3.0).contains(&c[0]) && (10.0..11.0).contains(&c[1])));
            let centres = start(&data, 4, SumOfGaussiansInitialization::Glorot, seed);
            assert!(centres.iter().all(|value| value.abs() <= 1.0), "√(6/(4 + 2)) is 1");
        }
        let first = |seed| start(&data, 4, SumOfGaussiansInitialization::Box, seed);
        assert_ne!(first(1), first(2));
        assert_eq!(first(1), first(1));
    }

    #[test]
    fn weighted_starts_are_at_the_peak_and_plain_ones_all_over() {
        let data = peak(3.0);
        let near = |c: &[f64]| (c[0] - 6.0).abs() < 5.0 && (c[1] + 4.0).abs() < 5.0;
        for seed in 0..20 {
            for method in [SumOfGaussiansInitialization::Kmeans, SumOfGaussiansInitialization::KmeansPlusPlus] {
                let centres = start(&data, 4, method, seed);
                assert!(centres.chunks_exact(2).all(near), "{method:?} {centres:?}");
            }
            let centres = start(&data, 4, SumOfGaussiansInitialization::KmeansUnweighted, seed);
            assert!(!centres.chunks_exact(2).all(near), "{centres:?}");
        }
    }

    #[test]
    fn without_positive_targets_all_points_count_alike() {
        for height in [0.0, -1.0] {
            let centres = start(&peak(height), 4, SumOfGaussiansInitialization::Kmeans, 5);
            assert_eq!(centres, start(&peak(1.0), 4, SumOfGaussiansInitialization::KmeansUnweighted, 5));
        }
    }

    #[test]
    fn few_points_are_refused_only_where_they_are_needed() {
        let inputs = vec![0.0, 0.0, 1.0, 1.0, 2.0, 0.0];
        let train = Samples { inputs, targets: vec![1.0, 2.0, 3.0] };
        let axes = vec![Axis::unitless("x"), Axis::unitless("y")];
        let data = Regression::new("test", axes, Axis::unitless("z"), train, Samples::default()).unwrap();
        for method in POINT_BASED {
            let error = starting_centres(&data, 6, method, &[(0.0, 1.0); 2], 1).unwrap_err();
            assert_eq!(error, Error::TooManyComponents { components: 6, points: 3 });
            assert!(starting_centres(&data, 3, method, &[(0.0, 1.0); 2], 1).is_ok());
        }
        for method in [SumOfGaussiansInitialization::Box, SumOfGaussiansInitialization::Glorot] {
            assert_eq!(start(&data, 6, method, 1).len(), 12);
        }
    }
}
