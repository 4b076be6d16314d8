//! Stencils as values: a kernel with its options, the windows that its arrays are to it, and how far it reaches.
//!
//! A window is an array together with a position. The kernel is a function like any other that is specialised for windows:
//! an index of one is an offset from the position. What offsets a function uses is noted with its instance, so that whoever
//! calls it knows how far from an array's edges every access is in range without a check.

use crate::function_ir::ValueId;
use crate::types::ArrayType;
use crate::value::{FunctionId, Value};
use std::rc::Rc;

/// The furthest that an index may lie from the position: sums with extents cannot overflow.
pub const FURTHEST: i128 = 1 << 31;

/// What an access beyond an array's edge means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Border {
    /// There is none: the position is far enough from all edges.
    Inside,
    /// The array goes on from its other end.
    Wrap,
    /// The item at the edge.
    Nearest,
    /// The array mirrored at its first and last item, which are not repeated.
    Reflect,
}

impl Border {
    /// The border of a mode that computes all items; None for the others.
    pub fn of_mode(mode: &str) -> Option<Self> {
        match mode {
            "wrap" => Some(Self::Wrap),
            "nearest" => Some(Self::Nearest),
            "reflect" => Some(Self::Reflect),
            _ => None,
        }
    }
}

/// Offsets from lowest to highest, per axis; 0 is always among them.
pub type Offsets = Rc<[(i64, i64)]>;

/// A kernel and how it is applied.
#[derive(Debug)]
pub struct Stencil {
    /// The kernel.
    pub kernel: FunctionId,
    /// The border; None where it is left constant.
    pub border: Option<Border>,
    /// What stands in a constant border, where that is said.
    pub cval: Option<Value>,
    /// The neighbourhood, where it is said.
    pub neighborhood: Option<Offsets>,
    /// The arrays that are indexed as arrays are.
    pub standard_indexing: Vec<String>,
}

/// An array as a stencil's kernel sees it from one position.
#[derive(Clone, Debug)]
pub struct Window {
    /// The array's type.
    pub ty: ArrayType,
    /// The array.
    pub array: ValueId,
    /// The position, one index per axis.
    pub position: Vec<ValueId>,
    /// What lies beyond the edges.
    pub border: Border,
    /// The declared neighbourhood.
    pub neighborhood: Option<Offsets>,
}

/// How far a function's accesses to windows reach, per axis; empty where it has none.
#[derive(Clone, Debug, Default)]
pub struct Reach(pub Vec<(i64, i64)>);

impl Reach {
    /// Adds the offsets of an access.
    pub fn add(&mut self, offsets: impl IntoIterator<Item = (i64, i64)>) {
        for (axis, (low, high)) in offsets.into_iter().enumerate() {
            if axis == self.0.len() {
                self.0.push((0, 0));
            }
            let known = &mut self.0[axis];
            *known = (known.0.min(low), known.1.max(high));
        }
    }
}
