//! The one lock around everything that touches the process-wide context. A thread may take it again, and a process that
//! forks has it in a state fit for use on both sides: nobody compiles while the process is being copied.

use std::cell::UnsafeCell;
use std::marker::PhantomData;
use std::sync::Once;

struct Mutex(UnsafeCell<libc::pthread_mutex_t>);

// SAFETY: a pthread mutex may be used from any thread.
unsafe impl Sync for Mutex {}

static MUTEX: Mutex = Mutex(UnsafeCell::new(libc::PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP));

/// Held while compiling. It belongs to its thread.
pub(crate) struct Guard(PhantomData<*const ()>);

/// Waits for the lock.
pub(crate) fn lock() -> Guard {
    static HANDLERS: Once = Once::new();
    // SAFETY: the handlers are plain functions that live as long as the process.
    HANDLERS.call_once(|| unsafe {
        libc::pthread_atfork(Some(acquire), Some(release), Some(renew));
    });
    // SAFETY: `release` follows in the guard's drop, on the same thread since a guard cannot leave it.
    unsafe { acquire() };
    Guard(PhantomData)
}

impl Drop for Guard {
    fn drop(&mut self) {
        // SAFETY: this thread took the mutex when it made the guard.
        unsafe { release() }
    }
}

unsafe extern "C" fn acquire() {
    // SAFETY: the mutex is a live static. A recursive one cannot fail but by 2^32 locks on one thread.
    unsafe { libc::pthread_mutex_lock(MUTEX.0.get()) };
}

unsafe extern "C" fn release() {
    // SAFETY: called by the thread that holds it.
    unsafe { libc::pthread_mutex_unlock(MUTEX.0.get()) };
}

/// In the child of a fork, whose only thread held the mutex under the parent's number: a fresh one takes its place.
unsafe extern "C" fn renew() {
    // SAFETY: no other thread exists, and this one does not compile: it is inside of fork.
    unsafe { MUTEX.0.get().write(libc::PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP) };
}
