//! Which functions may raise: those that hold an operation that raises, or call a function that does. Which functions pass the
//! stack limit on: those that check it, and those between two that do.

use numir_numeric::ir::{Blk, Op};
use std::collections::{HashMap, HashSet};

/// Operations that are an error if something does not hold.
pub(crate) const CHECKS: &[&str] =
    &["numeric.check", "numeric.check_index", "numeric.check_recursion", "numeric.raise"];

/// On a module: its loops ask now and then whether they are to end (`poll-interrupts`).
pub(crate) const INTERRUPTIBLE: &str = "numir.interruptible";

/// On a module: its parallel loops run on a device, where that can do them.
pub const DEVICE: &str = "numir.device";

/// On a function: its large whole-array operations run on all threads.
pub const PARALLEL: &str = "numir.parallel";

/// On a function: no loop in it runs more than some hundred times, so none asks. On a call: it is of such a function.
pub(crate) const SHORT: &str = "numir.short";

/// The loops that ask.
pub(crate) const LOOPS: &[&str] = &["scf.for", "scf.while", "numeric.parallel"];

/// Whether an operation may raise by itself. A loop that will ask whether it is to end may, long before it does so.
fn raises(operation: Op<'_>) -> bool {
    CHECKS.contains(&operation.name())
        || operation.is("numeric.alloc")
        || operation.is("numeric.launch")
        || (asks(operation) && is_interruptible(operation))
        || (operation.is("numeric.parallel") && is_for_device(operation))
}

/// Whether a launch may come of an operation, which fails where there is no device.
pub(crate) fn is_for_device(operation: Op<'_>) -> bool {
    std::iter::successors(operation.parent(), |outer| outer.parent()).any(|outer| outer.attribute(DEVICE).is_some())
}

fn asks(operation: Op<'_>) -> bool {
    LOOPS.contains(&operation.name()) || operation.name().starts_with("linalg.")
}

fn is_interruptible(operation: Op<'_>) -> bool {
    let mut around = std::iter::successors(Some(operation), |inner| inner.parent());
    let decides = |outer: &Op<'_>| outer.attribute(SHORT).is_some() || outer.parent().is_none();
    around.find(decides).is_some_and(|outer| outer.attribute(INTERRUPTIBLE).is_some())
}

/// The modules in which functions are found by their symbols: a module, and the modules of kernels in it.
pub(crate) fn symbol_tables(module: Op<'_>) -> Vec<Op<'_>> {
    let nested = module.body(0).map(|body| body.operations()).unwrap_or_default();
    std::iter::once(module).chain(nested.into_iter().filter(|operation| operation.is("gpu.module"))).collect()
}

/// The function that a `func.call` calls.
pub(crate) fn callee(operation: Op<'_>) -> Option<String> {
    if operation.is("func.call") { operation.string_attribute("callee") } else { None }
}

/// The symbols of the functions of a module that may raise.
pub(crate) fn raising_functions(body: Blk<'_>) -> HashSet<String> {
    functions_reaching(body, raises)
}

/// The symbols of the functions of a module that hold an operation of some kind, or call one that does.
pub(crate) fn functions_reaching(body: Blk<'_>, marks: impl Fn(Op<'_>) -> bool) -> HashSet<String> {
    let calls = Calls::of(body, marks);
    reached(&calls.marked, &calls.callers)
}

/// The symbols of the functions of a module that are given the lowest stack address that they may use: those that check their
/// depth, and those that lie on a way from one of these to another.
pub(crate) fn limited_functions(body: Blk<'_>) -> HashSet<String> {
    let calls = Calls::of(body, |operation| operation.is("numeric.check_recursion"));
    let (above, below) = (reached(&calls.marked, &calls.callers), reached(&calls.marked, &calls.callees));
    above.intersection(&below).cloned().collect()
}

/// The functions of a module by their symbols.
pub(crate) fn functions_of(body: Blk<'_>) -> HashMap<String, Op<'_>> {
    let functions = body.operations().into_iter().filter(|operation| operation.is("func.func"));
    functions.filter_map(|function| Some((function.string_attribute("sym_name")?, function))).collect()
}

/// The functions of these symbols and those that they call, as far as they are defined here.
pub(crate) fn functions_called(functions: &HashMap<String, Op<'_>>, mut open: Vec<String>) -> Vec<String> {
    let mut found = Vec::new();
    while let Some(symbol) = open.pop() {
        let Some(function) = functions.get(&symbol).filter(|function| function.body(0).is_some()) else { continue };
        if !found.contains(&symbol) {
            found.push(symbol);
            open.extend(function.collect_named("func.call").into_iter().filter_map(callee));
        }
    }
    found
}

/// The functions of a module that kernels are made of which the program writes itself (`numeric.launch`).
pub fn launched_functions(module: Op<'_>) -> Vec<String> {
    let Some(body) = module.body(0) else { return Vec::new() };
    let launches = module.collect_named("numeric.launch");
    let kernels = launches.into_iter().filter_map(|launch| launch.string_attribute("callee"));
    functions_called(&functions_of(body), kernels.collect())
}

/// Who calls whom in a module, and the functions that hold a certain operation.
struct Calls {
    callers: HashMap<String, Vec<String>>,
    callees: HashMap<String, Vec<String>>,
    marked: Vec<String>,
}

impl Calls {
    fn of(body: Blk<'_>, marks: impl Fn(Op<'_>) -> bool) -> Self {
        let mut calls = Self { callers: HashMap::new(), callees: HashMap::new(), marked: Vec::new() };
        for function in body.operations().into_iter().filter(|operation| operation.is("func.func")) {
            let Some(symbol) = function.string_attribute("sym_name") else { continue };
            let mut marked = false;
            function.walk(&mut |operation| {
                marked |= marks(operation);
                if let Some(callee) = callee(operation) {
                    calls.callees.entry(symbol.clone()).or_default().push(callee.clone());
                    calls.callers.entry(callee).or_default().push(symbol.clone());
                }
            });
            if marked {
                calls.marked.push(symbol);
            }
        }
        calls
    }
}

/// `start` and all that is reached from there along `edges`.
fn reached(start: &[String], edges: &HashMap<String, Vec<String>>) -> HashSet<String> {
    let mut open = start.to_vec();
    let mut reached = HashSet::new();
    while let Some(symbol) = open.pop() {
        if reached.insert(symbol.clone()) {
            open.extend(edges.get(&symbol).into_iter().flatten().cloned());
        }
    }
    reached
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
