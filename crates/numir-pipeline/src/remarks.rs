//! What passes say that they did, or could not do, for who asks: a kind, a place, a sentence.
//!
//! A pass leaves a remark with [`PassContext::remark`](crate::PassContext::remark). The text is made only inside of [`collecting`]; elsewhere
//! a remark costs the load of one flag.

use crate::diagnostic::{Place, places_from};
use melior::ir::Location;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

/// Whether it was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The pass did it.
    Done,
    /// The pass would have liked to, and says why it could not.
    Missed,
}

impl Kind {
    /// Its name in one word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Missed => "missed",
        }
    }
}

/// Something that a pass did or could not do.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Remark {
    /// The name of the pass.
    pub pass: String,
    /// Whether it was done.
    pub kind: Kind,
    /// Where, then where that was called or inlined, innermost first.
    pub places: Vec<Place>,
    /// What, as a sentence without a full stop.
    pub text: String,
}

static WANTED: AtomicBool = AtomicBool::new(false);
static COLLECTED: Mutex<Vec<Remark>> = Mutex::new(Vec::new());

/// Runs `work` and gives the remarks that were left meanwhile, in order. One call at a time: compiling holds a lock.
pub fn collecting<T>(work: impl FnOnce() -> T) -> (T, Vec<Remark>) {
    /// Ends the collecting even where `work` panics.
    struct Asking;
    impl Drop for Asking {
        fn drop(&mut self) {
            WANTED.store(false, Ordering::Release);
        }
    }

    take();
    let asking = Asking;
    WANTED.store(true, Ordering::Release);
    let result = work();
    drop(asking);
    (result, take())
}

fn take() -> Vec<Remark> {
    std::mem::take(&mut *COLLECTED.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Keeps a remark of a pass, if anybody asks.
pub(crate) fn leave(pass: &str, kind: Kind, location: Location<'_>, text: impl FnOnce() -> String) {
    if !WANTED.load(Ordering::Acquire) {
        return;
    }
    let remark = Remark { pass: pass.to_owned(), kind, places: places_from(location), text: text() };
    COLLECTED.lock().unwrap_or_else(PoisonError::into_inner).push(remark);
}
