//! What the runtime keeps, as the library asks for it: generators of random numbers, and the threads of parallel loops.

use super::{Meaning, cast};
use crate::function_ir::{Attribute, IrType, ValueId};
use crate::specialize::{Evaluated, Frame};
use crate::types::Scalar;
use crate::value::{GENERATOR, Value};
use numir_runtime::DType;

pub(super) static MEANINGS: &[Meaning] = &[
    Meaning {
        name: "intrinsics.random_bits",
        parameters: "generator",
        doc: "The next 32 bits of a generator, 'numpy' or 'python', as an int.",
        evaluate: |frame, arguments| {
            let bits = draw(frame, arguments, "bits", &[], IrType::INDEX)?;
            Ok(frame.index_as_int(bits))
        },
    },
    Meaning {
        name: "intrinsics.random_double",
        parameters: "generator",
        doc: "The next float in [0, 1) of a generator.",
        evaluate: |frame, arguments| float(frame, arguments, "double"),
    },
    Meaning {
        name: "intrinsics.random_gauss",
        parameters: "generator",
        doc: "The next standard normal number of a generator.",
        evaluate: |frame, arguments| float(frame, arguments, "gauss"),
    },
    Meaning {
        name: "intrinsics.random_seed",
        parameters: "generator, seed",
        doc: "Sets a generator by an int.",
        evaluate: |frame, arguments| {
            let seed = frame.as_index(&arguments[1].clone().unwrap_or(Value::None))?;
            let attributes = attributes(frame, arguments, "seed")?;
            frame.emit_effect("numeric.random", &[seed], attributes);
            Ok(Value::None)
        },
    },
    Meaning {
        name: "intrinsics.generator",
        parameters: "words",
        doc: "The generator whose bit generator lies in an array of 64-bit words.",
        evaluate: |frame, arguments| match &arguments[0] {
            Some(Value::Array(ty, words)) if *ty == GENERATOR => Ok(Value::Generator(*words)),
            _ => Err(frame.typing("a generator is made of an array of words")),
        },
    },
    Meaning {
        name: "intrinsics.call_runtime",
        parameters: "routine, *arguments",
        doc: "Calls a routine of the runtime's mathematics on the addresses of arrays and on ints; gives an int.",
        evaluate: |frame, arguments| {
            let (Some(Value::Text(routine)), Some(Value::Tuple(given))) = (&arguments[0], &arguments[1]) else {
                return Err(frame.typing("the routine must be a constant text"));
            };
            let mut operands = Vec::new();
            for argument in given.iter() {
                operands.push(match argument {
                    Value::Array(_, array) | Value::Generator(array) => frame.address_of(*array),
                    number => frame.as_index(number)?,
                });
            }
            let attributes = vec![("routine", Attribute::Text(routine.to_string()))];
            let result = frame.emit("numeric.call_runtime", &operands, IrType::INDEX, attributes);
            Ok(frame.index_as_int(result))
        },
    },
    Meaning {
        name: "intrinsics.threads",
        parameters: "kind, value=None",
        doc: "An int that the pool of threads tells, or that is set there.",
        evaluate: |frame, arguments| {
            let Some(Value::Text(kind)) = &arguments[0] else { return Err(frame.typing("the kind must be constant")) };
            let attributes = vec![("kind", Attribute::Text(kind.to_string()))];
            let operands = match &arguments[1] {
                Some(value) => vec![frame.as_index(value)?],
                None => Vec::new(),
            };
            let told = frame.emit("numeric.threads", &operands, IrType::INDEX, attributes);
            Ok(frame.index_as_int(told))
        },
    },
];

fn float(frame: &mut Frame<'_, '_>, arguments: &[Option<Value>], kind: &'static str) -> Evaluated {
    let scalar = Scalar::Of(DType::Float64);
    let number = draw(frame, arguments, kind, &[], IrType::Scalar(scalar))?;
    cast(frame, &Value::Scalar(scalar, number), Scalar::Float)
}

fn draw(
    frame: &mut Frame<'_, '_>,
    arguments: &[Option<Value>],
    kind: &'static str,
    operands: &[ValueId],
    result: IrType,
) -> Evaluated<ValueId> {
    let attributes = attributes(frame, arguments, kind)?;
    Ok(frame.emit("numeric.random", operands, result, attributes))
}

fn attributes(
    frame: &Frame<'_, '_>,
    arguments: &[Option<Value>],
    kind: &str,
) -> Evaluated<Vec<(&'static str, Attribute)>> {
    match &arguments[0] {
        Some(Value::Text(generator)) => {
            Ok(vec![("kind", Attribute::Text(kind.into())), ("generator", Attribute::Text(generator.to_string()))])
        }
        _ => Err(frame.typing("the generator must be constant")),
    }
}
