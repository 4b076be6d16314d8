//! The driver's streams and events.

use cudarc::driver::sys::{CUevent, CUstream};
use std::ffi::c_void;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::driver::{Failed, ok};
use super::{Cuda, DeviceError, lock};
use crate::device::streams::{Callback, StreamHandle, Timeline};

/// `CU_EVENT_DISABLE_TIMING`.
pub(super) const WITHOUT_TIMING: u32 = 2;

/// `CUDA_ERROR_NOT_READY`.
const NOT_READY: Failed = Failed(600);

/// The driver's stream of a number; null is its default stream.
pub(super) fn stream_of(handle: StreamHandle) -> CUstream {
    std::ptr::with_exposed_provenance_mut(handle as usize)
}

fn event_of(handle: u64) -> CUevent {
    std::ptr::with_exposed_provenance_mut(handle as usize)
}

/// Whether something is done, as the driver says.
fn is_done(code: u32) -> Result<bool, DeviceError> {
    match ok(code) {
        Ok(()) => Ok(true),
        Err(NOT_READY) => Ok(false),
        Err(failed) => Err(failed.into()),
    }
}

/// Calls what [`Timeline::call_after`] was given.
unsafe extern "C" fn call(data: *mut c_void) {
    // SAFETY: the box that was leaked for this call, which comes once.
    let call = unsafe { Box::from_raw(data.cast::<Callback>()) };
    // A panic must not reach the driver, and what is called tells of its errors itself.
    drop(catch_unwind(AssertUnwindSafe(call)));
}

impl Timeline for Cuda {
    fn create_stream(&self) -> Result<StreamHandle, DeviceError> {
        let _current = self.enter()?;
        let mut stream = std::ptr::null_mut();
        // SAFETY: the place is written. Without flags the default stream waits for this one, and this for the default stream.
        ok(unsafe { (self.driver.cuStreamCreate)(&raw mut stream, 0) })?;
        let handle = stream.expose_provenance() as StreamHandle;
        lock(&self.allocator).add_stream(handle);
        Ok(handle)
    }

    fn destroy_stream(&self, stream: StreamHandle) {
        let Ok(_current) = self.enter() else { return };
        // SAFETY: a stream of the context's. Memory that was used there is anybody's after this.
        let waited = ok(unsafe { (self.driver.cuStreamSynchronize)(stream_of(stream)) });
        lock(&self.allocator).remove_stream(stream, waited.is_ok());
        // SAFETY: nobody has it any more.
        unsafe { (self.driver.cuStreamDestroy_v2)(stream_of(stream)) };
    }

    fn wait_for_stream(&self, stream: StreamHandle) -> Result<(), DeviceError> {
        let _current = self.enter()?;
        self.take_failure(Some(stream))
    }

    fn is_stream_done(&self, stream: StreamHandle) -> Result<bool, DeviceError> {
        let _current = self.enter()?;
        // SAFETY: a stream of the context's, as its maker has promised; so below.
        is_done(unsafe { (self.driver.cuStreamQuery)(stream_of(stream)) })
    }

    fn call_after(&self, stream: StreamHandle, callback: Callback) -> Result<(), DeviceError> {
        let _current = self.enter()?;
        let data = Box::into_raw(Box::new(callback)).cast::<c_void>();
        // SAFETY: as above; the function takes that data.
        let result = ok(unsafe { (self.driver.cuLaunchHostFunc)(stream_of(stream), call, data) });
        if result.is_err() {
            // SAFETY: the box from above, which the driver did not take.
            drop(unsafe { Box::from_raw(data.cast::<Callback>()) });
        }
        Ok(result?)
    }

    fn create_event(&self, timing: bool) -> Result<u64, DeviceError> {
        let _current = self.enter()?;
        let mut event = std::ptr::null_mut();
        // SAFETY: the place is written.
        ok(unsafe { (self.driver.cuEventCreate)(&raw mut event, if timing { 0 } else { WITHOUT_TIMING }) })?;
        Ok(event.expose_provenance() as u64)
    }

    fn destroy_event(&self, event: u64) {
        if let Ok(_current) = self.enter() {
            // SAFETY: nobody has it any more.
            unsafe { (self.driver.cuEventDestroy_v2)(event_of(event)) };
        }
    }

    fn record(&self, event: u64, stream: StreamHandle) -> Result<(), DeviceError> {
        let _current = self.enter()?;
        // SAFETY: both are of the context.
        Ok(ok(unsafe { (self.driver.cuEventRecord)(event_of(event), stream_of(stream)) })?)
    }

    fn wait(&self, event: u64) -> Result<(), DeviceError> {
        let _current = self.enter()?;
        // SAFETY: it is of the context.
        Ok(ok(unsafe { (self.driver.cuEventSynchronize)(event_of(event)) })?)
    }

    fn is_done(&self, event: u64) -> Result<bool, DeviceError> {
        let _current = self.enter()?;
        // SAFETY: it is of the context.
        is_done(unsafe { (self.driver.cuEventQuery)(event_of(event)) })
    }

    fn hold(&self, event: u64, stream: StreamHandle) -> Result<(), DeviceError> {
        let _current = self.enter()?;
        // SAFETY: both are of the context.
        Ok(ok(unsafe { (self.driver.cuStreamWaitEvent)(stream_of(stream), event_of(event), 0) })?)
    }

    fn elapsed(&self, start: u64, end: u64) -> Result<f32, DeviceError> {
        let _current = self.enter()?;
        let mut milliseconds = 0.0;
        // SAFETY: the place is written; both are of the context.
        ok(unsafe { (self.driver.cuEventElapsedTime)(&raw mut milliseconds, event_of(start), event_of(end)) })?;
        Ok(milliseconds)
    }
}
