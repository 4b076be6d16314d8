//! What a kernel does with each array that it gets: what it only reads need not come back from the device.

use crate::lower_launches::{READ, WRITE};
use crate::support::call_graph::callee;
use crate::support::memref::MemRef;
use numir_numeric::ir::{Op, Ty, Val};
use std::collections::HashMap;

/// Operations that neither read nor write the items of an array, nor give it on.
const SILENT: &[&str] = &["memref.dim"];

/// Operations that take a descriptor apart, or put one together: what they give is the same memory, or a number.
const PARTS: &[&str] =
    &["builtin.unrealized_conversion_cast", "llvm.extractvalue", "llvm.insertvalue", "llvm.getelementptr"];

/// How deep calls are followed.
const DEPTH: usize = 8;

/// What is done with a value: nothing, if it is no array. `functions` are those of the device, by their symbols.
pub(super) fn mode_of<'c>(value: Val<'c>, functions: &HashMap<String, Op<'c>>) -> i64 {
    if MemRef::of(value.ty()).is_some() { of_memory(value, functions, DEPTH) } else { 0 }
}

/// Whether a value of a type may lead to memory.
fn is_memory(ty: Ty<'_>) -> bool {
    MemRef::of(ty).is_some() || {
        let text = ty.to_string();
        text.starts_with("!llvm.ptr") || text.starts_with("!llvm.struct")
    }
}

/// What is done with memory that a value leads to.
fn of_memory<'c>(value: Val<'c>, functions: &HashMap<String, Op<'c>>, depth: usize) -> i64 {
    let of_results = |user: Op<'c>| {
        let results = user.results().into_iter().filter(|result| is_memory(result.ty()));
        let modes: Vec<_> = results.map(|result| of_memory(result, functions, depth)).collect();
        (!modes.is_empty()).then(|| modes.into_iter().fold(0, |all, one| all | one))
    };
    let of_use = |(user, place): (Op<'c>, usize)| match user.name() {
        "memref.load" | "llvm.load" => READ,
        "memref.store" => WRITE,
        "numeric.load_matrix" => READ,
        "numeric.copy_async" => [WRITE, READ][place],
        // What is stored may be used by anybody; where it is stored is written.
        "llvm.store" if place == 1 => WRITE,
        name if SILENT.contains(&name) => 0,
        name if PARTS.contains(&name) => of_results(user).unwrap_or(0),
        name if name.starts_with("memref.") && user.region_count() == 0 => of_results(user).unwrap_or(READ | WRITE),
        _ => {
            let called = callee(user).and_then(|symbol| functions.get(&symbol)).and_then(|function| function.body(0));
            match called.filter(|_| depth > 0) {
                Some(body) => of_memory(body.argument(place), functions, depth - 1),
                None => READ | WRITE,
            }
        }
    };
    value.uses().into_iter().map(of_use).fold(0, |all, one| all | one)
}
