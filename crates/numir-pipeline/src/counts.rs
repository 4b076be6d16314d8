//! What passes count, collected by context: MLIR's own statistics exist only in builds of LLVM that ask for them.

use mlir_sys::MlirContext;
use std::collections::BTreeMap;
use std::sync::Mutex;

/// How much a pass has counted in one run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Count {
    /// The pass.
    pub pass: &'static str,
    /// The statistic's name.
    pub statistic: &'static str,
    /// The sum over all that the pass ran on; never 0.
    pub count: u64,
}

/// By pass and statistic.
type Counts = BTreeMap<(&'static str, &'static str), u64>;

/// By the address of the context in which a run is going on.
static RUNNING: Mutex<BTreeMap<usize, Counts>> = Mutex::new(BTreeMap::new());

fn with<T>(work: impl FnOnce(&mut BTreeMap<usize, Counts>) -> T) -> T {
    work(&mut RUNNING.lock().unwrap_or_else(|poisoned| poisoned.into_inner()))
}

/// From now on counts in this context.
pub(crate) fn begin(context: MlirContext) {
    with(|running| running.insert(context.ptr as usize, Counts::new()));
}

/// What was counted since `begin`, sorted by pass and statistic.
pub(crate) fn end(context: MlirContext) -> Vec<Count> {
    let counts = with(|running| running.remove(&(context.ptr as usize))).unwrap_or_default();
    counts.into_iter().map(|((pass, statistic), count)| Count { pass, statistic, count }).collect()
}

/// Adds what a pass has counted on one operation.
pub(crate) fn add(context: MlirContext, pass: &'static str, counts: impl Iterator<Item = (&'static str, u64)>) {
    let mut counts = counts.filter(|(_, count)| *count > 0).peekable();
    if counts.peek().is_none() {
        return;
    }
    with(|running| {
        if let Some(sums) = running.get_mut(&(context.ptr as usize)) {
            counts.for_each(|(statistic, count)| *sums.entry((pass, statistic)).or_default() += count);
        }
    });
}
