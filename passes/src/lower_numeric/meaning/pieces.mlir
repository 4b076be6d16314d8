// What the pieces of a pairwise sum come to. Each piece is 2^k whole blocks, so its sum is one of those that `carry` would have
// waiting, and the result is the same to the bit as without pieces. `rest` is the sum of what follows the last piece.
func.func private @join(%partials: !llvm.ptr, %pieces: i64, %rest: !T) -> !T {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %levels = arith.constant 64 : i64
  %pending = llvm.alloca %levels x !T : (i64) -> !llvm.ptr
  scf.for %p = %zero to %pieces step %one : i64 {
    %slot = llvm.getelementptr inbounds %partials[%p] : (!llvm.ptr, i64) -> !llvm.ptr, !T
    %sum = llvm.load %slot : !llvm.ptr -> !T
    func.call @carry(%pending, %p, %sum) : (!llvm.ptr, i64, !T) -> ()
  }
  %result = func.call @resume(%pending, %pieces, %rest) : (!llvm.ptr, i64, !T) -> !T
  return %result : !T
}

// As `finish`, where something follows.
func.func private @resume(%pending: !llvm.ptr, %pieces: i64, %rest: !T) -> !T attributes {numir.short} {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %levels = arith.constant 64 : i64
  %result = scf.for %l = %zero to %levels step %one iter_args(%right = %rest) -> (!T) : i64 {
    %shifted = arith.shrui %pieces, %l : i64
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
