//! Where a thread is: `threadIdx.x` and the like, registers of the hardware that are read where they are named.

use crate::function_ir::{Attribute, IrType};
use crate::specialize::{Evaluated, Frame};
use crate::value::Value;

/// The modules whose names are registers, and the operations that read them.
const REGISTERS: &[(&str, &str)] = &[
    ("cuda.threadIdx", "gpu.thread_id"),
    ("cuda.blockIdx", "gpu.block_id"),
    ("cuda.blockDim", "gpu.block_dim"),
    ("cuda.gridDim", "gpu.grid_dim"),
];

/// What a module's name stands for, if it tells where the thread is: a Python int.
pub(crate) fn place(frame: &mut Frame<'_, '_>, module: &str, name: &str) -> Evaluated<Option<Value>> {
    if (module, name) == ("cuda", "laneid") {
        return frame.call_library("_cuda_places", "lane", Vec::new()).map(Some);
    }
    let operation = REGISTERS.iter().find(|(of, _)| *of == module).map(|(_, operation)| *operation);
    let axis = ["x", "y", "z"].into_iter().find(|axis| *axis == name);
    let (Some(operation), Some(axis)) = (operation, axis) else { return Ok(None) };
    let register = frame.emit(operation, &[], IrType::INDEX, vec![("dimension", Attribute::Dimension(axis))]);
    Ok(Some(frame.index_as_int(register)))
}
