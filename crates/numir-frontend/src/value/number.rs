//! Numbers that are known when a function is compiled, and the types that they fit.

use crate::types::{Kind, Scalar};
use numir_runtime::DType;

/// A number known when the function is compiled. Integers have room for every literal that 64 bits can hold, signed or not.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// A truth value.
    Bool(bool),
    /// An integer.
    Integer(i128),
    /// A float.
    Float(f64),
    /// Real and imaginary part.
    Complex(f64, f64),
}

impl Number {
    /// The number as a float; the real part of a complex one.
    pub fn as_float(self) -> f64 {
        match self {
            Self::Bool(value) => f64::from(u8::from(value)),
            Self::Integer(value) => value as f64,
            Self::Float(value) | Self::Complex(value, _) => value,
        }
    }

    /// The number as an integer, where it is one.
    pub fn as_integer(self) -> Option<i128> {
        match self {
            Self::Bool(value) => Some(value.into()),
            Self::Integer(value) => Some(value),
            Self::Float(_) | Self::Complex(..) => None,
        }
    }

    /// Its truth in Python's sense.
    pub fn truth(self) -> bool {
        match self {
            Self::Bool(value) => value,
            Self::Integer(value) => value != 0,
            Self::Float(value) => value != 0.0,
            Self::Complex(real, imaginary) => real != 0.0 || imaginary != 0.0,
        }
    }

    /// The same value in the representation of a kind at least as high as its own.
    pub fn widen(self, kind: Kind) -> Self {
        match kind {
            Kind::Bool => self,
            Kind::Integer | Kind::Time => self.as_integer().map_or(self, Self::Integer),
            Kind::Float if !matches!(self, Self::Complex(..)) => Self::Float(self.as_float()),
            Kind::Float => self,
            Kind::Complex => match self {
                Self::Complex(..) => self,
                _ => Self::Complex(self.as_float(), 0.0),
            },
        }
    }

    pub(super) fn is_same(self, other: Self) -> bool {
        match (self, other) {
            (Self::Float(left), Self::Float(right)) => left.to_bits() == right.to_bits(),
            (Self::Complex(a, b), Self::Complex(c, d)) => a.to_bits() == c.to_bits() && b.to_bits() == d.to_bits(),
            _ => self == other,
        }
    }
}

/// Where a literal meets a number of another type: it takes that type if its value fits there without loss.
pub(super) fn join_number(scalar: Scalar, number: Number, strong: Scalar) -> Scalar {
    match scalar.join(strong) {
        _ if scalar.is_python() && scalar.kind() <= strong.kind() && fits(number, strong) => strong,
        // A negative literal is no uint64.
        joined if joined.kind() == Kind::Integer && number.as_integer().is_some() && !fits(number, joined) => {
            Scalar::Of(DType::promote(scalar.dtype(), strong.dtype()))
        }
        joined => joined,
    }
}

/// Whether a number is exactly representable in a type of at least its kind.
pub fn fits(number: Number, scalar: Scalar) -> bool {
    let dtype = scalar.dtype();
    match (scalar.kind(), number) {
        (Kind::Bool, Number::Bool(_)) => true,
        (Kind::Integer | Kind::Time, _) => {
            let bits = 8 * dtype.size() as u32;
            number.as_integer().is_some_and(|value| {
                if scalar.is_unsigned() {
                    value >= 0 && value < 1i128 << bits
                } else {
                    value >= -(1i128 << (bits - 1)) && value < 1i128 << (bits - 1)
                }
            })
        }
        (Kind::Float | Kind::Complex, _) => {
            let narrow = scalar.real().dtype().size() < 8;
            let exact = |value: f64| {
                !narrow
                    || value.is_nan()
                    || f64::from(value as f32) == value && scalar.real().dtype().size() == 4
                    || value == 0.0
                    || (value.abs() <= 2048.0 && value.fract() == 0.0)
            };
            match number {
                Number::Complex(real, imaginary) => scalar.kind() == Kind::Complex && exact(real) && exact(imaginary),
                _ => exact(number.as_float()),
            }
        }
        _ => false,
    }
}
