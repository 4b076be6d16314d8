//! The statements at the top of a file. A user's file is parsed as a whole; of a module of the library, a statement is parsed when a name
//! is asked for that it may bind: a program takes few of a module's functions, and parsing them all took longer than typing it.

use crate::diagnostic::Diagnostic;
use crate::source::Source;
use crate::syntax;
use rustpython_parser::Parse;
use rustpython_parser::ast::{Stmt, Suite};
use rustpython_parser::text_size::TextSize;
use std::cell::OnceCell;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

/// The statements at the top of a file.
pub(crate) enum Body {
    /// All of them.
    Whole(Suite),
    /// Those of a module of the library, parsed where they are needed.
    Pieces(Pieces),
}

/// The text of a module in pieces, each a statement or some.
pub(crate) struct Pieces {
    pieces: Vec<Piece>,
    /// The pieces that may bind a name.
    binding: HashMap<&'static str, Vec<usize>>,
}

struct Piece {
    place: Range<usize>,
    statements: OnceCell<Suite>,
}

impl Body {
    /// The body of a module of the library. At the left margin of its text stand the module's docstring, and statements' first and last lines.
    pub(crate) fn of_library(text: &'static str) -> Self {
        let mut pieces = Vec::new();
        let mut binding: HashMap<_, Vec<_>> = HashMap::new();
        for place in places(text) {
            for name in bindable(&text[place.clone()]) {
                binding.entry(name).or_default().push(pieces.len());
            }
            pieces.push(Piece { place, statements: OnceCell::new() });
        }
        Self::Pieces(Pieces { pieces, binding })
    }

    /// The statements that have been parsed.
    pub(crate) fn parsed(&self) -> impl Iterator<Item = &Stmt> {
        let (whole, pieces): (&[Stmt], &[Piece]) = match self {
            Self::Whole(suite) => (suite, &[]),
            Self::Pieces(pieces) => (&[], &pieces.pieces),
        };
        whole.iter().chain(pieces.iter().filter_map(|piece| piece.statements.get()).flatten())
    }

    /// Statements, among which are all that bind a name, in order.
    ///
    /// # Errors
    /// Where a module of the library is no Python.
    pub(crate) fn binding(&self, source: &Arc<Source>, name: &str) -> Result<Vec<&[Stmt]>, Box<Diagnostic>> {
        match self {
            Self::Whole(suite) => Ok(vec![suite.as_slice()]),
            Self::Pieces(pieces) => {
                let found = pieces.binding.get(name).into_iter().flatten();
                found.map(|piece| pieces.pieces[*piece].statements(source)).collect()
            }
        }
    }

    /// All statements.
    ///
    /// # Errors
    /// As for [`Body::binding`].
    pub(crate) fn all(&self, source: &Arc<Source>) -> Result<Vec<&[Stmt]>, Box<Diagnostic>> {
        match self {
            Self::Whole(suite) => Ok(vec![suite.as_slice()]),
            Self::Pieces(pieces) => pieces.pieces.iter().map(|piece| piece.statements(source)).collect(),
        }
    }
}

impl Piece {
    fn statements(&self, source: &Arc<Source>) -> Result<&[Stmt], Box<Diagnostic>> {
        if let Some(known) = self.statements.get() {
            return Ok(known);
        }
        let start = TextSize::new(self.place.start as u32);
        let parsed = Suite::parse_starts_at(&source.text[self.place.clone()], &source.path.to_string_lossy(), start)
            .map_err(|error| syntax::diagnostic(source, &error))?;
        Ok(self.statements.get_or_init(|| parsed))
    }
}

/// Where the pieces of a module's text are, without its docstring.
fn places(text: &str) -> Vec<Range<usize>> {
    let body = match text.strip_prefix("\"\"\"").and_then(|rest| rest.find("\"\"\"")) {
        Some(length) => length + 6,
        None => 0,
    };
    let mut places: Vec<Range<usize>> = Vec::new();
    let mut line_start = 0;
    let mut is_decorated = false;
    for line in text.split_inclusive('\n') {
        let place = line_start..line_start + line.len();
        line_start = place.end;
        if place.start < body {
            continue;
        }
        let begins = line.starts_with(|first: char| first.is_alphabetic() || first == '_' || first == '@');
        match places.last_mut() {
            Some(last) if !begins || is_decorated => last.end = place.end,
            _ if begins => places.push(place),
            _ => {}
        }
        is_decorated = line.starts_with('@');
    }
    places
}

/// The names that a piece binds, and some that it does not.
fn bindable(piece: &'static str) -> Vec<&'static str> {
    let word =
        |text: &'static str| text.split(|part: char| !part.is_alphanumeric() && part != '_').next().unwrap_or("");
    let mut lines = piece.lines().skip_while(|line| line.starts_with('@'));
    let first = lines.next().unwrap_or("");
    if let Some(rest) = first.strip_prefix("def ") {
        return vec![word(rest)];
    }
    // Of an import every word, of an assignment those before its value.
    let is_import = first.starts_with("from ") || first.starts_with("import ");
    let names = if is_import { piece } else { piece.split(" = ").next().unwrap_or(piece) };
    names.split(|part: char| !part.is_alphanumeric() && part != '_').filter(|name| !name.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::library;
    use rustpython_parser::ast::Expr;
    use std::path::PathBuf;

    /// In pieces, each module of the library is what it is as a whole, and each piece is found by the names that it binds.
    #[test]
    fn the_librarys_pieces_are_its_modules() {
        for (module, text) in library::MODULES {
            let source = Source::new(PathBuf::from(module), (*text).to_owned());
            let body = Body::of_library(text);
            let pieces: Vec<&Stmt> = body.all(&source).expect(module).into_iter().flatten().collect();
            let whole = Suite::parse(text, module).expect(module);
            let without_docstring = whole.iter().filter(|statement| !matches!(statement, Stmt::Expr(_)));
            for (piece, statement) in pieces.iter().zip(without_docstring.clone()) {
                assert_eq!(format!("{piece:?}"), format!("{statement:?}"), "{module}");
            }
            assert_eq!(pieces.len(), without_docstring.count(), "{module}");
            for statement in pieces {
                for name in bound(statement) {
                    let found = body.binding(&source, &name).expect(module);
                    assert!(found.into_iter().flatten().any(|other| std::ptr::eq(other, statement)), "{module}.{name}");
                }
            }
        }
    }

    fn bound(statement: &Stmt) -> Vec<String> {
        match statement {
            Stmt::FunctionDef(node) => vec![node.name.to_string()],
            Stmt::Assign(node) => node.targets.iter().flat_map(targets).collect(),
            Stmt::Import(node) => {
                node.names.iter().map(|alias| alias.asname.as_ref().unwrap_or(&alias.name).to_string()).collect()
            }
            Stmt::ImportFrom(node) => {
                node.names.iter().map(|alias| alias.asname.as_ref().unwrap_or(&alias.name).to_string()).collect()
            }
            other => panic!("another kind of statement at the top of a module: {other:?}"),
        }
    }

    fn targets(target: &Expr) -> Vec<String> {
        match target {
            Expr::Name(name) => vec![name.id.to_string()],
            Expr::Tuple(tuple) => tuple.elts.iter().flat_map(targets).collect(),
            other => panic!("another kind of target at the top of a module: {other:?}"),
        }
    }
}
