// The entry point by which a stock mlir-opt loads the dialect:
//   mlir-opt-22 --load-dialect-plugin=libnumeric_dialect_plugin.so file.mlir
// It links no MLIR of its own; every symbol comes from the libMLIR.so that mlir-opt runs on.
#include "Numeric.h"

#include "mlir/Tools/Plugins/DialectPlugin.h"
#include "llvm/Config/llvm-config.h"

extern "C" LLVM_ATTRIBUTE_VISIBILITY_DEFAULT mlir::DialectPluginLibraryInfo mlirGetDialectPluginInfo() {
  return {MLIR_PLUGIN_API_VERSION, "numeric", LLVM_VERSION_STRING,
          [](mlir::DialectRegistry *registry) { registry->insert<mlir::numeric::NumericDialect>(); }};
}
