//! Constant folding has the meaning of Python and NumPy: tables of operations on constants and what they fold to.

use crate::support::canonicalized;

/// The constant that an operation on constants folds to; the operation's own text if it does not fold.
fn fold(operation: &str, r#type: &str, operands: &[&str], result: &str) -> String {
    let constants: String = operands
        .iter()
        .enumerate()
        .map(|(index, value)| format!("  %c{index} = numeric.constant {value} : {type}\n"))
        .collect();
    let names: Vec<_> = (0..operands.len()).map(|index| format!("%c{index}")).collect();
    let operation = operation.replace("$", &names.join(", "));
    let source = format!("func.func @f() -> {result} {{\n{constants}  %r = {operation}\n  return %r : {result}\n}}");
    let text = canonicalized(&source);
    let folded = text.lines().rev().nth(2).unwrap_or_default();
    let value = folded.split_once("numeric.constant ").map_or(folded, |(_, constant)| constant);
    value.split(" : ").next().unwrap_or_default().trim().to_owned()
}

/// Checks lines of `type: a op b = result`.
#[track_caller]
fn check(table: &str) {
    for line in table.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (head, expected) = line.rsplit_once(" = ").unwrap();
        let (r#type, expression) = head.split_once(": ").unwrap();
        let words: Vec<_> = expression.split(' ').collect();
        let folded = match words[..] {
            [lhs, operation, rhs] => fold(&format!("numeric.{operation} $ : {type}"), r#type, &[lhs, rhs], r#type),
            [operation, operand] => fold(&format!("numeric.{operation} $ : {type}"), r#type, &[operand], r#type),
            _ => panic!("{line}"),
        };
        assert_eq!(folded, expected, "{line}");
    }
}

#[test]
fn integers_wrap_and_divide_as_python_does() {
    check(
        "si8: 127 add 1 = -128
         ui8: 255 add 1 = 0
         si64: -9223372036854775808 sub 1 = 9223372036854775807
         ui64: 0 sub 1 = 18446744073709551615
         si16: 300 mul 300 = 24464
         si64: -7 floordiv 2 = -4
         si64: 7 floordiv -2 = -4
         si64: -7 mod 2 = 1
         si64: 7 mod -2 = -1
         si64: -8 mod 2 = 0
         si64: 7 floordiv 0 = 0
         si64: 7 mod 0 = 0
         si64: -9223372036854775808 floordiv -1 = -9223372036854775808
         si64: -9223372036854775808 mod -1 = 0
         si8: -128 floordiv -1 = -128
         ui64: 18446744073709551615 floordiv 2 = 9223372036854775807
         ui64: 18446744073709551615 mod 10 = 5
         !numeric.int: 3 pow 4 = 81
         !numeric.int: 2 pow 64 = 0
         !numeric.int: 2 pow -1 = 0
         !numeric.int: 0 pow 0 = 1
         ui8: 3 pow 255 = 171
         index: -1 minimum 1 = -1
         ui8: 255 maximum 1 = 255
         si8: neg -128 = -128
         ui8: neg 1 = 255
         si8: abs -128 = -128
         si64: abs -5 = 5",
    );
}

#[test]
fn bits_shift_out() {
    check(
        "si64: 1 shl 63 = -9223372036854775808
         si64: 1 shl 64 = 0
         si64: 1 shl -1 = 0
         si8: 1 shl 7 = -128
         si64: -8 shr 1 = -4
         si64: -8 shr 64 = -1
         si64: 8 shr 64 = 0
         ui8: 255 shr 1 = 127
         ui8: 255 shr 8 = 0
         i1: true and false = false
         i1: true xor true = false
         ui8: 240 or 15 = 255
         si8: invert 0 = -1
         ui8: invert 0 = 255
         i1: invert true = false",
    );
}

#[test]
fn floats_fold_where_ieee_says_all() {
    check(
        "f64: 0.1 add 0.2 = 0.30000000000000004
         f32: 0.1 add 0.2 = 0.30000001192092896
         f16: 2048.0 add 1.0 = 2048.0
         f32: 16777216.0 add 1.0 = 16777216.0
         f64: 1.0 truediv 0.0 = inf
         f64: -1.0 truediv 0.0 = -inf
         f64: 1.0e+308 mul 10.0 = inf
         f64: -7.5 floordiv 2.0 = -4.0
         f64: -7.5 mod 2.0 = 0.5
         f64: 7.5 mod -2.0 = -0.5
         f64: -4.0 mod 2.0 = 0.0
         f64: 4.0 mod -2.0 = -0.0
         f64: 1.0 floordiv 0.1 = 9.0
         f32: 1.0 mod 0.1 = 0.09999998658895493
         f64: neg 0.0 = -0.0
         f64: abs -2.5 = 2.5
         f64: 1.0 minimum 2.0 = 1.0
         f64: 2.5 pow 0.0 = 1.0
         complex<f64>: (1.0,2.0) add (3.0,-1.0) = (4.0, 1.0)
         complex<f32>: neg (1.0,-2.0) = (-1.0, 2.0)",
    );
}

#[test]
fn floats_stay_where_machines_differ() {
    for (expression, r#type, operands) in [
        ("numeric.truediv $ : f64", "f64", ["0.0", "0.0"]),
        ("numeric.sub $ : f64", "f64", ["inf", "inf"]),
        ("numeric.minimum $ : f64", "f64", ["0.0", "-0.0"]),
        ("numeric.minimum $ : f64", "f64", ["nan", "1.0"]),
        ("numeric.pow $ : f64", "f64", ["2.0", "0.5"]),
        ("numeric.mul $ : complex<f64>", "complex<f64>", ["(1.0, 2.0)", "(3.0, 4.0)"]),
        ("numeric.libm hypot($) : f64", "f64", ["3.0", "4.0"]),
    ] {
        let operation = expression.split(" $").next().unwrap().split('(').next().unwrap();
        assert!(fold(expression, r#type, &operands, r#type).contains(operation), "{expression}");
    }
}

#[test]
fn comparisons() {
    for (predicate, r#type, lhs, rhs, expected) in [
        ("lt", "si64", "-1", "0", "true"),
        ("lt", "ui64", "18446744073709551615", "0", "false"),
        ("lt", "i1", "false", "true", "true"),
        ("ge", "index", "3", "3", "true"),
        ("eq", "f64", "0.0", "-0.0", "true"),
        ("eq", "f64", "nan", "nan", "false"),
        ("ne", "f64", "nan", "nan", "true"),
        ("le", "f64", "nan", "1.0", "false"),
        ("gt", "f32", "inf", "1.0", "true"),
    ] {
        let folded = fold(&format!("numeric.cmp {predicate}, $ : {type}"), r#type, &[lhs, rhs], "i1");
        assert_eq!(folded, expected, "{type}: {lhs} {predicate} {rhs}");
    }
}

#[test]
fn casts() {
    for (from, value, to, expected) in [
        ("si64", "300", "ui8", "44"),
        ("si64", "-1", "ui64", "18446744073709551615"),
        ("ui8", "255", "si8", "-1"),
        ("si64", "9007199254740993", "f64", "9007199254740992.0"),
        ("ui64", "18446744073709551615", "f32", "18446744073709551616.0"),
        ("f64", "-2.9", "si64", "-2"),
        ("f64", "0.1", "f32", "0.10000000149011612"),
        ("f64", "1.0e+10", "f16", "inf"),
        ("f64", "0.5", "i1", "true"),
        ("i1", "true", "f64", "1.0"),
        ("si8", "-3", "complex<f64>", "(-3.0, 0.0)"),
        ("f64", "1.5", "!numeric.complex", "(1.5, 0.0)"),
        ("!numeric.int", "7", "index", "7"),
    ] {
        assert_eq!(fold(&format!("numeric.cast $ : {from} to {to}"), from, &[value], to), expected, "{from} {value}");
    }
    // What does not fit is the machine's.
    assert!(fold("numeric.cast $ : f64 to si8", "f64", &["1.0e+10"], "si8").contains("numeric.cast"));
    assert_eq!(fold("numeric.bitcast $ : f64 to ui64", "f64", &["1.0"], "ui64"), "4607182418800017408");
    assert_eq!(fold("numeric.bitcast $ : si32 to f32", "si32", &["1065353216"], "f32"), "1.0");
}

#[test]
fn the_math_library_where_it_is_exact() {
    for (function, operands, expected) in [
        ("floor", &["-1.5"][..], "-2.0"),
        ("ceil", &["-1.5"], "-1.0"),
        ("trunc", &["-1.5"], "-1.0"),
        ("round", &["2.5"], "3.0"),
        ("rint", &["2.5"], "2.0"),
        ("sqrt", &["2.0"], "1.4142135623730951"),
        ("fabs", &["-0.0"], "0.0"),
        ("copysign", &["1.0", "-0.0"], "-1.0"),
    ] {
        assert_eq!(fold(&format!("numeric.libm {function}($) : f64"), "f64", operands, "f64"), expected, "{function}");
    }
    assert_eq!(fold("numeric.classify signbit $ : f64", "f64", &["-0.0"], "i1"), "true");
    assert_eq!(fold("numeric.classify isfinite $ : f64", "f64", &["inf"], "i1"), "false");
    assert_eq!(fold("numeric.wrap_index $", "index", &["-1", "5"], "index"), "4");
}
