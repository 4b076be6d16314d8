//! What goes over the border to the compiler's library and back, as bytes: postcard's encoding of these types. Both sides are
//! built from one workspace and refuse another [`VERSION`].

use crate::live::{Environment, File, Function, HostCode, HostNames, Object};
use crate::types::Type;
use serde::{Deserialize, Serialize};
use std::ffi::CStr;

/// The version of this encoding together with that of numir.
pub const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "/11");

/// The same for C.
pub const VERSION_TEXT: &CStr = match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "/11\0").as_bytes())
{
    Ok(text) => text,
    Err(_) => c"",
};

/// A function of a live program to be compiled.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// The number of the function.
    pub function: u32,
    /// The types of its arguments; None for a parameter left to its default.
    pub arguments: Vec<Option<Type>>,
    /// How it is compiled.
    pub options: Options,
    /// What is wanted.
    pub wanted: Wanted,
}

/// How a function is compiled.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Options {
    /// Whether indices are checked.
    pub bounds_check: bool,
    /// Whether Python's numbers raise ZeroDivisionError and the like.
    pub python_errors: bool,
    /// Whether long loops ask the host now and then if they are to end.
    pub interruptible: bool,
    /// LLVM's fast-math flags, separated by commas, for code that is compiled without flags of its own.
    pub fast_math: String,
    /// Whether whole-array operations of code that does not say it itself run on all threads where they are large.
    pub parallel: bool,
    /// How hard the passes and LLVM try, from 0 to 3.
    pub level: u8,
    /// The machine: `host`, or a name such as `x86-64-v3`, `cuda:sm_90` or `cuda-sim`.
    pub target: String,
    /// What it gives as a function of C, where it is to be one too.
    pub c_result: Option<Type>,
}

/// What a compilation is to give.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Wanted {
    /// An object to be loaded.
    Object,
    /// Text: a stage's name, `llvm-ir`, `asm` or `ptx`.
    Text(String),
    /// The types of all names, line by line.
    Types,
    /// What the passes and LLVM did and did not do, one remark per line.
    Remarks,
}

/// What the compiler asks while it works.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Question {
    /// [`Environment::function`](crate::live::Environment::function).
    Function(u32),
    /// [`Environment::file`](crate::live::Environment::file).
    File(u32),
    /// [`Environment::name`](crate::live::Environment::name).
    Name(u32, String),
    /// [`Environment::attribute`](crate::live::Environment::attribute).
    Attribute(u32, String),
    /// [`Environment::argument`](crate::live::Environment::argument).
    Argument(u32),
    /// [`Environment::overload`](crate::live::Environment::overload).
    Overload(u32, Vec<String>, Vec<(String, String)>),
    /// [`Environment::member`](crate::live::Environment::member).
    Member(String, String),
    /// [`Environment::host_names`](crate::live::Environment::host_names).
    HostNames(u32, (u32, u32)),
    /// [`Environment::host_code`](crate::live::Environment::host_code).
    HostCode(u32, (u32, u32), Vec<(String, Type)>),
    /// [`Environment::names`](crate::live::Environment::names).
    Names(u32),
}

/// The answer to a [`Question`] of the same name; None where there is none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Answer {
    /// A function.
    Function(Option<Function>),
    /// A file.
    File(Option<File>),
    /// What a name or attribute stands for.
    Object(Option<Object>),
    /// The names of a block, or why there is none.
    HostNames(Result<HostNames, String>),
    /// A block, or why there is none.
    HostCode(Result<HostCode, String>),
    /// Names.
    Names(Vec<String>),
}

impl Question {
    /// What an environment answers.
    pub fn answered_by(self, environment: &dyn Environment) -> Answer {
        match self {
            Self::Function(number) => Answer::Function(environment.function(number)),
            Self::File(number) => Answer::File(environment.file(number)),
            Self::Name(function, name) => Answer::Object(environment.name(function, &name)),
            Self::Attribute(object, name) => Answer::Object(environment.attribute(object, &name)),
            Self::Argument(number) => Answer::Object(environment.argument(number)),
            Self::Overload(object, positional, keywords) => {
                Answer::Object(environment.overload(object, &positional, &keywords))
            }
            Self::Member(of, name) => Answer::Object(environment.member(&of, &name)),
            Self::HostNames(function, place) => Answer::HostNames(environment.host_names(function, place)),
            Self::HostCode(function, place, inputs) => {
                Answer::HostCode(environment.host_code(function, place, &inputs))
            }
            Self::Names(function) => Answer::Names(environment.names(function)),
        }
    }
}

/// An environment that is reached by messages.
pub trait Asked {
    /// The answer to a question; None where none came.
    fn ask(&self, question: Question) -> Option<Answer>;
}

impl<A: Asked> Environment for A {
    fn function(&self, number: u32) -> Option<Function> {
        match self.ask(Question::Function(number)) {
            Some(Answer::Function(function)) => function,
            _ => None,
        }
    }

    fn file(&self, number: u32) -> Option<File> {
        match self.ask(Question::File(number)) {
            Some(Answer::File(file)) => file,
            _ => None,
        }
    }

    fn name(&self, function: u32, name: &str) -> Option<Object> {
        match self.ask(Question::Name(function, name.to_owned())) {
            Some(Answer::Object(object)) => object,
            _ => None,
        }
    }

    fn argument(&self, number: u32) -> Option<Object> {
        match self.ask(Question::Argument(number)) {
            Some(Answer::Object(object)) => object,
            _ => None,
        }
    }

    fn attribute(&self, object: u32, name: &str) -> Option<Object> {
        match self.ask(Question::Attribute(object, name.to_owned())) {
            Some(Answer::Object(object)) => object,
            _ => None,
        }
    }

    fn overload(&self, object: u32, positional: &[String], keywords: &[(String, String)]) -> Option<Object> {
        match self.ask(Question::Overload(object, positional.to_vec(), keywords.to_vec())) {
            Some(Answer::Object(object)) => object,
            _ => None,
        }
    }

    fn member(&self, of: &str, name: &str) -> Option<Object> {
        match self.ask(Question::Member(of.to_owned(), name.to_owned())) {
            Some(Answer::Object(object)) => object,
            _ => None,
        }
    }

    fn host_names(&self, function: u32, place: (u32, u32)) -> Result<HostNames, String> {
        match self.ask(Question::HostNames(function, place)) {
            Some(Answer::HostNames(names)) => names,
            _ => Err("the host does not answer".to_owned()),
        }
    }

    fn host_code(&self, function: u32, place: (u32, u32), inputs: &[(String, Type)]) -> Result<HostCode, String> {
        match self.ask(Question::HostCode(function, place, inputs.to_vec())) {
            Some(Answer::HostCode(code)) => code,
            _ => Err("the host does not answer".to_owned()),
        }
    }

    fn names(&self, function: u32) -> Vec<String> {
        match self.ask(Question::Names(function)) {
            Some(Answer::Names(names)) => names,
            _ => Vec::new(),
        }
    }
}

/// What became of a [`Request`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Reply {
    /// It was compiled.
    Compiled(Compiled),
    /// It was turned into text.
    Text(String),
    /// It could not be.
    Failed(Failure),
}

/// A compiled function.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Compiled {
    /// The relocatable object.
    #[serde(with = "bytes")]
    pub object: Vec<u8>,
    /// The symbol of its entry: `int entry(const slot *arguments, slot *results)`.
    pub entry: String,
    /// The symbol of the function of C that does the same, where one was asked for.
    pub c_entry: Option<String>,
    /// The types of its parameters, in order; None for one left to its default.
    pub parameters: Vec<Type>,
    /// The type of what it returns.
    pub result: Type,
    /// The numbers of the captured arrays, in the order in which a call hands them over after its arguments.
    pub captured: Vec<u32>,
    /// Whether a call may take long enough that others should run meanwhile: it loops or calls.
    pub may_take_long: bool,
    /// What the work took, step by step, in seconds.
    pub phases: Vec<(String, f64)>,
}

/// Why there is no result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The class of the error: `TypingError` and the like; `InternalError` where numir itself failed.
    pub kind: String,
    /// The headline.
    pub message: String,
    /// The headline with the places in the source, underlined, and what would work.
    pub rendered: String,
    /// The innermost place: path, line and column from 1, and the name of the function there.
    pub place: Option<(String, u32, u32, String)>,
}

/// A message as bytes.
pub fn encode(message: &impl Serialize) -> Vec<u8> {
    // The encoding fails only for types that do not know their length, which none of these is.
    postcard::to_stdvec(message).unwrap_or_default()
}

/// The message in some bytes; None where they are not one.
pub fn decode<'b, T: Deserialize<'b>>(bytes: &'b [u8]) -> Option<T> {
    postcard::from_bytes(bytes).ok()
}

/// Bytes in one piece, not item by item.
mod bytes {
    use serde::de::{Deserializer, Error, Visitor};
    use serde::ser::Serializer;

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(bytes)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = Vec<u8>;
            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("bytes")
            }
            fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
                Ok(bytes.to_vec())
            }
        }
        deserializer.deserialize_bytes(Bytes)
    }
}
