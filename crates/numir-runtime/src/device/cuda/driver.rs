//! CUDA's driver: the functions of it that are used, found in the library that the machine has, if any.
//!
//! Functions are looked up once, all together, and called through a table of ours. cudarc's own functions panic where the
//! library lacks one, and read what a driver returns as an enumeration, which a newer driver's code would not be a value of.

use cudarc::driver::sys::{
    CUcontext, CUdevice, CUdeviceptr, CUevent, CUfunction, CUmodule, CUstream, culib, is_culib_present,
};
use std::ffi::{CStr, c_char, c_int, c_uint, c_void};
use std::sync::OnceLock;

/// What a function of the driver returns; 0 is success.
pub(super) type Code = c_uint;

/// A code that is no success.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Failed(pub(super) Code);

/// Success or failure of a call.
pub(super) fn ok(code: Code) -> Result<(), Failed> {
    if code == 0 { Ok(()) } else { Err(Failed(code)) }
}

macro_rules! functions {
    ($($name:ident($($parameter:ty),*);)*) => {
        /// The functions, under the names that the driver's manual has.
        #[allow(non_snake_case)]
        pub(super) struct Driver {
            $(pub(super) $name: unsafe extern "C" fn($($parameter),*) -> Code,)*
        }

        impl Driver {
            /// Looks all of them up; the name of one that is not there.
            fn load() -> Result<Self, &'static str> {
                // SAFETY: the library was found.
                let library = unsafe { culib() };
                Ok(Self {$(
                    // SAFETY: the signature is the manual's.
                    $name: *unsafe { library.get(concat!(stringify!($name), "\0").as_bytes()) }
                        .map_err(|_| stringify!($name))?,
                )*})
            }
        }
    };
}

functions! {
    cuInit(c_uint);
    cuDriverGetVersion(*mut c_int);
    cuGetErrorName(Code, *mut *const c_char);
    cuGetErrorString(Code, *mut *const c_char);
    cuDeviceGetCount(*mut c_int);
    cuDeviceGet(*mut CUdevice, c_int);
    cuDeviceGetName(*mut c_char, c_int, CUdevice);
    cuDeviceGetAttribute(*mut c_int, c_uint, CUdevice);
    cuDeviceTotalMem_v2(*mut usize, CUdevice);
    cuDeviceGetUuid(*mut [u8; 16], CUdevice);
    cuDevicePrimaryCtxRetain(*mut CUcontext, CUdevice);
    cuCtxPushCurrent_v2(CUcontext);
    cuCtxPopCurrent_v2(*mut CUcontext);
    cuStreamCreate(*mut CUstream, c_uint);
    cuCtxSynchronize();
    cuStreamDestroy_v2(CUstream);
    cuStreamSynchronize(CUstream);
    cuStreamQuery(CUstream);
    cuStreamWaitEvent(CUstream, CUevent, c_uint);
    cuLaunchHostFunc(CUstream, unsafe extern "C" fn(*mut c_void), *mut c_void);
    cuEventCreate(*mut CUevent, c_uint);
    cuEventRecord(CUevent, CUstream);
    cuEventSynchronize(CUevent);
    cuEventQuery(CUevent);
    cuEventElapsedTime(*mut f32, CUevent, CUevent);
    cuEventDestroy_v2(CUevent);
    cuMemAlloc_v2(*mut CUdeviceptr, usize);
    cuMemFree_v2(CUdeviceptr);
    cuMemGetInfo_v2(*mut usize, *mut usize);
    cuMemHostAlloc(*mut *mut c_void, usize, c_uint);
    cuMemFreeHost(*mut c_void);
    cuMemHostRegister_v2(*mut c_void, usize, c_uint);
    cuMemHostUnregister(*mut c_void);
    cuMemcpyHtoD_v2(CUdeviceptr, *const c_void, usize);
    cuMemcpyDtoH_v2(*mut c_void, CUdeviceptr, usize);
    cuMemcpyHtoDAsync_v2(CUdeviceptr, *const c_void, usize, CUstream);
    cuMemcpyDtoHAsync_v2(*mut c_void, CUdeviceptr, usize, CUstream);
    cuMemcpyDtoDAsync_v2(CUdeviceptr, CUdeviceptr, usize, CUstream);
    cuModuleLoadDataEx(*mut CUmodule, *const c_void, c_uint, *mut c_uint, *mut *mut c_void);
    cuModuleGetFunction(*mut CUfunction, CUmodule, *const c_char);
    cuModuleGetGlobal_v2(*mut CUdeviceptr, *mut usize, CUmodule, *const c_char);
    cuFuncGetAttribute(*mut c_int, c_uint, CUfunction);
    cuFuncSetAttribute(CUfunction, c_uint, c_int);
    cuLaunchKernel(CUfunction, c_uint, c_uint, c_uint, c_uint, c_uint, c_uint, c_uint, CUstream, *mut *mut c_void, *mut *mut c_void);
    cuLaunchCooperativeKernel(CUfunction, c_uint, c_uint, c_uint, c_uint, c_uint, c_uint, c_uint, CUstream, *mut *mut c_void);
}

static DRIVER: OnceLock<Result<Driver, String>> = OnceLock::new();

/// The driver, or why there is none.
pub(super) fn get() -> Result<&'static Driver, &'static str> {
    let driver = DRIVER.get_or_init(|| {
        // SAFETY: the libraries that are tried are NVIDIA's, whose loading has no effect of its own.
        if !unsafe { is_culib_present() } {
            let text = "there is no CUDA driver on this machine (libcuda.so is not found): install NVIDIA's driver, or run kernels on the simulator (`target=\"cuda-sim\"`, NUMIR_ENABLE_CUDASIM=1)";
            return Err(text.to_owned());
        }
        Driver::load().map_err(|name| {
            format!("the CUDA driver is too old: it has no {name}; install a newer one, or run kernels on the simulator (`target=\"cuda-sim\"`, NUMIR_ENABLE_CUDASIM=1)")
        })
    });
    driver.as_ref().map_err(String::as_str)
}

/// What the driver calls a code, and what it says of it.
pub(super) fn words(failed: Failed) -> (String, String) {
    let ask = |function: fn(&Driver) -> unsafe extern "C" fn(Code, *mut *const c_char) -> Code| {
        let driver = get().ok()?;
        let mut text = std::ptr::null();
        // SAFETY: the text is a constant of the driver's, or null.
        unsafe {
            ok(function(driver)(failed.0, &raw mut text)).ok()?;
            (!text.is_null()).then(|| CStr::from_ptr(text).to_string_lossy().into_owned())
        }
    };
    let name = ask(|driver| driver.cuGetErrorName).unwrap_or_else(|| format!("CUDA's error {}", failed.0));
    (
        name,
        ask(|driver| driver.cuGetErrorString).unwrap_or_else(|| "an error that the driver has no words for".to_owned()),
    )
}
