//! Built-ins that compiled code cannot have by its nature, and why: there is no interpreter behind it.

const NAMES: &str = "compiled code keeps no dictionary of names";
const SOURCE: &str = "compiled code holds no compiler";
const FILES: &str = "compiled code reads and writes arrays; files and consoles are read before it is called";

/// Names and reasons.
static REFUSED: &[(&str, &str)] = &[
    ("locals", NAMES),
    ("globals", NAMES),
    ("vars", NAMES),
    ("dir", NAMES),
    ("eval", SOURCE),
    ("exec", SOURCE),
    ("compile", SOURCE),
    ("__import__", SOURCE),
    ("open", FILES),
    ("input", FILES),
];

/// Why a built-in is not compiled; None for those that may be one day.
pub(crate) fn reason(name: &str) -> Option<&'static str> {
    REFUSED.iter().find(|(refused, _)| *refused == name).map(|(_, reason)| *reason)
}
