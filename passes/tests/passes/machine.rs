//! Compiles modules from the stage `scf` on, and calls their entries.

use crate::harness::{context, transform};
use numir_codegen::{CodeGenerator, IrForm, OptLevel, Target};
use numir_pipeline::Registry;
use numir_pipeline::stages::Stage;
use numir_pipeline::target;
use numir_runtime::RaisedError;
use numir_runtime::loader::{self, Loaded};
use numir_runtime::memory::{Header, count_live_blocks, live_blocks};
use std::sync::{Mutex, PoisonError};

/// The elements of the CPU's pipeline from a stage on, with a check of the promise of each stage.
pub fn elements_from(stage: &str) -> String {
    elements("cpu", stage)
}

/// The elements of a target's pipeline from a stage on, with a check of the promise of each stage.
pub fn elements(target: &str, stage: &str) -> String {
    let registry = Registry::global().expect("names are unique");
    let request = target::Target::named(target).expect("declared").request(2);
    let request = request.from_stage(Stage::named(stage).expect("a stage"));
    let schedule = request.schedule(registry).unwrap_or_else(|error| panic!("{error}"));
    let pipeline = schedule.pipeline_with_checks();
    let elements = pipeline.strip_prefix("builtin.module(").and_then(|rest| rest.strip_suffix(')'));
    elements.expect("a pipeline of modules").to_owned()
}

/// Machine code of a module at some stage.
pub fn compile(stage: &str, source: &str) -> Loaded {
    compile_for("cpu", stage, source)
}

/// The same for a target that this computer can run.
pub fn compile_for(target: &str, stage: &str, source: &str) -> Loaded {
    let context = context();
    let module = transform(&context, &elements(target, stage), source);
    let generator = CodeGenerator::new(Target::host().expect("known"), OptLevel::default()).expect("works");
    let object = generator.object(&module).unwrap_or_else(|error| panic!("{error}\n{}", module.as_operation()));
    Loaded::load(&object, &loader::resolve).unwrap_or_else(|error| panic!("{error}\n{}", module.as_operation()))
}

/// LLVM IR of a module at some stage, optimised for a processor of these days.
pub fn optimized(stage: &str, source: &str) -> String {
    let context = context();
    let module = transform(&context, &elements_from(stage), source);
    let generator = CodeGenerator::new(Target::host().expect("known"), OptLevel::default()).expect("works");
    generator.llvm_ir(&module, IrForm::Optimized).unwrap_or_else(|error| panic!("{error}"))
}

/// Arguments or results of an entry.
#[derive(Default)]
pub struct Slots(Vec<[u64; 2]>);

impl Slots {
    /// Room for `count` slots of results.
    pub fn room(count: usize) -> Self {
        Self(vec![[0xAAAA_AAAA_AAAA_AAAA; 2]; count])
    }

    pub fn float(mut self, value: f64) -> Self {
        self.0.push([value.to_bits(), 0]);
        self
    }

    pub fn float32(mut self, value: f32) -> Self {
        self.0.push([value.to_bits().into(), 0]);
        self
    }

    pub fn int(mut self, value: i64) -> Self {
        self.0.push([value as u64, 0]);
        self
    }

    pub fn array(mut self, array: &Borrowed) -> Self {
        self.0.push([array.descriptor.as_ptr() as u64, 0]);
        self
    }

    /// The word at a position of 8 bytes.
    pub fn word(&self, position: usize) -> u64 {
        self.0[position / 2][position % 2]
    }

    pub fn float_at(&self, slot: usize) -> f64 {
        f64::from_bits(self.0[slot][0])
    }
}

/// A descriptor of memory that the test keeps.
pub struct Borrowed {
    header: Box<Header>,
    descriptor: Vec<i64>,
}

impl Borrowed {
    /// Describes `data` with the item `offset` as its first; sizes and strides in items.
    pub fn new<T>(data: &mut [T], offset: i64, sizes: &[i64], strides: &[i64]) -> Self {
        let header = Box::new(Header::borrowed(size_of_val(data) as i64));
        let mut descriptor = vec![(&raw const *header) as i64, data.as_mut_ptr() as i64, offset];
        descriptor.extend(sizes.iter().chain(strides));
        Self { header, descriptor }
    }

    /// References to the header, 1 when nothing was kept.
    pub fn count(&self) -> i64 {
        self.header.count()
    }
}

/// Calls an entry.
pub fn call(code: &Loaded, name: &str, arguments: &Slots, results: &mut Slots) -> Result<(), RaisedError> {
    let address = code.symbol(&format!("numir_entry_{name}")).expect("an entry");
    // SAFETY: the wrapper's signature; the slots are as many as the function of the test takes and gives.
    let status = unsafe {
        let entry: extern "C" fn(*const [u64; 2], *mut [u64; 2]) -> i32 = std::mem::transmute(address);
        entry(arguments.0.as_ptr(), results.0.as_mut_ptr())
    };
    let error = numir_runtime::take_pending_error();
    assert_eq!(status != 0, error.is_some(), "the status says whether an error is pending");
    error.map_or(Ok(()), Err)
}

/// Runs `test`, after which as many blocks must be live as before. The number is the process's, so such tests take turns.
pub fn live_blocks_are_kept(test: impl FnOnce()) {
    static TURN: Mutex<()> = Mutex::new(());
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    count_live_blocks();
    let before = live_blocks();
    test();
    assert_eq!(live_blocks(), before);
}
