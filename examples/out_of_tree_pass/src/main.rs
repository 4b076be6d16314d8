//! `my-opt`: numir's driver with a pass of one's own. To link a pass is to register it.

mod subtract_negations;

use numir_passes as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    match numir_pipeline::opt_main(std::env::args_os(), &[numir_numeric::handle]) {
        Ok(status) => ExitCode::from(u8::try_from(status).unwrap_or(1)),
        Err(error) => {
            eprintln!("my-opt: {error}");
            ExitCode::FAILURE
        }
    }
}
