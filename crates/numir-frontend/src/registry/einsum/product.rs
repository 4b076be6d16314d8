//! Sums of products that are products of matrices, or of stacks of them: `np.matmul` does these, with its blocks and threads.

use super::nest::{Extents, Operand};
use super::subscripts::Label;
use crate::function_ir::ValueId;
use crate::registry::{attributes, copies, reshaping};
use crate::specialize::{Evaluated, Frame};
use crate::types::{Layout, Scalar};
use crate::value::Value;
use numir_runtime::DType;

/// The labels of two operands by what becomes of them.
struct Roles {
    /// In both and in the result.
    stacked: Vec<Label>,
    /// In one and in the result.
    rows: Vec<Label>,
    columns: Vec<Label>,
    /// In both and not in the result.
    summed: Vec<Label>,
}

/// The roles in a product of matrices; None where it is another sum.
fn roles(left: &Operand, right: &Operand, output: &[Label]) -> Option<Roles> {
    let repeats = |labels: &[Label]| (1..labels.len()).any(|place| labels[..place].contains(&labels[place]));
    if repeats(&left.labels) || repeats(&right.labels) {
        return None;
    }
    let of = |labels: &[Label], others: &[Label], shared: bool, shown: bool| -> Vec<Label> {
        let fits = |label: &&Label| others.contains(label) == shared && output.contains(label) == shown;
        labels.iter().filter(fits).copied().collect()
    };
    let alone = [of(&left.labels, &right.labels, false, false), of(&right.labels, &left.labels, false, false)].concat();
    let found = Roles {
        stacked: of(&left.labels, &right.labels, true, true),
        rows: of(&left.labels, &right.labels, false, true),
        columns: of(&right.labels, &left.labels, false, true),
        summed: of(&left.labels, &right.labels, true, false),
    };
    let is_product = [&found.rows, &found.columns, &found.summed].iter().all(|labels| !labels.is_empty());
    (alone.is_empty() && is_product).then_some(found)
}

/// The product of two operands, where it is one of matrices of floating-point numbers.
pub(super) fn of_matrices(
    frame: &mut Frame<'_, '_>,
    operands: &[Operand],
    output: &[Label],
    extents: &Extents,
    scalar: Scalar,
) -> Evaluated<Option<Value>> {
    let [left, right] = operands else { return Ok(None) };
    let is_floating = matches!(scalar.dtype(), DType::Float32 | DType::Float64 | DType::Complex64 | DType::Complex128);
    let Some(roles) = roles(left, right, output).filter(|_| is_floating) else { return Ok(None) };
    let first = matrix(frame, left, &roles.stacked, [&roles.rows, &roles.summed], extents, scalar)?;
    let second = matrix(frame, right, &roles.stacked, [&roles.summed, &roles.columns], extents, scalar)?;
    let mut product = frame.call_library("numpy", "matmul", vec![first, second])?;
    let labels = [&roles.stacked[..], &roles.rows, &roles.columns].concat();
    if roles.rows.len() + roles.columns.len() > 2 {
        product = shaped(frame, product, &extents.all(&labels))?;
    }
    Ok(Some(ordered(frame, product, &labels, output)))
}

/// An operand as a stack of matrices, by the labels of these.
fn matrix(
    frame: &mut Frame<'_, '_>,
    operand: &Operand,
    stacked: &[Label],
    [rows, columns]: [&[Label]; 2],
    extents: &Extents,
    scalar: Scalar,
) -> Evaluated {
    let mut array = Value::Array(operand.ty, operand.id);
    if operand.ty.dtype != scalar.dtype() {
        array = copies::converted(frame, operand.ty, operand.id, scalar.dtype(), Layout::C)?;
    }
    let array = ordered(frame, array, &operand.labels, &[stacked, rows, columns].concat());
    if rows.len() + columns.len() == 2 {
        return Ok(array);
    }
    let mut shape = extents.all(stacked);
    for labels in [rows, columns] {
        let mut count = frame.index(1);
        for extent in extents.all(labels) {
            count = frame.index_arithmetic("numeric.mul", count, extent);
        }
        shape.push(count);
    }
    shaped(frame, array, &shape)
}

/// An array with its axes in another order.
fn ordered(frame: &mut Frame<'_, '_>, array: Value, labels: &[Label], wanted: &[Label]) -> Value {
    let order: Vec<usize> = wanted.iter().filter_map(|label| labels.iter().position(|one| one == label)).collect();
    match array {
        Value::Array(ty, id) if !order.iter().copied().eq(0..ty.rank) => attributes::transposed(frame, ty, id, &order),
        other => other,
    }
}

fn shaped(frame: &mut Frame<'_, '_>, array: Value, shape: &[ValueId]) -> Evaluated {
    let extents = shape.iter().map(|extent| frame.index_as_int(*extent)).collect();
    match array {
        Value::Array(ty, id) => reshaping::reshape(frame, ty, id, &Value::tuple(extents)),
        other => Ok(other),
    }
}
