//! `outline-kernels`: what is launched becomes a kernel in the module's `gpu.module`, with copies of the functions that it calls.
//!
//! ```text
//! gpu.launch blocks(%b, …) in (%g, 1, 1) threads(%t, …) in (256, 1, 1) {… %x …}
//!   ↓
//! gpu.launch_func @kernels::@f_kernel0 blocks in (%g, 1, 1) threads in (256, 1, 1) args(%x)
//! gpu.module @kernels {
//!   func.func @f_kernel0.thread(%b, %t, %x) -> i32 {…}       what a thread does; its status
//!   gpu.func @f_kernel0(%x) kernel { %b = gpu.block_id x; %t = gpu.thread_id x; call @f_kernel0.thread }
//! }
//! ```
//! What a thread does is a function of its own, so that an error leaves it as it leaves any function. Constants and extents are computed
//! again by each thread; a loop over them would carry them through memory otherwise.

mod modes;

use crate::lower_launches::MODES;
use crate::map_to_gpu::{PART, WRITTEN, give_settings};
use crate::outline_parallel::BODY;
use crate::support::call_graph::{SHORT, callee};
use crate::support::captures::{Captures, replace_inside};
use crate::support::launches::{segments, shared_bytes};
use crate::support::llvm;
use melior::ir::Attribute;
use numir_numeric::ir::{Blk, Builder, Op, Reg, Val};
use numir_pipeline::properties::{GPU_MAPPED, KERNELS_OUTLINED, PARALLEL_OUTLINED, STAGE_GPU};
use numir_pipeline::{Pass, PassContext, PassError, Property, register_pass};
use std::collections::{HashMap, HashSet};

/// The symbol of the module that holds the kernels.
pub(crate) const KERNELS: &str = "kernels";

/// The registers that the first arguments of a launch stand for: an operation, and its axis.
const REGISTERS: [(&str, &str); 12] = [
    ("gpu.block_id", "x"),
    ("gpu.block_id", "y"),
    ("gpu.block_id", "z"),
    ("gpu.thread_id", "x"),
    ("gpu.thread_id", "y"),
    ("gpu.thread_id", "z"),
    ("gpu.grid_dim", "x"),
    ("gpu.grid_dim", "y"),
    ("gpu.grid_dim", "z"),
    ("gpu.block_dim", "x"),
    ("gpu.block_dim", "y"),
    ("gpu.block_dim", "z"),
];

/// The pass.
struct OutlineKernels;

register_pass!(OutlineKernels);

impl Pass for OutlineKernels {
    fn name(&self) -> &'static str {
        "outline-kernels"
    }

    fn summary(&self) -> &'static str {
        "turn what is launched into kernels of a module of their own"
    }

    fn requires(&self) -> &'static [Property] {
        &[GPU_MAPPED, PARALLEL_OUTLINED]
    }

    fn before(&self) -> &'static [&'static str] {
        &["hoist-allocations", "poll-interrupts", "lower-memory", "lower-print", "lower-services", "lower-foreign"]
    }

    fn establishes(&self) -> &'static [Property] {
        &[STAGE_GPU, KERNELS_OUTLINED]
    }

    fn dialects(&self) -> &'static [fn() -> melior::dialect::DialectHandle] {
        use numir_pipeline::dialects::{arith, func, gpu};
        &[arith, func, gpu]
    }

    fn run<'c>(&self, module: Op<'c>, _: &PassContext<'c>) -> Result<(), PassError> {
        let launches = module.collect(|operation| operation.is("gpu.launch"));
        let Some(body) = module.body(0).filter(|_| !launches.is_empty()) else { return Ok(()) };
        let functions: HashMap<_, _> = body
            .operations()
            .into_iter()
            .filter(|operation| operation.is("func.func"))
            .filter_map(|function| Some((function.string_attribute("sym_name")?, function)))
            .collect();
        let mut kernels = Kernels::new(module, body, functions);
        launches.into_iter().try_for_each(|launch| kernels.outline(launch))
    }
}

/// The module of kernels while it grows.
struct Kernels<'c> {
    body: Blk<'c>,
    /// The host's functions by their symbols.
    functions: HashMap<String, Op<'c>>,
    /// Those that have been copied.
    copied: HashSet<String>,
    /// How many kernels there are.
    number: usize,
}

impl<'c> Kernels<'c> {
    fn new(module: Op<'c>, body: Blk<'c>, functions: HashMap<String, Op<'c>>) -> Self {
        let builder = Builder::at_end(module.context(), body, module.location());
        module.set_attribute("gpu.container_module", builder.unit());
        let block = Blk::new(&[], module.location());
        // No thread asks whether it is to end.
        let attributes = [("sym_name", builder.string(KERNELS)), (SHORT, builder.unit())];
        builder.create("gpu.module", &[], &[], &attributes, &[Reg::with_block(block)]);
        Self { body: block, functions, copied: HashSet::new(), number: 0 }
    }

    fn outline(&mut self, launch: Op<'c>) -> Result<(), PassError> {
        let broken = |what| PassError::compiler(launch.location(), what);
        let mut around = std::iter::successors(launch.parent(), |outer| outer.parent());
        let function =
            around.find(|outer| outer.is("func.func")).ok_or_else(|| broken("the launch is in no function"))?;
        let block = launch.body(0).ok_or_else(|| broken("the launch has no body"))?;
        let written = launch.string_attribute(WRITTEN);
        let from = written.clone().or_else(|| function.string_attribute("sym_name")).unwrap_or_default();
        // PTX knows no dots in names.
        let symbol = format!("{}_kernel{}", from.replace(|c: char| !c.is_ascii_alphanumeric(), "_"), self.number);
        self.number += 1;
        let captures = Captures::of(launch);
        let registers: Vec<_> =
            (0..REGISTERS.len()).filter(|place| !block.argument(*place).uses().is_empty()).collect();
        let thread = self.thread(function, launch, block, &format!("{symbol}.thread"), &registers, &captures);
        self.copy_callees(thread);
        let arguments = thread.body(0).map(|body| body.arguments()).unwrap_or_default();
        let modes = arguments.into_iter().skip(registers.len());
        let modes: Vec<_> = modes.map(|argument| modes::mode_of(argument, &self.functions)).collect();
        let builder = Builder::before(launch);
        let kernel = self.kernel(launch, &symbol, &registers, &captures, &modes);
        if let Some(written) = written {
            kernel.set_attribute(WRITTEN, builder.string(&written));
            give_settings(launch, kernel);
        }
        let shared = shared_bytes(launch);
        let geometry = (0..6).map(|place| launch.operand(place));
        let operands: Vec<_> = geometry.chain(shared).chain(captures.values().iter().copied()).collect();
        let arguments = [captures.values().len() as i32, 0];
        let segments = [&segments(shared)[..], &arguments].concat();
        let kernel = Attribute::parse(builder.context(), &format!("@{KERNELS}::@\"{symbol}\""));
        let kernel = kernel.ok_or_else(|| broken("the kernel has no name"))?;
        let attributes = [("kernel", kernel), ("operandSegmentSizes", llvm::i32_array(&builder, &segments))];
        builder.create("gpu.launch_func", &operands, &[], &attributes, &[]);
        launch.erase();
        Ok(())
    }

    /// The function of what a thread does: it takes the registers that it uses, and what is captured.
    fn thread(
        &self,
        function: Op<'c>,
        launch: Op<'c>,
        block: Blk<'c>,
        symbol: &str,
        registers: &[usize],
        captures: &Captures<'c>,
    ) -> Op<'c> {
        let builder = Builder::at_end(launch.context(), self.body, launch.location());
        let (index, status) = (builder.index(), builder.integer(32));
        let types: Vec<_> = std::iter::repeat_n(index, registers.len())
            .chain(captures.values().iter().map(|value| value.ty()))
            .collect();
        let body = Blk::new(&types, launch.location());
        let name = ["numeric.python_name", "sym_name"].into_iter().find_map(|name| function.string_attribute(name));
        let attributes = [
            ("sym_name", builder.string(symbol)),
            ("sym_visibility", builder.string("private")),
            ("function_type", builder.type_attribute(builder.function_type(&types, &[status]))),
            ("numeric.python_name", builder.string(&name.unwrap_or_default())),
            (BODY, builder.unit()),
        ];
        let thread = builder.create("func.func", &[], &[], &attributes, &[Reg::with_block(body)]);
        let inside = builder.into_block(body);
        let mut map = HashMap::new();
        for (argument, value) in body.arguments()[registers.len()..].iter().zip(captures.values()) {
            argument.name_after(*value);
            map.insert(*value, *argument);
        }
        captures.repeat(&inside, &mut map);
        for (argument, place) in body.arguments().iter().zip(registers) {
            block.argument(*place).replace_all_uses_with(*argument);
        }
        for operation in block.operations() {
            if !operation.is("gpu.terminator") {
                operation.detach();
                body.append(operation);
            }
        }
        inside.create("func.return", &[inside.constant_integer(0, status)], &[], &[], &[]);
        replace_inside(&map, thread);
        thread
    }

    /// The kernel: it reads the registers and calls what a thread does.
    fn kernel(
        &self,
        launch: Op<'c>,
        symbol: &str,
        registers: &[usize],
        captures: &Captures<'c>,
        modes: &[i64],
    ) -> Op<'c> {
        let builder = Builder::at_end(launch.context(), self.body, launch.location());
        let types: Vec<_> = captures.values().iter().map(|value| value.ty()).collect();
        let body = Blk::new(&types, launch.location());
        let inside = builder.into_block(body);
        body.arguments().iter().zip(captures.values()).for_each(|(argument, value)| argument.name_after(*value));
        let read = |place: &usize| {
            let (name, axis) = REGISTERS[*place];
            let axis = Attribute::parse(builder.context(), &format!("#gpu<dim {axis}>"));
            let axis = axis.unwrap_or_else(|| unreachable!("the gpu dialect has three axes"));
            inside.value(name, &[], inside.index(), &[("dimension", axis)])
        };
        let arguments: Vec<Val<'c>> = registers.iter().map(read).chain(body.arguments()).collect();
        let callee = [("callee", builder.symbol(&format!("{symbol}.thread")))];
        inside.create("func.call", &arguments, &[inside.integer(32)], &callee, &[]);
        inside.create("gpu.return", &[], &[], &[], &[]);
        let attributes = [
            ("sym_name", builder.string(symbol)),
            ("function_type", builder.type_attribute(builder.function_type(&types, &[]))),
            ("gpu.kernel", builder.unit()),
            ("workgroup_attributions", builder.i64_attribute(0)),
            (MODES, builder.i64_array(modes)),
        ];
        builder.create("gpu.func", &[], &[], &attributes, &[Reg::with_block(body)])
    }

    /// Copies the functions that an operation calls, and those that they call. Those that the host has no use for come here themselves.
    fn copy_callees(&mut self, operation: Op<'c>) {
        let mut open = vec![operation];
        while let Some(caller) = open.pop() {
            for symbol in caller.collect(|inner| inner.is("func.call")).into_iter().filter_map(callee) {
                let Some(function) = self.functions.get(&symbol).filter(|_| !self.copied.contains(&symbol)) else {
                    continue;
                };
                let copy = if function.attribute(PART).is_some() { *function } else { function.duplicate() };
                if copy == *function {
                    copy.detach();
                }
                self.body.append(copy);
                self.copied.insert(symbol);
                open.push(copy);
            }
        }
    }
}
