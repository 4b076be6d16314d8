//! Range analysis of integers at stage `numeric`: what is known of positions, extents and trip counts at each place.
//!
//! A value is written as a sum of symbols: values that are not sums themselves, extents of arrays. That a value *equals* its
//! sum modulo 2^64 follows from the operations alone ([`Ranges::ring`]); that it equals it as a number has to be proved
//! ([`Ranges::exact`]), and where it cannot, the value is a symbol of its own, one for all values with that sum. A proof about
//! the sum of an index is one about the index: between 0 and an extent nothing wraps around.
//!
//! [`walk`] goes over a function in program order and keeps the [`facts`] that hold at each place: bounds that operations
//! give their results, bounds of loops, conditions of branches, checks that have passed. What a loop carries from one
//! iteration to the next is guessed from its increments and verified at the end of the body; a wrong guess is dropped and the
//! loop is walked again. The work is linear in the size of the function, times its nesting where guesses fail.
//!
//! It takes for granted what `numeric` promises (`alloc` and `view` get extents that are not negative), and that no array has
//! more than 2^62 items along an axis.

mod build;
mod carried;
mod conditions;
mod define;
mod extents;
mod facts;
mod linear;
mod residue;
mod walk;

pub(crate) use build::constant;
pub(crate) use linear::{Linear, Symbol};
pub(crate) use walk::{Visitor, walk};

use facts::Facts;
use numir_numeric::ir::{Blk, Op, Val};
use numir_numeric::types::Scalar;
use std::collections::{HashMap, HashSet};

/// What a symbol stands for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Meaning<'c> {
    /// A value of an integer type.
    Value(Val<'c>),
    /// The extent of an array along an axis.
    Extent(Val<'c>, usize),
    /// The 64-bit number that a sum wraps around to.
    Wrapped(Linear),
    /// An index (its sum) counted from the end of an extent if it is negative.
    FromEnd(Linear, Linear),
}

/// The largest extent.
const MOST_ITEMS: i128 = 1 << 62;
const WORD: (i128, i128) = (i64::MIN as i128, i64::MAX as i128);

/// The bounds of an integer type; None for other types, and for unsigned ones of 64 bits, which are no 64-bit signed numbers.
fn type_bounds(value: Val<'_>) -> Option<(i128, i128)> {
    match Scalar::of(value.ty())? {
        Scalar::Bool => Some((0, 1)),
        Scalar::PyInt | Scalar::Index => Some(WORD),
        Scalar::Signed(width) => Some((-(1 << (width - 1)), (1 << (width - 1)) - 1)),
        Scalar::Unsigned(width) if width < 64 => Some((0, (1 << width) - 1)),
        _ => None,
    }
}

/// Whether a value is a 64-bit signed integer: `index`, `!numeric.int`, `si64`. Their arithmetic is the same.
pub(crate) fn is_word(value: Val<'_>) -> bool {
    type_bounds(value) == Some(WORD)
}

/// The value of an integer or boolean constant.
pub(crate) fn constant_of(value: Val<'_>) -> Option<i128> {
    let definition = value.definition()?;
    match definition.name() {
        "numeric.constant" => {
            let (low, _) = type_bounds(value)?;
            // The bit of a boolean may read as -1.
            definition.integer_attribute("value").map(i128::from).map(|bits| if low == 0 { bits.abs() } else { bits })
        }
        "numeric.cast" if is_word(value) => constant_of(definition.operand(0)),
        _ => None,
    }
}

/// The analysis at one place of a walk.
pub(crate) struct Ranges<'c> {
    meanings: Vec<Meaning<'c>>,
    symbols: HashMap<Meaning<'c>, Symbol>,
    facts: Facts,
    rings: HashMap<Val<'c>, Linear>,
    /// The values whose sums have been found, in order.
    ring_trail: Vec<Val<'c>>,
    /// The value that is the extent which a symbol stands for, where no other mentions it earlier.
    dims: HashMap<Symbol, Val<'c>>,
    /// What follows from a boolean result of a branch being false, and being true.
    implied: HashMap<Val<'c>, [Vec<Linear>; 2]>,
    /// What the body of a while loop calls a value that the condition's block passes on to it.
    passed: HashMap<Val<'c>, Val<'c>>,
    guesses: carried::Guesses<'c>,
    extents: extents::Extents<'c>,
    /// Whether what a check has let through is a fact.
    trusts_checks: bool,
}

/// A place of a walk to go back to.
struct Mark {
    facts: usize,
    rings: usize,
    extents: usize,
}

impl<'c> Ranges<'c> {
    fn new(trusts_checks: bool) -> Self {
        Self {
            meanings: Vec::new(),
            symbols: HashMap::new(),
            facts: Facts::default(),
            rings: HashMap::new(),
            ring_trail: Vec::new(),
            dims: HashMap::new(),
            implied: HashMap::new(),
            passed: HashMap::new(),
            guesses: carried::Guesses::default(),
            extents: extents::Extents::default(),
            trusts_checks,
        }
    }

    fn mark(&self) -> Mark {
        Mark { facts: self.facts.mark(), rings: self.ring_trail.len(), extents: self.extents.mark() }
    }

    fn undo(&mut self, mark: &Mark) {
        self.facts.undo(mark.facts);
        self.extents.undo(mark.extents);
        for value in self.ring_trail.drain(mark.rings..) {
            self.rings.remove(&value);
        }
    }

    /// The symbol of that meaning.
    fn symbol(&mut self, meaning: Meaning<'c>) -> Symbol {
        if let Some(symbol) = self.symbols.get(&meaning) {
            return *symbol;
        }
        let bounds = match &meaning {
            Meaning::Value(value) => type_bounds(*value).unwrap_or(WORD),
            Meaning::Extent(..) => (0, MOST_ITEMS),
            Meaning::Wrapped(_) | Meaning::FromEnd(..) => WORD,
        };
        let symbol = self.facts.add_symbol(bounds);
        self.meanings.push(meaning.clone());
        self.symbols.insert(meaning, symbol);
        symbol
    }

    /// What a symbol stands for.
    pub(crate) fn meaning(&self, symbol: Symbol) -> &Meaning<'c> {
        &self.meanings[symbol as usize]
    }

    /// A sum that an integer value equals modulo 2^64.
    pub(crate) fn ring(&mut self, value: Val<'c>) -> Linear {
        if let Some(linear) = self.rings.get(&value) {
            return linear.clone();
        }
        let linear = match self.expand(value) {
            Some(linear) => linear,
            None => Linear::symbol(self.symbol(Meaning::Value(value))),
        };
        self.set_ring(value, linear.clone());
        linear
    }

    fn set_ring(&mut self, value: Val<'c>, linear: Linear) {
        if self.rings.insert(value, linear).is_none() {
            self.ring_trail.push(value);
        }
    }

    fn expand(&mut self, value: Val<'c>) -> Option<Linear> {
        if let Some(constant) = constant_of(value) {
            return Some(Linear::constant(constant));
        }
        let definition = value.definition().filter(|_| is_word(value))?;
        let operand = |index: usize| definition.operand(index);
        match definition.name() {
            "numeric.cast" => type_bounds(operand(0)).map(|_| self.ring(operand(0))),
            "numeric.add" => self.ring(operand(0)).plus(&self.ring(operand(1)), 1),
            "numeric.sub" => self.ring(operand(0)).plus(&self.ring(operand(1)), -1),
            "numeric.neg" => self.ring(operand(0)).scaled(-1),
            "numeric.mul" => {
                let product = self.ring(operand(0)).times(&self.ring(operand(1)))?;
                // Nothing is known of the parts of a square that is not known of it as a whole.
                Some(if product.has_square() {
                    Linear::symbol(self.symbol(Meaning::Wrapped(product)))
                } else {
                    product
                })
            }
            "numeric.shl" => {
                let bits = constant_of(operand(1)).filter(|bits| (0..32).contains(bits))?;
                self.ring(operand(0)).scaled(1 << bits)
            }
            "numeric.dim" => {
                let axis = usize::try_from(definition.integer_attribute("axis")?).ok()?;
                let meaning = Meaning::Extent(operand(0), axis);
                let is_first = !self.symbols.contains_key(&meaning);
                let extent = self.extent(operand(0), axis);
                if let Some(symbol) = self.symbols.get(&meaning).filter(|_| is_first) {
                    self.dims.insert(*symbol, value);
                }
                Some(extent)
            }
            "numeric.broadcast" => self.broadcast_to(definition, value.result_number()?),
            _ => None,
        }
    }

    /// A sum that an integer value equals as a number.
    pub(crate) fn exact(&mut self, value: Val<'c>) -> Linear {
        let ring = self.ring(value);
        self.exactly(ring)
    }

    fn exactly(&mut self, ring: Linear) -> Linear {
        if ring.as_symbol().is_some() || self.is_word_sized(&ring) {
            ring
        } else {
            Linear::symbol(self.symbol(Meaning::Wrapped(ring)))
        }
    }

    /// Whether a sum surely is a number of 64 bits.
    pub(crate) fn is_word_sized(&self, sum: &Linear) -> bool {
        let above = sum.shifted(-WORD.0);
        let below = sum.scaled(-1).and_then(|less| less.shifted(WORD.1));
        above.is_some_and(|above| self.facts.prove(&above)) && below.is_some_and(|below| self.facts.prove(&below))
    }

    /// Whether `sum` is surely not negative.
    pub(crate) fn prove(&self, sum: &Linear) -> bool {
        self.facts.prove(sum)
    }

    /// Whether `left` is surely at most `right`.
    pub(crate) fn at_most(&self, left: &Linear, right: &Linear) -> bool {
        right.plus(left, -1).is_some_and(|difference| self.facts.prove(&difference))
    }

    /// The sums by which an index may be known: one that equals it where no bound of 64 bits is in the way, and one that always does.
    pub(crate) fn forms(&mut self, index: Val<'c>) -> Vec<Linear> {
        let ring = self.ring(index);
        let wrapped = self.symbols.get(&Meaning::Wrapped(ring.clone())).copied().map(Linear::symbol);
        std::iter::once(ring).chain(wrapped).collect()
    }

    /// Whether an index is surely at least 0 and less than an extent; a sum may be the index only modulo 2^64 before, but
    /// between these bounds it is the index.
    pub(crate) fn is_position(&mut self, index: Val<'c>, size: Val<'c>) -> bool {
        let size = self.exact(size);
        self.is_between(index, &size)
    }

    /// Whether an index surely lies within an axis of an array.
    pub(crate) fn is_inside(&mut self, index: Val<'c>, array: Val<'c>, axis: usize) -> bool {
        let extent = self.extent(array, axis);
        let extent = self.exactly(extent);
        self.is_between(index, &extent)
    }

    fn is_between(&mut self, index: Val<'c>, size: &Linear) -> bool {
        let forms = self.forms(index);
        forms.iter().any(|form| self.prove(form) && self.is_below(form, size))
    }

    /// Whether `check_index` surely lets an index through: it is at least `-size` and less than `size`.
    pub(crate) fn passes(&mut self, index: Val<'c>, size: Val<'c>) -> bool {
        let size = self.exact(size);
        let forms = self.forms(index);
        forms.iter().any(|form| {
            let reaches_back = form.plus(&size, 1).is_some_and(|sum| self.prove(&sum));
            reaches_back && self.is_below(form, &size)
        })
    }

    fn is_below(&self, form: &Linear, size: &Linear) -> bool {
        form.shifted(1).is_some_and(|next| self.at_most(&next, size))
    }

    /// Whether an index is surely not negative.
    fn is_natural(&mut self, index: Val<'c>) -> bool {
        let exact = self.exact(index);
        self.prove(&exact)
    }

    /// Conditions on `outer` symbols, sums that must not be negative, under which `sum` is not negative whenever control comes
    /// to where it is now. Empty if it never is; None if there are none, or they cannot hold.
    pub(crate) fn residue(&self, sum: &Linear, outer: &Outer<'c>) -> Option<Vec<Linear>> {
        self.facts.residue(sum, &|symbol| self.is_outer(symbol, outer))
    }

    /// Whether a symbol's value can be had at a place.
    pub(crate) fn is_outer(&self, symbol: Symbol, outer: &Outer<'c>) -> bool {
        match self.meaning(symbol) {
            Meaning::Value(value) | Meaning::Extent(value, _) => self.name_of(*value, outer).is_some(),
            Meaning::Wrapped(sum) => sum.symbols().all(|symbol| self.is_outer(symbol, outer)),
            Meaning::FromEnd(..) => false,
        }
    }

    /// The name that a value has at a place, if it can be used there.
    fn name_of(&self, value: Val<'c>, outer: &Outer<'c>) -> Option<Val<'c>> {
        std::iter::once(value).chain(self.passed.get(&value).copied()).find(|name| outer.has(*name))
    }

    /// Whether a symbol's value can be had directly before an operation.
    pub(crate) fn is_available(&self, symbol: Symbol, place: Op<'c>) -> bool {
        self.is_outer(symbol, &Outer::of(place))
    }
}

/// The values that can be used directly before an operation, among those that a walk has come by.
pub(crate) struct Outer<'c> {
    blocks: HashSet<Blk<'c>>,
}

impl<'c> Outer<'c> {
    /// The values before `place`.
    pub(crate) fn of(place: Op<'c>) -> Self {
        let ancestors = std::iter::successors(Some(place), |operation| operation.parent());
        Self { blocks: ancestors.filter_map(|operation| operation.block()).collect() }
    }

    /// Whether the value is one of them.
    pub(crate) fn has(&self, value: Val<'c>) -> bool {
        value.parent_block().is_some_and(|block| self.blocks.contains(&block))
    }
}
