//! What LLVM takes from the C library of the machine that builds and older systems lack. Hidden, so that no other library of
//! the process takes it from here.

#[cfg(all(target_os = "linux", target_env = "gnu"))]
std::arch::global_asm!(
    ".globl arc4random",
    ".hidden arc4random",
    ".type arc4random, %function",
    "arc4random:",
    // A jump: whatever the caller relies on stays as it is.
    #[cfg(target_arch = "x86_64")]
    "jmp {random}",
    #[cfg(target_arch = "aarch64")]
    "b {random}",
    ".size arc4random, . - arc4random",
    random = sym random,
);

/// A random number, for the names of temporary files.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
extern "C" fn random() -> u32 {
    let mut number = [0; 4];
    // SAFETY: the bytes are writable. Four come at once, whatever interrupts it.
    let got = unsafe { libc::getrandom(number.as_mut_ptr().cast(), number.len(), 0) };
    if got == 4 { u32::from_ne_bytes(number) } else { std::process::id() }
}
