//! Between which numbers the results of operations on floats lie.

use melior::ir::attribute::FloatAttribute;
use numir_numeric::ir::{Op, Val};
use numir_numeric::types::{Class, Scalar};

/// From `low` to `high`, both included, or NaN. Zeros of both signs are one number.
#[derive(Clone, Copy, Debug)]
pub(super) struct Range {
    pub(super) low: f64,
    pub(super) high: f64,
    /// It is not NaN.
    pub(super) is_number: bool,
}

/// The functions whose results have bounds, whatever their arguments: the names of kernels of the library and of C. The bounds leave room
/// for errors of some units of the last place, of half precision too.
const FUNCTIONS: &[(&str, Range)] = &[
    ("acos", Range::nearly(0.0, 3.2)),
    ("asin", Range::nearly(-1.6, 1.6)),
    ("atan", Range::nearly(-1.6, 1.6)),
    ("atan2", Range::nearly(-3.2, 3.2)),
    ("cos", Range::nearly(-1.1, 1.1)),
    ("cosh", Range::nearly(0.9, f64::INFINITY)),
    ("erf", Range::nearly(-1.1, 1.1)),
    ("erfc", Range::nearly(0.0, 2.1)),
    ("exp", Range::nearly(0.0, f64::INFINITY)),
    ("exp2", Range::nearly(0.0, f64::INFINITY)),
    ("expm1", Range::nearly(-1.1, f64::INFINITY)),
    ("hypot", Range::nearly(0.0, f64::INFINITY)),
    ("sin", Range::nearly(-1.1, 1.1)),
    ("sqrt", Range::nearly(0.0, f64::INFINITY)),
    ("tanh", Range::nearly(-1.1, 1.1)),
];

/// Kernels for narrow floats are named after the others.
const NARROW: &str = "_narrow";

/// More than the relative error of an operation in half precision.
const SLACK: f64 = 1e-3;

/// Less than this may have been lost below the least number of half precision.
const SMALL: f64 = 1e-3;

/// The type of a value that is a float.
pub(super) fn float(value: Val<'_>) -> Option<Scalar> {
    Scalar::of(value.ty()).filter(|scalar| scalar.class() == Class::Float)
}

/// Whether [`of`] has something to say of an operation.
pub(super) fn is_known(operation: Op<'_>) -> bool {
    const OPERATIONS: [&str; 13] = [
        "numeric.abs",
        "numeric.add",
        "numeric.apply",
        "numeric.cast",
        "numeric.constant",
        "numeric.libm",
        "numeric.maximum",
        "numeric.minimum",
        "numeric.mul",
        "numeric.neg",
        "numeric.select",
        "numeric.sub",
        "numeric.truediv",
    ];
    OPERATIONS.contains(&operation.name())
}

/// The range of an operation's result, given those of its operands.
pub(super) fn of<'c>(operation: Op<'c>, range: impl Fn(Val<'c>) -> Range) -> Range {
    let Some(scalar) = float(operation.result(0)) else { return Range::ANY };
    let of = |index: usize| range(operation.operand(index));
    let same = || operation.operand(0) == operation.operand(1);
    let result = match operation.name() {
        "numeric.constant" => match operation.attribute("value").and_then(|value| FloatAttribute::try_from(value).ok())
        {
            Some(value) if !value.value().is_nan() => Range::numbers(value.value(), value.value()).in_width(scalar),
            _ => Range::ANY,
        },
        "numeric.abs" => of(0).magnitude(),
        "numeric.add" => of(0).plus(of(1)).rounded(),
        "numeric.sub" => of(0).plus(of(1).negated()).rounded(),
        "numeric.mul" if same() => of(0).magnitude().times(of(0).magnitude()).rounded(),
        "numeric.mul" => of(0).times(of(1)).rounded(),
        "numeric.truediv" => of(0).over(of(1)).rounded(),
        "numeric.neg" => of(0).negated(),
        "numeric.maximum" => of(0).merged(of(1), f64::max),
        "numeric.minimum" => of(0).merged(of(1), f64::min),
        "numeric.select" => Range {
            low: of(1).low.min(of(2).low),
            high: of(1).high.max(of(2).high),
            is_number: of(1).is_number && of(2).is_number,
        },
        "numeric.cast" => converted(operation.operand(0), of(0)),
        "numeric.libm" => function(operation.string_attribute("function")),
        // Of a kernel: its module, and its name in there.
        "numeric.apply" => {
            let callee = operation.string_attribute("callee");
            let kernel = callee.as_deref().and_then(|callee| callee.strip_prefix("_kernels_")?.split_once('.'));
            function(kernel.map(|(_, name)| name.strip_suffix(NARROW).unwrap_or(name).to_owned()))
        }
        _ => Range::ANY,
    };
    result.within(scalar)
}

fn function(name: Option<String>) -> Range {
    FUNCTIONS.iter().find(|(known, _)| Some(*known) == name.as_deref()).map_or(Range::ANY, |(_, range)| *range)
}

/// The range of a value converted to a float.
fn converted(value: Val<'_>, range: Range) -> Range {
    match Scalar::of(value.ty()) {
        Some(Scalar::Bool) => Range::numbers(0.0, 1.0),
        Some(Scalar::Unsigned(width)) => Range::numbers(0.0, f64::from(width).exp2()),
        Some(Scalar::Signed(width)) => Range::numbers(-f64::from(width - 1).exp2(), f64::from(width - 1).exp2()),
        Some(Scalar::PyInt | Scalar::Index) => Range::numbers(-f64::exp2(63.0), f64::exp2(63.0)),
        Some(scalar) if scalar.class() == Class::Float => range.rounded(),
        _ => Range::ANY,
    }
}

/// Whether a float of `scalar`'s type that is converted from `value` is infinite only if that is.
pub(super) fn is_widened(value: Val<'_>, scalar: Scalar) -> bool {
    float(value).is_some_and(|from| from.width() <= scalar.width())
}

/// The greatest finite number of a type of floats, and what may be added to it without that the sum is infinite.
fn limits(scalar: Scalar) -> (f64, f64) {
    match scalar.width() {
        16 => (65504.0, 8.0),
        32 => (f32::MAX.into(), 1e30),
        _ => (f64::MAX, 1e290),
    }
}

impl Range {
    /// Nothing is known.
    pub(super) const ANY: Self = Self::nearly(f64::NEG_INFINITY, f64::INFINITY);

    /// Numbers from `low` to `high`.
    const fn numbers(low: f64, high: f64) -> Self {
        Self { low, high, is_number: true }
    }

    /// Numbers from `low` to `high`, or NaN.
    const fn nearly(low: f64, high: f64) -> Self {
        Self { low, high, is_number: false }
    }

    pub(super) fn is_finite(self) -> bool {
        self.low.is_finite() && self.high.is_finite()
    }

    /// Whether adding a number of the range to a finite one gives a finite one.
    pub(super) fn is_lost_in(self, scalar: Scalar) -> bool {
        self.magnitude().high <= limits(scalar).1
    }

    /// Whether multiplying a finite number by one of the range gives a finite one, and an infinite one an infinite one.
    pub(super) fn shrinks(self) -> bool {
        (self.low > 0.0 && self.high <= 1.0) || (self.high < 0.0 && self.low >= -1.0)
    }

    fn magnitude(self) -> Self {
        let least = if self.low <= 0.0 && self.high >= 0.0 { 0.0 } else { self.low.abs().min(self.high.abs()) };
        Self { low: least, high: self.low.abs().max(self.high.abs()), ..self }
    }

    fn negated(self) -> Self {
        Self { low: -self.high, high: -self.low, ..self }
    }

    /// Infinity minus infinity is NaN, so that the bound is that of other numbers: any.
    fn plus(self, other: Self) -> Self {
        let or = |sum: f64, otherwise: f64| if sum.is_nan() { otherwise } else { sum };
        Self {
            low: or(self.low + other.low, f64::NEG_INFINITY),
            high: or(self.high + other.high, f64::INFINITY),
            is_number: self.is_number && other.is_number && (self.is_finite() || other.is_finite()),
        }
    }

    /// Zero times infinity is NaN, and zero times what comes before it zero.
    fn times(self, other: Self) -> Self {
        let products = [self.low * other.low, self.low * other.high, self.high * other.low, self.high * other.high];
        let products = products.map(|product| if product.is_nan() { 0.0 } else { product });
        Self {
            low: products.into_iter().fold(f64::INFINITY, f64::min),
            high: products.into_iter().fold(f64::NEG_INFINITY, f64::max),
            is_number: self.is_number && other.is_number && self.is_finite() && other.is_finite(),
        }
    }

    /// Divided by numbers that keep away from zero.
    fn over(self, other: Self) -> Self {
        if other.low <= 0.0 && other.high >= 0.0 {
            return Self::ANY;
        }
        self.times(Self { low: 1.0 / other.high, high: 1.0 / other.low, ..other })
    }

    fn merged(self, other: Self, choose: fn(f64, f64) -> f64) -> Self {
        Self {
            low: choose(self.low, other.low),
            high: choose(self.high, other.high),
            is_number: self.is_number && other.is_number,
        }
    }

    /// With room for an operation's rounding error, and for what vanishes below the least number.
    fn rounded(self) -> Self {
        let down = |bound: f64| match bound {
            positive if positive >= SMALL => positive * (1.0 - SLACK),
            positive if positive >= 0.0 => 0.0,
            negative => (negative * (1.0 + SLACK)).min(-SMALL),
        };
        Self { low: down(self.low), high: -down(-self.high), ..self }
    }

    /// A number written in double precision, in its type.
    fn in_width(self, scalar: Scalar) -> Self {
        if scalar.width() == 64 { self } else { self.rounded() }
    }

    /// Of a type in which greater numbers are infinite.
    fn within(self, scalar: Scalar) -> Self {
        let (most, _) = limits(scalar);
        Self {
            low: if self.low < -most { f64::NEG_INFINITY } else { self.low },
            high: if self.high > most { f64::INFINITY } else { self.high },
            ..self
        }
    }
}
