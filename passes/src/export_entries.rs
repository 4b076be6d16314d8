//! `export-entries`: each function marked `numeric.entry` gets a wrapper, `numir_entry_NAME(args, results) -> status`, that
//! the host can call without knowing its signature. Everything else is internal to the module.
//!
//! `args` and `results` point to slots, one after the other. A scalar takes a slot of 16 bytes and lies at its start in its
//! own C type (bool as one byte, complex as re, im). An array argument is a slot that points to the caller's descriptor: header, data,
//! offset, sizes, strides in items. An array result lies inline as such a descriptor, in as many slots as it needs, and the
//! caller owns one reference to its header. After a status other than 0 the results mean nothing.

use crate::lower_errors::{STACK_LIMIT, STATUS};
use crate::support::function::signature;
use crate::support::llvm;
use crate::support::memref::{self, MemRef, Parts};
use crate::support::runtime::Runtime;
use crate::support::scalars::{load_scalar, store_scalar};
use crate::support::storage::stored_type;
use melior::dialect::llvm::r#type::function as function_type;
use melior::ir::Identifier;
use melior::ir::attribute::DictionaryAttribute;
use numir_numeric::ir::{Blk, Builder, Reg, Ty, Val};
use numir_pipeline::properties::{ENTRIES_WRAPPED, ERRORS_LOWERED};
use numir_pipeline::{Op, Pass, PassContext, PassError, Property, register_pass};

/// The mark of a function that can be called from outside.
const ENTRY: &str = "numeric.entry";
/// Bytes of a slot.
const SLOT_BYTES: i32 = 16;

/// The pass.
struct ExportEntries;

register_pass!(ExportEntries);

impl Pass for ExportEntries {
    fn name(&self) -> &'static str {
        "export-entries"
    }

    fn summary(&self) -> &'static str {
        "wrap every function that can be called from outside, and make all others internal"
    }

    fn requires(&self) -> &'static [Property] {
        &[ERRORS_LOWERED]
    }

    fn establishes(&self) -> &'static [Property] {
        &[ENTRIES_WRAPPED]
    }

    fn dialects(&self) -> &'static [fn() -> melior::dialect::DialectHandle] {
        use numir_pipeline::dialects::{arith, llvm};
        &[arith, llvm]
    }

    fn run<'c>(&self, module: Op<'c>, _: &PassContext<'c>) -> Result<(), PassError> {
        let (Some(body), Some(runtime)) = (module.body(0), Runtime::of(module)) else { return Ok(()) };
        for function in body.operations().into_iter().filter(|operation| operation.is("func.func")) {
            let has_status = function.remove_attribute(STATUS);
            let has_limit = function.remove_attribute(STACK_LIMIT);
            if function.body(0).is_none() {
                continue;
            }
            function.set_attribute("llvm.linkage", llvm::internal(&Builder::before(function)));
            if function.attribute(ENTRY).is_some() {
                wrap(function, has_status, has_limit.then_some(&runtime))
                    .ok_or_else(|| PassError::compiler(function.location(), "the entry has no signature"))?;
            }
        }
        Ok(())
    }
}

/// Wraps a function. The runtime is there if the function takes the stack limit.
fn wrap<'c>(function: Op<'c>, has_status: bool, limited_by: Option<&Runtime<'c>>) -> Option<()> {
    let symbol = function.string_attribute("sym_name")?;
    let (mut inputs, results) = signature(function)?;
    if limited_by.is_some() {
        inputs.pop();
    }
    let (block, outer) = declare(function, &symbol);
    let builder = outer.into_block(block);
    let [from, to] = [0, 1].map(|index| block.argument(index));
    let mut slots = Slots { pointer: from, next: 0 };
    let arguments = inputs.iter().map(|ty| read_argument(&builder, &mut slots, *ty));
    let mut arguments: Vec<_> = arguments.collect();
    arguments.extend(limited_by.map(|runtime| runtime.stack_limit(&builder)));
    let callee = [("callee", builder.symbol(&symbol))];
    let mut values = builder.create("func.call", &arguments, &results, &callee, &[]).results();
    let status = if has_status { values.pop() } else { None };
    let mut slots = Slots { pointer: to, next: 0 };
    for value in values {
        write_result(&builder, &mut slots, value);
    }
    let status = status.unwrap_or_else(|| builder.constant_integer(0, builder.integer(32)));
    builder.create("llvm.return", &[status], &[], &[], &[]);
    Some(())
}

/// The wrapper, still empty.
fn declare<'c>(function: Op<'c>, symbol: &str) -> (Blk<'c>, Builder<'c>) {
    let builder = Builder::after(function);
    let (pointer, status) = (builder.pointer(), builder.integer(32));
    let dictionary = |names: &[&str]| {
        let entries: Vec<_> =
            names.iter().map(|name| (Identifier::new(builder.context(), name), builder.unit())).collect();
        DictionaryAttribute::new(builder.context(), &entries).into()
    };
    let arguments = [dictionary(&["llvm.noalias", "llvm.readonly"]), dictionary(&["llvm.noalias"])];
    let attributes = [
        ("sym_name", builder.string(&format!("numir_entry_{symbol}"))),
        ("function_type", builder.type_attribute(function_type(status, &[pointer, pointer], false))),
        ("arg_attrs", builder.array(&arguments)),
    ];
    let block = Blk::new(&[pointer, pointer], function.location());
    builder.create("llvm.func", &[], &[], &attributes, &[Reg::with_block(block)]);
    (block, builder)
}

/// Slots from first to last.
struct Slots<'c> {
    pointer: Val<'c>,
    next: i32,
}

impl<'c> Slots<'c> {
    /// The address of the next `count` slots.
    fn take(&mut self, builder: &Builder<'c>, count: i32) -> Val<'c> {
        let address = llvm::field(builder, self.pointer, builder.integer(8), &[self.next * SLOT_BYTES]);
        self.next += count;
        address
    }
}

fn read_argument<'c>(builder: &Builder<'c>, slots: &mut Slots<'c>, ty: Ty<'c>) -> Val<'c> {
    let slot = slots.take(builder, 1);
    let Some(shape) = MemRef::of(ty) else { return load_scalar(builder, slot, ty) };
    let descriptor = llvm::load(builder, slot, builder.pointer());
    let part = |path: &[i32], ty: Ty<'c>| {
        let path: Vec<_> = std::iter::once(0).chain(path.iter().copied()).collect();
        llvm::load(builder, llvm::field(builder, descriptor, shape.descriptor(builder), &path), ty)
    };
    let (pointer, i64) = (builder.pointer(), builder.integer(64));
    let axis = |field: i32, axis: usize, known: Option<i64>| match known {
        Some(value) => llvm::constant(builder, value, i64),
        None => part(&[field, axis as i32], i64),
    };
    let sizes: Vec<_> = shape.sizes.iter().enumerate().map(|(number, known)| axis(3, number, *known)).collect();
    let strides = if shape.identity {
        memref::row_major(builder, &sizes)
    } else {
        shape.strides.iter().enumerate().map(|(number, known)| axis(4, number, *known)).collect()
    };
    // The offset goes into the data pointer: one addition less in every address.
    let item = stored_type(builder, shape.element);
    let data = llvm::item(builder, part(&[1], pointer), item, part(&[2], i64));
    let offset = llvm::constant(builder, 0, i64);
    memref::assemble(builder, &shape, &Parts { header: part(&[0], pointer), data, offset, sizes, strides })
}

fn write_result<'c>(builder: &Builder<'c>, slots: &mut Slots<'c>, value: Val<'c>) {
    let Some(shape) = MemRef::of(value.ty()) else {
        return store_scalar(builder, value, slots.take(builder, 1));
    };
    let bytes = 24 + 16 * shape.rank() as i32;
    let address = slots.take(builder, (bytes + SLOT_BYTES - 1) / SLOT_BYTES);
    let parts = memref::parts(builder, &shape, value);
    let fields = [parts.header, parts.data, parts.offset].into_iter().chain(parts.sizes).chain(parts.strides);
    for (number, field) in fields.enumerate() {
        llvm::store(builder, field, llvm::field(builder, address, builder.integer(64), &[number as i32]));
    }
}
