//! .npy and .npz files: every dtype, order and version in and out again; broken ones refused.

use crate::support::Folder;
use std::io::{Cursor, Write};

const SAME: &str = "def same(x):\n    return x\n";

const DTYPES: &[(&str, usize, usize)] = &[
    ("b1", 1, 1),
    ("i1", 1, 1),
    ("i2", 2, 2),
    ("i4", 4, 4),
    ("i8", 8, 8),
    ("u1", 1, 1),
    ("u2", 2, 2),
    ("u4", 4, 4),
    ("u8", 8, 8),
    ("f2", 2, 2),
    ("f4", 4, 4),
    ("f8", 8, 8),
    ("c8", 8, 4),
    ("c16", 16, 8),
];

/// A file of the format's version, with this header and data.
pub fn npy(version: u8, header: &str, data: &[u8]) -> Vec<u8> {
    let mut file = b"\x93NUMPY".to_vec();
    file.extend([version, 0]);
    match version {
        1 => file.extend((header.len() as u16).to_le_bytes()),
        _ => file.extend((header.len() as u32).to_le_bytes()),
    }
    file.extend(header.as_bytes());
    file.extend(data);
    file
}

fn header(descr: &str, fortran: bool, shape: &str) -> String {
    let fortran = if fortran { "True" } else { "False" };
    format!("{{'descr': '{descr}', 'fortran_order': {fortran}, 'shape': {shape}, }}\n")
}

/// Header and data of a file that numir wrote.
fn parts(file: &[u8]) -> (String, Vec<u8>) {
    assert_eq!(&file[..8], b"\x93NUMPY\x01\x00");
    let length = usize::from(u16::from_le_bytes([file[8], file[9]]));
    assert_eq!((10 + length) % 64, 0, "the data is aligned");
    (String::from_utf8(file[10..10 + length].to_vec()).expect("ASCII"), file[10 + length..].to_vec())
}

/// Bytes of six items that are different from each other, and numbers in every type.
fn items(size: usize) -> Vec<u8> {
    (0..6).flat_map(|item| (0..size).map(move |byte| if byte == 0 { item } else { 0x3c ^ byte as u8 })).collect()
}

#[test]
fn every_dtype_comes_back_to_the_bit() {
    let folder = Folder::with_program(SAME);
    for (number, (code, size, part)) in DTYPES.iter().enumerate() {
        let little = if *code == "b1" { vec![1, 0, 1, 1, 0, 0] } else { items(*size) };
        let big: Vec<u8> = little.chunks(*part).flat_map(|part| part.iter().rev().copied()).collect();
        let version = 1 + (number % 3) as u8;
        let mark = if *size == 1 { '|' } else { '<' };
        for (descr, data, fortran) in [
            (format!("{mark}{code}"), &little, false),
            (format!(">{code}"), &big, false),
            (format!("={code}"), &little, true),
        ] {
            folder.write("in.npy", npy(version, &header(&descr, fortran, "(2, 3)"), data));
            folder.run(&["same", "in.npy", "-o", "out.npy"]);
            let (header, written) = parts(&folder.read("out.npy"));
            assert!(header.contains(&format!("'descr': '{mark}{code}'")), "{descr}: {header}");
            assert!(
                header.contains(&format!("'fortran_order': {}", if fortran { "True" } else { "False" })),
                "{header}"
            );
            assert!(header.contains("'shape': (2, 3)"), "{header}");
            assert_eq!(written, little, "{descr}");
        }
    }
}

#[test]
fn shapes_of_any_rank() {
    let folder = Folder::with_program(SAME);
    for (shape, count) in
        [("()", 1), ("(1,)", 1), ("(0,)", 0), ("(3, 0, 2)", 0), ("(2, 1, 3)", 6), ("(1, 1, 1, 1, 2)", 2)]
    {
        let data: Vec<u8> = (0..8 * count).map(|byte| byte as u8).collect();
        folder.write("in.npy", npy(1, &header("<i8", false, shape), &data));
        folder.run(&["same", "in.npy", "-o", "out.npy"]);
        let (header, written) = parts(&folder.read("out.npy"));
        assert!(header.contains(&format!("'shape': {shape}")), "{header}");
        assert_eq!(written, data);
    }
}

#[test]
fn strided_results_are_written_in_order() {
    let folder = Folder::with_program("def f(x):\n    return x[::-1, ::2]\n");
    let data: Vec<u8> = (0..6).collect();
    folder.write("in.npy", npy(1, &header("|u1", false, "(2, 3)"), &data));
    folder.run(&["f", "in.npy", "-o", "out.npy"]);
    assert_eq!(parts(&folder.read("out.npy")).1, [3, 5, 0, 2]);
}

#[test]
fn truth_values_are_made_of_any_byte() {
    let folder = Folder::with_program("def f(x):\n    return x[0] == x[1]\n");
    folder.write("in.npy", npy(1, &header("|b1", false, "(2,)"), &[2, 77]));
    assert_eq!(folder.run(&["f", "in.npy"]), "True\n");
}

#[test]
fn numbers_and_tuples_are_arrays_too() {
    let folder = Folder::with_program("def f(x):\n    return (x, 2.5, 7)\n");
    folder.run(&["f", "[True]", "-o", "a.npy", "-o", "b.npy", "-o", "c.npy"]);
    assert_eq!(parts(&folder.read("b.npy")).1, 2.5_f64.to_le_bytes());
    assert!(parts(&folder.read("c.npy")).0.contains("'shape': ()"));
    folder.run(&["f", "[True]", "-o", "all.npz"]);
    let refused = folder.refused(&["f", "[True]", "-o", "a.npy"]);
    assert!(refused.contains("returned 3 values"), "{refused}");
}

#[test]
fn archives_hold_arrays_by_name() {
    let folder = Folder::with_program(SAME);
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, method) in [("a.npy", zip::CompressionMethod::Stored), ("b.npy", zip::CompressionMethod::Deflated)] {
        let options = zip::write::SimpleFileOptions::default().compression_method(method);
        archive.start_file(name, options).expect("a fresh archive");
        let value = if name == "a.npy" { 1_i64 } else { 2 };
        archive.write_all(&npy(1, &header("<i8", false, "()"), &value.to_le_bytes())).expect("memory");
    }
    folder.write("two.npz", archive.finish().expect("memory").into_inner());
    folder.run(&["same", "two.npz:b", "-o", "one.npz"]);
    folder.run(&["same", "one.npz", "-o", "b.npy"]);
    assert_eq!(parts(&folder.read("b.npy")).1, 2_i64.to_le_bytes());
    assert!(folder.refused(&["same", "two.npz"]).contains("several arrays (a, b)"));
    assert!(folder.refused(&["same", "two.npz:c"]).contains("no array `c`, only a, b"));
    folder.write("broken.npz", &folder.read("two.npz")[..60]);
    assert!(folder.refused(&["same", "broken.npz"]).contains("not an .npz file"));
}

#[test]
fn broken_files_are_refused() {
    let folder = Folder::with_program(SAME);
    let good = npy(1, &header("<f8", false, "(2, 2)"), &[0; 32]);
    for (content, words) in [
        (good[..good.len() - 1].to_vec(), "truncated: 32 bytes of data should follow the header, but only 31 do"),
        (good[..40].to_vec(), "the file ends in it"),
        (b"hello, I am no array".to_vec(), "magic"),
        (Vec::new(), "magic"),
        (npy(9, "{}", &[]), "version 9.0"),
        (npy(1, "not a dict", &[]), "not a Python dict"),
        (npy(1, "{'descr': '<f8', 'fortran_order': False}", &[]), "`shape`"),
        (npy(1, &header("|O", false, "(1,)"), &[0; 8]), "dtype '|O' is not supported"),
        (npy(1, &header("<U4", false, "(1,)"), &[0; 16]), "dtype '<U4' is not supported"),
        (npy(1, &header("<M8[ns]", false, "(1,)"), &[0; 8]), "is not supported"),
        (npy(1, "{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1,)}", &[0; 8]), "of a record"),
        (npy(1, &header("<f8", false, "(-1,)"), &[]), "something else than extents"),
        (npy(1, &header("<f8", false, "(99999999999999999999,)"), &[]), "something else than extents"),
        (npy(1, &header("<f8", false, "(4611686018427387904, 4)"), &[]), "does not fit into memory"),
        (npy(1, &header("<f8", false, "(1000000000000,)"), &[]), "truncated"),
        (npy(2, &"(".repeat(9000), &[]), "not a Python dict"),
        (npy(2, &"(".repeat(20000), &[]), "too long"),
    ] {
        folder.write("in.npy", content);
        let refused = folder.refused(&["same", "in.npy"]);
        assert!(refused.starts_with("error: cannot read in.npy: ") && refused.contains(words), "{words}: {refused}");
    }
    assert!(folder.refused(&["same", "none.npy"]).contains("cannot read none.npy: No such file or directory"));
    std::fs::create_dir(folder.file("folder.npy")).expect("a folder");
    assert!(folder.refused(&["same", "folder.npy"]).contains("it is a folder"));
}

#[test]
fn no_mutation_of_a_file_does_harm() {
    let folder = Folder::with_program(SAME);
    let good = npy(1, &header("<f4", true, "(2, 3)"), &[1; 24]);
    // A linear congruential generator: the same files on every run.
    let mut state = 12345_u32;
    let mut next = |below: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as usize % below
    };
    for _ in 0..100 {
        let mut file = good.clone();
        for _ in 0..=next(3) {
            let place = next(file.len());
            match next(3) {
                0 => file[place] = next(256) as u8,
                1 => file.truncate(place.max(1)),
                _ => file.insert(place, b"0(,'{"[next(5)]),
            }
        }
        folder.write("in.npy", &file);
        let outcome = folder.numir(&["run", "p.py", "same", "in.npy"]);
        match outcome.code {
            Some(0) => {}
            Some(1) => outcome.assert_readable(),
            other => panic!("{other:?} for {file:?}: {}", outcome.err),
        }
    }
}
