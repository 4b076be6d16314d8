//! `numir-opt`: MLIR's own driver with MLIR's dialects and passes, ours, and our pipelines by name.

use crate::dialects::DialectSource;
use crate::known::{Known, NameTaken};
use crate::registry::{Registry, RegistryError};
use crate::shim::{Text, numir_shim_opt_main};
use melior::dialect::DialectRegistry;
use mlir_sys::{mlirRegisterAllDialects, mlirRegisterAllPasses};
use std::ffi::{CString, OsString};
use std::os::unix::ffi::OsStringExt;

/// Why `numir-opt` cannot start: passes of this program contradict each other.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OptError {
    /// Their declarations cannot be.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// A pass has the name of one of MLIR's.
    #[error(transparent)]
    NameTaken(#[from] NameTaken),
}

/// Runs the driver on a command line (the program's name first) with `dialects` besides MLIR's own; the exit status.
/// To be called once, from `main`.
pub fn opt_main(arguments: impl IntoIterator<Item = OsString>, dialects: &[DialectSource]) -> Result<i32, OptError> {
    let registry = DialectRegistry::new();
    // SAFETY: the registry is live; both functions may be called at any time.
    unsafe {
        mlirRegisterAllDialects(registry.to_raw());
        mlirRegisterAllPasses();
    }
    dialects.iter().for_each(|dialect| dialect().insert_dialect(&registry));
    Known::lock().add_all(Registry::global()?)?;

    // An argument of the operating system's holds no NUL.
    let arguments = arguments.into_iter().map(|argument| CString::new(argument.into_vec()).unwrap_or_default());
    let mut pointers: Vec<_> = arguments.map(CString::into_raw).collect();
    let count = i32::try_from(pointers.len()).unwrap_or(i32::MAX);
    pointers.push(std::ptr::null_mut());
    let banner = Text::of("numir-opt: MLIR's modular optimizer driver with numir's dialect, passes and pipelines\n");
    // SAFETY: `pointers` is an argument vector as C wants it: so many writable strings, then null. They are leaked, since LLVM's
    // command line keeps them.
    Ok(unsafe { numir_shim_opt_main(count, pointers.leak().as_mut_ptr(), banner, registry.to_raw()) })
}
