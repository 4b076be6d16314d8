//! Files that come into being whole or not at all: written under another name beside the target, then renamed.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicPtr, Ordering};
use std::{ffi::CString, ptr};

/// The name of the unfinished file, for a signal that ends the process meanwhile.
static UNFINISHED: AtomicPtr<libc::c_char> = AtomicPtr::new(ptr::null_mut());

/// Writes a file: `fill` gets a buffered writer. On any failure nothing is left, and what was there before stays.
pub fn write(path: &Path, fill: impl FnOnce(&mut BufWriter<&mut File>) -> io::Result<()>) -> io::Result<()> {
    // A link is followed: its target is replaced, not the link.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    match fs::metadata(&path) {
        // A device or a pipe cannot be replaced by a file.
        Ok(metadata) if metadata.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
        Ok(metadata) if !metadata.is_file() => return fill_up(&mut File::options().write(true).open(&path)?, fill),
        _ => {}
    }
    let directory = parent(&path);
    let mut builder = tempfile::Builder::new();
    let mut file = builder.prefix(".numir-").permissions(fs::Permissions::from_mode(0o666)).tempfile_in(directory)?;
    let _guard = Guard::new(file.path());
    fill_up(file.as_file_mut(), fill)?;
    file.persist(&path).map(drop).map_err(|error| error.error)
}

/// The directory that a file lies in.
pub fn parent(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
        _ => PathBuf::from("."),
    }
}

fn fill_up(file: &mut File, fill: impl FnOnce(&mut BufWriter<&mut File>) -> io::Result<()>) -> io::Result<()> {
    let mut writer = BufWriter::with_capacity(1 << 18, file);
    fill(&mut writer)?;
    writer.flush()
}

/// Keeps the name in `UNFINISHED` while it lives.
struct Guard;

impl Guard {
    fn new(path: &Path) -> Self {
        if let Ok(name) = CString::new(path.as_os_str().as_bytes()) {
            UNFINISHED.store(name.into_raw(), Ordering::Release);
        }
        Self
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        let name = UNFINISHED.swap(ptr::null_mut(), Ordering::AcqRel);
        if !name.is_null() {
            // SAFETY: the pointer came from `CString::into_raw`, and nobody else finds it any more.
            drop(unsafe { CString::from_raw(name) });
        }
    }
}

/// Makes Ctrl-C and a request to terminate end the process at once, with the unfinished file removed, and a closed pipe end
/// it silently, as it ends other programs.
pub fn handle_signals() {
    extern "C" fn end(signal: libc::c_int) {
        let name = UNFINISHED.swap(ptr::null_mut(), Ordering::AcqRel);
        // SAFETY: both calls are allowed in a signal handler; the name, if there is one, ends in NUL and is leaked.
        unsafe {
            if !name.is_null() {
                libc::unlink(name);
            }
            libc::_exit(128 + signal);
        }
    }
    let end = end as extern "C" fn(libc::c_int) as libc::sighandler_t;
    // SAFETY: the handler calls only what a handler may call.
    unsafe {
        libc::signal(libc::SIGINT, end);
        libc::signal(libc::SIGTERM, end);
        libc::signal(libc::SIGPIPE, libc::SIG_DFL);
        // A file beyond the size that the user is allowed is an error of the write.
        libc::signal(libc::SIGXFSZ, libc::SIG_IGN);
    }
}

/// Writes to standard output, after what compiled code has printed.
pub fn print(text: impl AsRef<[u8]>) -> io::Result<()> {
    numir_runtime::print::flush()?;
    let mut out = io::stdout().lock();
    out.write_all(text.as_ref())?;
    out.flush()
}
