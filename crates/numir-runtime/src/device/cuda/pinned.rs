//! Memory of the host that the driver has pinned, and which memory that is.

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};

use super::driver::ok;
use super::{Cuda, DeviceError};

/// Memory that every context of the process may use.
const PORTABLE: u32 = 1;

/// Ranges that are pinned: where they start, and where they end.
#[derive(Default)]
pub(super) struct Ranges(RwLock<BTreeMap<usize, usize>>);

impl Ranges {
    pub(super) const fn new() -> Self {
        Self(RwLock::new(BTreeMap::new()))
    }

    fn add(&self, start: *mut u8, bytes: usize) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(start.addr(), start.addr() + bytes);
    }

    fn remove(&self, start: *mut u8) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).remove(&start.addr());
    }

    /// Whether all of so many bytes is pinned.
    pub(super) fn have(&self, start: *const u8, bytes: usize) -> bool {
        let ranges = self.0.read().unwrap_or_else(PoisonError::into_inner);
        ranges.range(..=start.addr()).next_back().is_some_and(|(_, end)| start.addr() + bytes <= *end)
    }
}

impl Cuda {
    /// New pinned memory.
    pub(in crate::device) fn allocate_pinned(&self, bytes: usize) -> Result<*mut u8, DeviceError> {
        let _current = self.enter()?;
        let mut start = std::ptr::null_mut();
        // SAFETY: the place is written; the context is current.
        ok(unsafe { (self.driver.cuMemHostAlloc)(&raw mut start, bytes, PORTABLE) })?;
        self.pinned.add(start.cast(), bytes);
        Ok(start.cast())
    }

    /// Frees what [`allocate_pinned`](Self::allocate_pinned) gave, once no copy uses it.
    pub(in crate::device) fn free_pinned(&self, start: *mut u8) {
        self.pinned.remove(start);
        if let Ok(_current) = self.enter()
            && self.wait_for_all().is_ok()
        {
            // SAFETY: memory of the driver's, which nobody uses any more.
            unsafe { (self.driver.cuMemFreeHost)(start.cast()) };
        }
    }

    /// Pins memory of the program's.
    ///
    /// # Safety
    /// The memory lives until it is unregistered.
    pub(in crate::device) unsafe fn register_pinned(&self, start: *mut u8, bytes: usize) -> Result<(), DeviceError> {
        let _current = self.enter()?;
        // SAFETY: the caller's promise; the context is current.
        match ok(unsafe { (self.driver.cuMemHostRegister_v2)(start.cast(), bytes, PORTABLE) }) {
            Ok(()) => self.pinned.add(start, bytes),
            Err(failed) => return Err(super::errors::describe(failed, Some(&format!("an array of {bytes} bytes")))),
        }
        Ok(())
    }

    /// The memory is as any other again, once no copy uses it.
    pub(in crate::device) fn unregister_pinned(&self, start: *mut u8) {
        self.pinned.remove(start);
        if let Ok(_current) = self.enter()
            && self.wait_for_all().is_ok()
        {
            // SAFETY: memory that was registered.
            unsafe { (self.driver.cuMemHostUnregister)(start.cast()) };
        }
    }
}
