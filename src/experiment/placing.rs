//! What it takes to put components where a visitor wants them.

use nalgebra::{DMatrix, SMatrix, SVector};

use super::Placed;
use crate::error::Error;

/// Numbers below this have finite squares.
const LARGEST: f64 = 1e150;

/// A placed component in the dimension of a fit.
pub struct Gaussian<const D: usize> {
    /// In the units of the data.
    pub mean: SVector<f64, D>,
    /// In squared units of the data, symmetric and without negative variances; `None` where it is to stay.
    pub covariance: Option<SMatrix<f64, D, D>>,
}

/// Reads a placed component, counted from 0, of as many as there are.
///
/// # Errors
/// [`Error::NoSuchComponent`] or [`Error::Parameters`].
pub fn gaussian<const D: usize>(component: usize, components: usize, placed: &Placed) -> Result<Gaussian<D>, Error> {
    check(component, components, D, placed)?;
    let covariance = (!placed.covariance.is_empty()).then(|| {
        let given = SMatrix::<f64, D, D>::from_row_slice(&placed.covariance);
        (given + given.transpose()) * 0.5
    });
    Ok(Gaussian { mean: SVector::from_column_slice(&placed.mean), covariance })
}

/// Checks a placed component, for data of some dimension.
///
/// # Errors
/// [`Error::NoSuchComponent`] or [`Error::Parameters`].
pub fn check(component: usize, components: usize, dimension: usize, placed: &Placed) -> Result<(), Error> {
    if component >= components {
        return Err(Error::NoSuchComponent { component: component + 1, components });
    }
    let refuse = |what: &str| Err(Error::Parameters { reason: format!("{what} of component {}", component + 1) });
    let Placed { weight, mean, covariance } = placed;
    if weight.is_some_and(|weight| !weight.is_finite()) {
        return refuse("not a finite number is the weight");
    }
    if mean.len() != dimension || mean.iter().any(|value| !value.is_finite()) {
        return refuse(&format!("not {dimension} finite numbers are the mean"));
    }
    if covariance.is_empty() {
        return Ok(());
    }
    let usable = |value: &f64| value.abs() < LARGEST;
    if covariance.len() != dimension * dimension || !covariance.iter().all(usable) {
        return refuse(&format!("not {dimension} by {dimension} finite numbers are the covariance"));
    }
    let matrix = DMatrix::from_row_slice(dimension, dimension, covariance);
    let values = ((&matrix + matrix.transpose()) * 0.5).symmetric_eigenvalues();
    let largest = values.max();
    if largest.is_nan() || largest <= 0.0 || values.min() < -1e-9 * largest {
        return refuse("not without negative variances is the covariance");
    }
    Ok(())
}

/// The symmetric matrix with its eigenvalues raised to at least `minimum`; as it is, where numbers are too large for that.
pub fn raised<const D: usize>(matrix: &SMatrix<f64, D, D>, minimum: f64) -> SMatrix<f64, D, D> {
    if !matrix.iter().all(|value| value.abs() < LARGEST) {
        return *matrix;
    }
    let mut eigen = DMatrix::from_column_slice(D, D, matrix.as_slice()).symmetric_eigen();
    for value in eigen.eigenvalues.iter_mut() {
        *value = value.max(minimum);
    }
    SMatrix::from_column_slice(eigen.recompose().as_slice())
}

/// The weights that are asked for, of the components that ask for one; at least 0.
pub fn given_weights(placed: &[(usize, &Placed)]) -> Vec<(usize, f64)> {
    placed.iter().filter_map(|(k, placed)| Some((*k, placed.weight?.max(0.0)))).collect()
}

/// Gives some components of a distribution new weights; the others keep what is left, in their old proportions. Where nothing is left
/// to give way, all are scaled to sum to 1.
pub fn reweigh(weights: &mut [f64], given: &[(usize, f64)]) {
    if given.is_empty() {
        return;
    }
    for &(k, weight) in given {
        weights[k] = weight;
    }
    let is_given = |k: usize| given.iter().any(|&(other, _)| other == k);
    let others: Vec<usize> = (0..weights.len()).filter(|&k| !is_given(k)).collect();
    let asked: f64 = (0..weights.len()).filter(|&k| is_given(k)).map(|k| weights[k]).sum();
    if others.is_empty() || asked > 1.0 {
        let equal = 1.0 / weights.len() as f64;
        for weight in weights.iter_mut() {
            *weight = if asked > 0.0 { *weight / asked } else { equal };
        }
        if others.is_empty() {
            return;
        }
    }
    let left = (1.0 - asked).max(0.0);
    let before: f64 = others.iter().map(|&k| weights[k]).sum();
    for &k in &others {
        weights[k] = if before > 0.0 { weights[k] / before * left } else { left / others.len() as f64 };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_stay_a_distribution() {
        let reweighed = |mut weights: Vec<f64>, given: &[(usize, f64)]| {
            reweigh(&mut weights, given);
            weights
        };
        let close = |a: Vec<f64>, b: &[f64]| assert!(a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-15), "{a:?}");
        close(reweighed(vec![0.2, 0.2, 0.6], &[(0, 0.6)]), &[0.6, 0.1, 0.3]);
        close(reweighed(vec![0.2, 0.2, 0.6], &[]), &[0.2, 0.2, 0.6]);
        close(reweighed(vec![0.2, 0.8], &[(0, 3.0)]), &[1.0, 0.0]);
        close(reweighed(vec![0.2, 0.8], &[(0, 3.0), (1, 1.0)]), &[0.75, 0.25]);
        close(reweighed(vec![0.2, 0.8], &[(0, 0.0), (1, 0.0)]), &[0.5, 0.5]);
        close(reweighed(vec![1.0, 0.0, 0.0], &[(0, 0.5)]), &[0.5, 0.25, 0.25]);
        close(reweighed(vec![0.2, 0.8], &[(0, 0.4), (0, 0.5)]), &[0.5, 0.5]);
    }

    #[test]
    fn what_is_no_gaussian_is_refused() {
        let placed = |mean: &[f64], covariance: &[f64]| Placed {
            weight: None,
            mean: mean.to_vec(),
            covariance: covariance.to_vec(),
        };
        assert!(check(0, 1, 2, &placed(&[0.0, 1.0], &[1.0, 0.5, 0.5, 1.0])).is_ok());
        assert!(check(0, 1, 2, &placed(&[0.0, 1.0], &[])).is_ok());
        assert!(check(1, 1, 2, &placed(&[0.0, 1.0], &[])).is_err());
        for (mean, covariance) in [
            (&[0.0][..], &[][..]),
            (&[0.0, f64::NAN], &[]),
            (&[0.0, 1.0], &[1.0]),
            (&[0.0, 1.0], &[1.0, 2.0, 2.0, 1.0]),
            (&[0.0, 1.0], &[0.0, 0.0, 0.0, 0.0]),
            (&[0.0, 1.0], &[1e300, 0.0, 0.0, 1.0]),
        ] {
            let error = check(0, 1, 2, &placed(mean, covariance)).unwrap_err();
            assert!(error.to_string().ends_with("of component 1."), "{error}");
        }
        let heavy = Placed { weight: Some(f64::INFINITY), ..placed(&[0.0, 1.0], &[]) };
        assert!(check(0, 1, 2, &heavy).is_err());
    }

    #[test]
    fn eigenvalues_are_raised() {
        let flat = SMatrix::<f64, 2, 2>::from_row_slice(&[1.0, 1.0, 1.0, 1.0]);
        let found = raised(&flat, 0.5);
        assert!((found - SMatrix::from_row_slice(&[1.25, 0.75, 0.75, 1.25])).amax() < 1e-12, "{found}");
    }
}
