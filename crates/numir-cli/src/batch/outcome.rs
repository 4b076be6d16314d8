//! What went wrong with a case.

use numir::{Error, ErrorKind};
use serde_json::{Value as Json, json};

/// An error as its outcome shows it.
#[derive(Clone, Debug)]
pub struct Wrong {
    kind: String,
    message: String,
    place: Option<(String, usize)>,
    phase: &'static str,
}

impl Wrong {
    /// Arguments that are no values, or too many.
    pub fn argument(message: impl Into<String>) -> Self {
        Self { kind: "ArgumentError".to_owned(), message: message.into(), place: None, phase: "compile" }
    }

    /// A bug in numir.
    pub fn internal(message: impl Into<String>) -> Self {
        Self { kind: "InternalError".to_owned(), message: message.into(), place: None, phase: "compile" }
    }

    /// An error that came up in that phase.
    pub fn of(error: &Error, phase: &'static str) -> Self {
        let place = |file: &str, line: usize| (!file.starts_with('<')).then(|| (file.to_owned(), line));
        let (kind, message, place) = match error {
            Error::User(diagnostic) => {
                let kind =
                    if diagnostic.kind == ErrorKind::Argument { "ArgumentError" } else { diagnostic.kind.name() };
                let label = diagnostic.labels.first();
                let label =
                    label.and_then(|label| place(&label.span.source.path.to_string_lossy(), label.span.position().0));
                (kind, diagnostic.message.clone(), label)
            }
            Error::Raised(raised) => {
                let mut frames = raised.traceback.iter().rev();
                let frame = frames.find_map(|frame| place(&frame.file, frame.line as usize));
                (raised.kind.as_str(), raised.text().to_owned(), frame)
            }
            Error::Numir(bug) => {
                let at = bug.place.as_ref().and_then(|at| place(&at.file, at.line as usize));
                ("InternalError", bug.message.clone(), at)
            }
            other => ("InternalError", other.to_string(), None),
        };
        Self { kind: kind.to_owned(), message, place, phase }
    }

    /// The object under `error`.
    pub fn json(&self) -> Json {
        let (file, line) = self.place.clone().unzip();
        json!({"type": self.kind, "message": self.message, "file": file, "line": line, "phase": self.phase})
    }
}
