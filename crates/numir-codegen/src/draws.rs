//! Draws from a `Generator` in compiled code, without a call for each.
//!
//! Nearly all Generators draw from a PCG64, NumPy's or the runtime's own. A function of the runtime tells where its state is, once per
//! loop, since it says the same each time; a step of the state, which stays in memory so that the generator goes on wherever code stops, is a
//! product and a sum of 128 bits. The ziggurat of normal and exponential numbers decides 99 of 100 draws by two tables; the rest, and all
//! other bit generators, are the runtime's.

use crate::error::Error;
use crate::linked::{link, named, set_linkage};
use crate::llvm::Module;
use llvm_sys::LLVMLinkage;
use llvm_sys::core::{LLVMDeleteFunction, LLVMReplaceAllUsesWith};
use numir_runtime::random::{EXPONENTIAL_STRIPS, NORMAL_STRIPS, PCG64_FACTOR, Strips};
use std::fmt::Write as _;

/// A function of the runtime that is replaced: its name without `numir_generator_`, and what it makes of the 64 bits `%bits`: the instructions
/// of the block `known`, which leads to the block `done` with the result `%drawn`.
struct Draw {
    name: &'static str,
    text: &'static str,
    strips: Option<&'static Strips>,
}

const DRAWS: [Draw; 4] = [
    Draw { name: "bits64", text: "  %drawn = add i64 %bits, 0\n  br label %done\n", strips: None },
    Draw {
        name: "double",
        text: "  %upper = lshr i64 %bits, 11
  %whole = uitofp i64 %upper to double
  %float = fmul double %whole, 0x3CA0000000000000
  %drawn = bitcast double %float to i64
  br label %done
",
        strips: None,
    },
    Draw {
        name: "normal",
        text: "  %strip = and i64 %bits, 255
  %shifted = lshr i64 %bits, 9
  %position = and i64 %shifted, 4503599627370495
  %bit = and i64 %bits, 256
  %sign = shl i64 %bit, 55
",
        strips: Some(&NORMAL_STRIPS),
    },
    Draw {
        name: "exponential",
        text: "  %moved = lshr i64 %bits, 3
  %strip = and i64 %moved, 255
  %position = lshr i64 %bits, 11
  %sign = add i64 0, 0
",
        strips: Some(&EXPONENTIAL_STRIPS),
    },
];

/// Defines the draws that a module calls, and has it call them.
pub(crate) fn put_in(module: &Module) -> Result<(), Error> {
    let called: Vec<_> = DRAWS.iter().filter(|draw| named(module, &draw.runtimes()).is_some()).collect();
    if called.is_empty() {
        return Ok(());
    }
    let low_factor = PCG64_FACTOR as u64;
    // The upper half of the state comes last, and is last added: the lower half of the next draws does not wait for it.
    let mut text = format!(
        "declare i64 @numir_generator_place(i64) memory(none) nounwind willreturn speculatable
declare i64 @llvm.fshr.i64(i64, i64, i64)
!0 = !{{!\"branch_weights\", i32 127, i32 1}}

define internal i64 @\"numir.draw.next\"(ptr %place) alwaysinline nounwind {{
  %lower = load i64, ptr %place, align 8
  %second = getelementptr i8, ptr %place, i64 8
  %upper = load i64, ptr %second, align 8
  %behind = getelementptr i8, ptr %place, i64 16
  %increment = load i128, ptr %behind, align 8
  %wide = zext i64 %lower to i128
  %product = mul i128 %wide, {PCG64_FACTOR}
  %sum = add i128 %product, %increment
  %shifted = lshr i128 %sum, 64
  %most = trunc i128 %shifted to i64
  %cross = mul i64 %upper, {low_factor}
  %high = add i64 %most, %cross
  %low = trunc i128 %sum to i64
  store i64 %low, ptr %place, align 8
  store i64 %high, ptr %second, align 8
  %mixed = xor i64 %high, %low
  %turn = lshr i64 %high, 58
  %bits = call i64 @llvm.fshr.i64(i64 %mixed, i64 %mixed, i64 %turn)
  ret i64 %bits
}}
"
    );
    for draw in &called {
        draw.write(&mut text);
    }
    link(module, &text)?;
    for draw in called {
        // What is internal from the start and not yet called is not taken over.
        set_linkage(module, &draw.own(), LLVMLinkage::LLVMInternalLinkage);
        let functions = [draw.runtimes(), draw.own(), draw.other()].map(|name| named(module, &name));
        let [Some(runtimes), Some(own), Some(other)] = functions else { continue };
        // SAFETY: the functions are alive and of one type; nothing uses `other` when it is deleted.
        unsafe {
            LLVMReplaceAllUsesWith(runtimes, own);
            LLVMReplaceAllUsesWith(other, runtimes);
            LLVMDeleteFunction(other);
        }
    }
    Ok(())
}

impl Draw {
    fn runtimes(&self) -> String {
        format!("numir_generator_{}", self.name)
    }

    fn own(&self) -> String {
        format!("numir.draw.{}", self.name)
    }

    /// Stands for the runtime's function while its calls are replaced.
    fn other(&self) -> String {
        format!("numir.other.{}", self.name)
    }

    fn write(&self, text: &mut String) {
        let (own, other, name) = (self.own(), self.other(), self.name);
        let mut known = self.text.to_owned();
        let (mut unsure, mut results) = (String::new(), "[ %drawn, %known ], [ %called, %unknown ]".to_owned());
        if let Some(strips) = self.strips {
            let widths = strips.widths.map(|width| format!("double 0x{:016X}", width.to_bits())).join(", ");
            let sure = strips.sure.map(|position| format!("i64 {position}")).join(", ");
            _ = write!(
                text,
                "@\"{own}.widths\" = private unnamed_addr constant [256 x double] [{widths}]
@\"{own}.sure\" = private unnamed_addr constant [256 x i64] [{sure}]
declare i64 @numir_generator_unsure_{name}(i64, i64)
"
            );
            _ = write!(
                known,
                "  %whole = sitofp i64 %position to double
  %at = getelementptr double, ptr @\"{own}.widths\", i64 %strip
  %width = load double, ptr %at, align 8
  %size = fmul double %whole, %width
  %pattern = bitcast double %size to i64
  %drawn = xor i64 %pattern, %sign
  %bound = getelementptr i64, ptr @\"{own}.sure\", i64 %strip
  %end = load i64, ptr %bound, align 8
  %sure = icmp ult i64 %position, %end
  br i1 %sure, label %done, label %unsure, !prof !0
"
            );
            unsure = format!(
                "unsure:
  %rare = call i64 @numir_generator_unsure_{name}(i64 %address, i64 %bits)
  br label %done
"
            );
            results.push_str(", [ %rare, %unsure ]");
        }
        _ = write!(
            text,
            "declare i64 @\"{other}\"(i64)
define i64 @\"{own}\"(i64 %address) alwaysinline nounwind {{
  %number = call i64 @numir_generator_place(i64 %address)
  %is_known = icmp ne i64 %number, 0
  br i1 %is_known, label %known, label %unknown, !prof !0
known:
  %place = inttoptr i64 %number to ptr
  %bits = call i64 @\"numir.draw.next\"(ptr %place)
{known}{unsure}unknown:
  %called = call i64 @\"{other}\"(i64 %address)
  br label %done
done:
  %result = phi i64 {results}
  ret i64 %result
}}
"
        );
    }
}
