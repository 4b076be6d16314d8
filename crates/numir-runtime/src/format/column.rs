//! The common width of an array's items: NumPy's choice of digits, exponents and padding.

use super::float::{rounded_exponent, rounded_positional};
use crate::dtype::DType;
use crate::scalar::{Number, Scalar};

/// Digits after the point at most.
const PRECISION: usize = 8;

/// How the items of an array are written so that they line up.
pub(super) enum Column {
    /// Truth values; `wide` pads True to the length of False.
    Bool { wide: bool },
    /// Integers, right-aligned.
    Integer { width: usize },
    /// Real numbers.
    Float(FloatColumn),
    /// Complex numbers.
    Complex(FloatColumn, FloatColumn),
}

impl Column {
    /// The column for the items that will be shown; `single` when the array has no axes.
    pub(super) fn new(items: &[Scalar], single: bool) -> Self {
        let bits = items.first().map_or(64, |item| item.dtype().bits());
        let part =
            |part: fn((f64, f64)) -> f64| items.iter().filter_map(|item| parts(*item)).map(part).collect::<Vec<_>>();
        match items.first().map(|item| item.number()) {
            Some(Number::Bool(_)) => Self::Bool { wide: !single },
            Some(Number::Float(_)) => Self::Float(FloatColumn::new(&part(|parts| parts.0), bits, false)),
            Some(Number::Complex(..)) => Self::Complex(
                FloatColumn::new(&part(|parts| parts.0), bits / 2, false),
                FloatColumn::new(&part(|parts| parts.1), bits / 2, true),
            ),
            _ => Self::Integer { width: items.iter().map(|item| integer_text(*item).len()).max().unwrap_or(0) },
        }
    }

    /// The text of an item.
    pub(super) fn text(&self, item: Scalar) -> String {
        match (self, item.number()) {
            (Self::Bool { wide }, Number::Bool(value)) => match (value, wide) {
                (true, true) => " True".to_owned(),
                (true, false) => "True".to_owned(),
                (false, _) => "False".to_owned(),
            },
            (Self::Float(column), Number::Float(value)) => column.text(value),
            (Self::Complex(real, imag), Number::Complex(re, im)) => {
                let imag = imag.text(im);
                let digits = imag.trim_end();
                format!("{}{digits}j{}", real.text(re), &imag[digits.len()..])
            }
            (Self::Integer { width }, _) => format!("{:>width$}", integer_text(item)),
            // The column was made for items of this kind.
            _ => integer_text(item),
        }
    }
}

fn integer_text(item: Scalar) -> String {
    let mut out = String::new();
    super::push_scalar(&mut out, item, super::Style::Str);
    out
}

fn parts(item: Scalar) -> Option<(f64, f64)> {
    match item.number() {
        Number::Float(value) => Some((value, 0.0)),
        Number::Complex(re, im) => Some((re, im)),
        _ => None,
    }
}

/// A column of real numbers.
pub(super) struct FloatColumn {
    bits: usize,
    /// Is a plus sign shown?
    plus: bool,
    /// Characters before and after the point.
    left: usize,
    right: usize,
    /// With exponents: how many digits they have, and how many follow the point.
    exponent: Option<(usize, usize)>,
}

impl FloatColumn {
    fn new(values: &[f64], bits: usize, plus: bool) -> Self {
        let finite: Vec<_> = values.iter().copied().filter(|value| value.is_finite()).collect();
        let mut column = Self { bits, plus, left: 0, right: 0, exponent: None };
        if wants_exponents(&finite, bits) {
            let texts: Vec<_> = finite.iter().map(|value| rounded_exponent(value.abs(), bits, PRECISION)).collect();
            let digits = texts.iter().map(|(_, exponent)| exponent_digits(*exponent)).max().unwrap_or(2);
            let fraction = texts.iter().map(|(digits, _)| digits.len() - 1).max().unwrap_or(0);
            column.exponent = Some((digits, fraction));
            column.left = finite.iter().map(|value| 1 + column.sign(*value).len()).max().unwrap_or(0);
            column.right = digits + 2 + fraction;
        } else {
            let texts = || finite.iter().map(|value| (value, rounded_positional(value.abs(), bits, PRECISION)));
            column.left = texts().map(|(value, text)| column.sign(*value).len() + text.0.len()).max().unwrap_or(0);
            column.right = texts().map(|(_, text)| text.1.len()).max().unwrap_or(0);
        }
        if finite.len() < values.len() {
            let signed = plus || values.contains(&f64::NEG_INFINITY);
            // The point counts.
            column.left = column.left.max((3 + usize::from(signed)).saturating_sub(column.right + 1));
        }
        column
    }

    fn sign(&self, value: f64) -> &'static str {
        match (value.is_sign_negative() && !value.is_nan(), self.plus) {
            (true, _) => "-",
            (false, true) => "+",
            (false, false) => "",
        }
    }

    fn text(&self, value: f64) -> String {
        let sign = self.sign(value);
        if !value.is_finite() {
            let name = if value.is_nan() { "nan" } else { "inf" };
            return format!("{:>width$}", format!("{sign}{name}"), width = self.left + self.right + 1);
        }
        if let Some((width, fraction)) = self.exponent {
            // Here the digits go on beyond those that name the value.
            let number = format!("{:.fraction$e}", value.abs());
            let (digits, exponent) = number.split_once('e').unwrap_or((&number, "0"));
            let point = if fraction == 0 { "." } else { "" };
            let (mark, exponent) = exponent.strip_prefix('-').map_or(('+', exponent), |exponent| ('-', exponent));
            let number = format!("{sign}{digits}{point}e{mark}{exponent:0>width$}");
            // One character of the left part is there already, as are the point and all to its right.
            return format!("{number:>width$}", width = self.left + 1 + self.right);
        }
        let (whole, fraction) = rounded_positional(value.abs(), self.bits, PRECISION);
        let whole = format!("{sign}{whole}");
        format!("{whole:>left$}.{fraction:<right$}", left = self.left, right = self.right)
    }
}

/// NumPy's rule: large or small numbers, or both, are shown with exponents. It compares at the width of the items.
fn wants_exponents(finite: &[f64], bits: usize) -> bool {
    let (dtype, large) = match bits {
        16 => (DType::Float16, 1e3),
        32 => (DType::Float32, 1e6),
        _ => (DType::Float64, 1e8),
    };
    let at_width = |value| match Scalar::new(dtype, Number::Float(value)).map(Scalar::number) {
        Some(Number::Float(value)) => value,
        _ => value,
    };
    let sizes = || finite.iter().map(|value| value.abs()).filter(|value| *value != 0.0);
    let (Some(min), Some(max)) = (sizes().reduce(f64::min), sizes().reduce(f64::max)) else { return false };
    max >= large || min < at_width(1e-4) || at_width(max / min) > 1000.0
}

fn exponent_digits(exponent: i32) -> usize {
    exponent.abs().to_string().len().max(2)
}
