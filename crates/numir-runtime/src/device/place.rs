//! Where a program has its kernels run, as it says itself: the GPU or the simulator. What it asks of the devices there.

use super::Device;
use super::cuda::{self, Gpu, Gpus};
use super::failure::DeviceError;
use super::simulator::{self, Simulated};
use crate::error::RaisedError;

/// Devices of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// The machine's GPUs, by CUDA's driver.
    Cuda,
    /// The simulator.
    Simulator,
}

/// What can be asked of the devices of a place, numbered from 0 on. Nothing here opens one but [`current`](Self::current) and
/// [`memory`](Self::memory).
pub(super) trait Information {
    /// The version of CUDA that the driver is for: 12040 for 12.4.
    fn version(&self) -> Result<u32, DeviceError>;

    /// How many devices there are.
    fn count(&self) -> Result<u32, DeviceError>;

    /// What one of them is.
    fn describe(&self, number: u32) -> Result<Gpu, DeviceError>;

    /// One of its attributes, by the number that the driver's manual has for it.
    fn attribute(&self, number: u32, name: u32) -> Result<u32, DeviceError>;

    /// The number of the one that kernels run on.
    fn current(&self) -> Result<u32, DeviceError>;

    /// From now on kernels run on that one.
    fn select(&self, number: u32) -> Result<(), DeviceError>;

    /// Bytes of its memory that are free, and all.
    fn memory(&self) -> Result<(usize, usize), DeviceError>;
}

impl Place {
    /// The place of a target: `cuda`, with an architecture perhaps, or `cuda-sim`.
    #[must_use]
    pub fn of_target(target: &str) -> Option<Self> {
        match target {
            "cuda-sim" => Some(Self::Simulator),
            target if target == "cuda" || target.starts_with("cuda:") => Some(Self::Cuda),
            _ => None,
        }
    }

    /// The device that kernels run on there.
    pub(super) fn device(self) -> Result<&'static dyn Device, DeviceError> {
        match self {
            Self::Cuda => Ok(cuda::get()?),
            Self::Simulator => Ok(simulator::get()),
        }
    }

    fn information(self) -> &'static dyn Information {
        match self {
            Self::Cuda => &Gpus,
            Self::Simulator => &Simulated,
        }
    }

    /// The version of CUDA that the driver is for: 12040 for 12.4.
    ///
    /// # Errors
    /// Why there is no driver; so in what follows.
    pub fn version(self) -> Result<u32, RaisedError> {
        Ok(self.information().version()?)
    }

    /// How many devices there are.
    pub fn count(self) -> Result<u32, RaisedError> {
        Ok(self.information().count()?)
    }

    /// What a device is.
    pub fn describe(self, number: u32) -> Result<Gpu, RaisedError> {
        Ok(self.information().describe(number)?)
    }

    /// An attribute of a device, by the number that the driver's manual has for it.
    pub fn attribute(self, number: u32, name: u32) -> Result<u32, RaisedError> {
        Ok(self.information().attribute(number, name)?)
    }

    /// The number of the device that kernels run on, which is opened if it is not.
    pub fn current(self) -> Result<u32, RaisedError> {
        Ok(self.information().current()?)
    }

    /// From now on kernels run on that device; an error where they have run on another one.
    pub fn select(self, number: u32) -> Result<(), RaisedError> {
        Ok(self.information().select(number)?)
    }

    /// Bytes of the device's memory that are free, and all.
    pub fn memory(self) -> Result<(usize, usize), RaisedError> {
        Ok(self.information().memory()?)
    }

    /// Waits for all that was launched on the device, and gives the first error that kernels have recorded.
    pub fn synchronize(self) -> Result<(), RaisedError> {
        Ok(self.device()?.synchronize_all()?)
    }

    /// Waits for all that was launched on the device, and gives back what is kept for later. Arrays that live there are gone.
    pub fn close(self) -> Result<(), RaisedError> {
        Ok(self.device()?.close()?)
    }
}
