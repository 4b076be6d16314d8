//! What a kernel does with each array that it gets: what it only reads need not come back from the device.

use crate::lower_launches::{READ, WRITE};
use crate::support::call_graph::callee;
use crate::support::memref::MemRef;
use numir_numeric::ir::{Op, Val};
use std::collections::HashMap;

/// Operations that neither read nor write the items of an array, nor give it on.
const SILENT: &[&str] = &["memref.dim"];

/// How deep calls are followed.
const DEPTH: usize = 8;

/// What is done with a value: nothing, if it is no array. `functions` are those of the device, by their symbols.
pub(super) fn mode_of<'c>(value: Val<'c>, functions: &HashMap<String, Op<'c>>) -> i64 {
    if MemRef::of(value.ty()).is_some() { of_array(value, functions, DEPTH) } else { 0 }
}

fn of_array<'c>(array: Val<'c>, functions: &HashMap<String, Op<'c>>, depth: usize) -> i64 {
    let of_use = |(user, place): (Op<'c>, usize)| match user.name() {
        "memref.load" => READ,
        "memref.store" => WRITE,
        name if SILENT.contains(&name) => 0,
        name if name.starts_with("memref.") && user.region_count() == 0 => {
            let views = user.results().into_iter().filter(|result| MemRef::of(result.ty()).is_some());
            let views: Vec<_> = views.map(|view| of_array(view, functions, depth)).collect();
            if views.is_empty() { READ | WRITE } else { views.into_iter().fold(0, |all, one| all | one) }
        }
        _ => {
            let called = callee(user).and_then(|symbol| functions.get(&symbol)).and_then(|function| function.body(0));
            match called.filter(|_| depth > 0) {
                Some(body) => of_array(body.argument(place), functions, depth - 1),
                None => READ | WRITE,
            }
        }
    };
    array.uses().into_iter().map(of_use).fold(0, |all, one| all | one)
}
