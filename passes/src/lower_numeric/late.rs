//! What stays after `lower-numeric`, with lowered types, for the passes below: errors and prints, parallel loops, and the
//! allocation, retaining and releasing of arrays.
//!
//! Numbers have lost their signs there, so what shows or combines numbers remembers their types as a list of strings: `operand_types`
//! on errors and prints, one for each scalar that is shown; `accumulator_types` on `numeric.parallel`, where an array is known by its
//! element. They are spelled `bool`, `si8` … `ui64`, `f16` … `f64`, `complex64`, `complex128`, `index`, and Python's `int`, `float`,
//! `complex`.

use super::{Item, Lowering};
use crate::support::call_graph::DEVICE;
use crate::support::scalars::{ACCUMULATOR_TYPES, OPERAND_TYPES};
use numir_numeric::ir::Ty;
use numir_numeric::types::{ArrayType, Scalar};
use numir_pipeline::PassError;

/// Stays as it is.
pub fn keep<'c>(_: &mut Lowering<'c>, _: &Item<'c>) -> Result<(), PassError> {
    Ok(())
}

/// Stays and remembers the types of what it shows: all operands but the condition.
pub fn show<'c>(_: &mut Lowering<'c>, item: &Item<'c>) -> Result<(), PassError> {
    let conditions = usize::from(item.op.is("numeric.check"));
    remember(item, OPERAND_TYPES, &item.operands[conditions..]);
    Ok(())
}

/// `numeric.call_foreign`: stays and remembers the types of what it hands over, by whose signs C widens small integers.
pub fn foreign<'c>(_: &mut Lowering<'c>, item: &Item<'c>) -> Result<(), PassError> {
    remember(item, OPERAND_TYPES, &item.operands);
    Ok(())
}

/// `numeric.parallel`: stays and remembers the types of its accumulators.
pub fn parallel<'c>(_: &mut Lowering<'c>, item: &Item<'c>) -> Result<(), PassError> {
    remember(item, ACCUMULATOR_TYPES, &item.results);
    Ok(())
}

/// Stays, where there is a device.
pub fn for_device<'c>(lowering: &mut Lowering<'c>, item: &Item<'c>) -> Result<(), PassError> {
    if lowering.module.attribute(DEVICE).is_some() {
        return Ok(());
    }
    let text =
        "kernels run on a device, and this is compiled for the host's processor alone: compile it for cuda or cuda-sim";
    Err(PassError::program(item.op.location(), text))
}

/// `numeric.atomic`: stays and remembers the type of its value.
pub fn atomic<'c>(lowering: &mut Lowering<'c>, item: &Item<'c>) -> Result<(), PassError> {
    for_device(lowering, item)?;
    remember(item, OPERAND_TYPES, &item.results);
    Ok(())
}

fn remember<'c>(item: &Item<'c>, attribute: &str, types: &[Ty<'c>]) {
    if types.is_empty() {
        return;
    }
    let builder = item.builder();
    let scalar = |ty: &Ty<'c>| ArrayType::try_from(*ty).map_or_else(Scalar::of, |array| Some(array.scalar()));
    let names: Vec<_> =
        types.iter().map(|ty| builder.string(&scalar(ty).map_or_else(|| ty.to_string(), type_name))).collect();
    item.op.set_attribute(attribute, builder.array(&names));
}

fn type_name(scalar: Scalar) -> String {
    match scalar {
        Scalar::Bool => "bool".into(),
        Scalar::Complex(width) => format!("complex{}", 2 * width),
        Scalar::PyInt => "int".into(),
        Scalar::PyFloat => "float".into(),
        Scalar::PyComplex => "complex".into(),
        Scalar::Signed(_) | Scalar::Unsigned(_) | Scalar::Float(_) | Scalar::Index => scalar.to_string(),
    }
}
