//! Arrays of a block's memory are variables in the address space that blocks share, cast to addresses like others: once all is in one function, LLVM
//! sees through the cast. Those of a thread's memory are in its frame, which becomes registers where indices are known.

use crate::support::device_arrays::{ALIGNMENT, bytes, place, place_dynamic, place_local};
use crate::support::llvm;
use crate::support::runtime::symbol;
use crate::support::shared_arrays::SharedArrays;
use melior::dialect::llvm::attributes::{Linkage, linkage};
use melior::dialect::llvm::r#type::{array as array_type, pointer};
use melior::ir::Attribute;
use numir_numeric::ir::{Blk, Builder, Op, Reg, Ty, Val};
use numir_pipeline::PassError;

/// The number of the address space.
const SHARED: u32 = 3;

/// The variable of what the launch sizes, which all kernels of a module have in common.
const DYNAMIC: &str = "numir_dynamic_shared";

/// Gives memory to the arrays of all kernels of a module.
pub(super) fn place_arrays<'c>(kernels: Op<'c>, body: Blk<'c>) -> Result<(), PassError> {
    let shared = SharedArrays::of(body)?;
    for array in kernels.collect_named("numeric.device_array") {
        let builder = Builder::before(array);
        let i64 = builder.integer(64);
        let placed = match array.string_attribute("memory").as_deref() {
            Some("shared") => shared.find(array).and_then(|(number, _)| {
                let name = format!("numir_shared{number}");
                place(array, variable(&builder, kernels, body, (&name, bytes(array))))
            }),
            Some("dynamic") => {
                let size = register(&builder, "dynamic_smem_size");
                let size = builder.value("arith.extui", &[size], i64, &[]);
                place_dynamic(array, variable(&builder, kernels, body, (DYNAMIC, 0)), size)
            }
            _ => place_local(array),
        };
        placed.ok_or_else(|| PassError::compiler(array.location(), "an array of the device has no memory"))?;
    }
    Ok(())
}

/// The address of a variable of so many bytes, which is made if it is not there yet; of none, its end is the launch's affair.
fn variable<'c>(builder: &Builder<'c>, kernels: Op<'c>, body: Blk<'c>, (name, bytes): (&str, i64)) -> Val<'c> {
    if symbol(body, name).is_none() {
        let start = Builder::at_start(kernels.context(), body, kernels.location());
        let ty = array_type(start.integer(8), u32::try_from(bytes).unwrap_or(u32::MAX));
        let (kind, initial) = match bytes {
            0 => (Linkage::External, Reg::new()),
            _ => {
                let block = Blk::new(&[], kernels.location());
                let inside = start.into_block(block);
                inside.create("llvm.return", &[llvm::poison(&inside, ty)], &[], &[], &[]);
                (Linkage::Internal, Reg::with_block(block))
            }
        };
        let attributes = [
            ("sym_name", start.string(name)),
            ("global_type", start.type_attribute(ty)),
            ("linkage", linkage(start.context(), kind)),
            ("addr_space", integer(&start, SHARED)),
            ("alignment", start.i64_attribute(ALIGNMENT)),
        ];
        start.create("llvm.mlir.global", &[], &[], &attributes, &[initial]);
    }
    let attributes = [("global_name", builder.symbol(name))];
    let address = builder.value("llvm.mlir.addressof", &[], pointer(builder.context(), SHARED), &attributes);
    builder.value("llvm.addrspacecast", &[address], builder.pointer(), &[])
}

fn integer<'c>(builder: &Builder<'c>, value: u32) -> Attribute<'c> {
    melior::ir::attribute::IntegerAttribute::new(builder.integer(32), value.into()).into()
}

/// A register that LLVM has no name for.
fn register<'c>(builder: &Builder<'c>, name: &str) -> Val<'c> {
    let ty: Ty<'c> = builder.integer(32);
    let attributes =
        [("asm_string", builder.string(&format!("mov.u32 $0, %{name};"))), ("constraints", builder.string("=r"))];
    builder.value("llvm.inline_asm", &[], ty, &attributes)
}
