//! The one table of what compiled code may call: name, C signature, who owns and frees what, address.
//! Code generation declares functions from it, the loader resolves symbols from it, and the compiler checks that each row is
//! the function's true signature.

use std::ffi::c_void;

use crate::device::{self, Kernel, Thread};
use crate::error::Operand;
use crate::memory::Header;
use crate::pool::{Body, chunk_scopes};
use crate::{error, fourier, host, interrupt, memory, pool, print, product, random, sorting, stack, unraisable};
use numir_algebra as algebra;

/// A C type in a signature. Pointers are untyped, as they are in LLVM.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// `int32_t`.
    I32,
    /// `int64_t`.
    I64,
    /// `float`.
    F32,
    /// `double`.
    F64,
    /// Any pointer.
    Ptr,
}

/// An address of code, fixed when the process is loaded.
#[derive(Clone, Copy, Debug)]
pub struct Address(*const c_void);

// SAFETY: an address of code is a plain number; nobody writes through it.
unsafe impl Sync for Address {}
// SAFETY: as above.
unsafe impl Send for Address {}

impl Address {
    /// Wraps the address of a function.
    pub(crate) const fn new(function: *const c_void) -> Self {
        Self(function)
    }

    /// The address as a pointer.
    #[must_use]
    pub const fn as_ptr(self) -> *const c_void {
        self.0
    }
}

/// A function that compiled code may call.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Its symbol.
    pub name: &'static str,
    /// The types of its parameters.
    pub params: &'static [Type],
    /// The type of its result; `None` is `void`.
    pub result: Option<Type>,
    /// What it does, and who owns and frees what.
    pub doc: &'static str,
    /// Where it is in this process.
    pub address: Address,
}

/// A Rust type that has a meaning in a C signature.
pub(crate) trait AbiType {
    /// That meaning; `None` is `void`.
    const TYPE: Option<Type>;
}

macro_rules! abi_types {
    ($($rust:ty => $abi:expr),* $(,)?) => { $(impl AbiType for $rust { const TYPE: Option<Type> = $abi; })* };
}
abi_types! { () => None, i32 => Some(Type::I32), i64 => Some(Type::I64), f32 => Some(Type::F32), f64 => Some(Type::F64), Body => Some(Type::Ptr) }
impl<T> AbiType for *const T {
    const TYPE: Option<Type> = Some(Type::Ptr);
}
impl<T> AbiType for *mut T {
    const TYPE: Option<Type> = Some(Type::Ptr);
}

/// The type of a parameter, which cannot be `void`.
pub(crate) const fn param<T: AbiType>() -> Type {
    match T::TYPE {
        Some(ty) => ty,
        None => panic!("a parameter cannot be void"),
    }
}

macro_rules! entries {
    ($($module:ident :: $name:ident ($($param:ident : $ty:ty),*) $(-> $ret:ty)?, $doc:literal;)*) => {
        &[$(Entry {
            name: stringify!($name),
            params: &[$(param::<$ty>()),*],
            result: <entries!(@ret $($ret)?) as AbiType>::TYPE,
            doc: $doc,
            // The first cast proves the signature.
            address: Address::new($module::$name as unsafe extern "C" fn($($ty),*) $(-> $ret)? as *const c_void),
        }),*]
    };
    (@ret $ret:ty) => { $ret };
    (@ret) => { () };
}

/// Every function of the runtime that compiled code may call.
pub static TABLE: &[Entry] = entries! {
    memory::numir_alloc(bytes: i64, zero: i32) -> *mut Header,
        "A new owner with one reference, which the caller owns; data at header + 64, 64-aligned, zeroed if `zero`. Null if it cannot be had.";
    memory::numir_retain(header: *mut Header),
        "Adds a reference; null is allowed.";
    memory::numir_release(header: *mut Header),
        "Drops a reference; the last one frees by the header's own function. Null is allowed.";
    error::numir_raise(site: *const u8, count: i64, operands: *const Operand),
        "Makes the site's error the thread's pending one. Everything is copied; the runtime keeps no pointer.";
    error::numir_raise_index(site: *const u8, index: i64, axis: i64, size: i64),
        "Makes an index error pending, in NumPy's words if the site has no message. Everything is copied.";
    error::numir_traceback(site: *const u8),
        "Adds the site's frame, further out, to the pending error. Everything is copied.";
    unraisable::numir_unraisable(status: i32, function: *const c_void),
        "Reports the pending error where the status is not 0: C called that function, and knows no errors.";
    pool::numir_parallel(body: Body, context: *mut c_void, trip: i64) -> i32,
        "Runs body(context, lo, hi, chunk) over all chunks of 0..trip and returns 0, or the status of the smallest failing chunk, whose error is then pending. The context stays the caller's.";
    pool::numir_parallel_pieces(body: Body, context: *mut c_void, pieces: i64) -> i32,
        "As numir_parallel, of pieces that are as long as they should be: the chunk size that the thread has set is for others.";
    pool::numir_parallel_chunks(trip: i64) -> i64,
        "The number of chunks that numir_parallel makes of a trip count: a function of it and of the chunk size that the thread has set.";
    interrupt::numir_poll() -> i32,
        "0 to go on; 1 if the work of this thread is to end, because the host has been interrupted or its chunk is wanted no more: the caller raises KeyboardInterrupt.";
    print::numir_print_text(text: *const u8, bytes: i64),
        "Adds UTF-8 text to the thread's line. Copied.";
    print::numir_print_int(value: i64, bits: i32, style: i32),
        "Adds a signed integer of 8 to 64 bits, sign-extended.";
    print::numir_print_uint(value: i64, bits: i32, style: i32),
        "Adds an unsigned integer of 8 to 64 bits, zero-extended.";
    print::numir_print_float(value: f64, bits: i32, style: i32),
        "Adds a float of 16, 32 or 64 bits, widened.";
    print::numir_print_complex(real: f64, imag: f64, bits: i32, style: i32),
        "Adds a complex number of 64 or 128 bits, widened.";
    print::numir_print_bool(value: i32, style: i32),
        "Adds True or False.";
    print::numir_print_flush(),
        "Ends a print(): writes the thread's line to the sink in one piece.";
    pool::numir_thread_number() -> i64,
        "The number of this thread among those of the pool; 0 for one that is none of them.";
    pool::numir_thread_count() -> i64,
        "How many threads parallel loops use that this thread starts.";
    pool::numir_set_thread_count(count: i64) -> i64,
        "Sets that; 0 if there are not so many threads, else 1.";
    pool::numir_chunk_size() -> i64,
        "The size of the chunks of parallel loops that this thread starts; 0 leaves it to the runtime.";
    pool::numir_set_chunk_size(size: i64) -> i64,
        "Sets that and gives the former size.";
    chunk_scopes::numir_enter_chunk_size(size: i64) -> i64,
        "The same until numir_leave_chunk_size, or until an exception leaves the function that calls it.";
    chunk_scopes::numir_leave_chunk_size() -> i64,
        "Puts back the size that was before the last numir_enter_chunk_size, and gives it.";
    random::numir_random_bits(generator: i32) -> i64,
        "The next 32 bits of the thread's generator (0: NumPy's, 1: Python's), or of the stream of its iteration of a parallel loop.";
    random::numir_random_double(generator: i32) -> f64,
        "The next float in [0, 1) of the same.";
    random::numir_random_gauss(generator: i32) -> f64,
        "The next standard normal number of the same.";
    random::numir_random_seed(generator: i32, seed: i64),
        "Seeds the same.";
    random::numir_random_fork(generator: i32) -> i64,
        "The key for the streams of a parallel loop's iterations, drawn from the same.";
    random::numir_random_enter(key: i64, iteration: i64),
        "Begins the stream of an iteration on this thread; numir_parallel ends it.";
    random::numir_generator_seed(address: i64, entropy: i64, count: i64) -> i64,
        "Writes a bit generator, a PCG64, and its state into an array, seeded by so many words of 32 bits, or by the operating system if the count is negative. 0.";
    random::numir_generator_bits64(address: i64) -> i64,
        "The next 64 bits of the bit generator at an address.";
    random::numir_generator_bits32(address: i64) -> i64,
        "The next 32 bits of it.";
    random::numir_generator_double(address: i64) -> i64,
        "The bits of its next float in [0, 1).";
    random::numir_generator_normal(address: i64) -> i64,
        "The bits of a standard normal number by it.";
    random::numir_generator_normal_single(address: i64) -> i64,
        "The same of one of single precision, widened.";
    random::numir_generator_exponential(address: i64) -> i64,
        "The bits of a standard exponential number by it.";
    random::numir_generator_exponential_single(address: i64) -> i64,
        "The same of one of single precision, widened.";
    random::numir_generator_place(address: i64) -> i64,
        "Where state and increment of the bit generator at an address are, four words, if it is a PCG64, which code may then draw from itself; else 0. Always the same for an address.";
    random::numir_generator_unsure_normal(address: i64, drawn: i64) -> i64,
        "As numir_generator_normal, with the first 64 bits at hand.";
    random::numir_generator_unsure_exponential(address: i64, drawn: i64) -> i64,
        "As numir_generator_exponential, with the first 64 bits at hand.";
    random::numir_generator_fill(address: i64, kind: i64, result: i64, count: i64) -> i64,
        "Writes so many floats by it: in [0, 1) (kind 0), normal (2) or exponential (4), each plus 1 in single precision. 0.";
    fourier::numir_fourier_single(address: i64, count: i64, length: i64, forward: i64) -> i64,
        "Transforms rows of complex numbers of 64 bits in place, without scaling. 0, or 1 if there is no memory.";
    fourier::numir_fourier_double(address: i64, count: i64, length: i64, forward: i64) -> i64,
        "The same of 128 bits.";
    fourier::numir_fourier_real_single(address: i64, count: i64, length: i64, forward: i64) -> i64,
        "Transforms rows of length floats of 32 bits, each in the room of length / 2 + 1 complex numbers, into these, or back.";
    fourier::numir_fourier_real_double(address: i64, count: i64, length: i64, forward: i64) -> i64,
        "The same of 64 bits.";
    product::numir_product_f32(result: i64, rows: i64, depth: i64, columns: i64, left: i64, left_row: i64, left_column: i64, right: i64, right_row: i64, right_column: i64, parallel: i64) -> i64,
        "The product of two matrices of floats of 32 bits, into a new one in C order, on all threads if that is wanted. Strides count items. 0.";
    product::numir_product_f64(result: i64, rows: i64, depth: i64, columns: i64, left: i64, left_row: i64, left_column: i64, right: i64, right_row: i64, right_column: i64, parallel: i64) -> i64,
        "The same of 64 bits.";
    product::numir_product_c64(result: i64, rows: i64, depth: i64, columns: i64, left: i64, left_row: i64, left_column: i64, right: i64, right_row: i64, right_column: i64, parallel: i64) -> i64,
        "The same of complex numbers of 64 bits.";
    product::numir_product_c128(result: i64, rows: i64, depth: i64, columns: i64, left: i64, left_row: i64, left_column: i64, right: i64, right_row: i64, right_column: i64, parallel: i64) -> i64,
        "The same of 128 bits.";
    product::numir_scaled_product_f32(result: i64, rows: i64, depth: i64, columns: i64, left: i64, left_row: i64, left_column: i64, right: i64, right_row: i64, right_column: i64, parallel: i64, is_right: i64, row: i64, column: i64, factor: f32) -> i64,
        "As numir_product_f32, the left matrix, or the right one, being multiplied by a factor first. It has the strides that the result of this would have, and its items have a row and a column stride of their own.";
    product::numir_scaled_product_f64(result: i64, rows: i64, depth: i64, columns: i64, left: i64, left_row: i64, left_column: i64, right: i64, right_row: i64, right_column: i64, parallel: i64, is_right: i64, row: i64, column: i64, factor: f64) -> i64,
        "The same of 64 bits.";
    product::numir_scaled_product_c64(result: i64, rows: i64, depth: i64, columns: i64, left: i64, left_row: i64, left_column: i64, right: i64, right_row: i64, right_column: i64, parallel: i64, is_right: i64, row: i64, column: i64, real: f32, imag: f32) -> i64,
        "The same of complex numbers of 64 bits.";
    product::numir_scaled_product_c128(result: i64, rows: i64, depth: i64, columns: i64, left: i64, left_row: i64, left_column: i64, right: i64, right_row: i64, right_column: i64, parallel: i64, is_right: i64, row: i64, column: i64, real: f64, imag: f64) -> i64,
        "The same of 128 bits.";
    sorting::numir_sort_row(class: i64, size: i64, address: i64, count: i64, step: i64) -> i64,
        "Sorts numbers in place, NaN last: without a sign (class 0), with one (1), or floats (2), of some bytes, some items apart. 0, or 1 if there is no memory.";
    sorting::numir_sort_places(class: i64, size: i64, address: i64, count: i64, step: i64, result: i64) -> i64,
        "Writes the places of numbers in the order of these. 0, or 1 if there is no memory.";
    algebra::numir_matrix_solve(kind: i64, a: i64, b: i64, n: i64, columns: i64) -> i64,
        "Writes the solution x of a x = b into b. 0, 1 if there is no memory, 2 if a is singular.";
    algebra::numir_matrix_diagonal(kind: i64, a: i64, result: i64, n: i64) -> i64,
        "Writes numbers whose product is the determinant of a.";
    algebra::numir_matrix_cholesky(kind: i64, a: i64, n: i64, upper: i64) -> i64,
        "Writes the Cholesky factor of a into it. 2 if it is not positive definite.";
    algebra::numir_matrix_qr(kind: i64, a: i64, m: i64, n: i64, q: i64, r: i64, columns: i64) -> i64,
        "Writes an orthogonal factor of so many columns and a triangular one; of 0 columns the second alone.";
    algebra::numir_matrix_svd(kind: i64, a: i64, m: i64, n: i64, s: i64, u: i64, vh: i64, vectors: i64) -> i64,
        "Writes singular values, and singular vectors: with 1 as many, with 2 all. 2 if they are not found.";
    algebra::numir_matrix_eigh(kind: i64, a: i64, n: i64, w: i64, v: i64, upper: i64, vectors: i64) -> i64,
        "Writes the eigenvalues of a Hermitian matrix of which one triangle is read, and if wanted its eigenvectors. 2 if they are not found.";
    algebra::numir_matrix_eig(kind: i64, a: i64, n: i64, w: i64, v: i64, vectors: i64) -> i64,
        "Writes the eigenvalues of a matrix, and if wanted its eigenvectors, as complex numbers. 2 if they are not found.";
    host::numir_call_host(number: i64, inputs: *const c_void, outputs: *mut c_void) -> i64,
        "Runs code of the host's language; takes over the references in its inputs, gives those in its outputs. 0, or an error's number.";
    stack::numir_stack_limit() -> *mut c_void,
        "The lowest stack address that compiled code may use on this thread; null if it is unknown.";
    device::numir_device_array(kernel: *mut Kernel, header: *mut Header, data: *const u8, bytes: i64, mode: i32) -> *mut u8,
        "The device's memory for an owner's bytes that a kernel reads (mode 1), writes (2) or both, which nobody has written before (4); it stays the runtime's. Null with an error pending.";
    device::numir_host_array(header: *mut Header, mode: i32) -> i32,
        "Has the host's memory be as new as the device's before the host reads (mode 1), writes (2) or both. 0, or 1 with an error pending.";
    device::numir_device_leave(header: *mut Header) -> i32,
        "The same for reading, and frees the device's memory: for arrays that go back to a caller. 0, or 1 with an error pending.";
    device::numir_launch(kernel: *mut Kernel, geometry: *const i64, arguments: *const *const c_void) -> i32,
        "Starts a kernel: extents of grid and block, bytes of shared memory; a pointer to each parameter's value, which is copied. 0, or 1 with an error pending.";
    device::numir_device_synchronize(kernel: *mut Kernel) -> i32,
        "Waits for the kernels of a device. 0, or 1 with the error pending that one has recorded.";
    device::numir_sim_access(thread: *mut Thread, address: *const u8, bytes: i64, kind: i32, site: *const u8) -> i32,
        "Checks what a simulated thread reads (kind 0), writes (1) or does atomically (2). 0, or 1 with an error pending.";
    device::numir_sim_failed(thread: *mut Thread),
        "Takes the pending error of a simulated thread that is about to return, for the launch.";
    device::numir_sim_barrier(thread: *mut Thread, kind: i32, predicate: i32, site: *const u8) -> i32,
        "Waits for a simulated block's threads: 0 (kind 0), for how many the predicate holds (1), whether for all (2), or for one (3).";
    device::numir_sim_grid_barrier(thread: *mut Thread, site: *const u8),
        "Waits for a simulated grid's threads.";
    device::numir_sim_syncwarp(thread: *mut Thread, mask: i32, site: *const u8),
        "Waits for the lanes of a mask.";
    device::numir_sim_shuffle(thread: *mut Thread, mask: i32, kind: i32, value: i64, lane: i32, width: i32, ok: *mut i32, site: *const u8) -> i64,
        "The value of another lane: of a number (kind 0), lower (1), higher (2), across (3). `ok`, if not null, becomes 1 if there is such a lane, else 0.";
    device::numir_sim_vote(thread: *mut Thread, mask: i32, kind: i32, predicate: i32, site: *const u8) -> i32,
        "Whether a predicate holds in all lanes of a mask (kind 0), in one (1), in all or none (2); or those in which it does (3).";
    device::numir_sim_match(thread: *mut Thread, mask: i32, kind: i32, value: i64, ok: *mut i32, site: *const u8) -> i32,
        "The lanes of a mask that have the same value (kind 0); or the mask if all have it, else 0 (1), and `ok`, if not null, becomes 1 or 0.";
    device::numir_sim_active_mask(thread: *mut Thread) -> i32,
        "The lanes of a warp that are at the same place of the program.";
    device::numir_sim_mma(thread: *mut Thread, form: i32, words: *mut u32, site: *const u8),
        "Adds the product of two matrices of a warp (float16, bfloat16, or float32 of 19 bits: forms 0, 1, 2) to a third: words are four, two, and four that change.";
    device::numir_sim_load_matrix(thread: *mut Thread, row: *const u8, transposed: i32, words: *mut u32, site: *const u8),
        "Reads four matrices of eight rows of 16 bytes: lane 8 m + r gives row r of matrix m, and each gets a word of each.";
    device::numir_sim_copy_async(thread: *mut Thread, to: *mut u8, from: *const u8, bytes: i64, site: *const u8),
        "Begins to copy the first bytes of 16, with zeros behind them, to shared memory.";
    device::numir_sim_await_copies(thread: *mut Thread, pending: i32, site: *const u8),
        "Makes a group of the copies begun, and waits until no more than so many groups are under way.";
};

/// The entry of a name.
#[must_use]
pub fn lookup(name: &str) -> Option<&'static Entry> {
    TABLE.iter().find(|entry| entry.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{builtins, libm};

    #[test]
    fn names_are_unique() {
        let table = TABLE.iter().map(|entry| entry.name).chain(libm::TABLE.iter().map(|function| function.name));
        let mut names: Vec<_> = table.chain(builtins::TABLE.iter().map(|row| row.0)).collect();
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn signatures_are_read_from_the_functions() {
        let alloc = lookup("numir_alloc").expect("in the table");
        assert_eq!((alloc.params, alloc.result), (&[Type::I64, Type::I32][..], Some(Type::Ptr)));
        assert_eq!(lookup("numir_print_flush").expect("in the table").result, None);
        assert!(lookup("numir_").is_none());
    }
}
