//! Fields of pixels: the density behind the points, and the points.

use super::color::{Ramp, Rgb};

/// A picture of opaque pixels.
pub struct Raster {
    width: usize,
    height: usize,
    /// Red, green, blue, opacity of each pixel, row by row.
    pixels: Vec<u8>,
}

impl Raster {
    /// A picture of one colour.
    #[must_use]
    pub fn new(width: usize, height: usize, color: Rgb) -> Self {
        let [r, g, b] = color.0;
        Self { width, height, pixels: [r, g, b, 255].repeat(width * height) }
    }

    /// Its width in pixels.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// Red, green, blue, opacity of each pixel, row by row.
    #[must_use]
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// Paints a field over the whole picture: `values` holds `columns`×`rows` numbers from 0 to 1 at the corners of equal
    /// cells, row by row from the top; between them it interpolates.
    pub fn paint_field(&mut self, values: &[f32], columns: usize, rows: usize, ramp: &Ramp) {
        let mut line = vec![0.0f32; columns];
        let horizontal = (columns - 1) as f32 / self.width.max(2).saturating_sub(1) as f32;
        let vertical = (rows - 1) as f32 / self.height.max(2).saturating_sub(1) as f32;
        for (y, pixels) in self.pixels.chunks_exact_mut(4 * self.width).enumerate() {
            let place = y as f32 * vertical;
            let above = (place as usize).min(rows - 2);
            let share = place - above as f32;
            let upper = &values[above * columns..][..columns];
            let lower = &values[(above + 1) * columns..][..columns];
            for ((value, upper), lower) in line.iter_mut().zip(upper).zip(lower) {
                *value = 255.0 * (upper + (lower - upper) * share);
            }
            for (x, pixel) in pixels.chunks_exact_mut(4).enumerate() {
                let place = x as f32 * horizontal;
                let left = (place as usize).min(columns - 2);
                let value = line[left] + (line[left + 1] - line[left]) * (place - left as f32);
                pixel[..3].copy_from_slice(&ramp[value as usize & 255].0);
            }
        }
    }

    /// Paints discs of one radius (in pixels) and opacity, smooth at their edges, in the order given: centre and colour.
    pub fn paint_discs(&mut self, radius: f32, opacity: f32, discs: impl Iterator<Item = (f32, f32, Rgb)>) {
        let reach = radius + 0.5;
        for (x, y, color) in discs.filter(|(x, y, _)| x.is_finite() && y.is_finite()) {
            let columns = clipped(x, reach, self.width);
            let rows = clipped(y, reach, self.height);
            for row in rows {
                let dy = row as f32 + 0.5 - y;
                for column in columns.clone() {
                    let dx = column as f32 + 0.5 - x;
                    let squared = dx * dx + dy * dy;
                    if squared >= reach * reach {
                        continue;
                    }
                    let coverage = (reach - squared.sqrt()).min(1.0);
                    // A disc smaller than a pixel covers part of one.
                    let share = (coverage * (2.0 * radius).min(1.0) * opacity * 256.0) as i32;
                    let pixel = &mut self.pixels[4 * (row * self.width + column)..][..3];
                    for (channel, target) in pixel.iter_mut().zip(color.0) {
                        let old = i32::from(*channel);
                        *channel = (old + (((i32::from(target) - old) * share) >> 8)) as u8;
                    }
                }
            }
        }
    }
}

/// The pixels along one axis that a disc may touch.
fn clipped(centre: f32, reach: f32, size: usize) -> std::ops::Range<usize> {
    // Float-to-integer casts saturate, so even far-off centres give a range inside the picture.
    let first = ((centre - reach) as usize).min(size);
    let last = ((centre + reach) as isize).saturating_add(1).clamp(0, size as isize) as usize;
    first..last.max(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHITE: Rgb = Rgb([255; 3]);
    const BLACK: Rgb = Rgb([0; 3]);

    fn brightness(raster: &Raster) -> f64 {
        raster.pixels().chunks_exact(4).map(|pixel| f64::from(pixel[0]) / 255.0).sum()
    }

    #[test]
    fn discs_have_their_area() {
        for radius in [0.7, 2.25, 3.0, 6.0] {
            let mut raster = Raster::new(40, 40, BLACK);
            raster.paint_discs(radius, 1.0, [(20.3, 19.6, WHITE)].into_iter());
            let area = std::f64::consts::PI * f64::from(radius * radius);
            assert!((brightness(&raster) / area - 1.0).abs() < 0.15, "{radius}: {} {area}", brightness(&raster));
        }
    }

    #[test]
    fn discs_outside_are_clipped() {
        let mut raster = Raster::new(10, 10, BLACK);
        let places = [(-5.0, 5.0), (50.0, 5.0), (f32::NAN, 1.0), (1.0, f32::INFINITY), (-1e30, 1e30)];
        raster.paint_discs(2.0, 1.0, places.into_iter().map(|(x, y)| (x, y, WHITE)));
        assert_eq!(brightness(&raster), 0.0);
        raster.paint_discs(2.0, 1.0, [(0.0, 0.0, WHITE)].into_iter());
        assert!(brightness(&raster) > 2.0);
    }

    #[test]
    fn fields_reach_from_corner_to_corner() {
        let ramp: Ramp = std::array::from_fn(|step| Rgb([step as u8; 3]));
        let mut raster = Raster::new(9, 5, BLACK);
        raster.paint_field(&[0.0, 1.0, 0.0, 1.0], 2, 2, &ramp);
        let row: Vec<u8> = raster.pixels().chunks_exact(4).map(|pixel| pixel[0]).take(9).collect();
        assert_eq!((row[0], row[4], row[8]), (0, 127, 255));
    }
}
