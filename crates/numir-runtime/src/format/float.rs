//! Floats as Python and NumPy write them: the shortest digits that name the value at its width.

use super::half;

/// The shortest decimal digits of a positive, finite value of 16, 32 or 64 bits, and the position of the point: the value
/// is `0.digits` times ten to that power.
#[must_use]
pub fn shortest(value: f64, bits: usize) -> (String, i32) {
    let scientific = match bits {
        16 => shortest_half(value),
        32 => ties_to_even(value, format!("{:e}", value as f32), |text| text.parse() == Ok(value as f32)),
        _ => ties_to_even(value, format!("{value:e}"), |text| text.parse() == Ok(value)),
    };
    split(&scientific)
}

/// Rust's shortest digits, where two of the same length are equally near, are the upper ones; Python and NumPy take the even
/// ones, as rounding the exact value to that length does.
fn ties_to_even(value: f64, shortest: String, names_value: impl Fn(&str) -> bool) -> String {
    let digits = shortest.find('e').map_or(0, |end| end.saturating_sub(2));
    let even = format!("{value:.digits$e}");
    if names_value(&even) { even } else { shortest }
}

/// Digits and point of `d.ddde±x`.
fn split(scientific: &str) -> (String, i32) {
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((scientific, "0"));
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_end_matches('0');
    let digits = if digits.is_empty() { "0" } else { digits };
    (digits.to_owned(), exponent.parse::<i32>().unwrap_or(0) + 1)
}

/// Digits before and after the point, the shortest that name the value or as many as `precision` allows after the point,
/// without zeros at the end. The value is not negative, and finite.
pub(super) fn rounded_positional(value: f64, bits: usize, precision: usize) -> (String, String) {
    if value == 0.0 {
        return ("0".to_owned(), String::new());
    }
    let (digits, point) = shortest(value, bits);
    let text = if digits.len() as i64 - i64::from(point) > precision as i64 {
        format!("{value:.precision$}")
    } else {
        let mut text = String::new();
        push_positional(&mut text, &digits, point, "");
        text
    };
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    (whole.to_owned(), fraction.trim_end_matches('0').to_owned())
}

/// Digits and exponent, the shortest that name the value or `precision + 1` of them, without zeros at the end; the point
/// comes after the first. The value is not negative, and finite.
pub(super) fn rounded_exponent(value: f64, bits: usize, precision: usize) -> (String, i32) {
    if value == 0.0 {
        return ("0".to_owned(), 0);
    }
    let shortest = shortest(value, bits);
    let (digits, point) =
        if shortest.0.len() > precision + 1 { split(&format!("{value:.precision$e}")) } else { shortest };
    (digits, point - 1)
}

/// The digits of a half, tried from the shortest on. Just above a power of two (only 0.015625) a tie must go up, since the
/// neighbours below are nearer than those above.
fn shortest_half(value: f64) -> String {
    let wanted = half::from_f64(value);
    let names_value = |text: &String| text.parse().is_ok_and(|parsed: f64| half::from_f64(parsed) == wanted);
    let candidates = (0..5).flat_map(|digits| [value, value.next_up()].map(|value| format!("{value:.digits$e}")));
    candidates.into_iter().find(names_value).unwrap_or_else(|| format!("{value:e}"))
}

/// From this value on, floats of so many bits are written with an exponent: Python's rule for 64, NumPy's for the others.
fn exponents_from(bits: usize) -> f64 {
    match bits {
        16 => 1e3,
        32 => 1e6,
        _ => 1e16,
    }
}

/// Appends a float of 16, 32 or 64 bits as `repr` writes it; at 64 bits Python and NumPy agree.
pub fn push_float(out: &mut String, value: f64, bits: usize) {
    push_real(out, value, bits, ".0");
}

/// Appends a complex number, each part of so many bits; two parts are put in parentheses if `wrapped`.
pub(super) fn push_complex(out: &mut String, re: f64, im: f64, part_bits: usize, wrapped: bool) {
    if re == 0.0 && re.is_sign_positive() {
        push_real(out, im, part_bits, "");
        return out.push('j');
    }
    out.push_str(if wrapped { "(" } else { "" });
    push_real(out, re, part_bits, "");
    if im.is_nan() || im.is_sign_positive() {
        out.push('+');
    }
    push_real(out, im, part_bits, "");
    out.push_str(if wrapped { "j)" } else { "j" });
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
    if value != 0.0 && !(1e-4..exponents_from(bits)).contains(&value) {
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
