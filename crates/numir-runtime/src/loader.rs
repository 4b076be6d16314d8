//! Places relocatable ELF objects in memory, so that compiled code runs without LLVM in the process: code that was compiled
//! a moment ago and code from a cache on disk take the same way.
//!
//! A linker of our own, and not LLVM's ORC, for that reason: cached code needs no compiler, and there is one path to keep.
//! LLVM's objects need little of a linker (no archives, no shared libraries, no merging of sections), and this one takes a
//! quarter of the time: 0.1 ms for a sieve of primes with its debug information (7 KiB), where ORC took 0.4 ms. That is a
//! process's first object; a later one of that size takes 15 µs.
//!
//! The way of an object: [`parse`] reads the tables, [`layout`] gives each section its place in one region of memory,
//! [`link`] copies, resolves and relocates, [`region`] takes the right to write from code and constants, and [`gdb`] tells a
//! debugger. What a machine's relocations mean is a table: [`x86_64`], [`aarch64`], in the words of [`relocate`].
//!
//! Bytes are trusted as little as a damaged file deserves: a table that does not fit the object is an error. What code does
//! once it runs is beyond a loader; a cache has to compare a checksum. Unwind tables (`.eh_frame`) are placed, so that a
//! debugger finds them, but not registered with the process's unwinder: no exception passes through compiled code.

mod aarch64;
mod error;
mod gdb;
mod layout;
mod link;
mod parse;
mod region;
mod relocate;
mod resolve;
mod x86_64;

use std::collections::HashMap;
use std::ffi::c_void;

pub use error::LoadError;
pub use resolve::resolve;

use crate::device::Kernel;
use layout::Layout;
use link::Linker;
use parse::Object;
use region::Region;
use relocate::Machine;

/// An object in executable memory. Dropping it frees the memory: addresses from [`symbol`](Self::symbol) must not outlive it.
pub struct Loaded {
    symbols: HashMap<Box<str>, u64>,
    /// Addresses of the records of its kernels.
    kernels: Vec<u64>,
    /// Before the region, so that gdb forgets the code before it goes.
    _known_to_gdb: Option<gdb::Registration>,
    _region: Region,
}

impl Loaded {
    /// Places the object and links it against what `resolve` finds; a symbol without an address is an error here and not at
    /// a call. See [`resolve`](fn@resolve) for what compiled code of numir needs.
    ///
    /// # Errors
    /// [`LoadError`], which says what the object lacks, or what in it cannot be loaded.
    pub fn load(object: &[u8], resolve: &dyn Fn(&str) -> Option<*const c_void>) -> Result<Self, LoadError> {
        let machine = host();
        let parsed = Object::parse(object, machine)?;
        let layout = Layout::new(&parsed)?;
        let mut region = Region::new(layout.sizes())?;
        let linker = Linker::new(&parsed, &layout, region.address(), resolve)?;
        linker.place(region.bytes())?;
        let image = linker.debug_image()?;
        region.protect()?;
        let (symbols, kernels) = (linker.exported()?, linker.kernels()?);
        Ok(Self { symbols, kernels, _known_to_gdb: image.map(gdb::Registration::new), _region: region })
    }

    /// The records of the kernels that the object launches.
    pub fn kernels(&self) -> impl Iterator<Item = *const Kernel> {
        self.kernels.iter().map(|address| *address as usize as *const Kernel)
    }

    /// The address of a function or global that the object exports.
    #[must_use]
    pub fn symbol(&self, name: &str) -> Option<*const c_void> {
        self.symbols.get(name).map(|address| *address as usize as *const c_void)
    }
}

/// The machine that this process runs on.
fn host() -> &'static Machine {
    if cfg!(target_arch = "aarch64") { &aarch64::MACHINE } else { &x86_64::MACHINE }
}
