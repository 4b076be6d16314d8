//! One piece of memory per object: code, constants, data, each on pages of its own. It can be written until
//! [`protect`](Region::protect); after that nothing in it can be both written and executed.

use std::io;

use super::error::LoadError;

/// How many bytes there are of each segment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sizes {
    pub(super) code: usize,
    pub(super) constants: usize,
    pub(super) data: usize,
}

impl Sizes {
    /// Where the constants begin, the data, and where all ends: on borders of pages.
    pub(super) fn borders(self) -> [usize; 3] {
        let page = page();
        let constants = self.code.next_multiple_of(page);
        let data = constants + self.constants.next_multiple_of(page);
        [constants, data, data + self.data.next_multiple_of(page)]
    }
}

/// The size of a page of memory.
pub(super) fn page() -> usize {
    // SAFETY: a question without effects.
    let page = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
    usize::try_from(page).ok().filter(|page| page.is_power_of_two()).unwrap_or(4096)
}

/// Memory that goes back to the system when it is dropped.
pub(super) struct Region {
    start: *mut u8,
    borders: [usize; 3],
}

// SAFETY: the memory has no ties to a thread, and nothing changes the mapping but `protect` and `drop`, which have it alone.
unsafe impl Send for Region {}
// SAFETY: as above.
unsafe impl Sync for Region {}

impl Region {
    /// Memory for segments of these sizes, all zero, at least one page.
    pub(super) fn new(sizes: Sizes) -> Result<Self, LoadError> {
        let mut borders = sizes.borders();
        borders[2] = borders[2].max(page());
        let (access, kind) = (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS);
        // SAFETY: a fresh mapping where the system likes it.
        let start = unsafe { libc::mmap(std::ptr::null_mut(), borders[2], access, kind, -1, 0) };
        if start == libc::MAP_FAILED {
            return Err(LoadError::Memory(io::Error::last_os_error()));
        }
        Ok(Self { start: start.cast(), borders })
    }

    pub(super) fn address(&self) -> u64 {
        self.start as usize as u64
    }

    /// All of it, before it is protected: `protect` takes the region from whoever writes.
    pub(super) fn bytes(&mut self) -> &mut [u8] {
        // SAFETY: the mapping is that long, readable and writable before `protect`, and borrowed from us alone.
        unsafe { std::slice::from_raw_parts_mut(self.start, self.borders[2]) }
    }

    /// Makes code executable and constants constant. Nothing may be written to them after.
    pub(super) fn protect(&self) -> Result<(), LoadError> {
        let [constants, data, _] = self.borders;
        synchronize(self.start, constants);
        for (from, to, access) in
            [(0, constants, libc::PROT_READ | libc::PROT_EXEC), (constants, data, libc::PROT_READ)]
        {
            // SAFETY: whole pages of our own mapping.
            if from != to && unsafe { libc::mprotect(self.start.add(from).cast(), to - from, access) } != 0 {
                return Err(LoadError::Memory(io::Error::last_os_error()));
            }
        }
        Ok(())
    }
}

impl Drop for Region {
    fn drop(&mut self) {
        // SAFETY: our own mapping, which nobody uses any more: an error would mean that it is gone already.
        unsafe { libc::munmap(self.start.cast(), self.borders[2]) };
    }
}

/// Makes what was written visible to the fetching of instructions, which on 64-bit ARM has caches of its own.
#[cfg(target_arch = "aarch64")]
fn synchronize(start: *const u8, len: usize) {
    use std::arch::asm;
    let kinds: u64;
    // SAFETY: cleans and invalidates lines of memory that is mapped and readable; no value changes.
    unsafe {
        asm!("mrs {}, ctr_el0", out(reg) kinds, options(nomem, nostack));
        let end = start as usize + len;
        let lines = |shift: u32| {
            let line = 4usize << (kinds >> shift & 15);
            (start as usize & !(line - 1)..end).step_by(line)
        };
        lines(16).for_each(|line| asm!("dc cvau, {}", in(reg) line, options(nostack)));
        asm!("dsb ish", options(nostack));
        lines(0).for_each(|line| asm!("ic ivau, {}", in(reg) line, options(nostack)));
        asm!("dsb ish", "isb", options(nostack));
    }
}

#[cfg(not(target_arch = "aarch64"))]
fn synchronize(_: *const u8, _: usize) {}
