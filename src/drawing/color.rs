//! Colours: the palettes of both themes, mixed in OKLab (Ottosson 2020).

use std::sync::OnceLock;

use serde::Deserialize;
use tsify::Tsify;

/// An sRGB colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rgb(pub [u8; 3]);

impl Rgb {
    const fn hex(value: u32) -> Self {
        Self([(value >> 16) as u8, (value >> 8) as u8, value as u8])
    }

    /// The colour as CSS writes it, with an opacity.
    #[must_use]
    pub fn css(self, opacity: f64) -> String {
        let [r, g, b] = self.0;
        format!("rgba({r},{g},{b},{opacity})")
    }
}

/// A colour in OKLab, where the mean of two colours looks like their mean.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Oklab(pub [f32; 3]);

impl Oklab {
    fn add(&mut self, other: Self, share: f32) {
        for (sum, value) in self.0.iter_mut().zip(other.0) {
            *sum += share * value;
        }
    }

    /// This colour mixed with `share` of another.
    #[must_use]
    pub fn mixed(self, other: Self, share: f32) -> Self {
        let mut sum = Self::default();
        sum.add(self, 1.0 - share);
        sum.add(other, share);
        sum
    }
}

fn linear(channel: u8) -> f32 {
    let value = f32::from(channel) / 255.0;
    if value <= 0.04045 { value / 12.92 } else { libm::powf((value + 0.055) / 1.055, 2.4) }
}

/// Steps of the table from linear light to sRGB.
const GAMMA_STEPS: usize = 4096;

fn gamma(light: f32) -> u8 {
    static TABLE: OnceLock<Vec<u8>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        (0..=GAMMA_STEPS)
            .map(|step| {
                let value = step as f32 / GAMMA_STEPS as f32;
                let encoded =
                    if value <= 0.003_130_8 { 12.92 * value } else { 1.055 * libm::powf(value, 1.0 / 2.4) - 0.055 };
                libm::roundf(255.0 * encoded) as u8
            })
            .collect()
    });
    table[(light.clamp(0.0, 1.0) * GAMMA_STEPS as f32 + 0.5) as usize]
}

impl From<Rgb> for Oklab {
    fn from(color: Rgb) -> Self {
        let [r, g, b] = color.0.map(linear);
        let l = libm::cbrtf(0.412_221_47 * r + 0.536_332_5 * g + 0.051_445_995 * b);
        let m = libm::cbrtf(0.211_903_5 * r + 0.680_699_5 * g + 0.107_396_96 * b);
        let s = libm::cbrtf(0.088_302_46 * r + 0.281_718_85 * g + 0.629_978_7 * b);
        Self([
            0.210_454_26 * l + 0.793_617_8 * m - 0.004_072_047 * s,
            1.977_998_5 * l - 2.428_592_2 * m + 0.450_593_7 * s,
            0.025_904_037 * l + 0.782_771_77 * m - 0.808_675_77 * s,
        ])
    }
}

impl From<Oklab> for Rgb {
    fn from(color: Oklab) -> Self {
        let [lightness, a, b] = color.0;
        let cube = |value: f32| value * value * value;
        let l = cube(lightness + 0.396_337_78 * a + 0.215_803_76 * b);
        let m = cube(lightness - 0.105_561_346 * a - 0.063_854_17 * b);
        let s = cube(lightness - 0.089_484_18 * a - 1.291_485_5 * b);
        Self([
            gamma(4.076_741_7 * l - 3.307_711_6 * m + 0.230_969_94 * s),
            gamma(-1.268_438 * l + 2.609_757_4 * m - 0.341_319_38 * s),
            gamma(-0.004_196_086_3 * l - 0.703_418_6 * m + 1.707_614_7 * s),
        ])
    }
}

/// Colours of a field, from its least value to its most.
pub type Ramp = [Rgb; 256];

fn ramp(stops: &[Rgb]) -> Ramp {
    std::array::from_fn(|step| {
        let place = step as f32 / 255.0 * (stops.len() - 1) as f32;
        let below = (place as usize).min(stops.len() - 2);
        Oklab::from(stops[below]).mixed(stops[below + 1].into(), place - below as f32).into()
    })
}

pub use crate::experiment::PALETTE_SIZE;

/// The colours of a theme as the page's style sheet has them, where each stands once: red, green and blue in the lower 24 bits.
#[derive(Clone, Debug, Deserialize, Tsify)]
pub struct Palette {
    /// The page.
    pub page: u32,
    /// Main lines and text.
    pub ink: u32,
    /// Axis numerals.
    pub quiet: u32,
    /// Ticks.
    pub tick: u32,
    /// What no longer matters.
    pub off: u32,
    /// What went wrong.
    pub bad: u32,
    /// What went well.
    pub good: u32,
    /// Seven colours for components.
    pub components: [u32; PALETTE_SIZE],
    /// A density from little to much; nothing is the page.
    pub density: [u32; 4],
    /// A density that is looked at for itself, from little to much; nothing is the page.
    pub reds: [u32; 6],
    /// Lines of equal density over reds.
    pub contour: u32,
    /// A field from least to most.
    pub viridis: [u32; 10],
    /// A difference from far too low to far too high; none is the page.
    pub signed: [u32; 6],
}

/// How near in lightness a colour may come to the page before its lines need an outline: yellow on white.
const FAINT: f32 = 0.15;

/// The colours of one theme.
#[derive(Clone)]
pub struct Theme {
    /// The page.
    pub page: Rgb,
    /// Main lines and text.
    pub ink: Rgb,
    /// Axis numerals.
    pub quiet: Rgb,
    /// Ticks.
    pub line: Rgb,
    /// What no longer matters.
    pub off: Rgb,
    /// What went wrong.
    pub bad: Rgb,
    /// What went well.
    pub good: Rgb,
    components: [Rgb; PALETTE_SIZE],
    /// The numbers of the components' colours; of those that are not here, their own.
    pub slots: Vec<usize>,
    /// Density behind coloured points.
    pub density: Ramp,
    /// Density that is looked at for itself.
    pub reds: Ramp,
    /// Lines of equal density over reds.
    pub contour: Rgb,
    /// A field from least to most.
    pub viridis: Ramp,
    /// A difference from far too low to far too high, whose middle is the page.
    pub signed: Ramp,
}

impl Theme {
    /// The theme of these colours.
    #[must_use]
    pub fn new(palette: &Palette) -> Self {
        let [faint, light, middle, strong] = palette.density;
        let [lowest, lower, low, high, higher, highest] = palette.signed;
        Self {
            page: Rgb::hex(palette.page),
            ink: Rgb::hex(palette.ink),
            quiet: Rgb::hex(palette.quiet),
            line: Rgb::hex(palette.tick),
            off: Rgb::hex(palette.off),
            bad: Rgb::hex(palette.bad),
            good: Rgb::hex(palette.good),
            components: palette.components.map(Rgb::hex),
            slots: Vec::new(),
            density: ramp(&[palette.page, faint, light, middle, strong].map(Rgb::hex)),
            reds: {
                let mut stops = vec![Rgb::hex(palette.page)];
                stops.extend(palette.reds.map(Rgb::hex));
                ramp(&stops)
            },
            contour: Rgb::hex(palette.contour),
            viridis: ramp(&palette.viridis.map(Rgb::hex)),
            signed: ramp(&[lowest, lower, low, palette.page, high, higher, highest].map(Rgb::hex)),
        }
    }

    /// The number of the colour of component `k`: its own, where nothing else was said of it.
    #[must_use]
    pub fn slot(&self, k: usize) -> usize {
        self.slots.get(k).copied().unwrap_or(k) % PALETTE_SIZE
    }

    /// The colour of component `k`; they repeat after seven.
    #[must_use]
    pub fn component(&self, k: usize) -> Rgb {
        self.components[self.slot(k)]
    }

    /// The colour of component `k` halfway to the ink: for dashes and words, which a bright colour on white would lose.
    #[must_use]
    pub fn inked(&self, k: usize) -> Rgb {
        Oklab::from(self.component(k)).mixed(self.ink.into(), 0.5).into()
    }

    /// Whether a line in the colour of component `k` needs an outline to be seen on the page.
    #[must_use]
    pub fn needs_outline(&self, k: usize) -> bool {
        let lightness = |color: Rgb| Oklab::from(color).0[0];
        (lightness(self.component(k)) - lightness(self.page)).abs() < FAINT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn theme(page: u32) -> Theme {
        let components = [0x00_72_b2, 0xe6_9f_00, 0x00_9e_73, 0xcc_79_a7, 0xd5_5e_00, 0x56_b4_e9, 0xf0_e4_42];
        let [ink, quiet, tick, off] = [0x15_17_1c, 0x6b_72_80, 0xb4_b9_c2, 0x8a_91_a0];
        let (bad, good) = (0xb3_26_1e, 0x00_70_4f);
        let density = [0xf2_f4_f8, 0xe2_e6_ee, 0xcc_d3_e0, 0xb0_ba_cd];
        let viridis: [u32; 10] = std::array::from_fn(|step| 0x44_01_54 + 0x10_10_00 * step as u32);
        let signed = [0x21_66_ac, 0x67_a9_cf, 0xd1_e5_f0, 0xfd_db_c7, 0xef_8a_62, 0xb2_18_2b];
        let reds = [0xfd_e9_df, 0xfb_c4_a9, 0xf0_90_6f, 0xd6_55_3f, 0xae_1f_2c, 0x7a_0a_20];
        let contour = 0xc3_9a_98;
        let palette =
            Palette { page, ink, quiet, tick, off, bad, good, components, density, reds, contour, viridis, signed };
        Theme::new(&palette)
    }

    #[test]
    fn oklab_goes_there_and_back() {
        for value in (0..=0xff_ff_ff).step_by(997) {
            let color = Rgb::hex(value);
            let back = Rgb::from(Oklab::from(color));
            let off = (0..3).map(|i| color.0[i].abs_diff(back.0[i])).max();
            assert!(off <= Some(1), "{color:?} {back:?}");
        }
    }

    #[test]
    fn half_and_half_of_opposite_colours_is_greyish() {
        let theme = theme(0xff_ff_ff);
        let mixed = Rgb::from(Oklab::from(theme.component(0)).mixed(theme.component(1).into(), 0.5));
        let spread = mixed.0.iter().max().unwrap() - mixed.0.iter().min().unwrap();
        let own = theme.component(0).0.iter().max().unwrap() - theme.component(0).0.iter().min().unwrap();
        assert!(spread < own / 2, "{mixed:?}");
    }

    #[test]
    fn ramps_start_at_the_page() {
        for page in [0xff_ff_ff, 0x0f_11_15, 0xff_fe_fb] {
            assert_eq!(theme(page).density[0], Rgb::hex(page));
            assert_eq!((theme(page).reds[0], theme(page).reds[255]), (Rgb::hex(page), Rgb::hex(0x7a_0a_20)));
        }
    }

    #[test]
    fn no_difference_is_the_page() {
        for page in [0xff_ff_ff, 0x0f_11_15, 0xff_fe_fb] {
            let signed = theme(page).signed;
            for middle in [signed[127], signed[128]] {
                let off = (0..3).map(|i| middle.0[i].abs_diff(Rgb::hex(page).0[i])).max();
                assert!(off <= Some(4), "{middle:?}");
            }
            assert_eq!((signed[0], signed[255]), (Rgb::hex(0x21_66_ac), Rgb::hex(0xb2_18_2b)));
        }
    }

    #[test]
    fn yellow_needs_an_outline_on_white_only() {
        let outlined = |page| (0..PALETTE_SIZE).filter(|&k| theme(page).needs_outline(k)).collect::<Vec<_>>();
        assert_eq!(outlined(0xff_ff_ff), [6]);
        assert!(outlined(0x0f_11_15).is_empty());
    }
}
