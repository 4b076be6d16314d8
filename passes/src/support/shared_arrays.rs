//! The arrays that the threads of a block share: which there are, and where each lies in a block's shared memory.

use super::call_graph::callee;
use super::device_arrays::{ALIGNMENT, bytes};
use super::meetings::{SHARED_NUMBER, is_shared_array};
use numir_numeric::ir::{Blk, Op};
use numir_pipeline::PassError;
use std::collections::{HashMap, HashSet};

/// The most bytes of such arrays that a kernel may have: more must be sized by the launch.
const MOST: i64 = 48 << 10;

/// Which array an operation makes: copies of an operation make one.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Key<'c> {
    Number(i64),
    Single(Op<'c>),
}

/// The shared arrays of a module of kernels.
pub(crate) struct SharedArrays<'c> {
    keys: HashMap<Op<'c>, usize>,
    /// By the numbers of arrays: where each begins.
    offsets: Vec<i64>,
    /// By the symbols of kernels: the bytes of all that they share.
    totals: HashMap<String, i64>,
}

impl<'c> SharedArrays<'c> {
    /// Those of the kernels in a block. A function that several kernels call has one array, at one place in all of them. An error if a kernel
    /// has too many.
    pub(crate) fn of(kernels: Blk<'c>) -> Result<Self, PassError> {
        let functions: HashMap<_, _> = kernels
            .operations()
            .into_iter()
            .filter_map(|function| Some((function.string_attribute("sym_name")?, function)))
            .collect();
        let names =
            |wanted: &str| kernels.operations().into_iter().filter(move |one| one.is(wanted)).collect::<Vec<_>>();
        let mut shared = Self { keys: HashMap::new(), offsets: Vec::new(), totals: HashMap::new() };
        let mut known: HashMap<Key<'c>, usize> = HashMap::new();
        let mut made: Vec<Op<'c>> = Vec::new();
        for array in names("func.func").into_iter().flat_map(|function| function.collect(is_shared_array)) {
            let key = array.integer_attribute(SHARED_NUMBER).map_or(Key::Single(array), Key::Number);
            let number = *known.entry(key).or_insert_with(|| {
                made.push(array);
                made.len() - 1
            });
            shared.keys.insert(array, number);
        }
        let users: Vec<(String, HashSet<usize>)> = names("gpu.func")
            .into_iter()
            .filter_map(|kernel| {
                let below = below(kernel, &functions);
                let arrays = below.into_iter().flat_map(|function| function.collect(is_shared_array));
                Some((kernel.string_attribute("sym_name")?, arrays.map(|array| shared.keys[&array]).collect()))
            })
            .collect();
        for (number, array) in made.into_iter().enumerate() {
            let users: Vec<_> =
                users.iter().filter(|(_, arrays)| arrays.contains(&number)).map(|(name, _)| name).collect();
            let ends = users.iter().map(|name| shared.total(name));
            let offset = ends.max().unwrap_or(0);
            let offset = offset.saturating_add(ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
            let end = offset.saturating_add(bytes(array));
            if end > MOST {
                let text = format!(
                    "the shared arrays of a kernel have {end} bytes by now, of {MOST} at most: make them smaller, or let the launch size the shared memory"
                );
                return Err(PassError::program(array.location(), text));
            }
            shared.offsets.push(offset);
            users.into_iter().for_each(|name| _ = shared.totals.insert(name.clone(), end));
        }
        Ok(shared)
    }

    /// The number of the array that an operation makes, and where it begins in a block's shared memory.
    pub(crate) fn find(&self, array: Op<'c>) -> Option<(usize, i64)> {
        let number = *self.keys.get(&array)?;
        Some((number, *self.offsets.get(number)?))
    }

    /// The bytes of a kernel's shared arrays.
    pub(crate) fn total(&self, kernel: &str) -> i64 {
        self.totals.get(kernel).copied().unwrap_or(0)
    }
}

/// A kernel, and the functions that it calls.
pub(crate) fn below<'c>(kernel: Op<'c>, functions: &HashMap<String, Op<'c>>) -> Vec<Op<'c>> {
    let mut found = vec![kernel];
    let mut seen = 0;
    while let Some(function) = found.get(seen).copied() {
        seen += 1;
        let called = function.collect_named("func.call").into_iter().filter_map(callee);
        for function in called.filter_map(|symbol| functions.get(&symbol).copied()).collect::<Vec<_>>() {
            if !found.contains(&function) {
                found.push(function);
            }
        }
    }
    found
}
