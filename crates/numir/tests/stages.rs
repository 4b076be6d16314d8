//! Typical programs at every stage, as text: snapshots/<program>/<stage>.snap. They are there to be read, by people who learn the
//! layers and by reviewers who want to know what a change does. `INSTA_UPDATE=always cargo test -p numir --test stages` takes
//! them anew.

use numir::{ArrayType, CompileOptions, DType, Error, Form, Layout, Module, Program, Scalar, Target, Type};
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
    annotated("batch_normalisation", "normalise"),
    annotated("bodies", "accelerations"),
    annotated("checksums", "crc32"),
    annotated("clusters", "nearest"),
    annotated("convolution", "convolve2d"),
    annotated("covariance_matrix", "covariance"),
    annotated("edit_distance", "levenshtein"),
    annotated("fft", "transform"),
    annotated("finite_volumes", "advance"),
    annotated("floyd_warshall", "shortest"),
    annotated("heat", "diffuse"),
    annotated("histogram", "equalise"),
    annotated("life", "generation"),
    annotated("mandelbrot", "escape"),
    annotated("nbody", "accelerate"),
    annotated("page_rank", "rank_pages"),
    annotated("pairwise_distances", "distances"),
    annotated("quadrature", "adaptive"),
    annotated("sieve", "sieve"),
    annotated("slice_lu", "decompose"),
    annotated("slice_stencil", "smooth"),
    annotated("softmax", "softmax"),
    Case { program: "matmul", function: "textbook", types: &[MATRIX, MATRIX] },
    Case { program: "monte_carlo", function: "pi_parallel", types: &[INT, INT, INT] },
    Case { program: "sorting", function: "insertion_sort", types: &[VECTOR] },
];

/// What device the snapshots are for.
const DEVICE: &str = "cuda:sm_80";

/// Programs whose parallel loops, array expressions or reductions become kernels. `tests/python/test_ptx.py` has their PTX assembled.
const DEVICE_CASES: &[Case] = &[
    annotated("batch_normalisation", "normalise"),
    annotated("convolution", "convolve2d"),
    annotated("covariance_matrix", "covariance"),
    annotated("finite_volumes", "advance"),
    annotated("floyd_warshall", "shortest"),
    annotated("laplace3d", "relax"),
    annotated("life", "generation"),
    annotated("pairwise_distances", "distances"),
    annotated("pictures", "to_grey"),
    annotated("slice_stencil", "smooth"),
    annotated("softmax", "softmax"),
];

const fn annotated(program: &'static str, function: &'static str) -> Case {
    Case { program, function, types: &[] }
}

const fn array(rank: usize) -> Type {
    Type::Array(ArrayType::new(DType::Float64, rank, Layout::C))
}

/// Where the repository begins.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The texts of all stages, with the stages' names, from the top.
fn stages(case: &Case) -> Result<Vec<(&'static str, String)>, Error> {
    stages_in("tests/programs", case)
}

/// The same for a program in another folder.
fn stages_in(folder: &str, case: &Case) -> Result<Vec<(&'static str, String)>, Error> {
    let (mut module, options) = module_for(TARGET, folder, case)?;
    let mut texts = Vec::new();
    module.lower_visiting(&options, false, |stage, text| {
        texts.push((stage.name(), text));
        Ok(())
    })?;
    Ok(texts)
}

/// The module of a program in a folder, for a target, at its first stage.
fn module_for(target: &str, folder: &str, case: &Case) -> Result<(Module, CompileOptions), Error> {
    let file = format!("{}.py", case.program);
    let text = std::fs::read_to_string(root().join(folder).join(&file)).expect("the program is there");
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
    let options = CompileOptions { target: Target::named(target)?, ..CompileOptions::default() };
    Ok((Module::from_program(&program, case.function, &types, &options)?, options))
}

/// The texts of the stages that only devices have, and the PTX of the kernels.
fn stages_of_device(case: &Case) -> Result<Vec<(&'static str, String)>, Error> {
    let (mut module, options) = module_for(DEVICE, "tests/programs", case)?;
    let mut texts = Vec::new();
    module.lower_visiting(&options, false, |stage, text| {
        texts.push((stage.name(), text));
        Ok(())
    })?;
    texts.retain(|(stage, _)| ["gpu", "nvvm"].contains(stage));
    let (mut module, options) = module_for(DEVICE, "tests/programs", case)?;
    texts.push(("ptx", String::from_utf8_lossy(&module.generate(Form::Ptx, &options)?).into_owned()));
    Ok(texts)
}

#[test]
fn every_stage_of_devices_is_as_it_was() {
    for case in DEVICE_CASES {
        let texts = stages_of_device(case).unwrap_or_else(|error| panic!("{}: {error}", case.program));
        let names: Vec<_> = texts.iter().map(|(stage, _)| *stage).collect();
        assert_eq!(names, ["gpu", "nvvm", "ptx"], "{}", case.program);
        for (stage, text) in texts {
            let text = without_lines_of_the_library(text);
            assert!(!text.contains(env!("CARGO_MANIFEST_DIR")), "{} holds a path of this machine's", case.program);
            insta::with_settings!({
                snapshot_path => root().join("snapshots").join(case.program).join("cuda"),
                prepend_module_to_snapshot => false,
                omit_expression => true,
                description => format!("{}() of tests/programs/{}.py", case.function, case.program),
            }, {
                insta::assert_snapshot!(stage, text);
            });
        }
    }
}

/// A text in which the places of the library's statements have numbers of their own instead of their lines: a line more in the library
/// is no change of what a program becomes.
fn without_lines_of_the_library(text: String) -> String {
    const SITE: &str = "llvm.mlir.global internal constant @numir.site.";
    let sites =
        text.lines().filter(|line| line.contains("<library>")).filter_map(|line| line.trim().strip_prefix(SITE));
    let mut changed = text.clone();
    for (number, site) in sites.enumerate() {
        let (symbol, message) = site.split_once('(').expect("a constant");
        let (function, _) = symbol.rsplit_once('.').expect("a line");
        let (_, place) = message
            .split_once("<library>")
            .expect("a file")
            .1
            .rsplit_once("\\FF")
            .map(|(head, _)| head)
            .and_then(|head| head.rsplit_once("\\FF"))
            .expect("a place");
        changed = changed.replace(&format!("\\FF{place}\\FF"), "\\FFa place\\FF");
        for end in ["(", " "] {
            let (old, new) =
                (format!("@numir.site.{symbol}{end}"), format!("@numir.site.{function}.library{number}{end}"));
            changed = changed.replace(&old, &new);
        }
    }
    changed
}

#[test]
fn every_stage_is_as_it_was() {
    for case in CASES {
        let texts = stages(case).unwrap_or_else(|error| panic!("{}: {error}", case.program));
        let names: Vec<_> = texts.iter().map(|(stage, _)| *stage).collect();
        assert_eq!(names, ["numeric", "linalg", "scf", "llvm"], "{}", case.program);
        for (stage, text) in texts {
            let text = without_lines_of_the_library(text);
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

/// The lines within the counted loops of a text, other than those of the exact versions of loops that have a faster one.
fn within_loops(text: &str) -> Vec<&str> {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let lines: Vec<&str> = text.lines().collect();
    let mut within = Vec::new();
    let mut place = 0;
    while place < lines.len() {
        let start = place;
        place += 1;
        if !lines[start].contains("scf.for ") {
            continue;
        }
        let ends = |line: &&str| line.trim_start().starts_with('}') && indent(line) == indent(lines[start]);
        let end = place + lines[place..].iter().position(ends).expect("a loop ends");
        if !lines[end].contains("numir.exact") {
            within.extend(&lines[place..end]);
        }
        place = end + 1;
    }
    within
}

#[test]
fn stencils_have_no_checks_in_their_loops() {
    let text = stage_of("heat", "diffuse", "scf");
    let within = within_loops(&text);
    let asks = |line: &&&str| line.contains("numeric.check") || line.contains("numeric.raise");
    assert!(within.iter().filter(|line| line.contains("memref.load")).count() >= 5, "{text}");
    assert_eq!(within.iter().find(asks), None, "{text}");
    // Nor is there any other version of them.
    assert!(!text.contains("numir.exact"), "{text}");

    const CASE: Case = Case { program: "hillshade", function: "hillshade", types: &[MATRIX] };
    let texts = stages_in("examples", &CASE).expect("it compiles");
    let (_, text) = texts.iter().find(|(name, _)| *name == "scf").expect("a stage");
    let within = within_loops(text);
    assert!(within.iter().filter(|line| line.contains("memref.load")).count() >= 8, "{text}");
    // What converting a float to an integer and the functions of `math` ask for stays.
    assert_eq!(within.iter().find(|line| line.contains("numeric.check_index")), None, "{text}");
}

#[test]
fn exact_versions_do_not_count_as_loops_without_checks() {
    const TEXT: &str = "
  scf.for %i = %a to %b step %c {
    fast
    scf.for %j = %a to %b step %c {
      numeric.check_index
    }
  }
  outside
  scf.for %i = %a to %b step %c {
    exact
  } {numir.exact}";
    let within: Vec<_> = within_loops(TEXT).into_iter().map(str::trim).collect();
    assert_eq!(within, ["fast", "scf.for %j = %a to %b step %c {", "numeric.check_index", "}"]);
}
