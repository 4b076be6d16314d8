//! The C library's mathematics by name: what `numeric.libm` may call, and what LLVM makes of it, with addresses for the loader.

use std::ffi::{CString, c_int, c_void};
use std::sync::OnceLock;

use crate::abi::{AbiType, Address, Type, param};

/// A function of the C library.
#[derive(Clone, Copy, Debug)]
pub struct Function {
    /// Its symbol: `sin`, or `sinf` for float32.
    pub name: &'static str,
    /// The types of its parameters.
    pub params: &'static [Type],
    /// The type of its result; `None` is `void`.
    pub result: Option<Type>,
    /// Where the linker put it.
    linked: Address,
}

impl Function {
    /// Where the C library has it. Rust's compiler brings functions of its own under some of these names (`cbrt`, `fma`,
    /// `fmod`, `rint`), which the linker prefers and which round differently: the loaded library is asked first.
    #[must_use]
    pub fn address(&self) -> Address {
        let found = CString::new(self.name).ok().and_then(|name| {
            // SAFETY: the library stays loaded for the process's life, and the name is terminated.
            let symbol = unsafe { libc::dlsym(library(), name.as_ptr()) };
            (!symbol.is_null()).then_some(symbol)
        });
        found.map_or(self.linked, |symbol| Address::new(symbol.cast_const()))
    }
}

/// The handle of the C library's mathematics; where it is not found, of whatever the process has loaded.
fn library() -> *mut c_void {
    static LIBRARY: OnceLock<usize> = OnceLock::new();
    // SAFETY: the name is terminated; loading libm, which the process has loaded already, runs no code.
    let open = || unsafe { libc::dlopen(c"libm.so.6".as_ptr(), libc::RTLD_LAZY) as usize };
    *LIBRARY.get_or_init(open) as *mut c_void
}

macro_rules! functions {
    ($($params:tt -> $ret:ty { $($name:ident)* })*) => {
        mod c {
            use super::c_int;
            #[link(name = "m")]
            unsafe extern "C" { $($(declare! { $name $params -> $ret })*)* }
        }
        /// Every function that compiled code may call.
        pub static TABLE: &[Function] = &[$($(row! { $name $params -> $ret }),*),*];
    };
}

macro_rules! declare {
    ($name:ident ($($ty:ty),*) -> $ret:ty) => { pub fn $name($(_: $ty),*) -> $ret; };
}

macro_rules! row {
    ($name:ident ($($ty:ty),*) -> $ret:ty) => {
        Function {
            name: stringify!($name),
            params: &[$(param::<$ty>()),*],
            result: <$ret as AbiType>::TYPE,
            linked: Address::new(c::$name as unsafe extern "C" fn($($ty),*) -> $ret as *const c_void),
        }
    };
}

functions! {
    (f64) -> f64 {
        sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh exp exp2 exp10 expm1 log log2 log10 log1p logb
        sqrt cbrt erf erfc tgamma lgamma j0 j1 y0 y1 fabs floor ceil trunc round roundeven nearbyint rint
    }
    (f32) -> f32 {
        sinf cosf tanf asinf acosf atanf sinhf coshf tanhf asinhf acoshf atanhf expf exp2f exp10f expm1f logf log2f log10f
        log1pf logbf sqrtf cbrtf erff erfcf tgammaf lgammaf j0f j1f y0f y1f fabsf floorf ceilf truncf roundf roundevenf nearbyintf rintf
    }
    (f64, f64) -> f64 { pow atan2 hypot fmod remainder copysign nextafter fdim fmax fmin }
    (f32, f32) -> f32 { powf atan2f hypotf fmodf remainderf copysignf nextafterf fdimf fmaxf fminf }
    (f64, f64, f64) -> f64 { fma }
    (f32, f32, f32) -> f32 { fmaf }
    (f64, c_int) -> f64 { ldexp scalbn }
    (f32, c_int) -> f32 { ldexpf scalbnf }
    (f64, *mut c_int) -> f64 { frexp }
    (f32, *mut c_int) -> f32 { frexpf }
    (f64, *mut f64) -> f64 { modf }
    (f32, *mut f32) -> f32 { modff }
    (f64, *mut f64, *mut f64) -> () { sincos }
    (f32, *mut f32, *mut f32) -> () { sincosf }
    (f64) -> c_int { ilogb }
    (f32) -> c_int { ilogbf }
    (f64) -> i64 { llround llrint }
    (f32) -> i64 { llroundf llrintf }
}

/// The function of a C name.
#[must_use]
pub fn lookup(name: &str) -> Option<&'static Function> {
    TABLE.iter().find(|function| function.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_found_with_their_signatures() {
        let pow = lookup("pow").expect("in the table");
        assert_eq!((pow.params, pow.result), (&[Type::F64, Type::F64][..], Some(Type::F64)));
        // SAFETY: that is pow's type.
        let call: extern "C" fn(f64, f64) -> f64 = unsafe { std::mem::transmute(pow.address().as_ptr()) };
        assert_eq!(call(2.0, 10.0), 1024.0);
        assert_eq!(lookup("sincosf").expect("in the table").result, None);
        assert!(lookup("gamma").is_none());
    }

    #[test]
    fn addresses_are_the_c_librarys() {
        let cbrt = lookup("cbrt").expect("in the table");
        // SAFETY: that is cbrt's type.
        let call: extern "C" fn(f64) -> f64 = unsafe { std::mem::transmute(cbrt.address().as_ptr()) };
        assert_eq!(call(0.3).to_bits(), 0.669_432_950_082_169_4_f64.to_bits());
    }

    #[test]
    fn each_double_function_has_its_float_twin() {
        for function in TABLE.iter().filter(|function| function.params[0] == Type::F64) {
            assert!(lookup(&format!("{}f", function.name)).is_some(), "{}", function.name);
        }
    }
}
