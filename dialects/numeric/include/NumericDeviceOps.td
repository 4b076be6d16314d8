// Kernels that a program writes itself: launches, and what the threads of a grid do together.
#ifndef NUMERIC_DEVICE_OPS_TD
#define NUMERIC_DEVICE_OPS_TD

include "NumericTypes.td"
include "NumericOpBase.td"

def Numeric_DeviceChapter : Numeric_Chapter<"Kernels", [{
  Kernels that a program writes itself: functions that a device runs once for each thread of a grid of blocks, and what the
  threads do together. Where a thread is, the operations of MLIR's `gpu` dialect tell: `gpu.thread_id`, `gpu.block_id`,
  `gpu.block_dim`, `gpu.grid_dim`. These operations may be met on the way that a launch leads to, and nowhere else.
}]>;

// What the lanes of a warp do together is done where the program says, by the threads that come there.
def Numeric_WarpResource : Resource<"::mlir::numeric::WarpResource">;

def Numeric_BarrierKind : Numeric_Keyword<["block", "count", "and", "or", "warp", "grid"]>;
def Numeric_FenceScope : Numeric_Keyword<["block", "device", "system"]>;
def Numeric_WarpKind : Numeric_Keyword<["shuffle", "shuffle_up", "shuffle_down", "shuffle_xor", "all", "any", "equal",
                                        "ballot", "match_any", "match_all", "active", "mma_f16", "mma_bf16", "mma_tf32"]>;
def Numeric_AtomicKind : Numeric_Keyword<["add", "sub", "min", "max", "nanmin", "nanmax", "and", "or", "xor", "inc",
                                          "dec", "exchange"]>;
def Numeric_DeviceMemory : Numeric_Keyword<["shared", "local", "dynamic"]>;

let opDocGroup = Numeric_DeviceChapter in {

def Numeric_LaunchOp : Numeric_Op<"launch"> {
  let summary = "start a kernel on a grid";
  let description = [{
    Calls a function, which has no results, once for each thread of a grid: `geometry` is the number of blocks along x, y and z, the
    number of a block's threads along x, y and z, and the bytes of shared memory of a block that are sized here. What the threads
    read and write is not known.

    ```mlir
    numeric.launch @scale(%bx, %by, %bz, %tx, %ty, %tz, %bytes) args(%a, %k : !numeric.array<1xf64, C>, f64)
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$callee, Index:$grid_x, Index:$grid_y, Index:$grid_z, Index:$block_x,
                   Index:$block_y, Index:$block_z, Index:$shared, Variadic<AnyType>:$args);
  let assemblyFormat = [{
    $callee `(` $grid_x `,` $grid_y `,` $grid_z `,` $block_x `,` $block_y `,` $block_z `,` $shared `)`
    (`args` `(` $args^ `:` type($args) `)`)? attr-dict
  }];
}

def Numeric_DeviceArrayOp : Numeric_Op<"device_array"> {
  let summary = "memory of a block or of a thread as an array";
  let description = [{
    An array in C layout that nobody owns: of memory that the threads of a block share, where all threads that come here get the same
    array (`shared`); of the thread's own (`local`); or all of the shared memory that the launch sized, as an array of one axis, of
    as many whole items (`dynamic`, with the extents `[0]`). Its items are arbitrary.

    ```mlir
    %tile = numeric.device_array "shared" [16, 17] : !numeric.array<2xf32, C>
    ```
  }];
  let arguments = (ins Numeric_DeviceMemory:$memory, DenseI64ArrayAttr:$extents);
  let results = (outs Res<Numeric_AnyStageArray, "", [MemAlloc]>:$result);
  let assemblyFormat = "$memory $extents attr-dict `:` qualified(type($result))";
  let hasVerifier = 1;
}

def Numeric_BarrierOp : Numeric_Op<"barrier"> {
  let summary = "wait for other threads";
  let description = [{
    Waits for all threads of the block (`block`), for the lanes of a mask (`warp`, with the mask), or for the whole grid (`grid`). What
    was written before is seen behind it. `count`, `and` and `or` are as `block`, and tell for how many threads a number is not 0,
    and (as 1 or 0) whether it is not 0 for all of them, or for any.

    ```mlir
    numeric.barrier "block"() : () -> ()
    %0 = numeric.barrier "count"(%x) : (si32) -> si32
    ```
  }];
  let arguments = (ins Numeric_BarrierKind:$kind, Variadic<Numeric_AnyStageScalar>:$values);
  let results = (outs Optional<Numeric_AnyStageScalar>:$result);
  let assemblyFormat = "$kind `(` $values `)` attr-dict `:` functional-type($values, results)";
  let hasVerifier = 1;
}

def Numeric_FenceOp : Numeric_Op<"fence"> {
  let summary = "order this thread's accesses to memory";
  let description = [{
    What the thread writes before is seen no later than what it writes behind, by the threads of the block, of the device, or of
    the whole system.

    ```mlir
    numeric.fence "device"
    ```
  }];
  let arguments = (ins Numeric_FenceScope:$scope);
  let assemblyFormat = "$scope attr-dict";
}

def Numeric_WarpOp
    : Numeric_Op<"warp", [MemoryEffects<[MemRead<Numeric_WarpResource>, MemWrite<Numeric_WarpResource>]>]> {
  let summary = "what the lanes of a warp do together";
  let description = [{
    All but `active` and products take the mask of the lanes that take part (32 bits) first.

    - `shuffle`, `shuffle_up`, `shuffle_down`, `shuffle_xor` take a value, a lane or a distance, and the width of the groups in which
      lanes count (both of 32 bits); they give the value of the lane with that number, of that much lower or higher, or whose number
      differs in those bits, and whether there is such a lane: if there is none, the thread's own value.
    - `all`, `any`, `equal` take an i1, and give one: whether it holds for all of them, for any, or is the same for all.
    - `ballot` takes an i1, and gives the mask of the lanes for which it holds.
    - `match_any` takes a value, and gives the mask of the lanes that have the same; `match_all` the mask of all lanes if they have the
      same, else 0, and which of these as an i1.
    - `active` gives the mask of the lanes that are here.
    - `mma_f16`, `mma_bf16`, `mma_tf32` multiply two matrices of small floats, 16 rows by 16 columns (`tf32`: 8) and as many rows by 8 columns, and add a
      matrix of `f32`: all lanes take part, and there is no mask. A lane has four and two words of the factors and four items of the sum, as PTX defines
      `mma.sync.aligned.m16n8k16.row.col` (`tf32`: `m16n8k8`); it gets four items of the result.

    ```mlir
    %x, %there = numeric.warp "shuffle_down"(%mask, %value, %distance, %width) : (ui32, f64, si32, si32) -> (f64, i1)
    ```
  }];
  let arguments = (ins Numeric_WarpKind:$kind, Variadic<Numeric_AnyStageScalar>:$values);
  let results = (outs Variadic<Numeric_AnyStageScalar>:$outputs);
  let assemblyFormat = "$kind `(` $values `)` attr-dict `:` functional-type($values, $outputs)";
  let hasVerifier = 1;
}

def Numeric_AtomicOp : Numeric_Op<"atomic"> {
  let summary = "change an item of an array in one step";
  let description = [{
    Puts the item at the given indices, combined with a value, in its place, and gives what was there, with no other thread's access in
    between. Unchecked, as `numeric.load` is. `inc` is `old + 1`, or 0 from the value on; `dec` is `old - 1`, or the value where old is
    0 or above it. `min` and `max` keep a NaN, `nanmin` and `nanmax` prefer a number to it.

    ```mlir
    %old = numeric.atomic "add" %a[%i], %x : !numeric.array<1xf64, C>, f64
    ```
  }];
  let arguments = (ins Numeric_AtomicKind:$kind, Arg<Numeric_AnyStageArray, "", [MemRead, MemWrite]>:$array,
                   Variadic<Index>:$indices, Numeric_AnyStageScalar:$value);
  let results = (outs Numeric_AnyStageScalar:$old);
  let assemblyFormat
      = "$kind $array `[` $indices `]` `,` $value attr-dict `:` qualified(type($array)) `,` custom<ItemType>(type($value), type($old))";
  let hasVerifier = 1;
}

def Numeric_CompareExchangeOp : Numeric_Op<"compare_exchange"> {
  let summary = "put a value in the place of an expected one";
  let description = [{
    Puts `value` in the place of the item at the given indices if that is `expected`, and gives what was there, in one step.
    Unchecked, as `numeric.load` is.

    ```mlir
    %old = numeric.compare_exchange %a[%i], %expected, %x : !numeric.array<1xsi32, C>, si32
    ```
  }];
  let arguments = (ins Arg<Numeric_AnyStageArray, "", [MemRead, MemWrite]>:$array, Variadic<Index>:$indices,
                   Numeric_AnyStageScalar:$expected, Numeric_AnyStageScalar:$value);
  let results = (outs Numeric_AnyStageScalar:$old);
  let assemblyFormat
      = "$array `[` $indices `]` `,` $expected `,` $value attr-dict `:` qualified(type($array)) `,` custom<ItemType>(type($value), type($old), type($expected))";
  let hasVerifier = 1;
}

def Numeric_LoadMatrixOp
    : Numeric_Op<"load_matrix", [MemoryEffects<[MemRead<Numeric_WarpResource>, MemWrite<Numeric_WarpResource>]>]> {
  let summary = "four matrices of 8 by 8 halves, for the lanes of a warp";
  let description = [{
    Reads four matrices of shared memory, each of 8 rows of 16 bytes: lane `8 * m + r` says where row `r` of matrix `m` begins, a place that is
    a multiple of 16 bytes. All lanes of a warp take part. Of each matrix a lane gets a word of 32 bits: of row `lane / 4` the `lane % 4`-th; with `transposed`
    the two items of 16 bits in column `lane / 4` of the `lane % 4`-th pair of rows. Unchecked, as `numeric.load` is.

    ```mlir
    %0:4 = numeric.load_matrix %tile[%row, %column] : !numeric.array<2xf16, C> -> ui32, ui32, ui32, ui32
    ```
  }];
  let arguments = (ins Arg<Numeric_AnyStageArray, "", [MemRead]>:$array, Variadic<Index>:$indices, UnitAttr:$transposed);
  let results = (outs Variadic<Numeric_AnyStageScalar>:$words);
  let assemblyFormat = "(`transposed` $transposed^)? $array `[` $indices `]` attr-dict `:` qualified(type($array)) `->` type($words)";
  let hasVerifier = 1;
}

def Numeric_CopyAsyncOp : Numeric_Op<"copy_async"> {
  let summary = "begin to copy 16 bytes to shared memory";
  let description = [{
    Begins to copy the first `bytes` (at most 16) of 16 bytes from one array to another, in shared memory, and zeros for the others. `indices` are those of the
    item to begin at of the array that is written, then those of the array that is read; both places are multiples of 16 bytes. What is written may be
    read behind `numeric.await_copies`, by other threads behind a barrier after that. Unchecked, as `numeric.load` is.

    ```mlir
    numeric.copy_async %tile, %a[%i, %j, %row, %column], %bytes : !numeric.array<2xf16, C>, !numeric.array<2xf16, C>
    ```
  }];
  let arguments = (ins Arg<Numeric_AnyStageArray, "", [MemWrite]>:$to, Arg<Numeric_AnyStageArray, "", [MemRead]>:$from,
                   Variadic<Index>:$indices, Index:$bytes);
  let assemblyFormat
      = "$to `,` $from `[` $indices `]` `,` $bytes attr-dict `:` qualified(type($to)) `,` qualified(type($from))";
  let hasVerifier = 1;
}

def Numeric_AwaitCopiesOp : Numeric_Op<"await_copies"> {
  let summary = "wait for copies that were begun";
  let description = [{
    Makes a group of all copies that the thread has begun since the last of these operations, and waits until no more than the last `pending` groups are under way.

    ```mlir
    numeric.await_copies 1
    ```
  }];
  let arguments = (ins ConfinedAttr<I64Attr, [IntMinValue<0>, IntMaxValue<7>]>:$pending);
  let assemblyFormat = "$pending attr-dict";
}

} // opDocGroup

#endif // NUMERIC_DEVICE_OPS_TD
