//! What compiled code prints goes to `sys.stdout`, in order with what Python prints.

use pyo3::prelude::*;

/// From now on.
pub(crate) fn install() {
    numir_runtime::print::set_sink(Some(Box::new(|bytes| {
        Python::attach(|py| {
            let text = String::from_utf8_lossy(bytes);
            let written = py.import("sys").and_then(|sys| {
                let stdout = sys.getattr("stdout")?;
                // Without a console there is nowhere to print to.
                if stdout.is_none() { Ok(()) } else { stdout.call_method1("write", (text,)).map(|_| ()) }
            });
            if let Err(error) = written {
                error.write_unraisable(py, None);
            }
        });
    })));
}
