//! Modules that the driver has compiled from PTX, by their text: the memory of compiled code may come to hold another one. They stay for as long
//! as the process.

use cudarc::driver::sys::{CUdeviceptr, CUfunction, CUmodule};
use std::collections::HashMap;
use std::ffi::{CStr, CString, c_void};
use std::sync::atomic::{AtomicU32, Ordering};

use super::driver::{Driver, Failed, ok};
use super::errors::{NOT_FOUND, describe};
use super::record;
use crate::device::Kernel;
use crate::device::failure::DeviceError;

/// Where kernels of a module record the first check that fails.
const FAILURE: &CStr = c"numir_failure";

/// The memory by which blocks of a grid wait for each other: kernels of a module that has it are launched so that all blocks run at once.
const GRID_BARRIER: &CStr = c"numir_grid_barrier";

/// Options of the driver's compiler: where its errors go, and how many bytes there are.
const ERROR_LOG: u32 = 5;
const ERROR_LOG_BYTES: u32 = 6;

/// Attributes of functions.
const MOST_THREADS: u32 = 0;
const STATIC_SHARED: u32 = 1;
const REGISTERS: u32 = 4;

/// Bytes of shared memory that a block may have without being asked for.
const PLAIN_SHARED: u32 = 48 << 10;

/// A module on the device.
pub(super) struct Module {
    handle: CUmodule,
    /// Where kernels record what fails, and what is there where nothing has; None if they do not.
    pub(super) failure: Option<(CUdeviceptr, Vec<u8>)>,
    /// Whether blocks wait for each other.
    pub(super) is_cooperative: bool,
}

/// A kernel on the device, and what it needs.
pub(super) struct Function {
    pub(super) handle: CUfunction,
    pub(super) module: &'static Module,
    pub(super) most_threads: u32,
    pub(super) registers: u32,
    pub(super) static_shared: u32,
    /// Bytes of shared memory that a launch may add.
    pub(super) dynamic_shared: AtomicU32,
}

// SAFETY: the driver's handles may be used by any thread.
unsafe impl Send for Module {}
// SAFETY: as above.
unsafe impl Sync for Module {}
// SAFETY: as above.
unsafe impl Send for Function {}
// SAFETY: as above.
unsafe impl Sync for Function {}

/// The modules by their PTX, each with its kernels by name.
#[derive(Default)]
pub(super) struct Modules(HashMap<Vec<u8>, (&'static Module, HashMap<CString, &'static Function>)>);

/// What the driver has of a kernel, if it has been launched before.
///
/// # Safety
/// `loaded` is a kernel's, as [`Modules::load`] left it.
pub(super) unsafe fn loaded(kernel: &Kernel) -> Option<&'static Function> {
    // SAFETY: functions stay for as long as the process.
    unsafe { kernel.loaded.load(Ordering::Acquire).cast::<Function>().as_ref() }
}

impl Modules {
    /// Has the driver compile what a kernel is of, if it has not, and notes the function in the kernel.
    ///
    /// # Safety
    /// The kernel is a record as [`Kernel`] says, of PTX; the context is current.
    pub(super) unsafe fn load(&mut self, driver: &Driver, kernel: &Kernel) -> Result<&'static Function, DeviceError> {
        // SAFETY: the caller's promise.
        let (name, image) = unsafe {
            let bytes = usize::try_from(kernel.image_bytes).unwrap_or(0);
            (CStr::from_ptr(kernel.name), std::slice::from_raw_parts(kernel.image, bytes))
        };
        if !self.0.contains_key(image) {
            // A text of its own, which ends with a NUL whatever is behind the kernel's.
            let text = CString::new(image).map_err(|_| describe(Failed(218), Some("there is a NUL in the PTX")))?;
            let module = Box::leak(Box::new(Module::compile(driver, &text)?));
            self.0.insert(image.to_vec(), (module, HashMap::new()));
        }
        let Some((module, functions)) = self.0.get_mut(image) else { return Err(NOT_FOUND.into()) };
        let function = match functions.get(name) {
            Some(function) => *function,
            None => {
                let function: &'static Function = Box::leak(Box::new(Function::find(driver, module, name)?));
                functions.insert(name.to_owned(), function);
                function
            }
        };
        let address = std::ptr::from_ref(function).cast_mut().cast::<c_void>();
        kernel.loaded.store(address, Ordering::Release);
        Ok(function)
    }
}

impl Module {
    fn compile(driver: &Driver, text: &CStr) -> Result<Self, DeviceError> {
        let mut handle = std::ptr::null_mut();
        let mut log = vec![0_u8; 4096];
        let mut options = [ERROR_LOG, ERROR_LOG_BYTES];
        let mut values = [log.as_mut_ptr().cast::<c_void>(), std::ptr::without_provenance_mut(log.len())];
        // SAFETY: the text ends with a NUL; the driver writes the log within its bytes.
        let code = unsafe {
            let (options, values) = (options.as_mut_ptr(), values.as_mut_ptr());
            (driver.cuModuleLoadDataEx)(&raw mut handle, text.as_ptr().cast(), 2, options, values)
        };
        ok(code).map_err(|failed| {
            let said = CStr::from_bytes_until_nul(&log).unwrap_or_default().to_string_lossy();
            describe(failed, Some(said.trim_end()).filter(|said| !said.is_empty()))
        })?;
        let failure = match find_global(driver, handle, FAILURE)? {
            Some((address, bytes)) if bytes >= record::BYTES => {
                let mut fresh = vec![0_u8; bytes];
                // SAFETY: the variable has so many bytes.
                ok(unsafe { (driver.cuMemcpyDtoH_v2)(fresh.as_mut_ptr().cast(), address, bytes) })?;
                Some((address, fresh))
            }
            _ => None,
        };
        let is_cooperative = find_global(driver, handle, GRID_BARRIER)?.is_some();
        Ok(Self { handle, failure, is_cooperative })
    }
}

/// Where a variable of a module is, and its bytes; None if there is none of that name.
fn find_global(driver: &Driver, module: CUmodule, name: &CStr) -> Result<Option<(CUdeviceptr, usize)>, Failed> {
    let (mut address, mut bytes) = (0, 0);
    // SAFETY: both places are written.
    match ok(unsafe { (driver.cuModuleGetGlobal_v2)(&raw mut address, &raw mut bytes, module, name.as_ptr()) }) {
        Ok(()) => Ok(Some((address, bytes))),
        Err(NOT_FOUND) => Ok(None),
        Err(failed) => Err(failed),
    }
}

fn attribute(driver: &Driver, function: CUfunction, name: u32) -> Result<u32, Failed> {
    let mut value = 0;
    // SAFETY: the place is written.
    ok(unsafe { (driver.cuFuncGetAttribute)(&raw mut value, name, function) })?;
    Ok(u32::try_from(value).unwrap_or(0))
}

impl Function {
    /// One of its attributes, by the number that the driver's manual has for it.
    pub(super) fn attribute(&self, driver: &Driver, name: u32) -> Result<u32, Failed> {
        attribute(driver, self.handle, name)
    }

    fn find(driver: &Driver, module: &'static Module, name: &CStr) -> Result<Self, DeviceError> {
        let mut handle = std::ptr::null_mut();
        // SAFETY: the place is written; the name ends with a NUL.
        ok(unsafe { (driver.cuModuleGetFunction)(&raw mut handle, module.handle, name.as_ptr()) })
            .map_err(|failed| describe(failed, Some(&format!("kernel {}", name.to_string_lossy()))))?;
        let attribute = |name| attribute(driver, handle, name);
        let static_shared = attribute(STATIC_SHARED)?;
        Ok(Self {
            handle,
            module,
            most_threads: attribute(MOST_THREADS)?,
            registers: attribute(REGISTERS)?,
            static_shared,
            dynamic_shared: AtomicU32::new(PLAIN_SHARED.saturating_sub(static_shared)),
        })
    }
}
