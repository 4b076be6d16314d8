//! Arrays that live on a device: a header as any array's, whose mirror stays and whose host memory is a range of addresses that costs nothing
//! until the host touches it. So all that works for arrays works for these: a kernel gets the device's address without a copy, and
//! host code that reads one has it copied on the way.

use std::any::Any;

use super::failure::DeviceError;
use super::mirror::{ALIGNMENT, Mirror};
use super::reserved::Reserved;
use super::streams::current_stream;
use super::{Device, DeviceAddress, Place, counters};
use crate::error::RaisedError;
use crate::memory::{Header, Owner};

/// One reference to an array's memory on a device.
#[derive(Clone)]
pub struct Resident {
    owner: Owner,
    data: usize,
    bytes: usize,
}

impl Resident {
    /// New memory of so many bytes on the device of a place, with no particular content.
    ///
    /// # Errors
    /// There is no device, or it has no room.
    pub fn allocate(place: Place, bytes: usize) -> Result<Self, RaisedError> {
        let device = place.device()?;
        Self::new(bytes, 0, |host| Mirror::of_array(device, host, bytes))
    }

    /// Memory that there is on the device already, and that lives as long as its keeper.
    ///
    /// # Errors
    /// There is no device.
    ///
    /// # Safety
    /// From the address on there are so many bytes of the device's memory until the keeper is dropped.
    pub unsafe fn around(
        place: Place,
        address: u64,
        bytes: usize,
        keeper: Box<dyn Any + Send>,
    ) -> Result<Self, RaisedError> {
        let device = place.device()?;
        let offset = address as usize % ALIGNMENT;
        Self::new(bytes, offset, |host| Ok(Mirror::of_foreign(device, host, bytes, address, keeper)))
    }

    /// Around a mirror of host addresses that begin so many bytes behind a page.
    fn new(
        bytes: usize,
        offset: usize,
        mirror: impl FnOnce(*mut u8) -> Result<Mirror, DeviceError>,
    ) -> Result<Self, RaisedError> {
        let none = || DeviceError::Stated("MemoryError", format!("no addresses for an array of {bytes} bytes"));
        let range = Reserved::new(bytes.saturating_add(offset)).ok_or_else(none)?;
        let start = range.start().wrapping_add(offset);
        let mirror = mirror(start)?;
        let owner = Owner::keeping(range, bytes);
        // SAFETY: the owner's header lives.
        unsafe { &*owner.header() }.mirror().take().mirror = Some(Box::new(mirror));
        Ok(Self { owner, data: start.expose_provenance(), bytes })
    }

    /// The owner of the memory.
    #[must_use]
    pub fn owner(&self) -> &Owner {
        &self.owner
    }

    /// The header, whose reference stays here.
    #[must_use]
    pub fn header(&self) -> *mut Header {
        self.owner.header()
    }

    /// Where host code finds the array.
    #[must_use]
    pub fn data(&self) -> *mut u8 {
        std::ptr::with_exposed_provenance_mut(self.data)
    }

    /// Its bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    fn settled(&self) -> Result<(&'static dyn Device, DeviceAddress), DeviceError> {
        // SAFETY: the header lives.
        let mut taken = unsafe { &*self.header() }.mirror().take();
        let gone = || DeviceError::Stated("DeviceError", "the array's memory on the device is gone".to_owned());
        let mirror = taken.mirror.as_mut().ok_or_else(gone)?;
        // SAFETY: the range of host addresses is readable.
        unsafe { mirror.settle() }
    }

    /// Where it is on the device. Who uses that writes there, as far as others can know.
    ///
    /// # Errors
    /// What host code has written could not be copied to the device.
    pub fn address(&self) -> Result<u64, RaisedError> {
        Ok(self.settled()?.1)
    }

    /// The place of so many bytes from an offset on.
    fn part(&self, offset: usize, bytes: usize) -> Result<(&'static dyn Device, DeviceAddress), DeviceError> {
        let inside = offset.checked_add(bytes).is_some_and(|end| end <= self.bytes);
        if !inside {
            let text = format!("{bytes} bytes from {offset} on are not of an array of {} bytes", self.bytes);
            return Err(DeviceError::Stated("IndexError", text));
        }
        let (device, address) = self.settled()?;
        Ok((device, address + offset as DeviceAddress))
    }

    /// Copies from the device to the host, after all that the thread has launched. In a stream other than the default one a copy to pinned memory
    /// is but begun.
    ///
    /// # Errors
    /// The copy has failed, or a kernel has: what kernels have recorded is told where this waits.
    ///
    /// # Safety
    /// `to` has so many writable bytes, until the copy is made.
    pub unsafe fn read(&self, offset: usize, to: *mut u8, bytes: usize) -> Result<(), RaisedError> {
        let (device, from) = self.part(offset, bytes)?;
        if bytes > 0 {
            counters::count_to_host(bytes);
            // SAFETY: the caller's promise; the part is of the array.
            if current_stream() != 0 && unsafe { device.begin_copy_to_host(to, from, bytes) }? {
                return Ok(());
            }
            // SAFETY: as above.
            unsafe { device.copy_to_host(to, from, bytes) }?;
        }
        Ok(device.synchronize()?)
    }

    /// Copies from the host to the device, after all that the thread has launched. In a stream other than the default one a copy of pinned memory
    /// is but begun.
    ///
    /// # Errors
    /// The copy has failed.
    ///
    /// # Safety
    /// `from` has so many readable bytes, until the copy is made.
    pub unsafe fn write(&self, offset: usize, from: *const u8, bytes: usize) -> Result<(), RaisedError> {
        let (device, to) = self.part(offset, bytes)?;
        if bytes > 0 {
            counters::count_to_device(bytes);
            // SAFETY: the caller's promise; the part is of the array.
            if current_stream() != 0 && unsafe { device.begin_copy_to_device(to, from, bytes) }? {
                return Ok(());
            }
            // SAFETY: as above.
            unsafe { device.copy_to_device(to, from, bytes) }?;
        }
        Ok(())
    }

    /// Copies between two arrays of a device, which may be one.
    ///
    /// # Errors
    /// The copy has failed, or they live on different devices.
    pub fn copy(&self, offset: usize, from: &Self, from_offset: usize, bytes: usize) -> Result<(), RaisedError> {
        let ((device, to), (other, from)) = (self.part(offset, bytes)?, from.part(from_offset, bytes)?);
        if !std::ptr::addr_eq(device, other) {
            let text = "the arrays live on different devices: copy by way of the host, with copy_to_host()";
            return Err(DeviceError::Stated("ValueError", text.to_owned()).into());
        }
        if bytes > 0 {
            // SAFETY: both parts are of arrays.
            unsafe { device.copy_within(to, from, bytes) }?;
        }
        Ok(())
    }
}
