//! Distances in the units of a covariance, for the few numbers that a page is told.

/// A covariance as the distances that it measures: of up to three dimensions, by its Cholesky root.
pub struct Metric {
    dimension: usize,
    /// L, row by row.
    lower: Vec<f64>,
}

impl Metric {
    /// `None` where the covariance has no density.
    pub fn new(covariance: &[f64], dimension: usize) -> Option<Self> {
        let mut lower = vec![0.0; dimension * dimension];
        for i in 0..dimension {
            for j in 0..=i {
                let known: f64 = (0..j).map(|k| lower[i * dimension + k] * lower[j * dimension + k]).sum();
                let rest = covariance[i * dimension + j] - known;
                lower[i * dimension + j] = if i == j { libm::sqrt(rest) } else { rest / lower[j * dimension + j] };
            }
            let diagonal = lower[i * dimension + i];
            if diagonal.is_nan() || diagonal <= 0.0 {
                return None;
            }
        }
        Some(Self { dimension, lower })
    }

    /// Δᵀ Σ⁻¹ Δ.
    pub fn square(&self, offset: impl Fn(usize) -> f64) -> f64 {
        let mut whitened = [0.0; 3];
        let mut sum = 0.0;
        for i in 0..self.dimension {
            let known: f64 = (0..i).map(|k| self.lower[i * self.dimension + k] * whitened[k]).sum();
            whitened[i] = (offset(i) - known) / self.lower[i * self.dimension + i];
            sum += whitened[i] * whitened[i];
        }
        sum
    }

    /// ln √det Σ.
    pub fn log_root(&self) -> f64 {
        (0..self.dimension).map(|d| libm::log(self.lower[d * (self.dimension + 1)])).sum()
    }

    /// The trace of Σ⁻¹: at least 1 over the smallest variance, at most D times that.
    pub fn inverse_trace(&self) -> f64 {
        (0..self.dimension).map(|axis| self.square(|d| if d == axis { 1.0 } else { 0.0 })).sum()
    }

    /// L z.
    pub fn colour(&self, z: [f64; 3]) -> [f64; 3] {
        let mut offset = [0.0; 3];
        for i in 0..self.dimension {
            offset[i] = (0..=i).map(|k| self.lower[i * self.dimension + k] * z[k]).sum();
        }
        offset
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_those_of_the_inverse() {
        let metric = Metric::new(&[2.0, 1.0, 1.0, 2.0], 2).unwrap();
        // The inverse is (2, −1; −1, 2)/3.
        assert!((metric.square(|d| [1.0, 3.0][d]) - (2.0 - 6.0 + 18.0) / 3.0).abs() < 1e-14);
        assert!((metric.inverse_trace() - 4.0 / 3.0).abs() < 1e-14);
        assert!((metric.log_root() - 0.5 * 3.0f64.ln()).abs() < 1e-14);
        let offset = metric.colour([1.0, -2.0, 0.0]);
        assert!((metric.square(|d| offset[d]) - 5.0).abs() < 1e-14);
        assert!(Metric::new(&[1.0, 2.0, 2.0, 1.0], 2).is_none());
        assert!(Metric::new(&[0.0], 1).is_none() && Metric::new(&[f64::NAN], 1).is_none());
    }
}
