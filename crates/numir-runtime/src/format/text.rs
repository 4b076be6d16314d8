//! `repr` of strings: Python's choice of quotes and escapes.

/// Appends the `repr` of a string.
pub fn push_str_repr(out: &mut String, text: &str) {
    use std::fmt::Write;
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    out.push(quote);
    for c in text.chars() {
        // Writing to a String cannot fail.
        let _ = match c {
            '\\' => out.write_str("\\\\"),
            '\n' => out.write_str("\\n"),
            '\r' => out.write_str("\\r"),
            '\t' => out.write_str("\\t"),
            _ if c == quote => write!(out, "\\{c}"),
            _ if is_printable(c) => out.write_char(c),
            '\0'..='\u{ff}' => write!(out, "\\x{:02x}", c as u32),
            '\0'..='\u{ffff}' => write!(out, "\\u{:04x}", c as u32),
            _ => write!(out, "\\U{:08x}", c as u32),
        };
    }
    out.push(quote);
}

/// Python's `str.isprintable` of one character. Rust's `escape_debug` draws the same line through Unicode (all of C* and
/// Z* but the space are escaped), except that it escapes combining marks too where they begin a string.
fn is_printable(c: char) -> bool {
    if c.is_ascii() { (' '..='~').contains(&c) } else { !String::from_iter(['a', c]).escape_debug().any(|c| c == '\\') }
}
