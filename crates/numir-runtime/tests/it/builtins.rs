//! The helpers that LLVM calls, through the addresses that the loader takes.

use numir_runtime::builtins::lookup;
use numir_runtime::format::half;

/// A half travels in the low bits of a vector register, as a float does; only those bits count.
fn half_in(bits: u16) -> f32 {
    f32::from_bits(u32::from(bits))
}

fn half_out(register: f32) -> u16 {
    register.to_bits() as u16
}

/// The function at a helper's address.
///
/// # Safety
/// `F` is its type.
unsafe fn function<F: Copy>(name: &str) -> F {
    let address = lookup(name).expect("in the table").as_ptr();
    assert_eq!(size_of::<F>(), size_of_val(&address));
    // SAFETY: the caller's promise.
    unsafe { std::mem::transmute_copy(&address) }
}

#[test]
fn every_half_is_widened() {
    // SAFETY: half → float, with halves passed as floats are.
    let widen: extern "C" fn(f32) -> f32 = unsafe { function("__extendhfsf2") };
    for bits in 0..=u16::MAX {
        let (ours, theirs) = (half::to_f64(bits), f64::from(widen(half_in(bits))));
        assert!(ours.to_bits() == theirs.to_bits() || ours.is_nan() && theirs.is_nan(), "{bits:#x}");
    }
}

#[test]
fn narrowing_rounds_once() {
    // SAFETY: float → half and double → half, with halves passed as floats are.
    let (from_single, from_double): (extern "C" fn(f32) -> f32, extern "C" fn(f64) -> f32) =
        unsafe { (function("__truncsfhf2"), function("__truncdfhf2")) };
    for bits in 0..0x7bff_u16 {
        let middle = (half::to_f64(bits) + half::to_f64(bits + 1)) / 2.0;
        for value in [middle, middle.next_down(), middle.next_up(), -middle] {
            assert_eq!(half_out(from_double(value)), half::from_f64(value), "{value:e}");
            assert_eq!(half_out(from_single(value as f32)), half::from_f64(f64::from(value as f32)), "{value:e}");
        }
    }
}

#[test]
fn integers_and_powers() {
    // SAFETY: double, int → double; two __int128 → __int128.
    let (power, divide): (extern "C" fn(f64, i32) -> f64, extern "C" fn(i128, i128) -> i128) =
        unsafe { (function("__powidf2"), function("__divti3")) };
    assert_eq!((power(3.0, 5), power(2.0, -2)), (243.0, 0.25));
    assert_eq!(divide(-(10_i128.pow(30)), 7), -(10_i128.pow(30)) / 7);
}
