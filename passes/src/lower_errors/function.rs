//! One function that may raise.

use super::exit;
use super::{STACK_LIMIT, STATUS, Symbols};
use crate::outline_parallel::{PENDING, is_parallel_body};
use crate::support::call_graph::{CHECKS, callee};
use crate::support::function::signature;
use crate::support::llvm;
use crate::support::runtime::Runtime;
use crate::support::scalars::{compare, store_scalar, typed_operands};
use crate::support::sites::{Frame, Sites, frames};
use melior::ir::attribute::{ArrayAttribute, DictionaryAttribute};
use numir_numeric::ir::{Blk, Builder, Op, Ty, Val};
use numir_pipeline::PassError;
use numir_runtime::DType;

/// How much likelier it is that a check holds.
const WEIGHTS: [i32; 2] = [2000, 1];

/// The state of the work on one function.
pub(super) struct Lowering<'c, 'a> {
    function: Op<'c>,
    python_name: String,
    runtime: &'a Runtime<'c>,
    sites: &'a mut Sites<'c>,
    symbols: &'a Symbols,
    exit: Blk<'c>,
    /// The lowest stack address that the function may use, if it is told.
    limit: Option<Val<'c>>,
    /// Room for the operands of a message, made when the first one is met.
    operands: Option<Val<'c>>,
}

impl<'c, 'a> Lowering<'c, 'a> {
    /// For a function with a body that may raise.
    pub(super) fn new(
        function: Op<'c>,
        runtime: &'a Runtime<'c>,
        sites: &'a mut Sites<'c>,
        symbols: &'a Symbols,
    ) -> Result<Self, PassError> {
        let name = ["numeric.python_name", "sym_name"].into_iter().find_map(|name| function.string_attribute(name));
        let limited = function.string_attribute("sym_name").is_some_and(|symbol| symbols.limited.contains(&symbol));
        let limit = if limited { add_limit(function)? } else { None };
        let results = add_status(function)?;
        let exit = exit::build(function, runtime, &results);
        let python_name = name.unwrap_or_default();
        Ok(Self { function, python_name, runtime, sites, symbols, exit, limit, operands: None })
    }

    /// Rewrites the function.
    pub(super) fn run(mut self) -> Result<(), PassError> {
        for block in self.function.region(0).blocks() {
            if block == self.exit {
                continue;
            }
            // From the last to the first, so that each operation moves at most once.
            for operation in block.operations().into_iter().rev() {
                self.lower(block, operation)?;
            }
        }
        Ok(())
    }

    fn lower(&mut self, block: Blk<'c>, operation: Op<'c>) -> Result<(), PassError> {
        match operation.name() {
            "func.return" if !is_parallel_body(self.function) => {
                let builder = Builder::before(operation);
                let mut values = operation.operands();
                values.push(builder.constant_integer(0, builder.integer(32)));
                operation.set_operands(&values);
            }
            "func.call" if callee(operation).is_some_and(|name| self.symbols.raising.contains(&name)) => {
                self.lower_call(block, operation);
            }
            name if CHECKS.contains(&name) => self.lower_check(block, operation)?,
            _ => {}
        }
        Ok(())
    }

    fn lower_call(&mut self, block: Blk<'c>, call: Op<'c>) {
        let rest = split_after(block, call);
        let limited = callee(call).is_some_and(|name| self.symbols.limited.contains(&name));
        let limit = limited.then(|| self.limit.unwrap_or_else(|| self.runtime.stack_limit(&Builder::before(call))));
        let call = with_status(call, limit);
        let builder = Builder::at_end(call.context(), block, call.location());
        let zero = builder.constant_integer(0, builder.integer(32));
        let fine = compare(&builder, "eq", call.result(call.result_count() - 1), zero);
        let cold = builder.into_block(self.cold_block(call));
        self.trace(&cold, &frames(call.location(), &self.python_name));
        let failure = self.leave(&cold);
        branch(&builder, fine, rest, failure);
    }

    fn lower_check(&mut self, block: Blk<'c>, check: Op<'c>) -> Result<(), PassError> {
        let rest = split_after(block, check);
        let builder = Builder::at_end(check.context(), block, check.location());
        let condition = self.condition(&builder, check);
        if check.attribute(PENDING).is_some() {
            branch(&builder, condition, rest, self.exit);
            check.erase();
            return Ok(());
        }
        let cold = builder.into_block(self.cold_block(check));
        let frames = frames(check.location(), &self.python_name);
        let text = |name: &str| check.string_attribute(name).unwrap_or_default();
        match check.name() {
            "numeric.check_index" => {
                let site = self.sites.address(&cold, "IndexError", "", &frames[0]);
                let i64 = cold.integer(64);
                let axis = llvm::constant(&cold, check.integer_attribute("axis").unwrap_or(0), i64);
                let [index, size] = [0, 1].map(|number| llvm::cast(&cold, check.operand(number), i64));
                self.runtime.call(&cold, "numir_raise_index", &[site, index, axis, size]);
            }
            "numeric.check_recursion" => {
                self.raise(&cold, "RecursionError", "maximum recursion depth exceeded", &frames[0], &[]);
            }
            name => {
                let first = usize::from(name == "numeric.check");
                let operands = message_operands(check, first)?;
                self.raise(&cold, &text("kind"), &text("message"), &frames[0], &operands);
            }
        }
        self.trace(&cold, &frames[1..]);
        let failure = self.leave(&cold);
        branch(&builder, condition, rest, failure);
        check.erase();
        Ok(())
    }

    /// Whether all is well.
    fn condition(&self, builder: &Builder<'c>, check: Op<'c>) -> Val<'c> {
        match check.name() {
            "numeric.check" => check.operand(0),
            "numeric.check_index" => {
                // The same arithmetic as the wrapping of the index, with which it folds.
                let (index, size) = (check.operand(0), check.operand(1));
                let zero = builder.constant_index(0);
                let negative = compare(builder, "slt", index, zero);
                let from_end = builder.value("arith.addi", &[index, size], builder.index(), &[]);
                let wrapped = builder.value("arith.select", &[negative, from_end, index], builder.index(), &[]);
                compare(builder, "ult", wrapped, size)
            }
            "numeric.check_recursion" => {
                let i64 = builder.integer(64);
                let limit = self.limit.unwrap_or_else(|| self.runtime.stack_limit(builder));
                let here = builder.value("llvm.intr.stacksave", &[], builder.pointer(), &[]);
                let here = builder.value("llvm.ptrtoint", &[here], i64, &[]);
                compare(builder, "uge", here, limit)
            }
            // A branch on a constant keeps what follows reachable in the eyes of MLIR's conversions.
            _ => builder.constant_integer(0, builder.integer(1)),
        }
    }

    /// Hands an error to the runtime.
    fn raise(&mut self, builder: &Builder<'c>, kind: &str, message: &str, frame: &Frame, operands: &[Operand<'c>]) {
        let site = self.sites.address(builder, kind, message, frame);
        let i64 = builder.integer(64);
        let count = llvm::constant(builder, operands.len() as i64, i64);
        let room =
            if operands.is_empty() { llvm::zero(builder, builder.pointer()) } else { self.operand_room(builder) };
        let operand = operand_type(builder);
        for (number, Operand { value, dtype }) in operands.iter().enumerate() {
            let tag = llvm::constant(builder, i64::from(dtype.code()), i64);
            llvm::store(builder, tag, llvm::field(builder, room, operand, &[number as i32, 0]));
            store_scalar(builder, *value, llvm::field(builder, room, operand, &[number as i32, 1]));
        }
        self.runtime.call(builder, "numir_raise", &[site, count, room]);
    }

    /// Adds frames to the traceback of the pending error.
    fn trace(&mut self, builder: &Builder<'c>, frames: &[Frame]) {
        for frame in frames {
            let site = self.sites.address(builder, "", "", frame);
            self.runtime.call(builder, "numir_traceback", &[site]);
        }
    }

    /// Room on the stack for the operands of the longest message of the function.
    fn operand_room(&mut self, builder: &Builder<'c>) -> Val<'c> {
        if let Some(room) = self.operands {
            return room;
        }
        let mut most = 1;
        self.function.walk(&mut |operation| {
            if CHECKS.contains(&operation.name()) {
                most = most.max(operation.operand_count());
            }
        });
        let start = match self.function.body(0) {
            Some(block) => Builder::at_start(builder.context(), block, self.function.location()),
            None => *builder,
        };
        let count = llvm::constant(&start, most as i64, start.integer(64));
        let room = llvm::alloca(&start, operand_type(&start), count).result(0);
        self.operands = Some(room);
        room
    }

    /// A new block at the end of the function.
    fn cold_block(&self, operation: Op<'c>) -> Blk<'c> {
        let block = Blk::new(&[], operation.location());
        self.function.region(0).append(block);
        block
    }

    /// Ends a cold block; returns it.
    fn leave(&self, builder: &Builder<'c>) -> Blk<'c> {
        builder.create_with_successors("cf.br", &[], &[], &[], &[], &[self.exit]).block().unwrap_or(self.exit)
    }
}

/// `{tag, {word, word}}`, the runtime's `Operand`.
fn operand_type<'c>(builder: &Builder<'c>) -> Ty<'c> {
    let i64 = builder.integer(64);
    llvm::struct_type(builder, &[i64, llvm::struct_type(builder, &[i64, i64])])
}

/// A value for a `{}` of a message.
struct Operand<'c> {
    value: Val<'c>,
    dtype: DType,
}

/// The operands of a message, from the operand `first` on.
fn message_operands<'c>(check: Op<'c>, first: usize) -> Result<Vec<Operand<'c>>, PassError> {
    let operands = typed_operands(check, first)?;
    Ok(operands.into_iter().map(|(value, dtype)| Operand { value, dtype }).collect())
}

/// Moves what follows `operation` in `block` to a new block, which is returned.
fn split_after<'c>(block: Blk<'c>, operation: Op<'c>) -> Blk<'c> {
    let rest = Blk::new(&[], operation.location());
    while let Some(next) = operation.next() {
        next.detach();
        rest.append(next);
    }
    if let Some(region) = block.region() {
        region.insert_after(block, rest);
    }
    rest
}

fn branch<'c>(builder: &Builder<'c>, condition: Val<'c>, fine: Blk<'c>, failure: Blk<'c>) {
    let attributes = [
        ("branch_weights", llvm::i32_array(builder, &WEIGHTS)),
        ("operandSegmentSizes", llvm::i32_array(builder, &[1, 0, 0])),
    ];
    builder.create_with_successors("cf.cond_br", &[condition], &[], &attributes, &[], &[fine, failure]);
}

/// Replaces a call by one with a status as its last result, and the stack limit, where it is taken, as its last argument.
fn with_status<'c>(call: Op<'c>, limit: Option<Val<'c>>) -> Op<'c> {
    let builder = Builder::before(call);
    let mut results: Vec<_> = call.results().into_iter().map(Val::ty).collect();
    results.push(builder.integer(32));
    let operands: Vec<_> = call.operands().into_iter().chain(limit).collect();
    let callee = builder.symbol(&call.string_attribute("callee").unwrap_or_default());
    let new = builder.create("func.call", &operands, &results, &[("callee", callee)], &[]);
    call.replace(&new.results()[..results.len() - 1]);
    new
}

/// Appends the stack limit to the arguments of a function, and returns it.
fn add_limit<'c>(function: Op<'c>) -> Result<Option<Val<'c>>, PassError> {
    let (mut inputs, results) = typed(function)?;
    let i64 = Builder::before(function).integer(64);
    inputs.push(i64);
    set_type(function, &inputs, &results);
    extend_attributes(function, "arg_attrs");
    function.set_attribute(STACK_LIMIT, Builder::before(function).unit());
    Ok(function.body(0).map(|block| block.add_argument(i64, function.location())))
}

/// Appends the status to the results of a function, unless it is a parallel loop's body, which has it already. Returns the
/// types of the results without the status.
fn add_status<'c>(function: Op<'c>) -> Result<Vec<Ty<'c>>, PassError> {
    let builder = Builder::before(function);
    let (inputs, mut results) = typed(function)?;
    if is_parallel_body(function) {
        results.pop();
        return Ok(results);
    }
    let without = results.clone();
    function.set_attribute(STATUS, builder.unit());
    results.push(builder.integer(32));
    set_type(function, &inputs, &results);
    extend_attributes(function, "res_attrs");
    Ok(without)
}

fn typed<'c>(function: Op<'c>) -> Result<(Vec<Ty<'c>>, Vec<Ty<'c>>), PassError> {
    signature(function).ok_or_else(|| PassError::compiler(function.location(), "the function has no type"))
}

fn set_type<'c>(function: Op<'c>, inputs: &[Ty<'c>], results: &[Ty<'c>]) {
    let builder = Builder::before(function);
    function.set_attribute("function_type", builder.type_attribute(builder.function_type(inputs, results)));
}

/// One more argument, or result, of which nothing is known, if the function says what is known of them.
fn extend_attributes(function: Op<'_>, name: &str) {
    if let Some(attributes) = function.attribute(name).and_then(|old| ArrayAttribute::try_from(old).ok()) {
        let mut all: Vec<_> = (0..attributes.len()).filter_map(|index| attributes.element(index).ok()).collect();
        all.push(DictionaryAttribute::new(function.context(), &[]).into());
        function.set_attribute(name, Builder::before(function).array(&all));
    }
}
