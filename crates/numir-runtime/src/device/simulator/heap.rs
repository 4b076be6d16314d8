//! The simulator's device memory: blocks of the host's that no program knows of, so that what was not transferred is not there.
//! Each has a red zone on either side, which tells whether a kernel has written past it, and is filled with a pattern at first.

use std::alloc::{Layout, alloc, dealloc};
use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};

use crate::device::failure::DeviceError;

/// The alignment of blocks, which is that of CUDA's.
const ALIGNMENT: usize = 256;

/// Bytes of a red zone.
const ZONE: usize = ALIGNMENT;

/// What red zones are filled with.
const ZONE_BYTE: u8 = 0xFB;

/// What fresh memory is filled with: no zero, no small number, and as floats a huge one.
pub(super) const FRESH_BYTE: u8 = 0x7A;

/// The blocks that live, by where they start.
pub(super) struct Heap {
    blocks: RwLock<BTreeMap<usize, usize>>,
}

impl Heap {
    pub(super) const fn new() -> Self {
        Self { blocks: RwLock::new(BTreeMap::new()) }
    }

    pub(super) fn allocate(&self, bytes: usize) -> Result<usize, DeviceError> {
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
        self.blocks.write().unwrap_or_else(PoisonError::into_inner).insert(start, bytes);
        Ok(start)
    }

    /// Frees the block that starts there; no other address does anything.
    pub(super) fn free(&self, start: usize) {
        let bytes = self.blocks.write().unwrap_or_else(PoisonError::into_inner).remove(&start);
        if let Some(layout) = bytes.and_then(layout) {
            let base = std::ptr::with_exposed_provenance_mut::<u8>(start - ZONE);
            // SAFETY: the block was allocated with this layout, and is listed no more.
            unsafe { dealloc(base, layout) };
        }
    }

    /// The last block that starts at an address or below: start and bytes.
    pub(super) fn below(&self, address: usize) -> Option<(usize, usize)> {
        let blocks = self.blocks.read().unwrap_or_else(PoisonError::into_inner);
        blocks.range(..=address).next_back().map(|(start, bytes)| (*start, *bytes))
    }

    /// Fails if something has written into a red zone of a block, which is then whole again.
    pub(super) fn check_zones(&self) -> Result<(), DeviceError> {
        let blocks = self.blocks.read().unwrap_or_else(PoisonError::into_inner);
        for (start, bytes) in blocks.iter() {
            for (zone, side) in [(start - ZONE, "in front of"), (start + bytes, "behind")] {
                let zone = std::ptr::with_exposed_provenance_mut::<u8>(zone);
                // SAFETY: both zones are of the block, which lives while the lock is held, and no kernel has any business there.
                let whole = unsafe { std::slice::from_raw_parts(zone, ZONE) }.iter().all(|byte| *byte == ZONE_BYTE);
                if !whole {
                    // SAFETY: as above.
                    unsafe { zone.write_bytes(ZONE_BYTE, ZONE) };
                    let text = format!("a kernel has written {side} an array of {bytes} bytes");
                    return Err(DeviceError::Stated("IndexError", text));
                }
            }
        }
        Ok(())
    }
}

/// A block of so many bytes with its red zones.
fn layout(bytes: usize) -> Option<Layout> {
    Layout::from_size_align(bytes.checked_add(2 * ZONE)?, ALIGNMENT).ok()
}
