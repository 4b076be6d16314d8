//! Which operations are done in one loop over rows.

use super::Places;
use super::facts::{Facts, Shape, goes_along_last, is_candidate, rank};
use crate::fuse_elementwise::Writes;
use crate::support::aliases::may_overlap;
use crate::support::ranges::Linear;
use melior::ir::attribute::DenseI64ArrayAttribute;
use numir_numeric::ir::{Blk, Op, Val};
use numir_numeric::types::{ArrayType, Layout};
use numir_pipeline::PassContext;
use std::collections::{HashMap, HashSet};

/// How many operations are looked at behind the first one.
const FARTHEST: usize = 256;

/// What a member does to a row.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Task {
    /// Combines its items to a number.
    Reduce,
    /// Makes a number of numbers.
    Number,
    /// Makes items.
    Items,
    /// Writes items.
    Store,
}

/// How an array that a member has made lies in the space of rows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// A number for each row, with the axes of the rows alone.
    Numbers,
    /// A number for each row, with an axis of extent 1 for each of a row's.
    Kept,
    /// Items.
    Items,
}

/// One operation of a group.
pub(super) struct Member<'c> {
    pub(super) op: Op<'c>,
    pub(super) task: Task,
}

/// An array that a member makes, or a view of one.
pub(super) struct Made<'c> {
    /// The member's result.
    pub(super) root: Val<'c>,
    pub(super) form: Form,
}

/// Operations over the same rows.
pub(super) struct Group<'c, 'f> {
    facts: &'f Facts<'c>,
    /// The axes of the space, and how many of them the rows are counted along.
    pub(super) rank: usize,
    pub(super) outer: usize,
    /// The extents along these.
    rows: Vec<Linear>,
    pub(super) members: Vec<Member<'c>>,
    pub(super) made: HashMap<Val<'c>, Made<'c>>,
    /// The views of what members make, in order.
    pub(super) views: Vec<Op<'c>>,
    /// The places of the operations that use what is made, in the block.
    users: HashSet<usize>,
}

impl<'c, 'f> Group<'c, 'f> {
    /// The group that a reduction along the last axes begins; None if it cannot.
    pub(super) fn of(first: Op<'c>, facts: &'f Facts<'c>) -> Option<Self> {
        let shape = facts.shape(first)?;
        let outer = rank(first.result(0));
        let rows: Option<Vec<_>> = shape.space[..outer].iter().cloned().collect();
        let group = Self {
            facts,
            rank: shape.space.len(),
            outer,
            rows: rows?,
            members: Vec::new(),
            made: HashMap::new(),
            views: Vec::new(),
            users: HashSet::new(),
        };
        (group.admit(first, shape) == Ok(Task::Reduce)).then_some(group)
    }

    /// Takes up its first member, at a place of the block, and what can be done along with it.
    pub(super) fn grow(&mut self, start: usize, places: &Places<'c>, context: &PassContext<'c>) {
        let Some(block) = places.operations[start].and_then(|first| first.block()) else { return };
        for (number, operation) in places.operations.iter().enumerate().skip(start).take(FARTHEST) {
            let Some(operation) = *operation else { continue };
            if !self.users.contains(&number) {
                let is_first = number == start;
                if !(is_first || goes_along_last(operation) && self.reads_one_of(operation)) {
                    continue;
                }
                let shape = self.facts.shape(operation);
                if is_first {
                    self.take_makers(operation, start, block, places);
                }
                let task = shape.and_then(|shape| self.admit(operation, shape).ok());
                if let Some(task) = task.filter(|_| !self.is_overwritten(operation, &places.writes)) {
                    self.add(operation, task, block, places);
                }
                continue;
            }
            if let Some(form) = self.form_of_view(operation) {
                let root = self.made[&operation.operand(0)].root;
                self.note(operation.result(0), Made { root, form }, block, places);
                self.views.push(operation);
                continue;
            }
            let admitted = match self.facts.shape(operation) {
                Some(shape) if is_candidate(operation) => self.admit(operation, shape),
                _ => break,
            };
            match admitted {
                Ok(_) if self.is_overwritten(operation, &places.writes) => {
                    say(context, operation, "what is read before may be overwritten in between");
                    break;
                }
                Ok(task) => self.add(operation, task, block, places),
                Err(reason) => {
                    say(context, operation, reason);
                    break;
                }
            }
            if operation.is("numeric.assign") {
                break;
            }
        }
        // Numbers that no items are made of are better made all at once.
        while self.members.last().is_some_and(|member| member.task == Task::Number) {
            let array = self.members.pop().map(|member| member.op.result(0));
            self.made.retain(|_, made| Some(made.root) != array);
            self.views.retain(|view| Some(view.operand(0)) != array);
        }
        let last = self.members.last().and_then(|member| places.numbers.get(&member.op).copied());
        // Those behind the loop are views of arrays like others.
        let is_before = |view: &Op<'c>| places.numbers.get(view).copied() < last;
        for view in self.views.iter().filter(|view| !is_before(view)) {
            self.made.remove(&view.result(0));
        }
        self.views.retain(is_before);
    }

    /// Whether one loop saves a way over memory: two members at least go over items.
    pub(super) fn is_worth_it(&self) -> bool {
        self.members.iter().filter(|member| member.task != Task::Number).count() > 1
    }

    /// The members, in order.
    pub(super) fn members(&self) -> Vec<Op<'c>> {
        self.members.iter().map(|member| member.op).collect()
    }

    /// The operations that are about the shapes of what members make: views, and questions for extents.
    pub(super) fn of_shapes(&self) -> Vec<Op<'c>> {
        let uses = self.made.keys().flat_map(|array| array.uses());
        let dims = uses.map(|(user, _)| user).filter(|user| user.is("numeric.dim"));
        dims.chain(self.views.iter().copied()).collect()
    }

    /// Whether an operation of the group makes, or gives a view of, an array.
    pub(super) fn made_by_it(&self, operation: Op<'c>) -> bool {
        self.views.contains(&operation) || self.members.iter().any(|member| member.op == operation)
    }

    /// Takes up the maps that make the items of the first reduction, if nothing before that uses them.
    fn take_makers(&mut self, first: Op<'c>, start: usize, block: Blk<'c>, places: &Places<'c>) {
        for array in arrays_read(first) {
            let Some(map) = array.definition().filter(|map| map.is("numeric.map") && places.numbers.contains_key(map))
            else {
                continue;
            };
            let is_items = |shape: &Shape| self.admit(map, shape) == Ok(Task::Items);
            let reads = arrays_read(map).collect();
            if !self.facts.shape(map).is_some_and(is_items) || places.writes.may_reach(map, first, &reads) {
                continue;
            }
            self.add(map, Task::Items, block, places);
            if self.users.iter().any(|user| *user < start) {
                self.members.pop();
                self.made.remove(&array);
                self.users.clear();
            }
        }
        self.members.sort_by_key(|member| places.numbers.get(&member.op));
    }

    fn add(&mut self, operation: Op<'c>, task: Task, block: Blk<'c>, places: &Places<'c>) {
        self.members.push(Member { op: operation, task });
        let form = match task {
            Task::Store => return,
            Task::Items => Form::Items,
            Task::Reduce | Task::Number if rank(operation.result(0)) == self.outer => Form::Numbers,
            Task::Reduce | Task::Number => Form::Kept,
        };
        let root = operation.result(0);
        self.note(root, Made { root, form }, block, places);
    }

    /// Takes note of an array and of where it is used.
    fn note(&mut self, array: Val<'c>, made: Made<'c>, block: Blk<'c>, places: &Places<'c>) {
        self.made.insert(array, made);
        for (user, _) in array.uses().into_iter().filter(|(user, _)| !user.is("numeric.dim")) {
            let around = std::iter::successors(Some(user), |inner| inner.parent());
            let in_block = around.into_iter().find(|outer| outer.block() == Some(block));
            self.users.extend(in_block.and_then(|user| places.numbers.get(&user)));
        }
    }

    /// Whether a reduction reads an array that a member reads.
    fn reads_one_of(&self, reduction: Op<'c>) -> bool {
        let read = reduction.operands();
        self.members.iter().any(|member| arrays_read(member.op).any(|array| read.contains(&array)))
    }

    /// Whether something that a member reads may be written to before `last`.
    fn is_overwritten(&self, last: Op<'c>, writes: &Writes<'c>) -> bool {
        let is_given = |array: &Val<'c>| !self.made.contains_key(array);
        self.members
            .iter()
            .any(|member| writes.may_reach(member.op, last, &arrays_read(member.op).filter(is_given).collect()))
    }

    /// How a view of what a member makes lies in the space; None if the operation is no such view.
    fn form_of_view(&self, operation: Op<'c>) -> Option<Form> {
        let numbers = self.facts.view(operation)?;
        let source = self.made.get(&operation.operand(0))?;
        if source.form != Form::Numbers || rank(operation.result(0)) != self.rank {
            return None;
        }
        let outer = self.outer;
        let is = |number: &Linear, constant: i128| number.as_constant() == Some(constant);
        let is_kept = if operation.is("numeric.reshape") {
            numbers[..outer] == self.rows && numbers[outer..].iter().all(|extent| is(extent, 1))
        } else {
            let axes = DenseI64ArrayAttribute::try_from(operation.attribute("axes")?).ok()?;
            let [starts, sizes, steps] = [0, 1, 2].map(|part| &numbers[part * outer..(part + 1) * outer]);
            let source = |axis: usize| if axis < outer { axis as i64 } else { -1 };
            (0..self.rank).all(|axis| axes.element(axis).ok().map(|own| own.max(-1)) == Some(source(axis)))
                && sizes == self.rows
                && starts.iter().all(|start| is(start, 0))
                && steps.iter().all(|step| is(step, 1))
        };
        is_kept.then_some(Form::Kept)
    }

    /// What an operation would do to a row, or why it cannot be done row by row.
    fn admit(&self, operation: Op<'c>, shape: &Shape) -> Result<Task, &'static str> {
        let space = &shape.space;
        let is_store = operation.is("numeric.assign");
        let operands: Vec<_> =
            operation.operands().into_iter().enumerate().filter(|(_, value)| rank(*value) > 0).collect();
        let inputs = || operands.iter().filter(|(number, _)| !is_store || *number > 0);
        if space.len() != self.rank && space.len() != self.outer {
            return Err("it has other axes");
        }
        if (0..self.outer).any(|axis| space[axis].as_ref() != Some(&self.rows[axis])) {
            return Err("that it has as many rows is not known");
        }
        for (_, input) in inputs() {
            let fits = match self.made.get(input).map(|made| made.form) {
                None => true,
                Some(Form::Numbers) => space.len() == self.outer,
                Some(Form::Kept | Form::Items) => space.len() == self.rank,
            };
            if !fits {
                return Err("results of the rows are taken along a row");
            }
        }
        let layout = |value: Val<'c>| ArrayType::try_from(value.ty()).ok().map(ArrayType::layout);
        if operands.iter().any(|(_, value)| rank(*value) > 1 && layout(*value) == Some(Layout::F)) {
            return Err("the items of a row lie far apart");
        }
        if operation.is("numeric.reduce_axes") {
            let reads_rows = inputs().any(|(number, input)| {
                let is_items = self.made.get(input).is_none_or(|made| made.form == Form::Items);
                is_items && (self.outer..self.rank).any(|axis| !shape.is_stretched(*number, axis))
            });
            let is_alike = goes_along_last(operation) && rank(operation.result(0)) == self.outer;
            return if is_alike && reads_rows { Ok(Task::Reduce) } else { Err("it is along other axes") };
        }
        if is_store {
            return if self.may_store(operation, shape) {
                Ok(Task::Store)
            } else {
                Err("it may write to rows that are still read")
            };
        }
        let is_number = (self.outer..space.len()).all(|axis| shape.is_single(axis));
        let is_plain = layout(operation.result(0)) == Some(Layout::C);
        let is_given = inputs().any(|(_, input)| !self.made.contains_key(input));
        match (is_number, is_plain) {
            (true, _) if is_given && space.len() == self.rank => Err("it uses other numbers of the rows"),
            (true, _) => Ok(Task::Number),
            (false, true) => Ok(Task::Items),
            (false, false) => Err("the items of a row would lie far apart"),
        }
    }

    /// Whether the rows of an array may be written, one after the other, while the members read theirs.
    fn may_store(&self, assignment: Op<'c>, shape: &Shape) -> bool {
        let written = assignment.operand(0);
        if shape.space.len() != self.rank || self.made.contains_key(&written) {
            return false;
        }
        // The array itself is read row by row, whole, before it is written.
        let is_own_row = |shape: &Shape, number: usize| (0..self.rank).all(|axis| shape.is_whole(number, axis));
        let is_fine = |operation: Op<'c>, shape: &Shape| {
            let first = usize::from(operation == assignment);
            operation.operands().into_iter().enumerate().skip(first).all(|(number, array)| {
                rank(array) == 0
                    || self.made.contains_key(&array)
                    || !may_overlap(written, array)
                    || array == written && is_own_row(shape, number)
            })
        };
        let of_member =
            |member: &Member<'c>| self.facts.shape(member.op).is_some_and(|shape| is_fine(member.op, shape));
        is_fine(assignment, shape) && self.members.iter().all(of_member)
    }
}

/// The arrays that an operation reads.
fn arrays_read<'c>(operation: Op<'c>) -> impl Iterator<Item = Val<'c>> {
    let first = usize::from(operation.is("numeric.assign"));
    operation.operands().into_iter().skip(first).filter(|value| rank(*value) > 0)
}

fn say<'c>(context: &PassContext<'c>, operation: Op<'c>, reason: &'static str) {
    context
        .missed(operation, || format!("not in one loop with the reduction along axes whose result it uses: {reason}"));
}
