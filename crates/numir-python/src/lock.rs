//! One compilation at a time in a process, and none while it forks: the child finds the lock held by the thread that it has.

use pyo3::prelude::*;
use std::cell::UnsafeCell;

struct Mutex(UnsafeCell<libc::pthread_mutex_t>);

// SAFETY: a pthread mutex may be used from any thread.
unsafe impl Sync for Mutex {}

static MUTEX: Mutex = Mutex(UnsafeCell::new(libc::PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP));

/// Held while compiling.
pub(crate) struct Guard(std::marker::PhantomData<*const ()>);

/// Waits for the lock; the interpreter is left to others meanwhile, who may hold the lock and need it.
pub(crate) fn lock(py: Python<'_>) -> Guard {
    acquire(py);
    Guard(std::marker::PhantomData)
}

impl Drop for Guard {
    fn drop(&mut self) {
        release();
    }
}

/// Before a fork.
#[pyfunction]
pub(crate) fn acquire(py: Python<'_>) {
    // SAFETY: the mutex is a live static; a recursive one fails only after 2^32 locks on one thread.
    unsafe {
        if libc::pthread_mutex_trylock(MUTEX.0.get()) != 0 {
            py.detach(|| libc::pthread_mutex_lock(MUTEX.0.get()));
        }
    }
}

/// After a fork, in the parent.
#[pyfunction]
pub(crate) fn release() {
    // SAFETY: called by the thread that holds it.
    unsafe { libc::pthread_mutex_unlock(MUTEX.0.get()) };
}

/// After a fork, in the child, whose only thread held the mutex under the parent's number: a fresh one takes its place.
#[pyfunction]
pub(crate) fn renew() {
    // SAFETY: no other thread exists, and this one does not compile.
    unsafe { MUTEX.0.get().write(libc::PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP) };
}
