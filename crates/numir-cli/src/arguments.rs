//! The command line as types.

use crate::colormap::Colormap;
use clap::{Args, Parser, Subcommand, ValueEnum};
use numir::Stage;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

/// Compiles Python functions on numbers and arrays to machine code, through layers that can be read.
#[derive(Parser)]
#[command(name = "numir", version, max_term_width = 100)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// Compile a function, call it and show or save what it returns
    Run(Run),
    /// Compile a function, or a module of MLIR, to a stage on the way down
    Compile(Compile),
    /// Compile a function into a file that `numir-rt` runs where no compiler is
    Build(Build),
    /// Print the passes that lead to a target, in order
    Pipeline(Pipeline),
    /// List the functions that compiled code knows of a module, with their parameters
    Names(Names),
    /// Measure the calls of a function; one line of JSON
    #[command(hide = true)]
    Time(Time),
    /// Run many cases in one process; tests/python/README.md holds the format
    #[command(hide = true)]
    TestBatch(TestBatch),
}

#[derive(Args)]
pub struct Run {
    #[command(flatten)]
    pub call: Call,
    /// Write the returned array to a .npy, .npz or .png file; once per item of a returned tuple
    #[arg(short, long, value_name = "FILE")]
    pub output: Vec<PathBuf>,
    /// The colours of 2-D arrays in .png files
    #[arg(long, value_enum, default_value_t)]
    pub colormap: Colormap,
    /// Say on standard error what the passes did at which line, and of a device what was launched there and copied
    #[arg(long)]
    pub remarks: bool,
    /// Say on standard error how long each step took
    #[arg(long)]
    pub timing: bool,
}

#[derive(Args)]
pub struct Call {
    /// The Python file
    pub file: PathBuf,
    /// The function in it
    pub function: String,
    /// Python literals, .npy or .npz files (FILE.npz:NAME for one of several arrays); NAME=VALUE for a keyword argument
    #[arg(value_name = "ARGUMENT")]
    pub arguments: Vec<String>,
    #[command(flatten)]
    pub language: Language,
    /// Where parallel loops run: host, cuda:sm_90 and the like, cuda-sim
    #[arg(long, value_name = "TARGET", default_value = "host")]
    pub target: String,
    /// The number of threads; as many as there are processors by default
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub threads: Option<u16>,
}

#[derive(Args)]
pub struct Names {
    /// A module such as numpy, numpy.random or math; ndarray for the methods of arrays
    #[arg(default_value = "numpy")]
    pub module: String,
}

#[derive(Args)]
pub struct Time {
    #[command(flatten)]
    pub call: Call,
    /// For how long it is called again, after the first call
    #[arg(long, value_name = "S", default_value_t = 1.0)]
    pub seconds: f64,
    /// How many more calls there are at least
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub repeat: usize,
}

#[derive(Args)]
pub struct TestBatch {
    /// The cases
    pub file: PathBuf,
}

#[derive(Args)]
pub struct Language {
    /// Whether indices are checked
    #[arg(long, value_enum, default_value_t = Switch::On)]
    pub boundscheck: Switch,
    /// Whether a division by zero raises, as in Python, or gives what NumPy gives
    #[arg(long, value_enum, default_value_t = ErrorModel::Python)]
    pub error_model: ErrorModel,
    /// Which liberties arithmetic on floats may take: LLVM's flags, all of them if none is named; tf32 and bf16 are of products on a device
    #[arg(
        long, value_name = "FLAGS", value_delimiter = ',', num_args = 0..=1, require_equals = true,
        default_missing_value = "fast",
        value_parser = clap::builder::PossibleValuesParser::new(numir::FAST_MATH_FLAGS.iter().map(|(name, _)| *name)),
    )]
    pub fastmath: Vec<String>,
    /// Have large whole-array operations run on all threads
    #[arg(long)]
    pub parallel: bool,
    /// How hard to optimise
    #[arg(long, value_name = "LEVEL", default_value_t = 3, value_parser = clap::value_parser!(u8).range(0..=3))]
    pub opt: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    On,
    Off,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ErrorModel {
    Python,
    Numpy,
}

#[derive(Args)]
pub struct Compile {
    /// A Python file and the function in it (FILE.py:FUNCTION), or a module (FILE.mlir, FILE.mlirbc)
    pub file: String,
    /// The parameters' types, such as "f64[:,:], i64"; without it the annotations count
    #[arg(long, value_name = "TYPES")]
    pub types: Option<String>,
    /// What to make
    #[arg(long, value_enum, default_value_t = Emit::Llvm)]
    pub emit: Emit,
    /// Where to write it instead of to standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// The stage of a module that is given
    #[arg(long, value_name = "STAGE", default_value_t = Stage::numeric())]
    pub from: Stage,
    /// Write the module at every stage on the way into this folder
    #[arg(long, value_name = "FOLDER")]
    pub print_stages: Option<PathBuf>,
    #[command(flatten)]
    pub machine: Machine,
    /// Print the places in the source with each operation
    #[arg(long)]
    pub locations: bool,
    #[command(flatten)]
    pub language: Language,
    /// Say on standard error what was fused, vectorised or dropped at which line, and what was not and why
    #[arg(long)]
    pub remarks: bool,
    /// Say on standard error how long each step took
    #[arg(long)]
    pub timing: bool,
    /// Compile a foreign module in this very process, whose limits the parent has set
    #[arg(long, hide = true)]
    pub child: bool,
}

/// What code is made for.
#[derive(Args)]
pub struct Machine {
    /// What to compile for: host, x86-64-v3 and the like; cuda:sm_90 and the like; cuda-sim
    #[arg(long, value_name = "TARGET", default_value = "host")]
    pub target: String,
    /// The CPU of what runs there, instead of this machine's: x86-64-v3 and the like; generic for any
    #[arg(long, value_name = "NAME")]
    pub cpu: Option<String>,
}

impl Machine {
    /// The same as the compiler's target.
    pub fn target(&self) -> Result<numir::Target, numir::Error> {
        let target = numir::Target::named(&self.target)?;
        match &self.cpu {
            Some(name) => target.on_cpu(name),
            None => Ok(target),
        }
    }
}

#[derive(Args)]
pub struct Build {
    /// A Python file and the function in it (FILE.py:FUNCTION)
    pub file: String,
    /// The parameters' types, such as "f64[:,:], i64"; without it the annotations count
    #[arg(long, value_name = "TYPES")]
    pub types: Option<String>,
    /// The file to write, by custom with the ending .nmx
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
    #[command(flatten)]
    pub machine: Machine,
    #[command(flatten)]
    pub language: Language,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Emit {
    /// The module at stage numeric
    Numeric,
    /// The module at stage linalg
    Linalg,
    /// The module at stage scf
    Scf,
    /// The module at stage gpu: kernels, and what launches them
    Gpu,
    /// The module at stage nvvm: kernels in the llvm dialect, with CUDA's registers
    Nvvm,
    /// The kernels as PTX
    Ptx,
    /// The kernels as a GPU's machine code, which NVIDIA's ptxas makes
    Cubin,
    /// The module at stage llvm
    Llvm,
    /// LLVM IR after LLVM's passes
    LlvmIr,
    /// Assembly
    Asm,
    /// An object file
    Obj,
}

#[derive(Args)]
pub struct Pipeline {
    /// The target to reach: cpu, cuda (or one of its architectures), cuda-sim
    #[arg(long, default_value = "cpu")]
    pub target: String,
    /// The stage to start from
    #[arg(long, value_name = "STAGE", default_value_t = Stage::numeric())]
    pub from: Stage,
    /// How hard to optimise
    #[arg(long, value_name = "LEVEL", default_value_t = 3, value_parser = clap::value_parser!(u8).range(0..=3))]
    pub opt: u8,
    #[command(flatten)]
    pub drawing: Drawing,
}

#[derive(Args)]
#[group(multiple = false)]
pub struct Drawing {
    /// As a graph in Graphviz's language
    #[arg(long)]
    pub dot: bool,
    /// As a graph in Mermaid's language
    #[arg(long)]
    pub mermaid: bool,
    /// As a picture
    #[arg(long)]
    pub svg: bool,
    /// As a table: what each pass needs, gives and ends
    #[arg(long)]
    pub table: bool,
}

impl Language {
    /// The same as the compiler's options.
    pub fn options(&self) -> numir::CompileOptions {
        let language = numir::Options {
            bounds_check: self.boundscheck == Switch::On,
            python_errors: self.error_model == ErrorModel::Python,
            interruptible: false,
            fast_math: self.fastmath.join(","),
            parallel: self.parallel,
            ..Default::default()
        };
        numir::CompileOptions { language, level: self.opt, ..Default::default() }
    }
}

/// The command line with a space in front of negative numbers, so that they are not taken for options; literals may start
/// with one.
pub fn shielded(arguments: impl Iterator<Item = OsString>) -> impl Iterator<Item = OsString> {
    arguments.map(|argument| {
        let text = argument.to_string_lossy();
        let number = text.strip_prefix('-').is_some_and(|rest| {
            rest.starts_with(|first: char| first.is_ascii_digit() || first == '.' || first == '(')
                || matches!(rest, "inf" | "nan")
        });
        if number { [OsStr::new(" "), &argument].into_iter().collect() } else { argument }
    })
}
