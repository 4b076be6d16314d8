//! Kernels and the mirrors of their arrays, as compiled host code uses them, on the simulator. The kernels are written in Rust.

mod barriers;
mod cuda;
mod launches;
mod mirrors;
mod races;
mod residents;
mod warps;

use std::borrow::Cow;
use std::ffi::c_void;
use std::sync::atomic::AtomicPtr;

use numir_runtime::RaisedError;
use numir_runtime::device::{
    Kernel, READS, Thread, WRITES, numir_device_array, numir_device_leave, numir_launch, numir_sim_barrier,
};
use numir_runtime::error::{Site, numir_raise, take_pending_error};
use numir_runtime::memory::Owner;

/// What a kernel is called with.
type Entry = unsafe extern "C" fn(*mut Thread, *const *const c_void);

/// The record of a simulated kernel.
fn kernel(entry: Entry) -> Kernel {
    let loaded = AtomicPtr::new(std::ptr::null_mut());
    Kernel {
        entry: Some(entry),
        image: std::ptr::null(),
        image_bytes: 0,
        name: c"kernel".as_ptr(),
        loaded,
        shared_bytes: 0,
        most_threads: 0,
        site: std::ptr::null(),
        counted: AtomicPtr::default(),
    }
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

/// Runs a kernel with an array of so many zeroed items that it reads and writes, then `more`, and gives what is in the array after.
fn run(entry: Entry, grid: [i64; 3], block: [i64; 3], shared: i64, count: usize, more: &[u64]) -> (i32, Vec<u64>) {
    let owner = Owner::allocate(count * 8, true).expect("memory");
    let mut kernel = kernel(entry);
    let data = owner.data();
    // SAFETY: an array of its own, and a kernel that takes it.
    unsafe {
        let device = numir_device_array(&raw mut kernel, owner.header(), data, count as i64 * 8, READS | WRITES);
        let values: Vec<_> = [device.expose_provenance() as u64].into_iter().chain(more.iter().copied()).collect();
        let status = launch(&mut kernel, grid, block, shared, &values);
        assert_eq!(numir_device_leave(owner.header()), 0);
        (status, std::slice::from_raw_parts(data.cast::<u64>(), count).to_vec())
    }
}

/// The error that a kernel raises on one block of so many threads, which it must.
fn error_of(entry: Entry, threads: i64, shared: i64, more: &[u64]) -> RaisedError {
    assert_eq!(run(entry, [1, 1, 1], [threads, 1, 1], shared, threads as usize, more).0, 1);
    take_pending_error().expect("an error is pending")
}

/// The sites of lines 0 to 99 of the kernels' file, which a kernel may keep: nothing is dropped where it waits.
fn line(number: u32) -> *const u8 {
    static LINES: std::sync::OnceLock<Vec<Vec<u8>>> = std::sync::OnceLock::new();
    LINES.get_or_init(|| (0..100).map(|line| site("", "", line)).collect())[number as usize].as_ptr()
}

/// Waits for the block at a line.
///
/// # Safety
/// The thread is one that a kernel was called with.
unsafe fn barrier(thread: *mut Thread, number: u32) {
    // SAFETY: the caller's promise.
    unsafe { numir_sim_barrier(thread, 0, 0, line(number)) };
}
