// What complex operations of `numeric` mean, for complex numbers !C of parts !T. Only create, re, im and constants of the
// complex dialect are used: they vanish below without any library.
!T = f64
!C = complex<f64>

func.func private @add(%a: !C, %b: !C) -> !C {
  %ar = complex.re %a : !C
  %ai = complex.im %a : !C
  %br = complex.re %b : !C
  %bi = complex.im %b : !C
  %re = arith.addf %ar, %br : !T
  %im = arith.addf %ai, %bi : !T
  %result = complex.create %re, %im : !C
  return %result : !C
}

func.func private @sub(%a: !C, %b: !C) -> !C {
  %ar = complex.re %a : !C
  %ai = complex.im %a : !C
  %br = complex.re %b : !C
  %bi = complex.im %b : !C
  %re = arith.subf %ar, %br : !T
  %im = arith.subf %ai, %bi : !T
  %result = complex.create %re, %im : !C
  return %result : !C
}

func.func private @mul(%a: !C, %b: !C) -> !C {
  %ar = complex.re %a : !C
  %ai = complex.im %a : !C
  %br = complex.re %b : !C
  %bi = complex.im %b : !C
  %rr = arith.mulf %ar, %br : !T
  %ii = arith.mulf %ai, %bi : !T
  %ri = arith.mulf %ar, %bi : !T
  %ir = arith.mulf %ai, %br : !T
  %re = arith.subf %rr, %ii : !T
  %im = arith.addf %ri, %ir : !T
  %result = complex.create %re, %im : !C
  return %result : !C
}

// Smith's method as NumPy does it: it multiplies by the reciprocal of the scaled divisor.
func.func private @truediv_numpy(%a: !C, %b: !C) -> !C {
  %zero = arith.constant 0.0 : !T
  %one = arith.constant 1.0 : !T
  %ar = complex.re %a : !C
  %ai = complex.im %a : !C
  %br = complex.re %b : !C
  %bi = complex.im %b : !C
  %abs_br = math.absf %br : !T
  %abs_bi = math.absf %bi : !T
  %real_wins = arith.cmpf oge, %abs_br, %abs_bi : !T
  %large = arith.select %real_wins, %br, %bi : !T
  %small = arith.select %real_wins, %bi, %br : !T
  %ratio = arith.divf %small, %large : !T
  %scaled = arith.mulf %small, %ratio : !T
  %divisor = arith.addf %large, %scaled : !T
  %scale = arith.divf %one, %divisor : !T
  %ar_ratio = arith.mulf %ar, %ratio : !T
  %ai_ratio = arith.mulf %ai, %ratio : !T
  %re_real = arith.addf %ar, %ai_ratio : !T
  %im_real = arith.subf %ai, %ar_ratio : !T
  %re_imag = arith.addf %ar_ratio, %ai : !T
  %im_imag = arith.subf %ai_ratio, %ar : !T
  %re_numerator = arith.select %real_wins, %re_real, %re_imag : !T
  %im_numerator = arith.select %real_wins, %im_real, %im_imag : !T
  %re = arith.mulf %re_numerator, %scale : !T
  %im = arith.mulf %im_numerator, %scale : !T
  // A zero divisor divides both parts by zero.
  %re_zero = arith.cmpf oeq, %br, %zero : !T
  %im_zero = arith.cmpf oeq, %bi, %zero : !T
  %by_zero = arith.andi %re_zero, %im_zero : i1
  %re_over_zero = arith.divf %ar, %abs_br : !T
  %im_over_zero = arith.divf %ai, %abs_br : !T
  %re_result = arith.select %by_zero, %re_over_zero, %re : !T
  %im_result = arith.select %by_zero, %im_over_zero, %im : !T
  %result = complex.create %re_result, %im_result : !C
  return %result : !C
}

// Smith's method as CPython does it: it divides by the scaled divisor. A NaN in the divisor makes both parts NaN by itself.
func.func private @truediv_python(%a: !C, %b: !C) -> !C {
  %zero = arith.constant 0.0 : !T
  %ar = complex.re %a : !C
  %ai = complex.im %a : !C
  %br = complex.re %b : !C
  %bi = complex.im %b : !C
  %abs_br = math.absf %br : !T
  %abs_bi = math.absf %bi : !T
  %real_wins = arith.cmpf oge, %abs_br, %abs_bi : !T
  %large = arith.select %real_wins, %br, %bi : !T
  %small = arith.select %real_wins, %bi, %br : !T
  %ratio = arith.divf %small, %large : !T
  %scaled = arith.mulf %small, %ratio : !T
  %divisor = arith.addf %large, %scaled : !T
  %ar_ratio = arith.mulf %ar, %ratio : !T
  %ai_ratio = arith.mulf %ai, %ratio : !T
  %re_real = arith.addf %ar, %ai_ratio : !T
  %im_real = arith.subf %ai, %ar_ratio : !T
  %re_imag = arith.addf %ar_ratio, %ai : !T
  %im_imag = arith.subf %ai_ratio, %ar : !T
  %re_numerator = arith.select %real_wins, %re_real, %re_imag : !T
  %im_numerator = arith.select %real_wins, %im_real, %im_imag : !T
  %re = arith.divf %re_numerator, %divisor : !T
  %im = arith.divf %im_numerator, %divisor : !T
  // The front end raises ZeroDivisionError before; without its check both parts are divided by zero, as in NumPy.
  %re_zero = arith.cmpf oeq, %br, %zero : !T
  %im_zero = arith.cmpf oeq, %bi, %zero : !T
  %by_zero = arith.andi %re_zero, %im_zero : i1
  %re_over_zero = arith.divf %ar, %abs_br : !T
  %im_over_zero = arith.divf %ai, %abs_br : !T
  %re_result = arith.select %by_zero, %re_over_zero, %re : !T
  %im_result = arith.select %by_zero, %im_over_zero, %im : !T
  %result = complex.create %re_result, %im_result : !C
  return %result : !C
}

func.func private @neg(%a: !C) -> !C {
  %ar = complex.re %a : !C
  %ai = complex.im %a : !C
  %re = arith.negf %ar : !T
  %im = arith.negf %ai : !T
  %result = complex.create %re, %im : !C
  return %result : !C
}

func.func private @eq(%a: !C, %b: !C) -> i1 {
  %ar = complex.re %a : !C
  %ai = complex.im %a : !C
  %br = complex.re %b : !C
  %bi = complex.im %b : !C
  %re = arith.cmpf oeq, %ar, %br : !T
  %im = arith.cmpf oeq, %ai, %bi : !T
  %result = arith.andi %re, %im : i1
  return %result : i1
}

func.func private @ne(%a: !C, %b: !C) -> i1 {
  %ar = complex.re %a : !C
  %ai = complex.im %a : !C
  %br = complex.re %b : !C
  %bi = complex.im %b : !C
  %re = arith.cmpf une, %ar, %br : !T
  %im = arith.cmpf une, %ai, %bi : !T
  %result = arith.ori %re, %im : i1
  return %result : i1
}

// By parts: LLVM optimises selects of numbers, not of structs.
func.func private @select(%condition: i1, %a: !C, %b: !C) -> !C {
  %ar = complex.re %a : !C
  %ai = complex.im %a : !C
  %br = complex.re %b : !C
  %bi = complex.im %b : !C
  %re = arith.select %condition, %ar, %br : !T
  %im = arith.select %condition, %ai, %bi : !T
  %result = complex.create %re, %im : !C
  return %result : !C
}

func.func private @nonzero(%a: !C) -> i1 {
  %zero = arith.constant 0.0 : !T
  %ar = complex.re %a : !C
  %ai = complex.im %a : !C
  %re = arith.cmpf une, %ar, %zero : !T
  %im = arith.cmpf une, %ai, %zero : !T
  %result = arith.ori %re, %im : i1
  return %result : i1
}
