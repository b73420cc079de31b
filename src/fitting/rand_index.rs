//! How well two partitions of the same points agree: the adjusted Rand index (Hubert & Arabie 1985, Journal of Classification 2,
//! 193–218).

/// How many points are in each pair of a group and a cluster.
#[derive(Clone, Debug, PartialEq)]
pub struct Contingency {
    clusters: usize,
    /// Group by group, a number a cluster.
    counts: Vec<u64>,
}

impl Contingency {
    /// A table of so many clusters without points; groups are added as they are met.
    #[must_use]
    pub fn new(clusters: usize) -> Self {
        Self { clusters, counts: Vec::new() }
    }

    /// Counts a point of this group in this cluster, both counted from 0; a cluster that there is not is passed over.
    pub fn count(&mut self, group: usize, cluster: usize) {
        if cluster >= self.clusters {
            return;
        }
        let place = group * self.clusters + cluster;
        if place >= self.counts.len() {
            self.counts.resize((group + 1) * self.clusters, 0);
        }
        self.counts[place] += 1;
    }

    /// The adjusted Rand index: (pairs together in both − expected) / (largest possible − expected), where chance would keep the
    /// sizes. 1 where both partitions are the same up to names, about 0 where they have nothing to do with one another, and at
    /// least −½. 1 also where both put all points together or all apart, as scikit-learn has it.
    #[must_use]
    pub fn adjusted_rand_index(&self) -> f64 {
        // In floating point: the pairs of a million points are still exact.
        let pairs = |count: u64| 0.5 * count as f64 * (count as f64 - 1.0);
        let rows = || self.counts.chunks_exact(self.clusters.max(1));
        let both: f64 = self.counts.iter().map(|&count| pairs(count)).sum();
        let groups: f64 = rows().map(|row| pairs(row.iter().sum())).sum();
        let clusters: f64 = (0..self.clusters).map(|k| pairs(rows().map(|row| row[k]).sum())).sum();
        let all = pairs(self.counts.iter().sum());
        if both == groups && both == clusters {
            return 1.0;
        }
        let expected = groups * clusters / all;
        (both - expected) / (0.5 * (groups + clusters) - expected)
    }
}

/// The number of the largest of some shares, the first of equals; `None` where there are none.
#[must_use]
pub fn largest(shares: &[f64]) -> Option<usize> {
    let better = |best: Option<(usize, f64)>, (k, &share): (usize, &f64)| match best {
        Some((_, most)) if share <= most => best,
        _ => Some((k, share)),
    };
    shares.iter().enumerate().fold(None, better).map(|(k, _)| k)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(groups: &[usize], clusters: &[usize]) -> f64 {
        let mut table = Contingency::new(clusters.iter().max().map_or(0, |most| most + 1));
        groups.iter().zip(clusters).for_each(|(&group, &cluster)| table.count(group, cluster));
        table.adjusted_rand_index()
    }

    /// The examples of scikit-learn's documentation of `adjusted_rand_score`.
    #[test]
    fn scikit_learns_examples() {
        assert_eq!(index(&[0, 0, 1, 1], &[0, 0, 1, 1]), 1.0);
        assert_eq!(index(&[0, 0, 1, 1], &[1, 1, 0, 0]), 1.0);
        assert!((index(&[0, 0, 1, 2], &[0, 0, 1, 1]) - 4.0 / 7.0).abs() < 1e-15, "0.57…");
        assert!((index(&[0, 0, 1, 1], &[0, 0, 1, 2]) - 4.0 / 7.0).abs() < 1e-15);
        assert_eq!(index(&[0, 0, 0, 0], &[0, 1, 2, 3]), 0.0);
        assert!((index(&[0, 0, 1, 1], &[0, 1, 0, 1]) + 0.5).abs() < 1e-15);
        assert!((index(&[0, 0, 0, 1, 1, 1], &[0, 0, 1, 1, 2, 2]) - 0.242_424_242_424_242_4).abs() < 1e-15);
    }

    /// By hand: rows 5, 1, 2 and 1, 4, 1 and 0, 1, 5 have 10 + 1 + 6 + 10 = 27 pairs in cells, 28 + 15 + 15 = 58 in rows and
    /// 15 + 15 + 28 = 58 in columns, of 190.
    #[test]
    fn a_table_worked_out_by_hand() {
        let mut table = Contingency::new(3);
        for (group, row) in [[5, 1, 2], [1, 4, 1], [0, 1, 5]].iter().enumerate() {
            for (cluster, &count) in row.iter().enumerate() {
                (0..count).for_each(|_| table.count(group, cluster));
            }
        }
        let expected = 58.0 * 58.0 / 190.0;
        assert!((table.adjusted_rand_index() - (27.0 - expected) / (58.0 - expected)).abs() < 1e-15);
        table.count(0, 3);
        assert!((table.adjusted_rand_index() - (27.0 - expected) / (58.0 - expected)).abs() < 1e-15, "no such cluster");
    }

    #[test]
    fn what_is_all_together_or_all_apart_agrees_with_itself() {
        assert_eq!(index(&[0, 0, 0], &[0, 0, 0]), 1.0);
        assert_eq!(index(&[0, 1, 2], &[2, 0, 1]), 1.0);
        assert_eq!(index(&[], &[]), 1.0);
    }

    #[test]
    fn the_first_of_the_largest_is_taken() {
        assert_eq!(largest(&[0.2, 0.4, 0.4]), Some(1));
        assert_eq!(largest(&[]), None);
    }
}
