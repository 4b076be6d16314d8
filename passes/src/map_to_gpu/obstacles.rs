//! What keeps a parallel loop on the host, in the words of its remark.

use super::reductions;
use crate::support::call_graph::{callee, functions_reaching};
use crate::support::captures::Captures;
use numir_numeric::ir::{Builder, Op};
use numir_runtime::libm;
use std::collections::HashSet;

/// Operations that the device cannot do, by name, or by dialect where the name ends in a dot; what is said of a loop that holds one, and what a
/// kernel that the program writes cannot do, if it is an error there. All others can be done there.
const HOST_ONLY: &[(&str, &str, Option<&str>)] = &[
    (
        "numeric.alloc",
        "it makes an array",
        Some("make an array: give it one as an argument, or have one of its block's or of the thread's memory"),
    ),
    ("numeric.retain", "it keeps an array", None),
    ("numeric.release", "it keeps an array", None),
    ("numeric.print_text", "it prints", None),
    ("numeric.print_value", "it prints", None),
    ("numeric.print_flush", "it prints", None),
    (
        "numeric.random",
        "it draws random numbers of a stream that the host has",
        Some("draw random numbers of a stream that the host has"),
    ),
    ("numeric.threads", "it asks about the host's threads", Some("ask about the host's threads")),
    ("numeric.call_foreign", "it calls a function of the host", Some(CANNOT_CALL)),
    ("numeric.call_runtime", "it calls a function of the host", Some(CANNOT_CALL)),
    ("numeric.check_recursion", "it calls a function that calls itself", Some("call a function that calls itself")),
    // In a kernel that the program writes these are addresses of memory that it was given, such as that of records.
    ("numeric.address", "it uses an address of the host's memory", None),
    ("numeric.array_at", "it uses an address of the host's memory", None),
    ("gpu.launch", "it starts a kernel", Some(CANNOT_LAUNCH)),
    ("numeric.launch", "it starts a kernel", Some(CANNOT_LAUNCH)),
    ("linalg.", "it holds an operation on whole arrays that is not lowered", None),
];

/// What is said of functions of the host.
pub(super) const CANNOT_CALL: &str = "call a function of the host";
const CANNOT_LAUNCH: &str = "start another kernel";

fn entry(operation: Op<'_>) -> Option<&'static (&'static str, &'static str, Option<&'static str>)> {
    let name = operation.name();
    let fits = |known: &str| if known.ends_with('.') { name.starts_with(known) } else { name == known };
    HOST_ONLY.iter().find(|(known, ..)| fits(known))
}

fn reason(operation: Op<'_>) -> Option<&'static str> {
    entry(operation).map(|(_, reason, _)| *reason)
}

/// What a kernel that the program writes cannot do, if an operation does such a thing.
pub(super) fn cannot(operation: Op<'_>) -> Option<&'static str> {
    entry(operation).and_then(|(.., cannot)| *cannot)
}

/// What is known of a module's functions.
#[derive(Default)]
pub(super) struct Obstacles {
    /// For each reason the functions in which, or below which, it is found.
    by_reason: Vec<(&'static str, HashSet<String>)>,
    /// Functions with a body here.
    defined: HashSet<String>,
    /// Functions that reach one without, other than those of the C library's mathematics, which a device has too.
    elsewhere: HashSet<String>,
}

impl Obstacles {
    /// Looks at all functions of a module.
    pub(super) fn of(module: Op<'_>) -> Self {
        let Some(body) = module.body(0) else { return Self::default() };
        let mut reasons: Vec<_> = HOST_ONLY.iter().map(|(_, reason, _)| *reason).collect();
        reasons.dedup();
        let reaching = |why: &'static str| {
            (why, functions_reaching(body, |operation| reason(operation).is_some_and(|own| own == why)))
        };
        let defined: HashSet<_> = body
            .operations()
            .into_iter()
            .filter(|function| function.is("func.func") && function.body(0).is_some())
            .filter_map(|function| function.string_attribute("sym_name"))
            .collect();
        let elsewhere = functions_reaching(body, |operation| {
            callee(operation).is_some_and(|symbol| !defined.contains(&symbol) && libm::lookup(&symbol).is_none())
        });
        Self { by_reason: reasons.into_iter().map(reaching).collect(), defined, elsewhere }
    }

    /// Why a loop cannot be done on the device.
    pub(super) fn in_loop(&self, parallel: Op<'_>) -> Option<String> {
        let mut found = Captures::of(parallel)
            .values()
            .iter()
            .any(|value| value.ty() == Builder::before(parallel).pointer())
            .then(|| "it uses an address of the host's memory".to_owned());
        parallel.walk(&mut |operation| {
            if found.is_none() {
                found = self.of_operation(parallel, operation);
            }
        });
        found
    }

    fn of_operation(&self, parallel: Op<'_>, operation: Op<'_>) -> Option<String> {
        if operation.is("numeric.parallel") && operation.result_count() > 0 {
            if operation != parallel {
                return Some("a loop within it reduces".to_owned());
            }
            if reductions::of(operation).is_none() {
                return Some("it reduces into an array, or complex numbers".to_owned());
            }
        }
        if let Some(reason) = reason(operation) {
            return Some(reason.to_owned());
        }
        let symbol = callee(operation)?;
        if self.elsewhere.contains(&symbol) || !self.defined.contains(&symbol) && libm::lookup(&symbol).is_none() {
            return Some("it calls a function of the host".to_owned());
        }
        let (reason, _) = self.by_reason.iter().find(|(_, functions)| functions.contains(&symbol))?;
        Some(format!("it calls `{symbol}`, of which holds: {reason}"))
    }
}
