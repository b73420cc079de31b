//! The paths that the means took.

use crate::experiment::Component;

/// Most places kept; beyond it every second one is dropped.
const LARGEST_TRAIL: usize = 256;

/// Where the means were, iteration by iteration. It holds what is later than the present iteration, too, for a fit that goes back
/// and forth.
#[derive(Default)]
pub struct Trail {
    /// The iteration of each place, rising, and the means then.
    places: Vec<Place>,
}

/// An iteration, the means then, and the labelling that they had.
type Place = (usize, Vec<Vec<f64>>, u32);

impl Trail {
    /// Notes where the means are at an iteration, instead of what was noted for it before.
    pub fn record(&mut self, iteration: usize, components: &[Component]) {
        self.record_labelled(iteration, components, 0);
    }

    /// The same for components whose labels may change: a path begins where they last did.
    pub fn record_labelled(&mut self, iteration: usize, components: &[Component], labelling: u32) {
        let means = components.iter().map(|component| component.mean.clone()).collect();
        match self.places.binary_search_by_key(&iteration, |place| place.0) {
            Ok(index) => self.places[index] = (iteration, means, labelling),
            Err(index) => self.places.insert(index, (iteration, means, labelling)),
        }
        if self.places.len() > LARGEST_TRAIL {
            let last = self.places.len() - 1;
            let mut index = 0;
            self.places.retain(|place| {
                index += 1;
                (index - 1) % 2 == 0 || index - 1 == last || place.0 == iteration
            });
        }
    }

    /// Forgets what is later than an iteration: the fit goes on otherwise from there.
    pub fn branch(&mut self, iteration: usize) {
        self.places.retain(|place| place.0 <= iteration);
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        self.places.clear();
    }

    /// The path of component `k` up to an iteration, from where there came to be as many components as there are then.
    pub fn path(&self, k: usize, iteration: usize) -> impl Iterator<Item = &[f64]> {
        self.timed(k, iteration).map(|(_, mean)| mean)
    }

    /// The same path, each place with its iteration.
    pub fn timed(&self, k: usize, iteration: usize) -> impl Iterator<Item = (usize, &[f64])> {
        let end = self.places.partition_point(|place| place.0 <= iteration);
        let kind = |index: usize| (self.places[index].1.len(), self.places[index].2);
        let start = (0..end).rev().take_while(|&index| kind(index) == kind(end - 1)).last().unwrap_or(end);
        self.places[start..end].iter().filter_map(move |(at, means, _)| Some((*at, means.get(k)?.as_slice())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::ComponentStatus;

    fn at(x: f64) -> Vec<Component> {
        vec![Component { weight: 1.0, mean: vec![x], covariance: vec![1.0], status: ComponentStatus::Active }]
    }

    fn path(trail: &Trail, iteration: usize) -> Vec<f64> {
        trail.path(0, iteration).map(|mean| mean[0]).collect()
    }

    #[test]
    fn trails_are_thinned_and_keep_both_ends() {
        let mut trail = Trail::default();
        for iteration in 0..5000 {
            trail.record(iteration, &at(iteration as f64));
        }
        let path = path(&trail, 4999);
        assert!(path.len() <= LARGEST_TRAIL);
        assert_eq!((path[0], path[path.len() - 1]), (0.0, 4999.0));
        assert!(path.is_sorted());
    }

    #[test]
    fn what_is_later_is_kept_and_not_shown() {
        let mut trail = Trail::default();
        for (iteration, x) in [(0, 0.0), (4, 4.0), (9, 9.0)] {
            trail.record(iteration, &at(x));
        }
        // Back, in between, and there again.
        trail.record(2, &at(2.0));
        assert_eq!(path(&trail, 2), [0.0, 2.0]);
        assert_eq!(path(&trail, 3), [0.0, 2.0]);
        assert_eq!(path(&trail, 9), [0.0, 2.0, 4.0, 9.0]);
        trail.record(4, &at(4.5));
        trail.branch(4);
        assert_eq!(path(&trail, 9), [0.0, 2.0, 4.5]);
        trail.clear();
        assert_eq!(path(&trail, 9), [] as [f64; 0]);
    }

    #[test]
    fn paths_begin_where_labels_last_changed() {
        let mut trail = Trail::default();
        for (iteration, labelling) in [(0, 0), (1, 0), (2, 1), (3, 1)] {
            trail.record_labelled(iteration, &at(iteration as f64), labelling);
        }
        assert_eq!(path(&trail, 3), [2.0, 3.0]);
        assert_eq!(path(&trail, 1), [0.0, 1.0]);
    }

    #[test]
    fn paths_begin_where_the_number_of_components_last_changed() {
        let mut trail = Trail::default();
        trail.record(0, &at(0.0));
        trail.record(1, &[at(1.0), at(5.0)].concat());
        trail.record(2, &[at(2.0), at(6.0)].concat());
        assert_eq!(path(&trail, 2), [1.0, 2.0]);
        assert_eq!(path(&trail, 0), [0.0]);
        assert_eq!(trail.path(1, 2).count(), 2);
    }
}
