// Sums and products of floats in one fixed order, which vectorises and is as accurate as NumPy's: 32 lanes within blocks of 128 items,
// blocks pairwise. The last block is filled up with #identity. !T is the type of the sum, !V are 32 of it; `combine` stands
// for arith.addf or arith.mulf.
!T = f64
!V = vector<32xf64>
!V16 = vector<16xf64>
!V8 = vector<8xf64>
!V4 = vector<4xf64>
!V2 = vector<2xf64>
#identity = -0.0 : f64
#identities = dense<-0.0> : vector<8xf64>
#alignment = 8 : i64
#rare = #llvm.loop_annotation<unroll = #llvm.loop_unroll<disable = true>>

// The 128 items at an address: item k goes to lane k mod 32, and lanes go together by @tree.
func.func private @block(%items: !llvm.ptr) -> !T attributes {passthrough = ["noinline"]} {
  %at1 = llvm.getelementptr inbounds %items[32] : (!llvm.ptr) -> !llvm.ptr, !T
  %at2 = llvm.getelementptr inbounds %items[64] : (!llvm.ptr) -> !llvm.ptr, !T
  %at3 = llvm.getelementptr inbounds %items[96] : (!llvm.ptr) -> !llvm.ptr, !T
  %row0 = llvm.load %items {alignment = #alignment} : !llvm.ptr -> !V
  %row1 = llvm.load %at1 {alignment = #alignment} : !llvm.ptr -> !V
  %row2 = llvm.load %at2 {alignment = #alignment} : !llvm.ptr -> !V
  %row3 = llvm.load %at3 {alignment = #alignment} : !llvm.ptr -> !V
  %rows01 = arith.addf %row0, %row1 : !V
  %rows012 = arith.addf %rows01, %row2 : !V
  %lanes = arith.addf %rows012, %row3 : !V
  %result = func.call @tree(%lanes) : (!V) -> !T
  return %result : !T
}

// What the lanes come to: l and l + n go together for n = 16, 8, 4, 2, 1.
func.func private @tree(%lanes: !V) -> !T attributes {numir.short} {
  %low16 = llvm.shufflevector %lanes, %lanes [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15] : !V
  %high16 = llvm.shufflevector %lanes, %lanes [16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31] : !V
  %lanes16 = arith.addf %low16, %high16 : !V16
  %low8 = llvm.shufflevector %lanes16, %lanes16 [0, 1, 2, 3, 4, 5, 6, 7] : !V16
  %high8 = llvm.shufflevector %lanes16, %lanes16 [8, 9, 10, 11, 12, 13, 14, 15] : !V16
  %lanes8 = arith.addf %low8, %high8 : !V8
  %low4 = llvm.shufflevector %lanes8, %lanes8 [0, 1, 2, 3] : !V8
  %high4 = llvm.shufflevector %lanes8, %lanes8 [4, 5, 6, 7] : !V8
  %lanes4 = arith.addf %low4, %high4 : !V4
  %low2 = llvm.shufflevector %lanes4, %lanes4 [0, 1] : !V4
  %high2 = llvm.shufflevector %lanes4, %lanes4 [2, 3] : !V4
  %lanes2 = arith.addf %low2, %high2 : !V2
  %first = arith.constant 0 : i64
  %second = arith.constant 1 : i64
  %lane0 = llvm.extractelement %lanes2[%first : i64] : !V2
  %lane1 = llvm.extractelement %lanes2[%second : i64] : !V2
  %result = arith.addf %lane0, %lane1 : !T
  return %result : !T
}

// As @block of 8 items and #identity behind them: the steps in which nothing but #identity is added are left out.
func.func private @few(%items: !llvm.ptr) -> !T attributes {numir.short} {
  %at4 = llvm.getelementptr inbounds %items[4] : (!llvm.ptr) -> !llvm.ptr, !T
  %low4 = llvm.load %items {alignment = #alignment} : !llvm.ptr -> !V4
  %high4 = llvm.load %at4 {alignment = #alignment} : !llvm.ptr -> !V4
  %lanes4 = arith.addf %low4, %high4 : !V4
  %low2 = llvm.shufflevector %lanes4, %lanes4 [0, 1] : !V4
  %high2 = llvm.shufflevector %lanes4, %lanes4 [2, 3] : !V4
  %lanes2 = arith.addf %low2, %high2 : !V2
  %first = arith.constant 0 : i64
  %second = arith.constant 1 : i64
  %lane0 = llvm.extractelement %lanes2[%first : i64] : !V2
  %lane1 = llvm.extractelement %lanes2[%second : i64] : !V2
  %result = arith.addf %lane0, %lane1 : !T
  return %result : !T
}

// As @block of the first `filled` items, a multiple of 8, and #identity behind them, which is put there as far as it is looked at.
func.func private @last(%items: !llvm.ptr, %filled: index) -> !T attributes {numir.short, passthrough = ["noinline"]} {
  %step = arith.constant 8 : index
  %lanes = arith.constant 32 : index
  %block = arith.constant 128 : index
  %identity = arith.constant #identities
  %is_row = arith.cmpi ule, %filled, %lanes : index
  %end = arith.select %is_row, %lanes, %block : index
  scf.for %t = %filled to %end step %step {
    %t64 = arith.index_cast %t : index to i64
    %slot = llvm.getelementptr inbounds %items[%t64] : (!llvm.ptr, i64) -> !llvm.ptr, !T
    llvm.store %identity, %slot {alignment = #alignment} : !V8, !llvm.ptr
  } {loop_annotation = #rare}
  %result = scf.if %is_row -> (!T) {
    %row = llvm.load %items {alignment = #alignment} : !llvm.ptr -> !V
    %sum = func.call @tree(%row) : (!V) -> !T
    scf.yield %sum : !T
  } else {
    %sum = func.call @block(%items) : (!llvm.ptr) -> !T
    scf.yield %sum : !T
  }
  return %result : !T
}

// Takes in the sum of block number `block`: `pending[l]` is the sum of 2^l blocks that waits for its neighbour.
func.func private @carry(%pending: !llvm.ptr, %block: i64, %sum: !T) attributes {numir.short} {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %done = arith.addi %block, %one : i64
  %level = math.cttz %done : i64
  %merged = scf.for %l = %zero to %level step %one iter_args(%right = %sum) -> (!T) : i64 {
    %slot = llvm.getelementptr inbounds %pending[%l] : (!llvm.ptr, i64) -> !llvm.ptr, !T
    %left = llvm.load %slot : !llvm.ptr -> !T
    %both = arith.addf %left, %right : !T
    scf.yield %both : !T
  } {loop_annotation = #rare}
  %slot = llvm.getelementptr inbounds %pending[%level] : (!llvm.ptr, i64) -> !llvm.ptr, !T
  llvm.store %merged, %slot : !T, !llvm.ptr
  return
}

// The sum of all that waits after `blocks` blocks, and of the `rest` that follows them.
func.func private @finish(%pending: !llvm.ptr, %blocks: i64, %rest: !T) -> !T attributes {numir.short, passthrough = ["noinline"]} {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %bits = arith.constant 64 : i64
  %unused = math.ctlz %blocks : i64
  %levels = arith.subi %bits, %unused : i64
  %result = scf.for %l = %zero to %levels step %one iter_args(%right = %rest) -> (!T) : i64 {
    %shifted = arith.shrui %blocks, %l : i64
    %bit = arith.trunci %shifted : i64 to i1
    %both = scf.if %bit -> (!T) {
      %slot = llvm.getelementptr inbounds %pending[%l] : (!llvm.ptr, i64) -> !llvm.ptr, !T
      %left = llvm.load %slot : !llvm.ptr -> !T
      %sum = arith.addf %left, %right : !T
      scf.yield %sum : !T
    } else {
      scf.yield %right : !T
    }
    scf.yield %both : !T
  } {loop_annotation = #rare}
  return %result : !T
}

// Fills up a block: `count` items from an address on.
func.func private @pad(%items: !llvm.ptr, %count: index, %value: !T) attributes {numir.short} {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  scf.for %t = %zero to %count step %one {
    %t64 = arith.index_cast %t : index to i64
    %slot = llvm.getelementptr inbounds %items[%t64] : (!llvm.ptr, i64) -> !llvm.ptr, !T
    llvm.store %value, %slot : !T, !llvm.ptr
  } {loop_annotation = #rare}
  return
}
