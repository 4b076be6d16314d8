//! Arrays that live on a device, on the simulator and with the driver for tests; streams, events and pinned memory with the latter.

use std::ffi::CStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicPtr, AtomicU32, Ordering};

use super::cuda::{compile_driver, with_driver};
use super::{kernel, launch, parameter, pointer};
use numir_runtime::device::{
    Event, Kernel, Pinned, Place, READS, Resident, Stream, Thread, WRITES, enter_stream, gpu, numir_device_array,
    numir_device_leave, numir_host_array, transfers,
};
use numir_runtime::take_pending_error;

/// Adds one to the item of each thread.
unsafe extern "C" fn add_one(thread: *mut Thread, arguments: *const *const std::ffi::c_void) {
    // SAFETY: the kernel is launched with an array of as many items as there are threads.
    unsafe {
        let item = pointer::<i64>(arguments, 0).add(super::global_number(thread));
        item.write(item.read() + 1);
        assert_ne!(parameter(arguments, 0), 0);
    }
}

/// A kernel of the driver for tests.
fn driver_kernel(name: &'static CStr, image: &'static CStr) -> Kernel {
    let image_bytes = image.count_bytes() as i64;
    let loaded = AtomicPtr::new(std::ptr::null_mut());
    Kernel {
        entry: None,
        image: image.as_ptr().cast(),
        image_bytes,
        name: name.as_ptr(),
        loaded,
        shared_bytes: 0,
        most_threads: 0,
        site: std::ptr::null(),
        counted: AtomicPtr::default(),
    }
}

/// Gives an array to a kernel that adds one to each of so many items.
fn launch_on(kernel: &mut Kernel, array: &Resident, offset: usize, items: i64) {
    // SAFETY: the array lives.
    unsafe {
        let data = array.data().add(offset);
        let device = numir_device_array(kernel, array.header(), data, items * 8, READS | WRITES);
        assert_eq!(device.expose_provenance() as u64, array.address().expect("it is there") + offset as u64);
        assert_eq!(launch(kernel, [items, 1, 1], [1, 1, 1], 0, &[device.expose_provenance() as u64]), 0);
    }
}

fn write(array: &Resident, items: &[i64]) {
    // SAFETY: the items are readable.
    unsafe { array.write(0, items.as_ptr().cast(), size_of_val(items)) }.expect("there is room");
}

fn read<const N: usize>(array: &Resident) -> [i64; N] {
    let mut items = [0; N];
    // SAFETY: the items are writable.
    unsafe { array.read(0, items.as_mut_ptr().cast(), size_of_val(&items)) }.expect("it is there");
    items
}

/// What holds on every device.
fn check_arrays(place: Place, kernel: &mut Kernel) {
    let array = Resident::allocate(place, 80).expect("memory");
    let items = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
    write(&array, &items);
    let before = transfers();
    launch_on(kernel, &array, 0, 10);
    launch_on(kernel, &array, 32, 3);
    // SAFETY: the header lives.
    assert_eq!(unsafe { numir_device_leave(array.header()) }, 0);
    assert_eq!(transfers(), before, "nothing is copied");
    assert_eq!(read(&array), [1, 2, 3, 4, 6, 7, 8, 8, 9, 10]);
    // The host's code sees it, and the device what that writes.
    let host = array.data().cast::<i64>();
    // SAFETY: the array's own addresses, which the host may use after it has asked.
    unsafe {
        assert_eq!(numir_host_array(array.header(), READS | WRITES), 0);
        assert_eq!(host.add(9).read(), 10);
        host.add(9).write(-5);
        assert_eq!(numir_device_leave(array.header()), 0);
    }
    let other = Resident::allocate(place, 80).expect("memory");
    other.copy(0, &array, 40, 40).expect("both are there");
    assert_eq!(read(&other), [7, 8, 8, 9, -5]);
    // Ranges that overlap.
    other.copy(8, &other, 0, 32).expect("both are there");
    assert_eq!(read(&other), [7, 7, 8, 8, 9]);
    let beyond = other.copy(0, &array, 48, 40).expect_err("it is too much");
    assert_eq!(beyond.to_string(), "IndexError: 40 bytes from 48 on are not of an array of 80 bytes");
    let empty = Resident::allocate(place, 0).expect("no memory");
    assert_eq!(read::<0>(&empty), []);
    // Memory of somebody else's, who is kept.
    let keeper = Arc::new(());
    let address = array.address().expect("it is there");
    // SAFETY: the memory is the array's, which lives longer.
    let around = unsafe { Resident::around(place, address + 8, 16, Box::new(keeper.clone())) }.expect("a device");
    launch_on(kernel, &around, 0, 2);
    assert_eq!((read(&around), Arc::strong_count(&keeper)), ([3, 4], 2));
    drop(around);
    assert_eq!((read(&array), Arc::strong_count(&keeper)), ([1, 3, 4], 1));
    place.close().expect("a device");
    let message = array.address().expect_err("it is gone").to_string();
    assert!(message.starts_with("DeviceError: the array is gone: it was made before cuda.close()"), "{message}");
    // SAFETY: the header lives.
    unsafe {
        assert!(numir_device_array(kernel, array.header(), array.data(), 8, READS).is_null());
        assert_eq!(take_pending_error().expect("pending").to_string(), message);
        assert_eq!(numir_host_array(array.header(), READS), 1);
        assert_eq!(take_pending_error().expect("pending").to_string(), message);
    }
}

#[test]
fn arrays_live_on_the_simulator() {
    check_arrays(Place::Simulator, &mut kernel(add_one));
    let mut elsewhere = driver_kernel(c"add_one", c"arrays");
    let array = Resident::allocate(Place::Simulator, 80).expect("memory");
    // SAFETY: the header lives.
    assert!(unsafe { numir_device_array(&raw mut elsewhere, array.header(), array.data(), 8, READS) }.is_null());
    let message = take_pending_error().expect("pending").to_string();
    let expected = if gpu().is_ok() { "ValueError: an array lives on another device" } else { "DeviceError: " };
    assert!(message.starts_with(expected), "{message}");
}

#[test]
fn with_the_driver_for_tests() {
    let folder = compile_driver("residents");
    with_driver(&folder, "residents::arrays_live_on_a_gpu", &[]);
    with_driver(&folder, "residents::streams_order_what_is_done", &[]);
    with_driver(&folder, "residents::failures_are_those_of_a_stream", &[]);
    with_driver(&folder, "residents::pinned_memory_is_copied_later", &[]);
    with_driver(&folder, "residents::one_of_several_gpus_is_selected", &[("FAKE_COUNT", "3")]);
    std::fs::remove_dir_all(folder).expect("it is there");
}

#[test]
#[ignore = "needs the driver for tests; run by the one above"]
fn arrays_live_on_a_gpu() {
    check_arrays(Place::Cuda, &mut driver_kernel(c"add_one", c"arrays"));
}

#[test]
#[ignore = "needs the driver for tests; run by the one above"]
fn streams_order_what_is_done() {
    let place = Place::Cuda;
    let mut kernel = driver_kernel(c"add_one", c"arrays");
    let [one, other] = [0; 2].map(|_| Stream::new(place).expect("a stream"));
    let array = Resident::allocate(place, 32).expect("memory");
    write(&array, &[0; 4]);
    let is_done = |stream: &Stream| place.is_stream_done(stream.handle()).expect("a driver");
    assert_eq!(enter_stream(one.handle()), 0);
    launch_on(&mut kernel, &array, 0, 4);
    assert_eq!(enter_stream(0), one.handle());
    assert!(!is_done(&one));
    place.wait_for_stream(other.handle()).expect("nothing has failed");
    assert!(!is_done(&one) && is_done(&other));
    // The other one waits for an event of the first.
    let [start, end] = [0; 2].map(|_| Event::new(place, true).expect("an event"));
    assert!(start.is_done().expect("a driver"), "it was not recorded");
    start.record(one.handle()).expect("a driver");
    assert!(!start.is_done().expect("a driver"));
    start.hold(other.handle()).expect("a driver");
    let called = Arc::new(AtomicU32::new(0));
    let seen = called.clone();
    let call = move || {
        seen.fetch_add(1, Ordering::SeqCst);
    };
    place.call_after(other.handle(), Box::new(call)).expect("a driver");
    end.record(other.handle()).expect("a driver");
    assert_eq!(start.elapsed(&end).expect_err("it is not reached").kind, "DeviceError");
    assert_eq!(called.load(Ordering::SeqCst), 0);
    place.wait_for_stream(other.handle()).expect("nothing has failed");
    assert!(start.is_done().expect("a driver") && is_done(&one));
    assert_eq!((called.load(Ordering::SeqCst), start.elapsed(&end).ok()), (1, Some(2.0)));
    end.wait().expect("a driver");
    let plain = Event::new(place, false).expect("an event");
    plain.record(0).expect("a driver");
    plain.wait().expect("a driver");
    assert!(plain.elapsed(&end).expect_err("it takes no times").message.contains("error 400"));
    // The default stream comes after the others.
    enter_stream(one.handle());
    launch_on(&mut kernel, &array, 0, 4);
    enter_stream(0);
    assert_eq!(read(&array), [2; 4]);
    // What is freed while a stream uses it is not given to another one.
    enter_stream(one.handle());
    let address = array.address().expect("it is there");
    launch_on(&mut kernel, &array, 0, 4);
    drop(array);
    enter_stream(other.handle());
    let fresh = Resident::allocate(place, 32).expect("memory");
    write(&fresh, &[7; 4]);
    assert_eq!(read(&fresh), [7; 4]);
    enter_stream(0);
    let again = Resident::allocate(place, 32).expect("memory");
    assert!(fresh.address().expect("it is there") != address || is_done(&one));
    drop((again, one, other));
}

#[test]
#[ignore = "needs the driver for tests; run by the one above"]
fn failures_are_those_of_a_stream() {
    let int64 = numir_runtime::DType::Int64.code() as u64;
    let mut fail = driver_kernel(c"fail", c"numir_failure 1");
    let stream = Stream::new(Place::Cuda).expect("a stream");
    enter_stream(stream.handle());
    assert_eq!(launch(&mut fail, [1, 1, 1], [1, 1, 1], 0, &[int64]), 0);
    enter_stream(0);
    Place::Cuda.wait_for_stream(0).expect("the failure is another stream's");
    let error = Place::Cuda.wait_for_stream(stream.handle()).expect_err("recorded");
    assert_eq!(error.to_string(), "IndexError: index 10 is out of bounds for axis 0 with size 5");
    assert_eq!(error.traceback[0].line, 17);
    Place::Cuda.synchronize().expect("it was told");
    enter_stream(stream.handle());
    assert_eq!(launch(&mut fail, [1, 1, 1], [1, 1, 1], 0, &[int64]), 0);
    enter_stream(0);
    assert_eq!(Place::Cuda.synchronize().expect_err("of all streams").kind, "IndexError");
}

#[test]
#[ignore = "needs the driver for tests; run by the one above"]
fn pinned_memory_is_copied_later() {
    let place = Place::Cuda;
    let pinned = Pinned::allocate(place, 32).expect("memory");
    let items = pinned.start().cast::<i64>();
    let array = Resident::allocate(place, 32).expect("memory");
    let stream = Stream::new(place).expect("a stream");
    // SAFETY: the memory has four items.
    unsafe {
        for item in 0..4 {
            items.add(item).write(item as i64);
        }
        array.write(0, pinned.start(), 32).expect("a driver");
        items.write(100);
        assert_eq!(read(&array), [0, 1, 2, 3], "in the default stream it has been read");
        enter_stream(stream.handle());
        array.write(0, pinned.start(), 32).expect("a driver");
        array.read(0, pinned.start(), 32).expect("a driver");
        assert!(!place.is_stream_done(stream.handle()).expect("a driver"));
        place.wait_for_stream(stream.handle()).expect("nothing has failed");
        assert_eq!(read(&array), [100, 1, 2, 3]);
        enter_stream(0);
        let mut own = [0_i64; 4];
        let start = own.as_mut_ptr().cast();
        let registered = Pinned::register(place, start, 32).expect("it is not pinned");
        let message = Pinned::register(place, start, 32).err().expect("it is pinned").to_string();
        assert!(message.contains("the array is pinned already"), "{message}");
        array.read(0, start, 32).expect("a driver");
        drop(registered);
        assert_eq!(own, [100, 1, 2, 3]);
        drop(Pinned::register(place, start, 32).expect("it is not any more"));
    }
}

#[test]
#[ignore = "needs the driver for tests; run by the one above"]
fn one_of_several_gpus_is_selected() {
    let place = Place::Cuda;
    assert_eq!((place.count().unwrap(), place.version().unwrap()), (3, 12_040));
    let second = place.describe(1).expect("it is there");
    assert_eq!((second.name.as_str(), second.capability, second.identity), ("Fake 1", (9, 0), [2; 16]));
    assert_eq!(place.attribute(1, 75).ok(), Some(9));
    let message = place.select(3).expect_err("there are three").to_string();
    assert_eq!(message, "DeviceError: there is no GPU 3: the machine has 3, counted from 0");
    place.select(2).expect("it is there");
    place.select(1).expect("none is in use");
    assert_eq!((place.current().ok(), gpu().ok().map(|gpu| gpu.name.as_str())), (Some(1), Some("Fake 1")));
    place.select(1).expect("it is the one in use");
    let message = place.select(0).expect_err("another one is in use").to_string();
    assert!(
        message.starts_with("DeviceError: kernels run on GPU 1 already, and a process uses one: select GPU 0 before")
    );
    let (free, total) = place.memory().expect("a driver");
    let array = Resident::allocate(place, 1 << 20).expect("memory");
    assert_eq!(place.memory().ok(), Some((free - (1 << 20), total)));
    drop(array);
}
