//! Counted memory and the arrays that lie in it.

use std::ffi::c_void;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use numir_runtime::array::{ArrayError, c_strides};
use numir_runtime::memory::{ALIGNMENT, HEADER_BYTES, Header, Owner, numir_alloc, numir_release, numir_retain};
use numir_runtime::{Array, DType, Number, Scalar};

#[test]
fn blocks_are_aligned_zeroed_and_counted() {
    for bytes in [0, 1, 63, 64, 1000, 5 << 20] {
        let header = numir_alloc(bytes, 1);
        assert!(!header.is_null() && header.addr().is_multiple_of(ALIGNMENT));
        // SAFETY: a fresh block; it is released as often as it was retained, and once more.
        unsafe {
            let data = header.cast::<u8>().add(HEADER_BYTES);
            assert!(std::slice::from_raw_parts(data, bytes as usize).iter().all(|byte| *byte == 0));
            data.write_bytes(0xff, bytes as usize);
            numir_retain(header);
            assert_eq!(((*header).count(), (*header).bytes()), (2, bytes));
            numir_release(header);
            assert_eq!((*header).count(), 1);
            numir_release(header);
        }
    }
}

#[test]
fn what_cannot_be_had_is_null() {
    for bytes in [-1, i64::MIN, i64::MAX, i64::MAX - 64, 1 << 60] {
        assert!(numir_alloc(bytes, 0).is_null(), "{bytes}");
        assert!(numir_alloc(bytes, 1).is_null(), "{bytes}");
    }
    // SAFETY: null is allowed.
    unsafe {
        numir_retain(std::ptr::null_mut());
        numir_release(std::ptr::null_mut());
    }
    let huge = Array::zeros(DType::Float64, &[1 << 40, 1 << 40]);
    assert!(matches!(huge, Err(ArrayError::OutOfMemory { .. })));
    let text = huge.expect_err("too large").to_string();
    assert_eq!(text, "no memory for an array with shape (1099511627776, 1099511627776) and data type float64");
}

#[test]
fn borrowed_headers_count_and_free_nothing() {
    let mut header = Header::borrowed(8);
    // SAFETY: the header lives in this frame.
    unsafe {
        numir_retain(&raw mut header);
        assert_eq!(header.count(), 2);
        numir_release(&raw mut header);
        numir_release(&raw mut header);
    }
    assert_eq!(header.count(), 0);
}

#[test]
fn foreign_memory_is_freed_by_its_own_function() {
    static FREED: AtomicI64 = AtomicI64::new(0);
    unsafe extern "C" fn free(header: *mut Header) {
        // SAFETY: the header lives until its owner's frame ends.
        FREED.fetch_add(unsafe { (*header).owner() }.addr() as i64, Ordering::Relaxed);
    }
    let mut header = Header::foreign(8, std::ptr::without_provenance_mut::<c_void>(7), free);
    // SAFETY: as above.
    unsafe { numir_release(&raw mut header) };
    assert_eq!(FREED.load(Ordering::Relaxed), 7);
}

#[test]
fn a_kept_value_lives_as_long_as_its_array() {
    let items = Arc::new([1.5_f64, -2.0, 4.0, 8.0]);
    let data = items.as_ptr().cast_mut().cast::<u8>();
    let strides = vec![-16];
    // SAFETY: items 3 and 1 of a block that the owner keeps; nobody writes.
    let view = unsafe {
        Array::from_parts(Owner::keeping(Arc::clone(&items), 32), data.add(24), DType::Float64, vec![2], strides)
    };
    let other = view.clone();
    drop(view);
    assert_eq!((Arc::strong_count(&items), other.to_string().as_str()), (2, "[ 8. -2.]"));
    assert!(!other.is_c_contiguous() && !other.is_f_contiguous());
    assert_eq!(other.to_bytes(), [8.0_f64.to_le_bytes(), (-2.0_f64).to_le_bytes()].concat());
    std::thread::spawn(move || drop(other)).join().expect("arrays may change threads");
    assert_eq!(Arc::strong_count(&items), 1);
}

#[test]
fn items_are_read_and_written_in_place() {
    let mut array = Array::zeros(DType::Int16, &[2, 3]).expect("six items");
    let value = Scalar::new(DType::Int16, Number::Int(-5)).expect("kinds agree");
    let alias = array.clone();
    assert!(array.set(&[1, 2], value));
    assert_eq!(alias.get(&[1, 2]), Some(value));
    assert!(!array.set(&[2, 0], value) && !array.set(&[1], value));
    assert!(!array.set(&[0, 0], Scalar::new(DType::Int32, Number::Int(1)).expect("kinds agree")));
    assert_eq!(alias.get(&[0, 3]), None);
    assert_eq!(alias.to_string(), "[[ 0  0  0]\n [ 0  0 -5]]");
    assert_eq!((array.len(), array.rank(), array.strides()), (6, 2, &[6, 2][..]));
    assert!(array.is_c_contiguous() && !array.is_f_contiguous());
}

#[test]
fn layouts_of_thin_and_empty_arrays() {
    let thin = Array::zeros(DType::Float32, &[1, 5, 1]).expect("five items");
    assert!(thin.is_c_contiguous() && thin.is_f_contiguous());
    let empty = Array::zeros(DType::Float32, &[3, 0, 2]).expect("no items");
    assert!(empty.is_empty() && empty.is_c_contiguous() && empty.is_f_contiguous() && empty.to_bytes().is_empty());
    assert_eq!(c_strides(&[3, 0, 2], 4), [8, 8, 4]);
    let wrong = Array::from_bytes(DType::Float32, &[2], &[0; 7]).expect_err("a byte is missing");
    assert_eq!(wrong.to_string(), "7 bytes given for an array of 8 bytes");
}
