//! How long the steps of a compilation take.

use numir_pipeline::timing::Timing;
use std::time::{Duration, Instant};

/// Steps and their wall times, in the order in which they were first taken.
#[derive(Clone, Debug, Default)]
pub struct Phases {
    steps: Vec<(String, Duration)>,
    detailed: bool,
}

impl Phases {
    /// From now on asks for a row per pass.
    pub(crate) fn detail(&mut self) {
        self.detailed = true;
    }

    pub(crate) fn is_detailed(&self) -> bool {
        self.detailed
    }

    /// The steps.
    pub fn steps(&self) -> impl Iterator<Item = (&str, Duration)> {
        self.steps.iter().map(|(name, time)| (name.as_str(), *time))
    }

    /// Runs `work` as a step.
    pub fn time<T>(&mut self, name: &str, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let result = work();
        self.add(name, start.elapsed());
        result
    }

    /// Adds time to a step.
    pub fn add(&mut self, name: &str, time: Duration) {
        match self.steps.iter_mut().find(|(known, _)| known == name) {
            Some((_, sum)) => *sum += time,
            None => self.steps.push((name.to_owned(), time)),
        }
    }

    pub(crate) fn add_passes(&mut self, timing: &Timing) {
        timing.passes.iter().for_each(|row| self.add(&format!("  {}", row.pass), row.time));
    }
}
