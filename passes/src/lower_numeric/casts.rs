//! Casts between any two scalars, as NumPy's `astype` does them on x86.

use super::meanings::{CAST, COMPLEX};
use super::scalars::{aliases, imaginary, meaning, real, zero};
use super::types::lowered_scalar;
use super::{Item, Lowering};
use crate::support::scalars::compare;
use numir_numeric::ir::{Builder, Val};
use numir_numeric::types::{Class, Scalar};
use numir_pipeline::PassError;

/// arith's number of the predicate `une` of floats.
const UNE: i64 = 13;

/// `numeric.cast`
pub fn cast<'c>(lowering: &mut Lowering<'c>, item: &Item<'c>) -> Result<(), PassError> {
    let (from, to) = (item.operand_scalar(0)?, item.result_scalar()?);
    let value = convert(lowering, item, item.op.operand(0), from, to)?;
    item.op.replace(&[value]);
    Ok(())
}

/// `numeric.bitcast`
pub fn bitcast<'c>(_: &mut Lowering<'c>, item: &Item<'c>) -> Result<(), PassError> {
    let (builder, value) = (item.builder(), item.op.operand(0));
    let to = lowered_scalar(builder.context(), item.result_scalar()?);
    let index = builder.index();
    // An index has no bits to cast: it goes through i64.
    let value = if value.ty() == index && to != index {
        builder.value("arith.index_cast", &[value], builder.integer(64), &[])
    } else {
        value
    };
    let bits = if to == index { builder.integer(64) } else { to };
    let value = if value.ty() == bits || value.ty() == to {
        value
    } else {
        builder.value("arith.bitcast", &[value], bits, &[])
    };
    let value = if value.ty() == to { value } else { builder.value("arith.index_cast", &[value], to, &[]) };
    item.op.replace(&[value]);
    Ok(())
}

fn convert<'c>(
    lowering: &mut Lowering<'c>,
    item: &Item<'c>,
    value: Val<'c>,
    from: Scalar,
    to: Scalar,
) -> Result<Val<'c>, PassError> {
    let builder = item.builder();
    let target = lowered_scalar(builder.context(), to);
    Ok(match (from.class(), to.class()) {
        _ if value.ty() == target && (from == Scalar::Bool) == (to == Scalar::Bool) => value,
        (Class::Complex, Class::Bool) => {
            meaning(lowering, item, builder, &COMPLEX, &aliases(from), "nonzero", &[value])?
        }
        (Class::Complex, Class::Complex) => {
            let re = convert(lowering, item, real(builder, value), from.part(), to.part())?;
            let im = convert(lowering, item, imaginary(builder, value), from.part(), to.part())?;
            builder.value("complex.create", &[re, im], target, &[])
        }
        (Class::Complex, _) => convert(lowering, item, real(builder, value), from.part(), to)?,
        (_, Class::Complex) => {
            let re = convert(lowering, item, value, from, to.part())?;
            builder.value("complex.create", &[re, zero(builder, to.part())], target, &[])
        }
        (Class::Float, Class::Float) => float_to_float(lowering, item, value, from, to)?,
        (Class::Float, Class::Bool) => {
            let predicate = [("predicate", builder.i64_attribute(UNE))];
            builder.value("arith.cmpf", &[value, zero(builder, from)], target, &predicate)
        }
        (Class::Float, _) => float_to_integer(lowering, item, value, from, to)?,
        (_, Class::Float) => integer_to_float(builder, value, from, to),
        (_, Class::Bool) => compare(&builder, "ne", value, zero(builder, from)),
        _ => integer_to_integer(builder, value, from, to),
    })
}

/// A float as the wider float of that width; itself if it has that width.
pub fn extend<'c>(builder: Builder<'c>, value: Val<'c>, width: u32) -> Val<'c> {
    let ty = lowered_scalar(builder.context(), Scalar::Float(width));
    if value.ty() == ty { value } else { builder.value("arith.extf", &[value], ty, &[]) }
}

/// A float as the narrower float of that width, rounded to nearest even. `f64` to `f16` needs `f64_to_f16`.
pub fn narrow<'c>(builder: Builder<'c>, value: Val<'c>, width: u32) -> Val<'c> {
    builder.value("arith.truncf", &[value], lowered_scalar(builder.context(), Scalar::Float(width)), &[])
}

fn float_to_float<'c>(
    lowering: &mut Lowering<'c>,
    item: &Item<'c>,
    value: Val<'c>,
    from: Scalar,
    to: Scalar,
) -> Result<Val<'c>, PassError> {
    let builder = item.builder();
    match (from.width(), to.width()) {
        (64, 16) => meaning(lowering, item, builder, &CAST, &cast_aliases(64, 64), "f64_to_f16", &[value]),
        (from, to) if from < to => Ok(extend(builder, value, to)),
        (_, to) => Ok(narrow(builder, value, to)),
    }
}

/// NumPy's C casts, as x86 does them: through a signed integer of 32 bits where the result has at most 16, or 32 and a sign, else
/// through one of 64 bits.
fn float_to_integer<'c>(
    lowering: &mut Lowering<'c>,
    item: &Item<'c>,
    value: Val<'c>,
    from: Scalar,
    to: Scalar,
) -> Result<Val<'c>, PassError> {
    let builder = item.builder();
    let (value, float) = if from.width() == 16 { (extend(builder, value, 32), 32) } else { (value, from.width()) };
    let (through, function) = match (to.class(), to.width()) {
        (Class::Unsigned, 64) => (64, "truncate_unsigned"),
        (Class::Signed, 32) | (_, 8 | 16) => (32, "truncate"),
        _ => (64, "truncate"),
    };
    let cut = meaning(lowering, item, builder, &CAST, &cast_aliases(float, through), function, &[value])?;
    let target = lowered_scalar(builder.context(), to);
    Ok(match to {
        Scalar::Index => builder.value("arith.index_cast", &[cut], target, &[]),
        _ if cut.ty() == target => cut,
        _ => builder.value("arith.trunci", &[cut], target, &[]),
    })
}

/// The aliases of `meaning/cast.mlir`: powers of two are exact in either float.
fn cast_aliases(float: u32, integer: u32) -> String {
    let limit = 2f64.powi(integer as i32 - 1);
    let least = i64::MIN >> (64 - integer);
    format!(
        "!F = f{float}\n!I = i{integer}\n#limit = {limit:.1} : f{float}\n#minus_limit = -{limit:.1} : f{float}\n#least = {least} : i{integer}"
    )
}

fn integer_to_float<'c>(builder: Builder<'c>, value: Val<'c>, from: Scalar, to: Scalar) -> Val<'c> {
    let value = match from {
        Scalar::Index => builder.value("arith.index_cast", &[value], builder.integer(64), &[]),
        _ => value,
    };
    let op = if from.class() == Class::Signed { "arith.sitofp" } else { "arith.uitofp" };
    // NumPy goes to half precision through single precision.
    let width = to.width().max(32);
    let float = builder.value(op, &[value], lowered_scalar(builder.context(), Scalar::Float(width)), &[]);
    if to.width() == 16 { narrow(builder, float, 16) } else { float }
}

fn integer_to_integer<'c>(builder: Builder<'c>, value: Val<'c>, from: Scalar, to: Scalar) -> Val<'c> {
    let target = lowered_scalar(builder.context(), to);
    let unsigned = from.class() != Class::Signed;
    let op = match (from, to) {
        (Scalar::Index, _) | (_, Scalar::Index) if unsigned => "arith.index_castui",
        (Scalar::Index, _) | (_, Scalar::Index) => "arith.index_cast",
        _ if from.width() > to.width() => "arith.trunci",
        _ if unsigned => "arith.extui",
        _ => "arith.extsi",
    };
    builder.value(op, &[value], target, &[])
}
