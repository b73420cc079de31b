//! How many components: the number whose fit an information criterion prefers.

use std::ops::RangeInclusive;

use crate::models::em_mixture::{aic, bic};

/// What is made small.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Criterion {
    /// Bayesian information criterion (Schwarz 1978).
    Bic,
    /// Akaike's information criterion (1974).
    Aic,
}

/// A fit as the criteria see it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// Components it has.
    pub components: usize,
    /// ln L, the sum over the points.
    pub log_likelihood: f64,
    /// Free parameters.
    pub parameters: usize,
    /// Points, or the sum of their weights.
    pub points: f64,
}

impl Candidate {
    /// Its value under a criterion; lower is better.
    #[must_use]
    pub fn score(&self, criterion: Criterion) -> f64 {
        match criterion {
            Criterion::Bic => bic(self.log_likelihood, self.parameters, self.points),
            Criterion::Aic => aic(self.log_likelihood, self.parameters),
        }
    }
}

/// The preferred fit, and those that it was compared with.
#[derive(Clone, Debug, PartialEq)]
pub struct Selection<T> {
    /// One a number of components, rising.
    pub candidates: Vec<Candidate>,
    /// The preferred number of components.
    pub components: usize,
    /// The preferred fit.
    pub fit: T,
}

/// Fits each number of components of a range with `fit` and keeps the fit of the lowest criterion, the smaller of two equal
/// ones; `None` where the range is empty.
///
/// # Errors
/// The first that `fit` gives.
pub fn select<T, E>(
    range: RangeInclusive<usize>,
    criterion: Criterion,
    mut fit: impl FnMut(usize) -> Result<(Candidate, T), E>,
) -> Result<Option<Selection<T>>, E> {
    let mut candidates = Vec::new();
    let mut best: Option<(f64, usize, T)> = None;
    for components in range {
        let (candidate, fit) = fit(components)?;
        let score = candidate.score(criterion);
        candidates.push(candidate);
        if best.as_ref().is_none_or(|(lowest, ..)| score < *lowest) {
            best = Some((score, components, fit));
        }
    }
    Ok(best.map(|(_, components, fit)| Selection { candidates, components, fit }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_criteria_weigh_fit_against_size() {
        // 100 points: a parameter costs ln 100 = 4.6 by BIC and 2 by AIC.
        let fits = [-500.0, -480.0, -470.0, -466.0];
        let run = |criterion| {
            select(1..=4, criterion, |components| {
                let candidate = Candidate {
                    components,
                    log_likelihood: fits[components - 1],
                    parameters: 3 * components,
                    points: 100.0,
                };
                Ok::<_, ()>((candidate, components))
            })
        };
        let bic = run(Criterion::Bic).unwrap().unwrap();
        assert_eq!((bic.components, bic.fit, bic.candidates.len()), (3, 3, 4));
        assert_eq!(run(Criterion::Aic).unwrap().unwrap().components, 4);
        let (empty_start, empty_end) = (2, 1);
        let none = select(empty_start..=empty_end, Criterion::Bic, |_| Err::<(Candidate, ()), _>("never"));
        assert_eq!(none, Ok(None));
    }
}
