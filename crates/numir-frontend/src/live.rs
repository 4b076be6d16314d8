//! Live programs: functions that are objects somewhere else, whose sources are texts of files and whose names are asked for.
//!
//! Each function becomes a [`File`] of its own, whose body is only its definition, at its true place in a source that all
//! functions of that file share. It is cut out of the file's tokens, so that what else the file holds (other
//! versions of Python, a notebook's commands, a class around a method) does not matter.

use crate::body::Body;
use crate::diagnostic::{Diagnostic, ErrorKind};
use crate::program::{File, LiveFunction, Options, Program, TypedModule};
use crate::source::{Source, Span};
use crate::specialize::{self, Specializer};
use crate::syntax;
use crate::types::Type;
use numir_interface::live::{Environment, Function};
use rustpython_parser::ast::{self, Expr, Ranged, Stmt, Suite};
use rustpython_parser::lexer::LexResult;
use rustpython_parser::text_size::{TextRange, TextSize};
use rustpython_parser::{Parse, Tok};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A program whose functions are known by number to who answers for it.
pub struct LiveProgram<'e> {
    program: Program,
    environment: &'e dyn Environment,
}

impl<'e> LiveProgram<'e> {
    /// The program that an environment answers for.
    pub fn new(environment: &'e dyn Environment) -> Self {
        Self { program: Program::default(), environment }
    }

    /// Specialises a function for arguments of these types, given in the parameters' order. None stands for a parameter left
    /// to its default.
    ///
    /// # Errors
    /// What is wrong with the user's program, at its place in the source.
    pub fn specialize(
        &self,
        function: u32,
        arguments: &[Option<Type>],
        options: &Options,
    ) -> Result<TypedModule, Box<Diagnostic>> {
        let specializer = Specializer::new(&self.program, Some(self.environment), options.clone());
        specializer.entry("the function", |specializer| specializer.live_entry(function, arguments))
    }

    /// The name of the function that a place stands in, of those that have been asked for.
    pub fn function_at(&self, place: &Span) -> Option<&str> {
        let files = self.program.files.iter().filter(|file| Arc::ptr_eq(&file.source, &place.source));
        let around = files.flat_map(|file| file.body.parsed()).filter(|statement| {
            let range = statement.range();
            range.start().to_usize() <= place.start && place.start <= range.end().to_usize()
        });
        let innermost = around.min_by_key(|statement| statement.range().len())?;
        Some(match innermost {
            Stmt::FunctionDef(node) => node.name.as_str(),
            _ => "<lambda>",
        })
    }
}

/// The parsed functions and the sources of a live program, by their numbers there.
#[derive(Default)]
pub(crate) struct Files {
    functions: HashMap<u32, u32>,
    sources: HashMap<u32, Arc<Source>>,
}

impl Files {
    /// The number in the program of a function's file, made when it is first asked for.
    pub(crate) fn file(
        &mut self,
        program: &Program,
        environment: &dyn Environment,
        number: u32,
    ) -> Result<u32, Box<Diagnostic>> {
        if let Some(file) = self.functions.get(&number) {
            return Ok(*file);
        }
        let unknown = |name: &str| {
            let message = format!("the source of `{name}` is not known");
            Diagnostic::without_source(ErrorKind::Import, message)
                .help("functions are compiled from their text: define it in a file or a notebook's cell")
        };
        let function = environment.function(number).ok_or_else(|| unknown("a function"))?;
        let source = match self.sources.get(&function.file) {
            Some(source) => source.clone(),
            None => {
                let file = environment.file(function.file).ok_or_else(|| unknown(&function.name))?;
                let source = Source::new(PathBuf::from(file.path), file.text);
                self.sources.entry(function.file).or_insert(source).clone()
            }
        };
        let statement = definition(&source, &function)?.ok_or_else(|| unknown(&function.name))?;
        let path = source.path.clone();
        let file = program.push(File {
            source,
            body: Body::Whole(vec![statement]),
            name: module_name(&path),
            directory: Some(path.parent().unwrap_or(Path::new("")).to_path_buf()),
            live: Some(LiveFunction { number, defaults: function.defaults, settings: function.settings }),
        });
        self.functions.insert(number, file);
        Ok(file)
    }
}

/// A file's name in symbols: `<ipython-input-3-5f…>` has characters that would have to be quoted.
fn module_name(path: &Path) -> String {
    let stem = path.file_stem().map_or_else(|| "module".into(), |stem| stem.to_string_lossy());
    let plain: String = stem.chars().map(|c| if c.is_alphanumeric() || c == '_' { c } else { '_' }).collect();
    plain.trim_matches('_').to_owned()
}

/// The statement that defines a function; a lambda stands as a statement of its own. None where it is not in the text.
fn definition(source: &Arc<Source>, function: &Function) -> Result<Option<Stmt>, Box<Diagnostic>> {
    let tokens = match function.lambda {
        Some(before) => lambda_tokens(source, function.line as usize, before as usize),
        None => definition_tokens(source, function.line as usize),
    };
    let extent = |token: &LexResult| token.as_ref().ok().map(|(_, range)| *range);
    let (Some(first), Some(last)) = (tokens.iter().find_map(extent), tokens.iter().rev().find_map(extent)) else {
        return Ok(None);
    };
    specialize::check_nesting(source, first.start().to_usize()..last.end().to_usize().min(source.text.len()))?;
    let path = source.path.to_string_lossy();
    if function.lambda.is_some() {
        let value = Expr::parse_tokens(tokens, &path).map_err(|error| syntax::diagnostic(source, &error))?;
        return Ok(Some(Stmt::Expr(ast::StmtExpr { range: value.range(), value: Box::new(value) })));
    }
    let body = Suite::parse_tokens(tokens, &path).map_err(|error| syntax::diagnostic(source, &error))?;
    match body.into_iter().next() {
        Some(Stmt::AsyncFunctionDef(node)) => {
            let message = format!("`async def {}` is not compiled: compiled functions do not wait", node.name);
            Err(Diagnostic::new(ErrorKind::Unsupported, &Span::new(source, node.range), message))
        }
        Some(Stmt::FunctionDef(node)) if node.name.as_str() == function.name => Ok(Some(Stmt::FunctionDef(node))),
        _ => Ok(None),
    }
}

/// The tokens of a text from a byte on, with their true places.
fn tokens_from(source: &Source, start: usize) -> impl Iterator<Item = LexResult> + '_ {
    let offset = TextSize::try_from(start).unwrap_or_default();
    Suite::lex_starts_at(source.text.get(start..).unwrap_or(""), offset)
}

/// The tokens of the definition that starts on a line, decorators included, to the end of its block.
fn definition_tokens(source: &Source, line: usize) -> Vec<LexResult> {
    let Some(start) = source.line_start(line) else { return Vec::new() };
    let mut lexer = tokens_from(source, start).peekable();
    let mut tokens: Vec<LexResult> = Vec::new();
    let mut depth = 0;
    let mut begun = false;
    while let Some(result) = lexer.next() {
        let token = match &result {
            Ok((token, _)) => token,
            // The lexer takes no notice of the block's end where what follows is unknown to it.
            Err(error) if depth > 0 && ends_block(source, &tokens, error.location) => {
                let end = TextRange::empty(error.location);
                tokens.extend((0..depth).map(|_| Ok((Tok::Dedent, end))));
                break;
            }
            Err(_) => {
                tokens.push(result);
                break;
            }
        };
        match token {
            // What the definition itself is indented by.
            Tok::Indent | Tok::Newline if tokens.is_empty() => continue,
            Tok::Indent => depth += 1,
            Tok::Dedent => depth -= 1,
            Tok::Def if depth == 0 => begun = true,
            Tok::EndOfFile => break,
            _ => {}
        }
        let closes = match token {
            Tok::Dedent => depth == 0,
            Tok::Newline => depth == 0 && begun && !matches!(lexer.peek(), Some(Ok((Tok::Indent, _)))),
            _ => false,
        };
        if depth >= 0 {
            tokens.push(result);
        }
        if closes || depth < 0 {
            break;
        }
    }
    tokens
}

/// Whether the line of a place, behind these tokens of a definition, is indented no deeper than the definition.
fn ends_block(source: &Source, tokens: &[LexResult], place: TextSize) -> bool {
    let (Some(Ok((_, first))), Some(Ok((Tok::Newline, _)))) = (tokens.first(), tokens.last()) else { return false };
    let line = source.line(source.position(place.to_usize()).0);
    line.len() - line.trim_start().len() < source.position(first.start().to_usize()).1
}

/// The tokens of a lambda: of those that begin on a line or after it, the one after `before` others.
fn lambda_tokens(source: &Source, line: usize, before: usize) -> Vec<LexResult> {
    let is_lambda = |result: &LexResult| {
        let Ok((Tok::Lambda, range)) = result else { return false };
        source.position(range.start().to_usize()).0 >= line
    };
    // From the file's start, so that brackets around the lambda are known to be open; where the file has something that the
    // lexer does not know, from its line.
    for start in [0, source.line_start(line).unwrap_or(0)] {
        let mut lexer = tokens_from(source, start).take_while(Result::is_ok);
        if let Some(lambda) = lexer.by_ref().filter(is_lambda).nth(before) {
            return std::iter::once(lambda).chain(up_to_lambda_end(lexer)).collect();
        }
    }
    Vec::new()
}

/// What follows a `lambda` and belongs to it.
fn up_to_lambda_end(lexer: impl Iterator<Item = LexResult>) -> impl Iterator<Item = LexResult> {
    let mut depth = 0usize;
    // Lambdas whose colon has not come yet.
    let mut heads = 1usize;
    lexer.take_while(move |result| {
        let Ok((token, _)) = result else { return false };
        match token {
            Tok::Lpar | Tok::Lsqb | Tok::Lbrace => depth += 1,
            Tok::Rpar | Tok::Rsqb | Tok::Rbrace => match depth.checked_sub(1) {
                Some(outer) => depth = outer,
                None => return false,
            },
            _ if depth > 0 => {}
            Tok::Lambda => heads += 1,
            Tok::Colon => match heads.checked_sub(1) {
                Some(others) => heads = others,
                None => return false,
            },
            Tok::Comma => return heads > 0,
            Tok::Newline | Tok::Semi | Tok::For | Tok::Async | Tok::EndOfFile => return false,
            _ => {}
        }
        true
    })
}
