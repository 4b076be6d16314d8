//! The items of an array as plain numbers, for pictures and summaries.

use numir_runtime::Array;
use numir_runtime::dtype::DType;
use numir_runtime::format::half;

/// The items in C order; of complex ones the real part.
pub fn real_numbers(array: &Array) -> Vec<f64> {
    let bytes = array.to_bytes();
    macro_rules! items {
        ($ty:ty) => {
            bytes.as_chunks::<{ size_of::<$ty>() }>().0.iter().map(|item| <$ty>::from_le_bytes(*item) as f64).collect()
        };
    }
    match array.dtype() {
        DType::Bool | DType::UInt8 => items!(u8),
        DType::UInt16 => items!(u16),
        DType::UInt32 => items!(u32),
        DType::UInt64 => items!(u64),
        DType::Int8 => items!(i8),
        DType::Int16 => items!(i16),
        DType::Int32 => items!(i32),
        DType::Int64 | DType::Time(_) => items!(i64),
        DType::Float16 => bytes.as_chunks::<2>().0.iter().map(|item| half::to_f64(u16::from_le_bytes(*item))).collect(),
        DType::Float32 => items!(f32),
        DType::Float64 => items!(f64),
        DType::Complex64 => bytes.as_chunks::<8>().0.iter().map(|item| f64::from(first_float(item))).collect(),
        DType::Complex128 => bytes.as_chunks::<16>().0.iter().map(first_double).collect(),
    }
}

fn first_float(item: &[u8; 8]) -> f32 {
    f32::from_le_bytes([item[0], item[1], item[2], item[3]])
}

fn first_double(item: &[u8; 16]) -> f64 {
    f64::from_le_bytes(std::array::from_fn(|index| item[index]))
}
