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

/// By strip: the positions that are surely under the density, and the density at the strip's edge; both in both precisions.
struct Strips {
    sure: [u64; 256],
    height: [f64; 256],
    sure_single: [u32; 256],
    height_single: [f32; 256],
}

static NORMAL_STRIPS: LazyLock<Strips> =
    LazyLock::new(|| Strips::of(&NORMAL, 4_503_599_627_370_496.0, |x| (-0.5 * x * x).exp()));
static EXPONENTIAL_STRIPS: LazyLock<Strips> =
    LazyLock::new(|| Strips::of(&EXPONENTIAL, 9_007_199_254_740_992.0, |x| (-x).exp()));

impl Strips {
    /// From the widths, divided by `scale`.
    fn of(widths: &[f64; 256], scale: f64, density: fn(f64) -> f64) -> Self {
        // No position of strip 1 is sure, as the density falls from its highest value at once.
        let share = |strip: usize| match strip {
            0 => widths[255] / widths[0],
            1 => 0.0,
            _ => widths[strip - 1] / widths[strip],
        };
        let height = |strip: usize| if strip == 0 { 1.0 } else { density(widths[strip] * scale) };
        Self {
            sure: std::array::from_fn(|strip| (share(strip) * scale).round() as u64),
            height: std::array::from_fn(height),
            sure_single: std::array::from_fn(|strip| (share(strip) * 8_388_608.0).round() as u32),
            height_single: std::array::from_fn(|strip| height(strip) as f32),
        }
    }
}

/// A standard normal number: 8 bits choose the strip, one the sign, 52 the position.
pub(super) fn normal<S: Source>(source: &mut S) -> f64 {
    let strips = &*NORMAL_STRIPS;
    loop {
        let bits = source.next64();
        let strip = (bits & 0xFF) as usize;
        let position = (bits >> 9) & 0x000F_FFFF_FFFF_FFFF;
        let size = position as f64 * NORMAL[strip];
        let x = if bits & 0x100 == 0 { size } else { -size };
        if position < strips.sure[strip] {
            return x;
        }
        if strip == 0 {
            // Marsaglia's draw from the tail.
            loop {
                let beyond = -NORMAL_EDGE_INVERSE * (-source.double()).ln_1p();
                let y = -(-source.double()).ln_1p();
                if y + y > beyond * beyond {
                    let size = NORMAL_EDGE + beyond;
                    return if (position >> 8) & 1 == 0 { size } else { -size };
                }
            }
        }
        let [above, below] = [strips.height[strip - 1], strips.height[strip]];
        if (above - below) * source.double() + below < (-0.5 * x * x).exp() {
            return x;
        }
    }
}

/// The same in single precision: 23 bits are the position.
pub(super) fn normal_single<S: Source>(source: &mut S) -> f32 {
    let strips = &*NORMAL_STRIPS;
    loop {
        let bits = source.next32();
        let strip = (bits & 0xFF) as usize;
        let position = (bits >> 9) & 0x007F_FFFF;
        let size = position as f32 * NORMAL_SINGLE[strip];
        let x = if bits & 0x100 == 0 { size } else { -size };
        if position < strips.sure_single[strip] {
            return x;
        }
        if strip == 0 {
            loop {
                let beyond = -(NORMAL_EDGE_INVERSE as f32) * (-source.single()).ln_1p();
                let y = -(-source.single()).ln_1p();
                if y + y > beyond * beyond {
                    let size = NORMAL_EDGE as f32 + beyond;
                    return if (position >> 8) & 1 == 0 { size } else { -size };
                }
            }
        }
        let [above, below] = [strips.height_single[strip - 1], strips.height_single[strip]];
        if f64::from((above - below) * source.single() + below) < (-0.5 * f64::from(x) * f64::from(x)).exp() {
            return x;
        }
    }
}

/// A number of the standard exponential distribution: 8 bits choose the strip, 53 the position.
pub(super) fn exponential<S: Source>(source: &mut S) -> f64 {
    let strips = &*EXPONENTIAL_STRIPS;
    loop {
        let bits = source.next64();
        let strip = ((bits >> 3) & 0xFF) as usize;
        let position = bits >> 11;
        let x = position as f64 * EXPONENTIAL[strip];
        if position < strips.sure[strip] {
            return x;
        }
        if strip == 0 {
            return EXPONENTIAL_EDGE - (-source.double()).ln_1p();
        }
        let [above, below] = [strips.height[strip - 1], strips.height[strip]];
        if (above - below) * source.double() + below < (-x).exp() {
            return x;
        }
    }
}

/// The same in single precision: 23 bits are the position.
pub(super) fn exponential_single<S: Source>(source: &mut S) -> f32 {
    let strips = &*EXPONENTIAL_STRIPS;
    loop {
        let bits = source.next32();
        let strip = ((bits >> 1) & 0xFF) as usize;
        let position = bits >> 9;
        let x = position as f32 * EXPONENTIAL_SINGLE[strip];
        if position < strips.sure_single[strip] {
            return x;
        }
        if strip == 0 {
            return EXPONENTIAL_EDGE as f32 - (-source.single()).ln_1p();
        }
        let [above, below] = [strips.height_single[strip - 1], strips.height_single[strip]];
        if (above - below) * source.single() + below < (-x).exp() {
            return x;
        }
    }
}
