//! Several starts, of which the best is kept.

/// The best of several starts.
#[derive(Clone, Debug, PartialEq)]
pub struct Best<T> {
    /// Which start it was, counted from 0.
    pub start: usize,
    /// Its score; higher is better.
    pub score: f64,
    /// What it came to.
    pub fit: T,
}

/// Runs `starts` starts, at least one, each to its own end, and keeps the one of the highest score; the earlier of two equal
/// ones. `run(i)` opens start i, with random numbers of its own, and gives its score (higher is better) and
/// what it came to. Starts that fail, or whose score is not a number, count only where no other is left.
///
/// # Errors
/// That of the first start, where all fail.
pub fn best_of<T, E>(starts: usize, mut run: impl FnMut(usize) -> Result<(f64, T), E>) -> Result<Best<T>, E> {
    let mut best: Option<Best<T>> = None;
    let mut first_error = None;
    for start in 0..starts.max(1) {
        match run(start) {
            Ok((score, fit)) => {
                if best.as_ref().is_none_or(|best| score > best.score || (best.score.is_nan() && !score.is_nan())) {
                    best = Some(Best { start, score, fit });
                }
            }
            Err(error) => first_error = first_error.or(Some(error)),
        }
    }
    match (best, first_error) {
        (Some(best), _) => Ok(best),
        (None, Some(error)) => Err(error),
        (None, None) => unreachable!("at least one start was run"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn best(scores: &[Result<f64, &'static str>]) -> Result<usize, &'static str> {
        best_of(scores.len(), |start| scores[start].map(|score| (score, ()))).map(|best| best.start)
    }

    #[test]
    fn the_highest_score_is_kept() {
        assert_eq!(best(&[Ok(1.0), Ok(3.0), Ok(2.0)]), Ok(1));
        assert_eq!(best(&[Ok(3.0), Ok(3.0)]), Ok(0));
        assert_eq!(best(&[Ok(f64::NAN), Ok(-5.0), Ok(f64::NAN)]), Ok(1));
        assert_eq!(best(&[Err("first"), Ok(f64::NEG_INFINITY)]), Ok(1));
        assert_eq!(best(&[Err("first"), Err("second")]), Err("first"));
        assert_eq!(best_of(0, |start| Ok::<_, ()>((0.0, start))).unwrap().fit, 0, "at least one");
    }
}
