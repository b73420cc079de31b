//! One trait over `f32` and `f64`, for sums whose traps lie in the rounding of the source's own precision.

use std::f64::consts::{LN_2, LOG2_E};
use std::ops::{Add, Div, Mul, Neg, Sub};

/// A floating-point number; operations are IEEE's, and `exp` is made of them or `libm`'s, so results are
/// the same on every machine.
pub trait Real:
    Copy
    + PartialOrd
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + 'static
{
    /// What the precision is called: `single` or `double`.
    const PRECISION: &'static str;
    /// The largest absolute value that points may have in this precision, so that their squares have digits left.
    const LARGEST: f64;
    /// 0.
    const ZERO: Self;
    /// 1.
    const ONE: Self;
    /// The distance from 1 to the next larger number.
    const EPSILON: f64;
    /// Not a number.
    const NAN: Self;

    /// The nearest number of this precision.
    fn of(value: f64) -> Self;

    /// The same number in double precision.
    fn wide(self) -> f64;

    /// eˣ.
    fn exp(self) -> Self;

    /// `self` − x². In `f32` as the operations are written, which is what a layer in `f32` computes. In `f64` x² is exact to
    /// twice the digits (Dekker 1971), so that near x² = `self` the difference keeps its own.
    fn minus_square(self, x: Self) -> Self;

    /// Neither infinite nor NaN.
    fn finite(self) -> bool;
}

/// Taylor coefficients (ln 2)ⁿ/n! of 2^r; the first one left out is below 2e-10 on |r| ≤ ½.
const EXP2: [f64; 9] = {
    let mut coefficients = [1.0; 9];
    let mut n = 1;
    while n < 9 {
        coefficients[n] = coefficients[n - 1] * LN_2 / n as f64;
        n += 1;
    }
    coefficients
};

/// eˣ by way of double precision: no branch, so that loops become SIMD, and four times as fast as `libm`'s. The last
/// conversion rounds, overflows and underflows as `f32` does.
#[inline(always)]
fn exp_single(x: f32) -> f32 {
    // 1.5 · 2⁵²: added, it leaves the nearest integer in the low bits; shifted into the exponent that scales.
    const MAGIC: f64 = 6_755_399_441_055_744.0;
    const BIAS: u64 = 1023;
    // Beyond ±200 the result is ∞ or 0 anyway.
    let exponent = (f64::from(x) * LOG2_E).clamp(-200.0, 200.0);
    let shifted = exponent + MAGIC;
    let r = exponent - (shifted - MAGIC);
    let power = EXP2[..8].iter().rev().fold(EXP2[8], |sum, coefficient| sum * r + coefficient);
    let scale = f64::from_bits(shifted.to_bits().wrapping_add(BIAS) << 52);
    (power * scale) as f32
}

impl Real for f32 {
    const PRECISION: &'static str = "single";
    const LARGEST: f64 = 1e15;
    const ZERO: Self = 0.0;
    const ONE: Self = 1.0;
    const EPSILON: f64 = f32::EPSILON as f64;
    const NAN: Self = Self::NAN;

    #[inline(always)]
    fn of(value: f64) -> Self {
        value as f32
    }

    #[inline(always)]
    fn wide(self) -> f64 {
        f64::from(self)
    }

    #[inline(always)]
    fn exp(self) -> Self {
        exp_single(self)
    }

    #[inline(always)]
    fn minus_square(self, x: Self) -> Self {
        self - x * x
    }

    #[inline(always)]
    fn finite(self) -> bool {
        self.is_finite()
    }
}

/// 2²⁷ + 1: splits the 53 bits of a number into two halves whose products are exact.
const SPLITTER: f64 = 134_217_729.0;

impl Real for f64 {
    const PRECISION: &'static str = "double";
    const LARGEST: f64 = 1e75;
    const ZERO: Self = 0.0;
    const ONE: Self = 1.0;
    const EPSILON: f64 = Self::EPSILON;
    const NAN: Self = Self::NAN;

    #[inline(always)]
    fn of(value: f64) -> Self {
        value
    }

    #[inline(always)]
    fn wide(self) -> f64 {
        self
    }

    #[inline(always)]
    fn exp(self) -> Self {
        libm::exp(self)
    }

    #[inline(always)]
    fn minus_square(self, x: Self) -> Self {
        let square = x * x;
        let scaled = SPLITTER * x;
        let high = scaled - (scaled - x);
        let low = x - high;
        let rest = ((high * high - square) + 2.0 * high * low) + low * low;
        (self - square) - rest
    }

    #[inline(always)]
    fn finite(self) -> bool {
        self.is_finite()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_is_rounded_once_over_its_whole_range() {
        let arguments = (-12_000..=9_000).map(|i| i as f32 * 0.01).chain((-149..=8).map(|n| libm::exp2f(n as f32)));
        for x in arguments {
            let (found, exact) = (Real::exp(x), libm::exp(f64::from(x)));
            if exact > f64::from(f32::MAX) {
                assert_eq!(found, f32::INFINITY, "{x}");
            } else {
                // Half a unit in the last place; below the smallest normal number, half of the smallest step.
                let unit = (exact * f64::from(f32::EPSILON)).max(1.5e-45);
                assert!((f64::from(found) - exact).abs() <= 0.52 * unit, "{x}: {found:e} for {exact:e}");
            }
        }
        assert_eq!(Real::exp(0.0f32), 1.0);
        for (x, expected) in
            [(1e30, f32::INFINITY), (f32::INFINITY, f32::INFINITY), (-1e30, 0.0), (f32::NEG_INFINITY, 0.0)]
        {
            assert_eq!(Real::exp(x), expected);
        }
        assert!(Real::exp(f32::NAN).is_nan());
    }

    #[test]
    fn the_difference_keeps_its_digits_where_it_cancels() {
        // (1 + 2⁻³⁰)² = 1 + 2⁻²⁹ + 2⁻⁶⁰: the last term is below the last digit of the square.
        let tiny = libm::exp2(-30.0);
        let difference = (1.0 + 2.0 * tiny).minus_square(1.0 + tiny);
        assert_eq!(difference, -tiny * tiny);
        assert_eq!(4.0f64.minus_square(2.0), 0.0);
        assert_eq!(4.0f32.minus_square(2.0), 0.0);
    }
}
