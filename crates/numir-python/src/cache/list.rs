//! What `python -m numir cache` shows of an entry.

use super::entry::Entry;
use super::identity::Identity;
use crate::environment::Step;
use numir_interface::Type;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::path::PathBuf;

/// What an entry holds: the function, its path and line, the types, and whether it is of this build of numir. None for a
/// file that is none or damaged.
#[pyfunction]
pub(crate) fn read_cache_entry(py: Python<'_>, path: PathBuf) -> PyResult<Option<Bound<'_, PyDict>>> {
    let Some(entry) = Entry::read(&path) else { return Ok(None) };
    let about = PyDict::new(py);
    let types = entry.key.arguments.iter().map(|ty| ty.as_ref().map_or("omitted".to_owned(), Type::to_string));
    about.set_item("function", entry.name)?;
    about.set_item("types", types.collect::<Vec<_>>())?;
    about.set_item("result", entry.compiled.result.to_string())?;
    if let Step::Function(_, function, definition) = &entry.key.function {
        about.set_item("path", definition.path.as_deref())?;
        about.set_item("line", function.line)?;
    }
    let current = Identity::get(py).is_some_and(|identity| entry.key.identity.is_of_build(identity));
    about.set_item("current", current)?;
    Ok(Some(about))
}
