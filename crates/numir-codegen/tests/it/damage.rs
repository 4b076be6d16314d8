//! Objects that a disk or a hand has damaged: each is an error or loads, and the process survives it.

use std::ffi::c_void;
use std::sync::LazyLock;

use numir_runtime::loader::{LoadError, Loaded};
use proptest::prelude::*;

use crate::debug;

/// An object with all that ours have: code, calls, debug information.
static OBJECT: LazyLock<Vec<u8>> = LazyLock::new(|| debug::object("/nowhere/total.py"));

/// Loads it and calls nothing: what damaged code would do is not the loader's to know.
fn load(object: &[u8]) -> Result<Loaded, LoadError> {
    Loaded::load(object, &|name| (name == "note").then_some(std::ptr::dangling::<u64>().cast::<c_void>()))
}

#[test]
fn every_truncation_is_an_error() {
    assert!(load(&OBJECT).is_ok());
    for len in 0..OBJECT.len() {
        assert!(load(&OBJECT[..len]).is_err(), "{len} of {} bytes", OBJECT.len());
    }
}

#[test]
fn every_flipped_bit_is_survived() {
    let mut object = OBJECT.clone();
    let mut refused = 0;
    for at in 0..object.len() {
        for bit in 0..8 {
            object[at] ^= 1 << bit;
            refused += usize::from(load(&object).is_err_and(|error| !error.to_string().is_empty()));
            object[at] ^= 1 << bit;
        }
    }
    assert!(refused > object.len() / 8, "{refused} of {} are refused", 8 * object.len());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn overwritten_words_are_survived(
        words in prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(vec![1usize, 2, 4, 8]), any::<u64>(), 0u32..64), 1..6),
    ) {
        let mut object = OBJECT.clone();
        for (at, len, value, shift) in words {
            let at = at.index(object.len() - 8);
            object[at..at + len].copy_from_slice(&(value >> shift).to_le_bytes()[..len]);
        }
        let _survived = load(&object);
    }

    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..256)) {
        let mut object = OBJECT[..64].to_vec();
        object.extend_from_slice(&bytes);
        prop_assert!(load(&bytes).is_err());
        let _survived = load(&object);
    }
}
