//! How long calls take: by this machine's clock, or by events of the device on which the arrays live.

use crate::{Call, arguments, print, read};
use clap::Args;
use numir_rt::{CallError, PackageError, on_device};
use numir_runtime::device::{Event, Place, current_stream};
use std::time::{Duration, Instant};

/// What is measured.
#[derive(Args)]
pub struct Time {
    #[command(flatten)]
    call: Call,
    #[command(flatten)]
    amount: Amount,
    /// Have the arrays live on the device, and measure by events there
    #[arg(long)]
    resident: bool,
    /// How many calls there are between two events
    #[arg(long, value_name = "N", default_value_t = 1, requires = "resident", value_parser = clap::value_parser!(u32).range(1..))]
    batch: u32,
}

/// How much is measured.
#[derive(Args)]
pub struct Amount {
    /// For how long
    #[arg(long, value_name = "S", default_value_t = 1.0)]
    seconds: f64,
    /// How often at least
    #[arg(long, value_name = "N", default_value_t = 5)]
    repeat: usize,
}

impl Amount {
    /// What a function gives that is called as often.
    pub fn collect<T>(&self, mut call: impl FnMut() -> Result<T, PackageError>) -> Result<Vec<T>, PackageError> {
        let end = Instant::now() + Duration::try_from_secs_f64(self.seconds.min(1e6)).unwrap_or_default();
        let mut all = Vec::new();
        while all.len() < self.repeat || Instant::now() < end {
            all.push(call()?);
        }
        Ok(all)
    }
}

/// Seconds that something took.
fn seconds(call: impl FnOnce() -> Result<(), PackageError>) -> Result<f64, PackageError> {
    let start = Instant::now();
    call()?;
    Ok(start.elapsed().as_secs_f64())
}

/// A pair of events around work in this thread's stream.
pub struct Stopwatch {
    start: Event,
    end: Event,
}

impl Stopwatch {
    /// One for the device of a place.
    pub fn new(place: Place) -> Result<Self, PackageError> {
        Ok(Self { start: event(place)?, end: event(place)? })
    }

    /// Has work be begun, and waits for it. Seconds until it was begun by this machine's clock, and those that the device needed for it.
    pub fn measure(&self, begin: impl FnOnce() -> Result<(), PackageError>) -> Result<(f64, f64), PackageError> {
        let told = |done: Result<(), _>| done.map_err(CallError::from);
        told(self.start.record(current_stream()))?;
        let begun = seconds(begin)?;
        told(self.end.record(current_stream()))?;
        told(self.end.wait())?;
        let milliseconds = self.start.elapsed(&self.end).map_err(CallError::from)?;
        Ok((begun, f64::from(milliseconds) / 1e3))
    }
}

fn event(place: Place) -> Result<Event, PackageError> {
    Ok(Event::new(place, true).map_err(CallError::from)?)
}

/// Times calls of a packed function.
pub fn time(arguments: &Time) -> Result<(), PackageError> {
    let start = Instant::now();
    let package = read(&arguments.call.file)?;
    let values = arguments::values(&package, &arguments.call.arguments)?;
    let callable = package.load()?;
    let load = start.elapsed().as_secs_f64();
    let place = Place::of_target(&package.made.target).filter(|_| arguments.resident);
    if arguments.resident && place.is_none() {
        let text = format!(
            "--resident is for functions that are built for a device, and {} is built for {}",
            package.name, package.made.target
        );
        return Err(PackageError::Value(text));
    }
    let Some(place) = place else {
        let mut call = callable.prepare(&values)?;
        let mut measure = || seconds(|| call.call().map(drop).map_err(PackageError::from));
        let first = measure()?;
        let calls = arguments.amount.collect(measure)?;
        return print(&format!(
            "{{\"load_seconds\":{load:?},\"first_call_seconds\":{first:?},\"call_seconds\":{calls:?}}}"
        ));
    };
    let values = on_device(place, &values)?;
    let mut call = callable.prepare(&values)?;
    let wait = || place.synchronize().map_err(CallError::from);
    let first = seconds(|| {
        call.call()?;
        Ok(wait()?)
    })?;
    let (watch, batch) = (Stopwatch::new(place)?, arguments.batch);
    let times = arguments
        .amount
        .collect(|| watch.measure(|| (0..batch).try_for_each(|_| call.call().map(drop).map_err(PackageError::from))))?;
    wait()?;
    let each =
        |part: fn(&(f64, f64)) -> f64| times.iter().map(|time| part(time) / f64::from(batch)).collect::<Vec<_>>();
    let (calls, events) = (each(|time| time.0), each(|time| time.1));
    print(&format!(
        "{{\"load_seconds\":{load:?},\"first_call_seconds\":{first:?},\"batch\":{batch},\"call_seconds\":{calls:?},\"event_seconds\":{events:?}}}"
    ))
}
