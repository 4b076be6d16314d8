//! The GPUs of the machine, as the driver tells of them before one is opened, and which of them kernels run on.

use cudarc::driver::sys::CUdevice;
use std::ffi::{CStr, c_int};
use std::sync::atomic::{AtomicI32, Ordering};

use super::driver::{self, Driver, Failed, ok};
use super::errors::NO_GPU;
use super::{Cuda, OPENED, get, stated};
use crate::device::failure::DeviceError;
use crate::device::place::Information;

/// The oldest driver, that of CUDA 11.4: 1000 times the major version and 10 times the minor one.
const OLDEST: c_int = 11_040;

/// Attributes of devices.
const MAJOR: u32 = 75;
const MINOR: u32 = 76;

/// A GPU of the machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gpu {
    /// Its name.
    pub name: String,
    /// Its compute capability: (9, 0) for an H100.
    pub capability: (u32, u32),
    /// Bytes of its memory.
    pub memory: usize,
    /// What no other GPU has.
    pub identity: [u8; 16],
}

/// The number that the program has chosen; negative where it has not.
static CHOSEN: AtomicI32 = AtomicI32::new(-1);

/// The GPU that kernels run on, or why there is none, in words.
pub fn gpu() -> Result<&'static Gpu, String> {
    get().map(|cuda| &cuda.gpu).map_err(|error| match error {
        DeviceError::Stated(_, message) => message,
        DeviceError::Raised(_) => "the GPU could not be opened".to_owned(),
    })
}

/// The driver, ready for use.
pub(super) fn start() -> Result<&'static Driver, DeviceError> {
    let driver = driver::get().map_err(|why| stated(why.to_owned()))?;
    let version = version_of(driver)?;
    if version < OLDEST {
        let [has, wants] = [version, OLDEST].map(|version| format!("{}.{}", version / 1000, version % 1000 / 10));
        return Err(stated(format!(
            "the driver is too old: it is for CUDA {has}, and numir wants {wants}; install a newer one"
        )));
    }
    // SAFETY: no flags are known.
    ok(unsafe { (driver.cuInit)(0) })?;
    Ok(driver)
}

fn version_of(driver: &Driver) -> Result<c_int, Failed> {
    let mut version = 0;
    // SAFETY: the place is written; this may be called before all else.
    ok(unsafe { (driver.cuDriverGetVersion)(&raw mut version) })?;
    Ok(version)
}

fn count_of(driver: &Driver) -> Result<u32, Failed> {
    let mut count = 0;
    // SAFETY: the place is written.
    ok(unsafe { (driver.cuDeviceGetCount)(&raw mut count) })?;
    Ok(u32::try_from(count).unwrap_or(0))
}

/// The number of the GPU that the program has chosen, or `NUMIR_CUDA_DEVICE` names, or of the first.
pub(super) fn choose(driver: &Driver) -> Result<u32, DeviceError> {
    let wish = std::env::var("NUMIR_CUDA_DEVICE").unwrap_or_default();
    let number: c_int = match CHOSEN.load(Ordering::Relaxed) {
        chosen @ 0.. => chosen,
        _ if wish.trim().is_empty() => 0,
        _ => wish.trim().parse().unwrap_or(-1),
    };
    let count = count_of(driver)?;
    match u32::try_from(number).ok().filter(|number| *number < count) {
        Some(number) => Ok(number),
        None if count == 0 => Err(stated(NO_GPU.to_owned())),
        None => Err(stated(format!(
            "NUMIR_CUDA_DEVICE is {wish}, and it must be the number of a GPU, from 0 to {}",
            count - 1
        ))),
    }
}

fn handle_of(driver: &Driver, number: u32) -> Result<CUdevice, DeviceError> {
    let count = count_of(driver)?;
    if number >= count {
        return Err(stated(format!("there is no GPU {number}: the machine has {count}, counted from 0")));
    }
    let mut device = 0;
    // SAFETY: the place is written.
    ok(unsafe { (driver.cuDeviceGet)(&raw mut device, number as c_int) })?;
    Ok(device)
}

/// What the driver says of a GPU.
pub(super) fn find(driver: &Driver, number: u32) -> Result<(CUdevice, Gpu), DeviceError> {
    let device = handle_of(driver, number)?;
    let (mut memory, mut name, mut identity) = (0, [0_u8; 256], [0_u8; 16]);
    // SAFETY: all places are written, the name within its bytes.
    unsafe {
        ok((driver.cuDeviceTotalMem_v2)(&raw mut memory, device))?;
        ok((driver.cuDeviceGetName)(name.as_mut_ptr().cast(), name.len() as c_int - 1, device))?;
        ok((driver.cuDeviceGetUuid)(&raw mut identity, device))?;
    }
    let name = CStr::from_bytes_until_nul(&name).unwrap_or_default().to_string_lossy().into_owned();
    let capability = (attribute(driver, device, MAJOR)?, attribute(driver, device, MINOR)?);
    Ok((device, Gpu { name, capability, memory, identity }))
}

/// The value of an attribute, by its number in the driver's manual.
pub(super) fn attribute(driver: &Driver, device: CUdevice, attribute: u32) -> Result<u32, Failed> {
    let mut value = 0;
    // SAFETY: the place is written.
    ok(unsafe { (driver.cuDeviceGetAttribute)(&raw mut value, attribute, device) })?;
    Ok(u32::try_from(value).unwrap_or(0))
}

/// What the driver tells of the machine.
pub(in crate::device) struct Gpus;

impl Information for Gpus {
    fn version(&self) -> Result<u32, DeviceError> {
        Ok(u32::try_from(version_of(start()?)?).unwrap_or(0))
    }

    fn count(&self) -> Result<u32, DeviceError> {
        Ok(count_of(start()?)?)
    }

    fn describe(&self, number: u32) -> Result<Gpu, DeviceError> {
        Ok(find(start()?, number)?.1)
    }

    fn attribute(&self, number: u32, name: u32) -> Result<u32, DeviceError> {
        let driver = start()?;
        Ok(attribute(driver, handle_of(driver, number)?, name)?)
    }

    fn current(&self) -> Result<u32, DeviceError> {
        Ok(get()?.number)
    }

    fn select(&self, number: u32) -> Result<(), DeviceError> {
        handle_of(start()?, number)?;
        let opened = OPENED.get().and_then(|opened| opened.as_ref().ok()).map(|cuda: &Cuda| cuda.number);
        match opened {
            Some(used) if used != number => Err(stated(format!(
                "kernels run on GPU {used} already, and a process uses one: select GPU {number} before the first kernel or array, or set NUMIR_CUDA_DEVICE"
            ))),
            _ => {
                CHOSEN.store(number as i32, Ordering::Relaxed);
                Ok(())
            }
        }
    }

    fn memory(&self) -> Result<(usize, usize), DeviceError> {
        let cuda = get()?;
        let _current = cuda.enter()?;
        let (mut free, mut total) = (0, 0);
        // SAFETY: both places are written; the context is current.
        ok(unsafe { (cuda.driver.cuMemGetInfo_v2)(&raw mut free, &raw mut total) })?;
        Ok((free, total))
    }
}
