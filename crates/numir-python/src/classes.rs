//! Classes of named tuples and of enumerations: what the compiler calls them, and back. A class keeps its identity for as long as the process lives;
//! another one of the same module and name gets a number after it, as when a notebook's cell is run again.

use numir_interface::Class;
use pyo3::prelude::*;
use pyo3::types::{PyTuple, PyType};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

#[derive(Default)]
struct Known {
    by_address: HashMap<usize, Arc<Class>>,
    by_identity: HashMap<String, Py<PyType>>,
}

fn known() -> MutexGuard<'static, Known> {
    static KNOWN: LazyLock<Mutex<Known>> = LazyLock::new(Mutex::default);
    KNOWN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The names of a named tuple's items; none of an enumeration's; None for other classes.
fn fields_of(class: &Bound<'_, PyType>) -> PyResult<Option<Vec<String>>> {
    if class.is_subclass_of::<PyTuple>()? {
        return Ok(class.getattr_opt("_fields")?.and_then(|fields| fields.extract().ok()));
    }
    Ok(class.is_subclass(&class.py().import("enum")?.getattr("Enum")?)?.then(Vec::new))
}

/// What the compiler calls a class; None for what is neither made by `collections.namedtuple` or `typing.NamedTuple` nor an
/// enumeration.
pub(crate) fn class_of(class: &Bound<'_, PyType>) -> PyResult<Option<Arc<Class>>> {
    let address = class.as_ptr().addr();
    if let Some(class) = known().by_address.get(&address) {
        return Ok(Some(class.clone()));
    }
    let Some(fields) = fields_of(class)? else { return Ok(None) };
    let (name, path) = (class.name()?.to_string(), class.fully_qualified_name()?.to_string());
    let mut known = known();
    let mut identity = path.clone();
    let mut number = 1;
    while known.by_identity.contains_key(&identity) {
        number += 1;
        identity = format!("{path}#{number}");
    }
    let described = Arc::new(Class { identity: identity.clone(), name, fields });
    known.by_address.insert(address, described.clone());
    // The class is kept alive, so that its address stays its own.
    known.by_identity.insert(identity, class.clone().unbind());
    Ok(Some(described))
}

/// The class of an identity, where this process has met it or NumPy has it.
#[pyfunction]
pub(crate) fn class_named(py: Python<'_>, identity: &str) -> Option<Py<PyType>> {
    let met = || known().by_identity.get(identity).map(|class| class.clone_ref(py));
    met().or_else(|| {
        let (module, name) = identity.rsplit_once('.').filter(|(module, _)| module.starts_with("numpy."))?;
        let class = py.import(module).ok()?.getattr(name).ok()?.cast_into::<PyType>().ok()?;
        class_of(&class).ok()?;
        met()
    })
}

/// The identity of a class of named tuples or of an enumeration.
#[pyfunction]
pub(crate) fn class_identity(class: &Bound<'_, PyType>) -> PyResult<Option<String>> {
    Ok(class_of(class)?.map(|class| class.identity.clone()))
}
