//! Mirrors: what a device has of an array's memory, kept coherent with the host's as the program runs.
//!
//! A header has at most one mirror, on one device. Before a launch each array of a kernel is asked for with
//! [`numir_device_array`], before host code touches an array whose memory may have been a kernel's it calls
//! [`numir_host_array`]; copies are made only where the other side's memory is newer. So two launches in a row copy nothing in
//! between, and a loop whose host code reads nothing keeps its arrays on the device.
//!
//! The mirror of a block from [`numir_alloc`](crate::memory::numir_alloc) is of the whole block. Of other memory only what kernels were
//! given is known: its mirror is of the range from the lowest such address to the highest, and grows.
//! A constant of the module has no header: it is copied for each launch.

use std::cell::RefCell;
use std::sync::atomic::{AtomicPtr, Ordering};

use super::failure::{self, DeviceError};
use super::{Device, DeviceAddress, Kernel, counters, device_of};
use crate::memory::{HEADER_BYTES, Header};

/// The bit of a mode that says that memory is read.
pub const READS: i32 = 1;

/// The bit of a mode that says that memory is written.
pub const WRITES: i32 = 2;

/// Which memory has what the other has not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Newer {
    Neither,
    Host,
    Device,
}

/// A range of host memory on a device.
pub(crate) struct Mirror {
    device: &'static dyn Device,
    /// The lowest host address.
    host: *mut u8,
    bytes: usize,
    /// What corresponds to it.
    address: DeviceAddress,
    newer: Newer,
}

impl Mirror {
    fn new(device: &'static dyn Device, host: *mut u8, bytes: usize) -> Result<Self, DeviceError> {
        Ok(Self { device, host, bytes, address: device.allocate(bytes)?, newer: Newer::Host })
    }

    fn covers(&self, range: (usize, usize)) -> bool {
        self.host.addr() <= range.0 && range.1 <= self.host.addr() + self.bytes
    }

    fn is_on(&self, device: &dyn Device) -> bool {
        std::ptr::addr_eq(self.device, device)
    }

    /// Has the device's memory be as new as the host's.
    ///
    /// # Safety
    /// The host's memory is readable.
    unsafe fn update_device(&mut self) -> Result<(), DeviceError> {
        if self.newer == Newer::Host {
            // SAFETY: the caller's promise, and the allocation is as long.
            unsafe { self.device.copy_to_device(self.address, self.host, self.bytes) }?;
            counters::count_to_device(self.bytes);
            self.newer = Newer::Neither;
        }
        Ok(())
    }

    /// Has the host's memory be as new as the device's. What kernels have recorded is told once the memory is there.
    ///
    /// # Safety
    /// The host's memory is writable where the device has written, and readable.
    unsafe fn update_host(&mut self) -> Result<(), DeviceError> {
        if self.newer == Newer::Device {
            // SAFETY: the caller's promise, and the allocation is as long.
            unsafe { self.device.copy_to_host(self.host, self.address, self.bytes) }?;
            counters::count_to_host(self.bytes);
            self.newer = Newer::Neither;
            self.device.synchronize()?;
        }
        Ok(())
    }
}

impl Drop for Mirror {
    fn drop(&mut self) {
        self.device.free(self.address, self.bytes);
    }
}

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

    fn is_empty(&self) -> bool {
        self.0.load(Ordering::Acquire).is_null()
    }

    fn take(&self) -> Taken<'_> {
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
struct Taken<'a> {
    slot: &'a Slot,
    mirror: Option<Box<Mirror>>,
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        let mirror = self.mirror.take().map_or(std::ptr::null_mut(), Box::into_raw);
        self.slot.0.store(mirror, Ordering::Release);
    }
}

/// Memory that a device has of a constant, for one launch.
struct Temporary {
    device: &'static dyn Device,
    address: DeviceAddress,
    bytes: usize,
}

impl Drop for Temporary {
    fn drop(&mut self) {
        self.device.free(self.address, self.bytes);
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
    let mut taken = header.mirror().take();
    let mut wanted = (data.addr(), data.addr() + bytes);
    if let Some(mirror) = &mut taken.mirror
        && (!mirror.is_on(device) || !mirror.covers(wanted))
    {
        // SAFETY: the memory of an array that kernels were given before.
        unsafe { mirror.update_host() }?;
        wanted = (wanted.0.min(mirror.host.addr()), wanted.1.max(mirror.host.addr() + mirror.bytes));
        taken.mirror = None;
    }
    let mirror = match &mut taken.mirror {
        Some(mirror) => mirror,
        none => {
            let block = std::ptr::from_ref(header).addr() + HEADER_BYTES;
            if header.is_followed_by_data() {
                wanted = (block, block + usize::try_from(header.bytes()).unwrap_or(0));
            }
            let host = data.with_addr(wanted.0);
            none.insert(Box::new(Mirror::new(device, host, wanted.1 - wanted.0)?))
        }
    };
    // SAFETY: the range is of the array's memory.
    unsafe { mirror.update_device() }?;
    if mode & WRITES != 0 {
        mirror.newer = Newer::Device;
    }
    Ok(mirror.address + (data.addr() - mirror.host.addr()) as u64)
}

/// # Safety
/// `data` has so many readable bytes.
unsafe fn prepare_constant(
    device: &'static dyn Device,
    data: *mut u8,
    bytes: usize,
) -> Result<DeviceAddress, DeviceError> {
    let temporary = Temporary { device, address: device.allocate(bytes)?, bytes };
    let address = temporary.address;
    // SAFETY: the caller's promise, and the allocation is as long.
    unsafe { device.copy_to_device(address, data, bytes) }?;
    counters::count_to_device(bytes);
    TEMPORARIES.with(|temporaries| temporaries.borrow_mut().push(temporary));
    Ok(address)
}

/// What a kernel is to be given for `bytes` bytes of an owner's memory from `data` on, which it reads or writes or both, as `mode` says:
/// memory of the kernel's device that has what the host's has. Null with an error pending where that cannot be had. A null header
/// is the owner of a constant, which no kernel writes; the memory that it gets is for the next launch of the thread.
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
    // SAFETY: the caller's promise.
    let address = device_of(kernel).and_then(|device| unsafe { prepare(device, header, data.cast_mut(), bytes, mode) });
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
    if mode & WRITES != 0 && mirror.newer == Newer::Neither {
        mirror.newer = Newer::Host;
    }
    drop(taken);
    failure::status(updated)
}

/// The same for host code that reads an array which no kernel will use again: its mirror is freed, whether an error is pending or not.
///
/// # Safety
/// `header` is null or live.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn numir_device_leave(header: *mut Header) -> i32 {
    // SAFETY: the caller's promise.
    let Some(slot) = (unsafe { header.as_ref() }).map(Header::mirror).filter(|slot| !slot.is_empty()) else { return 0 };
    let mut taken = slot.take();
    // SAFETY: the memory of a live array, which kernels were given.
    let updated = taken.mirror.take().map_or(Ok(()), |mut mirror| unsafe { mirror.update_host() });
    drop(taken);
    failure::status(updated)
}
