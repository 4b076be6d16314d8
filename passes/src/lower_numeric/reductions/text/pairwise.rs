//! Pairwise sums and products: whole blocks, and what is left, which is masked where it is a row.

use super::Source;
use numir_numeric::types::Scalar;

/// The pairwise sum or product of floats, or of one part (`re` or `im`) of complex numbers: its symbol and the text of the module.
pub fn pairwise(source: &Source, kind: &str, part: Option<&str>) -> (String, String) {
    let direct = source.contiguous && part.is_none() && source.scalar.width() >= 32;
    let symbol = source.symbol(&format!("{kind}{}", part.unwrap_or("")));
    let fill = if direct { String::new() } else { fill(source, part) };
    let rest = if source.rank == 1 { row(source, part) } else { REST.to_owned() };
    let text = format!("{fill}\n{rest}\n{MANY}\n{FEW}")
        .replace("// items\n", if direct { IN_PLACE } else { FILLED })
        .replace("@fill", &format!("@{symbol}.fill"))
        .replace("@rest", &format!("@{symbol}.rest"))
        .replace("@many", &format!("@{symbol}.many"))
        .replace("@reduce", &format!("@{symbol}"))
        .replace("// extents\n", &source.extents())
        .replace("// total\n", &total(source.rank));
    let aliases = format!(
        "!A = {}\n!E = {}\n!D = !llvm.struct<(ptr, ptr, i64, array<1 x i64>, array<1 x i64>)>\n",
        source.memref(),
        source.element()
    );
    let blocks = blocks(source.scalar, kind);
    (symbol, aliases + &blocks.aliases + &blocks.text + &blocks.named(&text))
}

/// The functions that a pairwise sum or product is put together from.
pub struct Blocks {
    /// The aliases that they stand on.
    pub aliases: String,
    /// Their text.
    pub text: String,
    /// What they have in common in their names.
    prefix: String,
}

impl Blocks {
    /// The symbol of one of them: `block`, `few`, `last`, `carry`, `finish`, `pad`, or (of [`join`]) `join`.
    pub fn symbol(&self, function: &str) -> String {
        format!("{}.{function}", self.prefix)
    }

    /// A text with their symbols in the place of their names.
    fn named(&self, text: &str) -> String {
        let functions = ["block", "tree", "few", "last", "carry", "finish", "pad", "join"];
        functions.iter().fold(text.to_owned(), |text, function| {
            text.replace(&format!("@{function}"), &format!("@{}", self.symbol(function)))
        })
    }
}

/// Of loops that run a few times per some thousand items, so that LLVM does not make many of one iteration.
const RARE: &str = "#rare = #llvm.loop_annotation<unroll = #llvm.loop_unroll<disable = true>>\n";

/// Of loops over so many slots that are a multiple of 8, of which the last have no items: LLVM makes vectors of 8 of them, with masks.
pub const MASKED: &str = "#llvm.loop_annotation<vectorize = #llvm.loop_vectorize<disable = false, width = 8 : i32>, \
    interleave = #llvm.loop_interleave<count = 1 : i32>, unroll = #llvm.loop_unroll<disable = true>>";

/// The functions for floats of a type, or parts of complex numbers.
pub fn blocks(scalar: Scalar, kind: &str) -> Blocks {
    let width = scalar.width().max(32);
    let (op, identity, empty) = floats(kind);
    let lanes = [32, 16, 8, 4, 2].map(|lanes| {
        let name = if lanes == 32 { "V".to_owned() } else { format!("V{lanes}") };
        format!("!{name} = vector<{lanes}xf{width}>\n")
    });
    let aliases = format!(
        "!T = f{width}\n{}#identity = {identity} : f{width}\n#identities = dense<{identity}> : vector<8xf{width}>\n\
         #empty = {empty} : f{width}\n#alignment = {} : i64\n{RARE}#masked = {MASKED}\n",
        lanes.concat(),
        width / 8
    );
    let is_alias = |line: &&str| line.starts_with('!') || line.starts_with('#');
    let lines: Vec<_> = include_str!("../../meaning/pairwise.mlir").lines().filter(|line| !is_alias(line)).collect();
    let blocks = Blocks { aliases, text: String::new(), prefix: format!("numeric.{kind}.f{width}") };
    let text = blocks.named(&lines.join("\n").replace("arith.addf", op)) + "\n";
    Blocks { text, ..blocks }
}

/// The function that puts the sums of pieces together, with those that it stands on.
pub fn join(scalar: Scalar, kind: &str) -> String {
    let blocks = blocks(scalar, kind);
    let own = blocks.named(include_str!("../../meaning/pieces.mlir")).replace("arith.addf", floats(kind).0);
    blocks.aliases.clone() + &blocks.text + &own
}

/// The operation of a kind on floats, what fills up the last block, and the result where there are no items.
pub fn floats(kind: &str) -> (&'static str, &'static str, &'static str) {
    if kind == "mul" { ("arith.mulf", "1.0", "1.0") } else { ("arith.addf", "-0.0", "0.0") }
}

/// Lines that define `%n`, the number of items.
fn total(rank: usize) -> String {
    let product: String =
        (1..rank).map(|axis| format!("  %n{axis} = arith.muli %n{}, %d{axis} : index\n", axis - 1)).collect();
    format!("  %n0 = arith.addi %d0, %zero : index\n{product}  %n = arith.addi %n{}, %zero : index\n", rank - 1)
}

/// Reads item `index` as `%x`.
fn load(source: &Source, part: Option<&str>, index: &str) -> String {
    let load = format!("memref.load %a[{index}] : !A");
    match part {
        Some(part) => format!("%item = {load}\n      %x = complex.{part} %item : !E"),
        None if source.scalar == Scalar::Float(16) => {
            format!("%item = {load}\n      %x = arith.extf %item : f16 to f32")
        }
        None => format!("%x = {load}"),
    }
}

/// The items of a row from `start` on into `width` slots: `run` of them, and behind them what changes nothing.
fn row(source: &Source, part: Option<&str>) -> String {
    let load = load(source, part, "%j");
    format!(
        "func.func private @rest(%a: !A, %start: index, %run: index, %width: index, %buffer: !llvm.ptr) attributes {{numir.short}} {{
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %identity = arith.constant #identity
  scf.for %t = %zero to %width step %one {{
    %there = arith.cmpi ult, %t, %run : index
    %value = scf.if %there -> (!T) {{
      %j = arith.addi %start, %t : index
      {load}
      scf.yield %x : !T
    }} else {{
      scf.yield %identity : !T
    }}
    %t64 = arith.index_cast %t : index to i64
    %slot = llvm.getelementptr inbounds %buffer[%t64] : (!llvm.ptr, i64) -> !llvm.ptr, !T
    llvm.store %value, %slot : !T, !llvm.ptr
  }} {{loop_annotation = #masked}}
  return
}}
"
    )
}

/// The same of an array of several axes.
const REST: &str = "func.func private @rest(%a: !A, %start: index, %run: index, %width: index, %buffer: !llvm.ptr) attributes {numir.short} {
  %identity = arith.constant #identity
  %stop = arith.addi %start, %run : index
  func.call @fill(%a, %start, %stop, %buffer) : (!A, index, index, !llvm.ptr) -> ()
  %run64 = arith.index_cast %run : index to i64
  %free = llvm.getelementptr inbounds %buffer[%run64] : (!llvm.ptr, i64) -> !llvm.ptr, !T
  %left = arith.subi %width, %run : index
  func.call @pad(%free, %left, %identity) : (!llvm.ptr, index, !T) -> ()
  return
}
";

/// Copies items `start` to `stop`, numbered in C order, to the buffer, row by row.
fn fill(source: &Source, part: Option<&str>) -> String {
    let inner = source.rank - 1;
    let mut rows = match inner {
        0 => "    %column = arith.addi %p, %zero : index\n".to_owned(),
        _ => format!(
            "    %row{inner} = arith.divui %p, %d{inner} : index\n    %column = arith.remui %p, %d{inner} : index\n"
        ),
    };
    for axis in (1..inner).rev() {
        rows += &format!(
            "    %i{axis} = arith.remui %row{}, %d{axis} : index\n    %row{axis} = arith.divui %row{}, %d{axis} : index\n",
            axis + 1,
            axis + 1
        );
    }
    let indices: Vec<_> =
        (0..inner).map(|axis| if axis == 0 { "%row1".to_owned() } else { format!("%i{axis}") }).collect();
    let indices = indices.into_iter().chain(["%j".to_owned()]).collect::<Vec<_>>().join(", ");
    let load = load(source, part, &indices);
    // Of a row alone, whoever calls knows how many.
    let run = match inner {
        0 => "    %run = arith.addi %rest, %zero : index\n".to_owned(),
        _ => format!(
            "    %rest_of_row = arith.subi %d{inner}, %column : index\n    %run = arith.minui %rest_of_row, %rest : index\n"
        ),
    };
    format!(
        "func.func private @fill(%a: !A, %start: index, %stop: index, %buffer: !llvm.ptr) attributes {{numir.short}} {{
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
// extents
  scf.while (%p = %start) : (index) -> index {{
    %more = arith.cmpi ult, %p, %stop : index
    scf.condition(%more) %p : index
  }} do {{
  ^bb0(%p: index):
{rows}    %rest = arith.subi %stop, %p : index
{run}    %done = arith.subi %p, %start : index
    scf.for %t = %zero to %run step %one {{
      %j = arith.addi %column, %t : index
      {load}
      %place = arith.addi %done, %t : index
      %place64 = arith.index_cast %place : index to i64
      %slot = llvm.getelementptr inbounds %buffer[%place64] : (!llvm.ptr, i64) -> !llvm.ptr, !T
      llvm.store %x, %slot : !T, !llvm.ptr
    }}
    %next = arith.addi %p, %run : index
    scf.yield %next : index
  }}
  return
}}
"
    )
}

/// The items of short rows are few: what a block costs would be most of their cost.
const FEW: &str = "func.func private @reduce(%a: !A) -> !T {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %most = arith.constant 8 : index
  %slots = arith.constant 8 : i64
  %empty = arith.constant #empty
// extents
// total
  %buffer = llvm.alloca %slots x !T {alignment = 64 : i64} : (i64) -> !llvm.ptr
  %few = arith.cmpi ule, %n, %most : index
  %result = scf.if %few -> (!T) {
    %none = arith.cmpi eq, %n, %zero : index
    %sum = scf.if %none -> (!T) {
      scf.yield %empty : !T
    } else {
      func.call @rest(%a, %zero, %n, %most, %buffer) : (!A, index, index, index, !llvm.ptr) -> ()
      %sum = func.call @few(%buffer) : (!llvm.ptr) -> !T
      scf.yield %sum : !T
    }
    scf.yield %sum : !T
  } else {
    %sum = func.call @many(%a) : (!A) -> !T
    scf.yield %sum : !T
  }
  return %result : !T
}
";

/// Whole blocks, and what is left.
const MANY: &str = "func.func private @many(%a: !A) -> !T attributes {passthrough = [\"noinline\"]} {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %group = arith.constant 8 : index
  %block = arith.constant 128 : index
  %slots = arith.constant 128 : i64
  %identity = arith.constant #identity
// extents
// total
  %buffer = llvm.alloca %slots x !T {alignment = 64 : i64} : (i64) -> !llvm.ptr
  %pending = llvm.alloca %slots x !T : (i64) -> !llvm.ptr
  %whole = arith.divui %n, %block : index
  scf.for %b = %zero to %whole step %one {
    %start = arith.muli %b, %block : index
// items
    %sum = func.call @block(%items) : (!llvm.ptr) -> !T
    %b64 = arith.index_cast %b : index to i64
    func.call @carry(%pending, %b64, %sum) : (!llvm.ptr, i64, !T) -> ()
  }
  %start = arith.muli %whole, %block : index
  %rest = arith.subi %n, %start : index
  %ragged = arith.cmpi ne, %rest, %zero : index
  %last = scf.if %ragged -> (!T) {
    %groups = arith.ceildivui %rest, %group : index
    %width = arith.muli %groups, %group : index
    func.call @rest(%a, %start, %rest, %width, %buffer) : (!A, index, index, index, !llvm.ptr) -> ()
    %sum = func.call @last(%buffer, %width) : (!llvm.ptr, index) -> !T
    scf.yield %sum : !T
  } else {
    scf.yield %identity : !T
  }
  %whole64 = arith.index_cast %whole : index to i64
  %result = func.call @finish(%pending, %whole64, %last) : (!llvm.ptr, i64, !T) -> !T
  return %result : !T
}
";

/// Blocks that are read where they lie.
const IN_PLACE: &str = "    %descriptor = builtin.unrealized_conversion_cast %a : !A to !D
    %data = llvm.extractvalue %descriptor[1] : !D
    %start64 = arith.index_cast %start : index to i64
    %items = llvm.getelementptr inbounds %data[%start64] : (!llvm.ptr, i64) -> !llvm.ptr, !T
";

/// Blocks that are copied.
const FILLED: &str = "    %stop = arith.addi %start, %block : index
    func.call @fill(%a, %start, %stop, %buffer) : (!A, index, index, !llvm.ptr) -> ()
    %items = llvm.getelementptr inbounds %buffer[0] : (!llvm.ptr) -> !llvm.ptr, !T
";
