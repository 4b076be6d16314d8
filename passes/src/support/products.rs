//! Calls of the runtime's products of matrices.

use numir_numeric::ir::{Op, Val};

/// The routines, and those that multiply one of the matrices by a number first.
const ROUTINES: [(&str, &str); 4] = [
    ("product_c64", "scaled_product_c64"),
    ("product_c128", "scaled_product_c128"),
    ("product_f32", "scaled_product_f32"),
    ("product_f64", "scaled_product_f64"),
];

/// Where the addresses of both factors stand among the operands; that of the result stands first.
pub(crate) const FACTORS: [usize; 2] = [4, 7];

/// The routine that computes the product of such a call, one of the factors being multiplied first; None for other operations.
pub(crate) fn scaled_routine(operation: Op<'_>) -> Option<&'static str> {
    let routine = operation.is("numeric.call_runtime").then(|| operation.string_attribute("routine"))??;
    ROUTINES.iter().find(|(plain, _)| *plain == routine).map(|(_, scaled)| *scaled)
}

/// The array that a product is written to, which is all that its call writes to; None for other operations.
pub(crate) fn written<'c>(operation: Op<'c>) -> Option<Val<'c>> {
    let routine = operation.is("numeric.call_runtime").then(|| operation.string_attribute("routine"))??;
    let is_product = ROUTINES.iter().any(|(plain, scaled)| routine == *plain || routine == *scaled);
    let address =
        operation.operands().first()?.definition().filter(|address| is_product && address.is("numeric.address"))?;
    Some(address.operand(0))
}
