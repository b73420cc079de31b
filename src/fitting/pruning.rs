//! Pruning: components that are missed least are removed, one at a time.

/// The active component whose contribution is the least, unless only `keep` of them are left. `contributions` has one entry
/// a component, by how much the training error would rise without it, and `None` for those removed before.
#[must_use]
pub fn least_contributing(contributions: &[Option<f64>], keep: usize) -> Option<usize> {
    let active = contributions.iter().enumerate().filter_map(|(k, rise)| Some((k, (*rise)?)));
    if active.clone().count() <= keep {
        return None;
    }
    active.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(k, _)| k)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_goes_until_enough_are_left() {
        let contributions = [Some(3.0), None, Some(0.5), Some(-1.0)];
        assert_eq!(least_contributing(&contributions, 2), Some(3));
        assert_eq!(least_contributing(&contributions, 3), None);
        assert_eq!(least_contributing(&[Some(3.0), None, Some(0.5), None], 1), Some(2));
        assert_eq!(least_contributing(&[None, Some(0.5)], 1), None);
        assert_eq!(least_contributing(&[], 0), None);
    }
}
