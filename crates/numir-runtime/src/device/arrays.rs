//! What compiled host code calls for the arrays of kernels, and for arrays that were a kernel's.

use std::cell::RefCell;

use super::failure::{self, DeviceError};
use super::mirror::{self, Extent};
use super::streams::Use;
use super::{Device, DeviceAddress, Kernel, activity, counters, device_of};
use crate::memory::{HEADER_BYTES, Header};

/// The bit of a mode that says that memory is read.
pub const READS: i32 = 1;

/// The bit of a mode that says that memory is written.
pub const WRITES: i32 = 2;

/// The bit of a mode that says that nobody has written to memory yet: there is nothing to copy.
pub const FRESH: i32 = 4;

/// Memory that a device has of a constant, for one launch.
struct Temporary {
    device: &'static dyn Device,
    address: DeviceAddress,
    bytes: usize,
    used: Use,
}

impl Drop for Temporary {
    fn drop(&mut self) {
        self.device.free(self.address, self.bytes, self.used);
    }
}

thread_local! {
    /// The constants of the launch that this thread prepares.
    static TEMPORARIES: RefCell<Vec<Temporary>> = const { RefCell::new(Vec::new()) };
}

/// Frees the constants of the launch that this thread has prepared.
pub(super) fn free_temporaries() {
    let temporaries = TEMPORARIES.try_with(|temporaries| std::mem::take(&mut *temporaries.borrow_mut()));
    drop(temporaries);
}

/// What a kernel of that device is to be given for `bytes` bytes of host memory.
///
/// # Safety
/// As [`numir_device_array`].
unsafe fn prepare(
    device: &'static dyn Device,
    header: Option<&Header>,
    data: *mut u8,
    bytes: usize,
    mode: i32,
) -> Result<DeviceAddress, DeviceError> {
    let Some(header) = header else {
        // SAFETY: the caller's promise.
        return unsafe { prepare_constant(device, data, bytes) };
    };
    let total = usize::try_from(header.bytes()).unwrap_or(0);
    let owner = match header.is_followed_by_data() {
        true => Extent::Known(std::ptr::from_ref(header).addr() + HEADER_BYTES, total),
        false => Extent::AtMost(total),
    };
    let mut taken = header.mirror().take();
    // SAFETY: the caller's promise.
    unsafe { mirror::prepare(&mut taken.mirror, device, owner, data, bytes, mode) }
}

/// # Safety
/// `data` has so many readable bytes.
unsafe fn prepare_constant(
    device: &'static dyn Device,
    data: *mut u8,
    bytes: usize,
) -> Result<DeviceAddress, DeviceError> {
    let temporary = Temporary { device, address: device.allocate(bytes)?, bytes, used: Use::here() };
    let address = temporary.address;
    // SAFETY: the caller's promise, and the allocation is as long.
    unsafe { device.copy_to_device(address, data, bytes) }?;
    counters::count_to_device(bytes);
    TEMPORARIES.with(|temporaries| temporaries.borrow_mut().push(temporary));
    Ok(address)
}

/// What a kernel is to be given for `bytes` bytes of an owner's memory from `data` on, which it reads or writes or both, as `mode` says ([`READS`], [`WRITES`], [`FRESH`]):
/// memory of the kernel's device that has what the host's has. Null with an error pending where that cannot be had. A null header
/// is the owner of a constant, which no kernel writes; the memory that it gets is for the next launch of the thread.
///
/// The address holds until another part of the same owner's memory is asked for that the mirror has no room for (see `mirror`): who
/// does not know that the arguments of a launch have different owners, or owners of this runtime, asks for all and then again, which copies nothing.
///
/// # Safety
/// `kernel` is a record as [`Kernel`] says; `header` is null or live; the bytes are of its memory, all of it between the lowest and the
/// highest that any kernel is given is readable, and writable where kernels write, and the host uses none that kernels write without
/// [`numir_host_array`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn numir_device_array(
    kernel: *mut Kernel,
    header: *mut Header,
    data: *const u8,
    bytes: i64,
    mode: i32,
) -> *mut u8 {
    let Some(bytes) = usize::try_from(bytes).ok().filter(|bytes| *bytes > 0) else {
        // An address that a kernel has no bytes to use at.
        return std::ptr::without_provenance_mut(HEADER_BYTES);
    };
    // SAFETY: the caller's promise.
    let (kernel, header) = unsafe { (&*kernel, header.as_ref()) };
    let before = counters::transfers();
    // SAFETY: the caller's promise.
    let address = device_of(kernel).and_then(|device| unsafe { prepare(device, header, data.cast_mut(), bytes, mode) });
    let copied = counters::transfers() - before;
    if copied.to_device > 0 {
        // SAFETY: the caller's promise.
        unsafe { activity::of(kernel) }.copied(copied);
    }
    match address {
        Ok(address) => std::ptr::with_exposed_provenance_mut(address as usize),
        Err(error) => {
            failure::raise(error);
            std::ptr::null_mut()
        }
    }
}

/// Has host memory be fit for host code that is about to read or write it, as `mode` says. 0, or 1 with an error pending: of the
/// copy, or of a kernel that was waited for.
///
/// # Safety
/// `header` is null or live.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn numir_host_array(header: *mut Header, mode: i32) -> i32 {
    // SAFETY: the caller's promise.
    let Some(slot) = (unsafe { header.as_ref() }).map(Header::mirror).filter(|slot| !slot.is_empty()) else { return 0 };
    let mut taken = slot.take();
    let Some(mirror) = &mut taken.mirror else { return 0 };
    // SAFETY: the memory of a live array, which kernels were given.
    let updated = unsafe { mirror.update_host() };
    if mode & WRITES != 0 {
        mirror.host_writes();
    }
    drop(taken);
    failure::status(updated)
}

/// The same for host code that reads an array which no kernel will use again: its mirror is freed, whether an error is pending or not. One that lives
/// on the device stays there, and gets what the host has written.
///
/// # Safety
/// `header` is null or live.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn numir_device_leave(header: *mut Header) -> i32 {
    // SAFETY: the caller's promise.
    let Some(slot) = (unsafe { header.as_ref() }).map(Header::mirror).filter(|slot| !slot.is_empty()) else { return 0 };
    let mut taken = slot.take();
    let updated = match &mut taken.mirror {
        // SAFETY: the memory of a live array, which kernels were given; so below.
        Some(mirror) if mirror.is_array() => unsafe { mirror.settle() }.map(|_| ()),
        // SAFETY: as above.
        _ => taken.mirror.take().map_or(Ok(()), |mut mirror| unsafe { mirror.update_host() }),
    };
    drop(taken);
    failure::status(updated)
}
