//! Which of the palette's colours each component has.

use super::{Component, ComponentStatus};

/// Colours before they repeat.
pub const PALETTE_SIZE: usize = 7;

/// The number of each component's colour, below [`PALETTE_SIZE`]. A component has the colour of its own number; but while those that
/// take part are no more than colours, none of them has that of another: the later one takes the first that is free.
#[must_use]
pub fn colors_of(components: &[Component]) -> Vec<usize> {
    let mut colors: Vec<usize> = (0..components.len()).map(|k| k % PALETTE_SIZE).collect();
    let on: Vec<usize> =
        (0..components.len()).filter(|&k| !matches!(components[k].status, ComponentStatus::Off)).collect();
    if on.len() > PALETTE_SIZE {
        return colors;
    }
    let mut taken = [false; PALETTE_SIZE];
    let mut without = Vec::new();
    for k in on {
        if std::mem::replace(&mut taken[colors[k]], true) {
            without.push(k);
        }
    }
    for k in without {
        let free = taken.iter().position(|taken| !taken).unwrap_or(colors[k]);
        (taken[free], colors[k]) = (true, free);
    }
    colors
}

#[cfg(test)]
mod tests {
    use super::*;

    fn colors(count: usize, on: &[usize]) -> Vec<usize> {
        let status = |k: usize| if on.contains(&k) { ComponentStatus::Active } else { ComponentStatus::Off };
        let one = |k: usize| Component { weight: 0.1, mean: vec![0.0], covariance: vec![1.0], status: status(k) };
        colors_of(&(0..count).map(one).collect::<Vec<_>>())
    }

    #[test]
    fn components_have_their_own_colours_while_those_suffice() {
        let all: Vec<usize> = (0..7).collect();
        assert_eq!(colors(7, &all), all);
        let many: Vec<usize> = (0..9).collect();
        assert_eq!(colors(9, &many), [0, 1, 2, 3, 4, 5, 6, 0, 1]);
    }

    #[test]
    fn of_many_the_few_that_are_on_differ_and_most_keep_their_colour() {
        let found = colors(30, &[0, 5, 7, 14, 26]);
        assert_eq!([0, 5, 7, 14, 26].map(|k| found[k]), [0, 5, 1, 2, 3]);
        let found = colors(30, &[0, 5, 7, 14, 22, 26, 29]);
        let mut slots: Vec<usize> = [0, 5, 7, 14, 22, 26, 29].map(|k| found[k]).to_vec();
        slots.sort_unstable();
        assert_eq!(slots, [0, 1, 2, 3, 4, 5, 6]);
    }
}
