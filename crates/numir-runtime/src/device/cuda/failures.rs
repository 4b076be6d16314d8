//! What kernels have recorded, and which of them may have: those that were launched in a stream since it was last waited for.

use std::sync::Mutex;

use super::driver::ok;
use super::modules::Module;
use super::timeline::stream_of;
use super::{Cuda, DeviceError, lock, record};
use crate::device::streams::StreamHandle;

/// The modules with a record whose kernels run, each with the stream.
#[derive(Default)]
pub(super) struct Running(Mutex<Vec<(StreamHandle, &'static Module)>>);

impl Running {
    pub(super) const fn new() -> Self {
        Self(Mutex::new(Vec::new()))
    }

    /// A kernel of a module has been launched in a stream.
    pub(super) fn note(&self, stream: StreamHandle, module: &'static Module) {
        if module.failure.is_some() {
            let mut running = lock(&self.0);
            if !running.iter().any(|(other, known)| *other == stream && std::ptr::eq(*known, module)) {
                running.push((stream, module));
            }
        }
    }

    /// Takes those of a stream, or all.
    fn take(&self, stream: Option<StreamHandle>) -> Vec<&'static Module> {
        let mut running = lock(&self.0);
        let taken = running.extract_if(.., |(other, _)| stream.is_none_or(|stream| stream == *other));
        taken.map(|(_, module)| module).collect()
    }
}

impl Cuda {
    /// Waits for a stream, or for all, and gives what kernels have recorded there since this was last asked.
    pub(super) fn take_failure(&self, stream: Option<StreamHandle>) -> Result<(), DeviceError> {
        // First of all: whose kernel is launched from now on is listed again.
        let have_run = self.running.take(stream);
        // SAFETY: the context is current; a stream is one of it.
        ok(unsafe {
            match stream {
                Some(stream) => (self.driver.cuStreamSynchronize)(stream_of(stream)),
                None => (self.driver.cuCtxSynchronize)(),
            }
        })?;
        // All of them are asked, and the first failure is told.
        let told: Vec<_> = have_run.into_iter().map(|module| self.failure_of(module)).collect();
        told.into_iter().collect()
    }

    /// What kernels of a module have recorded, which they may do again after this.
    fn failure_of(&self, module: &Module) -> Result<(), DeviceError> {
        let Some((address, fresh)) = &module.failure else { return Ok(()) };
        let read = |from: u64, bytes: &mut [u8]| {
            // SAFETY: the place has so many bytes, and the driver checks the address.
            Ok(ok(unsafe { (self.driver.cuMemcpyDtoH_v2)(bytes.as_mut_ptr().cast(), from, bytes.len()) })?)
        };
        let error = record::error_at(*address, &read);
        if matches!(error, Ok(None)) {
            return Ok(());
        }
        // SAFETY: the variable has so many bytes.
        let reset = ok(unsafe { (self.driver.cuMemcpyHtoD_v2)(*address, fresh.as_ptr().cast(), fresh.len()) });
        let failed = error.and_then(|error| error.map_or(Ok(()), |error| Err(DeviceError::Raised(error))));
        failed.and(reset.map_err(DeviceError::from))
    }
}
