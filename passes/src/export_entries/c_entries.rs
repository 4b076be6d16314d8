//! Entries as functions of C: numbers and addresses as arguments and result.

use crate::lower_foreign::{c_type, handed_over};
use crate::support::function::signature;
use crate::support::llvm;
use crate::support::runtime::Runtime;
use crate::support::scalars::{compare, dtype_named};
use melior::dialect::llvm::r#type::{function as function_type, void};
use melior::ir::TypeLike;
use numir_numeric::ir::{Blk, Builder, Reg, Ty, Val};
use numir_pipeline::Op;

/// On an entry: what it gives to C.
pub(super) const C_RESULT: &str = "numir.c_result";

/// The wrapper `numir_c_NAME`; None where the function has no signature.
pub(super) fn wrap<'c>(
    function: Op<'c>,
    result_name: &str,
    has_status: bool,
    has_limit: bool,
    runtime: &Runtime<'c>,
) -> Option<()> {
    let symbol = function.string_attribute("sym_name")?;
    let (mut inputs, results) = signature(function)?;
    if has_limit {
        inputs.pop();
    }
    function.remove_attribute(C_RESULT);
    let outer = Builder::after(function);
    let parameters: Vec<_> = inputs.iter().map(|ty| c_type(&outer, *ty)).collect();
    let block = Blk::new(&parameters, function.location());
    let builder = outer.into_block(block);
    let mut arguments: Vec<_> =
        inputs.iter().enumerate().map(|(place, ty)| taken_over(&builder, block.argument(place), *ty)).collect();
    if has_limit {
        arguments.push(runtime.stack_limit(&builder));
    }
    let name = format!("numir_c_{symbol}");
    let callee = [("callee", builder.symbol(&symbol))];
    let mut values = builder.create("func.call", &arguments, &results, &callee, &[]).results();
    let status = if has_status { values.pop() } else { None };
    let value = values.first().map(|value| handed_over(&builder, *value, dtype_named(result_name)));
    let given = match (status, value) {
        (Some(status), value) => {
            runtime.call(&builder, "numir_unraisable", &[status, llvm::address_of(&builder, &name)]);
            value.map(|value| {
                let fine = compare(&builder, "eq", status, builder.constant_integer(0, status.ty()));
                let zero = llvm::zero(&builder, value.ty());
                builder.value("llvm.select", &[fine, value, zero], value.ty(), &[])
            })
        }
        (None, value) => value,
    };
    builder.create("llvm.return", given.as_slice(), &[], &[], &[]);
    let result = given.map_or_else(|| void(outer.context()), |value| value.ty());
    let attributes = [
        ("sym_name", outer.string(&name)),
        ("function_type", outer.type_attribute(function_type(result, &parameters, false))),
    ];
    outer.create("llvm.func", &[], &[], &attributes, &[Reg::with_block(block)]);
    Some(())
}

/// An argument of C in the type of the function.
fn taken_over<'c>(builder: &Builder<'c>, value: Val<'c>, ty: Ty<'c>) -> Val<'c> {
    if ty.is_index() {
        return builder.value("arith.index_cast", &[value], ty, &[]);
    }
    if ty == builder.integer(1) {
        return compare(builder, "ne", value, builder.constant_integer(0, value.ty()));
    }
    value
}
