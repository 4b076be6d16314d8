//! Streams and events of the simulator: what is begun is done when the call returns, so a stream is but a number, and an event a time.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::Simulator;
use crate::device::failure::DeviceError;
use crate::device::streams::{Callback, StreamHandle, Timeline};

/// The number of the next stream or event.
static NEXT: AtomicU64 = AtomicU64::new(16);

/// The events that there are: whether one takes times, and when it was recorded.
#[derive(Default)]
pub(super) struct Events(Mutex<BTreeMap<u64, (bool, Option<Instant>)>>);

impl Events {
    pub(super) const fn new() -> Self {
        Self(Mutex::new(BTreeMap::new()))
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<u64, (bool, Option<Instant>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Timeline for Simulator {
    fn create_stream(&self) -> Result<StreamHandle, DeviceError> {
        Ok(NEXT.fetch_add(1, Ordering::Relaxed))
    }

    fn destroy_stream(&self, _: StreamHandle) {}

    fn wait_for_stream(&self, _: StreamHandle) -> Result<(), DeviceError> {
        Ok(())
    }

    fn is_stream_done(&self, _: StreamHandle) -> Result<bool, DeviceError> {
        Ok(true)
    }

    fn call_after(&self, _: StreamHandle, call: Callback) -> Result<(), DeviceError> {
        call();
        Ok(())
    }

    fn create_event(&self, timing: bool) -> Result<u64, DeviceError> {
        let event = NEXT.fetch_add(1, Ordering::Relaxed);
        self.events.lock().insert(event, (timing, None));
        Ok(event)
    }

    fn destroy_event(&self, event: u64) {
        self.events.lock().remove(&event);
    }

    fn record(&self, event: u64, _: StreamHandle) -> Result<(), DeviceError> {
        if let Some((_, time)) = self.events.lock().get_mut(&event) {
            *time = Some(Instant::now());
        }
        Ok(())
    }

    fn wait(&self, _: u64) -> Result<(), DeviceError> {
        Ok(())
    }

    fn is_done(&self, _: u64) -> Result<bool, DeviceError> {
        Ok(true)
    }

    fn hold(&self, _: u64, _: StreamHandle) -> Result<(), DeviceError> {
        Ok(())
    }

    fn elapsed(&self, start: u64, end: u64) -> Result<f32, DeviceError> {
        let events = self.events.lock();
        let time = |event| match events.get(&event) {
            Some((true, Some(time))) => Ok(*time),
            _ => Err(DeviceError::Stated(
                "DeviceError",
                "both events must have been recorded, and must take times: make them by event(timing=True)".to_owned(),
            )),
        };
        let (start, end): (Instant, Instant) = (time(start)?, time(end)?);
        let forwards = end.saturating_duration_since(start).as_secs_f32();
        Ok((forwards - start.saturating_duration_since(end).as_secs_f32()) * 1e3)
    }
}
