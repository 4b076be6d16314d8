//! Random programs that make, carry, exchange, view and drop arrays, run with an exception at every place where they can
//! raise one: nothing leaks, and nothing is used after it is gone.

use crate::machine::{Borrowed, Slots, call, compile, live_blocks_are_kept};
use numir_runtime::memory::{Header, numir_release};
use std::fmt::Write;

/// Elements of every array.
const SIZE: i64 = 4;
/// Elements of the array that records what was read.
const RECORDS: usize = 64;
const C: &str = "!numeric.array<1xf64, C>";
const A: &str = "!numeric.array<1xf64, A>";

/// xorshift64
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % sides as u64) as usize
    }
}

/// An array in scope: its name and whether it is one of unknown strides.
type Array = (String, &'static str);

struct Generator {
    dice: Dice,
    text: String,
    names: usize,
    checks: usize,
    records: usize,
    /// Functions that can be called: their names.
    functions: Vec<String>,
}

impl Generator {
    fn name(&mut self) -> String {
        self.names += 1;
        format!("%v{}", self.names)
    }

    fn line(&mut self, text: &str) {
        writeln!(self.text, "{text}").expect("a string takes all");
    }

    fn pick(&mut self, scope: &[Array], ty: &str) -> String {
        let fitting: Vec<_> = scope.iter().filter(|array| array.1 == ty).collect();
        let number = self.dice.below(fitting.len());
        fitting[number].0.clone()
    }

    /// Declares the next function, whose result is an array.
    fn function(&mut self, entry: bool) -> String {
        let name = format!("f{}", self.functions.len());
        let marks = if entry {
            format!("attributes {{numeric.entry, numeric.python_name = \"{name}\"}}")
        } else {
            String::new()
        };
        self.line(&format!("func.func @{name}(%out: {C}, %bad: index) -> {C} {marks} {{"));
        for (constant, value) in [("c0", 0), ("c1", 1), ("c2", 2), ("size", SIZE)] {
            self.line(&format!("%{constant} = arith.constant {value} : index"));
        }
        self.line("%half = arith.constant 0.5 : f64");
        self.line(&format!("%view = numeric.view %out starts(%c0) sizes(%size) steps(%c1) axes [0] : {C} -> {A}"));
        self.line(&format!("%own = numeric.alloc(%size) zero : {C}"));
        let mut scope = vec![("%own".to_owned(), C), ("%view".to_owned(), A)];
        self.statements(&mut scope, 3);
        let result = self.pick(&scope, C);
        self.line(&format!("return {result} : {C}\n}}"));
        self.functions.push(name.clone());
        name
    }

    fn statements(&mut self, scope: &mut Vec<Array>, depth: usize) {
        for _ in 0..2 + self.dice.below(4) {
            match self.dice.below(if depth > 0 { 13 } else { 8 }) {
                0 => self.fresh(scope),
                1 => self.map(scope),
                2 => self.view(scope),
                3 | 4 => self.read(scope),
                5 | 6 => self.check(),
                7 => self.call(scope),
                8 | 9 => self.counted(scope, depth - 1),
                10 => self.conditional(scope, depth - 1),
                11 => self.repeated(scope, depth - 1),
                _ => self.parallel(scope, depth - 1),
            }
        }
    }

    fn fresh(&mut self, scope: &mut Vec<Array>) {
        let name = self.name();
        self.line(&format!("{name} = numeric.alloc(%size) zero : {C}"));
        scope.push((name, C));
    }

    fn map(&mut self, scope: &mut Vec<Array>) {
        let (name, ty) = (self.name(), [C, A][self.dice.below(2)]);
        let source = self.pick(scope, ty);
        self.line(&format!("{name} = numeric.map ins(%x = {source} : {ty}, %h = %half : f64) -> {C} {{"));
        self.line("%s = numeric.add %x, %h : f64\nnumeric.yield %s : f64\n}");
        scope.push((name, C));
    }

    fn view(&mut self, scope: &mut Vec<Array>) {
        let (name, ty) = (self.name(), [C, A][self.dice.below(2)]);
        let source = self.pick(scope, ty);
        self.line(&format!(
            "{name} = numeric.view {source} starts(%c0) sizes(%size) steps(%c1) axes [0] : {ty} -> {A}"
        ));
        scope.push((name, A));
    }

    /// Writes an element that was read to the record.
    fn read(&mut self, scope: &[Array]) {
        let (name, ty) = (self.name(), [C, A][self.dice.below(2)]);
        let source = self.pick(scope, ty);
        let place = self.records % RECORDS;
        self.records += 1;
        self.line(&format!("{name} = numeric.load {source}[%c1] : {ty}"));
        self.line(&format!("{name}p = arith.constant {place} : index\nnumeric.store {name}, %out[{name}p] : {C}"));
    }

    fn check(&mut self) {
        let (name, number) = (self.name(), self.checks);
        self.checks += 1;
        self.line(&format!("{name}n = arith.constant {number} : index"));
        self.line(&format!("{name} = numeric.cmp ne, %bad, {name}n : index"));
        self.line(&format!("numeric.check {name}, \"ValueError\", \"{number}\""));
    }

    fn call(&mut self, scope: &mut Vec<Array>) {
        if self.functions.is_empty() {
            return self.fresh(scope);
        }
        let number = self.dice.below(self.functions.len());
        let (name, callee) = (self.name(), self.functions[number].clone());
        self.line(&format!("{name} = func.call @{callee}(%out, %bad) : ({C}, index) -> {C}"));
        scope.push((name, C));
    }

    /// Two or three arrays to carry, with their types.
    fn carried(&mut self, scope: &[Array]) -> Vec<Array> {
        (0..2 + self.dice.below(2))
            .map(|_| {
                let ty = [C, C, A][self.dice.below(3)];
                (self.pick(scope, ty), ty)
            })
            .collect()
    }

    fn yielded(&mut self, scope: &[Array], carried: &[Array]) -> String {
        carried.iter().map(|(_, ty)| self.pick(scope, ty)).collect::<Vec<_>>().join(", ")
    }

    fn results(&mut self, scope: &mut Vec<Array>, name: &str, carried: &[Array]) {
        scope.extend(carried.iter().enumerate().map(|(number, (_, ty))| (format!("{name}#{number}"), *ty)));
    }

    fn arguments(&mut self, scope: &[Array], name: &str, carried: &[Array]) -> (String, Vec<Array>) {
        let inner = carried.iter().enumerate().map(|(number, (_, ty))| (format!("{name}_{number}"), *ty));
        let inner: Vec<_> = scope.iter().cloned().chain(inner).collect();
        let pairs = carried.iter().enumerate().map(|(number, (initial, _))| format!("{name}_{number} = {initial}"));
        (pairs.collect::<Vec<_>>().join(", "), inner)
    }

    fn counted(&mut self, scope: &mut Vec<Array>, depth: usize) {
        let (name, carried) = (self.name(), self.carried(scope));
        let (pairs, mut inner) = self.arguments(scope, &name, &carried);
        let types = types(&carried);
        let trip = ["%c0", "%c1", "%c2"][self.dice.below(3)];
        let count = carried.len();
        self.line(&format!(
            "{name}:{count} = scf.for {name}i = %c0 to {trip} step %c1 iter_args({pairs}) -> ({types}) {{"
        ));
        self.statements(&mut inner, depth);
        let next = self.yielded(&inner, &carried);
        self.line(&format!("scf.yield {next} : {types}\n}}"));
        self.results(scope, &name, &carried);
    }

    fn conditional(&mut self, scope: &mut Vec<Array>, depth: usize) {
        let (name, carried) = (self.name(), self.carried(scope));
        let types = types(&carried);
        self.line(&format!("{name}c = numeric.cmp lt, %bad, %size : index"));
        self.line(&format!("{name}:{} = scf.if {name}c -> ({types}) {{", carried.len()));
        for end in ["} else {", "}"] {
            let mut inner = scope.clone();
            self.statements(&mut inner, depth);
            let next = self.yielded(&inner, &carried);
            self.line(&format!("scf.yield {next} : {types}\n{end}"));
        }
        self.results(scope, &name, &carried);
    }

    /// A `scf.while` that counts to two.
    fn repeated(&mut self, scope: &mut Vec<Array>, depth: usize) {
        let (name, carried) = (self.name(), self.carried(scope));
        let (pairs, mut before) = self.arguments(scope, &name, &carried);
        let types = types(&carried);
        let count = carried.len() + 1;
        self.line(&format!(
            "{name}:{count} = scf.while ({pairs}, {name}k = %c0) : ({types}, index) -> ({types}, index) {{"
        ));
        self.statements(&mut before, depth);
        let next = self.yielded(&before, &carried);
        self.line(&format!("{name}c = numeric.cmp lt, {name}k, %c2 : index"));
        self.line(&format!("scf.condition({name}c) {next}, {name}k : {types}, index\n}} do {{"));
        let arguments: Vec<_> =
            carried.iter().enumerate().map(|(number, (_, ty))| (format!("{name}_after{number}"), *ty)).collect();
        let list = arguments.iter().map(|(name, ty)| format!("{name}: {ty}")).collect::<Vec<_>>().join(", ");
        self.line(&format!("^bb0({list}, {name}m: index):"));
        let mut after: Vec<_> = scope.iter().cloned().chain(arguments).collect();
        self.statements(&mut after, depth);
        let next = self.yielded(&after, &carried);
        self.line(&format!(
            "{name}n = numeric.add {name}m, %c1 : index\nscf.yield {next}, {name}n : {types}, index\n}}"
        ));
        self.results(scope, &name, &carried);
    }

    /// What its body reads is not recorded, as the order is open.
    fn parallel(&mut self, scope: &[Array], depth: usize) {
        let name = self.name();
        let records = std::mem::replace(&mut self.records, 0);
        self.line(&format!("numeric.parallel {name}i in %c1 {{"));
        self.statements(&mut scope.to_vec(), depth);
        self.line("}");
        self.records = records;
    }
}

fn types(arrays: &[Array]) -> String {
    arrays.iter().map(|(_, ty)| *ty).collect::<Vec<_>>().join(", ")
}

/// A program and the number of its checks.
fn program(seed: u64) -> (String, usize) {
    let dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let mut generator = Generator { dice, text: String::new(), names: 0, checks: 0, records: 0, functions: Vec::new() };
    for entry in [false, false, true] {
        generator.function(entry);
    }
    (generator.text, generator.checks)
}

unsafe extern "C" {
    fn mallopt(parameter: i32, value: i32) -> i32;
}
/// glibc's parameter: what freed and fresh memory is filled with.
const M_PERTURB: i32 = -6;

#[test]
fn nothing_leaks_or_is_used_after_it_is_gone() {
    let programs: u64 = std::env::var("NUMIR_TEST_PROGRAMS").ok().and_then(|count| count.parse().ok()).unwrap_or(40);
    live_blocks_are_kept(|| (0..programs).for_each(run));
}

fn run(seed: u64) {
    let (source, checks) = program(seed);
    let jit = compile("numeric", &source);
    for bad in 0..=checks {
        let outcomes = [0xA5, 0x5B].map(|fill| {
            // SAFETY: a setting of the allocator.
            unsafe { mallopt(M_PERTURB, fill) };
            let mut record = vec![0.25; RECORDS];
            let out = Borrowed::new(&mut record, 0, &[RECORDS as i64], &[1]);
            let mut results = Slots::room(3);
            let raised = call(&jit, "f2", &Slots::default().array(&out).int(bad as i64), &mut results);
            if raised.is_ok() {
                // SAFETY: the result is an array of which the caller owns a reference; its data is read before it goes.
                unsafe {
                    record[0] += *(results.word(1) as *const f64);
                    numir_release(results.word(0) as *mut Header);
                }
            }
            assert_eq!(out.count(), 1, "program {seed}, check {bad}:\n{source}");
            (raised.map_err(|error| error.message), record)
        });
        assert_eq!(outcomes[0], outcomes[1], "program {seed}, check {bad}:\n{source}");
    }
    // SAFETY: as above.
    unsafe { mallopt(M_PERTURB, 0) };
}
