//! A NumPy scalar: a number and the type that gives its width.

use crate::dtype::{DType, Kind};
use crate::format::half;

/// A number of any kind, at the greatest width of its kind.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// A truth value.
    Bool(bool),
    /// A signed integer.
    Int(i64),
    /// An unsigned integer.
    UInt(u64),
    /// A real number.
    Float(f64),
    /// Real and imaginary part.
    Complex(f64, f64),
}

/// A NumPy scalar. The number is one that the type can hold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scalar {
    dtype: DType,
    number: Number,
}

impl Scalar {
    /// The number at a type of its kind, rounded or wrapped to the type's width; `None` if the kinds differ.
    #[must_use]
    pub fn new(dtype: DType, number: Number) -> Option<Self> {
        let number = match (dtype.kind(), number) {
            (Kind::Bool, Number::Bool(_)) => number,
            (Kind::Signed | Kind::Time, Number::Int(value)) => Number::Int(wrap_signed(value, dtype.bits())),
            (Kind::Unsigned, Number::UInt(value)) => Number::UInt(wrap_unsigned(value, dtype.bits())),
            (Kind::Float, Number::Float(value)) => Number::Float(round_to(value, dtype.bits())),
            (Kind::Complex, Number::Complex(re, im)) => {
                Number::Complex(round_to(re, dtype.bits() / 2), round_to(im, dtype.bits() / 2))
            }
            _ => return None,
        };
        Some(Self { dtype, number })
    }

    /// The type.
    #[must_use]
    pub const fn dtype(self) -> DType {
        self.dtype
    }

    /// The number.
    #[must_use]
    pub const fn number(self) -> Number {
        self.number
    }

    /// The scalar as it lies at the start of a slot or an error operand of two words, little-endian: each part in the
    /// type's own format. The bytes above its width are zero.
    #[must_use]
    pub fn to_words(self) -> [u64; 2] {
        let float = |value: f64, bits: usize| match bits {
            16 => u64::from(half::from_f64(value)),
            32 => u64::from((value as f32).to_bits()),
            _ => value.to_bits(),
        };
        match (self.number, self.dtype) {
            (Number::Bool(value), _) => [u64::from(value), 0],
            (Number::Int(value), dtype) => [wrap_unsigned(value as u64, dtype.bits()), 0],
            (Number::UInt(value), _) => [value, 0],
            (Number::Float(value), dtype) => [float(value, dtype.bits()), 0],
            (Number::Complex(re, im), DType::Complex64) => [float(re, 32) | float(im, 32) << 32, 0],
            (Number::Complex(re, im), _) => [re.to_bits(), im.to_bits()],
        }
    }

    /// The scalar at the start of two words; bytes above its width are ignored.
    #[must_use]
    pub fn from_words(dtype: DType, words: [u64; 2]) -> Self {
        let bits = dtype.bits();
        let float = |word: u64, bits: usize| match bits {
            16 => half::to_f64(word as u16),
            32 => f64::from(f32::from_bits(word as u32)),
            _ => f64::from_bits(word),
        };
        let number = match (dtype.kind(), dtype) {
            (Kind::Bool, _) => Number::Bool(words[0] & 0xff != 0),
            (Kind::Signed | Kind::Time, _) => Number::Int(wrap_signed(words[0] as i64, bits)),
            (Kind::Unsigned, _) => Number::UInt(wrap_unsigned(words[0], bits)),
            (Kind::Float, _) => Number::Float(float(words[0], bits)),
            (Kind::Complex, DType::Complex64) => Number::Complex(float(words[0], 32), float(words[0] >> 32, 32)),
            (Kind::Complex, _) => Number::Complex(float(words[0], 64), float(words[1], 64)),
        };
        Self { dtype, number }
    }

    /// The scalar in memory.
    ///
    /// # Safety
    /// `source` points to `dtype.size()` readable bytes.
    #[must_use]
    pub unsafe fn read(dtype: DType, source: *const u8) -> Self {
        let mut bytes = [0_u8; 16];
        // SAFETY: readable by the caller's promise; no type has more than 16 bytes.
        unsafe { std::ptr::copy_nonoverlapping(source, bytes.as_mut_ptr(), dtype.size()) };
        let [low, high] = [0, 8].map(|at| u64::from_le_bytes(std::array::from_fn(|i| bytes[at + i])));
        Self::from_words(dtype, [low, high])
    }

    /// Puts the scalar into memory.
    ///
    /// # Safety
    /// `target` points to `dtype.size()` writable bytes.
    pub unsafe fn write(self, target: *mut u8) {
        let bytes = self.to_words().map(u64::to_le_bytes);
        // SAFETY: writable by the caller's promise; no type has more than 16 bytes.
        unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr().cast(), target, self.dtype.size()) };
    }
}

fn wrap_signed(value: i64, bits: usize) -> i64 {
    value << (64 - bits) >> (64 - bits)
}

fn wrap_unsigned(value: u64, bits: usize) -> u64 {
    value << (64 - bits) >> (64 - bits)
}

fn round_to(value: f64, bits: usize) -> f64 {
    match bits {
        16 => half::to_f64(half::from_f64(value)),
        32 => f64::from(value as f32),
        _ => value,
    }
}
