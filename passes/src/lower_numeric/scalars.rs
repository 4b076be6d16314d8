//! Scalar operations: a table says for each operation and class of number which operation of arith or math it is, or which text in
//! `meaning/` says what it does. `f16` is computed in `f32` and rounded back, as NumPy does.

mod rules;

pub use rules::aliases;

use super::casts::{extend, narrow};
use super::meanings::{COMPLEX, FLOAT, Family};
use super::types::lowered_scalar;
use super::{Item, Lowering};
use crate::support::blocks::copy_block;
use crate::support::call_graph::SHORT;
use crate::support::scalars::compare;
use melior::ir::Attribute;
use melior::ir::attribute::{ArrayAttribute, FloatAttribute, IntegerAttribute};
use numir_numeric::ir::{Builder, Op, Reg, Ty, Val};
use numir_numeric::types::{ArrayType, Class, Scalar};
use numir_pipeline::PassError;
use rules::{INTRINSICS, PREDICATES, RULES, Rule};

use Class::{Bool, Complex, Float, Signed, Unsigned};

/// The operations whose only types are those of their operands: everything in `RULES`.
pub fn arithmetic<'c>(lowering: &mut Lowering<'c>, item: &Item<'c>) -> Result<(), PassError> {
    let (name, scalar) = (item.op.name(), item.operand_scalar(0)?);
    let value = combine(lowering, item, item.builder(), name, scalar, &item.op.operands())?;
    item.op.replace(&[value]);
    Ok(())
}

/// Applies the scalar operation `name` on numbers of type `scalar`, which may stand anywhere.
pub fn combine<'c>(
    lowering: &mut Lowering<'c>,
    item: &Item<'c>,
    builder: Builder<'c>,
    name: &str,
    scalar: Scalar,
    operands: &[Val<'c>],
) -> Result<Val<'c>, PassError> {
    if scalar == Scalar::Float(16) {
        let wide: Vec<_> = operands.iter().map(|value| extend(builder, *value, 32)).collect();
        let value = combine(lowering, item, builder, name, Scalar::Float(32), &wide)?;
        return Ok(narrow(builder, value, 16));
    }
    let rule = RULES.iter().find(|(op, classes, _)| *op == name && classes.contains(&scalar.class()));
    match rule {
        Some((_, _, Rule::Op(op))) => Ok(builder.value(op, operands, lowered_scalar(builder.context(), scalar), &[])),
        Some((_, _, Rule::Meaning(family, function))) => {
            let python =
                if scalar == Scalar::PyComplex && *function == "truediv_numpy" { "truediv_python" } else { function };
            meaning(lowering, item, builder, family, &aliases(scalar), python, operands)
        }
        Some((_, _, Rule::Operand)) => Ok(operands[0]),
        Some((_, _, Rule::Libm(function))) => {
            let parts: Vec<_> = match scalar.class() {
                Complex => vec![real(builder, operands[0]), imaginary(builder, operands[0])],
                _ => operands.to_vec(),
            };
            call_libm(lowering, item, builder, function, &parts)
        }
        None => Err(PassError::compiler(
            item.op.location(),
            format!("`{name}` of {scalar} has no lowering; the front end calls a library function for it"),
        )),
    }
}

/// Puts the only result of a function of a family where `builder` stands.
pub fn meaning<'c>(
    lowering: &mut Lowering<'c>,
    item: &Item<'c>,
    builder: Builder<'c>,
    family: &'static Family,
    aliases: &str,
    function: &str,
    operands: &[Val<'c>],
) -> Result<Val<'c>, PassError> {
    let function = lowering.meanings.function(family, aliases, function, item.op)?;
    let body = function.body(0).ok_or_else(|| item.broken("its meaning has no body"))?;
    copy_block(builder, body, operands).first().copied().ok_or_else(|| item.broken("its meaning gives nothing"))
}

/// `complex.re`
pub fn real<'c>(builder: Builder<'c>, value: Val<'c>) -> Val<'c> {
    builder.value("complex.re", &[value], part_type(builder, value), &[])
}

/// `complex.im`
pub fn imaginary<'c>(builder: Builder<'c>, value: Val<'c>) -> Val<'c> {
    builder.value("complex.im", &[value], part_type(builder, value), &[])
}

fn part_type<'c>(builder: Builder<'c>, value: Val<'c>) -> Ty<'c> {
    let part = Scalar::of(value.ty()).map_or(Scalar::Float(64), Scalar::part);
    lowered_scalar(builder.context(), part)
}

/// Calls a function of C's library on floats of one type; `f32` has the suffix `f`, `f16` goes through `f32`.
fn call_libm<'c>(
    lowering: &mut Lowering<'c>,
    item: &Item<'c>,
    builder: Builder<'c>,
    function: &str,
    operands: &[Val<'c>],
) -> Result<Val<'c>, PassError> {
    let ty = operands.first().map(|value| value.ty()).ok_or_else(|| item.broken("it has no operands"))?;
    if Scalar::of(ty) == Some(Scalar::Float(16)) {
        let wide: Vec<_> = operands.iter().map(|value| extend(builder, *value, 32)).collect();
        let value = call_libm(lowering, item, builder, function, &wide)?;
        return Ok(narrow(builder, value, 16));
    }
    if let Some((_, op)) = INTRINSICS.iter().find(|(name, _)| *name == function) {
        return Ok(builder.value(op, operands, ty, &[]));
    }
    let symbol = if Scalar::of(ty) == Some(Scalar::Float(32)) { format!("{function}f") } else { function.to_owned() };
    declare(lowering, item, &symbol, &vec![ty; operands.len()], ty)?;
    Ok(builder.value("func.call", operands, ty, &[("callee", builder.symbol(&symbol))]))
}

/// Declares a function of C's library, which neither reads nor writes memory: nothing looks at `errno`.
fn declare<'c>(
    lowering: &mut Lowering<'c>,
    item: &Item<'c>,
    symbol: &str,
    inputs: &[Ty<'c>],
    result: Ty<'c>,
) -> Result<(), PassError> {
    if let Some(known) = lowering.symbol(symbol) {
        let is_declaration = known.region_count() == 1 && known.body(0).is_none();
        return if is_declaration { Ok(()) } else { Err(hidden(item, known, symbol)) };
    }
    let builder = lowering.end_of_module(item)?;
    let signature = builder.type_attribute(builder.function_type(inputs, &[result]));
    let attributes = [
        ("sym_name", builder.string(symbol)),
        ("sym_visibility", builder.string("private")),
        ("function_type", signature),
        ("llvm.readnone", builder.unit()),
    ];
    lowering.add_symbol(builder.create("func.func", &[], &[], &attributes, &[Reg::new()]));
    Ok(())
}

/// The error that a function of the program takes the place of one of the library's.
fn hidden<'c>(item: &Item<'c>, function: Op<'c>, symbol: &str) -> PassError {
    let message =
        format!("a function of the program is called `{symbol}`, and so is the one of C's library that is needed here");
    PassError::program(item.op.location(), message).note(function.location(), "give this one another name")
}

/// `numeric.libm`
pub fn libm<'c>(lowering: &mut Lowering<'c>, item: &Item<'c>) -> Result<(), PassError> {
    let function = item.text("function")?;
    let value = call_libm(lowering, item, item.builder(), &function, &item.op.operands())?;
    item.op.replace(&[value]);
    Ok(())
}

/// `numeric.apply`: a call.
pub fn apply<'c>(_: &mut Lowering<'c>, item: &Item<'c>) -> Result<(), PassError> {
    let builder = item.builder();
    let callee = item.op.attribute("callee").ok_or_else(|| item.broken("its function is missing"))?;
    let ty = lowered_scalar(builder.context(), item.result_scalar()?);
    let attributes = [("callee", callee), (SHORT, builder.unit())];
    item.op.replace(&[builder.value("func.call", &item.op.operands(), ty, &attributes)]);
    Ok(())
}

/// `numeric.constant`: the constant of the lowered type.
pub fn constant<'c>(_: &mut Lowering<'c>, item: &Item<'c>) -> Result<(), PassError> {
    let builder = item.builder();
    let value = item.op.attribute("value").ok_or_else(|| item.broken("its value is missing"))?;
    let constant =
        constant_of(builder, item.result_scalar()?, value).ok_or_else(|| item.broken("its value does not fit"))?;
    item.op.replace(&[constant]);
    Ok(())
}

fn constant_of<'c>(builder: Builder<'c>, scalar: Scalar, value: Attribute<'c>) -> Option<Val<'c>> {
    let ty = lowered_scalar(builder.context(), scalar);
    let double = |attribute: Attribute<'c>| FloatAttribute::try_from(attribute).ok().map(|float| float.value());
    match scalar.class() {
        Bool | Signed | Unsigned => {
            let bits = IntegerAttribute::try_from(value).ok()?.value();
            let unused = 64 - scalar.width();
            Some(builder.constant_integer((bits << unused) >> unused, ty))
        }
        Float => Some(builder.constant_float(double(value)?, ty)),
        Complex => {
            let parts = ArrayAttribute::try_from(value).ok()?;
            let part = lowered_scalar(builder.context(), scalar.part());
            let float = |index| Some(builder.constant_float(double(parts.element(index).ok()?)?, part));
            Some(builder.value("complex.create", &[float(0)?, float(1)?], ty, &[]))
        }
    }
}

/// `numeric.undef`: zero. Poison would be free, but an operation that is total on every number (a division, say) is not on poison.
/// Of an array, the null descriptor, which retain and release accept.
pub fn undef<'c>(_: &mut Lowering<'c>, item: &Item<'c>) -> Result<(), PassError> {
    let builder = item.builder();
    let zero = match item.results.first().map(|ty| (Scalar::of(*ty), ArrayType::try_from(*ty))) {
        Some((Some(scalar), _)) => zero(builder, scalar),
        Some((None, Ok(array))) => super::arrays::null(builder, array),
        _ => return Err(item.broken("it is neither a scalar nor an array")),
    };
    item.op.replace(&[zero]);
    Ok(())
}

/// The number 0 of a type.
pub fn zero<'c>(builder: Builder<'c>, scalar: Scalar) -> Val<'c> {
    let ty = lowered_scalar(builder.context(), scalar);
    match scalar.class() {
        Bool | Signed | Unsigned => builder.constant_integer(0, ty),
        Float => builder.constant_float(0.0, ty),
        Complex => {
            let part = zero(builder, scalar.part());
            builder.value("complex.create", &[part, part], ty, &[])
        }
    }
}

/// `numeric.cmp`
pub fn cmp<'c>(lowering: &mut Lowering<'c>, item: &Item<'c>) -> Result<(), PassError> {
    let (builder, scalar, predicate) = (item.builder(), item.operand_scalar(0)?, item.text("predicate")?);
    let numbers = PREDICATES.iter().find(|(name, _)| *name == predicate).map(|(_, numbers)| numbers);
    let [signed, unsigned, float] = *numbers.ok_or_else(|| item.broken("its predicate is unknown"))?;
    let operands = item.op.operands();
    let ask =
        |op, number| builder.value(op, &operands, builder.integer(1), &[("predicate", builder.i64_attribute(number))]);
    let value = match scalar.class() {
        Signed => ask("arith.cmpi", signed),
        Unsigned | Bool => ask("arith.cmpi", unsigned),
        Float => ask("arith.cmpf", float),
        Complex => meaning(lowering, item, builder, &COMPLEX, &aliases(scalar), &predicate, &operands)?,
    };
    item.op.replace(&[value]);
    Ok(())
}

/// `numeric.select`
pub fn select<'c>(lowering: &mut Lowering<'c>, item: &Item<'c>) -> Result<(), PassError> {
    let (builder, operands) = (item.builder(), item.op.operands());
    let value = match item.results.first().and_then(|ty| Scalar::of(*ty)) {
        Some(scalar) if scalar.class() == Complex => {
            meaning(lowering, item, builder, &COMPLEX, &aliases(scalar), "select", &operands)?
        }
        _ => builder.value("arith.select", &operands, operands[1].ty(), &[]),
    };
    item.op.replace(&[value]);
    Ok(())
}

/// `numeric.classify`
pub fn classify<'c>(lowering: &mut Lowering<'c>, item: &Item<'c>) -> Result<(), PassError> {
    let (builder, kind) = (item.builder(), item.text("kind")?);
    let (scalar, operand) = match item.operand_scalar(0)? {
        Scalar::Float(16) => (Scalar::Float(32), extend(builder, item.op.operand(0), 32)),
        scalar => (scalar, item.op.operand(0)),
    };
    let value = meaning(lowering, item, builder, &FLOAT, &aliases(scalar), &kind, &[operand])?;
    item.op.replace(&[value]);
    Ok(())
}

/// `numeric.complex`
pub fn complex<'c>(_: &mut Lowering<'c>, item: &Item<'c>) -> Result<(), PassError> {
    let ty = lowered_scalar(item.op.context(), item.result_scalar()?);
    item.op.replace(&[item.builder().value("complex.create", &item.op.operands(), ty, &[])]);
    Ok(())
}

/// `numeric.real`, `numeric.imag`
pub fn part<'c>(_: &mut Lowering<'c>, item: &Item<'c>) -> Result<(), PassError> {
    let get = if item.op.is("numeric.real") { real } else { imaginary };
    item.op.replace(&[get(item.builder(), item.op.operand(0))]);
    Ok(())
}

/// The value of a constant that has been lowered already.
pub fn known_integer(value: Val<'_>) -> Option<i64> {
    let definition = value.definition().filter(|op| op.is("arith.constant"))?;
    definition.integer_attribute("value")
}

/// The largest constant exponent for which a power becomes a chain of products.
const LARGEST_UNROLLED_POWER: i64 = 64;

/// `numeric.pow`: products for a small constant exponent of integers, else as the rules say.
pub fn pow<'c>(lowering: &mut Lowering<'c>, item: &Item<'c>) -> Result<(), PassError> {
    let (builder, scalar) = (item.builder(), item.operand_scalar(0)?);
    let exponent = known_integer(item.op.operand(1)).filter(|exponent| (0..=LARGEST_UNROLLED_POWER).contains(exponent));
    let Some(mut exponent) = exponent else { return arithmetic(lowering, item) };
    let ty = lowered_scalar(builder.context(), scalar);
    let multiply = |a, b| builder.value("arith.muli", &[a, b], ty, &[]);
    let (mut square, mut product) = (item.op.operand(0), None);
    while exponent > 0 {
        if exponent & 1 == 1 {
            product = Some(product.map_or(square, |product| multiply(product, square)));
        }
        exponent >>= 1;
        if exponent > 0 {
            square = multiply(square, square);
        }
    }
    item.op.replace(&[product.unwrap_or_else(|| builder.constant_integer(1, ty))]);
    Ok(())
}

/// `numeric.floordiv`, `numeric.mod`: shifts and masks for a constant power of two, else as the rules say.
pub fn division<'c>(lowering: &mut Lowering<'c>, item: &Item<'c>) -> Result<(), PassError> {
    let (builder, scalar) = (item.builder(), item.operand_scalar(0)?);
    let divisor = known_integer(item.op.operand(1)).filter(|divisor| *divisor > 0 && divisor.count_ones() == 1);
    let Some(divisor) = divisor else { return arithmetic(lowering, item) };
    let ty = lowered_scalar(builder.context(), scalar);
    let (op, amount) = match (item.op.is("numeric.mod"), scalar.class()) {
        (true, _) => ("arith.andi", divisor - 1),
        (false, Unsigned) => ("arith.shrui", i64::from(divisor.trailing_zeros())),
        (false, _) => ("arith.shrsi", i64::from(divisor.trailing_zeros())),
    };
    let amount = builder.constant_integer(amount, ty);
    item.op.replace(&[builder.value(op, &[item.op.operand(0), amount], ty, &[])]);
    Ok(())
}

/// `numeric.wrap_index`
pub fn wrap_index<'c>(_: &mut Lowering<'c>, item: &Item<'c>) -> Result<(), PassError> {
    let (builder, index, size) = (item.builder(), item.op.operand(0), item.op.operand(1));
    let negative = compare(&builder, "slt", index, builder.constant_index(0));
    let wrapped = builder.value("arith.addi", &[index, size], builder.index(), &[]);
    item.op.replace(&[builder.value("arith.select", &[negative, wrapped, index], builder.index(), &[])]);
    Ok(())
}
