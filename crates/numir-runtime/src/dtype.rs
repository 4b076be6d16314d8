//! NumPy's scalar types: names, sizes, kinds and the promotion of NEP 50.

use crate::dates::Time;

/// The kinds of scalars, in the order in which promotion climbs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// `bool`.
    Bool,
    /// Unsigned integers.
    Unsigned,
    /// Signed integers.
    Signed,
    /// Real floating point.
    Float,
    /// Complex floating point.
    Complex,
    /// Dates and spans of time, which are no numbers.
    Time,
}

/// A Python scalar's place in promotion: it has a kind, but no width (NEP 50).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Weak {
    /// `int`.
    Int,
    /// `float`.
    Float,
    /// `complex`.
    Complex,
}

/// A NumPy scalar type. A number's discriminant is its code in the ABI (error operands).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum DType {
    /// `numpy.bool`, one byte.
    Bool = 0,
    /// `numpy.int8`.
    Int8 = 1,
    /// `numpy.int16`.
    Int16 = 2,
    /// `numpy.int32`.
    Int32 = 3,
    /// `numpy.int64`.
    Int64 = 4,
    /// `numpy.uint8`.
    UInt8 = 5,
    /// `numpy.uint16`.
    UInt16 = 6,
    /// `numpy.uint32`.
    UInt32 = 7,
    /// `numpy.uint64`.
    UInt64 = 8,
    /// `numpy.float16`.
    Float16 = 9,
    /// `numpy.float32`.
    Float32 = 10,
    /// `numpy.float64`.
    Float64 = 11,
    /// `numpy.complex64`.
    Complex64 = 12,
    /// `numpy.complex128`.
    Complex128 = 13,
    /// `numpy.datetime64` or `numpy.timedelta64` of a unit.
    Time(Time) = 14,
}

/// Code, NumPy name, kind and bytes of each type, in the order of the codes.
const TABLE: [(DType, &str, Kind, usize); 14] = [
    (DType::Bool, "bool", Kind::Bool, 1),
    (DType::Int8, "int8", Kind::Signed, 1),
    (DType::Int16, "int16", Kind::Signed, 2),
    (DType::Int32, "int32", Kind::Signed, 4),
    (DType::Int64, "int64", Kind::Signed, 8),
    (DType::UInt8, "uint8", Kind::Unsigned, 1),
    (DType::UInt16, "uint16", Kind::Unsigned, 2),
    (DType::UInt32, "uint32", Kind::Unsigned, 4),
    (DType::UInt64, "uint64", Kind::Unsigned, 8),
    (DType::Float16, "float16", Kind::Float, 2),
    (DType::Float32, "float32", Kind::Float, 4),
    (DType::Float64, "float64", Kind::Float, 8),
    (DType::Complex64, "complex64", Kind::Complex, 8),
    (DType::Complex128, "complex128", Kind::Complex, 16),
];

impl DType {
    /// All types of numbers, in the order of their codes.
    pub fn all() -> impl ExactSizeIterator<Item = Self> + Clone {
        TABLE.iter().map(|row| row.0)
    }

    /// The code in the ABI.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Bool => 0,
            Self::Int8 => 1,
            Self::Int16 => 2,
            Self::Int32 => 3,
            Self::Int64 => 4,
            Self::UInt8 => 5,
            Self::UInt16 => 6,
            Self::UInt32 => 7,
            Self::UInt64 => 8,
            Self::Float16 => 9,
            Self::Float32 => 10,
            Self::Float64 => 11,
            Self::Complex64 => 12,
            Self::Complex128 => 13,
            Self::Time(time) => time.code(),
        }
    }

    /// The type of an ABI code.
    #[must_use]
    pub fn from_code(code: i64) -> Option<Self> {
        let number = TABLE.get(usize::try_from(code).ok()?).map(|row| row.0);
        number.or_else(|| Time::from_code(code).map(Self::Time))
    }

    /// NumPy's name: `float64`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Time(time) => time.name(),
            number => TABLE[number.code() as usize].1,
        }
    }

    /// The type of a NumPy name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let number = TABLE.iter().find(|row| row.1 == name).map(|row| row.0);
        number.or_else(|| Time::from_name(name).map(Self::Time))
    }

    /// The kind.
    #[must_use]
    pub const fn kind(self) -> Kind {
        match self {
            Self::Time(_) => Kind::Time,
            number => TABLE[number.code() as usize].2,
        }
    }

    /// Bytes per item.
    #[must_use]
    pub const fn size(self) -> usize {
        match self {
            Self::Time(_) => 8,
            number => TABLE[number.code() as usize].3,
        }
    }

    /// Bits per item.
    #[must_use]
    pub const fn bits(self) -> usize {
        self.size() * 8
    }

    /// The alignment in bytes: that of a part, for complex numbers.
    #[must_use]
    pub const fn align(self) -> usize {
        match self.kind() {
            Kind::Complex => self.size() / 2,
            _ => self.size(),
        }
    }

    /// The type of a kind with at least so many bytes; `None` if there is none.
    fn at_least(kind: Kind, bytes: usize) -> Option<Self> {
        TABLE.iter().find(|row| row.2 == kind && row.3 >= bytes).map(|row| row.0)
    }

    /// The smallest type that both convert to (`numpy.promote_types`), of numbers; who may have times asks
    /// [`Time::common`] before, and of a time and a number the time is given.
    #[must_use]
    pub fn promote(self, other: Self) -> Self {
        match (self, other) {
            (Self::Time(left), Self::Time(right)) => return Self::Time(left.common(right).unwrap_or(left)),
            (time @ Self::Time(_), _) | (_, time @ Self::Time(_)) => return time,
            _ => {}
        }
        let (low, high) = if self.kind() <= other.kind() { (self, other) } else { (other, self) };
        // Bytes of the float that holds every value of `low`, as NumPy sees it.
        let float_bytes = |dtype: Self| match dtype.kind() {
            Kind::Bool => 2,
            Kind::Unsigned | Kind::Signed => (2 * dtype.size()).min(8),
            Kind::Float => dtype.size(),
            Kind::Complex | Kind::Time => dtype.size() / 2,
        };
        let wanted = match (low.kind(), high.kind()) {
            (a, b) if a == b => Self::at_least(b, low.size().max(high.size())),
            (Kind::Bool, _) => Some(high),
            (Kind::Unsigned, Kind::Signed) => {
                Self::at_least(Kind::Signed, high.size().max(2 * low.size())).or(Some(Self::Float64))
            }
            (_, Kind::Float) => Self::at_least(Kind::Float, high.size().max(float_bytes(low))),
            (_, _) => Self::at_least(Kind::Complex, high.size().max(2 * float_bytes(low))),
        };
        wanted.unwrap_or(high)
    }

    /// The type of an operation between this type and a Python scalar (NEP 50).
    #[must_use]
    pub fn promote_weak(self, weak: Weak) -> Self {
        match (weak, self.kind()) {
            (_, Kind::Time) => self,
            (Weak::Int, Kind::Bool) => Self::Int64,
            (Weak::Int, _) | (Weak::Float, Kind::Float | Kind::Complex) | (Weak::Complex, Kind::Complex) => self,
            (Weak::Float, _) => Self::Float64,
            (Weak::Complex, Kind::Float) if self.size() <= 4 => Self::Complex64,
            (Weak::Complex, _) => Self::Complex128,
        }
    }
}

impl std::fmt::Display for DType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_rows() {
        for (row, dtype) in DType::all().enumerate() {
            assert_eq!(usize::from(dtype.code()), row);
            assert_eq!(DType::from_code(i64::from(dtype.code())), Some(dtype));
            assert_eq!(DType::from_name(dtype.name()), Some(dtype));
        }
        assert_eq!(DType::from_code(14), None);
        assert_eq!(DType::from_code(-1), None);
    }
}
