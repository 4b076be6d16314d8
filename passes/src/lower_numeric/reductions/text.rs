//! The functions that `numeric.reduce` calls, as MLIR text: loops over any rank.

mod pairwise;

use crate::lower_numeric::scalars::aliases;
use numir_numeric::types::{Class, Scalar};
pub use pairwise::{Blocks, MASKED, blocks, floats, join, pairwise};

/// The array to reduce.
pub struct Source {
    /// Its elements.
    pub scalar: Scalar,
    /// The number of its axes, at least 1.
    pub rank: usize,
    /// Whether it has the identity layout; then its rank is 1.
    pub contiguous: bool,
}

impl Source {
    fn element(&self) -> String {
        match self.scalar {
            Scalar::Bool => "i8".into(),
            Scalar::Signed(width) | Scalar::Unsigned(width) => format!("i{width}"),
            Scalar::PyInt => "i64".into(),
            Scalar::PyFloat => "f64".into(),
            Scalar::PyComplex => "complex<f64>".into(),
            Scalar::Float(_) | Scalar::Complex(_) | Scalar::Index => self.scalar.to_string(),
        }
    }

    fn memref(&self) -> String {
        let (extents, strides) = ("?x".repeat(self.rank), vec!["?"; self.rank].join(", "));
        let layout = if self.contiguous { String::new() } else { format!(", strided<[{strides}], offset: ?>") };
        format!("memref<{extents}{}{layout}>", self.element())
    }

    /// A symbol for one of the functions; signs do not show in the element but may matter.
    fn symbol(&self, kind: &str) -> String {
        let scalar = match self.scalar {
            Scalar::PyInt => Scalar::Signed(64),
            Scalar::PyFloat => Scalar::Float(64),
            Scalar::PyComplex => Scalar::Complex(64),
            scalar => scalar,
        };
        let scalar = scalar.to_string().replace(['<', '>'], "");
        format!("numeric.{kind}.{scalar}.{}{}", self.rank, if self.contiguous { "C" } else { "A" })
    }

    /// Lines that define the extents `%d0`, `%d1`, …
    fn extents(&self) -> String {
        (0..self.rank)
            .map(|axis| {
                format!(
                    "  %axis{axis} = arith.constant {axis} : index\n  %d{axis} = memref.dim %a, %axis{axis} : {}\n",
                    self.memref()
                )
            })
            .collect()
    }
}

/// The operation of a kind and its identity, for elements in memory.
pub fn operation(scalar: Scalar, kind: &str) -> Option<(&'static str, String)> {
    let (signed, bits) = (scalar.class() == Class::Signed, scalar.width().max(8));
    let (least, greatest) = (i64::MIN >> (64 - bits), i64::MAX >> (64 - bits));
    let infinity = |negative: bool| match (scalar.width(), negative) {
        (16, false) => "0x7C00",
        (16, true) => "0xFC00",
        (32, false) => "0x7F800000",
        (32, true) => "0xFF800000",
        (_, false) => "0x7FF0000000000000",
        (_, true) => "0xFFF0000000000000",
    };
    Some(match (scalar.class(), kind) {
        (Class::Float, "min") => ("arith.minimumf", infinity(false).into()),
        (Class::Float, "max") => ("arith.maximumf", infinity(true).into()),
        (Class::Float | Class::Complex, _) => return None,
        (_, "add") => ("arith.addi", "0".into()),
        (_, "mul") => ("arith.muli", "1".into()),
        (_, "and") => ("arith.andi", if scalar == Scalar::Bool { "1" } else { "-1" }.into()),
        (_, "or") => ("arith.ori", "0".into()),
        (_, "xor") => ("arith.xori", "0".into()),
        (_, "min") if signed => ("arith.minsi", greatest.to_string()),
        (_, "max") if signed => ("arith.maxsi", least.to_string()),
        (_, "min") => ("arith.minui", "-1".into()),
        (_, "max") => ("arith.maxui", "0".into()),
        _ => return None,
    })
}

/// A loop nest that combines the elements one after the other: its symbol and the text of the module.
pub fn nest(source: &Source, kind: &str) -> Option<(String, String)> {
    let (symbol, element, memref) = (source.symbol(kind), source.element(), source.memref());
    let indices: Vec<_> = (0..source.rank).map(|axis| format!("%i{axis}")).collect();
    let (init, step) = if source.scalar.class() == Class::Complex {
        (complex_one(&element, source.scalar.width()), COMPLEX_PRODUCT.to_owned())
    } else {
        let (op, identity) = operation(source.scalar, kind)?;
        (format!("  %init = arith.constant {identity} : {element}\n"), format!("%next = {op} %s, %x : {element}\n"))
    };
    let innermost = source.rank - 1;
    let step = step.replace("%s,", &format!("%s{innermost},")).replace("%s ", &format!("%s{innermost} "));
    let mut body =
        format!("%x = memref.load %a[{}] : {memref}\n{step}scf.yield %next : {element}\n", indices.join(", "));
    for axis in (0..source.rank).rev() {
        let start = if axis == 0 { "%init".to_owned() } else { format!("%s{}", axis - 1) };
        body = format!(
            "%r{axis} = scf.for %i{axis} = %zero to %d{axis} step %one iter_args(%s{axis} = {start}) -> ({element}) {{\n{body}}}\n"
        );
        if axis > 0 {
            body += &format!("scf.yield %r{axis} : {element}\n");
        }
    }
    let text = format!(
        "{}\nfunc.func private @{symbol}(%a: {memref}) -> {element} {{\n  %zero = arith.constant 0 : index\n  %one = arith.constant 1 : index\n\
         {}{init}{body}  return %r0 : {element}\n}}\n",
        aliases(source.scalar),
        source.extents()
    );
    Some((symbol, text))
}

fn complex_one(element: &str, width: u32) -> String {
    format!("  %init = complex.constant [1.0 : f{width}, 0.0 : f{width}] : {element}\n")
}

/// As `mul` in `meaning/complex.mlir`.
const COMPLEX_PRODUCT: &str = "%ar = complex.re %s : !C
%ai = complex.im %s : !C
%br = complex.re %x : !C
%bi = complex.im %x : !C
%rr = arith.mulf %ar, %br : !T
%ii = arith.mulf %ai, %bi : !T
%ri = arith.mulf %ar, %bi : !T
%ir = arith.mulf %ai, %br : !T
%re = arith.subf %rr, %ii : !T
%im = arith.addf %ri, %ir : !T
%next = complex.create %re, %im : !C
";
