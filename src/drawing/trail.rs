//! The paths that the means took.

use crate::experiment::Component;

/// Most places kept; beyond it every second one is dropped.
const LARGEST_TRAIL: usize = 256;

/// Where the means were, iteration by iteration.
#[derive(Default)]
pub struct Trail {
    /// The iteration of each place, and the means then.
    places: Vec<(usize, Vec<Vec<f64>>)>,
}

impl Trail {
    /// Adds where the means are; an iteration that is not ahead of the last begins a new trail.
    pub fn record(&mut self, iteration: usize, components: &[Component]) {
        let means = || components.iter().map(|component| component.mean.clone()).collect();
        match self.places.last_mut() {
            Some((last, place)) if *last == iteration => *place = means(),
            Some((last, place)) if *last < iteration && place.len() == components.len() => {
                self.places.push((iteration, means()));
            }
            _ => self.places = vec![(iteration, means())],
        }
        if self.places.len() > LARGEST_TRAIL {
            let last = self.places.len() - 1;
            let mut index = 0;
            self.places.retain(|_| {
                index += 1;
                (index - 1) % 2 == 0 || index - 1 == last
            });
        }
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        self.places.clear();
    }

    /// The path of component `k`.
    pub fn path(&self, k: usize) -> impl Iterator<Item = &[f64]> {
        self.places.iter().filter_map(move |(_, means)| means.get(k).map(Vec::as_slice))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::ComponentStatus;

    fn at(x: f64) -> Vec<Component> {
        vec![Component { weight: 1.0, mean: vec![x], covariance: vec![1.0], status: ComponentStatus::Active }]
    }

    #[test]
    fn trails_are_thinned_and_keep_both_ends() {
        let mut trail = Trail::default();
        for iteration in 0..5000 {
            trail.record(iteration, &at(iteration as f64));
        }
        let path: Vec<f64> = trail.path(0).map(|mean| mean[0]).collect();
        assert!(path.len() <= LARGEST_TRAIL);
        assert_eq!((path[0], path[path.len() - 1]), (0.0, 4999.0));
        assert!(path.is_sorted());
    }

    #[test]
    fn a_restart_begins_a_new_trail() {
        let mut trail = Trail::default();
        trail.record(0, &at(1.0));
        trail.record(1, &at(2.0));
        trail.record(1, &at(2.5));
        assert_eq!(trail.path(0).count(), 2);
        trail.record(0, &at(7.0));
        assert_eq!(trail.path(0).map(|mean| mean[0]).collect::<Vec<_>>(), [7.0]);
    }
}
