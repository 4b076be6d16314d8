//! The record that a kernel leaves of the check that has failed, in a variable of its module, and the error that it stands for.
//!
//! Sites and texts are constants of the module, in the device's memory: they are fetched, and the error is raised from them as
//! compiled code of the host raises it.

use crate::device::failure::DeviceError;
use crate::error::{Operand, Pending, Site, TAG_TEXT, numir_raise, numir_raise_index, numir_traceback, swap_pending};

/// What kernels write. All zeros is a record of nothing.
#[repr(C)]
#[derive(Clone, Copy)]
struct Failure {
    /// Taken by the thread that writes.
    lock: u32,
    /// Not 0 once there is something.
    used: u32,
    /// The number of the thread in the grid.
    thread: u64,
    /// How many operands the message has.
    count: i64,
    operands: [Operand; 8],
    /// How many sites there are.
    frames: i64,
    /// Where the sites' texts are: first that of the error, then those of the calls, outwards.
    sites: [u64; 16],
}

/// Bytes of a record.
pub(super) const BYTES: usize = size_of::<Failure>();

/// Reads so many bytes of the device's memory.
pub(super) type Read<'a> = dyn Fn(u64, &mut [u8]) -> Result<(), DeviceError> + 'a;

/// The most bytes of a text.
const LONGEST: usize = 1 << 20;

/// The error of the record that is at an address, if there is one.
pub(super) fn error_at(address: u64, read: &Read) -> Result<Option<Box<Pending>>, DeviceError> {
    let mut bytes = [0_u8; BYTES];
    read(address, &mut bytes)?;
    // SAFETY: any bytes are a record.
    let record: Failure = unsafe { bytes.as_ptr().cast::<Failure>().read_unaligned() };
    if record.used == 0 { Ok(None) } else { error_of(&record, read).map(Some) }
}

fn error_of(record: &Failure, read: &Read) -> Result<Box<Pending>, DeviceError> {
    let within = |count: i64, most: usize| usize::try_from(count).unwrap_or(0).min(most);
    let mut operands = record.operands;
    let operands = &mut operands[..within(record.count, record.operands.len())];
    let mut texts = Vec::new();
    for operand in operands.iter_mut().filter(|operand| operand.tag == TAG_TEXT) {
        let [start, bytes] = operand.words;
        let mut text = vec![0_u8; usize::try_from(bytes).unwrap_or(0).min(LONGEST)];
        read(start, &mut text)?;
        operand.words = [text.as_ptr().expose_provenance() as u64, text.len() as u64];
        texts.push(text);
    }
    let frames = &record.sites[..within(record.frames, record.sites.len())];
    let sites = frames.iter().map(|site| fetch_site(*site, read)).collect::<Result<Vec<_>, _>>()?;
    let Some((raising, callers)) = sites.split_first() else { return Err(without_site()) };
    let before = swap_pending(None);
    // SAFETY: the sites are encoded, and the operands' texts are those above.
    unsafe {
        match operands {
            [index, axis, size] if Site::decode(raising.as_ptr()).message.is_empty() => {
                let [index, axis, size] = [index, axis, size].map(|operand| operand.words[0] as i64);
                numir_raise_index(raising.as_ptr(), index, axis, size);
            }
            _ => numir_raise(raising.as_ptr(), operands.len() as i64, operands.as_ptr()),
        }
        callers.iter().for_each(|site| numir_traceback(site.as_ptr()));
    }
    swap_pending(before).ok_or_else(without_site)
}

fn without_site() -> DeviceError {
    DeviceError::Stated("SystemError", "a kernel has recorded a failure without a place".to_owned())
}

/// The text of a site: what is up to its last mark. It is read in pieces that end at multiples of their size; where the module's
/// memory ends within one, by bytes.
fn fetch_site(mut address: u64, read: &Read) -> Result<Vec<u8>, DeviceError> {
    const PIECE: u64 = 64;
    const MARKS: usize = 5;
    let mut text = Vec::new();
    let mut largest = PIECE;
    while text.len() < LONGEST {
        let mut piece = [0_u8; PIECE as usize];
        let piece = &mut piece[..(largest - address % largest) as usize];
        match read(address, piece) {
            Ok(()) => {}
            Err(_) if largest > 1 => {
                largest = 1;
                continue;
            }
            Err(error) => return Err(error),
        }
        address += piece.len() as u64;
        text.extend_from_slice(piece);
        let mut marks = text.iter().enumerate().filter(|(_, byte)| **byte == Site::MARK).map(|(place, _)| place);
        if let Some(last) = marks.nth(MARKS - 1) {
            text.truncate(last + 1);
            return Ok(text);
        }
    }
    Err(without_site())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dtype::DType;
    use crate::error::take_pending_error;
    use std::borrow::Cow;

    /// Device memory from an address on, beyond which nothing may be read.
    struct Memory(u64, Vec<u8>);

    impl Memory {
        fn read(&self, address: u64, bytes: &mut [u8]) -> Result<(), DeviceError> {
            let from = address.checked_sub(self.0).map(|offset| offset as usize);
            let found = from.and_then(|from| self.1.get(from..from + bytes.len()));
            bytes.copy_from_slice(found.ok_or_else(|| DeviceError::Stated("ValueError", "beyond".to_owned()))?);
            Ok(())
        }

        fn write(&mut self, offset: usize, bytes: &[u8]) -> u64 {
            self.1[offset..offset + bytes.len()].copy_from_slice(bytes);
            self.0 + offset as u64
        }

        fn error(&self) -> Result<Option<String>, DeviceError> {
            let error = error_at(self.0, &|address, bytes| self.read(address, bytes))?;
            Ok(error.map(|error| {
                swap_pending(Some(error));
                let error = take_pending_error().expect("pending");
                let lines: Vec<_> = error.traceback.iter().map(|frame| frame.line.to_string()).collect();
                format!("{error} in {}", lines.join(", "))
            }))
        }
    }

    fn site(kind: &'static str, message: &'static str, line: u32) -> Vec<u8> {
        let [kind, message, file, function] = [kind, message, "kernels.py", "kernel"].map(Cow::from);
        Site { kind, message, file, function, span: [line, 1, line, 2] }.encode()
    }

    fn integer(value: i64) -> Operand {
        Operand { tag: i64::from(DType::Int64.code()), words: [value as u64, 0] }
    }

    fn record(operands: &[Operand], sites: &[u64]) -> Vec<u8> {
        let mut record = Failure {
            lock: 1,
            used: 1,
            thread: 77,
            count: operands.len() as i64,
            operands: [integer(0); 8],
            frames: sites.len() as i64,
            sites: [0; 16],
        };
        record.operands[..operands.len()].copy_from_slice(operands);
        record.sites[..sites.len()].copy_from_slice(sites);
        // SAFETY: a record is bytes.
        unsafe { std::slice::from_raw_parts((&raw const record).cast::<u8>(), BYTES) }.to_vec()
    }

    #[test]
    fn the_layout_is_what_kernels_write() {
        assert_eq!(std::mem::offset_of!(Failure, operands), 24);
        assert_eq!(std::mem::offset_of!(Failure, frames), 24 + 8 * 24);
        assert_eq!(BYTES, 24 + 8 * 24 + 8 + 16 * 8);
    }

    #[test]
    fn a_record_is_raised_with_its_frames() {
        let mut memory = Memory(0x7000_0000, vec![0; (1 << 16) - 3]);
        assert_eq!(memory.error().unwrap(), None);
        let name = memory.write(5000, "a'b".as_bytes());
        let text = Operand { tag: TAG_TEXT, words: [name, 3] };
        // The last one ends where the memory does.
        let raising = site("ValueError", "{} for {!r}", 12);
        let end = memory.1.len() - raising.len();
        let sites =
            [memory.write(end, &raising), memory.write(1030, &site("", "", 30)), memory.write(2047, &site("", "", 40))];
        memory.write(0, &record(&[integer(-3), text], &sites));
        assert_eq!(memory.error().unwrap().unwrap(), "ValueError: -3 for \"a'b\" in 40, 30, 12");
    }

    #[test]
    fn indices_are_told_in_numpys_words() {
        let mut memory = Memory(0x7000_0000, vec![0; 1 << 16]);
        let raising = memory.write(4000, &site("IndexError", "", 9));
        memory.write(0, &record(&[integer(10), integer(0), integer(5)], &[raising]));
        let text = "IndexError: index 10 is out of bounds for axis 0 with size 5 in 9";
        assert_eq!(memory.error().unwrap().unwrap(), text);
    }

    #[test]
    fn a_damaged_record_is_an_error_of_its_own() {
        let mut memory = Memory(0x7000_0000, vec![0; 1 << 16]);
        memory.write(0, &record(&[], &[]));
        assert!(matches!(memory.error(), Err(DeviceError::Stated("SystemError", _))));
        memory.write(0, &record(&[], &[0x1234]));
        assert!(matches!(memory.error(), Err(DeviceError::Stated("ValueError", _))));
    }
}
