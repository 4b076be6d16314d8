//! Host addresses without memory behind them, until somebody touches them: where host code finds an array that lives on a device.

use std::ptr::{NonNull, null_mut};

/// A range of addresses, whose pages are zero at first.
pub(super) struct Reserved {
    start: NonNull<u8>,
    bytes: usize,
}

// SAFETY: pages have no ties to a thread.
unsafe impl Send for Reserved {}
// SAFETY: as above; a shared reference gives no more than the address.
unsafe impl Sync for Reserved {}

impl Reserved {
    /// A range of so many bytes; None where the process has no more addresses.
    pub(super) fn new(bytes: usize) -> Option<Self> {
        let bytes = bytes.max(1);
        let protection = libc::PROT_READ | libc::PROT_WRITE;
        let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
        // SAFETY: new pages, at a place of the system's choice.
        let start = unsafe { libc::mmap(null_mut(), bytes, protection, flags, -1, 0) };
        if start == libc::MAP_FAILED {
            return None;
        }
        NonNull::new(start.cast()).map(|start| Self { start, bytes })
    }

    pub(super) fn start(&self) -> *mut u8 {
        self.start.as_ptr()
    }
}

impl Drop for Reserved {
    fn drop(&mut self) {
        // SAFETY: the range is ours alone, and gone with this.
        unsafe { libc::munmap(self.start.as_ptr().cast(), self.bytes) };
    }
}
