//! The types of values, and how two of them meet: NumPy 2's promotion in arithmetic, and the join of two definitions.

use numir_runtime::DType;
use numir_runtime::dates::Time;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

mod class;
mod parse;
mod records;
#[cfg(test)]
mod tests;
mod tuples;

pub use class::Class;
pub use parse::{TypeError, parse_types};
pub use records::{FieldItem, RecordField, RecordLayout};
pub use tuples::TupleType;

/// The type of a scalar. Python's own numbers are weak in promotion (NEP 50); NumPy's are not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scalar {
    /// Python's bool.
    Bool,
    /// Python's int, 64 bits wide and wrapping.
    Int,
    /// Python's float.
    Float,
    /// Python's complex.
    Complex,
    /// A NumPy scalar.
    Of(DType),
    /// A position or an extent, in the compiler's own arithmetic; never seen by a program.
    Index,
}

/// What a scalar is, whatever its width. The order is that of promotion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// True or False.
    Bool,
    /// An integer, signed or not.
    Integer,
    /// A real number.
    Float,
    /// A complex number.
    Complex,
    /// A date or a span of time: not a number.
    Time,
}

impl Scalar {
    /// Its kind.
    pub fn kind(self) -> Kind {
        match self {
            Self::Bool | Self::Of(DType::Bool) => Kind::Bool,
            Self::Float | Self::Of(DType::Float16 | DType::Float32 | DType::Float64) => Kind::Float,
            Self::Complex | Self::Of(DType::Complex64 | DType::Complex128) => Kind::Complex,
            Self::Of(DType::Time(_)) => Kind::Time,
            Self::Int | Self::Index | Self::Of(_) => Kind::Integer,
        }
    }

    /// Whether it is one of Python's own, weak in promotion with NumPy's.
    pub fn is_python(self) -> bool {
        !matches!(self, Self::Of(_))
    }

    /// The NumPy dtype that holds its values: what an array made from it has.
    pub fn dtype(self) -> DType {
        match self {
            Self::Bool => DType::Bool,
            Self::Int | Self::Index => DType::Int64,
            Self::Float => DType::Float64,
            Self::Complex => DType::Complex128,
            Self::Of(dtype) => dtype,
        }
    }

    /// Whether it is an unsigned integer.
    pub fn is_unsigned(self) -> bool {
        matches!(self, Self::Of(DType::UInt8 | DType::UInt16 | DType::UInt32 | DType::UInt64))
    }

    /// The type of the real part of a complex number, of the magnitude; itself for a real one.
    pub fn real(self) -> Self {
        match self {
            Self::Complex => Self::Float,
            Self::Of(DType::Complex64) => Self::Of(DType::Float32),
            Self::Of(DType::Complex128) => Self::Of(DType::Float64),
            other => other,
        }
    }

    /// The result type of arithmetic between the two, by NEP 50: among Python's own the higher kind; a Python scalar
    /// takes the other's dtype unless its kind is higher; two NumPy dtypes meet in NumPy's table.
    pub fn promote(self, other: Self) -> Self {
        match (self, other) {
            (Self::Of(left), Self::Of(right)) => Self::Of(DType::promote(left, right)),
            (Self::Of(strong), weak) | (weak, Self::Of(strong)) => {
                let kind = Self::Of(strong).kind();
                match weak.kind() {
                    weak_kind if weak_kind <= kind => Self::Of(strong),
                    Kind::Integer => Self::Of(DType::Int64),
                    Kind::Float => Self::Of(DType::Float64),
                    Kind::Complex if matches!(strong, DType::Float16 | DType::Float32) => Self::Of(DType::Complex64),
                    _ => Self::Of(DType::Complex128),
                }
            }
            (left, right) => match left.kind().max(right.kind()) {
                Kind::Bool => Self::Bool,
                Kind::Integer => Self::Int,
                Kind::Float => Self::Float,
                Kind::Complex | Kind::Time => Self::Complex,
            },
        }
    }

    /// Whether a date or span of this type is one of the other, as nothing is lost: one that counts the same or more finely.
    pub fn widens_to(self, other: Self) -> bool {
        match (self.time(), other.time()) {
            (Some(from), Some(to)) => from.common(to) == Some(to),
            _ => false,
        }
    }

    /// The type of dates or spans that it is.
    pub fn time(self) -> Option<Time> {
        match self {
            Self::Of(DType::Time(time)) => Some(time),
            _ => None,
        }
    }

    /// The one type that holds both definitions of a name without loss where there is one: equal types stay, Python's own
    /// meet by kind, and a Python number meets a NumPy one as the dtype of its own full width. A Python int, which is weak,
    /// stays an integer where it meets uint64.
    pub fn join(self, other: Self) -> Self {
        match (self, other) {
            (left, right) if left == right => left,
            (Self::Of(left), Self::Of(right)) => Self::Of(DType::promote(left, right)),
            (Self::Of(DType::UInt64), Self::Int | Self::Index) | (Self::Int | Self::Index, Self::Of(DType::UInt64)) => {
                Self::Of(DType::UInt64)
            }
            (Self::Of(strong), weak) | (weak, Self::Of(strong)) => Self::Of(DType::promote(strong, weak.dtype())),
            (left, right) => left.promote(right),
        }
    }
}

impl fmt::Display for Scalar {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool => formatter.write_str("bool"),
            Self::Int => formatter.write_str("int"),
            Self::Float => formatter.write_str("float"),
            Self::Complex => formatter.write_str("complex"),
            Self::Index => formatter.write_str("index"),
            Self::Of(DType::Bool) => formatter.write_str("np.bool"),
            Self::Of(dtype) => formatter.write_str(dtype.name()),
        }
    }
}

/// How an array's items lie in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Layout {
    /// Contiguous, last index fastest.
    C,
    /// Contiguous, first index fastest.
    F,
    /// Any strides.
    Any,
}

impl Layout {
    /// Its letter in types: C, F or A.
    pub fn letter(self) -> char {
        match self {
            Self::C => 'C',
            Self::F => 'F',
            Self::Any => 'A',
        }
    }
}

/// The type of an array: a mutable, possibly aliasing reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct ArrayType {
    /// The items' type.
    pub dtype: DType,
    /// The number of dimensions.
    pub rank: usize,
    /// How the items lie.
    pub layout: Layout,
    /// Whether items may be assigned to.
    pub writable: bool,
}

impl ArrayType {
    /// An array that may be written.
    pub const fn new(dtype: DType, rank: usize, layout: Layout) -> Self {
        Self { dtype, rank, layout, writable: true }
    }

    /// A C-contiguous array.
    pub fn contiguous(dtype: DType, rank: usize) -> Self {
        Self::new(dtype, rank, Layout::C)
    }
}

impl fmt::Display for ArrayType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut axes = vec![":"; self.rank];
        match self.layout {
            Layout::C if self.rank > 0 => axes[self.rank - 1] = "::1",
            Layout::F if self.rank > 1 => axes[0] = "::1",
            _ => {}
        }
        let axes = if axes.is_empty() { "()".to_owned() } else { axes.join(", ") };
        write!(formatter, "{}[{axes}]{}", self.dtype.name(), if self.writable { "" } else { " readonly" })
    }
}

/// The type of a value that crosses a function's border. It is sent from one process or library to another as its spelling.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Type {
    /// None.
    None,
    /// A number or a truth value.
    Scalar(Scalar),
    /// A string known when the function is compiled.
    Text(String),
    /// A string whose parts follow each other: constants, and numbers known when the function runs.
    Formatted(Vec<Type>),
    /// A tuple.
    Tuple(TupleType),
    /// An array.
    Array(ArrayType),
    /// A member of an enumeration: its class, and the type of its value.
    Member(Arc<Class>, Box<Type>),
    /// A record (of no dimensions) or an array of records: layout, dimensions, and whether they may be written.
    Records(Arc<RecordLayout>, usize, bool),
    /// An address of C: of numbers of that type, or of anything.
    Pointer(Option<DType>),
    /// A generator of random numbers: the words of its bit generator.
    Generator,
    /// None or a value.
    Optional(Box<Type>),
    /// A range.
    Range,
    /// A slice: start, stop and step, each an int, None, or either.
    Slice(Box<[Type; 3]>),
    /// `...`
    Ellipsis,
    /// A dtype, known when the function is compiled.
    DType(DType),
    /// An object of a live program that is known when the function is compiled, as a function given as an argument: its number for
    /// [`Environment::argument`](crate::live::Environment::argument).
    Object(u32),
    /// A thing that exists only while compiling: a function, a module, a dtype; named for messages and for keys.
    Static(String),
}

impl fmt::Display for Type {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => formatter.write_str("None"),
            Self::Scalar(scalar) => scalar.fmt(formatter),
            Self::Text(_) | Self::Formatted(_) => formatter.write_str("str"),
            Self::Tuple(tuple) => formatter.write_str(&tuple.described()),
            Self::Member(class, _) => formatter.write_str(&class.name),
            Self::Array(array) => array.fmt(formatter),
            Self::Optional(inner) => write!(formatter, "{inner} | None"),
            Self::Range => formatter.write_str("range"),
            Self::Slice(parts) => {
                let [start, stop, step] = &**parts;
                write!(formatter, "slice({start}, {stop}, {step})")
            }
            Self::Records(layout, rank, writable) => {
                let axes = if *rank == 0 { String::new() } else { format!("[{}]", vec![":"; *rank].join(", ")) };
                write!(formatter, "{}{axes}{}", layout.described(), if *writable { "" } else { " readonly" })
            }
            Self::Pointer(Some(dtype)) => write!(formatter, "CPointer({})", Scalar::Of(*dtype)),
            Self::Pointer(None) => formatter.write_str("voidptr"),
            Self::Generator => formatter.write_str("Generator"),
            Self::Ellipsis => formatter.write_str("ellipsis"),
            Self::DType(dtype) => write!(formatter, "dtype({})", Scalar::Of(*dtype)),
            Self::Object(number) => write!(formatter, "object {number}"),
            Self::Static(name) => formatter.write_str(name),
        }
    }
}

impl Type {
    /// The type as [`parse_types`] reads it. It differs from the text that people see where that leaves something out: a
    /// string known when the function is compiled is spelt as Python writes it.
    pub fn spelling(&self) -> String {
        match self {
            Self::Text(text) => parse::quoted(text),
            Self::Tuple(tuple) => tuple.spelling(),
            Self::Formatted(parts) => {
                format!("formatted({})", parts.iter().map(Self::spelling).collect::<Vec<_>>().join(", "))
            }
            Self::Member(class, value) => {
                let (identity, name) = (parse::quoted(&class.identity), parse::quoted(&class.name));
                format!("Member({}, {identity}, {name})", value.spelling())
            }
            Self::Records(layout, rank, writable) => {
                let readonly = if *writable { "" } else { " readonly" };
                format!("records({}, \"{rank}{readonly}\")", parse::quoted(&layout.spelling()))
            }
            Self::Optional(inner) => format!("{} | None", inner.spelling()),
            other => other.to_string(),
        }
    }
}

impl From<Type> for String {
    fn from(ty: Type) -> Self {
        ty.spelling()
    }
}

impl TryFrom<String> for Type {
    type Error = TypeError;

    fn try_from(text: String) -> Result<Self, TypeError> {
        text.parse()
    }
}

impl From<ArrayType> for String {
    fn from(ty: ArrayType) -> Self {
        ty.to_string()
    }
}

impl TryFrom<String> for ArrayType {
    type Error = TypeError;

    fn try_from(text: String) -> Result<Self, TypeError> {
        match text.parse()? {
            Type::Array(ty) => Ok(ty),
            other => Err(TypeError(format!("{other} is no array"))),
        }
    }
}
