//! Every scalar operation on edge values, against the answers that record.py got from NumPy and CPython (numpy.txt).

use crate::machine::compile;
use std::collections::HashMap;

/// A line of numpy.txt.
struct Line<'a> {
    operation: &'a str,
    operand: &'a str,
    result: &'a str,
    cases: Vec<(Vec<u128>, u128)>,
}

fn parse(line: &str) -> Line<'_> {
    let (head, cases) =
        line.split_at(line.find(|c: char| c == '=').map_or(0, |equals| line[..equals].rfind(' ').unwrap_or(0)));
    let words: Vec<_> = head.rsplitn(3, ' ').collect();
    let number = |text: &str| u128::from_str_radix(text, 16).expect("hexadecimal");
    let case = |case: &str| {
        let (operands, answer) = case.split_once('=').expect("an answer");
        (operands.split(',').map(number).collect(), number(answer))
    };
    Line {
        operation: words[2],
        operand: words[1],
        result: words[0],
        cases: cases.split_whitespace().map(case).collect(),
    }
}

fn function(number: usize, line: &Line<'_>) -> String {
    let Line { operation, operand, result, .. } = line;
    let (parameters, operands) = match line.cases[0].0.len() {
        1 => (format!("%a: {operand}"), "%a"),
        _ => (format!("%a: {operand}, %b: {operand}"), "%a, %b"),
    };
    let to = if *operation == "cast" { format!(" to {result}") } else { String::new() };
    format!(
        "func.func @f{number}({parameters}) -> {result} attributes {{numeric.entry}} {{\n\
         %r = numeric.{operation} {operands} : {operand}{to}\nreturn %r : {result}\n}}\n"
    )
}

/// The width of a float (of one part of a complex number) in bits, by the type's name; 0 for other types.
fn float_width(ty: &str) -> u32 {
    let known = [("f16", 16), ("f32", 32), ("f64", 64), ("complex<f32>", 32), ("complex<f64>", 64)];
    let python = [("!numeric.float", 64), ("!numeric.complex", 64)];
    known.into_iter().chain(python).find(|(name, _)| *name == ty).map_or(0, |(_, width)| width)
}

fn width(ty: &str) -> u32 {
    match ty {
        "i1" => 8,
        "!numeric.int" => 64,
        _ if ty.contains("complex") => 2 * float_width(ty),
        _ if float_width(ty) != 0 => float_width(ty),
        _ => ty[2..].parse().expect("a width"),
    }
}

fn is_nan(bits: u128, width: u32) -> bool {
    let mantissa = match width {
        16 => 10,
        32 => 23,
        _ => 52,
    };
    let exponent = (1u128 << (width - 1)) - (1 << mantissa);
    let magnitude = bits & ((1 << (width - 1)) - 1);
    magnitude > exponent
}

/// Equal bits; or both NaN, part by part; or zeros of either sign, where `any_zero`.
fn agrees(ty: &str, any_zero: bool, left: u128, right: u128) -> bool {
    let float = float_width(ty);
    if float == 0 {
        return left == right;
    }
    let mask = (1u128 << float) - 1;
    (0..width(ty) / float).all(|part| {
        let [left, right] = [left, right].map(|bits| (bits >> (part * float)) & mask);
        let zero = |bits: u128| bits & (mask >> 1) == 0;
        left == right || is_nan(left, float) && is_nan(right, float) || any_zero && zero(left) && zero(right)
    })
}

#[test]
fn scalars_are_numpys() {
    let lines: Vec<_> = include_str!("numpy.txt").lines().map(parse).collect();
    let source: String = lines.iter().enumerate().map(|(number, line)| function(number, line)).collect();
    let jit = compile("numeric", &source);
    let mut wrong: HashMap<String, Vec<String>> = HashMap::new();
    for (number, line) in lines.iter().enumerate() {
        let address = jit.lookup(&format!("numir_entry_f{number}")).expect("an entry");
        // SAFETY: the wrapper's signature; each slot has 16 bytes.
        let entry: extern "C" fn(*const u128, *mut u128) -> i32 = unsafe { std::mem::transmute(address) };
        for (operands, answer) in &line.cases {
            let mut result = 0u128;
            assert_eq!(entry(operands.as_ptr(), &raw mut result), 0);
            let any_zero = matches!(line.operation, "minimum" | "maximum");
            if !agrees(line.result, any_zero, result, *answer) {
                let key = format!("{} {} {}", line.operation, line.operand, line.result);
                wrong.entry(key).or_default().push(format!("{operands:x?} gives {result:x}, not {answer:x}"));
            }
        }
    }
    let report: String =
        wrong.iter().map(|(key, cases)| format!("{key}: {} wrong, {}\n", cases.len(), cases[0])).collect();
    assert!(report.is_empty(), "{report}");
}
