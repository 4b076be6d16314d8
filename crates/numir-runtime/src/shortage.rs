//! Arrays that cannot be had: the exception and the words that NumPy has for them.

use crate::dtype::DType;
use crate::memory::array_bytes;

/// The class of a site that tells of an array: its message ends with the name of the dtype, its operands are the extents.
pub const ARRAY_REFUSED: &str = "MemoryError[array]";

/// The exception's class and its message, for the message of a site and its operands.
pub(crate) fn refused(template: &str, extents: &[i64]) -> (&'static str, String) {
    let dtype = template.rsplit(' ').next().unwrap_or_default();
    let sizes: Vec<usize> = extents.iter().map(|extent| usize::try_from(*extent).unwrap_or(0)).collect();
    let item = DType::from_name(dtype).map_or(1, DType::size);
    let Some(bytes) = array_bytes(&sizes, item) else {
        const TOO_BIG: &str =
            "array is too big; `arr.size * arr.dtype.itemsize` is larger than the maximum possible size.";
        return ("ValueError", TOO_BIG.to_owned());
    };
    let shape: Vec<String> = sizes.iter().map(usize::to_string).collect();
    let comma = if shape.len() == 1 { "," } else { "" };
    let (shape, amount) = (shape.join(", "), amount(bytes));
    (
        "MemoryError",
        format!("Unable to allocate {amount} for an array with shape ({shape}{comma}) and data type {dtype}"),
    )
}

/// So many bytes in three digits of the largest unit that gives one before the point.
fn amount(bytes: usize) -> String {
    const UNITS: [&str; 7] = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    let mut unit = bytes.checked_ilog2().unwrap_or(0) as usize / 10;
    let mut count = bytes as f64 / (1_u64 << (10 * unit)) as f64;
    if count.round() == 1024.0 {
        (unit, count) = (unit + 1, count / 1024.0);
    }
    let name = UNITS[unit];
    if unit == 0 {
        return format!("{count:.0} {name}");
    }
    let digits = [9.995, 99.95].iter().filter(|limit| count < **limit).count();
    let point = if digits == 0 { "." } else { "" };
    format!("{count:.digits$}{point} {name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_rounded_as_numpy_rounds() {
        let known = [
            (0, "0 bytes"),
            (1023, "1023 bytes"),
            (1024, "1.00 KiB"),
            ((1 << 20) - 1, "1.00 MiB"),
            (10 << 30, "10.0 GiB"),
            (745 << 30, "745. GiB"),
            (1000 << 30, "1000. GiB"),
            (80_000_000_000_000, "72.8 TiB"),
            (i64::MAX as usize, "8.00 EiB"),
        ];
        for (bytes, text) in known {
            assert_eq!(amount(bytes), text);
        }
    }

    #[test]
    fn what_no_number_of_bytes_holds_is_a_wrong_value() {
        assert_eq!(refused("({}) float64", &[1 << 60]).0, "ValueError");
        let (kind, message) = refused("({},{}) int8", &[1 << 62, 1]);
        assert_eq!(kind, "MemoryError");
        let shape = "(4611686018427387904, 1)";
        assert_eq!(message, format!("Unable to allocate 4.00 EiB for an array with shape {shape} and data type int8"));
    }
}
