//! Rectangles on the canvas.

/// A rectangle, in CSS pixels from the top left.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Area {
    /// Its left edge.
    pub left: f64,
    /// Its upper edge.
    pub top: f64,
    /// How wide it is.
    pub width: f64,
    /// How high it is.
    pub height: f64,
}

impl Area {
    /// Its right edge.
    #[must_use]
    pub fn right(&self) -> f64 {
        self.left + self.width
    }

    /// Its lower edge.
    #[must_use]
    pub fn bottom(&self) -> f64 {
        self.top + self.height
    }

    /// Width and height.
    #[must_use]
    pub fn size(&self) -> (f64, f64) {
        (self.width, self.height)
    }

    /// Whether a place is in it.
    #[must_use]
    pub fn contains(&self, (x, y): (f64, f64)) -> bool {
        x >= self.left && x < self.right() && y >= self.top && y < self.bottom()
    }

    /// How large the part is that it shares with another, in square pixels.
    #[must_use]
    pub fn shared_with(&self, other: &Self) -> f64 {
        let across = self.right().min(other.right()) - self.left.max(other.left);
        let down = self.bottom().min(other.bottom()) - self.top.max(other.top);
        across.max(0.0) * down.max(0.0)
    }

    /// What is left after so much is taken off its left, top, right and bottom; at least a pixel.
    #[must_use]
    pub fn less(&self, [left, top, right, bottom]: [f64; 4]) -> Self {
        Self {
            left: self.left + left,
            top: self.top + top,
            width: (self.width - left - right).max(1.0),
            height: (self.height - top - bottom).max(1.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_two_share() {
        let one = Area { left: 10.0, top: 10.0, width: 20.0, height: 10.0 };
        let moved = |left: f64, top: f64| Area { left, top, ..one };
        assert_eq!(one.shared_with(&one), 200.0);
        assert_eq!(one.shared_with(&moved(25.0, 15.0)), 25.0);
        assert_eq!(one.shared_with(&moved(30.0, 10.0)), 0.0);
        assert_eq!(one.shared_with(&moved(40.0, 40.0)), 0.0);
        assert!(one.contains((10.0, 19.0)) && !one.contains((10.0, 20.0)));
        assert_eq!(one.less([1.0, 2.0, 3.0, 100.0]), Area { left: 11.0, top: 12.0, width: 16.0, height: 1.0 });
    }
}
