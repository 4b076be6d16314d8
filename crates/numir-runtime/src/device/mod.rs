//! Kernels: functions of a program that a device runs, one instance per thread of a grid.
//!
//! Compiled host code describes each kernel by a static record, a [`Kernel`], and calls the functions of this folder around a
//! launch. Which device a kernel runs on is a property of its record: one with an address of code belongs to the simulator
//! (`simulator`), which runs it on the threads of this process; one without is PTX for the CUDA driver (`cuda`). Both implement one
//! trait, [`Device`]; what is written against the trait holds for both:
//!
//! - `arrays`, `mirror`, `slot`: arrays stay in host memory and get a mirror on the device, which is kept coherent as the program runs;
//! - `resident`, `reserved`: arrays that live on a device, with addresses on the host at which compiled code finds them;
//! - `pinned`: memory of the host that a device copies from and to by itself;
//! - `streams`: in which order things are done;
//! - `place`: which devices there are, and what they are;
//! - `geometry`: grids and blocks, and what a device allows;
//! - `counters`: what was transferred; `activity`: for whom, and what was launched.
//!
//! Invariants: a device's memory is reached by kernels and by copies alone; an error on the way is the thread's pending one,
//! without a place, to which the caller adds its frames.

mod activity;
mod arrays;
mod counters;
mod cuda;
mod failure;
mod geometry;
mod mirror;
mod pinned;
mod place;
mod reserved;
mod resident;
mod simulator;
mod slot;
mod streams;

use std::ffi::{c_char, c_void};
use std::sync::atomic::AtomicPtr;

use crate::error::RaisedError;
pub use activity::{Activity, Counted, KernelActivity};
pub use arrays::{FRESH, READS, WRITES, numir_device_array, numir_device_leave, numir_host_array};
pub use counters::{Transfers, transfers};
pub use cuda::{Gpu, gpu};
use failure::DeviceError;
pub(crate) use geometry::Geometry;
pub use pinned::Pinned;
pub use place::Place;
pub use resident::Resident;
pub use simulator::{
    Thread, numir_sim_access, numir_sim_active_mask, numir_sim_await_copies, numir_sim_barrier, numir_sim_copy_async,
    numir_sim_failed, numir_sim_grid_barrier, numir_sim_load_matrix, numir_sim_match, numir_sim_mma, numir_sim_shuffle,
    numir_sim_syncwarp, numir_sim_vote,
};
pub(crate) use slot::Slot;
use streams::Use;
pub use streams::{Callback, Event, Stream, current_stream, enter_stream};

/// A kernel as compiled code describes it: a static record of its module, which lives as long as the module.
#[repr(C)]
pub struct Kernel {
    /// Code for the simulator: called once per thread of the grid, with what the launch was given. None for CUDA.
    pub entry: Option<unsafe extern "C" fn(*mut Thread, *const *const c_void)>,
    /// PTX text for the driver, terminated by a NUL; null for the simulator.
    pub image: *const u8,
    /// Its bytes, without the NUL.
    pub image_bytes: i64,
    /// The kernel's name, terminated by a NUL: its symbol in the PTX, and what errors call it.
    pub name: *const c_char,
    /// What the device has made of the image; null at first, and the device's own.
    pub loaded: AtomicPtr<c_void>,
    /// Bytes of a block's shared memory that the kernel's own arrays have, for the simulator; CUDA's driver knows them.
    pub shared_bytes: i64,
    /// The most threads that its blocks may have, as the program has promised; 0 where it has not.
    pub most_threads: i64,
    /// The site at which it is launched, without kind and message; null if that is not known.
    pub site: *const u8,
    /// What has been counted of it; null at first, and the runtime's own.
    pub counted: AtomicPtr<Counted>,
}

// Compiled modules have such records.
const _: () = assert!(
    std::mem::offset_of!(Kernel, entry) == 0
        && std::mem::offset_of!(Kernel, image) == 8
        && std::mem::offset_of!(Kernel, image_bytes) == 16
        && std::mem::offset_of!(Kernel, name) == 24
        && std::mem::offset_of!(Kernel, loaded) == 32
        && std::mem::offset_of!(Kernel, shared_bytes) == 40
        && std::mem::offset_of!(Kernel, most_threads) == 48
        && std::mem::offset_of!(Kernel, site) == 56
        && std::mem::offset_of!(Kernel, counted) == 64
        && size_of::<Kernel>() == 72
);

// SAFETY: the addresses are constants of a module that nobody writes to; what changes is atomic.
unsafe impl Sync for Kernel {}

/// Before the name of a kernel in the symbol of its record.
pub const RECORD: &str = "numir.kernel.";

impl Kernel {
    /// What it uses, by the number that the driver's manual has for an attribute of functions: 0 is the most threads of a block, 1 the bytes of a block's
    /// shared memory, 2 those of constant memory, 3 those of a thread's local memory, 4 the registers of a thread.
    ///
    /// # Errors
    /// What the driver says; and what the simulator's kernels do not have.
    ///
    /// # Safety
    /// The record is as [`Kernel`] says.
    pub unsafe fn attribute(&self, name: u32) -> Result<u32, RaisedError> {
        // SAFETY: the caller's promise.
        Ok(unsafe { device_of(self)?.kernel_attribute(self, name) }?)
    }
}

/// An address in a device's memory.
type DeviceAddress = u64;

/// What the functions here ask of a device. All of them may be called on any thread, and take effect in the order of the thread's stream.
trait Device: Sync {
    /// Memory of at least that many bytes, which are more than none.
    fn allocate(&self, bytes: usize) -> Result<DeviceAddress, DeviceError>;

    /// Gives back what [`allocate`](Self::allocate) gave, with the bytes that were asked for and the streams that it was used in; what was begun
    /// there may still use it.
    fn free(&self, address: DeviceAddress, bytes: usize, used: Use);

    /// Copies from the host to the device; the host's memory may change as soon as this returns.
    ///
    /// # Safety
    /// `from` has so many readable bytes, and `to` so many of an allocation.
    unsafe fn copy_to_device(&self, to: DeviceAddress, from: *const u8, bytes: usize) -> Result<(), DeviceError>;

    /// Waits for launches, and copies from the device to the host.
    ///
    /// # Safety
    /// `to` has so many writable bytes, and `from` so many of an allocation.
    unsafe fn copy_to_host(&self, to: *mut u8, from: DeviceAddress, bytes: usize) -> Result<(), DeviceError>;

    /// Begins a copy to the device of memory that is pinned, and that does not change until the stream has come so far. Whether it is.
    ///
    /// # Safety
    /// As [`copy_to_device`](Self::copy_to_device), for as long.
    unsafe fn begin_copy_to_device(&self, _: DeviceAddress, _: *const u8, _: usize) -> Result<bool, DeviceError> {
        Ok(false)
    }

    /// Begins a copy to the host, to memory that is pinned. Whether it is.
    ///
    /// # Safety
    /// As [`copy_to_host`](Self::copy_to_host), until the stream has come so far.
    unsafe fn begin_copy_to_host(&self, _: *mut u8, _: DeviceAddress, _: usize) -> Result<bool, DeviceError> {
        Ok(false)
    }

    /// Copies within the device's memory, after launches; the two ranges may overlap.
    ///
    /// # Safety
    /// Both have so many bytes of an allocation.
    unsafe fn copy_within(&self, to: DeviceAddress, from: DeviceAddress, bytes: usize) -> Result<(), DeviceError>;

    /// Starts a kernel, which may run on after this.
    ///
    /// # Safety
    /// The kernel takes such arguments, and its code is as safe as the program that it was made of.
    unsafe fn launch(
        &self,
        kernel: &Kernel,
        geometry: &Geometry,
        arguments: *const *const c_void,
    ) -> Result<(), DeviceError>;

    /// What a kernel uses, by the number that the driver's manual has for an attribute of functions.
    ///
    /// # Safety
    /// The kernel is a record as [`Kernel`] says.
    unsafe fn kernel_attribute(&self, kernel: &Kernel, name: u32) -> Result<u32, DeviceError>;

    /// Waits for what was begun in the thread's stream, and gives the error that kernels have recorded there.
    fn synchronize(&self) -> Result<(), DeviceError>;

    /// The same for all streams.
    fn synchronize_all(&self) -> Result<(), DeviceError> {
        self.synchronize()
    }

    /// Waits for all, and gives back what is kept for later. What was made before belongs to a session that is over.
    fn close(&self) -> Result<(), DeviceError>;

    /// How many sessions are over.
    fn sessions(&self) -> u32;
}

/// The device that runs a kernel.
fn device_of(kernel: &Kernel) -> Result<&'static dyn Device, DeviceError> {
    match kernel.entry {
        Some(_) => Ok(simulator::get()),
        None => Ok(cuda::get()?),
    }
}

/// Starts a kernel on a grid: `geometry` is the grid's extents, the block's, and the bytes of shared memory that are sized at
/// the launch. A grid without blocks does nothing.
///
/// # Safety
/// `kernel` is a record as [`Kernel`] says; `geometry` points to seven integers; `arguments` to a pointer per parameter of the
/// kernel, each to a value of its type.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn numir_launch(
    kernel: *mut Kernel,
    geometry: *const i64,
    arguments: *const *const c_void,
) -> i32 {
    // SAFETY: the caller's promise.
    let (kernel, words) = unsafe { (&*kernel, &*geometry.cast::<[i64; 7]>()) };
    let launched = Geometry::read(*words).and_then(|geometry| match geometry {
        Some(geometry) => {
            geometry.check_promise(kernel.most_threads)?;
            // SAFETY: the caller's promise.
            unsafe {
                device_of(kernel)?.launch(kernel, &geometry, arguments)?;
                activity::of(kernel).launched();
            }
            Ok(())
        }
        None => Ok(()),
    });
    arrays::free_temporaries();
    failure::status(launched)
}

/// Waits for the launches on a kernel's device, and raises what kernels have recorded.
///
/// # Safety
/// `kernel` is a record as [`Kernel`] says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn numir_device_synchronize(kernel: *mut Kernel) -> i32 {
    // SAFETY: the caller's promise.
    let kernel = unsafe { &*kernel };
    failure::status(device_of(kernel).and_then(Device::synchronize))
}
