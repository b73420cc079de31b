//! Assignments against all that there are.

use gaussian_playground::numeric::assignment::minimum_cost_assignment;
use proptest::prelude::*;

/// The least sum over all ways to pair, by trying them.
fn least(costs: &[Vec<f64>], row: usize, taken: &mut [bool], left_out: usize) -> f64 {
    if row == costs.len() {
        return 0.0;
    }
    let mut best = if left_out > 0 { least(costs, row + 1, taken, left_out - 1) } else { f64::INFINITY };
    for column in 0..taken.len() {
        if !taken[column] {
            taken[column] = true;
            best = best.min(costs[row][column] + least(costs, row + 1, taken, left_out));
            taken[column] = false;
        }
    }
    best
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_sum_is_the_least_of_all(
        rows in 0usize..=6,
        columns in 0usize..=6,
        numbers in proptest::collection::vec(
            prop_oneof![-10.0..10.0f64, (0..3i32).prop_map(f64::from), 0.0..1e9f64],
            36,
        ),
    ) {
        let costs: Vec<Vec<f64>> = numbers.chunks(6).take(rows).map(|row| row[..columns].to_vec()).collect();
        let paired = minimum_cost_assignment(rows, columns, |row, column| costs[row][column]);
        prop_assert_eq!(paired.len(), rows);
        let mut used: Vec<usize> = paired.iter().flatten().copied().collect();
        used.sort_unstable();
        used.dedup();
        prop_assert_eq!(used.len(), rows.min(columns), "as many pairs as there can be, no column twice");
        let sum: f64 = paired.iter().zip(&costs).filter_map(|(column, row)| Some(row[(*column)?])).sum();
        let best = least(&costs, 0, &mut vec![false; columns], rows.saturating_sub(columns));
        let size = costs.iter().flatten().fold(1.0f64, |size, cost| size.max(cost.abs()));
        prop_assert!((sum - best).abs() <= 1e-12 * size, "{} instead of {}", sum, best);
    }
}
