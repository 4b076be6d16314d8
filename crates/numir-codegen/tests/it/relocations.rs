//! What the loader makes of each kind of relocation, section and symbol, in assembly by hand.
#![cfg(target_arch = "x86_64")]

use std::ffi::c_void;

use numir_runtime::loader::{LoadError, Loaded};

use crate::{context, function, generator, parse};

extern "C" fn far_function(x: i64) -> i64 {
    x + 1
}

static FAR_DATA: i64 = 77;

/// The program has both, which lies far from where memory comes from.
fn resolve(name: &str) -> Option<*const c_void> {
    match name {
        "far_function" => Some(far_function as *const c_void),
        "far_data" => Some((&raw const FAR_DATA).cast()),
        _ => None,
    }
}

/// The assembly as an object of its own.
fn assemble(assembly: &str) -> Vec<u8> {
    let lines: Vec<_> = assembly.lines().map(|line| format!("{:?}", line.trim())).collect();
    let module = format!("module attributes {{llvm.module_asm = [{}]}} {{}}", lines.join(", "));
    let context = context();
    generator("x86-64").object(&parse(&context, &module)).unwrap()
}

fn load(assembly: &str) -> Result<Loaded, LoadError> {
    Loaded::load(&assemble(assembly), &resolve)
}

fn value(code: &Loaded, name: &str) -> i64 {
    let f: extern "C" fn(i64) -> i64 = function(code, name);
    f(41)
}

#[test]
fn far_calls_take_a_stub() {
    let code = load(
        ".globl calls
        calls: pushq %rax
        callq far_function@PLT
        popq %rcx
        retq
        .globl jumps
        jumps: jmp far_function@PLT
        .globl reads
        reads: jmpq *far_function@GOTPCREL(%rip)",
    );
    let code = code.unwrap();
    let distance = (far_function as *const () as i64).abs_diff(code.symbol("calls").unwrap() as i64);
    assert!(distance > 1 << 31, "the test tests nothing");
    assert_eq!([value(&code, "calls"), value(&code, "jumps"), value(&code, "reads")], [42; 3]);
}

#[test]
fn data_is_reached_by_all_ways() {
    let code = load(
        ".globl by_table, by_pointer, by_distance, own_by_table, from_the_table, weak, constant
        by_table: movq far_data@GOTPCREL(%rip), %rax
        movq (%rax), %rax
        retq
        by_pointer: movq pointer(%rip), %rax
        movq (%rax), %rax
        retq
        by_distance: leaq distance(%rip), %rax
        addq (%rax), %rax
        movq (%rax), %rax
        retq
        own_by_table: movq own@GOTPCREL(%rip), %rax
        movq (%rax), %rax
        retq
        from_the_table: leaq _GLOBAL_OFFSET_TABLE_(%rip), %rax
        addq from_table(%rip), %rax
        movq (%rax), %rax
        retq
        weak: movq nobody@GOTPCREL(%rip), %rax
        retq
        constant: movabsq $given, %rax
        retq
        .weak nobody
        .globl given
        given = 5
        .section .data.rel.ro, \"aw\"
        .p2align 3
        pointer: .quad far_data
        distance: .quad far_data - distance
        from_table: .quad own@GOTOFF
        .data
        .globl own
        own: .quad 78",
    );
    let code = code.unwrap();
    assert_eq!([value(&code, "by_table"), value(&code, "by_pointer"), value(&code, "by_distance")], [77; 3]);
    assert_eq!([value(&code, "own_by_table"), value(&code, "from_the_table")], [78; 2]);
    assert_eq!((value(&code, "weak"), value(&code, "constant")), (0, 5));
}

#[test]
fn variables_are_zero_aligned_and_can_be_written() {
    let code = load(
        ".globl count, where
        count: incq zeros(%rip)
        movq shared@GOTPCREL(%rip), %rax
        incq (%rax)
        movq (%rax), %rax
        addq zeros(%rip), %rax
        retq
        where: movq shared@GOTPCREL(%rip), %rax
        retq
        .comm shared, 8, 64
        .bss
        .p2align 3
        zeros: .zero 8",
    );
    let code = code.unwrap();
    assert_eq!([value(&code, "count"), value(&code, "count")], [2, 4]);
    assert_eq!(value(&code, "where") % 64, 0);
    assert_eq!(code.symbol("shared"), Some(value(&code, "where") as *const c_void));
}

#[test]
fn constants_lie_beside_code_and_cannot_be_written() {
    let code = load(
        ".globl text, first
        first: leaq text(%rip), %rax
        movsbq (%rax,%rdi), %rax
        retq
        .section .rodata.str1.1, \"aMS\", @progbits, 1
        .zero 41
        text: .asciz \"hello\"",
    );
    let code = code.unwrap();
    let first: extern "C" fn(i64) -> i64 = function(&code, "first");
    assert_eq!(first(1), i64::from(b'e'));
    let access = |address: *const c_void| {
        let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
        let line = maps.lines().find(|line| {
            let (start, end) = line.split_once(' ').unwrap().0.split_once('-').unwrap();
            let bound = |text| usize::from_str_radix(text, 16).unwrap();
            (bound(start)..bound(end)).contains(&(address as usize))
        });
        line.unwrap().split(' ').nth(1).unwrap().to_owned()
    };
    assert_eq!(access(code.symbol("text").unwrap()), "r--p");
    assert_eq!(access(code.symbol("first").unwrap()), "r-xp");
}

#[test]
fn what_is_not_supported_is_named() {
    let error = |assembly| load(assembly).err().unwrap();
    let missing = error(".globl f\nf: callq nobody@PLT\ncallq nowhere@PLT");
    assert_eq!(missing.to_string(), "undefined symbols: nobody, nowhere");
    let far = error(".data\n.long far_data");
    assert_eq!(far.to_string(), "`far_data` is out of reach of a relocation of kind 10");
    let unknown = error(".data\n.byte far_data\n.short far_data\n.byte far_data");
    assert_eq!(unknown.to_string(), "unknown kinds of relocations: 12, 14");
    let threads = error(".section .tdata, \"awT\"\n.quad 1");
    assert!(matches!(threads, LoadError::Unsupported("thread-local data")), "{threads}");
    let initialisers = error(".section .init_array, \"aw\"\n.quad far_function");
    assert!(matches!(initialisers, LoadError::Unsupported("initialisers")), "{initialisers}");
    let indirect = error(".type f, @gnu_indirect_function\n.globl f\nf: retq");
    assert!(matches!(indirect, LoadError::Unsupported("indirect functions")), "{indirect}");
    let writable = error(".section .wild, \"awx\"\nretq");
    assert!(matches!(writable, LoadError::Unsupported("code that can be written")), "{writable}");
    let large = error(".bss\n.zero 1073741824");
    assert_eq!(large.to_string(), "the object is damaged: it is too large");
}
