//! `while` and `for`.
//!
//! A `for` over anything with a length is a counted loop over positions; a tuple is unrolled, since its elements may
//! differ in type. A counted loop that can be left early is a `while` over the position.

use super::frame::{Binding, Frame, LoopFlags, Slot};
use super::names::Effects;
use super::{Evaluated, Stop};
use crate::function_ir::{IrType, ValueId};
use crate::registry;
use crate::types::Scalar;
use crate::value::{Iteration, Number, Value};
use rustpython_parser::ast::{self, Expr, Ranged, Stmt};

/// What a `for` goes over.
enum Space {
    /// Positions 0..trip; the element at a position is found in the value.
    Counted(ValueId, Value),
    /// These elements, one copy of the body each.
    Unrolled(Vec<Value>),
}

/// From this step on a loop may count over more than 63 bits and still come to its end.
const LARGE_STEP: i128 = 1 << 31;

/// How many copies of a body a loop over a tuple may make.
const UNROLL_LIMIT: usize = 256;

impl<'p> Frame<'p, '_> {
    pub fn push_loop(&mut self) -> LoopFlags {
        let broken = self.fresh_slot("%broken", Binding::Bound(Value::bool(false)));
        let continued = self.fresh_slot("%continued", Binding::Bound(Value::bool(false)));
        let flags = LoopFlags { broken, continued };
        self.loops.push(flags);
        flags
    }

    /// Whether the loop has been left, as a value; None where it surely has not.
    fn has_left(&mut self, broken: Slot) -> Evaluated<Option<ValueId>> {
        let mut left = None;
        for slot in [broken, self.returned] {
            let Binding::Bound(flag) = self.bindings[slot].clone() else { continue };
            if flag.number() == Some(Number::Bool(false)) {
                continue;
            }
            let flag = self.materialize(&flag)?;
            left = Some(match left {
                None => flag,
                Some(other) => self.emit("numeric.or", &[other, flag], IrType::BOOL, Vec::new()),
            });
        }
        Ok(left)
    }

    /// One iteration of a loop's body, which is entered only while no flag is set.
    pub fn iteration(&mut self, flags: LoopFlags, body: &'p [Stmt]) -> Evaluated<()> {
        for flag in [flags.continued, flags.broken, self.returned] {
            self.bind(flag, Value::bool(false));
        }
        self.block(body)?;
        self.bind(flags.continued, Value::bool(false));
        Ok(())
    }

    pub fn while_statement(&mut self, node: &'p ast::StmtWhile) -> Evaluated<()> {
        let mut effects = Effects::of(&node.body);
        let in_condition = Effects::of_expressions([&*node.test]);
        effects.names.extend(in_condition.names);
        let flags = self.push_loop();
        let mut slots = self.slots_of(&effects);
        slots.retain(|slot| *slot != flags.continued);
        let mut endless = false;
        self.while_loop(
            &slots,
            |frame| {
                let left = frame.has_left(flags.broken)?;
                match left {
                    None => {
                        let condition = frame.condition(&node.test)?;
                        endless = condition.number().is_some_and(Number::truth);
                        frame.materialize(&condition)
                    }
                    Some(left) => {
                        let names = frame.slots_of(&Effects::of_expressions([&*node.test]));
                        let go_on = frame.conditional(
                            left,
                            &names,
                            |_| Ok(Value::bool(false)),
                            |frame| {
                                let condition = frame.condition(&node.test)?;
                                endless = condition.number().is_some_and(Number::truth);
                                Ok(condition)
                            },
                        )?;
                        frame.materialize(&go_on)
                    }
                }
            },
            |frame| frame.iteration(flags, &node.body),
        )?;
        self.loops.pop();
        if endless && !effects.breaks {
            if !effects.returns {
                self.dead = true;
                return Ok(());
            }
            let returned = self.returned;
            self.bind(returned, Value::bool(true));
            return Ok(());
        }
        self.loop_else(flags, &node.orelse)
    }

    /// The `else` of a loop runs unless it was left by `break`.
    fn loop_else(&mut self, flags: LoopFlags, orelse: &'p [Stmt]) -> Evaluated<()> {
        if orelse.is_empty() {
            return Ok(());
        }
        let left = self.has_left(flags.broken)?;
        match left {
            None => self.block(orelse),
            Some(left) => {
                let slots = self.slots_of(&Effects::of(orelse));
                self.conditional(
                    left,
                    &slots,
                    |_| Ok(Value::None),
                    |frame| {
                        frame.block(orelse)?;
                        Ok(Value::None)
                    },
                )?;
                Ok(())
            }
        }
    }

    pub fn for_statement(&mut self, node: &'p ast::StmtFor) -> Evaluated<()> {
        let iterable = self.iterable(&node.iter)?;
        if let Value::Bound(bounds, meaning) = &iterable
            && meaning.name == "numir.prange"
        {
            return self.prange_statement(node, bounds);
        }
        match self.at(node.iter.range(), |frame| frame.space(&iterable))? {
            Space::Unrolled(elements) => self.unrolled(node, elements),
            Space::Counted(trip, sequence) => self.counted(node, trip, &sequence),
        }
    }

    /// The value a `for` goes over; a list display is as good as a tuple there.
    fn iterable(&mut self, expression: &'p Expr) -> Evaluated {
        match expression {
            Expr::List(list) => self.sequence(&list.elts),
            other => self.expression(other),
        }
    }

    pub fn counted(&mut self, node: &'p ast::StmtFor, trip: ValueId, sequence: &Value) -> Evaluated<()> {
        let mut effects = Effects::of(&node.body);
        effects.target(&node.target);
        let flags = self.push_loop();
        let mut slots = self.slots_of(&effects);
        slots.retain(|slot| *slot != flags.continued);
        let step = |frame: &mut Self, position: ValueId| {
            frame.name_position(position, &node.target);
            let element = frame.at(node.iter.range(), |frame| frame.element(sequence, position))?;
            frame.assign(&node.target, element)?;
            frame.iteration(flags, &node.body)
        };
        if !effects.breaks && !effects.returns {
            self.counted_loop(trip, &slots, step)?;
        } else {
            let zero = self.index(0);
            let position = self.fresh_slot("%position", Binding::Bound(Value::Scalar(Scalar::Index, zero)));
            slots.push(position);
            let at = |frame: &Self| match &frame.bindings[position] {
                Binding::Bound(Value::Scalar(_, id)) => *id,
                _ => zero,
            };
            self.while_loop(
                &slots,
                |frame| {
                    let predicate = vec![("predicate", crate::function_ir::Attribute::Text("lt".into()))];
                    let more = frame.emit("numeric.cmp", &[at(frame), trip], IrType::BOOL, predicate);
                    Ok(match frame.has_left(flags.broken)? {
                        None => more,
                        Some(left) => {
                            let stay = frame.negate(left);
                            frame.emit("numeric.and", &[more, stay], IrType::BOOL, Vec::new())
                        }
                    })
                },
                |frame| {
                    let current = at(frame);
                    let one = frame.index(1);
                    let next = frame.index_arithmetic("numeric.add", current, one);
                    frame.bind(position, Value::Scalar(Scalar::Index, next));
                    step(frame, current)
                },
            )?;
        }
        self.loops.pop();
        self.loop_else(flags, &node.orelse)
    }

    /// A loop's position is called as the target that runs with it.
    pub fn name_position(&mut self, position: ValueId, target: &Expr) {
        if let Expr::Name(target) = target {
            self.name_value(position, target.id.as_str());
        }
    }

    fn unrolled(&mut self, node: &'p ast::StmtFor, elements: Vec<Value>) -> Evaluated<()> {
        if elements.len() > UNROLL_LIMIT {
            let message = format!("a loop over a tuple of {} elements; {UNROLL_LIMIT} are the limit", elements.len());
            return Err(self.unsupported(message));
        }
        let mut effects = Effects::of(&node.body);
        effects.target(&node.target);
        let flags = self.push_loop();
        let slots = self.slots_of(&effects);
        for element in elements {
            let left = self.has_left(flags.broken)?;
            let walk = |frame: &mut Self| {
                frame.assign(&node.target, element)?;
                frame.iteration(flags, &node.body)?;
                Ok(Value::None)
            };
            match left {
                None => {
                    walk(self)?;
                }
                Some(left) => {
                    self.conditional(left, &slots, |_| Ok(Value::None), walk)?;
                }
            }
            let surely = |slot: Slot| matches!(&self.bindings[slot], Binding::Bound(flag) if flag.number().is_some_and(Number::truth));
            if self.dead || surely(flags.broken) || surely(self.returned) {
                break;
            }
        }
        self.loops.pop();
        if self.dead {
            return Ok(());
        }
        self.loop_else(flags, &node.orelse)
    }

    /// The trip count of range(start, stop, step), an index.
    pub fn range_length(&mut self, bounds: &[Value; 3]) -> Evaluated<ValueId> {
        let known: Option<Vec<i128>> = bounds.iter().map(Value::known_integer).collect();
        if let Some([start, stop, step]) = known.as_deref() {
            let span = if *step > 0 { stop - start } else { start - stop };
            let length = if span <= 0 { 0 } else { (span - 1) / step.abs() + 1 };
            return Ok(self.index(i64::try_from(length).unwrap_or(i64::MAX)));
        }
        let [start, stop, step] = bounds;
        let (start, stop) = (self.as_index(start)?, self.as_index(stop)?);
        let zero = self.index(0);
        match step.known_integer() {
            Some(1) => {
                let span = self.index_arithmetic("numeric.sub", stop, start);
                Ok(self.index_arithmetic("numeric.maximum", span, zero))
            }
            Some(step) if step != 0 && step.abs() < LARGE_STEP => {
                let (low, high) = if step > 0 { (start, stop) } else { (stop, start) };
                let span = self.index_arithmetic("numeric.sub", high, low);
                let size = self.index(i64::try_from(step.abs()).unwrap_or(i64::MAX));
                self.steps(span, size, zero)
            }
            _ => {
                let step = self.as_index(step)?;
                let nonzero = self.compare_indices("ne", step, zero);
                self.check(nonzero, "ValueError", "range() arg 3 must not be zero", &[]);
                let forward = self.compare_indices("gt", step, zero);
                let low = self.emit("numeric.select", &[forward, start, stop], IrType::INDEX, Vec::new());
                let high = self.emit("numeric.select", &[forward, stop, start], IrType::INDEX, Vec::new());
                let negative = self.index_arithmetic("numeric.sub", zero, step);
                let size = self.emit("numeric.select", &[forward, step, negative], IrType::INDEX, Vec::new());
                Ok(self.wide_steps(low, high, size))
            }
        }
    }

    /// How many steps of a size lead from low to high, without the last: in unsigned arithmetic, as neither their
    /// distance nor the size of -2**63 fits 63 bits.
    fn wide_steps(&mut self, low: ValueId, high: ValueId, size: ValueId) -> ValueId {
        let unsigned = IrType::Scalar(Scalar::Of(numir_runtime::DType::UInt64));
        let (zero, one) = (self.index(0), self.index(1));
        let high = self.index_arithmetic("numeric.maximum", high, low);
        let span = self.index_arithmetic("numeric.sub", high, low);
        let operands = [span, size].map(|value| self.emit("numeric.cast", &[value], unsigned, Vec::new()));
        let whole = self.emit("numeric.floordiv", &operands, unsigned, Vec::new());
        let whole = self.emit("numeric.cast", &[whole], IrType::INDEX, Vec::new());
        let reached = self.index_arithmetic("numeric.mul", whole, size);
        let beyond = self.compare_indices("ne", reached, span);
        let last = self.emit("numeric.select", &[beyond, one, zero], IrType::INDEX, Vec::new());
        let count = self.index_arithmetic("numeric.add", whole, last);
        self.index_arithmetic("numeric.maximum", count, zero)
    }

    fn steps(&mut self, span: ValueId, size: ValueId, zero: ValueId) -> Evaluated<ValueId> {
        let one = self.index(1);
        let rounded = self.index_arithmetic("numeric.add", span, size);
        let rounded = self.index_arithmetic("numeric.sub", rounded, one);
        let count = self.index_arithmetic("numeric.floordiv", rounded, size);
        Ok(self.index_arithmetic("numeric.maximum", count, zero))
    }

    /// A comparison of indices.
    pub fn compare_indices(&mut self, predicate: &'static str, left: ValueId, right: ValueId) -> ValueId {
        let attributes = vec![("predicate", crate::function_ir::Attribute::Text(predicate.into()))];
        self.emit("numeric.cmp", &[left, right], IrType::BOOL, attributes)
    }

    fn space(&mut self, value: &Value) -> Evaluated<Space> {
        Ok(match value {
            Value::Tuple(elements) => Space::Unrolled(elements.to_vec()),
            Value::Iteration(iteration) => match &**iteration {
                Iteration::Enumerate(inner, start) => match self.space(inner)? {
                    Space::Unrolled(elements) => {
                        let mut pairs = Vec::with_capacity(elements.len());
                        for (index, element) in elements.into_iter().enumerate() {
                            let number = registry::operators::binary(self, "+", start, &Value::int(index as i128))?;
                            pairs.push(Value::tuple(vec![number, element]));
                        }
                        Space::Unrolled(pairs)
                    }
                    Space::Counted(trip, _) => Space::Counted(trip, value.clone()),
                },
                Iteration::Reversed(inner) => match self.space(inner)? {
                    Space::Unrolled(mut elements) => {
                        elements.reverse();
                        Space::Unrolled(elements)
                    }
                    Space::Counted(trip, _) => Space::Counted(trip, value.clone()),
                },
                Iteration::Zip(inner) => self.zip_space(inner, value)?,
                Iteration::Items(..) | Iteration::Indices(_) => Space::Counted(self.length(value)?, value.clone()),
            },
            other => Space::Counted(self.length(other)?, other.clone()),
        })
    }

    fn zip_space(&mut self, inner: &[Value], whole: &Value) -> Evaluated<Space> {
        if inner.is_empty() {
            return Ok(Space::Unrolled(Vec::new()));
        }
        let spaces: Result<Vec<Space>, Stop> = inner.iter().map(|inner| self.space(inner)).collect();
        let spaces = spaces?;
        let shortest = spaces
            .iter()
            .filter_map(|space| if let Space::Unrolled(elements) = space { Some(elements.len()) } else { None })
            .min();
        match shortest {
            None => {
                let mut trip = None;
                for space in &spaces {
                    let Space::Counted(length, _) = space else { continue };
                    trip = Some(match trip {
                        None => *length,
                        Some(other) => self.index_arithmetic("numeric.minimum", other, *length),
                    });
                }
                let trip = trip.unwrap_or_else(|| self.index(0));
                Ok(Space::Counted(trip, whole.clone()))
            }
            Some(shortest) if spaces.iter().all(|space| matches!(space, Space::Unrolled(_))) => {
                let rows = (0..shortest).map(|row| {
                    let elements = spaces.iter().filter_map(|space| match space {
                        Space::Unrolled(elements) => Some(elements[row].clone()),
                        Space::Counted(..) => None,
                    });
                    Value::tuple(elements.collect())
                });
                Ok(Space::Unrolled(rows.collect()))
            }
            // A tuple beside something counted is read at the position; its elements need a common type for that.
            Some(_) => {
                let lengths: Vec<ValueId> = spaces
                    .iter()
                    .map(|space| match space {
                        Space::Counted(length, _) => *length,
                        Space::Unrolled(elements) => self.index(elements.len() as i64),
                    })
                    .collect();
                let trip = lengths[1..]
                    .iter()
                    .fold(lengths[0], |trip, length| self.index_arithmetic("numeric.minimum", trip, *length));
                Ok(Space::Counted(trip, whole.clone()))
            }
        }
    }

    /// The length of something with one, an index.
    pub fn length(&mut self, value: &Value) -> Evaluated<ValueId> {
        match value {
            Value::Range(bounds) => self.range_length(&bounds.clone()),
            Value::Records(_, ty, bytes) if ty.rank > 1 => Ok(self.extent(*bytes, 0)),
            Value::Array(ty, array) if ty.rank > 0 => Ok(self.extent(*array, 0)),
            Value::Array(..) => Err(self.raise("TypeError", "iteration over a 0-d array", &[])),
            Value::Tuple(elements) => Ok(self.index(elements.len() as i64)),
            Value::Text(text) => Ok(self.index(text.chars().count() as i64)),
            Value::Iteration(iteration) => match &**iteration {
                Iteration::Enumerate(inner, _) | Iteration::Reversed(inner) => self.length(inner),
                Iteration::Zip(_) => Err(self.unsupported("the length of zip")),
                Iteration::Items(array, _) => registry::items::count_of(self, array),
                Iteration::Indices(extents) => registry::items::count_of(self, extents),
            },
            other => {
                let seen = self.describe(other);
                Err(self.typing(format!("{seen} cannot be iterated over")))
            }
        }
    }

    /// The element at a position, an index that is in range.
    pub fn element(&mut self, value: &Value, position: ValueId) -> Evaluated {
        match value {
            Value::Range(bounds) => {
                let [start, _, step] = &**bounds;
                let offset = self.index_as_int(position);
                let offset = if step.known_integer() == Some(1) {
                    offset
                } else {
                    self.int_arithmetic("numeric.mul", &offset, step)?
                };
                if start.known_integer() == Some(0) {
                    Ok(offset)
                } else {
                    self.int_arithmetic("numeric.add", start, &offset)
                }
            }
            Value::Records(layout, ty, bytes) => registry::record_at(self, layout, (*ty, *bytes), &[position]),
            Value::Array(ty, array) => registry::load_item(self, *ty, *array, &[position]),
            Value::Tuple(_) => registry::subscript(self, value, &Value::Scalar(Scalar::Index, position)),
            Value::Iteration(iteration) => match &**iteration {
                Iteration::Enumerate(inner, start) => {
                    let number = self.index_as_int(position);
                    let number = if start.known_integer() == Some(0) {
                        number
                    } else {
                        self.int_arithmetic("numeric.add", start, &number)?
                    };
                    let element = self.element(inner, position)?;
                    Ok(Value::tuple(vec![number, element]))
                }
                Iteration::Reversed(inner) => {
                    let length = self.length(inner)?;
                    let one = self.index(1);
                    let last = self.index_arithmetic("numeric.sub", length, one);
                    let position = self.index_arithmetic("numeric.sub", last, position);
                    self.element(inner, position)
                }
                Iteration::Items(array, indexed) => registry::items::item(self, array, position, *indexed),
                Iteration::Indices(extents) => registry::items::indices(self, extents, position),
                Iteration::Zip(inner) => {
                    let elements: Result<Vec<_>, _> = inner.iter().map(|inner| self.element(inner, position)).collect();
                    Ok(Value::tuple(elements?))
                }
            },
            other => {
                let seen = self.describe(other);
                Err(self.typing(format!("{seen} cannot be iterated over")))
            }
        }
    }

    /// Wrapping arithmetic on Python ints without any check.
    pub fn int_arithmetic(&mut self, name: &'static str, left: &Value, right: &Value) -> Evaluated {
        let left = registry::cast(self, left, Scalar::Int)?;
        let right = registry::cast(self, right, Scalar::Int)?;
        let (left, right) = (self.materialize(&left)?, self.materialize(&right)?);
        Ok(Value::Scalar(Scalar::Int, self.emit(name, &[left, right], IrType::Scalar(Scalar::Int), Vec::new())))
    }
}
