//! Python literals on the command line: read by the Python parser and evaluated as `ast.literal_eval` does, with `inf` and
//! `nan` as names for what Python has no literal for.

use num_traits::ToPrimitive;
use rustpython_parser::Parse;
use rustpython_parser::ast::{Constant, Expr, Operator, UnaryOp};

/// The value of a literal.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// `None`.
    None,
    /// `True` or `False`.
    Bool(bool),
    /// An integer; what does not fit 128 bits fits no type of numir's.
    Int(i128),
    /// A real number.
    Float(f64),
    /// Real and imaginary part.
    Complex(f64, f64),
    /// A string.
    Str(String),
    /// A tuple.
    Tuple(Vec<Literal>),
    /// A list: the items of an array.
    List(Vec<Literal>),
    /// A dict: only in the headers of .npy files.
    Dict(Vec<(Literal, Literal)>),
}

/// Why a text has no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LiteralError {
    /// It is no Python expression.
    Syntax,
    /// It is an expression, but no literal; these are the words for what it is.
    NotLiteral(&'static str),
    /// An integer of more than 128 bits.
    TooLarge,
}

impl Literal {
    /// Evaluates a text.
    pub fn parse(text: &str) -> Result<Self, LiteralError> {
        if nests_too_deeply(text) {
            return Err(LiteralError::NotLiteral("nested too deeply"));
        }
        let expression = Expr::parse(text.trim(), "<argument>").map_err(|_| LiteralError::Syntax)?;
        evaluate(&expression)
    }

    /// The name of its type.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::None => "None",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Float(_) => "float",
            Self::Complex(..) => "complex",
            Self::Str(_) => "str",
            Self::Tuple(_) => "tuple",
            Self::List(_) => "list",
            Self::Dict(_) => "dict",
        }
    }
}

/// Whether evaluating the text, or only forgetting its syntax tree, would put the stack at risk.
fn nests_too_deeply(text: &str) -> bool {
    let (mut brackets, mut signs) = (0_usize, 0_usize);
    text.bytes().any(|byte| {
        match byte {
            b'(' | b'[' | b'{' => (brackets, signs) = (brackets + 1, 0),
            b')' | b']' | b'}' => (brackets, signs) = (brackets.saturating_sub(1), 0),
            b',' => signs = 0,
            b'+' | b'-' | b'~' => signs += 1,
            _ => {}
        }
        brackets > 100 || signs > 1000
    })
}

fn evaluate(expression: &Expr) -> Result<Literal, LiteralError> {
    match expression {
        Expr::Constant(constant) => self::constant(&constant.value),
        Expr::Name(name) => match name.id.as_str() {
            "inf" => Ok(Literal::Float(f64::INFINITY)),
            "nan" => Ok(Literal::Float(f64::NAN)),
            _ => Err(LiteralError::NotLiteral("a name")),
        },
        Expr::UnaryOp(operation) if matches!(operation.op, UnaryOp::UAdd | UnaryOp::USub) => {
            signed(operation.op, evaluate(&operation.operand)?)
        }
        Expr::BinOp(operation) => sum(&evaluate(&operation.left)?, operation.op, &evaluate(&operation.right)?),
        Expr::Tuple(tuple) => all(&tuple.elts).map(Literal::Tuple),
        Expr::List(list) => all(&list.elts).map(Literal::List),
        Expr::Dict(dict) => {
            let key = |key: &Option<Expr>| key.as_ref().map_or(Err(LiteralError::NotLiteral("`**`")), evaluate);
            let pairs = dict.keys.iter().zip(&dict.values);
            pairs.map(|(name, value)| Ok((key(name)?, evaluate(value)?))).collect::<Result<_, _>>().map(Literal::Dict)
        }
        Expr::Set(_) => Err(LiteralError::NotLiteral("a set")),
        Expr::JoinedStr(_) => Err(LiteralError::NotLiteral("an f-string")),
        Expr::Call(_) => Err(LiteralError::NotLiteral("a call")),
        _ => Err(LiteralError::NotLiteral("an expression to compute")),
    }
}

fn all(elements: &[Expr]) -> Result<Vec<Literal>, LiteralError> {
    elements.iter().map(evaluate).collect()
}

fn constant(constant: &Constant) -> Result<Literal, LiteralError> {
    Ok(match constant {
        Constant::None => Literal::None,
        Constant::Bool(value) => Literal::Bool(*value),
        Constant::Str(text) => Literal::Str(text.clone()),
        Constant::Int(value) => Literal::Int(value.to_i128().ok_or(LiteralError::TooLarge)?),
        Constant::Float(value) => Literal::Float(*value),
        Constant::Complex { real, imag } => Literal::Complex(*real, *imag),
        Constant::Tuple(elements) => Literal::Tuple(elements.iter().map(self::constant).collect::<Result<_, _>>()?),
        Constant::Bytes(_) => return Err(LiteralError::NotLiteral("a bytes object")),
        Constant::Ellipsis => return Err(LiteralError::NotLiteral("an ellipsis")),
    })
}

fn signed(sign: UnaryOp, value: Literal) -> Result<Literal, LiteralError> {
    match (sign, value) {
        (UnaryOp::UAdd, value @ (Literal::Int(_) | Literal::Float(_) | Literal::Complex(..))) => Ok(value),
        (UnaryOp::USub, Literal::Int(value)) => value.checked_neg().map(Literal::Int).ok_or(LiteralError::TooLarge),
        (UnaryOp::USub, Literal::Float(value)) => Ok(Literal::Float(-value)),
        (UnaryOp::USub, Literal::Complex(real, imag)) => Ok(Literal::Complex(-real, -imag)),
        _ => Err(LiteralError::NotLiteral("an expression to compute")),
    }
}

/// `1+2j`: a real number and an imaginary one, as `ast.literal_eval` allows it.
fn sum(left: &Literal, operator: Operator, right: &Literal) -> Result<Literal, LiteralError> {
    let real = match left {
        Literal::Int(value) => *value as f64,
        Literal::Float(value) => *value,
        _ => return Err(LiteralError::NotLiteral("an expression to compute")),
    };
    match (operator, right) {
        (Operator::Add, Literal::Complex(also_real, imag)) => Ok(Literal::Complex(real + also_real, *imag)),
        // Python subtracts from a number whose imaginary part is +0.
        (Operator::Sub, Literal::Complex(also_real, imag)) => Ok(Literal::Complex(real - also_real, 0.0 - imag)),
        _ => Err(LiteralError::NotLiteral("an expression to compute")),
    }
}
