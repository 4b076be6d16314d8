//! An object's tables, as the crate `object` reads them, with what the loader refuses taken out.

use object::LittleEndian as LE;
use object::elf::{self, FileHeader64, Rela64, SectionHeader64};
use object::read::elf::{FileHeader, SectionHeader, SectionTable, SymbolTable};
use object::read::{SectionIndex, SymbolIndex};

use super::error::LoadError;
use super::relocate::Machine;

type Header = FileHeader64<LE>;

/// A symbol as ELF has it.
pub(super) type Symbol = elf::Sym64<LE>;

/// A relocatable object for `machine`.
pub(super) struct Object<'data> {
    pub(super) bytes: &'data [u8],
    pub(super) machine: &'static Machine,
    /// Where in the bytes the section headers begin.
    pub(super) headers_at: u64,
    sections: SectionTable<'data, Header>,
    symbols: SymbolTable<'data, Header>,
}

/// The relocations of one section.
pub(super) struct Relocations<'data> {
    pub(super) section: SectionIndex,
    pub(super) entries: &'data [Rela64<LE>],
}

impl<'data> Object<'data> {
    pub(super) fn parse(bytes: &'data [u8], machine: &'static Machine) -> Result<Self, LoadError> {
        let header = Header::parse(bytes)?;
        header.endian()?;
        if header.e_type(LE) != elf::ET_REL {
            return Err(malformed("it is no relocatable object"));
        }
        if header.e_machine(LE) != machine.number {
            return Err(LoadError::ForeignMachine(header.e_machine(LE).0));
        }
        let sections = header.sections(LE, bytes)?;
        let symbols = sections.symbols(LE, bytes, elf::SHT_SYMTAB)?;
        let object = Self { bytes, machine, headers_at: header.e_shoff(LE), sections, symbols };
        object.refuse()?;
        Ok(object)
    }

    /// What would silently go wrong.
    fn refuse(&self) -> Result<(), LoadError> {
        for (_, section) in self.sections() {
            let kind = section.sh_type(LE);
            let flags = section.sh_flags(LE).0;
            let what = if flags & elf::SHF_TLS.0 != 0 {
                "thread-local data"
            } else if [elf::SHT_INIT_ARRAY, elf::SHT_FINI_ARRAY, elf::SHT_PREINIT_ARRAY].contains(&kind) {
                "initialisers"
            } else if flags & elf::SHF_COMPRESSED.0 != 0 {
                "compressed sections"
            } else if [elf::SHT_REL, elf::SHT_RELR, elf::SHT_CREL].contains(&kind) {
                "relocations without addends"
            } else if flags & elf::SHF_WRITE.0 != 0 && flags & elf::SHF_EXECINSTR.0 != 0 {
                "code that can be written"
            } else {
                continue;
            };
            return Err(LoadError::Unsupported(what));
        }
        for (_, symbol) in self.symbols() {
            match symbol.st_type() {
                elf::STT_TLS => return Err(LoadError::Unsupported("thread-local data")),
                elf::STT_GNU_IFUNC => return Err(LoadError::Unsupported("indirect functions")),
                _ => {}
            }
        }
        Ok(())
    }

    pub(super) fn sections(&self) -> impl Iterator<Item = (SectionIndex, &'data SectionHeader64<LE>)> + use<'data> {
        self.sections.enumerate()
    }

    pub(super) fn section_count(&self) -> usize {
        self.sections.len()
    }

    /// A section's bytes in the file; none for `.bss` and its like.
    pub(super) fn data(&self, section: &SectionHeader64<LE>) -> Result<&'data [u8], LoadError> {
        Ok(section.data(LE, self.bytes)?)
    }

    pub(super) fn section_name(&self, section: &SectionHeader64<LE>) -> Result<&'data [u8], LoadError> {
        Ok(self.sections.section_name(LE, section)?)
    }

    pub(super) fn header(&self, index: SectionIndex) -> Result<&'data SectionHeader64<LE>, LoadError> {
        Ok(self.sections.section(index)?)
    }

    /// All symbols, the null symbol with number 0 included.
    pub(super) fn symbols(&self) -> impl Iterator<Item = (SymbolIndex, &'data Symbol)> + use<'data> {
        self.symbols.enumerate()
    }

    pub(super) fn symbol(&self, index: u32) -> Result<&'data Symbol, LoadError> {
        Ok(self.symbols.symbol(SymbolIndex(index as usize))?)
    }

    /// The section that defines a symbol, if one does.
    pub(super) fn defining(&self, index: SymbolIndex, symbol: &Symbol) -> Result<Option<SectionIndex>, LoadError> {
        Ok(self.symbols.symbol_section(LE, symbol, index)?)
    }

    pub(super) fn symbol_name(&self, symbol: &Symbol) -> Result<&'data str, LoadError> {
        let name = self.symbols.symbol_name(LE, symbol)?;
        std::str::from_utf8(name).map_err(|_| malformed("a symbol's name is no text"))
    }

    /// The relocations, section by section.
    pub(super) fn relocations(&self) -> impl Iterator<Item = Result<Relocations<'data>, LoadError>> {
        self.sections().filter_map(|(_, section)| {
            let found = section.rela(LE, self.bytes).map_err(LoadError::from).transpose()?;
            Some(found.and_then(|(entries, symbols)| {
                if symbols != self.symbols.section() {
                    return Err(malformed("relocations refer to another table of symbols"));
                }
                let section = SectionIndex(section.sh_info(LE) as usize);
                Ok(Relocations { section, entries })
            }))
        })
    }
}

/// The error that says what does not fit.
pub(super) fn malformed(what: &str) -> LoadError {
    LoadError::Malformed(what.to_owned())
}
