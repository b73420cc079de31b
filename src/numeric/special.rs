//! The gamma function and its family, and how a Gamma sample moves with its shape.
//!
//! Everything is built from `libm` alone, so that native code and WebAssembly get the same bits. Differences that would
//! cancel (ψ(a) − ψ(b), the Bregman divergence of ln Γ) have functions of their own that keep their digits.

use std::f64::consts::{LN_2, TAU};

/// From here on the asymptotic series of ln Γ and its derivatives are exact to the last digit.
const ASYMPTOTIC: f64 = 10.0;

/// Bernoulli numbers B₂, B₄, … B₁₄.
const BERNOULLI: [f64; 7] = [1.0 / 6.0, -1.0 / 30.0, 1.0 / 42.0, -1.0 / 30.0, 5.0 / 66.0, -691.0 / 2730.0, 7.0 / 6.0];

/// ln Γ(x) for x > 0.
#[must_use]
pub fn ln_gamma(x: f64) -> f64 {
    libm::lgamma(x)
}

/// ψ(x), the derivative of ln Γ, for x > 0 (Abramowitz & Stegun 6.3.5 and 6.3.18).
#[must_use]
pub fn digamma(x: f64) -> f64 {
    let (mut x, mut sum) = (x, 0.0);
    while x < ASYMPTOTIC {
        sum -= 1.0 / x;
        x += 1.0;
    }
    let square = 1.0 / (x * x);
    let mut tail = 0.0;
    for (k, bernoulli) in BERNOULLI.iter().enumerate().rev() {
        tail = (tail + bernoulli / (2 * k + 2) as f64) * square;
    }
    sum + libm::log(x) - 0.5 / x - tail
}

/// ψ′(x) for x > 0 (Abramowitz & Stegun 6.4.6 and 6.4.12).
#[must_use]
pub fn trigamma(x: f64) -> f64 {
    let (mut x, mut sum) = (x, 0.0);
    while x < ASYMPTOTIC {
        sum += 1.0 / (x * x);
        x += 1.0;
    }
    let square = 1.0 / (x * x);
    let tail = BERNOULLI.iter().rev().fold(0.0, |tail, bernoulli| (tail + bernoulli) * square);
    sum + (1.0 + 0.5 / x + tail) / x
}

/// What is left of ln Γ(x) when (x − ½) ln x − x + ½ ln 2π is taken off, for x ≥ 10 (Stirling's series).
fn stirling(x: f64) -> f64 {
    let square = 1.0 / (x * x);
    let mut tail = 0.0;
    for (k, bernoulli) in BERNOULLI.iter().enumerate().rev() {
        tail = tail * square + bernoulli / ((2 * k + 2) * (2 * k + 1)) as f64;
    }
    tail / x
}

/// e − ln(1 + e) for e > −1, to the last digits also where e is small.
#[must_use]
pub fn log_excess(e: f64) -> f64 {
    if e.abs() > 0.5 {
        return e - libm::log1p(e);
    }
    // ln(1 + e) = 2 atanh(s) with s = e/(2 + e), and e − 2s = e s.
    let s = e / (2.0 + e);
    let square = s * s;
    let tail = (1..=18).rev().fold(0.0, |tail, n| (tail + 1.0 / f64::from(2 * n + 1)) * square);
    s * (e - 2.0 * tail)
}

/// (1 + e) ln(1 + e) − e for e > −1, to the last digits also where e is small.
fn entropy_excess(e: f64) -> f64 {
    if e.abs() > 0.5 { (1.0 + e) * libm::log1p(e) - e } else { e * e - (1.0 + e) * log_excess(e) }
}

/// ψ(a) − ψ(b) for positive a and b, to the last digits also where they are close.
#[must_use]
pub fn digamma_difference(a: f64, b: f64) -> f64 {
    let difference = a - b;
    let (mut a, mut b, mut sum) = (a, b, 0.0);
    while a.min(b) < ASYMPTOTIC {
        sum += difference / (a * b);
        a += 1.0;
        b += 1.0;
    }
    let (p, q) = (1.0 / (a * a), 1.0 / (b * b));
    let first = -difference * (a + b) * p * q;
    let (mut power, mut term, mut tail) = (1.0, 0.0, 0.0);
    for (k, bernoulli) in BERNOULLI.iter().enumerate() {
        // pᵏ − qᵏ, from (pᵏ⁻¹ − qᵏ⁻¹) p + (p − q) qᵏ⁻¹.
        term = term * p + first * power;
        power *= q;
        tail += term * bernoulli / (2 * k + 2) as f64;
    }
    sum + libm::log1p(difference / b) + 0.5 * difference / (a * b) - tail
}

/// ln Γ(a) − ln Γ(b) − (a − b) ψ(b) ≥ 0 for positive a and b, to the last digits also where they are close: the
/// part of a Kullback–Leibler divergence that comes from the shapes.
#[must_use]
pub fn ln_gamma_divergence(a: f64, b: f64) -> f64 {
    let difference = a - b;
    let (mut a, mut b, mut sum) = (a, b, 0.0);
    // A Bregman divergence is linear in its function: each term of ln Γ has one, and none of them cancels.
    while a.min(b) < ASYMPTOTIC {
        sum += log_excess(difference / b);
        a += 1.0;
        b += 1.0;
    }
    let e = difference / b;
    sum += b * entropy_excess(e) + 0.5 * log_excess(e);
    let ratio = b / a;
    let scale = difference * difference / (a * b);
    let (mut power, mut run, mut rows, mut inverse) = (1.0, 0.0, 0.0, 1.0 / b);
    let mut tail = 0.0;
    for (k, bernoulli) in BERNOULLI.iter().enumerate() {
        // Of x^−m with m = 2k + 1: b^−m (a − b)²/(ab) Σ_{i=1..m} Σ_{j<i} (b/a)^j.
        for _ in 0..if k == 0 { 1 } else { 2 } {
            run += power;
            rows += run;
            power *= ratio;
        }
        tail += bernoulli / ((2 * k + 2) * (2 * k + 1)) as f64 * inverse * rows;
        inverse /= b * b;
    }
    sum + scale * tail
}

/// x^a e^−x / Γ(a + 1).
fn prefactor(a: f64, x: f64) -> f64 {
    if a < ASYMPTOTIC {
        libm::exp(a * libm::log(x) - x - ln_gamma(a + 1.0))
    } else {
        let e = (x - a) / a;
        // Far below a, 1 + e would have lost x's digits.
        let excess = if e < -0.5 { e - libm::log(x / a) } else { log_excess(e) };
        libm::exp(-a * excess - stirling(a)) / libm::sqrt(TAU * a)
    }
}

/// Where the terms of a sum no longer count.
const NEGLIGIBLE: f64 = 1e-17;

/// More terms than any series or fraction here needs.
const MOST_TERMS: u32 = 1_000_000;

/// The regularized incomplete gamma functions P(a, x) and Q(a, x) = 1 − P, for a > 0 and x ≥ 0: by the power series below
/// x = a + 1 and by Legendre's continued fraction above (Abramowitz & Stegun 6.5.29 and 6.5.31). The smaller of the two has
/// its full digits.
#[must_use]
pub fn incomplete_gamma(a: f64, x: f64) -> (f64, f64) {
    if x <= 0.0 {
        return (0.0, 1.0);
    }
    if x < a + 1.0 {
        let (mut term, mut sum) = (1.0, 1.0);
        for n in 1..MOST_TERMS {
            term *= x / (a + f64::from(n));
            sum += term;
            if term < NEGLIGIBLE * sum {
                break;
            }
        }
        let p = prefactor(a, x) * sum;
        (p, 1.0 - p)
    } else {
        let q = a * prefactor(a, x) * fraction(a, x).0;
        (1.0 - q, q)
    }
}

/// Γ(a, x) e^x x^−a for x > a, and its derivative by a: Legendre's fraction 1/(x+1−a− 1(1−a)/(x+3−a− 2(2−a)/(x+5−a− …))),
/// by Lentz's method on value and derivative together.
fn fraction(a: f64, x: f64) -> (f64, f64) {
    let mut b = x + 1.0 - a;
    // The convergent's two factors and its value, each with its derivative; c starts at infinity.
    let (mut inverse_c, mut inverse_c_slope) = (0.0, 0.0);
    let mut d = 1.0 / b;
    let mut d_slope = d * d;
    let (mut value, mut slope) = (d, d_slope);
    for i in 1..MOST_TERMS {
        let i = f64::from(i);
        let numerator = i * (a - i);
        b += 2.0;
        let c = b + numerator * inverse_c;
        let c_slope = i * inverse_c + numerator * inverse_c_slope - 1.0;
        let denominator_slope = i * d + numerator * d_slope - 1.0;
        d = 1.0 / (b + numerator * d);
        d_slope = -denominator_slope * d * d;
        inverse_c = 1.0 / c;
        inverse_c_slope = -c_slope * inverse_c * inverse_c;
        let change = d * c;
        let change_slope = d_slope * c + d * c_slope;
        let before = slope;
        slope = slope * change + value * change_slope;
        value *= change;
        if (change - 1.0).abs() < 1e-16 && (slope - before).abs() <= 1e-16 * slope.abs() {
            break;
        }
    }
    (value, slope)
}

/// Orders in 1/α and in ln(x/α) of the expansion for large shapes.
const ORDERS: usize = 10;
const POWERS: usize = 24;
/// Coefficients kept while the table is made: each order takes two powers from the one before.
const MADE: usize = POWERS + 2 * ORDERS;

/// Coefficients of ln(x/α)ʲ in the orders U_k of the expansion; see [`ShapeDerivative`].
const LARGE_SHAPES: [[f64; POWERS]; ORDERS] = {
    // t/(eᵗ − 1). Its odd coefficients vanish but for the first; the even ones are Bernoulli numbers over
    // factorials, B₂ₙ/(2n)! = (−1)ⁿ⁺¹ 2 ζ(2n)/(2π)²ⁿ, which lose no digits this way.
    let mut generating = [0.0; MADE];
    generating[0] = 1.0;
    generating[1] = -0.5;
    let mut n = 1;
    while 2 * n < MADE {
        let mut zeta = 1.0;
        let mut m = 2;
        while m <= ZETA_TERMS {
            zeta += power(1.0 / m as f64, 2 * n);
            m += 1;
        }
        // The rest of the sum, by Euler and Maclaurin.
        let last = ZETA_TERMS as f64;
        let s = (2 * n) as f64;
        let end = power(1.0 / last, 2 * n);
        zeta += end
            * (last / (s - 1.0) - 0.5 + s / (12.0 * last) - s * (s + 1.0) * (s + 2.0) / (720.0 * last * last * last));
        let sign = if n % 2 == 1 { 2.0 } else { -2.0 };
        generating[2 * n] = sign * zeta * power(1.0 / TAU, 2 * n);
        n += 1;
    }
    let mut table = [[0.0; POWERS]; ORDERS];
    let mut order = generating;
    let mut k = 0;
    loop {
        let mut j = 0;
        while j < POWERS {
            table[k][j] = order[j];
            j += 1;
        }
        k += 1;
        if k == ORDERS {
            break table;
        }
        // (U′ − U′(0))/t, then times t/(eᵗ − 1); U′(0) cancels the constant.
        let mut next = [0.0; MADE];
        let kept = MADE - 2 * k;
        let mut i = 0;
        while i < kept {
            let mut j = 0;
            while j <= i {
                next[i] += generating[i - j] * (j + 2) as f64 * order[j + 2];
                j += 1;
            }
            i += 1;
        }
        order = next;
    }
};

/// Terms of ζ that are summed one by one.
const ZETA_TERMS: usize = 60;

const fn power(base: f64, exponent: usize) -> f64 {
    let (mut value, mut i) = (1.0, 0);
    while i < exponent {
        value *= base;
        i += 1;
    }
    value
}

/// Shapes from which on the expansion is used, and how far from ln α.
const LARGE_SHAPE: f64 = 12.0;
const LARGE_REACH: f64 = 1.5;

/// Reciprocals kept for the series of a small shape.
const RECIPROCALS: usize = 96;

/// How a Gamma(α, 1) sample moves with its shape while its place p = P(α, x) among all samples stays (Figurnov, Mohamed &
/// Mnih 2018): d ln x / dα = −(∂P/∂α) / (x · density). Made once for a shape, then asked for many samples.
///
/// With w = d ln x/dα and ℓ = ln(x/α), differentiating the density gives dw/dℓ + w (α − x) = ψ(α) − ln x. From it, and
/// from the usual series of P and Q:
/// - up to some way above α, w = (S (ψ(α+1) − ln x) + Σ tₙ hₙ)/α with tₙ = xⁿ/((α+1)…(α+n)), S = Σ tₙ, hₙ = Σ_{j≤n} 1/(α+j);
/// - beyond, w = F (ln x − ψ(α)) + ∂F/∂α with F = Γ(α, x) eˣ x^−α by its continued fraction: all terms are positive;
/// - for large α, w = Σ_k U_k(ℓ) α^−(k+1) with U₀ = ℓ/(e^ℓ − 1) and U_k = (U′_{k−1} − U′_{k−1}(0))/(e^ℓ − 1), each as a power
///   series in ℓ.
///
/// Relative error below 1e-11 for α from 0.001 to 1e8 and p from 1e-12 to 1 − 1e-12.
#[derive(Clone, Debug)]
pub struct ShapeDerivative {
    shape: f64,
    log_shape: f64,
    /// ψ(α + 1).
    digamma_next: f64,
    /// Up to here, the series.
    series_end: f64,
    table: Table,
}

#[derive(Clone, Debug)]
enum Table {
    /// 1/(α + n) from n = 1.
    Reciprocals(Box<[f64; RECIPROCALS]>),
    /// Coefficients of w's powers of ℓ.
    Powers([f64; POWERS]),
}

impl ShapeDerivative {
    /// Prepares for samples of this shape α > 0.
    #[must_use]
    pub fn new(shape: f64) -> Self {
        let large = shape >= LARGE_SHAPE;
        let table = if large {
            Table::Powers(std::array::from_fn(|j| {
                LARGE_SHAPES.iter().rev().fold(0.0, |sum, order| (sum + order[j]) / shape)
            }))
        } else {
            Table::Reciprocals(Box::new(std::array::from_fn(|n| 1.0 / (shape + (n + 1) as f64))))
        };
        // Above α the two parts of the series cancel; this far they leave more than enough digits.
        let series_end = if large { shape } else { shape + 3.0 * libm::sqrt(shape) + 3.0 };
        Self { shape, log_shape: libm::log(shape), digamma_next: digamma(shape + 1.0), series_end, table }
    }

    /// d ln x / dα at the sample x of which the logarithm is given; x itself may underflow.
    #[must_use]
    pub fn of_log(&self, log_sample: f64) -> f64 {
        self.at(log_sample, libm::exp(log_sample))
    }

    /// d ln x / dα at a sample given with its logarithm.
    #[must_use]
    pub fn at(&self, log_sample: f64, sample: f64) -> f64 {
        let reciprocals: &[f64] = match &self.table {
            Table::Powers(powers) => {
                let offset = log_sample - self.log_shape;
                if offset.abs() <= LARGE_REACH {
                    return powers.iter().rev().fold(0.0, |sum, power| sum * offset + power);
                }
                &[]
            }
            Table::Reciprocals(reciprocals) => &**reciprocals,
        };
        if sample <= self.series_end {
            self.series(log_sample, sample, reciprocals)
        } else {
            let (value, slope) = fraction(self.shape, sample);
            value * (log_sample - self.digamma_next + 1.0 / self.shape) + slope
        }
    }

    fn series(&self, log_sample: f64, sample: f64, reciprocals: &[f64]) -> f64 {
        let (mut term, mut sum, mut harmonic, mut weighted) = (1.0, 1.0, 0.0, 0.0);
        let mut add = |reciprocals: [f64; 4]| {
            for reciprocal in reciprocals {
                term *= sample * reciprocal;
                harmonic += reciprocal;
                sum += term;
                weighted += term * harmonic;
            }
            term < NEGLIGIBLE * sum
        };
        let (kept, _) = reciprocals.as_chunks();
        if !kept.iter().any(|&reciprocals| add(reciprocals)) {
            for n in kept.len() as u32..MOST_TERMS {
                if add([1, 2, 3, 4].map(|i| 1.0 / (self.shape + f64::from(4 * n + i)))) {
                    break;
                }
            }
        }
        (sum * (self.digamma_next - log_sample) + weighted) / self.shape
    }
}

/// ln(1 + eˣ), without overflow.
#[must_use]
pub fn softplus(x: f64) -> f64 {
    if x > 0.0 { x + libm::log1p(libm::exp(-x)) } else { libm::log1p(libm::exp(x)) }
}

/// The x whose softplus is y > 0.
#[must_use]
pub fn inverse_softplus(y: f64) -> f64 {
    if y > LN_2 { y + libm::log1p(-libm::exp(-y)) } else { libm::log(libm::expm1(y)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_those_of_the_functions() {
        for (a, b) in [(0.3, 4.0), (5.0, 7.5), (1.0, 30.0), (400.0, 2.0), (0.01, 0.02), (12.0, 800.0)] {
            let difference = digamma(a) - digamma(b);
            assert!((digamma_difference(a, b) - difference).abs() < 1e-13 * difference.abs().max(1.0), "{a} {b}");
            let divergence = ln_gamma(a) - ln_gamma(b) - (a - b) * digamma(b);
            let found = ln_gamma_divergence(a, b);
            assert!((found - divergence).abs() < 1e-12 * divergence.max(1.0), "{a} {b}: {found} {divergence}");
        }
    }

    #[test]
    fn close_arguments_keep_their_digits() {
        // To second order: ψ(a + e) − ψ(a) = ψ′ e and the divergence is ½ ψ′ e².
        for a in [0.05, 1.0, 5.0, 9.5, 20.0, 1e4] {
            let e: f64 = a * 1e-9;
            let e = (a + e) - a;
            let slope = digamma_difference(a + e, a) / e;
            assert!((slope / trigamma(a) - 1.0).abs() < 1e-8, "{a}: {slope}");
            let curvature = ln_gamma_divergence(a + e, a) / (0.5 * e * e);
            assert!((curvature / trigamma(a) - 1.0).abs() < 1e-8, "{a}: {curvature}");
        }
    }

    #[test]
    fn the_derivative_is_that_of_the_place_of_a_sample() {
        // −(∂P/∂α)/(x density) by central differences of P or Q, whichever is smaller.
        for shape in [0.02, 0.3, 0.9, 1.0, 2.0, 4.7, 11.9, 12.0, 40.0, 700.0f64] {
            let derivative = ShapeDerivative::new(shape);
            for place in [-5.0, -2.5, -1.0, -0.1, 0.0, 0.2, 1.0, 3.0, 6.0] {
                // Wilson and Hilferty's sample at this many standard deviations.
                let root = 1.0 - 1.0 / (9.0 * shape) + place / (3.0 * shape.sqrt());
                let sample = if root > 0.1 { shape * root.powi(3) } else { 1e-3 * shape };
                let h = 1e-5 * shape;
                let (low, high) = (incomplete_gamma(shape - h, sample), incomplete_gamma(shape + h, sample));
                let change = if high.0 < high.1 { high.0 - low.0 } else { low.1 - high.1 };
                let log_density = shape * sample.ln() - sample - ln_gamma(shape);
                let expected = -change / (2.0 * h) / log_density.exp();
                let found = derivative.of_log(sample.ln());
                assert!((found / expected - 1.0).abs() < 2e-6, "{shape} {sample}: {found} {expected}");
            }
        }
    }

    #[test]
    fn the_ways_to_the_derivative_meet() {
        // Just below and above each border the function is smooth.
        let ratio = |shape: f64, x: f64| {
            let derivative = ShapeDerivative::new(shape);
            derivative.of_log(libm::log(x * (1.0 - 1e-12))) / derivative.of_log(libm::log(x * (1.0 + 1e-12))) - 1.0
        };
        for shape in [0.01, 0.5, 1.0, 3.0, 5.5, 10.0, 11.99] {
            let border = shape + 3.0 * libm::sqrt(shape) + 3.0;
            assert!(ratio(shape, border).abs() < 1e-10, "{shape}: {:e}", ratio(shape, border));
        }
        for shape in [12.0, 20.0, 100.0, 1e4, 1e7] {
            for sign in [-1.0, 1.0] {
                let border = shape * libm::exp(sign * LARGE_REACH);
                assert!(ratio(shape, border).abs() < 2e-11, "{shape}: {:e}", ratio(shape, border));
            }
        }
        for x in [4.0, 9.0, 12.0, 17.0, 35.0f64] {
            let at = |shape| ShapeDerivative::new(shape).of_log(libm::log(x));
            let (below, above) = (at(LARGE_SHAPE * (1.0 - 1e-13)), at(LARGE_SHAPE));
            assert!((below / above - 1.0).abs() < 1e-11, "{x}: {below} {above}");
        }
    }

    #[test]
    fn samples_that_underflow_have_a_derivative() {
        // p = x^α/Γ(α+1) for tiny x, so ln x = (ln p + ln Γ(α+1))/α.
        let derivative = ShapeDerivative::new(0.01);
        let log_sample = -5_000.0;
        let expected = (digamma(1.01) - log_sample) / 0.01;
        assert!((derivative.of_log(log_sample) / expected - 1.0).abs() < 1e-14);
    }

    #[test]
    fn softplus_has_its_inverse() {
        for y in [1e-300, 1e-6, 0.1, 0.7, 5.0, 800.0] {
            assert!((softplus(inverse_softplus(y)) / y - 1.0).abs() < 1e-13, "{y}");
        }
    }
}
