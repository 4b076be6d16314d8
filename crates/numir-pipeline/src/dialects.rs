//! Handles of MLIR's dialects, for [`Pass::dialects`](crate::Pass::dialects) and for contexts; melior names only some of them.

use crate::shim::numir_shim_register_extensions;
use melior::dialect::{DialectHandle, DialectRegistry};

/// A function that gives the handle of a dialect.
pub type DialectSource = fn() -> DialectHandle;

macro_rules! dialects {
    ($($name:ident => $get:ident,)*) => {$(
        #[doc = concat!("The `", stringify!($name), "` dialect.")]
        pub fn $name() -> DialectHandle {
            // SAFETY: MLIR returns the address of a static table.
            unsafe { DialectHandle::from_raw(mlir_sys::$get()) }
        }
    )*};
}

dialects! {
    affine => mlirGetDialectHandle__affine__,
    arith => mlirGetDialectHandle__arith__,
    bufferization => mlirGetDialectHandle__bufferization__,
    cf => mlirGetDialectHandle__cf__,
    complex => mlirGetDialectHandle__complex__,
    dlti => mlirGetDialectHandle__dlti__,
    func => mlirGetDialectHandle__func__,
    gpu => mlirGetDialectHandle__gpu__,
    index => mlirGetDialectHandle__index__,
    linalg => mlirGetDialectHandle__linalg__,
    llvm => mlirGetDialectHandle__llvm__,
    math => mlirGetDialectHandle__math__,
    memref => mlirGetDialectHandle__memref__,
    nvvm => mlirGetDialectHandle__nvvm__,
    scf => mlirGetDialectHandle__scf__,
    tensor => mlirGetDialectHandle__tensor__,
    transform => mlirGetDialectHandle__transform__,
    ub => mlirGetDialectHandle__ub__,
    vector => mlirGetDialectHandle__vector__,
}

/// Registers the external interfaces of the dialects between `numeric` and `llvm`: conversion to llvm, inlining, bufferization,
/// tiling. Passes that work through interfaces, such as `convert-to-llvm`, do nothing to a dialect without them.
///
/// An interface takes effect when its dialect is loaded into a context that was made with this registry.
pub fn register_extensions(registry: &DialectRegistry) {
    // SAFETY: the registry is live.
    unsafe { numir_shim_register_extensions(registry.to_raw()) }
}
