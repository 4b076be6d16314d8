//! `lower-kernels`: kernels for CUDA. A kernel takes its arguments one by one and reads the hardware's registers; what the runtime knows of it
//! is the image that it is in and its name.
//!
//! ```text
//! gpu.func @f_kernel0(%x : memref<?xf64>) kernel { %b = gpu.block_id x … }
//!   ↓
//! llvm.func @f_kernel0(%data : !llvm.ptr, %extent : i64) attributes {nvvm.kernel} { %b = nvvm.read.ptx.sreg.ctaid.x … }
//! ```

mod memory;
mod prints;
mod tiles;
mod together;
mod warps;

use crate::lower_launches::{IMAGE, tell};
use crate::outline_kernels::KERNELS;
use crate::support::call_graph::functions_reaching;
use crate::support::kernels::{flat_types, from_flat, move_operations, register};
use crate::support::llvm;
use crate::support::runtime::symbol;
use melior::ir::attribute::IntegerAttribute;
use numir_numeric::ir::{Blk, Builder, Op, Reg};
use numir_numeric::{KERNEL_LIMITS, LINE_INFO};
use numir_pipeline::properties::{ATOMICS_LOWERED, ERRORS_LOWERED, KERNELS_LOWERED, LAUNCHES_LOWERED, PRINTS_LOWERED};
use numir_pipeline::{Pass, PassContext, PassError, Property, register_pass};
use tiles::is_of_tiles;
use together::is_together;

/// The symbol of the image of a module's kernels, to which the host's code refers: who makes it of the kernels defines it.
pub const IMAGE_SYMBOL: &str = "numir.image";

/// The pass.
struct LowerKernels;

register_pass!(LowerKernels);

impl Pass for LowerKernels {
    fn name(&self) -> &'static str {
        "lower-kernels"
    }

    fn summary(&self) -> &'static str {
        "have kernels take their arguments one by one and read CUDA's registers"
    }

    fn requires(&self) -> &'static [Property] {
        &[LAUNCHES_LOWERED, ERRORS_LOWERED, ATOMICS_LOWERED, PRINTS_LOWERED]
    }

    fn before(&self) -> &'static [&'static str] {
        &["convert-to-llvm"]
    }

    fn establishes(&self) -> &'static [Property] {
        &[KERNELS_LOWERED]
    }

    fn dialects(&self) -> &'static [fn() -> melior::dialect::DialectHandle] {
        use numir_pipeline::dialects::{arith, func, llvm, nvvm};
        &[arith, func, llvm, nvvm]
    }

    fn run<'c>(&self, module: Op<'c>, _: &PassContext<'c>) -> Result<(), PassError> {
        let Some(body) = module.body(0) else { return Ok(()) };
        let Some(module_of_kernels) = symbol(body, KERNELS) else { return Ok(()) };
        let Some(kernels) = module_of_kernels.body(0) else { return Ok(()) };
        let meeting = functions_reaching(kernels, |operation| {
            operation.is("gpu.shuffle") || is_together(operation) || operation.is("numeric.load_matrix")
        });
        module_of_kernels.collect(|operation| operation.is("gpu.shuffle")).into_iter().try_for_each(warps::shuffle)?;
        prints::lower(module_of_kernels, kernels)?;
        together::declare_grid_wait(module_of_kernels, kernels);
        module_of_kernels.collect(is_together).into_iter().try_for_each(together::lower)?;
        module_of_kernels.collect(is_of_tiles).into_iter().try_for_each(tiles::lower)?;
        memory::place_arrays(module_of_kernels, kernels)?;
        module_of_kernels.collect(|operation| register(operation).is_some()).into_iter().for_each(read_register);
        declare_image(module, body);
        for operation in kernels.operations() {
            match operation.name() {
                "gpu.func" => {
                    let name = lower(operation)?;
                    tell(body, &name, IMAGE_SYMBOL, IMAGE)
                        .ok_or_else(|| PassError::compiler(module.location(), format!("nothing is known of {name}")))?;
                }
                "func.func" if operation.body(0).is_some() => {
                    let builder = Builder::before(operation);
                    operation.set_attribute("llvm.linkage", llvm::internal(&builder));
                    if operation.string_attribute("sym_name").is_some_and(|name| meeting.contains(&name)) {
                        // LLVM takes calls to have no convergent operations in them unless they say so.
                        operation.set_attribute("passthrough", builder.array(&[builder.string("convergent")]));
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// Puts a function that CUDA can launch in the place of a kernel. Returns its name.
fn lower(kernel: Op<'_>) -> Result<String, PassError> {
    let broken = |what| PassError::compiler(kernel.location(), what);
    let block = kernel.body(0).ok_or_else(|| broken("the kernel has no body"))?;
    let name = kernel.string_attribute("sym_name").ok_or_else(|| broken("the kernel has no name"))?;
    let builder = Builder::before(kernel);
    let types: Vec<_> = block.arguments().iter().map(|argument| argument.ty()).collect();
    let flat = flat_types(&builder, &types);
    let body = Blk::new(&flat, kernel.location());
    let inside = builder.into_block(body);
    for (argument, value) in block.arguments().into_iter().zip(from_flat(&inside, &types, body.arguments())) {
        argument.replace_all_uses_with(value);
    }
    move_operations(block, body);
    for operation in body.operations() {
        if operation.is("gpu.return") {
            Builder::before(operation).create("llvm.return", &[], &[], &[], &[]);
            operation.erase();
        }
    }
    let void = melior::dialect::llvm::r#type::void(builder.context());
    let ty = melior::dialect::llvm::r#type::function(void, &flat, false);
    let mut attributes = vec![
        ("sym_name", builder.string(&name)),
        ("function_type", builder.type_attribute(ty)),
        ("nvvm.kernel", builder.unit()),
    ];
    for (known, name) in KERNEL_LIMITS.into_iter().zip(NVVM_LIMITS) {
        let limit = kernel.integer_attribute(known).and_then(|limit| i32::try_from(limit).ok());
        attributes.extend(limit.map(|limit| match name {
            MAX_THREADS => (name, llvm::i32_array(&builder, &[limit])),
            _ => (name, IntegerAttribute::new(builder.integer(32), limit.into()).into()),
        }));
    }
    attributes.extend(kernel.attribute(LINE_INFO).map(|setting| (LINE_INFO, setting)));
    builder.create("llvm.func", &[], &[], &attributes, &[Reg::with_block(body)]);
    kernel.erase();
    Ok(name)
}

/// Reads a register of the hardware.
fn read_register(operation: Op<'_>) {
    let Some((group, axis)) = register(operation) else { return };
    let at = Builder::before(operation);
    let name = format!("nvvm.read.ptx.sreg.{}.{}", SREGS[group as usize / 3], ["x", "y", "z"][axis]);
    let value = at.value(&name, &[], at.integer(32), &[]);
    operation.replace(&[at.value("arith.index_castui", &[value], at.index(), &[])]);
}

/// NVVM's number of threads has an extent for each axis.
const MAX_THREADS: &str = "nvvm.maxntid";

/// NVVM's names of what limits a kernel, in the order of `KERNEL_LIMITS`.
const NVVM_LIMITS: [&str; 3] = ["nvvm.maxnreg", MAX_THREADS, "nvvm.minctasm"];

/// CUDA's names of the groups of registers.
const SREGS: [&str; 4] = ["tid", "ctaid", "ntid", "nctaid"];

fn declare_image<'c>(module: Op<'c>, body: Blk<'c>) {
    let builder = Builder::at_end(module.context(), body, module.location());
    let bytes = melior::dialect::llvm::r#type::array(builder.integer(8), 0);
    let external = melior::dialect::llvm::attributes::Linkage::External;
    let attributes = [
        ("sym_name", builder.string(IMAGE_SYMBOL)),
        ("global_type", builder.type_attribute(bytes)),
        ("linkage", melior::dialect::llvm::attributes::linkage(builder.context(), external)),
        ("constant", builder.unit()),
    ];
    builder.create("llvm.mlir.global", &[], &[], &attributes, &[Reg::new()]);
}
