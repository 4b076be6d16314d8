//! Options and statistics that a pass declares as data: `my-pass{limit=4}` in any pipeline's text; counts in the report of a run.

use std::fmt;

/// The value of an option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OptionValue {
    /// `true` or `false`.
    Bool(bool),
    /// A signed number.
    Int(i64),
    /// A word; text with spaces or commas is written in quotes or braces.
    Text(String),
}

/// The default of an option, which also fixes its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OptionDefault {
    /// `true` or `false`.
    Bool(bool),
    /// A signed number.
    Int(i64),
    /// A word.
    Text(&'static str),
}

impl OptionDefault {
    /// The default as a value.
    pub fn value(self) -> OptionValue {
        match self {
            Self::Bool(value) => OptionValue::Bool(value),
            Self::Int(value) => OptionValue::Int(value),
            Self::Text(value) => OptionValue::Text(value.to_owned()),
        }
    }
}

/// An option that a pass takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OptionSpec {
    /// Its name, as written in a pipeline.
    pub name: &'static str,
    /// One sentence for `--help`.
    pub summary: &'static str,
    /// What holds when it is not given.
    pub default: OptionDefault,
}

impl OptionSpec {
    /// A yes-or-no option.
    pub const fn bool(name: &'static str, default: bool, summary: &'static str) -> Self {
        Self { name, summary, default: OptionDefault::Bool(default) }
    }

    /// A numeric option.
    pub const fn int(name: &'static str, default: i64, summary: &'static str) -> Self {
        Self { name, summary, default: OptionDefault::Int(default) }
    }

    /// A textual option.
    pub const fn text(name: &'static str, default: &'static str, summary: &'static str) -> Self {
        Self { name, summary, default: OptionDefault::Text(default) }
    }
}

/// A counter that a pass increments. `numir-opt --mlir-pass-statistics` shows it too, where LLVM is built with statistics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatisticSpec {
    /// Its name.
    pub name: &'static str,
    /// What it counts.
    pub summary: &'static str,
}

impl fmt::Display for OptionValue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(value) => value.fmt(formatter),
            Self::Int(value) => value.fmt(formatter),
            Self::Text(value) => value.fmt(formatter),
        }
    }
}
