//! Source files and places in them.

use rustpython_parser::text_size::TextRange;
use std::path::PathBuf;
use std::sync::Arc;

/// A Python file: where it came from and what it says.
#[derive(Debug)]
pub struct Source {
    /// The path as the user gave it; `<library>/math.py` for numir's own library.
    pub path: PathBuf,
    /// The text.
    pub text: String,
    line_starts: Vec<usize>,
}

impl Source {
    /// Takes a file's path and text.
    pub fn new(path: PathBuf, text: String) -> Arc<Self> {
        let line_starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Arc::new(Self { path, text, line_starts })
    }

    /// Line and column of a byte offset, both from 1; the column counts characters.
    pub fn position(&self, offset: usize) -> (usize, usize) {
        let line = self.line_starts.partition_point(|start| *start <= offset).max(1);
        let start = self.line_starts[line - 1];
        let column = self.text.get(start..offset).map_or(offset - start, |text| text.chars().count());
        (line, column + 1)
    }

    /// The byte at which a line starts, counted from 1; None past the end.
    pub fn line_start(&self, line: usize) -> Option<usize> {
        self.line_starts.get(line.checked_sub(1)?).copied()
    }

    /// The text of a line, counted from 1, without its line break; empty past the end.
    pub fn line(&self, line: usize) -> &str {
        self.text.lines().nth(line.wrapping_sub(1)).unwrap_or("")
    }
}

/// A stretch of a source file, in bytes.
#[derive(Clone, Debug)]
pub struct Span {
    /// The file.
    pub source: Arc<Source>,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The span of a syntax node's range.
    pub fn new(source: &Arc<Source>, range: TextRange) -> Self {
        Self { source: source.clone(), start: range.start().to_usize(), end: range.end().to_usize() }
    }

    /// Line and column of its start, both from 1.
    pub fn position(&self) -> (usize, usize) {
        self.source.position(self.start)
    }

    /// The text it covers.
    pub fn text(&self) -> &str {
        self.source.text.get(self.start..self.end).unwrap_or("")
    }
}
