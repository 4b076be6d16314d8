//! The trait that a pass written in Rust implements, and what it sees while it runs.

use crate::dialects::DialectSource;
use crate::error::PassError;
use crate::option::{OptionSpec, OptionValue, StatisticSpec};
use crate::property::Property;
use crate::remarks::{self, Kind};
use melior::Context;
use numir_numeric::ir::Op;
use std::cell::Cell;

/// The operation that a pass is run on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Anchor {
    /// The whole `builtin.module`.
    Module,
    /// Each `func.func` by itself, possibly at the same time as others; the pass must not look outside of it.
    Function,
    /// Each operation of this name directly inside the module.
    Operation(&'static str),
}

impl Anchor {
    /// The name of the operation.
    pub const fn operation_name(self) -> &'static str {
        match self {
            Self::Module => "builtin.module",
            Self::Function => "func.func",
            Self::Operation(name) => name,
        }
    }
}

/// A pass. Declare it with [`register_pass!`](crate::register_pass); the scheduler and `numir-opt` then know it by name.
///
/// Passes hold no state between runs: MLIR runs one pass object on several functions at a time.
pub trait Pass: Send + Sync {
    /// Its name in pipelines, in lower case with hyphens; the file is named likewise.
    fn name(&self) -> &'static str;

    /// One sentence: what it does.
    fn summary(&self) -> &'static str;

    /// What it runs on.
    fn anchor(&self) -> Anchor {
        Anchor::Module
    }

    /// What must hold before it runs.
    fn requires(&self) -> &'static [Property] {
        &[]
    }

    /// What holds after it has run.
    fn establishes(&self) -> &'static [Property] {
        &[]
    }

    /// What may no longer hold after it has run. A pass that establishes a stage need not name the other stages.
    fn invalidates(&self) -> &'static [Property] {
        &[]
    }

    /// What it should run after, where that is scheduled and nothing stronger contradicts: names of passes, or of properties for
    /// all passes that establish them. `&["numeric-optimised"]` runs it after the optimisations without making them mandatory,
    /// as requiring the property would.
    fn after(&self) -> &'static [&'static str] {
        &[]
    }

    /// What it should run before, likewise.
    fn before(&self) -> &'static [&'static str] {
        &[]
    }

    /// The options it takes.
    fn options(&self) -> &'static [OptionSpec] {
        &[]
    }

    /// The counters it increments.
    fn statistics(&self) -> &'static [StatisticSpec] {
        &[]
    }

    /// The dialects of operations that it creates and that its input need not hold, for example `&[dialects::scf]`.
    fn dialects(&self) -> &'static [DialectSource] {
        &[]
    }

    /// Runs it on one operation of the kind that `anchor` names.
    fn run<'c>(&self, operation: Op<'c>, context: &PassContext<'c>) -> Result<(), PassError>;
}

/// What a pass sees while it runs: the context, its options, its statistics.
pub struct PassContext<'c> {
    context: &'c Context,
    pass: &'static str,
    options: Vec<(&'static str, OptionValue)>,
    statistics: Vec<(&'static str, Cell<u64>)>,
}

impl<'c> PassContext<'c> {
    /// The surroundings of a run of `pass` with these option values, one for each of `pass.options()`, in their order.
    pub(crate) fn new(context: &'c Context, pass: &dyn Pass, options: Vec<OptionValue>) -> Self {
        Self {
            context,
            pass: pass.name(),
            options: pass.options().iter().map(|spec| spec.name).zip(options).collect(),
            statistics: pass.statistics().iter().map(|spec| (spec.name, Cell::new(0))).collect(),
        }
    }

    /// The surroundings of a run of `pass` with its default options, for running it without a pass manager.
    pub fn with_defaults(context: &'c Context, pass: &dyn Pass) -> Self {
        Self::new(context, pass, pass.options().iter().map(|spec| spec.default.value()).collect())
    }

    /// The MLIR context.
    pub fn context(&self) -> &'c Context {
        self.context
    }

    /// The value of a yes-or-no option; false for one that the pass did not declare as such.
    pub fn flag(&self, name: &str) -> bool {
        matches!(self.option(name), Some(OptionValue::Bool(true)))
    }

    /// The value of a numeric option; 0 for one that the pass did not declare as such.
    pub fn int(&self, name: &str) -> i64 {
        match self.option(name) {
            Some(OptionValue::Int(value)) => *value,
            _ => 0,
        }
    }

    /// The value of a textual option; empty for one that the pass did not declare as such.
    pub fn text(&self, name: &str) -> &str {
        match self.option(name) {
            Some(OptionValue::Text(value)) => value,
            _ => "",
        }
    }

    fn option(&self, name: &str) -> Option<&OptionValue> {
        let option = self.options.iter().find(|(option, _)| *option == name);
        debug_assert!(option.is_some(), "the pass declares no option {name}");
        option.map(|(_, value)| value)
    }

    /// Says what the pass did to an operation, for who asks; the text is made only then.
    pub fn remark(&self, operation: Op<'c>, text: impl FnOnce() -> String) {
        remarks::leave(self.pass, Kind::Done, operation.location(), text);
    }

    /// Says what the pass could not do to an operation, and why.
    pub fn missed(&self, operation: Op<'c>, text: impl FnOnce() -> String) {
        remarks::leave(self.pass, Kind::Missed, operation.location(), text);
    }

    /// Adds to one of the declared statistics.
    pub fn count(&self, statistic: &str, amount: u64) {
        let counter = self.statistics.iter().find(|(name, _)| *name == statistic);
        debug_assert!(counter.is_some(), "the pass declares no statistic {statistic}");
        if let Some((_, count)) = counter {
            count.set(count.get() + amount);
        }
    }

    /// What has been counted so far, in the order of declaration.
    pub fn counts(&self) -> impl Iterator<Item = (&'static str, u64)> {
        self.statistics.iter().map(|(name, count)| (*name, count.get()))
    }
}
