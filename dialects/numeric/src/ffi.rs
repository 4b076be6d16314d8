//! The dialect's C API, as `cpp/NumericCAPI.h` declares it.

use mlir_sys::{MlirContext, MlirDialectHandle, MlirType};
use std::ffi::{c_int, c_uint};

unsafe extern "C" {
    pub fn mlirGetDialectHandle__numeric__() -> MlirDialectHandle;
    pub fn mlirNumericArrayTypeGet(rank: c_uint, element: MlirType, layout: c_int) -> MlirType;
    pub fn mlirTypeIsANumericArray(r#type: MlirType) -> bool;
    pub fn mlirNumericArrayTypeGetRank(r#type: MlirType) -> c_uint;
    pub fn mlirNumericArrayTypeGetElementType(r#type: MlirType) -> MlirType;
    pub fn mlirNumericArrayTypeGetLayout(r#type: MlirType) -> c_int;
    pub fn mlirNumericPythonTypeGet(context: MlirContext, kind: c_int) -> MlirType;
    pub fn mlirNumericPythonTypeKind(r#type: MlirType) -> c_int;
}
