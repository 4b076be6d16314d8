//! What can go wrong, by who is to blame and has to act.

use numir_codegen as codegen;
use numir_frontend::Diagnostic;
use numir_pipeline::run::RunError;
use numir_pipeline::schedule::ScheduleError;
use numir_pipeline::{Blame, PipelineError, Place, Severity};
use numir_runtime::RaisedError;
use numir_runtime::loader::LoadError;
use std::fmt;

/// Why there is no result.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The user's program, or a call of it, is wrong; at a place in its source where there is one.
    #[error("{0}")]
    User(Box<Diagnostic>),
    /// The program raised an exception while it ran.
    #[error("{0}")]
    Raised(Box<RaisedError>),
    /// A module that was handed in is not what its stage promises.
    #[error("{0}")]
    Input(Box<InputError>),
    /// There is no such target, or its code cannot run here.
    #[error("{0}")]
    Target(String),
    /// The passes that are linked into this program do not fit together.
    #[error("{0}")]
    Pass(String),
    /// numir itself failed on a valid program.
    #[error("{0}")]
    Numir(Box<Bug>),
}

/// What is wrong with a module that was handed in.
#[derive(Clone, Debug)]
pub struct InputError {
    /// The file, as it was named.
    pub file: String,
    /// Where in it; lines and columns from 1.
    pub place: Option<Place>,
    /// What.
    pub message: String,
    /// More about it, each with its own place.
    pub notes: Vec<(Option<Place>, String)>,
}

impl fmt::Display for InputError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Some(place) => write!(formatter, "{place}: {}", self.message),
            None => write!(formatter, "{}: {}", self.file, self.message),
        }
    }
}

/// A failure of numir's own.
#[derive(Clone, Debug)]
pub struct Bug {
    /// What happened, for who reads the report.
    pub message: String,
    /// Where in the program's source numir was.
    pub place: Option<Place>,
    /// The input of the pass that failed with its pipeline, where `NUMIR_REPRODUCER=1` asked for it.
    pub reproducer: Option<String>,
}

impl fmt::Display for Bug {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.place.iter().try_for_each(|place| write!(formatter, "{place}: "))?;
        formatter.write_str(&self.message)
    }
}

/// Whose work a module is: who is blamed if it turns out to be invalid.
#[derive(Clone, Debug)]
pub(crate) enum Origin {
    /// numir's front end made it of a Python program.
    FrontEnd,
    /// It was parsed from a file, or from a text of that name.
    Foreign(String),
}

impl Error {
    pub(crate) fn bug(message: impl Into<String>) -> Self {
        Self::Numir(Box::new(Bug { message: message.into(), place: None, reproducer: None }))
    }

    /// Diagnostics of MLIR or of a pass, with what was done when they came up.
    pub(crate) fn of_diagnostics(
        origin: &Origin,
        doing: &str,
        diagnostics: &[numir_pipeline::Diagnostic],
        reproducer: Option<String>,
    ) -> Self {
        let first = diagnostics.iter().find(|diagnostic| diagnostic.severity == Severity::Error);
        let place = first.and_then(|error| error.place.clone());
        let message = first.map_or_else(|| format!("{doing} failed without a word"), |error| error.message.clone());
        let blamed = first.and_then(|error| error.blame);
        let foreign = match (origin, blamed) {
            (_, Some(Blame::Compiler)) => None,
            (Origin::Foreign(file), _) => Some(file.clone()),
            (Origin::FrontEnd, Some(Blame::Program)) => place.as_ref().map(|place| place.file.clone()),
            (Origin::FrontEnd, None) => None,
        };
        match foreign {
            Some(file) => {
                let notes = first.map_or(&[][..], |error| &error.notes);
                let notes = notes.iter().map(|note| (note.place.clone(), note.message.clone())).collect();
                Self::Input(Box::new(InputError { file, place, message, notes }))
            }
            None => Self::Numir(Box::new(Bug { message: format!("{doing}: {message}"), place, reproducer })),
        }
    }

    pub(crate) fn of_run(origin: &Origin, error: RunError) -> Self {
        let doing = error.pass.map_or_else(|| "verifying the result".to_owned(), |pass| format!("pass `{pass}`"));
        Self::of_diagnostics(origin, &doing, &error.diagnostics, error.reproducer)
    }

    pub(crate) fn of_codegen(origin: &Origin, error: codegen::Error) -> Self {
        match (error.blame(), origin) {
            (codegen::Blame::User, _) => Self::Target(error.to_string()),
            (codegen::Blame::Module, Origin::Foreign(file)) => Self::Input(Box::new(InputError {
                file: file.clone(),
                place: None,
                message: error.to_string(),
                notes: Vec::new(),
            })),
            _ => Self::bug(error.to_string()),
        }
    }

    pub(crate) fn of_load(target: &str, error: &LoadError) -> Self {
        match error {
            LoadError::ForeignMachine(_) => Self::Target(format!("code for {target} cannot run on this machine")),
            _ => Self::bug(error.to_string()),
        }
    }
}

impl From<Box<Diagnostic>> for Error {
    fn from(diagnostic: Box<Diagnostic>) -> Self {
        Self::User(diagnostic)
    }
}

impl From<ScheduleError> for Error {
    fn from(error: ScheduleError) -> Self {
        Self::Pass(error.to_string())
    }
}

impl From<PipelineError> for Error {
    fn from(error: PipelineError) -> Self {
        Self::Pass(error.to_string())
    }
}
