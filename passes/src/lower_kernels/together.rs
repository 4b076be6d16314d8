//! Barriers, and what the lanes of a warp do together, as NVVM's intrinsics, which LLVM neither copies nor moves into branches.

use crate::support::bits::{from_word, to_word};
use crate::support::llvm;
use crate::support::scalars::compare;
use crate::support::storage::item_bytes;
use melior::ir::TypeLike;
use numir_numeric::ir::{Blk, Builder, Op, Reg, Ty, Val};
use numir_pipeline::PassError;

/// The function by which all threads of a grid wait.
const GRID_WAIT: &str = "numir_grid_wait";

/// The barriers of a block that tell something.
const REDUCTIONS: [(&str, &str); 3] = [("count", "popc"), ("and", "and"), ("or", "or")];

/// What lanes do, and NVVM's name of it.
const TOGETHER: [(&str, Together, &str); 14] = [
    ("shuffle", shuffle, "idx"),
    ("shuffle_up", shuffle, "up"),
    ("shuffle_down", shuffle, "down"),
    ("shuffle_xor", shuffle, "bfly"),
    ("all", vote, "all"),
    ("any", vote, "any"),
    ("equal", vote, "uni"),
    ("ballot", vote, "ballot"),
    ("match_any", find_same, "any"),
    ("match_all", find_same, "all"),
    ("active", active, ""),
    ("mma_f16", multiply, "m16n8k16.row.col.f32.f32"),
    ("mma_bf16", multiply, "m16n8k16.row.col.bf16"),
    ("mma_tf32", multiply, "m16n8k8.row.col.tf32"),
];

/// Gives the results of an operation of that kind.
type Together = for<'c> fn(Op<'c>, &str) -> Vec<Val<'c>>;

/// Whether an operation is one of those that are lowered here.
pub(super) fn is_together(operation: Op<'_>) -> bool {
    operation.is("numeric.barrier") || operation.is("numeric.warp")
}

/// Puts intrinsics in the place of an operation.
pub(super) fn lower(operation: Op<'_>) -> Result<(), PassError> {
    let kind = operation.string_attribute("kind").unwrap_or_default();
    if operation.is("numeric.barrier") {
        return barrier(operation, &kind);
    }
    let found = TOGETHER.iter().find(|(name, ..)| *name == kind);
    let (_, together, name) =
        found.ok_or_else(|| PassError::compiler(operation.location(), format!("warps know no `{kind}`")))?;
    operation.replace(&together(operation, name));
    Ok(())
}

/// Declares the function by which all threads of a grid wait, if a thread does.
pub(super) fn declare_grid_wait<'c>(kernels: Op<'c>, body: Blk<'c>) {
    let waits = |operation: Op<'c>| {
        operation.is("numeric.barrier") && operation.string_attribute("kind").as_deref() == Some("grid")
    };
    if kernels.collect(waits).is_empty() {
        return;
    }
    let builder = Builder::at_start(kernels.context(), body, kernels.location());
    let void = melior::dialect::llvm::r#type::void(builder.context());
    let attributes = [
        ("sym_name", builder.string(GRID_WAIT)),
        ("function_type", builder.type_attribute(melior::dialect::llvm::r#type::function(void, &[], false))),
        ("convergent", builder.unit()),
    ];
    builder.create("llvm.func", &[], &[], &attributes, &[Reg::new()]);
}

fn barrier(operation: Op<'_>, kind: &str) -> Result<(), PassError> {
    let builder = Builder::before(operation);
    let (bool, i32) = (builder.integer(1), builder.integer(32));
    let first = || llvm::constant(&builder, 0, i32);
    match kind {
        "block" => llvm::effect(&builder, "llvm.nvvm.barrier.cta.sync.aligned.all", &[first()]),
        // `numir-codegen` defines it, of what a driver gives to all blocks of a grid.
        "grid" => _ = llvm::call(&builder, GRID_WAIT, &[], None),
        "warp" => llvm::effect(&builder, "llvm.nvvm.bar.warp.sync", &[operation.operand(0)]),
        _ => {
            let found = REDUCTIONS.iter().find(|(known, _)| *known == kind);
            let (_, name) =
                found.ok_or_else(|| PassError::compiler(operation.location(), format!("barriers know no `{kind}`")))?;
            let value = operation.operand(0);
            let holds = match value.ty() == bool {
                true => value,
                false => compare(&builder, "ne", value, builder.constant_integer(0, value.ty())),
            };
            let name = format!("llvm.nvvm.barrier.cta.red.{name}.aligned.all");
            let ty = if kind == "count" { i32 } else { bool };
            let told = llvm::intrinsic(&builder, &name, &[first(), holds], ty);
            let told = if ty == i32 { told } else { builder.value("arith.extui", &[told], i32, &[]) };
            operation.replace(&[told]);
            return Ok(());
        }
    }
    operation.erase();
    Ok(())
}

/// The lanes in which a lane counts are those of its group: the bits of a lane's number that name the group stay, and the number is at most, or
/// going down at least, that of the group's end.
fn shuffle<'c>(operation: Op<'c>, name: &str) -> Vec<Val<'c>> {
    let builder = Builder::before(operation);
    let (bool, i32, i64) = (builder.integer(1), builder.integer(32), builder.integer(64));
    let [mask, value, lane, width] = [0, 1, 2, 3].map(|place| operation.operand(place));
    let number = |number| llvm::constant(&builder, number, i32);
    let group = builder.value("arith.subi", &[number(32), width], i32, &[]);
    let group = builder.value("arith.shli", &[group, number(8)], i32, &[]);
    let end = if name == "up" { 0 } else { 31 };
    let clamp = builder.value("arith.ori", &[group, number(end)], i32, &[]);
    let pair = llvm::struct_type(&builder, &[i32, bool]);
    let moved = |half: Val<'c>| {
        let operands = [mask, builder.value("arith.trunci", &[half], i32, &[]), lane, clamp];
        let both = llvm::intrinsic(&builder, &format!("llvm.nvvm.shfl.sync.{name}.i32p"), &operands, pair);
        let other = builder.value("arith.extui", &[llvm::extract(&builder, both, i32, &[0])], i64, &[]);
        (other, llvm::extract(&builder, both, bool, &[1]))
    };
    let word = to_word(&builder, value);
    let (mut other, there) = moved(word);
    if value.ty().is_index() || item_bytes(value.ty()) > 4 {
        let half = builder.constant_integer(32, i64);
        let (high, _) = moved(builder.value("arith.shrui", &[word, half], i64, &[]));
        let high = builder.value("arith.shli", &[high, half], i64, &[]);
        other = builder.value("arith.ori", &[high, other], i64, &[]);
    }
    vec![from_word(&builder, other, value.ty()), there]
}

fn vote<'c>(operation: Op<'c>, name: &str) -> Vec<Val<'c>> {
    let builder = Builder::before(operation);
    let ty = operation.result(0).ty();
    vec![llvm::intrinsic(&builder, &format!("llvm.nvvm.vote.{name}.sync"), &operation.operands(), ty)]
}

fn find_same<'c>(operation: Op<'c>, name: &str) -> Vec<Val<'c>> {
    let builder = Builder::before(operation);
    let (bool, i32) = (builder.integer(1), builder.integer(32));
    let value = operation.operand(1);
    let is_long = value.ty().is_index() || item_bytes(value.ty()) > 4;
    let (bits, ty) = if is_long { (64, builder.integer(64)) } else { (32, i32) };
    let operands = [operation.operand(0), from_word(&builder, to_word(&builder, value), ty)];
    if name == "any" {
        return vec![llvm::intrinsic(&builder, &format!("llvm.nvvm.match.any.sync.i{bits}"), &operands, i32)];
    }
    let pair = llvm::struct_type(&builder, &[i32, bool]);
    let both = llvm::intrinsic(&builder, &format!("llvm.nvvm.match.all.sync.i{bits}p"), &operands, pair);
    vec![llvm::extract(&builder, both, i32, &[0]), llvm::extract(&builder, both, bool, &[1])]
}

fn active<'c>(operation: Op<'c>, _: &str) -> Vec<Val<'c>> {
    let builder = Builder::before(operation);
    vec![llvm::intrinsic(&builder, "llvm.nvvm.activemask", &[], builder.integer(32))]
}

/// Products of halves take pairs of them, others words.
fn multiply<'c>(operation: Op<'c>, name: &str) -> Vec<Val<'c>> {
    let builder = Builder::before(operation);
    let float = Ty::float32(builder.context());
    let pair = name.ends_with("f32.f32").then(|| llvm::vector_type(2, Ty::float16(builder.context())));
    let as_factor = |value: Val<'c>| match pair {
        Some(pair) if value.ty() != float => builder.value("llvm.bitcast", &[value], pair, &[]),
        _ => value,
    };
    let operands: Vec<_> = operation.operands().into_iter().map(as_factor).collect();
    let four = llvm::struct_type(&builder, &[float; 4]);
    let told = llvm::intrinsic(&builder, &format!("llvm.nvvm.mma.{name}"), &operands, four);
    (0..4).map(|place| llvm::extract(&builder, told, float, &[place])).collect()
}
