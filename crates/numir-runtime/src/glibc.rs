//! Functions of the C library under the versions that older systems have: the linker takes the newest that the machine has which
//! builds, and the library would not load elsewhere. Both versions give the same results; the new ones leave `errno` alone.

#[cfg(all(target_os = "linux", target_env = "gnu", target_arch = "x86_64"))]
std::arch::global_asm!(
    ".symver numir_hypot, hypot@GLIBC_2.2.5",
    ".globl hypot",
    ".hidden hypot",
    ".type hypot, @function",
    "hypot:",
    "jmp numir_hypot@PLT",
    ".size hypot, . - hypot",
    ".symver numir_hypotf, hypotf@GLIBC_2.2.5",
    ".globl hypotf",
    ".hidden hypotf",
    ".type hypotf, @function",
    "hypotf:",
    "jmp numir_hypotf@PLT",
    ".size hypotf, . - hypotf",
);
