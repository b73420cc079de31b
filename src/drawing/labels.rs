//! Labels beside what they name, where they cover no other.

use super::area::Area;

/// A label is left out where others would cover more than this part of it.
const MOST_COVERED: f64 = 0.12;
/// How bad it is to cover a mark, compared with a label.
const MARK: f64 = 0.6;
/// How much of the label must be freed before it goes elsewhere than before: it is not to jump about.
const STAY: f64 = 0.15;
/// How much worse each place is than the one before it.
const ORDER: f64 = 0.01;

/// The sides of its anchor that a label is tried on, best first: across and down, −1, 0 or 1.
const SIDES: [(f64, f64); 8] =
    [(1.0, -1.0), (1.0, 1.0), (-1.0, 1.0), (-1.0, -1.0), (1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0)];

/// Puts labels, the most important first, one after the other.
pub struct Placer {
    bounds: Area,
    labels: Vec<Area>,
    marks: Vec<Area>,
}

impl Placer {
    /// Labels have to stay in these bounds.
    #[must_use]
    pub fn new(bounds: Area) -> Self {
        Self { bounds, labels: Vec::new(), marks: Vec::new() }
    }

    /// Labels stay off a mark so large about a place where they can.
    pub fn mark(&mut self, (x, y): (f64, f64), radius: f64) {
        self.marks.push(Area { left: x - radius, top: y - radius, width: 2.0 * radius, height: 2.0 * radius });
    }

    /// Puts a label of this size beside an anchor, `gap` pixels from it, at the side where it was in the last frame unless
    /// another is much better. Returns where, and at which side; `None` where there is no room.
    pub fn place(
        &mut self,
        anchor: (f64, f64),
        gap: f64,
        (width, height): (f64, f64),
        before: Option<usize>,
    ) -> Option<(Area, usize)> {
        let mut best: Option<(f64, usize, Area)> = None;
        for (side, (across, down)) in SIDES.into_iter().enumerate() {
            // Diagonals are as far off as the others.
            let reach = if across * down == 0.0 { gap } else { 0.75 * gap };
            let offset = |direction: f64, length: f64| direction * reach + 0.5 * (direction - 1.0) * length;
            let area =
                Area { left: anchor.0 + offset(across, width), top: anchor.1 + offset(down, height), width, height };
            let inside = area.shared_with(&self.bounds) >= 0.999 * width * height;
            let part =
                |others: &[Area]| others.iter().map(|other| area.shared_with(other)).sum::<f64>() / (width * height);
            let covered = part(&self.labels);
            if !inside || covered > MOST_COVERED {
                continue;
            }
            let stay = if before == Some(side) { STAY } else { 0.0 };
            let cost = covered + MARK * part(&self.marks) + ORDER * side as f64 - stay;
            if best.is_none_or(|(least, ..)| cost < least) {
                best = Some((cost, side, area));
            }
        }
        let (_, side, area) = best?;
        self.labels.push(area);
        Some((area, side))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: (f64, f64) = (60.0, 14.0);

    fn placer() -> Placer {
        Placer::new(Area { left: 0.0, top: 0.0, width: 300.0, height: 200.0 })
    }

    #[test]
    fn labels_at_one_place_go_to_its_sides_until_there_are_none() {
        let mut placer = placer();
        let places: Vec<Area> = std::iter::from_fn(|| placer.place((150.0, 100.0), 10.0, SIZE, None))
            .map(|(area, _)| area)
            .take(20)
            .collect();
        assert!((4..=8).contains(&places.len()), "{places:?}");
        for (i, one) in places.iter().enumerate() {
            assert!(places[..i].iter().all(|other| one.shared_with(other) < 0.13 * 60.0 * 14.0), "{places:?}");
        }
    }

    #[test]
    fn labels_stay_inside_and_off_marks() {
        let mut placer = placer();
        // At the right edge only the left sides are left, at the corner one of them.
        let (area, _) = placer.place((295.0, 100.0), 8.0, SIZE, None).unwrap();
        assert!(area.right() < 295.0);
        let (area, _) = placer.place((297.0, 2.0), 8.0, SIZE, None).unwrap();
        assert!(area.right() <= 300.0 && area.top >= 0.0);
        assert_eq!(placer.place((400.0, 100.0), 8.0, SIZE, None), None);
        let free = placer.place((100.0, 150.0), 8.0, SIZE, None).unwrap();
        assert_eq!(free.1, 0);
        let mut marked = self::placer();
        marked.mark((130.0, 138.0), 8.0);
        assert_ne!(marked.place((100.0, 150.0), 8.0, SIZE, None).unwrap().1, 0);
    }

    #[test]
    fn labels_do_not_jump_for_a_little() {
        for (radius, moves) in [(2.0, false), (12.0, true)] {
            let mut placer = placer();
            placer.mark((130.0, 162.0), radius);
            let side = placer.place((100.0, 150.0), 8.0, SIZE, Some(1)).unwrap().1;
            assert_eq!(side != 1, moves, "{radius}");
        }
    }
}
