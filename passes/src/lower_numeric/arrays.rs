//! Arrays as memrefs: allocation, ownership, extents, elements and views.
//!
//! The allocated pointer of a memref is the header of its memory's owner, the aligned pointer is the data, so views keep their owner. A
//! view of layout `C` has the identity layout, which knows no offset: it moves the aligned pointer instead.

use super::scalars::known_integer;
use super::types::{DYNAMIC, lowered_array, memory_scalar, memref};
use super::{Item, Lowering, late};
use crate::support::llvm;
use crate::support::memory::DTYPE;
use crate::support::memref::MemRef;
use crate::support::scalars::{OPERAND_TYPES, compare};
use crate::support::storage::stored_type;
use melior::ir::attribute::{BoolAttribute, DenseI64ArrayAttribute};
use numir_numeric::ir::{Builder, NamedAttribute, Val};
use numir_numeric::types::{ArrayType, Layout, Scalar};
use numir_pipeline::PassError;

/// `numeric.alloc`: stays, its result now being a memref.
pub fn alloc<'c>(lowering: &mut Lowering<'c>, item: &Item<'c>) -> Result<(), PassError> {
    let (builder, scalar) = (item.builder(), item.result_array()?.scalar());
    if let Some(dtype) = lost_dtype(scalar) {
        item.op.set_attribute(DTYPE, builder.string(&dtype));
    }
    lowering.known.set_fresh(item.op.result(0), item.op.operands());
    Ok(())
}

/// `numeric.device_array`: stays, its result now being a memref.
pub fn device_array<'c>(lowering: &mut Lowering<'c>, item: &Item<'c>) -> Result<(), PassError> {
    late::for_device(lowering, item)?;
    // How many items of dynamic memory there are is known when the kernel runs.
    if item.text("memory")? == "dynamic" {
        return Ok(());
    }
    let extents = item.op.attribute("extents").and_then(|extents| DenseI64ArrayAttribute::try_from(extents).ok());
    let extents = extents.ok_or_else(|| item.broken("its extents are missing"))?;
    let builder = item.builder();
    let extents = (0..extents.len()).filter_map(|axis| extents.element(axis).ok());
    lowering.known.set_extents(item.op.result(0), extents.map(|extent| builder.constant_index(extent)).collect());
    Ok(())
}

/// The dtype's name of items that lie in memory as others do.
fn lost_dtype(scalar: Scalar) -> Option<String> {
    match scalar {
        Scalar::Bool => Some("bool".to_owned()),
        Scalar::Unsigned(width) => Some(format!("uint{width}")),
        _ => None,
    }
}

/// A new array of these extents, owned by whoever receives it.
pub fn allocate<'c>(
    lowering: &mut Lowering<'c>,
    builder: Builder<'c>,
    array: ArrayType<'c>,
    extents: &[Val<'c>],
) -> Val<'c> {
    let mut attributes = vec![("zero", BoolAttribute::new(builder.context(), false).into())];
    attributes.extend(lost_dtype(array.scalar()).map(|dtype| (DTYPE, builder.string(&dtype))));
    let value = builder.value("numeric.alloc", extents, lowered_array(builder.context(), array), &attributes);
    lowering.known.set_fresh(value, extents.to_vec());
    value
}

/// `numeric.check` that shows indices.
pub fn raise_unless<'c>(builder: Builder<'c>, condition: Val<'c>, kind: &str, message: &str, shown: &[Val<'c>]) {
    let operands: Vec<_> = std::iter::once(condition).chain(shown.iter().copied()).collect();
    let types = vec![builder.string("index"); shown.len()];
    let mut attributes = vec![("kind", builder.string(kind)), ("message", builder.string(message))];
    if !shown.is_empty() {
        attributes.push((OPERAND_TYPES, builder.array(&types)));
    }
    builder.create("numeric.check", &operands, &[], &attributes, &[]);
}

/// The strides, in items, of an array that lies row by row without gaps.
fn row_major<'c>(builder: Builder<'c>, extents: &[Val<'c>]) -> Vec<Val<'c>> {
    let mut strides = Vec::with_capacity(extents.len());
    let mut stride = builder.constant_index(1);
    for extent in extents.iter().rev() {
        strides.push(stride);
        if strides.len() < extents.len() {
            stride = multiply(builder, stride, *extent);
        }
    }
    strides.reverse();
    strides
}

/// The null array: no owner, no data, no items.
pub fn null<'c>(builder: Builder<'c>, array: ArrayType<'c>) -> Val<'c> {
    let ty = lowered_array(builder.context(), array);
    llvm::cast(&builder, llvm::zero(&builder, stored_type(&builder, ty)), ty)
}

/// `numeric.dim`
pub fn dim<'c>(lowering: &mut Lowering<'c>, item: &Item<'c>) -> Result<(), PassError> {
    let extents = lowering.known.extents(item.op.operand(0), item.operand_array(0)?.rank(), item.builder());
    item.op.replace(&[*extents.get(axis(item)?).ok_or_else(|| item.broken("it has no such axis"))?]);
    Ok(())
}

/// `numeric.stride`
pub fn stride<'c>(_: &mut Lowering<'c>, item: &Item<'c>) -> Result<(), PassError> {
    let rank = item.operand_array(0)?.rank();
    let parts = Metadata::of(item.builder(), item.op.operand(0), item.operand_array(0)?.scalar(), rank);
    item.op.replace(&[*parts.strides.get(axis(item)?).ok_or_else(|| item.broken("it has no such axis"))?]);
    Ok(())
}

fn axis(item: &Item<'_>) -> Result<usize, PassError> {
    let axis = item.op.integer_attribute("axis").and_then(|axis| usize::try_from(axis).ok());
    axis.ok_or_else(|| item.broken("its axis is missing"))
}

/// `numeric.load`
pub fn load<'c>(_: &mut Lowering<'c>, item: &Item<'c>) -> Result<(), PassError> {
    let (builder, scalar) = (item.builder(), item.operand_array(0)?.scalar());
    let ty = memory_scalar(builder.context(), scalar);
    let value = builder.value("memref.load", &item.op.operands(), ty, &alignment(item));
    item.op.replace(&[from_memory(builder, scalar, value)]);
    Ok(())
}

/// `numeric.store`
pub fn store<'c>(_: &mut Lowering<'c>, item: &Item<'c>) -> Result<(), PassError> {
    let (builder, mut operands) = (item.builder(), item.op.operands());
    operands[0] = to_memory(builder, item.operand_scalar(0)?, operands[0]);
    builder.create("memref.store", &operands, &[], &alignment(item), &[]);
    item.op.erase();
    Ok(())
}

/// How an access is aligned that says so: others as their type is.
fn alignment<'c>(item: &Item<'c>) -> Vec<NamedAttribute<'c, 'static>> {
    item.op.attribute("alignment").map(|alignment| ("alignment", alignment)).into_iter().collect()
}

/// An element as a value: a boolean's byte becomes a bit.
pub fn from_memory<'c>(builder: Builder<'c>, scalar: Scalar, value: Val<'c>) -> Val<'c> {
    if scalar == Scalar::Bool { compare(&builder, "ne", value, builder.constant_integer(0, value.ty())) } else { value }
}

/// A value as an element: a boolean becomes a byte.
pub fn to_memory<'c>(builder: Builder<'c>, scalar: Scalar, value: Val<'c>) -> Val<'c> {
    if scalar == Scalar::Bool { builder.value("arith.extui", &[value], builder.integer(8), &[]) } else { value }
}

/// What `memref.extract_strided_metadata` tells of a memref.
pub struct Metadata<'c> {
    /// The memory as a memref of rank 0, without offset.
    pub base: Val<'c>,
    /// Items from the aligned pointer to the first item.
    pub offset: Val<'c>,
    /// Strides in items.
    pub strides: Vec<Val<'c>>,
}

impl<'c> Metadata<'c> {
    /// Takes apart a memref of that rank and element.
    pub fn of(builder: Builder<'c>, array: Val<'c>, scalar: Scalar, rank: usize) -> Self {
        let element = memory_scalar(builder.context(), scalar);
        let mut results = vec![builder.index(); 2 + 2 * rank];
        results[0] = memref(builder.context(), element, 0, true);
        let results = builder.create("memref.extract_strided_metadata", &[array], &results, &[], &[]).results();
        Self { base: results[0], offset: results[1], strides: results[2 + rank..].to_vec() }
    }
}

/// `memref.reinterpret_cast` to any strides and offset.
pub fn reinterpret<'c>(
    builder: Builder<'c>,
    base: Val<'c>,
    scalar: Scalar,
    offset: Val<'c>,
    sizes: &[Val<'c>],
    strides: &[Val<'c>],
) -> Val<'c> {
    let rank = sizes.len();
    let ty = memref(builder.context(), memory_scalar(builder.context(), scalar), rank, false);
    let operands: Vec<_> = [base, offset].iter().chain(sizes).chain(strides).copied().collect();
    let attributes = [
        ("operandSegmentSizes", llvm::i32_array(&builder, &[1, 1, rank as i32, rank as i32])),
        ("static_offsets", builder.i64_array(&[DYNAMIC])),
        ("static_sizes", builder.i64_array(&vec![DYNAMIC; rank])),
        ("static_strides", builder.i64_array(&vec![DYNAMIC; rank])),
    ];
    builder.value("memref.reinterpret_cast", &operands, ty, &attributes)
}

/// `memref.reinterpret_cast` to the identity layout, from the start of the memory.
pub fn reinterpret_contiguous<'c>(builder: Builder<'c>, base: Val<'c>, scalar: Scalar, sizes: &[Val<'c>]) -> Val<'c> {
    let rank = sizes.len();
    let ty = memref(builder.context(), memory_scalar(builder.context(), scalar), rank, true);
    let mut strides = row_major(builder, sizes);
    let mut static_strides = vec![DYNAMIC; rank];
    if strides.pop().is_some() {
        static_strides[rank - 1] = 1;
    }
    let operands: Vec<_> = std::iter::once(&base).chain(sizes).chain(&strides).copied().collect();
    let attributes = [
        ("operandSegmentSizes", llvm::i32_array(&builder, &[1, 0, rank as i32, strides.len() as i32])),
        ("static_offsets", builder.i64_array(&[0])),
        ("static_sizes", builder.i64_array(&vec![DYNAMIC; rank])),
        ("static_strides", builder.i64_array(&static_strides)),
    ];
    builder.value("memref.reinterpret_cast", &operands, ty, &attributes)
}

/// The product of extents.
pub fn count<'c>(builder: Builder<'c>, extents: &[Val<'c>]) -> Val<'c> {
    let product = extents.iter().copied().reduce(|product, extent| multiply(builder, product, extent));
    product.unwrap_or_else(|| builder.constant_index(1))
}

/// The sum of two indices.
pub fn add<'c>(builder: Builder<'c>, left: Val<'c>, right: Val<'c>) -> Val<'c> {
    match known_integer(left) {
        Some(0) => right,
        _ => builder.value("arith.addi", &[left, right], builder.index(), &[]),
    }
}

/// The product of two indices.
pub fn multiply<'c>(builder: Builder<'c>, left: Val<'c>, right: Val<'c>) -> Val<'c> {
    match (known_integer(left), known_integer(right)) {
        (Some(1), _) => right,
        (_, Some(1)) => left,
        _ => builder.value("arith.muli", &[left, right], builder.index(), &[]),
    }
}

/// `numeric.view`
pub fn view<'c>(lowering: &mut Lowering<'c>, item: &Item<'c>) -> Result<(), PassError> {
    let (builder, operands) = (item.builder(), item.op.operands());
    let (source, result) = (item.operand_array(0)?, item.result_array()?);
    let (rank, scalar) = (source.rank(), source.scalar());
    let [starts, sizes, steps] = [0, 1, 2].map(|group| &operands[1 + group * rank..1 + (group + 1) * rank]);
    let parts = Metadata::of(builder, operands[0], scalar, rank);
    // An identity layout has no offset.
    let offset = if source.layout() == Layout::C { builder.constant_index(0) } else { parts.offset };
    let offset =
        starts.iter().zip(&parts.strides).fold(offset, |offset, (start, stride)| match known_integer(*start) {
            Some(0) => offset,
            _ => add(builder, offset, multiply(builder, *start, *stride)),
        });
    let axes = item.op.attribute("axes").and_then(|axes| DenseI64ArrayAttribute::try_from(axes).ok());
    let axes = axes.ok_or_else(|| item.broken("its axes are missing"))?;
    let (mut extents, mut strides) = (Vec::new(), Vec::new());
    for axis in (0..result.rank()).filter_map(|index| axes.element(index).ok()) {
        match usize::try_from(axis) {
            Ok(axis) => {
                extents.push(sizes[axis]);
                strides.push(multiply(builder, parts.strides[axis], steps[axis]));
            }
            Err(_) => {
                extents.push(builder.constant_index(1));
                strides.push(builder.constant_index(0));
            }
        }
    }
    let value = if result.layout() == Layout::C {
        let start = reinterpret_contiguous(builder, parts.base, scalar, &extents);
        advance(builder, start, scalar, offset)
    } else {
        reinterpret(builder, parts.base, scalar, offset, &extents, &strides)
    };
    lowering.known.set_view(value, extents, operands[0]);
    item.op.replace(&[value]);
    Ok(())
}

/// A memref of identity layout with its aligned pointer moved by `offset` items.
pub fn advance<'c>(builder: Builder<'c>, array: Val<'c>, scalar: Scalar, offset: Val<'c>) -> Val<'c> {
    let Some(shape) = MemRef::of(array.ty()).filter(|_| known_integer(offset) != Some(0)) else { return array };
    let descriptor = llvm::cast(&builder, array, shape.descriptor(&builder));
    let data = llvm::extract(&builder, descriptor, builder.pointer(), &[1]);
    let element = stored_type(&builder, memory_scalar(builder.context(), scalar));
    let moved = llvm::item(&builder, data, element, llvm::cast(&builder, offset, builder.integer(64)));
    llvm::cast(&builder, llvm::insert(&builder, descriptor, moved, &[1]), shape.ty)
}

/// `numeric.reinterpret`
pub fn retype<'c>(lowering: &mut Lowering<'c>, item: &Item<'c>) -> Result<(), PassError> {
    let (builder, operands) = (item.builder(), item.op.operands());
    let (source, result) = (item.operand_array(0)?, item.result_array()?);
    let (sizes, strides) = operands[2..].split_at(result.rank());
    let parts = Metadata::of(builder, operands[0], source.scalar(), source.rank());
    // An identity layout has no offset.
    let base = if source.layout() == Layout::C {
        parts.base
    } else {
        advance(builder, parts.base, source.scalar(), parts.offset)
    };
    let item_type = memory_scalar(builder.context(), result.scalar());
    let shape = MemRef::of(base.ty()).ok_or_else(|| item.broken("it has no memory"))?;
    let descriptor = llvm::cast(&builder, base, shape.descriptor(&builder));
    let base = llvm::cast(&builder, descriptor, memref(builder.context(), item_type, 0, true));
    let value = if result.layout() == Layout::C {
        advance(builder, reinterpret_contiguous(builder, base, result.scalar(), sizes), result.scalar(), operands[1])
    } else {
        reinterpret(builder, base, result.scalar(), operands[1], sizes, strides)
    };
    lowering.known.set_view(value, sizes.to_vec(), operands[0]);
    item.op.replace(&[value]);
    Ok(())
}

/// `numeric.reshape`
pub fn reshape<'c>(lowering: &mut Lowering<'c>, item: &Item<'c>) -> Result<(), PassError> {
    let operands = item.op.operands();
    let (source, extents) = (operands[0], operands[1..].to_vec());
    let value = reinterpret_contiguous(item.builder(), source, item.operand_array(0)?.scalar(), &extents);
    lowering.known.set_view(value, extents, source);
    item.op.replace(&[value]);
    Ok(())
}
