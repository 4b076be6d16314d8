//! Python's and NumPy's texts of values, to the letter: `str` and `repr` of scalars, strings, tuples and arrays.

mod array;
mod column;
mod float;
pub mod half;
mod text;

pub use array::{array_repr, array_str};
pub use float::{push_float, shortest};
pub use text::push_str_repr;

use crate::scalar::{Number, Scalar};

/// Which of its texts a value is printed as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// `str(x)`.
    Str,
    /// `repr(x)` of a Python scalar.
    Repr,
    /// `repr(x)` of a NumPy scalar: `np.float64(1.5)`.
    NumpyRepr,
}

/// Appends a scalar. Its width decides how many digits tell it from its neighbours.
pub fn push_scalar(out: &mut String, scalar: Scalar, style: Style) {
    use std::fmt::Write;
    if style == Style::NumpyRepr {
        if let Number::Bool(value) = scalar.number() {
            return out.push_str(if value { "np.True_" } else { "np.False_" });
        }
        out.push_str("np.");
        out.push_str(scalar.dtype().name());
        out.push('(');
    }
    let bits = scalar.dtype().bits();
    // Writing to a String cannot fail.
    let _ = match scalar.number() {
        Number::Bool(value) => out.write_str(if value { "True" } else { "False" }),
        Number::Int(value) => write!(out, "{value}"),
        Number::UInt(value) => write!(out, "{value}"),
        Number::Float(value) => {
            push_float(out, value, bits);
            Ok(())
        }
        Number::Complex(re, im) => {
            float::push_complex(out, re, im, bits / 2, style != Style::NumpyRepr);
            Ok(())
        }
    };
    if style == Style::NumpyRepr {
        out.push(')');
    }
}
