//! Arrays of calls in .npy files.

use numir_rt::{PackageError, npy};
use numir_runtime::{Array, Value};
use std::fs::{self, File};
use std::io::{self, BufReader};
use std::path::Path;

/// An error of a file.
pub fn at(path: &Path, error: &io::Error) -> PackageError {
    PackageError::Value(format!("{}: {error}", path.display()))
}

/// Reads an array.
pub fn read(path: &Path) -> Result<Array, PackageError> {
    let file = File::open(path).map_err(|error| at(path, &error))?;
    let length = file.metadata().map_err(|error| at(path, &error))?.len();
    npy::read(&mut BufReader::new(file), length)
        .map_err(|error| PackageError::Value(format!("{}: {error}", path.display())))
}

/// Writes a value, which must be an array.
pub fn write(path: &Path, value: &Value) -> Result<(), PackageError> {
    let Value::Array(array) = value else {
        return Err(PackageError::Value(format!("{value} is no array, which {} could hold", path.display())));
    };
    write_array(path, array).map_err(|error| at(path, &error))
}

/// Writes an array to a file; of one that could not be written whole nothing is left, and what was there before stays.
fn write_array(path: &Path, array: &Array) -> io::Result<()> {
    if fs::metadata(path).is_ok_and(|known| !known.is_file()) {
        // A device or a pipe cannot be replaced by a file.
        return npy::write(&mut File::options().write(true).open(path)?, array);
    }
    let mut partial = path.as_os_str().to_owned();
    partial.push(".partial");
    let written = File::create(&partial).and_then(|mut file| npy::write(&mut file, array));
    written.and_then(|()| fs::rename(&partial, path)).inspect_err(|_| _ = fs::remove_file(&partial))
}
