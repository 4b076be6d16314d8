//! Tells gdb of code, by the interface that gdb has for compilers in memory: it stops at a function of that name and reads a
//! list of ELF images. gdb looks for both in the program and in each library, so that a copy in another library, such as one
//! with LLVM in it, is a list of its own. A library that has these must keep its table of symbols, or export the two.

use std::sync::{Mutex, MutexGuard, PoisonError};

use object::elf::SectionHeader64;
use object::{LittleEndian as LE, U64};

/// One image in gdb's list; the layout is gdb's.
#[repr(C)]
struct Entry {
    next: *mut Entry,
    previous: *mut Entry,
    image: *const u8,
    size: u64,
}

/// The list's head, and what happened to it last; the layout is gdb's.
#[repr(C)]
struct Descriptor {
    version: u32,
    action: u32,
    relevant: *mut Entry,
    first: *mut Entry,
}

const NOTHING: u32 = 0;
const REGISTERED: u32 = 1;
const UNREGISTERED: u32 = 2;

unsafe extern "C" {
    /// Where gdb stops to read the descriptor. It does nothing.
    fn __jit_debug_register_code();
    static mut __jit_debug_descriptor: Descriptor;
}

// Weak, which Rust cannot say: in a program that links LLVM, which has the same two, there is one of each.
std::arch::global_asm!(
    ".pushsection .text.__jit_debug_register_code, \"ax\", @progbits",
    ".weak __jit_debug_register_code",
    ".type __jit_debug_register_code, @function",
    ".p2align 4",
    "__jit_debug_register_code:",
    "ret",
    ".size __jit_debug_register_code, . - __jit_debug_register_code",
    ".popsection",
    ".pushsection .data.__jit_debug_descriptor, \"aw\", @progbits",
    ".weak __jit_debug_descriptor",
    ".type __jit_debug_descriptor, @object",
    ".p2align 3",
    "__jit_debug_descriptor:",
    ".long 1, {nothing}",
    ".quad 0, 0",
    ".size __jit_debug_descriptor, . - __jit_debug_descriptor",
    ".popsection",
    nothing = const NOTHING,
);

/// Held while the list is changed.
fn lock() -> MutexGuard<'static, ()> {
    static LOCK: Mutex<()> = Mutex::new(());
    LOCK.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An image that gdb knows, until this is dropped.
pub(super) struct Registration {
    entry: *mut Entry,
    _image: Vec<u8>,
}

// SAFETY: the entry is reached under the lock alone, and has no ties to a thread.
unsafe impl Send for Registration {}
// SAFETY: as above.
unsafe impl Sync for Registration {}

impl Registration {
    pub(super) fn new(image: Vec<u8>) -> Self {
        let entry = Entry {
            next: std::ptr::null_mut(),
            previous: std::ptr::null_mut(),
            image: image.as_ptr(),
            size: image.len() as u64,
        };
        let entry = Box::into_raw(Box::new(entry));
        let _held = lock();
        let list = &raw mut __jit_debug_descriptor;
        // SAFETY: list and entries change under the lock alone; entries in the list are alive.
        unsafe {
            (*entry).next = (*list).first;
            if let Some(next) = (*entry).next.as_mut() {
                next.previous = entry;
            }
            (*list).first = entry;
            tell(REGISTERED, entry);
        }
        Self { entry, _image: image }
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        let _held = lock();
        let list = &raw mut __jit_debug_descriptor;
        // SAFETY: as in `new`; the entry is in the list, and is ours to free once it is not.
        unsafe {
            let Entry { next, previous, .. } = *self.entry;
            match previous.as_mut() {
                Some(previous) => previous.next = next,
                None => (*list).first = next,
            }
            if let Some(next) = next.as_mut() {
                next.previous = previous;
            }
            tell(UNREGISTERED, self.entry);
            drop(Box::from_raw(self.entry));
        }
    }
}

/// # Safety
/// The lock must be held, and `entry` be alive.
unsafe fn tell(action: u32, entry: *mut Entry) {
    let list = &raw mut __jit_debug_descriptor;
    // SAFETY: by contract nobody else changes the list.
    unsafe {
        (*list).action = action;
        (*list).relevant = entry;
        __jit_debug_register_code();
        (*list).action = NOTHING;
        (*list).relevant = std::ptr::null_mut();
    }
}

/// Writes a section's address into its header in `image`; none if the header is not there.
pub(super) fn set_address(image: &mut [u8], headers_at: u64, section: usize, address: u64) -> Option<()> {
    let at = usize::try_from(headers_at).ok()?.checked_add(section * size_of::<SectionHeader64<LE>>())?;
    let header = image.get_mut(at..)?;
    let (header, _) = object::from_bytes_mut::<SectionHeader64<LE>>(header).ok()?;
    header.sh_addr = U64::new(LE, address);
    Some(())
}
