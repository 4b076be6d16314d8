//! `lower-print`: prints become calls of the runtime, which formats as Python and NumPy do.

use crate::support::call_graph::symbol_tables;
use crate::support::globals::Globals;
use crate::support::llvm;
use crate::support::runtime::Runtime;
use crate::support::scalars::typed_operands;
use crate::support::storage::complex_part;
use melior::ir::TypeLike;
use numir_numeric::ir::{Builder, Ty, Val};
use numir_pipeline::properties::{PARALLEL_OUTLINED, PRINTS_LOWERED};
use numir_pipeline::{Op, Pass, PassContext, PassError, Property, register_pass};
use numir_runtime::DType;
use numir_runtime::dtype::Kind;
use numir_runtime::print::{STYLE_NUMPY, STYLE_REPR};

/// The pass.
struct LowerPrint;

register_pass!(LowerPrint);

impl Pass for LowerPrint {
    fn name(&self) -> &'static str {
        "lower-print"
    }

    fn summary(&self) -> &'static str {
        "turn prints into calls of the runtime"
    }

    fn requires(&self) -> &'static [Property] {
        &[PARALLEL_OUTLINED]
    }

    fn establishes(&self) -> &'static [Property] {
        &[PRINTS_LOWERED]
    }

    fn dialects(&self) -> &'static [fn() -> melior::dialect::DialectHandle] {
        use numir_pipeline::dialects::{arith, complex, llvm};
        &[arith, complex, llvm]
    }

    fn run<'c>(&self, module: Op<'c>, _: &PassContext<'c>) -> Result<(), PassError> {
        symbol_tables(module).into_iter().try_for_each(lower)
    }
}

/// Lowers the prints of a module's functions; those of kernels have texts of their own.
fn lower(module: Op<'_>) -> Result<(), PassError> {
    let (Some(body), Some(runtime), Some(mut globals)) =
        (module.body(0), Runtime::of(module), Globals::of(module, "numir.print"))
    else {
        return Ok(());
    };
    let functions = body.operations().into_iter().filter(|operation| operation.is("func.func"));
    for operation in functions.flat_map(|function| function.collect(|inner| inner.name().starts_with("numeric.print_")))
    {
        let builder = Builder::before(operation);
        match operation.name() {
            "numeric.print_text" => print_text(&builder, operation, &runtime, &mut globals),
            "numeric.print_value" => print_value(&builder, operation, &runtime)?,
            _ => {
                runtime.call(&builder, "numir_print_flush", &[]);
            }
        }
        operation.erase();
    }
    Ok(())
}

fn print_text<'c>(builder: &Builder<'c>, operation: Op<'c>, runtime: &Runtime<'c>, globals: &mut Globals<'c>) {
    let text = operation.string_attribute("text").unwrap_or_default();
    if !text.is_empty() {
        let start = llvm::address_of(builder, &globals.bytes(builder, "text", text.as_bytes()));
        let bytes = llvm::constant(builder, text.len() as i64, builder.integer(64));
        runtime.call(builder, "numir_print_text", &[start, bytes]);
    }
}

fn print_value<'c>(builder: &Builder<'c>, operation: Op<'c>, runtime: &Runtime<'c>) -> Result<(), PassError> {
    let (value, dtype) = typed_operands(operation, 0)?[0];
    let repr = operation.string_attribute("style").is_some_and(|style| style == "repr");
    let numpy = operation.integer_attribute("np").is_some_and(|numpy| numpy != 0);
    let style = if repr { STYLE_REPR } else { 0 } | if numpy { STYLE_NUMPY } else { 0 };
    let (function, mut arguments) = widened(builder, dtype, value);
    let number = |value: i64| llvm::constant(builder, value, builder.integer(32));
    if dtype != DType::Bool {
        arguments.push(number(dtype.bits() as i64));
    }
    arguments.push(number(style.into()));
    runtime.call(builder, function, &arguments);
    Ok(())
}

/// The function that prints a scalar, and the scalar in the types that it takes.
fn widened<'c>(builder: &Builder<'c>, dtype: DType, value: Val<'c>) -> (&'static str, Vec<Val<'c>>) {
    let to = |name: &str, value: Val<'c>, ty: Ty<'c>| {
        if value.ty() == ty { value } else { builder.value(name, &[value], ty, &[]) }
    };
    let integer = |name: &str, bits: u32| {
        let name = if value.ty().is_index() { "arith.index_cast" } else { name };
        vec![to(name, value, builder.integer(bits))]
    };
    match dtype.kind() {
        Kind::Bool => ("numir_print_bool", integer("arith.extui", 32)),
        Kind::Signed | Kind::Time => ("numir_print_int", integer("arith.extsi", 64)),
        Kind::Unsigned => ("numir_print_uint", integer("arith.extui", 64)),
        Kind::Float => ("numir_print_float", vec![to("arith.extf", value, builder.f64())]),
        Kind::Complex => {
            let part = complex_part(value.ty()).unwrap_or(builder.f64());
            let parts = ["complex.re", "complex.im"]
                .map(|name| to("arith.extf", builder.value(name, &[value], part, &[]), builder.f64()));
            ("numir_print_complex", parts.to_vec())
        }
    }
}
