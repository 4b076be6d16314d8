// Reductions of all classes of numbers and layouts.
func.func @sum(%a: !numeric.array<1xf64, C>) -> f64 attributes {numeric.entry} {
  %r = numeric.reduce add %a : !numeric.array<1xf64, C>
  return %r : f64
}

func.func @sum_strided(%a: !numeric.array<1xf64, A>) -> f64 attributes {numeric.entry} {
  %r = numeric.reduce add %a : !numeric.array<1xf64, A>
  return %r : f64
}

func.func @sum_columns(%a: !numeric.array<2xf64, F>) -> f64 attributes {numeric.entry} {
  %r = numeric.reduce add %a : !numeric.array<2xf64, F>
  return %r : f64
}

func.func @least(%a: !numeric.array<2xsi64, C>) -> si64 attributes {numeric.entry} {
  %r = numeric.reduce min %a : !numeric.array<2xsi64, C>
  return %r : si64
}

func.func @greatest(%a: !numeric.array<2xsi64, A>) -> si64 attributes {numeric.entry} {
  %r = numeric.reduce max %a : !numeric.array<2xsi64, A>
  return %r : si64
}

func.func @total(%a: !numeric.array<2xsi64, A>) -> si64 attributes {numeric.entry} {
  %r = numeric.reduce add %a : !numeric.array<2xsi64, A>
  return %r : si64
}

func.func @xor(%a: !numeric.array<2x!numeric.int, C>) -> !numeric.int attributes {numeric.entry} {
  %r = numeric.reduce xor %a : !numeric.array<2x!numeric.int, C>
  return %r : !numeric.int
}

func.func @lowest(%a: !numeric.array<1xf64, C>) -> f64 attributes {numeric.entry} {
  %r = numeric.reduce min %a : !numeric.array<1xf64, C>
  return %r : f64
}

func.func @all(%a: !numeric.array<1xi1, C>) -> i1 attributes {numeric.entry} {
  %r = numeric.reduce and %a : !numeric.array<1xi1, C>
  return %r : i1
}

func.func @product(%a: !numeric.array<1xcomplex<f64>, C>) -> complex<f64> attributes {numeric.entry} {
  %r = numeric.reduce mul %a : !numeric.array<1xcomplex<f64>, C>
  return %r : complex<f64>
}

func.func @halves(%a: !numeric.array<1xf16, C>) -> f16 attributes {numeric.entry} {
  %r = numeric.reduce add %a : !numeric.array<1xf16, C>
  return %r : f16
}

func.func @complexes(%a: !numeric.array<2xcomplex<f32>, A>) -> complex<f32> attributes {numeric.entry} {
  %r = numeric.reduce add %a : !numeric.array<2xcomplex<f32>, A>
  return %r : complex<f32>
}

