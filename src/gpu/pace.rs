//! How much goes into one submission.

/// Milliseconds that a submission should take: about a frame, so that each frame has something new to show, and a device that is
/// ten times slower than thought still answers within the time after which systems reset it.
const TARGET: f64 = 12.0;

/// Pairs of point and component in the first submission: a hundredth of a second on the slowest devices.
const FIRST: f64 = 2e5;

/// Most iterations in one submission.
pub const MOST_ITERATIONS: usize = 512;

/// Adapts the size of submissions to how long they take.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace {
    /// Iterations that a submission may take; a part of one where passes are split.
    share: f64,
}

impl Pace {
    /// Starts carefully, for iterations of so many pairs.
    #[must_use]
    pub fn new(pairs: f64) -> Self {
        Self { share: (FIRST / pairs.max(1.0)).min(16.0) }
    }

    /// Iterations that the next submission may take.
    #[must_use]
    pub fn share(&self) -> f64 {
        self.share
    }

    /// Takes in that `share` iterations took so many milliseconds. Those that were held back by something else say only whether they
    /// were too slow.
    pub fn learn(&mut self, share: f64, milliseconds: f64) {
        let factor = (TARGET / milliseconds.max(0.1)).clamp(0.1, 2.0);
        let full = share >= 0.9 * self.share;
        if full || milliseconds > TARGET {
            self.share = (share * factor).min(MOST_ITERATIONS as f64);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Submissions of a device that does so many iterations a millisecond, after a latency.
    fn settle(pairs: f64, a_millisecond: f64, latency: f64) -> (f64, f64) {
        let mut pace = Pace::new(pairs);
        let mut longest: f64 = 0.0;
        for _ in 0..50 {
            let share = pace.share();
            let took = share / a_millisecond + latency;
            longest = longest.max(took);
            pace.learn(share, took);
        }
        (pace.share(), longest)
    }

    #[test]
    fn submissions_become_as_long_as_a_frame_on_any_device() {
        for (pairs, a_millisecond) in [(1e4, 2.0), (1e6, 100.0), (6.4e8, 1e-3), (6.4e8, 1.0 / 128.0)] {
            let (share, longest) = settle(pairs, a_millisecond, 1.0);
            let took = share / a_millisecond + 1.0;
            assert!((6.0..=24.0).contains(&took), "{pairs} {a_millisecond}: {took}");
            assert!(longest < 100.0, "{longest}");
        }
        let (share, _) = settle(100.0, 1e6, 0.1);
        assert_eq!(share, MOST_ITERATIONS as f64);
    }

    #[test]
    fn short_submissions_say_only_that_they_were_slow() {
        let mut pace = Pace::new(1e6);
        for _ in 0..10 {
            pace.learn(pace.share(), 1.0);
        }
        let before = pace.share();
        pace.learn(1.0, 0.5);
        assert_eq!(pace.share(), before);
        pace.learn(1.0, 120.0);
        assert!(pace.share() < 0.2);
    }
}
