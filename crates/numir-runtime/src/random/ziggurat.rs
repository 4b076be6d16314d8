//! Normal and exponential numbers by the ziggurat method (Marsaglia and Tsang, 2000), with the strips, the bits and the order of draws
//! of NumPy's Generator.
//!
//! The area under the density is covered by 256 strips of one area. Strip i reaches from 0 to x(i), below the density's value at x(i - 1);
//! strip 0 is the rectangle below the last strip's edge together with the tail behind it. A draw gives a strip and a position in it, which
//! nearly always lies under the density for sure.

use super::bit_generator::Source;
use super::widths::{EXPONENTIAL, EXPONENTIAL_SINGLE, NORMAL, NORMAL_SINGLE};
use std::sync::LazyLock;

/// Where the last strip of the normal distribution ends, and the inverse of that.
const NORMAL_EDGE: f64 = 3.654_152_885_361_009;
const NORMAL_EDGE_INVERSE: f64 = 0.273_661_237_329_758_3;
/// Where that of the exponential distribution ends.
const EXPONENTIAL_EDGE: f64 = 7.697_117_470_131_05;

/// By strip: the positions that are surely under the density, in both precisions.
struct Sure {
    double: [u64; 256],
    single: [u32; 256],
}

/// What most draws take: by strip, what a position is multiplied by, and which positions are surely under the density.
#[derive(Clone, Copy, Debug)]
pub struct Strips {
    /// The widths.
    pub widths: &'static [f64; 256],
    /// The positions.
    pub sure: &'static [u64; 256],
}

/// Of the normal distribution.
pub static NORMAL_STRIPS: Strips = Strips { widths: &NORMAL, sure: &NORMAL_SURE.double };
/// Of the exponential distribution.
pub static EXPONENTIAL_STRIPS: Strips = Strips { widths: &EXPONENTIAL, sure: &EXPONENTIAL_SURE.double };

static NORMAL_SURE: Sure = Sure::of(&NORMAL, 4_503_599_627_370_496.0);
static EXPONENTIAL_SURE: Sure = Sure::of(&EXPONENTIAL, 9_007_199_254_740_992.0);

impl Sure {
    /// From the widths, divided by `scale`.
    const fn of(widths: &[f64; 256], scale: f64) -> Self {
        let mut sure = Self { double: [0; 256], single: [0; 256] };
        let mut strip = 0;
        while strip < 256 {
            // No position of strip 1 is sure, as the density falls from its highest value at once.
            let share = match strip {
                0 => widths[255] / widths[0],
                1 => 0.0,
                _ => widths[strip - 1] / widths[strip],
            };
            sure.double[strip] = (share * scale).round() as u64;
            sure.single[strip] = (share * 8_388_608.0).round() as u32;
            strip += 1;
        }
        sure
    }
}

/// By strip: the density at its edge.
static NORMAL_HEIGHTS: LazyLock<[f64; 256]> =
    LazyLock::new(|| heights(&NORMAL, 4_503_599_627_370_496.0, |x| (-0.5 * x * x).exp()));
static EXPONENTIAL_HEIGHTS: LazyLock<[f64; 256]> =
    LazyLock::new(|| heights(&EXPONENTIAL, 9_007_199_254_740_992.0, |x| (-x).exp()));

fn heights(widths: &[f64; 256], scale: f64, density: fn(f64) -> f64) -> [f64; 256] {
    std::array::from_fn(|strip| if strip == 0 { 1.0 } else { density(widths[strip] * scale) })
}

/// A standard normal number: 8 bits choose the strip, one the sign, 52 the position.
#[inline]
pub(super) fn normal<S: Source>(source: &mut S) -> f64 {
    let bits = source.next64();
    normal_of(source, bits)
}

/// The same with the first 64 bits at hand.
#[inline]
pub(super) fn normal_of<S: Source>(source: &mut S, mut bits: u64) -> f64 {
    loop {
        let strip = (bits & 0xFF) as usize;
        let position = (bits >> 9) & 0x000F_FFFF_FFFF_FFFF;
        // A branch on the sign would be a guess.
        let sign = (bits & 0x100) << 55;
        let x = f64::from_bits((position as f64 * NORMAL[strip]).to_bits() ^ sign);
        if position < NORMAL_SURE.double[strip] {
            return x;
        }
        if let Some(x) = unsure_normal(source, strip, position, x) {
            return x;
        }
        bits = source.next64();
    }
}

/// The same of a position that may lie above the density; None where it does.
#[cold]
fn unsure_normal<S: Source>(source: &mut S, strip: usize, position: u64, x: f64) -> Option<f64> {
    if strip == 0 {
        // Marsaglia's draw from the tail.
        loop {
            let beyond = -NORMAL_EDGE_INVERSE * (-source.double()).ln_1p();
            let y = -(-source.double()).ln_1p();
            if y + y > beyond * beyond {
                let size = NORMAL_EDGE + beyond;
                return Some(if (position >> 8) & 1 == 0 { size } else { -size });
            }
        }
    }
    let [above, below] = [NORMAL_HEIGHTS[strip - 1], NORMAL_HEIGHTS[strip]];
    ((above - below) * source.double() + below < (-0.5 * x * x).exp()).then_some(x)
}

/// The same in single precision: 23 bits are the position.
#[inline]
pub(super) fn normal_single<S: Source>(source: &mut S) -> f32 {
    loop {
        let bits = source.next32();
        let strip = (bits & 0xFF) as usize;
        let position = (bits >> 9) & 0x007F_FFFF;
        let sign = (bits & 0x100) << 23;
        let x = f32::from_bits((position as f32 * NORMAL_SINGLE[strip]).to_bits() ^ sign);
        if position < NORMAL_SURE.single[strip] {
            return x;
        }
        if let Some(x) = unsure_normal_single(source, strip, position, x) {
            return x;
        }
    }
}

#[cold]
fn unsure_normal_single<S: Source>(source: &mut S, strip: usize, position: u32, x: f32) -> Option<f32> {
    if strip == 0 {
        loop {
            let beyond = -(NORMAL_EDGE_INVERSE as f32) * (-source.single()).ln_1p();
            let y = -(-source.single()).ln_1p();
            if y + y > beyond * beyond {
                let size = NORMAL_EDGE as f32 + beyond;
                return Some(if (position >> 8) & 1 == 0 { size } else { -size });
            }
        }
    }
    let [above, below] = [NORMAL_HEIGHTS[strip - 1], NORMAL_HEIGHTS[strip]].map(|height| height as f32);
    let height = f64::from((above - below) * source.single() + below);
    (height < (-0.5 * f64::from(x) * f64::from(x)).exp()).then_some(x)
}

/// A number of the standard exponential distribution: 8 bits choose the strip, 53 the position.
#[inline]
pub(super) fn exponential<S: Source>(source: &mut S) -> f64 {
    let bits = source.next64();
    exponential_of(source, bits)
}

/// The same with the first 64 bits at hand.
#[inline]
pub(super) fn exponential_of<S: Source>(source: &mut S, mut bits: u64) -> f64 {
    loop {
        let strip = ((bits >> 3) & 0xFF) as usize;
        let position = bits >> 11;
        let x = position as f64 * EXPONENTIAL[strip];
        if position < EXPONENTIAL_SURE.double[strip] {
            return x;
        }
        if let Some(x) = unsure_exponential(source, strip, x) {
            return x;
        }
        bits = source.next64();
    }
}

#[cold]
fn unsure_exponential<S: Source>(source: &mut S, strip: usize, x: f64) -> Option<f64> {
    if strip == 0 {
        return Some(EXPONENTIAL_EDGE - (-source.double()).ln_1p());
    }
    let [above, below] = [EXPONENTIAL_HEIGHTS[strip - 1], EXPONENTIAL_HEIGHTS[strip]];
    ((above - below) * source.double() + below < (-x).exp()).then_some(x)
}

/// The same in single precision: 23 bits are the position.
#[inline]
pub(super) fn exponential_single<S: Source>(source: &mut S) -> f32 {
    loop {
        let bits = source.next32();
        let strip = ((bits >> 1) & 0xFF) as usize;
        let position = bits >> 9;
        let x = position as f32 * EXPONENTIAL_SINGLE[strip];
        if position < EXPONENTIAL_SURE.single[strip] {
            return x;
        }
        if let Some(x) = unsure_exponential_single(source, strip, x) {
            return x;
        }
    }
}

#[cold]
fn unsure_exponential_single<S: Source>(source: &mut S, strip: usize, x: f32) -> Option<f32> {
    if strip == 0 {
        return Some(EXPONENTIAL_EDGE as f32 - (-source.single()).ln_1p());
    }
    let [above, below] = [EXPONENTIAL_HEIGHTS[strip - 1], EXPONENTIAL_HEIGHTS[strip]].map(|height| height as f32);
    ((above - below) * source.single() + below < (-x).exp()).then_some(x)
}
