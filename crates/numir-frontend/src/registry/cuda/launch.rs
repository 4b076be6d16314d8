//! Launches, and which functions run in kernels.

use super::given;
use crate::diagnostic::{Diagnostic, ErrorKind};
use crate::function_ir::{Attribute, Function, Instruction};
use crate::registry::Meaning;
use crate::specialize::{Arguments, Evaluated, Frame};
use crate::types::Kind;
use crate::value::Value;
use numir_numeric::is_device_only;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// The operation that starts a kernel.
pub(crate) const LAUNCH: &str = "numeric.launch";

/// A kernel with its grid, and the arguments of a launch.
static CONFIGURED: Meaning = Meaning {
    name: "kernel.__call__",
    parameters: "configured, *arguments",
    doc: "Starts a kernel on a grid.",
    evaluate: |frame, arguments| match (given(arguments, 0), given(arguments, 1)) {
        (Value::Tuple(configured), Value::Tuple(given)) => start(frame, &configured, &given),
        _ => Ok(Value::None),
    },
};

pub(super) static MEANINGS: &[Meaning] = &[Meaning {
    name: "intrinsics.launch",
    parameters: "kernel, geometry, arguments",
    doc: "Starts a function as a kernel: geometry is the grid's three extents, the block's, and the bytes of shared memory.",
    evaluate: |frame, arguments| {
        let (kernel, Value::Tuple(geometry), Value::Tuple(given)) =
            (given(arguments, 0), given(arguments, 1), given(arguments, 2))
        else {
            return Err(frame.typing("launch() takes a function, seven ints, and arguments"));
        };
        let configured: Vec<_> = std::iter::once(kernel).chain(geometry.iter().cloned()).collect();
        start(frame, &configured, &given)
    },
}];

/// Starts a kernel; `configured` is the function and the seven numbers of its grid.
fn start(frame: &mut Frame<'_, '_>, configured: &[Value], given: &[Value]) -> Evaluated {
    let Some((Value::Function(kernel), geometry)) = configured.split_first() else {
        return Err(frame.typing("what is launched is no function"));
    };
    let mut operands = Vec::with_capacity(geometry.len());
    for extent in geometry {
        operands.push(frame.as_index(extent)?);
    }
    frame.launch(*kernel, operands, Arguments { positional: given.to_vec(), ..Arguments::default() })
}

/// `kernel[blocks, threads, stream, shared_bytes]`: what is called then starts the kernel. Streams order what the host does; a program that
/// launches by itself waits for its arrays.
pub(crate) fn configured(frame: &mut Frame<'_, '_>, kernel: &Value, index: &Value) -> Evaluated {
    let parts = match index {
        Value::Tuple(parts) if (2..=4).contains(&parts.len()) => parts,
        _ => return Err(frame.typing("a launch needs blocks and threads: kernel[blocks, threads](…)")),
    };
    let mut configured = vec![kernel.clone()];
    for (name, part) in [("griddim", &parts[0]), ("blockdim", &parts[1])] {
        let extents = match part {
            Value::Tuple(extents) => extents.to_vec(),
            one => vec![one.clone()],
        };
        let are_ints = extents.iter().all(|extent| extent.scalar().is_some_and(|ty| ty.kind() == Kind::Integer));
        if !(1..=3).contains(&extents.len()) || !are_ints {
            let seen = frame.describe(part);
            return Err(frame.typing(format!("{name} must be an integer or a tuple of 1 to 3 integers, not {seen}")));
        }
        let missing = 3 - extents.len();
        configured.extend(extents.into_iter().chain(std::iter::repeat_n(Value::int(1), missing)));
    }
    configured.push(parts.get(3).cloned().unwrap_or(Value::int(0)));
    Ok(Value::Bound(Rc::new(Value::tuple(configured)), &CONFIGURED))
}

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
            if is_device_only(instruction.name) {
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
