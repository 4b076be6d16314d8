//! Launches, and which functions run in kernels.

use super::given;
use crate::diagnostic::{Diagnostic, ErrorKind};
use crate::function_ir::{Attribute, Function, Instruction};
use crate::registry::Meaning;
use crate::specialize::Arguments;
use crate::value::Value;
use std::collections::{HashMap, HashSet};

/// The operation that starts a kernel.
pub(crate) const LAUNCH: &str = "numeric.launch";

pub(super) static MEANINGS: &[Meaning] = &[Meaning {
    name: "intrinsics.launch",
    parameters: "kernel, geometry, arguments",
    doc: "Starts a function as a kernel: geometry is the grid's three extents, the block's, and the bytes of shared memory.",
    evaluate: |frame, arguments| {
        let (Value::Function(kernel), Value::Tuple(geometry), Value::Tuple(given)) =
            (given(arguments, 0), given(arguments, 1), given(arguments, 2))
        else {
            return Err(frame.typing("launch() takes a function, seven ints, and arguments"));
        };
        let mut operands = Vec::new();
        for extent in geometry.iter() {
            operands.push(frame.as_index(extent)?);
        }
        let arguments = Arguments { positional: given.to_vec(), ..Arguments::default() };
        frame.launch(kernel, operands, arguments)
    },
}];

/// Operations that mean something in a kernel only, and what the program calls them.
const ONLY_IN_KERNELS: &[&str] = &[
    "gpu.thread_id",
    "gpu.block_id",
    "gpu.block_dim",
    "gpu.grid_dim",
    "numeric.device_array",
    "numeric.barrier",
    "numeric.fence",
    "numeric.warp",
    "numeric.atomic",
    "numeric.compare_exchange",
];

/// The error that a function which the host runs does what only threads of a kernel can, at the place in the user's program. The first
/// function is the entry.
pub(crate) fn outside_of_kernels(functions: &[Function]) -> Option<Box<Diagnostic>> {
    let places: HashMap<_, _> =
        functions.iter().enumerate().map(|(place, function)| (function.symbol.as_str(), place)).collect();
    let mut seen = HashSet::from([0]);
    let mut open = vec![(0, None)];
    let mut found = None;
    while let Some((place, called)) = open.pop() {
        functions.get(place)?.body.any(&mut |instruction| {
            let is_library = instruction.span.source.path.starts_with("<library>");
            let here = if is_library { called.clone() } else { Some(instruction.span.clone()) };
            let inner = callee(instruction).and_then(|symbol| places.get(symbol)).filter(|place| seen.insert(**place));
            if ONLY_IN_KERNELS.contains(&instruction.name) {
                found = here;
            } else {
                open.extend(inner.map(|place| (*place, here)));
            }
            found.is_some()
        });
        if let Some(span) = found {
            let message = "this means something in a kernel only, which a program launches on a grid of threads";
            let diagnostic = Diagnostic::new(ErrorKind::Typing, &span, message);
            return Some(
                diagnostic.help("decorate the function with `cuda.jit`, and call it as `f[blocks, threads](…)`"),
            );
        }
    }
    None
}

/// The function that an instruction calls, on the side that it is on itself.
fn callee(instruction: &Instruction) -> Option<&str> {
    let (_, symbol) = instruction.attributes.iter().find(|(name, _)| *name == "callee")?;
    match symbol {
        Attribute::Symbol(symbol) if instruction.name != LAUNCH => Some(symbol),
        _ => None,
    }
}
