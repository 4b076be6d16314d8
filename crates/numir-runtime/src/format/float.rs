//! Floats as Python and NumPy write them: the shortest digits that name the value at its width.

use super::half;

/// The shortest decimal digits of a positive, finite value of 16, 32 or 64 bits, and the position of the point: the value
/// is `0.digits` times ten to that power.
#[must_use]
pub fn shortest(value: f64, bits: usize) -> (String, i32) {
    let scientific = match bits {
        16 => shortest_half(value),
        32 => format!("{:e}", value as f32),
        _ => format!("{value:e}"),
    };
    split(&scientific)
}

/// Digits and point of `d.ddde±x`.
fn split(scientific: &str) -> (String, i32) {
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((scientific, "0"));
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_end_matches('0');
    let digits = if digits.is_empty() { "0" } else { digits };
    (digits.to_owned(), exponent.parse::<i32>().unwrap_or(0) + 1)
}

fn shortest_half(value: f64) -> String {
    let wanted = half::from_f64(value);
    let candidates = (0..5).map(|digits| format!("{value:.digits$e}"));
    let named = |text: &String| text.parse().is_ok_and(|parsed: f64| half::from_f64(parsed) == wanted);
    candidates.clone().find(named).or_else(|| candidates.clone().next_back()).unwrap_or_default()
}

/// Appends a float of 16, 32 or 64 bits as `repr` writes it; at 64 bits Python and NumPy agree.
pub fn push_float(out: &mut String, value: f64, bits: usize) {
    push_real(out, value, bits, ".0");
}

/// Appends a complex number, each part of so many bits.
pub fn push_complex(out: &mut String, re: f64, im: f64, part_bits: usize) {
    if re == 0.0 && re.is_sign_positive() {
        push_real(out, im, part_bits, "");
        return out.push('j');
    }
    out.push('(');
    push_real(out, re, part_bits, "");
    if im.is_nan() || im.is_sign_positive() {
        out.push('+');
    }
    push_real(out, im, part_bits, "");
    out.push_str("j)");
}

/// Appends a float; `whole` follows the digits of one without fraction.
fn push_real(out: &mut String, value: f64, bits: usize, whole: &str) {
    if value.is_nan() {
        return out.push_str("nan");
    }
    if value.is_sign_negative() {
        out.push('-');
    }
    let value = value.abs();
    if value.is_infinite() {
        return out.push_str("inf");
    }
    let (digits, point) = if value == 0.0 { ("0".to_owned(), 1) } else { shortest(value, bits) };
    if value != 0.0 && !(1e-4..1e16).contains(&value) {
        return push_exponent(out, &digits, point - 1);
    }
    push_positional(out, &digits, point, whole);
}

fn push_exponent(out: &mut String, digits: &str, exponent: i32) {
    use std::fmt::Write;
    out.push_str(&digits[..1]);
    if digits.len() > 1 {
        out.push('.');
        out.push_str(&digits[1..]);
    }
    // Writing to a String cannot fail.
    let _ = write!(out, "e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs());
}

fn push_positional(out: &mut String, digits: &str, point: i32, whole: &str) {
    let zeros = |out: &mut String, count: usize| out.extend(std::iter::repeat_n('0', count));
    match usize::try_from(point) {
        Ok(point) if point >= digits.len() => {
            out.push_str(digits);
            zeros(out, point - digits.len());
            out.push_str(whole);
        }
        Ok(point @ 1..) => {
            out.push_str(&digits[..point]);
            out.push('.');
            out.push_str(&digits[point..]);
        }
        _ => {
            out.push_str("0.");
            zeros(out, point.unsigned_abs() as usize);
            out.push_str(digits);
        }
    }
}
