//! `lower-errors`: checks and raises become branches to the function's one error exit, and functions that may raise return
//! a status (i32, 0 is fine) after their results.
//!
//! The way of an error is cold code: a block that hands the site and its operands to the runtime and goes on to the error
//! exit, which releases the owners that the frame holds (`hold-owners`) and returns 1. The caller of a function that may
//! raise tests the status, adds its own frame to the traceback and goes to its own exit.
//!
//! A function that checks its depth (`numeric.check_recursion`) gets the lowest stack address that it may use as its last
//! argument and hands it on in recursive calls: whoever calls it from outside of the recursion asks the runtime, once. The body of
//! a parallel loop is called by the pool, on a stack of its own, and asks anew.

mod exit;
mod function;

use crate::support::call_graph::{limited_functions, raising_functions, symbol_tables};
use crate::support::runtime::Runtime;
use crate::support::sites::Sites;
use function::Lowering;
use numir_pipeline::properties::{ERRORS_LOWERED, INTERRUPTS_POLLED, NO_SCF, PARALLEL_OUTLINED};
use numir_pipeline::{Op, Pass, PassContext, PassError, Property, register_pass};
use std::collections::HashSet;

/// On a function: its last result is a status.
pub(crate) const STATUS: &str = "numir.status";

/// On a function: its last argument is the lowest stack address that it may use.
pub(crate) const STACK_LIMIT: &str = "numir.stack_limit";

/// The pass.
struct LowerErrors;

register_pass!(LowerErrors);

impl Pass for LowerErrors {
    fn name(&self) -> &'static str {
        "lower-errors"
    }

    fn summary(&self) -> &'static str {
        "turn checks and raises into branches to an error exit, and give functions that may raise a status"
    }

    fn requires(&self) -> &'static [Property] {
        &[NO_SCF, PARALLEL_OUTLINED, INTERRUPTS_POLLED]
    }

    fn establishes(&self) -> &'static [Property] {
        &[ERRORS_LOWERED]
    }

    fn dialects(&self) -> &'static [fn() -> melior::dialect::DialectHandle] {
        use numir_pipeline::dialects::{arith, cf, llvm};
        &[arith, cf, llvm]
    }

    fn run<'c>(&self, module: Op<'c>, _: &PassContext<'c>) -> Result<(), PassError> {
        symbol_tables(module).into_iter().try_for_each(lower)
    }
}

/// Lowers the errors of a module's functions; those of kernels have sites of their own.
fn lower(module: Op<'_>) -> Result<(), PassError> {
    let (Some(body), Some(runtime), Some(mut sites)) =
        (module.body(0), Runtime::of(module), Sites::of(module, "numir.site"))
    else {
        return Ok(());
    };
    let symbols = Symbols { raising: raising_functions(body), limited: limited_functions(body) };
    for function in body.operations().into_iter().filter(|operation| operation.is("func.func")) {
        if function.string_attribute("sym_name").is_some_and(|symbol| symbols.raising.contains(&symbol)) {
            Lowering::new(function, &runtime, &mut sites, &symbols)?.run()?;
        }
    }
    Ok(())
}

/// Functions of the module by what becomes of their signatures.
struct Symbols {
    /// They return a status.
    raising: HashSet<String>,
    /// They take the stack limit.
    limited: HashSet<String>,
}
