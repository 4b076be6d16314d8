//! The loops of a reduction along axes.

use super::parts::{Input, Span};
use super::places::{in_pieces, over_places};
use crate::fuse_elementwise::broadcast_extents;
use crate::lower_numeric::pieces;
use crate::resolve_overlaps::APART;
use crate::support::blocks::copy_block;
use crate::support::call_graph::is_for_device;
use crate::support::loops::choose;
use crate::support::ranges::{Ranges, constant};
use melior::ir::Type;
use melior::ir::attribute::{DenseI64ArrayAttribute, FloatAttribute};
use numir_numeric::ir::{Attribute, Blk, Builder, Op, Reg, Ty, Val};
use numir_numeric::types::{ArrayType, Class, Layout, Scalar};

/// The least part of a row that is worth a walk over all rows: what two cores gain, short loops lose otherwise.
const NARROWEST: i64 = 32;

/// One `numeric.reduce_axes`.
pub(crate) struct Reduction<'c> {
    pub(super) op: Op<'c>,
    pub(crate) kind: String,
    /// For each axis of the space, whether it goes.
    goes: Vec<bool>,
    inputs: Vec<Input<'c>>,
    /// For each axis of the space, whether the extents of all inputs that follow it are known to be equal.
    uniform: Vec<bool>,
}

impl<'c> Reduction<'c> {
    /// With nothing known of extents.
    pub(crate) fn of(op: Op<'c>) -> Self {
        let axes = op.attribute("axes").and_then(|axes| DenseI64ArrayAttribute::try_from(axes).ok());
        let axes: Vec<i64> =
            axes.iter().flat_map(|axes| (0..axes.len()).filter_map(|place| axes.element(place).ok())).collect();
        let result = ArrayType::try_from(op.result(0).ty()).map_or(0, ArrayType::rank);
        let rank = result + axes.len();
        let inputs: Vec<_> = op.operands().into_iter().map(|value| Input::of(value, rank)).collect();
        let uniform = (0..rank).map(|axis| inputs.iter().filter(|input| input.follows(axis)).count() <= 1).collect();
        Self {
            op,
            kind: op.string_attribute("kind").unwrap_or_default(),
            goes: (0..rank as i64).map(|axis| axes.contains(&axis)).collect(),
            inputs,
            uniform,
        }
    }

    /// Takes note of what is known of the inputs' extents.
    pub(super) fn learn(&mut self, ranges: &mut Ranges<'c>) {
        self.inputs.iter_mut().for_each(|input| input.learn(ranges));
        for (axis, uniform) in self.uniform.iter_mut().enumerate() {
            let following = self.inputs.iter().filter(|input| input.follows(axis));
            let extents: Vec<_> = following.map(|input| ranges.extent(input.value, input.own_axis(axis))).collect();
            *uniform = extents.windows(2).all(|pair| pair[0] == pair[1]);
        }
    }

    /// Puts loops in the operation's place.
    pub(super) fn expand(mut self) {
        // An input that was another reduction's result is by now what has taken its place.
        for (input, value) in self.inputs.iter_mut().zip(self.op.operands()) {
            input.value = value;
        }
        let builder = &Builder::before(self.op);
        let space = self.space(builder);
        let kept: Vec<_> = (0..space.len()).filter(|axis| !self.goes[*axis]).map(|axis| space[axis]).collect();
        let result = builder.value("numeric.alloc", &kept, self.op.result(0).ty(), &[]);
        if self.combines() {
            self.fill_with_identity(builder, result);
        }
        let spans: Vec<_> = space.iter().map(|size| Span { start: None, size: *size }).collect();
        let all = vec![true; space.len()];
        if self.uniform == all {
            self.cut(builder, result, &spans, &all);
        } else {
            let equal = self.is_uniform_there(builder, &space);
            let version = |way: &Builder<'c>, uniform| {
                self.cut(way, result, &spans, uniform);
                Vec::new()
            };
            choose(builder, equal, &[], |way| version(way, &all), |way| version(way, &self.uniform));
        }
        self.op.replace(&[result]);
    }

    /// The extents that the inputs broadcast to; that they go together is checked unless it has been.
    fn space(&self, builder: &Builder<'c>) -> Vec<Val<'c>> {
        let arrays: Vec<_> = self.inputs.iter().filter(|input| input.is_array()).collect();
        if arrays.len() > 1 && self.op.attribute("fits").is_none() {
            return broadcast_extents(builder, &arrays.iter().map(|input| input.value).collect::<Vec<_>>());
        }
        let (index, one) = (builder.index(), constant(builder, 1, builder.index()));
        // Of two that go together, the one that is not stretched.
        let wider = |left: Val<'c>, right: Val<'c>| {
            let is_single = [("predicate", builder.string("eq"))];
            let is_single = builder.value("numeric.cmp", &[left, one], builder.integer(1), &is_single);
            builder.value("numeric.select", &[is_single, right, left], index, &[])
        };
        let extent = |axis: usize| {
            let following = self.inputs.iter().filter(|input| input.follows(axis));
            let needed = if self.uniform[axis] { 1 } else { usize::MAX };
            following.take(needed).map(|input| input.extent(builder, axis)).reduce(wider).unwrap_or(one)
        };
        (0..self.goes.len()).map(extent).collect()
    }

    /// Whether, at run time, no input is stretched but those that are known to be.
    fn is_uniform_there(&self, builder: &Builder<'c>, space: &[Val<'c>]) -> Val<'c> {
        let bool = builder.integer(1);
        let mut all = None;
        for (axis, extent) in space.iter().enumerate() {
            for input in self.inputs.iter().filter(|input| input.follows(axis) && !self.uniform[axis]) {
                let pair = [input.extent(builder, axis), *extent];
                let equal = builder.value("numeric.cmp", &pair, bool, &[("predicate", builder.string("eq"))]);
                all = Some(all.map_or(equal, |all| builder.value("numeric.and", &[all, equal], bool, &[])));
            }
        }
        all.unwrap_or_else(|| constant(builder, 1, bool))
    }

    /// How many axes have a loop: the others are the last ones, which all go, or all stay.
    fn outer(&self) -> usize {
        let ends_in_reduced = self.goes.last() == Some(&true);
        self.goes.iter().rposition(|goes| *goes != ends_in_reduced).map_or(0, |last| last + 1)
    }

    /// Whether results are added to: an axis that goes has a loop.
    fn combines(&self) -> bool {
        self.goes[..self.outer()].contains(&true)
    }

    /// The loops, or in a parallel function those of each piece.
    fn cut(&self, builder: &Builder<'c>, result: Val<'c>, spans: &[Span<'c>], uniform: &[bool]) {
        let Some(axis) = self.goes.iter().position(|goes| !goes).filter(|_| pieces::is_wanted(self.op)) else {
            return self.loops(builder, result, spans, uniform);
        };
        // Where rows are cut, each piece walks over all of them.
        let places = if axis < self.outer() { 1 } else { NARROWEST };
        // A device has a thread for each place, however little it has to do.
        let bounds = (!is_for_device(self.op)).then(|| (pieces::least(self.op.body(0), self.inputs.len()), places));
        in_pieces(builder, spans, axis, bounds, |inner, own| self.loops(inner, result, own, uniform));
    }

    /// The loops over the outer axes.
    fn loops(&self, builder: &Builder<'c>, result: Val<'c>, spans: &[Span<'c>], uniform: &[bool]) {
        over_places(builder, &spans[..self.outer()], |inner, place| {
            if self.goes.last() == Some(&true) {
                self.reduce_row(inner, result, place, spans, uniform);
            } else {
                self.add_row(inner, result, place, spans, uniform);
            }
        });
    }

    /// Combines the items of the last axes, and puts the result in its place.
    fn reduce_row(
        &self,
        builder: &Builder<'c>,
        result: Val<'c>,
        place: &[Val<'c>],
        spans: &[Span<'c>],
        uniform: &[bool],
    ) {
        let element = self.element();
        let inner = place.len()..spans.len();
        let has_row = |input: &Input<'c>| inner.clone().any(|axis| input.follows(axis));
        // One must be left that has the row's axes, if only of extent 1.
        let first = self.inputs.iter().position(Input::is_array);
        let stands_in = first.filter(|_| !self.inputs.iter().any(has_row));
        let value = self.row_value(builder, |number, as_array| {
            self.inputs[number].part(builder, place, spans, uniform, as_array || stands_in == Some(number))
        });
        let kept = (0..place.len()).filter(|axis| !self.goes[*axis]).map(|axis| place[axis]);
        let at: Vec<_> = std::iter::once(result).chain(kept).collect();
        let value = if self.combines() {
            let before = builder.value("numeric.load", &at, element.ty, &[]);
            self.combine(builder, before, value)
        } else {
            value
        };
        let operands: Vec<_> = std::iter::once(value).chain(at).collect();
        builder.create("numeric.store", &operands, &[], &[], &[]);
    }

    /// The array whose items are combined, if they are taken as they are.
    pub(crate) fn item(&self) -> Option<Val<'c>> {
        let body = self.op.body(0)?;
        let yielded = body.terminator().map(|end| end.operands());
        (self.inputs.len() == 1 && yielded.as_deref() == Some(&[body.argument(0)])).then(|| self.op.operand(0))
    }

    /// What a row comes to. `part` gives the row of an input by its number, as an array if that is asked for.
    pub(crate) fn row_value(&self, builder: &Builder<'c>, part: impl Fn(usize, bool) -> Val<'c>) -> Val<'c> {
        let element = self.element();
        let kind = ("kind", builder.string(&self.kind));
        let reduce = |row| builder.value("numeric.reduce", &[row], element.ty, &[kind]);
        if self.item().is_some() {
            return reduce(part(0, true));
        }
        let parts: Vec<_> = (0..self.inputs.len()).map(|number| part(number, false)).collect();
        let (fits, body) = (("fits", builder.unit()), self.body(builder, &parts, &[]));
        if element.scalar.class() != Class::Complex {
            return builder.create("numeric.map_reduce", &parts, &[element.ty], &[kind, fits], &[body]).result(0);
        }
        // Complex numbers are added up as they lie in memory.
        let ranks = parts.iter().filter_map(|part| ArrayType::try_from(part.ty()).ok()).map(ArrayType::rank);
        let ty = ArrayType::new(element.ty, ranks.max().unwrap_or(0), Layout::C);
        let ty = ty.map_or(self.op.result(0).ty(), Into::into);
        reduce(builder.create("numeric.map", &parts, &[ty], &[fits], &[body]).result(0))
    }

    /// Adds the items of the last axes to the results.
    fn add_row(&self, builder: &Builder<'c>, result: Val<'c>, place: &[Val<'c>], spans: &[Span<'c>], uniform: &[bool]) {
        let kept = |from: usize| (from..spans.len()).filter(|axis| !self.goes[*axis]);
        let output = Input::of(result, kept(0).count());
        let kept_place: Vec<_> = kept(0).filter_map(|axis| place.get(axis).copied()).collect();
        let kept_spans: Vec<_> = kept(0).map(|axis| spans[axis]).collect();
        let row = output.part(builder, &kept_place, &kept_spans, &vec![true; kept_spans.len()], true);
        let parts = self.inputs.iter().map(|input| input.part(builder, place, spans, uniform, false));
        let operands: Vec<_> = [row, row].into_iter().chain(parts).collect();
        let body = self.body(builder, &operands[2..], &operands[1..2]);
        let attributes = [("fits", builder.unit()), (APART, builder.unit())];
        builder.create("numeric.assign", &operands, &[], &attributes, &[body]);
    }

    /// The operation's body for parts of its inputs. Its arguments begin with items of `before`, with which it combines what it makes.
    fn body(&self, builder: &Builder<'c>, parts: &[Val<'c>], before: &[Val<'c>]) -> Reg<'c> {
        let item = |value: &Val<'c>| ArrayType::try_from(value.ty()).map_or(value.ty(), ArrayType::element);
        let types: Vec<_> = before.iter().chain(parts).map(item).collect();
        let block = Blk::new(&types, builder.location());
        let inner = builder.into_block(block);
        let arguments = block.arguments();
        let (known, given) = arguments.split_at(before.len());
        let made = self.op.body(0).map(|body| copy_block(inner, body, given)).unwrap_or_default();
        let values: Vec<_> = match known.first() {
            Some(known) => made.iter().map(|made| self.combine(&inner, *known, *made)).collect(),
            None => made,
        };
        inner.create("numeric.yield", &values, &[], &[], &[]);
        Reg::with_block(block)
    }

    fn element(&self) -> Element<'c> {
        let array = ArrayType::try_from(self.op.result(0).ty()).ok();
        let ty = array.map_or(self.op.result(0).ty(), ArrayType::element);
        Element { ty, scalar: array.map_or(Scalar::Float(64), ArrayType::scalar) }
    }

    /// Two items, combined.
    fn combine(&self, builder: &Builder<'c>, left: Val<'c>, right: Val<'c>) -> Val<'c> {
        const OPERATIONS: [(&str, &str); 2] = [("min", "numeric.minimum"), ("max", "numeric.maximum")];
        let known = OPERATIONS.iter().find(|(kind, _)| *kind == self.kind).map(|(_, name)| (*name).to_owned());
        let name = known.unwrap_or_else(|| format!("numeric.{}", self.kind));
        builder.value(&name, &[left, right], left.ty(), &[])
    }

    /// Fills the results with what changes nothing.
    fn fill_with_identity(&self, builder: &Builder<'c>, result: Val<'c>) {
        let element = self.element();
        let value = [("value", identity(builder, &self.kind, element.scalar))];
        let start = builder.value("numeric.constant", &[], element.ty, &value);
        let block = Blk::new(&[element.ty], builder.location());
        builder.into_block(block).create("numeric.yield", &[block.argument(0)], &[], &[], &[]);
        let attributes = [("fits", builder.unit())];
        builder.create("numeric.assign", &[result, start], &[], &attributes, &[Reg::with_block(block)]);
    }
}

/// The type of the items that are combined.
struct Element<'c> {
    ty: Ty<'c>,
    scalar: Scalar,
}

/// What changes nothing when it is combined by `kind`, as the value of a `numeric.constant`. Sums begin with 0.0, as NumPy's, so that none is -0.0.
fn identity<'c>(builder: &Builder<'c>, kind: &str, scalar: Scalar) -> Attribute<'c> {
    let float = |value: f64| FloatAttribute::new(builder.context(), Type::float64(builder.context()), value).into();
    let number = match kind {
        "mul" => 1.0,
        "min" => f64::INFINITY,
        "max" => f64::NEG_INFINITY,
        _ => 0.0,
    };
    match scalar.class() {
        Class::Float => float(number),
        Class::Complex => builder.array(&[float(number), float(0.0)]),
        Class::Bool => builder.i64_attribute(i64::from(matches!(kind, "and" | "min" | "mul"))),
        Class::Signed | Class::Unsigned => builder.i64_attribute(integer_identity(kind, scalar)),
    }
}

/// The bits of an integer, in 64, that change nothing.
fn integer_identity(kind: &str, scalar: Scalar) -> i64 {
    let unused = 64 - scalar.width();
    match (kind, scalar.class()) {
        ("mul", _) => 1,
        ("and", Class::Signed) => -1,
        ("and" | "min", Class::Unsigned) => (u64::MAX >> unused).cast_signed(),
        ("min", _) => i64::MAX >> unused,
        ("max", Class::Signed) => i64::MIN >> unused,
        _ => 0,
    }
}
