//! How the library is linked, so that it lives beside others that have an LLVM of their own: it shows only its C interface
//! (rustc's version script hides all else) and binds its own symbols to itself.

fn main() {
    for argument in [
        "-soname,libnumir.so",
        // Archives of C++ as well show nothing.
        "--exclude-libs,ALL",
        "-Bsymbolic",
        "--gc-sections",
        // What is relocated when the library is opened is LLVM's tables of pointers, hundreds of thousands.
        "--pack-dyn-relocs=relr",
        "-z,pack-relative-relocs",
        // The cache on disk tells builds apart by this number.
        "--build-id=sha1",
    ] {
        println!("cargo::rustc-cdylib-link-arg=-Wl,{argument}");
    }
    println!("cargo::rerun-if-changed=build.rs");
}
