//! Follows the steps of docs/adding-a-pass.md: its code is this crate's, and what it says that commands print, they print.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn page() -> String {
    std::fs::read_to_string(root().join("docs/adding-a-pass.md")).expect("the page is there")
}

/// The block of the page that follows a line with this text.
#[track_caller]
fn block_after(page: &str, text: &str) -> String {
    let after = page.split_once(text).unwrap_or_else(|| panic!("the page does not say: {text}")).1;
    let start = after.split_once("```").expect("a block").1.split_once('\n').expect("lines").1;
    start.split_once("```").expect("the end of the block").0.to_owned()
}

/// What `my-opt` prints, to standard output and to standard error.
fn opt(arguments: &[&str], input: &str) -> (String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_my-opt"));
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the command starts");
    child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("it reads its input");
    let output = child.wait_with_output().expect("it ends");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    let (out, errors) = (text(output.stdout), text(output.stderr));
    assert!(output.status.success(), "{errors}");
    (out, errors)
}

#[test]
fn the_code_is_what_is_compiled() {
    let page = page();
    for file in ["src/subtract_negations.rs", "src/main.rs"] {
        let compiled = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).expect("the source");
        assert_eq!(block_after(&page, &format!("`examples/out_of_tree_pass/{file}`")), compiled, "{file}");
    }
}

#[test]
fn the_pass_does_what_the_page_shows() {
    let page = page();
    let (out, _) = opt(&["--subtract-negations"], &block_after(&page, "Before:"));
    assert_eq!(out.trim(), format!("module {{\n{}}}", indented(&block_after(&page, "After:"))));
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  {line}\n")).collect()
}

#[test]
fn the_driver_knows_it_by_name() {
    let (help, _) = opt(&["--help"], "");
    assert!(help.contains("subtract a number instead of adding its negation"));
}

#[test]
fn the_scheduler_found_its_place() {
    let (_, pipeline) = opt(&["--numir-cpu=to=numeric", "--dump-pass-pipeline"], "");
    let place = |name: &str| pipeline.find(name).unwrap_or_else(|| panic!("{name} is not in {pipeline}"));
    assert!(place("subtract-negations") < place("canonicalize"), "{pipeline}");
}
