//! Helpers that LLVM calls on its own account, with addresses for the loader: block copies, float16, 128-bit integers.
//! They come from the C library and from the compiler support that Rust links into every program; an ahead-of-time object
//! finds them in libnumir_runtime.a or libgcc.

use std::ffi::c_void;

use crate::abi::Address;

macro_rules! builtins {
    ($($name:ident)*) => {
        mod c {
            // Only the addresses are used: the true signatures (half, __int128) cannot be written in stable Rust.
            unsafe extern "C" { $(pub fn $name();)* }
        }
        /// Symbols and addresses.
        pub static TABLE: &[(&str, Address)] = &[$((stringify!($name), Address::new(c::$name as unsafe extern "C" fn() as *const c_void))),*];
    };
}

builtins! {
    memcpy memmove memset memcmp bcmp strlen
    __extendhfsf2 __extendhfdf2 __truncsfhf2 __truncdfhf2
    __powisf2 __powidf2
    __multi3 __mulodi4 __muloti4 __divti3 __modti3 __udivti3 __umodti3 __ashlti3 __ashrti3 __lshrti3
    __fixsfti __fixdfti __fixunssfti __fixunsdfti __floattisf __floattidf __floatuntisf __floatuntidf
}

/// The address of a helper.
#[must_use]
pub fn lookup(name: &str) -> Option<Address> {
    TABLE.iter().find(|row| row.0 == name).map(|row| row.1)
}
