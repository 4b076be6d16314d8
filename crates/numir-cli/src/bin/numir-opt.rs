//! `numir-opt`: MLIR's driver that knows our dialect, our passes and our pipelines by name.

use numir_passes as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    match numir_pipeline::opt_main(std::env::args_os(), &[numir_numeric::handle]) {
        Ok(status) => ExitCode::from(u8::try_from(status).unwrap_or(1)),
        Err(error) => {
            eprintln!("numir-opt: {error}");
            ExitCode::FAILURE
        }
    }
}
