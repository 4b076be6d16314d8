//! Outputs come into being whole or not at all.

use crate::support::{Folder, Outcome};
use std::process::Command;

const SAME: &str = "def same(x):\n    return x\n";
const BIG: &str = "import numpy as np\ndef big():\n    return np.zeros((1000, 1000))\n";

#[test]
fn an_unknown_format_is_a_wrong_command_line() {
    let folder = Folder::with_program(SAME);
    let outcome = folder.numir(&["run", "p.py", "same", "1", "-o", "x.txt"]);
    assert_eq!(outcome.code, Some(2));
    assert!(outcome.err.contains("ends in .npy, .npz or .png"), "{}", outcome.err);
    assert!(folder.refused(&["same", "1", "-o", "none/x.npy"]).contains("there is no folder none"));
    assert_eq!(folder.names(), ["p.py"]);
}

#[test]
fn what_cannot_be_saved_leaves_the_old_file() {
    let folder = Folder::with_program("def f():\n    return None\n");
    folder.write("x.npy", "old");
    assert!(folder.refused(&["f", "-o", "x.npy"]).contains("returned NoneType, which x.npy cannot hold"));
    assert_eq!(folder.read("x.npy"), b"old");
    assert_eq!(folder.names(), ["p.py", "x.npy"]);
}

/// A limit on the size of files stands for a full disk.
#[test]
fn a_full_disk_leaves_nothing() {
    let folder = Folder::with_program(BIG);
    for name in ["x.npy", "x.npz"] {
        let numir = env!("CARGO_BIN_EXE_numir");
        let script = format!("ulimit -f 100; exec {numir} run p.py big -o {name}");
        let output = Command::new("sh").args(["-c", &script]).current_dir(folder.path()).output().expect("a shell");
        let outcome = Outcome::of(output);
        assert_eq!(outcome.code, Some(1), "{}", outcome.err);
        assert_eq!(outcome.err, format!("error: cannot write {name}: File too large\n"));
        assert_eq!(folder.names(), ["p.py"]);
    }
}

#[test]
fn devices_and_links_are_written_through() {
    let folder = Folder::with_program(SAME);
    std::os::unix::fs::symlink("/dev/full", folder.file("full.npy")).expect("a link");
    assert!(folder.refused(&["same", "[1]", "-o", "full.npy"]).contains("No space left on device"));
    folder.write("real.npy", "");
    std::os::unix::fs::symlink("real.npy", folder.file("link.npy")).expect("a link");
    folder.run(&["same", "[1]", "-o", "link.npy"]);
    assert!(folder.file("link.npy").is_symlink());
    assert!(folder.read("real.npy").starts_with(b"\x93NUMPY"));
}

#[test]
fn files_have_the_usual_permissions() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::with_program(SAME);
    folder.run(&["same", "[1]", "-o", "x.npy"]);
    let mode = |name: &str| std::fs::metadata(folder.file(name)).expect("a file").permissions().mode() & 0o777;
    assert_eq!(mode("x.npy"), mode("p.py"));
}
