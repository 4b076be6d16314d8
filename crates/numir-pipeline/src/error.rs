//! How a pass says that it cannot go on, and who is to blame.

use melior::ir::Location;
use mlir_sys::MlirLocation;
use std::fmt;

/// Whom an error blames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blame {
    /// The program being compiled: its author can change it.
    Program,
    /// numir itself: a bug to report.
    Compiler,
}

/// A pass that cannot go on. It becomes an MLIR error diagnostic at its location.
///
/// It must be returned from the run that made it: the location belongs to the context of that run.
pub struct PassError {
    blame: Blame,
    message: String,
    pub(crate) location: Option<MlirLocation>,
    pub(crate) notes: Vec<(Option<MlirLocation>, String)>,
}

impl PassError {
    /// The program at `location` is at fault; `message` is in its author's words.
    pub fn program(location: Location<'_>, message: impl Into<String>) -> Self {
        Self::new(Blame::Program, Some(location), message)
    }

    /// numir is at fault: the IR at `location` is not what the pass was promised.
    pub fn compiler(location: Location<'_>, message: impl Into<String>) -> Self {
        Self::new(Blame::Compiler, Some(location), message)
    }

    fn new(blame: Blame, location: Option<Location<'_>>, message: impl Into<String>) -> Self {
        Self { blame, message: message.into(), location: location.map(Location::to_raw), notes: Vec::new() }
    }

    /// Adds a remark about another place, such as an earlier definition.
    pub fn note(mut self, location: Location<'_>, message: impl Into<String>) -> Self {
        self.notes.push((Some(location.to_raw()), message.into()));
        self
    }

    /// Whom it blames.
    pub fn blame(&self) -> Blame {
        self.blame
    }

    /// What happened, in one sentence.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The texts of its notes.
    pub fn notes(&self) -> impl Iterator<Item = &str> {
        self.notes.iter().map(|(_, text)| text.as_str())
    }
}

impl From<melior::Error> for PassError {
    /// A refusal by MLIR inside of a pass: the pass asked for something wrong.
    fn from(error: melior::Error) -> Self {
        Self::new(Blame::Compiler, None, error.to_string())
    }
}

impl fmt::Display for PassError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl fmt::Debug for PassError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "PassError({:?}: {})", self.blame, self.message)
    }
}

impl std::error::Error for PassError {}
