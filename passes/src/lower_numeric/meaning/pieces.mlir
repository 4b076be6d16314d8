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
  %result = func.call @finish(%pending, %pieces, %rest) : (!llvm.ptr, i64, !T) -> !T
  return %result : !T
}
