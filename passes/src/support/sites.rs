//! Sites: the constants that tell the runtime which error is raised, and where in the Python source.

use super::globals::Globals;
use super::llvm;
use melior::ir::Location;
use numir_numeric::ir::location::function_of;
use numir_numeric::ir::{Builder, Op, Val};
use numir_runtime::error::Site;

/// A line of the traceback that a location stands for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Frame {
    file: String,
    function: String,
    /// First line, first column, last line, last column; from 1, 0 is unknown.
    span: [u32; 4],
}

impl Frame {
    /// Whether it is a line of a file of the program's, and not of numir's library, or of a text that was made up.
    pub(crate) fn is_of_a_file(&self) -> bool {
        !self.file.is_empty() && !self.file.starts_with('<')
    }
}

/// The sites of a module, each stored once.
pub(crate) struct Sites<'c> {
    globals: Globals<'c>,
}

impl<'c> Sites<'c> {
    /// For a module, as symbols that begin with a prefix of the pass's own; None if it has no body.
    pub(crate) fn of(module: Op<'c>, prefix: &'static str) -> Option<Self> {
        Some(Self { globals: Globals::of(module, prefix)? })
    }

    /// The address of the site of an error of class `kind` that is raised in `frame`. A traceback's site has neither kind nor
    /// message.
    pub(crate) fn address(&mut self, builder: &Builder<'c>, kind: &str, message: &str, frame: &Frame) -> Val<'c> {
        let Frame { file, function, span } = frame;
        let hint = format!("{function}.{}", span[0]);
        let site = Site {
            kind: kind.into(),
            message: message.into(),
            file: file.into(),
            function: function.into(),
            span: *span,
        };
        llvm::address_of(builder, &self.globals.bytes(builder, &hint, &site.encode()))
    }
}

/// The traceback of a location in `function` (its Python name), innermost frame first, at least one.
/// An inlined call is a call site location whose callee's part says from which function it came.
pub(crate) fn frames(location: Location<'_>, function: &str) -> Vec<Frame> {
    let mut frames = Vec::new();
    collect(location, function, &mut frames);
    if frames.is_empty() {
        frames.push(Frame { file: String::new(), function: function.to_owned(), span: [0; 4] });
    }
    frames
}

fn collect(location: Location<'_>, function: &str, frames: &mut Vec<Frame>) {
    let number = |number: usize| u32::try_from(number).unwrap_or(0);
    if location.is_call_site() {
        collect(location.call_site_callee(), function, frames);
        collect(location.call_site_caller(), function, frames);
    } else if location.is_name() {
        collect(location.name_child_location(), function, frames);
    } else if let Some((function, inside)) = function_of(location) {
        collect(inside, function, frames);
    } else if location.is_fused() {
        let count = frames.len();
        for index in 0..location.fused_num_locations() {
            if frames.len() == count {
                collect(location.fused_location(index), function, frames);
            }
        }
    } else if location.is_file_line_col_range() {
        let file = location.file_line_col_range_filename();
        frames.push(Frame {
            file: file.as_string_ref().as_str().unwrap_or("").to_owned(),
            function: function.to_owned(),
            span: [
                number(location.file_line_col_range_start_line()),
                number(location.file_line_col_range_start_column()),
                number(location.file_line_col_range_end_line()),
                number(location.file_line_col_range_end_column()),
            ],
        });
    }
}
