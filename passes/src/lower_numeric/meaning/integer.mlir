// What integer operations of `numeric` mean, for one integer type !T (or index) of #width bits. `lower-numeric` puts the
// bodies where the operations stood. The aliases are replaced; as they stand the file is valid MLIR.
!T = i64
#last_bit = 63 : i64
#width = 64 : i64

// x86 traps on a division by zero and on the least integer divided by -1, so both divide by 1 and are put right afterwards.
func.func private @floordiv_signed(%a: !T, %b: !T) -> !T {
  %zero = arith.constant 0 : !T
  %one = arith.constant 1 : !T
  %minus_one = arith.constant -1 : !T
  %by_zero = arith.cmpi eq, %b, %zero : !T
  %by_minus_one = arith.cmpi eq, %b, %minus_one : !T
  %special = arith.ori %by_zero, %by_minus_one : i1
  %divisor = arith.select %special, %one, %b : !T
  %quotient = arith.divsi %a, %divisor : !T
  %remainder = arith.remsi %a, %divisor : !T
  %inexact = arith.cmpi ne, %remainder, %zero : !T
  %signs = arith.xori %remainder, %divisor : !T
  %opposite = arith.cmpi slt, %signs, %zero : !T
  %round_down = arith.andi %inexact, %opposite : i1
  %below = arith.subi %quotient, %one : !T
  %floor = arith.select %round_down, %below, %quotient : !T
  %negated = arith.subi %zero, %a : !T
  %total = arith.select %by_minus_one, %negated, %floor : !T
  %result = arith.select %by_zero, %zero, %total : !T
  return %result : !T
}

// The remainder by 1 is 0, which is right for both special divisors.
func.func private @mod_signed(%a: !T, %b: !T) -> !T {
  %zero = arith.constant 0 : !T
  %one = arith.constant 1 : !T
  %minus_one = arith.constant -1 : !T
  %by_zero = arith.cmpi eq, %b, %zero : !T
  %by_minus_one = arith.cmpi eq, %b, %minus_one : !T
  %special = arith.ori %by_zero, %by_minus_one : i1
  %divisor = arith.select %special, %one, %b : !T
  %remainder = arith.remsi %a, %divisor : !T
  %inexact = arith.cmpi ne, %remainder, %zero : !T
  %signs = arith.xori %remainder, %divisor : !T
  %opposite = arith.cmpi slt, %signs, %zero : !T
  %adjust = arith.andi %inexact, %opposite : i1
  %adjusted = arith.addi %remainder, %divisor : !T
  %result = arith.select %adjust, %adjusted, %remainder : !T
  return %result : !T
}

func.func private @floordiv_unsigned(%a: !T, %b: !T) -> !T {
  %zero = arith.constant 0 : !T
  %one = arith.constant 1 : !T
  %by_zero = arith.cmpi eq, %b, %zero : !T
  %divisor = arith.select %by_zero, %one, %b : !T
  %quotient = arith.divui %a, %divisor : !T
  %result = arith.select %by_zero, %zero, %quotient : !T
  return %result : !T
}

func.func private @mod_unsigned(%a: !T, %b: !T) -> !T {
  %zero = arith.constant 0 : !T
  %one = arith.constant 1 : !T
  %by_zero = arith.cmpi eq, %b, %zero : !T
  %divisor = arith.select %by_zero, %one, %b : !T
  %result = arith.remui %a, %divisor : !T
  return %result : !T
}

// Square and multiply. A negative exponent gives 0.
func.func private @pow_signed(%a: !T, %b: !T) -> !T {
  %zero = arith.constant 0 : !T
  %one = arith.constant 1 : !T
  %negative = arith.cmpi slt, %b, %zero : !T
  %start = arith.select %negative, %zero, %one : !T
  %exponent = arith.select %negative, %zero, %b : !T
  %final:3 = scf.while (%e = %exponent, %square = %a, %product = %start) : (!T, !T, !T) -> (!T, !T, !T) {
    %more = arith.cmpi ne, %e, %zero : !T
    scf.condition(%more) %e, %square, %product : !T, !T, !T
  } do {
  ^bb0(%e: !T, %square: !T, %product: !T):
    %low = arith.andi %e, %one : !T
    %odd = arith.cmpi ne, %low, %zero : !T
    %multiplied = arith.muli %product, %square : !T
    %next_product = arith.select %odd, %multiplied, %product : !T
    %next_square = arith.muli %square, %square : !T
    %next_e = arith.shrui %e, %one : !T
    scf.yield %next_e, %next_square, %next_product : !T, !T, !T
  }
  return %final#2 : !T
}

func.func private @pow_unsigned(%a: !T, %b: !T) -> !T {
  %zero = arith.constant 0 : !T
  %one = arith.constant 1 : !T
  %final:3 = scf.while (%e = %b, %square = %a, %product = %one) : (!T, !T, !T) -> (!T, !T, !T) {
    %more = arith.cmpi ne, %e, %zero : !T
    scf.condition(%more) %e, %square, %product : !T, !T, !T
  } do {
  ^bb0(%e: !T, %square: !T, %product: !T):
    %low = arith.andi %e, %one : !T
    %odd = arith.cmpi ne, %low, %zero : !T
    %multiplied = arith.muli %product, %square : !T
    %next_product = arith.select %odd, %multiplied, %product : !T
    %next_square = arith.muli %square, %square : !T
    %next_e = arith.shrui %e, %one : !T
    scf.yield %next_e, %next_square, %next_product : !T, !T, !T
  }
  return %final#2 : !T
}

// Shifts by the width or more are undefined below, so they are kept away; a negative amount counts as a huge one.
func.func private @shl(%a: !T, %b: !T) -> !T {
  %zero = arith.constant 0 : !T
  %width = arith.constant #width
  %inside = arith.cmpi ult, %b, %width : !T
  %amount = arith.select %inside, %b, %zero : !T
  %shifted = arith.shli %a, %amount : !T
  %result = arith.select %inside, %shifted, %zero : !T
  return %result : !T
}

func.func private @shr_signed(%a: !T, %b: !T) -> !T {
  %last_bit = arith.constant #last_bit
  %amount = arith.minui %b, %last_bit : !T
  %result = arith.shrsi %a, %amount : !T
  return %result : !T
}

func.func private @shr_unsigned(%a: !T, %b: !T) -> !T {
  %zero = arith.constant 0 : !T
  %width = arith.constant #width
  %inside = arith.cmpi ult, %b, %width : !T
  %amount = arith.select %inside, %b, %zero : !T
  %shifted = arith.shrui %a, %amount : !T
  %result = arith.select %inside, %shifted, %zero : !T
  return %result : !T
}

func.func private @neg(%a: !T) -> !T {
  %zero = arith.constant 0 : !T
  %result = arith.subi %zero, %a : !T
  return %result : !T
}

// The least integer stays what it is.
func.func private @abs(%a: !T) -> !T {
  %zero = arith.constant 0 : !T
  %negative = arith.cmpi slt, %a, %zero : !T
  %negated = arith.subi %zero, %a : !T
  %result = arith.select %negative, %negated, %a : !T
  return %result : !T
}

func.func private @invert(%a: !T) -> !T {
  %ones = arith.constant -1 : !T
  %result = arith.xori %a, %ones : !T
  return %result : !T
}
