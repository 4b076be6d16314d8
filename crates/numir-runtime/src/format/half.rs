//! float16 in integers: exact widening and correctly rounded narrowing (no double rounding through float32).

/// The value of a half's bits.
#[must_use]
pub fn to_f64(bits: u16) -> f64 {
    let sign = if bits & 0x8000 == 0 { 1.0 } else { -1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 0x1f), f64::from(bits & 0x3ff));
    sign * match exponent {
        0 => fraction * f64::exp2(-24.0),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1024.0 + fraction) * f64::exp2(f64::from(exponent - 25)),
    }
}

/// The half nearest to a value, ties to even; what is too large becomes infinite.
#[must_use]
pub fn from_f64(value: f64) -> u16 {
    let sign = u16::from(value.is_sign_negative()) << 15;
    if value.is_nan() {
        return sign | 0x7e00;
    }
    let value = value.abs();
    if value >= 65520.0 {
        return sign | 0x7c00;
    }
    // Units of the last place at this magnitude; the division and the multiplication by it are exact.
    let exponent = ((value.to_bits() >> 52) as i32 - 1023).max(-14);
    let units = (value / f64::exp2(f64::from(exponent - 10))).round_ties_even() as u16;
    // A carry out of the fraction raises the exponent, as it should.
    sign | ((((exponent + 14) as u16) << 10) + units)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_half_comes_back() {
        for bits in 0..=u16::MAX {
            let value = to_f64(bits);
            assert!(value.is_nan() || from_f64(value) == bits, "{bits:#x}");
        }
    }

    #[test]
    fn halves_between_neighbours_round_to_even() {
        for bits in 0..0x7bff_u16 {
            let (low, high) = (to_f64(bits), to_f64(bits + 1));
            let middle = (low + high) / 2.0;
            assert_eq!(from_f64(middle), bits + (bits & 1), "{bits:#x}");
            assert_eq!(from_f64(middle.next_down()), bits);
            assert_eq!(from_f64(middle.next_up()), bits + 1);
        }
        assert_eq!([65519.9, 65520.0, f64::MAX, 1e-300, f64::NAN].map(from_f64), [0x7bff, 0x7c00, 0x7c00, 0, 0x7e00]);
    }
}
