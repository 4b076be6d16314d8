//! What README.md shows is true.

use crate::arrays::npy;
use crate::support::Folder;
use std::path::Path;

/// The text between two marks in README.md.
fn between(text: &str, start: &str, end: &str) -> String {
    let (_, rest) = text.split_once(start).expect("README.md has the mark");
    rest.split_once(end).expect("README.md has the other mark").0.to_owned()
}

fn readme() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    std::fs::read_to_string(root.join("README.md")).expect("README.md")
}

/// The lines of a text without their indentation.
fn lines(text: &str) -> Vec<&str> {
    text.trim_end().lines().map(str::trim).collect()
}

#[test]
fn the_first_program_runs_and_every_layer_of_it_can_be_read() {
    let readme = readme();
    let folder = Folder::with_program("");
    folder.write("first.py", between(&readme, "```python\n", "```"));
    let points = [0.0_f64, 0.0, 3.0, 4.0, 3.0, 0.0].map(f64::to_le_bytes).concat();
    let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 2), }";
    folder.write("points.npy", npy(1, header, &points));
    let outcome = folder.numir(&["run", "first.py", "distance", "points.npy"]);
    assert_eq!((outcome.out.as_str(), outcome.err.as_str()), ("4.0\n", ""));
    let commands = readme.lines().filter_map(|line| line.strip_prefix("    numir "));
    for command in commands.filter(|line| !line.starts_with("run")) {
        let arguments: Vec<_> = command.split_whitespace().take_while(|word| *word != "#").collect();
        let outcome = folder.numir(&arguments);
        assert_eq!((outcome.code, outcome.err.as_str()), (Some(0), ""), "{command}");
    }
    assert!(folder.names().contains(&"out".to_owned()));
}

#[test]
fn the_layer_that_is_shown_is_what_comes_out() {
    let readme = readme();
    let program = between(&readme, "Of\n\n```python\n", "```");
    let shown = between(&readme, "```mlir\n", "```");
    let folder = Folder::with_program(&format!("from numir import njit\n\n\n{program}"));
    let outcome = folder.numir(&["compile", "p.py:scale", "--emit", "numeric"]);
    assert_eq!(lines(&outcome.out), lines(&format!("module {{\n{shown}}}\n")));
}

#[test]
fn the_error_that_is_shown_is_what_is_said() {
    let shown = between(&readme(), "errors are Python's:\n\n", "\n\n##");
    let folder = Folder::with_program("");
    folder.write(
        "smooth.py",
        "import numpy as np\nfrom numir import njit\n\n@njit\ndef smooth(n: int):\n    a = b = np.zeros(n)\n    for i in range(n):\n        b[i] = (a[i] + a[i + 1]) / 2\n",
    );
    let outcome = folder.numir(&["run", "smooth.py", "smooth", "5"]);
    assert_eq!(lines(&outcome.err), lines(&shown));
}
