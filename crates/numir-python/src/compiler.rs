//! The compiler's library: opened at the first compilation, asked with bytes, answering with bytes; in between it asks back what
//! the names of the live program stand for.

use crate::environment::Live;
use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW};
use numir_interface::c::{Compile, Version, Write, keep};
use numir_interface::wire::{Answer, Failure, Question, Reply, Request, VERSION, decode, encode};
use pyo3::exceptions::{PyImportError, PySystemError};
use pyo3::prelude::*;
use std::cell::RefCell;
use std::ffi::{CStr, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::OnceLock;

/// The opened library, never closed.
struct Compiler {
    compile: Compile,
    _library: Library,
}

impl Compiler {
    fn open(path: &PathBuf) -> Result<Self, String> {
        let failed = |error: libloading::Error| format!("numir's compiler cannot be opened: {error}");
        // SAFETY: the library's initialisers are LLVM's and set up tables; what is called has the signatures below, which the
        // version vouches for.
        unsafe {
            let library = Library::open(Some(path), RTLD_NOW | RTLD_LOCAL).map_err(failed)?;
            let version = *library.get::<Version>(b"numir_version\0").map_err(failed)?;
            let version = CStr::from_ptr(version()).to_string_lossy().into_owned();
            if version != VERSION {
                return Err(format!("numir's compiler in {} is of version {version}, not {VERSION}", path.display()));
            }
            let compile = *library.get::<Compile>(b"numir_compile\0").map_err(failed)?;
            Ok(Self { compile, _library: library })
        }
    }
}

static COMPILER: OnceLock<Result<Compiler, String>> = OnceLock::new();

/// An address in the opened library; None where it is not open.
pub(crate) fn opened() -> Option<*const c_void> {
    COMPILER.get()?.as_ref().ok().map(|compiler| compiler.compile as *const c_void)
}

/// Where the library is: beside the package, or where NUMIR_LIBRARY says.
pub(crate) fn path(py: Python<'_>) -> PyResult<PathBuf> {
    if let Some(path) = std::env::var_os("NUMIR_LIBRARY") {
        return Ok(path.into());
    }
    let file: PathBuf = py.import("numir._numir")?.getattr("__file__")?.extract()?;
    Ok(file.with_file_name("libnumir.so"))
}

/// The program that is compiled, and an exception that came up while it was asked.
struct Session<'l> {
    live: RefCell<&'l mut Live>,
    raised: RefCell<Option<PyErr>>,
}

/// Compiles; the interpreter is left to others meanwhile.
///
/// # Errors
/// What went wrong in Python while the program was asked; the library that cannot be opened.
pub(crate) fn compile(py: Python<'_>, request: &Request, live: &mut Live) -> PyResult<Reply> {
    let path = path(py)?;
    let request = encode(request);
    let session = Session { live: RefCell::new(live), raised: RefCell::new(None) };
    let context = (&raw const session).expose_provenance();
    let answer = py.detach(|| {
        let compiler = COMPILER.get_or_init(|| Compiler::open(&path)).as_ref()?;
        let mut reply: Vec<u8> = Vec::new();
        let context = std::ptr::with_exposed_provenance_mut(context);
        // SAFETY: request and session live during the call, which calls back on this thread alone; `keep` fills `reply`.
        unsafe {
            (compiler.compile)(request.as_ptr(), request.len(), ask, context, (&raw mut reply).cast(), keep);
        }
        Ok::<_, &String>(reply)
    });
    let bytes = answer.map_err(|message| PyImportError::new_err(message.clone()))?;
    if let Some(error) = session.raised.into_inner() {
        return Err(error);
    }
    Ok(decode(&bytes).unwrap_or_else(|| {
        Reply::Failed(Failure {
            kind: "InternalError".to_owned(),
            message: "the compiler gave no answer".to_owned(),
            rendered: "the compiler gave no answer".to_owned(),
            place: None,
        })
    }))
}

unsafe extern "C" fn ask(context: *mut c_void, question: *const u8, length: usize, sink: *mut c_void, write: Write) {
    // SAFETY: `context` is the session of the compilation that runs on this thread.
    let (session, question) =
        unsafe { (&*context.cast::<Session<'_>>(), std::slice::from_raw_parts(question, length)) };
    let work = || decode(question).map_or(Answer::Object(None), |question| answer(session, &question));
    // Whatever the session was at, the compilation ends with the error that is noted.
    let answer = catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        let error = PySystemError::new_err("numir failed while it looked at the program");
        if let Ok(mut raised) = session.raised.try_borrow_mut() {
            raised.get_or_insert(error);
        }
        Answer::Object(None)
    });
    let bytes = encode(&answer);
    // SAFETY: the compiler's own function with its own sink.
    unsafe { write(sink, bytes.as_ptr(), bytes.len()) };
}

fn answer(session: &Session<'_>, question: &Question) -> Answer {
    Python::attach(|py| {
        let mut live = session.live.borrow_mut();
        let mut note = |error: PyErr| {
            session.raised.borrow_mut().get_or_insert(error);
        };
        match question {
            Question::Function(number) => {
                Answer::Function(live.function(py, *number).map_err(&mut note).ok().flatten())
            }
            Question::File(number) => Answer::File(live.file(py, *number).map_err(&mut note).ok().flatten()),
            Question::Name(function, name) => {
                Answer::Object(live.name(py, *function, name).map_err(&mut note).ok().flatten())
            }
            Question::Argument(number) => Answer::Object(live.argument(py, *number).map_err(&mut note).ok().flatten()),
            Question::Attribute(object, name) => {
                Answer::Object(live.attribute(py, *object, name).map_err(&mut note).ok().flatten())
            }
            Question::Overload(object, positional, keywords) => {
                Answer::Object(live.overload(py, *object, positional, keywords).map_err(&mut note).ok().flatten())
            }
            Question::Member(of, name) => Answer::Object(live.member(py, of, name).map_err(&mut note).ok().flatten()),
            Question::HostNames(function, place) => {
                let names = live.host_names(py, *function, *place).map_err(&mut note);
                Answer::HostNames(names.unwrap_or_else(|()| Err(String::new())))
            }
            Question::HostCode(function, place, inputs) => {
                let code = live.host_code(py, *function, *place, inputs).map_err(&mut note);
                Answer::HostCode(code.unwrap_or_else(|()| Err(String::new())))
            }
            Question::Names(function) => {
                Answer::Names(live.names(py, *function).map_err(&mut note).unwrap_or_default())
            }
        }
    })
}
