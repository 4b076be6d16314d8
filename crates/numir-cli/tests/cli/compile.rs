//! `numir compile` and `numir pipeline`.

use crate::support::Folder;

const PROGRAM: &str = "from numir import float64\n\n\ndef total(a: float64[::1]):\n    s = 0.0\n    for i in range(a.shape[0]):\n        s += a[i]\n    return s\n";

#[test]
fn every_stage_can_be_seen_and_started_from() {
    let folder = Folder::with_program(PROGRAM);
    for (stage, words) in
        [("numeric", "numeric.check_index"), ("linalg", "memref"), ("scf", "scf.for"), ("llvm", "llvm.func")]
    {
        let file = format!("{stage}.mlir");
        let outcome = folder.numir(&["compile", "p.py", "--emit", stage, "-o", &file]);
        assert_eq!((outcome.code, outcome.out.as_str(), outcome.err.as_str()), (Some(0), "", ""));
        let text = String::from_utf8(folder.read(&file)).expect("text");
        assert!(text.contains(words) || stage == "numeric", "{text}");
        let outcome = folder.numir(&["compile", &file, "--from", stage, "--emit", "asm"]);
        assert_eq!((outcome.code, outcome.err.as_str()), (Some(0), ""));
        assert!(outcome.out.contains("numir_entry_total:"), "{}", outcome.out);
    }
}

#[test]
fn objects_and_text_for_people() {
    let folder = Folder::with_program(PROGRAM);
    folder.numir(&["compile", "p.py:total", "--emit", "obj", "-o", "p.o", "--target", "x86-64-v3"]);
    assert!(folder.read("p.o").starts_with(b"\x7fELF"));
    let outcome = folder.numir(&["compile", "p.py:total", "--emit", "llvm-ir"]);
    assert!(outcome.out.contains("define i32 @numir_entry_total(ptr"), "{}", outcome.out);
    let outcome = folder.numir(&["compile", "p.py:total", "--timing"]);
    assert!(outcome.err.contains("lower-numeric") && outcome.err.ends_with("in all\n"), "{}", outcome.err);
}

#[test]
fn remarks_say_what_was_fused_and_what_was_not() {
    let folder = Folder::with_program(
        "import numpy as np\nfrom numir import float64\n\n\ndef f(a: float64[::1], b: float64[::1]):\n    e = np.exp(a - b)\n    return e / e.sum()\n",
    );
    let said = folder.numir(&["compile", "p.py", "--emit", "numeric", "--remarks"]).err;
    let lines: Vec<_> = said.lines().filter(|line| line.ends_with("[fuse-elementwise]")).collect();
    let [done, missed] = lines[..] else { panic!("{said}") };
    assert!(done.contains("p.py:6:16: done: computed within the operation that uses it"), "{done}");
    assert!(missed.contains("p.py:6:9: missed: an array is made of this: it is used more than once"), "{missed}");
}

#[test]
fn all_stages_into_a_folder() {
    let folder = Folder::with_program(PROGRAM);
    let outcome = folder.numir(&["compile", "p.py", "--print-stages", "stages", "--emit", "asm", "-o", "p.s"]);
    assert_eq!((outcome.code, outcome.err.as_str()), (Some(0), ""));
    for stage in ["numeric", "linalg", "scf", "llvm"] {
        let file = folder.read(&format!("stages/{stage}.mlir"));
        let alone = folder.numir(&["compile", "p.py", "--emit", stage]).out;
        assert_eq!(String::from_utf8(file).expect("text"), alone, "{stage}");
    }
}

#[test]
fn types_are_given_where_annotations_are_missing() {
    let folder = Folder::with_program("def f(a, n):\n    return a[n]\n\n\ndef g(x=1):\n    return x\n");
    let outcome = folder.numir(&["compile", "p.py:f", "--types", "f32[:, ::1], i64", "--emit", "numeric"]);
    assert!(outcome.out.contains("!numeric.array<2xf32, C>"), "{}{}", outcome.out, outcome.err);
    assert_eq!(folder.numir(&["compile", "p.py:g"]).code, Some(0));
    for (arguments, words) in [
        (&["p.py"][..], "name one of them: p.py:f, p.py:g"),
        (&["p.py:f"], "the parameter `a` of f() has no annotation"),
        (&["p.py:f", "--types", "f64"], "--types names 1 types, but f() has 2 parameters"),
        (&["p.py:f", "--types", "f65, i64"], "there is no type `f65`"),
        (&["p.py:f", "--types", "f64[3], i64"], "written `:` or `::1`"),
        (&["p.py:f", "--types", "f64["], "no list of types"),
        (&["p.py:f", "--from", "scf"], "--from scf is for .mlir files"),
        (&["p.py:f", "--from", "mlir"], "there is no stage `mlir`"),
        (&["p.py:f", "--emit", "exe"], "invalid value 'exe'"),
    ] {
        let outcome = folder.numir(&[&["compile"], arguments].concat());
        assert_eq!(outcome.code, Some(2), "{arguments:?}: {}", outcome.err);
        assert!(outcome.err.contains(words), "{}", outcome.err);
    }
    assert!(
        folder.fails(&["compile", "p.py:f", "--types", "f64[:], i64", "--target", "z80"]).contains("no target `z80`")
    );
}

#[test]
fn malformed_modules_are_refused() {
    let folder = Folder::with_program("");
    for (source, words) in [
        ("func.func @f( {", "--> m.mlir:1:14"),
        ("module {", "m.mlir:1:"),
        ("func.func @f() { return %x : i1 }", "undeclared SSA value"),
        ("func.func @f() { foo.bar  return }", "--> m.mlir:1:18"),
        ("func.func @f() { %0 = memref.alloc() : memref<1xi32>  return }", "the module is not at stage `numeric`"),
        ("func.func @f() -> i32 { return }", "--> m.mlir:1:25"),
        ("\0\u{1}\u{2}", "m.mlir:1:"),
    ] {
        folder.write("m.mlir", source);
        let refused = folder.fails(&["compile", "m.mlir", "--emit", "obj", "-o", "x.o"]);
        assert!(refused.starts_with("error: ") && refused.contains(words), "{refused}");
    }
    assert!(folder.fails(&["compile", "none.mlir"]).contains("cannot read none.mlir: No such file"));
    assert_eq!(folder.names(), ["m.mlir", "p.py"]);
}

#[test]
fn pipelines_are_drawn() {
    let folder = Folder::with_program("");
    let text = folder.numir(&["pipeline"]).out;
    assert!(text.starts_with("builtin.module(") && text.contains("lower-numeric"), "{text}");
    assert!(folder.numir(&["pipeline", "--dot"]).out.starts_with("digraph"));
    assert!(folder.numir(&["pipeline", "--mermaid"]).out.contains("flowchart"));
    assert!(folder.numir(&["pipeline", "--svg"]).out.starts_with("<svg"));
    assert_eq!(folder.numir(&["pipeline", "--dot", "--svg"]).code, Some(2));
    assert_eq!(folder.numir(&["pipeline", "--target", "abacus"]).code, Some(2));
}

#[test]
fn the_printed_pipeline_runs_under_numir_opt() {
    let folder = Folder::with_program(PROGRAM);
    assert_eq!(folder.numir(&["compile", "p.py", "--emit", "numeric", "--locations", "-o", "n.mlir"]).code, Some(0));
    for (from, file) in [("numeric", "n.mlir"), ("scf", "s.mlir")] {
        if from == "scf" {
            assert_eq!(folder.numir(&["compile", "n.mlir", "--emit", "scf", "--locations", "-o", file]).code, Some(0));
        }
        let pipeline = folder.numir(&["pipeline", "--from", from]).out;
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_numir-opt"));
        command.arg(format!("--pass-pipeline={}", pipeline.trim())).arg(folder.file(file));
        let outcome = crate::support::Outcome::of(command.output().expect("numir-opt starts"));
        assert_eq!(outcome.code, Some(0), "{}", outcome.err);
        assert!(outcome.out.contains("llvm.func @numir_entry_total"), "{}", outcome.out);
    }
}

const LOOP: &str = r#"
import numpy as np
from numir import prange

def doubled(x: "float64[::1]"):
    y = np.empty_like(x)
    for i in prange(len(x)):
        y[i] = 2 * x[i] if x[i] > 0 else x[i - 1]
    return y
"#;

/// The other way down: each of its stages, and from one of them on.
#[test]
fn a_device_has_stages_of_its_own() {
    let folder = Folder::with_program(LOOP);
    let compiled = |emit: &str, target: &str| folder.numir(&["compile", "p.py", "--target", target, "--emit", emit]);
    assert!(compiled("gpu", "cuda:sm_90").out.contains("gpu.launch_func"));
    assert!(compiled("gpu", "cuda-sim").out.contains("gpu.launch_func"));
    assert!(compiled("nvvm", "cuda:sm_75").out.contains("nvvm.read.ptx.sreg.tid.x"));
    let ptx = compiled("ptx", "cuda:sm_90").out;
    assert!(ptx.contains(".target sm_90") && ptx.contains(".entry doubled_kernel0"), "{ptx}");
    // No device, no kernels.
    assert_eq!(compiled("gpu", "host").code, Some(1));
    assert!(compiled("ptx", "cuda:sm_50").err.contains("cuda:sm_75"));
    assert!(folder.numir(&["pipeline", "--target", "cuda:sm_90", "--svg"]).out.contains("lower-kernels"));
    let gpu = ["compile", "p.py", "--target", "cuda:sm_90", "--emit", "gpu", "--locations", "-o", "k.mlir"];
    assert_eq!(folder.numir(&gpu).code, Some(0));
    let again = ["compile", "k.mlir", "--from", "gpu", "--target", "cuda:sm_90", "--emit", "ptx"];
    assert_eq!(folder.numir(&again).out, ptx);
}
