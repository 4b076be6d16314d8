//! What a thread must be known for: where it is, what lanes of a warp do together, and what stands for it. Functions below a kernel take the thread
//! as their last argument if they, or what they call, ask for it.

use crate::simulate_threads::THREAD;
use crate::support::bits::{from_word, to_word};
use crate::support::call_graph::{callee, functions_reaching};
use crate::support::function::signature;
use crate::support::kernels::register;
use crate::support::llvm;
use crate::support::runtime::Runtime;
use numir_numeric::ir::{Blk, Builder, Op, Val};
use numir_pipeline::PassError;
use std::collections::HashSet;

/// All lanes take part.
const ALL: i64 = -1;

/// The gpu dialect's modes of a shuffle, with the simulator's numbers.
const MODES: [(&str, i64); 4] = [("idx", 0), ("up", 1), ("down", 2), ("xor", 3)];

/// Whether an operation needs to know the thread; what stands for it was put there by `simulate-threads`.
fn asks(operation: Op<'_>) -> bool {
    operation.is("gpu.shuffle") || register(operation).is_some() || is_thread(operation)
}

fn is_thread(operation: Op<'_>) -> bool {
    operation.is("llvm.mlir.addressof") && operation.string_attribute("global_name").is_some_and(|name| name == THREAD)
}

/// Hands the thread down to all functions that need it; their symbols.
pub(super) fn hand_down<'c>(functions: Blk<'c>, runtime: &Runtime<'c>) -> Result<HashSet<String>, PassError> {
    let needing = functions_reaching(functions, asks);
    for function in functions.operations().into_iter().filter(|operation| operation.is("func.func")) {
        let is_needing = function.string_attribute("sym_name").is_some_and(|name| needing.contains(&name));
        let Some((block, (mut inputs, results))) = function.body(0).zip(signature(function)).filter(|_| is_needing)
        else {
            continue;
        };
        let builder = Builder::before(function);
        inputs.push(builder.pointer());
        let thread = block.add_argument(builder.pointer(), function.location());
        function.set_attribute("function_type", builder.type_attribute(builder.function_type(&inputs, &results)));
        rewrite(function, thread, &needing, runtime)?;
    }
    Ok(needing)
}

/// Tells a function's thread to the simulator and to the functions that need it.
pub(super) fn rewrite<'c>(
    function: Op<'c>,
    thread: Val<'c>,
    needing: &HashSet<String>,
    runtime: &Runtime<'c>,
) -> Result<(), PassError> {
    let calls = function.collect(|operation| callee(operation).is_some_and(|name| needing.contains(&name)));
    for call in calls {
        let operands: Vec<_> = call.operands().into_iter().chain([thread]).collect();
        call.set_operands(&operands);
    }
    for operation in function.collect(asks) {
        if is_thread(operation) {
            operation.replace(&[thread]);
        } else if let Some((group, axis)) = register(operation) {
            let at = Builder::before(operation);
            let word = llvm::field(&at, thread, at.integer(32), &[group + axis as i32]);
            let word = llvm::load(&at, word, at.integer(32));
            operation.replace(&[at.value("arith.index_castui", &[word], at.index(), &[])]);
        } else {
            shuffle(operation, thread, runtime)?;
        }
    }
    Ok(())
}

fn shuffle<'c>(operation: Op<'c>, thread: Val<'c>, runtime: &Runtime<'c>) -> Result<(), PassError> {
    let text = operation.attribute("mode").map(|mode| mode.to_string()).unwrap_or_default();
    let mode = MODES.iter().find(|(name, _)| text.ends_with(&format!(" {name}>")));
    let (_, mode) =
        mode.ok_or_else(|| PassError::compiler(operation.location(), "the shuffle has no mode that is known"))?;
    let builder = Builder::before(operation);
    let [all, mode] = [ALL, *mode].map(|number| llvm::constant(&builder, number, builder.integer(32)));
    let null = llvm::zero(&builder, builder.pointer());
    let value = operation.operand(0);
    let word = to_word(&builder, value);
    let operands = [thread, all, mode, word, operation.operand(1), operation.operand(2), null, null];
    let word = runtime.value(&builder, "numir_sim_shuffle", &operands);
    let valid = builder.constant_integer(1, builder.integer(1));
    operation.replace(&[from_word(&builder, word, value.ty()), valid]);
    Ok(())
}
