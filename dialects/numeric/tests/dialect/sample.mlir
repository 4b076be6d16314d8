func.func @scalars(%b: i1, %i: si64, %u: ui8, %p: !numeric.int, %x: f64, %h: f16, %z: complex<f32>, %n: index) attributes {numeric.entry, numeric.python_name = "scalars"} {
  %0 = numeric.constant 3 : si64
  %1 = numeric.constant true : i1
  %2 = numeric.constant -0.5 : !numeric.float
  %3 = numeric.constant (0.0, -1.0e+300) : complex<f64>
  %4 = numeric.constant -9223372036854775808 : si64
  %5 = numeric.constant 18446744073709551615 : ui64
  %6 = numeric.constant -inf : f32
  %7 = numeric.constant nan : f16
  %8 = numeric.constant 0.1 : f64
  %9 = numeric.constant -1 : si8
  %10 = numeric.constant (1.0, -0.0) : !numeric.complex
  %11 = numeric.undef : !numeric.array<2xf64, C>
  %12 = numeric.add %i, %0 : si64
  %13 = numeric.sub %x, %x : f64
  %14 = numeric.mul %z, %z : complex<f32>
  %15 = numeric.truediv %h, %h : f16
  %16 = numeric.floordiv %p, %p : !numeric.int
  %17 = numeric.mod %n, %n : index
  %18 = numeric.pow %u, %u : ui8
  %19 = numeric.minimum %b, %b : i1
  %20 = numeric.maximum %x, %x : f64
  %21 = numeric.neg %z : complex<f32>
  %22 = numeric.abs %z : complex<f32>
  %23 = numeric.and %b, %b : i1
  %24 = numeric.or %u, %u : ui8
  %25 = numeric.xor %i, %i : si64
  %26 = numeric.invert %b : i1
  %27 = numeric.shl %i, %i : si64
  %28 = numeric.shr %u, %u : ui8
  %29 = numeric.cmp lt, %x, %x : f64
  %30 = numeric.select %b, %z, %z : complex<f32>
  %31 = numeric.classify isnan %h : f16
  %32 = numeric.cast %u : ui8 to !numeric.complex
  %33 = numeric.bitcast %x : f64 to si64
  %34 = numeric.complex %x, %x : f64
  %35 = numeric.real %z : complex<f32>
  %36 = numeric.imag %10 : !numeric.complex
  %37 = numeric.libm sin(%x) : f64
  %38 = numeric.libm fma(%h, %h, %h) : f16
  %39 = numeric.apply @loops(%x, %i) : (f64, si64) -> f64
  return
}

func.func @errors(%ok: i1, %i: index, %n: index, %x: f64) {
  numeric.check %ok, "ZeroDivisionError", "division by zero"
  numeric.check %ok, "ValueError", "{} is not {}"(%x, %i : f64, index) {note = 1 : i64}
  numeric.check_index %i, %n axis 0
  numeric.check_index %i, %n axis 1 name "i + 1"
  %0 = numeric.wrap_index %i, %n
  numeric.check_recursion
  numeric.raise "ValueError", "no root"
  numeric.raise "ValueError", "no root at {}"(%x : f64)
  return
}

func.func @arrays(%a: !numeric.array<2xf64, C>, %p: !numeric.array<0x!numeric.int, C>, %k: f64, %i: index) {
  %0 = numeric.alloc(%i, %i) : !numeric.array<2xf64, F>
  %1 = numeric.alloc(%i) zero : !numeric.array<1xcomplex<f64>, C>
  %2 = numeric.dim %a, 1 : !numeric.array<2xf64, C>
  %3 = numeric.stride %a, 0 : !numeric.array<2xf64, C>
  %4 = numeric.load %a[%i, %2] : !numeric.array<2xf64, C>
  %5 = numeric.load %p[] : !numeric.array<0x!numeric.int, C>
  numeric.store %4, %a[%i, %3] : !numeric.array<2xf64, C>
  %6 = numeric.view %a starts(%i, %i) sizes(%i, %i) steps(%i, %i) axes [1, -1] : !numeric.array<2xf64, C> -> !numeric.array<2xf64, A>
  %7 = numeric.reshape %a(%i) : !numeric.array<2xf64, C> -> !numeric.array<1xf64, C>
  %part = numeric.reinterpret %a offset(%i) sizes(%i, %i) strides(%i, %i) : !numeric.array<2xf64, C> -> !numeric.array<2xf64, A>
  %8 = numeric.map ins(%arg4 = %a : !numeric.array<2xf64, C>, %arg5 = %k : f64) -> !numeric.array<2xf64, C> {
    %10 = numeric.mul %arg4, %arg5 : f64
    numeric.yield %10 : f64
  }
  numeric.assign %0 ins(%arg4 = %8 : !numeric.array<2xf64, C>) : !numeric.array<2xf64, F> {
    numeric.yield %arg4 : f64
  }
  %9 = numeric.reduce max %a : !numeric.array<2xf64, C>
  %sum = numeric.map_reduce add ins(%arg4 = %a : !numeric.array<2xf64, C>, %arg5 = %k : f64) -> f64 attributes {fits} {
    %10 = numeric.mul %arg4, %arg5 : f64
    numeric.yield %10 : f64
  }
  %askew = numeric.clashes %0, %a : !numeric.array<2xf64, F>, !numeric.array<2xf64, C>
  %sums = numeric.reduce_axes add axes [1] ins(%arg4 = %a : !numeric.array<2xf64, C>, %arg5 = %k : f64) -> !numeric.array<1xf64, C> attributes {fits} {
    %10 = numeric.mul %arg4, %arg5 : f64
    numeric.yield %10 : f64
  }
  %shape:2 = numeric.broadcast(%i, %2, %i) ranks [2, 1] : index, index
  numeric.broadcast(%i, %i, %2) ranks [1, 2] into
  numeric.retain %a : !numeric.array<2xf64, C>
  numeric.release %a : !numeric.array<2xf64, C>
  return
}

func.func @loops(%n: index, %x: f64, %a: !numeric.array<1xsi64, C>) -> f64 {
  %0:2 = numeric.parallel %arg3 in %n reduce(add %arg4 = %x : f64, xor %arg5 = %a : !numeric.array<1xsi64, C>) {
    %1 = numeric.add %arg4, %x : f64
    numeric.yield %1, %arg5 : f64, !numeric.array<1xsi64, C>
  }
  numeric.parallel %arg3 in %n {
    numeric.print_text "item\09"
    numeric.print_value str %arg3 : index
    numeric.print_value repr np %x : f64
    numeric.print_flush
    numeric.random "seed" of "python"(%arg3)
    %thread = numeric.threads "number"
    %cosine = numeric.call_foreign "cos" at 64(%x) : (f64) -> f64
    %address = numeric.address %a : !numeric.array<1xsi64, C> -> ui64
    %failed = numeric.call_runtime "fourier_double"(%address, %n, %n, %n) : (ui64, index, index, index) -> index
    %there = numeric.array_at %address(%n, %n) : ui64 -> !numeric.array<2xf64, F>
    %draw = numeric.random "gauss" of "numpy" : f64
  }
  return %0#0 : f64
}

func.func @kernel(%a: !numeric.array<1xf64, C>, %counts: !numeric.array<1xsi32, C>, %i: index, %x: f64, %mask: ui32, %n: si32) {
  %tile = numeric.device_array "shared" [16, 17] : !numeric.array<2xf32, C>
  numeric.barrier "block"() : () -> ()
  %0 = numeric.barrier "count"(%n) : (si32) -> si32
  numeric.fence "device"
  %1:2 = numeric.warp "shuffle_down"(%mask, %x, %n, %n) : (ui32, f64, si32, si32) -> (f64, i1)
  %2 = numeric.atomic "add" %a[%i], %1#0 : !numeric.array<1xf64, C>, f64
  %3 = numeric.compare_exchange %counts[%i], %0, %n : !numeric.array<1xsi32, C>, si32
  return
}

func.func @tiles(%a: !numeric.array<2xf16, C>, %i: index, %k: ui32, %x: f32) {
  %tile = numeric.device_array "shared" [16, 32] : !numeric.array<2xf16, C>
  numeric.copy_async %tile, %a[%i, %i, %i, %i], %i : !numeric.array<2xf16, C>, !numeric.array<2xf16, C>
  numeric.await_copies 1
  %0:4 = numeric.load_matrix %tile[%i, %i] : !numeric.array<2xf16, C> -> ui32, ui32, ui32, ui32
  %1:4 = numeric.load_matrix transposed %tile[%i, %i] : !numeric.array<2xf16, C> -> ui32, ui32, ui32, ui32
  %2:4 = numeric.warp "mma_f16"(%0#0, %0#1, %0#2, %0#3, %1#0, %1#1, %x, %x, %x, %x) : (ui32, ui32, ui32, ui32, ui32, ui32, f32, f32, f32, f32) -> (f32, f32, f32, f32)
  return
}

func.func @launching(%a: !numeric.array<1xf64, C>, %counts: !numeric.array<1xsi32, C>, %i: index, %x: f64, %mask: ui32, %n: si32) {
  numeric.launch @kernel(%i, %i, %i, %i, %i, %i, %i) args(%a, %counts, %i, %x, %mask, %n : !numeric.array<1xf64, C>, !numeric.array<1xsi32, C>, index, f64, ui32, si32)
  return
}

func.func @caller(%ok: i1, %i: index, %n: index, %x: f64) {
  call @errors(%ok, %i, %n, %x) : (i1, index, index, f64) -> ()
  return
}
