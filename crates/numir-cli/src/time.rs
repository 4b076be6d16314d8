//! `numir time`: how long compiling and calling take, as one line of JSON for the benchmarks. All times are seconds.

use crate::arguments::Time;
use crate::failure::Failure;
use crate::output;
use crate::run::Ready;
use serde_json::{Map, Value as Json, json};
use std::time::Instant;

pub fn time(arguments: &Time) -> Result<(), Failure> {
    let start = Instant::now();
    let mut ready = Ready::new(&arguments.call)?;
    let compiled = start.elapsed();
    let result = ready.call()?;
    let first = start.elapsed();
    let mut calls = Vec::new();
    for _ in 0..arguments.repeat {
        let start = Instant::now();
        drop(ready.call()?);
        calls.push(start.elapsed().as_secs_f64());
    }
    let best = calls.iter().copied().reduce(f64::min);
    let steps: Map<String, Json> =
        ready.phases.steps().map(|(name, time)| (name.to_owned(), json!(time.as_secs_f64()))).collect();
    let line = json!({
        "compile": compiled.as_secs_f64(),
        "first_call": first.as_secs_f64(),
        "calls": calls,
        "best": best,
        "steps": steps,
        "threads": numir_runtime::pool::threads(),
        "result": result.repr(),
    });
    output::print(format!("{line}\n")).map_err(Failure::output)
}
