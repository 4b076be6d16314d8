//! Why a schedule cannot be made. The authors of the passes named in it are to blame, or who asked for a goal out of reach.

use crate::property::Property;
use std::fmt;

/// Who needs a property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Need {
    /// The goal itself.
    Goal,
    /// A pass, by name.
    Pass(String),
}

impl fmt::Display for Need {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Goal => formatter.write_str("the goal"),
            Self::Pass(pass) => write!(formatter, "pass `{pass}`"),
        }
    }
}

/// `before` must run before `after`, because of `property`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The one that runs first.
    pub before: String,
    /// The one that runs second.
    pub after: String,
    /// The property that the first establishes and the second requires.
    pub property: Property,
}

impl fmt::Display for Link {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "`{}` requires {}, which `{}` establishes", self.after, self.property, self.before)
    }
}

/// Why a pass that would help cannot run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// It requires what nothing can establish.
    Lacks(Property),
    /// It was excluded by name.
    Excluded,
    /// It would lead back to the stage of the start, or to one above it.
    LeadsBack,
}

/// A pass that would help, but cannot run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocked {
    /// The pass.
    pub pass: String,
    /// What it would establish.
    pub establishes: Property,
    /// Why it cannot.
    pub obstacle: Obstacle,
}

impl fmt::Display for Blocked {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { pass, establishes, obstacle } = self;
        write!(formatter, "pass `{pass}` would establish {establishes}, but ")?;
        match obstacle {
            Obstacle::Lacks(property) => write!(formatter, "lacks {property}"),
            Obstacle::Excluded => formatter.write_str("is excluded"),
            Obstacle::LeadsBack => formatter.write_str("leads back to a stage that lies behind"),
        }
    }
}

/// Why a schedule cannot be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScheduleError {
    /// A pass was named that is not registered.
    UnknownPass {
        /// The name.
        name: String,
        /// The registered name that is most like it.
        similar: Option<String>,
    },
    /// Nothing can establish a property that is needed.
    MissingProvider {
        /// The property.
        property: Property,
        /// Who needs it.
        needed_by: Need,
        /// The passes that would establish it, then those that would establish what these lack, and so on.
        blocked: Vec<Blocked>,
    },
    /// Several passes establish a property that has only one provider.
    AmbiguousProvider {
        /// The property.
        property: Property,
        /// The passes.
        passes: Vec<String>,
    },
    /// Passes require of each other what they establish, in a circle.
    Cycle {
        /// The circle; the last link leads back to the first.
        links: Vec<Link>,
    },
    /// A property that cannot be established again is lost before it is used.
    Lost {
        /// The property.
        property: Property,
        /// The pass that invalidates it.
        invalidated_by: String,
        /// Who needs it afterwards.
        needed_by: Need,
    },
}

impl fmt::Display for ScheduleError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownPass { name, similar } => {
                write!(formatter, "there is no pass `{name}`")?;
                similar.iter().try_for_each(|similar| write!(formatter, "; is `{similar}` meant?"))
            }
            Self::MissingProvider { property, needed_by, blocked } => {
                write!(formatter, "{needed_by} needs {property}, which nothing can establish from here")?;
                blocked.iter().try_for_each(|blocked| write!(formatter, "; {blocked}"))
            }
            Self::AmbiguousProvider { property, passes } => {
                let passes: Vec<_> = passes.iter().map(|pass| format!("`{pass}`")).collect();
                write!(
                    formatter,
                    "{property} has one provider by its nature, but is established by {}",
                    passes.join(", ")
                )
            }
            Self::Cycle { links } => {
                formatter.write_str("passes wait for each other")?;
                links.iter().try_for_each(|link| write!(formatter, "; {link}"))
            }
            Self::Lost { property, invalidated_by, needed_by } => write!(
                formatter,
                "{needed_by} needs {property}, which pass `{invalidated_by}` ends before, and which nothing establishes again"
            ),
        }
    }
}

impl std::error::Error for ScheduleError {}
