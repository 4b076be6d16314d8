//! The command `numir`: runs Python functions on real data, compiles them to any stage, and shows how.

mod arguments;
mod batch;
mod build;
mod child;
mod colormap;
mod compile;
mod cubin;
mod failure;
mod input;
mod literal;
mod names;
mod npz;
mod numbers;
mod output;
mod picture;
mod pipeline;
mod render;
mod run;
mod show;
mod time;

use arguments::{Arguments, Command};
use clap::Parser;
use failure::Failure;
use std::process::ExitCode;

/// Address space for the stack of the thread that does the work, so that deeply nested programs compile and deep recursion
/// goes far before it ends in RecursionError. Memory is used only as far as the stack grows.
const STACK_BYTES: usize = 256 << 20;

/// Address space that the heap of that thread has at once. Memory is used only as far as it is written to.
const HEAP_BYTES: usize = 16 << 20;

fn main() -> ExitCode {
    output::handle_signals();
    install_panic_hook();
    let work = || {
        make_room();
        work(Arguments::parse_from(arguments::shielded(std::env::args_os())))
    };
    match std::thread::Builder::new().name("numir".to_owned()).stack_size(STACK_BYTES).spawn(work) {
        // The hook has said what there is to say about a panic. Nothing is torn down, not even what LLVM would, whose options
        // take a millisecond: the process ends.
        Ok(thread) => {
            let status = thread.join().unwrap_or(1);
            // SAFETY: what was to be written has been flushed, and nobody waits for the end of the process but its parent.
            unsafe { libc::_exit(status) }
        }
        Err(error) => {
            eprintln!("error: no stack of {} MiB for the compiler: {error}", STACK_BYTES >> 20);
            ExitCode::FAILURE
        }
    }
}

/// Gives the heap of the thread that compiles room to begin with. glibc grows the heap of a thread other than the main one by a
/// page at a time, each with a call of the system: 540 for a sieve of twenty lines, a millisecond.
fn make_room() {
    let touch = |bytes: usize| {
        // SAFETY: a block of any size may be asked for, and is given back, unread.
        unsafe { libc::free(std::hint::black_box(libc::malloc(bytes))) }
    };
    // A large block comes from the system. That it is freed tells glibc to serve smaller ones from the heap, which the second
    // makes grow.
    touch(HEAP_BYTES + (1 << 20));
    touch(HEAP_BYTES);
}

fn work(arguments: Arguments) -> i32 {
    let in_child = matches!(&arguments.command, Command::Compile(compile) if compile.child);
    let outcome = match arguments.command {
        Command::Run(run) => run::run(run),
        Command::Compile(compile) => compile::compile(&compile),
        Command::Build(arguments) => build::build(&arguments),
        Command::Pipeline(pipeline) => pipeline::pipeline(&pipeline),
        Command::Names(names) => names::names(&names),
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
