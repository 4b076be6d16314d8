//! Errors as the user sees them on the terminal.

use crate::failure::Failure;
use numir::{Error, render};
use numir_rt::traceback;
use std::io::IsTerminal;

/// A failure in full.
pub fn failure(failure: &Failure) -> String {
    match failure {
        Failure::Usage { message, help } | Failure::Plain { message, help } => {
            render::headline(colored(), "error", message, help.as_deref())
        }
        Failure::Compiler(Error::Raised(raised)) => traceback::text(raised),
        Failure::Compiler(error) => render::error(colored(), error),
        Failure::Rendered(text) => text.clone(),
    }
}

/// Whether standard error shows colours: a terminal, unless NO_COLOR is set (<https://no-color.org>).
fn colored() -> bool {
    std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()) && std::io::stderr().is_terminal()
}
