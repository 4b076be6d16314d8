//! `np.einsum`: subscripts, known while compiling, become one nest of loops; of three operands and more two are taken at a time
//! where that saves a loop. Products of matrices are left to `np.matmul`.

mod nest;
mod product;
mod subscripts;

use super::dtypes::dtype_argument;
use super::{Meaning, attributes, indexing, views};
use crate::function_ir::{IrType, ValueId};
use crate::specialize::{Evaluated, Frame};
use crate::types::{ArrayType, Kind, Layout, Scalar};
use crate::value::Value;
use nest::{Extents, Operand, contract};
use numir_runtime::DType;
use subscripts::{Label, Subscripts, parse};

pub(super) static MEANINGS: &[Meaning] = &[Meaning {
    name: "numpy.einsum",
    parameters: "subscripts, *operands, out=None, dtype=None, order='K', casting='safe', optimize=False",
    doc: "Sums of products of arrays' items, by Einstein's convention.",
    evaluate: einsum,
}];

fn einsum(frame: &mut Frame<'_, '_>, arguments: &[Option<Value>]) -> Evaluated {
    let Some(Value::Text(text)) = &arguments[0] else {
        let message = "the subscripts of np.einsum must be a string that is known when compiling";
        return Err(frame.unsupported_with_help(message, "write np.einsum('ij,jk->ik', a, b)"));
    };
    let given = match &arguments[1] {
        Some(Value::Tuple(given)) if !given.is_empty() => given.to_vec(),
        _ => {
            let message = "must specify the einstein sum subscripts string and at least one operand";
            return Err(frame.raise("ValueError", message, &[]));
        }
    };
    for (place, name, known) in [(4, "order", &["K", "C", "A"][..]), (5, "casting", &["safe"])] {
        match &arguments[place] {
            None => {}
            Some(Value::Text(text)) if known.contains(&&**text) => {}
            _ => return Err(frame.unsupported(format!("np.einsum with another `{name}` than {}", known.join(" or ")))),
        }
    }
    let mut arrays = Vec::with_capacity(given.len());
    for value in given {
        match frame.call_meaning("numpy.asarray", vec![value])? {
            Value::Array(ty, id) => arrays.push((ty, id)),
            other => {
                let seen = frame.describe(&other);
                return Err(frame.typing(format!("np.einsum takes arrays of numbers, not {seen}")));
            }
        }
    }
    let ranks: Vec<usize> = arrays.iter().map(|(ty, _)| ty.rank).collect();
    let meant = match parse(text, &ranks) {
        Ok(meant) => meant,
        Err(message) => return Err(frame.raise("ValueError", &message, &[])),
    };
    let out = match &arguments[2] {
        None | Some(Value::None) => None,
        Some(Value::Array(ty, id)) => Some((*ty, *id)),
        Some(other) => {
            let seen = frame.describe(other);
            return Err(frame.typing(format!("`out` must be an array, not {seen}")));
        }
    };
    if let ([(ty, id)], [labels], None) = (&arrays[..], &meant.operands[..], out)
        && labels.iter().all(|label| meant.output.contains(label))
    {
        return seen(frame, (*ty, *id), labels, &meant.output);
    }
    let scalar = common(frame, &arrays, out, arguments[3].as_ref())?;
    let (extents, operands) = checked(frame, &meant, arrays)?;
    // NumPy adds halves as floats of 32 bits.
    let inner = if scalar == Scalar::Of(DType::Float16) { Scalar::Of(DType::Float32) } else { scalar };
    let mut result = in_steps(frame, operands, &meant.output, &extents, inner)?;
    if inner != scalar {
        result = match result {
            Value::Array(ty, id) => super::copies::converted(frame, ty, id, scalar.dtype(), Layout::C)?,
            number => super::cast(frame, &number, scalar)?,
        };
    }
    match out {
        None => Ok(result),
        Some((ty, id)) => {
            let result = frame.call_meaning("numpy.asarray", vec![result])?;
            frame.call_library("_numpy_reductions", "given", vec![result, Value::Array(ty, id)])
        }
    }
}

/// The type in which is computed: that of all operands and of `out`, or the one that is asked for, to which these must widen.
fn common(
    frame: &mut Frame<'_, '_>,
    arrays: &[(ArrayType, ValueId)],
    out: Option<(ArrayType, ValueId)>,
    dtype: Option<&Value>,
) -> Evaluated<Scalar> {
    let types = arrays.iter().map(|(ty, _)| Scalar::Of(ty.dtype));
    let natural = types.reduce(Scalar::promote).unwrap_or(Scalar::Of(DType::Float64));
    let wanted = match dtype {
        None | Some(Value::None) => natural,
        Some(dtype) => Scalar::Of(dtype_argument(frame, dtype)?),
    };
    if natural.kind() == Kind::Time || wanted.kind() == Kind::Time {
        return Err(frame.typing("np.einsum takes no dates and no spans of time"));
    }
    let told = |from: Scalar, to: Scalar, which: String| {
        format!(
            "Iterator {which} could not be cast from dtype('{}') to dtype('{}') according to the rule 'safe'",
            from.dtype().name(),
            to.dtype().name()
        )
    };
    for (number, (ty, _)) in arrays.iter().enumerate() {
        let from = Scalar::Of(ty.dtype);
        if from.promote(wanted) != wanted {
            let message = told(from, wanted, format!("operand {number} dtype"));
            return Err(frame.raise("TypeError", &message, &[]));
        }
    }
    let Some((ty, _)) = out else { return Ok(wanted) };
    let to = Scalar::Of(ty.dtype);
    if wanted.promote(to) != to {
        let message = told(wanted, to, "requested dtype".into());
        return Err(frame.raise("TypeError", &message, &[]));
    }
    Ok(if dtype.is_none_or(|dtype| matches!(dtype, Value::None)) { to } else { wanted })
}

/// An array all of whose axes remain: it is seen with its axes in another order, or along diagonals.
fn seen(frame: &mut Frame<'_, '_>, (ty, id): (ArrayType, ValueId), labels: &[Label], output: &[Label]) -> Evaluated {
    if labels.len() == output.len() {
        let order: Vec<usize> = output.iter().filter_map(|label| labels.iter().position(|one| one == label)).collect();
        if order.iter().copied().eq(0..ty.rank) {
            return indexing::lane(frame, ty, id, &vec![None; ty.rank]);
        }
        return Ok(attributes::transposed(frame, ty, id, &order));
    }
    let (mut sizes, mut strides) = (Vec::new(), Vec::new());
    for label in output {
        let axes = labels.iter().enumerate().filter(|(_, one)| *one == label).map(|(axis, _)| axis);
        let mut step = frame.index(0);
        for axis in axes {
            let stride = views::stride(frame, id, axis);
            step = frame.index_arithmetic("numeric.add", step, stride);
        }
        sizes.push(collapsed(frame, id, labels, *label, "single operand")?);
        strides.push(step);
    }
    let to = ArrayType { rank: output.len(), layout: Layout::Any, ..ty };
    let zero = frame.index(0);
    Ok(views::reinterpreted(frame, to, id, zero, sizes, strides))
}

/// The extent of a label within one operand, whose axes of that name must agree.
fn collapsed(
    frame: &mut Frame<'_, '_>,
    id: ValueId,
    labels: &[Label],
    label: Label,
    operand: &str,
) -> Evaluated<ValueId> {
    let mut axes = labels.iter().enumerate().filter(|(_, one)| **one == label).map(|(axis, _)| axis);
    let first = match axes.next() {
        Some(axis) => frame.extent(id, axis),
        None => frame.index(1),
    };
    for axis in axes {
        let other = frame.extent(id, axis);
        let same = frame.compare_indices("eq", first, other);
        let message = format!("dimensions in {operand} for collapsing index '{label}' don't match ({{}} != {{}})");
        frame.check(same, "ValueError", &message, &[first, other]);
    }
    Ok(first)
}

/// The extent of each label, which all operands must agree on, and the operands with these extents where theirs are 1.
fn checked(
    frame: &mut Frame<'_, '_>,
    meant: &Subscripts,
    arrays: Vec<(ArrayType, ValueId)>,
) -> Evaluated<(Extents, Vec<Operand>)> {
    let mut extents = Extents::default();
    let mut own: Vec<Vec<(Label, ValueId)>> = Vec::new();
    for (number, ((_, id), labels)) in arrays.iter().zip(&meant.operands).enumerate() {
        let mut here = Vec::new();
        for (place, label) in labels.iter().enumerate() {
            if !labels[..place].contains(label) {
                here.push((*label, collapsed(frame, *id, labels, *label, &format!("operand {number}"))?));
            }
        }
        own.push(here);
    }
    let shapes = shapes(&own, &meant.output);
    let one = frame.index(1);
    for (label, extent) in own.iter().flatten() {
        let Some(known) = extents.get(*label) else {
            extents.set(*label, *extent);
            continue;
        };
        let single = frame.compare_indices("eq", known, one);
        let larger = frame.emit("numeric.select", &[single, *extent, known], IrType::INDEX, Vec::new());
        let (same, spread) = (frame.compare_indices("eq", larger, *extent), frame.compare_indices("eq", *extent, one));
        let fits = frame.emit("numeric.or", &[same, spread], IrType::BOOL, Vec::new());
        frame.check(fits, "ValueError", &shapes.0, &shapes.1);
        extents.set(*label, larger);
    }
    let mut operands = Vec::new();
    for (((ty, id), labels), own) in arrays.into_iter().zip(&meant.operands).zip(&own) {
        let mut narrow = None;
        for (label, extent) in own {
            let Some(whole) = extents.get(*label).filter(|whole| whole != extent) else { continue };
            let differs = frame.compare_indices("ne", whole, *extent);
            narrow = Some(match narrow {
                None => differs,
                Some(others) => frame.emit("numeric.or", &[others, differs], IrType::BOOL, Vec::new()),
            });
        }
        let mut array = Value::Array(ty, id);
        if let Some(narrow) = narrow {
            let mut shape = Vec::with_capacity(labels.len());
            for extent in labels.iter().filter_map(|label| extents.get(*label)) {
                shape.push(frame.index_as_int(extent));
            }
            let stretch = vec![array.clone(), Value::tuple(shape)];
            array = frame.conditional(
                narrow,
                &[],
                |frame| frame.call_library("_numpy_views", "stretched", stretch),
                |_| Ok(array),
            )?;
        }
        if let Value::Array(ty, id) = array {
            operands.push(Operand { ty, id, labels: labels.clone() });
        }
    }
    Ok((extents, operands))
}

/// NumPy's message of operands whose extents do not go together, and the extents that it shows.
fn shapes(own: &[Vec<(Label, ValueId)>], output: &[Label]) -> (String, Vec<ValueId>) {
    let mut sums: Vec<Label> =
        own.iter().flatten().map(|(label, _)| *label).filter(|label| !output.contains(label)).collect();
    sums.sort_unstable();
    sums.dedup();
    let mut message =
        String::from("operands could not be broadcast together with remapped shapes [original->remapped]: ");
    let mut shown = Vec::new();
    let shape = |parts: &[&str]| match parts {
        [one] => format!("({one},)"),
        _ => format!("({})", parts.join(",")),
    };
    for operand in own {
        let mut parts = Vec::new();
        for label in output.iter().chain(&sums) {
            match operand.iter().find(|(known, _)| known == label) {
                Some((_, extent)) => {
                    parts.push("{}");
                    shown.push(*extent);
                }
                None if parts.is_empty() => {}
                None => parts.push("newaxis"),
            }
        }
        let remapped = shown.split_off(shown.len() - operand.len());
        shown.extend(operand.iter().map(|(_, extent)| *extent));
        shown.extend(remapped);
        message += &format!("{}->({}) ", shape(&vec!["{}"; operand.len()]), parts.join(","));
    }
    (message, shown)
}

/// The sums of products of all operands: at once, or two by two, where that needs fewer loops within each other.
fn in_steps(
    frame: &mut Frame<'_, '_>,
    mut operands: Vec<Operand>,
    output: &[Label],
    extents: &Extents,
    scalar: Scalar,
) -> Evaluated {
    let lists: Vec<Vec<Label>> = operands.iter().map(|operand| operand.labels.clone()).collect();
    for (left, right) in pairs(lists, output) {
        let (second, first) = (operands.remove(right), operands.remove(left));
        let kept = kept(&first.labels, &second.labels, operands.iter().map(|operand| &operand.labels), output);
        match contract(frame, &[first, second], &kept, extents, scalar)? {
            Value::Array(ty, id) => operands.push(Operand { ty, id, labels: kept }),
            number => match frame.call_meaning("numpy.asarray", vec![number])? {
                Value::Array(ty, id) => operands.push(Operand { ty, id, labels: kept }),
                other => return Ok(other),
            },
        }
    }
    contract(frame, &operands, output, extents, scalar)
}

/// The labels of a product that others or the output need.
fn kept<'l>(
    left: &[Label],
    right: &[Label],
    others: impl Iterator<Item = &'l Vec<Label>>,
    output: &'l [Label],
) -> Vec<Label> {
    let needed: Vec<Label> = others.flatten().chain(output).copied().collect();
    let all = union(left, right);
    all.into_iter().filter(|label| needed.contains(label)).collect()
}

fn union(left: &[Label], right: &[Label]) -> Vec<Label> {
    let mut all = Vec::new();
    for label in left.iter().chain(right) {
        if !all.contains(label) {
            all.push(*label);
        }
    }
    all
}

/// Which two operands to multiply, one after the other, until two are left; none where one nest for all has no more loops.
fn pairs(mut operands: Vec<Vec<Label>>, output: &[Label]) -> Vec<(usize, usize)> {
    let at_once = operands.iter().fold(Vec::new(), |all, labels| union(&all, labels)).len();
    let mut chosen = Vec::new();
    let mut deepest = 0;
    while operands.len() > 2 {
        let all = (0..operands.len()).flat_map(|right| (0..right).map(move |left| (left, right)));
        let cost = |(left, right): &(usize, usize)| union(&operands[*left], &operands[*right]).len();
        let Some((left, right)) = all.min_by_key(cost) else { break };
        deepest = deepest.max(cost(&(left, right)));
        let (second, first) = (operands.remove(right), operands.remove(left));
        let kept = kept(&first, &second, operands.iter(), output);
        operands.push(kept);
        chosen.push((left, right));
    }
    deepest = deepest.max(operands.iter().fold(Vec::new(), |all, labels| union(&all, labels)).len());
    if deepest < at_once { chosen } else { Vec::new() }
}
