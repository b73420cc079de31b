//! One trait over `f32` and `f64`, for sums whose traps lie in the rounding of the source's own precision.

use std::ops::{Add, Div, Mul, Neg, Sub};

/// A floating-point number; operations are IEEE's, and `exp` is `libm`'s, so results are the same on every machine.
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

impl Real for f32 {
    const PRECISION: &'static str = "single";
    const LARGEST: f64 = 1e15;
    const ZERO: Self = 0.0;
    const ONE: Self = 1.0;
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
        libm::expf(self)
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
    fn the_difference_keeps_its_digits_where_it_cancels() {
        // (1 + 2⁻³⁰)² = 1 + 2⁻²⁹ + 2⁻⁶⁰: the last term is below the last digit of the square.
        let tiny = libm::exp2(-30.0);
        let difference = (1.0 + 2.0 * tiny).minus_square(1.0 + tiny);
        assert_eq!(difference, -tiny * tiny);
        assert_eq!(4.0f64.minus_square(2.0), 0.0);
        assert_eq!(4.0f32.minus_square(2.0), 0.0);
    }
}
