/* The C API of the numeric dialect: what Rust and other languages need to load it and to build and read its types. */
#ifndef NUMERIC_CAPI_H
#define NUMERIC_CAPI_H

#include "mlir-c/IR.h"

#ifdef __cplusplus
extern "C" {
#endif

MLIR_DECLARE_CAPI_DIALECT_REGISTRATION(Numeric, numeric);

/* What is known of an array's strides. */
typedef enum MlirNumericLayout { MlirNumericLayoutC, MlirNumericLayoutF, MlirNumericLayoutA } MlirNumericLayout;

/* Python's own numbers. */
typedef enum MlirNumericPython {
  MlirNumericPythonNone = -1,
  MlirNumericPythonInt,
  MlirNumericPythonFloat,
  MlirNumericPythonComplex
} MlirNumericPython;

/* The array type, or a null type if rank or element type are not allowed. */
MLIR_CAPI_EXPORTED MlirType mlirNumericArrayTypeGet(unsigned rank, MlirType element, MlirNumericLayout layout);
MLIR_CAPI_EXPORTED bool mlirTypeIsANumericArray(MlirType type);
/* These three take an array type. */
MLIR_CAPI_EXPORTED unsigned mlirNumericArrayTypeGetRank(MlirType type);
MLIR_CAPI_EXPORTED MlirType mlirNumericArrayTypeGetElementType(MlirType type);
MLIR_CAPI_EXPORTED MlirNumericLayout mlirNumericArrayTypeGetLayout(MlirType type);

/* !numeric.int, !numeric.float or !numeric.complex; a null type for MlirNumericPythonNone. */
MLIR_CAPI_EXPORTED MlirType mlirNumericPythonTypeGet(MlirContext context, MlirNumericPython kind);
/* Which of them a type is, if any. */
MLIR_CAPI_EXPORTED MlirNumericPython mlirNumericPythonTypeKind(MlirType type);

#ifdef __cplusplus
}
#endif

#endif /* NUMERIC_CAPI_H */
