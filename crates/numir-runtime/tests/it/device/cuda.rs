//! CUDA's half without a GPU: what is told where there is no driver, and all the rest with a driver for tests (`driver.c`), in processes of
//! their own, whose library it is.

use std::ffi::CStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::AtomicPtr;

use super::launch;
use numir_runtime::device::{
    Kernel, READS, WRITES, gpu, numir_device_array, numir_device_leave, numir_device_synchronize, numir_host_array,
};
use numir_runtime::memory::{Header, Owner};
use numir_runtime::take_pending_error;

/// Compiles the driver for tests, and gives its folder.
pub(super) fn compile_driver(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("numir-driver-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/device/driver.c");
    let library = folder.join("libcuda.so.1");
    let mut compiler = Command::new("cc");
    let status = compiler.args(["-shared", "-fPIC", "-O1", "-o"]).arg(library).arg(source).arg("-lpthread").status();
    assert!(status.expect("a compiler of C").success());
    folder
}

/// Runs a test, by its path within this folder, with the driver and with settings of it.
pub(super) fn with_driver(folder: &Path, test: &str, settings: &[(&str, &str)]) {
    let program = std::env::current_exe().expect("a path");
    let name = format!("device::{test}");
    let mut command = Command::new(program);
    command.args(["--exact", &name, "--ignored"]).env("LD_LIBRARY_PATH", folder).envs(settings.iter().copied());
    let output = command.output().expect("a process");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{text}{}", String::from_utf8_lossy(&output.stderr));
}

fn kernel(name: &'static CStr, image: &'static CStr) -> Kernel {
    let loaded = AtomicPtr::new(std::ptr::null_mut());
    let image_bytes = image.count_bytes() as i64;
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

fn pending() -> String {
    take_pending_error().expect("an error is pending").to_string()
}

#[test]
fn without_a_driver_that_is_told() {
    // Where the machine has one, this is not the place to look at it.
    if gpu().is_ok() {
        return;
    }
    let mut kernel = kernel(c"add_one", c"ptx");
    let owner = Owner::allocate(80, true).expect("memory");
    for _ in 0..2 {
        // SAFETY: an array of its own.
        let device = unsafe { numir_device_array(&raw mut kernel, owner.header(), owner.data(), 80, READS) };
        assert!(device.is_null());
        assert!(pending().starts_with("DeviceError: "));
        assert_eq!(launch(&mut kernel, [1, 1, 1], [1, 1, 1], 0, &[0]), 1);
        assert!(pending().starts_with("DeviceError: "));
        // SAFETY: the record lives.
        assert_eq!(unsafe { numir_device_synchronize(&raw mut kernel) }, 1);
        assert_eq!(pending(), format!("DeviceError: {}", gpu().expect_err("there is none")));
    }
    // SAFETY: the header lives.
    assert_eq!(unsafe { numir_device_leave(owner.header()) }, 0);
}

#[test]
fn with_the_driver_for_tests() {
    let folder = compile_driver("cuda");
    with_driver(&folder, "cuda::arrays_go_to_and_fro", &[]);
    with_driver(&folder, "cuda::failures_are_told", &[]);
    with_driver(&folder, "cuda::launches_are_checked", &[]);
    with_driver(&folder, "cuda::memory_is_kept_and_runs_out", &[]);
    with_driver(&folder, "cuda::a_bad_address_ends_it", &[]);
    with_driver(&folder, "cuda::a_forked_child_is_told", &[]);
    with_driver(
        &folder,
        "cuda::what_is_wrong_is_told",
        &[("FAKE_VERSION", "11020"), ("EXPECTED", "the driver is too old: it is for CUDA 11.2")],
    );
    with_driver(&folder, "cuda::what_is_wrong_is_told", &[("FAKE_COUNT", "0"), ("EXPECTED", "there is no GPU")]);
    with_driver(
        &folder,
        "cuda::what_is_wrong_is_told",
        &[("FAKE_INIT", "803"), ("EXPECTED", "CUDA's error 803 (words of the driver): the driver's library")],
    );
    let message = "NUMIR_CUDA_DEVICE is 7, and it must be the number of a GPU, from 0 to 0";
    with_driver(&folder, "cuda::what_is_wrong_is_told", &[("NUMIR_CUDA_DEVICE", "7"), ("EXPECTED", message)]);
    std::fs::remove_dir_all(folder).expect("it is there");
}

#[test]
#[ignore = "needs the driver for tests; run by the one above"]
fn what_is_wrong_is_told() {
    let (expected, message) = (std::env::var("EXPECTED").expect("set"), gpu().expect_err("refused"));
    assert!(message.starts_with(&expected), "{message}");
}

#[test]
#[ignore = "needs the driver for tests; run by the one above"]
fn arrays_go_to_and_fro() {
    let found = gpu().expect("the one for tests");
    assert_eq!((found.name.as_str(), found.capability), ("Fake 0", (9, 0)));
    // Several pieces of pinned memory, and part of one.
    let count = (5 << 19) + 77;
    let owner = Owner::allocate(count * 8, true).expect("memory");
    let (header, data) = (owner.header(), owner.data().cast::<i64>());
    let mut kernel = kernel(c"add_one", c"arrays");
    // SAFETY: the array is this test's.
    unsafe {
        for place in 0..count {
            data.add(place).write(place as i64);
        }
        for _ in 0..2 {
            let device = numir_device_array(&raw mut kernel, header, data.cast(), count as i64 * 8, READS | WRITES);
            assert!(!device.is_null());
            let grid = [count as i64, 1, 1];
            assert_eq!(launch(&mut kernel, grid, [1, 1, 1], 0, &[device.expose_provenance() as u64]), 0);
        }
        assert_eq!((data.read(), numir_host_array(header, READS)), (0, 0));
        assert!((0..count).all(|place| data.add(place).read() == place as i64 + 2));
        data.write(100);
        assert_eq!(numir_host_array(header, WRITES), 0);
        let device = numir_device_array(&raw mut kernel, header, data.cast(), 8, READS | WRITES);
        data.write(0);
        assert_eq!(launch(&mut kernel, [1, 1, 1], [1, 1, 1], 0, &[device.expose_provenance() as u64]), 0);
        assert_eq!((numir_device_leave(header), data.read()), (0, 101), "what was copied was copied at once");
    }
    let all = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    let mut kernel = self::kernel(c"add_one", c"arrays");
                    let mut items = [0_i64; 1000];
                    let mut header = Header::borrowed(8000);
                    for round in 1..50 {
                        // SAFETY: the array is this thread's.
                        unsafe {
                            let data = items.as_ptr().cast();
                            let device = numir_device_array(&raw mut kernel, &raw mut header, data, 8000, WRITES);
                            let grid = [1000, 1, 1];
                            let status = launch(&mut kernel, grid, [1, 1, 1], 0, &[device.expose_provenance() as u64]);
                            assert_eq!((status, numir_device_leave(&raw mut header)), (0, 0));
                        }
                        assert_eq!(std::hint::black_box(&mut items), &[round; 1000]);
                    }
                })
            })
            .collect();
        threads.into_iter().all(|thread| thread.join().is_ok())
    });
    assert!(all);
}

#[test]
#[ignore = "needs the driver for tests; run by the one above"]
fn failures_are_told() {
    let int64 = numir_runtime::DType::Int64.code() as u64;
    for image in [c"numir_failure 1", c"numir_failure 2"] {
        let mut kernel = kernel(c"fail", image);
        for _ in 0..2 {
            assert_eq!(launch(&mut kernel, [1, 1, 1], [1, 1, 1], 0, &[int64]), 0);
            assert_eq!(launch(&mut kernel, [1, 1, 1], [1, 1, 1], 0, &[int64]), 0);
            // SAFETY: the record lives.
            assert_eq!(unsafe { numir_device_synchronize(&raw mut kernel) }, 1);
            let error = take_pending_error().expect("recorded");
            assert_eq!(error.to_string(), "IndexError: index 10 is out of bounds for axis 0 with size 5");
            assert_eq!((error.traceback[0].line, error.traceback.len()), (17, 1));
            // SAFETY: as above.
            assert_eq!(unsafe { numir_device_synchronize(&raw mut kernel) }, 0, "it is told once");
        }
    }
    // What has failed is told where somebody waits, and the array is there.
    let owner = Owner::allocate(80, true).expect("memory");
    let (mut fail, mut add_one) = (kernel(c"fail", c"numir_failure 1"), kernel(c"add_one", c"arrays"));
    // SAFETY: the array is this test's.
    unsafe {
        let device = numir_device_array(&raw mut add_one, owner.header(), owner.data(), 80, WRITES);
        let device = device.expose_provenance() as u64;
        assert_eq!(launch(&mut add_one, [1, 1, 1], [10, 1, 1], 0, &[device]), 0);
        assert_eq!(launch(&mut fail, [1, 1, 1], [1, 1, 1], 0, &[int64]), 0);
        assert_eq!((numir_device_leave(owner.header()), owner.data().cast::<i64>().read()), (1, 1));
    }
    assert!(pending().starts_with("IndexError: index 10"));
}

#[test]
#[ignore = "needs the driver for tests; run by the one above"]
fn launches_are_checked() {
    let mut kernel = kernel(c"add_one", c"arrays");
    assert_eq!(launch(&mut kernel, [1, 1, 1], [513, 1, 1], 0, &[0]), 1);
    let text = "ValueError: a block has 513 threads, of 512 at most of this kernel, which needs 200 registers a thread: make the blocks smaller, and the grid larger";
    assert_eq!(pending(), text);
    // SAFETY: the record is as it should be.
    let uses = [0, 1, 2, 3, 4].map(|name| unsafe { kernel.attribute(name) }.expect("an answer"));
    assert_eq!(uses, [512, 16, 24, 40, 200]);
    kernel.most_threads = 64;
    assert_eq!(launch(&mut kernel, [1, 1, 1], [65, 1, 1], 0, &[0]), 1);
    assert!(pending().starts_with("ValueError: a block has 65 threads, of 64 at most by the kernel's launch_bounds"));
    kernel.most_threads = 0;
    assert_eq!(launch(&mut kernel, [1, 1, 1], [1, 1, 1], 232_448, &[0]), 1);
    assert!(pending().starts_with("ValueError: a block wants 232448 bytes of shared memory, of 232432 at most"));
    let owner = Owner::allocate(80, true).expect("memory");
    // SAFETY: the array is this test's.
    let device = unsafe { numir_device_array(&raw mut kernel, owner.header(), owner.data(), 80, WRITES) };
    for shared in [0, 48 << 10, 232_432] {
        assert_eq!(launch(&mut kernel, [1, 1, 1], [1, 1, 1], shared, &[device.expose_provenance() as u64]), 0);
    }
    let mut together = self::kernel(c"together", c"numir_grid_barrier");
    assert_eq!(launch(&mut together, [9, 1, 1], [32, 1, 1], 0, &[0]), 0);
    let cases = [
        (
            c"add_one",
            c"too new",
            "DeviceError: CUDA_ERROR_UNSUPPORTED_PTX_VERSION (words of the driver): the driver is too old for",
        ),
        (c"add_one", c"wrong", "DeviceError: CUDA_ERROR_INVALID_PTX (words of the driver): the kernel's PTX is wrong"),
        (
            c"absent",
            c"arrays",
            "DeviceError: CUDA_ERROR_NOT_FOUND (words of the driver): the module has nothing of that name",
        ),
    ];
    for (name, image, text) in cases {
        assert_eq!(launch(&mut self::kernel(name, image), [1, 1, 1], [1, 1, 1], 0, &[0]), 1);
        let message = pending();
        assert!(message.starts_with(text), "{message}");
        assert_eq!(message.ends_with("\nptxas application ptx input, line 7; fatal"), image == c"wrong");
        assert_eq!(message.ends_with("\nkernel absent"), name == c"absent");
    }
}

#[test]
#[ignore = "needs the driver for tests; run by the one above"]
fn memory_is_kept_and_runs_out() {
    // The device has 64 MiB, of which a quarter may be kept.
    let mut kernel = kernel(c"add_one", c"arrays");
    let owner = |bytes: usize| Owner::allocate(bytes, true).expect("memory");
    let mut mirror = |owner: &Owner| {
        // SAFETY: the array is this test's.
        unsafe {
            let bytes = (*owner.header()).bytes();
            !numir_device_array(&raw mut kernel, owner.header(), owner.data(), bytes, READS).is_null()
        }
    };
    let allocations = || {
        // SAFETY: the driver for tests has this function.
        unsafe {
            let symbol =
                libc::dlsym(libc::dlopen(c"libcuda.so.1".as_ptr(), libc::RTLD_NOW), c"fake_allocations".as_ptr());
            std::mem::transmute::<*mut libc::c_void, extern "C" fn() -> u32>(symbol)()
        }
    };
    for _ in 0..10 {
        assert!(mirror(&owner(4 << 20)));
    }
    assert_eq!(allocations(), 1, "the mirror of an array that goes is the next one's");
    let large = owner(56 << 20);
    assert!(mirror(&large));
    let other = owner(32 << 20);
    assert!(!mirror(&other));
    let message = pending();
    assert!(
        message.starts_with("MemoryError: CUDA_ERROR_OUT_OF_MEMORY (words of the driver): use smaller arrays"),
        "{message}"
    );
    assert!(message.ends_with("an array of 33554432 bytes, on Fake 0 of 67108864 bytes"), "{message}");
    drop(large);
    assert!(mirror(&other), "there is room again");
}

#[test]
#[ignore = "needs the driver for tests; run by the one above"]
fn a_bad_address_ends_it() {
    let mut kernel = kernel(c"add_one", c"arrays");
    let owner = Owner::allocate(80, true).expect("memory");
    // SAFETY: the array is this test's, and the driver for tests does not follow wrong addresses.
    unsafe {
        assert!(!numir_device_array(&raw mut kernel, owner.header(), owner.data(), 80, WRITES).is_null());
        assert_eq!(launch(&mut kernel, [1, 1, 1], [1, 1, 1], 0, &[64]), 0);
        assert_eq!(numir_host_array(owner.header(), READS), 1);
        let text = "IndexError: CUDA_ERROR_ILLEGAL_ADDRESS (words of the driver): a kernel has used memory that is not the GPU's: run it on the simulator, or with checks of indices, to see where; this process can use the GPU no more";
        assert_eq!(pending(), text);
        assert_eq!(numir_device_leave(owner.header()), 1);
        assert_eq!(pending(), text);
        assert_eq!(numir_device_leave(owner.header()), 0, "the mirror is gone nevertheless");
    }
}

#[test]
#[ignore = "needs the driver for tests; run by the one above"]
fn a_forked_child_is_told() {
    let mut kernel = kernel(c"add_one", c"arrays");
    let owner = Owner::allocate(80, true).expect("memory");
    // SAFETY: the child does nothing but look at the device and leave.
    unsafe {
        assert!(!numir_device_array(&raw mut kernel, owner.header(), owner.data(), 80, READS).is_null());
        let child = libc::fork();
        if child == 0 {
            let refused = numir_device_synchronize(&raw mut kernel) == 1 && pending().contains("forked");
            numir_runtime::memory::numir_release(owner.header());
            libc::_exit(i32::from(!refused));
        }
        let mut status = 0;
        assert_eq!((libc::waitpid(child, &raw mut status, 0), status), (child, 0));
    }
}
