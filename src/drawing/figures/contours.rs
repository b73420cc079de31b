//! Lines of equal value through a grid of values: marching squares, the pieces joined to lines.

/// A line in the grid's own units: columns to the right and rows down, both from the first corner.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Its points in their order.
    pub points: Vec<(f32, f32)>,
    /// Whether its end is its beginning, which stands there once.
    pub closed: bool,
}

impl Line {
    /// Its pieces, the one that closes it included.
    pub fn pieces(&self) -> impl Iterator<Item = ((f32, f32), (f32, f32))> {
        let next = self.points.iter().skip(1).chain(self.points.first().filter(|_| self.closed));
        self.points.iter().copied().zip(next.copied())
    }
}

/// No piece.
const NONE: u32 = u32::MAX;

/// Values at the corners of equal cells, row by row, with what is needed to follow lines through them.
pub struct Contours<'a> {
    values: &'a [f32],
    columns: usize,
    rows: usize,
    /// Of each cell: the least and the most of its corners; nothing lies between them where one is no number.
    spans: Vec<(f32, f32)>,
    /// Of each edge between two corners: the pieces that end there, at most two.
    ends: Vec<[u32; 2]>,
}

impl<'a> Contours<'a> {
    /// Takes at least 2×2 values.
    #[must_use]
    pub fn new(values: &'a [f32], (columns, rows): (usize, usize)) -> Self {
        let span = |cell: usize| {
            let first = cell / (columns - 1) * columns + cell % (columns - 1);
            let corners = [first, first + 1, first + columns, first + columns + 1].map(|corner| values[corner]);
            let finite = corners.iter().all(|value| value.is_finite());
            let least = corners.into_iter().fold(f32::INFINITY, f32::min);
            let most = corners.into_iter().fold(f32::NEG_INFINITY, f32::max);
            if finite { (least, most) } else { (f32::INFINITY, f32::NEG_INFINITY) }
        };
        let spans = (0..(columns - 1) * (rows - 1)).map(span).collect();
        // As many edges across as down, counted generously.
        Self { values, columns, rows, spans, ends: vec![[NONE; 2]; 2 * columns * rows] }
    }

    /// The lines along which the value is `level`: each ends at the grid's rim, at a value that is no number, or where it began. A
    /// corner that has just this value counts as higher.
    pub fn lines(&mut self, level: f32) -> Vec<Line> {
        let pieces = self.pieces(level);
        for (number, piece) in pieces.iter().enumerate() {
            for edge in piece {
                let ends = &mut self.ends[*edge as usize];
                let free = usize::from(ends[0] != NONE);
                ends[free] = number as u32;
            }
        }
        let mut left = vec![true; pieces.len()];
        let mut lines = Vec::new();
        for start in 0..pieces.len() {
            if !left[start] {
                continue;
            }
            left[start] = false;
            let [tail, head] = pieces[start];
            let mut edges = vec![tail, head];
            self.follow(&pieces, &mut left, start, &mut edges);
            let closed = edges.len() > 2 && edges.first() == edges.last();
            if closed {
                edges.pop();
            } else {
                edges.reverse();
                self.follow(&pieces, &mut left, start, &mut edges);
            }
            lines.push(Line { points: edges.into_iter().map(|edge| self.place(edge, level)).collect(), closed });
        }
        for edge in pieces.iter().flatten() {
            self.ends[*edge as usize] = [NONE; 2];
        }
        lines
    }

    /// Goes on from the last edge of a line, which `piece` has led to, as far as there are pieces.
    fn follow(&self, pieces: &[[u32; 2]], left: &mut [bool], piece: usize, edges: &mut Vec<u32>) {
        let mut present = piece as u32;
        while let Some(&edge) = edges.last() {
            let [a, b] = self.ends[edge as usize];
            let next = if a == present { b } else { a };
            if next == NONE || !left[next as usize] {
                return;
            }
            left[next as usize] = false;
            let [from, to] = pieces[next as usize];
            edges.push(if from == edge { to } else { from });
            present = next;
        }
    }

    /// The pieces of all cells, each by the two edges that it joins.
    fn pieces(&self, level: f32) -> Vec<[u32; 2]> {
        let mut pieces = Vec::new();
        let columns = self.columns;
        for (cell, &(least, most)) in self.spans.iter().enumerate() {
            if level <= least || level > most {
                continue;
            }
            let first = cell / (columns - 1) * columns + cell % (columns - 1);
            let corners = [first, first + 1, first + columns + 1, first + columns].map(|corner| self.values[corner]);
            let high = corners.map(|value| value >= level);
            let down = (columns * self.rows) as u32;
            let first = first as u32;
            // Clockwise from the upper one; edge i lies between corners i and i + 1.
            let edges = [first, down + first + 1, first + columns as u32, down + first];
            let crossed: Vec<usize> = (0..4).filter(|&i| high[i] != high[(i + 1) % 4]).collect();
            match crossed[..] {
                [a, b] => pieces.push([edges[a], edges[b]]),
                [..] if crossed.len() == 4 => {
                    // A saddle: the middle says whether the high corners or the low ones hang together. The pieces cut off
                    // the other two.
                    let middle = 0.25 * corners.iter().sum::<f32>() >= level;
                    if high[0] == middle {
                        pieces.push([edges[0], edges[1]]);
                        pieces.push([edges[2], edges[3]]);
                    } else {
                        pieces.push([edges[3], edges[0]]);
                        pieces.push([edges[1], edges[2]]);
                    }
                }
                _ => {}
            }
        }
        pieces
    }

    /// Where the level is on an edge.
    fn place(&self, edge: u32, level: f32) -> (f32, f32) {
        let count = self.columns * self.rows;
        let (corner, across) =
            if (edge as usize) < count { (edge as usize, true) } else { (edge as usize - count, false) };
        let (column, row) = ((corner % self.columns) as f32, (corner / self.columns) as f32);
        let from = self.values[corner];
        let to = self.values[if across { corner + 1 } else { corner + self.columns }];
        let share = (level - from) / (to - from);
        if across { (column + share, row) } else { (column, row + share) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(values: &[f32], shape: (usize, usize), level: f32) -> Vec<Line> {
        Contours::new(values, shape).lines(level)
    }

    fn grid(columns: usize, rows: usize, value: impl Fn(f32, f32) -> f32) -> Vec<f32> {
        (0..columns * rows).map(|i| value((i % columns) as f32, (i / columns) as f32)).collect()
    }

    fn distance(a: (f32, f32), b: (f32, f32)) -> f32 {
        libm::hypotf(a.0 - b.0, a.1 - b.1)
    }

    #[test]
    fn a_hill_has_a_closed_ring() {
        let hill = grid(41, 41, |x, y| -distance((x, y), (20.0, 20.0)));
        let found = lines(&hill, (41, 41), -12.5);
        assert_eq!(found.len(), 1);
        assert!(found[0].closed);
        assert!(found[0].points.iter().all(|&point| (distance(point, (20.0, 20.0)) - 12.5).abs() < 0.05));
        // Once around, without a gap: every piece is short, and their lengths sum to the circumference.
        let lengths: Vec<f32> = found[0].pieces().map(|(from, to)| distance(from, to)).collect();
        assert_eq!(lengths.len(), found[0].points.len());
        assert!(lengths.iter().all(|&length| length < 1.5));
        assert!((lengths.iter().sum::<f32>() / (12.5 * std::f32::consts::TAU) - 1.0).abs() < 0.01);
    }

    #[test]
    fn two_hills_have_two_rings_until_they_join() {
        let height = |x: f32, y: f32| {
            let hill = |centre: f32| libm::expf(-0.05 * ((x - centre) * (x - centre) + (y - 15.0) * (y - 15.0)));
            hill(12.0) + hill(24.0)
        };
        let hills = grid(37, 31, height);
        let mut contours = Contours::new(&hills, (37, 31));
        let rings = |found: &[Line]| found.iter().filter(|line| line.closed).count();
        let (apart, joined, none) = (contours.lines(0.8), contours.lines(0.2), contours.lines(3.0));
        assert_eq!((apart.len(), rings(&apart)), (2, 2));
        assert_eq!((joined.len(), rings(&joined)), (1, 1));
        assert!(none.is_empty());
        // Nothing is left over from one level to the next.
        assert_eq!(contours.lines(0.8), apart);
    }

    #[test]
    fn lines_end_at_the_rim() {
        let slope = grid(9, 6, |x, y| x + 0.25 * y);
        let found = lines(&slope, (9, 6), 3.6);
        assert_eq!(found.len(), 1);
        assert!(!found[0].closed);
        assert_eq!(found[0].pieces().count(), found[0].points.len() - 1);
        assert!(found[0].points.iter().all(|&(x, y)| (x + 0.25 * y - 3.6).abs() < 1e-5));
        let ends = [found[0].points[0], *found[0].points.last().unwrap()];
        let on_the_rim = |(_, y): (f32, f32)| y == 0.0 || y == 5.0;
        assert!(ends.into_iter().all(on_the_rim) && ends[0].1 != ends[1].1, "{ends:?}");
    }

    #[test]
    fn the_middle_of_a_saddle_decides() {
        // High at the upper left and the lower right.
        for (low, level, joined) in [(0.0, 0.4, true), (0.0, 0.6, false)] {
            let found = lines(&[1.0, low, low, 1.0], (2, 2), level);
            assert_eq!(found.len(), 2);
            // Where the high corners hang together the pieces cut off the low ones, at the upper right and the lower left.
            let near_a_low_corner = |line: &Line| {
                let near = |corner| line.points.iter().all(|&point| distance(point, corner) < 1.0 - level + 1e-5);
                near((1.0, 0.0)) || near((0.0, 1.0))
            };
            let cut_low = found.iter().all(|line| {
                let (from, to) = line.pieces().next().unwrap();
                let middle = (0.5 * (from.0 + to.0), 0.5 * (from.1 + to.1));
                distance(middle, (1.0, 0.0)).min(distance(middle, (0.0, 1.0)))
                    < distance(middle, (0.0, 0.0)).min(distance(middle, (1.0, 1.0)))
            });
            assert_eq!(cut_low, joined, "{found:?}");
            assert!(joined || !found.iter().all(near_a_low_corner));
        }
    }

    #[test]
    fn corners_at_the_level_break_no_line() {
        let steps = grid(12, 12, |x, y| libm::roundf(0.5 * distance((x, y), (5.5, 5.5))));
        let found = lines(&steps, (12, 12), 2.0);
        assert_eq!(found.len(), 1);
        assert!(found[0].closed);
        // A plain has no lines, at its own height neither.
        assert!(lines(&[2.0; 16], (4, 4), 2.0).is_empty());
    }

    #[test]
    fn what_is_no_number_is_gone_around() {
        let mut hill = grid(21, 21, |x, y| -distance((x, y), (10.0, 10.0)));
        hill[10 * 21 + 16] = f32::NAN;
        let found = lines(&hill, (21, 21), -6.5);
        assert_eq!(found.len(), 1);
        assert!(!found[0].closed);
        assert!(found[0].points.iter().all(|(x, y)| x.is_finite() && y.is_finite()));
        hill[10 * 21 + 16] = f32::NEG_INFINITY;
        assert_eq!(lines(&hill, (21, 21), -6.5), found);
    }
}
