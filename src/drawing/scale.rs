//! Scales from the units of the data to pixels, and their ticks.

/// A linear scale.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    domain: (f64, f64),
    range: (f64, f64),
}

impl Scale {
    /// Maps `domain` onto `range`; the ends of the domain differ.
    #[must_use]
    pub fn new(domain: (f64, f64), range: (f64, f64)) -> Self {
        Self { domain, range }
    }

    /// The pixels at its two ends.
    #[must_use]
    pub fn range(&self) -> (f64, f64) {
        self.range
    }

    /// From one end of its domain to the other.
    #[must_use]
    pub fn length(&self) -> f64 {
        self.domain.1 - self.domain.0
    }

    /// The pixel of a value.
    #[must_use]
    pub fn pixel(&self, value: f64) -> f64 {
        self.range.0 + (value - self.domain.0) * self.pixels_per_unit()
    }

    /// The value at a pixel.
    #[must_use]
    pub fn value(&self, pixel: f64) -> f64 {
        self.domain.0 + (pixel - self.range.0) / self.pixels_per_unit()
    }

    /// Pixels a unit; negative where the scale points up the screen.
    #[must_use]
    pub fn pixels_per_unit(&self) -> f64 {
        (self.range.1 - self.range.0) / (self.domain.1 - self.domain.0)
    }

    /// Round values at least `spacing` pixels apart over the whole of `pixels`, with their labels.
    #[must_use]
    pub fn ticks(&self, pixels: (f64, f64), spacing: f64) -> Vec<(f64, String)> {
        let step = round_step(spacing / self.pixels_per_unit().abs());
        let (a, b) = (self.value(pixels.0), self.value(pixels.1));
        let (first, last) = (libm::ceil(a.min(b) / step), libm::floor(a.max(b) / step));
        let count = last - first;
        // Where the view is too narrow for its distance from zero, steps cannot be told apart.
        if !(0.0..=1000.0).contains(&count) || first.abs().max(last.abs()) > 1e12 {
            return Vec::new();
        }
        (0..=count as usize).map(|i| (first + i as f64) * step).map(|value| (value, label(value, step))).collect()
    }
}

/// The smallest of 1, 2, 5 · 10ⁿ that is at least `least`.
#[must_use]
pub fn round_step(least: f64) -> f64 {
    let power = libm::pow(10.0, libm::floor(libm::log10(least)));
    [1.0, 2.0, 5.0].into_iter().map(|factor| factor * power).find(|&step| step >= least * 0.999).unwrap_or(10.0 * power)
}

/// A number as text: as many decimals as the step needs, thousands set apart, a real minus sign.
#[must_use]
pub fn label(value: f64, step: f64) -> String {
    let exponent = libm::floor(libm::log10(step) + 1e-9) as i32;
    if value != 0.0 && (value.abs() >= 1e7 || exponent < -5) {
        return format!("{value:.3e}").replace("e-", "e−").replace('-', "−").replace(".000e", "e");
    }
    let decimals = usize::try_from(-exponent).unwrap_or(0);
    let digits = format!("{:.decimals$}", value.abs());
    let (whole, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
    let mut text = String::new();
    if value < 0.0 && digits.bytes().any(|digit| (b'1'..=b'9').contains(&digit)) {
        text.push('−');
    }
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text.push('.');
        text += fraction;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_map_there_and_back() {
        let scale = Scale::new((2.0, 4.0), (600.0, 0.0));
        assert_eq!(scale.pixel(2.0), 600.0);
        assert_eq!(scale.pixel(3.0), 300.0);
        assert_eq!(scale.value(150.0), 3.5);
    }

    #[test]
    fn ticks_are_round_and_labelled() {
        let ticks = |domain, spacing| {
            let labels = Scale::new(domain, (0.0, 800.0)).ticks((0.0, 800.0), spacing);
            labels.into_iter().map(|(_, label)| label).collect::<Vec<_>>()
        };
        assert_eq!(ticks((-1.0, 1.0), 150.0), ["−1.0", "−0.5", "0.0", "0.5", "1.0"]);
        assert_eq!(ticks((9000.0, 35000.0), 250.0), ["10,000", "20,000", "30,000"]);
        assert_eq!(ticks((0.0, 0.001), 300.0), ["0.0000", "0.0005", "0.0010"]);
        assert!(ticks((1e20, 1e20 + 65536.0), 1.0).is_empty());
    }
}
