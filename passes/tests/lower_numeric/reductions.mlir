func.func @integers(%a: !numeric.array<2xui8, A>) -> ui8 {
  %0 = numeric.reduce max %a : !numeric.array<2xui8, A>
  return %0 : ui8
}

func.func @floats(%a: !numeric.array<2xf64, C>) -> f64 {
  %0 = numeric.reduce add %a : !numeric.array<2xf64, C>
  return %0 : f64
}

func.func @parallel(%n: index, %zero: si64, %hits: !numeric.array<1xsi64, C>) -> (si64, !numeric.array<1xsi64, C>) {
  %r:2 = numeric.parallel %i in %n reduce(add %acc = %zero : si64, add %h = %hits : !numeric.array<1xsi64, C>) {
    %x = numeric.cast %i : index to si64
    %next = numeric.add %acc, %x : si64
    numeric.store %x, %h[%i] : !numeric.array<1xsi64, C>
    numeric.yield %next, %h : si64, !numeric.array<1xsi64, C>
  }
  return %r#0, %r#1 : si64, !numeric.array<1xsi64, C>
}
