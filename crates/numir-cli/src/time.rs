//! `numir time`: how long compiling and calling take, as one line of JSON; benchmarks/README.md holds the format.

use crate::arguments::Time;
use crate::failure::Failure;
use crate::output;
use crate::run::Ready;
use serde_json::json;
use std::time::{Duration, Instant};

pub fn time(arguments: &Time) -> Result<(), Failure> {
    let start = Instant::now();
    let ready = Ready::new(&arguments.call, false)?;
    let compile = start.elapsed();
    let mut call = ready.prepare()?;
    let mut measure = || -> Result<f64, Failure> {
        let start = Instant::now();
        drop(call.call()?);
        Ok(start.elapsed().as_secs_f64())
    };
    let first = measure()?;
    let seconds = Duration::try_from_secs_f64(arguments.seconds.min(1e6)).unwrap_or_default();
    let end = Instant::now() + seconds;
    let mut calls = Vec::new();
    while calls.len() < arguments.repeat || Instant::now() < end {
        calls.push(measure()?);
    }
    let line = json!({"compile_seconds": compile.as_secs_f64(), "first_call_seconds": first, "call_seconds": calls});
    output::print(format!("{line}\n")).map_err(Failure::output)
}
