//! Arithmetic on Python numbers that are known when the function is compiled.

use crate::value::Number;

/// The value of `left symbol right`; None where it raises, does not fit, or is left to the compiled code.
pub(super) fn binary(symbol: &str, left: Number, right: Number) -> Option<Number> {
    match (left, right) {
        (Number::Complex(..), _) | (_, Number::Complex(..)) => complex(symbol, left, right),
        (Number::Float(_), _) | (_, Number::Float(_)) => float(symbol, left.as_float(), right.as_float()),
        (Number::Bool(a), Number::Bool(b)) if matches!(symbol, "&" | "|" | "^") => Some(Number::Bool(match symbol {
            "&" => a & b,
            "|" => a | b,
            _ => a ^ b,
        })),
        _ => integer(symbol, left.as_integer()?, right.as_integer()?),
    }
}

fn integer(symbol: &str, a: i128, b: i128) -> Option<Number> {
    const LIMIT: i128 = 1 << 100;
    let value = match symbol {
        "+" => a.checked_add(b)?,
        "-" => a.checked_sub(b)?,
        "*" => a.checked_mul(b)?,
        "/" if b != 0 && a.abs() < 1 << 53 && b.abs() < 1 << 53 => return Some(Number::Float(a as f64 / b as f64)),
        "//" if b != 0 => a / b - i128::from(a % b != 0 && (a < 0) != (b < 0)),
        "%" if b != 0 => {
            let rest = a % b;
            if rest != 0 && (rest < 0) != (b < 0) { rest + b } else { rest }
        }
        "**" if b >= 0 => a.checked_pow(u32::try_from(b).ok()?)?,
        "<<" if (0..100).contains(&b) => a.checked_mul(1 << b)?,
        ">>" if b >= 0 => a >> b.min(127),
        "&" => a & b,
        "|" => a | b,
        "^" => a ^ b,
        _ => return None,
    };
    (value.abs() < LIMIT).then_some(Number::Integer(value))
}

fn float(symbol: &str, a: f64, b: f64) -> Option<Number> {
    Some(Number::Float(match symbol {
        "+" => a + b,
        "-" => a - b,
        "*" => a * b,
        "/" if b != 0.0 => a / b,
        _ => return None,
    }))
}

fn complex(symbol: &str, left: Number, right: Number) -> Option<Number> {
    let parts = |number: Number| match number {
        Number::Complex(real, imaginary) => (real, imaginary),
        other => (other.as_float(), 0.0),
    };
    let ((a, b), (c, d)) = (parts(left), parts(right));
    Some(match symbol {
        "+" => Number::Complex(a + c, b + d),
        "-" => Number::Complex(a - c, b - d),
        "*" => Number::Complex(a * c - b * d, a * d + b * c),
        _ => return None,
    })
}

/// The value of a unary operator.
pub(super) fn unary(symbol: &str, operand: Number) -> Option<Number> {
    Some(match (symbol, operand) {
        ("+", Number::Bool(_)) => Number::Integer(operand.as_integer()?),
        ("+", number) => number,
        ("-", Number::Float(value)) => Number::Float(-value),
        ("-", Number::Complex(real, imaginary)) => Number::Complex(-real, -imaginary),
        ("-", number) => Number::Integer(-number.as_integer()?),
        ("~", number) => Number::Integer(!number.as_integer()?),
        _ => return None,
    })
}
