//! Values that the lanes of a warp exchange.

use melior::ir::Attribute;
use numir_numeric::ir::{Builder, Val};

/// Lanes of a warp.
const LANES: i64 = 32;

/// The value of the lane whose number differs in the bits of `distance`.
pub(crate) fn across<'c>(builder: &Builder<'c>, value: Val<'c>, distance: i64) -> Val<'c> {
    shuffle(builder, "xor", value, builder.constant_integer(distance, builder.integer(32)))
}

/// The value of the lane of that number (i32).
pub(crate) fn from_lane<'c>(builder: &Builder<'c>, value: Val<'c>, lane: Val<'c>) -> Val<'c> {
    shuffle(builder, "idx", value, lane)
}

fn shuffle<'c>(builder: &Builder<'c>, mode: &str, value: Val<'c>, offset: Val<'c>) -> Val<'c> {
    let width = builder.constant_integer(LANES, builder.integer(32));
    let mode = Attribute::parse(builder.context(), &format!("#gpu<shuffle_mode {mode}>"));
    let mode = mode.unwrap_or_else(|| unreachable!("the gpu dialect has these modes"));
    let types = [value.ty(), builder.integer(1)];
    builder.create("gpu.shuffle", &[value, offset, width], &types, &[("mode", mode)], &[]).result(0)
}
