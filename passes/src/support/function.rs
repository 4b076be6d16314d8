//! Functions: their signatures.

use melior::ir::r#type::FunctionType;
use melior::ir::{Attribute, AttributeLike};
use mlir_sys::{mlirAttributeIsAType, mlirTypeAttrGetValue};
use numir_numeric::ir::{Op, Ty};

/// The types of a `func.func`'s arguments and results; None if it has no function type.
pub(crate) fn signature<'c>(function: Op<'c>) -> Option<(Vec<Ty<'c>>, Vec<Ty<'c>>)> {
    let ty = FunctionType::try_from(type_value(function.attribute("function_type")?)?).ok()?;
    let inputs = (0..ty.input_count()).filter_map(|index| ty.input(index).ok()).collect();
    let results = (0..ty.result_count()).filter_map(|index| ty.result(index).ok()).collect();
    Some((inputs, results))
}

fn type_value(attribute: Attribute<'_>) -> Option<Ty<'_>> {
    // SAFETY: the value is asked of type attributes only, and lives as long as the context.
    unsafe { mlirAttributeIsAType(attribute.to_raw()).then(|| Ty::from_raw(mlirTypeAttrGetValue(attribute.to_raw()))) }
}
