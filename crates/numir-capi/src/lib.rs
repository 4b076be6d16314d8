//! The compiler as a shared library with a C interface: `libnumir.so`. A process that calls compiled code opens it when it
//! first has something to compile, and may never do.
//!
//! Messages are bytes, encoded and decoded by `numir_interface::wire` on both sides. Who opens the library compares
//! [`numir_version`] with its own `wire::VERSION` first.
#![deny(missing_docs)]

mod glibc;
mod left_out;

use numir::c::{Ask, Compile, Version, Write, keep};
use numir::wire::{self, Answer, Asked, Failure, Question, Reply, Request};
use std::ffi::{c_char, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};

// What others call is as the interface says.
const _: (Version, Compile) = (numir_version, numir_compile);

/// The version of the messages that this library understands, `wire::VERSION`.
#[unsafe(no_mangle)]
pub extern "C" fn numir_version() -> *const c_char {
    wire::VERSION_TEXT.as_ptr()
}

/// Compiles: reads a `wire::Request` of `length` bytes, asks with `ask` for what the program is made of, and calls `write` with
/// `sink` and a `wire::Reply`, once. Returns 0; 1 where the request was not one, which the reply says too.
///
/// May be called on any thread, and on several at a time: they take turns. No lock of the compiler is held while `ask`
/// runs.
///
/// # Safety
/// `request` points to `length` readable bytes. `ask` and `write` are as their types say.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn numir_compile(
    request: *const u8,
    length: usize,
    ask: Ask,
    context: *mut c_void,
    sink: *mut c_void,
    write: Write,
) -> i32 {
    // SAFETY: the caller's promise.
    let bytes = unsafe { std::slice::from_raw_parts(request, length) };
    let (status, reply) = match wire::decode::<Request>(bytes) {
        Some(request) => {
            let environment = Foreign { ask, context };
            let work = AssertUnwindSafe(|| numir::answer(&request, &environment));
            (0, catch_unwind(work).unwrap_or_else(|_| failed("numir failed while it was asking")))
        }
        None => (1, failed("the request is not one of this version of numir")),
    };
    let reply = wire::encode(&reply);
    // SAFETY: the reply is readable during the call.
    unsafe { write(sink, reply.as_ptr(), reply.len()) };
    status
}

fn failed(message: &str) -> Reply {
    Reply::Failed(Failure {
        kind: "InternalError".to_owned(),
        message: message.to_owned(),
        rendered: format!("error: {message}\n"),
        place: None,
    })
}

/// An environment behind a C function.
struct Foreign {
    ask: Ask,
    context: *mut c_void,
}

impl Asked for Foreign {
    fn ask(&self, question: Question) -> Option<Answer> {
        let question = wire::encode(&question);
        let mut answer: Vec<u8> = Vec::new();
        // SAFETY: the question is readable and the vector alive during the call, which is on the thread of `numir_compile`.
        unsafe { (self.ask)(self.context, question.as_ptr(), question.len(), (&raw mut answer).cast(), keep) };
        wire::decode(&answer)
    }
}
