//! How far down the stack compiled code may go before it raises RecursionError.

use std::cell::Cell;
use std::ffi::c_void;

/// Bytes kept free below the limit: for a frame without a check of its own, and for the runtime raising the error.
const RESERVE: usize = 256 << 10;

/// Bytes that compiled code may use of a stack: a main thread's may have no limit (`ulimit -s unlimited`), and recursion without
/// end is to end in an error before memory does.
const MOST: usize = 1 << 30;

thread_local! {
    /// Lowest usable address of this thread's stack and the first one above it; (0, 0) until asked for.
    static BOUNDS: Cell<(usize, usize)> = const { Cell::new((0, 0)) };
}

/// The lowest stack address that compiled code may use on this thread: asked once per call from outside, and handed down. Null, which no address is below, if the code
/// does not run on the thread's own stack (but on a fibre of the embedder's).
#[unsafe(no_mangle)]
pub extern "C" fn numir_stack_limit() -> *mut c_void {
    let local = 0_u8;
    let here = std::ptr::from_ref(std::hint::black_box(&local)).addr();
    let (low, high) = BOUNDS.with(|bounds| {
        if bounds.get() == (0, 0) {
            // Slow on the main thread, where the C library reads /proc: asked once.
            bounds.set(thread_bounds().unwrap_or((usize::MAX, usize::MAX)));
        }
        bounds.get()
    });
    let inside = low <= here && here < high;
    std::ptr::without_provenance_mut(if inside { low + RESERVE.min((high - low) / 4) } else { 0 })
}

/// Has this thread run on another stack, from its lowest usable address to the first one above it, and gives the bounds of the one before.
pub(crate) fn swap_bounds(bounds: (usize, usize)) -> (usize, usize) {
    BOUNDS.replace(bounds)
}

fn thread_bounds() -> Option<(usize, usize)> {
    let mut low = std::ptr::null_mut();
    let mut size = 0;
    // SAFETY: the attributes are initialised by the first call and destroyed by the last, on the calling thread.
    unsafe {
        let mut attributes = std::mem::zeroed();
        if libc::pthread_getattr_np(libc::pthread_self(), &raw mut attributes) != 0 {
            return None;
        }
        let found = libc::pthread_attr_getstack(&raw const attributes, &raw mut low, &raw mut size) == 0;
        libc::pthread_attr_destroy(&raw mut attributes);
        let high = low.addr() + size;
        found.then(|| (low.addr().max(high.saturating_sub(MOST)), high))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes_left() -> usize {
        let local = 0_u8;
        std::ptr::from_ref(std::hint::black_box(&local)).addr() - numir_stack_limit().addr()
    }

    #[test]
    fn a_thread_may_use_most_of_its_stack() {
        for size in [1 << 20, 4 << 20, 16 << 20] {
            let thread = std::thread::Builder::new().stack_size(size).spawn(bytes_left);
            let left = thread.expect("a thread").join().expect("an answer");
            // The C library may give a thread a larger stack that it has at hand.
            assert!(left > size / 2 && left < 64 << 20, "{left} of {size}");
        }
    }
}
