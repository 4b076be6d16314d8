//! Numbers as words: for what moves them without looking at what they mean.

use super::llvm;
use super::storage::item_bytes;
use melior::ir::TypeLike;
use mlir_sys::mlirTypeIsAFloat;
use numir_numeric::ir::{Builder, Ty, Val};

/// The bits of a number of at most 64, as an i64; those above are 0.
pub(crate) fn to_word<'c>(builder: &Builder<'c>, value: Val<'c>) -> Val<'c> {
    let i64 = builder.integer(64);
    if value.ty().is_index() {
        return llvm::cast(builder, value, i64);
    }
    let bits = match integer_of(builder, value.ty()) {
        Some(integer) => builder.value("arith.bitcast", &[value], integer, &[]),
        None => value,
    };
    if bits.ty() == i64 { bits } else { builder.value("arith.extui", &[bits], i64, &[]) }
}

/// The number of a type that has these bits.
pub(crate) fn from_word<'c>(builder: &Builder<'c>, word: Val<'c>, ty: Ty<'c>) -> Val<'c> {
    if ty.is_index() {
        return llvm::cast(builder, word, ty);
    }
    let float = integer_of(builder, ty);
    let integer = float.unwrap_or(ty);
    let bits = if integer == word.ty() { word } else { builder.value("arith.trunci", &[word], integer, &[]) };
    if float.is_some() { builder.value("arith.bitcast", &[bits], ty, &[]) } else { bits }
}

/// The integer type as wide as a float type.
fn integer_of<'c>(builder: &Builder<'c>, ty: Ty<'c>) -> Option<Ty<'c>> {
    // SAFETY: any type may be asked.
    let is_float = unsafe { mlirTypeIsAFloat(ty.to_raw()) };
    is_float.then(|| builder.integer(8 * item_bytes(ty) as u32))
}
