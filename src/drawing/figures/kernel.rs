//! Gaussians in the plane, worked out at many places.

use crate::drawing::color::{Oklab, Rgb};
use crate::experiment::Component;

/// How strong a colour gets where Gaussians add up to the highest value, 0 to 1.
const GLOW: f32 = 0.74;
/// Beyond this exponent a Gaussian is nothing, beside the others and on the screen.
const NOTHING: f64 = 40.0;

/// A Gaussian in the plane as fields need it.
#[derive(Clone, Debug, PartialEq)]
pub struct Kernel {
    amplitude: f64,
    mean: [f64; 2],
    /// Σ⁻¹: xx, xy, yy.
    precision: [f64; 3],
}

impl From<&Component> for Kernel {
    fn from(component: &Component) -> Self {
        let [xx, xy, _, yy] = component.covariance[..] else { unreachable!("a component in the plane has four") };
        let determinant = (xx * yy - xy * xy).max(f64::MIN_POSITIVE);
        Self {
            amplitude: component.weight,
            mean: [component.mean[0], component.mean[1]],
            precision: [yy / determinant, -xy / determinant, xx / determinant],
        }
    }
}

impl Kernel {
    /// Its height at a place.
    #[must_use]
    pub fn height(&self, x: f64, y: f64) -> f64 {
        let (dx, dy) = (x - self.mean[0], y - self.mean[1]);
        let [xx, xy, yy] = self.precision;
        let exponent = 0.5 * (xx * dx * dx + 2.0 * xy * dx * dy + yy * dy * dy);
        // What has lost its shape may have any exponent.
        if exponent < NOTHING { self.amplitude * libm::exp(-exponent) } else { 0.0 }
    }
}

/// What Gaussians add up to at a place.
#[must_use]
pub fn sum(kernels: &[Kernel], (x, y): (f64, f64)) -> f64 {
    kernels.iter().map(|kernel| kernel.height(x, y)).sum()
}

/// The colour at a place: the Gaussians' colours mixed by what each adds, stronger the more they add up to.
#[must_use]
pub fn glow(kernels: &[(Kernel, Oklab)], (x, y): (f64, f64), highest: f64, page: Oklab) -> Rgb {
    let (mut total, mut mixed) = (0.0f32, [0.0f32; 3]);
    for (kernel, color) in kernels {
        let part = kernel.height(x, y).abs() as f32;
        if part > 0.0 && part.is_finite() {
            total += part;
            for (sum, channel) in mixed.iter_mut().zip(color.0) {
                *sum += part * channel;
            }
        }
    }
    if total <= 0.0 || !total.is_finite() {
        return page.into();
    }
    let strength = GLOW * (1.0 - libm::expf(-1.6 * total / highest as f32));
    page.mixed(Oklab(mixed.map(|sum| sum / total)), strength).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::ComponentStatus;

    fn kernel(amplitude: f64, mean: [f64; 2], covariance: [f64; 4]) -> Kernel {
        Kernel::from(&Component {
            weight: amplitude,
            mean: mean.to_vec(),
            covariance: covariance.to_vec(),
            status: ComponentStatus::Active,
        })
    }

    #[test]
    fn heights_are_those_of_the_formula() {
        let one = kernel(3.0, [1.0, -2.0], [4.0, 1.0, 1.0, 2.0]);
        assert_eq!(one.height(1.0, -2.0), 3.0);
        // (2, 1) Σ⁻¹ (2, 1)ᵀ = (2·4 − 2·2 + 4)/7 = 8/7.
        assert!((one.height(3.0, -1.0) - 3.0 * libm::exp(-4.0 / 7.0)).abs() < 1e-12);
        assert_eq!(one.height(1e9, 0.0), 0.0);
        assert_eq!(sum(&[one.clone(), one], (1.0, -2.0)), 6.0);
    }

    #[test]
    fn where_there_is_nothing_the_page_is_seen() {
        let page = Rgb([15, 17, 21]);
        let red = Oklab::from(Rgb([255, 0, 0]));
        let kernels = [(kernel(2.0, [0.0, 0.0], [1.0, 0.0, 0.0, 1.0]), red)];
        assert_eq!(glow(&kernels, (50.0, 0.0), 2.0, page.into()), page);
        let middle = glow(&kernels, (0.0, 0.0), 2.0, page.into());
        assert!(middle.0[0] > 100 && middle.0[1] < 60, "{middle:?}");
    }
}
