//! EM on the device.

use gaussian_playground::dataset::{Axis, Dataset};
use gaussian_playground::experiment::{EmFit, FitState};
use gaussian_playground::numeric::random::{Purpose, Stream};
use gaussian_playground::settings::{CovarianceType, EmMixtureSettings, Initialization};
use wide::{f32x4, f64x2};

use super::{assert_close, device, iterate, iterate_here};

/// Clouds about five places, 0 to 40 along each axis.
pub fn clouds<const D: usize>(count: usize) -> Dataset {
    let mut stream = Stream::new(count as u64, Purpose::Data);
    let centres: Vec<[f64; D]> = (0..5).map(|_| std::array::from_fn(|_| 40.0 * stream.uniform())).collect();
    let values = (0..count)
        .flat_map(|i| {
            let width = 1.0 + (i % 3) as f64;
            let common = stream.normal();
            centres[i % 5].map(|centre| centre + width * (stream.normal() + 0.5 * common))
        })
        .collect();
    let axes = ["x", "y", "z"][..D].iter().map(|name| Axis::unitless(name)).collect();
    Dataset::new("Clouds", axes, values).expect("the data are usable")
}

fn settings(components: u32) -> EmMixtureSettings {
    EmMixtureSettings {
        components,
        initialization: Initialization::KmeansPlusPlus,
        tolerance: 0.0,
        ..EmMixtureSettings::default()
    }
}

/// All parameters in one row.
fn numbers<const D: usize>(fit: &EmFit<f32x4, D>) -> Vec<f64> {
    let parameters = fit.parameters();
    let means = parameters.means.iter().flat_map(|mean| mean.iter().copied());
    let covariances =
        parameters.factors.iter().flat_map(|factor| factor.covariance().iter().copied().collect::<Vec<_>>());
    parameters.weights.iter().copied().chain(means).chain(covariances).collect()
}

/// Parameters and objectives after so many iterations, on the device and here.
async fn agree<const D: usize>(data: &Dataset, settings: &EmMixtureSettings, iterations: usize, tolerance: f64) {
    for subgroups in [false, true] {
        let gpu = device(subgroups).await;
        let open = || EmFit::<f32x4, D>::new(data, settings).expect("the fit opens");
        let (mut here, mut there) = (open(), open());
        iterate_here(&mut here, iterations);
        iterate(&mut there, &gpu, iterations).await;
        let what = format!("D {D}, K {}, N {}", settings.components, data.count());
        assert_close(&what, &numbers(&there), &numbers(&here), tolerance);
        assert_close(&what, there.history(), here.history(), 1e-4);
    }
}

pub async fn em_agrees_in_every_dimension_and_number_of_components() {
    for components in [1, 5, 17] {
        agree::<1>(&clouds::<1>(601), &settings(components), 50, 1e-3).await;
        agree::<2>(&clouds::<2>(701), &settings(components), 50, 1e-3).await;
        agree::<3>(&clouds::<3>(1_001), &settings(components), 50, 1e-3).await;
    }
    // Enough points that a component has some: with a handful each, EM makes any rounding large.
    agree::<1>(&clouds::<1>(2_003), &settings(64), 50, 1e-3).await;
    agree::<2>(&clouds::<2>(3_001), &settings(64), 50, 1e-3).await;
    agree::<3>(&clouds::<3>(6_007), &settings(64), 20, 1e-3).await;
}

pub async fn em_agrees_for_every_covariance() {
    for &covariance_type in
        &[CovarianceType::Full, CovarianceType::Tied, CovarianceType::Diagonal, CovarianceType::Spherical]
    {
        for (regularization, minimum_variance) in [(0.0, 0.0), (0.5, 0.0), (0.0, 4.0)] {
            let settings = EmMixtureSettings { covariance_type, regularization, minimum_variance, ..settings(4) };
            agree::<1>(&clouds::<1>(300), &settings, 20, 1e-3).await;
            agree::<2>(&clouds::<2>(300), &settings, 20, 1e-3).await;
            agree::<3>(&clouds::<3>(300), &settings, 20, 1e-3).await;
        }
    }
}

pub async fn em_heeds_weights() {
    let data = clouds::<2>(600);
    let weights = (0..600).map(|i| f64::from(i % 4)).collect();
    let weighted = data.with_weights(weights).expect("the weights are usable");
    agree::<2>(&weighted, &settings(5), 50, 1e-3).await;
}

pub async fn em_stops_where_the_processor_stops() {
    let gpu = device(true).await;
    for components in 1..=6 {
        let settings = EmMixtureSettings { tolerance: 1e-6, ..settings(components) };
        let data = clouds::<2>(800);
        // Its sums have more digits than the lanes' single precision: it stops with the processor's double precision.
        let mut here = EmFit::<f64x2, 2>::new(&data, &settings).expect("the fit opens");
        let mut there = EmFit::<f32x4, 2>::new(&data, &settings).expect("the fit opens");
        iterate_here(&mut here, 2_000);
        iterate(&mut there, &gpu, 2_000).await;
        assert_eq!(*there.state(), FitState::Converged);
        let (expected, found) = (here.history().len(), there.history().len());
        assert!(found.abs_diff(expected) <= 1, "{components} components: {found} instead of {expected} iterations");
    }
}
