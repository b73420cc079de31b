//! The ellipse of a covariance.

use crate::experiment::Component;

use super::scale::Scale;

/// An ellipse on the screen, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ellipse {
    /// Its centre.
    pub centre: (f64, f64),
    /// Half its axes, the longer first, at one standard deviation.
    pub radii: (f64, f64),
    /// The angle of the longer axis from the right, clockwise on the screen.
    pub angle: f64,
}

impl Ellipse {
    /// The ellipse at one standard deviation of a component in the plane.
    #[must_use]
    pub fn new(component: &Component, x: &Scale, y: &Scale) -> Self {
        let (sx, sy) = (x.pixels_per_unit(), y.pixels_per_unit());
        let [xx, xy, _, yy] = component.covariance[..] else { return Self::point(component, x, y) };
        let (xx, xy, yy) = (xx * sx * sx, xy * sx * sy, yy * sy * sy);
        let middle = 0.5 * (xx + yy);
        let half_gap = libm::hypot(0.5 * (xx - yy), xy);
        let radius = |eigenvalue: f64| libm::sqrt(eigenvalue.max(0.0));
        Self {
            radii: (radius(middle + half_gap), radius(middle - half_gap)),
            angle: 0.5 * libm::atan2(2.0 * xy, xx - yy),
            ..Self::point(component, x, y)
        }
    }

    /// Whether a place, in CSS pixels, is within `reach` of the ellipse at so many standard deviations.
    #[must_use]
    pub fn is_near(&self, (x, y): (f64, f64), deviations: f64, reach: f64) -> bool {
        let (dx, dy) = (x - self.centre.0, y - self.centre.1);
        let (cosine, sine) = (libm::cos(self.angle), libm::sin(self.angle));
        // Along the axes, in radii.
        let along = (dx * cosine + dy * sine) / (self.radii.0 * deviations);
        let across = (dy * cosine - dx * sine) / (self.radii.1 * deviations);
        let (radius, distance) = (libm::hypot(along, across), libm::hypot(dx, dy));
        // How far it is to the line on the way to the centre, which is no less than how far it is.
        radius.is_finite() && radius > 0.0 && (1.0 - 1.0 / radius).abs() * distance <= reach
    }

    fn point(component: &Component, x: &Scale, y: &Scale) -> Self {
        let coordinate = |axis: usize| component.mean.get(axis).copied().unwrap_or(0.0);
        Self { centre: (x.pixel(coordinate(0)), y.pixel(coordinate(1))), radii: (0.0, 0.0), angle: 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::ComponentStatus;

    #[test]
    fn its_line_is_near_and_its_middle_is_not() {
        let ellipse = Ellipse { centre: (100.0, 50.0), radii: (40.0, 10.0), angle: std::f64::consts::FRAC_PI_2 };
        assert!(ellipse.is_near((100.0, 91.0), 1.0, 3.0), "its longer axis is upright");
        assert!(ellipse.is_near((111.0, 50.0), 1.0, 3.0));
        assert!(!ellipse.is_near((111.0, 50.0), 2.0, 3.0));
        assert!(!ellipse.is_near((140.0, 50.0), 1.0, 3.0));
        assert!(!ellipse.is_near((100.0, 50.0), 1.0, 3.0));
        let flat = Ellipse { radii: (40.0, 0.0), ..ellipse };
        assert!(!flat.is_near((103.0, 50.0), 1.0, 3.0));
    }

    #[test]
    fn axes_follow_the_covariance_and_the_scales() {
        let component = |covariance: [f64; 4]| Component {
            weight: 1.0,
            mean: vec![1.0, 2.0],
            covariance: covariance.to_vec(),
            status: ComponentStatus::Active,
        };
        let (x, y) = (Scale::new((0.0, 10.0), (0.0, 100.0)), Scale::new((0.0, 10.0), (200.0, 0.0)));
        let upright = Ellipse::new(&component([4.0, 0.0, 0.0, 9.0]), &x, &y);
        assert_eq!(upright.centre, (10.0, 160.0));
        assert!((upright.radii.0 - 60.0).abs() < 1e-9 && (upright.radii.1 - 20.0).abs() < 1e-9);
        assert!((upright.angle.abs() - std::f64::consts::FRAC_PI_2).abs() < 1e-9);
        // Rising to the right: on the screen, y points down, so the angle is negative.
        let square = Scale::new((0.0, 10.0), (100.0, 0.0));
        let rising = Ellipse::new(&component([1.0, 0.8, 0.8, 1.0]), &x, &square);
        assert!((rising.angle + std::f64::consts::FRAC_PI_4).abs() < 1e-9);
    }
}
