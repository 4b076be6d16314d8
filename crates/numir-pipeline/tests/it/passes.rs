//! Passes for tests: a pass that exists only as data, and a registry of such.

use numir_pipeline::{Anchor, Entry, Op, Pass, PassContext, PassError, Property, Registry};

/// A pass that does nothing but declare.
#[derive(Clone, Copy, Debug)]
pub struct Declared {
    pub name: &'static str,
    pub anchor: Anchor,
    pub requires: &'static [Property],
    pub establishes: &'static [Property],
    pub invalidates: &'static [Property],
    pub after: &'static [&'static str],
    pub before: &'static [&'static str],
}

impl Declared {
    pub const fn new(
        name: &'static str,
        requires: &'static [Property],
        establishes: &'static [Property],
        invalidates: &'static [Property],
    ) -> Self {
        Self { name, anchor: Anchor::Module, requires, establishes, invalidates, after: &[], before: &[] }
    }

    pub const fn on_functions(self) -> Self {
        Self { anchor: Anchor::Function, ..self }
    }
}

impl Pass for Declared {
    fn name(&self) -> &'static str {
        self.name
    }

    fn summary(&self) -> &'static str {
        "A pass of a test"
    }

    fn anchor(&self) -> Anchor {
        self.anchor
    }

    fn requires(&self) -> &'static [Property] {
        self.requires
    }

    fn establishes(&self) -> &'static [Property] {
        self.establishes
    }

    fn invalidates(&self) -> &'static [Property] {
        self.invalidates
    }

    fn after(&self) -> &'static [&'static str] {
        self.after
    }

    fn before(&self) -> &'static [&'static str] {
        self.before
    }

    fn run<'c>(&self, _: Op<'c>, _: &PassContext<'c>) -> Result<(), PassError> {
        Ok(())
    }
}

/// A registry of these passes, which are leaked.
pub fn registry(passes: &[Declared]) -> Registry {
    Registry::new(passes.iter().map(|pass| Entry::Rust(Box::leak(Box::new(*pass))))).expect("names differ")
}
