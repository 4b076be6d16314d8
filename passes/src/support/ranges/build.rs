//! Sums as operations on `index`.

use super::{Linear, Meaning, Outer, Ranges, Symbol};
use numir_numeric::ir::{Builder, Op, Ty, Val};

/// A constant of an integer type.
pub(crate) fn constant<'c>(builder: &Builder<'c>, value: i64, ty: Ty<'c>) -> Val<'c> {
    builder.value("numeric.constant", &[], ty, &[("value", builder.i64_attribute(value))])
}

impl<'c> Ranges<'c> {
    /// Whether [`Self::build`] can make a sum before `place`.
    pub(crate) fn can_build(&self, sum: &Linear, place: Op<'c>) -> bool {
        let numbers = sum.terms().iter().map(|(_, coefficient)| *coefficient).chain([sum.offset()]);
        let small = numbers.into_iter().all(|number| i64::try_from(number).is_ok());
        small && sum.symbols().all(|symbol| self.is_available(symbol, place))
    }

    /// A sum as an index before `place`, in arithmetic that wraps around.
    pub(crate) fn build(&self, place: Op<'c>, sum: &Linear) -> Val<'c> {
        self.build_at(&Builder::before(place), &Outer::of(place), sum)
    }

    fn build_at(&self, builder: &Builder<'c>, outer: &Outer<'c>, sum: &Linear) -> Val<'c> {
        let index = builder.index();
        // A sum that starts with what is added needs no negation.
        let (added, subtracted): (Vec<_>, Vec<_>) =
            sum.terms().iter().copied().partition(|(_, coefficient)| *coefficient > 0);
        let mut total = None;
        for (monomial, coefficient) in added.into_iter().chain(subtracted) {
            let mut factors = monomial.factors().map(|symbol| self.build_symbol(builder, outer, symbol));
            let first = factors.next().unwrap_or_else(|| constant(builder, 1, index));
            let mut term =
                factors.fold(first, |product, factor| builder.value("numeric.mul", &[product, factor], index, &[]));
            if coefficient.abs() != 1 {
                let size = constant(builder, coefficient.unsigned_abs() as i64, index);
                term = builder.value("numeric.mul", &[term, size], index, &[]);
            }
            total = Some(match (total, coefficient > 0) {
                (None, true) => term,
                (None, false) => builder.value("numeric.neg", &[term], index, &[]),
                (Some(total), true) => builder.value("numeric.add", &[total, term], index, &[]),
                (Some(total), false) => builder.value("numeric.sub", &[total, term], index, &[]),
            });
        }
        let offset = sum.offset() as i64;
        match total {
            None => constant(builder, offset, index),
            Some(total) if offset == 0 => total,
            Some(total) if offset > i64::MIN && offset < 0 => {
                builder.value("numeric.sub", &[total, constant(builder, -offset, index)], index, &[])
            }
            Some(total) => builder.value("numeric.add", &[total, constant(builder, offset, index)], index, &[]),
        }
    }

    fn build_symbol(&self, builder: &Builder<'c>, outer: &Outer<'c>, symbol: Symbol) -> Val<'c> {
        if let Some(dim) = self.dims.get(&symbol).filter(|dim| outer.has(**dim)) {
            return *dim;
        }
        let name_of = |value: Val<'c>| self.name_of(value, outer).unwrap_or(value);
        match self.meaning(symbol) {
            Meaning::Value(value) => {
                let value = name_of(*value);
                let is_index = value.ty() == builder.index();
                if is_index { value } else { builder.value("numeric.cast", &[value], builder.index(), &[]) }
            }
            Meaning::Extent(array, axis) => {
                let axis = builder.i64_attribute(*axis as i64);
                builder.value("numeric.dim", &[name_of(*array)], builder.index(), &[("axis", axis)])
            }
            Meaning::Wrapped(sum) => self.build_at(builder, outer, sum),
            // Such a symbol is available nowhere.
            Meaning::FromEnd(..) => constant(builder, 0, builder.index()),
        }
    }
}
