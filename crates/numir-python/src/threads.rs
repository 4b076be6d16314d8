//! The threads of parallel loops, as Python sets and sees them.

use numir_runtime::pool;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// How many threads there are: the most that a loop can use.
#[pyfunction]
pub(crate) fn launched_threads() -> usize {
    pool::threads()
}

/// How many threads the parallel loops use that this thread starts.
#[pyfunction]
pub(crate) fn get_num_threads() -> usize {
    pool::allowed()
}

/// From now on parallel loops that this thread starts use so many threads; ValueError beyond those there are.
#[pyfunction]
pub(crate) fn set_num_threads(n: usize) -> PyResult<()> {
    if pool::set_allowed(n) {
        return Ok(());
    }
    Err(PyValueError::new_err(format!("The number of threads must be between 1 and {}", pool::threads())))
}

/// What [`set_parallel_chunksize`] was last given on this thread.
#[pyfunction]
pub(crate) fn get_parallel_chunksize() -> usize {
    pool::chunk_size()
}

/// From now on parallel loops that this thread starts are cut into chunks of so many iterations, longer ones where they would be too
/// many; 0 leaves it to the runtime. The last size is returned.
#[pyfunction]
pub(crate) fn set_parallel_chunksize(n: usize) -> usize {
    pool::set_chunk_size(n)
}

/// The number of this thread among those of parallel loops: 0 for one that is none of the pool's.
#[pyfunction]
pub(crate) fn get_thread_id() -> usize {
    pool::thread_number()
}
