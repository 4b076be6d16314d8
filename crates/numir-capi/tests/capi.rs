//! The library as a process opens it: by its path, with a function that answers.

use numir::c::{Compile, Version, Write, keep};
use numir::live::{Environment, File, Function, Object, Settings};
use numir::wire::{self, Options, Question, Reply, Request, Wanted};
use numir::{Scalar, Type};
use std::ffi::{CStr, CString, c_void};
use std::path::PathBuf;

/// A program of one function.
struct One(&'static str);

impl Environment for One {
    fn function(&self, number: u32) -> Option<Function> {
        let name = "f".to_owned();
        (number == 0).then_some(Function {
            name,
            file: 0,
            line: 1,
            lambda: None,
            defaults: Vec::new(),
            settings: Settings::default(),
        })
    }

    fn file(&self, _: u32) -> Option<File> {
        Some(File { path: "one.py".to_owned(), text: self.0.to_owned() })
    }

    fn name(&self, _: u32, name: &str) -> Option<Object> {
        (name == "K").then_some(Object::Int(3))
    }

    fn attribute(&self, _: u32, _: &str) -> Option<Object> {
        None
    }
}

unsafe extern "C" fn ask(context: *mut c_void, question: *const u8, length: usize, sink: *mut c_void, write: Write) {
    // SAFETY: the context is the program of `reply`, the question is readable during the call.
    let (program, question) = unsafe { (&*context.cast::<One>(), std::slice::from_raw_parts(question, length)) };
    let question: Question = wire::decode(question).expect("a question");
    let answer = wire::encode(&question.answered_by(program));
    // SAFETY: the answer is readable during the call.
    unsafe { write(sink, answer.as_ptr(), answer.len()) };
}

/// The library lies beside the folder of the tests.
fn path() -> PathBuf {
    let test = std::env::current_exe().expect("a path");
    test.with_file_name("libnumir_capi.so")
}

fn symbol(name: &CStr) -> *mut c_void {
    let path = CString::new(path().to_string_lossy().as_bytes()).expect("no nul");
    // SAFETY: the library's constructors are LLVM's and Rust's own; the name ends in nul.
    unsafe {
        let library = libc::dlopen(path.as_ptr(), libc::RTLD_LOCAL | libc::RTLD_NOW);
        assert!(!library.is_null(), "{:?}", CStr::from_ptr(libc::dlerror()));
        let symbol = libc::dlsym(library, name.as_ptr());
        assert!(!symbol.is_null(), "{name:?}");
        symbol
    }
}

fn reply(program: &One, request: &[u8]) -> (i32, Reply) {
    // SAFETY: the symbol is the function of that type.
    let compile = unsafe { std::mem::transmute::<*mut c_void, Compile>(symbol(c"numir_compile")) };
    let mut reply: Vec<u8> = Vec::new();
    let context = std::ptr::from_ref(program).cast_mut().cast();
    // SAFETY: request, program and reply live during the call.
    let status = unsafe { compile(request.as_ptr(), request.len(), ask, context, (&raw mut reply).cast(), keep) };
    (status, wire::decode(&reply).expect("a reply"))
}

fn request() -> Vec<u8> {
    let options = Options {
        bounds_check: true,
        python_errors: true,
        interruptible: false,
        c_result: None,
        fast_math: String::new(),
        parallel: false,
        level: 3,
        target: "host".to_owned(),
    };
    let arguments = vec![Some(Type::Scalar(Scalar::Int))];
    wire::encode(&Request { function: 0, arguments, options, wanted: Wanted::Object })
}

#[test]
fn a_function_is_compiled_by_a_library_that_was_opened() {
    // SAFETY: the symbol is the function of that type.
    let version = unsafe { std::mem::transmute::<*mut c_void, Version>(symbol(c"numir_version")) };
    // SAFETY: the text is a static of the library, which is never closed.
    assert_eq!(unsafe { CStr::from_ptr(version()) }.to_str(), Ok(wire::VERSION));
    match reply(&One("def f(x):\n    return x + K\n"), &request()) {
        (0, Reply::Compiled(compiled)) => {
            assert_eq!(compiled.entry, "numir_entry_f");
            assert!(compiled.object.starts_with(b"\x7fELF"));
        }
        other => panic!("{other:?}"),
    }
    match reply(&One("def f(x):\n    return x + L\n"), &request()) {
        (0, Reply::Failed(failure)) => assert_eq!(failure.message, "name 'L' is not defined"),
        other => panic!("{other:?}"),
    }
    match reply(&One(""), b"no request") {
        (1, Reply::Failed(failure)) => assert_eq!(failure.kind, "InternalError"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn only_the_interface_is_visible() {
    let nm = std::process::Command::new("nm").args(["-D", "--defined-only"]).arg(path()).output().expect("nm runs");
    let text = String::from_utf8_lossy(&nm.stdout);
    let names: Vec<&str> = text.lines().filter_map(|line| line.split_whitespace().next_back()).collect();
    assert_eq!(names, ["numir_compile", "numir_version"]);
}
