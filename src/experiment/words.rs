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

/// Components, counted from 0, as people list them: component 2; components 1, 2 and 5.
pub fn components(which: &[usize]) -> String {
    let numbers: Vec<String> = which.iter().map(|k| (k + 1).to_string()).collect();
    match numbers.split_last() {
        Some((last, [])) => format!("component {last}"),
        Some((last, rest)) => format!("components {} and {last}", rest.join(", ")),
        None => "no component".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn components_are_listed() {
        assert_eq!(components(&[1]), "component 2");
        assert_eq!(components(&[0, 1]), "components 1 and 2");
        assert_eq!(components(&[0, 1, 4]), "components 1, 2 and 5");
    }

    #[test]
    fn small_numbers_are_written_with_powers() {
        assert_eq!(scientific(1e-6), "10⁻⁶");
        assert_eq!(scientific(2.5e-13), "2.5 · 10⁻¹³");
    }
}
