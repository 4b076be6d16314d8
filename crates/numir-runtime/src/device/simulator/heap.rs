//! The simulator's device memory: blocks of the host's that no program knows of, so that what was not transferred is not there.
//! Each has a red zone on either side, which tells whether a kernel has written past it, and is filled with a pattern at first.

use std::alloc::{Layout, alloc, dealloc};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::device::failure::DeviceError;
use crate::error::Pending;

/// The alignment of blocks, which is that of CUDA's.
const ALIGNMENT: usize = 256;

/// Bytes of a red zone.
const ZONE: usize = ALIGNMENT;

/// What red zones are filled with.
const ZONE_BYTE: u8 = 0xFB;

/// What fresh memory is filled with: no zero, no small number, and as floats a huge one.
pub(super) const FRESH_BYTE: u8 = 0x7A;

/// Blocks: where they start, and their bytes.
type Blocks = BTreeMap<usize, usize>;

/// The blocks that live.
pub(super) struct Heap {
    blocks: RwLock<Blocks>,
}

impl Heap {
    pub(super) const fn new() -> Self {
        Self { blocks: RwLock::new(BTreeMap::new()) }
    }

    fn read(&self) -> RwLockReadGuard<'_, Blocks> {
        self.blocks.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Blocks> {
        self.blocks.write().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn allocate(&self, bytes: usize) -> Result<usize, DeviceError> {
        outlive_forks();
        let none =
            || DeviceError::Stated("MemoryError", format!("no memory for {bytes} bytes on the simulated device"));
        let layout = layout(bytes).ok_or_else(none)?;
        // SAFETY: the layout has the zones at least; what is written is within.
        let start = unsafe {
            let base = alloc(layout);
            if base.is_null() {
                return Err(none());
            }
            base.write_bytes(ZONE_BYTE, ZONE);
            base.add(ZONE).write_bytes(FRESH_BYTE, bytes);
            base.add(ZONE + bytes).write_bytes(ZONE_BYTE, ZONE);
            base.add(ZONE).expose_provenance()
        };
        self.write().insert(start, bytes);
        Ok(start)
    }

    /// Frees the block that starts there; no other address does anything.
    pub(super) fn free(&self, start: usize) {
        let bytes = self.write().remove(&start);
        if let Some(layout) = bytes.and_then(layout) {
            let base = std::ptr::with_exposed_provenance_mut::<u8>(start - ZONE);
            // SAFETY: the block was allocated with this layout, and is listed no more.
            unsafe { dealloc(base, layout) };
        }
    }

    /// The blocks by where they start, with their bytes.
    pub(super) fn blocks(&self) -> Vec<(usize, usize)> {
        let blocks = self.read();
        blocks.iter().map(|(start, bytes)| (*start, *bytes)).collect()
    }

    /// What is wrong if something has written into a red zone of a block; the zone is whole again after this.
    pub(super) fn damage(&self) -> Option<Pending> {
        let blocks = self.read();
        blocks.iter().find_map(|(start, bytes)| damage_of(*start, *bytes, "an array"))
    }

    /// The same of one block, which is a block of threads' shared memory.
    pub(super) fn damage_of_shared(&self, start: usize) -> Option<Pending> {
        let blocks = self.read();
        blocks.get(&start).and_then(|bytes| damage_of(start, *bytes, "shared memory"))
    }
}

/// Has a fork wait for who changes the blocks, so that the child has them whole and not locked.
fn outlive_forks() {
    static REGISTERED: AtomicBool = AtomicBool::new(false);
    thread_local! {
        static HELD: RefCell<Option<RwLockWriteGuard<'static, Blocks>>> = const { RefCell::new(None) };
    }
    extern "C" fn before() {
        HELD.set(Some(super::get().heap.write()));
    }
    extern "C" fn after() {
        HELD.take();
    }
    if !REGISTERED.swap(true, Ordering::Relaxed) {
        // SAFETY: the handlers take and give back a lock, which the thread that forks does not hold; the child goes on as that thread.
        unsafe { libc::pthread_atfork(Some(before), Some(after), Some(after)) };
    }
}

/// See [`Heap::damage`]; the block lives, and its list is locked.
fn damage_of(start: usize, bytes: usize, what: &str) -> Option<Pending> {
    [(start - ZONE, "in front of"), (start + bytes, "behind")].into_iter().find_map(|(zone, side)| {
        let zone = std::ptr::with_exposed_provenance_mut::<u8>(zone);
        // SAFETY: both zones are of the block, and no kernel has any business there.
        let whole = unsafe { std::slice::from_raw_parts(zone, ZONE) }.iter().all(|byte| *byte == ZONE_BYTE);
        if whole {
            return None;
        }
        // SAFETY: as above.
        unsafe { zone.write_bytes(ZONE_BYTE, ZONE) };
        let text = format!("a kernel has written {side} {what} of {bytes} bytes");
        Some(Pending::without_place("IndexError", text))
    })
}

/// A block of so many bytes with its red zones.
fn layout(bytes: usize) -> Option<Layout> {
    Layout::from_size_align(bytes.checked_add(2 * ZONE)?, ALIGNMENT).ok()
}
