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

def Numeric_CallRuntimeOp : Numeric_Op<"call_runtime"> {
  let summary = "call a routine of the runtime's mathematics";
  let description = [{
    Calls the function `numir_` and the routine's name of the runtime's table (crates/numir-runtime/src/abi.rs) on integers and
    addresses, such as a transform of the rows at an address. What it reads and writes is not known. Its result is for most routines 0
    or the number of what failed.

    ```mlir
    %0 = numeric.call_runtime "fourier_double"(%address, %count, %length, %forward) : (ui64, index, index, index) -> index
    ```
  }];
  let arguments = (ins StrAttr:$routine, Variadic<Numeric_AnyStageScalar>:$args);
  let results = (outs Index:$result);
  let assemblyFormat = "$routine `(` $args `)` attr-dict `:` functional-type($args, results)";
}

} // opDocGroup

#endif // NUMERIC_FOREIGN_OPS_TD
