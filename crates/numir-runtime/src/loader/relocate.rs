//! The words in which a machine's relocations are written down: what value, counted from where, written into which field.

use object::elf::{self, RelocationType};

/// A kind of machine: what its relocations mean, and how it jumps to an address kept in memory.
pub(super) struct Machine {
    /// Its number in ELF.
    pub(super) number: elf::Machine,
    pub(super) rules: &'static [(RelocationType, Rule)],
    /// The code that jumps to the address in `slot`, for the address `stub`; both in one region.
    pub(super) stub: fn(stub: u64, slot: u64) -> [u8; STUB],
}

/// Bytes of a stub.
pub(super) const STUB: usize = 16;

impl Machine {
    pub(super) fn rule(&self, kind: RelocationType) -> Option<Rule> {
        self.rules.iter().find(|row| row.0 == kind).map(|row| row.1)
    }
}

/// What a relocation writes.
#[derive(Clone, Copy)]
pub(super) struct Rule {
    pub(super) value: Value,
    pub(super) from: From,
    pub(super) field: Field,
}

/// Whose address.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Value {
    /// The symbol's.
    Symbol,
    /// The symbol's, or that of a stub that jumps to it, where the symbol is out of reach.
    Callee,
    /// That of the slot that holds the symbol's address.
    Slot,
    /// That of the table of slots.
    Table,
    /// Nobody's: the relocation is a mark.
    Nothing,
}

/// What is subtracted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum From {
    Zero,
    /// The address of the field.
    Place,
    /// As `Place`, both addresses rounded down to 4 KiB.
    Page,
    /// The address of the table of slots.
    Table,
}

/// How a value is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    /// 8 bytes.
    Word64,
    /// 4 bytes, signed.
    Signed32,
    /// 4 bytes, unsigned.
    Unsigned32,
    /// Signed distance in instructions of 4 bytes: `width` bits from bit `at` of an instruction.
    Branch { at: u32, width: u32 },
    /// Signed distance in units of `1 << scale` bytes, in the two parts that ADR and ADRP have for it.
    Adr { scale: u32 },
    /// The low 12 bits in units of `1 << scale` bytes, from bit 10 of an instruction.
    Low12 { scale: u32 },
    /// No bytes.
    Empty,
}

/// The value does not fit into its field, or the field does not lie in its section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unfit {
    Value,
    Place,
}

impl Rule {
    /// The value to write at `place`, for the address of what is referred to (its addend added) and of the table of slots.
    pub(super) fn amount(self, address: u64, place: u64, table: u64) -> u64 {
        match self.from {
            From::Zero => address,
            From::Place => address.wrapping_sub(place),
            From::Page => (address & !0xfff).wrapping_sub(place & !0xfff),
            From::Table => address.wrapping_sub(table),
        }
    }
}

impl Field {
    /// Writes `amount` at the start of `bytes`, which end with the section.
    pub(super) fn write(self, bytes: &mut [u8], amount: u64) -> Result<(), Unfit> {
        let signed = amount.cast_signed();
        match self {
            Field::Empty => Ok(()),
            Field::Word64 => put(bytes, amount.to_le_bytes()),
            Field::Signed32 => put(bytes, i32::try_from(signed).map_err(|_| Unfit::Value)?.to_le_bytes()),
            Field::Unsigned32 => put(bytes, u32::try_from(amount).map_err(|_| Unfit::Value)?.to_le_bytes()),
            Field::Branch { at, width } => insert(bytes, at, width, narrow(signed, 2, width)?),
            Field::Adr { scale } => {
                let distance = narrow(signed, scale, 21)?;
                insert(bytes, 29, 2, distance)?;
                insert(bytes, 5, 19, distance >> 2)
            }
            Field::Low12 { scale } => {
                let low = amount as u32 & 0xfff;
                if low & ((1 << scale) - 1) != 0 {
                    return Err(Unfit::Value);
                }
                insert(bytes, 10, 12, low >> scale)
            }
        }
    }
}

/// A distance in units of `1 << scale` bytes as a signed number of `width` bits.
fn narrow(distance: i64, scale: u32, width: u32) -> Result<u32, Unfit> {
    let units = distance >> scale;
    let most = 1i64 << (width - 1);
    if units << scale == distance && (-most..most).contains(&units) { Ok(units as u32) } else { Err(Unfit::Value) }
}

/// Replaces `width` bits from bit `at` of the instruction at the start of `bytes`.
fn insert(bytes: &mut [u8], at: u32, width: u32, value: u32) -> Result<(), Unfit> {
    let mask = ((1u32 << width) - 1) << at;
    let old = bytes.first_chunk().ok_or(Unfit::Place)?;
    let new = u32::from_le_bytes(*old) & !mask | value << at & mask;
    put(bytes, new.to_le_bytes())
}

fn put<const N: usize>(bytes: &mut [u8], value: [u8; N]) -> Result<(), Unfit> {
    *bytes.first_chunk_mut().ok_or(Unfit::Place)? = value;
    Ok(())
}
