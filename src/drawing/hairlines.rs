//! Thin lines painted into a picture, many of one colour at a time: opaque, so that where they cross or meet nothing is darker.

use super::color::Rgb;
use super::raster::Raster;

/// What a set of lines covers of a picture; kept between frames for its memory.
#[derive(Default)]
pub struct Hairlines {
    /// Of each pixel, 0 to 255.
    cover: Vec<u8>,
    /// The pixels of which something is covered.
    touched: Vec<u32>,
    width: usize,
    height: usize,
}

impl Hairlines {
    /// Makes it as large as a picture.
    pub fn resize(&mut self, raster: &Raster) {
        (self.width, self.height) = (raster.width(), raster.height());
        self.cover.clear();
        self.cover.resize(self.width * self.height, 0);
        self.touched.clear();
    }

    /// Adds a straight piece with round ends, in pixels.
    pub fn add(&mut self, from: (f32, f32), to: (f32, f32), width: f32) {
        // A line thinner than a pixel is as wide as one, and fainter.
        let reach = 0.5 * width.max(1.0) + 0.5;
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let squared = dx * dx + dy * dy;
        if !squared.is_finite() {
            return;
        }
        let pixels = |a: f32, b: f32, size: usize| {
            // Casts saturate: what is outside gives an empty range.
            let first = (a.min(b) - reach).max(0.0) as usize;
            let last = ((a.max(b) + reach + 1.0).max(0.0) as usize).min(size);
            first.min(last)..last
        };
        for row in pixels(from.1, to.1, self.height) {
            for column in pixels(from.0, to.0, self.width) {
                let (x, y) = (column as f32 + 0.5 - from.0, row as f32 + 0.5 - from.1);
                let along = if squared > 0.0 { ((x * dx + y * dy) / squared).clamp(0.0, 1.0) } else { 0.0 };
                let (x, y) = (x - along * dx, y - along * dy);
                let apart = x * x + y * y;
                if apart >= reach * reach {
                    continue;
                }
                let cover = (255.0 * (reach - apart.sqrt()).min(1.0) * width.min(1.0)) as u8;
                let index = row * self.width + column;
                let before = self.cover[index];
                if cover > before {
                    if before == 0 {
                        self.touched.push(index as u32);
                    }
                    self.cover[index] = cover;
                }
            }
        }
    }

    /// Paints what was added, and forgets it.
    pub fn paint(&mut self, raster: &mut Raster, color: Rgb) {
        for index in self.touched.drain(..) {
            let cover = std::mem::take(&mut self.cover[index as usize]);
            raster.blend(index as usize, color, cover);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Piece = ((f32, f32), (f32, f32));

    fn painted(pieces: &[Piece], width: f32) -> (Raster, f64) {
        let mut raster = Raster::default();
        raster.resize(40, 30);
        raster.fill(Rgb([0; 3]));
        let mut lines = Hairlines::default();
        lines.resize(&raster);
        for &(from, to) in pieces {
            lines.add(from, to, width);
        }
        lines.paint(&mut raster, Rgb([255; 3]));
        let light = raster.bytes().chunks_exact(4).map(|pixel| f64::from(pixel[0]) / 255.0).sum();
        (raster, light)
    }

    #[test]
    fn lines_cover_their_length_times_their_width() {
        for width in [0.5, 1.0, 2.0, 3.0] {
            for (from, to) in [((5.0, 15.0), (35.0, 15.0)), ((5.3, 4.8), (33.1, 24.9))] {
                let (_, light) = painted(&[(from, to)], width);
                let length = f64::from(libm::hypotf(to.0 - from.0, to.1 - from.1));
                assert!((light / (length * f64::from(width)) - 1.0).abs() < 0.12, "{width} {light} {length}");
            }
        }
    }

    #[test]
    fn where_lines_meet_nothing_is_darker() {
        let (a, b, c) = ((4.0, 4.2), (20.0, 11.1), (36.0, 18.0));
        let (whole, _) = painted(&[(a, c)], 1.0);
        let (halves, light) = painted(&[(a, b), (b, c), (a, c)], 1.0);
        let same = whole.bytes().iter().zip(halves.bytes()).all(|(one, other)| one.abs_diff(*other) <= 24);
        assert!(same && light < 40.0, "{light}");
    }

    #[test]
    fn what_is_outside_is_cut_off() {
        let far = [((-50.0, -3.0), (-40.0, 900.0)), ((f32::NAN, 1.0), (2.0, 2.0)), ((1e30, 1.0), (2e30, 2.0))];
        assert_eq!(painted(&far, 1.0).1, 0.0);
        assert!(painted(&[((-10.0, 5.0), (50.0, 5.0))], 1.0).1 > 38.0);
    }
}
