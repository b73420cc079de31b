//! Which of the Gaussians that targets were made of, or points were drawn from, a fit has found.

use nalgebra::{Matrix3, Vector3};
use serde::Serialize;
use tsify::Tsify;

use crate::dataset::TrueGaussian;
use crate::numeric::assignment::minimum_cost_assignment;

/// A component whose amplitude is below this part of the largest is negligible: it hardly shows in the prediction.
pub const NEGLIGIBLE: f64 = 0.01;

/// How far from a true centre a component may be to be found there, in true standard deviations.
const NEAR: f64 = 0.25;
/// How far the parts may be that one was split into.
const WITHIN: f64 = 1.0;
/// By how much amplitudes may differ, as a part of the true one.
const AMPLITUDE: f64 = 0.2;
/// Components with less than this part of a true amplitude are not looked at for it.
const SMALLEST: f64 = 0.05;

/// Whether a component of this amplitude hardly shows beside one of the largest, both as they are without their signs.
#[must_use]
pub fn is_negligible(amplitude: f64, largest: f64) -> bool {
    // What is no number is nothing, and so is 0 beside 0.
    !(amplitude.abs() > 0.0 && amplitude.abs() >= NEGLIGIBLE * largest.abs())
}

/// A Gaussian with a height, in one to three dimensions: a exp(−½ (x − μ)ᵀ Σ⁻¹ (x − μ)); of a mixture, a N(x; μ, Σ).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bell<'a> {
    /// a: a height in the units of the targets, or of a mixture a share of the points.
    pub amplitude: f64,
    /// μ, D numbers.
    pub mean: &'a [f64],
    /// Σ, D×D numbers, row by row.
    pub covariance: &'a [f64],
}

impl<'a> From<&'a TrueGaussian> for Bell<'a> {
    fn from(one: &'a TrueGaussian) -> Self {
        Self { amplitude: one.amplitude, mean: &one.mean, covariance: &one.covariance }
    }
}

/// What has become of a true Gaussian in a fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum RecoveryStatus {
    /// One component is within a quarter of its standard deviation, with its amplitude to a fifth.
    Found,
    /// Components within one standard deviation add up to its amplitude, to a fifth.
    Split,
    /// Neither.
    Missed,
}

/// A true Gaussian beside what a fit made of it.
#[derive(Clone, Debug, PartialEq, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Recovered {
    /// What has become of it.
    pub status: RecoveryStatus,
    /// The component that it is, or those that it was split into, counted from 0; none where it was missed.
    pub components: Vec<usize>,
    /// The number of its colour, that of the component with this number: its first one's; where it was missed, one that none of
    /// those found or split has.
    pub color: usize,
    /// How far its centre is from that of its components, weighted by their amplitudes, in its own standard deviations; where it
    /// was missed, from the nearest component that is not negligible. `None` where there is none.
    #[tsify(type = "number | null")]
    pub distance: Option<f64>,
    /// The sum of its components' amplitudes; 0 where it was missed.
    pub amplitude: f64,
    /// Its own amplitude.
    pub true_amplitude: f64,
}

/// What amplitudes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// The heights of the Gaussians.
    Heights,
    /// Their integrals: as a density, a Gaussian is the higher the narrower it is.
    Shares,
}

/// A Gaussian in space: one on a line or in the plane has a variance of 1 across. That multiplies all integrals by one number.
struct Body {
    /// What it is compared by.
    amplitude: f64,
    /// Its height as a function, up to a factor that all have.
    height: f64,
    mean: Vector3<f64>,
    covariance: Matrix3<f64>,
    /// √det Σ.
    size: f64,
}

impl Body {
    /// `None` where it has no finite integral of its square.
    fn new(bell: &Bell<'_>, kind: Kind) -> Option<Self> {
        let dimension = bell.mean.len();
        if dimension > 3 || bell.covariance.len() != dimension * dimension {
            return None;
        }
        let mean = Vector3::from_fn(|d, _| bell.mean.get(d).copied().unwrap_or(0.0));
        let covariance = Matrix3::from_fn(|i, j| match (i < dimension, j < dimension) {
            (true, true) => 0.5 * (bell.covariance[i * dimension + j] + bell.covariance[j * dimension + i]),
            _ => f64::from(u8::from(i == j)),
        });
        let size = covariance.cholesky()?.l_dirty().diagonal().product();
        let height = match kind {
            Kind::Heights => bell.amplitude,
            Kind::Shares => bell.amplitude / size,
        };
        let body = Self { amplitude: bell.amplitude, height, mean, covariance, size };
        let usable = size > 0.0 && mean.iter().all(|value| value.is_finite()) && body.product(&body).is_finite();
        usable.then_some(body)
    }

    /// The integral of the product with another, up to a factor that all have.
    fn product(&self, other: &Self) -> f64 {
        let sum = self.covariance + other.covariance;
        // A sum that cannot be factored belongs to one that is next to nothing.
        let Some(root) = sum.cholesky() else { return 0.0 };
        let offset = self.mean - other.mean;
        let exponent = -0.5 * offset.dot(&root.solve(&offset));
        // The first quotient is at most 1.
        let volume = self.size / root.l_dirty().diagonal().product() * other.size;
        self.height * other.height * volume * libm::exp(exponent)
    }

    /// How far apart two are as functions: the root of the integral of the squared difference.
    fn apart(&self, other: &Self) -> f64 {
        libm::sqrt((self.product(self) + other.product(other) - 2.0 * self.product(other)).max(0.0))
    }
}

/// A component as it is looked at.
struct Candidate {
    /// Its number among the components.
    k: usize,
    body: Body,
    negligible: bool,
}

/// For each true Gaussian what a fit's components, all in one to three dimensions, make of it.
///
/// Components that are not negligible are paired with true Gaussians so that their L² distances as functions, in closed form, sum to
/// the least. The paired one, or the nearest, is it where it is within ¼ σ with an amplitude within 20 %; else those
/// within 1 σ that no other true Gaussian was found in are its parts where they add up to its amplitude, to 20 %.
#[must_use]
pub fn recovered(truth: &[TrueGaussian], components: &[Bell<'_>]) -> Vec<Recovered> {
    compared(truth, components, Kind::Heights)
}

/// The same for a mixture, whose amplitudes are shares of the points: paired by the L² distances of the densities, each times its
/// share, and then found, split or missed by the shares.
#[must_use]
pub fn recovered_shares(truth: &[TrueGaussian], components: &[Bell<'_>]) -> Vec<Recovered> {
    compared(truth, components, Kind::Shares)
}

fn compared(truth: &[TrueGaussian], components: &[Bell<'_>], kind: Kind) -> Vec<Recovered> {
    let finite = components.iter().map(|one| one.amplitude.abs()).filter(|amplitude| amplitude.is_finite());
    let largest = finite.fold(0.0, f64::max);
    let candidates: Vec<Candidate> = (components.iter().enumerate())
        .filter_map(|(k, bell)| {
            Some(Candidate { k, body: Body::new(bell, kind)?, negligible: is_negligible(bell.amplitude, largest) })
        })
        .collect();
    let truths: Vec<Option<Body>> = truth.iter().map(|one| Body::new(&one.into(), kind)).collect();
    let paired = pairs(&truths, &candidates);
    let views: Vec<Option<Seen>> =
        truths.into_iter().map(|one| one.and_then(|one| Seen::new(one, &candidates))).collect();
    let found: Vec<Option<usize>> =
        views.iter().zip(&paired).map(|(view, paired)| view.as_ref()?.found(&candidates, *paired)).collect();
    let mut results: Vec<Recovered> = (views.iter().zip(&paired).zip(truth).enumerate())
        .map(|(number, ((view, &paired), one))| {
            let taken =
                |place: usize| found.iter().enumerate().any(|(other, of)| other != number && *of == Some(place));
            let (status, mut places) = match (view, found[number]) {
                (_, Some(place)) => (RecoveryStatus::Found, vec![place]),
                (Some(view), None) => match view.parts(&candidates, &taken) {
                    Some(parts) => (RecoveryStatus::Split, parts),
                    None => (RecoveryStatus::Missed, Vec::new()),
                },
                (None, None) => (RecoveryStatus::Missed, Vec::new()),
            };
            // Its colour is that of the pair where that is one of them.
            places.sort_by_key(|&place| paired != Some(place));
            Recovered {
                status,
                color: places.first().map_or(0, |&place| candidates[place].k),
                distance: view.as_ref().and_then(|view| view.distance(&candidates, &places)),
                amplitude: places.iter().map(|&place| candidates[place].body.amplitude).sum(),
                components: places.iter().map(|&place| candidates[place].k).collect(),
                true_amplitude: one.amplitude,
            }
        })
        .collect();
    let partners: Vec<Option<usize>> = paired.iter().map(|place| Some(candidates[(*place)?].k)).collect();
    colour_missed(&mut results, &partners, &candidates);
    results
}

/// The place among the candidates of each true Gaussian's partner.
fn pairs(truths: &[Option<Body>], candidates: &[Candidate]) -> Vec<Option<usize>> {
    let rows: Vec<(usize, &Body)> =
        truths.iter().enumerate().filter_map(|(number, one)| Some((number, one.as_ref()?))).collect();
    let columns: Vec<(usize, &Body)> =
        candidates.iter().enumerate().filter(|(_, one)| !one.negligible).map(|(i, one)| (i, &one.body)).collect();
    let costs: Vec<f64> = rows.iter().flat_map(|(_, one)| columns.iter().map(|(_, other)| one.apart(other))).collect();
    let mut paired = vec![None; truths.len()];
    let assigned = minimum_cost_assignment(rows.len(), columns.len(), |i, j| costs[i * columns.len() + j]);
    for ((number, _), column) in rows.into_iter().zip(assigned) {
        paired[number] = column.map(|column| columns[column].0);
    }
    paired
}

/// The components as they are seen from a true Gaussian.
struct Seen {
    body: Body,
    precision: Matrix3<f64>,
    /// Of each candidate, in true standard deviations.
    distances: Vec<f64>,
}

impl Seen {
    fn new(body: Body, candidates: &[Candidate]) -> Option<Self> {
        let mut seen = Self { precision: body.covariance.cholesky()?.inverse(), body, distances: Vec::new() };
        seen.distances = candidates.iter().map(|one| seen.to(&one.body.mean)).collect();
        Some(seen)
    }

    /// How far a place is from its centre, in its standard deviations.
    fn to(&self, place: &Vector3<f64>) -> f64 {
        let offset = place - self.body.mean;
        libm::sqrt(offset.dot(&(self.precision * offset)).max(0.0))
    }

    fn has_amplitude(&self, amplitude: f64) -> bool {
        (amplitude - self.body.amplitude).abs() <= AMPLITUDE * self.body.amplitude.abs()
    }

    fn nearest(&self, places: impl Iterator<Item = usize>) -> Option<usize> {
        places.min_by(|&a, &b| self.distances[a].total_cmp(&self.distances[b]))
    }

    /// The one component that it is.
    fn found(&self, candidates: &[Candidate], paired: Option<usize>) -> Option<usize> {
        // A true Gaussian may itself be negligible beside the others, and the component with it.
        let part = |place: usize| candidates[place].body.amplitude / self.body.amplitude;
        let nearest = self.nearest((0..candidates.len()).filter(|&place| part(place) >= SMALLEST));
        paired
            .into_iter()
            .chain(nearest)
            .find(|&place| self.distances[place] <= NEAR && self.has_amplitude(candidates[place].body.amplitude))
    }

    /// The components that make it up together, the nearest first.
    fn parts(&self, candidates: &[Candidate], taken: &dyn Fn(usize) -> bool) -> Option<Vec<usize>> {
        let near = |&place: &usize| self.distances[place] <= WITHIN && !candidates[place].negligible && !taken(place);
        let mut near: Vec<usize> = (0..candidates.len()).filter(near).collect();
        near.sort_by(|&a, &b| self.distances[a].total_cmp(&self.distances[b]));
        let amplitude = |places: &[usize]| places.iter().map(|&place| candidates[place].body.amplitude).sum::<f64>();
        // As many as there are; else the best two.
        for count in (2..=near.len()).rev() {
            if self.has_amplitude(amplitude(&near[..count])) {
                return Some(near[..count].to_vec());
            }
        }
        let error = |pair: &[usize; 2]| (amplitude(pair) - self.body.amplitude).abs();
        let two = (0..near.len()).flat_map(|i| (0..i).map(move |j| [j, i])).map(|pair| pair.map(|place| near[place]));
        let best = two.min_by(|a, b| error(a).total_cmp(&error(b)))?;
        self.has_amplitude(amplitude(&best)).then(|| best.to_vec())
    }

    /// How far it is to the components at these places together; where there are none, to the nearest.
    fn distance(&self, candidates: &[Candidate], places: &[usize]) -> Option<f64> {
        if let [place] = places {
            return Some(self.distances[*place]);
        }
        if places.is_empty() {
            let nearest = self.nearest((0..candidates.len()).filter(|&place| !candidates[place].negligible))?;
            return Some(self.distances[nearest]);
        }
        let bodies = || places.iter().map(|&place| &candidates[place].body);
        let total: f64 = bodies().map(|one| one.amplitude).sum();
        let centre = bodies().map(|one| one.mean * (one.amplitude / total)).sum::<Vector3<f64>>();
        Some(self.to(&centre))
    }
}

/// Gives those that were missed the colour of their partner, unless one that was found has it; else one that nobody has.
fn colour_missed(results: &mut [Recovered], partners: &[Option<usize>], candidates: &[Candidate]) {
    let is_missed = |one: &Recovered| one.status == RecoveryStatus::Missed;
    let mut taken: Vec<usize> = results
        .iter()
        .filter(|one| !is_missed(one))
        .flat_map(|one| [one.color].into_iter().chain(one.components.iter().copied()))
        .collect();
    let mut colourless = Vec::new();
    for (number, partner) in partners.iter().enumerate() {
        match partner {
            _ if !is_missed(&results[number]) => {}
            Some(partner) if !taken.contains(partner) => {
                results[number].color = *partner;
                taken.push(*partner);
            }
            _ => colourless.push(number),
        }
    }
    taken.extend(candidates.iter().filter(|one| !one.negligible).map(|one| one.k));
    for number in colourless {
        let free = (0..).find(|color| !taken.contains(color)).unwrap_or_default();
        results[number].color = free;
        taken.push(free);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A round Gaussian.
    fn one(amplitude: f64, mean: &[f64], deviation: f64) -> TrueGaussian {
        let dimension = mean.len();
        let entry = |i: usize| if i.is_multiple_of(dimension + 1) { deviation * deviation } else { 0.0 };
        let covariance = (0..dimension * dimension).map(entry).collect();
        TrueGaussian { amplitude, mean: mean.to_vec(), covariance }
    }

    fn compare(truth: &[TrueGaussian], components: &[TrueGaussian]) -> Vec<Recovered> {
        recovered(truth, &components.iter().map(Bell::from).collect::<Vec<_>>())
    }

    fn compare_shares(truth: &[TrueGaussian], components: &[TrueGaussian]) -> Vec<Recovered> {
        recovered_shares(truth, &components.iter().map(Bell::from).collect::<Vec<_>>())
    }

    #[test]
    fn shares_are_paired_as_densities_and_told_as_shares() {
        for dimension in 1..=3 {
            let at = |x: f64| [x, 1.0, -1.0][..dimension].to_vec();
            let truth = [one(0.5, &at(0.0), 2.0), one(0.25, &at(8.0), 0.5), one(0.25, &at(20.0), 1.0)];
            let parts = [one(0.13, &at(19.5), 1.0), one(0.12, &at(20.5), 1.0), one(0.5, &at(0.1), 2.0)];
            let results = compare_shares(&truth, &parts);
            assert_eq!(statuses(&results), [Found, Missed, Split], "{dimension}");
            assert_eq!((results[0].amplitude, results[0].true_amplitude), (0.5, 0.5));
            assert!((results[2].amplitude - 0.25).abs() < 1e-12);
            assert_eq!(results[2].components, [0, 1]);
        }
    }

    /// A narrow one of the same share is a high one: as heights, the wide component would be paired with the wide truth by its
    /// centre alone.
    #[test]
    fn narrow_densities_are_high() {
        let truth = [one(0.5, &[0.0, 0.0], 0.1), one(0.5, &[1.0, 0.0], 3.0)];
        let found = [one(0.5, &[0.6, 0.0], 3.0), one(0.5, &[0.4, 0.0], 0.1)];
        let results = compare_shares(&truth, &found);
        assert_eq!(statuses(&results), [Missed, Found]);
        assert_eq!((results[0].color, results[1].color), (1, 0));
        let grown = compare_shares(&[one(1e-3, &[0.0], 1.0), one(0.999, &[9.0], 1.0)], &[one(1.0, &[9.0], 1.0)]);
        assert_eq!(statuses(&grown), [Missed, Found]);
    }

    fn statuses(results: &[Recovered]) -> Vec<RecoveryStatus> {
        results.iter().map(|one| one.status).collect()
    }

    use RecoveryStatus::{Found, Missed, Split};

    #[test]
    fn one_near_by_with_the_amplitude_is_found() {
        for dimension in 1..=3 {
            let at = |x: f64| [x, 1.0, -1.0][..dimension].to_vec();
            let truth = [one(2.0, &at(0.0), 2.0), one(3.0, &at(8.0), 1.0)];
            let found = compare(&truth, &[one(2.9, &at(8.2), 1.0), one(9.0, &at(50.0), 1.0), one(2.3, &at(-0.4), 2.0)]);
            assert_eq!(statuses(&found), [Found, Found], "{dimension}");
            assert_eq!((&found[0].components[..], found[0].color), (&[2][..], 2));
            assert_eq!((&found[1].components[..], found[1].color), (&[0][..], 0));
            assert!((found[0].distance.unwrap() - 0.2).abs() < 1e-12, "in units of the true one: {:?}", found[0]);
            assert_eq!((found[0].amplitude, found[0].true_amplitude), (2.3, 2.0));
            // A quarter of a standard deviation and a fifth of the amplitude are the limits.
            let status = |amplitude: f64, x: f64| compare(&truth[..1], &[one(amplitude, &at(x), 2.0)])[0].status;
            assert_eq!([status(2.39, 0.49), status(1.61, -0.49)], [Found, Found]);
            assert_eq!([status(2.41, 0.0), status(1.59, 0.0), status(2.0, 0.51)], [Missed; 3]);
        }
    }

    #[test]
    fn distances_are_by_the_covariance_of_the_true_one() {
        let narrow = TrueGaussian { amplitude: 1.0, mean: vec![0.0, 0.0], covariance: vec![1.0, 0.9, 0.9, 1.0] };
        let distance =
            |x: f64, y: f64| compare(std::slice::from_ref(&narrow), &[one(5.0, &[x, y], 1.0)])[0].distance.unwrap();
        assert!((distance(1.9, 1.9) - libm::sqrt(2.0 * 1.9)).abs() < 1e-12);
        assert!((distance(0.1, -0.1) - libm::sqrt(0.02 / 0.1)).abs() < 1e-12);
    }

    #[test]
    fn two_that_add_up_are_a_split() {
        let truth = [one(2.0, &[0.0], 1.0)];
        let parts = [one(1.2, &[-0.6], 0.9), one(0.9, &[0.8], 0.9), one(2.0, &[9.0], 1.0)];
        let split = compare(&truth, &parts);
        assert_eq!((split[0].status, &split[0].components[..], split[0].color), (Split, &[0, 1][..], 0));
        let centre = (1.2 * -0.6 + 0.9 * 0.8) / 2.1;
        assert!((split[0].distance.unwrap() - f64::abs(centre)).abs() < 1e-12);
        assert!((split[0].amplitude - 2.1).abs() < 1e-12);
        // Too far apart, too little, or one alone.
        assert_eq!(compare(&truth, &[one(1.2, &[-0.6], 0.9), one(0.9, &[1.1], 0.9)])[0].status, Missed);
        assert_eq!(compare(&truth, &[one(0.8, &[-0.6], 0.9), one(0.7, &[0.8], 0.9)])[0].status, Missed);
        assert_eq!(compare(&truth, &[one(2.0, &[-0.6], 0.9)])[0].status, Missed);
        // Three, and the best two of three.
        let three = [one(0.7, &[-0.6], 0.9), one(0.7, &[0.8], 0.9), one(0.7, &[0.1], 0.9)];
        assert_eq!(compare(&truth, &three)[0].components, [2, 0, 1]);
        let odd = [one(1.9, &[-0.4], 0.9), one(1.0, &[0.8], 0.9), one(1.0, &[0.5], 0.9)];
        let odd = compare(&truth, &odd);
        assert_eq!((odd[0].status, odd[0].components.len()), (Split, 2));
        assert!(!odd[0].components.contains(&0));
    }

    #[test]
    fn what_another_was_found_in_is_no_part() {
        let truth = [one(1.0, &[0.0], 1.0), one(2.0, &[0.9], 3.0)];
        let results = compare(&truth, &[one(1.0, &[0.0], 1.0), one(1.0, &[-0.9], 3.0), one(1.0, &[2.9], 3.0)]);
        assert_eq!(statuses(&results), [Found, Split]);
        assert_eq!((&results[0].components[..], &results[1].components[..]), (&[0][..], &[1, 2][..]));
    }

    #[test]
    fn negligible_components_are_passed_over() {
        let truth = [one(2.0, &[0.0], 1.0)];
        let far = one(100.0, &[30.0], 1.0);
        let missed = compare(&truth, &[one(0.9, &[0.0], 1.0), far.clone()]);
        assert_eq!((missed[0].status, missed[0].components.len(), missed[0].amplitude), (Missed, 0, 0.0));
        assert_eq!(missed[0].distance, Some(30.0), "the nearest that counts");
        assert_eq!(compare(&truth, &[one(1.0, &[0.1], 1.0), one(1.1, &[0.6], 1.0), far.clone()])[0].status, Split);
        assert_eq!(compare(&truth, &[one(0.9, &[0.1], 1.0), one(1.1, &[0.6], 1.0), far])[0].status, Missed);
        assert!(is_negligible(0.0, 0.0) && is_negligible(f64::NAN, 1.0) && is_negligible(-0.9, 100.0));
        assert!(!is_negligible(1.0, 100.0) && !is_negligible(-1.0, 100.0));
        // One that is itself small beside the others is found all the same.
        let small = [one(0.5, &[0.0], 1.0), one(100.0, &[30.0], 1.0)];
        assert_eq!(statuses(&compare(&small, &small)), [Found, Found]);
    }

    #[test]
    fn colours_are_those_of_the_pairs() {
        let truth = [one(2.0, &[0.0], 1.0), one(2.0, &[5.0], 1.0), one(2.0, &[10.0], 1.0)];
        // Each is nearest to the one at 4, but one of them only is paired with it.
        let results = compare(&truth, &[one(2.0, &[30.0], 1.0), one(2.0, &[10.1], 1.0), one(2.0, &[4.0], 1.0)]);
        assert_eq!(statuses(&results), [Missed, Missed, Found]);
        assert_eq!(results.iter().map(|one| one.color).collect::<Vec<_>>(), [0, 2, 1]);
        assert_eq!(results[0].distance, Some(4.0));
        // Where a partner is part of another, the colour is one that nobody has.
        let truth = [one(2.0, &[0.0], 1.0), one(2.0, &[1.5], 0.3)];
        let results = compare(&truth, &[one(1.0, &[-0.5], 1.0), one(1.0, &[0.5], 1.0)]);
        assert_eq!((statuses(&results), results[1].color), (vec![Split, Missed], 2));
    }

    #[test]
    fn there_may_be_fewer_components_or_none() {
        let truth = [one(2.0, &[0.0, 0.0], 1.0), one(3.0, &[5.0, 5.0], 1.0)];
        let results = compare(&truth, &[one(3.0, &[5.0, 5.0], 1.0)]);
        assert_eq!(statuses(&results), [Missed, Found]);
        assert_eq!((results[0].color, results[1].color), (1, 0));
        assert!((results[0].distance.unwrap() - libm::sqrt(50.0)).abs() < 1e-12);
        let none = compare(&truth, &[]);
        assert_eq!(statuses(&none), [Missed, Missed]);
        assert!(none.iter().all(|one| one.distance.is_none() && one.amplitude == 0.0 && one.components.is_empty()));
        assert_eq!((none[0].color, none[1].color), (0, 1));
        assert!(compare(&[], &truth).is_empty());
    }

    #[test]
    fn numbers_that_are_none_are_no_components() {
        let truth = [one(2.0, &[0.0, 0.0], 1.0)];
        let mut odd = vec![one(f64::NAN, &[0.0, 0.0], 1.0), one(2.0, &[f64::INFINITY, 0.0], 1.0)];
        odd.push(TrueGaussian { covariance: vec![1.0, 2.0, 2.0, 1.0], ..one(2.0, &[0.0, 0.0], 1.0) });
        odd.push(one(f64::INFINITY, &[0.0, 0.0], 1.0));
        odd.push(one(1e200, &[0.0, 0.0], 1.0));
        assert_eq!(compare(&truth, &odd)[0].distance, None);
        odd.pop();
        odd.push(one(2.0, &[0.1, 0.0], 1.0));
        let found = compare(&truth, &odd);
        assert_eq!((found[0].status, &found[0].components[..]), (Found, &[4][..]));
    }
}
