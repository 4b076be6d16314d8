//! What lanes of a warp do together, as CUDA has it: values of 32 bits, of which longer ones are two.

use crate::support::bits::{from_word, to_word};
use crate::support::llvm;
use crate::support::storage::item_bytes;
use melior::ir::Attribute;
use numir_numeric::ir::{Builder, Op, Val};
use numir_pipeline::PassError;

/// All lanes take part.
const ALL: i64 = 0xFFFF_FFFF;

/// The gpu dialect's modes of a shuffle with NVVM's, and what these clamp the lane to.
const MODES: [(&str, &str, i64); 4] = [("xor", "bfly", 31), ("up", "up", 0), ("down", "down", 31), ("idx", "idx", 31)];

/// `gpu.shuffle`
pub(super) fn shuffle<'c>(operation: Op<'c>) -> Result<(), PassError> {
    let broken = || PassError::compiler(operation.location(), "the shuffle has no mode that is known");
    let text = operation.attribute("mode").ok_or_else(broken)?.to_string();
    let mode = MODES.iter().find(|(name, ..)| text.ends_with(&format!(" {name}>"))).ok_or_else(broken)?;
    let builder = Builder::before(operation);
    let kind = Attribute::parse(builder.context(), &format!("#nvvm<shfl_kind {}>", mode.1)).ok_or_else(broken)?;
    let (i32, i64) = (builder.integer(32), builder.integer(64));
    let value = operation.operand(0);
    let word = to_word(&builder, value);
    let [all, clamp] = [ALL, mode.2].map(|number| llvm::constant(&builder, number, i32));
    let moved = |half: Val<'c>| {
        let operands = [all, builder.value("arith.trunci", &[half], i32, &[]), operation.operand(1), clamp];
        let other = builder.value("nvvm.shfl.sync", &operands, i32, &[("kind", kind)]);
        builder.value("arith.extui", &[other], i64, &[])
    };
    let other = if item_bytes(value.ty()) > 4 {
        let half = builder.constant_integer(32, i64);
        let high = moved(builder.value("arith.shrui", &[word, half], i64, &[]));
        let high = builder.value("arith.shli", &[high, half], i64, &[]);
        builder.value("arith.ori", &[high, moved(word)], i64, &[])
    } else {
        moved(word)
    };
    let other = from_word(&builder, other, value.ty());
    let valid = builder.constant_integer(1, builder.integer(1));
    operation.replace(&[other, valid]);
    Ok(())
}
