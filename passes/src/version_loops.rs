//! `version-loops`: loops whose index checks can be decided before they run get a version without them.
//!
//! ```text
//! for i in range(n): … a[i] …        fits = n <= dim a, 0
//!                               →    if fits: for i in range(n): … a[i] unchecked …
//!                                    else:    for i in range(n): … check a[i] …, exactly as it was
//! ```
//! For each check that ranges do not prove, the same search is asked what is missing: the proof that an index is less than an
//! extent eliminates positions by the bounds of their loops until only values from before a loop are left, and what is left
//! is the condition. The outermost loop for which that succeeds is versioned, so that a nest is tested once; checks that
//! need a value from inside are left to inner loops of the fast version. Extents, parameters, strides of flattened indices
//! (`a[i * n + j]`) and bounds of triangular loops are all just symbols.
//!
//! A hoisted check never raises: where the condition fails the loop runs exactly as it is written, with its stores up to the
//! error. The exact copy is marked and not touched again, so that code at most grows by one copy per level of nesting. A loop in which
//! whole arrays are gone through is not versioned: its checks cost nothing beside that, and its copy would be much code. Nor is one in which
//! the threads of a kernel meet: all of them must come to the same place.
//!
//! Cost: one walk over the function, a search with a fixed budget per unproved check and enclosing loop, and the copies.

mod guard;

use crate::support::counted;
use crate::support::meetings::is_meeting;
use crate::support::pure;
use crate::support::ranges::{Linear, Outer, Ranges, Visitor, constant_of, walk};
use crate::support::sufficient::sufficient;
use guard::{Guard, is_statable};
use melior::ir::Attribute;
use numir_numeric::ir::{Blk, Builder, Reg, Val};
use numir_pipeline::properties::{LOOPS_VERSIONED, RANGES_KNOWN, STAGE_NUMERIC};
use numir_pipeline::{Anchor, Op, OptionSpec, Pass, PassContext, PassError, Property, StatisticSpec, register_pass};

/// On a loop: it is the exact version of one that has a faster version.
pub(crate) const EXACT: &str = "numir.exact";

/// An inner loop of fewer iterations is not versioned.
const SHORT: i128 = 16;

/// Beside what goes through an array, a check in each iteration costs nothing, and a copy of all of it much code.
const WHOLE: [&str; 5] =
    ["numeric.map", "numeric.assign", "numeric.map_reduce", "numeric.reduce", "numeric.reduce_axes"];

/// The pass.
struct VersionLoops;

register_pass!(VersionLoops);

impl Pass for VersionLoops {
    fn name(&self) -> &'static str {
        "version-loops"
    }

    fn summary(&self) -> &'static str {
        "decide the index checks of loops before they run"
    }

    fn anchor(&self) -> Anchor {
        Anchor::Function
    }

    fn requires(&self) -> &'static [Property] {
        &[STAGE_NUMERIC, RANGES_KNOWN]
    }

    fn establishes(&self) -> &'static [Property] {
        &[LOOPS_VERSIONED]
    }

    fn before(&self) -> &'static [&'static str] {
        &["canonicalize-numeric", "cse-numeric", "release-values"]
    }

    fn options(&self) -> &'static [OptionSpec] {
        const {
            &[
                OptionSpec::int("limit", 1000, "operations of a loop that may be copied"),
                OptionSpec::int("conditions", 24, "conditions that may decide about one loop"),
            ]
        }
    }

    fn statistics(&self) -> &'static [StatisticSpec] {
        const {
            &[
                StatisticSpec { name: "loops", summary: "loops that have two versions" },
                StatisticSpec { name: "checks", summary: "checks that are decided before a loop" },
            ]
        }
    }

    fn run<'c>(&self, function: Op<'c>, context: &PassContext<'c>) -> Result<(), PassError> {
        let mut versioning = Versioning {
            limit: context.int("limit"),
            most_conditions: context.int("conditions") as usize,
            frames: Vec::new(),
            decisions: Vec::new(),
            plans: Vec::new(),
        };
        let ranges = walk(function, true, &mut versioning);
        // Outer loops are left after inner ones, and copied before.
        for plan in versioning.plans.into_iter().rev() {
            context.count("loops", u64::from(plan.is_versioned()));
            context.count("checks", plan.checks());
            if plan.checks() > 0 {
                context.remark(plan.looping, || plan.describe());
            }
            plan.apply(&ranges);
        }
        pure::drop_unused(function);
        Ok(())
    }
}

/// A loop that the walk is in.
struct Frame<'c> {
    looping: Op<'c>,
    outer: Outer<'c>,
    may_be_copied: bool,
}

/// What must hold before a loop.
#[derive(Clone, PartialEq)]
enum Requirement<'c> {
    /// The sum is not negative.
    Sum(Linear),
    /// The value is true.
    Condition(Val<'c>),
}

/// A change to the fast version of a loop.
#[derive(Clone, Copy)]
enum Edit<'c> {
    /// A check that passes.
    Drop(Op<'c>),
    /// A `wrap_index` of an index that is not negative.
    Forward(Op<'c>),
}

/// That a loop gets a version with this change.
struct Decision<'c> {
    looping: Op<'c>,
    requirements: Vec<Requirement<'c>>,
    edit: Edit<'c>,
}

/// A loop to be versioned, with all changes to the fast version.
struct Plan<'c> {
    looping: Op<'c>,
    guards: Vec<Guard<'c>>,
    edits: Vec<Edit<'c>>,
}

struct Versioning<'c> {
    limit: i64,
    most_conditions: usize,
    frames: Vec<Frame<'c>>,
    decisions: Vec<Decision<'c>>,
    plans: Vec<Plan<'c>>,
}

impl<'c> Visitor<'c> for Versioning<'c> {
    type Checkpoint = [usize; 3];

    fn skips(&mut self, operation: Op<'c>) -> bool {
        operation.attribute(EXACT).is_some()
    }

    fn visit(&mut self, ranges: &mut Ranges<'c>, operation: Op<'c>) {
        let edit = match operation.name() {
            "numeric.check_index" | "numeric.check" => Edit::Drop(operation),
            "numeric.wrap_index" => Edit::Forward(operation),
            _ => return,
        };
        for frame in self.frames.iter().filter(|frame| frame.may_be_copied) {
            let Some(requirements) = requirements(ranges, operation, &frame.outer) else { continue };
            let known = self.decisions.iter().filter(|decision| decision.looping == frame.looping);
            let count = known.map(|decision| decision.requirements.len()).sum::<usize>();
            if requirements.is_empty() || count + requirements.len() <= 4 * self.most_conditions {
                self.decisions.push(Decision { looping: frame.looping, requirements, edit });
                return;
            }
        }
    }

    fn enter(&mut self, _: &mut Ranges<'c>, looping: Op<'c>) {
        let mut size = 0;
        let mut stays_single = false;
        looping.walk(&mut |operation| {
            size += 1;
            stays_single |= WHOLE.contains(&operation.name()) || is_meeting(operation);
        });
        // A few iterations are not worth a condition of their own.
        let is_short = looping.is("scf.for") && constant_of(looping.operand(1)).is_some_and(|trip| trip < SHORT);
        let may_be_copied = size <= self.limit && !stays_single && (!is_short || self.frames.is_empty());
        self.frames.push(Frame { looping, outer: Outer::of(looping), may_be_copied });
    }

    fn leave(&mut self, ranges: &mut Ranges<'c>, looping: Op<'c>) {
        self.frames.pop();
        let mut sums: Vec<Linear> = Vec::new();
        let mut conditions: Vec<Val<'c>> = Vec::new();
        let mut edits = Vec::new();
        let mut kept = Vec::new();
        for decision in self.decisions.drain(..) {
            if decision.looping != looping {
                kept.push(decision);
                continue;
            }
            edits.push(decision.edit);
            for requirement in decision.requirements {
                match requirement {
                    Requirement::Condition(condition) if !conditions.contains(&condition) => conditions.push(condition),
                    Requirement::Condition(_) => {}
                    // Of two sums that differ by a constant, the smaller says more.
                    Requirement::Sum(sum) => match sums.iter_mut().find(|other| other.terms() == sum.terms()) {
                        Some(other) if other.offset() > sum.offset() => *other = sum,
                        Some(_) => {}
                        None => sums.push(sum),
                    },
                }
            }
        }
        self.decisions = kept;
        if edits.is_empty() || sums.len() + conditions.len() > self.most_conditions {
            return;
        }
        sums.retain(|sum| !ranges.prove(sum));
        let guards = sums.into_iter().map(|sum| Guard::of(ranges, sum));
        let guards = guards.chain(conditions.into_iter().map(Guard::Condition)).collect();
        self.plans.push(Plan { looping, guards, edits });
    }

    fn checkpoint(&mut self) -> [usize; 3] {
        [self.frames.len(), self.decisions.len(), self.plans.len()]
    }

    fn roll_back(&mut self, [frames, decisions, plans]: &[usize; 3]) {
        self.frames.truncate(*frames);
        self.decisions.truncate(*decisions);
        self.plans.truncate(*plans);
    }
}

/// What must hold before a loop for a check in it to pass, or for an index in it not to be negative.
fn requirements<'c>(ranges: &mut Ranges<'c>, operation: Op<'c>, outer: &Outer<'c>) -> Option<Vec<Requirement<'c>>> {
    let operand = operation.operand(0);
    if operation.is("numeric.check") {
        if let Some(condition) = sufficient(operation).into_iter().find(|condition| outer.has(*condition)) {
            return Some(vec![Requirement::Condition(condition)]);
        }
        let sums = ranges.requirements(operand)?;
        return all_of(ranges, &sums, outer);
    }
    let size = ranges.exact(operation.operand(1));
    let forms = ranges.forms(operand);
    if operation.is("numeric.wrap_index") {
        // Of an index that does not change in the loop, `wrap_index` does not stay in the loop.
        let mut varying = forms.iter().filter(|form| !form.symbols().all(|symbol| ranges.is_outer(symbol, outer)));
        return varying.find_map(|form| all_of(ranges, std::slice::from_ref(form), outer));
    }
    forms.iter().find_map(|form| {
        let below = size.plus(form, -1)?.shifted(-1)?;
        let from_end = form.plus(&size, 1)?;
        [form.clone(), from_end].into_iter().find_map(|lower| all_of(ranges, &[below.clone(), lower], outer))
    })
}

/// What must hold before a loop for none of these sums to be negative.
fn all_of<'c>(ranges: &Ranges<'c>, sums: &[Linear], outer: &Outer<'c>) -> Option<Vec<Requirement<'c>>> {
    let mut all = Vec::new();
    for sum in sums {
        let residue = ranges.residue(sum, outer)?;
        if !residue.iter().all(is_statable) {
            return None;
        }
        all.extend(residue.into_iter().map(Requirement::Sum));
    }
    Some(all)
}

impl<'c> Plan<'c> {
    fn is_versioned(&self) -> bool {
        !self.guards.is_empty()
    }

    fn checks(&self) -> u64 {
        self.edits.iter().filter(|edit| matches!(edit, Edit::Drop(_))).count() as u64
    }

    fn describe(&self) -> String {
        let checks = counted(self.checks(), "check");
        match self.guards.len() as u64 {
            0 => format!("{checks} removed: they always pass"),
            guards => {
                let conditions = counted(guards, "condition");
                format!("{checks} decided before the loop by {conditions}: it has a version without them")
            }
        }
    }

    fn apply(self, ranges: &Ranges<'c>) {
        if self.is_versioned() {
            let fits = guard::build(ranges, self.looping, &self.guards);
            version(self.looping, fits);
        }
        for edit in self.edits {
            match edit {
                Edit::Drop(operation) => operation.erase(),
                Edit::Forward(operation) => operation.result(0).replace_all_uses_with(operation.operand(0)),
            }
        }
    }
}

/// Runs a loop only if the condition holds, else an exact copy of it.
fn version<'c>(looping: Op<'c>, condition: Val<'c>) {
    let builder = Builder::before(looping);
    let types: Vec<_> = looping.results().into_iter().map(|result| result.ty()).collect();
    let copy = looping.duplicate();
    copy.set_attribute(EXACT, Attribute::unit(builder.context()));
    let [fast, exact] = [(); 2].map(|()| Blk::new(&[], builder.location()));
    let regions = [Reg::with_block(fast), Reg::with_block(exact)];
    let branch = builder.create("scf.if", &[condition], &types, &[], &regions);
    for (result, chosen) in looping.results().into_iter().zip(branch.results()) {
        result.replace_all_uses_with(chosen);
    }
    looping.detach();
    for (block, version) in [(fast, looping), (exact, copy)] {
        block.append(version);
        builder.into_block(block).create("scf.yield", &version.results(), &[], &[], &[]);
    }
}
