// Each class of number takes its own operation; signs vanish from the types.
func.func @integers(%a: si64, %b: si64, %u: ui8, %v: ui8) -> (si64, ui8, i1, i1) {
  %0 = numeric.add %a, %b : si64
  %1 = numeric.minimum %u, %v : ui8
  %2 = numeric.cmp lt, %a, %b : si64
  %3 = numeric.cmp lt, %u, %v : ui8
  return %0, %1, %2, %3 : si64, ui8, i1, i1
}

// A constant power of two divides by a shift, another divisor in full.
func.func @division(%a: !numeric.int, %b: !numeric.int) -> (!numeric.int, !numeric.int, !numeric.int) {
  %eight = numeric.constant 8 : !numeric.int
  %0 = numeric.floordiv %a, %eight : !numeric.int
  %1 = numeric.mod %a, %eight : !numeric.int
  %2 = numeric.floordiv %a, %b : !numeric.int
  return %0, %1, %2 : !numeric.int, !numeric.int, !numeric.int
}

func.func @powers(%a: si32, %b: si32, %x: f64, %y: f64) -> (si32, si32, f64) {
  %five = numeric.constant 5 : si32
  %0 = numeric.pow %a, %five : si32
  %1 = numeric.pow %a, %b : si32
  %2 = numeric.pow %x, %y : f64
  return %0, %1, %2 : si32, si32, f64
}

func.func @floats(%x: f64, %h: f16, %f: f32) -> (f64, f16, f32, i1) {
  %0 = numeric.libm sqrt(%x) : f64
  %1 = numeric.add %h, %h : f16
  %2 = numeric.libm sin(%f) : f32
  %3 = numeric.classify isfinite %x : f64
  return %0, %1, %2, %3 : f64, f16, f32, i1
}

func.func @complex(%z: complex<f64>, %p: !numeric.complex) -> (complex<f64>, f64, i1, !numeric.complex) {
  %i = numeric.constant (0.0, 1.0) : complex<f64>
  %0 = numeric.mul %z, %i : complex<f64>
  %1 = numeric.abs %z : complex<f64>
  %2 = numeric.cmp ne, %z, %i : complex<f64>
  %3 = numeric.neg %p : !numeric.complex
  return %0, %1, %2, %3 : complex<f64>, f64, i1, !numeric.complex
}

func.func @casts(%x: f64, %i: si32, %u: ui16, %b: i1, %n: index) -> (si64, ui64, f16, i1, complex<f32>, index, si8, f32) {
  %0 = numeric.cast %x : f64 to si64
  %1 = numeric.cast %x : f64 to ui64
  %2 = numeric.cast %x : f64 to f16
  %3 = numeric.cast %x : f64 to i1
  %4 = numeric.cast %i : si32 to complex<f32>
  %5 = numeric.cast %u : ui16 to index
  %6 = numeric.cast %n : index to si8
  %7 = numeric.cast %b : i1 to f32
  return %0, %1, %2, %3, %4, %5, %6, %7 : si64, ui64, f16, i1, complex<f32>, index, si8, f32
}

// What stays for the passes below remembers the types that it had.
func.func @late(%n: ui8, %x: !numeric.float, %i: index, %m: index) -> index {
  %zero = numeric.constant 0 : ui8
  %ok = numeric.cmp ne, %n, %zero : ui8
  numeric.check %ok, "ValueError", "{} and {}"(%n, %x : ui8, !numeric.float)
  numeric.check_index %i, %m axis 0
  %0 = numeric.wrap_index %i, %m
  numeric.print_value repr np %n : ui8
  numeric.print_flush
  return %0 : index
}

func.func @calls(%a: si64) -> si64 {
  %0 = func.call @calls(%a) : (si64) -> si64
  %c = numeric.constant true : i1
  %1 = scf.if %c -> (si64) {
    scf.yield %0 : si64
  } else {
    %2 = numeric.undef : si64
    scf.yield %2 : si64
  }
  return %1 : si64
}
