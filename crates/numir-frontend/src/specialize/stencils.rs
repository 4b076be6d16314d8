//! Calls of stencils: the kernel is applied at every position of its first array.
//!
//! The interior, where no access leaves an array, is a nest of loops of its own around a call of the kernel that checks
//! nothing. What is left of each axis is a slab at both of its ends, looped over apart: a constant, or the kernel specialised
//! for windows that look beyond the edges.

use super::annotations::is_stencil_decorator;
use super::calls::Arguments;
use super::frame::Frame;
use super::{Definition, Evaluated, Specializer, Stop};
use crate::diagnostic::{Diagnostic, ErrorKind};
use crate::function_ir::{Attribute, IrType, ValueId};
use crate::registry;
use crate::source::Span;
use crate::stencil::{Border, Reach, Stencil, Window};
use crate::types::{ArrayType, Kind, Layout, Scalar};
use crate::value::{FunctionId, PLACEHOLDER, Value};
use rustpython_parser::ast::{Expr, Ranged};
use std::rc::Rc;

/// Positions along one axis.
#[derive(Clone, Copy)]
enum Range {
    /// From a position on, so many.
    Whole(ValueId, ValueId),
    /// Those before the first and those from the second on: their count, the first, and how far it is to the second.
    Ends(ValueId, ValueId, ValueId),
}

/// A stencil's call, its arguments at hand.
struct Call<'p> {
    kernel: FunctionId,
    /// The kernel's arguments, arrays with relative indexing as windows without a place.
    forms: Vec<(&'p str, Value)>,
    out: (ArrayType, ValueId),
}

impl<'p> Specializer<'p> {
    /// Notes an access of the function that is being walked to a window.
    pub fn reaches(&mut self, offsets: &[(i64, i64)]) {
        if let Some(reach) = self.reaching.last_mut() {
            reach.add(offsets.iter().copied());
        }
    }

    /// The head of a function's definition.
    fn head(&self, function: FunctionId) -> Span {
        let entry = &self.functions[function.0 as usize];
        let (range, length) = match entry.definition {
            Definition::Def(node) => (node.range, "def ".len() + node.name.len()),
            Definition::Lambda(node) => (node.range, "lambda".len()),
            Definition::Constant(_, node) => (node.range(), 0),
            Definition::Module => (Default::default(), 0),
        };
        let mut span = Span::new(&self.file(entry.file).source, range);
        span.end = span.end.min(span.start + length);
        span
    }
}

impl<'p> Frame<'p, '_> {
    /// A function as its decorators make it: one that is called stencil is evaluated, by `evaluate`, and called.
    pub fn decorated(
        &mut self,
        function: FunctionId,
        decorators: &'p [Expr],
        mut evaluate: impl FnMut(&mut Self, &'p Expr) -> Evaluated,
    ) -> Evaluated {
        let mut value = Value::Function(function);
        for decorator in decorators.iter().rev().filter(|decorator| is_stencil_decorator(decorator)) {
            value = self.at(decorator.range(), |frame| {
                let maker = evaluate(frame, decorator)?;
                frame.apply(&maker, Arguments { positional: vec![value], ..Arguments::default() })
            })?;
        }
        Ok(value)
    }

    /// Calls a stencil.
    pub fn call_stencil(&mut self, stencil: &Rc<Stencil>, arguments: Arguments) -> Evaluated {
        // What the kernel reaches is no reach of the function that calls the stencil.
        self.specializer.reaching.push(Reach::default());
        let called = self.applied(stencil, arguments);
        self.specializer.reaching.pop();
        called
    }

    fn applied(&mut self, stencil: &Rc<Stencil>, mut arguments: Arguments) -> Evaluated {
        let out = arguments.keywords.iter().position(|(name, _)| name == "out");
        let out = out.map(|place| arguments.keywords.remove(place).1);
        let kernel = stencil.kernel;
        let wrong = |frame: &Self, message: &str| -> Stop {
            Diagnostic::new(ErrorKind::Value, &frame.specializer.head(kernel), message).into()
        };
        let mut forms = self.bind_function(kernel, arguments)?;
        if forms.iter().any(|(name, _)| *name == "out") {
            return Err(wrong(self, "Cannot use the reserved word 'out' in stencil kernels."));
        }
        let is_standard = |name: &str| stencil.standard_indexing.iter().any(|standard| standard == name);
        if stencil.standard_indexing.iter().any(|standard| forms.iter().all(|(name, _)| name != standard)) {
            let message = "Standard indexing requested for an array name not present in the stencil kernel definition.";
            return Err(wrong(self, message));
        }
        let (first, array) = match forms.first() {
            Some((name, Value::Array(..))) if is_standard(name) => {
                let message =
                    "The first argument to a stencil kernel must use relative indexing, not standard indexing.";
                return Err(wrong(self, message));
            }
            Some((_, Value::Array(ty, array))) if ty.rank > 0 => (*ty, *array),
            _ => return Err(wrong(self, "The first argument to a stencil kernel must be the primary input array.")),
        };
        if let Some(declared) = &stencil.neighborhood
            && declared.len() != first.rank
        {
            let (axes, rank) = (declared.len(), first.rank);
            let message = format!("{axes} dimensional neighborhood specified for {rank} dimensional input array");
            return Err(wrong(self, &message));
        }
        for (name, value) in &mut forms {
            // A number known now stays so: the kernel is made for this stencil's call, and may use it as an index.
            if let Value::Array(ty, id) = value
                && !is_standard(name)
            {
                if ty.rank != first.rank {
                    let message =
                        "Secondary stencil array does not have same number of dimensions as the first stencil input.";
                    return Err(wrong(self, message));
                }
                let (ty, id) = (*ty, *id);
                if id != array {
                    self.check_extents(array, id, first.rank, stencil.border.is_some());
                }
                *value = Value::Window(Rc::new(Window {
                    ty,
                    array: id,
                    position: vec![PLACEHOLDER; ty.rank],
                    border: Border::Inside,
                    neighborhood: stencil.neighborhood.clone(),
                }));
            }
        }
        let (range, file) = (self.range, self.file);
        let instance = self.specializer.instance(kernel, forms.clone(), range, file)?;
        let result = match instance.result {
            Some(Value::Scalar(scalar, _)) => scalar,
            Some(Value::Array(ty, _)) if ty.rank == 0 => Scalar::Of(ty.dtype),
            Some(Value::Array(..)) => {
                return Err(wrong(self, "Stencil kernel must return a scalar and not a numpy array."));
            }
            Some(Value::None) => {
                return Err(wrong(self, "the stencil kernel returns nothing: it must return a scalar"));
            }
            Some(other) => {
                let seen = self.describe(&other);
                return Err(wrong(self, &format!("Stencil kernel must return a scalar, not {seen}")));
            }
            None => return Err(wrong(self, "the stencil kernel never returns")),
        };
        let offsets = match &stencil.neighborhood {
            _ if instance.reach.0.is_empty() => {
                return Err(wrong(self, "Stencil kernel with no accesses to relatively indexed arrays."));
            }
            Some(declared) => declared.iter().map(|(low, high)| ((*low).min(0), (*high).max(0))).collect(),
            None => instance.reach.0,
        };

        let extents: Vec<ValueId> = (0..first.rank).map(|axis| self.extent(array, axis)).collect();
        let is_new = out.is_none();
        let out = match out {
            None => {
                let ty = ArrayType::new(result.dtype(), first.rank, Layout::C);
                let attributes = vec![("zero", Attribute::Bool(false))];
                (ty, self.emit("numeric.alloc", &extents, IrType::Array(ty), attributes))
            }
            Some(Value::Array(ty, id)) => {
                registry::check_writable(self, ty)?;
                if ty.rank != first.rank {
                    return Err(wrong(
                        self,
                        "out= does not have the same number of dimensions as the first stencil input.",
                    ));
                }
                self.check_out(array, id, first.rank);
                (ty, id)
            }
            Some(other) => {
                let seen = self.describe(&other);
                return Err(wrong(self, &format!("out= takes an array, not {seen}")));
            }
        };
        if result.kind() == Kind::Complex && Scalar::Of(out.0.dtype).kind() < Kind::Complex {
            return Err(wrong(self, "the stencil kernel returns complex numbers, which out= cannot hold"));
        }
        let call = Call { kernel, forms, out };
        let border = match (stencil.border, &stencil.cval) {
            (Some(border), _) => Some(Err(border)),
            (None, None) if !is_new => None,
            (None, cval) => {
                let cval = cval.clone().unwrap_or(Value::int(0));
                if cval.scalar().is_none_or(|scalar| scalar.kind() == Kind::Complex && result.kind() < Kind::Complex) {
                    return Err(wrong(self, "cval type does not match stencil return type."));
                }
                let cval = registry::cast_checked(self, &cval, Scalar::Of(out.0.dtype))?;
                Some(Ok(self.materialize(&cval)?))
            }
        };
        self.fill_stencil(&call, &extents, &offsets, border)?;
        Ok(Value::Array(out.0, out.1))
    }

    /// The loops: the interior, and each axis's ends where the border is written.
    fn fill_stencil(
        &mut self,
        call: &Call<'p>,
        extents: &[ValueId],
        offsets: &[(i64, i64)],
        border: Option<Result<ValueId, Border>>,
    ) -> Evaluated<()> {
        let zero = self.index(0);
        let (mut inside, mut ends) = (Vec::new(), Vec::new());
        for (extent, (low, high)) in extents.iter().zip(offsets) {
            let (before, after) = (self.index(-low), self.index(*high));
            let start = self.index_arithmetic("numeric.minimum", before, *extent);
            let stop = self.index_arithmetic("numeric.sub", *extent, after);
            let stop = self.index_arithmetic("numeric.maximum", stop, start);
            let count = self.index_arithmetic("numeric.sub", stop, start);
            inside.push(Range::Whole(start, count));
            ends.push(Range::Ends(self.index_arithmetic("numeric.sub", *extent, count), start, count));
        }
        self.stencil_nest(&inside, &mut |frame, position| frame.kernel_at(call, position, Border::Inside))?;
        let Some(border) = border else { return Ok(()) };
        for axis in (0..extents.len()).filter(|axis| offsets[*axis] != (0, 0)) {
            let after = extents[axis + 1..].iter().map(|extent| Range::Whole(zero, *extent));
            let slab: Vec<Range> = inside[..axis].iter().copied().chain([ends[axis]]).chain(after).collect();
            self.stencil_nest(&slab, &mut |frame, position| match border {
                Ok(constant) => {
                    frame.store_at(call.out.1, constant, position);
                    Ok(())
                }
                Err(border) => frame.kernel_at(call, position, border),
            })?;
        }
        Ok(())
    }

    /// A loop per axis; the first one is parallel unless it goes over an axis's ends alone.
    fn stencil_nest(
        &mut self,
        ranges: &[Range],
        body: &mut dyn FnMut(&mut Self, &[ValueId]) -> Evaluated<()>,
    ) -> Evaluated<()> {
        self.parallel_depth += 1;
        let walked = match ranges[0] {
            Range::Whole(_, count) => self.parallel_loop(count, &[], &[], |frame, counter| {
                let position = frame.along(ranges[0], counter);
                frame.inner_nest(&ranges[1..], &mut vec![position], body)
            }),
            Range::Ends(..) => self.inner_nest(ranges, &mut Vec::new(), body),
        };
        self.parallel_depth -= 1;
        walked
    }

    fn inner_nest(
        &mut self,
        ranges: &[Range],
        position: &mut Vec<ValueId>,
        body: &mut dyn FnMut(&mut Self, &[ValueId]) -> Evaluated<()>,
    ) -> Evaluated<()> {
        let Some((range, rest)) = ranges.split_first() else { return body(self, position) };
        let (Range::Whole(_, count) | Range::Ends(count, ..)) = *range;
        self.counted_loop(count, &[], |frame, counter| {
            position.push(frame.along(*range, counter));
            let walked = frame.inner_nest(rest, position, body);
            position.pop();
            walked
        })
    }

    /// The position that a loop's counter stands for.
    fn along(&mut self, range: Range, counter: ValueId) -> ValueId {
        match range {
            Range::Whole(start, _) => self.index_arithmetic("numeric.add", start, counter),
            Range::Ends(_, first, gap) => {
                let beyond = self.index_arithmetic("numeric.add", counter, gap);
                let before = self.compare_indices("lt", counter, first);
                self.emit("numeric.select", &[before, counter, beyond], IrType::INDEX, Vec::new())
            }
        }
    }

    /// Calls the kernel at a position and stores what it returns.
    fn kernel_at(&mut self, call: &Call<'p>, position: &[ValueId], border: Border) -> Evaluated<()> {
        let placed = |value: &Value| match value {
            Value::Window(window) => {
                Value::Window(Rc::new(Window { position: position.to_vec(), border, ..(**window).clone() }))
            }
            other => other.clone(),
        };
        let forms = call.forms.iter().map(|(name, value)| (*name, placed(value))).collect();
        let result = match self.call_bound(call.kernel, forms)? {
            Value::Array(ty, array) => registry::load_item(self, ty, array, &[])?,
            number => number,
        };
        let item = registry::cast(self, &result, Scalar::Of(call.out.0.dtype))?;
        let item = self.materialize(&item)?;
        self.store_at(call.out.1, item, position);
        Ok(())
    }

    fn store_at(&mut self, array: ValueId, item: ValueId, position: &[ValueId]) {
        let mut operands = vec![item, array];
        operands.extend_from_slice(position);
        self.emit_effect("numeric.store", &operands, Vec::new());
    }

    /// Another array must reach as far as the first; where the kernel looks beyond the edges, exactly as far.
    fn check_extents(&mut self, first: ValueId, other: ValueId, rank: usize, exactly: bool) {
        let (predicate, message) = if exactly {
            ("eq", "Secondary stencil array does not have the shape of the first stencil input.")
        } else {
            ("ge", "Secondary stencil array has some dimension smaller the same dimension in the first stencil input.")
        };
        self.compare_extents(other, first, rank, predicate, message);
    }

    fn check_out(&mut self, first: ValueId, out: ValueId, rank: usize) {
        self.compare_extents(out, first, rank, "eq", "out= does not have the shape of the first stencil input.");
    }

    fn compare_extents(&mut self, one: ValueId, other: ValueId, rank: usize, predicate: &'static str, message: &str) {
        for axis in 0..rank {
            let (one, other) = (self.extent(one, axis), self.extent(other, axis));
            let fine = self.compare_indices(predicate, one, other);
            self.check(fine, "ValueError", message, &[]);
        }
    }
}
