//! What is wrong with a text that is no Python, in the words of CPython where the parser's are less clear.

use crate::diagnostic::{Diagnostic, ErrorKind};
use crate::source::{Source, Span};
use rustpython_parser::lexer::{LexicalErrorType, lex};
use rustpython_parser::{Mode, ParseError, ParseErrorType, Tok};
use std::sync::Arc;

/// The words that begin a statement whose first line ends with a colon.
const COMPOUND: [&str; 14] = [
    "async", "case", "class", "def", "elif", "else", "except", "finally", "for", "if", "match", "try", "while", "with",
];

/// The error that a parser's is told as.
pub(crate) fn diagnostic(source: &Arc<Source>, error: &ParseError) -> Box<Diagnostic> {
    if let Some((at, message)) = brackets(&source.text) {
        let span = Span { source: source.clone(), start: at, end: at + 1 };
        return Diagnostic::new(ErrorKind::Syntax, &span, message);
    }
    let mut start = error.offset.to_usize().min(source.text.len());
    if matches!(error.error, ParseErrorType::Lexical(LexicalErrorType::UnrecognizedToken { .. })) {
        // The lexer stands behind the character that it does not know.
        start -= source.text[..start].chars().next_back().map_or(0, char::len_utf8);
    }
    let line_end = source.text[start..].find('\n').map_or(source.text.len(), |length| start + length);
    let wide = source.text[start..].chars().next().map_or(0, char::len_utf8);
    let span = Span { source: source.clone(), start, end: (start + wide).min(line_end) };
    let message = match &error.error {
        ParseErrorType::UnrecognizedToken(Tok::Newline, _) if lacks_colon(&source.text, start) => {
            "expected ':'".to_owned()
        }
        ParseErrorType::UnrecognizedToken(Tok::Newline, _) => "invalid syntax: the line ends too early".to_owned(),
        other => other.to_string(),
    };
    Diagnostic::new(ErrorKind::Syntax, &span, message)
}

/// Whether the line that ends at `end` begins like a statement with a block, and has no colon.
fn lacks_colon(text: &str, end: usize) -> bool {
    let line = text[..end].rsplit('\n').next().unwrap_or("").trim();
    let word = line.split(|character: char| !character.is_alphanumeric()).next().unwrap_or("");
    COMPOUND.contains(&word) && !line.ends_with(':')
}

/// The first bracket that closes no other, or the innermost that is left open.
fn brackets(text: &str) -> Option<(usize, String)> {
    let mut open: Vec<(usize, char)> = Vec::new();
    for token in lex(text, Mode::Module) {
        let (token, range) = match token {
            Ok(token) => token,
            Err(error) if matches!(error.error, LexicalErrorType::Eof) => break,
            Err(error) if matches!(error.error, LexicalErrorType::NestingError) => {
                let at = error.location.to_usize().checked_sub(1)?;
                return Some((at, format!("unmatched '{}'", text.get(at..=at)?)));
            }
            Err(_) => return None,
        };
        let at = range.start().to_usize();
        let (bracket, partner) = match token {
            Tok::Lpar => ('(', None),
            Tok::Lsqb => ('[', None),
            Tok::Lbrace => ('{', None),
            Tok::Rpar => (')', Some('(')),
            Tok::Rsqb => (']', Some('[')),
            Tok::Rbrace => ('}', Some('{')),
            _ => continue,
        };
        match partner {
            None => open.push((at, bracket)),
            Some(partner) => match open.pop() {
                Some((_, other)) if other == partner => {}
                Some((_, other)) => {
                    let message =
                        format!("closing parenthesis '{bracket}' does not match opening parenthesis '{other}'");
                    return Some((at, message));
                }
                None => return Some((at, format!("unmatched '{bracket}'"))),
            },
        }
    }
    open.pop().map(|(at, bracket)| (at, format!("'{bracket}' was never closed")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustpython_parser::Parse;
    use rustpython_parser::ast::Suite;

    fn message(text: &str) -> String {
        let source = Source::new("test.py".into(), text.to_owned());
        match Suite::parse(text, "test.py") {
            Ok(_) => panic!("{text} is Python"),
            Err(error) => diagnostic(&source, &error).to_string(),
        }
    }

    #[test]
    fn errors_are_told_as_cpython_tells_them() {
        for (text, told) in [
            (
                "def f(x:\n    return (x + [1)\n",
                "test.py:2:19: SyntaxError: closing parenthesis ')' does not match opening parenthesis '['",
            ),
            ("x = (1\n", "test.py:1:5: SyntaxError: '(' was never closed"),
            ("x = (1 $ 2)\n", "test.py:1:8: SyntaxError: Got unexpected token $"),
            ("x = 1)\n", "test.py:1:6: SyntaxError: unmatched ')'"),
            ("x = (1,\ny = 2\n", "test.py:1:5: SyntaxError: '(' was never closed"),
            ("x = ')('[\ny = 2", "test.py:1:9: SyntaxError: '[' was never closed"),
            ("if x\n    y = 1\n", "test.py:1:5: SyntaxError: expected ':'"),
            ("for i in range(3)\n    pass\n", "test.py:1:18: SyntaxError: expected ':'"),
            ("x = 1 +\n", "test.py:1:8: SyntaxError: invalid syntax: the line ends too early"),
            ("é = 1 1\n", "test.py:1:7: SyntaxError: invalid syntax. Got unexpected token '1'"),
        ] {
            assert_eq!(message(text), told, "{text}");
        }
    }
}
