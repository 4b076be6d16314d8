//! CUDA: one GPU of the machine, by its driver, which compiles kernels from PTX.
//!
//! All work goes to the thread's stream in the primary context, which other users of the GPU in this process share; the context is current on a thread while
//! a function here runs. Launches do not wait: what a kernel has recorded, or what the driver found out too late, is told by the next function that waits.
//!
//! - `driver`: its functions; `errors`: its errors; `gpus`: what GPUs there are;
//! - `allocator`: device memory; `staging`: copies; `pinned`: the host's memory that takes part in them; `modules`: kernels; `timeline`: streams and events;
//! - `record`: what kernels record; `failures`: when it is looked at.

mod allocator;
mod driver;
mod errors;
mod failures;
mod gpus;
mod modules;
mod pinned;
mod record;
mod staging;
mod timeline;

use cudarc::driver::sys::{CUcontext, CUdeviceptr};
use std::ffi::{c_int, c_void};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use super::failure::DeviceError;
use super::streams::{Use, current_stream};
use super::{Device, DeviceAddress, Geometry, Kernel};
use allocator::{Allocator, Source};
use driver::{Driver, Failed, ok};
pub(super) use gpus::Gpus;
pub use gpus::{Gpu, gpu};
use modules::{Function, Modules};
use staging::Staging;
use timeline::stream_of;

/// The attribute of a device: bytes of shared memory that a block may have.
const MOST_SHARED: u32 = 97;

/// `CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES`.
const MOST_DYNAMIC_SHARED: u32 = 8;

/// The driver with a GPU.
pub(super) struct Cuda {
    driver: &'static Driver,
    gpu: Gpu,
    /// Its number among those of the machine.
    number: u32,
    context: CUcontext,
    /// Bytes of shared memory that a block may have.
    most_shared: u32,
    /// The process that has all this; its children after a fork have not.
    process: u32,
    sessions: AtomicU32,
    allocator: Mutex<Allocator>,
    staging: Mutex<Staging>,
    /// Memory of the host that is pinned.
    pinned: pinned::Ranges,
    modules: Mutex<Modules>,
    /// Whose kernels may have recorded something.
    running: failures::Running,
}

// SAFETY: the driver's handles may be used by any thread.
unsafe impl Send for Cuda {}
// SAFETY: as above.
unsafe impl Sync for Cuda {}

/// The GPU, once it has been opened, or the class of the error and why there is none.
static OPENED: OnceLock<Result<Cuda, (&'static str, String)>> = OnceLock::new();

/// The GPU, or why there is none.
pub(super) fn get() -> Result<&'static Cuda, DeviceError> {
    let cuda = OPENED.get_or_init(|| {
        Cuda::open().map_err(|error| match error {
            DeviceError::Stated(kind, message) => (kind, message),
            DeviceError::Raised(_) => ("DeviceError", "the GPU could not be opened".to_owned()),
        })
    });
    cuda.as_ref().map_err(|(kind, message)| DeviceError::Stated(kind, message.clone()))
}

/// The context, current on this thread as long as this lives.
struct Current(&'static Driver);

impl Drop for Current {
    fn drop(&mut self) {
        let mut context = std::ptr::null_mut();
        // SAFETY: pushed by `enter`; where that fails the driver has ended, and nothing is to be done.
        unsafe { (self.0.cuCtxPopCurrent_v2)(&raw mut context) };
    }
}

fn stated(message: String) -> DeviceError {
    DeviceError::Stated("DeviceError", message)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Cuda {
    fn open() -> Result<Self, DeviceError> {
        let driver = gpus::start()?;
        let number = gpus::choose(driver)?;
        let (device, gpu) = gpus::find(driver, number)?;
        let mut context = std::ptr::null_mut();
        // SAFETY: the place is written. The context stays retained for as long as the process.
        ok(unsafe { (driver.cuDevicePrimaryCtxRetain)(&raw mut context, device) })?;
        Ok(Self {
            driver,
            context,
            number,
            most_shared: gpus::attribute(driver, device, MOST_SHARED)?,
            process: std::process::id(),
            sessions: AtomicU32::new(0),
            allocator: Mutex::new(Allocator::new(gpu.memory / 4)),
            staging: Mutex::new(Staging::new()),
            pinned: pinned::Ranges::new(),
            modules: Mutex::default(),
            running: failures::Running::new(),
            gpu,
        })
    }

    /// Makes the context current.
    fn enter(&self) -> Result<Current, DeviceError> {
        if std::process::id() != self.process {
            let text = "CUDA cannot be used in a process that was forked after it has been: start processes by `spawn`";
            return Err(stated(text.to_owned()));
        }
        // SAFETY: the context is retained.
        ok(unsafe { (self.driver.cuCtxPushCurrent_v2)(self.context) })?;
        Ok(Current(self.driver))
    }

    /// Waits for all that was begun.
    fn wait_for_all(&self) -> Result<(), Failed> {
        // SAFETY: the context is current.
        ok(unsafe { (self.driver.cuCtxSynchronize)() })
    }

    /// What the driver has of a kernel, which is compiled when it is first asked for.
    ///
    /// # Safety
    /// The kernel is a record as [`Kernel`] says, of PTX; the context is current.
    unsafe fn function(&self, kernel: &Kernel) -> Result<&'static Function, DeviceError> {
        // SAFETY: the caller's promise.
        match unsafe { modules::loaded(kernel) } {
            Some(function) => Ok(function),
            // SAFETY: the caller's promise.
            None => unsafe { lock(&self.modules).load(self.driver, kernel) },
        }
    }

    /// Fails where a kernel cannot have such blocks.
    fn check(&self, function: &Function, geometry: &Geometry) -> Result<(), DeviceError> {
        geometry.check_shared(self.most_shared.saturating_sub(function.static_shared))?;
        let (threads, most, registers) = (geometry.threads(), function.most_threads, function.registers);
        if threads > most {
            let text = format!(
                "a block has {threads} threads, of {most} at most of this kernel, which needs {registers} registers a thread: make the blocks smaller, and the grid larger"
            );
            return Err(DeviceError::Stated("ValueError", text));
        }
        if geometry.shared > function.dynamic_shared.load(Ordering::Relaxed) {
            let bytes = geometry.shared as c_int;
            // SAFETY: the function is of the current context.
            ok(unsafe { (self.driver.cuFuncSetAttribute)(function.handle, MOST_DYNAMIC_SHARED, bytes) })?;
            function.dynamic_shared.fetch_max(geometry.shared, Ordering::Relaxed);
        }
        Ok(())
    }
}

impl Source for Cuda {
    fn take(&self, bytes: usize) -> Result<u64, Failed> {
        let mut address: CUdeviceptr = 0;
        // SAFETY: the place is written; the context is current.
        ok(unsafe { (self.driver.cuMemAlloc_v2)(&raw mut address, bytes) })?;
        Ok(address)
    }

    fn give(&self, address: u64) {
        // Where the driver fails, what failed is told by the next function that can tell.
        if self.wait_for_all().is_ok() {
            // SAFETY: the block was taken, and nothing uses it any more.
            unsafe { (self.driver.cuMemFree_v2)(address) };
        }
    }

    fn wait(&self) -> bool {
        self.wait_for_all().is_ok()
    }
}

impl Device for Cuda {
    fn allocate(&self, bytes: usize) -> Result<DeviceAddress, DeviceError> {
        let _current = self.enter()?;
        lock(&self.allocator).allocate(bytes, current_stream(), self).map_err(|failed| {
            let more = format!("an array of {bytes} bytes, on {} of {} bytes", self.gpu.name, self.gpu.memory);
            errors::describe(failed, Some(&more))
        })
    }

    fn free(&self, address: DeviceAddress, bytes: usize, used: Use) {
        if let Ok(_current) = self.enter() {
            lock(&self.allocator).free(address, bytes, used, self);
        }
    }

    unsafe fn copy_to_device(&self, to: DeviceAddress, from: *const u8, bytes: usize) -> Result<(), DeviceError> {
        let _current = self.enter()?;
        let stream = stream_of(current_stream());
        if self.pinned.have(from, bytes) {
            // SAFETY: the caller's promise; so below.
            ok(unsafe { (self.driver.cuMemcpyHtoDAsync_v2)(to, from.cast(), bytes, stream) })?;
            // SAFETY: a stream of the current context.
            return Ok(ok(unsafe { (self.driver.cuStreamSynchronize)(stream) })?);
        }
        let mut staging = lock(&self.staging);
        // SAFETY: as above.
        Ok(unsafe { staging.copy_to_device(self.driver, stream, to, from, bytes) }?)
    }

    unsafe fn copy_to_host(&self, to: *mut u8, from: DeviceAddress, bytes: usize) -> Result<(), DeviceError> {
        let _current = self.enter()?;
        let stream = stream_of(current_stream());
        if self.pinned.have(to, bytes) {
            // SAFETY: the caller's promise; so below.
            ok(unsafe { (self.driver.cuMemcpyDtoHAsync_v2)(to.cast(), from, bytes, stream) })?;
            // SAFETY: a stream of the current context.
            return Ok(ok(unsafe { (self.driver.cuStreamSynchronize)(stream) })?);
        }
        let mut staging = lock(&self.staging);
        // SAFETY: as above.
        Ok(unsafe { staging.copy_to_host(self.driver, stream, to, from, bytes) }?)
    }

    unsafe fn begin_copy_to_device(
        &self,
        to: DeviceAddress,
        from: *const u8,
        bytes: usize,
    ) -> Result<bool, DeviceError> {
        if !self.pinned.have(from, bytes) {
            return Ok(false);
        }
        let _current = self.enter()?;
        // SAFETY: the caller's promise.
        ok(unsafe { (self.driver.cuMemcpyHtoDAsync_v2)(to, from.cast(), bytes, stream_of(current_stream())) })?;
        Ok(true)
    }

    unsafe fn begin_copy_to_host(&self, to: *mut u8, from: DeviceAddress, bytes: usize) -> Result<bool, DeviceError> {
        if !self.pinned.have(to, bytes) {
            return Ok(false);
        }
        let _current = self.enter()?;
        // SAFETY: the caller's promise.
        ok(unsafe { (self.driver.cuMemcpyDtoHAsync_v2)(to.cast(), from, bytes, stream_of(current_stream())) })?;
        Ok(true)
    }

    unsafe fn copy_within(&self, to: DeviceAddress, from: DeviceAddress, bytes: usize) -> Result<(), DeviceError> {
        let _current = self.enter()?;
        let stream = current_stream();
        let copy = |to: u64, from: u64, bytes: usize| {
            // SAFETY: the caller's promise.
            ok(unsafe { (self.driver.cuMemcpyDtoDAsync_v2)(to, from, bytes, stream_of(stream)) })
        };
        if to.abs_diff(from) >= bytes as u64 {
            return Ok(copy(to, from, bytes)?);
        }
        // The driver's copies are of ranges that lie apart.
        let between = lock(&self.allocator).allocate(bytes, stream, self)?;
        let copied = copy(between, from, bytes).and_then(|()| copy(to, between, bytes));
        lock(&self.allocator).free(between, bytes, Use::One(stream), self);
        Ok(copied?)
    }

    unsafe fn launch(
        &self,
        kernel: &Kernel,
        geometry: &Geometry,
        arguments: *const *const c_void,
    ) -> Result<(), DeviceError> {
        let _current = self.enter()?;
        // SAFETY: the caller's promise.
        let function = unsafe { self.function(kernel) }?;
        self.check(function, geometry)?;
        let ([gx, gy, gz], [bx, by, bz]) = (geometry.grid, geometry.block);
        let (shared, stream, arguments) = (geometry.shared, stream_of(current_stream()), arguments.cast_mut().cast());
        let (driver, handle) = (self.driver, function.handle);
        // SAFETY: the caller's promise; the driver reads the arguments before it returns.
        ok(unsafe {
            if function.module.is_cooperative {
                (driver.cuLaunchCooperativeKernel)(handle, gx, gy, gz, bx, by, bz, shared, stream, arguments)
            } else {
                let extra = std::ptr::null_mut();
                (driver.cuLaunchKernel)(handle, gx, gy, gz, bx, by, bz, shared, stream, arguments, extra)
            }
        })?;
        self.running.note(current_stream(), function.module);
        Ok(())
    }

    unsafe fn kernel_attribute(&self, kernel: &Kernel, name: u32) -> Result<u32, DeviceError> {
        let _current = self.enter()?;
        // SAFETY: the caller's promise.
        let function = unsafe { self.function(kernel) }?;
        Ok(function.attribute(self.driver, name)?)
    }

    fn synchronize(&self) -> Result<(), DeviceError> {
        let _current = self.enter()?;
        self.take_failure(Some(current_stream()))
    }

    fn synchronize_all(&self) -> Result<(), DeviceError> {
        let _current = self.enter()?;
        self.take_failure(None)
    }

    fn close(&self) -> Result<(), DeviceError> {
        let _current = self.enter()?;
        self.sessions.fetch_add(1, Ordering::Relaxed);
        let ended = self.take_failure(None);
        lock(&self.allocator).give_all(self);
        ended
    }

    fn sessions(&self) -> u32 {
        self.sessions.load(Ordering::Relaxed)
    }
}
