//! NumPy's .npy format, versions 1 to 3: the header is a Python literal, the data one block in C or Fortran order.
//! Nothing is allocated on the header's word alone.

use numir_runtime::Array;
use numir_runtime::array::{c_strides, shape_text};
use numir_runtime::dtype::{DType, Kind};
use numir_runtime::memory::{Owner, array_bytes};
use std::io::{self, Read, Write};

const MAGIC: &[u8; 6] = b"\x93NUMPY";
/// NumPy itself refuses to evaluate longer headers.
const LONGEST_HEADER: usize = 10_000;
/// More dimensions than NumPy has.
const MAX_RANK: usize = 64;

/// Why a file is not an array that numir can take.
#[derive(Debug, thiserror::Error)]
pub enum NpyError {
    /// It cannot be read.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// It does not start as such a file does.
    #[error("this is not a .npy file: it does not start with NumPy's magic bytes")]
    Magic,
    /// A version that does not exist yet.
    #[error("version {0}.{1} of the .npy format is not known")]
    Version(u8, u8),
    /// A header that says something else than it should.
    #[error("the header is broken: {0}")]
    Header(&'static str),
    /// Python objects, strings, dates, records.
    #[error("dtype {0} is not supported: numir reads bool, integers, floats and complex numbers")]
    DType(String),
    /// Less data than the header promises.
    #[error("the file is truncated: {expected} bytes of data should follow the header, but only {found} do")]
    Truncated {
        /// Bytes that the shape needs.
        expected: usize,
        /// Bytes that are there.
        found: u64,
    },
    /// An array larger than the address space, or than the memory that can be had.
    #[error("an array of shape {} does not fit into memory", shape_text(.0))]
    Memory(Vec<usize>),
}

struct Header {
    dtype: DType,
    swapped: bool,
    fortran: bool,
    shape: Vec<usize>,
}

/// Reads an array from a file of `length` bytes.
pub fn read(file: &mut impl Read, length: u64) -> Result<Array, NpyError> {
    let mut start = [0; 8];
    let magic = read_up_to(file, &mut start)?;
    if magic < MAGIC.len() || &start[..6] != MAGIC {
        return Err(NpyError::Magic);
    }
    let (major, minor) = (start[6], start[7]);
    let (size, size_bytes) = match (major, minor) {
        (1, 0) => {
            let mut bytes = [0; 2];
            file.read_exact(&mut bytes).map_err(in_header)?;
            (usize::from(u16::from_le_bytes(bytes)), 2)
        }
        (2 | 3, 0) => {
            let mut bytes = [0; 4];
            file.read_exact(&mut bytes).map_err(in_header)?;
            (u32::from_le_bytes(bytes) as usize, 4)
        }
        _ => return Err(NpyError::Version(major, minor)),
    };
    if size > LONGEST_HEADER {
        return Err(NpyError::Header("it is too long"));
    }
    let mut text = vec![0; size];
    file.read_exact(&mut text).map_err(in_header)?;
    // Version 3 is UTF-8, the others Latin-1; what is not ASCII can only stand in the names of a record.
    let header = header(&String::from_utf8_lossy(&text))?;
    let found = length.saturating_sub((start.len() + size_bytes + size) as u64);
    data(file, header, found)
}

fn header(text: &str) -> Result<Header, NpyError> {
    let entries = entries(text).ok_or(NpyError::Header("it is not a Python dict"))?;
    let entry = |wanted: &str| entries.iter().find(|(key, _)| *key == wanted).map(|(_, value)| *value);
    let descr = entry("descr").ok_or(NpyError::Header("`descr` is missing"))?;
    let fortran = match entry("fortran_order") {
        Some("True") => true,
        Some("False") => false,
        _ => return Err(NpyError::Header("`fortran_order` is not True or False")),
    };
    let extents = entry("shape").and_then(|shape| shape.strip_prefix('(')?.strip_suffix(')'));
    let extents = extents.ok_or(NpyError::Header("`shape` is not a tuple"))?;
    let shape: Option<Vec<usize>> = items(extents).into_iter().map(|extent| extent.parse().ok()).collect();
    let shape = shape.ok_or(NpyError::Header("`shape` holds something else than extents"))?;
    if shape.len() > MAX_RANK {
        return Err(NpyError::Header("`shape` has too many dimensions"));
    }
    let (dtype, swapped) = descr_type(descr)?;
    Ok(Header { dtype, swapped, fortran, shape })
}

/// The entries of a Python dict whose keys are texts; values as they are spelt.
fn entries(text: &str) -> Option<Vec<(&str, &str)>> {
    let inner = text.trim().strip_prefix('{')?.strip_suffix('}')?;
    let pair = |item| -> Option<(&str, &str)> {
        let (key, value) = str::split_once(item, ':')?;
        Some((quoted(key.trim())?, value.trim()))
    };
    items(inner).into_iter().map(pair).collect()
}

/// What stands between commas that are in no brackets and no quotes.
fn items(text: &str) -> Vec<&str> {
    let (mut depth, mut quote) = (0_usize, None);
    let mut items: Vec<_> = text
        .split(|character| {
            match (quote, character) {
                (Some(open), _) => quote = Some(open).filter(|open| *open != character),
                (None, '\'' | '"') => quote = Some(character),
                (None, '(' | '[' | '{') => depth += 1,
                (None, ')' | ']' | '}') => depth = depth.saturating_sub(1),
                _ => {}
            }
            character == ',' && depth == 0 && quote.is_none()
        })
        .map(str::trim)
        .collect();
    // A comma may stand behind the last.
    if items.last().is_some_and(|last| last.is_empty()) {
        items.pop();
    }
    items
}

/// The text within quotes.
fn quoted(text: &str) -> Option<&str> {
    ['\'', '"'].iter().find_map(|quote| text.strip_prefix(*quote)?.strip_suffix(*quote))
}

/// The type that `descr` names, such as `<f8`, and whether its bytes are in the other order.
fn descr_type(descr: &str) -> Result<(DType, bool), NpyError> {
    let descr = quoted(descr).ok_or_else(|| NpyError::DType("of a record".to_owned()))?;
    let unknown = || NpyError::DType(format!("'{descr}'"));
    let mut characters = descr.chars();
    let order = characters.next().filter(|order| "<>|=".contains(*order)).ok_or_else(unknown)?;
    let kind = match characters.next() {
        Some('b') => Kind::Bool,
        Some('i') => Kind::Signed,
        Some('u') => Kind::Unsigned,
        Some('f') => Kind::Float,
        Some('c') => Kind::Complex,
        _ => return Err(unknown()),
    };
    let size: usize = characters.as_str().parse().map_err(|_| unknown())?;
    let found = DType::all().find(|dtype| dtype.kind() == kind && dtype.size() == size);
    Ok((found.ok_or_else(unknown)?, order == '>'))
}

fn data(file: &mut impl Read, header: Header, found: u64) -> Result<Array, NpyError> {
    let Header { dtype, swapped, fortran, shape } = header;
    let Some(bytes) = array_bytes(&shape, dtype.size()) else { return Err(NpyError::Memory(shape)) };
    if (bytes as u64) > found {
        return Err(NpyError::Truncated { expected: bytes, found });
    }
    let Some(owner) = Owner::allocate(bytes, true) else { return Err(NpyError::Memory(shape)) };
    // SAFETY: the block is new, zeroed and of this size; nobody else knows it yet.
    let content = unsafe { std::slice::from_raw_parts_mut(owner.data(), bytes) };
    let read = read_up_to(file, content)?;
    if read < bytes {
        return Err(NpyError::Truncated { expected: bytes, found: read as u64 });
    }
    if dtype == DType::Bool {
        // Compiled code relies on 0 and 1.
        content.iter_mut().for_each(|byte| *byte = u8::from(*byte != 0));
    }
    if swapped {
        let part = if dtype.kind() == Kind::Complex { dtype.size() / 2 } else { dtype.size() };
        content.chunks_exact_mut(part).for_each(<[u8]>::reverse);
    }
    let strides = if fortran { f_strides(&shape, dtype.size()) } else { c_strides(&shape, dtype.size()) };
    let start = owner.data();
    // SAFETY: every index of the shape lies in the block, which holds the product of the extents in items.
    Ok(unsafe { Array::from_parts(owner, start, dtype, shape, strides) })
}

fn f_strides(shape: &[usize], item: usize) -> Vec<isize> {
    let reversed: Vec<usize> = shape.iter().rev().copied().collect();
    c_strides(&reversed, item).into_iter().rev().collect()
}

/// Fills `buffer` as far as the file goes.
fn read_up_to(file: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

fn in_header(error: io::Error) -> NpyError {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => NpyError::Header("the file ends in it"),
        _ => NpyError::Io(error),
    }
}

/// Writes an array: in Fortran order if it is contiguous in that order only, else in C order.
pub fn write(file: &mut impl Write, array: &Array) -> io::Result<()> {
    let fortran = array.is_f_contiguous() && !array.is_c_contiguous();
    file.write_all(&written_header(array, fortran))?;
    if array.is_empty() {
        return Ok(());
    }
    if !(fortran || array.is_c_contiguous()) {
        return file.write_all(&array.to_bytes());
    }
    // SAFETY: the items of a contiguous array lie without gaps from its first one on, and nothing writes to them here.
    file.write_all(unsafe { std::slice::from_raw_parts(array.data(), array.len() * array.dtype().size()) })
}

fn written_header(array: &Array, fortran: bool) -> Vec<u8> {
    let dtype = array.dtype();
    let code = match dtype.kind() {
        Kind::Bool => 'b',
        Kind::Signed => 'i',
        Kind::Unsigned => 'u',
        Kind::Float => 'f',
        Kind::Complex => 'c',
        // No argument is one, and the unit would be missing.
        Kind::Time => 'i',
    };
    let end = if dtype.size() == 1 { '|' } else { '<' };
    let order = if fortran { "True" } else { "False" };
    let (size, shape) = (dtype.size(), shape_text(array.shape()));
    let mut text = format!("{{'descr': '{end}{code}{size}', 'fortran_order': {order}, 'shape': {shape}, }}");
    // The data starts at a multiple of 64 bytes; the header ends in a line break.
    let unpadded = MAGIC.len() + 2 + 2 + text.len() + 1;
    text.extend(std::iter::repeat_n(' ', unpadded.next_multiple_of(64) - unpadded));
    text.push('\n');
    let size = (text.len() as u16).to_le_bytes();
    [&MAGIC[..], &[1, 0], &size, text.as_bytes()].concat()
}
