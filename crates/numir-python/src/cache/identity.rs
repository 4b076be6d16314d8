//! What compiled code depends on besides the program: the build of the compiler and of this library, and the processor. Neither
//! asks the compiler, which is not opened for code from the cache.

use crate::compiler;
use numir_interface::wire::VERSION;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use serde::{Deserialize, Serialize};
use std::ffi::c_void;
use std::fs::File;
#[cfg(not(target_arch = "x86_64"))]
use std::io::Read;
use std::mem::MaybeUninit;
use std::os::unix::fs::FileExt;
use std::path::Path;

/// Which numir compiled, and for which processor.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Identity {
    version: String,
    /// The builds of the compiler and of this library, whose runtime the code calls.
    builds: [Vec<u8>; 2],
    processor: Vec<u8>,
    /// What else the compiler reads from the environment that changes code.
    bisect: Option<String>,
}

impl Identity {
    /// That of this process; None where one of its parts cannot be told.
    pub(crate) fn get(py: Python<'_>) -> Option<&'static Self> {
        static IDENTITY: PyOnceLock<Option<Identity>> = PyOnceLock::new();
        let known = IDENTITY.get_or_init(py, || {
            let own = build_around((&raw const BUILD_ID).cast())?;
            let builds = [build_of_file(&compiler::path(py).ok()?)?, own];
            let bisect = std::env::var("NUMIR_BISECT").ok();
            Some(Self { version: VERSION.to_owned(), builds, processor: processor()?, bisect })
        });
        known.as_ref()
    }

    /// Whether the compiler that is open is the one that this tells of: it may have been replaced in between.
    pub(crate) fn is_open(&self) -> bool {
        compiler::opened().and_then(build_around).as_ref() == Some(&self.builds[0])
    }

    /// Whether both are of the same build, on whichever processor.
    pub(crate) fn is_of_build(&self, other: &Self) -> bool {
        (&self.version, &self.builds) == (&other.version, &other.builds)
    }
}

/// How much of a library is looked through for its build: its headers and notes come first, in the first page of memory.
const HEAD: usize = 4096;
/// The note's type and owner in the ELF file; before them stand the lengths of the owner's name and of the build's number.
static BUILD_ID: [u8; 8] = [3, 0, 0, 0, b'G', b'N', b'U', 0];

/// The linker's number for what it made, in the head of a library: `build.rs` asks for one.
fn build_in(head: &[u8]) -> Option<Vec<u8>> {
    let note = head.windows(BUILD_ID.len()).position(|window| window == BUILD_ID)?;
    let length = u32::from_le_bytes(head.get(note.checked_sub(4)?..note)?.try_into().ok()?) as usize;
    let start = note + BUILD_ID.len();
    head.get(start..start.checked_add(length)?).filter(|number| !number.is_empty()).map(<[u8]>::to_vec)
}

/// The build of a library on disk.
fn build_of_file(path: &Path) -> Option<Vec<u8>> {
    let mut head = [0; HEAD];
    let length = File::open(path).ok()?.read_at(&mut head, 0).ok()?;
    build_in(&head[..length])
}

/// The build of the library in memory that an address lies in: its file may have been replaced since.
pub(crate) fn build_around(address: *const c_void) -> Option<Vec<u8>> {
    let mut about = MaybeUninit::<libc::Dl_info>::zeroed();
    // SAFETY: where dladdr finds a library, its base is the start of a mapping that holds at least the page of its headers.
    unsafe {
        if libc::dladdr(address, about.as_mut_ptr()) == 0 {
            return None;
        }
        let base = about.assume_init().dli_fbase.cast_const().cast::<u8>();
        if base.is_null() { None } else { build_in(std::slice::from_raw_parts(base, HEAD)) }
    }
}

/// What code for the host depends on: the processor's name and all that it says it can do.
#[cfg(target_arch = "x86_64")]
#[allow(clippy::unnecessary_wraps)]
fn processor() -> Option<Vec<u8>> {
    use std::arch::x86_64::{__cpuid_count, __get_cpuid_max};
    // Leaf, subleaf, and which of eax, ebx, ecx, edx: the others differ between cores or from one time to the next.
    const LEAVES: [(u32, u32, [bool; 4]); 10] = [
        (0, 0, [false, true, true, true]),
        (1, 0, [true, false, true, true]),
        (7, 0, [false, true, true, true]),
        (7, 1, [true, true, true, true]),
        (0xd, 1, [true, false, false, false]),
        (0x14, 0, [false, true, false, false]),
        (0x19, 0, [false, true, false, false]),
        (0x24, 0, [false, true, false, false]),
        (0x8000_0001, 0, [false, false, true, true]),
        (0x8000_0008, 0, [false, true, false, false]),
    ];
    let mut said = Vec::new();
    for (leaf, subleaf, wanted) in LEAVES {
        if leaf > __get_cpuid_max(leaf & 0x8000_0000).0 {
            continue;
        }
        let found = __cpuid_count(leaf, subleaf);
        let registers = [found.eax, found.ebx, found.ecx, found.edx];
        let kept = registers.iter().zip(wanted).map(|(register, wanted)| if wanted { *register } else { 0 });
        said.extend(kept.flat_map(u32::to_le_bytes));
    }
    // What the operating system lets programs use of it.
    said.extend([is_x86_feature_detected!("avx"), is_x86_feature_detected!("avx512f")].map(u8::from));
    Some(said)
}

#[cfg(not(target_arch = "x86_64"))]
fn processor() -> Option<Vec<u8>> {
    const TELLING: [&str; 6] =
        ["CPU implementer", "CPU architecture", "CPU variant", "CPU part", "CPU revision", "Features"];
    let mut text = String::new();
    File::open("/proc/cpuinfo").ok()?.read_to_string(&mut text).ok()?;
    let mut lines: Vec<&str> = text.lines().filter(|line| TELLING.iter().any(|name| line.starts_with(name))).collect();
    lines.sort_unstable();
    lines.dedup();
    (!lines.is_empty()).then(|| lines.join("\n").into_bytes())
}
