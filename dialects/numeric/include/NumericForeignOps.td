// What leads out of the language: functions of other languages, and memory by its address.
#ifndef NUMERIC_FOREIGN_OPS_TD
#define NUMERIC_FOREIGN_OPS_TD

include "NumericTypes.td"
include "NumericOpBase.td"

def Numeric_ForeignChapter : Numeric_Chapter<"Foreign functions and addresses", [{
  Functions of other languages, and memory by its address. An address is an `ui64`. Nothing is checked.
}]>;

let opDocGroup = Numeric_ForeignChapter in {

def Numeric_CallForeignOp : Numeric_Op<"call_foreign"> {
  let summary = "call a C function by its address";
  let description = [{
    Calls the C function at an address of this process. Integers and floats are handed over as C does by their width, booleans
    as `_Bool`, pointers as `ui64`. What it reads and writes is not known. The name is for readers.

    ```mlir
    %0 = numeric.call_foreign "cos" at 140133217362016(%x) : (f64) -> f64
    numeric.call_foreign "srand" at 140133217362512(%n) : (ui32) -> ()
    ```
  }];
  let arguments = (ins StrAttr:$function, I64Attr:$address, Variadic<Numeric_AnyStageScalar>:$args);
  let results = (outs Optional<Numeric_AnyStageScalar>:$result);
  let assemblyFormat = "$function `at` $address `(` $args `)` attr-dict `:` functional-type($args, results)";
  let hasVerifier = 1;
}

def Numeric_AddressOp : Numeric_Op<"address", [Pure]> {
  let summary = "the address of an array's first item";
  let description = [{
    Where the first item of an array lies. `release-values` keeps the array to the end of the block that owns it: who has the
    address may use it up to there.

    ```mlir
    %0 = numeric.address %a : !numeric.array<1xf64, C>
    ```
  }];
  let arguments = (ins Numeric_AnyStageArray:$array);
  let results = (outs Numeric_AnyStageScalar:$result);
  let assemblyFormat = "$array attr-dict `:` qualified(type($array)) `->` type($result)";
  let hasVerifier = 1;
}

def Numeric_ArrayAtOp : Numeric_Op<"array_at", [Pure]> {
  let summary = "the memory at an address as an array";
  let description = [{
    A reference to the memory at an address as an array of these extents, in C or F layout. Nobody owns it: it must be there as
    long as the reference is used, and may overlap with any other array.

    ```mlir
    %0 = numeric.array_at %address(%n, %m) : ui64 -> !numeric.array<2xf64, C>
    ```
  }];
  let arguments = (ins Numeric_AnyStageScalar:$address, Variadic<Index>:$dims);
  let results = (outs Numeric_AnyStageArray:$result);
  let assemblyFormat = "$address `(` $dims `)` attr-dict `:` type($address) `->` qualified(type($result))";
  let hasVerifier = 1;
}

def Numeric_FourierOp : Numeric_Op<"fourier"> {
  let summary = "discrete Fourier transforms of the rows at an address";
  let description = [{
    Transforms rows in place, of complex numbers, `single` or `double`: `count` rows of `length` items lie one after the other
    from the address on. The sign of the exponent is negative where `forward` is not 0. Nothing is scaled. With `real_single` and
    `real_double` a row has room for `length` / 2 + 1 complex numbers, which are transformed from, or into, `length` real
    numbers at the row's beginning. The result is 0, or 1 where there is no memory for it.

    ```mlir
    %0 = numeric.fourier "double" %address(%count, %length, %forward) : ui64
    ```
  }];
  let arguments = (ins StrAttr:$kind, Numeric_AnyStageScalar:$address, Index:$count, Index:$length, Index:$forward);
  let results = (outs Index:$failed);
  let assemblyFormat = "$kind $address `(` $count `,` $length `,` $forward `)` attr-dict `:` type($address)";
  let hasVerifier = 1;
}

} // opDocGroup

#endif // NUMERIC_FOREIGN_OPS_TD
