//! Panics of passes become values: caught at the boundary to C++, silenced on the terminal, with the place where they arose.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

thread_local! {
    static CATCHING: Cell<bool> = const { Cell::new(false) };
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// A panic that was caught.
#[derive(Debug)]
pub struct Panic {
    /// What it said.
    pub message: String,
    /// Where in numir's source it arose: file:line:column.
    pub place: Option<String>,
}

/// Runs `body`; a panic inside of it is not printed and comes back as a value.
pub fn catch<T>(body: impl FnOnce() -> T) -> Result<T, Panic> {
    install_hook();
    let outer = CATCHING.replace(true);
    let outcome = panic::catch_unwind(AssertUnwindSafe(body));
    CATCHING.set(outer);
    outcome.map_err(|payload| Panic { message: message(payload.as_ref()), place: PLACE.take() })
}

/// Adds to the process's panic hook; other threads and other code keep the hook they had.
fn install_hook() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if CATCHING.get() {
                PLACE.set(info.location().map(ToString::to_string));
            } else {
                previous(info);
            }
        }));
    });
}

fn message(payload: &(dyn Any + Send)) -> String {
    match (payload.downcast_ref::<&str>(), payload.downcast_ref::<String>()) {
        (Some(text), _) => (*text).to_owned(),
        (None, Some(text)) => text.clone(),
        (None, None) => "a panic without a message".to_owned(),
    }
}
