//! The typed function IR as a module of the `numeric` dialect: a translation by rote.

use crate::function_ir::{Attribute, Function, IrType, Region, ValueId};
use crate::program::{HostCall, TypedModule};
use crate::source::Span;
use crate::types::{Layout, Scalar};
use melior::Context;
use melior::ir::attribute::{BoolAttribute, FloatAttribute, IntegerAttribute};
use melior::ir::{Location, Module, Type};
use numir_interface::live::KernelSettings;
use numir_numeric::ir::location::named;
use numir_numeric::ir::{Blk, Builder, NamedAttribute, Op, Reg, Ty, Val};
use numir_numeric::types as numeric;
use numir_numeric::{KERNEL_LIMITS, LINE_INFO};
use numir_runtime::DType;

/// The dialects that a module at stage `numeric` is made of.
const DIALECTS: [&str; 3] = ["func", "scf", "numeric"];

/// Writes a typed module. The dialects it is made of must be registered in the context; they are loaded here.
pub fn module<'c>(context: &'c Context, typed: &TypedModule) -> Module<'c> {
    for dialect in DIALECTS {
        context.get_or_load_dialect(dialect);
    }
    let location =
        typed.functions.first().map_or_else(|| Location::unknown(context), |entry| location(context, &entry.span));
    let module = Module::new(location);
    if let Some(block) = Op::of_module(&module).body(0) {
        let builder = Builder::at_end(context, block, location);
        if typed.interruptible {
            Op::of_module(&module).set_attribute("numir.interruptible", builder.unit());
        }
        typed.functions.iter().for_each(|function| Emitter { function, values: Vec::new() }.function(builder));
        typed.hosts.iter().for_each(|host| declare(builder, host));
    }
    module
}

/// Declares a function of the host.
fn declare(builder: Builder<'_>, host: &HostCall) {
    let types = |types: &[IrType]| types.iter().map(|ty| ir_type(builder.context(), *ty)).collect::<Vec<_>>();
    let ty = builder.function_type(&types(&host.operands), &types(&host.results));
    let attributes = [
        ("sym_name", builder.string(&host.symbol)),
        ("sym_visibility", builder.string("private")),
        ("function_type", builder.type_attribute(ty)),
        ("numeric.host", IntegerAttribute::new(builder.integer(64), host.number).into()),
    ];
    builder.create("func.func", &[], &[], &attributes, &[Reg::new()]);
}

fn location<'c>(context: &'c Context, span: &Span) -> Location<'c> {
    let (line, column) = span.position();
    Location::new(context, &span.source.path.to_string_lossy(), line, column)
}

/// The stretch of source that an operation stands for, whose end a traceback underlines to.
fn stretch<'c>(context: &'c Context, span: &Span) -> Location<'c> {
    let (line, column) = span.position();
    let (end_line, end_column) = span.source.position(span.end);
    Location::file_line_col_range(context, &span.source.path.to_string_lossy(), line, column, end_line, end_column)
}

fn scalar(scalar: Scalar) -> numeric::Scalar {
    match scalar {
        Scalar::Bool | Scalar::Of(DType::Bool) => numeric::Scalar::Bool,
        Scalar::Int => numeric::Scalar::PyInt,
        Scalar::Float => numeric::Scalar::PyFloat,
        Scalar::Complex => numeric::Scalar::PyComplex,
        Scalar::Index => numeric::Scalar::Index,
        Scalar::Of(dtype) => {
            let bits = 8 * dtype.size() as u32;
            match dtype {
                DType::UInt8 | DType::UInt16 | DType::UInt32 | DType::UInt64 => numeric::Scalar::Unsigned(bits),
                DType::Float16 | DType::Float32 | DType::Float64 => numeric::Scalar::Float(bits),
                DType::Complex64 | DType::Complex128 => numeric::Scalar::Complex(bits / 2),
                _ => numeric::Scalar::Signed(bits),
            }
        }
    }
}

fn ir_type(context: &Context, ty: IrType) -> Ty<'_> {
    match ty {
        IrType::Scalar(kind) => scalar(kind).to_type(context),
        IrType::Array(array) => {
            let layout = match array.layout {
                Layout::C => numeric::Layout::C,
                Layout::F => numeric::Layout::F,
                Layout::Any => numeric::Layout::A,
            };
            let element = scalar(Scalar::Of(array.dtype)).to_type(context);
            match numeric::ArrayType::new(element, array.rank, layout) {
                Some(ty) => ty.into(),
                None => unreachable!("every dtype is an element type of numeric"),
            }
        }
    }
}

struct Emitter<'f, 'c> {
    function: &'f Function,
    values: Vec<Option<Val<'c>>>,
}

impl<'c> Emitter<'_, 'c> {
    fn function(mut self, builder: Builder<'c>) {
        let context = builder.context();
        let function = self.function;
        self.values = vec![None; function.values.len()];
        let builder = builder.with_location(location(context, &function.span));
        let inputs: Vec<_> = function.body.arguments.iter().map(|value| self.type_of(context, *value)).collect();
        let results: Vec<_> = function.results.iter().map(|ty| ir_type(context, *ty)).collect();
        let body = self.region(builder, &function.body);
        let mut attributes: Vec<NamedAttribute<'c, '_>> = vec![
            ("sym_name", builder.string(&function.symbol)),
            ("function_type", builder.type_attribute(builder.function_type(&inputs, &results))),
            ("numeric.python_name", builder.string(&function.python_name)),
        ];
        let mut passthrough = Vec::new();
        if !function.fast_math.is_empty() {
            let flags = builder.string(&function.fast_math);
            attributes.push(("numir.fast_math", flags));
            passthrough.push(builder.array(&[builder.string("numir-fastmath"), flags]));
        }
        if function.parallel {
            attributes.push(("numir.parallel", builder.unit()));
        }
        if let Some(inline) = function.inline {
            attributes.push(("numir.inline", BoolAttribute::new(builder.context(), inline).into()));
            passthrough.extend((!inline).then(|| builder.string("noinline")));
        }
        let KernelSettings { max_registers, max_threads, min_blocks, line_info } = function.kernel;
        for (name, limit) in KERNEL_LIMITS.into_iter().zip([max_registers, max_threads, min_blocks]) {
            attributes.extend(limit.map(|limit| (name, builder.i64_attribute(limit.into()))));
        }
        if line_info {
            attributes.push((LINE_INFO, builder.unit()));
        }
        if let Some(name) = &function.in_libdevice {
            // It stays a function until the code generator has seen whether libdevice is there.
            attributes.push(("numir.inline", BoolAttribute::new(builder.context(), false).into()));
            let name = builder.array(&[builder.string("numir-libdevice"), builder.string(name)]);
            passthrough.extend([builder.string("noinline"), name]);
        }
        if function.is_applied {
            // No loop in it is long, and a loop over elements is vectorised once it is in there.
            attributes.push(("numir.short", builder.unit()));
            match function.is_rare {
                true => passthrough.extend(["noinline", "numir-rare"].map(|name| builder.string(name))),
                false => passthrough.push(builder.string("alwaysinline")),
            }
        }
        if !passthrough.is_empty() {
            attributes.push(("passthrough", builder.array(&passthrough)));
        }
        if function.is_entry {
            attributes.push(("numeric.entry", builder.unit()));
            attributes.extend(function.c_result.as_ref().map(|result| ("numir.c_result", builder.string(result))));
        } else {
            attributes.push(("sym_visibility", builder.string("private")));
        }
        builder.create("func.func", &[], &[], &attributes, &[body]);
    }

    fn type_of(&self, context: &'c Context, value: ValueId) -> Ty<'c> {
        ir_type(context, self.function.type_of(value))
    }

    fn value(&self, id: ValueId) -> Val<'c> {
        match self.values.get(id.0 as usize).copied().flatten() {
            Some(value) => value,
            None => unreachable!("value {} of {} is used before it is defined", id.0, self.function.symbol),
        }
    }

    /// A value's place with its name, by which the printer calls it.
    fn named(&self, context: &'c Context, location: Location<'c>, value: ValueId) -> Location<'c> {
        match self.function.name_of(value) {
            Some(name) => named(context, name, location),
            None => location,
        }
    }

    fn region(&mut self, builder: Builder<'c>, region: &Region) -> Reg<'c> {
        let context = builder.context();
        let block = Blk::new(&[], builder.location());
        for argument in &region.arguments {
            let location = self.named(context, builder.location(), *argument);
            let value = block.add_argument(self.type_of(context, *argument), location);
            self.values[argument.0 as usize] = Some(value);
        }
        let inner = builder.into_block(block);
        // Neighbours mostly share their place; a location is made once for a run of them.
        let mut place = (usize::MAX, usize::MAX, inner.location());
        for instruction in &region.instructions {
            let Span { start, end, .. } = instruction.span;
            if (place.0, place.1) != (start, end) {
                place = (start, end, stretch(context, &instruction.span));
            }
            let here = inner.with_location(place.2);
            let operands: Vec<_> = instruction.operands.iter().map(|value| self.value(*value)).collect();
            let results: Vec<_> = instruction.results.iter().map(|value| self.type_of(context, *value)).collect();
            let attributes: Vec<_> =
                instruction.attributes.iter().map(|(name, value)| (*name, attribute(here, value))).collect();
            let regions: Vec<_> = instruction.regions.iter().map(|region| self.region(here, region)).collect();
            let here = match instruction.results.as_slice() {
                [result] => here.with_location(self.named(context, here.location(), *result)),
                _ => here,
            };
            let operation = here.create(instruction.name, &operands, &results, &attributes, &regions);
            for (index, result) in instruction.results.iter().enumerate() {
                self.values[result.0 as usize] = Some(operation.result(index));
            }
        }
        Reg::with_block(block)
    }
}

fn attribute<'c>(builder: Builder<'c>, attribute: &Attribute) -> numir_numeric::ir::Attribute<'c> {
    let context = builder.context();
    let float = |value: f64| FloatAttribute::new(context, Type::float64(context), value).into();
    match attribute {
        Attribute::Integer(value) => builder.i64_attribute(*value),
        Attribute::Float(value) => float(*value),
        Attribute::Complex(real, imaginary) => builder.array(&[float(*real), float(*imaginary)]),
        Attribute::Bool(value) => BoolAttribute::new(context, *value).into(),
        Attribute::Text(text) => builder.string(text),
        Attribute::Symbol(name) => builder.symbol(name),
        Attribute::Integers(values) => builder.i64_array(values),
        Attribute::Texts(texts) => builder.array(&texts.iter().map(|text| builder.string(text)).collect::<Vec<_>>()),
        Attribute::Dimension(axis) => {
            // Programs without kernels do without the dialect.
            context.get_or_load_dialect("gpu");
            let dimension = numir_numeric::ir::Attribute::parse(context, &format!("#gpu<dim {axis}>"));
            dimension.unwrap_or_else(|| unreachable!("the gpu dialect has three axes"))
        }
        Attribute::Unit => builder.unit(),
    }
}
