//! Expressions.

use super::frame::Frame;
use super::names::Effects;
use super::{Definition, Evaluated, Stop};
use crate::diagnostic::ErrorKind;
use crate::function_ir::IrType;
use crate::registry::{self, operators};
use crate::types::{Kind, Scalar};
use crate::value::{ModuleId, Number, Value};
use num_traits::ToPrimitive;
use numir_runtime::DType;
use rustpython_parser::ast::{self, BoolOp, CmpOp, Constant, ConversionFlag, Expr, Operator, Ranged, UnaryOp};
use std::rc::Rc;

/// An operator as Python writes it: its name in the registry.
pub(crate) fn operator_symbol(operator: Operator) -> &'static str {
    match operator {
        Operator::Add => "+",
        Operator::Sub => "-",
        Operator::Mult => "*",
        Operator::MatMult => "@",
        Operator::Div => "/",
        Operator::Mod => "%",
        Operator::Pow => "**",
        Operator::LShift => "<<",
        Operator::RShift => ">>",
        Operator::BitOr => "|",
        Operator::BitXor => "^",
        Operator::BitAnd => "&",
        Operator::FloorDiv => "//",
    }
}

fn comparison_symbol(operator: CmpOp) -> &'static str {
    match operator {
        CmpOp::Eq => "==",
        CmpOp::NotEq => "!=",
        CmpOp::Lt => "<",
        CmpOp::LtE => "<=",
        CmpOp::Gt => ">",
        CmpOp::GtE => ">=",
        CmpOp::Is => "is",
        CmpOp::IsNot => "is not",
        CmpOp::In => "in",
        CmpOp::NotIn => "not in",
    }
}

impl<'p> Frame<'p, '_> {
    /// The value of an expression.
    pub fn expression(&mut self, expression: &'p Expr) -> Evaluated {
        self.at(expression.range(), |frame| match expression {
            Expr::Constant(node) => frame.constant(&node.value),
            Expr::Name(node) => frame.name(node.id.as_str()),
            Expr::BinOp(node) => {
                // A list display counts as its elements next to an array.
                let left = frame.operand(&node.left)?;
                let right = frame.operand(&node.right)?;
                for (list, other) in [(&node.left, &right), (&node.right, &left)] {
                    if matches!(**list, Expr::List(_)) && !matches!(other, Value::Array(..)) {
                        return frame.expression(list);
                    }
                }
                operators::binary(frame, operator_symbol(node.op), &left, &right)
            }
            Expr::UnaryOp(node) => frame.unary(node),
            Expr::BoolOp(node) => frame.boolean(node.op, &node.values),
            Expr::Compare(node) => frame.comparison(node),
            Expr::IfExp(node) => frame.if_expression(node),
            Expr::Call(node) => frame.call(node),
            Expr::Attribute(node) => frame.attribute(node),
            Expr::Subscript(node) => {
                let base = frame.expression(&node.value)?;
                let index = frame.index_between_brackets(&node.slice)?;
                registry::subscript(frame, &base, &index)
            }
            Expr::Slice(node) => {
                let mut part = |part: &'p Option<Box<Expr>>| match part {
                    None => Ok(Value::None),
                    Some(part) => frame.expression(part),
                };
                Ok(Value::Slice(Rc::new([part(&node.lower)?, part(&node.upper)?, part(&node.step)?])))
            }
            Expr::Tuple(node) => frame.sequence(&node.elts),
            Expr::Lambda(node) => {
                let file = frame.specializer.functions[frame.function.0 as usize].file;
                let function = frame.specializer.function(file, Definition::Lambda(node), Some(frame.function));
                Ok(Value::Function(function))
            }
            Expr::NamedExpr(node) => {
                let value = frame.expression(&node.value)?;
                frame.assign(&node.target, value.clone())?;
                Ok(value)
            }
            Expr::JoinedStr(node) => frame.formatted(&node.values),
            Expr::List(_) => Err(frame.unsupported_with_help(
                "a list is not compiled yet",
                "a tuple holds values, an array such as np.zeros(n) holds numbers that change",
            )),
            Expr::Dict(_) | Expr::DictComp(_) => Err(frame.unsupported_with_help(
                "a dict is not compiled yet",
                "an array holds numbers under small integers; names can be constants of the file",
            )),
            Expr::Set(_) | Expr::SetComp(_) => Err(frame.unsupported_with_help(
                "a set is not compiled yet",
                "a tuple works with `in`; an array of bools marks small integers",
            )),
            Expr::ListComp(_) | Expr::GeneratorExp(_) => Err(frame.unsupported_with_help(
                "a comprehension is not compiled yet",
                "make an array such as np.empty(n), and fill it in a loop",
            )),
            Expr::Await(_) | Expr::Yield(_) | Expr::YieldFrom(_) => Err(frame.unsupported_with_help(
                "generators and coroutines are not compiled yet",
                "fill an array and return it",
            )),
            Expr::Starred(_) => Err(frame.error(ErrorKind::Syntax, "can't use starred expression here")),
            Expr::FormattedValue(_) => Err(frame.unsupported("a formatted value outside of an f-string")),
        })
    }

    fn constant(&mut self, constant: &'p Constant) -> Evaluated {
        Ok(match constant {
            Constant::None => Value::None,
            Constant::Bool(value) => Value::bool(*value),
            Constant::Int(value) => match value.to_i128().filter(|value| value.unsigned_abs() < 1 << 100) {
                Some(value) => Value::int(value),
                None => return Err(self.typing("this integer does not fit into 64 bits")),
            },
            Constant::Float(value) => Value::float(*value),
            Constant::Complex { real, imag } => Value::Number(Scalar::Complex, Number::Complex(*real, *imag)),
            Constant::Str(text) => Value::Text(text.as_str().into()),
            Constant::Ellipsis => Value::Ellipsis,
            Constant::Tuple(elements) => {
                let elements: Result<Vec<_>, _> = elements.iter().map(|element| self.constant(element)).collect();
                Value::tuple(elements?)
            }
            Constant::Bytes(_) => return Err(self.unsupported("bytes are not compiled yet")),
        })
    }

    /// An expression where a list display is taken as its elements.
    pub fn operand(&mut self, node: &'p Expr) -> Evaluated {
        match node {
            Expr::List(list) => self.sequence(&list.elts),
            other => self.expression(other),
        }
    }

    /// An index: a list display is taken as its elements there, as the positions that it chooses.
    pub fn index_between_brackets(&mut self, index: &'p Expr) -> Evaluated {
        match index {
            Expr::List(list) => Ok(Value::tuple(vec![self.sequence(&list.elts)?])),
            other => self.expression(other),
        }
    }

    /// The elements of a tuple or list display, starred ones spread.
    pub fn sequence(&mut self, elements: &'p [Expr]) -> Evaluated {
        let mut values = Vec::with_capacity(elements.len());
        for element in elements {
            match element {
                Expr::Starred(node) => match self.expression(&node.value)? {
                    Value::Tuple(elements) => values.extend(elements.iter().cloned()),
                    other => {
                        let seen = self.describe(&other);
                        return Err(self.unsupported(format!("`*` in a tuple takes a tuple here, not {seen}")));
                    }
                },
                Expr::List(list) => {
                    let inner = self.sequence(&list.elts)?;
                    values.push(inner);
                }
                other => {
                    let value = self.expression(other)?;
                    values.push(value);
                }
            }
        }
        Ok(Value::tuple(values))
    }

    fn formatted(&mut self, parts: &'p [Expr]) -> Evaluated {
        let mut values: Vec<Value> = Vec::new();
        for part in parts {
            let value = match part {
                Expr::FormattedValue(node) if node.format_spec.is_none() && node.conversion == ConversionFlag::None => {
                    let value = self.expression(&node.value)?;
                    self.formatted_number(value)?
                }
                Expr::FormattedValue(_) => return Err(self.unsupported("a format specification in an f-string")),
                other => self.expression(other)?,
            };
            values.push(value);
        }
        registry::texts::joined(self, &values, "in an f-string")
    }

    /// A number in an f-string: NumPy's `__format__` makes Python's numbers of its floats and complex numbers.
    fn formatted_number(&mut self, value: Value) -> Evaluated {
        match value.scalar() {
            Some(Scalar::Of(dtype)) => match Scalar::Of(dtype).kind() {
                Kind::Float => registry::cast(self, &value, Scalar::Float),
                Kind::Complex => registry::cast(self, &value, Scalar::Complex),
                Kind::Bool | Kind::Integer | Kind::Time => Ok(value),
            },
            _ => Ok(value),
        }
    }

    fn unary(&mut self, node: &'p ast::ExprUnaryOp) -> Evaluated {
        if matches!(node.op, UnaryOp::Not) {
            let condition = self.condition(&node.operand)?;
            return match condition.number() {
                Some(known) => Ok(Value::bool(!known.truth())),
                None => {
                    let condition = self.materialize(&condition)?;
                    Ok(Value::Scalar(Scalar::Bool, self.negate(condition)))
                }
            };
        }
        let operand = self.expression(&node.operand)?;
        let symbol = match node.op {
            UnaryOp::USub => "-",
            UnaryOp::UAdd => "+",
            UnaryOp::Invert | UnaryOp::Not => "~",
        };
        operators::unary(self, symbol, &operand)
    }

    /// The truth of an expression: a bool, known or not. The operands of `and`, `or`, `not` need no common type here.
    pub fn condition(&mut self, expression: &'p Expr) -> Evaluated {
        self.at(expression.range(), |frame| match expression {
            Expr::BoolOp(node) => frame.boolean_condition(node.op, &node.values),
            other => {
                let value = frame.expression(other)?;
                frame.truth(&value)
            }
        })
    }

    fn boolean_condition(&mut self, operator: BoolOp, values: &'p [Expr]) -> Evaluated {
        let Some((first, rest)) = values.split_first() else { return Ok(Value::bool(true)) };
        let condition = self.condition(first)?;
        if rest.is_empty() {
            return Ok(condition);
        }
        let decided = matches!(operator, BoolOp::Or);
        if let Some(known) = condition.number() {
            return if known.truth() == decided {
                Ok(Value::bool(decided))
            } else {
                self.boolean_condition(operator, rest)
            };
        }
        let condition = self.materialize(&condition)?;
        let slots = self.slots_of(&Effects::of_expressions(rest));
        let short = |_: &mut Self| Ok(Value::bool(decided));
        let go_on = |frame: &mut Self| frame.boolean_condition(operator, rest);
        if decided {
            self.conditional(condition, &slots, short, go_on)
        } else {
            self.conditional(condition, &slots, go_on, short)
        }
    }

    fn boolean(&mut self, operator: BoolOp, values: &'p [Expr]) -> Evaluated {
        let Some((first, rest)) = values.split_first() else { return Ok(Value::bool(true)) };
        let value = self.expression(first)?;
        if rest.is_empty() {
            return Ok(value);
        }
        let condition = self.truth(&value)?;
        let decided = matches!(operator, BoolOp::Or);
        if let Some(known) = condition.number() {
            return if known.truth() == decided { Ok(value) } else { self.boolean(operator, rest) };
        }
        let condition = self.materialize(&condition)?;
        let slots = self.slots_of(&Effects::of_expressions(rest));
        let short = |_: &mut Self| Ok(value);
        let go_on = |frame: &mut Self| frame.boolean(operator, rest);
        if decided {
            self.conditional(condition, &slots, short, go_on)
        } else {
            self.conditional(condition, &slots, go_on, short)
        }
    }

    /// The truth of a value in Python's sense: a bool.
    pub fn truth(&mut self, value: &Value) -> Evaluated {
        Ok(match value {
            Value::Number(_, number) => Value::bool(number.truth()),
            Value::Scalar(scalar, _) if scalar.kind() == Kind::Time => registry::times::truth(self, value)?,
            Value::Scalar(scalar, _) if scalar.kind() == Kind::Bool => registry::cast(self, value, Scalar::Bool)?,
            Value::Scalar(scalar, id) => {
                let zero = registry::cast(self, &Value::int(0), *scalar)?;
                let zero = self.materialize(&zero)?;
                let predicate = vec![("predicate", crate::function_ir::Attribute::Text("ne".into()))];
                Value::Scalar(Scalar::Bool, self.emit("numeric.cmp", &[*id, zero], IrType::BOOL, predicate))
            }
            Value::None => Value::bool(false),
            Value::Records(..) => return Err(self.unsupported("the truth of records: ask for their fields")),
            Value::Text(text) => Value::bool(!text.is_empty()),
            Value::Pointer(_, address) => self.truth(&Value::Scalar(Scalar::Of(DType::UInt64), *address))?,
            Value::Member(..) | Value::Foreign(_) => Value::bool(true),
            Value::Tuple(elements) => Value::bool(!elements.is_empty()),
            Value::Optional(flag, inner) => {
                let inner = inner.clone();
                self.conditional(*flag, &[], |frame| frame.truth(&inner), |_| Ok(Value::bool(false)))?
            }
            Value::Range(bounds) => {
                let length = self.range_length(&bounds.clone())?;
                let zero = self.index(0);
                Value::Scalar(Scalar::Bool, self.compare_indices("gt", length, zero))
            }
            Value::Array(ty, id) => {
                let (ty, id) = (*ty, *id);
                let (zero, one) = (self.index(0), self.index(1));
                for axis in 0..ty.rank {
                    let extent = self.extent(id, axis);
                    let some = self.compare_indices("ne", extent, zero);
                    let message = "The truth value of an empty array is ambiguous. Use `array.size > 0` to check that an array is not empty.";
                    self.check(some, "ValueError", message, &[]);
                }
                for axis in 0..ty.rank {
                    let extent = self.extent(id, axis);
                    let single = self.compare_indices("eq", extent, one);
                    let message =
                        "The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()";
                    self.check(single, "ValueError", message, &[]);
                }
                let item = registry::load_item(self, ty, id, &vec![zero; ty.rank])?;
                self.truth(&item)?
            }
            Value::Slice(_) | Value::Iteration(_) => {
                let seen = self.describe(value);
                return Err(self.typing(format!("the truth of {seen}")));
            }
            _ => Value::bool(true),
        })
    }

    fn if_expression(&mut self, node: &'p ast::ExprIfExp) -> Evaluated {
        let condition = self.condition(&node.test)?;
        if let Some(known) = condition.number() {
            return self.expression(if known.truth() { &node.body } else { &node.orelse });
        }
        let condition = self.materialize(&condition)?;
        let slots = self.slots_of(&Effects::of_expressions([&*node.body, &*node.orelse]));
        self.conditional(
            condition,
            &slots,
            |frame| frame.expression(&node.body),
            |frame| frame.expression(&node.orelse),
        )
    }

    fn comparison(&mut self, node: &'p ast::ExprCompare) -> Evaluated {
        let left = self.expression(&node.left)?;
        self.chained_comparison(left, &node.ops, &node.comparators)
    }

    fn chained_comparison(&mut self, left: Value, operators: &'p [CmpOp], comparators: &'p [Expr]) -> Evaluated {
        let (Some((operator, operators)), Some((comparator, comparators))) =
            (operators.split_first(), comparators.split_first())
        else {
            return Ok(Value::bool(true));
        };
        let right = match comparator {
            list @ Expr::List(_)
                if matches!(operator, CmpOp::In | CmpOp::NotIn) || matches!(left, Value::Array(..)) =>
            {
                self.operand(list)?
            }
            other => self.expression(other)?,
        };
        let result = operators::compare(self, comparison_symbol(*operator), &left, &right)?;
        if operators.is_empty() {
            return Ok(result);
        }
        let condition = self.truth(&result)?;
        match condition.number() {
            Some(known) if !known.truth() => Ok(result),
            Some(_) => self.chained_comparison(right, operators, comparators),
            None => {
                let condition = self.materialize(&condition)?;
                let slots = self.slots_of(&Effects::of_expressions(comparators));
                let go_on = |frame: &mut Self| frame.chained_comparison(right, operators, comparators);
                self.conditional(condition, &slots, go_on, |_| Ok(result))
            }
        }
    }

    fn attribute(&mut self, node: &'p ast::ExprAttribute) -> Evaluated {
        let base = self.expression(&node.value)?;
        self.attribute_of(&base, node.attr.as_str())
    }

    /// The value of `base.name`.
    pub fn attribute_of(&mut self, base: &Value, name: &'p str) -> Evaluated {
        if let Value::Module(module) = *base {
            let known = match (self.member_of(module, name)?, module) {
                (None, ModuleId::Known(known)) => self.live_member(format!("module {known}"), None, name)?,
                (found, _) => found,
            };
            return match known {
                Some(value) => Ok(value),
                None => {
                    let seen = self.describe(base);
                    let message = format!("{seen} has no attribute '{name}' that numir compiles");
                    let Stop::Error(diagnostic) = self.error(ErrorKind::Unsupported, message) else {
                        return Err(Stop::Dead);
                    };
                    Err(match self.help_with_member(module, name) {
                        Some(help) => diagnostic.help(help).into(),
                        None => diagnostic.into(),
                    })
                }
            };
        }
        match registry::attribute(self, base, name) {
            // What the compiler does not know may be an extension of the program's.
            Err(Stop::Error(missing)) if missing.kind == ErrorKind::Typing => {
                let found = self.live_member(base.ty().spelling(), Some(base), name)?;
                found.ok_or(Stop::Error(missing))
            }
            other => other,
        }
    }
}
