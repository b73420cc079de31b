//! Fields of pixels: the density behind the points, and the points.

use wide::f32x4;

use super::area::Area;
use super::color::{Ramp, Rgb};

/// A picture of opaque pixels.
#[derive(Default)]
pub struct Raster {
    width: usize,
    height: usize,
    /// Red, green, blue, opacity of each pixel, row by row.
    pixels: Vec<[u8; 4]>,
}

/// A part of a picture, in its pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    left: usize,
    top: usize,
    width: usize,
    height: usize,
}

/// Bits behind the point of a shade while it is interpolated along a row.
const FRACTION_BITS: u32 = 16;

impl Raster {
    /// Makes it a picture of this size. What it shows is what it showed before: paint all of it.
    pub fn resize(&mut self, width: usize, height: usize) {
        (self.width, self.height) = (width, height);
        self.pixels.resize(width * height, [0, 0, 0, 255]);
    }

    /// Paints all of it in one colour.
    pub fn fill(&mut self, color: Rgb) {
        self.pixels.fill(opaque(color));
    }

    /// Its width in pixels.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// Its height in pixels.
    #[must_use]
    pub fn height(&self) -> usize {
        self.height
    }

    /// Paints a colour over one pixel, counted row by row from the top left, with an opacity of 0 to 255.
    pub fn blend(&mut self, pixel: usize, color: Rgb, opacity: u8) {
        for (channel, target) in self.pixels[pixel].iter_mut().zip(color.0) {
            let old = i32::from(*channel);
            *channel = (old + (((i32::from(target) - old) * (i32::from(opacity) + 1)) >> 8)) as u8;
        }
    }

    /// Red, green, blue, opacity of each pixel, row by row.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.pixels.as_flattened()
    }

    /// All of it.
    #[must_use]
    pub fn whole(&self) -> Region {
        Region { left: 0, top: 0, width: self.width, height: self.height }
    }

    /// An area, in CSS pixels, of which each is so many of the picture's; what is outside of the picture is left off.
    #[must_use]
    pub fn region(&self, area: Area, pixel_ratio: f64) -> Region {
        // Casts saturate.
        let pixel = |place: f64, size: usize| (libm::round(place * pixel_ratio) as usize).min(size);
        let (left, top) = (pixel(area.left, self.width), pixel(area.top, self.height));
        let (right, bottom) = (pixel(area.right(), self.width), pixel(area.bottom(), self.height));
        Region { left, top, width: right.saturating_sub(left), height: bottom.saturating_sub(top) }
    }

    /// The rows of a region, from the top.
    fn rows(&mut self, region: Region) -> impl Iterator<Item = &mut [[u8; 4]]> {
        let Region { left, top, width, height } = region;
        let rows = self.pixels.chunks_exact_mut(self.width.max(1)).skip(top).take(height);
        rows.map(move |row| &mut row[left..left + width]).filter(|row| !row.is_empty())
    }

    /// Paints a field over a region: `values` holds `columns`×`rows` numbers from 0 to 1 at the corners of equal
    /// cells, row by row from the top; between them it interpolates.
    pub fn paint_field(&mut self, region: Region, values: &[f32], (columns, rows): (usize, usize), ramp: &Ramp) {
        let colors = ramp.map(opaque);
        let width = region.width.max(1);
        // Pixels a cell; a picture one pixel wide has none, and its slopes do not matter.
        let cell = (width.max(2) - 1) as f32 / (columns - 1) as f32;
        // The first pixel at or after each corner.
        let starts: Vec<usize> = (0..columns).map(|column| (column as f32 * cell).ceil() as usize).collect();
        let vertical = (rows - 1) as f32 / (region.height.max(2) - 1) as f32;
        let scale = (255u32 << FRACTION_BITS) as f32;
        let mut line = vec![0.0f32; columns];
        for (y, pixels) in self.rows(region).enumerate() {
            let place = y as f32 * vertical;
            let above = (place as usize).min(rows - 2);
            let share = place - above as f32;
            let upper = &values[above * columns..][..columns];
            let lower = &values[(above + 1) * columns..][..columns];
            for ((value, upper), lower) in line.iter_mut().zip(upper).zip(lower) {
                *value = scale * (upper + (lower - upper) * share);
            }
            for column in 0..columns - 1 {
                let slope = (line[column + 1] - line[column]) / cell;
                let first = starts[column];
                let last = if column + 2 == columns { width } else { starts[column + 1] };
                let mut value = (line[column] + slope * (first as f32 - column as f32 * cell)) as i32;
                let step = slope as i32;
                for pixel in &mut pixels[first..last] {
                    *pixel = colors[(value >> FRACTION_BITS) as usize & 255];
                    value = value.wrapping_add(step);
                }
            }
        }
    }

    /// Paints colours over a region: one at each of `columns`×`rows` corners of equal cells, row by row from the
    /// top; between them it interpolates.
    pub fn paint_colors(&mut self, region: Region, colors: &[[u8; 3]], (columns, rows): (usize, usize)) {
        let across = (columns - 1) as f32 / (region.width.max(2) - 1) as f32;
        let down = (rows - 1) as f32 / (region.height.max(2) - 1) as f32;
        let mut line = vec![[0.0f32; 3]; columns];
        for (y, pixels) in self.rows(region).enumerate() {
            let place = y as f32 * down;
            let above = (place as usize).min(rows - 2);
            let share = place - above as f32;
            let upper = &colors[above * columns..][..columns];
            let lower = &colors[(above + 1) * columns..][..columns];
            for ((mixed, upper), lower) in line.iter_mut().zip(upper).zip(lower) {
                for channel in 0..3 {
                    let (upper, lower) = (f32::from(upper[channel]), f32::from(lower[channel]));
                    mixed[channel] = upper + (lower - upper) * share;
                }
            }
            for (x, pixel) in pixels.iter_mut().enumerate() {
                let place = x as f32 * across;
                let left = (place as usize).min(columns - 2);
                let share = place - left as f32;
                let (from, to) = (line[left], line[left + 1]);
                for channel in 0..3 {
                    pixel[channel] = (from[channel] + (to[channel] - from[channel]) * share + 0.5) as u8;
                }
            }
        }
    }

    /// Paints bins over the picture, each `side` pixels wide and high, row by row from the top left: red, green and blue times
    /// opacity, up to 255, and the opacity, up to 1. Between the centres of bins it interpolates.
    pub fn paint_veil(&mut self, veil: &[f32x4], (columns, rows): (usize, usize), side: f32) {
        let at = |column: usize, row: usize| {
            // One row and column of bins around it are empty.
            let inside = (1..=columns).contains(&column) && (1..=rows).contains(&row);
            if inside { veil[(row - 1) * columns + column - 1] } else { f32x4::ZERO }
        };
        // The first pixel whose middle is at or after the centre of bin `index`, counted from the empty one.
        let first = |index: usize, size: usize| {
            let centre = (index as f32 - 0.5) * side;
            ((centre - 0.5).ceil().max(0.0) as usize).min(size)
        };
        let place = |pixel: usize, index: usize| ((pixel as f32 + 0.5) / side + 0.5 - index as f32).clamp(0.0, 1.0);
        for row in 0..=rows {
            let lines = first(row, self.height)..first(row + 1, self.height);
            for column in 0..=columns {
                let (a, b) = (at(column, row), at(column + 1, row));
                let (c, d) = (at(column, row + 1), at(column + 1, row + 1));
                if (a + b + c + d).as_array()[3] <= 0.0 {
                    continue;
                }
                let pixels = first(column, self.width)..first(column + 1, self.width);
                for y in lines.clone() {
                    let down = f32x4::splat(place(y, row));
                    let (left, right) = (a + (c - a) * down, b + (d - b) * down);
                    for x in pixels.clone() {
                        let mixed = left + (right - left) * f32x4::splat(place(x, column));
                        let [r, g, b, opacity] = mixed.to_array();
                        let pixel = &mut self.pixels[y * self.width + x];
                        for (channel, target) in pixel.iter_mut().zip([r, g, b]) {
                            *channel = (f32::from(*channel) * (1.0 - opacity) + target + 0.5) as u8;
                        }
                    }
                }
            }
        }
    }

    /// Paints discs of one opacity, smooth at their edges, in the order given: centre and radius in pixels, and colour.
    pub fn paint_discs(&mut self, opacity: f32, discs: impl Iterator<Item = (f32, f32, f32, Rgb)>) {
        for (x, y, radius, color) in discs.filter(|(x, y, ..)| x.is_finite() && y.is_finite()) {
            let reach = radius + 0.5;
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
                    let pixel = &mut self.pixels[row * self.width + column];
                    for (channel, target) in pixel.iter_mut().zip(color.0) {
                        let old = i32::from(*channel);
                        *channel = (old + (((i32::from(target) - old) * share) >> 8)) as u8;
                    }
                }
            }
        }
    }
}

fn opaque(color: Rgb) -> [u8; 4] {
    let [r, g, b] = color.0;
    [r, g, b, 255]
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
        raster.bytes().chunks_exact(4).map(|pixel| f64::from(pixel[0]) / 255.0).sum()
    }

    fn black(width: usize, height: usize) -> Raster {
        let mut raster = Raster::default();
        raster.resize(width, height);
        raster.fill(BLACK);
        raster
    }

    #[test]
    fn discs_have_their_area() {
        for radius in [0.7, 2.25, 3.0, 6.0] {
            let mut raster = black(40, 40);
            raster.paint_discs(1.0, [(20.3, 19.6, radius, WHITE)].into_iter());
            let area = std::f64::consts::PI * f64::from(radius * radius);
            assert!((brightness(&raster) / area - 1.0).abs() < 0.15, "{radius}: {} {area}", brightness(&raster));
        }
    }

    #[test]
    fn discs_outside_are_clipped() {
        let mut raster = black(10, 10);
        let places = [(-5.0, 5.0), (50.0, 5.0), (f32::NAN, 1.0), (1.0, f32::INFINITY), (-1e30, 1e30)];
        raster.paint_discs(1.0, places.into_iter().map(|(x, y)| (x, y, 2.0, WHITE)));
        assert_eq!(brightness(&raster), 0.0);
        raster.paint_discs(1.0, [(0.0, 0.0, 2.0, WHITE)].into_iter());
        assert!(brightness(&raster) > 2.0);
    }

    #[test]
    fn veils_have_the_light_of_their_bins() {
        let shade = |value: f32| f32x4::new([value * 255.0, value * 255.0, value * 255.0, value]);
        let none = f32x4::ZERO;
        for side in [2.0, 3.0, 4.5] {
            let mut raster = black(libm::ceilf(side * 4.0) as usize, libm::ceilf(side * 4.0) as usize);
            let mut veil = [none; 16];
            veil[5] = shade(0.5);
            veil[6] = shade(1.0);
            raster.paint_veil(&veil, (4, 4), side);
            let light = 1.5 * f64::from(side * side);
            assert!((brightness(&raster) / light - 1.0).abs() < 0.05, "{side}: {} {light}", brightness(&raster));
        }
        // What reaches over the edge is lost: of four pixels each way, half a one.
        let mut raster = black(8, 8);
        raster.paint_veil(&[shade(1.0), none, none, none], (2, 2), 4.0);
        assert!((brightness(&raster) - 3.5 * 3.5).abs() < 0.1, "{}", brightness(&raster));
    }

    #[test]
    fn colours_reach_from_corner_to_corner() {
        let mut raster = black(5, 3);
        raster.paint_colors(raster.whole(), &[[0, 0, 0], [200, 100, 0], [0, 0, 40], [200, 100, 40]], (2, 2));
        let pixel = |x: usize, y: usize| raster.bytes()[4 * (y * 5 + x)..][..3].to_vec();
        assert_eq!((pixel(0, 0), pixel(4, 0)), (vec![0, 0, 0], vec![200, 100, 0]));
        assert_eq!((pixel(2, 1), pixel(4, 2)), (vec![100, 50, 20], vec![200, 100, 40]));
    }

    #[test]
    fn regions_are_painted_and_nothing_else_is() {
        let area = |left: f64, top: f64, width: f64, height: f64| Area { left, top, width, height };
        let ramp: Ramp = std::array::from_fn(|_| WHITE);
        let mut raster = black(8, 6);
        let region = raster.region(area(1.0, 0.5, 2.0, 1.5), 2.0);
        raster.paint_field(region, &[1.0; 4], (2, 2), &ramp);
        assert_eq!(brightness(&raster), 4.0 * 3.0);
        let lit = |x: usize, y: usize| raster.bytes()[4 * (y * 8 + x)] == 255;
        assert!(lit(2, 1) && lit(5, 3) && !lit(1, 1) && !lit(6, 1) && !lit(2, 0) && !lit(2, 4));
        // Partly, and wholly outside.
        let mut raster = black(8, 6);
        for (outside, light) in [(area(-3.0, -3.0, 1.0, 9.0), 0.0), (area(3.0, 2.0, 9.0, 9.0), 4.0)] {
            raster.paint_colors(raster.region(outside, 2.0), &[[255; 3]; 4], (2, 2));
            assert_eq!(brightness(&raster), light);
        }
    }

    #[test]
    fn fields_reach_from_corner_to_corner() {
        let ramp: Ramp = std::array::from_fn(|step| Rgb([step as u8; 3]));
        let mut raster = black(9, 5);
        raster.paint_field(raster.whole(), &[0.0, 1.0, 0.0, 1.0], (2, 2), &ramp);
        let row: Vec<u8> = raster.bytes().chunks_exact(4).map(|pixel| pixel[0]).take(9).collect();
        assert_eq!((row[0], row[4], row[8]), (0, 127, 255));
        // One pixel, and one column of them.
        for height in [1, 4] {
            let mut narrow = black(1, height);
            narrow.paint_field(narrow.whole(), &[1.0, 0.0, 1.0, 0.0], (2, 2), &ramp);
            assert_eq!(brightness(&narrow), height as f64);
        }
        // As many cells as pixels, more and fewer.
        for columns in [2, 3, 7, 9, 30] {
            let values: Vec<f32> = (0..2 * columns).map(|i| (i % columns) as f32 / (columns - 1) as f32).collect();
            raster.paint_field(raster.whole(), &values, (columns, 2), &ramp);
            for (x, pixel) in raster.bytes().chunks_exact(4).take(9).enumerate() {
                let expected = 255.0 * x as f32 / 8.0;
                assert!((f32::from(pixel[0]) - expected).abs() <= 1.0, "{columns} {x}: {}", pixel[0]);
            }
        }
    }
}
