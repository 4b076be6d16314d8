//! What ends a command without a result.

use numir::Error;
use std::io;
use std::path::Path;

/// Why a command has no result.
#[derive(Debug)]
pub enum Failure {
    /// The command line asks for something that does not exist: exit code 2.
    Usage {
        /// What is wrong.
        message: String,
        /// What would work.
        help: Option<String>,
    },
    /// A file or the program is wrong, or the machine has no room: exit code 1.
    Plain {
        /// What is wrong.
        message: String,
        /// What would work.
        help: Option<String>,
    },
    /// What the compiler says, or the program raised: exit code 1.
    Compiler(Error),
    /// What a child process has already put into words: exit code 1.
    Rendered(String),
}

impl Failure {
    /// A wrong command line.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::Usage { message: message.into(), help: None }
    }

    /// Something else that is wrong.
    pub fn plain(message: impl Into<String>) -> Self {
        Self::Plain { message: message.into(), help: None }
    }

    /// A file that cannot be read.
    pub fn reading(path: &Path, error: &io::Error) -> Self {
        Self::plain(format!("cannot read {}: {}", path.display(), words(error)))
    }

    /// A file that cannot be written.
    pub fn writing(path: &Path, error: &io::Error) -> Self {
        Self::plain(format!("cannot write {}: {}", path.display(), words(error)))
    }

    /// Standard output that cannot be written.
    pub fn output(error: io::Error) -> Self {
        Self::plain(format!("cannot write to standard output: {}", words(&error)))
    }

    /// Says what would work.
    pub fn with_help(self, text: impl Into<String>) -> Self {
        match self {
            Self::Usage { message, .. } => Self::Usage { message, help: Some(text.into()) },
            Self::Plain { message, .. } => Self::Plain { message, help: Some(text.into()) },
            other => other,
        }
    }

    /// The exit code of the process.
    pub fn exit_code(&self) -> i32 {
        if matches!(self, Self::Usage { .. }) { 2 } else { 1 }
    }
}

/// The operating system's words without Rust's number behind them.
pub fn words(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or_default().to_owned()
}

impl<E: Into<Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Compiler(error.into())
    }
}
