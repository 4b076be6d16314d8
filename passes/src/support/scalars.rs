//! Which NumPy type a scalar below `numeric` has. Its MLIR type no longer says whether an integer is signed, so
//! `lower-numeric` leaves attributes with the names of the types, one per scalar.

use super::llvm;
use super::storage;
use melior::ir::TypeLike;
use melior::ir::attribute::{ArrayAttribute, StringAttribute};
use melior::ir::r#type::IntegerType;
use numir_numeric::ir::{Builder, Op, Ty, Val};
use numir_pipeline::PassError;
use numir_runtime::DType;
use numir_runtime::dtype::Kind;

/// The attribute on what shows scalars: errors and prints.
pub(crate) const OPERAND_TYPES: &str = "operand_types";
/// The attribute on a parallel loop: the types of its accumulators, or of their elements.
pub(crate) const ACCUMULATOR_TYPES: &str = "accumulator_types";

/// The names in the attributes, after the types of `numeric`.
const NAMES: [(&str, DType); 18] = [
    ("bool", DType::Bool),
    ("si8", DType::Int8),
    ("si16", DType::Int16),
    ("si32", DType::Int32),
    ("si64", DType::Int64),
    ("ui8", DType::UInt8),
    ("ui16", DType::UInt16),
    ("ui32", DType::UInt32),
    ("ui64", DType::UInt64),
    ("index", DType::Int64),
    ("int", DType::Int64),
    ("f16", DType::Float16),
    ("f32", DType::Float32),
    ("f64", DType::Float64),
    ("float", DType::Float64),
    ("complex64", DType::Complex64),
    ("complex128", DType::Complex128),
    ("complex", DType::Complex128),
];

/// The NumPy type of that name in an attribute.
pub(crate) fn dtype_named(text: &str) -> Option<DType> {
    NAMES.iter().find(|(name, _)| *name == text).map(|(_, dtype)| *dtype)
}

/// What an attribute says: None where a type is none of NumPy's.
pub(crate) fn named_types(operation: Op<'_>, attribute: &str) -> Vec<Option<DType>> {
    let array = operation.attribute(attribute).and_then(|array| ArrayAttribute::try_from(array).ok());
    let Some(array) = array else { return Vec::new() };
    (0..array.len())
        .map(|index| {
            let text = StringAttribute::try_from(array.element(index).ok()?).ok()?;
            dtype_named(text.value())
        })
        .collect()
}

/// The operands from the place `first` on, each with the type that [`OPERAND_TYPES`] says it has. A module that comes from elsewhere may
/// say nothing, or what does not fit the operand: its author is told.
pub(crate) fn typed_operands<'c>(operation: Op<'c>, first: usize) -> Result<Vec<(Val<'c>, DType)>, PassError> {
    let types = named_types(operation, OPERAND_TYPES);
    let typed = |(number, value): (usize, Val<'c>)| match types.get(number).copied().flatten() {
        Some(dtype) if represents(value.ty(), dtype) => Ok((value, dtype)),
        Some(_) => Err(PassError::program(
            operation.location(),
            format!("`{OPERAND_TYPES}` of `{}` says of operand {number} what its type is not", operation.name()),
        )),
        None => Err(PassError::program(
            operation.location(),
            format!("`{OPERAND_TYPES}` of `{}` does not say what operand {number} is", operation.name()),
        )),
    };
    operation.operands().into_iter().skip(first).enumerate().map(typed).collect()
}

/// Whether a value of type `ty` can stand for a scalar of type `dtype`. A bool may have been widened to a byte.
fn represents(ty: Ty<'_>, dtype: DType) -> bool {
    let bits = dtype.bits() as u64;
    match dtype.kind() {
        Kind::Bool => IntegerType::try_from(ty).is_ok_and(|integer| matches!(integer.width(), 1 | 8)),
        Kind::Signed | Kind::Unsigned | Kind::Time => {
            ty.is_index() || IntegerType::try_from(ty).is_ok_and(|integer| u64::from(integer.width()) == bits)
        }
        Kind::Float => float_bits(ty) == Some(bits),
        Kind::Complex => storage::complex_part(ty).and_then(float_bits) == Some(bits / 2),
    }
}

fn float_bits(ty: Ty<'_>) -> Option<u64> {
    [(ty.is_f16(), 16), (ty.is_f32(), 32), (ty.is_f64(), 64)].into_iter().find(|(is, _)| *is).map(|(_, bits)| bits)
}

/// Writes a scalar in its C format: bool as one byte, all else as it is.
pub(crate) fn store_scalar<'c>(builder: &Builder<'c>, value: Val<'c>, pointer: Val<'c>) {
    let byte = builder.integer(8);
    let value =
        if value.ty() == builder.integer(1) { builder.value("arith.extui", &[value], byte, &[]) } else { value };
    storage::store(builder, value, pointer);
}

/// Reads a scalar of type `ty` from its C format.
pub(crate) fn load_scalar<'c>(builder: &Builder<'c>, pointer: Val<'c>, ty: Ty<'c>) -> Val<'c> {
    if ty != builder.integer(1) {
        return storage::load(builder, pointer, ty);
    }
    let byte = llvm::load(builder, pointer, builder.integer(8));
    let zero = builder.constant_integer(0, byte.ty());
    compare(builder, "ne", byte, zero)
}

/// `arith.cmpi`.
pub(crate) fn compare<'c>(builder: &Builder<'c>, predicate: &str, left: Val<'c>, right: Val<'c>) -> Val<'c> {
    const PREDICATES: [&str; 10] = ["eq", "ne", "slt", "sle", "sgt", "sge", "ult", "ule", "ugt", "uge"];
    let number = PREDICATES.iter().position(|name| *name == predicate).unwrap_or_else(|| unreachable!("{predicate}"));
    let bool = builder.integer(1);
    builder.value("arith.cmpi", &[left, right], bool, &[("predicate", builder.i64_attribute(number as i64))])
}

/// Whether a type is a signless integer or index.
pub(crate) fn is_integral(ty: Ty<'_>) -> bool {
    ty.is_index() || ty.is_integer()
}
