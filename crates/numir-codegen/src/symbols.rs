//! What compiled code may call by name: what was defined for it, the runtime's table, then the process.

use std::collections::HashMap;
use std::ffi::CStr;
use std::sync::LazyLock;

use numir_runtime::abi;

static RUNTIME: LazyLock<HashMap<&'static str, usize>> =
    LazyLock::new(|| abi::symbols().map(|(name, address)| (name, address.as_ptr() as usize)).collect());

/// Names and addresses that compiled code is linked against.
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
        let own = name.to_str().ok().and_then(|name| self.defined.get(name).or_else(|| RUNTIME.get(name)).copied());
        own.or_else(|| in_process(name))
    }
}

/// Whether LLVM may call `name` on its own account: as a library function that it knows, or as a helper of its code.
pub(crate) fn is_library_name(name: &CStr) -> bool {
    name.to_bytes().starts_with(b"__") || Symbols::default().resolve(name).is_some()
}

fn in_process(name: &CStr) -> Option<usize> {
    // SAFETY: `name` is a C string; looking a symbol up has no other effect.
    let address = unsafe { libc::dlsym(libc::RTLD_DEFAULT, name.as_ptr()) };
    (!address.is_null()).then_some(address as usize)
}
