//! Where each section goes: code, constants or data, in the order of the object; and which symbols need a slot.

use std::collections::BTreeSet;

use object::LittleEndian as LE;
use object::elf;
use object::read::SectionIndex;
use object::read::elf::{SectionHeader, Sym};

use super::error::LoadError;
use super::parse::{Object, malformed};
use super::region::{Sizes, page};
use super::relocate::{STUB, Value};

/// The most bytes of a segment. No object of numir comes near, and every relocation reaches over three of them.
const MOST: usize = 1 << 28;

/// Bytes of an entry in the table of addresses.
pub(super) const SLOT: usize = 8;

/// Places of an object's parts, counted from the region's start.
pub(super) struct Layout {
    /// By the section's number; none for what is not loaded.
    sections: Vec<Option<usize>>,
    /// By the symbol's number: where a variable goes that no section holds (C's common symbols).
    pub(super) commons: Vec<Option<usize>>,
    /// By the symbol's number: which slot holds its address.
    slots: Vec<Option<usize>>,
    stubs_at: usize,
    table_at: usize,
    sizes: Sizes,
}

/// One segment while it is filled.
#[derive(Default)]
struct Segment {
    size: usize,
}

impl Segment {
    fn push(&mut self, size: u64, align: u64) -> Result<usize, LoadError> {
        let align = usize::try_from(align.max(1)).ok().filter(|align| align.is_power_of_two() && *align <= page());
        let align = align.ok_or_else(|| malformed("an alignment is no power of two, or larger than a page"))?;
        let at = self.size.next_multiple_of(align);
        let size = usize::try_from(size).ok().filter(|size| *size <= MOST);
        let end = size.map(|size| at + size).filter(|end| *end <= MOST);
        self.size = end.ok_or_else(|| malformed("it is too large"))?;
        Ok(at)
    }
}

impl Layout {
    pub(super) fn new(object: &Object) -> Result<Self, LoadError> {
        let [mut code, mut constants, mut data] = [const { Segment { size: 0 } }; 3];
        let (slots, count) = slots(object)?;
        let table_in_constants = constants.push((count * SLOT) as u64, SLOT as u64)?;
        let mut placed = Vec::with_capacity(object.section_count());
        for (_, section) in object.sections() {
            let flags = section.sh_flags(LE).0;
            if flags & elf::SHF_ALLOC.0 == 0 {
                placed.push(None);
                continue;
            }
            let (number, segment) = if flags & elf::SHF_EXECINSTR.0 != 0 {
                (0, &mut code)
            } else if flags & elf::SHF_WRITE.0 == 0 || object.section_name(section)?.starts_with(b".data.rel.ro") {
                (1, &mut constants)
            } else {
                (2, &mut data)
            };
            placed.push(Some((number, segment.push(section.sh_size(LE), section.sh_addralign(LE))?)));
        }
        let mut commons = Vec::new();
        for (_, symbol) in object.symbols() {
            let common = symbol.is_common(LE).then(|| data.push(symbol.st_size(LE), symbol.st_value(LE)));
            commons.push(common.transpose()?);
        }
        let stubs_at = code.push((count * STUB) as u64, STUB as u64)?;
        let sizes = Sizes { code: code.size, constants: constants.size, data: data.size };
        let [constants_at, data_at, _] = sizes.borders();
        let starts = [0, constants_at, data_at];
        let sections = placed.into_iter().map(|place| place.map(|(number, at): (usize, usize)| starts[number] + at));
        let commons = commons.into_iter().map(|at| at.map(|at| data_at + at)).collect();
        let table_at = constants_at + table_in_constants;
        Ok(Self { sections: sections.collect(), commons, slots, stubs_at, table_at, sizes })
    }

    pub(super) fn sizes(&self) -> Sizes {
        self.sizes
    }

    /// Where a section lies; none if it is not loaded.
    pub(super) fn section(&self, index: SectionIndex) -> Option<usize> {
        self.sections.get(index.0).copied().flatten()
    }

    /// Where the table of addresses begins.
    pub(super) fn table(&self) -> usize {
        self.table_at
    }

    /// Where a symbol's address is kept, and the stub that jumps there; none if nothing needed them.
    pub(super) fn slot(&self, symbol: usize) -> Option<(usize, usize)> {
        let number = self.slots.get(symbol).copied().flatten()?;
        Some((self.table_at + number * SLOT, self.stubs_at + number * STUB))
    }
}

/// Gives a slot to each symbol whose address is read from memory, or that is called and may be far away; and their number.
/// On the way, kinds of relocations that nobody knows come up, all at once.
fn slots(object: &Object) -> Result<(Vec<Option<usize>>, usize), LoadError> {
    let mut slots = vec![None; object.symbols().count()];
    let mut count = 0;
    let mut unknown = BTreeSet::new();
    for relocations in object.relocations() {
        let relocations = relocations?;
        for entry in relocations.entries {
            let kind = entry.r_type(LE, false);
            let Some(rule) = object.machine.rule(kind) else {
                unknown.insert(kind.0);
                continue;
            };
            let index = entry.r_sym(LE, false);
            let needed = match rule.value {
                Value::Slot => true,
                Value::Callee => object.symbol(index)?.is_undefined(LE),
                Value::Symbol | Value::Table | Value::Nothing => false,
            };
            if let Some(slot) = slots.get_mut(index as usize).filter(|slot| needed && slot.is_none()) {
                *slot = Some(count);
                count += 1;
            }
        }
    }
    if unknown.is_empty() {
        Ok((slots, count))
    } else {
        Err(LoadError::UnknownRelocations(unknown.into_iter().collect()))
    }
}
