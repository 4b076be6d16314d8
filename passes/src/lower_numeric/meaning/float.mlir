// What float operations of `numeric` mean where arith and math have no operation for it, for one float type !T (f32 or f64).
!T = f64
#inf = 0x7FF0000000000000 : f64

// CPython's float_divmod, step by step; a zero divisor gives a / b as in NumPy.
func.func private @floordiv(%a: !T, %b: !T) -> !T {
  %zero = arith.constant 0.0 : !T
  %half = arith.constant 0.5 : !T
  %one = arith.constant 1.0 : !T
  %remainder = arith.remf %a, %b : !T
  %difference = arith.subf %a, %remainder : !T
  %exact = arith.divf %difference, %b : !T
  %inexact = arith.cmpf une, %remainder, %zero : !T
  %divisor_negative = arith.cmpf olt, %b, %zero : !T
  %remainder_negative = arith.cmpf olt, %remainder, %zero : !T
  %opposite = arith.cmpi ne, %divisor_negative, %remainder_negative : i1
  %round_down = arith.andi %inexact, %opposite : i1
  %below = arith.subf %exact, %one : !T
  %near = arith.select %round_down, %below, %exact : !T
  %floor = math.floor %near : !T
  %lost = arith.subf %near, %floor : !T
  %too_low = arith.cmpf ogt, %lost, %half : !T
  %above = arith.addf %floor, %one : !T
  %snapped = arith.select %too_low, %above, %floor : !T
  %quotient = arith.divf %a, %b : !T
  %signed_zero = math.copysign %zero, %quotient : !T
  %not_zero = arith.cmpf une, %near, %zero : !T
  %rounded = arith.select %not_zero, %snapped, %signed_zero : !T
  %by_zero = arith.cmpf oeq, %b, %zero : !T
  %result = arith.select %by_zero, %quotient, %rounded : !T
  return %result : !T
}

// CPython's float_rem; fmod gives NaN for a zero divisor.
func.func private @mod(%a: !T, %b: !T) -> !T {
  %zero = arith.constant 0.0 : !T
  %remainder = arith.remf %a, %b : !T
  %inexact = arith.cmpf une, %remainder, %zero : !T
  %divisor_negative = arith.cmpf olt, %b, %zero : !T
  %remainder_negative = arith.cmpf olt, %remainder, %zero : !T
  %opposite = arith.cmpi ne, %divisor_negative, %remainder_negative : i1
  %adjusted = arith.addf %remainder, %b : !T
  %nearest = arith.select %opposite, %adjusted, %remainder : !T
  %signed_zero = math.copysign %zero, %b : !T
  %result = arith.select %inexact, %nearest, %signed_zero : !T
  return %result : !T
}

func.func private @isnan(%a: !T) -> i1 {
  %result = arith.cmpf uno, %a, %a : !T
  return %result : i1
}

func.func private @isinf(%a: !T) -> i1 {
  %inf = arith.constant #inf
  %magnitude = math.absf %a : !T
  %result = arith.cmpf oeq, %magnitude, %inf : !T
  return %result : i1
}

func.func private @isfinite(%a: !T) -> i1 {
  %inf = arith.constant #inf
  %magnitude = math.absf %a : !T
  %result = arith.cmpf olt, %magnitude, %inf : !T
  return %result : i1
}

func.func private @signbit(%a: !T) -> i1 {
  %one = arith.constant 1.0 : !T
  %zero = arith.constant 0.0 : !T
  %sign = math.copysign %one, %a : !T
  %result = arith.cmpf olt, %sign, %zero : !T
  return %result : i1
}
