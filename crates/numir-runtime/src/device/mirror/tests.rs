//! Mirrors on a device that notes what is asked of it.

use super::*;
use crate::device::{Geometry, Kernel};
use std::collections::BTreeMap;
use std::ffi::c_void;
use std::sync::Mutex;

/// A device of some bytes that notes what is asked of it; kernels are written by hand.
struct Notes {
    blocks: Mutex<BTreeMap<u64, Box<[u8]>>>,
    most: usize,
    /// What kernels have recorded, told once.
    failure: Mutex<Option<&'static str>>,
}

impl Notes {
    fn new(most: usize) -> &'static Self {
        Box::leak(Box::new(Self { blocks: Mutex::default(), most, failure: Mutex::default() }))
    }

    fn in_use(&self) -> Vec<usize> {
        self.blocks.lock().unwrap().values().map(|block| block.len()).collect()
    }

    fn with<R>(&self, address: u64, run: impl FnOnce(&mut [u8]) -> R) -> R {
        let mut blocks = self.blocks.lock().unwrap();
        let (start, block) = blocks.range_mut(..=address).next_back().expect("a block");
        run(&mut block[(address - start) as usize..])
    }
}

impl Device for Notes {
    fn allocate(&self, bytes: usize) -> Result<DeviceAddress, DeviceError> {
        let mut blocks = self.blocks.lock().unwrap();
        if blocks.values().map(|block| block.len()).sum::<usize>().saturating_add(bytes) > self.most {
            return Err(DeviceError::Stated("MemoryError", "no more".to_owned()));
        }
        let address = blocks
            .last_key_value()
            .map_or(1 << 32, |(start, block)| (start + block.len() as u64 + 64).next_multiple_of(64));
        blocks.insert(address, vec![0xee; bytes].into());
        Ok(address)
    }

    fn free(&self, address: DeviceAddress, bytes: usize, _: Use) {
        let block = self.blocks.lock().unwrap().remove(&address).expect("it was allocated");
        assert_eq!(block.len(), bytes);
    }

    unsafe fn copy_to_device(&self, to: DeviceAddress, from: *const u8, bytes: usize) -> Result<(), DeviceError> {
        // SAFETY: the caller's promise.
        let from = unsafe { std::slice::from_raw_parts(from, bytes) };
        self.with(to, |block| block[..bytes].copy_from_slice(from));
        Ok(())
    }

    unsafe fn copy_to_host(&self, to: *mut u8, from: DeviceAddress, bytes: usize) -> Result<(), DeviceError> {
        // SAFETY: the caller's promise.
        let to = unsafe { std::slice::from_raw_parts_mut(to, bytes) };
        self.with(from, |block| to.copy_from_slice(&block[..bytes]));
        Ok(())
    }

    unsafe fn copy_within(&self, to: DeviceAddress, from: DeviceAddress, bytes: usize) -> Result<(), DeviceError> {
        let copy = self.with(from, |block| block[..bytes].to_vec());
        self.with(to, |block| block[..bytes].copy_from_slice(&copy));
        Ok(())
    }

    unsafe fn launch(&self, _: &Kernel, _: &Geometry, _: *const *const c_void) -> Result<(), DeviceError> {
        Ok(())
    }

    unsafe fn kernel_attribute(&self, _: &Kernel, _: u32) -> Result<u32, DeviceError> {
        Ok(0)
    }

    fn synchronize(&self) -> Result<(), DeviceError> {
        let failure = self.failure.lock().unwrap().take();
        failure.map_or(Ok(()), |message| Err(DeviceError::Stated("ValueError", message.to_owned())))
    }

    fn close(&self) -> Result<(), DeviceError> {
        Ok(())
    }

    fn sessions(&self) -> u32 {
        0
    }
}

/// Bytes that begin at a multiple of what mirrors are aligned by.
#[repr(align(16))]
struct Bytes([u8; 20]);

/// Asks for part of some bytes, whose owner knows of all, and adds one to each by hand.
fn add_one(place: &mut Option<Box<Mirror>>, device: &'static Notes, bytes: &mut [u8], part: Range) -> u64 {
    let (total, data) = (bytes.len(), bytes[part.clone()].as_mut_ptr());
    // SAFETY: the bytes are the test's.
    let address = unsafe { prepare(place, device, Extent::AtMost(total), data, part.len(), WRITES) };
    let address = address.expect("there is memory");
    assert_eq!(address as usize % ALIGNMENT, data.addr() % ALIGNMENT);
    device.with(address, |block| block[..part.len()].iter_mut().for_each(|byte| *byte += 1));
    address
}

#[test]
fn addresses_stay_as_parts_are_added() {
    let (device, mut place) = (Notes::new(1000), None);
    let Bytes(bytes) = &mut Bytes([0; 20]);
    let start = crate::device::transfers();
    let middle = add_one(&mut place, device, bytes, 8..12);
    assert_eq!(add_one(&mut place, device, bytes, 0..10), middle - 8);
    assert_eq!(add_one(&mut place, device, bytes, 16..20), middle + 8);
    assert_eq!(device.in_use(), [44]);
    // SAFETY: the bytes are the test's.
    unsafe { place.as_mut().unwrap().update_host() }.unwrap();
    assert_eq!(*bytes, [1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1]);
    let now = crate::device::transfers();
    let copied = [now.bytes_to_device - start.bytes_to_device, now.bytes_to_host - start.bytes_to_host];
    assert_eq!(copied, [20, 20], "each byte once");
    drop(place);
    assert!(device.in_use().is_empty());
}

#[test]
fn without_room_for_more_a_mirror_is_made_anew() {
    let (device, mut place) = (Notes::new(30), None);
    let Bytes(bytes) = &mut Bytes([0; 20]);
    add_one(&mut place, device, bytes, 8..12);
    assert_eq!(device.in_use(), [12]);
    add_one(&mut place, device, bytes, 6..16);
    assert_eq!(device.in_use(), [16]);
    add_one(&mut place, device, bytes, 0..20);
    assert_eq!(device.in_use(), [20]);
    // SAFETY: the bytes are the test's.
    unsafe { place.as_mut().unwrap().update_host() }.unwrap();
    assert_eq!(*bytes, [1, 1, 1, 1, 1, 1, 2, 2, 3, 3, 3, 3, 2, 2, 2, 2, 1, 1, 1, 1]);
    let mut large = [0_u8; 31];
    // SAFETY: as above.
    let none = unsafe { prepare(&mut None, device, Extent::AtMost(31), large.as_mut_ptr(), 31, WRITES) };
    assert!(none.is_err());
}

#[test]
fn of_much_memory_only_what_is_used_has_room() {
    let (device, mut place) = (Notes::new(1 << 30), None);
    let Bytes(bytes) = &mut Bytes([0; 20]);
    for (total, room) in [(MUCH, 2 * MUCH - 16), (MUCH + 1, 20)] {
        // SAFETY: the bytes are the test's.
        let address = unsafe { prepare(&mut place, device, Extent::AtMost(total), bytes.as_mut_ptr(), 20, WRITES) };
        assert!(address.is_ok());
        assert_eq!(device.in_use(), [room]);
        place = None;
    }
}

#[test]
fn a_mirror_moves_to_the_device_that_wants_it() {
    let (one, other, mut place) = (Notes::new(100), Notes::new(100), None);
    let Bytes(bytes) = &mut Bytes([0; 20]);
    add_one(&mut place, one, bytes, 0..20);
    add_one(&mut place, other, bytes, 4..8);
    assert_eq!((one.in_use(), other.in_use()), (vec![], vec![20]));
    // SAFETY: the bytes are the test's.
    unsafe { place.as_mut().unwrap().update_host() }.unwrap();
    assert_eq!(bytes[..10], [1, 1, 1, 1, 2, 2, 2, 2, 1, 1]);
}

#[test]
fn what_kernels_have_recorded_is_told_when_the_memory_is_there() {
    let (device, mut place) = (Notes::new(100), None);
    let Bytes(bytes) = &mut Bytes([0; 20]);
    add_one(&mut place, device, bytes, 0..20);
    *device.failure.lock().unwrap() = Some("no");
    let mirror = place.as_mut().unwrap();
    // SAFETY: the bytes are the test's.
    let (first, second) = unsafe { (mirror.update_host(), mirror.update_host()) };
    assert!(matches!(first, Err(DeviceError::Stated("ValueError", _))) && second.is_ok());
    assert_eq!(*bytes, [1; 20]);
}
