//! The command `numir`: runs Python functions on real data, compiles them to any stage, and shows how.

mod arguments;
mod batch;
mod child;
mod colormap;
mod compile;
mod failure;
mod input;
mod literal;
mod npy;
mod npz;
mod numbers;
mod output;
mod picture;
mod pipeline;
mod render;
mod run;
mod show;
mod time;
mod traceback;
mod types;

use arguments::{Arguments, Command};
use clap::Parser;
use failure::Failure;
use std::process::ExitCode;

/// Address space for the stack of the thread that does the work, so that deeply nested programs compile and deep recursion
/// goes far before it ends in RecursionError. Memory is used only as far as the stack grows.
const STACK_BYTES: usize = 256 << 20;

fn main() -> ExitCode {
    output::handle_signals();
    install_panic_hook();
    let work = || work(Arguments::parse_from(arguments::shielded(std::env::args_os())));
    match std::thread::Builder::new().name("numir".to_owned()).stack_size(STACK_BYTES).spawn(work) {
        // The hook has said what there is to say about a panic. Nothing is torn down: the process ends.
        Ok(thread) => std::process::exit(thread.join().unwrap_or(1)),
        Err(error) => {
            eprintln!("error: no stack of {} MiB for the compiler: {error}", STACK_BYTES >> 20);
            ExitCode::FAILURE
        }
    }
}

fn work(arguments: Arguments) -> i32 {
    let in_child = matches!(&arguments.command, Command::Compile(compile) if compile.child);
    let outcome = match arguments.command {
        Command::Run(run) => run::run(run),
        Command::Compile(compile) => compile::compile(&compile),
        Command::Pipeline(pipeline) => pipeline::pipeline(&pipeline),
        Command::Time(time) => time::time(&time),
        Command::TestBatch(batch) => batch::test_batch(&batch),
    };
    match outcome.and_then(|()| output::print("").map_err(Failure::output)) {
        Ok(()) => 0,
        Err(failure) => {
            // What the program printed stands before what is wrong with it.
            let _ = output::print("");
            eprint!("{}", render::failure(&failure));
            if in_child { child::REFUSED } else { failure.exit_code() }
        }
    }
}

/// Replaces Rust's message about a panic by one that says whom to tell.
fn install_panic_hook() {
    std::panic::set_hook(Box::new(|info| {
        let payload = info.payload();
        let message = payload.downcast_ref::<String>().map(String::as_str);
        let message =
            message.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("a panic without a message");
        let place = info.location().map_or_else(String::new, |place| format!(" ({}:{})", place.file(), place.line()));
        eprintln!("error: numir failed: {message}{place}; this is a bug in numir: please report it with the program");
    }));
}
