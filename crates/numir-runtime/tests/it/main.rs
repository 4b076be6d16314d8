//! Tests of the runtime from outside: as compiled code calls it, against tables that CPython and NumPy have filled.

mod builtins;
mod device;
mod memory;
mod pool;
mod print;
mod tables;

#[test]
fn the_runtime_stands_without_the_compiler() {
    let manifest = include_str!("../../Cargo.toml");
    let (_, dependencies) = manifest.split_once("[dependencies]").expect("the manifest lists dependencies");
    let (dependencies, _) = dependencies.split_once("[dev-dependencies]").expect("and those of the tests");
    let names: Vec<_> = dependencies.lines().filter(|line| !line.starts_with('#')).collect();
    let names: Vec<_> =
        names.iter().filter_map(|line| line.split([' ', '.']).next()).filter(|name| !name.is_empty()).collect();
    assert_eq!(
        names,
        ["libc", "numir-algebra", "object", "gemm", "realfft", "rustfft", "rand_mt", "corosensei", "cudarc"]
    );
}
