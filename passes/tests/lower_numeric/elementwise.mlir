// One array: no question about shapes, one row.
func.func @scaled(%a: !numeric.array<2xf64, C>, %k: f64) -> !numeric.array<2xf64, C> {
  %r = numeric.map ins(%x = %a : !numeric.array<2xf64, C>, %s = %k : f64) -> !numeric.array<2xf64, C> {
    %0 = numeric.mul %x, %s : f64
    numeric.yield %0 : f64
  }
  return %r : !numeric.array<2xf64, C>
}

// Two arrays: a check, then one loop for equal shapes and one that stretches.
func.func @sum(%a: !numeric.array<2xsi32, C>, %b: !numeric.array<1xsi32, A>) -> !numeric.array<2xi1, C> {
  %r = numeric.map ins(%x = %a : !numeric.array<2xsi32, C>, %y = %b : !numeric.array<1xsi32, A>) -> !numeric.array<2xi1, C> {
    %0 = numeric.cmp lt, %x, %y : si32
    numeric.yield %0 : i1
  }
  return %r : !numeric.array<2xi1, C>
}

// The destination was allocated here, so the argument cannot overlap it.
func.func @fresh(%n: index, %a: !numeric.array<1xf64, C>) -> !numeric.array<1xf64, C> {
  %r = numeric.alloc(%n) : !numeric.array<1xf64, C>
  numeric.assign %r ins(%x = %a : !numeric.array<1xf64, C>) : !numeric.array<1xf64, C> {
    numeric.yield %x : f64
  }
  return %r : !numeric.array<1xf64, C>
}

// Two arguments may overlap; a scalar needs no question.
func.func @assign(%d: !numeric.array<1xf64, A>, %a: !numeric.array<1xf64, C>, %k: f64) {
  numeric.assign %d ins(%x = %a : !numeric.array<1xf64, C>) : !numeric.array<1xf64, A> {
    numeric.yield %x : f64
  }
  numeric.assign %d ins(%x = %d : !numeric.array<1xf64, A>, %s = %k : f64) : !numeric.array<1xf64, A> {
    %0 = numeric.add %x, %s : f64
    numeric.yield %0 : f64
  }
  return
}
