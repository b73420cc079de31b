//! The posterior's parameters and the priors.

use serde::{Deserialize, Serialize};
use tsify::Tsify;

use crate::error::Error;
use crate::numeric::random::{Gamma, Purpose, Stream};

/// The variational posterior of K components in D dimensions: q(μ) = Normal(locs, scales), q(σ⁻²) = Gamma(alpha, beta) with
/// beta a rate, q(θ) = Dirichlet(counts). Arrays are K×D row by row but for the K counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Tsify)]
pub struct Posterior {
    /// Expected means.
    pub locs: Vec<f64>,
    /// Standard deviations of the means.
    pub scales: Vec<f64>,
    /// Shapes of the precisions.
    pub alpha: Vec<f64>,
    /// Rates of the precisions, in squared units of the data.
    pub beta: Vec<f64>,
    /// Concentrations of the weights.
    pub counts: Vec<f64>,
}

/// One derivative for each parameter of a posterior, in its place.
pub type Gradient = Posterior;

impl Posterior {
    /// All parameters equal to `value`.
    #[must_use]
    pub fn filled(components: usize, dimension: usize, value: f64) -> Self {
        let block = vec![value; components * dimension];
        let counts = vec![value; components];
        Self { locs: block.clone(), scales: block.clone(), alpha: block.clone(), beta: block, counts }
    }

    /// The source's starting values: locs N(0, 1), scales Gamma(5, 5)^−½, alpha and beta U(4, 6), counts 2.
    #[must_use]
    pub fn start(components: usize, dimension: usize, seed: u64) -> Self {
        let mut stream = Stream::new(seed, Purpose::Initialization);
        let mut posterior = Self::filled(components, dimension, 2.0);
        let gamma = Gamma::new(5.0);
        for loc in &mut posterior.locs {
            *loc = stream.paired_normal();
        }
        for scale in &mut posterior.scales {
            let (_, precision) = gamma.draw(&mut stream);
            *scale = 1.0 / libm::sqrt(precision / 5.0);
        }
        for value in posterior.alpha.iter_mut().chain(&mut posterior.beta) {
            *value = 4.0 + 2.0 * stream.uniform();
        }
        posterior
    }

    /// K.
    #[must_use]
    pub fn components(&self) -> usize {
        self.counts.len()
    }

    /// D.
    #[must_use]
    pub fn dimension(&self) -> usize {
        self.locs.len() / self.counts.len().max(1)
    }

    /// Expected weights, counts/Σ counts.
    #[must_use]
    pub fn weights(&self) -> Vec<f64> {
        let total: f64 = self.counts.iter().sum();
        self.counts.iter().map(|count| count / total).collect()
    }

    /// The five arrays, in the order of [`Posterior::to_flat`].
    #[must_use]
    pub fn blocks(&self) -> [&[f64]; 5] {
        [&self.locs, &self.scales, &self.alpha, &self.beta, &self.counts]
    }

    /// All numbers in one array: locs, scales, alpha, beta, counts.
    #[must_use]
    pub fn to_flat(&self) -> Vec<f64> {
        self.blocks().concat()
    }

    /// The inverse of [`Posterior::to_flat`] for this many components and dimensions, 4KD + K numbers.
    #[must_use]
    pub fn from_flat(flat: &[f64], components: usize, dimension: usize) -> Self {
        let size = components * dimension;
        let block = |i: usize| flat[i * size..(i + 1) * size].to_vec();
        Self {
            locs: block(0),
            scales: block(1),
            alpha: block(2),
            beta: block(3),
            counts: flat[4 * size..4 * size + components].to_vec(),
        }
    }

    /// The same posterior with other labels: component k of it is component `order[k]` of this one.
    #[must_use]
    pub fn relabelled(&self, order: &[usize]) -> Self {
        let dimension = self.dimension();
        let flat = self.to_flat();
        let places = flat_order(order, dimension);
        let moved: Vec<f64> = places.into_iter().map(|place| flat[place]).collect();
        Self::from_flat(&moved, order.len(), dimension)
    }

    /// Labels that depend on the components alone and not on how they are labelled: the order of their parameters, the means
    /// first. Two of which all parameters are the same may stand either way.
    #[must_use]
    pub fn canonical_order(&self) -> Vec<usize> {
        let dimension = self.dimension();
        let key = |k: usize| {
            let [blocks @ .., counts] = self.blocks();
            let rows = blocks.into_iter().flat_map(move |block| &block[k * dimension..(k + 1) * dimension]);
            rows.chain(std::iter::once(&counts[k]))
        };
        let mut order: Vec<usize> = (0..self.components()).collect();
        order.sort_by(|&a, &b| {
            let differ = key(a).zip(key(b)).map(|(x, y)| x.total_cmp(y)).find(|ordering| ordering.is_ne());
            differ.unwrap_or(std::cmp::Ordering::Equal)
        });
        order
    }

    /// Checks the lengths for data of this dimension, and that all is finite and what must be positive is.
    ///
    /// # Errors
    /// [`Error::Parameters`].
    pub fn check(&self, dimension: usize) -> Result<(), Error> {
        let refuse = |reason: String| Err(Error::Parameters { reason });
        let components = self.components();
        let [means @ .., _] = self.blocks();
        if components == 0 || means.iter().any(|block| block.len() != components * dimension) {
            return refuse("there must be one of each a component and dimension, and one count a component".to_owned());
        }
        match self.unusable() {
            Some(index) => refuse(format!("{} is not what it may be", self.describe(index))),
            None => Ok(()),
        }
    }

    /// The first parameter, in flat order, that is not finite or must be positive and is not.
    #[must_use]
    pub fn unusable(&self) -> Option<usize> {
        let free = self.locs.len();
        self.to_flat()
            .iter()
            .enumerate()
            .position(|(index, value)| !value.is_finite() || (index >= free && *value <= 0.0))
    }

    /// What a parameter is, by its place in the flat order: `the shape of component 2`.
    #[must_use]
    pub fn describe(&self, index: usize) -> String {
        let size = self.locs.len();
        let what = ["mean", "scale of the mean", "shape of the precision", "rate of the precision"];
        match what.get(index / size.max(1)) {
            Some(what) => {
                let dimension = self.dimension().max(1);
                let component = index % size / dimension + 1;
                if dimension == 1 {
                    format!("the {what} of component {component}")
                } else {
                    format!("the {what} of component {component} in dimension {}", index % dimension + 1)
                }
            }
            None => format!("the count of component {}", index - 4 * size + 1),
        }
    }
}

/// Where each number of a posterior in flat order comes from, where component k is to be what component `order[k]` was.
#[must_use]
pub fn flat_order(order: &[usize], dimension: usize) -> Vec<usize> {
    let block = order.len() * dimension;
    let of_blocks = (0..4).flat_map(|which| {
        order.iter().flat_map(move |&from| (0..dimension).map(move |d| which * block + from * dimension + d))
    });
    of_blocks.chain(order.iter().map(|&from| 4 * block + from)).collect()
}

/// The priors: μ ~ Normal(locs, scales), σ⁻² ~ Gamma(alpha, beta), θ ~ Dirichlet(counts), each with a value of its own
/// for every component and dimension.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Tsify)]
pub struct Priors(pub Posterior);

impl Priors {
    /// The same for every component and dimension.
    #[must_use]
    pub fn uniform(
        components: usize,
        dimension: usize,
        (mean, scale): (f64, f64),
        (shape, rate): (f64, f64),
        concentration: f64,
    ) -> Self {
        let block = |value: f64| vec![value; components * dimension];
        Self(Posterior {
            locs: block(mean),
            scales: block(scale),
            alpha: block(shape),
            beta: block(rate),
            counts: vec![concentration; components],
        })
    }

    /// Whether all components have the same, so that their labels mean nothing: then to swap two of them changes no bound.
    #[must_use]
    pub fn are_interchangeable(&self) -> bool {
        let (components, dimension) = (self.0.components(), self.0.dimension());
        let [blocks @ .., counts] = self.0.blocks();
        let same = |block: &[f64], width: usize| (1..components).all(|k| block[..width] == block[k * width..][..width]);
        blocks.into_iter().all(|block| same(block, dimension)) && same(counts, 1)
    }

    /// The source's: N(0, 1), Gamma(5, 5), Dirichlet(2).
    #[must_use]
    pub fn of_the_source(components: usize, dimension: usize) -> Self {
        Self::uniform(components, dimension, (0.0, 1.0), (5.0, 5.0), 2.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flat_and_back() {
        let start = Posterior::start(3, 2, 5);
        assert_eq!(Posterior::from_flat(&start.to_flat(), 3, 2), start);
        assert_ne!(Posterior::start(3, 2, 6), start);
        assert!(start.check(2).is_ok() && start.check(3).is_err());
        assert!(start.alpha.iter().chain(&start.beta).all(|value| (4.0..6.0).contains(value)));
    }

    #[test]
    fn labels_can_be_exchanged_and_the_canonical_ones_do_not_notice() {
        let start = Posterior::start(4, 2, 5);
        let swapped = start.relabelled(&[2, 1, 0, 3]);
        assert_eq!(swapped.locs[..2], start.locs[4..6]);
        assert_eq!((swapped.counts[2], swapped.beta[5]), (start.counts[0], start.beta[1]));
        assert_eq!(swapped.relabelled(&[2, 1, 0, 3]), start);
        let canonical = |posterior: &Posterior| posterior.relabelled(&posterior.canonical_order());
        assert_eq!(canonical(&swapped), canonical(&start));
        assert!(canonical(&start).locs.chunks(2).is_sorted_by(|a, b| a[0] <= b[0]));
    }

    #[test]
    fn priors_that_differ_take_the_labels_seriously() {
        let mut priors = Priors::uniform(3, 2, (0.0, 1.0), (5.0, 5.0), 2.0);
        // Another one a dimension is the same for all components.
        priors.0.locs = vec![0.0, 1.0, 0.0, 1.0, 0.0, 1.0];
        assert!(priors.are_interchangeable());
        priors.0.counts[1] = 3.0;
        assert!(!priors.are_interchangeable());
        priors.0.counts[1] = 2.0;
        priors.0.scales[5] = 0.5;
        assert!(!priors.are_interchangeable());
    }

    #[test]
    fn parameters_have_names() {
        let mut posterior = Posterior::start(3, 2, 5);
        posterior.beta[3] = -1.0;
        let index = posterior.unusable().unwrap();
        assert_eq!(posterior.describe(index), "the rate of the precision of component 2 in dimension 2");
        assert_eq!(posterior.describe(26), "the count of component 3");
        assert_eq!(Posterior::start(2, 1, 0).describe(1), "the mean of component 2");
    }
}
