//! What the factors of the posterior say of the quantities that a reader asks for: σ rather than σ⁻², and each weight by
//! itself.

use crate::numeric::special::{incomplete_gamma, ln_gamma};

/// The density of a standard deviation at σ > 0 where σ⁻² ~ Gamma(alpha, beta), beta a rate: with τ = σ⁻² and |dτ/dσ| = 2σ⁻³
/// it is Gamma(σ⁻²; alpha, beta) · 2σ⁻³. 0 at σ ≤ 0.
#[must_use]
pub fn deviation_density(alpha: f64, beta: f64, sigma: f64) -> f64 {
    if sigma <= 0.0 {
        return 0.0;
    }
    let log_sigma = libm::log(sigma);
    let log_density =
        alpha * libm::log(beta) - ln_gamma(alpha) - 2.0 * (alpha - 1.0) * log_sigma - beta / (sigma * sigma)
            + std::f64::consts::LN_2
            - 3.0 * log_sigma;
    libm::exp(log_density)
}

/// The density of one weight of a Dirichlet distribution at a value between 0 and 1: Beta(count, rest), `rest` being the sum of
/// the other concentrations. 0 outside, and where it has a pole.
#[must_use]
pub fn weight_density(count: f64, rest: f64, weight: f64) -> f64 {
    if weight <= 0.0 || weight >= 1.0 || rest <= 0.0 {
        return 0.0;
    }
    let constant = ln_gamma(count + rest) - ln_gamma(count) - ln_gamma(rest);
    libm::exp(constant + (count - 1.0) * libm::log(weight) + (rest - 1.0) * libm::log1p(-weight))
}

/// Steps of Newton's method for a quantile: from Wilson and Hilferty's start two are enough for a drawing, and these for a test.
const STEPS: usize = 6;

/// The quantile of Gamma(shape, 1) at the probability Φ(normal), Φ being the standard normal distribution's: with a normal number
/// for `normal` it is a draw that moves smoothly as the shape does, which draws by rejection do not. Starts at the
/// approximation of Wilson & Hilferty (1931, PNAS 17, 684–688).
#[must_use]
pub fn gamma_quantile(shape: f64, normal: f64) -> f64 {
    // The smaller of the two probabilities keeps its digits.
    let (lower, upper) = (
        0.5 * libm::erfc(-normal * std::f64::consts::FRAC_1_SQRT_2),
        0.5 * libm::erfc(normal * std::f64::consts::FRAC_1_SQRT_2),
    );
    let root = 1.0 - 1.0 / (9.0 * shape) + normal / (3.0 * libm::sqrt(shape));
    // Near 0 the distribution function is x^shape/Γ(shape + 1).
    let near_zero = (libm::log(lower) + ln_gamma(shape + 1.0)) / shape;
    let mut log = if root > 0.2 { libm::log(shape) + 3.0 * libm::log(root) } else { near_zero };
    let constant = ln_gamma(shape);
    for _ in 0..STEPS {
        let value = libm::exp(log);
        let slope = libm::exp(shape * log - value - constant);
        if slope.is_nan() || slope <= 0.0 {
            break;
        }
        let (below, above) = incomplete_gamma(shape, value);
        let error = if normal < 0.0 { below - lower } else { upper - above };
        let step = (error / slope).clamp(-1.0, 1.0);
        log -= step;
        if step.abs() < 1e-9 {
            break;
        }
    }
    libm::exp(log)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::random::{Gamma, Purpose, Stream};

    /// The integral by the trapezoidal rule.
    fn integral(from: f64, to: f64, density: impl Fn(f64) -> f64) -> f64 {
        let steps = 200_000;
        let width = (to - from) / f64::from(steps);
        (0..=steps)
            .map(|i| density(from + f64::from(i) * width) * if i == 0 || i == steps { 0.5 } else { 1.0 })
            .sum::<f64>()
            * width
    }

    #[test]
    fn densities_integrate_to_one() {
        for (alpha, beta) in [(5.0, 5.0), (3.9, 5.2), (505.0, 498.0), (1.5, 0.2)] {
            let whole = integral(0.0, 200.0 * libm::sqrt(beta / alpha), |sigma| deviation_density(alpha, beta, sigma));
            assert!((whole - 1.0).abs() < 1e-4, "{alpha} {beta}: {whole}");
        }
        for (count, rest) in [(2.0, 4.0), (4.9, 9.4), (1002.0, 2004.0), (1.0, 1.0)] {
            let whole = integral(0.0, 1.0, |weight| weight_density(count, rest, weight));
            assert!((whole - 1.0).abs() < 1e-4, "{count} {rest}: {whole}");
        }
        assert_eq!((deviation_density(5.0, 5.0, 0.0), weight_density(2.0, 4.0, 1.0)), (0.0, 0.0));
    }

    #[test]
    fn the_density_of_a_deviation_is_that_of_its_samples() {
        let (alpha, beta) = (5.33, 5.78);
        let gamma = Gamma::new(alpha);
        let mut stream = Stream::new(4, Purpose::Data);
        let draws = 200_000;
        let mut counts = [0usize; 12];
        for _ in 0..draws {
            let sigma = 1.0 / libm::sqrt(gamma.draw(&mut stream).1 / beta);
            if let Some(count) = counts.get_mut((sigma / 0.25) as usize) {
                *count += 1;
            }
        }
        for (bin, &count) in counts.iter().enumerate() {
            let from = 0.25 * bin as f64;
            let expected = integral(from, from + 0.25, |sigma| deviation_density(alpha, beta, sigma));
            let found = count as f64 / f64::from(draws);
            assert!((found - expected).abs() < 0.004, "{from}: {found} {expected}");
        }
    }

    #[test]
    fn quantiles_are_where_the_distribution_function_says() {
        for shape in [0.2, 0.9, 2.0, 5.0, 40.0, 1_000.0] {
            let mut before = 0.0;
            for normal in [-2.5, -1.0, 0.0, 0.7, 2.5] {
                let value = gamma_quantile(shape, normal);
                let wanted = 0.5 * libm::erfc(-normal / libm::sqrt(2.0));
                assert!((incomplete_gamma(shape, value).0 - wanted).abs() < 1e-6, "{shape} {normal}: {value}");
                assert!(value > before);
                before = value;
            }
        }
    }
}
