//! The dialect's types, to make and to read: `Scalar` describes every scalar type as kind and width, `ArrayType` is
//! `!numeric.array<2xf64, C>`. Needs a context in which the dialect is loaded.

use crate::ffi;
use melior::Context;
use melior::ir::r#type::IntegerType;
use melior::ir::{Type, TypeLike};
use mlir_sys::{
    mlirComplexTypeGet, mlirComplexTypeGetElementType, mlirIntegerTypeGetWidth, mlirIntegerTypeIsSigned,
    mlirIntegerTypeIsSignless, mlirTypeIsAComplex, mlirTypeIsAF16, mlirTypeIsAF32, mlirTypeIsAF64, mlirTypeIsAIndex,
    mlirTypeIsAInteger,
};
use std::fmt;

/// The largest rank of an array, NumPy's.
pub const MAX_RANK: usize = 64;

/// A scalar type of the dialect.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Scalar {
    /// `i1`
    Bool,
    /// `si8` to `si64`: the width in bits.
    Signed(u32),
    /// `ui8` to `ui64`: the width in bits.
    Unsigned(u32),
    /// `f16`, `f32`, `f64`: the width in bits.
    Float(u32),
    /// `complex<f32>`, `complex<f64>`: the width in bits of one part.
    Complex(u32),
    /// `!numeric.int`: 64 bits, signed.
    PyInt,
    /// `!numeric.float`: 64 bits.
    PyFloat,
    /// `!numeric.complex`: two parts of 64 bits.
    PyComplex,
    /// `index`: 64 bits, signed.
    Index,
}

/// What arithmetic a scalar knows.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Class {
    /// A boolean.
    Bool,
    /// A signed integer or an index.
    Signed,
    /// An unsigned integer.
    Unsigned,
    /// A float.
    Float,
    /// A complex number.
    Complex,
}

// The numbering of MlirNumericPython.
const PYTHON: [Scalar; 3] = [Scalar::PyInt, Scalar::PyFloat, Scalar::PyComplex];

impl Scalar {
    /// Describes a type; None if it is no scalar type of the dialect.
    pub fn of(r#type: Type<'_>) -> Option<Self> {
        let raw = r#type.to_raw();
        // SAFETY: `raw` is a live type, and each question about integers or complex numbers is put to such a type.
        unsafe {
            if mlirTypeIsAInteger(raw) {
                let width = mlirIntegerTypeGetWidth(raw);
                return match (mlirIntegerTypeIsSignless(raw), mlirIntegerTypeIsSigned(raw), width) {
                    (true, _, 1) => Some(Self::Bool),
                    (false, true, 8 | 16 | 32 | 64) => Some(Self::Signed(width)),
                    (false, false, 8 | 16 | 32 | 64) => Some(Self::Unsigned(width)),
                    _ => None,
                };
            }
            if mlirTypeIsAComplex(raw) {
                return match Self::of(Type::from_raw(mlirComplexTypeGetElementType(raw))) {
                    Some(Self::Float(width @ (32 | 64))) => Some(Self::Complex(width)),
                    _ => None,
                };
            }
            let builtin = [
                (mlirTypeIsAF64(raw), Self::Float(64)),
                (mlirTypeIsAIndex(raw), Self::Index),
                (mlirTypeIsAF32(raw), Self::Float(32)),
                (mlirTypeIsAF16(raw), Self::Float(16)),
            ];
            let found = builtin.into_iter().find_map(|(is, scalar)| is.then_some(scalar));
            found.or_else(|| PYTHON.get(usize::try_from(ffi::mlirNumericPythonTypeKind(raw)).ok()?).copied())
        }
    }

    /// The type it describes. The widths must be ones that `Scalar` lists.
    pub fn to_type(self, context: &Context) -> Type<'_> {
        // SAFETY: the context is alive, and the dialect's functions take any value of their enumeration.
        let python = |kind| unsafe { Type::from_raw(ffi::mlirNumericPythonTypeGet(context.to_raw(), kind)) };
        match self {
            Self::Bool => IntegerType::new(context, 1).into(),
            Self::Signed(width) => IntegerType::signed(context, width).into(),
            Self::Unsigned(width) => IntegerType::unsigned(context, width).into(),
            Self::Float(16) => Type::float16(context),
            Self::Float(32) => Type::float32(context),
            Self::Float(_) => Type::float64(context),
            // SAFETY: a float type is a valid part of a complex type.
            Self::Complex(width) => unsafe {
                Type::from_raw(mlirComplexTypeGet(Self::Float(width).to_type(context).to_raw()))
            },
            Self::PyInt => python(0),
            Self::PyFloat => python(1),
            Self::PyComplex => python(2),
            Self::Index => Type::index(context),
        }
    }

    /// What arithmetic it knows.
    pub fn class(self) -> Class {
        match self {
            Self::Bool => Class::Bool,
            Self::Signed(_) | Self::PyInt | Self::Index => Class::Signed,
            Self::Unsigned(_) => Class::Unsigned,
            Self::Float(_) | Self::PyFloat => Class::Float,
            Self::Complex(_) | Self::PyComplex => Class::Complex,
        }
    }

    /// The width in bits, of one part for complex numbers.
    pub fn width(self) -> u32 {
        match self {
            Self::Bool => 1,
            Self::Signed(width) | Self::Unsigned(width) | Self::Float(width) | Self::Complex(width) => width,
            Self::PyInt | Self::PyFloat | Self::PyComplex | Self::Index => 64,
        }
    }

    /// Whether it is one of Python's own numbers.
    pub fn is_python(self) -> bool {
        PYTHON.contains(&self)
    }

    /// The type of `abs`, `real` and `imag`: of a complex number, its parts' type; else itself.
    pub fn part(self) -> Self {
        match self {
            Self::Complex(width) => Self::Float(width),
            Self::PyComplex => Self::PyFloat,
            other => other,
        }
    }
}

impl fmt::Display for Scalar {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool => write!(formatter, "i1"),
            Self::Signed(width) => write!(formatter, "si{width}"),
            Self::Unsigned(width) => write!(formatter, "ui{width}"),
            Self::Float(width) => write!(formatter, "f{width}"),
            Self::Complex(width) => write!(formatter, "complex<f{width}>"),
            Self::PyInt => write!(formatter, "!numeric.int"),
            Self::PyFloat => write!(formatter, "!numeric.float"),
            Self::PyComplex => write!(formatter, "!numeric.complex"),
            Self::Index => write!(formatter, "index"),
        }
    }
}

/// What is known of an array's strides. The numbering is MlirNumericLayout's.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[repr(i32)]
pub enum Layout {
    /// Row-major and contiguous: the last axis varies fastest.
    C = 0,
    /// Column-major and contiguous: the first axis varies fastest.
    F = 1,
    /// Any strides.
    A = 2,
}

/// `!numeric.array<RANKxELEMENT, LAYOUT>`
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ArrayType<'c> {
    r#type: Type<'c>,
}

impl<'c> ArrayType<'c> {
    /// The array type with these elements. None if the rank is above `MAX_RANK`, or if `element` is no scalar type or
    /// is `index`.
    pub fn new(element: Type<'c>, rank: usize, layout: Layout) -> Option<Self> {
        let rank = u32::try_from(rank).ok()?;
        // SAFETY: `element` is a live type; what does not fit gives a null type.
        let raw = unsafe { ffi::mlirNumericArrayTypeGet(rank, element.to_raw(), layout as i32) };
        // SAFETY: `raw` lives as long as the context of `element`.
        unsafe { Type::from_option_raw(raw) }.map(|r#type| Self { r#type })
    }

    /// The number of axes.
    pub fn rank(self) -> usize {
        // SAFETY: the invariant of this type: it is an array type.
        unsafe { ffi::mlirNumericArrayTypeGetRank(self.r#type.to_raw()) as usize }
    }

    /// The type of an element.
    pub fn element(self) -> Type<'c> {
        // SAFETY: as in `rank`; the element type lives in the same context.
        unsafe { Type::from_raw(ffi::mlirNumericArrayTypeGetElementType(self.r#type.to_raw())) }
    }

    /// The element type as a scalar.
    pub fn scalar(self) -> Scalar {
        // The C++ verifier lets no other element in.
        Scalar::of(self.element()).unwrap_or(Scalar::Float(64))
    }

    /// What is known of the strides.
    pub fn layout(self) -> Layout {
        // SAFETY: as in `rank`.
        match unsafe { ffi::mlirNumericArrayTypeGetLayout(self.r#type.to_raw()) } {
            0 => Layout::C,
            1 => Layout::F,
            _ => Layout::A,
        }
    }

    /// The same array type but for the layout.
    pub fn with_layout(self, layout: Layout) -> Self {
        Self::new(self.element(), self.rank(), layout).unwrap_or(self)
    }
}

impl<'c> TryFrom<Type<'c>> for ArrayType<'c> {
    /// The type, handed back.
    type Error = Type<'c>;

    fn try_from(r#type: Type<'c>) -> Result<Self, Type<'c>> {
        // SAFETY: `type` is live.
        if unsafe { ffi::mlirTypeIsANumericArray(r#type.to_raw()) } { Ok(Self { r#type }) } else { Err(r#type) }
    }
}

impl<'c> From<ArrayType<'c>> for Type<'c> {
    fn from(array: ArrayType<'c>) -> Self {
        array.r#type
    }
}
