//! How the library is linked, so that it lives beside others that have an LLVM of their own: it shows only its C interface
//! (rustc's version script hides all else) and binds its own symbols to itself. The C++ and compression libraries of
//! the machine that builds become part of it: the one that runs it may have others.

use std::env;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Libraries that LLVM asks for and that are linked in.
const ARCHIVES: [&str; 3] = ["libstdc++.a", "libz.a", "libzstd.a"];

fn main() {
    for argument in [
        "-soname,libnumir.so",
        // Archives of C++ as well show nothing.
        "--exclude-libs,ALL",
        "-Bsymbolic",
        "--gc-sections",
        // The cache on disk tells builds apart by this number.
        "--build-id=sha1",
    ] {
        println!("cargo::rustc-cdylib-link-arg=-Wl,{argument}");
    }
    link_archives();
    println!("cargo::rerun-if-changed=build.rs");
}

/// Puts the archives into a folder of their own that the linker looks into first: where it finds no shared library of the
/// name beside it, it takes the archive.
fn link_archives() {
    let folder = PathBuf::from(env::var_os("OUT_DIR").expect("cargo names the folder"));
    for archive in ARCHIVES {
        let link = folder.join(archive);
        let _ = std::fs::remove_file(&link);
        match found(archive) {
            Some(path) => symlink(path, link).expect("the folder can be written to"),
            None => println!("cargo::warning={archive} is not there: libnumir.so will need the shared library"),
        }
    }
    println!("cargo::rustc-link-search=native={}", folder.display());
}

/// Where the C++ compiler has a library. It says the bare name where it has none.
fn found(archive: &str) -> Option<PathBuf> {
    let target = env::var("TARGET").unwrap_or_default().replace('-', "_");
    let compiler = env::var(format!("CXX_{target}")).unwrap_or_else(|_| "c++".to_owned());
    let output = Command::new(compiler).arg(format!("-print-file-name={archive}")).output().ok()?;
    let path = PathBuf::from(String::from_utf8(output.stdout).ok()?.trim());
    (path != Path::new(archive)).then_some(path)
}
