//! Values in memory: how a value of any type below `numeric` lies in a struct that compiled code makes for itself.

use super::llvm;
use super::memref::MemRef;
use melior::ir::TypeLike;
use numir_numeric::ir::{Builder, Ty, Val};

/// The type that a value of type `ty` has in memory: index is i64, a memref its descriptor, a complex number its two parts.
pub(crate) fn stored_type<'c>(builder: &Builder<'c>, ty: Ty<'c>) -> Ty<'c> {
    if ty.is_index() {
        return builder.integer(64);
    }
    if let Some(part) = complex_part(ty) {
        return llvm::struct_type(builder, &[part, part]);
    }
    match MemRef::of(ty) {
        Some(shape) => shape.descriptor(builder),
        None => ty,
    }
}

/// Writes a value.
pub(crate) fn store<'c>(builder: &Builder<'c>, value: Val<'c>, pointer: Val<'c>) {
    let stored = llvm::cast(builder, value, stored_type(builder, value.ty()));
    llvm::store(builder, stored, pointer);
}

/// Reads a value of type `ty`.
pub(crate) fn load<'c>(builder: &Builder<'c>, pointer: Val<'c>, ty: Ty<'c>) -> Val<'c> {
    let stored = llvm::load(builder, pointer, stored_type(builder, ty));
    llvm::cast(builder, stored, ty)
}

/// The type of the parts of a complex type.
pub(crate) fn complex_part(ty: Ty<'_>) -> Option<Ty<'_>> {
    // SAFETY: the element is asked of complex types only.
    unsafe {
        mlir_sys::mlirTypeIsAComplex(ty.to_raw())
            .then(|| Ty::from_raw(mlir_sys::mlirComplexTypeGetElementType(ty.to_raw())))
    }
}

/// The bytes of an array's item.
pub(crate) fn item_bytes(element: Ty<'_>) -> i64 {
    if let Some(part) = complex_part(element) {
        return 2 * item_bytes(part);
    }
    let raw = element.to_raw();
    // SAFETY: widths are asked of the types that have them.
    let bits = unsafe {
        match (mlir_sys::mlirTypeIsAInteger(raw), mlir_sys::mlirTypeIsAFloat(raw)) {
            (true, _) => mlir_sys::mlirIntegerTypeGetWidth(raw),
            (_, true) => mlir_sys::mlirFloatTypeGetWidth(raw),
            _ => 64,
        }
    };
    i64::from(bits.max(8) / 8)
}
