//! Where a header keeps its mirror.

use std::sync::atomic::{AtomicPtr, Ordering};

use super::mirror::Mirror;

/// The mirror of a header, if it has one, behind a lock of one bit: whoever wants it while another thread has it waits, which is rare, since an array is
/// prepared for a launch by one thread. The lock is in the header, so that a fork leaves none taken that the child needs.
pub(crate) struct Slot(AtomicPtr<Mirror>);

/// The bit of the pointer that says that somebody has the mirror.
const TAKEN: usize = 1;

impl Slot {
    /// No mirror.
    pub(crate) const fn new() -> Self {
        Self(AtomicPtr::new(std::ptr::null_mut()))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.load(Ordering::Acquire).is_null()
    }

    pub(super) fn take(&self) -> Taken<'_> {
        loop {
            let seen = self.0.load(Ordering::Relaxed);
            let taken = seen.map_addr(|address| address | TAKEN);
            if seen != taken && self.0.compare_exchange(seen, taken, Ordering::Acquire, Ordering::Relaxed).is_ok() {
                // SAFETY: a pointer that is not null is a box that was put here, and now nobody else has it.
                let mirror = (!seen.is_null()).then(|| unsafe { Box::from_raw(seen) });
                return Taken { slot: self, mirror };
            }
            std::thread::yield_now();
        }
    }

    /// Frees the mirror, whatever it holds: the array is gone.
    pub(crate) fn discard(&self) {
        if !self.is_empty() {
            self.take().mirror = None;
        }
    }
}

/// The mirror while one thread has it; it goes back when this does.
pub(super) struct Taken<'a> {
    slot: &'a Slot,
    pub(super) mirror: Option<Box<Mirror>>,
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        let mirror = self.mirror.take().map_or(std::ptr::null_mut(), Box::into_raw);
        self.slot.0.store(mirror, Ordering::Release);
    }
}
