// The whole dialect: what mlir-tblgen is run on.
#ifndef NUMERIC_OPS_TD
#define NUMERIC_OPS_TD

include "NumericDialect.td"
include "NumericTypes.td"
include "NumericScalarOps.td"
include "NumericErrorOps.td"
include "NumericArrayOps.td"
include "NumericControlOps.td"
include "NumericForeignOps.td"
include "NumericDeviceOps.td"

#endif // NUMERIC_OPS_TD
