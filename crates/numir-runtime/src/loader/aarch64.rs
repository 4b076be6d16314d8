//! 64-bit ARM: what LLVM's relocations mean, as Arm's ELF for the 64-bit architecture has it.

use object::elf::{self, RelocationType};

use super::relocate::{Field, From, Machine, Rule, STUB, Value};

pub(super) static MACHINE: Machine = Machine { number: elf::EM_AARCH64, rules: RULES, stub };

const fn rule(value: Value, from: From, field: Field) -> Rule {
    Rule { value, from, field }
}

const fn low12(scale: u32) -> Rule {
    rule(Value::Symbol, From::Zero, Field::Low12 { scale })
}

const fn branch(value: Value, at: u32, width: u32) -> Rule {
    rule(value, From::Place, Field::Branch { at, width })
}

const PAGE: Field = Field::Adr { scale: 12 };

const RULES: &[(RelocationType, Rule)] = &[
    (elf::R_AARCH64_CALL26, branch(Value::Callee, 0, 26)),
    (elf::R_AARCH64_JUMP26, branch(Value::Callee, 0, 26)),
    (elf::R_AARCH64_ADR_PREL_PG_HI21, rule(Value::Symbol, From::Page, PAGE)),
    (elf::R_AARCH64_ADD_ABS_LO12_NC, low12(0)),
    (elf::R_AARCH64_LDST8_ABS_LO12_NC, low12(0)),
    (elf::R_AARCH64_LDST16_ABS_LO12_NC, low12(1)),
    (elf::R_AARCH64_LDST32_ABS_LO12_NC, low12(2)),
    (elf::R_AARCH64_LDST64_ABS_LO12_NC, low12(3)),
    (elf::R_AARCH64_LDST128_ABS_LO12_NC, low12(4)),
    (elf::R_AARCH64_ADR_GOT_PAGE, rule(Value::Slot, From::Page, PAGE)),
    (elf::R_AARCH64_LD64_GOT_LO12_NC, rule(Value::Slot, From::Zero, Field::Low12 { scale: 3 })),
    (elf::R_AARCH64_ABS64, rule(Value::Symbol, From::Zero, Field::Word64)),
    (elf::R_AARCH64_ABS32, rule(Value::Symbol, From::Zero, Field::Unsigned32)),
    (elf::R_AARCH64_PREL64, rule(Value::Symbol, From::Place, Field::Word64)),
    (elf::R_AARCH64_PREL32, rule(Value::Symbol, From::Place, Field::Signed32)),
    (elf::R_AARCH64_ADR_PREL_LO21, rule(Value::Symbol, From::Place, Field::Adr { scale: 0 })),
    (elf::R_AARCH64_LD_PREL_LO19, branch(Value::Symbol, 5, 19)),
    (elf::R_AARCH64_CONDBR19, branch(Value::Symbol, 5, 19)),
    (elf::R_AARCH64_TSTBR14, branch(Value::Symbol, 5, 14)),
    (elf::R_AARCH64_NONE, rule(Value::Nothing, From::Zero, Field::Empty)),
];

/// `adrp x16, slot; ldr x16, [x16, slot]; br x16; nop`: the register is the one that calls may change on their way.
fn stub(stub: u64, slot: u64) -> [u8; STUB] {
    let mut code = [0; STUB];
    for (word, instruction) in code.chunks_exact_mut(4).zip([0x9000_0010u32, 0xf940_0210, 0xd61f_0200, 0xd503_201f]) {
        word.copy_from_slice(&instruction.to_le_bytes());
    }
    let pages = (slot & !0xfff).wrapping_sub(stub & !0xfff);
    // Both fit: stub and slot lie in one region, which is smaller than the 4 GiB that `adrp` reaches, and slots are aligned.
    let _fits = PAGE.write(&mut code, pages).and(Field::Low12 { scale: 3 }.write(&mut code[4..], slot));
    code
}

#[cfg(test)]
mod tests {
    use super::super::relocate::Unfit;
    use super::*;

    /// The instruction after the relocation, for a symbol at `address` and an instruction at `place`.
    fn relocated(kind: RelocationType, instruction: u32, address: u64, place: u64) -> Result<u32, Unfit> {
        let rule = MACHINE.rule(kind).expect("in the table");
        let mut bytes = instruction.to_le_bytes();
        rule.field.write(&mut bytes, rule.amount(address, place, 0))?;
        Ok(u32::from_le_bytes(bytes))
    }

    #[test]
    fn calls_and_jumps() {
        let (bl, b) = (0x9400_0000, 0x1400_0000);
        assert_eq!(relocated(elf::R_AARCH64_CALL26, bl, 0x1_0008, 0x1_0000), Ok(0x9400_0002));
        assert_eq!(relocated(elf::R_AARCH64_JUMP26, b, 0x1_0000, 0x1_0004), Ok(0x17ff_ffff));
        assert_eq!(relocated(elf::R_AARCH64_CALL26, bl, 0x0800_0000, 0), Err(Unfit::Value));
        assert_eq!(relocated(elf::R_AARCH64_CALL26, bl, 0x07ff_fffc, 0), Ok(0x95ff_ffff));
        assert_eq!(relocated(elf::R_AARCH64_CALL26, bl, 2, 0), Err(Unfit::Value));
        // `cbz x1, .-4` and `tbz w2, #3, .+8`: the other fields stay.
        assert_eq!(relocated(elf::R_AARCH64_CONDBR19, 0xb400_0001, 0x1000, 0x1004), Ok(0xb4ff_ffe1));
        assert_eq!(relocated(elf::R_AARCH64_TSTBR14, 0x3618_0002, 0x1008, 0x1000), Ok(0x3618_0042));
    }

    #[test]
    fn addresses_in_two_parts() {
        let (adrp, add) = (0x9000_0000, 0x9100_0000);
        // Pages 0x12345 after 0x10: 0x12335 pages on, its low two bits apart.
        let high = relocated(elf::R_AARCH64_ADR_PREL_PG_HI21, adrp, 0x1234_5678, 0x1_0ffc);
        assert_eq!(high, Ok(0x9000_0000 | (0x12335 & 3) << 29 | (0x12335 >> 2) << 5));
        assert_eq!(relocated(elf::R_AARCH64_ADR_PREL_PG_HI21, adrp, 0xfff, 0x1000), Ok(0xf0ff_ffe0));
        assert_eq!(relocated(elf::R_AARCH64_ADR_PREL_PG_HI21, adrp, 1 << 32, 0), Err(Unfit::Value));
        assert_eq!(relocated(elf::R_AARCH64_ADD_ABS_LO12_NC, add, 0x1234_5678, 0), Ok(add | 0x678 << 10));
        let loads = [
            (elf::R_AARCH64_LDST8_ABS_LO12_NC, 0x670),
            (elf::R_AARCH64_LDST16_ABS_LO12_NC, 0x338),
            (elf::R_AARCH64_LDST32_ABS_LO12_NC, 0x19c),
            (elf::R_AARCH64_LDST64_ABS_LO12_NC, 0xce),
            (elf::R_AARCH64_LDST128_ABS_LO12_NC, 0x67),
            (elf::R_AARCH64_LD64_GOT_LO12_NC, 0xce),
        ];
        for (kind, units) in loads {
            assert_eq!(relocated(kind, 0, 0x1234_5670, 0), Ok(units << 10), "{}", kind.0);
        }
        assert_eq!(relocated(elf::R_AARCH64_LDST64_ABS_LO12_NC, 0, 0x1234_5674, 0), Err(Unfit::Value));
    }

    #[test]
    fn data() {
        assert_eq!(relocated(elf::R_AARCH64_PREL32, 0, 0x1000, 0x1004), Ok(0xffff_fffc));
        assert_eq!(relocated(elf::R_AARCH64_PREL32, 0, 1 << 31, 0), Err(Unfit::Value));
        assert_eq!(relocated(elf::R_AARCH64_ABS64, 0, 1, 0), Err(Unfit::Place));
    }

    #[test]
    fn a_stub_jumps_through_its_slot() {
        let code = stub(0x40_0010, 0x40_2018);
        let words: Vec<_> =
            code.chunks_exact(4).map(|word| u32::from_le_bytes([word[0], word[1], word[2], word[3]])).collect();
        assert_eq!(words, [0xd000_0010, 0xf940_0e10, 0xd61f_0200, 0xd503_201f]);
    }
}
