//! Which step a compilation is in, and how long each step took.

use std::cell::Cell;
use std::time::{Duration, Instant};

use crate::error::{Error, Step};
use crate::fatal;

/// Wall-clock time spent in each step of the last compilation; zero for steps that it did not take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timings {
    /// From the `llvm` dialect to LLVM IR, both verifiers included.
    pub translate: Duration,
    /// LLVM's optimisation passes.
    pub optimize: Duration,
    /// From LLVM IR to an object or to assembly.
    pub emit: Duration,
}

/// The state of one compilation.
pub(crate) struct Progress {
    step: Cell<Step>,
    timings: Cell<Timings>,
}

impl Progress {
    /// Runs a whole compilation, and turns a fatal error of LLVM into one of ours that names the step.
    pub(crate) fn run<T>(work: impl FnOnce(&Progress) -> Result<T, Error>) -> (Result<T, Error>, Timings) {
        let progress = Progress { step: Cell::new(Step::Translate), timings: Cell::default() };
        let result = fatal::guard(|| work(&progress)).unwrap_or_else(|message| Err(progress.refused(message)));
        (result, progress.timings.get())
    }

    /// Runs one step.
    pub(crate) fn step<T>(&self, step: Step, work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
        self.step.set(step);
        let start = Instant::now();
        let result = work();
        let mut timings = self.timings.get();
        let slot = match step {
            Step::Translate | Step::Target => &mut timings.translate,
            Step::Optimize => &mut timings.optimize,
            Step::Emit => &mut timings.emit,
        };
        *slot += start.elapsed();
        self.timings.set(timings);
        result
    }

    /// An error of LLVM in the present step.
    pub(crate) fn refused(&self, message: String) -> Error {
        Error::Llvm { step: self.step.get(), message }
    }
}
