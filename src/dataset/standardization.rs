//! Between the units of the data and those that a fit works in.

use super::Dataset;
use crate::error::Error;
use crate::numeric::lanes::Lanes;
use crate::settings::Standardization;

/// What double precision holds with its squares: standardized data need no more.
const LARGEST: f64 = 1e150;

/// Where a fit's coordinates are: x = origin + scale · (frame + the fit's coordinate), column by column. Units of the data
/// times 1/scale, counted from the origin, are standardized units; the fit counts them from the frame.
#[derive(Clone, Debug, PartialEq)]
pub struct Placement {
    /// In the units of the data.
    origin: Vec<f64>,
    /// The units of the data in one standardized unit.
    scale: Vec<f64>,
    /// The mean of the data in standardized units.
    frame: Vec<f64>,
}

impl Placement {
    /// Places data on the lanes of one precision. A constant column, or one narrower than 1e-150, is not scaled: in the
    /// unit square it lies in the middle.
    ///
    /// # Errors
    /// [`Error::Spread`] or [`Error::WeightSpread`] for data that the precision cannot hold; where they are standardized,
    /// that double precision cannot.
    pub fn new<L: Lanes>(dataset: &Dataset, standardization: Standardization) -> Result<Self, Error> {
        match standardization {
            Standardization::None => dataset.check_spread(L::LARGEST, L::PRECISION)?,
            _ => dataset.check_spread(LARGEST, "double")?,
        }
        let (dimension, mean) = (dataset.dimension(), dataset.mean());
        let (mut origin, mut scale) = (mean.clone(), vec![1.0; dimension]);
        match standardization {
            Standardization::None => origin.fill(0.0),
            Standardization::UnitSquare => {
                for axis in 0..dimension {
                    let (low, high) = dataset.range(axis);
                    (origin[axis], scale[axis]) =
                        if is_wide(dataset, axis) { (low, high - low) } else { (low - 0.5, 1.0) };
                }
            }
            Standardization::UnitVariance => {
                let deviations: Vec<f64> = (0..dimension).map(|axis| deviation(dataset, &mean, axis)).collect();
                // Relative to the largest, so that no square leaves the precision.
                let largest = deviations.iter().copied().fold(0.0, f64::max);
                let squares: f64 =
                    deviations.iter().map(|deviation| (deviation / largest) * (deviation / largest)).sum();
                scale.fill(largest * libm::sqrt(squares / dimension as f64));
            }
            Standardization::PerColumn => {
                for axis in (0..dimension).filter(|&axis| is_wide(dataset, axis)) {
                    scale[axis] = deviation(dataset, &mean, axis);
                }
            }
        }
        let frame = (0..dimension).map(|axis| (mean[axis] - origin[axis]) / scale[axis]).collect();
        Ok(Self { origin, scale, frame })
    }

    /// The units of the data in one standardized unit, column by column.
    #[must_use]
    pub fn scale(&self) -> &[f64] {
        &self.scale
    }

    /// The place that the fit's coordinates are counted from, in standardized units.
    #[must_use]
    pub fn frame(&self) -> &[f64] {
        &self.frame
    }

    /// In standardized units, a coordinate in the units of the data.
    #[must_use]
    pub fn standardized(&self, value: f64, axis: usize) -> f64 {
        (value - self.origin[axis]) / self.scale[axis]
    }

    /// In the frame of the fit, a coordinate in the units of the data.
    #[must_use]
    pub fn enter(&self, value: f64, axis: usize) -> f64 {
        self.standardized(value, axis) - self.frame[axis]
    }

    /// In the units of the data, a coordinate in the frame of the fit.
    #[must_use]
    pub fn leave(&self, coordinate: f64, axis: usize) -> f64 {
        self.origin[axis] + self.scale[axis] * (coordinate + self.frame[axis])
    }

    /// What to take off the fit's log-densities to get those in the units of the data.
    #[must_use]
    pub fn log_volume(&self) -> f64 {
        self.scale.iter().map(|&scale| libm::log(scale)).sum()
    }
}

/// Whether a column is not constant.
fn is_wide(dataset: &Dataset, axis: usize) -> bool {
    let (low, high) = dataset.range(axis);
    high - low > 1.0 / LARGEST
}

/// The standard deviation of a column, its offsets taken relative to the largest, so that no square leaves the precision.
fn deviation(dataset: &Dataset, mean: &[f64], axis: usize) -> f64 {
    let offset = |i: usize| dataset.coordinate(i, axis) - mean[axis];
    let largest = dataset.present().map(|i| offset(i).abs()).fold(0.0, f64::max);
    if largest == 0.0 {
        return 0.0;
    }
    let squares = dataset.present().map(|i| dataset.weight(i) * (offset(i) / largest) * (offset(i) / largest));
    largest * libm::sqrt(squares.sum::<f64>() / dataset.total_weight())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Axis;
    use wide::{f32x4, f64x2};

    fn data(values: &[f64]) -> Dataset {
        Dataset::new("test", vec![Axis::unitless("x"), Axis::unitless("y")], values.to_vec()).unwrap()
    }

    fn placed(data: &Dataset, standardization: Standardization) -> Placement {
        Placement::new::<f64x2>(data, standardization).unwrap()
    }

    /// The points in standardized units, as data of their own.
    fn standardized(data: &Dataset, standardization: Standardization) -> Dataset {
        let placement = placed(data, standardization);
        let values = data.values().iter().enumerate().map(|(i, &value)| placement.standardized(value, i % 2)).collect();
        let standardized = Dataset::new("test", data.axes().to_vec(), values).unwrap();
        match data.weights() {
            Some(weights) => standardized.with_weights(weights.to_vec()).unwrap(),
            None => standardized,
        }
    }

    fn close(found: &[f64], expected: &[f64]) {
        assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-14), "{found:?} {expected:?}");
    }

    #[test]
    fn each_kind_does_what_it_says() {
        let plain = data(&[1.0, -70.0, 3.0, 20.0, 4.0, 10.0, -2.0, 5.0]);
        let weighted = plain.clone().with_weights(vec![1.0, 0.0, 3.0, 0.5]).unwrap();
        for data in [plain, weighted] {
            assert_eq!(standardized(&data, Standardization::None).values(), data.values());
            let square = standardized(&data, Standardization::UnitSquare);
            assert_eq!((square.range(0), square.range(1)), ((0.0, 1.0), (0.0, 1.0)));
            let one = standardized(&data, Standardization::UnitVariance);
            close(&one.mean(), &[0.0, 0.0]);
            let (before, after) = (data.covariance(), one.covariance());
            close(&[after[0] + after[3]], &[2.0]);
            assert!((after[3] / after[0] / (before[3] / before[0]) - 1.0).abs() < 1e-12, "one factor");
            let each = standardized(&data, Standardization::PerColumn);
            close(&each.mean(), &[0.0, 0.0]);
            close(&[each.covariance()[0], each.covariance()[3]], &[1.0, 1.0]);
        }
    }

    #[test]
    fn places_come_back_and_densities_carry_the_volume() {
        let data = data(&[1.0, -70.0, 3.0, 20.0, 4.0, 10.0]);
        for &standardization in <Standardization as crate::settings::Choice>::ALL {
            let placement = placed(&data, standardization);
            let centre: Vec<f64> = (0..2).map(|axis| placement.enter(data.mean()[axis], axis)).collect();
            close(&centre, &[0.0, 0.0]);
            for (i, &value) in data.values().iter().enumerate() {
                let back = placement.leave(placement.enter(value, i % 2), i % 2);
                assert!((back - value).abs() < 1e-13, "{back} {value}");
            }
            let volume = placement.scale()[0] * placement.scale()[1];
            assert!((placement.log_volume() - libm::log(volume)).abs() < 1e-14);
        }
        assert_eq!(placed(&data, Standardization::None).log_volume(), 0.0);
    }

    #[test]
    fn a_constant_column_keeps_its_scale() {
        // The mean of these is not the number itself.
        let data = data(&[0.0, 0.1, 5.0, 0.1, 7.0, 0.1]);
        for (standardization, middle) in [(Standardization::UnitSquare, 0.5), (Standardization::PerColumn, 0.0)] {
            let placement = placed(&data, standardization);
            assert_eq!(placement.scale()[1], 1.0);
            assert!((placement.standardized(0.1, 1) - middle).abs() < 1e-15);
        }
        // The other column is all the variance there is.
        let one = standardized(&data, Standardization::UnitVariance).covariance();
        close(&[one[0]], &[2.0]);
    }

    #[test]
    fn only_the_range_of_standardized_data_has_to_be_a_number() {
        for &standardization in &<Standardization as crate::settings::Choice>::ALL[1..] {
            for spread in [1e-140, 1e35, 1e140] {
                let far = data(&[0.0, 0.0, spread, 2.0 * spread]);
                assert!(Placement::new::<f32x4>(&far, Standardization::None).is_err());
                let values = standardized(&far, standardization).values().to_vec();
                assert!(values[2] - values[0] > 0.5 && values[2] - values[0] <= 2.0, "{standardization:?}: {values:?}");
            }
            for spread in [1e-160, 1.7e308] {
                let endless = data(&[-spread, 0.0, spread, 0.0]);
                let error = Placement::new::<f64x2>(&endless, standardization).unwrap_err();
                assert_eq!(error.code(), "spread");
            }
        }
    }
}
