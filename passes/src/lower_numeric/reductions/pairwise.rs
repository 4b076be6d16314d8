//! Sums and products of computed floats, in the order of `meaning/pairwise.mlir`: elements are computed into a buffer of a block, which
//! is combined when it is full. The buffer stays in the nearest cache, and filling it is a loop that LLVM vectorises.
//!
//! A row of up to 8 items has no block: its items are computed into one vector, in the loop over the rows if there is one. What a
//! block leaves of a longer row is computed by vectors of 8 too, the last of which is masked, so that no item is computed alone.

use super::computed::{Arguments, Plan, Site, call, item_of, operands};
use super::text::MASKED;
use super::{constant, import, insert, text};
use crate::annotate_loops::ANNOTATION;
use crate::lower_numeric::casts::extend;
use crate::lower_numeric::elementwise::plain_loop;
use crate::support::call_graph::SHORT;
use crate::support::llvm;
use crate::support::loops::{carrying_nest, choose, counted, repeat};
use crate::support::scalars::compare;
use melior::ir::Attribute;
use numir_numeric::ir::{Blk, Builder, Op, Ty, Val};
use numir_numeric::types::Scalar;
use numir_pipeline::PassError;

/// Items of a block.
pub const BLOCK: i64 = 128;

/// Items that `few` of `meaning/pairwise.mlir` combines, and of which `last` takes a multiple.
const FEW: i64 = 8;

/// What the functions of one reduction have in common.
struct Order<'c> {
    /// The type of the sum.
    float: Ty<'c>,
    blocks: text::Blocks,
    /// The functions' common name.
    symbol: String,
}

impl<'c> Plan<'_, 'c> {
    /// The sum or product of what a function is given, which is called `symbol`; `builder` fills it.
    pub(super) fn pairwise(
        &mut self,
        builder: Builder<'c>,
        symbol: &str,
        site: &Site<'c>,
        given: &[Val<'c>],
        float: Ty<'c>,
    ) -> Result<Val<'c>, PassError> {
        let blocks = text::blocks(self.scalar, self.kind);
        import(self.lowering, self.item, &blocks.symbol("block"), &(blocks.aliases.clone() + &blocks.text))?;
        let order = Order { float, blocks, symbol: symbol.to_owned() };
        match site.extents.len() {
            1 => self.row(builder, &order, site, given),
            _ => self.rows(builder, &order, site, given),
        }
    }

    /// A row: few items at once, and more by a function of its own.
    fn row(
        &mut self,
        builder: Builder<'c>,
        order: &Order<'c>,
        site: &Site<'c>,
        given: &[Val<'c>],
    ) -> Result<Val<'c>, PassError> {
        let (float, number) = (order.float, builder.integer(64));
        let rest = self.rest(order, site)?;
        let many = self.many(order, site, &rest)?;
        if site.stretched {
            // It is rarely called: one way for all is enough.
            return Ok(call(&builder, &many, given, &[float])[0]);
        }
        let empty = constant(self.item, builder, text::floats(self.kind).2, float)?;
        let buffer = buffer(&builder, float, builder.constant_integer(FEW, number));
        let (zero, most) = (builder.constant_index(0), builder.constant_index(FEW));
        let columns = given[given.len() - 1];
        let is_few = compare(&builder, "ule", columns, most);
        let few = |way: &Builder<'c>| {
            let nothing = compare(way, "eq", columns, zero);
            let some = |way: &Builder<'c>| {
                let handed: Vec<_> = given.iter().copied().chain([zero, columns, most, buffer]).collect();
                call(way, &rest, &handed, &[]);
                call(way, &order.blocks.symbol("few"), &[buffer], &[float])
            };
            choose(way, nothing, &[float], |_| vec![empty], some)
        };
        Ok(choose(&builder, is_few, &[float], few, |way| call(way, &many, given, &[float]))[0])
    }

    /// The function for a row of more items: whole blocks, and what is left.
    fn many(&mut self, order: &Order<'c>, site: &Site<'c>, rest: &str) -> Result<String, PassError> {
        let fill = self.fill(order, site)?;
        let (block, builder) = self.function(site, &[]);
        let given = block.arguments();
        let columns = given[given.len() - 1];
        let (float, index, number) = (order.float, builder.index(), builder.integer(64));
        let (size, slots) = (builder.constant_index(BLOCK), builder.constant_integer(BLOCK, number));
        let (buffer, pending) = (buffer(&builder, float, slots), llvm::alloca(&builder, float, slots).result(0));
        let whole = builder.value("arith.divui", &[columns, size], index, &[]);
        counted(&builder, whole, &[], |inner, block, _| {
            let start = inner.value("arith.muli", &[block, size], index, &[]);
            let handed: Vec<_> = given.iter().copied().chain([start, size, buffer]).collect();
            call(inner, &fill, &handed, &[]);
            order.combine(inner, buffer, pending, llvm::cast(inner, block, number));
            Vec::new()
        });
        let start = builder.value("arith.muli", &[whole, size], index, &[]);
        let left = builder.value("arith.subi", &[columns, start], index, &[]);
        let identity = constant(self.item, builder, text::floats(self.kind).1, float)?;
        let is_ragged = compare(&builder, "ne", left, builder.constant_index(0));
        let ragged = |way: &Builder<'c>| {
            let width = whole_groups(way, left);
            let handed: Vec<_> = given.iter().copied().chain([start, left, width, buffer]).collect();
            call(way, rest, &handed, &[]);
            call(way, &order.blocks.symbol("last"), &[buffer, width], &[float])
        };
        let last = choose(&builder, is_ragged, &[float], ragged, |_| vec![identity])[0];
        let sum = order.finish(&builder, pending, llvm::cast(&builder, whole, number), last);
        builder.create("func.return", &[sum], &[], &[], &[]);
        // What is written once is compiled once.
        let apart = [("passthrough", builder.array(&[builder.string("noinline")]))];
        insert(self.lowering, self.item, &format!("{}.many", order.symbol), block, &[float], &apart)
    }

    /// Several rows that are not one: they fill blocks together.
    fn rows(
        &mut self,
        builder: Builder<'c>,
        order: &Order<'c>,
        site: &Site<'c>,
        given: &[Val<'c>],
    ) -> Result<Val<'c>, PassError> {
        let fill = self.fill(order, site)?;
        let (float, index, number) = (order.float, builder.index(), builder.integer(64));
        let slots = builder.constant_integer(BLOCK, number);
        let (buffer, pending) = (buffer(&builder, float, slots), llvm::alloca(&builder, float, slots).result(0));
        let space = &given[given.len() - site.extents.len()..];
        let (rows, columns) = (&space[..space.len() - 1], space[space.len() - 1]);
        let (_, identity, empty) = text::floats(self.kind);
        let (identity, empty) =
            (constant(self.item, builder, identity, float)?, constant(self.item, builder, empty, float)?);
        let start = [builder.constant_index(0), builder.constant_integer(0, number)];
        let state = carrying_nest(&builder, rows, &start, |outer, row, carried| {
            let start = [outer.constant_index(0), carried[0], carried[1]];
            let more = |head: &Builder<'c>, state: &[Val<'c>]| compare(head, "ult", state[0], columns);
            let next = |inner: &Builder<'c>, state: &[Val<'c>]| {
                let &[column, filled, done] = state else { return Vec::new() };
                let size = inner.constant_index(BLOCK);
                let left = inner.value("arith.subi", &[columns, column], index, &[]);
                let room = inner.value("arith.subi", &[size, filled], index, &[]);
                let run = inner.value("arith.minui", &[left, room], index, &[]);
                let slot = item_of(inner, buffer, float, filled);
                let handed: Vec<_> = given.iter().chain(row).copied().chain([column, run, slot]).collect();
                call(inner, &fill, &handed, &[]);
                let filled = inner.value("arith.addi", &[filled, run], index, &[]);
                let is_full = compare(inner, "eq", filled, size);
                let full = |way: &Builder<'c>| vec![way.constant_index(0), order.combine(way, buffer, pending, done)];
                let state = choose(inner, is_full, &[index, number], full, |_| vec![filled, done]);
                let column = inner.value("arith.addi", &[column, run], index, &[]);
                vec![column, state[0], state[1]]
            };
            repeat(outer, &start, more, next)[1..].to_vec()
        });
        let &[filled, done] = &state[..] else { return Err(self.item.broken("its loops lost what they carry")) };
        let is_ragged = compare(&builder, "ne", filled, start[0]);
        let ragged = |way: &Builder<'c>| {
            let width = whole_groups(way, filled);
            order.pad(way, buffer, filled, width, identity);
            call(way, &order.blocks.symbol("last"), &[buffer, width], &[float])
        };
        let last = choose(&builder, is_ragged, &[float], ragged, |_| vec![identity])[0];
        let sum = order.finish(&builder, pending, done, last);
        let is_empty = [is_ragged, compare(&builder, "ne", done, start[1])];
        let some = builder.value("arith.ori", &is_empty, builder.integer(1), &[]);
        Ok(builder.value("arith.select", &[some, sum, empty], float, &[]))
    }

    /// The function that computes a run of elements of one row, and stores them one after the other. It is given the row, the first column,
    /// the number of columns, and where to store.
    fn fill(&mut self, order: &Order<'c>, site: &Site<'c>) -> Result<String, PassError> {
        let index = self.item.builder().index();
        let (block, builder) = self.function(site, &vec![index; site.extents.len() + 1]);
        let given = block.arguments();
        let arguments = Arguments::of(builder, site, &given);
        let [row @ .., column, run, slot] = &given[given.len() - site.extents.len() - 2..] else {
            return Err(self.item.broken("it has no axes"));
        };
        counted(&builder, *run, &[], |inner, position, _| {
            let column = inner.value("arith.addi", &[*column, position], index, &[]);
            let indices: Vec<_> = row.iter().copied().chain([column]).collect();
            if let Some(value) = arguments.element(inner, &indices) {
                llvm::store(inner, self.widened(inner, value), item_of(inner, *slot, order.float, position));
            }
            Vec::new()
        });
        // It is rarely called, as the like of it in `elementwise`.
        if site.stretched {
            annotate(block, plain_loop(self.item, builder)?);
        }
        builder.create("func.return", &[], &[], &[], &[]);
        let apart = ("passthrough", builder.array(&[builder.string("noinline")]));
        let attributes = [(SHORT, builder.unit()), apart];
        // Rarely called, it is compiled once.
        let attributes = if site.stretched { &attributes[..] } else { &attributes[..1] };
        insert(self.lowering, self.item, &format!("{}.fill", order.symbol), block, &[], attributes)
    }

    /// The same for the end of a row: what changes nothing is stored behind its items. It is given the first column, the number of
    /// columns, the number of slots, and where they are.
    fn rest(&mut self, order: &Order<'c>, site: &Site<'c>) -> Result<String, PassError> {
        let index = self.item.builder().index();
        let (block, builder) = self.function(site, &[index, index, index]);
        let given = block.arguments();
        let identity = constant(self.item, builder, text::floats(self.kind).1, order.float)?;
        let &[start, run, width, buffer] = &given[given.len() - 4..] else {
            return Err(self.item.broken("its end is nowhere"));
        };
        if is_light(site.right.body) && !site.stretched {
            let arguments = Arguments::of(builder, site, &given);
            let masked = Attribute::parse(builder.context(), MASKED)
                .ok_or_else(|| self.item.broken(&format!("{MASKED} is no attribute")))?;
            // A slot behind the items is computed from the first one, and what comes out is dropped.
            let first = arguments.items(&builder, &[start]);
            let types: Vec<_> = first.iter().map(|item| item.ty()).collect();
            counted(&builder, width, &[], |inner, position, _| {
                let there = compare(inner, "ult", position, run);
                let own = |way: &Builder<'c>| {
                    let column = way.value("arith.addi", &[start, position], index, &[]);
                    arguments.items(way, &[column])
                };
                let items = choose(inner, there, &types, own, |_| first.clone());
                if let Some(value) = arguments.right.element(*inner, |place| items[place]) {
                    let operands = [there, self.widened(inner, value), identity];
                    let value = inner.value("arith.select", &operands, order.float, &[]);
                    llvm::store(inner, value, item_of(inner, buffer, order.float, position));
                }
                Vec::new()
            });
            annotate(block, masked);
        } else {
            let fill = self.fill(order, site)?;
            let own = &given[..given.len() - 4];
            let handed: Vec<_> = own.iter().copied().chain([start, run, buffer]).collect();
            call(&builder, &fill, &handed, &[]);
            order.pad(&builder, buffer, run, width, identity);
        }
        builder.create("func.return", &[], &[], &[], &[]);
        let short = [(SHORT, builder.unit())];
        insert(self.lowering, self.item, &format!("{}.rest", order.symbol), block, &[], &short)
    }

    /// A function's block, with what is given for the whole space and more.
    fn function(&self, site: &Site<'c>, more: &[Ty<'c>]) -> (Blk<'c>, Builder<'c>) {
        let at = self.item.builder();
        let mut types: Vec<_> = operands(&site.right, &site.extents).iter().map(|operand| operand.ty()).collect();
        types.extend(more);
        types.extend((!more.is_empty()).then(|| at.pointer()));
        let block = Blk::new(&types, at.location());
        (block, Builder::at_end(at.context(), block, at.location()))
    }

    /// An element as it is added up.
    fn widened(&self, builder: &Builder<'c>, value: Val<'c>) -> Val<'c> {
        if self.scalar == Scalar::Float(16) { extend(*builder, value, 32) } else { value }
    }
}

impl<'c> Order<'c> {
    /// Takes in the full buffer as block number `done`; the number of the next one.
    fn combine(&self, builder: &Builder<'c>, buffer: Val<'c>, pending: Val<'c>, done: Val<'c>) -> Val<'c> {
        let sum = call(builder, &self.blocks.symbol("block"), &[buffer], &[self.float]);
        call(builder, &self.blocks.symbol("carry"), &[pending, done, sum[0]], &[]);
        builder.value("arith.addi", &[done, builder.constant_integer(1, done.ty())], done.ty(), &[])
    }

    /// What all blocks and the rest come to.
    fn finish(&self, builder: &Builder<'c>, pending: Val<'c>, done: Val<'c>, last: Val<'c>) -> Val<'c> {
        call(builder, &self.blocks.symbol("finish"), &[pending, done, last], &[self.float])[0]
    }

    /// Stores `value` from slot `from` on up to `to`.
    fn pad(&self, builder: &Builder<'c>, buffer: Val<'c>, from: Val<'c>, to: Val<'c>, value: Val<'c>) {
        let count = builder.value("arith.subi", &[to, from], builder.index(), &[]);
        let first = item_of(builder, buffer, self.float, from);
        call(builder, &self.blocks.symbol("pad"), &[first, count, value], &[]);
    }
}

/// Room for a block, or for a few items.
fn buffer<'c>(builder: &Builder<'c>, float: Ty<'c>, slots: Val<'c>) -> Val<'c> {
    let aligned = [("elem_type", builder.type_attribute(float)), ("alignment", builder.i64_attribute(64))];
    builder.value("llvm.alloca", &[slots], builder.pointer(), &aligned)
}

/// The least multiple of [`FEW`] that is not below a number.
fn whole_groups<'c>(builder: &Builder<'c>, number: Val<'c>) -> Val<'c> {
    let (index, few) = (builder.index(), builder.constant_index(FEW));
    let groups = builder.value("arith.ceildivui", &[number, few], index, &[]);
    builder.value("arith.muli", &[groups, few], index, &[])
}

/// Tells LLVM of the loops of a block.
fn annotate<'c>(block: Blk<'c>, mark: Attribute<'c>) {
    let loops = block.operations().into_iter().filter(|operation| operation.is("scf.for"));
    loops.for_each(|looping| looping.set_attribute(ANNOTATION, mark));
}

/// Whether an element takes nothing but instructions that may be done for nothing: no calls that stay calls, and no loops.
fn is_light(body: Blk<'_>) -> bool {
    let is_heavy = |operation: &Op<'_>| {
        let stays = operation.is("func.call") && operation.attribute(SHORT).is_none();
        stays || operation.is("numeric.libm") || operation.region_count() > 0
    };
    !body.operations().iter().any(is_heavy)
}
