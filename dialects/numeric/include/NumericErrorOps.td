// Operations that may raise an exception, and the index arithmetic that goes with them.
#ifndef NUMERIC_ERROR_OPS_TD
#define NUMERIC_ERROR_OPS_TD

include "NumericTypes.td"
include "NumericOpBase.td"

//===-------------------------------------------------------------------------------------------------------------===//
// Errors and indices
//===-------------------------------------------------------------------------------------------------------------===//

def Numeric_ErrorsChapter : Numeric_Chapter<"Errors and indices", [{
  Operations that may raise an exception, and the arithmetic of indices that goes with them. An
  exception leaves the function at once; what came before stays done.
}]>;

let opDocGroup = Numeric_ErrorsChapter in {

def Numeric_CheckOp : Numeric_Op<"check", [MemoryEffects<[MemWrite<Numeric_CheckResource>]>]> {
  let summary = "raise unless a condition holds";
  let description = [{
    Does nothing if `condition` is true; else leaves the function with an exception of class `kind` and text `message`.
    With operands, the message holds one `{}` for each of them, where the operand is shown as `str` shows it; without
    operands it is taken literally. Where `kind` ends in `(...)`, the message is no text but the tuple of the exception's
    arguments, as Python's `repr` writes it. Nothing that follows in the function happens; what came before stays done.

    ```mlir
    numeric.check %ok, "ZeroDivisionError", "division by zero"
    numeric.check %same, "ValueError", "{} names for {} columns"(%n, %m : index, index)
    ```
  }];
  let arguments = (ins I1:$condition, StrAttr:$kind, StrAttr:$message, Variadic<Numeric_AnyStageScalar>:$args);
  let assemblyFormat = [{
    $condition `,` $kind `,` $message (`(` $args^ `:` type($args) `)`)? attr-dict
  }];
  let hasVerifier = 1;
  let hasCanonicalizer = 1;
}

def Numeric_CheckIndexOp : Numeric_Op<"check_index", [MemoryEffects<[MemWrite<Numeric_CheckResource>]>]> {
  let summary = "raise an IndexError unless an index is inside an axis";
  let description = [{
    Does nothing if `-size <= index < size`; else raises `IndexError`, as NumPy words it, for the given axis. The
    optional `index_name` is the source text of the index, for the message.

    ```mlir
    numeric.check_index %i, %n axis 0
    numeric.check_index %j, %m axis 1 name "j + 1"
    ```
  }];
  let arguments = (ins Index:$index, Index:$size, Numeric_Axis:$axis, OptionalAttr<StrAttr>:$index_name);
  let assemblyFormat = "$index `,` $size `axis` $axis (`name` $index_name^)? attr-dict";
  let hasCanonicalizer = 1;
}

def Numeric_WrapIndexOp : Numeric_Op<"wrap_index", [Pure]> {
  let summary = "count a negative index from the end";
  let description = [{
    `index + size` if `index` is negative, else `index`. It checks nothing.

    ```mlir
    %0 = numeric.wrap_index %i, %n
    ```
  }];
  let arguments = (ins Index:$index, Index:$size);
  let results = (outs Index:$result);
  let assemblyFormat = "$index `,` $size attr-dict";
  let hasFolder = 1;
}

def Numeric_RaiseOp : Numeric_Op<"raise", [MemoryEffects<[MemWrite<Numeric_CheckResource>]>]> {
  let summary = "raise an exception";
  let description = [{
    Leaves the function with an exception of class `kind`; `message` and operands are as in `numeric.check`. It is not a
    terminator: a region that raises goes on formally, and its remaining operations never run.

    ```mlir
    numeric.raise "ValueError", "no root in the interval"
    ```
  }];
  let arguments = (ins StrAttr:$kind, StrAttr:$message, Variadic<Numeric_AnyStageScalar>:$args);
  let assemblyFormat = "$kind `,` $message (`(` $args^ `:` type($args) `)`)? attr-dict";
  let hasVerifier = 1;
}

def Numeric_CheckRecursionOp : Numeric_Op<"check_recursion", [MemoryEffects<[MemWrite<Numeric_CheckResource>]>]> {
  let summary = "raise a RecursionError when the stack is nearly used up";
  let description = [{
    Stands at the start of functions that may call themselves.

    ```mlir
    numeric.check_recursion
    ```
  }];
  let assemblyFormat = "attr-dict";
}

} // opDocGroup

#endif // NUMERIC_ERROR_OPS_TD
