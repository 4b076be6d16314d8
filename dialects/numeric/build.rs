//! Generates the dialect's C++ from `include/*.td` with mlir-tblgen, compiles it with `cpp/*.cpp` into a static
//! library, and links the same objects into a plugin for a stock mlir-opt. The reference page is generated too; a test
//! compares it with docs/numeric.md.

use std::env;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;

/// mlir-tblgen's generators and the files that the C++ includes.
const GENERATED: [(&str, &str); 9] = [
    ("-gen-dialect-decls", "NumericDialect.h.inc"),
    ("-gen-dialect-defs", "NumericDialect.cpp.inc"),
    ("-gen-enum-decls", "NumericEnums.h.inc"),
    ("-gen-enum-defs", "NumericEnums.cpp.inc"),
    ("-gen-typedef-decls", "NumericTypes.h.inc"),
    ("-gen-typedef-defs", "NumericTypes.cpp.inc"),
    ("-gen-op-decls", "NumericOps.h.inc"),
    ("-gen-op-defs", "NumericOps.cpp.inc"),
    ("-gen-dialect-doc", "numeric.md"),
];

const SOURCES: [&str; 10] = [
    "Canonicalize.cpp",
    "Constants.cpp",
    "FoldArithmetic.cpp",
    "FoldArrays.cpp",
    "FoldConversion.cpp",
    "NumericDialect.cpp",
    "NumericKernels.cpp",
    "NumericOps.cpp",
    "NumericRegions.cpp",
    "Scalar.cpp",
];

/// The plugin's file name, in the folder of the profile (target/release).
const PLUGIN: &str = "libnumeric_dialect_plugin.so";

fn main() -> Result<(), Box<dyn Error>> {
    for folder in ["include", "cpp"] {
        println!("cargo::rerun-if-changed={folder}");
    }
    println!("cargo::rerun-if-env-changed=MLIR_SYS_220_PREFIX");
    let prefix = PathBuf::from(env::var("MLIR_SYS_220_PREFIX").unwrap_or("/usr/lib/llvm-22".into()));
    let out = PathBuf::from(env::var("OUT_DIR")?);

    for (generator, file) in GENERATED {
        generate(&prefix, generator, &out.join(file))?;
    }

    let objects = compiler(&prefix, &out)
        .files(SOURCES.map(|source| Path::new("cpp").join(source)))
        .try_compile_intermediates()?;
    cc::Build::new().cpp(true).objects(&objects).try_compile("numeric_dialect")?;

    let plugin = compiler(&prefix, &out).file("cpp/NumericPlugin.cpp").try_compile_intermediates()?;
    // OUT_DIR is target/<profile>/build/<package>/out.
    let profile = out.ancestors().nth(3).ok_or("OUT_DIR is not where Cargo puts it")?;
    let library = profile.join(PLUGIN);
    link_plugin(&library, objects.iter().chain(&plugin))?;
    println!("cargo::rustc-env=NUMIR_NUMERIC_PLUGIN={}", library.display());
    Ok(())
}

/// Links the plugin. MLIR's symbols stay open: mlir-opt brings them.
fn link_plugin<'a>(library: &Path, objects: impl Iterator<Item = &'a PathBuf>) -> Result<(), Box<dyn Error>> {
    let mut linker = cc::Build::new().cpp(true).get_compiler().to_command();
    let status = linker.arg("-shared").args(objects).arg("-o").arg(library).status()?;
    if status.success() { Ok(()) } else { Err(format!("cannot link {}: {status}", library.display()).into()) }
}

/// Runs one generator of mlir-tblgen over the dialect.
fn generate(prefix: &Path, generator: &str, file: &Path) -> Result<(), Box<dyn Error>> {
    let tool = prefix.join("bin/mlir-tblgen");
    let status = Command::new(&tool)
        .args([generator, "-dialect=numeric", "include/NumericOps.td", "-I", "include", "-I"])
        .arg(prefix.join("include"))
        .arg("-o")
        .arg(file)
        .status()
        .map_err(|error| format!("cannot run {}: {error}", tool.display()))?;
    if status.success() { Ok(()) } else { Err(format!("{} {generator}: {status}", tool.display()).into()) }
}

/// A compiler set up as Debian's LLVM was built: C++17 with RTTI and without exceptions.
fn compiler(prefix: &Path, out: &Path) -> cc::Build {
    let mut build = cc::Build::new();
    build
        .cpp(true)
        .std("c++17")
        .opt_level(2)
        .debug(false)
        .include("cpp")
        // Generated code and MLIR's headers warn in ways that are not ours to mend.
        .flag("-isystem")
        .flag(out)
        .flag("-isystem")
        .flag(prefix.join("include"))
        .flag("-fno-exceptions")
        .flag("-fno-semantic-interposition")
        .define("NDEBUG", None);
    build
}
