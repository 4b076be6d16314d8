//! New arrays: memory from the runtime, and the memref around it. The data lies directly behind the header.

use super::llvm;
use super::memref::{self, MemRef, Parts};
use super::runtime::Runtime;
use super::scalars::OPERAND_TYPES;
use super::storage::{complex_part, item_bytes};
use melior::ir::TypeLike;
use numir_numeric::ir::{Builder, Op, Ty, Val};
use numir_runtime::memory::HEADER_BYTES;
use numir_runtime::shortage::ARRAY_REFUSED;

/// On a `numeric.alloc` whose memref has lost it: the name of the items' dtype.
pub(crate) const DTYPE: &str = "dtype";

/// Memory that has been asked for.
pub(crate) struct Memory<'c> {
    /// The owner; null if the memory could not be had.
    pub(crate) header: Val<'c>,
    /// Bytes of data (i64).
    pub(crate) bytes: Val<'c>,
    /// Extents of the array (i64).
    sizes: Vec<Val<'c>>,
}

impl<'c> Memory<'c> {
    /// Asks for the memory of an array of these extents (index), all zero if `zero`.
    pub(crate) fn ask(
        builder: &Builder<'c>,
        runtime: &Runtime<'c>,
        shape: &MemRef<'c>,
        extents: &[Val<'c>],
        zero: bool,
    ) -> Self {
        let i64 = builder.integer(64);
        let sizes: Vec<_> = extents.iter().map(|extent| llvm::cast(builder, *extent, i64)).collect();
        let bytes = total_bytes(builder, item_bytes(shape.element), &sizes);
        let zero = llvm::constant(builder, zero.into(), builder.integer(32));
        let header = runtime.value(builder, "numir_alloc", &[bytes, zero]);
        Self { header, bytes, sizes }
    }

    /// Raises MemoryError if it could not be had, for the array that `allocation` makes.
    pub(crate) fn check(&self, builder: &Builder<'c>, allocation: Op<'c>, shape: &MemRef<'c>) {
        let null = llvm::zero(builder, builder.pointer());
        let predicate = [("predicate", builder.i64_attribute(1))];
        let got = builder.value("llvm.icmp", &[self.header, null], builder.integer(1), &predicate);
        let dtype = allocation.string_attribute(DTYPE).unwrap_or_else(|| dtype_name(shape.element));
        let shown = self.sizes.iter().map(|size| llvm::cast(builder, *size, builder.index()));
        let operands: Vec<_> = std::iter::once(got).chain(shown).collect();
        let types = vec![builder.string("index"); self.sizes.len()];
        let message = format!("({}) {dtype}", vec!["{}"; types.len()].join(","));
        let mut attributes = vec![("kind", builder.string(ARRAY_REFUSED)), ("message", builder.string(&message))];
        if !types.is_empty() {
            attributes.push((OPERAND_TYPES, builder.array(&types)));
        }
        builder.create("numeric.check", &operands, &[], &attributes, &[]);
    }

    /// The address of the data.
    pub(crate) fn data(&self, builder: &Builder<'c>) -> Val<'c> {
        llvm::field(builder, self.header, builder.integer(8), &[HEADER_BYTES as i32])
    }

    /// The array.
    pub(crate) fn array(&self, builder: &Builder<'c>, shape: &MemRef<'c>) -> Val<'c> {
        let offset = llvm::constant(builder, 0, builder.integer(64));
        let sizes = self.sizes.clone();
        // What is not row by row is column by column: there are no other new arrays.
        let strides = match shape.identity {
            true => memref::row_major(builder, &sizes),
            false => {
                let reversed: Vec<_> = sizes.iter().rev().copied().collect();
                memref::row_major(builder, &reversed).into_iter().rev().collect()
            }
        };
        let data = self.data(builder);
        memref::assemble(builder, shape, &Parts { header: self.header, data, offset, sizes, strides })
    }
}

/// The dtype of items that lie in memory as `element`, as far as that tells: no sign and no truth values.
fn dtype_name(element: Ty<'_>) -> String {
    let bits = 8 * item_bytes(element);
    // SAFETY: any type may be asked.
    let is_float = unsafe { mlir_sys::mlirTypeIsAFloat(element.to_raw()) };
    let kind = if complex_part(element).is_some() {
        "complex"
    } else if is_float {
        "float"
    } else {
        "int"
    };
    format!("{kind}{bits}")
}

/// The size of an array in bytes, or the largest number, which cannot be had, if it is larger than that.
fn total_bytes<'c>(builder: &Builder<'c>, item: i64, sizes: &[Val<'c>]) -> Val<'c> {
    let (bool, i64) = (builder.integer(1), builder.integer(64));
    let pair = llvm::struct_type(builder, &[i64, bool]);
    let known = sizes.iter().map(|size| llvm::known(*size));
    let known: i128 = known.flatten().fold(item.into(), |product, size| product.saturating_mul(size.into()));
    let Ok(known) = i64::try_from(known) else { return llvm::constant(builder, i64::MAX, i64) };
    let mut bytes = (known != 1).then(|| llvm::constant(builder, known, i64));
    let mut overflowed: Option<Val<'c>> = None;
    for size in sizes.iter().filter(|size| llvm::known(**size).is_none()) {
        let Some(before) = bytes.replace(*size) else { continue };
        let product = llvm::intrinsic(builder, "llvm.smul.with.overflow.i64", &[before, *size], pair);
        bytes = Some(llvm::extract(builder, product, i64, &[0]));
        let over = llvm::extract(builder, product, bool, &[1]);
        overflowed = Some(overflowed.map_or(over, |before| builder.value("arith.ori", &[before, over], bool, &[])));
    }
    let bytes = bytes.unwrap_or_else(|| llvm::constant(builder, known, i64));
    match overflowed {
        None => bytes,
        Some(overflowed) => {
            let impossible = llvm::constant(builder, i64::MAX, i64);
            builder.value("arith.select", &[overflowed, impossible, bytes], i64, &[])
        }
    }
}
