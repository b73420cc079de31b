//! The loss, term by term, with its gradient.

use std::ops::Range;

use nalgebra::{SMatrix, SVector};

use super::parameters::{CovarianceForm, Parameters, Whitening};
use crate::error::Error;
use crate::moments::{
    Component, Points, ResidualMoments, ResidualWorkspace, Samples, contributions, residual_moments, squared_residuals,
    visit_predictions,
};
use crate::numeric::lanes::Lanes;
use crate::settings::FactorShape;

/// What the authors add to every coordinate of the difference of two centres before they take its length.
const SPREAD_OFFSET: f64 = 1e-9;

/// The factors of the penalties; 0 leaves one out.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Penalties {
    /// Times Σ |a_k|.
    pub amplitude_l1: f64,
    /// Times 1 / (mean distance between two centres).
    pub spread: f64,
}

/// The loss, term by term, factors included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Loss {
    /// The mean squared error.
    pub mse: f64,
    /// The L1 penalty on the amplitudes.
    pub amplitude_l1: f64,
    /// The penalty on centres that are close.
    pub spread: f64,
}

impl Loss {
    /// What the fit makes small.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.mse + self.amplitude_l1 + self.spread
    }
}

/// `factor` · Σ |a_k|; adds its gradient, with 0 as the sign of 0 (TensorFlow's convention).
pub fn amplitude_penalty(amplitudes: &[f64], factor: f64, gradient: Option<&mut [f64]>) -> f64 {
    if let Some(gradient) = gradient {
        for (gradient, &amplitude) in gradient.iter_mut().zip(amplitudes) {
            if amplitude != 0.0 {
                *gradient += factor * amplitude.signum();
            }
        }
    }
    factor * amplitudes.iter().map(|amplitude| amplitude.abs()).sum::<f64>()
}

/// `factor` / (mean distance between two centres) over the `active` ones of K; adds its gradient.
///
/// As in the authors' `_means_spread_regularizer`, 1e-9 is added to every coordinate of μ_j − μ_i (i ≤ j), the distances of
/// centres from themselves are in the sum, which is divided by K(K − 1)/2. So the value is finite where centres
/// coincide: the pair is then pushed apart along (1, …, 1), the later one upwards. With a single active centre, for which
/// the authors' code gives 0/0, it is 0 and has no gradient.
pub fn spread_penalty<const D: usize>(
    means: &[SVector<f64, D>],
    active: &[bool],
    factor: f64,
    gradient: Option<&mut [SVector<f64, D>]>,
) -> f64 {
    let count = active.iter().filter(|&&active| active).count();
    if count < 2 || factor == 0.0 {
        return 0.0;
    }
    let offset = SVector::<f64, D>::repeat(SPREAD_OFFSET);
    let pairs = || {
        (0..means.len())
            .filter(|&j| active[j])
            .flat_map(|j| (0..j).filter(|&i| active[i]).map(move |i| (i, j, means[j] - means[i] + offset)))
    };
    let sum = pairs().map(|(_, _, difference)| length(&difference)).sum::<f64>() + count as f64 * length(&offset);
    let number = (count * (count - 1)) as f64 / 2.0;
    let mean = sum / number;
    if let Some(gradient) = gradient {
        let scale = factor / (mean * mean * number);
        for (i, j, difference) in pairs() {
            let distance = length(&difference);
            if distance > 0.0 {
                let pull = difference * (scale / distance);
                gradient[j] -= pull;
                gradient[i] += pull;
            }
        }
    }
    factor / mean
}

/// |v| by `libm`'s square root.
fn length<const D: usize>(vector: &SVector<f64, D>) -> f64 {
    libm::sqrt(vector.norm_squared())
}

/// The loss of a sum of Gaussians, with all the scratch space that its sums need.
pub struct Objective<L, const D: usize> {
    /// How factors become covariances.
    form: CovarianceForm,
    /// What is added to the mean squared error.
    pub penalties: Penalties,
    /// What was last made of each factor: a step checks the parameters that the next one starts from.
    known: Vec<Option<(SMatrix<f64, D, D>, Whitening<D>)>>,
    /// The components in use, with their indices and amplitudes.
    components: Vec<Component<D>>,
    /// R⁻¹ A of each.
    whitened: Vec<SMatrix<f64, D, D>>,
    indices: Vec<usize>,
    amplitudes: Vec<f64>,
    sums: ResidualMoments<D>,
    workspace: ResidualWorkspace<L, D>,
}

impl<L: Lanes, const D: usize> Objective<L, D> {
    /// A loss with these penalties.
    #[must_use]
    pub fn new(form: CovarianceForm, penalties: Penalties) -> Self {
        Self {
            form,
            penalties,
            known: Vec::new(),
            components: Vec::new(),
            whitened: Vec::new(),
            indices: Vec::new(),
            amplitudes: Vec::new(),
            sums: ResidualMoments::default(),
            workspace: ResidualWorkspace::default(),
        }
    }

    /// The whitening of component `k`; `None` where its covariance is singular or not finite.
    fn whitening(&mut self, k: usize, factor: &SMatrix<f64, D, D>) -> Option<Whitening<D>> {
        if self.known.len() <= k {
            self.known.resize(k + 1, None);
        }
        if let Some((known, whitening)) = &self.known[k]
            && known == factor
        {
            return Some(*whitening);
        }
        let whitening = self.form.whitening(factor)?;
        self.known[k] = Some((*factor, whitening));
        Some(whitening)
    }

    /// The first parameter that a fit cannot go on from, in words: one that is not finite or so large that its squares leave
    /// the lanes' precision, or a factor whose covariance is singular. `None` where all are usable; the loss and its
    /// gradient are then finite.
    #[must_use]
    pub fn unusable(&mut self, parameters: &Parameters<D>, active: &[bool]) -> Option<String> {
        let largest_amplitude = libm::sqrt(L::LARGEST) / parameters.components() as f64;
        let within = |value: &f64, largest: f64| value.abs() <= largest;
        (0..parameters.components()).filter(|&k| active[k]).find_map(|k| {
            let name = |what: &str| Some(format!("the {what} of component {}", k + 1));
            let (mean, factor) = (&parameters.means[k], &parameters.factors[k]);
            if !within(&parameters.amplitudes[k], largest_amplitude) {
                return name("amplitude");
            }
            if !mean.iter().all(|value| within(value, L::LARGEST)) {
                return name("centre");
            }
            let whitening = self.whitening(k, factor);
            let usable = whitening.is_some_and(|whitening| {
                factor.iter().all(|value| within(value, L::LARGEST))
                    && whitening.matrix.iter().all(|value| within(&(value * mean.amax().max(1.0)), L::LARGEST))
            });
            let what = if self.form.shape == FactorShape::Covariance { "covariance" } else { "factor" };
            if usable { None } else { name(what) }
        })
    }

    /// The first active component whose covariance, trained itself, is finite but not positive definite any more.
    #[must_use]
    pub fn indefinite(&self, parameters: &Parameters<D>, active: &[bool]) -> Option<usize> {
        let lost = |factor: &SMatrix<f64, D, D>| {
            factor.iter().all(|value| value.abs() <= L::LARGEST) && !self.form.is_definite(factor)
        };
        let trained = self.form.shape == FactorShape::Covariance;
        (0..parameters.components()).find(|&k| trained && active[k] && lost(&parameters.factors[k]))
    }

    /// Takes parameters over as the sums have them; those that are not active are left out.
    ///
    /// # Errors
    /// [`Error::CollapsedCovariance`] where a covariance is singular or not finite.
    fn prepare(&mut self, parameters: &Parameters<D>, active: &[bool]) -> Result<(), Error> {
        self.components.clear();
        self.whitened.clear();
        self.indices.clear();
        self.amplitudes.clear();
        for k in (0..parameters.components()).filter(|&k| active[k]) {
            let whitening =
                self.whitening(k, &parameters.factors[k]).ok_or(Error::CollapsedCovariance { component: k + 1 })?;
            self.components.push(Component { mean: parameters.means[k], whitening: whitening.matrix, log_scale: 0.0 });
            self.whitened.push(whitening.factor);
            self.indices.push(k);
            self.amplitudes.push(parameters.amplitudes[k]);
        }
        Ok(())
    }

    /// The loss whose mean squared error is this.
    fn loss_of(&self, mse: f64, parameters: &Parameters<D>, active: &[bool]) -> Loss {
        Loss {
            mse,
            amplitude_l1: amplitude_penalty(&parameters.amplitudes, self.penalties.amplitude_l1, None),
            spread: spread_penalty(&parameters.means, active, self.penalties.spread, None),
        }
    }

    /// The loss over all samples; `active` has one entry a component, and those that are not active do not exist.
    ///
    /// # Errors
    /// [`Error::CollapsedCovariance`] where a covariance is singular or not finite.
    pub fn loss(
        &mut self,
        samples: &Samples<L, D>,
        parameters: &Parameters<D>,
        active: &[bool],
    ) -> Result<Loss, Error> {
        self.prepare(parameters, active)?;
        let range = 0..samples.count();
        let squared = squared_residuals(samples, range, &self.components, &self.amplitudes, &mut self.workspace);
        Ok(self.loss_of(squared / samples.count() as f64, parameters, active))
    }

    /// The loss over the samples of `range`, at least one, with its gradient, which is overwritten. What does not count, below
    /// the diagonal of an upper factor and of components that are not active, has gradient 0.
    ///
    /// # Errors
    /// [`Error::CollapsedCovariance`] where a covariance is singular or not finite.
    pub fn gradient(
        &mut self,
        samples: &Samples<L, D>,
        range: Range<usize>,
        parameters: &Parameters<D>,
        active: &[bool],
        gradient: &mut Parameters<D>,
    ) -> Result<Loss, Error> {
        self.prepare(parameters, active)?;
        let count = range.len() as f64;
        let Self { components, amplitudes, sums, workspace, .. } = self;
        residual_moments(samples, range, components, amplitudes, workspace, sums);
        gradient.amplitudes.fill(0.0);
        gradient.means.fill(SVector::zeros());
        gradient.factors.fill(SMatrix::zeros());
        for (place, &k) in self.indices.iter().enumerate() {
            let (component, sums) = (&self.components[place], &self.sums.components[place]);
            // With u = R⁻¹ (x − μ), q = −½ |u|² and dΣ = dA Aᵀ + A dAᵀ: ∂q/∂μ = R⁻ᵀ u and ∂q/∂A = R⁻ᵀ u uᵀ R⁻¹ A. Where A is
            // Σ, dΣ is the symmetric part of dA: ∂q/∂A = ½ R⁻ᵀ u uᵀ R⁻¹.
            let scale = 2.0 * parameters.amplitudes[k] / count;
            let unwhitening = component.whitening.transpose();
            gradient.amplitudes[k] = 2.0 * sums.mass / count;
            gradient.means[k] = unwhitening * sums.first * scale;
            let full = unwhitening * (sums.second * self.whitened[place]) * scale;
            gradient.factors[k] = match self.form.shape {
                FactorShape::Full | FactorShape::Covariance => full,
                FactorShape::Upper | FactorShape::UpperEverywhere => full.upper_triangle(),
            };
        }
        let Penalties { amplitude_l1, spread } = self.penalties;
        Ok(Loss {
            mse: self.sums.squared / count,
            amplitude_l1: amplitude_penalty(&parameters.amplitudes, amplitude_l1, Some(&mut gradient.amplitudes)),
            spread: spread_penalty(&parameters.means, active, spread, Some(&mut gradient.means)),
        })
    }

    /// Calls `visit(point, prediction)` for every point, in order.
    ///
    /// # Errors
    /// [`Error::CollapsedCovariance`] where a covariance is singular or not finite.
    pub fn predict(
        &mut self,
        points: &Points<L, D>,
        parameters: &Parameters<D>,
        active: &[bool],
        visit: &mut dyn FnMut(usize, f64),
    ) -> Result<(), Error> {
        self.prepare(parameters, active)?;
        visit_predictions(points, &self.components, &self.amplitudes, &mut self.workspace, visit);
        Ok(())
    }

    /// By how much the mean squared error would rise without each component, one entry a component; `None` for those that
    /// are not active.
    ///
    /// # Errors
    /// [`Error::CollapsedCovariance`] where a covariance is singular or not finite.
    pub fn contributions(
        &mut self,
        samples: &Samples<L, D>,
        parameters: &Parameters<D>,
        active: &[bool],
    ) -> Result<Vec<Option<f64>>, Error> {
        self.prepare(parameters, active)?;
        let rises = contributions(samples, &self.components, &self.amplitudes, &mut self.workspace);
        let mut all = vec![None; parameters.components()];
        for (&k, rise) in self.indices.iter().zip(rises) {
            all[k] = Some(rise / samples.count() as f64);
        }
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nalgebra::matrix;
    use wide::{f32x4, f64x2};

    #[test]
    fn zero_amplitudes_have_no_sign() {
        let mut gradient = [1.0; 3];
        assert_eq!(amplitude_penalty(&[2.0, 0.0, -3.0], 0.5, Some(&mut gradient)), 2.5);
        assert_eq!(gradient, [1.5, 1.0, 0.5]);
    }

    #[test]
    fn spread_is_finite_for_coincident_and_for_single_centres() {
        let mean = SVector::from([1.0, 2.0]);
        let mut gradient = [SVector::<f64, 2>::zeros(); 2];
        // Two coincident centres: three distances of 1e-9 √2, divided by one pair.
        let value = spread_penalty(&[mean, mean], &[true, true], 1.0, Some(&mut gradient));
        assert!((value * 3e-9 * 2f64.sqrt() - 1.0).abs() < 1e-12, "{value}");
        assert!(gradient[1].iter().all(|&value| value.is_finite() && value < 0.0), "{gradient:?}");
        assert_eq!(gradient[0], -gradient[1]);
        for (means, active) in [(&[mean][..], &[true][..]), (&[mean, mean][..], &[true, false][..])] {
            let mut gradient = [SVector::<f64, 2>::zeros(); 2];
            assert_eq!(spread_penalty(means, active, 1.0, Some(&mut gradient)), 0.0);
            assert_eq!(gradient, [SVector::<f64, 2>::zeros(); 2]);
        }
        // A difference of exactly −1e-9 has no direction: 0 instead of 0/0.
        let means = [SVector::from([1e-9]), SVector::from([0.0])];
        let mut gradient = [SVector::<f64, 1>::zeros(); 2];
        assert!(spread_penalty(&means, &[true, true], 1.0, Some(&mut gradient)).is_finite());
        assert!(gradient.iter().all(|value| value[0].is_finite()));
    }

    fn two() -> Parameters<2> {
        Parameters {
            amplitudes: vec![1.0, 0.001],
            means: vec![SVector::from([0.0, 0.0]), SVector::from([5.0, 5.0])],
            factors: vec![SMatrix::identity(); 2],
        }
    }

    #[test]
    fn unusable_parameters_are_named() {
        let form = |epsilon| CovarianceForm { shape: FactorShape::Full, epsilon };
        let named = |change: &dyn Fn(&mut Parameters<2>), epsilon| {
            let mut parameters = two();
            change(&mut parameters);
            Objective::<f32x4, 2>::new(form(epsilon), Penalties::default()).unusable(&parameters, &[true, true])
        };
        assert_eq!(named(&|_| {}, 1e-6), None);
        for bad in [f64::NAN, f64::INFINITY, 1e30] {
            assert_eq!(named(&|p| p.amplitudes[1] = bad, 1e-6).unwrap(), "the amplitude of component 2");
            assert_eq!(named(&|p| p.means[0][1] = bad * 10.0, 1e-6).unwrap(), "the centre of component 1");
            assert_eq!(named(&|p| p.factors[1][(1, 0)] = bad * 10.0, 1e-6).unwrap(), "the factor of component 2");
        }
        let singular = |p: &mut Parameters<2>| p.factors[0] = matrix![1.0, 2.0; 0.5, 1.0];
        assert_eq!(named(&singular, 1e-6), None);
        assert_eq!(named(&singular, 0.0).unwrap(), "the factor of component 1");
        let mut parameters = two();
        parameters.amplitudes[1] = 1e20;
        let mut double = Objective::<f64x2, 2>::new(form(1e-6), Penalties::default());
        assert_eq!(double.unusable(&parameters, &[true, true]), None, "double holds more");
        parameters.amplitudes[1] = f64::NAN;
        assert_eq!(double.unusable(&parameters, &[true, false]), None, "it is out of use");
        assert_eq!(double.unusable(&parameters, &[true, true]).unwrap(), "the amplitude of component 2");
    }
}
