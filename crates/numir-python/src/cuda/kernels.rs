//! What compiled kernels say of themselves.

use super::ask;
use crate::compile::specialisation_for;
use pyo3::prelude::*;

/// Adds the function to the extension module.
pub(super) fn install(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(kernel_attributes, module)?)
}

/// What the kernels use that a dispatcher launches for declared types, by the number that CUDA's driver has for an attribute of functions.
#[pyfunction]
fn kernel_attributes(dispatcher: &Bound<'_, PyAny>, types: Vec<String>, name: u32) -> PyResult<Vec<u32>> {
    let specialisation = specialisation_for(dispatcher, &types)?;
    ask(dispatcher.py(), || specialisation.kernel_attributes(name))
}
