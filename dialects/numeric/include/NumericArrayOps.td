// Operations on arrays: allocation, elements, views, whole-array statements, reductions and ownership.
#ifndef NUMERIC_ARRAY_OPS_TD
#define NUMERIC_ARRAY_OPS_TD

include "NumericTypes.td"
include "NumericOpBase.td"

//===-------------------------------------------------------------------------------------------------------------===//
// Allocation and shape
//===-------------------------------------------------------------------------------------------------------------===//

def Numeric_ShapeChapter : Numeric_Chapter<"Allocation and shape", [{
  New arrays, and what there is to know about the shape of one.
}]>;

let opDocGroup = Numeric_ShapeChapter in {

def Numeric_AllocOp : Numeric_Op<"alloc"> {
  let summary = "a new array";
  let description = [{
    A new array of the given extents, which must not be negative, in C or F layout. With `zero` its elements are zero
    (false), else they are arbitrary. The new reference is owned by whoever receives it. Raises `MemoryError` if the
    memory cannot be had; an allocation that nobody uses may be dropped together with its error.

    ```mlir
    %a = numeric.alloc(%n, %m) : !numeric.array<2xf64, C>
    %b = numeric.alloc(%n) zero : !numeric.array<1xsi64, C>
    ```
  }];
  let arguments = (ins Variadic<Index>:$dims, DefaultValuedAttr<BoolAttr, "false">:$zero);
  let results = (outs Res<Numeric_AnyStageArray, "", [MemAlloc]>:$result);
  let assemblyFormat = "`(` $dims `)` `` custom<ZeroFlag>($zero) attr-dict `:` qualified(type($result))";
  let hasVerifier = 1;
}

class Numeric_ExtentOp<string mnemonic> : Numeric_Op<mnemonic, [Pure]> {
  let arguments = (ins Numeric_Array:$array, Numeric_Axis:$axis);
  let results = (outs Index:$result);
  let assemblyFormat = "$array `,` $axis attr-dict `:` qualified(type($array))";
  let hasVerifier = 1;
  let hasFolder = 1;
}

def Numeric_DimOp : Numeric_ExtentOp<"dim"> {
  let summary = "the extent of an axis";
  let description = [{
    The number of items along the given axis. An array never changes its shape, so this is pure, and holds even after
    the array has been released.

    ```mlir
    %n = numeric.dim %a, 0 : !numeric.array<2xf64, C>
    ```
  }];
}

def Numeric_ClashesOp : Numeric_Op<"clashes", [Pure]> {
  let summary = "whether two arrays lie askew in the same memory";
  let description = [{
    True if `written` and `read` share memory, unless both begin at one address and have the same strides, so that an item
    of the one is that of the other with the same index. Of an array without items the answer may be either.

    ```mlir
    %0 = numeric.clashes %out, %a : !numeric.array<1xf64, C>, !numeric.array<1xf64, C>
    ```
  }];
  let arguments = (ins Numeric_Array:$written, Numeric_Array:$read);
  let results = (outs I1:$result);
  let assemblyFormat = "$written `,` $read attr-dict `:` type($written) `,` type($read)";
}

def Numeric_StrideOp : Numeric_ExtentOp<"stride"> {
  let summary = "the stride of an axis, in items";
  let description = [{
    The distance in memory, counted in items, between neighbours along the given axis. It may be zero or negative.

    ```mlir
    %s = numeric.stride %a, 1 : !numeric.array<2xf64, A>
    ```
  }];
}

} // opDocGroup

//===-------------------------------------------------------------------------------------------------------------===//
// Elements
//===-------------------------------------------------------------------------------------------------------------===//

def Numeric_ElementsChapter : Numeric_Chapter<"Elements", [{
  Single elements, unchecked.
}]>;

let opDocGroup = Numeric_ElementsChapter in {

def Numeric_LoadOp : Numeric_Op<"load", [
    TypesMatchWith<"the result is an element of the array", "array", "result",
                   "::llvm::cast<::mlir::numeric::ArrayType>($_self).getElementType()">]> {
  let summary = "read an element";
  let description = [{
    Reads the element at the given indices, one per axis. Unchecked: each index is at least 0 and less than its extent;
    a front end puts `numeric.check_index` and `numeric.wrap_index` before.

    ```mlir
    %x = numeric.load %a[%i, %j] : !numeric.array<2xf64, C>
    ```
  }];
  let arguments = (ins Arg<Numeric_Array, "", [MemRead]>:$array, Variadic<Index>:$indices);
  let results = (outs Numeric_Scalar:$result);
  let assemblyFormat = "$array `[` $indices `]` attr-dict `:` qualified(type($array))";
  let hasVerifier = 1;
}

def Numeric_StoreOp : Numeric_Op<"store", [
    TypesMatchWith<"the value is an element of the array", "array", "value",
                   "::llvm::cast<::mlir::numeric::ArrayType>($_self).getElementType()">]> {
  let summary = "write an element";
  let description = [{
    Writes the element at the given indices, one per axis. Unchecked, as `numeric.load` is.

    ```mlir
    numeric.store %x, %a[%i, %j] : !numeric.array<2xf64, C>
    ```
  }];
  let arguments = (ins Numeric_Scalar:$value, Arg<Numeric_Array, "", [MemWrite]>:$array, Variadic<Index>:$indices);
  let assemblyFormat = "$value `,` $array `[` $indices `]` attr-dict `:` qualified(type($array))";
  let hasVerifier = 1;
}

} // opDocGroup

//===-------------------------------------------------------------------------------------------------------------===//
// Views
//===-------------------------------------------------------------------------------------------------------------===//

def Numeric_ViewsChapter : Numeric_Chapter<"Views", [{
  References into the memory of another array. Nothing is copied, nothing is checked.
}]>;

let opDocGroup = Numeric_ViewsChapter in {

def Numeric_ViewOp : Numeric_Op<"view", [Pure, SameVariadicOperandSize]> {
  let summary = "a part of an array, with its axes rearranged";
  let description = [{
    A reference into the memory of `source`. For each axis of the source there is a start, a size and a step; `axes`
    lists, for each axis of the result, the axis of the source that it runs along, or -1 for a new axis of extent 1. An
    axis of the source that is not listed is fixed at its start. So this one operation covers slices, transposition,
    `newaxis` and indexing by integers:

    - element `r` of the result is element `start + r * step` of the source, along each axis that is listed;
    - the extent of a listed axis is its size, the stride its stride times its step.

    Unchecked: every item that the view reaches lies in the source, and sizes are not negative. The layout of the result
    type is a promise of whoever builds the operation; `A` promises nothing. The result aliases the source and owns
    nothing.

    ```mlir
    // a[1:, j] of a 2-d array
    %v = numeric.view %a starts(%c1, %j) sizes(%n1, %c1) steps(%c1, %c1) axes [0]
      : !numeric.array<2xf64, C> -> !numeric.array<1xf64, A>
    // a.T
    %t = numeric.view %a starts(%c0, %c0) sizes(%n, %m) steps(%c1, %c1) axes [1, 0]
      : !numeric.array<2xf64, C> -> !numeric.array<2xf64, F>
    ```
  }];
  let arguments = (ins Numeric_Array:$source, Variadic<Index>:$starts, Variadic<Index>:$sizes, Variadic<Index>:$steps,
                       DenseI64ArrayAttr:$axes);
  let results = (outs Numeric_Array:$result);
  let assemblyFormat = [{
    $source `starts` `(` $starts `)` `sizes` `(` $sizes `)` `steps` `(` $steps `)` `axes` $axes attr-dict
    `:` qualified(type($source)) `->` qualified(type($result))
  }];
  let hasVerifier = 1;
  let hasFolder = 1;
  let hasCanonicalizer = 1;
}

def Numeric_ReinterpretOp : Numeric_Op<"reinterpret", [Pure, SameVariadicOperandSize]> {
  let summary = "the memory of an array as items of another type";
  let description = [{
    A reference into the memory of `source` as an array of another element type. `offset` counts items of the result from
    the address of the source's first item; sizes and strides, too, are those of the result, in its items. So the real
    parts of complex numbers are a view of twice the strides, and the bytes of an array are one more axis.

    Unchecked: every item that the result reaches lies in the source, at a multiple of its alignment. The layout of the
    result type is a promise of whoever builds the operation. The result aliases the source and owns nothing.

    ```mlir
    // z.imag of a 1-d array of complex numbers
    %v = numeric.reinterpret %z offset(%c1) sizes(%n) strides(%c2)
      : !numeric.array<1xcomplex<f64>, C> -> !numeric.array<1xf64, A>
    ```
  }];
  let arguments = (ins Numeric_Array:$source, Index:$offset, Variadic<Index>:$sizes, Variadic<Index>:$strides);
  let results = (outs Numeric_Array:$result);
  let assemblyFormat = [{
    $source `offset` `(` $offset `)` `sizes` `(` $sizes `)` `strides` `(` $strides `)` attr-dict
    `:` qualified(type($source)) `->` qualified(type($result))
  }];
  let hasVerifier = 1;
}

def Numeric_ReshapeOp : Numeric_Op<"reshape", [Pure]> {
  let summary = "the same items in another shape";
  let description = [{
    A reference to the memory of a C-contiguous array as a C-contiguous array of other extents. Unchecked: the products
    of the extents are equal. The result aliases the source and owns nothing.

    ```mlir
    %r = numeric.reshape %a(%n) : !numeric.array<2xf64, C> -> !numeric.array<1xf64, C>
    ```
  }];
  let arguments = (ins Numeric_Array:$source, Variadic<Index>:$dims);
  let results = (outs Numeric_Array:$result);
  let assemblyFormat = "$source `(` $dims `)` attr-dict `:` qualified(type($source)) `->` qualified(type($result))";
  let hasVerifier = 1;
  let hasFolder = 1;
}

} // opDocGroup

//===-------------------------------------------------------------------------------------------------------------===//
// Whole-array statements
//===-------------------------------------------------------------------------------------------------------------===//

def Numeric_StatementsChapter : Numeric_Chapter<"Whole-array statements", [{
  What NumPy does to whole arrays in one expression or assignment.
}]>;

let opDocGroup = Numeric_StatementsChapter in {

class Numeric_ElementwiseOp<string mnemonic>
    : Numeric_Op<mnemonic, [IsolatedFromAbove, SingleBlock, DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let hasRegionVerifier = 1;
  let hasCanonicalizer = 1;
}

def Numeric_MapOp : Numeric_ElementwiseOp<"map"> {
  let summary = "a new array, computed element by element";
  let description = [{
    Allocates an array of the shape that the inputs broadcast to, in C or F layout, and fills each element with what the body
    yields for the input elements at that place. Inputs are arrays or scalars; they broadcast as NumPy's do (axes are
    aligned at the last, an extent of 1 stretches). The body takes everything that it needs through `ins`, one argument
    per input, holds pure scalar operations of this dialect alone, and runs once per element, in any order.

    Raises `ValueError` if the shapes do not go together, `MemoryError` if the memory cannot be had. With an empty chain
    of operations, it is `copy`. With `fits`, the shapes are known to go together, a `numeric.broadcast` having looked at
    them, say, and nothing is checked.

    ```mlir
    %r = numeric.map ins(%x = %a : !numeric.array<2xf64, C>, %k = %s : f64) -> !numeric.array<2xf64, C> {
      %0 = numeric.mul %x, %k : f64
      numeric.yield %0 : f64
    }
    ```
  }];
  let arguments = (ins Variadic<Numeric_ScalarOrArray>:$inputs, UnitAttr:$fits);
  let results = (outs Numeric_Array:$result);
  let regions = (region SizedRegion<1>:$region);
}

def Numeric_AssignOp : Numeric_ElementwiseOp<"assign"> {
  let summary = "assign to all elements of an array";
  let description = [{
    Writes to each element of `dest` what the body yields for the input elements at that place. The inputs broadcast to
    the shape of `dest`, which wins; inputs and body are as in `numeric.map`. The right side counts as wholly evaluated
    before the first write, so inputs may overlap `dest` in any way.

    Raises `ValueError`, before anything is written, if an input does not broadcast to the shape of `dest`. With `fits`,
    they are known to, as in `numeric.map`.

    ```mlir
    numeric.assign %d ins(%x = %a : !numeric.array<1xf64, C>) : !numeric.array<2xf64, A> {
      numeric.yield %x : f64
    }
    ```
  }];
  let arguments = (ins Numeric_Array:$dest, Variadic<Numeric_ScalarOrArray>:$inputs, UnitAttr:$fits);
  let regions = (region SizedRegion<1>:$region);
}

def Numeric_ReduceOp : Numeric_Op<"reduce", [
    DeclareOpInterfaceMethods<MemoryEffectsOpInterface>,
    TypesMatchWith<"the result is an element of the array", "array", "result",
                   "::llvm::cast<::mlir::numeric::ArrayType>($_self).getElementType()">]> {
  let summary = "combine all elements of an array";
  let description = [{
    Combines all elements by `kind`: `add`, `mul`, `min`, `max`, `and`, `or` or `xor`, in the element type. `min` and
    `max` are those of `numeric.minimum` and `numeric.maximum` (NaN wins), and raise `ValueError` for an array without
    elements; the others give their identity. Booleans know all kinds but `add` and `mul`, floats the first four,
    complex numbers `add` and `mul`.

    The order of float additions and multiplications is fixed: lanes within blocks of 128 elements, blocks pairwise. So
    the result depends neither on the number of threads nor on the target.

    ```mlir
    %s = numeric.reduce add %a : !numeric.array<2xf64, C>
    ```
  }];
  let arguments = (ins Numeric_ReduceKind:$kind, Numeric_Array:$array);
  let results = (outs Numeric_Scalar:$result);
  let assemblyFormat = "custom<Keyword>($kind) $array attr-dict `:` qualified(type($array))";
  let hasVerifier = 1;
}

def Numeric_MapReduceOp : Numeric_ElementwiseOp<"map_reduce"> {
  let summary = "combine what is computed element by element";
  let description = [{
    What `numeric.reduce` makes of the array that `numeric.map` would make of the same inputs and body, without that array.
    At least one input is an array with axes. Complex numbers cannot be added up so.

    ```mlir
    // np.sum((a - b) ** 2)
    %s = numeric.map_reduce add ins(%x = %a : !numeric.array<1xf64, C>, %y = %b : !numeric.array<1xf64, C>) -> f64 {
      %0 = numeric.sub %x, %y : f64
      %1 = numeric.mul %0, %0 : f64
      numeric.yield %1 : f64
    }
    ```
  }];
  let arguments = (ins Numeric_ReduceKind:$kind, Variadic<Numeric_ScalarOrArray>:$inputs, UnitAttr:$fits);
  let results = (outs Numeric_Scalar:$result);
  let regions = (region SizedRegion<1>:$region);
}

def Numeric_ReduceAxesOp : Numeric_ElementwiseOp<"reduce_axes"> {
  let summary = "combine what is computed element by element, along some axes";
  let description = [{
    A new array of layout C with the axes that the inputs broadcast to but for those in `axes`: each of its elements is what
    `kind` makes of the elements that the body yields along these. `axes` are in ascending order, some but not all.

    Along the last axes, elements are combined as by `numeric.map_reduce`; along others, row by row, in their order. `min` and `max`
    mean nothing where there are no elements along the axes: whoever builds the operation has seen to it. Inputs and `fits` are as in
    `numeric.map`. Complex numbers know `add` and `mul`.

    ```mlir
    // np.sum((a - b) ** 2, axis=1)
    %s = numeric.reduce_axes add axes [1] ins(%x = %a : !numeric.array<2xf64, C>, %y = %b : !numeric.array<2xf64, C>)
      -> !numeric.array<1xf64, C> {
      %0 = numeric.sub %x, %y : f64
      %1 = numeric.mul %0, %0 : f64
      numeric.yield %1 : f64
    }
    ```
  }];
  let arguments = (ins Numeric_ReduceKind:$kind, DenseI64ArrayAttr:$axes, Variadic<Numeric_ScalarOrArray>:$inputs,
                       UnitAttr:$fits);
  let results = (outs Numeric_Array:$result);
  let regions = (region SizedRegion<1>:$region);
}

def Numeric_BroadcastOp : Numeric_Op<"broadcast", [MemoryEffects<[MemWrite<Numeric_CheckResource>]>]> {
  let summary = "the shape that shapes broadcast to";
  let description = [{
    Takes the extents of several shapes, one after the other, and the rank of each, and gives the shape that they broadcast
    to, as NumPy does it: axes are aligned at the last, an extent of 1 stretches. Raises `ValueError` if they do not go
    together. With `into`, the last shape is that of a destination, to which the others must broadcast, and there is no
    result. It stands for the check of a whole-array statement that has become a part of another.

    ```mlir
    %r:2 = numeric.broadcast(%n, %m, %k) ranks [2, 1] : index, index
    numeric.broadcast(%n, %k) ranks [1, 1] into
    ```
  }];
  let arguments = (ins Variadic<Index>:$extents, DenseI64ArrayAttr:$ranks, UnitAttr:$into);
  let results = (outs Variadic<Index>:$shape);
  let assemblyFormat = "`(` $extents `)` `ranks` $ranks (`into` $into^)? attr-dict (`:` type($shape)^)?";
  let hasVerifier = 1;
}

} // opDocGroup

//===-------------------------------------------------------------------------------------------------------------===//
// Ownership
//===-------------------------------------------------------------------------------------------------------------===//

def Numeric_OwnershipChapter : Numeric_Chapter<"Ownership", [{
  Reference counts, explicit and by hand until a pass pairs them.
}]>;

let opDocGroup = Numeric_OwnershipChapter in {

class Numeric_OwnershipOp<string mnemonic>
    : Numeric_Op<mnemonic, [MemoryEffects<[MemWrite<Numeric_OwnershipResource>]>]> {
  let arguments = (ins Numeric_AnyStageArray:$array);
  let assemblyFormat = "$array attr-dict `:` qualified(type($array))";
}

def Numeric_RetainOp : Numeric_OwnershipOp<"retain"> {
  let summary = "take a further reference to an array's memory";
  let description = [{
    Adds one to the reference count of the memory that the array, or view, lies in.

    ```mlir
    numeric.retain %a : !numeric.array<1xf64, C>
    ```
  }];
}

def Numeric_ReleaseOp : Numeric_OwnershipOp<"release"> {
  let summary = "give back a reference to an array's memory";
  let description = [{
    Takes one from the reference count of the memory that the array, or view, lies in, and frees the memory when none is
    left. The array must not be used afterwards unless another reference is held.

    ```mlir
    numeric.release %a : !numeric.array<1xf64, C>
    ```
  }];
}

} // opDocGroup

#endif // NUMERIC_ARRAY_OPS_TD
