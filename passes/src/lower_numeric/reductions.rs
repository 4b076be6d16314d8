//! `numeric.reduce`: calls a function that is made once per kind and type. Sums and products of floats have the one order that
//! `meaning/pairwise.mlir` fixes, over the items in C order, whatever the layout; all else is a plain loop nest, which LLVM vectorises.

mod computed;
mod text;

pub use computed::map_reduce;

use super::arrays::{count, from_memory, raise_unless, reinterpret_contiguous};
use super::casts::narrow;
use super::types::{lowered_scalar, memory_scalar};
use super::{Item, Lowering};
use crate::support::scalars::compare;
use melior::ir::Module;
use numir_numeric::ir::{Builder, Op, Val};
use numir_numeric::types::{Class, Layout, Scalar};
use numir_pipeline::PassError;

/// `numeric.reduce`
pub fn reduce<'c>(lowering: &mut Lowering<'c>, item: &Item<'c>) -> Result<(), PassError> {
    let (builder, array, kind) = (item.builder(), item.operand_array(0)?, item.text("kind")?);
    let (scalar, mut memref) = (array.scalar(), item.op.operand(0));
    if array.rank() == 0 {
        let value = builder.value("memref.load", &[memref], memory_scalar(builder.context(), scalar), &[]);
        item.op.replace(&[from_memory(builder, scalar, value)]);
        return Ok(());
    }
    let extents = lowering.known.extents(memref, array.rank(), builder);
    let total = count(builder, &extents);
    refuse_nothing(builder, &kind, total);
    let contiguous = array.layout() == Layout::C;
    if contiguous && array.rank() > 1 {
        memref = reinterpret_contiguous(builder, memref, scalar, &[total]);
    }
    let source = text::Source { scalar, rank: if contiguous { 1 } else { array.rank() }, contiguous };
    let value = match (scalar.class(), kind.as_str()) {
        (Class::Float, "add" | "mul") => pairwise(lowering, item, builder, &source, &kind, None, memref)?,
        (Class::Complex, "add") => {
            let re = pairwise(lowering, item, builder, &source, &kind, Some("re"), memref)?;
            let im = pairwise(lowering, item, builder, &source, &kind, Some("im"), memref)?;
            builder.value("complex.create", &[re, im], lowered_scalar(builder.context(), scalar), &[])
        }
        _ => {
            let (name, module) =
                text::nest(&source, &kind).ok_or_else(|| item.broken("its kind does not fit its type"))?;
            import(lowering, item, &name, &module)?;
            let ty = memory_scalar(builder.context(), scalar);
            let value = builder.value("func.call", &[memref], ty, &[("callee", builder.symbol(&name))]);
            from_memory(builder, scalar, value)
        }
    };
    item.op.replace(&[value]);
    Ok(())
}

/// Raises if a kind that has no identity is to combine no items.
fn refuse_nothing<'c>(builder: Builder<'c>, kind: &str, total: Val<'c>) {
    if let Some(name) = ORDERS.iter().find_map(|(order, name)| (*order == kind).then_some(name)) {
        let some = compare(&builder, "ne", total, builder.constant_index(0));
        let message = format!("zero-size array to reduction operation {name} which has no identity");
        raise_unless(builder, some, "ValueError", &message, &[]);
    }
}

/// The kinds that have no identity, as NumPy calls them.
const ORDERS: [(&str, &str); 2] = [("min", "minimum"), ("max", "maximum")];

/// The sum or product of floats, or of one part of complex numbers. `f16` is summed up in `f32`, as in NumPy.
fn pairwise<'c>(
    lowering: &mut Lowering<'c>,
    item: &Item<'c>,
    builder: Builder<'c>,
    source: &text::Source,
    kind: &str,
    part: Option<&str>,
    memref: Val<'c>,
) -> Result<Val<'c>, PassError> {
    let (name, module) = text::pairwise(source, kind, part);
    import(lowering, item, &name, &module)?;
    let ty = lowered_scalar(builder.context(), Scalar::Float(source.scalar.width().max(32)));
    let value = builder.value("func.call", &[memref], ty, &[("callee", builder.symbol(&name))]);
    Ok(if source.scalar == Scalar::Float(16) { narrow(builder, value, 16) } else { value })
}

/// Puts the functions of a text into the module, unless it has `name`, one of them, already.
fn import<'c>(lowering: &mut Lowering<'c>, item: &Item<'c>, name: &str, text: &str) -> Result<(), PassError> {
    if lowering.symbol(name).is_some() {
        return Ok(());
    }
    let builder = lowering.end_of_module(item)?;
    let parsed = Module::parse(builder.context(), text)
        .ok_or_else(|| item.broken(&format!("@{name} does not parse:\n{text}")))?;
    let body = Op::of_module(&parsed).body(0).ok_or_else(|| item.broken("its functions are missing"))?;
    for function in body.operations() {
        let known = function.string_attribute("sym_name").is_some_and(|symbol| lowering.symbol(&symbol).is_some());
        if !known {
            function.detach();
            function.walk(&mut |operation| operation.set_location(builder.location()));
            builder.insert(function);
            lowering.add_symbol(function);
        }
    }
    Ok(())
}
