//! `lower-atomics`: what threads do to memory in one step, and the order of their accesses, in the llvm dialect's words.
//!
//! ```text
//! %old = numeric.atomic "max" %a[%i], %x : memref<?xf64>, f64
//!   ↓
//! %old = llvm.atomicrmw fmaximum address of %a[%i], %x syncscope("device") monotonic
//! ```
//! LLVM has such an operation for every kind, and makes a loop around a compare-and-exchange of those that the hardware does not have. The scope is of
//! account on a GPU alone.

use crate::support::bits::{from_word, to_word};
use crate::support::llvm;
use crate::support::memref::{self, MemRef};
use crate::support::scalars::{OPERAND_TYPES, named_types};
use crate::support::storage::item_bytes;
use numir_numeric::ir::{Builder, Op, Val};
use numir_pipeline::properties::{ATOMICS_LOWERED, KERNELS_OUTLINED};
use numir_pipeline::{Pass, PassContext, PassError, Property, register_pass};
use numir_runtime::dtype::Kind;

/// The kinds, with LLVM's numbers of them for integers with a sign, integers without one, and floats.
const KINDS: [(&str, [i64; 3]); 12] = [
    ("add", [1, 1, 11]),
    ("sub", [2, 2, 12]),
    ("min", [8, 10, 20]),
    ("max", [7, 9, 19]),
    ("nanmin", [8, 10, 14]),
    ("nanmax", [7, 9, 13]),
    ("and", [3, 3, 3]),
    ("or", [5, 5, 5]),
    ("xor", [6, 6, 6]),
    ("inc", [15, 15, 15]),
    ("dec", [16, 16, 16]),
    ("exchange", [0, 0, 0]),
];

/// The scopes of fences in LLVM's words; that of the whole system has none.
const SCOPES: [(&str, Option<&str>); 3] = [("block", Some("block")), ("device", Some("device")), ("system", None)];

/// LLVM's numbers of orders: no order among accesses to other places, and one order of all.
const MONOTONIC: i64 = 2;
const SEQUENTIAL: i64 = 7;

/// The pass.
struct LowerAtomics;

register_pass!(LowerAtomics);

impl Pass for LowerAtomics {
    fn name(&self) -> &'static str {
        "lower-atomics"
    }

    fn summary(&self) -> &'static str {
        "turn what threads do to memory in one step into the llvm dialect's operations"
    }

    fn requires(&self) -> &'static [Property] {
        &[KERNELS_OUTLINED]
    }

    fn after(&self) -> &'static [&'static str] {
        &["lower-launches", "simulate-threads"]
    }

    fn before(&self) -> &'static [&'static str] {
        &["expand-strided-metadata", "convert-scf-to-cf", "convert-to-llvm"]
    }

    fn establishes(&self) -> &'static [Property] {
        &[ATOMICS_LOWERED]
    }

    fn dialects(&self) -> &'static [fn() -> melior::dialect::DialectHandle] {
        use numir_pipeline::dialects::{arith, llvm};
        &[arith, llvm]
    }

    fn run<'c>(&self, module: Op<'c>, _: &PassContext<'c>) -> Result<(), PassError> {
        for operation in module.collect(|operation| operation.name().starts_with("numeric.")) {
            let lowered = match operation.name() {
                "numeric.atomic" => atomic(operation),
                "numeric.compare_exchange" => compare_exchange(operation),
                "numeric.fence" => fence(operation),
                _ => Some(()),
            };
            lowered.ok_or_else(|| {
                let text = format!("nothing is known of the kind or the types of `{}`", operation.name());
                PassError::compiler(operation.location(), text)
            })?;
        }
        Ok(())
    }
}

/// The address of the item that an operation is about: its array is the first operand, and `values` operands stand behind the indices.
fn item_address<'c>(builder: &Builder<'c>, operation: Op<'c>, values: usize) -> Option<Val<'c>> {
    let operands = operation.operands();
    let shape = MemRef::of(operands.first()?.ty())?;
    let indices = operands.get(1..operands.len().checked_sub(values)?)?;
    Some(memref::address(builder, &shape, operands[0], indices))
}

fn atomic(operation: Op<'_>) -> Option<()> {
    let kind = operation.string_attribute("kind")?;
    let numbers = KINDS.iter().find(|(name, _)| *name == kind).map(|(_, numbers)| numbers)?;
    let dtype = named_types(operation, OPERAND_TYPES).first().copied().flatten()?;
    let class = match dtype.kind() {
        Kind::Signed => 0,
        Kind::Unsigned => 1,
        Kind::Float => 2,
        _ => return None,
    };
    let builder = Builder::before(operation);
    let address = item_address(&builder, operation, 1)?;
    let value = *operation.operands().last()?;
    let attributes = [
        ("bin_op", builder.i64_attribute(numbers[class])),
        ("ordering", builder.i64_attribute(MONOTONIC)),
        ("syncscope", builder.string("device")),
    ];
    operation.replace(&[builder.value("llvm.atomicrmw", &[address, value], value.ty(), &attributes)]);
    Some(())
}

/// Floats are compared by their bits.
fn compare_exchange(operation: Op<'_>) -> Option<()> {
    let builder = Builder::before(operation);
    let address = item_address(&builder, operation, 2)?;
    let operands = operation.operands();
    let ty = operation.result(0).ty();
    let integer = builder.integer(8 * item_bytes(ty) as u32);
    let bits = |value| from_word(&builder, to_word(&builder, value), integer);
    let [expected, value] = [operands[operands.len() - 2], operands[operands.len() - 1]].map(bits);
    let pair = llvm::struct_type(&builder, &[integer, builder.integer(1)]);
    let attributes = [
        ("success_ordering", builder.i64_attribute(MONOTONIC)),
        ("failure_ordering", builder.i64_attribute(MONOTONIC)),
        ("syncscope", builder.string("device")),
    ];
    let exchanged = builder.value("llvm.cmpxchg", &[address, expected, value], pair, &attributes);
    let old = llvm::extract(&builder, exchanged, integer, &[0]);
    operation.replace(&[from_word(&builder, to_word(&builder, old), ty)]);
    Some(())
}

fn fence(operation: Op<'_>) -> Option<()> {
    let scope = operation.string_attribute("scope")?;
    let (_, scope) = SCOPES.iter().find(|(name, _)| *name == scope)?;
    let builder = Builder::before(operation);
    let mut attributes = vec![("ordering", builder.i64_attribute(SEQUENTIAL))];
    attributes.extend(scope.map(|scope| ("syncscope", builder.string(scope))));
    builder.create("llvm.fence", &[], &[], &attributes, &[]);
    operation.erase();
    Some(())
}
