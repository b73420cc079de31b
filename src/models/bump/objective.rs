//! Values and derivatives of every form, and the mean squared error over samples.

use nalgebra::{DMatrix, DVector};

use super::parameters::{Parameters, parameters_of};
use crate::numeric::scalar::Real;
use crate::settings::BumpForm;

/// A bump at one place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bump<R> {
    /// f.
    pub value: R,
    /// ln f; NaN outside of the support.
    pub exponent: R,
    /// ∂f/∂σ; `None` where σ takes no part in the value.
    pub d_sigma: Option<R>,
    /// ∂f/∂x.
    pub d_x: R,
}

impl<R: Real> Bump<R> {
    /// Outside of the support.
    #[inline(always)]
    fn outside(d_sigma: Option<R>) -> Self {
        Self { value: R::ZERO, exponent: R::NAN, d_sigma, d_x: R::ZERO }
    }

    /// g = exp(−σ/(σ − x²)) with ∂g/∂σ = g x²/(σ − x²)² and ∂g/∂x = −2σx g/(σ − x²)², wherever x is.
    ///
    /// Automatic differentiation has ∂g/∂σ = −g/(σ − x²) + g σ/(σ − x²)², which is the same but for the digits that cancel,
    /// and is not finite at the same places.
    #[inline(always)]
    fn core(sigma: R, x: R) -> Self {
        let difference = sigma.minus_square(x);
        let exponent = -(sigma / difference);
        let value = exponent.exp();
        let ratio = x / difference;
        let slope = value * (sigma / difference) * ratio;
        Self { value, exponent, d_sigma: Some(value * ratio * ratio), d_x: -(slope + slope) }
    }

    /// This bump inside of its support, and what is outside elsewhere, number by number: a branch would be mispredicted for every
    /// other point, and would keep loops from becoming SIMD.
    #[inline(always)]
    fn only(self, inside: bool) -> Self {
        let pick = |one: R, other: R| if inside { one } else { other };
        Self {
            value: pick(self.value, R::ZERO),
            exponent: pick(self.exponent, R::NAN),
            d_sigma: self.d_sigma.map(|slope| pick(slope, R::ZERO)),
            d_x: pick(self.d_x, R::ZERO),
        }
    }

    /// Where the value has underflown the derivatives have too, whatever the powers that multiply it.
    #[inline(always)]
    fn flat_at_the_edge(self) -> Self {
        let pick = |slope: R| if self.value > R::ZERO { slope } else { R::ZERO };
        Self { d_sigma: self.d_sigma.map(pick), d_x: pick(self.d_x), ..self }
    }
}

/// The layer as asked: exp(−1/(1 − x²)) where x < σ, else 0. σ is compared, never used: it has no gradient at all.
#[inline(always)]
pub fn asked<R: Real>(sigma: R, x: R) -> Bump<R> {
    if x < sigma { Bump { d_sigma: None, ..Bump::core(R::ONE, x) } } else { Bump::outside(None) }
}

/// |x| < σ, as the source's condition has it.
#[inline(always)]
fn within<R: Real>(sigma: R, x: R) -> bool {
    x < sigma && x > -sigma
}

/// The first answer: exp(−σ/(σ − x²)) where |x| < σ, else 0, by one `where`. Automatic differentiation sends a 0 back through the
/// branch that is not used; where that branch is infinite or divides by 0, the 0 becomes NaN.
#[inline(always)]
pub fn single_where<R: Real>(sigma: R, x: R) -> Bump<R> {
    if within(sigma, x) {
        return Bump::core(sigma, x);
    }
    if sigma == R::ZERO {
        return Bump::outside(Some(R::ZERO));
    }
    // The operations of the backward pass, in their order; the rules for 0 · ∞ and 0/0 do the rest.
    let difference = sigma - x * x;
    let quotient = sigma / difference;
    let through_exp = R::ZERO * (-quotient).exp();
    let through_difference = through_exp * (quotient / difference);
    let d_x = -(through_difference * (x + x));
    Bump { d_x, ..Bump::outside(Some(-(through_exp / difference) + through_difference)) }
}

/// The second answer: as [`single_where`], but the branch that is not used is given x = 0, where it is finite. For σ > 1 the bump
/// is still used between √σ and σ, where it is above 1 and overflows towards √σ.
///
/// At σ = 0, which the projection can reach, the source's branch would be 0/0 even at x = 0; here value and gradient are 0.
#[inline(always)]
pub fn double_where<R: Real>(sigma: R, x: R) -> Bump<R> {
    // The source's own way: at 0 where it is not used.
    let inside = within(sigma, x);
    Bump::core(sigma, if inside { x } else { R::ZERO }).only(inside)
}

/// The support that belongs to the formula: exp(−σ/(σ − x²)) where |x| < √σ, else 0. Smooth everywhere.
#[inline(always)]
pub fn safe<R: Real>(sigma: R, x: R) -> Bump<R> {
    let inside = sigma > R::ZERO && sigma.minus_square(x) > R::ZERO;
    Bump::core(sigma, if inside { x } else { R::ZERO }).flat_at_the_edge().only(inside)
}

/// The formula for which the source's condition is right: exp(−σ²/(σ² − x²)) where |x| < σ, else 0. Smooth everywhere.
/// ∂f/∂σ = 2σx² f/(σ² − x²)² and ∂f/∂x = −2σ²x f/(σ² − x²)².
#[inline(always)]
pub fn squared<R: Real>(sigma: R, x: R) -> Bump<R> {
    let inside = within(sigma, x);
    let x = if inside { x } else { R::ZERO };
    // As a product the difference keeps its digits near the edge; σ / difference first, so that no square underflows.
    let scale = sigma / (sigma - x);
    let (quotient, ratio) = (scale * (sigma / (sigma + x)), (x / (sigma - x)) / (sigma + x));
    let exponent = -quotient;
    let value = exponent.exp();
    let slope = value * quotient * ratio;
    let d_sigma = value * sigma * ratio * ratio;
    let bump = Bump { value, exponent, d_sigma: Some(d_sigma + d_sigma), d_x: -(slope + slope) };
    bump.flat_at_the_edge().only(inside)
}

/// A Gaussian bump at one place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GaussianBump<R> {
    /// f = a exp(−b (x − c)²).
    pub value: R,
    /// ∂f/∂a.
    pub d_a: R,
    /// ∂f/∂b.
    pub d_b: R,
    /// ∂f/∂c.
    pub d_c: R,
    /// ∂f/∂x.
    pub d_x: R,
}

/// The answer that leaves bumps be: a exp(−b (x − c)²).
#[inline(always)]
pub fn gaussian<R: Real>([a, b, c]: [R; 3], x: R) -> GaussianBump<R> {
    let offset = x - c;
    let d_a = (-(b * (offset * offset))).exp();
    let value = a * d_a;
    let slope = value * b * offset;
    GaussianBump { value, d_a, d_b: -(value * (offset * offset)), d_c: slope + slope, d_x: -(slope + slope) }
}

/// An input with its target. With F features they come row by row: entry i is of feature i mod F.
pub type Sample<R> = [R; 2];

/// The mean squared error of some entries.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Loss<'a> {
    /// The mean over the entries; infinite or NaN where a value is.
    pub mse: f64,
    /// Its gradient, one number a parameter; `None` for the form that has none.
    pub gradient: Option<&'a [f64]>,
}

/// Calls `$body` with the function x → (value, derivatives by the parameters) of a form at one set of parameters.
macro_rules! with_form {
    ($form:expr, $set:expr, $real:ty, |$function:ident| $body:expr) => {{
        let sigma = <$real>::of($set[0]);
        // σ without a gradient counts as one of 0 in sums; `loss_and_gradient` says that there is none.
        let pair = |bump: Bump<$real>| (bump.value, [bump.d_sigma.unwrap_or(<$real>::ZERO)]);
        match $form {
            BumpForm::Asked => {
                let $function = |x| pair(asked(sigma, x));
                $body
            }
            BumpForm::SingleWhere => {
                let $function = |x| pair(single_where(sigma, x));
                $body
            }
            BumpForm::DoubleWhere => {
                let $function = |x| pair(double_where(sigma, x));
                $body
            }
            BumpForm::Safe => {
                let $function = |x| pair(safe(sigma, x));
                $body
            }
            BumpForm::Squared => {
                let $function = |x| pair(squared(sigma, x));
                $body
            }
            BumpForm::Gaussian => {
                let set = [sigma, <$real>::of($set[1]), <$real>::of($set[2])];
                let $function = |x| {
                    let GaussianBump { value, d_a, d_b, d_c, .. } = gaussian(set, x);
                    (value, [d_a, d_b, d_c])
                };
                $body
            }
        }
    }};
}

/// Calls `visit` for each entry of one of the sets.
#[inline(always)]
fn for_each<R: Real>(entries: &[Sample<R>], (set, sets): (usize, usize), visit: impl FnMut(&Sample<R>)) {
    if sets == 1 {
        entries.iter().for_each(visit);
    } else {
        entries.iter().skip(set).step_by(sets).for_each(visit);
    }
}

/// Entries that are evaluated together, so that the loop over them becomes SIMD, before they are added in their order.
const BLOCK: usize = 8;

/// Σ r² over the entries of one set, adding Σ r ∂f to `gradient`; residuals and products in the precision of the entries, sums
/// in double.
#[inline(always)]
fn sums<R: Real, const P: usize>(
    entries: &[Sample<R>],
    set: (usize, usize),
    function: impl Fn(R) -> (R, [R; P]),
    gradient: &mut [f64],
) -> f64 {
    let mut squares = 0.0;
    let mut products = [0.0; P];
    let mut add = |residual: R, derivatives: [R; P]| {
        squares += (residual * residual).wide();
        for p in 0..P {
            products[p] += (residual * derivatives[p]).wide();
        }
    };
    let blocks = if set.1 == 1 { entries.chunks_exact(BLOCK) } else { [].chunks_exact(BLOCK) };
    let rest = if set.1 == 1 { blocks.remainder() } else { entries };
    for block in blocks {
        let (mut residuals, mut slopes) = ([R::ZERO; BLOCK], [[R::ZERO; BLOCK]; P]);
        for i in 0..BLOCK {
            let (value, derivatives) = function(block[i][0]);
            residuals[i] = value - block[i][1];
            for p in 0..P {
                slopes[p][i] = derivatives[p];
            }
        }
        for i in 0..BLOCK {
            add(residuals[i], std::array::from_fn(|p| slopes[p][i]));
        }
    }
    for_each(rest, set, |&[x, y]| {
        let (value, derivatives) = function(x);
        add(value - y, derivatives);
    });
    for (sum, product) in gradient.iter_mut().zip(products) {
        *sum += product;
    }
    squares
}

/// The mean squared error over whole rows of entries, with its gradient in `gradient`, which has the parameters' length.
///
/// Entries belong to the sets of parameters in turn; with one set, to that.
pub fn loss_and_gradient<'a, R: Real>(
    parameters: &Parameters,
    entries: &[Sample<R>],
    gradient: &'a mut [f64],
) -> Loss<'a> {
    let (form, sets, length) = (parameters.form(), parameters.sets(), parameters_of(parameters.form()));
    gradient.fill(0.0);
    let mut squares = 0.0;
    for (set, gradient) in gradient.chunks_exact_mut(length).enumerate() {
        let values = parameters.set(set);
        squares += with_form!(form, values, R, |function| sums(entries, (set, sets), function, gradient));
    }
    let count = entries.len() as f64;
    for sum in gradient.iter_mut() {
        *sum *= 2.0 / count;
    }
    Loss { mse: squares / count, gradient: (form != BumpForm::Asked).then_some(gradient) }
}

/// The mean squared error over whole rows of entries.
pub fn loss<R: Real>(parameters: &Parameters, entries: &[Sample<R>]) -> f64 {
    sum_of_squares(parameters.form(), &parameters.values, entries) / entries.len() as f64
}

/// Σ r² over whole rows of entries; `values` are the parameters of whole sets.
pub fn sum_of_squares<R: Real>(form: BumpForm, values: &[f64], entries: &[Sample<R>]) -> f64 {
    let length = parameters_of(form);
    let sets = values.len() / length;
    let squares = |set: usize| {
        let values = &values[set * length..];
        with_form!(form, values, R, |function| sums(entries, (set, sets), |x| (function(x).0, []), &mut []))
    };
    (0..sets).map(squares).sum()
}

/// The layer's outputs at some inputs of one feature.
pub fn predict<R: Real>(parameters: &Parameters, feature: usize, inputs: &[f64]) -> Vec<f64> {
    let set = parameters.set(feature % parameters.sets());
    with_form!(parameters.form(), set, R, |function| inputs.iter().map(|&x| function(R::of(x)).0.wide()).collect())
}

/// ∂f/∂σ at some inputs of one feature; `None` for the form as asked, which has none, and for the Gaussian.
pub fn slopes<R: Real>(parameters: &Parameters, feature: usize, inputs: &[f64]) -> Option<Vec<f64>> {
    let set = parameters.set(feature % parameters.sets());
    if matches!(parameters.form(), BumpForm::Asked | BumpForm::Gaussian) {
        return None;
    }
    let at = |x: &f64| with_form!(parameters.form(), set, R, |function| function(R::of(*x)).1[0].wide());
    Some(inputs.iter().map(at).collect())
}

/// ∂f/∂b of a Gaussian bump at some inputs of one feature, counted from 0; `None` for the forms with a σ.
pub fn width_slopes<R: Real>(parameters: &Parameters, feature: usize, inputs: &[f64]) -> Option<Vec<f64>> {
    if parameters.form() != BumpForm::Gaussian {
        return None;
    }
    let set = parameters.set(feature % parameters.sets());
    let set = [set[0], set[1], set[2]].map(R::of);
    Some(inputs.iter().map(|&x| gaussian(set, R::of(x)).d_b.wide()).collect())
}

/// What a Gauss–Newton step needs of the residuals r = f − y and their Jacobian J, over all entries.
#[derive(Clone, Debug, PartialEq)]
pub struct NormalSums {
    /// Σ r².
    pub squares: f64,
    /// Jᵀ r.
    pub gradient: DVector<f64>,
    /// Jᵀ J; 0 between the parameters of different sets.
    pub matrix: DMatrix<f64>,
}

/// The sums of a Gauss–Newton step over whole rows of entries; `values` are the parameters of whole sets.
pub fn normal_sums<R: Real>(form: BumpForm, values: &[f64], entries: &[Sample<R>]) -> NormalSums {
    let (count, length) = (values.len(), parameters_of(form));
    let sets = count / length;
    let mut sums = NormalSums { squares: 0.0, gradient: DVector::zeros(count), matrix: DMatrix::zeros(count, count) };
    for set in 0..sets {
        let values = &values[set * length..];
        with_form!(form, values, R, |function| {
            add_normal_sums(entries, (set, sets), function, set * length, &mut sums);
        });
    }
    sums
}

/// Adds the sums of one set, whose first parameter has the index `first`.
#[inline(always)]
fn add_normal_sums<R: Real, const P: usize>(
    entries: &[Sample<R>],
    set: (usize, usize),
    function: impl Fn(R) -> (R, [R; P]),
    first: usize,
    total: &mut NormalSums,
) {
    let (mut squares, mut gradient, mut matrix) = (0.0, [0.0; P], [[0.0; P]; P]);
    for_each(entries, set, |&[x, y]| {
        let (value, derivatives) = function(x);
        let residual = (value - y).wide();
        let derivatives = derivatives.map(R::wide);
        squares += residual * residual;
        for i in 0..P {
            gradient[i] += residual * derivatives[i];
            for j in 0..P {
                matrix[i][j] += derivatives[i] * derivatives[j];
            }
        }
    });
    total.squares += squares;
    for i in 0..P {
        total.gradient[first + i] += gradient[i];
        for j in 0..P {
            total.matrix[(first + i, first + j)] += matrix[i][j];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slope_in_the_width_is_that_of_the_bell() {
        let places = [-1.5, -0.2, 0.0, 0.7, 2.0];
        let bell = |b: f64| {
            let mut parameters = Parameters::new(BumpForm::Gaussian, 1, 0.0);
            parameters.values = vec![1.3, b, 0.2];
            parameters
        };
        let slopes = width_slopes::<f64>(&bell(0.8), 0, &places).unwrap();
        let (above, below) =
            (predict::<f64>(&bell(0.8 + 1e-5), 0, &places), predict::<f64>(&bell(0.8 - 1e-5), 0, &places));
        for (slope, (above, below)) in slopes.iter().zip(above.iter().zip(below)) {
            assert!((slope - (above - below) / 2e-5).abs() < 1e-8, "{slope}");
        }
        assert_eq!(width_slopes::<f64>(&Parameters::new(BumpForm::Safe, 1, 0.5), 0, &places), None);
    }

    #[test]
    fn the_traps_are_where_the_sources_have_them() {
        // As asked: no gradient, and the lower side is not cut.
        assert_eq!(asked(0.2f32, 0.1).d_sigma, None);
        assert_eq!(asked(0.2f32, 0.3).value, 0.0);
        assert!(asked(0.2f32, -0.5).value > 0.0);
        // One where: x = 0.30001 is not used, but σ − x² is just below 0 there.
        let naive = single_where(0.09f32, 0.30001);
        assert_eq!(naive.value, 0.0);
        assert!(naive.d_sigma.unwrap().is_nan() && naive.d_x.is_nan());
        let guarded = double_where(0.09f32, 0.30001);
        assert_eq!((guarded.value, guarded.d_sigma, guarded.d_x), (0.0, Some(0.0), 0.0));
        // Two: between √σ and σ the bump is above 1 and overflows; the safe form is 0 there.
        assert!(double_where(2.0f32, 1.5).value > 1.0);
        assert!(double_where(2.0f32, 1.4145).value.is_infinite());
        assert_eq!(safe(2.0f32, 1.4145).value, 0.0);
    }
}
