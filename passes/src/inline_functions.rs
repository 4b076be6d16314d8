//! `inline-functions`: small functions are put into their callers, so that what callers know of extents and ranges reaches
//! them, and no call stands in a loop.
//!
//! Callees come first, so that a chain of small functions ends up in its outermost caller. A function is put in if it is
//! small, or if it is private and called from one place only; never if it may call itself. What its
//! decorator says (`numir.inline`) comes before size; functions with different fast-math flags (`numir.fast_math`) stay apart, since flags
//! stand on functions, as does that whole-array operations run on all threads, which a caller would have to say too. A caller grows up to a limit.
//! Operations that were put in have the location `callsite(fused<"callee">[line in it] at line of the call)`: tracebacks
//! show both lines, as Python does, and debuggers the inner one. Private functions that nobody calls any more are dropped.
//!
//! Cost: linear in the size of the module and of what is copied.

use crate::support::call_graph::{PARALLEL, callee};
use melior::ir::Location;
use melior::ir::attribute::BoolAttribute;
use numir_numeric::ir::{Blk, location};
use numir_pipeline::properties::{INLINED, STAGE_NUMERIC};
use numir_pipeline::{Op, OptionSpec, Pass, PassContext, PassError, Property, StatisticSpec, register_pass};
use std::collections::{HashMap, HashSet};

/// On a function: LLVM's fast-math flags of its arithmetic.
const FAST_MATH: &str = "numir.fast_math";

/// The pass.
struct InlineFunctions;

register_pass!(InlineFunctions);

impl Pass for InlineFunctions {
    fn name(&self) -> &'static str {
        "inline-functions"
    }

    fn summary(&self) -> &'static str {
        "put small functions into their callers, and drop functions that nobody calls"
    }

    fn requires(&self) -> &'static [Property] {
        &[STAGE_NUMERIC]
    }

    fn establishes(&self) -> &'static [Property] {
        &[INLINED]
    }

    fn before(&self) -> &'static [&'static str] {
        &["canonicalize-numeric", "release-values"]
    }

    fn options(&self) -> &'static [OptionSpec] {
        const {
            &[
                OptionSpec::int("small", 120, "operations of a function that is put in wherever it is called"),
                OptionSpec::int("single", 1500, "operations of a function that is put in if it is called once"),
                OptionSpec::int("limit", 6000, "operations that a caller may have afterwards"),
            ]
        }
    }

    fn statistics(&self) -> &'static [StatisticSpec] {
        const {
            &[
                StatisticSpec { name: "calls", summary: "calls that were replaced" },
                StatisticSpec { name: "functions", summary: "functions that were dropped" },
            ]
        }
    }

    fn run<'c>(&self, module: Op<'c>, context: &PassContext<'c>) -> Result<(), PassError> {
        let Some(body) = module.body(0) else { return Ok(()) };
        let mut graph = Graph::of(body);
        let order = graph.callees_first();
        for symbol in &order {
            context.count("calls", graph.inline_into(symbol, context));
        }
        context.count("functions", graph.drop_uncalled(&order));
        Ok(())
    }
}

/// A function of the module.
struct Function<'c> {
    operation: Op<'c>,
    /// Its calls, in order.
    calls: Vec<Op<'c>>,
    /// The functions that it applies or launches. These calls stay.
    applied: Vec<String>,
    /// How many operations it holds.
    size: i64,
    /// How many calls there are to it.
    callers: usize,
    /// It may be copied: it has one block, and no way of calls leads back to it.
    is_plain: bool,
}

impl<'c> Function<'c> {
    fn of(operation: Op<'c>) -> Self {
        let mut function =
            Self { operation, calls: Vec::new(), applied: Vec::new(), size: 0, callers: 0, is_plain: true };
        operation.walk(&mut |inner| {
            function.size += 1;
            function.is_plain &= !inner.is("numeric.check_recursion");
            if inner.is("func.call") {
                function.calls.push(inner);
            }
            let stays = inner.is("numeric.apply") || inner.is("numeric.launch");
            function.applied.extend(stays.then(|| inner.string_attribute("callee")).flatten());
        });
        function.is_plain &= operation.region_count() == 1 && operation.region(0).blocks().len() == 1;
        function
    }

    fn is_private(&self) -> bool {
        self.operation.string_attribute("sym_visibility").as_deref() == Some("private")
    }
}

struct Graph<'c> {
    functions: HashMap<String, Function<'c>>,
    /// Symbols in the order of the module.
    symbols: Vec<String>,
}

impl<'c> Graph<'c> {
    fn of(body: Blk<'c>) -> Self {
        let mut functions = HashMap::new();
        let mut symbols = Vec::new();
        for operation in body.operations().into_iter().filter(|operation| operation.is("func.func")) {
            if let Some(symbol) = operation.string_attribute("sym_name") {
                functions.insert(symbol.clone(), Function::of(operation));
                symbols.push(symbol);
            }
        }
        let calls = functions.values().flat_map(|function| &function.calls).filter_map(|call| callee(*call));
        let applied = functions.values().flat_map(|function| function.applied.iter().cloned());
        for symbol in calls.chain(applied).collect::<Vec<_>>() {
            if let Some(function) = functions.get_mut(&symbol) {
                function.callers += 1;
            }
        }
        Self { functions, symbols }
    }

    /// The symbols, callees before callers. Functions on a circle of calls are marked as not to be copied.
    fn callees_first(&mut self) -> Vec<String> {
        let mut order = Vec::with_capacity(self.symbols.len());
        let mut seen = HashSet::new();
        for symbol in self.symbols.clone() {
            // The functions on the way down, each with its callees that are still to be visited.
            let mut way: Vec<(String, Vec<String>)> = Vec::new();
            if seen.insert(symbol.clone()) {
                way.push((symbol.clone(), self.callees(&symbol)));
            }
            while let Some((_, open)) = way.last_mut() {
                let Some(next) = open.pop() else {
                    order.extend(way.pop().map(|(symbol, _)| symbol));
                    continue;
                };
                if let Some(start) = way.iter().position(|(symbol, _)| *symbol == next) {
                    for (symbol, _) in &way[start..] {
                        self.functions.entry(symbol.clone()).and_modify(|function| function.is_plain = false);
                    }
                } else if seen.insert(next.clone()) {
                    let callees = self.callees(&next);
                    way.push((next, callees));
                }
            }
        }
        order
    }

    /// The functions of the module that a function calls, last call first.
    fn callees(&self, symbol: &str) -> Vec<String> {
        let calls = self.functions.get(symbol).map_or(&[][..], |function| &function.calls);
        let callees = calls.iter().rev().filter_map(|call| callee(*call));
        callees.filter(|callee| self.functions.contains_key(callee)).collect()
    }

    /// Replaces the calls in a function that are to be replaced; gives their number.
    fn inline_into(&mut self, symbol: &str, context: &PassContext<'c>) -> u64 {
        let Some(mut caller) = self.functions.remove(symbol) else { return 0 };
        let mut left = Vec::new();
        let mut count = 0;
        for call in std::mem::take(&mut caller.calls) {
            let Some(target) = callee(call).and_then(|symbol| self.functions.get_mut(&symbol)) else {
                left.push(call);
                continue;
            };
            let name = target.operation.string_attribute("numeric.python_name").unwrap_or_default();
            if let Some(why) = refusal(&caller, target, context) {
                context.missed(call, || format!("the call of {name}() stays a call: {why}"));
                left.push(call);
                continue;
            };
            context.remark(call, || format!("the call of {name}() is replaced by its body"));
            if let Some(calls) = inline(call, target.operation) {
                caller.size += target.size;
                target.callers -= 1;
                count += 1;
                for symbol in calls.iter().filter_map(|call| crate::support::call_graph::callee(*call)) {
                    if let Some(function) = self.functions.get_mut(&symbol) {
                        function.callers += 1;
                    }
                }
                left.extend(calls);
            }
        }
        caller.calls = left;
        self.functions.insert(symbol.to_owned(), caller);
        count
    }

    /// Drops the private functions that nobody calls any more; gives their number.
    fn drop_uncalled(&mut self, order: &[String]) -> u64 {
        let mut count = 0;
        // Callers first: what a dropped function calls may be dropped too.
        for symbol in order.iter().rev() {
            let is_dead = |function: &&mut Function<'c>| function.callers == 0 && function.is_private();
            let Some(function) = self.functions.get_mut(symbol).filter(|function| is_dead(function)) else { continue };
            let called: Vec<_> = function.calls.iter().filter_map(|call| callee(*call)).collect();
            function.operation.erase();
            self.functions.remove(symbol);
            count += 1;
            for symbol in called {
                if let Some(function) = self.functions.get_mut(&symbol) {
                    function.callers -= 1;
                }
            }
        }
        count
    }
}

/// Why a call is not replaced by the body of what it calls; None if it is.
fn refusal(caller: &Function<'_>, callee: &Function<'_>, context: &PassContext<'_>) -> Option<&'static str> {
    let wish = callee.operation.attribute("numir.inline").and_then(|wish| BoolAttribute::try_from(wish).ok());
    // Flags of arithmetic stand on functions.
    let flags = [caller, callee].map(|function| function.operation.string_attribute(FAST_MATH));
    let is_parallel = |function: &Function<'_>| function.operation.attribute(PARALLEL).is_some();
    let once = callee.callers == 1 && callee.is_private() && callee.size <= context.int("single");
    match wish.map(|wish| wish.value()) {
        Some(false) => Some("it is declared inline=\"never\""),
        _ if !callee.is_plain => Some("it may call itself"),
        _ if flags[0] != flags[1] => Some("it has other fastmath flags"),
        _ if is_parallel(callee) && !is_parallel(caller) => Some("its whole-array operations run in parallel"),
        Some(true) => None,
        None if !once && callee.size > context.int("small") => Some("it is large"),
        None if caller.size + callee.size > context.int("limit") => Some("its caller would grow too large"),
        None => None,
    }
}

/// Puts a copy of the function where it is called; gives the calls in it.
fn inline<'c>(call: Op<'c>, callee: Op<'c>) -> Option<Vec<Op<'c>>> {
    let name = callee.string_attribute("numeric.python_name").or_else(|| callee.string_attribute("sym_name"))?;
    let copy = callee.duplicate();
    let body = copy.body(0)?;
    for (argument, operand) in body.arguments().into_iter().zip(call.operands()) {
        argument.replace_all_uses_with(operand);
    }
    let end = body.terminator()?;
    let results = end.operands();
    end.erase();
    let mut locations = HashMap::new();
    let mut calls = Vec::new();
    for operation in body.operations() {
        operation.walk(&mut |inner| {
            let place = inner.named_location();
            let location = locations.entry(place.to_raw().ptr as usize).or_insert_with(|| {
                let inside = location::from_function(call.context(), &name, place);
                Location::call_site(inside, call.location())
            });
            inner.set_location(*location);
            if inner.is("func.call") {
                calls.push(inner);
            }
        });
        operation.move_before(call);
    }
    call.replace(&results);
    copy.erase();
    Some(calls)
}
