//! What a caller can have watched during a run, and the part that MLIR calls around every pass.

use crate::panics::{self, Panic};
use crate::shim::{EVENT_AFTER, EVENT_BEFORE, EVENT_FAILED, Text};
use crate::timing::{Stopwatch, Timing};
use mlir_sys::{MlirOperation, mlirOperationGetParentOperation};
use numir_numeric::ir::Op;
use std::collections::HashMap;
use std::ffi::c_void;
use std::sync::Mutex;
use std::sync::atomic::{AtomicPtr, Ordering};
use std::thread::{self, ThreadId};

/// When MLIR's verifier runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Verify {
    /// Once, at the end: a module that comes out is valid.
    #[default]
    End,
    /// After each pass, so that the pass that broke the module is named. `NUMIR_VERIFY=each` asks for it.
    Each,
}

/// Called with the name of a pass and the module once that pass has run on all of it.
pub type AfterPass<'a> = dyn FnMut(&str, Op<'_>) + 'a;

/// What is to be watched during a run.
#[derive(Default)]
pub struct Instrumentation<'a> {
    /// When to verify.
    pub verify: Verify,
    /// Whether to time each pass.
    pub timing: bool,
    /// Whether a failure comes with a reproducer. The input is printed beforehand, which costs time.
    pub reproducer: bool,
    /// Called when one of the passes named in `watched` has run on the whole module.
    pub after_pass: Option<&'a mut AfterPass<'a>>,
    /// The passes after which `after_pass` is called.
    pub watched: Vec<String>,
}

impl Instrumentation<'_> {
    /// What the environment asks for: `NUMIR_VERIFY=each`, `NUMIR_TIMING=1`, `NUMIR_REPRODUCER=1`.
    pub fn from_environment() -> Self {
        let asks = |name: &str, value: &str| std::env::var(name).is_ok_and(|text| text == value);
        Self {
            verify: if asks("NUMIR_VERIFY", "each") { Verify::Each } else { Verify::End },
            timing: asks("NUMIR_TIMING", "1"),
            reproducer: asks("NUMIR_REPRODUCER", "1"),
            ..Self::default()
        }
    }
}

/// One run, as the observer sees it.
pub(crate) struct Run<'a, 'b> {
    timing: bool,
    after_pass: Option<&'b mut AfterPass<'a>>,
    watched: &'b [String],
    seen: Mutex<Seen>,
    /// A panic of `after_pass`, to be resumed once MLIR has returned.
    panic: Option<Panic>,
}

/// What was seen so far; on several threads where MLIR uses them.
#[derive(Default)]
pub(crate) struct Seen {
    stopwatches: HashMap<ThreadId, Stopwatch>,
    pub(crate) timing: Timing,
    /// Watched passes that ran inside of the adaptor that is running now.
    pending: Vec<String>,
    /// The pass that failed first.
    pub(crate) failed: Option<String>,
}

impl<'a, 'b> Run<'a, 'b> {
    pub(crate) fn new(instrumentation: &'b mut Instrumentation<'a>) -> Self {
        Self {
            timing: instrumentation.timing,
            after_pass: instrumentation.after_pass.as_deref_mut(),
            watched: &instrumentation.watched,
            seen: Mutex::default(),
            panic: None,
        }
    }

    pub(crate) fn finish(self) -> (Seen, Option<Panic>) {
        (self.seen.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner()), self.panic)
    }

    fn is_watched(&self, pass: &str) -> bool {
        self.after_pass.is_some() && self.watched.iter().any(|watched| watched == pass)
    }

    /// Notes an event on any thread; the passes that are complete now, if this was the end of a module's pass.
    fn note(&self, event: i32, pass: &str, adaptor: bool, at_root: bool) -> Vec<String> {
        let mut seen = self.seen.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if self.timing {
            let stopwatch = seen.stopwatches.entry(thread::current().id()).or_default();
            if event == EVENT_BEFORE {
                stopwatch.start();
            } else if let (Some(time), false) = (stopwatch.stop(), adaptor) {
                seen.timing.add(pass, time);
            }
        }
        if event == EVENT_FAILED && !adaptor && seen.failed.is_none() {
            seen.failed = Some(pass.to_owned());
        }
        if event != EVENT_AFTER {
            return Vec::new();
        }
        if self.is_watched(pass) && !seen.pending.iter().any(|pending| pending == pass) {
            seen.pending.push(pass.to_owned());
        }
        if at_root { std::mem::take(&mut seen.pending) } else { Vec::new() }
    }
}

/// Where the observer finds the run that is going on; null between runs.
pub(crate) type Slot<'a, 'b> = AtomicPtr<Run<'a, 'b>>;

pub(crate) unsafe extern "C" fn observe(data: *mut c_void, event: i32, pass: Text, adaptor: bool, op: MlirOperation) {
    // SAFETY: `data` is the slot of a pipeline that is running, so the slot is alive, and the run in it too (or null).
    let run = unsafe { (*data.cast::<Slot<'_, '_>>()).load(Ordering::Acquire) };
    if run.is_null() {
        return;
    }
    // SAFETY: MLIR's text is valid for the call, and so is the operation. A module's passes run on the thread that runs the
    // pipeline, one after the other, so only that thread takes the run mutably; the others go through its mutex.
    unsafe {
        let name = pass.to_owned();
        let at_root = mlirOperationGetParentOperation(op).ptr.is_null();
        let complete = (*run).note(event, &name, adaptor, at_root);
        if complete.is_empty() {
            return;
        }
        let run = &mut *run;
        if let (Some(after_pass), None) = (run.after_pass.as_mut(), run.panic.as_ref()) {
            let outcome = panics::catch(|| complete.iter().for_each(|pass| after_pass(pass, Op::from_raw(op))));
            run.panic = outcome.err();
        }
    }
}
