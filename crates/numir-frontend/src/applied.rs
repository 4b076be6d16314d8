//! Functions that are applied element by element (`numeric.apply`), with what they call: marked, and seen to do nothing but compute.

use crate::function_ir::{Attribute, Function, Instruction};
use numir_numeric::THREAD_EFFECTS;
use std::collections::HashMap;

/// Instructions that do more than give a result, besides those of a kernel's threads.
const EFFECTS: &[&str] = &[
    "numeric.alloc",
    "numeric.assign",
    "numeric.call_foreign",
    "numeric.check",
    "numeric.check_index",
    "numeric.check_recursion",
    "numeric.call_runtime",
    "numeric.launch",
    "numeric.map",
    "numeric.parallel",
    "numeric.print_flush",
    "numeric.print_text",
    "numeric.print_value",
    "numeric.raise",
    "numeric.random",
    "numeric.reduce",
    "numeric.reduce_axes",
    "numeric.store",
];

fn has_effect(instruction: &Instruction) -> bool {
    EFFECTS.contains(&instruction.name) || THREAD_EFFECTS.contains(&instruction.name)
}

/// Marks the functions that are applied. The error is the Python name of one that does more than compute.
pub(crate) fn mark(functions: &mut [Function]) -> Result<(), String> {
    let places: HashMap<_, _> =
        functions.iter().enumerate().map(|(place, function)| (function.symbol.clone(), place)).collect();
    let named = |instruction: &Instruction| match instruction.attributes.iter().find(|(name, _)| *name == "callee") {
        Some((_, Attribute::Symbol(symbol))) => places.get(symbol).copied(),
        _ => None,
    };
    let calls = |function: &Function, kinds: &[&str]| {
        let mut found = Vec::new();
        function.body.any(&mut |instruction| {
            found.extend(kinds.contains(&instruction.name).then(|| named(instruction)).flatten());
            false
        });
        found
    };
    let mut open: Vec<usize> = functions.iter().flat_map(|function| calls(function, &["numeric.apply"])).collect();
    while let Some(place) = open.pop() {
        if std::mem::replace(&mut functions[place].is_applied, true) {
            continue;
        }
        let function = &functions[place];
        if function.body.any(&mut has_effect) {
            return Err(function.python_name.clone());
        }
        open.extend(calls(function, &["numeric.apply", "func.call"]));
    }
    Ok(())
}
