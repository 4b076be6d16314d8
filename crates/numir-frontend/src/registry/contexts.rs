//! Context managers: what a `with` statement of compiled code can enter.

use super::Meaning;
use crate::value::{Manager, Value};
use std::rc::Rc;

pub(super) static MEANINGS: &[Meaning] = &[
    Meaning {
        name: "numir.objmode",
        parameters: "**types",
        doc: "A block that Python runs, with the types of the names that it sets.",
        evaluate: |frame, _| Err(frame.typing("objmode is used in a `with` statement")),
    },
    Meaning {
        name: "numir.parallel_chunksize",
        parameters: "size, /",
        doc: "Within a `with` statement parallel loops are cut into chunks of that many iterations.",
        evaluate: |_, arguments| {
            let size = arguments[0].clone().unwrap_or(Value::None);
            let manager = Manager {
                name: "parallel_chunksize",
                module: "numir",
                enter: "_enter_chunksize",
                leave: "_leave_chunksize",
                arguments: vec![size],
            };
            Ok(Value::Manager(Rc::new(manager)))
        },
    },
    Meaning {
        name: "numpy.errstate",
        parameters: "*, call=None, all=None, divide=None, over=None, under=None, invalid=None",
        doc: "A block whose arithmetic errors are ignored, as compiled code ignores NumPy's anyway.",
        evaluate: |frame, arguments| {
            for chosen in arguments.iter().flatten() {
                match chosen {
                    Value::None => {}
                    Value::Text(text) if matches!(&**text, "ignore" | "warn") => {}
                    _ => {
                        return Err(frame.unsupported(
                            "np.errstate other than 'ignore' and 'warn': compiled code neither raises nor reports NumPy's \
                             arithmetic errors (test results by np.isfinite)",
                        ));
                    }
                }
            }
            let manager = Manager {
                name: "errstate",
                module: "numir",
                enter: "_enter_errstate",
                leave: "_leave_errstate",
                arguments: Vec::new(),
            };
            Ok(Value::Manager(Rc::new(manager)))
        },
    },
];
