//! Values that go into compiled functions and come out of them, and their Python texts.

use crate::array::Array;
use crate::dtype::DType;
use crate::format::{self, Style};
use crate::scalar::{Number, Scalar};

/// A Python value.
#[derive(Clone, Debug)]
pub enum Value {
    /// `None`.
    None,
    /// A Python `bool`.
    Bool(bool),
    /// A Python `int`, wrapped to 64 bits.
    Int(i64),
    /// A Python `float`.
    Float(f64),
    /// A Python `complex`: real and imaginary part.
    Complex(f64, f64),
    /// A NumPy scalar.
    Scalar(Scalar),
    /// A `str`.
    Str(String),
    /// A `tuple`.
    Tuple(Vec<Value>),
    /// A `numpy.ndarray`.
    Array(Array),
}

impl Value {
    /// The name of the Python type: `int`, `numpy.float32`, `tuple`.
    #[must_use]
    pub fn type_name(&self) -> String {
        let name = match self {
            Self::None => "NoneType",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Float(_) => "float",
            Self::Complex(..) => "complex",
            Self::Scalar(scalar) => return format!("numpy.{}", scalar.dtype()),
            Self::Str(_) => "str",
            Self::Tuple(_) => "tuple",
            Self::Array(_) => "numpy.ndarray",
        };
        name.to_owned()
    }

    /// `repr(value)`.
    #[must_use]
    pub fn repr(&self) -> String {
        let mut out = String::new();
        self.push(&mut out, true);
        out
    }

    fn push(&self, out: &mut String, repr: bool) {
        let python = |dtype, number| Scalar::new(dtype, number);
        let scalar = match self {
            Self::None => return out.push_str("None"),
            Self::Str(text) if repr => return format::push_str_repr(out, text),
            Self::Str(text) => return out.push_str(text),
            Self::Tuple(items) => return push_tuple(out, items),
            Self::Array(array) if repr => return out.push_str(&format::array_repr(array)),
            Self::Array(array) => return out.push_str(&format::array_str(array)),
            Self::Scalar(scalar) => {
                return format::push_scalar(out, *scalar, if repr { Style::NumpyRepr } else { Style::Str });
            }
            Self::Bool(value) => python(DType::Bool, Number::Bool(*value)),
            Self::Int(value) => python(DType::Int64, Number::Int(*value)),
            Self::Float(value) => python(DType::Float64, Number::Float(*value)),
            Self::Complex(re, im) => python(DType::Complex128, Number::Complex(*re, *im)),
        };
        if let Some(scalar) = scalar {
            format::push_scalar(out, scalar, Style::Repr);
        }
    }
}

fn push_tuple(out: &mut String, items: &[Value]) {
    out.push('(');
    for (at, item) in items.iter().enumerate() {
        out.push_str(if at == 0 { "" } else { ", " });
        item.push(out, true);
    }
    out.push_str(if items.len() == 1 { ",)" } else { ")" });
}

/// `str(value)`.
impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut out = String::new();
        self.push(&mut out, false);
        f.write_str(&out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_printed_as_python_prints_them() {
        let half = Scalar::new(DType::Float16, Number::Float(0.1)).expect("kinds agree");
        let inner = Value::Tuple(vec![Value::Str("it's".into()), Value::Scalar(half)]);
        let value = Value::Tuple(vec![Value::None, Value::Bool(true), Value::Int(-7), Value::Float(1e22), inner]);
        assert_eq!(value.to_string(), "(None, True, -7, 1e+22, (\"it's\", np.float16(0.1)))");
        assert_eq!(value.repr(), value.to_string());
        assert_eq!(Value::Tuple(vec![Value::Complex(0.0, -2.0)]).to_string(), "(-2j,)");
        assert_eq!(Value::Tuple(vec![]).to_string(), "()");
        assert_eq!(
            (Value::Str("a\n".into()).to_string(), Value::Str("a\n".into()).repr()),
            ("a\n".into(), "'a\\n'".into())
        );
        assert_eq!(Value::Scalar(half).type_name(), "numpy.float16");
    }
}
