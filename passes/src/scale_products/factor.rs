//! What a map multiplies an array by.

use melior::ir::attribute::FloatAttribute;
use numir_numeric::ir::{Builder, Op, Val};
use numir_numeric::types::{ArrayType, Scalar};
use std::collections::HashMap;

/// A map as an array times a number.
pub(super) struct Factor<'c> {
    pub(super) array: Val<'c>,
    map: Op<'c>,
    item: Scalar,
    /// The operation that makes an item of the result.
    made: Op<'c>,
    /// The number, as the body of the map has it, and its place among the operands; None of a negative.
    number: Option<(Val<'c>, usize)>,
}

impl<'c> Factor<'c> {
    /// None for a map that does something else.
    pub(super) fn of(map: Op<'c>) -> Option<Self> {
        let body = map.body(0)?;
        let operands = map.operands();
        let mut arrays = (0..operands.len()).filter(|place| ArrayType::try_from(operands[*place].ty()).is_ok());
        let (place, None) = (arrays.next()?, arrays.next()) else { return None };
        let [source, result] = [operands[place], map.result(0)].map(|array| ArrayType::try_from(array.ty()).ok());
        let (source, result) = source.zip(result)?;
        let item = result.scalar();
        let is_known = matches!(item, Scalar::Float(32 | 64) | Scalar::Complex(32 | 64));
        if source.rank() != 2 || result.rank() != 2 || source.scalar() != item || !is_known {
            return None;
        }
        let own = body.argument(place);
        let [(made, use_place)] = own.uses()[..] else { return None };
        if body.terminator()?.operand(0) != made.results().first().copied()? {
            return None;
        }
        let number = match made.name() {
            "numeric.mul" => Some((made.operand(1 - use_place), 1 - use_place)),
            "numeric.neg" if matches!(item, Scalar::Float(_)) => None,
            _ => return None,
        };
        Some(Self { array: operands[place], map, item, made, number })
    }

    /// The number, outside of the map.
    pub(super) fn number(&self, builder: &Builder<'c>) -> Val<'c> {
        let Some((number, _)) = self.number else {
            let ty = self.made.result(0).ty();
            let minus_one = FloatAttribute::new(builder.context(), builder.f64(), -1.0).into();
            return builder.value("numeric.constant", &[], ty, &[("value", minus_one)]);
        };
        let Some(body) = self.map.body(0) else { return number };
        let mut outside: HashMap<Val<'c>, Val<'c>> = body.arguments().into_iter().zip(self.map.operands()).collect();
        // All but what makes the item, which nothing but the end uses, is about the number.
        for operation in
            body.operations().into_iter().filter(|one| *one != self.made && Some(*one) != body.terminator())
        {
            let copy = operation.duplicate();
            builder.insert(copy);
            for (place, operand) in copy.operands().into_iter().enumerate() {
                copy.set_operand(place, outside.get(&operand).copied().unwrap_or(operand));
            }
            outside.extend(operation.results().into_iter().zip(copy.results()));
        }
        outside.get(&number).copied().unwrap_or(number)
    }

    /// Multiplies what a load gives.
    pub(super) fn multiply(&self, load: Op<'c>, number: Val<'c>) {
        let (builder, item) = (Builder::after(load), load.result(0));
        let operands = match self.number {
            Some((_, 0)) => vec![number, item],
            Some(_) => vec![item, number],
            None => vec![item],
        };
        let product = builder.create(self.made.name(), &operands, &[item.ty()], &[], &[]);
        item.replace_all_uses_with(product.result(0));
        product.set_operands(&operands);
    }

    /// The number as the runtime takes it: real and imaginary part of a complex one.
    pub(super) fn parts(&self, builder: &Builder<'c>, number: Val<'c>) -> Vec<Val<'c>> {
        let Scalar::Complex(width) = self.item else { return vec![number] };
        let part = Scalar::Float(width).to_type(builder.context());
        ["numeric.real", "numeric.imag"].map(|name| builder.value(name, &[number], part, &[])).to_vec()
    }
}

/// An index that is known.
pub(super) fn index<'c>(builder: &Builder<'c>, value: i64) -> Val<'c> {
    builder.value("numeric.constant", &[], builder.index(), &[("value", builder.i64_attribute(value))])
}
