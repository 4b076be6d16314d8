//! Sites: the constants that tell the runtime which error is raised, and where in the Python source.

use crate::support::globals::Globals;
use crate::support::llvm;
use melior::ir::Location;
use numir_numeric::ir::location::function_of;
use numir_numeric::ir::{Builder, Op, Ty, Val};
use numir_runtime::abi;
use numir_runtime::error::SITE_FIELDS;
use std::collections::HashMap;

/// A line of the traceback that a location stands for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Frame {
    file: String,
    function: String,
    /// First line, first column, last line, last column; from 1, 0 is unknown.
    span: [i32; 4],
}

/// What a site says. A traceback's site has neither kind nor message.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Site {
    kind: String,
    message: String,
    frame: Frame,
}

/// The sites of a module, each stored once.
pub(super) struct Sites<'c> {
    globals: Globals<'c>,
    symbols: HashMap<Site, String>,
}

impl<'c> Sites<'c> {
    /// For a `builtin.module`; None if it has no body.
    pub(super) fn of(module: Op<'c>) -> Option<Self> {
        Some(Self { globals: Globals::of(module, "numir.error")?, symbols: HashMap::new() })
    }

    /// The address of the site of an error of class `kind` that is raised in `frame`.
    pub(super) fn address(&mut self, builder: &Builder<'c>, kind: &str, message: &str, frame: &Frame) -> Val<'c> {
        let site = Site { kind: kind.to_owned(), message: message.to_owned(), frame: frame.clone() };
        let symbol = match self.symbols.get(&site) {
            Some(symbol) => symbol.clone(),
            None => {
                let symbol = define(&mut self.globals, builder, &site);
                self.symbols.insert(site, symbol.clone());
                symbol
            }
        };
        llvm::address_of(builder, &symbol)
    }
}

fn define<'c>(globals: &mut Globals<'c>, builder: &Builder<'c>, site: &Site) -> String {
    let fields: Vec<Ty<'c>> = SITE_FIELDS.iter().map(|(_, ty, _)| field_type(builder, *ty)).collect();
    let ty = llvm::struct_type(builder, &fields);
    globals.constant(builder, "site", ty, |globals, builder| {
        let mut value = llvm::zero(builder, ty);
        let texts = [&site.kind, &site.message, &site.frame.file, &site.frame.function];
        for (place, text) in texts.into_iter().enumerate().filter(|(_, text)| !text.is_empty()) {
            let symbol = globals.text(builder, text);
            let start = llvm::address_of(builder, &symbol);
            let bytes = llvm::constant(builder, text.len() as i64, builder.integer(64));
            value = llvm::insert(builder, value, start, &[2 * place as i64]);
            value = llvm::insert(builder, value, bytes, &[2 * place as i64 + 1]);
        }
        for (place, number) in (8..).zip(site.frame.span) {
            let number = llvm::constant(builder, number.into(), builder.integer(32));
            value = llvm::insert(builder, value, number, &[place]);
        }
        value
    })
}

fn field_type<'c>(builder: &Builder<'c>, ty: abi::Type) -> Ty<'c> {
    match ty {
        abi::Type::Ptr => builder.pointer(),
        abi::Type::I64 => builder.integer(64),
        abi::Type::I32 => builder.integer(32),
        abi::Type::F32 | abi::Type::F64 => unreachable!("a site holds no floats"),
    }
}

/// The traceback of a location in `function` (its Python name), innermost frame first, at least one.
/// An inlined call is a call site location whose callee's part says from which function it came.
pub(super) fn frames(location: Location<'_>, function: &str) -> Vec<Frame> {
    let mut frames = Vec::new();
    collect(location, function, &mut frames);
    if frames.is_empty() {
        frames.push(Frame { file: String::new(), function: function.to_owned(), span: [0; 4] });
    }
    frames
}

fn collect(location: Location<'_>, function: &str, frames: &mut Vec<Frame>) {
    let number = |number: usize| i32::try_from(number).unwrap_or(0);
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
