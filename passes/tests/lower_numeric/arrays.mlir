// A boolean takes a byte in memory; an F-ordered array has strides that are known at run time only.
func.func @elements(%n: index, %a: !numeric.array<2xi1, C>, %i: index) -> !numeric.array<2xf64, F> {
  %new = numeric.alloc(%n, %n) zero : !numeric.array<2xf64, F>
  %0 = numeric.load %a[%i, %i] : !numeric.array<2xi1, C>
  %1 = numeric.invert %0 : i1
  numeric.store %1, %a[%i, %i] : !numeric.array<2xi1, C>
  return %new : !numeric.array<2xf64, F>
}

// The extent of a new array is the one that it was made with.
func.func @extents(%n: index, %a: !numeric.array<2xf64, A>) -> (index, index, index) {
  %new = numeric.alloc(%n) : !numeric.array<1xf64, C>
  %0 = numeric.dim %new, 0 : !numeric.array<1xf64, C>
  %1 = numeric.dim %a, 1 : !numeric.array<2xf64, A>
  %2 = numeric.stride %a, 0 : !numeric.array<2xf64, A>
  numeric.release %new : !numeric.array<1xf64, C>
  return %0, %1, %2 : index, index, index
}

// a[i], a contiguous row: the data pointer moves. a[::-1, newaxis, j]: a descriptor with an offset and a negative stride.
func.func @views(%a: !numeric.array<2xf64, C>, %i: index, %n: index, %m: index)
    -> (!numeric.array<1xf64, C>, !numeric.array<2xf64, A>) {
  %zero = numeric.constant 0 : index
  %one = numeric.constant 1 : index
  %back = numeric.constant -1 : index
  %0 = numeric.view %a starts(%i, %zero) sizes(%one, %m) steps(%one, %one) axes [1]
    : !numeric.array<2xf64, C> -> !numeric.array<1xf64, C>
  %last = numeric.sub %n, %one : index
  %1 = numeric.view %a starts(%last, %i) sizes(%n, %one) steps(%back, %one) axes [0, -1]
    : !numeric.array<2xf64, C> -> !numeric.array<2xf64, A>
  return %0, %1 : !numeric.array<1xf64, C>, !numeric.array<2xf64, A>
}

func.func @reshaped(%a: !numeric.array<2xcomplex<f32>, C>, %n: index) -> !numeric.array<1xcomplex<f32>, C> {
  %0 = numeric.reshape %a(%n) : !numeric.array<2xcomplex<f32>, C> -> !numeric.array<1xcomplex<f32>, C>
  return %0 : !numeric.array<1xcomplex<f32>, C>
}
