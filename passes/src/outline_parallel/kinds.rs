//! The kinds of reductions: where an accumulator starts, and how two are combined.

use crate::support::memref::MemRef;
use crate::support::scalars::{ACCUMULATOR_TYPES, is_integral, named_types};
use crate::support::storage::complex_part;
use melior::ir::attribute::{ArrayAttribute, FloatAttribute, StringAttribute};
use numir_numeric::ir::{Builder, Op, Ty, Val};
use numir_runtime::DType;
use numir_runtime::dtype::Kind;

/// A reduction over scalars of one type.
#[derive(Clone, Copy)]
pub(crate) struct Reduction<'c> {
    /// `add`, `mul`, `min`, `max`, `and`, `or` or `xor`.
    pub(crate) kind: &'c str,
    /// The type of the scalar, or of an array's items.
    pub(crate) ty: Ty<'c>,
    /// What NumPy calls it.
    pub(crate) dtype: DType,
}

impl<'c> Reduction<'c> {
    /// Those of a parallel loop; None if one of them is not what the verifier promises.
    pub(crate) fn all(parallel: Op<'c>) -> Option<Vec<Self>> {
        let types = named_types(parallel, ACCUMULATOR_TYPES);
        let kinds = parallel.attribute("kinds").and_then(|kinds| ArrayAttribute::try_from(kinds).ok());
        let reduction = |number: usize| {
            let initial = parallel.operand(1 + number).ty();
            let kind = StringAttribute::try_from(kinds?.element(number).ok()?).ok()?.value();
            let ty = MemRef::of(initial).map_or(initial, |shape| shape.element);
            Some(Self { kind, ty, dtype: types.get(number).copied().flatten()? })
        };
        (0..parallel.result_count()).map(reduction).collect()
    }

    /// What changes no value that it is combined with.
    pub(crate) fn identity(&self, builder: &Builder<'c>) -> Option<Val<'c>> {
        if let Some(part) = complex_part(self.ty) {
            let number = |value: f64| FloatAttribute::new(builder.context(), part, value).into();
            let value = ArrayAttribute::new(builder.context(), &self.parts_of_one()?.map(number));
            return Some(builder.value("complex.constant", &[], self.ty, &[("value", value.into())]));
        }
        if is_integral(self.ty) {
            return Some(builder.constant_integer(self.integer()?, self.ty));
        }
        let value = match self.kind {
            // Of the two zeros the negative one leaves the other unchanged.
            "add" => -0.0,
            "mul" => 1.0,
            "min" => f64::INFINITY,
            "max" => f64::NEG_INFINITY,
            _ => return None,
        };
        Some(builder.constant_float(value, self.ty))
    }

    fn parts_of_one(&self) -> Option<[f64; 2]> {
        match self.kind {
            "add" => Some([-0.0, -0.0]),
            "mul" => Some([1.0, 0.0]),
            _ => None,
        }
    }

    fn integer(&self) -> Option<i64> {
        let bits = if self.dtype == DType::Bool { 1 } else { self.dtype.bits() as u32 };
        let signed = self.dtype.kind() == Kind::Signed;
        let ones = if self.dtype == DType::Bool { 1 } else { -1 };
        Some(match (self.kind, signed) {
            ("add" | "or" | "xor", _) | ("max", false) => 0,
            ("mul", _) => 1,
            ("and", _) | ("min", false) => ones,
            ("min", true) => i64::MAX >> (64 - bits),
            ("max", true) => i64::MIN >> (64 - bits),
            _ => return None,
        })
    }

    /// `left` (of lower indices) with `right`.
    pub(crate) fn combine(&self, builder: &Builder<'c>, left: Val<'c>, right: Val<'c>) -> Option<Val<'c>> {
        let name = if complex_part(self.ty).is_some() {
            COMPLEX.iter().find(|(kind, _)| *kind == self.kind)?.1
        } else if is_integral(self.ty) {
            let (_, signed, unsigned) = INTEGER.iter().find(|(kind, ..)| *kind == self.kind)?;
            if self.dtype.kind() == Kind::Signed { signed } else { unsigned }
        } else {
            FLOAT.iter().find(|(kind, _)| *kind == self.kind)?.1
        };
        Some(builder.value(name, &[left, right], self.ty, &[]))
    }
}

const FLOAT: [(&str, &str); 4] =
    [("add", "arith.addf"), ("mul", "arith.mulf"), ("min", "arith.minimumf"), ("max", "arith.maximumf")];

const COMPLEX: [(&str, &str); 2] = [("add", "complex.add"), ("mul", "complex.mul")];

/// For signed and for unsigned integers.
const INTEGER: [(&str, &str, &str); 7] = [
    ("add", "arith.addi", "arith.addi"),
    ("mul", "arith.muli", "arith.muli"),
    ("min", "arith.minsi", "arith.minui"),
    ("max", "arith.maxsi", "arith.maxui"),
    ("and", "arith.andi", "arith.andi"),
    ("or", "arith.ori", "arith.ori"),
    ("xor", "arith.xori", "arith.xori"),
];
