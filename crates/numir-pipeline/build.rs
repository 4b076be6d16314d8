//! Compiles the C++ shim against the MLIR that mlir-sys links.

use std::env;
use std::path::PathBuf;

fn main() {
    println!("cargo:rerun-if-changed=cpp");
    println!("cargo:rerun-if-env-changed=MLIR_SYS_220_PREFIX");
    let prefix = PathBuf::from(env::var_os("MLIR_SYS_220_PREFIX").unwrap_or_else(|| "/usr/lib/llvm-22".into()));
    cc::Build::new()
        .cpp(true)
        .std("c++17")
        .files(["cpp/shim.cpp", "cpp/extensions.cpp"])
        .flag("-isystem")
        .flag(prefix.join("include"))
        .flag("-fno-exceptions")
        .define("NDEBUG", None)
        .define("_GNU_SOURCE", None)
        .define("__STDC_CONSTANT_MACROS", None)
        .define("__STDC_FORMAT_MACROS", None)
        .define("__STDC_LIMIT_MACROS", None)
        .opt_level(2)
        .compile("numir_pipeline_shim");
}
