//! The simulator: a device that runs kernels on the threads of this process, with the ids, limits and memory of a GPU, so that
//! programs for one can be developed and tested without.
//!
//! - `heap`: its memory, apart from the host's; `information`: what it says of itself;
//! - `timeline`: streams and events;
//! - `launch`: all blocks of a launch, on the pool's threads, and the error that is kept of them;
//! - `block`: the threads of a block, which take turns;
//! - `fiber`, `thread`: one of them, on a stack of its own, and what a kernel sees of it;
//! - `barrier`, `warp`, `lanes`, `matrices`: what threads do together;
//! - `copies`: what they have copied while they compute;
//! - `access`, `shadow`: checks of what they read and write.
//!
//! Invariant: a thread may be given up wherever it waits, and its stack with it. So the functions in which it waits hold nothing that
//! needs to be dropped, as compiled kernels do not.

mod access;
mod barrier;
mod block;
mod copies;
mod fiber;
mod heap;
mod information;
mod lanes;
mod launch;
mod matrices;
mod shadow;
mod thread;
mod timeline;
mod warp;

use std::ffi::c_void;
use std::sync::atomic::{AtomicU32, Ordering};

use super::failure::DeviceError;
use super::streams::Use;
use super::{Device, DeviceAddress, Geometry, Kernel};
use heap::Heap;
pub(super) use information::Simulated;
use launch::Launch;

pub use access::numir_sim_access;
pub use barrier::{numir_sim_barrier, numir_sim_grid_barrier};
pub use copies::{numir_sim_await_copies, numir_sim_copy_async};
pub use launch::numir_sim_failed;
pub use matrices::{numir_sim_load_matrix, numir_sim_mma};
pub use thread::Thread;
pub use warp::{numir_sim_active_mask, numir_sim_match, numir_sim_shuffle, numir_sim_syncwarp, numir_sim_vote};

/// The most shared memory of a block in bytes: what an H100 has.
const SHARED: u32 = 227 << 10;

/// The one simulated device.
pub(super) struct Simulator {
    heap: Heap,
    sessions: AtomicU32,
    events: timeline::Events,
}

static SIMULATOR: Simulator =
    Simulator { heap: Heap::new(), sessions: AtomicU32::new(0), events: timeline::Events::new() };

/// The simulator.
pub(super) fn get() -> &'static Simulator {
    &SIMULATOR
}

impl Device for Simulator {
    fn allocate(&self, bytes: usize) -> Result<DeviceAddress, DeviceError> {
        self.heap.allocate(bytes).map(|address| address as DeviceAddress)
    }

    fn free(&self, address: DeviceAddress, _: usize, _: Use) {
        self.heap.free(address as usize);
    }

    unsafe fn copy_to_device(&self, to: DeviceAddress, from: *const u8, bytes: usize) -> Result<(), DeviceError> {
        let to = std::ptr::with_exposed_provenance_mut(to as usize);
        // SAFETY: the caller's promise; host and device memory lie apart.
        unsafe { std::ptr::copy_nonoverlapping(from, to, bytes) };
        Ok(())
    }

    unsafe fn copy_to_host(&self, to: *mut u8, from: DeviceAddress, bytes: usize) -> Result<(), DeviceError> {
        let from = std::ptr::with_exposed_provenance::<u8>(from as usize);
        // SAFETY: as above.
        unsafe { std::ptr::copy_nonoverlapping(from, to, bytes) };
        Ok(())
    }

    unsafe fn copy_within(&self, to: DeviceAddress, from: DeviceAddress, bytes: usize) -> Result<(), DeviceError> {
        let [to, from] = [to, from].map(|address| std::ptr::with_exposed_provenance_mut::<u8>(address as usize));
        // SAFETY: the caller's promise.
        unsafe { std::ptr::copy(from, to, bytes) };
        Ok(())
    }

    unsafe fn launch(
        &self,
        kernel: &Kernel,
        geometry: &Geometry,
        arguments: *const *const c_void,
    ) -> Result<(), DeviceError> {
        let own_shared = u32::try_from(kernel.shared_bytes).unwrap_or(SHARED);
        geometry.check_shared(SHARED.saturating_sub(own_shared))?;
        let Some(entry) = kernel.entry else { return Ok(()) };
        // SAFETY: the caller's promise.
        unsafe { Launch::new(&get().heap, entry, (geometry, own_shared as usize), arguments).run() }?;
        self.heap.damage().map_or(Ok(()), |error| Err(DeviceError::Raised(Box::new(error))))
    }

    unsafe fn kernel_attribute(&self, kernel: &Kernel, name: u32) -> Result<u32, DeviceError> {
        information::kernel_attribute(kernel, name)
    }

    fn synchronize(&self) -> Result<(), DeviceError> {
        // A launch returns when all its blocks have ended.
        Ok(())
    }

    fn close(&self) -> Result<(), DeviceError> {
        self.sessions.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    fn sessions(&self) -> u32 {
        self.sessions.load(Ordering::Relaxed)
    }
}
