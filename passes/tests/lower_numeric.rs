//! `lower-numeric`: before and after by snapshot; what the compiled code computes, against NumPy's and CPython's own answers.

#[allow(dead_code)]
#[path = "passes/harness.rs"]
mod harness;
#[allow(dead_code)]
#[path = "passes/machine.rs"]
mod machine;

#[path = "lower_numeric/arrays.rs"]
mod arrays;
#[path = "lower_numeric/library.rs"]
mod library;
#[path = "lower_numeric/scalars.rs"]
mod scalars;

use harness::{context, transform};
use melior::ir::Module;
use melior::ir::operation::OperationLike;

/// Modules before and after, with what is trivial folded away.
#[test]
fn snapshots() {
    let sources = [
        ("scalars", include_str!("lower_numeric/scalars.mlir")),
        ("arrays", include_str!("lower_numeric/arrays.mlir")),
        ("elementwise", include_str!("lower_numeric/elementwise.mlir")),
        ("reductions", include_str!("lower_numeric/reductions.mlir")),
    ];
    for (name, source) in sources {
        let context = context();
        let module = transform(&context, "lower-numeric,verify-stage{stage=linalg},canonicalize,cse", source);
        insta::assert_snapshot!(name, module.as_operation().to_string());
    }
}

/// As they stand, the texts under `meaning/` are modules that any tool of MLIR's reads.
#[test]
fn meanings_are_modules() {
    let context = context();
    for text in [
        include_str!("../src/lower_numeric/meaning/integer.mlir"),
        include_str!("../src/lower_numeric/meaning/float.mlir"),
        include_str!("../src/lower_numeric/meaning/complex.mlir"),
        include_str!("../src/lower_numeric/meaning/cast.mlir"),
        include_str!("../src/lower_numeric/meaning/pairwise.mlir"),
    ] {
        assert!(Module::parse(&context, text).is_some_and(|module| module.as_operation().verify()), "{text}");
    }
}
