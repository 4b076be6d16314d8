//! `lower-foreign`: functions of other languages are called as C does, and memory is reached by its address.
//!
//! What is handed over is what the C compilers of 64-bit Unix make of it: integers of less than 32 bits are widened to these by
//! their sign, a bool by zeros; floats stay as they are; pointers are integers of 64 bits, which go through the same registers.

use crate::support::llvm;
use crate::support::memref::{self, MemRef, Parts};
use crate::support::scalars::{OPERAND_TYPES, named_types};
use crate::support::storage::stored_type;
use melior::ir::TypeLike;
use melior::ir::r#type::IntegerType;
use numir_numeric::ir::{Builder, Ty, Val};
use numir_pipeline::properties::{FOREIGN_LOWERED, PARALLEL_OUTLINED};
use numir_pipeline::{Op, Pass, PassContext, PassError, Property, register_pass};
use numir_runtime::DType;

/// The width up to which C widens integers.
const C_INT_BITS: u32 = 32;

/// The pass.
struct LowerForeign;

register_pass!(LowerForeign);

impl Pass for LowerForeign {
    fn name(&self) -> &'static str {
        "lower-foreign"
    }

    fn summary(&self) -> &'static str {
        "call functions of other languages as C does, and reach memory by its address"
    }

    fn requires(&self) -> &'static [Property] {
        &[PARALLEL_OUTLINED]
    }

    fn establishes(&self) -> &'static [Property] {
        &[FOREIGN_LOWERED]
    }

    /// Its arithmetic folds there.
    fn before(&self) -> &'static [&'static str] {
        &["expand-strided-metadata"]
    }

    fn dialects(&self) -> &'static [fn() -> melior::dialect::DialectHandle] {
        use numir_pipeline::dialects::{arith, llvm};
        &[arith, llvm]
    }

    fn run<'c>(&self, module: Op<'c>, _: &PassContext<'c>) -> Result<(), PassError> {
        for operation in module.collect(|operation| rewrite_of(operation).is_some()) {
            if let Some(rewrite) = rewrite_of(operation) {
                rewrite(operation)
                    .ok_or_else(|| PassError::compiler(operation.location(), "this is no array of a known layout"))?;
            }
        }
        Ok(())
    }
}

type Rewrite = for<'c> fn(Op<'c>) -> Option<()>;

fn rewrite_of(operation: Op<'_>) -> Option<Rewrite> {
    const REWRITES: [(&str, Rewrite); 3] =
        [("numeric.call_foreign", call), ("numeric.address", address), ("numeric.array_at", array_at)];
    REWRITES.iter().find(|(name, _)| operation.is(name)).map(|(_, rewrite)| *rewrite)
}

fn call(operation: Op<'_>) -> Option<()> {
    let builder = Builder::before(operation);
    let types = named_types(operation, OPERAND_TYPES);
    let arguments = operation.operands().into_iter().enumerate();
    let mut operands: Vec<_> =
        arguments.map(|(place, value)| handed_over(&builder, value, types.get(place).copied().flatten())).collect();
    let function = llvm::constant(&builder, operation.integer_attribute("address")?, builder.integer(64));
    operands.insert(0, builder.value("llvm.inttoptr", &[function], builder.pointer(), &[]));
    let results = operation.results();
    let result = results.first().map(|result| c_type(&builder, result.ty()));
    let call = llvm::call_pointer(&builder, &operands, result);
    if let Some(result) = results.first() {
        let value = call.result(0);
        let value = match (result.ty().is_index(), bits(result.ty())) {
            (true, _) => builder.value("arith.index_cast", &[value], result.ty(), &[]),
            // A bool comes in the lowest bits of its register.
            (_, Some(1)) => builder.value("llvm.trunc", &[value], result.ty(), &[]),
            _ => value,
        };
        result.replace_all_uses_with(value);
    }
    operation.erase();
    Some(())
}

/// An argument in the type that C hands over.
pub(crate) fn handed_over<'c>(builder: &Builder<'c>, value: Val<'c>, dtype: Option<DType>) -> Val<'c> {
    if value.ty().is_index() {
        return builder.value("arith.index_cast", &[value], builder.integer(64), &[]);
    }
    match bits(value.ty()) {
        Some(width) if width < C_INT_BITS => {
            let is_signed = matches!(dtype, Some(DType::Int8 | DType::Int16));
            let widen = if is_signed { "llvm.sext" } else { "llvm.zext" };
            builder.value(widen, &[value], builder.integer(C_INT_BITS), &[])
        }
        _ => value,
    }
}

/// The type of what C gives back: a bool fills a byte.
pub(crate) fn c_type<'c>(builder: &Builder<'c>, ty: Ty<'c>) -> Ty<'c> {
    match bits(ty) {
        _ if ty.is_index() => builder.integer(64),
        Some(1) => builder.integer(8),
        _ => ty,
    }
}

/// The width of an integer.
fn bits(ty: Ty<'_>) -> Option<u32> {
    IntegerType::try_from(ty).ok().map(|integer| integer.width())
}

fn address(operation: Op<'_>) -> Option<()> {
    let builder = Builder::before(operation);
    let array = operation.operand(0);
    let shape = MemRef::of(array.ty())?;
    let parts = memref::parts(&builder, &shape, array);
    let first = llvm::item(&builder, parts.data, stored_type(&builder, shape.element), parts.offset);
    operation.replace(&[builder.value("llvm.ptrtoint", &[first], builder.integer(64), &[])]);
    Some(())
}

fn array_at(operation: Op<'_>) -> Option<()> {
    let builder = Builder::before(operation);
    let shape = MemRef::of(operation.result(0).ty())?;
    let operands = operation.operands();
    let (address, extents) = operands.split_first()?;
    let sizes: Vec<_> = extents.iter().map(|extent| llvm::cast(&builder, *extent, builder.integer(64))).collect();
    let strides = if shape.identity {
        memref::row_major(&builder, &sizes)
    } else {
        // Fortran's order is C's of the axes the other way round.
        let reversed: Vec<_> = sizes.iter().rev().copied().collect();
        memref::row_major(&builder, &reversed).into_iter().rev().collect()
    };
    let parts = Parts {
        header: llvm::zero(&builder, builder.pointer()),
        data: builder.value("llvm.inttoptr", &[*address], builder.pointer(), &[]),
        offset: llvm::constant(&builder, 0, builder.integer(64)),
        sizes,
        strides,
    };
    operation.replace(&[memref::assemble(&builder, &shape, &parts)]);
    Some(())
}
