//! The walk over a function, which keeps the facts of each place.

use super::carried::Carried;
use super::extents::Triple;
use super::{Linear, Meaning, Outer, Ranges, Symbol, constant_of, is_word, type_bounds};
use numir_numeric::ir::{Blk, Op, Val};

/// Who uses the facts: it sees every operation at the place where it stands.
///
/// A loop may be walked several times. What was noted in a walk that is repeated is rolled back before.
pub(crate) trait Visitor<'c> {
    /// A place of the walk to go back to.
    type Checkpoint;

    /// Whether there is nothing to be seen inside of an operation.
    fn skips(&mut self, _operation: Op<'c>) -> bool {
        false
    }

    /// An operation, before what it says is known.
    fn visit(&mut self, ranges: &mut Ranges<'c>, operation: Op<'c>);

    /// The walk enters a loop.
    fn enter(&mut self, _ranges: &mut Ranges<'c>, _looping: Op<'c>) {}

    /// The walk has left a loop for good; what is known is what was known before it.
    fn leave(&mut self, _ranges: &mut Ranges<'c>, _looping: Op<'c>) {}

    /// The present place.
    fn checkpoint(&mut self) -> Self::Checkpoint;

    /// Forgets what was noted since.
    fn roll_back(&mut self, checkpoint: &Self::Checkpoint);
}

/// Walks over a function, and gives the symbols that it met. `trusts_checks` says whether what a check has let through is a fact
/// from there on.
pub(crate) fn walk<'c, V: Visitor<'c>>(function: Op<'c>, trusts_checks: bool, visitor: &mut V) -> Ranges<'c> {
    let mut ranges = Ranges::new(trusts_checks);
    if let Some(body) = function.body(0) {
        ranges.block(body, visitor);
    }
    ranges
}

/// Operations whose bodies are about single elements.
const ELEMENTWISE: [&str; 4] = ["numeric.map", "numeric.assign", "numeric.map_reduce", "numeric.reduce_axes"];

impl<'c> Ranges<'c> {
    fn block<V: Visitor<'c>>(&mut self, block: Blk<'c>, visitor: &mut V) {
        for argument in block.arguments().into_iter().filter(|argument| type_bounds(*argument).is_some()) {
            self.ring(argument);
        }
        for operation in block.operations() {
            visitor.visit(self, operation);
            if ELEMENTWISE.contains(&operation.name()) || visitor.skips(operation) {
                self.define(operation);
                continue;
            }
            match operation.name() {
                "scf.if" => self.branch(operation, visitor),
                "scf.for" => self.counted_loop(operation, visitor),
                "scf.while" => self.while_loop(operation, visitor),
                "numeric.parallel" => self.parallel_loop(operation, visitor),
                _ => self.define(operation),
            }
            self.passed(operation);
        }
    }

    /// What is known after a check.
    fn passed(&mut self, operation: Op<'c>) {
        if !self.trusts_checks {
            return;
        }
        match operation.name() {
            "numeric.check" => self.assume(operation.operand(0), true, true),
            "numeric.check_index" => {
                let (index, size) = (self.exact(operation.operand(0)), self.exact(operation.operand(1)));
                let below = size.plus(&index, -1).and_then(|sum| sum.shifted(-1));
                for fact in [below, index.plus(&size, 1)].into_iter().flatten() {
                    self.facts.assume(fact, true);
                }
            }
            _ => {}
        }
    }

    fn branch<V: Visitor<'c>>(&mut self, branch: Op<'c>, visitor: &mut V) {
        let condition = branch.operand(0);
        let here = self.facts.symbol_count();
        let outer = Outer::of(branch);
        let mut ways = Vec::new();
        for (region, truth) in branch.regions().into_iter().zip([true, false]) {
            let mark = self.mark();
            self.assume(condition, truth, false);
            let mut way = Way { raises: false, results: Vec::new(), extents: Vec::new() };
            if let Some(block) = region.first_block() {
                self.block(block, visitor);
                way = self.way(branch, block, (condition, truth), here);
                let values = block.terminator().map_or(Vec::new(), |end| end.operands());
                way.extents = values.into_iter().map(|value| self.extents_of(value, &outer)).collect();
            }
            self.undo(&mark);
            ways.push(way);
        }
        for (index, result) in branch.results().into_iter().enumerate() {
            let taken = ways.iter().filter(|way| !way.raises).filter_map(|way| way.extents.get(index));
            self.join_extents(result, &taken.collect::<Vec<_>>());
            if type_bounds(result).is_none() {
                continue;
            }
            let sum = self.ring(result);
            let mut taken = ways.iter().filter(|way| !way.raises).filter_map(|way| way.results.get(index)?.as_ref());
            match (taken.next(), taken.next()) {
                (Some(first), Some(second)) => {
                    self.join(&sum, &first.bounds, &second.bounds);
                    let implied = [0, 1].map(|truth| match (first.constant, second.constant) {
                        (Some(known), _) if known != truth => second.implied[truth as usize].clone(),
                        (_, Some(known)) if known != truth => first.implied[truth as usize].clone(),
                        _ => Vec::new(),
                    });
                    self.implied.insert(result, implied);
                }
                (Some(only), None) => {
                    self.join(&sum, &only.bounds, &only.bounds);
                    self.implied.insert(result, only.implied.clone());
                }
                _ => {}
            }
        }
        for (way, truth) in ways.iter().zip([true, false]) {
            if way.raises {
                self.assume(condition, !truth, false);
            }
        }
    }

    /// What a branch leads to. Bounds are stated in symbols from before it.
    fn way(&mut self, branch: Op<'c>, block: Blk<'c>, taken: (Val<'c>, bool), here: Symbol) -> Way {
        let raises = block.operations().iter().any(|operation| {
            operation.is("numeric.raise")
                || (operation.is("numeric.check") && constant_of(operation.operand(0)) == Some(0))
        });
        let values = block.terminator().map_or(Vec::new(), |end| end.operands());
        let is_boolean = |value: Val<'c>| type_bounds(value) == Some((0, 1));
        let is_outer = |fact: &Linear| fact.symbols().all(|symbol| symbol < here);
        let mut results = Vec::new();
        for value in values.into_iter().take(branch.result_count()) {
            if type_bounds(value).is_none() {
                results.push(None);
                continue;
            }
            let sum = self.exact(value);
            let bounds = self.bounds(&sum, here);
            let implied = [false, true].map(|truth| {
                if !is_boolean(value) {
                    return Vec::new();
                }
                let mut facts = self.consequences(value, truth);
                facts.extend(self.consequences(taken.0, taken.1));
                facts.retain(is_outer);
                facts
            });
            // `a and b` gives `a` where it is false.
            let constant = if value == taken.0 { Some(taken.1.into()) } else { constant_of(value) };
            results.push(Some(Outcome { bounds, constant, implied }));
        }
        Way { raises, results, extents: Vec::new() }
    }

    fn counted_loop<V: Visitor<'c>>(&mut self, looping: Op<'c>, visitor: &mut V) {
        let (Some(body), [start, stop, step]) = (looping.body(0), [0, 1, 2].map(|index| looping.operand(index))) else {
            return;
        };
        let is_counted = constant_of(start) == Some(0) && constant_of(step) == Some(1);
        let arguments = body.arguments();
        let yielded = body.terminator().map_or(Vec::new(), |end| end.operands());
        let operands = looping.operands();
        let places = 0..looping.result_count().min(yielded.len());
        let triples: Vec<_> = places.map(|place| (arguments[place + 1], operands[place + 3], yielded[place])).collect();
        let carried = self.iterate(looping, &[body], (&triples, &arguments[1..]), visitor, |ranges, visitor| {
            let carried = ranges.carried(&triples, is_counted);
            let position = ranges.ring(arguments[0]);
            ranges.assume_within(&position, start, stop);
            let position = Some(&position).filter(|_| is_counted);
            ranges.assume_guesses(&carried, position);
            ranges.block(body, visitor);
            (ranges.verify_guesses(&carried, position), carried)
        });
        let trip = self.exact(stop);
        let trip = Some(&trip).filter(|trip| is_counted && self.prove(trip));
        self.note_results(looping, &carried, &arguments[1..], trip);
    }

    fn parallel_loop<V: Visitor<'c>>(&mut self, looping: Op<'c>, visitor: &mut V) {
        let Some(body) = looping.body(0) else { return };
        let arguments = body.arguments().split_off(1);
        let yielded = body.terminator().map_or(Vec::new(), |end| end.operands());
        let initial = looping.operands().split_off(1);
        let triples: Vec<_> = arguments.iter().zip(initial).zip(yielded).map(|((a, b), c)| (*a, b, c)).collect();
        self.iterate(looping, &[body], (&triples, &arguments), visitor, |ranges, visitor| {
            let position = ranges.ring(body.argument(0));
            ranges.facts.assume(position.clone(), false);
            ranges.assume_below(&position, looping.operand(0));
            ranges.block(body, visitor);
            (true, Vec::new())
        });
        self.define(looping);
    }

    fn while_loop<V: Visitor<'c>>(&mut self, looping: Op<'c>, visitor: &mut V) {
        let (Some(before), Some(after)) = (looping.body(0), looping.body(1)) else { return };
        let Some(condition) = before.terminator() else { return };
        let yielded = after.terminator().map_or(Vec::new(), |end| end.operands());
        let arguments = before.arguments();
        let triples: Vec<_> =
            arguments.iter().zip(looping.operands()).zip(&yielded).map(|((a, b), c)| (*a, b, *c)).collect();
        let passed = condition.operands().split_off(1);
        let carried = self.iterate(looping, &[before, after], (&triples, &passed), visitor, |ranges, visitor| {
            let carried = ranges.carried(&triples, false);
            ranges.assume_guesses(&carried, None);
            ranges.block(before, visitor);
            ranges.assume(condition.operand(0), true, false);
            for (argument, value) in after.arguments().into_iter().zip(&passed) {
                ranges.passed.insert(*value, argument);
                if type_bounds(argument).is_some() {
                    let ring = ranges.ring(*value);
                    ranges.note_equal(argument, ring);
                }
                ranges.same_extents(argument, *value);
            }
            ranges.block(after, visitor);
            (ranges.verify_guesses(&carried, None), carried)
        });
        self.note_results(looping, &carried, &passed, None);
    }

    /// Walks a loop until no guess about it is wrong. The loop carries `triples` and gives the `last` of some values.
    fn iterate<V: Visitor<'c>>(
        &mut self,
        looping: Op<'c>,
        blocks: &[Blk<'c>],
        (triples, last): (&[Triple<'c>], &[Val<'c>]),
        visitor: &mut V,
        mut walk: impl FnMut(&mut Self, &mut V) -> (bool, Vec<Carried<'c>>),
    ) -> Vec<Carried<'c>> {
        for argument in blocks.iter().flat_map(|block| block.arguments()) {
            if type_bounds(argument).is_some() {
                self.symbol(Meaning::Value(argument));
            }
        }
        let outer = Outer::of(looping);
        let checkpoint = visitor.checkpoint();
        loop {
            let mark = self.mark();
            visitor.enter(self, looping);
            self.assume_extents(triples);
            let (holds, carried) = walk(self, visitor);
            let holds = self.verify_extents(triples) && holds;
            let extents: Vec<_> = last.iter().map(|value| self.extents_of(*value, &outer)).collect();
            self.undo(&mark);
            if holds {
                visitor.leave(self, looping);
                for (result, extents) in looping.results().into_iter().zip(&extents) {
                    self.join_extents(result, &[extents]);
                }
                return carried;
            }
            visitor.roll_back(&checkpoint);
        }
    }

    /// Results of a loop: `last` are the values of the last iteration that they are, where these are arguments.
    fn note_results(&mut self, looping: Op<'c>, carried: &[Carried<'c>], last: &[Val<'c>], trip: Option<&Linear>) {
        for (result, last) in looping.results().into_iter().zip(last) {
            if type_bounds(result).is_some() {
                self.ring(result);
            }
            if let Some(value) = carried.iter().find(|value| value.argument == *last).filter(|_| is_word(result)) {
                self.note_result(value, result, trip);
            }
        }
    }

    /// Inside of a loop from `start` to `stop`: its position is between them, so there is something between them.
    fn assume_within(&mut self, position: &Linear, start: Val<'c>, stop: Val<'c>) {
        let start = self.exact(start);
        if let Some(above) = position.plus(&start, -1) {
            self.facts.assume(above, false);
        }
        self.assume_below(position, stop);
    }

    fn assume_below(&mut self, position: &Linear, stop: Val<'c>) {
        let end = self.exact(stop);
        if let Some(below) = end.plus(position, -1).and_then(|sum| sum.shifted(-1)) {
            self.facts.assume(below, false);
        }
        // A trip count is not negative by a maximum with 0; where the loop runs, it is the other operand.
        let Some(definition) = stop.definition().filter(|definition| definition.is("numeric.maximum")) else { return };
        for (index, other) in [(0, 1), (1, 0)] {
            if constant_of(definition.operand(other)).is_some_and(|constant| constant <= 0) {
                let span = self.exact(definition.operand(index));
                if let Some(difference) = span.plus(&end, -1) {
                    self.facts.assume(difference, false);
                }
            }
        }
    }
}

/// One of the two ways of a branch.
struct Way {
    /// Nothing comes after it.
    raises: bool,
    /// What is known of the results on this way, where they are integers.
    results: Vec<Option<Outcome>>,
    /// The extents of the results, where they are arrays.
    extents: Vec<Vec<Option<Linear>>>,
}

struct Outcome {
    bounds: super::define::Bounds,
    constant: Option<i128>,
    /// What holds if the result is false, and if it is true, and this way was taken.
    implied: [Vec<Linear>; 2],
}
