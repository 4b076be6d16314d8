//! Memory of large arrays: pages from the system, which are kept for the next array when one goes.
//!
//! A program on arrays makes one for each result, and lets it go soon. Pages that come fresh from the system cost as much as what is done
//! with them: to touch 8 MB for the first time takes 2 ms with pages of 4 KiB, 0.6 with huge ones, and to go through it once 0.8. So the
//! last blocks are kept; the system is told that it may have their pages if it needs them (MADV_FREE), which costs little where it does not.
//! `benchmarks/arrays.py`: wave takes a third of the time that it takes with malloc, heat_2d four fifths.

use std::ffi::c_void;
use std::ptr::{NonNull, null_mut};
use std::sync::Mutex;

/// Blocks from this size on are made here: those that malloc would take from the system and return to it.
pub(crate) const LARGE_FROM: usize = 128 << 10;

/// Of smaller blocks the system is not told that it may have their pages: to tell it costs as much as it would gain.
const FREED_FROM: usize = 1 << 20;

const PAGE: usize = 4096;
const HUGE_PAGE: usize = 2 << 20;

/// How many blocks are kept, and how many bytes they have at most.
const KEPT: usize = 64;
const KEPT_BYTES: usize = 256 << 20;

/// Zeroing a kept block is faster than fresh pages are, as long as all of it is used: larger ones may have been asked for to be used in parts.
const ZEROED_UP_TO: usize = 32 << 20;

/// Whole pages.
#[derive(Clone, Copy)]
pub(crate) struct Block {
    start: NonNull<c_void>,
    bytes: usize,
}

// SAFETY: pages have no ties to a thread.
unsafe impl Send for Block {}

/// The blocks that are kept, oldest first. Who finds it locked goes without: so it cannot stay locked in the child of a fork.
static BLOCKS: Mutex<Vec<Block>> = Mutex::new(Vec::new());

impl Block {
    /// A block of at least so many bytes, all zero if asked for; None where the system has none.
    pub(crate) fn take(bytes: usize, zero: bool) -> Option<Self> {
        let bytes = rounded(bytes)?;
        if (!zero || bytes <= ZEROED_UP_TO)
            && let Some(block) = kept(bytes)
        {
            if zero {
                // SAFETY: the block is ours alone.
                unsafe { block.start.write_bytes(0, block.bytes) };
            }
            return Some(block);
        }
        Self::map(bytes).or_else(|| {
            forget_all();
            Self::map(bytes)
        })
    }

    /// Gives a block back, to be kept or returned to the system.
    pub(crate) fn give_back(self) {
        let mut gone = Vec::new();
        if self.bytes > KEPT_BYTES / 2 {
            return self.unmap();
        }
        match BLOCKS.try_lock() {
            Ok(mut blocks) => {
                if self.bytes >= FREED_FROM {
                    self.leave_to_system();
                }
                blocks.push(self);
                while blocks.len() > KEPT || blocks.iter().map(|block| block.bytes).sum::<usize>() > KEPT_BYTES {
                    gone.push(blocks.remove(0));
                }
            }
            Err(_) => gone.push(self),
        }
        gone.into_iter().for_each(Self::unmap);
    }

    /// The block that starts there.
    ///
    /// # Safety
    /// `start` and `bytes` are those of a block that was taken and not given back.
    pub(crate) unsafe fn from_raw(start: NonNull<c_void>, bytes: usize) -> Self {
        Self { start, bytes }
    }

    /// Where it starts: at a page.
    pub(crate) fn start(self) -> *mut c_void {
        self.start.as_ptr()
    }

    /// How many bytes it has.
    pub(crate) fn bytes(self) -> usize {
        self.bytes
    }

    /// Fresh pages, huge ones where the system has them.
    fn map(bytes: usize) -> Option<Self> {
        let alignment = if bytes >= HUGE_PAGE { HUGE_PAGE } else { PAGE };
        let reserved = bytes.checked_add(alignment - PAGE)?;
        let protection = libc::PROT_READ | libc::PROT_WRITE;
        let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
        // SAFETY: new pages at a place of the system's choice; those before and behind the aligned part are returned.
        unsafe {
            let start = libc::mmap(null_mut(), reserved, protection, flags, -1, 0);
            if start == libc::MAP_FAILED {
                return None;
            }
            let aligned = start.map_addr(|address| address.next_multiple_of(alignment));
            let before = aligned.addr() - start.addr();
            let behind = reserved - before - bytes;
            if before > 0 {
                libc::munmap(start, before);
            }
            if behind > 0 {
                libc::munmap(aligned.byte_add(bytes), behind);
            }
            #[cfg(target_os = "linux")]
            if alignment == HUGE_PAGE {
                libc::madvise(aligned, bytes, libc::MADV_HUGEPAGE);
            }
            NonNull::new(aligned).map(|start| Self { start, bytes })
        }
    }

    fn unmap(self) {
        // SAFETY: the block is ours alone, and gone with this.
        unsafe { libc::munmap(self.start.as_ptr(), self.bytes) };
    }

    /// The system may take the pages, until they are written to again; what they hold is lost then.
    fn leave_to_system(self) {
        // SAFETY: nobody needs what the block holds.
        unsafe { libc::madvise(self.start.as_ptr(), self.bytes, libc::MADV_FREE) };
    }
}

/// The kept block that fits best, if one is not much too large.
fn kept(bytes: usize) -> Option<Block> {
    let mut blocks = BLOCKS.try_lock().ok()?;
    let fits = |block: &Block| (bytes..=bytes + bytes / 4).contains(&block.bytes);
    let (place, _) = blocks.iter().enumerate().filter(|(_, block)| fits(block)).min_by_key(|(_, block)| block.bytes)?;
    Some(blocks.remove(place))
}

/// Returns what is kept.
fn forget_all() {
    let blocks = BLOCKS.try_lock().map(|mut blocks| std::mem::take(&mut *blocks)).unwrap_or_default();
    blocks.into_iter().for_each(Block::unmap);
}

/// Whole pages; whole huge ones where that wastes little.
fn rounded(bytes: usize) -> Option<usize> {
    let huge = bytes.checked_next_multiple_of(HUGE_PAGE)?;
    if huge - bytes <= bytes / 8 { Some(huge) } else { bytes.checked_next_multiple_of(PAGE) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The blocks are the process's: tests of them take turns.
    static TURN: Mutex<()> = Mutex::new(());

    #[test]
    fn a_block_is_kept_for_the_next_of_its_size() {
        let _turn = TURN.lock();
        forget_all();
        let block = Block::take(5 << 20, false).unwrap();
        let place = block.start();
        block.give_back();
        let smaller = Block::take((5 << 20) - 100_000, false).unwrap();
        assert_eq!(smaller.start(), place);
        let other = Block::take(5 << 20, false).unwrap();
        assert_ne!(other.start(), place);
        smaller.give_back();
        let tiny = Block::take(LARGE_FROM, false).unwrap();
        assert_ne!(tiny.start(), place, "a block that is much too large stays where it is");
        tiny.give_back();
        other.give_back();
    }

    #[test]
    fn zeroed_blocks_are_zero_whether_kept_or_fresh() {
        let _turn = TURN.lock();
        forget_all();
        for bytes in [LARGE_FROM, 3 << 20, ZEROED_UP_TO, ZEROED_UP_TO + PAGE] {
            for _ in 0..2 {
                let block = Block::take(bytes, true).unwrap();
                assert!(block.bytes() >= bytes);
                // SAFETY: the block has that many bytes.
                let content = unsafe { std::slice::from_raw_parts_mut(block.start().cast::<u8>(), block.bytes()) };
                assert!(content.iter().all(|byte| *byte == 0), "{bytes}");
                content.fill(1);
                block.give_back();
            }
        }
    }

    #[test]
    fn few_blocks_are_kept_and_few_bytes() {
        let _turn = TURN.lock();
        forget_all();
        let taken: Vec<_> = (0..2 * KEPT).map(|_| Block::take(LARGE_FROM, false).unwrap()).collect();
        taken.into_iter().for_each(Block::give_back);
        assert_eq!(BLOCKS.lock().unwrap().len(), KEPT);
        let large: Vec<_> = (0..4).map(|_| Block::take(KEPT_BYTES / 3, false).unwrap()).collect();
        large.into_iter().for_each(Block::give_back);
        assert!(BLOCKS.lock().unwrap().iter().map(|block| block.bytes).sum::<usize>() <= KEPT_BYTES);
        Block::take(KEPT_BYTES, false).unwrap().give_back();
        assert!(BLOCKS.lock().unwrap().iter().all(|block| block.bytes < KEPT_BYTES));
        forget_all();
    }

    #[test]
    fn what_cannot_be_had_is_none() {
        assert!(Block::take(usize::MAX, false).is_none());
        assert!(Block::take(isize::MAX as usize, true).is_none());
    }

    #[test]
    fn where_the_blocks_are_locked_the_system_serves() {
        let _turn = TURN.lock();
        let held = BLOCKS.lock();
        let block = Block::take(LARGE_FROM, true).unwrap();
        block.give_back();
        drop(held);
    }
}
