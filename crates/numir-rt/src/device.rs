//! What device there is, and how fast its memory is: what the times of kernels are compared with.

use crate::measure::{Amount, Stopwatch};
use crate::print;
use clap::Args;
use numir_rt::{CallError, PackageError};
use numir_runtime::device::{Place, Resident};

/// Which device.
#[derive(Args)]
pub struct Which {
    /// The simulator in place of a GPU
    #[arg(long)]
    simulator: bool,
}

impl Which {
    fn place(&self) -> Place {
        if self.simulator { Place::Simulator } else { Place::Cuda }
    }
}

/// How copies are measured.
#[derive(Args)]
pub struct Copy {
    #[command(flatten)]
    which: Which,
    /// How many bytes are read, and as many written
    #[arg(long, value_name = "N", default_value_t = 1 << 28)]
    bytes: usize,
    #[command(flatten)]
    amount: Amount,
}

/// Prints what device there is.
pub fn describe(which: &Which) -> Result<(), PackageError> {
    let place = which.place();
    let gpu = place.current().and_then(|number| place.describe(number)).map_err(CallError::from)?;
    let (major, minor) = gpu.capability;
    // A name of Rust's debugging output is one of JSON for what names of devices consist of.
    print(&format!("{{\"name\":{:?},\"capability\":[{major},{minor}],\"memory\":{}}}", gpu.name, gpu.memory))
}

/// Times copies within the device's memory.
pub fn copy(arguments: &Copy) -> Result<(), PackageError> {
    let (place, bytes) = (arguments.which.place(), arguments.bytes);
    let array = || Resident::allocate(place, bytes).map_err(CallError::from);
    let (from, to) = (array()?, array()?);
    let copy = || Ok(to.copy(0, &from, 0, bytes).map_err(CallError::from)?);
    let watch = Stopwatch::new(place)?;
    watch.measure(copy)?;
    let times = arguments.amount.collect(|| watch.measure(copy))?;
    let events: Vec<_> = times.into_iter().map(|(_, event)| event).collect();
    print(&format!("{{\"bytes\":{bytes},\"event_seconds\":{events:?}}}"))
}
