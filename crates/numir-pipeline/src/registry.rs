//! All passes that are linked into this program, found without any list of them.

use crate::option::OptionSpec;
use crate::pass::{Anchor, Pass};
use crate::property::{Kind, Property};
use crate::upstream::Upstream;
use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

/// A registered pass: one of ours, or a use of one of MLIR's.
#[derive(Clone, Copy)]
pub enum Entry {
    /// A pass written in Rust.
    Rust(&'static dyn Pass),
    /// A pass of MLIR's, as data.
    Upstream(&'static Upstream),
}

inventory::collect!(Entry);

/// Declares a pass: `register_pass!(FoldCasts);` where `FoldCasts` is a constant expression of a type that implements
/// [`Pass`]. A crate that only declares passes must be named by its user (`use numir_passes as _;`) to be linked.
#[macro_export]
macro_rules! register_pass {
    ($pass:expr) => {
        $crate::inventory::submit! { $crate::Entry::Rust(const { &$pass }) }
    };
}

/// Declares a use of one of MLIR's passes, see [`Upstream`].
#[macro_export]
macro_rules! register_upstream {
    ($upstream:expr) => {
        $crate::inventory::submit! { $crate::Entry::Upstream(const { &$upstream }) }
    };
}

impl Entry {
    /// Its name, unique among all passes.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Rust(pass) => pass.name(),
            Self::Upstream(pass) => pass.name,
        }
    }

    /// What is written into a pipeline.
    pub fn element(&self) -> &'static str {
        match self {
            Self::Rust(pass) => pass.name(),
            Self::Upstream(pass) => pass.element,
        }
    }

    /// One sentence: what it does.
    pub fn summary(&self) -> &'static str {
        match self {
            Self::Rust(pass) => pass.summary(),
            Self::Upstream(pass) => pass.summary,
        }
    }

    /// What it runs on.
    pub fn anchor(&self) -> Anchor {
        match self {
            Self::Rust(pass) => pass.anchor(),
            Self::Upstream(pass) => pass.anchor,
        }
    }

    /// What must hold before it runs.
    pub fn requires(&self) -> &'static [Property] {
        match self {
            Self::Rust(pass) => pass.requires(),
            Self::Upstream(pass) => pass.requires,
        }
    }

    /// What holds after it has run.
    pub fn establishes(&self) -> &'static [Property] {
        match self {
            Self::Rust(pass) => pass.establishes(),
            Self::Upstream(pass) => pass.establishes,
        }
    }

    /// What may no longer hold after it has run, as declared.
    pub fn invalidates(&self) -> &'static [Property] {
        match self {
            Self::Rust(pass) => pass.invalidates(),
            Self::Upstream(pass) => pass.invalidates,
        }
    }

    /// What it should run after: names of passes, or of properties for all passes that establish them.
    pub fn after(&self) -> &'static [&'static str] {
        match self {
            Self::Rust(pass) => pass.after(),
            Self::Upstream(pass) => pass.after,
        }
    }

    /// What it should run before, likewise.
    pub fn before(&self) -> &'static [&'static str] {
        match self {
            Self::Rust(pass) => pass.before(),
            Self::Upstream(pass) => pass.before,
        }
    }

    /// Whether a hint means it: by its name, or by the name of a property that it establishes.
    pub fn is_meant_by(&self, hint: &str) -> bool {
        self.name() == hint || self.establishes().iter().any(|property| property.name() == hint)
    }

    /// The options it takes; none are declared for MLIR's passes, whose element holds them.
    pub fn options(&self) -> &'static [OptionSpec] {
        match self {
            Self::Rust(pass) => pass.options(),
            Self::Upstream(_) => &[],
        }
    }
}

/// Declarations that cannot be; the authors of the passes are to blame.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RegistryError {
    /// Two passes have one name.
    #[error("two passes are registered under the name `{name}`")]
    Duplicate {
        /// The name.
        name: String,
    },
    /// A pass says that the module is at two stages after it.
    #[error("pass `{name}` establishes two stages at once")]
    TwoStages {
        /// The pass.
        name: String,
    },
}

/// The passes that a schedule may choose from, by name.
#[derive(Clone, Default)]
pub struct Registry {
    entries: BTreeMap<&'static str, Entry>,
    /// The entry behind each word of an element, where that is not the entry's name.
    words: HashMap<&'static str, Entry>,
}

impl Registry {
    /// A registry of exactly these passes.
    pub fn new(entries: impl IntoIterator<Item = Entry>) -> Result<Self, RegistryError> {
        let mut registry = Self::default();
        for entry in entries {
            let stages = entry.establishes().iter().filter(|property| property.kind() == Kind::Stage);
            if stages.count() > 1 {
                return Err(RegistryError::TwoStages { name: entry.name().to_owned() });
            }
            if registry.entries.insert(entry.name(), entry).is_some() {
                return Err(RegistryError::Duplicate { name: entry.name().to_owned() });
            }
            registry.words.extend(crate::known::words(entry.element()).map(|word| (word, entry)));
        }
        Ok(registry)
    }

    /// All passes declared in the crates that are linked into this program.
    pub fn global() -> Result<&'static Self, RegistryError> {
        static GLOBAL: OnceLock<Result<Registry, RegistryError>> = OnceLock::new();
        GLOBAL.get_or_init(|| Self::new(inventory::iter::<Entry>().copied())).as_ref().map_err(Clone::clone)
    }

    /// The pass of that name.
    pub fn get(&self, name: &str) -> Option<&Entry> {
        self.entries.get(name)
    }

    /// Hints that mean no pass of this registry, each with the pass that gives it: typing errors, or passes of a crate that is
    /// not linked.
    pub fn unknown_hints(&self) -> Vec<(&'static str, &'static str)> {
        let hints = |entry: Entry| entry.after().iter().chain(entry.before()).map(move |hint| (entry.name(), *hint));
        self.entries()
            .copied()
            .flat_map(hints)
            .filter(|(_, hint)| !self.entries().any(|entry| entry.is_meant_by(hint)))
            .collect()
    }

    /// The pass that a word of a pipeline's text stands for.
    pub(crate) fn by_word(&self, word: &str) -> Option<&Entry> {
        self.words.get(word)
    }

    /// All passes, sorted by name.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values()
    }
}
