//! The inputs of a reduction along axes, and the parts of them that a place of its loops is about.

use crate::support::ranges::{Ranges, constant};
use numir_numeric::ir::{Builder, Ty, Val};
use numir_numeric::types::{ArrayType, Layout};

/// An input, with its axes aligned at the last of the space.
pub(crate) struct Input<'c> {
    pub(crate) value: Val<'c>,
    array: Option<ArrayType<'c>>,
    /// The first axis of the space that it has.
    first: usize,
    /// For each axis of the space, whether its extent is known to be 1; so it is where it has no such axis.
    single: Vec<bool>,
}

/// What of the space is looked at along an axis.
#[derive(Clone, Copy)]
pub(crate) struct Span<'c> {
    /// Where it begins; None is at 0.
    pub(crate) start: Option<Val<'c>>,
    pub(crate) size: Val<'c>,
}

impl<'c> Input<'c> {
    pub(crate) fn of(value: Val<'c>, rank: usize) -> Self {
        let array = ArrayType::try_from(value.ty()).ok().filter(|array| array.rank() > 0);
        let first = rank - array.map_or(0, ArrayType::rank);
        Self { value, array, first, single: (0..rank).map(|axis| axis < first).collect() }
    }

    /// With what is known of its extents: for each axis of its own, whether that is 1.
    pub(crate) fn with_single(mut self, single: impl Iterator<Item = bool>) -> Self {
        self.single.splice(self.first.., single);
        self
    }

    /// Takes note of the extents that are known to be 1.
    pub(crate) fn learn(&mut self, ranges: &mut Ranges<'c>) {
        for axis in self.first..self.single.len() {
            self.single[axis] = ranges.extent(self.value, axis - self.first).as_constant() == Some(1);
        }
    }

    /// Whether it takes part in broadcasting along an axis.
    pub(crate) fn follows(&self, axis: usize) -> bool {
        !self.single[axis]
    }

    pub(crate) fn is_array(&self) -> bool {
        self.array.is_some()
    }

    /// The axis of its own that stands for one of the space.
    pub(crate) fn own_axis(&self, axis: usize) -> usize {
        axis - self.first
    }

    /// Its extent along an axis of the space.
    pub(crate) fn extent(&self, builder: &Builder<'c>, axis: usize) -> Val<'c> {
        let own = builder.i64_attribute(self.own_axis(axis) as i64);
        builder.value("numeric.dim", &[self.value], builder.index(), &[("axis", own)])
    }

    /// The item at a place of the space, or the part along the axes from `place.len()` on. `uniform` says of each axis
    /// whether an extent that is not known to be 1 is that of the space. With `as_array`, the part stays an array although it is one item.
    pub(crate) fn part(
        &self,
        builder: &Builder<'c>,
        place: &[Val<'c>],
        spans: &[Span<'c>],
        uniform: &[bool],
        as_array: bool,
    ) -> Val<'c> {
        let Some(array) = self.array else { return self.value };
        let index = builder.index();
        let (zero, one) = (constant(builder, 0, index), constant(builder, 1, index));
        // Where a position of the space lies in it, or how much of a span.
        let own = |axis: usize, of_space: Val<'c>, of_single: Val<'c>| {
            if self.single[axis] {
                return of_single;
            }
            if uniform[axis] {
                return of_space;
            }
            let predicate = builder.string("eq");
            let is_single = [self.extent(builder, axis), one];
            let is_single = builder.value("numeric.cmp", &is_single, builder.integer(1), &[("predicate", predicate)]);
            builder.value("numeric.select", &[is_single, of_single, of_space], index, &[])
        };
        let inner = place.len().max(self.first);
        let starts: Vec<_> = (self.first..spans.len())
            .map(|axis| match place.get(axis) {
                Some(position) => own(axis, *position, zero),
                None => spans[axis].start.map_or(zero, |start| own(axis, start, zero)),
            })
            .collect();
        if !as_array && (inner..spans.len()).all(|axis| self.single[axis]) {
            let operands: Vec<_> = std::iter::once(self.value).chain(starts).collect();
            return builder.value("numeric.load", &operands, array.element(), &[]);
        }
        let sizes = (self.first..spans.len()).map(|axis| match axis < inner {
            true => one,
            false => own(axis, spans[axis].size, one),
        });
        let axes: Vec<_> = (inner..spans.len()).map(|axis| self.own_axis(axis) as i64).collect();
        // The rest of a C-contiguous array behind some places is one too, if only its first axis is cut.
        let is_whole = spans.iter().skip(inner + 1).all(|span| span.start.is_none());
        let layout = if array.layout() == Layout::C && is_whole { Layout::C } else { Layout::A };
        let ty: Ty<'c> = ArrayType::new(array.element(), axes.len(), layout).map_or(self.value.ty(), Into::into);
        let steps = std::iter::repeat_n(one, starts.len());
        let operands: Vec<_> =
            std::iter::once(self.value).chain(starts.iter().copied()).chain(sizes).chain(steps).collect();
        builder.value("numeric.view", &operands, ty, &[("axes", builder.i64_array(&axes))])
    }
}
