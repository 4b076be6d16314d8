// a[i]
func.func @row(%a: !numeric.array<2xf64, C>, %i: index) -> !numeric.array<1xf64, C> attributes {numeric.entry} {
  %zero = numeric.constant 0 : index
  %one = numeric.constant 1 : index
  %m = numeric.dim %a, 1 : !numeric.array<2xf64, C>
  %v = numeric.view %a starts(%i, %zero) sizes(%one, %m) steps(%one, %one) axes [1]
    : !numeric.array<2xf64, C> -> !numeric.array<1xf64, C>
  %r = numeric.map ins(%x = %v : !numeric.array<1xf64, C>) -> !numeric.array<1xf64, C> {
    numeric.yield %x : f64
  }
  return %r : !numeric.array<1xf64, C>
}

// a[::-2, ::-1].T[:, newaxis, :], of an array of 3 rows
func.func @turned(%a: !numeric.array<2xf64, C>, %i: index) -> !numeric.array<3xf64, C> attributes {numeric.entry} {
  %one = numeric.constant 1 : index
  %two = numeric.constant 2 : index
  %back = numeric.constant -1 : index
  %back2 = numeric.constant -2 : index
  %m = numeric.dim %a, 1 : !numeric.array<2xf64, C>
  %last = numeric.sub %m, %one : index
  %v = numeric.view %a starts(%two, %last) sizes(%two, %m) steps(%back2, %back) axes [1, -1, 0]
    : !numeric.array<2xf64, C> -> !numeric.array<3xf64, A>
  %r = numeric.map ins(%x = %v : !numeric.array<3xf64, A>) -> !numeric.array<3xf64, C> {
    numeric.yield %x : f64
  }
  return %r : !numeric.array<3xf64, C>
}
