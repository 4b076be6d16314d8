//! Mirrors: what a device has of an array's memory, kept coherent with the host's as the program runs.
//!
//! A header has at most one mirror, on one device. Before a launch each array of a kernel is asked for with
//! [`numir_device_array`](super::numir_device_array), before host code touches an array whose memory may have been a kernel's it calls
//! [`numir_host_array`](super::numir_host_array); copies are made only where the other side's memory is newer. So two launches in a row copy
//! nothing in between, and a loop whose host code reads nothing keeps its arrays on the device.
//!
//! The mirror of a block from [`numir_alloc`](crate::memory::numir_alloc) is of the whole block. Of other memory the header tells how much
//! it is, but not where: what is held of it is the range from the lowest address that a kernel was given to the highest, and the device's memory has room around
//! for all that may follow, so that addresses stay what they are: several arguments of one launch may be parts of one memory. Where the
//! header knows of less than kernels want, as that of a strided array does, or the memory is much larger, a mirror is made anew: who passes several such parts
//! to one launch asks for all of them, and then again.
//!
//! Two headers of one memory are taken for two memories.
//!
//! An array that lives on a device (see `resident`) has a mirror, too, which stays for as long as the array: there it is the host's memory that is
//! the copy. Between calls of compiled functions the device's memory is the newer one, whatever the host has.

use std::any::Any;

use super::failure::DeviceError;
use super::streams::Use;
use super::{Device, DeviceAddress, FRESH, WRITES, counters};

/// Which memory has what the other has not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Newer {
    Neither,
    Host,
    Device,
}

/// Bytes from which on a memory of which kernels use less than a quarter is too much to have room for.
const MUCH: usize = 64 << 20;

/// An address on the device has the remainder by this that the address on the host has: who knows how an array is aligned on the one side knows it of
/// the other. Devices allocate at multiples of more.
pub(super) const ALIGNMENT: usize = 16;

/// Host addresses from the first to that behind the last.
type Range = std::ops::Range<usize>;

/// What is known of an owner's memory.
#[derive(Clone, Copy, Debug)]
pub(super) enum Extent {
    /// Its start and bytes.
    Known(usize, usize),
    /// So many bytes, somewhere around what is asked for.
    AtMost(usize),
}

/// What the device's memory is to the program.
enum Standing {
    /// A copy of the host's.
    Copy,
    /// The array itself.
    Array,
    /// The array itself, in memory of somebody else's, which lives as long as this.
    Foreign(#[expect(dead_code, reason = "it is kept to be dropped")] Box<dyn Any + Send>),
}

/// A range of host memory on a device.
pub(crate) struct Mirror {
    device: &'static dyn Device,
    /// The device's memory, and the host addresses that it has room for.
    address: DeviceAddress,
    room: Range,
    /// A pointer to the host's memory, of any address.
    host: *mut u8,
    /// The host addresses whose bytes it has, or is to have.
    held: Range,
    newer: Newer,
    standing: Standing,
    /// How many of the device's sessions were over when it was made.
    session: u32,
    /// The streams that the device's memory was used in.
    used: Use,
}

impl Mirror {
    /// The mirror of an array that lives on a device, of which the host has this memory.
    pub(super) fn of_array(device: &'static dyn Device, host: *mut u8, bytes: usize) -> Result<Self, DeviceError> {
        let address = device.allocate(bytes.max(1))?;
        Ok(Self::at(device, host, bytes, address, Standing::Array))
    }

    /// The same for an array in memory of the device's that lives as long as its keeper.
    pub(super) fn of_foreign(
        device: &'static dyn Device,
        host: *mut u8,
        bytes: usize,
        address: DeviceAddress,
        keeper: Box<dyn Any + Send>,
    ) -> Self {
        Self::at(device, host, bytes, address, Standing::Foreign(keeper))
    }

    fn at(
        device: &'static dyn Device,
        host: *mut u8,
        bytes: usize,
        address: DeviceAddress,
        standing: Standing,
    ) -> Self {
        let range = host.addr()..host.addr() + bytes;
        Self {
            device,
            address,
            room: range.clone(),
            host,
            held: range,
            newer: Newer::Device,
            standing,
            session: device.sessions(),
            used: Use::here(),
        }
    }

    /// Whether the array lives on the device.
    pub(super) fn is_array(&self) -> bool {
        !matches!(self.standing, Standing::Copy)
    }

    /// Fails where an array lived in a session that is over. A copy of the host's memory is as good as before.
    fn check(&self) -> Result<(), DeviceError> {
        if !self.is_array() || self.session == self.device.sessions() {
            return Ok(());
        }
        let text =
            "the array is gone: it was made before cuda.close(), or a reset of its context or device; make it anew";
        Err(DeviceError::Stated("DeviceError", text.to_owned()))
    }

    /// Has the device's memory be the newer one, as it is between calls where the array lives there. Where the memory is.
    ///
    /// # Safety
    /// The host's memory is readable.
    pub(super) unsafe fn settle(&mut self) -> Result<(&'static dyn Device, DeviceAddress), DeviceError> {
        self.check()?;
        // SAFETY: the caller's promise.
        unsafe { self.update_device(&self.held.clone()) }?;
        self.newer = Newer::Device;
        Ok((self.device, self.address))
    }

    fn new(device: &'static dyn Device, owner: Extent, host: *mut u8, wanted: Range) -> Result<Self, DeviceError> {
        let (held, room) = match owner {
            Extent::Known(start, bytes) => (start..start + bytes, start..start + bytes),
            Extent::AtMost(bytes) => {
                let is_much = bytes > MUCH && bytes / 4 > wanted.len();
                let most = if is_much { wanted.len() } else { bytes.max(wanted.len()) };
                let room = wanted.end.saturating_sub(most)..wanted.start.saturating_add(most);
                (wanted, room)
            }
        };
        let aligned = |range: &Range| range.start & !(ALIGNMENT - 1)..range.end;
        let room = aligned(&room);
        let (room, address) = match device.allocate(room.len()) {
            Ok(address) => (room, address),
            // There is no room for what may follow.
            Err(_) if room != aligned(&held) => (aligned(&held), device.allocate(aligned(&held).len())?),
            Err(error) => return Err(error),
        };
        Ok(Self {
            device,
            address,
            room,
            host,
            held,
            newer: Newer::Host,
            standing: Standing::Copy,
            session: device.sessions(),
            used: Use::here(),
        })
    }

    /// What corresponds to a host address.
    fn address_of(&self, host: usize) -> DeviceAddress {
        self.address + (host - self.room.start) as DeviceAddress
    }

    /// # Safety
    /// The host's memory is readable there, and the mirror has room for it.
    unsafe fn copy_to_device(&self, range: Range) -> Result<(), DeviceError> {
        if !range.is_empty() {
            let from = self.host.with_addr(range.start);
            // SAFETY: the caller's promise.
            unsafe { self.device.copy_to_device(self.address_of(range.start), from, range.len()) }?;
            counters::count_to_device(range.len());
        }
        Ok(())
    }

    /// Holds a range, too, that it has room for, and has the device's memory be as new as the host's.
    ///
    /// # Safety
    /// The host's memory is readable, from the lowest address that is held to the highest.
    unsafe fn update_device(&mut self, wanted: &Range) -> Result<(), DeviceError> {
        self.used = self.used.and_here();
        let held = self.held.start.min(wanted.start)..self.held.end.max(wanted.end);
        // SAFETY: the caller's promise; there is room.
        unsafe {
            if self.newer == Newer::Host {
                self.copy_to_device(held.clone())?;
                self.newer = Newer::Neither;
            } else {
                self.copy_to_device(held.start..self.held.start)?;
                self.copy_to_device(self.held.end..held.end)?;
            }
        }
        self.held = held;
        Ok(())
    }

    /// Has the host's memory be as new as the device's. What kernels have recorded is told once the memory is there.
    ///
    /// # Safety
    /// The host's memory is writable where the device has written, and readable.
    pub(super) unsafe fn update_host(&mut self) -> Result<(), DeviceError> {
        if self.newer == Newer::Device {
            self.check()?;
            self.used = self.used.and_here();
            let to = self.host.with_addr(self.held.start);
            // SAFETY: the caller's promise.
            unsafe { self.device.copy_to_host(to, self.address_of(self.held.start), self.held.len()) }?;
            counters::count_to_host(self.held.len());
            self.newer = Newer::Neither;
            self.device.synchronize()?;
        }
        Ok(())
    }

    /// The host is about to write.
    pub(super) fn host_writes(&mut self) {
        if self.newer == Newer::Neither {
            self.newer = Newer::Host;
        }
    }
}

impl Drop for Mirror {
    fn drop(&mut self) {
        if !matches!(self.standing, Standing::Foreign(_)) {
            self.device.free(self.address, self.room.len().max(1), self.used);
        }
    }
}

/// What a kernel of that device is to be given for `bytes` bytes of an owner's memory, of which there may be a mirror; there is one afterwards.
///
/// # Safety
/// The owner's memory is readable from the lowest address that is asked for to the highest, and writable where kernels write.
pub(super) unsafe fn prepare(
    place: &mut Option<Box<Mirror>>,
    device: &'static dyn Device,
    owner: Extent,
    data: *mut u8,
    bytes: usize,
    mode: i32,
) -> Result<DeviceAddress, DeviceError> {
    let mut wanted = data.addr()..data.addr() + bytes;
    if let Some(mirror) = place {
        mirror.check()?;
        let is_here = std::ptr::addr_eq(mirror.device, device);
        if !is_here && mirror.is_array() {
            let text = "an array lives on another device than the one that the function is compiled for: pass what copy_to_host() gives";
            return Err(DeviceError::Stated("ValueError", text.to_owned()));
        }
        if !is_here || wanted.start < mirror.room.start || mirror.room.end < wanted.end {
            // SAFETY: the caller's promise.
            unsafe { mirror.update_host() }?;
            wanted = wanted.start.min(mirror.held.start)..wanted.end.max(mirror.held.end);
            *place = None;
        }
    }
    let mirror = match place {
        Some(mirror) => mirror,
        none => {
            let mirror = none.insert(Box::new(Mirror::new(device, owner, data, wanted.clone())?));
            if mode & FRESH != 0 {
                mirror.newer = Newer::Neither;
            }
            mirror
        }
    };
    // SAFETY: the caller's promise.
    unsafe { mirror.update_device(&wanted) }?;
    if mode & WRITES != 0 {
        mirror.newer = Newer::Device;
    }
    Ok(mirror.address_of(data.addr()))
}

#[cfg(test)]
mod tests;
