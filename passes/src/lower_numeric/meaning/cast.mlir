// Casts from the float type !F (f32 or f64) that need more than one operation. !I is i32 or i64, #limit is 2 to the power of its
// width less one, #least its least value. They give what x86's cvttsd2si gives, which is what NumPy gives.
!F = f64
!I = i64
#limit = 9223372036854775808.0 : f64
#minus_limit = -9223372036854775808.0 : f64
#least = -9223372036854775808 : i64

// What does not fit, NaN too, becomes the least integer. arith.fptosi alone would be poison there.
func.func private @truncate(%x: !F) -> !I {
  %limit = arith.constant #limit
  %minus_limit = arith.constant #minus_limit
  %magnitude = math.absf %x : !F
  %fits = arith.cmpf olt, %magnitude, %limit : !F
  %safe = arith.select %fits, %x, %minus_limit : !F
  %result = arith.fptosi %safe : !F to !I
  return %result : !I
}

// To ui64: the upper half is shifted down before and up afterwards.
func.func private @truncate_unsigned(%x: !F) -> !I {
  %limit = arith.constant #limit
  %minus_limit = arith.constant #minus_limit
  %least = arith.constant #least
  %zero = arith.constant 0 : !I
  %upper = arith.cmpf oge, %x, %limit : !F
  %lowered = arith.subf %x, %limit : !F
  %y = arith.select %upper, %lowered, %x : !F
  %magnitude = math.absf %y : !F
  %fits = arith.cmpf olt, %magnitude, %limit : !F
  %safe = arith.select %fits, %y, %minus_limit : !F
  %signed = arith.fptosi %safe : !F to !I
  %offset = arith.select %upper, %least, %zero : !I
  %result = arith.xori %signed, %offset : !I
  return %result : !I
}

// f64 to f16 through f32 without rounding twice: the first step rounds to odd. x86 has no direct instruction.
func.func private @f64_to_f16(%x: f64) -> f16 {
  %near = arith.truncf %x : f64 to f32
  %back = arith.extf %near : f32 to f64
  %inexact = arith.cmpf one, %back, %x : f64
  %abs_back = math.absf %back : f64
  %abs_x = math.absf %x : f64
  %away = arith.cmpf ogt, %abs_back, %abs_x : f64
  %bits = arith.bitcast %near : f32 to i32
  %step = arith.extui %away : i1 to i32
  %toward_zero = arith.subi %bits, %step : i32
  %sticky = arith.extui %inexact : i1 to i32
  %odd = arith.ori %toward_zero, %sticky : i32
  %rounded = arith.bitcast %odd : i32 to f32
  %result = arith.truncf %rounded : f32 to f16
  return %result : f16
}
