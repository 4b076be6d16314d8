//! A folder of its own for each test, and the command in it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// A folder that goes with the test.
pub struct Folder(TempDir);

/// What a command left.
pub struct Outcome {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Folder {
    /// A folder with one program, `p.py`.
    pub fn with_program(program: &str) -> Self {
        let folder = Self(tempfile::tempdir().expect("a folder for temporary files"));
        folder.write("p.py", program);
        folder
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        std::fs::write(self.file(name), content).expect("a file in the test's folder");
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.file(name)).expect("the file is there")
    }

    /// The names of all files, sorted.
    pub fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.path()).expect("the test's folder");
        let name = |entry: std::io::Result<std::fs::DirEntry>| entry.expect("an entry").file_name();
        let mut names: Vec<_> = entries.map(|entry| name(entry).to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// The command, to be run in the folder.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_numir"));
        command.args(arguments).current_dir(self.path()).env("NO_COLOR", "1").env("TMPDIR", self.path());
        command
    }

    /// Runs the command.
    pub fn numir(&self, arguments: &[&str]) -> Outcome {
        Outcome::of(self.command(arguments).output().expect("the command starts"))
    }

    /// `numir run p.py` with these arguments; what it printed, if it succeeded without a word on standard error.
    #[track_caller]
    pub fn run(&self, arguments: &[&str]) -> String {
        let outcome = self.numir(&[&["run", "p.py"], arguments].concat());
        assert_eq!((outcome.code, outcome.err.as_str()), (Some(0), ""), "{arguments:?}: {}", outcome.out);
        outcome.out
    }

    /// `numir run p.py` with these arguments; what it said, if it failed as it should.
    #[track_caller]
    pub fn refused(&self, arguments: &[&str]) -> String {
        self.fails(&[&["run", "p.py"], arguments].concat())
    }

    /// What the command said, if it failed with exit code 1, without a result, in words.
    #[track_caller]
    pub fn fails(&self, arguments: &[&str]) -> String {
        let outcome = self.numir(arguments);
        assert_eq!(outcome.code, Some(1), "{arguments:?}: {}{}", outcome.out, outcome.err);
        outcome.assert_readable();
        outcome.err
    }
}

impl Outcome {
    pub fn of(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the command writes UTF-8");
        Self { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// An error is said, and it blames the user's input, not numir.
    #[track_caller]
    pub fn assert_readable(&self) {
        assert!(!self.err.trim().is_empty(), "an error without a word");
        for word in ["panicked", "bug in numir", "RUST_BACKTRACE", "LLVM ERROR"] {
            assert!(!self.err.contains(word), "{}", self.err);
        }
    }
}
