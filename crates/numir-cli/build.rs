//! How the binaries are linked.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    // At fixed addresses: LLVM holds 112,000 pointers that the loader would otherwise adjust at each start.
    println!("cargo:rustc-link-arg-bins=-no-pie");
}
