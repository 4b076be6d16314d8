//! What compiled code may call by name: the runtime's table, the C library's mathematics, LLVM's helpers, then the process.

use std::ffi::{CString, c_void};

use crate::{abi, builtins, libm};

/// The address of what compiled code calls by that name, if anything defines it.
#[must_use]
pub fn resolve(name: &str) -> Option<*const c_void> {
    let own = abi::lookup(name)
        .map(|entry| entry.address)
        .or_else(|| libm::lookup(name).map(libm::Function::address))
        .or_else(|| builtins::lookup(name));
    own.map(abi::Address::as_ptr).or_else(|| in_process(name))
}

fn in_process(name: &str) -> Option<*const c_void> {
    let name = CString::new(name).ok()?;
    // SAFETY: the name is terminated; looking a symbol up has no other effect.
    let address = unsafe { libc::dlsym(libc::RTLD_DEFAULT, name.as_ptr()) };
    (!address.is_null()).then_some(address.cast_const())
}
