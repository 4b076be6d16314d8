//! Copies by way of pinned memory, which the GPU reads and writes itself: in pieces, so that one is copied by the processor while
//! another is on its way.

use cudarc::driver::sys::{CUdeviceptr, CUevent, CUstream};
use std::collections::VecDeque;

use super::driver::{Driver, Failed, ok};
use super::timeline::WITHOUT_TIMING;

/// Bytes of a piece.
const PIECE: usize = 4 << 20;

/// Pieces that may be on their way.
const PIECES: usize = 4;

/// Pinned memory for a piece, and the event that tells when the stream has done with it.
struct Buffer {
    start: *mut u8,
    event: CUevent,
    busy: bool,
}

/// The buffers, made when they are first needed, used in turn.
pub(super) struct Staging {
    buffers: Vec<Buffer>,
    next: usize,
}

impl Staging {
    pub(super) const fn new() -> Self {
        Self { buffers: Vec::new(), next: 0 }
    }

    /// The number of the next buffer, with which the stream has done.
    fn take(&mut self, driver: &Driver) -> Result<usize, Failed> {
        let number = self.next % PIECES;
        if self.buffers.len() <= number {
            let (mut start, mut event) = (std::ptr::null_mut(), std::ptr::null_mut());
            // SAFETY: both places are written; the context is current. What is made stays for as long as the process.
            unsafe {
                ok((driver.cuEventCreate)(&raw mut event, WITHOUT_TIMING))?;
                ok((driver.cuMemHostAlloc)(&raw mut start, PIECE, 0))?;
            }
            self.buffers.push(Buffer { start: start.cast(), event, busy: false });
        }
        self.next = number + 1;
        self.buffers[number].wait(driver)?;
        Ok(number)
    }

    /// Copies to the device; the host's memory has been read when this returns.
    ///
    /// # Safety
    /// The context is current; both ranges are of so many bytes.
    pub(super) unsafe fn copy_to_device(
        &mut self,
        driver: &Driver,
        stream: CUstream,
        to: CUdeviceptr,
        from: *const u8,
        bytes: usize,
    ) -> Result<(), Failed> {
        for offset in (0..bytes).step_by(PIECE) {
            let count = PIECE.min(bytes - offset);
            let number = self.take(driver)?;
            let buffer = &mut self.buffers[number];
            // SAFETY: the piece is within the ranges and fits the buffer, which nobody else uses until its event.
            unsafe {
                std::ptr::copy_nonoverlapping(from.add(offset), buffer.start, count);
                let to = to + offset as CUdeviceptr;
                ok((driver.cuMemcpyHtoDAsync_v2)(to, buffer.start.cast(), count, stream))?;
            }
            buffer.record(driver, stream)?;
        }
        Ok(())
    }

    /// Copies to the host, after all that the stream has been given before.
    ///
    /// # Safety
    /// As [`copy_to_device`](Self::copy_to_device).
    pub(super) unsafe fn copy_to_host(
        &mut self,
        driver: &Driver,
        stream: CUstream,
        to: *mut u8,
        from: CUdeviceptr,
        bytes: usize,
    ) -> Result<(), Failed> {
        let mut offsets = (0..bytes).step_by(PIECE);
        let mut coming = VecDeque::with_capacity(PIECES);
        loop {
            while coming.len() < PIECES
                && let Some(offset) = offsets.next()
            {
                let count = PIECE.min(bytes - offset);
                let number = self.take(driver)?;
                let buffer = &mut self.buffers[number];
                let from = from + offset as CUdeviceptr;
                // SAFETY: the piece is within the range and fits the buffer.
                ok(unsafe { (driver.cuMemcpyDtoHAsync_v2)(buffer.start.cast(), from, count, stream) })?;
                buffer.record(driver, stream)?;
                coming.push_back((number, offset, count));
            }
            let Some((number, offset, count)) = coming.pop_front() else { return Ok(()) };
            let buffer = &mut self.buffers[number];
            buffer.wait(driver)?;
            // SAFETY: the piece has arrived, and is within the range.
            unsafe { std::ptr::copy_nonoverlapping(buffer.start, to.add(offset), count) };
        }
    }
}

impl Buffer {
    /// The stream has done with the buffer when it comes to this.
    fn record(&mut self, driver: &Driver, stream: CUstream) -> Result<(), Failed> {
        self.busy = true;
        // SAFETY: event and stream are of the current context.
        ok(unsafe { (driver.cuEventRecord)(self.event, stream) })
    }

    fn wait(&mut self, driver: &Driver) -> Result<(), Failed> {
        if self.busy {
            // SAFETY: the event is of the current context.
            ok(unsafe { (driver.cuEventSynchronize)(self.event) })?;
            self.busy = false;
        }
        Ok(())
    }
}
