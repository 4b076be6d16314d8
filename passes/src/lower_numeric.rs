//! `lower-numeric`: from stage `numeric` to stage `linalg`. Types change in place, then each operation is rewritten by the
//! function that a table names for it, which sees the types that its operands had: they carry the sign.

mod arrays;
mod broadcast;
mod casts;
mod elementwise;
mod inputs;
mod items;
mod known;
mod late;
mod meanings;
mod overlap;
pub(crate) mod pieces;
pub(crate) mod reductions;
mod scalars;
mod types;

use known::Known;
use meanings::Meanings;
use numir_numeric::ir::{Builder, Op, Ty, Val};
use numir_numeric::types::{ArrayType, Scalar};
use numir_pipeline::{Pass, PassContext, PassError, Property, dialects, properties, register_pass};
use std::collections::HashMap;

struct LowerNumeric;

register_pass!(LowerNumeric);

impl Pass for LowerNumeric {
    fn name(&self) -> &'static str {
        "lower-numeric"
    }

    fn summary(&self) -> &'static str {
        "Lower the numeric dialect to arith, math, memref, scf and linalg"
    }

    fn requires(&self) -> &'static [Property] {
        &[
            properties::STAGE_NUMERIC,
            properties::AXES_EXPANDED,
            properties::OWNERSHIP_EXPLICIT,
            properties::STREAMS_SPLIT,
        ]
    }

    fn establishes(&self) -> &'static [Property] {
        &[properties::STAGE_LINALG]
    }

    fn dialects(&self) -> &'static [fn() -> melior::dialect::DialectHandle] {
        &[
            dialects::arith,
            dialects::complex,
            dialects::func,
            dialects::linalg,
            dialects::llvm,
            dialects::math,
            dialects::memref,
            dialects::scf,
        ]
    }

    fn run<'c>(&self, module: Op<'c>, context: &PassContext<'c>) -> Result<(), PassError> {
        let items: Vec<Item<'c>> =
            module.collect(|op| op.name().starts_with("numeric.")).into_iter().map(Item::of).collect();
        items.iter().for_each(|item| pieces::tell(item, context));
        let groups = reductions::groups(&items);
        module.walk(&mut |op| types::retype(op.context(), op));
        let mut lowering = Lowering::of(module);
        let belonging: HashMap<_, _> =
            groups.iter().flat_map(|group| group.iter().map(move |place| (*place, group))).collect();
        for (place, item) in items.iter().enumerate() {
            match belonging.get(&place) {
                None => lowering.rewrite(item)?,
                // All that belongs together once the last of it has been met.
                Some(group) if group.last() == Some(&place) => {
                    let members: Vec<_> = group.iter().map(|place| &items[*place]).collect();
                    reductions::joined(&mut lowering, &members)?;
                }
                Some(_) => {}
            }
        }
        Ok(())
    }
}

/// An operation of the dialect with the types that it had in it.
pub struct Item<'c> {
    op: Op<'c>,
    operands: Vec<Ty<'c>>,
    results: Vec<Ty<'c>>,
}

impl<'c> Item<'c> {
    fn of(op: Op<'c>) -> Self {
        let types = |values: Vec<Val<'c>>| values.into_iter().map(|value| value.ty()).collect();
        Self { op, operands: types(op.operands()), results: types(op.results()) }
    }

    /// A builder directly before the operation, with its location.
    fn builder(&self) -> Builder<'c> {
        Builder::before(self.op)
    }

    /// The scalar type of an operand.
    fn operand_scalar(&self, index: usize) -> Result<Scalar, PassError> {
        self.operands
            .get(index)
            .and_then(|ty| Scalar::of(*ty))
            .ok_or_else(|| self.broken("a scalar operand is missing"))
    }

    /// The scalar type of the result.
    fn result_scalar(&self) -> Result<Scalar, PassError> {
        self.results.first().and_then(|ty| Scalar::of(*ty)).ok_or_else(|| self.broken("a scalar result is missing"))
    }

    /// The array type of an operand.
    fn operand_array(&self, index: usize) -> Result<ArrayType<'c>, PassError> {
        let array = self.operands.get(index).and_then(|ty| ArrayType::try_from(*ty).ok());
        array.ok_or_else(|| self.broken("an array operand is missing"))
    }

    /// The array type of the result.
    fn result_array(&self) -> Result<ArrayType<'c>, PassError> {
        let array = self.results.first().and_then(|ty| ArrayType::try_from(*ty).ok());
        array.ok_or_else(|| self.broken("an array result is missing"))
    }

    /// The text of an attribute.
    fn text(&self, name: &str) -> Result<String, PassError> {
        self.op.string_attribute(name).ok_or_else(|| self.broken(&format!("the attribute `{name}` is missing")))
    }

    /// The error that the operation is not what its verifier promises.
    fn broken(&self, what: &str) -> PassError {
        PassError::compiler(self.op.location(), format!("`{}`: {what}", self.op.name()))
    }
}

/// What the rewriting of one module shares.
pub struct Lowering<'c> {
    module: Op<'c>,
    meanings: Meanings<'c>,
    known: Known<'c>,
    functions: HashMap<String, Op<'c>>,
    /// The functions of computed reductions: their texts without the symbol, and their symbols.
    computed: HashMap<String, String>,
}

/// Rewrites one operation.
type Rewrite = for<'c> fn(&mut Lowering<'c>, &Item<'c>) -> Result<(), PassError>;

/// Every operation of the dialect, and what rewrites it. Scalar operations that are not here are in `scalars::RULES`.
const REWRITES: &[(&str, Rewrite)] = &[
    ("numeric.constant", scalars::constant),
    ("numeric.undef", scalars::undef),
    ("numeric.cmp", scalars::cmp),
    ("numeric.select", scalars::select),
    ("numeric.libm", scalars::libm),
    ("numeric.apply", scalars::apply),
    ("numeric.classify", scalars::classify),
    ("numeric.complex", scalars::complex),
    ("numeric.real", scalars::part),
    ("numeric.imag", scalars::part),
    ("numeric.pow", scalars::pow),
    ("numeric.floordiv", scalars::division),
    ("numeric.mod", scalars::division),
    ("numeric.wrap_index", scalars::wrap_index),
    ("numeric.cast", casts::cast),
    ("numeric.bitcast", casts::bitcast),
    ("numeric.alloc", arrays::alloc),
    ("numeric.retain", late::keep),
    ("numeric.release", late::keep),
    ("numeric.dim", arrays::dim),
    ("numeric.stride", arrays::stride),
    ("numeric.clashes", overlap::clashes_of),
    ("numeric.load", arrays::load),
    ("numeric.store", arrays::store),
    ("numeric.view", arrays::view),
    ("numeric.reinterpret", arrays::retype),
    ("numeric.reshape", arrays::reshape),
    ("numeric.map", elementwise::map),
    ("numeric.assign", elementwise::assign),
    ("numeric.map_reduce", reductions::map_reduce),
    ("numeric.reduce", reductions::reduce),
    ("numeric.broadcast", broadcast::rewrite),
    ("numeric.yield", late::keep),
    ("numeric.parallel", late::parallel),
    ("numeric.check", late::show),
    ("numeric.raise", late::show),
    ("numeric.check_index", late::keep),
    ("numeric.check_recursion", late::keep),
    ("numeric.print_text", late::keep),
    ("numeric.print_value", late::show),
    ("numeric.print_flush", late::keep),
    ("numeric.random", late::keep),
    ("numeric.threads", late::keep),
    ("numeric.call_foreign", late::foreign),
    ("numeric.call_runtime", late::keep),
    ("numeric.address", late::keep),
    ("numeric.array_at", late::keep),
    ("numeric.launch", late::for_device),
    ("numeric.device_array", arrays::device_array),
    ("numeric.barrier", late::for_device),
    ("numeric.fence", late::for_device),
    ("numeric.warp", late::for_device),
    ("numeric.atomic", late::atomic),
    ("numeric.compare_exchange", late::for_device),
    ("numeric.load_matrix", late::for_device),
    ("numeric.copy_async", late::for_device),
    ("numeric.await_copies", late::for_device),
];

impl<'c> Lowering<'c> {
    fn of(module: Op<'c>) -> Self {
        let (meanings, known) = (Meanings::new(module.context()), Known::default());
        let mut lowering = Self { module, meanings, known, functions: HashMap::new(), computed: HashMap::new() };
        let body = module.body(0).map(|body| body.operations()).unwrap_or_default();
        body.into_iter().for_each(|function| lowering.add_symbol(function));
        lowering
    }

    fn rewrite(&mut self, item: &Item<'c>) -> Result<(), PassError> {
        match REWRITES.iter().find(|(name, _)| item.op.is(name)) {
            Some((_, rewrite)) => rewrite(self, item),
            None => scalars::arithmetic(self, item),
        }
    }

    /// The function of that symbol at the top of the module.
    fn symbol(&self, name: &str) -> Option<Op<'c>> {
        self.functions.get(name).copied()
    }

    /// Makes a function known that has just been put into the module.
    fn add_symbol(&mut self, function: Op<'c>) {
        self.functions.extend(function.string_attribute("sym_name").map(|name| (name, function)));
    }

    /// A builder at the end of the module.
    fn end_of_module(&self, item: &Item<'c>) -> Result<Builder<'c>, PassError> {
        let body = self.module.body(0).ok_or_else(|| item.broken("its module has no body"))?;
        Ok(Builder::at_end(self.module.context(), body, item.op.location()))
    }
}
