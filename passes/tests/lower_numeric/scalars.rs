//! Every scalar operation on edge values, against the answers that record.py got from NumPy and CPython (numpy.txt).

use crate::machine::compile;
use numir_runtime::loader::Loaded;
use std::collections::HashMap;

/// A line of numpy.txt.
struct Line<'a> {
    operation: &'a str,
    operand: &'a str,
    result: &'a str,
    cases: Vec<(Vec<u128>, u128)>,
}

fn parse(line: &str) -> Line<'_> {
    let (head, cases) = line.split_at(line.find('=').map_or(0, |equals| line[..equals].rfind(' ').unwrap_or(0)));
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

/// The same of indices, which are `si64` otherwise.
fn of_indices(line: Line<'_>) -> Option<Line<'_>> {
    let exchange = |ty| if ty == "si64" { "index" } else { ty };
    let known = ["add", "sub", "mul", "floordiv", "mod", "pow", "minimum", "maximum", "neg", "abs", "cast"];
    let applies = known.contains(&line.operation) || line.operation.starts_with("cmp");
    let changed = Line { operand: exchange(line.operand), result: exchange(line.result), ..line };
    (applies && (changed.operand == "index" || changed.result == "index")).then_some(changed)
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
        "!numeric.int" | "index" => 64,
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
    let mut lines: Vec<_> = include_str!("numpy.txt").lines().map(parse).collect();
    lines.extend(include_str!("numpy.txt").lines().filter_map(|line| of_indices(parse(line))));
    let source: String = lines.iter().enumerate().map(|(number, line)| function(number, line)).collect();
    let code = compile("numeric", &source);
    let mut wrong: HashMap<String, Vec<String>> = HashMap::new();
    for (number, line) in lines.iter().enumerate() {
        let address = code.symbol(&format!("numir_entry_f{number}")).expect("an entry");
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

/// Runs a function of one operand of 64 bits or fewer.
fn run(code: &Loaded, name: &str, operand: u128) -> u128 {
    let address = code.symbol(&format!("numir_entry_{name}")).expect("an entry");
    // SAFETY: as in `scalars_are_numpys`.
    let entry: extern "C" fn(*const u128, *mut u128) -> i32 = unsafe { std::mem::transmute(address) };
    let mut result = 0u128;
    assert_eq!(entry(&raw const operand, &raw mut result), 0);
    result
}

#[test]
fn constant_operands_take_short_ways() {
    let constants = [("floordiv", [1i64, 2, 8, 64]), ("mod", [1, 2, 8, 64]), ("pow", [0, 1, 7, 10])];
    let cases = constants.iter().flat_map(|(operation, constants)| constants.map(|constant| (*operation, constant)));
    let cases: Vec<_> =
        cases.flat_map(|(operation, constant)| [("si8", operation, constant), ("ui8", operation, constant)]).collect();
    let source: String = cases
        .iter()
        .map(|(ty, operation, constant)| {
            format!(
                "func.func @{operation}_{constant}_{ty}(%a: {ty}) -> {ty} attributes {{numeric.entry}} {{\n\
                 %b = numeric.constant {constant} : {ty}\n%r = numeric.{operation} %a, %b : {ty}\nreturn %r : {ty}\n}}\n"
            )
        })
        .collect();
    let code = compile("numeric", &source);
    for (ty, operation, constant) in cases {
        for byte in 0..=255u8 {
            let value = if ty == "si8" { i64::from(byte as i8) } else { i64::from(byte) };
            let expected = match operation {
                "floordiv" => value.div_euclid(constant),
                "mod" => value.rem_euclid(constant),
                _ => value.wrapping_pow(constant as u32),
            };
            let result = run(&code, &format!("{operation}_{constant}_{ty}"), byte.into()) as u8;
            assert_eq!(result, expected as u8, "{value} {operation} {constant} : {ty}");
        }
    }
}

#[test]
fn bits_stay_under_another_type() {
    let types =
        [("f16", "ui16"), ("f32", "si32"), ("f64", "ui64"), ("f64", "index"), ("index", "f64"), ("ui64", "si64")];
    let function = |(number, (from, to)): (usize, &(&str, &str))| {
        format!(
            "func.func @f{number}(%a: {from}) -> {to} attributes {{numeric.entry}} {{\n\
             %r = numeric.bitcast %a : {from} to {to}\nreturn %r : {to}\n}}\n"
        )
    };
    let code = compile("numeric", &types.iter().enumerate().map(function).collect::<String>());
    for (number, (from, _)) in types.iter().enumerate() {
        let bits = 0x3C01_4002_4003_4004u128 & ((1 << width(from)) - 1);
        assert_eq!(run(&code, &format!("f{number}"), bits), bits);
    }
}
