//! Compiles the C++ shim against the MLIR that mlir-sys links, and keeps what gdb needs to see loaded code in the
//! dynamic symbols of the test binary, so that `strip` spares it. A binary that links this crate does the latter in its
//! own build script: link arguments do not travel up.

use std::env;
use std::path::PathBuf;

fn main() {
    println!("cargo::rerun-if-changed=cpp/translate.cpp");
    println!("cargo::rerun-if-env-changed=MLIR_SYS_220_PREFIX");
    let prefix = PathBuf::from(env::var_os("MLIR_SYS_220_PREFIX").unwrap_or_else(|| "/usr/lib/llvm-22".into()));
    cc::Build::new()
        .cpp(true)
        .std("c++17")
        .file("cpp/translate.cpp")
        .flag("-isystem")
        .flag(prefix.join("include"))
        .flag("-fno-exceptions")
        // Fatal errors unwind through the shim (see src/fatal.rs).
        .flag("-funwind-tables")
        .define("NDEBUG", None)
        .define("_GNU_SOURCE", None)
        .define("__STDC_CONSTANT_MACROS", None)
        .define("__STDC_FORMAT_MACROS", None)
        .define("__STDC_LIMIT_MACROS", None)
        .opt_level(2)
        .compile("numir_codegen_shim");
    for symbol in ["__jit_debug_register_code", "__jit_debug_descriptor"] {
        println!("cargo::rustc-link-arg-tests=-Wl,--export-dynamic-symbol={symbol}");
    }
}
