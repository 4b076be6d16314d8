//! Streams and events as a program has them, and the stream of a thread, to which all that it copies and launches goes.
//!
//! A stream is a number: the driver's handle of it, or 0, the default stream, whose work comes after all that was begun in others before
//! and before all that is begun in them later.

use std::cell::Cell;

use super::failure::DeviceError;
use super::{Place, cuda, simulator};
use crate::error::RaisedError;

/// The number of a stream.
pub(super) type StreamHandle = u64;

/// What is called once the work before it is done.
pub type Callback = Box<dyn FnOnce() + Send>;

thread_local! {
    static CURRENT: Cell<StreamHandle> = const { Cell::new(0) };
}

/// The stream that this thread's work goes to.
#[must_use]
pub fn current_stream() -> u64 {
    CURRENT.get()
}

/// From now on this thread's work goes to that stream. The former one.
pub fn enter_stream(stream: u64) -> u64 {
    CURRENT.replace(stream)
}

/// In which streams memory of a device has been used since it was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// In one.
    One(StreamHandle),
    /// In more than one.
    Several,
}

impl Use {
    /// In the stream of this thread.
    pub(super) fn here() -> Self {
        Self::One(current_stream())
    }

    /// In the stream of this thread as well.
    pub(super) fn and_here(self) -> Self {
        if self == Self::here() { self } else { Self::Several }
    }
}

/// What the functions here ask of a device.
pub(super) trait Timeline {
    /// A new stream.
    fn create_stream(&self) -> Result<StreamHandle, DeviceError>;

    /// Ends a stream, whose work is done nevertheless.
    fn destroy_stream(&self, stream: StreamHandle);

    /// Waits for a stream, and gives what kernels have recorded there.
    fn wait_for_stream(&self, stream: StreamHandle) -> Result<(), DeviceError>;

    /// Whether all of a stream is done.
    fn is_stream_done(&self, stream: StreamHandle) -> Result<bool, DeviceError>;

    /// Calls a function once all that was begun in a stream before is done.
    fn call_after(&self, stream: StreamHandle, call: Callback) -> Result<(), DeviceError>;

    /// A new event, which takes times or does not.
    fn create_event(&self, timing: bool) -> Result<u64, DeviceError>;

    /// Ends an event.
    fn destroy_event(&self, event: u64);

    /// Puts an event behind all that was begun in a stream before.
    fn record(&self, event: u64, stream: StreamHandle) -> Result<(), DeviceError>;

    /// Waits until an event is reached.
    fn wait(&self, event: u64) -> Result<(), DeviceError>;

    /// Whether an event is reached, or was not recorded.
    fn is_done(&self, event: u64) -> Result<bool, DeviceError>;

    /// Has what is begun in a stream from now on come after an event.
    fn hold(&self, event: u64, stream: StreamHandle) -> Result<(), DeviceError>;

    /// Milliseconds from an event to another.
    fn elapsed(&self, start: u64, end: u64) -> Result<f32, DeviceError>;
}

impl Place {
    fn timeline(self) -> Result<&'static dyn Timeline, DeviceError> {
        match self {
            Self::Cuda => Ok(cuda::get()?),
            Self::Simulator => Ok(simulator::get()),
        }
    }

    /// Waits for a stream, and gives what kernels have recorded there.
    ///
    /// # Errors
    /// Why there is no device, or what has failed there; so in what follows.
    pub fn wait_for_stream(self, stream: u64) -> Result<(), RaisedError> {
        Ok(self.timeline()?.wait_for_stream(stream)?)
    }

    /// Whether all of a stream is done.
    pub fn is_stream_done(self, stream: u64) -> Result<bool, RaisedError> {
        Ok(self.timeline()?.is_stream_done(stream)?)
    }

    /// Calls a function once all that was begun in a stream before is done, on any thread. It must not use the device.
    pub fn call_after(self, stream: u64, call: Callback) -> Result<(), RaisedError> {
        Ok(self.timeline()?.call_after(stream, call)?)
    }
}

/// A stream of a device.
pub struct Stream {
    place: Place,
    handle: StreamHandle,
    is_own: bool,
}

impl Stream {
    /// A new one.
    pub fn new(place: Place) -> Result<Self, RaisedError> {
        Ok(Self { place, handle: place.timeline()?.create_stream()?, is_own: true })
    }

    /// One of another library's, which keeps it.
    #[must_use]
    pub fn external(place: Place, handle: u64) -> Self {
        Self { place, handle, is_own: false }
    }

    /// Its number.
    #[must_use]
    pub fn handle(&self) -> u64 {
        self.handle
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        if let Ok(timeline) = self.place.timeline()
            && self.is_own
        {
            timeline.destroy_stream(self.handle);
        }
    }
}

/// A place in a stream.
pub struct Event {
    place: Place,
    handle: u64,
}

impl Event {
    /// A new one, which takes times or does not.
    pub fn new(place: Place, timing: bool) -> Result<Self, RaisedError> {
        Ok(Self { place, handle: place.timeline()?.create_event(timing)? })
    }

    /// Its number.
    #[must_use]
    pub fn handle(&self) -> u64 {
        self.handle
    }

    /// Puts it behind all that was begun in a stream before.
    pub fn record(&self, stream: u64) -> Result<(), RaisedError> {
        Ok(self.place.timeline()?.record(self.handle, stream)?)
    }

    /// Waits until it is reached.
    pub fn wait(&self) -> Result<(), RaisedError> {
        Ok(self.place.timeline()?.wait(self.handle)?)
    }

    /// Whether it is reached, or was not recorded.
    pub fn is_done(&self) -> Result<bool, RaisedError> {
        Ok(self.place.timeline()?.is_done(self.handle)?)
    }

    /// Has what is begun in a stream from now on come after it.
    pub fn hold(&self, stream: u64) -> Result<(), RaisedError> {
        Ok(self.place.timeline()?.hold(self.handle, stream)?)
    }

    /// Milliseconds from this to another, when both are reached.
    pub fn elapsed(&self, end: &Self) -> Result<f32, RaisedError> {
        Ok(self.place.timeline()?.elapsed(self.handle, end.handle)?)
    }
}

impl Drop for Event {
    fn drop(&mut self) {
        if let Ok(timeline) = self.place.timeline() {
            timeline.destroy_event(self.handle);
        }
    }
}
