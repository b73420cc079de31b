//! Where a form of the bump ends and where its formula breaks.

use crate::settings::BumpForm;

/// The places of a form that matter, along x.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Landmarks {
    /// Where the form cuts itself off: ±σ, but for the form as asked, which only has an upper end.
    pub ends: Vec<f64>,
    /// Where its formula divides by 0: ±√σ, or ±1 where σ has no part in it.
    pub singular: Vec<f64>,
    /// Inside its ends but beyond the zero of its denominator: there it is above 1 and, towards that zero, without bounds.
    pub wild: Vec<(f64, f64)>,
}

impl Landmarks {
    /// Those of a form with this σ.
    #[must_use]
    pub fn new(form: BumpForm, sigma: f64) -> Self {
        let positive = sigma.max(0.0);
        let both = |place: f64| vec![-place, place];
        match form {
            BumpForm::Asked => {
                Self { ends: vec![sigma], singular: both(1.0), wild: beyond((f64::NEG_INFINITY, sigma), 1.0) }
            }
            BumpForm::SingleWhere | BumpForm::DoubleWhere => {
                let root = libm::sqrt(positive);
                Self { ends: both(positive), singular: both(root), wild: beyond((-positive, positive), root) }
            }
            // Where it ends, nothing is divided by 0 any more.
            BumpForm::Safe => Self { ends: both(positive), singular: both(libm::sqrt(positive)), wild: Vec::new() },
            BumpForm::Squared => Self { ends: both(positive), ..Self::default() },
            BumpForm::Gaussian => Self::default(),
        }
    }
}

/// What of a stretch is beyond ±`root`.
fn beyond((low, high): (f64, f64), root: f64) -> Vec<(f64, f64)> {
    [(low, high.min(-root)), (low.max(root), high)].into_iter().filter(|(low, high)| low < high).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::bump::{Parameters, predict};

    #[test]
    fn the_wild_stretches_are_where_the_forms_leave_one() {
        for form in [BumpForm::Asked, BumpForm::SingleWhere, BumpForm::DoubleWhere, BumpForm::Safe, BumpForm::Squared] {
            for sigma in [0.3, 0.9, 1.5, 4.0] {
                let wild = Landmarks::new(form, sigma).wild;
                let places: Vec<f64> = (-600..=600).map(|i| 0.01 * f64::from(i) + 0.0013).collect();
                let values = predict::<f64>(&Parameters::new(form, 1, sigma), 0, &places);
                for (place, value) in places.into_iter().zip(values) {
                    let inside = wild.iter().any(|&(low, high)| place > low && place < high);
                    assert_eq!(value > 1.0, inside, "{form:?} {sigma} {place} {value}");
                }
            }
        }
    }

    #[test]
    fn below_one_only_the_form_as_asked_is_wild() {
        let wild = |form, sigma| Landmarks::new(form, sigma).wild;
        assert_eq!(wild(BumpForm::Asked, 0.5), [(f64::NEG_INFINITY, -1.0)]);
        assert_eq!(wild(BumpForm::Asked, 1.5), [(f64::NEG_INFINITY, -1.0), (1.0, 1.5)]);
        assert!(wild(BumpForm::DoubleWhere, 0.5).is_empty());
        assert_eq!(wild(BumpForm::DoubleWhere, 4.0), [(-4.0, -2.0), (2.0, 4.0)]);
        assert_eq!(Landmarks::new(BumpForm::Safe, 4.0).singular, [-2.0, 2.0]);
    }
}
