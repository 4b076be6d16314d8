//! x86-64: what LLVM's relocations mean, as the processor supplement of the System V ABI has it.

use object::elf::{self, RelocationType};

use super::relocate::{Field, From, Machine, Rule, STUB, Value};

pub(super) static MACHINE: Machine = Machine { number: elf::EM_X86_64, rules: RULES, stub };

const fn rule(value: Value, from: From, field: Field) -> Rule {
    Rule { value, from, field }
}

const RULES: &[(RelocationType, Rule)] = &[
    (elf::R_X86_64_PLT32, rule(Value::Callee, From::Place, Field::Signed32)),
    (elf::R_X86_64_PC32, rule(Value::Symbol, From::Place, Field::Signed32)),
    (elf::R_X86_64_64, rule(Value::Symbol, From::Zero, Field::Word64)),
    (elf::R_X86_64_REX_GOTPCRELX, rule(Value::Slot, From::Place, Field::Signed32)),
    (elf::R_X86_64_GOTPCRELX, rule(Value::Slot, From::Place, Field::Signed32)),
    (elf::R_X86_64_GOTPCREL, rule(Value::Slot, From::Place, Field::Signed32)),
    (elf::R_X86_64_32, rule(Value::Symbol, From::Zero, Field::Unsigned32)),
    (elf::R_X86_64_32S, rule(Value::Symbol, From::Zero, Field::Signed32)),
    (elf::R_X86_64_PC64, rule(Value::Symbol, From::Place, Field::Word64)),
    (elf::R_X86_64_GOTOFF64, rule(Value::Symbol, From::Table, Field::Word64)),
    (elf::R_X86_64_GOTPC32, rule(Value::Table, From::Place, Field::Signed32)),
    (elf::R_X86_64_GOTPC64, rule(Value::Table, From::Place, Field::Word64)),
    (elf::R_X86_64_GOT64, rule(Value::Slot, From::Table, Field::Word64)),
    (elf::R_X86_64_GOTPCREL64, rule(Value::Slot, From::Place, Field::Word64)),
    (elf::R_X86_64_PLTOFF64, rule(Value::Callee, From::Table, Field::Word64)),
    (elf::R_X86_64_NONE, rule(Value::Nothing, From::Zero, Field::Empty)),
];

/// `jmp *slot(%rip)`, and traps behind it.
fn stub(stub: u64, slot: u64) -> [u8; STUB] {
    let distance = slot.wrapping_sub(stub).wrapping_sub(6) as u32;
    let mut code = [0xcc; STUB];
    code[..2].copy_from_slice(&[0xff, 0x25]);
    code[2..6].copy_from_slice(&distance.to_le_bytes());
    code
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stub_jumps_through_its_slot() {
        let code = stub(0x7000_1000, 0x7000_0008);
        assert_eq!(code[..6], [0xff, 0x25, 0x02, 0xf0, 0xff, 0xff]);
    }

    #[test]
    fn distances_are_counted_from_the_field() {
        let call = MACHINE.rule(elf::R_X86_64_PLT32).expect("in the table");
        let mut bytes = [0; 4];
        let amount = call.amount(0x2000u64.wrapping_sub(4), 0x1001, 0);
        assert_eq!(call.field.write(&mut bytes, amount), Ok(()));
        assert_eq!(u32::from_le_bytes(bytes), 0xffb);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        use super::super::relocate::Unfit;
        let write = |kind, amount: i64, len: usize| {
            let rule = MACHINE.rule(kind).expect("in the table");
            rule.field.write(&mut [0; 8][..len], amount.cast_unsigned())
        };
        assert_eq!(write(elf::R_X86_64_PC32, i64::from(i32::MIN), 4), Ok(()));
        assert_eq!(write(elf::R_X86_64_PC32, i64::from(i32::MAX) + 1, 4), Err(Unfit::Value));
        assert_eq!(write(elf::R_X86_64_32, i64::from(u32::MAX), 4), Ok(()));
        assert_eq!(write(elf::R_X86_64_32, -1, 4), Err(Unfit::Value));
        assert_eq!(write(elf::R_X86_64_64, -1, 7), Err(Unfit::Place));
    }
}
