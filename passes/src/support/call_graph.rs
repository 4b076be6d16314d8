//! Which functions may raise: those that hold an operation that raises, or call a function that does.

use numir_numeric::ir::{Blk, Op};
use std::collections::{HashMap, HashSet};

/// Operations that are an error if something does not hold.
pub(crate) const CHECKS: &[&str] =
    &["numeric.check", "numeric.check_index", "numeric.check_recursion", "numeric.raise"];

/// Whether an operation may raise by itself.
fn raises(operation: Op<'_>) -> bool {
    CHECKS.contains(&operation.name()) || operation.is("numeric.alloc")
}

/// The function that a `func.call` calls.
pub(crate) fn callee(operation: Op<'_>) -> Option<String> {
    if operation.is("func.call") { operation.string_attribute("callee") } else { None }
}

/// The symbols of the functions of a module that may raise.
pub(crate) fn raising_functions(body: Blk<'_>) -> HashSet<String> {
    let mut callers: HashMap<String, Vec<String>> = HashMap::new();
    let mut found = Vec::new();
    for function in body.operations().into_iter().filter(|operation| operation.is("func.func")) {
        let Some(symbol) = function.string_attribute("sym_name") else { continue };
        let mut raises_itself = false;
        function.walk(&mut |operation| {
            raises_itself |= raises(operation);
            if let Some(callee) = callee(operation) {
                callers.entry(callee).or_default().push(symbol.clone());
            }
        });
        if raises_itself {
            found.push(symbol);
        }
    }
    let mut raising = HashSet::new();
    while let Some(symbol) = found.pop() {
        if raising.insert(symbol.clone()) {
            found.extend(callers.get(&symbol).into_iter().flatten().cloned());
        }
    }
    raising
}

/// The operations of a function that may raise, or hold one that may.
pub(crate) fn raising_operations<'c>(function: Op<'c>, raising: &HashSet<String>) -> HashSet<Op<'c>> {
    let mut found = HashSet::new();
    function.walk(&mut |operation| {
        if raises(operation) || callee(operation).is_some_and(|callee| raising.contains(&callee)) {
            found.extend(std::iter::successors(Some(operation), |inner| inner.parent()));
        }
    });
    found
}
