//! Machine code of a GPU: NVIDIA's ptxas makes it of PTX, where it is installed.

use crate::failure::Failure;
use numir::Target;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::process::Command;

/// Names the program, where it is not found otherwise.
const VARIABLE: &str = "NUMIR_PTXAS";

/// The machine code of kernels for the architecture of a target.
///
/// # Errors
/// That the target is no GPU, that there is no ptxas, or what that says.
pub fn of_ptx(ptx: &[u8], target: &Target) -> Result<Vec<u8>, Failure> {
    let Some(architecture) = target.name().strip_prefix("cuda:") else {
        return Err(
            Failure::usage("machine code of a GPU is made for a GPU").with_help("for example: --target cuda:sm_90")
        );
    };
    let folder = tempfile::tempdir().map_err(|error| Failure::writing(&std::env::temp_dir(), &error))?;
    let [from, to] = ["kernels.ptx", "kernels.cubin"].map(|name| folder.path().join(name));
    std::fs::write(&from, ptx).map_err(|error| Failure::writing(&from, &error))?;
    for program in places() {
        let run = Command::new(&program).arg(format!("-arch={architecture}")).arg("-o").args([&to, &from]).output();
        match run {
            Ok(done) if done.status.success() => {
                return std::fs::read(&to).map_err(|error| Failure::reading(&to, &error));
            }
            Ok(done) => {
                let said = String::from_utf8_lossy(&done.stderr);
                return Err(Failure::plain(format!("{}: {}", program.display(), said.trim())));
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(Failure::reading(&program, &error)),
        }
    }
    Err(Failure::plain("there is no ptxas, which makes machine code of PTX").with_help(format!(
        "install it by `pip install nvidia-cuda-nvcc` and name it by {VARIABLE}, or a CUDA toolkit; --emit ptx needs none"
    )))
}

/// Where to look, in this order.
fn places() -> impl Iterator<Item = PathBuf> {
    let named = std::env::var_os(VARIABLE).map(PathBuf::from);
    let toolkits = ["CUDA_HOME", "CUDA_PATH"].into_iter().filter_map(std::env::var_os);
    let toolkits = toolkits.map(PathBuf::from).chain([PathBuf::from("/usr/local/cuda")]);
    named.into_iter().chain([PathBuf::from("ptxas")]).chain(toolkits.map(|toolkit| toolkit.join("bin/ptxas")))
}
