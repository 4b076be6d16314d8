//! Kernels and the mirrors of their arrays, as compiled host code uses them, on the simulator. The kernels are written in Rust.

mod launches;
mod mirrors;

use std::borrow::Cow;
use std::ffi::c_void;
use std::sync::atomic::AtomicPtr;

use numir_runtime::device::{Kernel, Thread, numir_launch};
use numir_runtime::error::{Site, numir_raise};

/// What a kernel is called with.
type Entry = unsafe extern "C" fn(*mut Thread, *const *const c_void);

/// The record of a simulated kernel.
fn kernel(entry: Entry) -> Kernel {
    let loaded = AtomicPtr::new(std::ptr::null_mut());
    Kernel { entry: Some(entry), image: std::ptr::null(), image_bytes: 0, name: c"kernel".as_ptr(), loaded }
}

/// Starts a kernel whose parameters are pointers and numbers of eight bytes.
fn launch(kernel: &mut Kernel, grid: [i64; 3], block: [i64; 3], shared: i64, values: &[u64]) -> i32 {
    let [gx, gy, gz] = grid;
    let [bx, by, bz] = block;
    let pointers: Vec<_> = values.iter().map(|value| std::ptr::from_ref(value).cast::<c_void>()).collect();
    // SAFETY: the record and the arguments live during the call.
    unsafe { numir_launch(kernel, [gx, gy, gz, bx, by, bz, shared].as_ptr(), pointers.as_ptr()) }
}

/// The value of a parameter of eight bytes.
///
/// # Safety
/// The kernel has so many parameters, each of eight bytes.
unsafe fn parameter(arguments: *const *const c_void, index: usize) -> u64 {
    // SAFETY: the caller's promise.
    unsafe { (*arguments.add(index)).cast::<u64>().read() }
}

/// A parameter that is a pointer.
///
/// # Safety
/// As [`parameter`].
unsafe fn pointer<T>(arguments: *const *const c_void, index: usize) -> *mut T {
    // SAFETY: the caller's promise.
    std::ptr::with_exposed_provenance_mut(unsafe { parameter(arguments, index) } as usize)
}

/// The number of a thread in a grid and a block of one axis.
///
/// # Safety
/// The thread is one that a kernel was called with.
unsafe fn global_number(thread: *mut Thread) -> usize {
    // SAFETY: the caller's promise.
    let thread = unsafe { &*thread };
    (thread.block[0] * thread.block_extent[0] + thread.thread[0]) as usize
}

/// A site of a line of the kernels' file.
fn site(kind: &'static str, message: &'static str, line: u32) -> Vec<u8> {
    let [kind, message, file, function] = [kind, message, "kernels.py", "kernel"].map(Cow::from);
    Site { kind, message, file, function, span: [line, 1, line, 9] }.encode()
}

/// Leaves an error pending, as compiled code does.
fn raise(kind: &'static str, message: &'static str, line: u32) {
    // SAFETY: an encoded site.
    unsafe { numir_raise(site(kind, message, line).as_ptr(), 0, std::ptr::null()) };
}
