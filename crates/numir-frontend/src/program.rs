//! A program: the files it is made of, the functions in them, and specialising one of them.

use crate::body::Body;
use crate::diagnostic::{Diagnostic, ErrorKind};
use crate::emit;
use crate::function_ir::{Function, IrType};
use crate::registry::library;
use crate::source::{Source, Span};
use crate::specialize::{self, Scope, Specializer};
use crate::syntax;
use crate::types::Type;
use elsa::FrozenVec;
use melior::Context;
use melior::ir::Module;
use numir_interface::Signature;
use numir_interface::live::{Object, Settings};
use rustpython_parser::Parse;
use rustpython_parser::ast::{self, Stmt, Suite};
use std::cell::RefCell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How a function is compiled.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Options {
    /// Whether indices are checked (the default).
    pub bounds_check: bool,
    /// Whether Python's numbers raise ZeroDivisionError and the like (the default), or go on as NumPy's do.
    pub python_errors: bool,
    /// Whether long loops ask the host now and then if they are to end; not by default.
    pub interruptible: bool,
    /// LLVM's fast-math flags, separated by commas; none by default.
    pub fast_math: String,
    /// Whether whole-array operations run on all threads where they are large; not by default.
    pub parallel: bool,
    /// The compute capability of the device that kernels are compiled for, times ten; 0 where there is none.
    pub device: u32,
    /// What the entry gives as a function of C, where it is to be one too.
    pub c_result: Option<Type>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            bounds_check: true,
            python_errors: true,
            interruptible: false,
            fast_math: String::new(),
            parallel: false,
            device: 0,
            c_result: None,
        }
    }
}

/// A parameter of a function.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// The type its annotation gives; None without one.
    pub annotation: Option<Type>,
    /// Whether it has a default.
    pub has_default: bool,
    /// Whether it can be given by keyword only.
    pub keyword_only: bool,
    /// Where it stands, its annotation included.
    pub span: Span,
}

/// A function at the top of a file.
#[derive(Clone, Debug)]
pub struct FunctionInfo {
    /// Its name.
    pub name: String,
    /// Whether it is decorated with njit or jit.
    pub decorated: bool,
    /// Its parameters in order; `*args` is not among them.
    pub parameters: Vec<Parameter>,
    /// `*args`: any number of further positional arguments. They follow those of the parameters.
    pub rest: Option<Parameter>,
    /// Where it is defined.
    pub span: Span,
}

/// A block of code of the host's language, called as a function that the module declares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostCall {
    /// The function's symbol.
    pub symbol: String,
    /// The number that the host runs it by.
    pub number: i64,
    /// The types of its operands.
    pub operands: Vec<IrType>,
    /// The types of its results, of which the first is the number of an error, or 0.
    pub results: Vec<IrType>,
}

/// Functions specialised for their argument types, callees included.
#[derive(Debug)]
pub struct TypedModule {
    /// The entry's signature.
    pub signature: Signature,
    /// All functions, the entry first.
    pub functions: Vec<Function>,
    /// The blocks that run in the host's language.
    pub hosts: Vec<HostCall>,
    /// The names that the entry's source binds: line, name, type.
    pub bindings: Vec<(usize, String, Type)>,
    /// Whether its loops can be interrupted.
    pub interruptible: bool,
}

impl TypedModule {
    /// Writes it as a module of the `numeric` dialect, which must be registered in the context.
    pub fn emit<'c>(&self, context: &'c Context) -> Module<'c> {
        emit::module(context, self)
    }

    /// Whether a call may take longer than a moment: it loops, calls itself or C, works on arrays or prints.
    pub fn may_take_long(&self) -> bool {
        !self.hosts.is_empty()
            || self
                .functions
                .iter()
                .any(|function| function.body.any(&mut |instruction| LONG.contains(&instruction.name)))
    }
}

/// The instructions whose time has no bound known when compiling.
const LONG: [&str; 15] = [
    "numeric.alloc",
    "numeric.assign",
    "numeric.call_foreign",
    "numeric.check_recursion",
    "numeric.call_runtime",
    "numeric.launch",
    "numeric.map",
    "numeric.parallel",
    "numeric.print_flush",
    "numeric.print_text",
    "numeric.print_value",
    "numeric.reduce",
    "numeric.reduce_axes",
    "scf.for",
    "scf.while",
];

/// Where the modules of the library are said to lie.
const LIBRARY: &str = "<library>";

/// A parsed file.
pub(crate) struct File {
    pub(crate) source: Arc<Source>,
    pub(crate) body: Body,
    /// The module's name in symbols.
    pub(crate) name: String,
    pub(crate) directory: Option<PathBuf>,
    /// For the definition of one function of a live program: what is known of it besides its syntax.
    pub(crate) live: Option<LiveFunction>,
}

/// A function of a live program, whose names are asked for.
pub(crate) struct LiveFunction {
    /// Its number.
    pub(crate) number: u32,
    /// The values of its defaults, by parameter.
    pub(crate) defaults: Vec<(String, Object)>,
    /// What its decorator says of it.
    pub(crate) settings: Settings,
}

impl File {
    /// Whether it is a module of the library. There, division by zero gives what IEEE 754 says: it raises by itself where it
    /// should.
    pub(crate) fn is_library(&self) -> bool {
        self.source.path.starts_with(LIBRARY)
    }
}

/// The files of a program. Imported files and library modules are parsed when they are first needed.
#[derive(Default)]
pub struct Program {
    pub(crate) files: FrozenVec<Box<File>>,
    by_path: RefCell<HashMap<PathBuf, u32>>,
    /// Names that stand in no file's syntax.
    names: FrozenVec<Box<str>>,
}

impl Program {
    /// Reads and parses a file.
    ///
    /// # Errors
    /// ImportError where it cannot be read, SyntaxError where it is not Python.
    pub fn load(path: &Path) -> Result<Self, Box<Diagnostic>> {
        let program = Self::default();
        program.file(path)?;
        Ok(program)
    }

    /// Parses a text under a given path.
    ///
    /// # Errors
    /// SyntaxError where it is not Python.
    pub fn from_text(path: &Path, text: String) -> Result<Self, Box<Diagnostic>> {
        let program = Self::default();
        program.add(path.to_path_buf(), text, path.parent().map(Path::to_path_buf))?;
        Ok(program)
    }

    /// The number of the file at `path`, parsed if it was not yet.
    pub(crate) fn file(&self, path: &Path) -> Result<u32, Box<Diagnostic>> {
        if let Some(number) = self.by_path.borrow().get(path) {
            return Ok(*number);
        }
        let bytes = std::fs::read(path).map_err(|error| {
            Diagnostic::without_source(ErrorKind::Import, format!("cannot read {}: {error}", path.display()))
        })?;
        let text = String::from_utf8(bytes).map_err(|_| {
            Diagnostic::without_source(ErrorKind::Syntax, format!("{} is not a text in UTF-8", path.display()))
        })?;
        self.add(path.to_path_buf(), text, path.parent().map(Path::to_path_buf))
    }

    /// The number of a module of the library, or None where there is no such module.
    pub(crate) fn library_file(&self, module: &str) -> Option<u32> {
        let text = library::text(module)?;
        let path = Path::new(LIBRARY).join(format!("{module}.py"));
        if let Some(number) = self.by_path.borrow().get(&path) {
            return Some(*number);
        }
        let file = File {
            source: Source::new(path.clone(), text.to_owned()),
            body: Body::of_library(text),
            name: module.to_owned(),
            directory: None,
            live: None,
        };
        let number = self.push(file);
        self.by_path.borrow_mut().insert(path, number);
        Some(number)
    }

    /// A name that lives as long as the program.
    pub(crate) fn intern(&self, name: String) -> &str {
        self.names.push_get(name.into_boxed_str())
    }

    fn add(&self, path: PathBuf, text: String, directory: Option<PathBuf>) -> Result<u32, Box<Diagnostic>> {
        let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
        let name = path.file_stem().map_or_else(|| "module".into(), |stem| stem.to_string_lossy().into_owned());
        let source = Source::new(path.clone(), text);
        specialize::check_nesting(&source, 0..source.text.len())?;
        let body =
            Suite::parse(&source.text, &path.to_string_lossy()).map_err(|error| syntax::diagnostic(&source, &error))?;
        let number = self.push(File { source, body: Body::Whole(body), name, directory, live: None });
        self.by_path.borrow_mut().insert(path, number);
        Ok(number)
    }

    /// Adds a parsed file and gives its number.
    pub(crate) fn push(&self, file: File) -> u32 {
        self.files.push(Box::new(file));
        (self.files.len() - 1) as u32
    }

    /// The functions at the top of the first file.
    ///
    /// # Errors
    /// Where an annotation does not name a type.
    pub fn functions(&self) -> Result<Vec<FunctionInfo>, Box<Diagnostic>> {
        let Some(file) = self.files.get(0) else { return Ok(Vec::new()) };
        for statement in file.body.parsed() {
            if let Stmt::AsyncFunctionDef(definition) = statement
                && definition.decorator_list.iter().any(specialize::is_jit_decorator)
            {
                let span = Span::new(&file.source, definition.range);
                let message =
                    format!("`async def {}` is not compiled: compiled functions do not wait", definition.name);
                return Err(Diagnostic::new(ErrorKind::Unsupported, &span, message));
            }
        }
        file.body
            .parsed()
            .filter_map(|statement| match statement {
                Stmt::FunctionDef(definition) => Some(definition),
                _ => None,
            })
            .map(|definition| function_info(file, definition))
            .collect()
    }

    /// Specialises a function at the top of the first file for arguments of these types, given in the parameters' order.
    /// None stands for a parameter left to its default.
    ///
    /// # Errors
    /// What is wrong with the user's program, at its place in the source.
    pub fn specialize(
        &self,
        function: &str,
        arguments: &[Option<Type>],
        options: &Options,
    ) -> Result<TypedModule, Box<Diagnostic>> {
        Specializer::new(self, None, options.clone()).entry(function, |specializer| {
            let definition = specializer.named(function)?;
            specializer.try_entry(0, definition, arguments)
        })
    }
}

fn function_info(file: &File, definition: &ast::StmtFunctionDef) -> Result<FunctionInfo, Box<Diagnostic>> {
    let arguments = &definition.args;
    let positional = arguments.posonlyargs.iter().chain(&arguments.args).map(|argument| (argument, false));
    let keyword_only = arguments.kwonlyargs.iter().map(|argument| (argument, true));
    let parameter = |argument: &ast::Arg, has_default: bool, keyword_only: bool| {
        let annotation = argument.annotation.as_deref();
        Ok(Parameter {
            name: argument.arg.to_string(),
            annotation: annotation
                .map(|annotation| specialize::annotation(Scope { file, environment: None }, annotation))
                .transpose()?
                .flatten(),
            has_default,
            keyword_only,
            span: Span::new(&file.source, argument.range),
        })
    };
    let parameters = positional
        .chain(keyword_only)
        .map(|(argument, keyword_only)| parameter(&argument.def, argument.default.is_some(), keyword_only))
        .collect::<Result<_, Box<Diagnostic>>>()?;
    Ok(FunctionInfo {
        name: definition.name.to_string(),
        decorated: definition.decorator_list.iter().any(specialize::is_jit_decorator),
        parameters,
        rest: arguments.vararg.as_ref().map(|rest| parameter(rest, true, false)).transpose()?,
        span: Span::new(&file.source, definition.range),
    })
}
