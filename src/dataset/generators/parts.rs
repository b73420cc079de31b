//! Points in the plane drawn part by part: Gaussians, arcs, and noise that belongs to none.

use std::f64::consts::TAU;

use crate::dataset::TrueGaussian;
use crate::numeric::random::Stream;

/// Where the points of a part are drawn from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Shape {
    /// A Gaussian.
    Gaussian {
        /// Its mean.
        mean: [f64; 2],
        /// Its variance along the first axis, its covariance and its variance along the second axis.
        covariance: [f64; 3],
    },
    /// An arc of a circle, evenly, with Gaussian noise along both axes.
    Arc {
        /// The circle's centre.
        centre: [f64; 2],
        /// The circle's radius.
        radius: f64,
        /// Where the arc begins and ends, in turns from the right, counterclockwise.
        turns: [f64; 2],
        /// The standard deviation of the noise.
        noise: f64,
    },
    /// A square about a centre, evenly.
    Square {
        /// Its centre.
        centre: [f64; 2],
        /// Half its side.
        half: f64,
    },
    /// What lies between two circles about one centre: directions and distances are drawn evenly.
    Ring {
        /// Their centre.
        centre: [f64; 2],
        /// The smaller radius and the larger one.
        radii: [f64; 2],
    },
}

/// A part of a data set: so many of its points, of one group, from one shape.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Part {
    /// How many points of the usual number are of this part; of other numbers, as large a share.
    pub count: usize,
    /// The group that they are of, counted from 0.
    pub group: u32,
    /// Where they are drawn from.
    pub shape: Shape,
}

impl Part {
    /// A Gaussian along the axes, given by its variances.
    const fn along_the_axes(count: usize, group: u32, mean: [f64; 2], variances: [f64; 2]) -> Self {
        Self::gaussian(count, group, mean, [variances[0], 0.0, variances[1]])
    }

    const fn gaussian(count: usize, group: u32, mean: [f64; 2], covariance: [f64; 3]) -> Self {
        Self { count, group, shape: Shape::Gaussian { mean, covariance } }
    }

    const fn arc(group: u32, centre: [f64; 2], radius: f64, turns: [f64; 2], noise: f64) -> Self {
        Self { count: 500, group, shape: Shape::Arc { centre, radius, turns, noise } }
    }
}

impl Shape {
    /// The next point.
    fn draw(&self, stream: &mut Stream) -> [f64; 2] {
        match *self {
            Self::Gaussian { mean, covariance: [across, both, up] } => {
                // The covariance's Cholesky root; without a covariance it adds nothing to the second axis, to the last bit.
                let root = libm::sqrt(across);
                let slope = both / root;
                let (first, second) = (stream.normal(), stream.normal());
                let rest = libm::sqrt(up - slope * slope);
                [mean[0] + root * first, mean[1] + (slope * first + rest * second)]
            }
            Self::Arc { centre, radius, turns: [from, to], noise } => {
                let (sine, cosine) = libm::sincos(TAU * (from + (to - from) * stream.uniform()));
                let mut noisy = |place: f64| place + noise * stream.normal();
                [noisy(centre[0] + radius * cosine), noisy(centre[1] + radius * sine)]
            }
            Self::Square { centre, half } => {
                let mut along = |middle: f64| middle + half * (2.0 * stream.uniform() - 1.0);
                [along(centre[0]), along(centre[1])]
            }
            Self::Ring { centre, radii: [inner, outer] } => {
                let (sine, cosine) = libm::sincos(TAU * stream.uniform());
                let distance = inner + (outer - inner) * stream.uniform();
                [centre[0] + distance * cosine, centre[1] + distance * sine]
            }
        }
    }
}

/// The source notebook's three Gaussians.
pub const THREE_BLOBS: &[Part] = &[
    Part::along_the_axes(500, 0, [2.5, 2.5], [1.2, 0.8]),
    Part::along_the_axes(500, 1, [7.5, 7.5], [0.75, 0.5]),
    Part::along_the_axes(1_000, 2, [8.0, 1.5], [0.6, 0.8]),
];

/// The Bayesian source's three Gaussians.
pub const THREE_CLUSTERS: &[Part] = &[
    Part::along_the_axes(1_000, 0, [2.0, 0.0], [1.0, 1.0]),
    Part::along_the_axes(1_000, 1, [-2.0, -4.0], [1.0, 1.0]),
    Part::along_the_axes(1_000, 2, [-2.0, 4.0], [1.0, 1.0]),
];

/// The covariance of scikit-learn's sheared blobs: TᵀT of their transformation T.
const SHEARED: [f64; 3] = [0.52, -0.68, 1.0];

/// Blobs after scikit-learn's comparison of clusterings, sheared as there; their centres are our own.
pub const ANISOTROPIC: &[Part] = &[
    Part::gaussian(500, 0, [0.0, 0.8], SHEARED),
    Part::gaussian(500, 1, [1.8, 0.2], SHEARED),
    Part::gaussian(500, 2, [-1.4, -1.0], SHEARED),
];

/// Weights of 1 to 15 and standard deviations of 1 to 8.
pub const UNEVEN_SIZES: &[Part] = &[
    Part::gaussian(1_500, 0, [0.0, 0.0], [4.0, 0.8, 3.0]),
    Part::along_the_axes(400, 1, [7.0, 3.0], [0.5, 0.5]),
    Part::along_the_axes(100, 2, [5.5, -4.5], [0.06, 0.06]),
];

/// Two Gaussians close side by side, long along the diagonal (standard deviations of 2 and 0.15), and further off a longer one (5
/// and 0.2), with as many points each. k-means never tells the two apart, since to cut the long one across saves more; and both
/// columns spread alike, so that measuring each in its own standard deviations does not help it.
pub const PARALLEL_CIGARS: &[Part] = &[
    Part::gaussian(300, 0, [0.35, -0.35], [2.01125, 1.98875, 2.01125]),
    Part::gaussian(300, 1, [-0.35, 0.35], [2.01125, 1.98875, 2.01125]),
    Part::gaussian(300, 2, [-2.8, 2.8], [12.52, 12.48, 12.52]),
];

/// Three Gaussians with most of the points, a square of noise, and a few points far from all.
pub const NOISE: &[Part] = &[
    Part::along_the_axes(400, 0, [-4.0, -3.0], [0.5, 0.5]),
    Part::gaussian(400, 1, [4.0, -2.0], [0.8, 0.5, 0.6]),
    Part::along_the_axes(400, 2, [0.0, 4.5], [1.2, 0.3]),
    Part { count: 285, group: 3, shape: Shape::Square { centre: [0.0, 0.0], half: 8.0 } },
    Part { count: 15, group: 3, shape: Shape::Ring { centre: [0.0, 0.0], radii: [13.0, 18.0] } },
];

/// As scikit-learn’s, but with angles at random.
pub const TWO_MOONS: &[Part] =
    &[Part::arc(0, [0.0, 0.0], 1.0, [0.0, 0.5], 0.07), Part::arc(1, [1.0, 0.5], 1.0, [0.5, 1.0], 0.07)];

/// As scikit-learn’s circles, but with angles at random.
pub const RINGS: &[Part] =
    &[Part::arc(0, [0.0, 0.0], 1.0, [0.0, 1.0], 0.05), Part::arc(1, [0.0, 0.0], 0.5, [0.0, 1.0], 0.05)];

/// How many points the parts have together.
#[must_use]
pub fn total(parts: &[Part]) -> usize {
    parts.iter().map(|part| part.count).sum()
}

/// Draws so many points, part by part, row by row.
#[must_use]
pub fn draw(parts: &[Part], count: usize, stream: &mut Stream) -> Vec<f64> {
    let drawn = parts.iter().zip(shared_out(count, parts));
    drawn.flat_map(|(part, count)| std::iter::repeat_n(part, count)).flat_map(|part| part.shape.draw(stream)).collect()
}

/// The groups of so many points.
#[must_use]
pub fn labels(parts: &[Part], count: usize) -> Vec<u32> {
    parts
        .iter()
        .zip(shared_out(count, parts))
        .flat_map(|(part, count)| std::iter::repeat_n(part.group, count))
        .collect()
}

/// The Gaussians among the parts, with their shares of all points.
#[must_use]
pub fn truth(parts: &[Part]) -> Vec<TrueGaussian> {
    let total = total(parts) as f64;
    let gaussian = |part: &Part| match part.shape {
        Shape::Gaussian { mean, covariance: [across, both, up] } => Some(TrueGaussian {
            amplitude: part.count as f64 / total,
            mean: mean.to_vec(),
            covariance: vec![across, both, both, up],
        }),
        _ => None,
    };
    parts.iter().filter_map(gaussian).collect()
}

/// Shares points out among the parts, as their counts are to one another.
fn shared_out(count: usize, parts: &[Part]) -> Vec<usize> {
    let total = total(parts);
    let (mut before, mut given) = (0, 0);
    parts
        .iter()
        .map(|part| {
            before += part.count;
            // In 64 bits, also where addresses have 32.
            let share = (before as u64 * count as u64 / total as u64) as usize - given;
            given += share;
            share
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::random::Purpose;

    #[test]
    fn other_counts_keep_the_shares() {
        assert_eq!(shared_out(2_000, THREE_BLOBS), [500, 500, 1_000]);
        assert_eq!(shared_out(101, THREE_BLOBS), [25, 25, 51]);
        assert_eq!(shared_out(1_000_000, THREE_CLUSTERS).iter().sum::<usize>(), 1_000_000);
        assert_eq!(shared_out(100, NOISE), [26, 27, 27, 19, 1]);
        let labels = labels(NOISE, 100);
        assert_eq!((labels[26], labels[79], labels[80], labels[99], labels.len()), (1, 2, 3, 3, 100));
    }

    #[test]
    fn gaussians_have_the_moments_of_the_truth() {
        for parts in [THREE_BLOBS, THREE_CLUSTERS, ANISOTROPIC, UNEVEN_SIZES, PARALLEL_CIGARS, NOISE] {
            let count = 100 * total(parts);
            let values = draw(parts, count, &mut Stream::new(3, Purpose::Data));
            let labels = labels(parts, count);
            let truth = truth(parts);
            assert!(truth.len() >= 2);
            for (group, one) in (0u32..).zip(&truth) {
                let points: Vec<&[f64]> = values
                    .chunks_exact(2)
                    .zip(&labels)
                    .filter(|(_, of)| **of == group)
                    .map(|(point, _)| point)
                    .collect();
                let n = points.len() as f64;
                assert!((n / count as f64 - one.amplitude).abs() < 1e-9);
                let mean = [0, 1].map(|axis| points.iter().map(|point| point[axis]).sum::<f64>() / n);
                for (a, b) in [(0, 0), (0, 1), (1, 1)] {
                    let products = points.iter().map(|point| (point[a] - mean[a]) * (point[b] - mean[b]));
                    let found = products.sum::<f64>() / n;
                    let (va, vb) = (one.covariance[3 * a], one.covariance[3 * b]);
                    let expected = one.covariance[2 * a + b];
                    let error = ((va * vb + expected * expected) / n).sqrt();
                    assert!((found - expected).abs() < 5.0 * error, "{found} {expected}");
                    assert!((mean[a] - one.mean[a]).abs() < 5.0 * (va / n).sqrt());
                }
            }
        }
    }

    #[test]
    fn arcs_and_noise_are_where_they_belong() {
        let drawn = |parts: &[Part]| {
            let values = draw(parts, 2_000, &mut Stream::new(3, Purpose::Data));
            let labels = labels(parts, 2_000);
            values.chunks_exact(2).map(|point| [point[0], point[1]]).zip(labels).collect::<Vec<_>>()
        };
        let from = |point: [f64; 2], centre: [f64; 2]| (point[0] - centre[0]).hypot(point[1] - centre[1]);
        for (point, group) in drawn(RINGS) {
            let radius = if group == 0 { 1.0 } else { 0.5 };
            assert!((from(point, [0.0, 0.0]) - radius).abs() < 5.0 * 0.05);
        }
        for (point, group) in drawn(TWO_MOONS) {
            let (centre, up) = if group == 0 { ([0.0, 0.0], 1.0) } else { ([1.0, 0.5], -1.0) };
            assert!((from(point, centre) - 1.0).abs() < 5.0 * 0.07 && up * (point[1] - centre[1]) > -5.0 * 0.07);
        }
        let noise = drawn(NOISE);
        let far = noise.iter().filter(|(point, group)| *group == 3 && from(*point, [0.0, 0.0]) > 12.0).count();
        assert_eq!(far, 20, "a hundredth of the points");
    }
}
