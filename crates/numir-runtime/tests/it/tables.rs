//! Texts and promotions against the tables that CPython and NumPy have filled (tests/record.py).

use numir_runtime::format::{Style, half, push_scalar, push_str_repr};
use numir_runtime::{Array, DType, Number, Scalar, Value, dtype::Weak};

/// The rows of a table, their fields unescaped.
fn rows(table: &str) -> Vec<Vec<String>> {
    let unescape = |field: &str| {
        let mut out = String::new();
        let mut rest = field.chars();
        while let Some(c) = rest.next() {
            out.push(match (c, c == '\\') {
                (_, true) => match rest.next() {
                    Some('n') => '\n',
                    Some('t') => '\t',
                    other => other.expect("an escape is two characters"),
                },
                (c, false) => c,
            });
        }
        out
    };
    table.lines().map(|line| line.split('\t').map(unescape).collect()).collect()
}

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len() / 2).map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).expect("hex")).collect()
}

fn word(hex: &str) -> u64 {
    u64::from_str_radix(hex, 16).expect("hex")
}

fn dtype(name: &str) -> DType {
    DType::from_name(name).expect("a NumPy name")
}

fn text(scalar: Scalar, style: Style) -> String {
    let mut out = String::new();
    push_scalar(&mut out, scalar, style);
    out
}

/// Fails with all differences.
fn agree(differences: Vec<String>) {
    assert!(differences.is_empty(), "{} differ:\n{}", differences.len(), differences.join("\n"));
}

fn compare(what: &str, ours: String, theirs: &str) -> Option<String> {
    (ours != theirs).then(|| format!("{what}: ours\n{ours}\ntheirs\n{theirs}"))
}

#[test]
fn floats() {
    let mut differences = Vec::new();
    for row in rows(include_str!("../tables/floats.tsv")) {
        if row[0] == "every float16" {
            let texts: Vec<_> = (0..=u16::MAX)
                .map(|bits| text(Scalar::from_words(DType::Float16, [bits.into(), 0]), Style::Str))
                .collect();
            let fnv = |digest: u64, byte: u8| (digest ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
            let digest = texts.join("\n").bytes().fold(0xcbf2_9ce4_8422_2325, fnv);
            differences.extend(compare("every float16", format!("{digest:x}"), &row[2]));
            continue;
        }
        let scalar = Scalar::from_words(dtype(&row[0]), [word(&row[1]), 0]);
        differences.extend(compare("str", text(scalar, Style::Str), &row[2]));
        differences.extend(compare("repr", text(scalar, Style::NumpyRepr), &row[3]));
    }
    agree(differences);
}

#[test]
fn complexes() {
    let mut differences = Vec::new();
    for row in rows(include_str!("../tables/complexes.tsv")) {
        let words = [word(&row[1]), word(&row[2])];
        let (dtype, repr) =
            if row[0] == "python" { (DType::Complex128, Style::Repr) } else { (dtype(&row[0]), Style::NumpyRepr) };
        let scalar = Scalar::from_words(dtype, words);
        differences.extend(compare("str", text(scalar, Style::Str), &row[3]));
        differences.extend(compare("repr", text(scalar, repr), &row[4]));
    }
    agree(differences);
}

#[test]
fn promotions() {
    let mut differences = Vec::new();
    for row in rows(include_str!("../tables/promotions.tsv")) {
        let ours = match row[1].as_str() {
            "weak int" => dtype(&row[0]).promote_weak(Weak::Int),
            "weak float" => dtype(&row[0]).promote_weak(Weak::Float),
            "weak complex" => dtype(&row[0]).promote_weak(Weak::Complex),
            other => dtype(&row[0]).promote(dtype(other)),
        };
        differences.extend(compare(&format!("{} with {}", row[0], row[1]), ours.name().to_owned(), &row[2]));
    }
    agree(differences);
}

#[test]
fn strings() {
    let mut differences = Vec::new();
    for row in rows(include_str!("../tables/texts.tsv")) {
        let [source, wanted] = [&row[0], &row[1]].map(|hex| String::from_utf8(bytes(hex)).expect("UTF-8"));
        let mut ours = String::new();
        push_str_repr(&mut ours, &source);
        differences.extend(compare("repr", ours, &wanted));
    }
    agree(differences);
}

#[test]
fn arrays() {
    let mut differences = Vec::new();
    for row in rows(include_str!("../tables/arrays.tsv")) {
        let shape: Vec<usize> = row[1].split_terminator(',').map(|extent| extent.parse().expect("an extent")).collect();
        let array = Array::from_bytes(dtype(&row[0]), &shape, &bytes(&row[2])).expect("bytes fit the shape");
        differences.extend(compare("str", array.to_string(), &row[3]));
        differences.extend(compare("repr", Value::Array(array).repr(), &row[4]));
    }
    agree(differences);
}

proptest::proptest! {
    #[test]
    fn what_is_printed_is_read_back(bits: u64) {
        let double = f64::from_bits(bits);
        let shown = text(Scalar::new(DType::Float64, Number::Float(double)).expect("a float"), Style::Str);
        let read: f64 = shown.parse().expect("a number");
        proptest::prop_assert!(read.to_bits() == bits || double.is_nan() && read.is_nan());

        let single = f32::from_bits(bits as u32);
        let shown = text(Scalar::new(DType::Float32, Number::Float(single.into())).expect("a float"), Style::Str);
        let read: f32 = shown.parse().expect("a number");
        proptest::prop_assert!(read.to_bits() == bits as u32 || single.is_nan() && read.is_nan());

        let shown = text(Scalar::from_words(DType::Float16, [bits, 0]), Style::Str);
        let read = half::from_f64(shown.parse().expect("a number"));
        proptest::prop_assert!(read == bits as u16 || half::to_f64(bits as u16).is_nan());
    }

    #[test]
    fn scalars_come_back_from_their_words(code in 0_i64..14, low: u64, high: u64) {
        let dtype = DType::from_code(code).expect("a code");
        let scalar = Scalar::from_words(dtype, [low, high]);
        let again = Scalar::from_words(dtype, scalar.to_words());
        proptest::prop_assert_eq!(scalar.to_words(), again.to_words());
        proptest::prop_assert_eq!(Scalar::new(dtype, scalar.number()).map(Scalar::to_words), Some(scalar.to_words()));
    }
}
