//! SIMD lanes: one trait over four `f32` and two `f64`, so that each hot loop is written once.
//!
//! The two transcendental functions are those that a mixture needs, in base 2: the callers fold the factor
//! log₂ e into constants that they multiply by anyway, and argument reduction becomes exact.

use std::f64::consts::LN_2;
use std::ops::{Add, AddAssign, Div, Mul, Sub};

use wide::{f32x4, f64x2, i32x4, i64x2};

/// A SIMD vector of floating-point numbers. Operations act on each lane; none fuses a multiplication with an
/// addition, so results are the same on every machine.
pub trait Lanes:
    Copy + Add<Output = Self> + AddAssign + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self> + 'static
{
    /// Numbers in one vector.
    const WIDTH: usize;

    /// What the precision is called: `single` or `double`.
    const PRECISION: &'static str;

    /// The largest absolute value that points may have in this precision, in the visitor's units.
    const LARGEST: f64;

    /// All lanes equal to `value`, rounded to this precision.
    fn broadcast(value: f64) -> Self;

    /// The vector whose lane `i` is `value(i)`, rounded to this precision.
    fn from_lanes(value: impl Fn(usize) -> f64) -> Self;

    /// The value in one lane; `lane` is below [`Lanes::WIDTH`].
    fn lane(self, lane: usize) -> f64;

    /// The larger of the two, lane by lane. Undefined where either is NaN.
    fn maximum(self, other: Self) -> Self;

    /// 2^`self` for arguments ≤ 0. Relative error below 2e-7 (`f32`) or 5e-16 (`f64`); results under the
    /// smallest normal number, and the result for −∞ and NaN, are 0.
    fn exp2_nonpositive(self) -> Self;

    /// log₂ of positive normal numbers. Error below 2.5e-7 (`f32`) or 5e-16 (`f64`), relative to
    /// max(|log₂ x|, 1/2).
    fn log2_positive(self) -> Self;

    /// The sum of the lanes, in double precision.
    fn sum(self) -> f64 {
        (0..Self::WIDTH).map(|lane| self.lane(lane)).sum()
    }
}

/// Coefficients of (2^r − 1)/r on |r| ≤ ½: the polynomial of degree 4 with the smallest relative error (9.1e-8 of
/// 2^r), so that 2⁰ is exactly 1.
const EXP2_SINGLE: [f64; 5] =
    [0.693_146_977_619, 0.240_222_420_801, 0.055_507_337_217_4, 0.009_671_512_876_05, 0.001_326_473_277_26];

/// Taylor coefficients (ln 2)^n / n! of (2^r − 1)/r; the first one left out is below 4e-18 on |r| ≤ ½.
const EXP2_DOUBLE: [f64; 13] = {
    let mut coefficients = [0.0; 13];
    let (mut n, mut term) = (0, 1.0);
    while n < 13 {
        term *= LN_2 / (n + 1) as f64;
        coefficients[n] = term;
        n += 1;
    }
    coefficients
};

/// Terms of the series atanh(s)/s = Σ s^2n / (2n + 1) that each precision needs for |s| ≤ 3 − 2√2.
const LOG_TERMS_SINGLE: usize = 5;
const LOG_TERMS_DOUBLE: usize = 11;

#[inline(always)]
fn polynomial<L: Lanes, const N: usize>(coefficients: &[f64; N], x: L) -> L {
    let mut sum = L::broadcast(coefficients[N - 1]);
    for &coefficient in coefficients[..N - 1].iter().rev() {
        sum = sum * x + L::broadcast(coefficient);
    }
    sum
}

/// log₂ m for a mantissa m in [√½, √2), by log m = 2 atanh((m − 1)/(m + 1)).
#[inline(always)]
fn log2_mantissa<L: Lanes>(mantissa: L, terms: usize) -> L {
    let one = L::broadcast(1.0);
    let s = (mantissa - one) / (mantissa + one);
    let squared = s * s;
    let mut sum = L::broadcast(1.0 / (2 * terms - 1) as f64);
    for term in (0..terms - 1).rev() {
        sum = sum * squared + L::broadcast(1.0 / (2 * term + 1) as f64);
    }
    s * sum * L::broadcast(2.0 / LN_2)
}

impl Lanes for f32x4 {
    const WIDTH: usize = 4;
    const PRECISION: &'static str = "single";
    // Whitened offsets are squared: keep far from the square root of the largest f32.
    const LARGEST: f64 = 1e30;

    #[inline(always)]
    fn broadcast(value: f64) -> Self {
        f32x4::splat(value as f32)
    }

    #[inline(always)]
    fn from_lanes(value: impl Fn(usize) -> f64) -> Self {
        f32x4::new(std::array::from_fn(|lane| value(lane) as f32))
    }

    #[inline(always)]
    fn lane(self, lane: usize) -> f64 {
        f64::from(self.as_array()[lane])
    }

    #[inline(always)]
    fn maximum(self, other: Self) -> Self {
        self.fast_max(other)
    }

    #[inline(always)]
    fn exp2_nonpositive(self) -> Self {
        // Adding 1.5 · 2²³ leaves the nearest integer in the low bits; shifted into the exponent it scales.
        let magic = f32x4::splat(12_582_912.0);
        let shifted = self + magic;
        let r = self - (shifted - magic);
        let power = polynomial(&EXP2_SINGLE, r) * r + f32x4::splat(1.0);
        let exponent: i32x4 = wide::bytemuck::cast::<f32x4, i32x4>(shifted) << 23;
        let scaled: f32x4 = wide::bytemuck::cast(wide::bytemuck::cast::<f32x4, i32x4>(power) + exponent);
        scaled & self.simd_ge(f32x4::splat(-125.0))
    }

    #[inline(always)]
    fn log2_positive(self) -> Self {
        const SQRT_HALF: i32 = 0x3f35_04f3;
        let bits: i32x4 = wide::bytemuck::cast(self);
        let exponent: i32x4 = (bits - i32x4::splat(SQRT_HALF)) >> 23;
        let mantissa: f32x4 = wide::bytemuck::cast(bits - (exponent << 23));
        exponent.round_float() + log2_mantissa(mantissa, LOG_TERMS_SINGLE)
    }
}

impl Lanes for f64x2 {
    const WIDTH: usize = 2;
    const PRECISION: &'static str = "double";
    const LARGEST: f64 = 1e150;

    #[inline(always)]
    fn broadcast(value: f64) -> Self {
        f64x2::splat(value)
    }

    #[inline(always)]
    fn from_lanes(value: impl Fn(usize) -> f64) -> Self {
        f64x2::new([value(0), value(1)])
    }

    #[inline(always)]
    fn lane(self, lane: usize) -> f64 {
        self.as_array()[lane]
    }

    #[inline(always)]
    fn maximum(self, other: Self) -> Self {
        self.fast_max(other)
    }

    #[inline(always)]
    fn exp2_nonpositive(self) -> Self {
        // As in single precision, with 1.5 · 2⁵².
        let magic = f64x2::splat(6_755_399_441_055_744.0);
        let shifted = self + magic;
        let r = self - (shifted - magic);
        let power = polynomial(&EXP2_DOUBLE, r) * r + f64x2::splat(1.0);
        let exponent: i64x2 = wide::bytemuck::cast::<f64x2, i64x2>(shifted) << 52;
        let scaled: f64x2 = wide::bytemuck::cast(wide::bytemuck::cast::<f64x2, i64x2>(power) + exponent);
        scaled & self.simd_ge(f64x2::splat(-1021.0))
    }

    #[inline(always)]
    fn log2_positive(self) -> Self {
        const SQRT_HALF: i64 = 0x3fe6_a09e_667f_3bcd;
        let bits: [i64; 2] = wide::bytemuck::cast(self);
        let exponent = bits.map(|bits| (bits - SQRT_HALF) >> 52);
        let mantissa = f64x2::new([0, 1].map(|i: usize| f64::from_bits((bits[i] - (exponent[i] << 52)) as u64)));
        f64x2::new(exponent.map(|exponent| exponent as f64)) + log2_mantissa(mantissa, LOG_TERMS_DOUBLE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The largest error of `function` against `exact` over `arguments`, relative to `scale` of the exact value.
    fn largest_error<L: Lanes>(
        arguments: impl Iterator<Item = f64>,
        function: impl Fn(L) -> L,
        exact: impl Fn(f64) -> f64,
        scale: impl Fn(f64) -> f64,
    ) -> f64 {
        arguments
            .map(|argument| {
                let value = function(L::broadcast(argument)).lane(L::WIDTH - 1);
                let exact = exact(argument);
                (value - exact).abs() / scale(exact)
            })
            .fold(0.0, f64::max)
    }

    /// Every 257th `f32` between −0 and `lowest`: every exponent, and all residues of the mantissa.
    fn single_arguments(lowest: f32) -> impl Iterator<Item = f64> {
        ((-0.0f32).to_bits()..=lowest.to_bits()).step_by(257).map(|bits| f64::from(f32::from_bits(bits)))
    }

    /// `count` numbers spread evenly over [`low`, `high`] with irregular low bits.
    fn even_arguments(low: f64, high: f64, count: usize) -> impl Iterator<Item = f64> {
        (0..=count).map(move |i| low + (high - low) * (i as f64 / count as f64))
    }

    #[test]
    fn exp2_single_is_accurate_over_its_whole_range() {
        let error = largest_error(single_arguments(-124.999), f32x4::exp2_nonpositive, libm::exp2, |exact| exact);
        assert!(error < 2e-7, "{error:e}");
        assert_eq!(f32x4::splat(0.0).exp2_nonpositive().lane(0), 1.0);
    }

    #[test]
    fn exp2_double_is_accurate_over_its_whole_range() {
        let arguments = even_arguments(-1020.999, 0.0, 1_000_003).chain(even_arguments(-1.0, 0.0, 100_003));
        let error = largest_error(arguments, f64x2::exp2_nonpositive, libm::exp2, |exact| exact);
        assert!(error < 5e-16, "{error:e}");
        assert_eq!(f64x2::splat(0.0).exp2_nonpositive().lane(0), 1.0);
    }

    #[test]
    fn exp2_flushes_to_zero() {
        for argument in [-125.5, -127.0, -1e4, -1e30, f64::NEG_INFINITY, f64::NAN] {
            assert_eq!(f32x4::broadcast(argument).exp2_nonpositive().lane(0), 0.0, "{argument}");
        }
        for argument in [-1021.5, -1e4, -1e300, f64::NEG_INFINITY, f64::NAN] {
            assert_eq!(f64x2::broadcast(argument).exp2_nonpositive().lane(0), 0.0, "{argument}");
        }
    }

    #[test]
    fn log2_is_accurate() {
        let scale = |exact: f64| exact.abs().max(0.5);
        let powers = || (-120..120).map(|n| libm::exp2(f64::from(n)));
        let near = || even_arguments(0.5, 80.0, 400_001).chain(powers());
        let single = || near().map(|x| f64::from(x as f32));
        let error = largest_error(single(), f32x4::log2_positive, libm::log2, scale);
        assert!(error < 2.5e-7, "{error:e}");
        let error = largest_error(near(), f64x2::log2_positive, libm::log2, scale);
        assert!(error < 5e-16, "{error:e}");
        assert_eq!(f32x4::splat(1.0).log2_positive().lane(0), 0.0);
        assert_eq!(f64x2::splat(1.0).log2_positive().lane(0), 0.0);
    }
}
