//! The Gaussians that targets were made of, or points drawn from: what the fit makes of them, and moving them by hand.
//!
//! While one is dragged it is drawn where it is and the fit stays as it is; when it is let go, the data are drawn again from where they
//! all are now, at the same inputs with the same noise, and the fit starts anew.

use nalgebra::DMatrix;

use super::open::{data_of_truth, open_data};
use super::placing::check;
use super::{Component, ComponentStatus, Configured, Data, Experiment, Placed, View};
use crate::dataset::TrueGaussian;
use crate::error::Error;
use crate::fitting::{Bell, Recovered, recovered, recovered_shares};
use crate::settings::{Settings, SumOfGaussiansDataset};

/// The true Gaussians in the visitor's hand.
#[derive(Default)]
pub(super) struct TruthInHand {
    /// As they are while one of them is dragged.
    pub(super) held: Option<Vec<TrueGaussian>>,
    /// Whether those of the data were moved by hand.
    pub(super) moved: bool,
}

impl<'a> From<&'a Component> for Bell<'a> {
    fn from(component: &'a Component) -> Self {
        Self { amplitude: component.weight, mean: &component.mean, covariance: &component.covariance }
    }
}

impl From<&TrueGaussian> for Component {
    fn from(one: &TrueGaussian) -> Self {
        let (mean, covariance) = (one.mean.clone(), one.covariance.clone());
        Self { weight: one.amplitude, mean, covariance, status: ComponentStatus::Active }
    }
}

/// A true Gaussian, counted from 0, where a visitor wants it.
fn moved(truth: &[TrueGaussian], number: usize, placed: &Placed) -> Result<TrueGaussian, Error> {
    let refuse = |reason: String| Error::Parameters { reason };
    let Some(before) = truth.get(number) else {
        return Err(refuse(format!("there is no true Gaussian {}", number + 1)));
    };
    let dimension = before.mean.len();
    check(number, truth.len(), dimension, placed).map_err(|error| match error {
        Error::Parameters { reason } => refuse(reason.replace(" of component ", " of true Gaussian ")),
        other => other,
    })?;
    let mut one = TrueGaussian {
        amplitude: placed.weight.unwrap_or(before.amplitude),
        mean: placed.mean.clone(),
        covariance: before.covariance.clone(),
    };
    if !placed.covariance.is_empty() {
        let given = DMatrix::from_row_slice(dimension, dimension, &placed.covariance);
        let symmetric = (&given + given.transpose()) * 0.5;
        one.covariance = symmetric.iter().copied().collect();
        if symmetric.cholesky().is_none() {
            return Err(refuse(format!("without an inverse is the covariance of true Gaussian {}", number + 1)));
        }
    }
    Ok(one)
}

impl Experiment {
    /// What has become of each true Gaussian, in the order of [`Experiment::truth_shown`]; empty where nobody knows them.
    pub fn recovered(&mut self) -> Vec<Recovered> {
        if self.truth_shown().is_empty() {
            return Vec::new();
        }
        let view = self.fit.view();
        let compare = match view {
            View::Surface(_) => recovered,
            View::Mixture(_) => recovered_shares,
            View::Bumps(_) | View::Sweep(_) => return Vec::new(),
        };
        let components = view.components();
        compare(self.truth_shown(), &components.iter().map(Bell::from).collect::<Vec<_>>())
    }

    /// The Gaussians that the targets were made of or the points drawn from, as they are in the visitor's hand; none where nobody
    /// knows them, and none while points are in hand that were not drawn from them.
    #[must_use]
    pub fn truth_shown(&self) -> &[TrueGaussian] {
        match (&self.editing.truth.held, &self.data) {
            (Some(held), _) => held,
            (None, Data::Samples(samples)) => samples.truth(),
            (None, Data::Points(points)) if !self.editing.has_points() => points.truth(),
            (None, Data::Points(_) | Data::Drawn) => &[],
        }
    }

    /// The true Gaussians where they were moved by hand, their weight being their amplitude; `None` where they are those of the
    /// settings.
    #[must_use]
    pub fn truth(&self) -> Option<Vec<Placed>> {
        let (true, Data::Samples(samples)) = (self.editing.truth.moved, &self.data) else { return None };
        let placed = |one: &TrueGaussian| Placed {
            weight: Some(one.amplitude),
            mean: one.mean.clone(),
            covariance: one.covariance.clone(),
        };
        Some(samples.truth().iter().map(placed).collect())
    }

    /// Whether the true Gaussians can be moved: whether the data are drawn from them.
    #[must_use]
    pub fn can_move_truth(&self) -> bool {
        let drawn = match &self.settings {
            Settings::SumOfGaussians(settings) => settings.dataset != SumOfGaussiansDataset::Own,
            _ => false,
        };
        drawn && !self.editing.has_points()
    }

    /// Moves a true Gaussian, counted from 0, in the visitor's hand; the fit waits until [`Experiment::release_truth`].
    ///
    /// # Errors
    /// [`Error::Parameters`] for what is no Gaussian, [`Error::Immovable`] where the data are not drawn from any; it stays where it
    /// was then.
    pub fn move_truth(&mut self, number: usize, placed: &Placed) -> Result<(), Error> {
        if !self.can_move_truth() {
            return Err(Error::Immovable { reason: "The data are not drawn from Gaussians that could be moved." });
        }
        let one = moved(self.truth_shown(), number, placed)?;
        let mut truth = self.truth_shown().to_vec();
        truth[number] = one;
        self.editing.truth.held = Some(truth);
        Ok(())
    }

    /// Lets go of the true Gaussians: the data are drawn again from where they are now, and the fit starts anew. `None` where none was
    /// moved.
    ///
    /// # Errors
    /// What the data and the fit to them give; all is as it was before then.
    pub fn release_truth(&mut self) -> Result<Option<Configured>, Error> {
        let Some(truth) = self.editing.truth.held.take() else { return Ok(None) };
        if truth == self.truth_shown() {
            return Ok(None);
        }
        let before = self.moment(false);
        let data = data_of_truth(&self.settings, truth)?;
        let configured = self.adopt(self.settings.clone(), data, Vec::new())?;
        self.editing.truth.moved = true;
        self.editing.remember(before);
        Ok(Some(configured))
    }

    /// Puts the true Gaussians back that were being dragged.
    pub fn forget_held_truth(&mut self) {
        self.editing.truth.held = None;
    }

    /// The data that settings name, of the true Gaussians as they were moved where those are to stay.
    pub(super) fn draw_data(&self, settings: &Settings, keeps_truth: bool) -> Result<Data, Error> {
        match &self.data {
            Data::Samples(samples) if keeps_truth => data_of_truth(settings, samples.truth().to_vec()),
            _ => open_data(settings, self.own.as_ref()),
        }
    }

    /// Starts with true Gaussians where a link has moved them; what cannot be is left out, with a notice.
    pub(super) fn start_with_truth(&mut self, truth: &[Placed], notices: &mut Vec<String>) {
        if truth.is_empty() {
            return;
        }
        if !self.can_move_truth() {
            notices.push(
                "The data are not drawn from Gaussians that could be moved. Their places were ignored.".to_owned(),
            );
            return;
        }
        let mut all = self.truth_shown().to_vec();
        for (number, placed) in truth.iter().enumerate() {
            match moved(&all, number, placed) {
                Ok(one) => all[number] = one,
                Err(error) => notices.push(format!("{error} Its place was ignored.")),
            }
            if number >= all.len() {
                break;
            }
        }
        if all == self.truth_shown() {
            return;
        }
        let settings = self.settings.clone();
        match data_of_truth(&settings, all).and_then(|data| self.start(settings, data)) {
            Ok(()) => self.editing.truth.moved = true,
            Err(error) => notices.push(format!("{error} The places of the true Gaussians were ignored.")),
        }
    }
}
