//! What compiled code may call by name: the runtime's ABI, helpers that LLVM itself calls, then the process.

use std::collections::HashMap;
use std::ffi::CStr;

/// Names and addresses that compiled code is linked against, before the symbols of the process.
#[derive(Clone, Default)]
pub(crate) struct Symbols {
    defined: HashMap<String, usize>,
}

impl Symbols {
    /// Adds a symbol; a later one of the same name wins.
    pub(crate) fn define(&mut self, name: &str, address: *const ()) {
        self.defined.insert(name.to_owned(), address as usize);
    }

    /// The address of `name`, if anything defines it.
    pub(crate) fn resolve(&self, name: &CStr) -> Option<usize> {
        let known = name.to_str().ok().and_then(|name| self.defined.get(name).copied());
        known.or_else(|| {
            // SAFETY: `name` is a C string; looking a symbol up has no other effect.
            let address = unsafe { libc::dlsym(libc::RTLD_DEFAULT, name.as_ptr()) };
            (!address.is_null()).then_some(address as usize)
        })
    }
}
