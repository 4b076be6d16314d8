//! What passes require, establish and invalidate: a property is a named promise about the module.

use std::fmt;

/// How the scheduler treats a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A stage of the way down. At most one holds at a time: establishing one ends all others.
    Stage,
    /// Established by exactly one pass of a schedule; two candidates are an error.
    Exclusive,
    /// Established by all registered passes that can run, together. Optimisations use it: an out-of-tree pass joins by
    /// declaring that it establishes one.
    Shared,
}

/// A named promise about the module between two passes. Compared by kind and name, so that crates which know nothing of each
/// other can speak of the same one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Property {
    kind: Kind,
    name: &'static str,
}

impl Property {
    /// A stage; `name` is written without the `stage:` that `Display` puts before it.
    pub const fn stage(name: &'static str) -> Self {
        Self { kind: Kind::Stage, name }
    }

    /// A property with one provider.
    pub const fn exclusive(name: &'static str) -> Self {
        Self { kind: Kind::Exclusive, name }
    }

    /// A property that holds once all its providers have run.
    pub const fn shared(name: &'static str) -> Self {
        Self { kind: Kind::Shared, name }
    }

    /// How the scheduler treats it.
    pub const fn kind(self) -> Kind {
        self.kind
    }

    /// Its bare name, for example `linalg` or `inlined`.
    pub const fn name(self) -> &'static str {
        self.name
    }
}

impl fmt::Display for Property {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.kind == Kind::Stage {
            formatter.write_str("stage:")?;
        }
        formatter.write_str(self.name)
    }
}
