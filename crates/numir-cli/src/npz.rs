//! NumPy's .npz format: a zip file of .npy files.

use numir_rt::npy::{self, NpyError};
use numir_runtime::Array;
use std::io::{self, BufReader, Read, Seek, Write};
use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// Why an .npz file gives no array.
#[derive(Debug, thiserror::Error)]
pub enum NpzError {
    /// It is no zip file, or a broken one.
    #[error("this is not an .npz file: {0}")]
    Zip(#[from] ZipError),
    /// Several arrays, and none was chosen.
    #[error("the file holds several arrays ({}): choose one as FILE:NAME", .0.join(", "))]
    Ambiguous(Vec<String>),
    /// No array at all.
    #[error("the file holds no array")]
    Empty,
    /// No array of the name that was chosen.
    #[error("the file holds no array `{name}`, only {}", .known.join(", "))]
    Missing {
        /// The name.
        name: String,
        /// The names that are there.
        known: Vec<String>,
    },
    /// An array that cannot be read.
    #[error("array `{0}`: {1}")]
    Array(String, NpyError),
}

/// Reads the array of that name; without a name, the only one.
pub fn read(file: impl Read + Seek, name: Option<&str>) -> Result<Array, NpzError> {
    let mut archive = ZipArchive::new(file)?;
    let known: Vec<String> =
        archive.file_names().filter_map(|name| name.strip_suffix(".npy")).map(str::to_owned).collect();
    let name = match (name, known.as_slice()) {
        (Some(name), _) if known.iter().any(|known| known == name) => name,
        (_, []) => return Err(NpzError::Empty),
        (Some(name), _) => return Err(NpzError::Missing { name: name.to_owned(), known }),
        (None, [only]) => only,
        (None, _) => return Err(NpzError::Ambiguous(known)),
    };
    let entry = archive.by_name(&format!("{name}.npy"))?;
    // The size is what the archive says; a lie ends the data early, which npy::read notices.
    let size = entry.size();
    npy::read(&mut BufReader::new(entry), size).map_err(|error| NpzError::Array(name.to_owned(), error))
}

/// Writes arrays under NumPy's default names, `arr_0` and so on, uncompressed as `numpy.savez` does.
pub fn write(file: impl Write, arrays: &[Array]) -> io::Result<()> {
    let mut archive = ZipWriter::new_stream(Latch { file, error: None });
    for (index, array) in arrays.iter().enumerate() {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored).large_file(true);
        archive.start_file(format!("arr_{index}.npy"), options)?;
        npy::write(&mut archive, array)?;
    }
    let mut latch = archive.finish()?.into_inner();
    latch.error.take().map_or_else(|| latch.file.flush(), Err)
}

/// A file whose first error is kept until the end: the archive's writer would print it, too.
struct Latch<W> {
    file: W,
    error: Option<io::Error>,
}

impl<W: Write> Write for Latch<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.error.is_none() {
            self.error = self.file.write_all(bytes).err();
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
