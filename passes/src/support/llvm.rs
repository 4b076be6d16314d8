//! The llvm dialect's operations with their required attributes, made with `Builder`.

use super::scalars::is_integral;
use melior::dialect::llvm::attributes::{Linkage, linkage};
use melior::ir::attribute::{DenseI32ArrayAttribute, DenseI64ArrayAttribute};
use melior::ir::{Attribute, TypeLike};
use numir_numeric::ir::{Builder, Op, Ty, Val};

/// Marks an index of `element_pointer` that is given by a value.
const DYNAMIC: i32 = i32::MIN;

/// `struct` type of these fields, laid out as C does.
pub(crate) fn struct_type<'c>(builder: &Builder<'c>, fields: &[Ty<'c>]) -> Ty<'c> {
    melior::dialect::llvm::r#type::r#struct(builder.context(), fields, false)
}

/// A vector of so many items.
pub(crate) fn vector_type<'c>(items: u64, item: Ty<'c>) -> Ty<'c> {
    Ty::vector(&[items], item)
}

/// A dense i32 array attribute.
pub(crate) fn i32_array<'c>(builder: &Builder<'c>, values: &[i32]) -> Attribute<'c> {
    DenseI32ArrayAttribute::new(builder.context(), values).into()
}

/// The attribute of internal linkage.
pub(crate) fn internal<'c>(builder: &Builder<'c>) -> Attribute<'c> {
    linkage(builder.context(), Linkage::Internal)
}

/// Reads a value of type `ty`.
pub(crate) fn load<'c>(builder: &Builder<'c>, pointer: Val<'c>, ty: Ty<'c>) -> Val<'c> {
    builder.value("llvm.load", &[pointer], ty, &[])
}

/// Writes a value.
pub(crate) fn store<'c>(builder: &Builder<'c>, value: Val<'c>, pointer: Val<'c>) {
    builder.create("llvm.store", &[value, pointer], &[], &[], &[]);
}

/// The address `constants` into an object of type `ty`, as C's `&p[a].b.c`.
pub(crate) fn field<'c>(builder: &Builder<'c>, pointer: Val<'c>, ty: Ty<'c>, constants: &[i32]) -> Val<'c> {
    address(builder, &[pointer], ty, constants)
}

/// The address of item `index` (i64, may be negative) of an array of `ty`.
pub(crate) fn item<'c>(builder: &Builder<'c>, pointer: Val<'c>, ty: Ty<'c>, index: Val<'c>) -> Val<'c> {
    address(builder, &[pointer, index], ty, &[DYNAMIC])
}

fn address<'c>(builder: &Builder<'c>, operands: &[Val<'c>], ty: Ty<'c>, constants: &[i32]) -> Val<'c> {
    let attributes = [("elem_type", builder.type_attribute(ty)), ("rawConstantIndices", i32_array(builder, constants))];
    builder.value("llvm.getelementptr", operands, builder.pointer(), &attributes)
}

/// Room for `count` (an i64 value) items of `ty` on the stack.
pub(crate) fn alloca<'c>(builder: &Builder<'c>, ty: Ty<'c>, count: Val<'c>) -> Op<'c> {
    builder.create("llvm.alloca", &[count], &[builder.pointer()], &[("elem_type", builder.type_attribute(ty))], &[])
}

/// A constant of an integer type.
pub(crate) fn constant<'c>(builder: &Builder<'c>, value: i64, ty: Ty<'c>) -> Val<'c> {
    let value = melior::ir::attribute::IntegerAttribute::new(ty, value).into();
    builder.value("llvm.mlir.constant", &[], ty, &[("value", value)])
}

/// The zero of any type: null, 0, a struct of zeros.
pub(crate) fn zero<'c>(builder: &Builder<'c>, ty: Ty<'c>) -> Val<'c> {
    builder.value("llvm.mlir.zero", &[], ty, &[])
}

/// A value of any type that nobody may look at.
pub(crate) fn poison<'c>(builder: &Builder<'c>, ty: Ty<'c>) -> Val<'c> {
    builder.value("llvm.mlir.poison", &[], ty, &[])
}

/// The part of `aggregate` at `position`: what was put there, if that is to be seen.
pub(crate) fn extract<'c>(builder: &Builder<'c>, aggregate: Val<'c>, ty: Ty<'c>, position: &[i64]) -> Val<'c> {
    let insertion = |value: Val<'c>| value.definition().filter(|operation| operation.is("llvm.insertvalue"));
    for insertion in std::iter::successors(insertion(aggregate), |known| insertion(known.operand(0))) {
        let place = insertion.attribute("position").and_then(|place| DenseI64ArrayAttribute::try_from(place).ok());
        let Some(place) = place else { break };
        let place: Vec<_> = (0..place.len()).filter_map(|index| place.element(index).ok()).collect();
        if place == position {
            return insertion.operand(1);
        }
        if place.starts_with(position) || position.starts_with(&place) {
            break;
        }
    }
    builder.value("llvm.extractvalue", &[aggregate], ty, &[("position", positions(builder, position))])
}

/// `aggregate` with `value` at `position`.
pub(crate) fn insert<'c>(builder: &Builder<'c>, aggregate: Val<'c>, value: Val<'c>, position: &[i64]) -> Val<'c> {
    let attributes = [("position", positions(builder, position))];
    builder.value("llvm.insertvalue", &[aggregate, value], aggregate.ty(), &attributes)
}

fn positions<'c>(builder: &Builder<'c>, position: &[i64]) -> Attribute<'c> {
    DenseI64ArrayAttribute::new(builder.context(), position).into()
}

/// The address of a global or an llvm function.
pub(crate) fn address_of<'c>(builder: &Builder<'c>, symbol: &str) -> Val<'c> {
    builder.value("llvm.mlir.addressof", &[], builder.pointer(), &[("global_name", builder.symbol(symbol))])
}

/// A call of an llvm function.
pub(crate) fn call<'c>(builder: &Builder<'c>, symbol: &str, arguments: &[Val<'c>], result: Option<Ty<'c>>) -> Op<'c> {
    let attributes = [
        ("callee", builder.symbol(symbol)),
        ("op_bundle_sizes", i32_array(builder, &[])),
        ("operandSegmentSizes", i32_array(builder, &[arguments.len() as i32, 0])),
    ];
    builder.create("llvm.call", arguments, result.as_slice(), &attributes, &[])
}

/// A call of the function that the first operand points to, with the others as its arguments.
pub(crate) fn call_pointer<'c>(builder: &Builder<'c>, operands: &[Val<'c>], result: Option<Ty<'c>>) -> Op<'c> {
    let attributes = [
        ("op_bundle_sizes", i32_array(builder, &[])),
        ("operandSegmentSizes", i32_array(builder, &[operands.len() as i32, 0])),
    ];
    builder.create("llvm.call", operands, result.as_slice(), &attributes, &[])
}

/// A call of one of LLVM's intrinsics without a result.
pub(crate) fn effect<'c>(builder: &Builder<'c>, name: &str, arguments: &[Val<'c>]) {
    builder.create("llvm.call_intrinsic", arguments, &[], &intrinsic_attributes(builder, name, arguments), &[]);
}

fn intrinsic_attributes<'c>(
    builder: &Builder<'c>,
    name: &str,
    arguments: &[Val<'c>],
) -> [(&'static str, Attribute<'c>); 3] {
    [
        ("intrin", builder.string(name)),
        ("op_bundle_sizes", i32_array(builder, &[])),
        ("operandSegmentSizes", i32_array(builder, &[arguments.len() as i32, 0])),
    ]
}

/// A call of one of LLVM's intrinsics with a result.
pub(crate) fn intrinsic<'c>(builder: &Builder<'c>, name: &str, arguments: &[Val<'c>], result: Ty<'c>) -> Val<'c> {
    builder.value("llvm.call_intrinsic", arguments, result, &intrinsic_attributes(builder, name, arguments))
}

/// The value of a constant of an integer type, or of such a constant that has been cast.
pub(crate) fn known(value: Val<'_>) -> Option<i64> {
    let definition = value.definition()?;
    match definition.name() {
        "arith.constant" | "llvm.mlir.constant" => definition.integer_attribute("value"),
        INTEGER_CAST => known(definition.operand(0)),
        _ => None,
    }
}

/// A value as another type that is the same when everything is llvm: i64 and index, a memref and its descriptor.
pub(crate) fn cast<'c>(builder: &Builder<'c>, value: Val<'c>, ty: Ty<'c>) -> Val<'c> {
    if value.ty() == ty {
        return value;
    }
    let name = if is_integral(ty) && is_integral(value.ty()) { INTEGER_CAST } else { CAST };
    if let Some(before) = value.definition().filter(|operation| operation.is(name)).map(|cast| cast.operand(0))
        && before.ty() == ty
    {
        return before;
    }
    match known(value) {
        Some(number) if name == INTEGER_CAST && ty.is_index() => builder.constant_index(number),
        Some(number) if name == INTEGER_CAST => constant(builder, number, ty),
        _ => builder.value(name, &[value], ty, &[]),
    }
}

const INTEGER_CAST: &str = "arith.index_cast";
const CAST: &str = "builtin.unrealized_conversion_cast";
