//! `x ** n` of floats with a small whole number n that is known when the program is compiled: products, without a call.
//!
//! Doubles are multiplied as sums of two, so that the result is off by half a unit in the last place and 2**-90 of itself, however many
//! factors it has. Narrower floats are multiplied as doubles.

use super::cast;
use super::intrinsics::libm;
use super::operators::{binary, predicate, unary};
use crate::function_ir::IrType;
use crate::specialize::{Evaluated, Frame};
use crate::types::Scalar;
use crate::value::{Number, Value};

/// The largest exponent: beyond it a logarithm and an exponential take no longer.
const LARGEST: f64 = 32.0;

/// A power as the product that it is.
struct Product {
    high: Value,
    /// What is missing; None if that is nothing, or of no account.
    low: Option<Value>,
}

/// The exponent, if a power with it is a product of several factors.
pub(super) fn exponent(y: &Value) -> Option<u32> {
    let number = y.number()?.as_float();
    ((2.0..=LARGEST).contains(&number) && number.fract() == 0.0).then_some(number as u32)
}

/// Numbers up to here have such a power.
pub(super) fn bound(exponent: u32) -> f64 {
    f64::from(1023 / exponent.max(1)).exp2()
}

/// x ** n of a float of this type, without errors.
pub(super) fn power(frame: &mut Frame<'_, '_>, x: &Value, n: u32, scalar: Scalar) -> Evaluated {
    let outer = std::mem::replace(&mut frame.element_wise, true);
    let result = of_doubles(frame, x, n, scalar);
    frame.element_wise = outer;
    cast(frame, &result?, scalar)
}

fn of_doubles(frame: &mut Frame<'_, '_>, x: &Value, n: u32, scalar: Scalar) -> Evaluated {
    let x = cast(frame, x, scalar)?;
    if n == 2 {
        return binary(frame, "*", &x, &x);
    }
    let x = cast(frame, &x, Scalar::Float)?;
    let is_wide = scalar.dtype().size() == 8;
    let mut power = Product { high: x.clone(), low: None };
    for place in (0..n.ilog2()).rev() {
        power = power.squared(frame, is_wide)?;
        if n >> place & 1 == 1 {
            power = power.times(frame, &x, is_wide)?;
        }
    }
    let Product { high, low: Some(low) } = power else { return Ok(power.high) };
    // An infinity, or a zero with its sign, is the result as it is.
    let sum = binary(frame, "+", &high, &low)?;
    let size = libm(frame, "fabs", std::slice::from_ref(&high))?;
    let size = frame.materialize(&size)?;
    let zero = frame.materialize_number(Scalar::Float, Number::Float(0.0))?;
    let infinity = frame.materialize_number(Scalar::Float, Number::Float(f64::INFINITY))?;
    let (above, below) = (predicate(frame, "gt", size, zero), predicate(frame, "lt", size, infinity));
    let is_plain = frame.emit("numeric.and", &[above, below], IrType::BOOL, Vec::new());
    let (sum, high) = (frame.materialize(&sum)?, frame.materialize(&high)?);
    let to = IrType::Scalar(Scalar::Float);
    Ok(Value::Scalar(Scalar::Float, frame.emit("numeric.select", &[is_plain, sum, high], to, Vec::new())))
}

impl Product {
    fn squared(self, frame: &mut Frame<'_, '_>, is_wide: bool) -> Evaluated<Self> {
        let twice = binary(frame, "+", &self.high, &self.high)?;
        let high = self.high.clone();
        self.product(frame, &high, &twice, is_wide)
    }

    fn times(self, frame: &mut Frame<'_, '_>, x: &Value, is_wide: bool) -> Evaluated<Self> {
        self.product(frame, x, x, is_wide)
    }

    /// Times a factor; what is missing is taken `for_low` times.
    fn product(self, frame: &mut Frame<'_, '_>, factor: &Value, for_low: &Value, is_wide: bool) -> Evaluated<Self> {
        let high = binary(frame, "*", &self.high, factor)?;
        if !is_wide {
            return Ok(Self { high, low: None });
        }
        let back = unary(frame, "-", &high)?;
        let mut low = libm(frame, "fma", &[self.high, factor.clone(), back])?;
        if let Some(missing) = self.low {
            low = libm(frame, "fma", &[missing, for_low.clone(), low])?;
        }
        Ok(Self { high, low: Some(low) })
    }
}
