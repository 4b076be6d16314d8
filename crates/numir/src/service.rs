//! The compiler as one function: a request about a live program in, a reply out, whatever happens in between.
//!
//! The work is done on a thread of its own, whose stack is as large as deeply nested programs need. The environment is asked on
//! the caller's thread, which waits, and only while the compile lock is free: who answers may have to wait for a lock of
//! its own, which another thread may hold that forks or compiles.

use crate::error::Error;
use crate::module::{Form, Module};
use crate::options::{CompileOptions, Target};
use crate::render;
use crate::stage::Stage;
use numir_frontend::{LiveProgram, Signature};
use numir_interface::live::Environment;
use numir_interface::wire::{Answer, Asked, Compiled, Failure, Options, Question, Reply, Request, Wanted};
use std::cell::RefCell;
use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;
use std::sync::mpsc::{Receiver, Sender, channel};

/// Address space for the stack of the thread that does the work. Memory is used only as far as the stack grows.
const STACK_BYTES: usize = 256 << 20;

/// What a request comes to. Never unwinds, whatever is wrong with the program or with numir.
pub fn answer(request: &Request, environment: &dyn Environment) -> Reply {
    let (to_caller, from_worker) = channel();
    let (to_worker, from_caller) = channel();
    std::thread::scope(move |scope| {
        let remote = Remote { questions: to_caller, answers: from_caller };
        let work = move || {
            let reply = guarded(|| compile(request, &remote));
            // The caller waits for it, unless it is unwinding.
            let _ = remote.questions.send(Message::Done(reply));
        };
        let worker = std::thread::Builder::new().name("numir".to_owned()).stack_size(STACK_BYTES);
        let worker = match worker.spawn_scoped(scope, work) {
            Ok(worker) => worker,
            Err(error) => return failed("MemoryError", format!("no thread for the compiler: {error}")),
        };
        let mut reply = None;
        for message in from_worker {
            match message {
                Message::Done(done) => {
                    reply = Some(done);
                    break;
                }
                Message::Ask(question) => {
                    if to_worker.send(question.answered_by(environment)).is_err() {
                        break;
                    }
                }
            }
        }
        // Also what the thread still does when its work is done: MLIR keeps things per thread, whose end takes locks. A fork at that
        // moment would leave them taken for ever in the child. A worker that still asks is told that nobody answers.
        drop(to_worker);
        let _ = worker.join();
        reply.unwrap_or_else(|| failed(INTERNAL, "the compiler's thread ended without a reply".to_owned()))
    })
}

/// The class of an error that is numir's own.
const INTERNAL: &str = "InternalError";

enum Message {
    Ask(Question),
    Done(Reply),
}

/// An environment that answers on another thread.
struct Remote {
    questions: Sender<Message>,
    answers: Receiver<Answer>,
}

impl Asked for Remote {
    fn ask(&self, question: Question) -> Option<Answer> {
        self.questions.send(Message::Ask(question)).ok()?;
        self.answers.recv().ok()
    }
}

fn failed(kind: &str, message: String) -> Reply {
    let rendered = render::headline(false, kind, &message, None);
    Reply::Failed(Failure { kind: kind.to_owned(), message, rendered, place: None })
}

thread_local! {
    /// Where the panic was that this thread is about to catch; None where it does not catch any.
    static PANICKED: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Runs `work`; what it panics with becomes a reply, and nothing is printed.
fn guarded(work: impl FnOnce() -> Reply) -> Reply {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let outer = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            let place = info.location().map_or_else(String::new, |place| format!("{}:{}", place.file(), place.line()));
            let caught = PANICKED.with_borrow_mut(|panicked| panicked.as_mut().map(|panicked| *panicked = place));
            if caught.is_none() {
                outer(info);
            }
        }));
    });
    PANICKED.set(Some(String::new()));
    let reply = catch_unwind(AssertUnwindSafe(work));
    let place = PANICKED.take().unwrap_or_default();
    reply.unwrap_or_else(|payload| {
        let text = payload.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("a panic without a message");
        failed(
            INTERNAL,
            format!("numir failed: {text} ({place}); this is a bug in numir: please report it with the program"),
        )
    })
}

fn compile(request: &Request, environment: &dyn Environment) -> Reply {
    let program = LiveProgram::new(environment);
    match try_compile(request, &program) {
        Ok(reply) => reply,
        Err(error) => Reply::Failed(failure(&program, &error)),
    }
}

fn options(options: &Options) -> Result<CompileOptions, Error> {
    let language = numir_frontend::Options {
        bounds_check: options.bounds_check,
        python_errors: options.python_errors,
        interruptible: options.interruptible,
        fast_math: options.fast_math.clone(),
        parallel: options.parallel,
        c_result: options.c_result.clone(),
        ..Default::default()
    };
    Ok(CompileOptions { language, level: options.level, target: Target::named(&options.target)? })
}

fn try_compile(request: &Request, program: &LiveProgram<'_>) -> Result<Reply, Error> {
    let options = options(&request.options)?;
    let module = || Module::from_live(program, request.function, &request.arguments, &options);
    match &request.wanted {
        Wanted::Object => object(module()?, &options).map(Reply::Compiled),
        Wanted::Text(form) => text(module()?, form, &options).map(Reply::Text),
        Wanted::Remarks => remarks(module()?, &options).map(Reply::Text),
        Wanted::Types => {
            let typed = program.specialize(request.function, &request.arguments, &options.language())?;
            let mut out = String::new();
            for (line, name, ty) in &typed.bindings {
                // Writing to a String cannot fail.
                let _ = writeln!(out, "{line}\t{name}\t{ty}");
            }
            Ok(Reply::Text(out))
        }
    }
}

fn object(mut module: Module, options: &CompileOptions) -> Result<Compiled, Error> {
    let object = module.generate(Form::Object, options)?;
    let phases = module.phases().steps().map(|(name, time)| (name.to_owned(), time.as_secs_f64())).collect();
    let may_take_long = module.may_take_long();
    let is_c = options.language.c_result.is_some();
    let Some(Signature { symbol, parameters, result, captured }) = module.signature().cloned() else {
        return Err(Error::bug("a compiled function has no signature"));
    };
    Ok(Compiled {
        object,
        entry: format!("numir_entry_{symbol}"),
        c_entry: is_c.then(|| format!("numir_c_{symbol}")),
        parameters,
        result,
        captured: captured.iter().map(|(number, _)| *number).collect(),
        may_take_long,
        phases,
    })
}

/// One remark per line: its pass, its kind, what it says, then line and file of its place and of the calls around it.
fn remarks(mut module: Module, options: &CompileOptions) -> Result<String, Error> {
    let mut out = String::new();
    for remark in module.remarks(options)? {
        // Writing to a String cannot fail.
        let _ = write!(out, "{}\t{}\t{}", remark.pass, remark.kind.name(), remark.text.replace(['\t', '\n'], " "));
        for place in &remark.places {
            let _ = write!(out, "\t{}\t{}", place.line, place.file);
        }
        out.push('\n');
    }
    Ok(out)
}

fn text(mut module: Module, form: &str, options: &CompileOptions) -> Result<String, Error> {
    let form = match form {
        "llvm-ir" => Form::LlvmIr,
        "asm" => Form::Assembly,
        "ptx" => Form::Ptx,
        stage => {
            let stage: Stage =
                stage.parse().map_err(|_| Error::Target(format!("there is no text of the form `{stage}`")))?;
            module.lower(stage, options)?;
            return Ok(module.text(false));
        }
    };
    let code = module.generate(form, options)?;
    Ok(String::from_utf8_lossy(&code).into_owned())
}

fn failure(program: &LiveProgram<'_>, error: &Error) -> Failure {
    let rendered = render::error(false, error);
    let (kind, message, place) = match error {
        Error::User(diagnostic) => {
            let place = diagnostic.labels.first().map(|label| {
                let (line, column) = label.span.position();
                let path = label.span.source.path.to_string_lossy().into_owned();
                let function = program.function_at(&label.span).unwrap_or_default().to_owned();
                (path, line as u32, column as u32, function)
            });
            (diagnostic.kind.name(), diagnostic.message.clone(), place)
        }
        // A pass has found what is wrong with the program.
        Error::Input(input) => {
            let place = input.place.as_ref();
            let place = place.map(|place| (place.file.clone(), place.line, place.column, String::new()));
            ("TypingError", input.message.clone(), place)
        }
        Error::Raised(raised) => (raised.kind.as_str(), raised.text().to_owned(), None),
        Error::Target(message) => ("ValueError", message.clone(), None),
        Error::Pass(message) => (INTERNAL, message.clone(), None),
        Error::Numir(bug) => (INTERNAL, format!("numir failed: {}", bug.message), None),
    };
    Failure { kind: kind.to_owned(), message, rendered, place }
}
