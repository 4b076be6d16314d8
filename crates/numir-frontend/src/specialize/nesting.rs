//! What bounds the parser's own stack.

use crate::diagnostic::{Diagnostic, ErrorKind};
use crate::source::{Source, Span};
use std::ops::Range;
use std::sync::Arc;

/// How deep brackets and blocks may nest in a source file.
const NESTING: usize = 100;

/// Refuses a source whose brackets or blocks nest so deep that the parser's own stack would be at risk: a part of it, in bytes.
pub(crate) fn check_nesting(source: &Arc<Source>, part: Range<usize>) -> Result<(), Box<Diagnostic>> {
    let mut depth = 0usize;
    let mut operators = 0usize;
    let mut conditionals = 0usize;
    let bytes = source.text.as_bytes();
    for (offset, byte) in part.clone().zip(source.text[part.clone()].bytes()) {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            b'\n' => (operators, conditionals) = (0, 0),
            b'e' if bytes[offset..].starts_with(b"else") => conditionals += 1,
            b'-' | b'~' | b'*' | b'+' | b'/' | b'.' | b'=' => operators += 1,
            _ => {}
        }
        if depth > NESTING || operators > 20 * NESTING || conditionals > 2 * NESTING {
            let span = Span { source: source.clone(), start: offset, end: offset + 1 };
            return Err(Diagnostic::new(ErrorKind::Syntax, &span, "too many nested parentheses or operators"));
        }
    }
    let mut start = part.start;
    for line in source.text[part].split_inclusive('\n') {
        if line.len() - line.trim_start().len() > 8 * NESTING && !line.trim().is_empty() {
            let span = Span { source: source.clone(), start, end: start };
            return Err(Diagnostic::new(ErrorKind::Syntax, &span, "too many levels of indentation"));
        }
        start += line.len();
    }
    Ok(())
}
