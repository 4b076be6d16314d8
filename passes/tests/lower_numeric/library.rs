//! Functions of C's mathematical library: the compiled code gives the very bits that the library gives.

use crate::machine::{Slots, call, compile};
use std::ffi::c_void;

/// The C library's function of that name; what the linker would give may be the Rust compiler's own.
fn loaded(name: &str) -> *const c_void {
    numir_runtime::libm::lookup(name).expect("a function of the library").address().as_ptr()
}

/// A function of the library in both widths, and the number of its operands.
struct Function {
    name: &'static str,
    count: usize,
    double: fn([f64; 3]) -> f64,
    single: fn([f32; 3]) -> f32,
}

macro_rules! library {
    ($($count:literal: $(($($place:literal),*) $double:ident $single:ident),*;)*) => {
        const LIBRARY: &[Function] = &[$($(Function {
            name: stringify!($double),
            count: $count,
            double: |operands| {
                type Double = unsafe extern "C" fn($(library!(@ $place f64)),*) -> f64;
                // SAFETY: a total function of this type that keeps nothing.
                unsafe { std::mem::transmute::<*const c_void, Double>(loaded(stringify!($double)))($(operands[$place]),*) }
            },
            single: |operands| {
                type Single = unsafe extern "C" fn($(library!(@ $place f32)),*) -> f32;
                // SAFETY: as above.
                unsafe { std::mem::transmute::<*const c_void, Single>(loaded(stringify!($single)))($(operands[$place]),*) }
            },
        }),*),*];
    };
    (@ $place:literal $ty:ty) => { $ty };
}

library! {
    1: (0) acos acosf, (0) acosh acoshf, (0) asin asinf, (0) asinh asinhf, (0) atan atanf, (0) atanh atanhf, (0) cbrt cbrtf,
       (0) ceil ceilf, (0) cos cosf, (0) cosh coshf, (0) erf erff, (0) erfc erfcf, (0) exp expf, (0) exp2 exp2f,
       (0) expm1 expm1f, (0) fabs fabsf, (0) floor floorf, (0) lgamma lgammaf, (0) log logf, (0) log10 log10f,
       (0) log1p log1pf, (0) log2 log2f, (0) nearbyint nearbyintf, (0) rint rintf, (0) round roundf, (0) sin sinf,
       (0) sinh sinhf, (0) sqrt sqrtf, (0) tan tanf, (0) tanh tanhf, (0) tgamma tgammaf, (0) trunc truncf;
    2: (0, 1) atan2 atan2f, (0, 1) copysign copysignf, (0, 1) fdim fdimf, (0, 1) fmax fmaxf, (0, 1) fmin fminf,
       (0, 1) fmod fmodf, (0, 1) hypot hypotf, (0, 1) nextafter nextafterf, (0, 1) pow powf,
       (0, 1) remainder remainderf;
    3: (0, 1, 2) fma fmaf;
}

const VALUES: [f64; 12] = [0.0, -0.0, 0.1, -0.5, 0.75, 1.0, -2.5, 3.5, 30.25, -1e9, f64::INFINITY, f64::NAN];

#[test]
fn results_are_the_librarys() {
    let function = |Function { name, count, .. }: &Function| {
        let names = &["%a", "%b", "%c"][..*count];
        let of = |ty: &str| {
            let parameters: Vec<_> = names.iter().map(|name| format!("{name}: {ty}")).collect();
            format!(
                "func.func @{name}_{ty}({}) -> {ty} attributes {{numeric.entry}} {{\n\
                 %r = numeric.libm {name}({}) : {ty}\nreturn %r : {ty}\n}}\n",
                parameters.join(", "),
                names.join(", ")
            )
        };
        of("f64") + &of("f32")
    };
    let jit = compile("numeric", &LIBRARY.iter().map(function).collect::<String>());
    let run = |name: String, operands: [u64; 3]| {
        let slots = operands.into_iter().fold(Slots::default(), |slots, bits| slots.int(bits as i64));
        let mut result = Slots::room(1);
        call(&jit, &name, &slots, &mut result).expect("fine");
        result.word(0)
    };
    // Which of two zeros fmax and fmin give is left open by C.
    let is_open = |name: &str| matches!(name, "fmax" | "fmin");
    for Function { name, count, double, single } in LIBRARY {
        for index in 0..VALUES.len().pow(*count as u32) {
            let pick = |place: u32| VALUES[index / VALUES.len().pow(place) % VALUES.len()];
            let operands = [pick(0), pick(1), pick(2)];
            let result = f64::from_bits(run(format!("{name}_f64"), operands.map(f64::to_bits)));
            let expected = double(operands);
            assert!(
                result.to_bits() == expected.to_bits()
                    || result.is_nan() && expected.is_nan()
                    || is_open(name) && result == expected,
                "{name}{operands:?}"
            );
            let narrow = operands.map(|value| value as f32);
            let result = f32::from_bits(run(format!("{name}_f32"), narrow.map(|value| value.to_bits().into())) as u32);
            let expected = single(narrow);
            assert!(
                result.to_bits() == expected.to_bits()
                    || result.is_nan() && expected.is_nan()
                    || is_open(name) && result == expected,
                "{name}f{narrow:?}"
            );
        }
    }
}
