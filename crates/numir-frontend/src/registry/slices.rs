//! Methods of slices.

use super::Meaning;
use crate::diagnostic::ErrorKind;
use crate::types::Kind;
use crate::value::Value;

pub(super) static MEANINGS: &[Meaning] = &[Meaning {
    name: "slice.indices",
    parameters: "s, *args",
    doc: "Start, stop and step that the slice has for a sequence of that length.",
    evaluate: |frame, arguments| {
        let (Some(Value::Slice(parts)), Some(Value::Tuple(given))) = (&arguments[0], &arguments[1]) else {
            return Err(frame.typing("indices() is a method of slices"));
        };
        let [length] = &**given else {
            let message = format!("indices() takes exactly one argument ({} given)", given.len());
            return Err(frame.error(ErrorKind::Argument, message));
        };
        if length.scalar().is_none_or(|scalar| scalar.kind() > Kind::Integer) {
            let seen = frame.describe(length);
            return Err(frame.typing(format!("'{seen}' object cannot be interpreted as an integer")));
        }
        let parts = [&parts[0], &parts[1], &parts[2], length].map(Value::clone);
        frame.call_library("_slices", "indices", parts.to_vec())
    },
}];
