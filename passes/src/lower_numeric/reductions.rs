//! `numeric.reduce`: calls a function that is made once per kind and type. Sums and products of floats have the one order that
//! `meaning/pairwise.mlir` fixes, over the items in C order, whatever the layout; all else is a plain loop nest, which LLVM vectorises.

mod computed;
mod cut;
mod text;

pub use computed::map_reduce;

use super::arrays::{count, from_memory, raise_unless, reinterpret_contiguous};
use super::broadcast::Shaped;
use super::casts::narrow;
use super::pieces::least_items;
use super::types::{lowered_scalar, memory_scalar};
use super::{Item, Lowering};
use crate::support::scalars::compare;
use cut::Callee;
use melior::ir::{Attribute, Module};
use numir_numeric::ir::{Blk, Builder, NamedAttribute, Op, Reg, Ty, Val};
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
    let shaped = Shaped { memref, array, extents: if contiguous { vec![total] } else { extents } };
    let combine = |lowering: &mut Lowering<'c>, symbol: String, result: Ty<'c>| -> Result<Val<'c>, PassError> {
        let callee = Callee { symbol, operands: vec![memref], result };
        let Some(least) = least_items(item, None, 1) else { return Ok(callee.call(&builder)[0]) };
        let (shaped, extents) = (std::slice::from_ref(&shaped), &shaped.extents[..]);
        let space = cut::Space { shaped, extents, gives_extents: false, least };
        let cut = cut::cut(lowering, item, (scalar, &kind), &callee, &space)?;
        Ok(cut.unwrap_or(callee).call(&builder)[0])
    };
    let value = match (scalar.class(), kind.as_str()) {
        (Class::Float, "add" | "mul") => {
            let (name, module) = text::pairwise(&source, &kind, None);
            import(lowering, item, &name, &module)?;
            let ty = lowered_scalar(builder.context(), Scalar::Float(scalar.width().max(32)));
            let value = combine(lowering, name, ty)?;
            if scalar == Scalar::Float(16) { narrow(builder, value, 16) } else { value }
        }
        (Class::Complex, "add") => {
            let mut part = |part| {
                let (name, module) = text::pairwise(&source, &kind, Some(part));
                import(lowering, item, &name, &module)?;
                let ty = lowered_scalar(builder.context(), Scalar::Float(scalar.width()));
                combine(lowering, name, ty)
            };
            let (re, im) = (part("re")?, part("im")?);
            builder.value("complex.create", &[re, im], lowered_scalar(builder.context(), scalar), &[])
        }
        _ => {
            let (name, module) =
                text::nest(&source, &kind).ok_or_else(|| item.broken("its kind does not fit its type"))?;
            import(lowering, item, &name, &module)?;
            let ty = memory_scalar(builder.context(), scalar);
            let value = combine(lowering, name, ty)?;
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

/// Whether a reduction has the order of `meaning/pairwise.mlir`; complex numbers are added up part by part.
fn is_pairwise(scalar: Scalar, kind: &str) -> bool {
    match scalar.class() {
        Class::Float => matches!(kind, "add" | "mul"),
        Class::Complex => kind == "add",
        _ => false,
    }
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

/// Puts a private function into the module, unless it has the like: the same reduction of the same arrays is often written more than
/// once, and a loop of two versions has each of its own twice. The symbol of the one that counts.
fn insert<'c>(
    lowering: &mut Lowering<'c>,
    item: &Item<'c>,
    symbol: &str,
    block: Blk<'c>,
    results: &[Ty<'c>],
    attributes: &[NamedAttribute<'c, '_>],
) -> Result<String, PassError> {
    let builder = lowering.end_of_module(item)?;
    let types: Vec<_> = block.arguments().into_iter().map(|argument| argument.ty()).collect();
    let mut all = vec![
        ("sym_name", builder.string("")),
        ("sym_visibility", builder.string("private")),
        ("function_type", builder.type_attribute(builder.function_type(&types, results))),
    ];
    all.extend_from_slice(attributes);
    let function = builder.create("func.func", &[], &[], &all, &[Reg::with_block(block)]);
    let text = function.to_string();
    if let Some(known) = lowering.computed.get(&text) {
        function.erase();
        return Ok(known.clone());
    }
    lowering.computed.insert(text, symbol.to_owned());
    function.set_attribute("sym_name", builder.string(symbol));
    lowering.add_symbol(function);
    Ok(symbol.to_owned())
}

/// A constant, spelled as an attribute.
fn constant<'c>(item: &Item<'c>, builder: Builder<'c>, value: &str, ty: Ty<'c>) -> Result<Val<'c>, PassError> {
    let text = format!("{value} : {ty}");
    let value = Attribute::parse(builder.context(), &text);
    let value = value.ok_or_else(|| item.broken(&format!("{text} is no attribute")))?;
    Ok(builder.value("arith.constant", &[], ty, &[("value", value)]))
}
