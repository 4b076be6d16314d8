//! One parallel loop: its body function, and the call in its place.

use super::accumulators::{self, Accumulator, Partials};
use super::capture::{self, Packer, Unpacker};
use super::{BODY, PENDING, PIECES};
use crate::hold_owners::SLOT;
use crate::support::captures::{Captures, replace_inside};
use crate::support::llvm;
use crate::support::loops::choose;
use crate::support::runtime::Runtime;
use crate::support::scalars::compare;
use melior::ir::attribute::DictionaryAttribute;
use melior::ir::{Attribute, Identifier};
use numir_numeric::ir::{Blk, Builder, Op, Reg, Ty, Val};
use numir_pipeline::PassError;

/// Outlines `parallel`, the `number`-th loop of `function`. Returns the body function.
pub(super) fn outline<'c>(
    function: Op<'c>,
    parallel: Op<'c>,
    number: usize,
    runtime: &Runtime<'c>,
    may_raise: bool,
) -> Result<Op<'c>, PassError> {
    let broken = |what| PassError::compiler(parallel.location(), what);
    let (Some(start), Some(body)) = (function.body(0), parallel.body(0)) else {
        return Err(broken("the loop has no body"));
    };
    let symbol = format!("{}.parallel{number}", function.string_attribute("sym_name").unwrap_or_default());
    let accumulators = Accumulator::all(parallel).ok_or_else(|| broken("an accumulator is of no known kind"))?;
    let builder = Builder::before(parallel);
    let entry = Builder::at_start(function.context(), start, parallel.location());

    // The caller's side: the context, the call, the combination of the partial results.
    let i64 = builder.integer(64);
    let trip = llvm::cast(&builder, parallel.operand(0), i64);
    let partials = Partials::new(&builder, &entry, runtime, &accumulators, trip);
    let mut captures = Captures::of(parallel);
    accumulators.iter().for_each(|accumulator| accumulator.capture(&mut captures));
    let mut packer = Packer::default();
    partials.pack(&builder, &mut packer);
    capture::pack(&captures, &builder, &mut packer);
    let context_type = packer.struct_type(&builder);
    let one = llvm::constant(&entry, 1, i64);
    let context = llvm::alloca(&entry, context_type, one);
    if parallel.attribute(PIECES).is_some() {
        context.set_attribute(PIECES, entry.unit());
    }
    let context = context.result(0);
    packer.write(&builder, context);
    let types = [builder.pointer(), i64, i64, i64];
    let function_type = builder.function_type(&types, &[builder.integer(32)]);
    let address = builder.value("func.constant", &[], function_type, &[("value", builder.symbol(&symbol))]);
    let address = llvm::cast(&builder, address, builder.pointer());
    let status = if parallel.attribute(PIECES).is_some() {
        run_pieces(&builder, runtime, [address, context, partials.pieces()])
    } else {
        runtime.value(&builder, "numir_parallel", &[address, context, partials.pieces()])
    };
    let fine = compare(&builder, "eq", status, builder.constant_integer(0, builder.integer(32)));
    let results = partials.combine(&builder, &accumulators, fine);
    if may_raise {
        let [kind, message] = ["Exception", "an iteration has raised"].map(|text| builder.string(text));
        let attributes = [("kind", kind), ("message", message), (PENDING, builder.unit())];
        builder.create("numeric.check", &[fine], &[], &attributes, &[]);
    }

    // The pool's side.
    let block = Blk::new(&types, parallel.location());
    let outlined = declare(function, parallel, &symbol, function_type, block);
    let builder = Builder::at_end(function.context(), block, parallel.location());
    let [context, lo, hi, chunk] = [0, 1, 2, 3].map(|index| block.argument(index));
    let mut unpacker = Unpacker::new(context, context_type);
    let inside = partials.unpack(&builder, &mut unpacker);
    let map = capture::unpack(&captures, &builder, &mut unpacker);
    let (lo, hi) = inside.iterations(&builder, lo, hi);
    let starts = accumulators::starts(&builder, block, &accumulators, &map)
        .ok_or_else(|| broken("an accumulator is of no known kind"))?;
    hoist_slots(body, &Builder::at_start(function.context(), block, parallel.location()));
    let ends = chunk_loop(&builder, parallel, body, (lo, hi), &starts);
    inside.store(&builder, chunk, &ends);
    let status = builder.constant_integer(0, builder.integer(32));
    builder.create("func.return", &[status], &[], &[], &[]);
    replace_inside(&map, outlined);
    parallel.replace(&results);
    Ok(outlined)
}

/// The status of pieces of an array operation. One piece, which is what small arrays are, is done here and now: the pool would take
/// longer to look at it than a short row takes.
fn run_pieces<'c>(builder: &Builder<'c>, runtime: &Runtime<'c>, call: [Val<'c>; 3]) -> Val<'c> {
    let [body, context, pieces] = call;
    let (i32, i64) = (builder.integer(32), builder.integer(64));
    let is_one = compare(builder, "eq", pieces, builder.constant_integer(1, i64));
    let here = |inside: &Builder<'c>| {
        let [zero, one] = [0, 1].map(|number| inside.constant_integer(number, i64));
        llvm::call_pointer(inside, &[body, context, zero, one, zero], Some(i32)).results()
    };
    choose(builder, is_one, &[i32], here, |inside| vec![runtime.value(inside, "numir_parallel_pieces", &call)])[0]
}

/// The body function, around `block`, directly after the function that the loop is in.
fn declare<'c>(function: Op<'c>, parallel: Op<'c>, symbol: &str, ty: Ty<'c>, block: Blk<'c>) -> Op<'c> {
    let builder = Builder::after(function).with_location(parallel.location());
    let dictionary = |names: &[&str]| -> Attribute<'c> {
        let entries: Vec<_> =
            names.iter().map(|name| (Identifier::new(builder.context(), name), builder.unit())).collect();
        DictionaryAttribute::new(builder.context(), &entries).into()
    };
    let context = dictionary(&["llvm.noalias", "llvm.nonnull", "llvm.noundef", "llvm.readonly"]);
    let number = dictionary(&["llvm.noundef"]);
    let python_name = ["numeric.python_name", "sym_name"]
        .into_iter()
        .find_map(|name| function.string_attribute(name))
        .unwrap_or_default();
    let attributes = [
        ("sym_name", builder.string(symbol)),
        ("sym_visibility", builder.string("private")),
        ("function_type", builder.type_attribute(ty)),
        ("arg_attrs", builder.array(&[context, number, number, number])),
        ("numeric.python_name", builder.string(&python_name)),
        (BODY, builder.unit()),
    ];
    let passthrough = function.attribute("passthrough").map(|attribute| ("passthrough", attribute));
    let attributes: Vec<_> = attributes.into_iter().chain(passthrough).collect();
    builder.create("func.func", &[], &[], &attributes, &[Reg::with_block(block)])
}

/// Moves the slots of the loop's body, one frame per chunk, to the start of the body function.
fn hoist_slots<'c>(body: Blk<'c>, start: &Builder<'c>) {
    for slot in body.operations().into_iter().filter(|operation| operation.attribute(SLOT).is_some()) {
        let count = llvm::constant(start, 1, start.integer(64));
        slot.detach();
        start.insert(slot);
        slot.set_operand(0, count);
    }
}

/// The iterations `lo..hi` as a loop from 0 with step 1, into which the operations of the body move. Returns its results.
fn chunk_loop<'c>(
    builder: &Builder<'c>,
    parallel: Op<'c>,
    body: Blk<'c>,
    (lo, hi): (Val<'c>, Val<'c>),
    starts: &[Val<'c>],
) -> Vec<Val<'c>> {
    let index = builder.index();
    let trip = builder.value("arith.subi", &[hi, lo], index, &[]);
    let types: Vec<_> = starts.iter().map(|start| start.ty()).collect();
    let arguments: Vec<_> = std::iter::once(index).chain(types.iter().copied()).collect();
    let block = Blk::new(&arguments, parallel.location());
    let inner = builder.into_block(block);
    let position = inner.value("arith.addi", &[lo, block.argument(0)], index, &[]);
    position.name_after(body.argument(0));
    body.argument(0).replace_all_uses_with(position);
    for number in 1..body.argument_count() {
        body.argument(number).replace_all_uses_with(block.argument(number));
    }
    for operation in body.operations() {
        if operation.is("numeric.yield") {
            inner.with_location(operation.location()).create("scf.yield", &operation.operands(), &[], &[], &[]);
            operation.erase();
        } else {
            operation.detach();
            block.append(operation);
        }
    }
    let mut operands = vec![builder.constant_index(0), trip, builder.constant_index(1)];
    operands.extend(starts);
    builder.create("scf.for", &operands, &types, &[], &[Reg::with_block(block)]).results()
}
