//! `numeric.reduce`: calls a function that is made once per kind and type. Sums and products of floats have the one order that
//! `meaning/pairwise.mlir` fixes, over the items in C order, whatever the layout; all else is a plain loop nest, which LLVM vectorises.

mod callee;
mod computed;
mod cut;
mod joined;
mod pairwise;
mod text;
mod warps;

pub use computed::map_reduce;
pub use joined::{groups, joined};

use super::arrays::{count, from_memory, raise_unless, reinterpret_contiguous};
use super::broadcast::Shaped;
use super::inputs::{Input, Right};
use super::items::are_iterations;
use super::pieces::least_items;
use super::types::{lowered_scalar, memory_scalar};
use super::{Item, Lowering};
use crate::support::scalars::compare;
pub use callee::Callee;
use callee::Combined;
use computed::{as_value, from_zero};
use cut::cut;
use melior::ir::{Attribute, Module};
use numir_numeric::ir::{Blk, Builder, NamedAttribute, Op, Reg, Ty, Val};
use numir_numeric::types::{ArrayType, Class, Layout, Scalar};
use numir_pipeline::PassError;
use warps::Warps;
pub(crate) use warps::{LANES, ROWS};

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
    if let Some(value) = on_device(lowering, item, (array, memref), &extents, &kind)? {
        item.op.replace(&[as_value(builder, scalar, &kind, value)]);
        return Ok(());
    }
    let contiguous = array.layout() == Layout::C;
    if contiguous && array.rank() > 1 {
        memref = reinterpret_contiguous(builder, memref, scalar, &[total]);
    }
    let shaped = Shaped { memref, array, extents: if contiguous { vec![total] } else { extents } };
    let mut combine = |part: Option<&str>| -> Result<Val<'c>, PassError> {
        let mut callee = function_for(lowering, item, &shaped, &kind, part)?;
        if let Some(least) = least_items(item, None, 1) {
            callee = cut(lowering, item, &callee, &shaped.extents, least)?.unwrap_or(callee);
        }
        Ok(callee.call(&builder)[0])
    };
    let value = if (scalar.class(), kind.as_str()) == (Class::Complex, "add") {
        let parts = [combine(Some("re"))?, combine(Some("im"))?].map(|part| from_zero(builder, &kind, part));
        builder.value("complex.create", &parts, lowered_scalar(builder.context(), scalar), &[])
    } else {
        as_value(builder, scalar, &kind, combine(None)?)
    };
    item.op.replace(&[value]);
    Ok(())
}

/// What the items of an array come to on a device, where the module is for one that can do it.
fn on_device<'c>(
    lowering: &mut Lowering<'c>,
    item: &Item<'c>,
    (array, memref): (ArrayType<'c>, Val<'c>),
    extents: &[Val<'c>],
    kind: &str,
) -> Result<Option<Val<'c>>, PassError> {
    if !are_iterations(item) && item.op.attribute(ROWS).is_none() {
        return Ok(None);
    }
    let (builder, scalar) = (item.builder(), array.scalar());
    // The element is the item.
    let body = Blk::new(&[lowered_scalar(builder.context(), scalar)], builder.location());
    builder.into_block(body).create("numeric.yield", &[body.argument(0)], &[], &[], &[]);
    let holder = builder.create("scf.execute_region", &[], &[], &[], &[Reg::with_block(body)]);
    let shaped = vec![Shaped { memref, array, extents: extents.to_vec() }];
    let right = Right { body, inputs: vec![Input::Array(0)], shaped };
    let result = combined(builder, scalar, kind);
    let value = Warps::of(item, &right, extents, result).map(|warps| warps.reduce(lowering)).transpose();
    holder.erase();
    value
}

/// What combining items gives.
fn combined<'c>(builder: Builder<'c>, scalar: Scalar, kind: &str) -> Combined<'c> {
    let ty = match is_pairwise(scalar, kind) {
        true => lowered_scalar(builder.context(), Scalar::Float(scalar.width().max(32))),
        false => memory_scalar(builder.context(), scalar),
    };
    Combined { scalar, kind: kind.to_owned(), ty }
}

/// The function that combines the items of an array, or one part of complex ones; one of layout C is taken as a row. `f16` is summed up in
/// `f32`, as in NumPy.
fn function_for<'c>(
    lowering: &mut Lowering<'c>,
    item: &Item<'c>,
    shaped: &Shaped<'c>,
    kind: &str,
    part: Option<&str>,
) -> Result<Callee<'c>, PassError> {
    let (scalar, context) = (shaped.array.scalar(), item.builder().context());
    let contiguous = shaped.array.layout() == Layout::C;
    let source = text::Source { scalar, rank: shaped.extents.len(), contiguous };
    let (symbol, module, ty) = if is_pairwise(scalar, kind) {
        let (symbol, module) = text::pairwise(&source, kind, part);
        (symbol, module, lowered_scalar(context, Scalar::Float(scalar.width().max(32))))
    } else {
        let (symbol, module) =
            text::nest(&source, kind).ok_or_else(|| item.broken("its kind does not fit its type"))?;
        (symbol, module, memory_scalar(context, scalar))
    };
    import(lowering, item, &symbol, &module)?;
    let results = vec![Combined { scalar, kind: kind.to_owned(), ty }];
    Ok(Callee { symbol, operands: vec![shaped.memref], shaped: vec![shaped.clone()], gives_extents: false, results })
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
pub fn is_pairwise(scalar: Scalar, kind: &str) -> bool {
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
pub fn insert<'c>(
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
