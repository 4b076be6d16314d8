//! NumPy's names that are neither ufuncs nor functions of the library.

use super::Meaning;

pub(super) static MEANINGS: &[Meaning] = &[Meaning {
    name: "numpy.ndarray",
    parameters: "*args",
    doc: "The type of arrays, for isinstance.",
    evaluate: |frame, _| Err(frame.unsupported("making an array by calling ndarray: use np.empty")),
}];
