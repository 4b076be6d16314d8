//! Typical programs at every stage, as text: snapshots/<program>/<stage>.snap. They are there to be read, by people who learn the
//! layers and by reviewers who want to know what a change does. `INSTA_UPDATE=always cargo test -p numir --test stages` takes
//! them anew.

use numir::{ArrayType, CompileOptions, DType, Error, Layout, Module, Program, Scalar, Target, Type};
use std::path::{Path, PathBuf};

/// What machine the snapshots are for.
const TARGET: &str = "x86-64-v3";

/// A program of tests/programs, the function of it that is compiled, and the types of its parameters. Where there are none, the
/// annotations name them all.
struct Case {
    program: &'static str,
    function: &'static str,
    types: &'static [Type],
}

const INT: Type = Type::Scalar(Scalar::Int);
const MATRIX: Type = array(2);
const VECTOR: Type = array(1);

const CASES: &[Case] = &[
    annotated("checksums", "crc32"),
    annotated("convolution", "convolve2d"),
    annotated("edit_distance", "levenshtein"),
    annotated("fft", "transform"),
    annotated("floyd_warshall", "shortest"),
    annotated("heat", "diffuse"),
    annotated("histogram", "equalise"),
    annotated("life", "generation"),
    annotated("mandelbrot", "escape"),
    annotated("nbody", "accelerate"),
    annotated("quadrature", "adaptive"),
    annotated("sieve", "sieve"),
    Case { program: "matmul", function: "textbook", types: &[MATRIX, MATRIX] },
    Case { program: "monte_carlo", function: "pi_parallel", types: &[INT, INT, INT] },
    Case { program: "sorting", function: "insertion_sort", types: &[VECTOR] },
];

const fn annotated(program: &'static str, function: &'static str) -> Case {
    Case { program, function, types: &[] }
}

const fn array(rank: usize) -> Type {
    Type::Array(ArrayType { dtype: DType::Float64, rank, layout: Layout::C })
}

/// Where the repository begins.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The texts of all stages, with the stages' names, from the top.
fn stages(case: &Case) -> Result<Vec<(&'static str, String)>, Error> {
    let file = format!("{}.py", case.program);
    let text = std::fs::read_to_string(root().join("tests/programs").join(&file)).expect("the program is there");
    // The program goes by its bare name, so that no place of this machine's gets into what it is compiled to.
    let program = Program::from_text(Path::new(&file), text)?;
    let functions = program.functions()?;
    let function = functions.iter().find(|function| function.name == case.function).expect("it has the function");
    let mut given = case.types.iter();
    let types: Vec<_> = function
        .parameters
        .iter()
        .map(|parameter| given.next().cloned().or_else(|| parameter.annotation.clone()))
        .collect();
    let options = CompileOptions { target: Target::named(TARGET)?, ..CompileOptions::default() };
    let mut module = Module::from_program(&program, case.function, &types, &options)?;
    let mut texts = Vec::new();
    module.lower_visiting(&options, false, |stage, text| {
        texts.push((stage.name(), text));
        Ok(())
    })?;
    Ok(texts)
}

#[test]
fn every_stage_is_as_it_was() {
    for case in CASES {
        let texts = stages(case).unwrap_or_else(|error| panic!("{}: {error}", case.program));
        let names: Vec<_> = texts.iter().map(|(stage, _)| *stage).collect();
        assert_eq!(names, ["numeric", "linalg", "scf", "llvm"], "{}", case.program);
        for (stage, text) in texts {
            assert!(!text.contains(env!("CARGO_MANIFEST_DIR")), "{} holds a path of this machine's", case.program);
            insta::with_settings!({
                snapshot_path => root().join("snapshots").join(case.program),
                prepend_module_to_snapshot => false,
                omit_expression => true,
                description => format!("{}() of tests/programs/{}.py", case.function, case.program),
            }, {
                insta::assert_snapshot!(stage, text);
            });
        }
    }
}

#[test]
fn the_text_is_the_same_each_time() {
    for case in CASES {
        let [first, second] =
            [(); 2].map(|()| stages(case).unwrap_or_else(|error| panic!("{}: {error}", case.program)));
        assert!(first == second, "{}() of {}.py is compiled in two ways", case.function, case.program);
    }
}

/// The text of one stage of one case.
fn stage_of(program: &str, function: &'static str, stage: &str) -> String {
    let case = CASES.iter().find(|case| case.program == program && case.function == function).expect("a case");
    let texts = stages(case).expect("it compiles");
    texts.into_iter().find(|(name, _)| *name == stage).expect("a stage").1
}

#[test]
fn parallel_loops_go_to_the_pool() {
    assert!(stage_of("life", "generation", "numeric").contains("numeric.parallel"));
    assert!(stage_of("life", "generation", "llvm").contains("@numir_parallel"));
}
