//! The typed function IR: SSA in structured regions, as `numeric` has it, in plain Rust data.
//!
//! It exists beside MLIR because the front end must be able to throw work away: a loop's body is walked again when a
//! carried type turns out wider, and joins that nobody reads are pruned before anything is built. An instruction is
//! named as the MLIR operation it becomes, so that emitting it is a translation by rote.

use crate::source::Span;
use crate::types::{ArrayType, Scalar};
use numir_interface::live::KernelSettings;
use numir_runtime::DType;

/// An SSA value of one function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ValueId(pub u32);

/// The type of an SSA value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IrType {
    /// A number.
    Scalar(Scalar),
    /// A reference to an array.
    Array(ArrayType),
}

impl IrType {
    /// A position or an extent.
    pub const INDEX: Self = Self::Scalar(Scalar::Index);
    /// An address of memory or of code.
    pub const ADDRESS: Self = Self::Scalar(Scalar::Of(DType::UInt64));
    /// A truth value.
    pub const BOOL: Self = Self::Scalar(Scalar::Bool);
}

/// What is known of an SSA value.
#[derive(Clone, Debug)]
pub struct ValueInfo {
    /// Its type.
    pub ty: IrType,
    /// The first name it was bound to, for readers of the IR.
    pub name: Option<String>,
}

/// The value of an attribute.
#[derive(Clone, Debug, PartialEq)]
pub enum Attribute {
    /// An integer, 64 bits, two's complement.
    Integer(i64),
    /// A float.
    Float(f64),
    /// A complex number.
    Complex(f64, f64),
    /// A truth value.
    Bool(bool),
    /// A text.
    Text(String),
    /// The name of a function.
    Symbol(String),
    /// Integers.
    Integers(Vec<i64>),
    /// Texts.
    Texts(Vec<&'static str>),
    /// An axis of a grid: `x`, `y` or `z`.
    Dimension(&'static str),
    /// Nothing but its presence.
    Unit,
}

/// One operation.
#[derive(Clone, Debug)]
pub struct Instruction {
    /// The MLIR operation it becomes.
    pub name: &'static str,
    /// What it reads.
    pub operands: Vec<ValueId>,
    /// What it defines.
    pub results: Vec<ValueId>,
    /// Its attributes.
    pub attributes: Vec<(&'static str, Attribute)>,
    /// Its regions.
    pub regions: Vec<Region>,
    /// The Python source it stands for.
    pub span: Span,
}

/// A block of instructions with arguments; the last instruction is its terminator.
#[derive(Clone, Debug, Default)]
pub struct Region {
    /// The values it is entered with.
    pub arguments: Vec<ValueId>,
    /// What it does, in order.
    pub instructions: Vec<Instruction>,
}

impl Region {
    /// Whether `test` holds for an instruction in it, at any depth.
    pub fn any(&self, test: &mut impl FnMut(&Instruction) -> bool) -> bool {
        self.instructions
            .iter()
            .any(|instruction| test(instruction) || instruction.regions.iter().any(|region| region.any(test)))
    }

    /// Calls `visit` on every instruction in it, at any depth.
    pub fn each_mut(&mut self, visit: &mut impl FnMut(&mut Instruction)) {
        for instruction in &mut self.instructions {
            visit(instruction);
            instruction.regions.iter_mut().for_each(|region| region.each_mut(visit));
        }
    }

    /// Keeps the instructions for which `test` holds, at any depth.
    pub fn retain(&mut self, test: &impl Fn(&Instruction) -> bool) {
        self.instructions.retain(test);
        let inner = self.instructions.iter_mut().flat_map(|instruction| &mut instruction.regions);
        inner.for_each(|region| region.retain(test));
    }
}

/// A function, specialised for its argument types.
#[derive(Debug)]
pub struct Function {
    /// The symbol.
    pub symbol: String,
    /// The name in Python, for tracebacks.
    pub python_name: String,
    /// Whether it is called from outside.
    pub is_entry: bool,
    /// What it gives as a function of C, where it is one too: `si8` and the like, or `void`.
    pub c_result: Option<String>,
    /// LLVM's fast-math flags of its arithmetic, separated by commas.
    pub fast_math: String,
    /// Whether its whole-array operations run on all threads where they are large.
    pub parallel: bool,
    /// Whether its calls are surely, or surely not, replaced by its body.
    pub inline: Option<bool>,
    /// What holds for it as a kernel.
    pub kernel: KernelSettings,
    /// Whether it is applied element by element: it only computes.
    pub is_applied: bool,
    /// Whether it is applied on paths that are seldom taken: its calls stay calls, and loops with them are vectorised.
    pub is_rare: bool,
    /// What NVIDIA's libdevice calls the same function, where it has it.
    pub in_libdevice: Option<String>,
    /// Its body; the region's arguments are the parameters, the terminator is `func.return`.
    pub body: Region,
    /// The types of what it returns.
    pub results: Vec<IrType>,
    /// What is known of every value, by number.
    pub values: Vec<ValueInfo>,
    /// Where it is defined.
    pub span: Span,
}

impl Function {
    /// The type of a value.
    pub fn type_of(&self, value: ValueId) -> IrType {
        self.values[value.0 as usize].ty
    }

    /// The name in the source of a value, if it has one.
    pub fn name_of(&self, value: ValueId) -> Option<&str> {
        self.values[value.0 as usize].name.as_deref()
    }
}
