//! Keeps what gdb needs to see JIT-compiled code in the dynamic symbols of the test binary, so that `strip` spares it.
//! A binary that links this crate does the same in its own build script: link arguments do not travel up.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    for symbol in ["__jit_debug_register_code", "__jit_debug_descriptor"] {
        println!("cargo::rustc-link-arg-tests=-Wl,--export-dynamic-symbol={symbol}");
    }
}
