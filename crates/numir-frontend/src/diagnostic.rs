//! What the front end tells a user: one headline, the places in the source, what would work.

use crate::source::Span;
use std::fmt;

/// The class of an error, named as the Python exception that carries it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The text is not Python.
    Syntax,
    /// A name that is not there.
    Name,
    /// Types that do not fit.
    Typing,
    /// Python that numir does not compile.
    Unsupported,
    /// A file or module that cannot be read.
    Import,
    /// A wrong number or kind of arguments, or a result that no caller can be given.
    Argument,
    /// A value or option that has no meaning where it stands.
    Value,
}

impl ErrorKind {
    /// The exception's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Syntax => "SyntaxError",
            Self::Name => "NameError",
            Self::Typing => "TypingError",
            Self::Unsupported => "UnsupportedError",
            Self::Import => "ImportError",
            Self::Argument => "TypeError",
            Self::Value => "NumbaValueError",
        }
    }
}

/// A place in the source and what is to be said there.
#[derive(Clone, Debug)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// A few words shown under it; may be empty.
    pub text: String,
}

/// An error in the user's program.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// Its class.
    pub kind: ErrorKind,
    /// The headline, in the user's words.
    pub message: String,
    /// The places; the first one is where it is wrong. Empty where there is no source.
    pub labels: Vec<Label>,
    /// What would work.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error at `span`.
    pub fn new(kind: ErrorKind, span: &Span, message: impl Into<String>) -> Box<Self> {
        let label = Label { span: span.clone(), text: String::new() };
        Box::new(Self { kind, message: message.into(), labels: vec![label], help: None })
    }

    /// An error without a place in a source.
    pub fn without_source(kind: ErrorKind, message: impl Into<String>) -> Box<Self> {
        Box::new(Self { kind, message: message.into(), labels: Vec::new(), help: None })
    }

    /// Says what is seen at the first place.
    pub fn seen(mut self: Box<Self>, text: impl Into<String>) -> Box<Self> {
        if let Some(label) = self.labels.first_mut() {
            label.text = text.into();
        }
        self
    }

    /// Adds another place.
    pub fn also(mut self: Box<Self>, span: &Span, text: impl Into<String>) -> Box<Self> {
        self.labels.push(Label { span: span.clone(), text: text.into() });
        self
    }

    /// Says what would work.
    pub fn help(mut self: Box<Self>, text: impl Into<String>) -> Box<Self> {
        self.help = Some(text.into());
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(label) = self.labels.first() {
            let (line, column) = label.span.position();
            write!(formatter, "{}:{line}:{column}: ", label.span.source.path.display())?;
        }
        write!(formatter, "{}: {}", self.kind.name(), self.message)
    }
}

impl std::error::Error for Diagnostic {}
