//! Pairs at the least cost: the assignment problem.

/// The columns that rows are paired with, one entry a row, so that the costs of all pairs sum to the least there is: each column
/// at most once, and as many pairs as the smaller side has; a row without one is `None`. `cost(row, column)` is to be finite, of
/// any sign; what is not costs more than anything else, or breaks nothing at least.
///
/// Kuhn's Hungarian method with potentials: shortest augmenting paths in reduced costs, one a row, O(rows² · columns) for
/// the smaller side as rows (Kuhn 1955; Jonker & Volgenant 1987).
#[must_use]
pub fn minimum_cost_assignment(rows: usize, columns: usize, cost: impl Fn(usize, usize) -> f64) -> Vec<Option<usize>> {
    if rows <= columns {
        return augment(rows, columns, cost).into_iter().map(Some).collect();
    }
    let mut paired = vec![None; rows];
    for (column, row) in augment(columns, rows, |column, row| cost(row, column)).into_iter().enumerate() {
        paired[row] = Some(column);
    }
    paired
}

/// The column of each row, where there are at least as many columns.
fn augment(rows: usize, columns: usize, cost: impl Fn(usize, usize) -> f64) -> Vec<usize> {
    // Reduced costs, cost − row − column, are at or above 0, and 0 on pairs.
    let (mut of_row, mut of_column) = (vec![0.0; rows], vec![0.0; columns]);
    let mut row_of: Vec<Option<usize>> = vec![None; columns];
    for start in 0..rows {
        // The shortest way from `start` to each column, and the column before it on that way.
        let mut way = vec![f64::INFINITY; columns];
        let mut before: Vec<Option<usize>> = vec![None; columns];
        let mut reached = vec![false; columns];
        let mut path: Vec<(usize, usize)> = Vec::new();
        let (mut row, mut last, mut length) = (start, None, 0.0);
        let end = loop {
            for column in (0..columns).filter(|&column| !reached[column]) {
                let longer = length + (cost(row, column) - of_row[row] - of_column[column]);
                if longer < way[column] {
                    (way[column], before[column]) = (longer, last);
                }
            }
            // There is one: fewer columns have been reached than there are rows.
            let free = (0..columns).filter(|&column| !reached[column]);
            let Some(next) = free.min_by(|&a, &b| way[a].total_cmp(&way[b])) else { break None };
            reached[next] = true;
            length = way[next];
            match row_of[next] {
                Some(taken) => {
                    path.push((next, taken));
                    (row, last) = (taken, Some(next));
                }
                None => break Some(next),
            }
        };
        of_row[start] += length;
        for (column, taken) in path {
            of_row[taken] += length - way[column];
            of_column[column] -= length - way[column];
        }
        // Back along the way, each column takes the row of the one before it.
        let mut place = end;
        while let Some(column) = place {
            place = before[column];
            row_of[column] = match place {
                Some(earlier) => row_of[earlier],
                None => Some(start),
            };
        }
    }
    let mut column_of = vec![0; rows];
    for (column, row) in row_of.into_iter().enumerate() {
        if let Some(row) = row {
            column_of[row] = column;
        }
    }
    column_of
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_sum_is_not_that_of_the_nearest() {
        // Row 0 would like column 0 best, but so does row 1, for whom the other is far.
        let costs = [[1.0, 2.0], [1.5, 9.0]];
        assert_eq!(minimum_cost_assignment(2, 2, |row, column| costs[row][column]), [Some(1), Some(0)]);
        assert_eq!(minimum_cost_assignment(0, 3, |_, _| 1.0), []);
        assert_eq!(minimum_cost_assignment(2, 0, |_, _| 1.0), [None, None]);
        assert_eq!(minimum_cost_assignment(3, 1, |row, _| [3.0, -1.0, 2.0][row]), [None, Some(0), None]);
    }

    #[test]
    fn numbers_that_are_none_end_too() {
        for odd in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let paired = minimum_cost_assignment(3, 4, |row, column| if row == column { odd } else { 1.0 });
            let mut columns: Vec<usize> = paired.into_iter().flatten().collect();
            columns.sort_unstable();
            columns.dedup();
            assert_eq!(columns.len(), 3, "{odd}");
        }
    }
}
