//! Memory of arrays: a counted header of 64 bytes in front of 64-aligned data.
//! A caller's own array gets a header too (borrowed), so compiled code counts every array the same way.

use crate::blocks::{Block, LARGE_FROM};
use crate::device::Slot;
use std::ffi::c_void;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

/// Bytes from a header to the data that was allocated with it.
pub const HEADER_BYTES: usize = 64;

/// The alignment of headers and of the data that the runtime allocates.
pub const ALIGNMENT: usize = 64;

/// What frees an array when its last reference goes.
pub type Free = unsafe extern "C" fn(*mut Header);

/// The owner of an array's memory.
#[repr(C, align(64))]
pub struct Header {
    count: AtomicI64,
    free: Option<Free>,
    bytes: i64,
    owner: *mut c_void,
    /// What a device has of the memory.
    mirror: Slot,
}

const _: () = assert!(size_of::<Header>() == HEADER_BYTES && align_of::<Header>() == ALIGNMENT);

/// Where a header has the pointer that is null as long as no device has anything of the memory: compiled code may look before it
/// calls [`numir_host_array`](crate::device::numir_host_array).
pub const MIRROR_OFFSET: usize = std::mem::offset_of!(Header, mirror);

impl Header {
    /// A header for memory of `bytes` bytes that the caller keeps alive, with the caller's one reference.
    /// Nothing is freed when the count falls to zero; a [`count`](Self::count) above one after a call tells the caller
    /// that a result still refers to its memory.
    #[must_use]
    pub const fn borrowed(bytes: i64) -> Self {
        Self::lent(bytes, std::ptr::null_mut())
    }

    /// The same for an array that the host knows by `owner`.
    #[must_use]
    pub const fn lent(bytes: i64, owner: *mut c_void) -> Self {
        Self { count: AtomicI64::new(1), free: None, bytes, owner, mirror: Slot::new() }
    }

    /// Whether the memory is the caller's: nothing is freed with the last reference.
    #[must_use]
    pub const fn is_borrowed(&self) -> bool {
        self.free.is_none()
    }

    /// Whether the last release calls that function.
    #[must_use]
    pub fn is_freed_by(&self, free: Free) -> bool {
        self.free.is_some_and(|own| own as usize == free as usize)
    }

    /// A header with one reference whose last release calls `free`, which finds `owner` by [`owner`](Self::owner).
    #[must_use]
    pub const fn foreign(bytes: i64, owner: *mut c_void, free: Free) -> Self {
        Self { count: AtomicI64::new(1), free: Some(free), bytes, owner, mirror: Slot::new() }
    }

    /// References held now.
    #[must_use]
    pub fn count(&self) -> i64 {
        self.count.load(Ordering::Acquire)
    }

    /// Bytes of data that the header stands for.
    #[must_use]
    pub const fn bytes(&self) -> i64 {
        self.bytes
    }

    /// Where a device's copy of the memory is kept.
    pub(crate) const fn mirror(&self) -> &Slot {
        &self.mirror
    }

    /// Whether the data is the memory behind the header, as [`numir_alloc`] gives it.
    pub(crate) fn is_followed_by_data(&self) -> bool {
        self.is_freed_by(free_block) || self.is_freed_by(free_large_block)
    }

    /// What the creator of the header put there.
    #[must_use]
    pub const fn owner(&self) -> *mut c_void {
        self.owner
    }
}

static COUNTING: AtomicBool = AtomicBool::new(false);
static LIVE: AtomicI64 = AtomicI64::new(0);

/// From now on counts what [`numir_alloc`] gives and what comes back, for tests of leaks; it costs a shared counter.
pub fn count_live_blocks() {
    COUNTING.store(true, Ordering::Relaxed);
}

/// Blocks given minus blocks that came back since [`count_live_blocks`].
#[must_use]
pub fn live_blocks() -> i64 {
    LIVE.load(Ordering::Relaxed)
}

fn count_block(change: i64) {
    if COUNTING.load(Ordering::Relaxed) {
        LIVE.fetch_add(change, Ordering::Relaxed);
    }
}

/// Allocates `bytes` bytes (none if negative) behind a new header with one reference; null when they cannot be had.
#[unsafe(no_mangle)]
pub extern "C" fn numir_alloc(bytes: i64, zero: i32) -> *mut Header {
    // malloc aligns to 16 bytes: at most 48 are lost in front of the header.
    let total = usize::try_from(bytes).ok().and_then(|bytes| bytes.checked_add(HEADER_BYTES + ALIGNMENT - 16));
    let Some(total) = total.filter(|total| isize::try_from(*total).is_ok()) else { return std::ptr::null_mut() };
    if total >= LARGE_FROM {
        return allocate_large(bytes, total, zero != 0);
    }
    // SAFETY: any size may be asked for.
    let base = unsafe { if zero == 0 { libc::malloc(total) } else { libc::calloc(1, total) } };
    if base.is_null() {
        return std::ptr::null_mut();
    }
    let header = base.map_addr(|address| address.next_multiple_of(ALIGNMENT)).cast::<Header>();
    // SAFETY: the block holds the 48 bytes, the header and the data; nobody else has it.
    unsafe { header.write(Header::foreign(bytes, base, free_block)) };
    count_block(1);
    header
}

unsafe extern "C" fn free_block(header: *mut Header) {
    count_block(-1);
    // SAFETY: called for the last reference of a header from numir_alloc, whose owner is malloc's block.
    unsafe { libc::free((*header).owner) };
}

/// The same for a block that takes whole pages, at whose start the header is.
fn allocate_large(bytes: i64, total: usize, zero: bool) -> *mut Header {
    let Some(block) = Block::take(total, zero) else { return std::ptr::null_mut() };
    let header = block.start().cast::<Header>();
    let owner = std::ptr::without_provenance_mut(block.bytes());
    // SAFETY: the block holds header and data; nobody else has it.
    unsafe { header.write(Header::foreign(bytes, owner, free_large_block)) };
    count_block(1);
    header
}

unsafe extern "C" fn free_large_block(header: *mut Header) {
    count_block(-1);
    // SAFETY: called for the last reference of a header from `allocate_large`, at which its block starts and whose owner is its size.
    unsafe {
        let bytes = (*header).owner.addr();
        if let Some(start) = NonNull::new(header.cast()) {
            Block::from_raw(start, bytes).give_back();
        }
    }
}

/// Adds a reference; null is allowed.
///
/// # Safety
/// `header` is null or a live header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn numir_retain(header: *mut Header) {
    // SAFETY: live by the caller's promise.
    if let Some(header) = unsafe { header.as_ref() } {
        header.count.fetch_add(1, Ordering::Relaxed);
    }
}

/// Drops a reference and frees with the last one; null is allowed.
///
/// # Safety
/// `header` is null or a live header of which the caller owns a reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn numir_release(header: *mut Header) {
    // SAFETY: live by the caller's promise.
    let Some(owner) = (unsafe { header.as_ref() }) else { return };
    if owner.count.fetch_sub(1, Ordering::Release) != 1 {
        return;
    }
    std::sync::atomic::fence(Ordering::Acquire);
    owner.mirror.discard();
    if let Some(free) = owner.free {
        // SAFETY: that was the last reference, and `free` belongs to this header.
        unsafe { free(header) };
    }
}

/// The bytes of a C-contiguous array; `None` if they do not fit 63 bits.
#[must_use]
pub fn array_bytes(shape: &[usize], item: usize) -> Option<usize> {
    if shape.contains(&0) {
        return Some(0);
    }
    let bytes = shape.iter().try_fold(item, |bytes, extent| bytes.checked_mul(*extent))?;
    isize::try_from(bytes).is_ok().then_some(bytes)
}

/// One reference to a header, for Rust: cloning retains, dropping releases.
#[derive(Debug)]
pub struct Owner(NonNull<Header>);

// SAFETY: the count is atomic and headers are freed by functions that any thread may call.
unsafe impl Send for Owner {}
// SAFETY: as above; an Owner gives no access to the data.
unsafe impl Sync for Owner {}

impl Owner {
    /// Allocates as [`numir_alloc`] does; `None` when the memory cannot be had.
    #[must_use]
    pub fn allocate(bytes: usize, zero: bool) -> Option<Self> {
        NonNull::new(numir_alloc(i64::try_from(bytes).ok()?, i32::from(zero))).map(Self)
    }

    /// Keeps `keeper` until the last reference goes: for memory that something else on this side owns.
    #[must_use]
    pub fn keeping<T: Send + 'static>(keeper: T, bytes: usize) -> Self {
        unsafe extern "C" fn drop_kept<T>(header: *mut Header) {
            // SAFETY: header and owner are the boxes that `keeping` leaked, and this was the last reference.
            unsafe {
                drop(Box::from_raw((*header).owner.cast::<T>()));
                drop(Box::from_raw(header));
            }
        }
        let owner = Box::into_raw(Box::new(keeper)).cast();
        let header = Header::foreign(i64::try_from(bytes).unwrap_or(i64::MAX), owner, drop_kept::<T>);
        Self(NonNull::from(Box::leak(Box::new(header))))
    }

    /// Takes over a reference.
    ///
    /// # Safety
    /// `header` is live and the caller owns a reference to it, which passes to the result.
    #[must_use]
    pub unsafe fn from_raw(header: *mut Header) -> Option<Self> {
        NonNull::new(header).map(Self)
    }

    /// The header; the reference stays here.
    #[must_use]
    pub const fn header(&self) -> *mut Header {
        self.0.as_ptr()
    }

    /// The data of a header from [`allocate`](Self::allocate).
    #[must_use]
    pub fn data(&self) -> *mut u8 {
        self.0.as_ptr().cast::<u8>().wrapping_add(HEADER_BYTES)
    }
}

impl Clone for Owner {
    fn clone(&self) -> Self {
        // SAFETY: self holds a reference, so the header lives.
        unsafe { numir_retain(self.0.as_ptr()) };
        Self(self.0)
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        // SAFETY: self owns the reference that it gives up.
        unsafe { numir_release(self.0.as_ptr()) };
    }
}
