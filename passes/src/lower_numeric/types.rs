//! What the types of `numeric` become below it: numbers lose their sign and Python's numbers their name, arrays become memrefs.

use melior::Context;
use melior::ir::attribute::TypeAttribute;
use melior::ir::r#type::{FunctionType, IntegerType, MemRefType};
use melior::ir::{Attribute, Type};
use numir_numeric::ir::{Op, Ty};
use numir_numeric::types::{ArrayType, Layout, Scalar};

/// Extents, strides and offsets that are known at run time only.
pub const DYNAMIC: i64 = i64::MIN;

/// What a scalar becomes as a value.
pub fn lowered_scalar<'c>(context: &'c Context, scalar: Scalar) -> Ty<'c> {
    match scalar {
        Scalar::Signed(width) | Scalar::Unsigned(width) => IntegerType::new(context, width).into(),
        Scalar::PyInt => IntegerType::new(context, 64).into(),
        Scalar::PyFloat => Type::float64(context),
        Scalar::PyComplex => Scalar::Complex(64).to_type(context),
        Scalar::Bool | Scalar::Float(_) | Scalar::Complex(_) | Scalar::Index => scalar.to_type(context),
    }
}

/// What a scalar becomes as an element in memory: booleans take a byte, as vectors of `i1` are read as packed bits.
pub fn memory_scalar<'c>(context: &'c Context, scalar: Scalar) -> Ty<'c> {
    match scalar {
        Scalar::Bool => IntegerType::new(context, 8).into(),
        other => lowered_scalar(context, other),
    }
}

/// The size of an element in memory, in bytes.
pub fn memory_bytes(scalar: Scalar) -> i64 {
    let part = i64::from(scalar.width().max(8) / 8);
    if matches!(scalar, Scalar::Complex(_) | Scalar::PyComplex) { 2 * part } else { part }
}

/// The memref of that rank and element: identity layout, or any strides and offset.
pub fn memref<'c>(context: &'c Context, element: Ty<'c>, rank: usize, identity: bool) -> Ty<'c> {
    let extents = vec![DYNAMIC; rank];
    match if identity { None } else { strided_layout(context, rank) } {
        Some(layout) => MemRefType::new(element, &extents, Some(layout), None).into(),
        None => MemRefType::contiguous(element, &extents, None).into(),
    }
}

/// `strided<[?, ?], offset: ?>`
fn strided_layout(context: &Context, rank: usize) -> Option<Attribute<'_>> {
    Attribute::parse(context, &format!("strided<[{}], offset: ?>", vec!["?"; rank].join(", ")))
}

/// What an array becomes. Only C-contiguous ones have the identity layout, so only their addresses are linear.
pub fn lowered_array<'c>(context: &'c Context, array: ArrayType<'c>) -> Ty<'c> {
    memref(context, memory_scalar(context, array.scalar()), array.rank(), array.layout() == Layout::C)
}

/// What a type becomes; types of other dialects stay.
pub fn lowered<'c>(context: &'c Context, ty: Ty<'c>) -> Ty<'c> {
    if let Some(scalar) = Scalar::of(ty) {
        return lowered_scalar(context, scalar);
    }
    if let Ok(array) = ArrayType::try_from(ty) {
        return lowered_array(context, array);
    }
    match FunctionType::try_from(ty) {
        Ok(function) => lowered_function(context, function),
        Err(_) => ty,
    }
}

fn lowered_function<'c>(context: &'c Context, function: FunctionType<'c>) -> Ty<'c> {
    let inputs: Vec<_> = (0..function.input_count())
        .filter_map(|index| function.input(index).ok())
        .map(|ty| lowered(context, ty))
        .collect();
    let results: Vec<_> = (0..function.result_count())
        .filter_map(|index| function.result(index).ok())
        .map(|ty| lowered(context, ty))
        .collect();
    FunctionType::new(context, &inputs, &results).into()
}

/// Sets the types of an operation's results, of its blocks' arguments and of its signature to what they become.
pub fn retype<'c>(context: &'c Context, operation: Op<'c>) {
    let arguments = operation.nested_blocks().into_iter().flat_map(|block| block.arguments());
    for value in operation.results().into_iter().chain(arguments) {
        let (old, new) = (value.ty(), lowered(context, value.ty()));
        if old != new {
            value.set_type(new);
        }
    }
    if let Some(signature) =
        operation.attribute("function_type").and_then(|attribute| TypeAttribute::try_from(attribute).ok())
    {
        operation.set_attribute("function_type", TypeAttribute::new(lowered(context, signature.value())).into());
    }
}
