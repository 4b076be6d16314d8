//! Mirrors of arrays: what is copied when, and what becomes of it.

use std::ffi::c_void;

use super::{global_number, kernel, launch, pointer};
use numir_runtime::device::{
    Activity, FRESH, Kernel, READS, Thread, Transfers, WRITES, numir_device_array, numir_device_leave,
    numir_host_array, transfers,
};
use numir_runtime::memory::{Header, MIRROR_OFFSET, Owner};

unsafe extern "C" fn add_one(thread: *mut Thread, arguments: *const *const c_void) {
    // SAFETY: the parameter is as long as the grid has threads.
    unsafe {
        let item = pointer::<i64>(arguments, 0).add(global_number(thread));
        item.write(item.read() + 1);
    }
}

/// Adds one to items of an owner's memory, in blocks of five threads.
fn add_one_to(kernel: &mut Kernel, header: *mut Header, data: *mut i64, count: usize) {
    // SAFETY: the items are the owner's.
    let device = unsafe { numir_device_array(kernel, header, data.cast(), count as i64 * 8, READS | WRITES) };
    assert!(!device.is_null() && device.cast() != data);
    let grid = [count as i64 / 5, 1, 1];
    assert_eq!(launch(kernel, grid, [5, 1, 1], 0, &[device.expose_provenance() as u64]), 0);
}

/// The transfers since then, without their bytes.
fn copies_since(then: Transfers) -> (u64, u64) {
    let now = transfers();
    (now.to_device - then.to_device, now.to_host - then.to_host)
}

#[test]
fn what_nobody_has_written_is_not_copied() {
    let owner = Owner::allocate(80, true).expect("memory");
    let (header, data) = (owner.header(), owner.data().cast::<i64>());
    let mut kernel = kernel(add_one);
    let (start, before) = (transfers(), Activity::so_far());
    // SAFETY: the array is this test's.
    unsafe {
        let device = numir_device_array(&raw mut kernel, header, data.cast(), 80, WRITES | FRESH);
        assert!(!device.is_null() && copies_since(start) == (0, 0));
        // By now it has been.
        assert_eq!(numir_host_array(header, WRITES), 0);
        (0..10).for_each(|place| data.add(place).write(5));
        let again = numir_device_array(&raw mut kernel, header, data.cast(), 80, WRITES | FRESH);
        assert_eq!((again, copies_since(start)), (device, (1, 1)));
        assert_eq!(launch(&mut kernel, [2, 1, 1], [5, 1, 1], 0, &[device.expose_provenance() as u64]), 0);
        assert_eq!(numir_device_leave(header), 0);
        assert_eq!(std::slice::from_raw_parts(data, 10), [6; 10]);
    }
    // Other tests launch kernels of that name meanwhile; what this thread has copied is its own.
    let done = Activity::so_far().since(&before);
    assert!(done.kernels.iter().any(|known| known.name == "kernel" && known.launches >= 1 && known.bytes >= 80));
    let text = done.to_string();
    assert!(
        text.ends_with("to the device: 1 copy of 80 bytes in all; to the host: 2 copies of 160 bytes in all\n"),
        "{text}"
    );
}

#[test]
fn what_one_side_writes_the_other_sees() {
    let owner = Owner::allocate(80, true).expect("memory");
    let (header, data) = (owner.header(), owner.data().cast::<i64>());
    let mut kernel = kernel(add_one);
    let start = transfers();
    // SAFETY: the array is this test's.
    unsafe {
        add_one_to(&mut kernel, header, data, 10);
        add_one_to(&mut kernel, header, data, 10);
        assert_eq!((copies_since(start), data.read()), ((1, 0), 0), "the host's memory waits until it is asked for");
        assert_eq!(numir_host_array(header, READS), 0);
        assert_eq!((copies_since(start), data.read(), data.add(9).read()), ((1, 1), 2, 2));
        assert_eq!(numir_host_array(header, READS), 0);
        add_one_to(&mut kernel, header, data, 10);
        assert_eq!(copies_since(start), (1, 1), "what the host has read is still the device's");
        assert_eq!(numir_host_array(header, WRITES), 0);
        assert_eq!((copies_since(start), data.read()), ((1, 2), 3), "not every item may be written");
        data.add(1).write(100);
        add_one_to(&mut kernel, header, data, 10);
        assert_eq!(copies_since(start), (2, 2));
        assert_eq!(numir_device_leave(header), 0);
        assert_eq!(std::slice::from_raw_parts(data, 3), [4, 101, 4]);
        assert_eq!((copies_since(start), numir_device_leave(header)), ((2, 3), 0));
        add_one_to(&mut kernel, header, data, 10);
        assert_eq!(copies_since(start), (3, 3), "what has left comes anew");
    }
    assert_eq!(transfers().bytes_to_device - start.bytes_to_device, 240);
    drop(owner);
    assert_eq!(copies_since(start), (3, 3), "what nobody owns is not brought back");
}

#[test]
fn a_header_shows_whether_there_is_a_mirror() {
    let owner = Owner::allocate(80, true).expect("memory");
    let mut kernel = kernel(add_one);
    // SAFETY: a pointer of a live header.
    let shown = || unsafe { owner.header().cast::<u8>().add(MIRROR_OFFSET).cast::<*const u8>().read() };
    assert!(shown().is_null());
    add_one_to(&mut kernel, owner.header(), owner.data().cast(), 10);
    assert!(!shown().is_null());
    // SAFETY: the header lives.
    assert_eq!(unsafe { numir_device_leave(owner.header()) }, 0);
    assert!(shown().is_null());
}

#[test]
fn parts_asked_for_twice_are_where_they_are() {
    // The header knows of less than is used, as that of a strided array does.
    let mut items = [0_i64; 20];
    let data = items.as_mut_ptr();
    let mut header = Header::borrowed(8);
    let mut kernel = kernel(add_one);
    let mut ask = |first: usize| {
        // SAFETY: five items of the array.
        unsafe { numir_device_array(&raw mut kernel, &raw mut header, data.add(first).cast(), 40, READS | WRITES) }
    };
    assert!(![ask(0), ask(10), ask(5)].contains(&std::ptr::null_mut()));
    let again = [ask(0), ask(10), ask(5)];
    assert_eq!([ask(0), ask(10), ask(5)], again);
    assert_eq!([again[1].addr() - again[0].addr(), again[2].addr() - again[0].addr()], [80, 40]);
    // SAFETY: the header lives.
    assert_eq!(unsafe { numir_device_leave(&raw mut header) }, 0);
    assert_eq!(items, [0; 20]);
}

#[test]
fn what_a_kernel_reads_is_not_brought_back() {
    let owner = Owner::allocate(80, true).expect("memory");
    let mut kernel = kernel(add_one);
    let start = transfers();
    // SAFETY: the array is this test's.
    unsafe {
        assert!(!numir_device_array(&raw mut kernel, owner.header(), owner.data(), 80, READS).is_null());
        assert_eq!(numir_host_array(owner.header(), READS | WRITES), 0);
        assert!(!numir_device_array(&raw mut kernel, owner.header(), owner.data(), 80, READS).is_null());
        assert_eq!(numir_device_leave(owner.header()), 0);
    }
    assert_eq!(copies_since(start), (2, 0));
}

#[test]
fn parts_of_a_block_share_one_mirror() {
    let owner = Owner::allocate(160, true).expect("memory");
    let (header, data) = (owner.header(), owner.data().cast::<i64>());
    let mut kernel = kernel(add_one);
    let start = transfers();
    // SAFETY: the array is this test's.
    unsafe {
        add_one_to(&mut kernel, header, data.add(10), 10);
        add_one_to(&mut kernel, header, data.add(5), 10);
        assert_eq!(copies_since(start), (1, 0));
        assert_eq!(numir_host_array(header, READS), 0);
        let items = std::slice::from_raw_parts(data, 20);
        assert_eq!(items, [0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1]);
    }
}

#[test]
fn the_mirror_of_borrowed_memory_grows() {
    let mut kernel = kernel(add_one);
    // The header may know of all the memory, or of less.
    for (bytes, copies) in [(160, [(2, 0), (2, 0), (3, 0)]), (40, [(2, 1), (2, 1), (3, 2)])] {
        let mut items = [0_i64; 20];
        let data = items.as_mut_ptr();
        let mut header = Header::borrowed(bytes);
        let start = transfers();
        // SAFETY: the array is this test's.
        unsafe {
            add_one_to(&mut kernel, &raw mut header, data.add(10), 5);
            add_one_to(&mut kernel, &raw mut header, data.add(5), 10);
            assert_eq!(copies_since(start), copies[0]);
            add_one_to(&mut kernel, &raw mut header, data.add(5), 5);
            assert_eq!(copies_since(start), copies[1]);
            add_one_to(&mut kernel, &raw mut header, data.add(15), 5);
            assert_eq!(copies_since(start), copies[2]);
            assert_eq!(numir_device_leave(&raw mut header), 0);
        }
        assert_eq!(items, [0, 0, 0, 0, 0, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1]);
    }
}

#[test]
fn constants_are_copied_for_each_launch() {
    let items = [1_i64, 2, 3, 4, 5];
    let mut kernel = kernel(add_one);
    let start = transfers();
    for _ in 0..2 {
        // SAFETY: five items, of which the kernel changes its copy.
        let device =
            unsafe { numir_device_array(&raw mut kernel, std::ptr::null_mut(), items.as_ptr().cast(), 40, READS) };
        assert_eq!(launch(&mut kernel, [1, 1, 1], [5, 1, 1], 0, &[device.expose_provenance() as u64]), 0);
    }
    assert_eq!((items, copies_since(start)), ([1, 2, 3, 4, 5], (2, 0)));
}

#[test]
fn arrays_without_bytes_need_no_memory() {
    let owner = Owner::allocate(0, false).expect("memory");
    let mut kernel = kernel(add_one);
    let start = transfers();
    // SAFETY: nothing is read or written.
    unsafe {
        assert!(!numir_device_array(&raw mut kernel, owner.header(), owner.data(), 0, WRITES).is_null());
        assert!(!numir_device_array(&raw mut kernel, std::ptr::null_mut(), std::ptr::null(), 0, READS).is_null());
        assert_eq!(numir_host_array(owner.header(), WRITES), 0);
        assert_eq!(numir_device_leave(owner.header()), 0);
        assert_eq!(numir_host_array(std::ptr::null_mut(), READS), 0);
        assert_eq!(numir_device_leave(std::ptr::null_mut()), 0);
    }
    assert_eq!(copies_since(start), (0, 0));
}

#[test]
fn mirrors_that_cannot_be_had_are_an_error() {
    let mut header = Header::borrowed(i64::MAX);
    let mut kernel = kernel(add_one);
    let item = 0_i64;
    // SAFETY: no memory of the range is touched, since there is none for it on the device.
    let device =
        unsafe { numir_device_array(&raw mut kernel, &raw mut header, (&raw const item).cast(), 1 << 61, READS) };
    assert!(device.is_null());
    let error = numir_runtime::take_pending_error().expect("no memory");
    assert_eq!(error.to_string(), "MemoryError: no memory for 2305843009213693952 bytes on the simulated device");
    // SAFETY: the header lives.
    assert_eq!(unsafe { numir_device_leave(&raw mut header) }, 0);
}
