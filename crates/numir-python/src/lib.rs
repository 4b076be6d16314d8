//! `numir._numir`: the part of the Python package that is not Python. Calls of compiled functions, from Python's objects to machine
//! code and back; the loader and the runtime; and the way to the compiler, a library of its own that is opened when the first
//! function is compiled.
//!
//! **Invariants**: no LLVM here; a call of a compiled function takes no lock and, for common types, allocates nothing but its results;
//! no panic reaches the interpreter.

mod attached;
mod binding;
mod cache;
mod callbacks;
mod cast;
mod classes;
mod classify;
mod codes;
mod compile;
mod compiler;
mod cuda;
mod dispatcher;
mod environment;
mod generators;
mod host;
mod interrupt;
mod lock;
mod numpy_api;
mod output;
mod raised;
mod results;
mod slots;
mod specialisation;
mod table;
mod threads;
mod times;
mod ufunc;

use pyo3::prelude::*;
use pyo3::types::PyDict;

#[pymodule(gil_used = false)]
fn _numir(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = module.py();
    module.add("Dispatcher", dispatcher::dispatcher_type(py)?)?;
    module.add_function(wrap_pyfunction!(dispatcher::make_dispatcher, module)?)?;
    module.add_function(wrap_pyfunction!(dispatcher::is_closed, module)?)?;
    module.add_function(wrap_pyfunction!(dispatcher::set_closed, module)?)?;
    module.add_function(wrap_pyfunction!(cache::read_cache_entry, module)?)?;
    module.add_function(wrap_pyfunction!(compile::cache_counts, module)?)?;
    module.add_function(wrap_pyfunction!(compile::compile, module)?)?;
    module.add_function(wrap_pyfunction!(compile::inspect, module)?)?;
    module.add_function(wrap_pyfunction!(callbacks::c_entry, module)?)?;
    module.add_function(wrap_pyfunction!(compile::specialisations, module)?)?;
    module.add_function(wrap_pyfunction!(compile::forget, module)?)?;
    module.add_function(wrap_pyfunction!(classes::class_named, module)?)?;
    module.add_function(wrap_pyfunction!(classes::class_identity, module)?)?;
    module.add_function(wrap_pyfunction!(ufunc::make_ufunc, module)?)?;
    module.add_function(wrap_pyfunction!(ufunc::ufunc_owner, module)?)?;
    module.add_function(wrap_pyfunction!(threads::launched_threads, module)?)?;
    module.add_function(wrap_pyfunction!(threads::get_num_threads, module)?)?;
    module.add_function(wrap_pyfunction!(threads::set_num_threads, module)?)?;
    module.add_function(wrap_pyfunction!(threads::get_thread_id, module)?)?;
    module.add_function(wrap_pyfunction!(threads::get_parallel_chunksize, module)?)?;
    module.add_function(wrap_pyfunction!(threads::set_parallel_chunksize, module)?)?;
    cuda::install(module)?;
    interrupt::install();
    callbacks::install();
    output::install();
    host::install();
    let handlers = PyDict::new(py);
    handlers.set_item("before", wrap_pyfunction!(lock::acquire, module)?)?;
    handlers.set_item("after_in_parent", wrap_pyfunction!(lock::release, module)?)?;
    handlers.set_item("after_in_child", wrap_pyfunction!(lock::renew, module)?)?;
    py.import("os")?.call_method("register_at_fork", (), Some(&handlers))?;
    Ok(())
}
