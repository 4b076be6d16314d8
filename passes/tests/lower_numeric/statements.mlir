// a + b
func.func @sum(%a: !numeric.array<2xf64, C>, %b: !numeric.array<2xf64, C>) -> !numeric.array<2xf64, C>
    attributes {numeric.entry} {
  %r = numeric.map ins(%x = %a : !numeric.array<2xf64, C>, %y = %b : !numeric.array<2xf64, C>) -> !numeric.array<2xf64, C> {
    %0 = numeric.add %x, %y : f64
    numeric.yield %0 : f64
  }
  return %r : !numeric.array<2xf64, C>
}

// d[:] = s + 0.5
func.func @shift(%d: !numeric.array<1xf64, A>, %s: !numeric.array<1xf64, A>) attributes {numeric.entry} {
  %half = numeric.constant 0.5 : f64
  numeric.assign %d ins(%x = %s : !numeric.array<1xf64, A>, %k = %half : f64) : !numeric.array<1xf64, A> {
    %0 = numeric.add %x, %k : f64
    numeric.yield %0 : f64
  }
  return
}
