//! The sum weighted by responsibility, by densities instead of their logarithms: what goes wrong without log-sum-exp.

use std::f64::consts::LN_2;

use super::{Component, ComponentMoments, Moments, Points, Prepared, block_size, offset_scale};
use crate::numeric::lanes::Lanes;

/// The sums by densities, and where those do not exist.
#[derive(Clone, Debug, PartialEq)]
pub struct PlainMoments<const D: usize> {
    /// The sums; without meaning where points have vanished.
    pub moments: Moments<D>,
    /// The points whose densities are all rounded to 0, or one of them to infinity: what share each Gaussian has of them is 0/0.
    pub vanished: Vec<usize>,
}

/// 2^x, rounded to 0 below the smallest normal number and to infinity above the largest.
#[inline(always)]
fn power<L: Lanes>(exponent: L) -> L {
    let zero = L::broadcast(0.0);
    let above = exponent.maximum(zero);
    (exponent - above).exp2_nonpositive() / (zero - above).exp2_nonpositive()
}

/// Like [`super::moments`], with responsibilities p_k / Σ p from the weighted densities p themselves, in the lanes' precision: below
/// 10⁻³⁸ in single and 10⁻³⁰⁷ in double they are 0.
pub fn plain_moments<L: Lanes, const D: usize>(points: &Points<L, D>, components: &[Component<D>]) -> PlainMoments<D> {
    let prepared: Vec<Prepared<L, D>> = components.iter().map(Prepared::new).collect();
    let mut total: Moments<D> =
        Moments { components: vec![ComponentMoments::ZERO; components.len()], log_density: 0.0 };
    let mut vanished = Vec::new();
    let size = block_size(components.len());
    let mut densities = vec![L::broadcast(0.0); size * components.len()];
    let mut sums = vec![L::broadcast(0.0); size];
    for (block, coordinates) in points.coordinates.chunks(size).enumerate() {
        let (length, first) = (coordinates.len(), block * size);
        let densities = &mut densities[..length * components.len()];
        let sums = &mut sums[..length];
        sums.fill(L::broadcast(0.0));
        for (component, densities) in prepared.iter().zip(densities.chunks_exact_mut(length)) {
            for ((density, sum), point) in densities.iter_mut().zip(sums.iter_mut()).zip(coordinates) {
                *density = power(component.log_kernel(*point));
                *sum += *density;
            }
        }
        for (j, sum) in sums.iter_mut().enumerate() {
            let index = (first + j) * L::WIDTH;
            let lanes = 0..L::WIDTH.min(points.count - index);
            vanished.extend(
                lanes.filter(|&lane| !(sum.lane(lane) > 0.0 && sum.lane(lane).is_finite())).map(|lane| index + lane),
            );
            let weight = points.weights[first + j];
            total.log_density += (weight * sum.log2_positive()).sum();
            *sum = weight / *sum;
        }
        for ((component, densities), total) in
            prepared.iter().zip(densities.chunks_exact(length)).zip(&mut total.components)
        {
            component.accumulate(coordinates, densities, sums, total);
        }
    }
    total.log_density *= LN_2;
    for component in &mut total.components {
        component.first /= offset_scale();
        component.second /= offset_scale() * offset_scale();
        component.second.fill_upper_triangle_with_lower_triangle();
    }
    PlainMoments { moments: total, vanished }
}

#[cfg(test)]
mod tests {
    use nalgebra::{SMatrix, SVector};
    use wide::{f32x4, f64x2};

    use super::*;
    use crate::moments::{Workspace, moments};
    use crate::numeric::random::{Purpose, Stream};

    fn components() -> Vec<Component<2>> {
        let one = |x: f64, deviation: f64| Component {
            mean: SVector::from([x, 0.0]),
            whitening: SMatrix::identity() / deviation,
            log_scale: libm::log(0.5) - libm::log(std::f64::consts::TAU) - 2.0 * libm::log(deviation),
        };
        // The second is so narrow that its density is far above 1.
        vec![one(0.0, 1.0), one(3.0, 1e-3)]
    }

    fn cloud<L: Lanes>(count: usize, far: &[f64]) -> Points<L, 2> {
        let mut stream = Stream::new(5, Purpose::Data);
        let mut values: Vec<f64> = (0..2 * count).map(|_| stream.normal()).collect();
        for (i, x) in far.iter().enumerate() {
            values[2 * i] = *x;
        }
        Points::new(count, |i, d| values[2 * i + d])
    }

    #[test]
    fn near_points_are_shared_out_as_by_logarithms() {
        fn check<L: Lanes>(tolerance: f64) {
            let points = cloud::<L>(301, &[3.0005]);
            let plain = plain_moments(&points, &components());
            let exact = moments(&points, &components(), &mut Workspace::default());
            assert!(plain.vanished.is_empty());
            let close = |a: f64, b: f64| assert!((a - b).abs() <= tolerance * b.abs().max(1.0), "{a} instead of {b}");
            close(plain.moments.log_density, exact.log_density);
            for (a, b) in plain.moments.components.iter().zip(&exact.components) {
                close(a.mass, b.mass);
                for d in 0..2 {
                    close(a.first[d], b.first[d]);
                    close(a.second[(d, d)], b.second[(d, d)]);
                }
            }
        }
        check::<f32x4>(2e-5);
        check::<f64x2>(1e-12);
    }

    #[test]
    fn points_vanish_where_the_precision_ends() {
        // e^(−x²/2) is 10⁻³⁸ at 13.2, and 10⁻³⁰⁷ at 37.6.
        let places = [12.5, 14.0, -40.0];
        let vanished = plain_moments(&cloud::<f32x4>(9, &places), &components()).vanished;
        assert_eq!(vanished, [1, 2]);
        let vanished = plain_moments(&cloud::<f64x2>(9, &places), &components()).vanished;
        assert_eq!(vanished, [2]);
    }
}
