//! Foreign modules are compiled in a child process: MLIR and LLVM can be brought down by their input, in ways that no code
//! of ours can catch. The child has limits on stack, time and memory; its death is one readable error with a reproducer.

use crate::failure::{Failure, words};
use std::fs;
use std::io::{self, Read};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// The child's exit code where it has said itself, in words for the user, what is wrong.
pub const REFUSED: i32 = 3;

/// A limit: the variable that changes it, and its default.
struct Limit {
    variable: &'static str,
    default: u64,
}

/// Seconds of wall time.
const SECONDS: Limit = Limit { variable: "NUMIR_TIME_LIMIT", default: 60 };
/// Address space in MiB.
const MEBIBYTES: Limit = Limit { variable: "NUMIR_MEMORY_LIMIT", default: 4096 };

impl Limit {
    fn value(&self) -> Result<u64, Failure> {
        match std::env::var(self.variable) {
            Err(_) => Ok(self.default),
            Ok(text) => text
                .parse()
                .ok()
                .filter(|value| *value > 0)
                .ok_or_else(|| Failure::usage(format!("{} must be a number above 0, not `{text}`", self.variable))),
        }
    }
}

/// Runs this very command line in a child; what it wrote to standard output.
pub fn compile(file: &Path) -> Result<Vec<u8>, Failure> {
    let (seconds, mebibytes) = (SECONDS.value()?, MEBIBYTES.value()?);
    // The child would say so too, but a missing file is no work for it.
    fs::File::open(file).map_err(|error| Failure::reading(file, &error))?;
    let child =
        spawn(mebibytes).map_err(|error| Failure::plain(format!("cannot start a process: {}", words(&error))))?;
    let end = wait(child, Duration::from_secs(seconds));
    if end.timed_out {
        return Err(died(file, &format!("it took longer than {seconds} s (NUMIR_TIME_LIMIT)")));
    }
    match (end.status.code(), end.status.signal()) {
        (Some(0), _) => {
            eprint!("{}", String::from_utf8_lossy(&end.errors));
            Ok(end.output)
        }
        (Some(REFUSED | 2), _) => Err(Failure::Rendered(String::from_utf8_lossy(&end.errors).into_owned())),
        (code, signal) => Err(died(file, &cause(code, signal, &String::from_utf8_lossy(&end.errors), mebibytes))),
    }
}

fn spawn(mebibytes: u64) -> io::Result<Child> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(std::env::args_os().skip(1)).arg("--child");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let limits = [(libc::RLIMIT_AS, mebibytes << 20), (libc::RLIMIT_CORE, 0)];
    let limit = move || {
        for (resource, value) in limits {
            let limit = libc::rlimit { rlim_cur: value, rlim_max: value };
            // SAFETY: the structure is read during the call. A limit below an inherited one can always be set; another is
            // left as it is.
            unsafe { libc::setrlimit(resource, &raw const limit) };
        }
        // SAFETY: takes numbers only. The child shall not go on where this process is ended.
        unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) };
        Ok(())
    };
    // SAFETY: between fork and exec the closure makes system calls only and allocates nothing.
    unsafe { command.pre_exec(limit) };
    command.spawn()
}

struct End {
    status: ExitStatus,
    output: Vec<u8>,
    errors: Vec<u8>,
    timed_out: bool,
}

/// Reads both streams to their ends while time is left; then the child is over, or is ended.
fn wait(mut child: Child, limit: Duration) -> End {
    let deadline = Instant::now() + limit;
    let output = child.stdout.take().map(read_aside);
    let errors = child.stderr.take().map(read_aside);
    let mut timed_out = false;
    let mut finish = |stream: Option<mpsc::Receiver<Vec<u8>>>, child: &mut Child| {
        let Some(stream) = stream else { return Vec::new() };
        let left = deadline.saturating_duration_since(Instant::now());
        stream.recv_timeout(left).unwrap_or_else(|_| {
            timed_out = true;
            // Fails only if the child is over by itself.
            let _ = child.kill();
            stream.recv().unwrap_or_default()
        })
    };
    let output = finish(output, &mut child);
    let errors = finish(errors, &mut child);
    let status = child.wait().unwrap_or_else(|_| ExitStatus::from_raw(1 << 8));
    End { status, output, errors, timed_out }
}

fn read_aside(mut stream: impl Read + Send + 'static) -> mpsc::Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        // What could be read until the stream broke is all there is.
        let _ = stream.read_to_end(&mut bytes);
        let _ = sender.send(bytes);
    });
    receiver
}

/// Why the child died, as far as it can be told.
fn cause(code: Option<i32>, signal: Option<i32>, errors: &str, mebibytes: u64) -> String {
    let said = errors.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let memory = ["bad_alloc", "out of memory", "memory allocation of", "Cannot allocate memory", "no stack of"];
    if memory.iter().any(|words| errors.contains(words)) {
        return format!("it needed more than {mebibytes} MiB of memory (NUMIR_MEMORY_LIMIT)");
    }
    let how = match (code, signal) {
        (_, Some(libc::SIGSEGV | libc::SIGBUS)) => "it crashed, or its stack overflowed".to_owned(),
        (_, Some(libc::SIGABRT)) => "it gave up".to_owned(),
        (_, Some(signal)) => format!("it was ended by signal {signal}"),
        (code, None) => format!("it ended with status {}", code.unwrap_or_default()),
    };
    if said.is_empty() { how } else { format!("{how}: {}", said.chars().take(200).collect::<String>()) }
}

/// The error for a child that died, with the input kept where the user finds it.
fn died(file: &Path, why: &str) -> Failure {
    let failure = Failure::plain(format!("the compiler could not cope with {}: {why}", file.display()));
    match keep(file) {
        Ok(kept) => failure.with_help(format!("please report it with the reproducer {}", kept.display())),
        Err(_) => failure.with_help("please report it with the file"),
    }
}

/// Copies the input with the command line above it, as comments, into the folder for temporary files.
fn keep(file: &Path) -> io::Result<PathBuf> {
    let mut content = Vec::new();
    if file.extension().is_some_and(|ending| ending == "mlir") {
        let command: Vec<_> = std::env::args_os().map(|argument| argument.to_string_lossy().into_owned()).collect();
        content.extend_from_slice(format!("// {}\n", command.join(" ").replace('\n', " ")).as_bytes());
    }
    content.extend_from_slice(&fs::read(file)?);
    let ending = file.extension().unwrap_or_default().to_string_lossy();
    let path = std::env::temp_dir().join(format!("numir-reproducer-{}.{ending}", std::process::id()));
    fs::write(&path, content)?;
    Ok(path)
}
