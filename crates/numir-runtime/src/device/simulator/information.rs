//! What the simulator says that it is: a GPU whose limits are those that it checks, with one multiprocessor for each thread of the pool.

use super::{SHARED, get};
use crate::device::Kernel;
use crate::device::cuda::Gpu;
use crate::device::failure::DeviceError;
use crate::device::place::Information;

/// The compute capability.
const CAPABILITY: (u32, u32) = (9, 0);

/// CUDA's version, as of a driver.
const VERSION: u32 = 13_000;

/// The most threads of a block.
const MOST_THREADS: i64 = 1024;

/// Attributes by the numbers that the driver's manual has for them; all others are 0.
const ATTRIBUTES: &[(u32, u32)] = &[
    (1, MOST_THREADS as u32), // threads of a block
    (2, 1024),                // along x
    (3, 1024),                // along y
    (4, 64),                  // along z
    (5, i32::MAX as u32),     // blocks along x
    (6, 65_535),              // along y
    (7, 65_535),              // along z
    (8, 48 << 10),            // shared memory of a block
    (9, 64 << 10),            // constant memory
    (10, 32),                 // threads of a warp
    (12, 64 << 10),           // registers of a block
    (31, 1),                  // several kernels at once
    (39, 2048),               // threads of a multiprocessor
    (41, 1),                  // one space of addresses
    (75, CAPABILITY.0),
    (76, CAPABILITY.1),
    (81, 228 << 10), // shared memory of a multiprocessor
    (82, 64 << 10),  // registers of a multiprocessor
    (95, 1),         // kernels whose blocks wait for each other
    (97, SHARED),    // shared memory of a block that asks for it
    (106, 32),       // blocks of a multiprocessor
];

/// The attribute that tells how many multiprocessors there are.
const MULTIPROCESSORS: u32 = 16;

/// An attribute of a kernel, by the number that the driver's manual has for it. A kernel here is code of the CPU's, which has other registers, and keeps on a
/// stack what they do not hold.
pub(super) fn kernel_attribute(kernel: &Kernel, name: u32) -> Result<u32, DeviceError> {
    let most_threads = if kernel.most_threads == 0 { MOST_THREADS } else { kernel.most_threads };
    match name {
        0 => Ok(u32::try_from(most_threads).unwrap_or(u32::MAX)),
        1 => Ok(u32::try_from(kernel.shared_bytes).unwrap_or(u32::MAX)),
        2 => Ok(0),
        _ => {
            let text = "a kernel on the simulator has no registers and no local memory of a GPU's: ask one that is compiled for target=\"cuda\"";
            Err(DeviceError::Stated("DeviceError", text.to_owned()))
        }
    }
}

/// The one simulated device.
pub(in crate::device) struct Simulated;

impl Information for Simulated {
    fn version(&self) -> Result<u32, DeviceError> {
        Ok(VERSION)
    }

    fn count(&self) -> Result<u32, DeviceError> {
        Ok(1)
    }

    fn describe(&self, number: u32) -> Result<Gpu, DeviceError> {
        self.select(number)?;
        let (_, memory) = self.memory()?;
        Ok(Gpu {
            name: "numir's simulator".to_owned(),
            capability: CAPABILITY,
            memory,
            identity: *b"numir-simulator\0",
        })
    }

    fn attribute(&self, number: u32, name: u32) -> Result<u32, DeviceError> {
        self.select(number)?;
        if name == MULTIPROCESSORS {
            return Ok(u32::try_from(crate::pool::threads()).unwrap_or(1));
        }
        Ok(ATTRIBUTES.iter().find(|(known, _)| *known == name).map_or(0, |(_, value)| *value))
    }

    fn current(&self) -> Result<u32, DeviceError> {
        Ok(0)
    }

    fn select(&self, number: u32) -> Result<(), DeviceError> {
        if number == 0 {
            return Ok(());
        }
        Err(DeviceError::Stated("DeviceError", format!("there is no GPU {number}: the simulator is one, number 0")))
    }

    fn memory(&self) -> Result<(usize, usize), DeviceError> {
        // SAFETY: both names are known.
        let (pages, page) = unsafe { (libc::sysconf(libc::_SC_PHYS_PAGES), libc::sysconf(libc::_SC_PAGESIZE)) };
        let total = usize::try_from(pages.saturating_mul(page)).unwrap_or(0);
        let used: usize = get().heap.blocks().iter().map(|(_, bytes)| bytes).sum();
        Ok((total.saturating_sub(used), total))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_in_order_and_those_that_are_checked() {
        assert!(ATTRIBUTES.is_sorted_by_key(|(name, _)| *name));
        assert_eq!(Simulated.attribute(0, 97).unwrap(), SHARED);
        assert!(Simulated.attribute(0, MULTIPROCESSORS).unwrap() >= 1);
        assert_eq!(Simulated.attribute(0, 4711).unwrap(), 0);
        assert!(Simulated.attribute(1, 97).is_err());
    }
}
