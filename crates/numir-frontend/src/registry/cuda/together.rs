//! What threads do together: barriers, fences, and what the lanes of a warp exchange.

use super::{MASK, WORD, as_int, given, kind, of, operand, truth};
use crate::function_ir::{Attribute, IrType};
use crate::registry::{Meaning, cast};
use crate::specialize::{Evaluated, Frame};
use crate::types::{Kind, Scalar};
use crate::value::{ModuleId, Value};

pub(super) static MEANINGS: &[Meaning] = &[
    Meaning {
        name: "cuda.syncthreads",
        parameters: "",
        doc: "Waits for all threads of the block.",
        evaluate: |frame, _| {
            frame.emit_effect("numeric.barrier", &[], kind("block"));
            Ok(Value::None)
        },
    },
    Meaning {
        name: "cuda.syncthreads_count",
        parameters: "predicate",
        doc: "Waits for all threads of the block, and tells for how many of them a predicate holds.",
        evaluate: |frame, arguments| counted(frame, "count", arguments),
    },
    Meaning {
        name: "cuda.syncthreads_and",
        parameters: "predicate",
        doc: "Waits for all threads of the block, and tells as 1 or 0 whether a predicate holds for all of them.",
        evaluate: |frame, arguments| counted(frame, "and", arguments),
    },
    Meaning {
        name: "cuda.syncthreads_or",
        parameters: "predicate",
        doc: "Waits for all threads of the block, and tells as 1 or 0 whether a predicate holds for any of them.",
        evaluate: |frame, arguments| counted(frame, "or", arguments),
    },
    Meaning {
        name: "cuda.syncwarp",
        parameters: "mask=0xffffffff",
        doc: "Waits for the lanes of a mask.",
        evaluate: |frame, arguments| {
            let mask = match &arguments[0] {
                Some(mask) => operand(frame, mask, MASK)?,
                None => operand(frame, &Value::int(0xFFFF_FFFF), MASK)?,
            };
            frame.emit_effect("numeric.barrier", &[mask], kind("warp"));
            Ok(Value::None)
        },
    },
    Meaning {
        name: "cuda.cg.this_grid",
        parameters: "",
        doc: "All threads of the grid as a group, which can wait for each other: `this_grid().sync()`.",
        evaluate: |_, _| Ok(Value::Module(ModuleId::Known("cuda.cg.grid"))),
    },
    Meaning {
        name: "cuda.cg.grid.sync",
        parameters: "",
        doc: "Waits for all threads of the grid.",
        evaluate: |frame, _| {
            frame.emit_effect("numeric.barrier", &[], kind("grid"));
            Ok(Value::None)
        },
    },
    Meaning {
        name: "cuda.threadfence",
        parameters: "",
        doc: "Orders the thread's accesses to memory for all threads of the device.",
        evaluate: |frame, _| fence(frame, "device"),
    },
    Meaning {
        name: "cuda.threadfence_block",
        parameters: "",
        doc: "Orders the thread's accesses to memory for the threads of its block.",
        evaluate: |frame, _| fence(frame, "block"),
    },
    Meaning {
        name: "cuda.threadfence_system",
        parameters: "",
        doc: "Orders the thread's accesses to memory for the device and the host.",
        evaluate: |frame, _| fence(frame, "system"),
    },
    Meaning {
        name: "cuda.shfl_sync",
        parameters: "mask, value, src_lane, width=32",
        doc: "The value of the lane of a number.",
        evaluate: |frame, arguments| shuffle(frame, "shuffle", arguments),
    },
    Meaning {
        name: "cuda.shfl_up_sync",
        parameters: "mask, value, delta, width=32",
        doc: "The value of the lane whose number is lower by that much; the lowest lanes keep theirs.",
        evaluate: |frame, arguments| shuffle(frame, "shuffle_up", arguments),
    },
    Meaning {
        name: "cuda.shfl_down_sync",
        parameters: "mask, value, delta, width=32",
        doc: "The value of the lane whose number is higher by that much; the highest lanes keep theirs.",
        evaluate: |frame, arguments| shuffle(frame, "shuffle_down", arguments),
    },
    Meaning {
        name: "cuda.shfl_xor_sync",
        parameters: "mask, value, lane_mask, width=32",
        doc: "The value of the lane whose number differs in the bits of a mask.",
        evaluate: |frame, arguments| shuffle(frame, "shuffle_xor", arguments),
    },
    Meaning {
        name: "cuda.all_sync",
        parameters: "mask, predicate",
        doc: "Whether a predicate holds in all lanes of a mask.",
        evaluate: |frame, arguments| vote(frame, "all", arguments),
    },
    Meaning {
        name: "cuda.any_sync",
        parameters: "mask, predicate",
        doc: "Whether a predicate holds in any lane of a mask.",
        evaluate: |frame, arguments| vote(frame, "any", arguments),
    },
    Meaning {
        name: "cuda.eq_sync",
        parameters: "mask, predicate",
        doc: "Whether a predicate is the same in all lanes of a mask.",
        evaluate: |frame, arguments| vote(frame, "equal", arguments),
    },
    Meaning {
        name: "cuda.ballot_sync",
        parameters: "mask, predicate",
        doc: "The lanes of a mask in which a predicate holds, as bits.",
        evaluate: |frame, arguments| {
            let mask = operand(frame, &given(arguments, 0), MASK)?;
            let predicate = truth(frame, &given(arguments, 1))?;
            let lanes = frame.emit("numeric.warp", &[mask, predicate], of(MASK), kind("ballot"));
            as_int(frame, MASK, lanes)
        },
    },
    Meaning {
        name: "cuda.match_any_sync",
        parameters: "mask, value",
        doc: "The lanes of a mask that have the same value, as bits.",
        evaluate: |frame, arguments| {
            let mask = operand(frame, &given(arguments, 0), MASK)?;
            let (_, value) = exchanged(frame, &given(arguments, 1))?;
            let lanes = frame.emit("numeric.warp", &[mask, value], of(MASK), kind("match_any"));
            as_int(frame, MASK, lanes)
        },
    },
    Meaning {
        name: "cuda.match_all_sync",
        parameters: "mask, value",
        doc: "The mask if all of its lanes have the same value, else 0; and which of these as a bool.",
        evaluate: |frame, arguments| {
            let mask = operand(frame, &given(arguments, 0), MASK)?;
            let (_, value) = exchanged(frame, &given(arguments, 1))?;
            let results = [of(MASK), IrType::BOOL];
            let told = frame.emit_all("numeric.warp", vec![mask, value], &results, kind("match_all"), Vec::new());
            let lanes = as_int(frame, MASK, told[0])?;
            Ok(Value::tuple(vec![lanes, Value::Scalar(Scalar::Bool, told[1])]))
        },
    },
    Meaning {
        name: "cuda.activemask",
        parameters: "",
        doc: "The lanes of the warp that are here, as bits.",
        evaluate: |frame, _| {
            let lanes = frame.emit("numeric.warp", &[], of(MASK), kind("active"));
            as_int(frame, MASK, lanes)
        },
    },
];

/// A barrier that combines a predicate.
fn counted(frame: &mut Frame<'_, '_>, what: &str, arguments: &[Option<Value>]) -> Evaluated {
    let predicate = truth(frame, &given(arguments, 0))?;
    let predicate = operand(frame, &Value::Scalar(Scalar::Bool, predicate), WORD)?;
    let told = frame.emit("numeric.barrier", &[predicate], of(WORD), kind(what));
    as_int(frame, WORD, told)
}

fn fence(frame: &mut Frame<'_, '_>, scope: &str) -> Evaluated {
    frame.emit_effect("numeric.fence", &[], vec![("scope", Attribute::Text(scope.to_owned()))]);
    Ok(Value::None)
}

fn shuffle(frame: &mut Frame<'_, '_>, what: &str, arguments: &[Option<Value>]) -> Evaluated {
    let mask = operand(frame, &given(arguments, 0), MASK)?;
    let (ty, value) = exchanged(frame, &given(arguments, 1))?;
    let lane = operand(frame, &given(arguments, 2), WORD)?;
    let width = arguments[3].clone().unwrap_or(Value::int(32));
    if !width.known_integer().is_some_and(|width| [1, 2, 4, 8, 16, 32].contains(&width)) {
        return Err(frame.typing("the width of a shuffle is a constant power of two, up to 32"));
    }
    let width = operand(frame, &width, WORD)?;
    let operands = vec![mask, value, lane, width];
    let told = frame.emit_all("numeric.warp", operands, &[of(ty), IrType::BOOL], kind(what), Vec::new());
    Ok(Value::Scalar(ty, told[0]))
}

fn vote(frame: &mut Frame<'_, '_>, what: &str, arguments: &[Option<Value>]) -> Evaluated {
    let mask = operand(frame, &given(arguments, 0), MASK)?;
    let predicate = truth(frame, &given(arguments, 1))?;
    let told = frame.emit("numeric.warp", &[mask, predicate], IrType::BOOL, kind(what));
    Ok(Value::Scalar(Scalar::Bool, told))
}

/// A number that lanes exchange, with its type.
fn exchanged(frame: &mut Frame<'_, '_>, value: &Value) -> Evaluated<(Scalar, crate::function_ir::ValueId)> {
    let Some(ty) = value.scalar().filter(|ty| ty.kind() < Kind::Complex) else {
        let seen = frame.describe(value);
        return Err(frame.typing(format!("lanes exchange real numbers, not {seen}")));
    };
    let value = cast(frame, value, ty)?;
    Ok((ty, frame.materialize(&value)?))
}
