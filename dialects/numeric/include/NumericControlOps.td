// Parallel loops, the terminator of regions, and printing.
#ifndef NUMERIC_CONTROL_OPS_TD
#define NUMERIC_CONTROL_OPS_TD

include "NumericTypes.td"
include "NumericOpBase.td"

//===-------------------------------------------------------------------------------------------------------------===//
// Regions
//===-------------------------------------------------------------------------------------------------------------===//

def Numeric_RegionsChapter : Numeric_Chapter<"Regions", [{
  Parallel loops, and how regions end.
}]>;

let opDocGroup = Numeric_RegionsChapter in {

def Numeric_ParallelOp : Numeric_Op<"parallel", [
    SingleBlockImplicitTerminator<"::mlir::numeric::YieldOp">, RecursiveMemoryEffects,
    DeclareOpInterfaceMethods<LoopLikeOpInterface>]> {
  let summary = "a loop whose iterations are independent";
  let description = [{
    Runs the body for `i` from 0 to `trip` (exclusive; none if `trip` is not positive), in any order and on any number
    of threads. The body may use values from outside.

    Reductions: for each entry of `kinds` (as in `numeric.reduce`) there is an initial value, an accumulator argument of
    the body, a yielded value and a result. The iterations are cut into chunks, a function of `trip` alone. In each
    chunk the accumulator starts at the identity of its kind and goes from one iteration to the next; the result is the
    initial value combined with the accumulators of all chunks in the order of their indices. An accumulator that is an
    array is, in each chunk, a private array filled with the identity, of the shape of the initial one, and is combined
    into the initial array element by element; the result is that array.

    If an iteration raises, the error of the smallest failing chunk is the error of the loop; other chunks may have run
    or not.

    ```mlir
    %sum = numeric.parallel %i in %n reduce(add %acc = %zero : f64) {
      %x = numeric.load %a[%i] : !numeric.array<1xf64, C>
      %next = numeric.add %acc, %x : f64
      numeric.yield %next : f64
    }
    ```
  }];
  let arguments = (ins Index:$trip, Numeric_ReduceKinds:$kinds, Variadic<Numeric_AnyStageScalarOrArray>:$initials);
  let results = (outs Variadic<Numeric_AnyStageScalarOrArray>:$outputs);
  let regions = (region SizedRegion<1>:$region);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let hasRegionVerifier = 1;
}

def Numeric_YieldOp : Numeric_Op<"yield", [
    Pure, Terminator, ParentOneOf<["::mlir::numeric::MapOp", "::mlir::numeric::AssignOp", "::mlir::numeric::MapReduceOp",
                                   "::mlir::numeric::ReduceAxesOp", "::mlir::numeric::ParallelOp"]>]> {
  let summary = "end a region with its values";
  let description = [{
    Ends the body of `numeric.map` and `numeric.assign` with the element, and that of `numeric.parallel` with the
    accumulators for the next iteration.

    ```mlir
    numeric.yield %x : f64
    ```
  }];
  let arguments = (ins Variadic<Numeric_AnyStageScalarOrArray>:$values);
  let builders = [OpBuilder<(ins), [{ }]>];
  let assemblyFormat = "attr-dict ($values^ `:` type($values))?";
}

} // opDocGroup

//===-------------------------------------------------------------------------------------------------------------===//
// Printing
//===-------------------------------------------------------------------------------------------------------------===//

def Numeric_PrintingChapter : Numeric_Chapter<"Printing", [{
  What Python's `print` writes. The order of the output is kept.
}]>;

let opDocGroup = Numeric_PrintingChapter in {

class Numeric_PrintOp<string mnemonic>
    : Numeric_Op<mnemonic, [MemoryEffects<[MemWrite<Numeric_ConsoleResource>]>]>;

def Numeric_PrintTextOp : Numeric_PrintOp<"print_text"> {
  let summary = "print a constant text";
  let description = [{
    Writes the text to standard output, as it is.

    ```mlir
    numeric.print_text "x = "
    ```
  }];
  let arguments = (ins StrAttr:$text);
  let assemblyFormat = "$text attr-dict";
}

def Numeric_PrintValueOp : Numeric_PrintOp<"print_value"> {
  let summary = "print a scalar as Python does";
  let description = [{
    Writes a scalar to standard output. The style is `str` (the default) or `repr`. With `np` it is shown as a NumPy
    scalar of its type: its `repr` is `np.float64(1.0)` where a Python float's is `1.0`.

    ```mlir
    numeric.print_value str %x : f64
    numeric.print_value repr np %x : f64
    ```
  }];
  let arguments = (ins Numeric_AnyStageScalar:$value, DefaultValuedAttr<Numeric_PrintStyle, "\"str\"">:$style,
                       DefaultValuedAttr<BoolAttr, "false">:$np);
  let assemblyFormat = "custom<Keyword>($style) `` custom<NpFlag>($np) $value attr-dict `:` type($value)";
}

def Numeric_RandomOp
    : Numeric_Op<"random", [MemoryEffects<[MemRead<Numeric_RandomResource>, MemWrite<Numeric_RandomResource>]>]> {
  let summary = "draw a random number";
  let description = [{
    Draws from one of the thread's generators, `numpy` (the legacy functions of `numpy.random`) or `python` (the module
    `random`): 32 `bits`, a `double` in [0, 1) of 53 bits, or a `gauss` of the standard normal distribution, each as NumPy
    and Python make it. `seed` sets a generator.

    The iterations of a parallel loop draw from streams of their own: `fork` draws the key of the loop's streams from the
    generator before the loop, and `enter`, with the key and the iteration's number, begins a stream, which takes the
    place of both generators to the iteration's end. `split-random-streams` puts them where they are needed.

    ```mlir
    %0 = numeric.random "double" of "numpy" : f64
    numeric.random "seed" of "python"(%n)
    %key = numeric.random "fork" of "numpy" : index
    ```
  }];
  let arguments = (ins StrAttr:$kind, StrAttr:$generator, Variadic<Index>:$args);
  let results = (outs Optional<AnyTypeOf<[F64, Index]>>:$result);
  let assemblyFormat = "$kind `of` $generator (`(` $args^ `)`)? attr-dict (`:` type($result)^)?";
  let hasVerifier = 1;
}

def Numeric_ThreadsOp
    : Numeric_Op<"threads", [MemoryEffects<[MemRead<Numeric_ThreadsResource>, MemWrite<Numeric_ThreadsResource>]>]> {
  let summary = "ask about the threads of parallel loops";
  let description = [{
    The `number` of this thread among those of the pool; the `count` of threads that parallel loops started here use; the
    `chunk_size` into which these are cut (0 leaves it to the runtime). `set_count` gives 1, or 0 where there are not so many;
    `set_chunk_size` and `enter_chunk_size` give the former size; `leave_chunk_size` puts back what was before the last
    `enter_chunk_size`, as does an exception that leaves the function.

    ```mlir
    %0 = numeric.threads "number"
    %1 = numeric.threads "set_count"(%n)
    ```
  }];
  let arguments = (ins StrAttr:$kind, Optional<Index>:$value);
  let results = (outs Index:$result);
  let assemblyFormat = "$kind (`(` $value^ `)`)? attr-dict";
  let hasVerifier = 1;
}

def Numeric_PrintFlushOp : Numeric_PrintOp<"print_flush"> {
  let summary = "end of one print call";
  let description = [{
    Hands what has been printed so far to standard output as one piece, so that lines of several threads do not mix.

    ```mlir
    numeric.print_flush
    ```
  }];
  let assemblyFormat = "attr-dict";
}

} // opDocGroup

#endif // NUMERIC_CONTROL_OPS_TD
