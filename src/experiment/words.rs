//! Numbers in sentences.

/// A small number as people write it: 10⁻⁶, 2.5 · 10⁻³.
pub fn scientific(value: f64) -> String {
    let text = format!("{value:e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let power = exponent.chars().map(|c| match c {
        '-' => '⁻',
        digit => ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'][digit.to_digit(10).unwrap_or(0) as usize],
    });
    let power: String = power.collect();
    if digits == "1" { format!("10{power}") } else { format!("{digits} · 10{power}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_numbers_are_written_with_powers() {
        assert_eq!(scientific(1e-6), "10⁻⁶");
        assert_eq!(scientific(2.5e-13), "2.5 · 10⁻¹³");
    }
}
