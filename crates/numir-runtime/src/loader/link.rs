//! Copies sections to their places, finds the addresses of symbols, and relocates: in the region what runs, and in a copy of
//! the object what a debugger reads.

use std::collections::HashMap;
use std::ffi::c_void;

use object::LittleEndian as LE;
use object::elf::Rela64;
use object::read::elf::{Rela, SectionHeader, Sym};

use crate::device::RECORD;

use super::error::LoadError;
use super::gdb;
use super::layout::{Layout, SLOT};
use super::parse::{Object, Symbol, malformed};
use super::relocate::{STUB, Unfit, Value};

/// Where a symbol is.
#[derive(Clone, Copy)]
enum Place {
    /// In memory.
    At(u64),
    /// In a section that is not loaded, counted from its start.
    Within(u64),
}

/// An object that has its region and all its symbols.
pub(super) struct Linker<'a> {
    object: &'a Object<'a>,
    layout: &'a Layout,
    /// The region's address.
    base: u64,
    /// By the symbol's number.
    places: Vec<Place>,
}

impl<'a> Linker<'a> {
    /// Finds all symbols, or says which are missing.
    pub(super) fn new(
        object: &'a Object<'a>,
        layout: &'a Layout,
        base: u64,
        resolve: &dyn Fn(&str) -> Option<*const c_void>,
    ) -> Result<Self, LoadError> {
        let mut missing = Vec::new();
        let mut places = Vec::new();
        for (index, symbol) in object.symbols() {
            let value = symbol.st_value(LE);
            let place = if index.0 == 0 {
                Place::At(0)
            } else if let Some(section) = object.defining(index, symbol)? {
                if value > object.header(section)?.sh_size(LE) {
                    return Err(malformed("a symbol lies outside its section"));
                }
                match layout.section(section) {
                    Some(at) => Place::At(base + at as u64 + value),
                    None => Place::Within(value),
                }
            } else if let Some(at) = layout.commons[index.0] {
                Place::At(base + at as u64)
            } else if symbol.is_undefined(LE) {
                let name = object.symbol_name(symbol)?;
                let table = (name == "_GLOBAL_OFFSET_TABLE_").then(|| base + layout.table() as u64);
                let address = table.or_else(|| resolve(name).map(|address| address as usize as u64));
                if address.is_none() && !symbol.is_weak() {
                    missing.push(name.to_owned());
                }
                Place::At(address.unwrap_or_default())
            } else {
                // A constant (or the name of a file).
                Place::At(value)
            };
            places.push(place);
        }
        if missing.is_empty() { Ok(Self { object, layout, base, places }) } else { Err(LoadError::Undefined(missing)) }
    }

    /// Fills the region.
    pub(super) fn place(&self, region: &mut [u8]) -> Result<(), LoadError> {
        for (index, section) in self.object.sections() {
            let data = self.object.data(section)?;
            if let Some(at) = self.layout.section(index).filter(|_| !data.is_empty()) {
                within(region, at, data.len())?.copy_from_slice(data);
            }
        }
        for (number, place) in self.places.iter().enumerate() {
            if let (Some((slot, stub)), Place::At(address)) = (self.layout.slot(number), *place) {
                within(region, slot, SLOT)?.copy_from_slice(&address.to_le_bytes());
                let code = (self.object.machine.stub)(self.base + stub as u64, self.base + slot as u64);
                within(region, stub, STUB)?.copy_from_slice(&code);
            }
        }
        for relocations in self.object.relocations() {
            let relocations = relocations?;
            let Some(at) = self.layout.section(relocations.section) else { continue };
            let size = self.object.header(relocations.section)?.sh_size(LE) as usize;
            let section = within(region, at, size)?;
            for entry in relocations.entries {
                let Some(Place::At(_)) = self.places.get(entry.r_sym(LE, false) as usize) else {
                    return Err(malformed("a relocation refers to what is not loaded"));
                };
                self.relocate(section, self.base + at as u64, entry)?;
            }
        }
        Ok(())
    }

    /// For gdb: the object with the addresses of its sections filled in and its debug information relocated; none if it has
    /// no debug information.
    pub(super) fn debug_image(&self) -> Result<Option<Vec<u8>>, LoadError> {
        let mut has_debug = false;
        for (_, section) in self.object.sections() {
            has_debug |= is_debug(self.object.section_name(section)?);
        }
        if !has_debug {
            return Ok(None);
        }
        let mut image = self.object.bytes.to_vec();
        for (index, _) in self.object.sections() {
            if let Some(at) = self.layout.section(index) {
                gdb::set_address(&mut image, self.object.headers_at, index.0, self.base + at as u64)
                    .ok_or_else(|| malformed("the section headers lie outside it"))?;
            }
        }
        for relocations in self.object.relocations() {
            let relocations = relocations?;
            let header = self.object.header(relocations.section)?;
            if is_debug(self.object.section_name(header)?) && self.layout.section(relocations.section).is_none() {
                let (at, size) = header.file_range(LE).unwrap_or_default();
                let section = within(&mut image, at as usize, size as usize)?;
                relocations.entries.iter().try_for_each(|entry| self.relocate(section, 0, entry))?;
            }
        }
        Ok(Some(image))
    }

    /// What the object exports.
    pub(super) fn exported(&self) -> Result<HashMap<Box<str>, u64>, LoadError> {
        let mut exported = HashMap::new();
        for ((_, symbol), place) in self.object.symbols().zip(&self.places) {
            if let (Place::At(address), false, false) = (*place, symbol.is_local(), symbol.is_undefined(LE)) {
                exported.insert(self.object.symbol_name(symbol)?.into(), address);
            }
        }
        Ok(exported)
    }

    /// Where the records of its kernels are, which are its own.
    pub(super) fn kernels(&self) -> Result<Vec<u64>, LoadError> {
        let mut found = Vec::new();
        for ((_, symbol), place) in self.object.symbols().zip(&self.places) {
            if let (Place::At(address), false) = (*place, symbol.is_undefined(LE))
                && self.object.symbol_name(symbol)?.starts_with(RECORD)
            {
                found.push(address);
            }
        }
        Ok(found)
    }

    /// Applies one relocation to the bytes of a section that lies at `start`.
    fn relocate(&self, section: &mut [u8], start: u64, entry: &Rela64<LE>) -> Result<(), LoadError> {
        let kind = entry.r_type(LE, false);
        let rule = self.object.machine.rule(kind).ok_or_else(|| LoadError::UnknownRelocations(vec![kind.0]))?;
        let number = entry.r_sym(LE, false);
        let (Place::At(address) | Place::Within(address)) =
            *self.places.get(number as usize).ok_or_else(|| malformed("a relocation's symbol does not exist"))?;
        let table = self.base + self.layout.table() as u64;
        let slot = || {
            let (slot, stub) = self.layout.slot(number as usize)?;
            Some((self.base + slot as u64, self.base + stub as u64))
        };
        let target = match rule.value {
            Value::Symbol | Value::Callee => address,
            Value::Slot => slot().ok_or_else(|| malformed("a relocation's symbol has no slot"))?.0,
            Value::Table => table,
            Value::Nothing => 0,
        };
        let offset = entry.r_offset(LE);
        let bytes = usize::try_from(offset).ok().and_then(|offset| section.get_mut(offset..));
        let bytes = bytes.ok_or_else(outside)?;
        let mut write = |target: u64| {
            let target = target.wrapping_add_signed(entry.r_addend(LE));
            rule.field.write(bytes, rule.amount(target, start + offset, table))
        };
        let written = match (write(target), slot()) {
            (Err(Unfit::Value), Some((_, stub))) if rule.value == Value::Callee => write(stub),
            (written, _) => written,
        };
        written.map_err(|unfit| match unfit {
            Unfit::Place => outside(),
            Unfit::Value => {
                let symbol = self.object.symbol(number).and_then(|symbol: &Symbol| self.object.symbol_name(symbol));
                LoadError::OutOfRange { relocation: kind.0, symbol: symbol.unwrap_or_default().to_owned() }
            }
        })
    }
}

fn is_debug(section: &[u8]) -> bool {
    section.starts_with(b".debug_")
}

fn outside() -> LoadError {
    malformed("a relocation lies outside its section")
}

fn within(bytes: &mut [u8], at: usize, len: usize) -> Result<&mut [u8], LoadError> {
    let end = at.checked_add(len).ok_or_else(|| malformed("a section lies outside it"))?;
    bytes.get_mut(at..end).ok_or_else(|| malformed("a section lies outside it"))
}
