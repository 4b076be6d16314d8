//! Why an object is not loaded.

use std::fmt;
use std::io;

/// Why an object is not loaded.
#[derive(Debug)]
#[non_exhaustive]
pub enum LoadError {
    /// The bytes are no relocatable ELF object, or its tables do not fit together: a damaged file.
    Malformed(String),
    /// The object is for another kind of machine; with its number in ELF.
    ForeignMachine(u16),
    /// Nobody defines these symbols.
    Undefined(Vec<String>),
    /// Relocations of kinds that the loader does not know, by their numbers in ELF, each once.
    UnknownRelocations(Vec<u32>),
    /// What lies too far away for a relocation of that kind.
    OutOfRange {
        /// The relocation's number in ELF.
        relocation: u32,
        /// The symbol that it refers to; empty for a section.
        symbol: String,
    },
    /// Something that compiled code does not have and the loader does not do.
    Unsupported(&'static str),
    /// The system gives no memory, or does not let it be executed.
    Memory(io::Error),
}

impl fmt::Display for LoadError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(what) => write!(formatter, "the object is damaged: {what}"),
            Self::ForeignMachine(number) => {
                write!(formatter, "the object is for another machine (number {number} in ELF)")
            }
            Self::Undefined(names) => {
                write!(formatter, "undefined symbol{}: {}", if names.len() == 1 { "" } else { "s" }, names.join(", "))
            }
            Self::UnknownRelocations(kinds) => {
                let kinds: Vec<_> = kinds.iter().map(u32::to_string).collect();
                write!(formatter, "unknown kinds of relocations: {}", kinds.join(", "))
            }
            Self::OutOfRange { relocation, symbol } => {
                write!(formatter, "`{symbol}` is out of reach of a relocation of kind {relocation}")
            }
            Self::Unsupported(what) => write!(formatter, "the object has {what}, which the loader does not support"),
            Self::Memory(error) => write!(formatter, "no executable memory: {error}"),
        }
    }
}

impl std::error::Error for LoadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Memory(error) => Some(error),
            _ => None,
        }
    }
}

impl From<object::read::Error> for LoadError {
    fn from(error: object::read::Error) -> Self {
        Self::Malformed(error.to_string())
    }
}
