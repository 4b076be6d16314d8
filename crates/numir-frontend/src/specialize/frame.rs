//! A function being walked: its instructions so far, what its names are bound to, and where in the source we are.

use super::{Evaluated, Specializer, Stop};
use crate::diagnostic::{Diagnostic, ErrorKind};
use crate::function_ir::{Attribute, Instruction, IrType, Region, ValueId, ValueInfo};
use crate::program::File;
use crate::source::Span;
use crate::types::{ArrayType, Kind, Layout, Scalar};
use crate::value::{FunctionId, Number, Value, fits};
use rustpython_parser::text_size::TextRange;
use std::collections::{HashMap, HashSet};

/// What a name is bound to at one place.
#[derive(Clone, Debug)]
pub(crate) enum Binding {
    /// Nothing yet.
    Unbound,
    /// A value.
    Bound(Value),
    /// A value if the flag (a bool) is set, else nothing.
    Maybe(ValueId, Value),
}

/// A variable: the function whose name it is, and the name. Names that start with `%` are the walk's own.
pub(crate) type Variable<'p> = (FunctionId, &'p str);

/// The number of a variable in its frame.
pub(crate) type Slot = usize;

/// A loop that is being walked: the slots of its flags.
#[derive(Clone, Copy)]
pub(crate) struct LoopFlags {
    pub broken: Slot,
    pub continued: Slot,
}

/// A function being walked.
pub(crate) struct Frame<'p, 's> {
    pub specializer: &'s mut Specializer<'p>,
    pub function: FunctionId,
    pub file: &'p File,
    pub range: TextRange,
    pub values: Vec<ValueInfo>,
    blocks: Vec<Vec<Instruction>>,
    pub bindings: Vec<Binding>,
    /// Where each slot was bound last.
    pub bound_at: Vec<TextRange>,
    slots: HashMap<Variable<'p>, Slot>,
    pub slot_names: Vec<&'p str>,
    /// What cannot be reached, as code after a `return` or `raise`, is not walked.
    pub dead: bool,
    pub returned: Slot,
    pub result: Slot,
    pub loops: Vec<LoopFlags>,
    /// Slots that were read while nothing was bound to them; a loop looks here whether a name is carried.
    pub unbound_reads: Vec<Slot>,
    /// Slots that Python's code has set without a declaration.
    pub undeclared: HashSet<Slot>,
    /// In the body of a `numeric.map`: arithmetic is NumPy's on arrays, which does not raise.
    pub element_wise: bool,
    /// The arguments of the body of a `numeric.map`, and what they are of.
    pub scalars: Vec<(ValueId, ValueId)>,
    /// Python's ints that such a body narrows to types that may not hold them, as they stand before it.
    pub narrowed: Vec<(ValueId, crate::types::Scalar)>,
    /// Whether somebody has the address of an array, and may use it unseen.
    pub has_addresses: bool,
    /// How many prange loops enclose this place, and how many loops of any kind do within the innermost of them.
    pub parallel_depth: usize,
    /// In a prange loop, the first of the values that its iterations make themselves.
    pub own_values: Option<usize>,
    /// Whether indices are known to be in bounds, as the library has seen to it.
    pub unchecked: bool,
    /// The arrays whose elements the enclosing prange loop accumulates into.
    pub accumulated: Vec<super::parallel::Reduction>,
}

impl<'p, 's> Frame<'p, 's> {
    pub fn new(specializer: &'s mut Specializer<'p>, function: FunctionId, file: &'p File, range: TextRange) -> Self {
        let mut frame = Self {
            specializer,
            function,
            file,
            range,
            values: Vec::new(),
            blocks: vec![Vec::new()],
            bindings: Vec::new(),
            bound_at: Vec::new(),
            slots: HashMap::new(),
            slot_names: Vec::new(),
            dead: false,
            returned: 0,
            result: 0,
            loops: Vec::new(),
            unbound_reads: Vec::new(),
            undeclared: HashSet::new(),
            element_wise: false,
            scalars: Vec::new(),
            narrowed: Vec::new(),
            has_addresses: false,
            parallel_depth: 0,
            own_values: None,
            unchecked: false,
            accumulated: Vec::new(),
        };
        frame.returned = frame.fresh_slot("%returned", Binding::Bound(Value::bool(false)));
        frame.result = frame.fresh_slot("%result", Binding::Unbound);
        frame
    }

    /// The place in the source that is being walked.
    pub fn span(&self) -> Span {
        Span::new(&self.file.source, self.range)
    }

    /// An error at the current place.
    pub fn error(&self, kind: ErrorKind, message: impl Into<String>) -> Stop {
        Diagnostic::new(kind, &self.span(), message).into()
    }

    /// A TypingError at the current place.
    pub fn typing(&self, message: impl Into<String>) -> Stop {
        self.error(ErrorKind::Typing, message)
    }

    /// An UnsupportedError at the current place.
    pub fn unsupported(&self, message: impl Into<String>) -> Stop {
        self.error(ErrorKind::Unsupported, message)
    }

    /// The same, with what would work; an empty help is none.
    pub fn unsupported_with_help(&self, message: impl Into<String>, help: &str) -> Stop {
        let diagnostic = Diagnostic::new(ErrorKind::Unsupported, &self.span(), message);
        if help.is_empty() { diagnostic } else { diagnostic.help(help) }.into()
    }

    /// Walks something at another place in the source.
    pub fn at<T>(&mut self, range: TextRange, walk: impl FnOnce(&mut Self) -> T) -> T {
        let outer = std::mem::replace(&mut self.range, range);
        let result = walk(self);
        self.range = outer;
        result
    }

    // Names

    /// The slot of a variable, made at its first use.
    pub fn slot(&mut self, variable: Variable<'p>) -> Slot {
        if let Some(slot) = self.slots.get(&variable) {
            return *slot;
        }
        let slot = self.fresh_slot(variable.1, Binding::Unbound);
        self.slots.insert(variable, slot);
        slot
    }

    /// The slot of a variable that was seen before.
    pub fn known_slot(&self, variable: Variable<'p>) -> Option<Slot> {
        self.slots.get(&variable).copied()
    }

    /// A new slot that no name of the program leads to.
    pub fn fresh_slot(&mut self, name: &'p str, binding: Binding) -> Slot {
        self.bindings.push(binding);
        self.bound_at.push(self.range);
        self.slot_names.push(name);
        self.bindings.len() - 1
    }

    /// Binds a slot to a value.
    pub fn bind(&mut self, slot: Slot, value: Value) {
        let name = self.slot_names[slot];
        if self.specializer.entry == Some(self.function) && !name.starts_with('%') {
            self.specializer.bindings.insert((self.span().position().0, name), value.ty());
        }
        self.rebind(slot, Binding::Bound(value));
        self.bound_at[slot] = self.range;
    }

    /// Binds a slot as `binding` says, and names values that have no name yet.
    pub fn rebind(&mut self, slot: Slot, binding: Binding) {
        if let Binding::Bound(value) | Binding::Maybe(_, value) = &binding {
            let name = self.slot_names[slot];
            value.visit_parts(&mut |part, _| self.name_value(part, name));
        }
        self.bindings[slot] = binding;
    }

    /// Names a value, unless it has a name or the name is the walk's own.
    pub fn name_value(&mut self, value: ValueId, name: &str) {
        if let Some(info) = self.values.get_mut(value.0 as usize)
            && info.name.is_none()
            && !name.starts_with('%')
        {
            info.name = Some(name.to_owned());
        }
    }

    // Instructions

    /// A new SSA value.
    pub fn fresh_value(&mut self, ty: IrType) -> ValueId {
        self.values.push(ValueInfo { ty, name: None });
        ValueId(self.values.len() as u32 - 1)
    }

    /// Appends an instruction without regions and gives its results.
    pub fn emit_all(
        &mut self,
        name: &'static str,
        operands: Vec<ValueId>,
        results: &[IrType],
        attributes: Vec<(&'static str, Attribute)>,
        regions: Vec<Region>,
    ) -> Vec<ValueId> {
        let results: Vec<_> = results.iter().map(|ty| self.fresh_value(*ty)).collect();
        let span = self.span();
        let instruction = Instruction { name, operands, results: results.clone(), attributes, regions, span };
        self.push(instruction);
        results
    }

    /// Appends an instruction with one result.
    pub fn emit(
        &mut self,
        name: &'static str,
        operands: &[ValueId],
        result: IrType,
        attributes: Vec<(&'static str, Attribute)>,
    ) -> ValueId {
        self.emit_all(name, operands.to_vec(), &[result], attributes, Vec::new())[0]
    }

    /// Appends an instruction without a result.
    pub fn emit_effect(
        &mut self,
        name: &'static str,
        operands: &[ValueId],
        attributes: Vec<(&'static str, Attribute)>,
    ) {
        self.emit_all(name, operands.to_vec(), &[], attributes, Vec::new());
    }

    /// Appends an instruction that is already made.
    pub fn push(&mut self, instruction: Instruction) {
        if let Some(block) = self.blocks.last_mut() {
            block.push(instruction);
        }
    }

    /// Opens a region; instructions go there until it is closed.
    pub fn open_region(&mut self) {
        self.blocks.push(Vec::new());
    }

    /// Goes on with a region that was closed.
    pub fn reopen_region(&mut self, region: Region) -> Vec<ValueId> {
        self.blocks.push(region.instructions);
        region.arguments
    }

    /// Closes the innermost region.
    pub fn close_region(&mut self, arguments: Vec<ValueId>) -> Region {
        Region { arguments, instructions: self.blocks.pop().unwrap_or_default() }
    }

    /// How many regions are open; a walk that stops in between goes back to it with [`Self::close_to`].
    pub fn open_regions(&self) -> usize {
        self.blocks.len()
    }

    /// Closes regions that a stopped walk left open. What stands in them cannot be reached past the stop, except where the
    /// stop is a raise: its instructions move to the region that remains.
    pub fn close_to(&mut self, depth: usize) {
        while self.blocks.len() > depth {
            if let (Some(inner), Some(outer)) = (self.blocks.pop(), self.blocks.last_mut()) {
                outer.extend(inner);
            }
        }
    }

    /// Ends a region with its terminator.
    pub fn terminate(&mut self, name: &'static str, operands: Vec<ValueId>) {
        self.emit_all(name, operands, &[], Vec::new(), Vec::new());
    }

    // Values

    /// An SSA value of a number.
    pub fn materialize_number(&mut self, scalar: Scalar, number: Number) -> Evaluated<ValueId> {
        let attribute = match (scalar.kind(), number.widen(scalar.kind())) {
            (Kind::Bool, number) => Attribute::Integer(number.truth().into()),
            (Kind::Integer | Kind::Time, number) => {
                let value = number.as_integer().unwrap_or(0);
                let limit = if scalar == Scalar::Int { Scalar::Of(numir_runtime::DType::Int64) } else { scalar };
                if !fits(Number::Integer(value), limit) {
                    return Err(
                        self.error(ErrorKind::Typing, format!("the integer {value} does not fit into {scalar}"))
                    );
                }
                Attribute::Integer(value as i64)
            }
            (Kind::Float, number) => Attribute::Float(number.as_float()),
            (Kind::Complex, Number::Complex(real, imaginary)) => Attribute::Complex(real, imaginary),
            (Kind::Complex, number) => Attribute::Complex(number.as_float(), 0.0),
        };
        Ok(self.emit("numeric.constant", &[], IrType::Scalar(scalar), vec![("value", attribute)]))
    }

    /// The SSA value of a number or an array.
    pub fn materialize(&mut self, value: &Value) -> Evaluated<ValueId> {
        match value {
            Value::Number(scalar, number) => self.materialize_number(*scalar, *number),
            Value::Scalar(_, id) | Value::Array(_, id) => Ok(*id),
            other => Err(self.typing(format!("a value of type {} cannot stand here", self.describe(other)))),
        }
    }

    /// An index constant.
    pub fn index(&mut self, value: i64) -> ValueId {
        let attribute = Attribute::Integer(value);
        self.emit("numeric.constant", &[], IrType::INDEX, vec![("value", attribute)])
    }

    /// A number as an index; a uint64 that is none raises.
    pub fn as_index(&mut self, value: &Value) -> Evaluated<ValueId> {
        let index = crate::registry::cast_to_index(self, value)?;
        self.materialize(&index)
    }

    /// An index as a Python int.
    pub fn index_as_int(&mut self, index: ValueId) -> Value {
        Value::Scalar(Scalar::Int, self.emit("numeric.cast", &[index], IrType::Scalar(Scalar::Int), Vec::new()))
    }

    /// Arithmetic on indices.
    pub fn index_arithmetic(&mut self, name: &'static str, left: ValueId, right: ValueId) -> ValueId {
        self.emit(name, &[left, right], IrType::INDEX, Vec::new())
    }

    /// An arbitrary value of a type.
    pub fn undefined(&mut self, ty: IrType) -> ValueId {
        self.emit("numeric.undef", &[], ty, Vec::new())
    }

    /// The extent of an axis.
    pub fn extent(&mut self, array: ValueId, axis: usize) -> ValueId {
        self.emit("numeric.dim", &[array], IrType::INDEX, vec![("axis", Attribute::Integer(axis as i64))])
    }

    /// The same array as one of any strides.
    pub fn relax_layout(&mut self, array: ValueId, from: ArrayType) -> ValueId {
        let (zero, one) = (self.index(0), self.index(1));
        let sizes: Vec<_> = (0..from.rank).map(|axis| self.extent(array, axis)).collect();
        let mut operands = vec![array];
        operands.extend(vec![zero; from.rank]);
        operands.extend(sizes);
        operands.extend(vec![one; from.rank]);
        let axes = Attribute::Integers((0..from.rank as i64).collect());
        self.emit(
            "numeric.view",
            &operands,
            IrType::Array(ArrayType { layout: Layout::Any, ..from }),
            vec![("axes", axes)],
        )
    }

    /// Raises unless the condition holds.
    pub fn check(&mut self, condition: ValueId, kind: &str, message: &str, operands: &[ValueId]) {
        let attributes = vec![("kind", Attribute::Text(kind.into())), ("message", Attribute::Text(message.into()))];
        let mut all = vec![condition];
        all.extend_from_slice(operands);
        self.emit_effect("numeric.check", &all, attributes);
    }

    /// Raises; what follows is not reached.
    pub fn raise(&mut self, kind: &str, message: &str, operands: &[ValueId]) -> Stop {
        let attributes = vec![("kind", Attribute::Text(kind.into())), ("message", Attribute::Text(message.into()))];
        self.emit_effect("numeric.raise", operands, attributes);
        Stop::Dead
    }

    /// A value's type in the words of a message.
    pub fn describe(&self, value: &Value) -> String {
        self.specializer.describe(value)
    }
}

impl Specializer<'_> {
    /// A value's type for people.
    pub fn describe(&self, value: &Value) -> String {
        match value {
            Value::Function(function) => format!("function {}", self.function_name(*function)),
            Value::Module(crate::value::ModuleId::File(number)) => {
                format!("module {}", self.program.files.get(*number as usize).map_or("?", |file| &file.name))
            }
            Value::Module(crate::value::ModuleId::Live(number)) => self.live_object_name(*number),
            Value::Stencil(stencil) => format!("stencil {}", self.function_name(stencil.kernel)),
            Value::Window(window) => format!("{} with relative indexing", window.ty),
            other => shortened(other.ty().to_string()),
        }
    }
}

/// Without its middle where it would fill a screen, as the type of a tuple of hundreds.
fn shortened(text: String) -> String {
    const MOST: usize = 200;
    if text.chars().count() <= MOST {
        return text;
    }
    let first: String = text.chars().take(MOST / 2).collect();
    let last: String = text.chars().rev().take(MOST / 4).collect::<Vec<_>>().into_iter().rev().collect();
    format!("{first} … {last}")
}
