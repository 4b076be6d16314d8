//! How long each pass took: wall time by itself, without the passes that it ran inside of it.

use std::fmt;
use std::time::{Duration, Instant};

/// The time of one pass, summed over its uses and over the functions it ran on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassTime {
    /// Its name.
    pub pass: String,
    /// How often it ran.
    pub runs: usize,
    /// Wall time of the pass itself.
    pub time: Duration,
}

/// The times of a run, in the order in which the passes first ran.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timing {
    /// One row per pass.
    pub passes: Vec<PassTime>,
    /// Wall time of the whole run, with the pass manager's own work.
    pub total: Duration,
}

impl fmt::Display for Timing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let total = self.total.as_secs_f64().max(f64::MIN_POSITIVE);
        let in_passes: Duration = self.passes.iter().map(|row| row.time).sum();
        writeln!(formatter, "{:>10}  {:>5}  {:>5}  pass", "ms", "%", "runs")?;
        let mut row = |time: Duration, runs: &dyn fmt::Display, name: &str| {
            let seconds = time.as_secs_f64();
            writeln!(formatter, "{:>10.3}  {:>5.1}  {runs:>5}  {name}", seconds * 1e3, seconds / total * 100.0)
        };
        self.passes.iter().try_for_each(|pass| row(pass.time, &pass.runs, &pass.pass))?;
        row(self.total.saturating_sub(in_passes), &"", "(pass manager, verifier)")?;
        row(self.total, &"", "total")
    }
}

/// What runs on one thread: a stack, since a pass may run others.
#[derive(Default)]
pub(crate) struct Stopwatch {
    /// For each running pass: when it started, and the time of the passes it ran.
    running: Vec<(Instant, Duration)>,
}

impl Stopwatch {
    pub(crate) fn start(&mut self) {
        self.running.push((Instant::now(), Duration::ZERO));
    }

    /// The time that the pass which ends now took by itself; None without a start.
    pub(crate) fn stop(&mut self) -> Option<Duration> {
        let (start, inner) = self.running.pop()?;
        let elapsed = start.elapsed();
        if let Some((_, outer)) = self.running.last_mut() {
            *outer += elapsed;
        }
        Some(elapsed.saturating_sub(inner))
    }
}

impl Timing {
    pub(crate) fn add(&mut self, pass: &str, time: Duration) {
        match self.passes.iter_mut().find(|row| row.pass == pass) {
            Some(row) => {
                row.runs += 1;
                row.time += time;
            }
            None => self.passes.push(PassTime { pass: pass.to_owned(), runs: 1, time }),
        }
    }
}
